//! `anvil update`.

mod breaking;

use super::args::{Format, FormatOption};
use super::errors::CliError;
use super::resolving::ResolvingOptions;
use super::{Outcome, Session, pull, words};
use crate::commands::lock::Update;
use crate::commands::outdated::Behind;
use crate::commands::previous::Previous;
use crate::commands::sources::Wanted;
use crate::commands::target::Action;
use crate::commands::update::{self, MovedAlong, Reason, Report, Request};
use crate::error::{Hint, Result};
use crate::lockfile::{LockedSet, Source};
use crate::name::SetName;
use crate::registry::publish::Changed;
use crate::version::{Version, VersionError, meant, parse_version};
use serde_json::{Value, json};

/// Move locked sets to newer versions
///
/// Moves all sets, or those that are named and what they need, as far as the requirements allow, and
/// pulls; each other set stays, and where it cannot, it is said why. anvil.toml is not changed, but by `--breaking`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil update
  anvil update core/tone
  anvil update core/tone --precise 1.4.1
  anvil update core/tone --previous
  anvil update --breaking --dry-run")]
pub struct Args {
    /// The sets to move [default: all]
    #[arg(value_name = "PROJECT/SET")]
    pub sets: Vec<SetName>,

    /// Move the set to exactly this version, or one from git to this commit
    ///
    /// A commit may be written by its first digits. It has to be in the history of the branch or tag that anvil.toml
    /// asks for; a version of a set from git is looked for there by its tag. What is locked so stays until the set is updated.
    #[arg(long, value_name = "VERSION|COMMIT", value_parser = parse_precise, requires = "sets", conflicts_with_all = ["previous", "resolution"])]
    pub precise: Option<Precise>,

    /// Move the set to the version (or, from git, the commit) that the lock held before, by its git history
    ///
    /// Each run undoes one more change of the version, whether or not the lock was committed in
    /// between: after 1.0, 1.1 and 1.2 the first leads to 1.1 and the second to 1.0.
    #[arg(long, requires = "sets", conflicts_with = "resolution")]
    pub previous: bool,

    /// Raise requirements in anvil.toml to the newest versions, too, each as it is written: `^1.2` to `^2.0`
    ///
    /// All of the manifest's, or those of the named sets; at the root of a workspace, those of all members. Requirements
    /// of several parts, git sources and folders are left. Where the newest versions do not go together, what does is
    /// taken, and the rest told.
    #[arg(long, conflicts_with_all = ["precise", "previous"])]
    pub breaking: bool,

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

/// What `--precise` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precise {
    /// A version.
    Version(Version),
    /// A commit, by its id or the beginning of it.
    Commit(String),
}

/// Parses a version or a commit, of which git wants four digits at least.
fn parse_precise(text: &str) -> std::result::Result<Precise, PreciseError> {
    parse_version(text).map(Precise::Version).or_else(|error| {
        let is_commit = (4..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match (is_commit, text.contains('.') || meant(text).is_some()) {
            (true, _) => Ok(Precise::Commit(text.to_ascii_lowercase())),
            (false, true) => Err(PreciseError::Version(error)),
            (false, false) => Err(PreciseError::Neither(text.to_owned())),
        }
    })
}

/// Why something is nothing that `--precise` takes.
#[derive(Debug, thiserror::Error)]
enum PreciseError {
    #[error(transparent)]
    Version(VersionError),
    #[error("`{}` is neither a version such as 1.2.0 nor a commit, by four or more hex digits of its id", crate::error::told(.0))]
    Neither(String),
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    if args.breaking {
        return breaking::run(&args.sets, Action::of_dry_run(args.dry_run), args.format.format, session);
    }
    if args.previous {
        let mut sets = args.sets;
        let (Some(name), true) = (sets.pop(), sets.is_empty()) else {
            return Err(CliError::Contradiction("`--previous` moves one set").into());
        };
        return to_previous("update", &name, args.dry_run, args.format.format, session);
    }
    let update = match (args.precise, args.sets) {
        (None, sets) if sets.is_empty() => Update::All,
        (None, sets) => Update::Only(sets.into_iter().collect()),
        (Some(precise), mut sets) => match (precise, sets.pop(), sets.is_empty()) {
            (Precise::Version(version), Some(name), true) => Update::Precise { name, version, may_be_yanked: false },
            (Precise::Commit(id), Some(name), true) => Update::Commit { name, at: Wanted::Id(id) },
            _ => return Err(CliError::Contradiction("`--precise` moves one set").into()),
        },
    };
    let report = update::run(
        &args.resolving.context(session),
        &Request { update: update.clone(), run: Action::of_dry_run(args.dry_run) },
    )?;
    let moved = if let Update::Precise { name, .. } = &update { Some(name) } else { None };
    words::warn_of_lock_but(session, report.pulled.answer(), moved);
    let mut value = json(&report);
    if let Update::Precise { name, .. } | Update::Commit { name, .. } = &update {
        value["precise"] = report.pulled.answer().lock.set(name).map(locked_json).unwrap_or_default();
    }
    session.done(args.format.format, &value, || text(&report))?;
    if let (Some((name, from, to)), false) = (moved_version(&report), args.dry_run) {
        session.help(&Hint::run("see what changed", format!("anvil diff {name}@{from} {name}@{to}")));
    }
    for name in &report.rewritten {
        session.warn(&format!(
            "the commit that {name} was locked at is not in the history of the new one, as when that is rewritten"
        ));
    }
    for (name, mover) in &report.bound {
        let hint = format!("{name} has the commit of {mover}, whose repository it lies in, and moves with it");
        session.help(&Hint::run(hint, format!("anvil update {mover}")));
    }
    Ok(Outcome::Done)
}

fn locked_json(set: &LockedSet) -> Value {
    let rev = match &set.source {
        Source::Git { commit, .. } => Some(commit),
        Source::Registry(_) | Source::Path(_) => None,
    };
    json!({ "name": set.name, "version": set.version, "rev": rev })
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

/// Moves a set to the version or commit that the lock held before; `command` is the one that was run.
pub(super) fn to_previous(
    command: &'static str,
    name: &SetName,
    dry_run: bool,
    format: Format,
    session: &Session,
) -> Result<Outcome> {
    let (previous, stay, report) = update::to_previous(&session.context(), command, name, Action::of_dry_run(dry_run))?;
    let Previous { now, held, commit, .. } = &previous;
    words::warn_of_lock_but(session, report.pulled.answer(), Some(name));
    let mut value = json(&report);
    value["previous"] = json!({ "name": name, "version": held.version, "rev": held.commit, "commit": commit.id });
    session.done(format, &value, || {
        format!("{name} {held} is what anvil.lock held before {now} ({})\n", commit.id.short()) + &text(&report)
    })?;
    if !dry_run {
        session.help(&stay);
    }
    Ok(Outcome::Done)
}

/// Returns what an update moved, as JSON.
pub(super) fn json(report: &Report) -> Value {
    json!({
        "dry_run": report.pulled.is_planned(),
        "outcome": report.pulled.outcome(),
        "behind": behind_json(&report.behind),
        "along": along_json(&report.along),
        "pull": pull::json(&report.pulled),
    })
}

fn along_json(along: &[MovedAlong]) -> Value {
    let one = |moved: &MovedAlong| {
        let why: Value = moved.why.iter().map(reason_json).collect();
        json!({ "name": moved.name, "from": moved.from, "to": moved.to, "why": why })
    };
    along.iter().map(one).collect()
}

fn behind_json(behind: &[Behind]) -> Value {
    let one = |set: &Behind| {
        json!({
            "name": set.name,
            "locked": set.version,
            "newest": set.newest,
            "held_by": words::holders_json(&set.held),
        })
    };
    behind.iter().map(one).collect()
}

fn reason_json(reason: &Reason) -> Value {
    let mut value = match reason {
        Reason::Holder(holder) => words::holder_json(holder),
        Reason::Needs { name, requirement, locked, .. } => {
            json!({ "by": "its-own-needs", "name": name, "version": locked, "requirement": requirement.to_string() })
        }
        Reason::Yanked(version, yanked) => json!({ "by": "yanked", "version": version, "yanked": yanked }),
        Reason::Gone(version) => json!({ "by": "gone", "version": version }),
        Reason::AtItsSource(_) => json!({ "by": "source" }),
        Reason::Unneeded => json!({ "by": "unneeded" }),
        Reason::Together => json!({ "by": "together" }),
    };
    value["words"] = self::reason(reason).into();
    value
}

/// Returns why a set moved along, or down, in words.
fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Holder(holder) => words::holder(holder),
        Reason::Needs { by: (dependant, version), name, requirement, locked } => {
            format!("{dependant} {version} needs {name} {requirement}, and {locked} is locked")
        }
        Reason::Yanked(version, yanked) => format!("{version} is {yanked}"),
        Reason::Gone(version) => format!("{version} is no longer in its registry"),
        Reason::AtItsSource(Source::Path(_)) => "that is what its folder has".to_owned(),
        Reason::AtItsSource(_) => "that is what its repository has".to_owned(),
        Reason::Unneeded => "nothing needs it any more".to_owned(),
        Reason::Together => "what was chosen goes together in no other way".to_owned(),
    }
}

/// Returns why sets moved along, or down, a line each.
fn along_text(along: &[MovedAlong]) -> String {
    let line = |moved: &MovedAlong| {
        let why = moved.why.iter().map(reason).collect::<Vec<_>>().join(", ");
        let name = &moved.name;
        match (&moved.from, &moved.to) {
            (Some(from), Some(to)) => format!("{name} {from} -> {to}: {why}\n"),
            (None, Some(only)) | (Some(only), None) => format!("{name} {only}: {why}\n"),
            (None, None) => String::new(),
        }
    };
    along.iter().map(line).collect()
}

fn behind_text(behind: &[Behind], run: Action) -> String {
    let stays = if run == Action::Plan { "would stay" } else { "stays" };
    let line = |set: &Behind| {
        let why = words::holders(&set.held);
        format!("{} {stays} at {}, {} is the newest: {why}\n", set.name, set.version, set.newest)
    };
    behind.iter().map(line).collect()
}

/// Returns what an update moved, in words.
pub(super) fn text(report: &Report) -> String {
    let notes =
        along_text(&report.along) + &behind_text(&report.behind, Action::of_dry_run(report.pulled.is_planned()));
    if report.pulled.outcome() == Changed::No {
        let sets = words::count(report.pulled.answer().lock.sets.len(), "set");
        return format!("{notes}nothing to update ({sets})\n");
    }
    pull::text(&report.pulled, &notes)
}
