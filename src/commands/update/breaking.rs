//! `anvil update --breaking`: raises requirements of the manifest to the newest versions, each in the style that it is
//! written in, and moves the sets there.
//!
//! What is raised is tried without its upper bound, in memory. Where the newest versions of all do not go together
//! the resolver takes what does, and the requirement follows what it took; what stays behind is told with what holds
//! it. Requirements of several parts say what somebody thought about, and are left.
//!
//! What a member inherits is raised where it stands, in the root's `[workspace.dependencies]`, for all who inherit it.

use crate::commands::context::Context;
use crate::commands::edit::{self, Rewritten};
use crate::commands::lock::{self, Answer, Update};
use crate::commands::outdated::{self, Behind};
use crate::commands::project::Project;
use crate::commands::pull::Pulled;
use crate::commands::registries::Registries;
use crate::commands::target::Action;
use crate::commands::update::towards;
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::fs;
use crate::manifest::{DependencySource, edit as manifest_edit};
use crate::name::{RegistryName, SetName};
use crate::version::{Requirement, Version};
use semver::{Comparator, Op, Prerelease};
use std::collections::{BTreeMap, BTreeSet};

/// What was raised, or would be.
#[derive(Clone, Debug)]
pub struct Report {
    /// The requirements that changed, by name.
    pub raised: Vec<Raised>,
    /// The sets that have a newer version than their requirement takes, and that keep it, with why.
    pub left: Vec<Left>,
    /// The sets that were to be raised and are not at their newest version, and why.
    pub behind: Vec<Behind>,
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
    /// Whether it stands in `[workspace.dependencies]` of the root, from where the member inherits it.
    pub is_inherited: bool,
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
        /// The command that has the manifest ask otherwise, up to the version.
        otherwise: String,
        /// Whether it stands in `[workspace.dependencies]` of the root, from where the member inherits it.
        is_inherited: bool,
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
    /// The manifest does not name the set.
    #[error("{name} is not in [dependencies] of anvil.toml, so there is no requirement to raise")]
    NotThere {
        /// The set.
        name: SetName,
        /// A dependency that may be meant.
        similar: Option<SetName>,
    },
}

impl Diagnose for BreakingError {
    fn code(&self) -> Code {
        Code::A1162
    }

    fn hints(&self) -> Vec<Hint> {
        let BreakingError::NotThere { name, similar } = self;
        vec![match similar {
            Some(similar) => Hint::run("did you mean", format!("anvil update --breaking {similar}")),
            None => Hint::run("see who needs it, if anybody does", format!("anvil tree --invert {name}")),
        }]
    }
}

/// Raises the requirements on `sets`, or all of the manifest where none is named.
///
/// # Errors
/// When a set is no dependency, or something cannot be read, resolved, fetched or written. Manifest and lock are then
/// as they were.
pub fn run(context: &Context, sets: &[SetName], run: Action) -> Result<Report> {
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of_table(context, manifest_edit::Table::Dependencies)?;
    let registries = lock::registries(context, &project, &Update::All);
    let (candidates, mut left) = candidates(&project, &registries, sets)?;
    if candidates.is_empty() {
        return Ok(Report { raised: Vec::new(), left, behind: Vec::new(), pulled: None });
    }
    let texts = Texts::of(&project)?;
    let attempt = |raised: &Candidates| attempt(context, &project, &texts, &registries, raised);
    let (tried, mut answer) = solve(attempt, candidates, &mut left)?;
    let (before, mut texts, mut raised) = (texts.clone(), texts, Vec::new());
    for (name, from) in &tried {
        let Some(version) = answer.lock.set(name).map(|set| &set.version).filter(|version| !from.matches(version))
        else {
            continue;
        };
        let to = in_style(from, version).expect("what has no style was left");
        texts.set(name, &to)?;
        let is_inherited = texts.inherits(name);
        raised.push(Raised { name: name.clone(), from: from.clone(), to, version: version.clone(), is_inherited });
    }
    let edited = texts.applied_to(&project)?;
    // What holds a set is told as it was when all were tried: no requirement of the manifest's own does.
    let mut behind = outdated::behind(context, &trial_of(&project, &before, &tried)?, &registries, &answer.lock)?;
    behind.retain(|set| tried.contains_key(&set.name));
    if raised.is_empty() {
        return Ok(Report { raised, left, behind, pulled: None });
    }
    answer.lock.requirements = lock::requirements(&edited.workspace);
    answer.lock.sort();
    let pulled = edit::install(context, &texts.rewritten(&before, &project), &edited, answer, run)?;
    Ok(Report { raised, left, behind, pulled: Some(pulled) })
}

/// Requirements that are to be raised, by name.
type Candidates = BTreeMap<SetName, Requirement>;

/// Returns the requirements that do not take the newest version, and those that are left though somebody named them
/// or though they do not either.
fn candidates(project: &Project, registries: &Registries<'_>, sets: &[SetName]) -> Result<(Candidates, Vec<Left>)> {
    let manifest = &project.manifest;
    let named: BTreeSet<&SetName> = sets.iter().collect();
    for name in &named {
        if !manifest.dependencies.contains_key(*name) {
            let names = manifest.dependencies.keys();
            let near = suggest(name.as_str(), names.clone().map(SetName::as_str)).map(str::to_owned);
            let similar = names.clone().find(|other| near.as_deref() == Some(other.as_str())).cloned();
            return Err(BreakingError::NotThere { name: (*name).clone(), similar }.into());
        }
    }
    let (mut candidates, mut left) = (Candidates::new(), Vec::new());
    for (name, dependency) in &manifest.dependencies {
        let is_named = named.contains(name);
        if !is_named && !named.is_empty() {
            continue;
        }
        let mut leave = |why| left.push(Left { name: name.clone(), why });
        let DependencySource::Registry { requirement, registry } = &dependency.source else {
            if is_named {
                leave(WhyLeft::NoRequirement(dependency.source.to_string()));
            }
            continue;
        };
        if manifest.overrides.contains_key(name) {
            if is_named {
                leave(WhyLeft::Overridden);
            }
            continue;
        }
        let Some(newest) = newest(registries, registry.as_ref(), name)?.filter(|newest| !requirement.matches(newest))
        else {
            continue;
        };
        match in_style(requirement, &newest) {
            // A requirement that is above the newest version is raised by nothing.
            Some(raised) if raised.matches(&newest) && is_below(requirement, &newest) => {
                candidates.insert(name.clone(), requirement.clone());
            }
            Some(_) => {}
            None => {
                let is_inherited = manifest_edit::inherits(&project.manifest_text, name);
                let (requirement, otherwise) = (requirement.clone(), project.to_ask_otherwise(name));
                leave(WhyLeft::Complex { requirement, newest, otherwise, is_inherited });
            }
        }
    }
    Ok((candidates, left))
}

fn newest(registries: &Registries<'_>, registry: Option<&RegistryName>, name: &SetName) -> Result<Option<Version>> {
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
    for (name, requirement) in candidates {
        let mut more = taken.clone();
        more.insert(name.clone(), requirement);
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
    for (name, requirement) in raised {
        let held = lock.set(name).map(|set| set.version.clone());
        let trial = at_least(held.filter(|held| requirement.matches(held)), requirement);
        texts.set(name, &trial)?;
    }
    texts.applied_to(project)
}

/// The manifests that requirements stand in: a member's own, and the root's for what it inherits from there.
#[derive(Clone)]
struct Texts {
    own: String,
    /// Where that is another file, and something is inherited from it.
    root: Option<String>,
    inherited: BTreeSet<SetName>,
}

impl Texts {
    fn of(project: &Project) -> Result<Self> {
        let own = project.manifest_text.clone();
        let names = project.manifest.dependencies.keys();
        let inherited: BTreeSet<SetName> = names.filter(|name| manifest_edit::inherits(&own, name)).cloned().collect();
        let root = match inherited.is_empty() {
            true => None,
            false => Some(fs::read_to_string(&project.root_manifest_path())?),
        };
        Ok(Texts { own, root, inherited })
    }

    fn inherits(&self, name: &SetName) -> bool {
        self.inherited.contains(name)
    }

    fn set(&mut self, name: &SetName, requirement: &Requirement) -> Result<()> {
        match &mut self.root {
            Some(root) if self.inherited.contains(name) => {
                *root = manifest_edit::set_shared_requirement(root, name, requirement)?;
            }
            _ => self.own = manifest_edit::set_requirement(&self.own, name, requirement)?,
        }
        Ok(())
    }

    /// Returns `project` as it is with these manifests.
    fn applied_to(&self, project: &Project) -> Result<Project> {
        let project = match &self.root {
            Some(root) => project.with_root(root)?,
            None => project.clone(),
        };
        project.with_manifest(self.own.clone())
    }

    /// Returns which manifests these change, where they were as in `before`.
    fn rewritten(&self, before: &Texts, project: &Project) -> Vec<Rewritten> {
        let edited = Project { manifest_text: self.own.clone(), ..project.clone() };
        let own = (self.own != before.own).then(|| Rewritten::own(project, &edited));
        let root = match (&before.root, &self.root) {
            (Some(before), Some(after)) if before != after => {
                Some(Rewritten::root(project, before.clone(), after.clone()))
            }
            _ => None,
        };
        root.into_iter().chain(own).collect()
    }
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
