//! What a set holds, read from wherever it is: a commit, or a folder as it lies there.
//!
//! Both give the same [`Contents`] for the same files, with the generated `manifest.json`, so that
//! a digest does not depend on where it was computed.

use crate::archive::{FileSet, Limits, MANIFEST_JSON};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs::{self, EntryKind};
use crate::git::{CommitId, FileKind, Repository, is_lfs_pointer};
use crate::manifest::{self, Manifest, SetSection, Strictness};
use crate::prompt;
use crate::version::running_anvil;
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
}

/// Why a set's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContentsError {
    /// There is no manifest where the set should be.
    #[error("there is no `anvil.toml` in {0}")]
    NoManifest(String),
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
    /// The files are larger than a bundle may be.
    #[error("the set's files are larger than {} MiB together", Limits::FORMAT.unpacked >> 20)]
    TooLarge,
}

impl Diagnose for ContentsError {
    fn code(&self) -> Code {
        match self {
            ContentsError::NoManifest(_) | ContentsError::NoSet(_) => Code::A1040,
            ContentsError::NotAFile { .. } => Code::A1041,
            ContentsError::TooLarge => Code::A1042,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ContentsError::NotAFile { path, .. } => {
                vec![Hint::new(format!("put a regular file there, or add \"{path}\" to `exclude` in anvil.toml"))]
            }
            ContentsError::TooLarge => vec![Hint::new("leave files out with `exclude` in anvil.toml")],
            _ => Vec::new(),
        }
    }
}

impl Contents {
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
        let path =
            if folder.is_empty() { manifest::FILE_NAME.into() } else { format!("{folder}/{}", manifest::FILE_NAME) };
        let Some(text) = tree.read(&path)? else { return Err(ContentsError::NoManifest(place()).into()) };
        let manifest = parse(&path, text, strictness)?;
        let listed = tree.files(folder)?.collect::<Result<Vec<_>, _>>()?;
        let entries: Vec<Listed> = listed.iter().map(|file| Listed { path: &file.path, kind: file.kind }).collect();
        let read = |path: &str| {
            let at = listed.binary_search_by(|file| file.path.as_str().cmp(path)).expect("it was listed");
            Ok(repository.read(listed[at].id)?)
        };
        assemble(manifest, &entries, read, place, Some(commit))
    }

    /// Returns the set whose manifest lies in `folder`, as its files lie there. In a git repository
    /// what git ignores is no part of it.
    ///
    /// # Errors
    /// When there is no set, its manifest has faults, or something that belongs to it is no regular file.
    pub fn of_folder(folder: &Path, strictness: Strictness) -> Result<Contents> {
        Self::in_folder(folder, |text| parse(manifest::FILE_NAME, text, strictness))
    }

    /// Returns the set in the folder `path`, seen from `project`, that this Anvil must be able to use.
    ///
    /// # Errors
    /// As [`Contents::of_folder`], and when the set asks for another Anvil.
    pub fn of_dependency(project: &Path, path: &str) -> Result<Contents> {
        let file = format!("{path}/{}", manifest::FILE_NAME);
        Self::in_folder(&project.join(path), |text| Ok(Manifest::parse_dependency(&file, &utf8(&file, text)?)?))
    }

    fn in_folder(folder: &Path, parse: impl FnOnce(Vec<u8>) -> Result<Manifest>) -> Result<Contents> {
        let place = || format!("`{}`", folder.display());
        let path = folder.join(manifest::FILE_NAME);
        let Some(text) = fs::read_if_exists(&path)? else { return Err(ContentsError::NoManifest(place()).into()) };
        let manifest = parse(text)?;
        let listed = list(folder)?;
        let entries: Vec<Listed> = listed.iter().map(|(path, kind)| Listed { path, kind: *kind }).collect();
        let read = |path: &str| Ok(fs::read_limited(&folder.join(path), Limits::FORMAT.unpacked)?);
        assemble(manifest, &entries, read, place, None)
    }
}

fn parse(path: &str, bytes: Vec<u8>, strictness: Strictness) -> Result<Manifest> {
    Ok(Manifest::parse(path, &utf8(path, bytes)?, strictness)?)
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<String> {
    Ok(String::from_utf8(bytes).map_err(|error| fs::FsError::NotUtf8 {
        path: PathBuf::from(path),
        offset: error.utf8_error().valid_up_to(),
        byte: error.as_bytes()[error.utf8_error().valid_up_to()],
    })?)
}

struct Listed<'a> {
    path: &'a str,
    kind: FileKind,
}

fn assemble(
    manifest: Manifest,
    listed: &[Listed],
    mut read: impl FnMut(&str) -> Result<Vec<u8>>,
    place: impl Fn() -> String,
    commit: Option<CommitId>,
) -> Result<Contents> {
    let Some(section) = &manifest.set else { return Err(ContentsError::NoSet(place()).into()) };
    let refuse = |path: &str, what| Err(ContentsError::NotAFile { path: path.to_owned(), what }.into());
    let no_file = listed.iter().find(|entry| !entry.kind.is_file() && section.selection.selects(entry.path));
    if let Some(entry) = no_file {
        let what = match entry.kind {
            FileKind::Link => "a symbolic link",
            FileKind::Submodule => "a submodule",
            _ => "named with bytes that are no UTF-8",
        };
        return refuse(entry.path, what);
    }
    let paths = listed.iter().filter(|entry| entry.kind.is_file()).map(|entry| entry.path);
    let selected = prompt::facts::select_files(&section.selection, paths, &mut read)?;
    let mut files = FileSet::new();
    let mut size = 0;
    for path in selected {
        let bytes = read(&path)?;
        if is_lfs_pointer(&bytes) {
            return refuse(&path, "a Git LFS pointer, not the file itself");
        }
        size += bytes.len() as u64;
        if size > Limits::FORMAT.unpacked {
            return Err(ContentsError::TooLarge.into());
        }
        files.insert(path, bytes);
    }
    let prompts = Arc::new(prompt::Set::load(&manifest, &files));
    files.insert(MANIFEST_JSON, prompt::facts::manifest_json(&prompts, &files));
    Ok(Contents { manifest, files, prompts, commit })
}

/// Returns the files that may belong to a set in `folder`, relative to it, sorted: what git tracks or
/// would track, or all there is where there is no repository. There need be no manifest.
///
/// # Errors
/// When something cannot be read.
pub fn paths_in(folder: &Path) -> Result<Vec<String>> {
    let listed = list(folder)?;
    Ok(listed.into_iter().filter(|(_, kind)| kind.is_file()).map(|(path, _)| path).collect())
}

/// Returns what may belong to a set in `folder`, sorted by path: what git tracks or would track, or
/// all there is where there is no repository.
pub(super) fn list(folder: &Path) -> Result<Vec<(String, FileKind)>> {
    if let Ok(repository) = Repository::discover(folder)
        && let Ok(inside) = repository.relative(folder)
    {
        let files = repository.work_files(&inside)?;
        return Ok(files.into_iter().map(|file| (file.path, file.kind)).collect());
    }
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = pending.pop() {
        for entry in fs::list(&folder)? {
            let path = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::Folder if matches!(entry.name.as_str(), ".git" | ".anvil") => {}
                EntryKind::Folder => pending.push((format!("{path}/"), entry.path)),
                EntryKind::File => found.push((path, FileKind::File)),
                EntryKind::Other => found.push((path, FileKind::Link)),
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}
