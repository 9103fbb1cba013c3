//! What of a JSON Schema (2020-12) means something to who checks values against it.

use crate::prompt::canonical::to_canonical_json;
use crate::prompt::json_schema::{DATA, MAPS};
use crate::prompt::values::compare as order;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Keywords that only annotate. Keys that begin with `x-` do, too, but for [`OPEN`].
const ANNOTATIONS: [&str; 8] =
    ["$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"];

/// Anvil's own keyword: a list of values of an answer may grow.
pub(super) const OPEN: &str = "x-open";

/// Keywords whose value is a set, in whatever order it is written.
const SETS: [&str; 6] = ["type", "enum", "required", "anyOf", "oneOf", "allOf"];

/// Returns a JSON Schema without what only annotates, and with what is a set in one order. The depth of front
/// matter and of JSON is bounded.
pub(super) fn plain(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Value::Object(keywords) => {
            let kept = keywords.iter().filter(|(key, value)| match key.as_str() {
                OPEN => **value == Value::Bool(true),
                key => !key.starts_with("x-") && !ANNOTATIONS.contains(&key),
            });
            let plain_keyword = |(key, value): (&String, &Value)| {
                let value = match value {
                    Value::Object(names) if MAPS.contains(&key.as_str()) => {
                        Value::Object(names.iter().map(|(name, schema)| (name.clone(), plain(schema))).collect())
                    }
                    value if DATA.contains(&key.as_str()) => value.clone(),
                    value => plain(value),
                };
                let value = if SETS.contains(&key.as_str()) { sorted(key, value) } else { value };
                (key.clone(), value)
            };
            Value::Object(kept.map(plain_keyword).filter(|(key, value)| !is_vacuous(key, value)).collect())
        }
        other => other.clone(),
    }
}

/// Returns whether a keyword allows everything.
fn is_vacuous(key: &str, value: &Value) -> bool {
    match key {
        "minLength" | "minItems" | "minProperties" => value.as_f64() == Some(0.0),
        "uniqueItems" => *value == Value::Bool(false),
        "type" => {
            let all = ["array", "boolean", "null", "number", "object", "string"];
            value.as_array().is_some_and(|types| all.iter().all(|name| types.iter().any(|it| it == name)))
        }
        _ => false,
    }
}

/// Returns a set of which each member is there once, in an order of its own. Of `oneOf`, where a member that is
/// there twice excludes itself, each stays.
fn sorted(key: &str, set: Value) -> Value {
    let Value::Array(members) = set else { return set };
    let mut members: Vec<(String, Value)> =
        members.into_iter().map(|member| (to_canonical_json(&member), member)).collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    if key != "oneOf" {
        members.dedup_by(|a, b| a.0 == b.0);
    }
    let mut members: Vec<Value> = members.into_iter().map(|(_, member)| member).collect();
    match (key, members.len()) {
        ("type", 1) => members.remove(0),
        _ => Value::Array(members),
    }
}

/// Returns whether no value at all is allowed by `schema`, a [`plain`] one, for a reason that is plain to see.
pub(super) fn allows_nothing(schema: &Value) -> bool {
    let is_anything = |schema: &Value| *schema == Value::Bool(true) || *schema == Value::Object(Map::new());
    let is_empty = |key: &str| schema.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty);
    *schema == Value::Bool(false) || schema.get("not").is_some_and(is_anything) || is_empty("enum") || is_empty("type")
}

/// Returns the keywords of a schema; nothing of one that allows nothing.
pub(super) fn keywords(schema: &Value) -> Option<Map<String, Value>> {
    match schema {
        schema if allows_nothing(schema) => None,
        Value::Object(keywords) => Some(keywords.clone()),
        _ => Some(Map::new()),
    }
}

/// Returns the types that are allowed, be it by a list of values. A number that need not be an integer may be one.
pub(super) fn types(keywords: &Map<String, Value>) -> Option<BTreeSet<String>> {
    let listed = || keywords.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    let constant = || keywords.get("const").map(std::slice::from_ref);
    let mut types: BTreeSet<String> = match keywords.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(other) => other.as_str().map(str::to_owned).into_iter().collect(),
        None => constant().or_else(listed)?.iter().map(|value| type_of(value).to_owned()).collect(),
    };
    if types.contains("number") {
        types.insert("integer".to_owned());
    }
    Some(types)
}

/// Returns the values that are listed by `enum` or `const`, where some are.
pub(super) fn listed(keywords: &Map<String, Value>) -> Option<Vec<Value>> {
    match (keywords.get("const"), keywords.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

/// Returns `keywords`, which allow the integers of a range, with those listed, if `other` lists the very same.
pub(super) fn listed_as(keywords: &Map<String, Value>, other: &Map<String, Value>) -> Option<Map<String, Value>> {
    /// The most integers that are taken for a list.
    const MOST: i64 = 1000;
    let values = listed(other).filter(|_| listed(keywords).is_none() && !other.contains_key(OPEN))?;
    if keywords.get("type") != Some(&Value::from("integer")) {
        return None;
    }
    let bound = |key: &str, inward: i64| match keywords.get(key) {
        Some(bound) => bound.as_i64().map(|bound| Some(bound.saturating_add(inward))),
        None => Some(None),
    };
    let least = bound("minimum", 0)?.max(bound("exclusiveMinimum", 1)?)?;
    let most = [bound("maximum", 0)?, bound("exclusiveMaximum", -1)?].into_iter().flatten().min()?;
    if most.checked_sub(least).is_none_or(|span| span >= MOST) {
        return None;
    }
    let range: Vec<Value> = (least..=most).map(Value::from).collect();
    let is_same = range.iter().all(|value| holds(&values, value)) && values.iter().all(|value| holds(&range, value));
    let mut keywords = keywords.clone();
    keywords.retain(|key, _| {
        !["type", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"].contains(&key.as_str())
    });
    keywords.insert("enum".to_owned(), Value::Array(values));
    is_same.then_some(keywords)
}

/// Returns whether `value` is among `values`; numbers by value, however they are written.
pub(super) fn holds(values: &[Value], value: &Value) -> bool {
    values.iter().any(|other| match (other, value) {
        (Value::Number(a), Value::Number(b)) => order(a, b) == Ordering::Equal,
        (a, b) => a == b,
    })
}

/// Returns the fields that must be there.
pub(super) fn required(keywords: &Map<String, Value>) -> BTreeSet<String> {
    let names = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns the type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|float| float.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
