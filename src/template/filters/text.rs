//! Filters of strings.

use super::{Call, Filtered, integer};
use crate::template::value::{Items, MAX_ITEMS, Value};
use std::ops::Range;

/// The white space of Ruby's `strip`, which counts the null character.
const BLANKS: [char; 7] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r', '\0'];

/// Returns a part of the input, without a copy where it is borrowed itself.
fn part<'a>(call: &Call<'_, 'a>, cut: impl for<'t> Fn(&'t str) -> &'t str) -> Filtered<'a> {
    Ok(match call.input {
        Value::Str(text) => Value::Str(cut(text)),
        _ => cut(&call.text()?).to_owned().into(),
    })
}

pub(super) fn strip<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    part(call, |text| text.trim_matches(BLANKS))
}

pub(super) fn lstrip<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    part(call, |text| text.trim_start_matches(BLANKS))
}

pub(super) fn rstrip<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    part(call, |text| text.trim_end_matches(BLANKS))
}

pub(super) fn strip_newlines<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    call.made(text.replace("\r\n", "\n").replace('\n', ""))
}

pub(super) fn upcase<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    call.made(call.text()?.to_uppercase())
}

pub(super) fn downcase<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    call.made(call.text()?.to_lowercase())
}

pub(super) fn capitalize<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    call.made(first + &rest.as_str().to_lowercase())
}

fn joined<'a>(call: &Call<'_, 'a>, parts: [&str; 2]) -> Filtered<'a> {
    if parts[0].len() + parts[1].len() > call.most_bytes {
        return Err(call.too_long());
    }
    Ok(parts.concat().into())
}

pub(super) fn append<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    joined(call, [&call.text()?, &call.argument_text(0)?])
}

pub(super) fn prepend<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    joined(call, [&call.argument_text(0)?, &call.text()?])
}

/// Without a second argument, as `remove` has none, the text goes.
pub(super) fn replace<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (text, what, with) = (call.text()?, call.argument_text(0)?, call.argument_text(1)?);
    let count = text.matches(&*what).count();
    let grown = count.saturating_mul(with.len()).saturating_add(text.len());
    if grown.saturating_sub(count.saturating_mul(what.len())) > call.most_bytes {
        return Err(call.too_long());
    }
    Ok(if count == 0 { text.into_owned() } else { text.replace(&*what, &with) }.into())
}

pub(super) fn replace_first<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (text, what) = (call.text()?, call.argument_text(0)?);
    let place = text.find(&*what).map(|at| at..at + what.len());
    replaced_at(call, &text, place, &call.argument_text(1)?)
}

pub(super) fn replace_last<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (text, what) = (call.text()?, call.argument_text(0)?);
    let place = text.rfind(&*what).map(|at| at..at + what.len());
    replaced_at(call, &text, place, &call.argument_text(1)?)
}

fn replaced_at<'a>(call: &Call<'_, 'a>, text: &str, place: Option<Range<usize>>, with: &str) -> Filtered<'a> {
    let Some(place) = place else { return Ok(text.to_owned().into()) };
    call.made([&text[..place.start], with, &text[place.end..]].concat())
}

pub(super) fn slice<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let offset = call.argument_integer(0, 0)?;
    // Where the length is nil it is not given, which only Liquid lets pass.
    let length = match call.arguments.get(1) {
        None | Some(Value::Nil) => 1,
        Some(length) => integer(length)?,
    };
    let window = |count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let start = if offset < 0 { count.checked_add(offset)? } else { offset };
        let length = usize::try_from(length).ok()?;
        usize::try_from(start).ok().map(|start| (start, length))
    };
    match call.input {
        Value::Array(_) | Value::List(_) => {
            let items = Items::of(call.input);
            let (start, length) = window(items.len()).unwrap_or_default();
            Ok(items.window(start, length).take(MAX_ITEMS).collect::<Vec<_>>().into())
        }
        Value::Range(..) if !call.is_lax() => {
            let items = Items::of(call.input);
            let (start, length) = window(items.len()).unwrap_or_default();
            Ok(items.window(start, length).take(MAX_ITEMS).collect::<Vec<_>>().into())
        }
        _ => part(call, |text| {
            let (start, length) = window(text.chars().count()).unwrap_or_default();
            let at = |number: usize| text.char_indices().nth(number).map_or(text.len(), |(at, _)| at);
            let from = at(start);
            let rest = &text[from..];
            &rest[..rest.char_indices().nth(length).map_or(rest.len(), |(at, _)| at)]
        }),
    }
}

/// Ruby's `String#split`: a blank splits at any white space, and empty strings at the end are dropped.
pub(super) fn split<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let at = call.argument_text(0)?;
    let mut items: Vec<Value<'a>> = match call.input {
        Value::Str(text) => pieces(text, &at).take(MAX_ITEMS + 1).map(Value::Str).collect(),
        _ => {
            let text = call.text()?;
            pieces(&text, &at).take(MAX_ITEMS + 1).map(|piece| piece.to_owned().into()).collect()
        }
    };
    if items.len() > MAX_ITEMS {
        return Err(too_many());
    }
    while items.last().is_some_and(Value::is_empty) {
        items.pop();
    }
    Ok(items.into())
}

fn pieces<'t: 'p, 'p>(text: &'t str, at: &'p str) -> Box<dyn Iterator<Item = &'t str> + 'p> {
    match at {
        " " => Box::new(text.split_ascii_whitespace()),
        "" => Box::new(text.split("").filter(|part| !part.is_empty())),
        _ => Box::new(text.split(at)),
    }
}

pub(super) fn too_many() -> String {
    format!("a list would have more than {MAX_ITEMS} items")
}

pub(super) fn truncate<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    if matches!(call.input, Value::Nil) {
        return Ok(Value::Nil);
    }
    let length = usize::try_from(call.argument_integer(0, 50)?).unwrap_or(0);
    let ellipsis = if call.arguments.len() > 1 { call.argument_text(1)? } else { "...".into() };
    let text = call.text()?;
    // The end of the text is only looked for as far as it matters.
    let Some((_, _)) = text.char_indices().nth(length) else { return part(call, |text| text) };
    let kept = length.saturating_sub(ellipsis.chars().count());
    let end = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
    call.made([&text[..end], &*ellipsis].concat())
}

pub(super) fn truncatewords<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    if matches!(call.input, Value::Nil) {
        return Ok(Value::Nil);
    }
    let words = usize::try_from(call.argument_integer(0, 15)?).unwrap_or(0).max(1);
    let ellipsis = if call.arguments.len() > 1 { call.argument_text(1)? } else { "...".into() };
    let text = call.text()?;
    // As Ruby splits, what follows the last word that is kept counts as one more, also blanks.
    let mut rest = text.trim_start_matches(BLANKS);
    let mut kept = String::new();
    for number in 0..words {
        let Some(end) = rest.find(|c: char| c.is_ascii_whitespace()) else { return part(call, |text| text) };
        if number > 0 {
            kept.push(' ');
        }
        kept.push_str(&rest[..end]);
        rest = rest[end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
    }
    call.made(kept + &ellipsis)
}

pub(super) fn base64_encode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    call.made(data_encoding::BASE64.encode(call.text()?.as_bytes()))
}

pub(super) fn base64_url_safe_encode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    call.made(data_encoding::BASE64URL.encode(call.text()?.as_bytes()))
}

pub(super) fn base64_decode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    decoded(call, &data_encoding::BASE64)
}

pub(super) fn base64_url_safe_decode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    decoded(call, &data_encoding::BASE64URL)
}

fn decoded<'a>(call: &Call<'_, 'a>, encoding: &data_encoding::Encoding) -> Filtered<'a> {
    let name = call.name;
    let bytes = encoding.decode(call.text()?.as_bytes()).map_err(|_| format!("`{name}`: this is no base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("`{name}`: what is encoded is no text"))?;
    call.made(text)
}
