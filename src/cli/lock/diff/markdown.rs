//! What a change of the lock means, as a comment on a pull request: a table, and behind a fold what is in each row.
//! Whatever the sets themselves say is escaped.

use super::{asked_words, delta, headline, members_words, prompt_words, side, told, unknown};
use crate::cli::markdown::{code, markdown};
use crate::cli::words;
use crate::commands::lock::diff::{Kind, Report, SetChange};
use crate::lockfile::LockedSet;
use std::fmt::Write as _;

pub(super) fn text(report: &Report) -> String {
    let (old, new) = (markdown(&side(&report.old)), markdown(&side(&report.new)));
    if report.sets.is_empty() && report.asked.is_empty() {
        return format!("{} in {new} locks what it does in {old}.\n", code(&report.file));
    }
    let mut text = format!("### {} changes {}\n\n", code(&report.file), words::count(report.sets.len(), "set"));
    if !report.sets.is_empty() {
        text.push_str("| set | version | class | prompts | tokens |\n|---|---|---|---|---|\n");
        report.sets.iter().for_each(|set| text.push_str(&row(set)));
        text.push('\n');
    }
    for asked in &report.asked {
        let _ = writeln!(text, "- {}", markdown(&asked_words(asked)));
    }
    if !report.asked.is_empty() {
        text.push('\n');
    }
    report.sets.iter().for_each(|set| text.push_str(&details(report, set)));
    let _ = writeln!(text, "From {old} to {new}.");
    text
}

fn row(set: &SetChange) -> String {
    let version = |locked: &LockedSet| markdown(&locked.version.to_string());
    let versions = match (&set.old, &set.new, set.kind) {
        (Some(old), Some(new), Kind::Moved) => {
            let source = |set: &LockedSet| markdown(&words::source(&set.source));
            format!("{}, from {} to {}", version(new), source(old), source(new))
        }
        (Some(_), Some(new), Kind::Changed) => format!("{}, with another content", version(new)),
        (Some(old), Some(new), _) => format!("{} → {}", version(old), version(new)),
        (None, Some(new), _) => format!("{}, new", version(new)),
        (Some(old), None, _) => format!("{}, gone", version(old)),
        (None, None, _) => String::new(),
    };
    let class = match (&set.between, &set.unread) {
        (Some(between), _) if set.is_grave() => format!("**{}**", words::class(between)),
        (Some(between), _) => words::class(between),
        (None, Some(_)) => "not checked".to_owned(),
        (None, None) => String::new(),
    };
    let prompts = if set.unread.is_some() { String::new() } else { set.prompts.len().to_string() };
    let tokens = set.tokens().map(|tokens| format!("{tokens:+}")).unwrap_or_default();
    format!("| {} | {versions} | {class} | {prompts} | {tokens} |\n", code(set.name.as_str()))
}

fn details(report: &Report, set: &SetChange) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(members_words(report, set).map(|members| markdown(&members)));
    lines.extend(unknown(set).map(|why| format!("not checked: {}", markdown(why))));
    let (changes, more) = told(set);
    lines.extend(changes.into_iter().map(|change| markdown(&change.to_string())));
    lines.extend((more > 0).then(|| format!("and {}", words::count(more, "more change"))));
    lines.extend(set.prompts.iter().map(|prompt| markdown(&prompt_words(prompt))));
    if lines.is_empty() {
        return String::new();
    }
    let tokens = set.tokens().filter(|tokens| *tokens != 0).map(|tokens| format!(", {}", delta(tokens)));
    let summary = format!("{}{}", markdown(&headline(set)), tokens.unwrap_or_default());
    let lines: String = lines.into_iter().map(|line| format!("- {line}\n")).collect();
    format!("<details>\n<summary>{summary}</summary>\n\n{lines}\n</details>\n\n")
}
