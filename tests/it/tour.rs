//! The README's tour works as it is written: every console block is typed, in order, in one folder.
//!
//! A line `$ COMMAND` is run by a shell (`> ` carries it on), what follows is what stdout and stderr
//! said together. A block after `<!-- file: PATH -->` is written to that file first, as the tour tells
//! its reader to. What differs from run to run is scrubbed on both sides.
//! `ANVIL_UPDATE=1 cargo test --test it tour` writes what was answered into the README.

#![cfg(unix)]

use crate::context::TestContext;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a reader might be; shown in place of the test's folder.
const HOME: &str = "/home/ada/play";

/// A part of the README.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Kept as it is.
    Prose(String),
    /// A file that the reader writes: where, and what is in it.
    File { path: String, text: String },
    /// Commands with their answers.
    Console(Vec<Typed>),
}

/// A command and its answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) command: String,
    pub(super) answer: String,
}

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Splits the README into parts. Joined again by [`write`], they give the same text.
fn read(text: &str) -> Vec<Part> {
    let (mut parts, mut prose) = (Vec::new(), String::new());
    let mut lines = text.lines();
    let mut file: Option<String> = None;
    while let Some(line) = lines.next() {
        prose.push_str(line);
        prose.push('\n');
        if let Some(path) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) {
            file = Some(path.to_owned());
        } else if let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) {
            // A longer fence may hold a shorter one.
            let fence = "`".repeat(3 + kind.chars().take_while(|c| *c == '`').count());
            let block: String =
                lines.by_ref().take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect();
            parts.push(Part::Prose(std::mem::take(&mut prose)));
            if let Some(path) = file.take() {
                parts.push(Part::File { path, text: block });
            } else if kind == "console" {
                parts.push(Part::Console(typed(&block)));
            } else {
                parts.push(Part::Prose(block));
            }
            prose = format!("{fence}\n");
        }
    }
    parts.push(Part::Prose(prose));
    parts
}

/// Reads a console block.
pub(super) fn typed(block: &str) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push(Typed { command: command.to_owned(), answer: String::new() });
            continue;
        }
        let last = all.last_mut().expect("a console block begins with `$ `");
        match line.strip_prefix("> ") {
            Some(more) if last.answer.is_empty() => {
                last.command.push('\n');
                last.command.push_str(more);
            }
            _ => {
                last.answer.push_str(line);
                last.answer.push('\n');
            }
        }
    }
    all
}

fn write(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Prose(text) | Part::File { text, .. } => text.clone(),
        Part::Console(typed) => block(typed),
    };
    parts.iter().map(text).collect()
}

/// Writes a console block.
pub(super) fn block(typed: &[Typed]) -> String {
    typed.iter().map(|one| format!("$ {}\n{}", one.command.replace('\n', "\n> "), one.answer)).collect()
}

/// A shell of which each command is a new process, as a reader's terminal from line to line.
pub(super) struct Shell<'a> {
    pub(super) context: &'a TestContext,
    pub(super) folder: PathBuf,
}

impl Shell<'_> {
    /// Runs `command` and returns what it said; the next one begins in the folder where it ended.
    pub(super) fn run(&mut self, command: &str) -> String {
        let place = self.context.path("tmp/pwd");
        let mut shell = self.context.command("sh");
        let binaries = Path::new(env!("CARGO_BIN_EXE_anvil")).parent().unwrap().to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(binaries).chain(std::env::split_paths(&path))).unwrap();
        // The exit code is asked for by the tour itself, where it matters: `anvil verify; echo $?`.
        shell.args(["-c", "exec 2>&1\neval \"$1\"\npwd >\"$2\"", "sh", command]).arg(&place);
        shell.current_dir(&self.folder).env("PATH", path);
        let answer = self.context.run(shell, "");
        assert_eq!((answer.code, &*answer.stderr), (0, ""), "`{command}` could not be run: {}", answer.stdout);
        self.folder = PathBuf::from(fs::read_to_string(&place).unwrap().trim_end());
        let mut text = answer.stdout;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }
}

/// Returns `text` without what differs from run to run, whoever wrote it.
fn scrubbed(context: &TestContext, text: &str) -> String {
    let short = regex::Regex::new(r"\b[0-9a-f]{7,40}\b").unwrap();
    short.replace_all(&context.scrub(text), "[HASH]").into_owned()
}

#[test]
fn every_block_of_the_readme_answers_as_it_says() {
    let mut context = TestContext::new();
    let project = context.project();
    for (found, shown) in [(HOME, "[PLAY]"), (project.to_str().unwrap(), "[PLAY]"), (r"\[ROOT\]/project", "[PLAY]")] {
        context.filter(found, shown);
    }
    let text = fs::read_to_string(readme()).unwrap();
    let mut parts = read(&text);
    assert_eq!(write(&parts), text, "the README is not read as it is written");

    // The tour takes Anvil's own repository to be here.
    std::os::unix::fs::symlink(env!("CARGO_MANIFEST_DIR"), context.path("home/anvil")).unwrap();
    let mut shell = Shell { context: &context, folder: project.clone() };
    let (mut blocks, mut wrong) = (0, Vec::new());
    for part in &mut parts {
        match part {
            Part::Prose(_) => {}
            Part::File { path, text } => {
                let path = project.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Part::Console(commands) => {
                blocks += 1;
                for Typed { command, answer } in commands {
                    let said = shell.run(command);
                    if scrubbed(&context, &said) != scrubbed(&context, answer) {
                        wrong.push(format!("$ {command}\n--- README.md\n{answer}--- answered\n{said}"));
                        *answer = said.replace(project.canonicalize().unwrap().to_str().unwrap(), HOME);
                    }
                }
            }
        }
    }
    assert!(blocks > 5, "the tour was not found");
    the_application_gets_the_same_from_rust(&context, &project.join("app"));
    if std::env::var_os("ANVIL_UPDATE").is_some() {
        fs::write(readme(), write(&parts)).unwrap();
    } else {
        let help = "`ANVIL_UPDATE=1 cargo test --test it tour` writes what was answered";
        assert!(wrong.is_empty(), "{}\n{help}", wrong.join("\n"));
    }
}

/// What the README's Rust asks for is what the command line answers.
fn the_application_gets_the_same_from_rust(context: &TestContext, app: &Path) {
    let prompt = "team/greetings/welcome";
    let answer = context.anvil_in(app, &["render", prompt, "-p", "name=Ada", "--format", "json"]).success();
    let rendered = anvil::Anvil::open(app).unwrap().get(prompt).unwrap().render(&serde_json::json!({ "name": "Ada" }));
    assert_eq!(rendered.unwrap().to_json(), answer.json());
}

#[test]
fn blocks_are_found_and_put_together_again() {
    let text = "Do:\n\n```console\n$ cat <<END\n> a\n> END\na\n\n$ true\n```\n\n<!-- file: a/b.md -->\n```markdown\nx\n```\nend\n";
    let parts = read(text);
    assert_eq!(write(&parts), text);
    let typed = |command: &str, answer: &str| Typed { command: command.into(), answer: answer.into() };
    assert_eq!(parts[1], Part::Console(vec![typed("cat <<END\na\nEND", "a\n\n"), typed("true", "")]));
    assert_eq!(parts[3], Part::File { path: "a/b.md".into(), text: "x\n".into() });
}
