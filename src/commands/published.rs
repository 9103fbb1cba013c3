//! A published version, found by its address and fetched through the cache; no lock is asked or changed.

use super::context::Context;
use super::project::Project;
use super::registries::{Registries, RegistryReference};
use crate::address::{Address, Which};
use crate::archive::{self, FileSet, Identity};
use crate::digest::ContentDigest;
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::index::{IndexFile, Line};
use crate::manifest::DependencySource;
use crate::name::{ChannelName, RegistryId, SetName};
use crate::registry::{Freshness, Location, Registry};
use crate::version::Version;
use std::sync::Arc;

/// A published version with its files.
#[derive(Clone, Debug)]
pub struct Published {
    /// What the index says of it.
    pub line: Line,
    /// The registry that it comes from.
    pub registry: RegistryId,
    /// Its files, `manifest.json` among them.
    pub files: FileSet,
}

/// Why an address leads to no published version.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    /// Nobody says which registry is meant.
    #[error("no registry is named for {0}, and there is no project here that names one")]
    NoRegistry(SetName),
    /// The registry has no such set.
    #[error("the registry `{registry}` has no set {set}")]
    NoSet {
        /// The registry.
        registry: RegistryId,
        /// The set.
        set: SetName,
        /// A set of the registry whose name is close.
        similar: Option<String>,
    },
    /// The registry has the set, and no version of it fits.
    #[error("the registry `{registry}` has no {set}{which}")]
    NoVersion {
        /// The registry.
        registry: RegistryId,
        /// The set.
        set: SetName,
        /// What was asked for.
        which: Which,
        /// The newest versions that there are, newest first.
        newest: Vec<Version>,
        /// How many versions only a newer Anvil understands.
        newer: usize,
    },
    /// The set has no such channel.
    #[error("{set} has no channel `{channel}` in the registry `{registry}`")]
    NoChannel {
        /// The registry.
        registry: RegistryId,
        /// The set.
        set: SetName,
        /// The channel.
        channel: ChannelName,
        /// The channels that there are.
        known: Vec<String>,
    },
    /// The bundle has another content than its index line says.
    #[error("the content of {set} {version} has the digest {found}, but the registry `{registry}` says {stated}")]
    Digest {
        /// The registry.
        registry: RegistryId,
        /// The set.
        set: SetName,
        /// The version.
        version: Version,
        /// The digest of the index line.
        stated: ContentDigest,
        /// The digest that was found.
        found: ContentDigest,
    },
}

impl Diagnose for PublishedError {
    fn code(&self) -> Code {
        match self {
            PublishedError::NoRegistry(_) => Code::A1081,
            PublishedError::Digest { .. } => Code::A1046,
            _ => Code::A1082,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PublishedError::NoRegistry(_) => vec![Hint::new("say where it is: `--registry LOCATION`")],
            PublishedError::NoSet { similar, .. } => {
                similar.iter().map(|name| Hint::new(format!("did you mean {name}?"))).collect()
            }
            PublishedError::NoVersion { newest, newer, .. } => {
                let mut hints = Vec::new();
                match newest.as_slice() {
                    [] => {}
                    [only] => hints.push(Hint::new(format!("its only version is {only}"))),
                    newest => {
                        let newest: Vec<String> = newest.iter().map(Version::to_string).collect();
                        hints.push(Hint::new(format!("its newest versions are {}", newest.join(", "))));
                    }
                }
                if *newer > 0 {
                    hints.push(Hint::new(format!("{newer} versions are left out: they need a newer Anvil")));
                }
                hints
            }
            PublishedError::NoChannel { known, .. } if known.is_empty() => Vec::new(),
            PublishedError::NoChannel { known, .. } => {
                vec![Hint::new(format!("its channels are {}", known.join(", ")))]
            }
            PublishedError::Digest { .. } => {
                vec![Hint::new("nothing of it was used; tell whoever tends the registry")]
            }
        }
    }
}

/// Returns the version that `address` names: from `registry` where it is given, else from the one
/// that the address names, else from the one that `project` has the dependency from, else from the
/// project's default.
///
/// # Errors
/// When no registry is named, it cannot be read, or has nothing that fits.
pub fn find(
    context: &Context,
    project: Option<&Project>,
    registry: Option<&RegistryReference>,
    address: &Address,
) -> Result<Published> {
    let registry = open(context, project, registry, address)?;
    let Some(index) = registry.index(&address.set)? else {
        let names = registry.names().unwrap_or_default();
        let similar = suggest(address.set.as_str(), names.iter().map(SetName::as_str)).map(str::to_owned);
        return Err(PublishedError::NoSet { registry: registry.id().clone(), set: address.set.clone(), similar }.into());
    };
    let line = choose(&registry, &index, address)?.clone();
    let bytes = match context.cache.get(&line.sha256) {
        Some(bytes) => bytes,
        None => {
            let bytes = registry.bundle(&(&line).into())?;
            context.cache.put(&line.sha256, &bytes)?;
            bytes
        }
    };
    let identity = Identity { name: line.name.clone(), version: line.version.clone() };
    let files = archive::unpack(&identity, &bytes)?;
    let found = files.digest();
    if found != line.digest {
        let (set, version, stated) = (line.name, line.version, line.digest);
        return Err(PublishedError::Digest { registry: registry.id().clone(), set, version, stated, found }.into());
    }
    Ok(Published { line, registry: registry.id().clone(), files })
}

fn open(
    context: &Context,
    project: Option<&Project>,
    registry: Option<&RegistryReference>,
    address: &Address,
) -> Result<Arc<Registry>> {
    // What is asked for by hand may have been published a minute ago.
    let freshness = Freshness::Revalidate;
    let named = match registry {
        Some(RegistryReference::Location(place)) => {
            let location = Location::parse(place, &context.directory)?;
            return Ok(Arc::new(context.registry_at(&location, freshness)?));
        }
        Some(RegistryReference::Name(name)) => Some(name),
        None => address.registry.as_ref(),
    };
    let Some(project) = project else { return Err(PublishedError::NoRegistry(address.set.clone()).into()) };
    let registries = Registries::new(context, &project.folder, &project.manifest, freshness);
    let dependency = project.manifest.dependencies.get(&address.set).map(|dependency| &dependency.source);
    match (named, dependency) {
        (Some(name), _) | (None, Some(DependencySource::Registry { registry: Some(name), .. })) => {
            registries.named(name)
        }
        _ => registries.default(),
    }
}

fn choose<'a>(registry: &Registry, index: &'a IndexFile, address: &Address) -> Result<&'a Line> {
    let found = match &address.which {
        Which::Unspecified => index.newest(),
        // Exactly this one, also if it is yanked: it is asked for by name.
        Which::Exact(version) => index.line(version),
        Which::Requirement(requirement) => index
            .lines
            .iter()
            .filter(|line| line.yanked.is_none() && requirement.matches(&line.version))
            .max_by_key(|line| &line.version),
        Which::Channel(channel) => {
            let channels = registry.channels(&address.set)?;
            let Some(version) = channels.0.get(channel) else {
                let known = channels.0.keys().map(ToString::to_string).collect();
                let (registry, set) = (registry.id().clone(), address.set.clone());
                return Err(PublishedError::NoChannel { registry, set, channel: channel.clone(), known }.into());
            };
            index.line(version)
        }
    };
    Ok(found.ok_or_else(|| {
        let mut newest: Vec<Version> = index.lines.iter().map(|line| line.version.clone()).collect();
        newest.sort_by(|a, b| b.cmp(a));
        newest.truncate(3);
        PublishedError::NoVersion {
            registry: registry.id().clone(),
            set: address.set.clone(),
            which: address.which.clone(),
            newest,
            newer: index.newer,
        }
    })?)
}
