//! Why sets moved that nobody named and that no named one needed before: an update keeps every other pin, and where
//! it cannot, the reason stands in the lock that it made.

use crate::commands::lock::Answer;
use crate::lockfile::LockedSet;
use crate::manifest::{DependencySource, Manifest};
use crate::name::SetName;
use crate::resolver::graph::Graph;
use crate::version::{Requirement, Version};
use std::collections::BTreeSet;

/// A set that moved along with others.
#[derive(Clone, Debug, PartialEq)]
pub struct MovedAlong {
    /// The set.
    pub name: SetName,
    /// Its version before; nothing where it came.
    pub from: Option<Version>,
    /// Its version now; nothing where it went.
    pub to: Option<Version>,
    /// Why; there may be several reasons, each of them enough.
    pub why: Vec<Reason>,
}

/// Why a set moved along.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A set needs it in another version than it had.
    NeededBy {
        /// The set.
        name: SetName,
        /// Its version now.
        version: Version,
        /// What it needs.
        requirement: Requirement,
    },
    /// The manifest asks for it in another version than it had.
    Asked(Requirement),
    /// The version that it had needs something that is locked in another version now.
    Needs {
        /// The set, with that version.
        by: (SetName, Version),
        /// What it needs.
        name: SetName,
        /// In which versions.
        requirement: Requirement,
        /// The version that is locked.
        locked: Version,
    },
    /// Nothing needs it any more.
    Unneeded,
    /// The versions that were chosen go together in no other way.
    Together,
}

/// Returns the sets that moved in `answer` though neither they are `named` nor a named one needed them, with why.
pub(super) fn moved_along(answer: &Answer, manifest: &Manifest, named: &BTreeSet<SetName>) -> Vec<MovedAlong> {
    let mut meant = Graph::of(&answer.previous).needed_by(named);
    meant.extend(named.iter().cloned());
    let others = answer.changes.iter().filter(|change| !meant.contains(&change.name) && change.from != change.to);
    others
        .map(|change| {
            let (name, from, to) = (change.name.clone(), change.from.clone(), change.to.clone());
            let why = reasons(answer, manifest, &name);
            MovedAlong { name, from, to, why }
        })
        .collect()
}

fn reasons(answer: &Answer, manifest: &Manifest, name: &SetName) -> Vec<Reason> {
    let before = answer.previous.set(name);
    if answer.lock.set(name).is_none() {
        return vec![Reason::Unneeded];
    }
    let rules_out = |requirement: &Requirement| before.is_none_or(|set| !requirement.matches(&set.version));
    let mut why = Vec::new();
    let stated = manifest.overrides.get(name).or(manifest.dependencies.get(name));
    if let Some(DependencySource::Registry { requirement, .. }) = stated.map(|dependency| &dependency.source)
        && rules_out(requirement)
    {
        why.push(Reason::Asked(requirement.clone()));
    }
    if !manifest.overrides.contains_key(name) {
        let edges = answer.lock.sets.iter().flat_map(|set| set.dependencies.iter().map(move |edge| (set, edge)));
        let needing = edges.filter(|(_, edge)| edge.name == *name && rules_out(&edge.requirement.0));
        why.extend(needing.map(|(set, edge)| Reason::NeededBy {
            name: set.name.clone(),
            version: set.version.clone(),
            requirement: edge.requirement.0.clone(),
        }));
    }
    why.extend(before.into_iter().flat_map(|set| own_needs(answer, manifest, set)));
    if why.is_empty() {
        why.push(Reason::Together);
    }
    why
}

/// Returns what the version before needs and the new lock does not have.
fn own_needs(answer: &Answer, manifest: &Manifest, before: &LockedSet) -> Vec<Reason> {
    let unmet = before.dependencies.iter().filter_map(|edge| {
        let locked = answer.lock.set(&edge.name)?;
        let is_met = edge.requirement.0.matches(&locked.version) || manifest.overrides.contains_key(&edge.name);
        (!is_met).then(|| Reason::Needs {
            by: (before.name.clone(), before.version.clone()),
            name: edge.name.clone(),
            requirement: edge.requirement.0.clone(),
            locked: locked.version.clone(),
        })
    });
    unmet.collect()
}
