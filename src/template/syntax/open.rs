//! A block that is being read: what it is, what it holds so far, and the node that it becomes.

use super::expression::push;
use super::scan::Segment;
use super::tree::{Arm, Branch, Expression, Guard, Loop, Name, Node, NodeKind};
use crate::error::Code;
use crate::template::{Dialect, Problem, Role};
use std::ops::Range;

/// An open block.
#[derive(Debug)]
pub(super) struct Open {
    tag: Segment,
    pub(super) block: Block,
    /// How many nodes were on the parser's stack before the tag that opened it, or its last `else`, `elsif` or
    /// `when`: those behind are its own.
    first: usize,
    /// Whether nothing in it prints, wherever it goes.
    is_blank: bool,
}

/// What kind of block is open. What was wrong in its tag is absent.
#[derive(Debug)]
pub(super) enum Block {
    Branches {
        done: Vec<Branch>,
        guard: Option<Guard>,
        at: Option<Range<usize>>,
    },
    Case {
        subject: Option<Expression>,
        done: Vec<Arm>,
        /// The arm that is being read; none before the first.
        arm: Option<(Option<Vec<Expression>>, Range<usize>)>,
    },
    Loop {
        head: Option<Box<Loop>>,
        is_table: bool,
        /// The body, once `else` has ended it.
        body: Option<Vec<Node>>,
    },
    Capture(Option<Name>),
    IfChanged,
    Role(Role),
    /// A `liquid` tag, which is no block but ends those that are opened in it.
    Liquid,
}

impl Block {
    /// Returns an `if` or `unless` that begins with `guard`.
    pub(super) fn branches(guard: Option<Guard>) -> Block {
        Block::Branches { done: Vec::new(), guard, at: None }
    }

    /// Returns a `case` of `subject`.
    pub(super) fn case(subject: Option<Expression>) -> Block {
        Block::Case { subject, done: Vec::new(), arm: None }
    }
}

/// The node that a block became.
pub(super) struct Closed {
    pub(super) node: Node,
    pub(super) is_blank: bool,
}

impl Open {
    pub(super) fn new(tag: &Segment, block: Block, first: usize) -> Open {
        Open { tag: tag.clone(), block, first, is_blank: true }
    }

    /// Returns the name of its tag; a `liquid` tag has none that could be closed, not even by `end`.
    pub(super) fn name<'s>(&self, source: &'s str) -> Option<&'s str> {
        match self.block {
            Block::Liquid => None,
            _ => self.tag.tag_name(source),
        }
    }

    /// Notes that a node was added to it, and whether that prints anything.
    pub(super) fn note(&mut self, is_blank: bool) {
        self.is_blank &= is_blank;
    }

    /// Returns whether nothing in it prints.
    pub(super) fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Returns whether `else`, `elsif` or `when` may stand here.
    pub(super) fn takes(&self, name: &str, dialect: Dialect) -> bool {
        match (&self.block, name) {
            // Liquid ignores what follows an `else`.
            (Block::Branches { guard, .. }, "else" | "elsif") => {
                dialect == Dialect::Lax || !matches!(guard, Some(Guard::Else))
            }
            (Block::Case { .. }, "when" | "else") => true,
            (Block::Loop { is_table, body, .. }, "else") => !is_table && body.is_none(),
            _ => false,
        }
    }

    /// Returns what stands between `case` and its first `when`, which is nobody's.
    pub(super) fn stray_before_arm(&self, source: &str, nodes: &[Node]) -> Option<Problem> {
        let Block::Case { arm: None, .. } = self.block else { return None };
        let is_stray =
            |node: &&Node| !matches!(&node.kind, NodeKind::Text(text) if source[text.clone()].trim().is_empty());
        let stray = nodes[self.first..].iter().find(is_stray)?;
        let message = "nothing may stand between `case` and its first `when`";
        Some(Problem::error(Code::A0302, stray.span.clone(), message))
    }

    /// Begins the part that `tag` opens: with `guard`, of an `if`; for `values`, of a `case`, or as
    /// its `else`. What stands before it is taken off `nodes`.
    pub(super) fn begin_arm(
        &mut self,
        span: Range<usize>,
        next: Option<Guard>,
        values: Option<Vec<Expression>>,
        nodes: &mut Vec<Node>,
    ) {
        let nodes = nodes.split_off(self.first);
        match &mut self.block {
            Block::Branches { done, guard, at } => {
                let place = at.replace(span).unwrap_or_else(|| self.tag.span.clone());
                if let Some(guard) = guard.take() {
                    push(done, Branch { guard, span: place, body: nodes });
                }
                *guard = next;
            }
            Block::Case { done, arm, .. } => {
                done.extend(arm.take().map(|(values, span)| Arm { values, span, body: nodes }));
                *arm = Some((values, span));
            }
            Block::Loop { body, .. } => *body = Some(nodes),
            // Nothing else has arms.
            _ => {}
        }
    }

    /// Returns the node that the block is, made of those that it takes off `nodes`; nothing where its tag was wrong.
    pub(super) fn close(mut self, source: &str, dialect: Dialect, nodes: &mut Vec<Node>) -> Option<Closed> {
        let span = self.tag.span.clone();
        if let Block::Branches { .. } | Block::Case { .. } = self.block {
            self.begin_arm(span.clone(), None, None, nodes);
        }
        let nodes = nodes.split_off(self.first);
        // Liquid drops the white space of control flow in which nothing prints.
        let is_dropped = dialect == Dialect::Lax && self.is_blank;
        let kept = |mut nodes: Vec<Node>| {
            if is_dropped {
                nodes.retain(|node| !is_white_space(source, node));
            }
            nodes
        };
        let kind = match self.block {
            Block::Branches { done, .. } => {
                let branches = done.into_iter().map(|branch| Branch { body: kept(branch.body), ..branch });
                NodeKind::If(branches.collect())
            }
            Block::Case { subject, done, .. } => {
                let arms = done.into_iter().map(|arm| Arm { body: kept(arm.body), ..arm });
                NodeKind::Case { subject: subject?, arms: arms.collect() }
            }
            Block::Loop { head, is_table, body } => {
                let mut head = head?;
                (head.body, head.otherwise) = match body {
                    Some(body) => (kept(body), kept(nodes)),
                    None => (kept(nodes), Vec::new()),
                };
                if is_table { NodeKind::TableRow(head) } else { NodeKind::For(head) }
            }
            Block::Capture(name) => NodeKind::Capture { name: name?, body: nodes },
            Block::IfChanged => NodeKind::IfChanged(nodes),
            Block::Role(role) => NodeKind::Role { role, body: nodes },
            Block::Liquid => return None,
        };
        let is_blank = match &kind {
            NodeKind::Capture { .. } => true,
            NodeKind::TableRow(_) | NodeKind::Role { .. } => false,
            _ => self.is_blank,
        };
        Some(Closed { node: Node { span, kind }, is_blank })
    }

    /// Returns the problem that the block is never closed.
    pub(super) fn never_closed(&self, source: &str) -> Problem {
        let name = self.tag.tag_name(source).unwrap_or_default();
        Problem::error(Code::A0304, self.tag.span.clone(), format!("`{name}` is never closed"))
            .label("opened here")
            .hint(format!("close it with `{{% end{name} %}}`"))
    }
}

/// Returns whether a node is text of white space alone.
pub(super) fn is_white_space(source: &str, node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Text(text) if source[text.clone()].bytes().all(|byte| byte.is_ascii_whitespace()))
}
