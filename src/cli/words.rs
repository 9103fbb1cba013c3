//! Words that several commands say.

use super::Session;
use crate::commands::lock::Answer;
use crate::lockfile::Change;
use crate::version::Version;
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

/// Returns some versions as a sentence lists them: `1.0.0, 1.1.0 and 1.2.0`.
pub fn versions(versions: &[Version]) -> String {
    let texts: Vec<String> = versions.iter().map(Version::to_string).collect();
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
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
