//! Locks between processes.

use super::write::folder_of;
use super::{FsError, Result, create_folder, failed};
use crate::progress::Progress;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// An exclusive lock between processes, held until it is dropped. The operating system lets go of
/// it when the process ends, however it ends.
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Returns what the lock's file says: what its last holder noted and did not take back.
    pub fn note(&self) -> Result<String> {
        let mut text = String::new();
        let mut file = &self.file;
        let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
        read.map(|_| text).map_err(failed("read", &self.path))
    }

    /// Writes into the lock's file what whoever holds the lock next must know, should this process be
    /// killed. It is on the disk when this returns; a run that is killed here leaves nothing or a beginning.
    pub fn set_note(&self, text: &str) -> Result<()> {
        let mut file = &self.file;
        let emptied = file.set_len(0).and_then(|()| file.rewind());
        let written = emptied.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_data());
        written.map_err(failed("write", &self.path))
    }
}

/// Takes the lock at `path`, making the file where needed; while another process holds it,
/// `progress` is told once that `what` is waited for.
///
/// # Errors
/// [`FsError::NoLocks`] where the file system has none.
pub fn lock(path: &Path, what: &str, progress: &dyn Progress) -> Result<Lock> {
    create_folder(folder_of(path))?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(failed("open the lock", path))?;
    match file.try_lock() {
        Ok(()) => return Ok(Lock { file, path: path.to_owned() }),
        Err(TryLockError::WouldBlock) => progress.waiting(what),
        Err(TryLockError::Error(source)) => return Err(no_lock(path, source)),
    }
    file.lock().map_err(|source| no_lock(path, source))?;
    Ok(Lock { file, path: path.to_owned() })
}

fn no_lock(path: &Path, source: io::Error) -> FsError {
    FsError::NoLocks { path: path.to_owned(), source }
}
