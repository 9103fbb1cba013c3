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
use crate::lockfile::{Lockfile, Reading, Source};
use crate::manifest::{DependencySource, Manifest};
use crate::name::{RegistryName, SetName};
use crate::prompt::{Dependencies, Scope};
use crate::resolver::{Chosen, Locked, Problem, Request, Resolution, Root, RootRole, Strategy, Telling, Update};
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
) -> [Reach; 2] {
    let alone = sides.map(|side| Reach::new(side, Ok(Dependencies::new())));
    let needed = needed_sets(&alone[0].side(sides[0]), &alone[1].side(sides[1]));
    if needed.is_empty() {
        return alone;
    }
    let locked = |sides: &[&Subject]| project.and_then(|project| locked(context, project, sides, &needed));
    if let Some(found) = locked(&sides) {
        return sides.map(|side| Reach::new(side, Ok(found.clone())));
    }
    let Some(stock) = stock else {
        let why = "no registry is named that could have it";
        return sides.map(|side| Reach::new(side, locked(&[side]).ok_or_else(|| why.to_owned())));
    };
    let requests = sides.map(|side| side.requests(stock));
    if let [Ok(before), Ok(after)] = &requests
        && let Ok(both) = resolved(context, stock, &[before.as_slice(), after].concat(), sides[1])
    {
        return sides.map(|side| Reach::new(side, Ok(both.clone())));
    }
    let [before, after] = requests;
    [(sides[0], before), (sides[1], after)].map(|(side, requests)| {
        let resolve = || requests.and_then(|requests| resolved(context, stock, &requests, side));
        Reach::new(side, locked(&[side]).map_or_else(resolve, Ok))
    })
}

/// Returns what the prompts of the new version may render where its requirements let in what the old ones did not, in
/// the newest versions, and which those are: those who use the set may get them, and `of` takes others where it can.
/// Nothing where they let in no more, or that is not at hand.
pub(super) fn let_in(context: &Context, stock: Option<&Stock<'_>>, sides: [&Subject; 2]) -> Option<(Reach, String)> {
    let [old, new] = sides;
    let alone = sides.map(|side| Reach::new(side, Ok(Dependencies::new())));
    let needed = needed_sets(&alone[0].side(old), &alone[1].side(new));
    let both = |name: &SetName| match (old.need(name), new.need(name)) {
        (Some(NeedSource::Registry(before, _)), Some(NeedSource::Registry(after, _))) => Some((before, after)),
        _ => None,
    };
    if !needed.iter().filter_map(both).any(|(before, after)| before != after) {
        return None;
    }
    let stock = stock?;
    let resolution = resolution(stock, &new.requests(stock).ok()?, new, Vec::new()).ok()?;
    let is_new = |chosen: &&Chosen| both(&chosen.name).is_some_and(|(before, _)| !before.matches(&chosen.version));
    let named = |chosen: &Chosen| format!("{} {}", chosen.name, chosen.version);
    let new_ones: Vec<String> = resolution.sets.iter().filter(is_new).map(named).collect();
    if new_ones.is_empty() {
        return None;
    }
    let found = published::read_all(context, stock, &resolution).ok()?;
    Some((Reach::new(new, Ok(found)), new_ones.join(", ")))
}

/// Returns what the project has locked, where that is at hand and every one of `sides` would take it.
fn locked(
    context: &Context,
    project: &Project,
    sides: &[&Subject],
    needed: &BTreeSet<SetName>,
) -> Option<Dependencies> {
    let Ok(Some(Reading::Whole(lock))) = project.read_lock() else { return None };
    let manifest = &project.manifest;
    let fits = |side: &&Subject| {
        needed.iter().all(|name| side.need(name).is_none_or(|source| takes(manifest, &lock, name, source)))
    };
    if !sides.iter().all(fits) {
        return None;
    }
    let mut found = Dependencies::new();
    for side in sides {
        let (dependencies, missing) = lint::dependencies(context, project, &side.contents.prompts).ok()?;
        // What is asked for and not needed may be missing; what only others ask for may not.
        let is_asked_for = |name: &SetName| sides.iter().any(|side| side.need(name).is_some());
        if missing.iter().any(|name| needed.contains(name) || !is_asked_for(name)) {
            return None;
        }
        found.extend(dependencies);
    }
    Some(found)
}

/// Returns whether the locked version of `name` is one that `source` would take, from where it would.
fn takes(manifest: &Manifest, lock: &Lockfile, name: &SetName, source: &NeedSource) -> bool {
    let Some(locked) = lock.set(name).filter(|_| !manifest.overrides.contains_key(name)) else { return false };
    let today = manifest.dependencies.get(name).map(|dependency| &dependency.source);
    match (source, &locked.source) {
        (NeedSource::Registry(requirement, binding), Source::Registry(from)) => {
            let is_bound_there = match (binding, today) {
                (Binding::Id(id), _) => id == from,
                (Binding::Called(called), Some(DependencySource::Registry { registry, .. })) => {
                    *called == registry.clone().unwrap_or_else(RegistryName::default_name)
                }
                _ => false,
            };
            is_bound_there && requirement.matches(&locked.version)
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
    let found = resolution(stock, requests, subject, stock.preferences().collect());
    let found = found.and_then(|found| published::read_all(context, stock, &found));
    found.map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

/// Returns which versions answer `requests`; those that are `locked` where they will do.
fn resolution(
    stock: &Stock<'_>,
    requests: &[Request],
    subject: &Subject,
    locked: Vec<Locked>,
) -> crate::error::Result<Resolution> {
    let root = |request: &Request| Root {
        request: request.clone(),
        member: ".".into(),
        line: 0,
        inherited: None,
        role: RootRole::Question,
    };
    let problem = Problem {
        roots: requests.iter().map(root).collect(),
        own: vec![subject.contents.section().name.clone()],
        stand_ins: Vec::new(),
        overrides: Vec::new(),
        fixed: Vec::new(),
        locked,
        update: Update::None,
        strategy: Strategy::Highest,
        age: None,
        telling: Telling::default(),
        anvil: crate::version::running_anvil(),
    };
    published::resolve(stock, &problem)
}
