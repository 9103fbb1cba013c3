//! Reading a lock, also one that git left with conflict markers.

use super::Lockfile;
use crate::error::{Code, Diagnose, Diagnostic};

/// What reading a lock gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The lock.
    Whole(Lockfile),
    /// Git left conflict markers: both sides, of use as preferences alone.
    Conflict {
        /// The file with our side of each conflict.
        ours: Lockfile,
        /// The file with their side.
        theirs: Lockfile,
    },
}

/// A lock that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LockError {
    /// It is not in the lock's format.
    #[error("{}", .0.message)]
    Invalid(Box<Diagnostic>),
    /// A newer Anvil wrote it.
    #[error("`{file}` has format {found}; this Anvil reads up to {}", super::FORMAT)]
    Newer {
        /// How messages name the file.
        file: String,
        /// The format that it has.
        found: u64,
    },
}

impl Diagnose for LockError {
    fn code(&self) -> Code {
        todo!()
    }
}

impl Lockfile {
    /// Returns what `text` holds. `file` is how messages name it.
    pub fn read(file: &str, text: &str) -> Result<Reading, LockError> {
        let _ = (file, text);
        todo!()
    }
}
