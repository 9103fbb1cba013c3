//! A sign of life of a registry's server: how fast it answers, and what time it has. For whoever looks for
//! what is wrong; no command needs it, and no credential goes with it.

use super::runtime::wait_for;
use super::{Location, Place, RegistryError, tls};
use crate::index::Paths;
use reqwest::Client;
use reqwest::header::DATE;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// How a server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// How long it took, with all that it takes to connect.
    pub latency: Duration,
    /// The server's clock when it answered, in seconds since 1970, where it said.
    pub date: Option<i64>,
}

/// Returns how the server of `location` answers within `limit`; nothing for a folder.
///
/// # Errors
/// When it does not answer at all. Any status is an answer.
pub fn pulse(location: &Location, limit: Duration) -> Result<Option<Pulse>, RegistryError> {
    let Place::Web(root) = location.place() else { return Ok(None) };
    let failed = |why: String| RegistryError::Client { why };
    let url = root.join(Paths::REGISTRY_FILE).map_err(|error| failed(error.to_string()))?;
    let tls = tls::client_config().map_err(|error| failed(error.to_string()))?;
    let client = Client::builder().tls_backend_preconfigured(tls).timeout(limit).build();
    let client = client.map_err(|error| failed(error.to_string()))?;
    wait_for(async move {
        let began = Instant::now();
        let answer = client.head(url).send().await;
        let answer = answer.map_err(|error| RegistryError::Client { why: error.without_url().to_string() })?;
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok()).and_then(seconds);
        Ok(Some(Pulse { latency: began.elapsed(), date }))
    })
}

/// Reads a date as RFC 9110, section 5.6.7 has it, which is RFC 5322's with the zone `GMT`.
fn seconds(date: &str) -> Option<i64> {
    OffsetDateTime::parse(date, &Rfc2822).ok().map(OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(seconds("Fri, 02 Jan 2026 03:04:05 GMT"), Some(1_767_323_045));
        assert_eq!(seconds("yesterday"), None);
    }

    #[test]
    fn a_folder_has_no_pulse() {
        let folder = Location::folder(std::path::Path::new("/srv/registry"));
        assert_eq!(pulse(&folder, Duration::from_secs(1)).unwrap(), None);
    }
}
