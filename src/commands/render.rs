//! Renders a prompt with parameters, as an application would get it.
//!
//! Parameters that come as text are read by the type that the prompt declares; whatever is wrong
//! with them is told together with what is wrong with the others.

use super::context::Context;
use super::reference::{self, Found, Reference};
use super::registries::RegistryReference;
use crate::error::{Code, Diagnose, Diagnostic, Hint, Result, suggest};
use crate::name::PromptName;
use crate::prompt::declaration::Property;
use crate::prompt::{
    Parameter, Prompt, PromptError, Ready, Rendered, Schema, Traced, Type, ValueFault, ValuesError, coerce,
};
use crate::template::Limits;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The most parameters that anybody would type as flags.
const MOST_FLAGS: usize = 5;

/// What to render with what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The prompt.
    pub reference: Reference,
    /// The registry to take it from, whatever a project says.
    pub registry: Option<RegistryReference>,
    /// The test of the prompt whose parameters come after all others.
    pub test: Option<String>,
    /// Values as they are; they come before those of [`Request::test`].
    pub values: Map<String, Value>,
    /// Values as texts; they come before [`Request::values`].
    pub texts: Vec<(String, String)>,
    /// How much rendering may do.
    pub limits: Limits,
    /// Whether to tell where each part of the text comes from.
    pub trace: bool,
}

/// The rendered prompt.
#[derive(Debug)]
pub struct Report {
    /// The prompt.
    pub found: Found,
    /// What it gave, and where each part of that comes from if that was asked.
    pub traced: Traced,
}

/// Parameters that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A file of parameters is no JSON object.
    #[error("{place} is not a JSON object of parameters: {why}")]
    NoObject {
        /// The file, or stdin.
        place: String,
        /// Why not.
        why: String,
    },
    /// The prompt has no such test.
    #[error("the prompt `{prompt}` has no test `{name}`")]
    NoTest {
        /// The prompt.
        prompt: PromptName,
        /// What was asked for.
        name: String,
        /// The tests that it has.
        known: Vec<String>,
    },
    /// Not everything that the prompt needs was given.
    #[error("{source}")]
    Missing {
        /// Everything that is wrong with the parameters.
        source: ValuesError,
        /// The parameters that must be given, in the order of the file, each with what stands for a
        /// value of its type: `name=…`, `tags='[…]'`.
        missing: Vec<String>,
        /// What was asked for, as `anvil show` takes it.
        reference: String,
    },
}

impl Diagnose for RenderError {
    fn code(&self) -> Code {
        match self {
            RenderError::NoObject { .. } => Code::A1071,
            RenderError::NoTest { .. } => Code::A0822,
            RenderError::Missing { source, .. } => source.code(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RenderError::NoObject { .. } => vec![Hint::new("it looks like `{\"name\": \"Ada\", \"count\": 3}`")],
            RenderError::NoTest { name, known, .. } => {
                vec![match (suggest(name, known.iter().map(String::as_str)), known.as_slice()) {
                    (Some(meant), _) => Hint::new(format!("did you mean `{meant}`?")),
                    (None, []) => Hint::new("it has no tests; they stand in front matter, under `tests`"),
                    (None, [first, ..]) => match known.len() {
                        1 => Hint::new(format!("it has `{first}`")),
                        number => Hint::new(format!("it has {number}, the first of them `{first}`")),
                    },
                }]
            }
            RenderError::Missing { missing, reference, .. } => {
                let them = if missing.len() == 1 { "it" } else { "them" };
                let how = match missing.len() {
                    0..=MOST_FLAGS => missing.iter().map(|flag| format!("-p {flag}")).collect::<Vec<_>>().join(" "),
                    _ => "--params FILE".to_owned(),
                };
                vec![
                    Hint::new(format!("give {them} with `{how}`")),
                    Hint::run("see what the prompt takes", format!("anvil show {reference}")),
                ]
            }
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            RenderError::NoObject { .. } | RenderError::NoTest { .. } => &[],
            RenderError::Missing { source, .. } => source.diagnostics(),
        }
    }
}

/// Returns the parameters that `text`, which was read from `place`, holds as JSON.
///
/// # Errors
/// When it is no JSON object.
pub fn parse_values(place: &str, text: &str) -> Result<Map<String, Value>, RenderError> {
    let fail = |why: String| RenderError::NoObject { place: place.to_owned(), why };
    match serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(Value::Array(_)) => Err(fail("it is an array".into())),
        Ok(_) => Err(fail("it is a single value".into())),
        Err(error) => Err(fail(error.to_string())),
    }
}

/// Renders the prompt.
///
/// # Errors
/// When it cannot be found, or not be rendered with these parameters.
pub fn run(context: &Context, mut request: Request) -> Result<Report> {
    let found = reference::find(context, &request.reference, request.registry.as_ref())?;
    if let Some(name) = &request.test {
        request.values = over(found.ready.prompt(), test_values(found.ready.prompt(), name)?, request.values);
    }
    let missing = missing(&found.ready, &request);
    let (limits, trace) = (request.limits, request.trace);
    let rendered = |values| match trace {
        true => found.ready.trace(values, &limits),
        false => {
            let rendered = found.ready.render_within(values, &limits)?;
            Ok(Traced { rendered, texts: Vec::new() })
        }
    };
    let traced = match with_texts(&found.ready, request.values, request.texts, rendered) {
        Err(PromptError::Values(source)) if !missing.is_empty() => {
            let place = match request.registry {
                Some(RegistryReference::Name(name)) => format!(" --registry {name}"),
                Some(RegistryReference::Location(place)) => format!(" --registry {place}"),
                None => String::new(),
            };
            let reference = format!("{}{place}", request.reference);
            return Err(RenderError::Missing { source, missing, reference }.into());
        }
        other => other?,
    };
    Ok(Report { found, traced })
}

/// Returns the parameters of the test of `prompt` called `name`.
///
/// # Errors
/// [`RenderError::NoTest`] when there is none.
pub fn test_values(prompt: &Prompt, name: &str) -> Result<Map<String, Value>, RenderError> {
    let tests = &prompt.front_matter().tests;
    match tests.iter().find(|test| test.name == name) {
        Some(test) => Ok(test.parameters.clone()),
        None => Err(RenderError::NoTest {
            prompt: prompt.name().clone(),
            name: name.to_owned(),
            known: tests.iter().map(|test| test.name.clone()).collect(),
        }),
    }
}

/// Returns `values` with `given` in the place of those that mean the same parameter, be it by a former name.
fn over(prompt: &Prompt, mut values: Map<String, Value>, given: Map<String, Value>) -> Map<String, Value> {
    let meant = |name: &str| {
        let named =
            |parameter: &&Parameter| parameter.name == name || parameter.aliases.iter().any(|alias| alias == name);
        prompt.parameters().iter().find(named).map_or(name.to_owned(), |parameter| parameter.name.clone())
    };
    values.retain(|known, _| !given.keys().any(|name| meant(name) == meant(known)));
    values.extend(given);
    values
}

/// Returns the parameters that must be given and are not; null is absence.
fn missing(ready: &Ready, request: &Request) -> Vec<String> {
    let values = request.values.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name);
    let given: BTreeSet<&String> = values.chain(request.texts.iter().map(|(name, _)| name)).collect();
    let is_given = |parameter: &Parameter| {
        request.values.contains_key(&parameter.name) && parameter.schema.nullable
            || given.contains(&parameter.name)
            || parameter.aliases.iter().any(|alias| given.contains(alias))
    };
    let parameters = ready.prompt().parameters().iter();
    let missing = parameters.filter(|parameter| parameter.is_required() && !is_given(parameter));
    missing.map(flag).collect()
}

/// Returns how what `prompt` needs is given on the command line, each with a blank before it.
pub fn flags(prompt: &Prompt) -> String {
    let required: Vec<&Parameter> = prompt.parameters().iter().filter(|parameter| parameter.is_required()).collect();
    match required.len() {
        0..=MOST_FLAGS => required.into_iter().map(|parameter| format!(" -p {}", flag(parameter))).collect(),
        _ => " --params FILE".to_owned(),
    }
}

/// Returns how a parameter is given on the command line, what is JSON quoted for the shell.
fn flag(parameter: &Parameter) -> String {
    let value = match parameter.schema.kind {
        Type::Object => "'{…}'",
        Type::Array | Type::Messages => "'[…]'",
        _ => "…",
    };
    format!("{}={value}", parameter.name)
}

/// Returns what is wrong with a text that is for a part of a parameter alone; nothing where it is not.
fn part(ready: &Ready, name: &str, text: &str) -> Option<ValueFault> {
    let (whole, inner) = name.split_once(['.', '['])?;
    let parameter = ready.prompt().parameters().iter().find(|parameter| parameter.name == whole)?;
    let message = "`-p` takes a whole parameter and no part of one".to_owned();
    let example = match parameter.schema.kind {
        // Short and plain enough to be shown as it would be typed.
        Type::Object if text.len() <= 40 && !inner.contains(['.', '[', '\'']) && !text.contains('\'') => {
            format!("-p {whole}='{}'", object_with(&parameter.schema, inner, text))
        }
        _ => format!("-p {}", flag(parameter)),
    };
    let hint = Hint::new(format!("give all of it as JSON, `{example}`, or all parameters in a file, `--params FILE`"));
    Some(ValueFault::new(name, message, Some(hint)))
}

/// Returns an object of `schema` whose property `name` is what `text` means there, with the others that it must have.
fn object_with(schema: &Schema, name: &str, text: &str) -> Value {
    let properties = schema.properties.as_deref().unwrap_or_default();
    let value = match properties.iter().find(|property| property.name == name) {
        Some(Property { schema, .. }) => coerce(schema, text).unwrap_or_else(|_| placeholder(schema)),
        None => text.into(),
    };
    let others = properties.iter().filter(|property| property.required && property.name != name);
    let others = others.map(|property| (property.name.as_str(), placeholder(&property.schema)));
    [(name, value)].into_iter().chain(others).collect()
}

/// Renders a prompt with values, and with texts that are read by the types that it declares.
pub(super) fn render(
    ready: &Ready,
    values: Map<String, Value>,
    texts: Vec<(String, String)>,
) -> Result<Rendered, PromptError> {
    with_texts(ready, values, texts, |values| ready.render(values))
}

/// Hands `values`, and `texts` read by the types that the prompt declares, to `rendered`.
fn with_texts<T>(
    ready: &Ready,
    values: Map<String, Value>,
    texts: Vec<(String, String)>,
    rendered: impl FnOnce(Map<String, Value>) -> Result<T, PromptError>,
) -> Result<T, PromptError> {
    let mut faults = Vec::new();
    let mut read_texts = Map::new();
    for (name, text) in texts {
        let named = |parameter: &&Parameter| parameter.name == name || parameter.aliases.contains(&name);
        let value = match ready.prompt().parameters().iter().find(named) {
            Some(parameter) => read(parameter, &text).unwrap_or_else(|message| {
                let example = as_json(&parameter.schema, &text);
                let hint = example.map(|example| Hint::new(format!("write it as JSON: `-p {name}={example}`")));
                faults.push(ValueFault::new(&name, message, hint));
                // No text will do for such a parameter, so it is found at fault again, among the others.
                Value::from(text)
            }),
            // Nobody asked for it, which is found with the rest.
            None => {
                faults.extend(part(ready, &name, &text));
                Value::from(text)
            }
        };
        read_texts.insert(name, value);
    }
    match rendered(over(ready.prompt(), values, read_texts)) {
        Err(PromptError::Values(error)) => Err(PromptError::Values(error.explained(&faults))),
        other => other,
    }
}

fn read(parameter: &Parameter, text: &str) -> Result<Value, String> {
    // A file mostly ends in a newline, which belongs to a text and to nothing else.
    let text = if matches!(parameter.schema.kind, Type::String | Type::Any) { text } else { text.trim() };
    coerce(&parameter.schema, text)
}

/// Returns JSON that the parameter of `schema` may be given instead of `text`, as it would be typed: the text's own
/// words in it, where these are short and plain. Nothing for what needs no JSON, or where the text is meant to be some.
fn as_json(schema: &Schema, text: &str) -> Option<String> {
    let is_plain = text.len() <= 40 && !text.contains(['\'', '"', '\\', '\n']);
    let is_text = |schema: &Schema| matches!(schema.kind, Type::String | Type::Any);
    let example = match schema.kind {
        _ if text.trim_start().starts_with(['{', '[']) => return None,
        Type::Array if is_plain && schema.items.as_ref().is_none_or(|items| is_text(items)) => {
            text.split(',').map(str::trim).collect()
        }
        Type::Array => return Some("'[…]'".to_owned()),
        Type::Object => {
            let properties = schema.properties.as_deref().unwrap_or_default();
            let needed: Vec<&Property> = properties.iter().filter(|property| property.required).collect();
            let needed = if needed.is_empty() { properties.iter().take(1).collect() } else { needed };
            if needed.is_empty() {
                return Some("'{…}'".to_owned());
            }
            let first = needed.iter().position(|property| is_plain && is_text(&property.schema));
            let value = |at: usize| if first == Some(at) { text.into() } else { placeholder(&needed[at].schema) };
            needed.iter().enumerate().map(|(at, property)| (property.name.as_str(), value(at))).collect()
        }
        Type::Messages => serde_json::json!([{ "role": "user", "content": if is_plain { text } else { "…" } }]),
        _ => return None,
    };
    Some(format!("'{example}'"))
}

/// Returns a value that stands for one of `schema` in an example.
fn placeholder(schema: &Schema) -> Value {
    match (schema.enumeration.as_deref(), schema.kind) {
        (Some([first, ..]), _) => first.clone(),
        (_, Type::Integer | Type::Number) => 1.into(),
        (_, Type::Boolean) => true.into(),
        (_, Type::Array | Type::Messages) => Value::Array(Vec::new()),
        (_, Type::Object) => Value::Object(Map::new()),
        (_, Type::String | Type::Any) => "…".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Scope, Set};
    use std::sync::Arc;

    const PROMPT: &str = "---
parameters:
  name: string
  count: integer
  loud: { type: boolean, default: false }
  tags: { type: array, items: string, optional: true }
  order: { type: object, optional: true, properties: { id: integer, by: string }, required: [by] }
---
{{ name }} {{ count }}{% if loud %}!{% endif %}";

    fn rendered(values: Value, texts: &[(&str, &str)]) -> Result<Rendered, PromptError> {
        let (set, name) = Set::from_file("greet.md", PROMPT.as_bytes());
        let ready = Scope::alone(Arc::new(set)).get(&name).unwrap();
        let Value::Object(values) = values else { panic!("no object") };
        render(&ready, values, texts.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect())
    }

    #[test]
    fn a_text_is_read_as_the_declared_type_and_comes_before_the_file() {
        let file = serde_json::json!({ "name": "Bo", "count": 1 });
        let rendered = rendered(file, &[("name", "3"), ("loud", "true\n"), ("count", " 7\n")]).unwrap();
        assert_eq!(rendered.text(), Some("3 7!"));
    }

    #[test]
    fn every_fault_is_told_at_once_and_each_once() {
        let error = rendered(serde_json::json!({}), &[("count", "many"), ("tags", "[1"), ("nmae", "x")]).unwrap_err();
        let PromptError::Values(error) = error else { panic!("{error}") };
        let told: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:#?}");
        assert!(told[0].starts_with("count: expected an integer"), "{told:#?}");
        assert!(told[1].starts_with("tags: expected an array as JSON: EOF"), "{told:#?}");
        assert!(told[2].starts_with("nmae: "), "{told:#?}");
        assert!(told[3].starts_with("name: required and not given"), "{told:#?}");
    }

    #[test]
    fn a_part_is_shown_in_the_whole_that_would_be_taken() {
        for (text, example) in [("3", r#"{"id":3,"by":"…"}"#), ("x", r#"{"id":1,"by":"…"}"#)] {
            let values = serde_json::json!({ "name": "Bo", "count": 1 });
            let error = rendered(values.clone(), &[("order.id", text)]).unwrap_err();
            let PromptError::Values(error) = error else { panic!("{error}") };
            let hint = error.faults()[0].hint.as_ref().unwrap().to_string();
            assert!(hint.contains(&format!("`-p order='{example}'`")), "{hint}");
            assert!(rendered(values, &[("order", example)]).is_ok());
        }
    }

    #[test]
    fn a_file_of_parameters_is_an_object() {
        assert!(parse_values("a.json", "\u{feff}{\"a\": 1}").is_ok());
        for (text, why) in [("[1]", "an array"), ("3", "a single value"), ("{", "EOF"), ("", "EOF")] {
            let error = parse_values("`a.json`", text).unwrap_err().to_string();
            assert!(error.starts_with("`a.json` is not a JSON object") && error.contains(why), "{error}");
        }
    }
}
