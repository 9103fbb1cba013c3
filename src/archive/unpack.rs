//! Taking a bundle in.
//!
//! The archive is a stranger's. Everything is read from one stream that is bounded as a whole,
//! every size is checked against the limits before it is read, and the entries are taken raw, so
//! that the few extensions that may stand before a file are seen here and everything else is
//! refused. No two readers shall find different files in one archive.

use super::bundle::{BundleError, Identity, Tally, check_manifest};
use super::limits::shown;
use super::tree::Tree;
use super::{FileSet, Limits};
use crate::manifest::FILE_NAME;
use flate2::bufread::GzDecoder;
use std::io::{self, Read};
use tar::EntryType;

/// The most bytes of headers and padding: 2 KiB for each of 10,000 files, and room for folders.
const MOST_OVERHEAD: u64 = 32 << 20;

/// The most bytes of one extension: a path, perhaps times and owners.
const MOST_EXTENSION: u64 = 64 << 10;

/// The size of tar's blocks, and of the records that archives are filled up to (POSIX.1, `pax`).
pub(super) const BLOCK: usize = 512;
pub(super) const RECORD: usize = 20 * BLOCK;

/// Returns the files of the bundle `bytes`, which must be of `identity`: every limit held while
/// reading, every entry a regular file or folder, the name and version in `anvil.toml` the expected ones.
///
/// # Errors
/// The first thing that is wrong with the bundle; nothing of it is given back then.
pub fn unpack(identity: &Identity, bytes: &[u8]) -> Result<FileSet, BundleError> {
    unpack_within(identity, bytes, &Limits::FORMAT).map_err(|why| BundleError {
        name: identity.name.clone(),
        version: identity.version.clone(),
        why,
    })
}

fn unpack_within(identity: &Identity, bytes: &[u8], limits: &Limits) -> Result<FileSet, String> {
    let packed = bytes.len() as u64;
    let mut contents = Contents {
        folder: identity.folder(),
        files: FileSet::new(),
        tree: Tree::default(),
        tally: Tally::new(limits, Some(packed)),
        folders: 0,
        most_folders: limits.files,
    };
    contents.tally.check_packed(packed)?;
    let most = limits.unpacked.saturating_add(MOST_OVERHEAD);
    let mut archive = tar::Archive::new(Stream { inner: GzDecoder::new(bytes), left: most, ended: false });
    let mut pending = Pending::default();
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        contents.take(&mut entry, &mut pending)?;
    }
    if pending.is_some() {
        return Err("it ends with an extension that belongs to no file".into());
    }
    check_end(archive.into_inner())?;
    check_manifest(identity, contents.files.get(FILE_NAME))?;
    Ok(contents.files)
}

fn broken(error: io::Error) -> String {
    format!("it is not a whole tar.gz: {error}")
}

/// Checks that nothing but padding follows the block of zeros that ended the entries.
fn check_end(mut stream: Stream<'_>) -> Result<(), String> {
    if stream.ended {
        return Err("it is not a whole tar.gz: the archive has no end".into());
    }
    let mut rest = Vec::new();
    // The second of the two blocks that end an archive, and what fills its last record.
    let most = BLOCK + RECORD;
    stream.by_ref().take(most as u64 + 1).read_to_end(&mut rest).map_err(broken)?;
    if rest.len() < BLOCK {
        return Err("it is not a whole tar.gz: the archive has no end".into());
    }
    if rest.len() > most || rest.iter().any(|byte| *byte != 0) {
        return Err("something follows the archive's end".into());
    }
    if !stream.inner.into_inner().is_empty() {
        return Err("something follows the compressed archive's end".into());
    }
    Ok(())
}

/// The uncompressed archive: bounded, and remembering whether its end was met.
struct Stream<'a> {
    inner: GzDecoder<&'a [u8]>,
    left: u64,
    ended: bool,
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.ended |= count == 0 && !into.is_empty();
        self.left =
            self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other("it unpacks to more than it may"))?;
        Ok(count)
    }
}

/// What an extension said about the entry that follows it.
#[derive(Default)]
pub(super) struct Pending {
    /// The whole path, where the header has no room for it.
    path: Option<Vec<u8>>,
    /// Whether a pax header was there: a second one for the same entry is refused.
    pax: bool,
}

impl Pending {
    pub(super) fn is_some(&self) -> bool {
        self.path.is_some() || self.pax
    }

    /// Takes `entry` in if it is an extension, and returns whether it is.
    pub(super) fn take<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>) -> Result<bool, String> {
        if entry.header().as_ustar().is_none() && entry.header().as_gnu().is_none() {
            return Err("an entry is in a form of tar older than ustar".into());
        }
        match entry.header().entry_type() {
            EntryType::XHeader => {
                if std::mem::replace(&mut self.pax, true) {
                    return Err("an entry has two pax headers".into());
                }
                pax_path(&read_extension(entry)?)?.map_or(Ok(()), |path| self.set_path(path))?;
            }
            EntryType::XGlobalHeader => {
                if pax_path(&read_extension(entry)?)?.is_some() {
                    return Err("a pax header gives one path to all entries".into());
                }
            }
            EntryType::GNULongName => {
                let mut path = read_extension(entry)?;
                path.pop_if(|byte| *byte == 0);
                self.set_path(path)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set_path(&mut self, path: Vec<u8>) -> Result<(), String> {
        match self.path.replace(path) {
            Some(_) => Err("an entry has two paths".into()),
            None => Ok(()),
        }
    }
}

/// The bundle as far as it was read.
struct Contents<'a> {
    folder: String,
    files: FileSet,
    tree: Tree,
    tally: Tally<'a>,
    folders: usize,
    most_folders: usize,
}

impl Contents<'_> {
    /// Takes one raw entry in.
    fn take<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>, pending: &mut Pending) -> Result<(), String> {
        if pending.take(entry)? {
            return Ok(());
        }
        match entry.header().entry_type() {
            EntryType::Regular => {
                let path = path_of(entry, pending)?;
                self.take_file(&path, entry)
            }
            EntryType::Directory => {
                let path = path_of(entry, pending)?;
                self.take_folder(&path, entry.size())
            }
            other => {
                let path = path_of(entry, pending)?;
                Err(format!("`{}` is {}, not a regular file or a folder", shown(&path), what(other)))
            }
        }
    }

    fn take_file<R: Read>(&mut self, path: &str, entry: &mut tar::Entry<'_, R>) -> Result<(), String> {
        let relative = path
            .strip_prefix(self.folder.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
            .ok_or_else(|| self.outside(path))?;
        self.tree.insert_file(relative).map_err(|fault| fault.to_string())?;
        self.tally.add(entry.size())?;
        let bytes = read_whole(entry)?;
        self.files.insert(relative, bytes);
        Ok(())
    }

    fn take_folder(&mut self, path: &str, size: u64) -> Result<(), String> {
        self.folders += 1;
        if self.folders > self.most_folders {
            return Err(format!("it holds more than {} folders", self.most_folders));
        }
        if size != 0 {
            return Err(format!("`{}` is a folder with content", shown(path)));
        }
        let path = path.strip_suffix('/').unwrap_or(path);
        match path.strip_prefix(self.folder.as_str()) {
            Some("") => Ok(()),
            Some(rest) if rest.starts_with('/') => {
                self.tree.insert_folder(&rest[1..]).map_err(|fault| fault.to_string())
            }
            _ => Err(self.outside(path)),
        }
    }

    fn outside(&self, path: &str) -> String {
        format!("`{}` is not under `{}/`", shown(path), self.folder)
    }
}

/// Returns the entry's path: the extension's if there was one, else the header's.
pub(super) fn path_of<R: Read>(entry: &tar::Entry<'_, R>, pending: &mut Pending) -> Result<String, String> {
    let bytes = match std::mem::take(pending).path {
        Some(path) => path,
        None => entry.header().path_bytes().into_owned(),
    };
    String::from_utf8(bytes)
        .map_err(|error| format!("`{}` is not UTF-8", shown(&String::from_utf8_lossy(error.as_bytes()))))
}

fn read_extension<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, String> {
    if entry.size() > MOST_EXTENSION {
        return Err(format!("an extension is larger than {MOST_EXTENSION} bytes"));
    }
    read_whole(entry)
}

/// Returns the entry's content. Its size was checked against the limits, but is still only a
/// claim, so memory grows with what is there.
fn read_whole<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, String> {
    let size = entry.size();
    let mut bytes = Vec::with_capacity(size.min(64 << 10) as usize);
    entry.read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 != size {
        return Err("it is not a whole tar.gz: it ends within a file".into());
    }
    Ok(bytes)
}

/// Returns the path in a pax header's records, if there is one. Records that change what a file
/// holds or where it lies are refused; times, owners and comments are no part of a bundle.
fn pax_path(mut records: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut path = None;
    while !records.is_empty() {
        let (key, value, rest) = pax_record(records).ok_or("a pax header is malformed")?;
        records = rest;
        match key {
            b"path" if path.is_none() => path = Some(value.to_vec()),
            b"path" => return Err("an entry has two paths".into()),
            b"mtime" | b"atime" | b"ctime" | b"uid" | b"gid" | b"uname" | b"gname" | b"comment" => {}
            _ if key.starts_with(b"SCHILY.") || key.starts_with(b"LIBARCHIVE.") => {}
            _ => return Err(format!("a pax header holds `{}`", shown(&String::from_utf8_lossy(key)))),
        }
    }
    Ok(path)
}

/// Returns the key and the value of the first of `records` (`<length> <key>=<value>\n`), and the other records.
fn pax_record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = records.iter().take(8).position(|byte| *byte == b' ')?;
    let digits = std::str::from_utf8(&records[..space]).ok()?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length: usize = digits.parse().ok()?;
    let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some((&record[..equals], &record[equals + 1..], &records[length..]))
}

pub(super) fn what(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link => "a hard link",
        EntryType::Symlink => "a symbolic link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a sparse file",
        EntryType::GNULongLink => "a link with a long name",
        _ => "of an unknown type",
    }
}

#[cfg(test)]
mod tests;
