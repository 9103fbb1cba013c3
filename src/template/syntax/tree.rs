//! The syntax tree. Every node, name and value knows the bytes of the source that it stands for.
//!
//! Texts are the `liquid` crate's `KString`, which holds a short one without memory of its own.

use crate::template::Role;
use crate::template::filters::Filter;
use liquid::model::KString;
use std::ops::Range;
use std::sync::Arc;

/// A node and its place: all of an output or tag, of a block its opening tag.
#[derive(Debug)]
pub struct Node {
    /// The bytes of the source.
    pub span: Range<usize>,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug)]
pub enum NodeKind {
    /// Text, of which the rules of white space have left these bytes of the source.
    Text(Range<usize>),
    /// `{{ … }}` and `echo`.
    Output(Chain),
    /// `assign`.
    Assign {
        /// The variable.
        name: Name,
        /// Its value.
        value: Box<Chain>,
    },
    /// `capture`.
    Capture {
        /// The variable.
        name: Name,
        /// What is captured.
        body: Vec<Node>,
    },
    /// `if` and `unless`: the first branch whose guard holds is taken.
    If(Vec<Branch>),
    /// `case`.
    Case {
        /// What is compared.
        subject: Expression,
        /// `when` and `else`, in order.
        arms: Vec<Arm>,
    },
    /// `for`.
    For(Box<Loop>),
    /// `tablerow`.
    TableRow(Box<Loop>),
    /// `cycle`.
    Cycle(Box<Cycle>),
    /// `increment`.
    Increment(Name),
    /// `decrement`.
    Decrement(Name),
    /// `ifchanged`.
    IfChanged(Vec<Node>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `render`.
    Render(Box<Render>),
    /// `include`, which is Liquid's and no prompt's.
    Include(Box<Include>),
    /// A block that makes a message.
    Role {
        /// Who speaks.
        role: Role,
        /// What is said.
        body: Vec<Node>,
    },
    /// `history`.
    History {
        /// The parameter whose messages are inserted.
        parameter: Name,
        /// How many of the newest ones.
        last: Option<Box<Expression>>,
    },
}

/// A name in the source, and the number that stands for it while rendering.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Range<usize>,
    /// Its place among the template's names.
    pub(in crate::template) slot: usize,
}

impl Name {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// One branch of `if` or `unless`.
#[derive(Debug)]
pub struct Branch {
    /// When it is taken.
    pub guard: Guard,
    /// The tag that opens it.
    pub span: Range<usize>,
    /// What it holds.
    pub body: Vec<Node>,
}

/// When a branch is taken.
#[derive(Debug)]
pub enum Guard {
    /// Where the condition holds.
    If(Condition),
    /// Where the condition does not hold.
    Unless(Condition),
    /// Always.
    Else,
}

/// `when` or `else` of a `case`.
#[derive(Debug)]
pub struct Arm {
    /// The values that it is taken for; nothing for `else`.
    pub values: Option<Vec<Expression>>,
    /// The tag that opens it.
    pub span: Range<usize>,
    /// What it holds.
    pub body: Vec<Node>,
}

/// `for` and `tablerow`.
#[derive(Debug)]
pub struct Loop {
    /// The variable that stands for each item.
    pub variable: Name,
    /// What is looped over.
    pub over: Expression,
    /// `x-items`: what `forloop.name` says, and what `offset: continue` goes by.
    pub name: Box<str>,
    /// Whether the last item comes first.
    pub reversed: bool,
    /// The most items.
    pub limit: Option<Expression>,
    /// Where it begins.
    pub offset: Option<Offset>,
    /// The columns of a `tablerow`.
    pub columns: Option<Expression>,
    /// What is rendered for each item.
    pub body: Vec<Node>,
    /// What is rendered where there is none.
    pub otherwise: Vec<Node>,
    /// The slot of `forloop` or `tablerowloop`.
    pub(in crate::template) state: usize,
}

/// Where a loop begins.
#[derive(Debug)]
pub enum Offset {
    /// At the item of this number, from 0.
    At(Expression),
    /// Where the last loop of the same name ended.
    Continue,
}

/// `cycle`.
#[derive(Debug)]
pub struct Cycle {
    /// The name before the colon, where there is one.
    pub group: Option<Expression>,
    /// The values that follow each other.
    pub values: Vec<Expression>,
    /// What tells this cycle from others that have no name.
    pub(in crate::template) key: Box<str>,
}

/// `render`.
#[derive(Debug)]
pub struct Render {
    /// The name of the prompt.
    pub name: Box<str>,
    /// Where the name stands.
    pub place: Range<usize>,
    /// What it is given, by name.
    pub arguments: Vec<(Name, Expression)>,
    /// `with` or `for`.
    pub subject: Option<Subject>,
}

/// `with x as y` or `for x as y` of a `render`.
#[derive(Debug)]
pub struct Subject {
    /// The value.
    pub value: Expression,
    /// The name that the partial knows it by.
    pub alias: Arc<str>,
    /// Whether it is `for`, which renders once an item.
    pub each: bool,
}

/// `include`.
#[derive(Debug)]
pub struct Include {
    /// The name of the template.
    pub name: Expression,
    /// What it is given, by name.
    pub arguments: Vec<(Name, Expression)>,
    /// `with` or `for`: both render once an item of an array.
    pub subject: Option<Expression>,
    /// The name that the template knows it by, where that is said.
    pub alias: Option<Name>,
}

/// Something that has a value.
#[derive(Debug)]
pub enum Expression {
    /// A literal.
    Literal(Literal),
    /// A variable or a part of one.
    Variable(Variable),
    /// `(1..3)`.
    Range(Box<RangeOf>),
}

/// A literal value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `nil` and `null`.
    Nil,
    /// `true` and `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fractional part.
    Float(f64),
    /// A string.
    Text(KString),
    /// `empty`.
    Empty,
    /// `blank`.
    Blank,
}

/// The ends of a range, both included.
#[derive(Debug)]
pub struct RangeOf {
    /// The first number.
    pub first: Expression,
    /// The last number.
    pub last: Expression,
    /// All of it.
    pub span: Range<usize>,
}

/// `customer.tier`, `items[0]["name"]`.
#[derive(Debug)]
pub struct Variable {
    /// What the path begins at.
    pub root: Root,
    /// The steps from there.
    pub path: Vec<Step>,
    /// All of it.
    pub span: Range<usize>,
}

/// What a path begins at.
#[derive(Debug)]
pub enum Root {
    /// A name: `customer` or `["customer"]`.
    Name(Name),
    /// `[expression]`, whose value is the name. A prompt may not say this: what it reads could not be known.
    Computed(Box<Expression>),
}

/// One step of a path.
#[derive(Debug)]
pub enum Step {
    /// `.name`.
    Property(KString),
    /// `[expression]`.
    Index(Expression),
}

/// A value put through filters.
#[derive(Debug)]
pub struct Chain {
    /// The value.
    pub head: Expression,
    /// The filters, in order.
    pub filters: Vec<FilterCall>,
}

impl Chain {
    /// Returns whether the first thing that happens to the value is `default`.
    pub fn begins_with_default(&self) -> bool {
        self.filters.first().is_some_and(FilterCall::is_default)
    }
}

/// `| name: a, key: b`.
#[derive(Debug)]
pub struct FilterCall {
    /// The filter.
    pub filter: &'static Filter,
    /// Where its name stands.
    pub span: Range<usize>,
    /// The arguments by place.
    pub positional: Vec<Expression>,
    /// The arguments by name.
    pub keyword: Vec<(KString, Expression)>,
}

impl FilterCall {
    /// Returns the name of the filter.
    pub fn name(&self) -> &'static str {
        self.filter.name
    }

    /// Returns whether it is `default`, the one filter that takes nil.
    pub fn is_default(&self) -> bool {
        self.filter.name == "default"
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=` and `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `contains`
    Contains,
}

/// A value that must be true, or a comparison of two.
#[derive(Debug)]
pub struct Test {
    /// The value.
    pub left: Expression,
    /// What it is compared with.
    pub right: Option<(Relation, Expression)>,
}

/// How a condition goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `and`
    And,
    /// `or`
    Or,
}

/// Tests joined by `and` and `or`. Liquid reads them from the right, with no precedence:
/// `a or b and c` is `a or (b and c)`, and `a and b or c` is `a and (b or c)`.
#[derive(Debug)]
pub struct Condition {
    /// The first test.
    pub first: Test,
    /// The others.
    pub rest: Vec<(Join, Test)>,
}

impl Node {
    /// Visits the lists of nodes that the node holds, in the order of the source.
    pub fn bodies<'t>(&'t self, visit: &mut impl FnMut(&'t [Node])) {
        match &self.kind {
            NodeKind::Capture { body, .. } | NodeKind::IfChanged(body) | NodeKind::Role { body, .. } => visit(body),
            NodeKind::If(branches) => branches.iter().for_each(|branch| visit(&branch.body)),
            NodeKind::Case { arms, .. } => arms.iter().for_each(|arm| visit(&arm.body)),
            NodeKind::For(head) | NodeKind::TableRow(head) => {
                visit(&head.body);
                visit(&head.otherwise);
            }
            _ => {}
        }
    }
}

impl Expression {
    /// Returns the variable that it is, if it is one.
    pub fn as_variable(&self) -> Option<&Variable> {
        match self {
            Expression::Variable(variable) => Some(variable),
            _ => None,
        }
    }
}

impl Variable {
    /// Returns the name that the path begins at.
    pub fn name(&self) -> Option<&Name> {
        match &self.root {
            Root::Name(name) => Some(name),
            Root::Computed(_) => None,
        }
    }
}
