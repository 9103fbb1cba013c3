//! `anvil rollback`.

use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;
use crate::version::{Version, parse_version};
use std::str::FromStr;

/// Bring the content of an earlier version back
///
/// With a version: its content becomes a new version of this set; history only grows. With the name
/// of a locked set: the same as `anvil update PROJECT/SET --previous`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil rollback 1.4.2
  anvil rollback 1.4.2 --as 2.0.0
  anvil rollback core/tone")]
pub struct Args {
    /// A version of this set, or a locked set
    #[arg(value_name = "VERSION|PROJECT/SET")]
    pub target: Target,

    /// The new version [default: the smallest that the change of the interface allows]
    #[arg(long = "as", value_name = "VERSION", value_parser = parse_version)]
    pub new_version: Option<Version>,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This set, to the content of an earlier version.
    Version(Version),
    /// A locked set, to the version that the lock held before.
    Locked(SetName),
}

impl FromStr for Target {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        // A version holds no `/`, a set's name does.
        if text.contains('/') {
            return Ok(Target::Locked(text.parse()?));
        }
        Ok(Target::Version(parse_version(text)?))
    }
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
