//! Prompt templates: Liquid with roles, parsed and rendered to text or messages.
//!
//! The small interface here ([`Template::parse`], what a template uses, [`Template::render`]) is
//! all that the house knows of the engine.
//!
//! Roles are tags of the syntax tree. Messages come out as data: no text, wherever it comes from,
//! can make, end or change a message.
//!
//! [`syntax`] makes a source into a tree, `analysis` tells what the tree uses, `render` walks it and
//! computes with `value`s that it borrows and `filters`. [`Limits`] bound all of it.
//!
//! There are two dialects: prompts are strict, and [`Dialect::Lax`] is Shopify's Liquid as it is.
//!
//! Of the `liquid` crate the formats of dates are in use, and its objects are taken as values
//! ([`values_of`]). Its parser and renderer are not: they keep their tree to themselves, while linting
//! needs all of it with places; they abort or panic on deep nesting, long ranges and large numbers;
//! and most of what they let pass in silence (nil, unknown keys, objects in random order) is an
//! error or has an order here.

pub mod analysis;
mod filters;
mod limits;
mod problem;
mod render;
pub mod syntax;
mod value;
mod view;

pub use filters::Filter;
pub(crate) use limits::steps_to_copy;
pub use limits::{Limits, TimeLimit};
pub use render::trace::{Origin, Place, Traced};
pub use syntax::differ_in_text_alone;
pub use value::Declared;
pub use view::values_of;

use crate::error::{Code, Hint, Severity};
use analysis::names::{self, Aim};
use serde_json::{Map, Value};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The longest source that is parsed, in bytes.
const MAX_SOURCE: usize = 4 * 1024 * 1024;

/// Values by parameter name, in the order they were given in. `null` is absence.
pub type Values = Map<String, Value>;

/// A finding about a template's source.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether it stops the work.
    pub severity: Severity,
    /// The code that explains it.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// The bytes at fault, counted from the start of the source that was parsed.
    pub span: Range<usize>,
    /// What is wrong with exactly these bytes, in a word or two; may be empty.
    pub label: String,
    /// What to do about it.
    pub hints: Vec<Hint>,
}

/// A language of templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The prompt language: roles, whole lines of control flow vanish, and whatever would be silently
    /// empty is an error.
    #[default]
    Prompt,
    /// Shopify's Liquid, 5.12: no roles, `include`, and what is not there is empty.
    Lax,
}

/// A parsed template.
#[derive(Debug)]
pub struct Template {
    source: Box<str>,
    dialect: Dialect,
    nodes: Vec<syntax::Node>,
    /// The names that stand in it, by their numbers in the tree.
    names: Vec<Arc<str>>,
    declared: Option<Declared>,
    uses: OnceLock<Uses>,
    partials: Vec<PartialUse>,
    roles: Vec<Role>,
    histories: Vec<HistoryUse>,
}

/// What a template reads that nothing in it has bound.
#[derive(Debug)]
struct Uses {
    variables: Vec<FreeVariable>,
    forloop: Option<Range<usize>>,
    /// What prints at message level.
    printed: Vec<Range<usize>>,
}

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// Returns the role whose tag is called `name`.
    fn parse(name: &str) -> Option<Role> {
        match name {
            "system" => Some(Role::System),
            "user" => Some(Role::User),
            "assistant" => Some(Role::Assistant),
            _ => None,
        }
    }

    /// Returns the role as it stands in a message.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// How a template uses a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Printed, or put through a filter other than `default`: it must not be nil.
    Printed,
    /// Looped over: it must not be nil.
    Looped,
    /// In a condition, before `default`, in `history`, or as an argument of `render`: nil will do.
    Tested,
}

/// A variable that is read where nothing in the template has bound its name, or a property of an
/// item of one in a loop over it.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeVariable {
    /// The name.
    pub name: String,
    /// The properties and indexes that are read of it, as far as they are literal: `customer.tier`
    /// gives `tier`, `items[0].name` gives `0`, `name`, and so does `item.name` in a loop over `items`.
    pub path: Vec<String>,
    /// Whether it is a part that is read, also where the path to it is not literal: `labels[code]`.
    pub is_part: bool,
    /// How it is used.
    pub usage: Use,
    /// Where, counted from the start of the source that was parsed.
    pub span: Range<usize>,
    /// Where it does nothing but to be passed on: the number of the partial among
    /// [`Template::partials`], and the argument's name.
    pub argument: Option<(usize, String)>,
}

/// A `render` of another prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialUse {
    /// The name as it is written.
    pub name: String,
    /// The names of the arguments that it is given (that of `for` and `with` included).
    pub arguments: Vec<String>,
    /// Whether it is rendered once an item, with `for`.
    pub repeats: bool,
    /// Whether it stands at message level, where a partial with roles may.
    pub at_message_level: bool,
    /// Whether it stands inside a role block or a `capture`, where a partial with roles may not.
    pub inside_block: bool,
    /// Where the name stands.
    pub span: Range<usize>,
}

/// A `history` tag.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryUse {
    /// The parameter whose messages it inserts.
    pub parameter: String,
    /// Where the parameter stands.
    pub span: Range<usize>,
}

/// What a template gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A text prompt's text.
    Text(String),
    /// A chat prompt's messages: objects with `role`, `content` and whatever a history message carries.
    Messages(Vec<Map<String, Value>>),
}

/// A prompt as another one renders it.
pub trait Partial: Send + Sync {
    /// Returns its template.
    fn template(&self) -> &Template;

    /// Returns the values it renders with: what it is given, checked and defaulted by its parameters.
    ///
    /// # Errors
    /// In words, one line a fault.
    fn bind(&self, given: Values) -> Result<Bound, String>;

    /// Returns the prompts that it can render in turn.
    fn partials(&self) -> &dyn Partials;
}

/// Values that were checked and defaulted.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The values.
    pub values: Values,
    /// How many steps that counts for, besides those for what was given.
    pub steps: usize,
}

impl From<Values> for Bound {
    /// Returns values that nothing had to be done about.
    fn from(values: Values) -> Bound {
        Bound { values, steps: 0 }
    }
}

/// The prompts that a template can render, by the name that it says.
pub trait Partials: Send + Sync {
    /// Returns the prompt called `name` from here.
    ///
    /// # Errors
    /// In words: no such prompt, a set that is no dependency, a private prompt.
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String>;
}

/// A rendering that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderError {
    /// What went wrong.
    pub message: String,
    /// Where, as far as it is known, counted from the start of the source that was parsed.
    pub span: Option<Range<usize>>,
    /// The partial in which it happened, where it did not in the template itself.
    pub partial: Option<String>,
}

impl Template {
    /// Parses `source`, the body of a prompt after its front matter.
    ///
    /// # Errors
    /// With every problem that can be found in the source alone (at most 20).
    pub fn parse(source: &str) -> Result<Template, Vec<Problem>> {
        Template::parse_as(Dialect::Prompt, source, &Limits::default())
    }

    /// Parses `source` as a template of `dialect`, nested no deeper than `limits` say.
    ///
    /// # Errors
    /// With every problem that can be found in the source alone (at most 20).
    pub fn parse_as(dialect: Dialect, source: &str, limits: &Limits) -> Result<Template, Vec<Problem>> {
        if source.len() > MAX_SOURCE {
            let message = format!("the template is longer than {} MiB", MAX_SOURCE / 1024 / 1024);
            return Err(vec![Problem::error(Code::A0306, 0..0, message)]);
        }
        let mut problems = Vec::new();
        let parsed = syntax::parse(source, dialect, limits.deepest(), &mut problems);
        let syntax::Parsed { nodes, names: slots, has_placed_tags } = parsed;
        let mut found = match (dialect, has_placed_tags) {
            (Dialect::Prompt, true) => names::analyse(source, &nodes, Aim::Structure),
            // Without such tags there is nothing to find.
            _ => names::Findings::default(),
        };
        problems.append(&mut found.misplaced);
        // Printing at message level is what a text prompt does.
        if !found.roles.is_empty() || !found.histories.is_empty() {
            let printed = names::analyse(source, &nodes, Aim::Printed).printed;
            problems.extend(printed.iter().take(problem::MAX_PROBLEMS).map(names::printed));
        }
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.span.start);
            problems.truncate(problem::MAX_PROBLEMS);
            if problems.len() == problem::MAX_PROBLEMS
                && let Some(last) = problems.last_mut()
            {
                let most = problem::MAX_PROBLEMS;
                last.hints.push(Hint::new(format!("after {most} errors in a template no more are looked for")));
            }
            return Err(problems);
        }
        Ok(Template {
            source: source.into(),
            dialect,
            nodes,
            names: slots,
            declared: None,
            uses: OnceLock::new(),
            partials: found.partials,
            roles: found.roles.into_iter().collect(),
            histories: found.histories,
        })
    }

    /// Returns the template as one whose parameters are the properties of `declared`.
    #[must_use]
    pub fn declaring(self, declared: Option<Declared>) -> Template {
        Template { declared, ..self }
    }

    /// Returns the source that it was parsed from. All places count in it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns its syntax tree.
    pub fn nodes(&self) -> &[syntax::Node] {
        &self.nodes
    }

    /// Returns what it says whatever it is given: the text of all its branches, in order, without the
    /// white space between messages.
    pub fn literal_text(&self) -> String {
        let mut text = String::with_capacity(self.source.len());
        self.add_text(&self.nodes, !self.is_chat(), &mut text);
        text
    }

    /// Adds the text in `nodes`, which counts where it stands in a message or in no chat prompt.
    fn add_text(&self, nodes: &[syntax::Node], counts: bool, text: &mut String) {
        for node in nodes {
            if let (syntax::NodeKind::Text(part), true) = (&node.kind, counts) {
                text.push_str(&self.source[part.clone()]);
            }
            let is_block = matches!(node.kind, syntax::NodeKind::Role { .. } | syntax::NodeKind::Capture { .. });
            node.bodies(&mut |body| self.add_text(body, counts || is_block, text));
        }
    }

    /// Returns the number of a name, if it stands in the template.
    fn slot(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| **known == *name)
    }

    /// Returns the free variables, one entry a place.
    pub fn variables(&self) -> &[FreeVariable] {
        &self.uses().variables
    }

    /// Returns what reading the tree for its variables gives. It is done once, when it is first asked for.
    fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| {
            let found = names::analyse(&self.source, &self.nodes, Aim::Variables);
            Uses { variables: found.variables, forloop: found.forloop, printed: found.printed }
        })
    }

    /// Returns the prompts that it renders, one entry a place.
    pub fn partials(&self) -> &[PartialUse] {
        &self.partials
    }

    /// Returns the roles of its own blocks, sorted, each once.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Returns its own `history` tags.
    pub fn histories(&self) -> &[HistoryUse] {
        &self.histories
    }

    /// Returns where it first reads `forloop` outside every loop: it has one where it is rendered with
    /// `for`, and nowhere else.
    pub fn forloop(&self) -> Option<&Range<usize>> {
        self.uses().forloop.as_ref()
    }

    /// Returns whether it holds a role block or `history` of its own. With one in a partial, the
    /// prompt is a chat prompt too: whoever knows the partials decides that.
    pub fn is_chat(&self) -> bool {
        !self.roles().is_empty() || !self.histories().is_empty()
    }

    /// Returns what a template without role blocks of its own prints outside of any: what must be
    /// mended where one of its partials makes it a chat prompt, and no fault otherwise.
    pub fn printed_at_message_level(&self) -> impl Iterator<Item = Problem> + '_ {
        self.uses().printed.iter().take(problem::MAX_PROBLEMS).map(names::printed)
    }

    /// Renders the template with `values`, which hold every parameter (absent ones as null).
    ///
    /// # Errors
    /// When a value does not fit its use, a partial cannot be found or refuses its values, a message
    /// comes out empty, or one of the default [`Limits`] is reached.
    pub fn render(&self, values: &Values, partials: &dyn Partials) -> Result<Output, RenderError> {
        self.render_within(values, partials, &Limits::default())
    }

    /// Renders the template as [`Template::render`] does, within `limits`.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_within(
        &self,
        values: &Values,
        partials: &dyn Partials,
        limits: &Limits,
    ) -> Result<Output, RenderError> {
        render::render(self, values, partials, limits).map_err(|error| *error)
    }

    /// Renders the template and tells of every part of the output where it comes from.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn trace(&self, values: &Values, partials: &dyn Partials, limits: &Limits) -> Result<Traced, RenderError> {
        render::trace(self, values, partials, limits).map_err(|error| *error)
    }
}

#[cfg(test)]
mod tests;
