//! Taking over what another copy of the registry published, many versions at once: objects first,
//! then a set's index in one write.
//!
//! What is published here never changes its content. What may change later, that a version is
//! yanked or deprecated, and what only a newer Anvil knows, becomes as the other copy has it. The
//! catalog is left to [`Publisher::rebuild`], once for all sets.

use super::{Changed, PublishError, Publisher, Result};
use crate::fs::{self, Durability};
use crate::index::edit;
use crate::index::{Channels, IndexFile, Line, Paths};
use crate::name::SetName;
use crate::registry::CHANNELS_LIMIT;
use crate::version::Version;
use std::collections::BTreeSet;

/// A version as another copy has it.
#[derive(Clone, Debug)]
pub struct CopiedVersion {
    /// What its index line says.
    pub line: Line,
    /// The line, or lines, as they stand there, each with its newline.
    pub text: Vec<u8>,
}

/// What taking over a set's versions came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Versions that were not here.
    pub added: Vec<Version>,
    /// Versions of which something else is said now.
    pub changed: Vec<Version>,
    /// Versions that are here with other content, which stays.
    pub contradicting: Vec<Version>,
}

impl Publisher<'_> {
    /// Returns whether the bundle of `line` is here, as far as its size tells: it was whole when it was put here.
    pub fn holds(&self, line: &Line) -> bool {
        let path = self.folder.path(&Paths::bundle(&line.name, &line.version, &line.sha256));
        fs::is_file(&path) && fs::size_and_time(&path).is_ok_and(|(size, _)| size == line.size)
    }

    /// Keeps `bundle`, the bundle of `line`, which nobody can see before the line is here, too.
    ///
    /// # Errors
    /// When it is not what the line says, no reader would take it in, or it cannot be written.
    pub fn keep_bundle(&self, line: &Line, bundle: &[u8]) -> Result<()> {
        self.check(line, bundle)?;
        self.put_bundle(line, bundle)
    }

    /// Keeps `bytes` as the file at `path`, a statement or a signature, which never change. Returns whether it is new.
    ///
    /// # Errors
    /// When another file is there, or it cannot be written.
    pub fn keep_object(&self, line: &Line, path: &str, bytes: &[u8]) -> Result<Changed> {
        let place = self.folder.path(path);
        if fs::create_new(&place, bytes, Durability::Synced)? {
            return Ok(Changed::Yes);
        }
        if fs::read_limited(&place, bytes.len() as u64).is_ok_and(|there| there == bytes) {
            return Ok(Changed::No);
        }
        let why = format!("the registry holds another `{path}`");
        Err(PublishError::Contradiction { name: line.name.clone(), version: line.version.clone(), why })
    }

    /// Returns the names of the sets that are here, sorted.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn names(&self) -> Result<Vec<SetName>> {
        Ok(self.folder.names()?)
    }

    /// Returns the versions of `name` that are here and can be used.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn versions(&self, name: &SetName) -> Result<BTreeSet<Version>> {
        let text = self.index_text(name)?.unwrap_or_default();
        let index = IndexFile::parse(name, &text).map_err(|source| self.index_fault(source))?;
        Ok(index.lines.into_iter().map(|line| line.version).collect())
    }

    /// Returns whether there is a file at `path`.
    pub fn has_object(&self, path: &str) -> bool {
        fs::is_file(&self.folder.path(path))
    }

    /// Returns what [`Publisher::copy_versions`] would come to, and changes nothing.
    ///
    /// # Errors
    /// When the index here cannot be read.
    pub fn plan_copy(&self, name: &SetName, versions: &[CopiedVersion]) -> Result<Copied> {
        self.merged(name, versions).map(|(copied, _)| copied)
    }

    /// Makes the index say of `versions` of `name`, whose bundles are here, what it says of them elsewhere.
    ///
    /// # Errors
    /// When the index here cannot be read or written.
    pub fn copy_versions(&self, name: &SetName, versions: &[CopiedVersion]) -> Result<Copied> {
        let (planned, text) = self.merged(name, versions)?;
        if text.is_none() {
            return Ok(planned); // Without a lock, whose file would be something new.
        }
        let _names = match self.index_text(name)?.is_none() {
            true => Some(self.lock(Paths::NAMES_LOCK, "the lock on new names")?),
            false => None,
        };
        let _lock = self.lock_set(name)?;
        let is_new = self.index_text(name)?.is_none();
        if is_new {
            self.check_skeleton(name)?;
        }
        let (copied, text) = self.merged(name, versions)?;
        if let Some(text) = text {
            self.write_index(name, &text)?;
        }
        Ok(copied)
    }

    /// Returns what would be taken over, and the new index where it is another one.
    fn merged(&self, name: &SetName, versions: &[CopiedVersion]) -> Result<(Copied, Option<Vec<u8>>)> {
        let there = self.index_text(name)?.unwrap_or_default();
        let taken = edit::taken(name, &there).map_err(|source| self.index_fault(source))?;
        let mut copied = Copied::default();
        let mut lines = Vec::new();
        let mut is_added = Vec::new();
        for CopiedVersion { line, text } in versions {
            let mut same = taken.iter().filter(|taken| taken.version == line.version).peekable();
            let is_new = same.peek().is_none();
            if same.any(|taken| taken.digest != Some(line.digest) || taken.sha256 != Some(line.sha256)) {
                copied.contradicting.push(line.version.clone());
                continue;
            }
            lines.push((line.version.clone(), text.as_slice()));
            is_added.push(is_new);
        }
        let mut said = IndexFile::texts(&there);
        for ((version, text), is_new) in lines.iter().zip(is_added) {
            match said.remove(version) {
                _ if is_new => copied.added.push(version.clone()),
                Some(before) if before == *text => {}
                _ => copied.changed.push(version.clone()),
            }
        }
        let text = edit::put(name, &there, &lines).map_err(|source| self.index_fault(source))?;
        Ok((copied, (text != there).then_some(text)))
    }

    /// Returns the channels of `name` that are here; those that cannot be read are as good as none.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn channels(&self, name: &SetName) -> Result<Channels> {
        let bytes = self.folder.read(&Paths::channels(name), CHANNELS_LIMIT)?;
        Ok(bytes.and_then(|bytes| Channels::parse(name, &bytes).ok()).unwrap_or_default())
    }

    /// Makes the channels of `name` those of `channels`.
    ///
    /// # Errors
    /// When the registry has no such set, or cannot be written.
    pub fn copy_channels(&self, name: &SetName, channels: &Channels) -> Result<Changed> {
        if self.channels(name)? == *channels {
            return Ok(Changed::No);
        }
        self.change_channels(name, |there, _| {
            there.clone_from(channels);
            Ok(())
        })
    }
}
