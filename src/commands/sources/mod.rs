//! Git and path dependencies: sets that have exactly one version each, found before the resolver
//! starts, together with what they need in turn.

mod along;
mod commit;
mod error;
mod gathering;

pub use along::mover;
pub(super) use commit::stay;
pub use commit::{CommitError, Wanted, leads_to, told};
pub use error::{Foreign, SourceError};
pub use gathering::{Sources, gather};

use error::placed;
use gathering::join;

use super::contents::{Contents, ContentsError};
use super::context::{Context, Network};
use super::project::Project;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{CommitId, GitError, GitUrl, Mirror, Repository};
use crate::lockfile::{LockedSet, Lockfile, Source, Stale};
use crate::manifest::{self, DependencySource, GitReference, Manifest, Strictness};
use crate::name::SetName;
use crate::store::workspace;
use crate::version::Requirement;
use std::collections::BTreeSet;
use std::path::Path;

/// Returns the contents of `set`, which is locked from a git source.
///
/// # Errors
/// When it cannot be fetched or read.
pub fn git_contents(context: &Context, set: &LockedSet) -> Result<Contents> {
    let Source::Git { url, subdirectory, commit } = &set.source else { unreachable!("asked for git sources alone") };
    let url: GitUrl = url.parse()?;
    let contents = read_commit(context, &set.name, (&url, subdirectory.as_deref()), &GitReference::Rev(commit.clone()));
    contents.map_err(|error| match error.downcast_ref() {
        Some(GitError::NoReference { .. }) => lost_commit(&set.name, &url, commit),
        _ => error,
    })
}

fn lost_commit(name: &SetName, url: &GitUrl, commit: &str) -> Error {
    let (name, mover) = (name.clone(), name.clone());
    let (url, commit) = (url.without_user(), commit.to_owned());
    SourceError::LostCommit { name, mover, url, commit, is_asked: false }.into()
}

/// Returns `error` with the set that can be moved, by the project's lock, where a commit is lost of one that has that
/// of another, and whether anything but the manifest can move it.
pub fn with_mover(project: &Project, error: Error) -> Error {
    match (error.downcast_ref(), project.lock()) {
        (Some(SourceError::LostCommit { name, url, commit, .. }), Ok(lock)) => {
            let (name, mover) = (name.clone(), mover(&lock, name).clone());
            let is_rev = |source: &&DependencySource| {
                matches!(source, DependencySource::Git { reference: GitReference::Rev(_), .. })
            };
            let is_asked = project.asks(&mover).iter().any(is_rev);
            SourceError::LostCommit { name, mover, url: url.clone(), commit: commit.clone(), is_asked }.into()
        }
        _ => error,
    }
}

/// Returns whether the commit that `new` is locked at comes after that of `old`, another one of the same repository, as
/// far as the history that is here tells. One that does not is of a rewritten history, or of another branch.
pub fn comes_after(context: &Context, new: &LockedSet, old: &LockedSet) -> Option<bool> {
    let (Source::Git { url, commit: old, .. }, Source::Git { url: other, commit: new, .. }) =
        (&old.source, &new.source)
    else {
        return None;
    };
    if url != other || old == new {
        return None;
    }
    let mirror = Mirror::open(&context.cache().ok()?.git(), &url.parse().ok()?, context.progress()).ok()?;
    mirror.comes_after(CommitId::parse(new)?, CommitId::parse(old)?)
}

/// Returns how the folders that `lock` takes sets from differ from what it says of them. Their
/// manifests change as people work on them, so that the lock alone cannot tell.
///
/// # Errors
/// When there is no set in one of them.
pub fn moved_folders(project: &Project, lock: &Lockfile) -> Result<Vec<Stale>> {
    let mut moved = Vec::new();
    for set in &lock.sets {
        let Source::Path(path) = &set.source else { continue };
        // A member's may be one that is only tried.
        let manifest = match member_manifest(project, path) {
            Some(manifest) => manifest.clone(),
            None => manifest_in(&fs::join(&project.root, Path::new(path)))
                .map_err(|error| placed(project, None, &set.name, path, error))?,
        };
        let Some(section) = manifest.set.as_ref() else {
            let error = ContentsError::NoSet(format!("`{path}`")).into();
            return Err(placed(project, None, &set.name, path, error));
        };
        if section.name != set.name {
            return Err(other_set(&set.source, &section.name, &set.name));
        }
        let why = if section.version != set.version {
            format!("is {} now, the lock holds {}", section.version, set.version)
        } else {
            match misstated(set, needs_of(&manifest)) {
                Some(Stale::Unsaid { need, .. }) => format!("needs {need} now"),
                Some(Stale::Invented { need, .. }) => format!("does not need {need} any more"),
                _ => continue,
            }
        };
        moved.push(Stale::Folder { name: set.name.clone(), path: path.clone(), why });
    }
    Ok(moved)
}

/// Returns the manifest of the member of the workspace that lies at `path`, seen from the root, if one does.
pub(super) fn member_manifest<'p>(project: &'p Project, path: &str) -> Option<&'p Manifest> {
    let members = project.workspace.members.iter().filter(|_| project.workspace.is_declared());
    members.into_iter().find(|member| join("", &member.path) == join("", path)).map(|member| &member.manifest)
}

/// Returns how what the lock says that `set` needs differs from `needs`, if it does: git merges locks line by
/// line, and may lose such a line without a conflict.
pub(super) fn misstated<'a>(
    set: &LockedSet,
    needs: impl IntoIterator<Item = (&'a SetName, &'a Requirement)>,
) -> Option<Stale> {
    let needs: BTreeSet<String> =
        needs.into_iter().map(|(name, requirement)| format!("{name} {requirement}")).collect();
    let locked: BTreeSet<String> =
        set.dependencies.iter().map(|edge| format!("{} {}", edge.name, edge.requirement.0)).collect();
    let (name, version) = (set.name.clone(), set.version.clone());
    if let Some(need) = needs.difference(&locked).next().cloned() {
        return Some(Stale::Unsaid { name, version, need });
    }
    locked.difference(&needs).next().cloned().map(|need| Stale::Invented { name, version, need })
}

/// Returns what the set of `manifest` needs, as locks tell it.
pub(super) fn needs_of(manifest: &Manifest) -> impl Iterator<Item = (&SetName, &Requirement)> {
    static ANY: Requirement = Requirement::STAR;
    manifest.dependencies.iter().map(|(name, dependency)| match &dependency.source {
        DependencySource::Registry { requirement, .. } => (name, requirement),
        DependencySource::Git { .. } | DependencySource::Path { .. } => (name, &ANY),
    })
}

/// Returns the error that `source` holds `found` where `expected` was asked for.
fn other_set(source: &Source, found: &SetName, expected: &SetName) -> Error {
    let place = match source {
        Source::Path(path) => path.clone(),
        source => source.to_string(),
    };
    SourceError::OtherSet { place, found: found.clone(), expected: expected.clone() }.into()
}

fn manifest_in(folder: &Path) -> Result<Manifest> {
    let path = folder.join(manifest::FILE_NAME);
    let Some(text) = fs::read_to_string_if_exists(&path)? else {
        return Err(ContentsError::NoManifest(format!("`{}`", folder.display())).into());
    };
    workspace::dependency_in(folder, &path.display().to_string(), &text)
}

/// Returns what `name` holds, which should be in a folder of a repository.
fn read_commit(
    context: &Context,
    name: &SetName,
    (url, folder): (&GitUrl, Option<&str>),
    reference: &GitReference,
) -> Result<Contents> {
    let mirror = Mirror::open(&context.cache()?.git(), url, context.progress())?;
    let commit = mirror.fetch(reference, network(context), context.progress())?;
    let contents = Contents::of_commit(mirror.repository(), commit, folder.unwrap_or_default(), Strictness::Dependency);
    // Where the mirror lies is of no interest to whoever depends on what it mirrors.
    contents.map_err(|error| match error.downcast_ref() {
        Some(ContentsError::NoManifestInCommit(_)) => SourceError::NoSetInGit {
            url: url.without_user(),
            commit: commit.to_string(),
            folder: folder.map(str::to_owned),
            found: folder_of(mirror.repository(), commit, name).map(|found| (name.clone(), found)),
        }
        .into(),
        _ => error,
    })
}

/// Returns the folder of `commit` that holds the set `name`, empty for the root, as far as it is found soon.
pub fn folder_of(repository: &Repository, commit: CommitId, name: &SetName) -> Option<String> {
    // Of what is no repository of sets, not everything is gone through.
    const MOST: usize = 50_000;
    let tree = repository.tree(commit).ok()?;
    let files = tree.files("").ok()?.take(MOST).filter_map(std::result::Result::ok);
    let mut folders = files.filter_map(|file| match file.path.strip_suffix(manifest::FILE_NAME)? {
        "" => Some(String::new()),
        folder => folder.strip_suffix('/').map(str::to_owned),
    });
    folders.find(|folder| {
        let path =
            if folder.is_empty() { manifest::FILE_NAME.into() } else { format!("{folder}/{}", manifest::FILE_NAME) };
        let Ok(Some(text)) = tree.read(&path) else { return false };
        let manifest = Manifest::parse_dependency(&path, &String::from_utf8_lossy(&text));
        manifest.is_ok_and(|manifest| manifest.set.is_some_and(|set| set.name == *name))
    })
}

fn network(context: &Context) -> crate::git::Network {
    match context.network {
        Network::Online => crate::git::Network::Allowed,
        Network::Offline => crate::git::Network::Offline,
    }
}
