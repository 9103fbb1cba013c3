//! The work tree as the user's `git` tells it, where libgit2 cannot read the index: sparse and split
//! indexes are made for repositories so large that nobody would turn them off for a look.
//!
//! The answers are those of `status`; nothing is written, not even what `git status` refreshes.

use super::command;
use super::status::{WorkChange, WorkFile, WorkState};
use super::tree::FileKind;
use super::{BlobId, Repository, to_blob_id};
use crate::fs::{self, EntryKind};
use git2::Oid;
use std::collections::BTreeMap;

/// Returns what differs from HEAD below `folder`, ordered by path; nothing where `git` does not tell.
pub(super) fn changes(repository: &Repository, folder: &str) -> Option<Vec<WorkChange>> {
    let arguments = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"];
    let told = ask(repository, &arguments, folder)?;
    // A path that was removed from the index and still lies there is told twice.
    let mut states: BTreeMap<&[u8], Vec<[u8; 2]>> = BTreeMap::new();
    for record in records(&told) {
        let Some(([index, tree, b' '], path)) = record.split_first_chunk() else { continue };
        states.entry(path).or_default().push([*index, *tree]);
    }
    let changes = states.into_iter().filter_map(|(path, states)| {
        let state = match states.as_slice() {
            [[b'?', _]] => WorkState::Untracked,
            [[b'U', _] | [_, b'U'] | [b'D', b'D'] | [b'A', b'A']] => WorkState::Conflicted,
            [[_, b'D'] | [b'D', _]] => WorkState::Deleted,
            [[b'A', _]] => WorkState::Added,
            _ => WorkState::Modified,
        };
        let staged = state != WorkState::Conflicted && states.iter().any(|[index, _]| !matches!(index, b' ' | b'?'));
        Some(WorkChange { path: within(folder, path)?, state, staged })
    });
    Some(changes.collect())
}

/// Returns the files below `folder` that are there now and that git tracks or would track, ordered by
/// path; nothing where `git` does not tell.
pub(super) fn files(repository: &Repository, folder: &str) -> Option<Vec<WorkFile>> {
    let arguments = ["ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard"];
    let told = ask(repository, &arguments, folder)?;
    let root = repository.workdir().ok()?;
    let mut files = BTreeMap::new();
    for record in records(&told) {
        let Some((tag, path, mode, id)) = entry(record) else { continue };
        let Some(inside) = within(folder, path) else { continue };
        let (kind, left_out) = match std::str::from_utf8(path).map(|path| fs::kind(&root.join(path))) {
            Err(_) => (FileKind::NotUtf8, None),
            Ok(None) if tag == b'S' => (FileKind::of_mode(mode), id),
            Ok(None) => continue,
            Ok(Some(EntryKind::Folder)) => (FileKind::Submodule, None),
            Ok(Some(EntryKind::Other)) => (FileKind::Link, None),
            Ok(Some(EntryKind::File)) if mode & 0o111 != 0 => (FileKind::Executable, None),
            Ok(Some(EntryKind::File)) => (FileKind::File, None),
        };
        files.insert(path, WorkFile { path: inside, kind, left_out });
    }
    Some(files.into_values().collect())
}

/// Takes `H 100644 <id> 0\t<path>` apart, or `? <path>` of a file that is not tracked.
fn entry(record: &[u8]) -> Option<(u8, &[u8], i32, Option<BlobId>)> {
    let (tag, rest) = (*record.first()?, record.get(2..)?);
    if tag == b'?' {
        return Some((tag, rest, 0, None));
    }
    let tab = rest.iter().position(|byte| *byte == b'\t')?;
    let (facts, path) = (std::str::from_utf8(rest.get(..tab)?).ok()?, rest.get(tab + 1..)?);
    let mut facts = facts.split(' ');
    let mode = i32::from_str_radix(facts.next()?, 8).ok()?;
    Some((tag, path, mode, facts.next().and_then(|id| Oid::from_str(id).ok()).map(to_blob_id)))
}

/// Runs `git` in the work tree and returns what it answered; nothing when it failed or is not there.
fn ask(repository: &Repository, arguments: &[&str], folder: &str) -> Option<Vec<u8>> {
    let mut command = command::git();
    command.env("GIT_OPTIONAL_LOCKS", "0").arg("--literal-pathspecs").arg("-C").arg(repository.workdir().ok()?);
    command.args(arguments);
    let folder = folder.trim_matches('/');
    if !folder.is_empty() {
        command.args(["--", folder]);
    }
    let output = command::run(command).ok()?;
    output.status.success().then_some(output.stdout)
}

fn records(told: &[u8]) -> impl Iterator<Item = &[u8]> {
    told.split(|byte| *byte == 0).filter(|record| !record.is_empty())
}

/// Returns `path`, from the repository's root, relative to `folder`; nothing for what lies elsewhere.
fn within(folder: &str, path: &[u8]) -> Option<String> {
    let folder = folder.trim_matches('/');
    let inside = match folder {
        "" => path,
        _ => path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/")?,
    };
    Some(String::from_utf8_lossy(inside).into_owned())
}
