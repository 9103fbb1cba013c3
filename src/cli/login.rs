//! `anvil login`.

use super::args::{FormatOption, RegistryReference};
use super::output::clean_line;
use super::{Outcome, Session};
use crate::commands::login::{self, LoginError, Report};
use crate::config::credentials::{Stored, open_config};
use crate::error::Result;
use crate::registry::publish::Changed;
use std::ffi::OsString;

/// Keep credentials for a registry
///
/// They are kept for the registry's host in your own configuration, which nobody else can read, and are
/// sent to that host alone. The registry is read with them first. Without an option it asks for a token on
/// the terminal. Where nothing is to be kept, as in CI, set the variable ANVIL_TOKEN_<HOST> instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil login https://prompts.example.com/acme
  anvil login https://prompts.example.com --token - < token.txt
  anvil login partner --user ada --password - < password.txt
  anvil login partner --helper \"git credential-store\"")]
pub struct Args {
    /// The registry: its URL, or what anvil.toml calls it [default: the project's default registry]
    #[arg(value_name = "URL|NAME")]
    pub registry: Option<RegistryReference>,

    /// Read a token from stdin, with `-`
    #[arg(long, value_name = "-", allow_hyphen_values = true, conflicts_with_all = ["user", "password", "helper"])]
    pub token: Option<String>,

    /// Keep a user name and a password
    #[arg(long, value_name = "NAME", conflicts_with = "helper")]
    pub user: Option<String>,

    /// Read the password from stdin, with `-`
    #[arg(long, value_name = "-", allow_hyphen_values = true, requires = "user")]
    pub password: Option<String>,

    /// Ask this program for credentials each time, as git asks its helpers
    #[arg(long, value_name = "COMMAND", value_hint = clap::ValueHint::CommandString)]
    pub helper: Option<String>,

    /// What stands behind the registry: somebody's secret, to be refused and not repeated.
    #[arg(hide = true, value_name = "SURPLUS")]
    pub surplus: Vec<String>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    for (flag, value) in [("--token", &args.token), ("--password", &args.password)] {
        if value.as_ref().is_some_and(|value| value != "-") {
            return Err(LoginError::OnCommandLine { flag }.into());
        }
    }
    if !args.surplus.is_empty() {
        return Err(LoginError::OnCommandLine { flag: "--token" }.into());
    }
    let context = session.context();
    // First, so that nobody is asked for a secret that goes nowhere.
    let registered = login::registry(&context, args.registry.as_ref())?;
    let file = open_config(&environment)?;
    let stored = secret(&args, &registered.origin.to_string(), session)?;
    let report = login::login(&context, &registered, stored, file)?;
    session.done(args.format.format, &report, || text(&report))?;
    tell(&report, session);
    Ok(Outcome::Done)
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn secret(args: &Args, origin: &str, session: &Session) -> Result<Stored> {
    if let Some(command) = &args.helper {
        return Ok(login::helper(command)?);
    }
    let what = |kind: &str| format!("the {kind} for {origin}");
    Ok(match (&args.user, &args.token, &args.password) {
        (Some(user), _, Some(_)) => login::password(user, &session.stdin()?)?,
        (Some(user), _, None) => login::password(user, &session.ask_secret(&what("password"), "--password -")?)?,
        (None, Some(_), _) => login::token(&session.stdin()?)?,
        (None, None, _) => login::token(&session.ask_secret(&what("token"), "--token -")?)?,
    })
}

fn text(report: &Report) -> String {
    let (origin, file) = (&report.origin, clean_line(&report.file.display().to_string()));
    let what = report.kind.unwrap_or("credential");
    match report.outcome {
        Changed::Yes => format!("stored the {what} for {origin} in {file}\n"),
        Changed::No => format!("the {what} for {origin} is in {file} already\n"),
    }
}

fn tell(report: &Report, session: &Session) {
    let what = report.kind.unwrap_or("credential");
    if !report.checked {
        session.note(&format!("the {what} was not checked, since the network may not be used"));
    }
    if report.needed == Some(false) {
        session.note(&format!(
            "the registry can be read without the {what}, too: whether it is the right one is not known"
        ));
    }
    if let Some(variable) = &report.variable {
        session.warn(&format!("`{variable}` is set in the environment and counts before the config"));
    }
}
