//! `docs/prompts.md` shows the prompt language as Anvil speaks it: every fenced block of it is run, in order.
//!
//! What a block is stands behind its fence; any other block fails the test.
//!
//! - `LANGUAGE PATH` with a `.` in the path puts that file into a set. After a result, the next file
//!   begins a new set. `core/tone:PATH` puts it into the set `core/tone`, on which the set depends.
//! - `json PROMPT` gives the parameters to render the prompt with. Without one, the set's last file is
//!   rendered with no parameters.
//! - `text` is exactly what that gives, `json messages` its messages, `json rendered` all that an
//!   application gets, and `text error` what the errors say, with line and column where there are some.
//! - `console` is typed in the set's folder, as the README's tour is.
//! - `rust` is compiled and run as documentation is.
//! - `json values` gives the values for the tables of filters that follow it, whose rows are rendered.
//!
//! `ANVIL_UPDATE=1 cargo test --test it page` writes what was answered into the page. A result of
//! another kind than its block says is never written.

#![cfg(unix)]

use crate::context::TestContext;
use crate::tour::{Shell, Typed, block, typed};
use anvil::archive::FileSet;
use anvil::error::{Diagnose, Diagnostic};
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Dependencies, PromptError, Reach, Rendered, Scope, Set, lint};
use anvil::template::{Filter, Output, Partial, Partials, Template, Values};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the set of the page is called where no `anvil.toml` says so.
const MANIFEST: &str = "[set]\nname = \"my/prompts\"\nversion = \"1.0.0\"\n";

/// The first cells of a table of filters.
const TABLE: &str = "| filter | example | gives |";

/// A part of the page. Joined again by [`write`], the parts give the same text.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// A line of its own.
    Line(String),
    /// A block: its fence, what stands behind that, and what it holds.
    Block { fence: String, info: String, text: String },
}

/// What a block is.
#[derive(Debug, PartialEq, Eq)]
enum Kind<'a> {
    /// A file of the set, or of the set that is named.
    File { set: Option<&'a str>, path: &'a str },
    /// The parameters of a prompt.
    Parameters(&'a str),
    /// What rendering gives.
    Result(Shown),
    /// Commands with their answers.
    Console,
    /// The values for tables of filters.
    Values,
    /// Compiled elsewhere.
    Rust,
}

/// How a result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Text,
    Messages,
    Rendered,
    Error,
}

impl Kind<'_> {
    fn of(info: &str) -> Option<Kind<'_>> {
        let what = match info.split_once(' ') {
            None => match info {
                "text" => Kind::Result(Shown::Text),
                "console" => Kind::Console,
                "rust" => Kind::Rust,
                _ => return None,
            },
            Some(("text", "error")) => Kind::Result(Shown::Error),
            Some(("json", "messages")) => Kind::Result(Shown::Messages),
            Some(("json", "rendered")) => Kind::Result(Shown::Rendered),
            Some(("json", "values")) => Kind::Values,
            Some((_, path)) if path.contains('.') => match path.split_once(':') {
                Some((set, path)) => Kind::File { set: Some(set), path },
                None => Kind::File { set: None, path },
            },
            Some(("json", prompt)) => Kind::Parameters(prompt),
            Some(_) => return None,
        };
        Some(what)
    }
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/prompts.md")
}

fn read(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 {
            parts.push(Part::Line(line.to_owned()));
            continue;
        }
        let text = lines.by_ref().take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect();
        parts.push(Part::Block { fence: fence.to_owned(), info: info.to_owned(), text });
    }
    parts
}

fn write(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Line(line) => format!("{line}\n"),
        Part::Block { fence, info, text } => format!("{fence}{info}\n{text}{fence}\n"),
    };
    parts.iter().map(text).collect()
}

/// The set that the page is at, and what is asked of it.
#[derive(Default)]
struct Sets {
    /// The files by set; the page's own has no name.
    files: BTreeMap<String, BTreeMap<String, String>>,
    /// The prompt that is rendered.
    prompt: String,
    parameters: Values,
    /// Whether something was asked of the set, so that the next file begins a new one.
    is_done: bool,
    /// Whether parameters were given that nothing is rendered with yet.
    is_waiting: bool,
}

impl Sets {
    fn file(&mut self, set: Option<&str>, path: &str, text: &str) {
        if self.is_done {
            *self = Sets::default();
        }
        if let (None, Some(name)) = (set, path.strip_prefix("prompts/")) {
            self.prompt = name.trim_end_matches(".prompt.md").to_owned();
        }
        let files = self.files.entry(set.unwrap_or_default().to_owned()).or_default();
        assert!(files.insert(path.to_owned(), text.to_owned()).is_none(), "`{path}` is never rendered:\n{text}");
    }

    fn manifest(&self, set: &str) -> String {
        let name = if set.is_empty() { "my/prompts" } else { set };
        let mut manifest = MANIFEST.replace("my/prompts", name);
        let others: Vec<&String> = self.files.keys().filter(|other| !other.is_empty() && *other != set).collect();
        if set.is_empty() && !others.is_empty() {
            manifest.push_str("\n[dependencies]\n");
            manifest.extend(others.iter().map(|name| format!("\"{name}\" = \"^1\"\n")));
        }
        manifest
    }

    fn set(&self, name: &str) -> Set {
        let mut all = FileSet::new();
        for (path, text) in self.files.get(name).into_iter().flatten() {
            all.insert(path, &**text);
        }
        let manifest = self.files.get(name).and_then(|files| files.get("anvil.toml")).cloned();
        let manifest = manifest.unwrap_or_else(|| self.manifest(name));
        Set::load(&Manifest::parse("anvil.toml", &manifest, Strictness::Own).unwrap(), &all)
    }

    fn scope(&self) -> Scope {
        let named = self.files.keys().filter(|name| !name.is_empty());
        let sets: Dependencies = named.map(|name| (name.parse().unwrap(), Arc::new(self.set(name)))).collect();
        Scope::new(Arc::new(self.set("")), Arc::new(sets))
    }

    /// Returns what the prompt renders to, or what the errors of `lint`, else of rendering it, say.
    fn answer(&self) -> Result<Rendered, String> {
        let scope = self.scope();
        let mut found = lint(&scope, Reach::Everything);
        found.retain(Diagnostic::is_error);
        if !found.is_empty() {
            return Err(self.told(&found));
        }
        let name = self.prompt.parse().map_err(|error| format!("{error}\n"))?;
        let rendered = scope.get(&name).and_then(|ready| ready.render(self.parameters.clone()));
        rendered.map_err(|error: PromptError| match error.diagnostics() {
            [] => format!("{error}\n"),
            findings => self.told(findings),
        })
    }

    /// Returns what findings say, one a line, each with its hints. What is about another file than the
    /// prompt's names it.
    fn told(&self, findings: &[Diagnostic]) -> String {
        let own = format!("prompts/{}.prompt.md", self.prompt);
        let mut text = String::new();
        for finding in findings {
            if let Some(location) = &finding.location {
                let (line, column) = location.line_and_column();
                let file = if location.file == own { String::new() } else { format!("{}:", location.file) };
                write!(text, "{file}{line}:{column}: ").unwrap();
            }
            writeln!(text, "{}", finding.message).unwrap();
            finding.hints.iter().for_each(|hint| writeln!(text, "  help: {hint}").unwrap());
        }
        text
    }

    /// Writes the files of the page's own set to `folder`.
    fn unpack(&self, folder: &Path) {
        let manifest = ("anvil.toml".to_owned(), self.manifest(""));
        for (path, text) in [manifest].iter().map(|(path, text)| (path, text)).chain(&self.files[""]) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

/// Returns what a result shows as a block does, or what it is instead.
fn shown(result: &Result<Rendered, String>, kind: Shown) -> Result<String, String> {
    match (kind, result) {
        (Shown::Error, Err(error)) => Ok(error.clone()),
        (_, Err(error)) => Err(format!("an error: {error}")),
        (Shown::Error, Ok(rendered)) => Err(rendered.to_json().to_string()),
        (Shown::Rendered, Ok(rendered)) => Ok(format!("{:#}\n", rendered.to_json())),
        (Shown::Text, Ok(rendered)) => match rendered.text() {
            Some(text) => Ok(format!("{text}\n")),
            None => Err(rendered.to_json().to_string()),
        },
        (Shown::Messages, Ok(rendered)) => match &rendered.output {
            Output::Text(text) => Err(text.clone()),
            Output::Messages(messages) => {
                let lines: Vec<String> = messages.iter().map(|one| format!("  {}", Value::from(one.clone()))).collect();
                Ok(format!("[\n{}\n]\n", lines.join(",\n")))
            }
        },
    }
}

/// What is told of a page that does not hold.
#[derive(Default)]
struct Wrong {
    /// Other answers, which an update writes.
    answers: Vec<String>,
    /// Answers of another kind, for a person to mend.
    kinds: Vec<String>,
}

impl Wrong {
    /// Takes `said` for what stood there, and tells of it where it is not the same.
    fn compare(&mut self, what: &str, stood: &mut String, said: String) {
        if *stood != said {
            self.answers.push(format!("{what}\n--- docs/prompts.md\n{stood}--- answered\n{said}"));
            *stood = said;
        }
    }
}

#[test]
fn every_example_of_the_page_gives_what_it_says() {
    let context = TestContext::new();
    let text = fs::read_to_string(page()).unwrap();
    let mut parts = read(&text);
    assert_eq!(write(&parts), text, "the page is not read as it is written");

    let (mut wrong, mut results, mut folders) = (Wrong::default(), 0, 0);
    let mut sets = Sets::default();
    let mut shell = None;
    for part in &mut parts {
        let Part::Block { info, text, .. } = part else { continue };
        let kind = Kind::of(info).unwrap_or_else(|| panic!("no block of the page is called `{info}`:\n{text}"));
        match kind {
            Kind::File { set, path } => {
                assert!(!sets.is_waiting, "nothing is rendered with the parameters before `{path}`");
                sets.file(set, path, text);
                shell = None;
            }
            Kind::Parameters(prompt) => {
                assert!(!sets.is_waiting, "nothing is rendered with the parameters before {text}");
                sets.is_waiting = true;
                sets.prompt = prompt.to_owned();
                sets.parameters = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            }
            Kind::Result(kind) => {
                let what = format!("`{}` with {}", sets.prompt, Value::from(sets.parameters.clone()));
                let said = shown(&sets.answer(), kind);
                match said {
                    Ok(said) => wrong.compare(&what, text, said),
                    Err(other) => wrong.kinds.push(format!("{what} should give `{info}` and gives {other}")),
                }
                (sets.is_done, sets.is_waiting) = (true, false);
                results += 1;
            }
            Kind::Console => {
                let shell = shell.get_or_insert_with(|| {
                    folders += 1;
                    let folder = context.project().join(folders.to_string());
                    sets.unpack(&folder);
                    Shell { context: &context, folder }
                });
                let mut commands = typed(text);
                for Typed { command, answer } in &mut commands {
                    wrong.compare(&format!("$ {command}"), answer, shell.run(command));
                }
                *text = block(&commands);
                sets.is_done = true;
                results += 1;
            }
            Kind::Values | Kind::Rust => {}
        }
    }
    assert!(sets.is_done && !sets.is_waiting, "nothing is asked of the last files or parameters");
    assert!(results > 50, "the examples were not found");
    check_filters(&mut parts, &mut wrong);
    if std::env::var_os("ANVIL_UPDATE").is_some() {
        fs::write(page(), write(&parts)).unwrap();
        wrong.answers.clear();
    }
    let help = "`ANVIL_UPDATE=1 cargo test --test it page` writes what was answered";
    assert!(wrong.answers.is_empty(), "{}\n{help}", wrong.answers.join("\n"));
    assert!(wrong.kinds.is_empty(), "{}", wrong.kinds.join("\n"));
}

#[test]
fn blocks_are_what_stands_behind_their_fence() {
    assert_eq!(Kind::of("markdown a/b.md"), Some(Kind::File { set: None, path: "a/b.md" }));
    assert_eq!(Kind::of("markdown core/tone:b.md"), Some(Kind::File { set: Some("core/tone"), path: "b.md" }));
    assert_eq!(Kind::of("json emails/welcome"), Some(Kind::Parameters("emails/welcome")));
    assert_eq!(Kind::of("text error"), Some(Kind::Result(Shown::Error)));
    for other in ["", "markdown", "json", "liquid", "text output", "sh", "rust,ignore"] {
        assert_eq!(Kind::of(other), None, "{other}");
    }
    let text = "One\n\n```text\ntwo\n```\n````json values\n```\n````\n";
    assert_eq!(write(&read(text)), text);
    assert_eq!(read(text).len(), 4);
}

/// There are no other prompts.
struct Alone;

impl Partials for Alone {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        Err(format!("there is no prompt `{name}`"))
    }
}

/// Renders the rows of the tables of filters; every filter has one.
fn check_filters(parts: &mut [Part], wrong: &mut Wrong) {
    let (mut values, mut is_table, mut listed) = (Values::new(), false, BTreeSet::new());
    for part in parts {
        match part {
            Part::Block { info, text, .. } if info == "json values" => values = serde_json::from_str(text).unwrap(),
            Part::Line(line) if line == TABLE => is_table = true,
            Part::Line(line) if is_table && line.starts_with("| `") => {
                let [name, example] = cells(line);
                let source = example.replace("\\|", "|");
                assert!(source.contains(&format!("| {name}")), "`{example}` is no example of `{name}`");
                let output = Template::parse(&source).unwrap().render(&values, &Alone).unwrap();
                let Output::Text(given) = output else { panic!("{example}") };
                let row = format!("| `{name}` | `{example}` | `{}` |", given.replace('|', "\\|"));
                assert!(!given.is_empty() && !given.contains(['\n', '`']), "`{given}` cannot stand in a table");
                assert!(listed.insert(name.clone()), "`{name}` is listed twice");
                wrong.compare(&example, line, row);
            }
            Part::Line(line) => is_table &= line.starts_with('|'),
            Part::Block { .. } => {}
        }
    }
    let all = Filter::all().iter().map(|filter| filter.name.to_owned()).collect();
    assert_eq!(listed, all, "the filters of the page, and those that there are");
}

/// Returns the first two cells of a row, which are code.
fn cells(row: &str) -> [String; 2] {
    let mut cells = row.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '`']).to_owned());
    [cells.next().unwrap(), cells.next().unwrap()]
}
