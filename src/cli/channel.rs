//! `anvil channel`.

use super::args::{FormatOption, PublishedVersion, RegistryReference};
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::{ChannelName, SetName};

/// Name versions, as in `stable`
///
/// A channel is a movable name for a version on a registry. `project/set@stable` asks for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil channel set stable 2.1.0
  anvil channel list support/onboarding")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with channels.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a channel name a version
    Set(SetArgs),
    /// List the channels of a set
    List(ListArgs),
}

/// The arguments of `anvil channel set`.
#[derive(Debug, clap::Args)]
pub struct SetArgs {
    /// The channel
    #[arg(value_name = "CHANNEL")]
    pub channel: ChannelName,

    /// The version, of this set or of the one that is named
    #[arg(value_name = "[PROJECT/SET@]VERSION")]
    pub version: PublishedVersion,

    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The arguments of `anvil channel list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// The set [default: this one]
    #[arg(value_name = "PROJECT/SET")]
    pub set: Option<SetName>,

    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
