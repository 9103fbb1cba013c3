//! `anvil config`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Read and change the user's configuration
///
/// Without a command it lists what is set and where it comes from. Secrets are never shown.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  anvil config
  anvil config path"
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What is done with the configuration.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List what is set and where it comes from
    List(ListArgs),
    /// Print one value
    Get(GetArgs),
    /// Set a value
    Set(SetArgs),
    /// Take a value out
    Unset(UnsetArgs),
    /// Print where the configuration file is
    Path,
}

/// The arguments of `anvil config list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil config get`.
#[derive(Debug, clap::Args)]
pub struct GetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// The arguments of `anvil config set`.
#[derive(Debug, clap::Args)]
pub struct SetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,

    /// The value
    #[arg(value_name = "VALUE")]
    pub value: String,
}

/// The arguments of `anvil config unset`.
#[derive(Debug, clap::Args)]
pub struct UnsetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
