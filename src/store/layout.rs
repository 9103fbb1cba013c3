//! Where a project keeps its unpacked sets.

use crate::digest::ContentDigest;
use crate::name::SetName;
use crate::version::Version;
use std::path::{Path, PathBuf};

/// The folder of what Anvil makes in a project; git ignores it.
pub const PROJECT_FOLDER: &str = ".anvil";

/// Returns the folder of one unpacked set: `.anvil/sets/<project>/<set>/<version>-<digest, first 16>`.
pub fn unpacked_folder(project: &Path, set: &SetName, version: &Version, digest: &ContentDigest) -> PathBuf {
    let mut folder = project.join(PROJECT_FOLDER);
    folder.extend(["sets", set.project(), set.set()]);
    folder.join(format!("{version}-{}", digest.short()))
}
