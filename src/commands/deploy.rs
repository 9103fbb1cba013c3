//! `anvil pull` by the rules of an environment.
//!
//! - `locked`: what the lock says, as `--locked`.
//! - `review`: what the lock says is put in place; what an update would choose is proposed, as a lock of its own
//!   ([`crate::lockfile::PENDING_FILE_NAME`]), unless that very content was rejected before.
//! - `live`: the newest that satisfies is taken, and what has the environment's channel follows that.
//!
//! Without an environment it is [`pull`] as ever.

use super::context::{Context, Network};
use super::environment::{self, Rules};
use super::lock::{self, Answer, LockCommandError, Update};
use super::parallel::in_parallel;
use super::project::{Project, ProjectError};
use super::pull::{self, Mode, Pulled};
use super::registries::Registries;
use super::review::{self, Record, Standing, Voice};
use super::target::Action;
use crate::digest::Sha256;
use crate::error::{Error, Hint, Result, suggest};
use crate::fs;
use crate::lockfile::{Change, Lockfile, Reading, Source};
use crate::manifest;
use crate::name::{ChannelName, RegistryId, SetName};
use crate::registry::{Freshness, RegistryError};
use crate::store::project as unpacked;
use crate::version::Version;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a pull did, or would do.
#[derive(Debug)]
pub struct Report {
    /// The environment, if one is named.
    pub environment: Option<Rules>,
    /// What was put in place; nothing where the lock does not answer the manifest and a new one waits for review.
    pub pulled: Option<Pulled>,
    /// The sets of which a channel asks something that was not done.
    pub unfollowed: Vec<Unfollowed>,
    /// The sets that follow the environment's channel.
    pub followed: Vec<Followed>,
    /// That no set has the environment's channel, so that it says nothing.
    pub missing_channel: Option<MissingChannel>,
    /// What is proposed, in an environment with reviews.
    pub proposal: Option<Proposal>,
    /// Why nothing was put in place.
    pub stale: Option<Error>,
}

/// A set that follows its channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// The set.
    pub name: SetName,
    /// The version that the channel names, which is taken.
    pub version: Version,
}

/// A channel that no set has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingChannel {
    /// The channel.
    pub channel: ChannelName,
    /// One of nearly that name that a set has.
    pub near: Option<ChannelName>,
}

impl MissingChannel {
    fn of(channel: &ChannelName, known: &BTreeSet<ChannelName>) -> Self {
        let near = suggest(channel.as_str(), known.iter().map(ChannelName::as_str));
        MissingChannel { channel: channel.clone(), near: near.and_then(|near| near.parse().ok()) }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Hint {
        match &self.near {
            Some(near) => Hint::new(format!("did you mean `{near}`? Correct `channel` in anvil.toml")),
            None => {
                Hint::new("correct `channel` in anvil.toml, or have the owner of a set make it with `anvil channel`")
            }
        }
    }
}

impl fmt::Display for MissingChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no set has a channel `{}`", self.channel)
    }
}

/// Returns that no set of `lock` has `channel`, as far as it takes no request to know it.
pub fn missing_channel(
    context: &Context,
    project: &Project,
    lock: &Lockfile,
    channel: &ChannelName,
) -> Option<MissingChannel> {
    let offline = Context { network: Network::Offline, ..context.clone() };
    let registries = Registries::new(&offline, &project.folder, &project.manifest, Freshness::Cached);
    let (mut known, mut asked) = (BTreeSet::new(), false);
    for set in &lock.sets {
        let Source::Registry(id) = &set.source else { continue };
        known.extend(registries.with_id(id).ok()?.channels(&set.name).ok()?.0.into_keys());
        asked = true;
    }
    (asked && !known.contains(channel)).then(|| MissingChannel::of(channel, &known))
}

/// A set that does not follow its channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfollowed {
    /// The set.
    pub name: SetName,
    /// The version that the channel names; nothing where that is not known.
    pub channel: Option<Version>,
    /// The version that was taken in its place; nothing where the set is not needed in the end.
    pub taken: Option<Version>,
    /// Why.
    pub why: Why,
}

/// Why a set does not follow its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The requirements rule the version out.
    NotAllowed,
    /// The registry has no such version that could be used.
    Missing,
    /// The version was yanked.
    Yanked,
    /// The project takes no versions that are as young.
    TooYoung,
    /// The network may not be used to ask for the channel.
    Offline,
}

/// What is proposed.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// The lock is what an update would choose.
    Nothing,
    /// This waits for review.
    Waits {
        /// How it differs from the lock.
        changes: Vec<Change>,
        /// The checksum of its bytes.
        digest: Sha256,
        /// What is recorded of it.
        standing: Standing,
        /// Whether it was, or would be, written by this run.
        is_new: bool,
    },
    /// This was rejected before and is not proposed again.
    Rejected {
        /// How it differs from the lock.
        changes: Vec<Change>,
        /// Who rejected it.
        by: Vec<Voice>,
    },
    /// What an update would choose could not be found out without the network.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl Proposal {
    /// Returns what it is called in answers for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Proposal::Nothing => "nothing",
            Proposal::Waits { .. } => "waits",
            Proposal::Rejected { .. } => "rejected",
            Proposal::Unknown { .. } => "unknown",
        }
    }
}

/// Makes the project that the command runs in match its manifest and lock as its environment wants it, or works out
/// what that would do. `mode` is what the command line asks for; an environment may ask for more.
///
/// # Errors
/// Those of [`pull::run`], and when the project has no such environment, or what is recorded of reviews cannot be read.
pub fn run(context: &Context, mode: Mode, run: Action) -> Result<Report> {
    let rules = match context.environment {
        Some(_) => environment::of(context, &Project::of(context)?)?,
        None => None,
    };
    let mode = match (mode, rules.as_ref().map(|rules| &rules.mode)) {
        (Mode::Resolve(_), Some(manifest::Mode::Live { channel })) => {
            let (pulled, channels) = live(context, channel.as_ref(), run)?;
            let Channels { followed, unfollowed, missing } = channels;
            return Ok(Report { followed, unfollowed, missing_channel: missing, ..Report::of(rules, pulled) });
        }
        (Mode::Resolve(_), Some(manifest::Mode::Review { .. })) => {
            let rules = rules.expect("it was matched");
            return propose_anew(context, rules, run);
        }
        (_, Some(manifest::Mode::Locked)) => Mode::Locked,
        (mode, _) => mode,
    };
    let is_locked = rules.as_ref().is_some_and(|rules| rules.mode == manifest::Mode::Locked);
    let told = |error| if is_locked { environment::unlocked(context, error) } else { error };
    let pulled = match run {
        Action::Plan => Pulled::Planned(pull::plan(context, &mode).map_err(told)?),
        Action::Do => Pulled::Done(pull::run(context, &mode).map_err(told)?),
    };
    Ok(Report::of(rules, pulled))
}

impl Report {
    fn of(environment: Option<Rules>, pulled: Pulled) -> Self {
        let pulled = Some(pulled);
        let (followed, unfollowed) = (Vec::new(), Vec::new());
        Report { environment, pulled, followed, unfollowed, missing_channel: None, proposal: None, stale: None }
    }
}

/// What came of the channel of an environment.
#[derive(Default)]
struct Channels {
    followed: Vec<Followed>,
    unfollowed: Vec<Unfollowed>,
    missing: Option<MissingChannel>,
}

fn live(context: &Context, channel: Option<&ChannelName>, run: Action) -> Result<(Pulled, Channels)> {
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of(context)?;
    let (answer, channels) = newest(context, &project, channel)?;
    let pulled = match run {
        Action::Plan => Pulled::Planned(pull::plan_of(&project, answer)?),
        Action::Do => Pulled::Done(pull::install(context, &project, answer, |new| lock::write(&project, new))?),
    };
    Ok((pulled, channels))
}

/// Returns the newest that satisfies, or where a set has the channel, what that names.
fn newest(context: &Context, project: &Project, channel: Option<&ChannelName>) -> Result<(Answer, Channels)> {
    let registries = lock::registries(context, project, &Update::All);
    let mut answer = lock::answer_from(context, project, &Update::All, &registries)?;
    let Some(channel) = channel else { return Ok((answer, Channels::default())) };
    let mut known = BTreeSet::new();
    let (mut asked, mut followed, mut unfollowed) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    // What follows a channel may need sets that were not needed before.
    loop {
        let before = followed.len();
        let sets = answer.lock.sets.iter().filter_map(|set| match &set.source {
            Source::Registry(id) => Some((set.name.clone(), id.clone())),
            Source::Git { .. } | Source::Path(_) => None,
        });
        let new: Vec<(SetName, RegistryId)> = sets.filter(|(name, _)| asked.insert(name.clone())).collect();
        let named = in_parallel(&new, |(name, id)| named(context, project, &registries, (name, id, channel)))?;
        for ((name, id), named) in new.into_iter().zip(named) {
            match named {
                Named::Nothing(others) => known.extend(others),
                Named::Version(version) => _ = followed.insert(name, (id, version)),
                Named::Refused(version, why) => {
                    unfollowed.push(Unfollowed { name, channel: version, taken: None, why });
                }
            }
        }
        if followed.len() == before {
            break;
        }
        answer = lock::answer_from(context, project, &Update::Follow(followed.clone()), &registries)?;
    }
    let is_missing = followed.is_empty() && unfollowed.is_empty() && !asked.is_empty();
    let missing = is_missing.then(|| MissingChannel::of(channel, &known));
    let follows = |name: &SetName, version: &Version| answer.lock.set(name).is_some_and(|set| set.version == *version);
    let refused = unfollowed.iter().filter_map(|it| Some((&it.name, it.channel.as_ref()?)));
    let named = followed.iter().map(|(name, (_, version))| (name, version)).chain(refused);
    let taken = named.filter(|(name, version)| follows(name, version));
    let mut follow: Vec<Followed> =
        taken.map(|(name, version)| Followed { name: name.clone(), version: version.clone() }).collect();
    follow.sort_by(|a, b| a.name.cmp(&b.name));
    for (name, (_, version)) in followed {
        if answer.lock.set(&name).is_some_and(|set| set.version != version) {
            unfollowed.push(Unfollowed { name, channel: Some(version), taken: None, why: Why::NotAllowed });
        }
    }
    for it in &mut unfollowed {
        it.taken = answer.lock.set(&it.name).map(|set| set.version.clone());
    }
    unfollowed.retain(|it| it.taken.is_some() && it.taken != it.channel);
    unfollowed.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((answer, Channels { followed: follow, unfollowed, missing }))
}

/// What a channel names of a set.
enum Named {
    /// The set has no such channel, but these.
    Nothing(Vec<ChannelName>),
    /// A version that may be taken.
    Version(Version),
    /// A version that may not, if it is known.
    Refused(Option<Version>, Why),
}

fn named(
    context: &Context,
    project: &Project,
    registries: &Registries<'_>,
    (name, id, channel): (&SetName, &RegistryId, &ChannelName),
) -> Result<Named> {
    let registry = registries.with_id(id)?;
    let channels = match registry.channels(name) {
        Err(RegistryError::Offline { .. }) => return Ok(Named::Refused(None, Why::Offline)),
        channels => channels?,
    };
    let Some(version) = channels.0.get(channel).cloned() else {
        return Ok(Named::Nothing(channels.0.into_keys().collect()));
    };
    let index = registry.index(name)?;
    let Some(line) = index.as_ref().and_then(|index| index.line(&version)) else {
        return Ok(Named::Refused(Some(version), Why::Missing));
    };
    let cutoff = project.manifest.resolution.minimum_release_age.map(|age| age.cutoff(context.now));
    let published = line.published_at.as_deref().and_then(super::unix_seconds);
    let is_locked = || project.read_lock().ok().flatten().is_some_and(|reading| holds(&reading, name, &version));
    let refused = match cutoff.and_then(|cutoff| i64::try_from(cutoff).ok()) {
        _ if line.yanked.is_some() => Some(Why::Yanked),
        Some(cutoff) if published.is_none_or(|published| published > cutoff) && !is_locked() => Some(Why::TooYoung),
        _ => None,
    };
    Ok(match refused {
        Some(why) => Named::Refused(Some(version), why),
        None => Named::Version(version),
    })
}

fn holds(reading: &Reading, name: &SetName, version: &Version) -> bool {
    reading.sides().into_iter().any(|lock| lock.set(name).is_some_and(|set| set.version == *version))
}

fn propose_anew(context: &Context, rules: Rules, run: Action) -> Result<Report> {
    let _reserved = Project::reserve(context, run)?;
    let project = Project::of(context)?;
    let record = Record::read(&project)?;
    // What is locked is put in place whatever becomes of the proposal.
    let (pulled, stale) = match lock::check(&project) {
        Ok(_) => {
            let pulled = match run {
                Action::Plan => Pulled::Planned(pull::plan(context, &Mode::Locked)?),
                Action::Do => Pulled::Done(pull::run(context, &Mode::Locked)?),
            };
            (Some(pulled), None)
        }
        Err(error) if is_stale(&error) => (None, Some(error)),
        Err(error) => return Err(error),
    };
    let proposal = match lock::answer(context, &project, &Update::All) {
        Ok(answer) => propose(&project, &record, &rules, answer, run)?,
        // What is locked is in place, and to look for more was not to be expected.
        Err(error) if context.network == Network::Offline && pulled.is_some() => {
            Proposal::Unknown { why: error.to_string() }
        }
        Err(error) => return Err(error),
    };
    let (followed, unfollowed, missing_channel) = (Vec::new(), Vec::new(), None);
    let (environment, proposal) = (Some(rules), Some(proposal));
    Ok(Report { environment, pulled, followed, unfollowed, missing_channel, proposal, stale })
}

/// Returns whether `error` is that the lock does not answer the manifest, which a proposal may mend.
fn is_stale(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(LockCommandError::Stale(_)))
        || matches!(error.downcast_ref(), Some(ProjectError::NoLock(_)))
}

/// Proposes the lock of `answer`, unless it is the lock already or was rejected before.
fn propose(project: &Project, record: &Record, rules: &Rules, answer: Answer, run: Action) -> Result<Proposal> {
    let path = project.pending_path();
    let there = fs::read_if_exists(&path)?;
    if !answer.is_new() || answer.lock == Lockfile::default() && !fs::exists(&project.lock_path()) {
        if run == Action::Do && there.is_some() {
            fs::remove_file(&path)?; // It was taken by another way, or is no longer what an update would choose.
        }
        return Ok(Proposal::Nothing);
    }
    let text = review::proposing(&answer.previous, &answer.lock);
    let digest = Sha256::of(answer.lock.write());
    let standing = record.standing(&rules.name, &digest);
    let changes = answer.changes;
    if !standing.rejected.is_empty() {
        // An older proposal, which nothing would choose any more, does not wait any longer either.
        if run == Action::Do && there.as_deref().is_some_and(|there| Sha256::of(review::proposed(there)) != digest) {
            fs::remove_file(&path)?;
        }
        return Ok(Proposal::Rejected { changes, by: standing.rejected });
    }
    let is_new = there.is_none_or(|there| there != text.as_bytes());
    if run == Action::Do && is_new {
        fs::write_through(&path, text.as_bytes(), fs::Durability::Synced)?;
        unpacked::sweep_beside(&project.root);
    }
    Ok(Proposal::Waits { changes, digest, standing, is_new })
}
