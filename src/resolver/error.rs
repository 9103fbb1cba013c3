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
            ResolveError::Index(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.kind(),
            ResolveError::Index(error) => error.kind(),
            ResolveError::Circle(_) | ResolveError::GaveUp { .. } => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ResolveError::Unsatisfiable(explanation) => explanation.hints.clone(),
            ResolveError::Circle(_) => Vec::new(),
            ResolveError::GaveUp { .. } => {
                vec![Hint::new("narrow the requirements in `anvil.toml`, so that there is less to try")]
            }
            ResolveError::Index(error) => error.hints(),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            ResolveError::Index(error) => error.diagnostics(),
            _ => &[],
        }
    }
}
