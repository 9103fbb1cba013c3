//! `anvil verify`.

use super::args::FormatOption;
use super::{Outcome, Session, report, words};
use crate::commands::verify::{self, Report};
use crate::error::{Diagnostic, Hint, Result};
use crate::name::SetName;
use crate::prompt::lint::Misfit;
use crate::store::project::{Damage, State};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Check that nothing has moved, for CI
///
/// Uses no network. Checks that the lock answers the manifest, that every unpacked file matches its
/// checksum, and that what the prompts of each set render of others is there and takes what it is
/// given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil pull --locked && anvil verify")]
pub struct Args {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = verify::run(&session.context())?;
    if report.holds() {
        session.done(args.format.format, &json(&report), || text(&report))?;
        return Ok(Outcome::Done);
    }
    session.answer(args.format.format, &json(&report), || {
        findings(&report, session.width()) + &unfit(&report) + &text(&report)
    })?;
    if report.failed().next().is_some() {
        session.help(&Hint::run("put in place what is locked", "anvil pull --locked"));
    }
    report.hints.iter().for_each(|hint| session.help(hint));
    Ok(Outcome::No)
}

fn json(report: &Report) -> Value {
    let sets = report.sets.iter().map(|set| {
        let (state, files) = match &set.state {
            None => ("folder", &[][..]),
            Some(State::Unpacked) => ("unpacked", &[][..]),
            Some(State::Missing) => ("missing", &[][..]),
            Some(State::Damaged { files }) => ("damaged", files.as_slice()),
        };
        let files = files.iter().map(|file| {
            let damage = match file.damage {
                Damage::Changed => "changed",
                Damage::Removed => "removed",
                Damage::Added => "added",
            };
            json!({ "path": file.path, "change": damage })
        });
        let misfits = set
            .misfits
            .iter()
            .map(|Misfit { finding, with }| json!({ "with": with, "finding": report::finding_json(finding) }));
        json!({
            "name": set.name,
            "version": set.version,
            "state": state,
            "files": files.collect::<Vec<_>>(),
            "misfits": misfits.collect::<Vec<_>>(),
        })
    });
    json!({ "ok": report.holds(), "sets": sets.collect::<Vec<_>>() })
}

/// Returns the findings about sets that cannot be used, in words.
fn findings(report: &Report, width: usize) -> String {
    let misfits = report.unfit().flat_map(|set| &set.misfits);
    let found: Vec<Diagnostic> = misfits.map(|misfit| misfit.finding.clone()).collect();
    if found.is_empty() { String::new() } else { report::diagnostics(&found, width) + "\n" }
}

/// Returns for each set that cannot be used which others it does not fit, in words.
fn unfit(report: &Report) -> String {
    let mut text = String::new();
    for set in report.unfit() {
        let (name, version) = (&set.name, &set.version);
        let others: BTreeSet<&SetName> = set.misfits.iter().filter_map(|misfit| misfit.with.as_ref()).collect();
        if set.misfits.iter().any(|misfit| misfit.with.is_none()) {
            let _ = writeln!(text, "{name} {version} has errors of its own");
        }
        for other in others {
            let version_of_other = report.version(other).map(|version| format!(" {version}")).unwrap_or_default();
            let _ = writeln!(text, "{name} {version} does not fit {other}{version_of_other}");
        }
    }
    text
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for set in report.failed() {
        let (name, version) = (&set.name, &set.version);
        match &set.state {
            Some(State::Damaged { files }) if files.is_empty() => {
                let _ = writeln!(text, "{name} {version}: its files are not those that are locked");
            }
            Some(State::Damaged { files }) => {
                for file in files {
                    let _ = writeln!(text, "{name} {version}: {}", super::output::clean_line(&file.to_string()));
                }
            }
            Some(State::Missing | State::Unpacked) | None => {
                let _ = writeln!(text, "{name} {version}: is not unpacked");
            }
        }
    }
    let sets = words::count(report.sets.len(), "set");
    match (report.failed().count(), report.unfit().count()) {
        (0, 0) if report.sets.is_empty() => text.push_str(words::NOTHING_REQUIRED),
        (0, 0) => {
            let _ = writeln!(text, "anvil.lock answers anvil.toml, and every file is as locked ({sets})");
        }
        (0, count) => {
            let _ = writeln!(text, "every file is as locked, and prompts of {count} of {sets} cannot be rendered");
        }
        (failed, _) => {
            let are = if failed == 1 { "is" } else { "are" };
            let _ = writeln!(text, "{failed} of {sets} {are} not as locked");
        }
    }
    text
}
