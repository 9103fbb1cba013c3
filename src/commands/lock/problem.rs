//! What the resolver is asked for a project's lock.

use super::{LockCommandError, Update, exactly, not_locked};
use crate::commands::context::Context;
use crate::commands::project::Project;
use crate::commands::sources::Sources;
use crate::error::Result;
use crate::lockfile::{Lockfile, Source};
use crate::manifest::{Manifest, MinimumReleaseAge};
use crate::name::{RegistryId, SetName};
use crate::resolver::{
    self, AgeRule, Locked, Problem, Request as Asked, Resolution, Root, RootRole, Strategy, Telling,
};
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet};

/// 2025-01-01, in seconds since 1970: no clock that is right shows an earlier time to this program.
const EARLIEST: u64 = 1_735_689_600;

/// Returns what the resolver is asked, so that `update` is done; `locked` are the versions that are preferred.
///
/// # Errors
/// When a set that is to move is not locked, or the clock cannot be right and is needed.
pub(super) fn problem(
    context: &Context,
    project: &Project,
    sources: &Sources,
    previous: &Lockfile,
    locked: Vec<Locked>,
    update: &Update,
) -> Result<Problem> {
    let (manifest, workspace) = (&project.manifest, &project.workspace);
    let locked = match update {
        Update::Follow(followed) => following(locked, followed),
        _ => locked,
    };
    let mut roots = Vec::new();
    for (member, name, dependency) in workspace.dependencies() {
        let request = sources.request(member, name);
        // What `add` tries stands in no file that a person could look at.
        let is_tried = member == project.member && matches!(update, Update::Anew(names) if names.contains(name));
        let (line, inherited) = if is_tried { (0, None) } else { (dependency.line, dependency.inherited) };
        roots.push(Root { request, member: member.to_owned(), line, inherited, role: RootRole::Requirement });
    }
    let overrides = workspace.root.overrides.keys().map(|name| sources.overriding(name)).collect();
    let update = match update {
        // What is tested are the lower bounds, and a lock that is kept would hide them.
        Update::Nothing if context.resolving.strategy != Strategy::Highest => resolver::Update::All,
        Update::Nothing | Update::Precise { .. } | Update::Commit { .. } => resolver::Update::None,
        Update::All => resolver::Update::All,
        Update::Anew(names) => resolver::Update::Only(names.clone()),
        Update::Follow(followed) => {
            let moving = locked.iter().map(|set| &set.name).filter(|name| !followed.contains_key(*name));
            resolver::Update::Only(moving.cloned().collect())
        }
        Update::Only(names) | Update::Towards { names, .. } => {
            let mut moving = names.clone();
            for name in names {
                if previous.set(name).is_none() && !workspace.requires(name) {
                    return Err(not_locked(project, previous, name));
                }
            }
            moving.extend(resolver::graph::Graph::of(previous).needed_by(names));
            resolver::Update::Only(moving)
        }
    };
    Ok(Problem {
        roots,
        // In a workspace sets may need each other, and a circle of them is found among those that are chosen.
        own: manifest.set.iter().filter(|_| !workspace.is_declared()).map(|set| set.name.clone()).collect(),
        stand_ins: workspace
            .sets()
            .filter(|_| workspace.is_declared())
            .map(|(name, member)| (name.clone(), Source::Path(member.path.clone())))
            .collect(),
        overrides,
        fixed: sources.fixed(),
        locked,
        update,
        strategy: context.resolving.strategy,
        age: age_rule(context, manifest)?,
        anvil: crate::version::running_anvil(),
        telling: Telling::default(),
    })
}

/// Returns `locked` with the versions of channels in the place of those that are locked of the same sets: they are
/// what is wanted of these, and where they will not do, the newest is.
fn following(mut locked: Vec<Locked>, followed: &BTreeMap<SetName, (RegistryId, Version)>) -> Vec<Locked> {
    locked.retain(|set| !followed.contains_key(&set.name));
    let wanted = followed.iter().map(|(name, (registry, version))| Locked {
        name: name.clone(),
        version: version.clone(),
        source: Source::Registry(registry.clone()),
    });
    wanted.chain(locked).collect()
}

/// Returns how old a version must be to be chosen, if the manifest says so.
///
/// # Errors
/// When nobody can say how old anything is, because the clock of this machine cannot be right.
fn age_rule(context: &Context, manifest: &Manifest) -> Result<Option<AgeRule>> {
    let Some(age) = manifest.resolution.minimum_release_age else { return Ok(None) };
    if matches!(age, MinimumReleaseAge::Seconds(_)) && context.now < EARLIEST {
        return Err(LockCommandError::Clock { now: context.now }.into());
    }
    let seconds = |instant: u64| i64::try_from(instant).unwrap_or(i64::MAX);
    Ok(Some(AgeRule {
        published_before: seconds(age.cutoff(context.now)),
        // With a date the clock does not matter, so a wrong one harms nobody.
        now: if matches!(age, MinimumReleaseAge::Seconds(_)) { seconds(context.now) } else { i64::MAX },
        exempt: manifest.resolution.exempt.clone(),
    }))
}

/// Returns where `name` comes from, if it is from a registry: as the manifest says, or else the lock.
pub(super) fn source_of(project: &Project, sources: &Sources, previous: &Lockfile, name: &SetName) -> Result<Source> {
    let mut members = project.workspace.dependencies().filter(|(_, asked, _)| *asked == name);
    let source = if project.manifest.overrides.contains_key(name) {
        sources.overriding(name).source
    } else if let Some((member, ..)) = members.next() {
        sources.request(member, name).source
    } else {
        previous.set(name).ok_or_else(|| not_locked(project, previous, name))?.source.clone()
    };
    match source {
        Source::Registry(_) => Ok(source),
        Source::Git { .. } => Err(LockCommandError::Fixed(name.clone(), "git").into()),
        Source::Path(_) => Err(LockCommandError::Fixed(name.clone(), "path").into()),
    }
}

/// Returns a resolution in which no set that a manifest asks for is in a lower version than `previous` has, as far as
/// that can be: where two do not go together in their newest versions, neither is to take turns in going down.
pub(super) fn held_up(
    project: &Project,
    problem: &mut Problem,
    previous: &Lockfile,
    mut resolution: Resolution,
    resolve: impl Fn(&Problem) -> Option<Resolution>,
) -> Resolution {
    let mut tried = BTreeSet::new();
    loop {
        let lower = resolution.sets.iter().find_map(|set| {
            let before = previous.set(&set.name).filter(|before| before.source == set.source)?;
            let is_lower = before.version > set.version && matches!(set.source, Source::Registry(_));
            let is_new = is_lower && project.workspace.requires(&set.name) && !tried.contains(&set.name);
            is_new.then(|| (set.name.clone(), set.source.clone(), before.version.clone()))
        });
        let Some((name, source, version)) = lower else { return resolution };
        let mut requirement = exactly(&version);
        requirement.comparators.iter_mut().for_each(|comparator| comparator.op = semver::Op::GreaterEq);
        tried.insert(name.clone());
        let request = Asked { name, requirement, source };
        problem.roots.push(Root { request, member: ".".into(), line: 0, inherited: None, role: RootRole::Question });
        match resolve(problem) {
            Some(found) => resolution = found,
            None => drop(problem.roots.pop()),
        }
    }
}
