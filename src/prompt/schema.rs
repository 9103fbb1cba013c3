//! The JSON Schema of front matter, for editors. Anvil itself does not use it: it says more, and
//! with places.

/// The schema, as JSON text (JSON Schema 2020-12).
pub const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests {
    use super::super::{front_matter, yaml};
    use super::*;
    use serde_json::{Value, json};

    const SAMPLE: &str = r#"
description: Draft a reply to a support ticket.
parameters:
  ticket:   { type: string, trust: untrusted, max_tokens: 4000 }
  customer: { type: object, properties: { name: { type: string }, tier: { enum: [free, pro] } }, required: [name, tier] }
  tone:     { enum: [warm, neutral, formal], default: warm }
  history:  { type: messages, optional: true }
  short: integer
model: { prefer: [anthropic/claude-sonnet-4-5], temperature: 0.3 }
x-team: support
tests:
  - name: pro customers get the promise
    parameters: { ticket: "Down!", customer: { name: Bo, tier: pro } }
    assert:
      - { type: contains, value: within one hour, role: system }
    expect:
      - { type: llm-rubric, value: apologises once }
"#;

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    #[test]
    fn the_schema_takes_a_whole_front_matter_and_refuses_slips() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let sample = yaml::read(SAMPLE, 0..SAMPLE.len(), &mut Vec::new()).unwrap().to_json();
        let errors: Vec<String> = validator.iter_errors(&sample).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        for bad in [
            json!({ "title": "x" }),
            json!({ "parameters": { "a-b": "string" } }),
            json!({ "parameters": { "in": "string" } }),
            json!({ "parameters": { "a": { "type": "strng" } } }),
            json!({ "parameters": { "a": { "minlength": 3 } } }),
            json!({ "parameters": { "a": { "type": "array", "items": { "optional": true } } } }),
            json!({ "model": { "prefer": "a/b" } }),
            json!({ "tools": [{}] }),
            json!({ "tests": [{ "name": "t", "assert": [{ "type": "contians", "value": "x" }] }] }),
            json!({ "tests": [{ "name": "t", "assert": [{ "type": "contains", "value": "x", "role": "sytem" }] }] }),
        ] {
            assert!(!validator.is_valid(&bad), "{bad} was taken");
        }
    }

    #[test]
    fn the_schema_knows_the_keys_that_anvil_knows() {
        let schema = schema();
        let keys = |pointer: &str| -> Vec<String> {
            let properties = schema.pointer(pointer).and_then(Value::as_object).unwrap();
            let mut keys: Vec<String> = properties.keys().cloned().collect();
            keys.sort();
            keys
        };
        let mut known: Vec<&str> = front_matter::KEYS.to_vec();
        known.sort_unstable();
        assert_eq!(keys("/properties"), known);
        let mut known: Vec<&str> = super::super::schema_reader::known_keys(false).collect();
        known.sort_unstable();
        assert_eq!(keys("/$defs/schema/oneOf/1/properties"), known);
        let mut known: Vec<&str> = super::super::schema_reader::known_keys(true).collect();
        known.sort_unstable();
        assert_eq!(keys("/$defs/parameter/oneOf/1/properties"), known);
        let types = schema.pointer("/properties/tests/items/properties/assert/items/properties/type/enum").unwrap();
        let known: Vec<String> = super::super::testing::read::all_types().collect();
        assert_eq!(*types, json!(known));
    }
}
