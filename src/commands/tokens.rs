//! Counts the tokens of prompts: of what a template says by itself, and of what it gives for each of
//! its tests.
//!
//! Counted is what the messages say in words. What a provider adds around each message, and the tools and
//! schemas that go with a request, are its own affair and not counted.

use super::context::Context;
use super::reference::Reference;
use super::render;
use super::subjects::{self, Home, Stray, Subject};
use crate::error::{Error, Result};
use crate::prompt::testing::content_text;
use crate::prompt::tokens::Tokenizer;
use crate::prompt::{Prompt, PromptError, Ready, Rendered};
use crate::template::Output;
use serde_json::{Map, Value};

/// What to count.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The prompts; all of this set where none is named.
    pub references: Vec<Reference>,
    /// Parameters to render the one prompt with, beside its tests'.
    pub given: Option<Given>,
    /// The most tokens that a rendering may have, or a template that has none.
    pub max: Option<usize>,
}

/// Parameters from the command line.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values as they are.
    pub values: Map<String, Value>,
    /// Values as texts; they come before [`Given::values`].
    pub texts: Vec<(String, String)>,
}

/// The counts of one prompt.
#[derive(Debug)]
pub struct PromptReport {
    /// Its name.
    pub name: String,
    /// Its file, as people are shown it.
    pub path: String,
    /// The counts, or why there are none.
    pub counts: Result<Counts>,
}

/// How many tokens a prompt has.
#[derive(Debug)]
pub struct Counts {
    /// What counted.
    pub tokenizer: Tokenizer,
    /// The model that the prompt prefers.
    pub model: Option<String>,
    /// Whether that model counts in another way, as far as is known.
    pub is_estimate: bool,
    /// Of the template's own text, all branches together.
    pub template: usize,
    /// Of each rendering.
    pub renderings: Vec<Rendering>,
}

/// The tokens of one rendering.
#[derive(Debug)]
pub struct Rendering {
    /// The test that it is of; nothing for the parameters of the command line.
    pub test: Option<String>,
    /// The tokens, or why there are none.
    pub tokens: Result<Tokens, PromptError>,
}

/// How many tokens a rendering has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// All of them.
    pub total: usize,
    /// Of each role's messages, in the order in which they first speak; empty for a text.
    pub roles: Vec<(String, usize)>,
}

impl PromptReport {
    /// Returns the count that is held against a limit, and of what it is.
    pub fn most(&self) -> Option<(usize, Option<&Rendering>)> {
        let counts = self.counts.as_ref().ok()?;
        let rendered = counts.renderings.iter().filter_map(|one| Some((one.tokens.as_ref().ok()?.total, Some(one))));
        let most = rendered.max_by_key(|(total, _)| *total);
        Some(most.unwrap_or((counts.template, None)))
    }

    /// Returns whether something could not be counted.
    pub fn is_faulty(&self) -> bool {
        let has_failed = |counts: &Counts| counts.renderings.iter().any(|rendering| rendering.tokens.is_err());
        self.counts.as_ref().map_or(true, has_failed)
    }
}

/// Counts the tokens.
///
/// # Errors
/// When a prompt is not there. What cannot be rendered is told in its place.
pub fn run(context: &Context, request: &Request) -> Result<Vec<PromptReport>> {
    let subjects = subjects::find(context, &request.references)?;
    Ok(subjects.into_iter().map(|subject| count_prompt(context, request, subject)).collect())
}

fn count_prompt(context: &Context, request: &Request, subject: Subject) -> PromptReport {
    let Subject { name, path, ready, home } = subject;
    let counts = ready.map_err(Error::from).map(|ready| count(context, request, &ready, &home));
    PromptReport { name, path, counts }
}

fn count(context: &Context, request: &Request, ready: &Ready, home: &Result<Home, Stray>) -> Counts {
    let prompt = ready.prompt();
    let tokenizer = prompt.front_matter().tokenizer();
    let model = preferred(prompt);
    let placed = |error| match home {
        Ok(home) => home.placed(context, error),
        Err(_) => error,
    };
    let counted = |rendered: Result<Rendered, PromptError>| match rendered {
        Ok(rendered) => Ok(tokens(&rendered, tokenizer)),
        Err(error) => Err(placed(error)),
    };
    let given = request.given.clone().map(|Given { values, texts }| render::render(ready, values, texts));
    let given = given.map(|rendered| Rendering { test: None, tokens: counted(rendered) });
    let tests = prompt.front_matter().tests.iter().map(|test| Rendering {
        test: Some(test.name.clone()),
        tokens: counted(ready.render(test.parameters.clone())),
    });
    Counts {
        tokenizer,
        is_estimate: model.as_deref().is_some_and(|model| Tokenizer::of_model(model) != Some(tokenizer)),
        model,
        template: tokenizer.count(&prompt.template().literal_text()),
        renderings: given.into_iter().chain(tests).collect(),
    }
}

/// Returns the model that the prompt prefers to all others.
fn preferred(prompt: &Prompt) -> Option<String> {
    let prefer = prompt.front_matter().model.as_ref()?.get("prefer")?;
    prefer.as_array()?.first()?.as_str().map(str::to_owned)
}

/// Returns how many tokens a rendering has.
pub(super) fn tokens(rendered: &Rendered, tokenizer: Tokenizer) -> Tokens {
    let messages = match &rendered.output {
        Output::Text(text) => return Tokens { total: tokenizer.count(text), roles: Vec::new() },
        Output::Messages(messages) => messages,
    };
    let mut roles: Vec<(String, usize)> = Vec::new();
    for message in messages {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        let count = content_text(message).map_or(0, |text| tokenizer.count(&text));
        match roles.iter_mut().find(|(known, _)| known == role) {
            Some((_, total)) => *total += count,
            None => roles.push((role.to_owned(), count)),
        }
    }
    Tokens { total: roles.iter().map(|(_, count)| count).sum(), roles }
}
