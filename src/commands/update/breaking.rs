//! `anvil update --breaking`: raises requirements of the manifest to the newest versions, each in the style that it is
//! written in, and moves the sets there.
//!
//! What is raised is tried without its upper bound, in memory. Where the newest versions of all do not go together
//! the resolver takes what does, and the requirement follows what it took; what stays behind is told with what holds
//! it. Requirements of several parts say what somebody thought about, and are left.
//!
//! What a member inherits is raised where it stands, in the root's `[workspace.dependencies]`, for all who inherit it.
//! At the root of a workspace it is about all members: two that ask for a set each in its own words go up together.

use crate::commands::asking;
use crate::commands::context::Context;
use crate::commands::edit::{self, Texts};
use crate::commands::lock::{self, Answer, Update};
use crate::commands::members;
use crate::commands::outdated::{self, Behind};
use crate::commands::project::Project;
use crate::commands::pull::Pulled;
use crate::commands::registries::Registries;
use crate::commands::target::Action;
use crate::commands::update::reasons::{self, Meant};
use crate::commands::update::{MovedAlong, towards};
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::manifest::{Dependency, DependencySource, Member, ROOT, edit as manifest_edit};
use crate::name::{RegistryName, SetName};
use crate::version::{Requirement, Version};
use semver::{Comparator, Op, Prerelease};
use std::collections::{BTreeMap, BTreeSet};

/// What was raised, or would be.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The requirements that changed, by name.
    pub raised: Vec<Raised>,
    /// The sets that have a newer version than their requirement takes, and that keep it, with why.
    pub left: Vec<Left>,
    /// The sets that were to be raised and are not at their newest version, and why.
    pub behind: Vec<Behind>,
    /// The sets among those that are kept back by requirements of other members of the workspace.
    pub held_by_members: Vec<SetName>,
    /// The sets that moved though neither they were raised nor a raised one needed them, or that went down, and why.
    pub along: Vec<MovedAlong>,
    /// The lock, and what was pulled; nothing where no requirement changed.
    pub pulled: Option<Pulled>,
}

/// A requirement that was raised.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// The set.
    pub name: SetName,
    /// What was asked for.
    pub from: Requirement,
    /// What is asked for now.
    pub to: Requirement,
    /// The version that is locked for it.
    pub version: Version,
    /// Where it stands.
    pub place: Place,
}

/// Where a requirement stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In `[workspace.dependencies]` of the root, from where members inherit it.
    Shared,
    /// In the manifest of the project that the command works in.
    Own,
    /// In that of another member, by its path.
    Member(String),
}

/// A set whose requirement is not raised.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// The set.
    pub name: SetName,
    /// Why.
    pub why: WhyLeft,
}

/// Why a requirement is not raised.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyLeft {
    /// It has several parts, or bounds versions from above.
    Complex {
        /// It.
        requirement: Requirement,
        /// The newest version, which it does not take.
        newest: Version,
        /// Where it stands.
        place: Place,
        /// The command that has the manifest ask otherwise, up to the version.
        add: String,
    },
    /// The set comes from elsewhere than a registry, as the words say: it has no requirement.
    NoRequirement(String),
    /// An override decides.
    Overridden,
    /// Nothing can be locked with it raised, as the message of the resolver says.
    Conflict(String),
}

/// Why nothing can be raised.
#[derive(Debug, thiserror::Error)]
pub enum BreakingError {
    /// No manifest that this is about names the set.
    #[error("{name} is not in [dependencies] of {}, so there is no requirement to raise", if *.of_all { "any member" } else { "anvil.toml" })]
    NotThere {
        /// The set.
        name: SetName,
        /// Whether this is about all members of a workspace.
        of_all: bool,
        /// A dependency that may be meant.
        similar: Option<SetName>,
    },
}

impl Diagnose for BreakingError {
    fn code(&self) -> Code {
        Code::A1162
    }

    fn hints(&self) -> Vec<Hint> {
        let BreakingError::NotThere { name, similar, .. } = self;
        vec![match similar {
            Some(similar) => Hint::run("did you mean", format!("anvil update --breaking {similar}")),
            None => Hint::run("see who needs it, if anybody does", format!("anvil tree --invert {name}")),
        }]
    }
}

/// Raises the requirements on `sets`, or all where none is named: those of the member that the command works in, or in
/// the root of a workspace those of all members.
///
/// # Errors
/// When a set is no dependency, or something cannot be read, resolved, fetched or written. Manifests and lock are then
/// as they were.
pub fn run(context: &Context, sets: &[SetName], run: Action) -> Result<Report> {
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of(context)?;
    members::check(&project)?;
    let registries = lock::registries(context, &project, &Update::All);
    let of_all = context.set.is_none() && project.workspace.is_declared() && project.member == ROOT;
    let members = project.workspace.members.iter().filter(|member| of_all || member.path == project.member);
    let (before, asked) = asked(&project, members, sets, of_all)?;
    let (candidates, mut left) = candidates(&project, &registries, &asked, !sets.is_empty())?;
    if candidates.is_empty() {
        return Ok(Report { left, ..Report::default() });
    }
    let attempt = |raised: &Candidates| attempt(context, &project, &before, &registries, raised);
    let (tried, answer) = solve(attempt, candidates, &mut left)?;
    let (mut after, mut raised) = (before.clone(), Vec::new());
    for (name, places) in &tried {
        let Some(version) = answer.lock.set(name).map(|set| &set.version) else { continue };
        for (place, from) in places.iter().filter(|(_, from)| !from.matches(version)) {
            let to = in_style(from, version).expect("what has no style was left");
            set(&mut after, &project, place, name, &to)?;
            let (name, from, version, place) = (name.clone(), from.clone(), version.clone(), place.clone());
            raised.push(Raised { name, from, to, version, place });
        }
    }
    // What holds a set is told as it was when all were tried: no requirement that was raised does.
    let mut behind = outdated::behind(context, &trial_of(&project, &before, &tried)?, &registries, &answer.lock)?;
    behind.retain(|set| tried.contains_key(&set.name));
    let held = behind.iter().filter(|set| is_held_by_members(&project, set, &tried[&set.name]));
    let held_by_members = held.map(|set| set.name.clone()).collect();
    if raised.is_empty() {
        return Ok(Report { left, behind, held_by_members, ..Report::default() });
    }
    let meant = Meant { names: Some(tried.into_keys().collect()), is_upwards: true };
    let along = reasons::moved_along(context, &project.with_manifests(&after)?, &registries, &answer, &meant);
    let pulled = edit::install(context, &project, [&before, &after], answer, run)?;
    Ok(Report { raised, left, behind, held_by_members, along, pulled: Some(pulled) })
}

/// Returns whether a requirement keeps `set` back that another member of the workspace has, and that was not among
/// those that were `tried`.
fn is_held_by_members(project: &Project, set: &Behind, tried: &BTreeMap<Place, Requirement>) -> bool {
    let others = project.workspace.dependencies().filter(|(member, name, _)| {
        *name == &set.name && *member != project.member && !tried.contains_key(&Place::Member((*member).to_owned()))
    });
    let mut held = others.filter_map(|(member, name, dependency)| match &dependency.source {
        DependencySource::Registry { requirement, .. } if !requirement.matches(&set.newest) => Some((member, name)),
        _ => None,
    });
    let is_tried = |member: &str, name: &SetName| {
        let inherits = |text: String| manifest_edit::inherits(&text, name);
        tried.contains_key(&Place::Shared) && project.text_of(member).is_ok_and(inherits)
    };
    held.any(|(member, name)| !is_tried(member, name))
}

/// What manifests ask for: each set, and where that stands.
type Asked<'p> = BTreeMap<&'p SetName, BTreeMap<Place, &'p Dependency>>;

/// Requirements that are to be raised, by the set, and where each stands.
type Candidates = BTreeMap<SetName, BTreeMap<Place, Requirement>>;

/// Returns the manifests that may change, and what those of `members` ask for, of `sets` alone where some are named.
///
/// # Errors
/// When none asks for a set that is named, or a manifest cannot be read.
fn asked<'p>(
    project: &'p Project,
    members: impl Iterator<Item = &'p Member>,
    sets: &[SetName],
    of_all: bool,
) -> Result<(Texts, Asked<'p>)> {
    let (mut texts, mut asked) = (Texts::new(), Asked::new());
    for Member { path, manifest } in members {
        let text = project.text_of(path)?;
        for (name, dependency) in &manifest.dependencies {
            let place = if manifest_edit::inherits(&text, name) {
                texts.insert(ROOT.to_owned(), project.text_of(ROOT)?);
                Place::Shared
            } else if *path == project.member {
                Place::Own
            } else {
                Place::Member(path.clone())
            };
            asked.entry(name).or_default().insert(place, dependency);
        }
        texts.insert(path.clone(), text);
    }
    for name in sets {
        if !asked.contains_key(name) {
            let near = suggest(name.as_str(), asked.keys().map(|name| name.as_str())).map(str::to_owned);
            let similar = asked.keys().find(|other| near.as_deref() == Some(other.as_str())).copied().cloned();
            return Err(BreakingError::NotThere { name: name.clone(), of_all, similar }.into());
        }
    }
    asked.retain(|name, _| sets.is_empty() || sets.contains(name));
    Ok((texts, asked))
}

/// Returns the requirements of `asked` that do not take the newest version, and those that are left though somebody
/// named them or though they do not either.
fn candidates(
    project: &Project,
    registries: &Registries<'_>,
    asked: &Asked<'_>,
    are_named: bool,
) -> Result<(Candidates, Vec<Left>)> {
    let (mut candidates, mut left) = (Candidates::new(), Vec::new());
    for (name, places) in asked {
        let name = *name;
        for (place, dependency) in places {
            let mut leave = |why| {
                let one = Left { name: name.clone(), why };
                if !left.contains(&one) {
                    left.push(one);
                }
            };
            let DependencySource::Registry { requirement, registry } = &dependency.source else {
                if are_named {
                    leave(WhyLeft::NoRequirement(dependency.source.to_string()));
                }
                continue;
            };
            if project.manifest.overrides.contains_key(name) {
                if are_named {
                    leave(WhyLeft::Overridden);
                }
                continue;
            }
            let newest = newest(project, registries, registry.as_ref(), name)?;
            let Some(newest) = newest.filter(|newest| !requirement.matches(newest)) else { continue };
            match in_style(requirement, &newest) {
                // A requirement that is above the newest version is raised by nothing.
                Some(raised) if raised.matches(&newest) && is_below(requirement, &newest) => {
                    let places = candidates.entry(name.clone()).or_default();
                    places.insert(place.clone(), requirement.clone());
                }
                Some(_) => {}
                None => {
                    let (requirement, place, add) = (requirement.clone(), place.clone(), asking::add(project, name));
                    leave(WhyLeft::Complex { requirement, newest, place, add });
                }
            }
        }
    }
    Ok((candidates, left))
}

/// Returns the newest version of `name` that there is for the project: a member of its workspace has but one.
fn newest(
    project: &Project,
    registries: &Registries<'_>,
    registry: Option<&RegistryName>,
    name: &SetName,
) -> Result<Option<Version>> {
    if let Some((_, version)) = project.workspace.stand_in(name).and_then(Member::set) {
        return Ok(Some(version.clone()));
    }
    let registry = match registry {
        Some(registry) => registries.named(registry)?,
        None => registries.default()?,
    };
    Ok(registry.index(name)?.and_then(|index| index.newest().map(|line| line.version.clone())))
}

/// Returns whether what `requirement` begins with is below `version`.
fn is_below(requirement: &Requirement, version: &Version) -> bool {
    requirement.comparators.iter().all(|part| {
        (part.major, part.minor.unwrap_or(0), part.patch.unwrap_or(0)) <= (version.major, version.minor, version.patch)
    })
}

/// Solves the project with all of `candidates` raised; or, should that have no answer, with those that can be, one
/// after the other. Returns the ones that were, with the answer. What could not be is told in `left`.
fn solve(
    attempt: impl Fn(&Candidates) -> Result<Answer>,
    candidates: Candidates,
    left: &mut Vec<Left>,
) -> Result<(Candidates, Answer)> {
    let all = match attempt(&candidates) {
        Ok(answer) => return Ok((candidates, answer)),
        Err(error) => error,
    };
    if candidates.len() == 1 {
        return Err(all);
    }
    let (mut taken, mut best) = (Candidates::new(), None);
    for (name, places) in candidates {
        let mut more = taken.clone();
        more.insert(name.clone(), places);
        match attempt(&more) {
            Ok(answer) => (taken, best) = (more, Some(answer)),
            Err(error) => {
                let why = error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
                left.push(Left { name, why: WhyLeft::Conflict(why) });
            }
        }
    }
    best.map(|answer| (taken, answer)).ok_or(all)
}

/// Solves the project with `raised` taking any version that is no older than the one they have.
fn attempt(
    context: &Context,
    project: &Project,
    texts: &Texts,
    registries: &Registries<'_>,
    raised: &Candidates,
) -> Result<Answer> {
    let trial = trial_of(project, texts, raised)?;
    let names: BTreeSet<SetName> = raised.keys().cloned().collect();
    let answer = lock::answer_from(context, &trial, &Update::Only(names.clone()), registries)?;
    towards::newest(context, &trial, registries, &names, answer)
}

/// Returns the project with `raised` taking any version that is no older than the one they have.
fn trial_of(project: &Project, texts: &Texts, raised: &Candidates) -> Result<Project> {
    let lock = project.lock().unwrap_or_default();
    let mut texts = texts.clone();
    for (name, places) in raised {
        let held = lock.set(name).map(|set| &set.version);
        for (place, requirement) in places {
            let trial = at_least(held.filter(|held| requirement.matches(held)).cloned(), requirement);
            set(&mut texts, project, place, name, &trial)?;
        }
    }
    project.with_manifests(&texts)
}

/// Writes `requirement` on `name` into the manifest among `texts` that has it at `place`.
fn set(texts: &mut Texts, project: &Project, place: &Place, name: &SetName, requirement: &Requirement) -> Result<()> {
    let (member, write): (_, fn(&str, &SetName, &Requirement) -> _) = match place {
        Place::Shared => (ROOT, manifest_edit::set_shared_requirement),
        Place::Own => (project.member.as_str(), manifest_edit::set_requirement),
        Place::Member(path) => (path.as_str(), manifest_edit::set_requirement),
    };
    let text = texts.get_mut(member).expect("it was read where the requirement was found");
    *text = write(text, name, requirement)?;
    Ok(())
}

/// Returns the requirement for versions from `held` on, or from where `requirement` begins.
fn at_least(held: Option<Version>, requirement: &Requirement) -> Requirement {
    let comparator = match (held, requirement.comparators.first()) {
        (Some(Version { major, minor, patch, pre, .. }), _) => {
            Comparator { op: Op::GreaterEq, major, minor: Some(minor), patch: Some(patch), pre }
        }
        (None, Some(first)) => Comparator { op: Op::GreaterEq, ..first.clone() },
        (None, None) => return Requirement::STAR,
    };
    Requirement { comparators: vec![comparator] }
}

/// Returns the requirement for `version` as `requirement` is written: with its operator, and as many numbers. Nothing
/// for one of several parts, or that only bounds.
fn in_style(requirement: &Requirement, version: &Version) -> Option<Requirement> {
    let [part] = requirement.comparators.as_slice() else { return None };
    if !matches!(part.op, Op::Caret | Op::Tilde | Op::Exact | Op::Wildcard) {
        return None;
    }
    // A pre-release is taken by its whole version alone.
    let is_whole = !version.pre.is_empty();
    let (minor, patch) = (part.minor.is_some() || is_whole, part.patch.is_some() || is_whole);
    let op = if is_whole && part.op == Op::Wildcard { Op::Caret } else { part.op };
    let comparator = Comparator {
        op,
        major: version.major,
        minor: minor.then_some(version.minor),
        patch: patch.then_some(version.patch),
        pre: if is_whole { version.pre.clone() } else { Prerelease::EMPTY },
    };
    Some(Requirement { comparators: vec![comparator] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_keeps_its_style() {
        let raised = |requirement: &str, version: &str| {
            in_style(&requirement.parse().unwrap(), &version.parse().unwrap()).map(|raised| raised.to_string())
        };
        for (requirement, expected) in [
            ("^1.2", "^2.3"),
            ("1", "^2"),
            ("^1.2.3", "^2.3.4"),
            ("~1.4", "~2.3"),
            ("=1.0.0", "=2.3.4"),
            ("=1", "=2"),
            ("1.*", "2.*"),
            ("1.2.*", "2.3.*"),
        ] {
            assert_eq!(raised(requirement, "2.3.4").as_deref(), Some(expected), "{requirement}");
            assert!(expected.parse::<Requirement>().unwrap().matches(&"2.3.4".parse().unwrap()));
        }
        for complex in [">=1, <3", "<2", ">1", "<=1.5", "*"] {
            assert_eq!(raised(complex, "3.0.0"), None, "{complex}");
        }
        assert_eq!(raised("^1", "2.0.0-rc.1").as_deref(), Some("^2.0.0-rc.1"));
    }
}
