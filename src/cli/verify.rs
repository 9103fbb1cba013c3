//! `anvil verify`.

use super::args::FormatOption;
use super::{Outcome, Session, words};
use crate::commands::verify::{self, Report};
use crate::error::{Hint, Result};
use crate::store::project::{Damage, State};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Check that nothing has moved, for CI
///
/// Uses no network. Checks that the lock answers the manifest and that every unpacked file matches
/// its checksum.
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
    let report = verify::run(&session.context()?)?;
    if report.holds() {
        session.done(args.format.format, &json(&report), || text(&report))?;
        return Ok(Outcome::Done);
    }
    session.answer(args.format.format, &json(&report), || text(&report))?;
    session.help(&Hint::run("put in place what is locked", "anvil pull --locked"));
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
        json!({ "name": set.name, "version": set.version, "state": state, "files": files.collect::<Vec<_>>() })
    });
    json!({ "ok": report.holds(), "sets": sets.collect::<Vec<_>>() })
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    let sets = words::count(report.sets.len(), "set");
    for (set, state) in report.failed() {
        let (name, version) = (&set.name, &set.version);
        match state {
            State::Damaged { files } if files.is_empty() => {
                let _ = writeln!(text, "{name} {version}: its files are not those that are locked");
            }
            State::Damaged { files } => {
                for file in files {
                    let _ = writeln!(text, "{name} {version}: {}", super::output::clean_line(&file.to_string()));
                }
            }
            State::Missing | State::Unpacked => {
                let _ = writeln!(text, "{name} {version}: is not unpacked");
            }
        }
    }
    match report.failed().count() {
        0 if report.sets.is_empty() => text.push_str(words::NOTHING_REQUIRED),
        0 => {
            let _ = writeln!(text, "anvil.lock answers anvil.toml, and every file is as locked ({sets})");
        }
        failed => {
            let _ = writeln!(text, "{failed} of {sets} are not as locked");
        }
    }
    text
}
