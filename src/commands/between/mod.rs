//! What lies between two versions of a set that somebody depends on, judged from what they hold and not from their
//! numbers, as `anvil compat` judges it.
//!
//! It is told beside answers that stand without it. So nothing here fails: what cannot be read or compared is
//! [`Between::NotChecked`], with the reason.

pub(super) mod bundles;

use bundles::Delivered;

use super::compat::{self, Subject};
use super::contents::Contents;
use super::context::Context;
use super::dependency;
use super::project::Project;
use super::published::Stock;
use super::sources;
use crate::archive::FileSet;
use crate::compat::Change;
use crate::index::{Line, LineDependency};
use crate::lockfile::{LockedSet, Source};
use crate::name::{PromptName, RegistryId, SetName};
use crate::version::{Bump, Version};

/// What lies between two versions.
#[derive(Clone, Debug, PartialEq)]
pub enum Between {
    /// They were compared.
    Checked {
        /// The smallest bump that owns up to what changed; nothing where nothing did.
        bump: Option<Bump>,
        /// The changes, the gravest first.
        changes: Vec<Change>,
        /// The prompts of which not all could be found out; what is not known could weigh more.
        unchecked: Vec<PromptName>,
    },
    /// They could not be.
    NotChecked {
        /// Why, in words.
        why: String,
    },
}

impl Between {
    /// Returns what is told of versions that could not be compared.
    pub(super) fn not_checked(why: impl Into<String>) -> Between {
        Between::NotChecked { why: why.into() }
    }

    /// Returns the class of what lies between, where that is known and there is anything.
    pub fn bump(&self) -> Option<Bump> {
        match self {
            Between::Checked { bump, .. } => *bump,
            Between::NotChecked { .. } => None,
        }
    }

    /// Returns why nothing is known, where that is so.
    pub fn why_not_checked(&self) -> Option<&str> {
        match self {
            Between::Checked { .. } => None,
            Between::NotChecked { why } => Some(why),
        }
    }
}

/// One version as it is compared: what it is, and what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    name: &'a SetName,
    version: &'a Version,
    /// The registry that it comes from, with what it needs of it; nothing where it comes from elsewhere.
    needs: Option<(&'a RegistryId, Needs<'a>)>,
    files: &'a FileSet,
}

#[derive(Clone, Copy, Debug)]
enum Needs<'a> {
    Line(&'a Line),
    Locked(&'a LockedSet),
}

impl<'a> Held<'a> {
    /// Returns the version that `line` of the registry `id` announces.
    pub(super) fn of_line(line: &'a Line, id: &'a RegistryId, files: &'a FileSet) -> Held<'a> {
        Held { name: &line.name, version: &line.version, needs: Some((id, Needs::Line(line))), files }
    }

    /// Returns the locked version `set`.
    pub(super) fn of_locked(set: &'a LockedSet, files: &'a FileSet) -> Held<'a> {
        let needs = match &set.source {
            Source::Registry(id) => Some((id, Needs::Locked(set))),
            Source::Git { .. } | Source::Path(_) => None,
        };
        Held { name: &set.name, version: &set.version, needs, files }
    }

    fn subject(&self) -> crate::error::Result<Subject> {
        let (manifest, prompts) = dependency::load(self.name, self.version, self.files)?;
        let contents = Contents { manifest, files: self.files.clone(), prompts, commit: None, own_text: None };
        Ok(match self.needs {
            Some((id, Needs::Line(line))) => Subject::announced(contents, id, &line.dependencies),
            Some((id, Needs::Locked(set))) => {
                let edges = set.dependencies.iter().map(|edge| LineDependency {
                    name: edge.name.clone(),
                    requirement: edge.requirement.0.clone(),
                    registry: None,
                    registry_url: None,
                });
                Subject::announced(contents, id, &edges.collect::<Vec<_>>())
            }
            None => Subject::own(contents),
        })
    }
}

/// Returns the files of a locked set: among the `bundles` that were read, or from its git mirror.
pub(super) fn files_of(context: &Context, set: &LockedSet, bundles: &Delivered) -> Result<FileSet, String> {
    match &set.source {
        Source::Registry(_) => {
            let read = set.sha256.and_then(|sha256| bundles.get(&sha256));
            read.cloned().unwrap_or_else(|| Err("the lock gives no checksum for it".to_owned()))
        }
        Source::Git { .. } => match sources::git_contents(context, set) {
            Ok(contents) => Ok(contents.files),
            Err(error) => Err(bundles::first_line(&error)),
        },
        Source::Path(path) => Err(format!("`{path}` is a folder, which is used as it lies")),
    }
}

/// Compares two versions of a set. What their prompts render of other sets is looked for in `stock`.
pub(super) fn compare(context: &Context, project: &Project, stock: &Stock<'_>, sides: [Held<'_>; 2]) -> Between {
    let compared = || {
        let [old, new] = [sides[0].subject()?, sides[1].subject()?];
        compat::check(context, Some(project), Some(stock), [&old, &new])
    };
    match compared() {
        Ok(comparison) => {
            let untried = comparison.not_checked().map(|(prompt, _)| prompt.clone());
            let mut unchecked: Vec<PromptName> = untried.chain(comparison.unreadable.iter().cloned()).collect();
            unchecked.sort();
            unchecked.dedup();
            Between::Checked { bump: comparison.bump(), changes: comparison.changes, unchecked }
        }
        Err(error) => Between::not_checked(bundles::first_line(&error)),
    }
}
