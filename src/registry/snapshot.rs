//! The snapshot of a registry's index: packing it, reading it, and keeping it in step with the index files.
//!
//! Reading one saves the round trips of a cold resolve, and nothing else: what is wrong with it is passed over, and the
//! index files are asked for. It is used only where old answers will do ([`Freshness::Cached`](super::Freshness)) and
//! only for sets of which the cache holds nothing.

use super::folder::Folder;
use super::publish::{Changed, PublishError, Publisher};
use super::{INDEX_LIMIT, REGISTRY_FILE_LIMIT, RegistryError};
use crate::fs::{self, Durability, FsError};
use crate::index::{Paths, Snapshot, SnapshotOffer};
use crate::name::SetName;
use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};
use std::io::{Read, Write};

/// The most bytes, packed, of a snapshot that a reader asks for: a larger one takes longer than what it saves.
pub(super) const WORTH_READING: u64 = 4 << 20;
/// How many index files that the cache lacks are asked for one by one. A project that needs no more fetches no
/// snapshot.
pub(super) const ONE_BY_ONE: usize = 3;
/// The most bytes, unpacked, of a snapshot that a reader takes.
const UNPACKED_LIMIT: u64 = 64 << 20;
/// The most bytes, packed and unpacked, of a snapshot that is kept in step.
const KEPT_LIMIT: u64 = 1 << 30;

/// Returns the snapshot that `packed` holds, of at most `limit` bytes when it is unpacked.
fn unpack(packed: &[u8], limit: u64) -> Result<Snapshot, String> {
    let mut text = Vec::new();
    let mut unpacked = GzDecoder::new(packed).take(limit + 1);
    unpacked.read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > limit {
        return Err(format!("it has more than {limit} bytes when it is unpacked"));
    }
    Snapshot::parse(text)
}

/// Returns the snapshot that came from a registry, for reading.
pub(super) fn read(packed: &[u8]) -> Result<Snapshot, String> {
    unpack(packed, UNPACKED_LIMIT)
}

fn pack(snapshot: &Snapshot) -> Vec<u8> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    let packed = packer.write_all(snapshot.text()).and_then(|()| packer.finish());
    packed.expect("nothing fails that is written to memory")
}

/// Returns the snapshot that stands in `folder`, if one does: as it is, or what is wrong with it.
pub(super) fn in_folder(folder: &Folder) -> Result<Option<Result<Snapshot, String>>, RegistryError> {
    match folder.read(Paths::SNAPSHOT, KEPT_LIMIT) {
        Ok(packed) => Ok(packed.map(|packed| unpack(&packed, KEPT_LIMIT))),
        Err(RegistryError::Fs(FsError::TooLarge { limit, .. })) => {
            Ok(Some(Err(format!("it has more than {limit} bytes"))))
        }
        Err(error) => Err(error),
    }
}

/// Returns what the registry in `folder` says of a snapshot.
pub(super) fn offered(folder: &Folder) -> Result<Option<SnapshotOffer>, RegistryError> {
    let file = folder.read(Paths::REGISTRY_FILE, REGISTRY_FILE_LIMIT)?;
    Ok(file.and_then(|file| SnapshotOffer::of(&file)))
}

impl Publisher<'_> {
    /// Writes `index-snapshot.jsonl.gz` anew from the index files, and that there is one into `anvil-registry.json`.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn make_snapshot(&self) -> Result<Changed, PublishError> {
        let _lock = self.lock(Paths::SNAPSHOT_LOCK, "the lock on the snapshot")?;
        self.write_snapshot(&self.snapshot()?)
    }

    /// Does that where there is a snapshot; where there is none, `anvil-registry.json` says so from now on.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn tidy_snapshot(&self) -> Result<Option<Changed>, PublishError> {
        if fs::exists(&self.folder.path(Paths::SNAPSHOT)) {
            return self.make_snapshot().map(Some);
        }
        let is_offered = offered(&self.folder)?.is_some();
        if is_offered {
            let _lock = self.lock(Paths::SNAPSHOT_LOCK, "the lock on the snapshot")?;
            self.offer(None)?;
        }
        Ok(is_offered.then_some(Changed::Yes))
    }

    /// Returns what [`Publisher::make_snapshot`] would do, and does nothing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn plan_snapshot(&self) -> Result<Changed, PublishError> {
        let is_there = in_folder(&self.folder)?.is_some_and(|there| there.as_ref() == Ok(&self.snapshot_or_none()));
        Ok(Changed::of(!is_there || offered(&self.folder)?.is_none()))
    }

    /// Returns what [`Publisher::tidy_snapshot`] would do, and does nothing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn plan_tidy_snapshot(&self) -> Result<Option<Changed>, PublishError> {
        if fs::exists(&self.folder.path(Paths::SNAPSHOT)) {
            return self.plan_snapshot().map(Some);
        }
        Ok(offered(&self.folder)?.map(|_| Changed::Yes))
    }

    /// Writes what the snapshot, if there is one, says of `name` anew. It is derived: a publisher that is killed
    /// before this leaves it old; doing the same again mends it, and so does `anvil registry rebuild`.
    pub(super) fn update_snapshot(&self, name: &SetName) -> Result<(), PublishError> {
        if !fs::exists(&self.folder.path(Paths::SNAPSHOT)) {
            return Ok(());
        }
        let _lock = self.lock(Paths::SNAPSHOT_LOCK, "the lock on the snapshot")?;
        let there = match in_folder(&self.folder)? {
            None => return Ok(()), // Somebody took it away in this instant.
            Some(Ok(there)) if there.registry() == self.id() && there.files().count() == there.len() => there,
            Some(_) => return self.write_snapshot(&self.snapshot()?).map(drop),
        };
        let Some(bytes) = self.folder.read(&Paths::index(name), INDEX_LIMIT)? else { return Ok(()) };
        if there.file(name) == Some(&bytes) {
            return Ok(());
        }
        let others = there.files().filter(|(other, _)| *other != name);
        self.write_snapshot(&Snapshot::of(self.id(), others.chain([(name, bytes.as_slice())]))).map(drop)
    }

    fn snapshot_or_none(&self) -> Snapshot {
        self.snapshot().unwrap_or_else(|_| Snapshot::of(self.id(), []))
    }

    /// Returns the snapshot that the index files make.
    pub(super) fn snapshot(&self) -> Result<Snapshot, PublishError> {
        of_folder(self.id(), &self.folder).map_err(Into::into)
    }

    /// Writes `snapshot`, and after it that it is there: whoever reads of it finds it.
    fn write_snapshot(&self, snapshot: &Snapshot) -> Result<Changed, PublishError> {
        let packed = pack(snapshot);
        let offer = SnapshotOffer::for_size(packed.len() as u64);
        let path = self.folder.path(Paths::SNAPSHOT);
        let is_same = in_folder(&self.folder)?.is_some_and(|there| there.as_ref() == Ok(snapshot));
        // A reader takes no more bytes than it was promised, so that a larger promise comes first.
        let before = offered(&self.folder)?;
        let grows = before.is_some_and(|before| before.limit < offer.limit);
        if grows {
            self.offer(Some(offer))?;
        }
        if !is_same {
            fs::write(&path, &packed, Durability::Derived)?;
        }
        if before != Some(offer) {
            self.offer(Some(offer))?;
        }
        Ok(Changed::of(!is_same || before != Some(offer)))
    }

    /// Writes `offer` into the registry file, beside all that stands there.
    fn offer(&self, offer: Option<SnapshotOffer>) -> Result<(), PublishError> {
        let Some(file) = self.folder.read(Paths::REGISTRY_FILE, REGISTRY_FILE_LIMIT)? else { return Ok(()) };
        if let Some(text) = SnapshotOffer::put(&file, offer) {
            fs::write(&self.folder.path(Paths::REGISTRY_FILE), &text, Durability::Synced)?;
        }
        Ok(())
    }
}

/// Returns the snapshot that the index files in `folder` make, of the registry called `id`.
pub(super) fn of_folder(id: &crate::name::RegistryId, folder: &Folder) -> Result<Snapshot, RegistryError> {
    let mut files: Vec<(SetName, Vec<u8>)> = Vec::new();
    for name in folder.names()? {
        let bytes = folder.read(&Paths::index(&name), INDEX_LIMIT)?;
        files.extend(bytes.map(|bytes| (name, bytes)));
    }
    Ok(Snapshot::of(id, files.iter().map(|(name, bytes)| (name, bytes.as_slice()))))
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
