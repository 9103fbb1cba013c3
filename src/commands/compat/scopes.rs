//! What the prompts of two versions may render of other sets, in the same versions of those where both
//! allow it: otherwise a change of a dependency would look like one of the set.
//!
//! What the project has locked is taken where it fits both, with no network. Else both are resolved
//! together, as if one project asked for both; where they exclude each other, each for itself.

use super::subject::{Binding, NeedSource, Subject};
use crate::commands::context::Context;
use crate::commands::lint;
use crate::commands::project::Project;
use crate::commands::published::{self, Stock};
use crate::compat::{Side, needed_sets};
use crate::error::Result;
use crate::lockfile::{Lockfile, Reading, Source};
use crate::manifest::Manifest;
use crate::name::{RegistryName, SetName};
use crate::prompt::{Dependencies, Scope};
use crate::resolver::{Problem, Request, Root, RootRole, Strategy, Update};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A version's prompts with what they may render of others.
pub(super) struct Reach {
    pub(super) scope: Scope,
    /// Why some of that is not at hand.
    pub(super) missing: Option<String>,
}

impl Reach {
    fn new(subject: &Subject, found: Result<Dependencies, String>) -> Reach {
        let prompts = Arc::clone(&subject.contents.prompts);
        match found {
            Ok(dependencies) => Reach { scope: Scope::new(prompts, Arc::new(dependencies)), missing: None },
            Err(why) => Reach { scope: Scope::alone(prompts), missing: Some(why) },
        }
    }

    /// Returns the side that this makes of `subject`.
    pub(super) fn side<'a>(&'a self, subject: &'a Subject) -> Side<'a> {
        let (manifest, files) = (&subject.contents.manifest, &subject.contents.files);
        Side { manifest, files, scope: &self.scope, out_of_reach: self.missing.as_deref() }
    }
}

/// Returns what the prompts of both versions may render, as far as what changed needs it.
pub(super) fn of(
    context: &Context,
    project: Option<&Project>,
    stock: Option<&Stock<'_>>,
    sides: [&Subject; 2],
) -> Result<[Reach; 2]> {
    let [old, new] = sides;
    let alone = [Reach::new(old, Ok(Dependencies::new())), Reach::new(new, Ok(Dependencies::new()))];
    let needed = needed_sets(&alone[0].side(old), &alone[1].side(new));
    if needed.is_empty() {
        return Ok(alone);
    }
    if let Some(project) = project
        && let Some(found) = locked(context, project, sides, &needed)?
    {
        return Ok([Reach::new(old, Ok(found.clone())), Reach::new(new, Ok(found))]);
    }
    let Some(stock) = stock else {
        let why = || Err("no registry is named that could have it".to_owned());
        return Ok([Reach::new(old, why()), Reach::new(new, why())]);
    };
    let requests = [old.requests(stock), new.requests(stock)];
    if let [Ok(before), Ok(after)] = &requests
        && let Ok(both) = resolved(context, stock, &[before.as_slice(), after].concat(), new)
    {
        return Ok([Reach::new(old, Ok(both.clone())), Reach::new(new, Ok(both))]);
    }
    let each = |subject: &Subject, requests: Result<Vec<Request>, String>| {
        Reach::new(subject, requests.and_then(|requests| resolved(context, stock, &requests, subject)))
    };
    let [before, after] = requests;
    Ok([each(old, before), each(new, after)])
}

/// Returns what the project has locked, where that is at hand and both versions would take it.
fn locked(
    context: &Context,
    project: &Project,
    sides: [&Subject; 2],
    needed: &BTreeSet<SetName>,
) -> Result<Option<Dependencies>> {
    let lock = match project.read_lock() {
        Ok(Some(Reading::Whole(lock))) => lock,
        _ => return Ok(None),
    };
    let fits = |subject: &&Subject| {
        needed.iter().all(|name| subject.need(name).is_none_or(|source| takes(&project.manifest, &lock, name, source)))
    };
    if !sides.iter().all(fits) {
        return Ok(None);
    }
    let mut found = Dependencies::new();
    for side in sides {
        let Ok((dependencies, missing)) = lint::dependencies(context, project, &side.contents.prompts) else {
            return Ok(None);
        };
        if missing.iter().any(|name| needed.contains(name) || !sides.iter().any(|side| side.need(name).is_some())) {
            return Ok(None);
        }
        found.extend(dependencies);
    }
    Ok(Some(found))
}

/// Returns whether the locked version of `name` is one that `source` would take, from where it would.
fn takes(manifest: &Manifest, lock: &Lockfile, name: &SetName, source: &NeedSource) -> bool {
    let today = manifest.dependencies.get(name).map(|dependency| &dependency.source);
    let Some(locked) = lock.set(name).filter(|_| !manifest.overrides.contains_key(name)) else { return false };
    match (source, &locked.source) {
        (NeedSource::Registry(requirement, Binding::Id(id)), Source::Registry(from)) => {
            id == from && requirement.matches(&locked.version)
        }
        (NeedSource::Registry(requirement, Binding::Called(called)), Source::Registry(_)) => {
            use crate::manifest::DependencySource::Registry;
            let same = match today {
                Some(Registry { registry, .. }) => {
                    *called == registry.clone().unwrap_or_else(RegistryName::default_name)
                }
                _ => false,
            };
            same && requirement.matches(&locked.version)
        }
        (NeedSource::Local(source), Source::Git { .. } | Source::Path(_)) => Some(source) == today,
        _ => false,
    }
}

/// Returns what answers `requests`, as a project would get it that asks for them.
fn resolved(
    context: &Context,
    stock: &Stock<'_>,
    requests: &[Request],
    subject: &Subject,
) -> Result<Dependencies, String> {
    let root =
        |request: &Request| Root { request: request.clone(), member: ".".into(), line: 0, role: RootRole::Question };
    let problem = Problem {
        roots: requests.iter().map(root).collect(),
        own: vec![subject.contents.section().name.clone()],
        overrides: Vec::new(),
        fixed: Vec::new(),
        locked: stock.preferences().collect(),
        update: Update::None,
        strategy: Strategy::Highest,
        published_before: None,
        anvil: crate::version::running_anvil(),
    };
    let found = published::resolve(stock, &problem).and_then(|found| published::read_all(context, stock, &found));
    found.map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}
