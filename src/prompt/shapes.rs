//! Declarations as the analysis of templates takes them: what each parameter may be.

use super::check::is_called;
use super::declaration::{Parameter, Schema, Type};
use super::file::Prompt;
use super::passing::{numbers, unfit};
use super::scope::Scope;
use super::values;
use crate::template::analysis::domain::{Domain, Known, Nil, kind};
use crate::template::analysis::flow::{Inputs, Taken, Unfit};
use crate::template::analysis::shape::Shape;
use serde_json::Value;
use std::rc::Rc;

/// What the template of a prompt is given, and what its partials take.
pub(super) struct Given<'a> {
    pub(super) prompt: &'a Prompt,
    pub(super) scope: &'a Scope,
}

impl Inputs for Given<'_> {
    fn parameters(&self) -> Vec<(String, Rc<Shape>)> {
        let readable = self.prompt.parameters().iter().filter(|parameter| !parameter.retired);
        let mut given: Vec<(String, Rc<Shape>)> =
            readable.map(|parameter| (parameter.name.clone(), shape_of(parameter))).collect();
        if self.prompt.template().forloop().is_some() {
            // Whether it is there is for whoever renders the prompt.
            given.push(("forloop".to_owned(), Shape::unknown(Nil::Unknown)));
        }
        given
    }

    fn taken(&self, partial: &str, argument: &str) -> Option<Taken> {
        let found = self.scope.lookup(partial).ok()?;
        let parameter = found.prompt.parameters().iter().find(|parameter| is_called(parameter, argument))?;
        Some(Taken {
            name: parameter.name.clone(),
            domain: if parameter.retired { Domain::anything() } else { domain(&parameter.schema) },
            is_required: parameter.is_required(),
        })
    }

    fn unfit(&self, partial: &str, argument: &str, domain: &Domain, shape: Option<&Shape>) -> Option<Unfit> {
        let found = self.scope.lookup(partial).ok()?;
        let parameter = found.prompt.parameters().iter().find(|parameter| is_called(parameter, argument))?;
        if parameter.retired { None } else { unfit(&parameter.name, &parameter.schema, domain, shape) }
    }
}

/// Returns what a parameter may be.
pub(super) fn shape_of(parameter: &Parameter) -> Rc<Shape> {
    let may_lack = parameter.optional && parameter.schema.default.is_none();
    shape(&parameter.schema, may_lack, Nil::Declared)
}

/// `nil` is what it counts as if a part is absent.
fn shape(schema: &Schema, may_lack: bool, nil: Nil) -> Rc<Shape> {
    let properties = schema.properties.iter().flatten().map(|property| {
        let may_lack = !property.required && property.schema.default.is_none();
        (property.name.as_str().into(), shape(&property.schema, may_lack, nil))
    });
    // A message is an open object.
    let message = || Shape::plain(Domain::of_kinds(kind::OBJECT));
    let nil_itself = match (may_lack, may_be_null(schema)) {
        (true, _) => nil,
        (false, true) => nil.min(Nil::Null),
        (false, false) => Nil::Never,
    };
    Rc::new(Shape {
        domain: few(schema).unwrap_or_else(|| domain(schema)).or_nil(nil_itself),
        properties: schema.properties.is_some().then(|| Rc::new(properties.collect())),
        items: match schema.kind {
            Type::Messages => Some(message()),
            _ => schema.items.as_ref().map(|items| shape(items, lists_null(items), Nil::InItem)),
        },
        least: schema.count.least.unwrap_or(0),
        numbers: numbers(schema),
        is_picked: false,
    })
}

/// Returns the values of a schema, nil aside.
fn domain(schema: &Schema) -> Domain {
    let refuses = |value: Value| !values::check(schema, &value).is_empty();
    let lists = match schema.count.most {
        Some(0) => kind::EMPTY_LIST,
        _ if refuses(Value::Array(Vec::new())) => kind::LIST,
        _ => kind::LIST | kind::EMPTY_LIST,
    };
    let of_type = match schema.kind {
        Type::Any => Domain::anything(),
        Type::String => Domain::of_kinds(kind::TEXTS),
        Type::Integer | Type::Number => Domain::of_kinds(kind::NUMBER),
        Type::Boolean => Domain::of([Known::Bool(false), Known::Bool(true)]),
        Type::Array | Type::Messages => Domain::of_kinds(lists),
        Type::Object => Domain::of_kinds(objects(schema)),
    };
    let listed = match (&schema.constant, &schema.enumeration) {
        (Some(constant), _) => of_values([constant]),
        (None, Some(values)) => of_values(values),
        (None, None) => None,
    };
    match listed {
        Some(listed) => of_type.intersection(&listed),
        None => {
            let hollow = [Known::Text("".into()), Known::Int(0)];
            hollow.iter().filter(|value| refuses(value.to_json())).fold(of_type, Domain::without)
        }
    }
}

/// Returns the integers of a schema whose bounds leave so few that each may matter.
fn few(schema: &Schema) -> Option<Domain> {
    const MOST: u64 = 16;
    /// Beyond, not every integer is a number of 64 bits with a point.
    const EXACT: u64 = 1 << 53;
    let (least, most) = numbers(schema).integers()?;
    let is_listed = schema.enumeration.is_some() || schema.constant.is_some();
    let is_exact = least.unsigned_abs().max(most.unsigned_abs()) < EXACT;
    let is_few = is_exact && least <= most && most.abs_diff(least) < MOST;
    (is_few && !is_listed).then(|| Domain::of((least..=most).map(Known::Int)))
}

fn may_be_null(schema: &Schema) -> bool {
    schema.nullable || schema.default == Some(Value::Null)
}

/// Returns whether null is one of the values that are listed, which the items of a list may be then.
fn lists_null(schema: &Schema) -> bool {
    let is_listed = schema.enumeration.iter().flatten().chain(&schema.constant).any(Value::is_null);
    is_listed && schema.kind == Type::Any
}

/// Returns which objects there are: an empty one where no property must be there.
fn objects(schema: &Schema) -> u16 {
    let Some(properties) = &schema.properties else { return kind::OBJECT | kind::EMPTY_OBJECT };
    let is_filled = properties.iter().any(|property| property.required || property.schema.default.is_some());
    match (is_filled, properties.is_empty()) {
        (true, _) => kind::OBJECT,
        (false, true) => kind::EMPTY_OBJECT,
        (false, false) => kind::OBJECT | kind::EMPTY_OBJECT,
    }
}

/// Returns the values that are listed, if all are ones that can be told apart.
fn of_values<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<Domain> {
    let known: Option<Vec<Known>> = values.into_iter().filter(|value| !value.is_null()).map(Known::of_json).collect();
    known.map(Domain::of)
}
