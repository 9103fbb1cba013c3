//! One member of a JSON object changed in its text. Reading the object and writing it anew would
//! keep every member, but not its bytes: numbers lose digits and spaces go.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use std::ops::Range;

/// A member as it stands in a text.
struct Member {
    key: String,
    /// From its key to the end of its value.
    whole: Range<usize>,
    value: Range<usize>,
}

/// What came of a change to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rewritten {
    /// The object's new text.
    Changed(Vec<u8>),
    /// It says so already.
    Unchanged,
    /// It is no object.
    NoObject,
}

/// Returns `text`, an object, with `value` as its member `key`, or without that member. Null is as
/// good as nothing.
pub(super) fn with(text: &[u8], key: &str, value: Option<&Value>) -> Rewritten {
    let Some(members) = members(text) else { return Rewritten::NoObject };
    let at = members.iter().position(|member| member.key == key);
    // What no `Value` can hold, a number beyond all bounds or too deep a nesting, is not `value`.
    let there = at.map_or(Some(Value::Null), |at| serde_json::from_slice(&text[members[at].value.clone()]).ok());
    if there.as_ref() == Some(value.unwrap_or(&Value::Null)) {
        return Rewritten::Unchanged;
    }
    let (gap, new) = match (at, value) {
        (Some(at), Some(value)) => (members[at].value.clone(), value.to_string()),
        // With the comma that stands before it, or after it where it is the first.
        (Some(at), None) => (gap(&members, at), String::new()),
        (None, Some(value)) => match members.last() {
            Some(last) => (last.whole.end..last.whole.end, format!(",{}:{value}", Value::from(key))),
            None => return Rewritten::Changed(format!("{{{}:{value}}}", Value::from(key)).into_bytes()),
        },
        (None, None) => return Rewritten::Unchanged,
    };
    Rewritten::Changed([&text[..gap.start], new.as_bytes(), &text[gap.end..]].concat())
}

fn gap(members: &[Member], at: usize) -> Range<usize> {
    let Range { start, end } = members[at].whole.clone();
    match (at.checked_sub(1).map(|before| &members[before]), members.get(at + 1)) {
        (Some(before), _) => before.whole.end..end,
        (None, Some(after)) => start..after.whole.start,
        (None, None) => start..end,
    }
}

/// Returns the members of `text` in their order, or nothing if it is no object.
fn members(text: &[u8]) -> Option<Vec<Member>> {
    let mut members = Vec::new();
    let mut at = after(text, 0, b'{')?;
    if after(text, at, b'}').is_some() {
        return Some(members);
    }
    loop {
        let start = skip_space(text, at);
        let (key, end) = read::<String>(text, start)?;
        let value = skip_space(text, after(text, end, b':')?);
        let (IgnoredAny, end) = read(text, value)?;
        members.push(Member { key, whole: start..end, value: value..end });
        match after(text, end, b',') {
            Some(next) => at = next,
            None => return after(text, end, b'}').map(|_| members),
        }
    }
}

/// Returns the JSON value that begins at `at`, and where it ends.
fn read<T: DeserializeOwned>(text: &[u8], at: usize) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_slice(text.get(at..)?).into_iter();
    let value = values.next()?.ok()?;
    Some((value, at + values.byte_offset()))
}

/// Returns what comes after `wanted`, if that is the next byte that is no space.
fn after(text: &[u8], at: usize, wanted: u8) -> Option<usize> {
    let at = skip_space(text, at);
    (text.get(at) == Some(&wanted)).then_some(at + 1)
}

fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !b" \t\r\n".contains(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_put_in_replaced_and_taken_out_and_the_rest_stays_as_it_is() {
        let cases: [(&str, Option<&str>, Option<&str>); 15] = [
            ("{}", Some("1"), Some(r#"{"k":1}"#)),
            (" { } ", Some("1"), Some(r#"{"k":1}"#)),
            (r#"{"a":1e400}"#, Some("{}"), Some(r#"{"a":1e400,"k":{}}"#)),
            (r#"{ "a" : [1,{"k":2}] }"#, Some("3"), Some(r#"{ "a" : [1,{"k":2}],"k":3 }"#)),
            (r#"{ "k" : 1.0 , "a":"}"}"#, Some("2"), Some(r#"{ "k" : 2 , "a":"}"}"#)),
            (r#"{"\u006b":null,"a":1}"#, Some("true"), Some(r#"{"\u006b":true,"a":1}"#)),
            (r#"{"k":1,"a":2}"#, None, Some(r#"{"a":2}"#)),
            (r#"{"a":2, "k":1}"#, None, Some(r#"{"a":2}"#)),
            (r#"{"a":2,"k":1,"b":3}"#, None, Some(r#"{"a":2,"b":3}"#)),
            (r#"{ "k":1 }"#, None, Some("{  }")),
            (r#"{"a":1}"#, None, None),
            (r#"{"k":null}"#, None, None),
            (r#"{"k":1}"#, Some("1"), None),
            (r#"{"k":{"x":1e400}}"#, None, Some("{}")),
            (r#"{"k":{"x":1e400}}"#, Some("null"), Some(r#"{"k":null}"#)),
        ];
        for (text, value, expected) in cases {
            let value: Option<Value> = value.map(|value| serde_json::from_str(value).unwrap());
            let expected = expected.map_or(Rewritten::Unchanged, |new| Rewritten::Changed(new.into()));
            assert_eq!(with(text.as_bytes(), "k", value.as_ref()), expected, "{text} with {value:?}");
        }
        let deep = format!("{{\"a\":1,\"k\":{}{}}}", "[".repeat(127), "]".repeat(127));
        assert_eq!(with(deep.as_bytes(), "k", None), Rewritten::Changed(b"{\"a\":1}".to_vec()));
        assert_eq!(with(b"[1]", "k", None), Rewritten::NoObject);
    }
}
