//! An index file as a resolver reads it: small, and only as far as it is asked for.
//!
//! Checking and parsing every line of some hundred index files is most of what a warm `lock` would do, though
//! it looks at few of their dependencies and at none of their prompts. So whoever parses an index file
//! for the first time writes down its outline: of each version what decides whether it may be chosen and
//! what a lock keeps of it, packed. The cache keeps the outline beside the file, under a checksum of its own,
//! and the next command reads nothing else.
//!
//! An outline says nothing that the file does not say: it is made of an [`IndexFile`], by whose rules lines are
//! skipped, merged or refused, and one that another Anvil made is not read. What it leaves out (prompts,
//! sources, interfaces) is asked of the file itself.

use super::{Advice, Breaking, BrokenPromise, Deprecated, IndexFile, LINE_FORMAT, LineDependency, Yanked, file};
use crate::digest::{ContentDigest, Sha256};
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version, parse_version};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The first bytes of an outline: its own format, which changes with the rules by which lines are merged, too, and the
/// newest lines that whoever made it understood.
const FORMAT: [u8; 2] = [2, LINE_FORMAT as u8];

/// What a resolver and a lock ask of one set's index file.
#[derive(Clone, PartialEq)]
pub struct Outline {
    name: SetName,
    /// The versions, in the order of publication.
    pub releases: Vec<Release>,
    /// How many lines were skipped because a newer Anvil is needed to understand them.
    pub newer: usize,
    /// Versions that are invalid, ascending: lines of them contradict each other.
    pub contradicting: Vec<Version>,
    /// What [`Outline::encode`] wrote.
    bytes: Arc<[u8]>,
    /// Where in `bytes` each need stands that a version may name by its number.
    needs: Vec<u32>,
}

/// One version, as far as each is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// The edition of the prompt language.
    pub edition: u32,
    /// When it was published, in seconds since 1970; nothing where the registry does not say.
    pub published_at: Option<i64>,
    /// What few lines say.
    said: Option<Box<Said>>,
    /// Where the rest of it stands.
    at: u32,
}

/// What few lines say, as JSON: a line more or less in a few hundred costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Said {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    anvil: Option<Requirement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    yanked: Option<Yanked>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deprecated: Option<Deprecated>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    breaking: Option<Breaking>,
}

/// What a lock keeps of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Of the bundle's bytes.
    pub sha256: Sha256,
    /// Of the bundle's content.
    pub digest: ContentDigest,
    /// The bundle's size in bytes.
    pub size: u64,
}

impl Release {
    /// Returns the oldest Anvil that can use the version.
    pub fn anvil(&self) -> Option<&Requirement> {
        self.said.as_ref()?.anvil.as_ref()
    }

    /// Returns why nobody should newly choose it, if that is so.
    pub fn yanked(&self) -> Option<&Yanked> {
        self.said.as_ref()?.yanked.as_ref()
    }

    /// Returns what its publisher says against it.
    pub fn advice(&self) -> Option<Advice> {
        let Said { yanked, deprecated, .. } = &**self.said.as_ref()?;
        let is_silent = yanked.is_none() && deprecated.is_none();
        (!is_silent).then(|| Advice { yanked: yanked.clone(), deprecated: deprecated.clone() })
    }

    fn breaking(&self) -> Option<&Breaking> {
        self.said.as_ref()?.breaking.as_ref()
    }
}

/// The flags of a version.
mod flag {
    /// The version is three numbers; else it is text.
    pub(super) const PLAIN: u64 = 1;
    /// It has an edition that is not the first.
    pub(super) const EDITION: u64 = 2;
    /// It says when it was published.
    pub(super) const PUBLISHED: u64 = 4;
    /// It says what few lines say.
    pub(super) const SAID: u64 = 8;
}

impl Outline {
    /// Returns the outline of `index`, the index file of `name`.
    pub fn of(name: &SetName, index: &IndexFile) -> Self {
        Self::decode(name, &Self::encode(index)).expect("an outline reads what it writes")
    }

    /// Returns the bytes of the outline of `index`.
    pub fn encode(index: &IndexFile) -> Vec<u8> {
        let mut out = Writer(FORMAT.to_vec());
        out.number(index.newer as u64);
        out.number(index.contradicting.len() as u64);
        index.contradicting.iter().for_each(|version| out.text(&version.to_string()));
        // A set's versions need much the same, so that each need is written once.
        let mut numbers: HashMap<Need<'_>, u64> = HashMap::new();
        let mut needs = Writer(Vec::new());
        for needed in index.lines.iter().flat_map(|line| line.dependencies.iter()) {
            let next = numbers.len() as u64;
            numbers.entry(Need::of(needed)).or_insert_with(|| {
                needs.need(needed);
                next
            });
        }
        out.number(numbers.len() as u64);
        out.0.extend_from_slice(&needs.0);
        out.number(index.lines.len() as u64);
        for line in &index.lines {
            let said = Said {
                anvil: line.anvil.clone(),
                yanked: line.yanked.clone(),
                deprecated: line.deprecated.clone(),
                breaking: line.breaking.clone(),
            };
            let said = (said != Said::default()).then_some(said);
            let published_at = line.published_at.as_deref().and_then(unix_seconds);
            let Version { major, minor, patch, pre, build } = &line.version;
            let is_plain = pre.is_empty() && build.is_empty();
            let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
            out.number(
                flag(is_plain, flag::PLAIN)
                    | flag(line.edition != 1, flag::EDITION)
                    | flag(published_at.is_some(), flag::PUBLISHED)
                    | flag(said.is_some(), flag::SAID),
            );
            match is_plain {
                true => [major, minor, patch].into_iter().for_each(|number| out.number(*number)),
                false => out.text(&line.version.to_string()),
            }
            if line.edition != 1 {
                out.number(u64::from(line.edition));
            }
            if let Some(seconds) = published_at {
                out.0.extend_from_slice(&seconds.to_le_bytes());
            }
            if let Some(said) = said {
                out.text(&serde_json::to_string(&said).expect("a struct of texts has a JSON form"));
            }
            out.0.extend_from_slice(&line.sha256.bytes());
            out.0.extend_from_slice(&line.digest.bytes());
            out.number(line.size);
            out.number(line.dependencies.len() as u64);
            line.dependencies.iter().for_each(|needed| out.number(numbers[&Need::of(needed)]));
        }
        out.0
    }

    /// Returns the outline that `bytes` hold, of the index file of `name`, or nothing if another Anvil wrote
    /// them or they are none.
    pub fn decode(name: &SetName, bytes: &[u8]) -> Option<Self> {
        let mut from = Reader { bytes, at: 0 };
        if from.take(FORMAT.len())? != FORMAT {
            return None;
        }
        let newer = usize::try_from(from.number()?).ok()?;
        let contradicting = from.many(|from| parse_version(from.text()?).ok())?;
        let needs = from.many(|from| {
            let at = u32::try_from(from.at).ok()?;
            from.skip_need()?;
            Some(at)
        })?;
        let releases = from.many(Reader::release)?;
        let is_all = from.at == bytes.len();
        is_all.then(|| Outline { name: name.clone(), releases, newer, contradicting, bytes: bytes.into(), needs })
    }

    /// Returns the set whose outline it is.
    pub fn name(&self) -> &SetName {
        &self.name
    }

    /// Returns `version`, if there is a usable one.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases.iter().find(|release| release.version == *version)
    }

    /// Returns what a lock keeps of `release`, one of this outline.
    pub fn facts(&self, release: &Release) -> Facts {
        self.rest(release).map(|(facts, _)| facts).expect("the release is one of this outline")
    }

    /// Returns what `release`, one of this outline, needs.
    pub fn dependencies(&self, release: &Release) -> Arc<[LineDependency]> {
        let needs = || {
            let (_, mut from) = self.rest(release)?;
            from.many(|from| {
                let at = *self.needs.get(usize::try_from(from.number()?).ok()?)?;
                Reader { bytes: &self.bytes, at: at as usize }.need()
            })
        };
        // That all of it can be read was seen when the outline was.
        needs().unwrap_or_default().into()
    }

    /// Returns the versions that change more than their numbers say and that whoever moves to `to` meets; see
    /// [`IndexFile::broken_promises`].
    pub fn broken_promises(&self, from: Option<&Version>, to: &Version) -> Vec<BrokenPromise> {
        file::promises(self.releases.iter().map(|release| (&release.version, release.breaking())), from, to)
    }

    /// Returns the facts of `release` and a reader of what follows them.
    fn rest(&self, release: &Release) -> Option<(Facts, Reader<'_>)> {
        let mut from = Reader { bytes: &self.bytes, at: release.at as usize };
        let sha256 = Sha256::from_bytes(from.take(32)?.try_into().ok()?);
        let digest = ContentDigest::from_bytes(from.take(32)?.try_into().ok()?);
        let size = from.number()?;
        Some((Facts { sha256, digest, size }, from))
    }
}

impl fmt::Debug for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outline").field("name", &self.name).field("releases", &self.releases).finish_non_exhaustive()
    }
}

/// A need, to be told from others.
#[derive(PartialEq, Eq, Hash)]
struct Need<'a>(&'a str, &'a Requirement, Option<&'a str>, Option<&'a str>);

impl<'a> Need<'a> {
    fn of(needed: &'a LineDependency) -> Self {
        let registry = needed.registry.as_ref().map(RegistryId::as_str);
        Need(needed.name.as_str(), &needed.requirement, registry, needed.registry_url.as_deref())
    }
}

/// What a version needs, read when somebody looks at it: a resolver sees every version and asks few for this.
#[derive(Clone)]
pub struct Dependencies {
    read: OnceLock<Arc<[LineDependency]>>,
    of: Option<(Arc<Outline>, usize)>,
}

impl Dependencies {
    /// Returns what `outline.releases[at]` needs.
    pub fn of(outline: &Arc<Outline>, at: usize) -> Self {
        Dependencies { read: OnceLock::new(), of: Some((Arc::clone(outline), at)) }
    }
}

impl Deref for Dependencies {
    type Target = [LineDependency];

    fn deref(&self) -> &[LineDependency] {
        self.read.get_or_init(|| {
            let of = self.of.as_ref().and_then(|(outline, at)| Some((outline, outline.releases.get(*at)?)));
            of.map(|(outline, release)| outline.dependencies(release)).unwrap_or_default()
        })
    }
}

impl From<Arc<[LineDependency]>> for Dependencies {
    fn from(dependencies: Arc<[LineDependency]>) -> Self {
        Dependencies { read: dependencies.into(), of: None }
    }
}

impl FromIterator<LineDependency> for Dependencies {
    fn from_iter<I: IntoIterator<Item = LineDependency>>(dependencies: I) -> Self {
        dependencies.into_iter().collect::<Arc<[LineDependency]>>().into()
    }
}

impl Default for Dependencies {
    fn default() -> Self {
        Arc::<[LineDependency]>::default().into()
    }
}

impl PartialEq for Dependencies {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Dependencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Returns the seconds since 1970 of an RFC 3339 time, or nothing if `text` is none.
pub fn unix_seconds(text: &str) -> Option<i64> {
    let time = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    time.ok().map(time::OffsetDateTime::unix_timestamp)
}

/// Writes numbers in LEB128 and texts with their length before them.
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn need(&mut self, needed: &LineDependency) {
        self.text(needed.name.as_str());
        self.text(&needed.requirement.to_string());
        // No id is empty; a URL may be, and then still is one.
        self.text(needed.registry.as_ref().map_or("", RegistryId::as_str));
        match &needed.registry_url {
            None => self.number(0),
            Some(url) => {
                self.number(1);
                self.text(url);
            }
        }
    }
}

/// Reads what [`Writer`] wrote, and from anything else nothing.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            let part = u64::from(byte & 0x7f);
            if part > u64::MAX >> shift {
                return None;
            }
            number |= part << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.skip_text()?).ok()
    }

    fn skip_text(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    /// Reads a count and so many of what `one` reads, each of which takes a byte at least.
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok().filter(|count| *count <= self.bytes.len() - self.at)?;
        let mut read = Vec::with_capacity(count);
        for _ in 0..count {
            read.push(one(self)?);
        }
        Some(read)
    }

    fn need(&mut self) -> Option<LineDependency> {
        let name = self.text()?.parse().ok()?;
        let requirement = Requirement::parse(self.text()?).ok()?;
        let registry = match self.text()? {
            "" => None,
            id => Some(id.parse().ok()?),
        };
        let registry_url = match self.number()? {
            0 => None,
            _ => Some(self.text()?.to_owned()),
        };
        Some(LineDependency { name, requirement, registry, registry_url })
    }

    fn skip_need(&mut self) -> Option<()> {
        self.skip_text()?;
        self.skip_text()?;
        self.skip_text()?;
        if self.number()? != 0 {
            self.skip_text()?;
        }
        Some(())
    }

    fn release(&mut self) -> Option<Release> {
        let flags = self.number()?;
        let has = |flag: u64| flags & flag != 0;
        let version = match has(flag::PLAIN) {
            true => Version::new(self.number()?, self.number()?, self.number()?),
            false => parse_version(self.text()?).ok()?,
        };
        let edition = if has(flag::EDITION) { u32::try_from(self.number()?).ok()? } else { 1 };
        let published_at = match has(flag::PUBLISHED) {
            true => Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            false => None,
        };
        let said = if has(flag::SAID) { Some(Box::new(serde_json::from_str(self.text()?).ok()?)) } else { None };
        let at = u32::try_from(self.at).ok()?;
        self.take(64)?;
        self.number()?;
        for _ in 0..self.number()? {
            self.number()?;
        }
        Some(Release { version, edition, published_at, said, at })
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
