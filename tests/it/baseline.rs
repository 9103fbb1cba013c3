//! Which two versions `compat` and `version auto` compare: the release that is nearest, or the sides that are named.

use crate::assert_answer;
use crate::compat::{MANIFEST, REPLY, compat_json, released_as, reply, rules};
use crate::context::TestContext;
use crate::shelf::release;
use serde_json::{Value, json};
use snapbox::str;

#[test]
fn the_nearest_release_behind_head_is_what_counts() {
    let context = released_as("1.0.0");
    context.git(&["switch", "--quiet", "--create", "next"]);
    reply(&context, "warm, formal", "warm, formal, brief");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "2.0.0"));
    release(&context, "2.0.0");
    // Another branch knows nothing of it, and a pre-release promises nothing.
    context.git(&["switch", "--quiet", "main"]);
    context.write("prompts/reply.prompt.md", REPLY.replace("Answer", "Reply to"));
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.1.0-rc.1"));
    release(&context, "1.1.0-rc.1");
    let answer = compat_json(&context, &[]);
    assert_eq!((&answer["old"]["name"], &answer["bump"]), (&json!("1.0.0"), &json!("patch")));
    let answer = context.anvil(&["version", "auto", "--dry-run"]).success();
    assert!(answer.stdout.contains("1.1.0-rc.1 -> 1.1.0, "), "{}", answer.stdout);
    // The nearest of a merge is the one with the fewest commits since.
    for note in ["one", "two"] {
        context.write(&format!("{note}.txt"), note);
        context.commit(note);
    }
    context.git(&["merge", "--quiet", "next", "-X", "theirs", "-m", "Merge"]);
    assert_eq!(compat_json(&context, &[])["old"]["name"], "2.0.0");
    let answer = context.anvil(&["version", "auto", "--dry-run"]).success();
    assert!(answer.stdout.contains("-> 2.0.1, "), "{}", answer.stdout);
}

#[test]
fn without_a_release_there_is_nothing_to_compare_with() {
    let context = TestContext::in_git();
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "0.1.0"));
    context.write("prompts/reply.prompt.md", REPLY);
    context.commit("Begin");
    for arguments in [&["compat"][..], &["compat", "--exit-code"]] {
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 0
--- stdout
nothing to compare with: support/replies has no release behind HEAD, and its first one is 0.1.0
--- stderr
help: make it: `anvil version auto`

"#]]
        );
    }
    let answer = compat_json(&context, &[]);
    let told = ["old", "from", "bump", "needed"].map(|key| &answer[key]);
    assert_eq!(told, [&Value::Null, &Value::Null, &Value::Null, &json!("0.1.0")]);
    assert_eq!(
        (&answer["changes"], &answer["trials"], &answer["new"]["kind"]),
        (&json!([]), &json!([]), &"working-tree".into())
    );
    assert_answer!(
        context.anvil(&["version", "auto", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would tag support/replies 0.1.0 as v0.1.0, which anvil.toml says already
--- stderr

"#]]
    );
    assert_eq!(compat_json(&context, &["HEAD"])["bump"], Value::Null);
    reply(&context, "Answer", "Reply to");
    assert_eq!(compat_json(&context, &["HEAD"])["bump"], "patch");
    assert_eq!(context.anvil(&["compat", "1.2.0"]).code, 1);
    // A pre-release promises nothing, and what it leads to is the first release.
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "0.1.0-rc.1"));
    release(&context, "0.1.0-rc.1");
    assert_eq!(compat_json(&context, &[])["needed"], "0.1.0");
    context.anvil(&["version", "auto"]).success();
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v0.1.0\n");
}

#[test]
fn before_the_first_commit_there_is_nothing_to_compare_with() {
    let context = TestContext::in_git();
    context.write("anvil.toml", MANIFEST);
    context.write("prompts/reply.prompt.md", REPLY);
    let answer = context.anvil(&["compat", "--exit-code"]).success();
    let told = "nothing to compare with: support/replies has no release behind HEAD, and its first one is 1.0.0\n";
    assert_eq!(answer.stdout, told);
}

/// A release may be behind what a shallow clone has.
#[test]
fn a_shallow_clone_does_not_know_whether_there_is_a_release() {
    let context = released_as("1.0.0");
    reply(&context, "warm, formal", "warm");
    context.commit("Only warm");
    let clone = context.path("clone");
    let url = format!("file://{}", context.project().display());
    context.git(&["clone", "--quiet", "--depth=1", "--no-tags", &url, clone.to_str().unwrap()]);
    for arguments in [&["compat"][..], &["version", "auto"]] {
        assert_answer!(
            context.anvil_in(&clone, arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A0712]: support/replies has no release behind HEAD to compare with, as far as its history is here
  = help: this clone is shallow; fetch the rest of its history: `git fetch --unshallow --tags`

"#]]
        );
    }
}

/// What the one release here was to promise is said by one that a shallow clone lacks.
#[test]
fn a_shallow_clone_does_not_know_what_its_release_was_to_promise() {
    let context = released_as("1.0.0");
    reply(&context, "tone: { enum: [warm, formal], default: warm }", "tone: { enum: [warm], default: warm }");
    context.commit("Only warm");
    context.anvil(&["version", "patch"]).success();
    let clone = |name: &str| {
        let clone = context.path(name);
        let url = format!("file://{}", context.project().display());
        context.git(&["clone", "--quiet", "--depth=1", &url, clone.to_str().unwrap()]);
        clone
    };
    let cut_off = clone("cut-off");
    for arguments in [&["compat", "--exit-code"][..], &["version", "auto"]] {
        assert_answer!(
            context.anvil_in(&cut_off, arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A0712]: support/replies has no release behind 1.0.1 to compare with, as far as its history is here
  = help: this clone is shallow; fetch the rest of its history: `git fetch --unshallow --tags`

"#]]
        );
    }
    // The same number again has nothing to do, and one that is public owes nothing.
    context.anvil_in(&cut_off, &["version", "patch"]).success();
    context.anvil(&["push", "--allow-breaking"]).success();
    context.anvil_in(&cut_off, &["compat", "--exit-code"]).success();
    // One that may break whatever was before it need not be judged.
    context.anvil(&["version", "2.0.0"]).success();
    context.anvil_in(&clone("major"), &["compat", "--exit-code"]).success();
}

/// A clone without its tags has no releases; the registry has.
#[test]
fn a_registry_that_is_ahead_of_the_tags_is_told_of() {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    reply(&context, "Answer", "Reply to");
    context.commit("Other words");
    let clone = context.path("clone");
    context.git(&["clone", "--quiet", "--no-tags", ".", clone.to_str().unwrap()]);
    let answer = context.anvil_in(&clone, &["compat", "--exit-code"]).success();
    assert_eq!(
        answer.stderr,
        "warning: the registry has support/replies 1.0.0, and no tag here is as high\n\
         help: fetch the tags: `git fetch --tags`\n"
    );
    assert_answer!(
        context.anvil_in(&clone, &["version", "auto"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1054]: the registry has support/replies 1.0.0 with other content, and this clone has no tag of it
  = help: fetch the tags, and ask again: `git fetch --tags`
  = help: or name a version that is free: `anvil version VERSION`

"#]]
    );
    context.git(&["-C", clone.to_str().unwrap(), "fetch", "--quiet", "--tags"]);
    let answer = context.anvil_in(&clone, &["compat", "--exit-code"]).success();
    assert_eq!(answer.stderr, "");
    let answer = context.anvil_in(&clone, &["version", "auto", "--dry-run"]).success();
    assert!(answer.stdout.contains("1.0.1"), "{}", answer.shown());
}

/// The work tree is neither side.
#[test]
fn two_revisions_are_compared_whatever_the_work_tree_says() {
    let context = released_as("1.0.0");
    reply(&context, "warm, formal", "warm");
    release(&context, "2.0.0");
    let compared =
        || ["1.0.0", "v1.0.0"].map(|old| compat_json(&context, &[old, &old.replace('1', "2")])["bump"].clone());
    let whole = compared();
    assert_eq!(whole, ["major", "major"]);
    context.write("anvil.toml", "[set\n");
    assert_eq!(compared(), whole);
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    assert_eq!(compared(), whole);
}

#[test]
fn sides_are_named_as_for_diff() {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    reply(&context, "warm, formal", "warm, formal, brief");
    context.commit("Be brief");
    let published = "support/replies@1.0.0";
    for sides in [&["v1.0.0"][..], &["v1.0.0..HEAD"], &["HEAD~1", "."], &[published], &[published, "HEAD"]] {
        assert_eq!(rules(&compat_json(&context, sides)), [("enum_value_added", "minor")], "{sides:?}");
    }
    let answer = compat_json(&context, &[published]);
    assert_eq!(answer["old"]["registry"], "test");
    // Outside any project a registry is named.
    let elsewhere = context.path("tmp");
    let arguments = ["compat", published, published, "--registry", "../registry"];
    let answer = context.anvil_in(&elsewhere, &arguments).success();
    assert_eq!(
        answer.stdout,
        "nothing to release: support/replies in support/replies 1.0.0 is as in support/replies 1.0.0\n"
    );
}
