//! The ways from the project to a set: what `anvil why` tells.
//!
//! The shortest ways alone would hide who asks for the set at the end of a longer one, and who asks is what people
//! want to know that would be rid of it, or are held up by it. All ways would be too many: their number grows with the
//! power of the depth. So each that asks is told with one way.

use super::{Branch, By, Graph};
use crate::lockfile::LockedSet;
use crate::name::SetName;
use std::collections::{BTreeMap, HashMap, VecDeque};

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
        let back = Back::of(self, name);
        let mut why = forth.shortest(name, limit);
        let mut askers = self.askers(name, &forth);
        askers.extend(self.members(&back));
        askers.sort_by_key(|(length, _)| *length);
        let most = why.paths.len() + MOST_ASKERS;
        let mut steps: usize = why.paths.iter().map(Vec::len).sum();
        for (length, asker) in askers {
            let way = match asker.by {
                By::Set(set, _) => forth.way_to(&set.name).map(|way| continued(way, asker)),
                By::Project(_) => Some(back.way_from(asker)),
            };
            // Where sets need each other in a circle, a way through the set itself is none to it.
            let is_way = |way: &Vec<Branch<'a>>| way.iter().filter(|step| step.name == name).count() == 1;
            let Some(way) = way.filter(is_way).filter(|way| !why.paths.iter().any(|other| is_same(other, way))) else {
                continue;
            };
            steps += length;
            if why.paths.len() == most || steps > MOST_STEPS {
                why.more = true;
                break;
            }
            why.paths.push(way);
        }
        why
    }

    /// Returns what each set says that needs `name` itself, with how long the shortest way through it is.
    fn askers(&self, name: &SetName, forth: &Forth<'a>) -> Vec<(usize, Branch<'a>)> {
        let asks = |set: &'a LockedSet| {
            let distance = forth.distance.get(&set.name)?;
            let edge = set.dependencies.iter().find(|edge| edge.name == *name)?;
            let step = self.needs(set, distance + 1).into_iter().find(|branch| branch.name == &edge.name)?;
            // A member is told with a way of its own.
            (!self.is_members_own(&step)).then_some((distance + 2, step))
        };
        self.lock.sets.iter().filter_map(asks).collect()
    }

    /// Returns for each member that needs the set at all its requirement that leads there the shortest way, with how
    /// long that is.
    fn members(&self, back: &Back<'a>) -> Vec<(usize, Branch<'a>)> {
        let mut nearest: BTreeMap<&str, (usize, Branch<'a>)> = BTreeMap::new();
        for root in self.roots() {
            let (Some((distance, _)), By::Project(entry)) = (back.nearer.get(root.name), root.by) else { continue };
            let known = nearest.entry(entry.member.as_str()).or_insert((distance + 1, root));
            if known.0 > distance + 1 {
                *known = (distance + 1, root);
            }
        }
        nearest.into_values().collect()
    }
}

fn continued<'a>(mut way: Vec<Branch<'a>>, step: Branch<'a>) -> Vec<Branch<'a>> {
    way.push(step);
    way
}

/// Returns whether two ways are one: they begin in the same member, and pass the same sets.
fn is_same(one: &[Branch<'_>], other: &[Branch<'_>]) -> bool {
    let begin = |way: &[Branch<'_>]| match way.first().map(|step| step.by) {
        Some(By::Project(entry)) => Some(entry.member.clone()),
        _ => None,
    };
    one.len() == other.len()
        && one.iter().rev().zip(other.iter().rev()).all(|(one, other)| one.name == other.name)
        && begin(one) == begin(other)
}

/// The graph from a set back, as far as it lies on shortest ways to it.
struct Back<'a> {
    /// How far each set is from it, and the step that leads nearer.
    nearer: HashMap<&'a SetName, (usize, Option<Branch<'a>>)>,
}

impl<'a> Back<'a> {
    fn of(graph: &Graph<'a>, name: &SetName) -> Self {
        let mut incoming: HashMap<&SetName, Vec<Branch<'a>>> = HashMap::new();
        for branch in graph.lock.sets.iter().flat_map(|set| graph.needs(set, 0)) {
            incoming.entry(branch.name).or_default().push(branch);
        }
        let mut nearer = HashMap::new();
        let mut queue = VecDeque::new();
        // A set that is needed and not locked is no goal.
        if let Some(goal) = graph.set(name) {
            nearer.insert(&goal.name, (0, None));
            queue.push_back(&goal.name);
        }
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
        Back { nearer }
    }

    /// Returns the shortest way that begins with `root`.
    fn way_from(&self, root: Branch<'a>) -> Vec<Branch<'a>> {
        let mut way = vec![root];
        while let Some((_, Some(step))) = self.nearer.get(way[way.len() - 1].name) {
            way.push(Branch { depth: way.len(), ..*step });
        }
        way
    }
}

/// The graph from the project on, as far as it lies on shortest ways.
struct Forth<'a> {
    /// How far each set is from the project; 0 for what the project requires itself.
    distance: HashMap<&'a SetName, usize>,
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
        Forth { distance, incoming }
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
