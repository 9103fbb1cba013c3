//! Reading a manifest: every fault at once, each with its place.

use super::Manifest;
use crate::error::{Code, Diagnose, Diagnostic};

/// How a manifest is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// One's own project: an unknown key is an error with a suggestion.
    Own,
    /// A dependency: unknown keys are ignored, since a newer Anvil may know them.
    Dependency,
}

/// A manifest with faults; there is at least one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .faults.first().map_or("the manifest is not valid", |fault| fault.message.as_str()))]
pub struct ManifestError {
    faults: Vec<Diagnostic>,
}

impl Diagnose for ManifestError {
    fn code(&self) -> Code {
        todo!()
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.faults
    }
}

impl Manifest {
    /// Returns the manifest that `text` holds. `file` is how messages name it.
    ///
    /// # Errors
    /// With every fault of the text, each with its place.
    pub fn parse(file: &str, text: &str, strictness: Strictness) -> Result<Manifest, ManifestError> {
        let _ = (file, text, strictness);
        todo!()
    }
}
