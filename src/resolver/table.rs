//! The versions of one set of one source, and which of them may be chosen.

use super::pool::{Asked, SourceId};
use super::problem::{AgeRule, Problem, Request};
use super::ranges::Place;
use super::world::{Candidate, Versions};
use crate::index::{Dependencies, LineDependency, Yanked};
use crate::lockfile::Source;
use crate::name::SetName;
use crate::version::{Requirement, Version};
use semver::{BuildMetadata, Prerelease};
use std::cell::OnceCell;
use std::rc::Rc;

/// The versions of one set of one source.
pub(super) struct Table {
    pub(super) source: SourceId,
    /// The place of the first entry.
    pub(super) first: Place,
    /// In ascending order.
    pub(super) entries: Vec<Entry>,
    /// How many versions only a newer Anvil understands.
    pub(super) newer: usize,
    /// Versions that contradict themselves, ascending.
    pub(super) invalid: Vec<Version>,
    /// Why there are no entries, where the source gave no answer.
    pub(super) missing: Option<Missing>,
}

/// One version.
pub(super) struct Entry {
    pub(super) version: Version,
    /// Why it may not be chosen.
    pub(super) refusal: Option<Refusal>,
    /// Set when it was yanked, also where it may be chosen all the same.
    pub(super) yanked: Option<Yanked>,
    pub(super) needs: Needs,
    /// What it needs, as the solver sees it; filled when it is chosen for the first time.
    pub(super) asked: OnceCell<Rc<[Asked]>>,
}

/// What a version needs, as it was told.
pub(super) enum Needs {
    Registry(Dependencies),
    Fixed(Vec<Request>),
}

/// One need, whoever told it.
pub(super) struct NeedRef<'n> {
    pub(super) name: &'n SetName,
    pub(super) requirement: &'n Requirement,
    /// Nothing means the dependant's own source.
    pub(super) source: Option<Source>,
}

/// Why a version that exists may not be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    Yanked(Yanked),
    TooNew(i64),
    /// It was published after this moment, which is later than now.
    FromTheFuture(i64),
    AgeUnknown,
    NeedsAnvil(Requirement),
}

/// Why a source gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    NotFound,
    Offline,
    UnknownRegistry,
}

/// What decides whether a version may be chosen.
pub(super) struct Rules {
    age: Option<AgeRule>,
    anvil: Version,
}

impl Rules {
    pub(super) fn new(problem: &Problem) -> Self {
        // A development build of 0.4.0 can do what 0.4.0 can, whatever requirements think of pre-releases.
        let anvil = Version { pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..problem.anvil.clone() };
        Rules { age: problem.age.clone(), anvil }
    }

    /// Returns what the time is where the age of versions matters, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.age.as_ref().map_or(0, |age| age.now)
    }

    /// Returns the rule of age that versions of `set` are held to.
    fn age_of(&self, set: &SetName) -> Option<&AgeRule> {
        self.age.as_ref().filter(|age| !age.exempt.iter().any(|pattern| pattern.matches(set.as_str())))
    }

    fn refusal(&self, candidate: &Candidate, age: Option<&AgeRule>, locked: bool) -> Option<Refusal> {
        if let Some(requirement) = candidate.anvil.as_ref().filter(|requirement| !requirement.matches(&self.anvil)) {
            return Some(Refusal::NeedsAnvil(requirement.clone()));
        }
        if locked {
            return None;
        }
        if let Some(yanked) = &candidate.yanked {
            return Some(Refusal::Yanked(yanked.clone()));
        }
        match (age, candidate.published_at) {
            // An hour: clocks that are a little apart are no news.
            (Some(age), Some(published)) if published > age.now.saturating_add(3_600) => {
                Some(Refusal::FromTheFuture(published))
            }
            (Some(age), Some(published)) if published > age.published_before => Some(Refusal::TooNew(published)),
            // A version that hides its age would get round the rule that it is meant for.
            (Some(_), None) => Some(Refusal::AgeUnknown),
            _ => None,
        }
    }
}

impl Needs {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Needs::Registry(needs) => needs.len(),
            Needs::Fixed(needs) => needs.len(),
        }
    }

    /// Returns each need, in an order that does not depend on the telling. Few of the versions in an
    /// index are ever asked for it, so that it is made only then.
    pub(super) fn iter(&self) -> impl Iterator<Item = NeedRef<'_>> {
        let (needs, requests): (&[LineDependency], &[Request]) = match self {
            Needs::Registry(needs) => (needs, &[]),
            Needs::Fixed(requests) => (&[], requests),
        };
        let of_registry = needs.iter().map(|LineDependency { name, requirement, registry, .. }| NeedRef {
            name,
            requirement,
            source: registry.clone().map(Source::Registry),
        });
        let fixed = requests.iter().map(|Request { name, requirement, source }| NeedRef {
            name,
            requirement,
            source: Some(source.clone()),
        });
        let mut needs: Vec<NeedRef<'_>> = of_registry.chain(fixed).collect();
        needs
            .sort_by(|a, b| a.name.cmp(b.name).then_with(|| a.requirement.to_string().cmp(&b.requirement.to_string())));
        needs.into_iter()
    }
}

impl Table {
    /// Returns the table of a source that gave no answer.
    pub(super) fn missing(source: SourceId, first: Place, missing: Missing) -> Self {
        let (entries, invalid) = (Vec::new(), Vec::new());
        Table { source, first, entries, newer: 0, invalid, missing: Some(missing) }
    }

    /// Returns the table of a git or path source.
    pub(super) fn fixed(source: SourceId, first: Place, version: &Version, needs: &[Request]) -> Self {
        let (version, needs) = (version.clone(), Needs::Fixed(needs.to_vec()));
        let entry = Entry { version, refusal: None, yanked: None, needs, asked: OnceCell::new() };
        Table { source, first, entries: vec![entry], newer: 0, invalid: Vec::new(), missing: None }
    }

    /// Returns the table of what a registry has. `locked` may be chosen although they were yanked
    /// or are too new.
    pub(super) fn of_registry(
        (set, source): (&SetName, SourceId),
        first: Place,
        versions: Versions,
        rules: &Rules,
        locked: &[&Version],
    ) -> Self {
        let age = rules.age_of(set);
        let Versions { mut candidates, newer, mut invalid } = versions;
        candidates.sort_by(|a, b| a.version.cmp_precedence(&b.version));
        candidates.dedup();
        invalid.sort_by(Version::cmp_precedence);
        let told = invalid.len();
        let mut entries: Vec<Entry> = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            // The index promises one line a version. Where it breaks the promise, taking either
            // would make the answer depend on the order of its lines.
            let again = |version: &Version| version.cmp_precedence(&candidate.version).is_eq();
            if entries.last().is_some_and(|entry| again(&entry.version)) {
                invalid.extend(entries.pop().map(|entry| entry.version));
            }
            let is_told =
                invalid[..told].binary_search_by(|version| version.cmp_precedence(&candidate.version)).is_ok();
            if is_told || invalid.last().is_some_and(again) || !candidate.version.build.is_empty() {
                invalid.push(candidate.version);
                continue;
            }
            entries.push(Entry {
                refusal: rules.refusal(&candidate, age, locked.contains(&&candidate.version)),
                version: candidate.version,
                yanked: candidate.yanked,
                needs: Needs::Registry(candidate.dependencies),
                asked: OnceCell::new(),
            });
        }
        invalid.sort();
        invalid.dedup();
        Table { source, first, entries, newer, invalid, missing: None }
    }

    /// Returns each entry with its place, ascending.
    pub(super) fn places(&self) -> impl DoubleEndedIterator<Item = (Place, &Entry)> {
        let place = |at: usize| self.first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        self.entries.iter().enumerate().map(move |(at, entry)| (place(at), entry))
    }

    /// Returns the versions that may be chosen, with their places, ascending.
    pub(super) fn usable(&self) -> impl Iterator<Item = (Place, &Version)> {
        self.places().filter(|(_, entry)| entry.refusal.is_none()).map(|(place, entry)| (place, &entry.version))
    }

    /// Returns the place of `version`, if it exists.
    pub(super) fn place_of(&self, version: &Version) -> Option<Place> {
        let at = self.entries.binary_search_by(|entry| entry.version.cmp_precedence(version)).ok()?;
        Some(self.first + u32::try_from(at).ok()?)
    }
}
