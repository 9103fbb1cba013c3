//! What the APIs ask of tools: names that they take, schemas of objects, and a choice of tools that are there.

use super::history::{Fault, Help as _, fault};
use super::{Given, Provider, choice};
use serde_json::{Map, Value, json};

/// What combines schemas, which both OpenAI and Anthropic refuse at the root of a tool's.
const COMBINED: [&str; 3] = ["anyOf", "oneOf", "allOf"];

/// Checks the tools of a prompt, and its hint which of them to call.
///
/// # Errors
/// When the API of `provider` is known to refuse one of them.
pub(super) fn check(given: &Given<'_>, provider: Provider) -> Result<(), Fault> {
    for (at, tool) in given.tools().enumerate() {
        check_name(tool.name, provider).or_else(|why| fault(format!("tools[{at}].name"), why))?;
        check_schema(tool.parameters, provider).or_else(|why| {
            fault(format!("tools[{at}].parameters"), why).help("make it an object, with what it takes as `properties`")
        })?;
    }
    let choice = given.hints().find(|(name, _)| *name == "tool_choice");
    match choice.and_then(|(_, value)| choice::translated(value, provider)) {
        Some(choice) => check_choice(given, &choice),
        None => Ok(()),
    }
}

/// Checks what a tool is called. The limits are those of the errors with which the APIs refuse a name.
fn check_name(name: &str, provider: Provider) -> Result<(), String> {
    let (most, others, others_said) = match provider {
        Provider::OpenAi => (64, "_-", "`_` and `-`"),
        Provider::Anthropic => (128, "_-", "`_` and `-`"),
        Provider::Gemini => (64, "_-.:", "`_`, `-`, `.` and `:`"),
    };
    if name.is_empty() || name.len() > most || !name.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c)) {
        return Err(format!("a name has letters, digits, {others_said}, at most {most} of them"));
    }
    let is_begun_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match provider {
        Provider::Gemini if !is_begun_well => Err("a name begins with a letter or `_`".to_owned()),
        _ => Ok(()),
    }
}

fn check_schema(schema: Option<&Value>, provider: Provider) -> Result<(), String> {
    let Some(Value::Object(schema)) = schema.filter(|_| provider != Provider::Gemini) else { return Ok(()) };
    if let Some(key) = COMBINED.into_iter().find(|key| schema.contains_key(*key)) {
        return Err(format!("what a tool takes has no `{key}` at its root"));
    }
    let takes_objects = match schema.get("type") {
        None => true,
        Some(Value::Array(types)) => provider == Provider::OpenAi && types.iter().any(|one| one == "object"),
        Some(kind) => kind == "object",
    };
    if takes_objects { Ok(()) } else { Err("what a tool takes is an object".to_owned()) }
}

/// Returns the schema of what a tool takes with the `type` that the APIs want said at its root.
pub(super) fn with_type(schema: &Value) -> Value {
    match schema {
        Value::Object(keys) if !keys.contains_key("type") => {
            let kind = ("type".to_owned(), json!("object"));
            Value::Object([kind].into_iter().chain(keys.clone()).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Checks that there are tools to choose from, and the one that is chosen among them.
fn check_choice(given: &Given<'_>, choice: &Value) -> Result<(), Fault> {
    let is_none = choice == "none" || choice["type"] == "none";
    if given.tools().next().is_none() && !is_none {
        return fault("model.tool_choice", "there are no tools to choose from")
            .help("declare `tools`, or leave the choice out");
    }
    let chosen = match choice["type"].as_str() {
        Some("function") => choice.pointer("/function/name"),
        Some("tool") => choice.get("name"),
        _ => None,
    };
    match chosen.and_then(Value::as_str) {
        Some(name) if given.tools().all(|tool| tool.name != name) => {
            fault("model.tool_choice", format!("no tool is called `{name}`")).help("choose one that `tools` has")
        }
        _ => Ok(()),
    }
}
