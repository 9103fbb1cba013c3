//! `push`, from an author's repository to a registry that is a folder.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::Shelf;
use serde_json::{Value, json};
use snapbox::str;
use std::fs;

const MANIFEST: &str = r#"[set]
name = "support/onboarding"
version = "2.1.0"
edition = 1

[registries]
default = "../registry"
"#;

pub const WELCOME: &str = "---\ndescription: Greets.\nparameters:\n  name: string\n---\nWelcome, {{ name }}!\n";

/// Returns an author's repository with support/onboarding 2.1.0, tagged, beside an empty registry.
pub fn author() -> TestContext {
    let context = TestContext::new();
    context.anvil(&["registry", "init", "../registry", "--id", "test"]).success();
    context.write("anvil.toml", MANIFEST);
    context.write("prompts/welcome.prompt.md", WELCOME);
    context.git_init();
    tag(&context, "v2.1.0");
    context
}

/// Commits everything and tags it.
fn tag(context: &TestContext, tag: &str) {
    context.commit(tag);
    context.git(&["tag", "--annotate", tag, "--message", tag]);
}

/// Makes the set's files those of `version`, commits and tags them.
pub fn release(context: &TestContext, version: &str, prompt: &str) {
    context.write("anvil.toml", MANIFEST.replace("2.1.0", version));
    context.write("prompts/welcome.prompt.md", prompt);
    tag(context, &format!("v{version}"));
}

/// Returns the lines of a set's index file.
pub fn index(context: &TestContext, set: &str) -> Vec<Value> {
    let text = context.read(&format!("../registry/index/{set}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Runs a command that is refused, and asserts that it changed nothing in the registry.
#[track_caller]
pub fn refused(context: &TestContext, arguments: &[&str]) -> Answer {
    let before = context.files("../registry");
    let answer = context.anvil(arguments);
    assert_ne!(answer.code, 0, "it was not refused:\n{}", answer.shown());
    assert_eq!(answer.stdout, "", "an error answers nothing");
    assert!(context.files("../registry") == before, "the registry changed:\n{}", answer.shown());
    answer
}

#[test]
fn a_former_name_is_no_prompt_of_its_own() {
    let context = author();
    context.write("prompts/hello.prompt.md", "---\naliases: [greeting, hi]\n---\nHello!\n");
    context.write("prompts/_partial.prompt.md", "---\naliases: [part]\n---\nAs a part.\n");
    context.commit("Say hello");
    context.anvil(&["version", "2.2.0"]).success();
    let answer = context.anvil(&["push"]).success();
    assert!(answer.stdout.contains("(2 prompts, "), "{}", answer.stdout);
    assert_eq!(index(&context, "support/onboarding")[0]["prompts"], json!(["hello", "welcome"]));
    context.anvil(&["registry", "verify", "../registry"]).success();
}

#[test]
fn a_version_is_planned_published_and_then_there() {
    let context = author();
    let before = context.files("../registry");
    assert_answer!(
        context.anvil(&["push", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml                 102 bytes
manifest.json              534 bytes
prompts/welcome.prompt.md  77 bytes
would publish support/onboarding 2.1.0 to default at ../registry (1 prompt, 537 bytes)
--- stderr

"#]]
    );
    assert!(context.files("../registry") == before, "a plan changed the registry");
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.1.0 to default at ../registry (1 prompt, 537 bytes)
--- stderr
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
    assert_answer!(
        context.anvil(&["publish"]),
        str![[r#"
exit: 0
--- stdout
support/onboarding 2.1.0 is already published on default at ../registry, with this very content (1 prompt, 537 bytes)
--- stderr

"#]]
    );
    let head = context.git(&["rev-parse", "HEAD"]);
    let line = &index(&context, "support/onboarding")[0];
    assert_eq!(line["source"], json!({ "commit": head.trim() }));
    assert_eq!(line["published_at"], "2026-01-02T03:04:05Z");
    assert_eq!(line["prompts"], json!(["welcome"]));
    assert_answer!(
        context.anvil(&["registry", "verify", "../registry"]),
        str![[r#"
exit: 0
--- stdout
checked 1 set with 1 version of `test`: all is as it should be
--- stderr

"#]]
    );
}

#[test]
fn the_report_is_there_for_programs() {
    let context = author();
    let report = context.anvil(&["push", "--format", "json"]).success().json();
    assert_eq!(report["outcome"], "published");
    assert_eq!(report["registry"], json!({ "name": "default", "id": "test", "location": "../registry" }));
    assert_eq!(report["prompts"], json!(["welcome"]));
    assert_eq!(report["files"][0], json!({ "path": "anvil.toml", "size": MANIFEST.len() }));
    assert_eq!(report["notes"], json!([]));
    let line = &index(&context, "support/onboarding")[0];
    for field in ["sha256", "digest", "size"] {
        assert_eq!(report[field], line[field], "{field}");
    }
    assert_eq!(context.anvil(&["push", "--format", "json"]).success().json()["outcome"], "unchanged");
}

#[test]
fn other_content_under_a_published_version_is_refused_and_compared() {
    let context = author();
    context.anvil(&["push"]).success();
    context.write("prompts/welcome.prompt.md", "---\nparameters:\n  name: string\n---\nHello, {{ name }}!\n");
    context.write("prompts/bye.prompt.md", "Goodbye.\n");
    context.git(&["tag", "--delete", "v2.1.0"]);
    tag(&context, "v2.1.0");
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0613]: support/onboarding 2.1.0 is published already on `default`, with other content
  published  h1:[DIGEST]
  this one   h1:[DIGEST]
  added      prompts/bye.prompt.md
  changed    prompts/welcome.prompt.md
  = help: what is published never changes; publish a new version: `anvil version 2.1.1`

"#]]
    );
    // The plan finds the same.
    assert_eq!(refused(&context, &["push", "--dry-run"]).code, 1);
    // What is published may itself be gone; the refusal stays.
    fs::remove_dir_all(context.path("registry/bundles")).unwrap();
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0613]: support/onboarding 2.1.0 is published already on `default`, with other content
  published  h1:[DIGEST]
  this one   h1:[DIGEST]
  the published bundle cannot be read: the registry at `../registry` lists support/onboarding 2.1.0 and has no bundle of it
  = help: what is published never changes; publish a new version: `anvil version 2.1.1`

"#]]
    );
}

#[test]
fn a_lower_version_is_published_on_purpose_only() {
    let context = author();
    context.anvil(&["push"]).success();
    release(&context, "2.0.9", WELCOME);
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0614]: support/onboarding 2.0.9 is not above 2.1.0, the newest version on `test`
  = help: to publish a lower version on purpose: `anvil push --allow-older`

"#]]
    );
    assert_answer!(
        context.anvil(&["push", "--allow-older"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.0.9 to default at ../registry (1 prompt, 537 bytes)
--- stderr
next: in a project that uses it, `anvil add support/onboarding@2.0.9`

"#]]
    );
    assert_eq!(index(&context, "support/onboarding").len(), 2);
    // Nor does `anvil add` take a pre-release that is not named.
    release(&context, "3.0.0-rc.1", WELCOME);
    let next = "next: in a project that uses it, `anvil add support/onboarding@3.0.0-rc.1`\n";
    assert_eq!(context.anvil(&["push"]).success().stderr, next);
}

#[test]
fn a_name_that_looks_like_another_is_refused() {
    let context = author();
    context.anvil(&["push"]).success();
    context.write("anvil.toml", MANIFEST.replace("support/onboarding", "support/onboard1ng"));
    assert_answer!(
        refused(&context, &["push", "--allow-dirty"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0615]: `support/onboard1ng` looks like `support/onboarding`, which is on `test` already
  = help: choose a name that nobody mistakes for it

"#]]
    );
}

#[test]
fn what_is_not_committed_stops_a_push() {
    let context = author();
    context.write("prompts/welcome.prompt.md", "Hello.\n");
    context.write("prompts/new.prompt.md", "New.\n");
    context.write("notes.txt", "no part of the set\n");
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `prompts/new.prompt.md` and `prompts/welcome.prompt.md` are not committed
  = help: commit them, then make them a version: `anvil version auto`
  = help: or put them aside: `git stash --include-untracked`
  = help: to take the files as they lie there, say `--allow-dirty`

"#]]
    );
    // Files beside the set do not.
    context.git(&["checkout", "--quiet", "prompts"]);
    let one = refused(&context, &["push"]);
    assert!(one.stderr.contains("= help: commit it, then make it a version: "), "{}", one.shown());
    fs::remove_file(context.project().join("prompts/new.prompt.md")).unwrap();
    context.anvil(&["push"]).success();
}

#[test]
fn the_working_tree_is_published_where_that_is_asked_for() {
    let context = author();
    context.write("prompts/welcome.prompt.md", "Hello.\n");
    assert_answer!(
        context.anvil(&["push", "--allow-dirty"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.1.0 to default at ../registry (1 prompt, 465 bytes)
--- stderr
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
    let line = &index(&context, "support/onboarding")[0];
    assert_eq!(line.get("source"), None, "nobody can say which commit this is");
}

#[test]
fn without_a_repository_only_the_working_tree_can_be_published() {
    let context = author();
    fs::remove_dir_all(context.project().join(".git")).unwrap();
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0801]: `[ROOT]/project` is not in a git repository, and a version is built from the commit that its tag names
  = help: make it one: `git init`
  = help: to take the files as they lie there, say `--allow-dirty`

"#]]
    );
    context.anvil(&["push", "--allow-dirty"]).success();
}

#[test]
fn a_version_without_its_tag_is_not_published() {
    let context = author();
    context.git(&["tag", "--delete", "v2.1.0"]);
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1093]: support/onboarding 2.1.0 has no tag: there is no `v2.1.0` in `[ROOT]/project`
  = help: make it: `anvil version 2.1.0`
  = help: to take the files as they lie there, say `--allow-dirty`

"#]]
    );
    // A clone without tags is told where they are.
    context.git(&["tag", "v2.1.0"]);
    context.git(&["clone", "--quiet", "--no-tags", ".", "../clone"]);
    let answer = context.anvil_in(&context.path("clone"), &["push", "--registry", "../registry"]);
    assert_answer!(
        answer,
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1093]: support/onboarding 2.1.0 has no tag: there is no `v2.1.0` in `[ROOT]/clone`
  = help: make it: `anvil version 2.1.0`
  = help: or fetch it: `git fetch origin --tags`
  = help: to take the files as they lie there, say `--allow-dirty`

"#]]
    );
}

#[test]
fn a_tag_of_another_version_is_found_out() {
    let context = author();
    context.write("anvil.toml", MANIFEST.replace("2.1.0", "2.2.0"));
    context.git(&["tag", "v2.2.0"]);
    context.commit("raise the version after the tag was made");
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1094]: the tag `v2.2.0` names b60cb8c, where `anvil.toml` says support/onboarding 2.1.0
  = help: if nobody relies on the tag yet, delete it: `git tag --delete v2.2.0`
  = help: and make it anew: `anvil version 2.2.0`

"#]]
    );
}

#[test]
fn a_repository_without_commits_has_nothing_to_publish() {
    let context = author();
    fs::remove_dir_all(context.project().join(".git")).unwrap();
    context.git_init();
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0803]: the git repository `[ROOT]/project` has no commit yet
  = help: commit something first: `git add . && git commit`

"#]]
    );
}

#[test]
fn a_detached_head_is_no_obstacle() {
    let context = author();
    context.git(&["checkout", "--quiet", "--detach"]);
    context.anvil(&["push"]).success();
}

#[test]
fn what_came_after_the_tag_is_left_out_and_that_is_said() {
    let context = author();
    context.write("notes.txt", "no part of the set\n");
    context.commit("a note");
    let report = context.anvil(&["push", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(report["notes"], json!([]), "the set itself has not changed");
    context.write("prompts/welcome.prompt.md", WELCOME.replace("Welcome", "Hello"));
    context.commit("greet otherwise");
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.1.0 to default at ../registry (1 prompt, 537 bytes)
--- stderr
warning: the set has changed since `v2.1.0`; what the tag names counts
help: to publish the changes, make them a version: `anvil version auto`
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
    assert_eq!(
        index(&context, "support/onboarding")[0]["source"]["commit"],
        context.git(&["rev-parse", "v2.1.0^{}"]).trim()
    );
}

#[test]
fn a_tag_that_is_here_alone_is_told_of() {
    let context = author();
    context.git(&["init", "--quiet", "--bare", "../remote.git"]);
    context.git(&["remote", "add", "origin", "../remote.git"]);
    context.git(&["push", "--quiet", "origin", "main"]);
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.1.0 to default at ../registry (1 prompt, 537 bytes)
--- stderr
warning: `origin` does not have the tag `v2.1.0` yet
help: push it: `git push origin v2.1.0`
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
    assert_eq!(context.anvil(&["push", "--offline"]).success().stderr, "", "the remote was asked all the same");
    context.git(&["push", "--quiet", "origin", "v2.1.0"]);
    assert_eq!(context.anvil(&["push"]).success().stderr, "");
}

#[test]
fn prompts_with_errors_are_not_published_and_warnings_do_not_matter() {
    let context = author();
    release(&context, "2.2.0", "---\nparameters:\n  name: string\n---\nWelcome, {{ nmae }}!\n");
    assert_answer!(
        refused(&context, &["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0301]: the template uses `nmae`, which is not a parameter
  --> prompts/welcome.prompt.md:5:13
   |
 5 | Welcome, {{ nmae }}!
   |             ^^^^ not declared
   = help: did you mean `name`, declared on line 3?
help: mend them and commit that; to see them again, with the warnings: `anvil lint`

"#]]
    );
    release(&context, "2.3.0", "Welcome, {{ name }}!\n");
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.3.0 to default at ../registry (1 prompt, 490 bytes)
--- stderr
warning: the set has 1 warning
help: see them: `anvil lint`
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
}

#[test]
fn dependencies_that_nobody_else_can_have_are_refused() {
    let context = author();
    let dependencies = "\n[dependencies]\n\"core/tone\" = { path = \"../tone\" }\n\
                        \"lab/ideas\" = { git = \"https://git.example/lab.git\", tag = \"v1\" }\n\"legal/notes\" = \"^1\"\n";
    context.write("anvil.toml", format!("{MANIFEST}{dependencies}"));
    assert_answer!(
        refused(&context, &["push", "--allow-dirty"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1092]: support/onboarding 2.1.0 depends on what a registry cannot give: core/tone (path ../tone), lab/ideas (git https://git.example/lab.git tag v1)
  = help: publish it first and depend on its version: `anvil add core/tone`
  = help: publish it first and depend on its version: `anvil add lab/ideas`

"#]]
    );
}

#[test]
fn a_dependency_in_another_registry_is_named_by_its_id() {
    let context = author();
    context.anvil(&["registry", "init", "../partner", "--id", "partner"]).success();
    context.anvil(&["registry", "init", "../mirror", "--id", "prompts.partner.example"]).success();
    for (registry, set) in [("registry", "a/here 1.0.0"), ("partner", "b/there 2.0.0"), ("mirror", "c/vouched 3.0.0")] {
        Shelf { root: context.path(registry) }.publish(set, &[]);
    }
    let more = "partner = \"../partner\"\nmirror = { url = \"../mirror\", id = \"prompts.partner.example\" }\n\
                \n[dependencies]\n\"a/here\" = \"^1\"\n\"b/there\" = { version = \"^2\", registry = \"partner\" }\n\
                \"c/vouched\" = { version = \"^3\", registry = \"mirror\" }\n";
    context.write("anvil.toml", format!("{MANIFEST}{more}"));
    context.anvil(&["push", "--allow-dirty"]).success();
    let expected = json!([
        { "name": "a/here", "requirement": "^1" },
        { "name": "b/there", "requirement": "^2", "registry": "partner" },
        { "name": "c/vouched", "requirement": "^3", "registry": "prompts.partner.example" },
    ]);
    assert_eq!(index(&context, "support/onboarding")[0]["dependencies"], expected);
    // Published elsewhere, the default registry is another one, too.
    context.anvil(&["push", "--allow-dirty", "--registry", "../partner"]).success();
    let line: Value = serde_json::from_str(&context.read("../partner/index/support/onboarding.jsonl")).unwrap();
    assert_eq!(line["dependencies"][0]["registry"], "test");
    assert_eq!(line["dependencies"][1].get("registry"), None);
}

#[test]
fn the_folder_that_a_host_serves_is_the_registry_of_that_host() {
    let context = author();
    let (manifest, home) = (MANIFEST.replace("../registry", "https://prompts.example.invalid/acme"), "../served");
    context.anvil(&["registry", "init", home, "--id", "prompts.example.invalid/acme"]).success();
    Shelf { root: context.path("served") }.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", format!("{manifest}\n[dependencies]\n\"core/tone\" = \"^1\"\n"));
    context.anvil(&["push", "--allow-dirty", "--registry", home]).success();
    let line: Value = serde_json::from_str(&context.read("../served/index/support/onboarding.jsonl")).unwrap();
    assert_eq!(line["dependencies"], json!([{ "name": "core/tone", "requirement": "^1" }]));
    // The host itself cannot be written, which is found out without asking it.
    assert_answer!(
        context.anvil(&["push", "--allow-dirty"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1090]: the registry `https://prompts.example.invalid/acme` is read over the web, and cannot be written there yet
  = help: name the folder that the host serves: `--registry DIR`

"#]]
    );
}

#[test]
fn there_must_be_a_registry_and_it_must_be_believed() {
    let context = author();
    let manifest = context.read("anvil.toml");
    let push = |arguments: &[&str]| refused(&context, &[&["push", "--allow-dirty"], arguments].concat());
    context.write("anvil.toml", manifest.split("[registries]").next().unwrap());
    assert_answer!(
        push(&[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1034]: `[ROOT]/project/anvil.toml` names no registry `default`
  = help: add it to anvil.toml, under [registries]: `default = "https://…"`, or a folder
  = help: or say where it is: `--registry DIR`

"#]]
    );
    assert_answer!(
        push(&["--registry", "partner"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1034]: `[ROOT]/project/anvil.toml` names no registry `partner`
  = help: add it to anvil.toml, under [registries]: `partner = "https://…"`, or a folder
  = help: or say where it is: `--registry DIR`

"#]]
    );
    assert_answer!(
        push(&["--registry", "../nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0609]: there is no registry at `../nowhere`: it has no `anvil-registry.json`
  = help: check the place, `[ROOT]/nowhere`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
  = help: whoever publishes makes one there with: `anvil registry init ../nowhere --id NAME`

"#]]
    );
    assert_eq!(push(&["--registry", "s3://bucket"]).code, 1);
    context.write("../registry/anvil-registry.json", r#"{"format":1,"id":"prompts.example.com","api":null}"#);
    context.write("anvil.toml", &manifest);
    assert_answer!(
        push(&[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0604]: the registry at `../registry` says that it is `prompts.example.com`, and is not believed
  = help: if you trust this copy, vouch for it under [registries] in anvil.toml: `default = { url = "../registry", id = "prompts.example.com" }`

"#]]
    );
    // The place that the command line names is taken at its word.
    context.anvil(&["push", "--allow-dirty", "--registry", "../registry"]).success();
    context.write("../registry/anvil-registry.json", "{");
    assert_eq!(push(&[]).code, 1);
}

#[test]
fn a_name_that_no_manifest_knows_may_be_a_folder_with_a_registry() {
    let context = author();
    context.anvil(&["registry", "init", "mirror", "--id", "mirror"]).success();
    let answer = context.anvil(&["push", "--registry", "mirror"]).success();
    assert!(answer.stdout.starts_with("published support/onboarding 2.1.0 to mirror"), "{}", answer.stdout);
}

#[test]
fn a_set_in_a_folder_of_its_repository_is_pushed_from_anywhere_in_it() {
    let context = author();
    context.write("sets/tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
    context.write("sets/tone/prompts/warm.prompt.md", "Be warm.\n");
    tag(&context, "core/tone@1.0.0");
    let folder = context.project().join("sets/tone/prompts");
    let answer = context.anvil_in(&folder, &["push", "--registry", "../../../../registry"]).success();
    assert!(answer.stdout.starts_with("published core/tone 1.0.0 to ../../../../registry (1 prompt, "));
    let again = context.anvil(&["-C", "sets/tone", "push", "--registry", "../../../registry"]).success();
    assert!(again.stdout.contains("already published"), "{}", again.stdout);
    context.anvil(&["registry", "verify", "../registry"]).success();
}

#[test]
fn only_a_set_can_be_pushed() {
    let context = TestContext::new();
    assert_eq!(context.anvil(&["push"]).code, 1);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: `[ROOT]/project/anvil.toml` has no `[set]`: this project only consumes prompts
  = help: to make it a prompt set, add `[set]`, or begin one in a new folder with `anvil init DIR`

"#]]
    );
}

#[test]
fn a_lightweight_tag_is_taken_with_a_warning() {
    let mut context = author();
    context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
    context.git(&["tag", "--force", "v2.1.0", "v2.1.0^{commit}"]);
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 0
--- stdout
published support/onboarding 2.1.0 to default at ../registry (1 prompt, 537 bytes)
--- stderr
warning: the tag `v2.1.0` is a lightweight one, which says neither who made it nor when
help: make it an annotated one: `git tag --force --annotate --message v2.1.0 v2.1.0 [ID]`
next: in a project that uses it, `anvil add support/onboarding`

"#]]
    );
    let notes = context.anvil(&["push", "--format", "json"]).success().json()["notes"].clone();
    assert_eq!(notes[0]["kind"], "lightweight-tag");
    context.git(&["tag", "--force", "--annotate", "--message", "v2.1.0", "v2.1.0", "v2.1.0^{commit}"]);
    assert_eq!(context.anvil(&["push"]).success().stderr, "");
}
