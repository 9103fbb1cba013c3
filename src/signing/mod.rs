//! Signatures as OpenSSH makes them (SSHSIG, PROTOCOL.sshsig of OpenSSH): with a private key in a file, and
//! checked against a list of allowed signers.
//!
//! What `ssh-keygen -Y verify` accepts is accepted here, and what is signed here it accepts, as far as
//! Ed25519 and ECDSA go. RSA is left out, certificates too. What is signed, and what a signature
//! means, is left to the use cases.

mod allowed;

pub use allowed::AllowedSigners;

use crate::error::{Code, Diagnose, Hint};
use crate::fs::{self, FsError};
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use std::path::{Path, PathBuf};

/// The most bytes of a key, and of a list of allowed signers.
const LIMIT: u64 = 1 << 20;

/// A key that signs.
pub struct Key {
    path: PathBuf,
    key: PrivateKey,
}

/// Why nothing can be signed, or not be checked.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The key cannot be read.
    #[error("the signing key `{}` cannot be read: {why}", .path.display())]
    Unreadable {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The key is encrypted.
    #[error("the signing key `{}` is encrypted, and Anvil asks for no passphrase", .0.display())]
    Encrypted(PathBuf),
    /// The key is of a kind that is not signed with.
    #[error("the signing key `{}` is of the kind `{kind}`, with which Anvil does not sign", .path.display())]
    Kind {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        kind: String,
    },
    /// The list of allowed signers cannot be read.
    #[error(transparent)]
    List(#[from] FsError),
    /// A line of the list of allowed signers is none.
    #[error("line {line} of `{file}` names no allowed signer: {why}")]
    Line {
        /// The file, as it is known to people.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why not.
        why: String,
    },
}

impl Diagnose for SigningError {
    fn code(&self) -> Code {
        match self {
            SigningError::Unreadable { .. } | SigningError::Encrypted(_) | SigningError::Kind { .. } => Code::A1187,
            SigningError::List(_) | SigningError::Line { .. } => Code::A1188,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let another =
            || Hint::run("make a key for it that is not", "ssh-keygen -t ed25519 -N '' -f ~/.ssh/anvil_signing");
        match self {
            SigningError::Unreadable { .. } => {
                vec![Hint::run("name another one", "anvil config set signing.key ~/.ssh/id_ed25519")]
            }
            SigningError::Encrypted(_) | SigningError::Kind { .. } => {
                vec![another(), Hint::run("and name that one", "anvil config set signing.key ~/.ssh/anvil_signing")]
            }
            SigningError::List(_) => {
                vec![Hint::new("`[trust] allowed-signers` in anvil.toml says where it is, relative to anvil.toml")]
            }
            SigningError::Line { .. } => {
                vec![Hint::new("a line is `ada@example.com ssh-ed25519 AAAA…`; `man ssh-keygen` tells more")]
            }
        }
    }
}

impl Key {
    /// Returns the private key in the file at `path`.
    ///
    /// # Errors
    /// When there is none that can be read, it is encrypted, or Anvil does not sign with such a key.
    pub fn read(path: &Path) -> Result<Key, SigningError> {
        let unreadable = |why: String| SigningError::Unreadable { path: path.to_owned(), why };
        let bytes = fs::read_limited(path, LIMIT).map_err(|error| unreadable(error.to_string()))?;
        let key = PrivateKey::from_openssh(&bytes)
            .map_err(|_| unreadable("it is no private key in OpenSSH's format".to_owned()))?;
        if key.is_encrypted() {
            return Err(SigningError::Encrypted(path.to_owned()));
        }
        Ok(Key { path: path.to_owned(), key })
    }

    /// Returns the public half.
    pub fn public(&self) -> &PublicKey {
        self.key.public_key()
    }

    /// Returns the signature of `message` under `namespace`: its armour without frame and line ends.
    ///
    /// # Errors
    /// When Anvil does not sign with such a key.
    pub fn sign(&self, namespace: &str, message: &[u8]) -> Result<String, SigningError> {
        let kind = |_| SigningError::Kind { path: self.path.clone(), kind: self.key.algorithm().to_string() };
        let signature = self.key.sign(namespace, HashAlg::Sha512, message).map_err(kind)?;
        let armour = signature.to_pem(LineEnding::LF).map_err(kind)?;
        Ok(armour.lines().filter(|line| !line.starts_with("-----")).collect())
    }
}

/// Returns the signature that `text` writes without frame; nothing if it writes none.
fn signature(text: &str) -> Option<SshSig> {
    /// How long a line of the armour is.
    const WIDTH: usize = 70;
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) {
        return None;
    }
    let mut armour = String::from("-----BEGIN SSH SIGNATURE-----\n");
    for line in text.as_bytes().chunks(WIDTH) {
        armour.push_str(std::str::from_utf8(line).ok()?);
        armour.push('\n');
    }
    armour.push_str("-----END SSH SIGNATURE-----\n");
    SshSig::from_pem(armour).ok()
}
