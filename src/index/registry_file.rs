//! `anvil-registry.json`: what a registry says of itself.

use crate::error::{Code, Diagnose};
use crate::name::RegistryId;

/// What a registry says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryFile {
    /// What it says it is.
    pub id: RegistryId,
    /// The URL of its API, where it has one.
    pub api: Option<String>,
}

/// A registry file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`anvil-registry.json` is not valid: {why}")]
pub struct RegistryFileError {
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for RegistryFileError {
    fn code(&self) -> Code {
        todo!()
    }
}
