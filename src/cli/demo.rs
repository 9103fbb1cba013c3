//! `anvil demo`.

use super::{Outcome, Session};
use crate::error::Result;
use std::path::PathBuf;

/// Set up a playground and run the main job in it
///
/// Makes a folder with a registry, two prompt sets with history and an application, runs the whole
/// job there, printing each command and what it answered, and leaves the folder for playing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; it must be empty or not there [default: a new temporary one]
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
