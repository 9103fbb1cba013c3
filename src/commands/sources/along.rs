//! Which set is to be moved for another to move: one that is needed by its path within a git repository has the
//! commit of who needs it.

use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::DependencySource;
use crate::name::SetName;
use std::collections::BTreeSet;

/// Returns the set whose commit `name` has: `name` itself where a manifest says which commit of which repository it
/// is, or else the nearest set that needs it, whose repository it lies in, and that such a manifest asks for.
pub fn mover<'a>(lock: &'a Lockfile, name: &'a SetName) -> &'a SetName {
    fn place(set: &LockedSet) -> Option<(&str, &str)> {
        match &set.source {
            Source::Git { url, commit, .. } => Some((url, commit)),
            Source::Registry(_) | Source::Path(_) => None,
        }
    }
    let Some(here) = lock.set(name).and_then(place) else { return name };
    let asks = |name: &SetName| {
        let mut roots = lock.overrides.iter().chain(&lock.requirements);
        roots.any(|root| root.name == *name && matches!(root.source, DependencySource::Git { .. }))
    };
    let (mut seen, mut nearest) = (BTreeSet::from([name]), vec![name]);
    while !nearest.is_empty() {
        let mut further = Vec::new();
        for one in nearest {
            let needs_it = |set: &&LockedSet| set.dependencies.iter().any(|edge| edge.name == *one);
            let dependants: Vec<&LockedSet> = lock.sets.iter().filter(needs_it).collect();
            // Who lies elsewhere can only have it by git.
            if asks(one) || dependants.iter().any(|set| place(set) != Some(here)) {
                return one;
            }
            further.extend(dependants.into_iter().map(|set| &set.name).filter(|name| seen.insert(name)));
        }
        nearest = further;
    }
    name
}
