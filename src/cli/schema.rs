//! `anvil schema`.

use super::{Outcome, Session};
use crate::error::Result;
use clap::ValueEnum;

/// Print a JSON Schema, for editors
///
/// The schema of prompts is that of their front matter.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil schema manifest > anvil.schema.json")]
pub struct Args {
    /// What the schema is of
    #[arg(value_enum, value_name = "KIND")]
    pub kind: Kind,
}

/// A file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The front matter of a prompt
    Prompt,
    /// anvil.toml
    Manifest,
    /// anvil.lock
    Lock,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let schema = match args.kind {
        Kind::Prompt => crate::prompt::SCHEMA,
        Kind::Manifest => crate::manifest::SCHEMA,
        Kind::Lock => crate::lockfile::SCHEMA,
    };
    session.line(schema.trim_end())?;
    Ok(Outcome::Done)
}
