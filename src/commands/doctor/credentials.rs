//! Whether there is something to answer a registry with that asks who one is. No value is told.

use super::{Area, Level, Report};
use crate::commands::context::{Context, Network};
use crate::commands::project::Project;
use crate::config::credentials::Origin;
use crate::error::{Diagnose as _, Hint};
use crate::registry::{Location, Place};
use std::collections::BTreeSet;

pub(super) fn look(context: &Context, project: &Project, report: &mut Report) {
    let mut told = BTreeSet::new();
    for entry in project.manifest.registries.values() {
        let Ok(location) = Location::of(entry, &project.folder) else { continue };
        let Place::Web(url) = location.place() else { continue };
        let Some(origin) = Origin::of(url).filter(|origin| told.insert(origin.clone())) else { continue };
        // A helper may ask a server; it is given the time that it has with every command.
        let is_quiet = context.network == Network::Online || context.credentials.variable(&origin).is_some();
        if !is_quiet {
            report.skipped(Area::Credentials, format!("for {origin} nothing was looked up, for there is no network"));
            continue;
        }
        match context.credentials.find(&origin) {
            Ok(Some(found)) => report.good(Area::Credentials, format!("for {origin} there is one {}", found.source)),
            Ok(None) => {
                let message = format!("for {origin} there is none, which only a private registry needs");
                report.skipped(Area::Credentials, message);
            }
            Err(error) => report.add(Area::Credentials, Level::Error, error.to_string()).hints = error.hints(),
        }
        if let Some(variable) = context.credentials.mistaken_variable(&origin) {
            let message = format!("the variable {variable} is not the one for {origin}");
            let hint = Hint::new(format!("the one for it is {}", origin.variable()));
            report.warn(Area::Credentials, message, hint);
        }
    }
}
