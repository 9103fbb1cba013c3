//! A published version, found by its address and fetched through the cache, alone or with all that
//! it needs to be rendered. A lock is asked for preferences and never changed.

use super::alternatives::Alternatives;
use super::context::Context;
use super::dependency;
use super::parallel::in_parallel;
use super::project::Project;
use super::registries::{self, Registries, RegistryReference};
use crate::address::{Address, Which};
use crate::archive::{self, FileSet, Identity};
use crate::digest::ContentDigest;
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::index::{IndexFile, Line};
use crate::lockfile::{Lockfile, Reading, Source};
use crate::manifest::{DependencySource, Manifest};
use crate::name::{ChannelName, RegistryId, SetName};
use crate::prompt::{Dependencies, Scope, Set};
use crate::registry::{Freshness, Location, Registry};
use crate::resolver::{
    self, Budget, Index, Locked, Problem, Request, Resolution, Root, RootRole, Strategy, Telling, Unavailable, Update,
    Versions, Wanted,
};
use crate::version::{Version, meant, parse_requirement};
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
    #[error(
        "the registry `{registry}` has no {set}{}{}",
        asked(.which), if .alternatives.twice.is_empty() { "" } else { " that can be used" }
    )]
    NoVersion {
        /// The registry.
        registry: RegistryId,
        /// The set.
        set: SetName,
        /// What was asked for.
        which: Which,
        /// What there is.
        alternatives: Alternatives,
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

/// Returns what was asked for as it follows the set's name in a sentence.
fn asked(which: &Which) -> String {
    match which {
        Which::Exact(version) => format!(" {version}"),
        which => which.to_string(),
    }
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
            PublishedError::NoVersion { alternatives, .. } => alternatives.hints(),
            PublishedError::NoChannel { set, channel, known, .. } => {
                let version = meant(channel.as_str());
                let version =
                    version.map(|version| Hint::new(format!("if you mean the version, say `{set}@{version}`")));
                let known = (!known.is_empty()).then(|| Hint::new(format!("its channels are {}", known.join(", "))));
                version.into_iter().chain(known).collect()
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
    let stock = Stock::open(context, project, registry)?;
    find_in(context, &stock, address)
}

/// The registries in which a version and what it needs are looked up.
pub struct Stock<'a> {
    /// The registry that was asked for by its place; the only one then.
    place: Option<Arc<Registry>>,
    /// What it was asked for by.
    named: Option<RegistryReference>,
    /// The registry that is published to. It stands in for its id, whatever the project calls so.
    target: Option<Arc<Registry>>,
    project: Option<(&'a Project, Registries<'a>, Lockfile)>,
}

impl<'a> Stock<'a> {
    /// Returns the registry that is named, or those of the project.
    ///
    /// # Errors
    /// When the registry that is named by its place cannot be read, or the project's lock cannot.
    pub fn open(context: &'a Context, project: Option<&'a Project>, named: Option<&RegistryReference>) -> Result<Self> {
        let manifest = project.map(|project| &project.manifest);
        let named = named.map(|named| named.clone().or_folder(&context.directory, manifest));
        // What is asked for by hand may have been published a minute ago.
        let freshness = Freshness::Revalidate;
        let place = match &named {
            Some(RegistryReference::Location(place)) => {
                let location = Location::parse(place, &context.directory)?;
                let registry = context.registry_at(&location, freshness)?;
                context.tell_registry(None, &registry);
                Some(Arc::new(registry))
            }
            _ => None,
        };
        let project = match project {
            None => None,
            Some(project) => {
                let registries = Registries::new(context, &project.folder, &project.manifest, freshness);
                let lock = match project.read_lock()? {
                    Some(Reading::Whole(lock)) => lock,
                    _ => Lockfile::default(),
                };
                Some((project, registries, lock))
            }
        };
        Ok(Stock { place, named, target: None, project })
    }

    /// Returns `registries`, which are those of `project`, whose lock is `lock`.
    pub(super) fn of(project: &'a Project, registries: Registries<'a>, lock: Lockfile) -> Self {
        Stock { place: None, named: None, target: None, project: Some((project, registries, lock)) }
    }

    /// Returns the registries of `project`, with `target` in the place of the one that has its id.
    ///
    /// # Errors
    /// When the project's lock cannot be read.
    pub fn publishing(context: &'a Context, project: &'a Project, target: Arc<Registry>) -> Result<Self> {
        Ok(Stock { target: Some(target), ..Self::open(context, Some(project), None)? })
    }

    /// Returns the registry that `address` means: the named one, else the one that the lock, the
    /// manifest or its default has the set from.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn registry(&self, address: &Address) -> Result<Arc<Registry>> {
        if let Some(place) = &self.place {
            return Ok(Arc::clone(place));
        }
        let Some((project, registries, lock)) = &self.project else {
            return Err(PublishedError::NoRegistry(address.set.clone()).into());
        };
        let named = match &self.named {
            Some(RegistryReference::Name(name)) => Some(name),
            _ => address.registry.as_ref(),
        };
        if let Some(name) = named {
            return registries.named(name);
        }
        if let Some(Source::Registry(id)) = lock.set(&address.set).map(|locked| &locked.source) {
            return registries.with_id(id);
        }
        match project.manifest.dependencies.get(&address.set).map(|dependency| &dependency.source) {
            Some(DependencySource::Registry { registry: Some(name), .. }) => registries.named(name),
            _ => registries.default(),
        }
    }

    /// Returns the project's registries, where it has a project.
    pub(super) fn registries(&self) -> Option<&Registries<'a>> {
        self.project.as_ref().map(|(_, registries, _)| registries)
    }

    fn with_id(&self, id: &RegistryId) -> Result<Arc<Registry>, Unavailable> {
        match (self.known().filter(|known| known.id() == id), &self.place, &self.project) {
            (Some(known), ..) => Ok(Arc::clone(known)),
            (None, None, Some((_, registries, _))) => registries.available(id),
            _ => Err(Unavailable::UnknownRegistry),
        }
    }

    /// Returns the registry that is open, however the project calls it.
    fn known(&self) -> Option<&Arc<Registry>> {
        self.place.as_ref().or(self.target.as_ref())
    }

    /// Returns the versions that the project's lock would rather have.
    pub(super) fn preferences(&self) -> impl Iterator<Item = Locked> {
        let sets = self.project.iter().flat_map(|(_, _, lock)| &lock.sets);
        sets.map(|set| Locked { name: set.name.clone(), version: set.version.clone(), source: set.source.clone() })
    }
}

impl Index for Stock<'_> {
    fn versions(&self, registry: &RegistryId, set: &SetName) -> Result<Versions, Unavailable> {
        registries::versions_in(&*self.with_id(registry)?, set)
    }

    fn prefetch(&self, wanted: &[Wanted<'_>]) {
        let is_known = |want: &&Wanted<'_>| self.known().is_some_and(|known| known.id() == want.registry);
        let (own, others): (Vec<&Wanted<'_>>, Vec<&Wanted<'_>>) = wanted.iter().partition(is_known);
        if let Some(known) = self.known() {
            known.prefetch(&own.iter().map(|want| (want.name.clone(), want.requirement.clone())).collect::<Vec<_>>());
        }
        if let (None, Some((_, registries, _))) = (&self.place, &self.project) {
            registries.prefetch(&others.into_iter().copied().collect::<Vec<_>>());
        }
    }

    fn similar(&self, registry: &RegistryId, set: &SetName) -> Option<SetName> {
        registries::similar_in(&*self.with_id(registry).ok()?, set)
    }
}

/// Returns the version that `address` names among what is in `stock`.
///
/// # Errors
/// As [`find`].
pub fn find_in(context: &Context, stock: &Stock<'_>, address: &Address) -> Result<Published> {
    find_on(context, &*stock.registry(address)?, address)
}

/// Returns the version that `address` names on `registry`, whichever that one names itself.
///
/// # Errors
/// As [`find`].
pub(super) fn find_on(context: &Context, registry: &Registry, address: &Address) -> Result<Published> {
    let index = index(registry, &address.set)?;
    let line = choose(registry, &index, address)?.clone();
    let files = read(context, registry, &line)?;
    Ok(Published { line, registry: registry.id().clone(), files })
}

/// Returns the index of `set`, which must be there.
///
/// # Errors
/// When it cannot be read, or the registry has no such set.
pub fn index(registry: &Registry, set: &SetName) -> Result<Arc<IndexFile>> {
    if let Some(index) = registry.index(set)? {
        return Ok(index);
    }
    // For a suggestion alone.
    let names = registry.names().unwrap_or_default();
    let similar = suggest(set.as_str(), names.iter().map(SetName::as_str)).map(str::to_owned);
    Err(PublishedError::NoSet { registry: registry.id().clone(), set: set.clone(), similar }.into())
}

/// Returns the files of a version, from the cache or else from the registry.
fn read(context: &Context, registry: &Registry, line: &Line) -> Result<FileSet> {
    let cached = context.cache.as_ref().and_then(|cache| cache.get(&line.sha256));
    let (is_new, bytes) = match cached {
        Some(bytes) => {
            context.progress.detail(format_args!("the bundle of {} {} is in the cache", line.name, line.version));
            (false, bytes)
        }
        None => {
            let bytes = registry.bundle(&line.into())?;
            let (Line { name, version, size, .. }, id) = (line, registry.id());
            context.progress.detail(format_args!("fetched the bundle of {name} {version} from `{id}`, {size} bytes"));
            (true, bytes)
        }
    };
    let identity = Identity { name: line.name.clone(), version: line.version.clone() };
    let files = archive::unpack(&identity, &bytes)?;
    let found = files.digest();
    if found != line.digest {
        let (set, version, stated) = (line.name.clone(), line.version.clone(), line.digest);
        return Err(PublishedError::Digest { registry: registry.id().clone(), set, version, stated, found }.into());
    }
    if is_new && let Some(cache) = &context.cache {
        cache.put(&line.sha256, &bytes)?; // Only what is a bundle is kept.
    }
    Ok(files)
}

impl Published {
    /// Returns its manifest and its prompts.
    ///
    /// # Errors
    /// When the manifest cannot be understood.
    pub fn load(&self) -> Result<(Manifest, Arc<Set>)> {
        dependency::load(&self.line.name, &self.line.version, &self.files)
    }

    /// Returns its prompts with all that they may render: what it depends on, in the versions that a
    /// project would get which requires this one version alone. What a project has locked is preferred.
    ///
    /// # Errors
    /// When its dependencies cannot be resolved or fetched.
    pub fn scope(&self, context: &Context, stock: &Stock<'_>) -> Result<Scope> {
        let (_, set) = self.load()?;
        if self.line.dependencies.is_empty() {
            return Ok(Scope::alone(set));
        }
        scope_of(context, stock, set, &self.problem(stock))
    }

    /// Returns the question of what this version needs. It is taken for locked, so that it may be a
    /// yanked one or a very young one: it was asked for by name.
    fn problem(&self, stock: &Stock<'_>) -> Problem {
        let Line { name, version, .. } = &self.line;
        let source = Source::Registry(self.registry.clone());
        let exactly = parse_requirement(&format!("={version}")).expect("a version with `=` is a requirement");
        let request = Request { name: name.clone(), requirement: exactly, source: source.clone() };
        let asked = Locked { name: name.clone(), version: version.clone(), source };
        Problem {
            roots: vec![Root { request, member: ".".into(), line: 0, inherited: None, role: RootRole::Question }],
            own: Vec::new(),
            stand_ins: Vec::new(),
            overrides: Vec::new(),
            fixed: Vec::new(),
            locked: std::iter::once(asked).chain(stock.preferences()).collect(),
            update: Update::None,
            strategy: Strategy::Highest,
            age: None,
            telling: Telling::default(),
            anvil: crate::version::running_anvil(),
        }
    }
}

/// Returns `set` with all that it may render: what answers `problem`, which asks for published sets alone.
///
/// # Errors
/// When it has no answer, or that cannot be fetched.
pub(super) fn scope_of(context: &Context, stock: &Stock<'_>, set: Arc<Set>, problem: &Problem) -> Result<Scope> {
    let mut resolution = resolve(stock, problem)?;
    resolution.sets.retain(|chosen| Some(&chosen.name) != set.name());
    let dependencies = read_all(context, stock, &resolution)?;
    Ok(Scope::new(set, Arc::new(dependencies)))
}

/// Returns what answers `problem`, which asks for published sets alone.
///
/// # Errors
/// When it has no answer.
pub(super) fn resolve(stock: &Stock<'_>, problem: &Problem) -> Result<Resolution> {
    let begun = std::time::Instant::now();
    let stop = move || begun.elapsed() > super::lock::THINKING_TIME;
    Ok(resolver::resolve(problem, stock, Budget { stop: &stop, ..Budget::default() })?)
}

/// Returns the prompts of all that `resolution` chose, fetched through the cache.
///
/// # Errors
/// When something of it cannot be fetched or understood.
pub(super) fn read_all(context: &Context, stock: &Stock<'_>, resolution: &Resolution) -> Result<Dependencies> {
    let sets = in_parallel(&resolution.sets, |chosen| {
        let Source::Registry(id) = &chosen.source else { unreachable!("published sets need published ones") };
        let registry = stock.with_id(id).map_err(|_| gone(id, &chosen.name))?;
        let index = index(&registry, &chosen.name)?;
        let line = index.line(&chosen.version).ok_or_else(|| gone(id, &chosen.name))?;
        Ok((chosen.name.clone(), dependency::load(&chosen.name, &chosen.version, &read(context, &registry, line)?)?.1))
    })?;
    Ok(Dependencies::from_iter(sets))
}

/// The resolver saw the set a moment ago, in an index that is read once in a process.
fn gone(registry: &RegistryId, set: &SetName) -> crate::error::Error {
    PublishedError::NoSet { registry: registry.clone(), set: set.clone(), similar: None }.into()
}

fn choose<'a>(registry: &Registry, index: &'a IndexFile, address: &Address) -> Result<&'a Line> {
    let found = match &address.which {
        Which::Unspecified => index.newest(),
        // Exactly this one, also if it is yanked: it is asked for by name.
        Which::Exact(version) => index.line(version),
        Which::Requirement { requirement, .. } => index
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
    Ok(found.ok_or_else(|| no_version(registry.id(), &address.set, &address.which, index))?)
}

/// Returns the error that `index`, which is that of `set` in `registry`, has nothing that fits.
pub(super) fn no_version(registry: &RegistryId, set: &SetName, which: &Which, index: &IndexFile) -> PublishedError {
    PublishedError::NoVersion {
        registry: registry.clone(),
        set: set.clone(),
        which: which.clone(),
        alternatives: Alternatives::of(index, which),
    }
}
