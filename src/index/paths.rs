//! Where a registry's files stand, relative to its root and with `/`: the same below a folder and
//! below a URL.

use crate::digest::Sha256;
use crate::name::SetName;
use crate::version::Version;

/// The paths of a registry's files.
pub struct Paths;

impl Paths {
    /// What the registry says of itself.
    pub const REGISTRY_FILE: &'static str = "anvil-registry.json";
    /// One line a set; derived from the index.
    pub const CATALOG: &'static str = "catalog.jsonl";
    /// All index files in one; derived from them.
    pub const SNAPSHOT: &'static str = "index-snapshot.jsonl.gz";
    /// The folder of the index files.
    pub const INDEX: &'static str = "index";
    /// The folder of the channels.
    pub const CHANNELS: &'static str = "channels";
    /// The folder of the bundles.
    pub const BUNDLES: &'static str = "bundles";
    /// The folder of the locks that publishers take.
    pub const LOCKS: &'static str = ".locks";
    /// The lock of whoever brings a new name; no project begins with a dot.
    pub const NAMES_LOCK: &'static str = ".locks/.names";
    /// The lock of whoever writes the catalog.
    pub const CATALOG_LOCK: &'static str = ".locks/.catalog";
    /// The lock of whoever writes the snapshot.
    pub const SNAPSHOT_LOCK: &'static str = ".locks/.snapshot";
    /// How index files end.
    pub const INDEX_SUFFIX: &'static str = ".jsonl";
    /// How channel files end.
    pub const CHANNELS_SUFFIX: &'static str = ".json";

    /// Returns the path of the index file of `name`.
    pub fn index(name: &SetName) -> String {
        format!("{}/{name}{}", Self::INDEX, Self::INDEX_SUFFIX)
    }

    /// Returns the path of the channels of `name`.
    pub fn channels(name: &SetName) -> String {
        format!("{}/{name}{}", Self::CHANNELS, Self::CHANNELS_SUFFIX)
    }

    /// Returns the path of the bundle of `version` of `name` whose bytes have `sha256`.
    pub fn bundle(name: &SetName, version: &Version, sha256: &Sha256) -> String {
        format!("{}/{name}/{}-{version}-{}.tar.gz", Self::BUNDLES, name.set(), sha256.short())
    }

    /// Returns the path of the statement that authors sign of that version.
    pub fn statement(name: &SetName, version: &Version, sha256: &Sha256) -> String {
        format!("{}/{name}/{}-{version}-{}.statement.json", Self::BUNDLES, name.set(), sha256.short())
    }

    /// Returns the path of the signature of `key`, the first 16 hexadecimal digits of the checksum of a public
    /// key, over the statement at `statement`.
    pub fn signature(statement: &str, key: &str) -> String {
        format!("{statement}.{key}.sig")
    }

    /// Returns the path of the lock that whoever changes the index or channels of `name` takes.
    pub fn lock(name: &SetName) -> String {
        format!("{}/{name}", Self::LOCKS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_format() {
        let name: SetName = "support/onboarding".parse().unwrap();
        let sha256 = Sha256::of(b"");
        assert_eq!(Paths::index(&name), "index/support/onboarding.jsonl");
        assert_eq!(Paths::channels(&name), "channels/support/onboarding.json");
        assert_eq!(Paths::lock(&name), ".locks/support/onboarding");
        assert_eq!(
            Paths::bundle(&name, &Version::new(2, 1, 0), &sha256),
            "bundles/support/onboarding/onboarding-2.1.0-e3b0c44298fc1c14.tar.gz"
        );
        let statement = Paths::statement(&name, &Version::new(2, 1, 0), &sha256);
        assert_eq!(
            Paths::signature(&statement, "0123456789abcdef"),
            "bundles/support/onboarding/onboarding-2.1.0-e3b0c44298fc1c14.statement.json.0123456789abcdef.sig"
        );
    }
}
