//! Reviews of updates that wait: what would change, and who approves or rejects it.
//!
//! `anvil pull` of an environment with the mode `review` proposes a lock ([`lockfile::PENDING_FILE_NAME`]).
//! Whoever approves it adds a line to the record ([`FILE_NAME`](crate::reviews::FILE_NAME)); when enough people have, the
//! proposed lock becomes the lock, to the byte. What is rejected is not proposed again.

mod compare;
mod record;

pub use compare::{PromptChange, SetChange, Tokens};
pub use record::{Ignored, Record, Standing, Voice};

use super::context::Context;
use super::environment::{self, Rules};
use super::lock;
use super::project::Project;
use super::rfc3339;
use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Hint, Result, shell_word};
use crate::fs;
use crate::git::Repository;
use crate::lockfile::{self, LockedSet, Lockfile, Reading, Stale};
use crate::manifest::Mode;
use crate::name::{EnvironmentName, SetName};
use crate::reviews::{Decision, Review};
use crate::signing::Key;
use std::path::PathBuf;

/// The most characters of a reviewer's name, and of a reason.
const LONGEST: usize = 1_000;

/// Why nothing can be reviewed, or not so.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Nothing waits.
    #[error("nothing waits for review: there is no `{}`", lockfile::PENDING_FILE_NAME)]
    NothingWaits {
        /// The environment.
        environment: EnvironmentName,
    },
    /// There is nothing at all that could be approved.
    #[error("there is nothing to approve: neither `{}` nor `{}` is in `{}`", lockfile::PENDING_FILE_NAME, lockfile::FILE_NAME, .folder.display())]
    NoLock {
        /// The project's folder.
        folder: PathBuf,
        /// The environment.
        environment: EnvironmentName,
    },
    /// Nobody is named.
    #[error("nobody is named who {0}s: neither `--by` nor git says who you are")]
    Nobody(Decision),
    /// A name or a reason that is none.
    #[error("`{what}` is refused: {why}")]
    Text {
        /// The flag.
        what: &'static str,
        /// Why.
        why: &'static str,
    },
    /// The proposed lock cannot become the lock.
    #[error("`{}` no longer answers anvil.toml: {why}", lockfile::PENDING_FILE_NAME)]
    Stale {
        /// The first thing that it does not answer.
        why: String,
        /// The environment.
        environment: EnvironmentName,
    },
    /// The environment takes no reviews.
    #[error("the environment `{name}` has the mode `{mode}`, which takes no reviews")]
    OtherMode {
        /// The environment.
        name: EnvironmentName,
        /// Its mode.
        mode: Mode,
        /// Those that do.
        others: Vec<EnvironmentName>,
    },
    /// It is not said which of several environments is meant.
    #[error("{}", if .0.is_empty() { "no environment of anvil.toml has the mode `review`".to_owned() } else { format!("{} environments take reviews, and none of them is named", .0.len()) })]
    WhichOne(Vec<EnvironmentName>),
    /// Only signed approvals count, and there is no key.
    #[error("only signed approvals count in this project, and no key is set that could sign one")]
    NoKey,
    /// Only approvals by allowed keys count, and this is none.
    #[error("only approvals that an allowed key signs count in this project, and yours is none of them")]
    StrangeKey(String),
}

impl Diagnose for ReviewError {
    fn code(&self) -> Code {
        match self {
            ReviewError::NothingWaits { .. } | ReviewError::NoLock { .. } => Code::A1183,
            ReviewError::Nobody(_) | ReviewError::Text { .. } => Code::A1184,
            ReviewError::Stale { .. } => Code::A1185,
            ReviewError::OtherMode { .. } | ReviewError::WhichOne(_) => Code::A1186,
            ReviewError::NoKey | ReviewError::StrangeKey(_) => Code::A1190,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let pull = |environment: &EnvironmentName| format!("anvil pull --env {environment}");
        let name = |names: &[EnvironmentName]| {
            names.iter().map(|name| Hint::new(format!("name it: `--env {name}`"))).collect::<Vec<_>>()
        };
        match self {
            ReviewError::NothingWaits { environment } => vec![Hint::run("look for updates", pull(environment))],
            ReviewError::NoLock { environment, .. } => vec![Hint::run("propose one", pull(environment))],
            ReviewError::Nobody(decision) => vec![
                Hint::run("say who you are", format!("anvil review {decision} --by 'Your Name'")),
                Hint::run("or tell git", "git config --global user.name 'Your Name'"),
            ],
            ReviewError::Text { .. } => Vec::new(),
            ReviewError::Stale { environment, .. } => {
                vec![Hint::run("propose one that does", pull(environment))]
            }
            ReviewError::OtherMode { others, .. } => name(others),
            ReviewError::WhichOne(names) if names.is_empty() => {
                vec![Hint::new("add one: `[environments.staging]`, and below it `mode = \"review\"`")]
            }
            ReviewError::WhichOne(names) => name(names),
            ReviewError::NoKey => {
                vec![Hint::run("set yours", "anvil config set signing.key ~/.ssh/id_ed25519")]
            }
            ReviewError::StrangeKey(public) => vec![Hint::new(format!(
                "a line for it in the file of `[trust] allowed-signers` is `YOU@EXAMPLE.COM {public}`"
            ))],
        }
    }
}

/// A lock that is proposed, as it lies in the project.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The file's bytes.
    bytes: Vec<u8>,
    /// Their checksum, which is what is approved.
    pub digest: Sha256,
    /// The lock.
    pub lock: Lockfile,
}

impl Pending {
    /// Returns the proposed lock of `project`, if there is one.
    ///
    /// # Errors
    /// When it is no lock.
    pub fn read(project: &Project) -> Result<Option<Pending>> {
        let Some(bytes) = fs::read_if_exists(&project.pending_path())? else { return Ok(None) };
        let (digest, text) = (Sha256::of(&bytes), String::from_utf8_lossy(&bytes));
        let lock = Lockfile::read(lockfile::PENDING_FILE_NAME, &text)?.whole(lockfile::PENDING_FILE_NAME)?;
        Ok(Some(Pending { bytes, digest, lock }))
    }
}

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
    /// Sets of which the lock has a newer version: it probably changed since this was proposed.
    pub lowered: Vec<SetName>,
    /// The sets that would change, and those whose prompts would render to something else, by name.
    pub sets: Vec<SetChange>,
    /// How many tests render to the same as before.
    pub unchanged: usize,
}

/// What a decision led to.
#[derive(Clone, Debug)]
pub struct Decided {
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
    /// Whether it is about the lock itself, since nothing is proposed.
    pub of_lock: bool,
    /// Whether the proposed lock became the lock.
    pub taken: bool,
    /// How many approvals are missing.
    pub missing: usize,
    /// Who approved what was proposed before this, and has not approved this: their approvals do not count for it.
    pub superseded: Vec<Voice>,
    /// Sets of which the lock had a newer version than what took its place: it probably changed since that was proposed.
    pub lowered: Vec<SetName>,
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
    let lock = match current {
        Some(_) => project.lock()?,
        None => Lockfile::default(),
    };
    let proposed = match Pending::read(&project)? {
        Some(pending) if pending.lock != lock => {
            let stale = lock::staleness(&project, &pending.lock)?;
            let lowered = lowered(&lock, &pending.lock);
            let (sets, unchanged) = compare::run(context, &project, &lock, &pending.lock)?;
            Some(Proposed {
                standing: record.standing(&environment, &pending.digest),
                digest: pending.digest,
                stale,
                lowered,
                sets,
                unchanged,
            })
        }
        _ => None,
    };
    Ok(Report { environment, approvals, proposed, current })
}

/// Approves the lock that is proposed, or where none is the lock itself. When enough people have, the proposed one
/// takes the place of the lock.
///
/// # Errors
/// When there is nothing to approve, what is proposed cannot be shown or no longer answers the manifest, nobody is
/// named who approves, the approval would not count, or something cannot be written.
pub fn approve(context: &Context, by: Option<&str>) -> Result<Decided> {
    let _reserved = Project::reserve(context, super::target::Action::Do)?;
    let (project, environment, approvals) = reviewed(context)?;
    let mut record = Record::read(&project)?;
    let pending = Pending::read(&project)?;
    let digest = match &pending {
        Some(pending) => {
            if let Some(stale) = lock::staleness(&project, &pending.lock)?.first() {
                return Err(ReviewError::Stale { why: stale.to_string(), environment }.into());
            }
            // What cannot be shown cannot have been looked at: such as a proposal that was edited by hand.
            let lock = if fs::exists(&project.lock_path()) { project.lock()? } else { Lockfile::default() };
            compare::run(context, &project, &lock, &pending.lock)?;
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
    let before = record.standing(&environment, &digest);
    let is_there = before.approved.iter().any(|voice| record::folded(&voice.by) == record::folded(&who));
    if !is_there {
        let (environment, decision) = (environment.clone(), Decision::Approve);
        let review = Review { environment, decision, digest, by: by.clone(), at, reason: None };
        record.add(&project, &review, key.as_ref())?;
    }
    let standing = record.standing(&environment, &digest);
    let lock = fs::read_if_exists(&project.lock_path())?.map(|bytes| Sha256::of(&bytes));
    let superseded = record.superseded(&environment, [Some(digest), lock], approvals);
    let mut set_back = Vec::new();
    let taken = match &pending {
        Some(pending) if standing.suffices(approvals) => {
            if let Ok(Some(Reading::Whole(lock))) = project.read_lock() {
                set_back = lowered(&lock, &pending.lock);
            }
            fs::write_through(&project.lock_path(), &pending.bytes, fs::Durability::Synced)?;
            fs::remove_file(&project.pending_path())?;
            true
        }
        _ => false,
    };
    Ok(Decided {
        decision: Decision::Approve,
        digest,
        by: who,
        recorded: !is_there,
        signed: key.is_some(),
        of_lock: pending.is_none(),
        taken,
        missing: standing.missing(approvals),
        superseded,
        lowered: set_back,
        environment,
    })
}

/// Rejects the lock that is proposed: it goes, and is not proposed again.
///
/// # Errors
/// When none is proposed, nobody is named who rejects it, or something cannot be written.
pub fn reject(context: &Context, by: Option<&str>, reason: Option<&str>) -> Result<Decided> {
    let _reserved = Project::reserve(context, super::target::Action::Do)?;
    let (project, environment, approvals) = reviewed(context)?;
    let mut record = Record::read(&project)?;
    // One that is no lock any more can be rejected, too.
    let Some(bytes) = fs::read_if_exists(&project.pending_path())? else {
        return Err(ReviewError::NothingWaits { environment }.into());
    };
    let digest = Sha256::of(&bytes);
    let by = reviewer(&project, by, Decision::Reject)?;
    let reason = reason.map(|reason| plain("--reason", reason)).transpose()?;
    let key = key(context)?;
    let (at, decision) = (moment(context), Decision::Reject);
    let review = Review { environment: environment.clone(), decision, digest, by: by.clone(), at, reason };
    record.add(&project, &review, key.as_ref())?;
    fs::remove_file(&project.pending_path())?;
    Ok(Decided {
        decision,
        digest,
        by,
        recorded: true,
        signed: key.is_some(),
        of_lock: false,
        taken: false,
        missing: record.standing(&environment, &digest).missing(approvals),
        superseded: Vec::new(),
        lowered: Vec::new(),
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
