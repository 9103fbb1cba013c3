//! OpenAI's chat completions (its API reference, "Create chat completion").

use super::history::{self, Block, Fault, Image, PartType, Role, Turn};
use super::{Draft, Given, RequestError, tools};
use serde_json::{Map, Value, json};

/// Returns the parts that a message of `role` may have.
fn parts_of(role: Option<&str>) -> &'static [PartType] {
    const TEXT: PartType = ("text", &["text"]);
    match role {
        Some("user") => &[TEXT, ("image_url", &["image_url"]), ("input_audio", &["input_audio"]), ("file", &["file"])],
        Some("assistant") => &[TEXT, ("refusal", &["refusal"])],
        _ => &[TEXT],
    }
}

/// The hints that the API has a key for, each with that key. `max_tokens` is the name that prompts share;
/// the API's own key of that name is deprecated, and newer models refuse it.
const HINTS: &[(&str, &str)] = &[
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("max_tokens", "max_completion_tokens"),
    ("max_completion_tokens", "max_completion_tokens"),
    ("stop", "stop"),
    ("stop_sequences", "stop"),
    ("seed", "seed"),
    ("presence_penalty", "presence_penalty"),
    ("frequency_penalty", "frequency_penalty"),
    ("n", "n"),
    ("logit_bias", "logit_bias"),
    ("logprobs", "logprobs"),
    ("top_logprobs", "top_logprobs"),
    ("reasoning_effort", "reasoning_effort"),
    ("verbosity", "verbosity"),
    ("modalities", "modalities"),
    ("prediction", "prediction"),
    ("web_search_options", "web_search_options"),
    ("tool_choice", "tool_choice"),
    ("parallel_tool_calls", "parallel_tool_calls"),
    ("service_tier", "service_tier"),
    ("store", "store"),
    ("metadata", "metadata"),
    ("user", "user"),
    ("safety_identifier", "safety_identifier"),
    ("prompt_cache_key", "prompt_cache_key"),
    ("stream", "stream"),
    ("stream_options", "stream_options"),
];

/// What the schema of an answer is called, which must be said and is shown to nobody but the model.
const SCHEMA_NAME: &str = "output";

pub(super) fn body(given: &Given<'_>, draft: &mut Draft) -> Result<Map<String, Value>, RequestError> {
    let mut messages = Vec::new();
    for (at, message) in given.messages.iter().enumerate() {
        if is_own_shape(at, message).map_err(|fault| draft.refuse_fault(fault))? {
            messages.push(Value::Object(without_empty_calls(message)));
        } else {
            let turn = history::read(at, message).map_err(|fault| draft.refuse_fault(fault))?;
            write(turn, draft, &mut messages)?;
        }
    }
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(draft.model));
    body.insert("messages".to_owned(), Value::Array(messages));
    let declared: Vec<Value> = given
        .tools()
        .map(|tool| {
            let mut function = json!({ "name": tool.name });
            if let Some(description) = tool.description {
                function["description"] = json!(description);
            }
            if let Some(parameters) = tool.parameters {
                function["parameters"] = tools::with_type(parameters);
            }
            json!({ "type": "function", "function": function })
        })
        .collect();
    if !declared.is_empty() {
        body.insert("tools".to_owned(), Value::Array(declared));
    }
    if let Some(schema) = given.schema(draft)? {
        let format = json!({ "type": "json_schema", "json_schema": { "name": SCHEMA_NAME, "schema": schema } });
        body.insert("response_format".to_owned(), format);
    }
    draft.put_hints(given, HINTS, &mut body);
    Ok(body)
}

/// Returns whether a message is in the API's own shape.
fn is_own_shape(at: usize, message: &Map<String, Value>) -> Result<bool, Fault> {
    let parts = parts_of(message.get("role").and_then(Value::as_str));
    let is_own_call = |call: &Value| match call.get("type").and_then(Value::as_str) {
        Some("function") => {
            call.pointer("/function/name").is_some_and(Value::is_string)
                && call.pointer("/function/arguments").is_some_and(Value::is_string)
        }
        Some("custom") => call.get("custom").is_some_and(Value::is_object),
        _ => false,
    };
    let is_own_part =
        |part: &Value| part.get("image_url").is_none_or(|image| image.get("url").is_some_and(Value::is_string));
    let list = |key: &str| message.get(key).and_then(Value::as_array).into_iter().flatten();
    let has_own_parts = history::has_parts_of(message.get("content"), parts, &format!("messages[{at}]"))?;
    Ok(has_own_parts && list("content").all(is_own_part) && list("tool_calls").all(is_own_call))
}

/// Returns a message without `tool_calls` that hold none, which others write and the API refuses.
fn without_empty_calls(message: &Map<String, Value>) -> Map<String, Value> {
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let kept = message.iter().filter(|(key, value)| *key != "tool_calls" || !is_empty(value));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Writes a turn of another shape: results of tools are messages of their own, before what else is said.
fn write(turn: Turn, draft: &Draft, messages: &mut Vec<Value>) -> Result<(), RequestError> {
    let path = format!("`messages[{}]`", turn.at);
    let (mut parts, mut calls) = (Vec::new(), Vec::new());
    for block in turn.blocks {
        match block {
            Block::Text(text) => parts.push(json!({ "type": "text", "text": text })),
            Block::Image(image) if turn.role == Role::User => {
                let url = match image {
                    Image::Url(url) => url,
                    Image::Base64 { media_type, data } => format!("data:{media_type};base64,{data}"),
                };
                parts.push(json!({ "type": "image_url", "image_url": { "url": url } }));
            }
            Block::Call { id, name, arguments } if turn.role == Role::Assistant => {
                let arguments = Value::Object(arguments).to_string();
                let function = json!({ "name": name, "arguments": arguments });
                calls.push(json!({ "id": id, "type": "function", "function": function }));
            }
            Block::Result { id, content, is_error: false } if parts.is_empty() => {
                messages
                    .push(json!({ "role": "tool", "tool_call_id": id, "content": text_of(content, draft, &path)? }));
            }
            Block::Result { is_error: true, .. } => {
                return Err(draft.refuse(path, "there is nothing that marks the result of a tool as an error"));
            }
            block => return Err(draft.refuse(path, block.out_of_place(turn.role))),
        }
    }
    let role = match turn.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => return Ok(()),
    };
    if !parts.is_empty() || !calls.is_empty() {
        let mut message = json!({ "role": role, "content": parts });
        if parts.is_empty() {
            message["content"] = Value::Null;
        }
        if !calls.is_empty() {
            message["tool_calls"] = Value::Array(calls);
        }
        messages.push(message);
    }
    Ok(())
}

fn text_of(content: Vec<Block>, draft: &Draft, path: &str) -> Result<Value, RequestError> {
    let mut texts = Vec::new();
    for block in content {
        match block {
            Block::Text(text) => texts.push(text),
            _ => return Err(draft.refuse(path, "the result of a tool can be text alone")),
        }
    }
    Ok(match texts.as_slice() {
        [] => json!(""),
        [text] => json!(text),
        texts => texts.iter().map(|text| json!({ "type": "text", "text": text })).collect(),
    })
}
