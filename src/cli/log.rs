//! `anvil log`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::PromptName;

/// List the versions, or follow one prompt
///
/// Lists each version with its commit and what changed. With PROMPT it lists the commits that
/// changed that prompt, followed through renames.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt to follow [default: the whole set]
    #[arg(value_name = "PROMPT")]
    pub prompt: Option<PromptName>,

    /// List N entries at most
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
