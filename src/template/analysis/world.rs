//! What is known at one point of a template on one way there.
//!
//! A `World` says what names mean and what the values may be. Values stand at places: a parameter,
//! a part of one, the item of a loop, what a name was given. Two worlds that differ in a single thing
//! are one world that knows less of it, and nothing is lost; so most worlds that a condition has
//! parted are one again behind it.

use super::domain::{Domain, Known, Nil, Question, kind};
use super::shape::Shape;
use crate::template::syntax::Relation;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

/// A value's place, by its number.
pub(super) type PlaceId = usize;

/// How a place is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    /// A parameter.
    Parameter(Box<str>),
    /// What the name with this number was given.
    Made(usize),
    /// A counter.
    Counter(usize),
    /// The item of the loop that stands here, or its `forloop`.
    Item(usize),
    Loop(usize),
    /// What the name with this number was given the time before, or an item that it still means.
    Old(usize),
    Property(Box<str>),
    Index(i64),
    Size,
    /// An index that is computed here.
    Computed(usize),
}

#[derive(Debug)]
struct Place {
    parent: Option<PlaceId>,
    segment: Segment,
    shape: Rc<Shape>,
    label: String,
}

/// All places that have been spoken of.
#[derive(Debug)]
pub(super) struct Places {
    places: Vec<Place>,
    roots: HashMap<(Segment, *const Shape), PlaceId>,
    parts: HashMap<(PlaceId, Segment), PlaceId>,
    /// A value that nothing is known of.
    pub(super) unknown: Rc<Shape>,
}

impl Places {
    pub(super) fn new() -> Places {
        let unknown = Shape::unknown(Nil::Unknown);
        Places { places: Vec::new(), roots: HashMap::new(), parts: HashMap::new(), unknown }
    }

    /// Returns the place of a value that is no part of another.
    pub(super) fn root(&mut self, segment: Segment, shape: &Rc<Shape>, label: &str) -> PlaceId {
        // A place keeps its shape, so that its address stays its own.
        let key = (segment, Rc::as_ptr(shape));
        if let Some(known) = self.roots.get(&key) {
            return *known;
        }
        let place = Place { parent: None, segment: key.0.clone(), shape: shape.clone(), label: label.to_owned() };
        self.places.push(place);
        self.roots.insert(key, self.places.len() - 1);
        self.places.len() - 1
    }

    /// Returns the place of a part of the value at `parent`.
    pub(super) fn part(&mut self, parent: PlaceId, segment: Segment) -> PlaceId {
        if let Some(known) = self.parts.get(&(parent, segment.clone())) {
            return *known;
        }
        let asked = (parent, segment.clone());
        let (segment, shape) = self.part_shape(parent, segment);
        let id = match self.parts.get(&(parent, segment.clone())) {
            Some(known) => *known,
            None => {
                let whole = &self.places[parent].label;
                let label = match &segment {
                    Segment::Property(name) => format!("{whole}.{name}"),
                    Segment::Size => format!("{whole}.size"),
                    Segment::Index(index) => format!("{whole}[{index}]"),
                    _ => format!("{whole}[…]"),
                };
                self.places.push(Place { parent: Some(parent), segment: segment.clone(), shape, label });
                self.parts.insert((parent, segment), self.places.len() - 1);
                self.places.len() - 1
            }
        };
        self.parts.insert(asked, id);
        id
    }

    /// Returns how a part is really reached, and what it may be where its whole is there.
    fn part_shape(&self, parent: PlaceId, segment: Segment) -> (Segment, Rc<Shape>) {
        let whole = &self.places[parent].shape;
        let is_list =
            whole.domain.kinds & (kind::LIST | kind::EMPTY_LIST) != 0 && whole.domain.kinds & kind::OBJECT == 0;
        let item = |index: i64| {
            let within = index.unsigned_abs() < whole.least + u64::from(index < 0) || matches!(index, 0 | -1);
            let items = whole.items.clone().unwrap_or_else(|| Shape::unknown(Nil::Unknown));
            let short = if within { Nil::Never } else { Nil::Missing };
            items.or_nil(short)
        };
        match segment {
            Segment::Property(name) => {
                let declared = whole.properties.iter().flatten().find(|(declared, _)| **declared == *name);
                match (declared, &*name) {
                    (Some((_, shape)), _) => (Segment::Property(name), shape.clone()),
                    (None, "size") => (Segment::Size, Shape::count()),
                    (None, "first") if is_list => (Segment::Index(0), item(0)),
                    (None, "last") if is_list => (Segment::Index(-1), item(-1)),
                    (None, _) => (Segment::Property(name), Shape::unknown(Nil::Unknown)),
                }
            }
            Segment::Index(index) if is_list => (segment, item(index)),
            Segment::Computed(_) if is_list && whole.items.is_some() => {
                let items = whole.items.clone().unwrap_or_else(|| Shape::unknown(Nil::Unknown));
                (segment, items.or_nil(Nil::Unknown))
            }
            _ => (segment, Shape::unknown(Nil::Unknown)),
        }
    }

    /// Returns what is known of the value at a place before the template runs.
    pub(super) fn shape(&self, id: PlaceId) -> &Rc<Shape> {
        &self.places[id].shape
    }

    /// Returns what messages call the place.
    pub(super) fn label(&self, id: PlaceId) -> &str {
        &self.places[id].label
    }

    /// Returns the whole of which the place is a part.
    pub(super) fn whole(&self, id: PlaceId) -> Option<PlaceId> {
        self.places[id].parent
    }

    /// Returns whether the place is the size of its whole.
    pub(super) fn is_size(&self, id: PlaceId) -> bool {
        self.places[id].segment == Segment::Size
    }

    fn is_within(&self, id: PlaceId, whole: PlaceId) -> bool {
        std::iter::successors(Some(id), |id| self.places[*id].parent).any(|id| id == whole)
    }

    fn root_of(&self, id: PlaceId) -> PlaceId {
        std::iter::successors(Some(id), |id| self.places[*id].parent).last().unwrap_or(id)
    }

    /// Returns whether the value at a place is a parameter, the item of a loop, or a part of one.
    pub(super) fn is_given(&self, id: PlaceId) -> bool {
        matches!(self.places[self.root_of(id)].segment, Segment::Parameter(_) | Segment::Item(_))
    }

    /// Returns whether the place is `segment` or a part of it.
    pub(super) fn is_root(&self, id: PlaceId, segment: &Segment) -> bool {
        self.places[self.root_of(id)].segment == *segment
    }
}

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
        let own = self.own(places, id);
        let Some(whole) = places.places[id].parent else { return own.clone() };
        let (hollow, solid) = parted(&self.domain(places, whole), &places.places[id].segment, own.nil);
        if solid.is_nothing() {
            return Domain::only_nil(hollow.1);
        }
        own.clone().or_nil(hollow.1)
    }

    /// Notes that the value at a place is one of `domain`, which is within what it may be. Returns
    /// whether that can be.
    pub(super) fn refine(&mut self, places: &Places, id: PlaceId, domain: Domain) -> bool {
        if domain.is_nothing() {
            return false;
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
