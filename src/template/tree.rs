//! The syntax tree of a template.

use super::Role;
use super::expression::{Chain, Condition, Expression};
use std::ops::Range;

/// A node and its place: an output or tag, of a block its opening tag.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) what: What,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum What {
    Text(String),
    /// `{{ … }}` and `echo`.
    Output(Chain),
    Assign {
        name: String,
        value: Chain,
    },
    Capture {
        name: String,
        body: Vec<Node>,
    },
    /// `if` and `unless`; the branch that is taken is the first whose guard holds.
    If(Vec<(Guard, Vec<Node>)>),
    Case {
        subject: Expression,
        arms: Vec<(Option<Vec<Expression>>, Vec<Node>)>,
    },
    For(Box<For>),
    TableRow(Box<For>),
    Cycle {
        group: Option<Expression>,
        values: Vec<Expression>,
        key: String,
    },
    Increment(String),
    Decrement(String),
    IfChanged(Vec<Node>),
    Break,
    Continue,
    Render(Box<Render>),
    Role {
        role: Role,
        body: Vec<Node>,
    },
    History {
        parameter: String,
        place: Range<usize>,
        last: Option<Expression>,
    },
    /// The lines of a `liquid` tag.
    Group(Vec<Node>),
}

/// When a branch is taken.
#[derive(Debug)]
pub(super) enum Guard {
    If(Condition),
    Unless(Condition),
    Else,
}

/// `for` and `tablerow`.
#[derive(Debug)]
pub(super) struct For {
    pub(super) variable: String,
    pub(super) over: Expression,
    /// `x-items`: what `forloop.name` says, and what `offset: continue` goes by.
    pub(super) name: String,
    pub(super) reversed: bool,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Offset>,
    pub(super) columns: Option<Expression>,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Where a loop begins.
#[derive(Debug)]
pub(super) enum Offset {
    At(Expression),
    /// Where the last loop of the same name ended.
    Continue,
}

/// `render`.
#[derive(Debug)]
pub(super) struct Render {
    pub(super) name: String,
    pub(super) place: Range<usize>,
    pub(super) arguments: Vec<(String, Expression)>,
    pub(super) subject: Option<Subject>,
}

/// `with x as y` or `for x as y` of a `render`.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) value: Expression,
    pub(super) alias: String,
    /// Whether it is `for`, which renders once an item.
    pub(super) each: bool,
}

impl Role {
    /// Returns the role whose tag is called `name`.
    pub(super) fn parse(name: &str) -> Option<Role> {
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
