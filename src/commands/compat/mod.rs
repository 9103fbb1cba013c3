//! What changed between two versions of a set, and the version that it needs: `anvil compat`, and what
//! `anvil version` and `anvil push` ask before they make or publish one.

mod releases;
mod scopes;
mod since;
mod subject;

pub(super) use releases::{Baseline, Releases};
pub use since::InterfaceChanges;
pub use subject::Subject;

use super::contents::Contents;
use super::context::Context;
use super::diff::{Here, SideFacts, SideKind, SideName};
use super::project::Project;
use super::published::{self, Stock};
use super::registries::RegistryReference;
use crate::compat::{self, Change, Comparison, Trial};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{GitError, Lack};
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
    /// The old side; nothing where no release is behind HEAD to compare with.
    pub old: Option<SideFacts>,
    /// The new side.
    pub new: SideFacts,
    /// The version that the old side's manifest says.
    pub from: Option<Version>,
    /// Releases after it that promise less than they change, the newest first: what they changed is owed still.
    pub passed_over: Vec<Version>,
    /// The smallest bump that owns up to what changed; nothing when nothing did.
    pub bump: Option<Bump>,
    /// The version that this leads to; the first one where there is nothing to compare with.
    pub needed: Option<Version>,
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
    /// What came of trying each public prompt that both sides have.
    pub trials: Vec<Trial>,
    /// The entries of `[compat] accept` that are about no change since the last release, where that is the old side.
    pub idle_accepts: Vec<String>,
    /// What the clone may lack, where there is nothing to compare with.
    #[serde(skip)]
    pub lack: Option<Lack>,
    /// The newest release that the registry has, where no tag here is as high: some may not be fetched.
    #[serde(skip)]
    pub unfetched: Option<Version>,
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
    fn of(
        (old, before): (SideFacts, &Subject),
        (new, after): (SideFacts, &Subject),
        comparison: Comparison,
        baseline: Option<&Baseline>,
    ) -> Report {
        let from = before.contents.section().version.clone();
        let passed_over = baseline.map(|baseline| baseline.passed_over.clone()).unwrap_or_default();
        let last = passed_over.first().unwrap_or(&from);
        let bump = comparison.bump();
        Report {
            name: after.contents.section().name.clone(),
            old: Some(old),
            new,
            needed: bump.map(|bump| bump.before_one(&from).apply(last)),
            from: Some(from),
            passed_over,
            bump,
            changes: comparison.changes,
            trials: comparison.trials,
            idle_accepts: comparison.idle,
            lack: None,
            unfetched: None,
        }
    }

    fn of_first(name: SetName, new: SideFacts, first: Version, lack: Option<Lack>) -> Report {
        Report {
            name,
            old: None,
            new,
            from: None,
            passed_over: Vec::new(),
            bump: None,
            needed: Some(first),
            changes: Vec::new(),
            trials: Vec::new(),
            idle_accepts: Vec::new(),
            lack,
            unfetched: None,
        }
    }

    /// Returns whether nothing breaks anybody, as far as can be known, and all of that could be known.
    pub fn is_harmless(&self) -> bool {
        let is_unknown = |trial: &Trial| matches!(trial.outcome, compat::Outcome::NotChecked { .. });
        self.bump < Some(Bump::Major) && !self.trials.iter().any(is_unknown)
    }
}

/// The clone does not reach back to a version to compare with.
#[derive(Debug, thiserror::Error)]
#[error("{set} has no release behind {} to compare with, as far as its history is here", behind(.before.as_ref()))]
pub struct NoBaseline {
    /// The set.
    pub set: SetName,
    /// The release whose own promise cannot be judged; where there is none, none is behind HEAD.
    pub before: Option<Version>,
}

fn behind(release: Option<&Version>) -> String {
    release.map_or_else(|| "HEAD".to_owned(), Version::to_string)
}

impl Diagnose for NoBaseline {
    fn code(&self) -> Code {
        Code::A0712
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Lack::History.hint()]
    }
}

/// Compares the two sides that `request` names.
///
/// # Errors
/// When a side does not exist or cannot be read, the clone does not reach back to the last release, or the new
/// side's `[compat]` cannot be followed.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let here = Here::at(&Project::directory(context)?)?;
    compared_in(context, &here, request).map_err(|error| match here.folder() {
        Ok(folder) => Project::or_which_member(folder, error),
        Err(_) => error,
    })
}

fn compared_in(context: &Context, here: &Here, request: &Request) -> Result<Report> {
    let is_of_tree = |side: &Option<SideName>| side.as_ref().is_none_or(|side| *side == SideName::WorkingTree);
    let project = match here.asked(request.registry.as_ref()) {
        // Two others can be compared whatever the work tree's manifest says.
        Err(_) if !is_of_tree(&request.old) && !is_of_tree(&request.new) => None,
        asked => asked?,
    };
    let stock = match project.is_some() || request.registry.is_some() {
        true => Some(Stock::open(context, project.as_ref(), request.registry.as_ref())?),
        false => None,
    };
    let compared = |old: &SideName, baseline: Option<(&Releases<'_>, &Baseline)>| -> Result<Report> {
        let (old, before) = side(context, here, stock.as_ref(), old)?;
        let new = request.new.clone().map_or_else(|| here.beside(&old.1), Ok)?;
        let (new, after) = side(context, here, stock.as_ref(), &new)?;
        let mut comparison = check(context, project.as_ref(), stock.as_ref(), [&before, &after])?;
        match baseline {
            Some((releases, baseline)) => releases.settle_idle(baseline, &after, &mut comparison),
            // What the author acknowledges is about the next version, not about any two.
            None => comparison.idle.clear(),
        }
        Ok(Report::of((old.0, &before), (new.0, &after), comparison, baseline.map(|(_, baseline)| baseline)))
    };
    if let Some(old) = &request.old {
        return compared(old, None);
    }
    let home = here.repository()?;
    let head = match home.repository.head() {
        Ok(head) => head.commit,
        Err(GitError::NoCommits { .. }) => {
            let (new, after) = side(context, here, stock.as_ref(), &SideName::WorkingTree)?;
            let section = after.contents.section();
            return Ok(Report::of_first(section.name.clone(), new.0, section.version.clone(), None));
        }
        Err(error) => return Err(error.into()),
    };
    let releases = Releases::of(context, project.as_ref(), request.registry.as_ref(), (home, here.section()?))?;
    let unfetched = releases.unfetched();
    if let Some(baseline) = releases.behind(head, None)? {
        let since = SideName::Version(baseline.since.version.clone());
        return Ok(Report { unfetched, ..compared(&since, Some((&releases, &baseline)))? });
    }
    let (new, after) = side(context, here, stock.as_ref(), request.new.as_ref().unwrap_or(&SideName::WorkingTree))?;
    let section = after.contents.section();
    let first = releases.first(head, &section.version)?;
    let lack = home.repository.lack()?;
    Ok(Report { unfetched, ..Report::of_first(section.name.clone(), new.0, first, lack) })
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
    let policy = new.contents.policy()?;
    let reach = scopes::of(context, project, stock, sides);
    let before = reach[0].side(old);
    let mut comparison = compat::compare(&before, &reach[1].side(new), &policy, compat::SETS);
    if let Some((newest, called)) = scopes::let_in(context, stock, sides) {
        let other = compat::compare(&before, &newest.side(new), &policy, compat::SETS);
        comparison.add_breaks(other, &called);
    }
    Ok(comparison)
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
