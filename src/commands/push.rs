//! Publishes a version of the project's set: `anvil push`.
//!
//! What is published is the bundle of the commit that the version's tag names, so that it can be
//! made again by whoever has the repository. It is checked first, together with what it depends on, as
//! its users will get that; the registry decides again, under its lock, whether it may be added. Git is
//! never pushed.

use super::bundle::{Bundle, Origin};
use super::context::{Context, Network};
use super::lint;
use super::project::Project;
use super::promise;
pub use super::promise::Promise;
use super::published::{self, Stock};
use super::registries::{Registries, RegistryReference};
use super::set_repository::SetRepository;
use super::target::{Access, Action, RegistryFacts, Target, Told};
use crate::archive::{self, Identity, MANIFEST_JSON};
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Diagnostic, Hint, Result};
use crate::git::CommitId;
use crate::index::{Breaking, IndexFile, Line, LineDependency};
use crate::manifest::{DependencySource, Manifest};
use crate::name::{PromptName, RegistryId, RegistryName, SetName};
use crate::prompt::{Dependencies, Reach, Scope};
use crate::registry::publish::{Order, PublishError, Published};
use crate::registry::{Freshness, Location, Place, Wanted};
use crate::resolver::{Problem, Request as Asked, Root, RootRole, Strategy, Telling, Update};
use crate::version::{Bump, Requirement, Version};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// How many files an error names.
const MOST_FILES: usize = 10;

/// What is to be published, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The registry; the manifest's default where none is named.
    pub registry: Option<RegistryReference>,
    /// What the bundle is made from.
    pub origin: Origin,
    /// Whether the version may be below the newest one.
    pub order: Order,
    /// Whether the version must promise what it changes.
    pub promise: Promise,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What was published, or would be.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The set.
    pub name: SetName,
    /// Its version.
    pub version: Version,
    /// Where.
    pub registry: RegistryFacts,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// What came of it.
    pub outcome: Outcome,
    /// The public prompts.
    pub prompts: Vec<PromptName>,
    /// The files of the bundle.
    pub files: Vec<File>,
    /// The bundle's size in bytes.
    pub size: u64,
    /// Of the bundle's bytes.
    pub sha256: Sha256,
    /// Of its content.
    pub digest: ContentDigest,
    /// The commit that it is made from; none when it is made from the work tree.
    pub commit: Option<CommitId>,
    /// Whether it is what `anvil add` takes where no version is named.
    #[serde(skip)]
    pub is_newest: bool,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The version was not public before.
    Published,
    /// The same content was published before.
    Unchanged,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Where it is, relative to the set's folder.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Something that does not stop a push, and that the user should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Note {
    /// The set has changed since its version was tagged; the tag's content counts.
    LeftBehind {
        /// The tag.
        tag: String,
    },
    /// The tag is here alone.
    TagNotOnRemote {
        /// The tag.
        tag: String,
        /// The remote that does not have it.
        remote: String,
    },
    /// The tag is no annotated one, as `anvil version` makes them. What it names is as certain.
    LightweightTag {
        /// The tag.
        tag: String,
        /// The commit that it names.
        commit: CommitId,
    },
    /// The set has no public prompts.
    NoPrompts,
    /// The set has warnings.
    Warnings {
        /// How many.
        count: usize,
    },
    /// Whether a prompt renders what it rendered before could not be tried.
    NotChecked {
        /// The prompt.
        prompt: PromptName,
        /// Why.
        why: String,
    },
    /// What changed is not known.
    NothingCompared {
        /// The version that it would have been compared with.
        since: Version,
        /// Why it could not be.
        why: String,
    },
    /// It changes more than its number says, and that was allowed.
    Breaking {
        /// What the index says of it.
        breaking: Breaking,
    },
    /// An entry of `[compat] accept` is about no change.
    IdleAccept {
        /// The entry.
        accept: String,
    },
}

/// Returns whether the project that the command runs in names the registry that a push goes to by itself.
pub fn has_default_registry(context: &Context) -> bool {
    let default = RegistryName::default_name();
    Project::of(context).is_ok_and(|project| project.manifest.registries.contains_key(&default))
}

/// Why a version is not published.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The set depends on what nobody else can have.
    #[error("{name} {version} depends on what a registry cannot give: {}", list(.dependencies))]
    LocalDependencies {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What it depends on, and from where.
        dependencies: Vec<(SetName, String)>,
    },
    /// Another member of the workspace that the set depends on is not published in a version that will do.
    #[error("{set} needs {name} {requirement}, which {registry} does not have{}", if *.is_behind { ": the member is past that" } else { " yet" })]
    MemberUnpublished {
        /// Whether the member itself does not satisfy the requirement any more, so that publishing it does not help.
        is_behind: bool,
        /// The set that was to be published.
        set: SetName,
        /// The member.
        name: SetName,
        /// Which versions will do.
        requirement: Requirement,
        /// The registry.
        registry: RegistryId,
    },
    /// The version is published with other content.
    #[error("{name} {version} is published already on `{registry}`, with other content\n{difference}")]
    Taken {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What the registry is called.
        registry: String,
        /// How the two differ.
        difference: Box<Difference>,
        /// The next version that is not published.
        free: Version,
    },
}

fn list(dependencies: &[(SetName, String)]) -> String {
    dependencies.iter().map(|(name, source)| format!("{name} ({source})")).collect::<Vec<_>>().join(", ")
}

/// How the content that is published differs from the one that was to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The digest of what is published, where the index tells it.
    pub published: Option<ContentDigest>,
    /// The digest of what was to be.
    pub ours: ContentDigest,
    /// The files that differ, or why they are not known.
    pub files: std::result::Result<Vec<FileDifference>, String>,
}

/// A file that differs from the published one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileDifference {
    /// It is not in the published bundle.
    Added(String),
    /// It is in both, with other bytes.
    Changed(String),
    /// It is in the published bundle alone.
    Removed(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(published) = &self.published {
            writeln!(f, "published  {published}")?;
        }
        write!(f, "this one   {}", self.ours)?;
        let files = match &self.files {
            Ok(files) => files,
            Err(why) => return write!(f, "\nthe published bundle cannot be read: {why}"),
        };
        for file in files.iter().take(MOST_FILES) {
            match file {
                FileDifference::Added(path) => write!(f, "\nadded      {path}"),
                FileDifference::Changed(path) => write!(f, "\nchanged    {path}"),
                FileDifference::Removed(path) => write!(f, "\nremoved    {path}"),
            }?;
        }
        match files.len().checked_sub(MOST_FILES) {
            Some(more @ 1..) => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

impl Diagnose for PushError {
    fn code(&self) -> Code {
        match self {
            PushError::LocalDependencies { .. } => Code::A1092,
            PushError::MemberUnpublished { .. } => Code::A1065,
            PushError::Taken { .. } => Code::A0613,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PushError::LocalDependencies { dependencies, .. } => {
                let publish = "publish it first and depend on its version";
                dependencies.iter().map(|(name, _)| Hint::run(publish, format!("anvil add {name}"))).collect()
            }
            PushError::MemberUnpublished { is_behind: true, set, name, .. } => {
                let command = format!("anvil add {name}@REQUIREMENT --set {set}");
                vec![Hint::new(format!("let it take the version that the member has: `{command}`"))]
            }
            PushError::MemberUnpublished { name, .. } => {
                vec![Hint::run(
                    "it is a member of this workspace, too: publish it first",
                    format!("anvil push --set {name}"),
                )]
            }
            PushError::Taken { free, .. } => vec![Hint::run(
                "what is published never changes; publish a new version",
                format!("anvil version {free}"),
            )],
        }
    }
}

/// Publishes the version that the manifest of the project here states, or works out what that would do.
///
/// # Errors
/// When there is nothing to publish or nowhere, the set is not as its tag has it, has errors or
/// depends on what a registry cannot give, or the registry refuses it. Nothing is published then.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let project = Project::of(context)?;
    project.set()?;
    let target = Target::find(context, Some(&project), (request.registry.as_ref(), Told::Option), Access::Write)?;
    let bundle = Bundle::of_project(&project, request.origin)?;
    check_sources(&bundle)?;
    let dependencies = announced(context, &project, &bundle.contents.manifest, &target)?;
    let mut line = bundle.line(dependencies);
    let mut notes = match is_published(&target, &line)? {
        true => Vec::new(),
        false => {
            let needed = needed(context, &project, &target, &bundle, &line)?;
            let scope = Scope::new(bundle.contents.prompts.clone(), Arc::new(needed));
            let notes = check_prompts(&bundle, lint::findings_among(&bundle.contents, &scope, Reach::Everything))?;
            let promised = promise::check(context, &project, &target, (&bundle, &line), request.promise)?;
            line.breaking = promised.breaking;
            notes.into_iter().chain(promised.notes).collect()
        }
    };
    let is_newest = is_newest(&target, &line)?;
    let outcome = publish(context, request, &target, &bundle, &line)?;
    if let Some(tag) = &bundle.tag {
        notes.extend(tag.is_left_behind.then(|| Note::LeftBehind { tag: tag.name.clone() }));
        let lightweight = |commit| Note::LightweightTag { tag: tag.name.clone(), commit };
        notes.extend(bundle.contents.commit.filter(|_| !tag.is_annotated).map(lightweight));
        notes.extend(not_on_remote(context, &project, &tag.name));
    }
    let files = bundle.contents.files.iter();
    Ok(Report {
        name: line.name,
        version: line.version,
        registry: target.facts(),
        action: request.action,
        outcome,
        prompts: line.prompts,
        files: files.map(|(path, bytes)| File { path: path.to_owned(), size: bytes.len() as u64 }).collect(),
        size: line.size,
        sha256: line.sha256,
        digest: line.digest,
        commit: bundle.contents.commit,
        is_newest,
        notes,
    })
}

/// Checks that everybody can have what the bundle depends on.
///
/// # Errors
/// When some of it comes from git or a folder.
pub(super) fn check_sources(bundle: &Bundle) -> Result<()> {
    let section = bundle.section();
    let (name, version) = (section.name.clone(), section.version.clone());
    let is_local = |source: &DependencySource| !matches!(source, DependencySource::Registry { .. });
    let dependencies = &bundle.contents.manifest.dependencies;
    let local: Vec<(SetName, String)> = dependencies
        .iter()
        .filter(|(_, dependency)| is_local(&dependency.source))
        .map(|(name, dependency)| (name.clone(), dependency.source.to_string()))
        .collect();
    if !local.is_empty() {
        return Err(PushError::LocalDependencies { name, version, dependencies: local }.into());
    }
    Ok(())
}

/// Returns what the author should know of `findings`, which are about the bundle.
///
/// # Errors
/// When there are errors among them.
pub(super) fn check_prompts(bundle: &Bundle, findings: Vec<Diagnostic>) -> Result<Vec<Note>> {
    let section = bundle.section();
    let warnings = findings.iter().filter(|finding| !finding.is_error()).count();
    lint::refuse_errors(format!("{} {}", section.name, section.version), &bundle.contents, findings)?;
    let mut notes = Vec::new();
    if bundle.contents.prompts.public_names().next().is_none() {
        notes.push(Note::NoPrompts);
    }
    if warnings > 0 {
        notes.push(Note::Warnings { count: warnings });
    }
    Ok(notes)
}

/// Returns whether `target` has the version of `line` with this very content. Whatever became of its
/// dependencies since, it is published.
fn is_published(target: &Target, line: &Line) -> Result<bool> {
    let index = target.registry.index(&line.name)?;
    Ok(index.is_some_and(|index| index.line(&line.version).is_some_and(|published| published.digest == line.digest)))
}

/// Returns whether the version of `line` is a release, and `target` has no higher one.
fn is_newest(target: &Target, line: &Line) -> Result<bool> {
    let index = target.registry.index(&line.name)?;
    let is_higher = |other: &Line| other.version.pre.is_empty() && other.version > line.version;
    Ok(line.version.pre.is_empty() && !index.is_some_and(|index| index.newest().is_some_and(is_higher)))
}

/// Returns what the prompts of `bundle` may render of others, as whoever depends on the set will get it:
/// from the registries that `line` names, with no override of the project's. Of several versions that
/// will do, the one is taken that the author has locked and tried.
///
/// # Errors
/// When its dependencies cannot be resolved, or what its prompts render of them not be read.
fn needed(context: &Context, project: &Project, target: &Target, bundle: &Bundle, line: &Line) -> Result<Dependencies> {
    if line.dependencies.is_empty() {
        return Ok(Dependencies::new());
    }
    check_members(project, target, line)?;
    let stock = Stock::publishing(context, project, Arc::clone(&target.registry))?;
    let root = |dependency: &LineDependency| {
        let LineDependency { name, requirement, registry, .. } = dependency;
        let registry = registry.as_ref().unwrap_or(target.registry.id());
        let request = Asked::registry(name.clone(), requirement.clone(), registry.clone());
        let line = bundle.contents.manifest.dependencies.get(name).map_or(0, |dependency| dependency.line);
        Root { request, member: ".".into(), line, inherited: None, role: RootRole::Requirement }
    };
    let mut registries = stock.registries().map(Registries::known_names).unwrap_or_default();
    // Dependencies that name no registry come from this one.
    registries.insert(target.registry.id().clone(), RegistryName::default_name());
    let mut problem = Problem {
        roots: line.dependencies.iter().map(root).collect(),
        own: vec![line.name.clone()],
        stand_ins: Vec::new(),
        overrides: Vec::new(),
        fixed: Vec::new(),
        locked: stock.preferences().collect(),
        update: Update::None,
        strategy: Strategy::Highest,
        age: None,
        telling: Telling { registries, ..Telling::default() },
        anvil: crate::version::running_anvil(),
    };
    let mut resolution = published::resolve(&stock, &problem)?;
    if resolution.sets.iter().any(|set| set.yanked.is_some()) {
        // Others have not locked it, and do not get it.
        problem.locked.clear();
        resolution = published::resolve(&stock, &problem)?;
    }
    let prompts = &bundle.contents.prompts;
    if prompts.dependencies().iter().all(|name| lint::users(prompts, name) == 0) {
        return Ok(Dependencies::new());
    }
    published::read_all(context, &stock, &resolution)
}

/// Checks that the members of the workspace that `line` needs are published before it: in development they are
/// there all the same, so that nobody would notice.
///
/// # Errors
/// [`PushError::MemberUnpublished`].
fn check_members(project: &Project, target: &Target, line: &Line) -> Result<()> {
    for LineDependency { name, requirement, registry, .. } in line.dependencies.iter() {
        let Some(member) = project.workspace.stand_in(name).filter(|_| registry.is_none()) else { continue };
        let is_behind = member.set().is_some_and(|(_, version)| !requirement.matches(version));
        let index = target.registry.index(name)?;
        let lines = index.iter().flat_map(|index| &index.lines);
        if !lines.filter(|line| line.yanked.is_none()).any(|line| requirement.matches(&line.version)) {
            let (set, registry) = (line.name.clone(), target.registry.id().clone());
            let (name, requirement) = (name.clone(), requirement.clone());
            return Err(PushError::MemberUnpublished { is_behind, set, name, requirement, registry }.into());
        }
    }
    Ok(())
}

/// Returns the dependencies of `manifest` as an index line on `target` tells them: those that come
/// from another registry name it by its id, so that they bind to it and to no other.
fn announced(
    context: &Context,
    project: &Project,
    manifest: &Manifest,
    target: &Target,
) -> Result<Vec<LineDependency>> {
    let registries = Registries::new(context, &project.folder, manifest, Freshness::Cached);
    let mut announced = Vec::new();
    for (name, dependency) in &manifest.dependencies {
        let DependencySource::Registry { requirement, registry } = &dependency.source else { continue };
        let called = registry.clone().unwrap_or_else(RegistryName::default_name);
        let other = other_registry(project, manifest, &registries, &called, target)?;
        let (registry, registry_url) = other.map_or((None, None), |(id, url)| (Some(id), url));
        let requirement = requirement.clone();
        announced.push(LineDependency { name: name.clone(), requirement, registry, registry_url });
    }
    Ok(announced)
}

/// Returns the id, and the URL where it has one, of the registry that `manifest` calls `called`,
/// unless it is `target`.
fn other_registry(
    project: &Project,
    manifest: &Manifest,
    registries: &Registries,
    called: &RegistryName,
    target: &Target,
) -> Result<Option<(RegistryId, Option<String>)>> {
    // Without an entry there is no default registry; what is published on the target depends on it.
    let Some(entry) = manifest.registries.get(called) else { return Ok(None) };
    let location = Location::of(entry, &project.folder)?;
    // A folder is what a host serves, so the host need not be asked which registry it is.
    if location == *target.registry.location() || location.is_home_of(target.registry.id()) {
        return Ok(None);
    }
    let id = match &entry.id {
        Some(vouched) => vouched.clone(),
        None => registries.named(called)?.id().clone(),
    };
    let url = matches!(location.place(), Place::Web(_)).then(|| location.key());
    Ok((id != *target.registry.id()).then_some((id, url)))
}

fn publish(context: &Context, request: &Request, target: &Target, bundle: &Bundle, line: &Line) -> Result<Outcome> {
    let publisher = target.publisher(context)?;
    let published = match request.action {
        Action::Do => publisher.publish(line, &bundle.bytes, request.order, context.time()),
        Action::Plan => publisher.plan(line, &bundle.bytes, request.order),
    };
    match published {
        Ok(Published::Already) => Ok(Outcome::Unchanged),
        Ok(Published::New) => Ok(Outcome::Published),
        Err(PublishError::Taken { name, version, .. }) => {
            let index = target.registry.index(&line.name).ok().flatten();
            let newest = index.iter().flat_map(|index| &index.lines).map(|line| &line.version).max();
            let free = Bump::Patch.apply(newest.unwrap_or(&version).max(&version));
            let difference = Box::new(difference(target, bundle, line, index.as_deref()));
            Err(PushError::Taken { name, version, registry: target.called.clone(), difference, free }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns how `bundle` differs from what `target` has published under its version.
fn difference(target: &Target, bundle: &Bundle, line: &Line, index: Option<&IndexFile>) -> Difference {
    let published = index.and_then(|index| index.line(&line.version).cloned());
    let files = match &published {
        Some(published) => changed_files(target, bundle, published).map_err(|error| error.to_string()),
        None => Err("its index line is not understood".into()),
    };
    Difference { published: published.map(|line| line.digest), ours: line.digest, files }
}

fn changed_files(target: &Target, bundle: &Bundle, published: &Line) -> Result<Vec<FileDifference>> {
    let bytes = target.registry.bundle(&Wanted::from(published))?;
    let identity = Identity { name: published.name.clone(), version: published.version.clone() };
    let (old, new) = (archive::unpack(&identity, &bytes)?, &bundle.contents.files);
    let paths: BTreeSet<&str> = old.paths().chain(new.paths()).collect();
    let mut files: Vec<FileDifference> = paths
        .into_iter()
        .filter_map(|path| match (old.get(path), new.get(path)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(_)) => Some(FileDifference::Changed(path.to_owned())),
            (None, _) => Some(FileDifference::Added(path.to_owned())),
            (_, None) => Some(FileDifference::Removed(path.to_owned())),
        })
        .collect();
    // It is made from the others, so it is worth a word only where they agree.
    if files.len() > 1 {
        files.retain(|file| *file != FileDifference::Changed(MANIFEST_JSON.to_owned()));
    }
    Ok(files)
}

/// Returns the note that the remote does not have the tag, if it says so. This is a courtesy:
/// whatever keeps the remote from answering is no fault of the push.
fn not_on_remote(context: &Context, project: &Project, tag: &str) -> Option<Note> {
    if context.network == Network::Offline {
        return None;
    }
    let home = SetRepository::of(project).ok()?;
    let Ok(Some(false)) = home.repository.remote_has_tag(tag) else { return None };
    let remote = home.repository.remote().ok().flatten()?;
    Some(Note::TagNotOnRemote { tag: tag.to_owned(), remote })
}
