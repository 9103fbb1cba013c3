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
        self.check_tag(name)?;
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

    /// Refuses a name that no tag of a commit can have here.
    ///
    /// # Errors
    /// [`GitError::BadName`] when git takes it for no tag's name, [`GitError::TagInTheWay`] when a tag is
    /// there that cannot be beside one of this name.
    pub fn check_tag(&self, name: &str) -> Result<()> {
        if name.starts_with('-') || !git2::Reference::is_valid_name(&format!("refs/tags/{name}")) {
            return Err(GitError::BadName { what: "tag name", text: name.to_owned() });
        }
        let in_the_way = |other: &str| GitError::TagInTheWay { name: name.to_owned(), other: other.to_owned() };
        let is_there = |name: &str| self.git.find_reference(&format!("refs/tags/{name}")).is_ok();
        if is_there(name) && self.tag_named(name)?.is_none() {
            return Err(in_the_way(name));
        }
        // Git keeps `v1` in a file, and `v1/2` in a folder of that name.
        if let Some((slash, _)) = name.match_indices('/').find(|(slash, _)| is_there(&name[..*slash])) {
            return Err(in_the_way(&name[..slash]));
        }
        let failed = |source| self.failed("read the tags", source);
        let mut below = self.git.references_glob(&format!("refs/tags/{name}/*")).map_err(failed)?;
        match below.names().next().transpose().map_err(failed)? {
            Some(other) => Err(in_the_way(other.trim_start_matches("refs/tags/"))),
            None => Ok(()),
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
