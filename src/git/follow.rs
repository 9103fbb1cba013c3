//! One file's history, through its renames.

use super::error::Result;
use super::history::{CommitInfo, Parents, Queue};
use super::tree::entry;
use super::{BlobId, CommitId, Repository, to_blob_id};
use git2::{Commit, Delta, DiffFile, DiffFindOptions, Oid};

/// What a commit did to the file that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowedChange {
    /// It came.
    Added,
    /// It changed where it was.
    Modified,
    /// It came here from another path, perhaps with some changes.
    Renamed {
        /// Where it was before.
        from: String,
    },
    /// It went.
    Deleted,
}

/// A commit that changed the file that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedCommit {
    /// The commit.
    pub commit: CommitInfo,
    /// The file's path then.
    pub path: String,
    /// What it held then, unless it was deleted.
    pub id: Option<BlobId>,
    /// What the commit did to it.
    pub change: FollowedChange,
}

impl Repository {
    /// Returns the commits that changed the file at `path`, going back from `from`, newest first; where it
    /// came by a rename (at least half of it the same), the walk goes on with the old path.
    ///
    /// # Errors
    /// When the first commit cannot be read; later ones fail as they are met.
    pub fn follow(&self, from: CommitId, path: &str) -> Result<Follow<'_>> {
        let start = self.git.find_commit(from.0).map_err(|source| self.unreadable(from.0, source))?;
        let mut queue = Queue::new();
        queue.push(&start, path.to_owned());
        Ok(Follow { repository: self, queue })
    }

    fn file_at(&self, commit: &Commit<'_>, path: &str) -> Result<Option<(Oid, i32)>> {
        let found = commit.tree().and_then(|tree| entry(&tree, path));
        found.map_err(|source| self.unreadable(commit.id(), source))
    }

    /// Returns the path that `commit` renamed `path` to (at least half of it the same), if it did.
    ///
    /// # Errors
    /// When the commit cannot be read, or compared with those before it.
    pub fn renamed_to(&self, commit: CommitId, path: &str) -> Result<Option<String>> {
        let commit = self.git.find_commit(commit.0).map_err(|source| self.unreadable(commit.0, source))?;
        for parent in self.parents(&commit, Parents::All)? {
            let mut renames = self.renames(&parent, &commit)?.into_iter();
            if let Some((_, to)) = renames.find(|(from, _)| from == path) {
                return Ok(Some(to));
            }
        }
        Ok(None)
    }

    /// Returns the files that were renamed between `parent` and `commit`: the path before, and the one after.
    fn renames(&self, parent: &Commit<'_>, commit: &Commit<'_>) -> Result<Vec<(String, String)>> {
        let find = || {
            let mut diff = self.git.diff_tree_to_tree(Some(&parent.tree()?), Some(&commit.tree()?), None)?;
            let mut options = DiffFindOptions::new();
            options.renames(true).rename_threshold(50).rename_limit(400);
            diff.find_similar(Some(&mut options))?;
            let path = |file: DiffFile<'_>| String::from_utf8(file.path_bytes()?.to_vec()).ok();
            let renamed = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
            Ok(renamed.filter_map(|delta| Some((path(delta.old_file())?, path(delta.new_file())?))).collect())
        };
        find().map_err(|source| self.unreadable(commit.id(), source))
    }
}

/// The commits that changed one file, newest first.
pub struct Follow<'r> {
    repository: &'r Repository,
    queue: Queue<String>,
}

impl Follow<'_> {
    fn step(&mut self) -> Result<Option<FollowedCommit>> {
        while let Some((id, path)) = self.queue.pop() {
            let repository = self.repository;
            let commit = repository.git.find_commit(id).map_err(|source| repository.unreadable(id, source))?;
            let here = repository.file_at(&commit, &path)?;
            let mut before = Vec::new();
            for parent in repository.parents(&commit, Parents::All)? {
                let there = repository.file_at(&parent, &path)?;
                before.push((parent, there));
            }
            if let Some((parent, _)) = before.iter().find(|(_, there)| *there == here) {
                self.queue.push(parent, path);
                continue;
            }
            let Some((id, _)) = here else {
                if before.is_empty() {
                    continue;
                }
                before.iter().for_each(|(parent, _)| self.queue.push(parent, path.clone()));
                let change = FollowedChange::Deleted;
                return Ok(Some(FollowedCommit { commit: CommitInfo::of(&commit), path, id: None, change }));
            };
            let mut change = FollowedChange::Added;
            for (parent, there) in &before {
                if there.is_some() {
                    change = FollowedChange::Modified;
                    self.queue.push(parent, path.clone());
                } else if let Some((from, _)) =
                    repository.renames(parent, &commit)?.into_iter().find(|(_, to)| *to == path)
                {
                    self.queue.push(parent, from.clone());
                    if change == FollowedChange::Added {
                        change = FollowedChange::Renamed { from };
                    }
                }
            }
            let id = Some(to_blob_id(id));
            return Ok(Some(FollowedCommit { commit: CommitInfo::of(&commit), path, id, change }));
        }
        Ok(None)
    }
}

impl Iterator for Follow<'_> {
    type Item = Result<FollowedCommit>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.queue = Queue::new();
        }
        step.transpose()
    }
}
