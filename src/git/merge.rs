//! Merging the text of a file as git does it, and telling git of a better way to merge one.

use super::error::Result;
use super::{GitError, Repository};
use git2::{MergeFileInput, MergeFileOptions, Oid};

/// Merges what `ours` and `theirs` made of `base`, line by line, and returns the text with markers where they
/// conflict; nothing where they do not, or where it cannot be done.
pub fn conflicts(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    Oid::hash_object(git2::ObjectType::Blob, b"").ok()?; // It makes libgit2 ready, which merging alone does not.
    let input = |bytes| {
        let mut input = MergeFileInput::new();
        input.content(bytes);
        input
    };
    let mut options = MergeFileOptions::new();
    options.our_label("ours").their_label("theirs");
    let (base, ours, theirs) = (input(base), input(ours), input(theirs));
    let merged = git2::merge_file(&base, &ours, &theirs, Some(&mut options)).ok()?;
    // Of a result that is empty, as without conflicts it may be, the bytes cannot be asked for.
    (!merged.is_automergeable()).then(|| merged.content().to_vec())
}

impl Repository {
    /// Makes `command` the repository's merge driver `driver`, which git describes as `name`; for this clone alone.
    /// Returns whether it was not so before.
    ///
    /// # Errors
    /// When the configuration cannot be read or written.
    pub fn set_merge_driver(&self, driver: &str, name: &str, command: &str) -> Result<bool> {
        let failed = |source| self.failed("set a merge driver", source);
        let all = self.git.config().map_err(failed)?;
        let mut own = all.open_level(git2::ConfigLevel::Local).map_err(failed)?;
        let mut changed = false;
        for (key, value) in [("name", name), ("driver", command)] {
            let key = format!("merge.{driver}.{key}");
            if own.get_string(&key).is_ok_and(|before| before == value) {
                continue;
            }
            own.set_str(&key, value).map_err(|source: git2::Error| -> GitError { failed(source) })?;
            changed = true;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_merged_as_git_merges_them() {
        assert_eq!(conflicts(b"a\nb\nc\nd\n", b"A\nb\nc\nd\n", b"a\nb\nc\nD\n"), None);
        let text = conflicts(b"a\n", b"b\n", b"c\n").unwrap();
        assert_eq!(text, b"<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n");
        // Nothing is left of it, which libgit2 has no bytes for.
        assert_eq!(conflicts(b"a\n", b"a\n", b""), None);
    }
}
