//! What of a JSON Schema (2020-12) means something to who checks values against it.

use serde_json::Value;

/// Keywords that only annotate. Keys that begin with `x-` do, too, but for [`OPEN`].
const ANNOTATIONS: [&str; 8] =
    ["$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"];

/// Anvil's own keyword: a list of values of an answer may grow.
pub(super) const OPEN: &str = "x-open";

/// Keywords whose value maps names to schemas.
const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Keywords whose value is data and no schema.
const DATA: [&str; 2] = ["enum", "const"];

/// Returns a JSON Schema without what only annotates. The depth of front matter and of JSON is bounded.
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
                (key.clone(), value)
            };
            Value::Object(kept.map(plain_keyword).collect())
        }
        other => other.clone(),
    }
}
