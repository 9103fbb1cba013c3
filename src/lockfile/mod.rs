//! `anvil.lock`: the exact versions and checksums that a resolution chose.
//!
//! The file is made for teams: sorted, one fact a line, nothing that changes without cause, so
//! that two branches that each add a set usually merge cleanly. Because every edge carries its
//! requirement, an unsound merge is found with no network ([`Lockfile::staleness`]).

mod parse;
mod schema;
mod staleness;
mod write;

pub use parse::{LockError, Reading};
pub use schema::SCHEMA;
pub use staleness::Stale;

use crate::digest::{ContentDigest, Sha256};
use crate::manifest::DependencySource;
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};
use std::fmt;

/// The lock's file name.
pub const FILE_NAME: &str = "anvil.lock";

/// The newest format that this Anvil reads and the one it writes.
pub const FORMAT: u32 = 1;

/// A whole lock file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lockfile {
    /// What the lock answers, sorted by member and name.
    pub requirements: Vec<LockedRequirement>,
    /// The overrides it was made with, sorted by name.
    pub overrides: Vec<LockedRequirement>,
    /// The sets that were chosen, sorted by name.
    pub sets: Vec<LockedSet>,
}

/// One requirement of a root, kept so that staleness is decided with no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedRequirement {
    /// The member whose requirement it is: `.`, or its folder in a workspace.
    pub member: String,
    /// The set that is required.
    pub name: SetName,
    /// What is required of it, and from where.
    pub source: DependencySource,
}

/// One set that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedSet {
    /// The set's name; one name occurs once.
    pub name: SetName,
    /// The chosen version.
    pub version: Version,
    /// Where it comes from.
    pub source: Source,
    /// Of the bundle's bytes; registries alone have bundles.
    pub sha256: Option<Sha256>,
    /// Of its content; a path source has none, since it changes as one works.
    pub digest: Option<ContentDigest>,
    /// What it needs, sorted by name.
    pub dependencies: Vec<Edge>,
    /// Keys that this Anvil does not know, with their TOML values; they live as long as the version.
    pub unknown: Vec<(String, String)>,
}

/// One edge: a set that is needed, and the versions of it that will do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The set that is needed.
    pub name: SetName,
    /// Which versions will do; `*` where the source has but one.
    pub requirement: EdgeRequirement,
}

/// [`Requirement`], ordered by its text so that edges sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeRequirement(pub Requirement);

impl PartialOrd for EdgeRequirement {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EdgeRequirement {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.to_string().cmp(&other.0.to_string())
    }
}

/// Where a locked set comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A registry, by its id: `registry:prompts.example.com/acme`.
    Registry(RegistryId),
    /// A commit of a git repository: `git+https://host/repo?subdirectory=ideas#<40 hex>`, with no user-info.
    Git {
        /// The repository's URL, without user-info.
        url: String,
        /// The set's folder within it.
        subdirectory: Option<String>,
        /// The commit, 40 hexadecimal digits.
        commit: String,
    },
    /// A folder, relative to the lock: `path:../shared`.
    Path(String),
}

impl Lockfile {
    /// Returns the set called `name`, if the lock has it.
    pub fn set(&self, name: &SetName) -> Option<&LockedSet> {
        self.sets.binary_search_by(|set| set.name.cmp(name)).ok().map(|at| &self.sets[at])
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Registry(id) => write!(f, "registry:{id}"),
            Source::Git { url, subdirectory: None, commit } => write!(f, "git+{url}#{commit}"),
            Source::Git { url, subdirectory: Some(folder), commit } => {
                write!(f, "git+{url}?subdirectory={folder}#{commit}")
            }
            Source::Path(path) => write!(f, "path:{path}"),
        }
    }
}
