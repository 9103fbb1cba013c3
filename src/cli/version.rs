//! `anvil version`.

use super::args::FormatOption;
use super::output::clean_line;
use super::{Outcome, Session, words};
use crate::commands::version::{self, InterfaceChanges, Plan, Request, Step};
use crate::error::Result;
use crate::version::Target;
use serde_json::json;
use std::fmt::Write as _;

/// Raise the version, commit and tag it
///
/// Writes the version into anvil.toml, commits that file and makes an annotated tag. Without TARGET
/// it prints the version. A run that was interrupted is completed by the next. No git hooks run, and
/// nothing is signed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil version minor
  anvil version 2.0.0-rc.1")]
pub struct Args {
    /// major, minor, patch, or the version itself
    #[arg(value_name = "TARGET")]
    pub target: Option<Target>,

    /// The message of the tag and the commit
    #[arg(short, long, value_name = "TEXT", requires = "target")]
    pub message: Option<String>,

    /// Say what would be done, and do nothing
    #[arg(long, requires = "target")]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context();
    let Some(target) = args.target else {
        let current = version::current(&context)?;
        session.answer(args.format.format, &current, || format!("{}\n", current.version))?;
        return Ok(Outcome::Done);
    };
    let request = Request { target, message: args.message };
    if args.dry_run {
        let plan = version::plan(&context, &request)?;
        let value = json!({
            "dry_run": true, "name": plan.set, "from": plan.from, "version": plan.version, "tag": plan.tag,
            "commit": null, "outcome": plan.step, "interface": plan.interface, "warnings": plan.warnings,
        });
        session.done(args.format.format, &value, || planned(&plan) + &changes(plan.interface.as_ref()))?;
        warn(session, plan.interface.as_ref());
        session.diagnostics(&plan.unchecked);
        words::warn_of_lint(session, plan.warnings);
        return Ok(Outcome::Done);
    }
    let report = version::run(&context, &request)?;
    let mut value = json!(report);
    value["dry_run"] = json!(false);
    session.done(args.format.format, &value, || {
        let (name, version, tag, commit) = (&report.name, &report.version, &report.tag, report.commit.short());
        let done = match report.outcome {
            Step::Nothing => {
                format!("nothing to do: {name} {version} is {tag} ({commit}), and nothing has changed since\n")
            }
            Step::Tag => format!("tagged {name} {version} as {tag} ({commit}), which anvil.toml said already\n"),
            Step::CommitAndTag => {
                format!("raised {name} {} -> {version}, committed and tagged as {tag} ({commit})\n", report.from)
            }
        };
        done + &changes(report.interface.as_ref())
    })?;
    warn(session, report.interface.as_ref());
    session.diagnostics(&report.unchecked);
    words::warn_of_lint(session, report.warnings);
    if report.is_unsigned {
        words::note_unsigned(session);
    }
    if report.outcome != Step::Nothing {
        words::next_push(session);
    }
    Ok(Outcome::Done)
}

/// Returns what users will meet, a line each.
fn changes(interface: Option<&InterfaceChanges>) -> String {
    let Some(interface) = interface.filter(|interface| !interface.changes.is_empty()) else { return String::new() };
    let mut text = format!("changed for its users since {}:\n", interface.since);
    for change in &interface.changes {
        let _ = writeln!(text, "  {}", clean_line(&change.to_string()));
    }
    text
}

/// Warns of a version that promises more than it keeps.
fn warn(session: &Session, interface: Option<&InterfaceChanges>) {
    let Some(interface) = interface else { return };
    if let (Some(needed), Some(bump)) = (interface.bump, interface.understated) {
        session.warn(&format!("the change since {} is {needed}: `anvil version {bump}` says so", interface.since));
    }
}

fn planned(plan: &Plan) -> String {
    let (name, version, tag) = (&plan.set, &plan.version, &plan.tag);
    match plan.step {
        Step::Nothing => format!("nothing to do: {name} {version} is {tag}, and nothing has changed since\n"),
        Step::Tag => format!("would tag {name} {version} as {tag}, which anvil.toml says already\n"),
        Step::CommitAndTag => format!("would raise {name} {} -> {version}, commit and tag as {tag}\n", plan.from),
    }
}
