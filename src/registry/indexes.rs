//! The index files of one registry, each read once in a process, and fetched ahead.
//!
//! A resolver asks for one index after another and cannot know the next before it has the last:
//! every level of the graph would cost a round trip. So [`Indexes::prefetch`] walks ahead of it on
//! the runtime: as a file arrives, those of the dependencies of its newest matching version are
//! asked for. It guesses; what it guesses wrong costs a request and nothing else.
//!
//! What the cache or a folder holds needs no request, but hashing and parsing some hundred files is
//! most of what a warm `lock` does. One thread walks ahead through those while the resolver thinks.

use super::folder::Folder;
use super::web::{File, Local, Web};
use super::{INDEX_LIMIT, INDEXES_LIMIT, Location, RegistryError, runtime};
use crate::index::{IndexFile, Paths};
use crate::name::SetName;
use crate::progress::Progress;
use crate::store::CachedFile;
use crate::version::Requirement;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread;

/// The most sets that are fetched ahead: what a hostile index can make Anvil ask for on its own.
const AHEAD: usize = 10_000;

/// Where a registry's files come from.
#[derive(Clone)]
pub(super) enum Source {
    /// A folder.
    Folder(Folder),
    /// HTTP.
    Web(Arc<Web>),
}

/// An index, or that there is none.
type Index = Option<Arc<IndexFile>>;

/// A set, and the versions of it that somebody will ask for.
type Guess = (SetName, Requirement);

/// The index files of one registry.
pub(super) struct Indexes {
    location: Location,
    source: Source,
    progress: Arc<dyn Progress>,
    state: Mutex<State>,
    arrived: Condvar,
    /// How many bytes were parsed so far.
    read: AtomicU64,
    /// Guesses for the thread that walks ahead; it ends with the last owner of the indexes.
    ahead: OnceLock<mpsc::Sender<Vec<Guess>>>,
}

#[derive(Default)]
struct State {
    slots: HashMap<SetName, Slot>,
    guessed: HashSet<Guess>,
}

enum Slot {
    /// Somebody is reading it; these versions of it were guessed meanwhile.
    UnderWay(Vec<Requirement>),
    /// It was read, or is not there.
    Known(Index),
    /// It could not be read; told to whoever asks first, who may ask again.
    Failed(RegistryError),
}

/// What the cache holds of an index.
type Held = Option<(CachedFile, IndexFile)>;

impl Indexes {
    pub fn new(location: Location, source: Source, progress: Arc<dyn Progress>) -> Arc<Self> {
        let (state, arrived, ahead) = (Mutex::default(), Condvar::new(), OnceLock::new());
        Arc::new(Indexes { location, source, progress, state, arrived, read: AtomicU64::new(0), ahead })
    }

    /// Returns the index of `name`, waiting for it where it is under way, or nothing if the set does not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn index(self: &Arc<Self>, name: &SetName) -> Result<Index, RegistryError> {
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
                Some(Slot::Known(Some(index))) => guesses.extend(dependencies(index, &requirement)),
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
                let index = folder
                    .read(&path, INDEX_LIMIT)
                    .and_then(|bytes| bytes.map(|bytes| self.parse(name, &bytes)).transpose());
                return self.settle(name, index);
            }
            Source::Web(web) => web,
        };
        let held = match web.local(file, |bytes| self.parse(name, bytes)) {
            Ok(Local::Fresh(index)) => return self.settle(name, Ok(Some(index))),
            Ok(Local::Ask(held)) => held,
            Err(error) => return self.settle(name, Err(error)),
        };
        match runtime::runtime() {
            Ok(runtime) => {
                let task = runtime.spawn(fetch(self.clone(), web.clone(), name.clone(), held));
                let (this, name) = (self.clone(), name.clone());
                runtime.spawn(async move {
                    // Two tasks, so that one that ends badly still wakes whoever waits for it.
                    let index = task.await.unwrap_or_else(|_| Err(runtime::broken_off()));
                    let guesses = this.settle(&name, index);
                    this.walk(guesses);
                });
                Vec::new()
            }
            Err(error) => self.settle(name, Err(error)),
        }
    }

    fn parse(&self, name: &SetName, bytes: &[u8]) -> Result<IndexFile, RegistryError> {
        let length = bytes.len() as u64;
        if self.read.fetch_add(length, Ordering::Relaxed).saturating_add(length) > INDEXES_LIMIT {
            return Err(RegistryError::TooMuchIndex { location: self.location.clone() });
        }
        IndexFile::parse(name, bytes).map_err(|source| RegistryError::Index { location: self.location.clone(), source })
    }

    /// Writes down what became of the index of `name`, wakes all who wait, and returns what to guess next.
    fn settle(&self, name: &SetName, index: Result<Option<IndexFile>, RegistryError>) -> Vec<Guess> {
        let mut guesses = Vec::new();
        let slot = match index.map(|index| index.map(Arc::new)) {
            Ok(index) => Slot::Known(index),
            Err(error) => Slot::Failed(error),
        };
        let mut state = self.lock();
        let guessed = match state.slots.remove(name) {
            Some(Slot::UnderWay(guessed)) => guessed,
            _ => Vec::new(),
        };
        if let Slot::Known(Some(index)) = &slot {
            guesses.extend(guessed.iter().flat_map(|requirement| dependencies(index, requirement)));
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
) -> Result<Option<IndexFile>, RegistryError> {
    let path = Paths::index(&name);
    let file = File { path: &path, wanted: "an index", limit: INDEX_LIMIT };
    web.ask(file, held, |bytes| indexes.parse(&name, bytes)).await
}

/// Returns what the newest version of `index` that `requirement` takes depends on in the same registry.
fn dependencies(index: &IndexFile, requirement: &Requirement) -> Vec<Guess> {
    let newest = index
        .lines
        .iter()
        .filter(|line| line.yanked.is_none() && requirement.matches(&line.version))
        .max_by(|a, b| a.version.cmp(&b.version));
    let dependencies = newest.into_iter().flat_map(|line| line.dependencies.iter());
    dependencies
        .filter(|dependency| dependency.registry.is_none())
        .map(|dependency| (dependency.name.clone(), dependency.requirement.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{LineDependency, edit, test_line};

    #[test]
    fn the_newest_matching_version_leads_on() {
        let depends = |version: &str, on: &str, registry: Option<&str>| {
            let mut line = test_line("a/a", version);
            line.dependencies = Arc::new([LineDependency {
                name: on.parse().unwrap(),
                requirement: "^1".parse().unwrap(),
                registry: registry.map(|id| id.parse().unwrap()),
                registry_url: None,
            }]);
            line
        };
        let lines = [
            depends("1.1.0", "b/newer", None),
            depends("1.0.0", "b/older", None),
            depends("2.0.0", "b/elsewhere", Some("other.example")),
        ];
        let text: Vec<u8> = lines.iter().flat_map(edit::to_text).collect();
        let index = IndexFile::parse(&"a/a".parse().unwrap(), &text).unwrap();
        let names = |requirement: &str| {
            let found = dependencies(&index, &requirement.parse().unwrap());
            found.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names("^1"), ["b/newer"]);
        assert_eq!(names("=1.0.0"), ["b/older"]);
        assert!(names("^2").is_empty(), "a set of another registry was asked for here");
        assert!(names("^3").is_empty());
    }
}
