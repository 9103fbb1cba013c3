//! `index-snapshot.jsonl.gz`: all index files of a registry in one, for whoever has none of them yet.
//!
//! It is made from the index files, can be made again at any time, and is never an authority. Unpacked it is
//! JSON Lines: a line that says what it is, and for each set a line with its name, and the length and checksum of
//! its index file, followed by the very bytes of that file and a newline if it does not end in one.
//!
//! `anvil-registry.json` says that there is one: `"snapshot": {"limit": 1048576}` promises that it has at most so
//! many bytes, packed. Without that nobody asks for it.

use crate::digest::Sha256;
use crate::name::{RegistryId, SetName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// The newest meaning of a snapshot that this Anvil understands.
const FORMAT: u64 = 1;

/// What a registry says of its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotOffer {
    /// The most bytes that it has, packed.
    pub limit: u64,
}

impl SnapshotOffer {
    /// Returns what `registry_file`, the bytes of `anvil-registry.json`, says of a snapshot. Whatever it says in
    /// other words counts as none.
    pub fn of(registry_file: &[u8]) -> Option<Self> {
        let Value::Object(mut said) = serde_json::from_slice(registry_file).ok()? else { return None };
        serde_json::from_value(said.remove("snapshot")?).ok()
    }

    /// Returns the offer of a snapshot of `bytes` bytes, packed: the next power of two, so that the registry file
    /// is written anew seldom.
    pub fn for_size(bytes: u64) -> Self {
        SnapshotOffer { limit: bytes.max(1 << 16).checked_next_power_of_two().unwrap_or(bytes) }
    }

    /// Returns `registry_file` with `offer` in it, or with none, and with every other field as it was; nothing if it
    /// is no JSON object.
    pub fn put(registry_file: &[u8], offer: Option<Self>) -> Option<Vec<u8>> {
        let mut said: Map<String, Value> = serde_json::from_slice(registry_file).ok()?;
        match offer {
            Some(offer) => drop(said.insert("snapshot".into(), json!(offer))),
            None => drop(said.shift_remove("snapshot")),
        }
        Some(format!("{}\n", Value::Object(said)).into_bytes())
    }
}

/// The index files of a registry as they were at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    registry: RegistryId,
    text: Vec<u8>,
    files: BTreeMap<SetName, (Range<usize>, Sha256)>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    v: u64,
    registry: RegistryId,
}

#[derive(Serialize, Deserialize)]
struct FileHead {
    name: SetName,
    size: usize,
    sha256: Sha256,
}

impl Snapshot {
    /// Returns the snapshot of a registry called `registry` with these index files.
    pub fn of<'f>(registry: &RegistryId, files: impl IntoIterator<Item = (&'f SetName, &'f [u8])>) -> Self {
        let line = |value: &Value| format!("{value}\n").into_bytes();
        let mut text = line(&json!(Head { v: FORMAT, registry: registry.clone() }));
        let files: BTreeMap<&SetName, &[u8]> = files.into_iter().collect();
        let places = files.into_iter().map(|(name, bytes)| {
            let sha256 = Sha256::of(bytes);
            text.extend(line(&json!(FileHead { name: name.clone(), size: bytes.len(), sha256 })));
            let start = text.len();
            text.extend_from_slice(bytes);
            let end = text.len();
            if !text.ends_with(b"\n") {
                text.push(b'\n');
            }
            (name.clone(), (start..end, sha256))
        });
        let files = places.collect();
        Snapshot { registry: registry.clone(), text, files }
    }

    /// Returns the snapshot that `text` holds. Whether its files are whole is seen when they are asked for.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: Vec<u8>) -> Result<Self, String> {
        let mut at = 0;
        let line = |at: &mut usize| {
            let length = text[*at..].iter().position(|byte| *byte == b'\n').ok_or("it is cut off")?;
            let line = &text[*at..*at + length];
            *at += length + 1;
            Ok::<&[u8], String>(line)
        };
        let wrong = |at: usize, error: serde_json::Error| format!("at byte {at}: {error}");
        let Head { v, registry } = serde_json::from_slice(line(&mut at)?).map_err(|error| wrong(0, error))?;
        if v != FORMAT {
            return Err(format!("it has format {v}, and this Anvil reads {FORMAT}"));
        }
        let mut files = BTreeMap::new();
        while at < text.len() {
            let begin = at;
            let FileHead { name, size, sha256 } =
                serde_json::from_slice(line(&mut at)?).map_err(|error| wrong(begin, error))?;
            let end = at.checked_add(size).filter(|end| *end <= text.len()).ok_or("it is cut off")?;
            let before = files.insert(name, (at..end, sha256));
            if before.is_some() {
                return Err(format!("at byte {begin}: the set was there before"));
            }
            at = end;
            if !text[..end].ends_with(b"\n") {
                line(&mut at)?;
            }
        }
        Ok(Snapshot { registry, text, files })
    }

    /// Returns which registry it is of.
    pub fn registry(&self) -> &RegistryId {
        &self.registry
    }

    /// Returns its text, before packing.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the index file of `name`, compared with its checksum just now; nothing where it does not match.
    pub fn file(&self, name: &SetName) -> Option<&[u8]> {
        let (range, sha256) = self.files.get(name)?;
        let bytes = self.text.get(range.clone())?;
        (Sha256::of(bytes) == *sha256).then_some(bytes)
    }

    /// Returns every index file that is whole.
    pub fn files(&self) -> impl Iterator<Item = (&SetName, &[u8])> {
        self.files.keys().filter_map(|name| Some((name, self.file(name)?)))
    }

    /// Returns how many sets it has.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether it has no set.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> RegistryId {
        "test".parse().unwrap()
    }

    fn snapshot() -> Snapshot {
        let names: Vec<SetName> = ["a/b", "a/a", "c/c"].map(|name| name.parse().unwrap()).into();
        Snapshot::of(&id(), names.iter().zip([&b"{\"b\":1}\n{}\n"[..], b"no newline", b""]))
    }

    #[test]
    fn a_snapshot_reads_what_it_writes() {
        let snapshot = snapshot();
        let read = Snapshot::parse(snapshot.text().to_vec()).unwrap();
        assert_eq!(read, snapshot);
        assert_eq!(read.file(&"a/a".parse().unwrap()), Some(&b"no newline"[..]));
        assert_eq!(read.file(&"c/c".parse().unwrap()), Some(&b""[..]));
        assert_eq!(read.file(&"d/d".parse().unwrap()), None);
        assert_eq!((read.len(), read.files().count()), (3, 3));
        assert!(Snapshot::of(&id(), []).is_empty());
    }

    #[test]
    fn a_flipped_bit_gives_no_other_file() {
        let whole = snapshot();
        for at in 0..whole.text().len() {
            for bit in 0..8 {
                let mut text = whole.text().to_vec();
                text[at] ^= 1 << bit;
                let Ok(read) = Snapshot::parse(text) else { continue };
                for (name, bytes) in read.files() {
                    // A name has no checksum: that the lines are of the set is seen when they are parsed.
                    assert!(whole.file(name).is_none_or(|whole| whole == bytes), "byte {at}");
                }
            }
        }
        for length in 0..whole.text().len() {
            if let Ok(read) = Snapshot::parse(whole.text()[..length].to_vec()) {
                assert!(read.len() < 3 && read.files().all(|(name, bytes)| whole.file(name) == Some(bytes)));
            }
        }
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        let head = "{\"v\":1,\"registry\":\"test\"}\n";
        let file = |size: &str| format!("{{\"name\":\"a/a\",\"size\":{size},\"sha256\":\"{}\"}}\n", Sha256::of(""));
        let why = |text: String| Snapshot::parse(text.into_bytes()).unwrap_err();
        assert_eq!(why(String::new()), "it is cut off");
        assert!(why("{\"v\":2,\"registry\":\"test\"}\n".into()).contains("format 2"));
        assert!(why("<html>\n".into()).starts_with("at byte 0"));
        assert_eq!(why(format!("{head}{}", file("18446744073709551615"))), "it is cut off");
        assert_eq!(why(format!("{head}{}", file("1"))), "it is cut off");
        assert!(why(format!("{head}{0}{0}", file("0"))).contains("was there before"));
        assert!(why(format!("{head}{}", file("-1"))).contains("at byte 26"));
    }

    #[test]
    fn an_offer_is_read_and_written_among_unknown_fields() {
        let before = b"{\"format\":1,\"colour\":12345678901234567890123,\"id\":\"test\"}";
        assert_eq!(SnapshotOffer::of(before), None);
        let offer = SnapshotOffer::for_size(70_000);
        assert_eq!(offer.limit, 131_072);
        let with = SnapshotOffer::put(before, Some(offer)).unwrap();
        assert_eq!(SnapshotOffer::of(&with), Some(offer));
        assert!(crate::index::RegistryFile::parse(&with).is_ok());
        let without = SnapshotOffer::put(&with, None).unwrap();
        assert_eq!(SnapshotOffer::of(&without), None);
        for other in [&b"{\"snapshot\":true}"[..], b"{\"snapshot\":{\"limit\":-1}}", b"[]", b""] {
            assert_eq!(SnapshotOffer::of(other), None);
        }
        assert_eq!(SnapshotOffer::put(b"[]", None), None);
        assert_eq!(SnapshotOffer::for_size(u64::MAX).limit, u64::MAX);
    }
}
