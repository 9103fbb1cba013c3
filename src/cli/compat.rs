//! `anvil compat`.

use super::args::FormatOption;
use super::diff::Sides;
use super::output::{self, BAD, FAINT};
use super::words;
use super::{CliError, Outcome, Session};
use crate::commands::compat::{self, Report, Request};
use crate::commands::diff::SideName;
use crate::commands::registries::RegistryReference;
use crate::compat::{Change, Outcome as Tried, Trial};
use crate::error::{Hint, Result};
use crate::version::Bump;
use anstyle::Style;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Say what changed for users, and the version that it needs
///
/// A and B are each a version, a git revision, `project/set@version` from a registry, or `.` for the
/// working tree. Without B the working tree is compared, without A too the nearest release behind HEAD
/// with the working tree; one that `anvil push` would refuse for what it changes is passed over. `A..B` is
/// read as git does.
///
/// Declarations are compared by the rules of docs/compat.md. Beside that both sides render parameters
/// at the edges of what the old one takes and 256 sets more: what rendered before must render now. A
/// prompt of which that cannot be tried is told as not checked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil compat
  anvil compat 1.2.0
  anvil compat 1.2.0 main --exit-code
  anvil compat core/tone@1.4.2 core/tone@2.0.0")]
pub struct Args {
    /// The old side [default: the nearest release behind HEAD]
    #[arg(value_name = "A", value_parser = super::diff::parse_boxed_sides)]
    pub old: Option<Box<Sides>>,

    /// The new side [default: the working tree; of another set, its locked version]
    #[arg(value_name = "B")]
    pub new: Option<SideName>,

    /// Exit with 1 when a change is major, or a prompt could not be checked
    ///
    /// Before the first release nobody can be broken, so that is 0.
    ///
    /// An error may exit with 1, too: it leaves stdout empty and says `error[CODE]` on stderr.
    #[arg(long)]
    pub exit_code: bool,

    /// The registry of `project/set@version`: its name in anvil.toml, a folder or a URL
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let (old, new) = match args.old.map(|sides| *sides) {
        Some(Sides::Both(..)) if args.new.is_some() => {
            return Err(CliError::Contradiction("`A..B` names both sides, and B names one more").into());
        }
        Some(Sides::Both(old, new)) => (Some(old), Some(new)),
        Some(Sides::Old(old)) => (Some(old), args.new),
        None => (None, None),
    };
    let report = compat::run(&session.context(), &Request { old, new, registry: args.registry })?;
    session.answer(args.format.format, &report, || text(&report, session.room()))?;
    words::note_passed_over(session, report.from.as_ref(), &report.passed_over);
    words::warn_of_changes(session, &report.changes);
    words::warn_of_idle_accepts(session, &report.idle_accepts);
    if let Some(unfetched) = &report.unfetched {
        session.warn(&format!("the registry has {} {unfetched}, and no tag here is as high", report.name));
        session.help(&Hint::run("fetch the tags", "git fetch --tags"));
    } else if report.old.is_none() {
        session.help(&Hint::run("make it", "anvil version auto"));
        report.lack.iter().for_each(|lack| session.help(&lack.hint()));
    }
    Ok(if args.exit_code && !report.is_harmless() { Outcome::No } else { Outcome::Done })
}

/// `room` is the width of the terminal, if the answer goes to one.
fn text(report: &Report, room: Option<usize>) -> String {
    let Report { name, old, new, .. } = report;
    let mut text = String::new();
    let (Some(old), Some(from)) = (old, &report.from) else {
        let first = report.needed.iter().map(|first| format!(", and its first one is {first}")).collect::<String>();
        return format!("nothing to compare with: {name} has no release behind HEAD{first}\n");
    };
    for change in &report.changes {
        change_lines(&mut text, change, room);
    }
    let trials = |wanted: &dyn Fn(&Tried) -> bool| report.trials.iter().filter(|trial| wanted(&trial.outcome)).count();
    let sets = report.trials.iter().map(|trial| if let Tried::Tried { sets, .. } = trial.outcome { sets } else { 0 });
    if let tried @ 1.. = trials(&|outcome| matches!(outcome, Tried::Tried { .. })) {
        let (prompts, sets) = (words::count(tried, "prompt"), words::count(sets.sum(), "set"));
        let _ = writeln!(text, "tried: {prompts} with {sets} of parameters");
    }
    for Trial { prompt, outcome } in &report.trials {
        if let Tried::NotChecked { why } = outcome {
            let _ = writeln!(text, "{BAD}not checked{BAD:#}: {prompt}: {}", output::clean_line(why));
        }
    }
    let last = report.passed_over.first().unwrap_or(from);
    let _ = match (&report.needed, report.bump) {
        (Some(needed), Some(bump)) => {
            writeln!(text, "{name} from {old} to {new}: {bump}, so the version after {last} is {needed}")
        }
        _ => writeln!(text, "nothing to release: {name} in {new} is as in {old}"),
    };
    text
}

/// The fewest characters of parameters that are shown, however narrow the terminal.
const LEAST_SHOWN: usize = 100;

/// Returns `value` with what `segments`, those of a place, lead to before all else.
fn first_at(value: Value, segments: &[&str]) -> Value {
    let Some((segment, rest)) = segments.split_first() else { return value };
    match value {
        Value::Object(mut entries) => {
            let Some(inner) = entries.shift_remove(*segment) else { return Value::Object(entries) };
            let mut ordered = Map::from_iter([((*segment).to_owned(), first_at(inner, rest))]);
            ordered.extend(entries);
            Value::Object(ordered)
        }
        // The segment is an index, or none of them in particular.
        Value::Array(items) => items.into_iter().map(|item| first_at(item, rest)).collect(),
        value => value,
    }
}

/// Returns the segments of a place such as `list[].name`.
fn segments(place: &str) -> Vec<&str> {
    place.split(['.', '[']).collect()
}

fn change_lines(text: &mut String, change: &Change, room: Option<usize>) {
    let style = if change.bump() == Bump::Major { BAD } else { Style::new() };
    let _ = writeln!(text, "{style}{}{style:#}", output::clean_line(&change.to_string()));
    if let Some(witness) = &change.witness {
        let error = witness.error.lines().next().unwrap_or_default();
        // The errors of values begin with the place, in the form of the subject.
        let place = change.subject.as_deref().unwrap_or_else(|| error.split(':').next().unwrap_or_default());
        let parameters = Value::Object(witness.parameters.clone());
        let parameters = first_at(parameters, &segments(place)).to_string();
        // Down a pipe somebody may want to give them again; on a terminal what matters comes first.
        let most = room.map_or(usize::MAX, |width| width.max(LEAST_SHOWN));
        let cut: String = parameters.chars().take(most).collect();
        let more = if cut.len() < parameters.len() { "…" } else { "" };
        let (shown, error) = (output::clean_line(&cut), output::clean_line(error));
        let _ = match change.words.ends_with(&error) {
            true => writeln!(text, "  {FAINT}{shown}{more}{FAINT:#}"),
            false => writeln!(text, "  {FAINT}{shown}{more}{FAINT:#}: {error}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_change_is_about_comes_first() {
        let ordered = |value: Value, place: &str| first_at(value, &segments(place)).to_string();
        let value = json!({ "a": 1, "list": [{ "x": 1, "y": 2 }], "who": { "mail": "m", "name": "n" } });
        assert_eq!(
            ordered(value.clone(), "who.name"),
            r#"{"who":{"name":"n","mail":"m"},"a":1,"list":[{"x":1,"y":2}]}"#
        );
        assert_eq!(
            ordered(value.clone(), "list[].y"),
            r#"{"list":[{"y":2,"x":1}],"a":1,"who":{"mail":"m","name":"n"}}"#
        );
        assert_eq!(ordered(value.clone(), "cannot render"), value.to_string());
    }
}
