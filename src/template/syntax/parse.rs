//! Makes the syntax tree out of segments.
//!
//! A mistake in one tag does not hide those in the next: the parser notes it and goes on, with
//! nothing in the tag's place. Open blocks are on a list and not on the stack of the thread, so that
//! no source can exhaust it.

use super::Parsed;
use super::expression::{Names, Reader};
use super::habits;
use super::lexer::Sign;
use super::open::{Block, Closed, Open, is_white_space};
use super::scan::{Kind, Segment, trimmed};
use super::tags::{self, BLOCKS};
use super::tree::{Condition, Expression, Guard, Node, NodeKind};
use crate::error::Code;
use crate::template::problem::MAX_PROBLEMS;
use crate::template::{Dialect, Problem, Role};
use std::ops::Range;

/// Makes the tree of `source`, cut into `segments`. Blocks, and values in each other, may be nested
/// `deepest` levels deep.
pub(super) fn parse(
    source: &str,
    segments: &[Segment],
    dialect: Dialect,
    deepest: usize,
    problems: &mut Vec<Problem>,
) -> Parsed {
    let mut parser = Parser {
        source,
        dialect,
        deepest,
        names: Names::default(),
        problems,
        nodes: Vec::with_capacity(segments.len().min(64)),
        open: Vec::new(),
        is_cut: false,
        has_placed_tags: false,
    };
    for segment in segments {
        if parser.is_cut || parser.names.is_full() || parser.problems.len() >= MAX_PROBLEMS {
            break;
        }
        parser.segment(segment);
    }
    let nodes = parser.finish();
    Parsed { nodes, has_placed_tags: parser.has_placed_tags, names: parser.names.into_list() }
}

struct Parser<'p, 's> {
    source: &'s str,
    dialect: Dialect,
    deepest: usize,
    names: Names<'s>,
    problems: &'p mut Vec<Problem>,
    /// The nodes outside every block, and behind them those of the open blocks, the innermost last.
    nodes: Vec<Node>,
    /// The blocks that are open, the innermost last.
    open: Vec<Open>,
    /// Whether the rest was not read, as it is nested too deep.
    is_cut: bool,
    has_placed_tags: bool,
}

impl<'s> Parser<'_, 's> {
    fn segment(&mut self, segment: &Segment) {
        let read = match segment.kind {
            Kind::Dead => Ok(()),
            Kind::Text | Kind::Raw => {
                if !segment.inner.is_empty() {
                    self.push(segment, NodeKind::Text(segment.inner.clone()));
                }
                Ok(())
            }
            Kind::Output => self.count(segment).and_then(|()| self.output(segment)),
            Kind::LiquidOpen => {
                self.open.push(Open::new(segment, Block::Liquid, self.nodes.len()));
                Ok(())
            }
            Kind::LiquidClose => {
                self.close_liquid();
                Ok(())
            }
            Kind::Tag => self.count(segment).and_then(|()| self.tag(segment)),
        };
        if let Err(problem) = read {
            self.problems.push(habits::explained(self.source, segment, problem));
        }
    }

    fn count(&mut self, segment: &Segment) -> Result<(), Problem> {
        self.names.count_part(segment.span.clone())
    }

    /// Adds a node to what is open.
    fn push(&mut self, segment: &Segment, kind: NodeKind) {
        let node = Node { span: segment.span.clone(), kind };
        let is_blank = match node.kind {
            NodeKind::Text(_) => segment.kind == Kind::Text && is_white_space(self.source, &node),
            NodeKind::Assign { .. } => true,
            _ => false,
        };
        self.push_node(node, is_blank);
    }

    /// Adds a node; `is_blank` tells whether it never prints anything.
    fn push_node(&mut self, node: Node, is_blank: bool) {
        self.has_placed_tags |= matches!(
            node.kind,
            NodeKind::Role { .. }
                | NodeKind::History { .. }
                | NodeKind::Render(_)
                | NodeKind::Break
                | NodeKind::Continue
        );
        if let Some(open) = self.open.last_mut() {
            open.note(is_blank);
        }
        self.nodes.push(node);
    }

    fn reader(&mut self, span: Range<usize>) -> Result<Reader<'_, 's>, Problem> {
        Reader::new(self.source, span, &mut self.names, self.dialect, self.deepest)
    }

    fn output(&mut self, segment: &Segment) -> Result<(), Problem> {
        let is_lax = self.dialect == Dialect::Lax;
        let mut reader = self.reader(segment.inner.clone())?;
        if is_lax && reader.is_done() {
            return Ok(());
        }
        let chain = reader.chain()?;
        reader.done("`|` or `}}`")?;
        self.push(segment, NodeKind::Output(chain));
        Ok(())
    }

    fn tag(&mut self, tag: &Segment) -> Result<(), Problem> {
        let name = tag.tag_name(self.source).unwrap_or_default();
        match name {
            "#" => return self.inline_comment(tag),
            // What they hold is no part of the tree; in a `liquid` tag they would hold lines of it.
            "raw" | "endraw" | "comment" | "endcomment" | "doc" | "enddoc" if !is_line(tag) => return Ok(()),
            "else" | "elsif" | "when" => return self.arm(tag, name),
            _ => {}
        }
        if let Some(block) = name.strip_prefix("end") {
            return self.end(tag, name, block);
        }
        if tags::opens_block(name, self.dialect) {
            return self.block(tag, name);
        }
        if !tags::is_known(name, self.dialect) {
            return Err(tags::unknown(tag, name, self.dialect));
        }
        let arguments = tag.arguments();
        if let Some(node) = tags::simple(tag, name, &mut self.reader(arguments)?)? {
            self.push(tag, node);
        }
        Ok(())
    }

    fn inline_comment(&self, tag: &Segment) -> Result<(), Problem> {
        let comment = &self.source[tag.inner.clone()];
        if comment.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
            return Ok(());
        }
        Err(Problem::syntax(tag.inner.clone(), "each line of an inline comment begins with `#`"))
    }

    /// Opens a block. It is open also where its tag is wrong, or everything in it would be wrong too.
    fn block(&mut self, tag: &Segment, name: &str) -> Result<(), Problem> {
        if self.open.len() >= self.deepest {
            self.is_cut = true;
            let message = format!("blocks are nested deeper than {} levels", self.deepest);
            return Err(Problem::error(Code::A0306, tag.span.clone(), message));
        }
        let (block, problem) = self.head(tag, name);
        self.open.push(Open::new(tag, block, self.nodes.len()));
        problem.map_or(Ok(()), Err)
    }

    /// Returns the block that `tag` opens, without what was wrong in the tag, and that.
    fn head(&mut self, tag: &Segment, name: &str) -> (Block, Option<Problem>) {
        let arguments = tag.arguments();
        match name {
            "if" | "unless" => {
                let guard = if name == "if" { Guard::If } else { Guard::Unless };
                let (condition, problem) = split(self.guard(tag));
                (Block::branches(condition.map(guard)), problem)
            }
            "case" => {
                let (subject, problem) = split(self.whole(arguments, |reader| reader.expression()));
                (Block::case(subject), problem)
            }
            "for" | "tablerow" => {
                let (head, problem) = split(self.whole(arguments, |reader| tags::loop_head(reader, name)));
                let is_table = name == "tablerow";
                let head = head.map(|(mut head, over)| {
                    head.state = self.names.slot(if is_table { "tablerowloop" } else { "forloop" });
                    head.name = format!("{}-{}", head.variable.text, &self.source[over]).into();
                    Box::new(head)
                });
                (Block::Loop { head, is_table, body: None }, problem)
            }
            "capture" => {
                let (name, problem) = split(self.whole(arguments, |reader| reader.capture_name()));
                (Block::Capture(name), problem)
            }
            "ifchanged" => {
                self.note_arguments(tag);
                (Block::IfChanged, None)
            }
            _ => {
                let role = Role::parse(name).unwrap_or(Role::User);
                let place = trimmed(self.source, arguments);
                let message = format!("arguments of `{name}` are reserved: a later edition may give them a meaning");
                let problem =
                    (!place.is_empty()).then(|| Problem::error(Code::A0305, place, message).label("takes nothing"));
                (Block::Role(role), problem)
            }
        }
    }

    /// Returns what `read` reads at `span`, which must be all that stands there.
    fn whole<T>(
        &mut self,
        span: Range<usize>,
        read: impl FnOnce(&mut Reader<'_, 's>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut reader = self.reader(span)?;
        let found = read(&mut reader)?;
        reader.done("the end of the tag")?;
        Ok(found)
    }

    /// Returns the condition of `if`, `unless` or `elsif`.
    fn guard(&mut self, tag: &Segment) -> Result<Condition, Problem> {
        let mut reader = self.reader(tag.arguments())?;
        let condition = reader.condition()?;
        reader.done("`and`, `or` or the end of the tag")?;
        Ok(condition)
    }

    /// Reads `else`, `elsif` or `when`, which go on with the innermost block.
    fn arm(&mut self, tag: &Segment, name: &str) -> Result<(), Problem> {
        let is_lax = self.dialect == Dialect::Lax;
        let stray = || {
            Err(Problem::error(
                Code::A0304,
                tag.inner.start..tag.inner.start + name.len(),
                format!("`{name}` belongs to no open block"),
            ))
        };
        let Some(open) = self.open.last() else { return stray() };
        if !open.takes(name, self.dialect) {
            return stray();
        }
        if let Some(problem) = open.stray_before_arm(self.source, &self.nodes).filter(|_| !is_lax) {
            self.problems.push(problem);
        }
        let mut problem = None;
        let guard = match (name, &open.block) {
            ("elsif", _) => self.guard(tag).map(Guard::If).map_err(|found| problem = Some(found)).ok(),
            ("else", Block::Branches { .. }) => {
                self.note_arguments(tag);
                Some(Guard::Else)
            }
            ("else", _) => {
                self.note_arguments(tag);
                None
            }
            _ => None,
        };
        let values = match name {
            "when" => self.when(tag).map_err(|found| problem = Some(found)).unwrap_or_default().into(),
            _ => None,
        };
        if let Some(open) = self.open.last_mut() {
            open.begin_arm(tag.span.clone(), guard, values, &mut self.nodes);
        }
        problem.map_or(Ok(()), Err)
    }

    fn when(&mut self, tag: &Segment) -> Result<Vec<Expression>, Problem> {
        let is_lax = self.dialect == Dialect::Lax;
        let mut reader = self.reader(tag.arguments())?;
        let mut values = vec![reader.expression()?];
        while reader.take_sign(Sign::Comma)? || reader.take_word("or")? {
            values.push(reader.expression()?);
        }
        // Shopify's own parser does not look at what follows.
        if !is_lax {
            reader.done("`,`, `or` or the end of the tag")?;
        }
        Ok(values)
    }

    /// Reads an end tag.
    fn end(&mut self, tag: &Segment, name: &str, block: &str) -> Result<(), Problem> {
        match self.open.last() {
            Some(open) if open.name(self.source) == Some(block) => {}
            other => {
                if !BLOCKS.contains(&block) || !tags::opens_block(block, self.dialect) {
                    return Err(tags::unknown(tag, name, self.dialect));
                }
                let place = tag.inner.start..tag.inner.start + name.len();
                let problem =
                    Problem::error(Code::A0304, place, format!("`{name}` closes nothing: no `{block}` is open here"));
                return Err(match other.and_then(|open| open.name(self.source)) {
                    Some(opened) => problem.hint(format!("the block that is open is `{opened}`")),
                    None => problem,
                });
            }
        }
        self.note_arguments(tag);
        let closed = self.open.pop().and_then(|open| open.close(self.source, self.dialect, &mut self.nodes));
        if let Some(Closed { node, is_blank }) = closed {
            self.push_node(node, is_blank);
        }
        Ok(())
    }

    /// Ends a `liquid` tag: its lines stand where the tag stands. A block that was opened in it ends in it.
    fn close_liquid(&mut self) {
        while let Some(open) = self.open.pop() {
            if let Block::Liquid = open.block {
                if let Some(outer) = self.open.last_mut() {
                    outer.note(open.is_blank());
                }
                return;
            }
            self.problems.push(open.never_closed(self.source));
        }
    }

    /// Returns the whole tree.
    fn finish(&mut self) -> Vec<Node> {
        // Past the limits the rest was not read, so that its absence means nothing.
        let is_read = !self.is_cut && !self.names.is_full() && self.problems.len() < MAX_PROBLEMS;
        if is_read {
            let source = self.source;
            self.problems.extend(self.open.iter().map(|open| open.never_closed(source)));
        }
        std::mem::take(&mut self.nodes)
    }

    /// Notes that `tag` has arguments, which it may not. Shopify's own parser does not look at them.
    fn note_arguments(&mut self, tag: &Segment) {
        let place = trimmed(self.source, tag.arguments());
        if !place.is_empty() && self.dialect == Dialect::Prompt {
            let name = tag.tag_name(self.source).unwrap_or_default();
            let problem = Problem::syntax(place, format!("`{name}` takes no arguments")).label("not expected");
            self.problems.push(habits::explained(self.source, tag, problem));
        }
    }
}

fn split<T>(read: Result<T, Problem>) -> (Option<T>, Option<Problem>) {
    match read {
        Ok(found) => (Some(found), None),
        Err(problem) => (None, Some(problem)),
    }
}

/// Returns whether `tag` is a line of a `liquid` tag.
pub(super) fn is_line(tag: &Segment) -> bool {
    tag.span == tag.inner
}
