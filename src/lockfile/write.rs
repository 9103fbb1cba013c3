//! Writing a lock: sorted, one fact a line.

use super::Lockfile;

impl Lockfile {
    /// Returns the file's text. The same lock gives the same bytes.
    pub fn write(&self) -> String {
        todo!()
    }
}
