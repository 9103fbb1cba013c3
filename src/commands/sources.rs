//! Git and path dependencies: sets that have exactly one version each, found before the resolver
//! starts, together with what they need in turn.

use super::contents::{Contents, ContentsError};
use super::context::{Context, Network};
use super::dependency;
use super::lock::Update;
use super::project::Project;
use super::registries::Registries;
use crate::digest::ContentDigest;
use crate::error::{Code, Diagnose, Diagnostic, Error, Hint, Result};
use crate::fs;
use crate::git::{CommitId, GitUrl, Mirror};
use crate::lockfile::{LockedSet, Lockfile, Source, Stale};
use crate::manifest::{self, DependencySource, GitReference, Manifest, Strictness};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::{Entry, Freshness, Location, Place};
use crate::resolver::{FixedSet, Request};
use crate::version::Requirement;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a git or path dependency cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Another set is there than the one that was asked for.
    #[error("`{place}` holds {found}, not {expected}")]
    OtherSet {
        /// Where.
        place: String,
        /// The set that is there.
        found: SetName,
        /// The set that was asked for.
        expected: SetName,
    },
    /// A commit has no set where one should be.
    #[error("there is no `anvil.toml` {}in {url} at {commit:.7}", .folder.as_ref().map(|folder| format!("in `{folder}` ")).unwrap_or_default())]
    NoSetInGit {
        /// The repository.
        url: String,
        /// The commit.
        commit: String,
        /// The folder, where it is not the root.
        folder: Option<String>,
    },
    /// A path dependency leads to no set.
    #[error("{}", .0.message)]
    NoSetInFolder(Box<Diagnostic>),
    /// A path dependency of a git dependency leaves its repository.
    #[error("{dependant} depends on the path `{path}`, which is outside its repository")]
    Outside {
        /// Who depends on it.
        dependant: SetName,
        /// The path.
        path: String,
    },
    /// A git or path dependency names a registry that the project has not.
    #[error("{dependant} needs {name} from its registry `{registry}`, {}", match .why {
        Foreign::Unknown => "which this project does not have",
        Foreign::Relative => "a path that means nothing in a git dependency",
    })]
    ForeignRegistry {
        /// Who depends on it.
        dependant: SetName,
        /// What is needed.
        name: SetName,
        /// What the dependant calls the registry, and where it has it.
        registry: String,
        /// Why it is none of the project's.
        why: Foreign,
    },
}

/// Why what a git or path dependency calls a registry is none of the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// The project has no such registry.
    Unknown,
    /// It is a path that stands in a commit, which leads nowhere.
    Relative,
}

impl Diagnose for SourceError {
    fn code(&self) -> Code {
        match self {
            SourceError::OtherSet { .. } => Code::A1043,
            SourceError::NoSetInGit { .. } | SourceError::NoSetInFolder(_) => Code::A1040,
            SourceError::Outside { .. } => Code::A1044,
            SourceError::ForeignRegistry { .. } => Code::A1045,
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            SourceError::NoSetInFolder(finding) => std::slice::from_ref(finding),
            _ => &[],
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            SourceError::OtherSet { found, .. } => vec![Hint::new(format!("depend on it by its name, {found}"))],
            SourceError::NoSetInGit { .. } => {
                vec![Hint::new(
                    "say which folder of it holds the set: `subdirectory` in anvil.toml, `--subdirectory` of `anvil add`",
                )]
            }
            SourceError::NoSetInFolder(_) => Vec::new(), // They are the finding's.
            SourceError::Outside { .. } => vec![Hint::new("its author has to publish what it needs")],
            SourceError::ForeignRegistry { why: Foreign::Unknown, .. } => {
                vec![Hint::new("add that registry to your own anvil.toml, under [registries]")]
            }
            SourceError::ForeignRegistry { why: Foreign::Relative, .. } => vec![Hint::new(
                "its author has to say which registry that is, with `id = …` beside the path in its [registries]",
            )],
        }
    }
}

/// Returns `error`, which came of reading `name` in the folder `path`, with the line of the project's
/// manifest that says so, if that there is no set was the error. A manifest that is only tried has no
/// lines that anybody could look up.
fn placed(project: &Project, dependant: Option<&SetName>, name: &SetName, path: &str, error: Error) -> Error {
    let why = match error.downcast_ref() {
        Some(ContentsError::NoManifest(_)) => "there is no `anvil.toml` there",
        Some(ContentsError::NoSet(_)) => "the `anvil.toml` there has no `[set]`",
        _ => return error,
    };
    let needed = dependant.map(|dependant| format!(", which {dependant} needs,")).unwrap_or_default();
    let finding = Diagnostic::error(Code::A1040, format!("{name}{needed} should be in `{path}`, and {why}"));
    let says_so = |manifest: &Manifest| {
        let mut entries = [&manifest.overrides, &manifest.dependencies].into_iter().filter_map(|table| table.get(name));
        let entry =
            entries.find(|entry| matches!(&entry.source, DependencySource::Path { path: there } if there == path));
        entry.map(|entry| entry.line)
    };
    let written = Project::open(&project.folder).ok().and_then(|project| {
        let line = says_so(&project.manifest).filter(|_| dependant.is_none())?;
        Some((project.manifest_text, line))
    });
    let finding = match written {
        None if dependant.is_some() => finding,
        None => finding.hint(Hint::new("name the folder whose `anvil.toml` has the set")),
        Some((text, line)) => {
            let text: Arc<str> = text.into();
            let before = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
            let length = text[before..].lines().next().map_or(0, str::len);
            finding
                .at(manifest::FILE_NAME, text, before..before + length, "no set there")
                .hint(Hint::new("correct `path`, which is relative to the folder of anvil.toml"))
        }
    };
    SourceError::NoSetInFolder(Box::new(finding)).into()
}

/// What the project's dependencies are, with their sources found.
pub struct Sources {
    requests: BTreeMap<SetName, Request>,
    overrides: BTreeMap<SetName, Request>,
    fixed: BTreeMap<Source, Found>,
}

struct Found {
    set: FixedSet,
    digest: ContentDigest,
}

impl Sources {
    /// Returns the project's dependency on `name` as the resolver takes it.
    pub fn request(&self, name: &SetName) -> Request {
        self.requests[name].clone()
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
        self.fixed.get(source).map(|found| found.digest)
    }
}

/// Where a manifest lies, so that its paths can be followed.
#[derive(Clone)]
enum Origin {
    /// A folder, relative to the project's.
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
    let mut gathering = Gathering { context, project, registries, previous, update, fixed: BTreeMap::new() };
    let here = Origin::Folder(String::new());
    let manifest = &project.manifest;
    let mut requests = BTreeMap::new();
    let mut overrides = BTreeMap::new();
    for (name, dependency) in &manifest.dependencies {
        requests.insert(name.clone(), gathering.request(&here, manifest, None, name, &dependency.source)?);
    }
    for (name, dependency) in &manifest.overrides {
        overrides.insert(name.clone(), gathering.request(&here, manifest, None, name, &dependency.source)?);
    }
    Ok(Sources { requests, overrides, fixed: gathering.fixed })
}

/// Returns the contents of a locked git source.
///
/// # Errors
/// When it cannot be fetched or read.
pub fn git_contents(context: &Context, locked: &Source) -> Result<Contents> {
    let Source::Git { url, subdirectory, commit } = locked else { unreachable!("asked for git sources alone") };
    read_commit(context, &url.parse()?, &GitReference::Rev(commit.clone()), subdirectory.as_deref())
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
        let manifest = manifest_in(&fs::join(&project.folder, Path::new(path)));
        let manifest = manifest.map_err(|error| placed(project, None, &set.name, path, error))?;
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
    Ok(Manifest::parse(&path.display().to_string(), &text, Strictness::Dependency)?)
}

fn read_commit(context: &Context, url: &GitUrl, reference: &GitReference, folder: Option<&str>) -> Result<Contents> {
    let mirror = Mirror::open(&context.cache()?.git(), url, context.progress())?;
    let commit = mirror.fetch(reference, network(context), context.progress())?;
    let contents = Contents::of_commit(mirror.repository(), commit, folder.unwrap_or_default(), Strictness::Dependency);
    // Where the mirror lies is of no interest to whoever depends on what it mirrors.
    contents.map_err(|error| match error.downcast_ref() {
        Some(ContentsError::NoManifest(_)) => SourceError::NoSetInGit {
            url: url.without_user(),
            commit: commit.to_string(),
            folder: folder.map(str::to_owned),
        }
        .into(),
        _ => error,
    })
}

fn network(context: &Context) -> crate::git::Network {
    match context.network {
        Network::Online => crate::git::Network::Allowed,
        Network::Offline => crate::git::Network::Offline,
    }
}

struct Gathering<'a> {
    context: &'a Context,
    project: &'a Project,
    registries: &'a Registries<'a>,
    previous: &'a Lockfile,
    update: &'a Update,
    fixed: BTreeMap<Source, Found>,
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
                let commit = self.commit(name, &url, reference, subdirectory.as_deref())?;
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

    /// Returns the commit to take of a git source: the locked one while nothing asks for another.
    fn commit(&self, name: &SetName, url: &GitUrl, reference: &GitReference, folder: Option<&str>) -> Result<CommitId> {
        let moves = match self.update {
            Update::Nothing | Update::Precise { .. } => false,
            Update::All => true,
            Update::Only(names) | Update::Towards { names, .. } | Update::Anew(names) => names.contains(name),
        };
        let asked_as_before = || {
            let asked = self.project.manifest.dependencies.get(name).or(self.project.manifest.overrides.get(name));
            let before =
                self.previous.requirements.iter().chain(&self.previous.overrides).find(|kept| kept.name == *name);
            match (asked, before) {
                (Some(asked), Some(before)) => asked.source == before.source,
                (asked, before) => asked.is_none() && before.is_none(),
            }
        };
        let mirror = Mirror::open(&self.context.cache()?.git(), url, self.context.progress())?;
        if !moves
            && let Some(Source::Git { url: locked, subdirectory, commit }) =
                self.previous.set(name).map(|set| &set.source)
            && Source::git(url.as_str(), folder, commit.as_str())
                == Source::git(locked, subdirectory.as_deref(), commit.as_str())
            && let Some(commit) = CommitId::parse(commit)
            && asked_as_before()
        {
            let reference = GitReference::Rev(commit.to_string());
            return Ok(mirror.fetch(&reference, network(self.context), self.context.progress())?);
        }
        Ok(mirror.fetch(reference, network(self.context), self.context.progress())?)
    }

    fn git_set(&mut self, name: &SetName, url: &str, commit: CommitId, folder: String) -> Result<Request> {
        let subdirectory = (!folder.is_empty()).then(|| folder.clone());
        let parsed: GitUrl = url.parse()?;
        let source = Source::git(parsed.as_str(), subdirectory.as_deref(), commit.to_string());
        if !self.knows(name, &source)? {
            let reference = GitReference::Rev(commit.to_string());
            let contents = read_commit(self.context, &parsed, &reference, subdirectory.as_deref())?;
            dependency::manifest_of(name, &contents.section().version, &contents.files)?;
            let origin = Origin::Commit { url: url.to_owned(), commit, folder };
            self.add(name, source.clone(), contents, &origin)?;
        }
        Ok(Request::fixed(name.clone(), source))
    }

    fn path_set(&mut self, dependant: Option<&SetName>, name: &SetName, path: &str) -> Result<Request> {
        let source = Source::Path(path.to_owned());
        if !self.knows(name, &source)? {
            let contents = Contents::of_dependency(&self.project.folder, path);
            let contents = contents.map_err(|error| placed(self.project, dependant, name, path, error))?;
            self.add(name, source.clone(), contents, &Origin::Folder(path.to_owned()))?;
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

    fn add(&mut self, name: &SetName, source: Source, contents: Contents, origin: &Origin) -> Result<()> {
        let section = contents.section();
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
        self.fixed.insert(source.clone(), Found { set, digest: contents.files.digest() });
        let mut needs = Vec::new();
        for (needed, dependency) in &contents.manifest.dependencies {
            needs.push(self.request(origin, &contents.manifest, Some(name), needed, &dependency.source)?);
        }
        if let Some(found) = self.fixed.get_mut(&source) {
            found.set.needs = needs;
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
            return Ok(self.registries.default()?.id().clone());
        };
        if let Some(id) = &entry.id {
            return Ok(id.clone());
        }
        let refused = |why| {
            let registry = format!("{alias} ({})", entry.location);
            SourceError::ForeignRegistry { dependant: dependant.clone(), name: name.clone(), registry, why }
        };
        let base = match origin {
            Origin::Folder(folder) => fs::join(&self.project.folder, Path::new(folder)),
            Origin::Commit { .. } => PathBuf::new(),
        };
        let location = Location::parse(&entry.location, &base)?;
        // A commit lies nowhere, so nobody can say where a path leads that is seen from there.
        if matches!(location.place(), Place::Folder(folder) if folder.is_relative()) {
            return Err(refused(Foreign::Relative).into());
        }
        for (own, written) in &self.project.manifest.registries {
            if location.is_same_place(&Location::parse(&written.location, &self.project.folder)?) {
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
fn join(folder: &str, path: &str) -> String {
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
