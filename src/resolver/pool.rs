//! The pool: names and sources as numbers, and the versions of every set that was looked at, each
//! looked at once.

use super::problem::{Locked, Problem, Request, Strategy, Update};
use super::ranges::{Point, SourceId, VersionRange, everything, matching};
use super::world::{Index, Need, Unavailable, Versions, Wanted};
use crate::error::Error;
use crate::index::Yanked;
use crate::lockfile::Source;
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};
use semver::Prerelease;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

/// A number for a set's name. [`SetId::PROJECT`] is the project itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetId(pub(super) u32);

impl SetId {
    pub(super) const PROJECT: SetId = SetId(0);
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Why a version that exists may not be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    Yanked(Yanked),
    TooNew(i64),
    AgeUnknown,
    NeedsAnvil(Requirement),
}

/// One version of one set of one source.
pub(super) struct Entry {
    pub(super) version: Version,
    pub(super) point: Point,
    /// Nothing when it may be chosen.
    pub(super) refusal: Option<Refusal>,
    /// Kept when the version was yanked and may be chosen all the same.
    pub(super) yanked: Option<Yanked>,
    pub(super) needs: Needs,
    asked: OnceCell<Vec<Asked>>,
}

/// What a version needs, as it was told.
pub(super) enum Needs {
    Registry(Vec<Need>),
    Fixed(Vec<Request>),
}

/// What a version needs, as the solver sees it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) set: SetId,
    pub(super) source: SourceId,
    pub(super) range: VersionRange,
}

/// The versions of one set of one source, in ascending order.
#[derive(Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
    pub(super) newer: usize,
    pub(super) invalid: Vec<Version>,
    pub(super) missing: Option<Missing>,
}

/// Why a table is empty where the registry gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    NotFound,
    Offline,
    UnknownRegistry,
}

impl Needs {
    /// Returns each need's set and requirement.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&SetName, &Requirement)> {
        let (needs, requests): (&[Need], &[Request]) = match self {
            Needs::Registry(needs) => (needs, &[]),
            Needs::Fixed(requests) => (&[], requests),
        };
        let needs = needs.iter().map(|need| (&need.name, &need.requirement));
        needs.chain(requests.iter().map(|request| (&request.name, &request.requirement)))
    }
}

impl Table {
    pub(super) fn entry(&self, point: &Point) -> Option<&Entry> {
        // Ascending by precedence is not ascending by point, hence no binary search by it.
        let version = |entry: &Entry| entry.point == *point;
        self.entries.iter().find(|entry| version(entry))
    }
}

/// Returns `needs` in an order that does not depend on how they were written down.
fn sorted<T>(mut needs: Vec<T>, parts: impl Fn(&T) -> (&SetName, &Requirement)) -> Vec<T> {
    needs.sort_by(|a, b| {
        let ((a, required), (b, also)) = (parts(a), parts(b));
        a.cmp(b).then_with(|| required.to_string().cmp(&also.to_string()))
    });
    needs
}

/// Everything that was met so far.
pub(super) struct Pool<'a> {
    index: &'a dyn Index,
    names: Vec<Rc<SetName>>,
    name_ids: HashMap<Rc<SetName>, SetId>,
    sources: Vec<Source>,
    source_ids: HashMap<Source, SourceId>,
    /// Under which sources each set was asked for.
    asked_from: Vec<Vec<SourceId>>,
    tables: HashMap<(SetId, SourceId), Rc<Table>>,
    prefetched: HashSet<(SetId, SourceId)>,
    fixed: HashMap<(&'a SetName, &'a Source), (&'a Version, &'a [Request])>,
    overrides: HashMap<SetId, (Asked, &'a Request)>,
    /// Every locked version: those may be chosen although they were yanked or are too new.
    locked: HashMap<SetId, Vec<Point>>,
    /// Of those, the ones that are preferred.
    preferred: HashMap<SetId, Vec<Point>>,
    strategy: Strategy,
    published_before: Option<i64>,
    /// Without its pre-release: a development build of 0.4.0 can do what 0.4.0 can.
    anvil: Version,
}

impl<'a> Pool<'a> {
    /// Returns a pool that knows what `problem` itself tells.
    pub(super) fn new(problem: &'a Problem, index: &'a dyn Index) -> Self {
        let anvil = Version { pre: Prerelease::EMPTY, ..problem.anvil.clone() };
        let mut pool = Pool {
            index,
            names: Vec::new(),
            name_ids: HashMap::new(),
            sources: Vec::new(),
            source_ids: HashMap::new(),
            asked_from: Vec::new(),
            tables: HashMap::new(),
            prefetched: HashSet::new(),
            fixed: HashMap::new(),
            overrides: HashMap::new(),
            locked: HashMap::new(),
            preferred: HashMap::new(),
            strategy: problem.strategy,
            published_before: problem.published_before,
            anvil,
        };
        for set in &problem.fixed {
            pool.fixed.insert((&set.name, &set.source), (&set.version, &set.needs));
        }
        // In order of name, so that numbers do not depend on the order of the input.
        let overrides: BTreeMap<_, _> = problem.overrides.iter().map(|request| (&request.name, request)).collect();
        for request in overrides.into_values() {
            let asked = pool.ask(&request.name, &request.requirement, &request.source);
            pool.overrides.insert(asked.set, (asked, request));
        }
        for locked in &problem.locked {
            let set = pool.set_id(&locked.name);
            let point = Point::of(&locked.version, pool.source_id(&locked.source));
            let moves = match &problem.update {
                Update::None => false,
                Update::All => true,
                Update::Only(names) => names.contains(&locked.name),
            };
            if !moves {
                pool.preferred.entry(set).or_default().push(point.clone());
            }
            pool.locked.entry(set).or_default().push(point);
        }
        pool
    }

    /// Returns the number of the set called `name`.
    pub(super) fn set_id(&mut self, name: &SetName) -> SetId {
        if let Some(id) = self.name_ids.get(name) {
            return *id;
        }
        let name = Rc::new(name.clone());
        self.names.push(Rc::clone(&name));
        self.asked_from.push(Vec::new());
        let id = SetId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.name_ids.insert(name, id);
        id
    }

    /// Returns the name of the set with that number; nothing for the project.
    pub(super) fn name(&self, id: SetId) -> Option<&SetName> {
        self.names.get((id.0 as usize).checked_sub(1)?).map(Rc::as_ref)
    }

    /// Returns what stands in for the set, if something does.
    pub(super) fn override_of(&self, set: SetId) -> Option<&'a Request> {
        self.overrides.get(&set).map(|(_, request)| *request)
    }

    /// Returns, sorted, the names of sets that were found to have versions.
    pub(super) fn existing_names(&self) -> Vec<SetName> {
        let found = self.tables.iter().filter(|(_, table)| !table.entries.is_empty());
        let mut names: Vec<SetName> = found.filter_map(|((set, _), _)| self.name(*set).cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn source_id(&mut self, source: &Source) -> SourceId {
        if let Some(id) = self.source_ids.get(source) {
            return *id;
        }
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX - 1));
        self.sources.push(source.clone());
        self.source_ids.insert(source.clone(), id);
        id
    }

    /// Returns the source with that number.
    pub(super) fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// Returns the registry's answer to whether `set` may be a slip of another name.
    pub(super) fn similar(&self, registry: &RegistryId, set: &SetName) -> Option<SetName> {
        self.index.similar(registry, set)
    }

    /// Returns the request as the solver sees it, overrides applied.
    pub(super) fn ask(&mut self, name: &SetName, requirement: &Requirement, source: &Source) -> Asked {
        let source = self.source_id(source);
        self.ask_by_id(name, requirement, source)
    }

    fn ask_by_id(&mut self, name: &SetName, requirement: &Requirement, source: SourceId) -> Asked {
        let set = self.set_id(name);
        if let Some((instead, _)) = self.overrides.get(&set) {
            return instead.clone();
        }
        let fixed = !matches!(self.source(source), Some(Source::Registry(_)));
        let range = if fixed && requirement.comparators.is_empty() {
            everything(source)
        } else {
            matching(requirement, source)
        };
        self.note(set, source);
        Asked { set, source, range }
    }

    /// Remembers that `set` was asked for from `source`.
    fn note(&mut self, set: SetId, source: SourceId) {
        if let Some(sources) = self.asked_from.get_mut((set.0 as usize).wrapping_sub(1)) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }

    /// Returns what `entry` needs, as the solver sees it, in the order in which it tells it.
    pub(super) fn asked<'e>(&mut self, entry: &'e Entry) -> &'e [Asked] {
        if let Some(asked) = entry.asked.get() {
            return asked;
        }
        let own = entry.point.source();
        let asked = match &entry.needs {
            Needs::Fixed(requests) => {
                requests.iter().map(|request| self.ask(&request.name, &request.requirement, &request.source)).collect()
            }
            Needs::Registry(needs) => needs
                .iter()
                .map(|need| match &need.registry {
                    None => self.ask_by_id(&need.name, &need.requirement, own),
                    Some(id) => self.ask(&need.name, &need.requirement, &Source::Registry(id.clone())),
                })
                .collect(),
        };
        entry.asked.get_or_init(|| asked)
    }

    /// Returns the sources under which `set` was asked for and that `range` has part of, in their
    /// own order (numbers depend on the way here).
    pub(super) fn sources_in(&self, set: SetId, range: &VersionRange) -> Vec<SourceId> {
        let Some(sources) = (set.0 as usize).checked_sub(1).and_then(|at| self.asked_from.get(at)) else {
            return Vec::new();
        };
        let mut sources: Vec<SourceId> =
            sources.iter().copied().filter(|source| !range.is_disjoint(&everything(*source))).collect();
        sources.sort_by(|a, b| self.source(*a).cmp(&self.source(*b)));
        sources
    }

    /// Tells the index of the locked sets: most of them will be needed again, however deep they
    /// lie, and so they come in one round trip.
    pub(super) fn prefetch_locked(&mut self, locked: &[Locked]) {
        let any = Requirement::STAR;
        let asked: Vec<Asked> = locked.iter().map(|locked| self.ask(&locked.name, &any, &locked.source)).collect();
        self.prefetch(asked.iter().map(|asked| (asked, &any)));
    }

    /// Tells the index what will be asked for soon, each thing once.
    pub(super) fn prefetch<'n>(&mut self, needs: impl Iterator<Item = (&'n Asked, &'n Requirement)>) {
        let fresh: Vec<(SetId, SourceId, &Requirement)> = needs
            .filter(|(asked, _)| self.prefetched.insert((asked.set, asked.source)))
            .map(|(asked, requirement)| (asked.set, asked.source, requirement))
            .collect();
        let wanted: Vec<Wanted<'_>> = fresh
            .iter()
            .filter_map(|(set, source, requirement)| match self.source(*source)? {
                Source::Registry(registry) => Some(Wanted { registry, name: self.name(*set)?, requirement }),
                Source::Git { .. } | Source::Path(_) => None,
            })
            .collect();
        if !wanted.is_empty() {
            self.index.prefetch(&wanted);
        }
    }

    /// Returns the versions of `set` in `source`. The first call for a registry asks the index.
    pub(super) fn table(&mut self, set: SetId, source: SourceId) -> Result<Rc<Table>, Error> {
        if let Some(table) = self.tables.get(&(set, source)) {
            return Ok(Rc::clone(table));
        }
        let table = Rc::new(self.load(set, source)?);
        self.tables.insert((set, source), Rc::clone(&table));
        Ok(table)
    }

    /// Returns the versions of `set` in `source` if they were asked for before.
    pub(super) fn known_table(&self, set: SetId, source: SourceId) -> Option<Rc<Table>> {
        self.tables.get(&(set, source)).map(Rc::clone)
    }

    fn load(&self, set: SetId, source: SourceId) -> Result<Table, Error> {
        let missing = |why| Ok(Table { missing: Some(why), ..Table::default() });
        let (Some(name), Some(from)) = (self.name(set), self.source(source)) else {
            return missing(Missing::NotFound);
        };
        let Source::Registry(registry) = from else {
            let Some((version, needs)) = self.fixed.get(&(name, from)) else {
                return missing(Missing::NotFound);
            };
            let entry = Entry {
                version: (*version).clone(),
                point: Point::of(version, source),
                refusal: None,
                yanked: None,
                needs: Needs::Fixed(sorted(needs.to_vec(), |request| (&request.name, &request.requirement))),
                asked: OnceCell::new(),
            };
            return Ok(Table { entries: vec![entry], ..Table::default() });
        };
        match self.index.versions(registry, name) {
            Ok(versions) => Ok(self.tabulate(set, source, versions)),
            Err(Unavailable::NotFound) => missing(Missing::NotFound),
            Err(Unavailable::Offline) => missing(Missing::Offline),
            Err(Unavailable::UnknownRegistry) => missing(Missing::UnknownRegistry),
            Err(Unavailable::Failed(error)) => Err(error),
        }
    }

    fn tabulate(&self, set: SetId, source: SourceId, versions: Versions) -> Table {
        let Versions { mut candidates, newer, mut invalid } = versions;
        candidates.sort_by(|a, b| a.version.cmp_precedence(&b.version));
        // The index promises one line a version. Where it breaks the promise, taking the first
        // would make the answer depend on the order of lines.
        candidates.dedup();
        let twice = |at: usize, candidates: &[super::Candidate]| {
            let same = |other: Option<&super::Candidate>| {
                other.is_some_and(|other| other.version.cmp_precedence(&candidates[at].version).is_eq())
            };
            same(candidates.get(at + 1)) || (at > 0 && same(candidates.get(at - 1)))
        };
        let broken: Vec<bool> = (0..candidates.len())
            .map(|at| twice(at, &candidates) || !candidates[at].version.build.is_empty())
            .collect();
        let mut entries = Vec::with_capacity(candidates.len());
        for (candidate, broken) in candidates.into_iter().zip(broken) {
            if broken {
                invalid.push(candidate.version);
                continue;
            }
            let point = Point::of(&candidate.version, source);
            let locked = self.locked.get(&set).is_some_and(|points| points.contains(&point));
            entries.push(Entry {
                refusal: self.refusal(&candidate, locked),
                version: candidate.version,
                point,
                yanked: candidate.yanked,
                needs: Needs::Registry(sorted(candidate.dependencies, |need| (&need.name, &need.requirement))),
                asked: OnceCell::new(),
            });
        }
        invalid.sort();
        invalid.dedup();
        Table { entries, newer, invalid, missing: None }
    }

    fn refusal(&self, candidate: &super::Candidate, locked: bool) -> Option<Refusal> {
        if let Some(requirement) = &candidate.anvil {
            if !requirement.matches(&self.anvil) {
                return Some(Refusal::NeedsAnvil(requirement.clone()));
            }
        }
        if locked {
            return None;
        }
        if let Some(yanked) = &candidate.yanked {
            return Some(Refusal::Yanked(yanked.clone()));
        }
        match (self.published_before, candidate.published_at) {
            (Some(limit), Some(published)) if published > limit => Some(Refusal::TooNew(published)),
            // A release that hides its age would get round the rule that it is meant for.
            (Some(_), None) => Some(Refusal::AgeUnknown),
            _ => None,
        }
    }

    /// Returns whether a preferred version of `set` is in `range`.
    pub(super) fn prefers(&self, set: SetId, range: &VersionRange) -> bool {
        self.preferred.get(&set).is_some_and(|points| points.iter().any(|point| range.contains(point)))
    }

    /// Returns the version of `set` to choose in `range`: the first that is preferred and exists,
    /// else by the strategy, with what was yanked last.
    pub(super) fn choose(&mut self, set: SetId, range: &VersionRange) -> Result<Option<Point>, Error> {
        let sources = self.sources_in(set, range);
        for point in self.preferred.get(&set).cloned().unwrap_or_default() {
            if !range.contains(&point) || !sources.contains(&point.source()) {
                continue;
            }
            let table = self.table(set, point.source())?;
            if table.entry(&point).is_some_and(|entry| entry.refusal.is_none()) {
                return Ok(Some(point));
            }
        }
        for source in sources {
            let table = self.table(set, source)?;
            let fits = |entry: &&Entry| entry.refusal.is_none() && range.contains(&entry.point);
            let found = |yanked: bool| {
                let mut fitting = table.entries.iter().filter(fits).filter(|entry| entry.yanked.is_some() == yanked);
                match self.strategy {
                    Strategy::Highest => fitting.next_back(),
                    Strategy::Lowest => fitting.next(),
                }
            };
            if let Some(entry) = found(false).or_else(|| found(true)) {
                return Ok(Some(entry.point.clone()));
            }
        }
        Ok(None)
    }
}
