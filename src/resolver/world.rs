//! What the resolver knows of the world: a trait that answers "which versions does this set have?".

use crate::error::Error;
use crate::index::{Dependencies, Yanked};
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};

/// The registries, as the resolver sees them: their indexes and nothing else.
///
/// The same question must get the same answer during one resolution; each is asked once.
pub trait Index {
    /// Returns every version of `set` in `registry`, in any order. It may wait for the network.
    ///
    /// # Errors
    /// Why there is no answer. All but [`Unavailable::Failed`] count as "this set has no versions
    /// here", for which the solver looks for a way round and which it can explain.
    fn versions(&self, registry: &RegistryId, set: &SetName) -> Result<Versions, Unavailable>;

    /// Is told what [`Index::versions`] will probably be asked for soon, so that it can be fetched
    /// in parallel. It must not wait.
    fn prefetch(&self, wanted: &[Wanted<'_>]) {
        let _ = wanted;
    }

    /// Returns the name of a set in `registry` that `set` may be a slip of, if it knows one without
    /// asking the network.
    fn similar(&self, registry: &RegistryId, set: &SetName) -> Option<SetName> {
        let _ = (registry, set);
        None
    }
}

/// A set whose versions will probably be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The registry that will be asked.
    pub registry: &'a RegistryId,
    /// The set that will be asked for.
    pub name: &'a SetName,
    /// What is required of it.
    pub requirement: &'a Requirement,
}

/// What a registry has of one set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Versions {
    /// The versions that this Anvil understands, in any order.
    pub candidates: Vec<Candidate>,
    /// How many versions were skipped because only a newer Anvil understands their line.
    pub newer: usize,
    /// Versions that contradict themselves in the index and cannot be used.
    pub invalid: Vec<Version>,
}

/// One version that may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The version, without build metadata.
    pub version: Version,
    /// What it needs.
    pub dependencies: Dependencies,
    /// Set when nobody should newly choose it.
    pub yanked: Option<Yanked>,
    /// When it was published, in seconds since 1970; nothing where the registry does not say.
    pub published_at: Option<i64>,
    /// The Anvil that it needs.
    pub anvil: Option<Requirement>,
}

/// Why a set's versions are not known.
#[derive(Debug)]
pub enum Unavailable {
    /// The registry has no such set.
    NotFound,
    /// The set is not in the cache, and the network must not be used.
    Offline,
    /// The project has configured no registry with this id.
    UnknownRegistry,
    /// Anything else. It ends the resolution and reaches the caller unchanged.
    Failed(Error),
}
