//! `anvil rollback`.

use super::args::FormatOption;
use super::errors::CliError;
use super::{Outcome, Session, output, update, words};
use crate::commands::rollback::{self, FileChange, FileStep, Plan, Report, Request};
use crate::commands::version::Step;
use crate::compat::{Change, Summary};
use crate::error::{Hint, Result};
use crate::name::SetName;
use crate::version::{Version, parse_version};
use serde_json::json;
use std::str::FromStr;

/// Bring the content of an earlier version back
///
/// With a version: its content, the manifest but for [registries] included, becomes a new version of this
/// set, committed and tagged; history only grows. A run that was interrupted is completed by the next. No git hooks run,
/// and nothing is signed. With the name of a locked set: the same as `anvil update PROJECT/SET --previous`, which goes back to the version that
/// the lock held before (of a set from git: to the commit), and with each run one further.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil rollback 1.4.2
  anvil rollback 1.4.2 --as 2.0.0
  anvil rollback core/tone")]
pub struct Args {
    /// A version of this set, or a locked set
    #[arg(value_name = "VERSION|PROJECT/SET")]
    pub target: Target,

    /// The new version [default: the smallest that the change of the interface allows]
    #[arg(long = "as", value_name = "VERSION", value_parser = parse_version)]
    pub new_version: Option<Version>,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This set, to the content of an earlier version.
    Version(Version),
    /// A locked set, to the version that the lock held before.
    Locked(SetName),
}

impl FromStr for Target {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        // A version holds no `/`, a set's name does.
        if text.contains('/') {
            return Ok(Target::Locked(text.parse()?));
        }
        Ok(Target::Version(parse_version(text)?))
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let format = args.format.format;
    let version = match args.target {
        Target::Version(version) => version,
        Target::Locked(_) if args.new_version.is_some() => {
            return Err(CliError::Contradiction("`--as` names a new version of this set, not of a locked one").into());
        }
        Target::Locked(name) => return update::to_previous("rollback", &name, args.dry_run, format, session),
    };
    let (context, request) = (session.context(), Request { version, new_version: args.new_version });
    if args.dry_run {
        let plan = rollback::plan(&context, &request)?;
        warn(session, &plan.new_version, plan.honest.as_ref());
        let value = json!({
            "dry_run": true, "name": plan.set, "content_of": plan.version, "from": plan.from,
            "version": plan.new_version, "tag": plan.tag, "commit": null, "outcome": plan.step,
            "files": plan.files, "interface": Summary::of(&plan.interface),
        });
        session.done(format, &value, || planned(&plan))?;
        return Ok(Outcome::Done);
    }
    let report = rollback::run(&context, &request)?;
    warn(session, &report.version, report.honest.as_ref());
    let mut value = json!(report);
    value["dry_run"] = json!(false);
    value["interface"] = json!(Summary::of(&report.interface));
    session.done(format, &value, || done(&report))?;
    if report.dependencies_changed {
        session.help(&Hint::run("the dependencies are those of then; make the lock answer them", "anvil lock"));
    }
    if report.is_unsigned {
        words::note_unsigned(session);
    }
    match &report.honest {
        _ if report.outcome == Step::Nothing => {}
        Some(honest) => session.next(&format!("anvil version {honest}")),
        None => words::next_push(session),
    }
    Ok(Outcome::Done)
}

/// Warns of a version that promises more than it keeps.
fn warn(session: &Session, version: &Version, honest: Option<&Version>) {
    if let Some(honest) = honest {
        session.warn(&format!("the interface changes by more than {version} says: {honest} would own up to it"));
    }
}

fn planned(plan: &Plan) -> String {
    let (name, back, version, tag) = (&plan.set, &plan.version, &plan.new_version, &plan.tag);
    match plan.step {
        Step::Nothing => nothing(name, back, version),
        Step::Tag => format!("would tag {name} {version}, which holds the content of {back}, as {tag}\n"),
        Step::CommitAndTag => {
            let headline = format!("would bring the content of {name} {back} back as {version}\n");
            headline + &details(&plan.files, &plan.interface) + &format!("would commit and tag as {tag}\n")
        }
    }
}

fn done(report: &Report) -> String {
    let (name, back, version, tag) = (&report.name, &report.content_of, &report.version, &report.tag);
    let commit = report.commit.short();
    match report.outcome {
        Step::Nothing => nothing(name, back, version),
        Step::Tag => format!("tagged {name} {version}, which holds the content of {back}, as {tag} ({commit})\n"),
        Step::CommitAndTag => {
            details(&report.files, &report.interface)
                + &format!(
                    "brought the content of {name} {back} back as {version}, committed and tagged as {tag} ({commit})\n"
                )
        }
    }
}

fn nothing(name: &SetName, back: &Version, version: &Version) -> String {
    if back == version {
        return format!("nothing to do: {name} {version} is what HEAD holds\n");
    }
    format!("nothing to do: {name} {version} holds the content of {back} already\n")
}

fn details(files: &[FileStep], interface: &[Change]) -> String {
    let word = |change: FileChange| match change {
        FileChange::Added => "back   ",
        FileChange::Changed => "changed",
        FileChange::Removed => "removed",
    };
    let files = files.iter().map(|step| format!("  {} {}\n", word(step.change), output::clean_line(&step.path)));
    let changes = interface.iter().map(|change| format!("  interface: {}\n", output::clean_line(&change.to_string())));
    files.chain(changes).collect()
}
