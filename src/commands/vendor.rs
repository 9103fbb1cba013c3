//! Copies what the lock names into the project, to be committed with it, and back again.
//!
//! A folder in the project, not a setting, says that sets are vendored: whoever clones it has both or
//! neither. The first time the whole folder is filled in `.anvil` and appears by one rename; from then
//! on `pull`, `add`, `update` and `remove` keep it in step, as they do `.anvil/sets`.

pub(super) mod check;

use super::context::{Context, Network};
use super::lock;
use super::project::Project;
use super::pull::{self, Reason};
use super::registries::Registries;
use super::target::Action;
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Code, Diagnose, Error, Hint, Kind, Result, shell_word};
use crate::fs;
use crate::git::Repository;
use crate::index::Line;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::name::SetName;
use crate::registry::Freshness;
use crate::registry::publish::Changed;
use crate::store::layout::{PROJECT_FOLDER, Place, VENDOR_FOLDER, unpacked_folder_in};
use crate::store::project::{self as unpacked, Content, State};
use crate::store::vendor as folder;
use crate::version::Version;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the sets are to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// In `anvil-vendor`.
    Vendor,
    /// In `.anvil`, as without this command.
    Private,
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether it was done.
    pub action: Action,
    /// Whether anything changed.
    pub outcome: Changed,
    /// How many locked sets there are that are copied at all.
    pub total: usize,
    /// The sets that were copied, or with [`To::Private`] unpacked.
    pub copied: Vec<(SetName, Version, Reason)>,
    /// How many bundles were fetched, and how many bytes they have.
    pub fetched: (usize, u64),
    /// How many sets were removed that the lock does not name.
    pub removed: usize,
    /// The locked sets that are used where they lie.
    pub folders: Vec<PathSource>,
    /// Files in the folder that git would leave out.
    pub ignored: Vec<String>,
    /// Files of sets by which git may change others of theirs, such as their line ends.
    pub attributes: Vec<String>,
}

/// A locked set that is used where it lies, and not copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathSource {
    /// The set.
    pub name: SetName,
    /// Where it lies, from the project's folder.
    pub path: String,
    /// Whether a clone of the project lacks it: it lies outside the repository or, where there is none, the project.
    pub outside: bool,
}

/// A vendored set that was changed and cannot be put back.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` is {what}{}, and cannot be put back: {why}", others(*.more))]
pub struct VendorError {
    /// A file that was changed, from the project's folder.
    file: String,
    /// What is the matter with it.
    what: &'static str,
    /// How many more there are.
    more: usize,
    why: Error,
}

fn others(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" (nor are {count} more)") }
}

impl Diagnose for VendorError {
    fn code(&self) -> Code {
        Code::A1200
    }

    fn kind(&self) -> Kind {
        self.why.kind()
    }

    fn hints(&self) -> Vec<Hint> {
        // A registry that is made anew has nothing of what is missing.
        let of_why =
            self.why.hints().into_iter().filter(|hint| {
                !hint.command.as_ref().is_some_and(|command| command.starts_with("anvil registry init"))
            });
        [restore()].into_iter().chain(of_why).collect()
    }
}

fn restore() -> Hint {
    let command = format!("git restore -- {}", shell_word(VENDOR_FOLDER));
    Hint::run("have git put back what was committed", command)
}

/// Returns what to run, the most useful first, where locked sets of `project` are not in place.
pub(super) fn put_back(project: &Project) -> Vec<Hint> {
    let command = "anvil pull --locked";
    match Place::of(&project.root) {
        Place::Vendored if Repository::discover(&project.root).is_ok() => {
            vec![restore(), Hint::run("or fetch what is locked", command)]
        }
        Place::Vendored | Place::Private => vec![Hint::run("put in place what is locked", command)],
    }
}

/// Returns `error`, which kept locked sets from being put in place, as it is told where some of them are
/// vendored and were changed or removed: those need no registry but to be put back. Sets that `previous`, the lock
/// before, did not name were not vendored.
pub(super) fn told(project: &Project, lock: &Lockfile, previous: &Lockfile, error: Error) -> Error {
    let (mut files, mut what) = (Vec::new(), "not as it was vendored");
    // What keeps files from being written keeps git from it, too.
    let unwritten = error.downcast_ref::<unpacked::StoreError>().is_some();
    let was_there = |set: &LockedSet| previous.set(&set.name).is_some_and(|before| before.digest == set.digest);
    for set in &lock.sets {
        let LockedSet { name, version, digest: Some(digest), .. } = set else { continue };
        let damaged = match unpacked::state(&project.root, name, version, digest) {
            Ok(State::Damaged { files }) => files,
            Ok(State::Missing) if was_there(set) && !unwritten => Vec::new(),
            Ok(State::Missing | State::Unpacked) | Err(_) => continue,
        };
        let home = unpacked_folder_in(Place::Vendored, Path::new(""), name, version, digest);
        let home = home.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        match damaged.is_empty() {
            true => {
                if files.is_empty() && !fs::exists(&project.root.join(&home)) {
                    what = "no longer there";
                }
                files.push(home);
            }
            false => files.extend(damaged.into_iter().map(|file| format!("{home}/{}", file.path))),
        }
    }
    match files.first() {
        Some(file) => VendorError { file: file.clone(), what, more: files.len() - 1, why: error }.into(),
        None => error,
    }
}

/// Makes the sets of the project that the command runs in lie where `to` says, or works out what that takes.
///
/// # Errors
/// When the lock does not answer the manifest, or a set can neither be copied nor fetched. Where they were
/// not vendored before, nothing was changed then.
pub fn run(context: &Context, to: To, action: Action) -> Result<Report> {
    let _reserved = Project::reserve(context, action)?;
    let project = Project::of(context)?;
    let lock = lock::check(&project)?;
    lock::check_registries(context, &project, &lock)?;
    let total = pull::with_digests(&lock)?.len();
    let mut report = Report {
        action,
        outcome: Changed::No,
        total,
        copied: Vec::new(),
        fetched: (0, 0),
        removed: 0,
        folders: path_sources(&project, &lock),
        ignored: Vec::new(),
        attributes: Vec::new(),
    };
    match (to, Place::of(&project.root)) {
        (To::Vendor, Place::Private) if total == 0 => return Ok(report),
        (To::Vendor, Place::Private) => begin(context, &project, &lock, &mut report)?,
        (To::Vendor, Place::Vendored) => again(context, &project, &lock, &mut report)?,
        (To::Private, Place::Vendored) => end(&project, &lock, &mut report)?,
        (To::Private, Place::Private) => return Ok(report),
    }
    if (to, action) == (To::Vendor, Action::Do) {
        let files = folder::files(&project.root)?;
        let files: Vec<String> = files.into_iter().map(|file| format!("{VENDOR_FOLDER}/{file}")).collect();
        // In a folder further down it counts more than the one that keeps git from changing anything.
        report.attributes = files
            .iter()
            .filter(|file| file.ends_with("/.gitattributes") && file.matches('/').count() > 1)
            .cloned()
            .collect();
        report.ignored = ignored(&project, files);
    }
    Ok(report)
}

/// Vendors the sets of a project that has vendored none.
fn begin(context: &Context, project: &Project, lock: &Lockfile, report: &mut Report) -> Result<()> {
    report.outcome = Changed::Yes;
    let sets = pull::with_digests(lock)?;
    report.copied = sets.iter().map(|(set, _)| (set.name.clone(), set.version.clone(), Reason::New)).collect();
    // What is unpacked needs no cache and no network.
    let missing = pull::missing(project, lock)?;
    if report.action == Action::Plan {
        return check_can_be_had(context, project, missing.iter().map(|(set, ..)| *set));
    }
    report.fetched = pull::fetch(context, project, missing.iter().map(|(set, _, _)| *set), &lock::Sizes::new())?;
    let staged = unpacked::stage_vendored(&project.root)?;
    context.progress.begin("copying", sets.len() as u64);
    for (set, digest) in &sets {
        let (name, version) = (&set.name, &set.version);
        let files = match missing.iter().any(|(missing, _, _)| missing.name == *name) {
            true => pull::checked_contents(context, project, set, lock)?,
            false => unpacked::read(&project.root, name, version, digest)?,
        };
        let inside = unpacked_folder_in(Place::Vendored, Path::new(""), name, version, digest);
        let inside = inside.strip_prefix(VENDOR_FOLDER).unwrap_or(&inside);
        unpacked::stage_plain(&staged, &inside.to_string_lossy(), (name, version), &files)?;
        context.progress.advance(1);
    }
    context.progress.end();
    let known = known_lines(context, project, lock, Known::Anew);
    for line in &known {
        staged.write(&folder::index_path(&line.name), &folder::text(line))?;
    }
    for (set, sha256) in unknown(lock, &known) {
        staged.write(&folder::index_path(&set.name), &folder::unknown(&set.version, &sha256))?;
    }
    for (name, text) in folder::COMPANIONS {
        staged.write(name, text.as_bytes())?;
    }
    staged.put_in_place()?;
    unpacked::sweep_in(Place::Private, &project.root, &[])?;
    fs::remove_folder_if_empty(&project.root.join(PROJECT_FOLDER).join("sets"));
    Ok(())
}

/// Makes what is vendored match the lock.
fn again(context: &Context, project: &Project, lock: &Lockfile, report: &mut Report) -> Result<()> {
    let missing = pull::missing(project, lock)?;
    if report.action == Action::Plan {
        let sets = missing.iter().map(|(set, ..)| *set);
        check_can_be_had(context, project, sets).map_err(|error| told(project, lock, lock, error))?;
    }
    let missing = missing.into_iter().map(|(set, _, reason)| (set.name.clone(), set.version.clone(), reason));
    report.copied = missing.collect();
    let unkept = unpacked::unkept_in(Place::Vendored, &project.root, &pull::folders(project, [lock]))?;
    report.removed = unkept.len();
    let known = known_lines(context, project, lock, Known::Anew);
    let is_other = |line: &Line| !folder::has_line(&project.root, line);
    let is_unsaid =
        |(set, sha256): &(&LockedSet, Sha256)| !folder::is_unknown(&project.root, &set.name, &set.version, sha256);
    let is_behind = known.iter().any(is_other)
        || unknown(lock, &known).iter().any(is_unsaid)
        || !folder::other_companions(&project.root).is_empty()
        || !unlisted(project, lock)?.is_empty();
    report.outcome = Changed::of(is_behind || !report.copied.is_empty() || !unkept.is_empty());
    if report.action == Action::Plan || report.outcome == Changed::No {
        return Ok(());
    }
    let pulled = pull::install(context, project, lock::Answer::unchanged(lock.clone()), |_| Ok(false))?;
    report.fetched = pulled.fetched;
    keep_lines(context, project, lock, Known::Anew)?;
    folder::put_companions(&project.root)?;
    for (set, digest) in unlisted(project, lock)? {
        let files = unpacked::read(&project.root, &set.name, &set.version, &digest)?;
        unpacked::put_record(Place::Vendored, &project.root, (&set.name, &set.version, &digest), &files)?;
    }
    Ok(())
}

/// Checks, fetching no bundle, that what is missing could be had: what is planned must be possible.
///
/// # Errors
/// As fetching it fails where the registry or repository is gone.
fn check_can_be_had<'s>(
    context: &Context,
    project: &Project,
    missing: impl Iterator<Item = &'s LockedSet>,
) -> Result<()> {
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    for set in missing {
        match &set.source {
            Source::Registry(id) if pull::at_hand(context, set).is_none() => {
                registries.with_id(id)?.index(&set.name)?;
            }
            Source::Git { .. } => drop(pull::contents(context, project, set)?),
            Source::Registry(_) | Source::Path(_) => {}
        }
    }
    Ok(())
}

/// Returns the sets beside which the list of their checksums is not there.
fn unlisted<'l>(project: &Project, lock: &'l Lockfile) -> Result<Vec<(&'l LockedSet, ContentDigest)>> {
    let mut sets = pull::with_digests(lock)?;
    sets.retain(|(set, digest)| {
        let home = unpacked_folder_in(Place::Vendored, &project.root, &set.name, &set.version, digest);
        !unpacked::has_record(&home, digest)
    });
    Ok(sets)
}

/// Unpacks what is vendored where it would be otherwise, and removes the folder.
fn end(project: &Project, lock: &Lockfile, report: &mut Report) -> Result<()> {
    report.outcome = Changed::Yes;
    let vendored = pull::folders(project, [lock]);
    report.removed = unpacked::unkept_in(Place::Vendored, &project.root, &vendored)?.len();
    for (set, digest) in pull::with_digests(lock)? {
        let (name, version) = (&set.name, &set.version);
        // What is not as locked is no loss: `pull` fetches it.
        let Ok(files) = unpacked::read(&project.root, name, version, &digest) else { continue };
        report.copied.push((name.clone(), version.clone(), Reason::New));
        if report.action == Action::Do {
            let content = Content { files: &files, cache: None };
            unpacked::put_in(Place::Private, &project.root, (name, version, &digest), &content)?;
        }
    }
    if report.action == Action::Do {
        folder::remove(&project.root)?;
    }
    Ok(())
}

/// Which of the index lines that are vendored are kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Those of the locked bundles: a pull changes nothing that it need not.
    AsItIs,
    /// None for which the registry says something else, as far as that takes no request.
    Anew,
}

/// Writes what is known of the locked versions into the folder, where it is not there already.
pub(super) fn keep_lines(context: &Context, project: &Project, lock: &Lockfile, known: Known) -> Result<()> {
    let known = known_lines(context, project, lock, known);
    for line in &known {
        folder::put_line(&project.root, line)?;
    }
    for (set, sha256) in unknown(lock, &known) {
        folder::put_unknown(&project.root, &set.name, &set.version, &sha256)?;
    }
    Ok(())
}

/// Returns the sets of registries that no line of `known` is about, with the checksums of their bundles.
fn unknown<'l>(lock: &'l Lockfile, known: &[Line]) -> Vec<(&'l LockedSet, Sha256)> {
    let is_known = |set: &LockedSet| known.iter().any(|line| line.name == set.name);
    let sets = lock.sets.iter().filter(|set| matches!(set.source, Source::Registry(_)) && !is_known(set));
    sets.filter_map(|set| Some((set, set.sha256?))).collect()
}

/// Returns what is known of the locked versions. What the registry cannot be asked about is left out: a lock
/// can be used without.
fn known_lines(context: &Context, project: &Project, lock: &Lockfile, known: Known) -> Vec<Line> {
    let offline = Context { network: Network::Offline, ..context.clone() };
    let registries = |context| Registries::new(context, &project.folder, &project.manifest, Freshness::Cached);
    let (at_hand, online) = (registries(&offline), registries(context));
    let mut lines = Vec::new();
    for set in &lock.sets {
        let Source::Registry(id) = &set.source else { continue };
        let is_anew = matches!(known, Known::Anew);
        let is_it = |line: &Line| {
            Some(line.sha256) == set.sha256
                && check::is_as_locked(set, line)
                && !(is_anew && check::has_other_edition(&project.root, set, line))
        };
        let vendored = || folder::lines(&project.root, &set.name, &set.version).into_iter().find(|line| is_it(line));
        let near = || {
            let lines = at_hand.with_id(id).map(|it| it.lines_at_hand(&set.name, &set.version)).unwrap_or_default();
            lines.into_iter().find(|line| is_it(line))
        };
        let far = || match (context.network, known) {
            (Network::Online, Known::Anew) => {
                let index = online.with_id(id).ok()?.index(&set.name).ok()??;
                index.line(&set.version).filter(|line| is_it(line)).cloned()
            }
            _ => None,
        };
        lines.extend(match known {
            Known::AsItIs => vendored().or_else(near),
            Known::Anew => near().or_else(vendored).or_else(far),
        });
    }
    lines
}

/// Removes what is vendored and not named by `lock`. Returns how many sets went.
pub(super) fn sweep(project: &Project, lock: &Lockfile) -> Result<usize> {
    let removed = unpacked::sweep_in(Place::Vendored, &project.root, &pull::folders(project, [lock]))?;
    let keep: BTreeSet<&SetName> = lock.sets.iter().map(|set| &set.name).collect();
    folder::sweep_index(&project.root, &keep)?;
    Ok(removed)
}

fn path_sources(project: &Project, lock: &Lockfile) -> Vec<PathSource> {
    let repository = Repository::discover(&project.root).ok();
    let root = repository.as_ref().and_then(|repository| repository.workdir().ok()).unwrap_or(&project.root);
    let root = fs::canonical(root).unwrap_or_else(|_| root.to_owned());
    let source = |set: &LockedSet| {
        let Source::Path(path) = &set.source else { return None };
        let place: PathBuf = fs::join(&project.root, Path::new(path));
        let outside = !fs::canonical(&place).unwrap_or(place).starts_with(&root);
        Some(PathSource { name: set.name.clone(), path: path.clone(), outside })
    };
    lock.sets.iter().filter_map(source).collect()
}

/// Returns those of `files`, paths from the project's folder, that git would leave out of a commit.
fn ignored(project: &Project, mut files: Vec<String>) -> Vec<String> {
    let Ok(repository) = Repository::discover(&project.root) else { return Vec::new() };
    let Ok(inside) = repository.relative(&project.root) else { return Vec::new() };
    let from_root = |file: &str| if inside.is_empty() { file.to_owned() } else { format!("{inside}/{file}") };
    files.retain(|file| repository.leaves_out(&from_root(file)));
    files
}
