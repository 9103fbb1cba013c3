//! Reading parameters and their schemas from front matter: every fault at once, each with its place.

use super::declaration::{Parameter, Property, Schema, Type};
use super::format::Format;
use super::pattern::Pattern;
use super::yaml::{Content, Entry, Node, mapping_to_json};
use crate::error::{Code, Hint, Severity, suggest};
use crate::template::Problem;
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::ops::Range;

/// Keys of a schema, with the types that they say something about; none means every type.
const SCHEMA_KEYS: [(&str, &[Type]); 20] = [
    ("type", &[]),
    ("enum", &[]),
    ("const", &[]),
    ("default", &[]),
    ("nullable", &[]),
    ("description", &[]),
    ("examples", &[]),
    ("minimum", &[Type::Integer, Type::Number]),
    ("maximum", &[Type::Integer, Type::Number]),
    ("exclusiveMinimum", &[Type::Integer, Type::Number]),
    ("exclusiveMaximum", &[Type::Integer, Type::Number]),
    ("minLength", &[Type::String]),
    ("maxLength", &[Type::String]),
    ("pattern", &[Type::String]),
    ("format", &[Type::String]),
    ("items", &[Type::Array]),
    ("minItems", &[Type::Array, Type::Messages]),
    ("maxItems", &[Type::Array, Type::Messages]),
    ("properties", &[Type::Object]),
    ("required", &[Type::Object]),
];

/// Anvil's own keys at any depth.
const OWN_KEYS: [&str; 2] = ["trust", "max_tokens"];

/// Anvil's own keys of a parameter alone.
const PARAMETER_KEYS: [&str; 3] = ["optional", "retired", "aliases"];

/// Returns every key that a schema may have beside `x-*`; with `of_parameter` those of a parameter.
#[cfg(test)]
pub(super) fn known_keys(of_parameter: bool) -> impl Iterator<Item = &'static str> {
    let own: &[&str] = if of_parameter { &PARAMETER_KEYS } else { &[] };
    SCHEMA_KEYS.iter().map(|(key, _)| *key).chain(OWN_KEYS).chain(own.iter().copied())
}

/// Names that mean something else in a template.
const RESERVED_NAMES: [&str; 12] =
    ["true", "false", "nil", "null", "blank", "empty", "forloop", "tablerowloop", "and", "or", "in", "contains"];

/// The most faults of one default, enum value or test that are listed.
const ENOUGH: usize = 5;

/// Returns the parameters that `node`, the value of the key `parameters`, declares. Faults are put
/// into `problems`; what is at fault is left out or read as far as it goes.
pub fn read_parameters(node: &Node, problems: &mut Vec<Problem>) -> Vec<Parameter> {
    if node.is_null() {
        return Vec::new();
    }
    let Some(entries) = node.as_mapping() else {
        let mut problem = wrong(Code::A0204, node, "`parameters` must be a mapping of names to schemas");
        let first = node.as_list().and_then(<[Node]>::first);
        problem.hints.extend(first.and_then(as_entry).map(|it| Hint::new(format!("write `parameters: {{ {it} }}`"))));
        problems.push(problem);
        return Vec::new();
    };
    let mut parameters = Vec::new();
    for entry in entries {
        if check_name(&entry.key, entry.key_span.clone(), problems) {
            let parameter = read_parameter(entry, problems);
            note_idle_nulls(&entry.value, &parameter.schema, parameter.is_required(), problems);
            parameters.push(parameter);
        }
    }
    check_aliases(entries, &parameters, problems);
    parameters
}

/// Returns how the mapping would write what other formats list: a name, or a mapping with one.
fn as_entry(item: &Node) -> Option<String> {
    if let Some(name) = item.as_str() {
        return Some(format!("{name}: string"));
    }
    let name = item.get("name")?.as_str()?;
    let kind = item.get("type").and_then(Node::as_str).unwrap_or("string");
    Some(format!("{name}: {{ type: {kind} }}"))
}

fn check_name(name: &str, span: Range<usize>, problems: &mut Vec<Problem>) -> bool {
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let message = if RESERVED_NAMES.contains(&name) {
        format!("a parameter cannot be called `{name}`, which means something in templates")
    } else if !well_formed {
        format!("`{name}` is not a name for a parameter: letters, digits and `_`, not beginning with a digit")
    } else {
        return true;
    };
    let mut problem = problem(Code::A0205, span, message, "not a name");
    let mended = name.replace(['-', ' ', '.'], "_");
    if !well_formed && mended != name && check_name(&mended, 0..0, &mut Vec::new()) {
        problem.hints.push(Hint::new(format!("did you mean `{mended}`?")));
    }
    problems.push(problem);
    false
}

fn check_aliases(entries: &[Entry], parameters: &[Parameter], problems: &mut Vec<Problem>) {
    let mut taken: HashSet<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    for parameter in parameters {
        for alias in &parameter.aliases {
            if taken.insert(alias) {
                continue;
            }
            let written = entries.iter().find(|entry| entry.key == parameter.name);
            let list = written.and_then(|entry| entry.value.get("aliases")).and_then(Node::as_list).unwrap_or_default();
            let span = list
                .iter()
                .find(|item| item.as_str() == Some(alias))
                .map_or(parameter.span.clone(), |item| item.span.clone());
            problems.push(problem(Code::A0205, span, format!("`{alias}` names two parameters"), "taken already"));
        }
    }
}

fn read_parameter(entry: &Entry, problems: &mut Vec<Problem>) -> Parameter {
    let mut parameter = Parameter {
        name: entry.key.clone(),
        span: entry.key_span.clone(),
        schema: Schema::default(),
        optional: false,
        retired: false,
        aliases: Vec::new(),
    };
    // Whether it is retired decides how the rest is read, so these keys come first.
    for own in entry.value.as_mapping().unwrap_or_default() {
        match own.key.as_str() {
            "optional" => parameter.optional = boolean(own, problems),
            "retired" => parameter.retired = boolean(own, problems),
            "aliases" => {
                for alias in texts(own, problems) {
                    if check_name(&alias.0, alias.1, problems) {
                        parameter.aliases.push(alias.0);
                    }
                }
            }
            _ => {}
        }
    }
    parameter.schema = read_schema(&entry.value, Place::Parameter, problems);
    parameter
}

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Parameter,
    Inside,
}

/// Reads one schema. The depth is bounded by that of the YAML.
fn read_schema(node: &Node, place: Place, problems: &mut Vec<Problem>) -> Schema {
    let mut schema = Schema::default();
    let entries = match &node.content {
        Content::Mapping(entries) => entries,
        Content::Scalar(Value::String(name)) => {
            schema.kind = read_type(name, node, place, problems);
            return schema;
        }
        _ => {
            let message = format!("a schema is a type or a mapping, and this is {}", node.kind());
            let mut problem = wrong(Code::A0205, node, message);
            problem.hints.push(Hint::new("write `name: string`, or `name: { type: string }`"));
            problems.push(problem);
            return schema;
        }
    };
    schema.kind = match node.get("type") {
        Some(kind) => match kind.as_str() {
            Some(name) => read_type(name, kind, place, problems),
            None => {
                problems.push(not_one_type(kind));
                Type::Any
            }
        },
        None if node.get("enum").is_some() || node.get("const").is_some() => Type::Any,
        None => Type::String,
    };
    for entry in entries {
        read_schema_key(entry, place, &mut schema, problems);
    }
    if let Some(flag) = node.get("required").filter(|flag| is_flag(flag)) {
        problems.push(required_itself(flag, place));
    } else if let (Some(required), Some(properties)) = (node.get("required"), schema.properties.as_mut()) {
        read_required(required, properties, problems);
    } else if let Some(required) = node.get("required") {
        problems.push(wrong(Code::A0205, required, "`required` needs `properties` beside it"));
    }
    check_own_values(node, &schema, problems);
    schema
}

fn is_flag(node: &Node) -> bool {
    matches!(node.content, Content::Scalar(Value::Bool(_)))
}

/// Returns an error about `required: true` or `required: false` of what is itself to be given or not.
fn required_itself(flag: &Node, place: Place) -> Problem {
    let mut problem = wrong(Code::A0205, flag, "`required` must be a list of the properties' names");
    problem.hints.push(Hint::new(match place {
        Place::Parameter => "a parameter must be given unless it says `optional: true` or has a `default`",
        Place::Inside => "the object lists those of its properties that must be given: `required: [name]`",
    }));
    problem
}

/// Returns an error about the value `kind` of `type`, which is no text.
fn not_one_type(kind: &Node) -> Problem {
    let mut problem = wrong(Code::A0205, kind, "`type` must be the name of one type");
    let names: Vec<&str> = kind.as_list().unwrap_or_default().iter().filter_map(Node::as_str).collect();
    if let [name, "null"] | ["null", name] = names[..] {
        problem.hints.push(Hint::new(format!("write `type: {name}, nullable: true`")));
    }
    problem
}

fn read_type(name: &str, node: &Node, place: Place, problems: &mut Vec<Problem>) -> Type {
    if let Some((_, kind)) = Type::NAMES.iter().find(|(known, _)| *known == name) {
        return *kind;
    }
    let mut problem = problem(Code::A0205, node.span.clone(), format!("`{name}` is not a type"), "not a type");
    let (bare, may_lack) = name.strip_suffix('?').map_or((name, false), |bare| (bare, true));
    let meant = match bare {
        "str" | "text" => Some("string"),
        "int" => Some("integer"),
        "float" | "double" => Some("number"),
        "bool" => Some("boolean"),
        "list" => Some("array"),
        "map" | "dict" => Some("object"),
        _ => suggest(bare, Type::NAMES.iter().map(|(name, _)| *name)),
    };
    problem.hints.push(Hint::new(match meant {
        Some(meant) if may_lack && place == Place::Parameter => format!("write `{{ type: {meant}, optional: true }}`"),
        Some(meant) if may_lack => format!("a property that `required` does not list is optional: write `{meant}`"),
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "the types are string, integer, number, boolean, array, object and messages".to_owned(),
    }));
    problems.push(problem);
    Type::Any
}

fn read_schema_key(entry: &Entry, place: Place, schema: &mut Schema, problems: &mut Vec<Problem>) {
    let key = entry.key.as_str();
    // `required: true` is told as what it was meant for.
    if let Some((_, kinds)) = SCHEMA_KEYS.iter().find(|(known, _)| *known == key)
        && !(key == "required" && is_flag(&entry.value))
        && !(kinds.is_empty() || schema.kind == Type::Any || kinds.contains(&schema.kind))
    {
        let message = format!("`{key}` says nothing about {}", schema.kind.described());
        let mut problem = problem(Code::A0205, entry.key_span.clone(), message, "does not apply");
        if let [kind, ..] = kinds {
            problem.hints.push(Hint::new(format!("it goes with `type: {kind}`")));
        }
        problems.push(problem);
        return;
    }
    match key {
        "type" | "required" => {}
        "enum" => match entry.value.as_list() {
            Some([]) | None => {
                problems.push(wrong(Code::A0205, &entry.value, "`enum` must be a list of at least one value"))
            }
            Some(items) => schema.enumeration = Some(items.iter().map(Node::to_json).collect()),
        },
        "const" => schema.constant = Some(entry.value.to_json()),
        "default" => schema.default = Some(entry.value.to_json()),
        "nullable" => schema.nullable = boolean(entry, problems),
        "description" => schema.description = text(entry, problems),
        "examples" => match entry.value.as_list() {
            Some(items) => schema.examples = Some(items.iter().map(Node::to_json).collect()),
            None => problems.push(wrong(Code::A0205, &entry.value, "`examples` must be a list")),
        },
        "minimum" => schema.bounds.minimum = finite(entry, problems),
        "maximum" => schema.bounds.maximum = finite(entry, problems),
        "exclusiveMinimum" => schema.bounds.exclusive_minimum = finite(entry, problems),
        "exclusiveMaximum" => schema.bounds.exclusive_maximum = finite(entry, problems),
        "minLength" => schema.length.least = count(entry, problems),
        "maxLength" => schema.length.most = count(entry, problems),
        "minItems" => schema.count.least = count(entry, problems),
        "maxItems" => schema.count.most = count(entry, problems),
        "pattern" => {
            if let Some(written) = text(entry, problems) {
                match Pattern::parse(&written) {
                    Ok(pattern) => schema.pattern = Some(pattern),
                    Err(why) => {
                        problems.push(wrong(
                            Code::A0205,
                            &entry.value,
                            format!("the pattern is not in RE2's syntax: {why}"),
                        ));
                    }
                }
            }
        }
        "format" => {
            if let Some(name) = text(entry, problems) {
                schema.format = Format::parse(&name);
                if schema.format.is_none() {
                    let mut problem = wrong(Code::A0205, &entry.value, format!("`{name}` is not a format"));
                    problem.hints.push(Hint::new("the formats are date, date-time, uri and email"));
                    problems.push(problem);
                }
            }
        }
        "items" => schema.items = Some(Box::new(read_schema(&entry.value, Place::Inside, problems))),
        "properties" => schema.properties = Some(read_properties(entry, problems)),
        "trust" => match entry.value.as_str() {
            Some("untrusted") => schema.untrusted = true,
            _ => problems.push(wrong(Code::A0205, &entry.value, "`trust` can be `untrusted` alone")),
        },
        "max_tokens" => schema.max_tokens = count(entry, problems),
        "optional" | "retired" | "aliases" if place == Place::Parameter => {}
        "optional" | "retired" | "aliases" => {
            let mut problem =
                problem(Code::A0205, entry.key_span.clone(), format!("`{key}` is for parameters alone"), "not here");
            if key == "optional" {
                problem.hints.push(Hint::new("a property that `required` does not list is optional"));
            }
            problems.push(problem);
        }
        _ if key.starts_with("x-") => {
            schema.extensions.insert(entry.key.clone(), entry.value.to_json());
        }
        _ => problems.push(unknown_schema_key(entry, place)),
    }
}

fn unknown_schema_key(entry: &Entry, place: Place) -> Problem {
    let mut problem =
        problem(Code::A0205, entry.key_span.clone(), format!("a schema has no key `{}`", entry.key), "unknown key");
    let own: &[&str] = if place == Place::Parameter { &PARAMETER_KEYS } else { &[] };
    let known = SCHEMA_KEYS.iter().map(|(key, _)| *key).chain(OWN_KEYS).chain(own.iter().copied());
    let underscored = entry.key.replace('_', "").to_lowercase();
    let meant = known.clone().find(|key| key.to_lowercase() == underscored).or_else(|| suggest(&entry.key, known));
    if let Some(meant) = meant {
        problem.hints.push(Hint::new(format!("did you mean `{meant}`?")));
    } else {
        problem.hints.push(Hint::new("keys of one's own begin with `x-`"));
    }
    problem
}

fn read_properties(entry: &Entry, problems: &mut Vec<Problem>) -> Vec<Property> {
    let Some(entries) = entry.value.as_mapping() else {
        problems.push(wrong(Code::A0205, &entry.value, "`properties` must be a mapping of names to schemas"));
        return Vec::new();
    };
    entries
        .iter()
        .map(|entry| Property {
            name: entry.key.clone(),
            schema: read_schema(&entry.value, Place::Inside, problems),
            required: false,
        })
        .collect()
}

fn read_required(node: &Node, properties: &mut [Property], problems: &mut Vec<Problem>) {
    let Some(items) = node.as_list() else {
        problems.push(wrong(Code::A0205, node, "`required` must be a list of the properties' names"));
        return;
    };
    for item in items {
        let Some(name) = item.as_str() else {
            problems.push(wrong(Code::A0205, item, "`required` must be a list of the properties' names"));
            continue;
        };
        match properties.iter_mut().find(|property| property.name == name) {
            Some(property) => property.required = true,
            None => {
                let mut problem =
                    wrong(Code::A0205, item, format!("`{name}` is required and not among the properties"));
                if let Some(meant) = suggest(name, properties.iter().map(|property| property.name.as_str())) {
                    problem.hints.push(Hint::new(format!("did you mean `{meant}`?")));
                }
                problems.push(problem);
            }
        }
    }
}

/// Checks that the default and the listed values are values that the schema itself takes.
fn check_own_values(node: &Node, schema: &Schema, problems: &mut Vec<Problem>) {
    let mut check = |node: &Node, schema: &Schema, what: &str| {
        for fault in super::values::check(schema, &node.to_json()).into_iter().take(ENOUGH) {
            problems.push(wrong(Code::A0205, node, format!("{what} is not a value that the schema takes: {fault}")));
        }
    };
    if let Some(default) = node.get("default").filter(|default| !(default.is_null() && schema.nullable)) {
        check(default, schema, "the default");
    }
    let without_list = Schema { enumeration: None, constant: None, ..schema.clone() };
    for item in node.get("enum").and_then(Node::as_list).unwrap_or_default() {
        check(item, &without_list, "an entry of `enum`");
    }
    if let Some(constant) = node.get("const") {
        check(constant, &without_list, "`const`");
    }
}

/// Warns of null among the values of what must be given: there null counts as not given, unlike in a list.
fn note_idle_nulls(node: &Node, schema: &Schema, must_be_given: bool, problems: &mut Vec<Problem>) {
    // What has a type takes no null at all, which has been told.
    if must_be_given && schema.kind == Type::Any && !schema.nullable {
        let listed = node.get("enum").and_then(Node::as_list).unwrap_or_default().iter().chain(node.get("const"));
        problems.extend(listed.filter(|value| value.is_null()).take(1).map(|value| {
            let message = "null is never taken here: it counts as not given";
            let mut problem = Problem { severity: Severity::Warning, ..wrong(Code::A0205, value, message) };
            problem.hints.push(Hint::new("say `nullable: true` beside it, or leave it out"));
            problem
        }));
    }
    for property in schema.properties.iter().flatten() {
        if let Some(node) = node.get("properties").and_then(|nodes| nodes.get(&property.name)) {
            let must_be_given = property.required && property.schema.default.is_none();
            note_idle_nulls(node, &property.schema, must_be_given, problems);
        }
    }
    if let (Some(items), Some(node)) = (&schema.items, node.get("items")) {
        note_idle_nulls(node, items, false, problems);
    }
}

pub(super) fn problem(code: Code, span: Range<usize>, message: impl Into<String>, label: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        code,
        message: message.into(),
        span,
        label: label.to_owned(),
        hints: Vec::new(),
    }
}

/// Returns an error about the value `node`.
pub(super) fn wrong(code: Code, node: &Node, message: impl Into<String>) -> Problem {
    problem(code, node.span.clone(), message, "")
}

fn mistyped(entry: &Entry, wanted: &str) -> Problem {
    wrong(Code::A0205, &entry.value, format!("`{}` must be {wanted}, and this is {}", entry.key, entry.value.kind()))
}

fn boolean(entry: &Entry, problems: &mut Vec<Problem>) -> bool {
    match entry.value.content {
        Content::Scalar(Value::Bool(value)) => value,
        _ => {
            problems.push(mistyped(entry, "`true` or `false`"));
            false
        }
    }
}

fn text(entry: &Entry, problems: &mut Vec<Problem>) -> Option<String> {
    let text = entry.value.as_str().map(str::to_owned);
    if text.is_none() {
        problems.push(mistyped(entry, "text"));
    }
    text
}

fn finite(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Number> {
    match &entry.value.content {
        Content::Scalar(Value::Number(number)) => Some(number.clone()),
        _ => {
            problems.push(mistyped(entry, "a number"));
            None
        }
    }
}

fn count(entry: &Entry, problems: &mut Vec<Problem>) -> Option<u64> {
    let count = match &entry.value.content {
        Content::Scalar(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    if count.is_none() {
        problems.push(mistyped(entry, "a whole number, 0 or more"));
    }
    count
}

/// Returns the texts of a list, each with its place.
pub(super) fn texts(entry: &Entry, problems: &mut Vec<Problem>) -> Vec<(String, Range<usize>)> {
    let Some(items) = entry.value.as_list() else {
        problems.push(mistyped(entry, "a list of texts"));
        return Vec::new();
    };
    let mut texts = Vec::new();
    for item in items {
        match item.as_str() {
            Some(text) => texts.push((text.to_owned(), item.span.clone())),
            None => {
                let message = format!("`{}` must be a list of texts, and this is {}", entry.key, item.kind());
                problems.push(wrong(Code::A0205, item, message));
            }
        }
    }
    texts
}

/// Returns `node` as a JSON object, or a fault that names `what`.
pub(super) fn object(node: &Node, what: &str, problems: &mut Vec<Problem>) -> Option<Map<String, Value>> {
    match node.as_mapping() {
        Some(entries) => Some(mapping_to_json(entries)),
        None => {
            problems.push(wrong(Code::A0204, node, format!("{what} must be a mapping, and this is {}", node.kind())));
            None
        }
    }
}
