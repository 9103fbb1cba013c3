//! Makes the lock answer the manifest: `anvil lock`, and the first half of `pull`, `add`, `remove`
//! and `update`.
//!
//! Whether anything is to be done is decided from manifest and lock alone. Only then registries are
//! opened, and only their indexes are read; bundles are `pull`'s.

mod answer;
mod current;
pub mod diff;
mod error;
pub mod merge;
mod problem;
mod solve;

pub use answer::{Advised, Answer, Contradicted, Dispute, Sizes};
pub use current::{AtHand, at_hand, check, check_registries, staleness};
pub use error::{LockCommandError, NotLocked};
pub use solve::{answer, answer_from};

pub(super) use current::foreign;
pub(super) use solve::{THINKING_TIME, answer_to};

use crate::address::Which;
use crate::commands::context::Context;
use crate::commands::environment;
use crate::commands::project::{Project, ProjectError};
use crate::commands::published;
use crate::commands::registries::Registries;
use crate::commands::sources::{self, Wanted};
use crate::commands::target::Action;
use crate::error::{Error, Result};
use crate::fs;
use crate::lockfile::{Edge, EdgeRequirement, LockedRequirement, Lockfile, Source};
use crate::manifest::{self, Dependency, Workspace};
use crate::name::{RegistryId, SetName};
use crate::registry::publish::Changed;
use crate::registry::{Freshness, Registry};
use crate::resolver;
use crate::store::project as unpacked;
use crate::version::{Requirement, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// It should answer the manifest; nothing moves without need.
    #[default]
    Nothing,
    /// Every set should be the newest that will do.
    All,
    /// These sets should, with what they need.
    Only(BTreeSet<SetName>),
    /// These sets should, with what they need, and those at exactly these versions, whatever else has to move.
    Towards {
        /// The sets.
        names: BTreeSet<SetName>,
        /// The versions of some of them.
        versions: BTreeMap<SetName, Version>,
    },
    /// These sets are chosen as if none of them were locked, and nothing else moves without need.
    Anew(BTreeSet<SetName>),
    /// Every set should be the newest that will do, but these should have the versions that a channel of their
    /// registry names, where those will do.
    Follow(BTreeMap<SetName, (RegistryId, Version)>),
    /// This set should have exactly this version.
    Precise {
        /// The set.
        name: SetName,
        /// Its version.
        version: Version,
        /// Whether the version may be a yanked one, because the project used it before.
        may_be_yanked: bool,
    },
    /// This set, which comes from a git source, should be at this commit.
    Commit {
        /// The set.
        name: SetName,
        /// The commit.
        at: Wanted,
    },
}

/// Makes the lock of the project that the command runs in answer its manifest, or only works out how it
/// would. Returns the answer with whether the lock is, or would be, another.
///
/// # Errors
/// Those of [`answer`], and when the lock cannot be written.
pub fn run(context: &Context, run: Action) -> Result<(Answer, Changed)> {
    environment::check_may_change(context, "lock", run)?;
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of(context)?;
    let answer = answer(context, &project, &Update::Nothing)?;
    let changed = match run {
        Action::Plan => answer.is_new(),
        Action::Do => write(&project, &answer.lock)?,
    };
    Ok((answer, Changed::of(changed)))
}

/// Returns the project's registries as `update` wants them read.
pub fn registries<'a>(context: &'a Context, project: &'a Project, update: &Update) -> Registries<'a> {
    // `update` wants to know what was published a minute ago; `lock` is content with what it knows.
    let freshness = if *update == Update::Nothing { Freshness::Cached } else { Freshness::Revalidate };
    Registries::new(context, &project.folder, &project.manifest, freshness)
}

/// Writes `lock` beside the manifest unless it is there already. Returns whether it wrote. A project
/// that requires nothing and has no lock gets none.
///
/// # Errors
/// When it cannot be written.
pub fn write(project: &Project, lock: &Lockfile) -> Result<bool> {
    if *lock == Lockfile::default() && !fs::exists(&project.lock_path()) {
        return Ok(false);
    }
    let written = fs::write_through(&project.lock_path(), lock.write().as_bytes(), fs::Durability::Synced)?;
    unpacked::sweep_beside(&project.root);
    Ok(written)
}

/// Makes the lock of `answer`, which was solved for what was tried or for what was asked before, say what the manifests
/// of `edited` ask for, and hold what that leads to. The versions in it have to satisfy what is asked.
pub(super) fn fit(edited: &Project, answer: &mut Answer) {
    let (workspace, lock) = (&edited.workspace, &mut answer.lock);
    lock.requirements = requirements(workspace);
    lock.overrides = overrides(workspace);
    for set in &mut lock.sets {
        // What a member needs stands in its own entry, too, where another needs it.
        if let Source::Path(path) = &set.source
            && let Some(manifest) = sources::member_manifest(edited, path)
        {
            let edge = |(name, requirement): (&SetName, &Requirement)| Edge {
                name: name.clone(),
                requirement: EdgeRequirement(requirement.clone()),
            };
            set.dependencies = sources::needs_of(manifest).map(edge).collect();
        }
    }
    let needed = resolver::graph::Graph::of(lock).needed_by(workspace.dependencies().map(|(_, name, _)| name));
    lock.sets.retain(|set| needed.contains(&set.name));
    lock.sort();
    answer.changes = answer.previous.changes(&answer.lock);
}

/// Returns what the lock of `workspace` says that it answers.
fn requirements(workspace: &Workspace) -> Vec<LockedRequirement> {
    workspace.dependencies().map(|(member, name, dependency)| kept(member, name, dependency)).collect()
}

/// Returns the overrides that the lock of `workspace` says that it was made with.
fn overrides(workspace: &Workspace) -> Vec<LockedRequirement> {
    workspace.root.overrides.iter().map(|(name, dependency)| kept(manifest::ROOT, name, dependency)).collect()
}

fn kept(member: &str, name: &SetName, dependency: &Dependency) -> LockedRequirement {
    LockedRequirement { member: member.to_owned(), name: name.clone(), source: dependency.source.clone() }
}

/// Returns the error that `name` is not locked, or that nothing is.
fn not_locked(project: &Project, previous: &Lockfile, name: &SetName) -> Error {
    match LockCommandError::not_locked(name, previous, &project.manifest) {
        LockCommandError::NotLocked { why: NotLocked::Unused, .. } if !fs::exists(&project.lock_path()) => {
            ProjectError::NoLock(project.root.clone()).into()
        }
        error => error.into(),
    }
}

/// Checks that the registry has `version` of `name`: the resolver would tell of it as of any other
/// requirement, and not of the versions that are near.
///
/// # Errors
/// When it has other versions alone. What else is wrong is left to the resolver.
pub(super) fn check_published(registry: &Registry, name: &SetName, version: &Version) -> Result<()> {
    match registry.index(name) {
        Ok(Some(index)) if index.line(version).is_none() && !index.contradicting.contains(version) => {
            Err(published::no_version(registry.id(), name, &Which::Exact(version.clone()), &index).into())
        }
        _ => Ok(()),
    }
}

/// Returns the requirement that `version` alone satisfies.
pub(super) fn exactly(version: &Version) -> crate::version::Requirement {
    let mut requirement = crate::version::caret(version);
    for comparator in &mut requirement.comparators {
        comparator.op = semver::Op::Exact;
    }
    requirement
}
