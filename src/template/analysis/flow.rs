//! Following a template on all its ways at once.
//!
//! A node is given the worlds that may come to it and gives those that leave it. On the way it is noted
//! what is read while it may be nil or is not defined, and which branches no world ever enters.

mod branches;
mod issue;
mod loops;
mod passing;
mod ways;

use super::domain::{Domain, Known, kind};
use super::fit::{Misfit, Tried};
use super::samples::Made;
use super::shape::Shape;
use super::world::{self, ASSIGNED, COUNTER, Merged, PlaceId, Places, Segment, Turn, World};
use crate::template::Template;
use crate::template::syntax::{Chain, Expression, Name, Node, NodeKind, Render};
use branches::{Entrance, Truth, why_never};
pub use issue::{Count, Finding, Hollow, Issue, Need, Types};
use loops::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;
use ways::Ways;

/// The most worlds that are kept apart.
const MAX_WORLDS: usize = 40;
/// The most times that a loop is gone through before what changes in it is given up on.
const MAX_ROUNDS: usize = 8;
/// The most work that is done: about how many things known of worlds are looked at.
const MAX_WORK: usize = 700_000;
/// How much more for each byte of the source.
const WORK_PER_BYTE: usize = 3;

/// What a template is given.
pub trait Inputs {
    /// Returns the parameters that it may read, and what they may be.
    fn parameters(&self) -> Vec<(String, Rc<Shape>)>;

    /// Returns what the partial that is named so takes as `argument`; nothing where that is not known.
    fn taken(&self, partial: &str, argument: &str) -> Option<Taken>;

    /// Returns why that does not take every value of `domain` with these parts, nil aside; nothing where it
    /// does, or where that is not known.
    fn unfit(&self, partial: &str, argument: &str, domain: &Domain, shape: Option<&Shape>) -> Option<Unfit>;
}

/// What a partial takes as one of its parameters.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The parameter's name.
    pub name: String,
    /// What it may be, nil aside.
    pub domain: Domain,
    /// Whether it must be given.
    pub is_required: bool,
}

/// Why a partial does not take what is passed to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unfit {
    /// Whether it takes no value; else it takes some.
    pub is_always: bool,
    /// Why, in words.
    pub reason: String,
}

/// What following a template has found.
#[derive(Debug, Default)]
pub struct Followed {
    /// The findings, by place.
    pub findings: Vec<Finding>,
    /// Whether every way was followed; where there are too many, findings may be missing.
    pub is_whole: bool,
    /// The parts of the source that no way leads to, in order; none where not every way was followed.
    pub dead: Vec<Range<usize>>,
}

impl Followed {
    /// Returns whether no way leads to `span`.
    pub fn is_dead(&self, span: &Range<usize>) -> bool {
        let behind = self.dead.partition_point(|part| part.start <= span.start);
        behind.checked_sub(1).is_some_and(|at| span.end <= self.dead[at].end)
    }
}

/// Follows `template` with what `inputs` say.
pub fn follow(template: &Template, inputs: &dyn Inputs) -> Followed {
    let mut flow = Flow::new(template, inputs);
    let ends = flow.nodes(template.nodes(), vec![World::default()]);
    drop(ends);
    let mut dead = Vec::new();
    if flow.is_whole {
        add_dead(template.nodes(), &flow.reached, &mut dead);
    }
    Followed { dead, ..flow.finish() }
}

/// Adds the parts of `nodes` that are not `reached`.
fn add_dead(nodes: &[Node], reached: &HashSet<usize>, dead: &mut Vec<Range<usize>>) {
    for node in nodes {
        match reached.contains(&node.span.start) {
            true => node.bodies(&mut |body| add_dead(body, reached, dead)),
            false => dead.push(node.span.start..end(node)),
        }
    }
}

/// Returns where a node and all that it holds ends, its closing tag aside.
fn end(node: &Node) -> usize {
    let mut last = node.span.end;
    node.bodies(&mut |body| last = body.iter().map(end).fold(last, usize::max));
    last
}

/// The worlds that leave a node, by how.
#[derive(Default)]
pub(super) struct Ends {
    pub(super) on: Vec<World>,
    pub(super) breaks: Vec<World>,
    pub(super) continues: Vec<World>,
}

impl Ends {
    fn on(worlds: Vec<World>) -> Ends {
        Ends { on: worlds, ..Ends::default() }
    }

    fn add(&mut self, other: Ends) {
        self.on.extend(other.on);
        self.breaks.extend(other.breaks);
        self.continues.extend(other.continues);
    }

    fn all(self) -> Vec<World> {
        self.on.into_iter().chain(self.breaks).chain(self.continues).collect()
    }
}

/// A value in a world.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) domain: Domain,
    pub(super) place: Option<PlaceId>,
    pub(super) shape: Option<Rc<Shape>>,
    /// The filter that gave it.
    pub(super) by: Option<&'static str>,
    /// The list of which it is any item.
    pub(super) item_of: Option<PlaceId>,
}

impl Value {
    /// Returns a value that stands nowhere yet.
    pub(super) fn made(domain: Domain) -> Value {
        Value { domain, place: None, shape: None, by: None, item_of: None }
    }
}

/// A value that is passed: the partial, its argument, and what the value may be.
type Passed = (String, String, Domain, Option<*const Shape>);

/// Following one template.
pub(super) struct Flow<'a> {
    inputs: &'a dyn Inputs,
    pub(super) source: &'a str,
    pub(super) places: Places,
    parameters: HashMap<String, Rc<Shape>>,
    findings: HashMap<(Issue, usize, usize), Ways>,
    /// How the worlds came to the node that is looked at.
    here: Rc<[Vec<Turn>]>,
    /// The tag that is looked at.
    pub(super) tag: Range<usize>,
    /// By the start of the tag, and 0 or the number of one of several values of a `when`.
    entrances: BTreeMap<(usize, usize), Entrance>,
    /// By where the value stands.
    truths: BTreeMap<usize, Truth>,
    /// Where the nodes start that some world has come to.
    reached: HashSet<usize>,
    /// The turns around, which need not be told.
    around: Vec<Turn>,
    /// How many indexes are around.
    pub(super) nested: usize,
    /// How many loops are around.
    depth: usize,
    /// Whether something was compared that cannot be.
    pub(super) is_faulty: bool,
    /// The `forloop` of each `for` around.
    loops: Vec<Rc<Shape>>,
    /// The numbers of names whose values conditions ask for.
    asked: BTreeSet<usize>,
    /// What filters make, by their place and what of.
    shapes: HashMap<(usize, *const Shape), Rc<Shape>>,
    /// The state of each loop, by its place.
    states: HashMap<usize, Rc<Shape>>,
    /// What was tried on values, and what came of it.
    pub(super) tried: HashMap<Tried, Option<Misfit>>,
    /// The declared properties that are meant by what is read of a value without it, by the place.
    pub(super) meant: HashMap<(usize, String), Option<String>>,
    /// Why partials do not take what was passed to them.
    passed: HashMap<Passed, Option<Unfit>>,
    /// The values that stand for others where they are tried.
    pub(super) samples: Made,
    /// Shapes that are known by their address.
    pub(super) kept: Vec<Rc<Shape>>,
    plain: Rc<Shape>,
    /// What the template has made, whose type is known.
    typed: Rc<Shape>,
    numbers: Rc<Shape>,
    texts: Rc<Shape>,
    pairs: Rc<Shape>,
    visits: usize,
    pub(super) work: usize,
    most_work: usize,
    is_whole: bool,
}

impl<'a> Flow<'a> {
    fn new(template: &'a Template, inputs: &'a dyn Inputs) -> Flow<'a> {
        let mut asked = BTreeSet::new();
        super::asked::in_nodes(template.nodes(), &mut asked);
        Flow {
            inputs,
            source: template.source(),
            places: Places::new(),
            parameters: inputs.parameters().into_iter().collect(),
            findings: HashMap::new(),
            here: Rc::default(),
            tag: 0..0,
            entrances: BTreeMap::new(),
            truths: BTreeMap::new(),
            reached: HashSet::new(),
            around: Vec::new(),
            nested: 0,
            depth: 0,
            is_faulty: false,
            loops: Vec::new(),
            asked,
            shapes: HashMap::new(),
            states: HashMap::new(),
            tried: HashMap::new(),
            meant: HashMap::new(),
            passed: HashMap::new(),
            samples: Made::default(),
            kept: Vec::new(),
            plain: Shape::plain(Domain::anything()),
            typed: Shape::plain(Domain::typed()),
            numbers: Shape::count(),
            texts: Shape::plain(Domain::of_kinds(kind::TEXTS)),
            pairs: Shape::pair(),
            visits: 0,
            work: 0,
            most_work: MAX_WORK + WORK_PER_BYTE * template.source().len(),
            is_whole: true,
        }
    }

    fn finish(self) -> Followed {
        let Flow { findings, entrances, truths, places, is_whole, .. } = self;
        let mut found: Vec<Finding> = findings
            .into_iter()
            .map(|((issue, start, end), ways)| Finding { issue, span: start..end, way: ways.told() })
            .collect();
        // Where ways were left out, a branch that none entered may have been on one of them.
        let arms: BTreeSet<usize> =
            entrances.iter().filter(|(key, it)| key.1 == 0 && it.is_entered).map(|(key, _)| key.0).collect();
        let never: Vec<Entrance> = entrances
            .into_iter()
            .filter(|((start, value), it)| {
                is_whole && !it.is_entered && it.is_variable && !it.is_faulty && (*value == 0 || arms.contains(start))
            })
            .map(|(_, entrance)| entrance)
            .collect();
        let starts = never.iter().map(|entrance| entrance.span.start).collect();
        found.extend(truths.into_values().filter(|_| is_whole).filter_map(|truth| truth.finding(&starts)));
        found.extend(never.into_iter().map(|entrance| {
            let (reason, instead) = why_never(&places, &entrance);
            let issue = Issue::NeverTaken { value: entrance.value, reason, instead };
            Finding { issue, span: entrance.span, way: Vec::new() }
        }));
        found.sort_by_key(|finding| (finding.span.start, finding.span.end, format!("{:?}", finding.issue)));
        Followed { findings: found, is_whole, dead: Vec::new() }
    }

    /// Notes an issue and the way there.
    pub(super) fn note(&mut self, issue: Issue, span: &Range<usize>, world: &World) {
        let ways = self.findings.entry((issue, span.start, span.end)).or_default();
        ways.add(&world.trail, self.visits, &self.here);
    }

    /// Notes that the branch of the `else` around, if one is, makes an issue what it is.
    pub(super) fn note_else(&mut self, issue: Issue, span: &Range<usize>, world: &World) {
        let around = self.around.iter().filter(|turn| matches!(turn, Turn::Else(_))).cloned().collect();
        self.findings.entry((issue.clone(), span.start, span.end)).or_default().around = around;
        self.note(issue, span, world);
    }

    /// Says which worlds have come to what is looked at.
    pub(super) fn arrived(&mut self, worlds: &[World]) {
        self.visits += 1;
        self.here = worlds.iter().map(|world| world.trail.clone()).collect();
    }

    pub(super) fn merge(&mut self, worlds: Vec<World>) -> Vec<World> {
        let Merged { worlds, is_whole, work } = world::merged(&mut self.places, worlds, MAX_WORLDS);
        self.is_whole &= is_whole;
        self.work += work;
        worlds
    }

    /// Counts the work of going on in `worlds`, and returns whether there is room for it.
    pub(super) fn has_room(&mut self, worlds: &[World]) -> bool {
        self.work += worlds.iter().map(World::weight).sum::<usize>();
        self.is_whole &= self.work <= self.most_work;
        self.work <= self.most_work
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], worlds: Vec<World>) -> Ends {
        let mut ends = Ends::on(worlds);
        for node in nodes {
            if ends.on.is_empty() {
                break;
            }
            if !self.has_room(&ends.on) {
                break;
            }
            let worlds = std::mem::take(&mut ends.on);
            self.arrived(&worlds);
            self.tag = node.span.clone();
            self.reached.insert(node.span.start);
            let after = self.node(node, worlds);
            ends.add(after);
        }
        ends
    }

    fn node(&mut self, node: &Node, mut worlds: Vec<World>) -> Ends {
        match &node.kind {
            NodeKind::Text(_) | NodeKind::Include(_) => {}
            NodeKind::Output(chain) => worlds.iter().for_each(|world| self.output(chain, world)),
            NodeKind::Assign { name, value } => worlds.iter_mut().for_each(|world| self.assign(name, value, world)),
            NodeKind::Capture { name, body } => return self.capture(name, body, worlds),
            NodeKind::If(branches) => return self.branches(branches, worlds),
            NodeKind::Case { subject, arms } => return self.case(&node.span, subject, arms, worlds),
            NodeKind::For(head) => return self.for_loop(&node.span, head, Table::No, worlds),
            NodeKind::TableRow(head) => return self.for_loop(&node.span, head, Table::Yes, worlds),
            NodeKind::Cycle(cycle) => {
                for world in &worlds {
                    cycle.group.iter().for_each(|group| drop(self.value(group, world)));
                    cycle.values.iter().for_each(|value| self.need(value, world, &Need::Printed));
                }
            }
            NodeKind::Increment(name) | NodeKind::Decrement(name) => {
                let shape = self.numbers.clone();
                let place = self.places.root(Segment::Counter(name.slot), &shape, name.as_str());
                for world in &mut worlds {
                    world.names.insert((name.slot, COUNTER), place);
                    world.set(&self.places, place, Domain::of_kinds(kind::NUMBER));
                }
            }
            NodeKind::IfChanged(body) => return self.nodes(body, worlds),
            NodeKind::Break => return Ends { breaks: worlds, ..Ends::default() },
            NodeKind::Continue => return Ends { continues: worlds, ..Ends::default() },
            NodeKind::Render(render) => worlds.iter().for_each(|world| self.render(render, world)),
            NodeKind::Role { role, body } => {
                if !body.iter().any(|node| may_print(node, self.source)) {
                    let reason = format!("the `{}` message comes out empty", role.as_str());
                    let issue = Issue::Fails { part: String::new(), with: Vec::new(), reason };
                    worlds.iter().for_each(|world| self.note(issue.clone(), &node.span, world));
                }
                let worlds = self.nodes(body, worlds).all();
                return Ends::on(self.merge(worlds));
            }
            NodeKind::History { parameter, last } => {
                for world in &worlds {
                    last.iter().for_each(|last| self.need(last, world, &Need::Counted(Count::Newest)));
                    self.history(parameter, world);
                }
            }
        }
        Ends::on(worlds)
    }

    fn output(&mut self, chain: &Chain, world: &World) {
        let value = self.chain(chain, world);
        let span = span_of(&chain.head).or_else(|| chain.filters.first().map(|call| call.span.clone()));
        self.check(&value, &Need::Printed, &span.unwrap_or(self.tag.clone()), world);
    }

    /// `history` reads the parameter, whatever else is called so.
    fn history(&mut self, parameter: &Name, world: &World) {
        let Some(shape) = self.given(parameter.as_str()).cloned() else { return };
        let place = self.places.root(Segment::Parameter(parameter.as_str().into()), &shape, parameter.as_str());
        let value = self.value_at(place, world);
        self.fit_history(&value, &parameter.span, world);
    }

    fn assign(&mut self, name: &Name, value: &Chain, world: &mut World) {
        let mut made = self.chain(value, world);
        let target = (name.slot, ASSIGNED);
        let own = Segment::Made(name.slot);
        made.place = made.place.or_else(|| self.with_default(name, value, world));
        if let Some(place) = made.place.filter(|place| !self.places.is_root(*place, &own)) {
            world.renew(&mut self.places, &own, Some(target));
            world.names.insert(target, place);
            return;
        }
        let is_asked = self.asked.contains(&name.slot);
        let shape = if made.domain.is_open() { self.plain.clone() } else { self.typed.clone() };
        let shape = made.shape.unwrap_or(shape);
        let place = self.places.root(own.clone(), &shape, name.as_str());
        world.renew(&mut self.places, &own, Some(target));
        world.set(&self.places, place, if is_asked { made.domain } else { made.domain.blurred() });
        world.names.insert(target, place);
    }

    /// Returns the place of a name that is asked of and given a value with a literal as its `default`: what is
    /// asked of it says something of the value as well.
    fn with_default(&mut self, name: &Name, chain: &Chain, world: &World) -> Option<PlaceId> {
        let (Expression::Variable(variable), [call]) = (&chain.head, chain.filters.as_slice()) else { return None };
        let (true, [], [Expression::Literal(literal)]) =
            (call.is_default(), call.keyword.as_slice(), call.positional.as_slice())
        else {
            return None;
        };
        let known = Known::of_literal(literal).filter(|_| self.asked.contains(&name.slot))?;
        let whole = self.place_of(variable, world)?;
        // In a loop a default of a default of … would never come to an end.
        if self.places.has_default(whole) {
            return self.places.is_default(whole, name.slot, &known).then_some(whole);
        }
        let is_own = self.places.is_root(whole, &Segment::Made(name.slot));
        (!is_own).then(|| self.places.with_default(whole, name.slot, known, name.as_str()))
    }

    fn capture(&mut self, name: &Name, body: &[Node], worlds: Vec<World>) -> Ends {
        let mut ends = self.nodes(body, worlds);
        let shape = self.typed.clone();
        let own = Segment::Made(name.slot);
        let place = self.places.root(own.clone(), &shape, name.as_str());
        let target = (name.slot, ASSIGNED);
        for world in ends.on.iter_mut().chain(&mut ends.breaks).chain(&mut ends.continues) {
            world.renew(&mut self.places, &own, Some(target));
            world.set(&self.places, place, Domain::of_kinds(kind::TEXTS));
            world.names.insert(target, place);
        }
        ends
    }

    /// Goes through `body` in `worlds`, which come there by `turn`.
    fn inside(&mut self, turn: Turn, body: &[Node], mut worlds: Vec<World>) -> Ends {
        worlds.iter_mut().for_each(|world| world.trail.push(turn.clone()));
        self.around.push(turn);
        let ends = self.nodes(body, worlds);
        self.around.pop();
        ends
    }

    fn render(&mut self, render: &Render, world: &World) {
        if let Some(subject) = &render.subject {
            let value = self.value(&subject.value, world);
            let span = span_of(&subject.value).unwrap_or_else(|| render.place.clone());
            let given = if subject.each {
                self.check_nil(&value, &Need::Looped, &span, world);
                self.each_of(&value)
            } else {
                value
            };
            self.pass((render, &subject.alias), &given, &span, world);
        }
        for (name, expression) in &render.arguments {
            let value = self.value(expression, world);
            let span = span_of(expression).unwrap_or_else(|| name.span.clone());
            self.pass((render, name.as_str()), &value, &span, world);
        }
    }

    /// Checks a value that is passed to a partial.
    fn pass(&mut self, (render, argument): (&Render, &str), value: &Value, span: &Range<usize>, world: &World) {
        let Some(taken) = self.inputs.taken(&render.name, argument) else { return };
        let (partial, parameter) = (render.name.to_string(), taken.name.clone());
        if taken.is_required {
            self.check_nil(
                value,
                &Need::Passed { partial: partial.clone(), parameter: parameter.clone() },
                span,
                world,
            );
        }
        let given = value.domain.without_nil().as_json();
        if given.is_nothing() {
            return;
        }
        let refused: Vec<String> = match given.values() {
            Some(values) => values.iter().filter(|it| !taken.domain.holds(it)).map(Known::shown).collect(),
            None if value.is_open() || given.intersection(&taken.domain).is_nothing() => Vec::new(),
            None => given.types().difference(&taken.domain.types()).map(ToString::to_string).collect(),
        };
        if !refused.is_empty() || given.intersection(&taken.domain).is_nothing() {
            let words = |domain: &Domain| domain.types().into_iter().collect::<Vec<_>>().join(" or ");
            let part = value.place.map(|place| self.places.label(place).to_owned()).unwrap_or_default();
            let types = Types { part, given: words(&given), taken: words(&taken.domain) };
            self.note(Issue::Refused { partial, parameter, values: refused, types }, span, world);
            return;
        }
        self.check_parts((render, argument, &taken), value, span, world);
    }

    /// Returns the shape that the filter at `site` gives the list of items that it makes of `whole`.
    pub(super) fn made_shape(
        &mut self,
        site: usize,
        whole: &Rc<Shape>,
        items: impl FnOnce(&Rc<Shape>) -> Option<Rc<Shape>>,
    ) -> Rc<Shape> {
        let kept = &mut self.kept;
        let make = || {
            kept.push(whole.clone());
            let domain = Domain::of_kinds(kind::LIST | kind::EMPTY_LIST);
            Rc::new(Shape { domain, items: items(whole), ..Shape::default() })
        };
        self.shapes.entry((site, Rc::as_ptr(whole))).or_insert_with(make).clone()
    }

    pub(super) fn given(&self, name: &str) -> Option<&Rc<Shape>> {
        self.parameters.get(name)
    }
}

/// Returns whether a node may give anything but white space where it stands.
fn may_print(node: &Node, source: &str) -> bool {
    let mut prints = false;
    match &node.kind {
        NodeKind::Text(text) => prints = !source[text.clone()].trim().is_empty(),
        NodeKind::Assign { .. } | NodeKind::Capture { .. } | NodeKind::Break | NodeKind::Continue => {}
        NodeKind::If(_) | NodeKind::Case { .. } | NodeKind::For(_) | NodeKind::IfChanged(_) => {
            node.bodies(&mut |body| prints |= body.iter().any(|node| may_print(node, source)));
        }
        _ => prints = true,
    }
    prints
}

/// Returns where an expression stands, as far as the tree says.
pub(super) fn span_of(expression: &Expression) -> Option<Range<usize>> {
    match expression {
        Expression::Literal(_) => None,
        Expression::Variable(variable) => Some(variable.span.clone()),
        Expression::Range(range) => Some(range.span.clone()),
    }
}
