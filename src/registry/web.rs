//! A registry behind HTTP, and what of it the cache holds.

use super::http::{Answer, Ask, Cut, Found, Http, Keep};
use super::{Freshness, Location, RegistryError};
use crate::store::{CachedFile, IndexCache};
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
    Ask(Option<(CachedFile, T)>),
}

impl Web {
    /// Returns what the cache says of `file`, read by `parse`. What does not parse counts as not cached.
    ///
    /// # Errors
    /// [`RegistryError::Offline`] when the network may not be used and the cache does not have it.
    pub fn local<T>(
        &self,
        file: File<'_>,
        parse: impl Fn(&[u8]) -> Result<T, RegistryError>,
    ) -> Result<Local<T>, RegistryError> {
        let cached = self.cache.as_ref().and_then(|cache| cache.get(file.path));
        let cached = cached.and_then(|cached| parse(&cached.bytes).ok().map(|parsed| (cached, parsed)));
        let fresh = |parsed: T| {
            self.http.tell_cached(file.path);
            Ok(Local::Fresh(parsed))
        };
        match (self.freshness, cached) {
            (Freshness::Offline, Some((_, parsed))) => fresh(parsed),
            (Freshness::Offline, None) => {
                Err(RegistryError::Offline { location: self.location.clone(), what: format!("`{}`", file.path) })
            }
            (Freshness::Cached, Some((cached, parsed))) if cached.is_fresh(now()) => fresh(parsed),
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
        held: Option<(CachedFile, T)>,
        parse: impl Fn(&[u8]) -> Result<T, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        let etag = held.as_ref().and_then(|(cached, _)| cached.etag.as_deref());
        let ask = Ask { path: file.path, wanted: file.wanted, limit: file.limit, etag, cut: Cut::StartOver };
        match (self.http.get(ask).await?, held) {
            (Answer::Found(Found { bytes, etag, keep }), _) => {
                let parsed = parse(&bytes)?;
                self.keep(file, CachedFile { bytes, etag, stored_at: now(), max_age: None }, keep);
                Ok(Some(parsed))
            }
            (Answer::Unchanged(keep), Some((cached, parsed))) => {
                let before = Keep::For(Duration::from_secs(cached.max_age.unwrap_or(0)));
                self.keep(file, CachedFile { stored_at: now(), ..cached }, keep.unwrap_or(before));
                Ok(Some(parsed))
            }
            (Answer::Unchanged(_) | Answer::Missing, _) => Ok(None),
        }
    }

    fn keep(&self, file: File<'_>, answer: CachedFile, keep: Keep) {
        let (Some(cache), Keep::For(max_age)) = (&self.cache, keep) else { return };
        // A cache that cannot be written must not stop a command that needs nothing but the answer.
        let _ = cache.put(file.path, &CachedFile { max_age: Some(max_age.as_secs()), ..answer });
    }
}

/// Returns the seconds since 1970, as the cache counts.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
