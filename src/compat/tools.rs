//! Comparing the tools that a prompt names: whoever runs them must know each, with what it is given.

use super::json_schema::plain;
use super::references::{lead_elsewhere, unworded};
use super::{Change, Rule, rules};
use crate::name::PromptName;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Returns what changed between the tools of one prompt.
pub(super) fn compare_tools(prompt: &PromptName, old: &[Value], new: &[Value]) -> Vec<Change> {
    let (old, new) = (by_name(old), by_name(new));
    let mut changes = Vec::new();
    let mut add = |rule: &'static Rule, name: &str, words: String| {
        changes.push(Change::new(rule, prompt, Some(name), words));
    };
    let mut renamed = BTreeSet::new();
    for (name, before) in &old {
        if let Some(after) = new.get(name) {
            if let Some((rule, words)) = compare_tool(name, before, after) {
                add(rule, name, words);
            }
            continue;
        }
        let is_it = |(now, after): &(&&str, &&Value)| {
            !old.contains_key(**now) && !renamed.contains(**now) && is_alike(before, after)
        };
        match new.iter().find(is_it) {
            Some((now, _)) => {
                renamed.insert(*now);
                add(&rules::TOOL_RENAMED, name, format!("tool `{name}` renamed to `{now}`"));
            }
            None => add(&rules::TOOL_REMOVED, name, format!("tool `{name}` removed")),
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name) && !renamed.contains(*name)) {
        add(&rules::TOOL_ADDED, name, format!("tool `{name}` added"));
    }
    changes
}

/// Returns how one tool changed, if it did.
fn compare_tool(name: &str, old: &Value, new: &Value) -> Option<(&'static Rule, String)> {
    if old == new {
        return None;
    }
    let (before, after) = (parameters(old), parameters(new));
    let written = |tool: &Value| tool.get("parameters").map(unworded);
    if (lead_elsewhere(&before) || lead_elsewhere(&after)) && written(old) != written(new) {
        return Some((&rules::TOOL_PARAMETERS_CHANGED, format!("parameters of the tool `{name}` changed")));
    }
    if before == after {
        return Some((&rules::TOOL_DESCRIPTION_CHANGED, format!("tool `{name}` described otherwise")));
    }
    let added: Vec<String> = required(&after).difference(&required(&before)).cloned().collect();
    Some(if !added.is_empty() {
        (&rules::TOOL_ARGUMENT_REQUIRED, format!("tool `{name}` needs the argument `{}`", added.join("`, `")))
    } else if only_adds_properties(&before, &after) {
        (&rules::TOOL_ARGUMENT_ADDED, format!("tool `{name}` has a new argument that may be given"))
    } else {
        (&rules::TOOL_PARAMETERS_CHANGED, format!("parameters of the tool `{name}` changed"))
    })
}

fn by_name(tools: &[Value]) -> BTreeMap<&str, &Value> {
    tools.iter().filter_map(|tool| Some((tool.get("name")?.as_str()?, tool))).collect()
}

/// Returns what a tool takes, without what only annotates.
fn parameters(tool: &Value) -> Value {
    tool.get("parameters").map_or_else(|| Value::Object(Map::new()), plain)
}

/// Returns whether two tools of different names are one: they are described alike, or take the same arguments.
fn is_alike(old: &Value, new: &Value) -> bool {
    let is_described_alike = old.get("description").is_some() && old.get("description") == new.get("description");
    let properties = |tool: &Value| parameters(tool).get("properties").cloned();
    let has_arguments = properties(old).and_then(|all| all.as_object().map(|all| !all.is_empty())).unwrap_or(false);
    is_described_alike || (has_arguments && parameters(old) == parameters(new))
}

fn required(schema: &Value) -> BTreeSet<String> {
    let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns whether `new` is `old` with more entries in `properties` and nothing else.
fn only_adds_properties(old: &Value, new: &Value) -> bool {
    let without = |schema: &Value| {
        let mut schema = schema.as_object().cloned().unwrap_or_default();
        let properties = schema.shift_remove("properties");
        // To say `object` where properties were to come says nothing new.
        schema.shift_remove("type");
        (schema, properties.and_then(|properties| properties.as_object().cloned()).unwrap_or_default())
    };
    let kind = |schema: &Value| schema.get("type").cloned().unwrap_or_else(|| Value::from("object"));
    let ((old_rest, old_properties), (new_rest, new_properties)) = (without(old), without(new));
    kind(old) == kind(new)
        && old_rest == new_rest
        && old_properties.iter().all(|(name, schema)| new_properties.get(name) == Some(schema))
}
