//! The user's config, and the variables of the environment.

use super::{Area, Level, Report, Request};
use crate::config::{ConfigError, ConfigFile, KEYS, config_file};
use crate::error::{Error, Hint, shell_word, suggest};
use crate::fs;
use std::path::Path;

/// What every variable of Anvil's begins with.
const PREFIX: &str = "ANVIL_";

/// Variables whose names go on with what they are about.
const FAMILIES: [&str; 1] = ["ANVIL_TOKEN_"];

/// The variables that name proxies.
const PROXIES: [&str; 3] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

pub(super) fn look(request: &Request<'_>, report: &mut Report) {
    config(request, report);
    for name in &request.variables {
        let is_known = request.known.iter().any(|known| known.split(", ").any(|known| known == name));
        if !name.starts_with(PREFIX) || is_known || FAMILIES.iter().any(|family| name.starts_with(family)) {
            continue;
        }
        let known = request.known.iter().flat_map(|known| known.split(", "));
        let mut hints: Vec<Hint> =
            suggest(name, known).map(|near| Hint::new(format!("did you mean `{near}`?"))).into_iter().collect();
        hints.push(Hint::run("take it away", format!("unset {}", shell_word(name))));
        let message = format!("the variable {name} is set, which Anvil does not know");
        report.add(Area::Environment, Level::Warning, message).hints = hints;
    }
    for key in &KEYS {
        let value = (request.environment)(key.variable).filter(|value| !value.is_empty());
        let Some(why) = value.and_then(|value| key.refuses(&value.to_string_lossy())) else { continue };
        let message = format!("the variable {} holds no value of its setting: {why}", key.variable);
        let hint = Hint::run("take it away", format!("unset {}", key.variable));
        report.add(Area::Environment, Level::Error, message).hints.push(hint);
    }
    // Its value may hold a login.
    let is_proxy = |name: &&String| PROXIES.contains(&name.to_ascii_uppercase().as_str());
    let proxies: Vec<&str> = request.variables.iter().filter(is_proxy).map(String::as_str).collect();
    if proxies.is_empty() {
        return;
    }
    report.good(Area::Environment, format!("registries are reached by the proxy of {}", proxies.join(" and ")));
    for name in proxies {
        let value = (request.environment)(name).unwrap_or_default().to_string_lossy().into_owned();
        if url::Url::parse(&value).is_err() && url::Url::parse(&format!("http://{value}")).is_err() {
            let hint = Hint::run("give it a URL", format!("export {name}=http://proxy.example.com:8080"));
            report.add(Area::Environment, Level::Error, format!("{name} is no URL")).hints.push(hint);
        }
    }
}

fn config(request: &Request<'_>, report: &mut Report) {
    let path = match config_file(request.environment) {
        Ok(path) => path,
        Err(error) => return report.error(Area::Config, &error.into()),
    };
    if fs::kind(&path).is_none() {
        return report.good(Area::Config, format!("there is none, and none is needed ({})", path.display()));
    }
    match ConfigFile::open(&path) {
        Err(error) => {
            let is_unreadable = matches!(error, ConfigError::Fs(_));
            report.error(Area::Config, &Error::from(error));
            if is_unreadable {
                return;
            }
            if let Some(check) = report.checks.last_mut() {
                check.hints.push(Hint::new(format!("mend that line of {}", path.display())));
            }
        }
        Ok(file) => match file.values() {
            Ok(_) => report.good(Area::Config, format!("{} can be read", path.display())),
            Err(error) => {
                report.error(Area::Config, &Error::from(error));
                if let Some(check) = report.checks.last_mut() {
                    check.hints.push(Hint::run("take a setting away", "anvil config unset NAME"));
                }
            }
        },
    }
    if is_open_to_others(&path) {
        let hint = Hint::run("make it yours alone", format!("chmod 600 {}", shell_word(&path.display().to_string())));
        report.warn(Area::Config, format!("others may read {}, which may hold tokens", path.display()), hint);
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::open(path)
        .map(|file| file.metadata().is_ok_and(|facts| facts.permissions().mode() & 0o077 != 0))
        .unwrap_or(false)
}

#[cfg(not(unix))]
fn is_open_to_others(_path: &Path) -> bool {
    false
}
