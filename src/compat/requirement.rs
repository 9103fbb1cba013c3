//! How one requirement lies to another: by the lowest version that it takes, and by what lies above
//! all that it takes. Pre-releases count as the releases that they precede.

use crate::version::{Requirement, Version};
use semver::{Comparator, Op};

/// Returns whether all that `new` takes lies above all that `old` takes.
pub(super) fn is_raised(old: &Requirement, new: &Requirement) -> bool {
    old.comparators.iter().filter_map(end).min().is_some_and(|end| lowest(new) >= end)
}

/// Returns the lowest version that `requirement` may take.
pub(super) fn lowest(requirement: &Requirement) -> Version {
    requirement.comparators.iter().map(start).max().unwrap_or(Version::new(0, 0, 0))
}

/// Returns the first version of the comparator's range.
fn start(comparator: &Comparator) -> Version {
    match comparator.op {
        Op::Less | Op::LessEq => Version::new(0, 0, 0),
        Op::Greater => after(comparator),
        _ => written(comparator),
    }
}

/// Returns the first version after the comparator's range, if that ends.
fn end(comparator: &Comparator) -> Option<Version> {
    let Comparator { op, major, minor, patch, .. } = *comparator;
    match op {
        Op::Greater | Op::GreaterEq => None,
        Op::Less => Some(written(comparator)),
        Op::Caret => Some(match (major, minor, patch) {
            (0, None, _) | (1.., ..) => Version::new(major.saturating_add(1), 0, 0),
            (0, Some(0), Some(patch)) => Version::new(0, 0, patch.saturating_add(1)),
            (0, Some(minor), _) => Version::new(0, minor.saturating_add(1), 0),
        }),
        Op::Tilde => Some(match minor {
            None => Version::new(major.saturating_add(1), 0, 0),
            Some(minor) => Version::new(major, minor.saturating_add(1), 0),
        }),
        _ => Some(after(comparator)),
    }
}

/// Returns the comparator's version, with zeros for what it leaves open.
fn written(comparator: &Comparator) -> Version {
    Version::new(comparator.major, comparator.minor.unwrap_or(0), comparator.patch.unwrap_or(0))
}

/// Returns the first version that is above every one that begins with the comparator's numbers.
fn after(comparator: &Comparator) -> Version {
    let Comparator { major, minor, patch, .. } = *comparator;
    match (minor, patch) {
        (None, _) => Version::new(major.saturating_add(1), 0, 0),
        (Some(minor), None) => Version::new(major, minor.saturating_add(1), 0),
        (Some(minor), Some(patch)) => Version::new(major, minor, patch.saturating_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_raised_where_nothing_that_was_allowed_will_do() {
        let raised = |old: &str, new: &str| is_raised(&old.parse().unwrap(), &new.parse().unwrap());
        for (old, new) in [
            ("^1.2", "^2"),
            ("~1.2", "^1.3"),
            ("=1.2.0", "=1.2.1"),
            ("^0.3", "^0.4"),
            ("0.0.3", "0.0.4"),
            (">=1, <2", ">=2.0.0"),
            ("<=1.4", ">1.4"),
            ("1.*", "2.*"),
            ("^0", "^1"),
        ] {
            assert!(raised(old, new), "{old} to {new}");
        }
        for (old, new) in [
            ("^1.2", "^1.4"),
            ("^1.2", "^1.1"),
            ("^2", "^1"),
            ("*", "^9"),
            (">=1", ">=7"),
            ("^1", ">=1.5, <3"),
            ("<=1.4", ">=1.4"),
            ("^0.3", "^0.3.7"),
        ] {
            assert!(!raised(old, new), "{old} to {new}");
        }
    }

    /// What lies between the two ends is what `matches` says, for versions at and around them.
    #[test]
    fn the_ends_are_where_a_requirement_stops_matching() {
        for text in ["^1.2.3", "^0.2", "^0.0.3", "^0", "~1.2.3", "~1", "=1.2", "=1.2.3", "1.*", ">1.2", ">1", ">=1.2.3"]
        {
            let requirement: Requirement = text.parse().unwrap();
            let lowest = lowest(&requirement);
            assert!(requirement.matches(&lowest), "{text}: {lowest}");
            let Some(end) = requirement.comparators.iter().filter_map(end).min() else { continue };
            assert!(!requirement.matches(&end), "{text}: {end}");
        }
    }
}
