//! Lists that filters make of others, item by item, and items that are nil where none may be.

use super::domain::{Domain, Nil};
use super::flow::{Flow, Issue, Value};
use super::properties::reads_property;
use super::shape::Shape;
use super::world::World;
use crate::template::syntax::{Expression, FilterCall, Literal};
use std::rc::Rc;

/// What it counts for to copy a declared property.
const WORK_PER_PROPERTY: usize = 4;

impl Flow<'_> {
    /// Returns the list of `kinds` that a filter makes of the items of `value`.
    pub(super) fn list(&mut self, call: &FilterCall, value: &Value, kinds: u16) -> Value {
        let shape = value.shape.as_ref().filter(|shape| shape.items.is_some());
        // Each such list may have items of its own.
        self.work +=
            shape.and_then(|shape| shape.flat_items()).map_or(0, |items| WORK_PER_PROPERTY * items.declared().count());
        let shape = shape.map(|shape| self.made_shape(call.span.start, shape, |list| items_made(call, list)));
        let shape = shape.filter(|shape| shape.items.is_some());
        Value { shape, ..Value::made(Domain::of_kinds(kinds)) }
    }

    /// Notes where a filter cannot do with items that are nil, and some may be.
    pub(super) fn check_items(&mut self, call: &FilterCall, list: &Value, world: &World) {
        let asks_each = call.name() == "join" || (reads_property(call.name()) && !call.positional.is_empty());
        if !asks_each {
            return;
        }
        let items = list.shape.as_ref().filter(|shape| shape.items.is_some()).and_then(Shape::flat_items);
        if items.is_none_or(|items| items.domain.nil < Nil::Missing) {
            return;
        }
        let part = list.place.map_or_else(String::new, |place| self.places.label(place).to_owned());
        let issue = Issue::HoldsNil { part, by: list.by, filter: call.name() };
        self.note(issue, &call.span, world);
    }
}

/// Returns what is known of the items that a filter makes of those of `list`.
fn items_made(call: &FilterCall, list: &Rc<Shape>) -> Option<Rc<Shape>> {
    let items = list.flat_items()?;
    let is_nil = |literal: &Expression| matches!(literal, Expression::Literal(Literal::Nil));
    let is_literal = |value: &Expression| matches!(value, Expression::Literal(_)) && !is_nil(value);
    match (call.name(), call.positional.as_slice()) {
        ("map", [Expression::Literal(Literal::Text(name)), ..]) => items.property(name.as_str()).cloned(),
        ("map", _) => None,
        ("compact", []) => Some(there(items)),
        ("compact" | "where", [Expression::Literal(Literal::Text(name))]) => Some(picked(items, Some(name.as_str()))),
        ("where", [Expression::Literal(Literal::Text(name)), value]) if is_literal(value) => {
            Some(picked(items, Some(name.as_str())))
        }
        ("where" | "reject" | "compact", _) => Some(picked(items, None)),
        _ => Some(items.clone()),
    }
}

/// Returns a value without nil.
fn there(shape: &Rc<Shape>) -> Rc<Shape> {
    match shape.domain.may_be_nil() {
        true => Rc::new(Shape { domain: shape.domain.without_nil(), ..(**shape).clone() }),
        false => shape.clone(),
    }
}

/// Returns items that were picked from others, of which each has the property `name`.
fn picked(items: &Rc<Shape>, name: Option<&str>) -> Rc<Shape> {
    let mut picked = Shape { is_picked: true, ..(**items).clone() };
    let at = picked.declared().position(|(declared, shape)| Some(&**declared) == name && shape.domain.may_be_nil());
    if let (Some(at), Some(properties)) = (at, &mut picked.properties) {
        let properties = Rc::make_mut(properties);
        properties[at].1 = there(&properties[at].1);
    }
    Rc::new(picked)
}
