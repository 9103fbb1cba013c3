//! The SDK: an application asks for a prompt and gets exactly the text that the lock promised.
//!
//! [`Anvil::open`] reads `anvil.toml` and `anvil.lock`; [`Anvil::get`] finds a prompt in the sets
//! that `anvil pull` unpacked under `.anvil/` (or `anvil vendor` copied to `anvil-vendor/`), or among the
//! project's own, and [`Prompt::render`] renders it. No network, no git, no resolver: what is not there is an error that names the
//! command to run.
//!
//! The files of a locked set are hashed when it is first asked for, and must have the digest in the
//! lock: an edit by hand under `.anvil/` is an error, never another text. Hashing takes
//! less time than reading them, and far less than parsing them. The sets of `path` dependencies have no
//! digest and are read as they lie.
//!
//! Where the variable `ANVIL_ENV` names an environment whose mode in `anvil.toml` is `locked`, or
//! [`Anvil::open_in`] is told to work for one, nothing is taken that the lock does not fix: a lock that does not answer
//! the manifest is an error when the project is opened, and so is every set of a `path` dependency when it is
//! asked for. The project's own prompts are taken as they lie, since they are what is deployed. In an
//! environment of another mode what is locked is what was approved, or what was newest, when it was pulled.
//!
//! Each set is read once, when it is first asked for. A program that runs while its prompts change
//! opens the project anew.

mod error;
mod files;
mod handle;

pub use error::ClientError;
pub use handle::Prompt;

use crate::address::{Address, Which};
use crate::archive::FileSet;
use crate::error::{Error, Hint, suggest};
use crate::fs;
use crate::lockfile::{self, LockedSet, Lockfile, Source};
use crate::manifest::{self, DependencySource, Manifest, Mode, Workspace};
use crate::name::{EnvironmentName, PromptName, RegistryName, SetName};
use crate::prompt::{Dependencies, PromptError, Scope, Set};
use crate::store::layout::unpacked_folder;
use crate::store::project::{self as unpacked, StoreError};
use crate::store::workspace::{self, Found};
use crate::version::running_anvil;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The variable that names the environment that an application runs in; one that is empty names none.
pub const ENVIRONMENT: &str = "ANVIL_ENV";

/// The most prompts that are kept ready; who asks for more pays for finding them again.
const MAX_READY: usize = 1024;

/// A project with its locked prompt sets. Share one between threads.
///
/// ```
/// # fn main() -> anvil::error::Result<()> {
/// # let folder = anvil::client::doc_example();
/// # let project_dir = folder.path();
/// let anvil = anvil::Anvil::open(project_dir)?;
/// let welcome = anvil.get("welcome")?; // or of a dependency: "support/onboarding/welcome"
///
/// let rendered = welcome.render(&serde_json::json!({ "name": "Ada" }))?;
/// assert_eq!(rendered.text(), Some("Welcome, Ada!"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Anvil {
    folder: PathBuf,
    manifest: Manifest,
    /// The folder of the workspace's root, where the lock and the unpacked sets are.
    root: PathBuf,
    workspace: Workspace,
    lock: Lockfile,
    /// The environment that takes only what is locked, where it is opened for such a one.
    locked_in: Option<EnvironmentName>,
    loaded: Mutex<Loaded>,
}

/// What was read so far.
#[derive(Debug, Default)]
struct Loaded {
    own: Option<Arc<Set>>,
    sets: BTreeMap<SetName, Arc<Set>>,
    /// By the reference that was asked for.
    ready: HashMap<String, Prompt>,
}

impl Anvil {
    /// Opens the project whose `anvil.toml` lies in `folder` or the nearest folder above it, for the environment
    /// that the variable `ANVIL_ENV` names, if it names one.
    ///
    /// # Errors
    /// As [`Anvil::open_in`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Anvil, Error> {
        let environment = std::env::var_os(ENVIRONMENT).filter(|name| !name.is_empty());
        Anvil::open_in(folder, environment.as_ref().map(|name| name.to_string_lossy()).as_deref())
    }

    /// Opens the project whose `anvil.toml` lies in `folder` or the nearest folder above it, for `environment`, one of
    /// its `[environments]`, whatever `ANVIL_ENV` says; for none where that is nothing.
    ///
    /// ```
    /// # fn main() -> anvil::error::Result<()> {
    /// # let folder = anvil::client::doc_example();
    /// # let project_dir = folder.path();
    /// let anvil = anvil::Anvil::open_in(project_dir, Some("production"))?;
    /// assert_eq!(anvil.get("welcome")?.name().as_str(), "welcome");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When there is no `anvil.toml`, it or `anvil.lock` cannot be understood, or it asks for another Anvil; when it has
    /// no such environment, or that one is locked and the lock does not answer the manifest.
    pub fn open_in(folder: impl AsRef<Path>, environment: Option<&str>) -> Result<Anvil, Error> {
        let start = fs::canonical(folder.as_ref())?;
        let found = start.ancestors().find(|folder| fs::is_file(&folder.join(manifest::FILE_NAME)));
        let Some(folder) = found else { return Err(ClientError::NoProject { start }.into()) };
        let found = Found::at(folder)?;
        let manifest = found.manifest().clone();
        let Found { root, workspace, .. } = found;
        let environment: Option<EnvironmentName> = environment.map(str::parse).transpose()?;
        let mode = environment.as_ref().map(|name| manifest.environment(name)).transpose()?.map(|found| &found.mode);
        let locked_in = environment.clone().filter(|_| mode == Some(&Mode::Locked));
        let path = root.join(lockfile::FILE_NAME);
        let lock = match fs::read_to_string_if_exists(&path)? {
            Some(text) => {
                let file = path.to_string_lossy();
                Lockfile::read(&file, &text)?.whole(&file)?
            }
            None => Lockfile::default(),
        };
        if let Some(environment) = &locked_in
            && let Some(stale) = lock.staleness(&workspace).first()
        {
            let (environment, why) = (environment.clone(), stale.to_string());
            return Err(ClientError::Stale { environment, why }.into());
        }
        Ok(Anvil { folder: folder.to_owned(), manifest, root, workspace, lock, locked_in, loaded: Mutex::default() })
    }

    /// Returns the project's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the prompt that `reference` names: one of the project's own by its name (`welcome`),
    /// or a locked set's by its address (`support/onboarding/welcome`), at the locked version. The
    /// project's own set has an address, too.
    ///
    /// An address may say a version or a requirement, which the locked version must satisfy.
    ///
    /// # Errors
    /// When the reference means nothing, or two things; when its set is not locked, not at such a
    /// version, not unpacked, or was edited since; when the prompt is private or has errors.
    pub fn get(&self, reference: &str) -> Result<Prompt, Error> {
        let mut loaded = self.loaded();
        if let Some(prompt) = loaded.ready.get(reference) {
            return Ok(prompt.clone());
        }
        let prompt = self.find(&mut loaded, reference)?;
        if loaded.ready.len() < MAX_READY {
            loaded.ready.insert(reference.to_owned(), prompt.clone());
        }
        Ok(prompt)
    }

    /// Returns the prompt of the project's own whose file is at `path`, a private one too: whoever
    /// names the file is at work on the set. Nothing if no prompt is there.
    ///
    /// # Errors
    /// When the project's files cannot be read, or the prompt has errors.
    pub fn get_file(&self, path: impl AsRef<Path>) -> Result<Option<Prompt>, Error> {
        let path = fs::canonical(path.as_ref())?;
        let Ok(inside) = path.strip_prefix(&self.folder) else { return Ok(None) };
        let segments: Option<Vec<&str>> = inside.iter().map(|segment| segment.to_str()).collect();
        let (Some(segments), Some(section)) = (segments, &self.manifest.set) else { return Ok(None) };
        let Some(Ok(name)) = section.selection.prompt_name(&segments.join("/")) else { return Ok(None) };
        let mut loaded = self.loaded();
        let own = self.own(&mut loaded)?;
        let scope = self.scope(&mut loaded, own)?;
        Ok(Some(Prompt::new(scope.own(&name)?)))
    }

    /// Returns whether `name` is that of one of the project's own prompts, or a former one.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn has_own(&self, name: &PromptName) -> Result<bool, Error> {
        Ok(self.own(&mut self.loaded())?.has(name))
    }

    /// Returns the names of the project's own public prompts, sorted.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn own_prompts(&self) -> Result<Vec<PromptName>, Error> {
        let own = self.own(&mut self.loaded())?;
        Ok(own.names().filter(|name| !name.is_private()).cloned().collect())
    }

    /// What is half done when a thread panics is at worst not yet kept, so the lock is taken all the same.
    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, loaded: &mut Loaded, reference: &str) -> Result<Prompt, Error> {
        let address = reference.parse::<Address>();
        let own = self.own(loaded)?;
        let own_name = reference.parse::<PromptName>().ok();
        let is_own = own_name.as_ref().is_some_and(|name| own.has(name));
        match (own_name, address) {
            (Some(name), Ok(address))
                if is_own && address.prompt.is_some() && self.lock.set(&address.set).is_some() =>
            {
                Err(self.two_meanings(&own, &name, address).into())
            }
            (Some(name), address) if is_own || address.is_err() => {
                let scope = self.scope(loaded, own)?;
                scope.get(&name).map(Prompt::new).map_err(|error| match error {
                    PromptError::Unknown { set, name, hint: None } => {
                        let hint = self.elsewhere(loaded, &name);
                        PromptError::Unknown { set, name, hint: Some(hint) }.into()
                    }
                    error => error.into(),
                })
            }
            (_, Ok(address)) if self.is_own(&address) => self.find_own(loaded, own, &address),
            (Some(name), Ok(address)) if !self.knows(&address.set) => {
                // A prompt's file is easily named in its place.
                let is_its_file =
                    |path: &str| path.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
                let by_file = own.prompts().find(|prompt| is_its_file(prompt.path()) && !prompt.name().is_private());
                let by_file = by_file.map(|prompt| prompt.name().as_str());
                let similar = by_file.or_else(|| suggest(name.as_str(), own.public_names().map(PromptName::as_str)));
                let similar = match similar {
                    Some(similar) => vec![similar.to_owned()],
                    None => self.called(loaded, &name),
                };
                Err(ClientError::Nowhere { name, address, similar }.into())
            }
            (_, address) => self.find_locked(loaded, &address?),
        }
    }

    /// Returns whether the address is one of the project's own set.
    fn is_own(&self, address: &Address) -> bool {
        address.registry.is_none() && self.manifest.set.as_ref().is_some_and(|own| own.name == address.set)
    }

    /// Returns the prompt of the project's own that `address` names in full.
    fn find_own(&self, loaded: &mut Loaded, own: Arc<Set>, address: &Address) -> Result<Prompt, Error> {
        let set = address.set.clone();
        if address.which != Which::Unspecified {
            return Err(ClientError::OwnVersion { set, asked: address.which.to_string() }.into());
        }
        let Some(name) = &address.prompt else {
            return Err(ClientError::NoPrompt { set, prompts: own.public_names().cloned().collect() }.into());
        };
        let scope = self.scope(loaded, own)?;
        Ok(Prompt::new(scope.get(name)?))
    }

    /// Returns where a prompt that is none of the project's own may be instead.
    fn elsewhere(&self, loaded: &mut Loaded, name: &PromptName) -> Hint {
        match self.called(loaded, name).as_slice() {
            [] if self.lock.sets.is_empty() => {
                Hint::run("to use another set's prompt, depend on the set", "anvil add project/set")
            }
            [] => Hint::run("a locked set's prompt is `project/set/prompt`; the sets are", "anvil tree"),
            addresses => error::meant(addresses),
        }
    }

    /// Returns the addresses of locked prompts with this very name, with or without the folder that
    /// it begins with, or else with one that is close.
    fn called(&self, loaded: &mut Loaded, name: &PromptName) -> Vec<String> {
        let mut called: Vec<(String, String)> = Vec::new();
        for locked in &self.lock.sets {
            // What is not unpacked, or has errors, is for those to tell who ask for it.
            let Ok(set) = self.set(loaded, locked) else { continue };
            let addresses = set.public_names().map(|name| (name.to_string(), format!("{}/{name}", locked.name)));
            called.extend(addresses);
        }
        let is_called = |known: &str, name: &str| format!("/{known}").ends_with(&format!("/{name}"));
        let is_there = called.iter().any(|(known, _)| is_called(known, name.as_str()));
        let close = suggest(name.as_str(), called.iter().map(|(known, _)| known.as_str())).map(str::to_owned);
        let wanted = if is_there { Some(name.to_string()) } else { close };
        called.retain(|(known, _)| wanted.as_ref().is_some_and(|wanted| is_called(known, wanted)));
        called.into_iter().map(|(_, address)| address).collect()
    }

    /// Returns whether the set is locked or asked for.
    fn knows(&self, set: &SetName) -> bool {
        let (manifest, workspace) = (&self.manifest, &self.workspace);
        self.lock.set(set).is_some() || manifest.dependencies.contains_key(set) || workspace.stand_in(set).is_some()
    }

    fn two_meanings(&self, own: &Set, name: &PromptName, address: Address) -> ClientError {
        let version = self.lock.set(&address.set).map(|locked| Which::Exact(locked.version.clone()));
        let locked = Address { which: version.unwrap_or(Which::Unspecified), ..address };
        let file = own.prompt(name).map(|prompt| prompt.path().to_owned());
        ClientError::TwoMeanings { reference: name.clone(), file, locked }
    }

    fn find_locked(&self, loaded: &mut Loaded, address: &Address) -> Result<Prompt, Error> {
        let set = &address.set;
        let locked = &*self.locked(address)?;
        let Some(name) = &address.prompt else {
            let known = self.set(loaded, locked);
            let prompts = known.map(|known| known.public_names().cloned().collect()).unwrap_or_default();
            return Err(ClientError::NoPrompt { set: set.clone(), prompts }.into());
        };
        let set = self.set(loaded, locked)?;
        let scope = self.scope(loaded, set)?;
        Ok(Prompt::new(scope.get(name)?))
    }

    /// Returns the locked set that `address` means. A member of the workspace that no other one needs is in no lock,
    /// and counts as one all the same.
    fn locked(&self, address: &Address) -> Result<Cow<'_, LockedSet>, Error> {
        let set = &address.set;
        let Some(locked) = self.lock.set(set).map(Cow::Borrowed).or_else(|| self.member(set).map(Cow::Owned)) else {
            let is_required = self.manifest.dependencies.contains_key(set);
            return Err(ClientError::NotLocked { address: address.clone(), is_required }.into());
        };
        let satisfies = match &address.which {
            Which::Unspecified => true,
            Which::Exact(version) => locked.version == *version,
            Which::Requirement { requirement, .. } => requirement.matches(&locked.version),
            Which::Channel(channel) => {
                let error = ClientError::Channel { set: set.clone(), channel: channel.clone() };
                return Err(error.into());
            }
        };
        if !satisfies {
            let (asked, version) = (address.which.to_string(), locked.version.clone());
            return Err(ClientError::OtherVersion { set: set.clone(), asked, version }.into());
        }
        if let Some(registry) = &address.registry
            && !self.is_from(&locked, registry)
        {
            let (registry, locked) = (registry.clone(), locked.source.to_string());
            return Err(ClientError::OtherSource { set: set.clone(), registry, locked }.into());
        }
        Ok(locked)
    }

    /// Returns the member of the workspace that is `set`, as the lock has those that are needed.
    fn member(&self, set: &SetName) -> Option<LockedSet> {
        let member = self.workspace.stand_in(set)?;
        let (name, version) = member.set()?;
        Some(LockedSet {
            name: name.clone(),
            version: version.clone(),
            source: Source::Path(member.path.clone()),
            sha256: None,
            digest: None,
            dependencies: Vec::new(),
            unknown: Vec::new(),
        })
    }

    /// Returns whether a locked set is from the registry that this project calls `registry`. The lock
    /// names registries by id, which the manifest gives for some; else it says from which one it
    /// takes the set.
    fn is_from(&self, locked: &LockedSet, registry: &RegistryName) -> bool {
        let Source::Registry(id) = &locked.source else { return false };
        if let Some(vouched) = self.manifest.registries.get(registry).and_then(|entry| entry.id.as_ref()) {
            return vouched == id;
        }
        match self.manifest.dependencies.get(&locked.name).map(|dependency| &dependency.source) {
            Some(DependencySource::Registry { registry: named, .. }) => {
                named.as_ref().map_or(RegistryName::DEFAULT, RegistryName::as_str) == registry.as_str()
            }
            _ => false,
        }
    }

    /// Returns the project's own prompts.
    fn own(&self, loaded: &mut Loaded) -> Result<Arc<Set>, Error> {
        if let Some(own) = &loaded.own {
            return Ok(own.clone());
        }
        let files = files::read(&self.folder, &self.manifest)?;
        let own = Arc::new(Set::load(&self.manifest, &files));
        loaded.own = Some(own.clone());
        Ok(own)
    }

    /// Returns a locked set, read from where it is unpacked or lies.
    fn set(&self, loaded: &mut Loaded, locked: &LockedSet) -> Result<Arc<Set>, Error> {
        if let Some(set) = loaded.sets.get(&locked.name) {
            return Ok(set.clone());
        }
        let (manifest, files) = match (&locked.source, &self.locked_in) {
            // A member is the project's own, and so what is deployed.
            (Source::Path(path), Some(environment)) if self.member(&locked.name).is_none() => {
                let (set, path, environment) = (locked.name.clone(), path.clone(), environment.clone());
                return Err(ClientError::Unfixed { set, path, environment }.into());
            }
            (Source::Path(path), _) => in_folder(fs::join(&self.root, Path::new(path)), locked)?,
            (Source::Registry(_) | Source::Git { .. }, _) => self.unpacked(locked)?,
        };
        let set = Arc::new(Set::load_dependency(&manifest, &files));
        loaded.sets.insert(locked.name.clone(), set.clone());
        Ok(set)
    }

    /// Returns the files of a locked set as they are unpacked, which are those that are locked.
    fn unpacked(&self, locked: &LockedSet) -> Result<(Manifest, FileSet), Error> {
        let LockedSet { name, version, digest, .. } = locked;
        let Some(digest) = digest else {
            return Err(ClientError::not_unpacked(locked, self.root.clone()).into());
        };
        let folder = unpacked_folder(&self.root, name, version, digest);
        let files = match unpacked::read(&self.root, name, version, digest) {
            Err(StoreError::Missing { .. }) => return Err(ClientError::not_unpacked(locked, folder).into()),
            files => files?,
        };
        let text = files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
        Ok((manifest_of(locked, folder, &text)?, files))
    }

    /// Returns `set` with every set that it depends on, directly or not, as far as they are locked
    /// and unpacked: what is missing is told by the prompt that needs it.
    fn scope(&self, loaded: &mut Loaded, set: Arc<Set>) -> Result<Scope, Error> {
        let mut dependencies = Dependencies::new();
        let mut pending: Vec<SetName> = set.dependencies().iter().cloned().collect();
        while let Some(name) = pending.pop() {
            if dependencies.contains_key(&name) {
                continue;
            }
            let Some(locked) = self.lock.set(&name).cloned().or_else(|| self.member(&name)) else { continue };
            match self.set(loaded, &locked) {
                Ok(dependency) => {
                    pending.extend(dependency.dependencies().iter().cloned());
                    dependencies.insert(name, dependency);
                }
                Err(error) if matches!(error.downcast_ref(), Some(ClientError::NotUnpacked { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Scope::new(set, Arc::new(dependencies)))
    }
}

/// Returns the prompts of a locked set that is used where it lies, and their manifest.
fn in_folder(folder: PathBuf, locked: &LockedSet) -> Result<(Manifest, FileSet), Error> {
    let Some(text) = fs::read_to_string_if_exists(&folder.join(manifest::FILE_NAME))? else {
        return Err(ClientError::not_unpacked(locked, folder).into());
    };
    let path = folder.join(manifest::FILE_NAME);
    let manifest = workspace::dependency_in(&folder, &path.to_string_lossy(), &text)?;
    manifest.check_usable_by(&running_anvil(), &path.to_string_lossy(), &text)?;
    let manifest = checked(manifest, locked, folder.clone())?;
    let files = files::read(&folder, &manifest)?;
    Ok((manifest, files))
}

/// Returns the manifest in `folder`, which must be that of the locked set.
fn manifest_of(locked: &LockedSet, folder: PathBuf, text: &str) -> Result<Manifest, Error> {
    let path = folder.join(manifest::FILE_NAME);
    checked(Manifest::parse_dependency(&path.to_string_lossy(), text)?, locked, folder)
}

/// Returns `manifest`, which lies in `folder` and must be that of the locked set.
fn checked(manifest: Manifest, locked: &LockedSet, folder: PathBuf) -> Result<Manifest, Error> {
    match &manifest.set {
        Some(section) if section.name == locked.name => Ok(manifest),
        _ => Err(ClientError::OtherSet { set: locked.name.clone(), folder }.into()),
    }
}

/// Returns a project for the example of [`Anvil`].
#[doc(hidden)]
pub fn doc_example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let write = |path: &str, text: &str| {
        fs::write(&folder.path().join(path), text.as_bytes(), fs::Durability::Derived).expect("the folder is ours");
    };
    let manifest = "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n\n[environments.production]\nmode = \"locked\"\n";
    write("anvil.toml", manifest);
    write("prompts/welcome.prompt.md", "---\nparameters:\n  name: string\n---\nWelcome, {{ name }}!\n");
    folder
}

#[cfg(test)]
mod tests;
