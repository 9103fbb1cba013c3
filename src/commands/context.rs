//! What a use case is given of the world, so that none of them looks for it on its own.

use super::environment::Selected;
use crate::config::ConfigError;
use crate::config::credentials::Credentials;
use crate::fs;
use crate::lockfile::LockedSet;
use crate::name::{RegistryName, SetName};
use crate::progress::Progress;
use crate::registry::{Entry, Freshness, HttpSettings, Location, Options, Registry, RegistryError};
use crate::resolver::{Detail, Strategy};
use crate::store::Cache;
use crate::version::Requirement;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Whether the network may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// It may.
    Online,
    /// It may not: what is not on this machine is an error.
    Offline,
}

/// The surroundings of one command.
#[derive(Clone)]
pub struct Context {
    /// Where the command runs: the working directory, or what `-C` named; absolute.
    pub directory: PathBuf,
    /// Which member of the workspace the command is about, where `--set` names one.
    pub set: Option<SetName>,
    /// The machine's cache; nothing where there is no place for one, which many commands can do without.
    pub cache: Option<Cache>,
    /// Whether the network may be used.
    pub network: Network,
    /// How patient the HTTP client is.
    pub http: HttpSettings,
    /// The environment that the command works for, if one is named.
    pub environment: Option<Selected>,
    /// The private key that reviews are signed with, if the user has set one.
    pub signing_key: Option<PathBuf>,
    /// The time, in seconds since 1970-01-01 UTC. Handed in, so that a run can be repeated.
    pub now: u64,
    /// Who is told how work goes on.
    pub progress: Arc<dyn Progress>,
    /// What the user has of credentials for registries.
    pub credentials: Arc<Credentials>,
    /// How versions are chosen.
    pub resolving: Resolving,
}

/// How versions are chosen in this run, where a command chooses some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resolving {
    /// Which of several versions is taken.
    pub strategy: Strategy,
    /// How much is told where there is no answer.
    pub detail: Detail,
}

impl Context {
    /// Returns a path of the command line as seen from the folder that the command runs in.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        fs::join(&self.directory, path.as_ref())
    }

    /// Returns an absolute path as people are shown it: relative to the folder that the command runs
    /// in where it is inside that, else whole.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.directory).unwrap_or(path).display().to_string()
    }

    /// Returns the time as the system's clock would tell it; what no clock can tell counts as 1970.
    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH.checked_add(Duration::from_secs(self.now)).unwrap_or(UNIX_EPOCH)
    }

    /// Returns who is told how work goes on.
    pub fn progress(&self) -> &dyn Progress {
        &*self.progress
    }

    /// Returns the machine's cache, for what cannot be done without one.
    ///
    /// # Errors
    /// When there is no place for one, or something else stands there.
    pub fn cache(&self) -> Result<&Cache, ConfigError> {
        let cache = self.cache.as_ref().ok_or_else(ConfigError::no_cache)?;
        fs::in_the_way(cache.path()).map_or(Ok(cache), |file| Err(ConfigError::NoFolder(file)))
    }

    /// Forgets the cached bundle of a locked set: it is not what was promised.
    pub fn forget_bundle(&self, set: &LockedSet) {
        if let (Some(cache), Some(sha256)) = (&self.cache, &set.sha256) {
            cache.forget(sha256);
        }
    }

    /// Opens the registry that a project calls `entry.name`, and believes it only by the rule of the format.
    ///
    /// # Errors
    /// When it cannot be read, or is not believed.
    pub fn open_registry(&self, entry: &Entry, freshness: Freshness) -> Result<Registry, RegistryError> {
        Registry::open(entry, &self.registry_options(freshness))
    }

    /// Does what [`Context::open_registry`] does for one whose indexes of `expected` will be asked for at once.
    ///
    /// # Errors
    /// When it cannot be read, or is not believed.
    pub(super) fn open_registry_expecting(
        &self,
        entry: &Entry,
        freshness: Freshness,
        expected: &[(SetName, Requirement)],
    ) -> Result<Registry, RegistryError> {
        Registry::open_expecting(entry, &self.registry_options(freshness), expected)
    }

    /// Opens the registry at a place that the command line names, taking its word for its id.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn registry_at(&self, location: &Location, freshness: Freshness) -> Result<Registry, RegistryError> {
        Registry::at(location, &self.registry_options(freshness))
    }

    /// Tells the curious which registry is read: the one that the manifest calls `name`, or one that the
    /// command line places.
    pub(super) fn tell_registry(&self, name: Option<&RegistryName>, registry: &Registry) {
        let (id, place) = (registry.id(), registry.location());
        match name {
            Some(name) => self.progress.detail_once(format_args!("the registry `{name}` is `{id}`, at {place}")),
            None => self.progress.detail_once(format_args!("the registry at {place} is `{id}`")),
        }
    }

    pub(super) fn registry_options(&self, freshness: Freshness) -> Options {
        Options {
            freshness: if self.network == Network::Offline { Freshness::Offline } else { freshness },
            cache: self.cache.clone(),
            http: self.http,
            progress: Arc::clone(&self.progress),
            credentials: Arc::clone(&self.credentials),
        }
    }
}
