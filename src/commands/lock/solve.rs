//! Solving: a lock is made anew where the one there is does not answer, or is to be moved.

use super::answer::{broken_promises, contradicted};
use super::current::{at_hand, bound, foreign, misstated, staleness};
use super::problem::{held_up, problem, source_of};
use super::{
    Advised, Answer, LockCommandError, Sizes, Update, check_published, exactly, overrides, registries, requirements,
};
use crate::commands::context::Context;
use crate::commands::members;
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::commands::sources::{self, Sources};
use crate::error::Result;
use crate::lockfile::{LockedSet, Lockfile, Reading, Source};
use crate::manifest::DependencySource;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::resolver::graph::Graph;
use crate::resolver::{
    self, Budget, Chosen, Locked, Problem, Request as Asked, Resolution, Root, RootRole, Strategy, Telling,
};
use crate::version::Version;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long the resolver may think. Real projects take milliseconds; who needs longer than this is
/// caught in a graph that was made to be hard.
pub(in crate::commands) const THINKING_TIME: Duration = Duration::from_secs(20);

/// How long registries may be waited for that need more than [`MOST_ROUND_TRIPS`].
const TRAVEL_TIME: Duration = Duration::from_secs(20);

/// How many indexes may be asked for one after the other, each because of the one before, where they come slowly. Real
/// graphs have some dozen levels; a chain that is made to be long takes a round trip for each of its sets.
const MOST_ROUND_TRIPS: usize = 1_000;

/// How long all of it may take, the time included that registries take to answer.
const WAITING_TIME: Duration = Duration::from_secs(15 * 60);

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
pub(in crate::commands) fn answer_to(
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
    ask(project, registries, &sources, &previous, update, &mut problem)?;

    let begun = Instant::now();
    let stop = || is_over(begun.elapsed(), registries.waited(), || registries.round_trips());
    let budget = Budget { stop: &stop, ..Budget::default() };
    let mut resolution = resolver::resolve(&problem, registries, budget)?;
    if *update == Update::All && context.resolving.strategy == Strategy::Highest {
        resolution = held_up(project, &mut problem, &previous, resolution, |problem| {
            resolver::resolve(problem, registries, budget).ok()
        });
    }

    let sides = Sides { ours: &previous, theirs: theirs.as_ref(), unread };
    let Written { mut lock, read, torn } = write_down(project, registries, &sources, &sides, resolution)?;
    unread += torn;
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

/// Adds to `problem` what `update` asks of single sets: requirements of their own, so that what stands against them is
/// explained like any other conflict.
///
/// # Errors
/// When a version is asked for that the registry does not have, or of a set that has none.
fn ask(
    project: &Project,
    registries: &Registries<'_>,
    sources: &Sources,
    previous: &Lockfile,
    update: &Update,
    problem: &mut Problem,
) -> Result<()> {
    let mut wanted: Vec<(&SetName, &Version)> = Vec::new();
    match update {
        Update::Precise { name, version, may_be_yanked } => {
            let source = source_of(project, sources, previous, name)?;
            if let Source::Registry(id) = &source
                && let Ok(registry) = registries.with_id(id)
            {
                check_published(&registry, name, version)?;
            }
            if *may_be_yanked {
                problem.locked.insert(0, Locked { name: name.clone(), version: version.clone(), source });
            }
            wanted.push((name, version));
        }
        Update::Towards { versions, .. } => wanted.extend(versions),
        _ => {}
    }
    for (name, version) in wanted {
        let source = source_of(project, sources, previous, name)?;
        let request = Asked { name: name.clone(), requirement: exactly(version), source };
        problem.roots.push(Root { request, member: ".".into(), line: 0, inherited: None, role: RootRole::Question });
    }
    Ok(())
}

/// What was locked before: by one lock, or by the two sides of a conflict.
struct Sides<'l> {
    ours: &'l Lockfile,
    theirs: Option<&'l Lockfile>,
    /// How many parts of the two could not be read.
    unread: usize,
}

impl Sides<'_> {
    /// Returns whether what is locked of `set` is what was locked. Git puts the sides of a conflict together from lines, so
    /// that one may hold a set with another's checksum. What both say is sure, unless one shows that it was put together
    /// wrongly.
    fn are_sure_of(&self, set: &LockedSet) -> bool {
        let Some(theirs) = self.theirs else { return true };
        self.unread == 0 && theirs.set(&set.name).is_some_and(|other| same_checksums(set, other))
    }
}

/// A lock that answers, and what was read for it.
struct Written {
    lock: Lockfile,
    read: Read,
    /// How many of its sets one of the sides had with other checksums, and was not believed.
    torn: usize,
}

/// Returns the lock of what was chosen.
///
/// # Errors
/// When a registry says something else of a version than was locked of it.
fn write_down(
    project: &Project,
    registries: &Registries<'_>,
    sources: &Sources,
    sides: &Sides<'_>,
    resolution: Resolution,
) -> Result<Written> {
    let mut lock = Lockfile {
        requirements: requirements(&project.workspace),
        overrides: overrides(&project.workspace),
        sets: Vec::new(),
    };
    let (mut read, mut torn) = (Read::default(), 0);
    for set in resolution.sets {
        let is_same = |held: &&LockedSet| (&held.version, &held.source) == (&set.version, &set.source);
        let ours = sides.ours.set(&set.name).filter(is_same);
        let theirs = sides.theirs.and_then(|theirs| theirs.set(&set.name)).filter(is_same);
        let before = ours.filter(|set| sides.are_sure_of(set));
        let locked = locked_set(set, registries, sources, before, &mut read)?;
        let doubtful = ours.into_iter().chain(theirs).filter(|side| !sides.are_sure_of(side));
        torn += usize::from(doubtful.into_iter().any(|side| !same_checksums(side, &locked)));
        lock.sets.push(locked);
    }
    lock.sort();
    Ok(Written { lock, read, torn })
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

fn preferences<'a>(locks: impl IntoIterator<Item = &'a Lockfile>) -> Vec<Locked> {
    let sets = locks.into_iter().flat_map(|lock| &lock.sets);
    sets.map(|set| Locked { name: set.name.clone(), version: set.version.clone(), source: set.source.clone() })
        .collect()
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
