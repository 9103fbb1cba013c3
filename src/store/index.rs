//! The cached files of one registry's index, with what is needed to ask whether they still hold.
//!
//! A file is the checksum of all that follows it, one line of JSON, and the registry's bytes as
//! they came: opened once, read once, and a flipped bit anywhere in it is a miss.

use super::cache::{Cache, write};
use crate::archive::check_path;
use crate::digest::Sha256;
use crate::fs::{self, FsError};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The index files of one registry.
#[derive(Clone, Debug)]
pub struct IndexCache {
    folder: PathBuf,
}

/// One file of a registry as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The server's name for this state of the file, by which it is revalidated.
    pub etag: Option<String>,
    /// When it was fetched or last revalidated, in seconds since 1970.
    pub stored_at: u64,
    /// For how many seconds from then it needs no revalidation (`Cache-Control: max-age`).
    pub max_age: Option<u64>,
}

impl CachedFile {
    /// Returns whether the file may be used at `now`, in seconds since 1970, with no revalidation.
    /// A clock that was turned back makes it stale.
    pub fn is_fresh(&self, now: u64) -> bool {
        now.checked_sub(self.stored_at).zip(self.max_age).is_some_and(|(age, most)| age < most)
    }
}

/// The line of JSON before the bytes. Its path guards against files that were moved about.
#[derive(Serialize, Deserialize)]
struct Header {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    stored_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
}

impl IndexCache {
    /// Returns the index files of the registry at `url`. Caches are kept by URL, not by the
    /// registry's id, so that a copy of a registry cannot speak for it.
    pub fn open(cache: &Cache, url: &str) -> Self {
        IndexCache { folder: cache.index().join(folder_name(url)) }
    }

    /// Returns where the file at `path`, relative to the registry's root, is kept. A path that
    /// might lead elsewhere has no place.
    pub(super) fn path_of(&self, path: &str) -> Option<PathBuf> {
        check_path(path).ok()?;
        Some(self.folder.join(path))
    }

    /// Returns the file at `path`, relative to the registry's root. One that cannot be read or
    /// does not match its checksum is as good as none.
    pub fn get(&self, path: &str) -> Option<CachedFile> {
        let stored = fs::read(&self.path_of(path)?).ok()?;
        let (header, start) = parse(&stored)?;
        if header.path != path {
            return None;
        }
        let mut bytes = stored;
        bytes.drain(..start);
        Some(CachedFile { bytes, etag: header.etag, stored_at: header.stored_at, max_age: header.max_age })
    }

    /// Keeps `file` as the one at `path`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, path: &str, file: &CachedFile) -> Result<(), FsError> {
        let Some(target) = self.path_of(path) else {
            return Ok(()); // It is fetched again the next time.
        };
        let CachedFile { bytes, etag, stored_at, max_age } = file;
        let header = Header { path: path.to_owned(), etag: etag.clone(), stored_at: *stored_at, max_age: *max_age };
        let mut checked = serde_json::to_vec(&header).expect("a struct of texts and numbers has a JSON form");
        checked.push(b'\n');
        checked.extend_from_slice(bytes);
        let mut stored = format!("{}\n", Sha256::of(&checked)).into_bytes();
        stored.extend_from_slice(&checked);
        write(&target, &stored)
    }

    /// Notes that the file at `path` was found unchanged at `stored_at` and may be used for
    /// `max_age` seconds from then. A file that is not there stays so.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn touch(&self, path: &str, stored_at: u64, max_age: Option<u64>) -> Result<(), FsError> {
        match self.get(path) {
            Some(file) => self.put(path, &CachedFile { stored_at, max_age, ..file }),
            None => Ok(()),
        }
    }

    /// Forgets the file at `path`.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, path: &str) -> Result<(), FsError> {
        self.path_of(path).map_or(Ok(()), |target| fs::remove_file(&target))
    }
}

/// Returns whether `stored` is as it was written.
pub(super) fn is_sound(stored: &[u8]) -> bool {
    parse(stored).is_some()
}

/// Returns the header and where the bytes begin, if `stored` matches its checksum.
fn parse(stored: &[u8]) -> Option<(Header, usize)> {
    let line = |from: usize| stored[from..].iter().position(|byte| *byte == b'\n').map(|length| from + length + 1);
    let start = line(0)?;
    let sha256: Sha256 = std::str::from_utf8(&stored[..start - 1]).ok()?.parse().ok()?;
    if Sha256::of(&stored[start..]) != sha256 {
        return None;
    }
    let body = line(start)?;
    Some((serde_json::from_slice(&stored[start..body]).ok()?, body))
}

/// Returns the name of the folder for what comes from `url`: its host, for people, and the
/// beginning of its SHA-256. Nothing else of the URL is written down, since it may hold a secret.
pub(super) fn folder_name(url: &str) -> String {
    const MOST: usize = 80;
    let parsed = url::Url::parse(url).ok();
    let host: String = parsed
        .as_ref()
        .and_then(|url| url.host_str())
        .unwrap_or("local")
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' })
        .take(MOST)
        .collect();
    format!("{host}-{}", Sha256::of(url.trim_end_matches('/')).short())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Durability;

    fn file(text: &str) -> CachedFile {
        CachedFile { bytes: text.into(), etag: Some("\"abc\"".into()), stored_at: 100, max_age: Some(60) }
    }

    fn scratch() -> (tempfile::TempDir, IndexCache) {
        let folder = tempfile::tempdir().unwrap();
        let index = IndexCache::open(&Cache::open(folder.path()), "https://prompts.example.com/acme");
        (folder, index)
    }

    #[test]
    fn what_was_put_is_got_with_all_that_belongs_to_it() {
        let (_folder, index) = scratch();
        assert_eq!(index.get("index/p/s.jsonl"), None);
        for text in ["{\"v\":1}\n{\"v\":1}\n", "", "\n\n"] {
            index.put("index/p/s.jsonl", &file(text)).unwrap();
            assert_eq!(index.get("index/p/s.jsonl"), Some(file(text)));
        }
        index.put("anvil-registry.json", &CachedFile { etag: None, max_age: None, ..file("{}") }).unwrap();
        assert_eq!(index.get("anvil-registry.json").unwrap().etag, None);
        index.remove("anvil-registry.json").unwrap();
        assert_eq!(index.get("anvil-registry.json"), None);
    }

    #[test]
    fn a_revalidated_file_is_fresh_again() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("x")).unwrap();
        let got = index.get("a.json").unwrap();
        assert!(got.is_fresh(159) && !got.is_fresh(160) && !got.is_fresh(99));
        index.touch("a.json", 200, Some(10)).unwrap();
        let got = index.get("a.json").unwrap();
        assert_eq!((got.bytes.as_slice(), got.is_fresh(209), got.is_fresh(210)), (&b"x"[..], true, false));
        index.touch("b.json", 200, None).unwrap();
        assert_eq!(index.get("b.json"), None);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_a_miss() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("some text")).unwrap();
        let path = index.path_of("a.json").unwrap();
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, &bytes, Durability::Derived).unwrap();
            assert_eq!(index.get("a.json"), None, "byte {at}");
        }
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length], Durability::Derived).unwrap();
            assert_eq!(index.get("a.json"), None, "cut at {length}");
        }
    }

    #[test]
    fn a_file_that_was_moved_is_a_miss() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("x")).unwrap();
        let [from, to] = ["a.json", "b.json"].map(|path| index.path_of(path).unwrap());
        fs::rename(&from, &to).unwrap();
        assert_eq!(index.get("b.json"), None);
    }

    #[test]
    fn no_path_leads_out_of_the_registrys_folder() {
        let (_folder, index) = scratch();
        for path in ["../x", "/etc/passwd", "a/../../x", ""] {
            index.put(path, &file("x")).unwrap();
            assert_eq!(index.get(path), None);
        }
    }

    #[test]
    fn registries_are_kept_apart_by_url_and_no_secret_is_in_a_name() {
        let name = folder_name("https://user:secret@prompts.example.com:8080/acme?token=t");
        let (host, rest) = name.rsplit_once('-').unwrap();
        assert_eq!((host, rest.len()), ("prompts.example.com", 16));
        assert_ne!(folder_name("https://a.example/x"), folder_name("https://a.example/y"));
        assert_eq!(folder_name("https://a.example/x/"), folder_name("https://a.example/x"));
        assert!(folder_name("../mirror").starts_with("local-"));
        assert!(folder_name("http://[::1]:80/").chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'));
    }

    #[test]
    fn three_hundred_entries_are_read_fast() {
        let (_folder, index) = scratch();
        let text = "x".repeat(3000);
        (0..300).for_each(|number| index.put(&format!("index/p/{number}.jsonl"), &file(&text)).unwrap());
        let start = std::time::Instant::now();
        assert!((0..300).all(|number| index.get(&format!("index/p/{number}.jsonl")).is_some()));
        // Some 10 ms where nothing else runs; the limit only catches a change for much worse.
        assert!(start.elapsed().as_millis() < 1000, "took {:?}", start.elapsed());
    }
}
