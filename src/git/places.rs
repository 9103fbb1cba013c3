//! Where files of one name lie in a commit. Commits share most of their folders, so what was looked
//! through once is remembered: a hundred versions cost little more than one.

use super::error::Result;
use super::tree::MAX_DEPTH;
use super::{CommitId, GitError, Repository};
use git2::{ObjectType, Oid};
use std::collections::HashMap;
use std::rc::Rc;

/// The most places that one commit may have. Trees that name each other a few times a level hold
/// billions of files in a few kilobytes.
const MAX_PLACES: usize = 10_000;

/// The folders that are known to hold files of one name, and where.
#[derive(Debug)]
pub struct Places {
    name: &'static str,
    known: HashMap<Oid, Rc<[String]>>,
}

impl Places {
    /// Returns what is known of the files called `name`: nothing yet.
    pub fn of(name: &'static str) -> Self {
        Places { name, known: HashMap::new() }
    }
}

impl Repository {
    /// Returns the folders of `commit` that hold a file of the name that `places` is about, relative to the
    /// root (which is empty), ordered; those whose names are not UTF-8 are left out.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn folders_with(&self, commit: CommitId, places: &mut Places) -> Result<Rc<[String]>> {
        let failed = |source| self.failed(format!("read the commit {commit}"), source);
        let root = self.git.find_commit(commit.0).map_err(failed)?.tree_id();
        self.search(commit, root, places, 0)
    }

    fn search(&self, commit: CommitId, folder: Oid, places: &mut Places, depth: usize) -> Result<Rc<[String]>> {
        if let Some(known) = places.known.get(&folder) {
            return Ok(Rc::clone(known));
        }
        if depth >= MAX_DEPTH {
            return Err(GitError::TooMany { commit, what: "folders within folders", limit: MAX_DEPTH });
        }
        let failed = |source| self.failed(format!("read a folder of {commit}"), source);
        let tree = self.git.find_tree(folder).map_err(failed)?;
        let mut found = Vec::new();
        for entry in &tree {
            let Ok(name) = entry.name() else { continue };
            match entry.kind() {
                Some(ObjectType::Blob) if name == places.name => found.push(String::new()),
                Some(ObjectType::Tree) => {
                    let inside = self.search(commit, entry.id(), places, depth + 1)?;
                    let path = |rest: &String| if rest.is_empty() { name.to_owned() } else { format!("{name}/{rest}") };
                    found.extend(inside.iter().map(path));
                }
                _ => {}
            }
            if found.len() > MAX_PLACES {
                return Err(GitError::TooMany { commit, what: "manifests", limit: MAX_PLACES });
            }
        }
        found.sort_unstable();
        let found: Rc<[String]> = found.into();
        places.known.insert(folder, Rc::clone(&found));
        Ok(found)
    }
}
