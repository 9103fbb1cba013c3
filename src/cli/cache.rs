//! `anvil cache`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Tend the cache
///
/// The cache holds what was fetched. All of it can be fetched again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with the cache.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print where the cache is
    Dir,
    /// Remove what is in the cache
    Clean(CleanArgs),
    /// Check every bundle in the cache; what fails is removed
    Verify(VerifyArgs),
}

/// The arguments of `anvil cache clean`.
#[derive(Debug, clap::Args)]
pub struct CleanArgs {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The arguments of `anvil cache verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
