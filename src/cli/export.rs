//! `anvil export`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use std::path::PathBuf;

/// Write the set and all it needs into one archive
///
/// The archive holds the lock and the bundle of every locked set, and of this set where the project
/// is one. Unpacked it is a registry; `anvil import` takes it in with no network.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil export --output onboarding.tar")]
pub struct Args {
    /// The archive to write [default: named after the set and its version]
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Build this set's bundle from the working tree, without commit or tag
    #[arg(long)]
    pub allow_dirty: bool,

    /// Say what would be written, and write nothing
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
