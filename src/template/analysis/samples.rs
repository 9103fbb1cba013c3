//! Values that stand for all that a value may be.
//!
//! What rendering does with a value depends on little of it: its type, whether it holds anything, what its
//! items are. So it is tried on a few values of each class, by the very functions that render, and what
//! fails with all of them fails with the class. A table of what each filter takes was rejected: it would be
//! a second engine.

use super::domain::{Domain, Known, kind};
use super::shape::Shape;
use crate::template::value::{LoopState, TablePlace, Value};
use serde_json::{Map, Value as Json, json};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

const EMPTY_ARRAY: &str = "an empty array";
const ARRAY: &str = "an array with items";
const EMPTY_OBJECT: &str = "an object without properties";
const OBJECT: &str = "an object";
/// How deep the items and properties of a value are looked into.
const MAX_DEPTH: usize = 4;
/// The most values that are kept for the next time, at about two hundred bytes each.
const MOST_KEPT: usize = 20_000;
/// How many properties are many.
const MANY_PROPERTIES: usize = 500;
/// The most values that stand for one of a class.
const MAX_SAMPLES: usize = 8;

/// Values that rendering treats alike.
pub(super) struct Class {
    /// What messages call them.
    pub(super) name: String,
    pub(super) samples: Rc<Vec<Sample>>,
    /// Whether the samples stand for others; else they are the values themselves.
    is_open: bool,
}

impl Class {
    /// Returns what is said of a sample as what is to be said of the class.
    pub(super) fn in_general(&self, said: String) -> String {
        let scalars = self.samples.iter().filter(|_| self.is_open).filter_map(|sample| match sample {
            Sample::Json(Json::String(text)) => Some(text.clone()),
            Sample::Json(Json::Number(number)) => Some(number.to_string()),
            _ => None,
        });
        scalars.fold(said, |said, value| {
            said.replace(&format!("`{value}`"), "`…`").replace(&format!("\"{value}\""), "\"…\"")
        })
    }
}

/// Returns the names of several classes; those that are a whole type together are called by that.
pub(super) fn names(mut names: Vec<String>) -> Vec<String> {
    for [without, with, whole] in [[EMPTY_ARRAY, ARRAY, "an array"], [EMPTY_OBJECT, OBJECT, OBJECT]] {
        if names.iter().any(|name| name == without) && names.iter().any(|name| name == with) {
            names.retain(|name| name != without);
            names.iter_mut().filter(|name| *name == with).for_each(|name| *name = whole.to_owned());
        }
    }
    names
}

/// One value that stands for others.
pub(super) enum Sample {
    Json(Json),
    Range(i64, i64),
    For,
    TableRow,
}

impl Sample {
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Sample::Json(json) => Value::from(json),
            Sample::Range(first, last) => Value::Range(*first, *last),
            Sample::For => loop_state(None),
            Sample::TableRow => loop_state(Some(TablePlace { columns: 1, column: Cell::new(1), row: Cell::new(1) })),
        }
    }
}

fn loop_state<'a>(table: Option<TablePlace>) -> Value<'a> {
    Value::Loop(Rc::new(LoopState { name: "", index0: Cell::new(0), length: 1, table, parent: None }))
}

/// The parts of a shape, on which the lists and objects depend that stand for it: their addresses.
type Parts = (Option<*const Vec<(Rc<str>, Rc<Shape>)>>, Option<*const Shape>);

/// Lists and objects that were made, by the parts of what they stand for: those with many properties are large.
#[derive(Default)]
pub(super) struct Made {
    known: HashMap<(u16, Parts), Rc<Vec<Sample>>>,
    /// How many values they hold.
    weight: usize,
    /// How many values were made in all.
    pub(super) work: usize,
    /// The shapes, so that no other can come to stand at their addresses.
    kept: Vec<Rc<Shape>>,
}

impl Made {
    /// Returns what `make` makes for values of `kind` that `shape` tells the parts of.
    fn of(
        &mut self,
        kind: u16,
        shape: Option<&Rc<Shape>>,
        make: fn(Option<&Shape>, usize) -> Vec<Json>,
    ) -> Rc<Vec<Sample>> {
        let parts =
            shape.map(|shape| (shape.properties.as_ref().map(Rc::as_ptr), shape.items.as_ref().map(Rc::as_ptr)));
        let key = (kind, parts.unwrap_or_default());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let made = make(shape.map(|shape| &**shape), 0);
        let weight = made.iter().map(weight).sum::<usize>();
        if self.weight > MOST_KEPT {
            *self = Made { work: self.work, ..Made::default() };
        }
        self.weight += weight;
        self.work += weight;
        self.kept.extend(shape.cloned());
        let made: Rc<Vec<Sample>> = Rc::new(made.into_iter().map(Sample::Json).collect());
        self.known.insert(key, made.clone());
        made
    }
}

/// Returns how many values a value holds, itself included.
fn weight(json: &Json) -> usize {
    match json {
        Json::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Json::Object(properties) => 1 + properties.values().map(weight).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the classes of the values of `domain`, nil aside, whose parts `shape` tells.
pub(super) fn classes(domain: &Domain, shape: Option<&Rc<Shape>>, made: &mut Made) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut add =
        |name: &str, samples: Rc<Vec<Sample>>| classes.push(Class { name: name.to_owned(), samples, is_open: true });
    for (kinds, name, samples) in open_kinds(domain.kinds) {
        if domain.kinds & kinds != 0 {
            add(name, Rc::new(samples.into_iter().map(Sample::Json).collect()));
        }
    }
    if domain.kinds & kind::LIST != 0 {
        add(ARRAY, made.of(kind::LIST, shape, lists));
    }
    if domain.kinds & kind::OBJECT != 0 {
        add(OBJECT, made.of(kind::OBJECT, shape, objects));
    }
    if domain.kinds & kind::RANGE != 0 {
        add("a range", Rc::new(vec![Sample::Range(1, 2)]));
    }
    if domain.kinds & kind::EMPTY_RANGE != 0 {
        add("an empty range", Rc::new(vec![Sample::Range(1, 0)]));
    }
    if domain.kinds & kind::LOOP != 0 {
        let is_table = shape.is_some_and(|shape| shape.property("row").is_some());
        add("the state of a loop", Rc::new(vec![if is_table { Sample::TableRow } else { Sample::For }]));
    }
    // The empty string is one of all strings; by itself it is only looked at where it is the only one.
    let is_open = |value: &Known| matches!(value, Known::Text(_)) && domain.kinds & kind::TEXTS != 0;
    let listed = domain.listed.iter().filter(|value| !is_open(value));
    classes.extend(listed.map(|value| {
        let samples = Rc::new(vec![Sample::Json(value.to_json())]);
        Class { name: value.shown(), samples, is_open: false }
    }));
    classes
}

/// Returns the values for kinds that have no parts.
fn open_kinds(kinds: u16) -> [(u16, &'static str, Vec<Json>); 4] {
    let mut texts = Vec::new();
    if kinds & kind::TEXT != 0 {
        // A word, an integer, a date and something in base64.
        texts.extend(["word", "1", "2024-01-02", "YWJj"].map(Json::from));
    }
    if kinds & kind::BLANK != 0 {
        texts.push(json!(" "));
    }
    [
        (kind::TEXTS, "a string", texts),
        (kind::NUMBER, "a number", vec![json!(1), json!(0), json!(1.5), json!(-1)]),
        (kind::EMPTY_LIST, EMPTY_ARRAY, vec![json!([])]),
        (kind::EMPTY_OBJECT, EMPTY_OBJECT, vec![json!({})]),
    ]
}

/// Returns what may stand as JSON at a place of that shape; where nothing is known, something of each type.
fn json_of(shape: Option<&Shape>, depth: usize) -> Vec<Json> {
    let Some(shape) = shape.filter(|_| depth < MAX_DEPTH) else {
        return vec![json!("word"), json!(1), json!({ "a": "b" }), json!(["word"])];
    };
    let domain = &shape.domain;
    let mut samples: Vec<Json> = domain.listed.iter().take(MAX_SAMPLES).map(Known::to_json).collect();
    if domain.kinds & kind::OBJECT != 0 {
        samples.extend(objects(Some(shape), depth));
    }
    if domain.kinds & kind::LIST != 0 {
        samples.extend(lists(Some(shape), depth));
    }
    for (kinds, _, values) in open_kinds(domain.kinds) {
        if domain.kinds & kinds != 0 {
            samples.extend(values);
        }
    }
    samples.truncate(2 * MAX_SAMPLES);
    samples
}

fn lists(shape: Option<&Shape>, depth: usize) -> Vec<Json> {
    let items = json_of(shape.and_then(|shape| shape.items.as_deref()), depth + 1);
    items.into_iter().map(|item| Json::Array(vec![item])).collect()
}

fn objects(shape: Option<&Shape>, depth: usize) -> Vec<Json> {
    let Some(properties) = shape.and_then(|shape| shape.properties.as_ref()) else {
        // A message is one, too.
        return vec![json!({ "role": "user", "content": "word", "a": "b" }), json!({ "a": 1 })];
    };
    let columns: Vec<(&str, Vec<Json>)> =
        properties.iter().map(|(name, shape)| (&**name, json_of(Some(shape), depth + 1))).collect();
    // Of what has hundreds of properties there are fewer.
    let room = if columns.len() > MANY_PROPERTIES { MAX_SAMPLES / 2 } else { MAX_SAMPLES };
    let most = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(0).clamp(1, room);
    let row = |at: usize| {
        let entries = columns.iter().filter(|(_, values)| !values.is_empty());
        entries.map(|(name, values)| ((*name).to_owned(), values[at % values.len()].clone())).collect::<Map<_, _>>()
    };
    (0..most).map(|at| Json::Object(row(at))).collect()
}
