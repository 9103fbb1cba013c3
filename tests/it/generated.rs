//! What is generated and committed is what the binary writes today. `ANVIL_UPDATE=1 cargo test`
//! writes it anew.

use crate::context::TestContext;
use anvil::cli::reference;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what it should be, or writes it where that was asked for.
#[track_caller]
fn compare(path: &Path, expected: &str) {
    if std::env::var_os("ANVIL_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let same = found == expected;
    assert!(same, "{} is out of date: run `ANVIL_UPDATE=1 cargo test --test it generated`", path.display());
}

/// A file of a command that is gone is out of date as well.
#[track_caller]
fn compare_names(folder: &Path, expected: impl IntoIterator<Item = String>) {
    let expected: BTreeSet<String> = expected.into_iter().collect();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !expected.contains(&name) && std::env::var_os("ANVIL_UPDATE").is_some() {
            fs::remove_file(entry.path()).unwrap();
        } else {
            assert!(expected.contains(&name), "{} is not generated any more", entry.path().display());
        }
    }
}

const SCRIPTS: &[(&str, &str)] = &[
    ("bash", "anvil.bash"),
    ("elvish", "anvil.elv"),
    ("fish", "anvil.fish"),
    ("powershell", "_anvil.ps1"),
    ("zsh", "_anvil"),
];

#[test]
fn completions() {
    let context = TestContext::new();
    for (shell, name) in SCRIPTS {
        let script = context.anvil(&["completions", shell]).success().stdout;
        compare(&repository("completions").join(name), &script);
    }
    compare_names(&repository("completions"), SCRIPTS.iter().map(|(_, name)| (*name).to_owned()));
}

#[test]
fn manual_pages() {
    let context = TestContext::new();
    context.anvil(&["man", "../man"]).success();
    let written = context.files("../man");
    assert_eq!(written.len(), reference::man_pages().len());
    for (name, page) in &written {
        compare(&repository("man").join(name), std::str::from_utf8(page).unwrap());
    }
    compare_names(&repository("man"), written.into_iter().map(|(name, _)| name));
}

/// Whatever the code reads of the environment is told in the manual.
#[test]
fn every_variable_that_is_read_is_documented() {
    fn sources(folder: &Path, texts: &mut Vec<String>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.file_name().unwrap().to_string_lossy().contains("tests") {
                // Tests read what nobody else does.
            } else if path.is_dir() {
                sources(&path, texts);
            } else {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    sources(&repository("src"), &mut texts);
    let variable = regex::Regex::new(r#""((?:ANVIL|XDG)_[A-Z_]+)""#).unwrap();
    let read: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| variable.captures_iter(text).map(|found| found.get(1).unwrap().as_str()))
        .collect();
    let told: BTreeSet<&str> = reference::ENVIRONMENT.iter().flat_map(|(names, _)| names.split(", ")).collect();
    assert!(read.len() >= 10, "{read:?}");
    // That of a token is named after its host.
    let token = "ANVIL_TOKEN_";
    assert!(told.iter().any(|name| name.starts_with(token)));
    let untold: Vec<_> = read.difference(&told).filter(|name| !name.starts_with(token)).collect();
    assert!(untold.is_empty(), "not documented: {untold:?}");
    let page = fs::read_to_string(repository("man/anvil.1")).unwrap();
    for section in ["EXIT STATUS", "ENVIRONMENT"] {
        assert!(
            page.contains(&format!(".SH \"{section}\"")) || page.contains(&format!(".SH {section}\n")),
            "{section}"
        );
    }
    assert!(told.iter().all(|name| page.contains(name)));
}

#[test]
fn every_exit_code_is_documented() {
    use anvil::error::Kind;
    let kinds = [Kind::No, Kind::Usage, Kind::Environment, Kind::Authentication, Kind::Unreachable, Kind::Interrupted];
    let codes: Vec<String> =
        ["0".to_owned()].into_iter().chain(kinds.map(|kind| kind.exit_code().to_string())).collect();
    assert!(reference::EXIT_CODES.iter().map(|(code, _)| code).eq(&codes), "{codes:?}");
}

#[test]
fn command_line_reference() {
    compare(&repository("docs/cli.md"), &reference::markdown());
}

/// The prose of `docs/compat.md` is written by hand, and the rules between its two marks by the code.
#[test]
fn rules_of_compatibility() {
    const MARKS: [&str; 2] = ["<!-- the rules, from src/compat/rules.rs -->\n", "<!-- the end of the rules -->\n"];
    let path = repository("docs/compat.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    compare(&path, &[before, MARKS[0], &anvil::compat::rules::table(), MARKS[1], after].concat());
}
