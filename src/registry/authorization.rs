//! What a registry's host is told about who asks.
//!
//! The credential is looked up when the first request is about to be made, and belongs to the
//! origin of the registry's root, to which every request goes. A redirection that leaves it takes
//! no credential along, not even that of the origin to which it leads: where a registry sends us
//! is for the registry to say, and what we prove to whom is not.

use super::error::{Refusal, Takes};
use super::{RegistryError, runtime};
use crate::config::credentials::{Credentials, Found, Origin, sent};
use crate::progress::Progress;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What one host is told.
pub(super) struct Authorization {
    /// Nothing where the URL is of no kind that has credentials.
    origin: Option<Origin>,
    /// The registry's root, as people write it.
    registry: String,
    credentials: Arc<Credentials>,
    found: OnceCell<Option<Proof>>,
}

struct Proof {
    found: Arc<Found>,
    header: HeaderValue,
}

impl Authorization {
    /// Returns what the host of `root` is to be told, by what `credentials` know; nothing is looked up yet.
    pub fn new(root: &Url, credentials: Arc<Credentials>) -> Self {
        let registry = root.as_str().trim_end_matches('/').to_owned();
        Authorization { origin: Origin::of(root), registry, credentials, found: OnceCell::new() }
    }

    /// Returns whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.origin.as_ref().is_some_and(Origin::is_loopback)
    }

    /// Looks the credential up, the first time that it is needed.
    ///
    /// # Errors
    /// When there is one and it cannot be used.
    pub async fn find(&self, progress: &dyn Progress) -> Result<(), RegistryError> {
        let Some(origin) = &self.origin else { return Ok(()) };
        let look = || async {
            let (credentials, wanted) = (Arc::clone(&self.credentials), origin.clone());
            // A helper may take its time, and others are to be served meanwhile.
            let found = tokio::task::spawn_blocking(move || credentials.find(&wanted)).await;
            let found = found.map_err(|_| runtime::broken_off())?.map_err(RegistryError::Credentials)?;
            let Some(found) = found else { return Ok(None) };
            let mut header = HeaderValue::from_str(&found.credential.header())
                .map_err(|_| RegistryError::Client { why: format!("the credentials for {origin} fit no header") })?;
            header.set_sensitive(true); // HTTP/2 must not index it, nor any log show it.
            sent::note(&found.credential);
            progress.detail_once(format_args!(
                "{origin} is asked with the {} {}",
                found.credential.kind(),
                found.source
            ));
            Ok(Some(Proof { found, header }))
        };
        self.found.get_or_try_init(look).await.map(drop)
    }

    /// Returns the header that proves who asks, if there is a credential.
    pub fn header(&self) -> Option<HeaderValue> {
        Some(self.found.get()?.as_ref()?.header.clone())
    }

    /// Returns why `answered`, the URL that a request came to in the end, asks for authentication; `headers` are those
    /// of the answer.
    pub fn refusal(&self, answered: &Url, headers: &HeaderMap) -> Refusal {
        let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let takes = Takes::of(challenges);
        let registry = self.registry.clone();
        match (&self.origin, self.found.get().and_then(Option::as_ref)) {
            (Some(origin), _) if Origin::of(answered).as_ref() != Some(origin) => {
                let to = Origin::of(answered).map_or("another host".into(), |other| other.to_string());
                Refusal::Elsewhere { to }
            }
            (_, Some(Proof { found, .. })) => {
                Refusal::Refused { kind: found.credential.kind(), source_of: found.source.clone(), registry, takes }
            }
            (Some(origin), None) => {
                let mistaken = self.credentials.mistaken_variable(origin);
                Refusal::Needed { origin: origin.clone(), registry, mistaken, takes }
            }
            (None, None) => Refusal::Elsewhere { to: registry },
        }
    }
}
