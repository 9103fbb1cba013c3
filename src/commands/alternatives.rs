//! What there is of a set in place of what was asked for, for the errors that say there is no such version.

use crate::address::Which;
use crate::error::Hint;
use crate::index::{IndexFile, Line};
use crate::version::Version;
use std::cmp::Reverse;

/// How many versions are named.
const MOST: usize = 3;

/// The versions of a set that a person may mean who asked for one that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// The nearest, newest first; the newest of all where nothing in particular was asked for.
    pub near: Vec<Version>,
    /// The newest.
    pub newest: Option<Version>,
    /// How many there are.
    pub count: usize,
    /// How many more there are that only a newer Anvil understands.
    pub newer: usize,
    /// Those among what was asked for that are there and invalid, since they are published twice.
    pub twice: Vec<Version>,
}

impl Alternatives {
    /// Returns what `index` has that can be used, near what was asked for.
    pub fn of(index: &IndexFile, which: &Which) -> Self {
        Self::among(index, which, |line| line.yanked.is_none())
    }

    /// Returns what `index` has at all, near what was asked for.
    pub fn yanked_or_not(index: &IndexFile, which: &Which) -> Self {
        Self::among(index, which, |_| true)
    }

    fn among(index: &IndexFile, which: &Which, is_meant: impl Fn(&&Line) -> bool) -> Self {
        let mut versions: Vec<Version> = index.lines.iter().filter(is_meant).map(|line| line.version.clone()).collect();
        versions.sort_by(|a, b| b.cmp(a));
        let (newest, count) = (versions.first().cloned(), versions.len());
        if let Which::Exact(asked) = which {
            // Those of its minor line, then those of its major line, then the rest.
            versions.sort_by_key(|version| {
                let same_major = version.major == asked.major;
                Reverse((same_major && version.minor == asked.minor, same_major))
            });
        }
        versions.truncate(MOST);
        versions.sort_by(|a, b| b.cmp(a));
        let is_asked_for = |version: &&Version| match which {
            Which::Exact(asked) => asked == *version,
            Which::Requirement { requirement, .. } => requirement.matches(version),
            Which::Unspecified | Which::Channel(_) => true,
        };
        let twice = index.contradicting.iter().filter(is_asked_for).cloned().collect();
        Alternatives { near: versions, newest, count, newer: index.newer, twice }
    }

    /// Returns them as hints.
    pub fn hints(&self) -> Vec<Hint> {
        let near: Vec<String> = self.near.iter().map(Version::to_string).collect();
        let mut hints: Vec<Hint> = self.twice.iter().map(published_twice).collect();
        hints.extend(match (near.as_slice(), &self.newest) {
            ([], _) => None,
            ([only], _) => Some(Hint::new(format!("its only version is {only}"))),
            (near, _) if self.count <= MOST => Some(Hint::new(format!("its versions are {}", near.join(", ")))),
            (near, newest) if newest.as_ref() == self.near.first() => {
                Some(Hint::new(format!("its newest versions are {}", near.join(", "))))
            }
            (near, newest) => {
                let newest = newest.as_ref().map(|newest| format!("; the newest is {newest}")).unwrap_or_default();
                Some(Hint::new(format!("near it are {}{newest}", near.join(", "))))
            }
        });
        match self.newer {
            0 => {}
            1 => hints.push(Hint::new("1 version is left out: it needs a newer Anvil")),
            newer => hints.push(Hint::new(format!("{newer} versions are left out: they need a newer Anvil"))),
        }
        hints
    }
}

/// Returns that `version` is there and cannot be used.
fn published_twice(version: &Version) -> Hint {
    Hint::new(format!(
        "{version} is published twice, in lines that contradict each other, so neither is used; tell whoever tends the registry"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(versions: &[&str], asked: &str) -> String {
        let line = |version: &&str| {
            let text = format!(
                r#"{{"v":1,"name":"a/b","version":"{version}","sha256":"{}","digest":"h1:{}=","size":1,"dependencies":[]}}"#,
                "0".repeat(64),
                "A".repeat(43),
            );
            text + "\n"
        };
        let text: String = versions.iter().map(line).collect();
        let index = IndexFile::parse(&"a/b".parse().unwrap(), text.as_bytes()).unwrap();
        let asked = Which::Exact(asked.parse().unwrap());
        Alternatives::of(&index, &asked).hints().iter().map(Hint::to_string).collect()
    }

    #[test]
    fn the_nearest_are_named() {
        let many = ["1.0.0", "1.1.0", "1.1.1", "1.1.2", "1.1.3", "1.2.0", "2.0.0"];
        assert_eq!(hint(&many, "1.1.9"), "near it are 1.1.3, 1.1.2, 1.1.1; the newest is 2.0.0");
        assert_eq!(hint(&many, "1.9.0"), "near it are 1.2.0, 1.1.3, 1.1.2; the newest is 2.0.0");
        assert_eq!(hint(&many, "2.0.1"), "its newest versions are 2.0.0, 1.2.0, 1.1.3");
        assert_eq!(hint(&many[..2], "9.9.9"), "its versions are 1.1.0, 1.0.0");
        assert_eq!(hint(&many[..1], "9.9.9"), "its only version is 1.0.0");
        assert_eq!(hint(&[], "9.9.9"), "");
    }
}
