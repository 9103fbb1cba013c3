//! Comparing prompts: their names, kinds, roles, tools and output.

use super::parameters::compare_parameters;
use super::{Change, rules};
use crate::name::PromptName;
use crate::prompt::interface::{Interface, PromptInterface, role_name};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Returns what changed, in no particular order.
pub(super) fn compare(old: &Interface, new: &Interface) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut met: BTreeSet<&PromptName> = BTreeSet::new();
    for (name, before) in &old.prompts {
        let renamed = || new.prompts.iter().find(|(_, prompt)| prompt.aliases.contains(name));
        match new.prompts.get_key_value(name).or_else(renamed) {
            None => changes.push(Change::new(&rules::PROMPT_REMOVED, name, None, "prompt removed")),
            Some((now, after)) => {
                met.insert(now);
                if now != name {
                    let words = format!("prompt renamed to `{now}`, with the old name as an alias");
                    changes.push(Change::new(&rules::PROMPT_RENAMED, name, None, words));
                }
                Comparison { prompt: name, now, new, changes: &mut changes }.compare(before, after);
            }
        }
    }
    for name in new.prompts.keys().filter(|name| !met.contains(name)) {
        changes.push(Change::new(&rules::PROMPT_ADDED, name, None, "prompt added"));
    }
    changes
}

struct Comparison<'a> {
    prompt: &'a PromptName,
    now: &'a PromptName,
    new: &'a Interface,
    changes: &'a mut Vec<Change>,
}

impl Comparison<'_> {
    fn compare(&mut self, old: &PromptInterface, new: &PromptInterface) {
        self.compare_names(old, new);
        if old.kind != new.kind {
            self.add(&rules::KIND_CHANGED, None, format!("{} became {}", old.kind, new.kind));
        }
        for role in old.roles.difference(&new.roles) {
            let role = role_name(*role);
            self.add(&rules::ROLE_REMOVED, Some(role), format!("role `{role}` no longer occurs"));
        }
        for role in new.roles.difference(&old.roles) {
            let role = role_name(*role);
            self.add(&rules::ROLE_ADDED, Some(role), format!("role `{role}` added"));
        }
        if old.prefer != new.prefer {
            self.add(&rules::MODEL_PREFER_CHANGED, None, "preferred models changed");
        }
        self.compare_tools(&old.tools, &new.tools);
        self.compare_output(old.output.as_ref(), new.output.as_ref());
        self.changes.extend(compare_parameters(self.prompt, &old.parameters, &new.parameters));
    }

    fn add(&mut self, rule: &'static super::Rule, subject: Option<&str>, words: impl Into<String>) {
        self.changes.push(Change::new(rule, self.prompt, subject, words));
    }

    fn compare_names(&mut self, old: &PromptInterface, new: &PromptInterface) {
        for alias in old.aliases.difference(&new.aliases) {
            // A name that is a prompt of its own, or another's alias, still answers.
            let answers = self.new.prompts.contains_key(alias)
                || self.new.prompts.values().any(|prompt| prompt.aliases.contains(alias));
            if !answers {
                self.add(&rules::ALIAS_REMOVED, Some(alias.as_str()), format!("alias `{alias}` removed"));
            }
        }
        // The old name as an alias is told by the renaming.
        let (prompt, is_renamed) = (self.prompt, self.now != self.prompt);
        for alias in new.aliases.difference(&old.aliases).filter(|alias| !(is_renamed && *alias == prompt)) {
            self.add(&rules::ALIAS_ADDED, Some(alias.as_str()), format!("alias `{alias}` added"));
        }
        match (&old.deprecated, &new.deprecated) {
            (None, Some(message)) => {
                self.add(&rules::PROMPT_DEPRECATED, None, format!("deprecated: {}", first_line(message)));
            }
            (Some(_), None) => self.add(&rules::DEPRECATION_WITHDRAWN, None, "no longer deprecated"),
            _ => {}
        }
    }

    fn compare_tools(&mut self, old: &[Value], new: &[Value]) {
        let (old, new) = (by_name(old), by_name(new));
        for (name, before) in &old {
            match new.get(name) {
                None => self.add(&rules::TOOL_REMOVED, Some(name), format!("tool `{name}` removed")),
                Some(after) => self.compare_tool(name, before, after),
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.add(&rules::TOOL_ADDED, Some(name), format!("tool `{name}` added"));
        }
    }

    fn compare_tool(&mut self, name: &str, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        let empty = Value::Object(Map::new());
        let parameters = |tool: &Value| plain(tool.get("parameters").unwrap_or(&empty));
        let (before, after) = (parameters(old), parameters(new));
        if before == after {
            self.add(&rules::TOOL_DESCRIPTION_CHANGED, Some(name), format!("tool `{name}` described otherwise"));
            return;
        }
        let required = |schema: &Value| -> BTreeSet<String> {
            let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            names.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let added: Vec<String> = required(&after).difference(&required(&before)).cloned().collect();
        if !added.is_empty() {
            let words = format!("tool `{name}` needs the argument `{}`", added.join("`, `"));
            self.add(&rules::TOOL_ARGUMENT_REQUIRED, Some(name), words);
        } else if only_adds_properties(&before, &after) {
            let words = format!("tool `{name}` has a new argument that may be given");
            self.add(&rules::TOOL_ARGUMENT_ADDED, Some(name), words);
        } else {
            self.add(&rules::TOOL_PARAMETERS_CHANGED, Some(name), format!("parameters of the tool `{name}` changed"));
        }
    }

    fn compare_output(&mut self, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (None, Some(_)) => self.add(&rules::OUTPUT_ADDED, None, "output schema added"),
            (Some(_), None) => self.add(&rules::OUTPUT_REMOVED, None, "output schema removed"),
            (Some(old), Some(new)) if plain(old) != plain(new) => {
                self.add(&rules::OUTPUT_CHANGED, None, "output schema changed");
            }
            (Some(old), Some(new)) if old != new => {
                self.add(&rules::OUTPUT_DESCRIPTION_CHANGED, None, "output schema described otherwise");
            }
            _ => {}
        }
    }
}

fn by_name(tools: &[Value]) -> BTreeMap<&str, &Value> {
    tools.iter().filter_map(|tool| Some((tool.get("name")?.as_str()?, tool))).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Returns whether `new` is `old` with more entries in `properties` and nothing else.
fn only_adds_properties(old: &Value, new: &Value) -> bool {
    let without = |schema: &Value| {
        let mut schema = schema.as_object().cloned().unwrap_or_default();
        let properties = schema.shift_remove("properties");
        (schema, properties.and_then(|properties| properties.as_object().cloned()).unwrap_or_default())
    };
    let ((old_rest, old_properties), (new_rest, new_properties)) = (without(old), without(new));
    old_rest == new_rest && old_properties.iter().all(|(name, schema)| new_properties.get(name) == Some(schema))
}

/// Keywords of JSON Schema 2020-12 that only annotate.
const ANNOTATIONS: [&str; 8] =
    ["$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"];

/// Keywords whose value maps names to schemas.
const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Keywords whose value is data and no schema.
const DATA: [&str; 2] = ["enum", "const"];

/// Returns a JSON Schema without what only annotates. The depth of front matter and of JSON is bounded.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Value::Object(keywords) => {
            let kept = keywords.iter().filter(|(key, _)| !ANNOTATIONS.contains(&key.as_str()));
            let plain_keyword = |(key, value): (&String, &Value)| {
                let value = match value {
                    Value::Object(names) if MAPS.contains(&key.as_str()) => {
                        Value::Object(names.iter().map(|(name, schema)| (name.clone(), plain(schema))).collect())
                    }
                    value if DATA.contains(&key.as_str()) => value.clone(),
                    value => plain(value),
                };
                (key.clone(), value)
            };
            Value::Object(kept.map(plain_keyword).collect())
        }
        other => other.clone(),
    }
}
