//! Bodies of requests to the APIs of model providers, made of what a prompt gave.
//!
//! Formats: OpenAI's "Create chat completion", Anthropic's "Create a message" and Gemini's
//! "models.generateContent". Nothing is sent, and no key is read: a body is data, for `curl` or for
//! whatever client an application has.
//!
//! What a prompt gives is translated exactly or not at all. A hint about models that a provider has no
//! key for is left out and told; a message, a part of one or a tool is refused rather than left out, for
//! it would be missed. Messages of `history` are read in the shapes of OpenAI and of Anthropic, and pass
//! as they are to the provider whose shape they have. What is known to be refused by the API is refused here,
//! where its place can be told.

mod anthropic;
mod choice;
mod exchange;
mod gemini;
mod history;
mod openai;
mod tools;

use super::scope::Rendered;
use crate::error::{Code, Diagnose, Hint};
use crate::template::Output;
use serde_json::{Map, Value, json};
use std::fmt;

/// A provider of models whose API Anvil can write bodies for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// OpenAI, chat completions; also what others call "compatible with OpenAI".
    OpenAi,
    /// Anthropic, messages.
    Anthropic,
    /// Google's Gemini API, `generateContent`.
    Gemini,
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Provider::OpenAi => "OpenAI",
            Provider::Anthropic => "Anthropic",
            Provider::Gemini => "Gemini",
        })
    }
}

impl Provider {
    /// Every provider.
    pub const ALL: [Provider; 3] = [Provider::OpenAi, Provider::Anthropic, Provider::Gemini];

    /// Returns what stands before `/` in `model.prefer`.
    pub fn prefixes(self) -> &'static [&'static str] {
        match self {
            Provider::OpenAi => &["openai"],
            Provider::Anthropic => &["anthropic"],
            Provider::Gemini => &["google", "gemini"],
        }
    }

    /// Returns the provider and the name of `model`, written as in `model.prefer`, if it is one of these.
    pub fn of(model: &str) -> Option<(Provider, &str)> {
        let (prefix, name) = model.split_once('/')?;
        let provider = Provider::ALL.into_iter().find(|provider| provider.prefixes().contains(&prefix))?;
        Some((provider, name))
    }

    /// Returns where a body for `model` is sent.
    pub fn url(self, model: &str) -> String {
        match self {
            Provider::OpenAi => "https://api.openai.com/v1/chat/completions".to_owned(),
            Provider::Anthropic => "https://api.anthropic.com/v1/messages".to_owned(),
            Provider::Gemini => {
                format!("https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent")
            }
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Whose it is.
    pub provider: Provider,
    /// The model, as the provider calls it.
    pub model: String,
    /// The body.
    pub body: Map<String, Value>,
    /// What was left out or added, one line each.
    pub notes: Vec<String>,
}

impl Request {
    /// Returns where the body is sent.
    pub fn url(&self) -> String {
        self.provider.url(&self.model)
    }
}

/// Why there is no body.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// The prompt prefers no model of the provider, and none is named.
    #[error("the prompt prefers no model of {provider}")]
    NoModel {
        /// The provider.
        provider: Provider,
    },
    /// The provider has nothing for something that the prompt gave.
    #[error("{path} cannot be said to {provider}: {why}")]
    Untranslatable {
        /// The provider.
        provider: Provider,
        /// What it is: `messages[2].content[0]`.
        path: String,
        /// Why not.
        why: String,
        /// What to do about it, where that is known.
        help: Option<&'static str>,
    },
}

impl Diagnose for RequestError {
    fn code(&self) -> Code {
        match self {
            RequestError::NoModel { .. } => Code::A0825,
            RequestError::Untranslatable { .. } => Code::A0824,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RequestError::NoModel { provider } => vec![
                Hint::new("name one: `--model NAME`"),
                Hint::new(format!(
                    "or let the prompt say so: `model: {{ prefer: [{}/NAME] }}`",
                    provider.prefixes().first().copied().unwrap_or_default()
                )),
            ],
            RequestError::Untranslatable { help, .. } => {
                let all = Hint::new("`--format json` gives all of it, as the prompt gave it");
                help.map(Hint::new).into_iter().chain([all]).collect()
            }
        }
    }
}

impl Rendered {
    /// Returns the body of a request to `provider`. The model is `model`, else the first of the
    /// provider's in `model.prefer`; a text prompt is one message of the user.
    ///
    /// ```
    /// # fn main() -> anvil::error::Result<()> {
    /// # let folder = anvil::client::doc_example();
    /// # let project_dir = folder.path();
    /// use anvil::prompt::Provider;
    ///
    /// let welcome = anvil::Anvil::open(project_dir)?.get("welcome")?;
    /// let rendered = welcome.render(&serde_json::json!({ "name": "Ada" }))?;
    /// let request = rendered.request(Provider::OpenAi, Some("gpt-5"))?;
    /// assert_eq!(request.url(), "https://api.openai.com/v1/chat/completions");
    /// assert_eq!(request.body["messages"][0]["content"], "Welcome, Ada!");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When there is no model, or something cannot be said to the provider or would be refused by its API.
    pub fn request(&self, provider: Provider, model: Option<&str>) -> Result<Request, RequestError> {
        let model = match model {
            // As in `model.prefer`, for who writes it so.
            Some(model) => Provider::of(model).filter(|(of, _)| *of == provider).map_or(model, |(_, name)| name),
            None => self.preferred(provider).ok_or(RequestError::NoModel { provider })?,
        };
        // Gemini's own lists of models say `models/` before each.
        let model = if provider == Provider::Gemini { model.strip_prefix("models/").unwrap_or(model) } else { model };
        let mut draft = Draft { provider, model: model.to_owned(), notes: Vec::new() };
        let as_message =
            |text: &String| Map::from_iter([("role".into(), json!("user")), ("content".into(), json!(text))]);
        let text;
        let messages = match &self.output {
            Output::Messages(messages) => messages.as_slice(),
            Output::Text(given) => {
                text = [as_message(given)];
                &text
            }
        };
        if messages.is_empty() {
            return Err(draft.refuse("the prompt", "it gave no messages"));
        }
        exchange::check(messages, provider).map_err(|fault| draft.refuse_fault(fault))?;
        let given = Given { messages, rendered: self };
        tools::check(&given, provider).map_err(|fault| draft.refuse_fault(fault))?;
        let body = match provider {
            Provider::OpenAi => openai::body(&given, &mut draft)?,
            Provider::Anthropic => anthropic::body(&given, &mut draft)?,
            Provider::Gemini => gemini::body(&given, &mut draft)?,
        };
        Ok(Request { provider, model: draft.model, body, notes: draft.notes })
    }

    /// Returns the first model of `provider` that the prompt prefers.
    fn preferred(&self, provider: Provider) -> Option<&str> {
        let preferred = self.model.as_ref()?.get("prefer")?.as_array()?.iter();
        let models = preferred.filter_map(Value::as_str).filter_map(Provider::of);
        models.into_iter().find(|(of, _)| *of == provider).map(|(_, name)| name)
    }
}

/// What a body is made of.
struct Given<'a> {
    messages: &'a [Map<String, Value>],
    rendered: &'a Rendered,
}

/// A tool as prompts declare it.
struct Tool<'a> {
    name: &'a str,
    description: Option<&'a str>,
    /// The JSON Schema of its arguments; one that takes none has none.
    parameters: Option<&'a Value>,
}

impl<'a> Given<'a> {
    fn tools(&self) -> impl Iterator<Item = Tool<'a>> {
        self.rendered.tools.iter().flatten().map(|tool| Tool {
            name: tool.get("name").and_then(Value::as_str).unwrap_or_default(),
            description: tool.get("description").and_then(Value::as_str),
            parameters: tool.get("parameters"),
        })
    }

    /// Returns the hints about models, but for those that are Anvil's own.
    fn hints(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let hints = self.rendered.model.iter().flatten().map(|(name, value)| (name.as_str(), value));
        hints.filter(|(name, _)| !matches!(*name, "prefer" | "tokenizer") && !name.starts_with("x-"))
    }

    /// Returns the JSON Schema of the answer as an object.
    fn schema(&self, draft: &Draft) -> Result<Option<Value>, RequestError> {
        match &self.rendered.schema {
            None => Ok(None),
            Some(Value::Bool(true)) => Ok(Some(json!({}))),
            Some(Value::Bool(false)) => Ok(Some(json!({ "not": {} }))),
            Some(schema @ Value::Object(_)) => Ok(Some(schema.clone())),
            Some(file) => Err(draft.refuse(
                "`output.schema`",
                format!("it is the file {file}, and a prompt outside any set has no other files"),
            )),
        }
    }
}

/// A body in the making.
struct Draft {
    provider: Provider,
    model: String,
    notes: Vec<String>,
}

impl Draft {
    fn refuse(&self, path: impl Into<String>, why: impl Into<String>) -> RequestError {
        RequestError::Untranslatable { provider: self.provider, path: path.into(), why: why.into(), help: None }
    }

    fn refuse_fault(&self, fault: history::Fault) -> RequestError {
        let history::Fault { path, why, help } = fault;
        RequestError::Untranslatable { provider: self.provider, path: format!("`{path}`"), why, help }
    }

    /// Puts every hint that `keys` knows into `place` under the provider's name for it, and tells of the others.
    fn put_hints(&mut self, given: &Given<'_>, keys: &[(&str, &str)], place: &mut Map<String, Value>) {
        let provider = self.provider;
        for (hint, value) in given.hints() {
            let put = match keys.iter().find(|(known, _)| *known == hint) {
                None => Err(format!("{provider} has no key for it")),
                Some((_, key)) if place.contains_key(*key) => Err(format!("another one says `{key}` already")),
                Some((_, key @ "tool_choice")) => match choice::translated(value, provider) {
                    Some(value) => Ok((*key, value)),
                    None => Err(format!("{provider} has nothing that means {value}")),
                },
                Some((_, key @ ("stop_sequences" | "stopSequences"))) if !value.is_array() => {
                    Ok((*key, json!([value])))
                }
                Some((_, key)) => Ok((*key, value.clone())),
            };
            match put {
                Ok((key, value)) => _ = place.insert(key.to_owned(), value),
                Err(why) => self.notes.push(format!("the hint `{hint}` is left out: {why}")),
            }
        }
    }

    /// Tells of a conversation that some models refuse though its shape is right.
    fn warn_of_ends(&mut self, messages: &[Map<String, Value>]) {
        let first = messages.iter().filter_map(|message| message.get("role")?.as_str()).find(|role| *role != "system");
        if first == Some("assistant") {
            let provider = self.provider;
            self.notes.push(format!("the conversation begins with `assistant`, which {provider} may refuse"));
        }
        let last = messages.last().and_then(|message| message.get("role")?.as_str());
        if last == Some("assistant") && self.provider == Provider::Anthropic {
            // The beginning of an answer, which newer models do not go on with.
            self.notes.push("the conversation ends with `assistant`, which Anthropic's newer models refuse".to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
