//! How errors and warnings look on stderr.
//!
//! One with a place shows the line, as compilers do (`annotate-snippets` draws it); one without
//! shows its message, further lines indented. Hints come last. Colour helps and is never the only
//! signal. Messages, labels and lines come from strangers' files in part and are cleaned.

use super::output::{self, clean, clean_line};
use crate::commands::project::Project;
use crate::config::credentials::sent;
use crate::error::{Code, Diagnostic, Error, Hint, Location, Severity, shell_word};
use crate::name::SetName;
use annotate_snippets::renderer::DEFAULT_LINE_NUM_STYLE;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::Style;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The most lines of one place that are shown.
const MOST_LINES: usize = 4;

const RENDERER: Renderer = Renderer::styled().error(output::ERROR).warning(output::WARNING);

/// How the errors, findings and hints of one run are told.
#[derive(Clone, Debug)]
pub struct Reporter {
    /// How wide the terminal is, in columns.
    width: usize,
    /// What `-C` names. Whoever runs a command that a hint names stands where this run began.
    directory: Option<PathBuf>,
    set: Option<SetName>,
}

impl Reporter {
    /// Returns how a run with `-C directory` and `--set set`, if they were given, is told of.
    pub fn new(directory: Option<&Path>, set: Option<&SetName>) -> Self {
        Reporter { width: output::width(), directory: directory.map(Path::to_owned), set: set.cloned() }
    }

    /// Returns how wide the terminal is, in columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns `error` as it is printed: its diagnostics in place of the message where it has some. What it repeats of a
    /// server's answer holds nothing that was sent there to prove who asks.
    pub fn error(&self, error: &Error) -> String {
        sent::masked(&self.whole_error(error)).into_owned()
    }

    fn whole_error(&self, error: &Error) -> String {
        let diagnostics = error.diagnostics();
        let mut text = String::new();
        if diagnostics.is_empty() {
            headline(&mut text, Severity::Error, error.code(), &error.to_string());
            for line in error.at_length().iter().flat_map(|told| told.lines()) {
                let _ = writeln!(text, "{}", format!("  {}", clean_line(line)).trim_end());
            }
            for hint in error.hints() {
                self.help(&mut text, 2, &hint);
            }
            return text;
        }
        text.push_str(&self.diagnostics(diagnostics));
        for hint in error.hints() {
            let _ = writeln!(text, "{}", self.help_line(&hint));
        }
        text
    }

    /// Returns `error` as programs read it, an object with the one field `error`. Of one with findings
    /// it is the first that is told, as that is what people see first.
    pub fn error_json(&self, error: &Error) -> Value {
        let findings = error.diagnostics();
        let (file, line, column) = place_json(findings.first().and_then(|found| found.location.as_ref()));
        let message = findings.first().map_or_else(|| error.to_string(), |found| found.message.clone());
        // Those of the finding whose message this is: each of the others has its own.
        let first = findings.first().into_iter().flat_map(|found| found.hints.clone());
        let hints: Vec<Hint> = first.chain(error.hints()).collect();
        let mut value = json!({ "error": {
            "code": findings.first().map_or(error.code(), |found| found.code).as_str(),
            "message": message,
            "file": file,
            "line": line,
            "column": column,
            "hints": self.hints(&hints),
            "findings": findings.iter().map(|found| self.finding_json(found)).collect::<Vec<_>>(),
            "exit": error.kind().exit_code(),
        }});
        for (field, data) in error.data() {
            value["error"][field] = data;
        }
        sent::masked_json(&mut value);
        value
    }

    /// Returns a finding as programs read it.
    pub fn finding_json(&self, finding: &Diagnostic) -> Value {
        let (file, line, column) = place_json(finding.location.as_ref());
        json!({
            "severity": style(finding.severity).1,
            "code": finding.code.as_str(),
            "message": finding.message,
            "file": file,
            "line": line,
            "column": column,
            "label": finding.location.as_ref().map(|location| &location.label),
            "hints": self.hints(&finding.hints),
        })
    }

    /// Returns `diagnostics` as they are printed, an empty line between two.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) -> String {
        diagnostics.iter().map(|found| self.diagnostic(found)).collect::<Vec<_>>().join("\n")
    }

    /// Returns one finding as it is printed.
    fn diagnostic(&self, diagnostic: &Diagnostic) -> String {
        let mut text = String::new();
        headline(&mut text, diagnostic.severity, diagnostic.code, &diagnostic.message);
        let gutter = match &diagnostic.location {
            Some(location) => place(&mut text, diagnostic.severity, location, self.width),
            None => 2,
        };
        for hint in &diagnostic.hints {
            self.help(&mut text, gutter, hint);
        }
        text
    }

    /// Returns a hint that stands alone: ``help: pull the sets first: `anvil pull --locked` ``.
    pub fn help_line(&self, hint: &Hint) -> String {
        format!("{0}help{0:#}: {1}", output::HELP, clean_line(&self.hint(hint)))
    }

    fn help(&self, text: &mut String, gutter: usize, hint: &Hint) {
        let _ = writeln!(
            text,
            "{:gutter$}{1}={1:#} {2}help{2:#}: {3}",
            "",
            DEFAULT_LINE_NUM_STYLE,
            output::STRONG,
            clean_line(&self.hint(hint))
        );
    }

    fn hints(&self, hints: &[Hint]) -> Vec<String> {
        hints.iter().map(|hint| self.hint(hint)).collect()
    }

    fn hint(&self, hint: &Hint) -> String {
        let command = hint.command.as_deref().map(|command| self.command(command));
        Hint { message: hint.message.clone(), command }.to_string()
    }

    /// Returns `command`, which is meant for the folder that this run worked in, as it is typed where
    /// the run began: with the `-C` of the run, before its own one should it have that.
    pub fn command(&self, command: &str) -> String {
        let member = self.member_for(command);
        let command = self.in_directory(command);
        match (&self.set, member) {
            (Some(set), _) if takes_set(&command) => format!("{command} --set {set}"),
            (None, Some(member)) => format!("{command} --set {member}"),
            _ => command,
        }
    }

    /// Returns the member that `command` has to name, which changes dependencies and is typed in the root of a
    /// workspace that has none: the only one, or `MEMBER` where there are several.
    fn member_for(&self, command: &str) -> Option<String> {
        let words: Vec<&str> = command.split(' ').collect();
        let changes = matches!(words.as_slice(), ["anvil", "add" | "remove", ..]);
        if !changes || self.set.is_some() || words.iter().any(|word| ["--set", "--override"].contains(word)) {
            return None;
        }
        let project = Project::discover(self.directory.as_deref().unwrap_or(Path::new("."))).ok()?;
        project.check_takes_dependencies().err()?;
        let mut sets = project.workspace.sets().map(|(set, _)| set.to_string());
        Some(sets.next().filter(|_| sets.next().is_none()).unwrap_or_else(|| "MEMBER".to_owned()))
    }

    fn in_directory(&self, command: &str) -> String {
        let Some(directory) = &self.directory else { return command.to_owned() };
        let directory = shell_word(&directory.display().to_string());
        let (anvil, rest) = match command.split_once(' ') {
            Some(("git", _)) => return git_in(&directory, command),
            Some((anvil @ "anvil", rest)) => (anvil, rest),
            _ => return command.to_owned(),
        };
        // What an error means is the same everywhere.
        if rest.starts_with("explain") {
            return command.to_owned();
        }
        match rest.strip_prefix("-C ") {
            Some(own) if Path::new(own.trim_start_matches('\'')).is_absolute() => command.to_owned(),
            // To a shell quoted words and plain ones are one as long as no blank is between them.
            Some(own) => format!("{anvil} -C {directory}/{own}"),
            None => format!("{anvil} -C {directory} {rest}"),
        }
    }
}

/// Returns whether `command` is one of Anvil's that is about a set as the one before was, and says nothing else.
fn takes_set(command: &str) -> bool {
    let words: Vec<&str> = command.split(' ').collect();
    words.first() == Some(&"anvil") && !words.iter().any(|word| ["explain", "init", "--set"].contains(word))
}

/// Returns the commands of git in `command` with the `-C` that leads them to `directory`, but those that
/// are for no repository in particular.
fn git_in(directory: &str, command: &str) -> String {
    let one = |command: &str| match command.split_once(' ') {
        Some(("git", rest)) if !["clone", "ls-remote", "config --global"].iter().any(|own| rest.starts_with(own)) => {
            format!("git -C {directory} {rest}")
        }
        _ => command.to_owned(),
    };
    command.split(" && ").map(one).collect::<Vec<_>>().join(" && ")
}

fn place_json(location: Option<&Location>) -> (Option<&str>, Option<usize>, Option<usize>) {
    let (line, column) = location.map(Location::line_and_column).unzip();
    (location.map(|location| location.file.as_str()), line, column)
}

fn style(severity: Severity) -> (Style, &'static str) {
    match severity {
        Severity::Error => (output::ERROR, "error"),
        Severity::Warning => (output::WARNING, "warning"),
    }
}

/// Writes `error[A0501]: message`, with the message's further lines indented by two.
fn headline(text: &mut String, severity: Severity, code: Code, message: &str) {
    let (style, word) = style(severity);
    let message = clean(message);
    let mut lines = message.lines();
    let strong = output::STRONG;
    let first = lines.next().unwrap_or_default();
    let _ = writeln!(text, "{style}{word}[{code}]{style:#}{strong}: {first}{strong:#}");
    for line in lines {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
}

/// Writes the place and its lines; returns the column of the bar, where `= help` goes.
fn place(text: &mut String, severity: Severity, location: &Location, width: usize) -> usize {
    if location.text.is_empty() {
        let _ = writeln!(text, "  {0}-->{0:#} {1}", DEFAULT_LINE_NUM_STYLE, clean_line(&location.file));
        return 2;
    }
    let (first_line, _) = location.line_and_column();
    let Shown { source, span } = shown(location);
    let last_line = first_line + source.matches('\n').count();
    let label = clean_line(&location.label);
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut annotation = AnnotationKind::Primary.span(span);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    let snippet =
        Snippet::source(source).line_start(first_line).path(clean_line(&location.file)).annotation(annotation);
    let group = Group::with_level(level).element(snippet);
    // One column is taken by the indentation.
    let drawn = RENDERER.term_width(width.saturating_sub(1)).render(&[group]);
    for line in drawn.lines() {
        let _ = writeln!(text, " {line}");
    }
    last_line.to_string().len() + 2
}

/// The lines of a file that are shown, and where in them the bytes at fault are.
struct Shown {
    source: String,
    span: Range<usize>,
}

/// Returns the lines that `location` touches, made safe to show: a character that would not be
/// shown is shown as U+FFFD, so that it can be pointed at. Of a place with many lines the first is shown.
fn shown(location: &Location) -> Shown {
    let text: &str = &location.text;
    let start = floor_char_boundary(text, location.span.start);
    let end = floor_char_boundary(text, location.span.end.max(start));
    let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end_of_line = |from: usize| text[from..].find('\n').map_or(text.len(), |length| from + length);
    // A newline at the end of the span does not make the next line part of it.
    let last = if end > start && text[..end].ends_with('\n') { end - 1 } else { end };
    let end = if text[start..last].matches('\n').count() < MOST_LINES { last } else { end_of_line(start) };
    let mut source = String::new();
    let mut span = None..None;
    for (offset, c) in text[first..end_of_line(end)].char_indices() {
        let offset = first + offset;
        if offset >= start {
            span.start.get_or_insert(source.len());
        }
        if offset >= end {
            span.end.get_or_insert(source.len());
        }
        let ends_line = c == '\r' && matches!(text.as_bytes().get(offset + 1), None | Some(b'\n'));
        match c {
            _ if ends_line => {}
            c if output::is_unsafe(c) => source.push('\u{fffd}'),
            c => source.push(c),
        }
    }
    let span = span.start.unwrap_or(source.len())..span.end.unwrap_or(source.len());
    Shown { source, span }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Diagnose;
    use snapbox::{assert_data_eq, str};

    const PROMPT: &str = "---\nparameters:\n  customer_name: string\n---\n\n\nDear {{ custmer_name }},\nBye\n";

    fn reporter(width: usize) -> Reporter {
        Reporter { width, directory: None, set: None }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn found(text: &str, at: &str) -> Diagnostic {
        let start = text.find(at).unwrap();
        Diagnostic::error(Code::A0901, "the template uses `custmer_name`, which is not a parameter").at(
            "prompts/refund.prompt.md",
            text.into(),
            start..start + at.len(),
            "not declared",
        )
    }

    #[test]
    fn a_place_is_shown_with_its_line_and_the_hint_under_the_bar() {
        let found = found(PROMPT, "custmer_name")
            .hint(Hint::new("did you mean `customer_name`, declared on line 3?"))
            .hint(Hint::run("read more", "anvil explain A0901"));
        assert_data_eq!(
            plain(&reporter(100).diagnostic(&found)),
            str![[r#"
error[A0901]: the template uses `custmer_name`, which is not a parameter
  --> prompts/refund.prompt.md:7:9
   |
 7 | Dear {{ custmer_name }},
   |         ^^^^^^^^^^^^ not declared
   = help: did you mean `customer_name`, declared on line 3?
   = help: read more: `anvil explain A0901`

"#]]
        );
    }

    #[test]
    fn what_strangers_wrote_is_shown_and_does_nothing() {
        let text = "a\u{1b}[2Jb \u{202e}{{ x }}\r\n";
        let shown = plain(&reporter(100).diagnostic(&found(text, "{{ x }}")));
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\r']), "{shown:?}");
        assert!(shown.contains("a\u{fffd}[2Jb \u{fffd}{{ x }}\n"), "{shown}");
        assert!(shown.contains("   |         ^^^^^^^ not declared"), "{shown}");
    }

    #[test]
    fn long_lines_and_long_places_are_cut() {
        let long = format!("{}{{{{ x }}}}{}", "a".repeat(500), "b".repeat(500));
        let shown = plain(&reporter(80).diagnostic(&found(&long, "{{ x }}")));
        assert!(shown.lines().skip(1).all(|line| line.chars().count() <= 80), "{shown}");
        assert!(shown.contains("{{ x }}"), "{shown}");

        let many = "{% if %}\n".repeat(50);
        let shown = plain(&reporter(80).diagnostic(&found(&many, &many)));
        assert_eq!(shown.lines().count(), 5, "{shown}");
    }

    #[test]
    fn a_place_may_be_empty_or_past_the_end() {
        for (text, span) in [("", 0..0), ("", 7..9), ("a\n", 2..2), ("é", 1..1), ("a", 3..5), ("\r\n\n", 1..3)] {
            let found = Diagnostic::warning(Code::A0901, "odd").at("f.md", text.into(), span.clone(), "");
            assert!(reporter(80).diagnostic(&found).contains("f.md"), "{text:?} {span:?}");
        }
    }

    #[derive(Debug, thiserror::Error)]
    #[error(
        "no versions satisfy the requirements\nsupport/onboarding 2.1.0 needs core/tone ^2, and\nlegal/disclaimers 3.1.4 needs core/tone ^1"
    )]
    struct NoVersions;

    impl Diagnose for NoVersions {
        fn code(&self) -> Code {
            Code::A0901
        }

        fn hints(&self) -> Vec<Hint> {
            vec![Hint::run("legal/disclaimers 4.0.0 needs core/tone ^2: try", "anvil add legal/disclaimers@^4")]
        }
    }

    #[test]
    fn a_message_of_many_lines_is_indented() {
        assert_data_eq!(
            plain(&reporter(100).error(&NoVersions.into())),
            str![[r#"
error[A0901]: no versions satisfy the requirements
  support/onboarding 2.1.0 needs core/tone ^2, and
  legal/disclaimers 3.1.4 needs core/tone ^1
  = help: legal/disclaimers 4.0.0 needs core/tone ^2: try: `anvil add legal/disclaimers@^4`

"#]]
        );
    }

    #[test]
    fn a_command_runs_where_this_one_began() {
        let at = |directory: &str, command: &str| Reporter::new(Some(Path::new(directory)), None).command(command);
        assert_eq!(at("a", "anvil pull --locked"), "anvil -C a pull --locked");
        assert_eq!(at("a", "git add . && git commit"), "git -C a add . && git -C a commit");
        assert_eq!(at("a", "git clone x y"), "git clone x y");
        assert_eq!(at("my sets", "anvil -C prompts lint"), "anvil -C 'my sets'/prompts lint");
        assert_eq!(at("a", "anvil -C 'my sets' lint"), "anvil -C a/'my sets' lint");
        assert_eq!(at("a", "git push origin v1.0.0"), "git -C a push origin v1.0.0");
        assert_eq!(at("a", "anvil explain A0101"), "anvil explain A0101");
        assert_eq!(reporter(80).command("anvil pull"), "anvil pull");
        let absolute = format!("anvil -C {} lint", shell_word(&std::env::temp_dir().display().to_string()));
        assert_eq!(at("a", &absolute), absolute);
    }
}
