//! `anvil lint`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use std::path::PathBuf;

/// Check the manifest, front matter and templates
///
/// Reports every error at once, at most 20 a file. Warnings do not fail. With files it checks
/// these, which need not lie in a project.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil lint
  anvil lint prompts/refund.prompt.md")]
pub struct Args {
    /// Prompt files or manifests [default: the whole set]
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
