//! What a proposed lock would change, prompt by prompt: the words of files, what they offer, their tokens, and
//! what their tests render to. The last is looked at in every set that changed, in every one that depends on such a
//! one, and in the project's own: a change of a partial is seen where it is rendered.

use crate::archive::{FileSet, MANIFEST_JSON};
use crate::commands::contents::Contents;
use crate::commands::context::Context;
use crate::commands::dependency;
use crate::commands::diff::rendered::{self, TestChange};
use crate::commands::lock::{LockCommandError, Sizes};
use crate::commands::parallel::in_parallel;
use crate::commands::project::Project;
use crate::commands::pull;
use crate::commands::sources;
use crate::commands::texts::{self, Texts};
use crate::compat::{self, Policy, Side};
use crate::diff::{CONTEXT, Change, Detail, FileChange};
use crate::error::Result;
use crate::fs;
use crate::lockfile::{self, LockedSet, Lockfile, Source};
use crate::manifest::{self, Manifest, Strictness};
use crate::name::{PromptName, SetName};
use crate::prompt::{Dependencies, Scope, Set};
use crate::version::{Bump, Version};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A set that would change, or whose prompts would render to something else.
#[derive(Clone, Debug, Serialize)]
pub struct SetChange {
    /// The set.
    pub name: SetName,
    /// Whether it is the project's own, whose files stay.
    pub own: bool,
    /// Its version now; nothing where it would be new.
    pub from: Option<Version>,
    /// Its version then; nothing where it would go.
    pub to: Option<Version>,
    /// Its commits now and then, where it comes from the same repository by another one.
    pub commits: Option<Moved>,
    /// Where it comes from now and then, as locks say it, where that is another place.
    pub sources: Option<Moved>,
    /// The smallest bump that owns up to what would change in it; nothing where nothing does.
    pub bump: Option<Bump>,
    /// What would change for those who use it and is no prompt's.
    pub interface: Vec<compat::Change>,
    /// The prompts that would change.
    pub prompts: Vec<PromptChange>,
    /// How many other files would.
    pub files: usize,
}

/// What it is now, and what it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Now.
    pub from: String,
    /// Then.
    pub to: String,
}

/// A prompt that would change.
#[derive(Clone, Debug, Serialize)]
pub struct PromptChange {
    /// Its name in its set.
    pub name: PromptName,
    /// What happens to its file; nothing where that stays, and only what it renders changes.
    pub change: Option<Change>,
    /// What changes for those who use it.
    pub interface: Vec<compat::Change>,
    /// The tokens of its template and its partials, with all branches.
    pub tokens: Tokens,
    /// How its file differs.
    pub text: Option<FileChange>,
    /// The tests that render to something else.
    pub tests: Vec<TestChange>,
}

/// Tokens before and after; nothing where the prompt is not there, or has errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Before.
    pub old: Option<usize>,
    /// After.
    pub new: Option<usize>,
}

/// A set as one of the two locks has it.
#[derive(Clone)]
struct Loaded {
    manifest: Manifest,
    files: FileSet,
    set: Arc<Set>,
}

/// One side: what a lock names.
struct Locked {
    sets: BTreeMap<SetName, Loaded>,
    dependencies: Arc<Dependencies>,
}

impl Locked {
    fn scope(&self, name: &SetName) -> Option<Scope> {
        self.sets.get(name).map(|loaded| Scope::new(Arc::clone(&loaded.set), Arc::clone(&self.dependencies)))
    }
}

/// Returns what would change, and how many of the tests that were rendered give the same.
pub(super) fn run(
    context: &Context,
    project: &Project,
    old: &Lockfile,
    new: &Lockfile,
) -> Result<(Vec<SetChange>, usize)> {
    let changed: BTreeMap<SetName, lockfile::Change> =
        old.changes(new).into_iter().map(|change| (change.name.clone(), change)).collect();
    let sets = old.sets.iter().chain(new.sets.iter().filter(|set| changed.contains_key(&set.name)));
    let on_registries = sets.clone().filter(|set| matches!(set.source, Source::Registry(_)));
    let wanted = on_registries.filter(|set| dependency::unpacked_files(project, set).is_err());
    pull::fetch(context, project, wanted, &Sizes::new())?;
    let old_side = load(context, project, old, old)?;
    let new_side = load(context, project, new, old)?;

    let (mut found, mut unchanged) = (Vec::new(), 0);
    for name in affected(old, new, changed.keys()) {
        let sides = (old_side.sets.get(&name), new_side.sets.get(&name));
        let scopes = (old_side.scope(&name), new_side.scope(&name));
        let change = match changed.get(&name).cloned() {
            Some(lockfile::Change { from, to, commits, .. }) => {
                let sources = old.set(&name).zip(new.set(&name)).map(|(old, new)| (&old.source, &new.source));
                let sources = sources.filter(|(old, new)| old != new && commits.is_none());
                let sources = sources.map(|(old, new)| Moved { from: old.to_string(), to: new.to_string() });
                let commits = commits.map(|(from, to)| Moved { from, to });
                SetChange { commits, sources, ..SetChange::new(name, from, to) }
            }
            None => {
                let version = new.set(&name).map(|set| set.version.clone());
                SetChange::new(name, version.clone(), version)
            }
        };
        let (change, same) = compare_set(change, sides, scopes);
        unchanged += same;
        found.extend(change);
    }
    for (name, member) in project.workspace.sets() {
        let own = Contents::of_folder(&fs::join(&project.root, Path::new(&member.path)), Strictness::Own)?;
        let section = own.section();
        let scope = |side: &Locked| Scope::new(Arc::clone(&own.prompts), Arc::clone(&side.dependencies));
        let version = Some(section.version.clone());
        let change = SetChange { own: true, ..SetChange::new(name.clone(), version.clone(), version) };
        let (change, same) = compare_set(change, (None, None), (Some(scope(&old_side)), Some(scope(&new_side))));
        unchanged += same;
        found.extend(change);
    }
    Ok((found, unchanged))
}

/// Returns the sets that changed, with those that need such a one in either lock, directly or not.
fn affected<'a>(old: &Lockfile, new: &Lockfile, changed: impl Iterator<Item = &'a SetName>) -> BTreeSet<SetName> {
    let mut affected: BTreeSet<SetName> = changed.cloned().collect();
    loop {
        let needs = |set: &&LockedSet| set.dependencies.iter().any(|edge| affected.contains(&edge.name));
        let dependants = old.sets.iter().chain(&new.sets).filter(needs).map(|set| set.name.clone());
        let more: Vec<SetName> = dependants.filter(|name| !affected.contains(name)).collect();
        if more.is_empty() {
            return affected;
        }
        affected.extend(more);
    }
}

/// Returns all sets of `lock`, from where they are unpacked, from the cache, or from where they are published, once they
/// are what it says; `previous` is the lock before.
fn load(context: &Context, project: &Project, lock: &Lockfile, previous: &Lockfile) -> Result<Locked> {
    let loaded = in_parallel(&lock.sets, |set| {
        let loaded = match &set.source {
            Source::Path(path) => {
                let contents = Contents::of_dependency(&project.root, path)?;
                let prompts = Set::load_dependency(&contents.manifest, &contents.files);
                Loaded { manifest: contents.manifest, files: contents.files, set: Arc::new(prompts) }
            }
            Source::Registry(_) | Source::Git { .. } => {
                let at_hand = dependency::unpacked_files(project, set).ok().or_else(|| pull::at_hand(context, set));
                let files = match at_hand {
                    Some(files) => files,
                    None => pull::checked_contents(context, project, set, previous)?,
                };
                let (manifest, prompts) = dependency::load(&set.name, &set.version, &files)?;
                if let Some(misstated) = sources::misstated(set, sources::needs_of(&manifest)) {
                    return Err(LockCommandError::Stale(vec![misstated]).into());
                }
                Loaded { manifest, files, set: prompts }
            }
        };
        Ok((set.name.clone(), loaded))
    })?;
    let sets: BTreeMap<SetName, Loaded> = loaded.into_iter().collect();
    let dependencies = sets.iter().map(|(name, loaded)| (name.clone(), Arc::clone(&loaded.set)));
    Ok(Locked { dependencies: Arc::new(dependencies.collect()), sets })
}

impl SetChange {
    fn new(name: SetName, from: Option<Version>, to: Option<Version>) -> Self {
        let (interface, prompts) = (Vec::new(), Vec::new());
        SetChange { name, own: false, from, to, commits: None, sources: None, bump: None, interface, prompts, files: 0 }
    }
}

/// Returns what changes in a set, if anything does, and how many of its tests render to the same.
fn compare_set(
    mut change: SetChange,
    (old, new): (Option<&Loaded>, Option<&Loaded>),
    (old_scope, new_scope): (Option<Scope>, Option<Scope>),
) -> (Option<SetChange>, usize) {
    let mut prompts: BTreeMap<PromptName, PromptChange> = BTreeMap::new();
    let prompt = |name: &PromptName| {
        let tokens = |scope: &Option<Scope>| scope.as_ref().and_then(|scope| size(scope, name));
        let tokens = Tokens { old: tokens(&old_scope), new: tokens(&new_scope) };
        let (name, interface, tests) = (name.clone(), Vec::new(), Vec::new());
        PromptChange { name, change: None, interface, tokens, text: None, tests }
    };
    let same_files = match (old, new) {
        (Some(old), Some(new)) => old.files.digest() == new.files.digest(),
        (None, None) => true,
        _ => false,
    };
    if !same_files {
        let comparison = texts::compare(&files(old), &files(new), Detail::Words, CONTEXT);
        for file in comparison.files {
            let of = |loaded: Option<&Loaded>, path: &str| -> Option<PromptName> {
                loaded?.manifest.set.as_ref()?.selection.prompt_name(path)?.ok()
            };
            let before = file.old_path.as_deref().unwrap_or(&file.path);
            match of(new, &file.path).or_else(|| of(old, before)) {
                Some(name) => {
                    let entry = prompts.entry(name.clone()).or_insert_with(|| prompt(&name));
                    entry.change = Some(file.change);
                    entry.text = Some(file);
                }
                None => change.files += usize::from(file.path != manifest::FILE_NAME),
            }
        }
    }
    if let (Some(old), Some(new), Some(before), Some(after)) = (old, new, &old_scope, &new_scope)
        && !same_files
    {
        fn side<'a>(Loaded { manifest, files, .. }: &'a Loaded, scope: &'a Scope) -> Side<'a> {
            Side { manifest, files, scope, out_of_reach: None }
        }
        let text = new.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
        // What its author acknowledges is theirs to say; where it cannot be followed nothing is acknowledged.
        let policy = Policy::read(&text).unwrap_or_default();
        let comparison = compat::compare(&side(old, before), &side(new, after), &policy, compat::SETS);
        change.bump = comparison.bump();
        for found in comparison.changes {
            match found.prompt.clone() {
                Some(name) => {
                    prompts.entry(name.clone()).or_insert_with(|| prompt(&name)).interface.push(found);
                }
                None => change.interface.push(found),
            }
        }
    }
    let (tests, unchanged) = rendered::between(old_scope.as_ref(), new_scope.as_ref());
    for test in tests {
        let name = test.prompt.clone();
        prompts.entry(name.clone()).or_insert_with(|| prompt(&name)).tests.push(test);
    }
    change.prompts = prompts.into_values().collect();
    let is_same = change.from == change.to && change.commits.is_none() && change.sources.is_none();
    let is_nothing = is_same && same_files && change.prompts.is_empty();
    ((!is_nothing).then_some(change), unchanged)
}

/// Returns the files of a set, to be compared as texts, without what is made of the others.
fn files(loaded: Option<&Loaded>) -> Texts {
    let mut texts = Texts::default();
    for (path, bytes) in loaded.iter().flat_map(|loaded| loaded.files.iter()).filter(|(path, _)| *path != MANIFEST_JSON)
    {
        texts.insert(path.to_owned(), bytes.to_vec());
    }
    texts
}

/// Returns the tokens of the template of a prompt and of its partials.
fn size(scope: &Scope, name: &PromptName) -> Option<usize> {
    let prompt = scope.set().prompts().find(|prompt| prompt.name() == name)?;
    let tokenizer = prompt.front_matter().tokenizer();
    Some(scope.ready(prompt).ok()?.size_of_literals(&|text| tokenizer.count(text)))
}
