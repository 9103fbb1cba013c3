//! Adds dependencies: writes them into the manifest, resolves, and pulls.
//!
//! The manifest is first tried with what was asked for (`*` where nothing was), in memory. What the
//! resolver chose for that is then written as a requirement, and the lock that it made is kept: a
//! caret requirement with the whole version always takes that version.

mod error;

pub use error::AddError;

use super::context::Context;
use super::edit::{self, Texts};
use super::environment;
use super::lock::{self, Answer, Update};
use super::outdated::{self, Holder};
use super::project::{Project, relative};
use super::pull::Pulled;
use super::registries::{Registries, RegistriesError, RegistryReference};
use super::sources;
use super::target::Action;
use crate::address::{Address, Which};
use crate::error::{Result, suggest};
use crate::fs;
use crate::git::{GitUrl, Repository};
use crate::index::Deprecated;
use crate::lockfile::{Lockfile, Reading, Source};
use crate::manifest::edit::{self as manifest_edit, Table};
use crate::manifest::{DependencySource, GitReference, ROOT};
use crate::name::{ChannelName, PromptName, RegistryName, SetName};
use crate::registry::{Freshness, Location, Place, Registry};
use crate::resolver::Strategy;
use crate::version::{Requirement, Version, caret};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is to be added.
#[derive(Clone, Debug)]
pub struct Request {
    /// The sets.
    pub sets: Vec<Address>,
    /// Where they come from.
    pub origin: Origin,
    /// Where that is written.
    pub table: Table,
    /// Whether it is done or only planned.
    pub run: Action,
}

/// Where added sets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A registry: the one that is named, else the one in the address, else the default one.
    Registry(Option<RegistryReference>),
    /// A git repository.
    Git {
        /// Its URL.
        url: String,
        /// What to take of it.
        reference: GitReference,
        /// The set's folder within it.
        subdirectory: Option<String>,
    },
    /// A folder, as seen from where the command runs.
    Folder(PathBuf),
}

/// What was added, or would be.
#[derive(Clone, Debug)]
pub struct Report {
    /// The sets, in the order of the request.
    pub added: Vec<Added>,
    /// A registry that the manifest got, or that of the root of the workspace.
    pub registry: Option<NewRegistry>,
    /// The lock, and what was pulled.
    pub pulled: Pulled,
}

/// A registry that a manifest got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRegistry {
    /// What it is called there.
    pub name: RegistryName,
    /// Where it is, as it is written there.
    pub location: String,
    /// Whether that is the manifest of the root of a workspace, and the set was added to a member.
    pub is_at_root: bool,
}

/// One set that was added.
#[derive(Clone, Debug)]
pub struct Added {
    /// The set.
    pub name: SetName,
    /// What the manifest says of it now.
    pub source: DependencySource,
    /// What it said before.
    pub before: Option<DependencySource>,
    /// The version that is locked.
    pub version: Version,
    /// The newest version that the registry has, where that is a newer one.
    pub newer: Option<Version>,
    /// What keeps it from that.
    pub held: Vec<Holder>,
    /// The channel that was asked for; the manifest does not follow it.
    pub channel: Option<ChannelName>,
    /// That the version is deprecated.
    pub deprecated: Option<Deprecated>,
    /// One of its prompts.
    pub prompt: Option<PromptName>,
    /// How it stands to what the workspace has in common.
    pub shared: Shared,
    /// Whether the manifest inherited it before.
    pub was_inherited: bool,
}

/// How a dependency stands to the `[workspace.dependencies]` of the root.
#[derive(Clone, Debug, PartialEq)]
pub enum Shared {
    /// It is not among them.
    No,
    /// It is inherited from there.
    Inherited,
    /// It is among them and not inherited, since something else was asked for than this.
    Other(DependencySource),
}

impl Added {
    /// Returns whether the manifest says something else than before.
    pub fn is_changed(&self) -> bool {
        self.before.as_ref() != Some(&self.source) || self.was_inherited != (self.shared == Shared::Inherited)
    }
}

/// What the manifest will say of a set.
enum Written {
    /// This.
    Plain(DependencySource),
    /// A caret requirement with the version that is chosen; until then `trial`.
    Caret { trial: Requirement, registry: Option<RegistryName> },
    /// That it is inherited from the workspace, which has this.
    Inherited(DependencySource),
}

impl Written {
    fn trial(&self) -> DependencySource {
        match self {
            Written::Plain(source) | Written::Inherited(source) => source.clone(),
            Written::Caret { trial, registry } => {
                DependencySource::Registry { requirement: trial.clone(), registry: registry.clone() }
            }
        }
    }

    fn with(self, version: &Version) -> DependencySource {
        match self {
            Written::Plain(source) | Written::Inherited(source) => source,
            Written::Caret { registry, .. } => DependencySource::Registry { requirement: caret(version), registry },
        }
    }
}

/// Adds what `request` asks for.
///
/// # Errors
/// When the request contradicts itself, a set or its versions are not there, or the whole cannot be
/// resolved, fetched or written. Manifest and lock are then as they were.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    check(request)?;
    check_git_url(context, request)?;
    environment::check_may_change(context, "add", request.run)?;
    let _reserved = Project::reserve(context, request.run)?;
    let project = Project::of_table(context, request.table)?;
    let (before, own) = (texts_of(&project)?, project.member.as_str());
    let (texts, registry) = with_registry(context, &project, request, before.clone())?;
    // The registry that was just named must be known before channels can be asked for.
    let located = project.with_manifests(&texts)?;
    let registries = Registries::new(context, &located.folder, &located.manifest, Freshness::Revalidate);
    let mut wanted = Vec::new();
    let mut trial = texts[own].clone();
    for address in &request.sets {
        let written = written(context, &project, request, address, registry.as_ref(), &registries)?;
        trial = match &written {
            Written::Inherited(_) => manifest_edit::set_inherited(&trial, &address.set)?,
            written => manifest_edit::set_in(&trial, request.table, &address.set, &written.trial())?,
        };
        wanted.push((address, written));
    }
    let with_own = |text: String| texts.clone().into_iter().chain([(own.to_owned(), text)]).collect::<Texts>();
    let trial = project.with_manifests(&with_own(trial))?;
    let mut anew: BTreeSet<SetName> = request.sets.iter().map(|address| address.set.clone()).collect();
    let update = Update::Anew(anew.clone());
    let registries = lock::registries(context, &trial, &update);
    let mut answer = lock::answer_from(context, &trial, &update, &registries)?;
    // What is locked and would not be chosen anew, since it was yanked or is too young, stays rather
    // than that an older version takes its place.
    let lowered: Vec<SetName> = anew
        .iter()
        .filter(|name| context.resolving.strategy == Strategy::Highest && is_lowered(&trial, &answer, name))
        .cloned()
        .collect();
    if !lowered.is_empty() {
        anew.retain(|name| !lowered.contains(name));
        answer = lock::answer_from(context, &trial, &Update::Anew(anew), &registries)?;
    }

    let highest = context.resolving.strategy == Strategy::Highest;
    let (mut text, mut added) = (texts[own].clone(), Vec::new());
    for (address, written) in wanted {
        let name = &address.set;
        let Some(chosen) = answer.lock.set(name) else {
            return Err(AddError::OverridesNothing(name.clone()).into());
        };
        let (takes_newest, version) = (matches!(written, Written::Caret { .. }), chosen.version.clone());
        let is_inherited = matches!(written, Written::Inherited(_));
        let source = written.with(&version);
        let shared = match inheritable(&project, request, name) {
            None => Shared::No,
            // What a channel or a requirement comes to may be what all have in common.
            Some(shared) if is_inherited || shared == source => Shared::Inherited,
            Some(shared) => Shared::Other(shared),
        };
        text = match shared {
            Shared::Inherited => manifest_edit::set_inherited(&text, name)?,
            Shared::No | Shared::Other(_) => manifest_edit::set_in(&text, request.table, name, &source)?,
        };
        let index = match &chosen.source {
            Source::Registry(id) => registries.with_id(id)?.index(name)?,
            _ => None,
        };
        let line = index.as_ref().and_then(|index| index.line(&version));
        let newest = index.as_ref().and_then(|index| index.newest()).map(|line| line.version.clone());
        added.push(Added {
            name: name.clone(),
            source,
            before: request.table.of(&project.manifest).get(name).map(|dependency| dependency.source.clone()),
            newer: newest.filter(|newest| takes_newest && *newest > version && highest),
            held: Vec::new(),
            channel: match &address.which {
                Which::Channel(channel) => Some(channel.clone()),
                _ => None,
            },
            deprecated: line.and_then(|line| line.deprecated.clone()),
            prompt: line.and_then(|line| line.prompts.first().cloned()),
            was_inherited: request.table == Table::Dependencies
                && manifest_edit::inherits(&project.manifest_text, name),
            shared,
            version,
        });
    }
    if added.iter().any(|added| added.newer.is_some()) {
        let behind = outdated::behind(context, &trial, &registries, &answer.lock)?;
        for added in &mut added {
            added.held.extend(behind.iter().filter(|set| set.name == added.name).flat_map(|set| set.held.clone()));
        }
    }
    let registry = registry.and_then(|found| {
        let (name, is_at_root) = (found.name, project.member != ROOT);
        found.added.map(|location| NewRegistry { name, location, is_at_root })
    });
    let pulled = edit::install(context, &project, [&before, &with_own(text)], answer, request.run)?;
    Ok(Report { added, registry, pulled })
}

/// Returns whether `answer` has an older version of `name` than was locked, which `project` asks for as well.
fn is_lowered(project: &Project, answer: &Answer, name: &SetName) -> bool {
    let (Some(before), Some(now)) = (answer.previous.set(name), answer.lock.set(name)) else { return false };
    let manifest = &project.manifest;
    let asked = manifest.overrides.get(name).or(manifest.dependencies.get(name)).map(|dependency| &dependency.source);
    before.source == now.source
        && before.version > now.version
        && matches!(asked, Some(DependencySource::Registry { requirement, .. }) if requirement.matches(&before.version))
}

/// Finds what is wrong with the request alone.
fn check(request: &Request) -> Result<(), AddError> {
    let contradiction = |why: String| Err(AddError::Contradiction(why));
    let mut seen = BTreeSet::new();
    for address in &request.sets {
        if address.prompt.is_some() {
            return Err(AddError::Prompt(Box::new(address.clone())));
        }
        if !seen.insert(&address.set) {
            return contradiction(format!("{} is to be added twice", address.set));
        }
    }
    if let Origin::Registry(named) = &request.origin {
        for address in &request.sets {
            if let (Some(named), Some(own)) = (named, &address.registry)
                && *named != RegistryReference::Name(own.clone())
            {
                return contradiction(format!("`{address}` and `--registry` name two registries"));
            }
        }
        return Ok(());
    }
    let flag = if matches!(request.origin, Origin::Git { .. }) { "--git" } else { "--path" };
    match request.sets.as_slice() {
        [only] if only.registry.is_some() => contradiction(format!("`{only}` names a registry, and {flag} is none")),
        [only] if only.which != Which::Unspecified => {
            contradiction(format!("a set from {flag} has but one version, so `{}` takes no `{}`", only.set, only.which))
        }
        [_] => Ok(()),
        _ => contradiction(format!("{flag} names one set; add the others on their own")),
    }
}

/// Checks the URL behind `--git`, which is no fault of the manifest that it would stand in.
fn check_git_url(context: &Context, request: &Request) -> Result<()> {
    let Origin::Git { url: named, .. } = &request.origin else { return Ok(()) };
    let Err(error) = named.parse::<GitUrl>() else { return Ok(()) };
    let folder = Some(context.path(Path::new(named))).filter(|folder| fs::is_dir(folder));
    let (Some(folder), Some(set)) = (folder, request.sets.first().map(|address| address.set.clone())) else {
        return Err(error.into());
    };
    // The repository's own folder is its URL, and where in it the set is can be looked up.
    let repository = Repository::discover(&folder).ok();
    let root = repository.as_ref().and_then(|repository| repository.workdir().ok()).unwrap_or(&folder);
    let Some(url) = GitUrl::of_folder(root) else { return Err(error.into()) };
    let inside = repository.as_ref().and_then(|repository| {
        let found = sources::folder_of(repository, repository.head().ok()?.commit, &set)?;
        Some(found).filter(|found| !found.is_empty())
    });
    let is_root = repository.as_ref().is_some_and(|it| it.relative(&folder).is_ok_and(|path| path.is_empty()));
    let path = match &inside {
        Some(inside) if is_root => format!("{}/{inside}", named.trim_end_matches('/')),
        _ => named.clone(),
    };
    Err(AddError::GitFolder { named: named.clone(), url, inside, path, set }.into())
}

/// The registry that `--registry` means.
struct Found {
    name: RegistryName,
    /// Where it is, when the manifest does not say so yet.
    added: Option<String>,
}

/// Returns the manifests that may change: the project's own, and the one that has its registries.
fn texts_of(project: &Project) -> Result<Texts> {
    [ROOT, &project.member].into_iter().map(|member| Ok((member.to_owned(), project.text_of(member)?))).collect()
}

/// Returns `texts` with the registry that `--registry` names, should it be a new one. It stands at the root of a
/// workspace, for all members.
fn with_registry(
    context: &Context,
    project: &Project,
    request: &Request,
    mut texts: Texts,
) -> Result<(Texts, Option<Found>)> {
    let manifest = &project.manifest;
    let named = match &request.origin {
        Origin::Registry(named) => named.clone().map(|named| named.or_folder(&context.directory, Some(manifest))),
        Origin::Git { .. } | Origin::Folder(_) => return Ok((texts, None)),
    };
    let location = match named {
        Some(RegistryReference::Location(location)) => location,
        Some(RegistryReference::Name(name)) => {
            known(project, &name)?;
            return Ok((texts, Some(Found { name, added: None })));
        }
        None => {
            for address in &request.sets {
                let default = RegistryName::default_name();
                match &address.registry {
                    Some(name) => known(project, name)?,
                    None if manifest.registries.contains_key(&default) => {}
                    None if inheritable(project, request, &address.set).is_some() => {}
                    None => {
                        let set = address.set.clone();
                        return Err(AddError::NoRegistry { manifest: project.root_manifest_path(), set }.into());
                    }
                }
            }
            return Ok((texts, None));
        }
    };
    let place = Location::parse(&location, &context.directory)?;
    for (name, entry) in &manifest.registries {
        if place.is_same_place(&Location::of(entry, &project.folder)?) {
            return Ok((texts, Some(Found { name: name.clone(), added: None })));
        }
    }
    let name = RegistryName::default_name();
    let written = match place.place() {
        // A relative path means something else in the manifest than where the command runs.
        Place::Folder(folder) if !location.contains("://") && Path::new(&location).is_relative() => {
            Some(relative(&project.root, folder))
        }
        Place::Folder(_) | Place::Web(_) => None,
    };
    if manifest.registries.contains_key(&name) {
        let written = written.and_then(Result::ok).unwrap_or_else(|| location.clone());
        return Err(AddError::OtherPlace { manifest: project.root_manifest_path(), location, written }.into());
    }
    let written = written.unwrap_or(Ok(location))?;
    let text = manifest_edit::set_registry(&texts[ROOT], &name, &written, None)?;
    texts.insert(ROOT.to_owned(), text);
    Ok((texts, Some(Found { name, added: Some(written) })))
}

fn known(project: &Project, name: &RegistryName) -> Result<()> {
    if project.manifest.registries.contains_key(name) {
        return Ok(());
    }
    Err(RegistriesError::Unnamed { name: name.clone(), manifest: project.root_manifest_path() }.into())
}

/// Returns what the manifest will say of the set of `address`.
fn written(
    context: &Context,
    project: &Project,
    request: &Request,
    address: &Address,
    named: Option<&Found>,
    registries: &Registries<'_>,
) -> Result<Written> {
    let registry = match &request.origin {
        Origin::Registry(_) => named.map(|found| &found.name).or(address.registry.as_ref()),
        Origin::Git { url, reference, subdirectory } => {
            return Ok(Written::Plain(DependencySource::Git {
                url: url.clone(),
                reference: reference.clone(),
                subdirectory: subdirectory.clone(),
            }));
        }
        Origin::Folder(folder) => {
            let path = relative(&project.folder, &context.path(folder))?;
            return Ok(Written::Plain(DependencySource::Path { path }));
        }
    };
    let is_named = registry.is_some();
    let registry = registry.filter(|name| name.as_str() != RegistryName::DEFAULT).cloned();
    // Who names a registry means that one, and no other.
    let takes = |shared: &DependencySource| !is_named || is_from(shared, registry.as_ref());
    if let Some(shared) = inheritable(project, request, &address.set)
        && address.which == Which::Unspecified
        && takes(&shared)
    {
        return Ok(Written::Inherited(shared));
    }
    Ok(match &address.which {
        Which::Unspecified => Written::Caret { trial: Requirement::STAR, registry },
        Which::Requirement { requirement, .. } => {
            Written::Plain(DependencySource::Registry { requirement: requirement.clone(), registry })
        }
        Which::Exact(version) => {
            Written::Plain(DependencySource::Registry { requirement: lock::exactly(version), registry })
        }
        Which::Channel(channel) => {
            let name = registry.clone().unwrap_or_else(RegistryName::default_name);
            let from = registries.named(&name)?;
            let channels = from.channels(&address.set)?;
            let Some(version) = channels.0.get(channel) else {
                let set = named_in(address, registry);
                return Err(no_channel(set, channel, channels.0.keys()).into());
            };
            check_channel(project, &from, &named_in(address, registry.clone()), channel, version)?;
            Written::Caret { trial: lock::exactly(version), registry }
        }
    })
}

/// Returns what the workspace has in common of `name`, where the request writes where that can be inherited.
fn inheritable(project: &Project, request: &Request, name: &SetName) -> Option<DependencySource> {
    if request.table == Table::Dependencies { project.inheritable(name) } else { None }
}

/// Returns whether `source` is that of the registry called `name`; nothing is the default one.
fn is_from(source: &DependencySource, name: Option<&RegistryName>) -> bool {
    matches!(source, DependencySource::Registry { registry, .. } if registry.as_ref() == name)
}

/// Checks that `version`, which `channel` of `set` names, may be chosen: the resolver knows of no channel.
fn check_channel(
    project: &Project,
    registry: &Registry,
    address: &Address,
    channel: &ChannelName,
    version: &Version,
) -> Result<()> {
    let set = &address.set;
    let index = registry.index(set)?;
    let yanked = index.and_then(|index| index.line(version)?.yanked.clone());
    let is_locked = |lock: &Lockfile| {
        let from = Source::Registry(registry.id().clone());
        lock.set(set).is_some_and(|locked| locked.version == *version && locked.source == from)
    };
    match yanked {
        Some(yanked) if !project.read_lock()?.iter().flat_map(Reading::sides).any(is_locked) => {
            let (set, channel, version) = (Box::new(address.clone()), channel.clone(), version.clone());
            Err(AddError::YankedChannel { set, channel, version, yanked }.into())
        }
        _ => Ok(()),
    }
}

/// Returns the set of `address` without a version, as one names it that is to come from `registry`.
fn named_in(address: &Address, registry: Option<RegistryName>) -> Address {
    Address { registry, ..Address::of_set(address.set.clone()) }
}

fn no_channel<'a>(
    set: Address,
    channel: &ChannelName,
    there: impl ExactSizeIterator<Item = &'a ChannelName> + Clone,
) -> AddError {
    let near = suggest(channel.as_str(), there.clone().map(ChannelName::as_str));
    let similar = there.clone().find(|name| near == Some(name.as_str())).cloned();
    let only = if there.len() == 1 { there.clone().next().cloned() } else { None };
    AddError::NoChannel { set: Box::new(set), channel: channel.clone(), similar, only }
}
