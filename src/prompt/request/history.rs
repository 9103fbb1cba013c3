//! Messages read into what they say, whichever of the known shapes they have.
//!
//! The shapes are OpenAI's (`tool_calls`, messages of the role `tool`, parts of the type `image_url`) and
//! Anthropic's (parts of the types `image`, `tool_use` and `tool_result`). A key that says nothing, being
//! null or empty, is as good as absent; any other one that is not known is a fault, never dropped.

use serde_json::{Map, Value};

/// What one message says.
#[derive(Debug, PartialEq)]
pub(super) struct Turn {
    /// Which message it is.
    pub(super) at: usize,
    pub(super) role: Role,
    pub(super) blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    System,
    User,
    Assistant,
    Tool,
}

/// One thing that a message says.
#[derive(Debug, PartialEq)]
pub(super) enum Block {
    Text(String),
    Image(Image),
    /// The model calls a tool.
    Call {
        id: String,
        name: String,
        arguments: Map<String, Value>,
    },
    /// What came of a call.
    Result {
        id: String,
        content: Vec<Block>,
        is_error: bool,
    },
}

impl Block {
    /// Returns why it cannot stand in a message of `role`.
    pub(super) fn out_of_place(&self, role: Role) -> String {
        let what = match self {
            Block::Text(_) => "a text",
            Block::Image(_) => "an image",
            Block::Call { .. } => "a call of a tool",
            Block::Result { .. } => "the result of a tool",
        };
        let role = match role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        };
        format!("{what} has no place in a message of the role `{role}`")
    }
}

#[derive(Debug, PartialEq)]
pub(super) enum Image {
    Url(String),
    Base64 { media_type: String, data: String },
}

/// Something that cannot be said.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) why: String,
    /// What to do about it, where that is known.
    pub(super) help: Option<&'static str>,
}

pub(super) fn fault<T>(path: impl Into<String>, why: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { path: path.into(), why: why.into(), help: None })
}

/// Adds what to do to a fault.
pub(super) trait Help {
    fn help(self, help: &'static str) -> Self;
}

impl<T> Help for Result<T, Fault> {
    fn help(self, help: &'static str) -> Self {
        self.map_err(|fault| Fault { help: Some(help), ..fault })
    }
}

/// Returns what the message that is number `at` says.
pub(super) fn read(at: usize, message: &Map<String, Value>) -> Result<Turn, Fault> {
    let path = format!("messages[{at}]");
    let role = match message.get("role").and_then(Value::as_str) {
        Some("system") => Role::System,
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("tool") => Role::Tool,
        other => return fault(format!("{path}.role"), format!("there is no role {}", other.unwrap_or("none"))),
    };
    let mut known = vec!["role", "content"];
    let mut blocks = match message.get("content") {
        None => Vec::new(),
        Some(content) => contents(content, &format!("{path}.content"))?,
    };
    match role {
        Role::Assistant => {
            known.push("tool_calls");
            for (number, call) in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten().enumerate()
            {
                blocks.push(read_call(call, &format!("{path}.tool_calls[{number}]"))?);
            }
        }
        Role::Tool => {
            known.extend(["tool_call_id", "name"]);
            let id = id_of_result(message, &path)?.to_owned();
            blocks = vec![Block::Result { id, content: blocks, is_error: false }];
        }
        Role::System | Role::User => {}
    }
    refuse_others(message, &known, &path)?;
    let is_out_of_place = |block: &&Block| match block {
        Block::Call { .. } => role != Role::Assistant,
        Block::Result { .. } => !matches!(role, Role::User | Role::Tool),
        Block::Text(_) | Block::Image(_) => false,
    };
    match blocks.iter().find(is_out_of_place) {
        Some(block) => fault(path, block.out_of_place(role)),
        None => Ok(Turn { at, role, blocks }),
    }
}

/// Returns a fault if `object` has a key that says something and is none of `known`.
fn refuse_others(object: &Map<String, Value>, known: &[&str], path: &str) -> Result<(), Fault> {
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    match object.iter().find(|(key, value)| !known.contains(&key.as_str()) && says_something(value)) {
        Some((key, _)) => fault(format!("{path}.{key}"), "there is nothing that means the same"),
        None => Ok(()),
    }
}

/// Returns what a `content` says: a text, parts, or nothing. An empty text says nothing.
fn contents(content: &Value, path: &str) -> Result<Vec<Block>, Fault> {
    match content {
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => Ok(vec![Block::Text(text.clone())]),
        Value::Array(parts) => {
            parts.iter().enumerate().map(|(number, part)| read_part(part, &format!("{path}[{number}]"))).collect()
        }
        _ => fault(path, "it is neither text nor a list of parts"),
    }
}

fn read_part(part: &Value, path: &str) -> Result<Block, Fault> {
    let Some(object) = part.as_object() else { return fault(path, "it is no part of a message") };
    let text = |key: &str| match object.get(key).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => fault(path, format!("it has no `{key}`")),
    };
    let kind = text("type")?;
    let (known, block): (&[&str], Block) = match kind.as_str() {
        "text" => (&["type", "text"], Block::Text(text("text")?)),
        "image_url" => (&["type", "image_url"], Block::Image(read_image_url(object, path)?)),
        "image" => (&["type", "source"], Block::Image(read_source(object, path)?)),
        "tool_use" => {
            let Some(Value::Object(input)) = object.get("input") else { return fault(path, "it has no `input`") };
            let call = Block::Call { id: text("id")?, name: text("name")?, arguments: input.clone() };
            (&["type", "id", "name", "input"], call)
        }
        "tool_result" => {
            let content = match object.get("content") {
                None => Vec::new(),
                Some(content) => contents(content, &format!("{path}.content"))?,
            };
            let is_error = object.get("is_error").and_then(Value::as_bool).unwrap_or_default();
            let result = Block::Result { id: text("tool_use_id")?, content, is_error };
            (&["type", "tool_use_id", "content", "is_error"], result)
        }
        other => return fault(path, format!("there is nothing that means the same as a part of the type `{other}`")),
    };
    refuse_others(object, known, path)?;
    Ok(block)
}

/// Returns the image of OpenAI's `image_url`, which may hold it as a `data:` URL.
fn read_image_url(part: &Map<String, Value>, path: &str) -> Result<Image, Fault> {
    let path = format!("{path}.image_url");
    let Some(image) = part.get("image_url").and_then(Value::as_object) else { return fault(path, "it is no object") };
    let Some(url) = image.get("url").and_then(Value::as_str) else { return fault(path, "it has no `url`") };
    match image.get("detail").and_then(Value::as_str) {
        // What stands in for an absent one.
        None | Some("auto") => refuse_others(image, &["url", "detail"], &path)?,
        Some(_) => refuse_others(image, &["url"], &path)?,
    }
    let Some(data) = url.strip_prefix("data:") else { return Ok(Image::Url(url.to_owned())) };
    match data.split_once(";base64,") {
        Some((media_type, data)) if !media_type.is_empty() => {
            Ok(Image::Base64 { media_type: media_type.to_owned(), data: data.to_owned() })
        }
        _ => fault(path, "the `data:` URL has no media type or is not in base64"),
    }
}

/// Returns the image of Anthropic's `source`.
fn read_source(part: &Map<String, Value>, path: &str) -> Result<Image, Fault> {
    let path = format!("{path}.source");
    let Some(source) = part.get("source").and_then(Value::as_object) else { return fault(path, "it is no object") };
    let text = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
    match (text("type").as_deref(), text("media_type"), text("data"), text("url")) {
        (Some("base64"), Some(media_type), Some(data), _) => {
            refuse_others(source, &["type", "media_type", "data"], &path)?;
            Ok(Image::Base64 { media_type, data })
        }
        (Some("url"), _, _, Some(url)) => {
            refuse_others(source, &["type", "url"], &path)?;
            Ok(Image::Url(url))
        }
        _ => fault(path, "it is neither an image in base64 nor a URL"),
    }
}

/// Returns a call of a tool in OpenAI's shape.
fn read_call(value: &Value, path: &str) -> Result<Block, Fault> {
    let function = value.get("function").and_then(Value::as_object);
    let (Some(call), Some(function)) = (value.as_object(), function) else {
        return fault(path, "it calls no function");
    };
    let id = id_of(value, "id", path)?;
    refuse_others(call, &["id", "type", "function", "index"], path)?;
    refuse_others(function, &["name", "arguments"], &format!("{path}.function"))?;
    let Some(name) = function.get("name").and_then(Value::as_str) else {
        return fault(format!("{path}.function"), "it has no `name`");
    };
    let arguments = match function.get("arguments") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::String(text)) if text.is_empty() => Map::new(),
        Some(Value::Object(arguments)) => arguments.clone(),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(arguments)) => arguments,
            _ => return fault(format!("{path}.function.arguments"), "they are no JSON object"),
        },
        Some(_) => return fault(format!("{path}.function.arguments"), "they are no JSON object"),
    };
    Ok(Block::Call { id: id.to_owned(), name: name.to_owned(), arguments })
}

/// Returns the id that a call, or a result, has under `key`.
pub(super) fn id_of<'a>(call: &'a Value, key: &str, path: &str) -> Result<&'a str, Fault> {
    match call.get(key).and_then(Value::as_str) {
        Some(id) if !id.is_empty() => Ok(id),
        _ => fault(path, format!("it has no `{key}`")).help("a call and its result have the same id: give both that"),
    }
}

/// Returns the id of the call that a message of the role `tool` answers.
pub(super) fn id_of_result<'a>(message: &'a Map<String, Value>, path: &str) -> Result<&'a str, Fault> {
    match message.get("tool_call_id").and_then(Value::as_str) {
        Some(id) if !id.is_empty() => Ok(id),
        _ => fault(path, "it does not say with `tool_call_id` which call it answers")
            .help("put the `id` there that the call has under `tool_calls` of the assistant's message before it"),
    }
}

/// Returns the texts of a message, each with its path: all that it says, or those of its parts.
pub(super) fn texts_in<'a>(message: &'a Map<String, Value>, path: &str) -> Vec<(String, &'a str)> {
    match message.get("content") {
        Some(Value::String(text)) => vec![(format!("{path}.content"), text)],
        Some(Value::Array(parts)) => {
            let texts = parts.iter().enumerate().filter(|(_, part)| kind(part) == Some("text"));
            let text = |(number, part): (usize, &'a Value)| {
                Some((format!("{path}.content[{number}]"), part.get("text")?.as_str()?))
            };
            texts.filter_map(text).collect()
        }
        _ => Vec::new(),
    }
}

/// A type of parts, with the keys that each of them must have.
pub(super) type PartType = (&'static str, &'static [&'static str]);

/// Returns whether every part of a `content` has one of `types`.
///
/// # Errors
/// When one has, and lacks a key that it must have.
pub(super) fn has_parts_of(content: Option<&Value>, types: &[PartType], path: &str) -> Result<bool, Fault> {
    let Some(Value::Array(parts)) = content else { return Ok(true) };
    for (number, part) in parts.iter().enumerate() {
        let Some((name, keys)) = types.iter().find(|(name, _)| kind(part) == Some(name)) else { return Ok(false) };
        if let Some(key) = keys.iter().find(|key| part.get(**key).is_none_or(Value::is_null)) {
            return fault(format!("{path}.content[{number}]"), format!("a part of the type `{name}` needs `{key}`"))
                .help("give it that, or leave the part out");
        }
    }
    Ok(true)
}

/// Returns the type of a part.
pub(super) fn kind(part: &Value) -> Option<&str> {
    part.get("type").and_then(Value::as_str)
}
