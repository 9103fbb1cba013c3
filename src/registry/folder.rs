//! A registry that is a folder: the same files under the same paths, with the same limits.

use super::RegistryError;
use crate::fs::{self, EntryKind};
use crate::index::Paths;
use crate::name::SetName;
use std::path::{Path, PathBuf};

/// A registry's folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Returns the registry's folder at `root`; whether one is there is not asked.
    pub fn new(root: &Path) -> Self {
        Folder { root: root.to_owned() }
    }

    /// Returns where the file at `path` stands.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Returns the bytes of the file at `path`, never more than `limit` of them, or nothing if there is none.
    ///
    /// # Errors
    /// When the file is larger or cannot be read.
    pub fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, RegistryError> {
        match fs::read_limited(&self.path(path), limit) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the names of all sets that have an index file, sorted. Files with other names are passed over.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn names(&self) -> Result<Vec<SetName>, RegistryError> {
        let mut names: Vec<SetName> = Vec::new();
        for project in fs::list(&self.path(Paths::INDEX))? {
            if project.kind != EntryKind::Folder {
                continue;
            }
            for file in fs::list(&project.path)? {
                let set = file.name.strip_suffix(Paths::INDEX_SUFFIX).filter(|_| file.kind == EntryKind::File);
                names.extend(set.and_then(|set| format!("{}/{set}", project.name).parse().ok()));
            }
        }
        names.sort();
        Ok(names)
    }
}
