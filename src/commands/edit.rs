//! A changed manifest and all that follows from it, as one step: what `add` and `remove` share.
//!
//! Everything is resolved, fetched and unpacked for the manifest as it would be; only then manifest
//! and lock are written. Should the lock then fail to be written, the manifest is put back.

use super::context::Context;
use super::lock::{self, Answer};
use super::project::Project;
use super::pull::{self, Pulled};
use super::target::Action;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs::{self, Durability};
use std::path::PathBuf;

/// Why a changed manifest was not written.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Somebody else changed it while its dependencies were fetched.
    #[error("`{}` was changed by somebody else meanwhile; nothing was written", .0.display())]
    ChangedMeanwhile(PathBuf),
}

impl Diagnose for EditError {
    fn code(&self) -> Code {
        match self {
            EditError::ChangedMeanwhile(_) => Code::A1130,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            EditError::ChangedMeanwhile(_) => vec![Hint::new("run the command again")],
        }
    }
}

/// Makes `edited`, which `answer` answers, the manifest of `project`, and the project match it.
///
/// # Errors
/// When something cannot be fetched, is not what was promised, or cannot be written. Manifest and
/// lock are then as they were.
pub(super) fn install(
    context: &Context,
    project: &Project,
    edited: &Project,
    answer: Answer,
    run: Action,
) -> Result<Pulled> {
    if run == Action::Plan {
        return Ok(Pulled::Planned(pull::plan_of(edited, answer)?));
    }
    let path = project.manifest_path();
    let report = pull::install(context, edited, answer, |lock| {
        if fs::read_to_string(&path)? != project.manifest_text {
            return Err(EditError::ChangedMeanwhile(path.clone()).into());
        }
        fs::write_through(&path, edited.manifest_text.as_bytes(), Durability::Synced)?;
        lock::write(edited, lock).inspect_err(|_| {
            // What made the lock fail is what is told, whether or not this succeeds.
            let _ = fs::write_through(&path, project.manifest_text.as_bytes(), Durability::Synced);
        })
    })?;
    Ok(Pulled::Done(report))
}
