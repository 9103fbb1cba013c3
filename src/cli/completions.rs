//! `anvil completions`.

use super::{Outcome, Session, args};
use crate::error::Result;
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil completions bash > ~/.local/share/bash-completion/completions/anvil
  anvil completions zsh > ~/.zfunc/_anvil
  anvil completions fish > ~/.config/fish/completions/anvil.fish")]
pub struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "anvil", &mut script);
    session.document(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
