//! `for` and `tablerow`: a body is gone through until nothing new comes of it.

use super::super::domain::{Domain, Known, Nil, Question, kind};
use super::super::shape::Shape;
use super::super::world::{self, LOCAL, PlaceId, Segment, Turn, World};
use super::{Count, Ends, Flow, MAX_ROUNDS, Need, Value, span_of};
use crate::template::syntax::{Expression, Literal, Loop, Offset};
use std::ops::Range;
use std::rc::Rc;

/// Whether a loop is a `tablerow`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Yes,
    No,
}

impl Flow<'_> {
    pub(super) fn for_loop(&mut self, span: &Range<usize>, head: &Loop, table: Table, worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        let (mut none, mut some) = (Vec::new(), Vec::new());
        let offset = match &head.offset {
            Some(Offset::At(offset)) => Some(offset),
            _ => None,
        };
        let keeps_one = |limit: &Expression| matches!(limit, Expression::Literal(Literal::Int(1..)));
        let is_limited = !head.limit.as_ref().is_none_or(keeps_one);
        let skipped = match (&head.offset, offset) {
            (None, _) => Some(0),
            (_, Some(Expression::Literal(Literal::Int(skipped)))) => u64::try_from(*skipped).ok(),
            _ => None,
        };
        for world in worlds {
            let over = self.value(&head.over, &world);
            self.check(&over, &Need::Looped, &span_of(&head.over).unwrap_or_else(|| span.clone()), &world);
            for (name, counted) in [("limit", head.limit.as_ref()), ("offset", offset), ("cols", head.columns.as_ref())]
            {
                counted.iter().for_each(|counted| self.need(counted, &world, &Need::Counted(Count::Items(name))));
            }
            let least = over.place.map_or(0, |place| world.least(&self.places, place));
            let is_cut = is_limited || skipped.is_none_or(|skipped| skipped > 0 && skipped >= least);
            let (without, with) = self.by_items(&over, world, is_cut);
            none.extend(without);
            some.extend(with.map(|world| (world, over.place)));
        }
        none.iter_mut().for_each(|world| world.trail.push(Turn::NoItems(span.clone())));
        some.iter_mut().for_each(|(world, _)| world.trail.push(Turn::Items(span.clone())));
        if !some.is_empty() {
            self.around.push(Turn::Items(span.clone()));
            self.depth += 1;
            let state = self.state(span.start, table);
            // As in Liquid, a `tablerow` is no `parentloop`.
            self.loops.extend((table == Table::No).then(|| state.clone()));
            ends.on = self.rounds(head, (span.start, &state), some);
            self.loops.truncate(self.loops.len() - usize::from(table == Table::No));
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
        let (none, mut some) = over.domain.by_items();
        let mut none = none.or_nil(nil);
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
    fn rounds(
        &mut self,
        head: &Loop,
        (site, state): (usize, &Rc<Shape>),
        entries: Vec<(World, Option<PlaceId>)>,
    ) -> Vec<World> {
        let local = |slot: usize, depth: usize| (slot, LOCAL + depth);
        let names = [local(head.variable.slot, self.depth), local(head.state, self.depth)];
        let state = self.places.root(Segment::Loop(site), state, "forloop");
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

    /// Returns the `forloop` of the loop at `site`, or its `tablerowloop`.
    fn state(&mut self, site: usize, table: Table) -> Rc<Shape> {
        let outer = self.loops.last().cloned();
        let make = || match table {
            Table::Yes => Shape::of_table_row(),
            Table::No => Shape::of_for(outer),
        };
        self.states.entry(site).or_insert_with(make).clone()
    }

    /// Returns what the items of a loop may be.
    fn item_shape(&mut self, over: &Expression, place: Option<PlaceId>, world: &World) -> Rc<Shape> {
        const RANGES: u16 = kind::RANGE | kind::EMPTY_RANGE;
        const OBJECTS: u16 = kind::OBJECT | kind::EMPTY_OBJECT;
        let Some(place) = place else {
            return match over {
                Expression::Range(_) => self.numbers.clone(),
                _ => self.places.unknown.clone(),
            };
        };
        let domain = world.domain(&self.places, place);
        let items = self.places.shape(place).items.clone().filter(|_| domain.kinds & OBJECTS == 0);
        items.unwrap_or_else(|| match domain.kinds {
            // A string is its own item, and an object gives pairs.
            kinds if kinds & !kind::TEXTS == 0 => self.texts.clone(),
            kinds if kinds & !RANGES == 0 => self.numbers.clone(),
            kinds if kinds & !OBJECTS == 0 => self.pairs.clone(),
            kinds if kinds & kind::LIST == 0 => self.plain.clone(),
            _ => self.places.unknown.clone(),
        })
    }
}
