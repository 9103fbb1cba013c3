//! Moves locked sets to other versions, as far as the requirements allow, and pulls. The manifest
//! is not changed, but by [`breaking`].

pub mod breaking;
mod reasons;
mod towards;

use reasons::Meant;
pub use reasons::{MovedAlong, Reason};

use super::asking::{self, Wish};
use super::context::Context;
use super::environment;
use super::lock::{self, LockCommandError, Update};
use super::outdated::{self, Behind};
use super::previous::{self, Held, Previous};
use super::project::Project;
use super::pull::{self, Pulled};
use super::registries::Registries;
use super::sources::{self, Wanted};
use super::target::Action;
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::lockfile::{LockedSet, Source};
use crate::manifest::DependencySource;
use crate::name::{RegistryName, SetName};
use crate::resolver::Strategy;
use crate::resolver::graph::Graph;
use crate::version::{Requirement, Version};
use std::collections::BTreeSet;

/// What is to move.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which sets, and where to.
    pub update: Update,
    /// Whether it is done or only planned.
    pub run: Action,
}

/// What moved, or would.
#[derive(Clone, Debug)]
pub struct Report {
    /// The sets among those that could move that are not at their newest version, and why.
    pub behind: Vec<Behind>,
    /// The sets that moved though neither they were named nor a named one needed them, or that went down though they
    /// were to go up, and why.
    pub along: Vec<MovedAlong>,
    /// The sets that were named and have the commit of another, which was not, and that one.
    pub bound: Vec<(SetName, SetName)>,
    /// The sets from git whose locked commit is known not to be in the history of the new one, though nobody named
    /// that.
    pub rewritten: Vec<SetName>,
    /// The lock, and what was pulled.
    pub pulled: Pulled,
}

/// Why a set cannot move where it should.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The manifest's requirement rules the version out.
    #[error("{name} {version} does not satisfy {}anvil.toml, which asks for `{requirement}`", if *.is_overridden { "`[override]` of " } else { "" })]
    Excluded {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What the manifest asks for.
        requirement: Requirement,
        /// Whether its `[override]` does.
        is_overridden: bool,
        /// How it is made to ask for the version.
        hint: Box<Hint>,
    },
    /// A commit is named of a set that has none.
    #[error("{name} comes from a registry, which has versions and no commits such as {id}")]
    NoCommits {
        /// The set.
        name: SetName,
        /// The commit's id, or its beginning.
        id: String,
    },
}

impl Diagnose for UpdateError {
    fn code(&self) -> Code {
        match self {
            UpdateError::Excluded { .. } => Code::A1135,
            UpdateError::NoCommits { .. } => Code::A1039,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        vec![match self {
            UpdateError::Excluded { hint, .. } => Hint::clone(hint),
            UpdateError::NoCommits { name, .. } => {
                Hint::run("name a version of it", format!("anvil update {name} --precise VERSION"))
            }
        }]
    }
}

/// Moves what `request` says.
///
/// # Errors
/// When a set is not there to move, the version is none that will do, or something cannot be
/// fetched or written. The lock is then as it was.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    environment::check_may_change(context, "update", request.run)?;
    let _reserved = Project::reserve(context, request.run)?;
    let project = Project::of(context)?;
    let mut request = Request { update: of_its_source(&project, request.update.clone())?, run: request.run };
    let registries = lock::registries(context, &project, &request.update);
    if let Update::Precise { name, version, may_be_yanked } = &mut request.update {
        check_requirement(&project, name, version).or_else(|excluded| {
            // That it is not there at all is worth more than that it would not be allowed.
            check_published(&project, &registries, name, version)?;
            Err(Error::from(excluded))
        })?;
        // As with what is locked now: who had a version before may have it again.
        *may_be_yanked = *may_be_yanked || previous::held(&project, name, version)?;
    }
    let mut answer = lock::answer_from(context, &project, &request.update, &registries)?;
    // Whoever asks for the lowest versions does not want them moved up again.
    if let Update::Only(names) = &request.update
        && context.resolving.strategy == Strategy::Highest
    {
        answer = towards::newest(context, &project, &registries, names, answer)?;
    }
    let mut behind = Vec::new();
    let asked: Option<BTreeSet<SetName>> = match &request.update {
        // Who asks for a version does not ask what else there is.
        Update::Nothing | Update::Anew(_) | Update::Precise { .. } | Update::Commit { .. } => Some(BTreeSet::new()),
        // Nor who asks for the lowest, what is higher.
        _ if context.resolving.strategy != Strategy::Highest => Some(BTreeSet::new()),
        Update::All | Update::Follow(_) => None,
        Update::Only(names) | Update::Towards { names, .. } => Some(Graph::of(&answer.lock).needed_by(names)),
    };
    if asked.as_ref().is_none_or(|asked| !asked.is_empty()) {
        behind = outdated::behind(context, &project, &registries, &answer.lock)?;
        behind.retain(|set| asked.as_ref().is_none_or(|asked| asked.contains(&set.name)));
    }
    let is_highest = context.resolving.strategy == Strategy::Highest;
    let (names, is_upwards) = match &request.update {
        Update::Only(names) | Update::Towards { names, .. } => (Some(names.clone()), is_highest),
        Update::Anew(names) => (Some(names.clone()), false),
        Update::Precise { name, .. } | Update::Commit { name, .. } => (Some(BTreeSet::from([name.clone()])), false),
        Update::All => (None, is_highest),
        // Whoever follows a channel goes down with it.
        Update::Follow(_) | Update::Nothing => (None, false),
    };
    let along = reasons::moved_along(context, &project, &registries, &answer, &Meant { names, is_upwards });
    let bound = match &request.update {
        Update::Only(names) => {
            let movers = names.iter().map(|name| (name, sources::mover(&answer.lock, name)));
            movers
                .filter(|(_, mover)| !names.contains(mover))
                .map(|(name, mover)| (name.clone(), mover.clone()))
                .collect()
        }
        _ => Vec::new(),
    };
    let rewritten = match &request.update {
        Update::Commit { .. } => Vec::new(),
        _ => {
            let old = |new: &LockedSet| answer.previous.set(&new.name).cloned();
            let sets = answer.lock.sets.iter();
            let sets =
                sets.filter(|new| old(new).is_some_and(|old| sources::comes_after(context, new, &old) == Some(false)));
            sets.map(|set| set.name.clone()).collect()
        }
    };
    let pulled = match request.run {
        Action::Plan => Pulled::Planned(pull::plan_of(&project, answer)?),
        Action::Do => Pulled::Done(pull::install(context, &project, answer, |new| lock::write(&project, new))?),
    };
    Ok(Report { behind, along, bound, rewritten, pulled })
}

/// Moves `name` to the version or the commit that the lock held before, as its git history tells; `command` is the one
/// that was run. Returns where it went, how it stays there, and what moved.
///
/// # Errors
/// As [`run`], and when there is no such version.
pub fn to_previous(
    context: &Context,
    command: &'static str,
    name: &SetName,
    run: Action,
) -> Result<(Previous, Hint, Report)> {
    environment::check_may_change(context, command, run)?;
    let project = Project::of(context)?;
    let previous = previous::find(&project, name)?;
    let stay = stay(&project, name, &previous);
    let Held { version, commit } = &previous.held;
    let name = name.clone();
    let update = match commit {
        None => Update::Precise { name, version: version.clone(), may_be_yanked: true },
        // Of one that has the commit of another it is said what moves that.
        Some(commit) if previous.is_alike || previous.mover.is_some() => {
            Update::Commit { name, at: Wanted::Held(*commit) }
        }
        Some(commit) => Update::Commit { name, at: Wanted::Id(commit.to_string()) },
    };
    let report = self::run(context, &Request { update, run })?;
    Ok((previous, stay, report))
}

/// Returns whether the lock held another version or commit of `name` before, as far as its git history tells,
/// which the manifest still allows.
pub fn can_go_back(project: &Project, name: &SetName) -> bool {
    previous::find(project, name).is_ok_and(|previous| match &previous.held {
        Held { commit: Some(_), .. } => previous.is_alike,
        Held { version, commit: None } => check_requirement(project, name, version).is_ok(),
    })
}

/// Returns `update` as the source of the set that it names has it: a git source has commits, a registry versions.
///
/// # Errors
/// When a commit is named of what has none.
fn of_its_source(project: &Project, update: Update) -> Result<Update> {
    let (Update::Precise { name, .. } | Update::Commit { name, .. }) = &update else { return Ok(update) };
    let lock = project.read_lock()?;
    let locked =
        lock.as_ref().and_then(|lock| lock.sides().into_iter().find_map(|lock| lock.set(name))).map(|set| &set.source);
    let is_member = project.workspace.stand_in(name).is_some() && !project.manifest.overrides.contains_key(name);
    let from = match (project.asks(name).first(), locked) {
        (Some(DependencySource::Registry { .. }), _) if is_member => Origin::Folder,
        (Some(DependencySource::Git { .. }), _) | (None, Some(Source::Git { .. })) => Origin::Git,
        (Some(DependencySource::Path { .. }), _) | (None, Some(Source::Path(_))) => Origin::Folder,
        (Some(DependencySource::Registry { .. }), _) | (None, Some(Source::Registry(_))) => Origin::Registry,
        (None, None) => {
            let lock = project.lock()?;
            return Err(LockCommandError::not_locked(name, &lock, &project.manifest).into());
        }
    };
    match (update, from) {
        (Update::Precise { name, version, .. }, Origin::Git) => {
            Ok(Update::Commit { name, at: Wanted::Version(version) })
        }
        (Update::Commit { name, at: Wanted::Id(id) }, Origin::Registry) => {
            Err(UpdateError::NoCommits { name, id }.into())
        }
        (Update::Commit { name, .. }, Origin::Folder) => Err(LockCommandError::Fixed(name, "path").into()),
        (update, _) => Ok(update),
    }
}

/// Where a set comes from.
enum Origin {
    Registry,
    Git,
    Folder,
}

/// Returns the wish for `version` of `name` and no other.
fn exactly<'a>(name: &'a SetName, version: &Version) -> Wish<'a> {
    Wish { name, arguments: format!("@={version}"), words: format!("={version}") }
}

/// Returns how the manifests are made to ask for what the lock held before.
fn stay(project: &Project, name: &SetName, Previous { held, source, .. }: &Previous) -> Hint {
    let message = "anvil.lock alone says so, and `anvil update` moves it again; to stay there";
    match (held.commit, source) {
        // All who ask for one set have it from one place.
        (Some(commit), Source::Git { url, subdirectory, .. }) => {
            let wish = sources::stay(name, url, subdirectory.as_deref(), &commit.to_string());
            asking::hint(project, message, wish, |_| true)
        }
        _ => asking::hint(project, message, exactly(name, &held.version), |_| false),
    }
}

/// Checks that the registry that the manifest has `name` from has `version` of it, as far as it can be asked.
fn check_published(project: &Project, registries: &Registries<'_>, name: &SetName, version: &Version) -> Result<()> {
    let asks = project.asks(name);
    let Some(DependencySource::Registry { registry, .. }) = asks.first() else { return Ok(()) };
    let registry = registries.named(registry.as_ref().unwrap_or(&RegistryName::default_name()));
    registry.map_or(Ok(()), |registry| lock::check_published(&registry, name, version))
}

fn check_requirement(project: &Project, name: &SetName, version: &Version) -> Result<(), UpdateError> {
    for source in project.asks(name) {
        if let DependencySource::Registry { requirement, .. } = source
            && !requirement.matches(version)
        {
            let against = |asked: &DependencySource| matches!(asked, DependencySource::Registry { requirement, .. } if !requirement.matches(version));
            let hint = asking::hint(project, "ask for it in anvil.toml, too", exactly(name, version), against);
            let is_overridden = project.manifest.overrides.contains_key(name);
            let (name, version, requirement) = (name.clone(), version.clone(), requirement.clone());
            return Err(UpdateError::Excluded { name, version, requirement, is_overridden, hint: Box::new(hint) });
        }
    }
    Ok(())
}
