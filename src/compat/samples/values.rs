//! Values that a schema takes: those at its edges, and any.

use super::clues::Clues;
use super::random::Random;
use super::texts::{self, around};
use crate::prompt::declaration::{Extent, Property};
use crate::prompt::values::check;
use crate::prompt::{Constraint, Schema, Type};
use crate::template::Use;
use serde_json::{Map, Number, Value, json};

/// The most values at the edges of one schema that does not list its values.
const MOST_EDGES: usize = 64;
/// The most listed values of one schema that are taken.
const MOST_LISTED: usize = 2048;
/// The most items of an array that is made, where no declaration names a greater count.
const MOST_ITEMS: u64 = 32;
/// The most items of an array that is made because a declaration names their count.
const MOST_ITEMS_NAMED: u64 = 512;
/// The most declarations that an undeclared value takes after.
const MOST_DECLARED: usize = 3;
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

/// Returns the values at the edges of what `schema` takes, an ordinary one first. What `clues` has declared
/// elsewhere has edges, too, and what it has compared is one.
pub(super) fn edges(schema: &Schema, clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let mut values = match listed(schema) {
        Some(mut listed) => {
            listed.truncate(MOST_LISTED);
            listed.retain(|value| may_be_taken(schema, value));
            listed.extend(schema.nullable.then_some(Value::Null));
            return listed;
        }
        None => of_kind(schema, clues, reads, depth),
    };
    if schema.nullable {
        values.push(Value::Null);
    }
    // Values that others list or compare with are ones that somebody thought of.
    let at = values.len().min(1);
    values.splice(at..at, clues.literals.iter().cloned().chain(listed_by(clues)));
    distinct(values, |value| may_be_taken(schema, value))
}

/// Returns whether `schema` takes `value`, but for its tokens: what counts them here is not said.
fn may_be_taken(schema: &Schema, value: &Value) -> bool {
    check(schema, value).iter().all(|fault| fault.constraint == Constraint::Tokens)
}

/// Returns the first of `values` that are `wanted`, each once.
fn distinct(values: Vec<Value>, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if kept.len() < MOST_EDGES && !kept.contains(&value) && wanted(&value) {
            kept.push(value);
        }
    }
    kept
}

fn listed(schema: &Schema) -> Option<Vec<Value>> {
    schema.constant.clone().map(|value| vec![value]).or_else(|| schema.enumeration.clone())
}

fn listed_by(clues: &Clues) -> impl Iterator<Item = Value> + '_ {
    clues.schemas.iter().filter_map(listed).flat_map(|values| values.into_iter().take(MOST_EDGES / 4))
}

fn of_kind(schema: &Schema, clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    match schema.kind {
        Type::String => texts::edges(schema, clues).into_iter().map(Value::from).collect(),
        Type::Integer | Type::Number => numbers(schema, clues),
        Type::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Type::Array => arrays(schema, clues, reads, depth),
        Type::Object => objects(schema, clues, reads, depth),
        Type::Messages => conversations(&extents(schema, clues)),
        Type::Any => open(clues, reads, depth),
    }
}

/// Returns values of every kind, the first as it is read: nothing is declared of what they stand for.
fn open(clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let shape = reads.shape(depth);
    let mut values = vec![shape.clone()];
    values.extend(clues.literals.iter().cloned());
    values.extend([json!("text"), json!(1), json!(true), json!([]), json!({}), json!("")]);
    values.extend([json!(["text"]), json!({ "key": "text" }), json!([1, "text"]), json!(["a", {}]), json!(-0.5)]);
    if depth < DEEPEST {
        let declared = clues.schemas.iter().filter(|schema| schema.kind != Type::Any);
        values.extend(unbounded(declared).flat_map(|schema| edges(&schema, clues, reads, depth + 1)));
        values.extend(open_properties(&shape, clues, reads, depth));
    }
    distinct(values, |_| true)
}

/// Returns the first of `schemas` without their bounds: what is beyond these is wanted, too.
fn unbounded<'a>(schemas: impl Iterator<Item = &'a Schema>) -> impl Iterator<Item = Schema> {
    fn one(schema: &Schema) -> Schema {
        let property = |property: &Property| Property { schema: one(&property.schema), ..property.clone() };
        let properties = schema.properties.as_ref().map(|all| all.iter().map(property).collect());
        let items = schema.items.as_ref().map(|items| Box::new(one(items)));
        Schema { kind: schema.kind, items, properties, ..Schema::default() }
    }
    schemas.take(MOST_DECLARED).map(one)
}

/// Returns `shape`, if it is an object or is compared as one, with each of its properties in turn as anything else:
/// first what they are compared with.
fn open_properties(shape: &Value, clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let none = Map::new();
    let whole = shape.as_object().unwrap_or(&none);
    let compared = clues.names().flat_map(|name| {
        let inside = clues.of(name);
        let deeper =
            if depth + 1 < DEEPEST { open_properties(&json!(null), &inside, reads, depth + 1) } else { vec![] };
        inside.literals.into_iter().chain(deeper).map(move |value| (name, value))
    });
    let others = whole.keys().flat_map(|name| {
        open(&clues.of(name), &reads.of(name), depth + 1).into_iter().skip(1).map(move |value| (name, value))
    });
    let each = compared.chain(others).map(|(name, value)| {
        let mut object = whole.clone();
        object.insert(name.clone(), value);
        Value::Object(object)
    });
    each.take(2 * MOST_EDGES).collect()
}

fn numbers(schema: &Schema, clues: &Clues) -> Vec<Value> {
    let mut numbers = vec![json!(1), json!(0), json!(-1), json!(2), json!(100)];
    for bounds in std::iter::once(schema).chain(&clues.schemas).map(|schema| &schema.bounds) {
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
    let beside = clues.literals.iter().filter_map(Value::as_i64);
    numbers.extend(beside.flat_map(|n| [n.saturating_add(1), n.saturating_sub(1)]).map(Value::from));
    if schema.kind == Type::Number {
        let halves: Vec<f64> = numbers.iter().filter_map(Value::as_f64).flat_map(|n| [n + 0.5, n - 0.25]).collect();
        numbers.extend(halves.into_iter().filter_map(Number::from_f64).map(Value::Number));
    }
    numbers.extend([json!(i64::MAX), json!(i64::MIN)]);
    numbers
}

/// What is declared of how much a value holds, and the sizes that it is compared with.
struct Extents {
    own: Extent,
    others: Vec<Extent>,
    sizes: Vec<u64>,
}

fn extents(schema: &Schema, clues: &Clues) -> Extents {
    let others = clues.schemas.iter().map(|schema| schema.count).collect();
    Extents { own: schema.count, others, sizes: clues.sizes.clone() }
}

impl Extents {
    /// Returns the counts at the edges, few enough to be made.
    fn counts(&self) -> Vec<u64> {
        let mut counts = vec![self.own.least.unwrap_or(0).max(2), 0, 1, 3];
        for extent in std::iter::once(&self.own).chain(&self.others) {
            counts.extend(extent.least.into_iter().flat_map(|least| [least, least.saturating_sub(1)]));
            counts.extend(extent.most.into_iter().flat_map(|most| [most, most.saturating_add(1)]));
        }
        counts.extend(self.sizes.iter().flat_map(|size| around(*size)));
        counts.extend([5, 8, 16]);
        counts.retain(|count| *count <= MOST_ITEMS_NAMED);
        counts
    }
}

fn arrays(schema: &Schema, clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    if depth > DEEPEST {
        return vec![json!([])];
    }
    let (reads, inside) = (reads.of_items(), clues.of_items());
    let items = match &schema.items {
        Some(items) => edges(items, &inside, &reads, depth + 1),
        None => open(&inside, &reads, depth + 1),
    };
    let Some(ordinary) = items.first() else { return vec![json!([])] };
    let of_count = |count: u64| Value::Array((0..count).map(|_| ordinary.clone()).collect());
    let mut arrays: Vec<Value> = extents(schema, clues).counts().into_iter().map(of_count).collect();
    // Beside an ordinary one, where there may be two: some filters take items of one kind alone.
    let least = schema.count.least.unwrap_or(0).max(2).min(schema.count.most.unwrap_or(2).max(1)).min(MOST_ITEMS);
    let least = usize::try_from(least).unwrap_or(1);
    for item in &items[1..] {
        let mut array = vec![ordinary.clone(); least];
        array[0] = item.clone();
        arrays.push(Value::Array(array));
    }
    arrays
}

fn objects(schema: &Schema, clues: &Clues, reads: &Reads<'_>, depth: usize) -> Vec<Value> {
    let Some(properties) = schema.properties.as_ref().filter(|_| depth <= DEEPEST) else {
        let shape = reads.shape(depth);
        let object = if shape.is_object() { shape } else { json!({ "key": "text" }) };
        let mut objects = vec![object.clone(), json!({}), json!({ "key": [1], "other": {} })];
        if depth < DEEPEST {
            let declared = clues.schemas.iter().filter(|schema| schema.properties.is_some());
            objects.extend(unbounded(declared).flat_map(|schema| edges(&schema, clues, reads, depth + 1)));
            objects.extend(open_properties(&object, clues, reads, depth));
        }
        return objects;
    };
    let choices: Vec<(&Property, Vec<Value>)> = properties
        .iter()
        .map(|property| {
            let name = &property.name;
            (property, edges(&property.schema, &clues.of(name), &reads.of(name), depth + 1))
        })
        .collect();
    let ordinary = |wanted: &dyn Fn(&Property) -> bool| -> Map<String, Value> {
        let chosen = choices.iter().filter(|(property, _)| wanted(property));
        chosen.filter_map(|(property, values)| Some((property.name.clone(), values.first()?.clone()))).collect()
    };
    let must_be_given = |property: &Property| property.required && property.schema.default.is_none();
    let whole = ordinary(&|_| true);
    let mut objects = vec![whole.clone(), ordinary(&must_be_given)];
    for (property, _) in choices.iter().filter(|(property, _)| !must_be_given(property)).take(MOST_EDGES / 4) {
        let mut object = whole.clone();
        object.shift_remove(&property.name);
        objects.push(object.clone());
        // A null is absence, too, where it is not a value.
        object.insert(property.name.clone(), Value::Null);
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
fn conversations(extents: &Extents) -> Vec<Value> {
    let turns = [
        json!({ "role": "user", "content": "Hello" }),
        json!({ "role": "assistant", "content": "How can I help?" }),
        json!({ "role": "user", "content": [{ "type": "text", "text": "Look" }] }),
        json!({ "role": "assistant", "content": null, "tool_calls": [] }),
        json!({ "role": "tool", "content": "42", "tool_call_id": "a" }),
    ];
    let of_count =
        |count: u64| -> Value { turns.iter().cycle().take(usize::try_from(count).unwrap_or(0)).cloned().collect() };
    let mut all: Vec<Value> = extents.counts().into_iter().map(of_count).collect();
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
            Type::Messages => {
                random.pick(&conversations(&extents(schema, &Clues::default()))).cloned().unwrap_or_default()
            }
            Type::Any => random.pick(&[reads.shape(depth), json!("text"), json!(7)]).cloned().unwrap_or_default(),
        };
        if check(schema, &value).is_empty() {
            return Some(value);
        }
    }
    let edges = edges(schema, &Clues::default(), reads, depth);
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
