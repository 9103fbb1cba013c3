//! `anvil remove`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;

/// Remove a dependency
///
/// Takes it out of anvil.toml and the lock; nothing else that is locked moves.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sets to remove
    #[arg(value_name = "PROJECT/SET", required = true)]
    pub sets: Vec<SetName>,

    /// Say what would change, and change nothing
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
