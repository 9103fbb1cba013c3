//! What lies in `anvil-vendor` beside the sets: what the registries' indexes say of their versions, and
//! two files for git and for people.
//!
//! ```text
//! anvil-vendor/.gitattributes                     no line end is converted: a digest would not match
//! anvil-vendor/README.md                          what the folder is
//! anvil-vendor/index/<project>/<set>.jsonl        the index line of the locked version
//! anvil-vendor/sets/<project>/<set>/…             as `.anvil/sets`
//! ```
//!
//! The lines are there for what a lock does not say (that a version is yanked, or advised against) and are believed no
//! more than a cache: the lock's checksums are the only witness. Where nothing is known of a version, its file says so.

use super::layout::VENDOR_FOLDER;
use super::project::{StoreError, stage_vendored};
use crate::digest::Sha256;
use crate::fs::{self, Durability, EntryKind, FsError};
use crate::index::{IndexFile, Line, edit};
use crate::name::SetName;
use crate::version::Version;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

type Result<T, E = FsError> = std::result::Result<T, E>;

/// The files that stand in the folder beside the sets and the index, each with its text.
pub const COMPANIONS: [(&str, &str); 2] = [(".gitattributes", "* -text linguist-vendored\n"), ("README.md", README)];

const README: &str = "\
# anvil-vendor

`anvil vendor` made this folder: it holds the prompt sets that `anvil.lock` names, so that this project
works with no registry, no cache and no network. Commit it.

Nothing in here is edited by hand. `anvil verify` finds what was, `anvil vendor` puts it back, and
`anvil vendor --remove` removes the folder. To change a set, change it where it is made, or name a copy
of yours under `[override]` in `anvil.toml`.
";

/// The most that an index file of one version can need.
const LINE_LIMIT: u64 = 1 << 20;

/// Returns the path of the index file of `name` within the folder.
pub fn index_path(name: &SetName) -> String {
    format!("index/{}/{}.jsonl", name.project(), name.set())
}

fn folder(project: &Path) -> PathBuf {
    project.join(VENDOR_FOLDER)
}

/// Returns whether `file`, a path within the folder, is a regular file that no link leads to: others than the project's
/// commits say what is behind a link.
pub fn is_own_file(project: &Path, file: &str) -> bool {
    let mut path = folder(project);
    let mut folders = file.split('/').collect::<Vec<_>>();
    let last = folders.pop().unwrap_or_default();
    let mut is_folder = |name: &str| {
        path.push(name);
        fs::kind(&path) == Some(EntryKind::Folder)
    };
    folders.into_iter().all(&mut is_folder) && fs::kind(&path.join(last)) == Some(EntryKind::File)
}

/// Returns what `file` holds, a path within the folder, if it is a file of the project's own.
fn own(project: &Path, file: &str) -> Option<Vec<u8>> {
    let read = || fs::read_limited(&folder(project).join(file), LINE_LIMIT).ok();
    is_own_file(project, file).then(read).flatten()
}

/// Writes `bytes` to `file`, a path within the folder, in the place of any link on the way. Returns whether that is new.
fn put(project: &Path, file: &str, bytes: &[u8]) -> Result<bool> {
    let mut path = folder(project);
    for name in file.split('/') {
        path.push(name);
        if fs::kind(&path) == Some(EntryKind::Other) {
            fs::remove_file(&path)?;
        }
    }
    fs::write(&path, bytes, Durability::Derived)
}

/// Returns the vendored index lines of `version` of `name`; nothing where there are none, or they cannot be read.
pub fn lines(project: &Path, name: &SetName, version: &Version) -> Vec<Line> {
    let text = own(project, &index_path(name));
    text.map(|text| IndexFile::lines_of(&text, version)).unwrap_or_default()
}

/// Returns what stands in the index file of a set of whose locked version nothing is known, so that one that was removed
/// can be told from one that could not be had. To a reader of index files it is no line.
pub fn unknown(version: &Version, sha256: &Sha256) -> Vec<u8> {
    format!("{}\n", serde_json::json!({ "version": version, "sha256": sha256, "known": false })).into_bytes()
}

/// Returns whether the index file of `name` says that nothing is known of `version`.
pub fn is_unknown(project: &Path, name: &SetName, version: &Version, sha256: &Sha256) -> bool {
    own(project, &index_path(name)).is_some_and(|there| there == unknown(version, sha256))
}

/// Writes that nothing is known of `version` of `name`.
///
/// # Errors
/// When the file cannot be written.
pub fn put_unknown(project: &Path, name: &SetName, version: &Version, sha256: &Sha256) -> Result<bool> {
    put(project, &index_path(name), &unknown(version, sha256))
}

/// Returns how many lines the index file of `name` has, whatever they say.
pub fn count_of_lines(project: &Path, name: &SetName) -> usize {
    let text = own(project, &index_path(name)).unwrap_or_default();
    text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count()
}

/// Returns whether `line` is all that its file holds.
pub fn has_line(project: &Path, line: &Line) -> bool {
    own(project, &index_path(&line.name)).is_some_and(|there| there == text(line))
}

/// Returns `line` as its file holds it.
pub fn text(line: &Line) -> Vec<u8> {
    edit::to_text(line)
}

/// Writes `line` as all that is known of its set. Returns whether that is new.
///
/// # Errors
/// When the file cannot be written.
pub fn put_line(project: &Path, line: &Line) -> Result<bool> {
    put(project, &index_path(&line.name), &text(line))
}

/// Writes the files for git and for people. Returns whether one of them was not there, or another.
///
/// # Errors
/// When one cannot be written.
pub fn put_companions(project: &Path) -> Result<bool> {
    let mut changed = false;
    for (name, text) in COMPANIONS {
        changed |= put(project, name, text.as_bytes())?;
    }
    Ok(changed)
}

/// Returns those of the files for git and for people that are not there as they should be.
pub fn other_companions(project: &Path) -> Vec<&'static str> {
    let is_there = |name: &str, text: &str| own(project, name).is_some_and(|found| found == text.as_bytes());
    COMPANIONS.iter().filter(|(name, text)| !is_there(name, text)).map(|(name, _)| *name).collect()
}

/// Removes the index files of all sets but those in `keep`. Returns how many there were.
///
/// # Errors
/// When one cannot be removed.
pub fn sweep_index(project: &Path, keep: &BTreeSet<&SetName>) -> Result<usize> {
    let index = folder(project).join("index");
    let keep: BTreeSet<PathBuf> = keep.iter().map(|name| folder(project).join(index_path(name))).collect();
    let mut removed = 0;
    for project_folder in fs::list(&index)?.into_iter().filter(|entry| entry.kind == EntryKind::Folder) {
        for entry in fs::list(&project_folder.path)? {
            fs::sweep_leftover(&entry)?;
            if entry.name.ends_with(".jsonl") && !keep.contains(&entry.path) {
                fs::remove_file(&entry.path)?;
                removed += 1;
            }
        }
        fs::remove_folder_if_empty(&project_folder.path);
    }
    fs::remove_folder_if_empty(&index);
    Ok(removed)
}

/// Removes the whole folder; a reader sees all of it or nothing.
///
/// # Errors
/// When it cannot be moved aside or removed.
pub fn remove(project: &Path) -> Result<(), StoreError> {
    let aside = stage_vendored(project)?;
    fs::rename(&folder(project), &aside.path().join("old"))?;
    Ok(fs::remove_folder(aside.path())?)
}

/// Returns every file in the folder, relative to it, sorted.
///
/// # Errors
/// When a folder cannot be listed.
pub fn files(project: &Path) -> Result<Vec<String>> {
    let (mut files, mut pending) = (Vec::new(), vec![String::new()]);
    while let Some(prefix) = pending.pop() {
        for entry in fs::list(&folder(project).join(&prefix))? {
            let path = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::Folder => pending.push(format!("{path}/")),
                EntryKind::File | EntryKind::Other => files.push(path),
            }
        }
    }
    files.sort();
    Ok(files)
}
