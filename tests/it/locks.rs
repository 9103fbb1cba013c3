//! The lock in all its states: current, stale, damaged, of another time. Those with conflict markers are in `conflicts`,
//! what is unpacked by it in `unpacked`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, leave_behind, set_in, state};
use snapbox::str;
use std::fs;

pub fn project() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    (context, shelf)
}

/// Runs what must find the lock wanting, with the network off; all must answer alike and change nothing.
pub fn all_refuse(context: &TestContext, message: &str) {
    let before = state(context);
    for command in [&["lock", "--check"][..], &["pull", "--locked"], &["verify"]] {
        let answer = context.anvil(&[command, &["--offline"]].concat());
        assert_eq!(answer.code, 1, "{command:?}: {}", answer.shown());
        assert!(answer.stderr.contains(message), "{command:?}: {}", answer.shown());
        assert!(answer.stderr.contains("= help: "), "{command:?}: {}", answer.shown());
    }
    assert_eq!(state(context), before);
}

#[test]
fn a_project_without_a_lock_gets_one_from_pull_and_none_from_what_only_checks() {
    let (context, _shelf) = project();
    all_refuse(&context, "error[A1032]: there is no `anvil.lock`");
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
added core/tone 1.4.2
added style/voice 1.0.0
unpacked 2 of 2 sets, fetched 473 bytes
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
everything is in place (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lock", "--check"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock answers anvil.toml (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock is up to date (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["verify", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "ok": true,
  "sets": [
    {
      "name": "core/tone",
      "version": "1.4.2",
      "state": "unpacked",
      "files": [],
      "misfits": []
    },
    {
      "name": "style/voice",
      "version": "1.0.0",
      "state": "unpacked",
      "files": [],
      "misfits": []
    }
  ],
  "problems": []
}
--- stderr

"#]]
    );
}

#[test]
fn a_project_that_requires_nothing_needs_no_lock() {
    let context = TestContext::new();
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    for command in [&["lock"][..], &["lock", "--check"], &["pull"], &["pull", "--locked"], &["verify"], &["tree"]] {
        context.anvil(command).success();
    }
    for command in [&["lock", "--check"][..], &["verify"]] {
        assert_eq!(context.anvil(command).stdout, "anvil.toml asks for no sets, and nothing is locked\n");
    }
    assert_eq!(context.anvil(&["outdated"]).success().stdout, "everything is up to date (0 sets)\n");
    assert_eq!(state(&context).len(), 1);
}

#[test]
fn a_lock_that_does_not_answer_the_manifest_is_refused_with_no_network() {
    let (context, shelf) = project();
    context.anvil(&["pull"]).success();
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", format!("{manifest}\"legal/disclaimers\" = \"^3\"\n"));
    all_refuse(
        &context,
        "error[A1037]: anvil.lock does not answer anvil.toml: the manifest asks for legal/disclaimers",
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.4.2 (^1.4) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr
warning: anvil.lock does not answer anvil.toml: the manifest asks for legal/disclaimers, which the lock does not answer; `anvil lock` writes it anew

"#]]
    );
    context.write("anvil.toml", manifest.replace("^1.4", "^2"));
    all_refuse(&context, "the manifest asks for core/tone ^2, the lock answers ^1.4");
    shelf.publish("core/tone 2.0.0", &[]);
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
updated core/tone 1.4.2 -> 2.0.0
removed style/voice 1.0.0
unpacked 1 of 1 set, fetched 224 bytes
--- stderr

"#]]
    );
    context.anvil(&["verify"]).success();
}

#[test]
fn a_lock_of_a_newer_anvil_and_one_that_is_broken_are_left_alone() {
    let (context, _shelf) = project();
    context.anvil(&["lock"]).success();
    let lock = context.read("anvil.lock");
    context.write("anvil.lock", lock.replace("version = 1\n", "version = 2\n"));
    all_refuse(&context, "error[A0402]");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0402]: `anvil.lock` has format 2; this Anvil reads up to 1
  = help: upgrade anvil

"#]]
    );
    context.write("anvil.lock", lock.replace("sha256 = \"", "sha256 = \"x"));
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0401]: `x87bf8b1b750ec2833fd680ecd94fc61bc1266ba1e0e21f57e8fd88452505d185` is not a valid SHA-256
   --> anvil.lock:13:10
    |
 13 | sha256 = "x87bf8b1b750ec2833fd680ecd94fc61bc1266ba1e0e21f57e8fd88452505d185"
    |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not well formed
    = help: take it back from git: `git restore anvil.lock`
    = help: or, if it was never right, choose versions anew: `rm anvil.lock && anvil lock`

"#]]
    );
    assert_eq!(state(&context), before);
    context.write("anvil.lock", lock.as_bytes().iter().copied().chain([0xff]).collect::<Vec<u8>>());
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: `[ROOT]/project/anvil.lock` is not UTF-8: byte 592 is 0xff

"#]]
    );
}

#[test]
fn what_a_killed_command_left_beside_the_lock_goes_with_the_next_lock() {
    let (context, _shelf) = project();
    let (dead, live) = (leave_behind(&context, "."), context.write(".anvil-tmp-live", "half"));
    context.anvil(&["lock"]).success();
    assert!(!dead.exists());
    assert!(live.exists());
}

#[test]
fn registries_that_are_not_who_they_should_be_are_not_asked() {
    let (context, _shelf) = project();
    context.anvil(&["pull"]).success();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    let other = Shelf::new(&context, "other", "other");
    let manifest = context.read("anvil.toml");
    // The locked id is of no entry any more.
    context.write("anvil.toml", manifest.replace("../registry", "../other"));
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull", "--locked"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1035]: no registry in `[ROOT]/project/anvil.toml` is `test`: `default` is `other`
  = help: add the registry that is `test` to anvil.toml, under [registries]
  = help: to take a set from another registry instead, `anvil remove` it and `anvil add` it again

"#]]
    );
    // Two entries are one registry.
    context.write("anvil.toml", manifest.replace("[dependencies]", "again = \"../registry\"\n\n[dependencies]"));
    let before_twins = state(&context);
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1036]: the registries `default` and `again` are both `test`
  = help: remove `again` from anvil.toml and name the other instead

"#]]
    );
    for command in [&["verify"][..], &["pull", "--locked"], &["export", "--output", "../x.tar"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.stderr.contains("error[A1036]"), "{command:?}: {}", answer.shown());
    }
    assert_eq!(state(&context), before_twins);
    // A copy that claims a name with a dot, for which nobody vouches.
    let mirror = Shelf::new(&context, "mirror", "prompts.example.com/acme");
    context.write("anvil.toml", manifest.replace("../registry", "../mirror"));
    let before_mirror = state(&context);
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0604]: the registry at `../mirror` says that it is `prompts.example.com/acme`, and is not believed
  = help: if you trust this copy, vouch for it under [registries] in anvil.toml: `default = { url = "../mirror", id = "prompts.example.com/acme" }`

"#]]
    );
    assert_eq!(state(&context), before_mirror);
    assert_eq!(before.len(), before_mirror.len());
    drop((other, mirror));
}

#[test]
fn a_folder_that_a_set_is_taken_from_may_move_on_and_the_lock_is_then_stale() {
    let (context, shelf) = project();
    set_in(&context, "../shared", "team/shared 0.2.0", &["style/voice ^1.0"]);
    context.write(
        "anvil.toml",
        "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"team/shared\" = { path = \"../shared\" }\n",
    );
    context.anvil(&["pull"]).success();
    context.anvil(&["verify"]).success();
    // Its text may change as one works on it.
    context.write("../shared/prompts/house-style.prompt.md", "Something else.\n");
    context.anvil(&["verify"]).success();
    set_in(&context, "../shared", "team/shared 0.3.0", &["style/voice ^1.0"]);
    all_refuse(&context, "team/shared in `../shared` is 0.3.0 now, the lock holds 0.2.0");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
updated team/shared 0.2.0 -> 0.3.0
wrote anvil.lock (2 sets)
--- stderr

"#]]
    );
    shelf.publish("core/other 1.0.0", &[]);
    set_in(&context, "../shared", "team/shared 0.3.0", &["core/other ^1"]);
    all_refuse(&context, "team/shared in `../shared` needs core/other ^1 now");
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
added core/other 1.0.0
removed style/voice 1.0.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    fs::remove_dir_all(context.path("shared")).unwrap();
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: team/shared should be in `../shared`, and there is no `anvil.toml` there
  --> anvil.toml:5:1
   |
 5 | "team/shared" = { path = "../shared" }
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no set there
   = help: correct `path`, which is relative to the folder of anvil.toml

"#]]
    );
}

#[test]
fn a_path_that_leads_to_no_set_is_shown_where_it_is_written() {
    let context = TestContext::new();
    let depend = |path: &str| {
        context.write("anvil.toml", format!("# Ours.\n[dependencies]\n\"team/shared\" = {{ path = \"{path}\" }}\n"));
    };
    depend("../nope");
    for command in ["lock", "pull"] {
        assert_answer!(
            context.anvil(&[command]),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: team/shared should be in `../nope`, and there is no `anvil.toml` there
  --> anvil.toml:3:1
   |
 3 | "team/shared" = { path = "../nope" }
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no set there
   = help: correct `path`, which is relative to the folder of anvil.toml

"#]]
        );
    }
    context.write("../app/anvil.toml", "[registries]\n");
    depend("../app");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: team/shared should be in `../app`, and the `anvil.toml` there has no `[set]`
  --> anvil.toml:3:1
   |
 3 | "team/shared" = { path = "../app" }
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no set there
   = help: correct `path`, which is relative to the folder of anvil.toml

"#]]
    );
    // What another set's path leads to is that one's to mend.
    set_in(&context, "../shared", "team/shared 0.3.0", &[]);
    let manifest = context.read("../shared/anvil.toml") + "[dependencies]\n\"a/b\" = { path = \"../gone\" }\n";
    context.write("../shared/anvil.toml", manifest);
    depend("../shared");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: a/b, which team/shared needs, should be in `../gone`, and there is no `anvil.toml` there
  = help: put the set there, or correct `path` in the anvil.toml of team/shared

"#]]
    );
}

#[test]
fn quiet_commands_that_change_or_check_print_nothing_when_all_is_well() {
    let (context, _shelf) = project();
    for command in [
        &["lock"][..],
        &["lock", "--check"],
        &["pull"],
        &["verify"],
        &["add", "style/voice"],
        &["update"],
        &["remove", "style/voice"],
        &["cache", "clean"],
    ] {
        let answer = context.anvil(&[command, &["-q"]].concat()).success();
        assert_eq!((&*answer.stdout, &*answer.stderr), ("", ""), "{command:?}");
    }
    assert!(context.anvil(&["verify", "-q", "--format", "json"]).success().stdout.contains("\"ok\": true"));
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    assert!(context.anvil(&["verify", "-q"]).stdout.contains("core/tone 1.4.2: is not unpacked"));
}

#[test]
fn a_locked_version_that_was_yanked_is_told_also_where_nothing_moves() {
    let (context, shelf) = project();
    context.anvil(&["pull"]).success();
    shelf.yank("core/tone 1.4.2", "leaks");
    let warning = "warning: core/tone 1.4.2 is yanked (security): leaks; it stays because it was locked\n";
    for command in [&["pull"][..], &["pull", "--locked"], &["pull", "--locked", "--offline"], &["lock"]] {
        assert_eq!(context.anvil(command).success().stderr, warning, "{command:?}");
    }
    assert_eq!(context.anvil(&["verify"]).success().stderr, "");
}

/// One that states an id which it would not be believed to have keeps no other from being used.
#[test]
fn a_registry_that_claims_the_id_of_another_is_no_twin_of_it() {
    let context = TestContext::new();
    let home = Shelf::new(&context, "registry", "prompts.example.com");
    Shelf::new(&context, "claims", "prompts.example.com");
    home.publish("core/tone 1.4.2", &[]);
    let vouched = "default = { url = \"../registry\", id = \"prompts.example.com\" }";
    let registries = format!("[registries]\n{vouched}\nother = \"../claims\"\n");
    context.write("anvil.toml", format!("{registries}\n[dependencies]\n\"core/tone\" = \"^1.4\"\n"));
    context.anvil(&["pull"]).success();
    context.anvil(&["verify"]).success();
}

/// Returns the lock without `gone`, as a merge may leave it that loses lines.
fn merged_badly(context: &TestContext, gone: &[&str], with: &str) {
    let mut lock = context.read("anvil.lock");
    for lines in gone {
        assert!(lock.contains(lines), "{lock}");
        lock = lock.replacen(lines, with, 1);
    }
    context.write("anvil.lock", lock);
}

#[test]
fn a_lock_that_says_other_needs_of_a_set_than_it_has_is_refused_and_written_anew() {
    let (context, _shelf) = project();
    context.anvil(&["pull"]).success();
    let whole = context.read("anvil.lock");
    let set = &whole[whole.find("[[set]]\nname = \"style/voice\"").unwrap()..];
    let needs = "dependencies = [\n  \"style/voice ^1.0\",\n]\n";
    for (gone, with, told) in [
        (&[set, needs][..], "", "core/tone 1.4.2 needs style/voice ^1.0, and the lock does not say so"),
        (
            &[needs][..],
            "dependencies = [\n  \"core/tone ^1\",\n  \"style/voice ^1.0\",\n]\n",
            "the lock says that core/tone 1.4.2 needs core/tone ^1, and it does not",
        ),
    ] {
        merged_badly(&context, gone, with);
        for command in [&["pull", "--locked"][..], &["verify"]] {
            let answer = context.anvil(&[command, &["--offline"]].concat());
            let message = format!("error[A1037]: anvil.lock does not answer anvil.toml: {told}\n");
            assert_eq!((answer.code, answer.stderr.starts_with(&message)), (1, true), "{}", answer.shown());
            assert!(answer.stderr.contains("`anvil lock`"), "{}", answer.shown());
        }
        context.anvil(&["lock"]).success();
        assert_eq!(context.read("anvil.lock"), whole);
        context.anvil(&["verify"]).success();
    }
    // Without the index, what is unpacked tells; and where nothing is unpacked, what is unpacked first.
    merged_badly(&context, &[set, needs], "");
    fs::rename(context.path("registry/index"), context.path("index")).unwrap();
    assert_eq!(context.anvil(&["verify"]).code, 1);
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    let answer = context.anvil(&["pull", "--locked"]);
    assert!(answer.stderr.contains("core/tone 1.4.2 needs style/voice ^1.0"), "{}", answer.shown());
}
