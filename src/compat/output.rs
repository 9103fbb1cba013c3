//! Comparing the schema of a prompt's answer: an output, so that what allows more than before breaks
//! those who read it.
//!
//! Keywords whose effect on what is allowed goes one way are compared part by part: `type`, `enum`,
//! `const`, `properties`, `required`, `items`, the bounds, and definitions. Whatever else differs
//! (`pattern`, `format`, `not`, `oneOf`, a `$ref` that leads elsewhere) cannot be decided, and is told
//! as that at the smallest part that holds it.

use super::json_schema::{OPEN, plain};
use super::{Change, Rule, rules};
use crate::name::PromptName;
use crate::prompt::values::compare as order;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Returns what changed in what a prompt says of its answer.
pub(super) fn compare_output(prompt: &PromptName, old: Option<&Value>, new: Option<&Value>) -> Vec<Change> {
    let mut comparison = Comparison { prompt, changes: Vec::new() };
    match (old, new) {
        (None, None) => {}
        (None, Some(_)) => comparison.add(&rules::OUTPUT_ADDED, "", "output schema added".to_owned()),
        (Some(_), None) => comparison.add(&rules::OUTPUT_REMOVED, "", "output schema removed".to_owned()),
        (Some(old), Some(new)) => {
            let (before, after) = (plain(old), plain(new));
            // A definition that is used where less becomes more has no direction of its own.
            let is_directed = is_directed(&before) && is_directed(&after);
            if before != after && !is_directed && definitions(&before) != definitions(&after) {
                comparison.undecided("");
            } else {
                comparison.schema("", &before, &after);
            }
            if comparison.changes.is_empty() && old != new {
                let words = "output schema described otherwise".to_owned();
                comparison.add(&rules::OUTPUT_DESCRIPTION_CHANGED, "", words);
            }
        }
    }
    comparison.changes
}

/// Keywords under which a schema that allows less may allow more.
const UNDIRECTED: [&str; 9] = [
    "not",
    "if",
    "oneOf",
    "contains",
    "propertyNames",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
];

fn is_directed(schema: &Value) -> bool {
    match schema {
        Value::Object(keywords) => {
            keywords.iter().all(|(key, value)| !UNDIRECTED.contains(&key.as_str()) && is_directed(value))
        }
        Value::Array(items) => items.iter().all(is_directed),
        _ => true,
    }
}

fn definitions(schema: &Value) -> [Option<&Value>; 2] {
    [schema.get("$defs"), schema.get("definitions")]
}

/// Keywords that say where a schema is from, or hold others that only a `$ref` uses.
const APART: [&str; 2] = ["$schema", "$id"];

/// A bound that holds the more the greater it is, and those that hold the more the smaller they are.
const LOWER_BOUNDS: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER_BOUNDS: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

struct Comparison<'a> {
    prompt: &'a PromptName,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn add(&mut self, rule: &'static Rule, path: &str, words: String) {
        self.changes.push(Change::new(rule, self.prompt, (!path.is_empty()).then_some(path), words));
    }

    fn undecided(&mut self, path: &str) {
        self.add(&rules::OUTPUT_CHANGED, path, format!("schema of {} changed", called(path)));
    }

    /// Compares what the answer may be at `path`. The depth of both is bounded.
    fn schema(&mut self, path: &str, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        let (old, new) = match (keywords(old), keywords(new)) {
            (Some(old), Some(new)) => (old, new),
            (Some(_), None) => {
                return self.add(&rules::OUTPUT_NARROWED, path, format!("{} may be nothing at all", called(path)));
            }
            (None, Some(_)) => {
                return self.add(&rules::OUTPUT_WIDENED, path, format!("{} may be something", called(path)));
            }
            (None, None) => return,
        };
        let before = self.changes.len();
        self.types(path, &old, &new);
        if self.changes[before..].iter().any(|change| *change.rule == rules::OUTPUT_TYPE_CHANGED) {
            return; // Nothing else of the two can be set side by side.
        }
        self.values(path, &old, &new);
        self.bounds(path, &old, &new);
        self.fields(path, &old, &new);
        self.parts(path, &old, &new);
        self.rest(path, &old, &new);
    }

    fn types(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (types(old), types(new));
        if before == after {
            return;
        }
        let told = |types: &Option<BTreeSet<String>>| match types {
            None => "any".to_owned(),
            Some(types) => {
                let told = types.iter().filter(|kind| *kind != "integer" || !types.contains("number"));
                told.cloned().collect::<Vec<_>>().join(" or ")
            }
        };
        let words = format!("{} is of type {}, no longer {}", called(path), told(&after), told(&before));
        let rule = match (&before, &after) {
            (_, None) => &rules::OUTPUT_WIDENED,
            (None, Some(_)) => &rules::OUTPUT_NARROWED,
            (Some(before), Some(after)) if after.is_subset(before) => &rules::OUTPUT_NARROWED,
            (Some(before), Some(after)) if before.is_subset(after) => &rules::OUTPUT_WIDENED,
            _ => &rules::OUTPUT_TYPE_CHANGED,
        };
        self.add(rule, path, words);
    }

    /// Compares the values that are listed by `enum` or `const`.
    fn values(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (listed(old), listed(new));
        let (Some(before), Some(after)) = (&before, &after) else {
            match (before, after) {
                (None, Some(_)) => {
                    self.add(&rules::OUTPUT_NARROWED, path, format!("{} is one of listed values", called(path)));
                }
                (Some(_), None) => {
                    let words = format!("{} is no longer one of listed values alone", called(path));
                    self.add(&rules::OUTPUT_WIDENED, path, words);
                }
                _ => {}
            }
            return;
        };
        let is_open = |keywords: &Map<String, Value>| keywords.get(OPEN) == Some(&Value::Bool(true));
        let (was_open, stays_open) = (is_open(old), is_open(new));
        for value in after.iter().filter(|value| !holds(before, value)) {
            let words = format!("{} may be {value}", called(path));
            let rule = if was_open { &rules::OUTPUT_OPEN_ENUM_VALUE_ADDED } else { &rules::OUTPUT_ENUM_VALUE_ADDED };
            self.add(rule, path, words);
        }
        for value in before.iter().filter(|value| !holds(after, value)) {
            let words = format!("{} is never {value} any more", called(path));
            self.add(&rules::OUTPUT_ENUM_VALUE_REMOVED, path, words);
        }
        match (was_open, stays_open) {
            (false, true) => {
                self.add(&rules::OUTPUT_ENUM_OPENED, path, format!("the values of {} may grow", called(path)));
            }
            (true, false) => {
                self.add(&rules::OUTPUT_ENUM_CLOSED, path, format!("the values of {} will not grow", called(path)));
            }
            _ => {}
        }
    }

    fn bounds(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let bounds = LOWER_BOUNDS.iter().map(|key| (*key, Ordering::Greater));
        for (key, narrower) in bounds.chain(UPPER_BOUNDS.iter().map(|key| (*key, Ordering::Less))) {
            let change = match (old.get(key), new.get(key)) {
                (None, Some(Value::Number(_))) => narrower,
                (Some(Value::Number(_)), None) => narrower.reverse(),
                (Some(Value::Number(old)), Some(Value::Number(new))) => order(new, old),
                (old, new) if old == new => Ordering::Equal,
                _ => {
                    self.undecided(path);
                    continue;
                }
            };
            let words =
                format!("`{key}` of {} changed from {} to {}", called(path), told(old.get(key)), told(new.get(key)));
            if change == narrower {
                self.add(&rules::OUTPUT_NARROWED, path, words);
            } else if change != Ordering::Equal {
                self.add(&rules::OUTPUT_WIDENED, path, words);
            }
        }
    }

    fn fields(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let empty = Map::new();
        let properties = |keywords: &Map<String, Value>| keywords.get("properties").and_then(Value::as_object).cloned();
        let (before, after) = (properties(old).unwrap_or_default(), properties(new).unwrap_or(empty));
        let (needed, needs) = (required(old), required(new));
        for (name, was) in &before {
            let field = inside(path, name);
            let Some(is) = after.get(name) else {
                self.add(&rules::OUTPUT_FIELD_REMOVED, &field, format!("field `{field}` of the output removed"));
                continue;
            };
            match (needed.contains(name), needs.contains(name)) {
                (true, false) => {
                    let words = format!("field `{field}` of the output may be missing");
                    self.add(&rules::OUTPUT_FIELD_OPTIONAL, &field, words);
                }
                (false, true) => {
                    let words = format!("field `{field}` of the output is always there");
                    self.add(&rules::OUTPUT_FIELD_REQUIRED, &field, words);
                }
                _ => {}
            }
            self.schema(&field, was, is);
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            let field = inside(path, name);
            self.add(&rules::OUTPUT_FIELD_ADDED, &field, format!("field `{field}` of the output added"));
        }
        // Names that `required` alone says: fields of any kind.
        let undeclared = |name: &&String| !before.contains_key(*name) && !after.contains_key(*name);
        for name in needed.difference(&needs).filter(undeclared) {
            let field = inside(path, name);
            let words = format!("field `{field}` of the output may be missing");
            self.add(&rules::OUTPUT_FIELD_OPTIONAL, &field, words);
        }
        for name in needs.difference(&needed).filter(undeclared) {
            let field = inside(path, name);
            let words = format!("field `{field}` of the output is always there");
            self.add(&rules::OUTPUT_FIELD_REQUIRED, &field, words);
        }
    }

    /// Compares what lies within: items, definitions, and parts that all or any of must hold.
    fn parts(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        for key in ["items", "additionalProperties"] {
            let within = if key == "items" { format!("{path}[]") } else { inside(path, "*") };
            let anything = Value::Bool(true);
            let part = |keywords: &Map<String, Value>| keywords.get(key).unwrap_or(&anything).clone();
            self.schema(&within, &part(old), &part(new));
        }
        for key in ["$defs", "definitions"] {
            let (Some(Value::Object(old)), Some(Value::Object(new))) = (old.get(key), new.get(key)) else { continue };
            for (name, was) in old {
                if let Some(is) = new.get(name) {
                    self.schema(&inside(path, &format!("{key}.{name}")), was, is);
                }
            }
        }
        for key in ["anyOf", "allOf", "prefixItems"] {
            match (old.get(key), new.get(key)) {
                (Some(Value::Array(old)), Some(Value::Array(new))) if old.len() == new.len() => {
                    for (was, is) in old.iter().zip(new) {
                        self.schema(path, was, is);
                    }
                }
                (old, new) if old == new => {}
                _ => self.undecided(path),
            }
        }
    }

    /// Tells of keywords that differ and were not looked at.
    fn rest(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        const COMPARED: [&str; 13] = [
            "type",
            "enum",
            "const",
            "properties",
            "required",
            "items",
            "additionalProperties",
            "$defs",
            "definitions",
            "anyOf",
            "allOf",
            "prefixItems",
            OPEN,
        ];
        let is_compared = |key: &&String| {
            COMPARED.contains(&key.as_str())
                || LOWER_BOUNDS.contains(&key.as_str())
                || UPPER_BOUNDS.contains(&key.as_str())
                || APART.contains(&key.as_str())
        };
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        if keys.into_iter().filter(|key| !is_compared(key)).any(|key| old.get(key) != new.get(key)) {
            self.undecided(path);
        }
    }
}

/// Returns the keywords of a schema; nothing of `false`, which allows nothing.
fn keywords(schema: &Value) -> Option<Map<String, Value>> {
    match schema {
        Value::Object(keywords) => Some(keywords.clone()),
        Value::Bool(false) => None,
        _ => Some(Map::new()),
    }
}

/// Returns the types that are allowed. A number that need not be an integer may be one.
fn types(keywords: &Map<String, Value>) -> Option<BTreeSet<String>> {
    let mut types: BTreeSet<String> = match keywords.get("type")? {
        Value::Array(types) => types.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => other.as_str().map(str::to_owned).into_iter().collect(),
    };
    if types.contains("number") {
        types.insert("integer".to_owned());
    }
    Some(types)
}

fn listed(keywords: &Map<String, Value>) -> Option<Vec<Value>> {
    match (keywords.get("const"), keywords.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

/// Returns whether `value` is among `values`; numbers by value, however they are written.
fn holds(values: &[Value], value: &Value) -> bool {
    values.iter().any(|other| match (other, value) {
        (Value::Number(a), Value::Number(b)) => order(a, b) == Ordering::Equal,
        (a, b) => a == b,
    })
}

fn required(keywords: &Map<String, Value>) -> BTreeSet<String> {
    let names = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn called(path: &str) -> String {
    if path.is_empty() { "the output".to_owned() } else { format!("`{path}` of the output") }
}

fn told(value: Option<&Value>) -> String {
    value.map_or("none".to_owned(), Value::to_string)
}
