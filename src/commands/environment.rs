//! The environment that a command works for, and what its rules let the command do. Every command that
//! such a rule is about asks here.

use super::context::Context;
use super::lock::{self, LockCommandError};
use super::project::{Project, ProjectError};
use super::target::Action;
use crate::error::{Code, Diagnose, Error, Hint, Kind, Result};
use crate::lockfile::{Lockfile, Source};
use crate::manifest::Mode;
use crate::name::{EnvironmentName, SetName};
use std::fmt;

/// The environment that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Its name.
    pub name: EnvironmentName,
    /// What named it.
    pub by: By,
}

/// What named an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// `--env`.
    Flag,
    /// `ANVIL_ENV`.
    Variable,
}

impl By {
    /// Returns how to name none, as the beginning of a sentence.
    fn without(self) -> &'static str {
        match self {
            By::Flag => "without `--env`",
            By::Variable => "with ANVIL_ENV unset",
        }
    }
}

/// An environment of the project's, with its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Its name.
    pub name: EnvironmentName,
    /// How it takes updates.
    pub mode: Mode,
    /// The line of `anvil.toml` that begins it, from 1.
    pub line: usize,
}

/// What an environment does not allow.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// The lock may not change, or not yet.
    #[error("`anvil {command}` would change anvil.lock, and {} `{}`", rule(.mode), .environment.name)]
    MayNotChange {
        /// What was to be run.
        command: &'static str,
        /// The environment.
        environment: Selected,
        /// Its mode.
        mode: Mode,
    },
    /// Something is not fixed by the lock.
    #[error("the environment `{}` is locked, and {what}", .environment.name)]
    NotLocked {
        /// What it is, as a clause.
        what: String,
        /// The environment.
        environment: Selected,
        /// What can be done about it.
        hint: Option<Hint>,
    },
}

fn rule(mode: &Mode) -> &'static str {
    match mode {
        Mode::Review { .. } => "updates wait for review in the environment",
        Mode::Locked | Mode::Live { .. } => "nothing changes it in the locked environment",
    }
}

impl Diagnose for EnvironmentError {
    fn code(&self) -> Code {
        match self {
            EnvironmentError::MayNotChange { .. } => Code::A1180,
            EnvironmentError::NotLocked { .. } => Code::A1181,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            EnvironmentError::MayNotChange { environment: Selected { name, by }, mode, .. } => {
                let change = Hint::new(format!("{} it does; commit anvil.lock then", by.without()));
                match mode {
                    Mode::Review { .. } => {
                        vec![Hint::run("propose what is new", format!("anvil pull --env {name}")), change]
                    }
                    Mode::Locked | Mode::Live { .. } => vec![change],
                }
            }
            EnvironmentError::NotLocked { hint, environment, .. } => {
                let without = Hint::new(format!("{} it is taken", environment.by.without()));
                hint.iter().cloned().chain([without]).collect()
            }
        }
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.mode)
    }
}

/// Returns the rules of the environment that the command works for; nothing where none is named.
///
/// # Errors
/// When the project has no such environment.
pub fn of(context: &Context, project: &Project) -> Result<Option<Rules>> {
    let Some(selected) = &context.environment else { return Ok(None) };
    let environment = project.manifest.environment(&selected.name)?;
    Ok(Some(Rules { name: selected.name.clone(), mode: environment.mode.clone(), line: environment.line }))
}

/// Checks that the project that the command runs in has the environment that it works for, whatever the command
/// does: a slip must not pass unseen.
///
/// # Errors
/// When there is a project whose manifest can be read, and has no such environment.
pub fn check_named(context: &Context) -> Result<()> {
    match Project::of(context) {
        Ok(project) => of(context, &project).map(drop),
        Err(_) => Ok(()),
    }
}

/// Returns the name of the environment where its mode is `locked`.
fn locked(context: &Context, project: &Project) -> Result<Option<Selected>> {
    Ok(of(context, project)?.filter(|rules| rules.mode == Mode::Locked).and_then(|_| context.environment.clone()))
}

/// Checks that the environment lets `command` change the lock. Without one everything may, and a plan changes nothing.
///
/// # Errors
/// When it does not, or the project has no such environment, or there is no project.
pub fn check_may_change(context: &Context, command: &'static str, run: Action) -> Result<()> {
    let Some(environment) = context.environment.clone().filter(|_| run == Action::Do) else { return Ok(()) };
    let project = Project::of(context)?;
    match of(context, &project)?.map(|rules| rules.mode) {
        Some(mode @ (Mode::Locked | Mode::Review { .. })) => {
            Err(EnvironmentError::MayNotChange { command, environment, mode }.into())
        }
        Some(Mode::Live { .. }) | None => Ok(()),
    }
}

/// Returns `hint`, whose command changes the lock, as it is told where an environment may be named that refuses just
/// that; `rules` are those of the environment that the command works for.
pub fn hint_to_change(context: &Context, rules: Option<&Rules>, hint: Hint) -> Hint {
    match (rules.map(|rules| &rules.mode), &context.environment) {
        (Some(Mode::Locked), Some(Selected { by, .. })) => {
            Hint { message: format!("{} {}, then commit anvil.lock", by.without(), hint.message), ..hint }
        }
        (Some(Mode::Review { .. }), Some(Selected { name, .. })) => {
            Hint::run("propose what is new", format!("anvil pull --env {name}"))
        }
        _ => hint,
    }
}

/// A lock that is not there, or does not answer the manifest, where the environment lets nobody write it.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
struct Unlocked {
    why: Error,
    environment: Selected,
}

impl Diagnose for Unlocked {
    fn code(&self) -> Code {
        self.why.code()
    }

    fn kind(&self) -> Kind {
        self.why.kind()
    }

    fn hints(&self) -> Vec<Hint> {
        let without = self.environment.by.without();
        vec![Hint::run(format!("{without} write it anew, and commit it"), "anvil lock")]
    }
}

/// Returns `error`, which a lock is to blame for, as it is told in a locked environment: what it advises to run would be
/// refused there.
pub fn unlocked(context: &Context, error: Error) -> Error {
    let is_lock = matches!(error.downcast_ref(), Some(LockCommandError::Stale(_)))
        || matches!(error.downcast_ref(), Some(ProjectError::NoLock(_)));
    match &context.environment {
        Some(environment) if is_lock => Unlocked { why: error, environment: environment.clone() }.into(),
        _ => error,
    }
}

/// Takes nothing but what is locked, where the environment says so.
pub struct Fixed {
    environment: Selected,
}

impl Fixed {
    /// Returns the rule, where the command works for an environment that is locked; the lock then answers
    /// the manifest.
    ///
    /// # Errors
    /// When it does not, or the project has no such environment.
    pub fn of(context: &Context, project: Option<&Project>) -> Result<Option<Fixed>> {
        let found;
        let project = match (project, &context.environment) {
            (_, None) => return Ok(None),
            (Some(project), Some(_)) => project,
            // There must be a manifest that has it.
            (None, Some(_)) => {
                found = Project::of(context)?;
                &found
            }
        };
        let Some(environment) = locked(context, project)? else { return Ok(None) };
        lock::check(project).map_err(|error| unlocked(context, error))?;
        Ok(Some(Fixed { environment }))
    }

    /// Returns the error that `what`, a clause, is not locked.
    pub fn refusal(&self, what: impl Into<String>, hint: Option<Hint>) -> crate::error::Error {
        EnvironmentError::NotLocked { what: what.into(), environment: self.environment.clone(), hint }.into()
    }
}

/// Returns the sets of `lock` whose content it does not fix, each with the folder that it is in. Members of the
/// project's workspace are its own, and what is deployed.
pub fn unfixed<'l>(project: &Project, lock: &'l Lockfile) -> impl Iterator<Item = (&'l SetName, &'l str)> {
    lock.sets.iter().filter_map(|set| match &set.source {
        Source::Path(path) if project.workspace.stand_in(&set.name).is_none() => Some((&set.name, path.as_str())),
        _ => None,
    })
}
