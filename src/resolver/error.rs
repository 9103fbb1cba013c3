//! Why a resolution failed.

use super::circle::Circle;
use super::explanation::Explanation;
use crate::error::{Code, Diagnose, Diagnostic, Error, Hint, Kind};
use std::fmt;

/// Why there is no resolution.
#[derive(Debug)]
pub enum ResolveError {
    /// No choice of versions satisfies every requirement.
    Unsatisfiable(Box<Explanation>),
    /// The sets that were chosen need each other in a circle.
    Circle(Box<Circle>),
    /// The budget was used up before there was an answer.
    GaveUp {
        /// How many decisions were made.
        decisions: u64,
    },
    /// There was more to look at than the budget allows.
    TooMuch {
        /// How many sets were looked at.
        sets: usize,
        /// How many versions, and needs of versions, they have in all.
        facts: usize,
    },
    /// What the solver chose does not satisfy what is required of this set: a mistake in the solver, which must never
    /// come to a lock.
    Mistaken(String),
    /// The index failed; its error is passed on with its own code, kind and hints.
    Index(Error),
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.fmt(f),
            ResolveError::Circle(circle) => circle.fmt(f),
            ResolveError::GaveUp { decisions } => {
                write!(f, "resolution was stopped after {decisions} decisions without an answer")
            }
            ResolveError::TooMuch { sets, facts } => write!(
                f,
                "the requirements lead to too much to look at: {sets} sets so far, whose versions need {facts} things"
            ),
            ResolveError::Mistaken(name) => {
                write!(f, "anvil itself is at fault: what it chose does not satisfy what is required of {name}")
            }
            ResolveError::Index(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ResolveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ResolveError::Index(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl Diagnose for ResolveError {
    fn code(&self) -> Code {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.code(),
            ResolveError::Circle(_) => Code::A0503,
            ResolveError::GaveUp { .. } => Code::A0504,
            ResolveError::TooMuch { .. } => Code::A0509,
            ResolveError::Mistaken(_) => Code::A1004,
            ResolveError::Index(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.kind(),
            ResolveError::Index(error) => error.kind(),
            ResolveError::Mistaken(_) => Kind::Environment,
            ResolveError::Circle(_) | ResolveError::GaveUp { .. } | ResolveError::TooMuch { .. } => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.hints.clone(),
            ResolveError::Circle(_) => Vec::new(),
            ResolveError::GaveUp { .. } => {
                vec![
                    Hint::new("narrow the requirements in `anvil.toml`, so that there is less to try"),
                    Hint::new(
                        "look at what was added last: sets that name ever new ones are made to do harm, or by mistake",
                    ),
                ]
            }
            ResolveError::TooMuch { .. } => vec![
                Hint::new(
                    "a set that names ever new ones is made to do harm, or by mistake: look at what was added last",
                ),
                Hint::new("narrow the requirements in `anvil.toml`, so that there is less to look at"),
            ],
            ResolveError::Mistaken(_) => {
                vec![Hint::new("please report it with anvil.toml, anvil.lock and what `anvil --version` prints")]
            }
            ResolveError::Index(error) => error.hints(),
        }
    }

    fn at_length(&self) -> Option<String> {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.derivation.as_ref().map(ToString::to_string),
            _ => None,
        }
    }

    fn data(&self) -> Vec<(&'static str, serde_json::Value)> {
        let value = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
        match self {
            ResolveError::Unsatisfiable(explanation) => {
                let derivation = explanation.derivation.as_ref();
                let derivation = derivation.map(|derivation| ("derivation", value(serde_json::to_value(derivation))));
                [("explanation", value(serde_json::to_value(explanation)))].into_iter().chain(derivation).collect()
            }
            ResolveError::Circle(circle) => vec![("circle", value(serde_json::to_value(circle)))],
            _ => Vec::new(),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            ResolveError::Index(error) => error.diagnostics(),
            _ => &[],
        }
    }
}
