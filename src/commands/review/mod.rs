//! Reviews of updates that wait: what would change, and who approves or rejects it.
//!
//! `anvil pull` of an environment with the mode `review` proposes a lock
//! ([`PENDING_FILE_NAME`](crate::lockfile::PENDING_FILE_NAME)). Whoever approves it adds a line to the record
//! ([`FILE_NAME`](crate::reviews::FILE_NAME)); when enough people have, the proposed lock becomes the lock, to the byte.
//! What is rejected is not proposed again.

mod compare;
mod error;
mod pending;
mod record;

pub use compare::{Moved, PromptChange, SetChange, Tokens};
pub use error::ReviewError;
pub use pending::{Pending, proposed, proposing};
pub use record::{Ignored, Record, Standing, Voice};

use super::context::Context;
use super::environment::{self, Rules};
use super::lock;
use super::project::Project;
use super::registries::Registries;
use super::rfc3339;
use super::target::Action;
use crate::digest::Sha256;
use crate::error::{Kind, Result, shell_word};
use crate::fs;
use crate::git::Repository;
use crate::lockfile::{LockedSet, Lockfile, Stale};
use crate::manifest::Mode;
use crate::name::{EnvironmentName, SetName};
use crate::registry::Freshness;
use crate::reviews::{Decision, Review};
use crate::signing::Key;

/// The most characters of a reviewer's name, and of a reason.
const LONGEST: usize = 1_000;

/// What waits for review.
#[derive(Clone, Debug)]
pub struct Report {
    /// The environment whose rules hold.
    pub environment: EnvironmentName,
    /// How many approvals it asks for.
    pub approvals: u32,
    /// What is proposed; nothing where nothing waits.
    pub proposed: Option<Proposed>,
    /// The checksum of the lock's bytes, and what is recorded of it; nothing where there is none.
    pub current: Option<(Sha256, Standing)>,
}

/// What is proposed.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The checksum of its bytes.
    pub digest: Sha256,
    /// What is recorded of it.
    pub standing: Standing,
    /// Why it cannot be taken: it does not answer the manifest.
    pub stale: Vec<Stale>,
    /// Whether it cannot be taken because the lock has changed since this was proposed.
    pub outrun: bool,
    /// Sets of which the lock has a newer version.
    pub lowered: Vec<SetName>,
    /// The sets that would change, and those whose prompts would render to something else, by name.
    pub sets: Vec<SetChange>,
    /// How many tests render to the same as before.
    pub unchanged: usize,
}

/// What is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// What is proposed, or where nothing is the lock itself.
    Waiting,
    /// The lock itself, whatever waits.
    Current,
}

/// What a decision led to.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Whether it was done, or only worked out.
    pub run: Action,
    /// The environment.
    pub environment: EnvironmentName,
    /// What was decided.
    pub decision: Decision,
    /// The checksum of what it was about.
    pub digest: Sha256,
    /// Who decided.
    pub by: String,
    /// Whether it is recorded with this run; not where it was before.
    pub recorded: bool,
    /// Whether the line is signed.
    pub signed: bool,
    /// Whether it is about the lock itself.
    pub of_lock: bool,
    /// Whether the proposed lock became the lock.
    pub taken: bool,
    /// How many approvals are missing.
    pub missing: usize,
    /// Who stands against it.
    pub against: Vec<Voice>,
    /// Who approved what was proposed before this, and has not approved this: their approvals do not count for it.
    pub superseded: Vec<Voice>,
}

/// Returns the project that the command runs in, with the environment whose rules hold and how many approvals that
/// one asks for: the one that is named, or else the only one with reviews.
fn reviewed(context: &Context) -> Result<(Project, EnvironmentName, u32)> {
    let project = Project::of(context)?;
    let with_reviews = || {
        let all = project.manifest.environments.iter();
        all.filter_map(|(name, environment)| match environment.mode {
            Mode::Review { approvals } => Some((name.clone(), approvals)),
            _ => None,
        })
        .collect::<Vec<_>>()
    };
    let names = || with_reviews().into_iter().map(|(name, _)| name).collect();
    let (name, approvals) = match environment::of(context, &project)? {
        Some(Rules { name, mode: Mode::Review { approvals }, .. }) => (name, approvals),
        Some(Rules { name, mode, .. }) => {
            return Err(ReviewError::OtherMode { name, mode, others: names() }.into());
        }
        None => match <[_; 1]>::try_from(with_reviews()) {
            Ok([only]) => only,
            Err(_) => return Err(ReviewError::WhichOne(names()).into()),
        },
    };
    Ok((project, name, approvals))
}

/// Returns what waits for review, with all that would change for prompts. Bundles are fetched where they are not
/// in the cache, and nothing is written but that.
///
/// # Errors
/// When it is not clear which environment is meant, a file cannot be understood, or a bundle cannot be had.
pub fn run(context: &Context) -> Result<Report> {
    let (project, environment, approvals) = reviewed(context)?;
    let record = Record::read(&project)?;
    let current = fs::read_if_exists(&project.lock_path())?.map(|bytes| Sha256::of(&bytes));
    let current = current.map(|digest| (digest, record.standing(&environment, &digest)));
    let lock = lock_or_none(&project)?;
    let proposed = match Pending::read(&project, &environment)? {
        Some(pending) if pending.lock != lock => {
            let stale = staleness(context, &project, &pending.lock)?;
            pending
                .check_commits(context, &project, &lock, &environment)
                .or_else(|error| if error.kind() == Kind::Unreachable { Ok(()) } else { Err(error) })?;
            let (sets, unchanged) = compare::run(context, &project, &lock, &pending.lock)
                .map_err(|error| pending.blamed(context, &project, &lock, &environment, error))?;
            Some(Proposed {
                standing: record.standing(&environment, &pending.digest),
                digest: pending.digest,
                stale,
                outrun: pending.is_outrun_by(&lock),
                lowered: lowered(&lock, &pending.lock),
                sets,
                unchanged,
            })
        }
        _ => None,
    };
    Ok(Report { environment, approvals, proposed, current })
}

/// Returns the lock of `project`, an empty one where there is none.
fn lock_or_none(project: &Project) -> Result<Lockfile> {
    if fs::exists(&project.lock_path()) { project.lock() } else { Ok(Lockfile::default()) }
}

/// Returns why `lock` does not answer the manifest: also by where its sets come from.
fn staleness(context: &Context, project: &Project, lock: &Lockfile) -> Result<Vec<Stale>> {
    let mut stale = lock::staleness(project, lock)?;
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    stale.extend(lock::foreign(project, lock, &registries));
    Ok(stale)
}

/// Checks that `pending` can take the place of the lock, and that it can be shown: what cannot be cannot have been
/// looked at.
fn check(context: &Context, project: &Project, environment: &EnvironmentName, pending: &Pending) -> Result<()> {
    let (lock, environment) = (lock_or_none(project)?, environment.clone());
    if pending.is_outrun_by(&lock) {
        let lowered = lowered(&lock, &pending.lock);
        return Err(ReviewError::Moved { lowered, environment }.into());
    }
    if let Some(stale) = staleness(context, project, &pending.lock)?.first() {
        return Err(ReviewError::Stale { why: stale.to_string(), environment }.into());
    }
    pending.check_commits(context, project, &lock, &environment)?;
    let shown = compare::run(context, project, &lock, &pending.lock);
    shown.map(drop).map_err(|error| pending.blamed(context, project, &lock, &environment, error))
}

/// Approves `subject`. When enough people have approved a proposed lock, it takes the place of the lock. Or works out
/// what that would do.
///
/// # Errors
/// When there is nothing to approve, what is proposed cannot be shown, was made from another lock or no longer answers
/// the manifest, nobody is named who approves, the approval would not count, or something cannot be written.
pub fn approve(context: &Context, subject: Subject, by: Option<&str>, run: Action) -> Result<Decided> {
    let _reserved = Project::reserve(context, run)?;
    let (project, environment, approvals) = reviewed(context)?;
    let mut record = Record::read(&project)?;
    let pending = match subject {
        Subject::Waiting => Pending::read(&project, &environment)?,
        Subject::Current => None,
    };
    let digest = match &pending {
        Some(pending) => {
            check(context, &project, &environment, pending)?;
            pending.digest
        }
        None => match fs::read_if_exists(&project.lock_path())? {
            Some(bytes) => {
                lock::check(&project)?;
                Sha256::of(&bytes)
            }
            None => return Err(ReviewError::NoLock { folder: project.root.clone(), environment }.into()),
        },
    };
    let key = key(context)?;
    let at = moment(context);
    let principal = record.principal(key.as_ref(), &at)?.map(str::to_owned);
    let by = reviewer(&project, by, Decision::Approve).or_else(|error| principal.clone().ok_or(error))?;
    let who = principal.unwrap_or_else(|| by.clone());
    let mut standing = record.standing(&environment, &digest);
    let is_there = standing.approved.iter().any(|voice| record::folded(&voice.by) == record::folded(&who));
    if !is_there {
        let (environment, decision) = (environment.clone(), Decision::Approve);
        let review = Review { environment, decision, digest, by: by.clone(), at, reason: None };
        standing = record.decide(&project, &review, (&who, key.as_ref()), run)?;
    }
    let lock = fs::read_if_exists(&project.lock_path())?.map(|bytes| Sha256::of(&bytes));
    let superseded = record.superseded(&environment, [Some(digest), lock], &standing, approvals);
    let taken = match &pending {
        Some(pending) if standing.suffices(approvals) => {
            if run == Action::Do {
                fs::write_through(&project.lock_path(), pending.bytes(), fs::Durability::Synced)?;
                fs::remove_file(&project.pending_path())?;
            }
            true
        }
        _ => false,
    };
    Ok(Decided {
        run,
        decision: Decision::Approve,
        digest,
        by: who,
        recorded: !is_there,
        signed: key.is_some(),
        of_lock: pending.is_none(),
        taken,
        missing: standing.missing(approvals),
        against: standing.rejected,
        superseded,
        environment,
    })
}

/// Rejects the lock that is proposed: it goes, and is not proposed again. Or works out what that would do.
///
/// # Errors
/// When none is proposed, nobody is named who rejects it, the rejection would not count, or something cannot be written.
pub fn reject(context: &Context, by: Option<&str>, reason: Option<&str>, run: Action) -> Result<Decided> {
    let _reserved = Project::reserve(context, run)?;
    let (project, environment, approvals) = reviewed(context)?;
    let mut record = Record::read(&project)?;
    // One that is no lock any more can be rejected, too.
    let Some(bytes) = fs::read_if_exists(&project.pending_path())? else {
        return Err(ReviewError::NothingWaits { environment }.into());
    };
    let digest = Sha256::of(proposed(&bytes));
    let reason = reason.map(|reason| plain("--reason", reason)).transpose()?;
    let key = key(context)?;
    let (at, decision) = (moment(context), Decision::Reject);
    let principal = record.principal(key.as_ref(), &at)?.map(str::to_owned);
    let by = reviewer(&project, by, decision).or_else(|error| principal.clone().ok_or(error))?;
    let who = principal.unwrap_or_else(|| by.clone());
    let review = Review { environment: environment.clone(), decision, digest, by, at, reason };
    let standing = record.decide(&project, &review, (&who, key.as_ref()), run)?;
    if run == Action::Do {
        fs::remove_file(&project.pending_path())?;
    }
    Ok(Decided {
        run,
        decision,
        digest,
        by: who,
        recorded: true,
        signed: key.is_some(),
        of_lock: false,
        taken: false,
        missing: standing.missing(approvals),
        against: standing.rejected,
        superseded: Vec::new(),
        environment,
    })
}

/// Returns the time of the run, as it is recorded.
fn moment(context: &Context) -> String {
    rfc3339(i64::try_from(context.now).unwrap_or_default())
}

/// Returns the sets of which `before` has a newer version than `after`.
fn lowered(before: &Lockfile, after: &Lockfile) -> Vec<SetName> {
    let is_lowered = |set: &&LockedSet| before.set(&set.name).is_some_and(|before| before.version > set.version);
    after.sets.iter().filter(is_lowered).map(|set| set.name.clone()).collect()
}

fn key(context: &Context) -> Result<Option<Key>> {
    Ok(context.signing_key.as_deref().map(Key::read).transpose()?)
}

/// Returns who reviews: as the command line says, or else git.
fn reviewer(project: &Project, by: Option<&str>, decision: Decision) -> Result<String> {
    match by {
        Some(by) => plain("--by", by),
        None => {
            let identity = Repository::discover(&project.folder).and_then(|repository| repository.identity());
            identity.map_err(|_| ReviewError::Nobody(decision).into())
        }
    }
}

fn plain(what: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    let fail = |why| Err(ReviewError::Text { what, why }.into());
    match text {
        "" => fail("it is empty"),
        _ if text.chars().any(char::is_control) => fail("it has control characters"),
        _ if text.chars().count() > LONGEST => fail("it is too long"),
        _ => Ok(text.to_owned()),
    }
}

/// Returns the command that shows what waits in `environment`.
pub fn command(environment: &EnvironmentName) -> String {
    format!("anvil review --env {}", shell_word(environment.as_str()))
}
