//! `anvil yank`.

use super::args::{FormatOption, PublishedVersion, RegistryReference, line};
use super::{Outcome, Session};
use crate::commands::target::Action;
use crate::commands::yank::{self, Report, Request};
use crate::error::{Hint, Result, shell_word};
use crate::index::{YankReason, Yanked};
use crate::registry::publish::Changed;
use clap::ValueEnum;

/// Take a published version out of resolution
///
/// Projects that have it locked go on working; nobody else is given it. Nothing is deleted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil yank 1.4.2 --reason invalid --message 'it promises too much'
  anvil yank support/onboarding@1.4.2 --registry ../registry --undo")]
pub struct Args {
    /// The version, of this set or of the one that is named
    #[arg(value_name = "[PROJECT/SET@]VERSION")]
    pub version: PublishedVersion,

    /// Why
    #[arg(long, value_enum, value_name = "REASON", required_unless_present = "undo", conflicts_with = "undo")]
    pub reason: Option<Reason>,

    /// What people should know
    #[arg(long, value_name = "TEXT", conflicts_with = "undo", value_parser = line)]
    pub message: Option<String>,

    /// Offer the version again
    #[arg(long)]
    pub undo: bool,

    /// The registry: its name in anvil.toml, or a folder; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Why a version is yanked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// It does harm
    Security,
    /// It does not do what it should
    Invalid,
    /// Anything else
    Other,
}

impl From<Reason> for YankReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Security => YankReason::Security,
            Reason::Invalid => YankReason::Invalid,
            Reason::Other => YankReason::Other,
        }
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    // clap asks for a reason unless the yank is undone.
    let yanked = args.reason.map(|reason| Yanked { reason: reason.into(), message: args.message.unwrap_or_default() });
    let request = Request {
        set: args.version.set,
        version: args.version.version,
        registry: args.registry,
        yanked,
        action: Action::of_dry_run(args.dry_run),
    };
    let report = yank::run(&session.context(), &request)?;
    session.done(args.format.format, &report, || text(&report))?;
    if report.yanked.is_some() {
        for channel in &report.channels {
            session.warn(&format!("the channel `{channel}` names {} {}", report.name, report.version));
            let place = if report.registry.called == report.registry.location {
                format!(" --registry {}", shell_word(&report.registry.location))
            } else {
                String::new()
            };
            let command = format!("anvil channel set {channel} {}@VERSION{place}", report.name);
            session.help(&Hint::run("let it name another", command));
        }
    }
    Ok(Outcome::Done)
}

fn text(report: &Report) -> String {
    let (what, on) = (format!("{} {}", report.name, report.version), &report.registry.called);
    match (&report.yanked, report.outcome, report.action) {
        (Some(yanked), Changed::Yes, Action::Do) => format!("yanked {what} on {on} ({})\n", yanked.reason),
        (Some(yanked), Changed::Yes, Action::Plan) => format!("would yank {what} on {on} ({})\n", yanked.reason),
        (Some(yanked), Changed::No, _) => format!("{what} is already yanked on {on} ({})\n", yanked.reason),
        (None, Changed::Yes, Action::Do) => format!("took back the yank of {what} on {on}\n"),
        (None, Changed::Yes, Action::Plan) => format!("would take back the yank of {what} on {on}\n"),
        (None, Changed::No, _) => format!("{what} is not yanked on {on}\n"),
    }
}
