//! The outcome of tests as JUnit's XML, in the elements that every CI reads.
//!
//! There is no time and no machine in it: the same prompts give the same bytes.

use super::output;
use crate::commands::test::{Failure, FailureSubject, PromptReport, Report, TestReport};
use crate::error::{Diagnostic, Error};
use std::fmt::Write as _;

/// Returns the report as XML.
pub fn xml(report: &Report) -> String {
    let is_error = |test: &TestReport| test.failures.iter().any(|failure| is_error(&failure.subject));
    let count = |prompt: &PromptReport| {
        let errors = prompt.tests.iter().filter(|test| is_error(test)).count();
        let failed = prompt.tests.iter().filter(|test| !test.has_passed()).count();
        let faults = usize::from(prompt.fault.is_some());
        (prompt.tests.len() + faults, failed - errors, errors + faults)
    };
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    let mut suites = String::new();
    for prompt in &report.prompts {
        let (all, failed, wrong) = count(prompt);
        (tests, failures, errors) = (tests + all, failures + failed, errors + wrong);
        let name = escaped(&prompt.name);
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" errors=\"{wrong}\" skipped=\"0\">"
        );
        if let Some(fault) = &prompt.fault {
            let (message, body) = (escaped(&fault.to_string()), escaped(&findings(fault)));
            let _ = writeln!(suites, "    <testcase name=\"{name}\" classname=\"{name}\">");
            let _ = writeln!(suites, "      <error type=\"{}\" message=\"{message}\">{body}</error>", fault.code());
            suites.push_str("    </testcase>\n");
        }
        prompt.tests.iter().for_each(|test| test_case(&mut suites, prompt, test));
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"anvil\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"{errors}\">\n{suites}</testsuites>\n"
    )
}

/// Something that was checked.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What.
    pub name: String,
    /// What is wrong with it, each with the code and the place; nothing where all is well.
    pub failures: Vec<(String, String)>,
}

/// Returns what `suite` checked as XML.
pub fn cases(suite: &str, cases: &[Case]) -> String {
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let (suite, all) = (escaped(suite), cases.len());
    let mut text = String::new();
    for Case { name, failures } in cases {
        let _ = write!(text, "    <testcase name=\"{}\" classname=\"{suite}\"", escaped(name));
        if failures.is_empty() {
            text.push_str("/>\n");
            continue;
        }
        text.push_str(">\n");
        for (kind, message) in failures {
            let (kind, message) = (escaped(kind), escaped(message));
            let _ = writeln!(text, "      <failure type=\"{kind}\" message=\"{message}\">{message}</failure>");
        }
        text.push_str("    </testcase>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"anvil\" tests=\"{all}\" failures=\"{failed}\" \
         errors=\"0\">\n  <testsuite name=\"{suite}\" tests=\"{all}\" failures=\"{failed}\" errors=\"0\" \
         skipped=\"0\">\n{text}  </testsuite>\n</testsuites>\n"
    )
}

/// Returns whether something kept a test from being checked, as opposed to what was checked and does not hold.
fn is_error(subject: &FailureSubject) -> bool {
    matches!(subject, FailureSubject::Rendering | FailureSubject::Error(_))
}

/// Returns all that was found, a line each, with its place.
fn findings(fault: &Error) -> String {
    let line = |finding: &Diagnostic| {
        let place = finding.location.as_ref().map(|location| {
            let (line, column) = location.line_and_column();
            format!("{}:{line}:{column}: ", location.file)
        });
        format!("{}{}: {}", place.unwrap_or_default(), finding.code, finding.message)
    };
    fault.diagnostics().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn test_case(text: &mut String, prompt: &PromptReport, test: &TestReport) {
    let (name, class, file) = (escaped(&test.test.name), escaped(&prompt.name), escaped(&prompt.path));
    let _ = write!(text, "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" line=\"{}\"", test.line);
    if test.has_passed() {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    for Failure { subject, message, line, difference } in &test.failures {
        let element = if is_error(subject) { "error" } else { "failure" };
        let more = difference.as_ref().map(|difference| format!("\n{}", difference.unified())).unwrap_or_default();
        let (kind, short) = (escaped(subject.as_str()), escaped(message));
        let body = escaped(&format!("{}:{line}: {message}{more}", prompt.path));
        let _ = writeln!(text, "      <{element} type=\"{kind}\" message=\"{short}\">{body}</{element}>");
    }
    text.push_str("    </testcase>\n");
}

/// Returns `text` as it can stand in an attribute or an element (XML 1.0, sections 2.2 and 2.4). What would
/// deceive whoever looks at the XML is written as a number, which means the same; what XML has no way to say
/// becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\n' => written.push_str("&#10;"),
            '\t' => written.push_str("&#9;"),
            '\r' => written.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => written.push('\u{fffd}'),
            c if output::is_unsafe(c) => _ = write!(written, "&#x{:x};", u32::from(c)),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_can_stand_in_xml() {
        assert_eq!(escaped("<a b=\"c\">&\n\u{1b}é"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{fffd}é");
    }

    #[test]
    fn what_would_deceive_is_written_as_a_number() {
        assert_eq!(escaped("user\u{202e}nimda\u{2066}\u{9b}2J\u{7f}"), "user&#x202e;nimda&#x2066;&#x9b;2J&#x7f;");
    }
}
