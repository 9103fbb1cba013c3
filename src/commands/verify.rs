//! Proves that nothing moved, and that what is locked can be used: the lock answers the manifest,
//! every unpacked file is the one that is locked, and the sets fit each other. For CI; no network is
//! used and nothing is written.
//!
//! A resolution chooses by version numbers. That the prompts of one set find what they render of
//! another is promised by these alone, and a patch release may break the promise.

mod rules;

use super::context::Context;
use super::dependency;
use super::environment::{self, Rules};
use super::lock::{self, LockCommandError};
use super::members;
use super::parallel::in_parallel;
use super::project::Project;
use super::sources;
use super::update;
use super::vendor;
use crate::error::{Diagnostic, Hint, Result};
use crate::fs;
use crate::git::Repository;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::Manifest;
use crate::name::SetName;
use crate::prompt::lint::{self, Misfit};
use crate::prompt::{Dependencies, Scope, Set};
use crate::store::project::{State, StoreError};
use crate::version::Version;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every locked set, by name.
    pub sets: Vec<Checked>,
    /// What would set right what [`Checked::misfits`] tell of.
    pub hints: Vec<Hint>,
    /// What would put in place the sets that are not as locked.
    pub put_back: Vec<Hint>,
    /// The environment whose rules were checked, too, if one is named.
    pub environment: Option<Rules>,
    /// What breaks these rules; and, where an environment is named, what of the lock does not answer the manifest. Also
    /// what is warned of, such as globs of a workspace that lead to no member.
    pub problems: Vec<Diagnostic>,
    /// What is missing or changed of what is vendored, but for the files of the sets.
    pub vendored: Vec<Diagnostic>,
    /// The path from the root of the repository to the project, with a `/` at its end; empty where that is the
    /// root, or there is no repository.
    pub prefix: String,
}

/// One locked set.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The set.
    pub name: SetName,
    /// Its locked version.
    pub version: Version,
    /// Its state; nothing for the set of a folder, which is used where it lies and has no checksum.
    pub state: Option<State>,
    /// The line of the lock that names it, from 1.
    pub line: usize,
    /// Why prompts of it cannot be rendered; not looked for until every set is as it is locked.
    pub misfits: Vec<Misfit>,
}

impl Checked {
    /// Returns whether its files are those that are locked.
    pub fn is_as_locked(&self) -> bool {
        self.state.as_ref().is_none_or(|state| *state == State::Unpacked)
    }
}

impl Report {
    /// Returns the sets whose files are not those that are locked.
    pub fn failed(&self) -> impl Iterator<Item = &Checked> {
        self.sets.iter().filter(|set| !set.is_as_locked())
    }

    /// Returns the sets that cannot be used with the others.
    pub fn unfit(&self) -> impl Iterator<Item = &Checked> {
        self.sets.iter().filter(|set| !set.misfits.is_empty())
    }

    /// Returns whether every set is as it is locked and can be used, and no rule is broken.
    pub fn holds(&self) -> bool {
        let is_broken = self.told().any(Diagnostic::is_error);
        !is_broken && self.failed().next().is_none() && self.unfit().next().is_none()
    }

    /// Returns all that is told beside what is wrong with the files of each set.
    pub fn told(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().chain(&self.vendored)
    }

    /// Returns the locked version of `name`.
    pub fn version(&self, name: &SetName) -> Option<&Version> {
        self.sets.iter().find(|set| set.name == *name).map(|set| &set.version)
    }
}

/// Checks the project, and where an environment is named, its rules. Then everything that is wrong is told at once.
///
/// # Errors
/// When there is no lock though something is required, it has conflict markers, it does not answer
/// the manifest or says of a set that it needs other sets than it does, it names a registry that is known
/// to be none of the project's, or something cannot be read. Damaged sets and sets that do not fit each other are
/// no error but in the report; with an environment neither is a lock that does not answer the manifest.
pub fn run(context: &Context) -> Result<Report> {
    let project = Project::of(context)?;
    let environment = environment::of(context, &project)?;
    let mut problems = Vec::new();
    let lock = match (lock::check(&project), &environment) {
        (Err(error), Some(_)) => match error.downcast_ref() {
            Some(LockCommandError::Stale(stale)) => {
                problems.extend(rules::stale(context, &project, environment.as_ref(), stale));
                project.lock()?
            }
            _ => return Err(error),
        },
        (checked, _) => checked?,
    };
    lock::check_registries(context, &project, &lock)?;
    if let Some(environment) = &environment {
        problems.extend(rules::check(context, &project, environment, &lock)?);
    }
    let lock_text = fs::read_to_string_if_exists(&project.lock_path())?.unwrap_or_default();
    context.progress.begin("checking", lock.sets.len() as u64);
    let read = in_parallel(&lock.sets, |set| {
        let read = read(&project, set);
        context.progress.advance(1);
        read
    });
    context.progress.end();
    let (mut sets, mut prompts, mut misstated) = (Vec::new(), Dependencies::new(), Vec::new());
    for (locked, (state, set)) in lock.sets.iter().zip(read?) {
        let (name, version) = (locked.name.clone(), locked.version.clone());
        if let Some((manifest, set)) = set {
            misstated.extend(sources::misstated(locked, sources::needs_of(&manifest)));
            prompts.insert(name.clone(), set);
        }
        let line = rules::line_of(&lock_text, &name);
        sets.push(Checked { name, version, state, line, misfits: Vec::new() });
    }
    if environment.is_some() {
        problems.extend(rules::stale(context, &project, environment.as_ref(), &misstated));
    } else if !misstated.is_empty() {
        return Err(LockCommandError::Stale(misstated).into());
    }
    // What is not there, or not as locked, cannot say what it takes.
    if sets.iter().all(Checked::is_as_locked) {
        let prompts = Arc::new(prompts);
        let found = in_parallel(&sets, |checked| {
            let set = prompts.get(&checked.name).cloned();
            Ok(set.map(|set| lint::misfits(&Scope::new(set, Arc::clone(&prompts)))).unwrap_or_default())
        })?;
        sets.iter_mut().zip(found).for_each(|(set, misfits)| set.misfits = misfits);
    }
    problems.extend(members::of(&project)?);
    let vendored = vendor::check::faults(&project, &lock)?;
    let hints = hints(&project, &lock, &sets);
    let prefix = prefix(&project.root);
    let put_back = vendor::put_back(&project);
    Ok(Report { sets, hints, put_back, environment, problems, vendored, prefix })
}

/// Returns the path from the root of the repository to the project that `directory` lies in, with a `/` at its end; empty
/// where that is the root, or one of the two is not there.
pub fn prefix(directory: &Path) -> String {
    let path = Project::find(directory).and_then(|folder| Ok(Repository::discover(&folder)?.relative(&folder)?));
    path.ok().filter(|path| !path.is_empty()).map(|path| format!("{path}/")).unwrap_or_default()
}

/// What a locked set says, where it is as it is locked.
type Found = (Manifest, Arc<Set>);

/// Returns how a locked set is found, and what it says unless it is not as locked.
fn read(project: &Project, locked: &LockedSet) -> Result<(Option<State>, Option<Found>)> {
    match dependency::locked(project, locked) {
        Ok(set) => Ok(((!matches!(locked.source, Source::Path(_))).then_some(State::Unpacked), Some(set))),
        Err(error) => match error.downcast_ref() {
            Some(StoreError::Missing { .. }) => Ok((Some(State::Missing), None)),
            Some(StoreError::Damaged { files, .. }) => Ok((Some(State::Damaged { files: files.clone() }), None)),
            _ => Err(error),
        },
    }
}

/// Returns what to try: to go back where the lock had another version before, else to go on.
fn hints(project: &Project, lock: &Lockfile, sets: &[Checked]) -> Vec<Hint> {
    let guilty = |set: &Checked| -> Vec<SetName> {
        set.misfits.iter().map(|misfit| misfit.with.as_ref().unwrap_or(&set.name).clone()).collect()
    };
    let guilty: BTreeSet<SetName> = sets.iter().flat_map(guilty).collect();
    let back: Vec<&SetName> = guilty.iter().filter(|name| update::can_go_back(project, name)).collect();
    if !back.is_empty() {
        let hint = |name: &SetName| {
            Hint::run(
                format!("go back to the {name} that anvil.lock held before"),
                format!("anvil update {name} --previous"),
            )
        };
        return back.into_iter().map(hint).collect();
    }
    let moves = |name: &SetName| lock.set(name).is_some_and(|set| matches!(set.source, Source::Registry(_)));
    let unfit = sets.iter().filter(|set| !set.misfits.is_empty()).map(|set| &set.name);
    let names: BTreeSet<&SetName> = unfit.chain(&guilty).filter(|name| moves(name)).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = names.into_iter().map(SetName::as_str).collect();
    vec![Hint::run("see whether newer versions fit", format!("anvil update {}", names.join(" ")))]
}
