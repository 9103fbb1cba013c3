//! What takes the same values is no change, however it is written, and what certainly refuses nothing breaks nobody.

use super::interface::{between, prompt};
use crate::prompt::interface::PromptInterface;
use crate::prompt::tokens::Tokenizer;
use serde_json::{Value, json};

#[test]
fn what_refuses_nothing_that_was_taken_is_not_tightened() {
    for (old, new, expected) in [
        // A text has at most four bytes for a character, and a token at least one byte.
        ("a: { type: string, maxLength: 3 }", "a: { type: string, maxLength: 3, max_tokens: 12 }", &[][..]),
        ("a: { type: string, maxLength: 3, max_tokens: 12 }", "a: { type: string, maxLength: 3 }", &[]),
        ("a: { type: string, maxLength: 3 }", "a: { type: string, max_tokens: 12 }", &["constraint_loosened"]),
        (
            "a: { type: string, maxLength: 3 }",
            "a: { type: string, maxLength: 3, max_tokens: 11 }",
            &["max_tokens_lowered"],
        ),
        ("a: { enum: [a, b] }", "a: { enum: [a, b], max_tokens: 50 }", &[]),
        ("a: { enum: [a, lorem ipsum] }", "a: { enum: [a, lorem ipsum], max_tokens: 4 }", &[]),
        ("a: { type: boolean }", "a: { type: boolean, max_tokens: 5 }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, format: date, maxLength: 10 }", &[]),
        ("a: { type: string, format: date, maxLength: 10 }", "a: { type: string, format: date }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, format: date, max_tokens: 10 }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, maxLength: 10 }", &["constraint_loosened"]),
        (
            "a: { type: string, format: date }",
            "a: { type: string, format: date, maxLength: 9 }",
            &["constraint_tightened"],
        ),
        ("a: { type: string, format: email }", "a: { type: string, format: email, minLength: 1 }", &[]),
        ("a: string", "a: { type: string, pattern: '' }", &[]),
        ("a: string", "a: { type: string, pattern: '.*' }", &[]),
        ("a: { type: string, pattern: '^a' }", "a: { type: string, pattern: '(b|)' }", &["constraint_loosened"]),
        ("a: string", "a: { type: string, pattern: '^.*$' }", &["constraint_tightened"]),
        ("a: string", "a: { type: string, pattern: '\\b' }", &["constraint_tightened"]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2, 3] }", &[]),
        ("a: { enum: [3, 1, 2] }", "a: { type: integer, exclusiveMinimum: 0, maximum: 3 }", &[]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2, 3, 4] }", &["enum_value_added"]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2] }", &["type_narrowed"]),
        ("a: { enum: [1, 2] }", "a: { type: integer, minimum: 1, maximum: 900 }", &["type_widened"]),
        ("a: { enum: [1, 5] }", "a: { type: integer, minimum: 5, maximum: 5 }", &["enum_value_removed"]),
        ("a: { type: integer, minimum: 1 }", "a: { enum: [1, 2] }", &["type_narrowed"]),
        ("a: { type: array, items: string, maxItems: 0 }", "a: { type: array, items: integer, maxItems: 0 }", &[]),
        (
            "a: { type: array, items: string, maxItems: 1 }",
            "a: { type: array, items: integer }",
            &["type_changed", "constraint_loosened"],
        ),
    ] {
        assert_eq!(between(prompt(old), prompt(new)), expected, "{old} → {new}");
    }
}

#[test]
fn what_counts_tokens_otherwise_may_take_less() {
    let counted = |parameters: &str, tokenizer| PromptInterface { tokenizer, ..prompt(parameters) };
    for (old, new, expected) in [
        ("a: { type: string, max_tokens: 5 }", "a: { type: string, max_tokens: 5 }", &["tokenizer_changed"][..]),
        (
            "a: { type: string, max_tokens: 5 }",
            "a: { type: string, max_tokens: 6 }",
            &["tokenizer_changed", "max_tokens_raised"],
        ),
        (
            "o: { type: object, properties: { a: { type: string, max_tokens: 5 } } }",
            "o: { type: object, properties: { a: { type: string, max_tokens: 5 } } }",
            &["tokenizer_changed"],
        ),
        ("a: string", "a: { type: string, max_tokens: 5 }", &["max_tokens_lowered"]),
        ("a: { type: string, max_tokens: 5 }", "a: string", &["max_tokens_raised"]),
        ("a: string", "a: string", &[]),
        ("a: { type: string, maxLength: 2, max_tokens: 8 }", "a: { type: string, maxLength: 2, max_tokens: 8 }", &[]),
        ("a: { enum: [lorem ipsum], max_tokens: 5 }", "a: { enum: [lorem ipsum], max_tokens: 5 }", &[]),
    ] {
        let found = between(counted(old, Tokenizer::O200k), counted(new, Tokenizer::Cl100k));
        assert_eq!(found, expected, "{old} → {new}");
    }
}

fn outputs(old: &Value, new: &Value) -> Vec<&'static str> {
    let output = |schema: &Value| PromptInterface { output: Some(schema.clone()), ..prompt("") };
    between(output(old), output(new))
}

/// Integers that are listed or bounded, and a definition or what it says in its place.
#[test]
fn an_answer_that_is_described_in_another_way_is_the_same() {
    let listed = json!({ "enum": [2, 1] });
    let range = |most: i64| json!({ "type": "integer", "minimum": 1, "maximum": most });
    let same: &[&str] = &["output_description_changed"];
    assert_eq!(outputs(&range(2), &listed), same);
    assert_eq!(outputs(&listed, &json!({ "type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3 })), same);
    assert!(outputs(&range(3), &listed).contains(&"output_narrowed"));
    assert!(outputs(&listed, &range(3)).contains(&"output_widened"));

    let object = |kind: &str| json!({ "type": "object", "properties": { "k": { "type": kind } }, "required": ["k"] });
    let defined = |mut schema: Value| {
        schema["$defs"] = json!({ "a": object("string"), "b": { "$ref": "#/$defs/a" } });
        schema
    };
    let [a, b] = ["a", "b"].map(|name| json!({ "$ref": format!("#/$defs/{name}") }));
    let within: [fn(&Value) -> Value; 4] = [
        |schema| schema.clone(),
        |schema| json!({ "type": "object", "properties": { "x": schema } }),
        |schema| json!({ "type": "array", "items": schema }),
        |schema| json!({ "anyOf": [schema, { "type": "null" }, { "type": "string" }] }),
    ];
    for within in within {
        for by_name in [defined(within(&a)), defined(within(&b))] {
            assert_eq!(outputs(&by_name, &within(&object("string"))), same, "{by_name}");
            assert_eq!(outputs(&within(&object("string")), &by_name), same, "{by_name}");
            let found = outputs(&by_name, &within(&object("integer")));
            assert_eq!(found, ["output_type_changed"], "{by_name}");
        }
        assert_eq!(outputs(&defined(within(&a)), &defined(within(&b))), same);
    }
}

/// What leads back to itself comes to an end, as does what leads on for long.
#[test]
fn definitions_that_go_in_circles_are_compared() {
    let list = |name: &str| json!({ "type": "array", "items": { "$ref": format!("#/$defs/{name}") } });
    let of = |name: &str| json!({ "$ref": format!("#/$defs/{name}"), "$defs": { name: list(name) } });
    assert_eq!(outputs(&of("a"), &of("b")), ["output_description_changed"]);
    assert_eq!(outputs(&of("a"), &json!({})), ["output_widened"; 2]);
    assert_eq!(outputs(&json!({}), &of("a")), ["output_narrowed"; 2]);
    let itself = json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/a" } } });
    assert_eq!(outputs(&itself, &json!({})), ["output_changed"]);
    let chain: serde_json::Map<String, Value> =
        (0..5000).map(|at| (at.to_string(), json!({ "items": { "$ref": format!("#/$defs/{}", at + 1) } }))).collect();
    assert!(!outputs(&json!({ "$ref": "#/$defs/0", "$defs": chain }), &json!({ "type": "array" })).is_empty());
}
