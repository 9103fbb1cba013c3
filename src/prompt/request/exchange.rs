//! What every provider asks of a conversation, whichever shape its messages have: each message says
//! something, and the results of the tools that one calls come right after it, all of them and no others.
//!
//! An API answers what is not so with an error that counts in its own body. Here it is told with its place
//! in what the prompt gave, before anything is sent.

use super::Provider;
use super::history::{Fault, Help as _, fault, id_of, id_of_result, kind, texts_in};
use serde_json::{Map, Value};

/// A call of a tool.
struct Call<'a> {
    /// The path of the message that makes it.
    path: String,
    id: &'a str,
}

/// Checks the messages of a conversation.
///
/// # Errors
/// When `provider` would refuse a message for what it lacks.
pub(super) fn check(messages: &[Map<String, Value>], provider: Provider) -> Result<(), Fault> {
    let mut open: Vec<Call<'_>> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let path = format!("messages[{at}]");
        let results = results(message, &path)?;
        if results.is_empty() {
            settled(&open)?;
        }
        for id in results {
            let Some(answered) = open.iter().position(|call| call.id == id) else {
                return fault(path, format!("no call right before it has the id `{id}`"))
                    .help("put the assistant's message that makes the call before it, or leave the result out");
            };
            open.remove(answered);
        }
        if provider == Provider::Anthropic {
            check_order(message, &path)?;
        }
        check_content(message, &path, provider)?;
        let made = calls(message, &path)?;
        if provider == Provider::Anthropic {
            check_ids(&made)?;
        }
        open.extend(made);
    }
    settled(&open)
}

/// Checks that what came of calls stands before all else that a message says.
fn check_order(message: &Map<String, Value>, path: &str) -> Result<(), Fault> {
    let is_result = |part: &Value| kind(part) == Some("tool_result");
    let mut late = listed(message, "content", path).skip_while(|(part, _)| is_result(part));
    match late.find(|(part, _)| is_result(part)) {
        None => Ok(()),
        Some((_, at)) => fault(at, "a result stands behind what is no result")
            .help("put the results of calls first in the message, and texts behind them"),
    }
}

/// Checks that the ids of calls have the characters that Anthropic takes; those of other models may have more.
fn check_ids(calls: &[Call<'_>]) -> Result<(), Fault> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match calls.iter().find(|call| !call.id.chars().all(is_part)) {
        None => Ok(()),
        Some(Call { path, id }) => fault(path, format!("the id `{id}` has more than letters, digits, `_` and `-`"))
            .help("give the call another id, and its result the same"),
    }
}

/// Checks that no call is left without its result.
fn settled(open: &[Call<'_>]) -> Result<(), Fault> {
    match open.first() {
        None => Ok(()),
        Some(Call { path, id }) => fault(path, format!("the call `{id}` has no result right after it"))
            .help("put a message of the role `tool` with that `tool_call_id` after it, or leave the call out"),
    }
}

/// Returns the ids of the calls that a message answers.
fn results<'a>(message: &'a Map<String, Value>, path: &str) -> Result<Vec<&'a str>, Fault> {
    if is_of(message, "tool") {
        return Ok(vec![id_of_result(message, path)?]);
    }
    let parts = listed(message, "content", path).filter(|(part, _)| kind(part) == Some("tool_result"));
    parts.map(|(part, path)| id_of(part, "tool_use_id", &path)).collect()
}

/// Returns the calls that a message makes.
fn calls<'a>(message: &'a Map<String, Value>, path: &str) -> Result<Vec<Call<'a>>, Fault> {
    let used = listed(message, "content", path).filter(|(part, _)| kind(part) == Some("tool_use"));
    if let Some((_, at)) = used.clone().find(|(part, _)| !part.get("input").is_some_and(Value::is_object)) {
        return fault(at, "its `input` is no object").help("write the arguments of the call as an object, or `{}`");
    }
    let called = listed(message, "tool_calls", path);
    if let Some((_, at)) = called.clone().next().filter(|_| !is_of(message, "assistant")) {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        return fault(at, format!("a call of a tool has no place in a message of the role `{role}`"));
    }
    let calls = called.chain(used);
    calls.map(|(call, at)| Ok(Call { path: path.to_owned(), id: id_of(call, "id", &at)? })).collect()
}

/// Returns what the list under `key` holds, each with its path.
fn listed<'a>(
    message: &'a Map<String, Value>,
    key: &str,
    path: &str,
) -> impl Iterator<Item = (&'a Value, String)> + Clone {
    let items = message.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
    items.map(move |(number, item)| (item, format!("{path}.{key}[{number}]")))
}

fn is_of(message: &Map<String, Value>, role: &str) -> bool {
    message.get("role").and_then(Value::as_str) == Some(role)
}

/// Checks that a message says something, and with each of its texts.
fn check_content(message: &Map<String, Value>, path: &str, provider: Provider) -> Result<(), Fault> {
    // What came of a call may be blank, and so may all that is said beside calls, as long as it is no part.
    let texts = if is_of(message, "tool") { Vec::new() } else { texts_in(message, path) };
    for (place, text) in texts {
        let is_refused = match provider {
            Provider::OpenAi => false,
            Provider::Anthropic => text.trim().is_empty(),
            Provider::Gemini => text.is_empty(),
        };
        let is_part = message.get("content").is_some_and(Value::is_array);
        if is_refused && (is_part || !text.is_empty()) {
            return fault(place, "its text is blank").help("let it say something, or leave it out");
        }
    }
    let is_empty = match message.get("content") {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty() && provider != Provider::OpenAi,
        Some(Value::Array(parts)) => parts.is_empty(),
        Some(_) => false,
    };
    if !is_empty || is_complete_without(message, provider) {
        return Ok(());
    }
    match is_of(message, "assistant") {
        true => {
            fault(path, "it has neither `content` nor `tool_calls`").help("give it a text, or leave the message out")
        }
        false if is_of(message, "tool") => {
            fault(path, "it has no `content`").help("say what came of the call, or \"\"")
        }
        false => fault(path, "it has no `content`").help("give it a text, or leave the message out"),
    }
}

/// Returns whether a message may have no content, for what else it says.
fn is_complete_without(message: &Map<String, Value>, provider: Provider) -> bool {
    let has = |key: &str| message.get(key).is_some_and(|value| !value.is_null() && *value != Value::Array(Vec::new()));
    match (message.get("role").and_then(Value::as_str), provider) {
        (Some("assistant"), Provider::OpenAi) => {
            ["tool_calls", "function_call", "refusal", "audio"].into_iter().any(has)
        }
        (Some("assistant"), _) => has("tool_calls"),
        (Some("tool"), Provider::OpenAi) => false,
        // What came of a call may be nothing.
        (Some("tool"), _) => true,
        _ => false,
    }
}
