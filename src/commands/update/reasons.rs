//! Why sets moved that nobody meant to move, or moved down: an update keeps every other pin and lowers nothing for its
//! own sake, and where it cannot, the reason stands in the lock that it made or in what is said of the version before.

use crate::commands::context::Context;
use crate::commands::lock::Answer;
use crate::commands::outdated::{self, Holder};
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::index::Yanked;
use crate::lockfile::{Change, LockedSet, Source};
use crate::name::SetName;
use crate::resolver::graph::Graph;
use crate::version::{Requirement, Version};
use std::collections::BTreeSet;

/// A set that moved along with others, or down.
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

/// Why a set moved along, or down.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Somebody asks for it in another version than it had, or that version would not be taken now.
    Holder(Holder),
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
    /// The version that it had was yanked.
    Yanked(Version, Yanked),
    /// Its registry has the version no more that it had.
    Gone(Version),
    /// It is what its folder or its repository has now.
    AtItsSource(Source),
    /// Nothing needs it any more.
    Unneeded,
    /// The resolver found no other way to have what was asked for.
    Together,
}

/// What an update was asked to move.
#[derive(Clone, Debug)]
pub(super) struct Meant {
    /// The sets that were named, which what they need goes with; nothing where all were meant.
    pub(super) names: Option<BTreeSet<SetName>>,
    /// Whether they were to go up; else to the lowest versions, or to one that was named.
    pub(super) is_upwards: bool,
}

/// Returns the sets that moved in `answer` and that `asked` does not explain: those that it does not mean, and those
/// that went down though they were to go up. Each with why.
pub(super) fn moved_along(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    answer: &Answer,
    asked: &Meant,
) -> Vec<MovedAlong> {
    let graph = Graph::of(&answer.previous);
    let meant: Option<BTreeSet<SetName>> =
        asked.names.as_ref().map(|names| graph.needed_by(names).union(names).cloned().collect());
    let is_meant = |change: &Change| meant.as_ref().is_none_or(|meant| meant.contains(&change.name));
    let is_told = |change: &&Change| {
        change.from != change.to && (!is_meant(change) || asked.is_upwards && goes_down(answer, change))
    };
    let one = |change: &Change| {
        let (name, from, to) = (change.name.clone(), change.from.clone(), change.to.clone());
        let why = reasons(context, project, registries, answer, &name);
        MovedAlong { name, from, to, why }
    };
    answer.changes.iter().filter(is_told).map(one).collect()
}

/// Returns whether a set has a lower version of the same registry than before.
fn goes_down(answer: &Answer, Change { name, .. }: &Change) -> bool {
    let (Some(before), Some(now)) = (answer.previous.set(name), answer.lock.set(name)) else { return false };
    before.version > now.version && before.source == now.source && matches!(now.source, Source::Registry(_))
}

fn reasons(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    answer: &Answer,
    name: &SetName,
) -> Vec<Reason> {
    let Some(now) = answer.lock.set(name) else { return vec![Reason::Unneeded] };
    let before = answer.previous.set(name);
    let rules_out = |requirement: &Requirement| before.is_none_or(|set| !requirement.matches(&set.version));
    let asking = outdated::asking_for(project, &answer.lock, name, rules_out);
    let mut why: Vec<Reason> = asking.into_iter().map(Reason::Holder).collect();
    if let Some(before) = before {
        why.extend(own_needs(project, answer, before));
        why.extend(said_of(context, project, registries, before));
    }
    if why.is_empty() {
        why.push(match &now.source {
            Source::Registry(_) => Reason::Together,
            source @ (Source::Git { .. } | Source::Path(_)) => Reason::AtItsSource(source.clone()),
        });
    }
    why
}

/// Returns what the version before needs and the new lock does not have.
fn own_needs(project: &Project, answer: &Answer, before: &LockedSet) -> Vec<Reason> {
    let unmet = before.dependencies.iter().filter_map(|edge| {
        let locked = answer.lock.set(&edge.name)?;
        let is_overridden = project.manifest.overrides.contains_key(&edge.name);
        (!is_overridden && !edge.requirement.0.matches(&locked.version)).then(|| Reason::Needs {
            by: (before.name.clone(), before.version.clone()),
            name: edge.name.clone(),
            requirement: edge.requirement.0.clone(),
            locked: locked.version.clone(),
        })
    });
    unmet.collect()
}

/// Returns why nobody would take the version before anew, as far as its registry's index is there to tell.
fn said_of(context: &Context, project: &Project, registries: &Registries<'_>, before: &LockedSet) -> Option<Reason> {
    let Source::Registry(id) = &before.source else { return None };
    let index = registries.with_id(id).ok()?.index(&before.name).ok()??;
    let version = before.version.clone();
    let Some(line) = index.line(&version) else { return Some(Reason::Gone(version)) };
    match &line.yanked {
        Some(yanked) => Some(Reason::Yanked(version, yanked.clone())),
        None if outdated::is_too_young(context, project, line) => Some(Reason::Holder(Holder::TooYoung(version))),
        None => None,
    }
}
