//! Making the [`Problem`]s of a source.

use super::Problem;
use crate::error::{Code, Hint, Severity};
use std::ops::Range;

/// The most problems that are told of one source.
pub(super) const MAX_PROBLEMS: usize = 20;

impl Problem {
    /// Returns an error about the bytes at `span`.
    pub(super) fn error(code: Code, span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            label: String::new(),
            hints: Vec::new(),
        }
    }

    /// Returns an error in the syntax. What looks like a mistake is often no Liquid at all, but
    /// code of another language with the same braces, so it says how to keep that as it is.
    pub(super) fn syntax(span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem::error(Code::A0302, span, message)
            .hint("if this is not meant as Liquid, put it between `{% raw %}` and `{% endraw %}`")
    }

    /// Returns the problem with a word or two about its bytes.
    pub(super) fn label(mut self, label: impl Into<String>) -> Problem {
        self.label = label.into();
        self
    }

    /// Returns the problem with one more hint, ahead of those it has.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hints.insert(0, Hint::new(hint));
        self
    }
}
