//! Registries: reading them, all in the same way, and publishing to one that is a folder.
//!
//! A [`Registry`] is open and believed (`trust`): what it says is taken as the word of the id
//! that it states. It gives index files ([`Registry::index`], fetched ahead by
//! [`Registry::prefetch`]), bundles whose bytes were checked ([`Registry::bundle`],
//! [`Registry::fetch_bundles`]), channels and names. The API is synchronous; the one async
//! runtime behind it starts with the first request.
//!
//! Writing ([`publish`], [`verify`]) acts on the folder that is named and asks nobody
//! whether to believe it. What to do with bundles is left to the store and the use cases.

mod authorization;
mod bundles;
mod copying;
mod error;
mod folder;
mod http;
mod indexes;
mod location;
pub mod publish;
mod pulse;
mod rebuild;
mod runtime;
mod snapshot;
mod tls;
mod trust;
pub mod verify;
mod web;

#[cfg(test)]
mod test_server;

pub use bundles::Wanted;
pub use copying::RawFile;
pub use error::{BundleMismatch, Refusal, RegistryError};
pub use location::{Location, Place};
pub use pulse::{Pulse, pulse};
pub use rebuild::Rebuilt;
pub use trust::{Entry, believe};

use crate::config::credentials::Credentials;
use crate::index::{Catalog, Channels, IndexFile, Line, Outline, Paths, RegistryFile, SnapshotOffer};
use crate::name::{RegistryId, SetName};
use crate::progress::{Progress, Silent};
use crate::store::{Cache, CachedFile, IndexCache};
use crate::version::{Requirement, Version};
use folder::Folder;
use http::Http;
use indexes::{Indexes, Source};
use std::sync::Arc;
use std::time::Duration;
use web::{File, Local, Parsed, Web};

/// The most bytes of an index file.
pub const INDEX_LIMIT: u64 = 32 << 20;
/// The most bytes of all index files that one command reads of one registry, which bounds its memory: five thousand
/// sets of fifty versions have a third of it.
pub const INDEXES_LIMIT: u64 = 512 << 20;
/// The most bytes of a registry file.
pub const REGISTRY_FILE_LIMIT: u64 = 64 << 10;
/// The most bytes of a channels file.
pub const CHANNELS_LIMIT: u64 = 1 << 20;
/// The most bytes of a catalog.
pub const CATALOG_LIMIT: u64 = 32 << 20;

/// The most indexes that are asked for before the registry is known: each may take a connection of its own.
const EXPECTED: usize = 16;

/// How recent the answers of a registry must be. A folder is always read as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// What is cached is used for as long as the server allowed.
    #[default]
    Cached,
    /// The server is asked whether what is cached still holds.
    Revalidate,
    /// What is cached is used, however old, and the network never.
    Offline,
}

/// How patient the HTTP client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// The longest that connecting may take.
    pub connect_timeout: Duration,
    /// The longest that nothing may come.
    pub read_timeout: Duration,
    /// How often a request that failed is tried again.
    pub retries: u32,
    /// The pause before the first of these tries; each next one is twice as long.
    pub backoff: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        HttpSettings {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            retries: 3,
            backoff: Duration::from_millis(250),
        }
    }
}

/// How registries are read.
#[derive(Clone)]
pub struct Options {
    /// How recent the answers must be.
    pub freshness: Freshness,
    /// Where answers are kept between commands; losing them costs time and nothing else.
    pub cache: Option<Cache>,
    /// How patient the HTTP client is.
    pub http: HttpSettings,
    /// Who is told about tries that failed.
    pub progress: Arc<dyn Progress>,
    /// What is known of credentials. Each goes to its own origin alone.
    pub credentials: Arc<Credentials>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            freshness: Freshness::default(),
            cache: None,
            http: HttpSettings::default(),
            progress: Arc::new(Silent),
            credentials: Arc::new(Credentials::none()),
        }
    }
}

/// A registry that is open.
pub struct Registry {
    location: Location,
    file: RegistryFile,
    source: Source,
    indexes: Arc<Indexes>,
}

impl Registry {
    /// Opens the registry that a project calls `entry.name`, and believes it only by the rule of [`believe`].
    ///
    /// # Errors
    /// When there is no registry, it cannot be read, or it is not believed.
    pub fn open(entry: &Entry, options: &Options) -> Result<Self, RegistryError> {
        Self::open_expecting(entry, options, &[])
    }

    /// Does what [`Registry::open`] does, and begins meanwhile to fetch the first of the indexes of `expected`, which
    /// the caller will ask for if the registry is believed.
    ///
    /// # Errors
    /// As [`Registry::open`].
    pub fn open_expecting(
        entry: &Entry,
        options: &Options,
        expected: &[(SetName, Requirement)],
    ) -> Result<Self, RegistryError> {
        let registry = Self::connect(&entry.location, options, expected)?;
        believe(entry, &registry.file.id)?;
        Ok(registry)
    }

    /// Opens the registry at `location`, taking its word for its id: for commands that are given a place.
    ///
    /// # Errors
    /// When there is no registry, or it cannot be read.
    pub fn at(location: &Location, options: &Options) -> Result<Self, RegistryError> {
        Self::connect(location, options, &[])
    }

    fn connect(
        location: &Location,
        options: &Options,
        expected: &[(SetName, Requirement)],
    ) -> Result<Self, RegistryError> {
        let source = match location.place() {
            Place::Folder(path) => Source::Folder(Folder::new(path)),
            Place::Web(url) => Source::Web(Arc::new(Web {
                location: location.clone(),
                http: Http::new(url.clone(), options.http, options.progress.clone(), options.credentials.clone())?,
                cache: options.cache.as_ref().map(|cache| IndexCache::open(cache, &location.key())),
                freshness: options.freshness,
            })),
        };
        let file = File { path: Paths::REGISTRY_FILE, wanted: "a registry file", limit: REGISTRY_FILE_LIMIT };
        let place = location.clone();
        let parse = move |bytes: &[u8]| {
            let file = RegistryFile::parse(bytes);
            let file = file.map_err(|source| RegistryError::RegistryFile { location: place.clone(), source })?;
            Ok((file, SnapshotOffer::of(bytes)))
        };
        let indexes = Indexes::new(location.clone(), source.clone(), options.progress.clone());
        let meanwhile = |web: &Arc<Web>| {
            // Seventeen refusals of one mistaken password may close an account.
            if !expected.is_empty() && !Web::has_credentials(web) {
                indexes.expect(expected.iter().take(EXPECTED).cloned().collect());
            }
        };
        let read = read_meanwhile(&source, file, parse, meanwhile)?;
        let (file, offer) = read.ok_or_else(|| RegistryError::NoRegistry { location: location.clone() })?;
        indexes.open(&file.id, offer);
        Ok(Registry { location: location.clone(), file, source, indexes })
    }

    /// Returns what the registry is.
    pub fn id(&self) -> &RegistryId {
        &self.file.id
    }

    /// Returns where the registry is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Checks that the registry is the one that a lock names.
    ///
    /// # Errors
    /// [`RegistryError::Different`], naming both.
    pub fn require(&self, locked: &RegistryId) -> Result<(), RegistryError> {
        if self.id() == locked {
            return Ok(());
        }
        Err(RegistryError::Different {
            location: self.location.clone(),
            stated: self.id().clone(),
            expected: locked.clone(),
        })
    }

    /// Returns the outline of the index of `name`, or nothing if the registry has no such set: what choosing
    /// versions takes, for much less than [`Registry::index`]. It is read once in a process.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outline(&self, name: &SetName) -> Result<Option<Arc<Outline>>, RegistryError> {
        self.indexes.outline(name)
    }

    /// Returns the index of `name`, or nothing if the registry has no such set. It is read once in a process.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn index(&self, name: &SetName) -> Result<Option<Arc<IndexFile>>, RegistryError> {
        self.indexes.index(name)
    }

    /// Returns the index of `name` with its text as it stands, for whoever hands versions on. It is read anew.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn index_with_text(&self, name: &SetName) -> Result<Option<(IndexFile, Vec<u8>)>, RegistryError> {
        let path = Paths::index(name);
        let (set, location) = (name.clone(), self.location.clone());
        let parse = move |bytes: &[u8]| {
            let index = IndexFile::parse(&set, bytes);
            let index = index.map_err(|source| RegistryError::Index { location: location.clone(), source })?;
            Ok((index, bytes.to_vec()))
        };
        read(&self.source, File { path: &path, wanted: "an index", limit: INDEX_LIMIT }, parse)
    }

    /// Returns what the index says of `version` of `name`, as far as no request is needed to know it: from
    /// a folder, or from what the cache holds, however old.
    pub fn lines_at_hand(&self, name: &SetName, version: &Version) -> Vec<Line> {
        let path = Paths::index(name);
        let text = match &self.source {
            Source::Folder(folder) => folder.read(&path, INDEX_LIMIT).ok().flatten(),
            Source::Web(web) => web.cache.as_ref().and_then(|cache| Some(cache.get(&path)?.bytes)),
        };
        text.map(|text| IndexFile::lines_of(&text, version)).unwrap_or_default()
    }

    /// Begins to fetch the indexes of `wanted` and, as they arrive, those of what their newest matching
    /// versions depend on in this registry, and returns at once. What fails here is told by
    /// [`Registry::index`], if it is ever asked for.
    pub fn prefetch(&self, wanted: &[(SetName, Requirement)]) {
        self.indexes.prefetch(wanted.to_vec());
    }

    /// Returns how many requests for indexes were made one after the other at most, each when the one before it was
    /// answered: as many as the graph has levels, or some more where levels are wide.
    pub fn round_trips(&self) -> usize {
        self.indexes.round_trips()
    }

    /// Returns the channels of `name`; a set without any has none.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn channels(&self, name: &SetName) -> Result<Channels, RegistryError> {
        let path = Paths::channels(name);
        let (set, location) = (name.clone(), self.location.clone());
        let parse = move |bytes: &[u8]| {
            Channels::parse(&set, bytes)
                .map_err(|source| RegistryError::Channels { location: location.clone(), source })
        };
        let file = File { path: &path, wanted: "a channels file", limit: CHANNELS_LIMIT };
        Ok(read(&self.source, file, parse)?.unwrap_or_default())
    }

    /// Returns the catalog, which may be older than the index; one that is not there is empty.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn catalog(&self) -> Result<Catalog, RegistryError> {
        let location = self.location.clone();
        let parse = move |bytes: &[u8]| {
            Catalog::parse(bytes).map_err(|source| RegistryError::Catalog { location: location.clone(), source })
        };
        let file = File { path: Paths::CATALOG, wanted: "a catalog", limit: CATALOG_LIMIT };
        Ok(read(&self.source, file, parse)?.unwrap_or_default())
    }

    /// Returns the names of the registry's sets, sorted: all of them from a folder, and those that the
    /// catalog knows from a host, which cannot be listed. For suggestions.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn names(&self) -> Result<Vec<SetName>, RegistryError> {
        match &self.source {
            Source::Folder(folder) => folder.names(),
            Source::Web(_) => Ok(self.catalog()?.lines().iter().map(|line| line.name.clone()).collect()),
        }
    }
}

/// Returns what the registry at `location` stated that it is when it was last asked, if `cache` still
/// knows it. Nobody is asked now.
pub fn last_known_id(location: &Location, cache: &Cache) -> Option<RegistryId> {
    let cached = IndexCache::open(cache, &location.key()).get(Paths::REGISTRY_FILE)?;
    Some(RegistryFile::parse(&cached.bytes).ok()?.id)
}

/// Returns the small file `file` of a registry, read by `parse`, or nothing if there is none.
fn read<T: Send + 'static>(
    source: &Source,
    file: File<'_>,
    parse: impl Fn(&[u8]) -> Result<T, RegistryError> + Send + Sync + 'static,
) -> Result<Option<T>, RegistryError> {
    read_meanwhile(source, file, parse, |_| {})
}

/// Does what [`read`] does, and `meanwhile` if a server has to be asked and may take its time.
fn read_meanwhile<T: Send + 'static>(
    source: &Source,
    file: File<'_>,
    parse: impl Fn(&[u8]) -> Result<T, RegistryError> + Send + Sync + 'static,
    meanwhile: impl FnOnce(&Arc<Web>),
) -> Result<Option<T>, RegistryError> {
    let web = match source {
        Source::Folder(folder) => return folder.read(file.path, file.limit)?.map(|bytes| parse(&bytes)).transpose(),
        Source::Web(web) => web.clone(),
    };
    let cached = |cache: &IndexCache| {
        let CachedFile { bytes, stamp } = cache.get(file.path)?;
        Some((stamp, parse(&bytes).ok()?))
    };
    match web.local(file, cached)? {
        Local::Fresh(parsed) => Ok(Some(parsed)),
        Local::Ask(held) => {
            let (path, wanted, limit) = (file.path.to_owned(), file.wanted, file.limit);
            let parse = move |bytes: &[u8]| parse(bytes).map(Parsed::plain);
            meanwhile(&web);
            runtime::wait_for(async move { web.ask(File { path: &path, wanted, limit }, held, parse).await })
        }
    }
}

#[cfg(test)]
mod tests;
