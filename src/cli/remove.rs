//! `anvil remove`.

use super::args::FormatOption;
use super::resolving::ExplainOption;
use super::{Outcome, Session, pull, words};
use crate::commands::pull::Pulled;
use crate::commands::remove::{self, Report, Request};
use crate::commands::target::Action;
use crate::error::Result;
use crate::manifest::edit::Table;
use crate::name::SetName;
use crate::registry::publish::Changed;
use serde_json::{Value, json};

/// Remove a dependency
///
/// Takes it out of anvil.toml and the lock; nothing else that is locked moves.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil remove core/tone
  anvil remove core/tone legal/disclaimers --dry-run")]
pub struct Args {
    /// The sets to remove
    #[arg(value_name = "PROJECT/SET", required = true)]
    pub sets: Vec<SetName>,

    /// Take it out of [override], where `anvil add --override` writes
    #[arg(long = "override")]
    pub is_override: bool,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How much is told where no versions fit.
    #[command(flatten)]
    pub explain: ExplainOption,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let table = if args.is_override { Table::Override } else { Table::Dependencies };
    let request = Request { sets: args.sets, table, run: Action::of_dry_run(args.dry_run) };
    let report = remove::run(&args.explain.context(session), &request)?;
    words::warn_of_lock(session, report.pulled.answer());
    session.done(args.format.format, &json(&report), || text(&report, table))?;
    Ok(Outcome::Done)
}

fn json(report: &Report) -> Value {
    let still_needed = report.still_needed.iter().map(|(name, by)| json!({ "name": name, "by": by }));
    json!({
        "dry_run": report.pulled.is_planned(),
        // What is not in anvil.toml cannot be removed.
        "outcome": Changed::Yes,
        "removed": report.removed,
        "still_needed": still_needed.collect::<Vec<_>>(),
        "pull": pull::json(&report.pulled),
    })
}

fn text(report: &Report, table: Table) -> String {
    let asks = match (&report.pulled, table) {
        (Pulled::Done(_), Table::Dependencies) => "no longer asks for",
        (Pulled::Planned(_), Table::Dependencies) => "would no longer ask for",
        (Pulled::Done(_), Table::Override) => "no longer overrides",
        (Pulled::Planned(_), Table::Override) => "would no longer override",
    };
    let mut text = String::new();
    text.extend(report.removed.iter().map(|name| format!("anvil.toml {asks} {name}\n")));
    let stays = report.still_needed.iter().map(|(name, by)| format!("{name} stays in the lock: {by} needs it\n"));
    text + &pull::text(&report.pulled, &stays.collect::<String>())
}
