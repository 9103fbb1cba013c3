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
use crate::git::{CommitId, GitError, GitUrl, Mirror};
use crate::lockfile::{LockedSet, Lockfile, Source, Stale};
use crate::manifest::{self, DependencySource, GitReference, Manifest, Member, ROOT, Strictness};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::{Entry, Freshness, Location, Place};
use crate::resolver::{FixedSet, Request};
use crate::store::workspace::{self, Found};
use crate::version::Requirement;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    /// A locked commit is gone from its repository, and from the cache.
    #[error("{name} is locked at {commit:.7} of {url}, which is not there any more")]
    LostCommit {
        /// The set.
        name: SetName,
        /// The repository.
        url: String,
        /// The commit.
        commit: String,
    },
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
            SourceError::LostCommit { .. } => Code::A1154,
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
            SourceError::LostCommit { name, .. } => vec![
                Hint::run("its history was rewritten; take what is there now", format!("anvil update {name}")),
                Hint::new("or pull where it is still in the cache, and publish it from there"),
            ],
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
    // As they lie on the disk: a manifest that is only tried is none of them.
    let says_so = |found: &Found, member: &Member| {
        let (own, root) = (&member.manifest, &found.workspace.root);
        let overrides = if member.path == ROOT { root.overrides.get(name) } else { None };
        let entry = overrides.into_iter().chain(own.dependencies.get(name)).find(|entry| {
            matches!(&entry.source, DependencySource::Path { path: there } if join(&member.path, there) == join("", path))
        });
        entry.map(|entry| entry.line)
    };
    let written = Found::at(&project.root).ok().filter(|_| dependant.is_none()).and_then(|found| {
        let (line, member) =
            found.workspace.members.iter().find_map(|member| Some((says_so(&found, member)?, member)))?;
        let text = fs::read_to_string(&found.folder_of(&member.path).join(manifest::FILE_NAME)).ok()?;
        let own = member.path == project.member;
        let file = if own { String::new() } else { format!("{}/", found.folder_of(&member.path).display()) };
        Some((format!("{file}{}", manifest::FILE_NAME), text, line))
    });
    let finding = match written {
        None if dependant.is_some() => {
            let of = dependant.map(|dependant| format!(" of {dependant}")).unwrap_or_default();
            finding.hint(Hint::new(format!("put the set there, or correct `path` in the anvil.toml{of}")))
        }
        None => finding.hint(Hint::new("name the folder whose `anvil.toml` has the set")),
        Some((file, text, line)) => {
            let text: Arc<str> = text.into();
            let before = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
            let length = text[before..].lines().next().map_or(0, str::len);
            finding
                .at(file, text, before..before + length, "no set there")
                .hint(Hint::new("correct `path`, which is relative to the folder of anvil.toml"))
        }
    };
    SourceError::NoSetInFolder(Box::new(finding)).into()
}

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
    let mut gathering =
        Gathering { context, project, registries, previous, update, fixed: BTreeMap::new(), unread: VecDeque::new() };
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
    Ok(Sources { requests, overrides, fixed: gathering.fixed })
}

/// Returns the contents of `set`, which is locked from a git source.
///
/// # Errors
/// When it cannot be fetched or read.
pub fn git_contents(context: &Context, set: &LockedSet) -> Result<Contents> {
    let Source::Git { url, subdirectory, commit } = &set.source else { unreachable!("asked for git sources alone") };
    let url: GitUrl = url.parse()?;
    let contents = read_commit(context, &url, &GitReference::Rev(commit.clone()), subdirectory.as_deref());
    contents.map_err(|error| match error.downcast_ref() {
        Some(GitError::NoReference { .. }) => lost_commit(&set.name, &url, commit),
        _ => error,
    })
}

/// Returns `error`, which came of fetching the locked `commit` of `name`, told as what it is to the project.
fn lost(name: &SetName, url: &GitUrl, commit: &str, error: GitError) -> Error {
    match error {
        GitError::NoReference { .. } => lost_commit(name, url, commit),
        error => error.into(),
    }
}

fn lost_commit(name: &SetName, url: &GitUrl, commit: &str) -> Error {
    SourceError::LostCommit { name: name.clone(), url: url.without_user(), commit: commit.to_owned() }.into()
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
        let manifest = match project.workspace.members.iter().find(|member| join("", &member.path) == join("", path)) {
            Some(member) if project.workspace.is_declared() => member.manifest.clone(),
            _ => manifest_in(&fs::join(&project.root, Path::new(path)))
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

fn read_commit(context: &Context, url: &GitUrl, reference: &GitReference, folder: Option<&str>) -> Result<Contents> {
    let mirror = Mirror::open(&context.cache()?.git(), url, context.progress())?;
    let commit = mirror.fetch(reference, network(context), context.progress())?;
    let contents = Contents::of_commit(mirror.repository(), commit, folder.unwrap_or_default(), Strictness::Dependency);
    // Where the mirror lies is of no interest to whoever depends on what it mirrors.
    contents.map_err(|error| match error.downcast_ref() {
        Some(ContentsError::NoManifestInCommit(_)) => SourceError::NoSetInGit {
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
    fixed: BTreeMap<Source, Fixed>,
    /// Sets whose own needs are still to be looked at, nearest to the project first. A list and no recursion:
    /// a chain of them may be longer than a stack is deep.
    unread: VecDeque<Unread>,
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
            Update::All | Update::Follow(_) => true,
            Update::Only(names) | Update::Towards { names, .. } | Update::Anew(names) => names.contains(name),
        };
        let asked_as_before = || {
            let asked = self.project.workspace.dependencies().map(|(_, name, dependency)| (name, &dependency.source));
            let overrides = self.project.manifest.overrides.iter().map(|(name, dependency)| (name, &dependency.source));
            let before = self.previous.requirements.iter().chain(&self.previous.overrides);
            let asked = asked.chain(overrides).filter(|(asked, _)| *asked == name).map(|(_, source)| source);
            let before = before.filter(|kept| kept.name == *name).map(|kept| &kept.source);
            asked.eq(before)
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
            let fetched = mirror.fetch(&reference, network(self.context), self.context.progress());
            return fetched.map_err(|error| lost(name, url, &commit.to_string(), error));
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
            self.add(name, source.clone(), contents.manifest, Some(contents.files.digest()), origin)?;
        }
        Ok(Request::fixed(name.clone(), source))
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
