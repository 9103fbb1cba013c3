//! Looks for what keeps Anvil from working: on this machine, in the user's settings, on the way to the
//! registries and in the project. Each finding says what mends it.
//!
//! Nothing here fails, and nothing waits for long: what cannot be looked at is a finding of its own. Nothing
//! is mended and nothing removed, and no credential is sent or shown.

mod cache;
mod credentials;
mod environment;
mod git;
mod project;
mod registries;
mod remotes;

use super::context::Context;
use super::project::{Project, ProjectError};
use crate::config::Environment;
use crate::error::{Error, Hint};
use serde::{Serialize, Serializer};

/// What is known of the surroundings that a [`Context`] does not say.
pub struct Request<'a> {
    /// Looks a variable of the environment up.
    pub environment: Environment<'a>,
    /// The names of all variables that are set and not empty.
    pub variables: Vec<String>,
    /// The names of the variables that count.
    pub known: Vec<&'a str>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, in the order of looking.
    pub checks: Vec<Check>,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was looked at.
    pub area: Area,
    /// How it is.
    pub level: Level,
    /// What was found, in one line.
    pub message: String,
    /// What mends it.
    pub hints: Vec<Hint>,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// The user's `git`, the repository, and those that sets come from.
    Git,
    /// The machine's cache.
    Cache,
    /// The user's config.
    Config,
    /// The variables of the environment.
    Environment,
    /// The manifest, the lock, and what is unpacked.
    Project,
    /// The registries of the project.
    Registries,
    /// What is known to answer a registry that asks who one is.
    Credentials,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Good,
    /// Not looked at.
    Skipped,
    /// Worth a look.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Good => "ok",
            Level::Skipped => "skipped",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Report {
    /// Returns how many findings are of `level`.
    pub fn count(&self, level: Level) -> usize {
        self.checks.iter().filter(|check| check.level == level).count()
    }

    /// Returns whether nothing must be mended.
    pub fn is_well(&self) -> bool {
        self.count(Level::Error) == 0
    }

    fn add(&mut self, area: Area, level: Level, message: impl Into<String>) -> &mut Check {
        self.checks.push(Check { area, level, message: message.into(), hints: Vec::new() });
        self.checks.last_mut().expect("one was added just now")
    }

    fn good(&mut self, area: Area, message: impl Into<String>) {
        self.add(area, Level::Good, message);
    }

    fn skipped(&mut self, area: Area, message: impl Into<String>) {
        self.add(area, Level::Skipped, message);
    }

    fn warn(&mut self, area: Area, message: impl Into<String>, hint: Hint) {
        self.add(area, Level::Warning, message).hints.push(hint);
    }

    /// Adds what `error` says: its findings where it has some.
    fn error(&mut self, area: Area, error: &Error) {
        if error.diagnostics().is_empty() {
            self.add(area, Level::Error, error.to_string()).hints = or_explained(error.hints(), error);
        }
        for found in error.diagnostics() {
            let place = found.location.as_ref().map(|location| {
                let (line, column) = location.line_and_column();
                format!("{}:{line}:{column}: ", location.file)
            });
            let message = format!("{}{}", place.unwrap_or_default(), found.message);
            let hints = if found.hints.is_empty() { error.hints() } else { found.hints.clone() };
            self.add(area, Level::Error, message).hints = or_explained(hints, error);
        }
    }
}

/// Returns `hints`, or where there are none the page that says what to do about `error`.
fn or_explained(hints: Vec<Hint>, error: &Error) -> Vec<Hint> {
    if hints.is_empty() {
        return vec![Hint::run("read what it means and what to do", format!("anvil explain {}", error.code()))];
    }
    hints
}

/// Looks at everything.
pub fn run(context: &Context, request: &Request<'_>) -> Report {
    let mut report = Report::default();
    let project = Project::of(context);
    git::look(context, &mut report);
    environment::look(request, &mut report);
    cache::look(context, project.as_ref().ok(), &mut report);
    let project = match project {
        Ok(project) => project,
        Err(error) => {
            match error.downcast_ref() {
                Some(ProjectError::NoManifest(_)) => {
                    report.skipped(Area::Project, "there is no project here, and so no registry to ask");
                }
                _ => report.error(Area::Project, &error),
            }
            return report;
        }
    };
    project::look(context, &project, &mut report);
    registries::look(context, &project, &mut report);
    remotes::look(context, &project, &mut report);
    credentials::look(context, &project, &mut report);
    report
}
