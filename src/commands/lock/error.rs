//! Why the lock cannot be used, or not be changed as somebody asks.

use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Hint, Kind, suggest};
use crate::lockfile::{Lockfile, Stale};
use crate::manifest::Manifest;
use crate::name::SetName;
use crate::version::Version;

/// Why the lock cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum LockCommandError {
    /// The lock does not answer the manifest, and may not be changed.
    #[error("anvil.lock does not answer anvil.toml: {}", sentence(.0))]
    Stale(Vec<Stale>),
    /// A set is named that is not locked.
    #[error("{name} is {}not in anvil.lock", if *.why == NotLocked::Own { "this project's own set, and " } else { "" })]
    NotLocked {
        /// The set.
        name: SetName,
        /// Why it may not be.
        why: NotLocked,
    },
    /// Where a set has the version that is asked for, nothing needs it any more.
    #[error("where {name} is {version}, nothing needs it{}", without(.moved.as_ref()))]
    Unneeded {
        /// The set.
        name: SetName,
        /// The version that is asked for.
        version: Version,
        /// A set that needed it, and the version that does not and would go with it.
        moved: Option<(SetName, Version)>,
    },
    /// A git or path source holds another set than the manifest says.
    #[error("{0} has but one version, that of its {1} source")]
    Fixed(SetName, &'static str),
    /// The clock of this machine cannot be right, and the age of versions matters.
    #[error("by this machine's clock it is {}, so that nobody can say how old versions are", &crate::registry::publish::rfc3339(i64::try_from(*.now).unwrap_or_default())[..10])]
    Clock {
        /// What it says, in seconds since 1970.
        now: u64,
    },
    /// The registry now has other bytes for a version than those that are locked.
    #[error("{name} {version} is locked with the checksum {locked}, and the registry now says {found}")]
    Republished {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The locked checksum of the bundle.
        locked: Sha256,
        /// What the registry says.
        found: Sha256,
    },
    /// The registry now has another content for a version than the one that is locked, in the same bundle.
    #[error("{name} {version} is locked with the digest {locked}, and the registry now says {found}")]
    OtherContent {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The locked digest of the content.
        locked: ContentDigest,
        /// What the registry says.
        found: ContentDigest,
    },
}

/// Why a set that somebody names is not locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLocked {
    /// It is the project's own.
    Own,
    /// The manifest asks for it, and the lock is behind.
    Behind,
    /// A locked one with a similar name may be meant.
    Similar(SetName),
    /// The project does not use it.
    Unused,
}

fn sentence(stale: &[Stale]) -> String {
    let mut reasons: Vec<String> = stale.iter().take(3).map(Stale::to_string).collect();
    if stale.len() > reasons.len() {
        reasons.push(format!("and {} more", stale.len() - reasons.len()));
    }
    reasons.join("; ")
}

fn without(moved: Option<&(SetName, Version)>) -> String {
    moved.map_or_else(String::new, |(name, version)| format!(": {name} would be {version}, which does without it"))
}

impl LockCommandError {
    /// Returns the error that `name` is not in `lock`, which lies beside `manifest`.
    pub fn not_locked(name: &SetName, lock: &Lockfile, manifest: &Manifest) -> Self {
        let names = || lock.sets.iter().map(|set| &set.name);
        let near = suggest(name.as_str(), names().map(SetName::as_str)).map(str::to_owned);
        let similar = names().find(|other| near.as_deref() == Some(other.as_str())).cloned();
        let why = match similar {
            _ if manifest.set.as_ref().is_some_and(|set| set.name == *name) => NotLocked::Own,
            _ if manifest.dependencies.contains_key(name) => NotLocked::Behind,
            Some(similar) => NotLocked::Similar(similar),
            None => NotLocked::Unused,
        };
        LockCommandError::NotLocked { name: name.clone(), why }
    }
}

impl Diagnose for LockCommandError {
    fn code(&self) -> Code {
        match self {
            LockCommandError::Stale(_) => Code::A1037,
            LockCommandError::NotLocked { .. } => Code::A1038,
            LockCommandError::Fixed(..) => Code::A1039,
            LockCommandError::Unneeded { .. } => Code::A1135,
            LockCommandError::Clock { .. } => Code::A0510,
            LockCommandError::Republished { .. } | LockCommandError::OtherContent { .. } => Code::A1048,
        }
    }

    fn kind(&self) -> Kind {
        if matches!(self, LockCommandError::Clock { .. }) { Kind::Environment } else { Kind::No }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            LockCommandError::Clock { .. } => vec![
                Hint::new("set the clock; `minimum-release-age` chooses versions by how old they are"),
                Hint::new("or write a date there, such as `2026-11-01`, which needs no clock"),
            ],
            LockCommandError::Stale(_) => vec![Hint::run("write it anew and commit it", "anvil lock")],
            LockCommandError::NotLocked { name, why } => vec![match why {
                NotLocked::Own => {
                    Hint::run("see its versions, and what `anvil rollback VERSION` can bring back", "anvil log")
                }
                NotLocked::Behind => Hint::run("anvil.toml asks for it; lock it first", "anvil lock"),
                NotLocked::Similar(similar) => Hint::new(format!("did you mean {similar}?")),
                NotLocked::Unused => Hint::run("add it first", format!("anvil add {name}")),
            }],
            LockCommandError::Unneeded { name, moved, .. } => moved
                .iter()
                .map(|(moved, version)| {
                    Hint::run(format!("to do without {name}"), format!("anvil update {moved} --precise {version}"))
                })
                .collect(),
            LockCommandError::Republished { .. } => vec![Hint::new(
                "published versions never change: nothing was taken; ask the registry's owner what happened",
            )],
            LockCommandError::OtherContent { .. } => vec![Hint::run(
                "published versions never change: nothing was taken; see whether the lock was",
                "git diff anvil.lock",
            )],
            LockCommandError::Fixed(name, source) => vec![match source {
                &"git" => Hint::run("name a commit of that", format!("anvil update {name} --precise COMMIT")),
                _ => Hint::new("change what anvil.toml takes of it, or where from"),
            }],
        }
    }
}
