//! `anvil update`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;
use crate::version::{Version, parse_version};

/// Move locked sets to newer versions
///
/// Moves all sets, or those that are named and what they need, as far as the requirements allow, and
/// pulls. anvil.toml is not changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil update
  anvil update core/tone
  anvil update core/tone --precise 1.4.1
  anvil update core/tone --previous")]
pub struct Args {
    /// The sets to move [default: all]
    #[arg(value_name = "PROJECT/SET")]
    pub sets: Vec<SetName>,

    /// Move the set to exactly this version
    #[arg(long, value_name = "VERSION", value_parser = parse_version, requires = "sets", conflicts_with = "previous")]
    pub precise: Option<Version>,

    /// Move the sets to the versions that the lock held before
    #[arg(long, requires = "sets")]
    pub previous: bool,

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
