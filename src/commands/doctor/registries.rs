//! The registries of the project: whether they can be reached and are believed, how fast they answer, and
//! whether their clocks and this one agree.

use super::{Area, Level, Report};
use crate::commands::context::{Context, Network};
use crate::commands::parallel::in_parallel;
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::error::{Error, Hint};
use crate::name::{RegistryId, RegistryName};
use crate::registry::{Freshness, HttpSettings, Location, Place, Pulse, pulse};
use std::time::Duration;

/// How long a registry may take for each thing that is asked of it.
const LIMIT: Duration = Duration::from_secs(5);

/// An answer that takes longer than this is slow.
const SLOW: Duration = Duration::from_secs(2);

/// By how many seconds a clock may differ: certificates and `minimum-release-age` are about more.
const SKEW: u64 = 300;

/// What one registry said.
struct Answer<'m> {
    name: &'m RegistryName,
    location: &'m str,
    id: Result<RegistryId, Error>,
    pulse: Option<Pulse>,
}

pub(super) fn look(context: &Context, project: &Project, report: &mut Report) {
    let is_web = |location: &str| {
        let location = Location::parse(location, &project.folder);
        location.is_ok_and(|location| matches!(location.place(), Place::Web(_)))
    };
    let entries = project.manifest.registries.iter();
    let mut asked: Vec<Asked<'_>> = entries
        .map(|(name, entry)| Asked { name, location: &entry.location, is_web: is_web(&entry.location) })
        .collect();
    if context.network == Network::Offline && asked.iter().any(|asked| asked.is_web) {
        report.skipped(Area::Registries, "the network may not be used: no host was asked");
        asked.retain(|asked| !asked.is_web);
    }
    let http = HttpSettings { connect_timeout: LIMIT, read_timeout: LIMIT, retries: 0, ..context.http };
    let patient = Context { http, ..context.clone() };
    // Nothing in there fails: what does is the answer.
    for answer in in_parallel(&asked, |asked| Ok(ask(&patient, project, *asked))).unwrap_or_default() {
        tell(&answer, context.now, report);
    }
}

/// A registry as the manifest names it.
#[derive(Clone, Copy)]
struct Asked<'m> {
    name: &'m RegistryName,
    location: &'m str,
    is_web: bool,
}

fn ask<'m>(context: &Context, project: &Project, asked: Asked<'m>) -> Answer<'m> {
    let Asked { name, location, is_web } = asked;
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Revalidate);
    let id = registries.named(name).map(|registry| registry.id().clone());
    let place = Location::parse(location, &project.folder).ok().filter(|_| is_web);
    let pulse = place.and_then(|place| pulse(&place, LIMIT).ok().flatten());
    Answer { name, location, id, pulse }
}

fn tell(answer: &Answer<'_>, now: u64, report: &mut Report) {
    let Answer { name, location, id, pulse } = answer;
    let time = pulse.map(|pulse| format!(", answered in {} ms", pulse.latency.as_millis())).unwrap_or_default();
    match id {
        Ok(id) => report.good(Area::Registries, format!("`{name}` is `{id}`{time}")),
        Err(error) => {
            let message = format!("`{name}`: {error}");
            report.add(Area::Registries, Level::Error, message).hints = error.hints();
        }
    }
    let Some(pulse) = pulse else { return };
    if pulse.latency > SLOW {
        let hint = Hint::new("see whether a proxy or a name server is slow, or keep a mirror near");
        report.warn(Area::Registries, format!("`{name}` at {location} is slow{time}"), hint);
    }
    let skew = pulse.date.map_or(0, |date| date.abs_diff(i64::try_from(now).unwrap_or(i64::MAX)));
    if skew > SKEW {
        let message = format!("the clock of `{name}` and the one here differ by {} minutes", skew / 60);
        let hint = Hint::run("set the clock of this machine by the network's", "timedatectl set-ntp true");
        report.warn(Area::Registries, message, hint);
    }
}
