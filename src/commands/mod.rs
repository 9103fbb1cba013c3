//! The use cases, one a file. They print nothing and ask nothing; each is given a [`Context`] and a
//! request and returns what it did, so that the command line, a server or an application can stand
//! on the same ones.

pub mod add;
pub mod alternatives;
pub mod between;
pub mod bundle;
pub mod channel;
pub mod compat;
pub mod contents;
pub mod context;
pub mod demo;
mod dependency;
pub mod deprecate;
pub mod diff;
mod edit;
pub mod export;
pub mod exported;
mod folder;
pub mod import;
pub mod init;
pub mod lint;
pub mod lock;
pub mod log;
pub mod new;
pub mod outdated;
pub mod own_version;
pub mod parallel;
pub mod previous;
pub mod project;
pub mod promise;
pub mod published;
pub mod pull;
pub mod push;
pub mod reference;
pub mod registries;
pub mod registry;
pub mod remove;
pub mod render;
pub mod rollback;
pub mod set_repository;
pub mod show;
pub mod sources;
pub mod subjects;
pub mod target;
pub mod test;
mod texts;
pub mod tokens;
pub mod tree;
pub mod update;
pub mod verify;
pub mod version;
pub mod watch;
pub mod why;
pub mod yank;

pub use crate::registry::publish::rfc3339;
pub use context::{Context, Network};
pub use project::Project;
pub use set_repository::SetRepository;

/// Returns the seconds since 1970 of an RFC 3339 time, or nothing if `text` is none.
pub fn unix_seconds(text: &str) -> Option<i64> {
    let time = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    time.ok().map(time::OffsetDateTime::unix_timestamp)
}
