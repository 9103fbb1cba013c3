//! `anvil version`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::version::Target;

/// Raise the version, commit and tag it
///
/// Writes the version into anvil.toml, commits that file and makes an annotated tag. Without TARGET
/// it prints the version. A run that was interrupted is completed by the next.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil version minor
  anvil version 2.0.0-rc.1")]
pub struct Args {
    /// major, minor, patch, or the version itself
    #[arg(value_name = "TARGET")]
    pub target: Option<Target>,

    /// The message of the tag and the commit
    #[arg(short, long, value_name = "TEXT", requires = "target")]
    pub message: Option<String>,

    /// Say what would be done, and do nothing
    #[arg(long, requires = "target")]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
