//! Making what is derived anew.

use super::publish::{PublishError, Publisher};
use crate::index::Paths;

impl Publisher<'_> {
    /// Writes `catalog.jsonl` anew from the index files.
    ///
    /// # Errors
    /// When an index file is broken, or the folder cannot be read or written.
    pub fn rebuild(&self) -> Result<(), PublishError> {
        let _lock = self.lock(Paths::CATALOG_LOCK, "the lock on the catalog")?;
        self.write_catalog()
    }
}
