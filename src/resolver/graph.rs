//! Finished locks as graphs: what needs what, and why a set is there.

use crate::lockfile::{EdgeRequirement, LockedRequirement, LockedSet, Lockfile};
use crate::manifest::DependencySource;
use crate::name::SetName;
use crate::version::Requirement;
use std::collections::{BTreeSet, HashMap, VecDeque};

/// A lock with its edges at hand.
pub struct Graph<'a> {
    lock: &'a Lockfile,
    places: HashMap<&'a SetName, usize>,
}

/// One line of a tree, in the order in which it is printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branch<'a> {
    /// 0 for what the project itself requires.
    pub depth: usize,
    /// Whether it is the last of its siblings; with the depths, enough to draw lines.
    pub last: bool,
    /// Who requires it.
    pub by: By<'a>,
    /// The name that is required.
    pub name: &'a SetName,
    /// The set; nothing where the lock lacks it.
    pub set: Option<&'a LockedSet>,
    /// Whether the set stands further up already, with what it needs.
    pub repeated: bool,
}

/// Who requires a set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By<'a> {
    /// The project, in one of its members.
    Project(&'a LockedRequirement),
    /// A set of the lock.
    Set(&'a LockedSet, &'a EdgeRequirement),
}

/// The ways from the project to a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Why<'a> {
    /// The shortest ways, each from the project's requirement to the set itself.
    pub paths: Vec<Vec<Branch<'a>>>,
    /// Whether there are more of the same length.
    pub more: bool,
}

impl<'a> By<'a> {
    /// Returns which versions will do, where there is a choice.
    pub fn requirement(&self) -> Option<&'a Requirement> {
        match self {
            By::Set(_, requirement) => Some(&requirement.0),
            By::Project(LockedRequirement { source: DependencySource::Registry { requirement, .. }, .. }) => {
                Some(requirement)
            }
            By::Project(_) => None,
        }
    }
}

impl<'a> Graph<'a> {
    /// Returns the graph of `lock`.
    pub fn of(lock: &'a Lockfile) -> Self {
        let places = lock.sets.iter().enumerate().map(|(at, set)| (&set.name, at)).collect();
        Graph { lock, places }
    }

    fn set(&self, name: &SetName) -> Option<&'a LockedSet> {
        self.places.get(name).map(|at| &self.lock.sets[*at])
    }

    /// Returns the tree of everything that the project needs, to `max_depth` (0 shows only what the
    /// project itself requires). A set's needs are shown where it is met first; no set is opened twice.
    pub fn tree(&self, max_depth: usize) -> Vec<Branch<'a>> {
        self.grow(self.roots(), max_depth)
    }

    /// Returns the tree of everything that the set `name` needs, likewise; depth 0 is what it needs
    /// itself. A set that the lock lacks needs nothing.
    pub fn tree_of(&self, name: &SetName, max_depth: usize) -> Vec<Branch<'a>> {
        self.grow(self.set(name).map_or_else(Vec::new, |set| self.needs(set, 0)), max_depth)
    }

    fn grow(&self, first: Vec<Branch<'a>>, max_depth: usize) -> Vec<Branch<'a>> {
        let mut lines = Vec::new();
        let mut opened: Vec<bool> = vec![false; self.lock.sets.len()];
        let mut stack: Vec<Branch<'a>> = Vec::new();
        push_siblings(&mut stack, first);
        while let Some(mut branch) = stack.pop() {
            let place = self.places.get(branch.name).copied();
            branch.repeated = place.is_some_and(|at| opened[at] && !self.lock.sets[at].dependencies.is_empty());
            if let (Some(at), false) = (place, branch.repeated || branch.depth >= max_depth) {
                opened[at] = true;
                push_siblings(&mut stack, self.needs(&self.lock.sets[at], branch.depth + 1));
            }
            lines.push(branch);
        }
        lines
    }

    /// Returns the shortest ways from the project to `name`, at most `limit` of them. None means
    /// that the lock has no such set or that nothing needs it.
    pub fn why(&self, name: &SetName, limit: usize) -> Why<'a> {
        // Distances from the project first; then backwards over those edges that lie on a shortest way.
        let mut distance: HashMap<&SetName, usize> = HashMap::new();
        let mut incoming: HashMap<&SetName, Vec<Branch<'a>>> = HashMap::new();
        let mut queue = VecDeque::new();
        for branch in self.roots() {
            if distance.insert(branch.name, 0).is_none() {
                queue.push_back(branch.name);
            }
            incoming.entry(branch.name).or_default().push(branch);
        }
        while let Some(here) = queue.pop_front() {
            let Some(set) = self.set(here) else { continue };
            let next = distance[here] + 1;
            for branch in self.needs(set, next) {
                let known = *distance.entry(branch.name).or_insert_with(|| {
                    queue.push_back(branch.name);
                    next
                });
                if known == next {
                    incoming.entry(branch.name).or_default().push(branch);
                }
            }
        }

        let mut why = Why { paths: Vec::new(), more: false };
        // Each entry is a way's tail, from its first step to the goal, in reverse.
        let last_steps = incoming.get(name).into_iter().flatten().rev();
        let mut stack: Vec<Vec<Branch<'a>>> = last_steps.map(|branch| vec![*branch]).collect();
        while let Some(tail) = stack.pop() {
            if why.paths.len() >= limit {
                why.more = true;
                break;
            }
            match tail.last().map(|branch| branch.by) {
                Some(By::Set(set, _)) => {
                    let before = incoming.get(&set.name).into_iter().flatten().rev();
                    stack.extend(before.map(|branch| tail.iter().copied().chain([*branch]).collect()));
                }
                Some(By::Project(_)) | None => why.paths.push(tail.into_iter().rev().collect()),
            }
        }
        why
    }

    /// Returns `names` and everything that they need, near and far, as far as the lock has it.
    pub fn needed_by<'n>(&self, names: impl IntoIterator<Item = &'n SetName>) -> BTreeSet<SetName> {
        let mut needed = BTreeSet::new();
        let mut stack: Vec<&LockedSet> = names.into_iter().filter_map(|name| self.set(name)).collect();
        while let Some(set) = stack.pop() {
            if needed.insert(set.name.clone()) {
                stack.extend(set.dependencies.iter().filter_map(|edge| self.set(&edge.name)));
            }
        }
        needed
    }

    /// Returns the sets that nothing needs any more, sorted: what `remove` takes out.
    pub fn unneeded(&self) -> Vec<&'a SetName> {
        let needed = self.needed_by(self.lock.requirements.iter().map(|requirement| &requirement.name));
        self.lock.sets.iter().map(|set| &set.name).filter(|name| !needed.contains(name)).collect()
    }

    fn roots(&self) -> Vec<Branch<'a>> {
        let branch = |requirement: &'a LockedRequirement| Branch {
            depth: 0,
            last: false,
            by: By::Project(requirement),
            name: &requirement.name,
            set: self.set(&requirement.name),
            repeated: false,
        };
        with_last(self.lock.requirements.iter().map(branch).collect())
    }

    fn needs(&self, set: &'a LockedSet, depth: usize) -> Vec<Branch<'a>> {
        let edges = set.dependencies.iter().map(|edge| Branch {
            depth,
            last: false,
            by: By::Set(set, &edge.requirement),
            name: &edge.name,
            set: self.set(&edge.name),
            repeated: false,
        });
        with_last(edges.collect())
    }
}

fn with_last(mut siblings: Vec<Branch<'_>>) -> Vec<Branch<'_>> {
    if let Some(last) = siblings.last_mut() {
        last.last = true;
    }
    siblings
}

/// Pushes siblings so that the first comes off the stack first.
fn push_siblings<'a>(stack: &mut Vec<Branch<'a>>, siblings: Vec<Branch<'a>>) {
    stack.extend(siblings.into_iter().rev());
}
