//! Compares two sides of a set: versions, revisions, the working tree, what a registry has.
//!
//! A side is what its bundle holds, or would hold, without the generated `manifest.json`. Files are
//! told apart by git's object ids and read only where these differ, so that a comparison costs what
//! its difference costs.

mod interface;
pub mod rendered;
mod side;

pub use side::{SideFacts, SideKind, SideName};

use super::contents::said;
use super::context::Context;
use super::project::{Project, ProjectError};
use super::published::{self, Published};
use super::registries::RegistryReference;
use super::set_repository::SetRepository;
use crate::address::{self, Address};
use crate::client::Anvil;
use crate::compat::{self, Change};
use crate::diff::{self, Comparison, Detail};
use crate::error::{Code, Diagnose, Error, Hint, Result, shell_word};
use crate::fs;
use crate::git::{CommitId, FileKind, GitError};
use crate::lockfile::{LockedSet, Lockfile, Reading as LockReading, Source};
use crate::manifest::{self, Manifest, SetSection, Strictness};
use crate::name::PromptName;
use crate::version::Bump;
use interface::Prompts;
use serde::Serialize;
use side::{Found, NoManifest, Reading};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Request {
    /// The old side; the newest version where none is named, or HEAD where there is none.
    pub old: Option<SideName>,
    /// The new side. Where none is named: the working tree, or, of a published version of another set
    /// than the project's, the version that is locked.
    pub new: Option<SideName>,
    /// Prompts by name, and files or folders relative to the folder that the command runs in; all
    /// where none is named.
    pub only: Vec<String>,
    /// The registry of published sides, where it is not the project's.
    pub registry: Option<RegistryReference>,
    /// How much is worked out.
    pub detail: Detail,
    /// How many unchanged lines are shown around every change.
    pub context_lines: usize,
}

/// What differs.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The old side.
    pub old: SideFacts,
    /// The new side.
    pub new: SideFacts,
    /// What changed for those who use the set.
    pub interface: InterfaceReport,
    /// What changed in the files.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// What could not be understood and is compared as text alone.
    pub unreadable: Vec<Unreadable>,
    /// What has no place in a bundle and is not compared.
    pub left_out: Vec<LeftOut>,
    /// The sides that have no manifest of their own, and are read with the other's or today's.
    pub without_manifest: Vec<Which>,
}

impl Report {
    /// Returns whether the sides hold the same.
    pub fn is_empty(&self) -> bool {
        self.comparison.files.is_empty()
    }
}

/// What changed for those who use the set.
#[derive(Clone, Debug, Serialize)]
pub struct InterfaceReport {
    /// The smallest bump that owns up to what changed; nothing when nothing did.
    pub bump: Option<Bump>,
    /// The changes, by prompt, the gravest of each first.
    pub changes: Vec<Change>,
    /// Whether prompts of both sides were rendered to find them: they were not, what is declared was compared.
    pub tried: bool,
}

/// A side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// A manifest or prompt that has errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// On which side.
    pub side: Which,
    /// The file, from the repository's root.
    pub path: String,
    /// What is wrong with it.
    pub why: String,
}

/// Something that would belong to the set and is no regular file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// On which side.
    pub side: Which,
    /// Where it is, from the repository's root.
    pub path: String,
    /// What it is.
    pub what: &'static str,
}

/// Why two sides cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// Neither side has a prompt or file of this name.
    #[error("neither side has a prompt or a file `{0}`")]
    NothingCalled(String),
    /// What stands in the place of a side is what is to be compared.
    #[error("`{name}` is {what}, and no version or revision")]
    NoSide {
        /// What was named.
        name: String,
        /// What it is.
        what: &'static str,
        /// The other sides that were named.
        others: Vec<SideName>,
    },
    /// A published version alone, of a set that is neither the project's own nor locked.
    #[error("nothing here is of the set of `{0}`, or locked of it, so there is nothing to compare it with")]
    NothingBeside(Box<Address>),
}

impl Diagnose for DiffError {
    fn code(&self) -> Code {
        Code::A1083
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            DiffError::NothingCalled(_) => {
                vec![Hint::new("name a prompt, or a file or folder as seen from the folder you are in")]
            }
            DiffError::NothingBeside(address) => {
                vec![Hint::new(format!("name the other side, too, as in `{}@VERSION`", address.set))]
            }
            DiffError::NoSide { name, others, .. } => {
                let others: String = others.iter().map(|side| format!("{side} ")).collect();
                vec![Hint::run("to compare it alone", format!("anvil diff {others}-- {}", shell_word(name)))]
            }
        }
    }
}

/// Compares the two sides that `request` names.
///
/// # Errors
/// When a side does not exist or cannot be read, or no manifest says what belongs to the set.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let here = Here::at(&Project::directory(context)?)?;
    let old = request.old.clone().map_or_else(|| here.newest(), Ok)?;
    // What is not there at all is told before what is missing beside it.
    let old_side = here.side(context, request, &old)?;
    let new = request.new.clone().map_or_else(|| here.beside(&old), Ok)?;
    let both_published = matches!((&old, &new), (SideName::Published(_), SideName::Published(_)));
    let (old, new) = (old_side, here.side(context, request, &new)?);

    let mut unreadable = Vec::new();
    let mut without_manifest = Vec::new();
    let prefix = if both_published { String::new() } else { here.prefix() };
    for (which, side) in [(Which::Old, &old), (Which::New, &new)] {
        match &side.manifest {
            Ok(_) => {}
            Err(NoManifest::Absent) => without_manifest.push(which),
            Err(NoManifest::Faulty(error)) => {
                let path = format!("{prefix}{}", manifest::FILE_NAME);
                unreadable.push(Unreadable { side: which, path, why: first_line(error) });
            }
        }
    }
    let stand_in = here.stand_in(&old, &new)?;
    let (mut old, mut new) = (old.select(stand_in.as_ref(), &prefix)?, new.select(stand_in.as_ref(), &prefix)?);

    let prompts = Prompts::of(&mut old, &mut new)?;
    let mut only = Only::find(&here, &request.only, (&old, &new))?;
    only.follow_renames(&mut old, &mut new)?;
    old.settle(|path| only.takes(path));
    new.settle(|path| only.takes(path));
    let comparison = diff::compare_around(&old, &new, request.detail, request.context_lines)?;
    let (changes, faulty) = prompts.changes(&old, &new)?;
    unreadable.extend(faulty);
    unreadable.retain(|fault| only.takes(&fault.path));
    let changes: Vec<Change> = {
        // What the manifest asks of users is no prompt's; the least of it is seen in the patch.
        let of_set = compat::manifest_changes(&old.manifest, &new.manifest, &new.policy());
        let of_set = of_set.into_iter().filter(|change| change.bump() > Bump::Patch);
        let taken = |change: &Change| match &change.prompt {
            Some(prompt) => only.takes_prompt(prompt, (&old, &new)),
            None => request.only.is_empty(),
        };
        of_set.chain(changes).filter(taken).collect()
    };

    let left_out = [(Which::Old, &old), (Which::New, &new)].into_iter().flat_map(|(which, side)| {
        let told =
            move |(path, kind): &(String, FileKind)| LeftOut { side: which, path: side.full(path), what: said(*kind) };
        side.left_out.iter().map(told)
    });
    let left_out = left_out.filter(|left_out| only.takes(&left_out.path)).collect();
    let bump = compat::needed(&changes).or((!comparison.files.is_empty()).then_some(Bump::Patch));
    Ok(Report {
        old: old.facts,
        new: new.facts,
        interface: InterfaceReport { bump, changes, tried: false },
        comparison,
        unreadable,
        left_out,
        without_manifest,
    })
}

fn first_line(error: &Error) -> String {
    let message = match error.diagnostics().first() {
        Some(found) => found.message.clone(),
        None => error.to_string(),
    };
    message.lines().next().unwrap_or_default().to_owned()
}

/// Where the command runs: perhaps in a project, which perhaps lies in a repository.
pub(super) struct Here {
    directory: PathBuf,
    /// The project's folder.
    folder: Option<PathBuf>,
    repository: OnceCell<SetRepository>,
    today: OnceCell<Manifest>,
}

impl Here {
    pub(super) fn at(directory: &Path) -> Result<Here> {
        let directory = fs::canonical(directory)?;
        let folder = Project::find(&directory).ok();
        Ok(Here { directory, folder, repository: OnceCell::new(), today: OnceCell::new() })
    }

    pub(super) fn folder(&self) -> Result<&Path> {
        match &self.folder {
            Some(folder) => Ok(folder),
            None => Err(Project::find(&self.directory)
                .err()
                .unwrap_or_else(|| ProjectError::NoManifest(self.directory.clone()).into())),
        }
    }

    pub(super) fn repository(&self) -> Result<&SetRepository> {
        if let Some(known) = self.repository.get() {
            return Ok(known);
        }
        let repository = match self.folder() {
            Ok(folder) => SetRepository::around(folder)?,
            // Revisions are there though the work tree has no manifest any more.
            Err(error) => SetRepository::around(&self.directory).map_err(|_| error)?,
        };
        Ok(self.repository.get_or_init(|| repository))
    }

    /// Returns the path from the repository's root to the project, with a `/` at the end where it
    /// is not empty.
    fn prefix(&self) -> String {
        match self.repository() {
            Ok(set) if !set.folder.is_empty() => format!("{}/", set.folder),
            _ => String::new(),
        }
    }

    /// Returns today's manifest: that in the folder, or HEAD's where that one cannot be read.
    ///
    /// # Errors
    /// With what is wrong with the one in the folder, or that it publishes nothing.
    fn today(&self) -> Result<&Manifest> {
        if let Some(known) = self.today.get() {
            return Ok(known);
        }
        let read = || -> Result<Manifest> {
            let text = fs::read_to_string(&self.folder()?.join(manifest::FILE_NAME))?;
            Ok(Manifest::parse(manifest::FILE_NAME, &text, Strictness::Apart)?)
        };
        let manifest = match read() {
            Ok(manifest) if manifest.set.is_some() => manifest,
            Ok(_) => return Err(Project::no_set(self.folder()?).into()),
            Err(error) => self.head_manifest().ok_or(error)?,
        };
        Ok(self.today.get_or_init(|| manifest))
    }

    fn head_manifest(&self) -> Option<Manifest> {
        let set = self.repository().ok()?;
        let head = set.repository.head().ok()?.commit;
        let bytes = set.repository.tree(head).ok()?.read(&set.path(manifest::FILE_NAME)).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        let manifest = Manifest::parse(manifest::FILE_NAME, &text, Strictness::Apart).ok()?;
        manifest.set.is_some().then_some(manifest)
    }

    pub(super) fn section(&self) -> Result<&SetSection> {
        let manifest = self.today()?;
        Ok(manifest.set.as_ref().expect("`today` returns manifests with [set] alone"))
    }

    /// Returns the newest version that has a tag, or HEAD where none has.
    fn newest(&self) -> Result<SideName> {
        let newest = self.repository()?.versions(self.section()?)?.into_iter().next();
        Ok(newest.map_or_else(|| SideName::Revision("HEAD".into()), |newest| SideName::Version(newest.version)))
    }

    /// Returns what `old` is compared with where nothing is named.
    pub(super) fn beside(&self, old: &SideName) -> Result<SideName> {
        let SideName::Published(address) = old else { return Ok(SideName::WorkingTree) };
        if self.section().is_ok_and(|section| section.name == address.set) {
            return Ok(SideName::WorkingTree);
        }
        let project = self.folder.as_deref().map(Project::open).transpose()?;
        let lock = match project.map(|project| project.read_lock()).transpose()?.flatten() {
            Some(LockReading::Whole(lock)) => lock,
            Some(LockReading::Conflict { .. }) | None => Lockfile::default(),
        };
        match lock.set(&address.set) {
            Some(LockedSet { version, source: Source::Registry(_), .. }) => Ok(SideName::Published(Address {
                which: address::Which::Exact(version.clone()),
                prompt: None,
                ..address.clone()
            })),
            _ => Err(DiffError::NothingBeside(Box::new(address.clone())).into()),
        }
    }

    fn side(&self, context: &Context, request: &Request, name: &SideName) -> Result<Found<'_>> {
        let facts = |kind, name: Option<String>| SideFacts { kind, name, commit: None, version: None, registry: None };
        match name {
            SideName::WorkingTree => Found::in_folder(self.folder()?, facts(SideKind::WorkingTree, None)),
            SideName::Published(address) => {
                let published = self.published(context, request, address)?;
                let facts = SideFacts {
                    version: Some(published.line.version),
                    registry: Some(published.registry),
                    ..facts(SideKind::Published, Some(address.set.to_string()))
                };
                Ok(Found::in_bundle(published.files, facts))
            }
            SideName::Version(version) => {
                let (set, section) = (self.repository()?, self.section()?);
                let commit = set.tagged(section, version)?.tag.commit;
                let mut facts = facts(SideKind::Version, Some(version.to_string()));
                facts.commit = Some(commit);
                Found::in_commit(&set.repository, &self.folder_at(commit)?, commit, facts)
            }
            SideName::Revision(revision) => {
                let set = self.repository()?;
                let commit = set.repository.resolve(revision).map_err(|error| match error {
                    GitError::NoRevision { .. } => self.no_side(request, revision, error),
                    error => error.into(),
                })?;
                let mut facts = facts(SideKind::Revision, Some(revision.clone()));
                facts.commit = Some(commit);
                Found::in_commit(&set.repository, &self.folder_at(commit)?, commit, facts)
            }
        }
    }

    /// Returns what is wrong with `name`, which is no revision: perhaps it is a prompt or a file.
    fn no_side(&self, request: &Request, name: &str, error: GitError) -> Error {
        let prompts = self.folder().ok().and_then(|folder| Anvil::open_in(folder, None).ok());
        let is_prompt =
            |name: &PromptName| prompts.as_ref().is_some_and(|prompts| prompts.has_own(name).unwrap_or(false));
        let what = match name.parse::<PromptName>() {
            Ok(prompt) if is_prompt(&prompt) => "a prompt of this set",
            _ if fs::is_dir(&self.directory.join(name)) => "a folder",
            _ if fs::is_file(&self.directory.join(name)) => "a file",
            _ => return error.into(),
        };
        let named = [&request.old, &request.new].into_iter().flatten();
        let others = named.filter(|side| !matches!(side, SideName::Revision(other) if other == name));
        DiffError::NoSide { name: name.to_owned(), what, others: others.cloned().collect() }.into()
    }

    /// Returns where the set lay in `commit`; where nobody knows what it is called, that is where it lies today.
    pub(super) fn folder_at(&self, commit: CommitId) -> Result<String> {
        match self.section() {
            Ok(section) => self.repository()?.folder_at(commit, &section.name),
            Err(_) => Ok(self.repository()?.folder.clone()),
        }
    }

    fn published(&self, context: &Context, request: &Request, address: &Address) -> Result<Published> {
        let registry = request.registry.as_ref();
        published::find(context, self.asked(registry)?.as_ref(), registry, address)
    }

    /// Returns the project that is asked for the registries of published sides, where `registry` is named.
    pub(super) fn asked(&self, registry: Option<&RegistryReference>) -> Result<Option<Project>> {
        match (registry, &self.folder) {
            // A place of its own needs no project, and must not fail with one.
            (Some(RegistryReference::Location(_)), _) | (_, None) => Ok(None),
            (_, Some(folder)) => Project::open(folder).map(Some),
        }
    }

    /// Returns the manifest that stands in for one that a side lacks: today's, or the other side's.
    fn stand_in(&self, old: &Found, new: &Found) -> Result<Option<Manifest>> {
        let own = match (&old.manifest, &new.manifest) {
            (Ok(_), Ok(_)) => return Ok(None),
            (Ok(own), Err(_)) | (Err(_), Ok(own)) => Some(own),
            (Err(_), Err(_)) => None,
        };
        match (self.today(), own) {
            (Ok(today), _) => Ok(Some(today.clone())),
            (Err(_), Some(own)) => Ok(Some(own.clone())),
            (Err(error), None) => Err(error),
        }
    }
}

/// Which files are compared.
struct Only(Option<Vec<String>>);

impl Only {
    /// Finds what `wanted` names on either side: prompts by name first, then files and folders.
    fn find(here: &Here, wanted: &[String], sides: (&Reading, &Reading)) -> Result<Only> {
        if wanted.is_empty() {
            return Ok(Only(None));
        }
        let mut paths = Vec::new();
        for text in wanted {
            let before = paths.len();
            if let Ok(name) = text.parse::<PromptName>() {
                let found = |side: &Reading| side.prompts.get(&name).map(|path| side.full(path));
                paths.extend([found(sides.0), found(sides.1)].into_iter().flatten());
            }
            if paths.len() == before {
                let path = here.path_from_root(text).ok_or_else(|| DiffError::NothingCalled(text.clone()))?;
                let only = Only(Some(vec![path.clone()]));
                let all = |side: &Reading| side.selected.keys().any(|path| only.takes(&side.full(path)));
                if !all(sides.0) && !all(sides.1) {
                    return Err(DiffError::NothingCalled(text.clone()).into());
                }
                paths.push(path);
            }
        }
        Ok(Only(Some(paths)))
    }

    /// Takes a file that one side alone has by its other name, too, so that a rename is told as one.
    fn follow_renames(&mut self, old: &mut Reading, new: &mut Reading) -> Result<()> {
        let Some(wanted) = &mut self.0 else { return Ok(()) };
        let has = |side: &Reading, wanted: &str| side.selected.keys().any(|path| side.full(path) == wanted);
        let moved = |path: &&String| has(old, path) != has(new, path);
        if !wanted.iter().any(|path| moved(&path)) {
            return Ok(());
        }
        old.settle(|_| true);
        new.settle(|_| true);
        for (before, after) in diff::renames(old, new)? {
            if wanted.contains(&before) != wanted.contains(&after) {
                wanted.extend([before, after]);
            }
        }
        Ok(())
    }

    /// Returns whether the file at `path`, from the repository's root, is compared.
    fn takes(&self, path: &str) -> bool {
        let inside = |wanted: &String| {
            wanted.is_empty()
                || path.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0.as_ref().is_none_or(|wanted| wanted.iter().any(inside))
    }

    /// Returns whether the prompt called `name` is compared on a side.
    fn takes_prompt(&self, name: &PromptName, sides: (&Reading, &Reading)) -> bool {
        let taken = |side: &Reading| side.prompts.get(name).is_some_and(|path| self.takes(&side.full(path)));
        self.0.is_none() || taken(sides.0) || taken(sides.1)
    }
}

impl Here {
    /// Returns `path`, which is relative to the folder that the command runs in, from the
    /// repository's root; nothing when it leaves that. It need not exist today.
    fn path_from_root(&self, path: &str) -> Option<String> {
        let within = self.folder.as_ref().and_then(|folder| self.directory.strip_prefix(folder).ok());
        let mut segments: Vec<String> = self.prefix().split('/').map(str::to_owned).collect();
        for component in within.into_iter().flat_map(Path::components) {
            segments.push(component.as_os_str().to_str()?.to_owned());
        }
        segments.retain(|segment| !segment.is_empty());
        for segment in path.split(['/', std::path::MAIN_SEPARATOR]) {
            match segment {
                "" | "." => {}
                ".." => _ = segments.pop()?,
                segment => segments.push(segment.to_owned()),
            }
        }
        Some(segments.join("/"))
    }
}
