//! Changes to a manifest's text that keep everything else as it is.

use super::{DependencySource, ManifestError};
use crate::name::SetName;
use crate::version::Version;

/// Returns the manifest's text with `[set] version` set to `version`.
pub fn set_version(text: &str, version: &Version) -> Result<String, ManifestError> {
    let _ = (text, version);
    todo!()
}

/// Returns the manifest's text with `name` in `[dependencies]`, replacing an entry of that name;
/// a table that is sorted stays sorted.
pub fn set_dependency(text: &str, name: &SetName, source: &DependencySource) -> Result<String, ManifestError> {
    let _ = (text, name, source);
    todo!()
}

/// Returns the manifest's text without `name` in `[dependencies]`, or nothing if it is not there.
pub fn remove_dependency(text: &str, name: &SetName) -> Result<Option<String>, ManifestError> {
    let _ = (text, name);
    todo!()
}
