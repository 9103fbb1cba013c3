//! `anvil why`.

use super::args::FormatOption;
use super::{Outcome, Session, words};
use crate::commands::why;
use crate::error::{Hint, Result};
use crate::lockfile::Lockfile;
use crate::name::SetName;
use crate::resolver::graph::{Branch, By, Graph, Why};
use serde_json::{Value, json};

/// Say why a set is there
///
/// Shows the shortest paths from this project to the set, with the requirements on the way, and a path for each set
/// that needs it itself and for each member of the workspace that needs it at all. Reads the lock alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil why core/tone")]
pub struct Args {
    /// The set
    #[arg(value_name = "PROJECT/SET")]
    pub set: SetName,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = why::run(&session.context(), &args.set)?;
    words::warn_of_stale(session, &report.stale);
    let why = Graph::of(&report.lock).why(&args.set, why::MOST_WAYS);
    let set = report.lock.set(&args.set).expect("the use case refuses what the lock does not hold");
    let value = json!({
        "name": set.name,
        "version": set.version,
        "source": set.source.to_string(),
        "prompts": report.prompts.get(&set.name),
        "paths": why.paths.iter().map(|path| path.iter().map(|step| step_json(step, &report.lock)).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "more": why.more,
    });
    let prompts = report.prompts.get(&set.name).map(|count| format!(", {}", words::count(*count, "prompt")));
    session.answer(args.format.format, &value, || {
        format!("{} {}{}\n{}", set.name, set.version, prompts.unwrap_or_default(), text(&why, &report.lock))
    })?;
    if why.more {
        session.help(&Hint::run("see all that need it", format!("anvil tree --invert {}", set.name)));
    }
    Ok(Outcome::Done)
}

fn step_json(step: &Branch<'_>, lock: &Lockfile) -> Value {
    let by = match &step.by {
        By::Project(_) => Value::Null,
        By::Set(set, _) => json!({ "name": set.name, "version": set.version }),
    };
    let member = match &step.by {
        By::Project(requirement) => Some(&requirement.member),
        By::Set(..) => None,
    };
    json!({
        "by": by,
        "member": member,
        "needs": step.name,
        "requirement": requirement(step),
        "overridden": lock.overrides_set(step.name),
    })
}

fn requirement(step: &Branch<'_>) -> String {
    match &step.by {
        By::Project(requirement) => requirement.source.to_string(),
        By::Set(_, requirement) => requirement.0.to_string(),
    }
}

fn text(why: &Why<'_>, lock: &Lockfile) -> String {
    if why.paths.is_empty() {
        return "  nothing needs it\n".to_owned();
    }
    let step = |step: &Branch<'_>| {
        let by = match &step.by {
            By::Project(requirement) => words::manifest_of(&requirement.member),
            By::Set(set, _) => format!("{} {}", set.name, set.version),
        };
        format!("  {by} needs {} {}\n", step.name, words::asked(lock, step.name, &requirement(step)))
    };
    let path = |path: &Vec<Branch<'_>>| path.iter().map(step).collect::<String>();
    let mut text = why.paths.iter().map(path).collect::<Vec<_>>().join("  or\n");
    if why.more {
        text.push_str("  and there are more ways\n");
    }
    text
}
