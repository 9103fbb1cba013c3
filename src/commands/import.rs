//! Takes in what `export` wrote: `anvil import`.
//!
//! Everything is checked before anything is written: the archive as a whole, each bundle as any
//! reader would take it in, and what is there already. Only then the bundles go into the cache,
//! where a locked pull finds them, or are published to a registry's folder, dependencies first.
//! No network is used.

use super::context::Context;
use super::exported::{Exported, ExportedRegistry, Packed};
use super::target::{Action, RegistryFacts, TargetError};
use crate::archive::{self, Identity};
use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs;
use crate::index::{IndexFile, Line, Paths};
use crate::name::{RegistryId, SetName};
use crate::registry::publish::{Changed, Order, PublishError, Published, Publisher};
use crate::registry::{INDEX_LIMIT, Location, Place};
use crate::version::Version;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many conflicts an error names.
const MOST_SHOWN: usize = 20;

/// What is to be taken in, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The archive.
    pub archive: PathBuf,
    /// Where its bundles go.
    pub into: Into,
    /// What becomes of a version that is there with other bytes.
    pub on_conflict: OnConflict,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// Where bundles are taken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Into {
    /// The machine's cache.
    Cache,
    /// The registry at this place, which must be a folder.
    Registry(Location),
}

/// What becomes of a version that is there with other bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Nothing is taken in at all.
    #[default]
    Refuse,
    /// What is there stays, and the rest is taken in.
    Keep,
    /// What comes replaces it, unless it is published.
    Replace,
}

/// What was taken in, or would be.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The registry that the archive is.
    pub archive: RegistryFacts,
    /// The registry that it went into; none where that is the cache.
    pub registry: Option<RegistryFacts>,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether one of the versions was taken in.
    pub outcome: Changed,
    /// The versions of the archive.
    pub sets: Vec<Imported>,
}

/// A version of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The set.
    pub name: SetName,
    /// Its version.
    pub version: Version,
    /// The size of its bundle in bytes.
    pub size: u64,
    /// What came of it.
    pub outcome: Outcome,
}

impl Imported {
    /// Returns whether the version was taken in, or would be.
    pub fn is_taken(&self) -> bool {
        matches!(self.outcome, Outcome::New | Outcome::Replaced)
    }
}

/// What came of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was not there.
    New,
    /// It was there already.
    Unchanged,
    /// It was there with other bytes, which stay.
    Kept,
    /// It was there with other bytes, which nobody had published, and took their place.
    Replaced,
    /// It is of another registry than the one that the bundles go into.
    OtherRegistry,
}

/// A version that is there with other bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// Of the archive's bundle.
    pub archived: Sha256,
    /// What is there.
    pub there: There,
}

/// What is there in place of an archive's bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// A published version, with the checksum of its bundle where that can be told.
    Published(Option<Sha256>),
    /// Bundles that no index line names, as a push leaves them that is broken off.
    Unpublished(Vec<PathBuf>),
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Conflict { name, version, archived, there } = self;
        write!(f, "{name} {version} has the sha256 {}… in the archive and ", archived.short())?;
        match there {
            There::Published(Some(sha256)) => write!(f, "{}… where it is published", sha256.short()),
            There::Published(None) => f.write_str("other content where it is published"),
            There::Unpublished(files) => match files.as_slice() {
                [file] => write!(f, "another one in `{}`, which is not published", file.display()),
                files => write!(f, "others in {} bundles that are not published", files.len()),
            },
        }
    }
}

/// Why an archive is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Versions are there with other bytes.
    #[error("{}", list(.conflicts))]
    Conflicts {
        /// All of them.
        conflicts: Vec<Conflict>,
        /// What was asked for.
        on_conflict: OnConflict,
        /// What was run, for the hints.
        command: String,
    },
    /// Two sets of the archive have names that look the same.
    #[error("`{0}` and `{1}` look alike, and no registry takes both")]
    Alike(SetName, SetName),
    /// The content of a bundle is not what its index line says.
    #[error("the content of {0} {1} in the archive does not have the digest of its index line")]
    Content(SetName, Version),
}

fn list(conflicts: &[Conflict]) -> String {
    let mut text = match conflicts {
        [_] => "a version is there already, with other bytes".to_owned(),
        _ => format!("{} versions are there already, with other bytes", conflicts.len()),
    };
    for conflict in conflicts.iter().take(MOST_SHOWN) {
        let _ = write!(text, "\n{conflict}"); // Writing to a `String` cannot fail.
    }
    if conflicts.len() > MOST_SHOWN {
        let _ = write!(text, "\nand {} more", conflicts.len() - MOST_SHOWN);
    }
    text
}

impl Diagnose for ImportError {
    fn code(&self) -> Code {
        match self {
            ImportError::Conflicts { .. } => Code::A1112,
            ImportError::Alike(..) => Code::A0615,
            ImportError::Content(..) => Code::A1111,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let ImportError::Conflicts { conflicts, on_conflict, command } = self else {
            return vec![Hint::new("nothing was taken in")];
        };
        let keep = Hint::run(
            "nothing was taken in; to leave what is there and take the rest",
            format!("{command} --on-conflict keep"),
        );
        let published = conflicts.iter().any(|conflict| matches!(conflict.there, There::Published(_)));
        match (published, on_conflict) {
            (true, OnConflict::Replace) => vec![Hint::new("what is published is never replaced"), keep],
            (true, _) => vec![keep],
            (false, _) => {
                vec![keep, Hint::run("to replace what nobody published", format!("{command} --on-conflict replace"))]
            }
        }
    }
}

/// Takes the bundles of an archive in.
///
/// # Errors
/// When the registry is no folder, the archive is not whole, something in it is not what its index says, versions are there
/// with other bytes, or something cannot be written. But for the last, nothing is changed then.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    // As people would write them: they are shown, in errors and in commands to run.
    let plain = |path: &Path| fs::canonical(path).unwrap_or_else(|_| path.to_owned());
    let archive = plain(&request.archive);
    let exported = Exported::open(&archive)?;
    let id = exported.registries.first().map(|registry| registry.id.clone());
    let id = id.expect("an archive without a registry is refused");
    let facts = |path: &Path, id| {
        let place = path.display().to_string();
        RegistryFacts { called: place.clone(), id, location: place }
    };
    let home = facts(&archive, id);
    let (registry, sets) = match &request.into {
        Into::Cache => (None, into_cache(context, &exported, request.action)?),
        Into::Registry(location) => {
            let Place::Folder(folder) = location.place() else {
                return Err(TargetError::OverTheWeb(location.clone()).into());
            };
            let folder = plain(folder);
            let publisher = Publisher::open(&folder, context.progress())?;
            let request = Request { archive: archive.clone(), ..request.clone() };
            let sets = into_registry(context, &exported, &publisher, &folder, &request)?;
            (Some(facts(&folder, publisher.id().clone())), sets)
        }
    };
    let outcome = Changed::of(sets.iter().any(Imported::is_taken));
    Ok(Report { archive: home, registry, action: request.action, outcome, sets })
}

fn imported(line: &Line, outcome: Outcome) -> Imported {
    Imported { name: line.name.clone(), version: line.version.clone(), size: line.size, outcome }
}

/// Bundles are kept by their checksum there, so that nothing can be in the way.
fn into_cache(context: &Context, exported: &Exported, action: Action) -> Result<Vec<Imported>> {
    let all: Vec<&Packed> = exported.registries.iter().flat_map(|registry| &registry.versions).collect();
    let sets = each(context, "checking", &all, |packed| {
        let line = &packed.line;
        let bytes = exported.bundle(packed)?;
        let (name, version) = (line.name.clone(), line.version.clone());
        let files = archive::unpack(&Identity { name: name.clone(), version: version.clone() }, &bytes)?;
        if files.digest() != line.digest {
            return Err(ImportError::Content(name, version).into());
        }
        let held = context.cache()?.get(&line.sha256).is_some();
        Ok(imported(line, if held { Outcome::Unchanged } else { Outcome::New }))
    })?;
    if action == Action::Do {
        let new = all.iter().zip(&sets).filter(|(_, set)| set.outcome == Outcome::New);
        let new: Vec<&Packed> = new.map(|(packed, _)| *packed).collect();
        each(context, "taking in", &new, |packed| {
            Ok(context.cache()?.put(&packed.line.sha256, &exported.bundle(packed)?)?)
        })?;
    }
    Ok(sets)
}

fn into_registry(
    context: &Context,
    exported: &Exported,
    publisher: &Publisher<'_>,
    folder: &Path,
    request: &Request,
) -> Result<Vec<Imported>> {
    let chosen = chosen(exported, publisher.id());
    let packed = dependencies_first(&chosen.versions);
    check_names(&packed)?;
    let verdicts = each(context, "checking", &packed, |packed| {
        let line = &packed.line;
        match publisher.plan(line, &exported.bundle(packed)?, Order::AllowOlder) {
            Ok(Published::Already) => Ok((Outcome::Unchanged, None)),
            Ok(Published::New) => match unpublished(folder, line)? {
                files if files.is_empty() => Ok((Outcome::New, None)),
                files => Ok((Outcome::New, Some(There::Unpublished(files)))),
            },
            Err(PublishError::Taken { .. }) => Ok((Outcome::New, Some(There::Published(published(folder, line))))),
            Err(error) => Err(error.into()),
        }
    })?;
    let mut conflicts = Vec::new();
    let mut plan = Vec::new();
    for (packed, (outcome, there)) in packed.iter().zip(verdicts) {
        let outcome = match (&there, request.on_conflict) {
            (None, _) => outcome,
            (Some(_), OnConflict::Keep) => Outcome::Kept,
            (Some(There::Unpublished(_)), OnConflict::Replace) => Outcome::Replaced,
            (Some(there), _) => {
                let Line { name, version, sha256, .. } = packed.line.clone();
                conflicts.push(Conflict { name, version, archived: sha256, there: there.clone() });
                Outcome::Kept
            }
        };
        plan.push((*packed, outcome, there));
    }
    if !conflicts.is_empty() {
        let command = format!("anvil import {} --registry {}", request.archive.display(), folder.display());
        return Err(ImportError::Conflicts { conflicts, on_conflict: request.on_conflict, command }.into());
    }
    if request.action == Action::Do {
        let now = context.time();
        each(context, "taking in", &plan, |(packed, outcome, there)| {
            if *outcome == Outcome::Kept {
                return Ok(());
            }
            publisher.take_over(&packed.line, &packed.text, &exported.bundle(packed)?, now)?;
            // Now that the version is public these can never become it.
            if let Some(There::Unpublished(files)) = there {
                files.iter().try_for_each(|file| fs::remove_file(file))?;
            }
            Ok(())
        })?;
    }
    let mut sets: Vec<Imported> = plan.iter().map(|(packed, outcome, _)| imported(&packed.line, *outcome)).collect();
    for registry in exported.registries.iter().filter(|registry| registry.id != chosen.id) {
        sets.extend(registry.versions.iter().map(|packed| imported(&packed.line, Outcome::OtherRegistry)));
    }
    Ok(sets)
}

/// Returns the registry of the archive that goes into the one called `id`: the same, else the one
/// that the archive itself is.
fn chosen<'a>(exported: &'a Exported, id: &RegistryId) -> &'a ExportedRegistry {
    let same = exported.registries.iter().find(|registry| registry.id == *id);
    same.or(exported.registries.first()).expect("an archive without a registry is refused")
}

/// Does `work` for each of `items`, telling how it goes on.
fn each<T, R>(context: &Context, what: &str, items: &[T], mut work: impl FnMut(&T) -> Result<R>) -> Result<Vec<R>> {
    context.progress.begin(what, items.len() as u64);
    let step = |item| {
        let done = work(item);
        context.progress.advance(1);
        done
    };
    let done = items.iter().map(step).collect();
    context.progress.end();
    done
}

/// Returns `versions` such that a set comes after those of the same registry that it needs, so that
/// whoever reads the registry meanwhile finds nothing whose dependencies are missing.
fn dependencies_first(versions: &[Packed]) -> Vec<&Packed> {
    let mut sets: BTreeMap<&SetName, Vec<&Packed>> = BTreeMap::new();
    for packed in versions {
        sets.entry(&packed.line.name).or_default().push(packed);
    }
    let needs = |set: &[&Packed]| -> Vec<SetName> {
        let needed = set.iter().flat_map(|packed| packed.line.dependencies.iter());
        needed.filter(|needed| needed.registry.is_none()).map(|needed| needed.name.clone()).collect()
    };
    // Depth first, with a stack of its own; a circle is left where it closes.
    let mut ordered = Vec::with_capacity(versions.len());
    let mut seen: BTreeSet<SetName> = BTreeSet::new();
    for start in sets.keys() {
        let mut stack = vec![((*start).clone(), false)];
        while let Some((name, needed_are_done)) = stack.pop() {
            let Some(set) = sets.get(&name) else { continue };
            if needed_are_done {
                ordered.extend(set.iter().copied());
            } else if seen.insert(name.clone()) {
                stack.push((name, true));
                stack.extend(needs(set).into_iter().map(|needed| (needed, false)));
            }
        }
    }
    ordered
}

/// Checks that no two new names look alike; the registry compares each with its own.
fn check_names(packed: &[&Packed]) -> Result<()> {
    let mut skeletons: BTreeMap<String, &SetName> = BTreeMap::new();
    for packed in packed {
        let name = &packed.line.name;
        match skeletons.insert(name.skeleton(), name) {
            Some(other) if other != name => return Err(ImportError::Alike(other.clone(), name.clone()).into()),
            _ => {}
        }
    }
    Ok(())
}

/// Returns the bundles in `folder` of the line's version with other bytes. No line names them.
fn unpublished(folder: &Path, line: &Line) -> Result<Vec<PathBuf>> {
    let bundle = folder.join(Paths::bundle(&line.name, &line.version, &line.sha256));
    let bundles = bundle.parent().expect("a bundle lies in its set's folder");
    let mut found = Vec::new();
    let start = format!("{}-{}-", line.name.set(), line.version);
    for entry in fs::list(bundles)? {
        let rest = entry.name.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".tar.gz"));
        let is_bundle = rest.is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_bundle && entry.path != bundle {
            found.push(entry.path);
        }
    }
    Ok(found)
}

/// Returns the checksum under which the line's version is published in `folder`, if it can be told.
fn published(folder: &Path, line: &Line) -> Option<Sha256> {
    let text = fs::read_limited(&folder.join(Paths::index(&line.name)), INDEX_LIMIT).ok()?;
    Some(IndexFile::parse(&line.name, &text).ok()?.line(&line.version)?.sha256)
}
