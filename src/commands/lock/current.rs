//! Whether the lock that is there answers, and what is known of it: decided with no request.

use super::{Advised, LockCommandError, Update};
use crate::commands::context::{Context, Network};
use crate::commands::dependency;
use crate::commands::members;
use crate::commands::project::{Project, ProjectError};
use crate::commands::registries::Registries;
use crate::commands::sources;
use crate::error::Result;
use crate::index::{Advice, Line};
use crate::lockfile::{Dependant, LockedSet, Lockfile, Reading, Source, Stale};
use crate::manifest::{self, DependencySource};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::Freshness;
use crate::resolver;
use crate::store::vendor;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the project's lock if it answers the manifest; nothing is written and nothing fetched.
///
/// # Errors
/// When there is no lock though something is required, it has conflict markers, or it is stale.
pub fn check(project: &Project) -> Result<Lockfile> {
    members::check(project)?;
    let lock = match project.read_lock()? {
        Some(Reading::Whole(lock)) => lock,
        Some(Reading::Conflict { .. }) => return Err(ProjectError::ConflictingLock(project.lock_path()).into()),
        // A project that requires nothing needs no lock.
        None if project.workspace.dependencies().next().is_none() => return Ok(Lockfile::default()),
        None => return Err(ProjectError::NoLock(project.root.clone()).into()),
    };
    let stale = staleness(project, &lock)?;
    if !stale.is_empty() {
        return Err(LockCommandError::Stale(stale).into());
    }
    Ok(lock)
}

/// Checks that the project's registries are different ones, and that those which `lock` names are
/// among them, as far as it takes no request.
///
/// # Errors
/// When two of the project's registries are known to be the same, or each is known to be another one
/// than a locked one.
pub fn check_registries(context: &Context, project: &Project, lock: &Lockfile) -> Result<()> {
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    registries.check_twins()?;
    bound(project, lock, &Update::Nothing).into_iter().try_for_each(|id| registries.may_have(id))?;
    match foreign(project, lock, &registries) {
        foreign if foreign.is_empty() => Ok(()),
        foreign => Err(LockCommandError::Stale(foreign).into()),
    }
}

/// Returns which sets of `lock` come from another registry than the project's manifests name, as far as it takes no
/// request to know which that is.
pub(in crate::commands) fn foreign(project: &Project, lock: &Lockfile, registries: &Registries<'_>) -> Vec<Stale> {
    let (workspace, overrides) = (&project.workspace, &project.manifest.overrides);
    let asked = workspace.dependencies().filter(|(_, name, _)| !overrides.contains_key(*name));
    let overriding = overrides.iter().map(|(name, dependency)| (manifest::ROOT, name, dependency));
    let mut ids: BTreeMap<RegistryName, Option<RegistryId>> = BTreeMap::new();
    let mut foreign = Vec::new();
    for (member, name, dependency) in asked.chain(overriding) {
        let DependencySource::Registry { registry, .. } = &dependency.source else { continue };
        let Some(Source::Registry(locked)) = lock.set(name).map(|set| &set.source) else { continue };
        let alias = registry.clone().unwrap_or_else(RegistryName::default_name);
        let id = ids.entry(alias).or_insert_with_key(|alias| registries.believed_id(alias));
        if let Some(asked) = id.clone().filter(|asked| asked != locked) {
            let by = Dependant::Member(member.to_owned());
            foreign.push(Stale::OtherRegistry { by, name: name.clone(), asked, locked: locked.clone() });
        }
    }
    foreign
}

/// Returns the registries that sets of `lock` are bound to: of those that the manifest still leads
/// to, and that are not chosen anew.
pub(super) fn bound<'l>(project: &Project, lock: &'l Lockfile, update: &Update) -> BTreeSet<&'l RegistryId> {
    let (workspace, overrides) = (&project.workspace, &project.manifest.overrides);
    let anew = |name: &SetName| matches!(update, Update::Anew(names) if names.contains(name));
    let asked = workspace.dependencies().map(|(_, name, _)| name);
    let kept = asked.filter(|name| !anew(name) && !overrides.contains_key(*name));
    let kept = resolver::graph::Graph::of(lock).needed_by(kept);
    let sets = lock.sets.iter().filter(|set| kept.contains(&set.name) && !anew(&set.name));
    let id = |set: &'l LockedSet| match &set.source {
        Source::Registry(id) => Some(id),
        Source::Git { .. } | Source::Path(_) => None,
    };
    sets.filter_map(id).collect()
}

/// Returns every reason why `lock` does not answer the project's manifest, and the manifests of the
/// folders that it takes sets from.
///
/// # Errors
/// When one of those folders holds no set.
pub fn staleness(project: &Project, lock: &Lockfile) -> Result<Vec<Stale>> {
    let mut stale = lock.staleness(&project.workspace);
    if stale.is_empty() {
        stale = sources::moved_folders(project, lock)?;
    }
    Ok(stale)
}

/// What is known of the sets of a lock without a request.
pub struct AtHand<'l> {
    /// The sets against which their publishers say something.
    pub advised: Vec<Advised>,
    /// How the lock differs from what the index says that they need.
    pub misstated: Vec<Stale>,
    /// How many public prompts the sets have of which an index says so.
    pub prompts: BTreeMap<SetName, usize>,
    /// The sets of which nothing is known, but for those of folders.
    pub unknown: Vec<&'l LockedSet>,
}

/// Returns what is known of the sets of `lock` as far as it takes no request to know it: folders are
/// read, and what the cache holds of other registries. What cannot be read is not told of.
pub fn at_hand<'l>(context: &Context, project: &Project, lock: &'l Lockfile) -> AtHand<'l> {
    let offline = Context { network: Network::Offline, ..context.clone() };
    let registries = Registries::new(&offline, &project.folder, &project.manifest, Freshness::Cached);
    let mut found =
        AtHand { advised: Vec::new(), misstated: Vec::new(), prompts: BTreeMap::new(), unknown: Vec::new() };
    for set in &lock.sets {
        let lines = match &set.source {
            Source::Registry(id) => {
                let lines = registries.with_id(id).map(|it| it.lines_at_hand(&set.name, &set.version));
                // A registry that is out of sight said something when its set was vendored.
                let vendored = || vendored_lines(project, set);
                lines.ok().filter(|lines| !lines.is_empty()).unwrap_or_else(vendored)
            }
            Source::Git { .. } => Vec::new(),
            Source::Path(_) => continue,
        };
        let advised = |advice| Advised { name: set.name.clone(), version: set.version.clone(), advice };
        found.advised.extend(lines.iter().find_map(Advice::of).map(advised));
        let misstated = |line: &Line| {
            sources::misstated(set, line.dependencies.iter().map(|needed| (&needed.name, &needed.requirement)))
        };
        let same = || lines.iter().filter(|line| Some(line.sha256) == set.sha256);
        // Where lines contradict each other, the one that the lock was made of is the better one.
        match same().find(|line| misstated(line).is_none()).or_else(|| same().next()) {
            Some(line) => {
                found.misstated.extend(misstated(line));
                // Old lines do not say.
                if !line.prompts.is_empty() {
                    found.prompts.insert(set.name.clone(), line.prompts.len());
                }
            }
            None => found.unknown.push(set),
        }
    }
    found
}

/// Returns the vendored index lines of `set`, but for those that say something else of its needs than both the lock and
/// its own files: there the line is wrong, and not the lock.
fn vendored_lines(project: &Project, set: &LockedSet) -> Vec<Line> {
    let mut lines = vendor::lines(&project.root, &set.name, &set.version);
    let is_as_locked = |line: &Line| {
        let needs = line.dependencies.iter().map(|needed| (&needed.name, &needed.requirement));
        sources::misstated(set, needs).is_none()
    };
    let is_lock_right = || {
        let manifest = dependency::unpacked_manifest(project, set);
        manifest.is_ok_and(|manifest| sources::misstated(set, sources::needs_of(&manifest)).is_none())
    };
    if !lines.iter().all(is_as_locked) && is_lock_right() {
        lines.retain(is_as_locked);
    }
    lines
}

/// Returns how `lock` differs from what its sets need, as far as it takes no request to know it.
pub(super) fn misstated(project: &Project, at_hand: &AtHand<'_>) -> Vec<Stale> {
    let unpacked = at_hand.unknown.iter().filter_map(|set| {
        let manifest = dependency::unpacked_manifest(project, set).ok()?;
        sources::misstated(set, sources::needs_of(&manifest))
    });
    at_hand.misstated.iter().cloned().chain(unpacked).collect()
}
