//! Signatures as OpenSSH makes them (SSHSIG, PROTOCOL.sshsig of OpenSSH): with a private key in a file, or by the
//! user's agent, and checked against a list of allowed signers.
//!
//! Where a file holds a public key alone (`id_ed25519.pub`), the agent has the other half: then `ssh-keygen` is run,
//! which asks it. So keys can be used that are encrypted, or that never leave a device; Anvil itself asks for no
//! passphrase.
//!
//! What `ssh-keygen -Y verify` accepts is accepted here, and what is signed here it accepts, as far as
//! Ed25519 and ECDSA go, on a security key (`-sk`) too. RSA is left out: to check it takes ten crates more, whose
//! arithmetic has an open advisory (RUSTSEC-2023-0071). Certificates are, too. What is signed, and what a signature
//! means, is left to the use cases.

mod allowed;

pub use allowed::{AllowedSigners, Signed};

use crate::error::{Code, Diagnose, Hint, shell_word};
use crate::fs::{self, FsError};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The most bytes of a key, and of a list of allowed signers.
const LIMIT: u64 = 1 << 20;

/// Whose signatures are checked, in words.
const KINDS: &str = "Ed25519 and ECDSA (P-256, P-384) keys, on a security key (`-sk`) too";

/// How the kind of a certificate ends.
const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// A key that signs.
pub struct Key {
    path: PathBuf,
    half: Half,
}

/// What is in the file of a key.
enum Half {
    /// The private key.
    Private(Box<PrivateKey>),
    /// The public one; the user's agent has the other.
    Public(Box<PublicKey>),
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
    /// The key is of a kind whose signatures are not checked.
    #[error("the signing key `{}` is of the kind `{kind}`, whose signatures Anvil neither makes nor checks", .path.display())]
    Kind {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        kind: String,
    },
    /// The agent did not sign.
    #[error("the agent did not sign with the key of `{}`: {why}", .path.display())]
    Agent {
        /// Where the public half is.
        path: PathBuf,
        /// Why not.
        why: String,
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
            SigningError::Unreadable { .. }
            | SigningError::Encrypted(_)
            | SigningError::Kind { .. }
            | SigningError::Agent { .. } => Code::A1187,
            SigningError::List(_) | SigningError::Line { .. } => Code::A1188,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            SigningError::Unreadable { .. } => {
                vec![Hint::run("name another one", "anvil config set signing.key ~/.ssh/id_ed25519")]
            }
            SigningError::Kind { .. } => vec![
                Hint::new(format!("signatures count by {KINDS}, and by no certificate")),
                Hint::run("make such a key for the purpose", "ssh-keygen -t ed25519 -N '' -f ~/.ssh/anvil_signing"),
            ],
            SigningError::Encrypted(path) => vec![
                Hint::run(
                    "have your agent sign: name the public half",
                    format!("anvil config set signing.key {}.pub", shell_word(&path.display().to_string())),
                ),
                Hint::run("or make a key for the purpose", "ssh-keygen -t ed25519 -N '' -f ~/.ssh/anvil_signing"),
            ],
            SigningError::Agent { path, .. } => vec![Hint::run(
                "hand the key to the agent",
                format!("ssh-add {}", shell_word(&path.with_extension("").display().to_string())),
            )],
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
    /// Returns the key in the file at `path`: a private one, or a public one whose other half the agent has.
    ///
    /// # Errors
    /// When there is none that can be read, or it is encrypted.
    pub fn read(path: &Path) -> Result<Key, SigningError> {
        let unreadable = |why: String| SigningError::Unreadable { path: path.to_owned(), why };
        let bytes = fs::read_limited(path, LIMIT).map_err(|error| unreadable(error.to_string()))?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let kind = text.split_whitespace().next().unwrap_or_default();
        if kind.ends_with(CERTIFICATE) {
            return Err(SigningError::Kind { path: path.to_owned(), kind: kind.to_owned() });
        }
        let public = PublicKey::from_openssh(text).ok();
        let half = match public {
            Some(public) => Half::Public(Box::new(public)),
            None => {
                let key = PrivateKey::from_openssh(&bytes);
                let key = key.map_err(|_| unreadable("it is no private key in OpenSSH's format".to_owned()))?;
                if key.is_encrypted() {
                    return Err(SigningError::Encrypted(path.to_owned()));
                }
                Half::Private(Box::new(key))
            }
        };
        Ok(Key { path: path.to_owned(), half })
    }

    /// Returns the public half.
    pub fn public(&self) -> &PublicKey {
        match &self.half {
            Half::Private(key) => key.public_key(),
            Half::Public(key) => key,
        }
    }

    /// Checks that a signature by the key counts for whoever checks it.
    ///
    /// # Errors
    /// When it is of a kind that is not checked.
    pub fn check_kind(&self) -> Result<(), SigningError> {
        let kind = self.public().algorithm();
        let refused = || SigningError::Kind { path: self.path.clone(), kind: kind.to_string() };
        is_checked(&kind).then_some(()).ok_or_else(refused)
    }

    /// Returns the signature of `message` under `namespace`: its armour without frame and line ends.
    ///
    /// # Errors
    /// When Anvil does not sign with such a key, or the agent does not.
    pub fn sign(&self, namespace: &str, message: &[u8]) -> Result<String, SigningError> {
        let armour = match &self.half {
            Half::Private(key) => {
                let kind = |_| SigningError::Kind { path: self.path.clone(), kind: key.algorithm().to_string() };
                let signature = key.sign(namespace, HashAlg::Sha512, message).map_err(kind)?;
                signature.to_pem(LineEnding::LF).map_err(kind)?
            }
            Half::Public(_) => self.by_agent(namespace, message)?,
        };
        Ok(armour.lines().filter(|line| !line.starts_with("-----")).collect())
    }

    /// Has the agent sign: `ssh-keygen` asks it for the private half of a public key.
    fn by_agent(&self, namespace: &str, message: &[u8]) -> Result<String, SigningError> {
        let failed = |why: String| SigningError::Agent { path: self.path.clone(), why };
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]).arg(&self.path);
        let output = answer(command, message);
        let output = output.map_err(|error| failed(format!("`ssh-keygen` cannot be run ({error})")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(failed(said.lines().last().unwrap_or("it says nothing").trim().to_owned()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Returns whether signatures by keys of this kind are checked.
fn is_checked(kind: &Algorithm) -> bool {
    match kind {
        Algorithm::Ed25519 | Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256 => true,
        Algorithm::Ecdsa { curve } => matches!(curve, EcdsaCurve::NistP256 | EcdsaCurve::NistP384),
        _ => false,
    }
}

/// Returns whether `signature`, as a review writes it, is by a key of a kind that is not checked.
pub fn is_of_other_kind(written: &str) -> bool {
    signature(written).is_some_and(|signature| !is_checked(&signature.public_key().algorithm()))
}

/// Returns whether the signature `written` is one of `message` in `namespace`, whoever made it; nothing where it is by a
/// key of a kind that is not checked.
pub fn is_of(namespace: &str, message: &[u8], written: &str) -> Option<bool> {
    if is_of_other_kind(written) {
        return None;
    }
    let Some(signature) = signature(written) else { return Some(false) };
    let key = PublicKey::new(signature.public_key().clone(), "");
    Some(key.verify(namespace, message, &signature).is_ok())
}

/// Returns what `command` answers to `input`.
fn answer(mut command: Command, input: &[u8]) -> io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // What it says of a pipe that it closed is worth more than that it did.
        let _ = stdin.write_all(input);
    }
    child.wait_with_output()
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
