//! What the source says of each set, read line by line: one that is broken does not hide the others.

use super::{Chosen, Copy, Finding, PARALLEL, told};
use crate::error::{Error, Result};
use crate::index::{Channels, IndexFault, IndexFile, Line, Paths};
use crate::name::SetName;
use crate::registry::publish::{CopiedVersion, PublishError};
use crate::registry::{CHANNELS_LIMIT, INDEX_LIMIT, RawFile};
use crate::version::Version;
use std::collections::BTreeMap;

/// A set as the source has it.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceSet {
    /// In the order of publication; those alone that are to be copied.
    pub versions: Vec<CopiedVersion>,
    /// Nothing where they cannot be read.
    pub channels: Option<Channels>,
}

impl SourceSet {
    /// Returns the versions alone.
    pub fn lines(&self) -> Vec<Version> {
        self.versions.iter().map(|version| version.line.version.clone()).collect()
    }

    /// Returns those of the channels that name one of `versions`: another would name nothing in the mirror.
    /// Nothing where they are not known.
    pub fn channels_of(&self, versions: &[Version]) -> Option<Channels> {
        let Channels(channels) = self.channels.clone()?;
        Some(Channels(channels.into_iter().filter(|(_, version)| versions.contains(version)).collect()))
    }
}

/// Reads what the source says of each set of `chosen`; what is wrong there becomes a finding of `copy`.
pub(super) fn read(copy: &mut Copy<'_>, chosen: &BTreeMap<SetName, Chosen>) -> Result<BTreeMap<SetName, SourceSet>> {
    let mut wanted = Vec::with_capacity(chosen.len() * 2);
    let mut owners: BTreeMap<String, &SetName> = BTreeMap::new();
    for name in chosen.keys() {
        for (path, what, limit) in
            [(Paths::index(name), "an index", INDEX_LIMIT), (Paths::channels(name), "a channels file", CHANNELS_LIMIT)]
        {
            owners.insert(path.clone(), name);
            wanted.push(RawFile { path, wanted: what, limit });
        }
    }
    let mut sets: BTreeMap<SetName, SourceSet> = BTreeMap::new();
    let mut findings = Vec::new();
    let progress = &copy.context.progress;
    progress.begin("reading", wanted.len() as u64);
    let read = copy.registry.raw_files::<Error>(&wanted, PARALLEL, |file, bytes| {
        progress.advance(1);
        let Some(name) = owners.get(&file.path) else { return Ok(()) };
        let set = sets.entry((*name).clone()).or_default();
        let fault = |message: String| Finding::new(&file.path, message);
        let is_index = file.path == Paths::index(name);
        match bytes {
            Ok(Some(bytes)) if is_index => set.versions = versions(name, &bytes, &chosen[*name], &mut findings),
            Ok(None) if is_index => findings.push(fault(format!("the registry lists {name} and has no index of it"))),
            Ok(Some(bytes)) => match Channels::parse(name, &bytes) {
                Ok(channels) => set.channels = Some(channels),
                Err(error) => findings.push(fault(error.why)),
            },
            Ok(None) => set.channels = Some(Channels::default()),
            Err(error) => findings.push(fault(told(PublishError::Registry(error))?)),
        }
        Ok(())
    });
    progress.end();
    read?;
    copy.findings.extend(findings);
    Ok(sets)
}

/// Returns the versions of `text`, the index of `name`, that are `chosen`.
fn versions(name: &SetName, text: &[u8], chosen: &Chosen, findings: &mut Vec<Finding>) -> Vec<CopiedVersion> {
    let path = Paths::index(name);
    let mut found: Vec<CopiedVersion> = Vec::new();
    let mut places: BTreeMap<Version, usize> = BTreeMap::new();
    let mut fault = |message: String| findings.push(Finding::new(&path, message));
    let mut contradicting = Vec::new();
    for (at, bytes) in text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n').enumerate() {
        if text.is_empty() {
            break;
        }
        let number = at + 1;
        let line = match IndexFile::parse(name, bytes) {
            Ok(one) if one.newer > 0 => {
                fault(format!("line {number}: only a newer anvil understands it"));
                continue;
            }
            Ok(one) => one.lines.into_iter().next(),
            Err(IndexFault { why, .. }) => {
                fault(format!("line {number}: {why}"));
                continue;
            }
        };
        let Some(line) = line else {
            fault(format!("line {number}: it is empty"));
            continue;
        };
        let text = [bytes, b"\n"].concat();
        match places.get(&line.version) {
            Some(&place) if found[place].line.contradicts(&line).is_some() => contradicting.push(line.version),
            Some(&place) => found[place].text.extend(text),
            None => {
                places.insert(line.version.clone(), found.len());
                found.push(CopiedVersion { line, text });
            }
        }
    }
    for version in &contradicting {
        fault(format!("two lines of {version} contradict each other, so that nobody can use it"));
    }
    found.retain(|version| !contradicting.contains(&version.line.version));
    let Chosen::Locked(locked) = chosen else { return found };
    for (version, sha256) in locked {
        match found.iter().find(|found| found.line.version == *version) {
            None => fault(format!("{name} {version} is locked, and the registry does not have it")),
            Some(CopiedVersion { line: Line { sha256: said, .. }, .. })
                if sha256.is_some_and(|locked| locked != *said) =>
            {
                fault(format!("{name} {version} is locked with other bytes than the registry has now"));
            }
            Some(_) => {}
        }
    }
    found.retain(|found| {
        locked.get(&found.line.version).is_some_and(|sha256| sha256.is_none_or(|locked| locked == found.line.sha256))
    });
    found
}

/// Returns the keys of the signatures that the line `text` names: the first 16 hexadecimal digits of the
/// checksum of each, alone or as the `key` of an object.
pub(super) fn signatures(text: &[u8]) -> Vec<String> {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Ok(line) = serde_json::from_slice::<serde_json::Value>(first) else { return Vec::new() };
    let all = line.get("signatures").and_then(|signatures| signatures.as_array()).cloned().unwrap_or_default();
    let key = |one: &serde_json::Value| one.as_str().or_else(|| one.get("key")?.as_str()).map(str::to_owned);
    let is_key = |key: &String| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.iter().filter_map(key).filter(is_key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{edit, test_line};

    #[test]
    fn a_broken_line_hides_no_other() {
        let name: SetName = "a/b".parse().unwrap();
        let mut text = edit::to_text(&test_line("a/b", "1.0.0"));
        text.extend_from_slice(b"garbage\n{\"v\":9}\n\n");
        text.extend(edit::to_text(&test_line("a/b", "2.0.0")));
        let other = Line { sha256: crate::digest::Sha256::of("x"), ..test_line("a/b", "3.0.0") };
        text.extend(edit::to_text(&test_line("a/b", "3.0.0")));
        text.extend(edit::to_text(&other));
        text.extend(edit::to_text(&test_line("x/y", "4.0.0")));
        let mut findings = Vec::new();
        let found = versions(&name, &text, &Chosen::All, &mut findings);
        let found: Vec<String> = found.iter().map(|version| version.line.version.to_string()).collect();
        assert_eq!(found, ["1.0.0", "2.0.0"]);
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told[0].starts_with("line 2: ") && told[3].starts_with("line 8: it is of x/y"), "{told:?}");
        let locked = Chosen::Locked([(Version::new(1, 0, 0), None), (Version::new(7, 0, 0), None)].into());
        let found = versions(&name, &text, &locked, &mut findings);
        assert_eq!(found.len(), 1);
        assert!(findings.last().unwrap().message.contains("7.0.0 is locked, and"), "{findings:?}");
        assert!(versions(&name, b"", &Chosen::All, &mut Vec::new()).is_empty());
    }

    #[test]
    fn the_keys_of_signatures_are_those_that_make_a_path() {
        let text = br#"{"v":1,"signatures":["0123456789abcdef",{"key":"fedcba9876543210"},"../x",3]}"#;
        assert_eq!(signatures(text), ["0123456789abcdef", "fedcba9876543210"]);
        assert!(signatures(b"{}").is_empty() && signatures(b"x").is_empty());
    }
}
