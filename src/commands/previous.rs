//! The versions that `anvil.lock` held before, found in its git history.

use super::lock::LockCommandError;
use super::project::Project;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitInfo, GitError, Repository};
use crate::lockfile::{self, LockedSet, Lockfile, Reading, Source};
use crate::name::SetName;
use crate::version::Version;

/// A version that the lock held before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The version that the lock holds now.
    pub now: Version,
    /// The last other one that it held.
    pub version: Version,
    /// The newest commit whose lock holds it.
    pub commit: CommitInfo,
}

/// Why no version is found that the lock held before.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// There is no history to look in.
    #[error("anvil.lock has no history: `{folder}` is not in a git repository")]
    NoRepository {
        /// The set.
        name: SetName,
        /// The project's folder.
        folder: String,
    },
    /// No commit has a lock with another version.
    #[error("anvil.lock never held another version of {name} than {now}, as far as its git history goes")]
    None {
        /// The set.
        name: SetName,
        /// The version that the lock holds.
        now: Version,
    },
}

impl Diagnose for PreviousError {
    fn code(&self) -> Code {
        Code::A1086
    }

    fn hints(&self) -> Vec<Hint> {
        let (PreviousError::NoRepository { name, .. } | PreviousError::None { name, .. }) = self;
        vec![Hint::run("to take a version that you name", format!("anvil update {name} --precise VERSION"))]
    }
}

/// Returns the version of `name` that the project's lock held before the one that it holds now.
/// Locks of the history that cannot be read, lack the set or have it from elsewhere are passed over.
///
/// # Errors
/// When the set is not locked, comes from no registry, or no other version is found.
pub fn find(project: &Project, name: &SetName) -> Result<Previous> {
    let lock = project.lock()?;
    let now = lock.set(name).ok_or_else(|| LockCommandError::not_locked(name, &lock))?;
    match &now.source {
        Source::Registry(_) => {}
        Source::Git { .. } => return Err(LockCommandError::Fixed(name.clone(), "git").into()),
        Source::Path(_) => return Err(LockCommandError::Fixed(name.clone(), "path").into()),
    }
    let found = search(project, name, |set| set.source == now.source && set.version != now.version)?;
    let now = now.version.clone();
    match found {
        Some((version, commit)) => Ok(Previous { now, version, commit }),
        None => Err(PreviousError::None { name: name.clone(), now }.into()),
    }
}

/// Returns whether a lock of the history held `version` of `name`; where there is no history, none did.
///
/// # Errors
/// When the history cannot be read.
pub fn held(project: &Project, name: &SetName, version: &Version) -> Result<bool> {
    match search(project, name, |set| set.version == *version) {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.downcast_ref::<PreviousError>().is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns the newest version of `name` in the lock's history that fits.
fn search(
    project: &Project,
    name: &SetName,
    fits: impl Fn(&LockedSet) -> bool,
) -> Result<Option<(Version, CommitInfo)>> {
    let repository = Repository::discover(&project.folder).map_err(|error| match error {
        GitError::NoRepository { .. } => {
            PreviousError::NoRepository { name: name.clone(), folder: project.folder.display().to_string() }.into()
        }
        error => crate::error::Error::from(error),
    })?;
    let head = match repository.head() {
        Ok(head) => head.commit,
        Err(GitError::NoCommits { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let folder = repository.relative(&project.folder)?;
    let path = if folder.is_empty() { lockfile::FILE_NAME.into() } else { format!("{folder}/{}", lockfile::FILE_NAME) };
    for entry in repository.history_of(head, &path)? {
        let (commit, bytes) = entry?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let Ok(Reading::Whole(lock)) = Lockfile::read(lockfile::FILE_NAME, &text) else { continue };
        if let Some(set) = lock.set(name).filter(|set| fits(set)) {
            return Ok(Some((set.version.clone(), commit)));
        }
    }
    Ok(None)
}
