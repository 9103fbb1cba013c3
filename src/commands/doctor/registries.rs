//! The registries of the project: whether they can be reached and are believed, how fast they answer, and
//! whether their clocks and this one agree.

use super::{Area, Level, Report, or_explained};
use crate::commands::context::{Context, Network};
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::error::{Error, Hint, Kind};
use crate::manifest::RegistryEntry;
use crate::name::{RegistryId, RegistryName};
use crate::registry::{Freshness, HttpSettings, Location, Place, Pulse, pulse};
use crate::store::layout;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// How long a registry may take for each thing that is asked of it.
const LIMIT: Duration = Duration::from_secs(5);

/// An answer that takes longer than this is slow.
const SLOW: Duration = Duration::from_secs(2);

/// By how many seconds a clock may differ: certificates and `minimum-release-age` are about more.
const SKEW: u64 = 300;

/// The longest that all of them are waited for. A server that answers by the drop keeps within every other limit.
const DEADLINE: Duration = Duration::from_secs(15);

/// A registry as the manifest names it.
struct Asked {
    name: RegistryName,
    location: String,
    web: Option<Location>,
}

/// What one registry said.
struct Answer {
    id: Result<RegistryId, Error>,
    pulse: Option<Pulse>,
}

pub(super) fn look(context: &Context, project: &Project, report: &mut Report) {
    let asked = |(name, entry): (&RegistryName, &RegistryEntry)| {
        let location = Location::of(entry, &project.folder).ok();
        let web = location.filter(|location| matches!(location.place(), Place::Web(_)));
        Asked { name: name.clone(), location: entry.location.clone(), web }
    };
    let mut asked: Vec<Asked> = project.manifest.registries.iter().map(asked).collect();
    if context.network == Network::Offline && asked.iter().any(|asked| asked.web.is_some()) {
        report.skipped(Area::Registries, "the network may not be used: no host was asked");
        asked.retain(|asked| asked.web.is_none());
    }
    let http = HttpSettings { connect_timeout: LIMIT, read_timeout: LIMIT, retries: 0, ..context.http };
    let patient = Context { http, ..context.clone() };
    // What is vendored needs no registry until somebody takes another version.
    let unreached = match layout::Place::of(&project.root) {
        layout::Place::Vendored => Level::Warning,
        layout::Place::Private => Level::Error,
    };
    let began = Instant::now();
    let answers: Vec<(Asked, Receiver<Answer>)> =
        asked.into_iter().map(|asked| begin(patient.clone(), project.clone(), asked)).collect();
    for (asked, answer) in answers {
        match answer.recv_timeout(DEADLINE.saturating_sub(began.elapsed())) {
            Ok(answer) => tell(&asked, &answer, unreached, context.now, report),
            Err(_) => {
                let message = format!("`{}`: {} was not done answering after 15 s", asked.name, asked.location);
                let hint = Hint::new("see whether a proxy holds it up, or ask whoever tends the registry");
                report.add(Area::Registries, unreached, message).hints.push(hint);
            }
        }
    }
}

/// Begins to ask, on a thread that nobody has to wait for.
fn begin(context: Context, project: Project, asked: Asked) -> (Asked, Receiver<Answer>) {
    let (sender, receiver) = mpsc::sync_channel(1);
    let (name, web) = (asked.name.clone(), asked.web.clone());
    thread::spawn(move || {
        let registries = Registries::new(&context, &project.folder, &project.manifest, Freshness::Revalidate);
        let id = registries.named(&name).map(|registry| registry.id().clone());
        let pulse = web.and_then(|place| pulse(&place, LIMIT).ok().flatten());
        let _ = sender.send(Answer { id, pulse }); // Nobody may be waiting any more.
    });
    (asked, receiver)
}

fn tell(asked: &Asked, answer: &Answer, unreached: Level, now: u64, report: &mut Report) {
    let (Asked { name, location, .. }, Answer { id, pulse }) = (asked, answer);
    let time = pulse.map(|pulse| format!(", answered in {} ms", pulse.latency.as_millis())).unwrap_or_default();
    match id {
        Ok(id) => report.good(Area::Registries, format!("`{name}` is `{id}`{time}")),
        Err(error) => {
            let message = format!("`{name}`: {error}");
            let hints = match error.hints() {
                none if none.is_empty() && error.kind() == Kind::Unreachable => vec![Hint::new(format!(
                    "see that the server runs and that `{name}` under [registries] in anvil.toml says where it is; \
                     `--offline` works with what is in the cache meanwhile"
                ))],
                hints => or_explained(hints, error),
            };
            report.add(Area::Registries, unreached, message).hints = hints;
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
