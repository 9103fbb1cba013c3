//! `anvil lock`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Choose versions and write anvil.lock
///
/// Versions that are locked stay unless a requirement rules them out. Bundles are not read. A lock
/// with conflict markers is solved again from both sides.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Change nothing; exit with 1 where the lock would change. Uses no network
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,

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
