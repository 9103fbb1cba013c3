//! Checking all of a registry's folder: whether every promise that its index makes is kept.
//!
//! Nothing is changed. What is left over, such as a bundle that no line names or a temporary file
//! of a publisher that was killed, is counted and is no fault: publishing writes objects first.

use super::folder::Folder;
use super::{
    BundleMismatch, CATALOG_LIMIT, CHANNELS_LIMIT, INDEX_LIMIT, Location, REGISTRY_FILE_LIMIT, RegistryError, snapshot,
};
use crate::archive::{self, FileSet, Identity, Limits};
use crate::digest::Sha256;
use crate::fs::{self, Entry, EntryKind, FsError};
use crate::index::{Catalog, CatalogLine, Channels, IndexFile, Line, Paths, RegistryFile};
use crate::manifest::{self, DependencySource, Manifest, Strictness};
use crate::name::{RegistryId, SetName};
use crate::progress::Progress;
use crate::prompt::{self, Interface};
use crate::version::{Requirement, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// How many sets are checked at once: inflating and hashing keep a processor busy each.
const THREADS: usize = 2;

/// What checking a registry found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the registry is.
    pub id: RegistryId,
    /// How many sets it has.
    pub sets: usize,
    /// How many versions of them.
    pub versions: usize,
    /// How many lines a newer Anvil is needed for; they were not checked.
    pub newer: usize,
    /// What is wrong, sorted by path.
    pub faults: Vec<Fault>,
    /// What is worth mending and harms nobody who reads, sorted by path.
    pub warnings: Vec<Fault>,
    /// How many bundles no line names.
    pub orphans: usize,
    /// How many temporary files were left behind by publishers that were killed.
    pub leftovers: usize,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, relative to the registry's root.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl Report {
    /// Returns whether every promise is kept.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks all of the registry in the folder `root`. `progress` is told of each set.
///
/// # Errors
/// When there is no registry, its registry file cannot be used, or its folders cannot be listed. All
/// else that is wrong stands in the report.
pub fn verify(root: &Path, progress: &dyn Progress) -> Result<Report, RegistryError> {
    let (folder, location) = (Folder::new(root), Location::folder(root));
    let Some(bytes) = folder.read(Paths::REGISTRY_FILE, REGISTRY_FILE_LIMIT)? else {
        return Err(RegistryError::NoRegistry { location });
    };
    let RegistryFile { id, .. } =
        RegistryFile::parse(&bytes).map_err(|source| RegistryError::RegistryFile { location, source })?;

    let mut found = Findings::default();
    let names = index_names(&folder, &mut found)?;
    check_skeletons(&names, &mut found);
    progress.begin("checking", names.len() as u64);
    let sets = check_sets(&folder, &names, progress);
    progress.end();

    let mut catalog = Catalog::default();
    let mut named = BTreeSet::new();
    let (mut versions, mut newer) = (0, 0);
    for set in sets {
        versions += set.versions;
        newer += set.newer;
        found.faults.extend(set.findings.faults);
        found.warnings.extend(set.findings.warnings);
        named.extend(set.bundles);
        set.catalog.into_iter().for_each(|line| catalog.put(line));
    }
    check_catalog(&folder, &catalog, &mut found);
    check_snapshot(&folder, &id, &mut found)?;
    check_strays(&folder, &names, &mut found)?;
    let rest = leftovers(&folder, &named)?;
    found.faults.sort();
    found.warnings.sort();
    Ok(Report {
        id,
        sets: names.len(),
        versions,
        newer,
        faults: found.faults,
        warnings: found.warnings,
        // A newer line may name a bundle in a way that is not known here.
        orphans: if newer == 0 { rest.orphans } else { 0 },
        leftovers: rest.temporary,
    })
}

#[derive(Default)]
struct Findings {
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl Findings {
    fn fault(&mut self, path: &str, what: impl Into<String>, mend: &str) {
        self.faults.push(Fault { path: path.to_owned(), what: what.into(), mend: mend.to_owned() });
    }

    fn warning(&mut self, path: &str, what: impl Into<String>, mend: &str) {
        self.warnings.push(Fault { path: path.to_owned(), what: what.into(), mend: mend.to_owned() });
    }
}

const RESTORE: &str = "restore the file from a backup";
const REPUBLISH: &str = "publish the same version again from the same commit, or restore the file from a backup";
const REBUILD: &str = "run `anvil registry rebuild`";

/// Returns the sets that have an index file. What else stands among them is a fault: readers would never find it.
fn index_names(folder: &Folder, found: &mut Findings) -> Result<Vec<SetName>, RegistryError> {
    let mut names: Vec<SetName> = Vec::new();
    for project in fs::list(&folder.path(Paths::INDEX))? {
        let path = format!("{}/{}", Paths::INDEX, project.name);
        if project.kind != EntryKind::Folder {
            if !is_temporary(&project) {
                found.fault(&path, "it is no folder of a project", "remove it");
            }
            continue;
        }
        for file in fs::list(&project.path)? {
            let path = format!("{path}/{}", file.name);
            let set = file.name.strip_suffix(Paths::INDEX_SUFFIX).filter(|_| file.kind == EntryKind::File);
            match set.and_then(|set| format!("{}/{set}", project.name).parse().ok()) {
                Some(name) => names.push(name),
                None if is_temporary(&file) => {}
                None => found.fault(&path, "it is no index file of a set: its name or kind is wrong", "remove it"),
            }
        }
    }
    names.sort();
    Ok(names)
}

fn is_temporary(entry: &Entry) -> bool {
    entry.name.starts_with(fs::TEMPORARY_PREFIX)
}

fn check_skeletons(names: &[SetName], found: &mut Findings) {
    let mut by_skeleton: BTreeMap<String, &SetName> = BTreeMap::new();
    for name in names {
        if let Some(other) = by_skeleton.insert(name.skeleton(), name) {
            let what = format!("`{name}` looks like `{other}`, which exists too");
            found.fault(&Paths::index(name), what, "yank the versions of the one that nobody should use");
        }
    }
}

/// What checking one set found.
#[derive(Default)]
struct Checked {
    versions: usize,
    newer: usize,
    findings: Findings,
    bundles: Vec<String>,
    catalog: Option<CatalogLine>,
}

fn check_sets(folder: &Folder, names: &[SetName], progress: &dyn Progress) -> Vec<Checked> {
    let next = AtomicUsize::new(0);
    let sets = Mutex::new(Vec::with_capacity(names.len()));
    thread::scope(|scope| {
        for _ in 0..THREADS.min(names.len()) {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let set = check_set(folder, name);
                    sets.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(set);
                    progress.advance(1);
                }
            });
        }
    });
    sets.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn check_set(folder: &Folder, name: &SetName) -> Checked {
    let mut set = Checked::default();
    let path = Paths::index(name);
    let bytes = match folder.read(&path, INDEX_LIMIT) {
        Ok(bytes) => bytes.unwrap_or_default(),
        Err(error) => {
            set.findings.fault(&path, error.to_string(), RESTORE);
            return set;
        }
    };
    let index = match IndexFile::parse(name, &bytes) {
        Ok(index) => index,
        Err(fault) => {
            set.findings.fault(&path, format!("line {}: {}", fault.line, fault.why), RESTORE);
            return set;
        }
    };
    for version in &index.contradicting {
        let lines = IndexFile::lines_of(&bytes, version);
        let differs = lines.iter().find_map(|line| lines.iter().find_map(|other| line.contradicts(other)));
        let what = differs.unwrap_or("things");
        let what = format!("two lines of {version} say different {what}, so that nobody can use it");
        set.findings.fault(&path, what, "remove the line that was not published first");
    }
    for line in &index.lines {
        let path = Paths::bundle(name, &line.version, &line.sha256);
        for (what, mend) in check_bundle(folder, &path, line) {
            set.findings.fault(&path, what, mend);
        }
        set.bundles.push(path);
    }
    check_channels(folder, name, &index, &mut set.findings);
    set.versions = index.lines.len();
    set.newer = index.newer;
    set.catalog = Some(CatalogLine::new(name, &bytes, &index));
    set
}

/// Returns what is wrong with the bundle of `line`, and how to mend it.
fn check_bundle(folder: &Folder, path: &str, line: &Line) -> Vec<(String, &'static str)> {
    let bytes = match fs::read_limited(&folder.path(path), Limits::FORMAT.packed) {
        Ok(bytes) => bytes,
        Err(error) if error.is_not_found() => return vec![("it is missing".into(), REPUBLISH)],
        Err(FsError::TooLarge { limit, .. }) => return vec![(format!("it is larger than {limit} bytes"), REPUBLISH)],
        Err(error) => return vec![(error.to_string(), REPUBLISH)],
    };
    let (got, size) = (Sha256::of(&bytes), bytes.len() as u64);
    if got != line.sha256 {
        let why = BundleMismatch::Checksum { got, expected: line.sha256 };
        return vec![(why.to_string(), REPUBLISH)];
    }
    // From here on the bytes are the published ones, so what differs is wrong in the line.
    const YANK: &str = "yank the version and publish a new one";
    let mut wrong = Vec::new();
    if size != line.size {
        wrong.push((format!("it has {size} bytes, and its index line says {}", line.size), YANK));
    }
    let identity = Identity { name: line.name.clone(), version: line.version.clone() };
    let files = match archive::unpack(&identity, &bytes) {
        Ok(files) => files,
        Err(error) => {
            wrong.push((error.why, YANK));
            return wrong;
        }
    };
    if files.digest() != line.digest {
        let what = format!("its content has the digest {}, and its index line says {}", files.digest(), line.digest);
        wrong.push((what, YANK));
    }
    wrong.extend(check_manifest(line, &files).into_iter().map(|what| (what, YANK)));
    wrong
}

/// Returns how the bundle's own `anvil.toml` differs from `line`, which was made from it. That name and
/// version agree was seen when the bundle was unpacked.
fn check_manifest(line: &Line, files: &FileSet) -> Vec<String> {
    let text = String::from_utf8_lossy(files.get(manifest::FILE_NAME).unwrap_or_default());
    let manifest = match Manifest::parse(manifest::FILE_NAME, &text, Strictness::Dependency) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("its anvil.toml cannot be read: {error}")],
    };
    let mut wrong = Vec::new();
    let said: BTreeMap<&SetName, &Requirement> =
        line.dependencies.iter().map(|dependency| (&dependency.name, &dependency.requirement)).collect();
    let mut meant: BTreeMap<&SetName, &Requirement> = BTreeMap::new();
    for (name, dependency) in &manifest.dependencies {
        match &dependency.source {
            DependencySource::Registry { requirement, .. } => {
                meant.insert(name, requirement);
            }
            other => wrong.push(format!("its anvil.toml needs {name} from {other}, which nobody else can have")),
        }
    }
    if said != meant || said.len() != line.dependencies.len() {
        let list = |of: &BTreeMap<&SetName, &Requirement>| match of.is_empty() {
            true => "nothing".to_owned(),
            false => {
                of.iter().map(|(name, requirement)| format!("{name} {requirement}")).collect::<Vec<_>>().join(", ")
            }
        };
        wrong.push(format!("its anvil.toml needs {}, and its index line says {}", list(&meant), list(&said)));
    }
    let Some(set) = &manifest.set else { return wrong };
    if set.edition != line.edition {
        wrong.push(format!("its anvil.toml has edition {}, and its index line says {}", set.edition, line.edition));
    }
    let patterns = &set.selection.prompts;
    let prompts: BTreeSet<_> =
        files.paths().filter_map(|path| patterns.name_of(path)?.ok()).filter(|prompt| !prompt.is_private()).collect();
    let listed: BTreeSet<_> = line.prompts.iter().cloned().collect();
    if prompts != listed {
        let list = |of: BTreeSet<_>| match of.is_empty() {
            true => "none".to_owned(),
            false => of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        let (more, fewer) = (list(&prompts - &listed), list(&listed - &prompts));
        wrong.push(format!("its prompts are not those of its index line (only in it: {more}; only listed: {fewer})"));
    }
    let interface = Interface::of(&Arc::new(prompt::Set::load(&manifest, files))).checksum();
    if let Some(said) = line.interface.as_ref().filter(|said| **said != interface) {
        wrong.push(format!("its prompts have the interface {interface}, and its index line says {said}"));
    }
    wrong
}

fn check_channels(folder: &Folder, name: &SetName, index: &IndexFile, found: &mut Findings) {
    const MEND: &str = "set the channel again with `anvil channel set`";
    let path = Paths::channels(name);
    let channels = match folder.read(&path, CHANNELS_LIMIT) {
        Ok(None) => return,
        Ok(Some(bytes)) => match Channels::parse(name, &bytes) {
            Ok(channels) => channels,
            Err(error) => return found.fault(&path, error.why, "remove the file and set its channels again"),
        },
        Err(error) => return found.fault(&path, error.to_string(), RESTORE),
    };
    // A version whose line only a newer Anvil understands may well be there.
    let is_there = |version: &Version| index.newer > 0 || index.line(version).is_some();
    for (channel, version) in channels.0.iter().filter(|(_, version)| !is_there(version)) {
        found.fault(&path, format!("`{channel}` names {version}, which is not published"), MEND);
    }
}

/// Compares the catalog with what the index files make of it.
fn check_catalog(folder: &Folder, expected: &Catalog, found: &mut Findings) {
    let what = match folder.read(Paths::CATALOG, CATALOG_LIMIT) {
        Ok(None) if expected.lines().is_empty() => return,
        Ok(None) => "it is missing".to_owned(),
        Ok(Some(bytes)) => match Catalog::parse(&bytes) {
            Ok(catalog) if catalog == *expected => return,
            Ok(_) => "it is not what the index files make of it".to_owned(),
            Err(error) => format!("line {}: {}", error.line, error.why),
        },
        Err(error) => error.to_string(),
    };
    found.warning(Paths::CATALOG, what, REBUILD);
}

/// Compares the snapshot, if there is one, with what the index files make of it.
fn check_snapshot(folder: &Folder, id: &RegistryId, found: &mut Findings) -> Result<(), RegistryError> {
    let offer = snapshot::offered(folder)?;
    let what = match (snapshot::in_folder(folder)?, offer) {
        (None, None) => return Ok(()),
        (None, Some(_)) => format!("it is missing, and `{}` says that it is there", Paths::REGISTRY_FILE),
        (Some(Err(why)), _) => why,
        (Some(Ok(_)), None) => format!("`{}` does not say that it is there", Paths::REGISTRY_FILE),
        (Some(Ok(there)), Some(_)) if there == snapshot::of_folder(id, folder)? => return Ok(()),
        (Some(Ok(_)), Some(_)) => "it is not what the index files make of it".to_owned(),
    };
    found.warning(Paths::SNAPSHOT, what, REBUILD);
    Ok(())
}

/// Finds channels of sets that do not exist.
fn check_strays(folder: &Folder, names: &[SetName], found: &mut Findings) -> Result<(), RegistryError> {
    for project in fs::list(&folder.path(Paths::CHANNELS))?.iter().filter(|entry| entry.kind == EntryKind::Folder) {
        for file in fs::list(&project.path)?.iter().filter(|file| !is_temporary(file)) {
            let set = file.name.strip_suffix(Paths::CHANNELS_SUFFIX);
            let name = set.and_then(|set| format!("{}/{set}", project.name).parse::<SetName>().ok());
            if name.is_none_or(|name| names.binary_search(&name).is_err()) {
                let path = format!("{}/{}/{}", Paths::CHANNELS, project.name, file.name);
                found.fault(&path, "it is of no set that the index has", "remove it");
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Rest {
    orphans: usize,
    temporary: usize,
}

/// Counts the files that nothing names.
fn leftovers(folder: &Folder, named: &BTreeSet<String>) -> Result<Rest, RegistryError> {
    let mut rest = Rest::default();
    let count = |entries: &[Entry]| entries.iter().filter(|entry| is_temporary(entry)).count();
    rest.temporary += count(&fs::list(&folder.path(""))?);
    for top in [Paths::INDEX, Paths::CHANNELS, Paths::BUNDLES] {
        let projects = fs::list(&folder.path(top))?;
        rest.temporary += count(&projects);
        for project in projects.iter().filter(|entry| entry.kind == EntryKind::Folder && !is_temporary(entry)) {
            let entries = fs::list(&project.path)?;
            rest.temporary += count(&entries);
            for set in entries.iter().filter(|set| top == Paths::BUNDLES && set.kind == EntryKind::Folder) {
                let files = fs::list(&set.path)?;
                rest.temporary += count(&files);
                let prefix = format!("{top}/{}/{}", project.name, set.name);
                rest.orphans += files
                    .iter()
                    .filter(|file| file.name.ends_with(".tar.gz") && !is_temporary(file))
                    .filter(|file| !named.contains(&format!("{prefix}/{}", file.name)))
                    .count();
            }
        }
    }
    Ok(rest)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
