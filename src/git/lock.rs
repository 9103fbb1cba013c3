//! Whose turn it is to write: one run of Anvil at a time commits and tags in a repository.
//!
//! Git's own locks are files, which stay when their process is killed. Before one is made, what it is
//! for is noted inside Anvil's lock, which the operating system takes back whatever happens. A note
//! that is still there when the lock is free is that of a run that died: the lock files that it
//! names were its own, and go. Lock files that nobody noted are git's and are never touched.

use super::error::Result;
use super::{GitError, Repository};
use crate::fs;
use crate::progress::Progress;
use std::path::{Path, PathBuf};

/// Anvil's lock, in the folder that all work trees of a repository share. It is no `.lock`, so that
/// nobody takes it for one that was left behind.
const FILE_NAME: &str = "anvil-writes";

/// The right to commit and tag in a repository, until it is dropped.
pub struct RepositoryLock {
    lock: fs::Lock,
    /// Git's folder, that all work trees share.
    folder: PathBuf,
}

impl Repository {
    /// Takes the right to commit and tag; while another run has it, `progress` is told that it is
    /// waited for. What is decided from the repository must be read after this. What a run that was
    /// killed left locked is free again.
    ///
    /// # Errors
    /// When the repository is bare, or its file system has no locks.
    pub fn lock(&self, progress: &dyn Progress) -> Result<RepositoryLock> {
        self.workdir()?;
        let folder = self.git.commondir().to_owned();
        let what = format!("another anvil that commits in `{}`", self.place().display());
        let lock = RepositoryLock { lock: fs::lock(&folder.join(FILE_NAME), &what, progress)?, folder };
        lock.tidy()?;
        Ok(lock)
    }
}

impl RepositoryLock {
    /// Does `work`, which changes `file` (a ref or an index, in git's folder) and makes git's lock for
    /// it on the way.
    ///
    /// # Errors
    /// [`GitError::Locked`] when somebody else has that lock; `work` is not begun then.
    pub(super) fn changing<T>(&self, file: &Path, work: impl FnOnce() -> T) -> Result<T> {
        let lock = lock_of(&self.folder.join(file));
        if fs::exists(&lock) {
            return Err(GitError::Locked { lock });
        }
        // What lies elsewhere, or has a name that cannot be written down, is not cleared up after.
        let noted = file.strip_prefix(&self.folder).unwrap_or(file).to_str().filter(|name| is_ours(name));
        if let Some(name) = noted {
            self.lock.set_note(&format!("{name}\n"))?;
        }
        let done = work();
        if noted.is_some() {
            self.lock.set_note("")?;
        }
        Ok(done)
    }

    /// Removes the lock file of what a run was changing when it died.
    fn tidy(&self) -> Result<()> {
        let note = self.lock.note()?;
        // A note without its end was never acted upon.
        if let Some(name) = note.strip_suffix('\n').filter(|name| is_ours(name)) {
            fs::remove_file(&lock_of(&self.folder.join(name)))?;
        }
        if note.is_empty() { Ok(()) } else { Ok(self.lock.set_note("")?) }
    }
}

/// Returns where git locks `file`.
fn lock_of(file: &Path) -> PathBuf {
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    lock.into()
}

/// Returns whether a path in git's folder is one that is changed here: no note leads anywhere else.
fn is_ours(name: &str) -> bool {
    let plain = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains(['\\', '\n']);
    name.split('/').all(plain) && (name.starts_with("refs/") || name.rsplit('/').next() == Some("index"))
}
