//! `anvil push`.

use super::args::{FormatOption, RegistryReference};
use super::{Outcome, Session};
use crate::error::Result;

/// Publish a version to a registry
///
/// Builds the bundle from the commit that the version's tag names, checks it, and publishes it. The
/// same bytes again succeed; other bytes under a published version are refused. It never pushes git.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil push
  anvil push --registry ../registry --dry-run")]
pub struct Args {
    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Build the bundle from the working tree, without commit or tag
    #[arg(long)]
    pub allow_dirty: bool,

    /// Publish a version that is not above the newest
    #[arg(long)]
    pub allow_older: bool,

    /// Say what would be published, and publish nothing
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
