//! `anvil deprecate`.

use super::args::{PublishedVersion, RegistryReference};
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;

/// Advise against a published version
///
/// Whoever locks it is warned; nothing else changes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil deprecate 1.4.2 --message 'use 2.0.0' --replacement support/replies
  anvil deprecate 1.4.2 --undo")]
pub struct Args {
    /// The version, of this set or of the one that is named
    #[arg(value_name = "[PROJECT/SET@]VERSION")]
    pub version: PublishedVersion,

    /// What people should know
    #[arg(long, value_name = "TEXT", required_unless_present = "undo", conflicts_with = "undo")]
    pub message: Option<String>,

    /// The set to use instead
    #[arg(long, value_name = "PROJECT/SET", conflicts_with = "undo")]
    pub replacement: Option<SetName>,

    /// Take the advice back
    #[arg(long)]
    pub undo: bool,

    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
