//! What is known at one point of a template on one way there.
//!
//! A `World` says what names mean and what the values may be. Values stand at places: a parameter,
//! a part of one, the item of a loop, what a name was given. Two worlds that differ in a single thing
//! are one world that knows less of it, and nothing is lost; so most worlds that a condition has
//! parted are one again behind it.

mod places;

use super::domain::{Domain, Known, Nil, Question, kind};
use crate::template::syntax::Relation;
pub(super) use places::{PlaceId, Places, Segment};
use std::collections::BTreeMap;
use std::ops::Range;

/// One turn on the way to a place, by the tag at which it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The condition of the tag holds (for `unless`: the branch is taken).
    Holds(Range<usize>),
    /// It does not.
    Fails(Range<usize>),
    /// The branch of this `else` is taken.
    Else(Range<usize>),
    /// This `when` fits.
    When(Range<usize>),
    /// No `when` of this `case` fits.
    NoWhen(Range<usize>),
    /// This loop has items.
    Items(Range<usize>),
    /// It has none.
    NoItems(Range<usize>),
}

/// The answer to a question that says more than a domain can hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    pub(super) of: PlaceId,
    pub(super) and: Option<PlaceId>,
    pub(super) asked: Box<str>,
    /// What it says of single values: the relation, and the other side.
    pub(super) known: Option<(Relation, Known)>,
    /// What it says of the size of a value: the relation, and the number.
    pub(super) size: Option<(Relation, i64)>,
}

impl Fact {
    /// Returns whether a value may be one of which the answer is `truth`.
    pub(super) fn allows(&self, value: &Known, truth: bool) -> bool {
        let Some((relation, other)) = &self.known else { return true };
        let question = match relation {
            Relation::Contains => Question::Contains(other),
            relation => Question::Ordered(*relation, other),
        };
        Domain::of([value.clone()]).split(&question).yes.is_nothing() != truth
    }
}

/// The rank of a meaning of a name: the variable of a loop, the inner before the outer, comes before
/// what was assigned, and that before a counter.
pub(super) const COUNTER: usize = 0;
pub(super) const ASSIGNED: usize = 1;
pub(super) const LOCAL: usize = 2;

/// Which names have a meaning, and which of these may be nil.
type Outline = Vec<((usize, usize), Nil)>;

/// What is known on one way.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// What names mean, by their number and the rank of the meaning.
    pub(super) names: BTreeMap<(usize, usize), PlaceId>,
    /// What the values at places may be, where it is less than their shape says.
    cells: BTreeMap<PlaceId, Domain>,
    /// Answers that hold beside.
    pub(super) facts: BTreeMap<Fact, bool>,
    /// The turns that were taken, as far as they still matter.
    pub(super) trail: Vec<Turn>,
}

impl World {
    /// Returns what a name means.
    pub(super) fn meaning(&self, slot: usize) -> Option<PlaceId> {
        self.names.range((slot, 0)..=(slot, usize::MAX)).next_back().map(|(_, place)| *place)
    }

    fn own<'w>(&'w self, places: &'w Places, id: PlaceId) -> &'w Domain {
        self.cells.get(&id).unwrap_or(&places.places[id].shape.domain)
    }

    /// Returns whether more is known of the value at a place, or of a part of it, than that it is there.
    pub(super) fn is_asked(&self, places: &Places, id: PlaceId) -> bool {
        let declared = &places.places[id].shape.domain;
        self.own(places, id).without_nil() != declared.without_nil() || self.is_part_asked(places, id)
    }

    /// Returns whether something is known of a part of the value at a place, or of the value and others.
    pub(super) fn is_part_asked(&self, places: &Places, id: PlaceId) -> bool {
        let is_within = |part: &PlaceId| places.is_within(*part, id);
        self.cells.keys().any(|cell| *cell != id && is_within(cell))
            || self.facts.keys().any(|fact| is_within(&fact.of) || fact.and.as_ref().is_some_and(is_within))
    }

    /// Returns about how much work it is to copy the world or to compare it.
    pub(super) fn weight(&self) -> usize {
        let domains: usize = self.cells.values().map(Domain::weight).sum();
        4 + self.names.len() + self.facts.len() + self.trail.len() + domains
    }

    /// Returns what the value at a place may be.
    pub(super) fn domain(&self, places: &Places, id: PlaceId) -> Domain {
        let mut own = self.own(places, id).clone();
        let Some(whole) = places.places[id].parent else { return own };
        let segment = &places.places[id].segment;
        if let Segment::Default(_, known) = segment {
            return self.domain(places, whole).or_default(known);
        }
        if let Segment::Index(index) = segment
            && own.nil == Nil::Missing
            && index.unsigned_abs() < self.least(places, whole) + u64::from(*index < 0)
        {
            own.nil = places.places[whole].shape.items.as_ref().map_or(Nil::Unknown, |item| item.domain.nil);
        }
        let (hollow, solid) = parted(&self.domain(places, whole), segment, own.nil);
        if solid.is_nothing() {
            return Domain::only_nil(hollow.1);
        }
        own.or_nil(hollow.1)
    }

    /// Returns the answers that are known of questions about the value at a place.
    fn answers(&self, id: PlaceId) -> impl Iterator<Item = (&Fact, bool)> {
        self.facts.iter().filter(move |(fact, _)| fact.of == id).map(|(fact, truth)| (fact, *truth))
    }

    /// Returns how many items the list at a place has at least.
    pub(super) fn least(&self, places: &Places, id: PlaceId) -> u64 {
        let asked = self.answers(id).filter_map(|(fact, truth)| {
            let (relation, number) = fact.size?;
            u64::try_from(bounds(relation, number, truth).0).ok()
        });
        asked.fold(places.places[id].shape.least, u64::max)
    }

    /// Returns the least and the greatest that the integer at a place may be; nothing where it may be another value.
    pub(super) fn integers(&self, places: &Places, id: PlaceId) -> Option<(i64, i64)> {
        let place = &places.places[id];
        let known = match self.domain(places, id).values() {
            Some(values) => {
                let all: Option<Vec<i64>> = values.iter().map(Known::as_integer).collect();
                let all = all?;
                (*all.iter().min()?, *all.iter().max()?)
            }
            None => place.shape.numbers.integers()?,
        };
        if let (Segment::Size, Some(whole)) = (&place.segment, place.parent) {
            let is_empty = self.domain(places, whole).kinds & kind::EMPTY_LIST != 0;
            let least = self.least(places, whole).max(u64::from(!is_empty));
            return Some((known.0.max(i64::try_from(least).unwrap_or(i64::MAX)), known.1));
        }
        let asked = self.answers(id).filter_map(|(fact, truth)| match fact.known {
            Some((relation, Known::Int(number))) => Some(bounds(relation, number, truth)),
            _ => None,
        });
        Some(asked.fold(known, |(least, most), (above, below)| (least.max(above), most.min(below))))
    }

    /// Notes that the value at a place is one of `domain`, which is within what it may be. Returns
    /// whether that can be.
    pub(super) fn refine(&mut self, places: &Places, id: PlaceId, domain: Domain) -> bool {
        if domain.is_nothing() {
            return false;
        }
        if let (Segment::Default(_, known), Some(whole)) = (&places.places[id].segment, places.places[id].parent) {
            // Nothing is known of it but by what it is made of, so that worlds differ in that alone.
            let made_of = self.domain(places, whole).with_default_in(&domain, known);
            return self.refine(places, whole, made_of);
        }
        let mut own = domain;
        if let Some(whole) = places.places[id].parent {
            let before = self.own(places, id).nil;
            let nil = own.nil;
            if before == Nil::Never {
                own.nil = Nil::Never;
            }
            let now = self.domain(places, whole);
            let (hollow, solid) = parted(&now, &places.places[id].segment, before);
            let (then, is_hollow) = match () {
                () if nil == Nil::Never => (solid, false),
                () if own.is_nothing() => (hollow.0, true),
                () => (now.clone(), solid.is_nothing()),
            };
            if then != now && !self.refine(places, whole, then) {
                return false;
            }
            if is_hollow {
                return true;
            }
        }
        if own.has_no_value() {
            self.cells.retain(|cell, _| !places.is_within(*cell, id));
        }
        match own == places.places[id].shape.domain {
            true => _ = self.cells.remove(&id),
            false => _ = self.cells.insert(id, own),
        }
        true
    }

    /// Makes way for a new value at the root `segment`: what is known of the old one goes, and names
    /// that still mean it mean what it was.
    pub(super) fn renew(&mut self, places: &mut Places, segment: &Segment, but: Option<(usize, usize)>) {
        let is_own = |places: &Places, id: PlaceId| places.is_root(id, segment);
        let kept: Vec<((usize, usize), PlaceId)> = self
            .names
            .iter()
            .filter(|(name, id)| Some(**name) != but && is_own(places, **id))
            .map(|(n, p)| (*n, *p))
            .collect();
        for (name, id) in kept {
            let domain = self.domain(places, id);
            let shape = places.shape(id).clone();
            let label = places.label(id).to_owned();
            let was = places.root(Segment::Old(name.0), &shape, &label);
            self.forget_all(|id| places.is_within(id, was));
            if domain != shape.domain {
                self.cells.insert(was, domain);
            }
            self.names.insert(name, was);
        }
        self.forget_all(|id| is_own(places, id));
    }

    /// Forgets what is known of every place that `is` picks.
    fn forget_all(&mut self, is: impl Fn(PlaceId) -> bool) {
        self.cells.retain(|cell, _| !is(*cell));
        self.facts.retain(|fact, _| !is(fact.of) && !fact.and.is_some_and(&is));
    }

    /// Forgets what is known of the root `segment`, unless a name still means it.
    pub(super) fn forget(&mut self, places: &Places, segment: &Segment) {
        if self.names.values().any(|id| places.is_root(*id, segment)) {
            return;
        }
        self.forget_all(|id| places.is_root(id, segment));
    }

    /// Sets what the value at a root may be, whatever was known.
    pub(super) fn set(&mut self, places: &Places, id: PlaceId, domain: Domain) {
        match domain == places.places[id].shape.domain {
            true => _ = self.cells.remove(&id),
            false => _ = self.cells.insert(id, domain),
        }
    }

    /// Returns the one world that is both, if these differ in one thing at most.
    fn joined(&self, places: &Places, other: &World) -> Option<World> {
        if self.names != other.names {
            return None;
        }
        let mut joined = self.clone();
        let mut differences = 0;
        let (mut within, mut around) = (true, true);
        for fact in self.facts.keys().chain(other.facts.keys().filter(|fact| !self.facts.contains_key(fact))) {
            let (ours, theirs) = (self.facts.get(fact), other.facts.get(fact));
            if ours != theirs {
                differences += 1;
                within &= theirs.is_none();
                around &= ours.is_none();
                joined.facts.remove(fact);
            }
        }
        for cell in self.cells.keys().chain(other.cells.keys().filter(|cell| !self.cells.contains_key(cell))) {
            let (ours, theirs) = (self.own(places, *cell), other.own(places, *cell));
            if ours == theirs {
                continue;
            }
            let either = match (self.is_idle(places, *cell), other.is_idle(places, *cell)) {
                (true, false) => theirs.clone(),
                (false, true) => ours.clone(),
                _ => {
                    differences += 1;
                    let either = ours.union(theirs);
                    within &= either == *theirs;
                    around &= either == *ours;
                    either
                }
            };
            joined.set(places, *cell, either);
        }
        if differences > 1 {
            if within {
                joined = other.clone();
            } else if around {
                joined = self.clone();
            } else {
                return None;
            }
        }
        joined.trail = common(&self.trail, &other.trail);
        Some(joined)
    }

    /// Returns whether nothing depends on a cell, as it is a part of what is not there.
    fn is_idle(&self, places: &Places, id: PlaceId) -> bool {
        let Some(whole) = places.places[id].parent else { return false };
        let (_, solid) = parted(&self.domain(places, whole), &places.places[id].segment, Nil::Never);
        solid.is_nothing()
    }

    /// Returns a world that knows no more than both, which give the same names a meaning.
    fn blended(&self, places: &mut Places, other: &World) -> World {
        let mut blend = World { trail: common(&self.trail, &other.trail), ..World::default() };
        for (cell, ours) in &self.cells {
            if other.cells.contains_key(cell) {
                blend.cells.insert(*cell, ours.union(other.own(places, *cell)));
            }
        }
        blend.facts = self
            .facts
            .iter()
            .filter(|(fact, is)| other.facts.get(fact) == Some(is))
            .map(|(f, i)| (f.clone(), *i))
            .collect();
        for (name, ours) in &self.names {
            let theirs = other.names.get(name).copied().unwrap_or(*ours);
            if theirs == *ours {
                blend.names.insert(*name, *ours);
                continue;
            }
            let domain = self.domain(places, *ours).union(&other.domain(places, theirs));
            let shape = places.unknown.clone();
            let label = places.label(*ours).to_owned();
            let made = places.root(Segment::Made(name.0), &shape, &label);
            blend.cells.insert(made, domain);
            blend.names.insert(*name, made);
        }
        blend
    }

    /// Returns which names have a meaning, and which of these may be nil.
    fn outline(&self, places: &Places) -> Outline {
        self.names.iter().map(|(name, place)| (*name, self.domain(places, *place).nil)).collect()
    }
}

/// Returns the least and the greatest integer for which it is `truth` that it stands in `relation` to `number`.
fn bounds(relation: Relation, number: i64, truth: bool) -> (i64, i64) {
    let (above, below) = (number.saturating_add(1), number.saturating_sub(1));
    match (relation, truth) {
        (Relation::Greater, true) | (Relation::LessOrEqual, false) => (above, i64::MAX),
        (Relation::GreaterOrEqual, true) | (Relation::Less, false) => (number, i64::MAX),
        (Relation::Less, true) | (Relation::GreaterOrEqual, false) => (i64::MIN, below),
        (Relation::LessOrEqual, true) | (Relation::Greater, false) => (i64::MIN, number),
        (Relation::Equal, true) | (Relation::NotEqual, false) => (number, number),
        (Relation::Equal | Relation::Contains, _) | (Relation::NotEqual, true) => (i64::MIN, i64::MAX),
    }
}

/// Returns what of a whole has no part of this kind, and how the part is nil then, and what does.
fn parted(whole: &Domain, segment: &Segment, part: Nil) -> ((Domain, Nil), Domain) {
    let empty = match segment {
        Segment::Index(_) | Segment::Computed(_) => kind::HOLLOW,
        // An open object that is empty is as good as one without the property.
        Segment::Property(_) if part != Nil::Never => kind::EMPTY_OBJECT,
        _ => 0,
    };
    let mut hollow = Domain { nil: whole.nil, kinds: whole.kinds & empty, ..Domain::default() };
    let mut solid = whole.without_nil();
    solid.kinds &= !empty;
    let mut nil = whole.nil;
    if hollow.kinds != 0 {
        nil = nil.max(match segment {
            Segment::Property(_) => part,
            // Of a value of any type nobody has said that it is a list.
            _ if whole.is_open() => Nil::Unknown,
            _ if whole.kinds & kind::LISTS == 0 => Nil::Lacking,
            _ => Nil::Missing,
        });
    }
    hollow.excluded.clear();
    ((hollow, nil), solid)
}

/// Returns the turns that are on both ways.
pub(super) fn common(ours: &[Turn], theirs: &[Turn]) -> Vec<Turn> {
    ours.iter().filter(|turn| theirs.contains(turn)).cloned().collect()
}

/// What merging came to.
pub(super) struct Merged {
    pub(super) worlds: Vec<World>,
    /// Whether no way was lost.
    pub(super) is_whole: bool,
    /// How much work it was.
    pub(super) work: usize,
}

/// Returns as few worlds as say the same, at most `most`.
pub(super) fn merged(places: &mut Places, worlds: Vec<World>, most: usize) -> Merged {
    let mut merged: Vec<World> = Vec::new();
    let mut work = 0;
    for world in worlds {
        work += world.weight() * (1 + merged.len());
        add(places, &mut merged, world);
    }
    if merged.len() <= most {
        return Merged { worlds: merged, is_whole: true, work };
    }
    // Forget which value goes with which, but not what may be nil or is not defined.
    let mut outlines: Vec<(Outline, World)> = Vec::new();
    for world in merged {
        work += world.weight() * (1 + outlines.len());
        let outline = world.outline(places);
        match outlines.iter_mut().find(|(known, _)| *known == outline) {
            Some((_, blend)) => *blend = blend.blended(places, &world),
            None => outlines.push((outline, world)),
        }
    }
    let is_whole = outlines.len() <= most;
    outlines.truncate(most);
    Merged { worlds: outlines.into_iter().map(|(_, world)| world).collect(), is_whole, work }
}

fn add(places: &Places, merged: &mut Vec<World>, world: World) {
    let mut world = world;
    // What two have become may be one with a third.
    while let Some((at, joined)) =
        merged.iter().enumerate().find_map(|(at, other)| Some((at, other.joined(places, &world)?)))
    {
        merged.swap_remove(at);
        world = joined;
    }
    merged.push(world);
}

/// Returns whether every one of `worlds` is among `known`.
pub(super) fn are_known(places: &Places, worlds: &[World], known: &[World]) -> bool {
    worlds.iter().all(|world| {
        known.iter().any(|other| {
            other.names == world.names
                && other.facts.iter().all(|(fact, is)| world.facts.get(fact) == Some(is))
                && other.cells.iter().all(|(cell, theirs)| world.own(places, *cell).is_within(theirs))
        })
    })
}
