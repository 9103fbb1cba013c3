//! The ways from the project to a set: what `anvil why` tells.
//!
//! The shortest ways alone would hide who asks for the set at the end of a longer one, and who asks is what people
//! want to know that would be rid of it, or are held up by it. All ways would be too many: their number grows with the
//! power of the depth. So each that asks is told with one way.

use super::{Branch, By, Graph};
use crate::name::SetName;
use std::collections::{HashMap, VecDeque};

/// How many ways are told, beside the shortest, so that each that asks is met.
const MOST_ASKERS: usize = 100;

/// How many steps all ways have together: a lock may be as deep as its author likes.
const MOST_STEPS: usize = 500_000;

/// The ways from the project to a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Why<'a> {
    /// The ways, each from the project's requirement to the set itself: the shortest first.
    pub paths: Vec<Vec<Branch<'a>>>,
    /// Whether there are more that were looked for: of the shortest, or of who asks.
    pub more: bool,
}

impl<'a> Graph<'a> {
    /// Returns ways from the project to `name`: at most `limit` of the shortest, and one for each set that needs it
    /// itself and for each member that needs it at all, as far as the shortest are none of theirs. None means that
    /// nothing needs it.
    pub fn why(&self, name: &SetName, limit: usize) -> Why<'a> {
        let forth = Forth::of(self);
        let mut why = forth.shortest(name, limit);
        let mut askers = self.by_askers(name, &forth);
        askers.extend(self.by_members(name));
        askers.sort_by_key(Vec::len);
        let mut steps: usize = why.paths.iter().map(Vec::len).sum();
        let most = why.paths.len() + MOST_ASKERS;
        for way in askers {
            if why.paths.contains(&way) {
                continue;
            }
            steps += way.len();
            if why.paths.len() == most || steps > MOST_STEPS {
                why.more = true;
                break;
            }
            why.paths.push(way);
        }
        why
    }

    /// Returns for each set that needs `name` itself the shortest way through it.
    fn by_askers(&self, name: &SetName, forth: &Forth<'a>) -> Vec<Vec<Branch<'a>>> {
        let mut ways = Vec::new();
        for set in &self.lock.sets {
            let asks = self.needs(set, 0).into_iter().find(|branch| branch.name == name);
            let (Some(asks), Some(way)) = (asks, forth.way_to(&set.name)) else { continue };
            // Where sets need each other in a circle, a way through the set itself is none to it.
            if way.iter().all(|step| step.name != name) {
                let asks = Branch { depth: way.len(), ..asks };
                ways.push(way.into_iter().chain([asks]).collect());
            }
            if ways.len() > MOST_ASKERS {
                break;
            }
        }
        ways
    }

    /// Returns for each member that needs `name` at all the shortest way from it.
    fn by_members(&self, name: &SetName) -> Vec<Vec<Branch<'a>>> {
        // From the set backwards: how far it is from each set, and the step that leads nearer.
        let mut incoming: HashMap<&SetName, Vec<Branch<'a>>> = HashMap::new();
        for branch in self.lock.sets.iter().flat_map(|set| self.needs(set, 0)) {
            incoming.entry(branch.name).or_default().push(branch);
        }
        let mut nearer: HashMap<&SetName, (usize, Option<Branch<'a>>)> = HashMap::new();
        let mut queue = VecDeque::from([name]);
        nearer.insert(name, (0, None));
        while let Some(here) = queue.pop_front() {
            let distance = nearer[here].0 + 1;
            for branch in incoming.get(here).into_iter().flatten() {
                let By::Set(set, _) = branch.by else { continue };
                nearer.entry(&set.name).or_insert_with(|| {
                    queue.push_back(&set.name);
                    (distance, Some(*branch))
                });
            }
        }
        let mut best: Vec<(usize, Branch<'a>)> = Vec::new();
        for root in self.roots() {
            let Some((distance, _)) = nearer.get(root.name) else { continue };
            let is_same = |other: &&mut (usize, Branch<'a>)| match (other.1.by, root.by) {
                (By::Project(one), By::Project(other)) => one.member == other.member,
                _ => false,
            };
            match best.iter_mut().find(is_same) {
                Some(known) if known.0 > *distance => *known = (*distance, root),
                Some(_) => {}
                None => best.push((*distance, root)),
            }
        }
        let way = |(_, root): (usize, Branch<'a>)| {
            let mut way = vec![root];
            while let Some((_, Some(step))) = nearer.get(way[way.len() - 1].name) {
                way.push(Branch { depth: way.len(), ..*step });
            }
            way
        };
        best.into_iter().take(MOST_ASKERS + 1).map(way).collect()
    }
}

/// The graph from the project on, as far as it lies on shortest ways.
struct Forth<'a> {
    /// The steps that lead to each set on a shortest way.
    incoming: HashMap<&'a SetName, Vec<Branch<'a>>>,
}

impl<'a> Forth<'a> {
    fn of(graph: &Graph<'a>) -> Self {
        let mut distance: HashMap<&'a SetName, usize> = HashMap::new();
        let mut incoming: HashMap<&'a SetName, Vec<Branch<'a>>> = HashMap::new();
        let mut queue = VecDeque::new();
        for branch in graph.roots() {
            if distance.insert(branch.name, 0).is_none() {
                queue.push_back(branch.name);
            }
            incoming.entry(branch.name).or_default().push(branch);
        }
        while let Some(here) = queue.pop_front() {
            let Some(set) = graph.set(here) else { continue };
            let next = distance[here] + 1;
            for branch in graph.needs(set, next) {
                let known = *distance.entry(branch.name).or_insert_with(|| {
                    queue.push_back(branch.name);
                    next
                });
                if known == next {
                    incoming.entry(branch.name).or_default().push(branch);
                }
            }
        }
        Forth { incoming }
    }

    /// Returns the first of the shortest ways to `name`; nothing where none leads there.
    fn way_to(&self, name: &SetName) -> Option<Vec<Branch<'a>>> {
        let mut way = vec![*self.incoming.get(name)?.first()?];
        while let By::Set(set, _) = way[way.len() - 1].by {
            way.push(*self.incoming.get(&set.name)?.first()?);
        }
        way.reverse();
        Some(way)
    }

    /// Returns the shortest ways to `name`, at most `limit` of them.
    fn shortest(&self, name: &SetName, limit: usize) -> Why<'a> {
        let mut why = Why { paths: Vec::new(), more: false };
        // From the goal back to the project, depth first. `tail` is the way so far, in reverse.
        let before = |name: &SetName| self.incoming.get(name).into_iter().flatten().rev().copied();
        let mut stack: Vec<(usize, Branch<'a>)> = before(name).map(|branch| (0, branch)).collect();
        let mut tail: Vec<Branch<'a>> = Vec::new();
        while let Some((length, branch)) = stack.pop() {
            if why.paths.len() >= limit {
                why.more = true;
                break;
            }
            tail.truncate(length);
            tail.push(branch);
            match branch.by {
                By::Set(set, _) => stack.extend(before(&set.name).map(|branch| (length + 1, branch))),
                By::Project(_) => why.paths.push(tail.iter().rev().copied().collect()),
            }
        }
        why
    }
}
