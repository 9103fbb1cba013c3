//! Counts, as `--stat` shows them.

use super::{Change, Comparison};
use serde::Serialize;

/// How much each file changed, and all together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stat {
    /// The files, ordered by path.
    pub files: Vec<FileStat>,
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
}

/// How much one file changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileStat {
    /// What happened to it.
    pub change: Change,
    /// Its path on the new side; on the old one if it was deleted.
    pub path: String,
    /// Its path on the old side, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_path: Option<String>,
    /// Whether lines say nothing about it.
    pub binary: bool,
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
}

impl Comparison {
    /// Returns how much each file changed, and all together.
    pub fn stat(&self) -> Stat {
        let files: Vec<FileStat> = self
            .files
            .iter()
            .map(|file| FileStat {
                change: file.change,
                path: file.path.clone(),
                old_path: file.old_path.clone(),
                binary: file.binary,
                added: file.added,
                removed: file.removed,
            })
            .collect();
        let sum = |lines: fn(&FileStat) -> usize| files.iter().map(lines).sum();
        Stat { added: sum(|file| file.added), removed: sum(|file| file.removed), files }
    }
}
