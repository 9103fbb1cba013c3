//! The tests as a configuration of promptfoo (its documentation, "Reference"), for asking models.
//!
//! promptfoo's templates are not Anvil's, so each test goes with its own rendering: a prompt that is a
//! list of messages, in which what promptfoo would take for its own is written out as text. A test runs
//! its own prompt on the models that this prefers; on `echo`, promptfoo's provider that answers with the
//! prompt, where it prefers none.
//!
//! In one list stand the assertions of both kinds. Those of `assert` are about the rendered prompt, so
//! each carries the text that it looks at as its `transform`; those of `expect` are about the model's
//! answer and stand as they are written. `roles` and `max-tokens` are none of promptfoo's and stay here, and so
//! does a `regex` that JavaScript would read otherwise.

use super::super::request::{Provider, RequestError};
use super::super::scope::Rendered;
use super::{Assertion, Check, PromptTest, javascript, tested_text};
use crate::template::Output;
use serde_json::{Map, Value, json};

/// A test with what its prompt gave.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The prompt's name.
    pub prompt: &'a str,
    /// The test.
    pub test: &'a PromptTest,
    /// What the prompt gave.
    pub rendered: &'a Rendered,
}

/// A configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The configuration, to be written as YAML or JSON.
    pub json: Value,
    /// How many assertions promptfoo has nothing for.
    pub assertions_left_out: usize,
    /// How many patterns it would read otherwise.
    pub patterns_left_out: usize,
    /// How many parameters it would take for templates or files of its own.
    pub variables_left_out: usize,
    /// Why a prompt's models go without its hints and tools, one line each: their API would refuse these.
    pub refused: Vec<String>,
}

/// The provider of promptfoo that answers with the prompt.
const ECHO: &str = "echo";

/// What a variable must not begin with: promptfoo would read it from elsewhere.
const REFERENCES: [&str; 2] = ["file://", "package:"];

/// Keys of Anthropic's API that promptfoo takes by these names; others go to the API through `extra_body`.
const ANTHROPIC_KEYS: [&str; 7] = ["max_tokens", "temperature", "top_k", "top_p", "thinking", "tool_choice", "tools"];

/// Returns the configuration that runs `cases`.
pub fn config(description: &str, cases: &[Case<'_>]) -> Config {
    let (mut prompts, mut providers, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    let (mut assertions_left_out, mut patterns_left_out, mut variables_left_out) = (0, 0, 0);
    let (mut known, mut refused): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for case in cases {
        let models = models(case);
        if !known.contains(&case.prompt) {
            known.push(case.prompt);
            for (label, id, config) in &models {
                let mut provider = json!({ "id": id, "label": label });
                match config {
                    Ok(config) if config.is_empty() => {}
                    Ok(config) => provider["config"] = Value::Object(config.clone()),
                    Err(error) => refused.push(format!("of `{}`, {error}", case.prompt)),
                }
                providers.push(provider);
            }
        }
        let label = format!("{} ({})", case.prompt, case.test.name);
        prompts.push(json!({ "label": label, "raw": raw(case.rendered) }));
        let (read, otherwise): (Vec<_>, Vec<_>) = case.test.asserts.iter().partition(|one| is_read_alike(one));
        let asserts: Vec<Value> = read.iter().filter_map(|one| assertion(one, case.rendered)).collect();
        assertions_left_out += read.len() - asserts.len();
        patterns_left_out += otherwise.len();
        let (variables, others) = variables(&case.test.parameters);
        variables_left_out += others;
        tests.push(json!({
            "description": label,
            "prompts": [label],
            "providers": models.iter().map(|(label, ..)| label).collect::<Vec<_>>(),
            "vars": variables,
            "options": { "disableVarExpansion": true },
            "assert": asserts.into_iter().chain(case.test.expect.iter().cloned()).collect::<Vec<_>>(),
        }));
    }
    let json = json!({ "description": description, "prompts": prompts, "providers": providers, "tests": tests });
    Config { json, assertions_left_out, patterns_left_out, variables_left_out, refused }
}

/// What a request says beside the conversation, or why its API would refuse it.
type Settings = Result<Map<String, Value>, RequestError>;

/// Returns the models that the prompt prefers: what each is called here, promptfoo's id and its configuration.
fn models(case: &Case<'_>) -> Vec<(String, String, Settings)> {
    let model = case.rendered.model.as_ref();
    let preferred = model.and_then(|model| model.get("prefer")?.as_array());
    let preferred: Vec<&str> = preferred.into_iter().flatten().filter_map(Value::as_str).collect();
    let label = |model: &str| format!("{}: {model}", case.prompt);
    if preferred.is_empty() {
        return vec![(label(ECHO), ECHO.to_owned(), Ok(Map::new()))];
    }
    let written = preferred.into_iter().map(|model| match Provider::of(model) {
        Some((provider, name)) => {
            let kind = match provider {
                Provider::OpenAi => "openai:chat",
                Provider::Anthropic => "anthropic:messages",
                Provider::Gemini => "google",
            };
            (label(model), format!("{kind}:{name}"), config_of(provider, name, case.rendered))
        }
        None => (label(model), model.replacen('/', ":", 1), Ok(Map::new())),
    });
    written.collect()
}

/// Returns what a request to the model says beside the conversation, as promptfoo takes it.
fn config_of(provider: Provider, model: &str, rendered: &Rendered) -> Settings {
    // Whatever the conversation, the rest of the body is the same.
    let rest = Rendered { output: Output::Text(String::from("-")), ..rendered.clone() };
    let request = rest.request(provider, Some(model))?;
    let is_conversation = |key: &str| matches!(key, "model" | "messages" | "contents" | "stream" | "stream_options");
    let rest = request.body.into_iter().filter(|(key, _)| !is_conversation(key));
    Ok(match provider {
        Provider::OpenAi | Provider::Gemini => rest.collect(),
        Provider::Anthropic => {
            let (mut config, others): (Map<String, Value>, Map<String, Value>) =
                rest.partition(|(key, _)| ANTHROPIC_KEYS.contains(&key.as_str()));
            if !others.is_empty() {
                config.insert("extra_body".to_owned(), Value::Object(others));
            }
            config
        }
    })
}

/// Returns the messages as promptfoo takes a prompt: JSON, over several lines, for it would take a single
/// one with a slash in it for the path of a file.
fn raw(rendered: &Rendered) -> String {
    let messages = match &rendered.output {
        Output::Messages(messages) => Value::from(messages.clone()),
        Output::Text(text) => json!([{ "role": "user", "content": text }]),
    };
    format!("{:#}", literal(messages))
}

/// Returns `value` with every text in it written so that promptfoo's templates give the text itself.
fn literal(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(literal_text(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(literal).collect()),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, literal(value))).collect(),
        other => other,
    }
}

/// Returns `text` without anything that means something in Nunjucks: a brace before `{`, `%` or `#`, which
/// would open a tag, is printed by an expression, and so is the `#` that would close a comment.
fn literal_text(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('{', Some('{' | '%' | '#')) => written.push_str("{{ \"{\" }}"),
            ('#', Some('}')) => written.push_str("{{ \"#\" }}"),
            _ => written.push(c),
        }
    }
    written
}

/// Returns the parameters as variables, for what `expect` says, and how many are left out: what promptfoo
/// would read as a template, with variables of the environment, or as the name of a file. The rendered
/// prompt needs none of them.
fn variables(parameters: &Map<String, Value>) -> (Map<String, Value>, usize) {
    let given = parameters.iter().filter(|(_, value)| !value.is_null());
    let (kept, others): (Vec<_>, Vec<_>) = given.partition(|(_, value)| is_inert(value));
    (kept.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect(), others.len())
}

fn is_inert(value: &Value) -> bool {
    match value {
        Value::String(text) => literal_text(text) == *text && !REFERENCES.iter().any(|start| text.starts_with(start)),
        Value::Array(items) => items.iter().all(is_inert),
        Value::Object(entries) => entries.values().all(is_inert),
        _ => true,
    }
}

/// Returns whether promptfoo reads an assertion's pattern, if it has one, as it is meant.
fn is_read_alike(assertion: &Assertion) -> bool {
    !matches!(&assertion.check, Check::Regex(pattern) if !javascript::means_the_same(pattern.as_str()))
}

/// Returns an assertion about the rendered prompt as promptfoo takes it; nothing where it has none such.
fn assertion(assertion: &Assertion, rendered: &Rendered) -> Option<Value> {
    let texts = |parts: &[String]| Some(parts.iter().map(|part| value(part)).collect());
    let expected = match &assertion.check {
        Check::Equals(Value::String(text)) => Some(value(text)),
        Check::Equals(other) => Some(other.clone()),
        Check::Contains(text) | Check::ContainsAnyCase(text) | Check::StartsWith(text) => Some(value(text)),
        Check::ContainsAll(parts) | Check::ContainsAny(parts) => texts(parts),
        Check::Regex(pattern) => Some(value(pattern.as_str())),
        Check::IsJson(schema) | Check::ContainsJson(schema) => schema.clone(),
        Check::Roles(_) | Check::MaxTokens(_) => return None,
    };
    let mut written = json!({ "type": assertion.kind() });
    if let Some(expected) = expected {
        written["value"] = expected;
    }
    let text = tested_text(rendered, assertion.role.as_deref());
    written["transform"] = Value::String(script(&text));
    Some(written)
}

/// Returns the text that promptfoo looks for, which it takes for a template, or for a file by its beginning.
fn value(text: &str) -> Value {
    let written = literal_text(text);
    Value::String(match REFERENCES.iter().any(|start| written.starts_with(start)) {
        true => format!("{{{{ \"{}\" }}}}{}", &written[..1], &written[1..]),
        false => written,
    })
}

/// Returns an expression of JavaScript that is `text`, with no brace that a template could begin with.
fn script(text: &str) -> String {
    Value::from(text).to_string().replace('{', "\\u007b").replace('}', "\\u007d")
}

#[cfg(test)]
mod tests {
    use super::super::super::{Scope, Set};
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_configuration_holds_each_test_with_its_own_rendering() {
        let file = r#"---
parameters: { ticket: string, who: string, n: { type: integer, nullable: true, optional: true } }
model: { prefer: [anthropic/claude-sonnet-4-5, mistral/large], temperature: 0.3, stop: END }
tests:
  - name: braces
    parameters: { ticket: "file://x {{ env.HOME }} {% x %} {{{ {# #}", who: Bo, n: null }
    assert:
      - { type: contains, value: "{{ env.HOME }}", role: user }
      - { type: roles, value: [system, user] }
      - { type: not-is-json }
      - { type: not-regex, value: "(?i)sorry" }
    expect:
      - { type: llm-rubric, value: "apologises for {{ ticket }}" }
---
{% system %}Be brief.{% endsystem %}
{% user %}{{ ticket }}{% enduser %}"#;
        let (set, name) = Set::from_file("p.md", file.as_bytes());
        let ready = Scope::alone(Arc::new(set)).own(&name).unwrap();
        let test = &ready.prompt().front_matter().tests[0];
        let rendered = ready.render(test.parameters.clone()).unwrap();
        let Config { json, assertions_left_out, patterns_left_out, variables_left_out, refused } =
            config("Tests", &[Case { prompt: "p", test, rendered: &rendered }]);
        assert_eq!((assertions_left_out, patterns_left_out, variables_left_out), (1, 1, 1));
        assert!(refused.is_empty(), "{refused:?}");
        let raw: Value = serde_json::from_str(json["prompts"][0]["raw"].as_str().unwrap()).unwrap();
        let brace = "{{ \"{\" }}";
        assert_eq!(
            raw[1]["content"],
            format!("file://x {brace}{{ env.HOME }}}} {brace}% x %}} {brace}{brace}{{ {brace}# {{{{ \"#\" }}}}}}")
        );
        assert_eq!(
            json["providers"],
            json!([
                { "id": "anthropic:messages:claude-sonnet-4-5", "label": "p: anthropic/claude-sonnet-4-5",
                  "config": { "max_tokens": 4096, "temperature": 0.3, "extra_body": { "stop_sequences": ["END"] } } },
                { "id": "mistral:large", "label": "p: mistral/large" },
            ])
        );
        assert_eq!(
            json["tests"],
            json!([{
                "description": "p (braces)",
                "prompts": ["p (braces)"],
                "providers": ["p: anthropic/claude-sonnet-4-5", "p: mistral/large"],
                "vars": { "who": "Bo" },
                "options": { "disableVarExpansion": true },
                "assert": [
                    { "type": "contains", "value": format!("{brace}{{ env.HOME }}}}"),
                      "transform": "\"file://x \\u007b\\u007b env.HOME \\u007d\\u007d \\u007b% x %\\u007d \\u007b\\u007b\\u007b \\u007b# #\\u007d\"" },
                    { "type": "not-is-json",
                      "transform": "\"Be brief.\\n\\nfile://x \\u007b\\u007b env.HOME \\u007d\\u007d \\u007b% x %\\u007d \\u007b\\u007b\\u007b \\u007b# #\\u007d\"" },
                    { "type": "llm-rubric", "value": "apologises for {{ ticket }}" },
                ],
            }])
        );
        assert_eq!(value("file://x"), json!("{{ \"f\" }}ile://x"));
    }

    #[test]
    fn a_prompt_that_prefers_no_model_is_echoed() {
        let (set, name) = Set::from_file("p.md", b"---\ntests: [{ name: t }]\n---\nHi");
        let ready = Scope::alone(Arc::new(set)).own(&name).unwrap();
        let rendered = ready.render(Map::new()).unwrap();
        let test = &ready.prompt().front_matter().tests[0];
        let json = config("Tests", &[Case { prompt: "p", test, rendered: &rendered }]).json;
        assert_eq!(json["providers"], json!([{ "id": "echo", "label": "p: echo" }]));
        assert_eq!(json["prompts"][0]["raw"], "[\n  {\n    \"role\": \"user\",\n    \"content\": \"Hi\"\n  }\n]");
    }
}
