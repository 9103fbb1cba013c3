//! A registry behind HTTP, and what of it the cache holds.

use super::http::{Answer, Ask, Cut, Found, Http, Keep};
use super::{Freshness, Location, RegistryError, runtime};
use crate::store::{CachedFile, IndexCache, Stamp};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A registry behind HTTP.
pub(super) struct Web {
    pub location: Location,
    pub http: Http,
    pub cache: Option<IndexCache>,
    pub freshness: Freshness,
}

/// One small file of a registry.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// Relative to the registry's root.
    pub path: &'a str,
    /// What it is, for messages: "an index".
    pub wanted: &'static str,
    /// The most bytes it may have.
    pub limit: u64,
}

/// What the cache says of a file.
pub(super) enum Local<T> {
    /// It has it, and nobody needs to be asked.
    Fresh(T),
    /// The server has to be asked; this is what the cache holds already.
    Ask(Option<(Stamp, T)>),
}

/// What a file says, and the outline that the cache keeps of it; an empty one is none.
pub(super) struct Parsed<T> {
    pub value: T,
    pub outline: Vec<u8>,
}

impl<T> Parsed<T> {
    /// Returns what a file without an outline says.
    pub fn plain(value: T) -> Self {
        Parsed { value, outline: Vec::new() }
    }
}

impl Web {
    /// Returns whether requests carry a credential, or would if it could be read.
    pub fn has_credentials(web: &Arc<Self>) -> bool {
        let web = Arc::clone(web);
        runtime::wait_for(async move { web.http.has_credentials().await }).unwrap_or(true)
    }

    /// Returns what the cache says of `file`, as `cached` reads it there. What does not parse counts as not cached.
    ///
    /// # Errors
    /// [`RegistryError::Offline`] when the network may not be used and the cache does not have it.
    pub fn local<T>(
        &self,
        file: File<'_>,
        cached: impl FnOnce(&IndexCache) -> Option<(Stamp, T)>,
    ) -> Result<Local<T>, RegistryError> {
        let cached = self.cache.as_ref().and_then(cached);
        let fresh = |parsed: T| {
            self.http.tell_cached(file.path);
            Ok(Local::Fresh(parsed))
        };
        match (self.freshness, cached) {
            (Freshness::Offline, Some((_, parsed))) => fresh(parsed),
            (Freshness::Offline, None) => {
                Err(RegistryError::Offline { location: self.location.clone(), what: format!("`{}`", file.path) })
            }
            (Freshness::Cached, Some((stamp, parsed))) if stamp.is_fresh(now()) => fresh(parsed),
            (_, cached) => Ok(Local::Ask(cached)),
        }
    }

    /// Returns what the server has at `file`, read by `parse`, or nothing if it has no such file.
    /// `held` is what the cache holds of it. Only what parses is kept.
    ///
    /// # Errors
    /// When the server cannot be asked, and those of `parse`.
    pub async fn ask<T>(
        &self,
        file: File<'_>,
        held: Option<(Stamp, T)>,
        parse: impl Fn(&[u8]) -> Result<Parsed<T>, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        let answer = self.http.get(question(file, held.as_ref())).await?;
        self.take(file, held, answer, parse)
    }

    /// Does what [`Web::ask`] does with one try alone, for what can be done without.
    ///
    /// # Errors
    /// Those of [`Web::ask`].
    pub async fn ask_once<T>(
        &self,
        file: File<'_>,
        held: Option<(Stamp, T)>,
        parse: impl Fn(&[u8]) -> Result<Parsed<T>, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        let answer = self.http.get_once(question(file, held.as_ref())).await?;
        self.take(file, held, answer, parse)
    }

    /// Reads `answer` by `parse`, and keeps it in the cache if the server allows it.
    fn take<T>(
        &self,
        file: File<'_>,
        held: Option<(Stamp, T)>,
        answer: Answer,
        parse: impl Fn(&[u8]) -> Result<Parsed<T>, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        // A cache that cannot be written must not stop a command that needs nothing but the answer.
        match (answer, held) {
            (Answer::Found(Found { bytes, etag, keep }), _) => {
                let Parsed { value, outline } = parse(&bytes)?;
                if let (Some(cache), Some(stamp)) = (&self.cache, stamp(etag, keep)) {
                    let _ = cache.put(file.path, &CachedFile { bytes, stamp }, &outline);
                }
                Ok(Some(value))
            }
            (Answer::Unchanged(keep), Some((Stamp { etag, max_age, .. }, value))) => {
                let before = Keep::For(Duration::from_secs(max_age.unwrap_or(0)));
                if let (Some(cache), Some(stamp)) = (&self.cache, stamp(etag, keep.unwrap_or(before))) {
                    let _ = cache.touch(file.path, &stamp);
                }
                Ok(Some(value))
            }
            (Answer::Unchanged(_) | Answer::Missing, _) => Ok(None),
        }
    }
}

/// Returns what to ask for to get `file`, where the cache holds `held` of it.
fn question<'a, T>(file: File<'a>, held: Option<&'a (Stamp, T)>) -> Ask<'a> {
    let etag = held.and_then(|(stamp, _)| stamp.etag.as_deref());
    Ask { path: file.path, wanted: file.wanted, limit: file.limit, etag, cut: Cut::StartOver }
}

/// Returns the stamp of what came or was found unchanged just now, if it may be stored.
pub(super) fn stamp(etag: Option<String>, keep: Keep) -> Option<Stamp> {
    match keep {
        Keep::Never => None,
        Keep::For(max_age) => Some(Stamp { etag, stored_at: now(), max_age: Some(max_age.as_secs()) }),
    }
}

/// Returns the seconds since 1970, as the cache counts.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
