//! Values as JSON: handed to partials, and written by the `json` filter as JavaScript would.

use super::print::scientific;
use super::{Items, MAX_ITEMS, Value};
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;

/// The properties of a loop that JSON shows.
const OF_LOOPS: [&str; 7] = ["length", "index", "index0", "rindex", "rindex0", "first", "last"];

impl Value<'_> {
    /// Returns the value as JSON.
    pub(in crate::template) fn to_json(&self) -> Json {
        match self {
            Value::Nil | Value::Empty | Value::Blank => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Int(integer) => Json::from(*integer),
            Value::Float(float) => Json::from(*float),
            Value::Str(text) => Json::from(*text),
            Value::Text(text) => Json::from(text.as_str()),
            Value::Array(items) => Json::from(items.to_vec()),
            Value::Object(entries) => Json::Object(entries.content.clone()),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Range(..) => Items::of(self).take(MAX_ITEMS).map(|item| item.to_json()).collect(),
            Value::Loop(at) => {
                let entry = |name: &&str| Some(((*name).to_owned(), at.property(name)?.to_json()));
                Json::Object(OF_LOOPS.iter().filter_map(entry).collect::<Map<_, _>>())
            }
        }
    }

    /// Writes the value as JavaScript's `JSON.stringify(value, null, indent)` does, its keys in the
    /// order they were given in (ECMA-262, 25.5.2). Writing stops once there are more than `most`
    /// bytes.
    pub(in crate::template) fn stringify(&self, indent: usize, most: usize) -> String {
        let mut writer = Writer { out: String::new(), indent, most };
        writer.value(self, 0);
        writer.out
    }
}

struct Writer {
    out: String,
    indent: usize,
    most: usize,
}

impl Writer {
    fn value(&mut self, value: &Value<'_>, depth: usize) {
        if self.out.len() > self.most {
            return;
        }
        match value {
            Value::Nil | Value::Empty | Value::Blank => self.out.push_str("null"),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Int(integer) => drop(write!(self.out, "{integer}")),
            Value::Float(float) => self.out.push_str(&print_javascript_number(*float)),
            Value::Str(text) => quote(&mut self.out, text),
            Value::Text(text) => quote(&mut self.out, text),
            Value::Array(_) | Value::List(_) | Value::Range(..) => {
                let items = Items::of(value).take(MAX_ITEMS);
                self.bracket(['[', ']'], depth, items, |writer, item| writer.value(&item, depth + 1));
            }
            Value::Object(entries) => self.bracket(['{', '}'], depth, entries.iter(), |writer, (key, value)| {
                writer.key(key);
                writer.value(&Value::from(value), depth + 1);
            }),
            Value::Loop(at) => {
                let entries = OF_LOOPS.iter().filter_map(|name| Some((name, at.property(name)?)));
                self.bracket(['{', '}'], depth, entries, |writer, (name, value)| {
                    writer.key(name);
                    writer.value(&value, depth + 1);
                });
            }
        }
    }

    fn key(&mut self, key: &str) {
        quote(&mut self.out, key);
        self.out.push_str(if self.indent > 0 { ": " } else { ":" });
    }

    /// Writes `items` between brackets, each on a line of its own when there is an indent.
    fn bracket<T>(
        &mut self,
        [open, close]: [char; 2],
        depth: usize,
        items: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Writer, T),
    ) {
        self.out.push(open);
        let mut is_empty = true;
        for item in items {
            if self.out.len() > self.most {
                return;
            }
            if !is_empty {
                self.out.push(',');
            }
            is_empty = false;
            self.line(depth + 1);
            write(self, item);
        }
        if !is_empty {
            self.line(depth);
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize) {
        if self.indent > 0 {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', self.indent * depth));
        }
    }
}

/// Writes a JSON string with the escapes that `JSON.stringify` uses and no others.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x8 => "\\b",
            0xc => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        match escape {
            "" => drop(write!(out, "\\u{byte:04x}")),
            escape => out.push_str(escape),
        }
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// Returns a number as ECMA-262 writes it (6.1.6.1.20), for `JSON.stringify`.
fn print_javascript_number(float: f64) -> String {
    let (mantissa, exponent) = match scientific(float) {
        Some(parts) => parts,
        None => return "null".into(),
    };
    match exponent {
        _ if float == 0.0 => "0".into(),
        -6..21 => format!("{float}"),
        21.. => format!("{mantissa}e+{exponent}"),
        _ => format!("{mantissa}e{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_has_the_bytes_of_javascript() {
        let given =
            json!({ "z": 1e21, "a": [1e-7, 1.5, -0.0, 100.0], "e": [], "o": {}, "t": "\u{8}\u{7f}/\u{2028}\u{1}é" });
        assert_eq!(
            Value::from(&given).stringify(0, usize::MAX),
            "{\"z\":1e+21,\"a\":[1e-7,1.5,0,100],\"e\":[],\"o\":{},\"t\":\"\\b\u{7f}/\u{2028}\\u0001é\"}"
        );
        assert_eq!(
            Value::from(&json!({ "a": [1, {}], "b": [] })).stringify(2, usize::MAX),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
        );
    }

    #[test]
    fn writing_stops_at_the_limit() {
        let given = json!(vec!["aaaaaaaa"; 1_000]);
        assert!((100..200).contains(&Value::from(&given).stringify(0, 100).len()));
    }
}
