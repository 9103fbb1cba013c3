//! `index/<project>/<set>.jsonl`: the versions of one set.

use super::Line;
use crate::error::{Code, Diagnose};
use crate::name::SetName;
use crate::version::Version;

/// The usable lines of one set's index file, and what was skipped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexFile {
    /// The lines, in the order of publication. Two lines of one version with one `sha256` are one.
    pub lines: Vec<Line>,
    /// How many lines were skipped because a newer Anvil is needed to understand them.
    pub newer: usize,
    /// Versions that are invalid: two lines of them have different `sha256`.
    pub contradicting: Vec<Version>,
}

/// A line that is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the index of {name} is not valid: {why}")]
pub struct IndexFault {
    /// The set whose index it is.
    pub name: SetName,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for IndexFault {
    fn code(&self) -> Code {
        todo!()
    }
}

impl IndexFile {
    /// Returns the lines that `text`, the index file of `name`, holds.
    ///
    /// # Errors
    /// On the first line that is no JSON object, lacks a required field, or is of another set.
    pub fn parse(name: &SetName, text: &[u8]) -> Result<Self, IndexFault> {
        let _ = (name, text);
        todo!()
    }
}
