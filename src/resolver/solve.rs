//! PubGrub at work: the provider that stands between the solver and the pool, and one run of it.
//!
//! The algorithm is Natalie Weizenbaum's PubGrub, as the `pubgrub` crate has it. Nothing here runs
//! on a deep stack: of the crate, only the derivation tree's reporting and dropping are recursive,
//! and Anvil does both itself ([`super::derivation`]).

use super::derivation::Tree;
use super::pool::{Asked, Pool, SetId};
use super::problem::Budget;
use super::ranges::{Place, VersionRange};
use crate::error::Error;
use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics, PubGrubError, VersionSet};
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::fmt;

/// How a run ended where no error cut it short.
pub(super) enum Outcome {
    /// One version of each set that is needed, in no order.
    Solved(Vec<(SetId, Place)>),
    /// There is no answer: why.
    Refuted(Tree),
}

/// Why a run was cut short.
#[derive(Debug)]
pub(super) enum Halt {
    /// The budget is used up.
    GaveUp,
    /// The index failed.
    Index(Error),
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Halt::GaveUp => f.write_str("the budget is used up"),
            Halt::Index(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl std::error::Error for Halt {}

/// Runs the solver on what the project asks for. `spent` counts decisions and goes on counting.
pub(super) fn run(
    pool: &mut Pool<'_>,
    roots: &[Asked],
    budget: Budget<'_>,
    spent: &Cell<u64>,
) -> Result<Outcome, Halt> {
    run_with(pool, (roots, None), budget, spent)
}

/// Does what [`run`] does as if `lifted`, if there is one, were asked for wherever its set is: as an override would
/// have it.
pub(super) fn run_with(
    pool: &mut Pool<'_>,
    (roots, lifted): (&[Asked], Option<&Asked>),
    budget: Budget<'_>,
    spent: &Cell<u64>,
) -> Result<Outcome, Halt> {
    let provider = Provider { pool: RefCell::new(pool), roots, lifted, budget, spent };
    match pubgrub::resolve(&provider, SetId::PROJECT, PROJECT_PLACE) {
        Ok(solution) => Ok(Outcome::Solved(solution.into_iter().filter(|(set, _)| *set != SetId::PROJECT).collect())),
        Err(PubGrubError::NoSolution(tree)) => Ok(Outcome::Refuted(Tree::from(tree))),
        Err(
            PubGrubError::ErrorInShouldCancel(halt)
            | PubGrubError::ErrorChoosingVersion { source: halt, .. }
            | PubGrubError::ErrorRetrievingDependencies { source: halt, .. },
        ) => Err(halt),
    }
}

/// The one place that the project has.
const PROJECT_PLACE: Place = 0;

struct Provider<'p, 'a> {
    pool: RefCell<&'p mut Pool<'a>>,
    roots: &'p [Asked],
    lifted: Option<&'p Asked>,
    budget: Budget<'p>,
    spent: &'p Cell<u64>,
}

impl DependencyProvider for Provider<'_, '_> {
    type P = SetId;
    type V = Place;
    type VS = VersionRange;
    /// Whether a preferred version fits, then how often the set was part of a conflict. Between
    /// equals, PubGrub goes breadth first.
    type Priority = (bool, u32);
    /// A set without versions is a requirement with an empty range; the pool knows why.
    type M = Never;
    type Err = Halt;

    /// What is locked is decided first, so that what is new gives way to it and not the other way
    /// round. After that, deciding early what often conflicts shortens the search. To take the set
    /// with the fewest versions left would shorten it too, but it would decide what the project
    /// itself requires after what that needs, and read the indexes depth first, waiting for each.
    fn prioritize(
        &self,
        set: &SetId,
        range: &VersionRange,
        statistics: &PackageResolutionStatistics,
    ) -> Self::Priority {
        (self.pool.borrow().prefers(*set, range), statistics.conflict_count())
    }

    fn choose_version(&self, set: &SetId, range: &VersionRange) -> Result<Option<Place>, Halt> {
        if *set == SetId::PROJECT {
            return Ok(Some(PROJECT_PLACE));
        }
        Ok(self.pool.borrow().choose(*set, range))
    }

    fn get_dependencies(&self, set: &SetId, place: &Place) -> Result<Dependencies<SetId, VersionRange, Never>, Halt> {
        let range = |asked: &Asked| match self.lifted {
            Some(lifted) if lifted.set == asked.set => (lifted.set, lifted.range.clone()),
            _ => (asked.set, asked.range.clone()),
        };
        // PubGrub cannot see what a version needs of its own set. Either the version answers it itself, which is
        // nothing to solve (that it is a circle is found later), or nothing ever can.
        let seen = |(needed, range): (SetId, VersionRange)| match (needed == *set, range.contains(place)) {
            (true, true) => None,
            (true, false) => Some((needed, VersionRange::empty())),
            (false, _) => Some((needed, range)),
        };
        let ranges = |asked: &[Asked]| Dependencies::Available(asked.iter().map(range).filter_map(seen).collect());
        if *set == SetId::PROJECT {
            return Ok(ranges(self.roots));
        }
        let asked = self.pool.borrow_mut().needs(*set, *place).map_err(Halt::Index)?;
        Ok(ranges(&asked))
    }

    fn should_cancel(&self) -> Result<(), Halt> {
        let spent = self.spent.get() + 1;
        self.spent.set(spent);
        if spent > self.budget.decisions || (self.budget.stop)() { Err(Halt::GaveUp) } else { Ok(()) }
    }
}

/// The kind of reason that is never given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Never(Infallible);

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}
