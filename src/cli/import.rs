//! `anvil import`.

use super::args::FormatOption;
use super::{Outcome, Session, words};
use crate::commands::exported::NO_REGISTRY;
use crate::commands::import::{self, Imported, Into, OnConflict, Outcome as Taken, Report, Request};
use crate::commands::target::Action;
use crate::error::{Result, shell_word};
use crate::registry::Location;
use crate::registry::publish::Changed;
use clap::ValueEnum;
use std::path::PathBuf;

/// Take in what `export` wrote
///
/// Takes the bundles into the cache, or into a registry, with no network. Where the same version is
/// there with other bytes, every such conflict is reported and nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil import onboarding.tar
  anvil import onboarding.tar --registry ../registry")]
pub struct Args {
    /// The archive
    #[arg(value_name = "ARCHIVE", value_hint = clap::ValueHint::FilePath)]
    pub archive: PathBuf,

    /// The registry's folder to take the bundles into [default: the cache]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub registry: Option<PathBuf>,

    /// Go on where the same version is there with other bytes
    #[arg(long, value_enum, value_name = "CHOICE")]
    pub on_conflict: Option<Conflict>,

    /// Say what would be taken in, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What becomes of a version that is there with other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Conflict {
    /// What is there stays
    Keep,
    /// What comes replaces it, unless it is published
    Replace,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let location = args.registry.as_ref().map(|named| Location::named(named, session.directory())).transpose()?;
    let request = Request {
        archive: session.context().path(&args.archive),
        into: location.map_or(Into::Cache, Into::Registry),
        on_conflict: match args.on_conflict {
            None => OnConflict::Refuse,
            Some(Conflict::Keep) => OnConflict::Keep,
            Some(Conflict::Replace) => OnConflict::Replace,
        },
        action: Action::of_dry_run(args.dry_run),
    };
    let report = import::run(&session.context(), &request)?;
    session.done(args.format.format, &report, || text(&report))?;
    tell(session, &report);
    if (report.outcome, report.action) == (Changed::Yes, Action::Do) {
        match &args.registry {
            None => session.next_elsewhere("in a project that locks them,", "anvil pull --locked --offline"),
            Some(folder) => {
                session.next(&format!("anvil registry verify {}", shell_word(&folder.display().to_string())));
            }
        }
    }
    Ok(Outcome::Done)
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    let place =
        report.registry.as_ref().map_or("the cache".to_owned(), |registry| format!("the registry {}", registry.id));
    for set in &report.sets {
        let (name, version) = (&set.name, &set.version);
        text.push_str(&match (set.outcome, report.action) {
            (Taken::Kept, _) => format!("{name} {version} is there with other bytes, and stays\n"),
            (Taken::Replaced, Action::Plan) => format!("would replace {name} {version}, which is not published\n"),
            (Taken::Replaced, Action::Do) => format!("replaced {name} {version}, which was not published\n"),
            (Taken::New, Action::Plan) => format!("would take in {name} {version}\n"),
            _ => String::new(),
        });
    }
    let ours = |set: &&Imported| set.outcome != Taken::OtherRegistry;
    let all = words::count(report.sets.iter().filter(ours).count(), "version");
    let taken: Vec<&Imported> = report.sets.iter().filter(|set| set.is_taken()).collect();
    if taken.is_empty() {
        text.push_str(&match report.sets.iter().any(|set| set.outcome == Taken::Kept) {
            true => format!("nothing else is new to {place} ({all})\n"),
            false => format!("everything is in {place} already ({all})\n"),
        });
        return text;
    }
    let bytes = words::bytes(taken.iter().map(|set| set.size).sum());
    let verb = if report.action == Action::Plan { "would take" } else { "took" };
    text.push_str(&format!("{verb} {} of {all} into {place} ({bytes})\n", taken.len()));
    text
}

fn tell(session: &Session, report: &Report) {
    let others = report.sets.iter().filter(|set| set.outcome == Taken::OtherRegistry).count();
    if others > 0 {
        let others = words::count(others, "version");
        session.warn(&format!("{others} of other registries stay in the archive; each registry takes in its own"));
    }
    let archive = &report.archive.id;
    if let Some(id) = report.registry.as_ref().map(|registry| &registry.id).filter(|id| *id != archive)
        && !report.sets.is_empty()
        && others == 0
        // No lock names what is of no registry.
        && archive.as_str() != NO_REGISTRY
    {
        session.warn(&format!("a lock that names the registry `{archive}` does not find these versions in `{id}`"));
    }
}
