//! What depends on what, read from the lock, and what is known of its versions with no network.

use super::context::Context;
use super::lock::{self, LockCommandError};
use super::project::Project;
use crate::error::Result;
use crate::index::Advice;
use crate::lockfile::{Lockfile, Stale};
use crate::manifest::SetSection;
use crate::name::SetName;
use std::collections::BTreeMap;

/// A lock, and whose it is.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the project publishes, if it does.
    pub set: Option<SetSection>,
    /// The project's folder, by its last name.
    pub folder: String,
    /// The lock.
    pub lock: Lockfile,
    /// Why the lock does not answer the manifest, should it not.
    pub stale: Vec<Stale>,
    /// What is said against versions of the lock, as far as that is known with no network.
    pub advice: BTreeMap<SetName, Advice>,
}

/// Returns the project's lock, for `tree` and `why` to walk over. `begin` is a set that it must hold.
///
/// # Errors
/// When there is no lock though something is required, it has conflict markers, or `begin` is not in it.
pub fn run(context: &Context, begin: Option<&SetName>) -> Result<Report> {
    let project = Project::of(context)?;
    let lock = match project.manifest.dependencies.is_empty() && project.read_lock()?.is_none() {
        true => Lockfile::default(),
        false => project.lock()?,
    };
    if let Some(begin) = begin.filter(|begin| lock.set(begin).is_none()) {
        return Err(LockCommandError::not_locked(begin, &lock, &project.manifest).into());
    }
    // A folder that is gone is no reason to tell nothing of the rest.
    let stale = lock::staleness(&project, &lock).unwrap_or_else(|_| lock.staleness(&project.workspace));
    let folder = project.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let advised = lock::at_hand(context, &project, &lock).advised;
    let advice = advised.into_iter().map(|set| (set.name, set.advice)).collect();
    Ok(Report { set: project.manifest.set, folder, lock, stale, advice })
}
