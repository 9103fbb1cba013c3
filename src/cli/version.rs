//! `anvil version`.

use super::args::FormatOption;
use super::output::clean_line;
use super::{Outcome, Session, words};
use crate::commands::compat::InterfaceChanges;
use crate::commands::version::{self, Plan, Request, Step};
use crate::compat::Change;
use crate::error::Result;
use crate::version::{Bump, Target, Version};
use serde_json::json;

/// Raise the version, commit and tag it
///
/// Writes the version into anvil.toml, commits that file and makes an annotated tag. `auto` takes the
/// smallest version that owns up to what changed since the last release, as `anvil compat` tells it; the
/// first one is the one that anvil.toml says. Without TARGET it prints the version. A run that was interrupted is completed by the next.
/// No git hooks run, and nothing is signed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil version auto
  anvil version minor
  anvil version 2.0.0-rc.1")]
pub struct Args {
    /// auto, major, minor, patch, or the version itself
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
    let is_auto = target == Target::Auto;
    let request = Request { target, message: args.message };
    if args.dry_run {
        let plan = version::plan(&context, &request)?;
        let value = json!({
            "dry_run": true, "name": plan.set, "from": plan.from, "version": plan.version, "tag": plan.tag,
            "commit": null, "outcome": plan.step, "interface": plan.interface, "warnings": plan.warnings,
        });
        session.done(args.format.format, &value, || {
            planned(&plan, is_auto) + &changes(plan.interface.as_ref(), is_auto)
        })?;
        warn(session, &plan.version, plan.interface.as_ref());
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
                format!(
                    "nothing to {}: {name} {version} is {tag} ({commit}), and nothing has changed since\n",
                    nothing(is_auto)
                )
            }
            Step::Tag => format!("tagged {name} {version} as {tag} ({commit}), which anvil.toml said already\n"),
            Step::CommitAndTag => {
                format!("raised {name} {} -> {version}, committed and tagged as {tag} ({commit})\n", report.from)
            }
        };
        done + &changes(report.interface.as_ref(), is_auto)
    })?;
    warn(session, &report.version, report.interface.as_ref());
    session.diagnostics(&report.unchecked);
    words::warn_of_lint(session, report.warnings);
    if report.is_unsigned {
        words::note_unsigned(session);
    }
    match report.interface.as_ref().and_then(|interface| interface.understated) {
        _ if report.outcome == Step::Nothing => {}
        Some(bump) if report.version.pre.is_empty() => session.next(&format!("anvil version {bump}")),
        _ => words::next_push(session),
    }
    Ok(Outcome::Done)
}

/// What there is nothing of.
fn nothing(is_auto: bool) -> &'static str {
    if is_auto { "release" } else { "do" }
}

/// Returns what users will meet, a line each; of a version that was chosen by it, why.
fn changes(interface: Option<&InterfaceChanges>, is_auto: bool) -> String {
    let Some(interface) = interface else { return String::new() };
    let lines = |changes: Vec<&Change>| -> String {
        changes.iter().map(|change| format!("  {}\n", clean_line(&change.to_string()))).collect()
    };
    if let (true, Some(bump)) = (is_auto, interface.bump) {
        return format!("what changed since {} is {bump}:\n{}", interface.since, lines(interface.gravest().collect()));
    }
    let told: Vec<&Change> = interface.changes.iter().filter(|change| change.bump() > Bump::Patch).collect();
    if told.is_empty() {
        String::new()
    } else {
        format!("changed for its users since {}:\n{}", interface.since, lines(told))
    }
}

/// Warns of a version that promises more than it keeps, and of what is not known.
fn warn(session: &Session, version: &Version, interface: Option<&InterfaceChanges>) {
    let Some(interface) = interface else { return };
    words::note_passed_over(session, Some(&interface.since), &interface.passed_over);
    if let (Some(needed), Some(bump)) = (interface.bump, interface.understated) {
        let push = match (interface.is_yanked, version.pre.is_empty()) {
            (true, _) => "compares with what is not yanked, and marks what breaks those who have this one".to_owned(),
            (false, true) => "takes no less".to_owned(),
            (false, false) => {
                let finished = Bump::Patch.apply(version);
                format!("takes this pre-release, but not {finished} with the same change")
            }
        };
        session.warn(&format!(
            "the change since {} is {needed}: `anvil version {bump}` says so, and `anvil push` {push}",
            interface.since
        ));
    }
    words::warn_of_changes(session, &interface.changes);
    words::warn_of_idle_accepts(session, &interface.idle_accepts);
    words::warn_of_not_checked(session, &interface.not_checked);
}

fn planned(plan: &Plan, is_auto: bool) -> String {
    let (name, version, tag) = (&plan.set, &plan.version, &plan.tag);
    match plan.step {
        Step::Nothing => {
            let what = nothing(is_auto);
            format!("nothing to {what}: {name} {version} is {tag}, and nothing has changed since\n")
        }
        Step::Tag => format!("would tag {name} {version} as {tag}, which anvil.toml says already\n"),
        Step::CommitAndTag => format!("would raise {name} {} -> {version}, commit and tag as {tag}\n", plan.from),
    }
}
