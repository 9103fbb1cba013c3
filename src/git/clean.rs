//! What git would keep of a file of the work tree: text with its line ends converted, as attributes and
//! configuration say. On Windows all files may end their lines otherwise than git keeps them.
//!
//! Only what libgit2 converts by itself is: filters that are programs (LFS) are not run.

use super::Repository;
use git2::Odb;
use std::cell::OnceCell;
use std::path::Path;

/// Before all backends that write to the disk.
const FIRST: i32 = 1000;

/// The same repository, with an object database that keeps what is written to it in memory.
#[derive(Default)]
pub(super) struct Scratch(OnceCell<Option<git2::Repository>>);

impl Repository {
    /// Returns `bytes`, which the file at `path` of the work tree (relative to its root) holds, as git
    /// would keep them. What git would refuse to convert is returned as it is.
    pub fn cleaned(&self, path: &str, bytes: Vec<u8>) -> Vec<u8> {
        // Nothing else is ever converted, and asking would mean to read the file again.
        let may_change = bytes.contains(&b'\r') || bytes.windows(4).any(|window| window == b"$Id:");
        if !may_change {
            return bytes;
        }
        self.clean(path).unwrap_or(bytes)
    }

    fn clean(&self, path: &str) -> Option<Vec<u8>> {
        let scratch = self.scratch.0.get_or_init(|| in_memory(self.git.path()).ok()).as_ref()?;
        // libgit2 converts what it makes a blob of, and has no other way to be asked.
        let id = scratch.blob_path(&self.git.workdir()?.join(path)).ok()?;
        Some(scratch.find_blob(id).ok()?.content().to_vec())
    }
}

fn in_memory(folder: &Path) -> Result<git2::Repository, git2::Error> {
    let repository = git2::Repository::open(folder)?;
    let odb: Odb<'_> = repository.odb()?;
    odb.add_new_mempack_backend(FIRST)?;
    drop(odb);
    Ok(repository)
}
