//! Making what is derived anew.

use super::CATALOG_LIMIT;
use super::publish::{Changed, PublishError, Publisher};
use crate::index::Paths;

/// A catalog as the index files make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many sets it has.
    pub sets: usize,
    /// Whether the one that was there said anything else.
    pub changed: Changed,
}

impl Publisher<'_> {
    /// Writes `catalog.jsonl` anew from the index files.
    ///
    /// # Errors
    /// When an index file is broken, or the folder cannot be read or written.
    pub fn rebuild(&self) -> Result<Rebuilt, PublishError> {
        let _lock = self.lock(Paths::CATALOG_LOCK, "the lock on the catalog")?;
        let catalog = self.catalog()?;
        let changed = if self.write_catalog(&catalog)? { Changed::Yes } else { Changed::No };
        Ok(Rebuilt { sets: catalog.lines().len(), changed })
    }

    /// Returns what [`Publisher::rebuild`] would do, and does nothing.
    ///
    /// # Errors
    /// When an index file is broken, or the folder cannot be read.
    pub fn plan_rebuild(&self) -> Result<Rebuilt, PublishError> {
        let catalog = self.catalog()?;
        // One that is too large to be read is no catalog either.
        let there = self.folder.read(Paths::CATALOG, CATALOG_LIMIT).ok().flatten();
        let same = there.is_some_and(|there| there == catalog.to_jsonl().as_bytes());
        Ok(Rebuilt { sets: catalog.lines().len(), changed: if same { Changed::No } else { Changed::Yes } })
    }
}
