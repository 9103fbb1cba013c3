//! Each rule has its pair in `fixtures/compat/`: two versions between which it is found, and no other.
//!
//! A pair is one file, `<rule>.txt`: after a few words its files, each behind a line `>>> old PATH` or
//! `>>> new PATH`. A version without `anvil.toml` is a plain set; a dependency's files are `>>> dependency PATH`.

use crate::archive::FileSet;
use crate::compat::*;
use crate::manifest::{self, Manifest, Strictness};
use crate::name::PromptName;
use crate::prompt::{Dependencies, Scope, Set};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

const PLAIN: &str = "[set]\nname = \"support/replies\"\nversion = \"1.0.0\"\n";

/// One version, held so that a side can borrow it.
pub(super) struct Held {
    manifest: Manifest,
    files: FileSet,
    scope: Scope,
}

impl Held {
    pub(super) fn of(mut files: FileSet, dependencies: Dependencies) -> Held {
        let text = match files.get(manifest::FILE_NAME) {
            Some(text) => String::from_utf8(text.to_vec()).unwrap(),
            None => PLAIN.to_owned(),
        };
        files.insert(manifest::FILE_NAME, text.clone());
        // There is but one edition yet, and a later one must be told all the same.
        let known = text.replace("edition = 2", "edition = 1");
        let mut manifest = Manifest::parse(manifest::FILE_NAME, &known, Strictness::Own).unwrap();
        if known != text {
            manifest.set.as_mut().unwrap().edition = 2;
        }
        let set = Set::load(&manifest, &files);
        assert_eq!(set.findings(), [], "{files:?}");
        Held { manifest, files, scope: Scope::new(Arc::new(set), Arc::new(dependencies)) }
    }

    pub(super) fn side(&self) -> Side<'_> {
        Side { manifest: &self.manifest, files: &self.files, scope: &self.scope, out_of_reach: None }
    }
}

/// Compares two versions by the rules of the new one.
pub(super) fn between(old: &Held, new: &Held, sets: usize) -> Comparison {
    let text = new.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap();
    let policy = Policy::read(&text).unwrap();
    compare(&old.side(), &new.side(), &policy, sets)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/compat")
}

/// Returns the versions of the pair of `rule`.
fn pair(rule: &str) -> (Held, Held) {
    let path = folder().join(format!("{rule}.txt"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut sides = [FileSet::new(), FileSet::new(), FileSet::new()];
    for part in text.split("\n>>> ").skip(1) {
        let (head, content) = part.split_once('\n').unwrap();
        let (side, path) = head.split_once(' ').unwrap();
        let at = ["old", "new", "dependency"].iter().position(|name| *name == side).unwrap();
        sides[at].insert(path, content);
    }
    let [old, new, dependency] = sides;
    let mut dependencies = Dependencies::new();
    if !dependency.is_empty() {
        let held = Held::of(dependency, Dependencies::new());
        dependencies.insert(held.scope.set().name().unwrap().clone(), held.scope.set().clone());
    }
    (Held::of(old, dependencies.clone()), Held::of(new, dependencies))
}

#[test]
fn every_rule_has_a_pair_and_every_pair_a_rule() {
    let ids: BTreeSet<String> = RULES.iter().map(|rule| format!("{}.txt", rule.id)).collect();
    assert_eq!(ids.len(), RULES.len(), "ids are unique");
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.collect::<BTreeSet<String>>(), ids);
}

#[test]
fn each_pair_gives_its_rule_and_no_other() {
    for rule in RULES {
        let (old, new) = pair(rule.id);
        let found = between(&old, &new, 64);
        let ids: Vec<&str> = found.changes.iter().map(|change| change.rule.id).collect();
        // What fails by trying has a cause, which is a harmless change of its own.
        let beside: &[&str] = if rule.id == "sample_failed" { &["text_changed"] } else { &[] };
        assert_eq!(ids, [&[rule.id], beside].concat(), "{:#?}", found.changes);
        assert_eq!(found.bump(), Some(rule.bump), "{}", rule.id);
        assert_eq!(found.not_checked().next(), None, "{}", rule.id);
    }
}

/// The words of a major change of what a prompt takes are shown by parameters that the old version takes.
#[test]
fn what_breaks_an_input_has_a_witness() {
    let about_inputs = |rule: &&&Rule| {
        let words = [
            "parameter",
            "default",
            "type_",
            "nullable",
            "enum_",
            "constraint",
            "max_tokens",
            "tokenizer",
            "pattern",
            "format",
        ];
        let is_input = words.iter().any(|word| rule.id.starts_with(word)) || rule.id.starts_with("history");
        rule.bump == crate::version::Bump::Major && is_input || rule.id == "required_property_added"
    };
    // Nobody fails by these: a former name is not tried, and a retired parameter takes anything.
    let silent = ["parameter_alias_removed"];
    for rule in RULES.iter().filter(about_inputs).filter(|rule| !silent.contains(&rule.id)) {
        let (old, new) = pair(rule.id);
        let change = &between(&old, &new, 64).changes[0];
        let witness = change.witness.as_ref().unwrap_or_else(|| panic!("{} has no witness", rule.id));
        let ready = |side: &Held, name: &PromptName| side.scope.get(name).unwrap();
        let name = change.prompt.as_ref().unwrap();
        assert!(ready(&old, name).render(witness.parameters.clone()).is_ok(), "{}", rule.id);
        assert!(ready(&new, name).render(witness.parameters.clone()).is_err(), "{}", rule.id);
    }
}

#[test]
fn nothing_changed_is_nothing() {
    for rule in RULES {
        let (old, _) = pair(rule.id);
        let found = between(&old, &old, 8);
        assert_eq!(
            (found.changes, found.trials.iter().all(|trial| trial.outcome == Outcome::Unchanged)),
            (vec![], true)
        );
    }
    let bumped = PLAIN.replace("1.0.0", "1.0.1");
    let (old, new): (FileSet, FileSet) =
        ([("anvil.toml", PLAIN)].into_iter().collect(), [("anvil.toml", bumped.as_str())].into_iter().collect());
    let found = between(&Held::of(old, Dependencies::new()), &Held::of(new, Dependencies::new()), 8);
    assert_eq!(found.bump(), None, "a version's number is no change");
}
