//! A set that somebody depends on, as it is read from its files: its manifest and its prompts.

use super::contents::Contents;
use super::project::Project;
use super::pull;
use crate::archive::FileSet;
use crate::error::Result;
use crate::lockfile::{LockedSet, Source};
use crate::manifest::{self, Manifest};
use crate::name::SetName;
use crate::prompt::Set;
use crate::store::project as unpacked;
use crate::version::Version;
use std::sync::Arc;

/// Returns the locked set from where it is unpacked, or from where it lies if that is a folder of the
/// user's own.
///
/// # Errors
/// [`unpacked::StoreError`] when it is not unpacked or not as it was locked; otherwise when the lock has no
/// digest for it, its manifest cannot be used, or something cannot be read.
pub(super) fn locked(project: &Project, locked: &LockedSet) -> Result<(Manifest, Arc<Set>)> {
    if let Source::Path(path) = &locked.source {
        let Contents { manifest, files, .. } = Contents::of_dependency(&project.root, path)?;
        let set = Set::load_dependency(&manifest, &files);
        return Ok((manifest, Arc::new(set)));
    }
    load(&locked.name, &locked.version, &unpacked_files(project, locked)?)
}

/// Returns the manifest of a locked set from where it is unpacked.
///
/// # Errors
/// As [`locked`].
pub(super) fn unpacked_manifest(project: &Project, locked: &LockedSet) -> Result<Manifest> {
    manifest_of(&locked.name, &locked.version, &unpacked_files(project, locked)?)
}

/// Returns the files of a locked set from where it is unpacked.
///
/// # Errors
/// [`unpacked::StoreError`] when it is not unpacked or not as it was locked, and when the lock has no digest for it.
pub(super) fn unpacked_files(project: &Project, locked: &LockedSet) -> Result<FileSet> {
    let digest = locked.digest.ok_or_else(|| pull::no_checksum(locked))?;
    Ok(unpacked::read(&project.root, &locked.name, &locked.version, &digest)?)
}

/// Returns the manifest and the prompts among `files`, which are those of the set `name` at `version`.
///
/// # Errors
/// As [`manifest_of`].
pub(super) fn load(name: &SetName, version: &Version, files: &FileSet) -> Result<(Manifest, Arc<Set>)> {
    let manifest = manifest_of(name, version, files)?;
    let set = Set::load_dependency(&manifest, files);
    Ok((manifest, Arc::new(set)))
}

/// Returns the manifest among `files`, which are those of the set `name` at `version`.
///
/// # Errors
/// When it cannot be understood, or asks for another Anvil than this one.
pub(super) fn manifest_of(name: &SetName, version: &Version, files: &FileSet) -> Result<Manifest> {
    let text = files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
    Ok(Manifest::parse_dependency(&format!("{name} {version}: {}", manifest::FILE_NAME), &text)?)
}
