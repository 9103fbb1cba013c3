//! The two sides of a comparison: how each is named, and how its files are found.

use crate::address::{Address, AddressError, Which};
use crate::archive::{FileSet, MANIFEST_JSON};
use crate::commands::contents::misplaced;
use crate::commands::folder::Folder;
use crate::compat::Policy;
use crate::diff::{self, BlobId, SideFile};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{CommitId, FileKind, Repository, Tree, TreeFile, blob_id};
use crate::manifest::{self, Manifest, Strictness};
use crate::name::{PromptName, RegistryId};
use crate::prompt;
use crate::version::{Version, parse_version};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// One side of a comparison, as a person names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideName {
    /// A version of this project's set: what its tag names.
    Version(Version),
    /// A git revision.
    Revision(String),
    /// A published version.
    Published(Address),
    /// The files as they lie in the folder.
    WorkingTree,
}

impl fmt::Display for SideName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SideName::Version(version) => write!(f, "{version}"),
            SideName::Revision(revision) => f.write_str(revision),
            SideName::Published(address) => write!(f, "{address}"),
            SideName::WorkingTree => f.write_str("."),
        }
    }
}

impl FromStr for SideName {
    type Err = AddressError;

    /// Takes for the working tree `.`, for a version what is one, for an address what is one and
    /// says which version (branches are called `project/set`, too), and the rest for a revision.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text == "." {
            return Ok(SideName::WorkingTree);
        }
        if let Ok(version) = parse_version(text) {
            return Ok(SideName::Version(version));
        }
        match text.parse::<Address>() {
            Ok(address) if address.registry.is_some() || address.which != Which::Unspecified => {
                Ok(SideName::Published(address))
            }
            Err(error) if text.starts_with('@') && text.contains('/') => Err(error),
            _ => Ok(SideName::Revision(text.to_owned())),
        }
    }
}

/// What a side turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideFacts {
    /// What kind of side it is.
    pub kind: SideKind,
    /// What it was called: the version, the revision, the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The commit, of a version or a revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitId>,
    /// The version that was chosen, of a published one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The registry, of a published version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
}

/// The kinds of sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SideKind {
    /// A version, by its tag.
    Version,
    /// A git revision.
    Revision,
    /// A published version.
    Published,
    /// The files as they lie in the folder.
    WorkingTree,
}

impl fmt::Display for SideFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.version) {
            (_, Some(version)) if self.kind == SideKind::Published => {
                let set = self.name.as_deref().unwrap_or_default();
                write!(f, "{set} {version}")
            }
            (Some(name), _) => f.write_str(name),
            (None, _) => f.write_str("the working tree"),
        }
    }
}

/// A side whose files are known and not yet chosen from.
pub(super) struct Found<'r> {
    pub(super) facts: SideFacts,
    /// Its own manifest, or why it has none that can be used.
    pub(super) manifest: Result<Manifest, NoManifest>,
    files: Files<'r>,
}

/// Why a side is read with another side's manifest.
pub(super) enum NoManifest {
    /// It has none, or one that publishes nothing.
    Absent,
    /// It cannot be read.
    Faulty(Error),
}

enum Files<'r> {
    Commit {
        repository: &'r Repository,
        tree: Tree<'r>,
        /// The set's folder, with a `/` at the end where it is not empty.
        prefix: String,
        files: Vec<TreeFile>,
    },
    Folder(Folder),
    Bundle(FileSet),
}

impl<'r> Found<'r> {
    /// Returns the files of `commit` below `folder`.
    pub(super) fn in_commit(
        repository: &'r Repository,
        folder: &str,
        commit: CommitId,
        facts: SideFacts,
    ) -> Result<Self> {
        let tree = repository.tree(commit)?;
        let files = tree.files(folder)?.collect::<Result<Vec<_>, _>>()?;
        let at = files.binary_search_by(|file| file.path.as_str().cmp(manifest::FILE_NAME));
        let text = match at.ok().and_then(|at| files.get(at)).filter(|file| file.kind.is_file()) {
            Some(file) => Some(repository.read(file.id)?),
            None => None,
        };
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let manifest = parse(text.as_deref());
        Ok(Found { facts, manifest, files: Files::Commit { repository, tree, prefix, files } })
    }

    /// Returns the files that lie in `folder`.
    pub(super) fn in_folder(folder: &Path, facts: SideFacts) -> Result<Self> {
        let text = fs::read_if_exists(&folder.join(manifest::FILE_NAME))?;
        Ok(Found { facts, manifest: parse(text.as_deref()), files: Files::Folder(Folder::at(folder)?) })
    }

    /// Returns the files of a bundle.
    pub(super) fn in_bundle(files: FileSet, facts: SideFacts) -> Self {
        Found { facts, manifest: parse(files.get(manifest::FILE_NAME)), files: Files::Bundle(files) }
    }

    /// Chooses the set's files by its own manifest, else by `stand_in`; their paths are told with
    /// `prefix` before them.
    pub(super) fn select(self, stand_in: Option<&Manifest>, prefix: &str) -> Result<Reading<'r>> {
        let manifest = self.manifest.ok().or_else(|| stand_in.cloned()).unwrap_or_default();
        let selection = manifest.set.as_ref().map(|set| set.selection.clone()).unwrap_or_default();
        let mut reading = Reading {
            facts: self.facts,
            manifest,
            selected: BTreeMap::new(),
            others: BTreeMap::new(),
            prompts: BTreeMap::new(),
            left_out: Vec::new(),
            prefix: prefix.to_owned(),
            content: Content::Bundle(FileSet::new()),
            files: Vec::new(),
        };
        match self.files {
            Files::Commit { repository, tree, prefix, files } => {
                for file in files {
                    let leads_to_file = || tree.leads_to_file(&format!("{prefix}{}", file.path)).unwrap_or(false);
                    if !file.kind.is_file() {
                        if misplaced(&selection, &file.path, file.kind, leads_to_file).is_some() {
                            reading.left_out.push((file.path, file.kind));
                        }
                    } else if selection.selects(&file.path) {
                        reading.selected.insert(file.path, file.id);
                    } else {
                        reading.others.insert(file.path, file.id);
                    }
                }
                reading.content = Content::Commit(repository, RefCell::default());
            }
            Files::Folder(folder) => {
                for file in folder.files.iter().filter(|file| !file.kind.is_file()) {
                    let path = file.path.trim_end_matches('/');
                    if misplaced(&selection, path, file.kind, || folder.leads_to_file(path)).is_some() {
                        reading.left_out.push((path.to_owned(), file.kind));
                    }
                }
                let listed = folder.files.iter().filter(|file| file.kind.is_file());
                let paths = listed.map(|file| file.path.as_str());
                let mut files = FileSet::new();
                for path in prompt::facts::select_files(&selection, paths, |path| folder.read(path))? {
                    let bytes = folder.read(&path)?;
                    files.insert(path, bytes);
                }
                reading.hold(files);
            }
            Files::Bundle(mut files) => {
                files.remove(MANIFEST_JSON);
                reading.hold(files);
            }
        }
        for path in reading.selected.keys() {
            if let Some(Ok(name)) = selection.prompt_name(path) {
                reading.prompts.entry(name).or_insert_with(|| path.clone());
            }
        }
        Ok(reading)
    }
}

fn parse(text: Option<&[u8]>) -> Result<Manifest, NoManifest> {
    let Some(bytes) = text else { return Err(NoManifest::Absent) };
    let faulty = |error: Error| NoManifest::Faulty(error);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        faulty(fs::FsError::NotUtf8 { path: manifest::FILE_NAME.into(), offset, byte }.into())
    })?;
    // What only the root's reader judges has no part in a comparison, and an older manifest may
    // hold keys that came and went.
    let manifest = Manifest::parse(manifest::FILE_NAME, text, Strictness::Apart);
    let manifest = manifest.map_err(|error| faulty(error.into()))?;
    if manifest.set.is_none() { Err(NoManifest::Absent) } else { Ok(manifest) }
}

/// A side whose files are chosen: what its bundle holds, or would hold, without `manifest.json`.
/// Paths are relative to the set's folder but for [`diff::Side`].
pub(super) struct Reading<'r> {
    pub(super) facts: SideFacts,
    /// The manifest that it was read with.
    pub(super) manifest: Manifest,
    pub(super) selected: BTreeMap<String, BlobId>,
    /// The regular files that the manifest alone does not choose, of a commit. A schema that a
    /// prompt names is chosen from them.
    pub(super) others: BTreeMap<String, BlobId>,
    pub(super) prompts: BTreeMap<PromptName, String>,
    /// What would belong to the set and is no regular file.
    pub(super) left_out: Vec<(String, FileKind)>,
    prefix: String,
    content: Content<'r>,
    /// As `diff` wants them; made by [`Reading::settle`].
    files: Vec<SideFile>,
}

enum Content<'r> {
    /// With what was read already: the same blob may be wanted for the interface and for the text.
    Commit(&'r Repository, RefCell<HashMap<BlobId, Vec<u8>>>),
    Bundle(FileSet),
}

impl Reading<'_> {
    fn hold(&mut self, files: FileSet) {
        self.selected = files.iter().map(|(path, bytes)| (path.to_owned(), blob_id(bytes))).collect();
        self.content = Content::Bundle(files);
    }

    /// Returns the bytes of the file at `path`, chosen or not; nothing where there is none.
    pub(super) fn bytes(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(id) = self.selected.get(path).or_else(|| self.others.get(path)) else { return Ok(None) };
        self.read_content(path, *id).map(Some)
    }

    /// Returns what the author says of changes; nothing where that cannot be followed.
    pub(super) fn policy(&self) -> Policy {
        let text = self.bytes(manifest::FILE_NAME).ok().flatten().unwrap_or_default();
        Policy::read(&String::from_utf8_lossy(&text)).unwrap_or_default()
    }

    fn read_content(&self, path: &str, id: BlobId) -> Result<Cow<'_, [u8]>> {
        match &self.content {
            Content::Bundle(files) => Ok(Cow::Borrowed(files.get(path).unwrap_or_default())),
            Content::Commit(repository, known) => {
                if let Some(bytes) = known.borrow().get(&id) {
                    return Ok(Cow::Owned(bytes.clone()));
                }
                let bytes = repository.read(id)?;
                known.borrow_mut().insert(id, bytes.clone());
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Returns whether the file at `path` is chosen, and what it holds.
    pub(super) fn state(&self, path: &str) -> Option<(bool, BlobId)> {
        let selected = self.selected.get(path).map(|id| (true, *id));
        selected.or_else(|| self.others.get(path).map(|id| (false, *id)))
    }

    /// Fixes the files that are compared: the chosen ones that `wanted` takes by their full path.
    pub(super) fn settle(&mut self, wanted: impl Fn(&str) -> bool) {
        let full = self.selected.iter().map(|(path, id)| SideFile { path: self.full(path), id: *id });
        self.files = full.filter(|file| wanted(&file.path)).collect();
    }

    /// Returns the path from the repository's root.
    pub(super) fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

impl diff::Side for Reading<'_> {
    type Error = Error;

    fn files(&self) -> &[SideFile] {
        &self.files
    }

    fn read(&self, file: &SideFile) -> Result<Cow<'_, [u8]>> {
        let path = file.path.strip_prefix(&self.prefix).expect("`settle` put the prefix before every path");
        self.read_content(path, file.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_what_its_name_says() {
        let side = |text: &str| text.parse::<SideName>().unwrap();
        assert_eq!(side("."), SideName::WorkingTree);
        assert!(matches!(side("1.2.0"), SideName::Version(_)));
        for published in ["core/tone@1.4.2", "core/tone@^1", "core/tone@stable", "@acme/core/tone"] {
            assert!(matches!(side(published), SideName::Published(_)), "{published}");
        }
        for revision in ["main", "feature/tone", "HEAD~2", "v1.2.0", "@", "@{u}", "origin/main@{1}", "1.2", "0a1b2c3"] {
            assert!(matches!(side(revision), SideName::Revision(_)), "{revision}");
        }
        assert!("@Acme/core/tone".parse::<SideName>().is_err());
    }
}
