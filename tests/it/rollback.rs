//! Going back: a set to the content of an earlier version.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{manifest, state};
use snapbox::str;
use std::fs;

/// A set whose 1.1.0 changed one prompt and added another.
fn set() -> TestContext {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    context.git_init();
    context.write(".gitignore", "*.local\n");
    context.write("anvil.toml", format!("# Ours.\n{}", manifest("support/onboarding", "1.0.0", &[])));
    context.write("prompts/reply.prompt.md", "Answer within two hours.\n");
    context.commit("first");
    context.anvil(&["version", "1.0.0"]).success();
    context.write("prompts/reply.prompt.md", "Answer within one hour.\n");
    context.write("prompts/mail/thanks.prompt.md", "Say thanks.\n");
    context.commit("second");
    context.anvil(&["version", "minor"]).success();
    context
}

/// Returns what HEAD is made of: the subjects, the tags on HEAD, and what is not committed.
fn history(context: &TestContext) -> String {
    let subjects = context.git(&["log", "--format=%s"]);
    let tags = context.git(&["tag", "--points-at", "HEAD"]);
    format!("{subjects}tags: {tags}{}", context.git(&["status", "--short"]))
}

/// Git says of such files that nothing changed.
#[test]
fn edits_that_git_is_told_to_overlook_are_not_lost() {
    for flag in ["--skip-worktree", "--assume-unchanged"] {
        let context = set();
        context.git(&["update-index", flag, "prompts/reply.prompt.md"]);
        context.write("prompts/reply.prompt.md", "Mine alone.\n");
        let answer = context.anvil(&["rollback", "1.0.0"]);
        assert!(answer.code == 1 && answer.stderr.contains("error[A1050]"), "{flag}: {}", answer.shown());
        assert_eq!(context.read("prompts/reply.prompt.md"), "Mine alone.\n", "{flag}");
    }
}

/// Where a set is published is no content of it: who goes back in a hurry must not publish to a
/// registry that was left behind.
#[test]
fn registries_stay_where_they_are_today() {
    let context = set();
    let add = "\n[registries]\ndefault = { url = \"../new\", id = \"new\" } # Moved.\n";
    context.write("anvil.toml", context.read("anvil.toml") + add);
    context.commit("Move");
    context.anvil(&["version", "patch"]).success();
    context.anvil(&["rollback", "1.0.0"]).success();
    let manifest = context.read("anvil.toml");
    let old = context.git(&["show", "v1.0.0:anvil.toml"]).replace("1.0.0", "2.0.0");
    assert_eq!(manifest, old + "\n[registries]\ndefault = { url = \"../new\", id = \"new\" }\n");
    let again = context.anvil(&["rollback", "1.0.0"]).success();
    assert!(again.stdout.starts_with("nothing to do"), "{}", again.shown());

    // One that was taken out and that no dependency needs does not come back.
    context.write("anvil.toml", manifest.replace("default = { url = \"../new\", id = \"new\" }\n", ""));
    context.commit("Publish nowhere");
    context.anvil(&["version", "patch"]).success();
    context.anvil(&["rollback", "2.0.0"]).success();
    assert!(!context.read("anvil.toml").contains("default ="), "{}", context.read("anvil.toml"));

    // Today's places count, of one that is new as of one that moved.
    let move_again =
        manifest.replace("default = { url", "other = \"../other\"\ndefault = { url").replace("../new", "../newer");
    context.write("anvil.toml", move_again);
    context.commit("Move again");
    context.anvil(&["version", "patch"]).success();
    context.anvil(&["rollback", "2.0.0"]).success();
    let manifest = context.read("anvil.toml");
    assert!(manifest.contains("../newer") && manifest.contains("other = \"../other\""), "{manifest}");
}

#[test]
fn the_content_of_an_earlier_version_comes_back_as_a_new_one() {
    let context = set();
    // What is not the set's stays out of it, staged or not.
    context.write("notes.txt", "mine\n");
    context.git(&["add", "notes.txt"]);
    let before = state(&context);
    let plan = context.anvil(&["rollback", "1.0.0", "--dry-run"]);
    assert_answer!(
        plan,
        str![[r#"
exit: 0
--- stdout
would bring the content of support/onboarding 1.0.0 back as 2.0.0
  changed anvil.toml
  removed prompts/mail/thanks.prompt.md
  changed prompts/reply.prompt.md
  interface: mail/thanks: prompt removed (major)
would commit and tag as v2.0.0
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
  changed anvil.toml
  removed prompts/mail/thanks.prompt.md
  changed prompts/reply.prompt.md
  interface: mail/thanks: prompt removed (major)
brought the content of support/onboarding 1.0.0 back as 2.0.0, committed and tagged as v2.0.0 ([SHORT])
--- stderr
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
    assert_eq!(
        history(&context),
        "support/onboarding 2.0.0\nsupport/onboarding 1.1.0\nsecond\nfirst\ntags: v2.0.0\nA  notes.txt\n"
    );
    assert_eq!(context.git(&["log", "-1", "--format=%b"]).trim(), "Brings back the content of 1.0.0.");
    assert_eq!(context.git(&["cat-file", "-t", "v2.0.0"]), "tag\n");
    let manifest = context.read("anvil.toml");
    assert_eq!(manifest, context.git(&["show", "v1.0.0:anvil.toml"]).replace("1.0.0", "2.0.0"));
    assert_eq!(context.read("prompts/reply.prompt.md"), "Answer within two hours.\n");
    assert!(!context.project().join("prompts/mail").exists());
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
nothing to do: support/onboarding 2.0.0 holds the content of 1.0.0 already
--- stderr

"#]]
    );
    // And forth again: history only grows.
    assert_answer!(
        context.anvil(&["rollback", "1.1.0", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "name": "support/onboarding",
  "content_of": "1.1.0",
  "from": "2.0.0",
  "version": "2.1.0",
  "tag": "v2.1.0",
  "commit": "[COMMIT]",
  "outcome": "committed-and-tagged",
  "files": [
    {
      "path": "anvil.toml",
      "change": "changed"
    },
    {
      "path": "prompts/mail/thanks.prompt.md",
      "change": "added"
    },
    {
      "path": "prompts/reply.prompt.md",
      "change": "changed"
    }
  ],
  "interface": {
    "bump": "minor",
    "changes": [
      {
        "rule": "prompt_added",
        "bump": "minor",
        "prompt": "mail/thanks",
        "subject": null,
        "message": "prompt added"
      }
    ],
    "tried": false
  },
  "dry_run": false
}
--- stderr
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
    assert_eq!(context.read("prompts/mail/thanks.prompt.md"), "Say thanks.\n");
}

#[test]
fn text_alone_needs_a_patch_and_another_version_can_be_asked_for() {
    let context = set();
    context.write("prompts/reply.prompt.md", "Answer at once.\n");
    context.commit("third");
    context.anvil(&["version", "patch"]).success();
    assert!(context.anvil(&["rollback", "1.1.0", "--dry-run"]).stdout.contains("back as 1.1.2\n"));
    assert!(context.anvil(&["rollback", "1.1.0", "--as", "3.0.0", "--dry-run"]).stdout.contains("back as 3.0.0\n"));
    assert_answer!(
        context.anvil(&["rollback", "1.0.0", "--as", "1.1.2", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would bring the content of support/onboarding 1.0.0 back as 1.1.2
  changed anvil.toml
  removed prompts/mail/thanks.prompt.md
  changed prompts/reply.prompt.md
  interface: mail/thanks: prompt removed (major)
would commit and tag as v1.1.2
--- stderr
warning: the interface changes by more than 1.1.2 says: 2.0.0 would own up to it

"#]]
    );
    assert_answer!(
        context.anvil(&["rollback", "1.0.0", "--as", "1.1.1"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1084]: 1.1.1 is not above 1.1.1, the newest version on this branch
  = help: leave `--as` out, and the smallest version that will do is chosen

"#]]
    );
    context.git(&["branch", "old", "v1.0.0"]);
    context.git(&["checkout", "--quiet", "old"]);
    context.write("prompts/reply.prompt.md", "Answer soon.\n");
    context.commit("a fix for the old line");
    context.anvil(&["version", "1.0.1"]).success();
    // Versions of other branches are taken, and not what this one has to be above.
    assert!(context.anvil(&["rollback", "1.0.0", "--dry-run"]).stdout.contains("back as 1.0.2\n"));
    assert_answer!(
        context.anvil(&["rollback", "1.0.0", "--as", "1.1.1"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1084]: 1.1.1 exists already: the tag `v1.1.1` names [SHORT]
  = help: name another one: `anvil rollback 1.0.0 --as 1.1.2`

"#]]
    );
}

#[test]
fn before_one_what_breaks_raises_the_second_place() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", manifest("a/b", "0.1.0", &[]));
    context.write("prompts/a.prompt.md", "a\n");
    context.commit("first");
    context.anvil(&["version", "0.1.0"]).success();
    context.write("prompts/b.prompt.md", "b\n");
    context.commit("second");
    context.anvil(&["version", "patch"]).success();
    assert!(context.anvil(&["rollback", "0.1.0", "--dry-run"]).stdout.contains("back as 0.2.0\n"));
}

/// Whatever the moment of its death, the same command goes on where the last one stopped.
#[test]
fn a_run_that_was_killed_is_completed_by_the_next() {
    let whole = set();
    whole.anvil(&["rollback", "1.0.0"]).success();
    let (head, tree) = (history(&whole), whole.git(&["rev-parse", "HEAD^{tree}"]));
    let old = |path: &str| whole.git(&["show", &format!("v1.0.0:{path}")]);
    let manifest = whole.read("anvil.toml");

    type State<'a> = (&'a str, &'a dyn Fn(&TestContext));
    let removed = |context: &TestContext| {
        fs::remove_dir_all(context.project().join("prompts/mail")).unwrap();
    };
    let some_written = |context: &TestContext| {
        removed(context);
        context.write("prompts/reply.prompt.md", old("prompts/reply.prompt.md"));
    };
    let all_written = |context: &TestContext| {
        some_written(context);
        context.write("anvil.toml", &manifest);
    };
    let committed = |context: &TestContext| {
        all_written(context);
        context.git(&["add", "--all"]);
        context.git(&["commit", "--quiet", "--message", "support/onboarding 2.0.0"]);
    };
    // The commit was made and the branch moved, and the index learnt nothing of it.
    let index_behind = |context: &TestContext| {
        let index = fs::read(context.project().join(".git/index")).unwrap();
        committed(context);
        fs::write(context.project().join(".git/index"), index).unwrap();
    };
    let states: [State<'_>; 5] = [
        ("removed", &removed),
        ("some written", &some_written),
        ("all written", &all_written),
        ("committed", &committed),
        ("index behind", &index_behind),
    ];
    for (name, state) in states {
        let context = set();
        state(&context);
        let answer = context.anvil(&["rollback", "1.0.0"]);
        assert_eq!(answer.code, 0, "{name}: {}", answer.shown());
        assert_eq!(context.git(&["rev-parse", "v2.0.0^{tree}"]), tree, "{name}");
        assert!(context.anvil(&["rollback", "1.0.0"]).success().stdout.starts_with("nothing to do"), "{name}");
        assert_eq!(history(&context), head, "{name}");
    }
    let context = set();
    committed(&context);
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
tagged support/onboarding 2.0.0, which holds the content of 1.0.0, as v2.0.0 ([SHORT])
--- stderr
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
}

/// What was edited since keeps the content from being there, so there is something to do: not by a commit.
#[test]
fn what_the_last_commit_holds_is_not_there_while_files_are_changed() {
    let context = set();
    context.write("notes.txt", "mine\n");
    assert!(context.anvil(&["rollback", "1.1.0"]).success().stdout.starts_with("nothing to do"));
    context.write("prompts/reply.prompt.md", "Answer some day.\n");
    fs::remove_file(context.project().join("prompts/mail/thanks.prompt.md")).unwrap();
    let before = state(&context);
    for arguments in [&["rollback", "1.1.0"][..], &["rollback", "1.1.0", "--dry-run"]] {
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: the last commit holds the content of 1.1.0 already, and `prompts/mail/thanks.prompt.md` and `prompts/reply.prompt.md` are not committed
  = help: to have it back, drop what was changed since: `git restore --staged --worktree prompts/mail/thanks.prompt.md prompts/reply.prompt.md`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
        );
    }
    assert_eq!(state(&context), before);
    context.git(&["restore", "--staged", "--worktree", "prompts/mail/thanks.prompt.md", "prompts/reply.prompt.md"]);
    context.anvil(&["rollback", "1.1.0"]).success();
}

#[test]
fn nothing_of_the_users_is_overwritten() {
    let context = set();
    let refused = |context: &TestContext| {
        let before = state(context);
        let answer = context.anvil(&["rollback", "1.0.0"]);
        assert_eq!(state(context), before);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        answer
    };
    context.write("prompts/reply.prompt.md", "Mine.\n");
    assert_answer!(
        refused(&context),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `prompts/reply.prompt.md` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
    context.git(&["checkout", "--quiet", "."]);
    // A new prompt would be part of the work tree's set and of no version.
    context.write("prompts/new.prompt.md", "Mine.\n");
    refused(&context);
    fs::remove_file(context.project().join("prompts/new.prompt.md")).unwrap();
    context.write("prompts/mail/thanks.prompt.md", "Mine.\n");
    context.git(&["add", "--all"]);
    refused(&context);
    context.git(&["reset", "--quiet", "--hard"]);

    // What comes back must not go over what git does not even look at.
    context.git(&["rm", "--quiet", "prompts/reply.prompt.md"]);
    context.commit("third");
    context.anvil(&["version", "major"]).success();
    context.write(".git/info/exclude", "prompts/reply.prompt.md\n");
    context.write("prompts/reply.prompt.md", "Mine, and ignored.\n");
    assert_answer!(
        refused(&context),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `prompts/reply.prompt.md` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
    fs::remove_file(context.project().join("prompts/reply.prompt.md")).unwrap();
    context.anvil(&["rollback", "1.0.0"]).success();
}

#[cfg(unix)]
#[test]
fn a_link_leads_nothing_out_of_the_set() {
    let context = set();
    context.git(&["rm", "--quiet", "-r", "prompts/mail"]);
    context.commit("third");
    context.anvil(&["version", "major"]).success();
    fs::create_dir(context.path("outside")).unwrap();
    std::os::unix::fs::symlink(context.path("outside"), context.project().join("prompts/mail")).unwrap();
    assert_answer!(
        context.anvil(&["rollback", "1.1.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `prompts/mail` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
    assert_eq!(fs::read_dir(context.path("outside")).unwrap().count(), 0);
}

#[test]
fn what_cannot_come_back_is_told_and_nothing_changes() {
    let context = set();
    assert_answer!(
        context.anvil(&["rollback", "1.2.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1080]: support/onboarding has no version 1.2.0: there is no tag `v1.2.0`
  = help: the newest are 1.1.0, 1.0.0; see them all: `anvil log`

"#]]
    );
    assert_answer!(
        context.anvil(&["rollback", "1.0"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value '1.0' for '<VERSION|PROJECT/SET>': `1.0` is not a valid version: did you mean 1.0.0?

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["rollback", "core/tone", "--as", "2.0.0"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: `--as` names a new version of this set, not of a locked one

"#]]
    );
    // A detached HEAD stops what commits, and nothing else.
    context.git(&["checkout", "--quiet", "--detach"]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0804]: HEAD of `[ROOT]/project` is detached at [SHORT]: a new commit would belong to no branch
  = help: go to a branch first: `git switch <branch>`

"#]]
    );
    assert_eq!(state(&context), before);
    context.anvil(&["rollback", "1.0.0", "--dry-run"]).success();
    context.git(&["checkout", "--quiet", "main"]);
    // Nor does half a rollback stay behind where nobody may commit.
    let lock = context.write(".git/index.lock", "");
    let answer = context.anvil(&["rollback", "1.0.0"]);
    assert_ne!(answer.code, 0);
    assert_eq!(state(&context), before);
    fs::remove_file(lock).unwrap();

    let renamed = context.read("anvil.toml").replace("support/onboarding", "support/welcome");
    context.write("anvil.toml", renamed);
    context.commit("rename");
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1085]: 1.0.0 is a version of support/onboarding, as the set was called then, and not of support/welcome
  = help: take the files that you want from that version with `git checkout`

"#]]
    );

    let empty = context.path("tmp");
    fs::write(empty.join("anvil.toml"), manifest("a/b", "1.0.0", &[])).unwrap();
    assert_answer!(
        context.anvil_in(&empty, &["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0801]: `[ROOT]/tmp` is not in a git repository
  = help: make it one: `git init`

"#]]
    );
    context.git_in(&empty, &["init", "--quiet"]);
    assert_answer!(
        context.anvil_in(&empty, &["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0803]: the git repository `[ROOT]/tmp` has no commit yet
  = help: commit something first: `git add . && git commit`

"#]]
    );
    context.git_in(&empty, &["commit", "--quiet", "--allow-empty", "--message", "empty"]);
    assert_answer!(
        context.anvil_in(&empty, &["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `anvil.toml` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
}

#[test]
fn a_set_in_a_subfolder_goes_back_alone_and_with_its_dependencies() {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    context.git_init();
    context.write("sets/tone/anvil.toml", manifest("core/tone", "1.0.0", &[("style/voice", "^1.0")]));
    context.write("sets/tone/prompts/a.prompt.md", "one\n");
    context.write("sets/beside.md", "one\n");
    context.commit("first");
    let inside = context.project().join("sets/tone");
    context.anvil_in(&inside, &["version", "1.0.0"]).success();
    context.write("sets/tone/anvil.toml", manifest("core/tone", "1.0.0", &[]));
    context.write("sets/tone/prompts/a.prompt.md", "two\n");
    context.write("sets/beside.md", "two\n");
    context.commit("second");
    context.anvil_in(&inside, &["version", "1.1.0"]).success();
    context.write("sets/beside.md", "not committed\n");
    assert_answer!(
        context.anvil_in(&inside.join("prompts"), &["rollback", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
  changed anvil.toml
  changed prompts/a.prompt.md
brought the content of core/tone 1.0.0 back as 1.1.1, committed and tagged as core/tone@1.1.1 ([SHORT])
--- stderr
help: the dependencies are those of then; make the lock answer them: `anvil lock`
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
    assert_eq!(context.git(&["status", "--short"]), " M sets/beside.md\n");
    assert_eq!(context.git(&["show", "HEAD:sets/beside.md"]), "two\n");
    assert_eq!(context.git(&["show", "core/tone@1.1.1:sets/tone/prompts/a.prompt.md"]), "one\n");
}
