//! Finished locks as graphs: what needs what, and why a set is there.

mod why;

pub use why::Why;

use crate::lockfile::{EdgeRequirement, LockedRequirement, LockedSet, Lockfile, Source};
use crate::manifest::DependencySource;
use crate::name::SetName;
use crate::version::Requirement;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A lock with its edges at hand.
pub struct Graph<'a> {
    lock: &'a Lockfile,
    places: HashMap<&'a SetName, usize>,
    /// The locked sets that are members of the workspace, by their paths from the root.
    members: HashMap<&'a str, &'a LockedSet>,
    /// What members ask for themselves.
    asked: HashSet<(&'a str, &'a SetName)>,
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
        let asked: HashSet<_> = lock.requirements.iter().map(|entry| (entry.member.as_str(), &entry.name)).collect();
        let asking: HashSet<&str> = asked.iter().map(|(member, _)| *member).collect();
        let members = lock.sets.iter().filter_map(|set| match &set.source {
            Source::Path(path) if asking.contains(path.as_str()) => Some((path.as_str(), set)),
            _ => None,
        });
        Graph { lock, places, members: members.collect(), asked }
    }

    fn set(&self, name: &SetName) -> Option<&'a LockedSet> {
        self.places.get(name).map(|at| &self.lock.sets[*at])
    }

    /// Returns for each of `members` of the workspace the tree of everything that it needs, to `max_depth` (0 shows
    /// only what the member itself requires). A set's needs are shown where it is met first; no set is opened twice.
    pub fn trees(&self, members: &[&str], max_depth: usize) -> Vec<Vec<Branch<'a>>> {
        let mut opened = HashSet::new();
        let one = |member: &&str| {
            let is_its = |branch: &Branch<'a>| matches!(branch.by, By::Project(entry) if entry.member == *member);
            let first = with_last(self.roots().into_iter().filter(is_its).collect());
            self.walk(first, max_depth, &mut opened, |branch| self.below(branch))
        };
        members.iter().map(one).collect()
    }

    /// Returns the tree of everything that the set `name` needs, likewise; depth 0 is what it needs
    /// itself. A set that the lock lacks needs nothing.
    pub fn tree_of(&self, name: &SetName, max_depth: usize) -> Vec<Branch<'a>> {
        let first = self.set(name).map_or_else(Vec::new, |set| self.needs(set, 0));
        self.walk(first, max_depth, &mut HashSet::new(), |branch| self.below(branch))
    }

    /// Returns the tree of everything that needs the set `name`, up to the project; depth 0 is who needs it itself.
    /// Each branch is one dependant, by [`Branch::by`], and what it needs of the one above. No set is opened twice.
    pub fn tree_to(&self, name: &SetName, max_depth: usize) -> Vec<Branch<'a>> {
        let mut incoming: HashMap<&SetName, Vec<Branch<'a>>> = HashMap::new();
        for branch in self.dependants() {
            incoming.entry(branch.name).or_default().push(branch);
        }
        let above = |name: &SetName, depth: usize| {
            let branches = incoming.get(name).into_iter().flatten();
            with_last(branches.map(|branch| Branch { depth, last: false, ..*branch }).collect())
        };
        let upwards = |branch: &Branch<'a>| match branch.by {
            By::Set(set, _) => Some((&set.name, above(&set.name, branch.depth + 1))),
            // A member may be needed by others.
            By::Project(entry) => {
                let member = self.members.get(entry.member.as_str())?;
                Some((&member.name, above(&member.name, branch.depth + 1)))
            }
        };
        self.walk(above(name, 0), max_depth, &mut HashSet::new(), upwards)
    }

    /// Returns the sets that several ask for and not all alike, each with who asks for it, by name.
    pub fn disputed(&self) -> Vec<(&'a SetName, Vec<Branch<'a>>)> {
        let mut incoming: BTreeMap<&'a SetName, Vec<Branch<'a>>> = BTreeMap::new();
        for branch in self.dependants() {
            incoming.entry(branch.name).or_default().push(branch);
        }
        let asks = |branch: &Branch<'_>| match branch.by {
            By::Project(requirement) => requirement.source.to_string(),
            By::Set(_, requirement) => requirement.0.to_string(),
        };
        incoming.retain(|_, branches| branches.iter().map(asks).collect::<BTreeSet<_>>().len() > 1);
        incoming.into_iter().collect()
    }

    /// Returns everyone who needs something, with what. A member of the workspace that is a set of the lock, too, since
    /// others need it, is told once: as its manifest has it.
    fn dependants(&self) -> impl Iterator<Item = Branch<'a>> {
        let needs = self.lock.sets.iter().flat_map(|set| self.needs(set, 0));
        self.roots().into_iter().chain(needs.filter(|branch| !self.is_members_own(branch)))
    }

    /// Returns whether a set needs what a member asks for that it is.
    fn is_members_own(&self, branch: &Branch<'a>) -> bool {
        match branch.by {
            By::Set(LockedSet { source: Source::Path(path), .. }, _) => {
                self.asked.contains(&(path.as_str(), branch.name))
            }
            _ => false,
        }
    }

    /// Returns which set a branch opens, and what is below it.
    fn below(&self, branch: &Branch<'a>) -> Option<(&'a SetName, Vec<Branch<'a>>)> {
        branch.set.map(|set| (&set.name, self.needs(set, branch.depth + 1)))
    }

    /// Returns `first` and all that they lead to. `next` says which set a branch opens, and what is behind it.
    fn walk(
        &self,
        first: Vec<Branch<'a>>,
        max_depth: usize,
        opened: &mut HashSet<&'a SetName>,
        next: impl Fn(&Branch<'a>) -> Option<(&'a SetName, Vec<Branch<'a>>)>,
    ) -> Vec<Branch<'a>> {
        let mut lines = Vec::new();
        let mut stack: Vec<Branch<'a>> = Vec::new();
        push_siblings(&mut stack, first);
        while let Some(mut branch) = stack.pop() {
            if let Some((name, behind)) = next(&branch) {
                branch.repeated = opened.contains(name) && !behind.is_empty();
                if !branch.repeated && branch.depth < max_depth {
                    opened.insert(name);
                    push_siblings(&mut stack, behind);
                }
            }
            lines.push(branch);
        }
        lines
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lockfile::Edge;

    fn name(text: &str) -> SetName {
        format!("x/{text}").parse().unwrap()
    }

    /// Returns a lock whose project requires `roots` and whose sets need what the lines say: `a: b c`.
    fn lock(roots: &str, lines: &[&str]) -> Lockfile {
        let registry = |requirement: &str| DependencySource::Registry {
            requirement: requirement.parse().unwrap(),
            registry: None,
        };
        let set = |line: &&str| {
            let (set, needs) = line.split_once(':').unwrap();
            let edge = |text: &str| Edge { name: name(text), requirement: EdgeRequirement("^1".parse().unwrap()) };
            LockedSet {
                name: name(set),
                version: "1.0.0".parse().unwrap(),
                source: Source::Registry("test".parse().unwrap()),
                sha256: None,
                digest: None,
                dependencies: needs.split_whitespace().map(edge).collect(),
                unknown: Vec::new(),
            }
        };
        let requirement =
            |text: &str| LockedRequirement { member: ".".into(), name: name(text), source: registry("^1") };
        Lockfile {
            requirements: roots.split_whitespace().map(requirement).collect(),
            overrides: Vec::new(),
            sets: lines.iter().map(set).collect(),
        }
    }

    fn drawn(branches: &[Branch<'_>]) -> String {
        let line = |branch: &Branch<'_>| {
            let mark = if branch.repeated { " (*)" } else { "" };
            let turn = if branch.last { "`" } else { "|" };
            format!("{}{turn}{}{mark}", " ".repeat(branch.depth), branch.name.set())
        };
        branches.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_tree_shows_each_sets_needs_once() {
        let lock = lock("a b", &["a: c d", "b: c", "c: d", "d:"]);
        let graph = Graph::of(&lock);
        assert_eq!(drawn(&graph.trees(&["."], usize::MAX)[0]), "|a\n |c\n  `d\n `d\n`b\n `c (*)");
        assert_eq!(drawn(&graph.trees(&["."], 0)[0]), "|a\n`b");
        assert_eq!(drawn(&graph.trees(&["."], 1)[0]), "|a\n |c\n `d\n`b\n `c");
    }

    #[test]
    fn a_tree_can_lead_up_to_the_project() {
        let lock = lock("a b", &["a: c d", "b: c", "c: d", "d:"]);
        let graph = Graph::of(&lock);
        let shown = |depth: usize| -> Vec<String> {
            let who = |by: By<'_>| match by {
                By::Project(_) => "project".to_owned(),
                By::Set(set, _) => set.name.set().to_owned(),
            };
            let line = |branch: &Branch<'_>| {
                format!("{}{}{}", " ".repeat(branch.depth), who(branch.by), if branch.repeated { "*" } else { "" })
            };
            graph.tree_to(&name("d"), depth).iter().map(line).collect()
        };
        assert_eq!(shown(usize::MAX), ["a", " project", "c", " a*", " b", "  project"]);
        assert_eq!(shown(0), ["a", "c"]);
        assert_eq!(graph.disputed(), []);
    }

    #[test]
    fn every_shortest_way_to_a_set_is_told_and_no_longer_one() {
        let lock = lock("a b", &["a: d", "b: d e", "d: f", "e: d f", "f: g", "g:"]);
        let graph = Graph::of(&lock);
        let ways = |set: &str, limit| {
            let why = graph.why(&name(set), limit);
            let way = |path: &Vec<Branch<'_>>| path.iter().map(|step| step.name.set()).collect::<String>();
            (why.paths.iter().map(way).collect::<Vec<_>>(), why.more)
        };
        assert_eq!(ways("a", 9), (vec!["a".into()], false));
        assert_eq!(ways("g", 9), (vec!["adfg".into(), "bdfg".into(), "befg".into()], false));
        assert!(ways("g", 2).1);
        assert_eq!(ways("z", 9), (vec![], false));
    }

    #[test]
    fn whoever_asks_for_a_set_is_told_with_a_way_however_long() {
        // `d` is asked for by the root, by `a`, and by `c` at the end of a longer way; `z` leads to none of them.
        let mut lock = lock("d a b z", &["a: d", "b: c", "c: d", "d:", "z:"]);
        lock.requirements.extend(["m1", "m2"].map(|member| LockedRequirement {
            member: member.into(),
            name: name(if member == "m1" { "d" } else { "b" }),
            source: lock.requirements[0].source.clone(),
        }));
        let told = |limit| {
            let why = Graph::of(&lock).why(&name("d"), limit);
            let who = |step: &Branch<'_>| match step.by {
                By::Project(entry) => format!("{}:{}", entry.member, step.name.set()),
                By::Set(..) => step.name.set().to_owned(),
            };
            (why.paths.iter().map(|path| path.iter().map(who).collect()).collect::<Vec<String>>(), why.more)
        };
        let all: Vec<String> = [".:d", "m1:d", ".:ad", ".:bcd", "m2:bcd"].map(str::to_owned).into();
        assert_eq!(told(9), (all.clone(), false));
        // The limit is one of ways that are as short as others, not one of who asks.
        assert_eq!(told(1).0.len(), all.len());
        // A circle is no way.
        let circle = self::lock("a", &["a: b", "b: a"]);
        assert_eq!(Graph::of(&circle).why(&name("a"), 9).paths.len(), 1);
    }

    #[test]
    fn however_many_ask_the_answer_has_bounds() {
        let names: Vec<String> = (0..500).map(|at| format!("s{at:03}")).collect();
        let lines: Vec<String> = names.iter().map(|name| format!("{name}: z")).chain(["z:".into()]).collect();
        let lock = lock(&names.join(" "), &lines.iter().map(String::as_str).collect::<Vec<_>>());
        let why = Graph::of(&lock).why(&name("z"), 9);
        assert_eq!((why.paths.len(), why.more), (109, true), "nine of the shortest, and a hundred that ask");
    }

    #[test]
    fn what_nothing_needs_is_found_even_in_a_circle() {
        let lock = lock("a", &["a: b", "b:", "c: d", "d: c b"]);
        let graph = Graph::of(&lock);
        assert_eq!(graph.unneeded(), [&name("c"), &name("d")]);
        assert_eq!(graph.needed_by([&name("d")]), [name("b"), name("c"), name("d")].into());
        // A broken lock neither panics nor loops.
        assert!(Graph::of(&self::lock("q", &["c: d"])).trees(&["."], 9)[0][0].set.is_none());
    }

    #[test]
    fn a_deep_lock_needs_no_deep_stack() {
        let lines: Vec<String> = (0..20_000).map(|at| format!("s{at:05}: s{:05}", at + 1)).collect();
        let lock = lock("s00000", &lines.iter().map(String::as_str).collect::<Vec<_>>());
        let graph = Graph::of(&lock);
        assert_eq!(graph.trees(&["."], usize::MAX)[0].len(), 20_001);
        assert_eq!(graph.why(&name("s20000"), 3).paths[0].len(), 20_001);
        assert_eq!(graph.needed_by([&name("s00000")]).len(), 20_000);
        assert_eq!(graph.tree_to(&name("s19999"), usize::MAX).len(), 20_000);
    }
}
