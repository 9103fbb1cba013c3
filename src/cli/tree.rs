//! `anvil tree`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;

/// Show what depends on what
///
/// Reads the lock alone. A set that was shown before is shown without its dependencies and marked (*).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The set to begin with [default: this project]
    #[arg(value_name = "PROJECT/SET")]
    pub root: Option<SetName>,

    /// Show N levels at most
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
