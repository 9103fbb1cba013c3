//! How `anvil render --trace` shows where a rendered prompt comes from: part by part, each with what
//! wrote it and where, so that colour is not the only sign.

use super::output::{self, FAINT, GOOD, NOTE, STRONG, WARNING};
use crate::prompt::{Part, Traced};
use crate::template::Place;
use anstyle::Style;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The widest that what wrote a part is shown.
const WIDEST: usize = 32;

/// Returns the rendered prompt as JSON with one more key: `trace`, the parts of each text.
pub fn to_json(traced: &Traced) -> Value {
    let mut json = traced.rendered.to_json();
    let parts = |parts: &Vec<Part>| parts.iter().map(Part::to_json).collect::<Vec<_>>();
    json["trace"] = json!(traced.texts.iter().map(parts).collect::<Vec<_>>());
    json
}

/// Returns the rendered prompt for people: a line or more for each part of its text.
pub fn to_text(traced: &Traced) -> String {
    let mut out = String::new();
    let Some(messages) = traced.rendered.messages() else {
        let text = traced.rendered.text().unwrap_or_default();
        rows(&mut out, text, traced.texts.first().map_or(&[], Vec::as_slice));
        return out;
    };
    for (at, message) in messages.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(out, "{STRONG}{role}:{STRONG:#}"); // Writing to a string cannot fail.
        match (message.get("content"), traced.texts.get(at)) {
            (Some(Value::String(text)), Some(parts)) if !parts.is_empty() => rows(&mut out, text, parts),
            _ => {
                let _ = writeln!(out, "{FAINT}from the history, as it was given{FAINT:#}");
            }
        }
    }
    out
}

/// Writes the parts of one text.
fn rows(out: &mut String, text: &str, parts: &[Part]) {
    let labels: Vec<[String; 2]> = parts.iter().map(|part| [place(part), what(part)]).collect();
    let width = |column: usize| labels.iter().map(|label| label[column].chars().count()).max().unwrap_or(0);
    let (places, whats) = (width(0), width(1).min(WIDEST));
    for (part, [place, what]) in parts.iter().zip(&labels) {
        let style = style(part);
        let shown = output::clean(text.get(part.range.clone()).unwrap_or_default());
        let mut lines = shown.split('\n').peekable();
        let (mut place, mut what) = (place.as_str(), what.as_str());
        while let Some(line) = lines.next() {
            // The newline at the end of a part ends its last line and begins none.
            if line.is_empty() && lines.peek().is_none() && place.is_empty() {
                break;
            }
            let _ = writeln!(
                out,
                "{FAINT}{place:places$}{FAINT:#}  {style}{what:whats$}{style:#} {FAINT}|{FAINT:#} {style}{line}{style:#}"
            );
            (place, what) = ("", "");
        }
    }
}

fn place(part: &Part) -> String {
    format!("{}:{}:{}", output::clean_line(&part.file), part.line, part.column)
}

/// Returns what wrote the part, in a word.
fn what(part: &Part) -> String {
    let name = match (&part.place, part.partials.last()) {
        (Place::Literal, None) => "template".to_owned(),
        (Place::Literal, Some(partial)) => format!("partial {partial}"),
        (Place::Parameter(path) | Place::Variable(path), _) => path.clone(),
    };
    let name = output::clean_line(&name);
    match name.char_indices().nth(WIDEST - 1) {
        Some((cut, _)) if name.chars().count() > WIDEST => format!("{}…", &name[..cut]),
        _ => name,
    }
}

fn style(part: &Part) -> Style {
    match (&part.place, part.partials.is_empty()) {
        (Place::Literal, true) => Style::new(),
        (Place::Literal, false) => NOTE,
        (Place::Parameter(_), _) => GOOD,
        (Place::Variable(_), _) => WARNING,
    }
}
