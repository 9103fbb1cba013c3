//! The settings as they count: flag, then `ANVIL_*`, then the user's config, then the default.

use super::keys::{self, Color, Key, SettingValue};
use super::{ConfigError, Environment, UserConfig, default_cache_folder};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a setting's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line.
    Flag(&'static str),
    /// A variable of the environment.
    Environment(&'static str),
    /// The user's config at this path.
    UserConfig(PathBuf),
    /// Nobody set it.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag(flag) => f.write_str(flag),
            Source::Environment(variable) => f.write_str(variable),
            Source::UserConfig(path) => write!(f, "{}", path.display()),
            Source::Default => f.write_str("default"),
        }
    }
}

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

/// The settings that the command line has flags for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--color`.
    pub color: Option<Color>,
    /// `--offline`.
    pub offline: bool,
}

/// Every setting as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When to use colour.
    pub color: Setting<Color>,
    /// Whether to keep off the network.
    pub offline: Setting<bool>,
    /// For how long a server may be silent.
    pub http_timeout: Setting<Duration>,
    /// How often a request that failed is made again.
    pub http_retries: Setting<u32>,
    /// The cache's folder; nothing where there is no place for one, which many commands can do without.
    pub cache_dir: Option<Setting<PathBuf>>,
    /// The private key that reviews are signed with, if any.
    pub signing_key: Option<Setting<PathBuf>>,
}

/// A setting as `anvil config list` shows it.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// The setting.
    pub key: &'static Key,
    /// Its value, as text; nothing where the machine has none.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: &'a Source,
}

impl Settings {
    /// Returns what counts among `flags`, `environment` and `config`.
    ///
    /// # Errors
    /// When a variable that counts holds no value of its setting.
    pub fn resolve(flags: &Flags, environment: Environment<'_>, config: &UserConfig) -> Result<Self, ConfigError> {
        let offline = flags.offline.then_some(true);
        Ok(Settings {
            color: resolve(&keys::COLOR, flags.color.map(|color| (color, "--color")), environment, config)?,
            offline: resolve(&keys::OFFLINE, offline.map(|offline| (offline, "--offline")), environment, config)?,
            http_timeout: resolve(&keys::HTTP_TIMEOUT, None, environment, config)?,
            http_retries: resolve(&keys::HTTP_RETRIES, None, environment, config)?,
            cache_dir: cache_dir(environment, config),
            signing_key: path(&keys::SIGNING_KEY, environment, config),
        })
    }

    /// Returns the cache's folder.
    ///
    /// # Errors
    /// [`ConfigError::NoPlace`] when there is no place for one.
    pub fn cache_folder(&self) -> Result<&Path, ConfigError> {
        match &self.cache_dir {
            Some(setting) => Ok(&setting.value),
            None => Err(ConfigError::no_cache()),
        }
    }

    /// Returns every setting with its value, sorted by name.
    pub fn list(&self) -> Vec<Listed<'_>> {
        let of = |key: &'static Key| match key.name {
            "cache-dir" => listed_path(key, self.cache_dir.as_ref()),
            "signing.key" => listed_path(key, self.signing_key.as_ref()),
            "color" => listed(key, &self.color),
            "http.retries" => listed(key, &self.http_retries),
            "http.timeout" => listed(key, &self.http_timeout),
            _ => listed(key, &self.offline),
        };
        keys::KEYS.iter().map(of).collect()
    }
}

fn listed<'a, T: SettingValue>(key: &'static Key, setting: &'a Setting<T>) -> Listed<'a> {
    Listed { key, value: Some(setting.value.write()), source: &setting.source }
}

fn listed_path<'a>(key: &'static Key, setting: Option<&'a Setting<PathBuf>>) -> Listed<'a> {
    setting.map_or(Listed { key, value: None, source: &Source::Default }, |setting| listed(key, setting))
}

fn resolve<T: SettingValue>(
    key: &Key,
    flag: Option<(T, &'static str)>,
    environment: Environment<'_>,
    config: &UserConfig,
) -> Result<Setting<T>, ConfigError> {
    if let Some((value, flag)) = flag {
        return Ok(Setting { value, source: Source::Flag(flag) });
    }
    let (text, source) = match environment(key.variable).filter(|text| !text.is_empty()) {
        // What is not UTF-8 is no value of these settings: it is shown as well as it can be.
        Some(text) => (text.to_string_lossy().into_owned(), Source::Environment(key.variable)),
        None => match config.get(key) {
            Some(text) => (text.to_owned(), Source::UserConfig(config.path().to_owned())),
            None => (key.default.to_owned(), Source::Default),
        },
    };
    match T::parse(&text) {
        Ok(value) => Ok(Setting { value, source }),
        Err(why) => Err(ConfigError::Value { place: format!("`{source}`"), text, why }),
    }
}

fn cache_dir(environment: Environment<'_>, config: &UserConfig) -> Option<Setting<PathBuf>> {
    let default = || Some(Setting { value: default_cache_folder(environment)?, source: Source::Default });
    path(&keys::CACHE_DIR, environment, config).or_else(default)
}

/// Paths need not be UTF-8, those of the config are relative to it unless they begin with `~/`, and where nobody
/// sets one there is none.
fn path(key: &Key, environment: Environment<'_>, config: &UserConfig) -> Option<Setting<PathBuf>> {
    if let Some(text) = environment(key.variable).filter(|text| !text.is_empty()) {
        return Some(Setting { value: text.into(), source: Source::Environment(key.variable) });
    }
    let text = config.get(key)?;
    let home = environment("HOME").or_else(|| environment("USERPROFILE")).filter(|home| !home.is_empty());
    let value = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => config.path().parent().unwrap_or(Path::new("")).join(text),
    };
    Some(Setting { value, source: Source::UserConfig(config.path().to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::super::ConfigFile;
    use super::*;
    use std::ffi::OsString;

    fn environment(variables: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
    }

    /// A config at `/c/config.toml` that says `settings`.
    fn config(settings: &[(&str, &str)]) -> UserConfig {
        let mut file = ConfigFile::open(Path::new("/nowhere/at/all/config.toml")).unwrap();
        for (name, text) in settings {
            file.set(Key::find(name).unwrap(), text).unwrap();
        }
        file.values().unwrap()
    }

    #[test]
    fn the_flag_wins_then_the_environment_then_the_config_then_the_default() {
        let flags = Flags { color: Some(Color::Always), offline: true };
        let variables = environment(&[("ANVIL_COLOR", "never"), ("ANVIL_OFFLINE", "0"), ("ANVIL_HTTP_RETRIES", "7")]);
        let nothing = environment(&[("ANVIL_COLOR", "")]);
        let config = config(&[("color", "never"), ("offline", "true"), ("http.retries", "5")]);
        let file = Source::UserConfig("/nowhere/at/all/config.toml".into());

        let all = Settings::resolve(&flags, &variables, &config).unwrap();
        assert_eq!(all.color, Setting { value: Color::Always, source: Source::Flag("--color") });
        assert_eq!(all.offline, Setting { value: true, source: Source::Flag("--offline") });
        assert_eq!(all.http_retries, Setting { value: 7, source: Source::Environment("ANVIL_HTTP_RETRIES") });

        let no_flags = Settings::resolve(&Flags::default(), &variables, &config).unwrap();
        assert_eq!(no_flags.offline, Setting { value: false, source: Source::Environment("ANVIL_OFFLINE") });

        let file_alone = Settings::resolve(&Flags::default(), &nothing, &config).unwrap();
        assert_eq!(file_alone.color, Setting { value: Color::Never, source: file });

        let default = Settings::resolve(&Flags::default(), &nothing, &UserConfig::default()).unwrap();
        assert_eq!(default.http_timeout, Setting { value: Duration::from_secs(30), source: Source::Default });
        assert_eq!(default.offline, Setting { value: false, source: Source::Default });
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let variables = environment(&[("ANVIL_HTTP_TIMEOUT", "soon")]);
        let error = Settings::resolve(&Flags::default(), &variables, &UserConfig::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`soon` is not a value of `ANVIL_HTTP_TIMEOUT`: it takes a whole number from 1 to 3600"
        );
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_caches_folder_is_found_or_its_lack_told_when_it_is_needed() {
        let cache = |variables, config: &UserConfig| {
            let settings = Settings::resolve(&Flags::default(), &environment(variables), config).unwrap();
            settings.cache_folder().map(Path::to_owned)
        };
        let set = config(&[("cache-dir", "cache")]);
        assert_eq!(cache(&[("ANVIL_CACHE_DIR", "/c")], &set).unwrap(), PathBuf::from("/c"));
        assert_eq!(cache(&[], &set).unwrap(), PathBuf::from("/nowhere/at/all/cache"));
        assert_eq!(cache(&[("HOME", "/h")], &UserConfig::default()).unwrap(), PathBuf::from("/h/.cache/anvil"));
        assert!(matches!(cache(&[], &UserConfig::default()), Err(ConfigError::NoPlace { .. })));
    }

    #[test]
    fn a_path_may_begin_at_home() {
        let key = |text: &str| {
            let config = config(&[("signing.key", text)]);
            Settings::resolve(&Flags::default(), &environment(&[("HOME", "/h")]), &config).unwrap().signing_key
        };
        assert_eq!(key("~/.ssh/id").unwrap().value, PathBuf::from("/h/.ssh/id"));
        assert_eq!(key("keys/id").unwrap().value, PathBuf::from("/nowhere/at/all/keys/id"));
    }

    #[test]
    fn the_list_has_every_setting_with_its_own_value() {
        let all: [(&str, &str); 6] = [
            ("cache-dir", "/c"),
            ("color", "never"),
            ("http.retries", "4"),
            ("http.timeout", "9"),
            ("offline", "true"),
            ("signing.key", "/home/me/.ssh/id_ed25519"),
        ];
        let settings = Settings::resolve(&Flags::default(), &environment(&[]), &config(&all)).unwrap();
        let list: Vec<_> = settings.list().into_iter().map(|listed| (listed.key.name, listed.value.unwrap())).collect();
        assert_eq!(list, all.map(|(name, value)| (name, value.to_owned())));
    }
}
