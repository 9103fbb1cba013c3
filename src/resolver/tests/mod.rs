//! Stories about what a user relies on, and random graphs against brute force.

#![allow(clippy::unwrap_used)]

mod random;
mod size;
mod stories;
mod told;

use super::*;
use crate::index::LineDependency;
use crate::lockfile::Source;
use crate::manifest::Pattern;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::version::{Requirement, Version};
use std::cell::RefCell;
use std::collections::BTreeMap;

fn name(text: &str) -> SetName {
    // Stories write `a` for `x/a`.
    if text.contains('/') { text.parse().unwrap() } else { format!("x/{text}").parse().unwrap() }
}

fn registry(text: &str) -> RegistryId {
    text.parse().unwrap()
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn requirement(text: &str) -> Requirement {
    Requirement::parse(text).unwrap()
}

/// Registries in memory. `test` is the one that stories use unless they say otherwise.
#[derive(Default)]
struct Shelf {
    sets: BTreeMap<(RegistryId, SetName), Versions>,
    offline: Vec<SetName>,
    failing: Vec<SetName>,
    asked: RefCell<Vec<SetName>>,
    prefetched: RefCell<Vec<Vec<SetName>>>,
}

impl Shelf {
    /// Returns a shelf with a version a line: `a 1.0.0: b ^1; c ^2 @other`.
    fn with(lines: &str) -> Self {
        let mut shelf = Shelf::default();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            shelf.put("test", line, |_| {});
        }
        shelf
    }

    fn put(&mut self, id: &str, line: &str, change: impl FnOnce(&mut Candidate)) {
        let (head, needs) = line.split_once(':').unwrap_or((line, ""));
        let (set, number) = head.trim().split_once(' ').unwrap();
        let need = |text: &str| {
            let (text, from) = text.split_once(" @").map_or((text, None), |(text, id)| (text, Some(registry(id))));
            let (set, required) = text.trim().split_once(' ').unwrap();
            LineDependency { name: name(set), requirement: requirement(required), registry: from, registry_url: None }
        };
        let mut candidate = Candidate {
            version: version(number.trim()),
            dependencies: needs.split(';').map(str::trim).filter(|need| !need.is_empty()).map(need).collect(),
            yanked: None,
            published_at: Some(1_000),
            anvil: None,
        };
        change(&mut candidate);
        self.sets.entry((registry(id), name(set))).or_default().candidates.push(candidate);
    }
}

impl Index for Shelf {
    fn versions(&self, registry: &RegistryId, set: &SetName) -> Result<Versions, Unavailable> {
        self.asked.borrow_mut().push(set.clone());
        if self.offline.contains(set) {
            return Err(Unavailable::Offline);
        }
        if self.failing.contains(set) {
            return Err(Unavailable::Failed(crate::version::parse_version("1").unwrap_err().into()));
        }
        self.sets.get(&(registry.clone(), set.clone())).cloned().ok_or(Unavailable::NotFound)
    }

    fn prefetch(&self, wanted: &[Wanted<'_>]) {
        self.prefetched.borrow_mut().push(wanted.iter().map(|wanted| wanted.name.clone()).collect());
    }
}

fn root(text: &str, line: usize) -> Root {
    let (text, id) = text.split_once(" @").unwrap_or((text, "test"));
    let (set, required) = text.split_once(' ').unwrap();
    let request = Request::registry(name(set), requirement(required), registry(id));
    Root { request, member: ".".into(), line, inherited: None, role: RootRole::Requirement }
}

/// Returns a problem with these requirements, from line 10 of the manifest on.
fn project(roots: &[&str]) -> Problem {
    Problem {
        roots: roots.iter().enumerate().map(|(at, text)| root(text, 10 + at)).collect(),
        own: Vec::new(),
        stand_ins: Vec::new(),
        overrides: Vec::new(),
        fixed: Vec::new(),
        locked: Vec::new(),
        update: Update::None,
        strategy: Strategy::Highest,
        age: None,
        telling: Telling {
            registries: [(registry("test"), RegistryName::default_name())].into(),
            ..Telling::default()
        },
        anvil: version("0.4.0-dev"),
    }
}

/// Returns the rule that versions must have been published by `moment`, a while ago.
fn older_than(moment: i64) -> Option<AgeRule> {
    Some(AgeRule { published_before: moment, now: moment + 8_000, exempt: Vec::new() })
}

fn lock(problem: &mut Problem, sets: &[&str]) {
    for text in sets {
        let (set, number) = text.split_once(' ').unwrap();
        let source = Source::Registry(registry("test"));
        problem.locked.push(Locked { name: name(set), version: version(number), source });
    }
}

fn solve(problem: &Problem, shelf: &Shelf) -> Result<Resolution, ResolveError> {
    resolve(problem, shelf, Budget::default())
}

/// Returns the answer as `a 1.0.0, b 2.0.0`, or the message.
fn answer(problem: &Problem, shelf: &Shelf) -> String {
    match solve(problem, shelf) {
        Ok(resolution) => {
            let words = |set: &Chosen| format!("{} {}", set.name.as_str().trim_start_matches("x/"), set.version);
            resolution.sets.iter().map(words).collect::<Vec<_>>().join(", ")
        }
        Err(error) => error.to_string(),
    }
}
