//! `anvil lock --diff`.

mod markdown;

use crate::cli::errors::CliError;
use crate::cli::github::{Annotation, Level};
use crate::cli::output::{BAD, GOOD, STRONG, clean_line};
use crate::cli::{Outcome, Session, words};
use crate::commands::between::Between;
use crate::commands::lock::diff::{self, Asked, Kind, PromptChange, Report, Request, SetChange, Side, What};
use crate::compat::Change;
use crate::error::Result;
use crate::lockfile::LockedSet;
use crate::manifest;
use crate::version::Bump;
use anstyle::Style;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How `anvil lock` writes its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LockFormat {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is stable
    Json,
    /// For a comment on a pull request; with `--diff`
    Markdown,
    /// Annotations of a GitHub workflow; with `--diff`
    Github,
}

/// The most changes of a set that are told in text and Markdown; JSON has all.
const MOST_CHANGES: usize = 10;

/// Compares the lock of `revisions`, one or two with `..` between, with the working tree's or with each other.
/// `fails` is whether a difference makes the command answer no.
pub(super) fn run(revisions: &str, format: LockFormat, fails: bool, session: &Session) -> Result<Outcome> {
    if revisions.contains("...") {
        return Err(
            CliError::Contradiction("`--diff` compares two locks as they are: say `A..B`, with two dots").into()
        );
    }
    let named = |revision: &str| if revision.is_empty() { "HEAD".to_owned() } else { revision.to_owned() };
    let request = match revisions.split_once("..") {
        Some((old, new)) => Request { old: named(old), new: Some(named(new)) },
        None => Request { old: named(revisions), new: None },
    };
    let report = diff::run(&session.context(), &request)?;
    match format {
        LockFormat::Json => session.json(&json(&report))?,
        LockFormat::Text => session.print(&text(&report))?,
        LockFormat::Markdown => session.document(&markdown::text(&report))?,
        LockFormat::Github => session.document(&annotations(&report))?,
    }
    let differs = !report.sets.is_empty() || !report.asked.is_empty();
    Ok(if fails && differs { Outcome::No } else { Outcome::Done })
}

/// Returns a side as people know it.
fn side(side: &Side) -> String {
    match (&side.revision, side.commit) {
        (None, _) => "the working tree".to_owned(),
        (Some(revision), Some(commit)) if *revision != commit.short() => format!("{revision} ({})", commit.short()),
        (Some(revision), _) => revision.clone(),
    }
}

/// Returns what happened to a set, as in `updated core/tone 1.4.2 -> 1.5.0`.
fn headline(set: &SetChange) -> String {
    let version = |locked: &Option<LockedSet>| locked.as_ref().map(|set| set.version.to_string()).unwrap_or_default();
    let (name, old, new) = (&set.name, version(&set.old), version(&set.new));
    let source = |locked: &Option<LockedSet>| locked.iter().map(|set| words::source(&set.source)).collect::<String>();
    // A commit has a version of its own; that another place does is to be told.
    let elsewhere = match (&set.old, &set.new) {
        (Some(old), Some(new)) if old.source != new.source && old.source.moved_to(&new.source).is_none() => {
            format!(", from {}, not from {}", source(&set.new), source(&set.old))
        }
        _ => String::new(),
    };
    match set.kind {
        Kind::Added => format!("added {name} {new}"),
        Kind::Removed => format!("removed {name} {old}"),
        Kind::Updated => clean_line(&format!("updated {name} {old} -> {new}{elsewhere}")),
        Kind::Downgraded => clean_line(&format!("downgraded {name} {old} -> {new}{elsewhere}")),
        Kind::Moved => {
            clean_line(&format!("{name} {new} comes from {}, not from {}", source(&set.new), source(&set.old)))
        }
        Kind::Changed => format!("changed the content of {name} {new}"),
    }
}

/// Returns what is known of a set's change beside its versions: the class, the tokens, or why neither is known.
fn remarks(set: &SetChange) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(set.between.as_ref().map(words::class));
    match (&set.between, set.tokens(), set.prompts.len()) {
        (_, _, 0) => {}
        (None, Some(tokens), prompts) => {
            let tokens = usize::try_from(tokens.unsigned_abs()).unwrap_or(usize::MAX);
            remarks.push(format!("{}, {}", words::count(prompts, "prompt"), words::count(tokens, "token")));
        }
        (Some(_), Some(tokens), _) => remarks.push(delta(tokens)),
        (_, None, prompts) => remarks.push(words::count(prompts, "prompt")),
    }
    remarks
}

/// Returns a number of tokens more or fewer, as in `+14 tokens`.
fn delta(tokens: i64) -> String {
    if tokens.abs() == 1 { format!("{tokens:+} token") } else { format!("{tokens:+} tokens") }
}

/// Returns what happened to a prompt, as in `welcome: 120 -> 134 tokens (+14)`.
fn prompt_words(prompt: &PromptChange) -> String {
    let name = &prompt.name;
    let counted =
        |count: Option<usize>| count.map_or_else(|| "not counted".to_owned(), |count| words::count(count, "token"));
    let moved = match (prompt.old, prompt.new) {
        (Some(old), Some(new)) if old == new => format!("{}, as before", words::count(new, "token")),
        (Some(old), Some(new)) => {
            let change = prompt.delta().map(|delta| format!(" ({delta:+})")).unwrap_or_default();
            format!("{old} -> {}{change}", words::count(new, "token"))
        }
        _ => "not counted".to_owned(),
    };
    match prompt.what {
        What::Added => format!("{name} is new: {}", counted(prompt.new)),
        What::Removed => format!("{name} is gone: {}", counted(prompt.old)),
        What::Changed => format!("{name} says something else: {moved}"),
        What::Within => format!("{name} renders something else: {moved}"),
    }
}

/// Returns what the project asks otherwise, in words.
fn asked_words(asked: &Asked) -> String {
    let what = if asked.is_override { "overrides" } else { "asks for" };
    let manifest = match asked.member.as_str() {
        manifest::ROOT => manifest::FILE_NAME.to_owned(),
        member => format!("{member}/{}", manifest::FILE_NAME),
    };
    let words = match (&asked.old, &asked.new) {
        (None, Some(new)) => format!("{manifest} {what} {} with {new}", asked.name),
        (Some(old), None) => format!("{manifest} no longer {what} {} with {old}", asked.name),
        (Some(old), Some(new)) => format!("{manifest} {what} {} with {new}, not {old}", asked.name),
        (None, None) => String::new(),
    };
    clean_line(&words)
}

/// Returns which members of a workspace need a set, in words; nothing where the locks are of none.
fn members_words(report: &Report, set: &SetChange) -> Option<String> {
    let members = set.members.iter().map(|member| if member == manifest::ROOT { "the root" } else { member });
    let members: Vec<&str> = members.collect();
    let is_told = report.of_members && !members.is_empty();
    is_told.then(|| clean_line(&format!("needed by {}", words::few(&members))))
}

/// Returns why something of a set's change is not known, where that is so.
fn unknown(set: &SetChange) -> Option<&str> {
    set.between.as_ref().and_then(Between::why_not_checked).or(set.unread.as_deref())
}

/// Returns the changes that are told of a set, and how many more there are. Patches say no more than that prompts
/// differ, which is told of each.
fn told(set: &SetChange) -> (Vec<&Change>, usize) {
    let Some(Between::Checked { changes, .. }) = &set.between else { return (Vec::new(), 0) };
    let told: Vec<&Change> = changes.iter().filter(|change| change.bump() > Bump::Patch).collect();
    let more = told.len().saturating_sub(MOST_CHANGES);
    (told.into_iter().take(MOST_CHANGES).collect(), more)
}

fn text(report: &Report) -> String {
    let (old, new) = (side(&report.old), side(&report.new));
    if report.sets.is_empty() && report.asked.is_empty() {
        return format!("anvil.lock in {new} locks what it does in {old}\n");
    }
    let mut text = format!("anvil.lock, {old} to {new}:\n");
    for asked in &report.asked {
        let _ = writeln!(text, "{}", asked_words(asked));
    }
    for set in &report.sets {
        let remarks = remarks(set);
        let style = if set.is_grave() { BAD } else { STRONG };
        let _ = write!(text, "{style}{}{style:#}", headline(set));
        let _ = if remarks.is_empty() { writeln!(text) } else { writeln!(text, ": {}", remarks.join(", ")) };
        if let Some(members) = members_words(report, set) {
            let _ = writeln!(text, "  {members}");
        }
        if let Some(why) = unknown(set) {
            let _ = writeln!(text, "  {BAD}not checked{BAD:#}: {}", clean_line(why));
        }
        let (changes, more) = told(set);
        for change in changes {
            let style = if change.bump() == Bump::Major { BAD } else { Style::new() };
            let _ = writeln!(text, "  {style}{}{style:#}", clean_line(&change.to_string()));
        }
        if more > 0 {
            let _ = writeln!(text, "  and {}", words::count(more, "more change"));
        }
        for prompt in &set.prompts {
            let style = match prompt.what {
                What::Added => GOOD,
                What::Removed => BAD,
                What::Changed | What::Within => Style::new(),
            };
            let _ = writeln!(text, "  {style}{}{style:#}", prompt_words(prompt));
        }
    }
    text
}

fn annotations(report: &Report) -> String {
    let mut text = String::new();
    for asked in &report.asked {
        let (title, message) = (asked.name.to_string(), asked_words(asked));
        let (level, file) = (Level::Notice, report.file.as_str());
        text.push_str(&Annotation { level, file, line: 1, title: &title, message: &message }.command());
    }
    for set in &report.sets {
        let (title, mut lines) = (headline(set), vec![remarks(set).join(", ")]);
        lines.extend(members_words(report, set));
        lines.extend(unknown(set).map(|why| format!("not checked: {}", clean_line(why))));
        let (changes, more) = told(set);
        lines.extend(changes.into_iter().map(|change| clean_line(&change.to_string())));
        lines.extend((more > 0).then(|| format!("and {}", words::count(more, "more change"))));
        lines.extend(set.prompts.iter().map(prompt_words));
        lines.retain(|line| !line.is_empty());
        let message = if lines.is_empty() { title.clone() } else { lines.join("\n") };
        let level = if set.is_grave() { Level::Warning } else { Level::Notice };
        let (file, line) = (report.file.as_str(), set.line);
        text.push_str(&Annotation { level, file, line, title: &title, message: &message }.command());
    }
    text
}

fn json(report: &Report) -> Value {
    let side = |side: &Side| json!({ "revision": side.revision, "commit": side.commit });
    let asked = |asked: &Asked| {
        let words = |source: &Option<_>| source.as_ref().map(ToString::to_string);
        json!({
            "name": asked.name,
            "member": asked.member,
            "override": asked.is_override,
            "old": words(&asked.old),
            "new": words(&asked.new),
        })
    };
    let prompt = |prompt: &PromptChange| {
        let change = match prompt.what {
            What::Added => "added",
            What::Removed => "removed",
            What::Changed => "changed",
            What::Within => "changed_within",
        };
        let tokens = json!({ "old": prompt.old, "new": prompt.new, "delta": prompt.delta() });
        json!({ "name": prompt.name, "change": change, "tokens": tokens })
    };
    let set = |set: &SetChange| {
        let kind = match set.kind {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Updated => "updated",
            Kind::Downgraded => "downgraded",
            Kind::Moved => "moved",
            Kind::Changed => "changed",
        };
        let locked = |set: &LockedSet| json!({ "version": set.version, "source": set.source.to_string() });
        json!({
            "name": set.name,
            "change": kind,
            "old": set.old.as_ref().map(locked),
            "new": set.new.as_ref().map(locked),
            "line": set.line,
            "members": set.members,
            "compat": set.between.as_ref().map(words::between_json),
            "prompts": set.prompts.iter().map(prompt).collect::<Vec<_>>(),
            "prompts_not_checked": set.unread,
            "tokens": set.tokens(),
        })
    };
    json!({
        "old": side(&report.old),
        "new": side(&report.new),
        "file": report.file,
        "requirements": report.asked.iter().map(asked).collect::<Vec<_>>(),
        "sets": report.sets.iter().map(set).collect::<Vec<_>>(),
    })
}
