//! Finds the sources of a project's dependencies, and of what those need in turn.

use super::commit::{self, Asked, CommitError};
use super::error::{Foreign, SourceError, placed};
use super::{other_set, read_commit};
use crate::commands::contents::Contents;
use crate::commands::context::Context;
use crate::commands::dependency;
use crate::commands::lock::Update;
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::digest::ContentDigest;
use crate::error::Result;
use crate::fs;
use crate::git::{CommitId, GitUrl, Mirror};
use crate::lockfile::{Lockfile, Source};
use crate::manifest::{DependencySource, GitReference, Manifest, Member, ROOT};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::{Entry, Freshness, Location, Place};
use crate::resolver::{FixedSet, Request};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

/// What the project's dependencies are, with their sources found.
pub struct Sources {
    /// By the member that depends on it.
    requests: BTreeMap<(String, SetName), Request>,
    overrides: BTreeMap<SetName, Request>,
    fixed: BTreeMap<Source, Fixed>,
}

struct Fixed {
    set: FixedSet,
    /// Of its files, where they were read: a member's are not.
    digest: Option<ContentDigest>,
}

impl Sources {
    /// Returns the dependency of `member` on `name` as the resolver takes it.
    pub fn request(&self, member: &str, name: &SetName) -> Request {
        self.requests[&(member.to_owned(), name.clone())].clone()
    }

    /// Returns the project's override of `name` as the resolver takes it.
    pub fn overriding(&self, name: &SetName) -> Request {
        self.overrides[name].clone()
    }

    /// Returns every git and path source with its one version.
    pub fn fixed(&self) -> Vec<FixedSet> {
        self.fixed.values().map(|found| found.set.clone()).collect()
    }

    /// Returns the digest of what a git source holds.
    pub fn digest(&self, source: &Source) -> Option<ContentDigest> {
        self.fixed.get(source).and_then(|found| found.digest)
    }
}

/// Where a manifest lies, so that its paths can be followed.
#[derive(Clone)]
enum Origin {
    /// A folder, relative to that of the workspace's root.
    Folder(String),
    /// A folder of a commit.
    Commit { url: String, commit: CommitId, folder: String },
}

/// Returns what the project depends on, with every git and path source read. A git source that is
/// locked stays at its commit unless `update` moves it; then no network is needed.
///
/// # Errors
/// When a source cannot be read, or holds another set.
pub fn gather(
    context: &Context,
    project: &Project,
    registries: &Registries,
    previous: &Lockfile,
    update: &Update,
) -> Result<Sources> {
    let (fixed, chosen, unread) = (BTreeMap::new(), BTreeMap::new(), VecDeque::new());
    let mut gathering =
        Gathering { context, project, registries, previous, update, fixed, chosen, unread, seen: false };
    let workspace = &project.workspace;
    let mut requests = BTreeMap::new();
    let mut overrides = BTreeMap::new();
    for member in &workspace.members {
        let here = Origin::Folder(join("", &member.path));
        for (name, dependency) in &member.manifest.dependencies {
            let request = gathering.request(&here, &member.manifest, None, name, &dependency.source)?;
            requests.insert((member.path.clone(), name.clone()), request);
        }
        // Sets of registries may ask for a member, too.
        if let Some((name, _)) = member.set().filter(|_| workspace.is_declared()) {
            gathering.member_set(name, member)?;
        }
    }
    let here = Origin::Folder(ROOT.to_owned());
    for (name, dependency) in &workspace.root.overrides {
        overrides.insert(name.clone(), gathering.request(&here, &workspace.root, None, name, &dependency.source)?);
    }
    gathering.read_needs()?;
    match update {
        Update::Commit { name, at } if !gathering.seen => Err(CommitError::along(previous, name, at))?,
        _ => {}
    }
    Ok(Sources { requests, overrides, fixed: gathering.fixed })
}

struct Gathering<'a> {
    context: &'a Context,
    project: &'a Project,
    registries: &'a Registries<'a>,
    previous: &'a Lockfile,
    update: &'a Update,
    fixed: BTreeMap<Source, Fixed>,
    /// Sets whose own needs are still to be looked at, nearest to the project first. A list and no recursion:
    /// a chain of them may be longer than a stack is deep.
    unread: VecDeque<Unread>,
    /// The commits of what manifests ask of git, by the set and the words.
    chosen: BTreeMap<(SetName, String), CommitId>,
    /// Whether a manifest asks for the set that is to move to another commit.
    seen: bool,
}

/// A git or path source that was found, and whose needs are still to be looked at.
struct Unread {
    source: Source,
    origin: Origin,
    manifest: Manifest,
}

impl Gathering<'_> {
    /// Returns `dependant`'s dependency on `name` (nothing for the project itself) and reads its source.
    fn request(
        &mut self,
        origin: &Origin,
        manifest: &Manifest,
        dependant: Option<&SetName>,
        name: &SetName,
        source: &DependencySource,
    ) -> Result<Request> {
        match source {
            DependencySource::Registry { requirement, .. } if self.project.workspace.stand_in(name).is_some() => {
                let member = self.project.workspace.stand_in(name).expect("it was there just now");
                let request = self.member_set(name, member)?;
                Ok(Request { requirement: requirement.clone(), ..request })
            }
            DependencySource::Registry { requirement, registry } => {
                let alias = registry.clone().unwrap_or_else(RegistryName::default_name);
                let id = match dependant {
                    None => self.registries.named(&alias)?.id().clone(),
                    Some(dependant) => self.foreign_registry(origin, manifest, dependant, name, &alias)?,
                };
                Ok(Request::registry(name.clone(), requirement.clone(), id))
            }
            DependencySource::Git { url, reference, subdirectory } => {
                let url: GitUrl = url.parse()?;
                let (folder, is_overridden) =
                    (subdirectory.as_deref(), self.project.manifest.overrides.contains_key(name));
                let asked = Asked { name, dependant, url: &url, reference, folder, is_overridden };
                let is_meant = matches!(self.update, Update::Commit { name: moved, .. } if moved == name);
                self.seen |= is_meant && asked.decides(self.project);
                // Once for all who ask alike: a branch may move in between.
                let key = (name.clone(), source.to_string());
                let commit = match self.chosen.get(&key) {
                    Some(commit) => *commit,
                    None => commit::choose(self.context, self.project, self.previous, self.update, asked)?,
                };
                self.chosen.insert(key, commit);
                let folder = subdirectory.clone().unwrap_or_default();
                self.git_set(name, url.as_str(), commit, folder)
            }
            DependencySource::Path { path } => match origin {
                Origin::Folder(folder) => self.path_set(dependant, name, &join(folder, path)),
                Origin::Commit { url, commit, folder } => {
                    let inside = join(folder, path);
                    if inside == ".." || inside.starts_with("../") {
                        let dependant = dependant.unwrap_or(name).clone();
                        return Err(SourceError::Outside { dependant, path: path.clone() }.into());
                    }
                    self.git_set(name, &url.clone(), *commit, inside)
                }
            },
        }
    }

    fn git_set(&mut self, name: &SetName, url: &str, commit: CommitId, folder: String) -> Result<Request> {
        let subdirectory = (!folder.is_empty()).then(|| folder.clone());
        let parsed: GitUrl = url.parse()?;
        let source = Source::git(parsed.as_str(), subdirectory.as_deref(), commit.to_string());
        if !self.knows(name, &source)? {
            let reference = GitReference::Rev(commit.to_string());
            let origin = Origin::Commit { url: url.to_owned(), commit, folder };
            let at_hand = match self.is_mirrored(&parsed, commit) {
                true => None,
                false => commit::kept(self.project, self.previous, name, &parsed, subdirectory.as_deref(), commit),
            };
            let (manifest, files) = match (at_hand, self.previous.set(name)) {
                (Some(files), Some(set)) => (dependency::manifest_of(name, &set.version, &files)?, files),
                _ => {
                    let contents = read_commit(self.context, name, (&parsed, subdirectory.as_deref()), &reference)?;
                    dependency::manifest_of(name, &contents.section().version, &contents.files)?;
                    (contents.manifest, contents.files)
                }
            };
            self.add(name, source.clone(), manifest, Some(files.digest()), origin)?;
        }
        Ok(Request::fixed(name.clone(), source))
    }

    /// Returns whether the cache has the files of `commit`.
    fn is_mirrored(&self, url: &GitUrl, commit: CommitId) -> bool {
        let mirror = self.context.cache().map(|cache| Mirror::open(&cache.git(), url, self.context.progress()));
        mirror.is_ok_and(|mirror| mirror.is_ok_and(|mirror| mirror.has(commit)))
    }

    fn path_set(&mut self, dependant: Option<&SetName>, name: &SetName, path: &str) -> Result<Request> {
        let source = Source::Path(path.to_owned());
        if !self.knows(name, &source)? {
            let contents = Contents::of_dependency(&self.project.root, path);
            let contents = contents.map_err(|error| placed(self.project, dependant, name, path, error))?;
            let digest = contents.files.digest();
            self.add(name, source.clone(), contents.manifest, Some(digest), Origin::Folder(path.to_owned()))?;
        }
        Ok(Request::fixed(name.clone(), source))
    }

    /// Returns the request for a member of the workspace, whose manifest is known already.
    fn member_set(&mut self, name: &SetName, member: &Member) -> Result<Request> {
        let source = Source::Path(member.path.clone());
        if !self.knows(name, &source)? {
            let origin = Origin::Folder(join("", &member.path));
            self.add(name, source.clone(), member.manifest.clone(), None, origin)?;
        }
        Ok(Request::fixed(name.clone(), source))
    }

    /// Returns whether `source` was read, in which `name` must be then.
    fn knows(&self, name: &SetName, source: &Source) -> Result<bool> {
        match self.fixed.get(source).map(|found| &found.set.name) {
            None => Ok(false),
            Some(found) if found == name => Ok(true),
            Some(found) => Err(other_set(source, found, name)),
        }
    }

    fn add(
        &mut self,
        name: &SetName,
        source: Source,
        manifest: Manifest,
        digest: Option<ContentDigest>,
        origin: Origin,
    ) -> Result<()> {
        let section = manifest.set.as_ref().expect("it is read of manifests with [set] alone");
        if section.name != *name {
            return Err(other_set(&source, &section.name, name));
        }
        let set = FixedSet {
            name: name.clone(),
            version: section.version.clone(),
            source: source.clone(),
            needs: Vec::new(),
        };
        // It is known before its own dependencies are read, so that a circle of them ends here and
        // is told by the resolver.
        self.fixed.insert(source.clone(), Fixed { set, digest });
        self.unread.push_back(Unread { source, origin, manifest });
        Ok(())
    }

    /// Looks at what the sets need that were found, and at what those need in turn.
    fn read_needs(&mut self) -> Result<()> {
        while let Some(Unread { source, origin, manifest }) = self.unread.pop_front() {
            let name = manifest.set.as_ref().map(|set| set.name.clone());
            let mut needs = Vec::with_capacity(manifest.dependencies.len());
            for (needed, dependency) in &manifest.dependencies {
                needs.push(self.request(&origin, &manifest, name.as_ref(), needed, &dependency.source)?);
            }
            if let Some(found) = self.fixed.get_mut(&source) {
                found.set.needs = needs;
            }
        }
        Ok(())
    }

    /// Returns the id of what a git or path dependency calls `alias`. A registry is known by the id
    /// that its entry states, by standing where one of the project's own stands, by a local name that
    /// its folder states, or by being read from its home; a default registry that it does not name is
    /// the project's.
    fn foreign_registry(
        &self,
        origin: &Origin,
        manifest: &Manifest,
        dependant: &SetName,
        name: &SetName,
        alias: &RegistryName,
    ) -> Result<RegistryId> {
        let Some(entry) = manifest.registries.get(alias) else {
            if alias.as_str() == RegistryName::DEFAULT {
                return Ok(self.registries.default()?.id().clone());
            }
            let (dependant, name) = (dependant.clone(), name.clone());
            return Err(SourceError::ForeignRegistry {
                dependant,
                name,
                registry: alias.to_string(),
                why: Foreign::Unknown,
            }
            .into());
        };
        if let Some(id) = &entry.id {
            return Ok(id.clone());
        }
        let refused = |why| {
            let registry = format!("{alias} ({})", entry.location);
            SourceError::ForeignRegistry { dependant: dependant.clone(), name: name.clone(), registry, why }
        };
        let base = match origin {
            Origin::Folder(folder) => fs::join(&self.project.root, Path::new(folder)),
            Origin::Commit { .. } => PathBuf::new(),
        };
        let location = Location::of(entry, &base)?;
        // A commit lies nowhere, so nobody can say where a path leads that is seen from there.
        if matches!(location.place(), Place::Folder(folder) if folder.is_relative()) {
            return Err(refused(Foreign::Relative).into());
        }
        for (own, written) in &self.project.manifest.registries {
            if location.is_same_place(&Location::of(written, &self.project.folder)?) {
                return Ok(self.registries.named(own)?.id().clone());
            }
        }
        if let Some(id) = self.local_id(alias, &location) {
            return Ok(id);
        }
        let home = entry.location.strip_prefix("https://").and_then(|id| id.trim_end_matches('/').parse().ok());
        home.ok_or_else(|| refused(Foreign::Unknown).into())
    }

    /// Returns the local name that the folder at `location` states, if it does and one of the project's
    /// registries may be it: the set is taken from that one, not from the folder.
    fn local_id(&self, alias: &RegistryName, location: &Location) -> Option<RegistryId> {
        if !matches!(location.place(), Place::Folder(_)) {
            return None;
        }
        let entry = Entry { name: alias.clone(), location: location.clone(), vouched: None };
        let id = self.context.open_registry(&entry, Freshness::Cached).ok()?.id().clone();
        self.registries.may_have(&id).is_ok().then_some(id)
    }
}

/// Returns `path` as seen from `folder`, both with `/` and relative, with `.` and `..` worked out as far as they can be.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    if segments.is_empty() { ".".to_owned() } else { segments.join("/") }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_are_followed_from_where_they_are_written() {
        assert_eq!(join("", "../shared"), "../shared");
        assert_eq!(join("../shared", "../tone"), "../tone");
        assert_eq!(join("sets/a", "../b"), "sets/b");
        assert_eq!(join("a", ".."), ".");
        assert_eq!(join("", "../../x/./y"), "../../x/y");
    }
}
