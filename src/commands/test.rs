//! Runs the tests of prompts on what they render to, and keeps their snapshots.
//!
//! A test has a snapshot if it has no `assert`, which leaves nothing else to check, or if one is stored.
//! Snapshots are written when that is asked for and never otherwise: a missing one fails on every machine
//! alike, in CI and elsewhere, so that what passes here passes there. A test that has nothing to be held
//! against fails for the same reason: what nobody checked must not look checked.

mod snapshots;

use super::context::Context;
use super::project::ProjectError;
use super::reference::Reference;
use super::subjects::{self, Home, Stray, Subject};
use crate::diff::FileChange;
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::prompt::testing;
use crate::prompt::yaml::line_of;
use crate::prompt::{PromptTest, Ready, Rendered};

/// Which tests to run, and what becomes of their snapshots.
#[derive(Clone, Debug)]
pub struct Request {
    /// The prompts; all of this set where none is named.
    pub references: Vec<Reference>,
    /// Only tests whose name contains this.
    pub filter: Option<String>,
    /// What becomes of the snapshots.
    pub snapshots: Snapshots,
}

/// What becomes of snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Snapshots {
    /// They are compared.
    #[default]
    Compare,
    /// Those that differ or are missing are written, and those of no test removed.
    Update,
    /// The same, and every test gets one.
    UpdateAll,
}

/// What came of the tests.
#[derive(Debug, Default)]
pub struct Report {
    /// The prompts, in the order they were named in, or by name.
    pub prompts: Vec<PromptReport>,
    /// Snapshots that belong to no test; they are gone where snapshots were updated.
    pub orphans: Vec<String>,
    /// Whether the project only consumes prompts, so that there was nothing to test.
    pub only_consumes: bool,
}

/// What came of the tests of one prompt.
#[derive(Debug)]
pub struct PromptReport {
    /// Its name.
    pub name: String,
    /// Its file, as people are shown it.
    pub path: String,
    /// Why none of its tests could run.
    pub fault: Option<Error>,
    /// The prompt, unless it is at fault.
    pub ready: Option<Ready>,
    /// Where its snapshots are, or why they can be nowhere.
    pub home: Result<Home, Stray>,
    /// Its tests that ran.
    pub tests: Vec<TestReport>,
}

/// What came of one test.
#[derive(Debug)]
pub struct TestReport {
    /// The test.
    pub test: PromptTest,
    /// The line of the prompt's file on which it begins.
    pub line: usize,
    /// What the prompt gave; nothing where it could not be rendered.
    pub rendered: Option<Rendered>,
    /// What does not hold.
    pub failures: Vec<Failure>,
    /// Its snapshot, if it has one.
    pub snapshot: Option<SnapshotReport>,
}

impl TestReport {
    /// Returns whether all holds.
    pub fn has_passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Something that does not hold.
#[derive(Debug)]
pub struct Failure {
    /// What it is about.
    pub subject: FailureSubject,
    /// What was expected and what came instead.
    pub message: String,
    /// The line of the prompt's file that expects it.
    pub line: usize,
    /// How the snapshot differs, if it is about that.
    pub difference: Option<FileChange>,
}

/// What a failure is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureSubject {
    /// The prompt could not be rendered with the test's parameters.
    Rendering,
    /// An assertion of this type.
    Assertion(String),
    /// What the test itself says, or where its snapshot is: an error of this code.
    Error(Code),
    /// The snapshot.
    Snapshot,
}

impl FailureSubject {
    /// Returns the word for it: the assertion's type, an error's code, `rendering` or `snapshot`.
    pub fn as_str(&self) -> &str {
        match self {
            FailureSubject::Rendering => "rendering",
            FailureSubject::Assertion(kind) => kind,
            FailureSubject::Error(code) => code.as_str(),
            FailureSubject::Snapshot => "snapshot",
        }
    }
}

/// A test's snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotReport {
    /// Where it is, as people are shown it.
    pub path: String,
    /// How it stands.
    pub state: SnapshotState,
}

/// How a snapshot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotState {
    /// It is what the prompt gave.
    Same,
    /// It is something else.
    Different,
    /// There is none, and should be.
    Missing,
    /// It was written just now.
    Written,
}

/// Why tests did not run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// No test is called so.
    #[error("no test has a name that contains `{0}`")]
    NoMatch(String),
}

impl Diagnose for TestError {
    fn code(&self) -> Code {
        Code::A0822
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::run("list all of them", "anvil test -v")]
    }
}

impl Report {
    /// Returns all tests that ran.
    pub fn tests(&self) -> impl Iterator<Item = (&PromptReport, &TestReport)> {
        self.prompts.iter().flat_map(|prompt| prompt.tests.iter().map(move |test| (prompt, test)))
    }

    /// Returns how many tests did not pass.
    pub fn failed(&self) -> usize {
        self.tests().filter(|(_, test)| !test.has_passed()).count()
    }

    /// Returns how many prompts are at fault.
    pub fn faulty(&self) -> usize {
        self.prompts.iter().filter(|prompt| prompt.fault.is_some()).count()
    }

    /// Returns how many prompts have no tests.
    pub fn untested(&self) -> usize {
        let has_none = |ready: &Ready| ready.prompt().front_matter().tests.is_empty();
        self.prompts.iter().filter(|prompt| prompt.ready.as_ref().is_some_and(has_none)).count()
    }

    /// Returns how many snapshots were written.
    pub fn written(&self) -> usize {
        let written = |test: &TestReport| test.snapshot.as_ref().is_some_and(|one| one.state == SnapshotState::Written);
        self.tests().filter(|(_, test)| written(test)).count()
    }
}

/// Runs the tests.
///
/// # Errors
/// When a prompt is not there, the filter matches nothing, or a snapshot cannot be read or written. What
/// is wrong with prompts, and what does not hold, is told in the report.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let mut report = Report::default();
    let subjects = match subjects::find(context, &request.references) {
        // Who tests whatever a project has of its own, as a hook does, is told that it has nothing.
        Err(error) if request.references.is_empty() && only_consumes(&error) => {
            report.only_consumes = true;
            Vec::new()
        }
        found => found?,
    };
    for subject in subjects {
        report.prompts.push(run_prompt(context, request, subject)?);
    }
    if let Some(filter) = &request.filter
        && report.tests().next().is_none()
        && report.faulty() == 0
    {
        return Err(TestError::NoMatch(filter.clone()).into());
    }
    if request.filter.is_none() {
        report.orphans = snapshots::orphans(context, request, &report)?;
    }
    Ok(report)
}

/// Returns whether `error` says that nothing in the project is a set.
fn only_consumes(error: &Error) -> bool {
    match error.downcast_ref() {
        Some(ProjectError::NoSet(_)) => true,
        Some(ProjectError::WhichMember { sets, .. }) => sets.is_empty(),
        _ => false,
    }
}

fn run_prompt(context: &Context, request: &Request, subject: Subject) -> Result<PromptReport> {
    let Subject { name, path, ready, home } = subject;
    let mut report = PromptReport { name, path, fault: None, ready: None, home, tests: Vec::new() };
    let ready = match ready {
        Ok(ready) => ready,
        Err(error) => {
            report.fault = Some(error.into());
            return Ok(report);
        }
    };
    let is_wanted = |test: &&PromptTest| request.filter.as_ref().is_none_or(|filter| test.name.contains(filter));
    for test in ready.prompt().front_matter().tests.iter().filter(is_wanted) {
        report.tests.push(run_test(context, request.snapshots, &report.home, (&ready, test))?);
    }
    report.ready = Some(ready);
    Ok(report)
}

fn run_test(
    context: &Context,
    snapshots: Snapshots,
    home: &Result<Home, Stray>,
    (ready, test): (&Ready, &PromptTest),
) -> Result<TestReport> {
    let line = |at: usize| line_of(ready.prompt().text(), at);
    let mut report = TestReport {
        test: test.clone(),
        line: line(test.span.start),
        rendered: None,
        failures: Vec::new(),
        snapshot: None,
    };
    report.failures.extend(test.faults.iter().map(|fault| {
        Failure {
            subject: FailureSubject::Error(fault.code),
            message: [fault.message.clone()]
                .into_iter()
                .chain(fault.hints.iter().map(Hint::to_string))
                .collect::<Vec<_>>()
                .join("; "),
            line: line(fault.span.start),
            difference: None,
        }
    }));
    let rendered = match ready.render(test.parameters.clone()) {
        Ok(rendered) => rendered,
        Err(error) => {
            let error = match home {
                Ok(home) => home.placed(context, error),
                Err(_) => error,
            };
            let message = error.to_string();
            let (subject, line) = (FailureSubject::Rendering, report.line);
            report.failures.push(Failure { subject, message, line, difference: None });
            return Ok(report);
        }
    };
    let failed = testing::failures(test, &rendered, ready.prompt().front_matter().tokenizer());
    report.failures.extend(failed.into_iter().map(|failure| Failure {
        subject: FailureSubject::Assertion(failure.assertion.kind().to_owned()),
        message: failure.reason,
        line: line(failure.assertion.span.start),
        difference: None,
    }));
    // Of a test that could not be read it is not known whether it has a snapshot.
    if test.faults.is_empty() {
        snapshots::check(context, snapshots, home, (&mut report, &rendered))?;
    }
    report.rendered = Some(rendered);
    Ok(report)
}
