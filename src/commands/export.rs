//! Writes the project's set, its lock and every bundle that the lock names into one archive: `anvil export`.
//!
//! The archive is a tar that is a registry's folder once it is unpacked: the registry that the set
//! would be published to, holding the locked versions alone. What is locked from further
//! registries lies in folders below, each a registry of its own, so that every set stays bound to
//! the registry that it was locked from. The same project gives the same bytes.

use super::bundle::{Bundle, Origin};
use super::context::Context;
use super::exported;
use super::lint;
use super::lock::{self, LockCommandError};
use super::project::Project;
use super::pull::{self, PullError};
use super::push;
use super::registries::Registries;
use super::target::Action;
use crate::archive::{self, FileSet, Identity, PlainTarError};
use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::fs::{self, Durability};
use crate::index::{Catalog, CatalogLine, IndexFile, Line, LineDependency, Paths, RegistryFile, edit};
use crate::lockfile::{self, LockedSet, Lockfile, Source};
use crate::manifest::Workspace;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::Freshness;
use crate::registry::publish::Changed;
use crate::version::Version;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What is to be exported, and where to.
#[derive(Clone, Debug)]
pub struct Request {
    /// The archive, or a folder for it; named after the set in the context's folder where there is none.
    pub output: Option<PathBuf>,
    /// What the bundle of the project's own set is made from.
    pub origin: Origin,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What was exported, or would be.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The archive.
    #[serde(serialize_with = "exported::as_text")]
    pub file: PathBuf,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether the file held anything else before.
    pub outcome: Changed,
    /// The archive's size in bytes.
    pub size: u64,
    /// The versions in it, the project's own first.
    pub sets: Vec<ExportedSet>,
}

/// A version in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportedSet {
    /// The set.
    pub name: SetName,
    /// Its version.
    pub version: Version,
    /// The registry that it is of.
    pub registry: RegistryId,
    /// The size of its bundle in bytes.
    pub size: u64,
}

/// Why a project cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Some of what is locked comes from git or a path, and so has no bundle.
    #[error("an archive holds what registries give, and {}", sources(.0))]
    Local(Vec<(SetName, Source)>),
    /// There is neither a set nor a dependency.
    #[error("`{}` has neither a `[set]` nor dependencies: there is nothing to export", .0.display())]
    Nothing(PathBuf),
    /// The registry no longer has what is locked.
    #[error("`{registry}` has no {name} {version}, which anvil.lock names")]
    Gone {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// The registry.
        registry: RegistryId,
    },
    /// Another file is where the archive should be.
    #[error("`{}` is there and is no archive that `anvil export` wrote", .0.display())]
    OtherFile(PathBuf),
    /// The archive cannot be made.
    #[error("the archive cannot be made: {0}")]
    Pack(#[from] PlainTarError),
}

fn sources(sets: &[(SetName, Source)]) -> String {
    let list: Vec<String> = sets.iter().map(|(name, source)| format!("{name} comes from {source}")).collect();
    list.join(", ")
}

impl Diagnose for ExportError {
    fn code(&self) -> Code {
        match self {
            ExportError::Local(_) => Code::A1110,
            ExportError::Nothing(_) => Code::A1113,
            ExportError::Gone { .. } => Code::A1114,
            ExportError::OtherFile(_) => Code::A1115,
            ExportError::Pack(_) => Code::A0702,
        }
    }

    fn kind(&self) -> Kind {
        Kind::No
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ExportError::Local(sets) => sets
                .iter()
                .map(|(name, _)| Hint::run("publish it, then depend on the published one", format!("anvil add {name}")))
                .collect(),
            ExportError::Nothing(_) => vec![Hint::run("depend on a set first", "anvil add project/set")],
            ExportError::Gone { name, .. } => vec![Hint::run("lock what there is", format!("anvil update {name}"))],
            ExportError::OtherFile(_) => vec![Hint::new("name another file with `--output`, or remove this one")],
            ExportError::Pack(_) => Vec::new(),
        }
    }
}

/// Exports the project's set and all that its lock names.
///
/// # Errors
/// When there is nothing to export, the lock does not answer the manifest, something in it has no
/// bundle, a bundle cannot be had, or the archive cannot be written. Nothing is written then.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let project = Project::of(context)?;
    let lock = lock::check(&project)?;
    lock::check_registries(context, &project, &lock)?;
    if lock.sets.is_empty() && project.manifest.set.is_none() {
        return Err(ExportError::Nothing(project.manifest_path()).into());
    }
    let file = place(context, &project, request.output.as_deref())?;
    let dependencies = from_registries(&lock)?;
    pull::fetch(context, &project, dependencies.iter().map(|(set, _)| *set), &lock::Sizes::new())?;
    let own = match &project.manifest.set {
        Some(_) => Some(own_bundle(context, &project, &lock, request.origin)?),
        None => None,
    };
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    let home = home(&project, &registries, &dependencies, own.is_some())?;

    let mut folders: BTreeMap<RegistryId, Folder> = BTreeMap::new();
    folders.entry(home.clone()).or_default();
    let mut sets = Vec::new();
    if let Some(own) = own {
        let line = own.line(announced(&own, &lock, &home));
        let text = edit::to_text(&line);
        sets.push(add(&mut folders, &home, Exported { line, text, bundle: own.bytes }));
    }
    for (set, id) in dependencies {
        let (line, text) = locked_line(&registries, set, id)?;
        let bundle = locked_bundle(context, &project, set, id)?;
        sets.push(add(&mut folders, id, Exported { line, text, bundle }));
    }
    let mut files = FileSet::new();
    if lock != Lockfile::default() {
        files.insert(lockfile::FILE_NAME, lock.write());
    }
    for (id, folder) in folders {
        folder.put_into(&mut files, &id, if id == home { String::new() } else { exported::folder_of(&id) });
    }
    let bytes = archive::pack_plain(&files).map_err(ExportError::Pack)?;
    let outcome = match request.action {
        Action::Plan => Changed::of(fs::read_if_exists(&file)?.is_none_or(|there| there != bytes)),
        Action::Do => Changed::of(fs::write_through(&file, &bytes, Durability::Synced)?),
    };
    Ok(Report { file, action: request.action, outcome, size: bytes.len() as u64, sets })
}

/// Returns where the archive goes. A file that is there is replaced only if it is an archive, too.
fn place(context: &Context, project: &Project, output: Option<&Path>) -> Result<PathBuf> {
    let name = || match &project.manifest.set {
        Some(set) => format!("{}-{}.tar", set.name.set(), set.version),
        None => {
            let folder = project.folder.file_name().map(|name| name.to_string_lossy().into_owned());
            format!("{}.tar", folder.unwrap_or_else(|| "project".into()))
        }
    };
    let place = match output {
        None => context.directory.join(name()),
        Some(folder) if fs::is_dir(&context.path(folder)) => context.path(folder).join(name()),
        Some(file) => context.path(file),
    };
    // A folder that is not there is a slip of the finger more often than a wish.
    fs::canonical(place.parent().unwrap_or(&place))?;
    if fs::exists(&place) {
        // A device may read as empty, but only an empty file may be replaced: `open` refuses all else.
        let mut start = Vec::new();
        let most = Paths::REGISTRY_FILE.len() as u64 + 1;
        // What cannot be read is none of ours either.
        let read = fs::open(&place)?.take(most).read_to_end(&mut start);
        let ours = read.is_ok() && start.strip_suffix(b"\0") == Some(Paths::REGISTRY_FILE.as_bytes());
        if !ours && !start.is_empty() {
            return Err(ExportError::OtherFile(place).into());
        }
    }
    Ok(place)
}

/// Returns what is locked, with the registry of each.
fn from_registries(lock: &Lockfile) -> Result<Vec<(&LockedSet, &RegistryId)>> {
    let (mut found, mut local) = (Vec::new(), Vec::new());
    for set in &lock.sets {
        match &set.source {
            Source::Registry(id) => found.push((set, id)),
            source => local.push((set.name.clone(), source.clone())),
        }
    }
    if local.is_empty() { Ok(found) } else { Err(ExportError::Local(local).into()) }
}

/// Returns the bundle of the project's own set, checked as `push` checks it. The lock must answer
/// what is in the bundle, else the archive would not hold all that it needs.
fn own_bundle(context: &Context, project: &Project, lock: &Lockfile, origin: Origin) -> Result<Bundle> {
    let bundle = Bundle::of_project(project, origin)?;
    push::check_sources(&bundle)?;
    push::check_prompts(&bundle, lint::findings(context, project, &bundle.contents)?)?;
    let mut workspace = Workspace::clone(&project.workspace);
    for member in workspace.members.iter_mut().filter(|member| member.path == project.member) {
        member.manifest.clone_from(&bundle.contents.manifest);
    }
    let stale = lock.staleness(&workspace);
    if !stale.is_empty() {
        return Err(LockCommandError::Stale(stale).into());
    }
    Ok(bundle)
}

/// Returns the registry that the archive is: that of the project's own set, which is the manifest's
/// default, or the one that all dependencies come from.
fn home(
    project: &Project,
    registries: &Registries,
    dependencies: &[(&LockedSet, &RegistryId)],
    has_set: bool,
) -> Result<RegistryId> {
    let ids: BTreeSet<&RegistryId> = dependencies.iter().map(|(_, id)| *id).collect();
    if let (false, 1, Some(id)) = (has_set, ids.len(), ids.first()) {
        return Ok((*id).clone());
    }
    match (project.manifest.registries.get(&RegistryName::default_name()), ids.first()) {
        (Some(entry), _) => match &entry.id {
            Some(vouched) => Ok(vouched.clone()),
            None => Ok(registries.default()?.id().clone()),
        },
        (None, Some(id)) => Ok((*id).clone()),
        (None, None) => Ok(exported::NO_REGISTRY.parse().expect("it is a word")),
    }
}

/// Returns the dependencies of the project's own set as its index line tells them.
fn announced(bundle: &Bundle, lock: &Lockfile, home: &RegistryId) -> Vec<LineDependency> {
    let mut announced = Vec::new();
    for (name, dependency) in &bundle.contents.manifest.dependencies {
        let crate::manifest::DependencySource::Registry { requirement, .. } = &dependency.source else { continue };
        let registry = lock.set(name).and_then(|set| match &set.source {
            Source::Registry(id) if id != home => Some(id.clone()),
            _ => None,
        });
        let requirement = requirement.clone();
        announced.push(LineDependency { name: name.clone(), requirement, registry, registry_url: None });
    }
    announced
}

/// Returns the index line of a locked set, which must be that of the locked bytes, and its text as
/// the registry has it.
fn locked_line(registries: &Registries, set: &LockedSet, id: &RegistryId) -> Result<(Line, Vec<u8>)> {
    let (name, version) = (set.name.clone(), set.version.clone());
    let found = registries.with_id(id)?.index_with_text(&name)?;
    let found = found
        .and_then(|(index, text)| Some((index.line(&version)?.clone(), IndexFile::texts(&text).remove(&version)?)));
    let Some((line, text)) = found else {
        return Err(ExportError::Gone { name, version, registry: id.clone() }.into());
    };
    match set.sha256 {
        Some(locked) if locked != line.sha256 => {
            Err(LockCommandError::Republished { name, version, locked, found: line.sha256 }.into())
        }
        _ => Ok((line, text)),
    }
}

/// Returns the bundle of a locked set, of which nothing is believed: it goes to others.
fn locked_bundle(context: &Context, project: &Project, set: &LockedSet, id: &RegistryId) -> Result<Vec<u8>> {
    let bytes = pull::bundle(context, project, set, id)?;
    let (name, version) = (set.name.clone(), set.version.clone());
    let unpacked = archive::unpack(&Identity { name: name.clone(), version: version.clone() }, &bytes);
    let found = unpacked.inspect_err(|_| context.forget_bundle(set))?.digest();
    match set.digest {
        Some(locked) if locked != found => {
            context.forget_bundle(set);
            Err(PullError::Digest { name, version, locked, found }.into())
        }
        _ => Ok(bytes),
    }
}

/// A version as it goes into an archive.
struct Exported {
    line: Line,
    /// What the index says of it, with all that only a newer Anvil understands.
    text: Vec<u8>,
    bundle: Vec<u8>,
}

/// One registry of an archive: one version of each set.
#[derive(Default)]
struct Folder {
    versions: Vec<Exported>,
}

fn add(folders: &mut BTreeMap<RegistryId, Folder>, id: &RegistryId, version: Exported) -> ExportedSet {
    let set = ExportedSet {
        name: version.line.name.clone(),
        version: version.line.version.clone(),
        registry: id.clone(),
        size: version.bundle.len() as u64,
    };
    folders.entry(id.clone()).or_default().versions.push(version);
    set
}

impl Folder {
    /// Puts the registry's files into `files`, below `prefix`.
    fn put_into(self, files: &mut FileSet, id: &RegistryId, prefix: String) {
        let mut catalog = Catalog::default();
        for Exported { line, text, bundle } in self.versions {
            let newest = line.yanked.is_none().then(|| line.version.clone());
            catalog.put(CatalogLine { name: line.name.clone(), newest, sha256: Sha256::of(&text) });
            files.insert(format!("{prefix}{}", Paths::index(&line.name)), text);
            files.insert(format!("{prefix}{}", Paths::bundle(&line.name, &line.version, &line.sha256)), bundle);
        }
        files.insert(format!("{prefix}{}", Paths::CATALOG), catalog.to_jsonl());
        let file = RegistryFile { id: id.clone(), api: None };
        files.insert(format!("{prefix}{}", Paths::REGISTRY_FILE), file.to_json());
    }
}
