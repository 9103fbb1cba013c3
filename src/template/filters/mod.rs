//! Liquid's filters, and `json`.
//!
//! A filter borrows from its input where it can: `strip`, `split` and their like copy nothing.

mod date;
mod html;
mod list;
mod numbers;
mod text;

use super::Dialect;
use super::value::{Items, MAX_ITEMS, Value};
use std::borrow::Cow;
use std::fmt;

/// A filter, and how many arguments it takes.
pub struct Filter {
    /// The name.
    pub name: &'static str,
    /// The fewest arguments by place.
    pub least: usize,
    /// The most arguments by place; no filter takes more than two.
    pub most: usize,
    /// The arguments by name.
    pub keys: &'static [&'static str],
    cost: Cost,
    apply: Apply,
}

/// How much of its input a filter goes through.
#[derive(Clone, Copy)]
enum Cost {
    /// All of a text, and of a list no more than its ends.
    Ends,
    /// All, once.
    Once,
    /// All, in a way that takes several times as long as to look at it.
    Several,
}

/// How many steps count for one where [`Cost::Several`] is said.
const SEVERAL: usize = 4;

/// The most arguments by place that a filter takes.
pub(super) const MAX_ARGUMENTS: usize = 2;

/// What does the work of a filter.
type Apply = for<'c, 'a> fn(&Call<'c, 'a>) -> Filtered<'a>;

/// What a filter gives, or why it cannot, in words.
pub(super) type Filtered<'a> = Result<Value<'a>, String>;

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.name).finish()
    }
}

/// One use of a filter.
pub(super) struct Call<'c, 'a> {
    pub(super) name: &'static str,
    pub(super) input: &'c Value<'a>,
    pub(super) arguments: &'c [Value<'a>],
    pub(super) keyword: &'c [(&'a str, Value<'a>)],
    pub(super) dialect: Dialect,
    /// The most bytes that a text may have.
    pub(super) most_bytes: usize,
}

const fn filter(name: &'static str, least: usize, most: usize, apply: Apply) -> Filter {
    Filter { name, least, most, keys: &[], cost: Cost::Once, apply }
}

const fn quick(name: &'static str, least: usize, most: usize, apply: Apply) -> Filter {
    Filter { cost: Cost::Ends, ..filter(name, least, most, apply) }
}

const fn slow(name: &'static str, least: usize, most: usize, apply: Apply) -> Filter {
    Filter { cost: Cost::Several, ..filter(name, least, most, apply) }
}

/// The filters, sorted by name.
static FILTERS: &[Filter] = &[
    quick("abs", 0, 0, numbers::abs),
    filter("append", 1, 1, text::append),
    quick("at_least", 1, 1, numbers::at_least),
    quick("at_most", 1, 1, numbers::at_most),
    filter("base64_decode", 0, 0, text::base64_decode),
    filter("base64_encode", 0, 0, text::base64_encode),
    filter("base64_url_safe_decode", 0, 0, text::base64_url_safe_decode),
    filter("base64_url_safe_encode", 0, 0, text::base64_url_safe_encode),
    filter("capitalize", 0, 0, text::capitalize),
    quick("ceil", 0, 0, numbers::ceil),
    filter("compact", 0, 1, list::compact),
    filter("concat", 1, 1, list::concat),
    slow("date", 1, 1, date::date),
    Filter { keys: &["allow_false"], ..quick("default", 0, 1, default) },
    slow("divided_by", 1, 1, numbers::divided_by),
    filter("downcase", 0, 0, text::downcase),
    filter("escape", 0, 0, html::escape),
    filter("escape_once", 0, 0, html::escape_once),
    filter("find", 1, 2, list::find),
    filter("find_index", 1, 2, list::find_index),
    quick("first", 0, 0, list::first),
    quick("floor", 0, 0, numbers::floor),
    filter("h", 0, 0, html::escape),
    filter("has", 1, 2, list::has),
    filter("join", 0, 1, list::join),
    filter("json", 0, 1, json),
    quick("last", 0, 0, list::last),
    filter("lstrip", 0, 0, text::lstrip),
    filter("map", 1, 1, list::map),
    slow("minus", 1, 1, numbers::minus),
    slow("modulo", 1, 1, numbers::modulo),
    filter("newline_to_br", 0, 0, html::newline_to_br),
    slow("plus", 1, 1, numbers::plus),
    filter("prepend", 1, 1, text::prepend),
    filter("reject", 1, 2, list::reject),
    slow("remove", 1, 1, text::replace),
    slow("remove_first", 1, 1, text::replace_first),
    slow("remove_last", 1, 1, text::replace_last),
    slow("replace", 1, 2, text::replace),
    slow("replace_first", 1, 2, text::replace_first),
    slow("replace_last", 2, 2, text::replace_last),
    filter("reverse", 0, 0, list::reverse),
    slow("round", 0, 1, numbers::round),
    filter("rstrip", 0, 0, text::rstrip),
    quick("size", 0, 0, size),
    filter("slice", 1, 2, text::slice),
    slow("sort", 0, 1, list::sort),
    slow("sort_natural", 0, 1, list::sort_natural),
    slow("split", 1, 1, text::split),
    filter("strip", 0, 0, text::strip),
    slow("strip_html", 0, 0, html::strip_html),
    slow("strip_newlines", 0, 0, text::strip_newlines),
    slow("sum", 0, 1, list::sum),
    slow("times", 1, 1, numbers::times),
    filter("truncate", 0, 2, text::truncate),
    filter("truncatewords", 0, 2, text::truncatewords),
    slow("uniq", 0, 1, list::uniq),
    filter("upcase", 0, 0, text::upcase),
    filter("url_decode", 0, 0, html::url_decode),
    filter("url_encode", 0, 0, html::url_encode),
    filter("where", 1, 2, list::where_),
];

/// Returns the filter `name`, if there is one.
pub(super) fn find(name: &str) -> Option<&'static Filter> {
    FILTERS.binary_search_by(|filter| filter.name.cmp(name)).ok().map(|at| &FILTERS[at])
}

impl Filter {
    /// Returns all filters, sorted by name.
    pub fn all() -> &'static [Filter] {
        FILTERS
    }

    /// Returns how many steps it takes to put `input` through the filter, without those for what it makes.
    pub(super) fn weight(&self, input: &Value<'_>, arguments: &[Value<'_>]) -> usize {
        let text = |value: &Value<'_>| value.as_str().map_or(0, |_| value.weight());
        let of_arguments = arguments.iter().map(text).sum::<usize>();
        let weight = match (self.cost, input.as_str()) {
            (_, Some(_)) => input.weight().saturating_add(of_arguments),
            (Cost::Ends, None) => of_arguments,
            // Each item may be asked for what an argument names.
            (_, None) => (input.whole_weight() - 1).saturating_mul(1 + of_arguments).saturating_add(of_arguments),
        };
        let times = if let Cost::Several = self.cost { SEVERAL } else { 1 };
        weight.saturating_add(1).saturating_mul(times)
    }

    /// Returns what the filter makes of `call`, whose arguments fit it.
    ///
    /// # Errors
    /// In words, when the filter can make nothing of the values. In a prompt nil is among those for
    /// every filter but `default`; Liquid takes it for an empty string, list or 0.
    pub(super) fn apply<'a>(&self, call: &Call<'_, 'a>) -> Filtered<'a> {
        if call.dialect == Dialect::Prompt && self.name != "default" {
            if matches!(call.input, Value::Nil) {
                let name = self.name;
                return Err(format!("nil cannot be put through `{name}`; use `default` first, or a condition"));
            }
            if call.arguments.iter().any(|argument| matches!(argument, Value::Nil)) {
                return Err(format!("an argument of `{}` is nil", self.name));
            }
        }
        (self.apply)(call)
    }
}

impl<'c, 'a> Call<'c, 'a> {
    fn is_lax(&self) -> bool {
        self.dialect == Dialect::Lax
    }

    fn first(&self) -> Option<&'c Value<'a>> {
        self.arguments.first()
    }

    /// Returns the input as a string.
    fn text(&self) -> Result<Cow<'c, str>, String> {
        self.input.print(self.dialect)
    }

    /// Returns the argument at `place` as a string; one that is not there is empty.
    fn argument_text(&self, place: usize) -> Result<Cow<'c, str>, String> {
        match self.arguments.get(place) {
            Some(argument @ (Value::Array(_) | Value::List(_) | Value::Object(_) | Value::Loop(_)))
                if !self.is_lax() =>
            {
                Err(format!("{} cannot be an argument here", argument.kind()))
            }
            Some(argument) => argument.print(self.dialect),
            None => Ok("".into()),
        }
    }

    /// Returns the argument at `place` as an integer, or `otherwise` where there is none. In Liquid
    /// nil is none, too, where that is the second one.
    fn argument_integer(&self, place: usize, otherwise: i64) -> Result<i64, String> {
        self.arguments.get(place).map_or(Ok(otherwise), integer)
    }

    /// Returns a text that was made, unless it is too long.
    fn made(&self, text: String) -> Filtered<'a> {
        if text.len() > self.most_bytes { Err(self.too_long()) } else { Ok(text.into()) }
    }

    fn too_long(&self) -> String {
        too_long(self.most_bytes)
    }
}

pub(in crate::template) fn too_long(most: usize) -> String {
    format!("a text would be longer than {}", bytes(most))
}

/// Returns a number of bytes in words.
pub(super) fn bytes(count: usize) -> String {
    const MIB: usize = 1024 * 1024;
    if count >= MIB && count.is_multiple_of(MIB) { format!("{} MiB", count / MIB) } else { format!("{count} bytes") }
}

/// Returns a value as an integer, as an argument that must be one.
pub(super) fn integer(value: &Value<'_>) -> Result<i64, String> {
    match (value, value.as_str()) {
        (Value::Int(integer), _) => Ok(*integer),
        (_, Some(text)) => text.trim().parse().map_err(|_| format!("{text:.40?} is not an integer")),
        _ => Err(format!("an integer is needed, not {}", value.kind())),
    }
}

fn default<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    // Of an argument that is given twice the last one counts.
    let allows_false = call.keyword.iter().rfind(|(key, _)| *key == "allow_false").is_some_and(|(_, it)| it.is_true());
    let is_absent = match call.input {
        Value::Bool(false) => !allows_false,
        other => !other.is_true() || other.is_empty(),
    };
    if !is_absent {
        return Ok(call.input.clone());
    }
    Ok(call.first().cloned().unwrap_or(Value::Str("")))
}

fn json<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    if Items::of(call.input).len() > MAX_ITEMS && matches!(call.input, Value::Range(..)) {
        return Err(format!("the range has more than {MAX_ITEMS} items"));
    }
    // As in JavaScript, no more than ten blanks.
    let indent = call.argument_integer(0, 0)?.clamp(0, 10);
    call.made(call.input.stringify(usize::try_from(indent).unwrap_or(0), call.most_bytes))
}

fn size<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    Ok(match call.input {
        Value::Str(text) => Value::count(text.chars().count()),
        Value::Text(text) => Value::count(text.chars().count()),
        Value::Array(items) => Value::count(items.len()),
        Value::List(items) => Value::count(items.len()),
        // A key of that name is not what the filter counts.
        Value::Object(entries) => Value::count(entries.len()),
        Value::Range(first, last) => Value::Int(last.saturating_sub(*first).saturating_add(1).max(0)),
        // Ruby's integers say how many bytes they take.
        Value::Int(_) if call.is_lax() => Value::Int(8),
        _ => Value::Int(0),
    })
}

#[cfg(test)]
mod tests;
