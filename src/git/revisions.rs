//! Revisions and tags: from what a person writes to a commit.

use super::error::Result;
use super::{CommitId, GitError, Repository};
use crate::error::Hint;
use git2::{ErrorCode, ObjectType, Oid};

/// A tag that names a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The commit that it names.
    pub commit: CommitId,
    /// When it was made, in seconds since 1970; annotated tags alone know.
    pub made_at: Option<i64>,
    /// Whether it is annotated: an object of its own, with author and message.
    pub annotated: bool,
}

/// What a clone may lack of its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is shallow: older commits are not here, nor perhaps their tags.
    History,
    /// It has a remote and no tag at all.
    Tags,
}

impl Lack {
    /// Returns how to get it.
    pub fn hint(self) -> Hint {
        match self {
            Lack::History => {
                Hint::run("this clone is shallow; fetch the rest of its history", "git fetch --unshallow --tags")
            }
            Lack::Tags => Hint::run("no tag is here; a clone may lack them", "git fetch --tags"),
        }
    }
}

impl Repository {
    /// Returns what may be missing here, if something may.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn lack(&self) -> Result<Option<Lack>> {
        if self.git.is_shallow() {
            return Ok(Some(Lack::History));
        }
        let has_tags = !self.git.tag_names(None).map_err(|source| self.failed("read the tags", source))?.is_empty();
        Ok((!has_tags && self.remote()?.is_some()).then_some(Lack::Tags))
    }

    /// Returns whether git is asked to sign commits or tags here, which only the user's `git` does.
    pub fn should_sign(&self) -> bool {
        let Ok(config) = self.git.config() else { return false };
        ["commit.gpgsign", "tag.gpgsign"].iter().any(|key| config.get_bool(key).unwrap_or(false))
    }

    /// Returns the commit that `revision` names, in any way that git takes: a branch, a tag, an id or its
    /// beginning, `HEAD~2`.
    ///
    /// # Errors
    /// When it names no commit, or several.
    pub fn resolve(&self, revision: &str) -> Result<CommitId> {
        // What begins with `-` is an option to git and to every script that passes it on.
        if revision.is_empty() || revision.starts_with('-') || revision.contains('\0') {
            return Err(GitError::BadName { what: "revision", text: revision.to_owned() });
        }
        let object = self.git.revparse_single(revision).map_err(|source| match source.code() {
            ErrorCode::Ambiguous => {
                GitError::Ambiguous { revision: revision.to_owned(), repository: self.place().to_owned() }
            }
            // A repository without commits is told as such: `HEAD` is no misspelling there.
            ErrorCode::UnbornBranch => GitError::NoCommits { repository: self.place().to_owned() },
            _ => self.no_revision(revision),
        })?;
        match object.peel(ObjectType::Commit) {
            Ok(commit) => Ok(CommitId(commit.id())),
            Err(_) => Err(self.no_revision(revision)),
        }
    }

    pub(super) fn no_revision(&self, revision: &str) -> GitError {
        if matches!(self.is_empty(), Ok(true)) && revision == "HEAD" {
            return GitError::NoCommits { repository: self.place().to_owned() };
        }
        GitError::NoRevision {
            revision: revision.to_owned(),
            repository: self.place().to_owned(),
            shallow: self.git.is_shallow(),
        }
    }

    /// Returns the tag called `name`, if there is one that names a commit.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn tag_named(&self, name: &str) -> Result<Option<Tag>> {
        let reference = format!("refs/tags/{name}");
        if !git2::Reference::is_valid_name(&reference) {
            return Ok(None);
        }
        match self.git.refname_to_id(&reference) {
            Ok(target) => self.tag_at(name, target),
            Err(source) if source.code() == ErrorCode::NotFound => Ok(None),
            Err(source) => Err(self.failed(format!("read the tag `{name}`"), source)),
        }
    }

    /// Returns every tag that names a commit, ordered by name. Tags with names that are not
    /// UTF-8 are left out: no version is called so.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn tags(&self) -> Result<Vec<Tag>> {
        let failed = |source| self.failed("read the tags", source);
        let mut tags = Vec::new();
        for reference in self.git.references_glob("refs/tags/*").map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let (Ok(full), Some(target)) = (reference.name(), reference.target()) else { continue };
            let Some(name) = full.strip_prefix("refs/tags/") else { continue };
            tags.extend(self.tag_at(name, target)?);
        }
        tags.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(tags)
    }

    fn tag_at(&self, name: &str, target: Oid) -> Result<Option<Tag>> {
        let failed = |source| self.failed(format!("read the tag `{name}`"), source);
        let object = self.git.find_object(target, None).map_err(failed)?;
        let made_at = object.as_tag().and_then(|tag| tag.tagger().map(|tagger| tagger.when().seconds()));
        let annotated = object.as_tag().is_some();
        match object.peel(ObjectType::Commit) {
            Ok(commit) => Ok(Some(Tag { name: name.to_owned(), commit: CommitId(commit.id()), made_at, annotated })),
            // A tag of a file or a tree is no version.
            Err(source) if matches!(source.code(), ErrorCode::Peel | ErrorCode::InvalidSpec) => Ok(None),
            Err(source) => Err(failed(source)),
        }
    }
}
