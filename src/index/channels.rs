//! `channels/<project>/<set>.json`.

use crate::error::{Code, Diagnose};
use crate::name::{ChannelName, SetName};
use crate::version::{self, Version};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A set's channels and the versions that they name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channels(pub BTreeMap<ChannelName, Version>);

/// A channels file that is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the channels of {name} are not valid: {why}")]
pub struct ChannelsError {
    /// The set.
    pub name: SetName,
    /// What is wrong.
    pub why: String,
}

impl Diagnose for ChannelsError {
    fn code(&self) -> Code {
        Code::A0603
    }
}

impl Channels {
    /// Returns the channels of `name` that the bytes of its file hold.
    ///
    /// # Errors
    /// When they are no JSON object from channel names to versions of sets.
    pub fn parse(name: &SetName, bytes: &[u8]) -> Result<Self, ChannelsError> {
        let fail = |why: String| ChannelsError { name: name.clone(), why };
        let channels: Channels = serde_json::from_slice(bytes).map_err(|error| fail(error.to_string()))?;
        let fault = channels.0.values().find_map(|version| Some((version, version::fault(version)?)));
        match fault {
            Some((version, why)) => Err(fail(format!("`{version}` is not a valid version: {why}"))),
            None => Ok(channels),
        }
    }

    /// Returns the file's text.
    pub fn to_json(&self) -> String {
        let channels: serde_json::Map<String, serde_json::Value> =
            self.0.iter().map(|(channel, version)| (channel.to_string(), version.to_string().into())).collect();
        format!("{}\n", serde_json::Value::from(channels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_read_what_they_write() {
        let name: SetName = "a/b".parse().unwrap();
        let channels = Channels::parse(&name, br#"{"stable":"2.1.0","canary":"3.0.0-rc.1"}"#).unwrap();
        assert_eq!(channels.to_json(), "{\"canary\":\"3.0.0-rc.1\",\"stable\":\"2.1.0\"}\n");
        assert_eq!(Channels::parse(&name, channels.to_json().as_bytes()), Ok(channels));
        for bad in ["", "[]", "{\"Stable\":\"1.0.0\"}", "{\"stable\":\"1.0\"}", "{\"stable\":\"1.0.0+b\"}"] {
            assert!(Channels::parse(&name, bad.as_bytes()).is_err(), "{bad:?} was taken");
        }
    }
}
