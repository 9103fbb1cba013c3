//! The way from a problem to its resolution.

use super::advice::Advisor;
use super::circle;
use super::error::ResolveError;
use super::explain::Explainer;
use super::pool::{Asked, Pool, SetId, Target};
use super::problem::{Budget, Chosen, Detail, Problem, Resolution, Root};
use super::ranges::Place;
use super::solve::{Halt, Outcome, run};
use super::table::NeedRef;
use super::world::Index;
use crate::error::Error;
use crate::lockfile::{Edge, EdgeRequirement};
use pubgrub::VersionSet;
use std::cell::Cell;
use std::collections::HashMap;

/// Returns one version of each set that the project needs, so that every requirement is satisfied
/// and each set has one source.
///
/// The same problem and the same index give the same answer, in whatever order they tell their
/// parts. Locked versions are kept where that is possible, before anything else is preferred.
///
/// # Errors
/// - [`ResolveError::Unsatisfiable`] when there is no answer, with an explanation;
/// - [`ResolveError::Circle`] when the sets of the answer need each other in a circle;
/// - [`ResolveError::GaveUp`] when `budget` is used up, [`ResolveError::TooMuch`] when there is more to look at than it
///   allows;
/// - [`ResolveError::Index`] when the index fails.
pub fn resolve(problem: &Problem, index: &dyn Index, budget: Budget<'_>) -> Result<Resolution, ResolveError> {
    let mut roots = problem.roots.clone();
    roots.sort_by_cached_key(|root| {
        let Root { request, member, line, .. } = root;
        (request.name.clone(), request.requirement.to_string(), request.source.clone(), member.clone(), *line)
    });

    let mut pool = Pool::new(problem, index, budget);
    pool.prefetch_locked(&problem.locked);
    let targets: Vec<Target<'_>> = roots.iter().map(|root| pool.target_of_root(root)).collect();
    let asked = pool.ask_all(&targets).map_err(failed)?;

    let spent = Cell::new(0);
    match run(&mut pool, &asked, budget, &spent) {
        Ok(Outcome::Solved(solution)) => {
            check(&mut pool, &asked, &solution)?;
            let resolution = describe(&pool, &solution, spent.get());
            match circle::find(problem, &roots, &resolution) {
                Some(circle) => Err(ResolveError::Circle(Box::new(circle))),
                None => Ok(resolution),
            }
        }
        Ok(Outcome::Refuted(tree)) => {
            let explainer = Explainer::new(&mut pool, &roots, &asked, &tree.facts());
            let mut explanation = explainer.explain();
            if problem.telling.detail == Detail::Derivation {
                explanation.derivation = Some(explainer.derivation(&tree));
            }
            let mut advisor = Advisor { pool: &mut pool, problem, roots: &roots, asked: &asked, budget, spent: &spent };
            explanation.hints = advisor.hints(&explanation);
            Err(ResolveError::Unsatisfiable(Box::new(explanation)))
        }
        Err(Halt::GaveUp) => Err(ResolveError::GaveUp { decisions: spent.get().saturating_sub(1) }),
        Err(Halt::Index(error)) => Err(failed(error)),
    }
}

/// Returns why nothing more could be looked at: the index failed, or the pool would look at no more.
fn failed(error: Error) -> ResolveError {
    match error.downcast_ref() {
        Some(ResolveError::TooMuch { sets, facts }) => ResolveError::TooMuch { sets: *sets, facts: *facts },
        _ => ResolveError::Index(error),
    }
}

/// Checks once more that the solution satisfies what the project asks for and what every chosen version needs: a lock
/// that is wrong does more harm than a solver that fails.
///
/// # Errors
/// When it does not, or the index fails.
pub(super) fn check(pool: &mut Pool<'_>, roots: &[Asked], solution: &[(SetId, Place)]) -> Result<(), ResolveError> {
    let chosen: HashMap<SetId, Place> = solution.iter().copied().collect();
    let check = |pool: &Pool<'_>, asked: &[Asked]| {
        let is_unmet = |asked: &&Asked| chosen.get(&asked.set).is_none_or(|place| !asked.range.contains(place));
        match asked.iter().find(is_unmet) {
            Some(Asked { set, .. }) => {
                Err(ResolveError::Mistaken(pool.name(*set).map(ToString::to_string).unwrap_or_default()))
            }
            None => Ok(()),
        }
    };
    check(pool, roots)?;
    for (set, place) in solution {
        let needs = pool.needs(*set, *place).map_err(failed)?;
        check(pool, &needs)?;
    }
    Ok(())
}

/// Returns the solution with names, sources and edges, sorted.
pub(super) fn describe(pool: &Pool<'_>, solution: &[(SetId, Place)], decisions: u64) -> Resolution {
    let chosen = |(set, place): (SetId, Place)| {
        let (table, at) = pool.entry(set, place)?;
        let entry = &table.entries[at];
        let edge = |need: NeedRef<'_>| Edge {
            name: need.name.clone(),
            requirement: EdgeRequirement(need.requirement.clone()),
        };
        let mut dependencies: Vec<Edge> = entry.needs.iter().map(edge).collect();
        dependencies.dedup();
        Some(Chosen {
            name: pool.name(set)?.clone(),
            version: entry.version.clone(),
            source: pool.source(table.source).clone(),
            dependencies,
            yanked: entry.yanked.clone(),
        })
    };
    let mut sets: Vec<Chosen> = solution.iter().copied().filter_map(chosen).collect();
    sets.sort_by(|a, b| a.name.cmp(&b.name));
    Resolution { sets, decisions }
}
