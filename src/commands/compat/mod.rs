//! What changed between two versions of a set, and the version that it needs: `anvil compat`, and what
//! `anvil version` and `anvil push` ask before they make or publish one.

mod scopes;
mod since;
mod subject;

pub use since::InterfaceChanges;
pub use subject::Subject;

use super::contents::Contents;
use super::context::Context;
use super::diff::{Here, SideFacts, SideKind, SideName};
use super::project::Project;
use super::published::{self, Stock};
use super::registries::RegistryReference;
use super::set_repository::{SetRepository, TaggedVersion};
use crate::compat::{self, Change, Comparison, Policy, Trial};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::Lack;
use crate::manifest::Strictness;
use crate::name::{PromptName, SetName};
use crate::version::{Bump, Version};
use serde::Serialize;

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Request {
    /// The old side; the nearest release behind HEAD where none is named.
    pub old: Option<SideName>,
    /// The new side; as `anvil diff` chooses it where none is named.
    pub new: Option<SideName>,
    /// The registry of published sides, where it is not the project's.
    pub registry: Option<RegistryReference>,
}

/// What changed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The set, as the new side calls it.
    pub name: SetName,
    /// The old side.
    pub old: SideFacts,
    /// The new side.
    pub new: SideFacts,
    /// The version that the old side's manifest says.
    pub from: Version,
    /// The smallest bump that owns up to what changed; nothing when nothing did.
    pub bump: Option<Bump>,
    /// The version that this makes of `from`.
    pub needed: Option<Version>,
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
    /// What came of trying each public prompt that both sides have.
    pub trials: Vec<Trial>,
    /// The entries of `[compat] accept` that are about no change.
    pub idle_accepts: Vec<String>,
}

/// A prompt that could not be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// The prompt.
    pub prompt: PromptName,
    /// Why.
    pub why: String,
}

impl NotChecked {
    /// Returns what of `comparison` could not be tried.
    pub fn of(comparison: &Comparison) -> Vec<NotChecked> {
        let one = |(prompt, why): (&PromptName, &str)| NotChecked { prompt: prompt.clone(), why: why.to_owned() };
        comparison.not_checked().map(one).collect()
    }
}

impl Report {
    /// Returns whether nothing breaks anybody, as far as can be known, and all of that could be known.
    pub fn is_harmless(&self) -> bool {
        let is_unknown = |trial: &Trial| matches!(trial.outcome, compat::Outcome::NotChecked { .. });
        self.bump < Some(Bump::Major) && !self.trials.iter().any(is_unknown)
    }
}

/// There is no version to compare with.
#[derive(Debug, thiserror::Error)]
#[error("{set} has no release behind HEAD to compare with")]
pub struct NoBaseline {
    /// The set.
    pub set: SetName,
    /// The version that the manifest says.
    pub version: Version,
    /// What the clone may lack.
    pub lack: Option<Lack>,
}

impl Diagnose for NoBaseline {
    fn code(&self) -> Code {
        Code::A0712
    }

    fn hints(&self) -> Vec<Hint> {
        let first = Hint::run("make the first one", format!("anvil version {}", self.version));
        std::iter::once(first).chain(self.lack.map(Lack::hint)).collect()
    }
}

impl NoBaseline {
    /// Returns the error that no release of the set in `contents` is behind HEAD.
    pub(super) fn of(home: &SetRepository, contents: &Contents) -> Self {
        let section = contents.section();
        let lack = home.repository.lack().ok().flatten();
        NoBaseline { set: section.name.clone(), version: section.version.clone(), lack }
    }
}

/// Compares the two sides that `request` names.
///
/// # Errors
/// When a side does not exist or cannot be read, there is nothing to compare with, or the new side's `[compat]`
/// cannot be followed.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let here = Here::at(&context.directory)?;
    let project = here.asked(request.registry.as_ref())?;
    let old = match &request.old {
        Some(name) => name.clone(),
        None => SideName::Version(baseline(&here)?),
    };
    let stock = match project.is_some() || request.registry.is_some() {
        true => Some(Stock::open(context, project.as_ref(), request.registry.as_ref())?),
        false => None,
    };
    let (old, before) = side(context, &here, stock.as_ref(), &old)?;
    let new = request.new.clone().map_or_else(|| here.beside(&old.1), Ok)?;
    let (new, after) = side(context, &here, stock.as_ref(), &new)?;
    let comparison = check(context, project.as_ref(), stock.as_ref(), [&before, &after])?;
    let from = before.contents.section().version.clone();
    let bump = comparison.bump();
    Ok(Report {
        name: after.contents.section().name.clone(),
        old: old.0,
        new: new.0,
        needed: bump.map(|bump| bump.before_one(&from).apply(&from)),
        from,
        bump,
        changes: comparison.changes,
        trials: comparison.trials,
        idle_accepts: comparison.idle,
    })
}

/// Compares two versions by what the author of the new one says in `[compat]`.
///
/// # Errors
/// When that cannot be followed.
pub(super) fn check(
    context: &Context,
    project: Option<&Project>,
    stock: Option<&Stock<'_>>,
    sides: [&Subject; 2],
) -> Result<Comparison> {
    let [old, new] = sides;
    let policy = Policy::of(&new.compat())?;
    let reach = scopes::of(context, project, stock, sides);
    Ok(compat::compare(&reach[0].side(old), &reach[1].side(new), &policy, compat::SETS))
}

/// Compares `committed`, a version of the project's own set, with the release that `baseline` is.
///
/// # Errors
/// When that release cannot be read, or as [`check`].
pub(super) fn check_since(
    context: &Context,
    project: &Project,
    home: &SetRepository,
    baseline: &TaggedVersion,
    committed: &Contents,
) -> Result<Comparison> {
    let then = home.contents(&committed.section().name, baseline.tag.commit, Strictness::Dependency)?;
    // A lock that cannot be read is for others to tell; without it less can be tried.
    let stock = Stock::open(context, Some(project), None).ok();
    let (then, now) = (Subject::own(then), Subject::own(committed.clone()));
    check(context, Some(project), stock.as_ref(), [&then, &now])
}

/// Returns the nearest release behind HEAD.
fn baseline(here: &Here) -> Result<Version> {
    let (home, section) = (here.repository()?, here.section()?);
    let versions = home.versions(section)?;
    let head = home.repository.head()?;
    match home.nearest_release(head.commit, &versions, None)? {
        Some(tagged) => Ok(tagged.version.clone()),
        None => {
            let lack = home.repository.lack()?;
            Err(NoBaseline { set: section.name.clone(), version: section.version.clone(), lack }.into())
        }
    }
}

/// Returns what `name` turns out to be, with its own name, and what it holds.
fn side(
    context: &Context,
    here: &Here,
    stock: Option<&Stock<'_>>,
    name: &SideName,
) -> Result<((SideFacts, SideName), Subject)> {
    let facts = |kind, name: Option<String>| SideFacts { kind, name, commit: None, version: None, registry: None };
    let (facts, subject) = match name {
        SideName::WorkingTree => {
            let contents = Contents::of_folder(here.folder()?, Strictness::Own)?;
            (facts(SideKind::WorkingTree, None), Subject::own(contents))
        }
        SideName::Published(address) => {
            let published = match stock {
                Some(stock) => published::find_in(context, stock, address)?,
                None => published::find(context, None, None, address)?,
            };
            let facts = SideFacts {
                version: Some(published.line.version.clone()),
                registry: Some(published.registry.clone()),
                ..facts(SideKind::Published, Some(address.set.to_string()))
            };
            (facts, Subject::published(published)?)
        }
        SideName::Version(version) => {
            let home = here.repository()?;
            let commit = home.tagged(here.section()?, version)?.tag.commit;
            let facts = SideFacts { commit: Some(commit), ..facts(SideKind::Version, Some(version.to_string())) };
            let folder = here.folder_at(commit)?;
            (facts, Subject::own(Contents::of_commit(&home.repository, commit, &folder, Strictness::Dependency)?))
        }
        SideName::Revision(revision) => {
            let home = here.repository()?;
            let commit = home.repository.resolve(revision)?;
            let facts = SideFacts { commit: Some(commit), ..facts(SideKind::Revision, Some(revision.clone())) };
            let folder = here.folder_at(commit)?;
            (facts, Subject::own(Contents::of_commit(&home.repository, commit, &folder, Strictness::Dependency)?))
        }
    };
    Ok(((facts, name.clone()), subject))
}
