//! Requirements as sets of versions, exactly.
//!
//! PubGrub reasons with sets of versions: it takes complements, unions and intersections of them,
//! and asks whether one holds another. In the order of semantic versions a requirement is no
//! interval: `^1` holds every release from 1.0.0 to below 2.0.0 and none of the infinitely many
//! pre-releases between them. The usual way out is an interval that holds too much and a filter
//! where a version is chosen. That goes wrong as soon as two requirements meet: their intersection has
//! forgotten which of them asked for the pre-release, and the solver believes in versions that the
//! filter then takes away.
//!
//! So the solver does not see versions. It sees *places*: the numbers of those versions of a set
//! that exist and may be chosen, in ascending order. A requirement becomes the set of places whose
//! versions `VersionReq::matches` takes, which is exact by construction, pre-releases and build
//! metadata included; and every intersection means what it should: *a version will do when every
//! requirement on its set, taken alone, takes it*. That is Cargo's rule, and the one by which a lock
//! file is checked.
//!
//! Three things follow. A requirement that nothing answers is the empty set at once, so the solver
//! sees dead ends a step before it would walk into them, and a long chain that leads to one is
//! refuted in linear time instead of quadratic. A name that is asked for from two sources has
//! places of its own for each, so that their requirements exclude each other, and "one set, one
//! source" needs no machinery. And sets are few runs of small numbers, whatever versions look like.
//! The price: a requirement on a set can be stated only when that set's index was read.

use crate::version::{Requirement, Version};
use pubgrub::{Ranges, VersionSet};
use std::fmt;

/// The number of a version among those of its set.
pub(super) type Place = u32;

/// A set of places, as runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct VersionRange(Ranges<Place>);

impl VersionRange {
    /// Returns the set of `places`, which ascend.
    pub(super) fn of(places: impl IntoIterator<Item = Place>) -> Self {
        let mut runs: Vec<(Place, Place)> = Vec::new();
        for place in places {
            match runs.last_mut() {
                Some((_, end)) if *end == place => *end = place.saturating_add(1),
                _ => runs.push((place, place.saturating_add(1))),
            }
        }
        let bounds = |(start, end)| (std::ops::Bound::Included(start), std::ops::Bound::Excluded(end));
        VersionRange(runs.into_iter().map(bounds).collect())
    }

    /// Returns whether there is no place in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Every set is a union of half-open runs. Over whole numbers such a union is written in one way
/// only, so that neighbours merge and equal sets are equal.
impl VersionSet for VersionRange {
    type V = Place;

    fn empty() -> Self {
        VersionRange(Ranges::empty())
    }

    fn full() -> Self {
        VersionRange(Ranges::full())
    }

    fn singleton(place: Place) -> Self {
        VersionRange(Ranges::between(place, place.saturating_add(1)))
    }

    fn complement(&self) -> Self {
        VersionRange(self.0.complement())
    }

    fn intersection(&self, other: &Self) -> Self {
        VersionRange(self.0.intersection(&other.0))
    }

    fn union(&self, other: &Self) -> Self {
        VersionRange(self.0.union(&other.0))
    }

    fn contains(&self, place: &Place) -> bool {
        self.0.contains(place)
    }

    fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }

    fn subset_of(&self, other: &Self) -> bool {
        self.0.subset_of(&other.0)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// How a requirement is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As `VersionReq::matches` has it.
    Strict,
    /// The same, but `*` takes pre-releases too: there is only one version, and somebody chose it by hand.
    Lenient,
}

/// Returns whether `requirement` takes `version`.
pub(super) fn takes(requirement: &Requirement, version: &Version, reading: Reading) -> bool {
    (reading == Reading::Lenient && requirement.comparators.is_empty()) || requirement.matches(version)
}

/// Returns the places of those of `versions` that `requirement` takes.
pub(super) fn matching<'v>(
    requirement: &Requirement,
    reading: Reading,
    versions: impl Iterator<Item = (Place, &'v Version)>,
) -> VersionRange {
    let taken = versions.filter(|(_, version)| takes(requirement, version, reading));
    VersionRange::of(taken.map(|(place, _)| place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(requirement: &str, versions: &[Version]) -> VersionRange {
        let requirement = Requirement::parse(requirement).unwrap();
        matching(&requirement, Reading::Strict, (10..).zip(versions))
    }

    #[test]
    fn equal_sets_are_equal_however_they_came_about() {
        let one = VersionRange::singleton;
        assert_eq!(one(3).union(&one(4)), VersionRange::of([3, 4]));
        assert_eq!(one(3).union(&one(4)).union(&one(6)), VersionRange::of([3, 4, 6]));
        assert_eq!(VersionRange::of([3, 4, 5]).intersection(&one(4).complement()), VersionRange::of([3, 5]));
        assert_eq!(VersionRange::of([]), VersionRange::empty());
        assert!(one(3).intersection(&one(4)).is_empty());
    }

    #[test]
    fn requirements_meet_where_each_alone_would_take_the_version() {
        let versions: Vec<Version> =
            ["1.1.0", "1.2.0-rc.2", "1.2.0", "2.0.0-rc.1"].iter().map(|text| Version::parse(text).unwrap()).collect();
        assert_eq!(range("^1", &versions), VersionRange::of([10, 12]));
        assert_eq!(range("^1.2.0-rc.1", &versions), VersionRange::of([11, 12]));
        assert_eq!(range("^1", &versions).intersection(&range("^1.2.0-rc.1", &versions)), VersionRange::of([12]));
        assert!(range("<2", &versions).intersection(&range(">1.2", &versions)).is_empty());
    }

    #[test]
    fn what_was_chosen_by_hand_may_be_a_pre_release() {
        let version = Version::parse("1.0.0-dev").unwrap();
        let takes = |text: &str, reading| takes(&Requirement::parse(text).unwrap(), &version, reading);
        assert!(takes("*", Reading::Lenient) && !takes("*", Reading::Strict));
        assert!(!takes("^1", Reading::Lenient));
    }

    /// Small numbers collide often.
    fn number() -> impl Strategy<Value = u64> {
        prop_oneof![8 => 0..4u64, 1 => Just(u64::MAX)]
    }

    fn version() -> impl Strategy<Value = String> {
        let pre = prop_oneof![4 => Just(""), 1 => Just("-0"), 1 => Just("-a"), 1 => Just("-a.1"), 1 => Just("-10")];
        let build = prop_oneof![6 => Just(""), 1 => Just("+b.1"), 1 => Just("+0")];
        (number(), number(), number(), pre, build)
            .prop_map(|(major, minor, patch, pre, build)| format!("{major}.{minor}.{patch}{pre}{build}"))
    }

    fn comparator() -> impl Strategy<Value = String> {
        let op = prop_oneof![Just(""), Just("="), Just(">"), Just(">="), Just("<"), Just("<="), Just("~"), Just("^")];
        let numbers = prop_oneof![
            4 => version(),
            1 => (number(), number()).prop_map(|(major, minor)| format!("{major}.{minor}")),
            1 => number().prop_map(|major| major.to_string()),
        ];
        let star = prop_oneof![Just("*"), Just("x"), Just("X")];
        let wildcard = (number(), prop::option::of(number()), star.clone(), star).prop_map(
            |(major, minor, one, two)| match minor {
                Some(minor) => format!("{major}.{minor}.{one}"),
                None if one == two => format!("{major}.{one}"),
                None => format!("{major}.{one}.{two}"),
            },
        );
        prop_oneof![6 => (op, numbers).prop_map(|(op, numbers)| format!("{op}{numbers}")), 1 => wildcard]
    }

    fn requirement() -> impl Strategy<Value = String> {
        let several = prop::collection::vec(comparator(), 1..4).prop_map(|comparators| comparators.join(", "));
        prop_oneof![1 => Just("*".to_owned()), 12 => several]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Set algebra over places is logic over `VersionReq::matches`.
        #[test]
        fn the_range_is_what_the_requirement_matches(
            a in requirement(),
            b in requirement(),
            versions in prop::collection::vec(version(), 24),
        ) {
            let mut versions: Vec<Version> = versions.iter().map(|text| Version::parse(text).unwrap()).collect();
            versions.sort();
            let (in_a, in_b) = (range(&a, &versions), range(&b, &versions));
            let (a, b) = (Requirement::parse(&a).unwrap(), Requirement::parse(&b).unwrap());
            let all = |taken: &dyn Fn(&Version) -> bool| versions.iter().all(|version| !taken(version));
            for (place, version) in (10..).zip(&versions) {
                let (by_a, by_b) = (a.matches(version), b.matches(version));
                prop_assert_eq!(in_a.contains(&place), by_a, "{} and {}", a, version);
                prop_assert_eq!(in_a.intersection(&in_b).contains(&place), by_a && by_b);
                prop_assert_eq!(in_a.union(&in_b).contains(&place), by_a || by_b);
                prop_assert_eq!(in_a.complement().contains(&place), !by_a);
            }
            prop_assert_eq!(in_a.is_empty(), all(&|version| a.matches(version)));
            prop_assert_eq!(in_a.is_disjoint(&in_b), all(&|version| a.matches(version) && b.matches(version)));
            prop_assert_eq!(in_a.subset_of(&in_b), all(&|version| a.matches(version) && !b.matches(version)));
        }
    }
}
