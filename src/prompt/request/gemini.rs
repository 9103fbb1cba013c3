//! Google's Gemini API (its reference, "models.generateContent").
//!
//! The model stands in the URL; the body may say it, too, and must then say the same.

use super::history::{self, Block, Image, Role, Turn};
use super::{Draft, Given, RequestError};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The hints that `generationConfig` has a key for, each with that key.
const HINTS: &[(&str, &str)] = &[
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("topP", "topP"),
    ("top_k", "topK"),
    ("topK", "topK"),
    ("max_tokens", "maxOutputTokens"),
    ("max_completion_tokens", "maxOutputTokens"),
    ("maxOutputTokens", "maxOutputTokens"),
    ("stop", "stopSequences"),
    ("stop_sequences", "stopSequences"),
    ("stopSequences", "stopSequences"),
    ("seed", "seed"),
    ("presence_penalty", "presencePenalty"),
    ("presencePenalty", "presencePenalty"),
    ("frequency_penalty", "frequencyPenalty"),
    ("frequencyPenalty", "frequencyPenalty"),
    ("n", "candidateCount"),
    ("candidateCount", "candidateCount"),
    ("responseModalities", "responseModalities"),
    ("responseLogprobs", "responseLogprobs"),
    ("thinkingConfig", "thinkingConfig"),
    ("mediaResolution", "mediaResolution"),
    ("speechConfig", "speechConfig"),
];

pub(super) fn body(given: &Given<'_>, draft: &mut Draft) -> Result<Map<String, Value>, RequestError> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(format!("models/{}", draft.model)));
    let (system, contents) = conversation(given, draft)?;
    if !system.is_empty() {
        body.insert("systemInstruction".to_owned(), json!({ "parts": system }));
    }
    body.insert("contents".to_owned(), Value::Array(contents));
    let declarations: Vec<Value> = given
        .tools()
        .map(|tool| {
            let mut declaration = json!({ "name": tool.name });
            if let Some(description) = tool.description {
                declaration["description"] = json!(description);
            }
            // `parameters` takes a part of OpenAPI's schemas alone, this key any JSON Schema.
            if let Some(parameters) = tool.parameters {
                declaration["parametersJsonSchema"] = parameters.clone();
            }
            declaration
        })
        .collect();
    if !declarations.is_empty() {
        body.insert("tools".to_owned(), json!([{ "functionDeclarations": declarations }]));
    }
    let mut config = Map::new();
    draft.put_hints(given, HINTS, &mut config);
    if let Some(schema) = given.schema(draft)? {
        config.insert("responseMimeType".to_owned(), json!("application/json"));
        config.insert("responseJsonSchema".to_owned(), schema);
    }
    if !config.is_empty() {
        body.insert("generationConfig".to_owned(), Value::Object(config));
    }
    Ok(body)
}

/// Returns the parts of the system's instruction, and the other messages.
fn conversation(given: &Given<'_>, draft: &mut Draft) -> Result<(Vec<Value>, Vec<Value>), RequestError> {
    let (mut system, mut contents): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut calls = HashMap::new();
    let mut after_tool = false;
    for (at, message) in given.messages.iter().enumerate() {
        let turn = history::read(at, message).map_err(|fault| draft.refuse_fault(fault))?;
        let role = turn.role;
        if role == Role::System && !contents.is_empty() {
            return Err(draft.refuse(format!("`messages[{at}]`"), "a system message stands before all others"));
        }
        let parts = write(turn, &mut calls, draft)?;
        match (role, contents.last_mut()) {
            (Role::System, _) => system.extend(parts),
            // There must be as many results in one message as the model made calls in one.
            (Role::Tool, Some(last)) if after_tool => {
                let known = last.get_mut("parts").and_then(Value::as_array_mut);
                known.into_iter().for_each(|known| known.extend(parts.clone()));
            }
            (Role::Assistant, _) => contents.push(json!({ "role": "model", "parts": parts })),
            (Role::User | Role::Tool, _) => contents.push(json!({ "role": "user", "parts": parts })),
        }
        after_tool = role == Role::Tool;
    }
    if contents.is_empty() {
        return Err(draft.refuse("the prompt", "it gave system messages alone, and a request needs another"));
    }
    draft.warn_of_ends(given.messages);
    Ok((system, contents))
}

/// Returns the parts of a message. `calls` are the names of the functions that were called so far, by id.
fn write(turn: Turn, calls: &mut HashMap<String, String>, draft: &Draft) -> Result<Vec<Value>, RequestError> {
    let path = format!("`messages[{}]`", turn.at);
    let mut parts = Vec::new();
    for block in turn.blocks {
        parts.push(match block {
            Block::Text(text) => json!({ "text": text }),
            Block::Image(Image::Base64 { media_type, data }) => {
                json!({ "inlineData": { "mimeType": media_type, "data": data } })
            }
            Block::Image(Image::Url(_)) => {
                return Err(draft.refuse(path, "an image must be in the message itself, not behind a URL"));
            }
            Block::Call { id, name, arguments } => {
                let mut call = Map::new();
                calls.insert(id.clone(), name.clone());
                call.insert("id".to_owned(), json!(id));
                call.insert("name".to_owned(), json!(name));
                call.insert("args".to_owned(), Value::Object(arguments));
                json!({ "functionCall": call })
            }
            Block::Result { id, content, is_error } => {
                // Each result has its call right before it.
                let name = calls.get(&id);
                let response = response(content, is_error, draft, &path)?;
                json!({ "functionResponse": { "id": id, "name": name, "response": response } })
            }
        });
    }
    Ok(parts)
}

/// Returns what came of a call as the object that it must be: itself if it is one, else as `result`; an
/// error as `error`.
fn response(content: Vec<Block>, is_error: bool, draft: &Draft, path: &str) -> Result<Value, RequestError> {
    let mut texts = Vec::new();
    for block in content {
        match block {
            Block::Text(text) => texts.push(text),
            _ => return Err(draft.refuse(path, "the result of a tool can be text alone")),
        }
    }
    let text = texts.join("\n");
    Ok(match serde_json::from_str(&text) {
        _ if is_error => json!({ "error": text }),
        Ok(Value::Object(object)) => Value::Object(object),
        _ => json!({ "result": text }),
    })
}
