//! Why a project has no resolution, as data: what `--format json` shows and what becomes words here.

use super::proof::Derivation;
use crate::error::{Code, Hint, Kind, in_line};
use crate::index::YankReason;
use crate::lockfile::Source;
use crate::manifest::FILE_NAME;
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};
use serde::{Serialize, Serializer};
use std::fmt;

/// How many conflicts are told in words; the rest is counted.
const MAX_CONFLICTS_IN_WORDS: usize = 4;

/// Why no choice of versions satisfies every requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The conflicts, nearest to the project first. Together they rule out every choice.
    pub conflicts: Vec<Conflict>,
    /// How many more conflicts there are.
    pub more: usize,
    /// What was found to help.
    #[serde(serialize_with = "hints")]
    pub hints: Vec<Hint>,
    /// The whole derivation, where it was asked for. As data it stands beside the explanation.
    #[serde(skip)]
    pub derivation: Option<Derivation>,
}

/// Requirements on one set that no version of it satisfies together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// The set.
    pub set: SetName,
    /// Each requirement, with the way to it. One alone is impossible by itself.
    pub demands: Vec<Demand>,
    /// What is known of the versions that would have done.
    pub reasons: Vec<Reason>,
}

/// The way from the project to one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Demand {
    /// The steps; the first is the project's own requirement, the last the one on the conflict's set.
    pub path: Vec<Step>,
    /// How many steps in the middle were left out of a long path.
    pub skipped: usize,
}

/// One requirement and who has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Who has it.
    pub by: Dependant,
    /// The set that is needed.
    pub needs: SetName,
    /// Which versions will do.
    pub requirement: Requirement,
    /// Where the set must come from.
    #[serde(serialize_with = "in_words")]
    pub source: Source,
    /// Whether requirement and source are those of an override.
    pub overridden: bool,
}

/// Who has a requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Dependant {
    /// The project.
    Project {
        /// The member: `.`, or its folder in a workspace.
        member: String,
        /// The line of the member's manifest, from 1; 0 for what the command line asks for.
        line: usize,
        /// The line of the root's manifest where the requirement is written, if the member inherits it from there.
        inherited: Option<usize>,
    },
    /// A set.
    Set {
        /// Its name.
        name: SetName,
        /// The versions that have it, newest first, at most a few.
        versions: Vec<Version>,
        /// How many more versions have it.
        more: usize,
    },
}

/// What is known of the versions of a set that requirements ask for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reason {
    /// The registry (or the folder, or the commit) has no such set.
    DoesNotExist {
        /// Where it was looked for.
        #[serde(serialize_with = "in_words")]
        source: Source,
        /// A name that may be meant.
        similar: Option<SetName>,
    },
    /// The project has configured no registry with this id.
    UnknownRegistry {
        /// The id.
        registry: RegistryId,
    },
    /// The set is not in the cache, and the network must not be used.
    NotInCache,
    /// The set has versions, but none of those.
    NoMatch {
        /// The newest versions that there are.
        newest: Vec<Version>,
        /// How many more there are.
        more: usize,
    },
    /// Versions were yanked.
    Yanked {
        /// Which.
        versions: Vec<Version>,
        /// Why the newest was: what its publisher calls invalid is told apart from the others.
        reason: YankReason,
        /// What the publisher said of it.
        message: String,
    },
    /// Versions are younger than the project's `minimum-release-age` allows.
    TooNew {
        /// Which.
        versions: Vec<Version>,
        /// When the oldest of them was published, in seconds since 1970.
        published_at: i64,
    },
    /// The registry says that versions were published later than this machine says it is.
    FromTheFuture {
        /// Which.
        versions: Vec<Version>,
        /// When the oldest of them was published, in seconds since 1970.
        published_at: i64,
        /// What this machine takes the time to be, in the same.
        now: i64,
    },
    /// The project has a `minimum-release-age`, and the registry does not say how old versions are.
    AgeUnknown {
        /// Which.
        versions: Vec<Version>,
    },
    /// Versions need their own set in another version, which is never there beside them.
    NeedsAnotherOfItself {
        /// Which.
        versions: Vec<Version>,
    },
    /// Versions need a newer Anvil.
    NeedsNewerAnvil {
        /// Which.
        versions: Vec<Version>,
        /// What the newest of them needs.
        requirement: Requirement,
    },
    /// The registry has versions that only a newer Anvil understands.
    NewerFormat {
        /// How many.
        count: usize,
    },
    /// The index contradicts itself about versions.
    Invalid {
        /// Which.
        versions: Vec<Version>,
    },
}

/// What kind of refusal an explanation amounts to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Requirements,
    Sources,
    DoesNotExist,
    NoVersion,
    NotInCache,
    UnknownRegistry,
}

impl Explanation {
    fn shape(&self) -> Shape {
        let [conflict] = self.conflicts.as_slice() else {
            return Shape::Requirements;
        };
        if conflict.demands.len() > 1 {
            return if conflict.has_several_sources() { Shape::Sources } else { Shape::Requirements };
        }
        match conflict.reasons.first() {
            Some(Reason::DoesNotExist { .. }) => Shape::DoesNotExist,
            Some(Reason::NotInCache) => Shape::NotInCache,
            Some(Reason::UnknownRegistry { .. }) => Shape::UnknownRegistry,
            Some(Reason::NeedsAnotherOfItself { .. }) => Shape::Requirements,
            _ => Shape::NoVersion,
        }
    }

    /// Returns the stable code.
    pub fn code(&self) -> Code {
        match self.shape() {
            Shape::Requirements => Code::A0501,
            Shape::Sources => Code::A0502,
            Shape::DoesNotExist => Code::A0505,
            Shape::NoVersion => Code::A0506,
            Shape::NotInCache => Code::A0507,
            Shape::UnknownRegistry => Code::A0508,
        }
    }

    /// Returns the kind, which decides the exit code.
    pub fn kind(&self) -> Kind {
        if self.shape() == Shape::NotInCache { Kind::Unreachable } else { Kind::No }
    }

    /// Returns the message's first line.
    fn title(&self) -> String {
        let first = self.conflicts.first();
        let set = first.map_or_else(String::new, |conflict| conflict.set.to_string());
        let demand = first.and_then(|conflict| conflict.demands.first()).and_then(|demand| demand.path.last());
        match self.shape() {
            Shape::Requirements => "no versions satisfy the requirements".to_owned(),
            Shape::Sources => format!("`{set}` is asked for from more than one source"),
            Shape::DoesNotExist => {
                let place = demand.map_or_else(String::new, |step| format!(" in {}", place(&step.source)));
                format!("`{set}` does not exist{place}")
            }
            Shape::NoVersion => match demand {
                Some(step) if step.requirement != Requirement::STAR => {
                    format!("no version of `{set}` that can be used satisfies `{}`", step.requirement)
                }
                _ => format!("`{set}` has no version that can be used"),
            },
            Shape::NotInCache => format!("`{set}` is not in the cache, and the network may not be used"),
            Shape::UnknownRegistry => {
                let place = demand.map_or_else(String::new, |step| format!(" {}", place(&step.source)));
                format!("`{set}` comes from the registry{place}, which no `[registries]` entry has")
            }
        }
    }
}

/// The message: one line, then the conflicts.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title())?;
        for (at, conflict) in self.conflicts.iter().take(MAX_CONFLICTS_IN_WORDS).enumerate() {
            if at > 0 {
                f.write_str("\n  and")?;
            }
            write!(f, "\n{conflict}")?;
        }
        match self.conflicts.len().saturating_sub(MAX_CONFLICTS_IN_WORDS) + self.more {
            0 => Ok(()),
            1 => f.write_str("\n  and 1 more conflict"),
            more => write!(f, "\n  and {more} more conflicts"),
        }
    }
}

impl Conflict {
    pub(super) fn has_several_sources(&self) -> bool {
        let mut sources = self.demands.iter().filter_map(|demand| demand.path.last()).map(|step| &step.source);
        let first = sources.next();
        sources.any(|source| Some(source) != first)
    }
}

/// The requirements, a line each, then the way to each, then what is known of the versions.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_source = self.has_several_sources();
        let last = self.demands.len().saturating_sub(1);
        for (at, demand) in self.demands.iter().enumerate() {
            let Some(step) = demand.path.last() else { continue };
            write!(f, "  {}", step.in_words(with_source))?;
            f.write_str(if at < last { ", and\n" } else { "" })?;
        }
        for demand in self.demands.iter().filter(|demand| demand.path.len() > 1) {
            write!(f, "\n    {demand}")?;
        }
        for reason in &self.reasons {
            write!(f, "\n    {}: {reason}", self.set)?;
        }
        Ok(())
    }
}

/// The way to a requirement: ``support/onboarding: anvil.toml:3 -> style/voice ^1 -> …``.
impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, way)) = self.path.split_last() else { return Ok(()) };
        if let Dependant::Set { name, .. } = &last.by {
            write!(f, "{name}: ")?;
        }
        for (at, step) in way.iter().enumerate() {
            if at == way.len().div_ceil(2) && self.skipped > 0 {
                write!(f, " -> ({} more)", self.skipped)?;
            }
            match &step.by {
                Dependant::Project { .. } => write!(f, "{} -> ", step.by)?,
                Dependant::Set { versions, .. } => match versions.first() {
                    Some(version) => write!(f, " ({version}) -> ")?,
                    None => f.write_str(" -> ")?,
                },
            }
            write!(f, "{}", step.wanted(false))?;
        }
        Ok(())
    }
}

impl Step {
    /// Returns `support/onboarding 2.1.0 needs core/tone ^2`.
    pub(super) fn in_words(&self, with_source: bool) -> String {
        let plural = matches!(&self.by, Dependant::Set { versions, more, .. } if versions.len() + more > 1);
        format!("{} {} {}", self.by, if plural { "need" } else { "needs" }, self.wanted(with_source))
    }

    /// Returns `core/tone ^2`.
    fn wanted(&self, with_source: bool) -> String {
        let mut words = self.needs.to_string();
        let fixed = !matches!(self.source, Source::Registry(_));
        if !(fixed && self.requirement.comparators.is_empty()) {
            words.push_str(&format!(" {}", self.requirement));
        }
        if fixed || with_source {
            words.push_str(&format!(" from {}", place(&self.source)));
        }
        if self.overridden {
            words.push_str(" (by `[override]`)");
        }
        words
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(false))
    }
}

impl fmt::Display for Dependant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dependant::Project { line: 0, .. } => f.write_str("this command"),
            Dependant::Project { member, inherited: Some(line), .. } => {
                write!(f, "{FILE_NAME}:{line} (inherited by {member})")
            }
            Dependant::Project { member, line, .. } if member == "." => write!(f, "{FILE_NAME}:{line}"),
            Dependant::Project { member, line, .. } => write!(f, "{member}/{FILE_NAME}:{line}"),
            Dependant::Set { name, versions, more } => write!(f, "{name} {}", list(versions, *more)),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let are = |versions: &[Version]| if versions.len() == 1 { "is" } else { "are" };
        let have = |versions: &[Version], one: &'static str, several: &'static str| {
            if versions.len() == 1 { one } else { several }
        };
        match self {
            Reason::DoesNotExist { source, .. } => write!(f, "does not exist in {}", place(source)),
            Reason::UnknownRegistry { registry } => write!(f, "no `[registries]` entry has the id {registry}"),
            Reason::NotInCache => f.write_str("is not in the cache"),
            Reason::NoMatch { newest, .. } if newest.is_empty() => f.write_str("has no versions"),
            Reason::NoMatch { newest, more } => {
                write!(f, "has {}", list(newest, *more))
            }
            Reason::Yanked { versions, reason, message } => {
                match reason {
                    YankReason::Invalid => {
                        write!(f, "{} {} invalid, says who published it", list(versions, 0), are(versions))?;
                    }
                    YankReason::Security | YankReason::Other => {
                        write!(f, "{} {} yanked", list(versions, 0), have(versions, "was", "were"))?;
                    }
                }
                if message.is_empty() { Ok(()) } else { write!(f, ": {}", in_line(message)) }
            }
            Reason::TooNew { versions, published_at } => write!(
                f,
                "{} {} too new for `minimum-release-age`: {}published on {}",
                list(versions, 0),
                are(versions),
                if versions.len() > 1 { "the first was " } else { "" },
                day(*published_at)
            ),
            Reason::FromTheFuture { versions, published_at, now } => write!(
                f,
                "{} {} too new for `minimum-release-age`: published on {}, and here it is {}",
                list(versions, 0),
                are(versions),
                day(*published_at),
                day(*now)
            ),
            Reason::AgeUnknown { versions } => {
                write!(
                    f,
                    "the registry does not say when {} {} published",
                    list(versions, 0),
                    have(versions, "was", "were")
                )
            }
            Reason::NeedsAnotherOfItself { versions } => write!(
                f,
                "can be there in one version only, and {} {} another",
                list(versions, 0),
                have(versions, "needs", "need")
            ),
            Reason::NeedsNewerAnvil { versions, requirement } => {
                write!(f, "{} {} Anvil {requirement}", list(versions, 0), have(versions, "needs", "need"))
            }
            Reason::NewerFormat { count: 1 } => f.write_str("1 version can only be read by a newer Anvil"),
            Reason::NewerFormat { count } => write!(f, "{count} versions can only be read by a newer Anvil"),
            Reason::Invalid { versions } => {
                let are = have(versions, "is", "are each");
                write!(f, "{} {are} published twice, in lines that contradict each other", list(versions, 0))
            }
        }
    }
}

/// Returns the day, in UTC, of a moment that is given in seconds since 1970: `2026-11-23`.
///
/// The algorithm is Howard Hinnant's `civil_from_days`.
pub(super) fn day(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns `2.1.0, 2.0.0 and 5 others`.
fn list(versions: &[Version], more: usize) -> String {
    let mut words: Vec<String> = versions.iter().map(Version::to_string).collect();
    match more {
        0 => {}
        1 => words.push("1 other".to_owned()),
        more => words.push(format!("{more} others")),
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) }
}

/// Returns how people name a source: a registry by its id.
pub(super) fn place(source: &Source) -> String {
    match source {
        Source::Registry(id) => id.to_string(),
        other => other.to_string(),
    }
}

fn in_words<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn hints<S: Serializer>(hints: &[Hint], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Entry<'a> {
        message: &'a str,
        command: Option<&'a str>,
    }
    serializer.collect_seq(hints.iter().map(|hint| Entry { message: &hint.message, command: hint.command.as_deref() }))
}
