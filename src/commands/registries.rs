//! The registries that a manifest names, opened when they are first needed, and the resolver's
//! view of them.

use super::context::Context;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs;
use crate::index::{Dependencies, Outline, Paths, Release};
use crate::manifest::Manifest;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::{self, Entry, Freshness, Location, Place, Registry, RegistryError};
use crate::resolver::{Candidate, Index, Unavailable, Versions, Wanted};
use crate::version::Requirement;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A registry as the command line names it: by the manifest's name for it, or by where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryReference {
    /// What `anvil.toml` calls it.
    Name(RegistryName),
    /// A folder or a URL, as written.
    Location(String),
}

impl RegistryReference {
    /// Returns what the reference means in `directory`: a name that `manifest` does not give to any
    /// registry, but that a registry's folder has there, means that folder, as in `--registry registry`.
    pub fn or_folder(self, directory: &Path, manifest: Option<&Manifest>) -> Self {
        match self {
            RegistryReference::Name(name)
                if !manifest.is_some_and(|manifest| manifest.registries.contains_key(&name))
                    && fs::is_file(&directory.join(name.as_str()).join(Paths::REGISTRY_FILE)) =>
            {
                RegistryReference::Location(name.as_str().to_owned())
            }
            reference => reference,
        }
    }
}

impl FromStr for RegistryReference {
    type Err = crate::name::NameError;

    /// Takes for a location what begins with `.` or holds a separator: no name does.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('.') || text.contains(['/', '\\', ':']) {
            return Ok(RegistryReference::Location(text.to_owned()));
        }
        text.parse().map(RegistryReference::Name)
    }
}

/// Why a registry that something names cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegistriesError {
    /// The manifest names no such registry.
    #[error("`{}` names no registry `{name}`", .manifest.display())]
    Unnamed {
        /// What was asked for.
        name: RegistryName,
        /// The manifest.
        manifest: PathBuf,
    },
    /// No registry of the manifest has this id.
    #[error("no registry in `{}` is `{id}`{}", .manifest.display(), others(.known))]
    Unknown {
        /// The id.
        id: RegistryId,
        /// The manifest.
        manifest: PathBuf,
        /// What the registries of the manifest are.
        known: Vec<(RegistryName, RegistryId)>,
    },
    /// Two registries of the manifest have one id.
    #[error("the registries `{first}` and `{second}` are both `{id}`")]
    Twins {
        /// The one.
        first: RegistryName,
        /// The other.
        second: RegistryName,
        /// Their id.
        id: RegistryId,
    },
}

fn others(known: &[(RegistryName, RegistryId)]) -> String {
    let known: Vec<String> = known.iter().map(|(name, id)| format!("`{name}` is `{id}`")).collect();
    if known.is_empty() { String::new() } else { format!(": {}", known.join(", ")) }
}

impl RegistriesError {
    /// Returns the error that two entries have one id. The one that goes, the second, is never the one
    /// that dependencies without a registry mean.
    fn twins(one: RegistryName, other: RegistryName, id: RegistryId) -> Self {
        let last = |one: &RegistryName| one.as_str() != RegistryName::DEFAULT;
        let (first, second) = if (last(&one), &one) < (last(&other), &other) { (one, other) } else { (other, one) };
        RegistriesError::Twins { first, second, id }
    }
}

impl Diagnose for RegistriesError {
    fn code(&self) -> Code {
        match self {
            RegistriesError::Unnamed { .. } => Code::A1034,
            RegistriesError::Unknown { .. } => Code::A1035,
            RegistriesError::Twins { .. } => Code::A1036,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RegistriesError::Unnamed { name, .. } => {
                vec![Hint::new(format!(
                    "add it to anvil.toml, under [registries]: `{name} = \"https://…\"`, or a folder"
                ))]
            }
            RegistriesError::Unknown { id, .. } if id.is_local() => {
                vec![Hint::new(format!("add the registry that is `{id}` to anvil.toml, under [registries]")), moved()]
            }
            RegistriesError::Unknown { id, .. } => {
                vec![Hint::new(format!("add it to anvil.toml, under [registries]: `name = \"https://{id}\"`")), moved()]
            }
            RegistriesError::Twins { second, .. } => {
                vec![Hint::new(format!("remove `{second}` from anvil.toml and name the other instead"))]
            }
        }
    }
}

/// A set never changes its registry by itself.
fn moved() -> Hint {
    Hint::new("to take a set from another registry instead, `anvil remove` it and `anvil add` it again")
}

/// The registries of one project.
pub struct Registries<'a> {
    context: &'a Context,
    folder: &'a Path,
    manifest: &'a Manifest,
    freshness: Freshness,
    open: Mutex<BTreeMap<RegistryName, Arc<Registry>>>,
    /// What will be asked for of those that are not open.
    expected: Mutex<BTreeMap<RegistryName, Vec<(SetName, Requirement)>>>,
    /// How long indexes were waited for, in microseconds.
    waited: AtomicU64,
}

impl<'a> Registries<'a> {
    /// Returns the registries that `manifest`, which lies in `folder`, names; none is opened yet.
    pub fn new(context: &'a Context, folder: &'a Path, manifest: &'a Manifest, freshness: Freshness) -> Self {
        let (open, expected) = (Mutex::default(), Mutex::default());
        Registries { context, folder, manifest, freshness, open, expected, waited: AtomicU64::new(0) }
    }

    /// Tells that, where the manifest's registry `name` is opened, versions of `set` that `requirement` takes will be
    /// asked for: a registry far away sends their index while it tells what it is.
    pub fn expect(&self, name: &RegistryName, set: &SetName, requirement: &Requirement) {
        let mut expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.entry(name.clone()).or_default().push((set.clone(), requirement.clone()));
    }

    /// Returns the registry that the manifest calls `name`, believed.
    pub fn named(&self, name: &RegistryName) -> Result<Arc<Registry>> {
        if let Some(open) = self.opened(name) {
            return Ok(open);
        }
        let entry = self.entry(name)?;
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner).remove(name).unwrap_or_default();
        let registry = Arc::new(self.context.open_registry_expecting(&entry, self.freshness, &expected)?);
        let mut others = self.manifest.registries.keys().filter(|other| *other != name);
        let is_twin = |other: &&RegistryName| {
            self.known_id(other).as_ref() == Some(registry.id()) && self.believes(other, registry.id())
        };
        if let Some(twin) = others.find(is_twin) {
            return Err(RegistriesError::twins(name.clone(), twin.clone(), registry.id().clone()).into());
        }
        self.context.tell_registry(Some(name), &registry);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(name.clone(), Arc::clone(&registry));
        Ok(registry)
    }

    fn entry(&self, name: &RegistryName) -> Result<Entry> {
        let Some(written) = self.manifest.registries.get(name) else {
            let manifest = self.folder.join(crate::manifest::FILE_NAME);
            return Err(RegistriesError::Unnamed { name: name.clone(), manifest }.into());
        };
        let location = Location::of(written, self.folder)?;
        Ok(Entry { name: name.clone(), location, vouched: written.id.clone() })
    }

    /// Returns whether the registry that the manifest calls `name` is believed to be `stated`. One that
    /// is not is nobody's twin: else it could keep another from being used by claiming its id.
    fn believes(&self, name: &RegistryName, stated: &RegistryId) -> bool {
        self.entry(name).is_ok_and(|entry| registry::believe(&entry, stated).is_ok())
    }

    /// Returns the id of the registry that the manifest calls `name` as far as it takes no network to
    /// know it. Nobody has asked whether it is believed.
    fn known_id(&self, name: &RegistryName) -> Option<RegistryId> {
        if let Some(open) = self.opened(name) {
            return Some(open.id().clone());
        }
        let written = self.manifest.registries.get(name)?;
        let location = Location::of(written, self.folder).ok()?;
        match (&written.id, location.place()) {
            (Some(vouched), _) => Some(vouched.clone()),
            (None, Place::Folder(_)) => Some(self.context.registry_at(&location, self.freshness).ok()?.id().clone()),
            (None, Place::Web(_)) => None,
        }
    }

    /// Returns the same id, and where it takes the network to know it, what was stated the last time.
    fn known_or_cached_id(&self, name: &RegistryName) -> Option<RegistryId> {
        self.known_id(name).or_else(|| {
            let written = self.manifest.registries.get(name)?;
            let location = Location::of(written, self.folder).ok()?;
            registry::last_known_id(&location, self.context.cache.as_ref()?)
        })
    }

    /// Returns the id of the registry that the manifest calls `name`, as far as it takes no request to know it and it is
    /// believed.
    pub fn believed_id(&self, name: &RegistryName) -> Option<RegistryId> {
        self.known_or_cached_id(name).filter(|id| self.believes(name, id))
    }

    /// Checks, as far as it takes no request, that no two of the registries are the same.
    ///
    /// # Errors
    /// [`RegistriesError::Twins`] when two of them are known to be.
    pub fn check_twins(&self) -> Result<(), RegistriesError> {
        let mut known: BTreeMap<RegistryId, RegistryName> = BTreeMap::new();
        for name in self.manifest.registries.keys() {
            let Some(id) = self.believed_id(name) else { continue };
            if let Some(twin) = known.insert(id.clone(), name.clone()) {
                return Err(RegistriesError::twins(name.clone(), twin, id));
            }
        }
        Ok(())
    }

    /// Checks, as far as it takes no request, that one of the registries is `id`: by what a folder
    /// states, what the manifest vouches for, and what a server stated the last time. A registry of
    /// which nothing is known yet may be it.
    ///
    /// # Errors
    /// [`RegistriesError::Unknown`] when each of them is known to be another.
    pub fn may_have(&self, id: &RegistryId) -> Result<(), RegistriesError> {
        let mut known = Vec::new();
        for (name, written) in &self.manifest.registries {
            let location = Location::of(written, self.folder).ok();
            if location.as_ref().is_some_and(|location| location.is_home_of(id)) {
                return Ok(());
            }
            match self.known_or_cached_id(name) {
                Some(other) if other != *id => known.push((name.clone(), other)),
                Some(_) | None => return Ok(()),
            }
        }
        Err(self.unknown(id, known))
    }

    fn unknown(&self, id: &RegistryId, known: Vec<(RegistryName, RegistryId)>) -> RegistriesError {
        let manifest = self.folder.join(crate::manifest::FILE_NAME);
        RegistriesError::Unknown { id: id.clone(), manifest, known }
    }

    /// Returns how long the resolver waited for indexes: what it did not think.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.waited.load(Ordering::Relaxed))
    }

    /// Returns how many requests for indexes one registry had to be made one after the other.
    pub fn round_trips(&self) -> usize {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.values().map(|registry| registry.round_trips()).max().unwrap_or(0)
    }

    /// Returns what the manifest calls those registries that are open.
    pub fn known_names(&self) -> BTreeMap<RegistryId, RegistryName> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().map(|(name, registry)| (registry.id().clone(), name.clone())).collect()
    }

    /// Returns the registry of dependencies that name none.
    pub fn default(&self) -> Result<Arc<Registry>> {
        self.named(&RegistryName::default_name())
    }

    /// Returns the registry whose id is `id`. Registries are opened until one is it: first those
    /// that the manifest vouches for by this id, then the others.
    pub fn with_id(&self, id: &RegistryId) -> Result<Arc<Registry>> {
        let vouched = |name: &&RegistryName| {
            self.manifest.registries.get(*name).is_some_and(|entry| entry.id.as_ref() == Some(id))
        };
        let names: Vec<&RegistryName> = self.manifest.registries.keys().collect();
        let (first, rest): (Vec<&RegistryName>, Vec<&RegistryName>) = names.into_iter().partition(vouched);
        let (mut failed, mut known) = (None, Vec::new());
        for name in first.into_iter().chain(rest) {
            let entry = self.manifest.registries.get(name);
            if let Some(other) = entry.and_then(|entry| entry.id.as_ref()).filter(|other| *other != id) {
                known.push((name.clone(), other.clone())); // It would not be believed to be this one.
                continue;
            }
            match self.named(name) {
                Ok(registry) if registry.id() == id => return Ok(registry),
                Ok(other) => known.push((name.clone(), other.id().clone())),
                // Another registry that is down must not keep this one from being found.
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed.unwrap_or_else(|| self.unknown(id, known).into()))
    }

    /// Returns the registry whose id is `id`, as the resolver asks for it.
    pub(super) fn available(&self, id: &RegistryId) -> Result<Arc<Registry>, Unavailable> {
        self.with_id(id).map_err(|error| match error.downcast_ref() {
            Some(RegistriesError::Unknown { .. }) => Unavailable::UnknownRegistry,
            _ => Unavailable::Failed(error),
        })
    }

    fn opened(&self, name: &RegistryName) -> Option<Arc<Registry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

impl Index for Registries<'_> {
    fn versions(&self, registry: &RegistryId, set: &SetName) -> Result<Versions, Unavailable> {
        let begun = Instant::now();
        let versions = versions_in(&*self.available(registry)?, set);
        let passed = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waited.fetch_add(passed, Ordering::Relaxed);
        versions
    }

    fn prefetch(&self, wanted: &[Wanted<'_>]) {
        let mut by_registry: BTreeMap<&RegistryId, Vec<(SetName, Requirement)>> = BTreeMap::new();
        for want in wanted {
            by_registry.entry(want.registry).or_default().push((want.name.clone(), want.requirement.clone()));
        }
        for (id, sets) in by_registry {
            // What fails here fails again, and is told, when it is asked for.
            if let Ok(registry) = self.with_id(id) {
                registry.prefetch(&sets);
            }
        }
    }

    fn similar(&self, registry: &RegistryId, set: &SetName) -> Option<SetName> {
        similar_in(&*self.with_id(registry).ok()?, set)
    }
}

/// Returns the name of a set of `registry` that `set` may be a slip of.
pub(super) fn similar_in(registry: &Registry, set: &SetName) -> Option<SetName> {
    let names = registry.names().ok()?;
    // A catalog may know of a set whose index is gone; that is no suggestion.
    let others = names.iter().filter(|name| *name != set);
    crate::error::suggest(set.as_str(), others.map(SetName::as_str))?.parse().ok()
}

/// Returns what `registry` has of `set`, as the resolver asks for it.
pub(super) fn versions_in(registry: &Registry, set: &SetName) -> Result<Versions, Unavailable> {
    match registry.outline(set) {
        Ok(Some(index)) => Ok(versions(&index)),
        Ok(None) => Err(Unavailable::NotFound),
        Err(RegistryError::Offline { .. }) => Err(Unavailable::Offline),
        Err(error) => Err(Unavailable::Failed(error.into())),
    }
}

fn versions(index: &Arc<Outline>) -> Versions {
    // A set in a later edition of the prompt language could be fetched, and not be read.
    let is_known = |release: &Release| release.edition <= crate::manifest::EDITION;
    let releases = || index.releases.iter().enumerate();
    let candidates: Vec<Candidate> = releases()
        .filter(|(_, release)| is_known(release))
        .map(|(at, release)| candidate(index, at, release))
        .collect();
    Versions {
        newer: index.newer + index.releases.len() - candidates.len(),
        candidates,
        invalid: index.contradicting.clone(),
    }
}

fn candidate(index: &Arc<Outline>, at: usize, release: &Release) -> Candidate {
    Candidate {
        version: release.version.clone(),
        dependencies: Dependencies::of(index, at),
        yanked: release.yanked().cloned(),
        published_at: release.published_at,
        anvil: release.anvil().cloned(),
    }
}
