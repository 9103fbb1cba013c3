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
use super::explanation::{Conflict, Demand, Dependant, Explanation, Step};
use super::pool::{Asked, Pool, SetId, SourceId};
use super::problem::Root;
use super::ranges::{Place, VersionRange};
use super::reasons;
use crate::version::Requirement;
use pubgrub::VersionSet;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// How many conflicts are kept as data.
const MAX_CONFLICTS: usize = 50;
/// How many versions of a set are listed.
pub(super) const MAX_VERSIONS: usize = 4;
/// How many steps of a path are kept.
const MAX_STEPS: usize = 12;
/// How many requirements on one set are compared with one another, nearest to the project first.
const MAX_COMPARED: usize = 100;
/// How many comparisons the search for paths may take.
const MAX_WORK: usize = 2_000_000;

/// A fact as somebody wrote it: these versions of `by` need `set` with this requirement.
pub(super) struct Claim {
    pub(super) by: SetId,
    /// Ascending; for the project, the place of its requirement among the roots.
    pub(super) places: Vec<Place>,
    pub(super) set: SetId,
    pub(super) source: SourceId,
    pub(super) requirement: Requirement,
    overridden: bool,
    pub(super) range: VersionRange,
}

/// The shortest way to a claim.
#[derive(Clone, Copy)]
struct Way {
    /// The claim before it; nothing for the project's own.
    before: Option<usize>,
    length: usize,
    /// The manifest's line that it begins with.
    line: usize,
}

/// Explains one refutation.
pub(super) struct Explainer<'e, 'a> {
    pub(super) pool: &'e Pool<'a>,
    roots: &'e [Root],
    pub(super) claims: Vec<Claim>,
    ways: Vec<Option<Way>>,
}

impl<'e, 'a> Explainer<'e, 'a> {
    /// Returns an explainer of `facts`. `asked` is how the solver sees `roots`, side by side.
    pub(super) fn new(pool: &'e mut Pool<'a>, roots: &'e [Root], asked: &[Asked], facts: &[Fact]) -> Self {
        let mut claims: Vec<Claim> = facts.iter().flat_map(|fact| claims(pool, roots, asked, fact)).collect();
        // Numbers of sets depend on the way here; names do not.
        claims.sort_by_cached_key(|claim| {
            let source = pool.source(claim.source).clone();
            let names = (pool.name(claim.by).cloned(), pool.name(claim.set).cloned());
            (names, claim.requirement.to_string(), source, claim.places.clone())
        });
        let ways = ways(&claims, roots);
        Explainer { pool, roots, claims, ways }
    }

    /// Returns the conflicts, without hints.
    pub(super) fn explain(&self) -> Explanation {
        let mut on: BTreeMap<SetId, Vec<usize>> = BTreeMap::new();
        for (at, claim) in self.claims.iter().enumerate() {
            on.entry(claim.set).or_default().push(at);
        }
        let mut clashes: Vec<Vec<usize>> = Vec::new();
        for mut group in on.into_values() {
            group.sort_by_key(|at| (self.length(*at), self.ways[*at].map(|way| way.line), *at));
            clashes.extend(self.clashes(&group));
        }
        clashes.sort_by_cached_key(|group| {
            let length = group.iter().fold(0_usize, |sum, at| sum.saturating_add(self.length(*at)));
            let lines: Vec<_> = group.iter().map(|at| self.ways[*at].map(|way| way.line)).collect();
            (length, lines, group.clone())
        });
        let more = clashes.len().saturating_sub(MAX_CONFLICTS);
        clashes.truncate(MAX_CONFLICTS);
        let conflicts = clashes.iter().filter_map(|group| self.conflict(group)).collect();
        Explanation { conflicts, more, hints: Vec::new(), derivation: None }
    }

    fn length(&self, at: usize) -> usize {
        self.ways[at].map_or(usize::MAX, |way| way.length)
    }

    /// Returns the smallest groups of `claims`, all on one set, that no version satisfies.
    fn clashes(&self, claims: &[usize]) -> Vec<Vec<usize>> {
        let (alone, rest): (Vec<usize>, Vec<usize>) = claims.iter().partition(|at| self.claims[**at].range.is_empty());
        let mut clashes: Vec<Vec<usize>> = alone.into_iter().map(|at| vec![at]).collect();
        let rest = &rest[..rest.len().min(MAX_COMPARED)];

        let mut told = vec![false; rest.len()];
        for i in 0..rest.len() {
            for j in i + 1..rest.len() {
                let (a, b) = (&self.claims[rest[i]], &self.claims[rest[j]]);
                // Where both are told of already, one more pair tells nothing new.
                if !a.can_meet(b) || (told[i] && told[j]) || !a.range.is_disjoint(&b.range) {
                    continue;
                }
                (told[i], told[j]) = (true, true);
                clashes.push(vec![rest[i], rest[j]]);
            }
        }
        if clashes.is_empty() {
            clashes.extend(self.larger_clash(rest));
        }
        clashes
    }

    /// Returns a group of three or more claims that no version satisfies, none of them dispensable,
    /// if taking them one by one leads to such a group.
    fn larger_clash(&self, claims: &[usize]) -> Option<Vec<usize>> {
        let exclude = |group: &[usize]| {
            let together = |range: VersionRange, at: &usize| range.intersection(&self.claims[*at].range);
            group.iter().fold(VersionRange::full(), together).is_empty()
        };
        let mut group: Vec<usize> = Vec::new();
        for at in claims {
            if !group.iter().all(|other| self.claims[*other].can_meet(&self.claims[*at])) {
                continue;
            }
            group.push(*at);
            if exclude(&group) {
                for dropped in group.clone() {
                    let rest: Vec<usize> = group.iter().copied().filter(|at| *at != dropped).collect();
                    if exclude(&rest) {
                        group = rest;
                    }
                }
                return Some(group);
            }
        }
        None
    }

    fn conflict(&self, group: &[usize]) -> Option<Conflict> {
        let claims: Vec<&Claim> = group.iter().map(|at| &self.claims[*at]).collect();
        let set = self.pool.name(claims.first()?.set)?.clone();
        let demands = group.iter().map(|at| self.demand(*at)).collect();
        Some(Conflict { set, demands, reasons: reasons::of(self.pool, &claims) })
    }

    /// Returns the path to the claim at `at`.
    fn demand(&self, at: usize) -> Demand {
        let mut path = vec![at];
        let mut here = at;
        while let Some(before) = self.ways[here].and_then(|way| way.before) {
            path.push(before);
            here = before;
        }
        path.reverse();
        let skipped = path.len().saturating_sub(MAX_STEPS);
        let left_out = MAX_STEPS / 2..MAX_STEPS / 2 + skipped;
        let steps = (0..path.len()).filter(|step| !left_out.contains(step)).filter_map(|step| {
            let leads_to = step.checked_sub(1).map(|before| &self.claims[path[before]].range);
            self.step(&self.claims[path[step]], leads_to)
        });
        Demand { path: steps.collect(), skipped }
    }

    /// Returns the claim as a step; of the dependant's versions it names those that the path leads to.
    pub(super) fn step(&self, claim: &Claim, leads_to: Option<&VersionRange>) -> Option<Step> {
        let by = if claim.by == SetId::PROJECT {
            let root = self.roots.get(*claim.places.first()? as usize)?;
            Dependant::Project { member: root.member.clone(), line: root.line, inherited: root.inherited }
        } else {
            let reached = |place: &&Place| leads_to.is_none_or(|range| range.contains(place));
            let mut versions: Vec<_> = claim
                .places
                .iter()
                .filter(reached)
                .filter_map(|place| self.pool.entry(claim.by, *place))
                .map(|(table, at)| table.entries[at].version.clone())
                .collect();
            versions.sort_by(|a, b| b.cmp(a));
            let more = versions.len().saturating_sub(MAX_VERSIONS);
            versions.truncate(MAX_VERSIONS);
            Dependant::Set { name: self.pool.name(claim.by)?.clone(), versions, more }
        };
        Some(Step {
            by,
            needs: self.pool.name(claim.set)?.clone(),
            requirement: claim.requirement.clone(),
            source: self.pool.source(claim.source).clone(),
            overridden: claim.overridden,
        })
    }
}

impl Claim {
    /// Returns whether both can hold at once: two versions of one set are never there together.
    fn can_meet(&self, other: &Claim) -> bool {
        self.by != other.by
            || self.by == SetId::PROJECT
            || self.places.iter().any(|place| other.places.binary_search(place).is_ok())
    }
}

/// Returns what was written that makes up `fact`: versions with requirements that come to the same
/// range may have written them differently.
fn claims(pool: &mut Pool<'_>, roots: &[Root], asked: &[Asked], fact: &Fact) -> Vec<Claim> {
    let said = |asked: &Asked| asked.set == fact.set && asked.range == fact.range;
    let mut claims: Vec<Claim> = Vec::new();
    let mut add = |target: &super::pool::Target<'_>, place: Place| {
        let same = |claim: &&mut Claim| claim.source == target.source && claim.requirement == *target.requirement;
        if let Some(claim) = claims.iter_mut().find(same) {
            claim.places.push(place);
            return;
        }
        claims.push(Claim {
            by: fact.by,
            places: vec![place],
            set: fact.set,
            source: target.source,
            requirement: target.requirement.clone(),
            overridden: target.overridden,
            range: fact.range.clone(),
        });
    };
    if fact.by == SetId::PROJECT {
        for (place, (root, asked)) in (0..).zip(roots.iter().zip(asked)) {
            if said(asked) {
                add(&pool.target_of_root(root), place);
            }
        }
        return claims;
    }
    // A version that needs another of its own set is told to the solver as one that needs what is not there.
    let is_of_itself = fact.by == fact.set;
    for table in pool.tables(fact.by) {
        for (place, entry) in table.places().filter(|(place, _)| fact.versions.contains(place)) {
            let Some(asked) = entry.asked.get() else { continue };
            let targets = pool.targets(&table, entry);
            let is_meant = |asked: &Asked| match is_of_itself {
                true => asked.set == fact.set && !asked.range.contains(&place),
                false => said(asked),
            };
            if let Some((_, target)) = asked.iter().zip(&targets).find(|(asked, _)| is_meant(asked)) {
                add(target, place);
            }
        }
    }
    for claim in &mut claims {
        claim.places.sort_unstable();
    }
    claims
}

/// Returns the shortest way to each claim, as far as there is one.
fn ways(claims: &[Claim], roots: &[Root]) -> Vec<Option<Way>> {
    let mut ways: Vec<Option<Way>> = vec![None; claims.len()];
    let mut by: HashMap<SetId, Vec<usize>> = HashMap::new();
    for (at, claim) in claims.iter().enumerate() {
        by.entry(claim.by).or_default().push(at);
    }
    let mut queue = VecDeque::new();
    for at in by.remove(&SetId::PROJECT).unwrap_or_default() {
        let root = claims[at].places.first().and_then(|place| roots.get(*place as usize));
        ways[at] = Some(Way { before: None, length: 1, line: root.map_or(0, |root| root.line) });
        queue.push_back(at);
    }
    let mut work = 0;
    while let Some(at) = queue.pop_front() {
        let claim = &claims[at];
        let Some(next) = by.get_mut(&claim.set) else { continue };
        let (length, line) = ways[at].map_or((1, 0), |way| (way.length + 1, way.line));
        next.retain(|after| {
            // The next one must speak of a version that this one leads to. When too much was
            // compared already, a way that may not fit is better than none.
            let follows = work > MAX_WORK
                || claims[*after].places.iter().inspect(|_| work += 1).any(|place| claim.range.contains(place));
            if follows {
                ways[*after] = Some(Way { before: Some(at), length, line });
                queue.push_back(*after);
            }
            !follows
        });
    }
    ways
}
