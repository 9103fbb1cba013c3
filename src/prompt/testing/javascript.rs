//! Which patterns in RE2's syntax mean the same in JavaScript, whose regular expressions promptfoo has.
//!
//! It makes them without flags, so groups of flags, `\A` and `\z`, classes of Unicode and named classes are
//! errors there or, worse, other patterns. Those are not translated: whoever reads the configuration finds the
//! patterns of the tests, or none.

/// Returns whether `pattern`, which is one of RE2's, means the same to `new RegExp(pattern)` in JavaScript.
pub(super) fn means_the_same(pattern: &str) -> bool {
    let (mut rest, mut in_class) = (pattern, false);
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '\\' => match escape(after, in_class) {
                Some(after) => after,
                None => return false,
            },
            // An empty class in JavaScript, which has no `]` that comes first.
            '[' if !in_class && (after.starts_with(']') || after.starts_with("^]")) => return false,
            '[' if in_class && after.starts_with(':') => return false,
            // Without a flag two units stand for one such character, alike only where it is a text.
            _ if in_class && u32::from(first) > 0xffff => return false,
            '(' if !in_class => match group(after) {
                Some(after) => after,
                None => return false,
            },
            '{' if !in_class && after.starts_with(',') => return false,
            _ => {
                in_class = if in_class { first != ']' } else { first == '[' };
                after
            }
        };
    }
    true
}

/// Returns what follows an escape whose backslash stands before `rest`, if it is one of JavaScript's, too.
fn escape(rest: &str, in_class: bool) -> Option<&str> {
    let letter = rest.chars().next()?;
    let after = &rest[letter.len_utf8()..];
    match letter {
        'b' | 'B' => (!in_class && !after.starts_with('{')).then_some(after),
        'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'f' | 'n' | 'r' | 't' | 'v' => Some(after),
        'x' if after.bytes().take_while(u8::is_ascii_hexdigit).count() >= 2 => Some(&after[2..]),
        _ => (!letter.is_alphanumeric()).then_some(after),
    }
}

/// Returns what follows the beginning of a group, whose parenthesis stands before `rest`, if it has no flags and no
/// name in RE2's own way.
fn group(rest: &str) -> Option<&str> {
    match rest.strip_prefix('?') {
        None => Some(rest),
        Some(rest) => rest.strip_prefix(':').or_else(|| rest.strip_prefix('<')),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::pattern::Pattern;
    use super::*;

    #[test]
    fn only_what_javascript_reads_alike_is_taken() {
        for same in
            ["^a.c$", r"\d{3}-\d+", "[A-Z][^a-z]+", "(?:a|b)+?", "(?<n>a)", r"\x41\.\[", r"[\]\w-]", r"\bx\B", "é😀"]
        {
            assert!(Pattern::parse(same).is_ok() && means_the_same(same), "{same}");
        }
        for other in [
            "(?i)ABC",
            r"(?s)a.*d\z",
            "(?i:a)b",
            "(?P<n>a)",
            "[[:alpha:]]+",
            r"\pL",
            r"\p{Greek}",
            r"\Aabc",
            r"\x{41}",
            "(?x) a b",
            r"\Qa.b\E",
            "[]a]",
            "[^]a]",
            "[😀]",
            r"\a",
        ] {
            assert!(Pattern::parse(other).is_ok() && !means_the_same(other), "{other}");
        }
    }
}
