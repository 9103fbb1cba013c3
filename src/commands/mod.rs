//! The use cases, one a file. They print nothing and ask nothing; each is given a [`Context`] and a
//! request and returns what it did, so that the command line, a server or an application can stand
//! on the same ones.

pub mod bundle;
pub mod contents;
pub mod context;
pub mod export;
pub mod exported;
pub mod import;
pub mod lock;
pub mod parallel;
pub mod project;
pub mod pull;
pub mod push;
pub mod registries;
pub mod sources;
pub mod target;

pub use context::{Context, Network};
pub use project::Project;

use crate::version::Version;

/// Returns the version of the Anvil that runs.
pub fn running_anvil() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("cargo refuses any other version")
}

/// Returns the seconds since 1970 of an RFC 3339 time, or nothing if `text` is none.
pub fn unix_seconds(text: &str) -> Option<i64> {
    let time = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    time.ok().map(time::OffsetDateTime::unix_timestamp)
}
