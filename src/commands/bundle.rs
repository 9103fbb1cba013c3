//! The bundle of one version of the project's own set: what `push` publishes and `export` packs.
//!
//! It is made from the commit that the version's tag names, so that everybody who has the
//! repository can make the same bytes, or from the work tree where the user asks for that.

use super::contents::Contents;
use super::project::Project;
use crate::archive::{self, Identity};
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitId, GitError, Repository, WorkChange, WorkState};
use crate::index::{LINE_FORMAT, Line, LineDependency, LineSource};
use crate::manifest::{Selection, SetSection, Strictness};
use crate::name::SetName;
use crate::prompt::interface::Interface;
use crate::version::Version;
use std::fmt::Write as _;
use std::path::PathBuf;

/// How many files an error names.
const MOST_FILES: usize = 10;

/// What a bundle is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The commit that the version's tag names. The work tree may hold no changes of the set.
    Tag,
    /// The files as they lie there, in a git repository or not.
    WorkTree,
}

/// A set's version, packed.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What is in it.
    pub contents: Contents,
    /// The archive.
    pub bytes: Vec<u8>,
    /// Of the archive.
    pub sha256: Sha256,
    /// Of the content.
    pub digest: ContentDigest,
}

/// Why a set's version cannot be made into a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no repository that could have the version's tag.
    #[error("`{}` is not in a git repository, and a version is built from the commit that its tag names", .0.display())]
    NoRepository(PathBuf),
    /// Files of the set differ from HEAD.
    #[error("{}", uncommitted_files(.changes))]
    Dirty {
        /// The files.
        changes: Vec<WorkChange>,
        /// What makes them a version once they are committed.
        next: String,
    },
    /// The version has no tag.
    #[error("{name} {version} has no tag: there is no `{tag}` in `{}`", .repository.display())]
    NoTag {
        /// The set.
        name: SetName,
        /// The version that the manifest states.
        version: Version,
        /// What its tag would be called.
        tag: String,
        /// The repository.
        repository: PathBuf,
        /// The remote, if it has the tag.
        remote: Option<String>,
    },
    /// The tag names a commit that holds something else.
    #[error("the tag `{tag}` names {}, where `anvil.toml` says {found_name} {found}", .commit.short())]
    OtherVersion {
        /// The tag.
        tag: String,
        /// The commit that it names.
        commit: CommitId,
        /// The set of that commit.
        found_name: SetName,
        /// Its version there.
        found: Version,
        /// The version that the tag should name.
        version: Version,
    },
}

fn uncommitted_files(changes: &[WorkChange]) -> String {
    let mut text = match changes {
        [_] => "a file of the set is not as it was committed".to_owned(),
        _ => format!("{} files of the set are not as they were committed", changes.len()),
    };
    for change in changes.iter().take(MOST_FILES) {
        let state = match change.state {
            WorkState::Untracked => "untracked",
            WorkState::Added => "added",
            WorkState::Modified => "modified",
            WorkState::Deleted => "deleted",
            WorkState::Conflicted => "in conflict",
        };
        let _ = write!(text, "\n{state:<11} {}", change.path);
    }
    if changes.len() > MOST_FILES {
        let _ = write!(text, "\nand {} more", changes.len() - MOST_FILES);
    }
    text
}

impl Diagnose for BuildError {
    fn code(&self) -> Code {
        match self {
            BuildError::NoRepository(_) => Code::A0801,
            BuildError::Dirty { .. } => Code::A1093,
            BuildError::NoTag { .. } => Code::A1094,
            BuildError::OtherVersion { .. } => Code::A1095,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let as_it_is = || Hint::new("to take the files as they lie there, say `--allow-dirty`");
        match self {
            BuildError::NoRepository(_) => vec![Hint::run("make it one", "git init"), as_it_is()],
            BuildError::Dirty { next, .. } => vec![
                Hint::run("commit them, then make them a version", next),
                Hint::run("or put them aside", "git stash --include-untracked"),
                as_it_is(),
            ],
            BuildError::NoTag { remote: Some(remote), .. } => {
                vec![Hint::run("the remote has it", format!("git fetch {remote} --tags"))]
            }
            BuildError::NoTag { version, .. } => {
                vec![Hint::run("make it", format!("anvil version {version}")), as_it_is()]
            }
            BuildError::OtherVersion { tag, version, .. } => vec![
                Hint::run("if nobody relies on the tag yet, delete it", format!("git tag --delete {tag}")),
                Hint::run("and make it anew", format!("anvil version {version}")),
            ],
        }
    }
}

impl Bundle {
    /// Returns the bundle of the version that the project's manifest states.
    ///
    /// # Errors
    /// When the project publishes nothing, the version has no tag or one of another version, the
    /// set has uncommitted changes, or its files cannot be packed.
    pub fn of_project(project: &Project, origin: Origin) -> Result<Bundle> {
        project.set()?;
        Bundle::pack(match origin {
            Origin::Tag => tagged(project)?,
            Origin::WorkTree => Contents::of_folder(&project.folder, Strictness::Own)?,
        })
    }

    fn pack(contents: Contents) -> Result<Bundle> {
        let section = contents.section();
        let identity = Identity { name: section.name.clone(), version: section.version.clone() };
        let bytes = archive::pack(&identity, &contents.files)?;
        Ok(Bundle { sha256: Sha256::of(&bytes), digest: contents.files.digest(), bytes, contents })
    }

    /// Returns the set's `[set]` table.
    pub fn section(&self) -> &SetSection {
        self.contents.section()
    }

    /// Returns the index line that announces the bundle, without a time.
    pub fn line(&self, dependencies: Vec<LineDependency>) -> Line {
        let section = self.section();
        let commit = self.contents.commit.map(|commit| commit.to_string());
        let repository = section.repository.clone();
        let is_known = commit.is_some() || repository.is_some();
        Line {
            v: LINE_FORMAT,
            name: section.name.clone(),
            version: section.version.clone(),
            sha256: self.sha256,
            digest: self.digest,
            size: self.bytes.len() as u64,
            edition: section.edition,
            anvil: section.anvil.clone(),
            published_at: None,
            dependencies,
            prompts: self.contents.prompts.public_names().cloned().collect(),
            interface: Some(Interface::of(&self.contents.prompts).checksum()),
            source: is_known.then_some(LineSource { repository, commit }),
            yanked: None,
            deprecated: None,
        }
    }
}

/// Returns what the commit holds that the tag of the manifest's version names.
fn tagged(project: &Project) -> Result<Contents> {
    let section = project.set()?;
    let repository = match Repository::discover(&project.folder) {
        Err(GitError::NoRepository { .. }) => return Err(BuildError::NoRepository(project.folder.clone()).into()),
        repository => repository?,
    };
    let folder = repository.relative(&project.folder)?;
    let tag_name = section.tag.tag(&section.name, &section.version, folder.is_empty());
    let tag = repository.tag_named(&tag_name)?;
    let clean = |changes: Vec<WorkChange>| {
        let next =
            if tag.is_some() { "anvil version patch".into() } else { format!("anvil version {}", section.version) };
        if changes.is_empty() { Ok(()) } else { Err(BuildError::Dirty { changes, next }) }
    };
    clean(uncommitted(&repository, &folder, &section.selection)?)?;
    let Some(tag) = &tag else { return Err(no_tag(&repository, section, tag_name).into()) };
    let contents = Contents::of_commit(&repository, tag.commit, &folder, Strictness::Own)?;
    let found = contents.section();
    if (&found.name, &found.version) != (&section.name, &section.version) {
        return Err(BuildError::OtherVersion {
            tag: tag.name.clone(),
            commit: tag.commit,
            found_name: found.name.clone(),
            found: found.version.clone(),
            version: section.version.clone(),
        }
        .into());
    }
    // Files that only the set's prompts name, such as the schema of an answer.
    let mut changes = repository.changes(&folder)?;
    changes.retain(|change| contents.files.get(&change.path).is_some());
    clean(changes)?;
    Ok(contents)
}

/// Returns the files that `selection` takes in `folder` of the work tree and that differ from HEAD.
///
/// # Errors
/// When the repository's index cannot be read.
pub fn uncommitted(repository: &Repository, folder: &str, selection: &Selection) -> Result<Vec<WorkChange>> {
    let mut changes = repository.changes(folder)?;
    changes.retain(|change| selection.selects(&change.path));
    Ok(changes)
}

fn no_tag(repository: &Repository, section: &SetSection, tag: String) -> BuildError {
    // A clone of a server that tests and publishes often has no tags.
    let remote = match repository.remote_has_tag(&tag) {
        Ok(Some(true)) => repository.remote().ok().flatten(),
        _ => None,
    };
    let (name, version) = (section.name.clone(), section.version.clone());
    BuildError::NoTag { name, version, tag, repository: repository.place().to_owned(), remote }
}
