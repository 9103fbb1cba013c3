//! Plain tars of a registry's files: what `anvil export` writes and `anvil import` takes in.
//!
//! Nothing in such a tar is compressed, since bundles are already, so no file in it is larger than
//! the tar itself. All the same it is a stranger's: paths hold the rules of bundles, and there are
//! files and folders alone.

use super::FileSet;
use super::limits::shown;
use super::pack::append;
use super::tree::{Tree, check_paths};
use super::unpack::{BLOCK, Pending, RECORD, path_of, what};
use std::io::{self, Read};
use tar::EntryType;

/// The most entries of one tar.
const MOST_ENTRIES: usize = 100_000;

/// A tar that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlainTarError(pub String);

/// One file of a tar that is being read.
pub struct TarFile<'a> {
    /// Its path, checked.
    pub path: String,
    /// How many bytes its header claims for it.
    pub size: u64,
    /// Where its bytes begin in the tar.
    pub position: u64,
    /// Its bytes.
    pub content: &'a mut dyn Read,
}

/// Returns the tar of `files`, sorted by path: the same files give the same bytes.
///
/// # Errors
/// When a path cannot be unpacked on every file system.
pub fn pack_plain(files: &FileSet) -> Result<Vec<u8>, PlainTarError> {
    check_paths(files).map_err(|fault| PlainTarError(fault.to_string()))?;
    let mut tar = tar::Builder::new(Vec::new());
    let in_words = |error: io::Error| PlainTarError(error.to_string());
    for (path, bytes) in files.iter() {
        append(&mut tar, path, bytes).map_err(in_words)?;
    }
    tar.into_inner().map_err(in_words)
}

/// Gives every file of the tar `source` to `on_file`, which need not read it, in the order of the
/// tar. A leading `./` is no part of a path, so that a tar of `.` is as good as one of `*`.
///
/// # Errors
/// The first thing that is wrong with the tar, or that `on_file` finds wrong.
pub fn read_plain(
    source: impl Read,
    mut on_file: impl FnMut(TarFile<'_>) -> Result<(), PlainTarError>,
) -> Result<(), PlainTarError> {
    let mut archive = tar::Archive::new(Stream { inner: source, ended: false });
    let (mut pending, mut tree, mut count) = (Pending::default(), Tree::default(), 0);
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        count += 1;
        if count > MOST_ENTRIES {
            return Err(PlainTarError(format!("it holds more than {MOST_ENTRIES} entries")));
        }
        if pending.take(&mut entry).map_err(PlainTarError)? {
            continue;
        }
        let path = path_of(&entry, &mut pending).map_err(PlainTarError)?;
        let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
        match entry.header().entry_type() {
            EntryType::Regular => {
                tree.insert_file(&path).map_err(|fault| PlainTarError(fault.to_string()))?;
                let (size, position) = (entry.size(), entry.raw_file_position());
                on_file(TarFile { path, size, position, content: &mut entry })?;
            }
            EntryType::Directory if entry.size() == 0 => {
                let folder = path.trim_end_matches('/');
                if !matches!(folder, "" | ".") {
                    tree.insert_folder(folder).map_err(|fault| PlainTarError(fault.to_string()))?;
                }
            }
            EntryType::Directory => return Err(PlainTarError(format!("`{}` is a folder with content", shown(&path)))),
            other => {
                let kind = what(other);
                return Err(PlainTarError(format!("`{}` is {kind}, not a regular file or a folder", shown(&path))));
            }
        }
    }
    if pending.is_some() {
        return Err(PlainTarError("it ends with an extension that belongs to no file".into()));
    }
    check_end(archive.into_inner())
}

fn broken(error: io::Error) -> PlainTarError {
    PlainTarError(format!("it is not a whole tar: {error}"))
}

/// Checks that nothing but padding follows the block of zeros that ended the entries.
fn check_end(mut stream: Stream<impl Read>) -> Result<(), PlainTarError> {
    let mut rest = Vec::new();
    let most = BLOCK + RECORD;
    let unfinished = stream.ended;
    stream.by_ref().take(most as u64 + 1).read_to_end(&mut rest).map_err(broken)?;
    if unfinished || rest.len() < BLOCK {
        return Err(PlainTarError("it is not a whole tar: it has no end".into()));
    }
    if rest.len() > most || rest.iter().any(|byte| *byte != 0) {
        return Err(PlainTarError("something follows the tar's end".into()));
    }
    Ok(())
}

/// A reader that remembers whether its end was met.
struct Stream<R> {
    inner: R,
    ended: bool,
}

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.ended |= count == 0 && !into.is_empty();
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> FileSet {
        let long = format!("bundles/{}/{}/{}-1.0.0.tar.gz", "a".repeat(64), "b".repeat(64), "b".repeat(64));
        [("anvil-registry.json".to_owned(), &b"{}"[..]), ("index/a/b.jsonl".to_owned(), b"x\n"), (long, b"")]
            .into_iter()
            .collect()
    }

    fn read(tar: &[u8]) -> Result<FileSet, PlainTarError> {
        let mut found = FileSet::new();
        read_plain(tar, |file| {
            let mut bytes = Vec::new();
            file.content.read_to_end(&mut bytes).map_err(broken)?;
            assert_eq!(bytes, tar[file.position as usize..][..file.size as usize]);
            found.insert(file.path, bytes);
            Ok(())
        })?;
        Ok(found)
    }

    fn with_entry(kind: EntryType, path: &str) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        let raw = header.as_ustar_mut().unwrap();
        raw.name[..path.len()].copy_from_slice(path.as_bytes());
        raw.linkname[..11].copy_from_slice(b"/etc/passwd");
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_cksum();
        tar.append(&header, &b""[..]).unwrap();
        tar.into_inner().unwrap()
    }

    #[test]
    fn what_was_packed_is_read_and_packs_to_the_same_bytes() {
        let tar = pack_plain(&files()).unwrap();
        assert_eq!(read(&tar), Ok(files()));
        assert_eq!(pack_plain(&files()).unwrap(), tar);
        assert_eq!(read(&with_entry(EntryType::Regular, "./a")).unwrap().get("a"), Some(&b""[..]));
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for path in ["../a", "/etc/passwd", "a/../../b", ".git/config", "a\\b"] {
            assert!(read(&with_entry(EntryType::Regular, path)).is_err(), "{path}");
        }
        for kind in [EntryType::Symlink, EntryType::Link, EntryType::Fifo, EntryType::Block, EntryType::GNUSparse] {
            let error = read(&with_entry(kind, "a")).unwrap_err();
            assert!(error.0.contains("not a regular file"), "{error}");
        }
    }

    #[test]
    fn what_is_cut_or_goes_on_is_refused() {
        let tar = pack_plain(&files()).unwrap();
        for length in (0..tar.len()).step_by(97) {
            assert!(read(&tar[..length]).is_err(), "{length} bytes were taken for all {}", tar.len());
        }
        let twice = [tar.as_slice(), tar.as_slice()].concat();
        assert_eq!(read(&twice), Err(PlainTarError("something follows the tar's end".into())));
        assert!(read(b"<!doctype html><html></html>").is_err());
    }
}
