//! What is passed to a partial, part by part, held against what it declares.

use super::super::domain::{Domain, Nil, kind};
use super::super::world::World;
use super::{Flow, Issue, Taken, Unfit, Value};
use crate::template::syntax::Render;
use std::ops::Range;
use std::rc::Rc;

/// What holding a value against a declaration counts for.
const WORK: usize = 2_000;

impl Flow<'_> {
    /// Notes where a partial does not take what is passed to it, or not every such value. Of the second
    /// nothing is said where the value is none that is declared, or where something was asked of it: it may
    /// have been that.
    pub(super) fn check_parts(
        &mut self,
        (render, argument, taken): (&Render, &str, &Taken),
        value: &Value,
        span: &Range<usize>,
        world: &World,
    ) {
        if value.is_open() || value.domain.is_any_of(kind::LOOP) {
            return;
        }
        let given = value.domain.without_nil().as_json();
        let Some(unfit) = self.unfit((render, argument), value, given) else { return };
        let is_declared = match (value.place, value.item_of) {
            (Some(place), _) => self.places.is_given(place) && !world.is_asked(&self.places, place),
            (None, Some(list)) => self.places.is_given(list) && !world.is_part_asked(&self.places, list),
            (None, None) => false,
        };
        if !unfit.is_always && (!is_declared || value.shape.as_ref().is_some_and(|shape| shape.is_picked)) {
            return;
        }
        let part = match (value.place, value.item_of) {
            (Some(place), _) => format!("`{}`", self.places.label(place)),
            (None, Some(list)) => format!("an item of `{}`", self.places.label(list)),
            (None, None) => "such a value".to_owned(),
        };
        let (partial, parameter) = (render.name.to_string(), taken.name.clone());
        self.note(Issue::Unfit { partial, parameter, part, unfit }, span, world);
    }

    /// Returns why a partial does not take every value of `given`, with the parts of `value`.
    fn unfit(&mut self, (render, argument): (&Render, &str), value: &Value, given: Domain) -> Option<Unfit> {
        let key = (render.name.to_string(), argument.to_owned(), given, value.shape.as_ref().map(Rc::as_ptr));
        if let Some(known) = self.passed.get(&key) {
            return known.clone();
        }
        self.work += WORK;
        let unfit = self.inputs.unfit(&key.0, &key.1, &key.2, value.shape.as_deref());
        // The shapes are kept, so that no other can come to stand at their addresses.
        self.kept.extend(value.shape.clone());
        self.passed.insert(key, unfit.clone());
        unfit
    }

    /// Returns what a partial that is rendered with `for` is given once an item: what is no list is one.
    pub(super) fn each_of(&mut self, value: &Value) -> Value {
        let mut domain = value.domain.without_nil();
        let is_list = domain.kinds & kind::LISTS != 0;
        domain.kinds &= !kind::LISTS;
        if !is_list {
            return Value { shape: value.shape.clone(), ..Value::made(domain) };
        }
        let items = match &value.shape {
            Some(shape) if shape.items.is_some() => shape.items.clone(),
            _ if value.domain.kinds & (kind::LIST | kind::RANGE) == kind::RANGE => Some(self.numbers.clone()),
            _ => None,
        };
        let of_items = items.as_ref().map_or_else(|| Domain::anything().or_nil(Nil::Unknown), |it| it.domain.clone());
        let shape = items.filter(|_| domain.is_nothing());
        Value { shape, item_of: value.place, ..Value::made(domain.union(&of_items)) }
    }
}
