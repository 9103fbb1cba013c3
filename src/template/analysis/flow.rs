//! Following a template on all its ways at once.
//!
//! A node is given the worlds that may come to it and gives those that leave it. On the way it is noted
//! what is read while it may be nil or is not defined, and which branches no world ever enters.

use super::domain::{Domain, Known, Nil, Question, kind};
use super::read::Operand;
use super::shape::Shape;
use super::world::{self, ASSIGNED, COUNTER, LOCAL, Merged, PlaceId, Places, Segment, Turn, World};
use crate::template::Template;
use crate::template::syntax::{
    Arm, Branch, Chain, Condition, Expression, Guard, Loop, Name, Node, NodeKind, Offset, Relation, Render,
};
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

/// A branch, and whether some world enters it.
#[derive(Debug)]
struct Entrance {
    span: Range<usize>,
    is_entered: bool,
    /// Whether what it asks depends on anything.
    is_variable: bool,
    /// Whether branches before it leave nothing over.
    is_left_nothing: bool,
    /// The value, where it is one of several of a `when`.
    value: Option<Known>,
    /// What the values that it asks of may be there.
    asked: BTreeMap<PlaceId, Domain>,
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

    /// Notes that a branch is come to, or one of several values of a `when`, and what the values that it
    /// asks of may be; where no world is left for it, what they may be in `all` that there were.
    fn arrive(
        &mut self,
        (span, value): (&Range<usize>, Option<(usize, &Expression)>),
        asked: &[&Expression],
        left: &[World],
        all: &[World],
    ) {
        let worlds = if left.is_empty() { all } else { left };
        let mut places = Vec::new();
        for (world, expression) in worlds.iter().flat_map(|world| asked.iter().map(move |it| (world, it))) {
            if let Expression::Variable(variable) = expression
                && self.work <= self.most_work
                && let Some(place) = self.place_of(variable, world)
            {
                let domain = world.domain(&self.places, place);
                self.work += domain.weight();
                places.push((place, domain));
            }
        }
        let key = (span.start, value.map_or(0, |(at, _)| at + 1));
        let entrance = self.entrances.entry(key).or_insert_with(|| Entrance {
            span: span.clone(),
            is_entered: false,
            is_variable: asked.iter().any(|it| matches!(it, Expression::Variable(_))),
            is_left_nothing: true,
            value: value.and_then(|(_, value)| match value {
                Expression::Literal(literal) => Known::of_literal(literal),
                _ => None,
            }),
            asked: BTreeMap::new(),
        });
        if !left.is_empty() && std::mem::take(&mut entrance.is_left_nothing) {
            entrance.asked.clear();
        } else if left.is_empty() && !entrance.is_left_nothing {
            return;
        }
        for (place, domain) in places {
            let known = entrance.asked.entry(place).or_default();
            *known = known.union(&domain);
        }
    }

    fn enter(&mut self, (span, value): (&Range<usize>, Option<usize>), is_entered: bool) {
        if let Some(entrance) = self.entrances.get_mut(&(span.start, value.map_or(0, |at| at + 1))) {
            entrance.is_entered |= is_entered;
        }
    }

    fn branches(&mut self, branches: &[Branch], worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        let all = worlds.clone();
        let mut rest = worlds;
        let mut before: Vec<&Expression> = Vec::new();
        for branch in branches {
            if !self.has_room(&rest) {
                break;
            }
            // An `else` is left what none of the conditions before it takes.
            let asked = match &branch.guard {
                Guard::If(condition) | Guard::Unless(condition) => {
                    let asked = operands(condition);
                    before.extend(&asked);
                    asked
                }
                Guard::Else => before.clone(),
            };
            self.arrive((&branch.span, None), &asked, &rest, &all);
            let (taken, others, turn) = match &branch.guard {
                Guard::If(condition) => {
                    let (yes, no) = self.condition(condition, rest);
                    (yes, no, Turn::Holds(branch.span.clone()))
                }
                Guard::Unless(condition) => {
                    let (yes, no) = self.condition(condition, rest);
                    (no, yes, Turn::Holds(branch.span.clone()))
                }
                Guard::Else => (rest, Vec::new(), Turn::Else(branch.span.clone())),
            };
            self.enter((&branch.span, None), !taken.is_empty());
            rest = others;
            if !taken.is_empty() {
                let after = self.inside(turn, &branch.body, taken);
                ends.add(after);
            }
        }
        if let Some(first) = branches.first() {
            rest.iter_mut().for_each(|world| world.trail.push(Turn::Fails(first.span.clone())));
        }
        ends.on.extend(rest);
        ends.on = self.merge(ends.on);
        ends
    }

    /// Every `when` that fits is taken, and every `else` where none before it did.
    fn case(&mut self, span: &Range<usize>, subject: &Expression, arms: &[Arm], worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        // What the subject is stays, whatever the arms do to names: a name of its own means it.
        let own = (usize::MAX - span.start, 0);
        let (mut open, mut fitted) = (worlds, Vec::new());
        let all = open.clone();
        for world in &mut open {
            if let Operand::At(place) = self.operand(subject, world) {
                world.names.insert(own, place);
            }
        }
        for Arm { values, body, span: tag } in arms {
            if !self.has_room(&open) || !self.has_room(&fitted) {
                break;
            }
            let (turn, taken) = match values {
                None => {
                    self.arrive((tag, None), &[subject], &open, &all);
                    (Turn::Else(tag.clone()), std::mem::take(&mut open))
                }
                Some(values) => {
                    let comers: Vec<World> = open.iter().chain(&fitted).cloned().collect();
                    let asked: Vec<&Expression> = std::iter::once(subject).chain(values).collect();
                    self.arrive((tag, None), &asked, &comers, &all);
                    let mut taken = Vec::new();
                    for (at, value) in values.iter().enumerate() {
                        if values.len() > 1 {
                            self.arrive((tag, Some((at, value))), &[subject, value], &comers, &all);
                        }
                        let before = taken.len();
                        for group in [&mut open, &mut fitted] {
                            for world in std::mem::take(group) {
                                let (yes, no) = self.fits(world, own, subject, value);
                                taken.extend(yes);
                                group.extend(no);
                            }
                        }
                        self.enter((tag, Some(at)), taken.len() > before);
                    }
                    (Turn::When(tag.clone()), taken)
                }
            };
            self.enter((tag, None), !taken.is_empty());
            if taken.is_empty() {
                continue;
            }
            let mut after = self.inside(turn, body, taken);
            let on = std::mem::take(&mut after.on);
            ends.add(after);
            if values.is_some() { &mut fitted } else { &mut open }.extend(on);
            fitted = self.merge(fitted);
        }
        open.iter_mut().for_each(|world| {
            if arms.iter().all(|arm| arm.values.is_some()) {
                world.trail.push(Turn::NoWhen(span.clone()));
            }
        });
        ends.on = open.into_iter().chain(fitted).collect();
        for world in ends.on.iter_mut().chain(&mut ends.breaks).chain(&mut ends.continues) {
            world.names.remove(&own);
        }
        ends.on = self.merge(ends.on);
        ends
    }

    fn fits(
        &mut self,
        world: World,
        own: (usize, usize),
        subject: &Expression,
        value: &Expression,
    ) -> (Option<World>, Option<World>) {
        let left = match (world.names.get(&own), subject) {
            (Some(place), _) => Operand::At(*place),
            (None, Expression::Literal(literal)) => Operand::Literal(literal),
            (None, _) => Operand::Other,
        };
        let right = self.operand(value, &world);
        self.compare(world, left, Relation::Equal, right)
    }

    fn for_loop(&mut self, span: &Range<usize>, head: &Loop, worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        let (mut none, mut some) = (Vec::new(), Vec::new());
        let offset = match &head.offset {
            Some(Offset::At(offset)) => Some(offset),
            _ => None,
        };
        let is_cut = head.limit.is_some() || head.offset.is_some();
        for world in worlds {
            let over = self.value(&head.over, &world);
            self.check(&over, &Need::Looped, &span_of(&head.over).unwrap_or_else(|| span.clone()), &world);
            for counted in head.limit.iter().chain(offset).chain(&head.columns) {
                self.need(counted, &world, &Need::Counted);
            }
            let (without, with) = self.by_items(&over, world, is_cut);
            none.extend(without);
            some.extend(with.map(|world| (world, over.place)));
        }
        none.iter_mut().for_each(|world| world.trail.push(Turn::NoItems(span.clone())));
        some.iter_mut().for_each(|(world, _)| world.trail.push(Turn::Items(span.clone())));
        if !some.is_empty() {
            self.around.push(Turn::Items(span.clone()));
            self.depth += 1;
            ends.on = self.rounds(head, span.start, some);
            self.depth -= 1;
            self.around.pop();
        }
        if !none.is_empty() {
            self.around.push(Turn::NoItems(span.clone()));
            let after = self.nodes(&head.otherwise, none);
            self.around.pop();
            ends.add(after);
        }
        ends.on = self.merge(ends.on);
        ends
    }

    /// Returns the world parted by whether what is looped over has items. What is nil has none; that
    /// it is an error has been noted.
    fn by_items(&mut self, over: &Value, world: World, is_cut: bool) -> (Option<World>, Option<World>) {
        let nil = if over.domain.nil == Nil::Unknown { Nil::Never } else { over.domain.nil };
        let split = over.domain.split(&Question::IsEmpty);
        let mut some = split.no.without_nil();
        // A range may be empty; of one in the source that is known.
        let mut none = split.yes.or_nil(nil);
        none.kinds |= some.kinds & kind::OTHER;
        if is_cut {
            none = none.union(&some);
        }
        if over.place.is_none() {
            let is = |domain: &Domain| (!domain.is_nothing()).then(|| world.clone());
            return (is(&none), is(&some));
        }
        let refined = |domain: Domain| {
            let mut world = world.clone();
            over.place.is_some_and(|place| world.refine(&self.places, place, domain)).then_some(world)
        };
        some.nil = Nil::Never;
        (refined(none), refined(some))
    }

    /// Goes through the body of a loop again and again, until nothing new comes of it. Returns the
    /// worlds behind the loop.
    fn rounds(&mut self, head: &Loop, site: usize, entries: Vec<(World, Option<PlaceId>)>) -> Vec<World> {
        let local = |slot: usize, depth: usize| (slot, LOCAL + depth);
        let names = [local(head.variable.slot, self.depth), local(head.state, self.depth)];
        let state_shape = self.loop_shape.clone();
        let state = self.places.root(Segment::Loop(site), &state_shape, "forloop");
        let mut heads = Vec::new();
        for (mut world, over) in entries {
            let shape = self.item_shape(&head.over, over, &world);
            let item = self.places.root(Segment::Item(site), &shape, head.variable.as_str());
            world.names.insert(names[0], item);
            world.names.insert(names[1], state);
            self.next_item(&mut world, site, &names, true);
            heads.push(world);
        }
        let mut behind = Vec::new();
        let mut seen: Vec<World> = Vec::new();
        let mut worlds = self.merge(heads);
        for round in 0.. {
            let Ends { on, breaks, continues } = self.nodes(&head.body, worlds);
            behind.extend(breaks);
            let ended = on.into_iter().chain(continues).collect();
            let mut next = Vec::new();
            for world in self.merge(ended) {
                behind.extend(self.known_as(&world, state, "last", true));
                if let Some(mut world) = self.known_as(&world, state, "last", false) {
                    self.next_item(&mut world, site, &names, false);
                    next.push(world);
                }
            }
            behind = self.merge(behind);
            if next.is_empty() || world::are_known(&self.places, &next, &seen) {
                break;
            }
            if round == MAX_ROUNDS || !self.has_room(&next) {
                self.is_whole = false;
                break;
            }
            seen.extend(next);
            let all = std::mem::take(&mut seen);
            seen = self.merge(all);
            worlds = seen.clone();
        }
        for world in &mut behind {
            world.names.retain(|name, _| !names.contains(name));
            world.forget(&self.places, &Segment::Item(site));
            world.forget(&self.places, &Segment::Loop(site));
        }
        self.merge(behind)
    }

    /// Makes a world one in which the next item of a loop has come.
    fn next_item(&mut self, world: &mut World, site: usize, names: &[(usize, usize); 2], is_first: bool) {
        let meanings = names.map(|name| (name, world.names.remove(&name)));
        world.renew(&mut self.places, &Segment::Item(site), None);
        world.renew(&mut self.places, &Segment::Loop(site), None);
        for (name, meaning) in meanings {
            world.names.extend(meaning.map(|place| (name, place)));
        }
        let Some(state) = meanings[1].1 else { return };
        if let Some(known) = self.known_as(world, state, "first", is_first) {
            *world = known;
        }
        for (name, first) in [("index", 1), ("index0", 0)] {
            let place = self.places.part(state, Segment::Property(name.into()));
            let split = world.domain(&self.places, place).split(&Question::Equals(&Known::Int(first)));
            world.refine(&self.places, place, if is_first { split.yes } else { split.no });
        }
    }

    /// Returns the world in which a property of `forloop` is so, if there is one.
    fn known_as(&mut self, world: &World, state: PlaceId, property: &str, is: bool) -> Option<World> {
        let place = self.places.part(state, Segment::Property(property.into()));
        let known = Known::Bool(is);
        let mut world = world.clone();
        let holds = world.domain(&self.places, place).holds(&known);
        (holds && world.refine(&self.places, place, Domain::of([known]))).then_some(world)
    }

    /// Returns what the items of a loop may be.
    fn item_shape(&mut self, over: &Expression, place: Option<PlaceId>, world: &World) -> Rc<Shape> {
        let Some(place) = place else {
            return match over {
                Expression::Range(_) => self.plain.clone(),
                _ => self.places.unknown.clone(),
            };
        };
        let kinds = world.domain(&self.places, place).kinds;
        let shape = self.places.shape(place);
        match &shape.items {
            Some(items) => items.clone(),
            // A string is its own item, and an object gives pairs.
            None if kinds & (kind::LIST | kind::OTHER) == 0 => self.plain.clone(),
            None => self.places.unknown.clone(),
        }
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

/// Returns what a condition looks at.
fn operands(condition: &Condition) -> Vec<&Expression> {
    let tests = std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, test)| test));
    tests.flat_map(|test| std::iter::once(&test.left).chain(test.right.iter().map(|(_, right)| right))).collect()
}

/// Returns in words what the values that a branch asks of can only be; empty where that says nothing.
fn why_never(places: &Places, entrance: &Entrance) -> String {
    /// The most values that are listed.
    const MOST: usize = 8;
    let mut reasons = Vec::new();
    for (place, domain) in &entrance.asked {
        let label = places.label(*place);
        let mut words: Vec<String> = domain.listed.iter().take(MOST).map(Known::shown).collect();
        let is_listed = domain.values().is_some_and(|values| values.len() <= MOST);
        if domain.is_nothing() {
            continue;
        }
        if !is_listed {
            if domain.nil == Nil::Never && !domain.holds(&Known::Bool(false)) {
                reasons.push(format!("`{label}` is always there, and nothing but nil and false counts as false"));
            }
            continue;
        }
        if domain.nil != Nil::Never {
            words.push("nil".to_owned());
        }
        let last = words.pop().unwrap_or_default();
        reasons.push(match words.is_empty() {
            true => format!("`{label}` can only be {last}"),
            false => format!("`{label}` can only be {} or {last}", words.join(", ")),
        });
    }
    if entrance.is_left_nothing {
        reasons.insert(0, "the branches above take every case".to_owned());
    }
    reasons.join("; ")
}

/// Returns where an expression stands, as far as the tree says.
pub(super) fn span_of(expression: &Expression) -> Option<Range<usize>> {
    match expression {
        Expression::Literal(_) => None,
        Expression::Variable(variable) => Some(variable.span.clone()),
        Expression::Range(range) => Some(range.span.clone()),
    }
}
