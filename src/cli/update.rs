//! `anvil update`.

use super::args::FormatOption;
use super::errors::CliError;
use super::{Outcome, Session, pull, words};
use crate::commands::lock::Update;
use crate::commands::update::{self, Report, Request};
use crate::error::Result;
use crate::name::SetName;
use crate::version::{Version, parse_version};
use serde_json::{Value, json};

/// Move locked sets to newer versions
///
/// Moves all sets, or those that are named and what they need, as far as the requirements allow, and
/// pulls. anvil.toml is not changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil update
  anvil update core/tone
  anvil update core/tone --precise 1.4.1
  anvil update core/tone --previous")]
pub struct Args {
    /// The sets to move [default: all]
    #[arg(value_name = "PROJECT/SET")]
    pub sets: Vec<SetName>,

    /// Move the set to exactly this version
    #[arg(long, value_name = "VERSION", value_parser = parse_version, requires = "sets", conflicts_with = "previous")]
    pub precise: Option<Version>,

    /// Move the sets to the versions that the lock held before
    #[arg(long, requires = "sets")]
    pub previous: bool,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let update = match (args.precise, args.sets) {
        (None, sets) if sets.is_empty() => Update::All,
        (None, sets) => Update::Only(sets.into_iter().collect()),
        (Some(version), mut sets) => match (sets.pop(), sets.is_empty()) {
            (Some(name), true) => Update::Precise { name, version, may_be_yanked: false },
            _ => return Err(CliError::Contradiction("`--precise` moves one set").into()),
        },
    };
    let report = update::run(&session.context()?, &Request { update, run: words::run(args.dry_run) })?;
    words::warn_of_yanked(session, report.pulled.answer());
    session.answer(args.format.format, &json(&report), || text(&report))?;
    Ok(Outcome::Done)
}

/// Returns what an update moved, as JSON.
pub(super) fn json(report: &Report) -> Value {
    let behind = report.behind.iter().map(|set| {
        json!({
            "name": set.name,
            "version": set.version,
            "newest": set.newest,
            "held_by": words::holders_json(&set.held),
        })
    });
    json!({ "behind": behind.collect::<Vec<_>>(), "pull": pull::json(&report.pulled) })
}

/// Returns what an update moved, in words.
pub(super) fn text(report: &Report) -> String {
    let stays = report.behind.iter().map(|set| {
        let why = words::holders(&set.held);
        format!("{} stays at {}, {} is the newest: {why}\n", set.name, set.version, set.newest)
    });
    stays.collect::<String>() + &pull::text(&report.pulled)
}
