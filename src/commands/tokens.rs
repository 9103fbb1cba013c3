//! Counts the tokens of prompts: of what a template and its partials say by themselves, and of what it gives
//! for each of its tests; without tests, of what it gives for no parameters if it needs none.
//!
//! Counted is what the messages say in words. What a provider adds around each message, and the tools and
//! schemas that go with a request, are its own affair and not counted.

use super::context::Context;
use super::reference::Reference;
use super::render;
use super::subjects::{self, Home, Stray, Subject};
use crate::error::{Code, Diagnose, Diagnostic, Hint, Kind, Result};
use crate::prompt::testing::content_text;
use crate::prompt::tokens::Tokenizer;
use crate::prompt::yaml::line_of;
use crate::prompt::{Parameter, Prompt, PromptError, PromptTest, Ready, Rendered};
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
    /// The tokenizer that the prompt names, where Anvil has none such.
    pub unknown_tokenizer: Option<String>,
    /// Whether that model, or that tokenizer, counts in another way, as far as is known.
    pub is_estimate: bool,
    /// Of the text of the template and of its partials, all branches together.
    pub template: usize,
    /// Whether only a loop of others can render the prompt.
    pub is_for_loops: bool,
    /// Of each rendering.
    pub renderings: Vec<Rendering>,
}

/// The tokens of one rendering.
#[derive(Debug)]
pub struct Rendering {
    /// What it is rendered with.
    pub with: With,
    /// The tokens, or why there are none.
    pub tokens: Result<Tokens>,
}

/// What a prompt is rendered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// The parameters of the test of this name.
    Test(String),
    /// Those of the command line.
    Given,
    /// None, for nothing is required and there is no test.
    Nothing,
}

/// Why a rendering has no tokens.
#[derive(Debug, thiserror::Error)]
#[error("`{prompt}` cannot be rendered with {}: {why}", self.with())]
pub struct NotRendered {
    prompt: String,
    /// The test, and where it stands; nothing for the parameters of the command line.
    test: Option<(String, String)>,
    #[source]
    why: PromptError,
}

impl NotRendered {
    fn with(&self) -> String {
        self.test.as_ref().map_or("the given parameters".to_owned(), |(name, _)| format!("the test `{name}`"))
    }
}

impl Diagnose for NotRendered {
    fn code(&self) -> Code {
        self.why.code()
    }

    fn kind(&self) -> Kind {
        self.why.kind()
    }

    fn hints(&self) -> Vec<Hint> {
        let way_out = match &self.test {
            Some((name, place)) => Hint::new(format!("mend the prompt, or the test `{name}` at {place}")),
            None => Hint::run("see what the prompt takes", format!("anvil show {}", self.prompt)),
        };
        self.why.hints().into_iter().chain([way_out]).collect()
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        self.why.diagnostics()
    }
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
    let counts = match ready {
        Ok(ready) => Ok(count(context, request, (&name, &path), (&ready, &home))),
        Err(error) => Err(error.into()),
    };
    PromptReport { name, path, counts }
}

fn count(
    context: &Context,
    request: &Request,
    (name, path): (&str, &str),
    (ready, home): (&Ready, &Result<Home, Stray>),
) -> Counts {
    let prompt = ready.prompt();
    let tokenizer = prompt.front_matter().tokenizer();
    let model = preferred(prompt);
    let place = |test: &PromptTest| format!("{path}:{}", line_of(prompt.text(), test.span.start));
    let counted = |test: Option<&PromptTest>, rendered: Result<Rendered, PromptError>| Rendering {
        with: test.map_or(With::Given, |test| With::Test(test.name.clone())),
        tokens: rendered.map(|rendered| tokens(&rendered, tokenizer)).map_err(|error| {
            let why = match home {
                Ok(home) => home.placed(context, error),
                Err(_) => error,
            };
            let test = test.map(|test| (test.name.clone(), place(test)));
            NotRendered { prompt: name.to_owned(), test, why }.into()
        }),
    };
    let given =
        request.given.clone().map(|Given { values, texts }| counted(None, render::render(ready, values, texts)));
    let tests = prompt.front_matter().tests.iter();
    let tests = tests.map(|test| counted(Some(test), ready.render(test.parameters.clone())));
    let mut renderings: Vec<Rendering> = given.into_iter().chain(tests).collect();
    // Values that are missing may keep it from being rendered, which is no fault of it.
    if renderings.is_empty()
        && !prompt.parameters().iter().any(Parameter::is_required)
        && let Ok(rendered) = ready.render(Map::new())
    {
        renderings.push(Rendering { with: With::Nothing, tokens: Ok(tokens(&rendered, tokenizer)) });
    }
    let unknown_tokenizer = prompt.front_matter().unknown_tokenizer().map(str::to_owned);
    let is_of_another = model.as_deref().is_some_and(|model| Tokenizer::of_model(model) != Some(tokenizer));
    Counts {
        tokenizer,
        is_estimate: is_of_another || unknown_tokenizer.is_some(),
        unknown_tokenizer,
        model,
        template: ready.size_of_literals(&|text| tokenizer.count(text)),
        is_for_loops: prompt.template().forloop().is_some(),
        renderings,
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
