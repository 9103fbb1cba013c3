//! `anvil lint`.

use super::args::{Format, FormatOption};
use super::session::Verbosity;
use super::{Outcome, Session, words};
use crate::commands::lint::{self, Fix, Mending, Report, Request};
use crate::commands::render;
use crate::error::{Diagnostic, Hint, Result};
use crate::prompt::lint::tally;
use serde_json::json;
use std::path::PathBuf;

/// Check the manifest, front matter and templates
///
/// Reports every error at once, at most 20 a file. Warnings do not fail. With files it checks
/// these, which need not lie in a project.
///
/// `--fix` declares what a template reads and its front matter does not declare, as far as it can be
/// inferred, and writes LF line ends. It removes nothing, leaves all else as it is, and says what it
/// could not tell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil lint
  anvil lint prompts/refund.prompt.md
  anvil lint --fix --dry-run")]
pub struct Args {
    /// Prompt files or manifests [default: the whole set]
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// Declare what is used, and write LF line ends
    #[arg(long)]
    pub fix: bool,

    /// With --fix: print what would be written, and write nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let request = if args.files.is_empty() { Request::Project } else { Request::Files(args.files) };
    let mending = match (args.fix, args.dry_run) {
        (false, _) => Mending::None,
        (true, false) => Mending::Write,
        (true, true) => Mending::Plan,
    };
    let found = lint::run(&session.context(), &request, mending)?;
    let (errors, warnings) = tally(&found.findings);
    match args.format.format {
        Format::Json => {
            let findings = found.findings.iter().map(|found| session.reporter().finding_json(found));
            let mut answer = json!({
                "ok": errors == 0,
                "checked": { "prompts": found.prompts, "manifests": found.manifests },
                "errors": errors,
                "warnings": warnings,
                "findings": findings.collect::<Vec<_>>(),
            });
            if mending != Mending::None {
                let fix = |fix: &Fix| json!({ "file": fix.file, "done": fix.done, "patch": fix.patch });
                let left = |fix: &Fix| json!({ "file": fix.file, "left": fix.left });
                let changed: Vec<&Fix> = found.fixes.iter().filter(|fix| fix.is_change()).collect();
                answer["outcome"] = json!(if changed.is_empty() { "unchanged" } else { "changed" });
                answer["dry_run"] = json!(mending == Mending::Plan);
                answer["fixed"] = changed.into_iter().map(fix).collect();
                answer["left"] = found.fixes.iter().filter(|fix| !fix.left.is_empty()).map(left).collect();
            }
            session.json(&answer)?;
        }
        // The findings are the answer, not something beside it.
        Format::Text => {
            tell_fixes(session, &found.fixes, mending)?;
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
                session.next(&format!("anvil render {}{}", prompt.name(), render::flags(prompt)));
            }
        }
    }
    Ok(if errors == 0 { Outcome::Done } else { Outcome::No })
}

/// Says what was fixed, or shows what would be.
fn tell_fixes(session: &Session, fixes: &[Fix], mending: Mending) -> Result<()> {
    if mending == Mending::None {
        return Ok(());
    }
    for fix in fixes {
        match mending {
            // A program such as `git apply` needs the bytes themselves.
            Mending::Plan if session.is_read_by_a_person() => session.document(&visible(&fix.patch))?,
            Mending::Plan => session.document(&fix.patch)?,
            _ => fix.done.iter().try_for_each(|done| session.changed(&format!("{}: {done}", fix.file)))?,
        }
        fix.left.iter().try_for_each(|left| session.changed(&format!("{}: left: {left}", fix.file)))?;
    }
    let changed = || fixes.iter().filter(|fix| fix.is_change());
    let findings = words::count(changed().map(|fix| fix.done.len()).sum(), "finding");
    let files = words::count(changed().count(), "file");
    session.changed(&match (mending, changed().count()) {
        (_, 0) if fixes.is_empty() => "nothing to fix".to_owned(),
        (_, 0) => "nothing that could be fixed".to_owned(),
        (Mending::Plan, _) => format!("would fix {findings} in {files}"),
        _ => format!("fixed {findings} in {files}"),
    })
}

/// Returns a patch for people: of line ends and a byte order mark one would see nothing.
fn visible(patch: &str) -> String {
    patch.replace('\r', "\\r").replace('\u{feff}', "\\u{feff}")
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
