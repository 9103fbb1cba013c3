//! Checking one value against its schema (the prompt language, section 3): every fault at once, each
//! with its path.

use super::declaration::{Bounds, Extent, Schema, Type};
use super::tokens::Tokenizer;
use crate::error::{Hint, suggest};
use crate::template::steps_to_copy;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;
use std::fmt;

/// The most faults that are listed.
const MAX_FAULTS: usize = 20;
/// The deepest that a given value may nest, as where JSON is read.
const MAX_DEPTH: usize = 128;
/// The most steps that checking may take besides those for what was given.
const MAX_STEPS: usize = 1_000_000;
/// How many steps a short default counts for, which may take some hundred bytes of memory.
const STEPS_PER_DEFAULT: usize = 16;
/// How many listed values or declared properties are looked through in one step.
const LOOKS_PER_STEP: usize = 16;
/// The most characters of a value that a message shows.
const MAX_SHOWN: usize = 40;

/// One value that will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// Which value: `customer.tier`, `items[2].name`. Empty for a value by itself.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<Hint>,
    /// What of its declaration it fails.
    pub constraint: Constraint,
}

/// What of its declaration a value fails, as far as anybody tells one from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constraint {
    /// Its `pattern`.
    Pattern,
    /// Its `format`.
    Format,
    /// Its `max_tokens`.
    Tokens,
    /// Anything else: its type, its bounds, that it must be given.
    #[default]
    Other,
}

impl ValueFault {
    /// Returns the fault of the value at `path`, for any reason but a `pattern`, a `format` or `max_tokens`.
    pub fn new(path: impl Into<String>, message: impl Into<String>, hint: Option<Hint>) -> Self {
        ValueFault { path: path.into(), message: message.into(), hint, constraint: Constraint::Other }
    }
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Returns why `value` is not one that `schema` takes; nothing when it is.
pub fn check(schema: &Schema, value: &Value) -> Vec<ValueFault> {
    let mut checker = Checker::new(Tokenizer::default());
    checker.value(&Path::Itself, schema, value.clone(), 0);
    checker.faults
}

/// Where a value stands; built without allocating, since most values have no fault.
pub(super) enum Path<'a> {
    Itself,
    Root(&'a str),
    Property(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Itself => Ok(()),
            Path::Root(name) => f.write_str(name),
            Path::Property(Path::Itself, name) => f.write_str(name),
            Path::Property(parent, name) => write!(f, "{parent}.{name}"),
            Path::Item(parent, at) => write!(f, "{parent}[{at}]"),
        }
    }
}

/// Checks values and gathers their faults.
pub(super) struct Checker {
    tokenizer: Tokenizer,
    pub(super) faults: Vec<ValueFault>,
    /// Faults beyond those that are listed.
    pub(super) hidden: usize,
    /// What was done besides going through what was given: defaults that stand in, and what is looked through
    /// for each item. In steps as [`crate::template::Limits`] count them.
    pub(super) steps: usize,
}

impl Checker {
    pub(super) fn new(tokenizer: Tokenizer) -> Self {
        Checker { tokenizer, faults: Vec::new(), hidden: 0, steps: 0 }
    }

    /// Counts steps; nothing once there were too many, which is told once.
    fn spend(&mut self, path: &Path<'_>, steps: usize) -> Option<()> {
        let before = self.steps;
        self.steps = before.saturating_add(steps);
        if self.steps <= MAX_STEPS {
            return Some(());
        }
        if before <= MAX_STEPS {
            self.fault(path, "checking the values takes more than a million steps");
        }
        None
    }

    /// Counts the steps that it is to look so many `times` through so `many`.
    pub(super) fn look_through(&mut self, path: &Path<'_>, times: usize, many: usize) -> Option<()> {
        self.spend(path, times.saturating_mul(many) / LOOKS_PER_STEP)
    }

    pub(super) fn fault(&mut self, path: &Path<'_>, message: impl Into<String>) {
        self.fault_with_hint(path, message, None);
    }

    pub(super) fn fault_with_hint(&mut self, path: &Path<'_>, message: impl Into<String>, hint: Option<Hint>) {
        self.add(|| ValueFault::new(path.to_string(), message, hint));
    }

    fn fault_of(&mut self, constraint: Constraint, path: &Path<'_>, message: String) {
        self.add(|| ValueFault { constraint, ..ValueFault::new(path.to_string(), message, None) });
    }

    fn add(&mut self, fault: impl FnOnce() -> ValueFault) {
        // Faults of which there is no end are not looked for to the end.
        self.steps = self.steps.saturating_add(1);
        if self.faults.len() == MAX_FAULTS {
            self.hidden += 1;
        } else {
            self.faults.push(fault());
        }
    }

    /// Returns the value as templates see it, or nothing if it has a fault of its own.
    pub(super) fn value(&mut self, path: &Path<'_>, schema: &Schema, value: Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            self.fault(path, format!("nested deeper than {MAX_DEPTH}"));
            return None;
        }
        if value.is_null() && schema.nullable {
            return Some(value);
        }
        let value = match (schema.kind, value) {
            (Type::String, Value::String(text)) => self.text(path, schema, text)?,
            (Type::Integer | Type::Number, Value::Number(number)) => self.number(path, schema, number)?,
            (Type::Boolean, Value::Bool(value)) => Value::Bool(value),
            (Type::Array, Value::Array(items)) => self.array(path, schema, items, depth)?,
            (Type::Object, Value::Object(properties)) => self.object(path, schema, properties, depth)?,
            (Type::Messages, Value::Array(messages)) => self.messages(path, schema, messages)?,
            (Type::Any, value) => self.open(path, value, depth)?,
            (_, value) => {
                self.fault(path, format!("expected {}; got {}", expectation(schema), shown(&value)));
                return None;
            }
        };
        self.listed(path, schema, &value)?;
        self.tokens(path, schema, &value)?;
        Some(value)
    }

    /// Checks `enum` and `const`. Numbers are equal by value, however they are written.
    fn listed(&mut self, path: &Path<'_>, schema: &Schema, value: &Value) -> Option<()> {
        let equal = |allowed: &Value| equals(allowed, value);
        self.look_through(path, 1, schema.enumeration.as_ref().map_or(0, Vec::len))?;
        let in_list = schema.enumeration.as_ref().is_none_or(|list| list.iter().any(equal));
        if in_list && schema.constant.as_ref().is_none_or(equal) {
            return Some(());
        }
        if self.faults.len() == MAX_FAULTS {
            self.hidden += 1;
            return None;
        }
        let words = schema.enumeration.iter().flatten().filter_map(Value::as_str);
        let hint =
            value.as_str().and_then(|text| suggest(text, words)).map(|m| Hint::new(format!("did you mean `{m}`?")));
        self.fault_with_hint(path, format!("expected {}; got {}", expectation(schema), shown(value)), hint);
        None
    }

    fn tokens(&mut self, path: &Path<'_>, schema: &Schema, value: &Value) -> Option<()> {
        let Some(limit) = schema.max_tokens else { return Some(()) };
        self.spend(path, steps_to_copy(value))?;
        let exceeds = match value {
            Value::String(text) => self.tokenizer.exceeds(text, limit),
            // What is no text reaches a model as JSON or in pieces of it.
            other => self.tokenizer.exceeds(&other.to_string(), limit),
        };
        if exceeds {
            let message = format!("longer than {limit} tokens (by {})", self.tokenizer.name());
            self.fault_of(Constraint::Tokens, path, message);
            return None;
        }
        Some(())
    }

    fn text(&mut self, path: &Path<'_>, schema: &Schema, text: String) -> Option<Value> {
        let before = self.count();
        if schema.length != Extent::default() {
            self.extent(path, schema.length, text.chars().count(), "character");
        }
        self.spend(path, schema.pattern.as_ref().map_or(0, |pattern| pattern.steps(&text)))?;
        if let Some(pattern) = schema.pattern.as_ref().filter(|pattern| !pattern.matches(&text)) {
            let got = shown(&Value::from(text.as_str()));
            let message = format!("does not match the pattern `{}`; got {got}", pattern.as_str());
            self.fault_of(Constraint::Pattern, path, message);
        }
        if let Some(format) = schema.format.filter(|format| !format.matches(&text)) {
            let got = shown(&Value::from(text.as_str()));
            self.fault_of(Constraint::Format, path, format!("expected {}; got {got}", format.described()));
        }
        (self.count() == before).then_some(Value::String(text))
    }

    fn count(&self) -> usize {
        self.faults.len() + self.hidden
    }

    fn extent(&mut self, path: &Path<'_>, extent: Extent, found: usize, what: &str) {
        let found = found as u64;
        let counted = |limit: u64| format!("{limit} {what}{}", if limit == 1 { "" } else { "s" });
        if let Some(least) = extent.least.filter(|least| found < *least) {
            self.fault(path, format!("expected at least {}; got {found}", counted(least)));
        }
        if let Some(most) = extent.most.filter(|most| found > *most) {
            self.fault(path, format!("expected at most {}; got {found}", counted(most)));
        }
    }

    fn number(&mut self, path: &Path<'_>, schema: &Schema, number: Number) -> Option<Value> {
        let is_whole = number.as_f64().is_none_or(|float| float.fract() == 0.0);
        if schema.kind == Type::Integer && !is_whole {
            self.fault(path, format!("expected an integer; got {number}"));
            return None;
        }
        if schema.kind == Type::Integer && !is_held(&number) {
            self.too_large(path, &number);
            return None;
        }
        let before = self.count();
        let Bounds { minimum, maximum, exclusive_minimum, exclusive_maximum } = &schema.bounds;
        /// A bound, how it is told, and whether the order of a number to it will do.
        type Bound<'a> = (&'a Option<Number>, &'static str, fn(Ordering) -> bool);
        let bounds: [Bound<'_>; 4] = [
            (minimum, "at least", Ordering::is_ge),
            (maximum, "at most", Ordering::is_le),
            (exclusive_minimum, "more than", Ordering::is_gt),
            (exclusive_maximum, "less than", Ordering::is_lt),
        ];
        for (bound, words, holds) in bounds {
            if let Some(bound) = bound.as_ref().filter(|bound| !holds(compare(&number, bound))) {
                self.fault(path, format!("expected {words} {bound}; got {number}"));
            }
        }
        (self.count() == before).then(|| whole_numbers(Value::Number(number)))
    }

    fn too_large(&mut self, path: &Path<'_>, number: &Number) {
        self.fault(path, format!("expected an integer from {} to {}; got {number}", i64::MIN, i64::MAX));
    }

    fn array(&mut self, path: &Path<'_>, schema: &Schema, items: Vec<Value>, depth: usize) -> Option<Value> {
        let before = self.count();
        self.extent(path, schema.count, items.len(), "item");
        let mut checked = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            let path = Path::Item(path, at);
            checked.extend(match &schema.items {
                Some(schema) => self.value(&path, schema, item, depth + 1),
                None => self.open(&path, item, depth + 1),
            });
        }
        (self.count() == before).then_some(Value::Array(checked))
    }

    fn object(&mut self, path: &Path<'_>, schema: &Schema, given: Map<String, Value>, depth: usize) -> Option<Value> {
        let before = self.count();
        let Some(properties) = &schema.properties else {
            return self.open(path, Value::Object(given), depth);
        };
        self.look_through(path, 1 + given.len(), properties.len())?;
        let mut visible = Map::new();
        for (name, value) in given {
            // Undeclared properties are accepted and not shown to templates.
            let Some(property) = schema.property(&name) else { continue };
            if value.is_null() && !property.schema.nullable {
                continue;
            }
            let value = self.value(&Path::Property(path, &name), &property.schema, value, depth + 1);
            visible.insert(name, value.unwrap_or(Value::Null));
        }
        for property in properties {
            if visible.contains_key(&property.name) {
                continue;
            }
            let path = Path::Property(path, &property.name);
            if let Some(default) = self.default(&path, &property.schema, depth + 1) {
                visible.insert(property.name.clone(), default);
            } else if property.required {
                let message = format!("required and not given; expected {}", expectation(&property.schema));
                self.fault(&path, message);
            }
        }
        (self.count() == before).then_some(Value::Object(visible))
    }

    /// Returns what stands in for an absent value: the default, with those that stand in for what it
    /// lacks itself.
    pub(super) fn default(&mut self, path: &Path<'_>, schema: &Schema, depth: usize) -> Option<Value> {
        let default = schema.default.as_ref()?;
        self.spend(path, STEPS_PER_DEFAULT + steps_to_copy(default))?;
        match default.clone() {
            whole @ (Value::Array(_) | Value::Object(_)) => self.value(path, schema, whole, depth),
            scalar => Some(whole_numbers(scalar)),
        }
    }

    /// A value that nothing is said about: its depth is bounded, its whole numbers are integers.
    fn open(&mut self, path: &Path<'_>, value: Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            self.fault(path, format!("nested deeper than {MAX_DEPTH}"));
            return None;
        }
        match value {
            // An integer, as it is written; a float would be another one.
            Value::Number(number) if number.is_u64() && !is_held(&number) => {
                self.too_large(path, &number);
                None
            }
            Value::Number(_) => Some(whole_numbers(value)),
            Value::Array(items) => {
                let mut open = |(at, item)| self.open(&Path::Item(path, at), item, depth + 1);
                items.into_iter().enumerate().map(&mut open).collect::<Option<Vec<_>>>().map(Value::Array)
            }
            Value::Object(properties) => {
                let mut open = Map::new();
                for (name, value) in properties {
                    let value = self.open(&Path::Property(path, &name), value, depth + 1)?;
                    open.insert(name, value);
                }
                Some(Value::Object(open))
            }
            other => Some(other),
        }
    }

    /// Checks messages and leaves them as they are, whatever else they carry.
    fn messages(&mut self, path: &Path<'_>, schema: &Schema, messages: Vec<Value>) -> Option<Value> {
        let before = self.count();
        self.extent(path, schema.count, messages.len(), "message");
        for (at, message) in messages.iter().enumerate() {
            let path = Path::Item(path, at);
            let Some(message) = message.as_object() else {
                self.fault(&path, format!("expected a message with `role` and `content`; got {}", shown(message)));
                continue;
            };
            match message.get("role").and_then(Value::as_str) {
                Some("user" | "assistant" | "tool") => {}
                _ => {
                    let got = message.get("role").map_or("none".to_owned(), shown);
                    let message = format!("expected one of user, assistant, tool; got {got}");
                    self.fault(&Path::Property(&path, "role"), message);
                }
            }
            match message.get("content") {
                None | Some(Value::Null | Value::String(_)) => {}
                Some(Value::Array(parts)) if parts.iter().all(Value::is_object) => {}
                Some(other) => {
                    let message = format!("expected a string or an array of parts; got {}", shown(other));
                    self.fault(&Path::Property(&path, "content"), message);
                }
            }
        }
        let messages = Value::Array(messages);
        if !is_shallow(&messages, MAX_DEPTH) {
            self.fault(path, format!("nested deeper than {MAX_DEPTH}"));
        }
        (self.count() == before).then_some(messages)
    }
}

/// Returns whether `number`, which is whole, is one of the integers that templates have: 64 bits with a sign.
fn is_held(number: &Number) -> bool {
    /// The first integer that is too large (2^63).
    const END: f64 = 9_223_372_036_854_775_808.0;
    number.is_i64() || number.as_f64().is_some_and(|float| float.abs() < END && !number.is_u64())
}

fn is_shallow(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_shallow(item, depth - 1)),
        Value::Object(properties) => depth > 0 && properties.values().all(|value| is_shallow(value, depth - 1)),
        _ => true,
    }
}

/// Returns `value` with every number that has no fractional part as an integer, as far as one holds it.
/// For values whose depth is bounded already.
pub(super) fn whole_numbers(value: Value) -> Value {
    /// Above this a float no longer holds every integer (2^53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(whole_numbers).collect()),
        Value::Object(properties) => {
            Value::Object(properties.into_iter().map(|(name, value)| (name, whole_numbers(value))).collect())
        }
        other => other,
    }
}

/// Returns whether two values are equal: numbers by their worth, however they are written.
fn equals(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b).is_eq(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| equals(value, other)))
        }
        (a, b) => a == b,
    }
}

/// Returns how two numbers compare; exactly where both are integers.
pub(crate) fn compare(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => {
            let float = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
            float(a).partial_cmp(&float(b)).unwrap_or(Ordering::Equal)
        }
    }
}

/// Returns what a schema takes, in a few words.
pub(super) fn expectation(schema: &Schema) -> String {
    if let Some(constant) = &schema.constant {
        return word(constant);
    }
    match &schema.enumeration {
        Some(values) => format!("one of {}", listed(values.iter().map(word))),
        None => schema.kind.described().to_owned(),
    }
}

fn word(value: &Value) -> String {
    match value {
        // A listed text reads best bare, if that leaves no doubt.
        Value::String(text) if !text.is_empty() && !text.contains([',', ';', '"', '\n']) => text.clone(),
        other => shown(other),
    }
}

pub(super) fn listed(mut words: impl ExactSizeIterator<Item = String>) -> String {
    /// The most that one line lists.
    const MOST: usize = 12;
    let shown = words.by_ref().take(MOST).collect::<Vec<_>>().join(", ");
    match words.len() {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Returns `value` as JSON, cut to a length that a line can hold. Written so that a large or deep
/// value is not written whole first.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().nth(MAX_SHOWN).is_some() => {
            format!("{}…", Value::from(text.chars().take(MAX_SHOWN).collect::<String>()))
        }
        other => other.to_string(),
    }
}
