//! Whether there is something to answer a registry with that asks who one is. No value is read.

use super::{Area, Report};
use crate::commands::project::Project;
use crate::config::Environment;
use crate::registry::{Location, Place};
use std::collections::BTreeSet;

pub(super) fn look(environment: Environment<'_>, project: &Project, report: &mut Report) {
    let mut told = BTreeSet::new();
    for entry in project.manifest.registries.values() {
        let Ok(location) = Location::parse(&entry.location, &project.folder) else { continue };
        let Place::Web(url) = location.place() else { continue };
        let host = url.port().map_or_else(
            || url.host_str().unwrap_or_default().to_owned(),
            |port| format!("{}:{port}", url.host_str().unwrap_or_default()),
        );
        if !told.insert(host.clone()) {
            continue;
        }
        match known(environment, &host) {
            Some(place) => report.good(Area::Credentials, format!("for {host} there is one in {place}")),
            None => {
                let message = format!("for {host} there is none, which only a private registry needs");
                report.skipped(Area::Credentials, message);
            }
        }
    }
}

/// Returns where a credential for `host` (with its port where it has one) stands, if there is one.
fn known(environment: Environment<'_>, host: &str) -> Option<String> {
    let variable = token_variable(host);
    environment(&variable).filter(|value| !value.is_empty()).map(|_| variable)
}

/// Returns the variable for the token of `host`: `ANVIL_TOKEN_PROMPTS_EXAMPLE_COM`.
fn token_variable(host: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("ANVIL_TOKEN_{}", host.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_bound_to_its_host_and_port() {
        assert_eq!(token_variable("prompts.example.com"), "ANVIL_TOKEN_PROMPTS_EXAMPLE_COM");
        assert_eq!(token_variable("localhost:8080"), "ANVIL_TOKEN_LOCALHOST_8080");
        let environment = |name: &str| (name == "ANVIL_TOKEN_A_EXAMPLE").then(|| "secret".into());
        assert_eq!(known(&environment, "a.example").as_deref(), Some("ANVIL_TOKEN_A_EXAMPLE"));
        assert_eq!(known(&environment, "b.example"), None);
    }
}
