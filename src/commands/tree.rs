//! What depends on what, read from the lock, and what is known of its versions with no network.

use super::context::Context;
use super::dependency;
use super::lock::{self, AtHand, LockCommandError};
use super::parallel::in_parallel;
use super::project::Project;
use crate::error::Result;
use crate::index::Advice;
use crate::lockfile::{LockedSet, Lockfile, Stale};
use crate::manifest::{Member, ROOT, SetSection};
use crate::name::SetName;
use crate::version::Version;
use std::collections::BTreeMap;

/// A lock, and whose it is.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the project publishes, if it does.
    pub set: Option<SetSection>,
    /// The project's folder, by its last name.
    pub folder: String,
    /// The members of the workspace that the command is about, in order; the project alone where it is none.
    pub members: Vec<Shown>,
    /// The lock.
    pub lock: Lockfile,
    /// Why the lock does not answer the manifest, should it not.
    pub stale: Vec<Stale>,
    /// What is said against versions of the lock, as far as that is known with no network.
    pub advice: BTreeMap<SetName, Advice>,
    /// How many public prompts the sets have, as far as that is known with no network.
    pub prompts: BTreeMap<SetName, usize>,
}

/// A member of a workspace, as people are shown it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its path from the root.
    pub path: String,
    /// What it publishes, if it does.
    pub set: Option<(SetName, Version)>,
}

/// Returns the members whose dependencies are shown: the one that the command runs in, or, in a root that is no
/// set, all that depend on something.
fn shown(project: &Project) -> Vec<Shown> {
    let is_all = project.workspace.is_declared() && project.member == ROOT && project.manifest.set.is_none();
    let is_shown = |member: &&Member| match is_all {
        true => member.path != ROOT || !member.manifest.dependencies.is_empty(),
        false => member.path == project.member,
    };
    let shown = |member: &Member| {
        let set = member.set().map(|(name, version)| (name.clone(), version.clone()));
        Shown { path: member.path.clone(), set }
    };
    let members: Vec<Shown> = project.workspace.members.iter().filter(is_shown).map(shown).collect();
    // Where nobody depends on anything, the project itself is told with nothing below it.
    if members.is_empty() { vec![Shown { path: project.member.clone(), set: None }] } else { members }
}

/// Returns the project's lock, for `tree` and `why` to walk over. `begin` is a set that it must hold.
///
/// # Errors
/// When there is no lock though something is required, it has conflict markers, or `begin` is not in it.
pub fn run(context: &Context, begin: Option<&SetName>) -> Result<Report> {
    let project = Project::of(context)?;
    let lock = match project.workspace.dependencies().next().is_none() && project.read_lock()?.is_none() {
        true => Lockfile::default(),
        false => project.lock()?,
    };
    if let Some(begin) = begin.filter(|begin| lock.set(begin).is_none()) {
        return Err(LockCommandError::not_locked(begin, &lock, &project.manifest).into());
    }
    // A folder that is gone is no reason to tell nothing of the rest.
    let stale = lock::staleness(&project, &lock).unwrap_or_else(|_| lock.staleness(&project.workspace));
    let folder = project.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let AtHand { advised, mut prompts, .. } = lock::at_hand(context, &project, &lock);
    let advice = advised.into_iter().map(|set| (set.name, set.advice)).collect();
    // What no index says is counted where it is unpacked, or where it lies.
    let uncounted: Vec<&LockedSet> = lock.sets.iter().filter(|set| !prompts.contains_key(&set.name)).collect();
    let counted = in_parallel(&uncounted, |set| {
        let set = dependency::locked(&project, set).ok();
        Ok(set.map(|(_, prompts)| prompts.public_names().count()))
    })?;
    prompts.extend(uncounted.iter().zip(counted).filter_map(|(set, count)| Some((set.name.clone(), count?))));
    Ok(Report { members: shown(&project), set: project.manifest.set, folder, lock, stale, advice, prompts })
}
