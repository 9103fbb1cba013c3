//! An archive that `anvil export` wrote, read with the suspicion that a stranger's file deserves.
//!
//! [`Exported::open`] reads it through once, holding no more than its index in memory: it finds
//! where the bundles lie and refuses what is no such archive. A bundle's bytes are compared with
//! its index line each time they are read.

use crate::archive::{Limits, PlainTarError, TarFile, read_plain};
use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Hint};
use crate::fs::{self, FsError};
use crate::index::{IndexFile, Line, Paths, RegistryFile};
use crate::name::{RegistryId, SetName};
use crate::registry::{INDEX_LIMIT, REGISTRY_FILE_LIMIT};
use serde::Serializer;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// The folder of an archive that the registries lie in beside the one that the archive itself is.
const FURTHER: &str = "registries";

/// The most bytes of all index files of an archive together.
const MOST_INDEX: u64 = 64 << 20;

/// The most registries of an archive.
const MOST_REGISTRIES: usize = 1_000;

/// An archive that is refused.
#[derive(Debug, thiserror::Error)]
pub enum ExportedError {
    /// It is not what `anvil export` writes.
    #[error("`{}` is not a whole archive of `anvil export`: {why}", .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It cannot be read.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl Diagnose for ExportedError {
    fn code(&self) -> Code {
        match self {
            ExportedError::Invalid { .. } => Code::A1111,
            ExportedError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> crate::error::Kind {
        match self {
            ExportedError::Invalid { .. } => crate::error::Kind::No,
            ExportedError::Fs(error) => error.kind(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ExportedError::Invalid { .. } => {
                vec![Hint::run("nothing of it was taken in; write it anew where it comes from", "anvil export")]
            }
            ExportedError::Fs(error) => error.hints(),
        }
    }
}

/// What an archive's registry is called where nothing that it holds has a registry.
pub const NO_REGISTRY: &str = "exported";

/// An archive that was read through once.
#[derive(Debug)]
pub struct Exported {
    path: PathBuf,
    /// The registries in it; the one that the archive itself is comes first.
    pub registries: Vec<ExportedRegistry>,
}

/// A registry in an archive.
#[derive(Debug)]
pub struct ExportedRegistry {
    /// What it says it is.
    pub id: RegistryId,
    /// Its versions, each set's in the order of publication.
    pub versions: Vec<Packed>,
}

/// A version in an archive.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What the index says of it.
    pub line: Line,
    /// The same as it stands there, with all that only a newer Anvil understands.
    pub text: Vec<u8>,
    /// Where its bundle begins.
    position: u64,
}

/// Returns the folder of the registry `id` in an archive that is another one; it ends in `/`.
pub fn folder_of(id: &RegistryId) -> String {
    let id = id.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let readable: String = id.chars().map(|c| if plain(c) { c } else { '_' }).take(80).collect();
    format!("{FURTHER}/{readable}-{}/", Sha256::of(&id).short())
}

/// Writes a path into a report.
pub(super) fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// What is kept of an archive while it is read.
#[derive(Default)]
struct Reading {
    /// Registry files and index files.
    texts: BTreeMap<String, Vec<u8>>,
    /// Where bundles begin, and how large they are.
    bundles: BTreeMap<String, (u64, u64)>,
    index_bytes: u64,
    registries: usize,
}

impl Exported {
    /// Reads the archive at `path` through.
    ///
    /// # Errors
    /// When it cannot be read, holds what it may not, or not all that its index names.
    pub fn open(path: &Path) -> Result<Exported, ExportedError> {
        let invalid = |why: String| ExportedError::Invalid { path: path.to_owned(), why };
        let mut file = BufReader::new(fs::open(path)?);
        if fs::is_dir(path) {
            return Err(invalid("it is a folder".into()));
        }
        let start = std::io::BufRead::fill_buf(&mut file).map_err(|error| invalid(error.to_string()))?;
        if start.starts_with(&[0x1f, 0x8b]) {
            return Err(invalid("it is compressed with gzip: decompress it with `gunzip` first".into()));
        }
        let mut reading = Reading::default();
        read_plain(file, |file| reading.take(file)).map_err(|error| invalid(error.0))?;
        let registries = reading.registries().map_err(invalid)?;
        Ok(Exported { path: path.to_owned(), registries })
    }

    /// Returns the bundle of `packed`, compared with its index line just now.
    ///
    /// # Errors
    /// When it cannot be read, or is not what the line promises.
    pub fn bundle(&self, packed: &Packed) -> Result<Vec<u8>, ExportedError> {
        let Packed { line, position, .. } = packed;
        let invalid = |why: String| ExportedError::Invalid { path: self.path.clone(), why };
        let mut file = fs::open(&self.path)?;
        let mut bytes = Vec::new();
        let read = file.seek(SeekFrom::Start(*position)).and_then(|_| file.take(line.size).read_to_end(&mut bytes));
        read.map_err(|error| invalid(error.to_string()))?;
        if Sha256::of(&bytes) != line.sha256 {
            let why =
                format!("the bundle of {} {} does not have the checksum of its index line", line.name, line.version);
            return Err(invalid(why));
        }
        Ok(bytes)
    }
}

impl Reading {
    /// Keeps what `file` is about. Files of other kinds are passed over: a newer Anvil may write some.
    fn take(&mut self, file: TarFile<'_>) -> Result<(), PlainTarError> {
        let TarFile { path, size, position, content } = file;
        let folders: Vec<&str> = path.split('/').collect();
        let limit = match folders.as_slice() {
            [.., name] if *name == Paths::REGISTRY_FILE => {
                self.registries += 1;
                REGISTRY_FILE_LIMIT
            }
            [.., Paths::INDEX, _, name] if name.ends_with(Paths::INDEX_SUFFIX) => {
                self.index_bytes = self.index_bytes.saturating_add(size);
                INDEX_LIMIT
            }
            [.., Paths::BUNDLES, _, _, name] if name.ends_with(".tar.gz") => {
                self.bundles.insert(path, (position, size));
                return Ok(());
            }
            _ => return Ok(()),
        };
        if size > limit {
            return Err(PlainTarError(format!("`{path}` is larger than {limit} bytes")));
        }
        if self.index_bytes > MOST_INDEX {
            return Err(PlainTarError(format!("its index is larger than {MOST_INDEX} bytes")));
        }
        if self.registries > MOST_REGISTRIES {
            return Err(PlainTarError(format!("it holds more than {MOST_REGISTRIES} registries")));
        }
        let mut bytes = Vec::new();
        content.take(limit).read_to_end(&mut bytes).map_err(|error| PlainTarError(error.to_string()))?;
        if bytes.len() as u64 != size {
            return Err(PlainTarError(format!("it ends within `{path}`")));
        }
        self.texts.insert(path, bytes);
        Ok(())
    }

    fn registries(&self) -> Result<Vec<ExportedRegistry>, String> {
        let mut files: Vec<(&str, &[u8])> = Vec::new();
        for (path, bytes) in &self.texts {
            files.extend(path.strip_suffix(Paths::REGISTRY_FILE).map(|prefix| (prefix, bytes.as_slice())));
        }
        files.sort_by_key(|(prefix, _)| !prefix.is_empty());
        let mut registries: Vec<ExportedRegistry> = Vec::new();
        for (prefix, bytes) in files {
            let RegistryFile { id, .. } = RegistryFile::parse(bytes).map_err(|error| error.to_string())?;
            if registries.iter().any(|known| known.id == id) {
                return Err(format!("it holds the registry `{id}` twice"));
            }
            registries.push(ExportedRegistry { id, versions: self.versions(prefix)? });
        }
        if !self.texts.contains_key(Paths::REGISTRY_FILE) {
            return Err(format!("it has no `{}`", Paths::REGISTRY_FILE));
        }
        let versions = registries.iter().flat_map(|registry| &registry.versions);
        let named: BTreeSet<u64> = versions.map(|packed| packed.position).collect();
        match self.bundles.iter().find(|(_, (position, _))| !named.contains(position)) {
            Some((path, _)) => Err(format!("no index names the bundle `{path}`")),
            None if named.is_empty() => Err("it holds no versions".into()),
            None => Ok(registries),
        }
    }

    /// Returns the versions of the registry whose files lie below `prefix`.
    fn versions(&self, prefix: &str) -> Result<Vec<Packed>, String> {
        let mut versions = Vec::new();
        let folder = format!("{prefix}{}/", Paths::INDEX);
        let inside = self.texts.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
        for (path, text) in inside {
            let name = path[folder.len()..].strip_suffix(Paths::INDEX_SUFFIX).unwrap_or_default();
            let name: SetName = name.parse().map_err(|error| format!("`{path}` is no index: {error}"))?;
            let index = IndexFile::parse(&name, text).map_err(|error| error.to_string())?;
            if index.newer > 0 {
                return Err(format!("it holds versions of {name} that only a newer Anvil understands: upgrade anvil"));
            }
            if let Some(version) = index.contradicting.first() {
                return Err(format!("its index says two things of {name} {version}"));
            }
            let mut texts = IndexFile::texts(text);
            for line in &index.lines {
                let bundle = format!("{prefix}{}", Paths::bundle(&line.name, &line.version, &line.sha256));
                let (name, version) = (&line.name, &line.version);
                let &(position, size) =
                    self.bundles.get(&bundle).ok_or_else(|| format!("the bundle of {name} {version} is missing"))?;
                if size != line.size {
                    return Err(format!("the bundle of {name} {version} does not have the size of its index line"));
                }
                if size > Limits::FORMAT.packed {
                    return Err(format!(
                        "the bundle of {name} {version} is larger than {} bytes",
                        Limits::FORMAT.packed
                    ));
                }
                let text = texts.remove(version).unwrap_or_default();
                if !agrees(line, &text) {
                    return Err(format!("its index says two things of {name} {version}"));
                }
                versions.push(Packed { line: line.clone(), text, position });
            }
        }
        Ok(versions)
    }
}

/// Returns whether each line of `text`, of the version of `line`, says what `line` does, but perhaps
/// that it is yanked: all of them are written where one alone is looked at.
fn agrees(line: &Line, text: &[u8]) -> bool {
    let mut lines = text.split_inclusive(|byte| *byte == b'\n');
    if lines.clone().count() == 1 {
        return true;
    }
    lines.all(|one| {
        IndexFile::parse(&line.name, one)
            .is_ok_and(|one| one.lines.into_iter().all(|one| Line { yanked: line.yanked.clone(), ..one } == *line))
    })
}
