//! Binding the values that a prompt is given to its parameters
//! (the prompt language, section 3): every fault at once, each with its path.

use super::declaration::{Parameter, Schema, Type};
use super::tokens::Tokenizer;
use super::values::{Checker, Path, ValueFault, expectation, listed, shown};
use crate::error::{Code, Diagnose, Diagnostic, Hint, suggest};
use crate::template::{Bound, Values};
use serde_json::Value;

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
pub fn bind(parameters: &[Parameter], tokenizer: Tokenizer, given: Values) -> Result<Bound, ValuesError> {
    let mut checker = Checker::new(tokenizer);
    let mut found: Vec<Option<Value>> = vec![None; parameters.len()];
    let mut named: Vec<Option<String>> = vec![None; parameters.len()];
    if checker.look_through(&Path::Itself, given.len(), parameters.len()).is_none() {
        return checker.finish(given);
    }
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
        let value = found.or_else(|| checker.default(&Path::Root(&parameter.name), &parameter.schema, 0));
        if value.is_none() && !parameter.optional {
            let expected = expectation(&parameter.schema);
            checker.fault(&Path::Root(&parameter.name), format!("required and not given; expected {expected}"));
        }
        values.insert(parameter.name.clone(), value.unwrap_or(Value::Null));
    }
    checker.finish(values)
}

/// What concerns all values together.
impl Checker {
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

    fn finish(mut self, values: Values) -> Result<Bound, ValuesError> {
        if self.hidden > 0 {
            let message = format!("and {} more faults", self.hidden);
            self.faults.push(ValueFault::new("", message, None));
        }
        if self.faults.is_empty() {
            Ok(Bound { values, steps: self.steps })
        } else {
            Err(ValuesError::new(self.faults))
        }
    }
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
        Type::Integer | Type::Number => match serde_json::from_str(without_zeros(text.trim())) {
            Ok(Value::Number(number)) => Ok(Value::Number(number)),
            _ => Err(not(schema.kind.described())),
        },
        Type::Array | Type::Object | Type::Messages => {
            serde_json::from_str(text).map_err(|error| match text.trim_start().starts_with(['[', '{']) {
                true => format!("expected {} as JSON: {error}", schema.kind.described()),
                false => not(&format!("{} as JSON", schema.kind.described())),
            })
        }
        Type::Any => Ok(coerce_any(schema, text)),
    }
}

/// Returns a number without a fractional part of zeros, with which it would be read as a float and lose digits.
fn without_zeros(text: &str) -> &str {
    let is_whole =
        |digits: &str| serde_json::from_str::<i64>(digits).is_ok() || serde_json::from_str::<u64>(digits).is_ok();
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|it| it == b'0') && is_whole(whole) => whole,
        _ => text,
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
            Ok(bound) => Ok(Value::Object(bound.values)),
            Err(error) => Err(error.faults().iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn an_integer_that_templates_do_not_hold_is_told_and_not_rounded() {
        let range = "expected an integer from -9223372036854775808 to 9223372036854775807";
        let held = json!({ "id": i64::MIN, "list": [i64::MAX], "any": i64::MAX, "ratio": 1e300 });
        let yaml = "id: integer\nlist: { type: array, items: integer }\nany: { enum: [1, 9223372036854775807] }\n\
                    ratio: number\nopen: { type: object, optional: true }\n";
        assert_eq!(given(yaml, held.clone()).map(|values| values["id"].clone()), Ok(json!(i64::MIN)));
        let beyond = 1_u64 << 63;
        for (name, value, path, got) in [
            ("id", json!(beyond), "id", "9223372036854775808"),
            ("id", json!(u64::MAX), "id", "18446744073709551615"),
            ("id", json!(-9_223_372_036_854_775_809_f64), "id", "-9.223372036854776e+18"),
            ("id", json!(1e20), "id", "1e+20"),
            ("list", json!([1, beyond]), "list[1]", "9223372036854775808"),
            ("any", json!(beyond), "any", "9223372036854775808"),
            ("open", json!({ "a": [beyond] }), "open.a[0]", "9223372036854775808"),
        ] {
            let mut values = held.clone();
            values[name] = value;
            assert_eq!(given(yaml, values), Err(vec![format!("{path}: {range}; got {got}")]));
        }
        // Where numbers are asked for, a rounded one is one.
        let mut values = held;
        values["ratio"] = json!(beyond);
        assert!(given(yaml, values).is_ok());
        for said in
            ["type: integer, default", "type: integer, const", "const", "default: 1, type: integer, minimum: 0, x-n"]
        {
            let mut problems = Vec::new();
            let yaml = format!("id: {{ {said}: 9223372036854775808 }}");
            let node = yaml::read(&yaml, 0..yaml.len(), &mut problems).unwrap();
            read_parameters(&node, &mut problems);
            assert_eq!(problems.iter().any(|problem| problem.message.contains(range)), !said.contains("x-n"), "{said}");
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
    fn defaults_stand_in_within_defaults() {
        let yaml = "o: { type: object, properties: { n: { type: integer, default: 9 }, s: string }, default: {} }\n\
                    l: { type: array, items: { type: object, properties: { a: { type: integer, default: 3 } } }, default: [{}] }\n\
                    q: { type: object, properties: { p: { type: object, properties: { z: { type: string, default: y } }, default: {} } }, default: {} }";
        let filled = json!({ "o": { "n": 9 }, "l": [{ "a": 3 }], "q": { "p": { "z": "y" } } });
        assert_eq!(given(yaml, json!({})), Ok(filled.clone()));
        assert_eq!(given(yaml, json!({ "q": {} })), Ok(filled));
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
        for (text, number) in [("9007199254740993.0", json!(9_007_199_254_740_993_u64)), ("-3.00", json!(-3))] {
            assert_eq!(coerce(&schema("integer"), text), Ok(number.clone()));
            assert_eq!(coerce(&schema("number"), text), Ok(number));
        }
        assert_eq!(coerce(&schema("number"), "2.50"), Ok(json!(2.5)));
        assert!(coerce(&schema("number"), "3.").is_err() && coerce(&schema("number"), "03.0").is_err());
        assert_eq!(coerce(&schema("boolean"), "true"), Ok(json!(true)));
        assert_eq!(coerce(&schema("{ type: array }"), "[1]"), Ok(json!([1])));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "1"), Ok(json!(1)));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "2"), Ok(json!("2")));
        assert_eq!(coerce(&schema("{ enum: [1, '2', three] }"), "three"), Ok(json!("three")));
        assert_eq!(coerce(&schema("integer"), "three").unwrap_err(), "expected an integer; got \"three\"");
        assert!(coerce(&schema("object"), "{").unwrap_err().starts_with("expected an object as JSON"));
    }
}
