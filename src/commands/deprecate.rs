//! Advises against published versions, or takes the advice back: `anvil deprecate`.

use super::context::Context;
use super::registries::RegistryReference;
use super::target::{Access, Action, PublishedSet, RegistryFacts};
use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::index::edit::Versions;
use crate::index::{Deprecated, Line};
use crate::name::SetName;
use crate::registry::publish::Changed;
use crate::version::Version;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is to be deprecated, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The set; the project's own where none is named.
    pub set: Option<SetName>,
    /// The versions.
    pub versions: Versions,
    /// The registry; the manifest's default where none is named.
    pub registry: Option<RegistryReference>,
    /// The advice; nothing to take it back.
    pub deprecated: Option<Deprecated>,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// Versions of several sets are named at once.
#[derive(Debug, thiserror::Error)]
#[error("versions of {0} and of {1} are named: one set at a time")]
pub struct SeveralSets(SetName, SetName);

impl Diagnose for SeveralSets {
    fn code(&self) -> Code {
        Code::A1002
    }

    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::new("name the versions of each in a command of its own")]
    }
}

/// Returns the one set among `sets`, if any is there.
///
/// # Errors
/// [`SeveralSets`] when there are two: a failure at the second would leave the first changed.
pub fn only_set(sets: BTreeSet<SetName>) -> Result<Option<SetName>> {
    let mut sets = sets.into_iter();
    match (sets.next(), sets.next()) {
        (Some(first), Some(second)) => Err(SeveralSets(first, second).into()),
        (first, _) => Ok(first),
    }
}

/// What changed, or would.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The set.
    pub name: SetName,
    /// The registry.
    pub registry: RegistryFacts,
    /// What the registry says of the versions now, or would.
    pub deprecated: Option<Deprecated>,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether it said something else of one of them before.
    pub outcome: Changed,
    /// The versions, in the order of the command.
    pub versions: Vec<Advised>,
}

/// A version that is advised against, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advised {
    /// The version.
    pub version: Version,
    /// Whether the registry said something else of it before.
    pub outcome: Changed,
}

/// Does it, or works out what it would do.
///
/// # Errors
/// When one of the versions does not exist, in which case none is changed, or the registry cannot
/// be written.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let set = PublishedSet::find(context, request.set.as_ref(), request.registry.as_ref(), Access::Write)?;
    let deprecated = request.deprecated.as_ref();
    let lines = match &request.versions {
        Versions::All => set.index.lines.iter().collect(),
        Versions::These(versions) => versions.iter().map(|version| set.line(version)).collect::<Result<Vec<_>>>()?,
    };
    let changed: Vec<Version> = match request.action {
        Action::Do => set.target.publisher(context)?.deprecate(&set.name, &request.versions, deprecated)?,
        Action::Plan => {
            let other = lines.iter().filter(|line| line.deprecated.as_ref() != deprecated);
            other.map(|line| line.version.clone()).collect()
        }
    };
    let advised =
        |line: &Line| Advised { version: line.version.clone(), outcome: Changed::of(changed.contains(&line.version)) };
    let versions = lines.into_iter().map(advised).collect();
    let outcome = Changed::of(!changed.is_empty());
    let registry = set.target.facts();
    let (deprecated, action) = (request.deprecated.clone(), request.action);
    Ok(Report { name: set.name, registry, deprecated, action, outcome, versions })
}
