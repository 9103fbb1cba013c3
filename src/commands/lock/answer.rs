//! What comes of making a lock answer a manifest, and what is told of it.

use crate::commands::registries::Registries;
use crate::digest::Sha256;
use crate::error::Result;
use crate::index::{Advice, BrokenPromise};
use crate::lockfile::{self, LockedSet, Lockfile, Source, Stale};
use crate::name::{RegistryId, SetName};
use crate::version::Version;
use std::collections::BTreeMap;

/// A lock that answers the manifest.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The lock.
    pub lock: Lockfile,
    /// The lock as it was; empty where there was none. After a merge, our side.
    pub previous: Lockfile,
    /// Why the lock had to be made anew; empty where it did not have to.
    pub stale: Vec<Stale>,
    /// The other side of a conflict that git left in the lock and that is solved with this one.
    pub theirs: Option<Lockfile>,
    /// How many parts of the two could not be read, so that what they held is chosen anew.
    pub unread: usize,
    /// What moved.
    pub changes: Vec<lockfile::Change>,
    /// Sets of the lock against which their publishers say something: those that are yanked are there
    /// because they were before.
    pub advised: Vec<Advised>,
    /// The versions that the changes lead to or past and that change more than their numbers say.
    pub broken: BTreeMap<SetName, Vec<BrokenPromise>>,
    /// The versions of locked sets that their registries' indexes say two different things of, as far as they were read.
    pub contradicted: Vec<Contradicted>,
    /// How many bytes the bundles have, as far as indexes were read: locks do not say.
    pub sizes: Sizes,
}

/// A set of a lock against whose version its publisher says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advised {
    /// The set.
    pub name: SetName,
    /// The locked version.
    pub version: Version,
    /// What is said.
    pub advice: Advice,
}

/// A version of which an index has several lines that contradict each other: none of them is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradicted {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// The registry.
    pub registry: RegistryId,
}

/// The sizes of bundles in bytes, by their checksums.
pub type Sizes = BTreeMap<Sha256, u64>;

impl Answer {
    /// Returns the answer that `lock` is right as it is.
    pub fn unchanged(lock: Lockfile) -> Self {
        Answer {
            previous: lock.clone(),
            lock,
            stale: Vec::new(),
            theirs: None,
            unread: 0,
            changes: Vec::new(),
            advised: Vec::new(),
            broken: BTreeMap::new(),
            contradicted: Vec::new(),
            sizes: Sizes::new(),
        }
    }

    /// Returns whether the lock has to be written.
    pub fn is_new(&self) -> bool {
        self.lock != self.previous || self.theirs.is_some()
    }

    /// Returns the overrides that stand in for nothing, since no set needs what they are of.
    pub fn unused_overrides(&self) -> impl Iterator<Item = &SetName> {
        let names = self.lock.overrides.iter().map(|kept| &kept.name);
        names.filter(|name| self.lock.set(name).is_none())
    }

    /// Returns what the two sides of a conflict that is solved disagreed on, by name.
    pub fn disputes(&self) -> Vec<Dispute<'_>> {
        let Some(theirs) = &self.theirs else { return Vec::new() };
        let both = self.previous.sets.iter().filter_map(|ours| Some((ours, theirs.set(&ours.name)?)));
        let differ = both.filter(|(ours, theirs)| (&ours.version, &ours.source) != (&theirs.version, &theirs.source));
        differ
            .map(|(ours, theirs)| Dispute { name: &ours.name, taken: self.lock.set(&ours.name), ours, theirs })
            .collect()
    }
}

/// A set of which the two sides of a conflict lock different versions.
#[derive(Clone, Debug)]
pub struct Dispute<'a> {
    /// The set.
    pub name: &'a SetName,
    /// What is locked of it now; nothing where it is no longer needed.
    pub taken: Option<&'a LockedSet>,
    /// What our side locks.
    pub ours: &'a LockedSet,
    /// What the other side locks.
    pub theirs: &'a LockedSet,
}

/// Returns what the indexes of the sets of both locks say two different things of, from the lower of their versions on.
pub(super) fn contradicted(registries: &Registries<'_>, locks: [&Lockfile; 2]) -> Result<Vec<Contradicted>> {
    let mut lowest: BTreeMap<(&SetName, &RegistryId), &Version> = BTreeMap::new();
    for set in locks.into_iter().flat_map(|lock| &lock.sets) {
        let Source::Registry(id) = &set.source else { continue };
        let version = lowest.entry((&set.name, id)).or_insert(&set.version);
        *version = (*version).min(&set.version);
    }
    let mut found = Vec::new();
    for ((name, id), lowest) in lowest {
        // What is locked may come from a registry that the project no longer has.
        let Ok(registry) = registries.with_id(id) else { continue };
        let versions = registry.outline(name)?.map(|index| index.contradicting.clone()).unwrap_or_default();
        let told = versions.into_iter().filter(|version| version >= lowest);
        found.extend(told.map(|version| Contradicted { name: name.clone(), version, registry: id.clone() }));
    }
    Ok(found)
}

/// Returns the versions that change more than their numbers say and that those meet who go from `previous` to
/// `lock`. A set that came from elsewhere before is one that is new.
pub(super) fn broken_promises(
    registries: &Registries<'_>,
    previous: &Lockfile,
    lock: &Lockfile,
) -> Result<BTreeMap<SetName, Vec<BrokenPromise>>> {
    let mut broken = BTreeMap::new();
    for set in &lock.sets {
        let before = previous.set(&set.name).filter(|before| before.source == set.source);
        let Source::Registry(id) = &set.source else { continue };
        if before.is_some_and(|before| before.version == set.version) {
            continue;
        }
        let index = registries.with_id(id)?.outline(&set.name)?;
        let from = before.map(|before| &before.version);
        let met = index.map(|index| index.broken_promises(from, &set.version)).unwrap_or_default();
        if !met.is_empty() {
            broken.insert(set.name.clone(), met);
        }
    }
    Ok(broken)
}
