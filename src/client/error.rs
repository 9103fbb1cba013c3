//! What can go wrong between asking for a prompt and having it.

use crate::address::Address;
use crate::error::{Code, Diagnose, Hint, shell_word};
use crate::lockfile::LockedSet;
use crate::name::{ChannelName, EnvironmentName, PromptName, RegistryName, SetName};
use crate::store::layout::VENDOR_FOLDER;
use crate::version::Version;
use std::path::PathBuf;

/// A prompt that cannot be had, or parameters that are none.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No folder from `start` up holds an `anvil.toml`.
    #[error("there is no `anvil.toml` in `{}` or above it", .start.display())]
    NoProject {
        /// Where the search began.
        start: PathBuf,
    },
    /// The lock does not hold the set.
    #[error("`{}` is not locked in this project", .address.set)]
    NotLocked {
        /// What was asked for.
        address: Address,
        /// Whether the manifest asks for it, so that the lock is merely behind.
        is_required: bool,
    },
    /// The lock holds another version than the address asks for.
    #[error("`{set}{asked}` was asked for, and {version} is locked")]
    OtherVersion {
        /// The set.
        set: SetName,
        /// The version or requirement, with its `@`.
        asked: String,
        /// The locked version.
        version: Version,
    },
    /// The address asks for a version of the project's own set.
    #[error("`{set}{asked}` is a version of this project's own set, which is here as its files are")]
    OwnVersion {
        /// The set.
        set: SetName,
        /// The version, requirement or channel, with its `@`.
        asked: String,
    },
    /// The lock holds the set from elsewhere than the address says.
    #[error("`{set}` is locked from {locked}, which is not the registry `{registry}`")]
    OtherSource {
        /// The set.
        set: SetName,
        /// The registry in the address.
        registry: RegistryName,
        /// Where the lock has it from.
        locked: String,
    },
    /// The address names a channel, which a registry alone knows.
    #[error("`{set}@{channel}` names a channel; a project uses what its lock says")]
    Channel {
        /// The set.
        set: SetName,
        /// The channel.
        channel: ChannelName,
    },
    /// The set is locked and its files are not there.
    #[error("{set} {version} is locked but not unpacked: there is no `{}`", .folder.display())]
    NotUnpacked {
        /// The set.
        set: SetName,
        /// The locked version.
        version: Version,
        /// Where it should be.
        folder: PathBuf,
    },
    /// The folder of a set holds another one.
    #[error("`{}` does not hold the prompt set `{set}`", .folder.display())]
    OtherSet {
        /// The set that should be there.
        set: SetName,
        /// The folder.
        folder: PathBuf,
    },
    /// The reference is one of the project's own prompts and a locked set's too.
    #[error("`{reference}` means two prompts: this project's own{}, and `{locked}`, which is locked", place(.file.as_deref()))]
    TwoMeanings {
        /// What was asked for.
        reference: PromptName,
        /// The file of the project's own, unless it has errors.
        file: Option<String>,
        /// The locked one, with its version.
        locked: Address,
    },
    /// The reference is neither one of the project's own prompts nor of a set that it knows.
    #[error("this project has no prompt `{name}`, and no set `{}` is locked in it", .address.set)]
    Nowhere {
        /// What was asked for, as a prompt of the project's own.
        name: PromptName,
        /// What was asked for, as an address.
        address: Address,
        /// What was probably meant: a prompt of the project's own, or addresses of locked ones.
        similar: Vec<String>,
    },
    /// The address names a set and none of its prompts.
    #[error("`{set}` is a prompt set: the name of one of its prompts must follow")]
    NoPrompt {
        /// The set.
        set: SetName,
        /// Its prompts, as far as they are known.
        prompts: Vec<PromptName>,
    },
    /// The environment is locked, and the lock does not answer the manifest.
    #[error("the environment `{environment}` is locked, and anvil.lock does not answer anvil.toml: {why}")]
    Stale {
        /// The environment.
        environment: EnvironmentName,
        /// The first thing that it does not answer.
        why: String,
    },
    /// The environment is locked, and the lock does not fix what the set holds.
    #[error(
        "the environment `{environment}` is locked, and {set} is used from the folder `{path}`, whose content no lock fixes"
    )]
    Unfixed {
        /// The set.
        set: SetName,
        /// The folder, as the lock names it.
        path: String,
        /// The environment.
        environment: EnvironmentName,
    },
    /// The parameters are no JSON object.
    #[error("the parameters must be an object of names and values: {0}")]
    Parameters(String),
}

impl ClientError {
    pub(super) fn not_unpacked(locked: &LockedSet, folder: PathBuf) -> Self {
        ClientError::NotUnpacked { set: locked.name.clone(), version: locked.version.clone(), folder }
    }
}

impl Diagnose for ClientError {
    fn code(&self) -> Code {
        match self {
            ClientError::NoProject { .. } => Code::A1011,
            ClientError::NotLocked { .. } | ClientError::Nowhere { .. } => Code::A1012,
            ClientError::OtherVersion { .. }
            | ClientError::OwnVersion { .. }
            | ClientError::OtherSource { .. }
            | ClientError::Channel { .. } => Code::A1013,
            ClientError::NotUnpacked { .. } | ClientError::OtherSet { .. } => Code::A1014,
            ClientError::TwoMeanings { .. } | ClientError::NoPrompt { .. } => Code::A1015,
            ClientError::Stale { .. } | ClientError::Unfixed { .. } => Code::A1181,
            ClientError::Parameters(_) => Code::A1016,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ClientError::NoProject { .. } => vec![Hint::run("begin one", "anvil init --app")],
            ClientError::NotLocked { is_required: true, .. } => {
                vec![Hint::run("the manifest asks for it; lock and unpack it", "anvil pull")]
            }
            ClientError::NotLocked { address, .. } => vec![add("depend on it", address)],
            ClientError::OtherVersion { set, asked, .. } => {
                vec![
                    Hint::new(format!("ask for `{set}` without a version to get what is locked")),
                    Hint::run("or lock another", format!("anvil add {}", shell_word(&format!("{set}{asked}")))),
                ]
            }
            ClientError::OwnVersion { set, .. } => {
                vec![Hint::new(format!("ask for `{set}` without a version to get it as its files are"))]
            }
            ClientError::Channel { set, channel } => {
                vec![Hint::run("lock the version that the channel names", format!("anvil add {set}@{channel}"))]
            }
            // No registry need be there for what is committed.
            ClientError::NotUnpacked { folder, .. } if folder.iter().any(|part| part == VENDOR_FOLDER) => vec![
                Hint::run("have git put back what was committed", format!("git restore -- {VENDOR_FOLDER}")),
                Hint::run("or, where the registry can be reached, fetch what is locked", "anvil pull --locked"),
            ],
            ClientError::NotUnpacked { .. } => vec![Hint::run("unpack what is locked", "anvil pull --locked")],
            ClientError::TwoMeanings { locked, .. } => vec![
                Hint::new(format!("for the locked one ask for `{locked}`")),
                Hint::new("rename the prompt of this project"),
            ],
            ClientError::Nowhere { similar, .. } if !similar.is_empty() => vec![meant(similar)],
            ClientError::Nowhere { address, .. } => vec![add("if it is another set's, depend on that", address)],
            ClientError::NoPrompt { set, prompts } => match prompts.first() {
                Some(prompt) => vec![Hint::new(format!("for instance `{set}/{prompt}`"))],
                None => Vec::new(),
            },
            ClientError::Stale { .. } => {
                vec![Hint::run("where development goes on, write it anew, and commit it", "anvil lock")]
            }
            ClientError::Unfixed { set, .. } => {
                vec![Hint::new(format!("publish {set}, and depend on a version of it"))]
            }
            ClientError::OtherSource { .. } | ClientError::OtherSet { .. } | ClientError::Parameters(_) => Vec::new(),
        }
    }
}

/// Asks whether one of `references` was meant.
pub(super) fn meant(references: &[String]) -> Hint {
    /// The most that are named.
    const MOST: usize = 3;
    let named: Vec<String> = references.iter().take(MOST).map(|reference| format!("`{reference}`")).collect();
    Hint::new(format!("did you mean {}?", named.join(" or ")))
}

fn add(message: &str, address: &Address) -> Hint {
    let set = Address { prompt: None, ..address.clone() };
    Hint::run(message, format!("anvil add {}", shell_word(&set.to_string())))
}

fn place(file: Option<&str>) -> String {
    file.map(|file| format!(" (`{file}`)")).unwrap_or_default()
}
