//! `anvil update`.

use super::args::{Format, FormatOption};
use super::errors::CliError;
use super::resolving::ResolvingOptions;
use super::{Outcome, Session, pull, words};
use crate::commands::lock::Update;
use crate::commands::pull::Pulled;
use crate::commands::target::Action;
use crate::commands::update::{self, Report, Request};
use crate::error::{Hint, Result};
use crate::lockfile::{LockedSet, Source};
use crate::name::SetName;
use crate::registry::publish::Changed;
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
    #[arg(long, value_name = "VERSION", value_parser = parse_version, requires = "sets", conflicts_with_all = ["previous", "resolution"])]
    pub precise: Option<Version>,

    /// Move the set to the version that the lock held before, by its git history
    ///
    /// Each run undoes one more change of the version, whether or not the lock was committed in
    /// between: after 1.0, 1.1 and 1.2 the first leads to 1.1 and the second to 1.0.
    #[arg(long, requires = "sets", conflicts_with = "resolution")]
    pub previous: bool,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How versions are chosen.
    #[command(flatten)]
    pub resolving: ResolvingOptions,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    if args.previous {
        let mut sets = args.sets;
        let (Some(name), true) = (sets.pop(), sets.is_empty()) else {
            return Err(CliError::Contradiction("`--previous` moves one set").into());
        };
        return to_previous(&name, args.dry_run, args.format.format, session);
    }
    let update = match (args.precise, args.sets) {
        (None, sets) if sets.is_empty() => Update::All,
        (None, sets) => Update::Only(sets.into_iter().collect()),
        (Some(version), mut sets) => match (sets.pop(), sets.is_empty()) {
            (Some(name), true) => Update::Precise { name, version, may_be_yanked: false },
            _ => return Err(CliError::Contradiction("`--precise` moves one set").into()),
        },
    };
    let report = update::run(
        &args.resolving.context(session),
        &Request { update: update.clone(), run: Action::of_dry_run(args.dry_run) },
    )?;
    let moved = if let Update::Precise { name, .. } = &update { Some(name) } else { None };
    words::warn_of_lock_but(session, report.pulled.answer(), moved);
    session.done(args.format.format, &json(&report), || text(&report))?;
    if let (Some((name, from, to)), false) = (moved_version(&report), args.dry_run) {
        session.help(&Hint::run("see what changed", format!("anvil diff {name}@{from} {name}@{to}")));
    }
    Ok(Outcome::Done)
}

/// Returns a set that has another version from a registry now, where both can be compared.
fn moved_version(report: &Report) -> Option<(&SetName, &Version, &Version)> {
    let answer = report.pulled.answer();
    let is_registry = |set: &LockedSet| matches!(set.source, Source::Registry(_));
    answer.changes.iter().find_map(|change| {
        let (Some(from), Some(to)) = (&change.from, &change.to) else { return None };
        let both = [answer.previous.set(&change.name)?, answer.lock.set(&change.name)?];
        (from != to && both.into_iter().all(is_registry)).then_some((&change.name, from, to))
    })
}

/// Moves a set to the version that the lock held before.
pub(super) fn to_previous(name: &SetName, dry_run: bool, format: Format, session: &Session) -> Result<Outcome> {
    let (previous, report) = update::to_previous(&session.context(), name, Action::of_dry_run(dry_run))?;
    let (version, commit) = (&previous.version, previous.commit.id.short());
    words::warn_of_lock_but(session, report.pulled.answer(), Some(name));
    let mut value = json(&report);
    value["previous"] = json!({ "name": name, "version": version, "commit": previous.commit.id });
    session.done(format, &value, || {
        format!("{name} {version} is what anvil.lock held before {} ({commit})\n", previous.now) + &text(&report)
    })?;
    if !dry_run {
        let hint = "anvil.lock alone says so, and `anvil update` moves it again; to stay there";
        session.help(&Hint::run(hint, format!("anvil add {name}@={version}")));
    }
    Ok(Outcome::Done)
}

/// Returns what an update moved, as JSON.
pub(super) fn json(report: &Report) -> Value {
    let behind = report.behind.iter().map(|set| {
        json!({
            "name": set.name,
            "locked": set.version,
            "newest": set.newest,
            "held_by": words::holders_json(&set.held),
        })
    });
    json!({
        "dry_run": report.pulled.is_planned(),
        "outcome": report.pulled.outcome(),
        "behind": behind.collect::<Vec<_>>(),
        "pull": pull::json(&report.pulled),
    })
}

/// Returns what an update moved, in words.
pub(super) fn text(report: &Report) -> String {
    let stays = if matches!(report.pulled, Pulled::Planned(_)) { "would stay" } else { "stays" };
    let stays = report.behind.iter().map(|set| {
        let why = words::holders(&set.held);
        format!("{} {stays} at {}, {} is the newest: {why}\n", set.name, set.version, set.newest)
    });
    let stays = stays.collect::<String>();
    if report.pulled.outcome() == Changed::No {
        let sets = words::count(report.pulled.answer().lock.sets.len(), "set");
        return format!("{stays}nothing to update ({sets})\n");
    }
    pull::text(&report.pulled, &stays)
}
