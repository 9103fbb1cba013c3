//! The facts of a prompt or of a set: of the project's own, of what it has locked, or of what a
//! registry has.
//!
//! Of a locked set the registry's versions are told where the registry can be read; where it cannot,
//! that is told instead, since what is locked is known without it.

use super::contents::Contents;
use super::context::Context;
use super::dependency;
use super::environment::Fixed;
use super::own_version;
use super::project::Project;
use super::published::{self, PublishedError, Stock};
use super::reference::{self, Found, Origin, Reference};
use super::registries::RegistryReference;
use crate::address::{Address, Which};
use crate::client::{Anvil, ClientError};
use crate::error::{Code, Diagnose, Error, Hint, Result, shell_word};
use crate::index::{Deprecated, IndexFile, Line, Yanked};
use crate::lockfile::{LockedSet, Source};
use crate::manifest::{DependencySource, Manifest, Strictness};
use crate::name::{ChannelName, PromptName, RegistryId, RegistryName, SetName};
use crate::prompt::facts::Facts;
use crate::prompt::{PromptKind, Scope, Set};
use crate::registry::{Location, Place, Registry};
use crate::version::Version;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What to show.
#[derive(Clone, Debug)]
pub struct Request {
    /// The prompt or set; nothing means the project's own set.
    pub reference: Option<Reference>,
    /// The registry to read it from, whatever a project says.
    pub registry: Option<RegistryReference>,
}

/// What was asked for.
#[derive(Debug)]
pub enum Report {
    /// A prompt.
    Prompt(Found),
    /// A set.
    Set(Box<SetReport>),
}

/// What a set is.
#[derive(Debug)]
pub struct SetReport {
    /// Where it is from.
    pub origin: Origin,
    /// What its manifest says.
    pub manifest: Manifest,
    /// Its public prompts.
    pub prompts: Vec<Facts>,
    /// How many of its prompts have errors.
    pub faulty: usize,
    /// What it depends on, each with the version that is locked here.
    pub dependencies: Vec<(SetName, DependencySource, Option<Version>)>,
    /// What its registry has of it; nothing where it has none or was not asked.
    pub published: Option<OnRegistry>,
    /// Why the registry's versions are not told, though it has them.
    pub unreadable: Option<String>,
}

/// What a registry has of a set.
#[derive(Debug)]
pub struct OnRegistry {
    /// The registry.
    pub id: RegistryId,
    /// Its versions, newest first.
    pub versions: Vec<PublishedVersion>,
    /// The version that one gets who asks for none.
    pub newest: Option<Version>,
    /// Its channels.
    pub channels: BTreeMap<ChannelName, Version>,
    /// How many versions only a newer Anvil understands.
    pub newer: usize,
}

/// One version on a registry.
#[derive(Debug)]
pub struct PublishedVersion {
    /// The version.
    pub version: Version,
    /// When it was published, RFC 3339.
    pub published_at: Option<String>,
    /// Why it was yanked, if it was.
    pub yanked: Option<Yanked>,
    /// What is said against it, if something is.
    pub deprecated: Option<Deprecated>,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The project publishes nothing.
    #[error("this project has no prompts of its own to show: its `anvil.toml` has no `[set]`")]
    NoSet,
    /// The name is a prompt's and a set's.
    #[error(
        "`{name}` means two things: this project's own prompt (`{file}`), and the set {name} {version}, which is locked"
    )]
    TwoMeanings {
        /// The name.
        name: PromptName,
        /// The prompt's file, relative to the project.
        file: String,
        /// The locked version of the set.
        version: Version,
    },
}

impl Diagnose for ShowError {
    fn code(&self) -> Code {
        match self {
            ShowError::NoSet => Code::A1072,
            ShowError::TwoMeanings { .. } => Code::A1073,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ShowError::NoSet => vec![
                Hint::run("see what it depends on", "anvil tree"),
                Hint::run("show a set that it uses", "anvil show project/set"),
            ],
            ShowError::TwoMeanings { name, file, version } => vec![
                Hint::run("show the prompt", format!("anvil show {}", shell_word(&format!("./{file}")))),
                Hint::run("show the set", format!("anvil show {name}@{version}")),
            ],
        }
    }
}

/// Finds what is asked for.
///
/// # Errors
/// When it means nothing, or two things, or it cannot be read.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let registry = request.registry.as_ref();
    let Some(reference) = &request.reference else {
        let project = Project::of(context)?;
        let Some(own) = own_name(&project).cloned() else {
            return Err(project.which_member().map_or_else(|| ShowError::NoSet.into(), Error::from));
        };
        if let Some(fixed) = Fixed::of(context, Some(&project))?.filter(|_| registry.is_some()) {
            return Err(fixed.refusal("what a registry has is not locked", None));
        }
        return match registry {
            Some(_) => in_registry(context, Some(&project), registry, &Address::of_set(own)),
            None => own_set(&project),
        };
    };
    match reference.address().filter(|address| address.prompt.is_none()) {
        Some(address) => set_or_prompt(context, reference, address, registry),
        None => Ok(Report::Prompt(reference::find(context, reference, registry)?)),
    }
}

fn own_name(project: &Project) -> Option<&SetName> {
    project.manifest.set.as_ref().map(|section| &section.name)
}

/// Shows what `reference` means, which has the form of a set's address and perhaps that of a prompt's name.
fn set_or_prompt(
    context: &Context,
    reference: &Reference,
    address: &Address,
    registry: Option<&RegistryReference>,
) -> Result<Report> {
    let project = reference::project(context)?;
    let fixed = Fixed::of(context, project.as_ref())?;
    if let Some(fixed) = fixed.as_ref().filter(|_| registry.is_some()) {
        return Err(fixed.refusal("what a registry has is not locked", None));
    }
    let Some(project) = project.as_ref().filter(|_| registry.is_none()) else {
        return in_registry(context, project.as_ref(), registry, address);
    };
    let lock = reference::lock(project)?;
    let locked = lock.set(&address.set);
    if let Reference::Either(name, _) = reference
        && Anvil::open_in(&project.folder, None)?.has_own(name)?
    {
        let found = reference::find(context, reference, None)?;
        if let Some(locked) = locked {
            let (file, version) = (found.ready.prompt().path().to_owned(), locked.version.clone());
            return Err(ShowError::TwoMeanings { name: name.clone(), file, version }.into());
        }
        return Ok(Report::Prompt(found));
    }
    if own_name(project) == Some(&address.set) && address.which == Which::Unspecified {
        return own_set(project);
    }
    let fits = |locked: &&LockedSet| match &address.which {
        Which::Unspecified => true,
        Which::Exact(version) => *version == locked.version,
        Which::Requirement { requirement, .. } => requirement.matches(&locked.version),
        Which::Channel(_) => false,
    };
    if let Some(fixed) = fixed {
        return match locked.filter(fits).filter(|_| address.registry.is_none()) {
            Some(LockedSet { name, source: Source::Path(path), .. }) if project.workspace.stand_in(name).is_none() => {
                Err(fixed
                    .refusal(format!("{name} is used from the folder `{path}`, whose content no lock fixes"), None))
            }
            Some(locked) => locked_alone(project, locked),
            None => {
                Err(fixed.refusal(format!("`{address}` is not locked"), Some(Hint::run("see what is", "anvil tree"))))
            }
        };
    }
    if let Some(version) = own_version::find(project, address)? {
        let origin = version.origin();
        let contents = version.contents;
        let mut set = report(origin, contents.manifest, &contents.prompts, None)?;
        tell_published(context, project, &address.set, &mut set)?;
        return Ok(Report::Set(Box::new(set)));
    }
    match locked.filter(fits).filter(|_| address.registry.is_none()) {
        Some(locked) => locked_set(context, project, locked),
        None => in_registry(context, Some(project), None, address).or_else(|error| misspelt(project, reference, error)),
    }
}

/// Tells of a version that was read from its tag what the registry says of it, where that is a folder:
/// a tag is read without the network.
fn tell_published(context: &Context, project: &Project, name: &SetName, set: &mut SetReport) -> Result<()> {
    let default = project.manifest.registries.get(&RegistryName::default_name());
    let location = default.map(|entry| Location::of(entry, &project.folder)).transpose()?;
    if !location.is_some_and(|location| matches!(location.place(), Place::Folder(_))) {
        return Ok(());
    }
    let stock = Stock::open(context, Some(project), None)?;
    let published = stock.registry(&Address::of_set(name.clone())).and_then(|registry| on_registry(&registry, name));
    match published {
        Ok(published) => set.published = Some(published),
        Err(error) if matches!(error.downcast_ref(), Some(PublishedError::NoSet { .. })) => {}
        Err(error) => set.unreadable = Some(error.to_string()),
    }
    Ok(())
}

/// Returns what is to be said of `reference`, which no registry has: `error`, unless it is a slip of
/// one of the project's own prompts, or there is no registry that could have it.
fn misspelt(project: &Project, reference: &Reference, error: Error) -> Result<Report> {
    let own = Anvil::open_in(&project.folder, None)?.get(&reference.to_string()).err();
    let better = own.filter(|own| match own.downcast_ref() {
        Some(ClientError::Nowhere { similar, .. }) => !similar.is_empty() || project.manifest.registries.is_empty(),
        _ => false,
    });
    Err(better.unwrap_or(error))
}

fn own_set(project: &Project) -> Result<Report> {
    let contents = Contents::of_folder(&project.folder, Strictness::Own)?;
    report(Origin::Own, contents.manifest, &contents.prompts, Some(project)).map(|set| Report::Set(Box::new(set)))
}

/// Shows a locked set, and asks no registry what else there is.
fn locked_alone(project: &Project, locked: &LockedSet) -> Result<Report> {
    let (manifest, prompts) = dependency::locked(project, locked)?;
    let set = report(Origin::Locked(locked.source.clone()), manifest, &prompts, Some(project))?;
    Ok(Report::Set(Box::new(set)))
}

fn locked_set(context: &Context, project: &Project, locked: &LockedSet) -> Result<Report> {
    let (manifest, prompts) = dependency::locked(project, locked)?;
    let mut set = report(Origin::Locked(locked.source.clone()), manifest, &prompts, Some(project))?;
    if matches!(locked.source, Source::Registry(_)) {
        let stock = Stock::open(context, Some(project), None)?;
        match stock
            .registry(&Address::of_set(locked.name.clone()))
            .and_then(|registry| on_registry(&registry, &locked.name))
        {
            Ok(published) => set.published = Some(published),
            Err(error) => set.unreadable = Some(error.to_string()),
        }
    }
    Ok(Report::Set(Box::new(set)))
}

fn in_registry(
    context: &Context,
    project: Option<&Project>,
    registry: Option<&RegistryReference>,
    address: &Address,
) -> Result<Report> {
    let stock = Stock::open(context, project, registry)?;
    let published = published::find_in(context, &stock, address)?;
    let (manifest, prompts) = published.load()?;
    let on_registry = on_registry(&*stock.registry(address)?, &address.set)?;
    let origin = Origin::Registry { id: published.registry, line: Box::new(published.line) };
    let set = report(origin, manifest, &prompts, None)?;
    Ok(Report::Set(Box::new(SetReport { published: Some(on_registry), ..set })))
}

fn report(origin: Origin, manifest: Manifest, prompts: &Arc<Set>, project: Option<&Project>) -> Result<SetReport> {
    let lock = project.map(reference::lock).transpose()?.unwrap_or_default();
    let dependencies = manifest.dependencies.iter().map(|(name, dependency)| {
        let locked = lock.set(name).map(|locked| locked.version.clone());
        (name.clone(), dependency.source.clone(), locked)
    });
    let scope = Scope::alone(Arc::clone(prompts));
    let public = prompts.prompts().filter(|prompt| !prompt.name().is_private());
    Ok(SetReport {
        origin,
        dependencies: dependencies.collect(),
        prompts: public.map(|prompt| Facts::of(&scope, prompt)).collect(),
        faulty: prompts.names().filter(|name| prompts.prompt(name).is_none()).count(),
        manifest,
        published: None,
        unreadable: None,
    })
}

fn on_registry(registry: &Registry, set: &SetName) -> Result<OnRegistry> {
    let index: Arc<IndexFile> = published::index(registry, set)?;
    let version = |line: &Line| PublishedVersion {
        version: line.version.clone(),
        published_at: line.published_at.clone(),
        yanked: line.yanked.clone(),
        deprecated: line.deprecated.clone(),
    };
    let mut versions: Vec<PublishedVersion> = index.lines.iter().map(version).collect();
    versions.sort_by(|a, b| b.version.cmp(&a.version));
    Ok(OnRegistry {
        id: registry.id().clone(),
        versions,
        newest: index.newest().map(|line| line.version.clone()),
        channels: registry.channels(set)?.0,
        newer: index.newer,
    })
}

/// Returns the facts of a prompt that was found.
pub fn facts(found: &Found) -> Facts {
    let kind = if found.ready.is_chat() { PromptKind::Chat } else { PromptKind::Text };
    Facts { kind, ..Facts::of(found.ready.scope(), found.ready.prompt()) }
}
