//! Sets that need each other in a circle.
//!
//! The solver has nothing against a circle, and no other choice of versions is tried for its sake:
//! a set that needs itself through others is a mistake of its authors, and quietly taking older
//! versions would hide it.

use super::explanation::{Dependant, Step};
use super::problem::{Problem, Resolution, Root};
use crate::lockfile::Edge;
use crate::name::SetName;
use serde::Serialize;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;

/// How many steps are told in words.
const MAX_STEPS_IN_WORDS: usize = 20;

/// A circle and the way to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Circle {
    /// The steps from the project to the first set of the circle.
    pub way: Vec<Step>,
    /// The steps of the circle; the last one needs the set that the first one starts from. Empty
    /// when the circle closes in the project itself, at the end of the way.
    pub circle: Vec<Step>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.circle.last(), self.way.last()) {
            (Some(step), _) => write!(f, "`{}` needs itself", step.needs)?,
            (None, Some(step)) => write!(f, "`{}`, which this project holds, needs itself", step.needs)?,
            (None, None) => f.write_str("sets need each other in a circle")?,
        }
        let steps = || self.way.iter().chain(&self.circle);
        for step in steps().take(MAX_STEPS_IN_WORDS) {
            write!(f, "\n  {step}")?;
        }
        match steps().count().saturating_sub(MAX_STEPS_IN_WORDS) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more steps"),
        }
    }
}

/// Returns a circle among the chosen sets, or through one of the project's own, if there is one.
pub(super) fn find(problem: &Problem, roots: &[Root], resolution: &Resolution) -> Option<Circle> {
    let graph = Graph::of(resolution);
    let own = resolution.sets.iter().position(|set| problem.own.contains(&set.name));
    let (start, circle) = match own {
        Some(at) => (at, Vec::new()),
        None => {
            let circle = graph.circle()?;
            (*circle.first()?, circle)
        }
    };
    // The way goes to that set of the circle which is nearest to the project, and the circle begins there.
    let way = graph.way(roots, |at| at == start || circle.contains(&at));
    let turn = way.last().and_then(|end| circle.iter().position(|at| at == end)).unwrap_or(0);
    let round: Vec<usize> = circle.iter().cycle().skip(turn).take(circle.len()).copied().collect();
    let closed = round.iter().copied().chain(round.first().copied());
    Some(Circle { way: graph.steps_from_project(roots, &way), circle: graph.steps(&closed.collect::<Vec<_>>()) })
}

/// The chosen sets by place, and whom each needs.
struct Graph<'a> {
    resolution: &'a Resolution,
    places: HashMap<&'a SetName, usize>,
}

impl<'a> Graph<'a> {
    fn of(resolution: &'a Resolution) -> Self {
        let places = resolution.sets.iter().enumerate().map(|(at, set)| (&set.name, at)).collect();
        Graph { resolution, places }
    }

    fn edges(&self, at: usize) -> &'a [Edge] {
        self.resolution.sets.get(at).map_or(&[], |set| &set.dependencies)
    }

    /// Returns the places of a circle's sets in order, each needing the next and the last the
    /// first: a depth-first search with its path on the heap.
    fn circle(&self) -> Option<Vec<usize>> {
        let mut done = vec![false; self.resolution.sets.len()];
        for start in 0..self.resolution.sets.len() {
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            let mut on_path = HashSet::from([start]);
            while let Some((at, next)) = path.last_mut() {
                let here = *at;
                let edge = if done[here] { None } else { self.edges(here).get(*next) };
                *next += 1;
                let Some(edge) = edge else {
                    done[here] = true;
                    on_path.remove(&here);
                    path.pop();
                    continue;
                };
                let Some(to) = self.places.get(&edge.name).copied() else { continue };
                if on_path.contains(&to) {
                    return Some(path.iter().map(|(at, _)| *at).skip_while(|at| *at != to).collect());
                }
                if !done[to] {
                    on_path.insert(to);
                    path.push((to, 0));
                }
            }
        }
        None
    }

    /// Returns the shortest way from a root to a set that `is_goal`.
    fn way(&self, roots: &[Root], is_goal: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut before: HashMap<usize, Option<usize>> = HashMap::new();
        let mut queue = VecDeque::new();
        for root in roots {
            if let Some(at) = self.places.get(&root.request.name)
                && before.insert(*at, None).is_none()
            {
                queue.push_back(*at);
            }
        }
        while let Some(at) = queue.pop_front() {
            if is_goal(at) {
                let mut way = vec![at];
                let mut here = at;
                while let Some(Some(earlier)) = before.get(&here) {
                    way.push(*earlier);
                    here = *earlier;
                }
                way.reverse();
                return way;
            }
            for edge in self.edges(at) {
                if let Some(to) = self.places.get(&edge.name)
                    && !before.contains_key(to)
                {
                    before.insert(*to, Some(at));
                    queue.push_back(*to);
                }
            }
        }
        Vec::new()
    }

    fn steps_from_project(&self, roots: &[Root], way: &[usize]) -> Vec<Step> {
        let first = way.first().and_then(|at| self.resolution.sets.get(*at));
        let root = first.and_then(|set| roots.iter().find(|root| root.request.name == set.name));
        let own = root.map(|root| Step {
            by: Dependant::Project { member: root.member.clone(), line: root.line, inherited: root.inherited },
            needs: root.request.name.clone(),
            requirement: root.request.requirement.clone(),
            source: root.request.source.clone(),
            overridden: false,
        });
        own.into_iter().chain(self.steps(way)).collect()
    }

    /// Returns the steps from each place to the next.
    fn steps(&self, places: &[usize]) -> Vec<Step> {
        let step = |pair: &[usize]| {
            let [from, to] = pair else { return None };
            let (from, to) = (self.resolution.sets.get(*from)?, self.resolution.sets.get(*to)?);
            let edge = from.dependencies.iter().find(|edge| edge.name == to.name)?;
            Some(Step {
                by: Dependant::Set { name: from.name.clone(), versions: vec![from.version.clone()], more: 0 },
                needs: to.name.clone(),
                requirement: edge.requirement.0.clone(),
                source: to.source.clone(),
                overridden: false,
            })
        };
        places.windows(2).filter_map(step).collect()
    }
}
