//! Whether a version promises what it changes, before it is published: its number against what
//! changed since the newest release below it that the registry has and did not yank.

use super::bundle::{Bundle, Origin};
use super::compat::{self, NotChecked, Subject};
use super::context::Context;
use super::project::Project;
use super::published::{self, Stock};
use super::push::Note;
use super::set_repository::SetRepository;
use super::target::Target;
use crate::address::{Address, Which};
use crate::compat::{Change, Comparison};
use crate::error::{Code, Diagnose, Hint, Result, shell_word};
use crate::index::{Breaking, Line};
use crate::name::{RegistryName, SetName};
use crate::version::{Bump, Version};
use std::sync::Arc;

/// Whether a version must promise what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// It must.
    Holds,
    /// It need not; the index keeps that.
    MayBreak,
}

/// What is known of a version's promise.
#[derive(Debug, Default)]
pub(super) struct Promised {
    /// What the index is to say, where the version changes more than its number says and may.
    pub(super) breaking: Option<Breaking>,
    /// What the author should know.
    pub(super) notes: Vec<Note>,
}

/// A version promises less than it changes.
#[derive(Debug, thiserror::Error)]
#[error("{name} {version} is no {} after {since}, and what changed is {bump}{}", told(*.says), list(.changes))]
pub struct PromiseError {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// What the registry is called.
    pub registry: String,
    /// The published version that it was compared with.
    pub since: Version,
    /// The bump that its number would have to be.
    pub says: Bump,
    /// The class of what changed.
    pub bump: Bump,
    /// A version that promises it and can be made.
    pub needed: Version,
    /// What the bundle is made from.
    pub origin: Origin,
    /// The changes that decide.
    pub changes: Vec<Change>,
}

fn told(bump: Bump) -> &'static str {
    match bump {
        Bump::Major => "major version",
        Bump::Minor => "minor version",
        Bump::Patch => "patch",
    }
}

/// The most changes that are told or kept.
const MOST: usize = 10;

fn list(changes: &[Change]) -> String {
    let mut text: String = changes.iter().take(MOST).map(|change| format!("\n  {change}")).collect();
    if let more @ 1.. = changes.len().saturating_sub(MOST) {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

impl Diagnose for PromiseError {
    fn code(&self) -> Code {
        Code::A0711
    }

    fn hints(&self) -> Vec<Hint> {
        let PromiseError { name, since, needed, origin, registry, .. } = self;
        let registry = match registry.as_str() {
            RegistryName::DEFAULT => String::new(),
            registry => format!(" --registry {}", shell_word(registry)),
        };
        let way_out = match origin {
            Origin::Tag => Hint::run("make it a version that says so", format!("anvil version {needed}")),
            Origin::WorkTree => Hint::new(format!("let anvil.toml say so: `version = \"{needed}\"`")),
        };
        vec![
            way_out,
            Hint::run("see all that changed", format!("anvil compat {name}@{since}{registry}")),
            Hint::new("to publish it all the same, say `--allow-breaking`; the index keeps that"),
        ]
    }
}

/// Compares `bundle`, which `line` announces, with the newest release below it.
///
/// # Errors
/// [`PromiseError`] when it promises less than it changes and must not; or when the other version cannot be
/// fetched, or `[compat]` cannot be followed.
pub(super) fn check(
    context: &Context,
    project: &Project,
    target: &Target,
    (bundle, line): (&Bundle, &Line),
    promise: Promise,
) -> Result<Promised> {
    let Some(baseline) = baseline(target, line)? else {
        return Ok(Promised::default().marked(since_yanked(context, project, target, (bundle, line), None)?));
    };
    let since = baseline.version;
    let comparison = match compared(context, project, target, (bundle, line), &since)? {
        Ok(comparison) => comparison,
        // What this Anvil cannot understand must not keep it from publishing for ever.
        Err(why) => {
            return Ok(Promised { notes: vec![Note::NothingCompared { since, why }], ..Promised::default() });
        }
    };
    let mut notes: Vec<Note> = NotChecked::of(&comparison)
        .into_iter()
        .map(|NotChecked { prompt, why }| Note::NotChecked { prompt, why })
        .collect();
    notes.extend(comparison.idle.iter().map(|accept| Note::IdleAccept { accept: accept.clone() }));
    let promised = Promised { breaking: None, notes };
    let Some((bump, needed)) = owed(&comparison, &since, &line.version) else {
        return Ok(promised.marked(since_yanked(context, project, target, (bundle, line), Some(&since))?));
    };
    // A pre-release promises nothing; who lands on it is told.
    if promise == Promise::Holds && line.version.pre.is_empty() {
        let origin = if bundle.tag.is_some() { Origin::Tag } else { Origin::WorkTree };
        return Err(PromiseError {
            name: line.name.clone(),
            version: line.version.clone(),
            registry: target.called.clone(),
            says: needed,
            bump,
            needed: next(project, bundle, needed, &since)?,
            origin,
            changes: comparison.gravest().cloned().collect(),
            since,
        }
        .into());
    }
    Ok(promised.marked(Some(breaking(&comparison, since, bump))))
}

impl Promised {
    fn marked(mut self, breaking: Option<Breaking>) -> Promised {
        self.notes.extend(breaking.iter().map(|breaking| Note::Breaking { breaking: breaking.clone() }));
        Promised { breaking, ..self }
    }
}

/// Returns what changed, and the bump that owns up to it, where `version` promises less after `since`.
fn owed(comparison: &Comparison, since: &Version, version: &Version) -> Option<(Bump, Bump)> {
    let bump = comparison.bump()?;
    let needed = bump.before_one(since);
    (needed > Bump::between(since, version)).then_some((bump, needed))
}

fn breaking(comparison: &Comparison, since: Version, bump: Bump) -> Breaking {
    Breaking { since, bump, changes: comparison.gravest().take(MOST).map(Change::key).collect() }
}

/// Compares `bundle`, which `line` announces, with the published version `since`; in words, why that cannot be
/// understood.
fn compared(
    context: &Context,
    project: &Project,
    target: &Target,
    (bundle, line): (&Bundle, &Line),
    since: &Version,
) -> Result<Result<Comparison, String>> {
    let stock = Stock::publishing(context, project, Arc::clone(&target.registry))?;
    let address = Address { which: Which::Exact(since.clone()), ..Address::of_set(line.name.clone()) };
    let old = match Subject::published(published::find_on(context, &target.registry, &address)?) {
        Ok(old) => old,
        Err(error) => return Ok(Err(error.to_string().lines().next().unwrap_or_default().to_owned())),
    };
    let new = Subject::announced(bundle.contents.clone(), target.registry.id(), &line.dependencies);
    compat::check(context, Some(project), Some(&stock), [&old, &new]).map(Ok)
}

/// Returns what the index is to say for those who have the newest yanked release above `base` locked, where the version
/// changes more after that than its number says. It is not refused for that: what was yanked may be taken back.
fn since_yanked(
    context: &Context,
    project: &Project,
    target: &Target,
    (bundle, line): (&Bundle, &Line),
    base: Option<&Version>,
) -> Result<Option<Breaking>> {
    let Some(index) = target.registry.index(&line.name)? else { return Ok(None) };
    let is_wanted = |other: &&Line| {
        let is_between = other.version < line.version && base.is_none_or(|base| other.version > *base);
        other.yanked.is_some() && other.version.pre.is_empty() && is_between && other.digest != line.digest
    };
    let Some(yanked) = index.lines.iter().filter(is_wanted).max_by_key(|other| &other.version) else {
        return Ok(None);
    };
    let since = yanked.version.clone();
    // One that cannot be had any more is nobody's hindrance.
    let Ok(Ok(comparison)) = compared(context, project, target, (bundle, line), &since) else { return Ok(None) };
    Ok(owed(&comparison, &since, &line.version).map(|(bump, _)| breaking(&comparison, since, bump)))
}

/// Returns the version that `bump` makes of `since`, or the next such one that can be made: of those that are tagged
/// none can be made again, and none below what is behind HEAD.
fn next(project: &Project, bundle: &Bundle, bump: Bump, since: &Version) -> Result<Version> {
    if bundle.tag.is_none() {
        return Ok(bump.apply(since));
    }
    let home = SetRepository::of(project)?;
    let versions = home.versions(bundle.section())?;
    let last = home.newest_behind(home.repository.head()?.commit, &versions)?;
    let mut next = bump.apply(last.map_or(since, |last| since.max(&last.version)));
    while versions.iter().any(|tagged| tagged.version == next) {
        next = bump.apply(&next);
    }
    Ok(next)
}

/// Returns the newest release below the version of `line` that is not yanked and has other content.
fn baseline(target: &Target, line: &Line) -> Result<Option<Line>> {
    let Some(index) = target.registry.index(&line.name)? else { return Ok(None) };
    let is_wanted =
        |other: &&Line| other.yanked.is_none() && other.version.pre.is_empty() && other.version < line.version;
    let newest = index.lines.iter().filter(is_wanted).max_by(|a, b| a.version.cmp(&b.version));
    Ok(newest.filter(|other| other.digest != line.digest).cloned())
}
