//! Commits: HEAD's tree with some edits, and nothing else.
//!
//! The tree is made from the parent's tree and not from the index, so that what a person has
//! staged stays staged and is not swept in. The branch moves by compare-and-swap, last of all
//! but the index: killed at any instant, the repository has the commit or has not.

use super::error::Result;
use super::{CommitId, GitError, Repository, RepositoryLock};
use crate::fs;
use git2::build::TreeUpdateBuilder;
use git2::{
    Delta, DiffOptions, ErrorClass, ErrorCode, FileMode, Index, IndexEntry, IndexTime, Oid, RepositoryState, Signature,
};
use std::path::Path;

/// What is to be committed.
#[derive(Clone, Debug, Default)]
pub struct CommitRequest {
    /// The whole message; its first line is the subject.
    pub message: String,
    /// What changes.
    pub edits: Vec<Edit>,
    /// The commit that the edits were worked out on. When the branch has moved since, nothing is committed.
    pub expected_parent: Option<CommitId>,
}

/// One path that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it is, relative to the repository's root, with `/`.
    pub path: String,
    /// What it holds from now on; nothing to remove it.
    pub bytes: Option<Vec<u8>>,
}

impl Repository {
    /// Finds out whether a commit could be made now, before anything is written for it.
    ///
    /// # Errors
    /// As [`Repository::commit`], as far as it can be known.
    pub fn check_can_commit(&self) -> Result<()> {
        self.workdir()?;
        self.check_not_busy()?;
        self.branch_to_move()?;
        self.author()?;
        self.committer()?;
        self.index().map(drop)
    }

    /// Commits the edits on top of the current branch and returns the new commit. The index learns of
    /// exactly these paths; the work tree is the caller's to write, before. Edits that change
    /// nothing make no commit, and the current one is returned. The first commit of an empty
    /// repository may be made so.
    ///
    /// Author, committer and dates are git's: from the environment, then the configuration.
    ///
    /// # Errors
    /// When HEAD is detached, the branch has moved, a merge or rebase is under way, git knows no
    /// identity, or something cannot be written. [`GitError::IndexBehind`] alone is told after the
    /// commit was made.
    pub fn commit(&self, lock: &RepositoryLock, request: &CommitRequest) -> Result<CommitId> {
        self.workdir()?;
        self.check_not_busy()?;
        let branch = self.branch_to_move()?;
        let parent = self.git.refname_to_id(&branch).ok();
        if request.expected_parent.is_some_and(|expected| Some(expected.0) != parent) {
            return Err(self.moved(&branch));
        }
        let (author, committer) = (self.author()?, self.committer()?);
        // Found out before anything is written: an index that cannot be read cannot be updated.
        let mut index = self.index()?;

        let failed = |source| self.failed("write the commit", source);
        let parent = parent.map(|id| self.git.find_commit(id)).transpose().map_err(failed)?;
        let base = match &parent {
            Some(parent) => parent.tree().map_err(failed)?,
            None => self.empty_tree().map_err(failed)?,
        };
        let tree = self.edited_tree(&base, &request.edits)?;
        if let Some(parent) = parent.as_ref().filter(|_| tree.id() == base.id()) {
            return Ok(CommitId(parent.id()));
        }
        let message = git2::message_prettify(request.message.as_str(), None).map_err(failed)?;
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        let commit = self.git.commit(None, &author, &committer, &message, &tree, &parents).map_err(failed)?;

        let subject = message.lines().next().unwrap_or_default();
        let moved = lock.changing(Path::new(&branch), || match &parent {
            Some(parent) => {
                self.git.reference_matching(&branch, commit, true, parent.id(), &format!("commit: {subject}"))
            }
            None => self.git.reference(&branch, commit, false, &format!("commit (initial): {subject}")),
        })?;
        moved.map_err(|source| match source.code() {
            ErrorCode::Modified | ErrorCode::Exists => self.moved(&branch),
            _ => self.failed(format!("move `{branch}`"), source),
        })?;

        let commit = CommitId(commit);
        let paths: Vec<String> = request.edits.iter().map(|edit| edit.path.clone()).collect();
        self.update_index(lock, &mut index, &tree, &paths).map_err(|why| self.index_behind(commit, paths, why))?;
        Ok(commit)
    }

    /// Brings the index up to `commit`, which is HEAD, at the paths below `within` (a file or a
    /// folder; empty for all) that the commit changed: what [`Repository::commit`] does last of all,
    /// for a run that was killed before. Only entries that are still as the commit's parent has
    /// them are behind; whatever else is staged there stays.
    ///
    /// # Errors
    /// When the commit cannot be read, or the index cannot be read or written.
    pub fn catch_up_index(&self, lock: &RepositoryLock, commit: CommitId, within: &str) -> Result<()> {
        let mut index = self.index()?;
        let mut behind = || -> std::result::Result<_, git2::Error> {
            let commit = self.git.find_commit(commit.0)?;
            let (before, tree) = (commit.parents().next().map(|parent| parent.tree()).transpose()?, commit.tree()?);
            let mut options = DiffOptions::new();
            if !within.is_empty() {
                options.pathspec(within).disable_pathspec_match(true);
            }
            let changes = self.git.diff_tree_to_tree(before.as_ref(), Some(&tree), Some(&mut options))?;
            index.read(false)?;
            let paths = changes.deltas().filter_map(|delta| {
                let path = delta.new_file().path()?;
                let staged = index.get_path(path, 0).map(|entry| entry.id);
                let old = (delta.status() != Delta::Added).then(|| delta.old_file().id());
                (staged == old).then(|| path.to_str().map(str::to_owned)).flatten()
            });
            Ok((paths.collect::<Vec<_>>(), tree))
        };
        let (paths, tree) = behind().map_err(|source| self.unreadable(commit.0, source))?;
        if paths.is_empty() {
            return Ok(());
        }
        self.update_index(lock, &mut index, &tree, &paths).map_err(|why| self.index_behind(commit, paths, why))
    }

    fn index_behind(&self, commit: CommitId, paths: Vec<String>, why: String) -> GitError {
        GitError::IndexBehind { commit, repository: self.place().to_owned(), paths, why }
    }

    fn check_not_busy(&self) -> Result<()> {
        let operation = match self.git.state() {
            RepositoryState::Clean => return Ok(()),
            RepositoryState::Merge => "merge",
            RepositoryState::Revert | RepositoryState::RevertSequence => "revert",
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => "cherry-pick",
            RepositoryState::Bisect => "bisect",
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => "rebase",
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => "series of patches",
        };
        Err(GitError::Busy { repository: self.place().to_owned(), operation })
    }

    /// Returns the full name of the branch that HEAD stands on, which need not have a commit yet.
    fn branch_to_move(&self) -> Result<String> {
        let failed = |source| self.failed("read HEAD", source);
        let head = self.git.find_reference("HEAD").map_err(failed)?;
        match head.symbolic_target().map_err(failed)? {
            Some(branch) => Ok(branch.to_owned()),
            None => Err(GitError::Detached { repository: self.place().to_owned(), commit: self.head()?.commit }),
        }
    }

    fn moved(&self, branch: &str) -> GitError {
        let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch).to_owned();
        GitError::HeadMoved { branch, repository: self.place().to_owned() }
    }

    pub(super) fn committer(&self) -> Result<Signature<'static>> {
        self.git.committer_from_env().map_err(no_identity)
    }

    pub(super) fn author(&self) -> Result<Signature<'static>> {
        self.git.author_from_env().map_err(no_identity)
    }

    fn index(&self) -> Result<Index> {
        let index = self.git.index().map_err(|source| self.index_failed(source))?;
        let lock = self.git.path().join("index.lock");
        if fs::exists(&lock) {
            return Err(GitError::Locked { lock });
        }
        Ok(index)
    }

    fn empty_tree(&self) -> std::result::Result<git2::Tree<'_>, git2::Error> {
        let id = self.git.treebuilder(None)?.write()?;
        self.git.find_tree(id)
    }

    fn edited_tree(&self, base: &git2::Tree<'_>, edits: &[Edit]) -> Result<git2::Tree<'_>> {
        let failed = |path: &str, source| self.failed(format!("commit `{path}`"), source);
        let mut updates = TreeUpdateBuilder::new();
        for Edit { path, bytes } in edits {
            check_path(path)?;
            let before = super::tree::entry(base, path).map_err(|source| failed(path, source))?;
            match (bytes, before) {
                (None, None) => {}
                (None, Some(_)) => _ = updates.remove(path.as_str()),
                (Some(bytes), before) => {
                    let id = self.git.blob(bytes).map_err(|source| failed(path, source))?;
                    let mode = match before {
                        Some((_, 0o100755)) => FileMode::BlobExecutable,
                        _ => FileMode::Blob,
                    };
                    updates.upsert(path.as_str(), id, mode);
                }
            }
        }
        let written = updates.create_updated(&self.git, base).and_then(|id| self.git.find_tree(id));
        written.map_err(|source| self.failed("write the tree", source))
    }

    /// Writes what `tree` has at `paths` into the index, and no other path; else tells why not.
    fn update_index(
        &self,
        lock: &RepositoryLock,
        index: &mut Index,
        tree: &git2::Tree<'_>,
        paths: &[String],
    ) -> std::result::Result<(), String> {
        let place = self.git.path().join("index");
        let updated =
            lock.changing(&place, || put_into_index(index, tree, paths)).map_err(|error| error.to_string())?;
        updated.map_err(|source| source.message().to_owned())
    }
}

fn put_into_index(index: &mut Index, tree: &git2::Tree<'_>, paths: &[String]) -> std::result::Result<(), git2::Error> {
    index.read(false)?;
    for path in paths {
        let path = Path::new(path);
        let Ok(entry) = tree.get_path(path) else {
            index.remove_path(path)?;
            continue;
        };
        // With the file's times and size in the entry git need not read the file to see that
        // it is unchanged. That works only if the work tree holds what was committed.
        let taken = index.add_path(path).is_ok() && index.get_path(path, 0).is_some_and(|now| now.id == entry.id());
        if !taken {
            index.add(&plain_entry(path, entry.id(), entry.filemode()))?;
        }
    }
    index.write()
}

fn plain_entry(path: &Path, id: Oid, mode: i32) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: mode.unsigned_abs(),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.to_string_lossy().into_owned().into_bytes(),
    }
}

fn no_identity(source: git2::Error) -> GitError {
    let why = match source.class() {
        ErrorClass::Config => "neither the environment nor its configuration says so".to_owned(),
        _ => source.message().to_owned(),
    };
    GitError::NoIdentity { why }
}

/// Refuses what git's trees cannot hold, before libgit2 sees it.
fn check_path(path: &str) -> Result<()> {
    let plain = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.eq_ignore_ascii_case(".git");
    if path.contains(['\0', '\\']) || !path.split('/').all(plain) {
        return Err(GitError::BadPath { path: path.to_owned() });
    }
    Ok(())
}
