//! `catalog.jsonl`: one line a set. It is made from the index files, can be made again at any
//! time, and is never an authority: it helps people find a name.

use super::IndexFile;
use crate::digest::Sha256;
use crate::error::{Code, Diagnose};
use crate::name::SetName;
use crate::version::Version;
use serde::{Deserialize, Serialize};

/// One set, as the catalog tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogLine {
    /// The set.
    pub name: SetName,
    /// Its newest version that one would choose; none when all are yanked.
    pub newest: Option<Version>,
    /// Of the bytes of its index file, by which a stale line is known.
    pub sha256: Sha256,
}

/// The catalog: its lines, sorted by name, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    lines: Vec<CatalogLine>,
}

/// A catalog that is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of `catalog.jsonl` is not valid: {why}")]
pub struct CatalogError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for CatalogError {
    fn code(&self) -> Code {
        Code::A0603
    }
}

impl CatalogLine {
    /// Returns the line of `name`, whose index file has these `bytes` and reads as `index`.
    pub fn new(name: &SetName, bytes: &[u8], index: &IndexFile) -> Self {
        let newest = index.newest().map(|line| line.version.clone());
        CatalogLine { name: name.clone(), newest, sha256: Sha256::of(bytes) }
    }
}

impl Catalog {
    /// Returns the catalog that `text` holds.
    ///
    /// # Errors
    /// On the first line that is no JSON object or lacks a field.
    pub fn parse(text: &[u8]) -> Result<Self, CatalogError> {
        let mut catalog = Catalog::default();
        for (at, line) in super::file::lines(text).enumerate() {
            let line =
                serde_json::from_slice(line).map_err(|error| CatalogError { line: at + 1, why: error.to_string() })?;
            catalog.lines.push(line);
        }
        catalog.lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(catalog)
    }

    /// Returns the lines, sorted by name.
    pub fn lines(&self) -> &[CatalogLine] {
        &self.lines
    }

    /// Puts `line` in place of what the catalog says of its set.
    pub fn put(&mut self, line: CatalogLine) {
        match self.lines.binary_search_by(|other| other.name.cmp(&line.name)) {
            Ok(at) => self.lines[at] = line,
            Err(at) => self.lines.insert(at, line),
        }
    }

    /// Returns the file's text.
    pub fn to_jsonl(&self) -> String {
        let mut text = String::new();
        for CatalogLine { name, newest, sha256 } in &self.lines {
            let newest = newest.as_ref().map(Version::to_string);
            text.push_str(&format!("{}\n", serde_json::json!({ "name": name, "newest": newest, "sha256": sha256 })));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_sorted_and_holds_a_set_once() {
        let line = |name: &str, newest| CatalogLine {
            name: name.parse().unwrap(),
            newest,
            sha256: Sha256::of(name.as_bytes()),
        };
        let mut catalog = Catalog::default();
        catalog.put(line("b/b", None));
        catalog.put(line("a/a", Some(Version::new(1, 0, 0))));
        catalog.put(line("b/b", Some(Version::new(2, 0, 0))));
        let text = catalog.to_jsonl();
        assert!(text.starts_with("{\"name\":\"a/a\",\"newest\":\"1.0.0\",\"sha256\":\""), "{text}");
        assert_eq!(Catalog::parse(text.as_bytes()), Ok(catalog));
        assert_eq!(Catalog::parse(b"{}\n").unwrap_err().line, 1);
    }
}
