//! `anvil new`.

use super::{Outcome, Session};
use crate::error::Result;
use crate::name::PromptName;
use clap::ValueEnum;

/// Make a prompt
///
/// Writes a prompt file to begin with, where the manifest keeps its prompts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil new welcome
  anvil new emails/reminder --kind text")]
pub struct Args {
    /// The prompt's name
    #[arg(value_name = "NAME")]
    pub prompt: PromptName,

    /// What the prompt gives
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub kind: Kind,

    /// One line about the prompt
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What a prompt gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Messages with roles
    #[default]
    Chat,
    /// One text
    Text,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
