//! `anvil.toml`, the manifest: what a set is, what it depends on, and where its registries are.
//!
//! [`Manifest::parse`] reads it with every fault at once, each with its place; [`edit`] changes it
//! and keeps comments, order and blank lines.

mod age;
mod checks;
mod compat;
mod dependency;
pub mod edit;
mod environment;
mod fresh;
mod parse;
mod patterns;
mod reader;
mod schema;
#[cfg(test)]
mod tests;
mod workspace;

pub use age::MinimumReleaseAge;
pub use environment::{Environment, Mode, UnknownEnvironment};
pub use fresh::{Fresh, Role};
pub use parse::{EDITION, ManifestError, Strictness, WrittenGlob, written_globs, written_members};
pub use patterns::{DEFAULT_PROMPTS, Pattern, PromptPatterns, Selection};
pub use schema::SCHEMA;
pub use workspace::{Above, Member, Membership, ROOT, Workspace, WorkspaceSection};

use crate::name::{EnvironmentName, RegistryId, RegistryName, SetName};
use crate::version::{Bump, Requirement, Version};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// The manifest's file name.
pub const FILE_NAME: &str = "anvil.toml";

/// A manifest whose every part was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// What the folder publishes; absent in an application that only consumes.
    pub set: Option<SetSection>,
    /// The registries by the name that dependencies use.
    pub registries: BTreeMap<RegistryName, RegistryEntry>,
    /// What the set or application depends on.
    pub dependencies: BTreeMap<SetName, Dependency>,
    /// What stands in for a dependency, wherever in the graph it is asked for; the root's alone counts.
    pub overrides: BTreeMap<SetName, Dependency>,
    /// How versions are chosen.
    pub resolution: Resolution,
    /// How environments take updates.
    pub environments: BTreeMap<EnvironmentName, Environment>,
    /// What the author says of changes between versions.
    pub compat: Compat,
    /// Whose signatures are asked for.
    pub trust: Trust,
    /// Which folders are members, where the manifest is a workspace's root.
    pub workspace: Option<WorkspaceSection>,
}

/// The `[set]` table.
#[derive(Clone, Debug, PartialEq)]
pub struct SetSection {
    /// The set's name.
    pub name: SetName,
    /// The version that the folder holds or is becoming.
    pub version: Version,
    /// The edition of the prompt language; 1 where the manifest is silent.
    pub edition: u32,
    /// The oldest Anvil that can use the set.
    pub anvil: Option<Requirement>,
    /// One line about the set.
    pub description: Option<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// Authors, as `Name <address>`.
    pub authors: Vec<String>,
    /// Where the source is.
    pub repository: Option<String>,
    /// Words to find the set by.
    pub keywords: Vec<String>,
    /// Which files the set holds, and which of them are prompts.
    pub selection: Selection,
    /// How a version's tag is called.
    pub tag: TagTemplate,
}

/// How a version's tag is called: `v{version}`, `{name}@{version}` or the manifest's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagTemplate {
    /// The manifest does not say: `v{version}` where the manifest is at a repository's root, else `{name}@{version}`.
    Default,
    /// The manifest's own text; it holds `{version}`, perhaps `{name}`.
    Text(String),
}

/// One entry of `[registries]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEntry {
    /// A URL (`https:`, `http:`, `file:`, `s3:`) or a path relative to the manifest, as written.
    pub location: String,
    /// The way from the folder of this manifest to the one that a path is seen from: empty, or of a member `../` for
    /// each folder up to the root of the workspace, where the entry stands.
    pub seen_from: String,
    /// The id by which the consumer vouches for this copy.
    pub id: Option<RegistryId>,
    /// The line of the manifest, from 1.
    pub line: usize,
}

/// One entry of `[dependencies]` or `[override]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Where the set comes from.
    pub source: DependencySource,
    /// The line of the manifest, from 1.
    pub line: usize,
    /// The line of the root's manifest that it is inherited from, where a member says `{ workspace = true }`.
    pub inherited: Option<usize>,
}

/// Where a dependency comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DependencySource {
    /// A registry: the default one where none is named.
    Registry {
        /// Which versions will do.
        requirement: Requirement,
        /// What this manifest calls the registry.
        registry: Option<RegistryName>,
    },
    /// A git repository.
    Git {
        /// Its URL, as written.
        url: String,
        /// What to take of it.
        reference: GitReference,
        /// The set's folder within it, with `/`.
        subdirectory: Option<String>,
    },
    /// A folder, relative to the manifest.
    Path {
        /// As written, with `/`.
        path: String,
    },
}

/// What to take of a git repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitReference {
    /// The remote's default branch.
    Default,
    /// A branch's newest commit.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A commit.
    Rev(String),
}

/// The `[resolution]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Versions younger than this are not chosen; what is locked is exempt.
    pub minimum_release_age: Option<MinimumReleaseAge>,
    /// The sets that this is not for: globs over their names.
    pub exempt: Vec<Pattern>,
}

impl Resolution {
    /// Returns whether `set` may be of any age.
    pub fn exempts(&self, set: &SetName) -> bool {
        self.exempt.iter().any(|pattern| pattern.matches(set.as_str()))
    }
}

/// The `[compat]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compat {
    /// Changes that nobody can judge in general, and that the author says break nobody.
    pub accept: Vec<Accepted>,
    /// Rules that count for more than they do by themselves.
    pub raise: Vec<Raised>,
}

/// An entry of `[compat] accept`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The change, as `rule@prompt.parameter`.
    pub change: String,
    /// Where it stands in the text.
    pub place: Range<usize>,
}

/// An entry of `[compat] raise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The rule.
    pub rule: String,
    /// What it counts for.
    pub bump: Bump,
    /// Where the rule stands in the text.
    pub place: Range<usize>,
}

/// The `[trust]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The file of allowed signers, in OpenSSH's format, relative to the manifest.
    pub allowed_signers: Option<String>,
    /// What is asked of the sets that a glob matches, in the order of the manifest.
    pub policy: Vec<(Pattern, TrustRule)>,
}

/// What is asked of a set's signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustRule {
    /// One of an allowed signer.
    Require,
    /// One of an allowed signer, or a warning.
    Warn,
    /// Nothing.
    Off,
    /// Those of so many allowed signers.
    Minimum(u32),
}

impl SetSection {
    /// Returns whether `anvil` can use the set by its `anvil` requirement. A pre-release of Anvil
    /// counts as the release that it precedes, or nobody could try a set with one.
    pub fn usable_by(&self, anvil: &Version) -> bool {
        let release = Version::new(anvil.major, anvil.minor, anvil.patch);
        self.anvil.as_ref().is_none_or(|requirement| requirement.matches(&release) || requirement.matches(anvil))
    }
}

impl TagTemplate {
    /// Returns the tag of `version` of `set`; `at_root` says whether the manifest lies at the repository's root.
    pub fn tag(&self, set: &SetName, version: &Version, at_root: bool) -> String {
        let template = match self {
            TagTemplate::Text(text) => text,
            TagTemplate::Default if at_root => "v{version}",
            TagTemplate::Default => "{name}@{version}",
        };
        template.replace("{name}", set.as_str()).replace("{version}", &version.to_string())
    }

    /// Returns the version that `tag` names under this template, if it is one of its tags.
    pub fn version(&self, set: &SetName, tag: &str, at_root: bool) -> Option<Version> {
        let marker = Version::new(u64::MAX, 0, 0);
        let shape = self.tag(set, &marker, at_root);
        let (before, after) = shape.split_once(&marker.to_string())?;
        let version = tag.strip_prefix(before)?.strip_suffix(after)?;
        crate::version::parse_version(version).ok()
    }
}

impl fmt::Display for DependencySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DependencySource::Registry { requirement, registry: None } => write!(f, "{requirement}"),
            DependencySource::Registry { requirement, registry: Some(name) } => write!(f, "{requirement} from {name}"),
            DependencySource::Git { url, reference, subdirectory } => {
                write!(f, "git {url}")?;
                match reference {
                    GitReference::Default => {}
                    GitReference::Branch(name) => write!(f, " branch {name}")?,
                    GitReference::Tag(name) => write!(f, " tag {name}")?,
                    GitReference::Rev(rev) => write!(f, " rev {rev}")?,
                }
                subdirectory.as_ref().map_or(Ok(()), |folder| write!(f, " in {folder}"))
            }
            DependencySource::Path { path } => write!(f, "path {path}"),
        }
    }
}
