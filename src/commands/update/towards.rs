//! How far a named set moves. The resolver lets what is new give way to what is locked, which is right where something
//! is added; but who names a set wants it moved, and what it needs may have to move with it.

use crate::commands::context::Context;
use crate::commands::lock::{self, Answer, Update};
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::error::Result;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::DependencySource;
use crate::name::SetName;
use crate::resolver::graph::Graph;
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet};

/// The most versions of one set that are tried, from the newest.
const MOST_TRIES: usize = 5;

/// Returns `answer`, or one in which the sets of `names` that are behind are as new as they can be. Who needs them
/// decides as before how far that is; whatever else is locked gives way, but what they do not need never goes down.
///
/// # Errors
/// When a registry cannot be read.
pub(super) fn newest(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    names: &BTreeSet<SetName>,
    mut answer: Answer,
) -> Result<Answer> {
    let mut versions = BTreeMap::new();
    for name in names {
        for version in better(project, registries, names, &answer.lock, name)? {
            let mut more = versions.clone();
            more.insert(name.clone(), version);
            let update = Update::Towards { names: names.clone(), versions: more.clone() };
            // One that has no answer is no fault: the set stays where it was, and that is told.
            if let Ok(found) = lock::answer_from(context, project, &update, registries)
                && !pushes_down(&found, names)
            {
                (versions, answer) = (more, found);
                break;
            }
        }
    }
    Ok(answer)
}

/// Returns whether `answer` has a set in a lower version than before that none of `names` needs: the two would take
/// turns in going up, and whoever named the one did not ask for less of the other.
fn pushes_down(answer: &Answer, names: &BTreeSet<SetName>) -> bool {
    let needed = Graph::of(&answer.lock).needed_by(names);
    let others = answer.lock.sets.iter().filter(|set| !needed.contains(&set.name) && !names.contains(&set.name));
    let before = |set: &LockedSet| answer.previous.set(&set.name).filter(|before| before.source == set.source);
    others.into_iter().any(|set| before(set).is_some_and(|before| before.version > set.version))
}

/// Returns the versions of `name` that are newer than the one in `lock` and that everybody takes who needs it, the
/// newest first.
fn better(
    project: &Project,
    registries: &Registries<'_>,
    names: &BTreeSet<SetName>,
    lock: &Lockfile,
    name: &SetName,
) -> Result<Vec<Version>> {
    let Some(held) = lock.set(name) else { return Ok(Vec::new()) };
    let Source::Registry(id) = &held.source else { return Ok(Vec::new()) };
    let Some(index) = registries.with_id(id)?.index(name)? else { return Ok(Vec::new()) };
    let manifest = &project.manifest;
    let mut requirements: Vec<_> = Vec::new();
    for source in project.asks(name) {
        if let DependencySource::Registry { requirement, .. } = source {
            requirements.push(requirement);
        }
    }
    if !manifest.overrides.contains_key(name) {
        let others = lock.sets.iter().filter(|set| !names.contains(&set.name)).flat_map(|set| &set.dependencies);
        requirements.extend(others.filter(|edge| edge.name == *name).map(|edge| &edge.requirement.0));
    }
    let fits = |version: &Version| *version > held.version && requirements.iter().all(|one| one.matches(version));
    let lines = index.lines.iter().filter(|line| line.yanked.is_none() && fits(&line.version));
    // Nobody is moved to a pre-release without asking for one.
    let mut versions: Vec<Version> = lines
        .map(|line| line.version.clone())
        .filter(|version| version.pre.is_empty() || !held.version.pre.is_empty())
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.truncate(MOST_TRIES);
    Ok(versions)
}
