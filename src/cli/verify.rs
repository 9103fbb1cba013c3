//! `anvil verify`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Check that nothing has moved, for CI
///
/// Uses no network. Checks that the lock answers the manifest and that every unpacked file matches
/// its checksum.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil pull --locked && anvil verify")]
pub struct Args {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
