//! `anvil outdated`.

use super::args::FormatOption;
use super::output::{self, Table};
use super::{Outcome, Session, words};
use crate::commands::between::Between;
use crate::commands::outdated::{self, Compare, Outdated, Report};
use crate::error::Result;
use serde_json::{Value, json};

/// List sets that have newer versions
///
/// Shows for each the locked version, the newest that the requirements allow, and the newest of all, each with the
/// class of what changed since the locked one, as `anvil compat` judges it from what the versions hold; also the
/// locked versions that were yanked or are deprecated.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil outdated
  anvil outdated --no-compat
  anvil outdated --exit-code --format json")]
pub struct Args {
    /// Exit with 1 when there are any
    ///
    /// An error may exit with 1, too: it leaves stdout empty and says `error[CODE]` on stderr.
    #[arg(long)]
    pub exit_code: bool,

    /// Read indexes alone, and do not compare what the versions hold
    #[arg(long)]
    pub no_compat: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = outdated::run(&session.context(), if args.no_compat { Compare::Nothing } else { Compare::Contents })?;
    words::warn_of_contradicted(session, &report.contradicted);
    if let Some(why) = &report.unasked {
        session.warn(&format!("sets from git are left out: {why}"));
    }
    session.answer(args.format.format, &json(&report), || text(&report))?;
    if let Some(hint) = &report.to_move {
        session.help(hint);
    }
    Ok(if args.exit_code && !report.outdated.is_empty() { Outcome::No } else { Outcome::Done })
}

fn json(report: &Report) -> Value {
    let outdated = report.outdated.iter().map(|set| {
        json!({
            "name": set.name,
            "locked": set.locked,
            "compatible": set.compatible,
            "newest": set.newest,
            "held_by": words::holders_json(&set.held),
            "commit": set.commit,
            "rewritten": set.comes_after == Some(false),
            "yanked": set.yanked,
            "deprecated": set.deprecated,
            "breaking": set.breaking,
            "to_compatible": set.to_compatible.as_ref().map(words::between_json),
            "to_newest": set.to_newest.as_ref().map(words::between_json),
        })
    });
    json!({
        "outdated": outdated.collect::<Vec<_>>(),
        "contradicted": words::contradicted_json(&report.contradicted),
        "total": report.locked,
        "unasked": report.unasked,
    })
}

fn text(report: &Report) -> String {
    if report.outdated.is_empty() {
        return format!("everything is up to date ({})\n", words::count(report.locked, "set"));
    }
    let mut table = Table::new(&["set", "locked", "compatible", "newest", ""]);
    for set in &report.outdated {
        let compatible = set.compatible.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let compatible = with_class(compatible, set.to_compatible.as_ref());
        let newest = with_class(set.newest.to_string(), set.to_newest.as_ref());
        table.row([set.name.to_string(), set.locked.to_string(), compatible, newest, notes(set)]);
    }
    table.to_string()
}

/// Returns a version with the class of what changed up to it.
fn with_class(version: String, between: Option<&Between>) -> String {
    between.map(|between| format!("{version} ({})", words::class(between))).unwrap_or(version)
}

fn notes(set: &Outdated) -> String {
    let mut notes = Vec::new();
    notes.extend(set.yanked.as_ref().map(|yanked| format!("is {yanked}")));
    notes.extend(set.deprecated.as_ref().map(words::deprecated));
    notes.extend(set.commit.as_ref().map(|commit| {
        let (kind, past) = match set.comes_after {
            Some(true) => ("a newer", ""),
            Some(false) => ("another", ", and the locked one is not in its history, as when that is rewritten"),
            None => ("another", ""),
        };
        format!("there is {kind} commit, {}{past}", words::short(commit))
    }));
    notes.extend(set.breaking.iter().map(|broken| words::broken_promise(set.compatible.as_ref(), broken)));
    if !set.held.is_empty() {
        notes.push(words::holders(&set.held));
    }
    let unknown = set.to_compatible.iter().chain(&set.to_newest).filter_map(Between::why_not_checked);
    notes.extend(unknown.take(1).map(|why| format!("not checked: {}", output::clean_line(why))));
    if set.compatible.is_none() {
        notes.push("an update needs it no longer".to_owned());
    }
    notes.join("; ")
}
