//! Texts by path, to be compared as files are.

use crate::diff::{self, BlobId, Comparison, Detail, FileChange, Side, SideFile};
use crate::git::blob_id;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Texts by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    files: Vec<SideFile>,
    texts: BTreeMap<BlobId, Vec<u8>>,
}

impl Texts {
    pub(super) fn insert(&mut self, path: String, bytes: Vec<u8>) {
        let id = blob_id(&bytes);
        self.files.push(SideFile { path, id });
        self.texts.insert(id, bytes);
    }
}

impl Side for Texts {
    type Error = Infallible;

    fn files(&self) -> &[SideFile] {
        &self.files
    }

    fn read(&self, file: &SideFile) -> Result<Cow<'_, [u8]>, Infallible> {
        Ok(Cow::Borrowed(self.texts.get(&file.id).map(Vec::as_slice).unwrap_or_default()))
    }
}

/// Returns what differs between two lots of texts, with `context` unchanged lines around every change.
pub(super) fn compare(old: &Texts, new: &Texts, detail: Detail, context: usize) -> Comparison {
    match diff::compare_around(old, new, detail, context) {
        Ok(comparison) => comparison,
        Err(never) => match never {},
    }
}

/// Returns what differs between two texts at `path`; nothing where they are the same.
pub(super) fn compare_one(path: &str, old: &[u8], new: &[u8]) -> Option<FileChange> {
    let text = |bytes: &[u8]| {
        let mut texts = Texts::default();
        texts.insert(path.to_owned(), bytes.to_vec());
        texts
    };
    compare(&text(old), &text(new), Detail::Words, diff::CONTEXT).files.pop()
}
