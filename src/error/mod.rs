//! What can go wrong, told so that a person can act on it.
//!
//! Every module has its own `thiserror` enum. Such an enum implements [`Diagnose`]: a stable
//! [`Code`], a [`Kind`] (which alone decides the exit code), [`Hint`]s and, where a file is at
//! fault, [`Diagnostic`]s with their places. [`Error`] is any of them: use cases return it, and
//! `?` turns each module's error into it.
//!
//! Nothing is printed here; faces decide how an error looks.

mod codes;
mod diagnostic;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Location, Severity, most_severe};

use std::borrow::Cow;
use std::fmt;

/// The kind of an error. It decides the exit code, here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer is no, or something in the user's files, requirements or the registry's content
    /// must be mended.
    No,
    /// The command line is wrong; nothing was read.
    Usage,
    /// The environment or Anvil itself: a full disk, no `git`, a bug.
    Environment,
    /// Authentication is needed or was refused.
    Authentication,
    /// The registry could not be reached.
    Unreachable,
    /// The user interrupted the command.
    Interrupted,
}

impl Kind {
    /// Returns the exit code of a command that ends with an error of this kind.
    pub const fn exit_code(self) -> u8 {
        match self {
            Kind::No => 1,
            Kind::Usage => 2,
            Kind::Environment => 3,
            Kind::Authentication => 4,
            Kind::Unreachable => 5,
            Kind::Interrupted => 130,
        }
    }
}

/// One sentence that can be acted on, often with the command that does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What to do, lower case, no full stop.
    pub message: String,
    /// The command to run, without a prompt sign.
    pub command: Option<String>,
}

impl Hint {
    /// Returns a hint in words alone.
    pub fn new(message: impl Into<String>) -> Self {
        Hint { message: message.into(), command: None }
    }

    /// Returns a hint that ends in a command, e.g. "pull the sets first", `anvil pull --locked`.
    pub fn run(message: impl Into<String>, command: impl Into<String>) -> Self {
        Hint { message: message.into(), command: Some(command.into()) }
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => write!(f, "{}: `{command}`", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// What every error of Anvil's can say about itself beside its message.
pub trait Diagnose: std::error::Error + Send + Sync + 'static {
    /// Returns the stable code that `anvil explain` has a page for.
    fn code(&self) -> Code;

    /// Returns the kind, which decides the exit code.
    fn kind(&self) -> Kind {
        Kind::No
    }

    /// Returns what the person can do, most useful first.
    fn hints(&self) -> Vec<Hint> {
        Vec::new()
    }

    /// Returns the places in files that are at fault. When there are some, a face prints them
    /// in place of the message.
    fn diagnostics(&self) -> &[Diagnostic] {
        &[]
    }

    /// Returns, in lines, what is told below the message to whoever asked for all of it.
    fn at_length(&self) -> Option<String> {
        None
    }

    /// Returns what programs are told beside the message, as fields with their values.
    fn data(&self) -> Vec<(&'static str, serde_json::Value)> {
        Vec::new()
    }
}

/// Any error of Anvil's.
pub struct Error(Box<dyn Diagnose>);

/// The result of whatever can fail with any of Anvil's errors.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns the error's stable code.
    pub fn code(&self) -> Code {
        self.0.code()
    }

    /// Returns the error's kind.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// Returns what the person can do.
    pub fn hints(&self) -> Vec<Hint> {
        self.0.hints()
    }

    /// Returns the places in files that are at fault.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.0.diagnostics()
    }

    /// Returns, in lines, what is told below the message to whoever asked for all of it.
    pub fn at_length(&self) -> Option<String> {
        self.0.at_length()
    }

    /// Returns what programs are told beside the message, as fields with their values.
    pub fn data(&self) -> Vec<(&'static str, serde_json::Value)> {
        self.0.data()
    }

    /// Returns the module's own error if it is an `E`.
    pub fn downcast_ref<E: Diagnose>(&self) -> Option<&E> {
        let inner: &(dyn std::error::Error + 'static) = &*self.0;
        inner.downcast_ref::<E>()
    }
}

// `Error` itself does not implement `Diagnose`, which is what lets this be written for every `E`.
impl<E: Diagnose> From<E> for Error {
    fn from(error: E) -> Self {
        Error(Box::new(error))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// The most characters of what somebody wrote that a message repeats.
const MOST_TOLD: usize = 100;

/// Returns `text`, which somebody wrote and is no name or version, as a message repeats it: with its beginning alone where
/// it is long, and in one line.
pub fn told(text: &str) -> Cow<'_, str> {
    let text = in_line(text);
    match text.char_indices().nth(MOST_TOLD) {
        Some(_) => Cow::Owned(text.chars().take(MOST_TOLD - 1).chain(['…']).collect()),
        None => text,
    }
}

/// Returns `text`, which comes from a registry or from somebody's file, for the middle of a line: with line breaks it
/// could pass for more than one message.
pub fn in_line(text: &str) -> Cow<'_, str> {
    match text.contains(['\n', '\r']) {
        true => Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Cow::Borrowed(text),
    }
}

/// Returns a word as a POSIX shell takes it: a path may hold blanks, a requirement `>`, `<` and `*`.
pub fn shell_word(word: &str) -> String {
    let is_plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "@/.-_^=~+:,".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Returns the one of `candidates` that `word` most likely stands for, if any is close enough.
///
/// Closeness is Damerau-Levenshtein's distance, at most a third of the word's length and at
/// least one, so that short words do not match everything. Of one letter all others are as near, or as far.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Of longer words none is a slip of the finger, and to compare them takes time and memory by the square.
    const LONGEST: usize = 128;
    /// Nor does it help to be told one of more than these.
    const MOST: usize = 1_000;
    let length = word.chars().count();
    if !(2..=LONGEST).contains(&length) {
        return None;
    }
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .take(MOST)
        .map(|candidate| (candidate.chars().count(), candidate))
        .filter(|(other, _)| *other > 1 && other.abs_diff(length) <= limit)
        .map(|(_, candidate)| candidate)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_suggested_and_a_stranger_is_not() {
        let names = ["customer_name", "ticket", "tone"];
        assert_eq!(suggest("custmer_name", names), Some("customer_name"));
        assert_eq!(suggest("tnoe", names), Some("tone"));
        assert_eq!((suggest("a", ["b", "ab"]), suggest("ab", ["a"])), (None, None));
        assert_eq!(suggest("zebra", names), None);
        assert_eq!(suggest(&"tone".repeat(250_000), names), None);
    }

    #[test]
    fn a_shell_takes_any_word_as_one() {
        for (word, written) in [("a/b@^1.2", "a/b@^1.2"), ("", "''"), ("my file", "'my file'"), ("it's", r"'it'\''s'")]
        {
            assert_eq!(shell_word(word), written);
        }
        assert_eq!(shell_word("a/b@>=1, <2"), "'a/b@>=1, <2'");
    }
}
