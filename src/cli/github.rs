//! Annotations of GitHub Actions, which shows them beside the lines that they are about.
//!
//! The form and what must be escaped is GitHub's ("Workflow commands for GitHub Actions", and `command.ts` of its
//! toolkit): in a message `%`, CR and LF, in a property `:` and `,` as well.

use super::output;

/// How much an annotation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something is wrong.
    Error,
    /// Something may be.
    Warning,
    /// Worth knowing.
    Notice,
}

/// One annotation.
#[derive(Clone, Debug)]
pub struct Annotation<'a> {
    /// How much it matters.
    pub level: Level,
    /// The file, from the repository's root.
    pub file: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// What it is about.
    pub title: &'a str,
    /// What it says.
    pub message: &'a str,
}

impl Annotation<'_> {
    /// Returns the command that makes it, with the end of its line.
    pub fn command(&self) -> String {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        let (file, title) = (property(self.file), property(self.title));
        format!("::{level} file={file},line={},title={title}::{}\n", self.line, data(self.message))
    }
}

fn data(text: &str) -> String {
    let visible: String =
        text.chars().map(|c| if c != '\r' && output::is_unsafe(c) { '\u{fffd}' } else { c }).collect();
    visible.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_the_command_or_begins_another() {
        let annotation = Annotation {
            level: Level::Error,
            file: "a,b:c.lock",
            line: 3,
            title: "100%: a",
            message: "one\r\n::error::two, 50%",
        };
        assert_eq!(
            annotation.command(),
            "::error file=a%2Cb%3Ac.lock,line=3,title=100%25%3A a::one%0D%0A::error::two, 50%25\n"
        );
    }
}
