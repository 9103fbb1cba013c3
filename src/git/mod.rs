//! Git: trees at a version, history, tags, commits, and the mirrors that git dependencies are
//! read from.
//!
//! Local work is done with libgit2; whatever touches the network runs the user's own `git`
//! ([`Mirror`], [`Repository::remote_has_tag`]), so that credential helpers, SSH configuration
//! and proxies just work. So does what libgit2 cannot read of the index.
//!
//! Promises:
//! - Reading, of a commit or of the work tree, works with sparse and split indexes too; committing
//!   does not.
//! - A commit holds its parent's tree and the named edits, nothing that happens to be staged; a
//!   branch moves only if it still stands where it was read; a tag is made once and never moved.
//! - Commits and tags are made by whoever holds the [`RepositoryLock`], one run at a time. A run that
//!   is killed leaves nothing locked for the next one.
//! - Paths are text with `/`, relative to the folder that was asked about, or to the
//!   repository's root where no folder is named.
//!
//! The repository is found from a folder alone: `GIT_DIR` and its kin are not looked at, as a
//! set belongs to the repository that it lies in. `GIT_CEILING_DIRECTORIES` is.
//!
//! Which files make up a set, and what a tag means as a version, is left to the use cases.

mod clean;
mod command;
mod commit;
mod error;
mod follow;
pub mod health;
mod history;
mod ignored;
mod listing;
mod lock;
mod merge;
mod mirror;
mod places;
mod remote;
mod revisions;
mod status;
mod tag;
mod tree;
mod url;

pub use crate::diff::BlobId;
pub use commit::{CommitRequest, Edit};
pub use error::GitError;
pub use follow::{Follow, FollowedChange, FollowedCommit};
pub use history::{CommitInfo, FileVersions, Log, Parents};
pub use lock::RepositoryLock;
pub use merge::conflicts;
pub use mirror::{Mirror, Network};
pub use places::Places;
pub use revisions::{Lack, Tag};
pub use status::{WorkChange, WorkFile, WorkState};
pub use tag::Tagged;
pub use tree::{FileKind, Files, Tree, TreeFile, is_lfs_pointer};
pub use url::GitUrl;

use crate::fs;
use error::Result;
use git2::{ErrorCode, Oid, RepositoryOpenFlags};
use serde::{Serialize, Serializer};
use std::ffi::OsString;
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// The id of a commit, 40 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(Oid);

impl CommitId {
    /// Returns the id that `text` writes out in full, in 40 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.len() == 40 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        Oid::from_str(text).ok().filter(|_| whole).map(CommitId)
    }

    /// Returns the first seven digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(7).collect()
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl fmt::Debug for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for CommitId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returns git's id of `bytes`, which need not be in any repository.
pub fn blob_id(bytes: &[u8]) -> BlobId {
    let oid = Oid::hash_object(git2::ObjectType::Blob, bytes);
    to_blob_id(oid.expect("hashing bytes in memory cannot fail"))
}

fn to_blob_id(oid: Oid) -> BlobId {
    BlobId::from_bytes(oid.as_bytes().try_into().expect("only repositories with 20-byte ids are opened"))
}

fn to_oid(id: BlobId) -> Oid {
    Oid::from_bytes(id.as_bytes()).expect("a blob's id has the 20 bytes that git2 wants")
}

/// Where the repository stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit.
    pub commit: CommitId,
    /// The branch that a new commit would move, without `refs/heads/`; none when detached.
    pub branch: Option<String>,
}

impl From<git2::Repository> for Repository {
    fn from(git: git2::Repository) -> Self {
        Repository { git, scratch: clean::Scratch::default() }
    }
}

/// A git repository.
pub struct Repository {
    git: git2::Repository,
    scratch: clean::Scratch,
}

impl Repository {
    /// Returns the repository that `folder` lies in.
    ///
    /// # Errors
    /// When there is none, it belongs to someone else, or it is of a kind that cannot be read.
    pub fn discover(folder: &Path) -> Result<Self> {
        let ceilings: Vec<OsString> = std::env::var_os("GIT_CEILING_DIRECTORIES")
            .map(|text| std::env::split_paths(&text).map(PathBuf::into_os_string).collect())
            .unwrap_or_default();
        let opened = git2::Repository::open_ext(folder, RepositoryOpenFlags::empty(), ceilings);
        opened.map(Repository::from).map_err(|source| error::opening(folder, source))
    }

    /// Makes a repository with a work tree in `folder`, which must exist, as `git init` does: its
    /// first branch is called as the configuration says.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn init(folder: &Path) -> Result<Self> {
        let made = git2::Repository::init(folder);
        made.map(Repository::from).map_err(|source| GitError::Libgit2 {
            action: "make a repository".into(),
            repository: folder.to_owned(),
            source,
        })
    }

    /// Returns where the remote `origin`, else the only one, is; nothing when there is none.
    pub fn remote_url(&self) -> Option<String> {
        let remotes = self.git.remotes().ok()?;
        let names: Vec<&str> = remotes.iter().flatten().flatten().collect();
        let name = names.iter().find(|name| **name == "origin").or(names.first().filter(|_| names.len() == 1))?;
        self.git.find_remote(name).ok()?.url().ok().map(str::to_owned)
    }

    /// Returns who commits here would be by, as `Name <address>`.
    ///
    /// # Errors
    /// When neither the environment nor git's configuration says so.
    pub fn identity(&self) -> Result<String> {
        let author = self.author()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        Ok(format!("{} <{}>", text(author.name_bytes()), text(author.email_bytes())))
    }

    /// Returns the bare repository at exactly `folder`.
    fn open_bare(folder: &Path) -> Result<Self> {
        let opened = git2::Repository::open_bare(folder);
        opened.map(Repository::from).map_err(|source| error::opening(folder, source))
    }

    /// Returns the folder that the user knows the repository by: of its work tree, or its own if it is bare.
    pub fn place(&self) -> &Path {
        // Without the slash that git2 ends a folder with.
        self.git.workdir().unwrap_or(self.git.path()).components().as_path()
    }

    /// Returns the folder of the work tree.
    ///
    /// # Errors
    /// When the repository is bare.
    pub fn workdir(&self) -> Result<&Path> {
        self.git.workdir().ok_or_else(|| GitError::Bare { repository: self.place().to_owned() })
    }

    /// Returns `path`, which must exist, relative to the root of the work tree, with `/`; empty
    /// for the root itself.
    ///
    /// # Errors
    /// When the repository is bare, or `path` lies outside it or is not UTF-8.
    pub fn relative(&self, path: &Path) -> Result<String> {
        let outside = || GitError::Outside { path: path.to_owned(), repository: self.place().to_owned() };
        let root = fs::canonical(self.workdir()?)?;
        let path = fs::canonical(path)?;
        let relative = path.strip_prefix(&root).map_err(|_| outside())?;
        let segments = relative.components().map(|component| match component {
            Component::Normal(segment) => segment.to_str().ok_or_else(outside),
            _ => Err(outside()),
        });
        Ok(segments.collect::<Result<Vec<_>>>()?.join("/"))
    }

    /// Returns where the repository stands.
    ///
    /// # Errors
    /// When it has no commit yet.
    pub fn head(&self) -> Result<Head> {
        let head = self.git.head().map_err(|source| match source.code() {
            ErrorCode::UnbornBranch | ErrorCode::NotFound => {
                GitError::NoCommits { repository: self.place().to_owned() }
            }
            _ => self.failed("read HEAD", source),
        })?;
        let commit = head.peel_to_commit().map_err(|source| self.failed("read HEAD", source))?;
        let detached = self.git.head_detached().map_err(|source| self.failed("read HEAD", source))?;
        let branch = head.shorthand().ok().filter(|_| !detached).map(str::to_owned);
        Ok(Head { commit: CommitId(commit.id()), branch })
    }

    /// Returns whether the current branch has no commit yet.
    ///
    /// # Errors
    /// When HEAD cannot be read.
    pub fn is_empty(&self) -> Result<bool> {
        match self.head() {
            Ok(_) => Ok(false),
            Err(GitError::NoCommits { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn failed(&self, action: impl Into<String>, source: git2::Error) -> GitError {
        GitError::Libgit2 { action: action.into(), repository: self.place().to_owned(), source }
    }
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Repository").field(&self.place()).finish()
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
