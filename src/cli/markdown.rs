//! Text of strangers in Markdown: what a registry or a repository says must not become a link or a mention.

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
}
