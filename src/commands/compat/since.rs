//! What changed since a release, for whoever makes the next version.

use super::{Baseline, NotChecked};
use crate::compat::{Change, Comparison};
use crate::name::PromptName;
use crate::version::{Bump, Version};
use serde::Serialize;

/// What changed for users since the last version, and how well the new version says so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InterfaceChanges {
    /// The release that it is compared with.
    pub since: Version,
    /// Releases after it that promise less than they change, the newest first.
    pub passed_over: Vec<Version>,
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
    /// Prompts that did not parse then or do not now, of which nothing is known.
    pub unreadable: Vec<PromptName>,
    /// Prompts that could not be tried.
    pub not_checked: Vec<NotChecked>,
    /// The entries of `[compat] accept` that are about no change.
    pub idle_accepts: Vec<String>,
    /// The smallest bump that owns up to the changes; nothing when there are none.
    pub bump: Option<Bump>,
    /// The bump that would have said so, where the version does not.
    pub understated: Option<Bump>,
    /// Whether the release was published and yanked: then `anvil push` marks a version that says too little.
    #[serde(skip)]
    pub is_yanked: bool,
}

impl InterfaceChanges {
    /// Returns what `comparison` found between `baseline` and what is to be `version`.
    pub(in crate::commands) fn of(baseline: Baseline, version: &Version, comparison: Comparison) -> Self {
        let Baseline { since, passed_over, is_yanked, .. } = baseline;
        let since = since.version;
        let bump = comparison.bump();
        let needed = bump.map(|bump| bump.before_one(&since));
        InterfaceChanges {
            understated: needed.filter(|needed| *needed > Bump::between(&since, version)),
            bump,
            not_checked: NotChecked::of(&comparison),
            unreadable: comparison.unreadable,
            idle_accepts: comparison.idle,
            changes: comparison.changes,
            since,
            passed_over,
            is_yanked,
        }
    }

    /// Returns the changes that decide the bump.
    pub fn gravest(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| Some(change.bump()) == self.bump)
    }
}
