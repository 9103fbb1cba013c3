//! The release that the next version is compared with.
//!
//! It is the nearest behind HEAD, but for one that promises less than it changes and that nobody can have from the
//! registry: `anvil push` refuses that, and compares whatever follows with what is public. Such a release is passed
//! over, so that what it changed is owed by the next one. To know what is public a registry in a folder is read, or
//! what the cache holds of another one; that is asked only where it could absolve a release.

use super::subject::Subject;
use super::{NoBaseline, check};
use crate::address::Address;
use crate::commands::contents::Contents;
use crate::commands::context::{Context, Network};
use crate::commands::project::Project;
use crate::commands::published::Stock;
use crate::commands::registries::RegistryReference;
use crate::commands::set_repository::{SetRepository, TaggedVersion};
use crate::compat::Comparison;
use crate::error::{Error, Result};
use crate::git::{CommitId, Lack};
use crate::index::{IndexFile, Line};
use crate::manifest::{SetSection, Strictness};
use crate::version::{Bump, Version};
use std::sync::Arc;

/// The releases of a project's own set.
pub(in crate::commands) struct Releases<'a> {
    context: &'a Context,
    project: Option<&'a Project>,
    registry: Option<&'a RegistryReference>,
    home: &'a SetRepository,
    section: &'a SetSection,
    versions: Vec<TaggedVersion>,
    /// The set's index, as far as it is at hand.
    public: Option<Arc<IndexFile>>,
}

/// The release that something is compared with.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Baseline {
    /// The release.
    pub(in crate::commands) since: TaggedVersion,
    /// Later ones that were passed over, the newest first.
    pub(in crate::commands) passed_over: Vec<Version>,
    /// Whether it was published and yanked, so that `anvil push` refuses nothing for what changed since.
    pub(in crate::commands) is_yanked: bool,
    /// The newest behind it that is public, where that is another: `anvil push` compares with that one.
    public: Option<TaggedVersion>,
}

impl<'a> Releases<'a> {
    /// Returns the releases of the set that `section` is of; what is public is asked of `registry`, or of the
    /// project's default one.
    ///
    /// # Errors
    /// When the tags cannot be read.
    pub(in crate::commands) fn of(
        context: &'a Context,
        project: Option<&'a Project>,
        registry: Option<&'a RegistryReference>,
        (home, section): (&'a SetRepository, &'a SetSection),
    ) -> Result<Releases<'a>> {
        let versions = home.versions(section)?;
        let mut releases = Releases { context, project, registry, home, section, versions, public: None };
        releases.public = releases.index(&Context { network: Network::Offline, ..context.clone() });
        Ok(releases)
    }

    /// Returns the set's index in the registry, if that can be read in `context`.
    fn index(&self, context: &Context) -> Option<Arc<IndexFile>> {
        let name = &self.section.name;
        let stock = Stock::open(context, self.project, self.registry).ok()?;
        stock.registry(&Address::of_set(name.clone())).ok()?.index(name).ok()?
    }

    /// Every version that is tagged, the newest first; pre-releases, too.
    pub(in crate::commands) fn versions(&self) -> &[TaggedVersion] {
        &self.versions
    }

    /// Returns the newest release that the registry has, as far as is known, where it is above every tagged one and
    /// this is a clone, which may lack tags.
    pub(in crate::commands) fn unfetched(&self) -> Option<Version> {
        let published = self.public.iter().flat_map(|index| &index.lines).map(|line| &line.version);
        let newest = published.filter(|version| version.pre.is_empty()).max();
        let above = newest.filter(|newest| self.versions.iter().all(|tagged| tagged.version < **newest));
        above.filter(|_| self.home.repository.remote().is_ok_and(|remote| remote.is_some())).cloned()
    }

    /// Returns what the registry has as `version`, as far as is known.
    pub(in crate::commands) fn published(&self, version: &Version) -> Option<&Line> {
        self.public.as_ref()?.line(version)
    }

    /// Returns the release that what follows `commit` is compared with; nothing where there is none. With
    /// `below` it is a version below that.
    ///
    /// # Errors
    /// When the history cannot be read, or is cut off before a release is met.
    pub(in crate::commands) fn behind(&self, commit: CommitId, below: Option<&Version>) -> Result<Option<Baseline>> {
        let Some(mut since) = self.home.nearest_release(commit, &self.versions, below)? else {
            return match self.home.repository.lack()? {
                Some(Lack::History) => Err(self.cut_off(None)),
                Some(Lack::Tags) | None => Ok(None),
            };
        };
        let mut passed_over = Vec::new();
        while let Some(before) = self.broken_by(since)? {
            passed_over.push(since.version.clone());
            since = before;
        }
        let public = self.public_below(&since.version).filter(|_| !self.is_public(&since.version)).cloned();
        let is_yanked = self.published(&since.version).is_some_and(|line| line.yanked.is_some());
        Ok(Some(Baseline { since: since.clone(), passed_over, is_yanked, public }))
    }

    /// Returns the first release of a set whose manifest says `now` at `commit`: that version, or the release that
    /// a pre-release leads to.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub(in crate::commands) fn first(&self, commit: CommitId, now: &Version) -> Result<Version> {
        let last = self.home.newest_behind(commit, &self.versions)?.map(|tagged| &tagged.version);
        let has_tag = self.versions.iter().any(|tagged| tagged.version == *now);
        Ok(match now.pre.is_empty() && !has_tag {
            true => now.clone(),
            false => Bump::Patch.apply(last.map_or(now, |last| last.max(now))),
        })
    }

    /// Compares `committed` with a release, by what it says of changes itself. What it acknowledges is idle where
    /// what `push` compares with does not need it either.
    ///
    /// # Errors
    /// When the release cannot be read, or `[compat]` cannot be followed.
    pub(in crate::commands) fn compare(&self, baseline: &Baseline, committed: &Contents) -> Result<Comparison> {
        let now = Subject::own(committed.clone());
        let mut comparison = self.since(&baseline.since, &now)?;
        self.settle_idle(baseline, &now, &mut comparison);
        Ok(comparison)
    }

    /// Takes out of the idle entries those that what `push` compares with still needs.
    pub(super) fn settle_idle(&self, baseline: &Baseline, now: &Subject, comparison: &mut Comparison) {
        if let (Some(public), false) = (&baseline.public, comparison.idle.is_empty())
            && let Ok(other) = self.since(public, now)
        {
            comparison.idle.retain(|entry| other.idle.contains(entry));
        }
    }

    fn since(&self, release: &TaggedVersion, now: &Subject) -> Result<Comparison> {
        let then = self.home.contents(&self.section.name, release.tag.commit, Strictness::Dependency)?;
        // A lock that cannot be read is for others to tell; without it less can be tried.
        let stock = Stock::open(self.context, self.project, None).ok();
        check(self.context, self.project, stock.as_ref(), [&Subject::own(then), now])
    }

    /// Returns the release after which `release` promises less than it changes, if `push` would refuse it for that.
    /// Of one that cannot be read nothing is known.
    fn broken_by(&self, release: &TaggedVersion) -> Result<Option<&TaggedVersion>> {
        if self.is_public(&release.version) {
            return Ok(None);
        }
        let before = match self.public_below(&release.version) {
            Some(public) => public,
            None => match self.home.nearest_release(release.tag.commit, &self.versions, Some(&release.version))? {
                Some(before) => before,
                None if self.is_cut_off_before(release)? => return Err(self.cut_off(Some(&release.version))),
                None => return Ok(None),
            },
        };
        let promised = Bump::between(&before.version, &release.version);
        if promised >= Bump::Major.before_one(&before.version) {
            return Ok(None);
        }
        let changed = || -> Result<Option<Bump>> {
            let now = self.home.contents(&self.section.name, release.tag.commit, Strictness::Dependency)?;
            Ok(self.since(before, &Subject::own(now))?.bump())
        };
        let owed = changed().ok().flatten().map(|bump| bump.before_one(&before.version));
        let is_refused = owed.is_some_and(|owed| owed > promised)
            && !self.index(self.context).is_some_and(|index| is_in(&index, &release.version));
        Ok(is_refused.then_some(before))
    }

    /// Returns whether it cannot be known here what `release` was to promise: the release before it may be behind
    /// what a shallow clone has. One that promises all, whatever was before it, or that is public need not be judged.
    fn is_cut_off_before(&self, release: &TaggedVersion) -> Result<bool> {
        Ok(!may_break_all(&release.version)
            && self.home.repository.lack()? == Some(Lack::History)
            && !self.index(self.context).is_some_and(|index| is_in(&index, &release.version)))
    }

    fn cut_off(&self, judged: Option<&Version>) -> Error {
        NoBaseline { set: self.section.name.clone(), before: judged.cloned() }.into()
    }

    /// Returns the newest release below `version` that is public.
    fn public_below(&self, version: &Version) -> Option<&TaggedVersion> {
        self.versions.iter().find(|tagged| {
            tagged.version.pre.is_empty() && tagged.version < *version && self.is_public(&tagged.version)
        })
    }

    /// Returns whether others have `version` as far as is known, so that `push` compares with it.
    fn is_public(&self, version: &Version) -> bool {
        self.public.as_ref().is_some_and(|index| is_in(index, version))
    }
}

/// Returns whether `version` may break whatever release was before it.
fn may_break_all(version: &Version) -> bool {
    matches!((version.major, version.minor, version.patch), (0, 0, _) | (0, _, 0) | (_, 0, 0))
}

fn is_in(index: &IndexFile, version: &Version) -> bool {
    index.line(version).is_some_and(|line| line.yanked.is_none())
}
