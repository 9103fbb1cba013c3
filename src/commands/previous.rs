//! The versions that `anvil.lock` held before, found in its git history.
//!
//! Going back is undoing: what a version replaced is below it, as on a stack. The locks that stood
//! here, one after the other (a merge puts another in the place of the one that its first parent
//! had), are gone through from the oldest on. A version that was not there
//! before comes on top; one that was takes away all that came since. So `1.0, 1.1, 1.2, 1.1` leaves
//! `1.0, 1.1`: who went back to 1.1 and goes back again gets 1.0, not 1.2, which was undone.

use super::lock::LockCommandError;
use super::project::Project;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitInfo, GitError, Lack, Parents, Repository};
use crate::lockfile::{self, LockedSet, Lockfile, Reading, Source};
use crate::name::SetName;
use crate::version::Version;
use std::ops::ControlFlow;

/// A version that the lock held before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The version that the lock holds now.
    pub now: Version,
    /// The one that it held before that.
    pub version: Version,
    /// The last commit whose lock held it.
    pub commit: CommitInfo,
}

/// Why no version is found that the lock held before.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// There is no history to look in.
    #[error("anvil.lock has no history: `{folder}` is not in a git repository")]
    NoRepository {
        /// The set.
        name: SetName,
        /// The project's folder.
        folder: String,
    },
    /// No lock of the history held a version that was not undone by now.
    #[error("anvil.lock held no version of {name} before {now}, as far as its git history goes")]
    None {
        /// The set.
        name: SetName,
        /// The version that the lock holds.
        now: Version,
        /// The highest that it held since.
        since: Option<Version>,
        /// Whether older history is missing here.
        is_shallow: bool,
    },
}

impl Diagnose for PreviousError {
    fn code(&self) -> Code {
        Code::A1086
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PreviousError::None { is_shallow: true, .. } => vec![Lack::History.hint()],
            PreviousError::None { name, since: Some(since), .. } => {
                vec![Hint::run("to go forward again", format!("anvil update {name} --precise {since}"))]
            }
            PreviousError::None { name, .. } | PreviousError::NoRepository { name, .. } => {
                vec![Hint::run("to take a version that you name", format!("anvil update {name} --precise VERSION"))]
            }
        }
    }
}

/// Returns the version of `name` that the project's lock held before it first came to hold the one
/// that it holds now. Locks of the history that cannot be read, lack the set or have it from elsewhere are passed over.
///
/// # Errors
/// When the set is not locked, comes from no registry, or none is found.
pub fn find(project: &Project, name: &SetName) -> Result<Previous> {
    let lock = project.lock()?;
    let now = lock.set(name).ok_or_else(|| LockCommandError::not_locked(name, &lock, &project.manifest))?;
    match &now.source {
        Source::Registry(_) => {}
        Source::Git { .. } => return Err(LockCommandError::Fixed(name.clone(), "git").into()),
        Source::Path(_) => return Err(LockCommandError::Fixed(name.clone(), "path").into()),
    }
    let mut stood = Vec::new();
    walk(project, name, Parents::First, |set, commit| {
        if set.source == now.source {
            stood.push((set.version.clone(), commit));
        }
        ControlFlow::Continue(())
    })?;
    let now = now.version.clone();
    let since = stood.iter().map(|(version, _)| version).filter(|version| **version > now).max().cloned();
    let mut stack: Vec<(Version, CommitInfo)> = Vec::new();
    let undo_to = |stack: &mut Vec<(Version, CommitInfo)>, version: &Version| {
        let below = stack.iter().position(|(other, _)| other == version);
        stack.truncate(below.unwrap_or(stack.len()));
    };
    for (version, commit) in stood.into_iter().rev() {
        undo_to(&mut stack, &version);
        stack.push((version, commit));
    }
    undo_to(&mut stack, &now);
    match stack.pop() {
        Some((version, commit)) => Ok(Previous { now, version, commit }),
        None => {
            let is_shallow = Repository::discover(&project.root)?.lack()? == Some(Lack::History);
            Err(PreviousError::None { name: name.clone(), now, since, is_shallow }.into())
        }
    }
}

/// Returns whether a lock of the history held `version` of `name`; where there is no history, none did.
///
/// # Errors
/// When the history cannot be read.
pub fn held(project: &Project, name: &SetName, version: &Version) -> Result<bool> {
    let mut held = false;
    let walked = walk(project, name, Parents::All, |set, _| {
        held = set.version == *version;
        if held { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match walked {
        Err(error) if error.downcast_ref::<PreviousError>().is_some() => Ok(false),
        walked => walked.map(|()| held),
    }
}

/// Shows `visit` what the locks of the history say of `name`, the newest first, as far as they can
/// be read.
fn walk(
    project: &Project,
    name: &SetName,
    follow: Parents,
    mut visit: impl FnMut(&LockedSet, CommitInfo) -> ControlFlow<()>,
) -> Result<()> {
    let repository = Repository::discover(&project.root).map_err(|error| match error {
        GitError::NoRepository { .. } => {
            PreviousError::NoRepository { name: name.clone(), folder: project.root.display().to_string() }.into()
        }
        error => crate::error::Error::from(error),
    })?;
    let head = match repository.head() {
        Ok(head) => head.commit,
        Err(GitError::NoCommits { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let folder = repository.relative(&project.root)?;
    let path = if folder.is_empty() { lockfile::FILE_NAME.into() } else { format!("{folder}/{}", lockfile::FILE_NAME) };
    for entry in repository.history_of(head, &path, follow)? {
        let (commit, bytes) = entry?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let Ok(Reading::Whole(lock)) = Lockfile::read(lockfile::FILE_NAME, &text) else { continue };
        if let Some(set) = lock.set(name)
            && visit(set, commit).is_break()
        {
            break;
        }
    }
    Ok(())
}
