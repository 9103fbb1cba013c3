//! What a tree tells without rendering it: the free variables, the partials, the roles, and whether
//! every message and every text stands where it may (PROMPTS.md, sections 3 and 4).

use super::super::syntax::{
    Arm, Branch, Chain, Condition, Expression, Guard, Literal, Loop, Name, Node, NodeKind, Offset, Render, Root, Step,
    Test, Variable,
};
use super::super::{FreeVariable, HistoryUse, PartialUse, Problem, Role, Use};
use crate::error::Code;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// What was found.
#[derive(Debug, Default)]
pub(in crate::template) struct Findings {
    pub(in crate::template) variables: Vec<FreeVariable>,
    pub(in crate::template) partials: Vec<PartialUse>,
    pub(in crate::template) roles: BTreeSet<Role>,
    pub(in crate::template) histories: Vec<HistoryUse>,
    /// Where `forloop` is read outside every loop.
    pub(in crate::template) forloop: Option<Range<usize>>,
    /// Tags of messages where they may not stand, and jumps out of role blocks.
    pub(in crate::template) misplaced: Vec<Problem>,
    /// What prints at message level: wrong in a chat prompt, and all there is to a text prompt.
    pub(in crate::template) printed: Vec<Range<usize>>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::template) enum Aim {
    /// Where messages stand, and what is rendered: what parsing must know.
    #[default]
    Structure,
    /// What prints at message level, too.
    Printed,
    /// And the variables, which takes longer and is not asked of every template.
    Variables,
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// The top, or `if`, `unless`, `case` and `for` there.
    message_level: bool,
    /// In a role block or a `capture`.
    inside_block: bool,
    /// In a role block.
    inside_role: bool,
    /// In a loop that began in the innermost role block, or outside any.
    inside_loop: bool,
}

/// Looks through a whole tree.
pub(in crate::template) fn analyse(source: &str, nodes: &[Node], aim: Aim) -> Findings {
    let mut analysis = Analysis { source, aim, ..Analysis::default() };
    let top = Place { message_level: true, inside_block: false, inside_role: false, inside_loop: false };
    analysis.nodes(nodes, top);
    analysis.found
}

/// Returns the problem that the node at `span` prints where only messages may stand.
pub(in crate::template) fn printed(span: &Range<usize>) -> Problem {
    Problem::error(Code::A0305, span.clone(), "text stands outside the messages")
        .label("outside every role block")
        .hint("put it into a role block such as `{% user %}…{% enduser %}`")
}

/// A free variable and the literal path to a part of it.
type Source = (String, Vec<String>);

#[derive(Default)]
struct Analysis<'s> {
    source: &'s str,
    aim: Aim,
    found: Findings,
    /// The names that an `assign`, `capture` or counter has bound so far.
    assigned: HashSet<String>,
    /// The variables of the loops around, and what they stand for where that is a free variable.
    loops: Vec<(String, Option<Source>)>,
}

impl Analysis<'_> {
    fn nodes(&mut self, nodes: &[Node], place: Place) {
        for node in nodes {
            self.node(node, place);
        }
    }

    fn node(&mut self, node: &Node, place: Place) {
        if self.aim != Aim::Structure && place.message_level && prints(self.source, &node.kind) {
            self.found.printed.push(printed_at(self.source, node));
        }
        let inner = Place { message_level: false, ..place };
        match &node.kind {
            NodeKind::Text(_) => {}
            NodeKind::Output(chain) => self.chain(chain, Use::Printed),
            NodeKind::Assign { name, value } => {
                self.chain(value, Use::Tested);
                self.bind(name);
            }
            NodeKind::Capture { name, body } => {
                self.nodes(body, Place { inside_block: true, ..inner });
                self.bind(name);
            }
            NodeKind::If(branches) => {
                for Branch { guard, body, .. } in branches {
                    if let Guard::If(condition) | Guard::Unless(condition) = guard {
                        self.condition(condition);
                    }
                    self.nodes(body, place);
                }
            }
            NodeKind::Case { subject, arms } => {
                self.expression(subject, Use::Tested);
                for Arm { values, body, .. } in arms {
                    values.iter().flatten().for_each(|value| self.expression(value, Use::Tested));
                    self.nodes(body, place);
                }
            }
            NodeKind::For(head) => self.for_loop(head, place, "forloop"),
            NodeKind::TableRow(head) => self.for_loop(head, inner, "tablerowloop"),
            NodeKind::Cycle(cycle) => {
                cycle.group.iter().chain(&cycle.values).for_each(|value| self.expression(value, Use::Printed));
            }
            NodeKind::Increment(name) | NodeKind::Decrement(name) => self.bind(name),
            NodeKind::IfChanged(body) => self.nodes(body, inner),
            NodeKind::Break | NodeKind::Continue => {
                if place.inside_role && !place.inside_loop {
                    self.misplace(node.span.clone(), "`break` and `continue` may not leave a role block");
                }
            }
            NodeKind::Render(render) => self.render(render, place),
            NodeKind::Role { role, body } => {
                if !place.message_level {
                    let message = format!("`{}` stands where no message can begin", role.as_str());
                    self.misplace(node.span.clone(), &message);
                }
                self.found.roles.insert(*role);
                let inside = Place { message_level: false, inside_block: true, inside_role: true, inside_loop: false };
                self.nodes(body, inside);
            }
            NodeKind::History { parameter, last } => {
                if !place.message_level {
                    self.misplace(node.span.clone(), "`history` stands where no message can begin");
                }
                self.found
                    .histories
                    .push(HistoryUse { parameter: parameter.text.to_string(), span: parameter.span.clone() });
                // Whatever else is called so, `history` reads the parameter.
                self.found.variables.push(FreeVariable {
                    name: parameter.text.to_string(),
                    path: Vec::new(),
                    is_part: false,
                    usage: Use::Tested,
                    span: parameter.span.clone(),
                    argument: None,
                });
                last.iter().for_each(|last| self.expression(last, Use::Printed));
            }
            // No prompt has these.
            NodeKind::Include(_) => {}
        }
    }

    fn bind(&mut self, name: &Name) {
        if self.aim == Aim::Variables {
            self.assigned.insert(name.text.to_string());
        }
    }

    fn misplace(&mut self, span: Range<usize>, message: &str) {
        self.found.misplaced.push(
            Problem::error(Code::A0305, span, message)
                .label("not here")
                .hint("messages stand at the top, or inside `if`, `unless`, `case` or `for` there"),
        );
    }

    fn for_loop(&mut self, head: &Loop, place: Place, state: &str) {
        self.expression(&head.over, Use::Looped);
        let offset = match &head.offset {
            Some(Offset::At(offset)) => Some(offset),
            _ => None,
        };
        head.limit.iter().chain(offset).chain(&head.columns).for_each(|value| self.expression(value, Use::Printed));
        let source = match &head.over {
            // Behind a step that is not literal nothing is known.
            Expression::Variable(over) if literal_path(over).len() == over.path.len() => self.source(over),
            _ => None,
        };
        self.loops.extend([(head.variable.text.to_string(), source), (state.to_owned(), None)]);
        self.nodes(&head.body, Place { inside_loop: true, ..place });
        self.loops.truncate(self.loops.len() - 2);
        self.nodes(&head.otherwise, place);
    }

    fn render(&mut self, render: &Render, place: Place) {
        let mut arguments: Vec<String> = Vec::new();
        if let Some(subject) = &render.subject {
            match subject.each {
                true => self.expression(&subject.value, Use::Looped),
                false => self.argument(&subject.alias, &subject.value),
            }
            arguments.push(subject.alias.to_string());
        }
        let mut known: HashSet<String> = arguments.iter().cloned().collect();
        for (name, value) in &render.arguments {
            self.argument(name.as_str(), value);
            if known.insert(name.text.to_string()) {
                arguments.push(name.text.to_string());
            }
        }
        self.found.partials.push(PartialUse {
            name: render.name.to_string(),
            arguments,
            repeats: render.subject.as_ref().is_some_and(|subject| subject.each),
            at_message_level: place.message_level,
            inside_block: place.inside_block,
            span: render.place.clone(),
        });
    }

    /// Notes what is passed to the partial that comes next.
    fn argument(&mut self, name: &str, value: &Expression) {
        let before = self.found.variables.len();
        self.expression(value, Use::Tested);
        let Expression::Variable(passed) = value else { return };
        let partial = self.found.partials.len();
        for variable in self.found.variables.iter_mut().skip(before).filter(|it| it.span == passed.span) {
            variable.argument = Some((partial, name.to_owned()));
        }
    }

    fn condition(&mut self, condition: &Condition) {
        self.test(&condition.first);
        condition.rest.iter().for_each(|(_, test)| self.test(test));
    }

    fn test(&mut self, test: &Test) {
        self.expression(&test.left, Use::Tested);
        test.right.iter().for_each(|(_, right)| self.expression(right, Use::Tested));
    }

    /// Notes what a value with filters reads; `unfiltered` is how it is used where there are none.
    fn chain(&mut self, chain: &Chain, unfiltered: Use) {
        let usage = match chain.filters.is_empty() {
            true => unfiltered,
            false if chain.begins_with_default() => Use::Tested,
            false => Use::Printed,
        };
        self.expression(&chain.head, usage);
        for call in &chain.filters {
            let usage = if call.is_default() { Use::Tested } else { Use::Printed };
            let values = call.positional.iter().chain(call.keyword.iter().map(|(_, value)| value));
            values.for_each(|value| self.expression(value, usage));
        }
    }

    fn expression(&mut self, expression: &Expression, usage: Use) {
        if self.aim != Aim::Variables {
            return;
        }
        match expression {
            Expression::Literal(_) => {}
            Expression::Range(range) => {
                self.expression(&range.first, Use::Printed);
                self.expression(&range.last, Use::Printed);
            }
            Expression::Variable(variable) => self.variable(variable, usage),
        }
    }

    fn variable(&mut self, variable: &Variable, usage: Use) {
        let computed = variable.path.iter().filter_map(|step| match step {
            Step::Index(index) => Some(index),
            Step::Property(_) => None,
        });
        computed.for_each(|index| self.expression(index, Use::Printed));
        let Root::Name(name) = &variable.root else { return };
        let is_in_loop = self.loops.iter().any(|(bound, _)| *bound == *name.text);
        // Of a loop's variable only a property by name tells something: the item of an object is a
        // pair, which has a size, a first and a last.
        let names_property = literal_path(variable)
            .first()
            .is_some_and(|step| !matches!(step.as_str(), "size" | "first" | "last") && step.parse::<i64>().is_err());
        if is_in_loop && !names_property {
            return;
        }
        match self.source(variable) {
            // A partial may be rendered in a loop, and this is its state.
            Some((name, _)) if name == "forloop" => {
                self.found.forloop.get_or_insert_with(|| variable.span.clone());
            }
            Some((name, path)) => {
                let span = variable.span.clone();
                let is_part = !path.is_empty() || !variable.path.is_empty();
                self.found.variables.push(FreeVariable { name, path, is_part, usage, span, argument: None });
            }
            None => {}
        }
    }

    /// Returns the free variable that `variable` reads, itself or as an item of what is looped over,
    /// and nothing where it is bound otherwise.
    fn source(&self, variable: &Variable) -> Option<Source> {
        let path = literal_path(variable);
        let name = &*variable.name()?.text;
        if let Some((_, source)) = self.loops.iter().rev().find(|(bound, _)| bound == name) {
            let (name, over) = source.clone()?;
            return Some((name, over.into_iter().chain(["0".to_owned()]).chain(path).collect()));
        }
        (!self.assigned.contains(name)).then(|| (name.to_owned(), path))
    }
}

/// Returns the steps of a path up to the first that is not literal.
fn literal_path(variable: &Variable) -> Vec<String> {
    let literal = |step: &Step| match step {
        Step::Property(name) => Some(name.to_string()),
        Step::Index(Expression::Literal(Literal::Text(name))) => Some(name.to_string()),
        Step::Index(Expression::Literal(Literal::Int(index))) => Some(index.to_string()),
        Step::Index(_) => None,
    };
    variable.path.iter().map_while(literal).collect()
}

/// Returns what of a node prints: of a text what is not blank.
fn printed_at(source: &str, node: &Node) -> Range<usize> {
    let NodeKind::Text(text) = &node.kind else { return node.span.clone() };
    let kept = source[text.clone()].trim_start();
    let start = text.end - kept.len();
    start..start + kept.trim_end().len()
}

/// Returns whether a node puts text where it stands.
fn prints(source: &str, kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Text(text) => !source[text.clone()].trim().is_empty(),
        NodeKind::Output(_)
        | NodeKind::TableRow(_)
        | NodeKind::Cycle(_)
        | NodeKind::Increment(_)
        | NodeKind::Decrement(_)
        | NodeKind::IfChanged(_) => true,
        _ => false,
    }
}
