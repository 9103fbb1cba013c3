//! Runs the cases of golden-liquid, a language-neutral suite for Shopify's Liquid, in the lax dialect.
//!
//! The cases are read from the file that `ANVIL_GOLDEN_LIQUID` names, or from the folder beside this
//! repository; without either the test is skipped. A case is a template with data and either the
//! result, one of several results, or that it is invalid.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use anvil::template::{Bound, Dialect, Limits, Output, Partial, Partials, Template, Values};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

#[test]
fn the_cases_of_golden_liquid_hold() {
    let file = match std::env::var_os("ANVIL_GOLDEN_LIQUID") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/golden-liquid.json"),
    };
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: there is no {}", file.display());
        return;
    };
    let document: Value = serde_json::from_str(&text).unwrap();
    let cases = document["tests"].as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases {
        if let Err(reason) = check(case) {
            failures.push(format!("{}: {reason}", case["name"].as_str().unwrap_or("a case without a name")));
        }
    }
    println!("{} passed, {} failed", cases.len() - failures.len(), failures.len());
    failures.iter().for_each(|failure| println!("  {failure}"));
    assert!(!cases.is_empty(), "{} holds no cases", file.display());
    assert!(failures.is_empty(), "{} of {} cases fail:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// Checks one case.
fn check(case: &Value) -> Result<(), String> {
    let rendered = render(case);
    if case["invalid"] == true {
        return rendered.map_or(Ok(()), |text| Err(format!("expected an error, got {text:?}")));
    }
    let expected: Vec<&Value> = match &case["results"] {
        Value::Array(results) => results.iter().collect(),
        _ => vec![&case["result"]],
    };
    let text = rendered?;
    match expected.iter().any(|expected| expected.as_str() == Some(&*text)) {
        true => Ok(()),
        false => Err(format!("expected {}, got {text:?}", expected[0])),
    }
}

/// Returns what the case's template renders to.
fn render(case: &Value) -> Result<String, String> {
    let source = case["template"].as_str().ok_or("it has no template")?;
    let template = parse(source)?;
    let none = Map::new();
    let mut shelf = BTreeMap::new();
    for (name, source) in case["templates"].as_object().unwrap_or(&none) {
        shelf.insert(name.clone(), source.as_str().ok_or("a partial is no text")?.to_owned());
    }
    let values: Values = case["data"].as_object().cloned().unwrap_or_default();
    match template.render(&values, &Shelf(Arc::new(shelf))) {
        Ok(Output::Text(text)) => Ok(text),
        Ok(Output::Messages(_)) => Err("it gave messages".to_owned()),
        Err(error) => Err(format!("error: {}", error.message)),
    }
}

fn parse(source: &str) -> Result<Template, String> {
    let first = |problems: Vec<anvil::template::Problem>| {
        problems.first().map_or_else(String::new, |problem| format!("error: {}", problem.message))
    };
    Template::parse_as(Dialect::Lax, source, &Limits::default()).map_err(first)
}

/// The sources of a case's partials, by name.
#[derive(Clone)]
struct Shelf(Arc<BTreeMap<String, String>>);

struct Found(Template, Shelf);

impl Partials for Shelf {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        let source = self.0.get(name).ok_or_else(|| format!("there is no template `{name}`"))?;
        Ok(Arc::new(Found(parse(source)?, self.clone())))
    }
}

impl Partial for Found {
    fn template(&self) -> &Template {
        &self.0
    }

    fn bind(&self, given: Values) -> Result<Bound, String> {
        Ok(given.into())
    }

    fn partials(&self) -> &dyn Partials {
        &self.1
    }
}
