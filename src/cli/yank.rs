//! `anvil yank`.

use super::args::{PublishedVersion, RegistryReference};
use super::{Outcome, Session};
use crate::error::Result;
use clap::ValueEnum;

/// Take a published version out of resolution
///
/// Projects that have it locked go on working; nobody else is given it. Nothing is deleted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil yank 1.4.2 --reason invalid --message 'the refund prompt promises too much'
  anvil yank support/onboarding@1.4.2 --registry ../registry --undo")]
pub struct Args {
    /// The version, of this set or of the one that is named
    #[arg(value_name = "[PROJECT/SET@]VERSION")]
    pub version: PublishedVersion,

    /// Why
    #[arg(long, value_enum, value_name = "REASON", required_unless_present = "undo", conflicts_with = "undo")]
    pub reason: Option<Reason>,

    /// What people should know
    #[arg(long, value_name = "TEXT", conflicts_with = "undo")]
    pub message: Option<String>,

    /// Offer the version again
    #[arg(long)]
    pub undo: bool,

    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
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

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
