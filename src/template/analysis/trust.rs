//! Where values that may be a stranger's come to be printed.
//!
//! Only text flows: what a condition asks of a value is not followed, nor is how large something is.
//! Ways are not told apart here, as a warning is all that comes of it: behind a branch a name may hold
//! what any way gave it, and what is assigned anew is forgotten.

use super::flow::span_of;
use crate::template::syntax::{
    Branch, Chain, Expression, Guard, Literal, Loop, Node, NodeKind, Render, Root, Step as PathStep, Variable,
};
use crate::template::{Role, Template};
use std::collections::HashMap;
use std::ops::Range;

/// The most flows that one name is known to hold.
const MAX_TRACES: usize = 16;
/// The most nodes that are visited before loops are gone through once alone.
const MAX_VISITS: usize = 20_000;

/// One step of a path; nothing for an item, or whatever an index leads to.
pub type Part = Option<Box<str>>;

/// How a value has come so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `assign` or `capture` gave it to a name.
    Set {
        /// The tag: `assign` or `capture`.
        tag: &'static str,
        /// The name.
        name: String,
        /// Where the name stands.
        span: Range<usize>,
    },
    /// A loop goes over it.
    Looped {
        /// The variable of the loop.
        name: String,
        /// Where that stands.
        span: Range<usize>,
    },
    /// It is passed to a partial.
    Rendered {
        /// The partial, as it is named.
        partial: String,
        /// Where that stands.
        span: Range<usize>,
        /// The partials that pass it on in turn, by name.
        below: Vec<String>,
    },
}

/// A parameter, or a part of one, and its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The parameter.
    pub name: String,
    /// The part of it.
    pub path: Vec<Part>,
    /// The way.
    pub steps: Vec<Step>,
    /// Whether it is a value that was made of it, of which all parts are.
    is_made: bool,
    /// The partial's parameter that says of it that it is a stranger's, and that partial.
    pub declared: Option<(String, String)>,
}

/// An untrusted value in a system message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Where it came from, and how.
    pub trace: Trace,
    /// Where it is printed, or passed to the partial that does.
    pub span: Range<usize>,
    /// The system block, where it is one of the template's own.
    pub block: Option<Range<usize>>,
}

/// What becomes of an argument of a partial.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    /// Whether the partial prints it as text of its own.
    pub is_printed: bool,
    /// The partials below that it takes to a system message, if it comes to one.
    pub to_system: Option<Vec<String>>,
    /// The parameter that declares what is printed so a stranger's, and its partial.
    pub declared: Option<(String, String)>,
}

/// What is known of the parameters and partials of a template.
pub trait Trust {
    /// Returns whether the value at `path` of the parameter `name` may hold a stranger's words.
    fn is_untrusted(&self, name: &str, path: &[Part]) -> bool;

    /// Returns what a partial makes of an argument.
    fn passed(&mut self, partial: &str, argument: &str) -> Passed;
}

/// What became of untrusted values.
#[derive(Debug, Default)]
pub struct Flows {
    /// Those that came to a system message.
    pub to_system: Vec<Flow>,
    /// Whether one was printed outside of any message.
    pub is_printed: bool,
    /// The parameter of a partial that declares one of these a stranger's, and the partial.
    pub declared: Option<(String, String)>,
}

/// Follows the untrusted values of a template.
pub fn follow(template: &Template, trust: &mut dyn Trust) -> Flows {
    let mut walk = Walk { trust, found: Flows::default(), visits: 0 };
    walk.nodes(template.nodes(), &mut Names::default(), &mut Into::Text);
    walk.found
}

/// What names hold: those of loops, and those that were assigned.
#[derive(Clone, Default)]
struct Names {
    local: Vec<(Box<str>, Vec<Trace>)>,
    assigned: HashMap<Box<str>, Vec<Trace>>,
}

impl Names {
    fn join(&mut self, other: Names) {
        for (name, traces) in other.assigned {
            add(self.assigned.entry(name).or_default(), traces);
        }
    }
}

/// Where printed text goes.
enum Into {
    /// The text of the template itself.
    Text,
    /// A system block.
    System(Range<usize>),
    /// A message of somebody else.
    Message,
    /// A `capture`.
    Capture(Vec<Trace>),
}

/// Whether one of several branches is always taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Covers {
    All,
    Some,
}

struct Walk<'t> {
    trust: &'t mut dyn Trust,
    found: Flows,
    visits: usize,
}

impl Walk<'_> {
    fn nodes(&mut self, nodes: &[Node], names: &mut Names, into: &mut Into) {
        self.visits += nodes.len();
        for node in nodes {
            self.node(node, names, into);
        }
    }

    fn node(&mut self, node: &Node, names: &mut Names, into: &mut Into) {
        match &node.kind {
            NodeKind::Output(chain) => {
                let traces = self.chain(chain, names);
                self.print(traces, &node.span, into);
            }
            NodeKind::Assign { name, value } => {
                let mut traces = self.chain(value, names);
                let span = name.span.clone();
                then(&mut traces, &Step::Set { tag: "assign", name: name.text.to_string(), span });
                names.assigned.insert((&*name.text).into(), traces);
            }
            NodeKind::Capture { name, body } => {
                let mut inner = Into::Capture(Vec::new());
                self.nodes(body, names, &mut inner);
                let Into::Capture(mut traces) = inner else { return };
                let span = name.span.clone();
                then(&mut traces, &Step::Set { tag: "capture", name: name.text.to_string(), span });
                names.assigned.insert((&*name.text).into(), traces);
            }
            NodeKind::If(branches) => {
                let is_else = |branch: &Branch| matches!(branch.guard, Guard::Else);
                let covers = if branches.iter().any(is_else) { Covers::All } else { Covers::Some };
                self.either(branches.iter().map(|Branch { body, .. }| body.as_slice()), covers, names, into);
            }
            NodeKind::Case { arms, .. } => {
                let covers = if arms.iter().any(|arm| arm.values.is_none()) { Covers::All } else { Covers::Some };
                self.either(arms.iter().map(|arm| arm.body.as_slice()), covers, names, into);
            }
            NodeKind::For(head) | NodeKind::TableRow(head) => self.for_loop(head, names, into),
            NodeKind::Cycle(cycle) => {
                for value in &cycle.values {
                    let traces = self.untrusted(value, names);
                    self.print(traces, &node.span, into);
                }
            }
            NodeKind::IfChanged(body) => self.nodes(body, names, into),
            NodeKind::Role { role, body } => {
                let mut inner = if *role == Role::System { Into::System(node.span.clone()) } else { Into::Message };
                self.nodes(body, names, &mut inner);
            }
            NodeKind::Render(render) => self.render(render, names, into),
            _ => {}
        }
    }

    /// Goes through branches of which one is taken, or none where they do not cover all cases.
    fn either<'n>(
        &mut self,
        bodies: impl Iterator<Item = &'n [Node]>,
        covers: Covers,
        names: &mut Names,
        into: &mut Into,
    ) {
        let before = names.clone();
        if covers == Covers::All {
            names.assigned.clear();
        }
        for body in bodies {
            let mut inner = before.clone();
            self.nodes(body, &mut inner, into);
            names.join(inner);
        }
    }

    fn for_loop(&mut self, head: &Loop, names: &mut Names, into: &mut Into) {
        let mut items = traces_of(&head.over, names);
        items.iter_mut().filter(|trace| !trace.is_made).for_each(|trace| trace.path.push(None));
        let (name, span) = (head.variable.text.to_string(), head.variable.span.clone());
        then(&mut items, &Step::Looped { name, span });
        let mut inner = names.clone();
        inner.local.push(((&*head.variable.text).into(), items));
        // What one round assigns the next one may print.
        for _ in 0..if self.visits < MAX_VISITS { 2 } else { 1 } {
            let before = inner.clone();
            self.nodes(&head.body, &mut inner, into);
            inner.join(before);
        }
        inner.local.pop();
        let mut without = names.clone();
        self.nodes(&head.otherwise, &mut without, into);
        names.join(inner);
        names.join(without);
    }

    fn render(&mut self, render: &Render, names: &mut Names, into: &mut Into) {
        if let Some(subject) = &render.subject {
            let mut traces = traces_of(&subject.value, names);
            if subject.each {
                traces.iter_mut().filter(|trace| !trace.is_made).for_each(|trace| trace.path.push(None));
            }
            self.pass(render, (&subject.alias, &subject.value), traces, into);
        }
        for (name, value) in &render.arguments {
            self.pass(render, (name.as_str(), value), traces_of(value, names), into);
        }
    }

    /// Follows an argument into a partial.
    fn pass(&mut self, render: &Render, (argument, value): (&str, &Expression), traces: Vec<Trace>, into: &mut Into) {
        let traces = self.settled(traces);
        if traces.is_empty() {
            return;
        }
        let Passed { is_printed, to_system, declared } = self.trust.passed(&render.name, argument);
        let step =
            |below: Vec<String>| Step::Rendered { partial: render.name.to_string(), span: render.place.clone(), below };
        if let Some(below) = to_system {
            let mut traces = traces.clone();
            then(&mut traces, &step(below));
            for trace in traces {
                self.note(Flow { trace, span: render.place.clone(), block: None });
            }
        }
        if is_printed {
            let mut traces = traces;
            then(&mut traces, &step(Vec::new()));
            let place = span_of(value).filter(|_| declared.is_some()).unwrap_or_else(|| render.place.clone());
            traces.iter_mut().for_each(|trace| trace.declared = trace.declared.take().or(declared.clone()));
            self.print(traces, &place, into);
        }
    }

    fn print(&mut self, traces: Vec<Trace>, span: &Range<usize>, into: &mut Into) {
        match into {
            Into::Text => {
                self.found.is_printed |= !traces.is_empty();
                let declared = traces.into_iter().find_map(|trace| trace.declared);
                self.found.declared = self.found.declared.take().or(declared);
            }
            Into::Message => {}
            Into::Capture(captured) => add(captured, traces),
            Into::System(block) => {
                for trace in traces {
                    self.note(Flow { trace, span: span.clone(), block: Some(block.clone()) });
                }
            }
        }
    }

    /// Notes a flow, of several from one parameter to one place the first.
    fn note(&mut self, flow: Flow) {
        let is_same = |known: &Flow| {
            let declared = |flow: &Flow| flow.trace.declared.is_some();
            known.span == flow.span && known.trace.name == flow.trace.name && declared(known) == declared(&flow)
        };
        if !self.found.to_system.iter().any(is_same) {
            self.found.to_system.push(flow);
        }
    }

    /// Returns what of a value with filters may be a stranger's; the value itself where there are none.
    fn chain(&mut self, chain: &Chain, names: &Names) -> Vec<Trace> {
        if chain.filters.is_empty() {
            return match traces_of(&chain.head, names) {
                traces if traces.iter().any(|trace| !trace.is_made) => self.kept(traces),
                traces => traces,
            };
        }
        let mut traces = self.untrusted(&chain.head, names);
        for call in &chain.filters {
            // How large something is is no text.
            if call.name() == "size" {
                traces.clear();
            }
            for argument in &call.positional {
                let more = self.untrusted(argument, names);
                add(&mut traces, more);
            }
        }
        traces.iter_mut().for_each(|trace| trace.is_made = true);
        traces
    }

    /// Returns those traces that are untrusted, in part at least, as they are.
    fn kept(&mut self, traces: Vec<Trace>) -> Vec<Trace> {
        let trust = &*self.trust;
        traces.into_iter().filter(|it| it.is_made || trust.is_untrusted(&it.name, &it.path)).collect()
    }

    fn settled(&mut self, traces: Vec<Trace>) -> Vec<Trace> {
        let mut traces = self.kept(traces);
        traces.iter_mut().for_each(|trace| trace.is_made = true);
        traces
    }

    fn untrusted(&mut self, expression: &Expression, names: &Names) -> Vec<Trace> {
        let traces = traces_of(expression, names);
        self.kept(traces)
    }
}

/// Returns what an expression may hold: parameters, or what names were given.
fn traces_of(expression: &Expression, names: &Names) -> Vec<Trace> {
    let Expression::Variable(Variable { root: Root::Name(name), path, .. }) = expression else { return Vec::new() };
    let parts: Vec<Part> = path.iter().map(part).collect();
    let local = names.local.iter().rev().find(|(local, _)| **local == *name.text).map(|(_, traces)| traces);
    // The size of something is no text, unless it is a property of that name.
    let is_size = parts.last().is_some_and(|part| part.as_deref() == Some("size"));
    let Some(traces) = local.or_else(|| names.assigned.get(&*name.text)) else {
        return vec![Trace {
            name: name.text.to_string(),
            path: parts,
            steps: Vec::new(),
            is_made: false,
            declared: None,
        }];
    };
    let mut traces = traces.clone();
    traces.retain(|trace| !(trace.is_made && is_size));
    for trace in traces.iter_mut().filter(|trace| !trace.is_made) {
        trace.path.extend(parts.iter().cloned());
    }
    traces
}

fn part(step: &PathStep) -> Part {
    match step {
        PathStep::Property(name) | PathStep::Index(Expression::Literal(Literal::Text(name))) => {
            Some(name.as_str().into())
        }
        PathStep::Index(_) => None,
    }
}

fn then(traces: &mut [Trace], step: &Step) {
    traces.iter_mut().for_each(|trace| trace.steps.push(step.clone()));
}

/// Adds traces of parts that are not among those known.
fn add(known: &mut Vec<Trace>, traces: Vec<Trace>) {
    for trace in traces {
        let is_same =
            |other: &Trace| (&other.name, &other.path, &other.declared) == (&trace.name, &trace.path, &trace.declared);
        if known.len() < MAX_TRACES && !known.iter().any(is_same) {
            known.push(trace);
        }
    }
}
