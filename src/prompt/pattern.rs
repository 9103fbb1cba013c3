//! `pattern`: a regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax), matched by
//! the `regex` crate, which guarantees time linear in the text.
//!
//! The two syntaxes differ in a few places, and a published prompt must mean the same for ever, so
//! those are rewritten: `\d`, `\w`, `\s` and `\b` are of ASCII in RE2, `[` and `&&` are themselves
//! within a class, `\Q…\E` quotes, and `\<` is a plain `<`.

use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};
use std::fmt::Write as _;

/// The most memory that one compiled pattern may take.
const MAX_COMPILED: usize = 1 << 20;

/// The longest pattern, in bytes: reading one takes some five hundred times as much memory.
const MAX_LENGTH: usize = 10_000;

/// The deepest that groups may be nested.
const MAX_NESTING: u32 = 64;

/// How many bytes of text, times the places in a pattern, are matched in one step.
const BYTES_PER_STEP: usize = 64;

/// A pattern that compiles.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Regex,
    /// How many places there are in it, with what is repeated as often as it is counted.
    places: usize,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// Returns the pattern that `text` writes.
    ///
    /// # Errors
    /// In words, when it is not in RE2's syntax or would be too large.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("it is longer than {MAX_LENGTH} bytes"));
        }
        let syntax = from_re2(text);
        let regex =
            RegexBuilder::new(&syntax).size_limit(MAX_COMPILED).nest_limit(MAX_NESTING).build().map_err(|error| {
                match error {
                    regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                    // The crate draws the place over several lines and says what is wrong in the last.
                    other => {
                        let message = other.to_string();
                        let last = message.lines().last().unwrap_or_default();
                        last.trim_start_matches("error: ").to_owned()
                    }
                }
            })?;
        let hir = ParserBuilder::new().nest_limit(MAX_NESTING).build().parse(&syntax);
        let places = hir.map_or(usize::MAX, |hir| places(&hir));
        Ok(Pattern { text: text.to_owned(), regex, places })
    }

    /// Returns how many steps it may be to match `text`: in the worst case, at each byte, every place of
    /// the pattern is one where the match may have got to.
    pub(super) fn steps(&self, text: &str) -> usize {
        text.len().saturating_mul(self.places) / BYTES_PER_STEP
    }

    /// Returns whether some part of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Returns the pattern as the `regex` crate writes it.
    pub fn syntax(&self) -> &str {
        self.regex.as_str()
    }

    /// Returns the pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Returns how many places a match may be at, those of what is counted as often as that is repeated.
fn places(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Capture(group) => places(&group.sub),
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(repeated.min + 1).max(1);
            places(&repeated.sub).saturating_mul(times as usize)
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(places).fold(0, usize::saturating_add),
    }
}

/// Returns `pattern`, in RE2's syntax, in that of the `regex` crate.
fn from_re2(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        if let Some(escaped) = rest.strip_prefix('\\') {
            rest = escape(escaped, in_class, &mut out);
            continue;
        }
        if !in_class && first == '[' {
            in_class = true;
            // A `]` that comes first, or right after `^`, is itself; the crate reads it so too.
            let (opening, after) = split_opening(rest);
            out.push_str(opening);
            rest = after;
            continue;
        }
        if in_class && first == '[' {
            // `[:alpha:]` is a named class in both; any other bracket is itself.
            let named = rest.strip_prefix("[:").and_then(|name| name.find(":]")).filter(|end| *end <= 12);
            match named {
                Some(end) => {
                    out.push_str(&rest[..end + 4]);
                    rest = &rest[end + 4..];
                }
                None => {
                    out.push_str("\\[");
                    rest = &rest[1..];
                }
            }
            continue;
        }
        if in_class && matches!(first, '&' | '~') {
            out.push('\\');
        }
        if first == ']' {
            in_class = false;
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

fn split_opening(rest: &str) -> (&str, &str) {
    let mut end = 1;
    if rest[end..].starts_with('^') {
        end += 1;
    }
    if rest[end..].starts_with(']') {
        end += 1;
    }
    rest.split_at(end)
}

/// Writes what the escape means whose backslash stands before `rest`; returns what follows it.
fn escape<'a>(rest: &'a str, in_class: bool, out: &mut String) -> &'a str {
    let Some(letter) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let after = &rest[letter.len_utf8()..];
    match letter {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str("[\\t\\n\\x0C\\r ]"),
        'S' => out.push_str("[^\\t\\n\\x0C\\r ]"),
        'b' if !in_class => out.push_str("(?-u:\\b)"),
        'Q' if !in_class => {
            let (literal, after) = after.split_once("\\E").unwrap_or((after, ""));
            out.push_str(&regex::escape(literal));
            return after;
        }
        '<' | '>' => out.push(letter),
        _ => {
            let _ = write!(out, "\\{letter}"); // Writing to a string cannot fail.
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(text)
    }

    #[test]
    fn patterns_are_not_anchored() {
        assert!(matches("b+", "abc"));
        assert!(!matches("^b+$", "abc"));
    }

    #[test]
    fn classes_are_of_ascii_as_in_re2() {
        assert!(matches(r"^\d$", "7") && !matches(r"^\d$", "٧"));
        assert!(matches(r"^[\w.]+$", "a.b") && !matches(r"^\w$", "é"));
        assert!(matches(r"\bx\b", "éx"), "a word boundary is one of ASCII");
        assert!(matches(r"^\pL$", "é") && matches("^.$", "é"));
    }

    #[test]
    fn brackets_and_ampersands_in_a_class_are_themselves() {
        assert!(matches("^[[a]+$", "[a["));
        assert!(matches("^[a&&b]+$", "a&b"));
        assert!(matches("^[]a]+$", "]a") && matches("^[^]a]$", "b"));
        assert!(matches("^[[:alpha:]-]+$", "a-"));
        assert!(matches(r"^\Qa.b\E$", "a.b") && !matches(r"^\Qa.b\E$", "axb"));
    }

    #[test]
    fn what_is_no_pattern_or_too_large_is_refused() {
        for bad in ["(", "a{2", r"\", "(?=a)", r"(a)\1", "((a{100}){100}){100}", &"(".repeat(10_000)] {
            assert!(Pattern::parse(bad).is_err() || bad == "a{2", "{bad:?} was taken");
        }
        assert!(!Pattern::parse("(?=a)").unwrap_err().contains('\n'));
    }
}
