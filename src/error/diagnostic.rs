//! A finding about a place in a file: what `lint` lists and what an error points at.

use super::{Code, Hint};
use std::ops::Range;
use std::sync::Arc;

/// Whether a finding stops the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; stops nothing.
    Warning,
    /// Must be mended.
    Error,
}

/// A place in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file as the user would name it, relative to where the command runs or to the set.
    pub file: String,
    /// The whole text of the file, so that a face can show the line; empty where it is the path that is
    /// at fault.
    pub text: Arc<str>,
    /// The bytes at fault. An empty span points between two characters.
    pub span: Range<usize>,
    /// What is wrong with exactly these bytes, in a word or two; may be empty.
    pub label: String,
}

impl Location {
    /// Returns the line and the column of the span's start, both from 1; columns count characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let mut at = self.span.start.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start_of_line = before.rfind('\n').map_or(0, |newline| newline + 1);
        (line, before[start_of_line..].chars().count() + 1)
    }
}

/// One finding, with its place where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the work.
    pub severity: Severity,
    /// The code that `anvil explain` has a page for.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is wrong.
    pub location: Option<Location>,
    /// What to do about it.
    pub hints: Vec<Hint>,
    /// How many findings it stands for: one, unless it says how many more there are.
    pub count: usize,
}

impl Diagnostic {
    /// Returns an error with no place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Diagnostic { severity: Severity::Error, code, message, location: None, hints: Vec::new(), count: 1 }
    }

    /// Returns a warning with no place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Returns the finding with its place: `file`, its whole `text`, the bytes at fault and a label for them.
    pub fn at(mut self, file: impl Into<String>, text: Arc<str>, span: Range<usize>, label: impl Into<String>) -> Self {
        self.location = Some(Location { file: file.into(), text, span, label: label.into() });
        self
    }

    /// Returns the finding as one about the path of `file`, not about anything in it.
    pub fn at_path(self, file: impl Into<String>) -> Self {
        self.at(file, "".into(), 0..0, "")
    }

    /// Returns the finding with one more hint.
    pub fn hint(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    /// Returns whether the finding stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Returns the highest severity among `findings`, or nothing when there are none.
pub fn most_severe(findings: &[Diagnostic]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let at = |offset| {
            Location { file: "f".into(), text: "aé\nbc".into(), span: offset..offset, label: String::new() }
                .line_and_column()
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(4), (2, 1));
        assert_eq!(at(99), (2, 3));
    }
}
