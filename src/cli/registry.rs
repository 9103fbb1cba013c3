//! `anvil registry`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::RegistryId;
use std::path::PathBuf;

/// Make and tend a static registry
///
/// A static registry is a folder. Any web server can offer it for reading.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry init ../registry --id test
  anvil registry verify ../registry")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with a registry.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make an empty registry
    Init(InitArgs),
    /// Check every index line and every bundle
    Verify(VerifyArgs),
    /// Write catalog.jsonl anew from the index
    Rebuild(RebuildArgs),
}

/// The arguments of `anvil registry init`.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The folder; it must be empty or not there
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// What the registry is called in locks: the host and path it will be read from, or a word for a local one
    #[arg(long, value_name = "ID")]
    pub id: RegistryId,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The arguments of `anvil registry verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// The registry's folder
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil registry rebuild`.
#[derive(Debug, clap::Args)]
pub struct RebuildArgs {
    /// The registry's folder
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
