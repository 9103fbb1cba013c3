//! Tags: made once, never moved.

use super::error::Result;
use super::{CommitId, GitError, Repository, RepositoryLock};
use git2::{ErrorCode, ObjectType};
use std::path::Path;

/// Whether a tag had to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagged {
    /// It was made.
    Created,
    /// It was there and names the same commit.
    Existed,
}

impl Repository {
    /// Makes an annotated tag called `name` on `commit`. One that names the same commit already is
    /// fine, whoever made it.
    ///
    /// # Errors
    /// When the tag exists and names another commit, the name is none that git takes, or git knows
    /// no identity.
    pub fn tag(&self, lock: &RepositoryLock, name: &str, commit: CommitId, message: &str) -> Result<Tagged> {
        check_tag_name(name)?;
        if self.is_tagged(name, commit)? {
            return Ok(Tagged::Existed);
        }
        let failed = |source| self.failed(format!("make the tag `{name}`"), source);
        let tagger = self.committer()?;
        let target = self.git.find_object(commit.0, Some(ObjectType::Commit)).map_err(failed)?;
        let message = git2::message_prettify(message, None).map_err(failed)?;
        let reference = format!("refs/tags/{name}");
        match lock.changing(Path::new(&reference), || self.git.tag(name, &target, &tagger, &message, false))? {
            Ok(_) => Ok(Tagged::Created),
            // Someone made it since it was looked for.
            Err(source) if source.code() == ErrorCode::Exists => match self.is_tagged(name, commit)? {
                true => Ok(Tagged::Existed),
                false => Err(failed(source)),
            },
            Err(source) => Err(failed(source)),
        }
    }

    fn is_tagged(&self, name: &str, wanted: CommitId) -> Result<bool> {
        match self.tag_named(name)? {
            Some(tag) if tag.commit == wanted => Ok(true),
            Some(tag) => Err(GitError::TagExists { name: name.to_owned(), found: tag.commit, wanted }),
            None => Ok(false),
        }
    }
}

/// Refuses what git takes for no tag's name.
///
/// # Errors
/// [`GitError::BadName`].
pub fn check_tag_name(name: &str) -> Result<()> {
    if name.starts_with('-') || !git2::Reference::is_valid_name(&format!("refs/tags/{name}")) {
        return Err(GitError::BadName { what: "tag name", text: name.to_owned() });
    }
    Ok(())
}
