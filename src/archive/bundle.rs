//! What packing and taking in have in common: the identity, the refusals, the name in `anvil.toml`.

use super::Limits;
use crate::error::{Code, Diagnose, Hint};
use crate::name::SetName;
use crate::version::Version;

/// Which version of which set a bundle is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
}

impl Identity {
    /// Returns the name of the one folder that a bundle holds, e.g. `onboarding-2.1.0`.
    pub(super) fn folder(&self) -> String {
        format!("{}-{}", self.name.set(), self.version)
    }
}

/// A bundle that is refused.
#[derive(Debug, thiserror::Error)]
#[error("the bundle of {name} {version} is not valid: {why}")]
pub struct BundleError {
    /// The set that the bundle should be of.
    pub name: SetName,
    /// The version that it should be of.
    pub version: Version,
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for BundleError {
    fn code(&self) -> Code {
        Code::A0701
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::new(
            "nothing of it was used; tell whoever published it, and lock another version until it is mended",
        )]
    }
}

/// Files that cannot become a bundle.
#[derive(Debug, thiserror::Error)]
#[error("{name} {version} cannot be made into a bundle: {why}")]
pub struct PackError {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// What is wrong with its files.
    pub why: String,
}

impl Diagnose for PackError {
    fn code(&self) -> Code {
        Code::A0702
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::run(
            "rename the file, or leave it out with `exclude` in anvil.toml; commit that, and make the next version",
            "anvil version patch",
        )]
    }
}

/// The running sums that the limits are about.
pub(super) struct Tally<'a> {
    limits: &'a Limits,
    /// What `files` and `bytes` may reach for this archive; unknown while it is being packed.
    packed: Option<u64>,
    files: usize,
    bytes: u64,
}

impl<'a> Tally<'a> {
    pub(super) fn new(limits: &'a Limits, packed: Option<u64>) -> Self {
        Tally { limits, packed, files: 0, bytes: 0 }
    }

    /// Counts one file of `bytes` bytes, before it is read.
    pub(super) fn add(&mut self, bytes: u64) -> Result<(), String> {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        if self.files > self.limits.files {
            return Err(format!("it holds more than {} files", self.limits.files));
        }
        if self.bytes > self.limits.unpacked {
            return Err(format!("its files are larger than {} bytes together", self.limits.unpacked));
        }
        self.packed.map_or(Ok(()), |packed| self.check_ratio(packed))
    }

    /// Checks what was counted against an archive of `packed` bytes.
    pub(super) fn check_packed(&self, packed: u64) -> Result<(), String> {
        if packed > self.limits.packed {
            return Err(format!("its archive is larger than {} bytes", self.limits.packed));
        }
        self.check_ratio(packed)
    }

    fn check_ratio(&self, packed: u64) -> Result<(), String> {
        if self.bytes > packed.saturating_mul(self.limits.ratio) {
            return Err(format!("its files are more than {} times as large as its archive", self.limits.ratio));
        }
        Ok(())
    }
}

/// Checks that `manifest`, the bytes of `anvil.toml`, names `identity`. Nothing else of it is
/// looked at: a manifest of a newer Anvil must not keep a bundle from being taken in.
pub(super) fn check_manifest(identity: &Identity, manifest: Option<&[u8]>) -> Result<(), String> {
    /// A syntax tree is some ten times as large as its text.
    const MOST: usize = 1 << 20;
    let bytes = manifest.ok_or("it has no `anvil.toml`")?;
    if bytes.len() > MOST {
        return Err(format!("its `anvil.toml` is larger than {MOST} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "its `anvil.toml` is not UTF-8")?;
    let document = toml_edit::Document::parse(text)
        .map_err(|error| format!("its `anvil.toml` is not TOML: {}", error.message().replace('\n', " ")))?;
    let expected = [("name", identity.name.to_string()), ("version", identity.version.to_string())];
    for (key, expected) in expected {
        match document.get("set").and_then(|set| set.get(key)).and_then(|value| value.as_str()) {
            Some(found) if found == expected => {}
            Some(found) => {
                return Err(format!(
                    "its `anvil.toml` has the {key} `{}`, not `{expected}`",
                    super::limits::shown(found)
                ));
            }
            None => return Err(format!("its `anvil.toml` has no {key}")),
        }
    }
    Ok(())
}
