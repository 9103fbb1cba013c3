//! Which files belong to a set, and which of them are prompts under which name
//! (the prompt language, section 1).

use crate::name::{NameError, PromptName};

/// One glob of the manifest, e.g. `prompts/**/*.prompt.md`.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// Returns the glob that `text` writes: `*` and `?` within a segment, `**` across segments, `[…]`, `{a,b}`.
    ///
    /// # Errors
    /// In words, when it is no glob, is absolute, or leaves the folder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let _ = text;
        todo!()
    }

    /// Returns whether the glob matches `path` (relative to the set's folder, with `/`).
    pub fn matches(&self, path: &str) -> bool {
        let _ = path;
        todo!()
    }

    /// Returns the glob as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The globs that say which files are prompts.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptPatterns(pub Vec<Pattern>);

impl PromptPatterns {
    /// Returns the name of the prompt in the file at `path`, or nothing if no glob takes it for a
    /// prompt. The first glob that matches decides.
    pub fn name_of(&self, path: &str) -> Option<Result<PromptName, NameError>> {
        let _ = path;
        todo!()
    }
}

/// Which files belong to a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Which files are prompts.
    pub prompts: PromptPatterns,
    /// Further files.
    pub include: Vec<Pattern>,
    /// What is left out all the same.
    pub exclude: Vec<Pattern>,
}

impl Selection {
    /// Returns whether the file at `path` belongs to the set by the manifest alone: the manifest
    /// itself, prompts, further files, and `README*`, `LICENSE*`, `CHANGELOG*` beside the manifest,
    /// less what is excluded. Files that an `output.schema` names come on top; see `prompt`.
    pub fn selects(&self, path: &str) -> bool {
        let _ = path;
        todo!()
    }
}
