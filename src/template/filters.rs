//! Liquid's filters, and `json`.
//!
//! Filters that turn one string into another are those of the `liquid` crate. Its filters of
//! numbers, lists and slices are not taken: they overflow, cut inside characters, divide towards
//! zero and shuffle the keys of objects.

use super::date;
use super::numbers;
use super::value::{MAX_ITEMS, Value, print_float};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// The most bytes that a text may have, be it printed or kept in a variable.
pub(super) const MAX_TEXT: usize = 4 * 1024 * 1024;

/// What a filter can be given.
pub(super) struct Signature {
    pub(super) arguments: RangeInclusive<usize>,
    pub(super) keys: &'static [&'static str],
}

/// The filters: name, fewest and most arguments.
const FILTERS: &[(&str, usize, usize)] = &[
    ("abs", 0, 0),
    ("append", 1, 1),
    ("at_least", 1, 1),
    ("at_most", 1, 1),
    ("base64_decode", 0, 0),
    ("base64_encode", 0, 0),
    ("base64_url_safe_decode", 0, 0),
    ("base64_url_safe_encode", 0, 0),
    ("capitalize", 0, 0),
    ("ceil", 0, 0),
    ("compact", 0, 1),
    ("concat", 1, 1),
    ("date", 1, 1),
    ("default", 0, 1),
    ("divided_by", 1, 1),
    ("downcase", 0, 0),
    ("escape", 0, 0),
    ("escape_once", 0, 0),
    ("find", 1, 2),
    ("find_index", 1, 2),
    ("first", 0, 0),
    ("floor", 0, 0),
    ("has", 1, 2),
    ("join", 0, 1),
    ("json", 0, 1),
    ("last", 0, 0),
    ("lstrip", 0, 0),
    ("map", 1, 1),
    ("minus", 1, 1),
    ("modulo", 1, 1),
    ("newline_to_br", 0, 0),
    ("plus", 1, 1),
    ("prepend", 1, 1),
    ("reject", 1, 2),
    ("remove", 1, 1),
    ("remove_first", 1, 1),
    ("remove_last", 1, 1),
    ("replace", 1, 2),
    ("replace_first", 1, 2),
    ("replace_last", 2, 2),
    ("reverse", 0, 0),
    ("round", 0, 1),
    ("rstrip", 0, 0),
    ("size", 0, 0),
    ("slice", 1, 2),
    ("sort", 0, 1),
    ("sort_natural", 0, 1),
    ("split", 1, 1),
    ("strip", 0, 0),
    ("strip_html", 0, 0),
    ("strip_newlines", 0, 0),
    ("sum", 0, 1),
    ("times", 1, 1),
    ("truncate", 0, 2),
    ("truncatewords", 0, 2),
    ("uniq", 0, 1),
    ("upcase", 0, 0),
    ("url_decode", 0, 0),
    ("url_encode", 0, 0),
    ("where", 1, 2),
];

/// Returns what the filter `name` can be given, or nothing when there is none.
pub(super) fn signature(name: &str) -> Option<Signature> {
    let (_, least, most) = FILTERS.iter().find(|(it, ..)| *it == name)?;
    let keys: &[&str] = if name == "default" { &["allow_false"] } else { &[] };
    Some(Signature { arguments: *least..=*most, keys })
}

/// Returns the names of all filters.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, ..)| *name)
}

/// Returns `input` put through the filter `name`, whose arguments fit its signature.
///
/// # Errors
/// In words, when the filter can make nothing of the values.
pub(super) fn apply(
    name: &str,
    input: &Value,
    arguments: &[Value],
    keyword: &[(&str, Value)],
) -> Result<Value, String> {
    if name == "default" {
        return Ok(default(input, arguments, keyword));
    }
    if matches!(input, Value::Nil) {
        return Err(format!("nil cannot be put through `{name}`; use `default` first, or a condition"));
    }
    if arguments.iter().any(|argument| matches!(argument, Value::Nil)) {
        return Err(format!("an argument of `{name}` is nil"));
    }
    let first = arguments.first();
    match name {
        "date" => date::format(input, &text_of(first)?),
        "json" => stringify(input, first),
        "size" => Ok(size(input)),
        "slice" => slice(input, arguments),
        _ if numbers::NAMES.contains(&name) => numbers::apply(name, input, first),
        _ if LIST_FILTERS.contains(&name) => list_filter(name, input, arguments),
        _ => text_filter(name, &input.print()?, arguments),
    }
}

fn default(input: &Value, arguments: &[Value], keyword: &[(&str, Value)]) -> Value {
    let allows_false = keyword.iter().any(|(key, value)| *key == "allow_false" && value.is_true());
    let is_absent = match input {
        Value::Bool(false) => !allows_false,
        other => !other.is_true() || other.is_empty(),
    };
    if is_absent { arguments.first().cloned().unwrap_or_else(|| Value::from("")) } else { input.clone() }
}

fn stringify(input: &Value, indent: Option<&Value>) -> Result<Value, String> {
    // As in JavaScript, no more than ten blanks.
    let indent = indent.map(integer).transpose()?.unwrap_or(0).clamp(0, 10);
    Ok(Value::from(input.stringify(usize::try_from(indent).unwrap_or(0))))
}

fn size(input: &Value) -> Value {
    match input {
        // A key of that name is not what the filter counts.
        Value::Object(object) => Value::Int(i64::try_from(object.entries().len()).unwrap_or(i64::MAX)),
        _ => input.property(&Value::from("size")).unwrap_or(Value::Int(0)),
    }
}

fn slice(input: &Value, arguments: &[Value]) -> Result<Value, String> {
    let offset = arguments.first().map_or(Ok(0), integer)?;
    let length = arguments.get(1).map_or(Ok(1), integer)?;
    let window = |count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let start = if offset < 0 { count.checked_add(offset)? } else { offset };
        let length = usize::try_from(length).ok()?;
        usize::try_from(start).ok().map(|start| (start, length))
    };
    match input.items()? {
        Some(items) => {
            let (start, length) = window(items.len()).unwrap_or_default();
            Ok(items.iter().skip(start).take(length).cloned().collect::<Vec<_>>().into())
        }
        None => {
            let text = input.print()?;
            let (start, length) = window(text.chars().count()).unwrap_or_default();
            Ok(text.chars().skip(start).take(length).collect::<String>().into())
        }
    }
}

/// Filters of one string that the crate has and that take no arguments.
static CRATE_FILTERS: LazyLock<Vec<(&str, liquid::Template)>> = LazyLock::new(|| {
    let parser = liquid::ParserBuilder::with_stdlib().build();
    let names = [
        "capitalize",
        "downcase",
        "escape",
        "escape_once",
        "lstrip",
        "rstrip",
        "strip",
        "strip_html",
        "strip_newlines",
        "upcase",
        "url_decode",
        "url_encode",
    ];
    let compiled = |name: &'static str| {
        let template = parser.as_ref().ok()?.parse(&format!("{{{{ input | {name} }}}}")).ok()?;
        Some((name, template))
    };
    names.into_iter().filter_map(compiled).collect()
});

/// Returns `text` put through a filter of the `liquid` crate.
fn crate_filter(name: &str, text: &str) -> Result<String, String> {
    let (_, template) = CRATE_FILTERS
        .iter()
        .find(|(it, _)| *it == name)
        .ok_or_else(|| format!("the filter `{name}` is not available"))?;
    let globals = liquid::object!({ "input": text });
    // None of these filters is known to panic; should one do so, it must not take the caller along.
    let rendered = catch_unwind(AssertUnwindSafe(|| template.render(&globals)));
    match rendered {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(error)) => Err(format!("`{name}` failed: {}", error.to_string().lines().next().unwrap_or_default())),
        Err(_) => Err(format!("`{name}` failed")),
    }
}

fn text_filter(name: &str, text: &str, arguments: &[Value]) -> Result<Value, String> {
    let argument = |place: usize| text_of(arguments.get(place));
    let first = argument(0)?;
    let with = argument(1)?;
    let place = |index: Option<usize>| index.map(|index| index..index + first.len());
    let made = match name {
        "append" => format!("{text}{first}"),
        "prepend" => format!("{first}{text}"),
        "replace" | "remove" => {
            let count = text.matches(&*first).count();
            if count.saturating_mul(with.len()).saturating_add(text.len()) > 2 * MAX_TEXT {
                return Err(too_long());
            }
            text.replace(&*first, &with)
        }
        "replace_first" | "remove_first" => replace_at(text, place(text.find(&*first)), &with),
        "replace_last" | "remove_last" => replace_at(text, place(text.rfind(&*first)), &with),
        "split" => return split(text, &first),
        "truncate" => truncate(text, arguments.first(), arguments.get(1).map(|_| &*with))?,
        "truncatewords" => truncate_words(text, arguments.first(), arguments.get(1).map(|_| &*with))?,
        "base64_encode" => data_encoding::BASE64.encode(text.as_bytes()),
        "base64_url_safe_encode" => data_encoding::BASE64URL.encode(text.as_bytes()),
        "base64_decode" => decode(&data_encoding::BASE64, name, text)?,
        "base64_url_safe_decode" => decode(&data_encoding::BASE64URL, name, text)?,
        "newline_to_br" => text.replace("\r\n", "\n").replace('\n', "<br />\n"),
        _ => crate_filter(name, text)?,
    };
    if made.len() > MAX_TEXT { Err(too_long()) } else { Ok(made.into()) }
}

pub(super) fn too_long() -> String {
    format!("a text would be longer than {} MiB", MAX_TEXT / 1024 / 1024)
}

fn decode(encoding: &data_encoding::Encoding, name: &str, text: &str) -> Result<String, String> {
    let bytes = encoding.decode(text.as_bytes()).map_err(|_| format!("`{name}`: this is no base64"))?;
    String::from_utf8(bytes).map_err(|_| format!("`{name}`: what is encoded is no text"))
}

fn replace_at(text: &str, place: Option<std::ops::Range<usize>>, with: &str) -> String {
    let mut text = text.to_owned();
    if let Some(place) = place {
        text.replace_range(place, with);
    }
    text
}

/// Ruby's `String#split`: a blank splits at any white space, and empty strings at the end are dropped.
fn split(text: &str, at: &str) -> Result<Value, String> {
    let parts: Box<dyn Iterator<Item = &str>> = match at {
        " " => Box::new(text.split_ascii_whitespace()),
        "" => Box::new(text.split("").filter(|part| !part.is_empty())),
        _ => Box::new(text.split(at)),
    };
    let mut items: Vec<Value> = parts.take(MAX_ITEMS + 1).map(Value::from).collect();
    if items.len() > MAX_ITEMS {
        return Err(too_many());
    }
    while items.last().is_some_and(Value::is_empty) {
        items.pop();
    }
    Ok(items.into())
}

fn too_many() -> String {
    format!("a list would have more than {MAX_ITEMS} items")
}

fn truncate(text: &str, length: Option<&Value>, ellipsis: Option<&str>) -> Result<String, String> {
    let length = usize::try_from(length.map_or(Ok(50), integer)?).unwrap_or(0);
    let ellipsis = ellipsis.unwrap_or("...");
    if text.chars().count() <= length {
        return Ok(text.to_owned());
    }
    let kept = length.saturating_sub(ellipsis.chars().count());
    Ok(text.chars().take(kept).chain(ellipsis.chars()).collect())
}

fn truncate_words(text: &str, words: Option<&Value>, ellipsis: Option<&str>) -> Result<String, String> {
    let words = usize::try_from(words.map_or(Ok(15), integer)?).unwrap_or(0).max(1);
    let mut found = text.split_ascii_whitespace();
    let kept: Vec<&str> = found.by_ref().take(words).collect();
    Ok(match found.next() {
        Some(_) => kept.join(" ") + ellipsis.unwrap_or("..."),
        None => text.to_owned(),
    })
}

/// Filters that take a list, or a single value as a list of one.
const LIST_FILTERS: &[&str] = &[
    "compact",
    "concat",
    "find",
    "find_index",
    "first",
    "has",
    "join",
    "last",
    "map",
    "reject",
    "reverse",
    "sort",
    "sort_natural",
    "sum",
    "uniq",
    "where",
];

fn list_filter(name: &str, input: &Value, arguments: &[Value]) -> Result<Value, String> {
    let first = arguments.first();
    if let "first" | "last" = name {
        return input.property(&Value::from(name));
    }
    let items = items_of(input)?;
    Ok(match name {
        "join" => join(&items, &arguments.first().map_or(Ok(" ".into()), Value::print)?)?,
        "concat" => {
            let more = match first {
                Some(list) => list.items()?.ok_or_else(|| format!("`concat` takes an array, not {}", list.kind()))?,
                None => Default::default(),
            };
            if items.len() + more.len() > MAX_ITEMS {
                return Err(too_many());
            }
            items.iter().chain(more.iter()).cloned().collect::<Vec<_>>().into()
        }
        "reverse" => items.into_iter().rev().collect::<Vec<_>>().into(),
        "map" => items.iter().map(|item| key_of(item, first)).collect::<Result<Vec<_>, _>>()?.into(),
        "compact" => keep(items, |item| Ok(!matches!(key_of(item, first)?, Value::Nil)))?.into(),
        "where" => keep(items, |item| matches_key(item, arguments))?.into(),
        "reject" => keep(items, |item| Ok(!matches_key(item, arguments)?))?.into(),
        "has" => Value::Bool(place_of(&items, arguments)?.is_some()),
        "find" => place_of(&items, arguments)?.and_then(|place| items.get(place).cloned()).unwrap_or(Value::Nil),
        "find_index" => place_of(&items, arguments)?
            .map_or(Value::Nil, |place| Value::Int(i64::try_from(place).unwrap_or(i64::MAX))),
        "sort" => sort(items, first, |key| Ok(key.clone()))?,
        "sort_natural" => sort(items, first, |key| Ok(key.print()?.to_lowercase().into()))?,
        "sum" => numbers::sum(items.iter().map(|item| key_of(item, first)))?,
        // `uniq`
        _ => {
            let mut seen = HashSet::new();
            keep(items, |item| Ok(seen.insert(identity(&key_of(item, first)?))))?.into()
        }
    })
}

/// Returns the items of a list, nested lists flattened; a single value is a list of one.
fn items_of(input: &Value) -> Result<Vec<Value>, String> {
    let Some(items) = input.items()? else { return Ok(vec![input.clone()]) };
    let mut flat = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Value::List(_) => flat.extend(items_of(item)?),
            _ => flat.push(item.clone()),
        }
    }
    Ok(flat)
}

/// Returns the property of `item` that a filter names, or the item itself where it names none.
fn key_of(item: &Value, name: Option<&Value>) -> Result<Value, String> {
    match (name, item) {
        (None, item) => Ok(item.clone()),
        (Some(name), Value::Object(_) | Value::Loop(_)) => item.property(name),
        // Ruby's `"cat"["c"]` is "c" and `"cat"["x"]` is nil.
        (Some(name), Value::Text(text)) => {
            let part = name.print()?;
            Ok(if text.contains(&*part) { Value::Text(part) } else { Value::Nil })
        }
        (Some(name), _) => Err(format!("{} has no property `{}`", item.kind(), name.print().unwrap_or_default())),
    }
}

/// Returns whether the property of `item` that is named equals the value that is given, or is true
/// where none is given.
fn matches_key(item: &Value, arguments: &[Value]) -> Result<bool, String> {
    let key = key_of(item, arguments.first())?;
    Ok(arguments.get(1).map_or(key.is_true(), |value| key.equals(value)))
}

fn place_of(items: &[Value], arguments: &[Value]) -> Result<Option<usize>, String> {
    for (place, item) in items.iter().enumerate() {
        if matches_key(item, arguments)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn keep(items: Vec<Value>, mut wanted: impl FnMut(&Value) -> Result<bool, String>) -> Result<Vec<Value>, String> {
    let mut kept = Vec::new();
    for item in items {
        if wanted(&item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Returns a text that is the same for the same values and for no others.
fn identity(value: &Value) -> String {
    match value {
        // 1 and 1.0 are two values to Ruby.
        Value::Float(float) => print_float(*float),
        other => other.stringify(0),
    }
}

fn join(items: &[Value], glue: &str) -> Result<Value, String> {
    let mut joined = String::new();
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            joined.push_str(glue);
        }
        joined.push_str(&item.print()?);
        if joined.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    Ok(joined.into())
}

/// Sorts by the value or property that `name` names, nil last, equal ones in their order.
fn sort(
    items: Vec<Value>,
    name: Option<&Value>,
    key: impl Fn(&Value) -> Result<Value, String>,
) -> Result<Value, String> {
    let mut keyed = Vec::with_capacity(items.len());
    let mut absent = Vec::new();
    for item in items {
        match key_of(&item, name)? {
            Value::Nil => absent.push(item),
            found => keyed.push((key(&found)?, item)),
        }
    }
    // An order with gaps would be none: everything must compare with everything.
    if let Some(((first, _), (other, _))) =
        keyed.first().zip(keyed.iter().find(|(other, _)| keyed[0].0.compare(other).is_none()))
    {
        return Err(format!("{} and {} cannot be sorted together", first.kind(), other.kind()));
    }
    keyed.sort_by(|(a, _), (b, _)| a.compare(b).unwrap_or(Ordering::Equal));
    Ok(keyed.into_iter().map(|(_, item)| item).chain(absent).collect::<Vec<_>>().into())
}

/// Returns an argument as a text; one that is not there is empty.
fn text_of(argument: Option<&Value>) -> Result<std::sync::Arc<str>, String> {
    match argument {
        Some(argument @ (Value::List(_) | Value::Object(_) | Value::Loop(_))) => {
            Err(format!("{} cannot be an argument here", argument.kind()))
        }
        Some(argument) => argument.print(),
        None => Ok("".into()),
    }
}

/// Returns an argument as an integer.
pub(super) fn integer(argument: &Value) -> Result<i64, String> {
    match argument {
        Value::Int(integer) => Ok(*integer),
        Value::Text(text) => text.trim().parse().map_err(|_| format!("{text:?} is not an integer")),
        other => Err(format!("an integer is needed, not {}", other.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn filtered(input: Json, name: &str, arguments: &[Json]) -> Result<Json, String> {
        let arguments: Vec<_> = arguments.iter().map(|json| Value::from_json(json).unwrap()).collect();
        apply(name, &Value::from_json(&input).unwrap(), &arguments, &[]).map(|value| value.to_json())
    }

    #[test]
    fn every_filter_of_the_crate_is_there() {
        let own = |name: &str| CRATE_FILTERS.iter().all(|(it, _)| *it != name);
        assert_eq!(CRATE_FILTERS.len(), 12);
        for name in names().filter(|name| !own(name)) {
            assert!(filtered(json!("a<b"), name, &[]).is_ok(), "{name}");
        }
        assert_eq!(filtered(json!("<é>"), "escape", &[]), Ok(json!("&lt;é&gt;")));
    }

    #[test]
    fn strings_are_cut_between_characters() {
        assert_eq!(filtered(json!("éèà"), "slice", &[json!(-2), json!(1)]), Ok(json!("è")));
        assert_eq!(filtered(json!("ééééé"), "truncate", &[json!(4)]), Ok(json!("é...")));
        assert_eq!(filtered(json!("a b c"), "truncatewords", &[json!(2)]), Ok(json!("a b...")));
        assert_eq!(filtered(json!("a,b,,"), "split", &[json!(",")]), Ok(json!(["a", "b"])));
        assert_eq!(filtered(json!("aXbX"), "replace_last", &[json!("X"), json!("!")]), Ok(json!("aXb!")));
    }

    #[test]
    fn lists_keep_the_order_of_their_objects_keys() {
        let people = json!([{ "z": 2, "a": "x" }, { "z": 1, "a": "y" }, { "a": "z" }]);
        assert_eq!(
            filtered(people.clone(), "sort", &[json!("z")]).unwrap().to_string(),
            r#"[{"z":1,"a":"y"},{"z":2,"a":"x"},{"a":"z"}]"#
        );
        assert_eq!(filtered(people.clone(), "map", &[json!("a")]), Ok(json!(["x", "y", "z"])));
        assert_eq!(filtered(people.clone(), "where", &[json!("a"), json!("y")]), Ok(json!([{ "z": 1, "a": "y" }])));
        assert_eq!(filtered(people, "find_index", &[json!("a"), json!("y")]), Ok(json!(1)));
        assert!(filtered(json!([1, "a", 2]), "sort", &[]).is_err());
        assert_eq!(filtered(json!([1, 1, "1", 1.5]), "uniq", &[]), Ok(json!([1, "1", 1.5])));
    }

    #[test]
    fn nothing_grows_without_bound() {
        let long = json!("a".repeat(MAX_TEXT / 2 + 1));
        assert!(filtered(long.clone(), "append", std::slice::from_ref(&long)).is_err());
        assert!(filtered(long.clone(), "replace", &[json!("a"), long.clone()]).is_err());
        assert!(filtered(long, "split", &[json!("")]).is_err());
    }

    #[test]
    fn nil_is_for_default_alone() {
        assert_eq!(filtered(json!(null), "default", &[json!("x")]), Ok(json!("x")));
        assert!(filtered(json!(null), "upcase", &[]).is_err());
        assert!(filtered(json!("a"), "append", &[json!(null)]).is_err());
    }
}
