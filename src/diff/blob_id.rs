//! Git's name for some bytes.

use data_encoding::HEXLOWER;
use serde::{Serialize, Serializer};
use std::fmt;

/// Git's id of a blob: the SHA-1 over `blob <length>\0` and the bytes. Two files with one id hold
/// the same bytes. It is computed where git is at hand (`git::blob_id`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId([u8; 20]);

impl BlobId {
    /// Returns the id with these bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        BlobId(bytes)
    }

    /// Returns the id's bytes.
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Returns the first seven hexadecimal digits, as diffs show them.
    pub fn short(&self) -> String {
        let mut digits = HEXLOWER.encode(&self.0[..4]);
        digits.truncate(7);
        digits
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for BlobId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
