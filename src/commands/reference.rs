//! What a person means by REFERENCE: a file, one of this set's own prompts, or an address.
//!
//! Inside a project the SDK finds it, so that the command line and an application get the same
//! prompt. The command line goes further in four cases alone: an address that asks for another
//! version than the locked one, a registry that is named beside the address, a version of the
//! project's own set, and partials of a prompt of one's own that are locked and not unpacked. Then the
//! version is read from the registry, or the third from its git tag, or the last from the machine's cache,
//! as `lint` and `test` do; the lock stays as it is.

use super::contents::Contents;
use super::context::Context;
use super::environment::Fixed;
use super::lint;
use super::own_version;
use super::project::{Project, ProjectError};
use super::published::{self, Stock};
use super::registries::RegistryReference;
use crate::address::{Address, AddressError};
use crate::client::{Anvil, ClientError};
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::fs;
use crate::index::Line;
use crate::lockfile::{Lockfile, Reading, Source};
use crate::manifest::{self, Member, Strictness};
use crate::name::{NameError, PromptName, RegistryId, SetName};
use crate::prompt::{PromptError, Ready, Scope, Set};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// A reference as the command line takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A file: it begins with `.` or `/`, or ends in `.md`.
    File(PathBuf),
    /// The name of one of this set's own prompts, and nothing else.
    Own(PromptName),
    /// An address, and nothing else: it says a version or a registry.
    Address(Address),
    /// What may be the one or the other.
    Either(PromptName, Address),
}

/// A text that is no reference.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReference {
    /// Names have no upper-case letters.
    #[error("names are in lower case: did you mean `{0}`?")]
    Case(String),
    /// It could only be a name, and is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// It could only be an address, and is none.
    #[error(transparent)]
    Address(#[from] AddressError),
}

impl FromStr for Reference {
    type Err = NoReference;

    fn from_str(text: &str) -> std::result::Result<Self, NoReference> {
        if text.starts_with(['.', '/']) || text.ends_with(".md") {
            return Ok(Reference::File(text.into()));
        }
        match (text.parse::<PromptName>(), text.parse::<Address>()) {
            (Ok(name), Ok(address)) => Ok(Reference::Either(name, address)),
            (Ok(name), Err(_)) => Ok(Reference::Own(name)),
            (Err(_), Ok(address)) => Ok(Reference::Address(address)),
            (Err(name), Err(address)) => {
                let lower = text.to_lowercase();
                Err(match lower != text && lower.parse::<Reference>().is_ok() {
                    true => NoReference::Case(lower),
                    false if text.contains(['/', '@']) => address.into(),
                    false => name.into(),
                })
            }
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::File(path) => write!(f, "{}", path.display()),
            Reference::Own(name) | Reference::Either(name, _) => write!(f, "{name}"),
            Reference::Address(address) => write!(f, "{address}"),
        }
    }
}

impl Reference {
    /// Returns the address that it is or may be.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Reference::Address(address) | Reference::Either(_, address) => Some(address),
            Reference::File(_) | Reference::Own(_) => None,
        }
    }
}

/// A prompt that was found.
#[derive(Debug)]
pub struct Found {
    /// The prompt.
    pub ready: Ready,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a prompt or a set is from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A file that belongs to no set.
    File,
    /// The project's own set.
    Own,
    /// An earlier version of the project's own set, by the tag of that name.
    Tag(String),
    /// A set that the project has locked, from there.
    Locked(Source),
    /// A registry, outside any lock.
    Registry {
        /// The registry.
        id: RegistryId,
        /// What its index says of the version.
        line: Box<Line>,
    },
}

/// A reference that means nothing where it is used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// It can only be a prompt of a project's own, and there is no project.
    #[error("`{name}` would be a prompt of this project's own, and there is no `anvil.toml` in `{}` or any folder above it", .folder.display())]
    NoProject {
        /// What was asked for.
        name: PromptName,
        /// Where.
        folder: PathBuf,
        /// Whether a file of that name lies there.
        is_file: bool,
    },
    /// The root of a workspace has no prompts, and members have one of that name.
    #[error("this project has no prompt `{name}`")]
    OfMembers {
        /// The name.
        name: PromptName,
        /// The members that have it.
        sets: Vec<SetName>,
    },
}

impl Diagnose for ReferenceError {
    fn code(&self) -> Code {
        match self {
            ReferenceError::OfMembers { .. } => Code::A0211,
            _ => Code::A1070,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ReferenceError::OfMembers { name, sets } => {
                let meant: Vec<String> = sets.iter().take(5).map(|set| format!("`{set}/{name}`")).collect();
                vec![Hint::new(format!("did you mean {}?", meant.join(" or ")))]
            }
            ReferenceError::NoProject { name, is_file: true, .. } => {
                vec![Hint::new(format!("if you mean the file, say `./{name}`"))]
            }
            ReferenceError::NoProject { .. } => vec![
                Hint::new("a file begins with `./` or ends in `.md`"),
                Hint::new("a prompt of a registry is `project/set/prompt`, with `--registry LOCATION`"),
            ],
        }
    }
}

/// Returns the project that the command runs in, or nothing where it runs outside any.
///
/// # Errors
/// When there is one and its manifest cannot be understood.
pub fn project(context: &Context) -> Result<Option<Project>> {
    match Project::of(context) {
        Ok(project) => Ok(Some(project)),
        Err(error) if matches!(error.downcast_ref(), Some(ProjectError::NoManifest(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the prompt that `reference` means: in `registry` where one is given, else in the project
/// that the command runs in.
///
/// # Errors
/// When it means nothing, or two things, or the prompt has errors.
pub fn find(context: &Context, reference: &Reference, registry: Option<&RegistryReference>) -> Result<Found> {
    let project = match reference {
        // A file may be rendered though the manifest around it has faults.
        Reference::File(_) if context.environment.is_none() => None,
        _ => project(context)?,
    };
    let fixed = Fixed::of(context, project.as_ref())?;
    if let Reference::File(path) = reference {
        return in_file(context, path, fixed.as_ref());
    }
    if let Some(fixed) = fixed {
        let project = project.as_ref().expect("an environment is one of a project");
        return in_lock(context, project, reference, (registry, &fixed));
    }
    match (reference.address(), &project) {
        (Some(address), project) if registry.is_some() || project.is_none() => {
            in_registry(context, project.as_ref(), registry, address)
        }
        (_, Some(project)) => in_project(context, project, reference).map_err(|error| match reference {
            Reference::Own(name) => project.which_member().map_or(error, |which| of_members(project, name, which)),
            _ => error,
        }),
        (_, None) => {
            let Reference::Own(name) = reference else { unreachable!("files and addresses were met above") };
            let is_file = fs::is_file(&context.directory.join(name.as_str()));
            Err(ReferenceError::NoProject { name: name.clone(), folder: context.directory.clone(), is_file }.into())
        }
    }
}

/// Returns the prompt in the file at `path`: with its set, if it is one of a project's prompts, else alone.
fn in_file(context: &Context, path: &Path, fixed: Option<&Fixed>) -> Result<Found> {
    let place = context.path(path);
    if let Some(fixed) = fixed {
        let project = Project::of(context)?;
        let found = Anvil::open_in(&project.folder, environment_of(context))?.get_file(&place)?;
        return match found {
            Some(prompt) => Ok(Found { ready: prompt.ready().clone(), origin: Origin::Own }),
            None => {
                let what = format!("`{}` is the file of no prompt of this project's own", path.display());
                Err(fixed.refusal(what, None))
            }
        };
    }
    let bytes = fs::read_limited(&place, crate::archive::Limits::FORMAT.unpacked)?;
    let folder = fs::canonical(&place)?.parent().map(Path::to_owned).unwrap_or_default();
    if folder.ancestors().any(|folder| fs::is_file(&folder.join(manifest::FILE_NAME)))
        && let Some(found) = in_file_of_set(context, &folder, &place)?
    {
        return Ok(found);
    }
    let (set, name) = Set::from_file(&context.shown(&place), &bytes);
    let ready = Scope::alone(Arc::new(set)).own(&name)?;
    Ok(Found { ready, origin: Origin::File })
}

/// Returns the prompt in the file at `place`, which lies in `folder` of a project, if it is one of its set.
fn in_file_of_set(context: &Context, folder: &Path, place: &Path) -> Result<Option<Found>> {
    let error = match Anvil::open_in(folder, None)?.get_file(place) {
        Ok(prompt) => {
            return Ok(prompt.map(|prompt| Found { ready: prompt.ready().clone(), origin: Origin::Own }));
        }
        Err(error) => error,
    };
    let ready = || {
        let Some(PromptError::Faulty { name, .. }) = error.downcast_ref().filter(|_| is_not_at_hand(&error)) else {
            return None;
        };
        let project = Project::discover(folder).ok()?;
        scope(context, &project, own(&project)?)?.own(name).ok()
    };
    match ready() {
        Some(ready) => Ok(Some(Found { ready, origin: Origin::Own })),
        None => Err(error),
    }
}

/// Returns whether `error` may come of a partial that is locked and not unpacked.
fn is_not_at_hand(error: &Error) -> bool {
    let Some(PromptError::Faulty { findings, .. }) = error.downcast_ref() else { return false };
    findings.iter().any(|finding| finding.code == Code::A0350)
}

/// Returns why the root of a workspace, which is no set, has no prompt `name`: those of its members are meant that have
/// one, or else it is asked `which`.
fn of_members(root: &Project, name: &PromptName, which: ProjectError) -> Error {
    let has = |member: &&Member| {
        let project = Project::open(&root.root.join(&member.path)).ok();
        project.and_then(|project| own(&project)).is_some_and(|set| set.has(name))
    };
    let sets: Vec<SetName> =
        root.workspace.sets().filter(|(_, member)| has(member)).map(|(set, _)| set.clone()).collect();
    match sets.is_empty() {
        true => which.into(),
        false => ReferenceError::OfMembers { name: name.clone(), sets }.into(),
    }
}

/// Returns the project's own prompts.
fn own(project: &Project) -> Option<Arc<Set>> {
    Some(Contents::of_folder(&project.folder, Strictness::Own).ok()?.prompts)
}

/// Returns the environment that the command works for, as the SDK takes it.
pub(super) fn environment_of(context: &Context) -> Option<&str> {
    context.environment.as_ref().map(|selected| selected.name.as_str())
}

/// Returns what the SDK says that `reference` means.
fn as_an_application(context: &Context, project: &Project, reference: &Reference) -> Result<Found> {
    let anvil = Anvil::open_in(&project.folder, environment_of(context))?;
    let ready = anvil.get(&reference.to_string())?.ready().clone();
    let locked = ready.scope().set().name().and_then(|name| Some(lock(project).ok()?.set(name)?.source.clone()));
    Ok(Found { ready, origin: locked.map_or(Origin::Own, Origin::Locked) })
}

/// Returns the prompt that `reference` means where nothing is taken but what is locked: what an application gets.
fn in_lock(
    context: &Context,
    project: &Project,
    reference: &Reference,
    (registry, fixed): (Option<&RegistryReference>, &Fixed),
) -> Result<Found> {
    if registry.is_some() {
        return Err(fixed.refusal("a registry that is named beside the address is asked for what is not locked", None));
    }
    as_an_application(context, project, reference).or_else(|error| match error.downcast_ref() {
        Some(
            ClientError::OtherVersion { set, .. }
            | ClientError::Channel { set, .. }
            | ClientError::OwnVersion { set, .. },
        ) => {
            let hint = Hint::new(format!("ask for `{set}` without a version to get what is locked"));
            Err(fixed.refusal(error.to_string(), Some(hint)))
        }
        _ if is_not_at_hand(&error) => from_cache(context, project, reference).ok_or(error),
        _ => Err(error),
    })
}

fn in_project(context: &Context, project: &Project, reference: &Reference) -> Result<Found> {
    let error = match as_an_application(context, project, reference) {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    let asks_for_another = match error.downcast_ref() {
        Some(ClientError::OtherVersion { .. } | ClientError::Channel { .. }) => reference.address(),
        Some(ClientError::OwnVersion { .. }) => {
            let address = reference.address().expect("it is an address that asks for a version");
            return of_own_version(context, project, address);
        }
        _ => None,
    };
    if is_not_at_hand(&error)
        && let Some(found) = from_cache(context, project, reference)
    {
        return Ok(found);
    }
    match asks_for_another {
        // A git or path source has one version and no other.
        Some(address)
            if lock(project)?.set(&address.set).is_some_and(|set| matches!(set.source, Source::Registry(_))) =>
        {
            in_registry(context, Some(project), None, address)
        }
        _ => Err(error),
    }
}

/// Returns the prompt of the project's own that `reference` means, with those partials that are locked and
/// not unpacked from the machine's cache, if they lie there.
fn from_cache(context: &Context, project: &Project, reference: &Reference) -> Option<Found> {
    let own = own(project)?;
    let name = match reference {
        Reference::Own(name) => name,
        Reference::Either(name, _) if own.has(name) => name,
        Reference::Either(_, address) | Reference::Address(address) if own.name() == Some(&address.set) => {
            address.prompt.as_ref()?
        }
        _ => return None,
    };
    Some(Found { ready: scope(context, project, own.clone())?.get(name).ok()?, origin: Origin::Own })
}

/// Returns `set` with what it depends on, wherever on this machine that is.
fn scope(context: &Context, project: &Project, set: Arc<Set>) -> Option<Scope> {
    let (dependencies, _) = lint::dependencies(context, project, &set).ok()?;
    Some(Scope::new(set, Arc::new(dependencies)))
}

/// Returns the prompt of another version of the project's own set: by its tag, or else from a registry.
fn of_own_version(context: &Context, project: &Project, address: &Address) -> Result<Found> {
    let Some(version) = own_version::find(project, address)? else {
        return in_registry(context, Some(project), None, address);
    };
    let Some(name) = &address.prompt else {
        let prompts = version.contents.prompts.public_names().cloned().collect();
        return Err(ClientError::NoPrompt { set: address.set.clone(), prompts }.into());
    };
    let ready = version.scope(context, project)?.get(name)?;
    Ok(Found { ready, origin: version.origin() })
}

fn in_registry(
    context: &Context,
    project: Option<&Project>,
    registry: Option<&RegistryReference>,
    address: &Address,
) -> Result<Found> {
    let stock = Stock::open(context, project, registry)?;
    let published = published::find_in(context, &stock, address)?;
    let Some(name) = &address.prompt else {
        let prompts = published.line.prompts;
        return Err(ClientError::NoPrompt { set: address.set.clone(), prompts }.into());
    };
    let ready = published.scope(context, &stock)?.get(name)?;
    Ok(Found { ready, origin: Origin::Registry { id: published.registry, line: Box::new(published.line) } })
}

/// Returns the project's lock, or an empty one where there is none that can be used.
pub(super) fn lock(project: &Project) -> Result<Lockfile> {
    match project.read_lock()? {
        Some(Reading::Whole(lock)) => Ok(lock),
        _ => Ok(Lockfile::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_file_an_own_prompt_an_address_or_may_be_two_of_them() {
        let read = |text: &str| text.parse::<Reference>().unwrap();
        for file in ["./draft", "../x/draft.txt", "/srv/a", "draft.md", "prompts/a.prompt.md", ".hidden"] {
            assert_eq!(read(file), Reference::File(file.into()));
        }
        assert!(matches!(read("welcome"), Reference::Own(_)));
        assert!(matches!(read("emails/welcome"), Reference::Either(..)));
        assert!(matches!(read("support/onboarding/emails/welcome"), Reference::Either(..)));
        assert!(matches!(read("support/onboarding@^2/welcome"), Reference::Address(_)));
        assert!(matches!(read("@acme/support/onboarding/welcome"), Reference::Address(_)));
        let error = |text: &str| text.parse::<Reference>().unwrap_err().to_string();
        assert_eq!(error("Welcome"), "names are in lower case: did you mean `welcome`?");
        assert_eq!(
            error("Support/onboarding/Welcome"),
            "names are in lower case: did you mean `support/onboarding/welcome`?"
        );
        assert!(error("welcome!").contains("is not a valid prompt name"), "{}", error("welcome!"));
        assert!(error("No/Such Thing").contains("is not an address"));
    }
}
