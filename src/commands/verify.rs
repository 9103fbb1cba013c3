//! Proves that nothing moved: the lock answers the manifest, and every unpacked file is the one that
//! is locked. For CI; no network is used and nothing is written.

use super::context::Context;
use super::lock;
use super::parallel::in_parallel;
use super::project::Project;
use crate::error::Result;
use crate::lockfile::{LockedSet, Source};
use crate::name::SetName;
use crate::store::project::{self as unpacked, State};
use crate::version::Version;

/// What was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every locked set, by name.
    pub sets: Vec<Checked>,
}

/// One locked set.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The set.
    pub name: SetName,
    /// Its locked version.
    pub version: Version,
    /// Its state; nothing for the set of a folder, which is used where it lies and has no checksum.
    pub state: Option<State>,
}

impl Report {
    /// Returns the sets that are not as they are locked.
    pub fn failed(&self) -> impl Iterator<Item = (&Checked, &State)> {
        let states = self.sets.iter().filter_map(|set| Some((set, set.state.as_ref()?)));
        states.filter(|(_, state)| **state != State::Unpacked)
    }

    /// Returns whether every set is as it is locked.
    pub fn holds(&self) -> bool {
        self.failed().next().is_none()
    }
}

/// Checks the project.
///
/// # Errors
/// When there is no lock though something is required, it has conflict markers, it does not answer
/// the manifest, or something cannot be read. Damaged sets are no error but in the report.
pub fn run(context: &Context) -> Result<Report> {
    let project = Project::discover(&context.directory)?;
    let lock = lock::check(&project)?;
    context.progress.begin("checking", lock.sets.len() as u64);
    let sets = in_parallel(&lock.sets, |set| {
        let checked = Checked { name: set.name.clone(), version: set.version.clone(), state: state(&project, set)? };
        context.progress.advance(1);
        Ok(checked)
    });
    context.progress.end();
    Ok(Report { sets: sets? })
}

fn state(project: &Project, set: &LockedSet) -> Result<Option<State>> {
    match (&set.source, set.digest) {
        (Source::Path(_), _) => Ok(None),
        (_, Some(digest)) => Ok(Some(unpacked::state(&project.folder, &set.name, &set.version, &digest)?)),
        (_, None) => Err(super::pull::no_checksum(set).into()),
    }
}
