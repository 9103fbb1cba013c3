//! The project that a command works in: the folder with the manifest, the workspace around it, and the
//! lock at that one's root.

use super::contents::ContentsError;
use super::context::Context;
use super::target::Action;
use crate::error::{Code, Diagnose, Error, Hint, Result, suggest};
use crate::fs;
use crate::git::Repository;
use crate::lockfile::{self, Lockfile, Reading};
use crate::manifest::{self, DependencySource, Manifest, Membership, ROOT, SetSection, Strictness, Workspace, edit};
use crate::name::SetName;
use crate::reviews;
use crate::store::project as unpacked;
use crate::store::workspace::{self, Found};
use crate::version::running_anvil;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A folder with a manifest, alone or a member of a workspace.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder, as a whole path.
    pub folder: PathBuf,
    /// The manifest's text.
    pub manifest_text: String,
    /// The manifest; a member's with what the root rules for it.
    pub manifest: Manifest,
    /// The folder of the workspace's root, where the lock and the unpacked sets are; the same folder for a
    /// project that is alone.
    pub root: PathBuf,
    /// Which member of the workspace it is, by its path from there.
    pub member: String,
    /// All that the lock answers.
    pub workspace: Arc<Workspace>,
}

/// Why there is no project to work in.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Neither the folder nor one above it has a manifest.
    #[error("there is no `anvil.toml` in `{}` or any folder above it", .0.display())]
    NoManifest(PathBuf),
    /// The manifest has no `[set]`.
    #[error("`{}` has no `[set]`: this project only consumes prompts", .0.display())]
    NoSet(PathBuf),
    /// The root of a workspace is no set, and it does not say which member is meant.
    #[error("`{}` is the root of a workspace, and this needs one of its members", .manifest.display())]
    WhichMember {
        /// The root's manifest.
        manifest: PathBuf,
        /// The members that are sets.
        sets: Vec<SetName>,
    },
    /// The root of a workspace names no members, and is nothing else.
    #[error("`{}` is the root of a workspace that names no members, and it is no set itself: there is nothing here", .0.display())]
    NoMembers(PathBuf),
    /// `--set` names no member.
    #[error("no member of the workspace in `{}` is {name}", .root.display())]
    NoMember {
        /// The name.
        name: SetName,
        /// The folder of the root.
        root: PathBuf,
        /// The members that are sets.
        sets: Vec<SetName>,
    },
    /// There is no lock yet.
    #[error("there is no `anvil.lock` in `{}`", .0.display())]
    NoLock(PathBuf),
    /// Git left conflict markers in the lock.
    #[error("`{}` has conflict markers", .0.display())]
    ConflictingLock(PathBuf),
}

impl Diagnose for ProjectError {
    fn code(&self) -> Code {
        match self {
            ProjectError::NoManifest(_) => Code::A1030,
            ProjectError::NoSet(_) | ProjectError::WhichMember { .. } | ProjectError::NoMembers(_) => Code::A1031,
            ProjectError::NoMember { .. } => Code::A1064,
            ProjectError::NoLock(_) => Code::A1032,
            ProjectError::ConflictingLock(_) => Code::A1033,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ProjectError::NoManifest(_) => vec![
                Hint::run("to make a prompt set here", "anvil init --name project/set"),
                Hint::run("to use prompt sets in an application", "anvil init --app"),
            ],
            ProjectError::NoSet(_) => {
                vec![Hint::new(
                    "to make it a prompt set, add `[set]`, or begin one in a new folder with `anvil init DIR`",
                )]
            }
            ProjectError::WhichMember { sets, .. } => which_member(sets),
            ProjectError::NoMembers(_) => vec![Hint::new(
                "name their folders, as in `members = [\"sets/*\"]`, and begin one with `anvil init sets/NAME`",
            )],
            ProjectError::NoMember { sets, name, .. } => {
                match suggest(name.as_str(), sets.iter().map(SetName::as_str)) {
                    Some(near) => vec![Hint::new(format!("did you mean `--set {near}`?"))],
                    None => which_member(sets),
                }
            }
            ProjectError::NoLock(_) => vec![Hint::run("write one", "anvil lock")],
            ProjectError::ConflictingLock(_) => {
                vec![Hint::run("solve it again; both sides' versions are kept where they still fit", "anvil lock")]
            }
        }
    }
}

/// How many members are told.
const MEMBERS_TOLD: usize = 10;

fn which_member(sets: &[SetName]) -> Vec<Hint> {
    let told: Vec<&str> = sets.iter().take(MEMBERS_TOLD).map(SetName::as_str).collect();
    let more = match sets.len().saturating_sub(MEMBERS_TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match told.as_slice() {
        [] => vec![Hint::new("its members, which `members` in [workspace] lists, have no set among them")],
        told => vec![Hint::new(format!("say which with `--set`, or run it in its folder: {}{more}", told.join(", ")))],
    }
}

impl Project {
    /// Returns the project that the command works in: the member that `--set` names, or else the one whose
    /// folder it runs in.
    ///
    /// # Errors
    /// When there is none, its manifest or another of its workspace has faults, or `--set` names none.
    pub fn of(context: &Context) -> Result<Project> {
        Project::open(&Project::folder_of(context)?)
    }

    /// Returns the project whose manifest has `table` for the project that the command works in: overrides stand at
    /// the root of a workspace, dependencies in the member that has them.
    ///
    /// # Errors
    /// As [`Project::of`], and where it is not clear which manifest a new dependency goes into.
    pub fn of_table(context: &Context, table: edit::Table) -> Result<Project> {
        let project = Project::of(context)?;
        match table {
            edit::Table::Override => Project::open(&project.root),
            edit::Table::Dependencies => project.check_takes_dependencies().map(|()| project),
        }
    }

    /// Returns the folder of the project that the command works in, whatever its manifest says.
    ///
    /// # Errors
    /// When there is none, or `--set` names none.
    pub fn folder_of(context: &Context) -> Result<PathBuf> {
        let folder = Project::find(&context.directory)?;
        let Some(name) = &context.set else { return Ok(folder) };
        let found = Found::at(&folder)?;
        let member = found.workspace.sets().find(|(set, _)| *set == name).map(|(_, member)| member.path.as_str());
        let sets = || found.workspace.sets().map(|(set, _)| set.clone()).collect();
        let missing = || ProjectError::NoMember { name: name.clone(), root: found.root.clone(), sets: sets() };
        Ok(found.folder_of(member.ok_or_else(missing)?))
    }

    /// Returns the folder that the command works in: that of the member that `--set` names, or else where it runs.
    ///
    /// # Errors
    /// When `--set` names none.
    pub fn directory(context: &Context) -> Result<PathBuf> {
        if context.set.is_some() { Project::folder_of(context) } else { Ok(context.directory.clone()) }
    }

    /// Returns the folders of the sets that the command is about where it names none: that of the project, or
    /// those of all members in the root of a workspace that is no set itself.
    ///
    /// # Errors
    /// As [`Project::of`].
    pub fn set_folders(context: &Context) -> Result<Vec<PathBuf>> {
        let folder = Project::folder_of(context)?;
        let found = Found::at(&folder)?;
        let members: Vec<PathBuf> = found.workspace.sets().map(|(_, member)| found.folder_of(&member.path)).collect();
        let is_all = found.manifest().set.is_none() && found.member == ROOT && !members.is_empty();
        Ok(if is_all { members } else { vec![folder] })
    }

    /// Returns the project that `directory` lies in: its own folder or the nearest one above with a manifest.
    pub fn discover(directory: &Path) -> Result<Project> {
        Project::open(&Project::find(directory)?)
    }

    /// Returns the folder of the project that `directory` lies in, whatever its manifest says.
    ///
    /// # Errors
    /// When there is none; in a bare repository, that there can be none.
    pub fn find(directory: &Path) -> Result<PathBuf> {
        let start = fs::canonical(directory)?;
        if let Some(folder) = start.ancestors().find(|folder| fs::kind(&folder.join(manifest::FILE_NAME)).is_some()) {
            return Ok(folder.to_owned());
        }
        // Where there can be no files, making a set here is no way out.
        if let Ok(repository) = Repository::discover(&start) {
            repository.workdir()?;
        }
        Err(ProjectError::NoManifest(start).into())
    }

    /// Takes the right to write the manifest and the lock of the project that the command runs in, waiting
    /// for another run that has it; a plan needs none. What is decided from the project must be read after
    /// this. Nothing where there can be no such right: who writes there is told why.
    ///
    /// # Errors
    /// When there is no project.
    pub fn reserve(context: &Context, run: Action) -> Result<Option<fs::Lock>> {
        let folder = Project::folder_of(context)?;
        if run == Action::Plan {
            return Ok(None);
        }
        Ok(unpacked::lock(&workspace::root_of(&folder)?, context.progress()))
    }

    /// Returns the project whose manifest lies in `folder`.
    ///
    /// # Errors
    /// When the manifest cannot be read, has faults, or asks for another Anvil than this one; or another
    /// of its workspace.
    pub fn open(folder: &Path) -> Result<Project> {
        let found = Found::at(&fs::canonical(folder)?)?;
        let manifest = found.manifest().clone();
        let Found { root, workspace, member, text } = found;
        let workspace = Arc::new(workspace);
        Ok(Project { folder: folder.to_owned(), manifest_text: text, manifest, root, member, workspace })
    }

    /// Returns the project that `manifest` is in `folder`, whatever lies there and around it.
    pub(super) fn alone(folder: PathBuf, manifest_text: String, manifest: Manifest) -> Project {
        let workspace = Arc::new(Workspace::alone(manifest.clone()));
        Project { root: folder.clone(), folder, manifest_text, manifest, member: ROOT.to_owned(), workspace }
    }

    /// Returns the project in `folder` as far as its `manifest` can be understood, for who looks for its faults.
    ///
    /// # Errors
    /// When the folder is gone.
    pub(super) fn of_faulty(folder: &Path, manifest_text: String, manifest: Manifest) -> Result<Project> {
        let root = workspace::root_of(folder)?;
        Ok(Project { root, ..Project::alone(folder.to_owned(), manifest_text, manifest) })
    }

    /// Returns the project as it would be with `texts` as manifests of its workspace, by the paths of the members: each
    /// has what it inherits from the root.
    ///
    /// # Errors
    /// When a text is no manifest, asks for another Anvil than this one, or the manifest of another member cannot be read.
    pub fn with_manifests(&self, texts: &BTreeMap<String, String>) -> Result<Project> {
        let mut workspace = Workspace::clone(&self.workspace);
        if let Some(text) = texts.get(ROOT) {
            workspace.root = self.manifest_of(ROOT, text, &workspace.root)?;
        }
        for member in &mut workspace.members {
            let text = match texts.get(&member.path) {
                Some(text) => Cow::Borrowed(text),
                // What it has of the root may be something else now.
                None if texts.contains_key(ROOT) => Cow::Owned(self.text_of(&member.path)?),
                None => continue,
            };
            member.manifest = match member.path == ROOT {
                true => workspace.root.clone(),
                false => self.manifest_of(&member.path, &text, &workspace.root)?,
            };
        }
        let own = workspace.members.iter().find(|member| member.path == self.member);
        let manifest = own.map_or(&workspace.root, |member| &member.manifest).clone();
        let manifest_text = texts.get(&self.member).unwrap_or(&self.manifest_text).clone();
        Ok(Project { manifest_text, manifest, workspace: Arc::new(workspace), ..self.clone() })
    }

    /// Returns the text of the manifest of the member at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn text_of(&self, path: &str) -> Result<String> {
        match path == self.member {
            true => Ok(self.manifest_text.clone()),
            false => Ok(fs::read_to_string(&self.manifest_path_of(path))?),
        }
    }

    /// Returns where the manifest of the member at `path` is.
    pub(super) fn manifest_path_of(&self, path: &str) -> PathBuf {
        fs::join(&self.root, Path::new(path)).join(manifest::FILE_NAME)
    }

    /// Returns the manifest that `text` is to the member at `path`, below `root`.
    fn manifest_of(&self, path: &str, text: &str, root: &Manifest) -> Result<Manifest> {
        let file = manifest::FILE_NAME;
        let manifest = if path == ROOT {
            Manifest::parse(file, text, Strictness::Own)?
        } else {
            let section = root.workspace.as_ref().expect("a member is in a workspace");
            Manifest::parse_member(file, text, Membership { root, section, folder: path }, Strictness::Own)?
        };
        manifest.check_usable_by(&running_anvil(), file, text)?;
        Ok(manifest)
    }

    /// Returns where the manifest of the workspace's root is.
    pub fn root_manifest_path(&self) -> PathBuf {
        self.root.join(manifest::FILE_NAME)
    }

    /// Returns what the project gets that inherits the dependency on `name` from its workspace; nothing where that
    /// has none, or the project is the root, which inherits nothing.
    pub fn inheritable(&self, name: &SetName) -> Option<DependencySource> {
        let section = self.workspace.root.workspace.as_ref().filter(|_| self.member != ROOT)?;
        section.dependency(name, &self.member)
    }

    /// Returns where the manifest is.
    pub fn manifest_path(&self) -> PathBuf {
        self.folder.join(manifest::FILE_NAME)
    }

    /// Returns where the lock is or will be.
    pub fn lock_path(&self) -> PathBuf {
        self.root.join(lockfile::FILE_NAME)
    }

    /// Returns where a lock that is proposed is or will be.
    pub fn pending_path(&self) -> PathBuf {
        self.root.join(lockfile::PENDING_FILE_NAME)
    }

    /// Returns where reviews are or will be recorded.
    pub fn reviews_path(&self) -> PathBuf {
        self.root.join(reviews::FILE_NAME)
    }

    /// Returns what the manifest publishes.
    ///
    /// # Errors
    /// When the project only consumes.
    pub fn set(&self) -> Result<&SetSection> {
        let missing = || self.which_member().unwrap_or_else(|| ProjectError::NoSet(self.manifest_path()));
        Ok(self.manifest.set.as_ref().ok_or_else(missing)?)
    }

    /// Returns the question which member is meant, where this is the root of a workspace and no set.
    pub(super) fn which_member(&self) -> Option<ProjectError> {
        let is_bare_root = self.workspace.is_declared() && self.member == ROOT && self.manifest.set.is_none();
        let sets = || self.workspace.sets().map(|(set, _)| set.clone()).collect();
        is_bare_root.then(|| ProjectError::WhichMember { manifest: self.manifest_path(), sets: sets() })
    }

    /// Returns why the project in `folder`, whose manifest has no `[set]`, is none.
    pub(super) fn no_set(folder: &Path) -> ProjectError {
        let which = Project::open(folder).ok().and_then(|project| project.which_member());
        which.unwrap_or_else(|| ProjectError::NoSet(folder.join(manifest::FILE_NAME)))
    }

    /// Returns `error`, or where it says that no `[set]` is there to be read, and `folder` is the root of a workspace,
    /// the question which member is meant.
    pub(super) fn or_which_member(folder: &Path, error: Error) -> Error {
        let is_about_set = matches!(error.downcast_ref(), Some(ContentsError::NoSet(_)));
        let which = || Project::open(folder).ok().and_then(|project| project.which_member());
        if is_about_set { which().map_or(error, Error::from) } else { error }
    }

    /// Checks that it is clear which manifest a new dependency goes into.
    ///
    /// # Errors
    /// In the root of a workspace that is no set and has no `[dependencies]` of its own: a member is meant then.
    pub fn check_takes_dependencies(&self) -> Result<()> {
        let is_bare = self.manifest.set.is_none() && !edit::has_table(&self.manifest_text, edit::Table::Dependencies);
        match self.workspace.is_declared() && self.member == ROOT && is_bare {
            true => self.set().map(drop),
            false => Ok(()),
        }
    }

    /// Returns what is asked of `name` itself: by the override of it, or else by the members that depend on it.
    pub fn asks(&self, name: &SetName) -> Vec<&DependencySource> {
        match self.manifest.overrides.get(name) {
            Some(overridden) => vec![&overridden.source],
            None => {
                let asked = self.workspace.dependencies().filter(|(_, other, _)| *other == name);
                asked.map(|(.., dependency)| &dependency.source).collect()
            }
        }
    }

    /// Returns the lock, conflict markers and all, or nothing if there is none.
    pub fn read_lock(&self) -> Result<Option<Reading>> {
        let Some(text) = fs::read_to_string_if_exists(&self.lock_path())? else {
            return Ok(None);
        };
        Ok(Some(Lockfile::read(lockfile::FILE_NAME, &text)?))
    }

    /// Does what [`Project::read_lock`] does for those who choose anew: a lock that says something twice is a conflict.
    pub fn read_lock_to_solve(&self) -> Result<Option<Reading>> {
        let text = fs::read_to_string_if_exists(&self.lock_path())?;
        Ok(text.map(|text| Lockfile::read_to_solve(lockfile::FILE_NAME, &text)).transpose()?)
    }

    /// Returns the lock.
    ///
    /// # Errors
    /// When there is none, or it has conflict markers.
    pub fn lock(&self) -> Result<Lockfile> {
        match self.read_lock()? {
            Some(Reading::Whole(lock)) => Ok(lock),
            Some(Reading::Conflict { .. }) => Err(ProjectError::ConflictingLock(self.lock_path()).into()),
            None => Err(ProjectError::NoLock(self.root.clone()).into()),
        }
    }
}

/// Returns `target` as seen from `folder`, with `/`, links in both followed.
///
/// # Errors
/// When one of the two is not there.
pub(super) fn relative(folder: &Path, target: &Path) -> Result<String> {
    let (folder, target) = (fs::canonical(folder)?, fs::canonical(target)?);
    let shared = folder.components().zip(target.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = target.components().skip(shared).filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let segments: Vec<String> = up.chain(down).collect();
    Ok(if segments.is_empty() { ".".to_owned() } else { segments.join("/") })
}
