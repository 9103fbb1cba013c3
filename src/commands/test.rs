//! Runs the tests of prompts on what they render to, and keeps their snapshots.
//!
//! A test has a snapshot if it has no `assert`, which leaves nothing else to check, or if one is stored.
//! Snapshots are written when that is asked for and never otherwise: a missing one fails on every machine
//! alike, in CI and elsewhere, so that what passes here passes there.

use super::context::Context;
use super::reference::Reference;
use super::subjects::{self, Home, Subject};
use super::texts;
use crate::diff::FileChange;
use crate::error::{Code, Diagnose, Diagnostic, Error, Hint, Result, Severity};
use crate::fs::{self, Durability, EntryKind};
use crate::prompt::testing::{self, snapshot};
use crate::prompt::yaml::line_of;
use crate::prompt::{PromptTest, Ready, Rendered, lint};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
    /// The snapshot.
    Snapshot,
}

impl FailureSubject {
    /// Returns the word for it: the assertion's type, `rendering` or `snapshot`.
    pub fn as_str(&self) -> &str {
        match self {
            FailureSubject::Rendering => "rendering",
            FailureSubject::Assertion(kind) => kind,
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
    /// Something on the way to a snapshot is no folder, or no file.
    #[error("`{0}` is a link or the like, and snapshots are written into the set's own folder alone")]
    Elsewhere(String),
    /// A test of the prompt has errors.
    #[error("the tests of the prompt `{name}` have errors")]
    Faulty {
        /// The prompt.
        name: String,
        /// What was found.
        findings: Vec<Diagnostic>,
    },
}

impl Diagnose for TestError {
    fn code(&self) -> Code {
        match self {
            TestError::NoMatch(_) => Code::A0822,
            TestError::Faulty { .. } => Code::A0823,
            TestError::Elsewhere(_) => Code::A0826,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            TestError::NoMatch(_) => vec![Hint::run("list all of them", "anvil test -v")],
            TestError::Elsewhere(_) => vec![Hint::new("put a folder in its place")],
            TestError::Faulty { .. } => Vec::new(),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            TestError::NoMatch(_) | TestError::Elsewhere(_) => &[],
            TestError::Faulty { findings, .. } => findings,
        }
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
    let subjects = subjects::find(context, &request.references)?;
    let mut report = Report::default();
    let homes: Vec<Option<Home>> = subjects.iter().map(|subject| subject.home.clone()).collect();
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
        report.orphans = orphans(context, request, &homes, &report)?;
    }
    Ok(report)
}

fn run_prompt(context: &Context, request: &Request, subject: Subject) -> Result<PromptReport> {
    let Subject { name, path, ready, home } = subject;
    let mut report = PromptReport { name, path, fault: None, ready: None, tests: Vec::new() };
    let ready = match ready {
        Ok(ready) => ready,
        Err(error) => {
            report.fault = Some(error.into());
            return Ok(report);
        }
    };
    let mut findings = lint::faults_of_tests(ready.prompt());
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        for location in findings.iter_mut().filter_map(|finding| finding.location.as_mut()) {
            location.file.clone_from(&report.path);
        }
        report.fault = Some(TestError::Faulty { name: report.name.clone(), findings }.into());
        return Ok(report);
    }
    let is_wanted = |test: &&PromptTest| request.filter.as_ref().is_none_or(|filter| test.name.contains(filter));
    for test in ready.prompt().front_matter().tests.iter().filter(is_wanted) {
        report.tests.push(run_test(context, request.snapshots, home.as_ref(), (&ready, test))?);
    }
    report.ready = Some(ready);
    Ok(report)
}

fn run_test(
    context: &Context,
    snapshots: Snapshots,
    home: Option<&Home>,
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
    let rendered = match ready.render(test.parameters.clone()) {
        Ok(rendered) => rendered,
        Err(error) => {
            let error = match home {
                Some(home) => home.placed(context, error),
                None => error,
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
    if let Some(home) = home {
        check_snapshot(context, snapshots, home, &mut report, &rendered)?;
    }
    report.rendered = Some(rendered);
    Ok(report)
}

/// Compares or writes the snapshot of a test, if it has or gets one.
fn check_snapshot(
    context: &Context,
    snapshots: Snapshots,
    home: &Home,
    report: &mut TestReport,
    rendered: &Rendered,
) -> Result<()> {
    let relative = snapshot::path(&home.name, &report.test.name);
    let path = home.folder.join(&relative);
    let stored = fs::read_if_exists(&path)?;
    if stored.is_none() && !report.test.asserts.is_empty() && snapshots != Snapshots::UpdateAll {
        return Ok(());
    }
    let text = snapshot::text(rendered);
    let is_same = stored.as_deref().is_some_and(|stored| is_same(stored, &text));
    let shown = context.shown(&path);
    let state = match (snapshots, &stored) {
        _ if is_same => SnapshotState::Same,
        (Snapshots::Update | Snapshots::UpdateAll, _) => {
            check_place(context, &home.folder, &relative)?;
            fs::write(&path, text.as_bytes(), Durability::Synced)?;
            SnapshotState::Written
        }
        (Snapshots::Compare, None) => SnapshotState::Missing,
        (Snapshots::Compare, Some(_)) => SnapshotState::Different,
    };
    let message = match state {
        SnapshotState::Same | SnapshotState::Written => None,
        SnapshotState::Missing => Some(format!("there is no `{shown}`, and the test asserts nothing else")),
        SnapshotState::Different => Some(format!("`{shown}` is something else than what the prompt gives now")),
    };
    if let Some(message) = message {
        let difference = stored.as_deref().and_then(|stored| texts::compare_one(&relative, stored, text.as_bytes()));
        report.failures.push(Failure { subject: FailureSubject::Snapshot, message, line: report.line, difference });
    }
    report.snapshot = Some(SnapshotReport { path: shown, state });
    Ok(())
}

/// Returns whether what is stored is `text`. Git may have made other line ends of the stored ones, which
/// cannot be told from a change only where the text has such itself.
fn is_same(stored: &[u8], text: &str) -> bool {
    let unix = |stored: &str| !text.contains("\r\n") && stored.replace("\r\n", "\n") == text;
    stored == text.as_bytes() || std::str::from_utf8(stored).is_ok_and(unix)
}

/// Checks that what is written to `relative` stays in the set's folder: a link on the way leads elsewhere.
fn check_place(context: &Context, folder: &Path, relative: &str) -> Result<()> {
    let mut place = folder.to_owned();
    for segment in relative.split('/') {
        place.push(segment);
        if fs::kind(&place) == Some(EntryKind::Other) {
            return Err(TestError::Elsewhere(context.shown(&place)).into());
        }
    }
    Ok(())
}

/// Returns the snapshots that belong to no test of the prompts that were asked about; where snapshots are
/// updated they are removed. Of a prompt at fault it is not known which tests it has.
fn orphans(context: &Context, request: &Request, homes: &[Option<Home>], report: &Report) -> Result<Vec<String>> {
    let mut expected: BTreeSet<PathBuf> = BTreeSet::new();
    let mut spared: BTreeSet<PathBuf> = BTreeSet::new();
    let mut folders: BTreeMap<PathBuf, Depth> = BTreeMap::new();
    for (home, prompt) in homes.iter().zip(&report.prompts) {
        let Some(home) = home else { continue };
        let folder = home.folder.join(snapshot::FOLDER);
        match &prompt.ready {
            None => _ = spared.insert(folder.join(home.name.as_str())),
            Some(ready) => {
                let tests = ready.prompt().front_matter().tests.iter();
                expected.extend(tests.map(|test| home.folder.join(snapshot::path(&home.name, &test.name))));
            }
        }
        match request.references.is_empty() {
            true => folders.insert(folder, Depth::All),
            // Deeper down are the snapshots of other prompts.
            false => folders.insert(folder.join(home.name.as_str()), Depth::One),
        };
    }
    let mut orphans = Vec::new();
    for (folder, depth) in &folders {
        for path in snapshots_in(folder, *depth)? {
            let is_spared = path.parent().is_some_and(|parent| spared.contains(parent));
            if expected.contains(&path) || is_spared {
                continue;
            }
            if request.snapshots != Snapshots::Compare {
                fs::remove_file(&path)?;
                let above = path.ancestors().skip(1).take_while(|above| above.starts_with(folder));
                above.for_each(fs::remove_folder_if_empty);
            }
            orphans.push(context.shown(&path));
        }
    }
    Ok(orphans)
}

/// How far down one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    One,
    All,
}

/// Returns the files below `folder` that are called as snapshots are.
fn snapshots_in(folder: &Path, depth: Depth) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    // What stands there instead of a folder is none of ours.
    let mut pending: Vec<PathBuf> =
        if fs::kind(folder) == Some(EntryKind::Folder) { vec![folder.to_owned()] } else { Vec::new() };
    while let Some(folder) = pending.pop() {
        for entry in fs::list(&folder)? {
            match entry.kind {
                EntryKind::Folder if depth == Depth::All => pending.push(entry.path),
                EntryKind::File if entry.name.ends_with(snapshot::SUFFIX) => found.push(entry.path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}
