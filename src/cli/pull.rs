//! `anvil pull`.

use super::args::FormatOption;
use super::words;
use super::{Outcome, Session};
use crate::commands::Project;
use crate::commands::lock::Update;
use crate::commands::pull::{self, Mode, Reason, Report};
use crate::error::Result;
use serde_json::{Value, json};

/// Make the project match its manifest and lock
///
/// Resolves where the lock does not answer the manifest, fetches what is missing, checks every
/// checksum and unpacks into .anvil/.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil pull
  anvil pull --locked
  anvil pull --locked --offline")]
pub struct Args {
    /// Exit with 1 where the lock would change
    #[arg(long)]
    pub locked: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context()?;
    let project = Project::discover(&context.directory)?;
    let mode = if args.locked { Mode::Locked } else { Mode::Resolve(Update::Nothing) };
    if args.dry_run {
        let plan = pull::plan(&context, &project, &mode)?;
        let value = json!({ "changes": words::changes_json(&plan.answer.changes), "missing": plan.missing.len() });
        session.answer(args.format.format, &value, || {
            let mut text = words::changes(&plan.answer.changes);
            for (name, version) in &plan.missing {
                text.push_str(&format!("would unpack {name} {version}\n"));
            }
            if text.is_empty() {
                text = "nothing to do\n".into();
            }
            text
        })?;
        return Ok(Outcome::Done);
    }
    let report = pull::run(&context, &project, &mode)?;
    words::warn_of_yanked(session, &report.answer);
    session.answer(args.format.format, &json(&report), || text(&report))?;
    Ok(Outcome::Done)
}

/// Returns what a pull did, as JSON.
pub(super) fn json(report: &Report) -> Value {
    let unpacked = report.unpacked.iter().map(
        |(name, version, reason)| json!({ "name": name, "version": version, "healed": *reason == Reason::Healed }),
    );
    json!({
        "lock_written": report.lock_written,
        "changes": words::changes_json(&report.answer.changes),
        "unpacked": unpacked.collect::<Vec<_>>(),
        "fetched": { "bundles": report.fetched.0, "bytes": report.fetched.1 },
        "removed": report.removed,
    })
}

/// Returns what a pull did, in words.
pub(super) fn text(report: &Report) -> String {
    let mut text = words::changes(&report.answer.changes);
    for (name, version, reason) in &report.unpacked {
        if *reason == Reason::Healed {
            text.push_str(&format!("put back {name} {version}, whose files had changed\n"));
        }
    }
    let sets = words::count(report.answer.lock.sets.len(), "set");
    if report.unpacked.is_empty() && !report.lock_written {
        text.push_str(&format!("everything is in place ({sets})\n"));
        return text;
    }
    let (bundles, bytes) = report.fetched;
    let fetched = if bundles == 0 { String::new() } else { format!(", fetched {}", words::bytes(bytes)) };
    text.push_str(&format!("unpacked {} of {sets}{fetched}\n", report.unpacked.len()));
    text
}
