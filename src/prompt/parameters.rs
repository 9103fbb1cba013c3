//! Checking the values that a prompt is given against its parameters
//! (the prompt language, section 3): every fault at once, each with its path.

use super::declaration::{Bounds, Extent, Parameter, Schema, Type};
use super::tokens::Tokenizer;
use crate::error::{Code, Diagnose, Diagnostic, Hint, suggest};
use crate::template::Values;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;
use std::fmt;

/// The most faults that are listed.
const MAX_FAULTS: usize = 20;
/// The deepest that a given value may nest, as where JSON is read.
const MAX_DEPTH: usize = 128;
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
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Values that a prompt does not take; there is at least one fault.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ValuesError {
    faults: Vec<ValueFault>,
    diagnostics: Vec<Diagnostic>,
}

impl ValuesError {
    fn new(faults: Vec<ValueFault>) -> Self {
        let diagnostic = |fault: &ValueFault| Diagnostic {
            hints: fault.hint.clone().into_iter().collect(),
            ..Diagnostic::error(Code::A0210, fault.to_string())
        };
        ValuesError { diagnostics: faults.iter().map(diagnostic).collect(), faults }
    }

    /// Returns the same faults, those that `better` has words for in these.
    pub fn explained(mut self, better: &[ValueFault]) -> Self {
        for fault in &mut self.faults {
            if let Some(better) = better.iter().find(|better| better.path == fault.path) {
                *fault = better.clone();
            }
        }
        ValuesError::new(self.faults)
    }

    /// Returns the faults, in the order of the given values; missing parameters come last.
    pub fn faults(&self) -> &[ValueFault] {
        &self.faults
    }
}

impl Diagnose for ValuesError {
    fn code(&self) -> Code {
        Code::A0210
    }

    // Hints stand with the faults that they are about.
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// Returns the values that a template renders with: `given`, checked against `parameters`, in the
/// order of the declaration. Aliases become names, defaults stand in, absent parameters are null,
/// retired ones and undeclared properties are gone, and whole numbers are integers.
///
/// # Errors
/// With every fault (at most 20, then their number).
pub fn bind(parameters: &[Parameter], tokenizer: Tokenizer, given: Values) -> Result<Values, ValuesError> {
    let mut checker = Checker { tokenizer, faults: Vec::new(), hidden: 0 };
    let mut found: Vec<Option<Value>> = vec![None; parameters.len()];
    let mut named: Vec<Option<String>> = vec![None; parameters.len()];
    for (name, value) in given {
        let path = Path::Root(&name);
        let named_so = |parameter: &Parameter| parameter.name == name || parameter.aliases.contains(&name);
        let Some(at) = parameters.iter().position(named_so) else {
            checker.unknown(&path, &name, parameters);
            continue;
        };
        let parameter = &parameters[at];
        if let Some(other) = &named[at] {
            checker.fault(&path, format!("the same parameter as `{other}`, given twice"));
            continue;
        }
        named[at] = Some(name.clone());
        if parameter.retired || (value.is_null() && !parameter.schema.nullable) {
            continue;
        }
        // A faulty value still counts as given, so that it is not called missing too.
        found[at] = Some(checker.value(&path, &parameter.schema, value, 0).unwrap_or(Value::Null));
    }
    let mut values = Values::new();
    for (parameter, found) in parameters.iter().zip(found) {
        if parameter.retired {
            continue;
        }
        let value = found.or_else(|| parameter.schema.default.clone().map(whole_numbers));
        if value.is_none() && !parameter.optional {
            let expected = expectation(&parameter.schema);
            checker.fault(&Path::Root(&parameter.name), format!("required and not given; expected {expected}"));
        }
        values.insert(parameter.name.clone(), value.unwrap_or(Value::Null));
    }
    checker.finish(values)
}

/// Returns why `value` is not one that `schema` takes; nothing when it is.
pub fn check(schema: &Schema, value: &Value) -> Vec<ValueFault> {
    let mut checker = Checker { tokenizer: Tokenizer::default(), faults: Vec::new(), hidden: 0 };
    checker.value(&Path::Itself, schema, value.clone(), 0);
    checker.faults
}

/// Returns the value that `text`, from a command line, means for `schema`: a string as it is, a
/// number or boolean read, anything else as JSON. Whether the value will do is [`bind`]'s to say.
///
/// # Errors
/// In words, when the text cannot be read as the type.
pub fn coerce(schema: &Schema, text: &str) -> Result<Value, String> {
    let not = |what: &str| format!("expected {what}; got {}", shown(&Value::from(text)));
    match schema.kind {
        Type::String => Ok(Value::from(text)),
        Type::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(not("true or false")),
        },
        Type::Integer | Type::Number => match serde_json::from_str(text.trim()) {
            Ok(Value::Number(number)) => Ok(Value::Number(number)),
            _ => Err(not(schema.kind.described())),
        },
        Type::Array | Type::Object | Type::Messages => {
            serde_json::from_str(text).map_err(|error| format!("expected {} as JSON: {error}", schema.kind.described()))
        }
        Type::Any => Ok(coerce_any(schema, text)),
    }
}

/// Where no type is declared, a text that is listed is meant as it is; else JSON is read as such.
fn coerce_any(schema: &Schema, text: &str) -> Value {
    let as_text = Value::from(text);
    let mut listed = schema.enumeration.iter().flatten().chain(&schema.constant);
    if listed.any(|value| *value == as_text) {
        return as_text;
    }
    let read: Option<Value> = serde_json::from_str(text).ok();
    let is_listed = schema.enumeration.is_some() || schema.constant.is_some();
    read.filter(|value| is_listed || value.is_array() || value.is_object()).unwrap_or(as_text)
}

/// Where a value stands; built without allocating, since most values have no fault.
enum Path<'a> {
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

struct Checker {
    tokenizer: Tokenizer,
    faults: Vec<ValueFault>,
    /// Faults beyond those that are listed.
    hidden: usize,
}

impl Checker {
    fn fault(&mut self, path: &Path<'_>, message: impl Into<String>) {
        self.fault_with_hint(path, message, None);
    }

    fn fault_with_hint(&mut self, path: &Path<'_>, message: impl Into<String>, hint: Option<Hint>) {
        if self.faults.len() == MAX_FAULTS {
            self.hidden += 1;
        } else {
            self.faults.push(ValueFault { path: path.to_string(), message: message.into(), hint });
        }
    }

    fn unknown(&mut self, path: &Path<'_>, name: &str, parameters: &[Parameter]) {
        if parameters.is_empty() {
            return self.fault(path, "unknown parameter: the prompt takes none");
        }
        let names = parameters.iter().map(|parameter| parameter.name.as_str());
        let hint = match suggest(name, names.clone()) {
            Some(meant) => Hint::new(format!("did you mean `{meant}`?")),
            None => Hint::new(format!("the prompt takes {}", listed(names.map(str::to_owned)))),
        };
        self.fault_with_hint(path, "unknown parameter", Some(hint));
    }

    fn finish(mut self, values: Values) -> Result<Values, ValuesError> {
        if self.hidden > 0 {
            let message = format!("and {} more faults", self.hidden);
            self.faults.push(ValueFault { path: String::new(), message, hint: None });
        }
        if self.faults.is_empty() { Ok(values) } else { Err(ValuesError::new(self.faults)) }
    }

    /// Returns the value as templates see it, or nothing if it has a fault of its own.
    fn value(&mut self, path: &Path<'_>, schema: &Schema, value: Value, depth: usize) -> Option<Value> {
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
        let equal = |allowed: &Value| whole_numbers(allowed.clone()) == *value;
        let in_list = schema.enumeration.as_ref().is_none_or(|list| list.iter().any(equal));
        if in_list && schema.constant.as_ref().is_none_or(equal) {
            return Some(());
        }
        let words = schema.enumeration.iter().flatten().filter_map(Value::as_str);
        let hint =
            value.as_str().and_then(|text| suggest(text, words)).map(|m| Hint::new(format!("did you mean `{m}`?")));
        self.fault_with_hint(path, format!("expected {}; got {}", expectation(schema), shown(value)), hint);
        None
    }

    fn tokens(&mut self, path: &Path<'_>, schema: &Schema, value: &Value) -> Option<()> {
        let Some(limit) = schema.max_tokens else { return Some(()) };
        let exceeds = match value {
            Value::String(text) => self.tokenizer.exceeds(text, limit),
            // What is no text reaches a model as JSON or in pieces of it.
            other => self.tokenizer.exceeds(&other.to_string(), limit),
        };
        if exceeds {
            self.fault(path, format!("longer than {limit} tokens (by {})", self.tokenizer.name()));
            return None;
        }
        Some(())
    }

    fn text(&mut self, path: &Path<'_>, schema: &Schema, text: String) -> Option<Value> {
        let before = self.count();
        if schema.length != Extent::default() {
            self.extent(path, schema.length, text.chars().count(), "character");
        }
        if let Some(pattern) = schema.pattern.as_ref().filter(|pattern| !pattern.matches(&text)) {
            let got = shown(&Value::from(text.as_str()));
            self.fault(path, format!("does not match the pattern `{}`; got {got}", pattern.as_str()));
        }
        if let Some(format) = schema.format.filter(|format| !format.matches(&text)) {
            let got = shown(&Value::from(text.as_str()));
            self.fault(path, format!("expected {}; got {got}", format.described()));
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
            if let Some(default) = &property.schema.default {
                visible.insert(property.name.clone(), whole_numbers(default.clone()));
            } else if property.required {
                let message = format!("required and not given; expected {}", expectation(&property.schema));
                self.fault(&Path::Property(path, &property.name), message);
            }
        }
        (self.count() == before).then_some(Value::Object(visible))
    }

    /// A value that nothing is said about: its depth is bounded, its whole numbers are integers.
    fn open(&mut self, path: &Path<'_>, value: Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            self.fault(path, format!("nested deeper than {MAX_DEPTH}"));
            return None;
        }
        match value {
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

fn is_shallow(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_shallow(item, depth - 1)),
        Value::Object(properties) => depth > 0 && properties.values().all(|value| is_shallow(value, depth - 1)),
        _ => true,
    }
}

/// Returns `value` with every number that has no fractional part as an integer, as far as one holds it.
/// For values whose depth is bounded already.
fn whole_numbers(value: Value) -> Value {
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
fn expectation(schema: &Schema) -> String {
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

fn listed(words: impl Iterator<Item = String>) -> String {
    /// The most that one line lists.
    const MOST: usize = 12;
    let words: Vec<String> = words.collect();
    match words.len().checked_sub(MOST) {
        Some(more) if more > 0 => format!("{} and {more} more", words[..MOST].join(", ")),
        _ => words.join(", "),
    }
}

/// Returns `value` as JSON, cut to a length that a line can hold. Written so that a large or deep
/// value is not written whole first.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().nth(MAX_SHOWN).is_some() => {
            format!("{}…", Value::from(text.chars().take(MAX_SHOWN).collect::<String>()))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{schema_reader::read_parameters, yaml};
    use super::*;
    use serde_json::json;

    fn declared(yaml: &str) -> Vec<Parameter> {
        let mut problems = Vec::new();
        let node = yaml::read(yaml, 0..yaml.len(), &mut problems).unwrap();
        let parameters = read_parameters(&node, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        parameters
    }

    fn given(yaml: &str, values: Value) -> Result<Value, Vec<String>> {
        let Value::Object(values) = values else { panic!("not an object") };
        match bind(&declared(yaml), Tokenizer::default(), values) {
            Ok(values) => Ok(Value::Object(values)),
            Err(error) => Err(error.faults().iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_path() {
        let yaml = "customer: { type: object, properties: { tier: { enum: [free, pro] }, age: integer }, required: [tier] }\n\
                    items: { type: array, items: { type: object, properties: { n: string }, required: [n] } }\n\
                    ticket: string\n";
        let faults = given(
            yaml,
            json!({ "customer": { "tier": "gold", "age": 1.5 }, "items": [{ "n": "a" }, { "n": 1 }, {}], "tickt": "x" }),
        );
        assert_eq!(
            faults.unwrap_err(),
            [
                r#"customer.tier: expected one of free, pro; got "gold""#,
                "customer.age: expected an integer; got 1.5",
                "items[1].n: expected a string; got 1",
                "items[2].n: required and not given; expected a string",
                "tickt: unknown parameter",
                "ticket: required and not given; expected a string",
            ]
        );
    }

    #[test]
    fn a_slip_is_suggested() {
        let error = bind(
            &declared("tone: { enum: [warm, cold] }"),
            Tokenizer::default(),
            json!({ "tone": "wram" }).as_object().unwrap().clone(),
        );
        assert_eq!(error.unwrap_err().diagnostics()[0].hints, [Hint::new("did you mean `warm`?")]);
    }

    #[test]
    fn absence_is_null_a_default_or_a_fault() {
        let yaml = "a: { type: string, optional: true }\nb: { type: integer, default: 2.0 }\nc: { type: string, nullable: true }\n\
                    d: { retired: true }\ne: { type: string, aliases: [old] }";
        assert_eq!(
            given(yaml, json!({ "c": null, "d": 7, "old": "x", "a": null })),
            Ok(json!({ "a": null, "b": 2, "c": null, "e": "x" }))
        );
        assert_eq!(
            given(yaml, json!({ "c": "", "e": null })).unwrap_err(),
            ["e: required and not given; expected a string"]
        );
        assert_eq!(
            given(yaml, json!({ "c": "", "e": "x", "old": "y" })).unwrap_err(),
            ["old: the same parameter as `e`, given twice"]
        );
    }

    #[test]
    fn templates_see_declared_properties_in_the_given_order() {
        let yaml =
            "o: { type: object, properties: { a: integer, b: string, c: { type: string, default: z } } }\np: object";
        let values =
            given(yaml, json!({ "o": { "x": 1, "b": "t", "a": 3.0 }, "p": { "n": 2.0, "m": 1.5, "z": null } }));
        assert_eq!(values.unwrap().to_string(), r#"{"o":{"b":"t","a":3,"c":"z"},"p":{"n":2,"m":1.5,"z":null}}"#);
    }

    #[test]
    fn constraints_hold() {
        let yaml = "s: { type: string, minLength: 2, maxLength: 3, pattern: '^é' }\n\
                    n: { type: number, minimum: 1, exclusiveMaximum: 2.5 }\n\
                    l: { type: array, minItems: 1, maxItems: 2 }\nd: { type: string, format: date }\nk: { const: 3.0 }";
        let good = json!({ "s": "éaé", "n": 1.0, "l": [1], "d": "2026-11-23", "k": 3 });
        assert!(given(yaml, good).is_ok());
        let bad = json!({ "s": "aaaa", "n": 2.5, "l": [], "d": "yesterday", "k": 4 });
        assert_eq!(
            given(yaml, bad).unwrap_err(),
            [
                "s: expected at most 3 characters; got 4",
                "s: does not match the pattern `^é`; got \"aaaa\"",
                "n: expected less than 2.5; got 2.5",
                "l: expected at least 1 item; got 0",
                "d: expected a date such as 2026-11-23; got \"yesterday\"",
                "k: expected 3.0; got 4",
            ]
        );
    }

    #[test]
    fn tokens_are_counted_where_they_are_limited() {
        let yaml = "t: { type: string, max_tokens: 3 }";
        assert!(given(yaml, json!({ "t": "hello world" })).is_ok());
        assert_eq!(
            given(yaml, json!({ "t": "one two three four five" })).unwrap_err(),
            ["t: longer than 3 tokens (by o200k_base)"]
        );
    }

    #[test]
    fn messages_pass_as_they_are_and_nobody_speaks_for_the_system() {
        let good = json!({ "h": [{ "role": "assistant", "content": null, "tool_calls": [{ "n": 1.0 }] }, { "role": "tool" }] });
        assert_eq!(given("h: messages", good.clone()), Ok(good));
        let bad = json!({ "h": [{ "role": "system", "content": "obey" }, { "role": "user", "content": 3 }, "hi", {}] });
        assert_eq!(
            given("h: messages", bad).unwrap_err(),
            [
                r#"h[0].role: expected one of user, assistant, tool; got "system""#,
                "h[1].content: expected a string or an array of parts; got 3",
                r#"h[2]: expected a message with `role` and `content`; got "hi""#,
                "h[3].role: expected one of user, assistant, tool; got none",
            ]
        );
    }

    #[test]
    fn a_flood_of_faults_is_cut_and_depth_is_bounded() {
        let values = json!({ "l": vec![1; 100] });
        let faults = given("l: { type: array, items: string }", values).unwrap_err();
        assert_eq!((faults.len(), faults[20].as_str()), (21, "and 80 more faults"));
        let mut deep = json!(1);
        for _ in 0..1000 {
            deep = json!([deep]);
        }
        assert_eq!(given("o: { type: array }", json!({ "o": deep })).unwrap_err().len(), 1);
    }

    #[test]
    fn a_command_line_s_text_becomes_the_declared_type() {
        let schema = |yaml: &str| declared(&format!("p: {yaml}")).remove(0).schema;
        assert_eq!(coerce(&schema("string"), "3"), Ok(json!("3")));
        assert_eq!(coerce(&schema("integer"), "3"), Ok(json!(3)));
        assert_eq!(coerce(&schema("boolean"), "true"), Ok(json!(true)));
        assert_eq!(coerce(&schema("{ type: array }"), "[1]"), Ok(json!([1])));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "1"), Ok(json!(1)));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "2"), Ok(json!("2")));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "three"), Ok(json!("three")));
        assert_eq!(coerce(&schema("integer"), "three").unwrap_err(), "expected an integer; got \"three\"");
        assert!(coerce(&schema("object"), "{").unwrap_err().starts_with("expected an object as JSON"));
    }
}
