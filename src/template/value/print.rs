//! How values print.

use super::{Items, Value};
use crate::template::Dialect;
use std::borrow::Cow;
use std::fmt::Write as _;

impl Value<'_> {
    /// Returns the value as filters read it as a string, and as it prints in a prompt.
    ///
    /// # Errors
    /// In a prompt for nil, arrays and objects, in words. Liquid prints these as Ruby would.
    pub(in crate::template) fn print(&self, dialect: Dialect) -> Result<Cow<'_, str>, String> {
        if let Some(text) = self.as_str() {
            return Ok(text.into());
        }
        let mut out = String::new();
        match dialect {
            Dialect::Prompt => self.write_strict(&mut out)?,
            Dialect::Lax => self.write_lax(&mut out),
        }
        Ok(out.into())
    }

    /// Writes the value as an output prints it.
    ///
    /// # Errors
    /// In a prompt for nil, arrays and objects, in words.
    pub(in crate::template) fn write(&self, out: &mut String, dialect: Dialect) -> Result<(), String> {
        match (dialect, self) {
            (Dialect::Prompt, _) => return self.write_strict(out),
            // What an array holds is printed without anything between.
            (Dialect::Lax, Value::Array(_) | Value::List(_)) => {
                for item in Items::of(self) {
                    item.write(out, dialect)?;
                }
            }
            (Dialect::Lax, _) => self.write_lax(out),
        }
        Ok(())
    }

    /// Returns why a prompt does not print the value, in words; nothing where it does.
    pub(in crate::template) fn why_not_printed(&self) -> Option<&'static str> {
        match self {
            Value::Nil => Some("nothing is there to print: the value is nil"),
            Value::Array(_) | Value::List(_) => Some("an array cannot be printed; use `| join` or `| json`"),
            Value::Object(_) | Value::Loop(_) => Some("an object cannot be printed; use `| json`"),
            _ => None,
        }
    }

    fn write_strict(&self, out: &mut String) -> Result<(), String> {
        match self.why_not_printed() {
            Some(why) => Err(why.into()),
            None => {
                self.write_lax(out);
                Ok(())
            }
        }
    }

    /// Writes the value as Liquid's `Utils.to_s` gives it.
    fn write_lax(&self, out: &mut String) {
        match self {
            Value::Str(text) => out.push_str(text),
            Value::Text(text) => out.push_str(text),
            Value::Int(integer) => write_integer(out, *integer),
            Value::Float(float) => out.push_str(&print_float(*float)),
            Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Value::Nil | Value::Empty | Value::Blank => {}
            Value::Range(first, last) => drop(write!(out, "{first}..{last}")),
            Value::Loop(at) if at.table.is_some() => out.push_str("Liquid::TablerowloopDrop"),
            Value::Loop(_) => out.push_str("Liquid::ForloopDrop"),
            Value::Array(_) | Value::List(_) | Value::Object(_) => self.inspect(out),
        }
    }

    /// Writes the value as Ruby's `inspect` does, as far as Liquid uses it.
    fn inspect(&self, out: &mut String) {
        match self {
            Value::Nil => out.push_str("nil"),
            Value::Str(text) => inspect_text(out, text),
            Value::Text(text) => inspect_text(out, text),
            Value::Array(_) | Value::List(_) => {
                out.push('[');
                for (place, item) in Items::of(self).enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    item.inspect(out);
                }
                out.push(']');
            }
            Value::Object(entries) => {
                out.push('{');
                for (place, (key, value)) in entries.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    inspect_text(out, key);
                    out.push_str("=>");
                    Value::from(value).inspect(out);
                }
                out.push('}');
            }
            _ => self.write_lax(out),
        }
    }
}

/// Writes a string as Ruby's `String#inspect` does.
fn inspect_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '#' if matches!(rest.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\u{8}' => out.push_str("\\b"),
            '\u{7}' => out.push_str("\\a"),
            '\u{1b}' => out.push_str("\\e"),
            control if control.is_control() => drop(write!(out, "\\u{:04X}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Writes an integer; the small ones that prompts print take a quarter of the time of `write!`.
fn write_integer(out: &mut String, integer: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut left = integer.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if integer < 0 {
        out.push('-');
    }
    out.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// Returns a float as Ruby writes it, which Liquid follows: `1.0`, `0.1`, `1.0e+20`.
pub(in crate::template) fn print_float(float: f64) -> String {
    let with_point = |digits: String| if digits.contains('.') { digits } else { digits + ".0" };
    match scientific(float) {
        None if float.is_nan() => "NaN".into(),
        None => if float > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        Some((_, -4..16)) => with_point(format!("{float}")),
        Some((mantissa, exponent)) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", with_point(mantissa), exponent.abs())
        }
    }
}

/// Returns the shortest digits that read back as `float`, and the power of ten they stand before.
pub(super) fn scientific(float: f64) -> Option<(String, i32)> {
    let text = format!("{float:e}");
    let (mantissa, exponent) = text.split_once('e')?;
    Some((mantissa.to_owned(), exponent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_print_as_in_liquid() {
        let print = |value: Value<'_>| value.print(Dialect::Prompt).unwrap().into_owned();
        assert_eq!(
            [1.0, 0.1, -2.5, 1e20, 1e-5].map(|float| print(Value::Float(float))),
            ["1.0", "0.1", "-2.5", "1.0e+20", "1.0e-05"]
        );
        assert_eq!(print(Value::from(&json!(3.0))), "3");
        for integer in [0, 7, -10, 1_234_567_890, i64::MIN, i64::MAX] {
            assert_eq!(print(Value::Int(integer)), integer.to_string());
        }
    }

    #[test]
    fn a_prompt_prints_neither_nil_nor_arrays_nor_objects_and_liquid_does() {
        let given = json!({ "a": [1, null, "q\"#{x}\n"] });
        for value in [Value::Nil, Value::from(&given["a"]), Value::from(&given)] {
            assert!(value.write(&mut String::new(), Dialect::Prompt).is_err());
        }
        let lax = |value: Value<'_>| {
            let mut out = String::new();
            value.write(&mut out, Dialect::Lax).unwrap();
            out
        };
        assert_eq!(lax(Value::from(&given["a"])), "1q\"#{x}\n");
        assert_eq!(lax(Value::from(&given)), r##"{"a"=>[1, nil, "q\"\#{x}\n"]}"##);
        assert_eq!(Value::from(&given["a"]).print(Dialect::Lax).unwrap(), r##"[1, nil, "q\"\#{x}\n"]"##);
    }
}
