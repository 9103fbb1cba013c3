//! `anvil add`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::address::Address;
use crate::error::Result;
use crate::name::RegistryName;

/// Add a dependency
///
/// Writes it into anvil.toml, resolves, and pulls. Without a requirement it takes the newest version
/// and writes a caret requirement, as in `^1.4.2`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil add core/tone
  anvil add core/tone@^1.2 legal/disclaimers
  anvil add lab/ideas --git https://example.com/lab.git --tag v0.3.0
  anvil add team/shared --path ../shared")]
pub struct Args {
    /// The sets to add, as project/set or project/set@requirement
    #[arg(value_name = "SET", required = true)]
    pub sets: Vec<Address>,

    /// The registry to take them from, by its name in anvil.toml
    #[arg(long, value_name = "NAME", conflicts_with_all = ["git", "path"])]
    pub registry: Option<RegistryName>,

    /// A git repository to take the set from
    #[arg(long, value_name = "URL", conflicts_with = "path")]
    pub git: Option<String>,

    /// A tag of the git repository
    #[arg(long, value_name = "TAG", requires = "git", conflicts_with_all = ["branch", "rev"])]
    pub tag: Option<String>,

    /// A branch of the git repository
    #[arg(long, value_name = "BRANCH", requires = "git", conflicts_with = "rev")]
    pub branch: Option<String>,

    /// A commit of the git repository
    #[arg(long, value_name = "COMMIT", requires = "git")]
    pub rev: Option<String>,

    /// The set's folder in the git repository
    #[arg(long, value_name = "FOLDER", requires = "git")]
    pub subdirectory: Option<String>,

    /// A folder to take the set from
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub path: Option<String>,

    /// Say what would change, and change nothing
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
