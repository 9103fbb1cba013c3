//! The versions, and of git sources the commits, that `anvil.lock` held before, found in its git history.
//!
//! Going back is undoing: what a version (or a commit) replaced is below it, as on a stack. The locks that stood
//! here, one after the other (a merge puts another in the place of the one that its first parent
//! had), are gone through from the oldest on. A version that was not there
//! before comes on top; one that was takes away all that came since. So `1.0, 1.1, 1.2, 1.1` leaves
//! `1.0, 1.1`: who went back to 1.1 and goes back again gets 1.0, not 1.2, which was undone.

use super::lock::LockCommandError;
use super::project::Project;
use super::sources;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitId, CommitInfo, GitError, Lack, Parents, Repository};
use crate::lockfile::{self, LockedRequirement, LockedSet, Lockfile, Reading, Source};
use crate::manifest::{DependencySource, GitReference};
use crate::name::SetName;
use crate::version::Version;
use std::fmt;
use std::ops::ControlFlow;

/// What a lock holds of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its version.
    pub version: Version,
    /// Its commit, where it comes from a git source.
    pub commit: Option<CommitId>,
}

impl Held {
    fn of(set: &LockedSet) -> Self {
        let commit = match &set.source {
            Source::Git { commit, .. } => CommitId::parse(commit),
            Source::Registry(_) | Source::Path(_) => None,
        };
        Held { version: set.version.clone(), commit }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.commit {
            None => self.version.fmt(f),
            Some(commit) => write!(f, "{} at {}", self.version, commit.short()),
        }
    }
}

/// What the lock held before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// What the lock holds now.
    pub now: Held,
    /// What it held before that.
    pub held: Held,
    /// The last commit whose lock held it.
    pub commit: CommitInfo,
    /// Whether that lock answered what the manifests ask of the set now.
    pub is_alike: bool,
    /// Where the set comes from, but for the commit.
    pub source: Source,
    /// The set whose commit it has, where that is another: one that needs it by its path in the same repository.
    pub mover: Option<SetName>,
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
    #[error("anvil.lock held no {} of {name} before {}", if .now.commit.is_some() { "commit" } else { "version" }, told(.now, .since))]
    None {
        /// The set.
        name: SetName,
        /// The set to update for it to move: itself, but where it has the commit of another.
        mover: SetName,
        /// What the lock holds.
        now: Held,
        /// What else it held since it first held that, and was gone back from; the last first.
        since: Vec<Held>,
        /// Whether older history is missing here.
        is_shallow: bool,
    },
}

/// Returns `now`, before which the history has nothing, and how it was come back to.
fn told(now: &Held, since: &[Held]) -> String {
    // The last few are enough to see what is meant.
    const SHOWN: usize = 3;
    let mut shown: Vec<&Held> = since.iter().take(SHOWN).rev().collect();
    if now.commit.is_none() {
        shown.sort_by(|a, b| a.version.cmp(&b.version));
    }
    let mut names: Vec<String> = shown.into_iter().map(Held::to_string).collect();
    if since.len() > SHOWN {
        names.push("others".to_owned());
    }
    let Some(last) = names.pop() else { return format!("{now}, as far as its git history goes") };
    let before = if names.is_empty() { String::new() } else { format!("{} and ", names.join(", ")) };
    format!("it first held {now}, as far as its git history goes; it held {before}{last} since, and went back")
}

/// Returns what leads forward again: the highest version that was held since or, where none is higher and among
/// commits, the last.
fn forward<'a>(now: &Held, since: &'a [Held]) -> Option<&'a Held> {
    let higher = since.iter().filter(|held| now.commit.is_none() && held.version > now.version);
    higher.max_by(|a, b| a.version.cmp(&b.version)).or_else(|| since.first())
}

impl Diagnose for PreviousError {
    fn code(&self) -> Code {
        Code::A1086
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PreviousError::None { mover: name, now, since, is_shallow, .. } if *is_shallow || !since.is_empty() => {
                let further = is_shallow.then(|| Lack::History.hint());
                let forward = forward(now, since).map(|Held { version, commit }| {
                    let to = commit.as_ref().map_or_else(|| version.to_string(), CommitId::short);
                    Hint::run("to go forward again", format!("anvil update {name} --precise {to}"))
                });
                further.into_iter().chain(forward).collect()
            }
            PreviousError::None { mover: name, now: Held { commit: Some(_), .. }, .. } => {
                vec![Hint::run("to take a commit that you name", format!("anvil update {name} --precise COMMIT"))]
            }
            PreviousError::None { name, .. } | PreviousError::NoRepository { name, .. } => {
                vec![Hint::run("to take a version that you name", format!("anvil update {name} --precise VERSION"))]
            }
        }
    }
}

/// Returns what the project's lock held of `name` before it first came to hold what it holds now: another version,
/// or another commit of a git source. Locks of the history that cannot be read, lack the set or have it from elsewhere
/// are passed over.
///
/// # Errors
/// When the set is not locked, comes from a folder, or nothing is found.
pub fn find(project: &Project, name: &SetName) -> Result<Previous> {
    let lock = project.lock()?;
    let now = lock.set(name).ok_or_else(|| LockCommandError::not_locked(name, &lock, &project.manifest))?;
    if let Source::Path(_) = &now.source {
        return Err(LockCommandError::Fixed(name.clone(), "path").into());
    }
    let mut stood = Vec::new();
    walk(project, name, Parents::First, |lock, set, commit| {
        if is_same_place(&set.source, &now.source) {
            stood.push((Held::of(set), commit, is_alike(project, lock, name)));
        }
        ControlFlow::Continue(())
    })?;
    let (source, now) = (now.source.clone(), Held::of(now));
    let mover = Some(sources::mover(&lock, name)).filter(|mover| *mover != name).cloned();
    let mut since: Vec<Held> = Vec::new();
    for (held, ..) in &stood {
        if *held != now && !since.contains(held) {
            since.push(held.clone());
        }
    }
    let mut stack: Vec<(Held, CommitInfo, bool)> = Vec::new();
    let undo_to = |stack: &mut Vec<(Held, CommitInfo, bool)>, held: &Held| {
        let below = stack.iter().position(|(other, ..)| other == held);
        stack.truncate(below.unwrap_or(stack.len()));
    };
    for entry in stood.into_iter().rev() {
        undo_to(&mut stack, &entry.0);
        stack.push(entry);
    }
    undo_to(&mut stack, &now);
    match stack.pop() {
        Some((held, commit, is_alike)) => Ok(Previous { now, held, commit, is_alike, source, mover }),
        None => {
            let is_shallow = Repository::discover(&project.root)?.lack()? == Some(Lack::History);
            let mover = mover.unwrap_or_else(|| name.clone());
            Err(PreviousError::None { name: name.clone(), mover, now, since, is_shallow }.into())
        }
    }
}

/// Returns whether two sources are the same but for the commit.
fn is_same_place(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (Source::Git { url, subdirectory, .. }, Source::Git { url: other, subdirectory: folder, .. }) => {
            (url, subdirectory) == (other, folder)
        }
        (one, other) => one == other,
    }
}

/// Returns whether `lock`, one of the history, answered what the project's manifests ask of `name` now.
fn is_alike(project: &Project, lock: &Lockfile, name: &SetName) -> bool {
    let of = |kept: &'_ [LockedRequirement]| -> Vec<DependencySource> {
        kept.iter().filter(|kept| kept.name == *name).map(|kept| kept.source.clone()).collect()
    };
    let overriding = of(&lock.overrides);
    let answered = if overriding.is_empty() { of(&lock.requirements) } else { overriding };
    let asks = project.asks(name);
    // Where a manifest names the commit, no lock has a say.
    let is_fixed =
        |asked: &&DependencySource| matches!(asked, DependencySource::Git { reference: GitReference::Rev(_), .. });
    if asks.iter().any(is_fixed) {
        return false;
    }
    !asks.is_empty() && asks.into_iter().all(|asked| answered.contains(asked))
}

/// Returns whether a lock of the history held `version` of `name`; where there is no history, none did.
///
/// # Errors
/// When the history cannot be read.
pub fn held(project: &Project, name: &SetName, version: &Version) -> Result<bool> {
    let mut held = false;
    let walked = walk(project, name, Parents::All, |_, set, _| {
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
    mut visit: impl FnMut(&Lockfile, &LockedSet, CommitInfo) -> ControlFlow<()>,
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
            && visit(&lock, set, commit).is_break()
        {
            break;
        }
    }
    Ok(())
}
