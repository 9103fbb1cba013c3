//! `anvil pull`.

use super::args::FormatOption;
use super::resolving::ResolvingOptions;
use super::words;
use super::{Outcome, Session};
use crate::commands::lock::Update;
use crate::commands::pull::{self, Mode, Pulled, Reason};
use crate::commands::target::Action;
use crate::error::Result;
use crate::registry::publish::Changed;
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
    #[arg(long, conflicts_with = "resolution")]
    pub locked: bool,

    /// Say what would be done, and do nothing
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
    let context = args.resolving.context(session);
    let mode = if args.locked { Mode::Locked } else { Mode::Resolve(Update::Nothing) };
    let pulled = match args.dry_run {
        true => Pulled::Planned(pull::plan(&context, &mode)?),
        false => Pulled::Done(pull::run(&context, &mode)?),
    };
    words::warn_of_lock(session, pulled.answer());
    session.done(args.format.format, &json(&pulled), || text(&pulled, ""))?;
    Ok(Outcome::Done)
}

/// Returns what a command that pulls did or would do, as JSON.
pub(super) fn json(pulled: &Pulled) -> Value {
    let changes = words::changes_json(pulled.answer());
    let solved = words::solved_json(pulled.answer());
    match pulled {
        Pulled::Done(report) => {
            let unpacked = report.unpacked.iter().map(|(name, version, reason)| {
                json!({ "name": name, "version": version, "healed": *reason == Reason::Healed })
            });
            json!({
                "dry_run": false,
                "outcome": pulled.outcome(),
                "lock": Changed::of(report.lock_written),
                "changes": changes,
                "solved_conflict": solved,
                "unpacked": unpacked.collect::<Vec<_>>(),
                "fetched": { "bundles": report.fetched.0, "size": report.fetched.1 },
                "removed": report.removed,
            })
        }
        Pulled::Planned(plan) => {
            let unpacked =
                plan.missing.iter().map(|(name, version)| json!({ "name": name, "version": version, "healed": null }));
            json!({
                "dry_run": true,
                "outcome": pulled.outcome(),
                "lock": Changed::of(plan.answer.is_new()),
                "changes": changes,
                "solved_conflict": solved,
                "unpacked": unpacked.collect::<Vec<_>>(),
                "fetched": null,
                "removed": null,
            })
        }
    }
}

/// Returns what a command that pulls did or would do, in words; `notes`, whole lines, follow what moved.
pub(super) fn text(pulled: &Pulled, notes: &str) -> String {
    let run = if matches!(pulled, Pulled::Planned(_)) { Action::Plan } else { Action::Do };
    let mut text = words::changes(pulled.answer(), run) + notes;
    let sets = words::count(pulled.answer().lock.sets.len(), "set");
    let report = match pulled {
        Pulled::Done(report) => report,
        Pulled::Planned(plan) => {
            let nothing = !plan.answer.is_new() && plan.missing.is_empty();
            for (name, version) in &plan.missing {
                text.push_str(&format!("would unpack {name} {version}\n"));
            }
            text.push_str(if nothing { "nothing to do\n" } else { "nothing was changed: this was a dry run\n" });
            return text;
        }
    };
    for (name, version, reason) in &report.unpacked {
        if *reason == Reason::Healed {
            text.push_str(&format!("put back {name} {version}, whose files had changed\n"));
        }
    }
    if report.unpacked.is_empty() {
        text.push_str(&format!("everything is in place ({sets})\n"));
        return text;
    }
    let (bundles, bytes) = report.fetched;
    let fetched = if bundles == 0 { String::new() } else { format!(", fetched {}", words::bytes(bytes)) };
    text.push_str(&format!("unpacked {} of {sets}{fetched}\n", report.unpacked.len()));
    text
}
