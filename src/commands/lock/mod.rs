//! Makes the lock answer the manifest: `anvil lock`, and the first half of `pull`, `add`, `remove`
//! and `update`.
//!
//! Whether anything is to be done is decided from manifest and lock alone. Only then registries are
//! opened, and only their indexes are read; bundles are `pull`'s.

mod answer;
pub mod diff;
mod error;
pub mod merge;
mod problem;

pub use answer::{Advised, Answer, Contradicted, Dispute, Sizes};
pub use error::{LockCommandError, NotLocked};

use answer::{broken_promises, contradicted};
use problem::{held_up, problem, source_of};

use crate::address::Which;
use crate::commands::context::{Context, Network};
use crate::commands::dependency;
use crate::commands::environment;
use crate::commands::members;
use crate::commands::project::{Project, ProjectError};
use crate::commands::published;
use crate::commands::registries::Registries;
use crate::commands::sources::{self, Sources, Wanted};
use crate::commands::target::Action;
use crate::error::{Error, Result};
use crate::fs;
use crate::index::{Advice, Line};
use crate::lockfile::{
    Dependant, Edge, EdgeRequirement, LockedRequirement, LockedSet, Lockfile, Reading, Source, Stale,
};
use crate::manifest::{self, Dependency, DependencySource, Workspace};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::publish::Changed;
use crate::registry::{Freshness, Registry};
use crate::resolver::graph::Graph;
use crate::resolver::{self, Budget, Chosen, Locked, Request as Asked, Root, RootRole, Strategy, Telling};
use crate::store::project as unpacked;
use crate::store::vendor;
use crate::version::{Requirement, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long the resolver may think. Real projects take milliseconds; who needs longer than this is
/// caught in a graph that was made to be hard.
pub(super) const THINKING_TIME: Duration = Duration::from_secs(20);

/// How long registries may be waited for that need more than [`MOST_ROUND_TRIPS`].
const TRAVEL_TIME: Duration = Duration::from_secs(20);

/// How many indexes may be asked for one after the other, each because of the one before, where they come slowly. Real
/// graphs have some dozen levels; a chain that is made to be long takes a round trip for each of its sets.
const MOST_ROUND_TRIPS: usize = 1_000;

/// How long all of it may take, the time included that registries take to answer.
const WAITING_TIME: Duration = Duration::from_secs(15 * 60);

/// What is asked of the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// It should answer the manifest; nothing moves without need.
    #[default]
    Nothing,
    /// Every set should be the newest that will do.
    All,
    /// These sets should, with what they need.
    Only(BTreeSet<SetName>),
    /// These sets should, with what they need, and those at exactly these versions, whatever else has to move.
    Towards {
        /// The sets.
        names: BTreeSet<SetName>,
        /// The versions of some of them.
        versions: BTreeMap<SetName, Version>,
    },
    /// These sets are chosen as if none of them were locked, and nothing else moves without need.
    Anew(BTreeSet<SetName>),
    /// Every set should be the newest that will do, but these should have the versions that a channel of their
    /// registry names, where those will do.
    Follow(BTreeMap<SetName, (RegistryId, Version)>),
    /// This set should have exactly this version.
    Precise {
        /// The set.
        name: SetName,
        /// Its version.
        version: Version,
        /// Whether the version may be a yanked one, because the project used it before.
        may_be_yanked: bool,
    },
    /// This set, which comes from a git source, should be at this commit.
    Commit {
        /// The set.
        name: SetName,
        /// The commit.
        at: Wanted,
    },
}

/// Makes the lock of the project that the command runs in answer its manifest, or only works out how it
/// would. Returns the answer with whether the lock is, or would be, another.
///
/// # Errors
/// Those of [`answer`], and when the lock cannot be written.
pub fn run(context: &Context, run: Action) -> Result<(Answer, Changed)> {
    environment::check_may_change(context, "lock", run)?;
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of(context)?;
    let answer = answer(context, &project, &Update::Nothing)?;
    let changed = match run {
        Action::Plan => answer.is_new(),
        Action::Do => write(&project, &answer.lock)?,
    };
    Ok((answer, Changed::of(changed)))
}

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
pub(super) fn foreign(project: &Project, lock: &Lockfile, registries: &Registries<'_>) -> Vec<Stale> {
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
fn bound<'l>(project: &Project, lock: &'l Lockfile, update: &Update) -> BTreeSet<&'l RegistryId> {
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
fn misstated(project: &Project, at_hand: &AtHand<'_>) -> Vec<Stale> {
    let unpacked = at_hand.unknown.iter().filter_map(|set| {
        let manifest = dependency::unpacked_manifest(project, set).ok()?;
        sources::misstated(set, sources::needs_of(&manifest))
    });
    at_hand.misstated.iter().cloned().chain(unpacked).collect()
}

/// Returns a lock that answers the manifest: the one there is, if it does and nothing is to be
/// updated, else a new one. Nothing is written.
///
/// # Errors
/// When the requirements cannot be satisfied, or a source cannot be read.
pub fn answer(context: &Context, project: &Project, update: &Update) -> Result<Answer> {
    answer_from(context, project, update, &registries(context, project, update))
}

/// Returns whether resolving has to end that began `passed` ago, of which registries were waited for `waited`, with so
/// many `round_trips` one after the other.
fn is_over(passed: Duration, waited: Duration, round_trips: impl FnOnce() -> usize) -> bool {
    passed > WAITING_TIME
        || passed.saturating_sub(waited) > THINKING_TIME
        || (waited > TRAVEL_TIME && round_trips() > MOST_ROUND_TRIPS)
}

/// Tells `registries` what the project asks of them, before they are opened.
fn expect_requirements(project: &Project, registries: &Registries<'_>) {
    let (workspace, overrides) = (&project.workspace, &project.manifest.overrides);
    for (_, name, dependency) in workspace.dependencies() {
        let DependencySource::Registry { requirement, registry } = &dependency.source else { continue };
        if !overrides.contains_key(name) && workspace.stand_in(name).is_none() {
            let registry = registry.clone().unwrap_or_else(RegistryName::default_name);
            registries.expect(&registry, name, requirement);
        }
    }
}

/// Returns the project's registries as `update` wants them read.
pub fn registries<'a>(context: &'a Context, project: &'a Project, update: &Update) -> Registries<'a> {
    // `update` wants to know what was published a minute ago; `lock` is content with what it knows.
    let freshness = if *update == Update::Nothing { Freshness::Cached } else { Freshness::Revalidate };
    Registries::new(context, &project.folder, &project.manifest, freshness)
}

/// Does what [`answer`] does with registries that the caller goes on to ask.
///
/// # Errors
/// As [`answer`].
pub fn answer_from(
    context: &Context,
    project: &Project,
    update: &Update,
    registries: &Registries<'_>,
) -> Result<Answer> {
    answer_to(context, project, update, registries, project.read_lock_to_solve()?.as_ref())
}

/// Does what [`answer_from`] does where the lock is `reading`, wherever that was read.
///
/// # Errors
/// As [`answer`].
pub(super) fn answer_to(
    context: &Context,
    project: &Project,
    update: &Update,
    registries: &Registries<'_>,
    reading: Option<&Reading>,
) -> Result<Answer> {
    members::check(project)?;
    let locks: Vec<&Lockfile> = reading.into_iter().flat_map(Reading::sides).collect();
    let locked = preferences(locks.iter().copied());
    let previous = locks.first().copied().cloned().unwrap_or_default();
    let bound: BTreeSet<&RegistryId> = locks.into_iter().flat_map(|lock| bound(project, lock, update)).collect();
    for id in &bound {
        if registries.may_have(id).is_err() {
            registries.with_id(id)?; // What a server stated the last time may have changed.
        }
    }
    let mut stale = staleness(project, &previous)?;
    if stale.is_empty() {
        stale = foreign(project, &previous, registries);
    }
    let (theirs, mut unread) = match reading {
        Some(Reading::Conflict { theirs, unread, .. }) => (Some(theirs.clone()), *unread),
        _ => (None, 0),
    };
    let stays = *update == Update::Nothing && context.resolving.strategy == Strategy::Highest;
    if stale.is_empty() && theirs.is_none() && stays {
        let at_hand = at_hand(context, project, &previous);
        stale = misstated(project, &at_hand);
        if stale.is_empty() {
            return Ok(Answer { advised: at_hand.advised, ..Answer::unchanged(previous) });
        }
    }
    expect_requirements(project, registries);
    let sources = sources::gather(context, project, registries, &previous, update)?;
    // The resolver takes a set from where the manifest says now; it must not do so unnoticed.
    bound.iter().try_for_each(|id| registries.with_id(id).map(drop))?;
    let mut problem = problem(context, project, &sources, &previous, locked, update)?;
    let members = project.workspace.sets().filter(|_| project.workspace.is_declared());
    problem.telling = Telling {
        detail: context.resolving.detail,
        registries: registries.known_names(),
        members: members.map(|(set, member)| (member.path.clone(), set.clone())).collect(),
    };
    if let Update::Precise { name, version, may_be_yanked } = update {
        let source = source_of(project, &sources, &previous, name)?;
        if let Source::Registry(id) = &source
            && let Ok(registry) = registries.with_id(id)
        {
            check_published(&registry, name, version)?;
        }
        if *may_be_yanked {
            let held = Locked { name: name.clone(), version: version.clone(), source: source.clone() };
            problem.locked.insert(0, held);
        }
        // A requirement of its own, so that what stands against the version is explained like any
        // other conflict.
        let request = Asked { name: name.clone(), requirement: exactly(version), source };
        problem.roots.push(Root { request, member: ".".into(), line: 0, inherited: None, role: RootRole::Question });
    }

    if let Update::Towards { versions, .. } = update {
        for (name, version) in versions {
            let source = source_of(project, &sources, &previous, name)?;
            let request = Asked { name: name.clone(), requirement: exactly(version), source };
            problem.roots.push(Root {
                request,
                member: ".".into(),
                line: 0,
                inherited: None,
                role: RootRole::Question,
            });
        }
    }

    let begun = Instant::now();
    let stop = || is_over(begun.elapsed(), registries.waited(), || registries.round_trips());
    let budget = Budget { stop: &stop, ..Budget::default() };
    let mut resolution = resolver::resolve(&problem, registries, budget)?;
    if *update == Update::All && context.resolving.strategy == Strategy::Highest {
        resolution = held_up(project, &mut problem, &previous, resolution, |problem| {
            resolver::resolve(problem, registries, budget).ok()
        });
    }

    let mut lock = Lockfile {
        requirements: requirements(&project.workspace),
        overrides: overrides(&project.workspace),
        sets: Vec::new(),
    };
    let mut read = Read::default();
    // Git puts the sides of a conflict together from lines, so that one may hold a set with another's checksum. What
    // both say is sure, unless one shows that it was put together wrongly.
    let is_sure = |set: &LockedSet| {
        let other = theirs.as_ref().map(|theirs| theirs.set(&set.name));
        other.is_none_or(|other| unread == 0 && other.is_some_and(|other| same_checksums(set, other)))
    };
    let mut torn = 0;
    for set in resolution.sets {
        let is_same = |held: &&LockedSet| (&held.version, &held.source) == (&set.version, &set.source);
        let held = previous.set(&set.name).filter(is_same);
        let sides = held.into_iter().chain(theirs.as_ref().and_then(|theirs| theirs.set(&set.name)).filter(is_same));
        let doubtful: Vec<&LockedSet> = sides.filter(|side| !is_sure(side)).collect();
        let locked = locked_set(set, registries, &sources, held.filter(|set| is_sure(set)), &mut read)?;
        torn += usize::from(doubtful.into_iter().any(|side| !same_checksums(side, &locked)));
        lock.sets.push(locked);
    }
    unread += torn;
    lock.sort();
    lock.keep_unknown(&previous);
    for question in problem.roots.iter().filter(|root| root.role == RootRole::Question) {
        check_needed(&question.request.name, &previous, &lock)?;
    }
    let changes = previous.changes(&lock);
    let broken = broken_promises(registries, &previous, &lock)?;
    let contradicted = contradicted(registries, [&previous, &lock])?;
    let Read { advised, sizes } = read;
    Ok(Answer { lock, previous, stale, theirs, unread, changes, advised, broken, contradicted, sizes })
}

/// Checks that `name`, which is to have a certain version, is still needed where it has that version: who needed it may
/// have moved to one that does not, and then the lock answers nothing with it.
///
/// # Errors
/// When nothing needs it.
fn check_needed(name: &SetName, previous: &Lockfile, lock: &Lockfile) -> Result<()> {
    let Some(set) = lock.set(name).filter(|_| Graph::of(lock).unneeded().contains(&name)) else { return Ok(()) };
    let needed_it = previous.sets.iter().filter(|other| other.dependencies.iter().any(|edge| edge.name == *name));
    let moved =
        needed_it.filter_map(|before| lock.set(&before.name)).find(|now| matches!(now.source, Source::Registry(_)));
    let moved = moved.map(|now| (now.name.clone(), now.version.clone()));
    let (name, version) = (name.clone(), set.version.clone());
    Err(LockCommandError::Unneeded { name, version, moved }.into())
}

/// Writes `lock` beside the manifest unless it is there already. Returns whether it wrote. A project
/// that requires nothing and has no lock gets none.
///
/// # Errors
/// When it cannot be written.
pub fn write(project: &Project, lock: &Lockfile) -> Result<bool> {
    if *lock == Lockfile::default() && !fs::exists(&project.lock_path()) {
        return Ok(false);
    }
    let written = fs::write_through(&project.lock_path(), lock.write().as_bytes(), fs::Durability::Synced)?;
    unpacked::sweep_beside(&project.root);
    Ok(written)
}

fn preferences<'a>(locks: impl IntoIterator<Item = &'a Lockfile>) -> Vec<Locked> {
    let sets = locks.into_iter().flat_map(|lock| &lock.sets);
    sets.map(|set| Locked { name: set.name.clone(), version: set.version.clone(), source: set.source.clone() })
        .collect()
}

/// Makes the lock of `answer`, which was solved for what was tried or for what was asked before, say what the manifests
/// of `edited` ask for, and hold what that leads to. The versions in it have to satisfy what is asked.
pub(super) fn fit(edited: &Project, answer: &mut Answer) {
    let (workspace, lock) = (&edited.workspace, &mut answer.lock);
    lock.requirements = requirements(workspace);
    lock.overrides = overrides(workspace);
    for set in &mut lock.sets {
        // What a member needs stands in its own entry, too, where another needs it.
        if let Source::Path(path) = &set.source
            && let Some(manifest) = sources::member_manifest(edited, path)
        {
            let edge = |(name, requirement): (&SetName, &Requirement)| Edge {
                name: name.clone(),
                requirement: EdgeRequirement(requirement.clone()),
            };
            set.dependencies = sources::needs_of(manifest).map(edge).collect();
        }
    }
    let needed = resolver::graph::Graph::of(lock).needed_by(workspace.dependencies().map(|(_, name, _)| name));
    lock.sets.retain(|set| needed.contains(&set.name));
    lock.sort();
    answer.changes = answer.previous.changes(&answer.lock);
}

/// Returns what the lock of `workspace` says that it answers.
fn requirements(workspace: &Workspace) -> Vec<LockedRequirement> {
    workspace.dependencies().map(|(member, name, dependency)| kept(member, name, dependency)).collect()
}

/// Returns the overrides that the lock of `workspace` says that it was made with.
fn overrides(workspace: &Workspace) -> Vec<LockedRequirement> {
    workspace.root.overrides.iter().map(|(name, dependency)| kept(manifest::ROOT, name, dependency)).collect()
}

fn kept(member: &str, name: &SetName, dependency: &Dependency) -> LockedRequirement {
    LockedRequirement { member: member.to_owned(), name: name.clone(), source: dependency.source.clone() }
}

/// Returns the error that `name` is not locked, or that nothing is.
fn not_locked(project: &Project, previous: &Lockfile, name: &SetName) -> Error {
    match LockCommandError::not_locked(name, previous, &project.manifest) {
        LockCommandError::NotLocked { why: NotLocked::Unused, .. } if !fs::exists(&project.lock_path()) => {
            ProjectError::NoLock(project.root.clone()).into()
        }
        error => error.into(),
    }
}

/// Checks that the registry has `version` of `name`: the resolver would tell of it as of any other
/// requirement, and not of the versions that are near.
///
/// # Errors
/// When it has other versions alone. What else is wrong is left to the resolver.
pub(super) fn check_published(registry: &Registry, name: &SetName, version: &Version) -> Result<()> {
    match registry.index(name) {
        Ok(Some(index)) if index.line(version).is_none() && !index.contradicting.contains(version) => {
            Err(published::no_version(registry.id(), name, &Which::Exact(version.clone()), &index).into())
        }
        _ => Ok(()),
    }
}

/// Returns the requirement that `version` alone satisfies.
pub(super) fn exactly(version: &Version) -> crate::version::Requirement {
    let mut requirement = crate::version::caret(version);
    for comparator in &mut requirement.comparators {
        comparator.op = semver::Op::Exact;
    }
    requirement
}

/// What index lines say of the sets that are chosen, beside what a lock keeps.
#[derive(Default)]
struct Read {
    sizes: Sizes,
    advised: Vec<Advised>,
}

fn same_checksums(a: &LockedSet, b: &LockedSet) -> bool {
    (&a.version, &a.source, a.sha256, a.digest) == (&b.version, &b.source, b.sha256, b.digest)
}

/// Returns what is locked of `set`; `before` is what the lock had of this version.
///
/// # Errors
/// When its registry now says something else of it.
fn locked_set(
    set: Chosen,
    registries: &Registries,
    sources: &Sources,
    before: Option<&LockedSet>,
    read: &mut Read,
) -> Result<LockedSet> {
    let (sha256, digest) = match &set.source {
        Source::Registry(id) => {
            let index = registries.with_id(id)?.outline(&set.name)?;
            let index = index.expect("the resolver chose the version from this index");
            let release = index.release(&set.version).expect("the resolver chose it from this index");
            let found = index.facts(release);
            if let Some(locked) = before.and_then(|old| old.sha256).filter(|locked| *locked != found.sha256) {
                let (name, version) = (set.name, set.version);
                return Err(LockCommandError::Republished { name, version, locked, found: found.sha256 }.into());
            }
            if let Some(locked) = before.and_then(|old| old.digest).filter(|locked| *locked != found.digest) {
                let (name, version) = (set.name, set.version);
                return Err(LockCommandError::OtherContent { name, version, locked, found: found.digest }.into());
            }
            read.sizes.insert(found.sha256, found.size);
            let advised = |advice| Advised { name: set.name.clone(), version: set.version.clone(), advice };
            read.advised.extend(release.advice().map(advised));
            (Some(found.sha256), Some(found.digest))
        }
        Source::Git { .. } => (None, sources.digest(&set.source)),
        Source::Path(_) => (None, None),
    };
    Ok(LockedSet {
        name: set.name,
        version: set.version,
        source: set.source,
        sha256,
        digest,
        dependencies: set.dependencies,
        unknown: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_registries_are_waited_for_but_not_along_an_endless_chain() {
        let over = |passed, waited, trips| is_over(Duration::from_secs(passed), Duration::from_secs(waited), || trips);
        assert!(!over(0, 0, 0));
        assert!(!over(600, 595, 40), "a slow network is no fault of the graph");
        assert!(over(600, 570, 40), "it thought for half a minute");
        assert!(over(1_000, 1_000, 40));
        assert!(!over(10, 9, 100_000), "a long chain that comes fast is solved");
        assert!(over(25, 24, 1_001));
    }
}
