//! History: the commits that changed some paths, newest first.
//!
//! The walk is `git log`'s with its default simplification: where a merge agrees with one of its
//! parents on the paths, only that parent is followed, and where it agrees with none, all are. With
//! [`Parents::First`] it is `git log --first-parent`'s. It reads no more than it is asked for.

use super::error::Result;
use super::tree::entry;
use super::{CommitId, Repository};
use git2::{ErrorCode, Oid};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// What a commit says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommitInfo {
    /// Its id.
    pub id: CommitId,
    /// The first line of its message.
    pub subject: String,
    /// The author's name.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// When it was written, in seconds since 1970.
    pub time: i64,
    /// The author's offset from UTC, in minutes.
    pub offset: i32,
}

impl CommitInfo {
    pub(super) fn of(commit: &git2::Commit<'_>) -> Self {
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let subject = commit.message_bytes().split(|byte| *byte == b'\n').find(|line| !line.is_empty());
        CommitInfo {
            id: CommitId(commit.id()),
            subject: text(subject.unwrap_or_default()),
            author: text(author.name_bytes()),
            email: text(author.email_bytes()),
            time: author.when().seconds(),
            offset: author.when().offset_minutes(),
        }
    }
}

/// Commits still to be visited, newest first, each once. What belongs to the visit goes with it.
pub(super) struct Queue<T> {
    heap: BinaryHeap<(i64, Reverse<usize>, Oid)>,
    with: HashMap<usize, T>,
    seen: HashSet<(Oid, T)>,
    pushed: usize,
}

impl<T: Clone + Eq + std::hash::Hash> Queue<T> {
    pub(super) fn new() -> Self {
        Queue { heap: BinaryHeap::new(), with: HashMap::new(), seen: HashSet::new(), pushed: 0 }
    }

    pub(super) fn push(&mut self, commit: &git2::Commit<'_>, with: T) {
        if self.seen.insert((commit.id(), with.clone())) {
            // Of two commits of one second the one met first comes first: a parent after its child.
            self.heap.push((commit.time().seconds(), Reverse(self.pushed), commit.id()));
            self.with.insert(self.pushed, with);
            self.pushed += 1;
        }
    }

    pub(super) fn pop(&mut self) -> Option<(Oid, T)> {
        let (_, Reverse(at), id) = self.heap.pop()?;
        self.with.remove(&at).map(|with| (id, with))
    }
}

impl Repository {
    /// Returns the commits that changed something at `paths` (files or folders, relative to the
    /// root; none for every commit), going back from `from`, newest first.
    ///
    /// # Errors
    /// When the first commit cannot be read; later ones fail as they are met.
    pub fn log(&self, from: CommitId, paths: &[&str]) -> Result<Log<'_>> {
        let start = self.git.find_commit(from.0).map_err(|source| self.unreadable(from.0, source))?;
        let mut queue = Queue::new();
        queue.push(&start, ());
        let paths = paths.iter().map(|path| path.trim_matches('/').to_owned()).collect();
        Ok(Log { repository: self, queue, paths, follow: Parents::All, known: HashMap::new(), within: None })
    }

    /// Returns what [`Repository::log`] returns, less what is behind any of `hidden` (themselves
    /// included): `git log from --not hidden -- paths`.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn log_since(&self, hidden: &[CommitId], from: CommitId, paths: &[&str]) -> Result<Log<'_>> {
        let within = self.reachable(hidden, from)?;
        let mut log = self.log(from, paths)?;
        log.within = Some(within);
        Ok(log)
    }

    /// Returns the commits that are `from` or behind it, and neither any of `hidden` nor behind one.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn reachable(&self, hidden: &[CommitId], from: CommitId) -> Result<HashSet<CommitId>> {
        let walk = || -> std::result::Result<HashSet<CommitId>, git2::Error> {
            let mut walk = self.git.revwalk()?;
            walk.push(from.0)?;
            hidden.iter().try_for_each(|hidden| walk.hide(hidden.0))?;
            walk.map(|id| id.map(CommitId)).collect()
        };
        walk().map_err(|source| self.unreadable(from.0, source))
    }

    /// Returns whether `commit` is `from` or behind it.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn is_behind(&self, commit: CommitId, from: CommitId) -> Result<bool> {
        let behind = self.git.graph_descendant_of(from.0, commit.0);
        Ok(commit == from || behind.map_err(|source| self.unreadable(from.0, source))?)
    }

    /// Returns those of `wanted` that one meets on the ways back from `from`, each way as far as its first:
    /// what lies behind one of them is met only where another way leads there.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn first_met(&self, wanted: &HashSet<CommitId>, from: CommitId) -> Result<Vec<CommitId>> {
        let (mut met, mut seen, mut pending) = (Vec::new(), HashSet::new(), vec![from]);
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            if wanted.contains(&id) {
                met.push(id);
                continue;
            }
            let commit = self.git.find_commit(id.0).map_err(|source| self.unreadable(id.0, source))?;
            pending.extend(self.parents(&commit, Parents::All)?.iter().map(|parent| CommitId(parent.id())));
        }
        Ok(met)
    }

    /// Returns what `path` held, newest first, going back from `from`: each commit that changed
    /// it, with its bytes then. Commits that removed it, and anything but regular files, are left out.
    ///
    /// # Errors
    /// As [`Repository::log`].
    pub fn history_of(&self, from: CommitId, path: &str, follow: Parents) -> Result<FileVersions<'_>> {
        Ok(FileVersions { log: Log { follow, ..self.log(from, &[path])? }, path: path.to_owned() })
    }

    pub(super) fn unreadable(&self, commit: Oid, source: git2::Error) -> super::GitError {
        self.failed(format!("read the commit {commit}"), source)
    }

    /// Returns those of the parents of `commit` that are followed and here: those of a shallow clone's
    /// last commits are not.
    pub(super) fn parents<'r>(&'r self, commit: &git2::Commit<'r>, follow: Parents) -> Result<Vec<git2::Commit<'r>>> {
        let most = match follow {
            Parents::All => usize::MAX,
            Parents::First => 1,
        };
        let mut parents = Vec::new();
        for id in commit.parent_ids().take(most) {
            match self.git.find_commit(id) {
                Ok(parent) => parents.push(parent),
                Err(source) if source.code() == ErrorCode::NotFound && self.git.is_shallow() => {}
                Err(source) => return Err(self.unreadable(id, source)),
            }
        }
        Ok(parents)
    }
}

/// Which parents of a merge are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parents {
    /// One that it agrees with on the paths, else all of them: everything that led to what is there now.
    All,
    /// The first alone, the branch that was merged into, whichever the merge agrees with: what stood
    /// there, one after the other.
    First,
}

/// The commits that changed some paths, newest first.
pub struct Log<'r> {
    repository: &'r Repository,
    queue: Queue<()>,
    paths: Vec<String>,
    follow: Parents,
    /// What the commits in the queue have at the paths: looked up for their children already.
    known: HashMap<Oid, Entries>,
    /// The commits to stay among, where the walk has such a bound.
    within: Option<HashSet<CommitId>>,
}

/// What a commit has at each path: id and mode.
type Entries = Vec<Option<(Oid, i32)>>;

impl<'r> Log<'r> {
    fn step(&mut self) -> Result<Option<CommitInfo>> {
        while let Some((id, ())) = self.queue.pop() {
            if self.within.as_ref().is_some_and(|within| !within.contains(&CommitId(id))) {
                continue;
            }
            let commit = self.repository.git.find_commit(id);
            let commit = commit.map_err(|source| self.repository.unreadable(id, source))?;
            let parents = self.repository.parents(&commit, self.follow)?;
            if self.paths.is_empty() {
                parents.iter().for_each(|parent| self.queue.push(parent, ()));
                return Ok(Some(CommitInfo::of(&commit)));
            }
            let here = match self.known.remove(&id) {
                Some(known) => known,
                None => self.entries(&commit)?,
            };
            let mut same = None;
            for parent in &parents {
                let there = self.entries(parent)?;
                let is_same = there == here;
                self.known.insert(parent.id(), there);
                if is_same {
                    same = Some(parent);
                    break;
                }
            }
            if let Some(parent) = same {
                self.queue.push(parent, ());
                continue;
            }
            parents.iter().for_each(|parent| self.queue.push(parent, ()));
            // The first commit of all changes a path by having it.
            if !parents.is_empty() || here.iter().any(Option::is_some) {
                return Ok(Some(CommitInfo::of(&commit)));
            }
        }
        Ok(None)
    }

    fn entries(&self, commit: &git2::Commit<'_>) -> Result<Entries> {
        let read = |tree: git2::Tree<'_>| self.paths.iter().map(|path| entry(&tree, path)).collect();
        commit.tree().and_then(read).map_err(|source| self.repository.unreadable(commit.id(), source))
    }
}

impl Iterator for Log<'_> {
    type Item = Result<CommitInfo>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.queue = Queue::new();
        }
        step.transpose()
    }
}

/// What one path held, newest first.
pub struct FileVersions<'r> {
    log: Log<'r>,
    path: String,
}

impl Iterator for FileVersions<'_> {
    type Item = Result<(CommitInfo, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let commit = match self.log.next()? {
                Ok(commit) => commit,
                Err(error) => return Some(Err(error)),
            };
            match self.log.repository.tree(commit.id).and_then(|tree| tree.read(&self.path)) {
                Ok(Some(bytes)) => return Some(Ok((commit, bytes))),
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
