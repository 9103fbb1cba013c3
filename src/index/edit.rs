//! Changes to an index file's text that keep every field that this Anvil does not know, and every
//! other line byte by byte.
//!
//! Lines of a newer format are counted as published and never changed: what their fields mean is
//! not known here.

use super::file::{lines, parse_line};
use super::{Deprecated, IndexFault, Line, Yanked};
use crate::digest::{ContentDigest, Sha256};
use crate::name::SetName;
use crate::version::Version;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The file's new text.
    Changed(Vec<u8>),
    /// It says so already.
    Unchanged,
    /// No line that this Anvil understands is of that version.
    NoSuchVersion,
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

/// Returns the index file `text` with one more line.
pub fn append(text: &[u8], line: &Line) -> Vec<u8> {
    let mut text = text.to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(&to_json(line));
    text.push(b'\n');
    text
}

fn to_json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("an index line has text keys alone, and nothing of it fails to serialize")
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
    change(name, text, Some(version), |line| {
        // Every line has the field: null says that somebody looked.
        let value = yanked.map_or(Value::Null, |yanked| serde_json::to_value(yanked).unwrap_or_default());
        line.insert("yanked".into(), value);
    })
}

/// Returns the index file `text` of `name` in which `version`, or every version, is deprecated, or is not.
///
/// # Errors
/// On the first line that is broken.
pub fn set_deprecated(
    name: &SetName,
    text: &[u8],
    version: Option<&Version>,
    deprecated: Option<&Deprecated>,
) -> Result<Edited, IndexFault> {
    change(name, text, version, |line| {
        match deprecated {
            Some(deprecated) => line.insert("deprecated".into(), serde_json::to_value(deprecated).unwrap_or_default()),
            // Not `remove`, which would move the last field into the gap.
            None => line.shift_remove("deprecated"),
        };
    })
}

fn change(
    name: &SetName,
    text: &[u8],
    version: Option<&Version>,
    edit: impl Fn(&mut Map<String, Value>),
) -> Result<Edited, IndexFault> {
    let mut changed = Vec::with_capacity(text.len() + 64);
    let mut found = false;
    for (at, bytes) in lines(text).enumerate() {
        let fault = |why: String| IndexFault { name: name.clone(), line: at + 1, why };
        let line = parse_line(bytes).map_err(fault)?;
        if line.is_some_and(|line| version.is_none_or(|version| line.version == *version)) {
            found = true;
            let old: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| fault(error.to_string()))?;
            let mut new = old.clone();
            edit(&mut new);
            if new == old {
                changed.extend_from_slice(bytes);
            } else {
                changed.extend_from_slice(&to_json(&new));
            }
        } else {
            changed.extend_from_slice(bytes);
        }
        changed.push(b'\n');
    }
    if !found {
        return Ok(Edited::NoSuchVersion);
    }
    let same = changed == text || changed.strip_suffix(b"\n") == Some(text);
    Ok(if same { Edited::Unchanged } else { Edited::Changed(changed) })
}

#[cfg(test)]
mod tests {
    use super::super::{IndexFile, YankReason, test_line};
    use super::*;

    const STRANGE: &str = r#"{ "zeta" : {"b":1,"a":[2]},  "v":1, "#;

    fn name() -> SetName {
        "a/b".parse().unwrap()
    }

    /// Two lines, the first with strange spacing and fields of a newer Anvil.
    fn text() -> Vec<u8> {
        let one = serde_json::to_string(&test_line("a/b", "1.0.0")).unwrap().replacen("{\"v\":1,", STRANGE, 1);
        append(one.as_bytes(), &test_line("a/b", "2.0.0"))
    }

    fn changed(edited: Edited) -> Vec<u8> {
        match edited {
            Edited::Changed(text) => text,
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
        assert!(after.starts_with(br#"{"zeta":{"b":1,"a":[2]},"v":1,"name""#), "the order or a field went");
        assert_eq!(set_yanked(&name(), &after, &one, Some(&yanked)), Ok(Edited::Unchanged));
        let undone = changed(set_yanked(&name(), &after, &one, None).unwrap());
        assert_eq!(IndexFile::parse(&name(), &undone), IndexFile::parse(&name(), &before));
        assert_eq!(set_yanked(&name(), &before, &Version::new(3, 0, 0), None), Ok(Edited::NoSuchVersion));
    }

    #[test]
    fn a_deprecation_is_of_one_version_or_of_all() {
        let deprecated = Deprecated { message: "use a/c".into(), replacement: Some("a/c".into()) };
        let before = text();
        let count = |text: &[u8]| {
            IndexFile::parse(&name(), text).unwrap().lines.iter().filter(|line| line.deprecated.is_some()).count()
        };
        let one = changed(set_deprecated(&name(), &before, Some(&Version::new(2, 0, 0)), Some(&deprecated)).unwrap());
        assert_eq!(count(&one), 1);
        let all = changed(set_deprecated(&name(), &one, None, Some(&deprecated)).unwrap());
        assert_eq!(count(&all), 2);
        assert_eq!(count(&changed(set_deprecated(&name(), &all, None, None).unwrap())), 0);
    }

    #[test]
    fn a_newer_line_takes_its_version_and_is_never_changed() {
        let mut text = text();
        text.extend_from_slice(b"{\"v\":2,\"version\":\"3.0.0\",\"digest\":{}}\n");
        let three = Version::new(3, 0, 0);
        assert_eq!(taken(&name(), &text).unwrap()[2], Taken { version: three.clone(), digest: None, sha256: None });
        assert_eq!(set_yanked(&name(), &text, &three, None), Ok(Edited::NoSuchVersion));
        text.extend_from_slice(b"{\"v\":2}\n");
        assert_eq!(taken(&name(), &text).unwrap_err().line, 4);
    }
}
