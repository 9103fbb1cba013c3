//! The user's config, and which of the flag, the environment, the config and the default counts.
//!
//! [`Settings`] is what commands work with: each value knows where it comes from, so that a
//! message can name it. The known settings stand in one table, [`KEYS`]. The environment is handed
//! in as a function, so that nothing here depends on the process.
//!
//! The config file may come to hold secrets. It is written for its owner alone, and errors name
//! its lines but never show them.

pub mod credentials;
mod file;
mod keys;
mod places;
mod settings;
mod stored;

pub use file::{ConfigFile, UserConfig};
pub use keys::{Color, KEYS, Key, truth};
pub use places::{config_file, default_cache_folder};
pub use settings::{Flags, Listed, Setting, Settings, Source};
pub use stored::{is_program, split};

use crate::error::{Code, Diagnose, Diagnostic, Hint, Kind, suggest};
use crate::fs::FsError;
use std::ffi::OsString;
use std::path::PathBuf;

/// Looks a variable of the environment up.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// A config or a setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file holds what it may not, or is not TOML.
    #[error("{}", .0.first().map_or("the config is not valid", |first| first.message.as_str()))]
    Invalid(Vec<Diagnostic>),
    /// There is no such setting.
    #[error("there is no setting `{name}`")]
    UnknownKey {
        /// What was asked for.
        name: String,
    },
    /// A value that was given is not one of the setting's.
    #[error("`{text}` is not a value of {place}: {why}")]
    Value {
        /// What it was given for: the setting, or the environment's variable.
        place: String,
        /// The value.
        text: String,
        /// What would be one.
        why: String,
    },
    /// The environment does not tell where a folder should be.
    #[error("there is no place for the {what}: neither `{variable}` nor a home folder is set")]
    NoPlace {
        /// "cache" or "config".
        what: &'static str,
        /// The variable that would say.
        variable: &'static str,
    },
    /// Something else stands where a table of the config should be.
    #[error("the config has something else in place of its table `{name}`")]
    InTheWay {
        /// The table.
        name: &'static str,
    },
    /// Something else stands where the cache's folder should be.
    #[error("there is no place for the cache: `{}` is no folder", .0.display())]
    NoFolder(PathBuf),
    /// The file could not be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl ConfigError {
    /// Returns the error that there is no place for the cache.
    pub fn no_cache() -> Self {
        ConfigError::NoPlace { what: "cache", variable: keys::CACHE_DIR.variable }
    }
}

impl Diagnose for ConfigError {
    fn code(&self) -> Code {
        match self {
            ConfigError::Invalid(faults) => faults.first().map_or(Code::A0906, |first| first.code),
            ConfigError::UnknownKey { .. } => Code::A0906,
            ConfigError::Value { .. } | ConfigError::InTheWay { .. } => Code::A0907,
            ConfigError::NoPlace { .. } | ConfigError::NoFolder(_) => Code::A0908,
            ConfigError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ConfigError::Invalid(_) | ConfigError::InTheWay { .. } => Kind::No,
            // Variables of the environment stand for flags, and are wrong in the same way.
            ConfigError::UnknownKey { .. } | ConfigError::Value { .. } => Kind::Usage,
            ConfigError::NoPlace { .. } | ConfigError::NoFolder(_) => Kind::Environment,
            ConfigError::Fs(error) => error.kind(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ConfigError::UnknownKey { name } => vec![unknown_key_hint(name)],
            ConfigError::NoPlace { variable, .. } => vec![Hint::new(format!("set `{variable}` to a folder"))],
            ConfigError::NoFolder(_) => vec![
                Hint::run("see where the cache is, and what says so", "anvil config list"),
                Hint::new(format!(
                    "set `{}` to a folder, or the setting `{}`",
                    keys::CACHE_DIR.variable,
                    keys::CACHE_DIR.name
                )),
            ],
            ConfigError::Invalid(_) | ConfigError::Value { .. } | ConfigError::InTheWay { .. } => Vec::new(),
            ConfigError::Fs(error) => error.hints(),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            ConfigError::Invalid(faults) => faults,
            _ => &[],
        }
    }
}

/// Returns what to do about a setting that does not exist.
fn unknown_key_hint(name: &str) -> Hint {
    if name.starts_with(stored::TABLE) {
        return Hint::run("credentials are kept with", "anvil login URL");
    }
    match suggest(name, KEYS.iter().map(|key| key.name)) {
        Some(near) => Hint::new(format!("did you mean `{near}`?")),
        None => Hint::run("see all settings with", "anvil config list"),
    }
}
