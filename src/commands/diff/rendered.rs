//! Compares what the tests of two sides render to.
//!
//! A text diff shows what an author wrote; this shows what a model is sent. Each side is rendered with
//! the dependencies of its own: those of the lock of that commit, so that what a new version of a partial
//! does is seen here, where only `anvil.lock` has changed. Where a commit has no lock they are chosen anew,
//! with today's registries.
//!
//! A test is rendered on each side with the parameters that it has there. One that a side alone has
//! counts as added or removed; whole prompts that were renamed are found by what they render to.

use super::super::contents::Contents;
use super::super::context::Context;
use super::super::dependency;
use super::super::lint;
use super::super::own_version;
use super::super::project::Project;
use super::super::published::Stock;
use super::super::pull;
use super::super::set_repository::SetRepository;
use super::super::texts::{self, Texts};
use super::super::tokens::tokens;
use super::{DiffError, Here, Request, SideFacts, SideKind, SideName, Which};
use crate::diff::{Change, Detail, FileChange, LineKind};
use crate::error::Result;
use crate::git::CommitId;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::Strictness;
use crate::name::{PromptName, SetName};
use crate::prompt::testing::snapshot;
use crate::prompt::{Dependencies, PromptTest, Scope, Set};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What differs.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The old side.
    pub old: SideFacts,
    /// The new side.
    pub new: SideFacts,
    /// The tests that differ, or that cannot be rendered.
    pub tests: Vec<TestChange>,
    /// How many tests render to the same on both sides.
    pub unchanged: usize,
    /// Sets that a side needs and that are not at hand.
    pub missing: Vec<Missing>,
}

/// A set that is not at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// On which side.
    pub side: Which,
    /// The set.
    pub name: SetName,
    /// Why not.
    pub why: String,
}

/// A test that renders to something else.
#[derive(Clone, Debug, Serialize)]
pub struct TestChange {
    /// The prompt; on the old side if it is there alone.
    pub prompt: PromptName,
    /// The test.
    pub test: String,
    /// What happened to it; nothing where it renders on neither side.
    pub change: Option<Change>,
    /// What it is called on the old side, if that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<TestName>,
    /// What it gave on the old side, if it is there.
    pub old: Option<Outcome>,
    /// What it gives on the new side, if it is there.
    pub new: Option<Outcome>,
    /// The words that came and went; nothing where a side that has the test does not render it.
    pub words: Option<Words>,
    /// The lines that differ.
    #[serde(flatten)]
    pub difference: Lines,
}

/// How a test is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TestName {
    /// Its prompt.
    pub prompt: PromptName,
    /// Its name.
    pub test: String,
}

/// What a test gave on a side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// How many tokens; nothing where it could not be rendered.
    pub tokens: Option<usize>,
    /// What counted them.
    pub tokenizer: &'static str,
    /// Why it could not be rendered.
    pub error: Option<String>,
}

/// How many words changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Words on the new side alone.
    pub added: usize,
    /// Words on the old side alone.
    pub removed: usize,
}

/// Lines that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// In stretches, with the lines around them.
    pub hunks: Vec<crate::diff::Hunk>,
}

impl Lines {
    fn of(change: Option<FileChange>) -> Lines {
        Lines { hunks: change.map(|change| change.hunks).unwrap_or_default() }
    }
}

impl Report {
    /// Returns whether the sides differ. A test that renders on neither says nothing about that.
    pub fn differs(&self) -> bool {
        let has_failed = |outcome: &Option<Outcome>| outcome.as_ref().map(|outcome| outcome.error.is_some());
        self.tests.iter().any(|test| test.change.is_some() || has_failed(&test.old) != has_failed(&test.new))
    }

    /// Returns whether no side has any test.
    pub fn has_no_tests(&self) -> bool {
        self.tests.is_empty() && self.unchanged == 0
    }
}

/// The tests of one side, rendered.
struct Side {
    facts: SideFacts,
    tests: BTreeMap<TestName, Done>,
    /// The prompts, with their files from the repository's root.
    files: BTreeMap<PromptName, String>,
    /// The prompts that have errors, so that it is not known which tests they have, with the first of them.
    faulty: BTreeMap<PromptName, String>,
    missing: Vec<Missing>,
}

struct Done {
    outcome: Outcome,
    /// What it rendered to.
    text: Option<String>,
    /// Whether that is a chat, in which roles stand at the margin.
    is_chat: bool,
}

/// Renders the tests of the two sides that `request` names, and compares them.
///
/// # Errors
/// When a side does not exist or cannot be read. A prompt that cannot be rendered is told in the report.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let here = Here::at(&Project::directory(context)?)?;
    let old_name = request.old.clone().map_or_else(|| here.newest(), Ok)?;
    let old = here.rendered(context, request, (Which::Old, &old_name))?;
    let new_name = request.new.clone().map_or_else(|| here.beside(&old_name), Ok)?;
    let new = here.rendered(context, request, (Which::New, &new_name))?;
    let wanted = wanted(&here, &request.only, (&old, &new))?;
    Ok(compare(old, new, &wanted, request.context_lines))
}

/// Returns the tests of a set that render to something else with what `new` has than with what `old` has, and how many
/// render to the same. A side that does not have the set is nothing.
pub(in crate::commands) fn between(old: Option<&Scope>, new: Option<&Scope>) -> (Vec<TestChange>, usize) {
    let side = |scope: Option<&Scope>| {
        let facts = SideFacts { kind: SideKind::Published, name: None, commit: None, version: None, registry: None };
        match scope {
            Some(scope) => Side::of(scope, facts, ("", Vec::new())),
            None => Side {
                facts,
                tests: BTreeMap::new(),
                files: BTreeMap::new(),
                faulty: BTreeMap::new(),
                missing: Vec::new(),
            },
        }
    };
    let report = compare(side(old), side(new), &|_| true, crate::diff::CONTEXT);
    (report.tests, report.unchanged)
}

/// Returns whether a prompt is asked about, by its name or its file.
fn wanted<'a>(
    here: &Here,
    only: &'a [String],
    (old, new): (&Side, &Side),
) -> Result<impl Fn(&PromptName) -> bool + use<'a>> {
    let mut named: BTreeSet<PromptName> = BTreeSet::new();
    for text in only {
        let before = named.len();
        let path = here.path_from_root(text);
        for (name, file) in old.files.iter().chain(&new.files) {
            let is_inside = |path: &String| {
                path.is_empty()
                    || file.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if name.as_str() == text || path.as_ref().is_some_and(is_inside) {
                named.insert(name.clone());
            }
        }
        if named.len() == before && !named.iter().any(|name| name.as_str() == text) {
            return Err(DiffError::NothingCalled(text.clone()).into());
        }
    }
    Ok(move |name: &PromptName| only.is_empty() || named.contains(name))
}

fn compare(mut old: Side, mut new: Side, wanted: &dyn Fn(&PromptName) -> bool, context_lines: usize) -> Report {
    old.expect(&new);
    new.expect(&old);
    let path = |name: &TestName| snapshot::path(&name.prompt, &name.test);
    let has_failed = |done: Option<&Done>| done.is_some_and(|done| done.text.is_none());
    // A text with nothing to be compared to would be told as come or gone, or as that of another test.
    let texts = |side: &Side, other: &Side| {
        let mut texts = Texts::default();
        for (name, done) in side.tests.iter().filter(|(name, _)| wanted(&name.prompt)) {
            if let Some(text) = done.text.as_ref().filter(|_| !has_failed(other.tests.get(name))) {
                texts.insert(path(name), text.clone().into_bytes());
            }
        }
        texts
    };
    let comparison = texts::compare(&texts(&old, &new), &texts(&new, &old), Detail::Words, context_lines);
    let mut changes: BTreeMap<String, FileChange> =
        comparison.files.into_iter().map(|change| (change.path.clone(), change)).collect();
    let renamed: BTreeMap<String, String> =
        changes.values().filter_map(|change| Some((change.old_path.clone()?, change.path.clone()))).collect();
    let old_names: BTreeMap<String, TestName> = old.tests.keys().map(|name| (path(name), name.clone())).collect();
    let mut report = Report { old: old.facts, new: new.facts, tests: Vec::new(), unchanged: 0, missing: old.missing };
    report.missing.extend(new.missing);
    let names: BTreeSet<&TestName> = old.tests.keys().chain(new.tests.keys()).collect();
    for name in names.into_iter().filter(|name| wanted(&name.prompt)) {
        let place = path(name);
        // It is told under its new name.
        if renamed.contains_key(&place) && !new.tests.contains_key(name) {
            continue;
        }
        let change = changes.remove(&place);
        let renamed_from = change.as_ref().and_then(|change| old_names.get(change.old_path.as_ref()?)).cloned();
        let before = old.tests.get(renamed_from.as_ref().unwrap_or(name));
        let after = new.tests.get(name);
        if change.is_none() && !has_failed(before) && !has_failed(after) {
            report.unchanged += 1;
            continue;
        }
        let is_rendered = |done: Option<&Done>| done.is_some_and(|done| done.text.is_some());
        let kind = match &change {
            Some(change) => Some(change.change),
            // It renders on one side, and the other one has it.
            None => (is_rendered(before) != is_rendered(after) && before.is_some() && after.is_some())
                .then_some(Change::Modified),
        };
        let difference = Lines::of(change);
        let is_chat = |done: Option<&Done>| done.is_some_and(|done| done.is_chat);
        let is_compared = !has_failed(before) && !has_failed(after);
        report.tests.push(TestChange {
            prompt: name.prompt.clone(),
            test: name.test.clone(),
            change: kind,
            renamed_from,
            old: before.map(|done| done.outcome.clone()),
            new: after.map(|done| done.outcome.clone()),
            words: is_compared.then(|| words(&difference, (is_chat(before), is_chat(after)))),
            difference,
        });
    }
    report
}

/// Returns how many words came and went. In lines of which none has a word marked, all have. The role at
/// the margin of a chat is no word of it; which of the two sides is one is said.
fn words(lines: &Lines, (was_chat, is_chat): (bool, bool)) -> Words {
    let mut words = Words::default();
    for hunk in &lines.hunks {
        for group in hunk.lines.split(|line| line.kind == LineKind::Context) {
            let is_marked = group.iter().flat_map(|line| &line.segments).any(|segment| segment.emphasised);
            for line in group {
                let is_of_chat = if line.kind == LineKind::Removed { was_chat } else { is_chat };
                if is_of_chat && !line.text().starts_with(' ') {
                    continue;
                }
                let changed = line.segments.iter().filter(|segment| segment.emphasised || !is_marked);
                let number = changed.map(|segment| segment.text.split_whitespace().count()).sum::<usize>();
                match line.kind {
                    LineKind::Removed => words.removed += number,
                    LineKind::Added | LineKind::Context => words.added += number,
                }
            }
        }
    }
    words
}

impl Here {
    /// Returns the rendered tests of the side called `name`.
    fn rendered(&self, context: &Context, request: &Request, (which, name): (Which, &SideName)) -> Result<Side> {
        let found = self.side(context, request, name)?;
        let facts = found.facts.clone();
        let both_at_home = facts.kind != SideKind::Published;
        let (scope, missing) = match (name, facts.commit) {
            (SideName::Published(address), _) => {
                let project = self.folder.as_deref().and_then(|folder| Project::open(folder).ok());
                let published = self.published(context, request, address)?;
                let stock = Stock::open(context, project.as_ref(), request.registry.as_ref())?;
                (published.scope(context, &stock)?, Vec::new())
            }
            (_, Some(commit)) => self.at_commit(context, commit, name)?,
            (_, None) => self.in_work_tree(context)?,
        };
        let prefix = if both_at_home { self.prefix() } else { String::new() };
        let missing = missing.into_iter().map(|(name, why)| Missing { side: which, name, why }).collect();
        Ok(Side::of(&scope, facts, (&prefix, missing)))
    }

    /// Returns the set as its files lie there, with what is unpacked or in the cache.
    fn in_work_tree(&self, context: &Context) -> Result<Found> {
        let project = Project::open(self.folder()?)?;
        project.set()?;
        let contents = Contents::of_folder(&project.folder, Strictness::Own)?;
        let (dependencies, missing) = lint::dependencies(context, &project, &contents.prompts)?;
        let why = "it is neither unpacked nor in the cache: `anvil pull` gets it";
        let missing = missing.into_iter().map(|name| (name, why.to_owned())).collect();
        Ok((Scope::new(contents.prompts, Arc::new(dependencies)), missing))
    }

    /// Returns the set as `commit` has it, with what the lock of that commit names.
    fn at_commit(&self, context: &Context, commit: CommitId, name: &SideName) -> Result<Found> {
        let home = self.repository()?;
        let folder = self.folder_at(commit)?;
        let contents = Contents::of_commit(&home.repository, commit, &folder, Strictness::Dependency)?;
        let project = Project::open(self.folder()?)?;
        match home.lock_at(commit, &folder)? {
            Some(lock) => {
                let place = Place { context, project: &project, home, commit, folder: &folder };
                let (dependencies, missing) = place.dependencies(&lock, &contents.prompts);
                Ok((Scope::new(contents.prompts, Arc::new(dependencies)), missing))
            }
            None => {
                let revision = (name.to_string(), Lockfile::default());
                let scope = own_version::resolved(context, &project, &contents, (&revision.0, revision.1))?;
                Ok((scope, Vec::new()))
            }
        }
    }
}

/// A set with all that it may render, and what of that is not at hand, and why.
type Found = (Scope, Vec<(SetName, String)>);

/// A commit of the project's repository.
struct Place<'a> {
    context: &'a Context,
    project: &'a Project,
    home: &'a SetRepository,
    commit: CommitId,
    /// The set's folder there.
    folder: &'a str,
}

impl Place<'_> {
    /// Returns the sets that `prompts` depends on, directly or not, as `lock` has them.
    fn dependencies(&self, lock: &Lockfile, prompts: &Set) -> (Dependencies, Vec<(SetName, String)>) {
        let (mut found, mut missing) = (Dependencies::new(), BTreeMap::new());
        let mut pending: Vec<SetName> = prompts.dependencies().iter().cloned().collect();
        while let Some(name) = pending.pop() {
            if found.contains_key(&name) || missing.contains_key(&name) {
                continue;
            }
            let set = match lock.set(&name) {
                Some(LockedSet { source: Source::Path(path), .. }) => match joined(self.folder, path) {
                    Some(folder) => self.in_folder(&folder).map_err(|error| error.to_string()),
                    None => Err(format!("`{path}` lies outside the repository, and no commit says what it held")),
                },
                Some(locked) => self.locked(locked).map_err(|error| error.to_string()),
                None => Err("the lock of that commit does not have it".to_owned()),
            };
            match set {
                Ok(set) => {
                    pending.extend(set.dependencies().iter().cloned());
                    found.insert(name, set);
                }
                Err(why) => _ = missing.insert(name, why),
            }
        }
        (found, missing.into_iter().collect())
    }

    /// Returns the set in `folder` of the commit.
    fn in_folder(&self, folder: &str) -> Result<Arc<Set>> {
        let contents = Contents::of_commit(&self.home.repository, self.commit, folder, Strictness::Dependency)?;
        Ok(Arc::new(Set::load_dependency(&contents.manifest, &contents.files)))
    }

    /// Returns a set that is locked there, from where it is unpacked, from the cache, or from where the
    /// lock says.
    fn locked(&self, locked: &LockedSet) -> Result<Arc<Set>> {
        if let Ok((_, set)) = dependency::locked(self.project, locked) {
            return Ok(set);
        }
        let files = match pull::at_hand(self.context, locked) {
            Some(files) => files,
            None => pull::contents(self.context, self.project, locked)?,
        };
        Ok(dependency::load(&locked.name, &locked.version, &files)?.1)
    }
}

/// Returns `path`, which is relative to `folder`, from the repository's root; nothing when it leaves that.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop()?,
            segment => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

impl Side {
    fn of(scope: &Scope, facts: SideFacts, (prefix, missing): (&str, Vec<Missing>)) -> Side {
        let why = |name: &PromptName| scope.own(name).err().map(|error| error.to_string()).unwrap_or_default();
        let faulty = scope.set().faulty_names().map(|name| (name.clone(), why(name))).collect();
        let mut side = Side { facts, tests: BTreeMap::new(), files: BTreeMap::new(), faulty, missing };
        for prompt in scope.set().prompts() {
            side.files.insert(prompt.name().clone(), format!("{prefix}{}", prompt.path()));
            let tokenizer = prompt.front_matter().tokenizer();
            let ready = scope.ready(prompt);
            let render = |test: &PromptTest| match &ready {
                Ok(ready) => ready.render(test.parameters.clone()).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            for test in &prompt.front_matter().tests {
                let rendered = render(test);
                let outcome = Outcome {
                    tokens: rendered.as_ref().ok().map(|rendered| tokens(rendered, tokenizer).total),
                    tokenizer: tokenizer.name(),
                    error: rendered.as_ref().err().cloned(),
                };
                let is_chat = rendered.as_ref().is_ok_and(|rendered| rendered.messages().is_some());
                let done = Done { outcome, text: rendered.ok().map(|rendered| snapshot::text(&rendered)), is_chat };
                side.tests.insert(TestName { prompt: prompt.name().clone(), test: test.name.clone() }, done);
            }
        }
        side
    }

    /// Takes the tests that `other` has of prompts that have errors on this side for such as do not render:
    /// they are no more gone than the prompts.
    fn expect(&mut self, other: &Side) {
        for (name, done) in &other.tests {
            if let Some(error) = self.faulty.get(&name.prompt) {
                let tokenizer = done.outcome.tokenizer;
                let outcome = Outcome { tokens: None, tokenizer, error: Some(error.clone()) };
                self.tests.insert(name.clone(), Done { outcome, text: None, is_chat: false });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_the_repository_or_leads_nowhere() {
        assert_eq!(joined("sets/a", "../shared").as_deref(), Some("sets/shared"));
        assert_eq!(joined("", "x/./y").as_deref(), Some("x/y"));
        assert_eq!(joined("a", "..").as_deref(), Some(""));
        assert_eq!(joined("a", "../../x"), None);
    }
}
