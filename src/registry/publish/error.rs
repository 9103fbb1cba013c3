//! Why a change to a registry is refused.

use crate::archive::BundleError;
use crate::error::{Code, Diagnose, Hint, Kind};
use crate::fs::FsError;
use crate::name::{RegistryId, SetName};
use crate::registry::RegistryError;
use crate::version::Version;
use std::path::PathBuf;

/// A change to a registry that is refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The version is published with other content.
    #[error("{name} {version} is published already on `{registry}`, with other content")]
    Taken {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The registry.
        registry: RegistryId,
    },
    /// The version is not above the newest one.
    #[error("{name} {version} is not above {newest}, the newest version on `{registry}`")]
    NotAbove {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The highest that is published; boxed, since two versions would make every result large.
        newest: Box<Version>,
        /// The registry.
        registry: RegistryId,
    },
    /// A set with a name that looks the same exists.
    #[error("`{name}` looks like `{existing}`, which is on `{registry}` already")]
    LooksLike {
        /// The new name.
        name: SetName,
        /// The one that exists.
        existing: SetName,
        /// The registry.
        registry: RegistryId,
    },
    /// The registry has no such set.
    #[error("the registry `{registry}` has no set {name}")]
    NoSet {
        /// The set.
        name: SetName,
        /// The registry.
        registry: RegistryId,
    },
    /// The registry has no such version.
    #[error("the registry `{registry}` has no {name} {version}")]
    NoVersion {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The registry.
        registry: RegistryId,
    },
    /// A folder is no place for a new registry.
    #[error("`{}` cannot become a registry: {why}", .folder.display())]
    NoPlace {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        why: String,
    },
    /// What is to be published is not what its line says.
    #[error("{name} {version} cannot be published: {why}")]
    Contradiction {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What differs.
        why: String,
    },
    /// The bundle is one that nobody would take in.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The registry cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A file could not be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl Diagnose for PublishError {
    fn code(&self) -> Code {
        match self {
            PublishError::Taken { .. } => Code::A0613,
            PublishError::NotAbove { .. } => Code::A0614,
            PublishError::LooksLike { .. } => Code::A0615,
            PublishError::NoSet { .. } | PublishError::NoVersion { .. } => Code::A0616,
            PublishError::NoPlace { .. } => Code::A0617,
            PublishError::Contradiction { .. } => Code::A0618,
            PublishError::Bundle(error) => error.code(),
            PublishError::Registry(error) => error.code(),
            PublishError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            PublishError::Bundle(error) => error.kind(),
            PublishError::Registry(error) => error.kind(),
            PublishError::Fs(error) => error.kind(),
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PublishError::Taken { .. } => {
                vec![Hint::run("what is published never changes; publish a new version", "anvil version patch")]
            }
            PublishError::NotAbove { .. } => {
                vec![Hint::run("to publish a lower version on purpose", "anvil push --allow-older")]
            }
            PublishError::NoPlace { .. } => vec![Hint::new("name a folder that is new or empty")],
            PublishError::LooksLike { .. } => vec![Hint::new("choose a name that nobody mistakes for it")],
            PublishError::Bundle(error) => error.hints(),
            PublishError::Registry(error) => error.hints(),
            PublishError::Fs(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}
