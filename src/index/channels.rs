//! `channels/<project>/<set>.json`.

use crate::name::ChannelName;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A set's channels and the versions that they name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channels(pub BTreeMap<ChannelName, Version>);
