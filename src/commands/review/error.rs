//! Why nothing can be reviewed, or not so.

use crate::error::{Code, Diagnose, Diagnostic, Hint};
use crate::lockfile;
use crate::manifest::Mode;
use crate::name::{EnvironmentName, SetName};
use crate::reviews::Decision;
use std::path::PathBuf;

/// Why nothing can be reviewed, or not so.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Nothing waits.
    #[error("nothing waits for review: there is no `{}`", lockfile::PENDING_FILE_NAME)]
    NothingWaits {
        /// The environment.
        environment: EnvironmentName,
    },
    /// There is nothing at all that could be approved.
    #[error("there is nothing to approve: neither `{}` nor `{}` is in `{}`", lockfile::PENDING_FILE_NAME, lockfile::FILE_NAME, .folder.display())]
    NoLock {
        /// The project's folder.
        folder: PathBuf,
        /// The environment.
        environment: EnvironmentName,
    },
    /// Nobody is named.
    #[error("nobody is named who {0}s: neither `--by` nor git says who you are")]
    Nobody(Decision),
    /// A name or a reason that is none.
    #[error("`{what}` is refused: {why}")]
    Text {
        /// The flag.
        what: &'static str,
        /// Why.
        why: &'static str,
    },
    /// The proposed lock cannot become the lock.
    #[error("`{}` no longer answers anvil.toml: {why}", lockfile::PENDING_FILE_NAME)]
    Stale {
        /// The first thing that it does not answer.
        why: String,
        /// The environment.
        environment: EnvironmentName,
    },
    /// What is proposed is nothing that could become the lock: it was changed by hand, or a merge did.
    #[error("{}", .0.message)]
    Unfit(Box<Diagnostic>),
    /// The lock is another one than that which the proposal would change.
    #[error(
        "`{}` has changed since `{}` was proposed{}: approving this would take back what came in between",
        lockfile::FILE_NAME, lockfile::PENDING_FILE_NAME,
        if .lowered.is_empty() { String::new() } else { format!(", and has a newer {}", names(.lowered)) }
    )]
    Moved {
        /// Sets of which the lock has a newer version than what is proposed.
        lowered: Vec<SetName>,
        /// The environment.
        environment: EnvironmentName,
    },
    /// The environment takes no reviews.
    #[error("the environment `{name}` has the mode `{mode}`, which takes no reviews")]
    OtherMode {
        /// The environment.
        name: EnvironmentName,
        /// Its mode.
        mode: Mode,
        /// Those that do.
        others: Vec<EnvironmentName>,
    },
    /// It is not said which of several environments is meant.
    #[error("{}", if .0.is_empty() { "no environment of anvil.toml has the mode `review`".to_owned() } else { format!("{} environments take reviews, and none of them is named", .0.len()) })]
    WhichOne(Vec<EnvironmentName>),
    /// Only signed approvals count, and there is no key.
    #[error("only signed approvals count in this project, and no key is set that could sign one")]
    NoKey,
    /// Only approvals by allowed keys count, and this is none.
    #[error("only approvals that an allowed key signs count in this project, and yours is none of them")]
    StrangeKey(String),
    /// There is a line for the key, and it may not sign reviews now.
    #[error("only approvals that an allowed key signs count in this project, and {0}")]
    KeyNotNow(String),
}

impl Diagnose for ReviewError {
    fn code(&self) -> Code {
        match self {
            ReviewError::NothingWaits { .. } | ReviewError::NoLock { .. } => Code::A1183,
            ReviewError::Nobody(_) | ReviewError::Text { .. } => Code::A1184,
            ReviewError::Stale { .. } | ReviewError::Unfit(_) | ReviewError::Moved { .. } => Code::A1185,
            ReviewError::OtherMode { .. } | ReviewError::WhichOne(_) => Code::A1186,
            ReviewError::NoKey | ReviewError::StrangeKey(_) | ReviewError::KeyNotNow(_) => Code::A1190,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let pull = |environment: &EnvironmentName| format!("anvil pull --env {environment}");
        let name = |names: &[EnvironmentName]| {
            names.iter().map(|name| Hint::new(format!("name it: `--env {name}`"))).collect::<Vec<_>>()
        };
        match self {
            ReviewError::NothingWaits { environment } => vec![Hint::run("look for updates", pull(environment))],
            ReviewError::NoLock { environment, .. } => vec![Hint::run("propose one", pull(environment))],
            ReviewError::Nobody(decision) => vec![
                Hint::run("say who you are", format!("anvil review {decision} --by 'Your Name'")),
                Hint::run("or tell git", "git config --global user.name 'Your Name'"),
            ],
            ReviewError::Text { .. } => Vec::new(),
            ReviewError::Stale { environment, .. } => {
                vec![Hint::run("propose one that does", pull(environment))]
            }
            ReviewError::Moved { environment, .. } => {
                vec![Hint::run("propose what fits the lock that is here now", pull(environment))]
            }
            // The finding carries its own.
            ReviewError::Unfit(_) => Vec::new(),
            ReviewError::OtherMode { others, .. } => name(others),
            ReviewError::WhichOne(names) if names.is_empty() => {
                vec![Hint::new("add one: `[environments.staging]`, and below it `mode = \"review\"`")]
            }
            ReviewError::WhichOne(names) => name(names),
            ReviewError::NoKey => {
                vec![Hint::run("set yours", "anvil config set signing.key ~/.ssh/id_ed25519")]
            }
            ReviewError::KeyNotNow(_) => vec![
                Hint::new("have whoever tends that file renew the line"),
                Hint::run("or set another key", "anvil config set signing.key ~/.ssh/id_ed25519"),
            ],
            ReviewError::StrangeKey(public) => vec![Hint::new(format!(
                "a line for it in the file of `[trust] allowed-signers` is `YOU@EXAMPLE.COM {public}`"
            ))],
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            ReviewError::Unfit(finding) => std::slice::from_ref(finding),
            _ => &[],
        }
    }
}

fn names(sets: &[SetName]) -> String {
    sets.iter().map(SetName::as_str).collect::<Vec<_>>().join(", ")
}
