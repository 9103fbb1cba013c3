//! `anvil new`.

use super::args::name;
use super::{Outcome, Session};
use crate::commands::new::{self, Request};
use crate::error::{Result, shell_word};
use crate::name::PromptName;
use crate::prompt::PromptKind;
use clap::ValueEnum;

/// Make a prompt
///
/// Writes a prompt file to begin with, where the manifest keeps its prompts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil new welcome
  anvil new emails/reminder --kind text")]
pub struct Args {
    /// The prompt's name
    #[arg(value_name = "NAME", value_parser = name::<PromptName>)]
    pub prompt: PromptName,

    /// What the prompt gives
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub kind: Kind,

    /// One line about the prompt
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What a prompt gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Messages with roles
    #[default]
    Chat,
    /// One text
    Text,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let kind = match args.kind {
        Kind::Chat => PromptKind::Chat,
        Kind::Text => PromptKind::Text,
    };
    let request = Request { name: args.prompt, kind, description: args.description };
    let plan = new::plan(&session.context(), &request)?;
    if args.dry_run {
        session.changed(&format!("would write {}", plan.path))?;
        return Ok(Outcome::Done);
    }
    plan.carry_out()?;
    session.changed(&format!("wrote {}", plan.path))?;
    let reference = shell_word(&plan.reference(session.directory()));
    session.next(&format!("anvil render {reference} -p {}=…", plan.parameter));
    Ok(Outcome::Done)
}
