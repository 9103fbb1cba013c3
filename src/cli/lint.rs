//! `anvil lint`.

use super::args::{Format, FormatOption};
use super::session::Verbosity;
use super::{Outcome, Session, words};
use crate::commands::lint::{self, Report, Request};
use crate::error::{Diagnostic, Hint, Result};
use crate::prompt::lint::tally;
use serde_json::json;
use std::path::PathBuf;

/// Check the manifest, front matter and templates
///
/// Reports every error at once, at most 20 a file. Warnings do not fail. With files it checks
/// these, which need not lie in a project.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil lint
  anvil lint prompts/refund.prompt.md")]
pub struct Args {
    /// Prompt files or manifests [default: the whole set]
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let request = if args.files.is_empty() { Request::Project } else { Request::Files(args.files) };
    let found = lint::run(&session.context(), &request)?;
    let (errors, warnings) = tally(&found.findings);
    match args.format.format {
        Format::Json => session.json(&json!({
            "ok": errors == 0,
            "checked": { "prompts": found.prompts, "manifests": found.manifests },
            "errors": errors,
            "warnings": warnings,
            "findings": found.findings.iter().map(|found| session.reporter().finding_json(found)).collect::<Vec<_>>(),
        }))?,
        // The findings are the answer, not something beside it.
        Format::Text => {
            let quiet = session.verbosity() == Verbosity::Quiet;
            let shown: Vec<Diagnostic> =
                found.findings.iter().filter(|found| found.is_error() || !quiet).cloned().collect();
            if !shown.is_empty() {
                session.line(&session.reporter().diagnostics(&shown))?;
            }
            session.changed(&summary(&found, errors, warnings))?;
            let first = found.findings.iter().find(|found| found.is_error());
            if let Some(first) = first {
                session.help(&Hint::run("read about an error by its code", format!("anvil explain {}", first.code)));
            } else if let Some(prompt) = &found.prompt {
                session.next(&format!("anvil render {prompt}"));
            }
        }
    }
    Ok(if errors == 0 { Outcome::Done } else { Outcome::No })
}

fn summary(found: &Report, errors: usize, warnings: usize) -> String {
    let checked = match (found.prompts, found.manifests) {
        (0, manifests) if manifests > 0 => words::count(manifests, "manifest"),
        (prompts, _) => words::count(prompts, "prompt"),
    };
    let number = |number: usize, noun: &str| match number {
        0 => format!("no {noun}s"),
        number => words::count(number, noun),
    };
    let mut summary = format!("{checked} checked: {}", number(errors, "error"));
    if warnings > 0 || errors > 0 {
        summary.push_str(&format!(", {}", number(warnings, "warning")));
    }
    summary
}
