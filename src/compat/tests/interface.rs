//! What was declared, what is, and the rules that must answer, exactly.

use crate::compat::*;
use crate::name::SetName;
use crate::prompt::interface::{PromptInterface, PromptKind};
use crate::prompt::schema_reader::read_parameters;
use crate::prompt::tokens::Tokenizer;
use crate::prompt::yaml;
use crate::template::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn prompt(parameters: &str) -> PromptInterface {
    let mut problems = Vec::new();
    let node = yaml::read(parameters, 0..parameters.len(), &mut problems);
    let parameters = node.map(|node| read_parameters(&node, &mut problems)).unwrap_or_default();
    assert!(problems.is_empty(), "{problems:?}");
    PromptInterface {
        kind: PromptKind::Text,
        parameters,
        roles: BTreeSet::new(),
        tools: Vec::new(),
        output: None,
        aliases: BTreeSet::new(),
        deprecated: None,
        prefer: Vec::new(),
        tokenizer: Tokenizer::default(),
        idle: BTreeSet::new(),
    }
}

fn set(prompts: impl IntoIterator<Item = (&'static str, PromptInterface)>) -> Interface {
    Interface { prompts: prompts.into_iter().map(|(name, prompt)| (name.parse().unwrap(), prompt)).collect() }
}

pub(super) fn between(old: PromptInterface, new: PromptInterface) -> Vec<&'static str> {
    ids(&changes(&set([("p", old)]), &set([("p", new)]), &Policy::default()))
}

fn ids(changes: &[Change]) -> Vec<&'static str> {
    changes.iter().map(|change| change.rule.id).collect()
}

#[test]
fn ids_are_unique() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}

#[test]
fn each_change_of_a_parameter_answers_with_its_rule() {
    for (old, new, expected) in [
        ("a: string", "a: { type: string, description: d, examples: [x], x-y: 1 }", &[][..]),
        ("a: string", "", &["parameter_removed"]),
        ("a: { retired: true }", "", &["parameter_removed"]),
        ("a: string", "a: { retired: true }", &["parameter_retired"]),
        ("a: { retired: true }", "a: string", &["parameter_revived"]),
        ("a: string", "b: { type: string, aliases: [a] }", &["parameter_renamed"]),
        ("a: string", "b: string", &["parameter_removed", "required_parameter_added"]),
        ("a: { type: string, aliases: [b] }", "a: string", &["parameter_alias_removed"]),
        ("a: string", "a: { type: string, aliases: [b] }", &["parameter_alias_added"]),
        ("", "a: string", &["required_parameter_added"]),
        ("", "a: { type: string, optional: true }", &["optional_parameter_added"]),
        ("", "a: { type: string, default: x }", &["optional_parameter_added"]),
        ("a: { type: string, optional: true }", "a: string", &["parameter_required"]),
        ("a: string", "a: { type: string, optional: true }", &["parameter_optional"]),
        ("a: string", "a: { type: string, default: x }", &["parameter_optional"]),
        ("a: { type: string, default: x }", "a: string", &["default_removed"]),
        ("a: { type: string, default: x }", "a: { type: string, optional: true }", &["default_removed"]),
        ("a: { type: string, optional: true }", "a: { type: string, default: x }", &["default_added"]),
        ("a: { type: string, default: x }", "a: { type: string, default: y }", &["default_changed"]),
        ("a: { type: number, default: 1 }", "a: { type: number, default: 1.0 }", &[]),
        ("a: { type: messages, optional: true }", "", &["history_removed"]),
        ("a: { type: messages, optional: true }", "a: { type: messages, retired: true }", &["history_removed"]),
        ("a: { type: messages, optional: true }", "a: messages", &["history_required"]),
        ("", "a: { type: messages, optional: true }", &["history_added"]),
        ("", "a: messages", &["required_parameter_added"]),
        ("a: number", "a: integer", &["type_narrowed"]),
        ("a: integer", "a: number", &["type_widened"]),
        ("a: integer", "a: string", &["type_changed"]),
        ("a: { type: array }", "a: messages", &["type_changed"]),
        ("a: string", "a: { enum: [x] }", &["type_narrowed"]),
        ("a: { enum: [x, y] }", "a: string", &["type_widened"]),
        ("a: boolean", "a: { enum: [false, true] }", &[]),
        ("a: boolean", "a: { enum: [true] }", &["enum_value_removed"]),
        ("a: { enum: [true] }", "a: boolean", &["enum_value_added"]),
        ("a: boolean", "a: string", &["type_changed"]),
        ("a: { enum: [x, 1] }", "a: string", &["enum_value_removed"]),
        ("a: { enum: [x, y] }", "a: { enum: [y] }", &["enum_value_removed"]),
        ("a: { enum: [x] }", "a: { enum: [x, y] }", &["enum_value_added"]),
        ("a: { enum: [x, y] }", "a: { type: string, enum: [y, x] }", &[]),
        ("a: { const: 1 }", "a: { enum: [1.0, 2] }", &["enum_value_added"]),
        ("a: { type: string, nullable: true }", "a: string", &["nullable_removed"]),
        ("a: string", "a: { type: string, nullable: true }", &["nullable_added"]),
        // A null is absence where it is not taken for itself: it is refused where that is.
        ("a: { type: string, nullable: true }", "a: { type: string, optional: true }", &["parameter_optional"]),
        ("a: { type: string, optional: true }", "a: { type: string, nullable: true }", &["parameter_required"]),
        ("a: { type: string, optional: true, nullable: true }", "a: { type: string, optional: true }", &[]),
        ("a: { type: string, optional: true }", "a: { type: string, optional: true, nullable: true }", &[]),
        ("a: { type: string, optional: true }", "a: { type: string, nullable: true, default: null }", &[]),
        ("a: { type: string, nullable: true, default: null }", "a: { type: string, optional: true }", &[]),
        (
            "a: { type: string, optional: true, nullable: true }",
            "a: string",
            &["parameter_required", "nullable_removed"],
        ),
        // What stands for a null is another text.
        (
            "a: { type: string, nullable: true }",
            "a: { type: string, default: x }",
            &["default_changed", "parameter_optional"],
        ),
        ("a: { type: string, optional: true, nullable: true }", "a: { type: string, default: x }", &["default_added"]),
        ("a: { type: string, default: x }", "a: { type: string, default: x, nullable: true }", &["default_changed"]),
        ("a: { type: string, default: x, nullable: true }", "a: { type: string, default: x }", &["default_changed"]),
        ("a: { type: string, default: x }", "a: { type: string, nullable: true }", &["default_removed"]),
        (
            "a: { type: array, items: { type: string, nullable: true } }",
            "a: { type: array, items: string }",
            &["nullable_removed"],
        ),
        ("a: { type: integer, minimum: 1 }", "a: { type: integer, minimum: 2 }", &["constraint_tightened"]),
        ("a: { type: integer, minimum: 1 }", "a: integer", &["constraint_loosened"]),
        ("a: integer", "a: { type: integer, exclusiveMaximum: 2 }", &["constraint_tightened"]),
        (
            "a: { type: integer, exclusiveMaximum: 2 }",
            "a: { type: integer, exclusiveMaximum: 1 }",
            &["constraint_tightened"],
        ),
        (
            "a: { type: integer, exclusiveMinimum: 2 }",
            "a: { type: integer, exclusiveMinimum: 1 }",
            &["constraint_loosened"],
        ),
        ("a: { type: number, maximum: 2 }", "a: { type: number, maximum: 2.5 }", &["constraint_loosened"]),
        ("a: { type: integer, maximum: 2 }", "a: { type: integer, maximum: 2.5 }", &[]),
        ("a: { type: integer, minimum: 1 }", "a: { type: integer, exclusiveMinimum: 0 }", &[]),
        ("a: { type: number, minimum: 1 }", "a: { type: number, exclusiveMinimum: 1 }", &["constraint_tightened"]),
        ("a: { type: string, minLength: 0 }", "a: string", &[]),
        ("a: { type: string, maxLength: 3 }", "a: { type: string, maxLength: 2 }", &["constraint_tightened"]),
        ("a: { type: array, minItems: 3 }", "a: { type: array, minItems: 2 }", &["constraint_loosened"]),
        ("a: string", "a: { type: string, max_tokens: 5 }", &["max_tokens_lowered"]),
        ("a: { type: string, max_tokens: 5 }", "a: { type: string, max_tokens: 4 }", &["max_tokens_lowered"]),
        ("a: { type: string, max_tokens: 5 }", "a: { type: string, max_tokens: 6 }", &["max_tokens_raised"]),
        ("a: { type: string, pattern: a }", "a: { type: string, pattern: b }", &["pattern_changed"]),
        ("a: string", "a: { type: string, pattern: b }", &["constraint_tightened"]),
        ("a: { type: string, format: date }", "a: { type: string, format: uri }", &["format_changed"]),
        ("a: { type: string, format: date }", "a: string", &["constraint_loosened"]),
        ("a: { type: array, items: number }", "a: { type: array, items: integer }", &["type_narrowed"]),
        ("a: { type: array }", "a: { type: array, items: integer }", &["constraint_tightened"]),
        ("a: string", "a: { type: string, trust: untrusted }", &["trust_changed"]),
    ] {
        assert_eq!(between(prompt(old), prompt(new)), expected, "{old} → {new}");
    }
}

#[test]
fn properties_are_compared_like_parameters() {
    let object = |properties: &str, required: &str| {
        prompt(&format!("o: {{ type: object, properties: {{ {properties} }}, required: [{required}] }}"))
    };
    assert_eq!(between(object("a: string", ""), object("a: string, b: string", "")), ["property_added"]);
    assert_eq!(between(object("a: string", ""), object("a: string, b: string", "b")), ["required_property_added"]);
    assert_eq!(between(object("a: string, b: string", ""), object("a: string", "")), ["property_removed"]);
    assert_eq!(between(object("a: string", ""), object("a: string", "a")), ["parameter_required"]);
    assert_eq!(between(object("a: string", "a"), object("a: string", "")), ["parameter_optional"]);
    let nullable = "a: { type: string, nullable: true }";
    assert_eq!(between(object(nullable, "a"), object("a: string", "")), ["parameter_optional"]);
    assert_eq!(between(object(nullable, "a"), object("a: string", "a")), ["nullable_removed"]);
    assert_eq!(between(object(nullable, ""), object("a: string", "")), [""; 0]);
    assert_eq!(between(object("a: { enum: [x, y] }", ""), object("a: { enum: [x] }", "")), ["enum_value_removed"]);
    assert_eq!(between(prompt("o: object"), object("a: string", "")), ["constraint_tightened"]);
    assert_eq!(between(object("a: string", ""), prompt("o: object")), ["constraint_loosened"]);
}

#[test]
fn prompts_come_go_and_keep_their_names_by_aliases() {
    let alias = |name: &str| PromptInterface { aliases: [name.parse().unwrap()].into(), ..prompt("") };
    let ids = |old: Interface, new: Interface| ids(&changes(&old, &new, &Policy::default()));
    assert_eq!(ids(set([("p", prompt(""))]), set([])), ["prompt_removed"]);
    assert_eq!(ids(set([]), set([("p", prompt(""))])), ["prompt_added"]);
    assert_eq!(ids(set([("p", prompt(""))]), set([("q", alias("p"))])), ["prompt_renamed"]);
    assert_eq!(ids(set([("p", prompt(""))]), set([("q", prompt(""))])), ["prompt_removed", "prompt_added"]);
    assert_eq!(ids(set([("q", alias("p"))]), set([("q", prompt(""))])), ["alias_removed"]);
    assert_eq!(ids(set([("q", prompt(""))]), set([("q", alias("p"))])), ["alias_added"]);
    assert_eq!(ids(set([("q", alias("p"))]), set([("p", alias("q"))])), ["prompt_renamed"]);
    // Another prompt that takes the name over is not what the name stood for.
    assert_eq!(
        ids(set([("q", alias("p"))]), set([("q", prompt("")), ("p", prompt(""))])),
        ["prompt_added", "alias_removed"]
    );
    assert_eq!(
        ids(set([("q", alias("p")), ("r", prompt(""))]), set([("q", prompt("")), ("r", alias("p"))])),
        ["alias_removed", "alias_added"]
    );
}

#[test]
fn kinds_roles_and_words_about_a_prompt() {
    let chat = |roles: &[Role]| PromptInterface {
        kind: PromptKind::Chat,
        roles: roles.iter().copied().collect(),
        ..prompt("")
    };
    let deprecated = || PromptInterface { deprecated: Some("use q\nat once".into()), ..prompt("") };
    assert_eq!(between(prompt(""), chat(&[Role::User])), ["kind_changed"]);
    assert_eq!(between(chat(&[Role::System, Role::User]), chat(&[Role::User])), ["role_removed"]);
    assert_eq!(between(chat(&[Role::User]), chat(&[Role::User, Role::System])), ["role_added"]);
    assert_eq!(between(prompt(""), deprecated()), ["prompt_deprecated"]);
    assert_eq!(between(deprecated(), prompt("")), ["deprecation_withdrawn"]);
    assert_eq!(
        between(prompt(""), PromptInterface { prefer: vec!["a/b".into()], ..prompt("") }),
        ["model_prefer_changed"]
    );
}

#[test]
fn tools_and_outputs_are_what_answers_are_read_by() {
    let tool = |parameters: Value| PromptInterface {
        tools: vec![json!({ "name": "t", "description": "d", "parameters": parameters })],
        ..prompt("")
    };
    let object = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required });
    let a = || object(json!({ "a": {} }), json!(["a"]));
    assert_eq!(between(tool(a()), prompt("")), ["tool_removed"]);
    assert_eq!(between(prompt(""), tool(a())), ["tool_added"]);
    let with_b = |required: Value| tool(object(json!({ "a": {}, "b": {} }), required));
    assert_eq!(between(tool(a()), with_b(json!(["a", "b"]))), ["tool_argument_required"]);
    assert_eq!(between(tool(a()), with_b(json!(["a"]))), ["tool_argument_added"]);
    assert_eq!(between(with_b(json!(["a"])), tool(a())), ["tool_parameters_changed"]);
    let described = tool(object(json!({ "a": { "description": "x" } }), json!(["a"])));
    assert_eq!(between(tool(a()), described), ["tool_description_changed"]);

    let named = |name: &str| PromptInterface {
        tools: vec![json!({ "name": name, "description": "d", "parameters": a() })],
        ..prompt("")
    };
    assert_eq!(between(named("t"), named("u")), ["tool_renamed"]);
}

/// What a schema of an answer was, what it is, and the rules that must answer.
#[test]
fn outputs_are_compared_the_other_way_round() {
    let output = |schema: Value| PromptInterface { output: Some(schema), ..prompt("") };
    assert_eq!(between(prompt(""), output(json!({}))), ["output_added"]);
    assert_eq!(between(output(json!({})), prompt("")), ["output_removed"]);
    let object = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required });
    let field = |schema: Value| object(json!({ "a": schema }), json!(["a"]));
    for (old, new, expected) in [
        (field(json!({})), object(json!({}), json!([])), &["output_field_removed"][..]),
        (field(json!({})), object(json!({ "a": {} }), json!([])), &["output_field_optional"]),
        (object(json!({ "a": {} }), json!([])), field(json!({})), &["output_field_required"]),
        (field(json!({})), object(json!({ "a": {}, "b": {} }), json!(["a", "b"])), &["output_field_added"]),
        (json!({ "required": ["z"] }), json!({}), &["output_field_optional"]),
        (field(json!({ "enum": [1] })), field(json!({ "enum": [1.0, 2] })), &["output_enum_value_added"]),
        (field(json!({ "enum": [1, 2] })), field(json!({ "enum": [1] })), &["output_enum_value_removed"]),
        (field(json!({ "const": 1 })), field(json!({ "enum": [1, 2] })), &["output_enum_value_added"]),
        (
            field(json!({ "enum": [1], "x-open": true })),
            field(json!({ "enum": [1, 2], "x-open": true })),
            &["output_open_enum_value_added"],
        ),
        (
            field(json!({ "enum": [1] })),
            field(json!({ "enum": [1, 2], "x-open": true })),
            &["output_enum_value_added", "output_enum_opened"],
        ),
        (field(json!({ "enum": [1], "x-open": true })), field(json!({ "enum": [1] })), &["output_enum_closed"]),
        (field(json!({ "enum": [1] })), field(json!({})), &["output_widened"]),
        (field(json!({})), field(json!({ "const": 1 })), &["output_narrowed"]),
        (
            field(json!({ "type": "string", "enum": ["a", "b"] })),
            field(json!({ "enum": ["a", "b"] })),
            &["output_description_changed"],
        ),
        (field(json!({ "type": "string" })), field(json!({ "const": "a" })), &["output_narrowed"]),
        (field(json!({ "type": "string" })), field(json!({ "const": 1 })), &["output_type_changed"]),
        (
            field(json!({ "type": "string", "minLength": 0 })),
            field(json!({ "type": "string" })),
            &["output_description_changed"],
        ),
        (
            field(json!({ "type": ["array", "boolean", "null", "number", "object", "string"] })),
            field(json!({})),
            &["output_description_changed"],
        ),
        (field(json!({ "type": "string" })), field(json!({ "type": "number" })), &["output_type_changed"]),
        (field(json!({ "type": "integer" })), field(json!({ "type": "number" })), &["output_widened"]),
        (field(json!({ "type": "string" })), field(json!({ "type": ["string", "null"] })), &["output_widened"]),
        (field(json!({ "type": ["string", "null"] })), field(json!({ "type": "string" })), &["output_narrowed"]),
        (field(json!({ "minimum": 1 })), field(json!({ "minimum": 2 })), &["output_narrowed"]),
        (field(json!({ "maximum": 1 })), field(json!({ "maximum": 2 })), &["output_widened"]),
        (field(json!({ "maxLength": 1 })), field(json!({})), &["output_widened"]),
        (field(json!({ "pattern": "a" })), field(json!({ "pattern": "b" })), &["output_changed"]),
        (field(json!({ "pattern": "a" })), field(json!({})), &["output_changed"]),
        (field(json!({ "format": "date" })), field(json!({ "format": "uri" })), &["output_changed"]),
        (
            field(json!({ "type": "string" })),
            field(json!({ "type": "string", "title": "x" })),
            &["output_description_changed"],
        ),
        (field(json!({})), field(json!({ "x-note": 1 })), &["output_description_changed"]),
        (
            json!({ "type": "array", "items": { "type": "number" } }),
            json!({ "type": "array", "items": { "type": "integer" } }),
            &["output_narrowed"],
        ),
        (json!({ "additionalProperties": false }), json!({}), &["output_widened"]),
        (
            json!({ "$ref": "#/$defs/a", "$defs": { "a": { "enum": [1] } } }),
            json!({ "$ref": "#/$defs/a", "$defs": { "a": { "enum": [1, 2] } } }),
            &["output_enum_value_added"],
        ),
        (
            json!({ "not": { "$ref": "#/$defs/a" }, "$defs": { "a": { "enum": [1, 2] } } }),
            json!({ "not": { "$ref": "#/$defs/a" }, "$defs": { "a": { "enum": [1] } } }),
            &["output_changed"],
        ),
        (json!({ "not": { "const": 1 } }), json!({ "not": { "const": 2 } }), &["output_changed"]),
        (
            json!({ "anyOf": [{ "type": "string" }] }),
            json!({ "anyOf": [{ "type": "string" }, {}] }),
            &["output_widened"],
        ),
        (json!({ "oneOf": [true] }), json!({ "oneOf": [true] }), &[]),
        (json!(true), json!({}), &["output_description_changed"]),
        (json!(true), json!(false), &["output_type_changed"]),
    ] {
        assert_eq!(between(output(old.clone()), output(new.clone())), expected, "{old} → {new}");
    }
}

/// In one order as in another: members of a set are what was there, what is gone and what came.
#[test]
fn the_order_of_a_set_means_nothing() {
    let output = |schema: &Value| PromptInterface { output: Some(schema.clone()), ..prompt("") };
    let [text, number, none] = ["string", "number", "null"].map(|kind| json!({ "type": kind }));
    let tagged = |tag: &str, kind: &Value| json!({ "type": "object", "properties": { "tag": { "const": tag }, "it": kind }, "required": ["tag", "it"] });
    let (a, b, c) = (tagged("a", &text), tagged("b", &text), tagged("c", &text));
    for (old, new, expected) in [
        (
            json!({ "type": ["string", "null"] }),
            json!({ "type": ["null", "string"] }),
            &["output_description_changed"][..],
        ),
        (json!({ "enum": [1, 2] }), json!({ "enum": [2, 1] }), &["output_description_changed"]),
        (json!({ "type": "string" }), json!({ "type": ["string"] }), &["output_description_changed"]),
        (json!({ "anyOf": [text, number] }), json!({ "anyOf": [number, text] }), &["output_description_changed"]),
        (json!({ "oneOf": [text, number] }), json!({ "oneOf": [number, text] }), &["output_description_changed"]),
        (json!({ "allOf": [text, number] }), json!({ "allOf": [number, text] }), &["output_description_changed"]),
        (
            json!({ "not": { "anyOf": [text, number] } }),
            json!({ "not": { "anyOf": [number, text] } }),
            &["output_description_changed"],
        ),
        (json!({ "anyOf": [text, number] }), json!({ "anyOf": [none, number, text] }), &["output_widened"]),
        (json!({ "anyOf": [text, number, none] }), json!({ "anyOf": [number, text] }), &["output_narrowed"]),
        (json!({ "anyOf": [text, number] }), json!({ "anyOf": [none, text] }), &["output_type_changed"]),
        (json!({ "anyOf": [text, false] }), json!({ "anyOf": [text] }), &["output_description_changed"]),
        (json!({ "anyOf": [text, none] }), json!({ "anyOf": [false] }), &["output_type_changed"]),
        (json!({ "allOf": [text] }), json!({ "allOf": [{ "maxLength": 3 }, text] }), &["output_narrowed"]),
        (json!({ "allOf": [{ "maxLength": 3 }, text] }), json!({ "allOf": [text] }), &["output_widened"]),
        (json!({ "oneOf": [text, number] }), json!({ "oneOf": [number, none, text] }), &["output_widened"]),
        (json!({ "oneOf": [a, b] }), json!({ "oneOf": [c, b, a] }), &["output_widened"]),
        (json!({ "oneOf": [c, a, b] }), json!({ "oneOf": [b, a] }), &["output_narrowed"]),
        (
            json!({ "oneOf": [a, b] }),
            json!({ "oneOf": [b, tagged("a", &json!({ "type": ["string", "null"] }))] }),
            &["output_widened"],
        ),
        (json!({ "anyOf": [a, b] }), json!({ "anyOf": [tagged("b", &number), a] }), &["output_type_changed"]),
        // Of two that may both hold, `oneOf` allows neither: less of one is more of the other.
        (json!({ "oneOf": [{}, text] }), json!({ "oneOf": [{}] }), &["output_changed"]),
    ] {
        assert_eq!(between(output(&old), output(&new)), expected, "{old} → {new}");
    }
    let tool = |parameters: Value| PromptInterface {
        tools: vec![json!({ "name": "t", "parameters": parameters })],
        ..prompt("")
    };
    let (old, new) = (json!({ "required": ["a", "b"] }), json!({ "required": ["b", "a"] }));
    assert_eq!(between(tool(old), tool(new)), ["tool_description_changed"]);
}

/// A field that is declared anew was perhaps there, and one of which nothing is allowed is not.
#[test]
fn fields_come_from_what_may_be_there_and_go_where_nothing_is() {
    let output = |schema: &Value| PromptInterface { output: Some(schema.clone()), ..prompt("") };
    let object = |spare: Value, fields: Value| json!({ "additionalProperties": spare, "properties": fields });
    let text = json!({ "type": "string" });
    let number = json!({ "type": "number" });
    for (old, new, expected) in [
        (object(text.clone(), json!({})), object(text.clone(), json!({ "a": text })), &["output_field_added"][..]),
        (
            object(text.clone(), json!({})),
            object(text.clone(), json!({ "a": number })),
            &["output_type_changed", "output_field_added"],
        ),
        (
            object(text.clone(), json!({})),
            object(text.clone(), json!({ "a": { "type": "string", "maxLength": 3 } })),
            &["output_narrowed", "output_field_added"],
        ),
        (object(json!(false), json!({})), object(json!(false), json!({ "a": number })), &["output_field_added"]),
        (object(json!(true), json!({})), object(json!(true), json!({ "a": number })), &["output_field_added"]),
        (
            json!({ "unevaluatedProperties": text }),
            json!({ "unevaluatedProperties": text, "properties": { "a": number } }),
            &["output_changed", "output_field_added"],
        ),
        (
            json!({ "additionalProperties": text, "patternProperties": { "^a": number } }),
            json!({ "additionalProperties": text, "patternProperties": { "^a": number }, "properties": { "a": number } }),
            &["output_changed", "output_field_added"],
        ),
        (json!({ "required": ["a"] }), json!({ "properties": { "a": {} } }), &["output_field_optional"]),
        (json!({ "properties": { "a": text } }), json!({ "properties": { "a": false } }), &["output_field_removed"]),
        (
            json!({ "properties": { "a": text } }),
            json!({ "properties": { "a": { "not": {} } } }),
            &["output_field_removed"],
        ),
        (
            json!({ "properties": { "a": text } }),
            json!({ "properties": { "a": { "enum": [] } } }),
            &["output_field_removed"],
        ),
        (json!({ "properties": { "a": false } }), json!({ "properties": { "a": text } }), &["output_field_added"]),
        (json!({}), json!({ "properties": { "a": false } }), &["output_narrowed"]),
        (json!({ "properties": { "a": false } }), json!({}), &["output_widened"]),
        (json!({ "items": text }), json!({ "items": false }), &["output_narrowed"]),
        (json!({ "items": text, "minItems": 1 }), json!({ "items": false, "minItems": 1 }), &["output_type_changed"]),
        (object(json!(true), json!({})), object(json!(false), json!({})), &["output_narrowed"]),
    ] {
        assert_eq!(between(output(&old), output(&new)), expected, "{old} → {new}");
    }
}

/// A slot whose messages go nowhere is gone for those who fill it.
#[test]
fn a_history_slot_is_one_that_is_put_into_the_prompt() {
    let slot = |idle: &[&str]| PromptInterface {
        idle: idle.iter().map(ToString::to_string).collect(),
        ..prompt("h: { type: messages, optional: true }")
    };
    assert_eq!(between(slot(&[]), slot(&["h"])), ["history_removed"]);
    assert_eq!(between(slot(&["h"]), slot(&[])), ["history_added"]);
}

#[test]
fn changes_are_told_in_words_and_the_gravest_decides() {
    let old = set([("welcome", prompt("tone: string\nname: string"))]);
    let new = set([("welcome", prompt("name: { type: string, optional: true }"))]);
    let changes = changes(&old, &new, &Policy::default());
    let set: SetName = "support/onboarding".parse().unwrap();
    let told: Vec<String> = changes.iter().map(|change| change.of(&set)).collect();
    assert_eq!(
        told,
        [
            "support/onboarding welcome: parameter `tone` removed (major)",
            "support/onboarding welcome: `name` may be left out (minor)",
        ]
    );
    assert_eq!(changes[0].key(), "parameter_removed@welcome.tone");
    assert_eq!(needed(&changes), Some(Bump::Major));
    assert_eq!(needed(&[]), None);
}

/// What a `$ref` leads to is no annotation and has its place, wherever it stands.
#[test]
fn what_a_reference_leads_to_elsewhere_is_undecided() {
    let output = |schema: &Value| PromptInterface { output: Some(schema.clone()), ..prompt("") };
    let tool =
        |schema: &Value| PromptInterface { tools: vec![json!({ "name": "t", "parameters": schema })], ..prompt("") };
    let at = |reference: &str| json!({ "b": { "$ref": reference } });
    let [text, number] = ["string", "number"].map(|kind| json!({ "type": kind }));
    let address =
        |id: &str| json!({ "$id": id, "$ref": "c", "$defs": { "x": { "$id": "http://a/c", "type": "string" } } });
    for (old, new) in [
        (
            json!({ "x-defs": { "a": text }, "properties": at("#/x-defs/a") }),
            json!({ "x-defs": { "a": number }, "properties": at("#/x-defs/a") }),
        ),
        (
            json!({ "examples": [text], "properties": at("#/examples/0") }),
            json!({ "examples": [number], "properties": at("#/examples/0") }),
        ),
        (
            json!({ "default": text, "properties": at("#/default") }),
            json!({ "default": number, "properties": at("#/default") }),
        ),
        (
            json!({ "$defs": { "l": { "anyOf": [text, number] } }, "properties": at("#/$defs/l/anyOf/0") }),
            json!({ "$defs": { "l": { "anyOf": [number, text] } }, "properties": at("#/$defs/l/anyOf/0") }),
        ),
        (
            json!({ "$defs": { "l": { "$anchor": "a", "type": "string" } }, "properties": at("#a") }),
            json!({ "$defs": { "l": { "$anchor": "b", "type": "string" } }, "properties": at("#a") }),
        ),
        (address("http://a/b"), address("http://z/b")),
    ] {
        assert_eq!(between(output(&old), output(&new)), ["output_changed"], "{old} → {new}");
        assert_eq!(between(tool(&old), tool(&new)), ["tool_parameters_changed"], "{old} → {new}");
        let mut described = old.clone();
        described["title"] = json!("T");
        assert_eq!(between(output(&old), output(&described)), ["output_description_changed"], "{old}");
    }
    let data = |described: &str| json!({ "description": described, "const": { "$ref": "#/x" }, "properties": { "$ref": text } });
    assert_eq!(between(output(&data("a")), output(&data("b"))), ["output_description_changed"]);
}
