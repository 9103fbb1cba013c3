//! The values that a template computes with: cheap to clone, objects in the order they were given in.
//!
//! The `liquid` crate's own objects are hash maps with a random order, so that a loop over one
//! would give other bytes on each run; therefore these.

use serde_json::{Map, Number, Value as Json};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// How deep a value that is handed in may be nested. Comparing and printing recurse that far.
const MAX_DEPTH: usize = 128;

/// The most items that a range, or a list made by a template, may have.
pub(super) const MAX_ITEMS: usize = 100_000;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    List(Arc<Vec<Value>>),
    Object(Arc<Object>),
    /// `(1..3)`, both ends included.
    Range(i64, i64),
    /// `forloop` and `tablerowloop`.
    Loop(Arc<Loop>),
    /// The literal `empty`.
    Empty,
    /// The literal `blank`.
    Blank,
}

/// An object, its entries in the order they were given in.
#[derive(Debug, Default)]
pub(super) struct Object {
    entries: Vec<(Arc<str>, Value)>,
    places: HashMap<Arc<str>, usize>,
}

impl Object {
    /// Returns the value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.places.get(key).and_then(|place| self.entries.get(*place)).map(|(_, value)| value)
    }

    /// Returns the entries in order.
    pub(super) fn entries(&self) -> &[(Arc<str>, Value)] {
        &self.entries
    }
}

impl FromIterator<(Arc<str>, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(entries: I) -> Object {
        let entries: Vec<_> = entries.into_iter().collect();
        let places = entries.iter().enumerate().map(|(place, (key, _))| (key.clone(), place)).collect();
        Object { entries, places }
    }
}

/// Where a loop stands.
#[derive(Debug)]
pub(super) struct Loop {
    /// `x-items`, the name that Liquid gives a loop.
    pub(super) name: String,
    pub(super) index0: usize,
    pub(super) length: usize,
    /// The columns of a `tablerow`.
    pub(super) columns: Option<usize>,
    pub(super) parent: Option<Arc<Loop>>,
}

impl Loop {
    /// Returns a property of `forloop` or `tablerowloop`, or nothing when there is no such property.
    fn property(&self, name: &str) -> Option<Value> {
        let number = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        Some(match (name, self.columns) {
            ("length", _) => number(self.length),
            ("index", _) => number(self.index0 + 1),
            ("index0", _) => number(self.index0),
            ("rindex", _) => number(self.length - self.index0),
            ("rindex0", _) => number(self.length - self.index0 - 1),
            ("first", _) => Value::Bool(self.index0 == 0),
            ("last", _) => Value::Bool(self.index0 + 1 == self.length),
            ("name", None) => Value::from(self.name.as_str()),
            ("parentloop", None) => self.parent.clone().map_or(Value::Nil, Value::Loop),
            ("col", Some(columns)) => number(self.index0 % columns + 1),
            ("col0", Some(columns)) => number(self.index0 % columns),
            ("row", Some(columns)) => number(self.index0 / columns + 1),
            ("col_first", Some(columns)) => Value::Bool(self.index0.is_multiple_of(columns)),
            ("col_last", Some(columns)) => Value::Bool((self.index0 + 1).is_multiple_of(columns)),
            _ => return None,
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Value {
        Value::List(Arc::new(items))
    }
}

impl Value {
    /// Returns `json` as a value. A number without fractional part becomes an integer, however it
    /// was written.
    ///
    /// # Errors
    /// When it is nested deeper than 128 levels.
    pub(super) fn from_json(json: &Json) -> Result<Value, String> {
        Value::from_json_below(json, 0)
    }

    fn from_json_below(json: &Json, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("the value is nested deeper than {MAX_DEPTH} levels"));
        }
        Ok(match json {
            Json::Null => Value::Nil,
            Json::Bool(truth) => Value::Bool(*truth),
            Json::Number(number) => Value::from_number(number),
            Json::String(text) => Value::from(text.as_str()),
            Json::Array(items) => Value::from(
                items.iter().map(|item| Value::from_json_below(item, depth + 1)).collect::<Result<Vec<_>, _>>()?,
            ),
            Json::Object(entries) => {
                let entry = |(key, value): (&String, &Json)| {
                    Ok((key.as_str().into(), Value::from_json_below(value, depth + 1)?))
                };
                Value::Object(Arc::new(entries.iter().map(entry).collect::<Result<Object, String>>()?))
            }
        })
    }

    fn from_number(number: &Number) -> Value {
        let float = number.as_f64().unwrap_or(f64::NAN);
        match number.as_i64() {
            Some(integer) => Value::Int(integer),
            // Beyond 2^53 a float no longer tells one integer from the next.
            None if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 => Value::Int(float as i64),
            None => Value::Float(float),
        }
    }

    /// Returns the value as JSON.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Value::Nil | Value::Empty | Value::Blank => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Int(integer) => Json::from(*integer),
            Value::Float(float) => Json::from(*float),
            Value::Text(text) => Json::from(&**text),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Range(first, last) => (*first..=*last).take(MAX_ITEMS).map(Json::from).collect(),
            Value::Object(object) => {
                let entry = |(key, value): &(Arc<str>, Value)| (key.to_string(), value.to_json());
                Json::Object(object.entries().iter().map(entry).collect::<Map<_, _>>())
            }
            Value::Loop(at) => {
                let names = ["length", "index", "index0", "rindex", "rindex0", "first", "last"];
                let entry = |name: &&str| Some(((*name).to_owned(), at.property(name)?.to_json()));
                Json::Object(names.iter().filter_map(entry).collect::<Map<_, _>>())
            }
        }
    }

    /// Returns what a message calls the value.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "an array",
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

    /// Returns whether the value equals `empty`.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Object(object) => object.entries().is_empty(),
            Value::Empty | Value::Blank => true,
            _ => false,
        }
    }

    /// Returns whether the value equals `blank`.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Value::Text(text) => text.trim().is_empty(),
            other => !other.is_true() || other.is_empty(),
        }
    }

    /// Returns whether two values are equal: numbers by their worth, lists and objects by content.
    pub(super) fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Empty, Value::Blank) | (Value::Blank, Value::Empty) => false,
            (Value::Empty, it) | (it, Value::Empty) => it.is_empty(),
            (Value::Blank, it) | (it, Value::Blank) => it.is_blank(),
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Range(a, b), Value::Range(c, d)) => (a, b) == (c, d),
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(b)),
            (Value::Object(a), Value::Object(b)) => {
                let same = |(key, value): &(Arc<str>, Value)| b.get(key).is_some_and(|other| value.equals(other));
                a.entries().len() == b.entries().len() && a.entries().iter().all(same)
            }
            _ => false,
        }
    }

    /// Returns the order of two numbers or two strings, and nothing for anything else.
    pub(super) fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Int(integer) => Some(*integer as f64),
            Value::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// Returns the value as it prints.
    ///
    /// # Errors
    /// For nil, arrays and objects, in words.
    pub(super) fn print(&self) -> Result<Arc<str>, String> {
        Ok(match self {
            Value::Text(text) => text.clone(),
            Value::Int(integer) => integer.to_string().into(),
            Value::Float(float) => print_float(*float).into(),
            Value::Bool(truth) => truth.to_string().into(),
            Value::Range(first, last) => format!("{first}..{last}").into(),
            Value::Empty | Value::Blank => "".into(),
            Value::Nil => return Err("nothing is there to print: the value is nil".into()),
            Value::List(_) => return Err("an array cannot be printed; use `| join` or `| json`".into()),
            Value::Object(_) | Value::Loop(_) => return Err("an object cannot be printed; use `| json`".into()),
        })
    }

    /// Returns the items that a list-like value holds.
    ///
    /// # Errors
    /// When it is a range of more than 100,000 items.
    pub(super) fn items(&self) -> Result<Option<Arc<Vec<Value>>>, String> {
        Ok(Some(match self {
            Value::List(items) => items.clone(),
            Value::Range(first, last) => {
                let length = i128::from(*last) - i128::from(*first) + 1;
                if length > MAX_ITEMS as i128 {
                    return Err(format!("the range {first}..{last} has more than {MAX_ITEMS} items"));
                }
                Arc::new((*first..=*last).map(Value::Int).collect())
            }
            _ => return Ok(None),
        }))
    }

    /// Returns the property `name`, or the item or entry at `name`. What an object does not have is
    /// nil, and so is everything below nil.
    ///
    /// # Errors
    /// When a value of this kind can have no such property.
    pub(super) fn property(&self, name: &Value) -> Result<Value, String> {
        let length = |length: usize| Value::Int(i64::try_from(length).unwrap_or(i64::MAX));
        let unknown = || Err(format!("{} has no property `{}`", self.kind(), name.print().unwrap_or_default()));
        Ok(match (self, name) {
            (_, Value::Nil) => return Err("the name of a property is nil".into()),
            (Value::Nil, _) => Value::Nil,
            (Value::Object(object), Value::Text(key)) => match (object.get(key), &**key) {
                (Some(value), _) => value.clone(),
                (None, "size") => length(object.entries().len()),
                (None, "first") => {
                    let pair = |(key, value): &(Arc<str>, Value)| vec![Value::Text(key.clone()), value.clone()].into();
                    object.entries().first().map_or(Value::Nil, pair)
                }
                (None, _) => Value::Nil,
            },
            (Value::Object(object), key) => {
                key.print().ok().and_then(|key| object.get(&key).cloned()).unwrap_or(Value::Nil)
            }
            (Value::Loop(at), Value::Text(key)) => return at.property(key).map_or_else(unknown, Ok),
            (Value::List(items), Value::Int(index)) => {
                let from_end =
                    usize::try_from(index.unsigned_abs()).ok().and_then(|back| items.len().checked_sub(back));
                let place = if *index < 0 { from_end } else { usize::try_from(*index).ok() };
                place.and_then(|place| items.get(place)).cloned().unwrap_or(Value::Nil)
            }
            (Value::List(items), Value::Text(key)) => match &**key {
                "size" => length(items.len()),
                "first" => items.first().cloned().unwrap_or(Value::Nil),
                "last" => items.last().cloned().unwrap_or(Value::Nil),
                _ => return unknown(),
            },
            (Value::Range(first, last), Value::Text(key)) => match &**key {
                "size" => Value::Int(last.saturating_sub(*first).saturating_add(1).max(0)),
                "first" => Value::Int(*first),
                "last" => Value::Int(*last),
                _ => return unknown(),
            },
            (Value::Text(text), Value::Text(key)) if &**key == "size" => length(text.chars().count()),
            _ => return unknown(),
        })
    }

    /// Writes the value as JavaScript's `JSON.stringify(value, null, indent)` does, its keys in the
    /// order they were given in (ECMA-262, 25.5.2).
    pub(super) fn stringify(&self, indent: usize) -> String {
        let mut out = String::new();
        self.stringify_into(&mut out, indent, 0);
        out
    }

    fn stringify_into(&self, out: &mut String, indent: usize, depth: usize) {
        match self {
            Value::Nil | Value::Empty | Value::Blank => out.push_str("null"),
            Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Value::Int(integer) => drop(write!(out, "{integer}")),
            Value::Float(float) => out.push_str(&print_javascript_number(*float)),
            Value::Text(text) => quote(out, text),
            Value::List(items) => {
                let item = |out: &mut String, item: &Value| item.stringify_into(out, indent, depth + 1);
                bracket(out, ['[', ']'], items, (indent, depth), item);
            }
            Value::Object(object) => {
                let entry = |out: &mut String, (key, value): &(Arc<str>, Value)| {
                    quote(out, key);
                    out.push_str(if indent > 0 { ": " } else { ":" });
                    value.stringify_into(out, indent, depth + 1);
                };
                bracket(out, ['{', '}'], object.entries(), (indent, depth), entry);
            }
            Value::Range(..) | Value::Loop(_) => {
                if let Ok(value) = Value::from_json(&self.to_json()) {
                    value.stringify_into(out, indent, depth);
                }
            }
        }
    }
}

/// Writes `items` between brackets, each on a line of its own when there is an indent.
fn bracket<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    (indent, depth): (usize, usize),
    mut write: impl FnMut(&mut String, &T),
) {
    let line = |out: &mut String, depth: usize| {
        if indent > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent * depth));
        }
    };
    out.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        line(out, depth + 1);
        write(out, item);
    }
    if !items.is_empty() {
        line(out, depth);
    }
    out.push(close);
}

/// Writes a JSON string with the escapes that `JSON.stringify` uses and no others.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => drop(write!(out, "\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Returns a number as ECMA-262 writes it (6.1.6.1.20), for `JSON.stringify`.
fn print_javascript_number(float: f64) -> String {
    let (mantissa, exponent) = match scientific(float) {
        Some(parts) => parts,
        None => return "null".into(),
    };
    match exponent {
        _ if float == 0.0 => "0".into(),
        -6..21 => format!("{float}"),
        21.. => format!("{mantissa}e+{exponent}"),
        _ => format!("{mantissa}e{exponent}"),
    }
}

/// Returns a float as Ruby writes it, which Liquid follows: `1.0`, `0.1`, `1.0e+20`.
pub(super) fn print_float(float: f64) -> String {
    let with_point = |digits: String| if digits.contains('.') { digits } else { digits + ".0" };
    match scientific(float) {
        None if float.is_nan() => "NaN".into(),
        None => if float > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        Some((_, -4..16)) => with_point(format!("{float}")),
        Some((mantissa, exponent)) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", with_point(mantissa), exponent.abs())
        }
    }
}

/// Returns the shortest digits that read back as `float`, and the power of ten they stand before.
fn scientific(float: f64) -> Option<(String, i32)> {
    let text = format!("{float:e}");
    let (mantissa, exponent) = text.split_once('e')?;
    Some((mantissa.to_owned(), exponent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(json: Json) -> Value {
        Value::from_json(&json).unwrap()
    }

    #[test]
    fn numbers_print_as_in_liquid() {
        let print = |float: f64| Value::Float(float).print().unwrap().to_string();
        assert_eq!(
            ["1.0", "0.1", "-2.5", "1.0e+20", "1.0e-05"].map(String::from),
            [1.0, 0.1, -2.5, 1e20, 1e-5].map(print)
        );
        assert_eq!(&*value(json!(3.0)).print().unwrap(), "3");
    }

    #[test]
    fn json_has_the_bytes_of_javascript() {
        let given = json!({ "z": 1e21, "a": [1e-7, 1.5, -0.0, 100.0], "e": [], "o": {}, "t": "\u{8}\u{7f}/\u{2028}" });
        assert_eq!(
            value(given).stringify(0),
            "{\"z\":1e+21,\"a\":[1e-7,1.5,0,100],\"e\":[],\"o\":{},\"t\":\"\\b\u{7f}/\u{2028}\"}"
        );
        assert_eq!(
            value(json!({ "a": [1, {}], "b": [] })).stringify(2),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
        );
    }

    #[test]
    fn a_value_that_is_nested_too_deep_is_refused() {
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        assert!(Value::from_json(&deep).is_err());
    }

    #[test]
    fn blank_and_empty_equal_what_holds_nothing() {
        for nothing in [json!(null), json!(false), json!(""), json!(" \n"), json!([]), json!({})] {
            assert!(value(nothing.clone()).equals(&Value::Blank), "{nothing}");
        }
        assert!(!value(json!(" ")).equals(&Value::Empty));
        assert!(!value(json!(0)).equals(&Value::Blank));
    }
}
