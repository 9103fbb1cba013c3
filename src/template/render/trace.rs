//! Where the output comes from: which bytes of it the template wrote itself, and which are whose value.

use super::super::Output;
use super::super::syntax::{Expression, FilterCall, Root, Variable};
use super::Frame;
use std::collections::HashMap;
use std::ops::Range;

/// An output, and where each part of it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The output.
    pub output: Output,
    /// The parts, in order and without gaps: of a text, one list; of messages, one list each, which is
    /// empty for the messages of a `history`.
    pub origins: Vec<Vec<Origin>>,
}

/// Where one part of a text comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// What wrote them.
    pub place: Place,
    /// The bytes of the source of what wrote them: of the template, or of the innermost partial.
    pub span: Range<usize>,
    /// The partials that it stands in, as their `render` tags name them, the outermost first.
    pub partials: Vec<Box<str>>,
}

/// What wrote a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The template itself: its text, a literal or a counter.
    Literal,
    /// A parameter or a part of one, such as `customer.name` or `items[2]`; perhaps put through filters, or into text of
    /// the template by one.
    Parameter(String),
    /// A variable that the template made, such as what `capture` holds.
    Variable(String),
}

impl Origin {
    pub(super) fn new(place: Place, span: &Range<usize>) -> Origin {
        Origin { range: 0..0, place, span: span.clone(), partials: Vec::new() }
    }

    /// Returns the origin of the same bytes where they stand `by` bytes further.
    pub(super) fn moved(self, by: usize) -> Origin {
        Origin { range: self.range.start + by..self.range.end + by, ..self }
    }

    /// Returns the origin as it is seen from whoever renders the partial `name`.
    pub(super) fn inside(mut self, name: &str) -> Origin {
        self.partials.insert(0, name.into());
        self
    }
}

/// What the variables of a template come from, by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(HashMap<usize, Source>);

/// What one variable comes from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) place: Place,
    /// Whether it is that very value: what went through a filter has parts of its own.
    pub(super) is_whole: bool,
}

impl Sources {
    /// Notes what the variable at `slot` comes from; nothing where the template made it.
    pub(super) fn set(&mut self, slot: usize, source: Option<Source>) {
        match source {
            Some(source) => drop(self.0.insert(slot, source)),
            None => drop(self.0.remove(&slot)),
        }
    }

    /// Returns what the value of an expression comes from.
    pub(super) fn of_expression(&self, frame: &Frame<'_>, expression: &Expression) -> Place {
        match expression {
            Expression::Variable(variable) => self.of_variable(frame, variable),
            _ => Place::Literal,
        }
    }

    /// Returns what a value comes from that went through filters: where the template made it, the parameter that one
    /// of them was given.
    pub(super) fn of_chain(&self, frame: &Frame<'_>, head: &Expression, filters: &[FilterCall]) -> Place {
        let place = self.of_expression(frame, head);
        if let Place::Parameter(_) = place {
            return place;
        }
        let mut arguments = filters.iter().flat_map(|call| &call.positional);
        let given = arguments.find_map(|argument| match self.of_expression(frame, argument) {
            place @ Place::Parameter(_) => Some(place),
            Place::Literal | Place::Variable(_) => None,
        });
        given.unwrap_or(place)
    }

    fn of_variable(&self, frame: &Frame<'_>, variable: &Variable) -> Place {
        self.source(frame, variable).place
    }

    /// Returns what the item at `index` of a variable comes from. Where a filter has made the list, nobody
    /// knows which item of the parameter it was.
    pub(super) fn of_item(&self, frame: &Frame<'_>, over: &Variable, index: usize) -> Source {
        match self.source(frame, over) {
            Source { place: Place::Parameter(path), is_whole: true } => {
                Source { place: Place::Parameter(format!("{path}[{index}]")), is_whole: true }
            }
            other => other,
        }
    }

    /// Returns what a variable comes from.
    fn source(&self, frame: &Frame<'_>, variable: &Variable) -> Source {
        let written = frame.source[variable.span.clone()].to_owned();
        let whole = |place: Place| Source { place, is_whole: true };
        let Root::Name(name) = &variable.root else { return whole(Place::Variable(written)) };
        let number = frame.slot(name.slot);
        let slot = &frame.slots[number];
        let is_made = slot.local.is_some() || slot.assigned.is_some() || slot.counter.is_some();
        // What follows the name, as it is written.
        let rest = frame.source[variable.span.clone()].get(name.text.len()..).unwrap_or_default();
        match self.0.get(&number) {
            _ if !is_made => whole(Place::Parameter(written)),
            Some(Source { place: Place::Parameter(path), is_whole: true }) => {
                whole(Place::Parameter(format!("{path}{rest}")))
            }
            Some(source @ Source { place: Place::Parameter(_) | Place::Literal, .. }) => source.clone(),
            Some(Source { place: Place::Variable(_), .. }) | None => whole(Place::Variable(written)),
        }
    }
}
