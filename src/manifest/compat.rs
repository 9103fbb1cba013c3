//! Reading `[compat]`: what the author says of changes between versions.

use super::reader::{Reader, Section};
use super::{Accepted, Compat, Raised};
use crate::error::Code;
use crate::version::Bump;

pub(super) const COMPAT: &[&str] = &["accept", "raise"];

/// Returns what `[compat]` says, if it is there.
pub(super) fn read_compat(reader: &mut Reader, root: &Section<'_>) -> Compat {
    let Some(section) = reader.section(root, "compat", COMPAT) else {
        return Compat::default();
    };
    Compat { accept: read_accept(reader, &section), raise: read_raise(reader, &section) }
}

fn read_accept(reader: &mut Reader, section: &Section<'_>) -> Vec<Accepted> {
    let texts = reader.texts(section, "accept").unwrap_or_default();
    for text in &texts {
        if !text.text.split_once('@').is_some_and(|(rule, place)| !rule.is_empty() && !place.is_empty()) {
            let message = format!("{:?} is no change; write `rule@prompt.parameter`", text.text);
            reader.fault(Code::A0105, &text.span, "not a change", message);
        }
    }
    texts.into_iter().map(|text| Accepted { change: text.text.to_owned(), place: text.span }).collect()
}

/// Reads the table of rules and the classes that they count for. Which rules there are is for `compat` to say.
fn read_raise(reader: &mut Reader, compat: &Section<'_>) -> Vec<Raised> {
    let mut raise = Vec::new();
    let Some(section) = reader.map(compat, "raise") else {
        return raise;
    };
    for entry in section.entries() {
        let Some(text) = reader.text(&section, entry.name) else { continue };
        let bump = match text.text {
            "minor" => Bump::Minor,
            "major" => Bump::Major,
            other => {
                let message = format!("{other:?} is nothing to raise a rule to; write `minor` or `major`");
                reader.fault(Code::A0105, &text.span, "no class", message);
                continue;
            }
        };
        raise.push(Raised { rule: entry.name.to_owned(), bump, place: entry.key });
    }
    raise
}
