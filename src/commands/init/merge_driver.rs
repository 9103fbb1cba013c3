//! Having git merge locks with Anvil: an attribute of the file, which is committed, and the driver in the
//! configuration of a clone, which cannot be. Without the latter git merges the file as any other text.

use crate::commands::context::Context;
use crate::error::Result;
use crate::fs::{self, Durability};
use crate::git::{GitError, Places, Repository, health};
use crate::lockfile;
use std::path::{Path, PathBuf};

/// Of how many folders of a repository git is asked how it merges their locks.
const FOLDERS_ASKED: usize = 20;

/// What `.gitattributes` says of the lock.
pub(super) const ATTRIBUTE: &str = "merge=anvil";

/// The file that says it.
const ATTRIBUTES: &str = ".gitattributes";

/// The driver's name in git's configuration.
pub const DRIVER_NAME: &str = "anvil";

/// The command that sets the driver up in a clone.
pub const SET_UP: &str = "anvil init --merge-driver";

/// The driver's name in git's configuration, how git describes it, and what it runs: the base, ours, theirs, and
/// where the lock lies.
const DRIVER: [&str; 3] = [DRIVER_NAME, "anvil.lock by what it says", "anvil lock --merge-driver %O %A %B %P"];

/// What there is to do for git to merge locks with Anvil.
#[derive(Debug)]
pub struct MergeDriver {
    repository: Repository,
    /// The folders of the repository whose lock git is not told to merge so, as people are shown them.
    pub untold: Vec<String>,
    /// Where the attribute is to be said, and the file's new text; nothing where it is said already.
    attributes: Option<(PathBuf, String)>,
}

impl MergeDriver {
    /// Returns what there is to do for the project in `folder`.
    ///
    /// # Errors
    /// When it lies in no repository, or its attributes cannot be read.
    pub fn plan(context: &Context, folder: &Path) -> Result<MergeDriver> {
        let folder = context.path(folder);
        let repository = Repository::discover(&folder)?;
        let path = folder.join(ATTRIBUTES);
        let before = fs::read_to_string_if_exists(&path)?.unwrap_or_default();
        let text = with_attribute(&before);
        Ok(MergeDriver { repository, untold: Vec::new(), attributes: text.map(|text| (path, text)) })
    }

    /// Returns what there is to do for the clone that the command runs in, whatever projects lie there: the driver
    /// alone, for `.gitattributes` belong to each project. Nothing where it runs in no repository.
    ///
    /// # Errors
    /// When git's data cannot be read.
    pub fn of_clone(context: &Context) -> Result<Option<MergeDriver>> {
        let repository = match Repository::discover(&context.directory) {
            Err(GitError::NoRepository { .. }) => return Ok(None),
            found => found?,
        };
        let root = repository.workdir()?.to_owned();
        let folders = match repository.head() {
            Ok(head) => repository.folders_with(head.commit, &mut Places::of(lockfile::FILE_NAME))?,
            Err(_) => [].into(), // There is no commit yet.
        };
        let is_untold =
            |folder: &PathBuf| fs::is_dir(folder) && health::attribute(folder, "merge", lockfile::FILE_NAME).is_none();
        let folders = folders.iter().take(FOLDERS_ASKED).map(|folder| root.join(folder)).filter(is_untold);
        let shown = |folder: PathBuf| match context.shown(&folder) {
            here if here.is_empty() => ".".to_owned(),
            shown => shown,
        };
        let untold = folders.map(shown).collect();
        Ok(Some(MergeDriver { repository, untold, attributes: None }))
    }

    /// Returns the file that has to say more, if one has to.
    pub fn attributes_file(&self) -> Option<&'static str> {
        self.attributes.as_ref().map(|_| ATTRIBUTES)
    }

    /// Does it. Returns whether there was anything to do.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn carry_out(&self) -> Result<bool> {
        if let Some((path, text)) = &self.attributes {
            fs::write_through(path, text.as_bytes(), Durability::Synced)?;
        }
        let [driver, name, command] = DRIVER;
        Ok(self.repository.set_merge_driver(driver, name, command)? || self.attributes.is_some())
    }
}

/// Returns `text` with the attribute of the lock, or nothing if it says already how the lock is merged.
fn with_attribute(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::split_whitespace);
    let is_said = lines.any(|mut words| {
        let is_lock = words.next().is_some_and(|path| path.trim_start_matches('/') == lockfile::FILE_NAME);
        is_lock && words.any(|word| word.trim_start_matches(['-', '!']).split('=').next() == Some("merge"))
    });
    if is_said {
        return None;
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    Some(format!("{text}{gap}{} {ATTRIBUTE}{end}", lockfile::FILE_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attribute_is_said_once_and_a_persons_own_way_is_kept() {
        assert_eq!(with_attribute("").as_deref(), Some("anvil.lock merge=anvil\n"));
        assert_eq!(with_attribute("*.md text").as_deref(), Some("*.md text\nanvil.lock merge=anvil\n"));
        assert_eq!(with_attribute("a b\r\n").as_deref(), Some("a b\r\nanvil.lock merge=anvil\r\n"));
        for said in ["anvil.lock text merge=anvil\n", "/anvil.lock -merge\n", "anvil.lock merge=ours\n"] {
            assert_eq!(with_attribute(said), None, "{said}");
        }
    }
}
