//! The way from a problem to its resolution.

use super::advice;
use super::circle;
use super::error::ResolveError;
use super::explain::Explainer;
use super::pool::{Asked, Pool, SetId};
use super::problem::{Budget, Chosen, Problem, Resolution, Root};
use super::ranges::Point;
use super::solve::{Halt, Outcome, run};
use super::world::Index;
use crate::lockfile::{Edge, EdgeRequirement};
use std::cell::Cell;

/// Returns one version of each set that the project needs, so that every requirement is satisfied
/// and each set has one source.
///
/// The same problem and the same index give the same answer, in whatever order they tell their
/// parts. Locked versions are kept where that is possible, before anything else is preferred.
///
/// # Errors
/// - [`ResolveError::Unsatisfiable`] when there is no answer, with an explanation;
/// - [`ResolveError::Circle`] when the sets of the answer need each other in a circle;
/// - [`ResolveError::GaveUp`] when `budget` is used up;
/// - [`ResolveError::Index`] when the index fails.
pub fn resolve(problem: &Problem, index: &dyn Index, budget: Budget<'_>) -> Result<Resolution, ResolveError> {
    let mut roots = problem.roots.clone();
    roots.sort_by_cached_key(|root| {
        let Root { request, member, line } = root;
        (request.name.clone(), request.requirement.to_string(), request.source.clone(), member.clone(), *line)
    });

    let mut pool = Pool::new(problem, index);
    let asked: Vec<Asked> = roots
        .iter()
        .map(|Root { request, .. }| pool.ask(&request.name, &request.requirement, &request.source))
        .collect();
    pool.prefetch(asked.iter().zip(roots.iter().map(|root| &root.request.requirement)));
    pool.prefetch_locked(&problem.locked);

    let spent = Cell::new(0);
    match run(&mut pool, &asked, budget, &spent) {
        Ok(Outcome::Solved(solution)) => {
            let resolution = describe(&mut pool, solution, spent.get())?;
            match circle::find(problem, &roots, &resolution) {
                Some(circle) => Err(ResolveError::Circle(Box::new(circle))),
                None => Ok(resolution),
            }
        }
        Ok(Outcome::Refuted(facts)) => {
            let mut explanation = Explainer { pool: &mut pool, roots: &roots, asked: &asked, facts: &facts }.explain();
            explanation.hints = advice::find(&mut pool, &roots, &asked, &explanation, budget, &spent);
            Err(ResolveError::Unsatisfiable(Box::new(explanation)))
        }
        Err(Halt::GaveUp) => Err(ResolveError::GaveUp { decisions: spent.get().saturating_sub(1) }),
        Err(Halt::Index(error)) => Err(ResolveError::Index(error)),
    }
}

/// Returns the solution with names, sources and edges, sorted.
fn describe(pool: &mut Pool<'_>, solution: Vec<(SetId, Point)>, decisions: u64) -> Result<Resolution, ResolveError> {
    let mut sets = Vec::with_capacity(solution.len());
    for (set, point) in solution {
        let table = pool.table(set, point.source()).map_err(ResolveError::Index)?;
        let (Some(entry), Some(name), Some(source)) =
            (table.entry(&point), pool.name(set), pool.source(point.source()))
        else {
            continue;
        };
        let edge = |(name, requirement): (&_, &_)| Edge {
            name: Clone::clone(name),
            requirement: EdgeRequirement(Clone::clone(requirement)),
        };
        let mut dependencies: Vec<Edge> = entry.needs.iter().map(edge).collect();
        dependencies.sort();
        dependencies.dedup();
        sets.push(Chosen {
            name: name.clone(),
            version: entry.version.clone(),
            source: source.clone(),
            dependencies,
            yanked: entry.yanked.clone(),
        });
    }
    sets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Resolution { sets, decisions })
}
