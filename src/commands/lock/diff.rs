//! `anvil lock --diff`: what a change of the lock means, for whoever reviews it: versions, how much lies between
//! them, and which prompts say something else in how many more or fewer tokens.
//!
//! The two locks are compared as they are; neither has to answer a manifest. What they name is read through the
//! cache, and what cannot be read is told as not checked: a review without a network is still one of versions.

mod prompts;

pub use prompts::{PromptChange, What};

use super::ProjectError;
use crate::commands::between::bundles::{self, Delivered, Order};
use crate::commands::between::{self, Between, Held, files_of};
use crate::commands::context::Context;
use crate::commands::dependency;
use crate::commands::parallel::in_parallel;
use crate::commands::project::Project;
use crate::commands::published::Stock;
use crate::commands::registries::Registries;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs;
use crate::git::{CommitId, GitError, Repository};
use crate::lockfile::{self, Change, LockedSet, Lockfile, Reading, Source};
use crate::manifest::{DependencySource, ROOT};
use crate::name::SetName;
use crate::prompt::{Dependencies, Scope};
use crate::registry::Freshness;
use crate::resolver::graph::Graph;
use crate::version::Bump;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which locks are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The revision with the old one.
    pub old: String,
    /// The revision with the new one; nothing for the working tree.
    pub new: Option<String>,
}

/// What a change of the lock means.
#[derive(Clone, Debug)]
pub struct Report {
    /// The old side.
    pub old: Side,
    /// The new side.
    pub new: Side,
    /// Where the new lock is, from the repository's root.
    pub file: String,
    /// The requirements and overrides that differ.
    pub asked: Vec<Asked>,
    /// The sets that differ, by name.
    pub sets: Vec<SetChange>,
    /// Whether a lock has requirements of members of a workspace.
    pub of_members: bool,
}

/// One of the locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// As it was named; nothing for the working tree.
    pub revision: Option<String>,
    /// The commit that this is; nothing for the working tree, and where there is no commit yet.
    pub commit: Option<CommitId>,
}

/// Something that the project asks otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The member whose manifest it is: `.`, or its folder in a workspace.
    pub member: String,
    /// The set.
    pub name: SetName,
    /// Whether it is about an override.
    pub is_override: bool,
    /// What was asked.
    pub old: Option<DependencySource>,
    /// What is asked now.
    pub new: Option<DependencySource>,
}

/// A set that differs.
#[derive(Clone, Debug)]
pub struct SetChange {
    /// The set.
    pub name: SetName,
    /// How.
    pub kind: Kind,
    /// As it was locked.
    pub old: Option<LockedSet>,
    /// As it is locked now.
    pub new: Option<LockedSet>,
    /// What lies between; nothing where it came or went.
    pub between: Option<Between>,
    /// The prompts that differ, by name.
    pub prompts: Vec<PromptChange>,
    /// Why nothing is known of the prompts, where that is so.
    pub unread: Option<String>,
    /// The members whose manifests ask for it, or for what needs it, by their folders; of the old lock where it went.
    pub members: Vec<String>,
    /// The line of the new lock that says the version; 1 where it went.
    pub line: usize,
}

/// How a set differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// It has a higher version.
    Updated,
    /// It has a lower version.
    Downgraded,
    /// It has the version that it had, from elsewhere.
    Moved,
    /// It has the version that it had, with another content.
    Changed,
}

impl SetChange {
    /// Returns by how many tokens its prompts say more, as far as that is known.
    pub fn tokens(&self) -> Option<i64> {
        let deltas: Option<Vec<i64>> = self.prompts.iter().map(PromptChange::delta).collect();
        deltas.filter(|_| self.unread.is_none()).map(|deltas| deltas.iter().sum())
    }

    /// Returns whether it asks for a closer look: it may break those who use the set, or should not happen.
    pub fn is_grave(&self) -> bool {
        let breaks = self.between.as_ref().and_then(Between::bump) == Some(Bump::Major);
        breaks || matches!(self.kind, Kind::Downgraded | Kind::Changed)
    }
}

/// Why two locks cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The lock of a revision is none that can be read.
    #[error("anvil.lock of `{revision}` cannot be read: {why}")]
    Unreadable {
        /// The revision.
        revision: String,
        /// What is wrong.
        why: String,
    },
}

impl Diagnose for DiffError {
    fn code(&self) -> Code {
        Code::A1161
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::new("name a revision whose lock this Anvil can read")]
    }
}

/// Compares the locks that `request` names.
///
/// # Errors
/// When there is no project or no repository, a revision is none, or a lock cannot be read.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let project = Project::of(context)?;
    let repository = Repository::discover(&project.root)?;
    let folder = repository.relative(&project.root)?;
    let file = if folder.is_empty() { lockfile::FILE_NAME.into() } else { format!("{folder}/{}", lockfile::FILE_NAME) };
    let (old, old_lock, _) = at(&repository, &request.old, &file)?;
    let (new, new_lock, text) = match &request.new {
        Some(revision) => at(&repository, revision, &file)?,
        None => {
            let text = fs::read_to_string_if_exists(&project.lock_path())?.unwrap_or_default();
            let lock = match project.read_lock()? {
                Some(Reading::Whole(lock)) => lock,
                Some(Reading::Conflict { .. }) => return Err(ProjectError::ConflictingLock(project.lock_path()).into()),
                None => Lockfile::default(),
            };
            (Side { revision: None, commit: None }, lock, text)
        }
    };
    let mut sets: Vec<SetChange> =
        old_lock.changes(&new_lock).iter().map(|change| set_change(change, &old_lock, &new_lock, &text)).collect();
    look_into(context, &project, [&old_lock, &new_lock], &mut sets)?;
    tell_members([&old_lock, &new_lock], &mut sets);
    let mut asking = old_lock.requirements.iter().chain(&new_lock.requirements);
    let of_members = asking.any(|entry| entry.member != ROOT);
    Ok(Report { old, new, file, asked: asked(&old_lock, &new_lock), sets, of_members })
}

/// Returns the lock of `revision`, with its text. Where there is none, and where HEAD has no commit yet, it is empty.
fn at(repository: &Repository, revision: &str, file: &str) -> Result<(Side, Lockfile, String)> {
    let side = |commit| Side { revision: Some(revision.to_owned()), commit };
    if revision == "HEAD" && matches!(repository.head(), Err(GitError::NoCommits { .. })) {
        return Ok((side(None), Lockfile::default(), String::new()));
    }
    let commit = repository.resolve(revision)?;
    let unreadable = |why: String| DiffError::Unreadable { revision: revision.to_owned(), why };
    let Some(bytes) = repository.tree(commit)?.read(file)? else {
        return Ok((side(Some(commit)), Lockfile::default(), String::new()));
    };
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
    let read = Lockfile::read(lockfile::FILE_NAME, &text).and_then(|reading| reading.whole(lockfile::FILE_NAME));
    Ok((side(Some(commit)), read.map_err(|error| unreadable(error.to_string()))?, text))
}

fn set_change(change: &Change, old: &Lockfile, new: &Lockfile, text: &str) -> SetChange {
    let (old, new) = (old.set(&change.name).cloned(), new.set(&change.name).cloned());
    let kind = match (&old, &new) {
        (None, _) => Kind::Added,
        (_, None) => Kind::Removed,
        (Some(old), Some(new)) if old.version < new.version => Kind::Updated,
        (Some(old), Some(new)) if old.version > new.version => Kind::Downgraded,
        (Some(old), Some(new)) if old.source != new.source => Kind::Moved,
        _ => Kind::Changed,
    };
    let line = line_of(text, &change.name);
    let (name, prompts, members) = (change.name.clone(), Vec::new(), Vec::new());
    SetChange { name, kind, old, new, between: None, prompts, unread: None, members, line }
}

/// Says of each of `sets` which members need it, by the two locks.
fn tell_members(locks: [&Lockfile; 2], sets: &mut [SetChange]) {
    let [old, new] = locks.map(|lock| {
        let graph = Graph::of(lock);
        let mut asked: BTreeMap<&str, Vec<&SetName>> = BTreeMap::new();
        lock.requirements.iter().for_each(|entry| asked.entry(&entry.member).or_default().push(&entry.name));
        let needed = |(member, names)| (member, graph.needed_by(names));
        asked.into_iter().map(needed).collect::<BTreeMap<&str, BTreeSet<SetName>>>()
    });
    for set in sets {
        let needed = if set.new.is_some() { &new } else { &old };
        let members = needed.iter().filter(|(_, names)| names.contains(&set.name));
        set.members = members.map(|(member, _)| (*member).to_owned()).collect();
    }
}

/// Returns the line of a lock's text, counted from 1, that says the version of `name`; 1 where it holds no such set.
fn line_of(text: &str, name: &SetName) -> usize {
    let named = format!("name = \"{name}\"");
    let mut in_set = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("[[") {
            in_set = line.trim_end() == "[[set]]";
        }
        if in_set && line.trim_end() == named {
            return at + 2; // The version is the fact after the name.
        }
    }
    1
}

fn asked(old: &Lockfile, new: &Lockfile) -> Vec<Asked> {
    let mut asked = Vec::new();
    for is_override in [false, true] {
        let of = |lock: &Lockfile| -> BTreeMap<(SetName, String), DependencySource> {
            let entries = if is_override { &lock.overrides } else { &lock.requirements };
            entries.iter().map(|entry| ((entry.name.clone(), entry.member.clone()), entry.source.clone())).collect()
        };
        let (before, after) = (of(old), of(new));
        let keys: BTreeSet<&(SetName, String)> = before.keys().chain(after.keys()).collect();
        let differs = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
        asked.extend(differs.map(|key| Asked {
            name: key.0.clone(),
            member: key.1.clone(),
            is_override,
            old: before.get(key).cloned(),
            new: after.get(key).cloned(),
        }));
    }
    asked
}

/// Finds out what the changes mean, as far as what the two locks name can be read.
fn look_into(context: &Context, project: &Project, locks: [&Lockfile; 2], sets: &mut [SetChange]) -> Result<()> {
    if sets.is_empty() {
        return Ok(());
    }
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    let stock = Stock::of(project, registries, locks[1].clone());
    let Some(registries) = stock.registries() else { return Ok(()) };
    let changed: Vec<&SetName> = sets.iter().map(|set| &set.name).collect();
    // What the changed ones render of others is read, too; the rest of the locks is not.
    let needed = locks.map(|lock| Graph::of(lock).needed_by(changed.iter().copied()));
    let wanted = |lock: &'_ Lockfile, needed: &BTreeSet<SetName>| -> Vec<LockedSet> {
        lock.sets.iter().filter(|set| needed.contains(&set.name)).cloned().collect()
    };
    let wanted = [wanted(locks[0], &needed[0]), wanted(locks[1], &needed[1])];
    let orders: Vec<Order> = wanted.iter().flatten().filter_map(Order::of_locked).collect();
    let bundles = bundles::read_all(context, registries, &orders);
    let scopes = [
        Arc::new(dependencies(context, project, &wanted[0], &bundles)),
        Arc::new(dependencies(context, project, &wanted[1], &bundles)),
    ];
    let found = in_parallel(sets, |set| {
        let between = match (&set.old, &set.new) {
            (Some(old), Some(new)) => Some(compare(context, project, &stock, [old, new], &bundles)),
            _ => None,
        };
        let side = |locked: &Option<LockedSet>, scope: &Arc<Dependencies>| match locked {
            None => Ok(None),
            Some(locked) => match scope.get(&locked.name) {
                Some(prompts) => Ok(Some(Scope::new(Arc::clone(prompts), Arc::clone(scope)))),
                None => {
                    Err(files_of(context, locked, &bundles).err().unwrap_or_else(|| "it cannot be understood".into()))
                }
            },
        };
        let prompts = match (side(&set.old, &scopes[0]), side(&set.new, &scopes[1])) {
            (Ok(old), Ok(new)) => Ok(prompts::changes(old.as_ref(), new.as_ref())),
            (Err(why), _) | (_, Err(why)) => Err(why),
        };
        Ok((between, prompts))
    })?;
    for (set, (between, prompts)) in sets.iter_mut().zip(found) {
        set.between = between;
        match prompts {
            Ok(prompts) => set.prompts = prompts,
            Err(why) => set.unread = Some(why),
        }
    }
    Ok(())
}

fn compare(
    context: &Context,
    project: &Project,
    stock: &Stock<'_>,
    [old, new]: [&LockedSet; 2],
    bundles: &Delivered,
) -> Between {
    match (files_of(context, old, bundles), files_of(context, new, bundles)) {
        (Ok(before), Ok(after)) => {
            between::compare(context, project, stock, [Held::of_locked(old, &before), Held::of_locked(new, &after)])
        }
        (Err(why), _) | (_, Err(why)) => Between::not_checked(why),
    }
}

/// Returns the prompts of those of `sets` that can be read.
fn dependencies(context: &Context, project: &Project, sets: &[LockedSet], bundles: &Delivered) -> Dependencies {
    let load = |set: &LockedSet| {
        let prompts = match &set.source {
            Source::Path(_) => dependency::locked(project, set).ok()?.1,
            _ => dependency::load(&set.name, &set.version, &files_of(context, set, bundles).ok()?).ok()?.1,
        };
        Some((set.name.clone(), prompts))
    };
    sets.iter().filter_map(load).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_on_the_line_of_its_version() {
        let text = "version = 1\n\n[[requirement]]\nmember = \".\"\nname = \"a/b\"\n\n[[set]]\nname = \"a/b\"\nversion = \"1.0.0\"\n";
        assert_eq!(line_of(text, &"a/b".parse().unwrap()), 9);
        assert_eq!(line_of(text, &"a/c".parse().unwrap()), 1);
    }
}
