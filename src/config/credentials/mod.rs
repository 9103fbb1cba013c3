//! Credentials for registries over HTTP, each bound to one origin: scheme, host and port.
//!
//! [`Credentials::find`] asks in this order: the variable that the origin makes
//! ([`Origin::variable`]), the user's config, the credential helper named there, and netrc. It is
//! asked when a request is about to be made and not before, so that a command which needs none
//! runs no program and reads no file. All of these name a host themselves, so what is found goes
//! out with the first request: a server that has to refuse first would cost a round trip for
//! nothing. netrc's `default` names none, and is not used: any project could have it sent anywhere.
//!
//! A [`Secret`] has no way to be printed. Whoever sends one asks [`Credential::header`] for it.

mod helper;
mod netrc;
mod origin;
mod said;
mod secret;
pub mod sent;

pub use origin::{Origin, OriginError};
pub use said::Tell;
pub use secret::{Credential, Secret, SecretFault};

use super::{ConfigError, Environment, UserConfig};
use crate::error::{Code, Diagnose, Hint, Kind, shell_word};
use crate::fs::{self, FsError};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// For how long a helper is waited for. It may have to ask the user something.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the user's config says of an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The credential itself.
    Credential(Credential),
    /// The program that knows it, with its arguments.
    Helper(Vec<String>),
}

/// Where a credential comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// This variable of the environment.
    Environment(String),
    /// The user's config at this path.
    Config(PathBuf),
    /// The credential helper that the user's config names; its first word.
    Helper(String),
    /// The netrc file at this path.
    Netrc(PathBuf),
    /// Whoever runs the command.
    Given,
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialSource::Environment(variable) => write!(f, "from the variable `{variable}`"),
            CredentialSource::Config(path) | CredentialSource::Netrc(path) => write!(f, "from `{}`", path.display()),
            CredentialSource::Helper(program) => write!(f, "from the credential helper `{program}`"),
            CredentialSource::Given => f.write_str("that was given"),
        }
    }
}

/// A credential, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The credential.
    pub credential: Credential,
    /// Where it comes from.
    pub source: CredentialSource,
}

/// Why a credential that there is cannot be used. No message holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// It would cross a network that anybody may read.
    #[error(
        "the credentials for {origin} {source_of} are not sent: plain http would show them to everybody on the way"
    )]
    PlainHttp {
        /// The origin.
        origin: Origin,
        /// Where they come from.
        source_of: CredentialSource,
    },
    /// Others can read, or change, the config.
    #[error("the credentials for {origin} in `{}` are not used: others on this machine can {} it", .path.display(), .what)]
    Exposed {
        /// The origin.
        origin: Origin,
        /// The config.
        path: PathBuf,
        /// "read" or "change".
        what: &'static str,
    },
    /// A helper gave no answer.
    #[error("the credential helper `{program}` for {origin} {why}")]
    Helper {
        /// The origin.
        origin: Origin,
        /// The helper's first word.
        program: String,
        /// What became of it.
        why: String,
        /// Whether the program itself is at hand.
        missing: bool,
    },
    /// What is there cannot be sent.
    #[error("the credentials for {origin} {source_of} cannot be sent: {why}")]
    Unsendable {
        /// The origin.
        origin: Origin,
        /// Where they come from.
        source_of: CredentialSource,
        /// What is wrong with them.
        why: SecretFault,
    },
    /// netrc cannot be read.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl Diagnose for CredentialError {
    fn code(&self) -> Code {
        match self {
            CredentialError::PlainHttp { .. } => Code::A0625,
            CredentialError::Exposed { .. } => Code::A0626,
            CredentialError::Helper { .. } => Code::A0627,
            CredentialError::Unsendable { .. } => Code::A0628,
            CredentialError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            CredentialError::PlainHttp { .. } | CredentialError::Unsendable { .. } => Kind::Authentication,
            CredentialError::Exposed { .. } => Kind::No,
            CredentialError::Helper { missing: true, .. } => Kind::Environment,
            CredentialError::Helper { .. } => Kind::Authentication,
            CredentialError::Fs(error) => error.kind(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CredentialError::PlainHttp { origin, source_of } => {
                let https = origin.to_string().replacen("http:", "https:", 1);
                let otherwise = match source_of {
                    CredentialSource::Environment(variable) => format!("or unset `{variable}` if it needs none"),
                    _ => "or take them out of there if it needs none".into(),
                };
                vec![Hint::new(format!("name the registry as `{https}/…` in anvil.toml, {otherwise}"))]
            }
            CredentialError::Exposed { path, .. } => {
                let path = shell_word(&path.display().to_string());
                vec![Hint::run("keep the file to yourself", format!("chmod 600 {path}"))]
            }
            CredentialError::Helper { origin, .. } => {
                vec![Hint::run("to do without it", format!("anvil login {origin}"))]
            }
            CredentialError::Unsendable { origin, source_of: CredentialSource::Config(_), .. } => {
                vec![Hint::run("store them anew", format!("anvil login {origin}"))]
            }
            CredentialError::Unsendable { .. } => Vec::new(),
            CredentialError::Fs(error) => error.hints(),
        }
    }
}

/// What finding came to; an error is kept, too, so that a helper that fails is run once.
type Outcome = Result<Option<Arc<Found>>, Arc<CredentialError>>;

/// What the environment says of a variable.
type Variables = Box<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// Everything that this process may know of credentials.
pub struct Credentials {
    environment: Variables,
    stored: BTreeMap<Origin, Stored>,
    config: PathBuf,
    patience: Duration,
    found: Mutex<BTreeMap<Origin, Outcome>>,
    /// Who is told what a helper says.
    tell: Arc<Tell>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl Credentials {
    /// Returns what `environment` and `config` know; nothing is looked up yet.
    pub fn new(environment: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static, config: &UserConfig) -> Self {
        Credentials {
            environment: Box::new(environment),
            stored: config.credentials().clone(),
            config: config.path().to_owned(),
            patience: PATIENCE,
            found: Mutex::default(),
            tell: Arc::new(|_| {}),
        }
    }

    /// Returns the same, with `tell` told what a helper says on stderr, line by line; else nobody is. A line may hold
    /// what deceives on a terminal.
    pub fn telling(self, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Credentials { tell: Arc::new(tell), ..self }
    }

    /// Returns the same, telling whom `other` tells.
    pub fn telling_as(self, other: &Credentials) -> Self {
        Credentials { tell: Arc::clone(&other.tell), ..self }
    }

    /// Returns none at all.
    pub fn none() -> Self {
        Self::new(|_| None, &UserConfig::default())
    }

    /// Returns `credential` for `origin`, and nothing else.
    pub fn given(origin: &Origin, credential: Credential) -> Self {
        let credentials = Self::none();
        let outcome = match sendable(origin, CredentialSource::Given, credential) {
            Ok(found) => Ok(Some(Arc::new(found))),
            Err(error) => Err(Arc::new(error)),
        };
        credentials.found.lock().unwrap_or_else(PoisonError::into_inner).insert(origin.clone(), outcome);
        credentials
    }

    /// Returns what `stored` says of `origin`, and nothing else, as if the config at `path` said it.
    pub fn stored(origin: &Origin, stored: Stored, path: &Path) -> Self {
        Credentials { stored: BTreeMap::from([(origin.clone(), stored)]), config: path.to_owned(), ..Self::none() }
    }

    /// Returns the credential for `origin`, if there is one. It is looked up once in a process; a
    /// helper is waited for.
    ///
    /// # Errors
    /// When there is one and it cannot be used or read.
    pub fn find(&self, origin: &Origin) -> Outcome {
        // Held while a helper runs: whoever else needs it would run it again.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = found.get(origin) {
            return outcome.clone();
        }
        let outcome = self.look(origin).map(|found| found.map(Arc::new)).map_err(Arc::new);
        found.insert(origin.clone(), outcome.clone());
        outcome
    }

    /// Returns the variable of the environment that is set for `origin`, if one is.
    pub fn variable(&self, origin: &Origin) -> Option<String> {
        let variable = origin.variable();
        self.text(&variable).map(|_| variable)
    }

    /// Returns the variable that somebody may have meant for `origin` and that is not used for it,
    /// since it is the one of another host: `-` is written `__`.
    pub fn mistaken_variable(&self, origin: &Origin) -> Option<String> {
        let plain = origin.variable_of_another();
        (plain != origin.variable() && self.text(&plain).is_some()).then_some(plain)
    }

    fn text(&self, variable: &str) -> Option<OsString> {
        (self.environment)(variable).filter(|text| !text.is_empty())
    }

    fn look(&self, origin: &Origin) -> Result<Option<Found>, CredentialError> {
        let variable = origin.variable();
        if let Some(text) = self.text(&variable) {
            let source = CredentialSource::Environment(variable);
            let token = text.into_string().map_err(|_| SecretFault::Character).and_then(|text| Secret::token(&text));
            return match token {
                Ok(token) => sendable(origin, source, Credential::Token(token)).map(Some),
                Err(why) => Err(CredentialError::Unsendable { origin: origin.clone(), source_of: source, why }),
            };
        }
        match self.stored.get(origin) {
            Some(Stored::Credential(credential)) => {
                self.check_private(origin, 0o077, "read")?;
                let source = CredentialSource::Config(self.config.clone());
                return sendable(origin, source, credential.clone()).map(Some);
            }
            Some(Stored::Helper(words)) => {
                self.check_private(origin, 0o022, "change")?;
                if let Some(found) = self.ask(origin, words)? {
                    return Ok(Some(found));
                }
            }
            None => {}
        }
        // What netrc has for a host was hardly meant for plain http, and no error to pass over.
        if !origin.is_safe() {
            return Ok(None);
        }
        let Some(path) = self.netrc() else { return Ok(None) };
        let text = fs::read_to_string_if_exists(&path)?.unwrap_or_default();
        let Some((user, password)) = netrc::find(&text, origin) else { return Ok(None) };
        let source = CredentialSource::Netrc(path);
        match Credential::password(&user, &password) {
            Ok(credential) => sendable(origin, source, credential).map(Some),
            Err(why) => Err(CredentialError::Unsendable { origin: origin.clone(), source_of: source, why }),
        }
    }

    fn ask(&self, origin: &Origin, words: &[String]) -> Result<Option<Found>, CredentialError> {
        let program = words.first().cloned().unwrap_or_default();
        if !origin.is_safe() {
            let source_of = CredentialSource::Helper(program);
            return Err(CredentialError::PlainHttp { origin: origin.clone(), source_of });
        }
        // A project's own folder may hold git settings of a stranger's, which git helpers would follow.
        let folder = self.config.parent().filter(|folder| fs::is_dir(folder));
        match helper::get(words, folder, origin, (self.patience, &*self.tell)) {
            Ok(None) => Ok(None),
            Ok(Some(Ok(credential))) => Ok(Some(Found { credential, source: CredentialSource::Helper(program) })),
            Ok(Some(Err(why))) => Err(CredentialError::Unsendable {
                origin: origin.clone(),
                source_of: CredentialSource::Helper(program),
                why,
            }),
            Err(helper::Failure { why, missing }) => {
                Err(CredentialError::Helper { origin: origin.clone(), program, why, missing })
            }
        }
    }

    /// Checks that nobody else has the rights `mask` on the config, as ssh does with keys.
    fn check_private(&self, origin: &Origin, mask: u32, what: &'static str) -> Result<(), CredentialError> {
        match fs::mode(&self.config) {
            Some(mode) if mode & mask != 0 => {
                Err(CredentialError::Exposed { origin: origin.clone(), path: self.config.clone(), what })
            }
            _ => Ok(()),
        }
    }

    fn netrc(&self) -> Option<PathBuf> {
        if let Some(path) = self.text("NETRC") {
            return Some(path.into());
        }
        let home = self.text("HOME").or_else(|| self.text("USERPROFILE"))?;
        let path = Path::new(&home).join(".netrc");
        let other = Path::new(&home).join("_netrc");
        Some(if cfg!(windows) && !fs::is_file(&path) { other } else { path })
    }
}

fn sendable(origin: &Origin, source: CredentialSource, credential: Credential) -> Result<Found, CredentialError> {
    match origin.is_safe() {
        true => Ok(Found { credential, source }),
        false => Err(CredentialError::PlainHttp { origin: origin.clone(), source_of: source }),
    }
}

/// Returns the path of the user's config and what it says now, for whoever changes credentials in it.
///
/// # Errors
/// When there is no place for it, or it cannot be read.
pub fn open_config(environment: Environment<'_>) -> Result<super::ConfigFile, ConfigError> {
    super::ConfigFile::open(&super::config_file(environment)?)
}

#[cfg(test)]
mod tests;
