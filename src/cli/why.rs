//! `anvil why`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;

/// Say why a set is there
///
/// Shows every path from this project to the set, with the requirements on the way. Reads the lock
/// alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The set
    #[arg(value_name = "PROJECT/SET")]
    pub set: SetName,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
