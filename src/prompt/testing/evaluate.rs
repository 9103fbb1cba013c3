//! Whether a rendering passes a test.

use super::super::scope::Rendered;
use super::super::tokens::Tokenizer;
use super::super::values::{shown, whole_numbers};
use super::{Assertion, Check, PromptTest, Sense, tested_text};
use crate::template::Output;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

/// The most faults of one value against its JSON Schema that are told.
const MOST_FAULTS: usize = 3;

/// The most memory that one pattern of a JSON Schema may take when it is compiled.
const MAX_PATTERN: usize = 1 << 20;

/// An assertion that does not hold.
#[derive(Clone, Debug)]
pub struct Failure<'t> {
    /// The assertion.
    pub assertion: &'t Assertion,
    /// What was expected and what came instead.
    pub reason: String,
}

/// Returns the assertions of `test` that do not hold of `rendered`; tokens are counted by `tokenizer`.
pub fn failures<'t>(test: &'t PromptTest, rendered: &Rendered, tokenizer: Tokenizer) -> Vec<Failure<'t>> {
    let failure = |assertion: &'t Assertion| {
        let reason = check(assertion, rendered, tokenizer)?;
        Some(Failure { assertion, reason })
    };
    test.asserts.iter().filter_map(failure).collect()
}

/// Returns why `assertion` does not hold; nothing where it does.
fn check(assertion: &Assertion, rendered: &Rendered, tokenizer: Tokenizer) -> Option<String> {
    let role = assertion.role.as_deref();
    if let (Output::Text(_), Some(role)) = (&rendered.output, role) {
        return Some(format!("the prompt gives text, which has no `{role}`"));
    }
    if let Check::Roles(expected) = &assertion.check {
        return check_roles(expected, rendered);
    }
    let what = role.map_or("the text".to_owned(), |role| format!("the text of `{role}`"));
    let text = tested_text(rendered, role);
    if let Check::MaxTokens(most) = assertion.check {
        let count = tokenizer.count(&text) as u64;
        let name = tokenizer.name();
        let tokens = if most == 1 { "token" } else { "tokens" };
        return (count > most)
            .then(|| format!("expected {what} to have at most {most} {tokens}; it has {count} (by {name})"));
    }
    let found = look(&assertion.check, &text);
    let expected = expectation(&assertion.check);
    match (assertion.sense, found) {
        (Sense::Is, Ok(())) | (Sense::IsNot, Err(_)) => None,
        (Sense::Is, Err(why)) => Some(format!("expected {what} to {expected}{why}")),
        (Sense::IsNot, Ok(())) => Some(format!("expected {what} not to {expected}")),
    }
}

fn check_roles(expected: &[String], rendered: &Rendered) -> Option<String> {
    let Output::Messages(messages) = &rendered.output else {
        return Some("the prompt gives text, which has no roles".to_owned());
    };
    let found: Vec<&str> =
        messages.iter().map(|message| message.get("role").and_then(Value::as_str).unwrap_or_default()).collect();
    let listed = |roles: &[&str]| if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    (found != expected).then(|| format!("expected the roles {}; got {}", listed(&expected), listed(&found)))
}

/// Returns whether `text` is or has what is looked for, and if not perhaps a few words more about why.
fn look(check: &Check, text: &str) -> Result<(), String> {
    let found = |is_found: bool| if is_found { Ok(()) } else { Err(String::new()) };
    match check {
        Check::Equals(value @ (Value::Array(_) | Value::Object(_) | Value::Null)) => {
            match serde_json::from_str::<Value>(text) {
                Ok(json) => found(whole_numbers(json) == *value),
                Err(error) => Err(format!(", and it is no JSON: {error}")),
            }
        }
        Check::Equals(value) if scalar(value) == text => Ok(()),
        Check::Equals(_) => Err(format!("; it is {}", shown(&Value::from(text)))),
        Check::Contains(part) => found(text.contains(part.as_str())),
        Check::ContainsAnyCase(part) => found(text.to_lowercase().contains(part.as_str())),
        Check::ContainsAll(parts) => {
            match parts.iter().filter(|part| !text.contains(part.as_str())).collect::<Vec<_>>() {
                missing if missing.is_empty() => Ok(()),
                missing => Err(format!("; it lacks {}", quoted(missing))),
            }
        }
        Check::ContainsAny(parts) => found(parts.iter().any(|part| text.contains(part.as_str()))),
        Check::Regex(pattern) => found(pattern.matches(text)),
        Check::StartsWith(start) if text.starts_with(start.as_str()) => Ok(()),
        Check::StartsWith(_) => Err(format!("; it is {}", shown(&Value::from(text)))),
        Check::IsJson(schema) => match serde_json::from_str::<Value>(text) {
            Ok(json) => schema.as_ref().map_or(Ok(()), |schema| against(schema, [&json])),
            Err(error) => Err(format!(": {error}")),
        },
        Check::ContainsJson(schema) => {
            let objects = objects_in(text);
            match schema {
                None => found(!objects.is_empty()),
                Some(_) if objects.is_empty() => Err("; it has no JSON object".to_owned()),
                Some(schema) => against(schema, &objects),
            }
        }
        // These two are about more than a text.
        Check::Roles(_) | Check::MaxTokens(_) => Ok(()),
    }
}

/// Returns what is looked for, in words that follow "to".
fn expectation(check: &Check) -> String {
    match check {
        Check::Equals(value @ (Value::Array(_) | Value::Object(_) | Value::Null)) => {
            format!("be JSON that equals {value}")
        }
        Check::Equals(value) => format!("equal {}", shown(&Value::from(scalar(value)))),
        Check::Contains(part) => format!("contain {}", shown(&Value::from(part.as_str()))),
        Check::ContainsAnyCase(part) => format!("contain {} in any case", shown(&Value::from(part.as_str()))),
        Check::ContainsAll(parts) => format!("contain all of {}", quoted(parts)),
        Check::ContainsAny(parts) => format!("contain one of {}", quoted(parts)),
        Check::Regex(pattern) => format!("match `{}`", pattern.as_str()),
        Check::StartsWith(start) => format!("start with {}", shown(&Value::from(start.as_str()))),
        Check::IsJson(None) => "be JSON".to_owned(),
        Check::IsJson(Some(_)) => "be JSON that its schema takes".to_owned(),
        Check::ContainsJson(None) => "contain a JSON object".to_owned(),
        Check::ContainsJson(Some(_)) => "contain a JSON object that its schema takes".to_owned(),
        Check::Roles(_) | Check::MaxTokens(_) => String::new(),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn quoted<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    parts.into_iter().map(|part| shown(&Value::from(part.as_str()))).collect::<Vec<_>>().join(", ")
}

/// Returns the JSON objects that stand in `text`, none within another.
fn objects_in(text: &str) -> Vec<Value> {
    let mut objects = Vec::new();
    let mut at = 0;
    // Behind the last brace that closes anything no object ends.
    let end = text.rfind('}').map_or(0, |last| last + 1);
    while let Some(start) = text[..end].get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(object)) => {
                at = start + stream.byte_offset();
                objects.push(object);
            }
            _ => at = start + 1,
        }
    }
    objects
}

/// Returns whether `schema` takes one of `values`, and if not what the first one lacks.
fn against<'v>(schema: &Value, values: impl IntoIterator<Item = &'v Value>) -> Result<(), String> {
    let validator = validator(schema).map_err(|why| format!(", which is no JSON Schema: {why}"))?;
    let mut first = None;
    for value in values {
        let faults: Vec<String> = validator.iter_errors(value).take(MOST_FAULTS).map(|fault| told(&fault)).collect();
        if faults.is_empty() {
            return Ok(());
        }
        first.get_or_insert(faults);
    }
    Err(format!(": {}", first.unwrap_or_default().join("; ")))
}

fn told(fault: &jsonschema::ValidationError<'_>) -> String {
    match fault.instance_path().as_str() {
        "" => fault.to_string(),
        path => format!("{path}: {fault}"),
    }
}

/// Returns what checks values against `schema`, with the formats of strings as promptfoo checks them and
/// patterns that take time linear in the text. A schema elsewhere than in itself is not looked up.
///
/// # Errors
/// In words, when it is no JSON Schema.
pub(super) fn validator(schema: &Value) -> Result<Validator, String> {
    let patterns = PatternOptions::regex().size_limit(MAX_PATTERN);
    let built =
        jsonschema::options().offline().with_pattern_options(patterns).should_validate_formats(true).build(schema);
    built.map_err(|fault| told(&fault))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Scope, Set};
    use super::*;
    use std::sync::Arc;

    const CHAT: &str = "---
tests:
  - name: t
    assert:
      - ASSERTION
---
{% system %}Answer within One hour.{% endsystem %}
{% user %}{\"a\": [1, 2.0]} and {\"b\": {\"c\": \"}\"}}{% enduser %}
{% user %}Bye{% enduser %}
";

    /// Returns why the assertion does not hold of the chat above.
    fn chat(assertion: &str) -> Option<String> {
        judged(&CHAT.replace("ASSERTION", assertion))
    }

    /// Returns why the assertion does not hold of the text.
    fn text(text: &str, assertion: &str) -> Option<String> {
        judged(&format!(
            "---\ntests:\n  - name: t\n    assert:\n      - {assertion}\n---\n{{% raw %}}{text}{{% endraw %}}"
        ))
    }

    fn judged(file: &str) -> Option<String> {
        let (set, name) = Set::from_file("p.md", file.as_bytes());
        assert_eq!(set.findings(), [], "{file}");
        let ready = Scope::alone(Arc::new(set)).own(&name).unwrap();
        assert_eq!(ready.prompt().front_matter().tests[0].faults, [], "{file}");
        let rendered = ready.render(serde_json::Map::new()).unwrap();
        let test = &ready.prompt().front_matter().tests[0];
        let failures = failures(test, &rendered, Tokenizer::O200k);
        failures.into_iter().next().map(|failure| failure.reason)
    }

    /// Checks that the assertion holds and its `not-` form does not, or the other way round.
    #[track_caller]
    fn both(text_of: &str, assertion: &str, holds: bool) {
        let negated = assertion.replacen("type: ", "type: not-", 1);
        assert_eq!(text(text_of, assertion).is_none(), holds, "{assertion} of {text_of:?}");
        assert_eq!(text(text_of, &negated).is_none(), !holds, "{negated} of {text_of:?}");
    }

    #[test]
    fn each_assertion_holds_of_what_promptfoo_says() {
        for (of, assertion, holds) in [
            ("Hi Bo", "{ type: equals, value: Hi Bo }", true),
            ("Hi Bo", "{ type: equals, value: Hi }", false),
            ("3", "{ type: equals, value: 3 }", true),
            ("3", "{ type: equals, value: 3.0 }", true),
            ("true", "{ type: equals, value: true }", true),
            (r#"{"b": 1.0, "a": []}"#, "{ type: equals, value: { a: [], b: 1 } }", true),
            (r#"{"b": 2}"#, "{ type: equals, value: { b: 1 } }", false),
            ("no json", "{ type: equals, value: { b: 1 } }", false),
            ("Hi Bo", "{ type: contains, value: Bo }", true),
            ("Hi Bo", "{ type: contains, value: bo }", false),
            ("at 12:30", "{ type: contains, value: 12 }", true),
            ("Hi BÖ", "{ type: icontains, value: hi bö }", true),
            ("Hi Bo", "{ type: icontains, value: ho }", false),
            ("a b c", "{ type: contains-all, value: [a, c] }", true),
            ("a b c", "{ type: contains-all, value: [a, d] }", false),
            ("a b c", "{ type: contains-all, value: 'a, \"b c\"' }", true),
            ("a b c", "{ type: contains-any, value: [d, c] }", true),
            ("a b c", "{ type: contains-any, value: [d, e] }", false),
            ("ticket 42", "{ type: regex, value: '\\d{2}$' }", true),
            ("ticket 4", "{ type: regex, value: '^\\d{2}' }", false),
            ("Dear Bo", "{ type: starts-with, value: Dear }", true),
            ("Oh Dear", "{ type: starts-with, value: Dear }", false),
            ("[1]", "{ type: is-json }", true),
            ("[1", "{ type: is-json }", false),
            ("[1]", "{ type: is-json, value: { type: array, items: { type: integer } } }", true),
            ("[1.5]", "{ type: is-json, value: { type: array, items: { type: integer } } }", false),
            ("[1]", "{ type: is-json, value: 'type: array' }", true),
            (r#"{"d": "x"}"#, "{ type: is-json, value: { properties: { d: { format: date } } } }", false),
            (r#"so: {"a": 1}."#, "{ type: contains-json }", true),
            ("so: {a: 1}.", "{ type: contains-json }", false),
            (
                r#"{"a": "x"} {"a": 1}"#,
                "{ type: contains-json, value: { properties: { a: { type: integer } } } }",
                true,
            ),
            (r#"{"a": "x"}"#, "{ type: contains-json, value: { required: [b] } }", false),
        ] {
            both(of, assertion, holds);
        }
    }

    #[test]
    fn a_role_is_looked_at_alone_and_all_are_joined_by_a_blank_line() {
        for assertion in [
            "{ type: equals, value: Answer within One hour., role: system }",
            "{ type: not-contains, value: hour, role: user }",
            "{ type: contains, value: \"}}\\n\\nBye\" }",
            "{ type: contains-json, value: { required: [b] }, role: user }",
            "{ type: roles, value: [system, user, user] }",
            "{ type: equals, value: '', role: tool }",
            "{ type: max-tokens, value: 5, role: system }",
        ] {
            assert_eq!(chat(assertion), None, "{assertion}");
        }
        for (assertion, reason) in [
            ("{ type: roles, value: [user] }", "expected the roles user; got system, user, user"),
            (
                "{ type: max-tokens, value: 4, role: system }",
                "expected the text of `system` to have at most 4 tokens; it has 5 (by o200k_base)",
            ),
            (
                "{ type: contains, value: within an hour, role: system }",
                "expected the text of `system` to contain \"within an hour\"",
            ),
            ("{ type: not-contains, value: Bye }", "expected the text not to contain \"Bye\""),
            (
                "{ type: contains-all, value: [Bye, x, z] }",
                "expected the text to contain all of \"Bye\", \"x\", \"z\"; it lacks \"x\", \"z\"",
            ),
            (
                "{ type: contains-json, value: { properties: { a: { maxItems: 1 } }, required: [a] } }",
                "expected the text to contain a JSON object that its schema takes: /a: [1,2.0] has more than 1 item",
            ),
        ] {
            assert_eq!(chat(assertion).as_deref(), Some(reason));
        }
    }

    #[test]
    fn a_text_has_no_roles() {
        assert_eq!(
            text("x", "{ type: contains, value: x, role: user }").unwrap(),
            "the prompt gives text, which has no `user`"
        );
        assert_eq!(
            text("x", "{ type: not-contains, value: x, role: user }").unwrap(),
            "the prompt gives text, which has no `user`"
        );
        assert_eq!(text("x", "{ type: roles, value: [] }").unwrap(), "the prompt gives text, which has no roles");
    }

    #[test]
    fn looking_for_json_takes_no_time_in_text_that_looks_like_it() {
        let text = "{\"a\":".repeat(100_000) + &"{".repeat(100_000);
        assert_eq!(objects_in(&text), Vec::<Value>::new());
        assert_eq!(objects_in(&format!("}} {} {{\"b\":1}}", &text[..5_000])), [serde_json::json!({ "b": 1 })]);
    }

    #[test]
    fn a_schema_that_leads_in_a_circle_or_elsewhere_harms_nobody() {
        let circle: Value = serde_json::json!({ "allOf": [{ "$ref": "#" }] });
        assert!(validator(&circle).unwrap().is_valid(&circle));
        assert!(validator(&serde_json::json!({ "$ref": "https://example.com/x.json" })).is_err());
        assert!(validator(&serde_json::json!({ "type": "strng" })).is_err());
    }
}
