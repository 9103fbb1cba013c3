//! Runs the cases of the prompt language through the library, as an application would use it.
//!
//! The cases are read from the file that `ANVIL_PROMPT_CASES` names, or from the specification
//! beside this repository; without either the test is skipped. `tests/README.md` says how many pass.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use anvil::archive::FileSet;
use anvil::error::Diagnostic;
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Dependencies, Reach, Scope, Set, lint};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// How many of the specification's cases pass. Fewer fail the test; more want this number raised.
const PASSING: usize = 95;

#[test]
fn the_cases_of_the_prompt_language_hold() {
    let file = match std::env::var_os("ANVIL_PROMPT_CASES") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/prompts.json"),
    };
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: there is no {}", file.display());
        return;
    };
    let document: Value = serde_json::from_str(&text).unwrap();
    let cases = document["cases"].as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases {
        if let Err(reason) = check(case) {
            failures.push(format!("{}: {reason}", case["name"].as_str().unwrap_or("a case without a name")));
        }
    }
    let passed = cases.len() - failures.len();
    println!("{passed} passed, {} failed", failures.len());
    failures.iter().for_each(|failure| println!("  {failure}"));
    let floor = PASSING.min(cases.len());
    assert!(passed >= floor, "{passed} cases pass where {floor} should:\n{}", failures.join("\n"));
}

/// Checks one case.
fn check(case: &Value) -> Result<(), String> {
    let given = case["parameters"].as_object().cloned().unwrap_or_default();
    let prompt = case["prompt"].as_str().ok_or("it names no prompt")?;
    let found = answer(case, prompt, given);
    let expected = ["text", "messages"].into_iter().find_map(|key| Some((key, case.get(key)?)));
    match (expected, found) {
        (None, Err(_)) => Ok(()),
        (None, Ok(found)) => Err(format!("expected an error, got {found}")),
        (Some(_), Err(error)) => Err(error),
        (Some((key, expected)), Ok(found)) if found.get(key) == Some(expected) => Ok(()),
        (Some((_, expected)), Ok(found)) => Err(format!("expected {expected}, got {found}")),
    }
}

/// Returns what a prompt of the case's set renders to, or the first error of `lint` or rendering.
fn answer(case: &Value, prompt: &str, given: Map<String, Value>) -> Result<Value, String> {
    let scope = scope(case)?;
    if let Some(error) = lint(&scope, Reach::Everything).iter().find(|finding| Diagnostic::is_error(finding)) {
        return Err(format!("{}: {}", error.code, error.message));
    }
    let name = prompt.parse().map_err(|error| format!("{error}"))?;
    let ready = scope.get(&name).map_err(|error| error.to_string())?;
    Ok(ready.render(given).map_err(|error| error.to_string())?.to_json())
}

/// Returns the case's set and those that it depends on.
fn scope(case: &Value) -> Result<Scope, String> {
    let none = Map::new();
    let dependencies = case["dependencies"].as_object().unwrap_or(&none);
    let mut sets = Dependencies::new();
    for (name, files) in dependencies {
        let name_of_set = name.parse().map_err(|error| format!("{error}"))?;
        sets.insert(name_of_set, Arc::new(set(name, files, &none)?));
    }
    Ok(Scope::new(Arc::new(set("t/s", &case["files"], dependencies)?), Arc::new(sets)))
}

/// Returns the set `name` with `files`, which depends on the sets named in `dependencies`.
fn set(name: &str, files: &Value, dependencies: &Map<String, Value>) -> Result<Set, String> {
    let mut manifest = format!("[set]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n");
    manifest.extend(dependencies.keys().map(|name| format!("\"{name}\" = \"^1\"\n")));
    let manifest = Manifest::parse("anvil.toml", &manifest, Strictness::Own).map_err(|error| error.to_string())?;
    let mut all = FileSet::new();
    for (path, text) in files.as_object().ok_or("it has no files")? {
        all.insert(path, text.as_str().ok_or("a file is no text")?);
    }
    Ok(Set::load(&manifest, &all))
}
