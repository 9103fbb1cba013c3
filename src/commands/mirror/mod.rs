//! Copies a registry, or some of it, into a folder: `anvil registry mirror`.
//!
//! A set becomes public in the mirror as any publisher makes it public: its bundles first, whose
//! names carry their content and whose checksums were compared, then its index in one write. So a
//! run that is killed leaves nothing half, and the next one goes on from there: what is there is
//! not fetched again. Running it again also takes over what is said of old versions by now (yanks,
//! deprecations, channels).
//!
//! What of the source cannot be copied (a broken line, a bundle that is missing or not the promised
//! one) is told in the report, and the rest is copied. A source that cannot be reached ends the run.

mod selection;
mod source;

pub use selection::Selection;

use super::context::Context;
use super::registries::RegistryReference;
use super::target::{Access, Action, RegistryFacts, Target, Told, project_here};
use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::fs;
use crate::index::{Line, Paths};
use crate::manifest::Pattern;
use crate::name::{RegistryId, SetName};
use crate::registry::publish::{self, Changed, CopiedVersion, PublishError, Publisher};
use crate::registry::{Location, Place, RawFile, Registry, RegistryError, Wanted};
use crate::version::Version;
use selection::Chosen;
use serde::Serialize;
use source::SourceSet;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many files are fetched at once.
const PARALLEL: usize = 24;
/// The most bytes of a statement or a signature.
const STATEMENT_LIMIT: u64 = 1 << 20;

/// What is to be mirrored, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The registry that is copied.
    pub source: RegistryReference,
    /// The folder that it is copied into, as it was written.
    pub folder: PathBuf,
    /// What of it.
    pub selection: Selection,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What was mirrored, or would be.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The registry that was copied.
    pub source: RegistryFacts,
    /// The folder that it was copied into.
    pub folder: PathBuf,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether the mirror is another one now.
    pub outcome: Changed,
    /// How many sets were looked at.
    pub sets: usize,
    /// How many versions of them there are.
    pub versions: usize,
    /// What is new in the mirror, or is told otherwise now.
    pub changes: Vec<Change>,
    /// The sets whose channels are others now.
    pub channels: Vec<SetName>,
    /// How many bytes were fetched for it.
    pub size: u64,
    /// What could not be copied.
    pub findings: Vec<Finding>,
}

/// A version that is new in the mirror, or of which it says something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The set.
    pub name: SetName,
    /// Its version.
    pub version: Version,
    /// Which of the two.
    pub change: Kinds,
}

/// What happened to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kinds {
    /// It was not there.
    Added,
    /// Its index line says something else.
    Changed,
}

/// Something of the source that could not be copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Always `error`.
    pub severity: &'static str,
    /// The file of the registry that is at fault.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
    /// What to do about it; only the registry's owner can.
    pub hints: Vec<String>,
}

impl Finding {
    fn new(path: impl Into<String>, message: impl ToString) -> Self {
        let hints = vec!["tell the registry's owner, then run this again".to_owned()];
        Finding { severity: "error", path: path.into(), message: message.to_string(), hints }
    }
}

/// Why nothing can be mirrored.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The mirror is the source.
    #[error("`{}` is the registry that is to be copied", .0.display())]
    Itself(PathBuf),
    /// A pattern is none.
    #[error("`{text}` is no pattern of sets: {why}")]
    Pattern {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// No set matches.
    #[error("the registry `{0}` has no set that the patterns match")]
    NoMatch(RegistryId),
    /// The lock names no set of the source.
    #[error("`{}` locks no set of the registry `{registry}`{}", .lock.display(), others(.known))]
    NotLocked {
        /// The lock.
        lock: PathBuf,
        /// The source.
        registry: RegistryId,
        /// The registries that it names.
        known: Vec<RegistryId>,
    },
    /// The source has no catalog.
    #[error("the sets of the registry at `{0}` cannot be listed: it has no catalog.jsonl")]
    Unlisted(Location),
}

fn others(known: &[RegistryId]) -> String {
    let known: Vec<String> = known.iter().map(|id| format!("`{id}`")).collect();
    if known.is_empty() { String::new() } else { format!("; its sets are of {}", known.join(", ")) }
}

impl Diagnose for MirrorError {
    fn code(&self) -> Code {
        match self {
            MirrorError::Itself(_) => Code::A0617,
            MirrorError::NoMatch(_) | MirrorError::NotLocked { .. } | MirrorError::Pattern { .. } => Code::A1173,
            MirrorError::Unlisted(_) => Code::A1174,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            MirrorError::Pattern { .. } => Kind::Usage,
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            MirrorError::Itself(_) => vec![Hint::new("name a folder that is new or empty")],
            MirrorError::Pattern { .. } => vec![Hint::new("write a set's name, or `*` for a part of it: `support/*`")],
            MirrorError::NoMatch(_) => vec![Hint::new("`*` stands for a part of a name, as in `support/*` or `*/*`")],
            MirrorError::NotLocked { .. } => vec![Hint::new("name the registry that the lock names, and its mirror")],
            MirrorError::Unlisted(_) => {
                vec![Hint::new("name the sets in full, or copy what a lock needs with `--lock`")]
            }
        }
    }
}

/// Returns whether `folder`, which need not be there yet, lies in `other`.
fn is_within(folder: &Path, other: &Path) -> bool {
    let there = folder.ancestors().find_map(|folder| fs::canonical(folder).ok());
    there.zip(fs::canonical(other).ok()).is_some_and(|(folder, other)| folder.starts_with(other))
}

/// Copies what `request` asks for.
///
/// # Errors
/// When the source cannot be read or reached, nothing is to be copied, or the folder cannot be
/// written or is something else. What of the source is wrong stands in the report.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let project = match &request.source {
        RegistryReference::Name(_) => project_here(context)?,
        RegistryReference::Location(_) => None,
    };
    let source = Target::find(context, project.as_ref(), (Some(&request.source), Told::Argument), Access::Read)?;
    let registry = &*source.registry;
    let location = Location::named(&request.folder, &context.directory)?;
    let Place::Folder(folder) = location.place() else {
        return Err(super::registry::RegistryCommandError::OverTheWeb(location).into());
    };
    // A copy within the source would become a part of it, and of the next copy.
    let is_within = matches!(registry.location().place(), Place::Folder(source) if is_within(folder, source));
    if registry.location().is_same_place(&location) || is_within {
        return Err(MirrorError::Itself(folder.clone()).into());
    }
    publish::plan_init(folder, registry.id())?;
    let chosen = request.selection.choose(context, registry)?;
    if request.action == Action::Do {
        publish::init(folder, registry.id())?;
    }
    let (channels, findings) = (Vec::new(), Vec::new());
    let mut copy = Copy { context, registry, folder, action: request.action, size: 0, channels, findings };
    let (sets, versions, changes) = copy.all(&chosen)?;
    let Copy { size, channels, mut findings, .. } = copy;
    findings.sort_by(|one, other| one.path.cmp(&other.path));
    findings.dedup();
    let outcome = Changed::of(!changes.is_empty() || !channels.is_empty());
    let (source, folder) = (source.facts(), folder.clone());
    Ok(Report { source, folder, action: request.action, outcome, sets, versions, changes, channels, size, findings })
}

/// A registry that is being copied.
struct Copy<'a> {
    context: &'a Context,
    registry: &'a Registry,
    folder: &'a Path,
    action: Action,
    size: u64,
    channels: Vec<SetName>,
    findings: Vec<Finding>,
}

impl Copy<'_> {
    fn all(&mut self, chosen: &BTreeMap<SetName, Chosen>) -> Result<(usize, usize, Vec<Change>)> {
        let mut sets = source::read(self, chosen)?;
        let (names, versions) = (sets.len(), sets.values().map(|set| set.versions.len()).sum());
        let is_there = fs::is_file(&self.folder.join(Paths::REGISTRY_FILE));
        if !is_there {
            // A plan for a folder that is not there yet: all of it is new.
            let added = |(name, set): (&SetName, &SourceSet)| changes(name, Kinds::Added, &set.lines());
            let all: Vec<Change> = sets.iter().flat_map(added).collect();
            self.size = sets.values().flat_map(|set| &set.versions).map(|version| version.line.size).sum();
            let has_channels = |set: &SourceSet| set.channels_of(&set.lines()).is_some_and(|it| !it.0.is_empty());
            self.channels = sets.iter().filter(|(_, set)| has_channels(set)).map(|(name, _)| name.clone()).collect();
            return Ok((names, versions, all));
        }
        let publisher = Publisher::open(self.folder, self.context.progress())?;
        self.check_names(&publisher, &mut sets)?;
        self.check_versions(&publisher, &mut sets)?;
        let missing = missing_bundles(&publisher, &sets);
        if self.action == Action::Plan {
            self.size = missing.iter().map(|line| line.size).sum();
            let mut all = Vec::new();
            for (name, set) in &sets {
                all.extend(changes_of(name, &publisher.plan_copy(name, &set.versions)?));
                let versions = [set.lines(), publisher.versions(name)?.into_iter().collect()].concat();
                let channels = set.channels_of(&versions);
                let is_other = |channels| Ok::<_, PublishError>(publisher.channels(name)? != channels);
                if channels.map_or(Ok(false), is_other)? {
                    self.channels.push(name.clone());
                }
            }
            return Ok((names, versions, all));
        }
        self.fetch_bundles(&publisher, &mut sets, &missing)?;
        self.fetch_statements(&publisher, &sets, &missing)?;
        let all = self.commit(&publisher, &sets)?;
        publisher.rebuild()?;
        Ok((names, versions, all))
    }

    /// Notes that the file at `path` of the source could not be copied.
    fn fault(&mut self, path: String, message: impl ToString) {
        self.findings.push(Finding::new(path, message));
    }

    /// Leaves out sets whose names look like others' of the mirror: no registry takes both.
    fn check_names(&mut self, publisher: &Publisher<'_>, sets: &mut BTreeMap<SetName, SourceSet>) -> Result<()> {
        let mut skeletons: BTreeMap<String, SetName> = BTreeMap::new();
        for name in publisher.names()? {
            skeletons.insert(name.skeleton(), name);
        }
        let mut alike = Vec::new();
        for name in sets.keys() {
            let other = skeletons.entry(name.skeleton()).or_insert_with(|| name.clone());
            if other != name {
                alike.push((name.clone(), other.clone()));
            }
        }
        for (name, other) in alike {
            sets.remove(&name);
            self.fault(Paths::index(&name), format!("`{name}` looks like `{other}`, and no registry has both"));
        }
        Ok(())
    }

    /// Leaves out versions that the mirror has with other content.
    fn check_versions(&mut self, publisher: &Publisher<'_>, sets: &mut BTreeMap<SetName, SourceSet>) -> Result<()> {
        for (name, set) in sets {
            let planned = publisher.plan_copy(name, &set.versions)?;
            for version in planned.contradicting {
                set.versions.retain(|one| one.line.version != version);
                self.fault(
                    Paths::index(name),
                    format!("the mirror has {name} {version} with other content, which stays"),
                );
            }
        }
        Ok(())
    }

    /// Fetches the bundles of `missing`. A version whose bundle cannot be had is left out of `sets`.
    fn fetch_bundles(
        &mut self,
        publisher: &Publisher<'_>,
        sets: &mut BTreeMap<SetName, SourceSet>,
        missing: &[Line],
    ) -> Result<()> {
        let wanted: Vec<Wanted> = missing.iter().map(Wanted::from).collect();
        let lines: BTreeMap<(&SetName, &Version), &Line> =
            missing.iter().map(|line| ((&line.name, &line.version), line)).collect();
        let mut faults = Vec::new();
        let mut size = 0;
        self.context.progress.begin("fetching", wanted.len() as u64);
        let fetched = self.registry.fetch_bundles_each::<crate::error::Error>(&wanted, PARALLEL, |wanted, bytes| {
            let Some(line) = lines.get(&(&wanted.name, &wanted.version)) else { return Ok(()) };
            let path = Paths::bundle(&line.name, &line.version, &line.sha256);
            match bytes
                .map_err(PublishError::from)
                .and_then(|bytes| publisher.keep_bundle(line, &bytes).map(|()| bytes))
            {
                Ok(bytes) => size += bytes.len() as u64,
                Err(error) => faults.push((path, (*line).clone(), told(error)?)),
            }
            self.context.progress.advance(1);
            Ok(())
        });
        self.context.progress.end();
        fetched?;
        self.size += size;
        for (path, line, message) in faults {
            if let Some(set) = sets.get_mut(&line.name) {
                set.versions.retain(|version| version.line.version != line.version);
            }
            self.fault(path, message);
        }
        Ok(())
    }

    /// Fetches the statements and signatures of versions that are new or name signatures that are not here.
    fn fetch_statements(
        &mut self,
        publisher: &Publisher<'_>,
        sets: &BTreeMap<SetName, SourceSet>,
        new: &[Line],
    ) -> Result<()> {
        let new: BTreeSet<(&SetName, &Version)> = new.iter().map(|line| (&line.name, &line.version)).collect();
        let is_folder = matches!(self.registry.location().place(), Place::Folder(_));
        let mut wanted: Vec<RawFile> = Vec::new();
        let mut lines: BTreeMap<String, &Line> = BTreeMap::new();
        for CopiedVersion { line, text } in sets.values().flat_map(|set| &set.versions) {
            let keys = source::signatures(text);
            // A host is asked for what may not be there; once is enough.
            if !is_folder && keys.is_empty() && !new.contains(&(&line.name, &line.version)) {
                continue;
            }
            for path in self.registry.statement_paths(line, &keys)? {
                if !publisher.has_object(&path) {
                    wanted.push(RawFile { path: path.clone(), wanted: "a statement", limit: STATEMENT_LIMIT });
                    lines.insert(path, line);
                }
            }
        }
        let mut faults = Vec::new();
        self.registry.raw_files::<crate::error::Error>(&wanted, PARALLEL, |file, bytes| {
            let (Some(line), kept) = (lines.get(&file.path), bytes.map_err(PublishError::from)) else { return Ok(()) };
            let kept = kept.and_then(|bytes| match bytes {
                Some(bytes) => publisher.keep_object(line, &file.path, &bytes).map(drop),
                None => Ok(()),
            });
            if let Err(error) = kept {
                faults.push((file.path.clone(), told(error)?));
            }
            Ok(())
        })?;
        faults.into_iter().for_each(|(path, message)| self.fault(path, message));
        Ok(())
    }

    /// Makes what was fetched public, set by set.
    fn commit(&mut self, publisher: &Publisher<'_>, sets: &BTreeMap<SetName, SourceSet>) -> Result<Vec<Change>> {
        let mut all = Vec::new();
        for (name, set) in sets {
            if set.versions.is_empty() {
                continue;
            }
            let copied = match publisher.copy_versions(name, &set.versions) {
                Ok(copied) => copied,
                Err(error @ PublishError::LooksLike { .. }) => {
                    self.fault(Paths::index(name), error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            all.extend(changes_of(name, &copied));
            let versions: Vec<Version> = publisher.versions(name)?.into_iter().collect();
            let Some(channels) = set.channels_of(&versions) else { continue };
            if publisher.copy_channels(name, &channels)? == Changed::Yes {
                self.channels.push(name.clone());
            }
        }
        Ok(all)
    }
}

/// Returns the lines whose bundles are not in the mirror.
fn missing_bundles(publisher: &Publisher<'_>, sets: &BTreeMap<SetName, SourceSet>) -> Vec<Line> {
    let lines = sets.values().flat_map(|set| &set.versions).map(|version| &version.line);
    lines.filter(|line| !publisher.holds(line)).cloned().collect()
}

/// Returns what is told of an error that is the source's own fault, and those that end the run as they are.
fn told(error: PublishError) -> Result<String> {
    match error {
        PublishError::Registry(
            error @ (RegistryError::NoBundle { .. }
            | RegistryError::WrongBundle { .. }
            | RegistryError::Unusable { .. }),
        ) => Ok(error.to_string()),
        PublishError::Bundle(error) => Ok(error.to_string()),
        error @ PublishError::Contradiction { .. } => Ok(error.to_string()),
        error => Err(error.into()),
    }
}

fn changes(name: &SetName, change: Kinds, versions: &[Version]) -> Vec<Change> {
    versions.iter().map(|version| Change { name: name.clone(), version: version.clone(), change }).collect()
}

fn changes_of(name: &SetName, copied: &publish::Copied) -> Vec<Change> {
    [changes(name, Kinds::Added, &copied.added), changes(name, Kinds::Changed, &copied.changed)].concat()
}

/// Returns the pattern that `text` is.
///
/// # Errors
/// When it is none.
pub fn pattern(text: &str) -> Result<Pattern, MirrorError> {
    Pattern::parse(text).map_err(|why| MirrorError::Pattern { text: text.to_owned(), why })
}
