//! Writing files and folders in one step, and what is unfinished meanwhile.

use super::{
    Entry, EntryKind, Result, check_regular, create_folder, failed, read_if_exists, remove_file, remove_folder, rename,
    size_and_time,
};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

/// Whether a write must outlast a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Flushed to the disk, file and folder, before the call returns.
    Synced,
    /// Renamed into place but not flushed: its readers check it and can make it again.
    Derived,
}

/// Writes `bytes` to `path` in one step, making its folder where needed. Returns whether anything
/// changed: a file that already holds these bytes is left alone.
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    if matches!(fs::metadata(path), Ok(found) if found.is_file() && found.len() == bytes.len() as u64)
        && matches!(fs::read(path), Ok(old) if old == bytes)
    {
        return Ok(false);
    }
    let (mut staged, _unfinished) = stage(path)?;
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, durability, Existing::Replace)?;
    Ok(true)
}

/// Writes `bytes` to `path` as [`write()`] does; a link that stands there stays, and the file that it
/// leads to is written. For files that are the user's own, who may keep them elsewhere.
///
/// # Errors
/// When that file cannot be written, or is neither a regular file nor one to come.
pub fn write_through(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    let path = followed(path)?;
    check_regular(&path)?;
    write(&path, bytes, durability)
}

/// Returns the path that the link at `path` leads to, link by link, or `path` if it is none. The file
/// need not be there, its folder must.
///
/// # Errors
/// When the links lead in a circle or to where no folder is.
pub fn followed(path: &Path) -> Result<PathBuf> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found.map_err(failed("follow the link", path)),
    }
    // There is an end, where nothing is: a circle is another error.
    let mut place = path.to_owned();
    while let Ok(next) = fs::read_link(&place) {
        place = folder_of(&place).join(next);
    }
    fs::canonicalize(folder_of(&place)).map_err(failed("follow the link", path))?;
    Ok(place)
}

/// Writes `bytes` to `path` in one step and flushed, for the user alone: mode 0600, also where the
/// file had another one before. Returns whether the content changed.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<bool> {
    let changed = read_if_exists(path)?.as_deref() != Some(bytes);
    let folder = folder_of(path);
    create_folder(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX); // Temporary files are private from the start.
    let staged = Unfinished::begin(|| builder.tempfile_in(folder), tempfile::NamedTempFile::path);
    let (mut staged, _unfinished) = staged.map_err(failed("write", path))?;
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, Durability::Synced, Existing::Replace)?;
    Ok(changed)
}

/// Writes `bytes` to `path` in one step, for nobody to write to again: other names may be linked to
/// the file, and a change through one of them would be one of all.
pub fn write_read_only(path: &Path, bytes: &[u8]) -> Result<()> {
    let (mut staged, _unfinished) = stage(path)?;
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
    let (mut staged, _unfinished) = stage(path)?;
    staged.write_all(bytes).map_err(failed("write", path))?;
    settle(staged, path, durability, Existing::Keep)
}

/// How temporary files of ours begin, so that leftovers of a killed process are known and swept.
pub const TEMPORARY_PREFIX: &str = ".anvil-tmp-";

/// A temporary file or folder that nobody has touched for so long belongs to a process that was killed;
/// a living one fills it and puts it in place within moments.
pub const LEFTOVER_AGE: Duration = Duration::from_secs(10 * 60);

/// Removes what stands at `entry` if it is a temporary file or folder of a process that was killed.
pub fn sweep_leftover(entry: &Entry) -> Result<()> {
    if !entry.name.starts_with(TEMPORARY_PREFIX) {
        return Ok(());
    }
    let Ok((_, changed)) = size_and_time(&entry.path) else {
        return Ok(()); // Its own process has just removed it.
    };
    if SystemTime::now().duration_since(changed).is_ok_and(|age| age > LEFTOVER_AGE) {
        match entry.kind {
            EntryKind::Folder => remove_folder(&entry.path)?,
            EntryKind::File | EntryKind::Other => remove_file(&entry.path)?,
        }
    }
    Ok(())
}

/// The temporary files and folders that this process has begun and not put in place. Whoever makes one
/// reads, so that threads do not queue; to write is for [`sweep`], which nobody outruns.
static UNFINISHED: RwLock<Mutex<BTreeSet<PathBuf>>> = RwLock::new(Mutex::new(BTreeSet::new()));

/// A path that [`sweep`] removes until this is dropped.
struct Unfinished(PathBuf);

impl Unfinished {
    /// Returns what `make` makes, which is at `path`. None is made that [`sweep`] does not know of.
    fn begin<T>(make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<(T, Self)> {
        let unfinished = UNFINISHED.read().unwrap_or_else(PoisonError::into_inner);
        let made = make()?;
        let path = path(&made).to_owned();
        unfinished.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        Ok((made, Unfinished(path)))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let unfinished = UNFINISHED.read().unwrap_or_else(PoisonError::into_inner);
        unfinished.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Makes the folder at `path` and all above it, unless the process ends: what is swept is not made again.
fn create_unless_ending(path: &Path) -> io::Result<()> {
    let _unfinished = UNFINISHED.read().unwrap_or_else(PoisonError::into_inner);
    fs::create_dir_all(path)
}

/// Removes what this process has begun to write and not put in place, and lets it begin nothing more: a
/// thread that tries waits for ever. For whoever ends the process at once, where nothing is dropped; what
/// is left of a process that is killed is swept later, by [`TEMPORARY_PREFIX`].
pub fn sweep() {
    let mut unfinished = UNFINISHED.write().unwrap_or_else(PoisonError::into_inner);
    remove_inside(unfinished.get_mut().unwrap_or_else(PoisonError::into_inner), Path::new(""));
    std::mem::forget(unfinished);
}

/// Removes those of `unfinished` that are inside `folder`; in the empty path is everything.
fn remove_inside(unfinished: &BTreeSet<PathBuf>, folder: &Path) {
    /// A thread may still be filling a folder; it cannot make one again that is gone.
    const ATTEMPTS: usize = 100;
    for path in unfinished.iter().filter(|path| path.starts_with(folder)) {
        // The process ends: nobody is left to be told.
        if fs::remove_file(path).is_err() {
            let _ = (0..ATTEMPTS).find(|_| fs::remove_dir_all(path).is_ok() || !path.exists());
        }
    }
}

fn stage(path: &Path) -> Result<(tempfile::NamedTempFile, Unfinished)> {
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
    let staged = in_folder(folder, || Unfinished::begin(|| builder.tempfile_in(folder), tempfile::NamedTempFile::path));
    staged.map_err(failed("write", path))
}

/// Returns what `work` gives, which needs `folder` and makes it if it turns out not to be there.
/// Most often it is; asking first would cost a call for each of some hundred files.
fn in_folder<T>(folder: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_unless_ending(folder)?;
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

pub(super) fn folder_of(path: &Path) -> &Path {
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
        Self::within(folder_of(target), target)
    }

    /// Returns a new empty folder for the place `target`, in the folder `parent` until it is put there. Both must
    /// be on one file system.
    pub fn within(parent: &Path, target: &Path) -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let staged = in_folder(parent, || Unfinished::begin(|| builder.tempdir_in(parent), tempfile::TempDir::path));
        let (folder, _unfinished) = staged.map_err(failed("create the folder", target))?;
        Ok(StagedFolder { folder, target: target.to_owned(), _unfinished })
    }

    /// Returns where the folder is for now.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a folder inside, and those above it.
    pub fn create_folder(&self, relative: &str) -> Result<()> {
        let made = create_unless_ending(&self.path().join(relative));
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

#[cfg(test)]
mod tests {
    use super::super::{list, read, read_to_string};
    use super::*;

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
    fn a_link_stays_where_it_is_written_through_and_goes_where_it_is_not() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("real")).unwrap();
        symlink("real/file", at("near")).unwrap();
        symlink("near", at("far")).unwrap();
        for text in ["new", "old"] {
            assert!(write_through(&at("far"), text.as_bytes(), Durability::Synced).unwrap());
            assert_eq!(read_to_string(&at("real/file")).unwrap(), text);
        }
        assert!(!write_through(&at("far"), b"old", Durability::Synced).unwrap());
        assert!(at("far").is_symlink() && at("near").is_symlink());
        assert_eq!(list(&at("real")).unwrap().len(), 1);

        write(&at("far"), b"x", Durability::Derived).unwrap();
        assert!(!at("far").is_symlink());
        assert_eq!(read_to_string(&at("real/file")).unwrap(), "old");

        symlink("circle", at("circle")).unwrap();
        symlink("nowhere/file", at("lost")).unwrap();
        for name in ["circle", "lost"] {
            assert!(write_through(&at(name), b"x", Durability::Derived).is_err());
        }
        assert!(!at("nowhere").exists());
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
    fn what_was_begun_is_swept_and_what_was_put_in_place_stays() {
        let root = tempfile::tempdir().unwrap();
        let begun = StagedFolder::at(&root.path().join("begun")).unwrap();
        begun.write("a", b"x").unwrap();
        let done = StagedFolder::at(&root.path().join("done")).unwrap();
        done.put_in_place().unwrap();
        remove_inside(UNFINISHED.read().unwrap().lock().as_deref().unwrap(), root.path());
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
