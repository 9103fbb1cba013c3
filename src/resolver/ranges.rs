//! Requirements as sets of versions, exactly.
//!
//! PubGrub reasons with unions of intervals over an ordered set of versions and takes complements,
//! unions and intersections of them. In the order of semantic versions a requirement is no such
//! union: `^1` holds every release from 1.0.0 to below 2.0.0 and none of the infinitely many
//! intervals of pre-releases between them. The usual way out is an interval that holds too much and
//! a filter where a version is chosen. It is wrong as soon as two requirements meet: their
//! intersection has forgotten which of them asked for the pre-release, and the solver believes in
//! versions that the filter then takes away.
//!
//! So Anvil orders versions differently for the solver: first every release, then, on a line of
//! their own, the pre-releases. Now each requirement is a small union: one interval of releases and,
//! for each `x.y.z` of which a comparator names a pre-release, one interval of pre-releases.
//! `contains` equals `VersionReq::matches` for every pair, without a filter, and every intersection
//! means what it should: *a version will do when every requirement on its set, taken alone, takes
//! it*. That is Cargo's rule, and the one by which a lock file is checked. Which version is preferred
//! is not decided by this order but by semantic precedence.
//!
//! The source comes before either. One name asked for from two sources gives disjoint sets, so
//! that "one set, one source" needs no machinery of its own.
//!
//! Build metadata is no part of a requirement, and versions of sets have none; it is left out here.

use crate::version::{Requirement, Version};
use pubgrub::Ranges;
use semver::{Comparator, Op, Prerelease};
use std::cmp::Ordering;
use std::fmt;

/// A number for a source, given by the world as it meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SourceId(pub(super) u32);

/// The two lines that versions stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Line {
    Releases,
    PreReleases,
}

/// A version of a source, in the solver's order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Point {
    source: SourceId,
    line: Line,
    core: Core,
    /// Empty among releases. Among pre-releases it is empty only in bounds, where it stands behind
    /// every pre-release of its `x.y.z`, as `semver` orders it.
    pre: Prerelease,
}

/// Major, minor and patch.
type Core = (u64, u64, u64);

/// A set of versions.
pub(super) type VersionRange = Ranges<Point>;

impl Point {
    /// The one version that the project itself has.
    pub(super) const PROJECT: Point =
        Point { source: SourceId(u32::MAX), line: Line::Releases, core: (0, 0, 0), pre: Prerelease::EMPTY };

    /// Returns where `version` of `source` stands.
    pub(super) fn of(version: &Version, source: SourceId) -> Self {
        let core = (version.major, version.minor, version.patch);
        let line = if version.pre.is_empty() { Line::Releases } else { Line::PreReleases };
        Point { source, line, core, pre: version.pre.clone() }
    }

    /// Returns the source.
    pub(super) fn source(&self) -> SourceId {
        self.source
    }

    fn release(source: SourceId, core: Core) -> Self {
        Point { source, line: Line::Releases, core, pre: Prerelease::EMPTY }
    }

    fn pre_release(source: SourceId, core: Core, pre: Prerelease) -> Self {
        Point { source, line: Line::PreReleases, core, pre }
    }

    /// Returns the first place on the line of pre-releases, which is the end of the line of releases.
    fn end_of_releases(source: SourceId) -> Self {
        Point::pre_release(source, (0, 0, 0), first_pre_release())
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.core;
        write!(f, "{major}.{minor}.{patch}")?;
        if self.pre.is_empty() { Ok(()) } else { write!(f, "-{}", self.pre) }
    }
}

/// Returns every version of `source`.
pub(super) fn everything(source: SourceId) -> VersionRange {
    let next = SourceId(source.0.saturating_add(1));
    Ranges::between(Point::release(source, (0, 0, 0)), Point::release(next, (0, 0, 0)))
}

/// Returns the versions of `source` that `requirement` matches: exactly those of
/// `VersionReq::matches`, for every requirement that can be written down.
pub(super) fn matching(requirement: &Requirement, source: SourceId) -> VersionRange {
    let mut named: Vec<Core> = requirement.comparators.iter().filter_map(named_pre_release).collect();
    named.sort_unstable();
    named.dedup();

    let releases = releases(&requirement.comparators, source);
    named.into_iter().fold(releases, |range, core| {
        let all = Ranges::between(
            Point::pre_release(source, core, first_pre_release()),
            Point::pre_release(source, core, Prerelease::EMPTY),
        );
        let taken = requirement
            .comparators
            .iter()
            .fold(all, |taken, comparator| taken.intersection(&pre_releases_of_comparator(comparator, source, core)));
        range.union(&taken)
    })
}

/// Returns the least pre-release there is.
fn first_pre_release() -> Prerelease {
    Prerelease::new("0").expect("`0` is a valid pre-release")
}

/// Returns the `x.y.z` of which the comparator names a pre-release: what opens that version's
/// pre-releases to the whole requirement.
fn named_pre_release(comparator: &Comparator) -> Option<Core> {
    (!comparator.pre.is_empty()).then_some((comparator.major, comparator.minor?, comparator.patch?))
}

/// Returns the interval of releases that satisfy every one of `comparators`.
fn releases(comparators: &[Comparator], source: SourceId) -> VersionRange {
    let mut lower = (0, 0, 0);
    let mut upper: Option<Core> = None;
    for comparator in comparators {
        let Some((from, below)) = releases_of_comparator(comparator) else {
            return Ranges::empty();
        };
        lower = lower.max(from);
        upper = match (upper, below) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let end = upper.map_or_else(|| Point::end_of_releases(source), |core| Point::release(source, core));
    Ranges::from_range_bounds(Point::release(source, lower)..end)
}

/// Returns the releases that satisfy `comparator`: from the first, to below the second where there
/// is an end; nothing where there are none.
fn releases_of_comparator(comparator: &Comparator) -> Option<(Core, Option<Core>)> {
    let Comparator { op, major, minor, patch, pre } = comparator;
    let first = (0, 0, 0);
    let from = (*major, minor.unwrap_or(0), patch.unwrap_or(0));
    let past_named = match (minor, patch) {
        (None, _) => after_major(*major),
        (Some(minor), None) => after_minor(*major, *minor),
        (Some(_), Some(_)) => after_patch(from),
    };
    Some(match op {
        Op::Exact | Op::Wildcard if pre.is_empty() => (from, past_named),
        Op::Exact | Op::Wildcard => return None,
        Op::Greater if pre.is_empty() => (past_named?, None),
        Op::Greater | Op::GreaterEq => (from, None),
        Op::LessEq if pre.is_empty() => (first, past_named),
        Op::Less | Op::LessEq => (first, Some(from)),
        Op::Tilde if minor.is_none() => (from, after_major(*major)),
        Op::Tilde => (from, after_minor(*major, from.1)),
        Op::Caret => match (major, minor, patch) {
            (0, Some(0), Some(_)) => (from, after_patch(from)),
            (0, Some(minor), _) => (from, after_minor(0, *minor)),
            _ => (from, after_major(*major)),
        },
        // An operator that this Anvil does not know matches nothing rather than too much.
        _ => return None,
    })
}

fn after_major(major: u64) -> Option<Core> {
    major.checked_add(1).map(|major| (major, 0, 0))
}

fn after_minor(major: u64, minor: u64) -> Option<Core> {
    minor.checked_add(1).map(|minor| (major, minor, 0)).or_else(|| after_major(major))
}

fn after_patch((major, minor, patch): Core) -> Option<Core> {
    patch.checked_add(1).map(|patch| (major, minor, patch)).or_else(|| after_minor(major, minor))
}

/// Returns a range that holds, of the pre-releases of `core`, exactly those that satisfy
/// `comparator` when the question whether pre-releases are asked for is left aside.
fn pre_releases_of_comparator(comparator: &Comparator, source: SourceId, core: Core) -> VersionRange {
    let Comparator { op, major, minor, patch, pre } = comparator;
    let point = || Point::pre_release(source, core, pre.clone());
    let all_if = |holds: bool| if holds { Ranges::full() } else { Ranges::empty() };
    // How `core` lies to the comparator's numbers; nothing where it is equal as far as they go,
    // and they do not go to the patch.
    let order = match core.0.cmp(major) {
        Ordering::Equal => match minor.map(|minor| core.1.cmp(&minor)) {
            Some(Ordering::Equal) => patch.map(|patch| core.2.cmp(&patch)),
            other => other,
        },
        other => Some(other),
    };
    let named = matches!(order, None | Some(Ordering::Equal));
    match op {
        Op::Exact | Op::Wildcard if named => Ranges::singleton(point()),
        Op::Exact | Op::Wildcard => Ranges::empty(),
        Op::Greater if order == Some(Ordering::Equal) => Ranges::strictly_higher_than(point()),
        Op::Greater => all_if(order == Some(Ordering::Greater)),
        Op::GreaterEq if order == Some(Ordering::Equal) => Ranges::higher_than(point()),
        Op::GreaterEq => all_if(order == Some(Ordering::Greater)),
        Op::Less if order == Some(Ordering::Equal) => Ranges::strictly_lower_than(point()),
        Op::Less => all_if(order == Some(Ordering::Less)),
        Op::LessEq if order == Some(Ordering::Equal) => Ranges::lower_than(point()),
        Op::LessEq => all_if(order == Some(Ordering::Less)),
        Op::Tilde if named => Ranges::higher_than(point()),
        Op::Tilde => all_if(core.0 == *major && Some(core.1) == *minor && patch.is_some_and(|patch| core.2 > patch)),
        Op::Caret if core.0 != *major => Ranges::empty(),
        Op::Caret => match (minor, patch) {
            (None, _) => Ranges::full(),
            (Some(minor), None) if *major > 0 => all_if(core.1 >= *minor),
            (Some(minor), None) => all_if(core.1 == *minor),
            (Some(_), Some(_)) if order == Some(Ordering::Equal) => Ranges::higher_than(point()),
            (Some(_), Some(_)) if *major > 0 => all_if(order == Some(Ordering::Greater)),
            (Some(minor), Some(patch)) => all_if(*minor > 0 && core.1 == *minor && core.2 > *patch),
        },
        _ => Ranges::empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: SourceId = SourceId(3);

    fn holds(requirement: &str, version: &str) -> bool {
        let requirement = Requirement::parse(requirement).unwrap();
        matching(&requirement, HERE).contains(&Point::of(&Version::parse(version).unwrap(), HERE))
    }

    #[test]
    fn an_upper_bound_keeps_out_the_next_ones_pre_releases() {
        assert!(holds("^1", "1.9.9"));
        assert!(!holds("^1", "2.0.0-alpha"));
        assert!(!holds("^1", "1.5.0-alpha"));
        assert!(!holds("<2.0.0", "2.0.0-alpha"));
        assert!(!holds("*", "1.0.0-rc.1"));
    }

    #[test]
    fn a_pre_release_is_there_for_whoever_names_one_of_the_same_three_numbers() {
        assert!(holds("^1.2.0-rc.1", "1.2.0-rc.2"));
        assert!(holds("^1.2.0-rc.1", "1.4.0"));
        assert!(!holds("^1.2.0-rc.1", "1.4.0-rc.1"));
        assert!(!holds("^1.2.0-rc.2", "1.2.0-rc.1"));
        assert!(holds(">=1.0.0, <2.0.0-b", "2.0.0-a"));
    }

    #[test]
    fn requirements_meet_where_each_alone_would_take_the_version() {
        let range = |text: &str| matching(&Requirement::parse(text).unwrap(), HERE);
        let rc = Point::of(&Version::parse("1.2.0-rc.2").unwrap(), HERE);
        assert!(!range("^1").intersection(&range("^1.2.0-rc.1")).contains(&rc));
        assert!(range(">=1.2.0-rc.2").intersection(&range("^1.2.0-rc.1")).contains(&rc));
    }

    #[test]
    fn two_sources_share_no_version() {
        let any = Requirement::STAR;
        assert!(matching(&any, SourceId(0)).is_disjoint(&matching(&any, SourceId(1))));
        assert!(everything(SourceId(0)).is_disjoint(&everything(SourceId(1))));
        let rc = Version::parse("1.0.0-rc.1").unwrap();
        assert!(everything(HERE).contains(&Point::of(&rc, HERE)));
    }

    /// Small numbers collide often; the largest try the carries.
    fn number() -> impl Strategy<Value = u64> {
        prop_oneof![8 => 0..4u64, 1 => Just(u64::MAX), 1 => Just(u64::MAX - 1)]
    }

    fn pre_release() -> impl Strategy<Value = String> {
        let part = prop_oneof![Just("0"), Just("1"), Just("10"), Just("a"), Just("b"), Just("a-b")];
        prop::collection::vec(part, 1..3).prop_map(|parts| format!("-{}", parts.join(".")))
    }

    fn optionally(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        prop_oneof![Just(String::new()), text]
    }

    fn version() -> impl Strategy<Value = String> {
        let build = prop_oneof![6 => Just(""), 1 => Just("+b.1"), 1 => Just("+0")];
        (number(), number(), number(), optionally(pre_release()), build)
            .prop_map(|(major, minor, patch, pre, build)| format!("{major}.{minor}.{patch}{pre}{build}"))
    }

    fn comparator() -> impl Strategy<Value = String> {
        let op = prop_oneof![Just(""), Just("="), Just(">"), Just(">="), Just("<"), Just("<="), Just("~"), Just("^")];
        let numbers = prop_oneof![
            4 => version(),
            1 => (number(), number()).prop_map(|(major, minor)| format!("{major}.{minor}")),
            1 => number().prop_map(|major| major.to_string()),
        ];
        let wildcard = prop_oneof![
            (number(), number()).prop_map(|(major, minor)| format!("{major}.{minor}.*")),
            number().prop_map(|major| format!("{major}.*")),
        ];
        prop_oneof![6 => (op, numbers).prop_map(|(op, numbers)| format!("{op}{numbers}")), 1 => wildcard]
    }

    fn requirement() -> impl Strategy<Value = String> {
        prop_oneof![1 => Just("*".to_owned()), 12 => prop::collection::vec(comparator(), 1..4).prop_map(|c| c.join(", "))]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_range_is_what_the_requirement_matches(
            requirement in requirement(),
            other in requirement(),
            versions in prop::collection::vec(version(), 24),
        ) {
            let requirement = Requirement::parse(&requirement).unwrap();
            let other = Requirement::parse(&other).unwrap();
            let (range, others) = (matching(&requirement, HERE), matching(&other, HERE));
            for version in versions {
                let version = Version::parse(&version).unwrap();
                let point = Point::of(&version, HERE);
                let (a, b) = (requirement.matches(&version), other.matches(&version));
                prop_assert_eq!(range.contains(&point), a, "{} and {}", requirement, version);
                prop_assert_eq!(range.intersection(&others).contains(&point), a && b);
                prop_assert_eq!(range.union(&others).contains(&point), a || b);
                prop_assert_eq!(range.complement().contains(&point), !a);
                prop_assert!(!matching(&requirement, SourceId(4)).contains(&point));
            }
        }
    }
}
