//! `anvil verify`.

use super::args::Format;
use super::github::{Annotation, Level};
use super::junit::{self, Case};
use super::report::Reporter;
use super::{Outcome, Session, words};
use crate::commands::verify::{self, Report};
use crate::error::{Code, Diagnostic, Error, Result, Severity};
use crate::lockfile;
use crate::name::SetName;
use crate::prompt::lint::Misfit;
use crate::store::project::{Damage, State};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Check that nothing has moved, for CI
///
/// Uses no network. Checks that the lock answers the manifest, that every unpacked file matches its
/// checksum, and that what the prompts of each set render of others is there and takes what it is
/// given.
///
/// With `--env` the rules of that environment of anvil.toml are checked, too: in a `locked` one that the lock fixes the
/// content of every set, and in one with `review` that as many people have approved anvil.lock as it asks for.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil pull --locked && anvil verify
  anvil verify --env production --format github")]
pub struct Args {
    /// How the answer is written: text, json, github (workflow commands) or junit
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: VerifyFormat,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is stable
    Json,
    /// Workflow commands of GitHub, which shows them beside the files
    Github,
    /// The XML of JUnit
    Junit,
}

/// Something that is wrong.
struct Problem {
    severity: Severity,
    /// What it is about: a set, or a rule.
    subject: String,
    code: Code,
    message: String,
    /// Where, from the project's folder.
    file: String,
    line: usize,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = verify::run(&session.context()).inspect_err(|error| {
        let problems = of_error(error);
        // The error itself is told on stderr, whatever becomes of this.
        let _ = match args.format {
            VerifyFormat::Text | VerifyFormat::Json => Ok(()),
            VerifyFormat::Github => session.document(&commands(&problems, &verify::prefix(session.directory()))),
            VerifyFormat::Junit => session.document(&xml(&problems, &[])),
        };
    })?;
    let outcome = if report.holds() { Outcome::Done } else { Outcome::No };
    let format = match args.format {
        VerifyFormat::Text => Format::Text,
        VerifyFormat::Json => Format::Json,
        VerifyFormat::Github => {
            session.document(&commands(&problems(&report), &report.prefix))?;
            return Ok(outcome);
        }
        VerifyFormat::Junit => {
            let sets: Vec<String> = report.sets.iter().map(|set| format!("{} {}", set.name, set.version)).collect();
            session.document(&xml(&problems(&report), &sets))?;
            return Ok(outcome);
        }
    };
    let json = json(&report, session.reporter());
    if report.holds() {
        session.done(format, &json, || told(&report, session) + &text(&report))?;
        return Ok(Outcome::Done);
    }
    session.answer(format, &json, || {
        told(&report, session) + &findings(&report, session.reporter()) + &unfit(&report) + &text(&report)
    })?;
    if report.failed().next().is_some() {
        report.put_back.iter().for_each(|hint| session.help(hint));
    }
    report.hints.iter().for_each(|hint| session.help(hint));
    Ok(Outcome::No)
}

/// Returns what is told of the rules of an environment and of what is vendored, in words.
fn told(report: &Report, session: &Session) -> String {
    let found: Vec<Diagnostic> = report.told().cloned().collect();
    if found.is_empty() { String::new() } else { session.reporter().diagnostics(&found) + "\n" }
}

/// Returns what is wrong, one after the other, each with its place.
fn problems(report: &Report) -> Vec<Problem> {
    let mut problems: Vec<Problem> = report.problems.iter().map(|found| of_finding(found, "rules")).collect();
    problems.extend(report.vendored.iter().map(|found| of_finding(found, "vendored")));
    for set in &report.sets {
        let subject = format!("{} {}", set.name, set.version);
        let problem = |code, message| Problem {
            severity: Severity::Error,
            subject: subject.clone(),
            code,
            message,
            file: lockfile::FILE_NAME.to_owned(),
            line: set.line,
        };
        match &set.state {
            Some(State::Missing) => problems.push(problem(Code::A0903, format!("{subject} is not unpacked"))),
            Some(State::Damaged { files }) => {
                let files: Vec<String> = files.iter().map(ToString::to_string).collect();
                let what = if files.is_empty() { "its files are others".to_owned() } else { files.join("; ") };
                problems.push(problem(Code::A0904, format!("{subject} is not as it is locked: {what}")));
            }
            Some(State::Unpacked) | None => {}
        }
        for Misfit { finding, .. } in &set.misfits {
            let place =
                finding.location.as_ref().map(|place| format!(" ({}:{})", place.file, place.line_and_column().0));
            problems.push(problem(finding.code, format!("{}{}", finding.message, place.unwrap_or_default())));
        }
    }
    problems
}

fn of_finding(found: &Diagnostic, subject: &str) -> Problem {
    let place = found.location.as_ref().map(|place| (place.file.clone(), place.line_and_column().0));
    let (file, line) = place.unwrap_or_else(|| (lockfile::FILE_NAME.to_owned(), 1));
    let (severity, code, message) = (found.severity, found.code, found.message.clone());
    Problem { severity, subject: subject.to_owned(), code, message, file, line }
}

/// Returns what `error`, which kept everything from being checked, says.
fn of_error(error: &Error) -> Vec<Problem> {
    match error.diagnostics() {
        [] => vec![of_finding(&Diagnostic::error(error.code(), error.to_string()), "project")],
        found => found.iter().map(|found| of_finding(found, "project")).collect(),
    }
}

/// Returns the problems as workflow commands; `prefix` leads from the repository's root to the project.
fn commands(problems: &[Problem], prefix: &str) -> String {
    let one = |problem: &Problem| {
        let level = match problem.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        };
        let (file, title) = (format!("{prefix}{}", problem.file), format!("anvil verify: {}", problem.code));
        Annotation { level, file: &file, line: problem.line, title: &title, message: &problem.message }.command()
    };
    problems.iter().map(one).collect()
}

/// Returns the problems as JUnit's XML, with a test for each set and one for the rules.
fn xml(problems: &[Problem], sets: &[String]) -> String {
    let mut names: Vec<&str> = vec!["rules"];
    names.extend(sets.iter().map(String::as_str));
    names.extend(
        problems.iter().map(|problem| problem.subject.as_str()).filter(|name| matches!(*name, "project" | "vendored")),
    );
    names.dedup();
    let case = |name: &str| {
        let of_it = problems.iter().filter(|problem| problem.subject == name && problem.severity == Severity::Error);
        let told = of_it.map(|it| (it.code.to_string(), format!("{}:{}: {}", it.file, it.line, it.message)));
        Case { name: name.to_owned(), failures: told.collect() }
    };
    junit::cases("anvil verify", &names.into_iter().map(case).collect::<Vec<_>>())
}

fn json(report: &Report, reporter: &Reporter) -> Value {
    let sets = report.sets.iter().map(|set| {
        let (state, files) = match &set.state {
            None => ("folder", &[][..]),
            Some(State::Unpacked) => ("unpacked", &[][..]),
            Some(State::Missing) => ("missing", &[][..]),
            Some(State::Damaged { files }) => ("damaged", files.as_slice()),
        };
        let files = files.iter().map(|file| {
            let damage = match file.damage {
                Damage::Changed => "changed",
                Damage::Removed => "removed",
                Damage::Added => "added",
            };
            json!({ "path": file.path, "change": damage })
        });
        let misfits = set
            .misfits
            .iter()
            .map(|Misfit { finding, with }| json!({ "with": with, "finding": reporter.finding_json(finding) }));
        json!({
            "name": set.name,
            "version": set.version,
            "state": state,
            "files": files.collect::<Vec<_>>(),
            "misfits": misfits.collect::<Vec<_>>(),
        })
    });
    let problems: Vec<Value> = report.told().map(|found| reporter.finding_json(found)).collect();
    let mut value = json!({ "ok": report.holds(), "sets": sets.collect::<Vec<_>>(), "problems": problems });
    if let Some(rules) = &report.environment {
        value["environment"] = json!({ "name": rules.name, "mode": rules.mode.to_string() });
    }
    value
}

/// Returns the findings about sets that cannot be used, in words.
fn findings(report: &Report, reporter: &Reporter) -> String {
    let misfits = report.unfit().flat_map(|set| &set.misfits);
    let found: Vec<Diagnostic> = misfits.map(|misfit| misfit.finding.clone()).collect();
    if found.is_empty() { String::new() } else { reporter.diagnostics(&found) + "\n" }
}

/// Returns for each set that cannot be used which others it does not fit, in words.
fn unfit(report: &Report) -> String {
    let mut text = String::new();
    for set in report.unfit() {
        let (name, version) = (&set.name, &set.version);
        let others: BTreeSet<&SetName> = set.misfits.iter().filter_map(|misfit| misfit.with.as_ref()).collect();
        if set.misfits.iter().any(|misfit| misfit.with.is_none()) {
            let _ = writeln!(text, "{name} {version} has errors of its own");
        }
        for other in others {
            let version_of_other = report.version(other).map(|version| format!(" {version}")).unwrap_or_default();
            let _ = writeln!(text, "{name} {version} does not fit {other}{version_of_other}");
        }
    }
    text
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for set in report.failed() {
        let (name, version) = (&set.name, &set.version);
        match &set.state {
            Some(State::Damaged { files }) if files.is_empty() => {
                let _ = writeln!(text, "{name} {version}: its files are not those that are locked");
            }
            Some(State::Damaged { files }) => {
                for file in files {
                    let _ = writeln!(text, "{name} {version}: {}", super::output::clean_line(&file.to_string()));
                }
            }
            Some(State::Missing | State::Unpacked) | None => {
                let _ = writeln!(text, "{name} {version}: is not unpacked");
            }
        }
    }
    let sets = words::count(report.sets.len(), "set");
    if let Some(rules) = &report.environment {
        let verb = if report.problems.iter().any(Diagnostic::is_error) { "are broken" } else { "hold" };
        let _ = writeln!(text, "the rules of {rules} {verb}");
        if verb == "are broken" {
            return text;
        }
    }
    match (report.failed().count(), report.unfit().count()) {
        (0, 0) if report.vendored.iter().any(Diagnostic::is_error) => {
            let _ = writeln!(text, "the files of every set are as locked, and the vendored copy is not whole ({sets})");
        }
        (0, 0) if report.sets.is_empty() => text.push_str(words::NOTHING_REQUIRED),
        (0, 0) => {
            let _ = writeln!(text, "anvil.lock answers anvil.toml, and every file is as locked ({sets})");
        }
        (0, count) => {
            let _ = writeln!(text, "every file is as locked, and prompts of {count} of {sets} cannot be rendered");
        }
        (failed, _) => {
            let are = if failed == 1 { "is" } else { "are" };
            let _ = writeln!(text, "{failed} of {sets} {are} not as locked");
        }
    }
    text
}
