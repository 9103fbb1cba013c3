//! Properties that nobody has declared, read of a value of which all that it has is known: by a path, or
//! by a filter that is told the name.

use super::domain::{Known, Nil, kind};
use super::flow::{Flow, Issue, Value};
use super::shape::Shape;
use super::world::World;
use crate::error::suggest;
use crate::template::syntax::{Expression, FilterCall, Literal, Step, Variable};
use std::ops::Range;
use std::rc::Rc;

/// The most properties of which it is guessed which one is meant: to guess takes time.
const MOST_MEANT: usize = 100;

/// Returns whether `filter` takes the name of a property as its first argument.
pub(super) fn reads_property(filter: &str) -> bool {
    matches!(
        filter,
        "where"
            | "reject"
            | "find"
            | "find_index"
            | "has"
            | "sort"
            | "sort_natural"
            | "sum"
            | "uniq"
            | "compact"
            | "map"
    )
}

/// Returns the property that `call` names, where its name is known.
pub(super) fn named(call: &FilterCall, operands: &[&Value]) -> Option<String> {
    operands.get(1).filter(|_| reads_property(call.name())).and_then(|name| name.as_name())
}

impl Value {
    /// Returns the name of a property that the value is, if it is known.
    pub(super) fn as_name(&self) -> Option<String> {
        match (self.domain.nil, self.domain.single()?) {
            (Nil::Never, Known::Text(name)) => Some(name.to_string()),
            _ => None,
        }
    }
}

impl Shape {
    /// Returns the items that filters of lists make of the value, which flatten lists in lists; the value
    /// itself where it is no list.
    pub(super) fn flat_items(self: &Rc<Shape>) -> Option<&Rc<Shape>> {
        let mut item = self;
        while item.domain.kinds & kind::LISTS != 0 {
            item = item.items.as_ref()?;
        }
        Some(item)
    }

    /// Returns whether an object of this shape is known to have no property `name`, not even one of Liquid's.
    fn lacks(&self, name: &str) -> bool {
        let is_closed = self.properties.is_some() && self.domain.kinds & kind::LOOP == 0;
        is_closed && self.property(name).is_none() && !matches!(name, "size" | "first" | "last")
    }
}

impl Flow<'_> {
    /// Notes where a step of a path, of a value `whole`, names a property that is not declared.
    pub(super) fn check_step(
        &mut self,
        (variable, step): (&Variable, &Step),
        whole: &Value,
        index: Option<&Value>,
        world: &World,
    ) {
        let name = match step {
            Step::Property(name) => Some(name.as_str().to_owned()),
            Step::Index(_) => index.and_then(Value::as_name),
        };
        let (Some(name), Some(shape)) = (name, &whole.shape) else { return };
        if shape.lacks(&name) {
            self.note_undeclared((shape, whole, name), None, &variable.span, world);
        }
    }

    /// Notes where a filter is told the name of a property that no item of the list has.
    pub(super) fn check_named(&mut self, call: &FilterCall, operands: &[&Value], world: &World) {
        let (Some(name), Some(list)) = (named(call, operands), operands.first()) else { return };
        let Some(item) = list.shape.as_ref().and_then(Shape::flat_items).filter(|item| item.lacks(&name)) else {
            return;
        };
        let span = literal_span(self.source, call, &name).unwrap_or_else(|| call.span.clone());
        self.note_undeclared((item, list, name), Some(call.name()), &span, world);
    }

    fn note_undeclared(
        &mut self,
        (shape, whole, property): (&Shape, &Value, String),
        by: Option<&'static str>,
        span: &Range<usize>,
        world: &World,
    ) {
        let part = whole.place.map_or_else(String::new, |place| self.places.label(place).to_owned());
        let is_full = self.meant.len() >= MOST_MEANT;
        let guess = || {
            let declared = shape.declared().map(|(name, _)| &**name);
            if is_full { None } else { suggest(&property, declared).map(str::to_owned) }
        };
        let meant = self.meant.entry((span.start, property.clone())).or_insert_with(guess).clone();
        self.note(Issue::Undeclared { part, property, by, meant }, span, world);
    }

    /// Returns the name or the number in brackets where a variable in them is known to be that. What stands
    /// in brackets of its own there is not followed.
    pub(super) fn known_index(&mut self, index: &Expression, world: &World) -> Option<Known> {
        let is_literal = |step: &Step| matches!(step, Step::Property(_) | Step::Index(Expression::Literal(_)));
        let variable = index.as_variable().filter(|variable| variable.path.iter().all(is_literal))?;
        let place = self.place_of(variable, world)?;
        let domain = world.domain(&self.places, place);
        (domain.nil == Nil::Never).then(|| domain.single().cloned()).flatten()
    }
}

/// Returns where the text stands that is the first argument of `call`: the tree knows the filter's place alone.
fn literal_span(source: &str, call: &FilterCall, text: &str) -> Option<Range<usize>> {
    let Some(Expression::Literal(Literal::Text(_))) = call.positional.first() else { return None };
    let argument = source.get(call.span.end..)?.trim_start().strip_prefix(':')?.trim_start();
    let quote = argument.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    argument[1..].strip_prefix(text)?.strip_prefix(quote)?;
    let start = source.len() - argument.len();
    Some(start..start + text.len() + 2)
}
