//! The prompt language's own cases: each is a set, a prompt and its parameters, with what must come
//! out. `ANVIL_PROMPT_CASES` names the file; without one the cases are skipped.

use anvil::archive::FileSet;
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Dependencies, Scope, Set};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
    #[serde(default)]
    dependencies: BTreeMap<String, BTreeMap<String, String>>,
    prompt: String,
    parameters: Map<String, Value>,
    text: Option<String>,
    messages: Option<Value>,
    #[serde(default)]
    error: bool,
}

fn set(name: &str, dependencies: impl Iterator<Item = String>, files: &BTreeMap<String, String>) -> Arc<Set> {
    let mut text = format!("[set]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n");
    text.extend(dependencies.map(|name| format!("\"{name}\" = \"1\"\n")));
    let manifest = Manifest::parse("anvil.toml", &text, Strictness::Own).expect("the manifest is well formed");
    let files: FileSet = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    Arc::new(Set::load(&manifest, &files))
}

fn run(case: &Case) -> Result<Value, String> {
    let dependencies: Dependencies = case
        .dependencies
        .iter()
        .map(|(name, files)| (name.parse().expect("a set's name"), set(name, std::iter::empty(), files)))
        .collect();
    let set = set("t/s", case.dependencies.keys().cloned(), &case.files);
    let scope = Scope::new(set, Arc::new(dependencies));
    let name = case.prompt.parse().map_err(|error| format!("{error}"))?;
    let ready = scope.get(&name).map_err(|error| error.to_string())?;
    let rendered = ready.render(case.parameters.clone()).map_err(|error| error.to_string())?;
    Ok(rendered.to_json())
}

fn judge(case: &Case) -> Result<(), String> {
    match run(case) {
        Err(_) if case.error => Ok(()),
        Err(error) => Err(format!("it fails: {error}")),
        Ok(given) if case.error => Err(format!("it gives {given}")),
        Ok(given) => {
            let (key, expected) = match (&case.text, &case.messages) {
                (Some(text), _) => ("text", Value::from(text.as_str())),
                (None, messages) => ("messages", messages.clone().unwrap_or_default()),
            };
            // The text is compared, so that the order of keys counts too.
            let given = given.get(key).cloned().unwrap_or_default().to_string();
            if given == expected.to_string() { Ok(()) } else { Err(format!("{given} instead of {expected}")) }
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the tally is what the test is run for")]
fn the_cases_of_the_prompt_language_pass() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance/prompts.json");
    let path = std::env::var("ANVIL_PROMPT_CASES").unwrap_or_else(|_| default.to_owned());
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no {path}");
        return;
    };
    let cases: Cases = serde_json::from_str(&text).expect("the cases are JSON");
    let failures: Vec<String> =
        cases.cases.iter().filter_map(|case| judge(case).err().map(|why| format!("{}: {why}", case.name))).collect();
    println!("{} passed, {} failed", cases.cases.len() - failures.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
