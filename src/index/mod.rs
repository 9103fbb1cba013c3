//! A registry's own files, as data: `anvil-registry.json`, the index lines, channels, the catalog.
//!
//! Reading and writing are apart on purpose. A reader parses a [`Line`], which holds what this
//! Anvil understands and ignores the rest. A writer changes the text itself ([`edit`]) or hands it
//! on ([`IndexFile::texts`]), so that fields of a newer Anvil survive.

mod catalog;
mod channels;
pub mod edit;
mod file;
mod members;
#[cfg(feature = "manage")]
mod outline;
mod paths;
mod registry_file;
#[cfg(feature = "manage")]
mod snapshot;

pub use catalog::{Catalog, CatalogError, CatalogLine};
pub use channels::{Channels, ChannelsError};
pub use file::{IndexFault, IndexFile};
#[cfg(feature = "manage")]
pub use outline::{Dependencies, Facts, Outline, Release, unix_seconds};
pub use paths::Paths;
pub use registry_file::{REGISTRY_FORMAT, RegistryFile, RegistryFileError};
#[cfg(feature = "manage")]
pub use snapshot::{Snapshot, SnapshotOffer};

use crate::digest::{ContentDigest, Sha256};
use crate::error::in_line;
use crate::name::{PromptName, RegistryId, SetName};
use crate::version::{Bump, Requirement, Version};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The newest meaning of a line that this Anvil understands.
pub const LINE_FORMAT: u32 = 1;

/// One published version: a line of `index/<project>/<set>.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The line's meaning; a higher one than [`LINE_FORMAT`] is skipped by readers.
    pub v: u32,
    /// The set; equals the file's path.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// Of the bundle's bytes.
    pub sha256: Sha256,
    /// Of the bundle's content.
    pub digest: ContentDigest,
    /// The bundle's size in bytes.
    pub size: u64,
    /// The edition of the prompt language.
    #[serde(default = "first_edition")]
    pub edition: u32,
    /// The oldest Anvil that can use the set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anvil: Option<Requirement>,
    /// When it was published, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// What it needs. Shared, since a resolver looks at every version and asks few for this.
    pub dependencies: Arc<[LineDependency]>,
    /// Its public prompts.
    #[serde(default)]
    pub prompts: Vec<PromptName>,
    /// The checksum of its interface, as `sha256:<hex>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// The repository and commit it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<LineSource>,
    /// Set when nobody should newly choose it.
    #[serde(default)]
    pub yanked: Option<Yanked>,
    /// Set when its users should move on; only warns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecated>,
    /// Set when it changes more than its number says, and was published all the same; only warns.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "breaking")]
    pub breaking: Option<Breaking>,
}

impl Line {
    /// Returns in what it contradicts `other`, a line of the same version: one of the two is wrong about what was
    /// published. What is said of a version later, such as a yank, may differ, and so may the time: two who publish the
    /// same bytes at once leave two lines. What older lines do not say contradicts nothing.
    pub fn contradicts(&self, other: &Line) -> Option<&'static str> {
        let needs = |line: &Line| -> BTreeSet<(SetName, String, Option<RegistryId>)> {
            let need = |it: &LineDependency| (it.name.clone(), it.requirement.to_string(), it.registry.clone());
            line.dependencies.iter().map(need).collect()
        };
        let prompts = |line: &Line| line.prompts.iter().cloned().collect::<BTreeSet<_>>();
        let differ = [
            (self.sha256 != other.sha256, "checksums"),
            (self.digest != other.digest, "digests"),
            (self.size != other.size, "sizes"),
            (self.dependencies != other.dependencies && needs(self) != needs(other), "dependencies"),
            (self.edition != other.edition, "editions"),
            (self.anvil != other.anvil, "requirements of anvil"),
            (!self.prompts.is_empty() && !other.prompts.is_empty() && prompts(self) != prompts(other), "prompts"),
            (self.interface.is_some() && other.interface.is_some() && self.interface != other.interface, "interfaces"),
        ];
        differ.into_iter().find_map(|(is_so, what)| is_so.then_some(what))
    }
}

/// Reads what only warns: what another Anvil says there in other words must not make the line a broken one.
fn breaking<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Breaking>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

fn first_edition() -> u32 {
    1
}

/// A dependency as a line tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineDependency {
    /// The set that is needed.
    pub name: SetName,
    /// Which versions will do.
    pub requirement: Requirement,
    /// The id of the registry it comes from, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
    /// Where the author had that registry: shown to people, never followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_url: Option<String>,
}

/// Where a version was built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSource {
    /// The repository's URL, where the manifest names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The commit, where it was built from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// Why a version was yanked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Yanked {
    /// The kind of reason; kinds of a newer Anvil read as `other`.
    pub reason: YankReason,
    /// In the publisher's words.
    #[serde(default)]
    pub message: String,
}

impl fmt::Display for Yanked {
    /// Writes it as in `yanked (security): leaks names`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "yanked ({})", self.reason)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", in_line(&self.message)) }
    }
}

/// The kinds of reasons for a yank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum YankReason {
    /// It harms whoever uses it.
    Security,
    /// It does not work.
    Invalid,
    /// Anything else.
    #[serde(other)]
    Other,
}

impl fmt::Display for YankReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            YankReason::Security => "security",
            YankReason::Invalid => "invalid",
            YankReason::Other => "other",
        })
    }
}

/// That a version's users should move on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deprecated {
    /// In the publisher's words.
    #[serde(default)]
    pub message: String,
    /// What to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

/// That a version changes more than its number says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaking {
    /// The published version that it was compared with.
    pub since: Version,
    /// The bump that would have owned up to the changes, before 1.0 by the rules of 1.0.
    pub bump: Bump,
    /// The changes of that size, as `parameter_removed@welcome.tone`; the first few of many.
    #[serde(default)]
    pub changes: Vec<String>,
}

impl fmt::Display for Breaking {
    /// Writes it as in `changes more than its number says: parameter_removed@welcome.tone (major since 1.0.0)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("changes more than its number says")?;
        match self.changes.as_slice() {
            [] => {}
            [first] => write!(f, ": {first}")?,
            [first, rest @ ..] => write!(f, ": {first} and {} more", rest.len())?,
        }
        write!(f, " ({} since {})", self.bump, self.since)
    }
}

/// A version that changes more than its number says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenPromise {
    /// The version.
    pub version: Version,
    /// How much more.
    #[serde(flatten)]
    pub breaking: Breaking,
}

/// What a publisher says against a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Why nobody should newly choose it.
    pub yanked: Option<Yanked>,
    /// That its users should move on.
    pub deprecated: Option<Deprecated>,
}

impl Advice {
    /// Returns what `line` says against its version, if it says anything.
    pub fn of(line: &Line) -> Option<Advice> {
        let Line { yanked, deprecated, .. } = line;
        let is_silent = yanked.is_none() && deprecated.is_none();
        (!is_silent).then(|| Advice { yanked: yanked.clone(), deprecated: deprecated.clone() })
    }
}

/// Returns whether `bytes` are a web page: what a captive portal, a login form or a mistyped
/// address answers where JSON is expected.
pub fn is_web_page(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let starts = |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    starts(b"<!doctype html") || starts(b"<html")
}

/// Returns a line with the required fields alone, for tests here and above.
#[cfg(test)]
pub(crate) fn test_line(name: &str, version: &str) -> Line {
    Line {
        v: 1,
        name: name.parse().unwrap(),
        version: version.parse().unwrap(),
        sha256: Sha256::of(format!("{name} {version}")),
        digest: ContentDigest::of_files([(version, Sha256::of(name))]),
        size: 1,
        edition: 1,
        anvil: None,
        published_at: None,
        dependencies: Arc::default(),
        prompts: Vec::new(),
        interface: None,
        source: None,
        yanked: None,
        deprecated: None,
        breaking: None,
    }
}
