//! `anvil log`.

use super::args::FormatOption;
use super::args::name;
use super::output::{BAD, FAINT, GOOD, NOTE, STRONG, Table, clean_line};
use super::{Outcome, Session, words};
use crate::commands::log::{self, Changes, Commit, PromptHistory, Versions};
use crate::compat::rules;
use crate::error::{Hint, Result};
use crate::git::FollowedChange;
use crate::name::PromptName;
use anstyle::Style;
use std::fmt::Write as _;

/// The most prompts of a version that get a line each.
const MOST_LINES: usize = 10;

/// List the versions, or follow one prompt
///
/// Lists each version with its commit, which prompts changed and how what they declare did; `anvil compat
/// A B` also tries whether what rendered before still does. With PROMPT it lists the commits that changed
/// that prompt, followed through renames.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil log
  anvil log -n 3
  anvil log emails/welcome")]
pub struct Args {
    /// The prompt to follow [default: the whole set]
    #[arg(value_name = "PROMPT", value_parser = name::<PromptName>)]
    pub prompt: Option<PromptName>,

    /// List N entries at most
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context();
    match &args.prompt {
        Some(prompt) => {
            let history = log::prompt(&context, prompt, args.limit)?;
            session.answer(args.format.format, &history, || followed(&history))?;
            and_more(session, history.total - history.commits.len(), "commit");
            if let Some(name) = &history.renamed_to {
                session.help(&Hint::run("to see what became of it", format!("anvil log {name}")));
            }
            // Git takes two files for one that share half of their lines; nobody knows of the rest.
            if let [only] = history.removed_beside.as_slice() {
                session.note(&format!(
                    "the commit that added it removed `{only}`, which is too different to be taken for the same prompt"
                ));
                session.help(&Hint::run("if it is, see what was before", format!("anvil log {only}")));
            }
        }
        None => {
            let log = log::versions(&context, args.limit)?;
            if log.versions.is_empty() && log.total == 0 {
                session.note(&format!("{} has no version yet", log.name));
            }
            session.answer(args.format.format, &log, || listed(&log))?;
            and_more(session, log.total - log.versions.len(), "version");
            if let Some(lack) = log.lack {
                session.help(&lack.hint());
            }
        }
    }
    Ok(Outcome::Done)
}

fn and_more(session: &Session, more: usize, noun: &str) {
    if more > 0 {
        session.note(&format!("{} not listed, as `-n` asks", words::count(more, &format!("more {noun}"))));
    }
}

fn listed(log: &Versions) -> String {
    let mut text = String::new();
    if let Some(unreleased) = &log.unreleased {
        let since = unreleased.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
        let commits = words::count(unreleased.total, "commit");
        let _ = writeln!(text, "{NOTE}unreleased{NOTE:#}: {commits}{since}");
        for commit in &unreleased.commits {
            let _ = writeln!(text, "  {}", one_line(commit));
        }
        let more = unreleased.total - unreleased.commits.len();
        if more > 0 {
            let _ = writeln!(text, "  and {}", words::count(more, "more commit"));
        }
        changes(&mut text, &unreleased.changes);
    }
    for entry in &log.versions {
        if !text.is_empty() {
            text.push('\n');
        }
        let (commit, tag) = (entry.commit.short(), clean_line(&entry.tag));
        let _ =
            writeln!(text, "{STRONG}{}{STRONG:#}  {}  {FAINT}{tag} {commit}{FAINT:#}", entry.version, day(&entry.date));
        if entry.changes == Changes::default() {
            text.push_str("  no prompt changed\n");
        }
        changes(&mut text, &entry.changes);
    }
    text
}

fn one_line(commit: &Commit) -> String {
    format!("{FAINT}{}{FAINT:#}  {}  {}", commit.id.short(), day(&commit.date), clean_line(&commit.subject))
}

/// Returns the day of an RFC 3339 time.
fn day(date: &str) -> &str {
    date.split('T').next().unwrap_or(date)
}

/// Writes the prompts that changed, each with what of its interface did.
fn changes(text: &mut String, changes: &Changes) {
    if let Some(why) = &changes.unknown {
        let _ = writeln!(text, "  cannot be compared: {}", clean_line(why));
        return;
    }
    let mut lines = |style: Style, sign: &str, what: Vec<String>| {
        let what: Vec<&str> = what.iter().map(String::as_str).collect();
        // The first version of a large set, or a sweep through all of it, is no list to read.
        let what = if what.len() > MOST_LINES {
            vec![words::few(&what)]
        } else {
            what.into_iter().map(str::to_owned).collect()
        };
        for what in what {
            let _ = writeln!(text, "  {style}{sign}{style:#} {what}");
        }
    };
    let names = |names: &[PromptName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    lines(GOOD, "+", names(&changes.added));
    lines(BAD, "-", names(&changes.removed));
    lines(NOTE, ">", changes.renamed.iter().map(|moved| format!("{} => {}", moved.from, moved.to)).collect());
    lines(NOTE, "~", names(&changes.changed));
    // That a prompt is new is said above.
    for change in changes.interface.iter().filter(|change| *change.rule != rules::PROMPT_ADDED) {
        let _ = writeln!(text, "    {}", clean_line(&change.to_string()));
    }
    if !changes.unreadable.is_empty() {
        let names: Vec<&str> = changes.unreadable.iter().map(PromptName::as_str).collect();
        let number = words::count(names.len(), "prompt");
        let _ = writeln!(text, "    not known of {number}, which did not parse: {}", words::few(&names));
    }
}

fn followed(history: &PromptHistory) -> String {
    let mut table = Table::new(&[]);
    for (at, entry) in history.commits.iter().enumerate() {
        let version = entry.version.as_ref().map_or("unreleased".into(), ToString::to_string);
        let change = match &entry.change {
            FollowedChange::Added => "added".to_owned(),
            FollowedChange::Modified => "changed".to_owned(),
            FollowedChange::Renamed { from } => format!("moved from {from}"),
            FollowedChange::Deleted => match history.renamed_to.as_ref().filter(|_| at == 0) {
                Some(name) => format!("renamed to {name}"),
                None => "removed".to_owned(),
            },
        };
        let commit = &entry.commit;
        table.row([&version, &commit.id.short(), day(&commit.date), &change, &commit.subject]);
    }
    table.to_string()
}
