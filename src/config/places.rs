//! Where the config and the cache are, unless a setting says otherwise.

use super::{ConfigError, Environment};
use std::path::PathBuf;

/// Returns the path of the user's config: `config.toml` in `$ANVIL_CONFIG_DIR`, else in
/// `$XDG_CONFIG_HOME/anvil`, else in `~/.config/anvil` (on Windows `%APPDATA%\anvil`).
///
/// # Errors
/// [`ConfigError::NoPlace`] when the environment names no home folder either.
pub fn config_file(environment: Environment<'_>) -> Result<PathBuf, ConfigError> {
    let variable = "ANVIL_CONFIG_DIR";
    let folder = path(environment, variable)
        .or_else(|| Some(absolute(environment, "XDG_CONFIG_HOME")?.join("anvil")))
        .or_else(|| match cfg!(windows) {
            true => Some(path(environment, "APPDATA")?.join("anvil")),
            false => Some(home(environment)?.join(".config/anvil")),
        });
    Ok(folder.ok_or(ConfigError::NoPlace { what: "config", variable })?.join("config.toml"))
}

/// Returns the folder of the cache where no setting names one: `$XDG_CACHE_HOME/anvil`, else
/// `~/.cache/anvil` (on macOS `~/Library/Caches/anvil`, on Windows `%LOCALAPPDATA%\anvil\cache`).
/// Nothing where the environment names no home folder.
pub fn default_cache_folder(environment: Environment<'_>) -> Option<PathBuf> {
    if let Some(folder) = absolute(environment, "XDG_CACHE_HOME") {
        return Some(folder.join("anvil"));
    }
    if cfg!(windows) {
        return Some(path(environment, "LOCALAPPDATA")?.join("anvil").join("cache"));
    }
    let caches = if cfg!(target_os = "macos") { "Library/Caches/anvil" } else { ".cache/anvil" };
    Some(home(environment)?.join(caches))
}

/// Returns the path that `variable` holds; an empty variable is as good as none.
fn path(environment: Environment<'_>, variable: &str) -> Option<PathBuf> {
    environment(variable).filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// Returns the path that a variable of the XDG Base Directory Specification holds, which says
/// that a relative one is to be ignored.
fn absolute(environment: Environment<'_>, variable: &str) -> Option<PathBuf> {
    path(environment, variable).filter(|path| path.is_absolute())
}

fn home(environment: Environment<'_>) -> Option<PathBuf> {
    path(environment, "HOME")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn environment(variables: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_nearest_variable_wins_and_empty_or_relative_ones_do_not_count() {
        let config = |variables| config_file(&environment(variables)).unwrap();
        const HOME: (&str, &str) = ("HOME", "/home/me");
        assert_eq!(config(&[HOME]), PathBuf::from("/home/me/.config/anvil/config.toml"));
        assert_eq!(config(&[HOME, ("XDG_CONFIG_HOME", "/x")]), PathBuf::from("/x/anvil/config.toml"));
        assert_eq!(config(&[HOME, ("XDG_CONFIG_HOME", "x")]), PathBuf::from("/home/me/.config/anvil/config.toml"));
        assert_eq!(config(&[("XDG_CONFIG_HOME", "/x"), ("ANVIL_CONFIG_DIR", "c")]), PathBuf::from("c/config.toml"));
        assert_eq!(config(&[HOME, ("ANVIL_CONFIG_DIR", "")]), PathBuf::from("/home/me/.config/anvil/config.toml"));

        let cache = |variables| default_cache_folder(&environment(variables));
        assert_eq!(cache(&[HOME]), Some("/home/me/.cache/anvil".into()));
        assert_eq!(cache(&[HOME, ("XDG_CACHE_HOME", "/x")]), Some("/x/anvil".into()));
        assert_eq!(cache(&[]), None);
    }

    #[test]
    fn without_a_home_the_error_names_the_variable_to_set() {
        let error = config_file(&environment(&[])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no place for the config: neither `ANVIL_CONFIG_DIR` nor a home folder is set"
        );
    }
}
