//! Following a template on all its ways at once.
//!
//! A node is given the worlds that may come to it and gives those that leave it. On the way it is noted
//! what is read while it may be nil or is not defined, and which branches no world ever enters.

mod branches;
mod loops;

use super::domain::{Domain, Known, Nil, kind};
use super::shape::Shape;
use super::world::{self, ASSIGNED, COUNTER, Merged, PlaceId, Places, Segment, Turn, World};
use crate::template::Template;
use crate::template::syntax::{Chain, Expression, Name, Node, NodeKind, Render};
use branches::{Entrance, why_never};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;

/// The most worlds that are kept apart.
const MAX_WORLDS: usize = 40;
/// The most times that a loop is gone through before what changes in it is given up on.
const MAX_ROUNDS: usize = 8;
/// The most work that is done: about how many things known of worlds are looked at.
const MAX_WORK: usize = 1_000_000;
/// How much more for each byte of the source.
const WORK_PER_BYTE: usize = 8;

/// What a template is given.
pub trait Inputs {
    /// Returns the parameters that it may read, and what they may be.
    fn parameters(&self) -> Vec<(String, Rc<Shape>)>;

    /// Returns what the partial that is named so takes as `argument`; nothing where that is not known.
    fn taken(&self, partial: &str, argument: &str) -> Option<Taken>;
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

/// What a value is used for that must not be nil.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// It is printed.
    Printed,
    /// It is put through a filter, this one.
    Filtered(&'static str),
    /// It is the argument of a filter, this one.
    Argument(&'static str),
    /// It is looped over.
    Looped,
    /// It is an index, the end of a range, or how a loop goes.
    Counted,
    /// It is passed to a partial that needs it.
    Passed {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
    },
}

/// Something that is found by following a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Issue {
    /// A value is used that may be nil.
    MayBeNil {
        /// What for.
        need: Need,
        /// What may be nil: the value itself, or what it is a part of.
        part: String,
        /// What is known of that.
        nil: Nil,
    },
    /// A name is read that nothing has set on this way.
    NotSet {
        /// The name.
        name: String,
    },
    /// A branch is never taken.
    NeverTaken {
        /// The one of several values of a `when` that never fits, where it is not the whole branch.
        value: Option<Known>,
        /// Why, in words.
        reason: String,
    },
    /// A partial never takes the value that is passed to it, or not all of them.
    Refused {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
        /// The values that it refuses, where they are known one by one.
        values: Vec<Known>,
    },
}

/// An issue, its place, and a way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub issue: Issue,
    /// The bytes of the source.
    pub span: Range<usize>,
    /// The turns that lead there, as far as they matter.
    pub way: Vec<Turn>,
}

/// What following a template has found.
#[derive(Debug, Default)]
pub struct Followed {
    /// The findings, by place.
    pub findings: Vec<Finding>,
    /// Whether every way was followed; where there are too many, findings may be missing.
    pub is_whole: bool,
}

/// Follows `template` with what `inputs` say.
pub fn follow(template: &Template, inputs: &dyn Inputs) -> Followed {
    let mut flow = Flow::new(template, inputs);
    let ends = flow.nodes(template.nodes(), vec![World::default()]);
    drop(ends);
    flow.finish()
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

/// The ways to an issue.
#[derive(Debug)]
struct Ways {
    /// What all of them share.
    common: Vec<Turn>,
    shortest: Vec<Turn>,
    /// Of the last visit, how many worlds have the issue.
    visit: usize,
    count: usize,
    /// Whether on some visit all worlds had it.
    is_every: bool,
}

impl Ways {
    fn add(&mut self, way: &[Turn], visit: usize, present: usize) {
        self.common = world::common(&self.common, way);
        if way.len() < self.shortest.len() {
            self.shortest = way.to_vec();
        }
        self.count = if visit == self.visit { self.count + 1 } else { 1 };
        self.visit = visit;
        self.is_every |= self.count >= present;
    }

    /// Returns what leads there: what all ways share, or where they share nothing, one of them.
    fn told(self) -> Vec<Turn> {
        if self.is_every || !self.common.is_empty() { self.common } else { self.shortest }
    }
}

/// A value in a world.
pub(super) struct Value {
    pub(super) domain: Domain,
    pub(super) place: Option<PlaceId>,
    pub(super) shape: Option<Rc<Shape>>,
}

/// Following one template.
pub(super) struct Flow<'a> {
    inputs: &'a dyn Inputs,
    pub(super) places: Places,
    parameters: HashMap<String, Rc<Shape>>,
    findings: HashMap<(Issue, usize, usize), Ways>,
    /// How many worlds came to the node that is looked at.
    pub(super) present: usize,
    /// By the start of the tag, and 0 or the number of one of several values of a `when`.
    entrances: BTreeMap<(usize, usize), Entrance>,
    /// The turns around, which need not be told.
    around: Vec<Turn>,
    /// How many loops are around.
    depth: usize,
    /// The numbers of names whose values conditions ask for.
    asked: BTreeSet<usize>,
    shapes: HashMap<(usize, PlaceId), Rc<Shape>>,
    loop_shape: Rc<Shape>,
    plain: Rc<Shape>,
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
            places: Places::new(),
            parameters: inputs.parameters().into_iter().collect(),
            findings: HashMap::new(),
            present: 0,
            entrances: BTreeMap::new(),
            around: Vec::new(),
            depth: 0,
            asked,
            shapes: HashMap::new(),
            loop_shape: Shape::of_loop(),
            plain: Shape::plain(Domain::anything()),
            visits: 0,
            work: 0,
            most_work: MAX_WORK + WORK_PER_BYTE * template.source().len(),
            is_whole: true,
        }
    }

    fn finish(self) -> Followed {
        let Flow { findings, entrances, places, is_whole, .. } = self;
        let mut found: Vec<Finding> = findings
            .into_iter()
            .map(|((issue, start, end), ways)| Finding { issue, span: start..end, way: ways.told() })
            .collect();
        // Where ways were left out, a branch that none entered may have been on one of them.
        let arms: BTreeSet<usize> =
            entrances.iter().filter(|(key, it)| key.1 == 0 && it.is_entered).map(|(key, _)| key.0).collect();
        let never = entrances.into_iter().filter(|((start, value), it)| {
            is_whole && !it.is_entered && it.is_variable && (*value == 0 || arms.contains(start))
        });
        found.extend(never.map(|(_, entrance)| {
            let reason = why_never(&places, &entrance);
            Finding { issue: Issue::NeverTaken { value: entrance.value, reason }, span: entrance.span, way: Vec::new() }
        }));
        found.sort_by_key(|finding| (finding.span.start, finding.span.end, format!("{:?}", finding.issue)));
        Followed { findings: found, is_whole }
    }

    /// Notes an issue and the way there.
    pub(super) fn note(&mut self, issue: Issue, span: &Range<usize>, world: &World) {
        let matters = |turn: &&Turn| matches!(turn, Turn::Else(_)) || !self.around.contains(turn);
        let way: Vec<Turn> = world.trail.iter().filter(matters).cloned().collect();
        let (visit, present) = (self.visits, self.present);
        match self.findings.entry((issue, span.start, span.end)) {
            Entry::Occupied(mut known) => known.get_mut().add(&way, visit, present),
            Entry::Vacant(new) => {
                let ways = Ways { common: way.clone(), shortest: way, visit, count: 1, is_every: present <= 1 };
                new.insert(ways);
            }
        }
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
            self.visits += 1;
            if !self.has_room(&ends.on) {
                break;
            }
            let worlds = std::mem::take(&mut ends.on);
            self.present = worlds.len();
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
            NodeKind::For(head) | NodeKind::TableRow(head) => return self.for_loop(&node.span, head, worlds),
            NodeKind::Cycle(cycle) => {
                for world in &worlds {
                    cycle.group.iter().for_each(|group| drop(self.value(group, world)));
                    cycle.values.iter().for_each(|value| self.need(value, world, &Need::Printed));
                }
            }
            NodeKind::Increment(name) | NodeKind::Decrement(name) => {
                let shape = self.plain.clone();
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
            NodeKind::Role { body, .. } => {
                let worlds = self.nodes(body, worlds).all();
                return Ends::on(self.merge(worlds));
            }
            NodeKind::History { last, .. } => {
                for world in &worlds {
                    last.iter().for_each(|last| self.need(last, world, &Need::Counted));
                }
            }
        }
        Ends::on(worlds)
    }

    fn output(&mut self, chain: &Chain, world: &World) {
        let value = self.chain(chain, world);
        let span = span_of(&chain.head).or_else(|| chain.filters.first().map(|call| call.span.clone()));
        self.check(&value, &Need::Printed, &span.unwrap_or_default(), world);
    }

    fn assign(&mut self, name: &Name, value: &Chain, world: &mut World) {
        let made = self.chain(value, world);
        let target = (name.slot, ASSIGNED);
        let own = Segment::Made(name.slot);
        if let Some(place) = made.place.filter(|place| !self.places.is_root(*place, &own)) {
            world.renew(&mut self.places, &own, Some(target));
            world.names.insert(target, place);
            return;
        }
        let is_asked = self.asked.contains(&name.slot);
        let shape = made.shape.unwrap_or_else(|| self.plain.clone());
        let place = self.places.root(own.clone(), &shape, name.as_str());
        world.renew(&mut self.places, &own, Some(target));
        world.set(&self.places, place, if is_asked { made.domain } else { made.domain.blurred() });
        world.names.insert(target, place);
    }

    fn capture(&mut self, name: &Name, body: &[Node], worlds: Vec<World>) -> Ends {
        let mut ends = self.nodes(body, worlds);
        let shape = self.plain.clone();
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
            if subject.each {
                self.check(&value, &Need::Looped, &span, world);
            } else {
                self.pass((render, &subject.alias), &value, &span, world);
            }
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
            self.check(value, &Need::Passed { partial: partial.clone(), parameter: parameter.clone() }, span, world);
        }
        let given = value.domain.without_nil();
        if given.is_nothing() {
            return;
        }
        let refused: Vec<Known> = match (given.values(), taken.domain.values()) {
            (Some(values), _) => values.iter().filter(|value| !taken.domain.holds(value)).cloned().collect(),
            _ => Vec::new(),
        };
        if !refused.is_empty() || given.intersection(&taken.domain).is_nothing() {
            self.note(Issue::Refused { partial, parameter, values: refused }, span, world);
        }
    }

    /// Returns the shape that a filter of the template gives what is at `place`.
    pub(super) fn made_shape(&mut self, site: usize, place: PlaceId) -> Rc<Shape> {
        let whole = self.places.shape(place).clone();
        let make = || {
            Rc::new(Shape {
                domain: Domain::of_kinds(kind::LIST | kind::EMPTY_LIST),
                properties: None,
                items: whole.items.clone(),
                least: 0,
            })
        };
        self.shapes.entry((site, place)).or_insert_with(make).clone()
    }

    pub(super) fn given(&self, name: &str) -> Option<&Rc<Shape>> {
        self.parameters.get(name)
    }
}

/// Returns where an expression stands, as far as the tree says.
pub(super) fn span_of(expression: &Expression) -> Option<Range<usize>> {
    match expression {
        Expression::Literal(_) => None,
        Expression::Variable(variable) => Some(variable.span.clone()),
        Expression::Range(range) => Some(range.span.clone()),
    }
}
