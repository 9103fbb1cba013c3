//! What a use case is given of the world, so that none of them looks for it on its own.

use crate::progress::Progress;
use crate::registry::{AnswerCache, CachedAnswer, Entry, Freshness, HttpSettings, Location, Options, Registry, RegistryError};
use crate::fs::FsError;
use crate::store::{Cache, CachedFile, IndexCache};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

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
    /// The machine's cache.
    pub cache: Cache,
    /// Whether the network may be used.
    pub network: Network,
    /// How patient the HTTP client is.
    pub http: HttpSettings,
    /// The time, in seconds since 1970-01-01 UTC. Handed in, so that a run can be repeated.
    pub now: u64,
    /// Who is told how work goes on.
    pub progress: Arc<dyn Progress>,
}

impl Context {
    /// Returns who is told how work goes on.
    pub fn progress(&self) -> &dyn Progress {
        &*self.progress
    }

    /// Opens the registry that a project calls `entry.name`, and believes it only by the rule of the format.
    ///
    /// # Errors
    /// When it cannot be read, or is not believed.
    pub fn open_registry(&self, entry: &Entry, freshness: Freshness) -> Result<Registry, RegistryError> {
        Registry::open(entry, &self.registry_options(&entry.location, freshness))
    }

    /// Opens the registry at a place that the command line names, taking its word for its id.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn registry_at(&self, location: &Location, freshness: Freshness) -> Result<Registry, RegistryError> {
        Registry::at(location, &self.registry_options(location, freshness))
    }

    fn registry_options(&self, location: &Location, freshness: Freshness) -> Options {
        let cache = Answers(IndexCache::open(&self.cache, &location.key()));
        Options {
            freshness: if self.network == Network::Offline { Freshness::Offline } else { freshness },
            cache: Some(Arc::new(cache)),
            http: self.http,
            progress: Arc::clone(&self.progress),
        }
    }
}

/// The part of the cache that keeps one registry's answers.
struct Answers(IndexCache);

impl AnswerCache for Answers {
    fn get(&self, path: &str) -> Result<Option<CachedAnswer>, FsError> {
        let answer = |file: CachedFile| CachedAnswer {
            bytes: file.bytes,
            etag: file.etag,
            stored_at: UNIX_EPOCH + Duration::from_secs(file.stored_at),
            max_age: Duration::from_secs(file.max_age.unwrap_or_default()),
        };
        Ok(self.0.get(path).map(answer))
    }

    fn put(&self, path: &str, answer: &CachedAnswer) -> Result<(), FsError> {
        let stored_at = answer.stored_at.duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
        let file = CachedFile {
            bytes: answer.bytes.clone(),
            etag: answer.etag.clone(),
            stored_at,
            max_age: Some(answer.max_age.as_secs()),
        };
        self.0.put(path, &file)
    }
}
