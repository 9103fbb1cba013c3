//! The registry itself: `registry init`, `verify` and `rebuild`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::publish::{WELCOME, author, release};
use serde_json::json;
use snapbox::str;
use std::fs;

#[test]
fn a_registry_is_made_once() {
    let context = TestContext::new();
    let init = ["registry", "init", "../new", "--id", "prompts.example.com/acme"];
    assert_answer!(
        context.anvil(&[&init[..], &["--dry-run"]].concat()),
        str![[r#"
exit: 0
--- stdout
would make the registry `prompts.example.com/acme` in ../new
--- stderr

"#]]
    );
    assert!(!context.path("new").exists(), "a plan made a folder");
    assert_answer!(
        context.anvil(&init),
        str![[r#"
exit: 0
--- stdout
made the registry `prompts.example.com/acme` in ../new
--- stderr
next: write `default = { url = "../new", id = "prompts.example.com/acme" }` under [registries] in the anvil.toml of a project beside it, then `anvil push`

"#]]
    );
    assert_answer!(
        context.anvil(&init),
        str![[r#"
exit: 0
--- stdout
../new is the registry `prompts.example.com/acme` already
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["registry", "init", "../new", "--id", "other"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0617]: `[ROOT]/new` cannot become a registry: it is the registry `prompts.example.com/acme`, and a registry's id never changes
  = help: name a folder that is new or empty

"#]]
    );
    context.write("notes.txt", "x");
    assert_eq!(context.anvil(&["registry", "init", ".", "--id", "test"]).code, 1);
    assert_eq!(context.anvil(&["registry", "init", "../a", "--id", "https://x"]).code, 2);
}

#[test]
fn all_of_a_registry_is_checked() {
    let context = author();
    context.anvil(&["push"]).success();
    release(&context, "2.2.0", WELCOME);
    context.anvil(&["push"]).success();
    let folder = context.path("registry/bundles/support/onboarding");
    // What nobody names harms nobody.
    fs::write(folder.join("onboarding-9.9.9-0123456789abcdef.tar.gz"), "x").unwrap();
    fs::write(context.path("registry/catalog.jsonl"), "").unwrap();
    assert_answer!(
        context.anvil(&["registry", "verify", "../registry"]),
        str![[r#"
exit: 0
--- stdout
warning: catalog.jsonl: it is not what the index files make of it
  to mend it: run `anvil registry rebuild`
left over, which harms nobody: 1 bundle that no version names, 0 temporary files
checked 1 set with 2 versions of `test`: all is as it should be
--- stderr

"#]]
    );
    for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        match () {
            () if name.starts_with("onboarding-2.1.0") => fs::remove_file(&entry).unwrap(),
            () if name.starts_with("onboarding-2.2.0") => fs::write(&entry, "not what was published").unwrap(),
            () => {}
        }
    }
    assert_answer!(
        context.anvil(&["registry", "verify", "../registry"]),
        str![[r#"
exit: 1
--- stdout
fault: bundles/support/onboarding/onboarding-2.1.0-[SHORT].tar.gz: it is missing
  to mend it: publish the same version again from the same commit, or restore the file from a backup
fault: bundles/support/onboarding/onboarding-2.2.0-[SHORT].tar.gz: its sha256 is [SHA256], not [SHA256]
  to mend it: publish the same version again from the same commit, or restore the file from a backup
warning: catalog.jsonl: it is not what the index files make of it
  to mend it: run `anvil registry rebuild`
left over, which harms nobody: 1 bundle that no version names, 0 temporary files
checked 1 set with 2 versions of `test`: 2 faults
--- stderr

"#]]
    );
    let answer = context.anvil(&["registry", "verify", "../registry", "--format", "json"]);
    assert_eq!(answer.code, 1);
    let report = answer.json();
    assert_eq!((&report["ok"], &report["orphans"]), (&json!(false), &json!(1)));
    assert_eq!(report["errors"], 2);
    // Pushing the version again from its tag puts the damaged bundle back.
    context.anvil(&["push"]).success();
    let report = context.anvil(&["registry", "verify", "../registry", "--format", "json"]).json();
    assert_eq!(report["errors"], 1);
}

#[test]
fn the_catalog_is_written_anew() {
    let context = author();
    context.anvil(&["push"]).success();
    let catalog = context.read("../registry/catalog.jsonl");
    context.write("../registry/catalog.jsonl", "broken");
    let rebuild = ["registry", "rebuild", "../registry"];
    assert_answer!(
        context.anvil(&[&rebuild[..], &["--dry-run"]].concat()),
        str![[r#"
exit: 0
--- stdout
would write catalog.jsonl (1 set)
--- stderr

"#]]
    );
    assert_eq!(context.read("../registry/catalog.jsonl"), "broken");
    assert_answer!(
        context.anvil(&rebuild),
        str![[r#"
exit: 0
--- stdout
wrote catalog.jsonl (1 set)
--- stderr

"#]]
    );
    assert_eq!(context.read("../registry/catalog.jsonl"), catalog);
    assert_answer!(
        context.anvil(&rebuild),
        str![[r#"
exit: 0
--- stdout
catalog.jsonl is up to date (1 set)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["registry", "rebuild", "../nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0609]: there is no registry at `[ROOT]/nowhere`: it has no `anvil-registry.json`
  = help: check the place, `[ROOT]/nowhere`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
  = help: whoever publishes makes one there with: `anvil registry init [ROOT]/nowhere --id NAME`

"#]]
    );
}

#[test]
fn a_snapshot_is_made_kept_in_step_and_given_up() {
    let context = author();
    context.anvil(&["push"]).success();
    let rebuild = ["registry", "rebuild", "../registry"];
    let findings =
        || context.anvil(&["registry", "verify", "../registry", "--format", "json"]).json()["findings"].clone();
    let snapshot = context.path("registry/index-snapshot.jsonl.gz");
    assert_answer!(
        context.anvil(&[&rebuild[..], &["--snapshot", "--dry-run"]].concat()),
        str![[r#"
exit: 0
--- stdout
catalog.jsonl is up to date (1 set)
would write index-snapshot.jsonl.gz
--- stderr

"#]]
    );
    assert!(!snapshot.exists(), "a plan wrote a file");
    assert_answer!(
        context.anvil(&[&rebuild[..], &["--snapshot"]].concat()),
        str![[r#"
exit: 0
--- stdout
catalog.jsonl is up to date (1 set)
wrote index-snapshot.jsonl.gz
--- stderr

"#]]
    );
    assert!(context.read("../registry/anvil-registry.json").contains("\"snapshot\":{\"limit\":65536}"));
    let before = fs::read(&snapshot).unwrap();
    context.anvil(&["yank", "2.1.0", "--reason", "other"]).success();
    assert_ne!(fs::read(&snapshot).unwrap(), before, "the snapshot does not know of the yank");
    assert_eq!(findings(), json!([]));

    fs::write(&snapshot, before).unwrap();
    assert_eq!(findings()[0]["message"], "it is not what the index files make of it");
    let json = context.anvil(&[&rebuild[..], &["--format", "json"]].concat()).success().json();
    assert_eq!((&json["snapshot"], &json["outcome"]), (&json!("changed"), &json!("changed")));
    assert_eq!(findings(), json!([]));

    fs::remove_file(&snapshot).unwrap();
    assert_eq!(findings()[0]["path"], "index-snapshot.jsonl.gz");
    context.anvil(&rebuild).success();
    assert!(!context.read("../registry/anvil-registry.json").contains("snapshot"));
    assert_eq!(findings(), json!([]));
    let json = context.anvil(&[&rebuild[..], &["--format", "json"]].concat()).success().json();
    assert_eq!(json["snapshot"], json!(null));
}
