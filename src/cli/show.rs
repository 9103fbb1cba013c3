//! `anvil show`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Show the facts of a prompt or a set
///
/// Of a set: its version, description, dependencies and prompts, and on a registry its versions and
/// channels. Of a prompt: its parameters, roles, partials and tools.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil show
  anvil show welcome
  anvil show core/tone@^1/house-style")]
pub struct Args {
    /// A file, a prompt of this set, or an address [default: this set]
    #[arg(value_name = "REFERENCE")]
    pub reference: Option<String>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
