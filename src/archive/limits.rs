//! What a bundle may hold. Whoever takes one in holds these limits while reading, not after.

/// The limits of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the archive.
    pub packed: u64,
    /// The most bytes of its files together.
    pub unpacked: u64,
    /// The most unpacked bytes a packed byte may give.
    pub ratio: u64,
    /// The most files.
    pub files: usize,
    /// The most bytes of a path.
    pub path_bytes: usize,
    /// The most segments of a path.
    pub path_segments: usize,
}

impl Limits {
    /// The limits of the format.
    pub const FORMAT: Limits =
        Limits { packed: 10 << 20, unpacked: 64 << 20, ratio: 100, files: 10_000, path_bytes: 255, path_segments: 16 };
}

/// Why a path may not stand in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {why}")]
pub struct PathFault {
    /// The path.
    pub path: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Checks one path relative to the set's folder, as bundles hold it.
pub fn check_path(path: &str) -> Result<(), PathFault> {
    let _ = path;
    todo!()
}
