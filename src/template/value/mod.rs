//! The values that a template computes with. What is given and what stands in the source is borrowed;
//! only what filters make is owned, and cheap to clone.
//!
//! Objects keep the order that they were given in. The `liquid` crate's own are hash maps with a
//! random order, so that a loop over one would give other bytes on each run; those are taken in by
//! `super::view`, sorted by key.

mod access;
mod declared;
mod items;
mod json;
mod print;

pub(super) use access::{Access, entry};
pub use declared::Declared;
pub(super) use declared::Given;
pub(super) use items::Items;
pub(super) use print::print_float;

use super::syntax::Literal;
use serde_json::{Map, Number, Value as Json};
use std::cell::Cell;
use std::cmp::Ordering;
use std::rc::Rc;

/// How deep a value that is handed in may be nested. Comparing and printing recurse that far.
pub(super) const MAX_DEPTH: usize = 128;

/// The most items that a list may have that a template makes.
pub(super) const MAX_ITEMS: usize = 100_000;

/// How many bytes of a text are gone through in one step.
const BYTES_PER_STEP: usize = 16;

/// How many steps a short text that is made for a list counts for: it takes a hundred bytes of memory.
const STEPS_PER_TEXT: usize = 6;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A string of the template or of what was given.
    Str(&'a str),
    /// A string that was made.
    Text(Rc<String>),
    /// An array that was given.
    Array(Given<'a, Vec<Json>>),
    /// An object that was given.
    Object(Given<'a, Map<String, Json>>),
    /// A list that was made.
    List(Rc<Vec<Value<'a>>>),
    /// `(1..3)`, both ends included.
    Range(i64, i64),
    /// `forloop` and `tablerowloop`.
    Loop(Rc<LoopState<'a>>),
    /// The literal `empty`.
    Empty,
    /// The literal `blank`.
    Blank,
}

/// Where a loop stands.
#[derive(Debug)]
pub(super) struct LoopState<'a> {
    /// `x-items`, the name that Liquid gives a loop.
    pub(super) name: &'a str,
    pub(super) index0: Cell<usize>,
    pub(super) length: usize,
    /// The place in a `tablerow`.
    pub(super) table: Option<TablePlace>,
    pub(super) parent: Option<Rc<LoopState<'a>>>,
}

/// The place of a cell in a table.
#[derive(Debug)]
pub(super) struct TablePlace {
    pub(super) columns: i64,
    pub(super) column: Cell<i64>,
    pub(super) row: Cell<i64>,
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Rc::new(text))
    }
}

impl<'a> From<Vec<Value<'a>>> for Value<'a> {
    fn from(mut items: Vec<Value<'a>>) -> Self {
        // Room to grow is no longer needed.
        items.shrink_to_fit();
        Value::List(Rc::new(items))
    }
}

impl<'a> From<&'a Literal> for Value<'a> {
    fn from(literal: &'a Literal) -> Self {
        match literal {
            Literal::Nil => Value::Nil,
            Literal::Bool(truth) => Value::Bool(*truth),
            Literal::Int(integer) => Value::Int(*integer),
            Literal::Float(float) => Value::Float(*float),
            Literal::Text(text) => Value::Str(text),
            Literal::Empty => Value::Empty,
            Literal::Blank => Value::Blank,
        }
    }
}

impl<'a> From<&'a Json> for Value<'a> {
    fn from(json: &'a Json) -> Self {
        Value::given(json, None)
    }
}

impl<'a> Value<'a> {
    /// Returns a value that was given, of which `declared` is known. A number without fractional part
    /// becomes an integer, however it was written.
    pub(super) fn given(json: &'a Json, declared: Option<&'a Declared>) -> Value<'a> {
        match json {
            Json::Null => Value::Nil,
            Json::Bool(truth) => Value::Bool(*truth),
            Json::Number(number) => number_of(number),
            Json::String(text) => Value::Str(text),
            Json::Array(content) => Value::Array(Given { content, declared }),
            Json::Object(content) => Value::Object(Given { content, declared }),
        }
    }
}

fn number_of<'a>(number: &Number) -> Value<'a> {
    if let Some(integer) = number.as_i64() {
        return Value::Int(integer);
    }
    let float = number.as_f64().unwrap_or(f64::NAN);
    // Beyond 2^53 a float no longer tells one integer from the next.
    if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 {
        return Value::Int(float as i64);
    }
    Value::Float(float)
}

impl<'a> Value<'a> {
    /// Returns a number of things as a value.
    pub(super) fn count(count: usize) -> Value<'a> {
        Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Returns the string that it is, if it is one.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns what a message calls the value.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Str(_) | Value::Text(_) => "a string",
            Value::Array(_) | Value::List(_) => "an array",
            Value::Object(_) | Value::Loop(_) => "an object",
            Value::Range(..) => "a range",
            Value::Empty => "`empty`",
            Value::Blank => "`blank`",
        }
    }

    /// Returns whether a condition takes the value for true: all but nil and false.
    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Value::Nil | Value::Bool(false))
    }

    /// Returns whether it is a string, array or object that holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Value::Str(_) | Value::Text(_) => self.as_str().is_some_and(str::is_empty),
            Value::Array(items) => items.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Object(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// Returns whether the value equals `blank`.
    pub(super) fn is_blank(&self) -> bool {
        match self.as_str() {
            Some(text) => text.trim().is_empty(),
            None => !self.is_true() || self.is_empty(),
        }
    }

    /// Returns whether two values are equal: numbers by their worth, lists and objects by content.
    pub(super) fn equals(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            // `empty` and `blank` are questions about a value and no values: they equal not even each other.
            (Value::Empty | Value::Blank, Value::Empty | Value::Blank) => false,
            (Value::Empty, it) => it.is_empty(),
            (it, Value::Empty) => it.is_empty(),
            (Value::Blank, it) => it.is_blank(),
            (it, Value::Blank) => it.is_blank(),
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Range(a, b), Value::Range(c, d)) => (a, b) == (c, d),
            (Value::Object(a), Value::Object(b)) => {
                let same = |(key, value): (&String, &Json)| {
                    b.get(key).is_some_and(|other| Value::from(value).equals(&Value::from(other)))
                };
                a.len() == b.len() && a.iter().all(same)
            }
            (Value::Array(_) | Value::List(_), Value::Array(_) | Value::List(_)) => {
                let (a, b) = (Items::of(self), Items::of(other));
                a.len() == b.len() && a.into_iter().zip(b).all(|(a, b)| a.equals(&b))
            }
            (Value::Loop(a), Value::Loop(b)) => std::ptr::eq(a.name, b.name) && a.index0 == b.index0,
            _ => match (self.as_str(), other.as_str()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    /// Returns the order of two numbers or two strings, and nothing for anything else.
    pub(super) fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        if let (Value::Int(a), Value::Int(b)) = (self, other) {
            return Some(a.cmp(b));
        }
        if let (Some(a), Some(b)) = (self.as_str(), other.as_str()) {
            return Some(a.cmp(b));
        }
        self.number()?.partial_cmp(&other.number()?)
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Int(integer) => Some(*integer as f64),
            Value::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// Returns how many steps it is to go through the value, but not through what its items hold: an item
    /// is one, sixteen bytes are one.
    pub(super) fn weight(&self) -> usize {
        match self {
            Value::Str(_) | Value::Text(_) => self.as_str().map_or(0, |text| text.len() / BYTES_PER_STEP),
            Value::Array(items) => items.len(),
            Value::List(items) => items.len(),
            Value::Object(entries) => entries.len(),
            Value::Range(first, last) => {
                usize::try_from(last.saturating_sub(*first)).map_or(0, |last| last.min(MAX_ITEMS))
            }
            _ => 0,
        }
    }

    /// Returns how many steps it counts for to have made the value, by the memory that it takes: a text in a
    /// list has its own, unless it is one that was there before.
    pub(super) fn weight_when_made(&self) -> usize {
        let of_item = |item: &Value<'_>| match item {
            Value::Text(text) if Rc::strong_count(text) == 1 => STEPS_PER_TEXT + item.weight(),
            _ => 1,
        };
        match self {
            Value::List(items) => items.iter().map(of_item).sum(),
            other => other.weight(),
        }
    }

    /// Returns how many steps it is to go through the value and all that it holds, which is also what it
    /// takes to find that out.
    pub(super) fn whole_weight(&self) -> usize {
        match self {
            Value::Array(items) => 1 + items.iter().map(weight_of).sum::<usize>(),
            Value::List(items) => 1 + items.iter().map(Value::whole_weight).sum::<usize>(),
            Value::Object(entries) => weight_of_entries(entries),
            other => 1 + other.weight(),
        }
    }

    /// Returns how many steps it is to compare two values.
    pub(super) fn weight_beside(&self, other: &Value<'_>) -> usize {
        match (self, other) {
            (Value::Blank, it) | (it, Value::Blank) => it.as_str().map_or(0, |text| text.len() / BYTES_PER_STEP),
            (Value::Str(_) | Value::Text(_), Value::Str(_) | Value::Text(_)) => self.weight().min(other.weight()),
            (Value::Array(_) | Value::List(_), Value::Array(_) | Value::List(_))
            | (Value::Object(_), Value::Object(_))
                if self.weight() == other.weight() =>
            {
                self.whole_weight()
            }
            _ => 0,
        }
    }
}

fn weight_of(json: &Json) -> usize {
    match json {
        Json::String(text) => 1 + text.len() / BYTES_PER_STEP,
        Json::Array(items) => 1 + items.iter().map(weight_of).sum::<usize>(),
        Json::Object(entries) => weight_of_entries(entries),
        _ => 1,
    }
}

fn weight_of_entries(entries: &Map<String, Json>) -> usize {
    1 + entries.iter().map(|(key, value)| key.len() / BYTES_PER_STEP + weight_of(value)).sum::<usize>()
}

/// Returns whether `json` is nested no deeper than `room` levels.
pub(super) fn is_shallow(json: &Json, room: usize) -> bool {
    match json {
        Json::Array(items) => room > 0 && items.iter().all(|item| is_shallow(item, room - 1)),
        Json::Object(entries) => room > 0 && entries.values().all(|value| is_shallow(value, room - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn blank_and_empty_equal_what_holds_nothing() {
        for nothing in [json!(null), json!(false), json!(""), json!(" \n"), json!([]), json!({})] {
            assert!(Value::from(&nothing).equals(&Value::Blank), "{nothing}");
        }
        assert!(!Value::Str(" ").equals(&Value::Empty));
        assert!(!Value::Int(0).equals(&Value::Blank));
        assert!(!Value::Blank.equals(&Value::Empty));
    }

    #[test]
    fn what_was_given_equals_what_was_made() {
        let given = json!([1, "a", [2.0]]);
        let made = Value::from(vec![Value::Float(1.0), "a".to_owned().into(), vec![Value::Int(2)].into()]);
        assert!(Value::from(&given).equals(&made));
        assert!(!Value::from(&json!([1, "a"])).equals(&made));
        assert!(Value::from(&json!({ "a": 1, "b": 2 })).equals(&Value::from(&json!({ "b": 2, "a": 1 }))));
    }

    #[test]
    fn depth_is_bounded_before_anything_recurses() {
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert!(is_shallow(&nested(128), 128));
        assert!(!is_shallow(&nested(129), 128));
        assert!(!is_shallow(&nested(1_000), 128));
    }
}
