//! Whether a lock still answers a manifest, decided from the two alone.

use super::Lockfile;
use crate::manifest::Manifest;
use crate::name::SetName;
use crate::version::Version;

/// Why a lock does not answer the manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum Stale {
    /// The manifest asks for something that the lock does not know of.
    Added(SetName),
    /// The lock knows of something that the manifest no longer asks for.
    Removed(SetName),
    /// The manifest asks differently.
    Changed(SetName),
    /// An override was added, removed or changed.
    Override(SetName),
    /// A requirement or an edge names a set that the lock does not hold.
    Missing {
        /// Who needs it; nothing for the root.
        dependant: Option<SetName>,
        /// What is needed.
        name: SetName,
    },
    /// A locked version does not satisfy a requirement or an edge.
    Unsatisfied {
        /// Who needs it; nothing for the root.
        dependant: Option<SetName>,
        /// What is needed.
        name: SetName,
        /// The requirement's text.
        requirement: String,
        /// The locked version.
        version: Version,
    },
    /// The lock holds a set that nothing needs.
    Unneeded(SetName),
}

impl Lockfile {
    /// Returns every reason why the lock does not answer `manifest`; none means that it is current.
    pub fn staleness(&self, manifest: &Manifest) -> Vec<Stale> {
        let _ = manifest;
        todo!()
    }
}
