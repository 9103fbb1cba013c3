//! A changed manifest and all that follows from it, as one step: what `add`, `remove` and
//! `update --breaking` share.
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
use std::collections::BTreeMap;
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

/// Texts of manifests of a workspace, by the paths of the members.
pub(super) type Texts = BTreeMap<String, String>;

/// A manifest that changes.
struct Rewritten {
    path: PathBuf,
    before: String,
    after: String,
}

impl Rewritten {
    /// Returns how the manifests of `project` change that were `before` and are to be `after`, by the paths of the members.
    fn all(project: &Project, before: &Texts, after: &Texts) -> Vec<Self> {
        let changed = after.iter().filter_map(|(member, after)| {
            let before = before.get(member).filter(|before| *before != after)?;
            let path = project.manifest_path_of(member);
            Some(Rewritten { path, before: before.clone(), after: after.clone() })
        });
        changed.collect()
    }

    fn check(&self) -> Result<()> {
        match fs::read_to_string(&self.path)? == self.before {
            true => Ok(()),
            false => Err(EditError::ChangedMeanwhile(self.path.clone()).into()),
        }
    }

    fn write(&self) -> Result<()> {
        fs::write_through(&self.path, self.after.as_bytes(), Durability::Synced)?;
        Ok(())
    }

    fn put_back(&self) {
        // What made the rest fail is what is told, whether or not this succeeds.
        let _ = fs::write_through(&self.path, self.before.as_bytes(), Durability::Synced);
    }
}

/// Has the manifests of `project` that were `before` be `after`, and makes the project match what it is then. `answer`
/// answers what was tried for that, which may be less exact than what is written.
///
/// # Errors
/// When something cannot be fetched, is not what was promised, or cannot be written. Manifests and
/// lock are then as they were.
pub(super) fn install(
    context: &Context,
    project: &Project,
    [before, after]: [&Texts; 2],
    mut answer: Answer,
    run: Action,
) -> Result<Pulled> {
    let (manifests, edited) = (Rewritten::all(project, before, after), project.with_manifests(after)?);
    lock::fit(&edited, &mut answer);
    if run == Action::Plan {
        return Ok(Pulled::Planned(pull::plan_of(&edited, answer)?));
    }
    let report = pull::install(context, &edited, answer, |lock| write(&manifests, || lock::write(&edited, lock)))?;
    Ok(Pulled::Done(report))
}

/// Writes `manifests` and what belongs to them, or none of it.
fn write<T>(manifests: &[Rewritten], rest: impl FnOnce() -> Result<T>) -> Result<T> {
    manifests.iter().try_for_each(Rewritten::check)?;
    let written = manifests.iter().try_for_each(Rewritten::write).and_then(|()| rest());
    written.inspect_err(|_| manifests.iter().for_each(Rewritten::put_back))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn files(folder: &Path) -> [Rewritten; 2] {
        ["root", "own"].map(|name| {
            let path = folder.join(name);
            fs::write(&path, b"before", Durability::Derived).unwrap();
            Rewritten { path, before: "before".into(), after: "after".into() }
        })
    }

    #[test]
    fn manifests_and_lock_change_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let manifests = files(folder.path());
        let held = || manifests.each_ref().map(|file| fs::read_to_string(&file.path).unwrap());
        let fails = || Err::<(), _>(EditError::ChangedMeanwhile("lock".into()).into());
        assert!(
            write(&manifests, || {
                assert_eq!(held(), ["after"; 2]);
                fails()
            })
            .is_err()
        );
        assert_eq!(held(), ["before"; 2]);
        fs::write(&manifests[1].path, b"by somebody else", Durability::Derived).unwrap();
        let error = write(&manifests, || Ok(())).unwrap_err();
        assert_eq!((error.code(), held()), (Code::A1130, ["before".into(), "by somebody else".to_owned()]));
        let manifests = files(folder.path());
        write(&manifests, || Ok(())).unwrap();
        assert_eq!(manifests.each_ref().map(|file| fs::read_to_string(&file.path).unwrap()), ["after"; 2]);
    }
}
