//! From what a refutation rests on to the conflicts that a person can see, each as paths from the
//! project.
//!
//! A proof by PubGrub is right and hard to read: it speaks of ranges of versions and of steps that
//! no one took. What people look for is a set on which two requirements meet that exclude each
//! other, or one requirement that nothing answers, and how they came to depend on it. All of these
//! are among the leaves of the proof; its inner steps only combine them. So the leaves alone are
//! taken, every set is searched for requirements that have no version in common, and the shortest
//! path of leaves from the project leads to each. All work and all output is bounded.

use super::derivation::Fact;
use super::explanation::{Conflict, Demand, Dependant, Explanation, Reason, Step};
use super::pool::{Asked, Missing, Pool, Refusal, SetId};
use super::problem::Root;
use super::ranges::{Point, VersionRange};
use crate::error::suggest;
use crate::lockfile::Source;
use crate::name::SetName;
use crate::version::Version;
use pubgrub::Ranges;
use std::collections::{HashMap, VecDeque};

/// How many conflicts are kept as data.
const MAX_CONFLICTS: usize = 50;
/// How many versions of a set are listed.
const MAX_VERSIONS: usize = 4;
/// How many steps of a path are kept.
const MAX_STEPS: usize = 12;
/// How many requirements on one set are compared with one another, nearest to the project first.
const MAX_COMPARED: usize = 100;
/// How many comparisons of versions with ranges a search for paths may take.
const MAX_WORK: usize = 2_000_000;

/// Explains one refutation.
pub(super) struct Explainer<'e, 'a> {
    pub(super) pool: &'e mut Pool<'a>,
    /// The project's requirements and how the solver sees them, side by side.
    pub(super) roots: &'e [Root],
    pub(super) asked: &'e [Asked],
    pub(super) facts: &'e [Fact],
}

/// The shortest way to a fact.
#[derive(Clone, Copy)]
struct Way {
    /// The fact before it; nothing for the project's own.
    before: Option<usize>,
    length: usize,
}

impl Explainer<'_, '_> {
    /// Returns the conflicts, without hints.
    pub(super) fn explain(&mut self) -> Explanation {
        let ways = self.ways();
        let mut on: HashMap<SetId, Vec<usize>> = HashMap::new();
        for (at, fact) in self.facts.iter().enumerate() {
            on.entry(fact.set).or_default().push(at);
        }
        let far = |at: usize| ways[at].map_or(usize::MAX, |way| way.length);
        let mut clashes: Vec<(SetId, Vec<usize>)> = Vec::new();
        for (set, mut facts) in on {
            facts.sort_by_key(|at| (far(*at), *at));
            clashes.extend(self.clashes(set, &facts).into_iter().map(|clash| (set, clash)));
        }
        clashes.sort_by_key(|(set, facts)| {
            let length = facts.iter().fold(0_usize, |sum, at| sum.saturating_add(far(*at)));
            (length, self.pool.name(*set).cloned(), facts.clone())
        });
        let more = clashes.len().saturating_sub(MAX_CONFLICTS);
        clashes.truncate(MAX_CONFLICTS);
        let conflicts = clashes.into_iter().filter_map(|(set, facts)| self.conflict(set, &facts, &ways)).collect();
        Explanation { conflicts, more, hints: Vec::new() }
    }

    /// Returns the shortest way to each fact, as far as there is one.
    fn ways(&self) -> Vec<Option<Way>> {
        let mut ways: Vec<Option<Way>> = vec![None; self.facts.len()];
        let mut by: HashMap<SetId, Vec<usize>> = HashMap::new();
        for (at, fact) in self.facts.iter().enumerate() {
            by.entry(fact.by).or_default().push(at);
        }
        let mut queue = VecDeque::new();
        for at in by.remove(&SetId::PROJECT).unwrap_or_default() {
            ways[at] = Some(Way { before: None, length: 1 });
            queue.push_back(at);
        }
        let mut work = 0;
        while let Some(at) = queue.pop_front() {
            let fact = &self.facts[at];
            let Some(next) = by.get_mut(&fact.set) else { continue };
            let length = ways[at].map_or(1, |way| way.length + 1);
            next.retain(|after| {
                work += 1;
                // The next one must speak of a version that this one leads to. When too much was
                // compared already, a way that may not fit is better than none.
                let follows = work > MAX_WORK || !self.facts[*after].versions.is_disjoint(&fact.range);
                if follows {
                    ways[*after] = Some(Way { before: Some(at), length });
                    queue.push_back(*after);
                }
                !follows
            });
        }
        ways
    }

    /// Returns the smallest groups of `facts`, all requirements on `set`, that no version satisfies.
    fn clashes(&self, set: SetId, facts: &[usize]) -> Vec<Vec<usize>> {
        let (alone, rest): (Vec<usize>, Vec<usize>) =
            facts.iter().partition(|at| !self.has_version(set, &self.facts[**at].range));
        let mut clashes: Vec<Vec<usize>> = alone.into_iter().map(|at| vec![at]).collect();
        let rest = &rest[..rest.len().min(MAX_COMPARED)];

        let mut told = vec![false; rest.len()];
        for i in 0..rest.len() {
            for j in i + 1..rest.len() {
                let (a, b) = (&self.facts[rest[i]], &self.facts[rest[j]]);
                // Two versions of one set are never there together. And where both are told of
                // already, one more pair tells nothing new.
                let apart = a.by == b.by && a.by != SetId::PROJECT;
                if apart || (told[i] && told[j]) || self.has_version(set, &a.range.intersection(&b.range)) {
                    continue;
                }
                (told[i], told[j]) = (true, true);
                clashes.push(vec![rest[i], rest[j]]);
            }
        }
        if clashes.is_empty() {
            clashes.extend(self.larger_clash(set, rest));
        }
        clashes
    }

    /// Returns a group of three or more requirements that no version satisfies, none of them
    /// dispensable, if taking them one by one leads to such a group.
    fn larger_clash(&self, set: SetId, facts: &[usize]) -> Option<Vec<usize>> {
        let together = |group: &[usize]| {
            group.iter().fold(Ranges::full(), |range, at| VersionRange::intersection(&range, &self.facts[*at].range))
        };
        let mut group: Vec<usize> = Vec::new();
        for at in facts {
            if group.iter().any(|other| self.facts[*other].by == self.facts[*at].by) {
                continue;
            }
            group.push(*at);
            if !self.has_version(set, &together(&group)) {
                for dropped in group.clone() {
                    let rest: Vec<usize> = group.iter().copied().filter(|at| *at != dropped).collect();
                    if !self.has_version(set, &together(&rest)) {
                        group = rest;
                    }
                }
                return Some(group);
            }
        }
        None
    }

    /// Returns whether `set` has a version in `range` that may be chosen, as far as is known.
    fn has_version(&self, set: SetId, range: &VersionRange) -> bool {
        self.pool.sources_in(set, range).into_iter().any(|source| match self.pool.known_table(set, source) {
            Some(table) => table.entries.iter().any(|entry| entry.refusal.is_none() && range.contains(&entry.point)),
            None => true,
        })
    }

    fn conflict(&mut self, set: SetId, facts: &[usize], ways: &[Option<Way>]) -> Option<Conflict> {
        let name = self.pool.name(set)?.clone();
        let demands: Vec<Demand> = facts.iter().map(|at| self.demand(*at, ways)).collect();
        let range =
            facts.iter().fold(Ranges::full(), |range, at| VersionRange::intersection(&range, &self.facts[*at].range));
        let mut reasons = self.reasons(set, &name, &range);
        if let [only] = facts {
            if self.facts[*only].range == Ranges::empty() {
                reasons.push(Reason::Impossible);
            }
        }
        Some(Conflict { set: name, demands, reasons })
    }

    /// Returns the path to the fact at `at`.
    fn demand(&mut self, at: usize, ways: &[Option<Way>]) -> Demand {
        let mut path = vec![at];
        let mut here = at;
        while let Some(before) = ways[here].and_then(|way| way.before) {
            path.push(before);
            here = before;
        }
        path.reverse();
        let skipped = path.len().saturating_sub(MAX_STEPS);
        let left_out = MAX_STEPS / 2..MAX_STEPS / 2 + skipped;
        let steps = (0..path.len()).filter(|step| !left_out.contains(step));
        let path = steps
            .filter_map(|step| {
                let leads_to = step.checked_sub(1).map(|before| &self.facts[path[before]].range);
                self.step(&self.facts[path[step]], leads_to)
            })
            .collect();
        Demand { path, skipped }
    }

    /// Returns the fact as a step; of the dependant's versions it names those that the path leads to.
    fn step(&mut self, fact: &Fact, leads_to: Option<&VersionRange>) -> Option<Step> {
        let needs = self.pool.name(fact.set)?.clone();
        let said = |asked: &Asked| asked.set == fact.set && asked.range == fact.range;
        if fact.by == SetId::PROJECT {
            let at = self.asked.iter().position(said)?;
            let root = self.roots.get(at)?;
            let source = self.pool.source(self.asked[at].source)?.clone();
            let by = Dependant::Project { member: root.member.clone(), line: root.line };
            let requirement = root.request.requirement.clone();
            return Some(self.overridden(Step { by, needs, requirement, source, overridden: false }, fact.set));
        }
        let range = leads_to.map_or_else(|| fact.versions.clone(), |range| fact.versions.intersection(range));
        let mut versions = Vec::new();
        let mut said_as = None;
        for source in self.pool.sources_in(fact.by, &range) {
            let Some(table) = self.pool.known_table(fact.by, source) else { continue };
            for entry in table.entries.iter().rev().filter(|entry| range.contains(&entry.point)) {
                versions.push(entry.version.clone());
                if said_as.is_none() {
                    let asked = self.pool.asked(entry);
                    let at = asked.iter().position(said)?;
                    said_as = Some((entry.needs.iter().nth(at)?.1.clone(), asked[at].source));
                }
            }
        }
        let (requirement, source) = said_as?;
        let source = self.pool.source(source)?.clone();
        let more = versions.len().saturating_sub(MAX_VERSIONS);
        versions.truncate(MAX_VERSIONS);
        let by = Dependant::Set { name: self.pool.name(fact.by)?.clone(), versions, more };
        Some(self.overridden(Step { by, needs, requirement, source, overridden: false }, fact.set))
    }

    /// Returns the step with the override's requirement where there is an override.
    fn overridden(&self, step: Step, set: SetId) -> Step {
        match self.pool.override_of(set) {
            Some(request) => Step { requirement: request.requirement.clone(), overridden: true, ..step },
            None => step,
        }
    }

    /// Returns what is known of the versions of `set` in `range`, none of which can be used.
    fn reasons(&self, set: SetId, name: &SetName, range: &VersionRange) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for source_id in self.pool.sources_in(set, range) {
            let (Some(source), Some(table)) = (self.pool.source(source_id), self.pool.known_table(set, source_id))
            else {
                continue;
            };
            match (table.missing, source) {
                (Some(Missing::Offline), _) => reasons.push(Reason::NotInCache),
                (Some(Missing::UnknownRegistry), Source::Registry(registry)) => {
                    reasons.push(Reason::UnknownRegistry { registry: registry.clone() });
                }
                (Some(_), _) => {
                    let similar = self.similar(name, source);
                    reasons.push(Reason::DoesNotExist { source: source.clone(), similar });
                }
                (None, _) => {}
            }
            if table.missing.is_some() {
                continue;
            }
            let asked_for = || table.entries.iter().rev().filter(|entry| range.contains(&entry.point));
            let refused = |kind: fn(&Refusal) -> bool| -> Vec<Version> {
                let of_kind = asked_for().filter(|entry| entry.refusal.as_ref().is_some_and(kind));
                of_kind.map(|entry| entry.version.clone()).take(MAX_VERSIONS).collect()
            };
            let refusals = || asked_for().filter_map(|entry| entry.refusal.as_ref());
            if let Some(yanked) = refusals().find_map(|refusal| match refusal {
                Refusal::Yanked(yanked) => Some(yanked),
                _ => None,
            }) {
                let versions = refused(|refusal| matches!(refusal, Refusal::Yanked(_)));
                reasons.push(Reason::Yanked { versions, message: yanked.message.clone() });
            }
            let ages = refusals().filter_map(|refusal| match refusal {
                Refusal::TooNew(published_at) => Some(*published_at),
                _ => None,
            });
            if let Some(published_at) = ages.min() {
                let versions = refused(|refusal| matches!(refusal, Refusal::TooNew(_)));
                reasons.push(Reason::TooNew { versions, published_at });
            }
            if refusals().any(|refusal| matches!(refusal, Refusal::AgeUnknown)) {
                let versions = refused(|refusal| matches!(refusal, Refusal::AgeUnknown));
                reasons.push(Reason::AgeUnknown { versions });
            }
            if let Some(requirement) = refusals().find_map(|refusal| match refusal {
                Refusal::NeedsAnvil(requirement) => Some(requirement.clone()),
                _ => None,
            }) {
                let versions = refused(|refusal| matches!(refusal, Refusal::NeedsAnvil(_)));
                reasons.push(Reason::NeedsNewerAnvil { versions, requirement });
            }
            let invalid = table.invalid.iter().rev().filter(|version| range.contains(&Point::of(version, source_id)));
            let invalid: Vec<Version> = invalid.take(MAX_VERSIONS).cloned().collect();
            if !invalid.is_empty() {
                reasons.push(Reason::Invalid { versions: invalid });
            }
            if table.newer > 0 {
                reasons.push(Reason::NewerFormat { count: table.newer });
            }
            if asked_for().next().is_none() {
                let newest = table.entries.iter().rev().take(MAX_VERSIONS).map(|entry| entry.version.clone());
                let newest: Vec<Version> = newest.collect();
                let more = table.entries.len() - newest.len();
                reasons.push(Reason::NoMatch { newest, more });
            }
        }
        reasons
    }

    /// Returns a name that `name` may be a slip of: the registry's answer, or else a name that was met.
    fn similar(&self, name: &SetName, source: &Source) -> Option<SetName> {
        if let Source::Registry(registry) = source {
            if let Some(similar) = self.pool.similar(registry, name) {
                return Some(similar);
            }
        }
        let existing = self.pool.existing_names();
        let found = suggest(name.as_str(), existing.iter().map(SetName::as_str))?.to_owned();
        existing.into_iter().find(|existing| existing.as_str() == found)
    }
}
