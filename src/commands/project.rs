//! The project that a command works in: the folder with the manifest, and the lock beside it.

use super::context::Context;
use super::target::Action;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs;
use crate::git::Repository;
use crate::lockfile::{self, Lockfile, Reading};
use crate::manifest::{self, Manifest, SetSection, Strictness};
use crate::reviews;
use crate::store::project as unpacked;
use crate::version::running_anvil;
use std::path::{Component, Path, PathBuf};

/// A folder with a manifest.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder, as a whole path.
    pub folder: PathBuf,
    /// The manifest's text.
    pub manifest_text: String,
    /// The manifest.
    pub manifest: Manifest,
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
            ProjectError::NoSet(_) => Code::A1031,
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
            ProjectError::NoLock(_) => vec![Hint::run("write one", "anvil lock")],
            ProjectError::ConflictingLock(_) => {
                vec![Hint::run("solve it again; both sides' versions are kept where they still fit", "anvil lock")]
            }
        }
    }
}

impl Project {
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
        let folder = Project::find(&context.directory)?;
        Ok(if run == Action::Do { unpacked::lock(&folder, context.progress()) } else { None })
    }

    /// Returns the project whose manifest lies in `folder`.
    ///
    /// # Errors
    /// When the manifest cannot be read, has faults, or asks for another Anvil than this one.
    pub fn open(folder: &Path) -> Result<Project> {
        let manifest_text = fs::read_to_string(&folder.join(manifest::FILE_NAME))?;
        let manifest = own_manifest(&manifest_text)?;
        Ok(Project { folder: folder.to_owned(), manifest_text, manifest })
    }

    /// Returns the project as it would be with `manifest_text` as its manifest.
    ///
    /// # Errors
    /// When the text is no manifest, or asks for another Anvil than this one.
    pub fn with_manifest(&self, manifest_text: String) -> Result<Project> {
        let manifest = own_manifest(&manifest_text)?;
        Ok(Project { folder: self.folder.clone(), manifest_text, manifest })
    }

    /// Returns where the manifest is.
    pub fn manifest_path(&self) -> PathBuf {
        self.folder.join(manifest::FILE_NAME)
    }

    /// Returns where the lock is or will be.
    pub fn lock_path(&self) -> PathBuf {
        self.folder.join(lockfile::FILE_NAME)
    }

    /// Returns where a lock that is proposed is or will be.
    pub fn pending_path(&self) -> PathBuf {
        self.folder.join(lockfile::PENDING_FILE_NAME)
    }

    /// Returns where reviews are or will be recorded.
    pub fn reviews_path(&self) -> PathBuf {
        self.folder.join(reviews::FILE_NAME)
    }

    /// Returns what the manifest publishes.
    ///
    /// # Errors
    /// When the project only consumes.
    pub fn set(&self) -> Result<&SetSection> {
        Ok(self.manifest.set.as_ref().ok_or_else(|| ProjectError::NoSet(self.manifest_path()))?)
    }

    /// Returns the lock, conflict markers and all, or nothing if there is none.
    pub fn read_lock(&self) -> Result<Option<Reading>> {
        let Some(text) = fs::read_to_string_if_exists(&self.lock_path())? else {
            return Ok(None);
        };
        Ok(Some(Lockfile::read(lockfile::FILE_NAME, &text)?))
    }

    /// Returns the lock.
    ///
    /// # Errors
    /// When there is none, or it has conflict markers.
    pub fn lock(&self) -> Result<Lockfile> {
        match self.read_lock()? {
            Some(Reading::Whole(lock)) => Ok(lock),
            Some(Reading::Conflict { .. }) => Err(ProjectError::ConflictingLock(self.lock_path()).into()),
            None => Err(ProjectError::NoLock(self.folder.clone()).into()),
        }
    }
}

/// Returns the manifest that `text` is to one's own project: this Anvil must be one that it asks for.
fn own_manifest(text: &str) -> Result<Manifest> {
    let manifest = Manifest::parse(manifest::FILE_NAME, text, Strictness::Own)?;
    manifest.check_usable_by(&running_anvil(), manifest::FILE_NAME, text)?;
    Ok(manifest)
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
