//! Bundles: the deterministic tar.gz of one version, and the limits that everyone who takes one in holds.
//!
//! [`pack`] and [`unpack`] are each other's inverse and work on bytes in memory: a bundle is at
//! most 10 MiB. Neither compares checksums; whoever fetched the bytes has done so before.

#[cfg(feature = "manage")]
mod bundle;
mod limits;
#[cfg(feature = "manage")]
mod pack;
#[cfg(feature = "manage")]
mod plain;
#[cfg(feature = "manage")]
mod tree;
#[cfg(feature = "manage")]
mod unpack;

#[cfg(feature = "manage")]
pub use bundle::{BundleError, Identity, PackError};
pub use limits::{Limits, PathFault, check_path};
#[cfg(feature = "manage")]
pub use pack::pack;
#[cfg(feature = "manage")]
pub use plain::{PlainTarError, TarFile, pack_plain, read_plain};
#[cfg(feature = "manage")]
pub use tree::{check_paths, path_faults};
#[cfg(feature = "manage")]
pub use unpack::unpack;

use crate::digest::{ContentDigest, Sha256};
use std::collections::BTreeMap;

/// The generated file that describes a bundle to people and foreign tools.
pub const MANIFEST_JSON: &str = "manifest.json";

/// The files of one set at one version: paths relative to the set's folder with `/`, sorted bytewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, Vec<u8>>,
}

impl FileSet {
    /// Returns a set with no files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `bytes` at `path`, in place of what was there.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Takes the file at `path` out.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path)
    }

    /// Returns the bytes at `path`.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Returns the paths with their bytes, sorted bytewise by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Returns the paths, sorted bytewise.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns how many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the digest of the content, as locks and index lines hold it.
    pub fn digest(&self) -> ContentDigest {
        ContentDigest::of_files(self.iter().map(|(path, bytes)| (path, Sha256::of(bytes))))
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for FileSet {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        FileSet { files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect() }
    }
}
