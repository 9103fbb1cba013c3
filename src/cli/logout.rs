//! `anvil logout`.

use super::args::{FormatOption, RegistryReference};
use super::output::clean_line;
use super::{Outcome, Session};
use crate::commands::login;
use crate::config::credentials::open_config;
use crate::error::Result;
use crate::registry::publish::Changed;
use serde_json::json;
use std::ffi::OsString;

/// Forget the credentials for a registry
///
/// Takes what `anvil login` kept for the registry's host out of your configuration. It does not make a token
/// worthless: whoever gave it can do that.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil logout https://prompts.example.com")]
pub struct Args {
    /// The registry: its URL, or what anvil.toml calls it [default: the project's default registry]
    #[arg(value_name = "URL|NAME")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let environment = |name: &str| -> Option<OsString> { std::env::var_os(name) };
    let report = login::logout(&session.context(), args.registry.as_ref(), open_config(&environment)?)?;
    let (origin, file) = (&report.origin, clean_line(&report.file.display().to_string()));
    let value = json!({ "origin": origin.to_string(), "file": report.file, "outcome": report.outcome });
    session.done(args.format.format, &value, || match report.outcome {
        Changed::Yes => format!("forgot the credentials for {origin} in {file}\n"),
        Changed::No => format!("there are no credentials for {origin} in {file}\n"),
    })?;
    if let Some(variable) = &report.variable {
        session.warn(&format!("`{variable}` is set in the environment, and is sent there still"));
    }
    Ok(Outcome::Done)
}
