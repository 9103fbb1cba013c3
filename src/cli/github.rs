//! Findings as workflow commands of GitHub Actions, which shows them beside the lines that they are about.
//!
//! The form and what must be escaped is GitHub's ("Workflow commands for GitHub Actions", and `command.ts` of its
//! toolkit): in a message `%`, CR and LF, in a property `:` and `,` as well.

use super::output;
use crate::error::Severity;

/// Returns one command, with the end of its line. The place is a file, from the repository's root, and a line.
pub fn command(severity: Severity, (file, line): &(String, usize), title: &str, message: &str) -> String {
    let kind = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (file, title, message) = (property(file), property(title), data(message));
    format!("::{kind} file={file},line={line},title={title}::{message}\n")
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
        let place = ("a,b:c.lock".to_owned(), 3);
        assert_eq!(
            command(Severity::Error, &place, "100%: a", "one\r\n::error::two, 50%"),
            "::error file=a%2Cb%3Ac.lock,line=3,title=100%25%3A a::one%0D%0A::error::two, 50%25\n"
        );
    }
}
