//! A registry behind HTTP, and what of it the cache holds.

use super::http::{Answer, Ask, Cut, Found, Http, Keep};
use super::{Freshness, Location, RegistryError};
use crate::fs::FsError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A file as a cache holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedAnswer {
    /// All of it.
    pub bytes: Vec<u8>,
    /// By which the server knows it again.
    pub etag: Option<String>,
    /// When the server last said that it holds.
    pub stored_at: SystemTime,
    /// For how long after that it may be used without asking.
    pub max_age: Duration,
}

/// Where answers of one registry are kept between commands. Losing them costs time and nothing else.
pub trait AnswerCache: Send + Sync {
    /// Returns the file at `path` of the registry, if it is kept.
    ///
    /// # Errors
    /// When the cache cannot be read.
    fn get(&self, path: &str) -> Result<Option<CachedAnswer>, FsError>;

    /// Keeps `answer` as the file at `path` of the registry.
    ///
    /// # Errors
    /// When the cache cannot be written.
    fn put(&self, path: &str, answer: &CachedAnswer) -> Result<(), FsError>;
}

/// A registry behind HTTP.
pub(super) struct Web {
    pub location: Location,
    pub http: Http,
    pub cache: Option<Arc<dyn AnswerCache>>,
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
    Ask(Option<(CachedAnswer, T)>),
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
        let cached = match &self.cache {
            Some(cache) => cache.get(file.path)?,
            None => None,
        };
        let cached = cached.and_then(|cached| parse(&cached.bytes).ok().map(|parsed| (cached, parsed)));
        match (self.freshness, cached) {
            (Freshness::Offline, Some((_, parsed))) => Ok(Local::Fresh(parsed)),
            (Freshness::Offline, None) => {
                Err(RegistryError::Offline { location: self.location.clone(), what: format!("`{}`", file.path) })
            }
            (Freshness::Cached, Some((cached, parsed))) if is_fresh(&cached, SystemTime::now()) => {
                Ok(Local::Fresh(parsed))
            }
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
        held: Option<(CachedAnswer, T)>,
        parse: impl Fn(&[u8]) -> Result<T, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        let etag = held.as_ref().and_then(|(cached, _)| cached.etag.as_deref());
        let ask = Ask { path: file.path, wanted: file.wanted, limit: file.limit, etag, cut: Cut::StartOver };
        match (self.http.get(ask).await?, held) {
            (Answer::Found(Found { bytes, etag, keep }), _) => {
                let parsed = parse(&bytes)?;
                self.keep(
                    file,
                    CachedAnswer { bytes, etag, stored_at: SystemTime::now(), max_age: Duration::ZERO },
                    keep,
                );
                Ok(Some(parsed))
            }
            (Answer::Unchanged(keep), Some((cached, parsed))) => {
                self.keep(file, CachedAnswer { stored_at: SystemTime::now(), ..cached }, keep);
                Ok(Some(parsed))
            }
            (Answer::Unchanged(_) | Answer::Missing, _) => Ok(None),
        }
    }

    fn keep(&self, file: File<'_>, answer: CachedAnswer, keep: Keep) {
        let (Some(cache), Keep::For(max_age)) = (&self.cache, keep) else { return };
        // A cache that cannot be written must not stop a command that needs nothing but the answer.
        let _ = cache.put(file.path, &CachedAnswer { max_age, ..answer });
    }
}

/// Returns whether the server allowed to use `cached` at `now` without asking. A clock that was set back
/// makes it stale, not eternal.
fn is_fresh(cached: &CachedAnswer, now: SystemTime) -> bool {
    now.duration_since(cached.stored_at).is_ok_and(|age| age < cached.max_age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_fresh_for_its_age_and_not_before_its_time() {
        let stored_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let cached = CachedAnswer { bytes: Vec::new(), etag: None, stored_at, max_age: Duration::from_secs(60) };
        assert!(is_fresh(&cached, stored_at + Duration::from_secs(59)));
        assert!(!is_fresh(&cached, stored_at + Duration::from_secs(60)));
        assert!(!is_fresh(&cached, stored_at - Duration::from_secs(1)));
    }
}
