//! Where a registry's files stand, relative to its root.

/// The paths of a registry's files.
pub struct Paths;
