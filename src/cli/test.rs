//! `anvil test`.

use super::output::{self, BAD, FAINT, GOOD, STRONG};
use super::session::Verbosity;
use super::{Outcome, Session, difference, junit, words};
use crate::commands::reference::Reference;
use crate::commands::test::{self, Failure, PromptReport, Report, Request, SnapshotState, Snapshots, TestReport};
use crate::error::{Diagnostic, Hint, Result};
use crate::prompt::testing::promptfoo::{self, Case};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Run the tests of prompts, on what they render to
///
/// A test stands in a prompt's front matter, under `tests`: a name, parameters, and under `assert`
/// what must be true of the rendered prompt. No model is asked; what is under `expect`, for a model's
/// answer, is kept for `--format promptfoo`. Assertions have promptfoo's names: `equals`, `contains`,
/// `icontains`, `contains-all`, `contains-any`, `regex`, `starts-with`, `is-json` and `contains-json`,
/// each with its `not-` form, and beside them `roles` and `max-tokens`. `role` looks at the messages
/// of one role alone.
///
/// A test without `assert` is compared with its snapshot, `snapshots/PROMPT/TEST.txt`, and so is any
/// other that has one. Only `--update` writes snapshots; a missing one fails.
///
/// REFERENCE is a prompt of this set, also a private one, a file, or the address of a locked prompt.
/// Snapshots are kept of this set's prompts alone: a test of any other without `assert` fails, as
/// nothing is checked.
///
/// In a project without prompts of its own there is nothing to test, which is no failure.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil test
  anvil test reply --filter promise
  anvil test --update
  anvil test --format junit
  anvil test --format promptfoo")]
pub struct Args {
    /// The prompts to test [default: all of this set]
    #[arg(value_name = "REFERENCE")]
    pub references: Vec<Reference>,

    /// Run only the tests whose names contain TEXT
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,

    /// Write the snapshots that differ or are missing, and remove those of no test; `--update=all`
    /// gives every test one
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true,
          default_missing_value = "known", hide_possible_values = true)]
    pub update: Option<Update>,

    /// How the answer is written: text, json, junit, or a configuration of promptfoo
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: TestFormat,
}

/// Which tests get a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Update {
    /// Those that have one, and those without assertions
    Known,
    /// Every test
    All,
}

/// How the outcome of tests is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TestFormat {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is stable
    Json,
    /// JUnit's XML, as CI reads it
    Junit,
    /// A configuration of promptfoo that asks the models
    Promptfoo,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let snapshots = match args.update {
        None => Snapshots::Compare,
        Some(Update::Known) => Snapshots::Update,
        Some(Update::All) => Snapshots::UpdateAll,
    };
    let request = Request { references: args.references, filter: args.filter, snapshots };
    let report = test::run(&session.context(), &request)?;
    let has_passed = report.failed() == 0 && report.faulty() == 0;
    match args.format {
        TestFormat::Text => print(&report, snapshots, session)?,
        TestFormat::Json => session.json(&json_of(&report, has_passed, session))?,
        TestFormat::Junit => session.document(&junit::xml(&report))?,
        TestFormat::Promptfoo => export(&report, session)?,
    }
    Ok(if has_passed { Outcome::Done } else { Outcome::No })
}

fn print(report: &Report, snapshots: Snapshots, session: &Session) -> Result<()> {
    // The errors of a partial are those of each prompt that renders it.
    let mut told: Vec<Diagnostic> = Vec::new();
    for prompt in &report.prompts {
        if let Some(fault) = &prompt.fault {
            session.line(&format!("{BAD}faulty{BAD:#} {STRONG}{}{STRONG:#}", prompt.name))?;
            let new = fault.diagnostics().iter().filter(|found| !told.contains(found)).cloned().collect::<Vec<_>>();
            let text = match new.len() {
                0 => session.reporter().error(fault),
                count if count == fault.diagnostics().len() => session.reporter().error(fault),
                _ => session.reporter().diagnostics(&new),
            };
            session.line(text.trim_end())?;
            told.extend(new);
        }
        for test in &prompt.tests {
            if !test.has_passed() {
                session.print(&failed(prompt, test))?;
            } else if session.verbosity() == Verbosity::Verbose {
                let name = output::clean_line(&test.test.name);
                session.line(&format!("{GOOD}passed{GOOD:#} {}: {name}", prompt.name))?;
            }
        }
    }
    print_changes(report, snapshots, session)?;
    session.changed(&summary(report))?;
    let is_about_snapshots = |state: SnapshotState| {
        report.tests().any(|(_, test)| test.snapshot.as_ref().is_some_and(|snapshot| snapshot.state == state))
    };
    if is_about_snapshots(SnapshotState::Different) || is_about_snapshots(SnapshotState::Missing) {
        session.help(&Hint::run("if what the prompts give now is right, keep it", "anvil test --update"));
    }
    if report.tests().next().is_none() && report.faulty() == 0 && !report.only_consumes {
        session.help(&Hint::new(
            "a test stands in front matter: `tests: [{ name: …, parameters: { … }, assert: [{ type: contains, value: … }] }]`",
        ));
    }
    Ok(())
}

/// Tells what became of snapshots, beside those that tests failed by.
fn print_changes(report: &Report, snapshots: Snapshots, session: &Session) -> Result<()> {
    let mut changed = Vec::new();
    if report.written() > 0 {
        changed.push(format!("wrote {}", words::count(report.written(), "snapshot")));
    }
    let orphans = words::count(report.orphans.len(), "snapshot");
    match (report.orphans.as_slice(), snapshots) {
        ([], _) => {}
        (removed, Snapshots::Update | Snapshots::UpdateAll) => {
            for path in removed {
                session.changed(&format!("removed {}", output::clean_line(path)))?;
            }
            changed.push(format!("removed {orphans} of no test"));
        }
        ([first, ..], Snapshots::Compare) => {
            let verb = if report.orphans.len() == 1 { "belongs" } else { "belong" };
            session.warn(&format!("{orphans} {verb} to no test, such as `{first}`"));
            session.help(&Hint::run("remove what is left over", "anvil test --update"));
        }
    }
    if snapshots == Snapshots::UpdateAll {
        for prompt in &report.prompts {
            let Err(stray) = prompt.home else { continue };
            session.note(&format!("no snapshot of {} was written: {}", prompt.name, stray.why()));
        }
    }
    match changed.as_slice() {
        [] => Ok(()),
        changed => session.changed(&changed.join(", ")),
    }
}

fn failed(prompt: &PromptReport, test: &TestReport) -> String {
    let (name, path) = (output::clean_line(&test.test.name), output::clean_line(&prompt.path));
    let mut text = format!("{BAD}failed{BAD:#} {STRONG}{}: {name}{STRONG:#}\n", prompt.name);
    for Failure { subject, message, line, difference } in &test.failures {
        let message = output::clean(message).replace('\n', "\n    ");
        let _ = writeln!(text, "  {}{FAINT} ({path}:{line}){FAINT:#}: {message}", subject.as_str());
        for hunk in difference.iter().flat_map(|difference| &difference.hunks) {
            for line in difference::hunk_lines(hunk).lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}

fn summary(report: &Report) -> String {
    if report.only_consumes {
        return "this project has no prompts of its own: nothing to test".to_owned();
    }
    let prompts = words::count(report.prompts.len(), "prompt");
    let (tests, failed) = (report.tests().count(), report.failed());
    let mut summary = match (tests, failed) {
        (0, _) if report.faulty() > 0 => format!("{prompts}, no test ran"),
        (0, _) => format!("{prompts}, no tests"),
        (_, 0) => format!("{prompts}, {}: all passed", words::count(tests, "test")),
        (_, failed) => {
            format!("{prompts}, {}: {} passed, {failed} failed", words::count(tests, "test"), tests - failed)
        }
    };
    match report.faulty() {
        0 => {}
        1 => summary.push_str("; 1 prompt has errors"),
        faulty => _ = write!(summary, "; {faulty} prompts have errors"),
    }
    match report.untested() {
        untested if untested == 0 || tests == 0 => {}
        1 => summary.push_str("; 1 prompt has no tests"),
        untested => _ = write!(summary, "; {untested} prompts have no tests"),
    }
    summary
}

fn json_of(report: &Report, has_passed: bool, session: &Session) -> Value {
    let prompts: Vec<Value> = report.prompts.iter().map(|prompt| prompt_json(prompt, session)).collect();
    json!({
        "ok": has_passed,
        "passed": report.tests().count() - report.failed(),
        "failed": report.failed(),
        "faulty": report.faulty(),
        "untested": report.untested(),
        "prompts": prompts,
        "orphans": report.orphans,
    })
}

fn prompt_json(prompt: &PromptReport, session: &Session) -> Value {
    let fault = prompt.fault.as_ref().map(|fault| session.reporter().error_json(fault)["error"].clone());
    json!({
        "name": prompt.name,
        "file": prompt.path,
        "error": fault,
        "tests": prompt.tests.iter().map(test_json).collect::<Vec<_>>(),
    })
}

fn test_json(test: &TestReport) -> Value {
    let failure = |failure: &Failure| {
        json!({
            "subject": failure.subject.as_str(),
            "message": failure.message,
            "line": failure.line,
            "hunks": failure.difference.as_ref().map(|difference| &difference.hunks),
        })
    };
    let state = |state: SnapshotState| match state {
        SnapshotState::Same => "same",
        SnapshotState::Different => "different",
        SnapshotState::Missing => "missing",
        SnapshotState::Written => "written",
    };
    json!({
        "name": test.test.name,
        "line": test.line,
        "ok": test.has_passed(),
        "failures": test.failures.iter().map(failure).collect::<Vec<_>>(),
        "snapshot": test.snapshot.as_ref().map(|one| json!({ "file": one.path, "state": state(one.state) })),
    })
}

/// Prints the configuration of promptfoo, of the tests whose prompts render.
fn export(report: &Report, session: &Session) -> Result<()> {
    let cases: Vec<Case> = report
        .tests()
        .filter_map(|(prompt, test)| {
            Some(Case { prompt: &prompt.name, test: &test.test, rendered: test.rendered.as_ref()? })
        })
        .collect();
    let set = report.prompts.iter().find_map(|prompt| prompt.ready.as_ref()?.scope().set().name());
    let description = set.map_or("Tests of prompts".to_owned(), |set| format!("Tests of {set}"));
    let config = promptfoo::config(&description, &cases);
    if config.assertions_left_out > 0 {
        let number = words::count(config.assertions_left_out, "assertion");
        session.note(&format!("{number} about roles and tokens left out, for promptfoo has none such"));
    }
    if config.patterns_left_out > 0 {
        let number = words::count(config.patterns_left_out, "assertion");
        session.note(&format!("{number} left out: JavaScript, and so promptfoo, would read the pattern otherwise"));
    }
    if config.variables_left_out > 0 {
        let number = words::count(config.variables_left_out, "parameter");
        session.note(&format!("{number} left out of `vars`, which promptfoo would take for templates or files"));
    }
    for why in &config.refused {
        session.warn(&format!("the hints and tools are left out: {why}"));
    }
    if cases.is_empty() {
        session.note("there is no test to export");
    }
    if report.failed() > 0 || report.faulty() > 0 {
        session.warn("not all tests pass as they are");
        session.help(&Hint::run("see why", "anvil test"));
    }
    session.json(&config.json)
}
