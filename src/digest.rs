//! Checksums: of bytes ([`Sha256`]) and of a set's content ([`ContentDigest`]).

use crate::error::{Code, Diagnose};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use std::fmt;
use std::str::FromStr;

/// A checksum that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid {what}", crate::error::told(.text))]
pub struct DigestError {
    what: &'static str,
    text: String,
}

impl Diagnose for DigestError {
    fn code(&self) -> Code {
        Code::A0004
    }
}

/// The SHA-256 of some bytes, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Returns the SHA-256 of `bytes`.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let mut hasher = Sha256Hasher::new();
        hasher.update(bytes.as_ref());
        hasher.finish()
    }

    /// Returns the checksum with these bytes.
    #[cfg(feature = "manage")]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Sha256(bytes)
    }

    /// Returns its bytes.
    #[cfg(feature = "manage")]
    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Returns the first 16 hexadecimal digits, which stand in file names.
    pub fn short(&self) -> String {
        HEXLOWER.encode(&self.0[..8])
    }
}

/// Computes a [`Sha256`] from pieces, so that nothing has to be held whole.
#[derive(Clone, Default)]
pub struct Sha256Hasher(sha2::Sha256);

impl Sha256Hasher {
    /// Returns a hasher that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the checksum of all pieces.
    pub fn finish(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

impl FromStr for Sha256 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Sha256).ok_or_else(|| DigestError { what: "SHA-256", text: text.to_owned() })
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

/// The checksum of a set's content: `h1:` and the base64 of the SHA-256 over the lines
/// `<sha256 hex>  <path>\n` of its files, sorted bytewise by path.
///
/// The algorithm is that of Go's `dirhash.Hash1` (golang.org/x/mod/sumdb/dirhash), with paths
/// relative to the set's folder. It is the same for a bundle and for an unpacked folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentDigest(Sha256);

impl ContentDigest {
    /// Returns the digest of `files`: paths relative to the set's folder, with `/`, and the
    /// checksum of each file. The order does not matter.
    pub fn of_files<'a>(files: impl IntoIterator<Item = (&'a str, Sha256)>) -> Self {
        let mut lines: Vec<(&str, Sha256)> = files.into_iter().collect();
        lines.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        let mut hasher = Sha256Hasher::new();
        for (path, sha256) in lines {
            hasher.update(format!("{sha256}  {path}\n").as_bytes());
        }
        ContentDigest(hasher.finish())
    }

    /// Returns the digest with these bytes.
    #[cfg(feature = "manage")]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        ContentDigest(Sha256(bytes))
    }

    /// Returns its bytes.
    #[cfg(feature = "manage")]
    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.0.0
    }

    /// Returns the first 16 hexadecimal digits of the digest's bytes, which stand in folder names.
    pub fn short(&self) -> String {
        self.0.short()
    }
}

impl FromStr for ContentDigest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let bytes = text
            .strip_prefix("h1:")
            .and_then(|base64| BASE64.decode(base64.as_bytes()).ok())
            .and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(|bytes| ContentDigest(Sha256(bytes)))
            .ok_or_else(|| DigestError { what: "digest", text: text.to_owned() })
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("h1:{}", BASE64.encode(&self.0.0)))
    }
}

macro_rules! written_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::name::FromText::read(deserializer)
            }
        }
    )*};
}

written_as_text!(Sha256, ContentDigest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_written_in_lower_case_hex() {
        let empty = Sha256::of("");
        assert_eq!(empty.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(empty.short(), "e3b0c44298fc1c14");
        assert_eq!(empty.to_string().parse(), Ok(empty));
        assert!(empty.to_string().to_uppercase().parse::<Sha256>().is_err());
    }

    /// The same lines through `sha256sum` and `base64` of coreutils give this digest:
    /// `printf a > x; printf b > y; sha256sum x y | sha256sum | cut -c-64 | xxd -r -p | base64`.
    #[test]
    fn the_content_digest_agrees_with_coreutils_and_ignores_the_order() {
        let files = [("y", Sha256::of("b")), ("x", Sha256::of("a"))];
        let digest = ContentDigest::of_files(files);
        assert_eq!(digest, ContentDigest::of_files([files[1], files[0]]));
        assert_eq!(digest.to_string(), "h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4=");
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }
}
