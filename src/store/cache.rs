//! The machine's cache: bundles and the files of unpacked sets by their checksum, index files by
//! registry, clones of git sources.
//!
//! Many processes use it at once and without a lock. A file appears by a rename and is checked by
//! whoever reads it; cleaning may take any file or folder away at any instant, which a reader
//! takes for a miss and a writer answers by writing again.

use super::index;
use crate::archive::Limits;
use crate::digest::Sha256;
use crate::fs::{self, Durability, EntryKind, FsError, TEMPORARY_PREFIX};
use crate::progress::Progress;
use std::path::{Path, PathBuf};
use std::time::Duration;

type Result<T> = std::result::Result<T, FsError>;

/// The machine's cache. The number in each folder's name is that of its format: an Anvil with
/// another format uses another folder.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

/// How many files, and how large together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Tally {
    fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

impl std::ops::Add for Tally {
    type Output = Tally;

    fn add(self, other: Tally) -> Tally {
        Tally { files: self.files + other.files, bytes: self.bytes + other.bytes }
    }
}

/// What the cache holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bundles.
    pub bundles: Tally,
    /// Files that unpacked sets share.
    pub files: Tally,
    /// Files of registries' indexes.
    pub index: Tally,
    /// Clones of git sources.
    pub git: Tally,
}

/// What checking the cache found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// The bundles that are as they were stored.
    pub bundles: Tally,
    /// The shared files of unpacked sets that are as they were stored.
    pub files: Tally,
    /// The index files that are as they were stored.
    pub index: Tally,
    /// The files that were not, and are gone now.
    pub removed: Vec<PathBuf>,
}

impl Cache {
    /// Returns the cache in the folder `root`, which need not be there yet.
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Cache { root: root.into() }
    }

    /// Returns the cache's folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    fn bundles(&self) -> PathBuf {
        self.root.join("bundles-v1")
    }

    /// Returns the folder of the index files of all registries.
    pub(super) fn index(&self) -> PathBuf {
        self.root.join("index-v2")
    }

    /// Returns the folder of the mirrors of git dependencies. Whoever changes the mirror `x` in it
    /// holds the lock on `x.lock` beside it.
    pub fn git(&self) -> PathBuf {
        self.root.join("git-v1")
    }

    /// Returns the folder of the files that unpacked sets of all projects share.
    fn files(&self) -> PathBuf {
        self.root.join("files-v1")
    }

    fn file_path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_string();
        self.files().join(&hex[..2]).join(hex)
    }

    fn bundle_path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_string();
        self.bundles().join(&hex[..2]).join(format!("{hex}.tar.gz"))
    }

    /// Returns the bundle whose checksum is `sha256`, compared just now. One that cannot be read
    /// is as good as none; one that does not match is removed.
    pub fn get(&self, sha256: &Sha256) -> Option<Vec<u8>> {
        let path = self.bundle_path(sha256);
        match fs::read_limited(&path, Limits::FORMAT.packed) {
            Ok(bytes) if Sha256::of(&bytes) == *sha256 => Some(bytes),
            Ok(_) | Err(FsError::TooLarge { .. }) => {
                let _ = fs::remove_file(&path); // If it cannot be removed, the next reader sees the same.
                None
            }
            Err(_) => None,
        }
    }

    /// Returns whether there is a bundle of this checksum. Whether it is sound, [`Cache::get`] finds out.
    pub fn holds(&self, sha256: &Sha256) -> bool {
        fs::is_file(&self.bundle_path(sha256))
    }

    /// Keeps the bundle `bytes`, whose checksum the caller has compared with `sha256`; readers
    /// compare it again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(&self, sha256: &Sha256, bytes: &[u8]) -> Result<()> {
        write(&self.bundle_path(sha256), bytes)
    }

    /// Returns where a file with these very bytes lies, compared just now and made where needed, for
    /// projects to link to: so many bytes fewer, and making a file takes longer than naming one.
    /// Nothing where the cache cannot be written: then each project has its own.
    pub fn file(&self, bytes: &[u8]) -> Option<PathBuf> {
        let path = self.file_path(&Sha256::of(bytes));
        // Whoever edited an unpacked set by force may have edited this file, which is the same one.
        if !matches!(fs::read_limited(&path, bytes.len() as u64), Ok(found) if found == bytes) {
            fs::write_read_only(&path, bytes).ok()?;
        }
        Some(path)
    }

    /// Forgets the bundle of this checksum: its bytes are the promised ones, and no bundle.
    pub fn forget(&self, sha256: &Sha256) {
        let _ = fs::remove_file(&self.bundle_path(sha256)); // If it cannot be removed, the next reader sees the same.
    }

    fn lock_clone(&self, name: &str, progress: &dyn Progress) -> Result<fs::Lock> {
        let path = self.git().join(format!("{name}{LOCK_SUFFIX}"));
        fs::lock(&path, "another process that fetches the same repository", progress)
    }

    /// Returns what the cache holds.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn usage(&self) -> Result<Usage> {
        Ok(Usage {
            bundles: measure(&self.bundles())?,
            files: measure(&self.files())?,
            index: measure(&self.index())?,
            git: measure(&self.git())?,
        })
    }

    /// Removes all that the cache holds and returns what was freed. Others may use the cache
    /// meanwhile: they fetch again what they miss. A clone that is being fetched is waited for.
    ///
    /// # Errors
    /// When something cannot be removed; what was removed before stays removed.
    pub fn clean(&self, progress: &dyn Progress) -> Result<Tally> {
        let mut freed = clear(&self.bundles())? + clear(&self.files())? + clear(&self.index())?;
        for entry in fs::list(&self.git())? {
            // The files of the locks stay: removing one would give two processes a lock each.
            if entry.kind == EntryKind::Folder {
                let _lock = self.lock_clone(&entry.name, progress)?;
                freed = freed + measure(&entry.path)?;
                fs::remove_folder(&entry.path)?;
            }
        }
        Ok(freed)
    }

    /// Returns the bundles that are not as they were stored, among the first `most`. They stay where they are.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn broken_bundles(&self, most: usize) -> Result<Vec<PathBuf>> {
        let is_broken = |file: &fs::Entry| {
            let sha256: Option<Sha256> = file.name.strip_suffix(".tar.gz").and_then(|hex| hex.parse().ok());
            let read = || fs::read_limited(&file.path, Limits::FORMAT.packed);
            sha256.is_some_and(|sha256| match read() {
                Ok(bytes) => Sha256::of(&bytes) != sha256,
                Err(error) => !error.is_not_found(),
            })
        };
        let files = walk(&self.bundles())?.files.into_iter().take(most);
        Ok(files.filter(is_broken).map(|file| file.path).collect())
    }

    /// Compares every bundle, shared file and index file with its checksum and removes those that do not
    /// match, and what killed processes left behind.
    ///
    /// # Errors
    /// When a folder cannot be listed or a file not be removed.
    pub fn verify(&self) -> Result<Verification> {
        let mut found = Verification::default();
        for file in swept_files(&self.bundles())? {
            let sha256: Option<Sha256> =
                file.name.strip_suffix(".tar.gz").and_then(|hex| hex.parse().ok()).filter(|sha256| {
                    // What Anvil did not put there is not Anvil's to judge.
                    self.bundle_path(sha256) == file.path
                });
            let Some(sha256) = sha256 else { continue };
            match fs::read_limited(&file.path, Limits::FORMAT.packed) {
                Ok(bytes) if Sha256::of(&bytes) == sha256 => found.bundles.add(bytes.len() as u64),
                Err(error) if error.is_not_found() => {}
                _ => found.removed.push(file.path),
            }
        }
        for file in swept_files(&self.files())? {
            let sha256: Option<Sha256> = file.name.parse().ok().filter(|sha256| self.file_path(sha256) == file.path);
            let Some(sha256) = sha256 else { continue };
            match fs::read_limited(&file.path, Limits::FORMAT.unpacked) {
                Ok(bytes) if Sha256::of(&bytes) == sha256 => found.files.add(bytes.len() as u64),
                Err(error) if error.is_not_found() => {}
                _ => found.removed.push(file.path),
            }
        }
        for file in swept_files(&self.index())? {
            match fs::read(&file.path) {
                Ok(bytes) if index::is_sound(&bytes) => found.index.add(bytes.len() as u64),
                Err(error) if error.is_not_found() => {}
                _ => found.removed.push(file.path),
            }
        }
        found.removed.iter().try_for_each(|path| fs::remove_file(path))?;
        Ok(found)
    }
}

/// How the file of a clone's lock ends.
const LOCK_SUFFIX: &str = ".lock";

/// Writes a file of the cache. While it is being cleaned its folder may go between being made and
/// being used, so that nothing is found where something was; a few attempts are made then.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut attempts = 50;
    loop {
        attempts -= 1;
        match fs::write(path, bytes, Durability::Derived) {
            Err(error) if error.is_not_found() && attempts > 0 => std::thread::sleep(Duration::from_millis(1)),
            other => return other.map(drop),
        }
    }
}

/// Returns every file under `root` that is no temporary one; what killed processes left there is removed.
fn swept_files(root: &Path) -> Result<Vec<fs::Entry>> {
    let mut files = walk(root)?.files;
    files.iter().try_for_each(fs::sweep_leftover)?;
    files.retain(|file| file.kind == EntryKind::File && !file.name.starts_with(TEMPORARY_PREFIX));
    Ok(files)
}

fn measure(root: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    for file in walk(root)?.files {
        tally.add(size(&file));
    }
    Ok(tally)
}

fn size(file: &fs::Entry) -> u64 {
    match file.kind {
        EntryKind::File => fs::size_and_time(&file.path).map_or(0, |(size, _)| size),
        EntryKind::Folder | EntryKind::Other => 0,
    }
}

/// Removes what is under `root`, file by file, so that what is freed is counted and what others
/// write meanwhile is not in the way.
fn clear(root: &Path) -> Result<Tally> {
    let found = walk(root)?;
    let mut freed = Tally::default();
    for file in found.files {
        freed.add(size(&file));
        fs::remove_file(&file.path)?;
    }
    found.folders.iter().rev().for_each(|folder| fs::remove_folder_if_empty(folder));
    Ok(freed)
}

struct Walk {
    /// Everything but folders; links are not followed.
    files: Vec<fs::Entry>,
    /// `root` and the folders below it, each after the one that holds it.
    folders: Vec<PathBuf>,
}

fn walk(root: &Path) -> Result<Walk> {
    let mut walk = Walk { files: Vec::new(), folders: vec![root.to_owned()] };
    let mut next = 0;
    while let Some(folder) = walk.folders.get(next) {
        for entry in fs::list(folder)? {
            match entry.kind {
                EntryKind::Folder => walk.folders.push(entry.path),
                EntryKind::File | EntryKind::Other => walk.files.push(entry),
            }
        }
        next += 1;
    }
    Ok(walk)
}

#[cfg(test)]
mod tests {
    use super::super::{CachedFile, IndexCache, Stamp};
    use super::*;
    use crate::progress::Silent;
    use std::time::SystemTime;

    struct Scratch {
        _folder: tempfile::TempDir,
        cache: Cache,
    }

    fn scratch() -> Scratch {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache"));
        Scratch { _folder: folder, cache }
    }

    fn spoil(path: &Path) {
        let mut bytes = fs::read(path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(path, &bytes, Durability::Derived).unwrap();
    }

    #[test]
    fn a_bundle_is_found_by_its_checksum_alone() {
        let Scratch { cache, _folder } = scratch();
        let sha256 = Sha256::of("bundle");
        assert_eq!(cache.get(&sha256), None);
        cache.put(&sha256, b"bundle").unwrap();
        assert_eq!(cache.get(&sha256), Some(b"bundle".to_vec()));
        assert_eq!(cache.get(&Sha256::of("other")), None);
        let hex = sha256.to_string();
        assert!(fs::is_file(&cache.path().join(format!("bundles-v1/{}/{hex}.tar.gz", &hex[..2]))));
    }

    #[test]
    fn a_bundle_that_rotted_is_not_given_back_and_not_kept() {
        let Scratch { cache, _folder } = scratch();
        let sha256 = Sha256::of("bundle");
        cache.put(&sha256, b"bundle").unwrap();
        spoil(&cache.bundle_path(&sha256));
        assert_eq!(cache.get(&sha256), None);
        assert!(!fs::exists(&cache.bundle_path(&sha256)));
        cache.put(&sha256, b"bundle").unwrap();
        assert!(cache.get(&sha256).is_some());
    }

    #[test]
    fn a_shared_file_has_the_bytes_that_were_asked_for_whatever_became_of_it() {
        let Scratch { cache, _folder } = scratch();
        let path = cache.file(b"text").unwrap();
        assert_eq!((fs::read(&path).unwrap(), cache.file(b"text")), (b"text".to_vec(), Some(path.clone())));
        for changed in ["test", "tex", "a longer text", ""] {
            fs::write(&path, changed.as_bytes(), Durability::Derived).unwrap();
            assert_eq!(cache.file(b"text"), Some(path.clone()));
            assert_eq!(fs::read(&path).unwrap(), b"text", "{changed:?}");
        }
        spoil(&path);
        assert_eq!(cache.verify().unwrap().removed, [path]);
    }

    #[test]
    fn verifying_removes_what_rotted_and_nothing_else() {
        let Scratch { cache, _folder } = scratch();
        let index = IndexCache::open(&cache, "https://prompts.example.com/acme");
        let file = CachedFile { bytes: b"line".to_vec(), stamp: Stamp { etag: None, stored_at: 1, max_age: None } };
        for text in ["a", "b"] {
            cache.put(&Sha256::of(text), text.as_bytes()).unwrap();
            index.put(&format!("index/p/{text}.jsonl"), &file, b"outline").unwrap();
        }
        fs::write(&cache.bundles().join("README"), b"mine", Durability::Derived).unwrap();
        assert_eq!(cache.verify().unwrap().removed, <[PathBuf; 0]>::default());
        let bad = [cache.bundle_path(&Sha256::of("a")), index.path_of("index/p/b.jsonl").unwrap()];
        bad.iter().for_each(|path| spoil(path));
        let found = cache.verify().unwrap();
        assert_eq!((found.bundles.files, found.index.files), (1, 1));
        assert_eq!(found.removed, bad);
        assert!(cache.verify().unwrap().removed.is_empty());
        assert!(fs::exists(&cache.bundles().join("README")));
    }

    #[test]
    fn verifying_and_cleaning_remove_what_killed_processes_left() {
        let Scratch { cache, _folder } = scratch();
        cache.put(&Sha256::of("a"), b"a").unwrap();
        let folders = [cache.bundle_path(&Sha256::of("a")), cache.file(b"b").unwrap(), cache.index().join("x/y")];
        let leave = |name: &str, age: Duration| {
            let paths = folders.each_ref().map(|path| path.with_file_name(format!("{TEMPORARY_PREFIX}{name}")));
            for path in &paths {
                fs::write(path, b"half", Durability::Derived).unwrap();
                fs::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
            }
            paths
        };
        let (dead, live) = (leave("dead", fs::LEFTOVER_AGE + Duration::from_secs(60)), leave("live", Duration::ZERO));
        assert!(cache.verify().unwrap().removed.is_empty());
        assert!(dead.iter().all(|path| !fs::exists(path)) && live.iter().all(|path| fs::exists(path)));
        cache.clean(&Silent).unwrap();
        assert!(live.iter().all(|path| !fs::exists(path)));
    }

    #[test]
    fn cleaning_removes_everything_and_says_how_much() {
        let Scratch { cache, _folder } = scratch();
        assert_eq!(cache.clean(&Silent).unwrap(), Tally::default(), "a cache that is not there is clean");
        cache.put(&Sha256::of("a"), b"a").unwrap();
        cache.put(&Sha256::of("bc"), b"bc").unwrap();
        let clone = cache.git().join("lab-0123456789abcdef");
        fs::write(&clone.join("objects/x"), b"xyz", Durability::Derived).unwrap();
        let usage = cache.usage().unwrap();
        assert_eq!(usage.bundles, Tally { files: 2, bytes: 3 });
        assert_eq!(cache.clean(&Silent).unwrap(), Tally { files: 3, bytes: 6 });
        assert_eq!(cache.usage().unwrap().bundles, Tally::default());
        assert!(!fs::exists(&clone));
        assert_eq!(cache.clean(&Silent).unwrap(), Tally::default());
    }

    #[test]
    fn others_go_on_while_the_cache_is_cleaned() {
        let Scratch { cache, _folder } = scratch();
        std::thread::scope(|scope| {
            let pulling = scope.spawn(|| {
                for number in 0..500 {
                    let text = number.to_string();
                    cache.put(&Sha256::of(&text), text.as_bytes()).unwrap();
                    assert!(cache.get(&Sha256::of(&text)).is_none_or(|bytes| bytes == text.as_bytes()));
                }
            });
            while !pulling.is_finished() {
                cache.clean(&Silent).unwrap();
            }
        });
    }
}
