//! Words that several commands say.

use super::Session;
use crate::commands::lock::Answer;
use crate::commands::reference::{Found, Origin};
use crate::lockfile::Change;
use serde_json::{Value, json};

/// Returns a number and its noun: `1 set`, `3 sets`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Returns a size for people, in decimal units: `812 bytes`, `2.1 kB`, `3.4 MB`.
pub fn bytes(number: u64) -> String {
    match number {
        0..1000 => format!("{number} bytes"),
        1000..1_000_000 => format!("{:.1} kB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}

/// Returns what moved in a lock, a line each.
pub fn changes(changes: &[Change]) -> String {
    let line = |change: &Change| match (&change.from, &change.to) {
        (None, Some(to)) => format!("added {} {to}\n", change.name),
        (Some(from), None) => format!("removed {} {from}\n", change.name),
        (Some(from), Some(to)) if from < to => format!("updated {} {from} -> {to}\n", change.name),
        (Some(from), Some(to)) if from > to => format!("downgraded {} {from} -> {to}\n", change.name),
        (_, Some(to)) => format!("changed what is behind {} {to}\n", change.name),
        (None, None) => String::new(),
    };
    changes.iter().map(line).collect()
}

/// Returns what moved in a lock, as JSON.
pub fn changes_json(changes: &[Change]) -> Value {
    changes.iter().map(|change| json!({ "name": change.name, "from": change.from, "to": change.to })).collect()
}

/// Warns of sets that are yanked and in use all the same.
pub fn warn_of_yanked(session: &Session, answer: &Answer) {
    for (name, version, yanked) in &answer.yanked {
        let message = if yanked.message.is_empty() { String::new() } else { format!(": {}", yanked.message) };
        session
            .warn(&format!("{name} {version} is yanked ({}){message}; it stays because it was locked", yanked.reason));
    }
}

/// Warns of a prompt that should no longer be used: it says so itself, or its registry does.
pub fn warn_of_prompt(session: &Session, found: &Found) {
    let prompt = found.ready.prompt();
    if let Some(message) = &prompt.front_matter().deprecated {
        session.warn(&format!("the prompt `{}` is deprecated: {message}", prompt.name()));
    }
    warn_of_version(session, &found.origin);
}

/// Warns of a version that its registry advises against.
pub fn warn_of_version(session: &Session, origin: &Origin) {
    let Origin::Registry { line, .. } = origin else { return };
    let said = |message: &str| if message.is_empty() { String::new() } else { format!(": {message}") };
    if let Some(yanked) = &line.yanked {
        session.warn(&format!("{} {} is yanked ({}){}", line.name, line.version, yanked.reason, said(&yanked.message)));
    }
    if let Some(deprecated) = &line.deprecated {
        let instead = deprecated.replacement.iter().map(|other| format!("; use {other} instead")).collect::<String>();
        session.warn(&format!("{} {} is deprecated{}{instead}", line.name, line.version, said(&deprecated.message)));
    }
}
