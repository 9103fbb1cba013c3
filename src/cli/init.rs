//! `anvil init`.

use super::{Outcome, Session};
use crate::error::Result;
use crate::name::SetName;
use std::path::PathBuf;

/// Make a prompt set, or an application that uses some
///
/// Writes anvil.toml, a folder for prompts, .gitignore and .gitattributes into DIR, and makes a git
/// repository there unless it lies in one. What is there already is kept. Asks for what it needs to
/// know when it runs on a terminal.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil init --name support/onboarding
  anvil init --name team/patterns --prompts 'patterns/*/system.md'
  anvil init --app --registry https://prompts.example.com/acme")]
pub struct Args {
    /// The folder [default: the current one]
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,

    /// The set's name
    #[arg(long, value_name = "PROJECT/SET", conflicts_with = "app")]
    pub name: Option<SetName>,

    /// One line about the set
    #[arg(long, value_name = "TEXT", conflicts_with = "app")]
    pub description: Option<String>,

    /// The set's licence, an SPDX expression
    #[arg(long, value_name = "SPDX", conflicts_with = "app")]
    pub license: Option<String>,

    /// Where the prompts are, for prompts that are there already; may be given more than once
    #[arg(long, value_name = "GLOB", conflicts_with = "app")]
    pub prompts: Vec<String>,

    /// Make an application, which uses sets and publishes none
    #[arg(long)]
    pub app: bool,

    /// The default registry: a folder or a URL
    #[arg(long, value_name = "LOCATION")]
    pub registry: Option<String>,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}
