//! `anvil pull`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

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
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
