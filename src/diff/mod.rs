//! What differs between two lists of files: renames, lines, words, counts, and git's unified text.
//!
//! Pure: the two sides come in through [`Side`], which names every file's content by git's
//! [`BlobId`] and reads a file only when it is asked to. Contents are read where the ids differ
//! and nowhere else, so comparing two versions costs what their difference costs.
//!
//! The same two sides give the same bytes on every machine: no clock cuts the search for common
//! lines short (very large inputs are bounded by their size, see `lines`), and everything is
//! ordered by path.
//!
//! Files have no modes here, because bundles fix them. Prompts and their interfaces are
//! `compat`'s business.

mod binary;
mod blob_id;
mod lines;
mod renames;
mod stat;
mod unified;
mod words;

pub use blob_id::BlobId;
pub use lines::{CONTEXT, Hunk, Line, LineKind, Segment};
pub use stat::{FileStat, Stat};

use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One of the two lists of files that are compared.
pub trait Side {
    /// What can go wrong while reading.
    type Error;

    /// Returns the files, each path once, in any order.
    fn files(&self) -> &[SideFile];

    /// Returns the bytes of `file`, which is one of [`Side::files`].
    fn read(&self, file: &SideFile) -> Result<Cow<'_, [u8]>, Self::Error>;
}

/// A file of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideFile {
    /// Where it is, with `/`.
    pub path: String,
    /// What it holds.
    pub id: BlobId,
}

/// How much of the difference is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Which files, and how many lines; [`FileChange::hunks`] stay empty.
    Counts,
    /// The lines as well.
    Lines,
    /// Within replaced lines, the words as well.
    Words,
}

/// What differs between two sides, ordered by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The files that differ.
    pub files: Vec<FileChange>,
    /// Whether more files came and went than are compared with each other, so that only renames
    /// without any change were looked for.
    pub renames_limited: bool,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is on the new side alone.
    Added,
    /// It is on the old side alone.
    #[serde(rename = "removed")]
    Deleted,
    /// It is on both sides with different bytes.
    #[serde(rename = "changed")]
    Modified,
    /// It is on both sides under different paths, perhaps with some changes.
    Renamed,
}

/// One file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// What happened to it.
    pub change: Change,
    /// Its path on the new side; on the old one if it was deleted.
    pub path: String,
    /// Its path on the old side, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_path: Option<String>,
    /// How much of it stayed the same, in per cent, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<u8>,
    /// Its content on the old side, unless it was added.
    pub old_id: Option<BlobId>,
    /// Its content on the new side, unless it was deleted.
    pub new_id: Option<BlobId>,
    /// Whether a side is no UTF-8 text or holds a NUL, so that lines say nothing.
    pub binary: bool,
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
    /// The lines that differ, with the lines around them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hunks: Vec<Hunk>,
    /// What git applies in place of lines, if the file is no text.
    #[serde(skip)]
    binary_patch: Option<String>,
}

/// Returns what differs between `old` and `new`, with the usual three lines around every change.
///
/// # Errors
/// What the sides answer when a file cannot be read.
pub fn compare<O, N, E>(old: &O, new: &N, detail: Detail) -> Result<Comparison, E>
where
    O: Side<Error = E> + ?Sized,
    N: Side<Error = E> + ?Sized,
{
    compare_around(old, new, detail, CONTEXT)
}

/// Returns what differs between `old` and `new`, with `context` unchanged lines before and after every change.
///
/// # Errors
/// What the sides answer when a file cannot be read.
pub fn compare_around<O, N, E>(old: &O, new: &N, detail: Detail, context: usize) -> Result<Comparison, E>
where
    O: Side<Error = E> + ?Sized,
    N: Side<Error = E> + ?Sized,
{
    let old_files: BTreeMap<&str, &SideFile> = old.files().iter().map(|file| (file.path.as_str(), file)).collect();
    let new_files: BTreeMap<&str, &SideFile> = new.files().iter().map(|file| (file.path.as_str(), file)).collect();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut added: Vec<&SideFile> = Vec::new();
    for (path, file) in &new_files {
        match old_files.get(path) {
            Some(before) if before.id == file.id => {}
            Some(before) => pairs.push(Pair { old: Some(before), new: Some(file), similarity: None }),
            None => added.push(file),
        }
    }
    let deleted: Vec<&SideFile> =
        old_files.values().filter(|file| !new_files.contains_key(file.path.as_str())).copied().collect();

    let found = renames::find(&deleted, &added, |file| old.read(file), |file| new.read(file))?;
    pairs.extend(found.pairs.iter().map(|rename| Pair {
        old: Some(rename.old),
        new: Some(rename.new),
        similarity: Some(rename.similarity),
    }));
    // No path is both in `deleted` and in `added`, so one set of paths tells them apart.
    let renamed: BTreeSet<&str> =
        found.pairs.iter().flat_map(|rename| [rename.old.path.as_str(), rename.new.path.as_str()]).collect();
    let stayed = |file: &&&SideFile| !renamed.contains(file.path.as_str());
    pairs.extend(added.iter().filter(stayed).map(|file| Pair::added(file)));
    pairs.extend(deleted.iter().filter(stayed).map(|file| Pair::deleted(file)));
    pairs.sort_by(|a, b| a.path().cmp(b.path()));

    let files = pairs.into_iter().map(|pair| {
        let same = matches!((pair.old, pair.new), (Some(a), Some(b)) if a.id == b.id);
        let contents = match same {
            true => None,
            false => Some((
                pair.old.map_or(Ok(Cow::Borrowed(&[][..])), |file| old.read(file))?,
                pair.new.map_or(Ok(Cow::Borrowed(&[][..])), |file| new.read(file))?,
            )),
        };
        Ok(pair.told(contents.as_ref().map(|(old, new)| (old.as_ref(), new.as_ref())), detail, context))
    });
    Ok(Comparison { files: files.collect::<Result<_, E>>()?, renames_limited: found.limited })
}

/// Returns the files that moved, as the old path and the new one.
///
/// # Errors
/// When a side cannot be read.
pub fn renames<O, N, E>(old: &O, new: &N) -> Result<Vec<(String, String)>, E>
where
    O: Side<Error = E> + ?Sized,
    N: Side<Error = E> + ?Sized,
{
    let paths = |files: &[SideFile]| files.iter().map(|file| file.path.clone()).collect::<BTreeSet<_>>();
    let (before, after) = (paths(old.files()), paths(new.files()));
    let deleted: Vec<&SideFile> = old.files().iter().filter(|file| !after.contains(&file.path)).collect();
    let added: Vec<&SideFile> = new.files().iter().filter(|file| !before.contains(&file.path)).collect();
    let found = renames::find(&deleted, &added, |file| old.read(file), |file| new.read(file))?;
    Ok(found.pairs.iter().map(|rename| (rename.old.path.clone(), rename.new.path.clone())).collect())
}

/// A file on both sides, or on one.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: Option<&'a SideFile>,
    new: Option<&'a SideFile>,
    similarity: Option<u8>,
}

impl<'a> Pair<'a> {
    fn added(file: &'a SideFile) -> Self {
        Pair { old: None, new: Some(file), similarity: None }
    }

    fn deleted(file: &'a SideFile) -> Self {
        Pair { old: Some(file), new: None, similarity: None }
    }

    fn path(&self) -> &'a str {
        self.new.or(self.old).map_or("", |file| file.path.as_str())
    }

    fn told(&self, contents: Option<(&[u8], &[u8])>, detail: Detail, context: usize) -> FileChange {
        let change = match (self.old, self.new, self.similarity) {
            (None, _, _) => Change::Added,
            (_, None, _) => Change::Deleted,
            (_, _, Some(_)) => Change::Renamed,
            _ => Change::Modified,
        };
        let mut told = FileChange {
            change,
            path: self.path().to_owned(),
            old_path: self.old.filter(|_| change == Change::Renamed).map(|file| file.path.clone()),
            similarity: self.similarity,
            old_id: self.old.map(|file| file.id),
            new_id: self.new.map(|file| file.id),
            binary: false,
            added: 0,
            removed: 0,
            hunks: Vec::new(),
            binary_patch: None,
        };
        let Some((old, new)) = contents else { return told };
        let (Some(old), Some(new)) = (lines::as_text(old), lines::as_text(new)) else {
            told.binary = true;
            told.binary_patch = (detail >= Detail::Lines).then(|| binary::patch(old, new));
            return told;
        };
        let difference = lines::Difference::between(old, new);
        (told.added, told.removed) = difference.counts();
        if detail >= Detail::Lines {
            told.hunks = difference.hunks(detail, context);
        }
        told
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
