//! Text of strangers in the marked-up text of others: in Markdown, and in the annotations of GitHub's workflows. What
//! a registry or a repository says must not become a link, a mention or a command.

use super::output::clean_line;
use std::fmt::Write as _;

/// Returns `text` as Markdown that shows just it, in one line: what could mean anything is written as a character
/// reference, which no Markdown takes for its own.
pub fn markdown(text: &str) -> String {
    let plain = clean_line(text);
    let mut escaped = String::with_capacity(plain.len());
    for (at, c) in plain.char_indices() {
        // Also what makes a link without any brackets: `www.`, a scheme, an address, a reference to an issue.
        let links = c == '.' && plain[..at].to_ascii_lowercase().ends_with("www");
        if c.is_ascii_punctuation() && (links || !matches!(c, '.' | ',' | '/' | '-' | '(' | ')' | '=' | '\'' | '%')) {
            let _ = write!(escaped, "&#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Returns `text` as a code span of Markdown, for names: `core/tone`.
pub fn code(text: &str) -> String {
    let plain = clean_line(text);
    // A span ends at as many backticks as it begins with, and a bar would end the cell of a table.
    if plain.is_empty() || plain.contains(['`', '|', '\\', '<']) { markdown(text) } else { format!("`{plain}`") }
}

/// One annotation of a GitHub workflow.
#[derive(Clone, Debug)]
pub struct Annotation<'a> {
    /// Whether it is a warning; else it is a notice.
    pub warns: bool,
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
    /// Returns the line that makes it ("Workflow commands for GitHub Actions", with the escapes of the toolkit).
    pub fn line(&self) -> String {
        let command = if self.warns { "warning" } else { "notice" };
        let (file, title) = (property(self.file), property(self.title));
        format!("::{command} file={file},line={},title={title}::{}\n", self.line, data(self.message))
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_say_is_no_markdown() {
        assert_eq!(markdown("plain words, 1.2 -> (x)"), "plain words, 1.2 -&#62; (x)");
        assert_eq!(markdown("a | b\n# c"), "a &#124; b &#35; c");
        assert_eq!(
            markdown("[x](https://evil.example) @all #1 <img>"),
            "&#91;x&#93;(https&#58;//evil.example) &#64;all &#35;1 &#60;img&#62;"
        );
        assert_eq!(markdown("WWW.evil.example **b** `c`"), "WWW&#46;evil.example &#42;&#42;b&#42;&#42; &#96;c&#96;");
        assert_eq!(code("core/tone"), "`core/tone`");
        assert_eq!(code("a`b"), "a&#96;b");
    }

    #[test]
    fn what_strangers_say_is_no_command() {
        let line = Annotation {
            warns: true,
            file: "a,b/anvil.lock",
            line: 3,
            title: "x: 100%",
            message: "one\n::error::two, 5% \r",
        };
        assert_eq!(
            line.line(),
            "::warning file=a%2Cb/anvil.lock,line=3,title=x%3A 100%25::one%0A::error::two, 5%25 %0D\n"
        );
    }
}
