//! Tests of prompts (the prompt language, section 9): what front matter says of them, read once into
//! types; whether a rendering passes; the snapshot of a rendering; and the same for promptfoo.
//!
//! Names and meanings of the assertions are promptfoo's (its documentation, "Deterministic metrics"),
//! with two of Anvil's own: `roles` and `max-tokens`. Where promptfoo is lenient in a way that hides
//! slips, this is not: an assertion that says nothing, such as `contains` with an empty text, is a
//! fault. What is tested is the rendered prompt and never a model's answer.
//!
//! A fault within a test goes with the test: it is told by `lint` and by whoever runs the test, whose
//! failure it is. It keeps nobody from running the others or from rendering the prompt.

#[cfg(feature = "manage")]
mod evaluate;
#[cfg(feature = "manage")]
mod javascript;
#[cfg(feature = "manage")]
pub mod promptfoo;
pub(super) mod read;
pub mod snapshot;

#[cfg(feature = "manage")]
pub use evaluate::{Failure, failures};

use super::pattern::Pattern;
use super::scope::Rendered;
use crate::template::{Output, Problem};
use serde_json::{Map, Value};
use std::ops::Range;

/// The roles of messages.
const ROLES: [&str; 4] = ["system", "user", "assistant", "tool"];

/// One test of a prompt. It is not compared as such, for it knows where it stands: see [`PromptTest::says`].
#[derive(Clone, Debug)]
pub struct PromptTest {
    /// Its name, which no other test of the prompt has.
    pub name: String,
    /// Where its name stands in the file.
    pub span: Range<usize>,
    /// What the prompt is rendered with.
    pub parameters: Map<String, Value>,
    /// Where each of the parameters stands in the file, by name.
    pub(super) places: Vec<(String, Range<usize>)>,
    /// What must be true of the rendering, as far as it could be read.
    pub asserts: Vec<Assertion>,
    /// What is wrong within the test.
    pub(crate) faults: Vec<Problem>,
    /// What should be true of a model's answer, as it is written: kept, exported, not run here.
    pub expect: Vec<Value>,
}

impl PromptTest {
    /// Returns what the test says, wherever it stands: two that say the same are the same test.
    pub fn says(&self) -> impl PartialEq + '_ {
        let asserts: Vec<_> = self.asserts.iter().map(|assertion| &assertion.written).collect();
        let faults: Vec<_> = self.faults.iter().map(|fault| &fault.message).collect();
        (&self.name, &self.parameters, asserts, faults, &self.expect)
    }

    /// Returns where the parameter called `name` stands in the file; where the test does if it gives none such.
    pub(super) fn place_of(&self, name: &str) -> Range<usize> {
        let place = self.places.iter().find(|(known, _)| known == name);
        place.map_or_else(|| self.span.clone(), |(_, span)| span.clone())
    }
}

/// What must be true of a rendering.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What is looked for.
    pub check: Check,
    /// Whether it must be there.
    pub sense: Sense,
    /// The role whose messages are looked at; all where there is none.
    pub role: Option<String>,
    /// As it is written.
    pub written: Map<String, Value>,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

impl Assertion {
    /// Returns the type as it is written: `contains`, `not-regex`.
    pub fn kind(&self) -> &str {
        self.written.get("type").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Whether what an assertion looks for must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// It must.
    Is,
    /// It must not: the `not-` form.
    IsNot,
}

/// What an assertion looks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// The text is this one; or it is JSON of this value, where that is an array, an object or null.
    Equals(Value),
    /// The text contains this one.
    Contains(String),
    /// The same, whatever the case of the letters.
    ContainsAnyCase(String),
    /// The text contains all of these.
    ContainsAll(Vec<String>),
    /// The text contains at least one of these.
    ContainsAny(Vec<String>),
    /// Some part of the text matches.
    Regex(Pattern),
    /// The text begins with this one.
    StartsWith(String),
    /// The text is JSON, which the JSON Schema takes if there is one.
    IsJson(Option<Value>),
    /// Somewhere in the text stands a JSON object, which the JSON Schema takes if there is one.
    ContainsJson(Option<Value>),
    /// The messages have these roles, in this order.
    Roles(Vec<String>),
    /// The text has no more tokens.
    MaxTokens(u64),
}

/// Returns the text that tests look at: of a text prompt its text; of a chat prompt what the messages
/// of `role` say, or of all, joined by a blank line. Of a message in parts it is their texts, a line each.
pub fn tested_text(rendered: &Rendered, role: Option<&str>) -> String {
    let messages = match &rendered.output {
        Output::Text(text) => return text.clone(),
        Output::Messages(messages) => messages,
    };
    let is_meant = |message: &&Map<String, Value>| {
        role.is_none_or(|role| message.get("role").and_then(Value::as_str) == Some(role))
    };
    let said: Vec<String> = messages.iter().filter(is_meant).filter_map(content_text).collect();
    said.join("\n\n")
}

/// Returns what a message says in words, if anything.
pub fn content_text(message: &Map<String, Value>) -> Option<String> {
    match message.get("content")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        _ => None,
    }
}
