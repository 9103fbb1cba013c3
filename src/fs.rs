//! Files and folders: the only user of `std::fs`.
//!
//! Every error names what was tried and the path. A file is written to a temporary file in the
//! same folder and renamed when it is whole, so that a process killed at any instant leaves the
//! old file or the new one. A file that would not change is not written.
//!
//! What can be made again from something checked (caches, unpacked sets) is written as
//! [`Durability::Derived`]: renamed but not flushed, because its readers compare checksums anyway
//! and flushing each of some hundred files would cost more than all the rest of `pull`.

#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "here the disk is touched, and nowhere else")]

use crate::error::{Code, Diagnose, Hint, Kind};
use crate::progress::Progress;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// Whether a write must outlast a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Flushed to the disk, file and folder, before the call returns.
    Synced,
    /// Renamed into place but not flushed: its readers check it and can make it again.
    Derived,
}

/// Something about a file or folder that failed.
#[derive(Debug, thiserror::Error)]
pub enum FsError {
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io {
        /// What was tried, e.g. "read".
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the operating system answered.
        source: io::Error,
    },
    /// A text file is not UTF-8.
    #[error("`{}` is not UTF-8: byte {offset} is 0x{byte:02x}", .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Where the first wrong byte stands, from 0.
        offset: usize,
        /// That byte.
        byte: u8,
    },
    /// A file is larger than its reader takes.
    #[error("`{}` is larger than {limit} bytes", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read.
        limit: u64,
    },
    /// The file system offers no locks.
    #[error("the file system of `{}` has no file locks: {source}", .path.display())]
    NoLocks {
        /// The lock's file.
        path: PathBuf,
        /// What the operating system answered.
        source: io::Error,
    },
}

impl FsError {
    /// Returns whether the failure is that the path does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, FsError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the path that the failure is about.
    pub fn path(&self) -> &Path {
        match self {
            FsError::Io { path, .. }
            | FsError::NotUtf8 { path, .. }
            | FsError::TooLarge { path, .. }
            | FsError::NoLocks { path, .. } => path,
        }
    }
}

impl Diagnose for FsError {
    fn code(&self) -> Code {
        match self {
            FsError::NoLocks { .. } => Code::A0902,
            _ => Code::A0901,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            FsError::NotUtf8 { .. } | FsError::TooLarge { .. } => Kind::No,
            FsError::Io { source, .. } => match source.kind() {
                // A path that the user named and that is not there is theirs to mend.
                io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => Kind::No,
                _ => Kind::Environment,
            },
            FsError::NoLocks { .. } => Kind::Environment,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            FsError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                vec![Hint::run(
                    "free some space and run the command again; unused downloads go with",
                    "anvil cache clean",
                )]
            }
            FsError::NoLocks { .. } => {
                vec![Hint::new("run this on a machine that has the folder on a local disk")]
            }
            _ => Vec::new(),
        }
    }
}

type Result<T> = std::result::Result<T, FsError>;

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FsError {
    let path = path.to_owned();
    move |source| FsError::Io { action, path, source: without_path(source) }
}

/// Returns `error` without the temporary file's path that `tempfile` writes behind it: people know
/// the file that was to be written, and are told that one.
fn without_path(error: io::Error) -> io::Error {
    // What the system answered has a number; only what somebody wrapped may have a path.
    if error.raw_os_error().is_some() {
        return error;
    }
    match error.to_string().split_once(" at path \"") {
        Some((answer, _)) => io::Error::new(error.kind(), answer.to_owned()),
        None => error,
    }
}

/// Returns `path` as seen from `folder`, without `.` and `..` as far as these mean nothing more: what
/// is behind a link depends on where that leads.
pub fn join(folder: &Path, path: &Path) -> PathBuf {
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        let is_in_link = || fs::symlink_metadata(&joined).is_ok_and(|found| found.is_symlink());
        match part {
            Component::CurDir => {}
            Component::ParentDir if joined.file_name().is_some() && !is_in_link() => _ = joined.pop(),
            part => joined.push(part),
        }
    }
    if joined.as_os_str().is_empty() { PathBuf::from(".") } else { joined }
}

/// Returns the bytes of the file at `path`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(failed("read", path))
}

/// Returns the bytes of the file at `path`, or nothing if there is none.
pub fn read_if_exists(path: &Path) -> Result<Option<Vec<u8>>> {
    match read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the bytes of the file at `path`, never holding more than `limit` of them.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open(path)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() as u64 > limit {
        return Err(FsError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Returns the text of the file at `path`.
pub fn read_to_string(path: &Path) -> Result<String> {
    to_text(path, read(path)?)
}

/// Returns the text of the file at `path`, or nothing if there is none.
pub fn read_to_string_if_exists(path: &Path) -> Result<Option<String>> {
    read_if_exists(path)?.map(|bytes| to_text(path, bytes)).transpose()
}

fn to_text(path: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        FsError::NotUtf8 { path: path.to_owned(), offset, byte: error.as_bytes()[offset] }
    })
}

/// Returns the file at `path`, open for reading.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(failed("open", path))
}

/// Returns whether a file or folder is at `path`; a broken link counts as nothing.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Returns whether a file is at `path`.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Returns whether a folder is at `path`.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// Returns the size in bytes and the time of the last change of the file at `path`.
pub fn size_and_time(path: &Path) -> Result<(u64, SystemTime)> {
    let metadata = fs::metadata(path).map_err(failed("read", path))?;
    let modified = metadata.modified().map_err(failed("read the time of", path))?;
    Ok((metadata.len(), modified))
}

/// Returns `path` made absolute, with every link followed.
pub fn canonical(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path).map_err(failed("find", path))
}

/// What stands in a folder under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, if it is UTF-8; others are named with replacement characters.
    pub name: String,
    /// The whole path.
    pub path: PathBuf,
    /// What it is; a link is not followed.
    pub kind: EntryKind,
}

/// What a folder's entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link or anything else.
    Other,
}

/// Returns what stands at `path` itself, or nothing; a link is not followed.
pub fn kind(path: &Path) -> Option<EntryKind> {
    fs::symlink_metadata(path).ok().map(|metadata| kind_of(metadata.file_type()))
}

fn kind_of(kind: fs::FileType) -> EntryKind {
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::Other
    }
}

/// Returns what stands in the folder at `path`, sorted by name; a folder that is not there is empty.
pub fn list(path: &Path) -> Result<Vec<Entry>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("list", path)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("list", path))?;
        let kind = kind_of(entry.file_type().map_err(failed("read", &entry.path()))?);
        found.push(Entry { name: entry.file_name().to_string_lossy().into_owned(), path: entry.path(), kind });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Makes the folder at `path` and all above it.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(failed("create the folder", path))
}

/// Creates a new folder below the system's temporary ones, for its user to keep, and returns it.
pub fn create_temporary_folder(prefix: &str) -> Result<PathBuf> {
    let parent = std::env::temp_dir();
    let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(&parent);
    Ok(folder.map_err(failed("create a folder in", &parent))?.keep())
}

/// Writes `bytes` to `path` in one step, making its folder where needed. Returns whether anything
/// changed: a file that already holds these bytes is left alone.
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    if matches!(fs::metadata(path), Ok(metadata) if metadata.len() == bytes.len() as u64)
        && matches!(fs::read(path), Ok(old) if old == bytes)
    {
        return Ok(false);
    }
    let mut staged = stage(path)?;
    let _unfinished = Unfinished::at(staged.path());
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, durability, Existing::Replace)?;
    Ok(true)
}

/// Writes `bytes` to `path` in one step and flushed, for the user alone: mode 0600, also where the
/// file had another one before. Returns whether the content changed.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<bool> {
    let changed = read_if_exists(path)?.as_deref() != Some(bytes);
    let folder = folder_of(path);
    create_folder(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX); // Temporary files are private from the start.
    let mut staged = builder.tempfile_in(folder).map_err(failed("write", path))?;
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, Durability::Synced, Existing::Replace)?;
    Ok(changed)
}

/// Writes `bytes` to `path` in one step, for nobody to write to again: other names may be linked to
/// the file, and a change through one of them would be one of all.
pub fn write_read_only(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut staged = stage(path)?;
    let _unfinished = Unfinished::at(staged.path());
    staged.write_all(bytes).map_err(failed("write", path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let given = staged.as_file().metadata().map_err(failed("write", path))?.permissions().mode();
        let read_only = fs::Permissions::from_mode(given & !0o222);
        staged.as_file().set_permissions(read_only).map_err(failed("write", path))?;
    }
    settle(staged, path, Durability::Derived, Existing::Replace)?;
    Ok(())
}

/// Gives the file `from` the second name `to`, and returns whether it did: something may be there
/// already, and not every file system can, nor any two together.
pub fn link(from: &Path, to: &Path) -> bool {
    fs::hard_link(from, to).is_ok()
}

/// Writes `bytes` to `path` in one step unless something is there already. Returns whether it wrote.
pub fn create_new(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let mut staged = stage(path)?;
    let _unfinished = Unfinished::at(staged.path());
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, durability, Existing::Keep)
}

/// How temporary files of ours begin, so that leftovers of a killed process are known and swept.
pub const TEMPORARY_PREFIX: &str = ".anvil-tmp-";

/// The temporary files and folders that this process has begun and not put in place.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path that [`sweep`] removes until this is dropped.
struct Unfinished(PathBuf);

impl Unfinished {
    fn at(path: &Path) -> Self {
        unfinished().insert(path.to_owned());
        Unfinished(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished().remove(&self.0);
    }
}

/// Removes what this process has begun to write and not put in place. For whoever ends the process
/// at once, where nothing is dropped; what it misses is swept later, by [`TEMPORARY_PREFIX`].
pub fn sweep() {
    sweep_inside(Path::new(""));
}

/// Removes what is unfinished inside `folder` alone; in the empty path is everything.
fn sweep_inside(folder: &Path) {
    for path in unfinished().iter().filter(|path| path.starts_with(folder)) {
        // The process ends: nobody is left to be told.
        if fs::remove_file(path).is_err() {
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn stage(path: &Path) -> Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        // Temporary files are private by default; a file in a repository or registry is for all
        // whom the user's umask lets read, and one that is replaced keeps its mode.
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let mode = fs::metadata(path).map_or(0o666, |old| old.mode() & 0o7777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    in_folder(folder, || builder.tempfile_in(folder)).map_err(failed("write", path))
}

/// Returns what `work` gives, which needs `folder` and makes it if it turns out not to be there.
/// Most often it is; asking first would cost a call for each of some hundred files.
fn in_folder<T>(folder: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            work()
        }
        done => done,
    }
}

#[derive(Clone, Copy)]
enum Existing {
    Replace,
    Keep,
}

fn settle(staged: tempfile::NamedTempFile, path: &Path, durability: Durability, existing: Existing) -> Result<bool> {
    if durability == Durability::Synced {
        staged.as_file().sync_all().map_err(failed("flush", path))?;
    }
    match existing {
        Existing::Replace => {
            staged.persist(path).map_err(|error| failed("write", path)(error.error))?;
        }
        Existing::Keep => match staged.persist_noclobber(path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(failed("write", path)(error.error)),
        },
    }
    if durability == Durability::Synced {
        sync_folder(folder_of(path))?;
    }
    Ok(true)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Flushes the folder's own entries, so that a rename in it outlasts a power cut.
fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(windows) {
        return Ok(()); // Folders cannot be opened for flushing there; the file's own flush must do.
    }
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("flush the folder", path))
}

/// A new folder for a place that may be taken. It goes when it is dropped, unless it is put there.
pub struct StagedFolder {
    folder: tempfile::TempDir,
    target: PathBuf,
    _unfinished: Unfinished,
}

impl StagedFolder {
    /// Returns a new empty folder for the place `target`, beside it.
    pub fn at(target: &Path) -> Result<Self> {
        let parent = folder_of(target);
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let folder = in_folder(parent, || builder.tempdir_in(parent)).map_err(failed("create the folder", target))?;
        let _unfinished = Unfinished::at(folder.path());
        Ok(StagedFolder { folder, target: target.to_owned(), _unfinished })
    }

    /// Returns where the folder is for now.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a folder inside, and those above it.
    pub fn create_folder(&self, relative: &str) -> Result<()> {
        let made = fs::create_dir_all(self.path().join(relative));
        made.map_err(|error| failed("create the folder", &self.target.join(relative))(error))
    }

    /// Writes a file inside, not flushed; its folders are made where needed.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path().join(relative);
        let written = in_folder(folder_of(&path), || fs::write(&path, bytes));
        written.map_err(|error| failed("write", &self.target.join(relative))(error))
    }

    /// Puts the folder in its place by one rename unless something is there already. Returns whether it did.
    pub fn put_if_absent(self) -> Result<bool> {
        // No system renames a folder over one that holds something.
        match in_folder(folder_of(&self.target), || fs::rename(self.path(), &self.target)) {
            Ok(()) => {
                let _ = self.folder.keep(); // Nothing is left at its old place to remove.
                Ok(true)
            }
            Err(_) if self.target.exists() => Ok(false),
            Err(error) => Err(failed("write", &self.target)(error)),
        }
    }

    /// Puts the folder in its place by one rename; what is there already goes first.
    pub fn put_in_place(self) -> Result<()> {
        let target = self.target;
        if target.exists() {
            // Moved aside first, so that readers see the old folder or the new one and never a half.
            let aside = StagedFolder::at(&target)?;
            rename(&target, &aside.path().join("old"))?;
        }
        let path = self.folder.keep();
        in_folder(folder_of(&target), || fs::rename(&path, &target)).map_err(|error| {
            let _ = fs::remove_dir_all(&path);
            failed("write", &target)(error)
        })
    }
}

/// Renames `from` to `to`.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(failed("rename", from))
}

/// Removes the file at `path`; that it is not there is no error.
pub fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes the folder at `path` with all that is in it; that it is not there is no error.
pub fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes the folder at `path` if it is there and empty.
pub fn remove_folder_if_empty(path: &Path) {
    let _ = fs::remove_dir(path); // It is not empty, or not there: both are fine.
}

/// An exclusive lock between processes, held until it is dropped. The operating system lets go of
/// it when the process ends, however it ends.
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Returns what the lock's file says: what its last holder noted and did not take back.
    pub fn note(&self) -> Result<String> {
        let mut text = String::new();
        let mut file = &self.file;
        let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
        read.map(|_| text).map_err(failed("read", &self.path))
    }

    /// Writes into the lock's file what whoever holds the lock next must know, should this process be
    /// killed. It is on the disk when this returns; a run that is killed here leaves nothing or a beginning.
    pub fn set_note(&self, text: &str) -> Result<()> {
        let mut file = &self.file;
        let emptied = file.set_len(0).and_then(|()| file.rewind());
        let written = emptied.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_data());
        written.map_err(failed("write", &self.path))
    }
}

/// Takes the lock at `path`, making the file where needed; while another process holds it,
/// `progress` is told once that `what` is waited for.
///
/// # Errors
/// [`FsError::NoLocks`] where the file system has none.
pub fn lock(path: &Path, what: &str, progress: &dyn Progress) -> Result<Lock> {
    create_folder(folder_of(path))?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(failed("open the lock", path))?;
    match file.try_lock() {
        Ok(()) => return Ok(Lock { file, path: path.to_owned() }),
        Err(TryLockError::WouldBlock) => progress.waiting(what),
        Err(TryLockError::Error(source)) => return Err(no_lock(path, source)),
    }
    file.lock().map_err(|source| no_lock(path, source))?;
    Ok(Lock { file, path: path.to_owned() })
}

fn no_lock(path: &Path, source: io::Error) -> FsError {
    FsError::NoLocks { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_is_joined_without_detours_unless_they_lead_through_a_link() {
        let root = tempfile::tempdir().unwrap();
        let root = canonical(root.path()).unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        std::os::unix::fs::symlink(root.join("a/b"), root.join("link")).unwrap();
        for (path, joined) in
            [("./x", "x"), ("a/../x", "x"), ("a/./b/../../x/", "x"), ("link/x", "link/x"), ("link/../x", "link/../x")]
        {
            assert_eq!(join(&root, Path::new(path)), root.join(joined), "{path}");
        }
        assert_eq!(join(&root, Path::new("..")), root.parent().unwrap());
        assert_eq!(join(Path::new(""), Path::new("../x/./y")), Path::new("../x/y"));
        assert_eq!(join(Path::new("."), Path::new(".")), Path::new("."));
    }

    #[test]
    fn an_unchanged_file_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        assert!(write(&path, b"x", Durability::Synced).unwrap());
        assert!(!write(&path, b"x", Durability::Synced).unwrap());
        assert!(write(&path, b"y", Durability::Derived).unwrap());
        assert_eq!(read(&path).unwrap(), b"y");
        assert!(!create_new(&path, b"z", Durability::Synced).unwrap());
        assert_eq!(list(path.parent().unwrap()).unwrap().len(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_private_file_is_the_users_alone_even_if_it_was_not() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        write(&path, b"x", Durability::Derived).unwrap();
        assert!(!write_private(&path, b"x").unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_private(&path, b"y").unwrap());
        assert_eq!(read(&path).unwrap(), b"y");
        assert_eq!(list(path.parent().unwrap()).unwrap().len(), 1);
    }

    #[test]
    fn errors_name_the_path() {
        let error = read(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "cannot read `/nowhere/at/all`: No such file or directory (os error 2)");
    }

    #[test]
    fn text_that_is_no_text_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        write(&path, b"ab\xffc", Durability::Derived).unwrap();
        let error = read_to_string(&path).unwrap_err();
        assert!(matches!(error, FsError::NotUtf8 { offset: 2, byte: 0xff, .. }));
    }

    #[test]
    fn what_was_begun_is_swept_and_what_was_put_in_place_stays() {
        let root = tempfile::tempdir().unwrap();
        let begun = StagedFolder::at(&root.path().join("begun")).unwrap();
        begun.write("a", b"x").unwrap();
        let done = StagedFolder::at(&root.path().join("done")).unwrap();
        done.put_in_place().unwrap();
        sweep_inside(root.path());
        assert_eq!(list(root.path()).unwrap().len(), 1);
        assert!(root.path().join("done").is_dir());
    }

    #[test]
    fn a_folder_that_may_not_replace_leaves_the_old_one() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("sets/x");
        for (text, put) in [("one", true), ("two", false)] {
            let staged = StagedFolder::at(&target).unwrap();
            staged.write("a/b.md", text.as_bytes()).unwrap();
            assert_eq!(staged.put_if_absent().unwrap(), put);
            assert_eq!(read_to_string(&target.join("a/b.md")).unwrap(), "one");
        }
        assert_eq!(list(&root.path().join("sets")).unwrap().len(), 1, "something temporary was left");
    }

    #[test]
    fn a_folder_is_put_in_place_over_an_old_one() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("sets/x");
        for text in ["one", "two"] {
            let staged = StagedFolder::at(&target).unwrap();
            staged.write("a/b.md", text.as_bytes()).unwrap();
            staged.put_in_place().unwrap();
            assert_eq!(read_to_string(&target.join("a/b.md")).unwrap(), text);
        }
        assert_eq!(list(&root.path().join("sets")).unwrap().len(), 1, "something temporary was left");
    }
}
