//! The files of a folder as they lie there, in a git repository or not.
//!
//! In a repository they are what git tracks or would track, with the bytes that git would keep: what a
//! checkout did to line ends is no change, and what a sparse checkout leaves out is there.

use crate::archive::Limits;
use crate::error::Result;
use crate::fs::{self, EntryKind};
use crate::git::{FileKind, Repository, WorkFile};
use crate::store::layout::{PROJECT_FOLDER, VENDOR_FOLDER};
use std::path::{Path, PathBuf};

/// A folder with what lies in it.
pub(super) struct Folder {
    path: PathBuf,
    /// The repository that it lies in, and where in there.
    repository: Option<(Repository, String)>,
    /// What may belong to a set, relative to the folder, sorted by path.
    pub(super) files: Vec<WorkFile>,
}

impl Folder {
    /// Returns what may belong to a set in the folder at `path`. There need be no manifest.
    ///
    /// # Errors
    /// When something cannot be listed.
    pub(super) fn at(path: &Path) -> Result<Folder> {
        let found = Repository::discover(path).ok();
        let repository = found.and_then(|repository| repository.relative(path).ok().map(|inside| (repository, inside)));
        let files = match &repository {
            Some((repository, inside)) => repository.work_files(inside)?,
            None => all_below(path)?,
        };
        Ok(Folder { path: path.to_owned(), repository, files })
    }

    /// Returns whether a regular file lies behind the link at `path`.
    pub(super) fn leads_to_file(&self, path: &str) -> bool {
        fs::is_file(&self.path.join(path))
    }

    /// Returns the bytes of the regular file at `path`, which is one of [`Folder::files`].
    ///
    /// # Errors
    /// When it cannot be read, or is larger than all files of a bundle may be together.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>> {
        let read = || fs::read_limited(&self.path.join(path), Limits::FORMAT.unpacked);
        let Some((repository, inside)) = &self.repository else { return Ok(read()?) };
        let listed = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
        if let Some(id) = listed.and_then(|at| self.files.get(at)).and_then(|file| file.left_out) {
            return Ok(repository.read(id)?);
        }
        let whole = if inside.is_empty() { path.to_owned() } else { format!("{inside}/{path}") };
        Ok(repository.cleaned(&whole, read()?))
    }
}

/// Returns the files that may belong to a set in `folder`, relative to it, sorted. There need be no manifest.
///
/// # Errors
/// When something cannot be listed.
pub(super) fn paths_in(folder: &Path) -> Result<Vec<String>> {
    let files = Folder::at(folder)?.files.into_iter().filter(|file| file.kind.is_file());
    Ok(files.map(|file| file.path).collect())
}

fn all_below(folder: &Path) -> Result<Vec<WorkFile>> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = pending.pop() {
        for entry in fs::list(&folder)? {
            let path = format!("{prefix}{}", entry.name);
            let kind = match entry.kind {
                EntryKind::Folder if matches!(entry.name.as_str(), ".git" | PROJECT_FOLDER | VENDOR_FOLDER) => continue,
                EntryKind::Folder => {
                    pending.push((format!("{path}/"), entry.path));
                    continue;
                }
                EntryKind::File => FileKind::File,
                EntryKind::Other => FileKind::Link,
            };
            found.push(WorkFile { path, kind, left_out: None });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
