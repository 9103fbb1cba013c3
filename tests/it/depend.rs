//! Depending on sets: `add`, `remove`, `lock`, `pull`, and what reads a lock.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, state};
use snapbox::str;

/// An application beside a registry with `core/tone`, which needs `style/voice`.
pub fn project() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.0", &["style/voice ^1.0"]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context.write("anvil.toml", "# The application.\n[registries]\ndefault = \"../registry\" # ours\n");
    (context, shelf)
}

#[test]
fn a_set_is_added_locked_and_unpacked() {
    let (context, _shelf) = project();
    assert_answer!(
        context.anvil(&["add", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone ^1.4.2
added core/tone 1.4.2
added style/voice 1.0.0
unpacked 2 of 2 sets, fetched 473 bytes
--- stderr
help: see what a prompt takes: `anvil show core/tone/house-style`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml asks for core/tone ^1.4.2 already
everything is in place (2 sets)
--- stderr

"#]]
    );
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r##"
# The application.
[registries]
default = "../registry" # ours

[dependencies]
"core/tone" = "^1.4.2"

"##]]
    );
    snapbox::assert_data_eq!(
        context.scrub(&context.read("anvil.lock")),
        str![[r##"
# Written by anvil. Commit it; do not edit it by hand.
version = 1

[[requirement]]
member = "."
name = "core/tone"
requirement = "^1.4.2"

[[set]]
name = "core/tone"
version = "1.4.2"
source = "registry:test"
sha256 = "[SHA256]"
digest = "h1:[DIGEST]"
dependencies = [
  "style/voice ^1.0",
]

[[set]]
name = "style/voice"
version = "1.0.0"
source = "registry:test"
sha256 = "[SHA256]"
digest = "h1:[DIGEST]"

"##]]
    );
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock answers anvil.toml, and every file is as locked (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.4.2 (^1.4.2) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0, 1 prompt
  anvil.toml needs core/tone ^1.4.2
  core/tone 1.4.2 needs style/voice ^1.0
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["outdated"]),
        str![[r#"
exit: 0
--- stdout
everything is up to date (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer asks for core/tone
removed core/tone 1.4.2
removed style/voice 1.0.0
everything is in place (0 sets)
--- stderr

"#]]
    );
    assert_eq!(
        context.read("anvil.toml"),
        "# The application.\n[registries]\ndefault = \"../registry\" # ours\n\n[dependencies]\n"
    );
}

#[test]
fn what_stands_after_the_at_decides_what_is_written() {
    let (context, shelf) = project();
    shelf.channel("stable", "core/tone 1.4.0");
    let written = |argument: &str| {
        let before = context.read("anvil.toml");
        context.anvil(&["add", argument]).success();
        let lock = context.read("anvil.lock");
        let manifest = context.read("anvil.toml");
        context.write("anvil.toml", before);
        std::fs::remove_file(context.project().join("anvil.lock")).unwrap();
        let line = manifest.lines().find(|line| line.starts_with("\"core/tone\"")).unwrap().to_owned();
        let locked = lock.split("name = \"core/tone\"\nversion = \"").nth(1).unwrap();
        (line, locked.split('"').next().unwrap().to_owned())
    };
    let pair = |line: &str, version: &str| (line.to_owned(), version.to_owned());
    assert_eq!(written("core/tone"), pair("\"core/tone\" = \"^1.4.2\"", "1.4.2"));
    assert_eq!(written("core/tone@stable"), pair("\"core/tone\" = \"^1.4.0\"", "1.4.0"));
    assert_eq!(written("core/tone@1.4.0"), pair("\"core/tone\" = \"=1.4.0\"", "1.4.0"));
    assert_eq!(written("core/tone@^1"), pair("\"core/tone\" = \"^1\"", "1.4.2"));
    assert_eq!(written("core/tone@<1.4.2"), pair("\"core/tone\" = \"<1.4.2\"", "1.4.0"));
    assert_eq!(written("@default/core/tone"), pair("\"core/tone\" = \"^1.4.2\"", "1.4.2"));
    let before = state(&context);
    let noted = context.anvil(&["add", "core/tone@stable", "--dry-run"]).success();
    let note = "note: the channel `stable` names 1.4.0 today; anvil.toml would ask for ^1.4.0, and does not move with the channel\n";
    assert_eq!(noted.stderr, note);
    assert_answer!(
        context.anvil(&["add", "core/tone@stabel"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1132]: core/tone has no channel `stabel`
  = help: did you mean: `anvil add core/tone@stable`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone@zzz"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1132]: core/tone has no channel `zzz`
  = help: its only channel is `stable`: `anvil add core/tone@stable`

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_channel_that_names_a_yanked_version_is_told_of() {
    let (context, shelf) = project();
    shelf.channel("stable", "core/tone 1.4.2");
    context.anvil(&["add", "core/tone@stable"]).success();
    shelf.yank("core/tone 1.4.2", "leaks names");
    // Who has it locked may go on with it.
    context.anvil(&["add", "core/tone@stable"]).success();
    context.anvil(&["remove", "core/tone"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "core/tone@stable"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: the channel `stable` of core/tone names 1.4.2, which is yanked (security): leaks names
  = help: take the newest version that may be chosen: `anvil add core/tone`
  = help: or ask whoever tends the registry to point `stable` at another version

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn nothing_else_moves_when_a_set_is_added_or_removed() {
    let (context, shelf) = project();
    context.anvil(&["add", "core/tone"]).success();
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("core/tone 1.5.0", &["style/voice ^1.1"]);
    shelf.publish("legal/disclaimers 3.0.0", &["style/voice ^1.0"]);
    let added = context.anvil(&["add", "legal/disclaimers"]).success();
    assert!(added.stdout.contains("added legal/disclaimers 3.0.0\n"), "{}", added.shown());
    let lock = context.read("anvil.lock");
    assert!(lock.contains("version = \"1.4.2\"") && lock.contains("version = \"1.0.0\""), "{lock}");
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
├── core/tone 1.4.2 (^1.4.2) 1 prompt
│   └── style/voice 1.0.0 (^1.0) 1 prompt
└── legal/disclaimers 3.0.0 (^3.0.0) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0, 1 prompt
  anvil.toml needs core/tone ^1.4.2
  core/tone 1.4.2 needs style/voice ^1.0
  or
  anvil.toml needs legal/disclaimers ^3.0.0
  legal/disclaimers 3.0.0 needs style/voice ^1.0
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tone", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml would no longer ask for core/tone
would remove core/tone 1.4.2
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(context.read("anvil.lock"), lock);
    // What a lock holds already needs no network to be held on.
    assert_answer!(
        context.anvil(&["remove", "core/tone", "--offline"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer asks for core/tone
removed core/tone 1.4.2
everything is in place (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1134]: core/tone is not in [dependencies] of `[ROOT]/project/anvil.toml`

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "style/voice"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1134]: style/voice is not in [dependencies] of `[ROOT]/project/anvil.toml`
  = help: another set needs it; see which with: `anvil why style/voice`

"#]]
    );
}

#[test]
fn a_set_that_another_one_needs_stays_in_the_lock() {
    let (context, _shelf) = project();
    context.anvil(&["add", "core/tone", "style/voice"]).success();
    assert_answer!(
        context.anvil(&["remove", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer asks for style/voice
style/voice stays in the lock: core/tone needs it
everything is in place (2 sets)
--- stderr

"#]]
    );
}

#[test]
fn adding_again_takes_what_is_new() {
    let (context, shelf) = project();
    context.anvil(&["add", "core/tone@^1.4.0"]).success();
    shelf.publish("core/tone 2.0.0", &["style/voice ^1.0"]);
    assert_answer!(
        context.anvil(&["add", "core/tone", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml would ask for core/tone ^2.0.0, not ^1.4.0
would update core/tone 1.4.2 -> 2.0.0
would unpack core/tone 2.0.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone ^2.0.0, not ^1.4.0
updated core/tone 1.4.2 -> 2.0.0
unpacked 1 of 2 sets, fetched 249 bytes
--- stderr

"#]]
    );
}

#[test]
fn a_newer_version_that_does_not_fit_is_told() {
    let (context, shelf) = project();
    shelf.publish("style/voice 2.0.0", &[]);
    context.anvil(&["add", "core/tone"]).success();
    assert_answer!(
        context.anvil(&["add", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for style/voice ^1.0.0
everything is in place (2 sets)
--- stderr
note: style/voice 1.0.0 was chosen, 2.0.0 is the newest: core/tone 1.4.2 needs ^1.0
help: see what a prompt takes: `anvil show style/voice/house-style`

"#]]
    );
}

#[test]
fn what_is_not_there_is_told_and_nothing_changes() {
    let (context, shelf) = project();
    context.anvil(&["add", "core/tone"]).success();
    shelf.publish("core/beta 1.0.0-rc.1", &[]);
    shelf.publish("legal/old 1.0.0", &["style/voice ^3"]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "core/tome"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `core/tome` does not exist in test
    this command needs core/tome *
      core/tome: does not exist in test
  = help: did you mean `core/tone`?

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "style/voice@^2"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `^2`
    this command needs style/voice ^2
      style/voice: has 1.0.0
  = help: style/voice 1.0.0 would do: `anvil add style/voice@^1`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "style/voice@1.0.1"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `=1.0.1`
    this command needs style/voice =1.0.1
      style/voice: has 1.0.0
  = help: style/voice 1.0.0 would do: `anvil add style/voice@^1`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/beta"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: `core/beta` has no version that can be used
    this command needs core/beta *
      core/beta: has 1.0.0-rc.1
  = help: core/beta 1.0.0-rc.1 is a pre-release, taken only where a requirement names one, as `^1.0.0-rc.1`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "legal/old"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `^3`
    legal/old 1.0.0 needs style/voice ^3
      legal/old: this command -> legal/old *
      style/voice: has 1.0.0

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone", "--registry", "partner"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1034]: `[ROOT]/project/anvil.toml` names no registry `partner`
  = help: add it to anvil.toml, under [registries]: `partner = "https://…"`, or a folder

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone", "--registry", "../other"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1131]: no registry in `[ROOT]/project/anvil.toml` is at `../other`
  = help: give it a name there, under [registries], as in `partner = "../other"`, and use `--registry partner`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone/house-style"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1133]: `core/tone/house-style` is a prompt; what is added is the set that holds it
  = help: add the set: `anvil add core/tone`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone@1.4.0", "--path", "../x"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1133]: a set from --path has but one version, so `core/tone` takes no `@1.4.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tome"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1134]: core/tome is not in [dependencies] of `[ROOT]/project/anvil.toml`
  = help: did you mean: `anvil remove core/tone`

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tome"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1038]: core/tome is not in anvil.lock
  = help: did you mean core/tone?

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "core/voice"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1038]: core/voice is not in anvil.lock
  = help: did you mean core/tone?

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn the_registry_takes_the_place_of_the_line_that_told_of_it() {
    let (context, _shelf) = project();
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    context.anvil(&["init", "--app", "--no-git"]).success();
    let begun = context.read("anvil.toml").replace("[dependencies]", "# Ours.\n\n[dependencies]");
    assert!(begun.contains("# default ="), "{begun}");
    context.write("anvil.toml", &begun);
    context.anvil(&["add", "core/tone", "--registry", "../registry"]).success();
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r#"
[registries]
default = "../registry"

# Ours.

[dependencies]              # `anvil add project/set` writes them
"core/tone" = "^1.4.2"

"#]]
    );
}

#[test]
fn without_a_registry_the_first_add_says_where_one_is() {
    let (context, _shelf) = project();
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1131]: `[ROOT]/project/anvil.toml` has no default registry to take core/tone from
  = help: say where it is, and it is written there: `anvil add core/tone --registry URL-OR-FOLDER`
  = help: or add it yourself, under [registries]: `default = "https://…"`, or a folder

"#]]
    );
    assert_eq!(state(&context), before);
    std::fs::create_dir(context.project().join("docs")).unwrap();
    let docs = context.project().join("docs");
    assert_answer!(
        context.anvil_in(&docs, &["add", "core/tone", "--registry", "../../registry"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now has the registry `default`: ../registry
anvil.toml now asks for core/tone ^1.4.2
added core/tone 1.4.2
added style/voice 1.0.0
unpacked 2 of 2 sets, fetched 473 bytes
--- stderr
help: see what a prompt takes: `anvil show core/tone/house-style`

"#]]
    );
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r#"
[set]
name = "a/b"
version = "0.1.0"

[registries]
default = "../registry"

[dependencies]
"core/tone" = "^1.4.2"

"#]]
    );
    context.anvil(&["add", "style/voice", "--registry", "../registry"]).success();
}

#[test]
fn the_commands_work_from_a_subfolder_and_need_a_project() {
    let (context, _shelf) = project();
    std::fs::create_dir_all(context.project().join("src/deep")).unwrap();
    let deep = context.project().join("src/deep");
    context.anvil_in(&deep, &["add", "core/tone"]).success();
    for command in [&["tree"][..], &["lock", "--check"], &["pull", "--locked"], &["verify"], &["outdated"], &["update"]]
    {
        context.anvil_in(&deep, command).success();
    }
    assert!(context.project().join("anvil.lock").is_file());
    for command in [&["tree"][..], &["add", "a/b"], &["remove", "a/b"], &["verify"], &["update"], &["why", "a/b"]] {
        let answer = context.anvil_in(context.root(), command);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.contains("error[A1030]: there is no `anvil.toml`"), "{}", answer.shown());
    }
}

#[test]
fn a_registrys_folder_can_be_named_without_a_dot_before_it() {
    let (context, _shelf) = project();
    context.write("anvil.toml", "");
    let root = context.root().to_owned();
    let at_root = |arguments: &[&str]| context.anvil_in(&root, arguments);
    assert!(at_root(&["show", "core/tone", "--registry", "registry"]).success().stdout.contains("1.4.2"));
    at_root(&["-C", "project", "add", "core/tone", "--registry", "../registry"]).success();
    // A name that is neither in the manifest nor a registry's folder stays a name.
    assert_eq!(at_root(&["show", "core/tone", "--registry", "cache"]).code, 1);
}
