//! Licences as manifests write them: SPDX expressions, or what somebody took for one.

/// A licence as a manifest says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum License {
    /// An SPDX expression whose licences are known.
    Expression(String),
    /// Any other text.
    Other(String),
}

/// The licences of SPDX's list that prompts and code are found under. An expression with another is told as a
/// text: a document that names a licence wrongly is refused as a whole.
const KNOWN: &[&str] = &[
    "0BSD",
    "AFL-3.0",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-1.1",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-2-Clause-Patent",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSL-1.0",
    "BUSL-1.1",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDDL-1.0",
    "CDLA-Permissive-1.0",
    "CDLA-Permissive-2.0",
    "CDLA-Sharing-1.0",
    "ECL-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "GFDL-1.3-only",
    "GFDL-1.3-or-later",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MS-PL",
    "MulanPSL-2.0",
    "NCSA",
    "ODbL-1.0",
    "ODC-By-1.0",
    "OFL-1.1",
    "OSL-3.0",
    "PDDL-1.0",
    "PostgreSQL",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "UPL-1.0",
    "WTFPL",
    "Zlib",
];

/// The exceptions that follow `WITH`.
const EXCEPTIONS: &[&str] = &["Classpath-exception-2.0", "GCC-exception-3.1", "LLVM-exception"];

impl License {
    /// Returns what `text` is.
    pub(super) fn parse(text: &str) -> License {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        match expression(&words) {
            Some([]) => License::Expression(words.join(" ").replace("( ", "(").replace(" )", ")")),
            _ => License::Other(text.to_owned()),
        }
    }
}

/// Takes an expression off the front of `words` and returns the rest; nothing if there is none.
fn expression<'w, 't>(words: &'w [&'t str]) -> Option<&'w [&'t str]> {
    // How many parentheses are open. An operand is wanted at the start and after each operator.
    let (mut open, mut rest) = (0_usize, words);
    loop {
        while let ["(", more @ ..] = rest {
            (open, rest) = (open + 1, more);
        }
        let [license, more @ ..] = rest else { return None };
        if !KNOWN.contains(license) {
            return None;
        }
        rest = more;
        if let ["WITH", exception, more @ ..] = rest {
            rest = more;
            if !EXCEPTIONS.contains(exception) {
                return None;
            }
        }
        while let [")", more @ ..] = rest {
            (open, rest) = (open.checked_sub(1)?, more);
        }
        match rest {
            ["AND" | "OR", more @ ..] => rest = more,
            rest => return (open == 0).then_some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_told_from_other_texts() {
        for (text, written) in [
            ("MIT", "MIT"),
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
            (
                "( MIT  AND CC-BY-4.0 ) OR (GPL-2.0-only WITH Classpath-exception-2.0)",
                "(MIT AND CC-BY-4.0) OR (GPL-2.0-only WITH Classpath-exception-2.0)",
            ),
        ] {
            assert_eq!(License::parse(text), License::Expression(written.to_owned()));
        }
        for text in
            ["", "mit", "MIT OR", "MIT Apache-2.0", "(MIT", "MIT)", "()", "MIT WITH x", "All rights reserved", "OR"]
        {
            assert_eq!(License::parse(text), License::Other(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_hundred_thousand_parentheses_are_no_trouble() {
        let text = format!("{}MIT{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(matches!(License::parse(&text), License::Expression(_)));
    }
}
