//! Changes to an index file's text that keep all that they are not about byte by byte: fields that
//! this Anvil does not know, and every other line.
//!
//! Lines of a newer format are counted as published and never changed: what their fields mean is
//! not known here.

use super::file::{lines, parse_line};
use super::members::{self, Rewritten};
use super::{Deprecated, IndexFault, Line, Yanked};
use crate::digest::{ContentDigest, Sha256};
use crate::name::SetName;
use crate::version::Version;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The file is another one now.
    Changed {
        /// Its new text.
        text: Vec<u8>,
        /// The versions of which it said something else before, in its order.
        versions: Vec<Version>,
    },
    /// It says so already.
    Unchanged,
    /// No line that this Anvil understands is of that version.
    NoSuchVersion(Version),
}

/// Which of a set's versions are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Every one that is published by now.
    All,
    /// These.
    These(BTreeSet<Version>),
}

impl Versions {
    /// Returns `version` alone.
    pub fn only(version: &Version) -> Self {
        Versions::These(BTreeSet::from([version.clone()]))
    }

    fn hold(&self, version: &Version) -> bool {
        match self {
            Versions::All => true,
            Versions::These(versions) => versions.contains(version),
        }
    }
}

/// A version that some line holds, whatever the line's format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The version.
    pub version: Version,
    /// Its content, where the line says it in a way that is understood.
    pub digest: Option<ContentDigest>,
    /// Its bundle's bytes, likewise.
    pub sha256: Option<Sha256>,
}

/// Returns every version that the index file `text` of `name` holds, those of newer formats too: none of
/// them may be published again with other content.
///
/// # Errors
/// On the first line that is broken, or that is of a newer format and has no version to be read.
pub fn taken(name: &SetName, text: &[u8]) -> Result<Vec<Taken>, IndexFault> {
    #[derive(Deserialize)]
    struct Newer {
        version: Version,
        #[serde(default)]
        digest: Value,
        #[serde(default)]
        sha256: Value,
    }
    let mut taken = Vec::new();
    for (at, bytes) in lines(text).enumerate() {
        let fault = |why: String| IndexFault { name: name.clone(), line: at + 1, why };
        taken.push(match parse_line(bytes).map_err(fault)? {
            Some(line) => Taken { version: line.version, digest: Some(line.digest), sha256: Some(line.sha256) },
            None => {
                let newer: Newer = serde_json::from_slice(bytes)
                    .map_err(|_| fault("it is of a newer format: upgrade anvil to publish here".into()))?;
                let digest = newer.digest.as_str().and_then(|digest| digest.parse().ok());
                let sha256 = newer.sha256.as_str().and_then(|sha256| sha256.parse().ok());
                Taken { version: newer.version, digest, sha256 }
            }
        });
    }
    Ok(taken)
}

/// Returns `line` as an index file holds it, with its newline.
pub fn to_text(line: &Line) -> Vec<u8> {
    let mut text =
        serde_json::to_vec(line).expect("an index line has text keys alone, and nothing of it fails to serialize");
    text.push(b'\n');
    text
}

/// Returns the index file `text` with `lines`, each of which has its newline, after what is there.
pub fn append(text: &[u8], lines: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(lines);
    text
}

/// Returns the index file `text` in which each of `versions` says what is given with it: its line, or lines,
/// each with its newline, stand where the first of its lines stood, or behind all others.
///
/// # Errors
/// On the first line of `text` that is broken.
pub fn put(name: &SetName, text: &[u8], versions: &[(Version, &[u8])]) -> Result<Vec<u8>, IndexFault> {
    let mut written = Vec::with_capacity(text.len() + 64);
    let mut put: BTreeSet<&Version> = BTreeSet::new();
    for (at, bytes) in lines(text).enumerate() {
        let line = parse_line(bytes).map_err(|why| IndexFault { name: name.clone(), line: at + 1, why })?;
        let new = line.and_then(|line| versions.iter().find(|(version, _)| *version == line.version));
        match new {
            Some((version, new)) => {
                if put.insert(version) {
                    written.extend_from_slice(new);
                }
            }
            None => {
                written.extend_from_slice(bytes);
                written.push(b'\n');
            }
        }
    }
    for (version, new) in versions {
        if put.insert(version) {
            written.extend_from_slice(new);
        }
    }
    Ok(written)
}

/// Returns `lines` of one version with `time` as when it was published, where they do not say so
/// themselves: an exporter's own set may never have been.
pub fn published_at(lines: &[u8], time: &str) -> Vec<u8> {
    let mut dated = Vec::with_capacity(lines.len() + 64);
    for line in self::lines(lines) {
        let new = match parse_line(line) {
            Ok(Some(Line { published_at: None, .. })) => members::with(line, "published_at", Some(&time.into())),
            _ => Rewritten::Unchanged,
        };
        match new {
            Rewritten::Changed(new) => dated.extend(new),
            Rewritten::Unchanged | Rewritten::NoObject => dated.extend_from_slice(line),
        }
        dated.push(b'\n');
    }
    dated
}

/// Returns the index file `text` of `name` in which `version` is yanked, or is not.
///
/// # Errors
/// On the first line that is broken.
pub fn set_yanked(
    name: &SetName,
    text: &[u8],
    version: &Version,
    yanked: Option<&Yanked>,
) -> Result<Edited, IndexFault> {
    // Null where there is nothing: it says that somebody looked.
    let value = serde_json::to_value(yanked).unwrap_or_default();
    change(name, text, &Versions::only(version), |line| members::with(line, "yanked", Some(&value)))
}

/// Returns the index file `text` of `name` in which `versions` are deprecated, or are not.
///
/// # Errors
/// On the first line that is broken.
pub fn set_deprecated(
    name: &SetName,
    text: &[u8],
    versions: &Versions,
    deprecated: Option<&Deprecated>,
) -> Result<Edited, IndexFault> {
    let value = deprecated.map(|deprecated| serde_json::to_value(deprecated).unwrap_or_default());
    change(name, text, versions, |line| members::with(line, "deprecated", value.as_ref()))
}

/// Changes the lines of `versions` by `edit`.
fn change(
    name: &SetName,
    text: &[u8],
    versions: &Versions,
    edit: impl Fn(&[u8]) -> Rewritten,
) -> Result<Edited, IndexFault> {
    let mut written = Vec::with_capacity(text.len() + 64);
    let (mut found, mut changed) = (BTreeSet::new(), Vec::new());
    for (at, bytes) in lines(text).enumerate() {
        let fault = |why: String| IndexFault { name: name.clone(), line: at + 1, why };
        let mut new = None;
        if let Some(Line { version, .. }) = parse_line(bytes).map_err(fault)?
            && versions.hold(&version)
        {
            new = match edit(bytes) {
                Rewritten::Changed(new) => Some(new),
                Rewritten::Unchanged => None,
                Rewritten::NoObject => return Err(fault("it is no JSON object".into())),
            };
            if new.is_some() && !changed.contains(&version) {
                changed.push(version.clone());
            }
            found.insert(version);
        }
        written.extend_from_slice(new.as_deref().unwrap_or(bytes));
        written.push(b'\n');
    }
    if let Versions::These(versions) = versions
        && let Some(missing) = versions.difference(&found).next()
    {
        return Ok(Edited::NoSuchVersion(missing.clone()));
    }
    Ok(if changed.is_empty() { Edited::Unchanged } else { Edited::Changed { text: written, versions: changed } })
}

#[cfg(test)]
mod tests {
    use super::super::{IndexFile, YankReason, test_line};
    use super::*;

    const STRANGE: &str = r#"{ "zeta" : {"b":1.0,"a":[12345678901234567890123]},  "v":1, "#;

    fn name() -> SetName {
        "a/b".parse().unwrap()
    }

    /// Two lines, the first with strange spacing and fields of a newer Anvil.
    fn text() -> Vec<u8> {
        let one = serde_json::to_string(&test_line("a/b", "1.0.0")).unwrap().replacen("{\"v\":1,", STRANGE, 1);
        append(one.as_bytes(), &to_text(&test_line("a/b", "2.0.0")))
    }

    fn changed(edited: Edited) -> Vec<u8> {
        match edited {
            Edited::Changed { text, .. } => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn appending_to_a_file_without_a_last_newline_adds_it() {
        assert_eq!(IndexFile::parse(&name(), &text()).unwrap().lines.len(), 2);
    }

    #[test]
    fn a_yank_keeps_unknown_fields_and_every_other_line() {
        let yanked = Yanked { reason: YankReason::Invalid, message: "wrong tone".into() };
        let (one, two) = (Version::new(1, 0, 0), Version::new(2, 0, 0));
        let before = text();
        let after = changed(set_yanked(&name(), &before, &two, Some(&yanked)).unwrap());
        let first = |text: &[u8]| text.split(|byte| *byte == b'\n').next().unwrap().to_vec();
        assert_eq!(first(&before), first(&after));
        assert_eq!(IndexFile::parse(&name(), &after).unwrap().lines[1].yanked, Some(yanked.clone()));

        let after = changed(set_yanked(&name(), &before, &one, Some(&yanked)).unwrap());
        assert!(after.starts_with(STRANGE.as_bytes()), "{}", String::from_utf8_lossy(&after));
        assert_eq!(set_yanked(&name(), &after, &one, Some(&yanked)), Ok(Edited::Unchanged));
        let undone = changed(set_yanked(&name(), &after, &one, None).unwrap());
        assert_eq!(undone, before);
        let three = Version::new(3, 0, 0);
        assert_eq!(set_yanked(&name(), &before, &three, None), Ok(Edited::NoSuchVersion(three)));
    }

    #[test]
    fn only_what_was_never_published_is_given_a_time() {
        let mut line = test_line("a/b", "1.0.0");
        line.published_at = None;
        let never = String::from_utf8(to_text(&line)).unwrap().replacen("{\"v\":1,", STRANGE, 1);
        let dated = String::from_utf8(published_at(never.as_bytes(), "2026-01-01T00:00:00Z")).unwrap();
        assert_eq!(dated, never.replace("}\n", ",\"published_at\":\"2026-01-01T00:00:00Z\"}\n"));
        assert_eq!(published_at(dated.as_bytes(), "2027-01-01T00:00:00Z"), dated.as_bytes());
    }

    #[test]
    fn a_deprecation_is_of_one_version_or_of_all() {
        let deprecated = Deprecated { message: "use a/c".into(), replacement: Some("a/c".into()) };
        let before = text();
        let count = |text: &[u8]| {
            IndexFile::parse(&name(), text).unwrap().lines.iter().filter(|line| line.deprecated.is_some()).count()
        };
        let one = changed(
            set_deprecated(&name(), &before, &Versions::only(&Version::new(2, 0, 0)), Some(&deprecated)).unwrap(),
        );
        assert_eq!(count(&one), 1);
        let all = changed(set_deprecated(&name(), &one, &Versions::All, Some(&deprecated)).unwrap());
        assert_eq!(count(&all), 2);
        assert_eq!(changed(set_deprecated(&name(), &all, &Versions::All, None).unwrap()), before);
    }

    #[test]
    fn what_is_put_takes_the_place_of_what_was_said_before() {
        let (one, two, three) = (Version::new(1, 0, 0), Version::new(2, 0, 0), Version::new(3, 0, 0));
        let mut before = text();
        before.extend_from_slice(b"{\"v\":2,\"later\":[1.0]}\n");
        before.extend(to_text(&test_line("a/b", "1.0.0")));
        let yanked = Yanked { reason: YankReason::Invalid, message: String::new() };
        let new = to_text(&Line { yanked: Some(yanked), ..test_line("a/b", "1.0.0") });
        let newest = to_text(&test_line("a/b", "3.0.0"));
        let after = put(&name(), &before, &[(three, newest.as_slice()), (one, new.as_slice())]).unwrap();
        let second = to_text(&test_line("a/b", "2.0.0"));
        let expected = [new.as_slice(), &second, b"{\"v\":2,\"later\":[1.0]}\n", &newest].concat();
        assert_eq!(String::from_utf8(after.clone()), String::from_utf8(expected));
        assert_eq!(put(&name(), &after, &[(two, second.as_slice())]).unwrap(), after);
        assert_eq!(put(&name(), b"nonsense\n", &[]).unwrap_err().line, 1);
    }

    #[test]
    fn a_newer_line_takes_its_version_and_is_never_changed() {
        let mut text = text();
        text.extend_from_slice(b"{\"v\":2,\"version\":\"3.0.0\",\"digest\":{}}\n");
        let three = Version::new(3, 0, 0);
        assert_eq!(taken(&name(), &text).unwrap()[2], Taken { version: three.clone(), digest: None, sha256: None });
        assert_eq!(set_yanked(&name(), &text, &three, None), Ok(Edited::NoSuchVersion(three)));
        text.extend_from_slice(b"{\"v\":2}\n");
        assert_eq!(taken(&name(), &text).unwrap_err().line, 4);
    }
}
