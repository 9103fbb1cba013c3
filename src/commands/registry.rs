//! Makes and tends a registry that is a folder: `anvil registry`.
//!
//! The folder is the one that is named; whether to believe what it says it is does not matter here.

use super::context::Context;
use super::target::Action;
use crate::error::Result;
use crate::name::RegistryId;
use crate::registry::publish::{self, Changed, Publisher};
use crate::registry::{Rebuilt, verify};
use std::path::Path;

/// Makes a registry called `id` in `folder`, or works out whether that could be done.
///
/// # Errors
/// When the folder holds anything but that very registry, or cannot be written.
pub fn init(context: &Context, folder: &Path, id: &RegistryId, action: Action) -> Result<Changed> {
    let folder = context.path(folder);
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
    Ok(verify::verify(&context.path(folder), context.progress())?)
}

/// Writes the catalog of the registry in `folder` anew, or works out whether that would change it.
///
/// # Errors
/// When there is no registry, an index file is broken, or the folder cannot be written.
pub fn rebuild(context: &Context, folder: &Path, action: Action) -> Result<Rebuilt> {
    let publisher = Publisher::open(&context.path(folder), context.progress())?;
    Ok(match action {
        Action::Do => publisher.rebuild()?,
        Action::Plan => publisher.plan_rebuild()?,
    })
}
