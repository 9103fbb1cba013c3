//! Putting sets in place, and sweeping those that no lock names any more.

use super::{Result, State, StoreError, record_path, state_in};
use crate::archive::{FileSet, check_paths};
use crate::digest::{ContentDigest, Sha256};
use crate::fs::{self, Durability, EntryKind, FsError, StagedFolder, TEMPORARY_PREFIX};
use crate::name::SetName;
use crate::progress::Progress;
use crate::store::Cache;
use crate::store::layout::{PROJECT_FOLDER, Place, VENDOR_FOLDER, unpacked_folder_in};
use crate::version::{Version, parse_version};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// The files.
    pub files: &'a FileSet,
    /// The cache, which has each file once for all projects, where there is one.
    pub cache: Option<&'a Cache>,
}

/// Unpacks `content` as `name` at `version` in `project`, in place of what was there, and returns
/// the folder. Another process may do the same at the same time.
///
/// # Errors
/// When the files do not have the content `digest` or a path cannot be unpacked everywhere; when a
/// link is in the way; when something cannot be written.
pub fn put(
    project: &Path,
    name: &SetName,
    version: &Version,
    digest: &ContentDigest,
    content: &Content<'_>,
) -> Result<PathBuf> {
    put_in(Place::of(project), project, (name, version, digest), content)
}

/// Does what [`put`] does in `place`, wherever the sets of `project` lie now. What is vendored is nobody
/// else's: it shares no file with the cache, and git and people may change it.
///
/// # Errors
/// As [`put`].
pub fn put_in(
    place: Place,
    project: &Path,
    (name, version, digest): (&SetName, &Version, &ContentDigest),
    content: &Content<'_>,
) -> Result<PathBuf> {
    let content = match place {
        Place::Private => content,
        Place::Vendored => &Content { cache: None, ..*content },
    };
    let files = content.files;
    let found = files.digest();
    if found != *digest {
        let (name, version) = (name.clone(), version.clone());
        return Err(StoreError::OtherContent { name, version, expected: *digest, found: Box::new(found) });
    }
    check_paths(files).map_err(|fault| StoreError::Path { name: name.clone(), version: version.clone(), fault })?;
    let sets = sets_folder(place, project);
    let homes = [project.join(place.folder()), sets.clone(), sets.join(name.project()), sets.join(name.as_str())];
    homes.iter().try_for_each(|folder| refuse_link(folder))?;

    let target = unpacked_folder_in(place, project, name, version, digest);
    for _ in 0..ATTEMPTS {
        match state_in(place, project, name, version, digest)? {
            State::Unpacked => return Ok(target),
            // Whoever is faster wins; the next look tells whether what they put is as good.
            State::Missing => {
                if stage(&target, content)?.put_if_absent()? {
                    return Ok(target);
                }
            }
            State::Damaged { .. } => {
                if matches!(fs::kind(&target), Some(EntryKind::File | EntryKind::Other)) {
                    fs::remove_file(&target)?;
                }
                match stage(&target, content)?.put_in_place() {
                    Ok(()) => return Ok(target),
                    Err(_) => std::thread::sleep(Duration::from_millis(2)), // Another process mends it, too.
                }
            }
        }
    }
    stage(&target, content)?.put_in_place()?;
    Ok(target)
}

/// How often a set is tried to be unpacked that others unpack at the same time.
const ATTEMPTS: usize = 5;

/// Writes the record of `files` and returns them in a temporary folder, which is made in the set's own
/// folder: threads that unpack other sets at the same time would queue for one folder of all sets.
fn stage(target: &Path, content: &Content<'_>) -> Result<StagedFolder, FsError> {
    let files = content.files;
    let shared = |bytes: &[u8]| content.cache.and_then(|cache| cache.file(bytes));
    let home = target.parent().unwrap_or(target);
    fs::create_folder(home)?;
    let (record, record_path) = (record(files), record_path(target));
    if !shared(record.as_bytes()).is_some_and(|file| fs::link(&file, &record_path)) {
        fs::write(&record_path, record.as_bytes(), Durability::Derived)?;
    }
    let staged = StagedFolder::at(target)?;
    let mut folder = "";
    for (path, bytes) in files.iter() {
        // Sorted, so that the files of one folder stand together.
        let (inside, _) = path.rsplit_once('/').unwrap_or_default();
        if inside != folder {
            staged.create_folder(inside)?;
            folder = inside;
        }
        if !shared(bytes).is_some_and(|file| fs::link(&file, &staged.path().join(path))) {
            staged.write(path, bytes)?;
        }
    }
    Ok(staged)
}

/// Returns a new folder for what is vendored in `project`. Until it is put in its place it lies in `.anvil`, where
/// neither git nor a glob finds it.
///
/// # Errors
/// When a link is in the way, or it cannot be made.
pub fn stage_vendored(project: &Path) -> Result<StagedFolder> {
    let home = project.join(PROJECT_FOLDER);
    refuse_link(&home)?;
    fs::create_folder(&home)?;
    for entry in fs::list(&home)? {
        fs::sweep_leftover(&entry)?;
    }
    Ok(StagedFolder::within(&home, &project.join(VENDOR_FOLDER))?)
}

/// Writes `files` and their record into `staged`, which will be the folder that all sets of a project lie in:
/// the set's own folder in there is `folder`.
///
/// # Errors
/// When a path cannot be unpacked everywhere, or something cannot be written.
pub fn stage_plain(
    staged: &StagedFolder,
    folder: &str,
    (name, version): (&SetName, &Version),
    files: &FileSet,
) -> Result<()> {
    check_paths(files).map_err(|fault| StoreError::Path { name: name.clone(), version: version.clone(), fault })?;
    for (path, bytes) in files.iter() {
        staged.write(&format!("{folder}/{path}"), bytes)?;
    }
    Ok(staged.write(&format!("{folder}{}", super::RECORD_SUFFIX), record(files).as_bytes())?)
}

/// Writes the list of the checksums of `files` beside their set, which is unpacked in `place`.
///
/// # Errors
/// When it cannot be written.
pub fn put_record(
    place: Place,
    project: &Path,
    (name, version, digest): (&SetName, &Version, &ContentDigest),
    files: &FileSet,
) -> Result<bool> {
    let folder = unpacked_folder_in(place, project, name, version, digest);
    let path = record_path(&folder);
    if fs::kind(&path) == Some(EntryKind::Other) {
        fs::remove_file(&path)?;
    }
    Ok(fs::write(&path, record(files).as_bytes(), Durability::Derived)?)
}

/// Takes the right to change what `project` asks for and locks; while another process has it, `progress`
/// is told that it is waited for. Nothing where there can be no such lock, as in a folder that may only
/// be read: whoever goes on to write there is told so then.
pub fn lock(project: &Path, progress: &dyn Progress) -> Option<fs::Lock> {
    let path = project.join(PROJECT_FOLDER).join("lock");
    refuse_link(&project.join(PROJECT_FOLDER)).ok()?;
    if fs::kind(&path).is_some_and(|kind| kind != EntryKind::File) {
        return None;
    }
    fs::lock(&path, &format!("another anvil that changes `{}`", project.display()), progress).ok()
}

/// Removes every unpacked set of `project` but those in `keep`, the folders that
/// [`unpacked_folder`](crate::store::layout::unpacked_folder) gives, and what killed processes left behind. Returns how many sets went.
///
/// # Errors
/// When a link is in the way, or something cannot be removed.
pub fn sweep(project: &Path, keep: &[PathBuf]) -> Result<usize> {
    sweep_in(Place::of(project), project, keep)
}

/// Does what [`sweep`] does in `place`, wherever the sets of `project` lie now.
///
/// # Errors
/// As [`sweep`].
pub fn sweep_in(place: Place, project: &Path, keep: &[PathBuf]) -> Result<usize> {
    let keep: HashSet<&Path> = keep.iter().map(PathBuf::as_path).collect();
    let sets = sets_folder(place, project);
    refuse_link(&project.join(place.folder()))?;
    refuse_link(&sets)?;
    sweep_beside(project);
    let mut removed = 0;
    for project_folder in folders(&sets)? {
        for set_folder in folders(&project_folder)? {
            removed += sweep_set(&set_folder, &keep)?;
        }
        fs::remove_folder_if_empty(&project_folder);
    }
    Ok(removed)
}

/// Returns the unpacked sets of `project` in `place` that are not in `keep`: those that [`sweep_in`] would remove.
///
/// # Errors
/// When a folder cannot be listed.
pub fn unkept_in(place: Place, project: &Path, keep: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let sets = sets_folder(place, project);
    let is_folder = |entry: &fs::Entry| entry.kind == EntryKind::Folder;
    let mut found = Vec::new();
    for project_folder in fs::list(&sets)?.into_iter().filter(is_folder) {
        for set_folder in fs::list(&project_folder.path)?.into_iter().filter(is_folder) {
            let sets = fs::list(&set_folder.path)?.into_iter().filter(is_folder);
            found.extend(sets.filter(|set| is_unpacked_name(&set.name) && !keep.contains(&set.path)).map(|it| it.path));
        }
    }
    Ok(found)
}

/// Removes the files that killed processes left in `folder`, where whatever is written is written
/// first. For whoever has just written there: what cannot be removed now is left to the next.
pub fn sweep_beside(folder: &Path) {
    let entries = fs::list(folder).unwrap_or_default();
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::File) {
        let _ = fs::sweep_leftover(entry);
    }
}

fn sweep_set(set_folder: &Path, keep: &HashSet<&Path>) -> Result<usize> {
    let mut removed = 0;
    for entry in fs::list(set_folder)? {
        let name = entry.name.strip_suffix(super::RECORD_SUFFIX).unwrap_or(&entry.name);
        if !is_unpacked_name(name) || keep.contains(set_folder.join(name).as_path()) {
            fs::sweep_leftover(&entry)?;
            continue;
        }
        match entry.kind {
            EntryKind::Folder => {
                fs::remove_folder(&entry.path)?;
                removed += 1;
            }
            EntryKind::File | EntryKind::Other => fs::remove_file(&entry.path)?,
        }
    }
    fs::remove_folder_if_empty(set_folder);
    Ok(removed)
}

/// Returns the folders in `folder` that are not temporary, and removes temporary ones that were left.
fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::list(folder)? {
        if entry.name.starts_with(TEMPORARY_PREFIX) {
            fs::sweep_leftover(&entry)?;
        } else if entry.kind == EntryKind::Folder {
            folders.push(entry.path);
        }
    }
    Ok(folders)
}

/// Returns whether `name` is one that `unpacked_folder` gives: `<version>-<16 hex>`.
fn is_unpacked_name(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(version, digest)| {
        parse_version(version).is_ok()
            && digest.len() == 16
            && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

pub(super) fn sets_folder(place: Place, project: &Path) -> PathBuf {
    project.join(place.folder()).join("sets")
}

/// A cloned project may hold links in place of these folders: what is written and removed here
/// must not go through them.
fn refuse_link(path: &Path) -> Result<()> {
    match fs::kind(path) {
        None | Some(EntryKind::Folder) => Ok(()),
        Some(EntryKind::File | EntryKind::Other) => Err(StoreError::Link { path: path.to_owned() }),
    }
}

fn record(files: &FileSet) -> String {
    let mut lines = String::new();
    for (path, bytes) in files.iter() {
        let _ = writeln!(lines, "{}  {path}", Sha256::of(bytes)); // Writing to a `String` cannot fail.
    }
    lines
}
