//! Publishing to a registry that is a folder.
//!
//! A version becomes public by one rename, that of its set's index file. All else comes before
//! it and harms nobody if it stays alone: the bundle's name carries its content. Publishers of
//! one set take turns by a lock that the operating system lets go of when they end, so whoever
//! holds it reads the index again, decides, and writes; two that began at once cannot both win.
//!
//! [`Publisher::publish`] decides by the index alone and changes nothing that was published. A
//! host with compare-and-swap instead of locks can follow the same steps: objects, then one
//! conditional write of the index.

mod copy;
mod error;

pub use copy::{Copied, CopiedVersion};
pub use error::PublishError;

use super::folder::Folder;
use super::{INDEX_LIMIT, Location, RegistryError};
use crate::archive::{self, Identity, Limits};
use crate::digest::Sha256;
use crate::fs::{self, Durability, FsError};
use crate::index::edit::{self, Edited, Versions};
use crate::index::{
    Catalog, CatalogLine, Channels, ChannelsError, Deprecated, IndexFault, IndexFile, Line, Paths, RegistryFile, Yanked,
};
use crate::name::{ChannelName, RegistryId, SetName};
use crate::progress::Progress;
use crate::version::Version;
use serde::Serialize;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::SystemTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A registry's folder that can be written.
pub struct Publisher<'a> {
    pub(super) folder: Folder,
    pub(super) location: Location,
    id: RegistryId,
    progress: &'a dyn Progress,
}

/// Whether a version may be published below the newest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It must be above all that were published.
    Ascending,
    /// A lower one is meant, such as a fix for an older series.
    AllowOlder,
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The version is public now.
    New,
    /// The same content was published before.
    Already,
}

/// What the index says about a version that is to be published.
enum Verdict {
    /// It may be.
    Free,
    /// Its content is published already, in the same bundle or in one that was compressed differently.
    Published { same_bundle: bool },
}

/// What came of a change that may be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Changed {
    /// It was written.
    #[serde(rename = "changed")]
    Yes,
    /// It was so already, and nothing was written.
    #[serde(rename = "unchanged")]
    No,
}

impl Changed {
    /// Returns whether anything is otherwise than before.
    pub fn of(is_other: bool) -> Self {
        if is_other { Changed::Yes } else { Changed::No }
    }
}

type Result<T> = std::result::Result<T, PublishError>;

/// Returns what [`init`] would do, and does nothing.
///
/// # Errors
/// Those of [`init`].
pub fn plan_init(root: &Path, id: &RegistryId) -> Result<Changed> {
    let refuse = |why: String| PublishError::NoPlace { folder: root.to_owned(), why };
    let folder = Folder::new(root);
    if let Some(bytes) = folder.read(Paths::REGISTRY_FILE, super::REGISTRY_FILE_LIMIT)? {
        let there = RegistryFile::parse(&bytes).map_err(|error| refuse(error.to_string()))?;
        if there.id == *id {
            return Ok(Changed::No);
        }
        return Err(refuse(format!("it is the registry `{}`, and a registry's id never changes", there.id)));
    }
    // What a killed run of this very function left behind does not count.
    if let Some(entry) = fs::list(root)?.iter().find(|entry| !entry.name.starts_with(fs::TEMPORARY_PREFIX)) {
        return Err(refuse(format!("it is not empty and no registry: it holds `{}`", entry.name)));
    }
    Ok(Changed::Yes)
}

/// Makes a registry called `id` in the folder `root`, which is new, empty, or that very registry already.
///
/// # Errors
/// [`PublishError::NoPlace`] when the folder holds anything else, or a registry with another id.
pub fn init(root: &Path, id: &RegistryId) -> Result<Changed> {
    if plan_init(root, id)? == Changed::No {
        return Ok(Changed::No);
    }
    let file = RegistryFile { id: id.clone(), api: None };
    let path = Folder::new(root).path(Paths::REGISTRY_FILE);
    let new: Vec<&Path> = root.ancestors().take_while(|folder| !fs::exists(folder)).collect();
    let created = fs::create_new(&path, file.to_json().as_bytes(), Durability::Synced);
    if created.is_err() {
        new.iter().for_each(|folder| fs::remove_folder_if_empty(folder));
    }
    if created? {
        return Ok(Changed::Yes);
    }
    init(root, id) // Somebody else made it in this instant; see what.
}

impl<'a> Publisher<'a> {
    /// Opens the registry in the folder `root` for writing. `progress` is told when others are waited for.
    ///
    /// # Errors
    /// When there is no registry, or its registry file cannot be used.
    pub fn open(root: &Path, progress: &'a dyn Progress) -> Result<Self> {
        let (folder, location) = (Folder::new(root), Location::folder(root));
        let Some(bytes) = folder.read(Paths::REGISTRY_FILE, super::REGISTRY_FILE_LIMIT)? else {
            return Err(RegistryError::NoRegistry { location }.into());
        };
        let RegistryFile { id, .. } = RegistryFile::parse(&bytes)
            .map_err(|source| RegistryError::RegistryFile { location: location.clone(), source })?;
        Ok(Publisher { folder, location, id, progress })
    }

    /// Returns what the registry is.
    pub fn id(&self) -> &RegistryId {
        &self.id
    }

    /// Returns what [`Publisher::publish`] would come to, and changes nothing.
    ///
    /// # Errors
    /// Those of [`Publisher::publish`], but for what only writing finds out.
    pub fn plan(&self, line: &Line, bundle: &[u8], order: Order) -> Result<Published> {
        Ok(match self.examine(line, bundle, order)? {
            Verdict::Free => Published::New,
            Verdict::Published { .. } => Published::Already,
        })
    }

    /// Publishes `bundle` as `line` tells it, with `now` as the time of publication.
    ///
    /// The bundle is taken in as a reader would take it in before anything is written, so that
    /// nothing becomes public that cannot be read. The same content again is a success, and puts a
    /// bundle or a line of the catalog back that has gone missing.
    ///
    /// # Errors
    /// When the version is taken, not above the newest, or the name looks like another's; when the
    /// bundle is not what the line says; and when the folder cannot be written or has no locks.
    pub fn publish(&self, line: &Line, bundle: &[u8], order: Order, now: SystemTime) -> Result<Published> {
        let line = Line { published_at: Some(rfc3339(seconds(now))), ..line.clone() };
        self.make_public(&line, bundle, order, &edit::to_text(&line))
    }

    /// Takes over `bundle`, which another copy of the registry published, as `line` tells it. `text`
    /// is what that copy's index says of the version, and is written as it stands: when it was
    /// published, whether it is yanked, and what only a newer Anvil knows stay so. What was never
    /// published is published `now`.
    ///
    /// # Errors
    /// Those of [`Publisher::publish`], but that the version may be older than the newest.
    pub fn take_over(&self, line: &Line, text: &[u8], bundle: &[u8], now: SystemTime) -> Result<Published> {
        self.make_public(line, bundle, Order::AllowOlder, &edit::published_at(text, &rfc3339(seconds(now))))
    }

    /// Puts the bundle in its place and then `text`, which says what `line` does, into the index.
    fn make_public(&self, line: &Line, bundle: &[u8], order: Order, text: &[u8]) -> Result<Published> {
        // Asked before anything is written, so that a refusal leaves no orphan, and asked again below.
        match self.examine(line, bundle, order)? {
            // One of another Anvil, which compresses differently, is named as it is, and stays.
            Verdict::Published { same_bundle } => {
                if same_bundle {
                    self.put_bundle(line, bundle)?;
                }
                self.complete_catalog(&line.name)?;
                self.update_snapshot(&line.name)?;
                return Ok(Published::Already);
            }
            Verdict::Free => self.put_bundle(line, bundle)?,
        }
        // Whoever brings a new name compares it with all others, so only one may at a time.
        let _names = match self.index_text(&line.name)?.is_none() {
            true => Some(self.lock(Paths::NAMES_LOCK, "the lock on new names")?),
            false => None,
        };
        let set_lock = self.lock_set(&line.name)?;
        let there = self.index_text(&line.name)?;
        if let Verdict::Published { .. } = self.verdict(line, there.as_deref(), order)? {
            return Ok(Published::Already);
        }
        if there.is_none() {
            self.check_skeleton(&line.name)?;
        }
        self.write_index(&line.name, &edit::append(&there.unwrap_or_default(), text))?;
        drop(set_lock);
        self.update_catalog(&line.name)?;
        self.update_snapshot(&line.name)?;
        Ok(Published::New)
    }

    /// Yanks `version`, or takes the yank back.
    ///
    /// # Errors
    /// When the registry has no such version, or cannot be written.
    pub fn yank(&self, name: &SetName, version: &Version, yanked: Option<&Yanked>) -> Result<Changed> {
        let changed = self.change(name, |text| edit::set_yanked(name, text, version, yanked))?;
        Ok(if changed.is_empty() { Changed::No } else { Changed::Yes })
    }

    /// Deprecates `versions`, or takes that back: all in one step or none. Returns those of which the
    /// index said something else before.
    ///
    /// # Errors
    /// When the registry has no such set or lacks one of the versions, or cannot be written.
    pub fn deprecate(
        &self,
        name: &SetName,
        versions: &Versions,
        deprecated: Option<&Deprecated>,
    ) -> Result<Vec<Version>> {
        self.change(name, |text| edit::set_deprecated(name, text, versions, deprecated))
    }

    /// Makes `channel` of `name` name `version`.
    ///
    /// # Errors
    /// When the registry has no such version, or cannot be written.
    pub fn set_channel(&self, name: &SetName, channel: &ChannelName, version: &Version) -> Result<Changed> {
        self.change_channels(name, |channels, index| {
            if index.line(version).is_none() {
                return Err(self.no_version(name, version));
            }
            channels.0.insert(channel.clone(), version.clone());
            Ok(())
        })
    }

    /// Takes `channel` of `name` away.
    ///
    /// # Errors
    /// When the registry has no such set, or cannot be written.
    pub fn remove_channel(&self, name: &SetName, channel: &ChannelName) -> Result<Changed> {
        self.change_channels(name, |channels, _| {
            channels.0.remove(channel);
            Ok(())
        })
    }

    /// Decides whether `line` may be published with `bundle`, by what is there now.
    fn examine(&self, line: &Line, bundle: &[u8], order: Order) -> Result<Verdict> {
        self.check(line, bundle)?;
        let text = self.index_text(&line.name)?;
        let verdict = self.verdict(line, text.as_deref(), order)?;
        if text.is_none() {
            self.check_skeleton(&line.name)?;
        }
        Ok(verdict)
    }

    /// Checks that `bundle` is what `line` says, and one that readers take in.
    fn check(&self, line: &Line, bundle: &[u8]) -> Result<()> {
        let (name, version) = (line.name.clone(), line.version.clone());
        let contradiction = |why: &str| {
            Err(PublishError::Contradiction { name: name.clone(), version: version.clone(), why: why.into() })
        };
        if line.size != bundle.len() as u64 {
            return contradiction("the bundle's size is not the one in its index line");
        }
        if line.sha256 != Sha256::of(bundle) {
            return contradiction("the bundle's sha256 is not the one in its index line");
        }
        let files = archive::unpack(&Identity { name: name.clone(), version: version.clone() }, bundle)?;
        if files.digest() != line.digest {
            return contradiction("the digest of the bundle's content is not the one in its index line");
        }
        Ok(())
    }

    /// Decides by the index whether `line` may be published, or is already.
    fn verdict(&self, line: &Line, text: Option<&[u8]>, order: Order) -> Result<Verdict> {
        let (name, version, registry) = (line.name.clone(), line.version.clone(), self.id.clone());
        let taken = edit::taken(&name, text.unwrap_or_default()).map_err(|source| self.index_fault(source))?;
        let same: Vec<_> = taken.iter().filter(|taken| taken.version == version).collect();
        if !same.is_empty() {
            return match same.iter().all(|taken| taken.digest == Some(line.digest)) {
                true => {
                    Ok(Verdict::Published { same_bundle: same.iter().any(|taken| taken.sha256 == Some(line.sha256)) })
                }
                false => Err(PublishError::Taken { name, version, registry }),
            };
        }
        match taken.into_iter().map(|taken| taken.version).max() {
            Some(newest) if order == Order::Ascending && newest > version => {
                Err(PublishError::NotAbove { name, version, newest: Box::new(newest), registry })
            }
            _ => Ok(Verdict::Free),
        }
    }

    fn check_skeleton(&self, name: &SetName) -> Result<()> {
        let skeleton = name.skeleton();
        match self.folder.names()?.into_iter().find(|other| other != name && other.skeleton() == skeleton) {
            Some(existing) => Err(PublishError::LooksLike { name: name.clone(), existing, registry: self.id.clone() }),
            None => Ok(()),
        }
    }

    /// Puts the bundle where its content says. What is there already stays if it is whole.
    fn put_bundle(&self, line: &Line, bundle: &[u8]) -> Result<()> {
        let path = self.folder.path(&Paths::bundle(&line.name, &line.version, &line.sha256));
        if fs::create_new(&path, bundle, Durability::Synced)? {
            return Ok(());
        }
        let there = match fs::read_limited(&path, Limits::FORMAT.packed) {
            Ok(there) => Sha256::of(there),
            Err(FsError::TooLarge { .. }) => Sha256::of(b""),
            Err(error) => return Err(error.into()),
        };
        if there == line.sha256 {
            return Ok(());
        }
        if there.short() == line.sha256.short() {
            // Two files whose checksums agree in 64 bits: made on purpose, and maybe published.
            let why = "the registry holds another file under the same content-addressed name".into();
            return Err(PublishError::Contradiction { name: line.name.clone(), version: line.version.clone(), why });
        }
        // The file is not what its own name says, so whoever reads it refuses it: it is mended.
        fs::write(&path, bundle, Durability::Synced)?;
        Ok(())
    }

    /// Changes the index file of `name` under its lock. Returns the versions of which it said something
    /// else before.
    fn change(
        &self,
        name: &SetName,
        change: impl Fn(&[u8]) -> std::result::Result<Edited, IndexFault>,
    ) -> Result<Vec<Version>> {
        let lock = self.lock_existing(name)?;
        let text = self.index_text(name)?.ok_or_else(|| self.no_set(name))?;
        let changed = match change(&text).map_err(|source| self.index_fault(source))? {
            Edited::Changed { text, versions } => {
                self.write_index(name, &text)?;
                versions
            }
            Edited::Unchanged => {
                drop(lock);
                self.complete_catalog(name)?;
                self.update_snapshot(name)?;
                return Ok(Vec::new());
            }
            Edited::NoSuchVersion(version) => return Err(self.no_version(name, &version)),
        };
        drop(lock);
        self.update_catalog(name)?;
        self.update_snapshot(name)?;
        Ok(changed)
    }

    fn change_channels(
        &self,
        name: &SetName,
        change: impl Fn(&mut Channels, &IndexFile) -> Result<()>,
    ) -> Result<Changed> {
        let _lock = self.lock_existing(name)?;
        let text = self.index_text(name)?.ok_or_else(|| self.no_set(name))?;
        let index = IndexFile::parse(name, &text).map_err(|source| self.index_fault(source))?;
        let path = Paths::channels(name);
        let mut channels = match self.folder.read(&path, super::CHANNELS_LIMIT)? {
            Some(bytes) => Channels::parse(name, &bytes).map_err(|source| self.channels_fault(source))?,
            None => Channels::default(),
        };
        let before = channels.clone();
        change(&mut channels, &index)?;
        if channels == before {
            return Ok(Changed::No);
        }
        fs::write(&self.folder.path(&path), channels.to_json().as_bytes(), Durability::Synced)?;
        Ok(Changed::Yes)
    }

    /// Writes what the catalog says of `name` anew unless it says so already: a run that was killed before
    /// it had may have left it old. Nothing is locked where nothing is missing.
    fn complete_catalog(&self, name: &SetName) -> Result<()> {
        let there = self.folder.read(Paths::CATALOG, super::CATALOG_LIMIT)?.unwrap_or_default();
        let mut own = Catalog::default();
        self.catalog_line(name)?.into_iter().for_each(|line| own.put(line));
        if String::from_utf8_lossy(&there).contains(&own.to_jsonl()) {
            return Ok(());
        }
        self.update_catalog(name)
    }

    /// Writes what the catalog says of `name` anew. The catalog is derived: a publisher that is killed
    /// before this leaves it old; doing the same again mends it, and so does [`Publisher::rebuild`].
    fn update_catalog(&self, name: &SetName) -> Result<()> {
        let _lock = self.lock(Paths::CATALOG_LOCK, "the lock on the catalog")?;
        let bytes = self.folder.read(Paths::CATALOG, super::CATALOG_LIMIT)?.filter(|bytes| !bytes.is_empty());
        let Some(mut catalog) = bytes.and_then(|bytes| Catalog::parse(&bytes).ok()) else {
            self.write_catalog(&self.catalog()?)?; // Missing or broken: one line would hide all other sets.
            return Ok(());
        };
        if let Some(line) = self.catalog_line(name)? {
            catalog.put(line);
        }
        self.write_catalog(&catalog)?;
        Ok(())
    }

    /// Writes the whole catalog, under its lock. Returns whether it was another one.
    pub(super) fn write_catalog(&self, catalog: &Catalog) -> Result<bool> {
        let path = self.folder.path(Paths::CATALOG);
        Ok(fs::write(&path, catalog.to_jsonl().as_bytes(), Durability::Derived)?)
    }

    /// Returns the catalog that the index files make.
    pub(super) fn catalog(&self) -> Result<Catalog> {
        let mut catalog = Catalog::default();
        for name in self.folder.names()? {
            if let Some(line) = self.catalog_line(&name)? {
                catalog.put(line);
            }
        }
        Ok(catalog)
    }

    fn catalog_line(&self, name: &SetName) -> Result<Option<CatalogLine>> {
        let Some(bytes) = self.index_text(name)? else { return Ok(None) };
        let index = IndexFile::parse(name, &bytes).map_err(|source| self.index_fault(source))?;
        Ok(Some(CatalogLine::new(name, &bytes, &index)))
    }

    fn index_text(&self, name: &SetName) -> Result<Option<Vec<u8>>> {
        Ok(self.folder.read(&Paths::index(name), INDEX_LIMIT)?)
    }

    fn write_index(&self, name: &SetName, text: &[u8]) -> Result<()> {
        let path = self.folder.path(&Paths::index(name));
        if text.len() as u64 > INDEX_LIMIT {
            return Err(FsError::TooLarge { path, limit: INDEX_LIMIT }.into()); // Nobody could read it any more.
        }
        fs::write(&path, text, Durability::Synced)?;
        Ok(())
    }

    pub(super) fn lock(&self, path: &str, what: &str) -> Result<fs::Lock> {
        Ok(fs::lock(&self.folder.path(path), what, self.progress)?)
    }

    fn lock_set(&self, name: &SetName) -> Result<fs::Lock> {
        self.lock(&Paths::lock(name), &format!("the lock on {name}"))
    }

    /// Takes the lock of a set that exists: a slip of the finger leaves no lock's file behind.
    fn lock_existing(&self, name: &SetName) -> Result<fs::Lock> {
        if !fs::is_file(&self.folder.path(&Paths::index(name))) {
            return Err(self.no_set(name));
        }
        self.lock_set(name)
    }

    fn no_set(&self, name: &SetName) -> PublishError {
        PublishError::NoSet { name: name.clone(), registry: self.id.clone() }
    }

    fn no_version(&self, name: &SetName, version: &Version) -> PublishError {
        PublishError::NoVersion { name: name.clone(), version: version.clone(), registry: self.id.clone() }
    }

    fn index_fault(&self, source: IndexFault) -> PublishError {
        RegistryError::Index { location: self.location.clone(), source }.into()
    }

    fn channels_fault(&self, source: ChannelsError) -> PublishError {
        RegistryError::Channels { location: self.location.clone(), source }.into()
    }
}

/// The seconds since 1970 in which the years 0 and 9999 begin and end, the only ones that RFC 3339 writes.
const RFC_3339: RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// Returns an instant, given in seconds since 1970, as RFC 3339 writes it, in UTC: what is before the
/// year 0 or after 9999 as the first or last second that can be written.
pub fn rfc3339(seconds: i64) -> String {
    let seconds = seconds.clamp(*RFC_3339.start(), *RFC_3339.end());
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}

/// Returns the seconds since 1970 at `time`, as index lines hold it; what is before counts as 1970.
fn seconds(time: SystemTime) -> i64 {
    let passed = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
