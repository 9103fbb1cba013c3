//! `anvil outdated`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// List sets that have newer versions
///
/// Shows for each the locked version, the newest that the requirements allow, and the newest of all.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Exit with 1 when there are some
    #[arg(long)]
    pub exit_code: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
