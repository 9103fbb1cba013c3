//! `anvil import`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use clap::ValueEnum;
use std::path::PathBuf;

/// Take in what `export` wrote
///
/// Takes the bundles into the cache, or into a registry, with no network. Where the same version is
/// there with other bytes, every such conflict is reported and nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil import onboarding.tar
  anvil import onboarding.tar --registry ../registry")]
pub struct Args {
    /// The archive
    #[arg(value_name = "ARCHIVE", value_hint = clap::ValueHint::FilePath)]
    pub archive: PathBuf,

    /// The registry's folder to take the bundles into [default: the cache]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub registry: Option<PathBuf>,

    /// Go on where the same version is there with other bytes
    #[arg(long, value_enum, value_name = "CHOICE")]
    pub on_conflict: Option<Conflict>,

    /// Say what would be taken in, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What becomes of a version that is there with other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Conflict {
    /// What is there stays
    Keep,
    /// What comes replaces it, unless it is published
    Replace,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
