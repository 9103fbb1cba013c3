//! A set in its git repository: where it lies there and lay before, which versions are tagged, and
//! what of it is not committed.
//!
//! A tag is that of a version if the manifest of its commit says that version: repositories have tags
//! of their own, from before there was a set in them or for something else.

use super::contents::{Contents, ContentsError, below};
use super::context::Context;
use super::project::Project;
use super::version::Step;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitId, Head, Lack, Places, Repository, RepositoryLock, Tag, WorkChange, WorkState};
use crate::lockfile::{self, Lockfile, Reading};
use crate::manifest::{self, Manifest, ManifestError, SetSection, Strictness};
use crate::name::SetName;
use crate::store::layout::VENDOR_FOLDER;
use crate::version::{Bump, Version};
use std::cell::RefCell;
use std::path::Path;

/// The repository that a set lies in.
#[derive(Debug)]
pub struct SetRepository {
    /// The repository.
    pub repository: Repository,
    /// The set's folder relative to the repository's root, with `/`; empty for the root itself.
    pub folder: String,
    /// Where manifests lay in the commits that were looked through.
    places: RefCell<Places>,
}

/// A version that has a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedVersion {
    /// The version.
    pub version: Version,
    /// Its tag.
    pub tag: Tag,
}

/// No tag names a version.
#[derive(Debug, thiserror::Error)]
#[error("{set} has no version {version}: there is no tag `{tag}`")]
pub struct NoVersion {
    /// The set.
    pub set: SetName,
    /// The version that was asked for.
    pub version: Version,
    /// The tag that it would have.
    pub tag: String,
    /// The newest versions that have a tag, newest first.
    pub newest: Vec<Version>,
    /// What the clone may lack.
    pub lack: Option<Lack>,
}

impl Diagnose for NoVersion {
    fn code(&self) -> Code {
        Code::A1080
    }

    fn hints(&self) -> Vec<Hint> {
        let newest: Vec<String> = self.newest.iter().map(Version::to_string).collect();
        let known = match newest.as_slice() {
            [] if self.lack.is_none() => Some(Hint::run("no version has a tag yet; make one", "anvil version patch")),
            [] => None,
            [only] => Some(Hint::new(format!("the only version with a tag is {only}"))),
            newest => Some(Hint::run(format!("the newest are {}; see them all", newest.join(", ")), "anvil log")),
        };
        known.into_iter().chain(self.lack.map(Lack::hint)).collect()
    }
}

/// Files of the set are not committed.
#[derive(Debug, thiserror::Error)]
#[error("{} not committed", said(.0))]
pub struct Uncommitted(pub Vec<WorkChange>);

fn said(changes: &[WorkChange]) -> String {
    /// The most that a message names.
    const MOST: usize = 3;
    let mut names: Vec<String> = changes.iter().take(MOST).map(|change| format!("`{}`", change.path)).collect();
    match changes.len().saturating_sub(MOST) {
        0 => {}
        1 => names.push("1 more file of the set".into()),
        more => names.push(format!("{more} more files of the set")),
    }
    let last = names.pop().unwrap_or_default();
    match names.as_slice() {
        [] => format!("{last} is"),
        names => format!("{} and {last} are", names.join(", ")),
    }
}

impl Diagnose for Uncommitted {
    fn code(&self) -> Code {
        Code::A1050
    }

    fn hints(&self) -> Vec<Hint> {
        vec![
            Hint::run("commit first", "git add . && git commit"),
            Hint::run("or put changes aside", "git stash --include-untracked"),
        ]
    }
}

impl SetRepository {
    /// Returns the repository that `project` lies in.
    ///
    /// # Errors
    /// When it lies in none, or in one that cannot be read.
    pub fn of(project: &Project) -> Result<Self> {
        SetRepository::around(&project.folder)
    }

    /// Returns the repository that the project in `folder` lies in, whatever its manifest says.
    ///
    /// # Errors
    /// When it lies in none, or in one that cannot be read.
    pub fn around(folder: &Path) -> Result<Self> {
        let repository = Repository::discover(folder)?;
        let folder = repository.relative(folder)?;
        Ok(SetRepository { repository, folder, places: RefCell::new(Places::of(manifest::FILE_NAME)) })
    }

    /// Takes the right to commit and tag in the repository of the project that the command runs in, waiting
    /// for another run that has it. What is decided from the project must be read after this.
    ///
    /// # Errors
    /// When there is no project, or no repository that can be written.
    pub fn lock(context: &Context) -> Result<RepositoryLock> {
        let repository = Repository::discover(&Project::folder_of(context)?)?;
        Ok(repository.lock(context.progress())?)
    }

    /// Returns a path of the set relative to the repository's root.
    pub fn path(&self, inside: &str) -> String {
        below(&self.folder, inside)
    }

    /// Returns the name that the tag of `version` has.
    pub fn tag_name(&self, set: &SetSection, version: &Version) -> String {
        set.tag.tag(&set.name, version, self.folder.is_empty())
    }

    /// Returns the first patch from `version` on whose tag is no other's.
    ///
    /// # Errors
    /// When the tags cannot be read.
    pub fn next_free(&self, set: &SetSection, version: &Version) -> Result<Version> {
        let mut version = version.clone();
        while self.repository.tag_named(&self.tag_name(set, &version))?.is_some() {
            version = Bump::Patch.apply(&version);
        }
        Ok(version)
    }

    /// Makes the annotated tag of the version that is committed as `commit`, unless nothing is left to do for
    /// it. Returns the commit that its tag names.
    ///
    /// # Errors
    /// When the tag cannot be made or read.
    pub fn tagged_as(
        &self,
        lock: &RepositoryLock,
        step: Step,
        commit: CommitId,
        tag: &str,
        message: &str,
    ) -> Result<CommitId> {
        if step == Step::Nothing {
            return Ok(self.repository.tag_named(tag)?.map_or(commit, |tag| tag.commit));
        }
        self.repository.tag(lock, tag, commit, message)?;
        Ok(commit)
    }

    /// Returns the highest of `versions`, the newest first, in the history of `commit`; those on other branches
    /// do not count, so that an old line can go on and back, too.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn newest_behind<'a>(
        &self,
        commit: CommitId,
        versions: &'a [TaggedVersion],
    ) -> Result<Option<&'a TaggedVersion>> {
        for tagged in versions {
            if self.repository.is_behind(tagged.tag.commit, commit)? {
                return Ok(Some(tagged));
            }
        }
        Ok(None)
    }

    /// Returns the release among `versions` that is nearest behind `commit`, or on it: the one with the fewest
    /// commits since, as `git describe` counts them. With `below`, it is a version below that.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn nearest_release<'a>(
        &self,
        commit: CommitId,
        versions: &'a [TaggedVersion],
        below: Option<&Version>,
    ) -> Result<Option<&'a TaggedVersion>> {
        let is_wanted = |tagged: &&TaggedVersion| {
            tagged.version.pre.is_empty() && below.is_none_or(|below| tagged.version < *below)
        };
        let releases: Vec<&TaggedVersion> = versions.iter().filter(is_wanted).collect();
        let commits = releases.iter().map(|tagged| tagged.tag.commit).collect();
        let mut nearest: Option<(usize, &TaggedVersion)> = None;
        for met in self.repository.first_met(&commits, commit)? {
            let since = self.repository.reachable(&[met], commit)?.len();
            // Of two tags of one commit, or as near, the higher counts.
            let tagged = releases.iter().copied().find(|tagged| tagged.tag.commit == met);
            if let Some(tagged) = tagged
                && nearest.is_none_or(|(other, best)| since < other || since == other && tagged.version > best.version)
            {
                nearest = Some((since, tagged));
            }
        }
        Ok(nearest.map(|(_, tagged)| tagged))
    }

    /// Returns every version of `set` that is tagged, the newest version first.
    ///
    /// # Errors
    /// When the tags cannot be read.
    pub fn versions(&self, set: &SetSection) -> Result<Vec<TaggedVersion>> {
        let mut versions = Vec::new();
        for tag in self.repository.tags()? {
            if let Some(version) = set.tag.version(&set.name, &tag.name, self.folder.is_empty())
                && self.is_version(&set.name, &version, tag.commit)?
            {
                versions.push(TaggedVersion { version, tag });
            }
        }
        versions.sort_by(|a, b| b.version.cmp(&a.version));
        Ok(versions)
    }

    /// Returns whether the manifest of `commit` says `version`. One that cannot be read is taken for that of
    /// the version that its tag says, so that somebody is told.
    fn is_version(&self, name: &SetName, version: &Version, commit: CommitId) -> Result<bool> {
        Ok(match self.manifest_in(commit, &self.folder_at(commit, name)?)? {
            Some(Ok(manifest)) => manifest.set.is_some_and(|set| set.version == *version),
            Some(Err(_)) => true,
            None => false,
        })
    }

    /// Returns the folder of the set called `name` in `commit`: today's, or where else its manifest lay
    /// then. Where no manifest has the name it is today's.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn folder_at(&self, commit: CommitId, name: &SetName) -> Result<String> {
        let is_it = |folder: &str| -> Result<bool> {
            let manifest = self.manifest_in(commit, folder)?.and_then(Result::ok);
            Ok(manifest.and_then(|manifest| manifest.set).is_some_and(|set| set.name == *name))
        };
        if is_it(&self.folder)? {
            return Ok(self.folder.clone());
        }
        let is_vendored = |folder: &str| folder.split('/').any(|segment| segment == VENDOR_FOLDER);
        for folder in self.repository.folders_with(commit, &mut self.places.borrow_mut())?.iter() {
            // What a project took from elsewhere may have the name, and is made elsewhere.
            if !is_vendored(folder) && is_it(folder)? {
                return Ok(folder.clone());
            }
        }
        Ok(self.folder.clone())
    }

    /// Returns what is said by the manifest in `folder` of `commit`, if there is one.
    fn manifest_in(&self, commit: CommitId, folder: &str) -> Result<Option<Result<Manifest, ManifestError>>> {
        let bytes = self.repository.tree(commit)?.read(&below(folder, manifest::FILE_NAME))?;
        let parse =
            |bytes: Vec<u8>| Manifest::parse(manifest::FILE_NAME, &String::from_utf8_lossy(&bytes), Strictness::Apart);
        Ok(bytes.map(parse))
    }

    /// Returns the lock in `folder` of `commit`, if there is one that can be read.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn lock_at(&self, commit: CommitId, folder: &str) -> Result<Option<Lockfile>> {
        let bytes = self.repository.tree(commit)?.read(&below(folder, lockfile::FILE_NAME))?;
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(match text.map(|text| Lockfile::read(lockfile::FILE_NAME, &text)) {
            Some(Ok(Reading::Whole(lock))) => Some(lock),
            _ => None,
        })
    }

    /// Returns the set called `name` as `commit` has it, wherever it lay then.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub fn contents(&self, name: &SetName, commit: CommitId, strictness: Strictness) -> Result<Contents> {
        Contents::of_commit(&self.repository, commit, &self.folder_at(commit, name)?, strictness)
    }

    /// Returns `version` of `set` with its tag.
    ///
    /// # Errors
    /// [`NoVersion`] when there is no such tag, or the tags cannot be read.
    pub fn tagged(&self, set: &SetSection, version: &Version) -> Result<TaggedVersion> {
        let tag = self.tag_name(set, version);
        if let Some(tag) = self.repository.tag_named(&tag)? {
            return Ok(TaggedVersion { version: version.clone(), tag });
        }
        let newest = self.versions(set)?.into_iter().take(3).map(|tagged| tagged.version).collect();
        let lack = self.repository.lack()?;
        Err(NoVersion { set: set.name.clone(), version: version.clone(), tag, newest, lack }.into())
    }

    /// Returns the set as HEAD has it.
    ///
    /// # Errors
    /// [`Uncommitted`] when HEAD has no manifest there, or what it has cannot be read.
    pub fn committed(&self, head: &Head, strictness: Strictness) -> Result<Contents> {
        let contents = Contents::of_commit(&self.repository, head.commit, &self.folder, strictness);
        contents.map_err(|error| match error.downcast_ref() {
            Some(ContentsError::NoManifestInCommit(_)) => {
                let path = manifest::FILE_NAME.to_owned();
                Uncommitted(vec![WorkChange { path, state: WorkState::Untracked, staged: false }]).into()
            }
            _ => error,
        })
    }

    /// Returns which files of the set are not as HEAD has them, with paths relative to the set;
    /// `committed` is what HEAD has. Other files of the repository are nobody's concern here.
    ///
    /// # Errors
    /// When the work tree cannot be read.
    pub fn uncommitted(&self, committed: &Contents) -> Result<Vec<WorkChange>> {
        let selection = &committed.section().selection;
        let mut changes = self.repository.changes(&self.folder)?;
        // The schemas that prompts name belong to the set though no glob selects them.
        changes.retain(|change| selection.selects(&change.path) || committed.files.get(&change.path).is_some());
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_files_are_named_and_many_are_counted() {
        let told = |count: usize| {
            let change = |at| WorkChange { path: format!("{at}.md"), state: WorkState::Modified, staged: false };
            Uncommitted((0..count).map(change).collect()).to_string()
        };
        assert_eq!(told(1), "`0.md` is not committed");
        assert_eq!(told(2), "`0.md` and `1.md` are not committed");
        assert_eq!(told(4), "`0.md`, `1.md`, `2.md` and 1 more file of the set are not committed");
        assert_eq!(told(9), "`0.md`, `1.md`, `2.md` and 6 more files of the set are not committed");
    }
}
