//! The known settings, in one table.

use super::ConfigError;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// One known setting.
#[derive(Debug)]
pub struct Key {
    /// Its name, with a dot where it stands in a table of the file.
    pub name: &'static str,
    /// The variable of the environment that sets it.
    pub variable: &'static str,
    /// What it does, in one line.
    pub description: &'static str,
    /// What a value looks like, e.g. `true|false`.
    pub form: &'static str,
    /// The value where nobody sets it; empty where it depends on the machine.
    pub default: &'static str,
    /// How the file writes a value.
    pub(super) toml: TomlForm,
    /// Whether a text is a value; the error says what would be one.
    pub(super) check: fn(&str) -> Result<(), String>,
}

/// How the file writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TomlForm {
    Text,
    Flag,
    Number,
}

/// Every known setting, sorted by name.
pub static KEYS: [Key; 6] = [CACHE_DIR, COLOR, HTTP_RETRIES, HTTP_TIMEOUT, OFFLINE, SIGNING_KEY];

pub(super) const CACHE_DIR: Key = Key {
    name: "cache-dir",
    variable: "ANVIL_CACHE_DIR",
    description: "the folder of what is downloaded; a path in the config is relative to the config's folder",
    form: "folder",
    default: "",
    toml: TomlForm::Text,
    check: check::<PathBuf>,
};

pub(super) const COLOR: Key = Key {
    name: "color",
    variable: "ANVIL_COLOR",
    description: "when to use colour; `auto` is on a terminal",
    form: "auto|always|never",
    default: "auto",
    toml: TomlForm::Text,
    check: check::<Color>,
};

pub(super) const HTTP_RETRIES: Key = Key {
    name: "http.retries",
    variable: "ANVIL_HTTP_RETRIES",
    description: "how often a request that failed is made again",
    form: "0..10",
    default: "3",
    toml: TomlForm::Number,
    check: check::<u32>,
};

pub(super) const HTTP_TIMEOUT: Key = Key {
    name: "http.timeout",
    variable: "ANVIL_HTTP_TIMEOUT",
    description: "for how many seconds a server may be silent",
    form: "1..3600",
    default: "30",
    toml: TomlForm::Number,
    check: check::<Duration>,
};

pub(super) const OFFLINE: Key = Key {
    name: "offline",
    variable: "ANVIL_OFFLINE",
    description: "never use the network",
    form: "true|false",
    default: "false",
    toml: TomlForm::Flag,
    check: check::<bool>,
};

pub(super) const SIGNING_KEY: Key = Key {
    name: "signing.key",
    variable: "ANVIL_SIGNING_KEY",
    description: "the private key that reviews are signed with; a path in the config is relative to the config's folder",
    form: "file",
    default: "",
    toml: TomlForm::Text,
    check: check::<PathBuf>,
};

impl Key {
    /// Returns the setting called `name`.
    ///
    /// # Errors
    /// [`ConfigError::UnknownKey`], which suggests the one that was meant.
    pub fn find(name: &str) -> Result<&'static Key, ConfigError> {
        KEYS.iter().find(|key| key.name == name).ok_or_else(|| ConfigError::UnknownKey { name: name.to_owned() })
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Color::Auto => "auto",
            Color::Always => "always",
            Color::Never => "never",
        })
    }
}

impl Key {
    /// Returns why `text` is no value of the setting, if it is none.
    pub fn refuses(&self, text: &str) -> Option<String> {
        (self.check)(text).err()
    }
}

/// A setting's value: read from text and written as text.
pub(super) trait SettingValue: Sized {
    fn parse(text: &str) -> Result<Self, String>;
    fn write(&self) -> String;
}

fn check<T: SettingValue>(text: &str) -> Result<(), String> {
    T::parse(text).map(drop)
}

impl SettingValue for Color {
    fn parse(text: &str) -> Result<Self, String> {
        [Color::Auto, Color::Always, Color::Never]
            .into_iter()
            .find(|color| color.to_string() == text)
            .ok_or_else(|| "it takes `auto`, `always` or `never`".into())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// Returns whether `text` says yes, in any of the words that people write into variables of the environment.
///
/// # Errors
/// When it says neither yes nor no: what it may say.
pub fn truth(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("it takes `true` or `false`".into()),
    }
}

impl SettingValue for bool {
    fn parse(text: &str) -> Result<Self, String> {
        truth(text)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl SettingValue for u32 {
    fn parse(text: &str) -> Result<Self, String> {
        number(text, 0, 10)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl SettingValue for Duration {
    fn parse(text: &str) -> Result<Self, String> {
        number(text, 1, 3600).map(|seconds| Duration::from_secs(seconds.into()))
    }

    fn write(&self) -> String {
        self.as_secs().to_string()
    }
}

fn number(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("it takes a whole number from {least} to {most}"))
}

impl SettingValue for PathBuf {
    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("it takes a path".into());
        }
        Ok(PathBuf::from(text))
    }

    fn write(&self) -> String {
        self.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_default_is_a_value() {
        assert!(KEYS.is_sorted_by_key(|key| key.name));
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            assert_eq!((key.check)(key.default), Ok(()), "{}", key.name);
        }
    }

    #[test]
    fn every_setting_has_the_variable_that_its_name_makes() {
        for key in &KEYS {
            let variable = key.name.to_ascii_uppercase().replace(['-', '.'], "_");
            assert_eq!(key.variable, format!("ANVIL_{variable}"));
        }
    }

    #[test]
    fn values_are_checked() {
        for (key, good, bad) in [
            (&COLOR, vec!["auto", "never"], vec!["", "Auto", "yes"]),
            (&OFFLINE, vec!["1", "TRUE", "off", "no"], vec!["", "maybe", "2"]),
            (&HTTP_TIMEOUT, vec!["1", "3600"], vec!["0", "3601", "-1", "1.5", "30s", ""]),
            (&HTTP_RETRIES, vec!["0", "10"], vec!["11", "x"]),
            (&CACHE_DIR, vec!["/x", "y z"], vec!["", "  "]),
        ] {
            good.into_iter().for_each(|text| assert_eq!((key.check)(text), Ok(()), "{} {text}", key.name));
            bad.into_iter().for_each(|text| assert!((key.check)(text).is_err(), "{} {text}", key.name));
        }
    }
}
