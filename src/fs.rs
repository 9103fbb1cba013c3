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

mod lock;
mod write;

pub use lock::{Lock, lock};
pub use write::{
    Durability, LEFTOVER_AGE, StagedFolder, TEMPORARY_PREFIX, create_new, followed, link, sweep, sweep_leftover, write,
    write_private, write_read_only, write_through,
};

use crate::error::{Code, Diagnose, Hint, Kind};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

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
    /// A pipe, a socket or a device stands where a file is wanted.
    #[error("`{}` is not a regular file", .path.display())]
    NotRegular {
        /// What stands there.
        path: PathBuf,
    },
    /// A file is larger than its reader takes.
    #[error("`{}` is larger than {limit} bytes", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read.
        limit: u64,
    },
    /// Something that is no folder stands where a folder is needed.
    #[error("`{}` is no folder, and one is needed there", .path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
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
            | FsError::NotRegular { path }
            | FsError::InTheWay { path }
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
            FsError::NotUtf8 { .. } | FsError::NotRegular { .. } | FsError::TooLarge { .. } => Kind::No,
            FsError::Io { source, .. } => match source.kind() {
                // A path that the user named and that is not there is theirs to mend.
                io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => Kind::No,
                _ => Kind::Environment,
            },
            FsError::InTheWay { .. } | FsError::NoLocks { .. } => Kind::Environment,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            FsError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                vec![space_hint()]
            }
            FsError::NotRegular { .. } => {
                vec![Hint::new("pipes, sockets and devices are neither read nor replaced: have a regular file there")]
            }
            FsError::InTheWay { path } => {
                vec![Hint::new(format!("move `{}` away, then run the command again", path.display()))]
            }
            FsError::NoLocks { .. } => {
                vec![Hint::new("run this on a machine that has the folder on a local disk")]
            }
            _ => Vec::new(),
        }
    }
}

/// Returns what to do where a disk is full.
pub fn space_hint() -> Hint {
    Hint::run("free some space and run the command again; unused downloads go with", "anvil cache clean")
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
    check_regular(path)?;
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
    limited(open(path)?, path, limit)
}

/// Returns the beginning of the file at `path`: its first `first` bytes or somewhat more, and then as much as
/// `enough` wants, which is shown what is there and returns how many bytes will do. Fewer are given where the
/// file ends. For files of Anvil's own making, of which it reads many: nothing is asked of one but its bytes.
pub fn read_start(path: &Path, first: usize, enough: impl Fn(&[u8]) -> usize) -> Result<Vec<u8>> {
    let mut file = File::open(path).map_err(failed("open", path))?;
    let mut bytes = vec![0; first];
    let mut length = 0;
    loop {
        let read = file.read(&mut bytes[length..]).map_err(failed("read", path))?;
        length += read;
        if read == 0 || enough(&bytes[..length]) <= length {
            bytes.truncate(length);
            return Ok(bytes);
        }
        if length == bytes.len() {
            // Twice as much, and not what a header claims: a file that lies takes no memory that it does not fill.
            bytes.resize(length * 2, 0);
        }
    }
}

/// Returns the text that comes from `path`, be it a file, a pipe or a device, never holding more than
/// `limit` bytes. For what a user names to be read once; all else is read from regular files.
pub fn read_stream_to_string(path: &Path, limit: u64) -> Result<String> {
    let stream = File::open(path).map_err(failed("open", path))?;
    to_text(path, limited(stream, path, limit)?)
}

fn limited(file: File, path: &Path, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
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
    check_regular(path)?;
    File::open(path).map_err(failed("open", path))
}

/// Refuses what is neither file nor folder, before it is opened: a pipe would be waited for, perhaps
/// for ever. Folders, and what is not there, are told by whoever opens them.
fn check_regular(path: &Path) -> Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(FsError::NotRegular { path: path.to_owned() }),
        _ => Ok(()),
    }
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

/// Returns the permission bits of the file at `path`, links followed; nothing where there is none, or
/// where the operating system has no such bits.
pub fn mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).ok().map(|facts| facts.permissions().mode() & 0o777)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
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
///
/// # Errors
/// [`FsError::InTheWay`] when something else stands there, or in the place of a folder above.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| match in_the_way(path) {
        Some(path) => FsError::InTheWay { path },
        None => failed("create the folder", path)(error),
    })
}

/// Returns what keeps `path` from being a folder, if something does: it or the first above it that is there.
pub fn in_the_way(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find(|path| path.exists())?;
    (!there.is_dir()).then(|| there.to_owned())
}

/// Creates a new folder below the system's temporary ones, for its user to keep, and returns it.
pub fn create_temporary_folder(prefix: &str) -> Result<PathBuf> {
    let parent = std::env::temp_dir();
    let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(&parent);
    Ok(folder.map_err(failed("create a folder in", &parent))?.keep())
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
    fn errors_name_the_path() {
        let error = read(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "cannot read `/nowhere/at/all`: No such file or directory (os error 2)");
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_no_file_and_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        for refused in [
            read(&path).map(drop),
            read_limited(&path, 1).map(drop),
            open(&path).map(drop),
            write_through(&path, b"", Durability::Derived).map(drop),
        ] {
            assert!(matches!(refused, Err(FsError::NotRegular { .. })));
        }
        assert_eq!(kind(&path), Some(EntryKind::Other));
    }

    #[test]
    fn text_that_is_no_text_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        write(&path, b"ab\xffc", Durability::Derived).unwrap();
        let error = read_to_string(&path).unwrap_err();
        assert!(matches!(error, FsError::NotUtf8 { offset: 2, byte: 0xff, .. }));
    }
}
