//! The hint `tool_choice`, whether a model must call a tool, which OpenAI and Anthropic write each in its own way.

use super::Provider;
use serde_json::{Value, json};

/// Which tool a model calls.
enum Choice<'a> {
    /// As it likes.
    Auto,
    /// None.
    None,
    /// One of them, whichever.
    Any,
    /// This one.
    Tool(&'a str),
}

/// Returns `value` as `provider` writes it: as it is where it has that shape, translated where it has the other's.
/// Nothing where it has neither, or says more than can be said.
pub(super) fn translated(value: &Value, provider: Provider) -> Option<Value> {
    let is_own = match provider {
        Provider::OpenAi => of_openai(value).is_some() || matches!(kind(value), Some("allowed_tools" | "custom")),
        Provider::Anthropic => matches!(kind(value), Some("auto" | "any" | "tool" | "none")),
        Provider::Gemini => false,
    };
    if is_own {
        return Some(value.clone());
    }
    match (provider, of_openai(value).or_else(|| of_anthropic(value))?) {
        (Provider::OpenAi, choice) => Some(match choice {
            Choice::Auto => json!("auto"),
            Choice::None => json!("none"),
            Choice::Any => json!("required"),
            Choice::Tool(name) => json!({ "type": "function", "function": { "name": name } }),
        }),
        (Provider::Anthropic, choice) => Some(match choice {
            Choice::Auto => json!({ "type": "auto" }),
            Choice::None => json!({ "type": "none" }),
            Choice::Any => json!({ "type": "any" }),
            Choice::Tool(name) => json!({ "type": "tool", "name": name }),
        }),
        (Provider::Gemini, _) => None,
    }
}

fn of_openai(value: &Value) -> Option<Choice<'_>> {
    match (value.as_str(), kind(value)) {
        (Some("auto"), _) => Some(Choice::Auto),
        (Some("none"), _) => Some(Choice::None),
        (Some("required"), _) => Some(Choice::Any),
        (None, Some("function")) => value.pointer("/function/name")?.as_str().map(Choice::Tool),
        _ => None,
    }
}

fn of_anthropic(value: &Value) -> Option<Choice<'_>> {
    let keys = value.as_object()?.len();
    match (kind(value)?, keys) {
        ("auto", 1) => Some(Choice::Auto),
        ("none", 1) => Some(Choice::None),
        ("any", 1) => Some(Choice::Any),
        ("tool", 2) => value.get("name")?.as_str().map(Choice::Tool),
        _ => None,
    }
}

fn kind(value: &Value) -> Option<&str> {
    value.get("type").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_tools_is_said_in_the_words_of_each_provider() {
        for (openai, anthropic) in [
            (json!("auto"), json!({ "type": "auto" })),
            (json!("none"), json!({ "type": "none" })),
            (json!("required"), json!({ "type": "any" })),
            (json!({ "type": "function", "function": { "name": "f" } }), json!({ "type": "tool", "name": "f" })),
        ] {
            for written in [&openai, &anthropic] {
                assert_eq!(translated(written, Provider::OpenAi).as_ref(), Some(&openai));
                assert_eq!(translated(written, Provider::Anthropic).as_ref(), Some(&anthropic));
            }
        }
        let more = json!({ "type": "auto", "disable_parallel_tool_use": true });
        assert_eq!(translated(&more, Provider::Anthropic).as_ref(), Some(&more));
        assert_eq!(translated(&more, Provider::OpenAi), None);
        assert_eq!(translated(&json!("sometimes"), Provider::OpenAi), None);
    }
}
