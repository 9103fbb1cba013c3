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

/// The most of a terminal that the places of parts and what wrote them take, so that half is left for the text.
const SHARES: [usize; 2] = [3, 4];

/// The narrowest that the text of a part is made to fit.
const NARROWEST: usize = 16;

/// Returns the rendered prompt for people: a line or more for each part of its text. On a terminal of `width`
/// columns what does not fit into a line goes on in the next one, after an ellipsis in the place of the bar.
pub fn to_text(traced: &Traced, width: Option<usize>) -> String {
    let mut out = String::new();
    let Some(messages) = traced.rendered.messages() else {
        let text = traced.rendered.text().unwrap_or_default();
        rows(&mut out, text, traced.texts.first().map_or(&[], Vec::as_slice), width);
        return out;
    };
    for (at, message) in messages.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(out, "{STRONG}{role}:{STRONG:#}"); // Writing to a string cannot fail.
        match (message.get("content"), traced.texts.get(at)) {
            (Some(Value::String(text)), Some(parts)) if !parts.is_empty() => rows(&mut out, text, parts, width),
            _ => {
                let _ = writeln!(out, "{FAINT}from the history, as it was given{FAINT:#}");
            }
        }
    }
    out
}

/// Writes the parts of one text.
fn rows(out: &mut String, text: &str, parts: &[Part], width: Option<usize>) {
    let [most_of_places, most_of_whats] = SHARES.map(|share| width.map_or(usize::MAX, |width| width / share));
    let labels: Vec<[String; 2]> = parts
        .iter()
        .map(|part| [ending(place(part), most_of_places), beginning(what(part), most_of_whats.min(WIDEST))])
        .collect();
    let widest = |column: usize| labels.iter().map(|label| label[column].chars().count()).max().unwrap_or(0);
    let (places, whats) = (widest(0), widest(1));
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(places + whats + 5).max(NARROWEST));
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
            let mut bar = "|";
            for piece in output::wrapped(line, room) {
                let _ = writeln!(
                    out,
                    "{FAINT}{place:places$}{FAINT:#}  {style}{what:whats$}{style:#} {FAINT}{bar}{FAINT:#} {style}{piece}{style:#}"
                );
                (place, what, bar) = ("", "", "…");
            }
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
    output::clean_line(&name)
}

/// Returns as much of the beginning of `text` as fits into `most` characters.
fn beginning(text: String, most: usize) -> String {
    match text.char_indices().nth(most.saturating_sub(1)) {
        Some((cut, _)) if text.chars().count() > most => format!("{}…", &text[..cut]),
        _ => text,
    }
}

/// Returns as much of the end of `text` as fits into `most` characters.
fn ending(text: String, most: usize) -> String {
    match text.chars().count().checked_sub(most) {
        Some(over) if over > 0 => format!("…{}", text.chars().skip(over + 1).collect::<String>()),
        _ => text,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Scope, Set};
    use std::sync::Arc;

    #[test]
    fn a_line_that_is_wider_than_the_terminal_goes_on_after_an_ellipsis() {
        let file =
            b"---\nparameters: { customer_full_name: string }\n---\nYou write to {{ customer_full_name }} today.";
        let (set, name) = Set::from_file("prompts/support/reply.prompt.md", file);
        let ready = Scope::alone(Arc::new(set)).own(&name).unwrap();
        let serde_json::Value::Object(values) = json!({ "customer_full_name": "Ada, Countess of Lovelace" }) else {
            panic!("not an object")
        };
        let traced = ready.trace(values, &crate::template::Limits::default()).unwrap();
        let shown = |width| anstream::adapter::strip_str(&to_text(&traced, width)).to_string();
        assert_eq!(
            shown(Some(48)),
            "…y.prompt.md:4:1  template     | You write to \n\
             ….prompt.md:4:14  customer_fu… | Ada, Countess \n                               … of Lovelace\n\
             ….prompt.md:4:38  template     |  today.\n"
        );
        assert!(
            shown(None)
                .contains("prompts/support/reply.prompt.md:4:14  customer_full_name | Ada, Countess of Lovelace\n")
        );
    }
}
