//! Taking a bundle in.

use super::FileSet;
use crate::error::{Code, Diagnose};
use crate::name::SetName;
use crate::version::Version;

/// Which version of which set a bundle is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
}

/// A bundle that is refused.
#[derive(Debug, thiserror::Error)]
#[error("the bundle of {name} {version} is not valid: {why}")]
pub struct BundleError {
    /// The set that the bundle should be of.
    pub name: SetName,
    /// The version that it should be of.
    pub version: Version,
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for BundleError {
    fn code(&self) -> Code {
        todo!()
    }
}

/// Returns the files of the bundle `bytes`, which must be of `identity`: every limit held while
/// reading, every entry a regular file or folder, the name and version in `anvil.toml` the expected ones.
pub fn unpack(identity: &Identity, bytes: &[u8]) -> Result<FileSet, BundleError> {
    let _ = (identity, bytes);
    todo!()
}
