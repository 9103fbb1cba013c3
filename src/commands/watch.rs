//! Waits until a file of a project changes, by looking every now and then: sizes and times of what
//! belongs to it, so that no system's way of being told is needed and network folders work, too.
//!
//! Looked at is what a set consists of, with its manifest and the lock: `.anvil/` changes only together
//! with that, and any other file may be the very one that the answers are written to.

use super::context::Context;
use super::folder;
use super::project::Project;
use super::reference::{Reference, lock};
use crate::fs;
use crate::lockfile::{self, Source};
use crate::manifest::{self, Manifest, Strictness};
use crate::prompt::facts;
use crate::store::workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How often is looked, at most.
const PERIOD: Duration = Duration::from_millis(200);

/// How long everything must stay as it is after a change.
const SETTLING: Duration = Duration::from_millis(50);

/// In a project so large that a look takes long, looking takes no more than this share of the time.
const SHARE: u32 = 4;

/// What is watched.
#[derive(Clone, Debug)]
pub struct Watch {
    /// A project, with the folders that it takes sets from.
    project: Option<PathBuf>,
    /// Single files.
    files: Vec<PathBuf>,
    /// The files of each set when it was last read, and the schemas that its prompts named.
    known: BTreeMap<PathBuf, (State, Vec<PathBuf>)>,
}

/// How everything that is watched stood at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(BTreeMap<PathBuf, Option<(u64, SystemTime)>>);

impl Watch {
    /// Returns the watch on what `reference` is rendered from: its project, or the file alone that
    /// lies in none, and `others`, as the command line has them.
    pub fn of(context: &Context, reference: &Reference, others: &[String]) -> Watch {
        let mut files: Vec<PathBuf> = others.iter().map(|path| context.path(path)).collect();
        let start = match reference {
            Reference::File(path) => {
                let path = context.path(path);
                let folder = path.parent().map(Path::to_owned).unwrap_or_default();
                files.push(path);
                folder
            }
            _ => Project::directory(context).unwrap_or_else(|_| context.directory.clone()),
        };
        Watch { project: Project::find(&start).ok(), files, known: BTreeMap::new() }
    }

    /// Returns how everything stands now. What cannot be looked at counts as absent: whoever reads it
    /// is told why.
    pub fn state(&mut self) -> State {
        let mut state = State::of(self.files.iter().cloned());
        let Some(project) = self.project.clone() else { return state };
        let root = workspace::root_of(&project).unwrap_or_else(|_| project.clone());
        state.0.extend(State::of([root.join(lockfile::FILE_NAME), root.join(manifest::FILE_NAME)]).0);
        let locked = Project::open(&project).and_then(|project| lock(&project)).unwrap_or_default();
        let sources = locked.sets.iter().filter_map(|set| match &set.source {
            Source::Path(path) => Some(fs::join(&root, Path::new(path))),
            _ => None,
        });
        for folder in sources.chain([project.clone()]) {
            state.0.extend(self.set_in(&folder).0);
        }
        state
    }

    /// Returns how the set in `folder` stands.
    fn set_in(&mut self, folder: &Path) -> State {
        let path = folder.join(manifest::FILE_NAME);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let read = Manifest::parse(manifest::FILE_NAME, &text, Strictness::Apart);
        // One that cannot be read may have been understood a moment ago.
        let selection = read.ok().and_then(|manifest| manifest.set).map(|set| set.selection).unwrap_or_default();
        let inside = folder::paths_in(folder).unwrap_or_default();
        let selected: Vec<&String> = inside.iter().filter(|path| selection.selects(path)).collect();
        let mut state = State::of(selected.iter().map(|path| folder.join(path)).chain([path]));
        let schemas = match self.known.get(folder) {
            Some((then, schemas)) if *then == state => schemas.clone(),
            _ => {
                let prompts = selected.into_iter().filter(|path| selection.prompts.name_of(path).is_some());
                let named = prompts.filter_map(|path| facts::schema_path(&fs::read(&folder.join(path)).ok()?));
                named.map(|schema| folder.join(schema)).collect()
            }
        };
        self.known.insert(folder.to_owned(), (state.clone(), schemas.clone()));
        state.0.extend(State::of(schemas).0);
        state
    }

    /// Returns the state that differs from `before`, as soon as there is one and nobody is at work on it:
    /// an editor may empty a file before it writes it.
    pub fn wait(&mut self, before: &State) -> State {
        loop {
            let begun = Instant::now();
            let mut state = self.state();
            if state != *before {
                loop {
                    thread::sleep(SETTLING);
                    let then = std::mem::replace(&mut state, self.state());
                    if then == state {
                        return state;
                    }
                }
            }
            thread::sleep(PERIOD.max(begun.elapsed() * SHARE));
        }
    }
}

impl State {
    fn of(paths: impl IntoIterator<Item = PathBuf>) -> State {
        State(paths.into_iter().map(|path| (path.clone(), fs::size_and_time(&path).ok())).collect())
    }

    /// Returns how many files there are.
    pub fn files(&self) -> usize {
        self.0.values().filter(|facts| facts.is_some()).count()
    }
}
