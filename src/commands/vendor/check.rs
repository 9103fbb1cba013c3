//! Whether the vendored copy is whole: what stands beside the files of the sets, which the lock proves by themselves.
//!
//! The files beside them are no authority. They are what a clone without a registry goes by all the same: that git
//! converts no line ends, that a version was yanked, what `sha256sum` compares with.

use super::restore;
use crate::commands::dependency;
use crate::commands::project::Project;
use crate::commands::pull;
use crate::commands::sources;
use crate::error::{Code, Diagnostic, Hint, Result};
use crate::fs;
use crate::git::Repository;
use crate::index::Line;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::store::layout::{Place, VENDOR_FOLDER, unpacked_folder_in};
use crate::store::project::{self as unpacked, State};
use crate::store::vendor as folder;
use std::path::Path;

/// Returns what is missing or changed of what is vendored, but for the files of the sets; nothing where none are.
///
/// # Errors
/// When a set has no checksum in the lock, or the folder cannot be listed.
pub fn faults(project: &Project, lock: &Lockfile) -> Result<Vec<Diagnostic>> {
    if Place::of(&project.root) != Place::Vendored {
        return Ok(Vec::new());
    }
    let is_in_git = Repository::discover(&project.root).is_ok();
    let told = |found: Diagnostic| match is_in_git {
        true => found.hint(Hint::run("make it whole", "anvil vendor")).hint(restore()),
        false => found.hint(Hint::run("make it whole", "anvil vendor")),
    };
    let error = |file: String, what: &str| told(Diagnostic::error(Code::A1200, format!("`{file}` {what}")));
    let warning = |file: String, what: &str| told(Diagnostic::warning(Code::A1200, format!("`{file}` {what}")));
    let mut found = Vec::new();
    for (set, digest) in pull::with_digests(lock)? {
        if let Some(what) = line_fault(&project.root, set) {
            found.push(error(format!("{VENDOR_FOLDER}/{}", folder::index_path(&set.name)), what));
        }
        let home = unpacked_folder_in(Place::Vendored, Path::new(""), &set.name, &set.version, &digest);
        let is_whole = matches!(unpacked::state(&project.root, &set.name, &set.version, &digest)?, State::Unpacked);
        if is_whole && !unpacked::has_record(&project.root.join(&home), &digest) {
            let file = format!("{}{}", shown(&home), unpacked::RECORD_SUFFIX);
            found.push(error(file, "is not the list of the checksums of its set"));
        }
    }
    for name in folder::other_companions(&project.root) {
        let file = format!("{VENDOR_FOLDER}/{name}");
        found.push(match is_link(&project.root, name) {
            true => error(file, LINK),
            false => warning(file, "is not as `anvil vendor` writes it"),
        });
    }
    let kept = pull::folders(project, [lock]);
    for other in unpacked::unkept_in(Place::Vendored, &project.root, &kept)? {
        let home = other.strip_prefix(&project.root).unwrap_or(&other);
        found.push(warning(shown(home), "is no set that anvil.lock names"));
    }
    Ok(found)
}

/// Returns what is wrong with the vendored index line of `set`. Those of git have none.
fn line_fault(root: &Path, set: &LockedSet) -> Option<&'static str> {
    let Source::Registry(_) = &set.source else { return None };
    let file = folder::index_path(&set.name);
    if is_link(root, &file) {
        return Some(LINK);
    }
    if !folder::is_own_file(root, &file) {
        return Some("is missing");
    }
    if set.sha256.is_some_and(|sha256| folder::is_unknown(root, &set.name, &set.version, &sha256)) {
        return None;
    }
    match folder::lines(root, &set.name, &set.version).as_slice() {
        [line] if Some(line.sha256) == set.sha256 && Some(line.digest) == set.digest && line.name == set.name => {
            if !is_as_locked(set, line) {
                return Some("does not say of its set what anvil.lock says that it needs");
            }
            if has_other_edition(root, set, line) {
                return Some("does not say of its set what the manifest of that says");
            }
            // What a newer Anvil writes there beside is its own business, but a line it is.
            (folder::count_of_lines(root, &set.name) != 1).then_some("is not as `anvil vendor` writes it")
        }
        _ => Some("is not about the version that anvil.lock names"),
    }
}

/// What is said of a link, whose file others than the project's commits may change.
const LINK: &str = "is no regular file of the folder's own";

/// Returns whether a link stands in the place of `file`, a path within the folder, or of a folder that it is in.
fn is_link(root: &Path, file: &str) -> bool {
    fs::exists(&root.join(VENDOR_FOLDER).join(file)) && !folder::is_own_file(root, file)
}

/// Returns whether `line` says of `set` that it holds and needs what the lock says.
pub(super) fn is_as_locked(set: &LockedSet, line: &Line) -> bool {
    let needs = line.dependencies.iter().map(|needed| (&needed.name, &needed.requirement));
    Some(line.digest) == set.digest && sources::misstated(set, needs).is_none()
}

/// Returns whether the vendored manifest of `set`, where it is as it is locked, says otherwise than `line` by which rules
/// it is to be read.
pub(super) fn has_other_edition(root: &Path, set: &LockedSet, line: &Line) -> bool {
    let read = |digest| unpacked::read(root, &set.name, &set.version, &digest).ok();
    let Some(files) = set.digest.and_then(read) else { return false };
    let Ok(manifest) = dependency::manifest_of(&set.name, &set.version, &files) else { return false };
    manifest.set.is_some_and(|own| own.edition != line.edition || own.anvil != line.anvil)
}

fn shown(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
