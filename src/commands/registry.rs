//! Makes and tends a registry that is a folder: `anvil registry`.
//!
//! The folder is the one that is named; whether to believe what it says it is does not matter here.

use super::context::Context;
use super::project::{Project, relative};
use super::target::Action;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs;
use crate::name::RegistryId;
use crate::registry::publish::{self, Changed, Publisher};
use crate::registry::{Location, Place, Rebuilt, verify};
use std::path::{Path, PathBuf};

/// Why a registry cannot be made or tended.
#[derive(Debug, thiserror::Error)]
pub enum RegistryCommandError {
    /// A URL was named where a folder should be.
    #[error("`{0}` is read over the web, and a registry is made and tended in its folder")]
    OverTheWeb(Location),
}

impl Diagnose for RegistryCommandError {
    fn code(&self) -> Code {
        Code::A1090
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::new("name the folder that a web server offers there, or will offer")]
    }
}

/// Returns the folder that `named` names: a path, or a `file:` URL.
fn folder(context: &Context, named: &Path) -> Result<PathBuf> {
    let location = Location::named(named, &context.directory)?;
    match location.place() {
        Place::Folder(folder) => Ok(folder.clone()),
        Place::Web(_) => Err(RegistryCommandError::OverTheWeb(location).into()),
    }
}

/// Where a new registry is, as somebody's manifest would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeenFrom {
    /// As the project sees it that the command runs in.
    Project(String),
    /// As a project beside the registry sees it: there is none where the command runs.
    Neighbour(String),
    /// Anyone sees it by its whole path: it is far away, as one that many use is.
    Anywhere(PathBuf),
}

/// Returns how a manifest would name the registry in the folder `named`: where it is near by a path that
/// fits in a file that is committed.
///
/// # Errors
/// When the folder is not there.
pub fn seen_from(context: &Context, named: &Path) -> Result<SeenFrom> {
    /// How many folders up from a project what is near it lies at most.
    const NEAR: usize = 2;
    let registry = fs::canonical(&folder(context, named)?)?;
    let far = SeenFrom::Anywhere(registry.clone());
    let Ok(project) = Project::folder_of(context) else {
        let name = registry.file_name().filter(|_| named.is_relative());
        return Ok(name.map_or(far, |name| SeenFrom::Neighbour(format!("../{}", name.to_string_lossy()))));
    };
    let path = relative(&project, &registry)?;
    let is_near = path.split('/').filter(|segment| *segment == "..").count() <= NEAR;
    Ok(if is_near { SeenFrom::Project(path) } else { far })
}

/// Makes a registry called `id` in `folder`, or works out whether that could be done.
///
/// # Errors
/// When the folder holds anything but that very registry, or cannot be written.
pub fn init(context: &Context, folder: &Path, id: &RegistryId, action: Action) -> Result<Changed> {
    let folder = self::folder(context, folder)?;
    Ok(match action {
        Action::Do => publish::init(&folder, id)?,
        Action::Plan => publish::plan_init(&folder, id)?,
    })
}

/// Checks all of the registry in `folder`; what is wrong stands in the report.
///
/// # Errors
/// When there is no registry, or it cannot be read at all.
pub fn verify(context: &Context, folder: &Path) -> Result<verify::Report> {
    Ok(verify::verify(&self::folder(context, folder)?, context.progress())?)
}

/// Whether a registry gets a snapshot of its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotWish {
    /// It has one from now on.
    Make,
    /// It keeps the one that it has, if it has one.
    Keep,
}

/// What came of writing anew what is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The catalog.
    pub catalog: Rebuilt,
    /// The snapshot of the index; nothing where there is none.
    pub snapshot: Option<Changed>,
}

/// Writes the catalog of the registry in `folder` anew and the snapshot that it has or shall have, or works out
/// whether that would change them.
///
/// # Errors
/// When there is no registry, an index file is broken, or the folder cannot be written.
pub fn rebuild(context: &Context, folder: &Path, wish: SnapshotWish, action: Action) -> Result<Derived> {
    let publisher = Publisher::open(&self::folder(context, folder)?, context.progress())?;
    let catalog = match action {
        Action::Do => publisher.rebuild()?,
        Action::Plan => publisher.plan_rebuild()?,
    };
    let snapshot = match (wish, action) {
        (SnapshotWish::Make, Action::Do) => Some(publisher.make_snapshot()?),
        (SnapshotWish::Make, Action::Plan) => Some(publisher.plan_snapshot()?),
        (SnapshotWish::Keep, Action::Do) => publisher.tidy_snapshot()?,
        (SnapshotWish::Keep, Action::Plan) => publisher.plan_tidy_snapshot()?,
    };
    Ok(Derived { catalog, snapshot })
}
