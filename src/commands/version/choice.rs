//! Which version a target leads to, by what HEAD and the tags say.

use crate::commands::compat::{Baseline, NoBaseline, Releases};
use crate::commands::contents::Contents;
use crate::commands::set_repository::{SetRepository, TaggedVersion};
use crate::compat::Comparison;
use crate::error::Result;
use crate::git::{Head, Parents};
use crate::manifest::{self, Manifest, Strictness};
use crate::version::{Bump, Target, Version};

/// What a version is chosen by.
pub(super) struct Choice<'a> {
    pub(super) releases: &'a Releases<'a>,
    pub(super) home: &'a SetRepository,
    pub(super) head: &'a Head,
    /// What HEAD has.
    pub(super) committed: &'a Contents,
}

/// The version that was chosen.
pub(super) struct Chosen {
    pub(super) version: Version,
    /// What it was chosen by, where that is what changed since a release.
    pub(super) since: Option<(Baseline, Comparison)>,
}

impl Choice<'_> {
    /// Returns the version that `target` leads to.
    ///
    /// # Errors
    /// When the history cannot be read, or `auto` cannot compare.
    pub(super) fn of(&self, target: &Target) -> Result<Chosen> {
        let version = match target {
            Target::Exact(version) => version.clone(),
            Target::Bump(bump) => self.bumped(*bump)?,
            Target::Auto => match self.releases.behind(self.head.commit, None)? {
                None => self.releases.first(self.head.commit, self.now())?,
                Some(baseline) => return self.owed(baseline),
            },
        };
        Ok(Chosen { version, since: None })
    }

    /// Returns whether HEAD has the content of `tagged`.
    pub(super) fn is_content_of(&self, tagged: &TaggedVersion) -> bool {
        if tagged.tag.commit == self.head.commit {
            return true;
        }
        // A version whose content cannot be read is another one.
        let then = self.home.contents(&self.committed.section().name, tagged.tag.commit, Strictness::Dependency);
        then.is_ok_and(|then| then.files == self.committed.files)
    }

    /// The version that HEAD's manifest says.
    fn now(&self) -> &Version {
        &self.committed.section().version
    }

    /// Returns the last version before HEAD. A merge may have brought a later one than the manifest says.
    pub(super) fn last(&self) -> Result<Option<&Version>> {
        let newest = self.home.newest_behind(self.head.commit, self.releases.versions())?;
        Ok(newest.map(|tagged| &tagged.version))
    }

    /// Returns the version that `bump` leads to.
    fn bumped(&self, bump: Bump) -> Result<Version> {
        let now = self.now();
        let last = self.last()?;
        let next = |version: &Version| bump.apply(last.map_or(version, |last| last.max(version)));
        match self.releases.versions().iter().find(|tagged| tagged.version == *now) {
            // Nothing has happened since: the same command, run again, has nothing to do. A
            // pre-release that proved good is finished so, though, and a debt is paid.
            Some(tagged) if now.pre.is_empty() && self.is_content_of(tagged) && !self.pays(bump)? => Ok(now.clone()),
            Some(_) => Ok(next(now)),
            None => match self.previous_version()? {
                Some(before) if next(&before) == *now => Ok(now.clone()),
                _ => Ok(next(now)),
            },
        }
    }

    /// Returns whether `bump` owns up to what the version that HEAD is changed, and its number does not.
    fn pays(&self, bump: Bump) -> Result<bool> {
        let baseline = match self.releases.behind(self.head.commit, None) {
            Ok(Some(baseline)) => baseline,
            Ok(None) => return Ok(false),
            // A number that the author names needs no other.
            Err(error) if error.downcast_ref::<NoBaseline>().is_some() => return Ok(false),
            Err(error) => return Err(error),
        };
        if !baseline.passed_over.contains(self.now()) {
            return Ok(false);
        }
        let owed = self.releases.compare(&baseline, self.committed)?.bump();
        Ok(owed.is_some_and(|owed| bump >= owed.before_one(&baseline.since.version)))
    }

    /// Returns the version that the manifest held before it held the one that it holds now.
    fn previous_version(&self) -> Result<Option<Version>> {
        let path = self.home.path(manifest::FILE_NAME);
        for entry in self.home.repository.history_of(self.head.commit, &path, Parents::All)? {
            let (_, bytes) = entry?;
            let text = String::from_utf8_lossy(&bytes);
            let manifest = Manifest::parse(manifest::FILE_NAME, &text, Strictness::Apart).ok();
            match manifest.and_then(|manifest| manifest.set) {
                Some(set) if set.version == *self.now() => {}
                Some(set) => return Ok(Some(set.version)),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Returns the version that owns up to what changed since `baseline`: the one that HEAD's manifest says, if it
    /// has no tag yet and does, else the next one; where nothing changed, the one that it is.
    fn owed(&self, baseline: Baseline) -> Result<Chosen> {
        let comparison = self.releases.compare(&baseline, self.committed)?;
        let (now, since) = (self.now(), &baseline.since.version);
        let version = match comparison.bump().map(|bump| bump.before_one(since)) {
            None => since.clone(),
            Some(bump) => {
                let last = self.last()?.unwrap_or(since);
                let has_tag = self.releases.versions().iter().any(|tagged| tagged.version == *now);
                if !has_tag && now.pre.is_empty() && now > last && Bump::between(since, now) >= bump {
                    now.clone()
                } else {
                    bump.apply(last.max(now))
                }
            }
        };
        Ok(Chosen { version, since: Some((baseline, comparison)) })
    }
}
