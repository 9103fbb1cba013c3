//! What Anvil keeps on the machine: the cache that all projects share, the sets that a
//! project has unpacked, and where a project and the workspace around it are.
//!
//! Everything here can be made again, and nothing is believed because it lies here: bytes are
//! compared with their checksum each time they are read. That is why nothing is flushed to the
//! disk, why no lock is held while reading, and why removing any of it is always safe.

#[cfg(feature = "manage")]
mod cache;
#[cfg(feature = "manage")]
mod index;
pub mod layout;
pub mod project;
#[cfg(feature = "manage")]
pub mod vendor;
pub mod workspace;

#[cfg(feature = "manage")]
pub use cache::{Cache, Tally, Usage, Verification};
#[cfg(feature = "manage")]
pub use index::{CachedFile, IndexCache, Stamp};
