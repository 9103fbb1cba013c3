//! Versions and requirements: the `semver` crate's types, read with Anvil's one extra rule, and
//! the three ways to raise a version.

use crate::error::{Code, Diagnose, suggest};
pub use semver::Version;
use semver::{BuildMetadata, Prerelease};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Cargo's requirement syntax, e.g. `^1.2`.
pub type Requirement = semver::VersionReq;

/// Returns the version of the Anvil that runs.
pub fn running_anvil() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("cargo refuses any other version")
}

/// A version or requirement that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid {what}: {why}", crate::error::told(.text))]
pub struct VersionError {
    what: &'static str,
    text: String,
    why: String,
}

impl Diagnose for VersionError {
    fn code(&self) -> Code {
        Code::A0003
    }
}

/// Returns the version that `text` writes out in full.
///
/// # Errors
/// When it is no semantic version, or has build metadata or an endless pre-release, as no version of a set.
pub fn parse_version(text: &str) -> Result<Version, VersionError> {
    let fail = |why: String| VersionError { what: "version", text: text.to_owned(), why };
    let version = Version::parse(text).map_err(|error| match meant(text) {
        Some(version) => fail(format!("did you mean {version}?")),
        None => fail(format!("{error}; one looks like 1.2.0")),
    })?;
    match fault(&version) {
        Some(why) => Err(fail(why)),
        None => Ok(version),
    }
}

/// The most characters of a pre-release: versions stand in the names of tags and files.
const MAX_PRE_RELEASE: usize = 64;

/// Returns why `version`, a semantic version, is none of a prompt set, or nothing if it can be one.
pub fn fault(version: &Version) -> Option<String> {
    if !version.build.is_empty() {
        return Some("versions of prompt sets have no build metadata".into());
    }
    let is_too_long = version.pre.len() > MAX_PRE_RELEASE;
    is_too_long.then(|| format!("its pre-release is longer than {MAX_PRE_RELEASE} characters"))
}

/// Returns the version that a tag's name or one with too few numbers may stand for: `v1.2.0`, `1.2`.
pub fn meant(text: &str) -> Option<Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let with = |zeros: &str| parse_plain(&format!("{text}{zeros}"));
    with("").or_else(|| with(".0")).or_else(|| with(".0.0"))
}

fn parse_plain(text: &str) -> Option<Version> {
    Version::parse(text).ok().filter(|version| fault(version).is_none())
}

/// Returns the requirement that `text` writes in Cargo's syntax.
///
/// # Errors
/// When it is not in that syntax.
pub fn parse_requirement(text: &str) -> Result<Requirement, VersionError> {
    Requirement::parse(text).map_err(|error| VersionError {
        what: "requirement",
        text: text.to_owned(),
        why: error.to_string(),
    })
}

/// Returns the caret requirement with the whole of `version`, as `anvil add` writes it.
pub fn caret(version: &Version) -> Requirement {
    Requirement {
        comparators: vec![semver::Comparator {
            op: semver::Op::Caret,
            major: version.major,
            minor: Some(version.minor),
            patch: Some(version.patch),
            pre: version.pre.clone(),
        }],
    }
}

/// How much a version is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Text and whatever nobody can break on.
    Patch,
    /// Something was added.
    Minor,
    /// Something that users rely on changed or went.
    Major,
}

impl Bump {
    /// Returns the version that follows `version`. A pre-release is first finished: the patch
    /// after `1.2.0-rc.1` is `1.2.0`.
    pub fn apply(self, version: &Version) -> Version {
        let Version { major, minor, patch, .. } = *version;
        let finishes = !version.pre.is_empty();
        let (major, minor, patch) = match self {
            Bump::Major if finishes && minor == 0 && patch == 0 => (major, 0, 0),
            Bump::Major => (major.saturating_add(1), 0, 0),
            Bump::Minor if finishes && patch == 0 => (major, minor, 0),
            Bump::Minor => (major, minor.saturating_add(1), 0),
            Bump::Patch if finishes => (major, minor, patch),
            Bump::Patch => (major, minor, patch.saturating_add(1)),
        };
        Version { major, minor, patch, pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY }
    }

    /// Returns the bump that leads from `before` to `after`, by the first number that differs.
    pub fn between(before: &Version, after: &Version) -> Bump {
        if before.major != after.major {
            Bump::Major
        } else if before.minor != after.minor {
            Bump::Minor
        } else {
            Bump::Patch
        }
    }

    /// Returns the bump that keeps this one's promise before 1.0: `0.y.z` breaks with `y` and
    /// does all else with `z`; in `0.0.z` every change is `z`.
    pub fn before_one(self, version: &Version) -> Bump {
        match (version.major, version.minor, self) {
            (0, 0, _) => Bump::Patch,
            (0, _, Bump::Major) => Bump::Minor,
            (0, _, _) => Bump::Patch,
            _ => self,
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        })
    }
}

/// What `anvil version` is asked for: a bump, or a version itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The next version of that size.
    Bump(Bump),
    /// The next version of the size that what changed needs.
    Auto,
    /// Exactly this one.
    Exact(Version),
}

impl FromStr for Target {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Ok(match text {
            "major" => Target::Bump(Bump::Major),
            "minor" => Target::Bump(Bump::Minor),
            "patch" => Target::Bump(Bump::Patch),
            "auto" => Target::Auto,
            _ => Target::Exact(parse_version(text).map_err(|error| {
                if text.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit()) {
                    error
                } else {
                    let words = ["major", "minor", "patch", "auto"];
                    let meant = suggest(text, words).map(|word| format!("; did you mean `{word}`?"));
                    let why = format!(
                        "it is major, minor, patch, auto or a version as in 1.2.0{}",
                        meant.unwrap_or_default()
                    );
                    VersionError { what: "target", text: text.to_owned(), why }
                }
            })?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_metadata_is_refused() {
        assert!(parse_version("1.0.0").is_ok());
        assert!(parse_version("1.0.0-rc.1").is_ok());
        for bad in ["1.0.0+b", "1.0", "v1.0.0", "", "01.0.0"] {
            assert!(parse_version(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn what_is_nearly_a_version_is_told_as_one() {
        let why = |text: &str| parse_version(text).unwrap_err().to_string();
        assert_eq!(why("v0.2.0"), "`v0.2.0` is not a valid version: did you mean 0.2.0?");
        assert_eq!(why("1.4"), "`1.4` is not a valid version: did you mean 1.4.0?");
        assert_eq!(why("v2"), "`v2` is not a valid version: did you mean 2.0.0?");
        // What would be refused again is no suggestion.
        assert!(!why("v1.2.0+b").contains("did you mean"), "{}", why("v1.2.0+b"));
        let why = |text: &str| text.parse::<Target>().unwrap_err().to_string();
        assert_eq!(why("v0.2.0"), "`v0.2.0` is not a valid version: did you mean 0.2.0?");
        assert_eq!(why("foo"), "`foo` is not a valid target: it is major, minor, patch, auto or a version as in 1.2.0");
        assert!(why("mayor").ends_with("; did you mean `major`?"));
    }

    #[test]
    fn bumps_follow_semver_and_finish_pre_releases() {
        let next = |bump: Bump, from: &str| bump.apply(&parse_version(from).unwrap()).to_string();
        assert_eq!(next(Bump::Patch, "1.2.3"), "1.2.4");
        assert_eq!(next(Bump::Minor, "1.2.3"), "1.3.0");
        assert_eq!(next(Bump::Major, "1.2.3"), "2.0.0");
        assert_eq!(next(Bump::Patch, "1.2.0-rc.1"), "1.2.0");
        assert_eq!(next(Bump::Minor, "1.2.0-rc.1"), "1.2.0");
        assert_eq!(next(Bump::Minor, "1.2.3-rc.1"), "1.3.0");
        assert_eq!(next(Bump::Major, "2.0.0-rc.1"), "2.0.0");
    }

    #[test]
    fn before_one_everything_moves_a_place_to_the_right() {
        let zero = parse_version("0.3.1").unwrap();
        assert_eq!(Bump::Major.before_one(&zero), Bump::Minor);
        assert_eq!(Bump::Minor.before_one(&zero), Bump::Patch);
        assert_eq!(Bump::Major.before_one(&parse_version("0.0.4").unwrap()), Bump::Patch);
        assert_eq!(Bump::Minor.before_one(&parse_version("1.0.0").unwrap()), Bump::Minor);
    }

    #[test]
    fn a_caret_holds_the_whole_version() {
        assert_eq!(caret(&parse_version("1.4.2").unwrap()).to_string(), "^1.4.2");
    }
}
