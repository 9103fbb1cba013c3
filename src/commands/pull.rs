//! Makes the project match its lock: fetches what is missing, checks it, unpacks it.
//!
//! The lock is written last, when all that it names is in place, so that a pull that is killed
//! leaves a project that still works.

use super::context::{Context, Network};
use super::dependency;
use super::lock::{self, Answer, AtHand, LockCommandError, Sizes, Update};
use super::parallel::in_parallel;
use super::project::Project;
use super::registries::Registries;
use super::sources;
use super::target::Action;
use super::vendor::{self, Known};
use crate::archive::{self, FileSet, Identity};
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Error, Hint, Result};
use crate::lockfile::{LockedSet, Lockfile, Source, Stale};
use crate::name::{RegistryId, SetName};
use crate::registry::publish::Changed;
use crate::registry::{Freshness, Location, RegistryError, Wanted};
use crate::store::layout::{Place, unpacked_folder};
use crate::store::project::{self as unpacked, Content, State};
use crate::version::Version;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many bundles are fetched at once.
const PARALLEL_FETCHES: usize = 48;

/// Whether a pull may change the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It resolves where the lock does not answer the manifest, or where an update is asked for.
    Resolve(Update),
    /// It takes the lock as it is, and fails where it does not answer the manifest.
    Locked,
}

/// What a pull did, or would do.
#[derive(Clone, Debug)]
pub struct Report {
    /// The lock and what moved in it.
    pub answer: Answer,
    /// Whether the lock was written.
    pub lock_written: bool,
    /// The sets that were unpacked, with what was wrong before.
    pub unpacked: Vec<(SetName, Version, Reason)>,
    /// How many bundles were fetched, and how many bytes they have.
    pub fetched: (usize, u64),
    /// How many sets that nothing names any more were removed.
    pub removed: usize,
}

/// Why a set had to be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was not there.
    New,
    /// Its files were not those of the lock.
    Healed,
}

/// A locked set whose content cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The bundle of the locked checksum has another content than the locked one.
    #[error("the content of {name} {version} has the digest {found}, but {locked} is locked")]
    Digest {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
        /// The locked digest.
        locked: ContentDigest,
        /// The digest that was found.
        found: ContentDigest,
    },
    /// The bundle of a version that is newly chosen has another content than the registry's index says.
    #[error("the content of {name} {version} has the digest {found}, but the registry `{registry}` says {stated}")]
    OtherContent {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The registry.
        registry: RegistryId,
        /// The digest of the index line.
        stated: ContentDigest,
        /// The digest that was found; boxed, since two would make every result large.
        found: Box<ContentDigest>,
    },
    /// The bundle of a version that is newly chosen needs something else than the registry's index says.
    #[error(
        "the index of the registry `{registry}` contradicts the bundle of {name} {version}: {}",
        match .need {
            Contradiction::Hidden(need) => format!("the bundle needs {need}, and the index does not say so"),
            Contradiction::Invented(need) => format!("the index says that it needs {need}, and the bundle does not"),
        }
    )]
    Contradiction {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The registry.
        registry: RegistryId,
        /// What they do not agree on.
        need: Contradiction,
    },
    /// Bundles are not on this machine, and the network may not be used.
    #[error("{} not in the cache, and the network may not be used", are(.0))]
    Offline(Vec<(SetName, Version)>),
    /// The registry has no bundle of the locked checksum.
    #[error(
        "anvil.lock names the checksum {} for {} {}, and the registry at `{location}` has no such bundle: one of the two was changed",
        .bundle.sha256, .bundle.name, .bundle.version
    )]
    NoBundle {
        /// The registry's place.
        location: Location,
        /// What the lock says.
        bundle: Box<Wanted>,
    },
    /// The lock gives no checksum for something that has one.
    #[error("anvil.lock gives no checksum for {name} {version}")]
    NoChecksum {
        /// The set.
        name: SetName,
        /// The locked version.
        version: Version,
    },
}

fn are(sets: &[(SetName, Version)]) -> String {
    /// The most that are named.
    const MOST: usize = 3;
    let mut named: Vec<String> = sets.iter().take(MOST).map(|(name, version)| format!("{name} {version}")).collect();
    if sets.len() > MOST {
        named.push(format!("{} more", sets.len() - MOST));
    }
    match named.split_last() {
        Some((last, [])) => format!("{last} is"),
        Some((last, first)) => format!("{} and {last} are", first.join(", ")),
        None => "nothing is".into(),
    }
}

/// What an index and a bundle do not agree on: what a set needs, as in `core/tone ^1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// The bundle alone needs it.
    Hidden(String),
    /// The index alone says so.
    Invented(String),
}

impl Diagnose for PullError {
    fn code(&self) -> Code {
        match self {
            PullError::Digest { .. } | PullError::OtherContent { .. } => Code::A1046,
            PullError::Contradiction { .. } => Code::A0620,
            PullError::Offline(_) => Code::A0612,
            PullError::NoBundle { .. } => Code::A0611,
            PullError::NoChecksum { .. } => Code::A1047,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PullError::Digest { .. } => {
                vec![Hint::new("nothing of it was unpacked; find out who changed what before you lock it again")]
            }
            PullError::OtherContent { .. } | PullError::Contradiction { .. } => {
                vec![Hint::new("nothing of it was unpacked or locked; tell whoever tends the registry")]
            }
            PullError::Offline(_) => vec![
                Hint::run("fetch what is missing while there is a network", "anvil pull"),
                Hint::run("or take it in from what `anvil export` wrote elsewhere", "anvil import ARCHIVE"),
            ],
            PullError::NoBundle { bundle, .. } => vec![
                Hint::run("see whether the lock was changed", "git diff anvil.lock"),
                Hint::run("see what the registry says of it now", format!("anvil update {}", bundle.name)),
            ],
            PullError::NoChecksum { .. } => vec![Hint::run("write the lock anew", "anvil lock")],
        }
    }
}

/// What a pull would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The lock as it would be, and what would move in it.
    pub answer: Answer,
    /// The sets that would be unpacked.
    pub missing: Vec<(SetName, Version)>,
}

/// Returns what a pull would do in the project that the command runs in. Nothing is fetched but indexes, and nothing is written but the cache.
///
/// # Errors
/// When the lock cannot answer the manifest (or, with [`Mode::Locked`], does not).
pub fn plan(context: &Context, mode: &Mode) -> Result<Plan> {
    let project = Project::of(context)?;
    plan_of(&project, mode.answer(context, &project)?)
}

/// Returns what [`install`] would do with `answer`.
///
/// # Errors
/// When what is unpacked cannot be read.
pub fn plan_of(project: &Project, answer: Answer) -> Result<Plan> {
    let missing = missing(project, &answer.lock)?;
    let missing = missing.into_iter().map(|(set, _, _)| (set.name.clone(), set.version.clone())).collect();
    Ok(Plan { answer, missing })
}

/// What such a command did or would do.
#[derive(Clone, Debug)]
pub enum Pulled {
    /// It did.
    Done(Report),
    /// It would do.
    Planned(Plan),
}

impl Pulled {
    /// Returns the lock and what moved in it, or would move.
    pub fn answer(&self) -> &Answer {
        match self {
            Pulled::Done(report) => &report.answer,
            Pulled::Planned(plan) => &plan.answer,
        }
    }

    /// Returns whether it was planned alone.
    pub fn is_planned(&self) -> bool {
        matches!(self, Pulled::Planned(_))
    }

    /// Returns whether it changed the lock or what is unpacked, or would; to sweep what no lock names is no change.
    pub fn outcome(&self) -> Changed {
        Changed::of(match self {
            Pulled::Done(report) => report.lock_written || !report.unpacked.is_empty(),
            Pulled::Planned(plan) => plan.answer.is_new() || !plan.missing.is_empty(),
        })
    }
}

impl Mode {
    fn answer(&self, context: &Context, project: &Project) -> Result<Answer> {
        match self {
            Mode::Resolve(update) => lock::answer(context, project, update),
            Mode::Locked => {
                let lock = lock::check(project)?;
                lock::check_registries(context, project, &lock)?;
                let AtHand { advised, misstated, .. } = lock::at_hand(context, project, &lock);
                if !misstated.is_empty() {
                    return Err(LockCommandError::Stale(misstated).into());
                }
                Ok(Answer { advised, ..Answer::unchanged(lock) })
            }
        }
    }
}

/// Makes the project that the command runs in match its manifest and lock.
///
/// # Errors
/// When the lock cannot answer the manifest (or, with [`Mode::Locked`], does not), or something
/// cannot be fetched, is not what was promised, or cannot be written. The lock is then as it was.
pub fn run(context: &Context, mode: &Mode) -> Result<Report> {
    let _reserved = match mode {
        Mode::Resolve(_) => Project::reserve(context, Action::Do)?,
        Mode::Locked => None, // It writes neither manifest nor lock.
    };
    let project = Project::of(context)?;
    let answer = mode.answer(context, &project)?;
    install(context, &project, answer, |lock| match mode {
        Mode::Resolve(_) => lock::write(&project, lock),
        Mode::Locked => Ok(false),
    })
}

/// Puts in place what `answer` names, then has `write` write the lock (it returns whether it did),
/// then removes what no lock names any more.
///
/// # Errors
/// As [`run`], and those of `write`.
pub fn install(
    context: &Context,
    project: &Project,
    answer: Answer,
    write: impl FnOnce(&Lockfile) -> Result<bool>,
) -> Result<Report> {
    let place = Place::of(&project.root);
    let (unpacked, fetched) = unpack_missing(context, project, &answer).map_err(|error| {
        if place == Place::Vendored { vendor::told(project, &answer.lock, &answer.previous, error) } else { error }
    })?;
    if place == Place::Vendored {
        vendor::keep_lines(context, project, &answer.lock, Known::AsItIs)?;
    }
    let lock_written = write(&answer.lock)?;
    let removed = match place {
        // What ran with the lock before goes on with its sets until the next pull.
        Place::Private => unpacked::sweep(&project.root, &folders(project, [&answer.lock, &answer.previous]))?,
        // What is committed is what the lock names.
        Place::Vendored => vendor::sweep(project, &answer.lock)?,
    };
    Ok(Report { answer, lock_written, unpacked, fetched, removed })
}

pub(super) fn folders<'a>(project: &Project, locks: impl IntoIterator<Item = &'a Lockfile>) -> Vec<PathBuf> {
    let sets = locks.into_iter().flat_map(|lock| &lock.sets);
    sets.filter_map(|set| Some(unpacked_folder(&project.root, &set.name, &set.version, &set.digest?))).collect()
}

type Unpacked = (Vec<(SetName, Version, Reason)>, (usize, u64));

fn unpack_missing(context: &Context, project: &Project, answer: &Answer) -> Result<Unpacked> {
    let missing = missing(project, &answer.lock)?;
    let fetched = fetch(context, project, missing.iter().map(|(set, _, _)| *set), &answer.sizes)?;
    context.progress.begin("unpacking", missing.len() as u64);
    let done = in_parallel(&missing, |(set, digest, _)| {
        let files = checked_contents(context, project, set, &answer.previous)?;
        let content = Content { files: &files, cache: context.cache.as_ref() };
        unpacked::put(&project.root, &set.name, &set.version, digest, &content)?;
        context.progress.advance(1);
        Ok(())
    });
    context.progress.end();
    done?;
    let unpacked = missing.into_iter().map(|(set, _, reason)| (set.name.clone(), set.version.clone(), reason));
    Ok((unpacked.collect(), fetched))
}

/// Returns the files of a locked set as [`contents`] does, once they are those that are locked; `previous` is
/// the lock before, which tells whether the lock or the registry is to be doubted.
///
/// # Errors
/// When they cannot be had, or are others.
pub(super) fn checked_contents(
    context: &Context,
    project: &Project,
    set: &LockedSet,
    previous: &Lockfile,
) -> Result<FileSet> {
    let digest = set.digest.ok_or_else(|| no_checksum(set))?;
    let was_locked = previous.set(&set.name).is_some_and(|before| before.digest == set.digest);
    let files = contents(context, project, set).map_err(|error| match &set.source {
        Source::Registry(id) if !was_locked || is_indexed(context, project, set, id) => {
            contradiction(context, set, id, error)
        }
        _ => error,
    })?;
    let found = files.digest();
    if found == digest {
        return Ok(files);
    }
    context.forget_bundle(set);
    let (name, version) = (set.name.clone(), set.version.clone());
    Err(match &set.source {
        Source::Registry(registry) if !was_locked => {
            let (registry, found) = (registry.clone(), Box::new(found));
            PullError::OtherContent { name, version, registry, stated: digest, found }.into()
        }
        _ => PullError::Digest { name, version, locked: digest, found }.into(),
    })
}

/// Returns whether what is at hand of the index of the registry `id` has the line of `set`. The lock was compared with
/// it before, so that they say the same.
fn is_indexed(context: &Context, project: &Project, set: &LockedSet, id: &RegistryId) -> bool {
    let offline = Context { network: Network::Offline, ..context.clone() };
    let registries = Registries::new(&offline, &project.folder, &project.manifest, Freshness::Cached);
    let lines = registries.with_id(id).map(|registry| registry.lines_at_hand(&set.name, &set.version));
    lines.is_ok_and(|lines| lines.iter().any(|line| Some(line.sha256) == set.sha256))
}

/// Returns `error`, which came of reading the bundle of `set`, as what it is where the lock only says what the index of
/// `registry` said.
fn contradiction(context: &Context, set: &LockedSet, registry: &RegistryId, error: Error) -> Error {
    let need = match error.downcast_ref() {
        Some(LockCommandError::Stale(stale)) => match stale.first() {
            Some(Stale::Unsaid { need, .. }) => Contradiction::Hidden(need.clone()),
            Some(Stale::Invented { need, .. }) => Contradiction::Invented(need.clone()),
            _ => return error,
        },
        _ => return error,
    };
    context.forget_bundle(set);
    let (name, version, registry) = (set.name.clone(), set.version.clone(), registry.clone());
    PullError::Contradiction { name, version, registry, need }.into()
}

/// Returns the locked sets that are not in place.
pub(super) fn missing<'a>(
    project: &Project,
    lock: &'a Lockfile,
) -> Result<Vec<(&'a LockedSet, ContentDigest, Reason)>> {
    let locked = with_digests(lock)?;
    let states =
        in_parallel(&locked, |(set, digest)| Ok(unpacked::state(&project.root, &set.name, &set.version, digest)?))?;
    let reasons = states.into_iter().map(|state| match state {
        State::Unpacked => None,
        State::Missing => Some(Reason::New),
        State::Damaged { .. } => Some(Reason::Healed),
    });
    let missing = locked.into_iter().zip(reasons).filter_map(|((set, digest), reason)| Some((set, digest, reason?)));
    Ok(missing.collect())
}

/// Returns the locked sets that are unpacked, which is all but path sources: those are used where they lie.
pub(super) fn with_digests(lock: &Lockfile) -> Result<Vec<(&LockedSet, ContentDigest)>> {
    let mut sets = Vec::new();
    for set in lock.sets.iter().filter(|set| !matches!(set.source, Source::Path(_))) {
        sets.push((set, set.digest.ok_or_else(|| no_checksum(set))?));
    }
    Ok(sets)
}

/// Fetches those bundles of `sets` that the cache does not hold, each of the size that `sizes` has for
/// it, if it has one. Returns how many, and their bytes.
///
/// # Errors
/// When a registry cannot be read, or has another bundle than the locked one.
pub(super) fn fetch<'a>(
    context: &Context,
    project: &Project,
    sets: impl IntoIterator<Item = &'a LockedSet>,
    sizes: &Sizes,
) -> Result<(usize, u64)> {
    let mut wanted: BTreeMap<&RegistryId, Vec<Wanted>> = BTreeMap::new();
    for set in sets {
        let Source::Registry(id) = &set.source else { continue };
        let sha256 = sha256(set)?;
        if !context.cache()?.holds(&sha256) {
            let size = sizes.get(&sha256).copied();
            let bundle = Wanted { name: set.name.clone(), version: set.version.clone(), sha256, size };
            wanted.entry(id).or_default().push(bundle);
        } else {
            context.progress.detail(format_args!("the bundle of {} {} is in the cache", set.name, set.version));
        }
    }
    let (mut count, mut bytes) = (0, 0);
    if wanted.is_empty() {
        return Ok((count, bytes));
    }
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    context.progress.begin("fetching", wanted.values().map(|bundles| bundles.len() as u64).sum());
    let fetched = wanted.into_iter().try_for_each(|(id, bundles)| -> Result<()> {
        let fetched = registries.with_id(id).and_then(|registry| {
            registry.fetch_bundles(&bundles, PARALLEL_FETCHES, |bundle, content| -> Result<()> {
                context.cache()?.put(&bundle.sha256, &content)?;
                let (Wanted { name, version, .. }, size) = (bundle, content.len());
                context
                    .progress
                    .detail(format_args!("fetched the bundle of {name} {version} from `{id}`, {size} bytes"));
                count += 1;
                bytes += content.len() as u64;
                context.progress.advance(1);
                Ok(())
            })
        });
        fetched.map_err(|error| told_for_bundles(error, &bundles))
    });
    context.progress.end();
    fetched?;
    Ok((count, bytes))
}

/// Returns `error` as it is to be told of `wanted`. That a bundle is not there which only the lock
/// speaks of casts doubt on the lock. That the network may not be used is told of all of them at once,
/// whichever file of the registry was asked for first.
fn told_for_bundles(error: Error, wanted: &[Wanted]) -> Error {
    let (location, name, version) = match error.downcast_ref() {
        Some(RegistryError::NoBundle { location, name, version }) => (location, name, version),
        Some(RegistryError::Offline { .. }) => {
            return PullError::Offline(wanted.iter().map(|it| (it.name.clone(), it.version.clone())).collect()).into();
        }
        _ => return error,
    };
    // Where the size is known, the index was read and promises the bundle, too.
    let same = |bundle: &&Wanted| bundle.name == *name && bundle.version == *version && bundle.size.is_none();
    match wanted.iter().find(same) {
        Some(bundle) => PullError::NoBundle { location: location.clone(), bundle: Box::new(bundle.clone()) }.into(),
        None => error,
    }
}

fn sha256(set: &LockedSet) -> Result<Sha256> {
    Ok(set.sha256.ok_or_else(|| no_checksum(set))?)
}

/// Returns the error that the lock gives no checksum for `set`.
pub(super) fn no_checksum(set: &LockedSet) -> PullError {
    PullError::NoChecksum { name: set.name.clone(), version: set.version.clone() }
}

/// Returns the files of a locked set: from its bundle in the cache, which is fetched again should
/// it have gone or gone bad, or from its git mirror.
pub(super) fn contents(context: &Context, project: &Project, set: &LockedSet) -> Result<FileSet> {
    match &set.source {
        Source::Registry(id) => {
            let bytes = bundle(context, project, set, id)?;
            let identity = Identity { name: set.name.clone(), version: set.version.clone() };
            // What a registry promised and is no bundle is not kept either.
            let files = archive::unpack(&identity, &bytes).inspect_err(|_| context.forget_bundle(set))?;
            check_needs(set, &files)?;
            Ok(files)
        }
        Source::Git { .. } => {
            let contents = sources::git_contents(context, set);
            let files = contents.map_err(|error| sources::with_mover(project, error))?.files;
            check_needs(set, &files)?;
            Ok(files)
        }
        Source::Path(_) => unreachable!("path sources are not unpacked"),
    }
}

/// Checks that the manifest of `set`, which is among `files`, can be used and that the lock says of it what
/// it says.
fn check_needs(set: &LockedSet, files: &FileSet) -> Result<()> {
    let manifest = dependency::manifest_of(&set.name, &set.version, files)?;
    match sources::misstated(set, sources::needs_of(&manifest)) {
        // Of other files than the locked ones nothing is told but that they are others.
        Some(misstated) if Some(files.digest()) == set.digest => Err(LockCommandError::Stale(vec![misstated]).into()),
        _ => Ok(()),
    }
}

/// Returns the files of a locked set that is not unpacked, if they are on this machine as they are locked.
pub(super) fn at_hand(context: &Context, set: &LockedSet) -> Option<FileSet> {
    let files = match &set.source {
        Source::Registry(_) => {
            let bytes = context.cache.as_ref()?.get(set.sha256.as_ref()?)?;
            let identity = Identity { name: set.name.clone(), version: set.version.clone() };
            archive::unpack(&identity, &bytes).ok()?
        }
        Source::Git { .. } => {
            let offline = Context { network: Network::Offline, ..context.clone() };
            sources::git_contents(&offline, set).ok()?.files
        }
        Source::Path(_) => return None,
    };
    (Some(files.digest()) == set.digest).then_some(files)
}

/// Returns the bundle of `set`, locked from the registry `id`: from the cache, or from there should
/// it have gone or gone bad.
///
/// # Errors
/// When it cannot be had, or is not the locked one.
pub(super) fn bundle(context: &Context, project: &Project, set: &LockedSet, id: &RegistryId) -> Result<Vec<u8>> {
    let sha256 = sha256(set)?;
    if let Some(bytes) = context.cache.as_ref().and_then(|cache| cache.get(&sha256)) {
        return Ok(bytes);
    }
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    let wanted = Wanted { name: set.name.clone(), version: set.version.clone(), sha256, size: None };
    let bundle = registries.with_id(id).and_then(|registry| Ok(registry.bundle(&wanted)?));
    bundle.map_err(|error| told_for_bundles(error, &[wanted]))
}
