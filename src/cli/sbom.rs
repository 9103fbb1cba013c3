//! `anvil sbom`.

use super::output::clean_line;
use super::{CliError, Outcome, Session, words};
use crate::commands::sbom::{self, Form, Request};
use crate::error::{Hint, Result};
use std::path::PathBuf;

/// Write a bill of materials from the lock
///
/// Lists this project and every set of anvil.lock that it needs, with checksums, sources, what needs what, and
/// what is known of licences. In a workspace, the project is the member that it runs in or that `--set` names; in a
/// root that is no set it is the whole workspace, with its members. Uses no network; the same lock gives the same
/// bytes. The time in it is that of SOURCE_DATE_EPOCH, else of the commit that is checked out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil sbom --output sbom.cdx.json
  anvil sbom --format spdx --output sbom.spdx.json")]
pub struct Args {
    /// The form: cyclonedx (1.6) or spdx (2.3), both JSON
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: FormatChoice,

    /// The file to write [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// What to call a project that is no set [default: what its repository is called at git's remote `origin`, else its folder]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// The form of a bill of materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatChoice {
    /// CycloneDX 1.6
    #[default]
    #[value(name = "cyclonedx")]
    CycloneDx,
    /// SPDX 2.3
    Spdx,
}

/// The variable of the reproducible-builds specification.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let form = match args.format {
        FormatChoice::CycloneDx => Form::CycloneDx,
        FormatChoice::Spdx => Form::Spdx,
    };
    let request = Request { form, name: args.name, time: epoch()?, output: args.output };
    let report = sbom::run(&session.context(), &request)?;
    match &report.written {
        None => session.document(&report.text)?,
        Some((path, changed)) => {
            let file = clean_line(&session.context().shown(path));
            let sets = words::count(report.sets, "set");
            session.changed(&match changed {
                true => format!("wrote {file} ({sets})"),
                false => format!("{file} is up to date ({sets})"),
            })?;
        }
    }
    if report.unread > 0 {
        let (sets, are) = (words::count(report.unread, "set"), if report.unread == 1 { "is" } else { "are" });
        session.note(&format!("{sets} {are} not on this machine, so that nothing is told of licences"));
        session.help(&Hint::run("fetch what is locked", "anvil pull --locked"));
    }
    Ok(Outcome::Done)
}

fn epoch() -> Result<Option<i64>> {
    let Some(value) = std::env::var_os(EPOCH).filter(|value| !value.is_empty()) else { return Ok(None) };
    let value = value.to_string_lossy().into_owned();
    match value.parse::<u32>() {
        Ok(seconds) => Ok(Some(seconds.into())),
        Err(_) => {
            let expected = "a number of seconds since 1970";
            Err(CliError::Variable { name: EPOCH, value, expected }.into())
        }
    }
}
