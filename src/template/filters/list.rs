//! Filters of lists. A single value is a list of one, an object too, and nil is an empty one;
//! lists in lists are flattened, as Shopify's `InputIterator` does.

use super::numbers;
use super::text::too_many;
use super::{Call, Filtered};
use crate::template::Dialect;
use crate::template::value::{Access, Items, MAX_ITEMS, Value, print_float};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

/// Returns the items of the input.
fn items<'a>(call: &Call<'_, 'a>) -> Result<Vec<Value<'a>>, String> {
    let mut flat = Vec::new();
    match call.input {
        Value::Array(_) | Value::List(_) => flatten(call.input, &mut flat)?,
        Value::Range(first, last) => {
            if Items::of(call.input).len() > MAX_ITEMS {
                return Err(format!("the range {first}..{last} has more than {MAX_ITEMS} items"));
            }
            flat.extend(Items::of(call.input));
        }
        Value::Nil => {}
        other => flat.push(other.clone()),
    }
    Ok(flat)
}

/// Adds what `list` holds. Values are nested no deeper than those that are given.
fn flatten<'a>(list: &Value<'a>, flat: &mut Vec<Value<'a>>) -> Result<(), String> {
    let items = Items::of(list);
    flat.reserve(items.len().min(MAX_ITEMS));
    for item in items {
        match item {
            Value::Array(_) | Value::List(_) => flatten(&item, flat)?,
            item if flat.len() < MAX_ITEMS => flat.push(item),
            _ => return Err(too_many()),
        }
    }
    Ok(())
}

/// What asking an item for a property comes to.
enum Property<'a> {
    Is(Value<'a>),
    /// The item is of a kind that has no properties at all; nil, for one.
    None,
}

/// Returns the property of `item` that a filter names.
///
/// # Errors
/// In a prompt where the item has no properties, and in Liquid where Ruby would find the name to be
/// of the wrong type.
fn property<'a>(call: &Call<'_, 'a>, item: &Value<'a>, name: &Value<'a>) -> Result<Property<'a>, String> {
    let wrong = || {
        let name = name.print(Dialect::Lax).unwrap_or_default();
        Err(format!("{} has no property `{name}`", item.kind()))
    };
    match item {
        Value::Object(_) | Value::Loop(_) => item.index(name, call.dialect).map(Property::Is),
        // Ruby's `"cat"["c"]` is "c", `"cat"["x"]` nil and `"cat"[0]` "c".
        Value::Str(_) | Value::Text(_) => {
            let text = item.as_str().unwrap_or_default();
            Ok(Property::Is(match (name, name.as_str()) {
                (_, Some(part)) if text.contains(part) => name.clone(),
                (_, Some(_)) => Value::Nil,
                (Value::Int(place), _) if call.is_lax() => {
                    let letter = usize::try_from(*place).ok().and_then(|place| text.chars().nth(place));
                    letter.map_or(Value::Nil, |letter| letter.to_string().into())
                }
                _ => return wrong(),
            }))
        }
        Value::Nil | Value::Float(_) | Value::Bool(_) if call.is_lax() => Ok(Property::None),
        _ => wrong(),
    }
}

/// Returns what a filter that may name a property looks at: that, or the item itself.
fn key<'a>(call: &Call<'_, 'a>, item: &Value<'a>) -> Result<Value<'a>, String> {
    match call.first() {
        // In Liquid a name that is nil is none.
        None | Some(Value::Nil) => Ok(item.clone()),
        Some(name) => Ok(match property(call, item, name)? {
            Property::Is(value) => value,
            Property::None => Value::Nil,
        }),
    }
}

/// Goes over the items and tells `take` of each whether it has the property that the filter names,
/// or has it with the value that it says. `take` ends it by returning false. Returns false where, in
/// Liquid, an item that can have no property makes all of the filter nil.
fn each_match<'a>(
    call: &Call<'_, 'a>,
    items: &[Value<'a>],
    mut take: impl FnMut(usize, bool) -> bool,
) -> Result<bool, String> {
    let Some(name) = call.first() else { return Ok(true) };
    for (place, item) in items.iter().enumerate() {
        let Property::Is(found) = property(call, item, name)? else { return Ok(false) };
        let matches = match call.arguments.get(1) {
            None | Some(Value::Nil) => found.is_true(),
            Some(value) => found.equals(value),
        };
        if !take(place, matches) {
            break;
        }
    }
    Ok(true)
}

/// Returns the items that match, or those that do not.
fn kept<'a>(call: &Call<'_, 'a>, wanted: bool) -> Filtered<'a> {
    let items = items(call)?;
    let mut kept = Vec::new();
    let is_whole = each_match(call, &items, |place, matches| {
        if matches == wanted {
            kept.push(items[place].clone());
        }
        true
    })?;
    Ok(if is_whole { kept.into() } else { Value::Nil })
}

pub(super) fn where_<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    kept(call, true)
}

pub(super) fn reject<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    kept(call, false)
}

/// Returns the first item that matches and its place, or `otherwise` where there is none.
fn first_match<'a>(
    call: &Call<'_, 'a>,
    otherwise: Value<'a>,
    found: impl Fn(usize, &Value<'a>) -> Value<'a>,
) -> Filtered<'a> {
    let items = items(call)?;
    let mut at = None;
    let is_whole = each_match(call, &items, |place, matches| {
        at = matches.then_some(place);
        !matches
    })?;
    Ok(match at {
        Some(place) => found(place, &items[place]),
        None if is_whole => otherwise,
        None => Value::Nil,
    })
}

pub(super) fn find<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    first_match(call, Value::Nil, |_, item| item.clone())
}

pub(super) fn find_index<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    first_match(call, Value::Nil, |place, _| Value::count(place))
}

pub(super) fn has<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    first_match(call, Value::Bool(false), |_, _| Value::Bool(true))
}

pub(super) fn first<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    end(call, "first")
}

pub(super) fn last<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    end(call, "last")
}

/// As a filter, `first` and `last` look past a key of that name.
fn end<'a>(call: &Call<'_, 'a>, name: &str) -> Filtered<'a> {
    match call.input {
        Value::Object(_) if name == "first" => Ok(Items::of(call.input).next().unwrap_or(Value::Nil)),
        Value::Object(_) if call.is_lax() => Ok(Value::Nil),
        other => other.property(name, Access::Dot, call.dialect),
    }
}

pub(super) fn join<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let glue: Cow<'_, str> = if call.arguments.is_empty() { " ".into() } else { call.argument_text(0)? };
    let mut joined = String::new();
    for (place, item) in items(call)?.iter().enumerate() {
        if place > 0 {
            joined.push_str(&glue);
        }
        match call.dialect {
            Dialect::Prompt => item.write(&mut joined, call.dialect)?,
            Dialect::Lax => joined.push_str(&item.print(call.dialect)?),
        }
        if joined.len() > call.most_bytes {
            return Err(call.too_long());
        }
    }
    Ok(joined.into())
}

pub(super) fn concat<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let mut all = items(call)?;
    let more = match call.first() {
        Some(list @ (Value::Array(_) | Value::List(_))) => Items::of(list),
        Some(list @ Value::Range(..)) if !call.is_lax() => Items::of(list),
        Some(other) => return Err(format!("`concat` takes an array, not {}", other.kind())),
        None => Items::none(),
    };
    if all.len().saturating_add(more.len()) > MAX_ITEMS {
        return Err(too_many());
    }
    all.extend(more);
    Ok(all.into())
}

pub(super) fn reverse<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let mut items = items(call)?;
    items.reverse();
    Ok(items.into())
}

pub(super) fn map<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let items = items(call)?;
    let Some(name) = call.first() else { return Ok(items.into()) };
    let of = |item: &Value<'a>| match property(call, item, name)? {
        Property::Is(value) => Ok(value),
        Property::None => Ok(Value::Nil),
    };
    Ok(items.iter().map(of).collect::<Result<Vec<_>, String>>()?.into())
}

pub(super) fn compact<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let mut kept = Vec::new();
    for item in items(call)? {
        if !matches!(key(call, &item)?, Value::Nil) {
            kept.push(item);
        }
    }
    Ok(kept.into())
}

pub(super) fn uniq<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let items = items(call)?;
    let keys = items.iter().map(|item| key(call, item)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = HashSet::new();
    let firsts = items.into_iter().zip(&keys).filter(|(_, key)| seen.insert(Identity::of(key)));
    Ok(firsts.map(|(item, _)| item).collect::<Vec<_>>().into())
}

/// What is the same for the same values and for no others.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'v> {
    Int(i64),
    Text(&'v str),
    /// What any other value is written as.
    Written(String),
}

impl<'v> Identity<'v> {
    fn of(value: &'v Value<'_>) -> Identity<'v> {
        match (value, value.as_str()) {
            (_, Some(text)) => Identity::Text(text),
            (Value::Int(integer), _) => Identity::Int(*integer),
            // 1 and 1.0 are two values to Ruby.
            (Value::Float(float), _) => Identity::Written(print_float(*float)),
            (other, _) => Identity::Written(other.stringify(0, usize::MAX)),
        }
    }
}

pub(super) fn sum<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let items = items(call)?;
    numbers::sum(items.iter().map(|item| key(call, item)))
}

pub(super) fn sort<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    sorted(call, Ok, |a, b| a.compare(b).or_else(|| a.equals(b).then_some(Ordering::Equal)))
}

/// Sorts by what the items print as, letters of ASCII in either case being alike.
pub(super) fn sort_natural<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    sorted(call, |found| Ok(Value::from(found.print(call.dialect)?.to_ascii_lowercase())), Value::compare)
}

/// Sorts by what `key` makes of each item or of the property that the filter names, nil last, equal
/// ones in their order.
fn sorted<'a>(
    call: &Call<'_, 'a>,
    sort_key: impl Fn(Value<'a>) -> Result<Value<'a>, String>,
    compare: impl Fn(&Value<'a>, &Value<'a>) -> Option<Ordering>,
) -> Filtered<'a> {
    let items = items(call)?;
    let mut keyed = Vec::with_capacity(items.len());
    let mut absent = Vec::new();
    for item in items {
        match key(call, &item)? {
            Value::Nil => absent.push(item),
            found => keyed.push((sort_key(found)?, item)),
        }
    }
    // An order with gaps would be none: everything must compare with everything.
    if let Some(((first, _), (other, _))) =
        keyed.first().zip(keyed.iter().skip(1).find(|(other, _)| compare(&keyed[0].0, other).is_none()))
    {
        return Err(format!("{} and {} cannot be sorted together", first.kind(), other.kind()));
    }
    keyed.sort_by(|(a, _), (b, _)| compare(a, b).unwrap_or(Ordering::Equal));
    Ok(keyed.into_iter().map(|(_, item)| item).chain(absent).collect::<Vec<_>>().into())
}
