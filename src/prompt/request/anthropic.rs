//! Anthropic's messages (its API reference, "Create a message").

use super::history::{self, Block, Fault, Help as _, Image, PartType, Role, Turn, fault};
use super::{Draft, Given, RequestError, tools};
use serde_json::{Map, Value, json};

/// The parts that a message of a user may have: in its own shape it passes as it is.
const USER_PARTS: &[PartType] = &[
    ("text", &["text"]),
    ("image", &["source"]),
    ("document", &["source"]),
    ("search_result", &["source", "title", "content"]),
    ("tool_result", &["tool_use_id"]),
    ("container_upload", &["file_id"]),
];

/// The parts that a message of an assistant may have.
const ASSISTANT_PARTS: &[PartType] = &[
    ("text", &["text"]),
    ("tool_use", &["id", "name", "input"]),
    ("thinking", &["thinking", "signature"]),
    ("redacted_thinking", &["data"]),
    ("server_tool_use", &["id", "name", "input"]),
    ("web_search_tool_result", &["tool_use_id", "content"]),
    ("web_fetch_tool_result", &["tool_use_id", "content"]),
];

/// The hints that the API has a key for, each with that key.
const HINTS: &[(&str, &str)] = &[
    ("max_tokens", "max_tokens"),
    ("max_completion_tokens", "max_tokens"),
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("top_k", "top_k"),
    ("stop", "stop_sequences"),
    ("stop_sequences", "stop_sequences"),
    ("thinking", "thinking"),
    ("tool_choice", "tool_choice"),
    ("metadata", "metadata"),
    ("service_tier", "service_tier"),
    ("stream", "stream"),
];

/// What stands in for an absent `max_tokens`, which the API must have.
const MAX_TOKENS: u64 = 4096;

pub(super) fn body(given: &Given<'_>, draft: &mut Draft) -> Result<Map<String, Value>, RequestError> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(draft.model));
    // It stands where readers look for it; the prompt's own takes its place.
    body.insert("max_tokens".to_owned(), Value::Null);
    let (system, messages) = conversation(given, draft)?;
    match system.as_slice() {
        [] => {}
        [only] => _ = body.insert("system".to_owned(), only["text"].clone()),
        _ => _ = body.insert("system".to_owned(), Value::Array(system)),
    }
    body.insert("messages".to_owned(), Value::Array(messages));
    let declared: Vec<Value> = given
        .tools()
        .map(|tool| {
            let mut written = json!({ "name": tool.name });
            if let Some(description) = tool.description {
                written["description"] = json!(description);
            }
            // It must be there, also of a tool that takes nothing.
            written["input_schema"] = tool.parameters.map_or_else(|| json!({ "type": "object" }), tools::with_type);
            written
        })
        .collect();
    if !declared.is_empty() {
        body.insert("tools".to_owned(), Value::Array(declared));
    }
    if let Some(schema) = given.schema(draft)? {
        body.insert("output_config".to_owned(), json!({ "format": { "type": "json_schema", "schema": schema } }));
    }
    let mut hints = Map::new();
    draft.put_hints(given, HINTS, &mut hints);
    if !hints.contains_key("max_tokens") {
        let message =
            format!("Anthropic must be told `max_tokens`, and the prompt's `model` has none: {MAX_TOKENS} it is");
        draft.notes.push(message);
        hints.insert("max_tokens".to_owned(), json!(MAX_TOKENS));
    }
    body.extend(hints);
    Ok(body)
}

/// Returns the system's texts, as parts, and the other messages.
fn conversation(given: &Given<'_>, draft: &mut Draft) -> Result<(Vec<Value>, Vec<Value>), RequestError> {
    let (mut system, mut messages) = (Vec::new(), Vec::new());
    let mut after_tool = false;
    for (at, message) in given.messages.iter().enumerate() {
        if is_own_shape(at, message).map_err(|fault| draft.refuse_fault(fault))? {
            messages.push(Value::Object(message.clone()));
            after_tool = false;
            continue;
        }
        let turn = history::read(at, message).map_err(|fault| draft.refuse_fault(fault))?;
        let role = turn.role;
        if role == Role::System {
            if !messages.is_empty() {
                let why = "a system message stands before all others";
                return Err(draft.refuse(format!("`messages[{at}]`"), why));
            }
            system.extend(write(turn, draft)?);
            continue;
        }
        let written = write(turn, draft)?;
        // The results of calls that were made together come together.
        match messages.last_mut() {
            Some(last) if after_tool && role == Role::Tool => {
                let content = last.get_mut("content").and_then(Value::as_array_mut);
                content.into_iter().for_each(|content| content.extend(written.clone()));
            }
            _ => {
                let who = if role == Role::Assistant { "assistant" } else { "user" };
                let content = match written.as_slice() {
                    [only] if only["type"] == "text" => only["text"].clone(),
                    _ => Value::Array(written),
                };
                messages.push(json!({ "role": who, "content": content }));
            }
        }
        after_tool = role == Role::Tool;
    }
    if messages.is_empty() {
        return Err(draft.refuse("the prompt", "it gave system messages alone, and a request needs another"));
    }
    check_end(given.messages).map_err(|fault| draft.refuse_fault(fault))?;
    draft.warn_of_ends(given.messages);
    Ok((system, messages))
}

/// Checks that the beginning of an answer, which the model goes on with, does not end with white space.
fn check_end(messages: &[Map<String, Value>]) -> Result<(), Fault> {
    let Some((last, at)) = messages.last().zip(messages.len().checked_sub(1)) else { return Ok(()) };
    let is_assistant = last.get("role").and_then(Value::as_str) == Some("assistant");
    match history::texts_in(last, &format!("messages[{at}]")).pop() {
        Some((path, text)) if is_assistant && text.ends_with(char::is_whitespace) => {
            fault(path, "the last message of an assistant ends with white space")
                .help("remove the white space at its end")
        }
        _ => Ok(()),
    }
}

/// Returns whether a message is in the API's own shape, and more than a text.
fn is_own_shape(at: usize, message: &Map<String, Value>) -> Result<bool, Fault> {
    let parts = match message.get("role").and_then(Value::as_str) {
        Some("user") => USER_PARTS,
        Some("assistant") => ASSISTANT_PARTS,
        _ => return Ok(false),
    };
    let is_plain = message.keys().all(|key| matches!(key.as_str(), "role" | "content"));
    let has_parts = message.get("content").is_some_and(Value::is_array);
    Ok(is_plain && has_parts && history::has_parts_of(message.get("content"), parts, &format!("messages[{at}]"))?)
}

/// Returns the parts of a message.
fn write(turn: Turn, draft: &Draft) -> Result<Vec<Value>, RequestError> {
    let path = format!("`messages[{}]`", turn.at);
    turn.blocks.into_iter().map(|block| write_block(block, turn.role, draft, &path)).collect()
}

fn write_block(block: Block, role: Role, draft: &Draft, path: &str) -> Result<Value, RequestError> {
    match (block, role) {
        (Block::Text(text), _) => Ok(json!({ "type": "text", "text": text })),
        (Block::Image(image), Role::User | Role::Tool) => {
            let source = match image {
                Image::Url(url) => json!({ "type": "url", "url": url }),
                Image::Base64 { media_type, data } => {
                    json!({ "type": "base64", "media_type": media_type, "data": data })
                }
            };
            Ok(json!({ "type": "image", "source": source }))
        }
        (Block::Call { id, name, arguments }, Role::Assistant) => {
            Ok(json!({ "type": "tool_use", "id": id, "name": name, "input": arguments }))
        }
        (Block::Result { id, content, is_error }, Role::User | Role::Tool) => {
            let mut parts = Vec::new();
            for block in content {
                parts.push(write_block(block, Role::Tool, draft, path)?);
            }
            let content = match parts.as_slice() {
                [] => json!(""),
                [only] if only["type"] == "text" => only["text"].clone(),
                _ => Value::Array(parts),
            };
            let mut result = json!({ "type": "tool_result", "tool_use_id": id, "content": content });
            if is_error {
                result["is_error"] = json!(true);
            }
            Ok(result)
        }
        (block, role) => Err(draft.refuse(path, block.out_of_place(role))),
    }
}
