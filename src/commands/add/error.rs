//! Why a set cannot be added.

use crate::address::Address;
use crate::error::{Code, Diagnose, Hint, Kind, shell_word};
use crate::git::GitUrl;
use crate::index::Yanked;
use crate::name::{ChannelName, SetName};
use crate::version::{Version, meant};
use std::path::PathBuf;

/// Why something cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// There is no registry to take it from.
    #[error("`{}` has no default registry to take {set} from", .manifest.display())]
    NoRegistry {
        /// The manifest.
        manifest: PathBuf,
        /// The first set.
        set: SetName,
    },
    /// The named registry is none of the manifest's, which has a default one already.
    #[error("no registry in `{}` is at `{location}`", .manifest.display())]
    OtherPlace {
        /// The manifest.
        manifest: PathBuf,
        /// The place that was named.
        location: String,
        /// The same as the manifest would have it.
        written: String,
    },
    /// The set has no such channel.
    #[error("{} has no channel `{channel}`", .set.set)]
    NoChannel {
        /// The set, as it was named, without the channel.
        set: Box<Address>,
        /// The channel.
        channel: ChannelName,
        /// A channel that may be meant.
        similar: Option<ChannelName>,
        /// The set's only channel.
        only: Option<ChannelName>,
    },
    /// The channel names a version that nobody should newly choose.
    #[error("the channel `{channel}` of {} names {version}, which is {yanked}", .set.set)]
    YankedChannel {
        /// The set, as it was named, without the channel.
        set: Box<Address>,
        /// The channel.
        channel: ChannelName,
        /// The version that it names.
        version: Version,
        /// Why it was yanked.
        yanked: Yanked,
    },
    /// The command line contradicts itself.
    #[error("{0}")]
    Contradiction(String),
    /// A folder is no URL of a git repository.
    #[error("`{named}` is a folder, and `--git` takes a URL")]
    GitFolder {
        /// As it was named.
        named: String,
        /// Its URL.
        url: GitUrl,
        /// The folder in it that holds the set, where that is not its root.
        inside: Option<String>,
        /// The folder that holds the set, as it is named from here.
        path: String,
        /// The set.
        set: SetName,
    },
    /// Nothing needs what an override is of.
    #[error("nothing in this project needs {0}, so that an override of it would do nothing")]
    OverridesNothing(SetName),
    /// A prompt is no dependency.
    #[error("`{0}` is a prompt; what is added is the set that holds it")]
    Prompt(Box<Address>),
}

impl Diagnose for AddError {
    fn code(&self) -> Code {
        match self {
            AddError::NoRegistry { .. } | AddError::OtherPlace { .. } => Code::A1131,
            AddError::NoChannel { .. } => Code::A1132,
            AddError::OverridesNothing(_) => Code::A1153,
            AddError::YankedChannel { .. } => Code::A0506,
            AddError::Contradiction(_) | AddError::GitFolder { .. } | AddError::Prompt(_) => Code::A1133,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            AddError::Contradiction(_) | AddError::GitFolder { .. } | AddError::Prompt(_) => Kind::Usage,
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            AddError::NoRegistry { set, .. } => vec![
                Hint::run(
                    "say where it is, and it is written there",
                    format!("anvil add {set} --registry URL-OR-FOLDER"),
                ),
                Hint::new("or add it yourself, under [registries]: `default = \"https://…\"`, or a folder"),
            ],
            AddError::OtherPlace { written, .. } => vec![Hint::new(format!(
                "give it a name there, under [registries], as in `partner = {written:?}`, and use `--registry partner`"
            ))],
            AddError::NoChannel { set, channel, similar, only } => {
                vec![match (meant(channel.as_str()), similar, only) {
                    (Some(version), ..) => Hint::run("if you mean the version", format!("anvil add {set}@{version}")),
                    (None, Some(similar), _) => Hint::run("did you mean", format!("anvil add {set}@{similar}")),
                    (None, None, Some(only)) => {
                        Hint::run(format!("its only channel is `{only}`"), format!("anvil add {set}@{only}"))
                    }
                    (None, None, None) => Hint::run("take the newest version", format!("anvil add {set}")),
                }]
            }
            AddError::YankedChannel { set, channel, .. } => vec![
                Hint::run("take the newest version that may be chosen", format!("anvil add {set}")),
                Hint::new(format!("or ask whoever tends the registry to point `{channel}` at another version")),
            ],
            AddError::GitFolder { url, inside, path, set, .. } => vec![
                Hint::run(
                    "take what is committed there",
                    match inside {
                        Some(folder) => format!(
                            "anvil add {set} --git {} --subdirectory {}",
                            shell_word(url.as_str()),
                            shell_word(folder)
                        ),
                        None => format!("anvil add {set} --git {}", shell_word(url.as_str())),
                    },
                ),
                Hint::run("or the files as they lie there", format!("anvil add {set} --path {}", shell_word(path))),
            ],
            AddError::Prompt(address) => {
                let set = Address { prompt: None, ..(**address).clone() };
                vec![Hint::run("add the set", format!("anvil add {set}"))]
            }
            AddError::OverridesNothing(set) => vec![Hint::run("to depend on it", format!("anvil add {set}"))],
            AddError::Contradiction(_) => Vec::new(),
        }
    }
}
