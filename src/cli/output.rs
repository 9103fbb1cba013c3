//! How answers look: streams with and without colour, cleaned text, tables, notes.

use super::args::{Color, Format};
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Stderr, Stdout};

/// `error`, and lines that went.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// `warning`.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `note`, and what stands still.
pub const NOTE: Style = AnsiColor::Cyan.on_default().bold();
/// `help`.
pub const HELP: Style = AnsiColor::Cyan.on_default().bold();
/// Lines that came, and what is in order.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Lines that went, and what is not.
pub const BAD: Style = AnsiColor::Red.on_default();
/// Headings and the messages of errors.
pub const STRONG: Style = Style::new().bold();
/// What matters less.
pub const FAINT: Style = Style::new().dimmed();

/// Returns stdout, which drops styles where they are not wanted.
pub fn stdout(color: Color) -> AutoStream<Stdout> {
    AutoStream::new(io::stdout(), choice(color))
}

/// Returns stderr, which drops styles where they are not wanted.
pub fn stderr(color: Color) -> AutoStream<Stderr> {
    AutoStream::new(io::stderr(), choice(color))
}

fn choice(color: Color) -> ColorChoice {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Returns what `--color` asks for in a command line that could not be understood as a whole.
pub fn color_asked_for(arguments: impl IntoIterator<Item = OsString>) -> Color {
    let asked = asked_for("--color", arguments).or_else(|| std::env::var_os("ANVIL_COLOR"));
    match asked.as_deref().and_then(|text| text.to_str()) {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}

/// Returns what `--format` asks for in any command line, understood or not: errors follow it, too.
pub fn format_asked_for(arguments: impl IntoIterator<Item = OsString>) -> Format {
    match asked_for("--format", arguments).as_deref().and_then(|text| text.to_str()) {
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

fn asked_for(flag: &str, arguments: impl IntoIterator<Item = OsString>) -> Option<OsString> {
    let mut asked = None;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let value = match argument.to_str() {
            Some("--") => break,
            Some(text) if text == flag => arguments.next(),
            Some(text) => text.strip_prefix(flag).and_then(|rest| rest.strip_prefix('=')).map(OsString::from),
            None => None,
        };
        asked = value.or(asked);
    }
    asked
}

/// Returns the width of the terminal in columns: of the one on stderr, else what `COLUMNS` says, else 100.
pub fn width() -> usize {
    let asked = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = dialoguer::console::Term::stderr();
    let size = if terminal.is_term() { terminal.size_checked().map(|(_, columns)| columns.into()) } else { None };
    size.or_else(asked).filter(|columns| *columns > 0).unwrap_or(100)
}

/// Returns `text` without what could deceive on a terminal: control characters (newlines and tabs
/// stay), escape sequences, and characters that turn the direction of writing (Unicode 9, chapter
/// 23.2; CVE-2021-42574). Whatever comes from a registry or a repository goes through here.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.next_if(|next| !next.is_control()) {
                Some('[') => skip_control_sequence(&mut rest),
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut rest),
                // An intermediate byte, as in `ESC ( B`: the final one follows.
                Some(' '..='/') => drop(rest.next_if(|next| matches!(next, '0'..='~'))),
                _ => {}
            },
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(&mut rest),
            c if is_unsafe(c) => {}
            c => cleaned.push(c),
        }
    }
    Cow::Owned(cleaned)
}

/// Returns `text` as one line: cleaned, and every run of white space made one space.
pub fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether `c` changes how what follows is shown instead of being shown.
pub fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Skips the rest of a control sequence (ECMA-48, section 5.4): parameters, then one final character.
fn skip_control_sequence(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while rest.next_if(|next| matches!(next, ' '..='?')).is_some() {}
    rest.next_if(|next| matches!(next, '@'..='~'));
}

/// Skips the rest of a control string (ECMA-48, section 5.6), which ends with BEL or ST. One that
/// is never closed goes to the end of its line, so that it cannot hide the rest of a message.
fn skip_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = rest.next_if(|next| *next != '\n') {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                rest.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

/// Returns `value` as JSON for people and programs: indented, with a newline at the end, and with
/// nothing in it that would deceive on a terminal (written as `\u202e`, which means the same).
///
/// # Errors
/// When the value cannot be JSON, which is a fault of the type's.
pub fn json(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    Ok(safe_json(&serde_json::to_string_pretty(value)?))
}

/// Returns `value` as [`json`] does, in one line.
pub fn json_line(value: &serde_json::Value) -> String {
    safe_json(&value.to_string())
}

fn safe_json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if is_unsafe(c) {
            // All of them are in the basic plane, and outside strings JSON has none.
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}

/// Returns `text` in pieces of at most `width` columns each: to the last blank, `/` or `-` that fits, or, in a word that
/// is longer than that, as far as it goes.
pub fn wrapped(text: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    let end_of_piece = |text: &str| {
        let mut used = 0;
        // One character is shown, however narrow it is.
        let is_too_far = |(at, c): &(usize, char)| {
            used += dialoguer::console::measure_text_width(c.encode_utf8(&mut [0; 4]));
            *at > 0 && used > width
        };
        text.char_indices().find(is_too_far).map(|(at, _)| at)
    };
    while let Some(end) = end_of_piece(rest) {
        let cut = rest[..end].rfind([' ', '/', '-']).map_or(end, |last| last + 1);
        pieces.push(&rest[..cut]);
        rest = &rest[cut..];
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// The narrowest that a column of a table is made to fit.
const NARROWEST: usize = 8;

/// Rows of cells that are printed under each other, each column as wide as its widest cell, or as there is room.
#[derive(Clone, Debug, Default)]
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    room: Option<usize>,
}

impl Table {
    /// Returns an empty table; without headings none are printed.
    pub fn new(headings: &[&'static str]) -> Self {
        Table { headings: headings.to_vec(), rows: Vec::new(), room: None }
    }

    /// Adds a row. Cells are cleaned.
    pub fn row<I, C>(&mut self, cells: I) -> &mut Self
    where
        I: IntoIterator<Item = C>,
        C: AsRef<str>,
    {
        self.rows.push(cells.into_iter().map(|cell| clean_line(cell.as_ref())).collect());
        self
    }

    /// Has cells go on in further lines where the table would be wider than `width` columns.
    pub fn fit(&mut self, width: usize) -> &mut Self {
        self.room = Some(width);
        self
    }

    /// Returns whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let measure = |cell: &str| dialoguer::console::measure_text_width(cell);
        let headings = (!self.headings.is_empty()).then(|| self.headings.iter().map(|h| (*h).to_owned()).collect());
        let rows: Vec<(&Vec<String>, Style)> =
            headings.iter().map(|row| (row, STRONG)).chain(self.rows.iter().map(|row| (row, Style::new()))).collect();
        let mut widths: Vec<usize> = Vec::new();
        for (row, _) in &rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row.iter()) {
                *width = (*width).max(measure(cell));
            }
        }
        let gaps = 2 * widths.len().saturating_sub(1);
        while self.room.is_some_and(|room| widths.iter().sum::<usize>() + gaps > room) {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        for (row, style) in rows {
            let cells: Vec<Vec<&str>> = row.iter().zip(&widths).map(|(cell, width)| wrapped(cell, *width)).collect();
            for line in 0..cells.iter().map(Vec::len).max().unwrap_or(1) {
                let mut blanks = 0;
                for (cell, width) in cells.iter().zip(&widths) {
                    let piece = cell.get(line).map_or("", |piece| piece.trim_end());
                    // Blanks are written when something follows them, so that no line ends in them.
                    if !piece.is_empty() {
                        write!(f, "{:blanks$}{style}{piece}{style:#}", "")?;
                        blanks = 0;
                    }
                    blanks += width.saturating_sub(measure(piece)) + 2;
                }
                f.write_str("\n")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_strangers_cannot_move_the_cursor_or_turn_the_line() {
        for (text, cleaned) in [
            ("plain\ttext\n", "plain\ttext\n"),
            ("a\u{1b}[31;1mred\u{1b}[0m", "ared"),
            ("a\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{1b}\\b", "alinkb"),
            ("a\u{1b}]0;never closed\nb", "a\nb"),
            ("a\u{9b}2Jb\u{85}c", "abc"),
            ("over\rwritten\u{8}", "overwritten"),
            ("a\u{1b}(Bb\u{1b}cc", "abc"),
            ("\u{1b}", ""),
            ("user\u{202e}nimda\u{2066}", "usernimda"),
            ("a\u{1b}[\nb", "a\nb"),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
        }
        assert_eq!(clean_line(" a\n\tb\u{7} "), "a b");
    }

    #[test]
    fn json_means_the_same_and_deceives_nobody() {
        let text = json(&serde_json::json!({"a": "x\u{202e}y\u{9b}é"})).unwrap();
        assert_eq!(text, "{\n  \"a\": \"x\\u202ey\\u009bé\"\n}\n");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["a"], "x\u{202e}y\u{9b}é");
    }

    #[test]
    fn columns_are_aligned_and_no_line_ends_in_blanks() {
        let mut table = Table::new(&["set", "locked", "newest"]);
        table.row(["core/tone", "1.4.2", "2.0.0"]).row(["é/日本", "1.0.0", ""]);
        let plain = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(plain, "set        locked  newest\ncore/tone  1.4.2   2.0.0\né/日本     1.0.0\n");
    }

    #[test]
    fn what_is_wider_than_the_terminal_goes_on_in_the_next_line() {
        assert_eq!(wrapped("a quick brown fox", 8), ["a quick ", "brown ", "fox"]);
        assert_eq!(wrapped("unbroken 日本語", 4), ["unbr", "oken", " ", "日本", "語"]);
        assert_eq!(wrapped("anthropic/claude-sonnet", 12), ["anthropic/", "claude-", "sonnet"]);
        assert_eq!(wrapped("日", 1), ["日"]);
        assert_eq!(wrapped("", 4), [""]);
        let mut table = Table::new(&["prompt", "tokens", "counted by"]);
        table.row(["a/long/name", "4", "o200k_base, an estimate for a model"]).row(["b", "5", "o200k_base"]).fit(36);
        let plain = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(
            plain,
            "prompt       tokens  counted by\na/long/name  4       o200k_base, an\n                     estimate for a\n                     model\nb            5       o200k_base\n"
        );
    }

    #[test]
    fn the_colour_is_known_even_when_the_command_line_is_wrong() {
        let asked = |arguments: &[&str]| color_asked_for(arguments.iter().map(OsString::from));
        assert_eq!(asked(&["anvil", "--color", "never", "psuh"]), Color::Never);
        assert_eq!(asked(&["anvil", "psuh", "--color=always"]), Color::Always);
        let format = |arguments: &[&str]| format_asked_for(arguments.iter().map(OsString::from));
        assert_eq!(format(&["anvil", "lint", "--format=json"]), Format::Json);
        assert_eq!(format(&["anvil", "lint", "--formats", "--", "--format", "json"]), Format::Text);
    }
}
