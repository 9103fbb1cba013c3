//! Values that a schema takes: those at its edges, and any.

use super::random::Random;
use super::texts;
use crate::prompt::declaration::{Extent, Property};
use crate::prompt::values::check;
use crate::prompt::{Schema, Type};
use crate::template::Use;
use serde_json::{Map, Number, Value, json};

/// The most values at the edges of one schema that does not list its values.
const MOST_EDGES: usize = 48;
/// The most listed values of one schema that are taken.
const MOST_LISTED: usize = 2048;
/// The most items of an array that is made.
const MOST_ITEMS: u64 = 32;
/// How deep values are made; what lies deeper is left out.
const DEEPEST: usize = 8;

/// What a template reads of a value, where nothing else says what is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads<'a>(pub(super) Vec<(&'a [String], Use)>);

impl<'a> Reads<'a> {
    /// Returns what is read of the property called `name`.
    fn of(&self, name: &str) -> Reads<'a> {
        self.below(|segment| segment == name)
    }

    /// Returns what is read of an item.
    fn of_items(&self) -> Reads<'a> {
        self.below(is_index)
    }

    fn below(&self, wanted: impl Fn(&str) -> bool) -> Reads<'a> {
        let inside = |(path, usage): &(&'a [String], Use)| {
            path.split_first().filter(|(first, _)| wanted(first)).map(|(_, rest)| (rest, *usage))
        };
        Reads(self.0.iter().filter_map(inside).collect())
    }

    /// Returns a value that has all that is read.
    fn shape(&self, depth: usize) -> Value {
        let mut names: Vec<&str> = self.0.iter().filter_map(|(path, _)| path.first()).map(String::as_str).collect();
        let is_array = names.iter().any(|name| is_index(name))
            || self.0.iter().any(|(path, usage)| path.is_empty() && *usage == Use::Looped);
        if depth > DEEPEST {
            return Value::from("text");
        }
        if is_array {
            let item = self.of_items().shape(depth + 1);
            return Value::Array(vec![item.clone(), item]);
        }
        names.retain(|name| *name != "size");
        if names.is_empty() {
            return Value::from("text");
        }
        let property = |name: &str| (name.to_owned(), self.of(name).shape(depth + 1));
        Value::Object(names.into_iter().map(property).collect())
    }
}

fn is_index(segment: &str) -> bool {
    matches!(segment, "first" | "last") || segment.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the values at the edges of what `schema` takes, an ordinary one first. `other` is the same
/// parameter's schema in the version that is compared: its edges are edges, too.
pub(super) fn edges(schema: &Schema, other: Option<&Schema>, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let mut values = match listed(schema) {
        Some(mut listed) => {
            listed.truncate(MOST_LISTED);
            listed.retain(|value| check(schema, value).is_empty());
            listed.extend(schema.nullable.then_some(Value::Null));
            return listed;
        }
        None => {
            let mut values = of_kind(schema, other, reads, depth);
            // A value of the other's list is one that somebody thought of.
            values.extend(other.and_then(listed).unwrap_or_default().into_iter().take(MOST_EDGES));
            values
        }
    };
    if schema.nullable {
        values.push(Value::Null);
    }
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if kept.len() < MOST_EDGES && !kept.contains(&value) && check(schema, &value).is_empty() {
            kept.push(value);
        }
    }
    kept
}

fn listed(schema: &Schema) -> Option<Vec<Value>> {
    schema.constant.clone().map(|value| vec![value]).or_else(|| schema.enumeration.clone())
}

fn of_kind(schema: &Schema, other: Option<&Schema>, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    match schema.kind {
        Type::String => texts::edges(schema, other).into_iter().map(Value::from).collect(),
        Type::Integer | Type::Number => numbers(schema, other),
        Type::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Type::Array => arrays(schema, other, reads, depth),
        Type::Object => objects(schema, other, reads, depth),
        Type::Messages => conversations(schema.count, other.map(|other| other.count)),
        Type::Any => vec![reads.shape(depth), json!("text"), json!(1), json!(true), json!([]), json!({})],
    }
}

fn numbers(schema: &Schema, other: Option<&Schema>) -> Vec<Value> {
    let mut numbers = vec![json!(1), json!(0), json!(-1), json!(2), json!(100)];
    for bounds in std::iter::once(schema).chain(other).map(|schema| &schema.bounds) {
        let all = [&bounds.minimum, &bounds.maximum, &bounds.exclusive_minimum, &bounds.exclusive_maximum];
        for bound in all.into_iter().flatten() {
            numbers.push(Value::Number(bound.clone()));
            match bound.as_i64() {
                Some(bound) => numbers.extend([bound.saturating_add(1), bound.saturating_sub(1)].map(Value::from)),
                None => {
                    let bound = bound.as_f64().unwrap_or_default();
                    let near = [bound.floor(), bound.ceil(), bound + 1.0, bound - 1.0];
                    numbers.extend(near.into_iter().filter_map(Number::from_f64).map(Value::Number));
                }
            }
        }
    }
    if schema.kind == Type::Number {
        let halves: Vec<f64> = numbers.iter().filter_map(Value::as_f64).flat_map(|n| [n + 0.5, n - 0.25]).collect();
        numbers.extend(halves.into_iter().filter_map(Number::from_f64).map(Value::Number));
    }
    numbers.extend([json!(i64::MAX), json!(i64::MIN)]);
    numbers
}

/// Returns the counts at the edges of two extents, few enough to be made.
fn counts(extent: Extent, other: Option<Extent>) -> Vec<u64> {
    let mut counts = vec![extent.least.unwrap_or(0).max(2), 0, 1, 3];
    for extent in std::iter::once(extent).chain(other) {
        counts.extend(extent.least.into_iter().flat_map(|least| [least, least.saturating_sub(1)]));
        counts.extend(extent.most.into_iter().flat_map(|most| [most, most.saturating_add(1)]));
    }
    counts.retain(|count| *count <= MOST_ITEMS);
    counts
}

fn arrays(schema: &Schema, other: Option<&Schema>, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    if depth > DEEPEST {
        return vec![json!([])];
    }
    let reads = reads.of_items();
    let items = match &schema.items {
        Some(items) => edges(items, other.and_then(|other| other.items.as_deref()), &reads, depth + 1),
        None => vec![reads.shape(depth), json!(1), json!({})],
    };
    let Some(ordinary) = items.first() else { return vec![json!([])] };
    let of_count = |count: u64| Value::Array((0..count).map(|_| ordinary.clone()).collect());
    let mut arrays: Vec<Value> =
        counts(schema.count, other.map(|other| other.count)).into_iter().map(of_count).collect();
    let least = usize::try_from(schema.count.least.unwrap_or(1).clamp(1, MOST_ITEMS)).unwrap_or(1);
    for item in &items[1..] {
        let mut array = vec![ordinary.clone(); least];
        array[0] = item.clone();
        arrays.push(Value::Array(array));
    }
    arrays
}

fn objects(schema: &Schema, other: Option<&Schema>, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let Some(properties) = schema.properties.as_ref().filter(|_| depth <= DEEPEST) else {
        let shape = reads.shape(depth);
        let object = if shape.is_object() { shape } else { json!({ "key": "text" }) };
        return vec![object, json!({})];
    };
    let choices: Vec<(&Property, Vec<Value>)> = properties
        .iter()
        .map(|property| {
            let counterpart = other.and_then(|other| other.property(&property.name)).map(|other| &other.schema);
            (property, edges(&property.schema, counterpart, &reads.of(&property.name), depth + 1))
        })
        .collect();
    let ordinary = |wanted: &dyn Fn(&Property) -> bool| -> Map<String, Value> {
        let chosen = choices.iter().filter(|(property, _)| wanted(property));
        chosen.filter_map(|(property, values)| Some((property.name.clone(), values.first()?.clone()))).collect()
    };
    let must_be_given = |property: &Property| property.required && property.schema.default.is_none();
    let whole = ordinary(&|_| true);
    let mut objects = vec![whole.clone(), ordinary(&must_be_given)];
    for (property, _) in choices.iter().filter(|(property, _)| !must_be_given(property)).take(MOST_EDGES) {
        let mut object = whole.clone();
        object.shift_remove(&property.name);
        objects.push(object);
    }
    // A few of each before many of one: not all are kept.
    let most = choices.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    let turns = (1..most).flat_map(|turn| choices.iter().map(move |(property, values)| (property, values.get(turn))));
    for (property, value) in turns.filter_map(|(property, value)| Some((property, value?))).take(2 * MOST_EDGES) {
        let mut object = whole.clone();
        object.insert(property.name.clone(), value.clone());
        objects.push(object);
    }
    objects.into_iter().map(Value::Object).collect()
}

/// Returns conversations, in which every role and kind of content occurs.
fn conversations(count: Extent, other: Option<Extent>) -> Vec<Value> {
    let turns = [
        json!({ "role": "user", "content": "Hello" }),
        json!({ "role": "assistant", "content": "How can I help?" }),
        json!({ "role": "user", "content": [{ "type": "text", "text": "Look" }] }),
        json!({ "role": "assistant", "content": null, "tool_calls": [] }),
        json!({ "role": "tool", "content": "42", "tool_call_id": "a" }),
    ];
    let of_count =
        |count: u64| -> Value { turns.iter().cycle().take(usize::try_from(count).unwrap_or(0)).cloned().collect() };
    let mut all: Vec<Value> = counts(count, other).into_iter().map(of_count).collect();
    all.push(of_count(turns.len() as u64));
    all.push(json!([{ "role": "assistant" }]));
    all
}

/// Returns a value that `schema` takes, if one is found in a few tries.
pub(super) fn random(schema: &Schema, reads: &Reads<'_>, random: &mut Random, depth: usize) -> Option<Value> {
    if schema.nullable && random.one_in(8) {
        return Some(Value::Null);
    }
    if let Some(listed) = listed(schema) {
        return random.pick(&listed).cloned();
    }
    for _ in 0..4 {
        let value = match schema.kind {
            Type::String => Value::from(texts::random(schema, random)),
            Type::Integer | Type::Number => number(schema, random),
            Type::Boolean => Value::Bool(random.one_in(2)),
            Type::Array => self::array(schema, reads, random, depth),
            Type::Object => object(schema, reads, random, depth),
            Type::Messages => random.pick(&conversations(schema.count, None)).cloned().unwrap_or_default(),
            Type::Any => random.pick(&[reads.shape(depth), json!("text"), json!(7)]).cloned().unwrap_or_default(),
        };
        if check(schema, &value).is_empty() {
            return Some(value);
        }
    }
    let edges = edges(schema, None, reads, depth);
    random.pick(&edges).cloned()
}

fn number(schema: &Schema, random: &mut Random) -> Value {
    let bounds = &schema.bounds;
    let float = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
    let least = float(&bounds.minimum).or(float(&bounds.exclusive_minimum));
    let most = float(&bounds.maximum).or(float(&bounds.exclusive_maximum));
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + 1000.0),
        (None, Some(most)) => (most - 1000.0, most),
        (None, None) => (-1000.0, 1000.0),
    };
    let part = random.below(10_001) as f64 / 10_000.0;
    let number = least + (most - least) * part;
    let is_whole = schema.kind == Type::Integer || random.one_in(2);
    if is_whole { json!(number.round() as i64) } else { json!((number * 100.0).round() / 100.0) }
}

fn array(schema: &Schema, reads: &Reads<'_>, random: &mut Random, depth: usize) -> Value {
    if depth > DEEPEST {
        return json!([]);
    }
    let least = schema.count.least.unwrap_or(0).min(MOST_ITEMS);
    let spare = schema.count.most.unwrap_or(least + 4).saturating_sub(least).min(4);
    let count = usize::try_from(least).unwrap_or(0) + random.below(usize::try_from(spare).unwrap_or(0) + 1);
    let reads = reads.of_items();
    let item = |_| match &schema.items {
        Some(items) => self::random(items, &reads, random, depth + 1),
        None => Some(reads.shape(depth)),
    };
    Value::Array((0..count).filter_map(item).collect())
}

fn object(schema: &Schema, reads: &Reads<'_>, random: &mut Random, depth: usize) -> Value {
    let Some(properties) = schema.properties.as_ref().filter(|_| depth <= DEEPEST) else {
        let shape = reads.shape(depth);
        return if shape.is_object() { shape } else { json!({}) };
    };
    let mut object = Map::new();
    for property in properties {
        let must_be_given = property.required && property.schema.default.is_none();
        if !must_be_given && random.one_in(3) {
            continue;
        }
        let value = self::random(&property.schema, &reads.of(&property.name), random, depth + 1);
        object.extend(value.map(|value| (property.name.clone(), value)));
    }
    Value::Object(object)
}
