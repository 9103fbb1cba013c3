//! Brings the content of an earlier version back as a new version. History only grows.
//!
//! What comes back is the whole of the earlier version's content, its manifest included: dependencies
//! and patterns belong to the prompts that were written with them, and a mixture of two versions would
//! be one that nobody has ever tried. The version is the new one, and registries stay where they are
//! today: where a set is published is no content of it, and what was left behind must not be come back to.
//!
//! Removing, writing, committing and tagging cannot be one step, so a run may be killed between any
//! two of them. What is to be done is decided from what HEAD and the tags say; files of the work tree
//! that already hold what is to come back are the work of such a run and no changes of the user's:
//!
//! | HEAD | its tag | the same command again |
//! |---|---|---|
//! | another content | any | writes what is not written yet, commits, tags |
//! | the earlier content as 1.5.1 | not there | tags 1.5.1 |
//! | the earlier content as 1.5.1 | there, with this content | nothing |

mod error;

pub use error::RollbackError;

use super::compat::{Subject, check};
use super::contents::{Contents, ContentsError, below};
use super::context::Context;
use super::project::Project;
use super::published::Stock;
use super::set_repository::{SetRepository, TaggedVersion, Uncommitted};
use super::version::Step;
use crate::archive::MANIFEST_JSON;
use crate::compat::{self, Change};
use crate::error::{Error, Result};
use crate::fs::{self, Durability, EntryKind};
use crate::git::{CommitId, CommitRequest, Edit, GitError, Head, RepositoryLock, Tree, WorkChange, WorkState};
use crate::manifest::{self, DependencySource, Manifest, RegistryEntry, Strictness, edit};
use crate::name::{RegistryName, SetName};
use crate::prompt::Interface;
use crate::store::project as unpacked;
use crate::version::{Bump, Version};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The version whose content comes back.
    pub version: Version,
    /// The new version; the smallest that the change of the interface allows where none is named.
    pub new_version: Option<Version>,
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileStep {
    /// Where it is, relative to the set's folder.
    pub path: String,
    /// What happens to it.
    pub change: FileChange,
}

/// What can happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    /// It comes back.
    Added,
    /// It holds something else.
    Changed,
    /// It goes: the earlier version did not have it.
    Removed,
}

/// What is to be done for a rollback, all checks passed.
#[derive(Debug)]
pub struct Plan {
    home: SetRepository,
    folder: PathBuf,
    head: Head,
    /// What each file that changes is to hold; nothing where it goes.
    target: BTreeMap<String, Option<Vec<u8>>>,
    /// The set.
    pub set: SetName,
    /// The version whose content comes back.
    pub version: Version,
    /// The newest version behind HEAD.
    pub from: Version,
    /// The version to be.
    pub new_version: Version,
    /// Its tag.
    pub tag: String,
    /// How much there is to do.
    pub step: Step,
    /// What happens to the files.
    pub files: Vec<FileStep>,
    /// What changes for those who use the set, from the newest version to the one to be.
    pub interface: Vec<Change>,
    /// The smallest version that owns up to that, where the one that was asked for does not.
    pub honest: Option<Version>,
    /// Whether the set depends on something else afterwards, so that its lock is made anew.
    pub dependencies_change: bool,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The set.
    pub name: SetName,
    /// The version whose content came back.
    pub content_of: Version,
    /// The newest version before.
    pub from: Version,
    /// The version now.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// The commit that the tag names.
    pub commit: CommitId,
    /// What was done.
    pub outcome: Step,
    /// What happened to the files.
    pub files: Vec<FileStep>,
    /// What changes for those who use the set, from the newest version before.
    pub interface: Vec<Change>,
    /// The smallest version that owns up to that, where the one that was asked for does not.
    #[serde(skip)]
    pub honest: Option<Version>,
    /// Whether the set depends on something else now, so that its lock is to be made anew.
    #[serde(skip)]
    pub dependencies_changed: bool,
    /// Whether git is asked to sign here, which is not done.
    #[serde(skip)]
    pub is_unsigned: bool,
}

/// Brings the content back, or completes the run that began to, once no other run commits here.
///
/// # Errors
/// As [`plan`]; or when something cannot be written. Where there is no commit the files are as they
/// were; where there is one, the same command completes it.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let lock = SetRepository::lock(context)?;
    plan(context, request)?.carry_out(&lock)
}

/// Returns what is to be done, once everything is known to allow it. Nothing is written.
///
/// # Errors
/// When the version has no tag or is of another set, files of the set are not committed, or the
/// version to be cannot be.
pub fn plan(context: &Context, request: &Request) -> Result<Plan> {
    // The manifest of the work tree is not asked: an earlier run may have written it.
    let folder = Project::folder_of(context)?;
    let home = SetRepository::around(&folder)?;
    let head = home.repository.head()?;
    let now = home.committed(&head, Strictness::Dependency).map_err(|error| match error.downcast_ref() {
        Some(ContentsError::NoSet(_)) => application(&folder, &request.version),
        _ => error,
    })?;
    let now = now.into_written();
    now.check_usable()?;
    let back = home.tagged(now.section(), &request.version)?;
    let (set, version) = (now.section().name.clone(), request.version.clone());
    let mut then = read(&home, &set, back.tag.commit)?;
    then.check_usable()?;
    if then.section().name != set {
        return Err(RollbackError::Renamed { version, then: then.section().name.clone(), now: set }.into());
    }

    keep_registries(&mut then, &now)?;

    let versions = home.versions(now.section())?;
    let newest = home.newest_behind(head.commit, &versions)?.unwrap_or(&back);
    let before = if newest.tag.commit == head.commit { now.clone() } else { read(&home, &set, newest.tag.commit)? };
    let interface = {
        let policy = then.policy().unwrap_or_default();
        compat::changes(&Interface::of(&before.prompts), &Interface::of(&then.prompts), &policy)
    };
    let bump = owed(context, &folder, [&before, &then], &interface).before_one(&newest.version);
    let smallest = bump.apply(&newest.version);

    // HEAD may hold the content already, as the version that its manifest says.
    let held = &now.section().version;
    let asked_for_held = request.new_version.as_ref().is_none_or(|asked| asked == held);
    let holds = asked_for_held && files_as(&then, held)? == files(&now);
    let tagged = versions.iter().find(|tagged| tagged.version == *held);
    let (step, new_version) = match tagged {
        Some(tagged) if holds && is_of(&home, tagged, &now, &head)? => (Step::Nothing, held.clone()),
        None if holds && *held > newest.version => (Step::Tag, held.clone()),
        _ => (Step::CommitAndTag, request.new_version.clone().unwrap_or_else(|| smallest.clone())),
    };
    let tag = home.tag_name(then.section(), &new_version);
    home.repository.check_tag(&tag)?;
    if step != Step::Nothing {
        if new_version <= newest.version {
            return Err(RollbackError::NotAbove { version: new_version, newest: newest.version.clone() }.into());
        }
        if let Some(there) = home.repository.tag_named(&tag)? {
            let (back, commit) = (version, there.commit);
            return Err(RollbackError::Exists { back, version: new_version, tag, commit }.into());
        }
    }
    let mut plan = Plan {
        target: BTreeMap::new(),
        dependencies_change: sources(&now.manifest) != sources(&then.manifest),
        honest: (step == Step::CommitAndTag && new_version < smallest).then_some(smallest),
        from: newest.version.clone(),
        home,
        folder,
        head,
        set,
        version,
        new_version,
        tag,
        step,
        files: Vec::new(),
        interface,
    };
    if plan.step == Step::CommitAndTag {
        plan.choose(&now, &then, back.tag.commit)?;
        plan.check_committed(&now, &then)?;
    } else {
        plan.check_work_tree(&now)?;
    }
    Ok(plan)
}

/// Returns the error that the project in `folder` has no set of its own.
fn application(folder: &Path, version: &Version) -> Error {
    let project = Project::open(folder).ok();
    if let Some(which) = project.as_ref().and_then(Project::which_member) {
        return which.into();
    }
    let mut names = project.map(|project| project.manifest).unwrap_or_default().dependencies.into_keys();
    let only = names.next().filter(|_| names.next().is_none());
    RollbackError::Application { version: version.clone(), only }.into()
}

fn read(home: &SetRepository, set: &SetName, commit: CommitId) -> Result<Contents> {
    // Manifests of the past may hold keys that came and went.
    Ok(home.contents(set, commit, Strictness::Dependency)?.into_written())
}

/// Gives `then` the registries of `now`; what only `then` has stays where its dependencies name it.
fn keep_registries(then: &mut Contents, now: &Contents) -> Result<()> {
    // Those of a workspace stand in its root, which is as it is today.
    if now.own_text.is_some() || then.own_text.is_some() {
        return Ok(());
    }
    let (old, today) = (&mut then.manifest.registries, &now.manifest.registries);
    let is_same = |name: &RegistryName, entry: &RegistryEntry| {
        old.get(name).is_some_and(|old| (&old.location, &old.id) == (&entry.location, &entry.id))
    };
    let moved: BTreeMap<_, _> =
        today.iter().filter(|(name, entry)| !is_same(name, entry)).map(|(n, e)| (n.clone(), e.clone())).collect();
    let default = RegistryName::default_name();
    let named: BTreeSet<&RegistryName> = then
        .manifest
        .dependencies
        .values()
        .filter_map(|dependency| match &dependency.source {
            DependencySource::Registry { registry, .. } => Some(registry.as_ref().unwrap_or(&default)),
            DependencySource::Git { .. } | DependencySource::Path { .. } => None,
        })
        .collect();
    let gone: Vec<RegistryName> =
        old.keys().filter(|name| !today.contains_key(*name) && !named.contains(name)).cloned().collect();
    if moved.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let text = then.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
    let text = edit::set_registries(&text, &moved, &gone)?;
    then.files.insert(manifest::FILE_NAME, text);
    old.extend(moved);
    old.retain(|name, _| !gone.contains(name));
    Ok(())
}

/// Returns whether the tagged version has the content that HEAD has.
fn is_of(home: &SetRepository, tagged: &TaggedVersion, now: &Contents, head: &Head) -> Result<bool> {
    Ok(tagged.tag.commit == head.commit || files(&read(home, &now.section().name, tagged.tag.commit)?) == files(now))
}

/// Returns the files without the generated one.
fn files(contents: &Contents) -> BTreeMap<&str, Vec<u8>> {
    let files = contents.files.iter().filter(|(path, _)| *path != MANIFEST_JSON);
    files.map(|(path, bytes)| (path, bytes.to_vec())).collect()
}

/// Returns the files as `version` would hold them: the same but for the version in the manifest.
fn files_as<'a>(contents: &'a Contents, version: &Version) -> Result<BTreeMap<&'a str, Vec<u8>>> {
    let mut files = files(contents);
    if let Some(bytes) = files.get_mut(manifest::FILE_NAME) {
        *bytes = edit::set_version(&String::from_utf8_lossy(bytes), version)?.into_bytes();
    }
    Ok(files)
}

fn sources(manifest: &Manifest) -> BTreeMap<&SetName, &DependencySource> {
    manifest.dependencies.iter().map(|(name, dependency)| (name, &dependency.source)).collect()
}

/// Returns the bump that owns up to going from one content to another, as `push` will ask for it; by their
/// `interface` alone where no more can be compared.
fn owed(context: &Context, folder: &Path, [before, then]: [&Contents; 2], interface: &[Change]) -> Bump {
    let project = Project::open(folder).ok();
    let stock = Stock::open(context, project.as_ref(), None).ok();
    let sides = [before, then].map(|contents| Subject::own(contents.clone()));
    let whole = check(context, project.as_ref(), stock.as_ref(), [&sides[0], &sides[1]]);
    whole.map_or(compat::needed(interface), |whole| whole.bump()).unwrap_or(Bump::Patch)
}

impl Plan {
    /// Works out what is to happen to which file.
    fn choose(&mut self, now: &Contents, then: &Contents, commit: CommitId) -> Result<()> {
        let wanted = files_as(then, &self.new_version)?;
        let folder_then = self.home.folder_at(commit, &self.set)?;
        let (today, old) = (self.home.repository.tree(self.head.commit)?, self.home.repository.tree(commit)?);
        for (path, bytes) in &wanted {
            // Asked of the tree and not of the set: today's manifest may not select the file.
            let change = match today.read(&self.home.path(path))? {
                Some(today) if today == *bytes => continue,
                Some(_) => FileChange::Changed,
                None => FileChange::Added,
            };
            self.files.push(FileStep { path: (*path).to_owned(), change });
            self.target.insert((*path).to_owned(), Some(bytes.clone()));
        }
        for path in files(now).into_keys().filter(|path| !wanted.contains_key(path)) {
            // What lay beside the set then lies beside it again, as it is today.
            if old.file(&below(&folder_then, path))?.is_none() {
                self.files.push(FileStep { path: path.to_owned(), change: FileChange::Removed });
                self.target.insert(path.to_owned(), None);
            }
        }
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(())
    }

    /// Refuses changes of the set that are not committed, and whatever stands where a file is to be
    /// written. What already holds what is to come back is neither.
    fn check_committed(&self, now: &Contents, then: &Contents) -> Result<()> {
        let belongs = |path: &str| {
            self.target.contains_key(path)
                || [now, then].iter().any(|side| {
                    side.section().selection.selects(path) || (path != MANIFEST_JSON && side.files.get(path).is_some())
                })
        };
        let mut dirty = self.home.repository.changes(&self.home.folder)?;
        let seen: BTreeSet<String> = dirty.iter().map(|change| change.path.clone()).collect();
        dirty.retain(|change| belongs(&change.path));
        // Git says nothing of a file that it is told to overlook (`--skip-worktree`, `--assume-unchanged`).
        let head = self.home.repository.tree(self.head.commit)?;
        let mut overlooked = Vec::new();
        for step in self.files.iter().filter(|step| step.change != FileChange::Added && !seen.contains(&step.path)) {
            if self.is_edited(&head, &step.path)? {
                overlooked.push(step.path.clone());
            }
        }
        if !overlooked.is_empty() {
            return Err(RollbackError::Overlooked(overlooked).into());
        }
        // Nor of what it ignores, and that must not be overwritten either.
        for step in self.files.iter().filter(|step| step.change == FileChange::Added && !seen.contains(&step.path)) {
            dirty.push(WorkChange { path: step.path.clone(), state: WorkState::Untracked, staged: false });
        }
        let mut refused = Vec::new();
        for change in dirty {
            let untouched = match self.target.get(&change.path) {
                Some(wanted) => self.holds(&change.path, wanted.as_deref(), change.state)?,
                None => false,
            };
            if !untouched {
                refused.push(change);
            }
        }
        for path in self.target.iter().filter(|(_, wanted)| wanted.is_some()).map(|(path, _)| path) {
            refused.extend(self.in_the_way(path));
        }
        refused.sort_by(|a, b| a.path.cmp(&b.path));
        refused.dedup_by(|a, b| a.path == b.path);
        if refused.is_empty() { Ok(()) } else { Err(Uncommitted(refused).into()) }
    }

    /// Returns whether a file lies in the work tree that is not as HEAD has it.
    fn is_edited(&self, head: &Tree<'_>, path: &str) -> Result<bool> {
        let (place, path) = (self.folder.join(path), self.home.path(path));
        if fs::kind(&place) != Some(EntryKind::File) {
            return Ok(false);
        }
        let bytes = self.home.repository.cleaned(&path, fs::read(&place)?);
        Ok(head.read(&path)?.is_some_and(|committed| committed != bytes))
    }

    /// Refuses files of the set that are not as HEAD has them, where HEAD holds the content already:
    /// it is they that keep the content from being there.
    fn check_work_tree(&self, now: &Contents) -> Result<()> {
        let head = self.home.repository.tree(self.head.commit)?;
        let mut differing = Vec::new();
        for change in self.home.uncommitted(now)? {
            // Where git's index alone is another, an earlier run may have been killed before it wrote it.
            let committed = head.read(&self.home.path(&change.path))?;
            let place = self.folder.join(&change.path);
            let held = match (fs::kind(&place), &committed) {
                (None, None) => true,
                (Some(EntryKind::File), Some(committed)) => fs::read(&place)? == *committed,
                _ => false,
            };
            if !held || change.state == WorkState::Conflicted {
                differing.push(change);
            }
        }
        if differing.is_empty() {
            return Ok(());
        }
        let version = self.version.clone();
        Err(RollbackError::Uncommitted { version, files: Uncommitted(differing) }.into())
    }

    /// Returns whether the file of the work tree is as it is to be, or not there yet.
    fn holds(&self, path: &str, wanted: Option<&[u8]>, state: WorkState) -> Result<bool> {
        let place = self.folder.join(path);
        match (fs::kind(&place), wanted) {
            (None, None) => Ok(true),
            // A file that is to come back and that nobody has made; a tracked one was deleted by someone.
            (None, Some(_)) => Ok(state == WorkState::Untracked),
            (Some(EntryKind::File), Some(wanted)) => Ok(fs::read(&place)? == wanted),
            _ => Ok(false),
        }
    }

    /// Returns what stands where `path` needs a folder, if something does that is not to go.
    fn in_the_way(&self, path: &str) -> Option<WorkChange> {
        let folders = path.match_indices('/').map(|(slash, _)| &path[..slash]);
        let mut blocked = folders.filter(|folder| {
            let kind = fs::kind(&self.folder.join(folder));
            kind.is_some_and(|kind| kind != EntryKind::Folder) && self.target.get(*folder) != Some(&None)
        });
        let path = blocked.next()?.to_owned();
        Some(WorkChange { path, state: WorkState::Modified, staged: false })
    }

    /// Returns the message of the commit and the tag.
    fn message(&self) -> String {
        format!("{} {}\n\nBrings back the content of {}.", self.set, self.new_version, self.version)
    }

    fn carry_out(self, lock: &RepositoryLock) -> Result<Report> {
        let mut commit = self.head.commit;
        let mut left = None;
        if self.step != Step::Nothing {
            self.home.repository.check_can_commit()?;
        }
        if self.step == Step::CommitAndTag {
            (commit, left) = self.commit(lock)?;
        }
        if self.step != Step::CommitAndTag {
            // The run that made the commit may have been killed before git's index learnt of it.
            self.home.repository.catch_up_index(lock, commit, &self.home.folder)?;
        }
        let commit = self.home.tagged_as(lock, self.step, commit, &self.tag, &self.message())?;
        match left {
            Some(error) => Err(error.into()),
            None => Ok(Report {
                name: self.set,
                content_of: self.version,
                from: self.from,
                version: self.new_version,
                tag: self.tag,
                commit,
                outcome: self.step,
                files: self.files,
                interface: self.interface,
                honest: self.honest,
                is_unsigned: self.step != Step::Nothing && self.home.repository.should_sign(),
                dependencies_changed: self.dependencies_change && self.step == Step::CommitAndTag,
            }),
        }
    }

    /// Writes and commits the files; returns the commit, with what went wrong after it was made.
    fn commit(&self, lock: &RepositoryLock) -> Result<(CommitId, Option<GitError>)> {
        let mut before: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
        let edits = self.target.iter().map(|(path, bytes)| Edit { path: self.home.path(path), bytes: bytes.clone() });
        let request =
            CommitRequest { message: self.message(), edits: edits.collect(), expected_parent: Some(self.head.commit) };
        let committed = self.write(&mut before).and_then(|()| match self.home.repository.commit(lock, &request) {
            Ok(commit) => Ok((commit, None)),
            Err(error @ GitError::IndexBehind { commit, .. }) => Ok((commit, Some(error))),
            Err(error) => Err(error.into()),
        });
        if committed.is_err() {
            for (path, bytes) in before.into_iter().rev() {
                // The error that is told is the first one; what cannot be put back is in HEAD.
                let _ = match bytes {
                    Some(bytes) => fs::write(&path, &bytes, Durability::Derived).map(drop),
                    None => fs::remove_file(&path),
                };
            }
        }
        committed
    }

    /// Removes and writes the files of the work tree, the manifest last; `before` learns what each held.
    fn write(&self, before: &mut Vec<(PathBuf, Option<Vec<u8>>)>) -> Result<()> {
        // Removed first: where case does not count, a new name may be the old one's other spelling.
        let gone = self.target.iter().filter(|(_, bytes)| bytes.is_none());
        for (path, _) in gone {
            let path = self.folder.join(path);
            before.push((path.clone(), fs::read_if_exists(&path)?));
            fs::remove_file(&path)?;
            remove_empty_folders(&path, &self.folder);
        }
        let (manifest, others): (Vec<_>, Vec<_>) =
            self.target.iter().partition(|(path, _)| path.as_str() == manifest::FILE_NAME);
        for (path, bytes) in others.into_iter().chain(manifest) {
            let Some(bytes) = bytes else { continue };
            let path = self.folder.join(path);
            before.push((path.clone(), fs::read_if_exists(&path)?));
            fs::write(&path, bytes, Durability::Derived)?;
        }
        let written: BTreeSet<&Path> = before.iter().filter_map(|(path, _)| path.parent()).collect();
        written.into_iter().for_each(unpacked::sweep_beside);
        Ok(())
    }
}

/// Removes the folders above `path` that are empty now, up to `root`.
fn remove_empty_folders(path: &Path, root: &Path) {
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
        fs::remove_folder_if_empty(folder);
    }
}
