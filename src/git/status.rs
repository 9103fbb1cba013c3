//! The work tree: what differs from HEAD, and which files a set would be built from.
//!
//! What a sparse checkout leaves out of the work tree is neither gone nor another: it is as the index
//! has it. An index that libgit2 cannot read is read by the user's `git` (see `listing`).

use super::error::Result;
use super::tree::FileKind;
use super::{BlobId, GitError, Repository, listing, to_blob_id};
use crate::error::Hint;
use git2::{Delta, ErrorClass, FileMode, Index, Status, StatusEntry, StatusOptions};
use std::path::Path;

/// The flag of an index entry whose file a sparse checkout leaves out (git's `index-format`, "extended flags").
const SKIP_WORKTREE: u16 = 1 << 14;

/// What happened to a path of the work tree since HEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkState {
    /// Git does not know it, and does not ignore it.
    Untracked,
    /// It is staged and not in HEAD.
    Added,
    /// It holds something else, or is something else.
    Modified,
    /// It is gone.
    Deleted,
    /// A merge left it with two sides.
    Conflicted,
}

/// A path that is not as HEAD has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkChange {
    /// Where it is, relative to the folder that was asked about.
    pub path: String,
    /// What happened to it.
    pub state: WorkState,
    /// Whether something of it is staged.
    pub staged: bool,
}

/// A file of the work tree, tracked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkFile {
    /// Where it is, relative to the folder that was asked about.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// What it holds, where a sparse checkout leaves it out: it does not lie in the work tree then.
    pub left_out: Option<BlobId>,
}

impl Repository {
    /// Returns what differs from HEAD below `folder` (empty for all), ordered by path; what git
    /// ignores is left out.
    ///
    /// # Errors
    /// When the repository is bare, or its index cannot be read.
    pub fn changes(&self, folder: &str) -> Result<Vec<WorkChange>> {
        let told = self.statuses(folder, &mut options(), |path, entry, left_out| {
            let mut status = entry.status();
            if left_out.is_some() {
                status.remove(Status::WT_DELETED);
            }
            if status.is_empty() {
                return None;
            }
            let has = |flags: Status| status.intersects(flags);
            let state = if has(Status::CONFLICTED) {
                WorkState::Conflicted
            } else if has(Status::WT_DELETED) || (has(Status::INDEX_DELETED) && !has(Status::WT_NEW)) {
                WorkState::Deleted
            } else if has(Status::INDEX_NEW) {
                WorkState::Added
            } else if has(Status::WT_NEW) && !has(Status::INDEX_DELETED) {
                WorkState::Untracked
            } else {
                WorkState::Modified
            };
            let staged = Status::INDEX_NEW | Status::INDEX_MODIFIED | Status::INDEX_DELETED | Status::INDEX_TYPECHANGE;
            Some(WorkChange { path, state, staged: has(staged) })
        });
        match told {
            Err(error @ GitError::Unsupported { .. }) => listing::changes(self, folder).ok_or(error),
            told => told,
        }
    }

    /// Returns the files below `folder` (empty for all) that are there now and that git tracks or
    /// would track, ordered by path: what a build from the work tree chooses from.
    ///
    /// # Errors
    /// When the repository is bare, or its index cannot be read.
    pub fn work_files(&self, folder: &str) -> Result<Vec<WorkFile>> {
        let mut options = options();
        options.include_unmodified(true);
        let told = self.statuses(folder, &mut options, |path, entry, left_out| {
            let now = entry.index_to_workdir();
            if left_out.is_none() && now.as_ref().is_some_and(|delta| delta.status() == Delta::Deleted) {
                return None;
            }
            // A path that is deleted in the index and not in the work tree is there no more.
            let new = match now {
                Some(delta) if left_out.is_some() => delta.old_file().mode(),
                Some(delta) => delta.new_file().mode(),
                None if entry.status().contains(Status::INDEX_DELETED) => return None,
                None => entry.head_to_index()?.new_file().mode(),
            };
            let kind = if std::str::from_utf8(entry.path_bytes()).is_err() {
                FileKind::NotUtf8
            } else if path.ends_with('/') || matches!(new, FileMode::Commit | FileMode::Tree) {
                FileKind::Submodule // A repository within this one, known to it or not.
            } else if new == FileMode::Link {
                FileKind::Link
            } else if new == FileMode::BlobExecutable {
                FileKind::Executable
            } else {
                FileKind::File
            };
            Some(WorkFile { path, kind, left_out })
        });
        match told {
            Err(error @ GitError::Unsupported { .. }) => listing::files(self, folder).ok_or(error),
            told => told,
        }
    }

    fn statuses<T>(
        &self,
        folder: &str,
        options: &mut StatusOptions,
        told: impl Fn(String, &StatusEntry<'_>, Option<BlobId>) -> Option<T>,
    ) -> Result<Vec<T>> {
        self.workdir()?;
        let index = self.git.index().map_err(|source| self.index_failed(source))?;
        let folder = folder.trim_matches('/');
        if !folder.is_empty() {
            options.pathspec(folder).disable_pathspec_match(true);
        }
        let statuses = self.git.statuses(Some(options)).map_err(|source| self.index_failed(source))?;
        let mut found: Vec<(Vec<u8>, T)> = Vec::with_capacity(statuses.len());
        for entry in statuses.iter() {
            let bytes = entry.path_bytes();
            let within = match folder {
                "" => Some(bytes),
                _ => bytes.strip_prefix(folder.as_bytes()).and_then(|rest| rest.strip_prefix(b"/")),
            };
            let Some(within) = within else { continue };
            let path = String::from_utf8_lossy(within).into_owned();
            let gone = entry.index_to_workdir().is_some_and(|delta| delta.status() == Delta::Deleted);
            let left_out = if gone { left_out(&index, bytes) } else { None };
            found.extend(told(path, &entry, left_out).map(|told| (bytes.to_vec(), told)));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found.into_iter().map(|(_, told)| told).collect())
    }

    /// Returns what the failure to read the index means: libgit2 knows neither sparse nor split ones.
    pub(super) fn index_failed(&self, source: git2::Error) -> GitError {
        let unsupported = |what: &str, command: &str| GitError::Unsupported {
            folder: self.place().to_owned(),
            what: what.to_owned(),
            hint: Hint::run("turn it off here", command),
        };
        match source.message() {
            message if source.class() == ErrorClass::Index && message.contains("'sdir'") => {
                unsupported("has a sparse index", "git sparse-checkout reapply --no-sparse-index")
            }
            message if source.class() == ErrorClass::Index && message.contains("'link'") => {
                unsupported("has a split index", "git update-index --no-split-index")
            }
            _ => self.failed("read the index", source),
        }
    }
}

/// Returns what the file at `path`, which is not in the work tree, holds if a sparse checkout leaves it out.
fn left_out(index: &Index, path: &[u8]) -> Option<BlobId> {
    let entry = index.get_path(Path::new(std::str::from_utf8(path).ok()?), 0)?;
    (entry.flags_extended & SKIP_WORKTREE != 0).then(|| to_blob_id(entry.id))
}

fn options() -> StatusOptions {
    let mut options = StatusOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
    options
}
