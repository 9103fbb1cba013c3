//! Whether the paths of a bundle can stand beside each other on every file system.

use super::FileSet;
use super::limits::{PathFault, check_path, is_joiner};
use caseless::Caseless;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Checks that the paths of `files` are such as a bundle may hold, each and together, so that
/// they can be unpacked on every file system.
///
/// # Errors
/// The first path that is at fault.
pub fn check_paths(files: &FileSet) -> Result<(), PathFault> {
    let mut tree = Tree::default();
    files.paths().try_for_each(|path| tree.insert_file(path))
}

/// Returns what [`check_paths`] refuses, for every path that is at fault, in their order.
pub fn path_faults(files: &FileSet) -> Vec<PathFault> {
    let mut tree = Tree::default();
    files.paths().filter_map(|path| tree.insert_file(path).err()).collect()
}

/// The files and folders seen so far. File systems differ in what they hold for one name, so
/// paths are compared as the least careful of them does: without case, after normalisation.
#[derive(Default)]
pub(super) struct Tree {
    seen: HashMap<String, Node>,
}

struct Node {
    path: String,
    kind: NodeKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NodeKind {
    File,
    /// A folder that the archive names.
    Folder,
    /// A folder that a path goes through.
    Implied,
}

impl Tree {
    /// Takes in the file at `path`.
    pub(super) fn insert_file(&mut self, path: &str) -> Result<(), PathFault> {
        self.insert(path, NodeKind::File)
    }

    /// Takes in the folder at `path`.
    pub(super) fn insert_folder(&mut self, path: &str) -> Result<(), PathFault> {
        self.insert(path, NodeKind::Folder)
    }

    fn insert(&mut self, path: &str, kind: NodeKind) -> Result<(), PathFault> {
        check_path(path)?;
        for (slash, _) in path.match_indices('/') {
            self.insert_node(&path[..slash], NodeKind::Implied, path)?;
        }
        self.insert_node(path, kind, path)
    }

    fn insert_node(&mut self, node: &str, kind: NodeKind, path: &str) -> Result<(), PathFault> {
        let fault = |why| Err(PathFault { path: path.to_owned(), why });
        let Some(old) = self.seen.get_mut(&key(node)) else {
            self.seen.insert(key(node), Node { path: node.to_owned(), kind });
            return Ok(());
        };
        if old.path != node {
            return fault("differs from another path only in case or in how its characters are composed");
        }
        match (old.kind, kind) {
            (NodeKind::File, NodeKind::File) | (NodeKind::Folder, NodeKind::Folder) => fault("occurs twice"),
            (NodeKind::File, _) | (_, NodeKind::File) => fault("is a file where another path needs a folder"),
            (NodeKind::Implied, NodeKind::Folder) => {
                old.kind = NodeKind::Folder;
                Ok(())
            }
            (NodeKind::Folder | NodeKind::Implied, NodeKind::Implied) => Ok(()),
        }
    }
}

/// Returns what two paths have in common that some file system takes for one: the key of a
/// canonical caseless match (The Unicode Standard, section 3.13, D145), without joiners.
fn key(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.chars().filter(|character| !is_joiner(*character)).nfd().default_case_fold().nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Result<(), PathFault> {
        let mut tree = Tree::default();
        paths.iter().try_for_each(|path| tree.insert_file(path))
    }

    #[test]
    fn paths_that_meet_on_some_file_system_are_refused() {
        for pair in [
            ["a", "a"],
            ["a", "A"],
            ["straße", "STRASSE"],
            ["caf\u{e9}", "cafe\u{301}"],
            ["CAFE\u{301}", "caf\u{e9}"],
            ["Σας", "σασ"],
            ["a/b", "A/c"],
            ["a", "a/b"],
            ["a/b", "a"],
            ["A/b", "a"],
            ["x\u{200d}y", "xy"],
        ] {
            assert!(files(&pair).is_err(), "{pair:?} were taken");
        }
        assert_eq!(files(&["a/b", "a/c", "ab", "a.b"]), Ok(()));
    }

    #[test]
    fn a_folder_may_be_named_once_and_before_or_after_its_files() {
        let mut tree = Tree::default();
        tree.insert_file("a/b").unwrap();
        tree.insert_folder("a").unwrap();
        tree.insert_folder("c").unwrap();
        tree.insert_file("c/d").unwrap();
        assert_eq!(tree.insert_folder("c").unwrap_err().to_string(), "`c` occurs twice");
        assert!(tree.insert_folder("a/b").is_err());
    }
}
