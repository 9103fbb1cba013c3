//! What can go wrong when a registry is read.

use super::{Entry, Location};
use crate::config::credentials::{CredentialError, CredentialSource, Origin};
use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Hint, Kind, shell_word};
use crate::fs::FsError;
use crate::index::{CatalogError, ChannelsError, IndexFault, RegistryFileError};
use crate::name::{RegistryId, SetName};
use crate::version::Version;
use std::sync::Arc;

/// A registry that cannot be read, or is not the one that it should be.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The place is not well formed or not supported.
    #[error("`{text}` cannot be a registry's place: {why}")]
    Location {
        /// What was written, without user-info.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// Its indexes are more than one command reads.
    #[error("the indexes that `{location}` leads to are larger than {} MiB together", super::INDEXES_LIMIT >> 20)]
    TooMuchIndex {
        /// The place.
        location: Location,
    },
    /// There is no registry file.
    #[error("there is no registry at `{location}`: it has no `anvil-registry.json`")]
    NoRegistry {
        /// The place.
        location: Location,
    },
    /// The registry file cannot be used.
    #[error("the registry at `{location}` cannot be used: {source}")]
    RegistryFile {
        /// The place.
        location: Location,
        /// What is wrong with the file.
        source: RegistryFileError,
    },
    /// The registry states an id that nobody vouches for.
    #[error("the registry at `{}` says that it is `{stated}`, and is not believed", .entry.location)]
    NotBelieved {
        /// The registry as the project names it.
        entry: Box<Entry>,
        /// What it says it is.
        stated: RegistryId,
    },
    /// The registry states another id than the one that was vouched for or locked.
    #[error("the registry at `{location}` says that it is `{stated}`, and `{expected}` was expected")]
    Different {
        /// The place.
        location: Location,
        /// What it says it is.
        stated: RegistryId,
        /// What it should be.
        expected: RegistryId,
    },
    /// An index file has a broken line.
    #[error("{source}, at `{location}`")]
    Index {
        /// The registry's place.
        location: Location,
        /// The fault.
        source: IndexFault,
    },
    /// A channels file is broken.
    #[error("{source}, at `{location}`")]
    Channels {
        /// The registry's place.
        location: Location,
        /// The fault.
        source: ChannelsError,
    },
    /// The catalog is broken.
    #[error("{source}, at `{location}`")]
    Catalog {
        /// The registry's place.
        location: Location,
        /// The fault.
        source: CatalogError,
    },
    /// No answer, or none that is whole.
    #[error("cannot reach {url}: {why}")]
    Unreachable {
        /// What was asked for; never with user-info or a query.
        url: String,
        /// The cause, in words.
        why: String,
    },
    /// Authentication is needed, or was refused.
    #[error("{url} answered {status}: {why}")]
    Authentication {
        /// What was asked for.
        url: String,
        /// The answer's status.
        status: u16,
        /// Who refused what; boxed, since it would make every result large.
        why: Box<Refusal>,
    },
    /// Credentials that there are cannot be used.
    #[error("{0}")]
    Credentials(Arc<CredentialError>),
    /// An answer that is not what was asked for.
    #[error("{url} answered with {got}, not with {wanted}")]
    Unusable {
        /// What was asked for.
        url: String,
        /// What came.
        got: String,
        /// What should have come.
        wanted: &'static str,
    },
    /// An answer that is packed though the file is not, and though that was refused.
    #[error("{url} answered with {wanted} as `{encoding}`, though it was asked to send the file as it is")]
    Encoded {
        /// What was asked for.
        url: String,
        /// Its `Content-Encoding`.
        encoding: String,
        /// What should have come.
        wanted: &'static str,
    },
    /// A bundle is not there.
    #[error("the registry at `{location}` lists {name} {version} and has no bundle of it")]
    NoBundle {
        /// The registry's place.
        location: Location,
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
    },
    /// A bundle's bytes are not the promised ones.
    #[error("the bundle of {name} {version} from `{location}` is not the one that was promised: {why}")]
    WrongBundle {
        /// The registry's place.
        location: Location,
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// What differs; boxed, since two checksums would make every result large.
        why: Box<BundleMismatch>,
    },
    /// The network may not be used, and the cache does not have it.
    #[error("{what} from `{location}` is not in the cache, and the network may not be used")]
    Offline {
        /// The registry's place.
        location: Location,
        /// What is missing.
        what: String,
    },
    /// The HTTP client or its runtime could not be made.
    #[error("cannot use the network: {why}")]
    Client {
        /// The cause.
        why: String,
    },
    /// A file of a folder registry, or of the cache, failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// Who refused what, where authentication is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The proxy on the way.
    #[error("the proxy asks for authentication")]
    Proxy,
    /// Another host, to which the registry sent on. Credentials go nowhere but to their own origin.
    #[error("it sends on to {to}, which asks for authentication and is given none")]
    Elsewhere {
        /// Its origin.
        to: String,
    },
    /// The registry, which was given nothing.
    #[error("authentication is needed, and there are no credentials for {origin}")]
    Needed {
        /// The registry's origin.
        origin: Origin,
        /// The registry, as `anvil login` takes it.
        registry: String,
        /// A variable that somebody may have set for it, and that is another host's.
        mistaken: Option<String>,
        /// What it takes.
        takes: Takes,
    },
    /// The registry, which was given credentials.
    #[error("the {kind} {source_of} was refused")]
    Refused {
        /// "token" or "password".
        kind: &'static str,
        /// Where it comes from.
        source_of: CredentialSource,
        /// The registry, as `anvil login` takes it.
        registry: String,
        /// What it takes.
        takes: Takes,
    },
}

/// What a registry's server takes for a proof of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A token, or it does not say.
    Token,
    /// A user name and a password, and no token.
    Password,
}

impl Takes {
    /// Returns what the values of `WWW-Authenticate` (RFC 9110, section 11.6.1) ask for.
    pub(super) fn of<'a>(challenges: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut basic, mut bearer) = (false, false);
        for challenges in challenges {
            // What stands in quotes is no scheme's name.
            let plain: String = challenges.split('"').step_by(2).collect();
            for scheme in plain.split(',').filter_map(|part| part.split_whitespace().next()) {
                basic |= scheme.eq_ignore_ascii_case("basic");
                bearer |= scheme.eq_ignore_ascii_case("bearer");
            }
        }
        if basic && !bearer { Takes::Password } else { Takes::Token }
    }
}

impl Refusal {
    fn hints(&self) -> Vec<Hint> {
        let takes = match self {
            Refusal::Needed { takes, .. } | Refusal::Refused { takes, .. } => *takes,
            Refusal::Proxy | Refusal::Elsewhere { .. } => Takes::Token,
        };
        let login = |message: &str, registry: &str| {
            let user = if takes == Takes::Password { " --user NAME" } else { "" };
            Hint::run(message, format!("anvil login {}{user}", crate::error::shell_word(registry)))
        };
        match self {
            Refusal::Proxy | Refusal::Elsewhere { .. } => Vec::new(),
            Refusal::Needed { registry, takes: Takes::Password, .. } => vec![
                login("it takes a user name and a password; keep them with", registry),
                Hint::new("where nobody can be asked, add `--password -` and give the password on stdin"),
            ],
            Refusal::Needed { origin, registry, mistaken, .. } => {
                let variable = origin.variable();
                let otherwise = match mistaken {
                    Some(mistaken) => format!(
                        "`{mistaken}` is not used for it, since it may be another host's: `-` is written `__`, as in `{variable}`"
                    ),
                    None => format!("where nobody can be asked, set `{variable}` to a token"),
                };
                vec![login("keep some with", registry), Hint::new(otherwise)]
            }
            Refusal::Refused { kind, source_of, registry, takes } => match source_of {
                CredentialSource::Environment(variable) if *takes == Takes::Password => vec![
                    Hint::new(format!("it takes no token but a user name and a password: unset `{variable}`")),
                    login("and keep them with", registry),
                ],
                CredentialSource::Given if *takes == Takes::Password && *kind == "token" => {
                    vec![login("nothing was stored; it takes no token but a user name and a password", registry)]
                }
                CredentialSource::Environment(variable) => {
                    vec![Hint::new(format!("set `{variable}` to a token that {registry} takes, or unset it"))]
                }
                CredentialSource::Config(_) => vec![login("keep another one with", registry)],
                CredentialSource::Helper(_) => {
                    vec![Hint::new("let the helper know another one; it is asked anew each time")]
                }
                CredentialSource::Netrc(path) => {
                    vec![Hint::new(format!("mend the entry of the host in `{}`", path.display()))]
                }
                CredentialSource::Given => vec![Hint::new("nothing was stored")],
            },
        }
    }
}

/// How a bundle's bytes differ from what was promised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleMismatch {
    /// There are more or fewer bytes.
    #[error("it has {got} bytes, not {expected}")]
    Size {
        /// How many came.
        got: u64,
        /// How many should have come.
        expected: u64,
    },
    /// The checksum is another one.
    #[error("its sha256 is {got}, not {expected}")]
    Checksum {
        /// Of what came.
        got: Sha256,
        /// Of what should have come.
        expected: Sha256,
    },
}

impl Diagnose for RegistryError {
    fn code(&self) -> Code {
        match self {
            RegistryError::RegistryFile { .. } => Code::A0601,
            RegistryError::Index { .. } => Code::A0602,
            RegistryError::TooMuchIndex { .. } => Code::A0619,
            RegistryError::Channels { .. } | RegistryError::Catalog { .. } => Code::A0603,
            RegistryError::NotBelieved { .. } => Code::A0604,
            RegistryError::Different { .. } => Code::A0605,
            RegistryError::Unreachable { .. } | RegistryError::Client { .. } => Code::A0606,
            RegistryError::Authentication { .. } => Code::A0607,
            RegistryError::Credentials(error) => error.code(),
            RegistryError::Unusable { .. } | RegistryError::Encoded { .. } => Code::A0608,
            RegistryError::NoRegistry { .. } => Code::A0609,
            RegistryError::Location { .. } => Code::A0610,
            RegistryError::NoBundle { .. } | RegistryError::WrongBundle { .. } => Code::A0611,
            RegistryError::Offline { .. } => Code::A0612,
            RegistryError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            RegistryError::Unreachable { .. } => Kind::Unreachable,
            RegistryError::Authentication { .. } => Kind::Authentication,
            RegistryError::Credentials(error) => error.kind(),
            RegistryError::Client { .. } => Kind::Environment,
            RegistryError::Fs(error) => error.kind(),
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RegistryError::RegistryFile { source, .. } => source.hints(),
            RegistryError::NotBelieved { entry, stated } => vec![Hint::new(format!(
                "if you trust this copy, vouch for it under [registries] in anvil.toml: `{} = {{ url = {:?}, id = {:?} }}`",
                entry.name,
                entry.location.to_string(),
                stated.as_str()
            ))],
            RegistryError::Different { stated, .. } => vec![Hint::new(format!(
                "nothing was taken from it; if it is the right one, write `id = {:?}` in its entry in anvil.toml",
                stated.as_str()
            ))],
            RegistryError::NoRegistry { location } => match location.place() {
                super::Place::Folder(folder) => vec![
                    Hint::new(format!(
                        "check the place, `{}`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here",
                        folder.display()
                    )),
                    Hint::run(
                        "whoever publishes makes one there with",
                        format!("anvil registry init {} --id NAME", word(location)),
                    ),
                ],
                super::Place::Web(_) => {
                    vec![Hint::new("the place in anvil.toml is the registry's root; check its spelling")]
                }
            },
            RegistryError::Offline { .. } => vec![Hint::new("run the command once without `--offline`")],
            RegistryError::Index { location, .. } | RegistryError::Channels { location, .. } => owner_checks(location),
            RegistryError::Catalog { location, .. } => match location.place() {
                super::Place::Folder(_) => {
                    vec![Hint::run("make it anew from the index", format!("anvil registry rebuild {}", word(location)))]
                }
                super::Place::Web(_) => owner_checks(location),
            },
            RegistryError::NoBundle { location, .. } | RegistryError::WrongBundle { location, .. } => {
                owner_checks(location)
            }
            RegistryError::Encoded { .. } => vec![Hint::new(
                "the request says `Accept-Encoding: identity`: have whoever tends the server, or the proxy before it, heed \
                 that, or send these files without `Content-Encoding`",
            )],
            RegistryError::Authentication { why, .. } => why.hints(),
            RegistryError::Credentials(error) => error.hints(),
            RegistryError::Fs(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}

/// Returns where a registry is as a shell takes it.
fn word(location: &Location) -> String {
    shell_word(location.argument())
}

fn owner_checks(location: &Location) -> Vec<Hint> {
    match location.place() {
        super::Place::Folder(_) => {
            vec![Hint::run("see all that is wrong there", format!("anvil registry verify {}", word(location)))]
        }
        super::Place::Web(_) => vec![Hint::new("tell the registry's owner; nothing was kept")],
    }
}
