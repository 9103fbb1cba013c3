//! Lines that differ, as people are shown them.

use super::output::{self, BAD, FAINT, GOOD, NOTE};
use crate::diff::{Hunk, LineKind};
use anstyle::Style;
use std::fmt::Write as _;

/// Returns a stretch of lines that differ: coloured, changed words inverted, and nothing in it that
/// would deceive on a terminal.
pub fn hunk_lines(hunk: &Hunk) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{NOTE}{}{NOTE:#}", hunk.header());
    for line in &hunk.lines {
        let style = match line.kind {
            LineKind::Context => Style::new(),
            LineKind::Removed => BAD,
            LineKind::Added => GOOD,
        };
        let _ = write!(text, "{style}{}{style:#}", line.kind.sign());
        for segment in &line.segments {
            let style = if segment.emphasised { style.invert() } else { style };
            if !segment.text.is_empty() {
                let _ = write!(text, "{style}{}{style:#}", visible(&segment.text));
            }
        }
        text.push('\n');
        if line.no_newline {
            let _ = writeln!(text, "{FAINT}\\ No newline at end of file{FAINT:#}");
        }
    }
    text
}

/// Returns `text` with what would not be seen, or would deceive, spelled out: `^M`, `<U+202E>`. To
/// drop it would hide a change that is there.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\u{1f}' | '\u{7f}' if c != '\t' => {
                // Caret notation: the letter 64 places further, `^?` for 127.
                shown.push('^');
                shown.push(char::from((c as u8) ^ 0x40));
            }
            c if output::is_unsafe(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_seen_is_spelled_out() {
        assert_eq!(visible("a\tb\r"), "a\tb^M");
        assert_eq!(visible("\u{1b}[31mx\u{7f}"), "^[[31mx^?");
        assert_eq!(visible("user\u{202e}nimda\u{200b}é"), "user<U+202E>nimda<U+200B>é");
    }
}
