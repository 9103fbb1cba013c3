//! Whether git leaves a path out: it is ignored and not tracked.

use super::Repository;
use std::path::Path;

impl Repository {
    /// Returns whether git takes no notice of `path`, from the root of the work tree, with a `/` at the end of a
    /// folder: a rule ignores it, and nobody added it all the same. What git does not tell counts as a no.
    pub fn leaves_out(&self, path: &str) -> bool {
        let plain = Path::new(path.trim_end_matches('/'));
        let is_tracked = || self.git.index().is_ok_and(|index| index.get_path(plain, 0).is_some());
        self.git.is_path_ignored(Path::new(path)).unwrap_or(false) && !is_tracked()
    }
}
