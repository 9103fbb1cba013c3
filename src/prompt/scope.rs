//! A set together with the sets that its `render` tags may reach: looking partials up, checking
//! what renders what, and rendering (the prompt language, sections 6 and 8).

use super::check;
use super::file::Prompt;
use super::interface::PromptKind;
use super::parameters::ValuesError;
use super::set::{Loaded, Set, split_reference};
use super::trace::{self, Traced};
use crate::error::{Code, Diagnose, Diagnostic, Hint, suggest};
use crate::name::{PromptName, SetName};
use crate::template::{self, Bound, Limits, Output, Partial, Partials, RenderError, Role, Template, Values};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Every set that a project depends on, directly or not, by name: a lock has each name once.
pub type Dependencies = BTreeMap<SetName, Arc<Set>>;

/// A set and the sets that it may render prompts of. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scope {
    set: Arc<Set>,
    dependencies: Arc<Dependencies>,
}

/// A prompt that was found from a scope, with the scope that its own partials are looked up in.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) prompt: Arc<Prompt>,
    pub(super) scope: Scope,
}

/// Why a partial cannot be had.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NotFound {
    pub(super) message: String,
    pub(super) hint: Option<Hint>,
    pub(super) cause: Cause,
}

/// What keeps a partial from being had.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cause {
    /// There is none such.
    Missing,
    /// Another set keeps it to itself.
    Private,
    /// The set is simply not at hand, so that nothing is known about the partial.
    OutOfReach,
    /// It is there, with these errors among its findings.
    Faulty(Vec<Diagnostic>),
}

impl NotFound {
    fn new(message: String, hint: Option<Hint>) -> Self {
        NotFound { message, hint, cause: Cause::Missing }
    }

    fn private(reference: &str, set: &SetName) -> Self {
        NotFound { message: format!("`{reference}` is private to `{set}`"), hint: None, cause: Cause::Private }
    }

    pub(super) fn is_out_of_reach(&self) -> bool {
        self.cause == Cause::OutOfReach
    }

    /// Returns a word or two to stand at the `render` tag.
    pub(super) fn label(&self) -> &'static str {
        match self.cause {
            Cause::Missing => "not found",
            Cause::Private => "private",
            Cause::OutOfReach => "not at hand",
            Cause::Faulty(_) => "has errors",
        }
    }

    /// Returns the first errors of a partial that is there.
    fn errors(self) -> impl Iterator<Item = Diagnostic> {
        /// The most that are told where it is rendered; `lint` tells all.
        const MOST: usize = 3;
        let findings = if let Cause::Faulty(findings) = self.cause { findings } else { Vec::new() };
        findings.into_iter().filter(Diagnostic::is_error).take(MOST)
    }
}

impl Scope {
    /// Returns the scope of `set`, which finds the prompts of its dependencies in `dependencies`.
    pub fn new(set: Arc<Set>, dependencies: Arc<Dependencies>) -> Self {
        Scope { set, dependencies }
    }

    /// Returns the scope of a set that depends on nothing, or whose dependencies are not at hand.
    pub fn alone(set: Arc<Set>) -> Self {
        Scope::new(set, Arc::default())
    }

    /// Returns the set.
    pub fn set(&self) -> &Arc<Set> {
        &self.set
    }

    /// Returns the scope with `prompt` in the place of the one that has its name.
    pub(super) fn with(&self, prompt: Arc<Prompt>) -> Scope {
        Scope { set: Arc::new(self.set.with(prompt)), dependencies: self.dependencies.clone() }
    }

    /// Returns the prompt of this set itself that `reference` means.
    pub(super) fn own_partial(&self, reference: &str) -> Option<Arc<Prompt>> {
        let found = self.lookup(reference).ok()?;
        Arc::ptr_eq(&found.scope.set, &self.set).then_some(found.prompt)
    }

    /// Returns the prompt that `reference`, the name in a `render` tag of this set, means, with the scope that its
    /// own partials are found in; nothing where it is not there, has errors, or its set is not at hand.
    pub fn partial(&self, reference: &str) -> Option<(Arc<Prompt>, Scope)> {
        self.lookup(reference).ok().map(|found| (found.prompt, found.scope))
    }

    /// Returns the prompt that `reference`, the name in a `render` tag of this set, means.
    pub(super) fn lookup(&self, reference: &str) -> Result<Found, NotFound> {
        if let Some((set, prompt)) = split_reference(reference)
            && self.set.dependencies().contains(&set)
        {
            return self.lookup_in_dependency(&set, prompt);
        }
        match self.set.find(reference) {
            Some(loaded) => whole(loaded, reference, self.clone()),
            None => Err(self.no_such(reference)),
        }
    }

    fn lookup_in_dependency(&self, set: &SetName, prompt: Option<&str>) -> Result<Found, NotFound> {
        let Some(name) = prompt else {
            return Err(NotFound::new(
                format!("`{set}` is a dependency: the name of one of its prompts must follow"),
                None,
            ));
        };
        let Some(dependency) = self.dependencies.get(set) else {
            return Err(NotFound {
                message: format!("the dependency `{set}` is not at hand"),
                hint: Some(Hint::run("pull it", "anvil pull")),
                cause: Cause::OutOfReach,
            });
        };
        let reference = format!("{set}/{name}");
        let scope = Scope { set: dependency.clone(), dependencies: self.dependencies.clone() };
        match dependency.find(name) {
            _ if name.split('/').any(|segment| segment.starts_with('_')) => Err(NotFound::private(&reference, set)),
            Some(Loaded::Whole(found)) if found.name().is_private() => Err(NotFound::private(&reference, set)),
            Some(loaded) => whole(loaded, &reference, scope),
            None => {
                let hint = suggest(name, dependency.public_names().map(PromptName::as_str))
                    .map(|meant| Hint::new(format!("did you mean `{set}/{meant}`?")));
                Err(NotFound::new(format!("`{set}` has no prompt `{name}`"), hint))
            }
        }
    }

    fn no_such(&self, reference: &str) -> NotFound {
        if let Some(meant) = suggest(reference, self.set.names().map(PromptName::as_str)) {
            let hint = Hint::new(format!("did you mean `{meant}`?"));
            return NotFound::new(format!("there is no prompt `{reference}`"), Some(hint));
        }
        match split_reference(reference) {
            Some((set, Some(name))) if self.set.name() == Some(&set) => NotFound::new(
                format!("there is no prompt `{reference}`: `{set}` is this set itself"),
                self.set.find(name).map(|_| Hint::new(format!("within the set it is called `{name}`"))),
            ),
            Some((set, Some(_))) => NotFound::new(
                format!("there is no prompt `{reference}`, and `{set}` is not a dependency"),
                Some(Hint::run("if it is a prompt of another set, depend on that", format!("anvil add {set}"))),
            ),
            _ => NotFound::new(format!("there is no prompt `{reference}`"), None),
        }
    }

    /// Returns the prompt `name` of this set, ready to render: it has no errors, nor have its
    /// partials, as far as their source shows.
    ///
    /// # Errors
    /// When the set has no such prompt, or a private one, or it has errors.
    pub fn get(&self, name: &PromptName) -> Result<Ready, PromptError> {
        let is_private = match self.set.find(name.as_str()) {
            None => false,
            Some(Loaded::Whole(found)) => name.is_private() || found.name().is_private(),
            Some(Loaded::Faulty { .. }) => name.is_private(),
        };
        if is_private {
            return Err(PromptError::Private { set: self.set.name().cloned(), name: name.clone() });
        }
        self.own(name)
    }

    /// Returns the prompt `name` of this set as its author may have it: a private one, too.
    ///
    /// # Errors
    /// When the set has no such prompt, or it has errors.
    pub fn own(&self, name: &PromptName) -> Result<Ready, PromptError> {
        match self.set.find(name.as_str()) {
            None => {
                let known: Vec<&str> = self.set.public_names().map(PromptName::as_str).collect();
                let hint = match suggest(name.as_str(), known.iter().copied()) {
                    Some(meant) => Some(Hint::new(format!("did you mean `{meant}`?"))),
                    None if known.is_empty() => None,
                    None => Some(Hint::new(format!("it has {}", few(&known)))),
                };
                Err(PromptError::Unknown { set: self.set.name().cloned(), name: name.clone(), hint })
            }
            Some(Loaded::Faulty { findings, .. }) => {
                Err(PromptError::Faulty { name: name.clone(), findings: findings.clone() })
            }
            Some(Loaded::Whole(prompt)) => self.ready(prompt),
        }
    }

    /// Returns the first errors of each prompt that `prompt`, one of this set's, renders and that has errors.
    pub fn errors_of_partials(&self, prompt: &Prompt) -> Vec<Diagnostic> {
        let partials = prompt.template().partials().iter();
        let errors = partials.filter_map(|partial| self.lookup(&partial.name).err()).flat_map(NotFound::errors);
        super::set::limited(errors.collect())
    }

    /// Returns whether `prompt` gives text or messages, and the roles that occur in it and in its partials, as far
    /// as those are at hand.
    pub fn shape(&self, prompt: &Arc<Prompt>) -> (PromptKind, BTreeSet<Role>) {
        let (is_chat, roles) = check::shape(self, prompt);
        (if is_chat { PromptKind::Chat } else { PromptKind::Text }, roles)
    }

    /// Returns `prompt`, which is one of this set's, ready to render; private ones too, for the
    /// set's own tests.
    ///
    /// # Errors
    /// When it has errors, as far as its source and that of its partials show.
    pub fn ready(&self, prompt: &Arc<Prompt>) -> Result<Ready, PromptError> {
        let checked = check::check(&Found { prompt: prompt.clone(), scope: self.clone() });
        if checked.findings.iter().any(Diagnostic::is_error) {
            let mut findings = super::set::limited(checked.findings);
            findings.extend(super::set::limited(checked.errors_of_partials));
            return Err(PromptError::Faulty { name: prompt.name().clone(), findings });
        }
        Ok(Ready { prompt: prompt.clone(), scope: self.clone(), is_chat: checked.is_chat })
    }
}

fn whole(loaded: &Loaded, reference: &str, scope: Scope) -> Result<Found, NotFound> {
    match loaded {
        Loaded::Whole(prompt) => Ok(Found { prompt: prompt.clone(), scope }),
        Loaded::Faulty { path, findings } => Err(NotFound {
            message: format!("`{reference}` has errors (`{path}`)"),
            hint: None,
            cause: Cause::Faulty(findings.clone()),
        }),
    }
}

/// Returns the first few of `words` for a hint.
fn few(words: &[&str]) -> String {
    /// The most that a hint lists.
    const MOST: usize = 8;
    let quoted: Vec<String> = words.iter().take(MOST).map(|word| format!("`{word}`")).collect();
    let more = if words.len() > MOST { format!(" and {} more", words.len() - MOST) } else { String::new() };
    quoted.join(", ") + &more
}

impl Partials for Scope {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        match self.lookup(name) {
            Ok(found) => Ok(Arc::new(found)),
            Err(error) => Err(error.message),
        }
    }
}

impl Partial for Found {
    fn template(&self) -> &Template {
        self.prompt.template()
    }

    fn bind(&self, given: Values) -> Result<Bound, String> {
        // As an argument of `render`, nil is absence, also where the parameter could be null.
        let given = given.into_iter().filter(|(_, value)| !value.is_null()).collect();
        self.prompt.bind(given).map_err(|error| error.to_string())
    }

    fn partials(&self) -> &dyn Partials {
        &self.scope
    }
}

/// A prompt that can be rendered.
#[derive(Clone, Debug)]
pub struct Ready {
    prompt: Arc<Prompt>,
    scope: Scope,
    is_chat: bool,
}

/// What rendering a prompt gives (the prompt language, section 8).
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The text or the messages.
    pub output: Output,
    /// The hints about models, where they are declared.
    pub model: Option<Map<String, Value>>,
    /// The tools, where they are declared.
    pub tools: Option<Vec<Value>>,
    /// The JSON Schema of the answer, where it is declared.
    pub schema: Option<Value>,
}

impl Rendered {
    /// Returns the text of a text prompt.
    pub fn text(&self) -> Option<&str> {
        match &self.output {
            Output::Text(text) => Some(text),
            Output::Messages(_) => None,
        }
    }

    /// Returns the messages of a chat prompt.
    pub fn messages(&self) -> Option<&[Map<String, Value>]> {
        match &self.output {
            Output::Text(_) => None,
            Output::Messages(messages) => Some(messages),
        }
    }

    /// Returns the whole as JSON: `text` or `messages`, then `model`, `tools` and `output` where
    /// they are declared.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        match &self.output {
            Output::Text(text) => json.insert("text".to_owned(), Value::from(text.as_str())),
            Output::Messages(messages) => json.insert("messages".to_owned(), Value::from(messages.clone())),
        };
        if let Some(model) = &self.model {
            json.insert("model".to_owned(), Value::Object(model.clone()));
        }
        if let Some(tools) = &self.tools {
            json.insert("tools".to_owned(), Value::Array(tools.clone()));
        }
        if let Some(schema) = &self.schema {
            json.insert("output".to_owned(), serde_json::json!({ "schema": schema }));
        }
        Value::Object(json)
    }
}

impl Ready {
    /// Returns the prompt.
    pub fn prompt(&self) -> &Arc<Prompt> {
        &self.prompt
    }

    /// Returns the scope that it was found in.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns whether it gives messages, of its own or of a partial's.
    pub fn is_chat(&self) -> bool {
        self.is_chat
    }

    /// Renders the prompt with `values`.
    ///
    /// # Errors
    /// When the prompt can be rendered in a loop of others alone, when the values are not what the
    /// parameters take, with all their faults, or when the template cannot be rendered with them.
    pub fn render(&self, values: Values) -> Result<Rendered, PromptError> {
        self.render_within(values, &Limits::default())
    }

    /// Renders the prompt with `values`, within `limits`.
    ///
    /// # Errors
    /// As [`Ready::render`], and when a limit is reached.
    pub fn render_within(&self, values: Values, limits: &Limits) -> Result<Rendered, PromptError> {
        let values = self.bind(values)?;
        let output = self.prompt.template().render_within(&values, &self.scope, limits);
        Ok(self.rendered(output.map_err(|error| self.failed(error))?))
    }

    /// Renders the prompt as [`Ready::render_within`] does, and tells where each part of its text
    /// comes from.
    ///
    /// # Errors
    /// As [`Ready::render_within`].
    pub fn trace(&self, values: Values, limits: &Limits) -> Result<Traced, PromptError> {
        let values = self.bind(values)?;
        let traced = self.prompt.template().trace(&values, &self.scope, limits);
        let template::Traced { output, origins } = traced.map_err(|error| self.failed(error))?;
        let parts = |origins| trace::parts(&self.scope, &self.prompt, origins);
        Ok(Traced { rendered: self.rendered(output), texts: origins.into_iter().map(parts).collect() })
    }

    /// Returns the values to render with. That a prompt reads the `forloop` of a loop around it is told here and
    /// not by [`Scope::ready`]: it is no fault of the prompt, which others may render.
    fn bind(&self, given: Values) -> Result<Values, PromptError> {
        if let Some(finding) = check::loopless(&self.prompt) {
            let name = self.prompt.name().clone();
            return Err(PromptError::Render { name, partial: None, findings: vec![finding] });
        }
        Ok(self.prompt.bind(given)?.values)
    }

    fn rendered(&self, output: Output) -> Rendered {
        let front_matter = self.prompt.front_matter();
        Rendered {
            output,
            model: front_matter.model.clone(),
            tools: front_matter.tools.clone(),
            schema: self.prompt.output_schema().cloned(),
        }
    }

    fn failed(&self, error: RenderError) -> PromptError {
        let mut finding = Diagnostic::error(Code::A0307, error.message);
        let place = match &error.partial {
            None => Some(self.prompt.clone()),
            // A partial of a partial is named from where it stands, which is not known here.
            Some(name) => self.scope.lookup(name).ok().map(|found| found.prompt),
        };
        if let (Some(prompt), Some(span)) = (place, error.span) {
            finding = prompt.finding_in_body(finding, span, "");
        }
        PromptError::Render { name: self.prompt.name().clone(), partial: error.partial, findings: vec![finding] }
    }
}

/// A prompt that cannot be had or rendered.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The set has no prompt of that name.
    #[error("{} has no prompt `{name}`", named(.set.as_ref()))]
    Unknown {
        /// The set, where it has a name.
        set: Option<SetName>,
        /// What was asked for.
        name: PromptName,
        /// What was probably meant.
        hint: Option<Hint>,
    },
    /// The prompt is private.
    #[error("the prompt `{name}` is private to {}", named(.set.as_ref()))]
    Private {
        /// The set, where it has a name.
        set: Option<SetName>,
        /// What was asked for.
        name: PromptName,
    },
    /// The prompt has errors.
    #[error("the prompt `{name}` has errors{}", first(.findings))]
    Faulty {
        /// The prompt.
        name: PromptName,
        /// What was found, warnings included.
        findings: Vec<Diagnostic>,
    },
    /// The values are not what the parameters take.
    #[error(transparent)]
    Values(#[from] ValuesError),
    /// The template could not be rendered with the values.
    #[error("cannot render `{name}`{}", first(.findings))]
    Render {
        /// The prompt.
        name: PromptName,
        /// The partial in which it happened, as it is named there.
        partial: Option<String>,
        /// The one finding.
        findings: Vec<Diagnostic>,
    },
}

struct Named<'a>(Option<&'a SetName>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(set) => write!(f, "`{set}`"),
            None => f.write_str("this project"),
        }
    }
}

fn named(set: Option<&SetName>) -> Named<'_> {
    Named(set)
}

/// The first error, so that the message alone says what is wrong and where. A fault of a test stands in nobody's way
/// and is told with the others alone.
fn first(findings: &[Diagnostic]) -> String {
    let errors = || findings.iter().filter(|finding| finding.is_error());
    let cause = errors().find(|finding| finding.code != Code::A0820);
    let Some(finding) = cause.or_else(|| errors().next()) else { return String::new() };
    match &finding.location {
        Some(location) => {
            let (line, column) = location.line_and_column();
            format!(": {} ({}:{line}:{column})", finding.message, location.file)
        }
        None => format!(": {}", finding.message),
    }
}

impl Diagnose for PromptError {
    fn code(&self) -> Code {
        match self {
            PromptError::Unknown { .. } | PromptError::Private { .. } => Code::A0211,
            PromptError::Faulty { .. } => Code::A0213,
            PromptError::Values(error) => error.code(),
            PromptError::Render { .. } => Code::A0307,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PromptError::Unknown { hint, .. } => hint.clone().into_iter().collect(),
            PromptError::Render { partial: Some(partial), .. } => {
                vec![Hint::new(format!("it happened in `{partial}`"))]
            }
            _ => Vec::new(),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            PromptError::Faulty { findings, .. } | PromptError::Render { findings, .. } => findings,
            PromptError::Values(error) => error.diagnostics(),
            _ => &[],
        }
    }
}
