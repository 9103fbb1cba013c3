//! Renders a tree.
//!
//! Text goes to a [`Sink`]. A role block has a sink of its own, and what it holds in the end becomes
//! one message: nothing that is printed is ever read again. The sink of message level keeps nothing.
//!
//! What was given and what stands in the source is borrowed throughout: rendering allocates the
//! output, and what filters make. It ends: steps are counted and bounded, so are the depth, every
//! text and the output.

mod evaluate;
mod loops;
mod messages;
mod partials;
mod sink;
pub(super) mod trace;

pub(super) use evaluate::{contains, ordered, range_end};
pub(super) use loops::{how_many, to_items};
pub(super) use messages::{how_many_newest, messages_in};

use super::limits::Limits;
use super::syntax::{Branch, Chain, Cycle, Guard, Name, Node, NodeKind};
use super::value::{LoopState, MAX_DEPTH, Value, entry, is_shallow};
use super::{Dialect, Output, Partial, Partials, RenderError, Template, Values};
use partials::{Looked, Shelf};
use serde_json::{Map, Value as Json};
use sink::{Level, Sink};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use trace::{Origin, Place, Source, Sources, Traced};

type Rendered<T> = Result<T, Box<RenderError>>;

/// How many steps pass between two looks at the clock.
const STEPS_PER_LOOK: u64 = 1_024;

/// How many steps one more group of `cycle` counts for, which takes some hundred bytes of memory.
const STEPS_PER_GROUP: usize = 16;

/// Renders `template` with `values`.
pub(super) fn render(
    template: &Template,
    values: &Values,
    partials: &dyn Partials,
    limits: &Limits,
) -> Result<Output, Box<RenderError>> {
    run(template, values, partials, limits, false).map(|traced| traced.output)
}

/// Renders `template` with `values`, and tells of every part of the output where it comes from.
pub(super) fn trace(
    template: &Template,
    values: &Values,
    partials: &dyn Partials,
    limits: &Limits,
) -> Result<Traced, Box<RenderError>> {
    run(template, values, partials, limits, true)
}

fn run(
    template: &Template,
    values: &Values,
    partials: &dyn Partials,
    limits: &Limits,
    is_traced: bool,
) -> Result<Traced, Box<RenderError>> {
    let mut run = Run::new(limits, template.dialect);
    for (name, value) in values {
        if !is_shallow(value, MAX_DEPTH) {
            return Err(somewhere(format!("`{name}`: the value is nested deeper than {MAX_DEPTH} levels")));
        }
    }
    let is_chat = run.is_chat(template, partials)?;
    let level = if is_chat { Level::Messages } else { Level::Text };
    let mut sink = Sink::new(level, is_traced);
    let shelf = Shelf::default();
    let mut frame = Frame::new(template, values, partials, &shelf, is_traced);
    frame.template(&mut run, &mut sink)?;
    if is_chat {
        return Ok(Traced { output: Output::Messages(run.messages), origins: run.origins });
    }
    let (text, origins) = sink.finish(&mut run);
    Ok(Traced { output: Output::Text(text), origins: vec![origins] })
}

/// Returns the error that something failed at `span`.
fn failure<T>(span: &Range<usize>, message: impl Into<String>) -> Rendered<T> {
    Err(Box::new(RenderError { message: message.into(), span: Some(span.clone()), partial: None }))
}

/// Returns an error in words as one at a place that whoever calls knows.
fn somewhere(message: impl Into<String>) -> Box<RenderError> {
    Box::new(RenderError { message: message.into(), span: None, partial: None })
}

/// How rendering goes on after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    On,
    Break,
    Continue,
}

/// What a rendering has done so far, over all its partials.
struct Run<'r> {
    limits: &'r Limits,
    dialect: Dialect,
    messages: Vec<Map<String, Json>>,
    /// Where the text of each message comes from, if that is asked.
    origins: Vec<Vec<Origin>>,
    /// The bytes of the messages that were rendered.
    message_bytes: usize,
    /// The bytes of the texts that are being written.
    written: usize,
    /// The steps that are left until the limit, or until the clock is looked at.
    steps: u64,
    /// The steps that are left after those.
    later_steps: u64,
    began: Option<Instant>,
    depth: usize,
    looks: usize,
    /// The partials that were found, by the address of the tag that names them, which stays where it
    /// is: what holds it is kept here, too.
    found: HashMap<usize, Looked>,
    /// Which templates make messages, by their address.
    chats: HashMap<usize, (bool, Arc<dyn Partial>)>,
}

impl<'r> Run<'r> {
    fn new(limits: &'r Limits, dialect: Dialect) -> Run<'r> {
        // Without a limit of time nobody asks for the time.
        let steps = if limits.time.is_some() { limits.steps.min(STEPS_PER_LOOK) } else { limits.steps };
        Run {
            limits,
            dialect,
            messages: Vec::new(),
            origins: Vec::new(),
            message_bytes: 0,
            written: 0,
            steps,
            later_steps: limits.steps - steps,
            began: limits.time.map(|time| (time.clock)()),
            depth: 0,
            looks: 0,
            found: HashMap::new(),
            chats: HashMap::new(),
        }
    }

    /// Counts steps.
    #[inline]
    fn step(&mut self, count: usize) -> Rendered<()> {
        match self.steps.checked_sub(count as u64) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => self.look_at_the_clock(count as u64),
        }
    }

    /// Goes on with the steps that are left, if any are and there is time.
    #[cold]
    fn look_at_the_clock(&mut self, count: u64) -> Rendered<()> {
        let Some(left) = (self.steps + self.later_steps).checked_sub(count) else {
            return Err(somewhere(format!("the template takes more than {} steps", grouped(self.limits.steps))));
        };
        self.steps = left.min(STEPS_PER_LOOK);
        self.later_steps = left - self.steps;
        let (Some(time), Some(began)) = (self.limits.time, self.began) else { return Ok(()) };
        if (time.clock)().duration_since(began) > time.limit {
            return Err(somewhere(format!("the template takes longer than {:?}", time.limit)));
        }
        Ok(())
    }

    /// Goes one level deeper.
    fn enter(&mut self) -> Rendered<()> {
        self.depth += 1;
        let deepest = self.limits.deepest();
        // The top of the template is no block.
        if self.depth > deepest + 1 {
            return Err(somewhere(format!("blocks are nested deeper than {deepest} levels over all partials")));
        }
        Ok(())
    }
}

/// Returns a number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What one name means.
#[derive(Clone, Debug, Default)]
struct Slot<'a> {
    /// As the variable of a loop around.
    local: Option<Value<'a>>,
    /// As what `assign` or `capture` set.
    assigned: Option<Value<'a>>,
    /// As a counter.
    counter: Option<i64>,
}

/// One template being rendered: what its names mean.
struct Frame<'a> {
    template: &'a Template,
    /// The source that the nodes are of: the template's, or that of one it includes.
    source: &'a str,
    given: &'a Values,
    partials: &'a dyn Partials,
    /// By the numbers of the template's names; behind these stand names of included templates.
    slots: Vec<Slot<'a>>,
    /// The names that only included templates have.
    foreign_names: Vec<&'a str>,
    /// Inside an included template, the slots of its names.
    renumbered: Option<Rc<Vec<usize>>>,
    /// The included templates, kept until the rendering ends.
    shelf: &'a Shelf,
    /// Where the `for` around stands.
    around: Option<Rc<LoopState<'a>>>,
    /// States of loops that have ended, for those to come.
    idle: Vec<Rc<LoopState<'a>>>,
    cycles: HashMap<String, usize>,
    /// What an `ifchanged` gave last; all of a template share it, as in Liquid.
    changed: Option<String>,
    /// Where the loops of each name ended, for `offset: continue`.
    ends: HashMap<&'a str, usize>,
    /// How deep the template stands among the partials.
    level: usize,
    /// What variables come from, where that is asked.
    sources: Option<Sources>,
}

impl<'a> Frame<'a> {
    fn new(
        template: &'a Template,
        given: &'a Values,
        partials: &'a dyn Partials,
        shelf: &'a Shelf,
        is_traced: bool,
    ) -> Frame<'a> {
        Frame {
            template,
            source: &template.source,
            given,
            partials,
            slots: vec![Slot::default(); template.names.len()],
            foreign_names: Vec::new(),
            renumbered: None,
            shelf,
            around: None,
            idle: Vec::new(),
            cycles: HashMap::new(),
            changed: None,
            ends: HashMap::new(),
            level: 1,
            sources: is_traced.then(Sources::default),
        }
    }

    /// Returns the slot of the name that has the number `name` in the template being rendered.
    fn slot(&self, name: usize) -> usize {
        self.renumbered.as_ref().map_or(name, |slots| slots[name])
    }

    /// Returns what a name means here. As in Liquid, the variable of a loop comes before what was
    /// assigned, and a counter before what was given.
    fn lookup(&self, name: &'a Name) -> Option<Value<'a>> {
        let slot = &self.slots[self.slot(name.slot)];
        if let Some(value) = slot.local.as_ref().or(slot.assigned.as_ref()) {
            return Some(value.clone());
        }
        match slot.counter {
            Some(counter) => Some(Value::Int(counter)),
            None => self.parameter(&name.text),
        }
    }

    /// Returns what the name `text` means here, whatever template it stands in.
    fn lookup_text(&self, text: &str) -> Option<Value<'a>> {
        let own = self.template.names.iter().position(|name| **name == *text);
        let foreign = || self.foreign_names.iter().position(|name| *name == text);
        let place = own.or_else(|| Some(self.template.names.len() + foreign()?));
        if let Some(slot) = place.map(|place| &self.slots[place]) {
            if let Some(value) = slot.local.as_ref().or(slot.assigned.as_ref()) {
                return Some(value.clone());
            }
            if let Some(counter) = slot.counter {
                return Some(Value::Int(counter));
            }
        }
        self.parameter(text)
    }

    /// Returns the value that was given as `name`.
    fn parameter(&self, name: &str) -> Option<Value<'a>> {
        let declared = self.template.declared.as_ref().and_then(|declared| declared.property(name));
        entry(self.given, name).map(|json| Value::given(json, declared))
    }

    fn assign(&mut self, name: &Name, value: Value<'a>) {
        let slot = self.slot(name.slot);
        self.slots[slot].assigned = Some(value);
    }

    /// Renders the whole template. A `break` outside any loop ends it.
    fn template(&mut self, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<()> {
        // With roles of its own, a template that prints between messages was not parsed.
        if sink.level == Level::Messages
            && !self.template.is_chat()
            && let Some(problem) = self.template.printed_at_message_level().next()
        {
            return failure(&problem.span, problem.message);
        }
        self.nodes(&self.template.nodes, run, sink)?;
        Ok(())
    }

    fn nodes(&mut self, nodes: &'a [Node], run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        run.enter()?;
        for node in nodes {
            match self.node(node, run, sink) {
                Ok(Next::On) => {}
                Ok(next) => {
                    run.depth -= 1;
                    return Ok(next);
                }
                Err(error) => return Err(located(error, &node.span)),
            }
        }
        run.depth -= 1;
        Ok(Next::On)
    }

    /// Renders one node. What needs room on the stack is in functions of its own: nodes recurse.
    fn node(&mut self, node: &'a Node, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        run.step(1)?;
        match &node.kind {
            NodeKind::Text(text) => sink.own(&self.source[text.clone()], text, run)?,
            NodeKind::Output(chain) => self.output(chain, &node.span, run, sink)?,
            NodeKind::Assign { name, value } => self.assignment(name, value, run)?,
            NodeKind::Capture { name, body } => return self.capture(name, body, run),
            NodeKind::If(branches) => return self.branches(branches, run, sink),
            NodeKind::Case { subject, arms } => return self.case(subject, arms, run, sink),
            NodeKind::For(head) => return self.for_loop(head, run, sink),
            NodeKind::TableRow(head) => return self.table_row(head, &node.span, run, sink),
            NodeKind::Cycle(cycle) => self.cycle(cycle, &node.span, run, sink)?,
            NodeKind::Increment(name) => self.count(name, Count::Up, &node.span, run, sink)?,
            NodeKind::Decrement(name) => self.count(name, Count::Down, &node.span, run, sink)?,
            NodeKind::IfChanged(body) => return self.if_changed(body, run, sink),
            NodeKind::Break => return Ok(Next::Break),
            NodeKind::Continue => return Ok(Next::Continue),
            NodeKind::Render(render) => self.render(render, run, sink)?,
            NodeKind::Include(include) => return self.include(include, run, sink),
            NodeKind::Role { role, body } => self.message(*role, body, &node.span, run)?,
            NodeKind::History { parameter, last } => self.history(parameter, last.as_deref(), run)?,
        }
        Ok(Next::On)
    }

    #[inline(never)]
    fn output(&mut self, chain: &'a Chain, span: &Range<usize>, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<()> {
        let value = self.chain(chain, run)?;
        let place = self.origin_of(chain, run)?;
        if let (Dialect::Prompt, Some(why)) = (run.dialect, value.why_not_printed()) {
            return unprinted(chain, self.source, why);
        }
        sink.value(&value, span, place, run)
    }

    #[inline(never)]
    fn assignment(&mut self, name: &'a Name, value: &'a Chain, run: &mut Run<'_>) -> Rendered<()> {
        let made = self.chain(value, run)?;
        let source = self.origin_of(value, run)?.map(|place| Source { place, is_whole: value.filters.is_empty() });
        let slot = self.slot(name.slot);
        if let Some(sources) = &mut self.sources {
            sources.set(slot, source);
        }
        self.assign(name, made);
        Ok(())
    }

    /// Returns what the value of a chain comes from, if that is asked.
    fn origin_of(&mut self, chain: &'a Chain, run: &mut Run<'_>) -> Rendered<Option<Place>> {
        if self.sources.is_none() {
            return Ok(None);
        }
        let (mut from, mut filters) = (&chain.head, chain.filters.as_slice());
        // Where `default` had to stand in, the value is its argument's.
        if let Some((call, rest)) = filters.split_first().filter(|(call, _)| call.is_default()) {
            let value = self.expression(from, run)?;
            if !value.is_true() || value.is_empty() {
                from = call.positional.first().unwrap_or(from);
            }
            filters = rest;
        }
        Ok(self.sources.as_ref().map(|sources| sources.of_chain(self, from, filters)))
    }

    #[inline(never)]
    fn capture(&mut self, name: &'a Name, body: &'a [Node], run: &mut Run<'_>) -> Rendered<Next> {
        let mut inner = Sink::new(Level::Text, false);
        let next = self.nodes(body, run, &mut inner)?;
        let slot = self.slot(name.slot);
        if let Some(sources) = &mut self.sources {
            sources.set(slot, None);
        }
        let (text, _) = inner.finish(run);
        // It is kept, unlike what is only printed.
        run.step(text.len() / 16)?;
        self.assign(name, text.into());
        Ok(next)
    }

    #[inline(never)]
    fn branches(&mut self, branches: &'a [Branch], run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        for (number, Branch { guard, span, body }) in branches.iter().enumerate() {
            if number > 0 {
                run.step(1)?;
            }
            let holds = match guard {
                Guard::If(condition) => self.condition(condition, run).map_err(|error| located(error, span))?,
                Guard::Unless(condition) => !self.condition(condition, run).map_err(|error| located(error, span))?,
                Guard::Else => true,
            };
            if holds {
                return self.nodes(body, run, sink);
            }
        }
        Ok(Next::On)
    }

    #[inline(never)]
    fn cycle(&mut self, cycle: &'a Cycle, span: &Range<usize>, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<()> {
        let key = match &cycle.group {
            Some(group) => format!("group {}", self.expression(group, run)?.print(Dialect::Lax).map_err(somewhere)?),
            None => cycle.key.to_string(),
        };
        run.step(key.len() / 16)?;
        let place = match self.cycles.get(&key) {
            Some(place) => *place,
            // Each group is kept until the end.
            None => {
                run.step(STEPS_PER_GROUP)?;
                0
            }
        };
        let value = match cycle.values.get(place) {
            Some(value) => self.expression(value, run)?,
            // A shorter cycle of the same name has no such value.
            None => Value::Nil,
        };
        let origin = cycle.values.get(place).zip(self.sources.as_ref());
        let origin = origin.map(|(value, sources)| sources.of_expression(self, value));
        self.cycles.insert(key, if place + 1 >= cycle.values.len() { 0 } else { place + 1 });
        sink.value(&value, span, origin, run)
    }

    /// Prints a counter and counts.
    #[inline(never)]
    fn count(
        &mut self,
        name: &'a Name,
        way: Count,
        span: &Range<usize>,
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<()> {
        let slot = self.slot(name.slot);
        // Liquid counts on from a number that was given; a prompt's counters are its own.
        let given = || match (run.dialect, self.given.get(&*name.text).map(Value::from)) {
            (Dialect::Lax, Some(Value::Int(number))) => number,
            _ => 0,
        };
        let counter = self.slots[slot].counter.unwrap_or_else(given);
        let (printed, next) = match way {
            Count::Up => (counter, counter.saturating_add(1)),
            Count::Down => (counter.saturating_sub(1), counter.saturating_sub(1)),
        };
        self.slots[slot].counter = Some(next);
        sink.value(&Value::Int(printed), span, None, run)
    }

    #[inline(never)]
    fn if_changed(&mut self, body: &'a [Node], run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        let mut inner = Sink::new(Level::Text, sink.is_traced());
        let next = self.nodes(body, run, &mut inner)?;
        let (text, origins) = inner.into_parts(run);
        if self.changed.as_ref() != Some(&text) {
            sink.foreign(&text, origins, run)?;
            self.changed = Some(text);
        }
        Ok(next)
    }
}

/// Which way a counter counts.
#[derive(Clone, Copy)]
enum Count {
    Up,
    Down,
}

/// Returns the error that a chain's value is not printed; where it is a variable, as that is written.
#[cold]
fn unprinted<T>(chain: &Chain, source: &str, why: &str) -> Rendered<T> {
    match chain.head.as_variable().filter(|_| chain.filters.is_empty()) {
        Some(variable) => failure(&variable.span, format!("`{}`: {why}", &source[variable.span.clone()])),
        None => Err(somewhere(why)),
    }
}

/// Returns the error at `span`, unless it has a place of its own.
#[cold]
fn located(error: Box<RenderError>, span: &Range<usize>) -> Box<RenderError> {
    let mut error = error;
    if error.span.is_none() && error.partial.is_none() {
        error.span = Some(span.clone());
    }
    error
}
