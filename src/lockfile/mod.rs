//! `anvil.lock`: the exact versions and checksums that a resolution chose.
//!
//! The file is made for teams: sorted, one fact a line, nothing that changes without cause, so
//! that two branches that each add a set usually merge cleanly. Because every edge carries its
//! requirement, an unsound merge is found with no network ([`Lockfile::staleness`]).

mod canonical;
mod conflict;
mod merge;
mod parse;
mod schema;
mod source;
mod staleness;
#[cfg(test)]
mod tests;
mod write;

pub use merge::{Clash, Unmerged, undone};
pub use parse::{LockError, Reading};
pub use schema::SCHEMA;
pub use source::{Source, SourceError};
pub use staleness::{Dependant, Stale};

use crate::digest::{ContentDigest, Sha256};
use crate::manifest::DependencySource;
use crate::name::SetName;
use crate::version::{Requirement, Version};
use std::ops::Range;

/// The lock's file name.
pub const FILE_NAME: &str = "anvil.lock";

/// The file name of a lock that is proposed, and waits for review. Its format is the lock's, below a line that says
/// which lock it was made from.
pub const PENDING_FILE_NAME: &str = "anvil.pending.lock";

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

/// How one set differs between two locks.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The set.
    pub name: SetName,
    /// Its version before; nothing where it was not locked.
    pub from: Option<Version>,
    /// Its version now; nothing where it is no longer locked.
    pub to: Option<Version>,
    /// Its commits before and now, where it comes from the same repository by another one.
    pub commits: Option<(String, String)>,
}

impl Lockfile {
    /// Returns the set called `name`, if the lock has it.
    pub fn set(&self, name: &SetName) -> Option<&LockedSet> {
        self.sets.binary_search_by(|set| set.name.cmp(name)).ok().and_then(|at| self.sets.get(at))
    }

    /// Returns whether an override stands in for `name`.
    pub fn overrides_set(&self, name: &SetName) -> bool {
        self.overrides.iter().any(|entry| entry.name == *name)
    }

    /// Puts everything in the order of the file. A lock that was read is in order; one that was
    /// built by hand must be sorted before it is asked.
    pub fn sort(&mut self) {
        self.requirements.sort_by(|a, b| (&a.member, &a.name).cmp(&(&b.member, &b.name)));
        self.overrides.sort_by(|a, b| (&a.member, &a.name).cmp(&(&b.member, &b.name)));
        self.sets.sort_by(|a, b| a.name.cmp(&b.name));
        for set in &mut self.sets {
            set.dependencies.sort();
        }
    }

    /// Returns how the sets of `new` differ from those of `self`, by name. A set whose version
    /// stayed while its source or content changed is among them, with one version twice.
    pub fn changes(&self, new: &Lockfile) -> Vec<Change> {
        let mut names: Vec<&SetName> = self.sets.iter().chain(&new.sets).map(|set| &set.name).collect();
        names.sort();
        names.dedup();
        let change = |name: &SetName| {
            let (before, after) = (self.set(name), new.set(name));
            let what = |set: &LockedSet| (set.version.clone(), set.source.clone(), set.digest);
            (before.map(what) != after.map(what)).then(|| Change {
                name: name.clone(),
                from: before.map(|set| set.version.clone()),
                to: after.map(|set| set.version.clone()),
                commits: before.zip(after).and_then(|(before, after)| before.source.moved_to(&after.source)),
            })
        };
        names.into_iter().filter_map(change).collect()
    }

    /// Takes over from `previous` the unknown keys of every set whose version and source stayed: a
    /// newer Anvil wrote them, and this one must not lose them.
    pub fn keep_unknown(&mut self, previous: &Lockfile) {
        for set in &mut self.sets {
            if let Some(old) = previous.set(&set.name)
                && (&old.version, &old.source) == (&set.version, &set.source)
            {
                set.unknown.clone_from(&old.unknown);
            }
        }
    }
}

/// Returns where `text`, a lock, has the name of the set among those that it locks.
pub fn place_of(text: &str, name: &SetName) -> Option<Range<usize>> {
    let (mut start, mut in_set) = (0, false);
    let wanted = format!("name = \"{name}\"");
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        match line {
            "[[set]]" => in_set = true,
            _ if line.starts_with('[') => in_set = false,
            _ if in_set && line == wanted => return Some(start..start + line.len()),
            _ => {}
        }
        start += whole.len();
    }
    None
}
