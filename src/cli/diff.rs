//! `anvil diff`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Compare two versions of the set
///
/// A and B are each a version, a git revision, or `project/set@version` from a registry. Without B
/// the working tree is compared, without A too the newest version with the working tree. The answer
/// begins with what changed in the interface and goes on as a patch that `git apply` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil diff
  anvil diff 1.2.0
  anvil diff 1.2.0 main --stat
  anvil diff core/tone@1.4.2 core/tone@2.0.0")]
pub struct Args {
    /// The old side [default: the newest version]
    #[arg(value_name = "A")]
    pub old: Option<String>,

    /// The new side [default: the working tree]
    #[arg(value_name = "B")]
    pub new: Option<String>,

    /// Show how much changed in each file instead of the text
    #[arg(long)]
    pub stat: bool,

    /// Show N lines around each change
    #[arg(short = 'U', long = "unified", value_name = "N", default_value_t = 3)]
    pub context: usize,

    /// Exit with 1 when there are differences
    #[arg(long)]
    pub exit_code: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
