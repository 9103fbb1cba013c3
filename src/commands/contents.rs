//! What a set holds, read from wherever it is: a commit, or a folder as it lies there.
//!
//! Both give the same [`Contents`] for the same files, with the generated `manifest.json`, so that
//! a digest does not depend on where it was computed.

use super::folder::Folder;
use crate::archive::{FileSet, Limits, MANIFEST_JSON};
use crate::compat::{Policy, PolicyError};
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::fs::{self, FsError};
use crate::git::{CommitId, FileKind, GitError, Repository, Tree, TreeFile, is_lfs_pointer};
use crate::manifest::{self, Above, Manifest, Selection, SetSection, Strictness};
use crate::prompt;
use crate::store::workspace;
use crate::version::running_anvil;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A set with all its files.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its files, `manifest.json` among them.
    pub files: FileSet,
    /// Its prompts.
    pub prompts: Arc<prompt::Set>,
    /// The commit they were read from, if they were.
    pub commit: Option<CommitId>,
    /// The manifest's own text, where the set is a member of a workspace: among the files it has all that it
    /// inherits.
    pub own_text: Option<Vec<u8>>,
}

/// Why a set's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContentsError {
    /// There is no manifest in the folder where the set should be.
    #[error("there is no `anvil.toml` in {0}")]
    NoManifest(String),
    /// There is none in the commit.
    #[error("there is no `anvil.toml` in {0}")]
    NoManifestInCommit(String),
    /// The manifest there publishes nothing.
    #[error("the `anvil.toml` in {0} has no `[set]`")]
    NoSet(String),
    /// Something that belongs to the set is no file.
    #[error("`{path}` belongs to the set and is {what}")]
    NotAFile {
        /// Where it is, relative to the set's folder.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// Files of the set could lie behind something that is no folder.
    #[error("`{path}` is {what}: what lies behind it would be missing from the set")]
    NoFolder {
        /// Where it is, relative to the set's folder.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// The files are larger than a bundle may be.
    #[error("with `{path}` the set's files are larger than {} MiB together", Limits::FORMAT.unpacked >> 20)]
    TooLarge {
        /// The file that is one too many, relative to the set's folder.
        path: String,
    },
}

impl Diagnose for ContentsError {
    fn code(&self) -> Code {
        match self {
            ContentsError::NoManifest(_) | ContentsError::NoManifestInCommit(_) | ContentsError::NoSet(_) => {
                Code::A1040
            }
            ContentsError::NotAFile { .. } | ContentsError::NoFolder { .. } => Code::A1041,
            ContentsError::TooLarge { .. } => Code::A0702,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ContentsError::NoManifest(_) => {
                vec![Hint::run("put the set back there; or, if it went for good, write the lock anew", "anvil lock")]
            }
            ContentsError::NoSet(_) => vec![Hint::new("write `[set]` there, with the `name` and `version` of a set")],
            ContentsError::NotAFile { path, .. } if path == manifest::FILE_NAME => {
                vec![Hint::new("a set is published with its manifest: put the file itself there, and commit that")]
            }
            ContentsError::NotAFile { path, .. } => {
                vec![Hint::new(format!("put a regular file there, or add \"{path}\" to `exclude` in anvil.toml"))]
            }
            ContentsError::NoFolder { path, .. } => {
                vec![Hint::new(format!("put the files themselves there, or add \"{path}\" to `exclude` in anvil.toml"))]
            }
            ContentsError::TooLarge { .. } => {
                vec![Hint::new("leave files out with `exclude` in anvil.toml, or split the set")]
            }
            ContentsError::NoManifestInCommit(_) => Vec::new(),
        }
    }
}

impl Contents {
    /// Returns what its author says of changes.
    ///
    /// # Errors
    /// When that cannot be followed.
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        Policy::read(&self.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default())
    }

    /// Returns the text of the manifest as its authors wrote it.
    pub fn manifest_text(&self) -> Cow<'_, str> {
        let text = self.own_text.as_deref().or_else(|| self.files.get(manifest::FILE_NAME));
        text.map(String::from_utf8_lossy).unwrap_or_default()
    }

    /// Returns the set with its manifest as its authors wrote it, for who writes it back into a work tree.
    pub(super) fn into_written(mut self) -> Self {
        if let Some(text) = &self.own_text {
            self.files.insert(manifest::FILE_NAME, text.clone());
        }
        self
    }

    /// Returns the set's `[set]` table.
    pub fn section(&self) -> &SetSection {
        self.manifest.set.as_ref().expect("contents are read for manifests with [set] alone")
    }

    /// Checks that this Anvil is one that the set asks for, as whoever makes a version of it must be.
    ///
    /// # Errors
    /// When it is not, with the place in the manifest.
    pub fn check_usable(&self) -> Result<()> {
        let text = self.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
        Ok(self.manifest.check_usable_by(&running_anvil(), manifest::FILE_NAME, &text)?)
    }

    /// Returns the set whose manifest lies in `folder` (empty for the root) of `commit`.
    ///
    /// # Errors
    /// When there is no set, its manifest has faults, or something that belongs to it is no regular file.
    pub fn of_commit(
        repository: &Repository,
        commit: CommitId,
        folder: &str,
        strictness: Strictness,
    ) -> Result<Contents> {
        let tree = repository.tree(commit)?;
        let place = || match folder {
            "" => format!("{} of `{}`", commit.short(), repository.place().display()),
            folder => format!("`{folder}` in {} of `{}`", commit.short(), repository.place().display()),
        };
        let path = below(folder, manifest::FILE_NAME);
        let Some(text) = tree.read(&path)? else {
            return Err(match tree.file(&path)? {
                Some(file) => ContentsError::NotAFile { path: manifest::FILE_NAME.into(), what: said(file.kind) },
                None => ContentsError::NoManifestInCommit(place()),
            }
            .into());
        };
        let above = above_in(&tree, folder)?;
        let manifest = Above::parse_below(above.as_ref(), &path, &utf8(&path, text)?, strictness)?;
        let files = tree.files(folder)?.collect::<Result<Vec<_>, _>>()?;
        assemble(manifest, above.as_ref(), &InCommit { repository, tree, folder, files }, place, Some(commit))
    }

    /// Returns the set whose manifest lies in `folder`, as its files lie there. In a git repository
    /// what git ignores is no part of it, and bytes are as git would keep them.
    ///
    /// # Errors
    /// When there is no set, its manifest has faults, or something that belongs to it is no regular file.
    pub fn of_folder(folder: &Path, strictness: Strictness) -> Result<Contents> {
        Self::in_folder(folder, manifest::FILE_NAME, strictness, |_, _| Ok(()))
    }

    /// Returns the set in the folder `path`, seen from `project`, that this Anvil must be able to use.
    ///
    /// # Errors
    /// As [`Contents::of_folder`], and when the set asks for another Anvil.
    pub fn of_dependency(project: &Path, path: &str) -> Result<Contents> {
        let file = format!("{path}/{}", manifest::FILE_NAME);
        let folder = fs::join(project, Path::new(path));
        Self::in_folder(&folder, &file, Strictness::Dependency, |manifest, text| {
            Ok(manifest.check_usable_by(&running_anvil(), &file, text)?)
        })
    }

    /// Returns the set in `folder`, whose manifest messages call `file`.
    fn in_folder(
        folder: &Path,
        file: &str,
        strictness: Strictness,
        check: impl FnOnce(&Manifest, &str) -> Result<()>,
    ) -> Result<Contents> {
        let place = || format!("`{}`", folder.display());
        let path = folder.join(manifest::FILE_NAME);
        let Some(text) = fs::read_if_exists(&path)? else { return Err(ContentsError::NoManifest(place()).into()) };
        let text = utf8(file, text)?;
        let above = workspace::above(folder)?;
        let manifest = Above::parse_below(above.as_ref(), file, &text, strictness)?;
        check(&manifest, &text)?;
        assemble(manifest, above.as_ref(), &Folder::at(folder)?, place, None)
    }
}

/// Returns the root of the workspace that `folder` is a member of in `tree`.
fn above_in(tree: &Tree<'_>, folder: &str) -> Result<Option<Above>> {
    let mut higher = folder;
    while !higher.is_empty() {
        higher = higher.rsplit_once('/').map_or("", |(higher, _)| higher);
        let path = below(higher, manifest::FILE_NAME);
        let Some(text) = tree.read(&path)? else { continue };
        let member = inside(higher, folder).expect("it is one of the folders above");
        if let Some(above) = Above::of(&path, &utf8(&path, text)?, member)? {
            return Ok(Some(above));
        }
    }
    Ok(None)
}

/// Returns `path`, which is relative to `folder`, from where that is.
pub(super) fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// Returns `path` as seen from `folder`, if it is in there.
pub(super) fn inside<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<String> {
    Ok(String::from_utf8(bytes).map_err(|error| FsError::NotUtf8 {
        path: PathBuf::from(path),
        offset: error.utf8_error().valid_up_to(),
        byte: error.as_bytes()[error.utf8_error().valid_up_to()],
    })?)
}

/// What a set is chosen from, by paths relative to its folder.
trait Source {
    /// Returns everything there is, ordered by path.
    fn listed(&self) -> impl Iterator<Item = (&str, FileKind)> + Clone;

    /// Returns what a regular file holds.
    fn read(&self, path: &str) -> Result<Vec<u8>>;

    /// Returns whether a link is known to lead to a regular file.
    fn leads_to_file(&self, path: &str) -> bool;
}

/// A folder of a commit.
struct InCommit<'r> {
    repository: &'r Repository,
    tree: Tree<'r>,
    folder: &'r str,
    files: Vec<TreeFile>,
}

impl Source for InCommit<'_> {
    fn listed(&self) -> impl Iterator<Item = (&str, FileKind)> + Clone {
        self.files.iter().map(|file| (file.path.as_str(), file.kind))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).expect("it was listed");
        Ok(self.repository.read(self.files[at].id)?)
    }

    fn leads_to_file(&self, path: &str) -> bool {
        // What cannot be read is not known to.
        self.tree.leads_to_file(&below(self.folder, path)).unwrap_or(false)
    }
}

impl Source for Folder {
    fn listed(&self) -> impl Iterator<Item = (&str, FileKind)> + Clone {
        self.files.iter().map(|file| (file.path.as_str(), file.kind))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>> {
        Folder::read(self, path)
    }

    fn leads_to_file(&self, path: &str) -> bool {
        Folder::leads_to_file(self, path)
    }
}

/// Where something that is no regular file stands in a set's way.
pub(super) enum Misplaced {
    /// In the place of a file of the set.
    File,
    /// In the place of a folder that could hold files of the set.
    Folder,
}

/// Returns whether something of this kind stands in the way of the set's files. `leads_to_file` tells
/// whether a link is one to a file, which no folder was meant to be.
pub(super) fn misplaced(
    selection: &Selection,
    path: &str,
    kind: FileKind,
    leads_to_file: impl FnOnce() -> bool,
) -> Option<Misplaced> {
    match kind {
        FileKind::File | FileKind::Executable => None,
        _ if selection.selects(path) => Some(Misplaced::File),
        FileKind::NotUtf8 => None,
        FileKind::Submodule | FileKind::Link if !selection.may_select_below(path) => None,
        FileKind::Link if leads_to_file() => None,
        FileKind::Submodule | FileKind::Link => Some(Misplaced::Folder),
    }
}

/// Returns in words what something of this kind is.
pub(super) fn said(kind: FileKind) -> &'static str {
    match kind {
        FileKind::File | FileKind::Executable => "a file",
        FileKind::Link => "a symbolic link",
        FileKind::Submodule => "a submodule",
        FileKind::NotUtf8 => "named with bytes that are no UTF-8",
    }
}

fn assemble(
    manifest: Manifest,
    above: Option<&Above>,
    source: &impl Source,
    place: impl Fn() -> String,
    commit: Option<CommitId>,
) -> Result<Contents> {
    let Some(section) = &manifest.set else { return Err(ContentsError::NoSet(place()).into()) };
    let refuse = |path: &str, what| Err(ContentsError::NotAFile { path: path.to_owned(), what }.into());
    for (path, kind) in source.listed() {
        let path = path.trim_end_matches('/');
        match misplaced(&section.selection, path, kind, || source.leads_to_file(path)) {
            Some(Misplaced::File) => return refuse(path, said(kind)),
            Some(Misplaced::Folder) => {
                return Err(ContentsError::NoFolder { path: path.to_owned(), what: said(kind) }.into());
            }
            None => {}
        }
    }
    let mut read = |path: &str| source.read(path);
    let paths = source.listed().filter(|(_, kind)| kind.is_file()).map(|(path, _)| path);
    let selected = prompt::facts::select_files(&section.selection, paths, &mut read)?;
    let mut files = FileSet::new();
    let mut own_text = None;
    let mut size = 0;
    for path in selected {
        let too_large = || ContentsError::TooLarge { path: path.clone() };
        let bytes = read(&path).map_err(|error| match is_too_large(&error) {
            true => too_large().into(),
            false => error,
        })?;
        if is_lfs_pointer(&bytes) {
            return refuse(&path, "a Git LFS pointer, not the file itself");
        }
        size += bytes.len() as u64;
        if size > Limits::FORMAT.unpacked {
            return Err(too_large().into());
        }
        let bytes = match above.filter(|_| path == manifest::FILE_NAME) {
            // What is published stands alone.
            Some(above) => {
                let text = utf8(&path, bytes)?;
                let filled = above.fill(&text).into_owned();
                own_text = Some(text.into_bytes());
                filled.into_bytes()
            }
            None => bytes,
        };
        files.insert(path, bytes);
    }
    let prompts = Arc::new(prompt::Set::load(&manifest, &files));
    files.insert(MANIFEST_JSON, prompt::facts::manifest_json(&prompts, &files));
    Ok(Contents { manifest, files, prompts, commit, own_text })
}

/// Returns whether `error` says that one file alone is larger than a bundle may be.
fn is_too_large(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(FsError::TooLarge { .. }))
        || matches!(error.downcast_ref(), Some(GitError::TooLarge { .. }))
}
