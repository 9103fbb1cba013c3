//! The cached files of one registry's index, with what is needed to ask whether they still hold.
//!
//! A file is two parts. The first is a line with the checksum of all the rest of it, a line of JSON, and the
//! outline of the second, where it has one: what most commands need of an index file, in a third of the
//! bytes. The second is the registry's bytes as they came, whose checksum the first holds. A file is opened
//! once and read as far as it is needed; a flipped bit anywhere in what was read is a miss.

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
    /// What is known of them.
    pub stamp: Stamp,
}

/// By which it is known how long a file may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The server's name for this state of the file, by which it is revalidated.
    pub etag: Option<String>,
    /// When it was fetched or last revalidated, in seconds since 1970.
    pub stored_at: u64,
    /// For how many seconds from then it needs no revalidation (`Cache-Control: max-age`).
    pub max_age: Option<u64>,
}

impl Stamp {
    /// Returns whether the file may be used at `now`, in seconds since 1970, with no revalidation.
    /// A clock that was turned back makes it stale.
    pub fn is_fresh(&self, now: u64) -> bool {
        now.checked_sub(self.stored_at).zip(self.max_age).is_some_and(|(age, most)| age < most)
    }
}

/// The line of JSON in the first part. Its path guards against files that were moved about.
#[derive(Serialize, Deserialize)]
struct Header {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    stored_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    /// How many bytes the outline has.
    outline: usize,
    /// Of the second part.
    sha256: Sha256,
}

/// How many bytes of a file are read at once: more than the first part of nearly every file has.
const FIRST: usize = 16 << 10;

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
    /// does not match its checksums is as good as none.
    pub fn get(&self, path: &str) -> Option<CachedFile> {
        let mut stored = fs::read(&self.path_of(path)?).ok()?;
        let (header, outline) = self.first_part(path, &stored)?;
        if Sha256::of(&stored[outline.end..]) != header.sha256 {
            return None;
        }
        stored.drain(..outline.end);
        Some(CachedFile { bytes: stored, stamp: stamp(header) })
    }

    /// Returns the outline of the file at `path` as it was [put](IndexCache::put) there. The file itself is neither
    /// read nor compared with its checksum. One without an outline is as good as none.
    pub fn outline(&self, path: &str) -> Option<(Stamp, Vec<u8>)> {
        let target = self.path_of(path)?;
        let is_enough = |start: &[u8]| first_part(start).map_or(usize::MAX, |part| part.outline.end);
        let mut stored = fs::read_start(&target, FIRST, is_enough).ok()?;
        let (header, outline) = self.first_part(path, &stored)?;
        if outline.is_empty() {
            return None;
        }
        stored.truncate(outline.end);
        stored.drain(..outline.start);
        Some((stamp(header), stored))
    }

    fn first_part(&self, path: &str, stored: &[u8]) -> Option<(Header, std::ops::Range<usize>)> {
        let part = first_part(stored)?;
        let is_sound = part.is_sound(stored) && part.header.path == path;
        is_sound.then_some((part.header, part.outline))
    }

    /// Keeps `file` as the one at `path`, with its `outline`; an empty one is none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, path: &str, file: &CachedFile, outline: &[u8]) -> Result<(), FsError> {
        let Some(target) = self.path_of(path) else {
            return Ok(()); // It is fetched again the next time.
        };
        let CachedFile { bytes, stamp: Stamp { etag, stored_at, max_age } } = file;
        let header = Header {
            path: path.to_owned(),
            etag: etag.clone(),
            stored_at: *stored_at,
            max_age: *max_age,
            outline: outline.len(),
            sha256: Sha256::of(bytes),
        };
        let mut checked = serde_json::to_vec(&header).expect("a struct of texts and numbers has a JSON form");
        checked.push(b'\n');
        checked.extend_from_slice(outline);
        let mut stored = format!("{}\n", Sha256::of(&checked)).into_bytes();
        stored.extend_from_slice(&checked);
        stored.extend_from_slice(bytes);
        write(&target, &stored)
    }

    /// Notes that the file at `path` was found unchanged, and may be used as `stamp` says. A file that is not
    /// there stays so, and one that somebody else fetched anew meanwhile stays as it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn touch(&self, path: &str, stamp: &Stamp) -> Result<(), FsError> {
        match self.get(path) {
            Some(file) if file.stamp.etag == stamp.etag => {
                let outline = self.outline(path).map(|(_, outline)| outline).unwrap_or_default();
                self.put(path, &CachedFile { stamp: stamp.clone(), ..file }, &outline)
            }
            Some(_) | None => Ok(()),
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

fn stamp(header: Header) -> Stamp {
    Stamp { etag: header.etag, stored_at: header.stored_at, max_age: header.max_age }
}

/// Returns whether `stored` is as it was written, both parts of it.
pub(super) fn is_sound(stored: &[u8]) -> bool {
    let part = first_part(stored).filter(|part| part.is_sound(stored));
    part.is_some_and(|part| Sha256::of(&stored[part.outline.end..]) == part.header.sha256)
}

/// The first part of a file, whether or not all of it is there.
struct FirstPart {
    sha256: Sha256,
    /// Where what the checksum is of begins.
    start: usize,
    header: Header,
    /// Where the outline stands.
    outline: std::ops::Range<usize>,
}

impl FirstPart {
    /// Returns whether all of it is in `stored` and as it was written.
    fn is_sound(&self, stored: &[u8]) -> bool {
        stored.get(self.start..self.outline.end).is_some_and(|checked| Sha256::of(checked) == self.sha256)
    }
}

/// Returns what the first part of `stored` says it is.
fn first_part(stored: &[u8]) -> Option<FirstPart> {
    let line = |from: usize| stored[from..].iter().position(|byte| *byte == b'\n').map(|length| from + length + 1);
    let start = line(0)?;
    let sha256: Sha256 = std::str::from_utf8(&stored[..start - 1]).ok()?.parse().ok()?;
    let body = line(start)?;
    let header: Header = serde_json::from_slice(&stored[start..body]).ok()?;
    let end = body.checked_add(header.outline)?;
    Some(FirstPart { sha256, start, header, outline: body..end })
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
        let stamp = Stamp { etag: Some("\"abc\"".into()), stored_at: 100, max_age: Some(60) };
        CachedFile { bytes: text.into(), stamp }
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
            index.put("index/p/s.jsonl", &file(text), b"").unwrap();
            assert_eq!(index.get("index/p/s.jsonl"), Some(file(text)));
        }
        let bare = Stamp { etag: None, stored_at: 100, max_age: None };
        index.put("anvil-registry.json", &CachedFile { stamp: bare.clone(), ..file("{}") }, b"").unwrap();
        assert_eq!(index.get("anvil-registry.json").unwrap().stamp, bare);
        index.remove("anvil-registry.json").unwrap();
        assert_eq!(index.get("anvil-registry.json"), None);
    }

    #[test]
    fn an_outline_is_got_without_its_file() {
        let (_folder, index) = scratch();
        let stamp = file("").stamp;
        for outline in [b"small\n".to_vec(), vec![b'x'; 3 * FIRST]] {
            index.put("a.jsonl", &file("text"), &outline).unwrap();
            assert_eq!(index.outline("a.jsonl"), Some((stamp.clone(), outline)));
        }
        index.put("a.jsonl", &file("text"), b"").unwrap();
        assert_eq!((index.outline("a.jsonl"), index.outline("b.jsonl")), (None, None));
    }

    #[test]
    fn a_revalidated_file_is_fresh_again() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("x"), b"outline").unwrap();
        let Stamp { etag, .. } = index.get("a.json").unwrap().stamp;
        let is_fresh = |at: u64| index.get("a.json").unwrap().stamp.is_fresh(at);
        assert!(is_fresh(159) && !is_fresh(160) && !is_fresh(99));
        index.touch("a.json", &Stamp { etag, stored_at: 200, max_age: Some(10) }).unwrap();
        assert_eq!(
            (index.get("a.json").unwrap().bytes.as_slice(), is_fresh(209), is_fresh(210)),
            (&b"x"[..], true, false)
        );
        assert_eq!(index.outline("a.json").unwrap().1, b"outline");
        let another = Stamp { etag: Some("\"def\"".into()), stored_at: 300, max_age: Some(10) };
        index.touch("a.json", &another).unwrap();
        assert_eq!(index.get("a.json").unwrap().stamp.stored_at, 200, "what somebody fetched meanwhile is made older");
        index.touch("b.json", &another).unwrap();
        assert_eq!(index.get("b.json"), None);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_a_miss() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("some text"), b"an outline").unwrap();
        let path = index.path_of("a.json").unwrap();
        let whole = fs::read(&path).unwrap();
        let second = whole.len() - "some text".len();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                fs::write(&path, &bytes, Durability::Derived).unwrap();
                assert_eq!(index.get("a.json"), None, "byte {at}");
                assert!(!is_sound(&bytes), "byte {at}");
                assert_eq!(index.outline("a.json").is_some(), at >= second, "byte {at}");
            }
        }
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length], Durability::Derived).unwrap();
            assert_eq!(index.get("a.json"), None, "cut at {length}");
            assert_eq!(index.outline("a.json").is_some(), length >= second, "cut at {length}");
        }
    }

    #[test]
    fn a_header_that_lies_of_its_length_is_a_miss() {
        let (_folder, index) = scratch();
        let path = index.path_of("a.json").unwrap();
        for outline in ["18446744073709551615", "1000000000000", "10"] {
            let checked = format!(
                "{{\"path\":\"a.json\",\"stored_at\":1,\"outline\":{outline},\"sha256\":\"{}\"}}\n",
                Sha256::of("")
            );
            let stored = format!("{}\n{checked}", Sha256::of(&checked));
            fs::write(&path, stored.as_bytes(), Durability::Derived).unwrap();
            assert_eq!((index.get("a.json"), index.outline("a.json")), (None, None));
        }
    }

    #[test]
    fn a_file_that_was_moved_is_a_miss() {
        let (_folder, index) = scratch();
        index.put("a.json", &file("x"), b"o").unwrap();
        let [from, to] = ["a.json", "b.json"].map(|path| index.path_of(path).unwrap());
        fs::rename(&from, &to).unwrap();
        assert_eq!((index.get("b.json"), index.outline("b.json")), (None, None));
    }

    #[test]
    fn no_path_leads_out_of_the_registrys_folder() {
        let (_folder, index) = scratch();
        for path in ["../x", "/etc/passwd", "a/../../x", ""] {
            index.put(path, &file("x"), b"o").unwrap();
            assert_eq!((index.get(path), index.outline(path)), (None, None));
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
        (0..300).for_each(|number| index.put(&format!("index/p/{number}.jsonl"), &file(&text), b"").unwrap());
        let start = std::time::Instant::now();
        assert!((0..300).all(|number| index.get(&format!("index/p/{number}.jsonl")).is_some()));
        // Some 10 ms where nothing else runs; the limit only catches a change for much worse.
        assert!(start.elapsed().as_millis() < 1000, "took {:?}", start.elapsed());
    }
}
