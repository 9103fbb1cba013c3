//! The bundle of one version of the project's own set: what `push` publishes and `export` packs.
//!
//! It is made from the commit that the version's tag names, so that everybody who has the
//! repository can make the same bytes, or from the work tree where the user asks for that.

use super::contents::Contents;
use super::project::Project;
use super::set_repository::{SetRepository, Uncommitted};
use crate::archive::{self, Identity};
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::git::{CommitId, GitError};
use crate::index::{LINE_FORMAT, Line, LineDependency, LineSource};
use crate::manifest::{SetSection, Strictness};
use crate::name::SetName;
use crate::prompt::interface::Interface;
use crate::version::Version;
use std::path::PathBuf;

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
    /// The tag that it is made from; none when it is made from the work tree.
    pub tag: Option<BuiltTag>,
}

/// The tag that a bundle is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltTag {
    /// Its name.
    pub name: String,
    /// Whether HEAD has other content than the tag, though it states the same version.
    pub is_left_behind: bool,
    /// Whether it is an object of its own, which says who made it and when.
    pub is_annotated: bool,
}

/// Why a set's version cannot be made into a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no repository that could have the version's tag.
    #[error("`{}` is not in a git repository, and a version is built from the commit that its tag names", .0.display())]
    NoRepository(PathBuf),
    /// Files of the set differ from HEAD.
    #[error("{files}")]
    Dirty {
        /// The files.
        files: Uncommitted,
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
        /// The remote that may have it: a clone on a server that tests and publishes often has no tags.
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

impl Diagnose for BuildError {
    fn code(&self) -> Code {
        match self {
            BuildError::NoRepository(_) => Code::A0801,
            BuildError::Dirty { files, .. } => files.code(),
            BuildError::NoTag { .. } => Code::A1093,
            BuildError::OtherVersion { .. } => Code::A1094,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let as_it_is = || Hint::new("to take the files as they lie there, say `--allow-dirty`");
        match self {
            BuildError::NoRepository(_) => vec![Hint::run("make it one", "git init"), as_it_is()],
            BuildError::Dirty { files, next } => {
                let them = if files.0.len() == 1 { "it" } else { "them" };
                vec![
                    Hint::run(format!("commit {them}, then make {them} a version"), next),
                    Hint::run(format!("or put {them} aside"), "git stash --include-untracked"),
                    as_it_is(),
                ]
            }
            BuildError::NoTag { version, remote, .. } => {
                let fetch = |remote| Hint::run("or fetch it", format!("git fetch {remote} --tags"));
                let make = Hint::run("make it", format!("anvil version {version}"));
                [make].into_iter().chain(remote.as_ref().map(fetch)).chain([as_it_is()]).collect()
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
        let (contents, tag) = match origin {
            Origin::Tag => tagged(project).map(|(contents, tag)| (contents, Some(tag)))?,
            Origin::WorkTree => (Contents::of_folder(&project.folder, Strictness::Own)?, None),
        };
        contents.check_usable()?;
        let section = contents.section();
        let identity = Identity { name: section.name.clone(), version: section.version.clone() };
        let bytes = archive::pack(&identity, &contents.files)?;
        Ok(Bundle { sha256: Sha256::of(&bytes), digest: contents.files.digest(), bytes, contents, tag })
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
        // By their own names: that a former name still works is for the prompt itself to say.
        let public = self.contents.prompts.names().filter(|name| !name.is_private());
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
            dependencies: dependencies.into(),
            prompts: public.cloned().collect(),
            interface: Some(Interface::of(&self.contents.prompts).checksum()),
            source: is_known.then_some(LineSource { repository, commit }),
            yanked: None,
            deprecated: None,
            breaking: None,
        }
    }
}

/// Returns what the commit holds that the tag of the manifest's version names.
fn tagged(project: &Project) -> Result<(Contents, BuiltTag)> {
    let home = SetRepository::of(project).map_err(|error| match error.downcast_ref() {
        Some(GitError::NoRepository { .. }) => BuildError::NoRepository(project.folder.clone()).into(),
        _ => error,
    })?;
    let section = project.set()?;
    let name = home.tag_name(section, &section.version);
    let tag = home.repository.tag_named(&name)?;
    let dirty = |files: Uncommitted| {
        let next =
            if tag.is_some() { "anvil version auto".into() } else { format!("anvil version {}", section.version) };
        Error::from(BuildError::Dirty { files, next })
    };
    let head = home.repository.head()?;
    let committed =
        home.committed(&head, Strictness::Own).map_err(|error| match error.downcast_ref::<Uncommitted>() {
            Some(files) => dirty(Uncommitted(files.0.clone())),
            None => error,
        })?;
    let changes = home.uncommitted(&committed)?;
    if !changes.is_empty() {
        return Err(dirty(Uncommitted(changes)));
    }
    let Some(tag) = tag else {
        let repository = home.repository.place().to_owned();
        let (set, version, remote) = (section.name.clone(), section.version.clone(), home.repository.remote()?);
        return Err(BuildError::NoTag { name: set, version, tag: name, repository, remote }.into());
    };
    if tag.commit == head.commit {
        return Ok((committed, BuiltTag { name, is_left_behind: false, is_annotated: tag.annotated }));
    }
    let contents = home.contents(&section.name, tag.commit, Strictness::Own)?;
    let found = contents.section();
    if (&found.name, &found.version) != (&section.name, &section.version) {
        return Err(BuildError::OtherVersion {
            tag: name,
            commit: tag.commit,
            found_name: found.name.clone(),
            found: found.version.clone(),
            version: section.version.clone(),
        }
        .into());
    }
    let is_left_behind = committed.files.digest() != contents.files.digest();
    Ok((contents, BuiltTag { name, is_left_behind, is_annotated: tag.annotated }))
}
