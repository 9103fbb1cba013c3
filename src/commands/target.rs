//! The registry that a command acts on, and the set there that it is about: what `push`, `yank`,
//! `deprecate` and `channel` have in common.

use super::alternatives::Alternatives;
use super::context::Context;
use super::project::{Project, ProjectError};
use super::registries::RegistryReference;
use crate::address::Which;
use crate::error::{Code, Diagnose, Error, Hint, Result, suggest};
use crate::index::{IndexFile, Line};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::registry::publish::Publisher;
use crate::registry::{Entry, Freshness, Location, Place, Registry};
use crate::version::Version;
use serde::{Serialize, Serializer};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// What a command does with a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It writes, which only a folder allows.
    Write,
}

/// Whether a change is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Do,
    /// What would change is worked out, and nothing is changed.
    Plan,
}

impl Action {
    /// Returns what `--dry-run` asks for, or its absence.
    pub fn of_dry_run(dry_run: bool) -> Self {
        if dry_run { Action::Plan } else { Action::Do }
    }
}

/// As the field `dry_run` of an answer.
impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self == Action::Plan)
    }
}

/// A registry that a command acts on.
pub struct Target {
    /// What people call it: its name in the manifest, or its place as it was written.
    pub called: String,
    /// The registry, open for reading.
    pub registry: Arc<Registry>,
}

/// Where a registry is that a command acts on; nobody asked it anything yet.
pub struct Located {
    /// What people call it: its name in the manifest, or its place as it was written.
    pub called: String,
    /// Where it is.
    pub location: Location,
    /// The manifest's entry, where it names the registry.
    pub entry: Option<Entry>,
}

/// A set on a registry.
pub struct PublishedSet {
    /// The registry.
    pub target: Target,
    /// The set.
    pub name: SetName,
    /// Its versions.
    pub index: Arc<IndexFile>,
}

/// What reports say of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistryFacts {
    /// What people call it: its name in the manifest, or its place as it was written.
    #[serde(rename = "name")]
    pub called: String,
    /// What it is.
    pub id: RegistryId,
    /// Where it is, as it was written.
    pub location: String,
}

impl fmt::Display for RegistryFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.called)?;
        if self.called == self.location { Ok(()) } else { write!(f, " at {}", self.location) }
    }
}

/// How a command is told which registry it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By `--registry`.
    Option,
    /// By an argument, a name or a place.
    Argument,
    /// By an argument, a name or a URL: a folder will not do.
    Url,
}

impl Told {
    /// Returns what to say where nothing says where the registry is.
    fn hint(self) -> &'static str {
        match self {
            Told::Option => "say where it is: `--registry DIR`",
            Told::Argument => "give its URL or folder in place of its name",
            Told::Url => "give its URL, as in `anvil login https://prompts.example.com`",
        }
    }
}

/// Why there is no registry, or no set on it, to act on.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The registry is read over the web.
    #[error("the registry `{0}` is read over the web, and cannot be written there yet")]
    OverTheWeb(Location),
    /// The manifest names no such registry.
    #[error("`{}` names no registry `{name}`", .manifest.display())]
    Unnamed {
        /// What was asked for.
        name: RegistryName,
        /// The manifest.
        manifest: PathBuf,
        /// How the command is told of another.
        told: Told,
    },
    /// There is no manifest that could name a registry.
    #[error("no `anvil.toml` in `{}` or any folder above it could say which registry `{name}` is", .directory.display())]
    NoProject {
        /// What was asked for.
        name: RegistryName,
        /// Where the command runs.
        directory: PathBuf,
        /// How the command is told of another.
        told: Told,
    },
    /// No set is named, and there is none here.
    #[error("no set is named, and there is none in `{}`", .0.display())]
    NoSetHere(PathBuf),
    /// The registry has no such set.
    #[error("the registry `{registry}` has no set {name}")]
    NoSuchSet {
        /// The set.
        name: SetName,
        /// What the registry is called.
        registry: String,
        /// A set that it has, and that may be meant.
        suggestion: Option<SetName>,
    },
    /// The registry has no such version of the set.
    #[error("the registry `{registry}` has no {name} {version}")]
    NoSuchVersion {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What the registry is called.
        registry: String,
        /// What it has.
        alternatives: Alternatives,
    },
}

impl Diagnose for TargetError {
    fn code(&self) -> Code {
        match self {
            TargetError::OverTheWeb(_) => Code::A1090,
            TargetError::NoSetHere(_) => Code::A1091,
            TargetError::Unnamed { .. } => Code::A1034,
            TargetError::NoProject { .. } => Code::A1030,
            TargetError::NoSuchSet { .. } | TargetError::NoSuchVersion { .. } => Code::A0616,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            TargetError::OverTheWeb(_) => {
                vec![Hint::new("name the folder that the host serves: `--registry DIR`")]
            }
            TargetError::Unnamed { name, told, .. } => vec![
                Hint::new(format!("add it to anvil.toml, under [registries]: `{name} = \"https://…\"`, or a folder")),
                Hint::new(format!("or {}", told.hint())),
            ],
            TargetError::NoProject { told, .. } => vec![Hint::new(told.hint())],
            TargetError::NoSetHere(_) => vec![Hint::new("name it before the version, as in `project/set@1.0.0`")],
            TargetError::NoSuchSet { suggestion, .. } => {
                suggestion.iter().map(|name| Hint::new(format!("did you mean {name}?"))).collect()
            }
            TargetError::NoSuchVersion { alternatives, .. } => alternatives.hints(),
        }
    }
}

/// Returns the project that the command runs in, if there is one.
///
/// # Errors
/// When there is one that cannot be read.
pub fn project_here(context: &Context) -> Result<Option<Project>> {
    match Project::of(context) {
        Err(error) if matches!(error.downcast_ref(), Some(ProjectError::NoManifest(_))) => Ok(None),
        found => found.map(Some),
    }
}

impl Located {
    /// Returns where the registry is that `reference` names, or the default one of `project`. A name that
    /// the manifest does not have is that of a folder, if it holds a registry.
    ///
    /// # Errors
    /// When nothing says where it is, or what says so is no place.
    pub fn find(
        context: &Context,
        project: Option<&Project>,
        reference: Option<&RegistryReference>,
        told: Told,
    ) -> Result<Located> {
        let manifest = project.map(|project| &project.manifest);
        let reference = reference.map(|reference| reference.clone().or_folder(&context.directory, manifest));
        let name = match reference {
            Some(RegistryReference::Location(text)) => {
                let location = Location::parse(&text, &context.directory)?;
                return Ok(Located { called: text, location, entry: None });
            }
            Some(RegistryReference::Name(name)) => name,
            None => RegistryName::default_name(),
        };
        let written = project.and_then(|project| Some((project, project.manifest.registries.get(&name)?)));
        let Some((project, written)) = written else {
            return Err(match project {
                Some(project) => TargetError::Unnamed { name, manifest: project.manifest_path(), told }.into(),
                None => TargetError::NoProject { name, directory: context.directory.clone(), told }.into(),
            });
        };
        let location = Location::of(written, &project.folder)?;
        let entry = Entry { name: name.clone(), location: location.clone(), vouched: written.id.clone() };
        Ok(Located { called: name.to_string(), location, entry: Some(entry) })
    }
}

impl Target {
    /// Returns the registry that `reference` names, or the default one of `project`. One that the
    /// manifest names must be believed; one that the command line places is taken at its word. A
    /// name that the manifest does not have is that of a folder, if it holds a registry.
    ///
    /// # Errors
    /// When there is no such registry, it is not believed, or it cannot be written and should be;
    /// the last is found out without asking the host.
    pub fn find(
        context: &Context,
        project: Option<&Project>,
        (reference, told): (Option<&RegistryReference>, Told),
        access: Access,
    ) -> Result<Target> {
        let located = Located::find(context, project, reference, told)?;
        access.check(&located.location)?;
        let registry = Arc::new(match &located.entry {
            Some(entry) => context.open_registry(entry, Freshness::Revalidate)?,
            None => context.registry_at(&located.location, Freshness::Revalidate)?,
        });
        context.tell_registry(located.entry.as_ref().map(|entry| &entry.name), &registry);
        Ok(Target { called: located.called, registry })
    }

    /// Returns the registry, open for writing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn publisher<'a>(&self, context: &'a Context) -> Result<Publisher<'a>> {
        match self.registry.location().place() {
            Place::Folder(folder) => Ok(Publisher::open(folder, context.progress())?),
            Place::Web(_) => Err(TargetError::OverTheWeb(self.registry.location().clone()).into()),
        }
    }

    /// Returns what reports say of the registry.
    pub fn facts(&self) -> RegistryFacts {
        let location = self.registry.location().to_string();
        RegistryFacts { called: self.called.clone(), id: self.registry.id().clone(), location }
    }
}

impl Access {
    fn check(self, location: &Location) -> Result<()> {
        match (self, location.place()) {
            (Access::Write, Place::Web(_)) => Err(TargetError::OverTheWeb(location.clone()).into()),
            _ => Ok(()),
        }
    }
}

impl PublishedSet {
    /// Returns `set`, or the project's own, on the registry that `reference` names. Where both are
    /// said in full no project is needed, nor looked for.
    ///
    /// # Errors
    /// When there is no such registry, or it has no such set.
    pub fn find(
        context: &Context,
        set: Option<&SetName>,
        reference: Option<&RegistryReference>,
        access: Access,
    ) -> Result<PublishedSet> {
        let project = match (set, reference) {
            (Some(_), Some(RegistryReference::Location(_))) => None,
            _ => project_here(context)?,
        };
        let own = || project.as_ref().and_then(|project| project.manifest.set.as_ref()).map(|section| &section.name);
        let Some(name) = set.or_else(own).cloned() else {
            let which = project.as_ref().and_then(Project::which_member);
            return Err(which.map_or_else(|| TargetError::NoSetHere(context.directory.clone()).into(), Error::from));
        };
        let target = Target::find(context, project.as_ref(), (reference, Told::Option), access)?;
        let Some(index) = target.registry.index(&name)? else {
            let names = target.registry.names().unwrap_or_default(); // For a suggestion alone.
            let suggestion =
                suggest(name.as_str(), names.iter().map(SetName::as_str)).and_then(|name| name.parse().ok());
            return Err(TargetError::NoSuchSet { name, registry: target.called, suggestion }.into());
        };
        Ok(PublishedSet { target, name, index })
    }

    /// Returns the index line of `version`.
    ///
    /// # Errors
    /// When there is none that can be understood, with those that may be meant and are not yanked.
    pub fn line(&self, version: &Version) -> Result<&Line> {
        self.line_or(version, Alternatives::of)
    }

    /// Returns the index line of `version`, for whoever looks for a yanked one.
    ///
    /// # Errors
    /// As [`PublishedSet::line`], with all that may be meant.
    pub fn yanked_line(&self, version: &Version) -> Result<&Line> {
        self.line_or(version, Alternatives::yanked_or_not)
    }

    fn line_or(&self, version: &Version, others: fn(&IndexFile, &Which) -> Alternatives) -> Result<&Line> {
        self.index.line(version).ok_or_else(|| {
            let alternatives = others(&self.index, &Which::Exact(version.clone()));
            let (name, registry) = (self.name.clone(), self.target.called.clone());
            TargetError::NoSuchVersion { name, version: version.clone(), registry, alternatives }.into()
        })
    }
}
