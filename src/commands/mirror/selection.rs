//! What of a registry is copied.

use super::{MirrorError, pattern};
use crate::commands::context::Context;
use crate::commands::project::{Project, ProjectError};
use crate::digest::Sha256;
use crate::error::Result;
use crate::fs;
use crate::lockfile::{self, Lockfile, Reading, Source};
use crate::manifest::Pattern;
use crate::name::{RegistryId, SetName};
use crate::registry::Registry;
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What of a registry is copied: what matches the patterns, or all, of what the lock names, or of all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Set names in which `*` may stand for a part of a segment; none mean all.
    pub patterns: Vec<String>,
    /// The lock, a folder that it lies in, or `.` for that of the project that the command runs in.
    pub lock: Option<PathBuf>,
}

/// What of a set is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// All of its versions.
    All,
    /// These, each with the checksum of its bundle where the lock says it.
    Locked(BTreeMap<Version, Option<Sha256>>),
}

impl Selection {
    /// Returns the sets of `registry` that are copied.
    ///
    /// # Errors
    /// When there is none, or they cannot be told.
    pub(super) fn choose(&self, context: &Context, registry: &Registry) -> Result<BTreeMap<SetName, Chosen>> {
        let patterns: Vec<Pattern> = self.patterns.iter().map(|text| pattern(text)).collect::<Result<_, _>>()?;
        let is_wanted =
            |name: &SetName| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(name.as_str()));
        if let Some(named) = &self.lock {
            let path = lock_path(context, named)?;
            let mut chosen = locked(&path, registry.id())?;
            chosen.retain(|name, _| is_wanted(name));
            return non_empty(chosen, registry);
        }
        // A set that is named in full needs no list, which a host may not have.
        let named: Vec<Option<SetName>> = self.patterns.iter().map(|text| text.parse().ok()).collect();
        if !named.is_empty() && named.iter().all(Option::is_some) {
            return Ok(named.into_iter().flatten().map(|name| (name, Chosen::All)).collect());
        }
        let names = registry.all_names()?;
        let names = names.ok_or_else(|| MirrorError::Unlisted(registry.location().clone()))?;
        let named = named.into_iter().flatten();
        let chosen: BTreeMap<SetName, Chosen> =
            names.into_iter().filter(|name| is_wanted(name)).chain(named).map(|name| (name, Chosen::All)).collect();
        if patterns.is_empty() { Ok(chosen) } else { non_empty(chosen, registry) }
    }
}

fn non_empty(chosen: BTreeMap<SetName, Chosen>, registry: &Registry) -> Result<BTreeMap<SetName, Chosen>> {
    if chosen.is_empty() { Err(MirrorError::NoMatch(registry.id().clone()).into()) } else { Ok(chosen) }
}

fn lock_path(context: &Context, named: &Path) -> Result<PathBuf> {
    let path = context.path(named);
    if named == Path::new(".") {
        return Ok(Project::of(context)?.lock_path());
    }
    Ok(if fs::is_dir(&path) { path.join(lockfile::FILE_NAME) } else { path })
}

/// Returns what the lock at `path` names of `registry`.
fn locked(path: &Path, registry: &RegistryId) -> Result<BTreeMap<SetName, Chosen>> {
    let Some(text) = fs::read_to_string_if_exists(path)? else {
        return Err(ProjectError::NoLock(path.parent().unwrap_or(path).to_owned()).into());
    };
    let lock = match Lockfile::read(&path.display().to_string(), &text)? {
        Reading::Whole(lock) => lock,
        Reading::Conflict { .. } => return Err(ProjectError::ConflictingLock(path.to_owned()).into()),
    };
    let mut chosen: BTreeMap<SetName, BTreeMap<Version, Option<Sha256>>> = BTreeMap::new();
    let mut known: BTreeSet<&RegistryId> = BTreeSet::new();
    for set in &lock.sets {
        let Source::Registry(id) = &set.source else { continue };
        known.insert(id);
        if id == registry {
            chosen.entry(set.name.clone()).or_default().insert(set.version.clone(), set.sha256);
        }
    }
    if chosen.is_empty() {
        let known = known.into_iter().cloned().collect();
        return Err(MirrorError::NotLocked { lock: path.to_owned(), registry: registry.clone(), known }.into());
    }
    Ok(chosen.into_iter().map(|(name, versions)| (name, Chosen::Locked(versions))).collect())
}
