//! The files of a commit, read from the object database alone.

use super::error::Result;
use super::{BlobId, CommitId, GitError, Repository, to_blob_id, to_oid};
use crate::archive::Limits;
use git2::{ErrorCode, ObjectType, Oid};

/// The most files and folders that one walk meets. Trees that name each other a few times a level
/// hold billions of files in a few kilobytes.
const MAX_ENTRIES: usize = 1_000_000;

/// The most folders within folders that a walk enters.
pub(super) const MAX_DEPTH: usize = 256;

/// Git's mode of a folder.
const FOLDER: i32 = 0o040000;

/// What git keeps at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A file.
    File,
    /// A file that may be run.
    Executable,
    /// A symbolic link. No bundle holds one.
    Link,
    /// Another repository. No bundle holds one.
    Submodule,
    /// Something whose path is not UTF-8; it is told with replacement characters.
    NotUtf8,
}

impl FileKind {
    /// Returns whether it is a regular file with a path that can be written down.
    pub fn is_file(self) -> bool {
        matches!(self, FileKind::File | FileKind::Executable)
    }

    pub(super) fn of_mode(mode: i32) -> FileKind {
        match mode {
            0o120000 => FileKind::Link,
            0o160000 => FileKind::Submodule,
            mode if mode & 0o111 != 0 => FileKind::Executable,
            _ => FileKind::File,
        }
    }
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Where it is, relative to the folder that was asked about, with `/`.
    pub path: String,
    /// What it holds: to be read with [`Repository::read`]. Of a submodule it is the commit.
    pub id: BlobId,
    /// What it is.
    pub kind: FileKind,
}

/// The files of one commit.
pub struct Tree<'r> {
    repository: &'r Repository,
    commit: CommitId,
    root: git2::Tree<'r>,
}

impl Repository {
    /// Returns the files of `commit`.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn tree(&self, commit: CommitId) -> Result<Tree<'_>> {
        let failed = |source| self.failed(format!("read the commit {commit}"), source);
        let root = self.git.find_commit(commit.0).and_then(|commit| commit.tree()).map_err(failed)?;
        Ok(Tree { repository: self, commit, root })
    }

    /// Returns the bytes of a file as git has them, with no filters.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than all files of a bundle may be together.
    pub fn read(&self, id: BlobId) -> Result<Vec<u8>> {
        let failed = |source| self.failed(format!("read the file {id}"), source);
        let limit = Limits::FORMAT.unpacked;
        let odb = self.git.odb().map_err(failed)?;
        let (size, _) = odb.read_header(to_oid(id)).map_err(failed)?;
        if size as u64 > limit {
            return Err(GitError::TooLarge { what: format!("the file {id} in `{}`", self.place().display()), limit });
        }
        let blob = self.git.find_blob(to_oid(id)).map_err(failed)?;
        Ok(blob.content().to_vec())
    }
}

impl<'r> Tree<'r> {
    /// Returns the commit.
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// Returns the files below `folder` (empty for all), ordered bytewise by path; none when
    /// there is no such folder. Nothing beside it is read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn files(&self, folder: &str) -> Result<Files<'r>> {
        let mut files = Files { repository: self.repository, commit: self.commit, open: Vec::new(), met: 0 };
        if let Some((id, FOLDER)) = self.entry(folder.trim_matches('/'))? {
            files.enter(id, Vec::new())?;
        }
        Ok(files)
    }

    /// Returns the file at `path`, relative to the root, if there is one.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn file(&self, path: &str) -> Result<Option<TreeFile>> {
        Ok(self.entry(path)?.filter(|(_, mode)| *mode != FOLDER).map(|(id, mode)| TreeFile {
            path: path.to_owned(),
            id: to_blob_id(id),
            kind: FileKind::of_mode(mode),
        }))
    }

    /// Returns the bytes of the regular file at `path`, relative to the root, if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.file(path)? {
            Some(file) if file.kind.is_file() => self.repository.read(file.id).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns whether the link at `path`, relative to the root, leads to a regular file of this commit. Of
    /// what lies elsewhere, or behind another link, nothing is known.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn leads_to_file(&self, path: &str) -> Result<bool> {
        let Some(link) = self.file(path)?.filter(|file| file.kind == FileKind::Link) else { return Ok(false) };
        let Ok(target) = String::from_utf8(self.repository.read(link.id)?) else { return Ok(false) };
        let mut segments: Vec<&str> = path.split('/').collect();
        segments.pop();
        for segment in target.split('/') {
            match segment {
                "." => {}
                // An absolute path, too, leads out of the repository.
                "" => return Ok(false),
                ".." if segments.pop().is_none() => return Ok(false),
                ".." => {}
                segment => segments.push(segment),
            }
        }
        Ok(self.file(&segments.join("/"))?.is_some_and(|file| file.kind.is_file()))
    }

    fn entry(&self, path: &str) -> Result<Option<(Oid, i32)>> {
        entry(&self.root, path)
            .map_err(|source| self.repository.failed(format!("read `{path}` at {}", self.commit), source))
    }
}

/// Returns what stands at `path` in `tree`: its id and mode.
pub(super) fn entry(tree: &git2::Tree<'_>, path: &str) -> std::result::Result<Option<(Oid, i32)>, git2::Error> {
    if path.is_empty() {
        return Ok(Some((tree.id(), FOLDER)));
    }
    match tree.get_path(std::path::Path::new(path)) {
        Ok(entry) => Ok(Some((entry.id(), entry.filemode()))),
        Err(source) if source.code() == ErrorCode::NotFound => Ok(None),
        Err(source) => Err(source),
    }
}

/// The files below a folder, read as they are asked for.
pub struct Files<'r> {
    repository: &'r Repository,
    commit: CommitId,
    /// The folders that the walk is in, the deepest last.
    open: Vec<OpenFolder<'r>>,
    met: usize,
}

struct OpenFolder<'r> {
    tree: git2::Tree<'r>,
    path: Vec<u8>,
    next: usize,
}

impl<'r> Files<'r> {
    fn enter(&mut self, id: Oid, path: Vec<u8>) -> Result<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(GitError::TooMany { commit: self.commit, what: "folders within folders", limit: MAX_DEPTH });
        }
        let shown = String::from_utf8_lossy(&path);
        let failed = |source| self.repository.failed(format!("read `{shown}/` at {}", self.commit), source);
        let tree = self.repository.git.find_tree(id).map_err(failed)?;
        self.open.push(OpenFolder { tree, path, next: 0 });
        Ok(())
    }

    fn step(&mut self) -> Result<Option<TreeFile>> {
        while let Some(folder) = self.open.last_mut() {
            let Some(entry) = folder.tree.get(folder.next) else {
                self.open.pop();
                continue;
            };
            folder.next += 1;
            let mut path = folder.path.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.name_bytes());
            let (id, mode, is_folder) = (entry.id(), entry.filemode(), entry.kind() == Some(ObjectType::Tree));
            drop(entry);
            self.met += 1;
            if self.met > MAX_ENTRIES {
                return Err(GitError::TooMany { commit: self.commit, what: "files", limit: MAX_ENTRIES });
            }
            if is_folder {
                self.enter(id, path)?;
                continue;
            }
            let (path, kind) = match String::from_utf8(path) {
                Ok(path) => (path, FileKind::of_mode(mode)),
                Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), FileKind::NotUtf8),
            };
            return Ok(Some(TreeFile { path, id: to_blob_id(id), kind }));
        }
        Ok(None)
    }
}

impl Iterator for Files<'_> {
    type Item = Result<TreeFile>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.open.clear(); // What failed once would fail for ever.
        }
        step.transpose()
    }
}

/// Returns whether `bytes` are what Git LFS keeps in place of a large file
/// (its specification, "The Pointer").
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024
        && (bytes.starts_with(b"version https://git-lfs.github.com/spec/")
            || bytes.starts_with(b"version https://hawser.github.com/spec/"))
}
