//! The pool: names and sources as numbers, and the versions of every set that was looked at, each
//! looked at once.

use super::error::ResolveError;
use super::problem::{Budget, Locked, Problem, Request, Root, RootRole, Strategy, Update};
use super::ranges::{Place, Reading, VersionRange, matching};
use super::table::{Entry, Missing, Rules, Table};
use super::world::{Index, Unavailable, Wanted};
use crate::error::Error;
use crate::lockfile::Source;
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};
use pubgrub::VersionSet;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

/// After how many sets somebody looks at the clock.
const SETS_BETWEEN_LOOKS: usize = 256;

/// A number for a set's name. [`SetId::PROJECT`] is the project itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetId(u32);

impl SetId {
    pub(super) const PROJECT: SetId = SetId(u32::MAX);
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A number for a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SourceId(u32);

/// A requirement as the solver sees it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) set: SetId,
    pub(super) range: VersionRange,
}

/// What is really asked for where a requirement was written: an override may stand in for it.
#[derive(Clone, Copy)]
pub(super) struct Target<'r> {
    pub(super) set: SetId,
    pub(super) source: SourceId,
    pub(super) requirement: &'r Requirement,
    pub(super) overridden: bool,
}

/// What is known of one set.
struct Known {
    name: Rc<SetName>,
    /// Its versions by source, in the order of their places.
    tables: Vec<Rc<Table>>,
}

/// Everything that was met so far.
pub(super) struct Pool<'a> {
    index: &'a dyn Index,
    sets: Vec<Known>,
    set_ids: HashMap<Rc<SetName>, SetId>,
    sources: Vec<Source>,
    source_ids: HashMap<Source, SourceId>,
    prefetched: HashSet<(SetId, SourceId)>,
    fixed: HashMap<(&'a SetName, &'a Source), (&'a Version, &'a [Request])>,
    overrides: HashMap<&'a SetName, &'a Request>,
    stand_ins: HashMap<&'a SetName, &'a Source>,
    /// Every locked version: those may be chosen although they were yanked or are too new.
    locked: HashMap<&'a SetName, Vec<&'a Locked>>,
    /// Of those, the ones that are preferred, most wanted first.
    preferred: HashMap<SetId, Vec<(&'a Version, SourceId)>>,
    strategy: Strategy,
    /// The names that the project itself requires.
    direct: HashSet<&'a SetName>,
    rules: Rules,
    /// How much may be looked at.
    budget: Budget<'a>,
    /// How many sets were looked at.
    sets_read: usize,
    /// How many versions, and needs of versions, they have.
    facts_read: usize,
}

impl<'a> Pool<'a> {
    /// Returns a pool that knows what `problem` itself tells.
    pub(super) fn new(problem: &'a Problem, index: &'a dyn Index, budget: Budget<'a>) -> Self {
        let mut pool = Pool {
            index,
            sets: Vec::new(),
            set_ids: HashMap::new(),
            sources: Vec::new(),
            source_ids: HashMap::new(),
            prefetched: HashSet::new(),
            fixed: HashMap::new(),
            overrides: problem.overrides.iter().map(|request| (&request.name, request)).collect(),
            stand_ins: problem.stand_ins.iter().map(|(name, source)| (name, source)).collect(),
            locked: HashMap::new(),
            preferred: HashMap::new(),
            strategy: problem.strategy,
            direct: problem.roots.iter().map(|root| &root.request.name).collect(),
            rules: Rules::new(problem),
            budget,
            sets_read: 0,
            facts_read: 0,
        };
        for set in &problem.fixed {
            pool.fixed.insert((&set.name, &set.source), (&set.version, &set.needs));
        }
        for locked in &problem.locked {
            pool.locked.entry(&locked.name).or_default().push(locked);
            let moves = match &problem.update {
                Update::None => false,
                Update::All => true,
                Update::Only(names) => names.contains(&locked.name),
            };
            if !moves {
                let source = pool.source_id(&locked.source);
                let set = pool.set_id(&locked.name);
                pool.preferred.entry(set).or_default().push((&locked.version, source));
            }
        }
        pool
    }

    fn set_id(&mut self, name: &SetName) -> SetId {
        if let Some(id) = self.set_ids.get(name) {
            return *id;
        }
        let id = SetId(number(self.sets.len()));
        let name = Rc::new(name.clone());
        self.sets.push(Known { name: Rc::clone(&name), tables: Vec::new() });
        self.set_ids.insert(name, id);
        id
    }

    fn source_id(&mut self, source: &Source) -> SourceId {
        if let Some(id) = self.source_ids.get(source) {
            return *id;
        }
        let id = SourceId(number(self.sources.len()));
        self.sources.push(source.clone());
        self.source_ids.insert(source.clone(), id);
        id
    }

    /// Returns the name of the set with that number; nothing for the project.
    pub(super) fn name(&self, set: SetId) -> Option<&SetName> {
        self.sets.get(set.0 as usize).map(|known| known.name.as_ref())
    }

    /// Returns the source with that number.
    pub(super) fn source(&self, source: SourceId) -> &Source {
        &self.sources[source.0 as usize]
    }

    /// Returns how requirements on versions of that source are read.
    pub(super) fn reading(&self, source: SourceId) -> Reading {
        if matches!(self.source(source), Source::Registry(_)) { Reading::Strict } else { Reading::Lenient }
    }

    /// Returns the version of `set` at `place`, and its source.
    pub(super) fn entry(&self, set: SetId, place: Place) -> Option<(Rc<Table>, usize)> {
        let tables = &self.sets.get(set.0 as usize)?.tables;
        let table = tables.get(tables.partition_point(|table| table.first <= place).checked_sub(1)?)?;
        let at = (place - table.first) as usize;
        (at < table.entries.len()).then(|| (Rc::clone(table), at))
    }

    /// Returns the tables of `set` that were read so far, in the order of their sources.
    pub(super) fn tables(&self, set: SetId) -> Vec<Rc<Table>> {
        let mut tables = self.sets.get(set.0 as usize).map(|known| known.tables.clone()).unwrap_or_default();
        // The order of places depends on the way here; that of sources does not.
        tables.sort_by(|a, b| self.source(a.source).cmp(self.source(b.source)));
        tables
    }

    /// Returns, sorted, the names of sets that were found to have versions.
    pub(super) fn existing_names(&self) -> Vec<SetName> {
        let exists = |known: &&Known| known.tables.iter().any(|table| !table.entries.is_empty());
        let mut names: Vec<SetName> = self.sets.iter().filter(exists).map(|known| (*known.name).clone()).collect();
        names.sort();
        names
    }

    /// Returns the registry's answer to whether `set` may be a slip of another name.
    pub(super) fn similar(&self, registry: &RegistryId, set: &SetName) -> Option<SetName> {
        self.index.similar(registry, set)
    }

    /// Returns what is really asked for where `name` is required from `source`.
    pub(super) fn target<'r>(&mut self, name: &SetName, requirement: &'r Requirement, source: SourceId) -> Target<'r>
    where
        'a: 'r,
    {
        let set = self.set_id(name);
        match self.overrides.get(name).copied() {
            Some(Request { requirement, source, .. }) => {
                Target { set, source: self.source_id(source), requirement, overridden: true }
            }
            None => {
                let stand_in = self.stand_ins.get(name).copied();
                let stand_in = stand_in.filter(|_| matches!(self.source(source), Source::Registry(_)));
                let source = stand_in.map_or(source, |source| self.source_id(source));
                Target { set, source, requirement, overridden: false }
            }
        }
    }

    /// Returns what is really asked for by a request.
    fn target_of<'r>(&mut self, request: &'r Request) -> Target<'r>
    where
        'a: 'r,
    {
        let source = self.source_id(&request.source);
        self.target(&request.name, &request.requirement, source)
    }

    /// Returns what is really asked for by one of the project's requirements. The question itself is asked as it stands,
    /// beside the overrides: they would answer another one.
    pub(super) fn target_of_root<'r>(&mut self, root: &'r Root) -> Target<'r>
    where
        'a: 'r,
    {
        let request = &root.request;
        match root.role {
            RootRole::Requirement => self.target_of(request),
            RootRole::Question => {
                let (set, source) = (self.set_id(&request.name), self.source_id(&request.source));
                Target { set, source, requirement: &request.requirement, overridden: false }
            }
        }
    }

    /// Returns what `entry` of `table` really asks for, in the order in which it tells it.
    pub(super) fn targets<'r>(&mut self, table: &Table, entry: &'r Entry) -> Vec<Target<'r>>
    where
        'a: 'r,
    {
        entry
            .needs
            .iter()
            .map(|need| {
                let source = need.source.as_ref().map_or(table.source, |source| self.source_id(source));
                self.target(need.name, need.requirement, source)
            })
            .collect()
    }

    /// Returns the requirement as the solver sees it. The first one on a set of a registry asks the index.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) fn ask(&mut self, target: &Target<'_>) -> Result<Asked, Error> {
        let Target { set, source, requirement, .. } = *target;
        let known = self.known_table(set, source);
        let table = match &known {
            Some(table) => Rc::clone(table),
            None => self.load(set, source)?,
        };
        let range = matching(requirement, self.reading(source), table.usable());
        if known.is_none() {
            self.foresee(set, &range);
        }
        Ok(Asked { set, range })
    }

    /// Returns what `request` asks for as the solver sees it, whatever overrides there are.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) fn ask_for(&mut self, request: &Request) -> Result<Asked, Error> {
        let (set, source) = (self.set_id(&request.name), self.source_id(&request.source));
        self.ask(&Target { set, source, requirement: &request.requirement, overridden: true })
    }

    /// Returns all `targets` as the solver sees them, having told the index of them together.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) fn ask_all(&mut self, targets: &[Target<'_>]) -> Result<Vec<Asked>, Error> {
        self.prefetch(targets);
        targets.iter().map(|target| self.ask(target)).collect()
    }

    /// Returns what the version of `set` at `place` needs, as the solver sees it.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) fn needs(&mut self, set: SetId, place: Place) -> Result<Rc<[Asked]>, Error> {
        let Some((table, at)) = self.entry(set, place) else { return Ok(Rc::from([])) };
        let entry = &table.entries[at];
        if let Some(asked) = entry.asked.get() {
            return Ok(Rc::clone(asked));
        }
        let targets = self.targets(&table, entry);
        let asked = self.ask_all(&targets)?.into();
        Ok(Rc::clone(entry.asked.get_or_init(|| asked)))
    }

    /// Tells the index of what the version of `set` needs that will probably be chosen: while the
    /// rest of this level is read, the next one is on its way.
    fn foresee(&mut self, set: SetId, range: &VersionRange) {
        if let Some((table, at)) = self.choose(set, range).and_then(|place| self.entry(set, place)) {
            let targets = self.targets(&table, &table.entries[at]);
            self.prefetch(&targets);
        }
    }

    /// Tells the index of the locked sets: most of them will be needed again, however deep they
    /// lie, and so they come in one round trip.
    pub(super) fn prefetch_locked(&mut self, locked: &[Locked]) {
        let any = Requirement::STAR;
        let mut targets = Vec::with_capacity(locked.len());
        for Locked { name, source, .. } in locked {
            let (set, source) = (self.set_id(name), self.source_id(source));
            targets.push(Target { set, source, requirement: &any, overridden: false });
        }
        self.prefetch(&targets);
    }

    /// Tells the index what will be asked for soon, each thing once.
    fn prefetch(&mut self, targets: &[Target<'_>]) {
        let mut fresh = Vec::new();
        for target in targets {
            if self.known_table(target.set, target.source).is_none()
                && self.prefetched.insert((target.set, target.source))
            {
                fresh.push(target);
            }
        }
        let wanted: Vec<Wanted<'_>> = fresh
            .into_iter()
            .filter_map(|target| match self.source(target.source) {
                Source::Registry(registry) => {
                    Some(Wanted { registry, name: self.name(target.set)?, requirement: target.requirement })
                }
                Source::Git { .. } | Source::Path(_) => None,
            })
            .collect();
        if !wanted.is_empty() {
            self.index.prefetch(&wanted);
        }
    }

    /// Returns the versions of `set` in `source` if they were read.
    pub(super) fn known_table(&self, set: SetId, source: SourceId) -> Option<Rc<Table>> {
        self.sets.get(set.0 as usize)?.tables.iter().find(|table| table.source == source).map(Rc::clone)
    }

    /// Checks that the budget allows to look at one more set. It is asked here and not between decisions: one version
    /// may need more sets than there is memory for.
    fn check_budget(&self) -> Result<(), ResolveError> {
        let (sets, facts) = (self.sets_read, self.facts_read);
        let is_over = sets % SETS_BETWEEN_LOOKS == SETS_BETWEEN_LOOKS - 1 && (self.budget.stop)();
        if is_over || sets >= self.budget.sets || facts > self.budget.facts {
            return Err(ResolveError::TooMuch { sets, facts });
        }
        Ok(())
    }

    fn load(&mut self, set: SetId, source: SourceId) -> Result<Rc<Table>, Error> {
        self.check_budget()?;
        let known = &self.sets[set.0 as usize];
        let (name, from) = (known.name.as_ref(), self.source(source));
        let first = known.tables.last().map_or(0, |table| table.first + number(table.entries.len()));
        let table = match from {
            Source::Git { .. } | Source::Path(_) => match self.fixed.get(&(name, from)) {
                Some((version, needs)) => Table::fixed(source, first, version, needs),
                None => Table::missing(source, first, Missing::NotFound),
            },
            Source::Registry(registry) => match self.index.versions(registry, name) {
                Ok(versions) => {
                    let locked = self.locked.get(name).map_or(&[][..], Vec::as_slice);
                    let locked = locked.iter().filter(|locked| locked.source == *from).map(|locked| &locked.version);
                    let locked: Vec<&Version> = locked.collect();
                    Table::of_registry((name, source), first, versions, &self.rules, &locked)
                }
                Err(Unavailable::NotFound) => Table::missing(source, first, Missing::NotFound),
                Err(Unavailable::Offline) => Table::missing(source, first, Missing::Offline),
                Err(Unavailable::UnknownRegistry) => Table::missing(source, first, Missing::UnknownRegistry),
                Err(Unavailable::Failed(error)) => return Err(error),
            },
        };
        let table = Rc::new(table);
        self.sets_read += 1;
        self.facts_read += table.entries.iter().map(|entry| 1 + entry.needs.len()).sum::<usize>();
        self.sets[set.0 as usize].tables.push(Rc::clone(&table));
        Ok(table)
    }

    /// Returns what the time is where the age of versions matters, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.rules.now()
    }

    /// Returns whether a preferred version of `set` is in `range`.
    pub(super) fn prefers(&self, set: SetId, range: &VersionRange) -> bool {
        self.preferred_in(set, range).is_some()
    }

    fn preferred_in(&self, set: SetId, range: &VersionRange) -> Option<Place> {
        let preferred = self.preferred.get(&set)?;
        preferred.iter().find_map(|(version, source)| {
            let table = self.known_table(set, *source)?;
            table.place_of(version).filter(|place| range.contains(place))
        })
    }

    /// Returns which of the versions of `set` in `range` to choose: the first that is preferred,
    /// else by the strategy, with what was yanked last.
    pub(super) fn choose(&self, set: SetId, range: &VersionRange) -> Option<Place> {
        if let Some(place) = self.preferred_in(set, range) {
            return Some(place);
        }
        let lowest = match self.strategy {
            Strategy::Highest => false,
            Strategy::Lowest => true,
            Strategy::LowestDirect => self.name(set).is_some_and(|name| self.direct.contains(name)),
        };
        self.tables(set).iter().find_map(|table| {
            let pick = |yanked: bool| {
                let fits = |(place, entry): &(Place, &Entry)| {
                    entry.yanked.is_some() == yanked && entry.refusal.is_none() && range.contains(place)
                };
                if lowest { table.places().find(fits) } else { table.places().rev().find(fits) }
            };
            pick(false).or_else(|| pick(true)).map(|(place, _)| place)
        })
    }
}

/// Returns a length as a number for something. Four thousand million names do not fit into memory.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX - 1)
}
