//! The sets that a project has unpacked, under `.anvil/sets`, or under `anvil-vendor/sets` where they are vendored.
//!
//! A folder is put in place by one rename and never edited; its name holds the version and the
//! digest, so that two locks can be served side by side and the lock alone chooses. Before a set
//! is used, all its files are hashed again: the digest in the lock is the only witness.
//!
//! Beside each folder lies `<folder>.sha256`, the lines that its digest is taken over, in the form
//! of `sha256sum`. It proves itself by that digest, and is read only to say which files differ.

#[cfg(feature = "manage")]
mod put;

#[cfg(feature = "manage")]
pub use put::{
    Content, lock, put, put_in, put_record, stage_plain, stage_vendored, sweep, sweep_beside, sweep_in, unkept_in,
};

use super::layout::{Place, VENDOR_FOLDER, unpacked_folder, unpacked_folder_in};
use crate::archive::{FileSet, Limits, PathFault};
use crate::digest::{ContentDigest, Sha256, Sha256Hasher};
use crate::error::{Code, Diagnose, Hint, Kind};
use crate::fs::{self, EntryKind, FsError};
use crate::name::SetName;
use crate::version::Version;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Whether a locked set is unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is, and every file is as it was.
    Unpacked,
    /// It is not.
    Missing,
    /// Its files are not those that were unpacked.
    Damaged {
        /// What differs, sorted by path; empty where it cannot be told.
        files: Vec<DamagedFile>,
    },
}

/// A file of an unpacked set that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DamagedFile {
    /// Its path relative to the set's folder.
    pub path: String,
    /// What happened to it.
    pub damage: Damage,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Its bytes are others.
    Changed,
    /// It is gone.
    Removed,
    /// It does not belong there.
    Added,
}

impl fmt::Display for DamagedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let damage = match self.damage {
            Damage::Changed => "changed",
            Damage::Removed => "is gone",
            Damage::Added => "was added",
        };
        write!(f, "`{}` {damage}", self.path)
    }
}

/// Why a set cannot be unpacked or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The set is not unpacked.
    #[error("{name} {version} is locked but not unpacked")]
    Missing {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// Where the sets of the project lie.
        place: Place,
    },
    /// The unpacked files are not those that were unpacked.
    #[error("the unpacked files of {name} {version} do not match the lock{}", summary(.files))]
    Damaged {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// What differs; empty where it cannot be told.
        files: Vec<DamagedFile>,
        /// Where the sets of the project lie.
        place: Place,
    },
    /// The files that were to be unpacked are not those that are locked.
    #[error("the content of {name} {version} has the digest {found}, but {expected} is locked")]
    OtherContent {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// The locked digest.
        expected: ContentDigest,
        /// The digest of the files.
        found: Box<ContentDigest>,
    },
    /// A path cannot be unpacked on every file system.
    #[error("{name} {version} cannot be unpacked: {fault}")]
    Path {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// The path.
        fault: PathFault,
    },
    /// A link stands where sets are unpacked; following it would write or remove elsewhere.
    #[error("`{}` is not a folder but a link or a file", .path.display())]
    Link {
        /// Where it stands.
        path: PathBuf,
    },
    /// A file or folder could not be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
}

fn summary(files: &[DamagedFile]) -> String {
    match files {
        [] => String::new(),
        [file] => format!(": {file}"),
        [file, rest @ ..] => format!(": {file}, and {} more", rest.len()),
    }
}

impl Diagnose for StoreError {
    fn code(&self) -> Code {
        match self {
            StoreError::Missing { .. } => Code::A0903,
            StoreError::Damaged { .. } => Code::A0904,
            StoreError::OtherContent { .. } => Code::A0703,
            StoreError::Path { .. } => Code::A0704,
            StoreError::Link { .. } => Code::A0905,
            StoreError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            StoreError::Fs(error) => error.kind(),
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            // No registry need be there for what is committed.
            StoreError::Missing { place: Place::Vendored, .. } | StoreError::Damaged { place: Place::Vendored, .. } => {
                vec![
                    Hint::run(
                        "vendored sets are never edited (use `[override]` to work on one); have git put them back with",
                        format!("git restore -- {VENDOR_FOLDER}"),
                    ),
                    Hint::run("or, where the registry can be reached, fetch what is locked", "anvil pull --locked"),
                ]
            }
            StoreError::Missing { .. } => vec![Hint::run("unpack what is locked with", "anvil pull --locked")],
            StoreError::Damaged { .. } => vec![Hint::run(
                "unpacked sets are never edited (use `[override]` to work on one); put the files back with",
                "anvil pull --locked",
            )],
            StoreError::OtherContent { .. } => vec![Hint::new("nothing of it was unpacked; tell whoever published it")],
            StoreError::Path { .. } => {
                vec![Hint::new("nothing of it was unpacked; the set's author has to rename the file")]
            }
            StoreError::Link { path } => {
                vec![Hint::new(format!("remove `{}`; sets are unpacked in plain folders alone", path.display()))]
            }
            StoreError::Fs(error) => error.hints(),
        }
    }
}

type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Returns whether `name` at `version` is unpacked in `project` and has the content `digest`.
///
/// # Errors
/// When something cannot be read.
pub fn state(project: &Path, name: &SetName, version: &Version, digest: &ContentDigest) -> Result<State> {
    state_in(Place::of(project), project, name, version, digest)
}

/// Does what [`state`] does in `place`, wherever the sets of `project` lie now.
///
/// # Errors
/// As [`state`].
pub fn state_in(
    place: Place,
    project: &Path,
    name: &SetName,
    version: &Version,
    digest: &ContentDigest,
) -> Result<State> {
    let folder = unpacked_folder_in(place, project, name, version, digest);
    match fs::kind(&folder) {
        None => return Ok(State::Missing),
        Some(EntryKind::Folder) => {}
        Some(EntryKind::File | EntryKind::Other) => return Ok(State::Damaged { files: Vec::new() }),
    }
    let mut found = BTreeMap::new();
    for entry in entries(&folder)? {
        let sha256 = match entry.kind {
            EntryKind::File => match hash(&entry.path) {
                Err(StoreError::Fs(error)) if error.is_not_found() => continue, // It went a moment ago.
                other => Some(other?),
            },
            // What is no file has no checksum, and so never matches.
            EntryKind::Folder | EntryKind::Other => None,
        };
        found.insert(entry.relative, sha256);
    }
    let all_files = found.values().all(Option::is_some);
    let hashed = found.iter().filter_map(|(path, sha256)| Some((path.as_str(), (*sha256)?)));
    if all_files && ContentDigest::of_files(hashed) == *digest {
        return Ok(State::Unpacked);
    }
    let files = recorded(&folder, digest).map_or_else(Vec::new, |recorded| differences(&recorded, &found));
    Ok(State::Damaged { files })
}

/// Returns the files of `name` at `version` as they are unpacked in `project`, checked against `digest`.
///
/// # Errors
/// When the set is not unpacked, its files do not match, or something cannot be read.
pub fn read(project: &Path, name: &SetName, version: &Version, digest: &ContentDigest) -> Result<FileSet> {
    let folder = unpacked_folder(project, name, version, digest);
    let whole = || -> Result<Option<FileSet>> {
        match fs::kind(&folder) {
            Some(EntryKind::Folder) => Ok(read_files(&folder)?.filter(|files| files.digest() == *digest)),
            None | Some(EntryKind::File | EntryKind::Other) => Ok(None),
        }
    };
    if let Some(files) = whole()? {
        return Ok(files);
    }
    let missing = || StoreError::Missing { name: name.clone(), version: version.clone(), place: Place::of(project) };
    let damaged =
        |files| StoreError::Damaged { name: name.clone(), version: version.clone(), files, place: Place::of(project) };
    match state(project, name, version, digest)? {
        State::Missing => Err(missing()),
        State::Damaged { files } => Err(damaged(files)),
        // Another run put it back between the two looks.
        State::Unpacked => whole()?.ok_or_else(|| damaged(Vec::new())),
    }
}

/// Returns the files in `folder`, or nothing if they cannot be a set's.
fn read_files(folder: &Path) -> Result<Option<FileSet>> {
    let mut files = FileSet::new();
    let mut left = Limits::FORMAT.unpacked;
    for entry in entries(folder)? {
        if entry.kind != EntryKind::File {
            return Ok(None);
        }
        let bytes = match fs::read_limited(&entry.path, left) {
            Err(FsError::TooLarge { .. }) => return Ok(None),
            Err(error) if error.is_not_found() => return Ok(None), // It went a moment ago.
            other => other?,
        };
        left = left.saturating_sub(bytes.len() as u64);
        files.insert(entry.relative, bytes);
    }
    Ok(Some(files))
}

/// Something in an unpacked set that is no folder.
struct Found {
    relative: String,
    path: PathBuf,
    kind: EntryKind,
}

/// Returns all that is in `folder` and the folders below it but the folders themselves.
fn entries(folder: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = pending.pop() {
        for entry in fs::list(&folder)? {
            let relative = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::Folder => pending.push((format!("{relative}/"), entry.path)),
                kind => found.push(Found { relative, path: entry.path, kind }),
            }
        }
    }
    Ok(found)
}

/// Returns the checksum of the file at `path`, which may be larger than any file of a set.
fn hash(path: &Path) -> Result<Sha256> {
    let mut file = fs::open(path)?;
    let mut hasher = Sha256Hasher::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(source) if source.kind() == std::io::ErrorKind::Interrupted => {}
            Err(source) => return Err(FsError::Io { action: "read", path: path.to_owned(), source }.into()),
        }
    }
}

/// How the file beside an unpacked set ends that holds its files' checksums.
pub const RECORD_SUFFIX: &str = ".sha256";

fn record_path(folder: &Path) -> PathBuf {
    let mut path = folder.as_os_str().to_owned();
    path.push(RECORD_SUFFIX);
    path.into()
}

/// Returns whether beside the unpacked set in `folder` stands the list of its checksums, in a file and no link to one.
pub fn has_record(folder: &Path, digest: &ContentDigest) -> bool {
    fs::kind(&record_path(folder)) == Some(EntryKind::File) && recorded(folder, digest).is_some()
}

/// Returns the checksums of the files as they were unpacked, if they are on record and prove themselves.
fn recorded(folder: &Path, digest: &ContentDigest) -> Option<BTreeMap<String, Sha256>> {
    let text = fs::read_to_string(&record_path(folder)).ok()?;
    let lines = text.lines().map(|line| {
        let (sha256, path) = line.split_once("  ")?;
        Some((path.to_owned(), sha256.parse().ok()?))
    });
    let files: BTreeMap<String, Sha256> = lines.collect::<Option<_>>()?;
    let proven = ContentDigest::of_files(files.iter().map(|(path, sha256)| (path.as_str(), *sha256))) == *digest;
    proven.then_some(files)
}

fn differences(recorded: &BTreeMap<String, Sha256>, found: &BTreeMap<String, Option<Sha256>>) -> Vec<DamagedFile> {
    let damaged = |path: &String, damage| DamagedFile { path: path.clone(), damage };
    let lost = recorded.iter().filter_map(|(path, sha256)| match found.get(path) {
        None => Some(damaged(path, Damage::Removed)),
        Some(now) if *now != Some(*sha256) => Some(damaged(path, Damage::Changed)),
        Some(_) => None,
    });
    let added = found.keys().filter(|path| !recorded.contains_key(*path)).map(|path| damaged(path, Damage::Added));
    let mut files: Vec<DamagedFile> = lost.chain(added).collect();
    files.sort();
    files
}

#[cfg(all(test, feature = "manage"))]
mod tests;
