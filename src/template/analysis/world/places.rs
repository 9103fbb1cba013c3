//! Where values stand: each place is known by its number, what it is called, and what may stand there.

use super::super::domain::{Known, Nil, kind};
use super::super::shape::Shape;
use std::collections::HashMap;
use std::rc::Rc;

/// A value's place, by its number.
pub(in crate::template::analysis) type PlaceId = usize;

/// How a place is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::template::analysis) enum Segment {
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
    /// The whole itself or, where that is nil, false or empty, this: what the name with this number is given
    /// by `default`.
    Default(usize, Known),
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) parent: Option<PlaceId>,
    pub(super) segment: Segment,
    pub(super) shape: Rc<Shape>,
    label: String,
}

/// All places that have been spoken of.
#[derive(Debug)]
pub(in crate::template::analysis) struct Places {
    pub(super) places: Vec<Place>,
    roots: HashMap<(Segment, *const Shape), PlaceId>,
    parts: HashMap<(PlaceId, Segment), PlaceId>,
    /// A value that nothing is known of.
    pub(in crate::template::analysis) unknown: Rc<Shape>,
}

impl Places {
    pub(in crate::template::analysis) fn new() -> Places {
        let unknown = Shape::unknown(Nil::Unknown);
        Places { places: Vec::new(), roots: HashMap::new(), parts: HashMap::new(), unknown }
    }

    /// Returns the place of a value that is no part of another.
    pub(in crate::template::analysis) fn root(&mut self, segment: Segment, shape: &Rc<Shape>, label: &str) -> PlaceId {
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
    pub(in crate::template::analysis) fn part(&mut self, parent: PlaceId, segment: Segment) -> PlaceId {
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

    /// Returns the place of what the name `slot` is given: the value at `whole`, or `known` as its `default`.
    pub(in crate::template::analysis) fn with_default(
        &mut self,
        whole: PlaceId,
        slot: usize,
        known: Known,
        label: &str,
    ) -> PlaceId {
        let key = (whole, Segment::Default(slot, known.clone()));
        if let Some(place) = self.parts.get(&key) {
            return *place;
        }
        let shape = Shape::plain(self.shape(whole).domain.or_default(&known));
        self.places.push(Place { parent: Some(whole), segment: key.1.clone(), shape, label: label.to_owned() });
        self.parts.insert(key, self.places.len() - 1);
        self.places.len() - 1
    }

    /// Returns whether the place is that of what the name `slot` is given with the default `known`.
    pub(in crate::template::analysis) fn is_default(&self, id: PlaceId, slot: usize, known: &Known) -> bool {
        matches!(&self.places[id].segment, Segment::Default(name, default) if *name == slot && default == known)
    }

    /// Returns whether the place is that of a value with a default, or a part of one.
    pub(in crate::template::analysis) fn has_default(&self, id: PlaceId) -> bool {
        let is_default = |id: PlaceId| matches!(self.places[id].segment, Segment::Default(..));
        std::iter::successors(Some(id), |id| self.places[*id].parent).any(is_default)
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
                let declared = whole.declared().find(|(declared, _)| **declared == *name);
                match (declared, &*name) {
                    (Some((_, shape)), _) => (Segment::Property(name), shape.clone()),
                    (None, "size") => (Segment::Size, Shape::size(is_list)),
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
    pub(in crate::template::analysis) fn shape(&self, id: PlaceId) -> &Rc<Shape> {
        &self.places[id].shape
    }

    /// Returns what messages call the place.
    pub(in crate::template::analysis) fn label(&self, id: PlaceId) -> &str {
        &self.places[id].label
    }

    /// Returns the whole of which the place is a part.
    pub(in crate::template::analysis) fn whole(&self, id: PlaceId) -> Option<PlaceId> {
        self.places[id].parent
    }

    /// Returns whether the place is the size of its whole.
    pub(in crate::template::analysis) fn is_size(&self, id: PlaceId) -> bool {
        self.places[id].segment == Segment::Size
    }

    pub(super) fn is_within(&self, id: PlaceId, whole: PlaceId) -> bool {
        std::iter::successors(Some(id), |id| self.places[*id].parent).any(|id| id == whole)
    }

    fn root_of(&self, id: PlaceId) -> PlaceId {
        std::iter::successors(Some(id), |id| self.places[*id].parent).last().unwrap_or(id)
    }

    /// Returns whether the value at a place is a parameter, the item of a loop, or a part of one.
    pub(in crate::template::analysis) fn is_given(&self, id: PlaceId) -> bool {
        matches!(self.places[self.root_of(id)].segment, Segment::Parameter(_) | Segment::Item(_))
    }

    /// Returns whether the place is `segment` or a part of it.
    pub(in crate::template::analysis) fn is_root(&self, id: PlaceId, segment: &Segment) -> bool {
        self.places[self.root_of(id)].segment == *segment
    }
}
