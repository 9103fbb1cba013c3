//! Where the `$ref`s of a JSON Schema lead.
//!
//! One to a definition of the schema's own, by name, is followed. What any other one leads to may be anything: a
//! keyword that else means nothing, or a member of a list by its place. There nothing can be said of a difference.

use crate::prompt::json_schema::{DATA, each_schema};
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords of a whole schema that hold what is named by `$ref` alone.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// Returns whether some `$ref` of a schema, a plain one, leads elsewhere than to it or to one of its definitions by
/// name.
pub(super) fn lead_elsewhere(schema: &Value) -> bool {
    let mut is_elsewhere = false;
    each_schema(schema, &mut |path, keywords| {
        let reference = keywords.get("$ref").and_then(Value::as_str);
        // A part with an address of its own is what the references in it count from.
        is_elsewhere |= reference.is_some_and(|reference| reference != "#" && !is_by_name(reference))
            || ["$dynamicRef", "$recursiveRef"].iter().any(|key| keywords.contains_key(*key))
            || !path.is_empty() && keywords.get("$id").is_some_and(Value::is_string);
    });
    is_elsewhere
}

/// Returns where `schema`, a plain part of `root`, leads if it is a `$ref` to a definition by its name and says nothing
/// else of the value: the definition, with those that `schema` itself holds. Nothing where it leads back to itself.
pub(super) fn followed(root: &Value, schema: &Value) -> Option<Value> {
    let mut met = BTreeSet::new();
    let mut found = next(root, schema)?;
    while let Some(further) = next(root, &found) {
        if !met.insert(reference(&found)?.to_owned()) {
            return None;
        }
        found = further;
    }
    Some(found)
}

/// Returns the `$ref` of a schema.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()
}

fn next(root: &Value, schema: &Value) -> Option<Value> {
    let keywords = schema.as_object()?;
    let reference = reference(schema).filter(|reference| is_by_name(reference))?;
    let is_beside = |key: &String| ["$ref", "$schema", "$id"].contains(&key.as_str()) || is_definitions(key);
    let mut definition = root.pointer(reference.strip_prefix('#')?).filter(|_| keywords.keys().all(is_beside))?.clone();
    if let Some(inside) = definition.as_object_mut() {
        for (key, held) in keywords.iter().filter(|(key, _)| is_definitions(key)) {
            inside.entry(key.as_str()).or_insert_with(|| held.clone());
        }
    }
    Some(definition)
}

fn is_definitions(key: &str) -> bool {
    DEFINITIONS.contains(&key)
}

/// Returns whether `reference` leads to a definition by its name.
pub(super) fn is_by_name(reference: &str) -> bool {
    let place = reference.strip_prefix("#/").and_then(|place| place.split_once('/'));
    place.is_some_and(|(keyword, name)| DEFINITIONS.contains(&keyword) && !name.contains(['/', '%']))
}

/// Returns a schema without its titles, descriptions and comments: these are strings, and so no schema.
pub(super) fn unworded(schema: &Value) -> Value {
    const WORDS: [&str; 3] = ["title", "description", "$comment"];
    match schema {
        Value::Array(items) => Value::Array(items.iter().map(unworded).collect()),
        Value::Object(keywords) => {
            let kept = keywords.iter().filter(|(key, value)| !(WORDS.contains(&key.as_str()) && value.is_string()));
            let unworded = |(key, value): (&String, &Value)| {
                let value = if DATA.contains(&key.as_str()) { value.clone() } else { unworded(value) };
                (key.clone(), value)
            };
            Value::Object(kept.map(unworded).collect())
        }
        other => other.clone(),
    }
}
