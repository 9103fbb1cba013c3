//! `anvil lock`.

mod diff;
mod merge;

use super::args::Format;
use super::errors::CliError;
use super::resolving::ResolvingOptions;
use super::words;
use super::{Outcome, Session};
use crate::commands::Project;
use crate::commands::lock::{self, Answer};
use crate::commands::members;
use crate::commands::target::Action;
use crate::error::Result;
pub use diff::LockFormat;
use serde_json::json;
use std::path::PathBuf;

/// Choose versions and write anvil.lock
///
/// Versions that are locked stay unless a requirement rules them out. Bundles are not read. A lock
/// with conflict markers is solved again from both sides.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil lock
  anvil lock --check
  anvil lock --diff main --format markdown
  anvil lock --resolution lowest")]
pub struct Args {
    /// Change nothing; exit with 1 where the lock does not answer anvil.toml. Uses no network
    #[arg(long, conflicts_with_all = ["dry_run", "resolution", "explain"])]
    pub check: bool,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Merge three locks as git's merge driver does, into OURS; exit with 1 and leave conflict markers where they
    /// cannot be merged
    ///
    /// Git runs it where two branches changed the lock, once `anvil init --merge-driver` has told it to. The locks
    /// alone decide, with no network. PATH is where the lock lies in the work tree.
    #[arg(
        long,
        num_args = 3..=4,
        value_names = ["BASE", "OURS", "THEIRS", "PATH"],
        value_hint = clap::ValueHint::FilePath,
        conflicts_with_all = ["check", "dry_run"]
    )]
    pub merge_driver: Vec<PathBuf>,

    /// Say what the lock in the working tree means beside that of REV, for a review: versions, classes, tokens
    ///
    /// REV is a commit, a branch or a tag [default: HEAD]; `A..B` compares the locks of two. Bundles are read through
    /// the cache; what cannot be had is told as not checked.
    #[arg(
        long,
        value_name = "REV",
        num_args = 0..=1,
        default_missing_value = "HEAD",
        conflicts_with_all = ["check", "dry_run", "merge_driver"]
    )]
    pub diff: Option<String>,

    /// Exit with 1 when the locks differ
    ///
    /// An error may exit with 1, too: it leaves stdout empty and says `error[CODE]` on stderr.
    #[arg(long, requires = "diff")]
    pub exit_code: bool,

    /// How versions are chosen.
    #[command(flatten)]
    pub resolving: ResolvingOptions,

    /// How the answer is written: text, json, and with `--diff` also markdown or github
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: LockFormat,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    if let Some(revisions) = &args.diff {
        return diff::run(revisions, args.format, args.exit_code, session);
    }
    let format = match args.format {
        LockFormat::Text => Format::Text,
        LockFormat::Json => Format::Json,
        LockFormat::Markdown | LockFormat::Github => {
            return Err(CliError::Contradiction("only `anvil lock --diff` is written as markdown or github").into());
        }
    };
    if !args.merge_driver.is_empty() {
        return merge::run(args.merge_driver, format, session);
    }
    let context = args.resolving.context(session);
    if args.check {
        let project = Project::of(&context)?;
        let lock = lock::check(&project)?;
        lock::check_registries(&context, &project, &lock)?;
        session.diagnostics(&members::told(&context)?);
        session.done(format, &json!({ "ok": true, "total": lock.sets.len() }), || {
            match lock.requirements.is_empty() && lock.sets.is_empty() {
                true => words::NOTHING_REQUIRED.to_owned(),
                false => format!("anvil.lock answers anvil.toml ({})\n", words::count(lock.sets.len(), "set")),
            }
        })?;
        return Ok(Outcome::Done);
    }
    let (answer, outcome) = lock::run(&context, Action::of_dry_run(args.dry_run))?;
    let value = json!({
        "dry_run": args.dry_run,
        "outcome": outcome,
        "changes": words::changes_json(&answer),
        "solved_conflict": words::solved_json(&answer),
        "unread": answer.unread,
        "contradicted": words::contradicted_json(&answer.contradicted),
        "stale": answer.stale.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "total": answer.lock.sets.len(),
    });
    words::warn_of_lock(session, &answer);
    session.diagnostics(&members::told(&context)?);
    session.done(format, &value, || text(&answer, args.dry_run))?;
    Ok(Outcome::Done)
}

fn text(answer: &Answer, dry_run: bool) -> String {
    let mut text = words::changes(answer, Action::of_dry_run(dry_run));
    let sets = words::count(answer.lock.sets.len(), "set");
    if !answer.is_new() {
        text.push_str(&format!("anvil.lock is up to date ({sets})\n"));
    } else if dry_run {
        text.push_str(&format!("would write anvil.lock ({sets})\n"));
    } else {
        text.push_str(&format!("wrote anvil.lock ({sets})\n"));
    }
    text
}
