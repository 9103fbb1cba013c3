//! Which locked sets have newer versions, how far the requirements let them move, and what holds
//! them where they are.

mod compared;

use super::between::Between;
use super::context::Context;
use super::environment;
use super::lock::{self, Contradicted, Update};
use super::project::Project;
use super::published::Stock;
use super::registries::Registries;
use super::sources;
use crate::error::{Hint, Kind, Result};
use crate::git::GitError;
use crate::index::{BrokenPromise, Deprecated, IndexFile, Line, Yanked};
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::{Dependency, DependencySource, ROOT};
use crate::name::SetName;
use crate::version::{Requirement, Version};
use std::sync::Arc;

/// What is behind.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The sets that are not the newest, or that nobody should go on using, by name.
    pub outdated: Vec<Outdated>,
    /// How many sets are locked.
    pub locked: usize,
    /// The versions that an index says two different things of.
    pub contradicted: Vec<Contradicted>,
    /// Why the sets from git were taken as they are locked: their repository could not be reached.
    pub unasked: Option<String>,
    /// How the sets are moved to what is compatible, where any can be.
    pub to_move: Option<Hint>,
}

/// One locked set that is behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Outdated {
    /// The set.
    pub name: SetName,
    /// The locked version.
    pub locked: Version,
    /// The newest version that the requirements allow; nothing where an update would drop the set.
    pub compatible: Option<Version>,
    /// The newest version of all.
    pub newest: Version,
    /// What keeps `compatible` from being `newest`.
    pub held: Vec<Holder>,
    /// The commit that an update would move a git source to.
    pub commit: Option<String>,
    /// Whether that comes after the locked one; nothing where too little of the history is here to tell.
    pub comes_after: Option<bool>,
    /// That the locked version was yanked.
    pub yanked: Option<Yanked>,
    /// That the locked version is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The versions that an update leads to or past and that change more than their numbers say.
    pub breaking: Vec<BrokenPromise>,
    /// What lies between the locked version and `compatible`; nothing where that is no other, or nobody asked.
    pub to_compatible: Option<Between>,
    /// What lies between the locked version and `newest`, likewise.
    pub to_newest: Option<Between>,
}

/// Whether versions are compared by what they hold, which takes their bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// They are.
    Contents,
    /// They are not; indexes alone are read.
    Nothing,
}

/// Something that keeps a set from its newest version.
#[derive(Clone, Debug, PartialEq)]
pub enum Holder {
    /// A manifest's requirement.
    Manifest {
        /// The member whose manifest it stands in: `.` for the root.
        member: String,
        /// The requirement.
        requirement: Requirement,
        /// The members that inherit it from the root's `[workspace.dependencies]`; none where it is the member's own.
        inherited_by: Vec<String>,
    },
    /// The manifest's `[override]`.
    Override(Requirement),
    /// A locked set's requirement.
    Set {
        /// The set.
        name: SetName,
        /// Its locked version.
        version: Version,
        /// What it requires.
        requirement: Requirement,
    },
    /// The project takes no versions that are as young as this one: the newest, or the newest that the requirements
    /// allow.
    TooYoung(Version),
    /// The newest version needs another Anvil.
    Anvil(Requirement),
    /// The newest version needs something in another version than is locked.
    Needs {
        /// What it needs.
        name: SetName,
        /// In which versions.
        requirement: Requirement,
        /// The locked version.
        locked: Version,
    },
    /// What the newest version needs itself does not fit.
    ItsOwnNeeds,
}

/// A locked set that an update leaves behind its newest version.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// The set.
    pub name: SetName,
    /// The locked version.
    pub version: Version,
    /// The newest version.
    pub newest: Version,
    /// Why.
    pub held: Vec<Holder>,
}

/// Returns what is behind. Registries are asked anew; nothing is written but the cache.
///
/// # Errors
/// When there is no lock though something is required, a registry cannot be read, or the requirements cannot be
/// satisfied. That bundles cannot be read is told beside what is behind.
pub fn run(context: &Context, compare: Compare) -> Result<Report> {
    let project = Project::of(context)?;
    let locked = match project.workspace.dependencies().next().is_none() && project.read_lock()?.is_none() {
        // A project that requires nothing needs no lock.
        true => return Ok(Report::default()),
        false => project.lock()?,
    };
    let registries = lock::registries(context, &project, &Update::All);
    let mut unasked = None;
    let answer = lock::answer_from(context, &project, &Update::All, &registries).or_else(|error| {
        // Where git cannot be reached the registries can be asked all the same.
        if error.downcast_ref::<GitError>().is_none() || error.kind() != Kind::Unreachable {
            return Err(error);
        }
        let others = locked.sets.iter().filter(|set| !matches!(set.source, Source::Git { .. }));
        let others = Update::Only(others.map(|set| set.name.clone()).collect());
        let answer = lock::answer_from(context, &project, &others, &registries);
        unasked = Some(error.to_string());
        answer.map_err(|_| error)
    })?;
    let lock::Answer { lock: updated, contradicted, .. } = answer;
    let mut outdated = Vec::new();
    for set in &locked.sets {
        let after = updated.set(&set.name);
        let found = match &set.source {
            Source::Registry(_) => of_registry(context, &project, &registries, set, after, &updated)?,
            Source::Git { commit, .. } => of_git(context, set, commit, after),
            Source::Path(_) => None,
        };
        outdated.extend(found);
    }
    let total = locked.sets.len();
    if compare == Compare::Contents && !outdated.is_empty() {
        // The registries that were read already, so that no index is asked for twice.
        let stock = Stock::of(&project, registries, locked.clone());
        compared::compare_all(context, &project, &stock, [&locked, &updated], &mut outdated)?;
    }
    let can_move = outdated.iter().any(|set| set.compatible.as_ref() != Some(&set.locked) || set.commit.is_some());
    let rules = environment::of(context, &project)?;
    let to_move = can_move.then(|| {
        let hint = Hint::run("move to the compatible ones", "anvil update");
        environment::hint_to_change(context, rules.as_ref(), hint)
    });
    Ok(Report { outdated, locked: total, contradicted, unasked, to_move })
}

fn of_registry(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    set: &LockedSet,
    after: Option<&LockedSet>,
    updated: &Lockfile,
) -> Result<Option<Outdated>> {
    let Some(index) = index(registries, set)? else { return Ok(None) };
    let line = index.line(&set.version);
    let (yanked, deprecated) =
        (line.and_then(|line| line.yanked.clone()), line.and_then(|line| line.deprecated.clone()));
    // What only others need may have to go down with them; nobody moves there for its own sake.
    let goes_down = after.is_some_and(|after| after.version < set.version) && !project.workspace.requires(&set.name);
    let compatible = after.map(|after| if goes_down { &set.version } else { &after.version }).cloned();
    let newest = index.newest().filter(|newest| newest.version > set.version);
    let moves = compatible.as_ref().is_some_and(|compatible| *compatible != set.version);
    if newest.is_none() && !moves && yanked.is_none() && deprecated.is_none() {
        return Ok(None);
    }
    let taken = compatible.as_ref().filter(|_| moves);
    let breaking = taken.map(|taken| index.broken_promises(Some(&set.version), taken)).unwrap_or_default();
    let held = match (newest, after) {
        (Some(newest), Some(after)) if newest.version > after.version => {
            holders(context, project, updated, (&index, newest))
        }
        _ => Vec::new(),
    };
    Ok(Some(Outdated {
        name: set.name.clone(),
        locked: set.version.clone(),
        newest: newest.map_or_else(|| set.version.clone(), |newest| newest.version.clone()),
        compatible,
        held,
        commit: None,
        comes_after: None,
        yanked,
        deprecated,
        breaking,
        to_compatible: None,
        to_newest: None,
    }))
}

fn of_git(context: &Context, set: &LockedSet, locked: &str, after: Option<&LockedSet>) -> Option<Outdated> {
    let after = after?;
    let Source::Git { commit, .. } = &after.source else { return None };
    (commit != locked).then(|| Outdated {
        name: set.name.clone(),
        locked: set.version.clone(),
        compatible: Some(after.version.clone()),
        newest: after.version.clone(),
        held: Vec::new(),
        commit: Some(commit.clone()),
        comes_after: sources::comes_after(context, after, set),
        yanked: None,
        deprecated: None,
        breaking: Vec::new(),
        to_compatible: None,
        to_newest: None,
    })
}

/// Returns which sets of `lock` are behind their newest versions, and why.
///
/// # Errors
/// When a registry cannot be read.
pub fn behind(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    lock: &Lockfile,
) -> Result<Vec<Behind>> {
    let mut behind = Vec::new();
    for set in &lock.sets {
        let Some(index) = index(registries, set)? else { continue };
        let Some(newest) = index.newest().filter(|newest| newest.version > set.version) else { continue };
        behind.push(Behind {
            name: set.name.clone(),
            version: set.version.clone(),
            newest: newest.version.clone(),
            held: holders(context, project, lock, (&index, newest)),
        });
    }
    Ok(behind)
}

fn index(registries: &Registries<'_>, set: &LockedSet) -> Result<Option<Arc<IndexFile>>> {
    match &set.source {
        Source::Registry(id) => Ok(registries.with_id(id)?.index(&set.name)?),
        Source::Git { .. } | Source::Path(_) => Ok(None),
    }
}

/// Returns what keeps a set from its newest version in `lock`: each requirement that rules it out, or else what else
/// does; and that a newer one which no requirement rules out is too young, which is what another requirement would not
/// change.
fn holders(context: &Context, project: &Project, lock: &Lockfile, (index, newest): (&IndexFile, &Line)) -> Vec<Holder> {
    let rules_out = |line: &Line| asking_for(project, lock, &line.name, |asked| !asked.matches(&line.version));
    let mut holders = rules_out(newest);
    if holders.is_empty() {
        return not_by_requirement(context, project, lock, newest);
    }
    let locked = lock.set(&newest.name).map(|set| &set.version);
    let allowed = index
        .lines
        .iter()
        .filter(|line| line.yanked.is_none() && Some(&line.version) > locked && rules_out(line).is_empty());
    let allowed = allowed.max_by(|one, other| one.version.cmp(&other.version));
    let too_young = allowed.filter(|line| is_too_young(context, project, line));
    holders.extend(too_young.map(|line| Holder::TooYoung(line.version.clone())));
    holders
}

/// Returns whether the project takes no version that is as young as that of `line`.
pub(super) fn is_too_young(context: &Context, project: &Project, line: &Line) -> bool {
    let rule = &project.manifest.resolution;
    let age = rule.minimum_release_age.filter(|_| !rule.exempts(&line.name));
    let cutoff = age.and_then(|age| i64::try_from(age.cutoff(context.now)).ok());
    let published = || line.published_at.as_deref().and_then(super::unix_seconds);
    cutoff.is_some_and(|cutoff| published().is_none_or(|published| published > cutoff))
}

/// Returns everything that asks for `name` with a requirement that `picks` takes: the override alone where there is
/// one, or else manifests and sets of `lock`.
pub(super) fn asking_for(
    project: &Project,
    lock: &Lockfile,
    name: &SetName,
    picks: impl Fn(&Requirement) -> bool,
) -> Vec<Holder> {
    let picked = |dependency: &Dependency| match &dependency.source {
        DependencySource::Registry { requirement, .. } if picks(requirement) => Some(requirement.clone()),
        _ => None,
    };
    if let Some(overridden) = project.manifest.overrides.get(name) {
        return picked(overridden).map(Holder::Override).into_iter().collect();
    }
    let mut holders: Vec<Holder> = Vec::new();
    for (member, _, dependency) in project.workspace.dependencies().filter(|(_, other, _)| *other == name) {
        let Some(requirement) = picked(dependency) else { continue };
        let member = member.to_owned();
        if dependency.inherited.is_none() {
            holders.push(Holder::Manifest { member, requirement, inherited_by: Vec::new() });
        } else {
            // What members inherit stands in one place, and is changed there for all of them.
            let shared = holders.iter_mut().find_map(|holder| match holder {
                Holder::Manifest { inherited_by, .. } if !inherited_by.is_empty() => Some(inherited_by),
                _ => None,
            });
            match shared {
                Some(inherited_by) => inherited_by.push(member),
                None => {
                    let inherited_by = vec![member];
                    holders.push(Holder::Manifest { member: ROOT.to_owned(), requirement, inherited_by });
                }
            }
        }
    }
    // What a member asks for was told as its manifest has it.
    let others = lock.sets.iter().filter(|set| project.workspace.stand_in(&set.name).is_none());
    let edges = others.flat_map(|set| set.dependencies.iter().map(move |edge| (set, edge)));
    let asking = edges.filter(|(_, edge)| edge.name == *name && picks(&edge.requirement.0));
    holders.extend(asking.map(|(set, edge)| Holder::Set {
        name: set.name.clone(),
        version: set.version.clone(),
        requirement: edge.requirement.0.clone(),
    }));
    holders
}

/// Returns what keeps a set from its newest version that no requirement rules out.
fn not_by_requirement(context: &Context, project: &Project, lock: &Lockfile, newest: &Line) -> Vec<Holder> {
    if let Some(requirement) = newest.anvil.as_ref().filter(|needed| !needed.matches(&crate::version::running_anvil()))
    {
        return vec![Holder::Anvil(requirement.clone())];
    }
    if is_too_young(context, project, newest) {
        return vec![Holder::TooYoung(newest.version.clone())];
    }
    let overrides = &project.manifest.overrides;
    let needs = newest.dependencies.iter().filter(|needed| !overrides.contains_key(&needed.name));
    let unmet = needs.filter_map(|needed| {
        let locked = lock.set(&needed.name).filter(|set| !needed.requirement.matches(&set.version))?;
        let (name, requirement) = (needed.name.clone(), needed.requirement.clone());
        Some(Holder::Needs { name, requirement, locked: locked.version.clone() })
    });
    let unmet: Vec<Holder> = unmet.collect();
    if unmet.is_empty() { vec![Holder::ItsOwnNeeds] } else { unmet }
}
