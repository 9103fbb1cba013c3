//! The index files of one registry, each read once in a process, and fetched ahead.
//!
//! A resolver asks for one index after another and cannot know the next before it has the last:
//! every level of the graph would cost a round trip. So [`Indexes::prefetch`] walks ahead of it on
//! the runtime: as a file arrives, those of the dependencies of its newest matching version are
//! asked for. It guesses; what it guesses wrong costs a request and nothing else.
//!
//! What the cache or a folder holds needs no request, but reading and hashing some hundred files is
//! much of what a warm `lock` does. One thread walks ahead through those while the resolver thinks.
//!
//! What is read first is the outline of an index, which the cache keeps: choosing versions asks for nothing else.
//! Whoever wants whole lines pays for parsing them.
//!
//! What is known to be wanted before the registry is open is asked for beside the registry file, not after it: of ten
//! round trips that saves one.
//!
//! Where much is missing and the registry offers a snapshot of its index, that one answer stands in for
//! the rest of them ([`super::snapshot`]).

use super::folder::Folder;
use super::web::{File, Local, Parsed, Web};
use super::{Freshness, INDEX_LIMIT, INDEXES_LIMIT, Location, RegistryError, runtime, snapshot};
use crate::index::{IndexFile, Outline, Paths, Release, Snapshot, SnapshotOffer};
use crate::name::{RegistryId, SetName};
use crate::progress::Progress;
use crate::store::{CachedFile, IndexCache, Stamp};
use crate::version::Requirement;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread;

/// The most sets that are fetched ahead: what a hostile index can make Anvil ask for on its own.
const AHEAD: usize = 10_000;
/// Of how many versions of a set it is guessed what they depend on, where indexes come from afar.
const FEW: usize = 3;

/// Where a registry's files come from.
#[derive(Clone)]
pub(super) enum Source {
    /// A folder.
    Folder(Folder),
    /// HTTP.
    Web(Arc<Web>),
}

/// An index that was read.
#[derive(Clone)]
struct Index {
    outline: Arc<Outline>,
    /// All of it, where somebody parsed it or asked for it.
    whole: Arc<OnceLock<Arc<IndexFile>>>,
}

impl Index {
    /// Returns an index of which nothing but its outline was read.
    fn outlined(outline: Outline) -> Self {
        Index { outline: Arc::new(outline), whole: Arc::default() }
    }
}

/// A set, and the versions of it that somebody will ask for.
type Guess = (SetName, Requirement);

/// The index files of one registry.
pub(super) struct Indexes {
    location: Location,
    source: Source,
    /// The snapshot that may be asked for, and whose it has to be.
    /// It is known when the registry file was read, and until then none is asked for.
    offer: OnceLock<(SnapshotOffer, RegistryId)>,
    progress: Arc<dyn Progress>,
    state: Mutex<State>,
    arrived: Condvar,
    /// How many bytes were parsed so far.
    read: AtomicU64,
    /// Whether an index had to be asked for over the network.
    far: AtomicBool,
    /// How many requests were made one after the other at most, each when the one before it was answered.
    round_trips: AtomicUsize,
    /// Guesses that wait until it is known what the registry is; nothing once it is, or where nothing was expected.
    held_back: Mutex<Option<Vec<Guess>>>,
    /// Guesses for the thread that walks ahead; it ends with the last owner of the indexes.
    ahead: OnceLock<mpsc::Sender<Vec<Guess>>>,
}

#[derive(Default)]
struct State {
    slots: HashMap<SetName, Slot>,
    guessed: HashSet<Guess>,
    /// How many sets the cache held nothing of.
    lacking: usize,
    snapshot: Shared,
}

enum Slot {
    /// Somebody is reading it; these versions of it were guessed meanwhile.
    UnderWay(Vec<Requirement>),
    /// It was read, or is not there.
    Known(Option<Index>),
    /// It could not be read; told to whoever asks first, who may ask again.
    Failed(RegistryError),
}

/// The snapshot of the registry's index.
#[derive(Default)]
enum Shared {
    /// Nobody has asked for it.
    #[default]
    Unasked,
    /// It is on its way, and these wait for it.
    UnderWay(Vec<SetName>),
    /// It came.
    Here(Arc<Snapshot>, Option<Stamp>),
    /// There is none that could be used.
    Nowhere,
}

/// What the cache holds of an index.
type Held = Option<(Stamp, Index)>;

impl Indexes {
    /// Returns the index files of the registry at `location`.
    pub fn new(location: Location, source: Source, progress: Arc<dyn Progress>) -> Arc<Self> {
        Arc::new(Indexes {
            location,
            source,
            offer: OnceLock::new(),
            progress,
            state: Mutex::default(),
            arrived: Condvar::new(),
            read: AtomicU64::new(0),
            far: AtomicBool::new(false),
            round_trips: AtomicUsize::new(0),
            held_back: Mutex::default(),
            ahead: OnceLock::new(),
        })
    }

    /// Begins to read the indexes of `expected` while it is not known yet what the registry is. What they lead to waits
    /// until [`Indexes::open`]: there may be a snapshot of it.
    pub fn expect(self: &Arc<Self>, expected: Vec<Guess>) {
        *self.held_back() = Some(Vec::new());
        for (name, requirement) in expected {
            let mut state = self.lock();
            state.guessed.insert((name.clone(), requirement.clone()));
            match state.slots.get_mut(&name) {
                Some(Slot::UnderWay(guessed)) => guessed.push(requirement),
                Some(Slot::Known(_) | Slot::Failed(_)) => {}
                None => {
                    state.slots.insert(name.clone(), Slot::UnderWay(vec![requirement]));
                    drop(state);
                    let guesses = self.start(&name);
                    self.follow(guesses);
                }
            }
        }
    }

    /// Goes on where [`Indexes::expect`] left off, since the registry is known now: with a snapshot of the files, if it
    /// offers one that is worth asking for.
    pub fn open(self: &Arc<Self>, id: &RegistryId, offer: Option<SnapshotOffer>) {
        let is_worth = |web: &Web, offer: &SnapshotOffer| {
            web.freshness == Freshness::Cached && offer.limit <= snapshot::WORTH_READING
        };
        if let (Source::Web(web), Some(offer)) = (&self.source, offer)
            && is_worth(web, &offer)
        {
            let _ = self.offer.set((offer, id.clone())); // A registry file is read once.
        }
        let held_back = self.held_back().take().unwrap_or_default();
        if !held_back.is_empty() {
            self.prefetch(held_back);
        }
    }

    /// Follows `guesses`, once the registry is known.
    fn follow(self: &Arc<Self>, guesses: Vec<Guess>) {
        if let Some(held_back) = &mut *self.held_back() {
            held_back.extend(guesses);
            return;
        }
        self.walk(guesses);
    }

    fn held_back(&self) -> MutexGuard<'_, Option<Vec<Guess>>> {
        self.held_back.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how many requests were made one after the other at most, each when the one before it was answered.
    pub fn round_trips(&self) -> usize {
        self.round_trips.load(Ordering::Relaxed)
    }

    /// Returns the outline of the index of `name`, waiting for it where it is under way, or nothing if the set
    /// does not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outline(self: &Arc<Self>, name: &SetName) -> Result<Option<Arc<Outline>>, RegistryError> {
        Ok(self.known(name)?.map(|index| index.outline))
    }

    /// Returns the index of `name`, waiting for it where it is under way, or nothing if the set does not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn index(self: &Arc<Self>, name: &SetName) -> Result<Option<Arc<IndexFile>>, RegistryError> {
        let Some(index) = self.known(name)? else { return Ok(None) };
        if let Some(whole) = index.whole.get() {
            return Ok(Some(whole.clone()));
        }
        let whole = match self.whole_at_hand(name) {
            Some(whole) => whole,
            // It went from the cache while this process ran.
            None => {
                let (set, location) = (name.clone(), self.location.clone());
                let parse = move |bytes: &[u8]| {
                    let index = IndexFile::parse(&set, bytes);
                    index.map_err(|source| RegistryError::Index { location: location.clone(), source })
                };
                let path = Paths::index(name);
                let file = File { path: &path, wanted: "an index", limit: INDEX_LIMIT };
                let Some(whole) = super::read(&self.source, file, parse)? else { return Ok(None) };
                whole
            }
        };
        Ok(Some(index.whole.get_or_init(|| Arc::new(whole)).clone()))
    }

    /// Returns the whole index of `name`, whose outline was found to hold in this process, from the cache.
    fn whole_at_hand(&self, name: &SetName) -> Option<IndexFile> {
        let Source::Web(web) = &self.source else { return None };
        let CachedFile { bytes, .. } = web.cache.as_ref()?.get(&Paths::index(name))?;
        IndexFile::parse(name, &bytes).ok()
    }

    fn known(self: &Arc<Self>, name: &SetName) -> Result<Option<Index>, RegistryError> {
        let mut state = self.lock();
        loop {
            match state.slots.get(name) {
                Some(Slot::Known(index)) => return Ok(index.clone()),
                Some(Slot::UnderWay(_)) => {
                    state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                Some(Slot::Failed(_)) => {
                    if let Some(Slot::Failed(error)) = state.slots.remove(name) {
                        return Err(error);
                    }
                }
                None => {
                    state.slots.insert(name.clone(), Slot::UnderWay(Vec::new()));
                    drop(state);
                    let guesses = self.start(name);
                    self.walk(guesses);
                    state = self.lock();
                }
            }
        }
    }

    /// Begins to read the indexes of `guesses` and, as they arrive, those of what their newest
    /// matching versions depend on. Returns at once.
    pub fn prefetch(self: &Arc<Self>, guesses: Vec<Guess>) {
        let ahead = self.ahead.get_or_init(|| {
            let (sender, receiver) = mpsc::channel::<Vec<Guess>>();
            let this = Arc::downgrade(self);
            thread::spawn(move || {
                for guesses in receiver {
                    let Some(this) = this.upgrade() else { return };
                    this.walk(guesses);
                }
            });
            sender
        });
        let _ = ahead.send(guesses); // Should the thread be gone, the index is read when it is asked for.
    }

    /// Follows `guesses` as far as what is known or cached leads, and starts a request for the rest.
    fn walk(self: &Arc<Self>, mut guesses: Vec<Guess>) {
        while let Some((name, requirement)) = guesses.pop() {
            let mut state = self.lock();
            if state.slots.len() >= AHEAD || !state.guessed.insert((name.clone(), requirement.clone())) {
                continue;
            }
            match state.slots.get_mut(&name) {
                Some(Slot::UnderWay(guessed)) => guessed.push(requirement),
                Some(Slot::Known(Some(index))) => {
                    guesses.extend(dependencies(&index.outline, &requirement, self.breadth()))
                }
                Some(Slot::Known(None) | Slot::Failed(_)) => {}
                None => {
                    state.slots.insert(name.clone(), Slot::UnderWay(vec![requirement]));
                    drop(state);
                    guesses.extend(self.start(&name));
                }
            }
        }
    }

    /// Reads the index of `name`, at once where it is near and on the runtime where it is not. Returns
    /// what to guess next, as far as that is known already.
    fn start(self: &Arc<Self>, name: &SetName) -> Vec<Guess> {
        let path = Paths::index(name);
        let file = File { path: &path, wanted: "an index", limit: INDEX_LIMIT };
        let web = match &self.source {
            Source::Folder(folder) => {
                self.progress.detail(format_args!("{}: read `{path}`", self.location));
                let index = folder.read(&path, INDEX_LIMIT).and_then(|bytes| {
                    // It is near, so that it need not take memory until somebody wants all of it.
                    let index = bytes.map(|bytes| self.parse(name, &bytes)).transpose()?;
                    Ok(index.map(|index| Index { whole: Arc::default(), ..index.value }))
                });
                return self.settle(name, index);
            }
            Source::Web(web) => web,
        };
        let held = match web.local(file, |cache| cached(cache, name)) {
            Ok(Local::Fresh(index)) => return self.settle(name, Ok(Some(index))),
            Ok(Local::Ask(held)) => held,
            Err(error) => return self.settle(name, Err(error)),
        };
        match held {
            Some(held) => {
                // What it needed the last time it probably still needs.
                let guesses = self.guesses_from(name, &held.1);
                self.request(web, name, Some(held)).into_iter().chain(guesses).collect()
            }
            None => self.obtain(web, name),
        }
    }

    /// Begins to get the index of `name`, of which the cache holds nothing: from the snapshot, if that is there or
    /// worth asking for; else by itself. Returns what to guess next, as far as that is known already.
    fn obtain(self: &Arc<Self>, web: &Arc<Web>, name: &SetName) -> Vec<Guess> {
        let mut state = self.lock();
        match &mut state.snapshot {
            Shared::Here(snapshot, stamp) => {
                let (snapshot, stamp) = (snapshot.clone(), stamp.clone());
                drop(state);
                match self.read_snapshot(web, name, &snapshot, stamp) {
                    Some(index) => return self.settle(name, Ok(Some(index))),
                    None => return self.request(web, name, None), // A set that is newer than the snapshot.
                }
            }
            Shared::UnderWay(waiting) => {
                waiting.push(name.clone());
                return Vec::new();
            }
            Shared::Unasked => {
                state.lacking += 1;
                if self.offer.get().is_some() && state.lacking > snapshot::ONE_BY_ONE {
                    state.snapshot = Shared::UnderWay(vec![name.clone()]);
                    drop(state);
                    self.ask_for_snapshot(web);
                    return Vec::new();
                }
            }
            Shared::Nowhere => {}
        }
        drop(state);
        self.request(web, name, None)
    }

    /// Returns the index of `name` as the snapshot has it, and keeps it in the cache for as long as the snapshot
    /// may be used.
    fn read_snapshot(&self, web: &Web, name: &SetName, snapshot: &Snapshot, stamp: Option<Stamp>) -> Option<Index> {
        let bytes = snapshot.file(name)?;
        let Parsed { value, outline } = self.parse(name, bytes).ok()?;
        let path = Paths::index(name);
        if let (Some(cache), Some(stamp)) = (&web.cache, stamp) {
            // The server's name for the snapshot is none for this file.
            let file = CachedFile { bytes: bytes.to_vec(), stamp: Stamp { etag: None, ..stamp } };
            let _ = cache.put(&path, &file, &outline); // As with what came by itself.
        }
        web.http.tell(&path, "from the snapshot");
        Some(value)
    }

    /// Begins to get the snapshot. When it has come or failed, those who wait for it go on.
    fn ask_for_snapshot(self: &Arc<Self>, web: &Arc<Web>) {
        let Ok(runtime) = runtime::runtime() else { return self.take_snapshot(web, None) };
        let task = runtime.spawn(fetch_snapshot(self.clone(), web.clone()));
        let (this, web) = (self.clone(), web.clone());
        runtime.spawn(async move {
            // Two tasks, so that one that ends badly still wakes whoever waits for it.
            this.take_snapshot(&web, task.await.unwrap_or(None));
        });
    }

    fn take_snapshot(self: &Arc<Self>, web: &Arc<Web>, snapshot: Option<(Arc<Snapshot>, Option<Stamp>)>) {
        let came = match snapshot {
            Some((snapshot, stamp)) => Shared::Here(snapshot, stamp),
            None => Shared::Nowhere,
        };
        let before = std::mem::replace(&mut self.lock().snapshot, came);
        let Shared::UnderWay(waiting) = before else { return };
        let guesses: Vec<Guess> = waiting.iter().flat_map(|name| self.obtain(web, name)).collect();
        self.walk(guesses);
    }

    /// Starts a request for the index of `name`, of which the cache holds `held`.
    fn request(self: &Arc<Self>, web: &Arc<Web>, name: &SetName, held: Held) -> Vec<Guess> {
        self.far.store(true, Ordering::Relaxed);
        let trips = self.round_trips() + 1;
        match runtime::runtime() {
            Ok(runtime) => {
                let task = runtime.spawn(fetch(self.clone(), web.clone(), name.clone(), held));
                let (this, name) = (self.clone(), name.clone());
                runtime.spawn(async move {
                    // Two tasks, so that one that ends badly still wakes whoever waits for it.
                    let index = task.await.unwrap_or_else(|_| Err(runtime::broken_off()));
                    this.round_trips.fetch_max(trips, Ordering::Relaxed);
                    let guesses = this.settle(&name, index);
                    this.follow(guesses);
                });
                Vec::new()
            }
            Err(error) => self.settle(name, Err(error)),
        }
    }

    /// Returns of how many versions of a set it is guessed what they depend on. Where each level of a graph costs a
    /// round trip, what older versions need is met earlier, and most of it is needed by newer ones, too, by longer ways.
    fn breadth(&self) -> usize {
        if self.far.load(Ordering::Relaxed) { FEW } else { 1 }
    }

    /// Returns what to guess next if the index of `name`, which is under way, is what the cache holds of it.
    fn guesses_from(&self, name: &SetName, held: &Index) -> Vec<Guess> {
        match self.lock().slots.get(name) {
            Some(Slot::UnderWay(guessed)) => {
                let next = |requirement| dependencies(&held.outline, requirement, self.breadth());
                guessed.iter().flat_map(next).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Counts `bytes` more of indexes that are read.
    ///
    /// # Errors
    /// When they are more than any project needs.
    fn count(&self, bytes: usize) -> Result<(), RegistryError> {
        let length = bytes as u64;
        match self.read.fetch_add(length, Ordering::Relaxed).saturating_add(length) > INDEXES_LIMIT {
            true => Err(RegistryError::TooMuchIndex { location: self.location.clone() }),
            false => Ok(()),
        }
    }

    fn parse(&self, name: &SetName, bytes: &[u8]) -> Result<Parsed<Index>, RegistryError> {
        self.count(bytes.len())?;
        let whole = IndexFile::parse(name, bytes);
        let whole = whole.map_err(|source| RegistryError::Index { location: self.location.clone(), source })?;
        Ok(parsed(name, whole))
    }

    /// Writes down what became of the index of `name`, wakes all who wait, and returns what to guess next.
    fn settle(&self, name: &SetName, index: Result<Option<Index>, RegistryError>) -> Vec<Guess> {
        let mut guesses = Vec::new();
        let slot = match index {
            Ok(index) => Slot::Known(index),
            Err(error) => Slot::Failed(error),
        };
        let mut state = self.lock();
        let guessed = match state.slots.remove(name) {
            Some(Slot::UnderWay(guessed)) => guessed,
            _ => Vec::new(),
        };
        if let Slot::Known(Some(index)) = &slot {
            let next = |requirement| dependencies(&index.outline, requirement, self.breadth());
            guesses.extend(guessed.iter().flat_map(next));
        }
        state.slots.insert(name.clone(), slot);
        self.arrived.notify_all();
        guesses
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two statements that change it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fetch(
    indexes: Arc<Indexes>,
    web: Arc<Web>,
    name: SetName,
    held: Held,
) -> Result<Option<Index>, RegistryError> {
    let path = Paths::index(&name);
    let file = File { path: &path, wanted: "an index", limit: INDEX_LIMIT };
    web.ask(file, held, |bytes| indexes.parse(&name, bytes)).await
}

/// Returns the snapshot that the registry offers, with how long it may be used, if it can be used at all.
async fn fetch_snapshot(indexes: Arc<Indexes>, web: Arc<Web>) -> Option<(Arc<Snapshot>, Option<Stamp>)> {
    let (offer, id) = indexes.offer.get()?;
    let file = File { path: Paths::SNAPSHOT, wanted: "a snapshot of the index", limit: offer.limit };
    let unusable = |why: String| {
        web.http.tell(Paths::SNAPSHOT, &format!("of no use, {why}"));
        RegistryError::Client { why }
    };
    let parse = |bytes: &[u8]| {
        let snapshot = snapshot::read(bytes).map_err(unusable)?;
        if snapshot.registry() != id {
            return Err(unusable(format!("it is of `{}`", snapshot.registry())));
        }
        Ok(Arc::new(snapshot))
    };
    let cached = |cache: &IndexCache| {
        let CachedFile { bytes, stamp } = cache.get(file.path)?;
        Some((stamp, parse(&bytes).ok()?))
    };
    let snapshot = match web.local(file, cached).ok()? {
        Local::Fresh(snapshot) => snapshot,
        Local::Ask(held) => match web.ask_once(file, held, |bytes| parse(bytes).map(Parsed::plain)).await {
            Ok(snapshot) => snapshot?,
            Err(error) => {
                web.http.tell(Paths::SNAPSHOT, &error.to_string());
                return None;
            }
        },
    };
    // What the cache holds of it now says how long; without a cache nothing is kept.
    let stamp = web.cache.as_ref().and_then(|cache| Some(cache.get(file.path)?.stamp));
    Some((snapshot, stamp))
}

/// Returns `whole`, the index of `name`, with the outline that the cache keeps of it.
fn parsed(name: &SetName, whole: IndexFile) -> Parsed<Index> {
    let outline = Outline::encode(&whole);
    let read = Outline::decode(name, &outline).unwrap_or_else(|| Outline::of(name, &whole));
    let value = Index { outline: Arc::new(read), whole: Arc::new(OnceLock::from(Arc::new(whole))) };
    Parsed { value, outline }
}

/// Returns what the cache holds of the index of `name`: its outline, if this Anvil made one; else all of it, and
/// the next command finds an outline.
fn cached(cache: &IndexCache, name: &SetName) -> Option<(Stamp, Index)> {
    let path = Paths::index(name);
    if let Some((stamp, outline)) = cache.outline(&path)
        && let Some(outline) = Outline::decode(name, &outline)
    {
        return Some((stamp, Index::outlined(outline)));
    }
    let file = cache.get(&path)?;
    let Parsed { value, outline } = parsed(name, IndexFile::parse(name, &file.bytes).ok()?);
    let _ = cache.put(&path, &file, &outline); // Should it fail, the next command parses it again.
    Some((file.stamp, value))
}

/// Returns what the newest `most` versions of `index` that `requirement` takes depend on in the same registry.
fn dependencies(index: &Outline, requirement: &Requirement, most: usize) -> Vec<Guess> {
    let takes = |release: &&Release| release.yanked().is_none() && requirement.matches(&release.version);
    let mut newest: Vec<&Release> = index.releases.iter().filter(takes).collect();
    newest.sort_by(|a, b| b.version.cmp(&a.version));
    newest.truncate(most);
    let mut guesses = Vec::new();
    for release in newest {
        let dependencies = index.dependencies(release);
        let own = dependencies.iter().filter(|dependency| dependency.registry.is_none());
        guesses.extend(own.map(|dependency| (dependency.name.clone(), dependency.requirement.clone())));
    }
    guesses
}

#[cfg(test)]
#[path = "indexes_tests.rs"]
mod tests;
