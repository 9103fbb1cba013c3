//! Where a project keeps its unpacked sets.

use crate::digest::ContentDigest;
use crate::fs;
use crate::name::SetName;
use crate::version::Version;
use std::path::{Path, PathBuf};

/// The folder of what Anvil makes in a project; git ignores it.
pub const PROJECT_FOLDER: &str = ".anvil";

/// The folder of what `anvil vendor` copies into a project; git keeps it.
pub const VENDOR_FOLDER: &str = "anvil-vendor";

/// Where the sets of a project lie. They lie in one place at a time: where there is an `anvil-vendor`,
/// nobody looks into `.anvil` for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In `.anvil`, which git ignores: every clone unpacks them anew.
    Private,
    /// In `anvil-vendor`, which is committed: a clone has them, with no cache and no network.
    Vendored,
}

impl Place {
    /// Returns where the sets of `project` lie. What stands in the way of the folder, such as a link, counts
    /// as the folder: whoever writes there refuses it, and nothing goes elsewhere unnoticed.
    pub fn of(project: &Path) -> Place {
        if fs::kind(&project.join(VENDOR_FOLDER)).is_some() { Place::Vendored } else { Place::Private }
    }

    /// Returns the folder's name.
    pub fn folder(self) -> &'static str {
        match self {
            Place::Private => PROJECT_FOLDER,
            Place::Vendored => VENDOR_FOLDER,
        }
    }
}

/// Returns the folder of one unpacked set where the sets of `project` lie:
/// `.anvil/sets/<project>/<set>/<version>-<digest, first 16>`, or the same below `anvil-vendor`.
pub fn unpacked_folder(project: &Path, set: &SetName, version: &Version, digest: &ContentDigest) -> PathBuf {
    unpacked_folder_in(Place::of(project), project, set, version, digest)
}

/// Returns the folder of one unpacked set in `place`, wherever the sets of `project` lie now.
pub fn unpacked_folder_in(
    place: Place,
    project: &Path,
    set: &SetName,
    version: &Version,
    digest: &ContentDigest,
) -> PathBuf {
    let mut folder = project.join(place.folder());
    folder.extend(["sets", set.project(), set.set()]);
    folder.join(format!("{version}-{}", digest.short()))
}
