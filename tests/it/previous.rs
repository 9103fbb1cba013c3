//! Going back: a locked set to the version that the lock held before.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking, state};
use snapbox::str;
use std::fs;

/// An application whose lock held three versions of `core/tone`.
fn application() -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    context.write(".gitignore", ".anvil/\n");
    context.write("anvil.toml", asking(&[("core/tone", "^1.0")]));
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        shelf.publish(&format!("core/tone {version}"), &[]);
        context.anvil(&["update"]).success();
        context.commit(&format!("take core/tone {version}"));
        // Commits that leave the lock alone, or change something else in it, are passed over.
        context.write("app.txt", version);
        context.commit("work");
    }
    (context, shelf)
}

#[test]
fn a_locked_set_goes_back_to_the_version_that_the_lock_held_before() {
    let (context, shelf) = application();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["rollback", "core/tone", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([ID])
would downgrade core/tone 1.2.0 -> 1.1.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["update", "core/tone", "--previous"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([ID])
downgraded core/tone 1.2.0 -> 1.1.0
everything is in place (1 set)
--- stderr
help: anvil.lock alone says so, and `anvil update` moves it again; to stay there: `anvil add core/tone@=1.1.0`

"#]]
    );
    assert!(context.read("anvil.lock").contains("version = \"1.1.0\""));
    assert!(context.read("anvil.toml").contains("\"core/tone\" = \"^1.0\""));
    context.anvil(&["verify"]).success();
    // Nothing moves it again without being asked to.
    context.anvil(&["pull"]).success();
    assert!(context.read("anvil.lock").contains("version = \"1.1.0\""));
    // One that was yanked since is taken, since the lock held it, and that is said.
    context.git(&["checkout", "--quiet", "anvil.lock"]);
    shelf.yank("core/tone 1.1.0", "it promises too much");
    shelf.yank("core/tone 1.0.0", "too");
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([ID])
downgraded core/tone 1.2.0 -> 1.1.0
everything is in place (1 set)
--- stderr
warning: core/tone 1.1.0 is yanked (security): it promises too much; it is taken because anvil.lock held it before
help: anvil.lock alone says so, and `anvil update` moves it again; to stay there: `anvil add core/tone@=1.1.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
downgraded core/tone 1.1.0 -> 1.0.0
unpacked 1 of 1 set
--- stderr
warning: core/tone 1.0.0 is yanked (security): too; it is taken because anvil.lock held it before
help: see what changed: `anvil diff core/tone@1.1.0 core/tone@1.0.0`

"#]]
    );
    shelf.publish("core/tone 1.0.1", &[]);
    shelf.yank("core/tone 1.0.1", "never used here");
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.0.1"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `core/tone` that can be used satisfies `=1.0.1`
    this command needs core/tone =1.0.1
      core/tone: 1.0.1 was yanked: never used here

"#]]
    );
}

/// Returns the version of `set` in the lock.
fn locked(context: &TestContext, set: &str) -> String {
    let lock = context.read("anvil.lock");
    let (_, after) = lock.split_once(&format!("[[set]]\nname = \"{set}\"\nversion = \"")).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// The versions are undone one after the other, whether or not the lock is committed in between.
#[test]
fn each_run_goes_one_version_further_back() {
    for commits in [false, true] {
        let (context, _shelf) = application();
        for version in ["1.1.0", "1.0.0"] {
            context.anvil(&["rollback", "core/tone"]).success();
            assert_eq!(locked(&context, "core/tone"), version, "commits: {commits}");
            if commits {
                context.commit(&format!("back to {version}"));
            }
        }
        let before = state(&context);
        assert_answer!(
            context.anvil(&["rollback", "core/tone"]),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1086]: anvil.lock held no version of core/tone before it first held 1.0.0, as far as its git history goes; it held 1.1.0 and 1.2.0 since, and went back
  = help: to go forward again: `anvil update core/tone --precise 1.2.0`

"#]]
        );
        assert_eq!(state(&context), before);
    }
}

/// What was gone back from is undone for good: the way back from a later version leads past it.
#[test]
fn a_version_that_was_gone_back_from_is_not_come_back_to() {
    let (context, shelf) = application();
    context.anvil(&["rollback", "core/tone"]).success();
    context.commit("back to 1.1.0");
    shelf.publish("core/tone 1.3.0", &[]);
    context.anvil(&["update"]).success();
    for version in ["1.1.0", "1.0.0"] {
        let json = context.anvil(&["update", "core/tone", "--previous", "--format", "json"]).success().json();
        assert_eq!(json["previous"]["version"], version);
        context.commit(version);
    }
}

/// Who came back to the first version by other ways than `rollback` is told what it was come back from, and no higher
/// version need be among it.
#[test]
fn a_version_that_was_gone_back_to_is_told_with_what_was_held_since() {
    let (context, _shelf) = application();
    context.anvil(&["update", "core/tone", "--precise", "1.0.0"]).success();
    context.commit("back to the first");
    let told = |context: &TestContext, run: &str| {
        let answer = context.anvil(&["rollback", "core/tone"]);
        assert!(answer.code == 1 && answer.stderr.contains("since, and went back"), "{}", answer.shown());
        assert!(answer.stderr.contains(run), "{}", answer.shown());
    };
    told(&context, "it held 1.1.0 and 1.2.0 since");
    told(&context, "`anvil update core/tone --precise 1.2.0`");
    context.anvil(&["update", "core/tone", "--precise", "1.2.0"]).success();
    context.commit("forward");
    context.anvil(&["rollback", "core/tone"]).success();
    told(&context, "`anvil update core/tone --precise 1.2.0`");
    // From below, too.
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    context.write("anvil.toml", asking(&[("core/tone", "^1.0")]));
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    context.anvil(&["lock"]).success();
    for version in ["1.1.0", "1.0.0", "1.1.0"] {
        context.anvil(&["update", "core/tone", "--precise", version]).success();
        context.commit(version);
    }
    told(&context, "before it first held 1.1.0, as far as its git history goes; it held 1.0.0 since");
    told(&context, "`anvil update core/tone --precise 1.0.0`");
}

/// What a merged branch held meanwhile never stood in the lock here.
#[test]
fn a_merge_has_the_history_of_the_side_that_it_took_the_lock_from() {
    let (context, shelf) = application();
    context.git(&["checkout", "--quiet", "-b", "side", "HEAD~4"]);
    context.anvil(&["update", "core/tone", "--precise", "1.0.0"]).success();
    context.commit("a branch that stays behind");
    context.git(&["checkout", "--quiet", "main"]);
    context.git(&["merge", "--quiet", "--strategy", "ours", "--message", "merge", "side"]);
    assert!(context.anvil(&["rollback", "core/tone", "--dry-run"]).success().stdout.starts_with("core/tone 1.1.0 is"));
    // Neither side's lock is the merge's: the branch that was merged into is followed.
    shelf.publish("style/voice 1.0.0", &[]);
    context.anvil(&["add", "style/voice"]).success();
    context.git(&["add", "--all"]);
    context.git(&["commit", "--quiet", "--amend", "--message", "merge, with more"]);
    assert!(context.anvil(&["rollback", "core/tone", "--dry-run"]).success().stdout.starts_with("core/tone 1.1.0 is"));
}

/// What the merged branch tried on its way never stood here either, where the merge took its lock.
#[test]
fn a_merge_that_took_the_branchs_lock_goes_back_to_the_one_before_the_merge() {
    let (context, shelf) = application();
    context.git(&["checkout", "--quiet", "-b", "side"]);
    for version in ["1.3.0", "1.4.0"] {
        shelf.publish(&format!("core/tone {version}"), &[]);
        context.anvil(&["update"]).success();
        context.commit(&format!("try core/tone {version}"));
    }
    context.git(&["checkout", "--quiet", "main"]);
    context.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "side"]);
    let went_back = |context: &TestContext| context.anvil(&["rollback", "core/tone", "--dry-run"]).success().stdout;
    assert!(went_back(&context).starts_with("core/tone 1.2.0 is"), "{}", went_back(&context));
}

/// An application that needs `core/tone` only through `support/desk`, whose versions raised what they ask of it.
fn through_another() -> TestContext {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    for (desk, tone, requirement) in [("1.0.0", "1.0.0", "^1.0"), ("1.1.0", "1.1.0", "^1.0"), ("2.0.0", "2.0.0", "^2")]
    {
        shelf.publish(&format!("core/tone {tone}"), &[]);
        shelf.publish(&format!("support/desk {desk}"), &[&format!("core/tone {requirement}")]);
        context.write("anvil.toml", asking(&[("support/desk", if desk == "2.0.0" { "^2" } else { "^1" })]));
        context.anvil(&["update"]).success();
        context.commit(desk);
    }
    context
}

#[test]
fn a_set_that_others_need_goes_back_as_far_as_they_let_it() {
    let context = through_another();
    for arguments in [&["rollback", "core/tone"][..], &["update", "core/tone", "--precise", "1.1.0"]] {
        let before = state(&context);
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A0501]: no versions satisfy the requirements
    this command needs core/tone =1.1.0, and
    support/desk 2.0.0 needs core/tone ^2
      support/desk: anvil.toml:5 -> support/desk ^2
  = help: support/desk 1.1.0 needs core/tone ^1.0: `anvil add support/desk@^1`

"#]]
        );
        assert_eq!(state(&context), before);
    }
    // The hint works, and so does what was asked for then.
    context.anvil(&["add", "support/desk@^1"]).success();
    context.anvil(&["update", "core/tone", "--precise", "1.1.0"]).success();
    context.commit("back to 1");
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.0.0 is what anvil.lock held before 1.1.0 ([ID])
downgraded core/tone 1.1.0 -> 1.0.0
unpacked 1 of 2 sets
--- stderr
help: anvil.lock alone says so, and `anvil update` moves it again; to stay there: `anvil add core/tone@=1.0.0`

"#]]
    );
    assert_eq!(locked(&context, "core/tone"), "1.0.0");
}

#[test]
fn a_version_that_is_not_there_is_told_with_those_near_it() {
    let (context, shelf) = application();
    for version in ["2.0.0", "3.0.0", "3.1.0", "4.0.0"] {
        shelf.publish(&format!("core/tone {version}"), &[]);
    }
    shelf.yank("core/tone 4.0.0", "no");
    context.write("anvil.toml", context.read("anvil.toml").replace("^1.0", "*"));
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "9.9.9"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone 9.9.9
  = help: its newest versions are 3.1.0, 3.0.0, 2.0.0

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.1.7"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone 1.1.7
  = help: near it are 1.2.0, 1.1.0, 1.0.0; the newest is 3.1.0

"#]]
    );
    assert_answer!(
        context.anvil(&["show", "core/tone@1.1.7", "--registry", "../registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone 1.1.7
  = help: near it are 1.2.0, 1.1.0, 1.0.0; the newest is 3.1.0

"#]]
    );
    assert_answer!(
        context.anvil(&["yank", "core/tone@1.1.7", "--reason", "other", "--registry", "../registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0616]: the registry `../registry` has no core/tone 1.1.7
  = help: near it are 1.2.0, 1.1.0, 1.0.0; the newest is 3.1.0

"#]]
    );
}

/// A version can be asked for before there is a lock: it is made with that version.
#[test]
fn without_a_lock_the_version_is_locked_that_is_asked_for() {
    let (context, _shelf) = application();
    fs::remove_file(context.project().join("anvil.lock")).unwrap();
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.1.0"]),
        str![[r#"
exit: 0
--- stdout
added core/tone 1.1.0
everything is in place (1 set)
--- stderr

"#]]
    );
    fs::remove_file(context.project().join("anvil.lock")).unwrap();
    for arguments in
        [&["update", "core/tnoe", "--precise", "1.1.0"][..], &["update", "a/b"], &["rollback", "core/tone"]]
    {
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1032]: there is no `anvil.lock` in `[ROOT]/project`
  = help: write one: `anvil lock`

"#]]
        );
    }
}

#[test]
fn what_cannot_go_back_so_is_told_where_to_go() {
    let (context, _shelf) = application();
    assert_answer!(
        context.anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: this project publishes no set that 1.0.0 could be a version of
  = help: a locked set goes back to the version before: `anvil rollback core/tone`
  = help: or to one that you name: `anvil update core/tone --precise 1.0.0`

"#]]
    );
    context
        .write("anvil.toml", format!("{}\n[set]\nname = \"a/b\"\nversion = \"1.0.0\"\n", context.read("anvil.toml")));
    for arguments in [&["rollback", "a/b"][..], &["update", "a/b", "--precise", "1.0.0"], &["update", "a/b"]] {
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1038]: a/b is this project's own set, and not in anvil.lock
  = help: see its versions, and what `anvil rollback VERSION` can bring back: `anvil log`

"#]]
        );
    }
    assert_answer!(
        context.anvil_in(&context.path("tmp"), &["rollback", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1030]: there is no `anvil.toml` in `[ROOT]/tmp` or any folder above it
  = help: to make a prompt set here: `anvil init --name project/set`
  = help: to use prompt sets in an application: `anvil init --app`

"#]]
    );
}

#[test]
fn without_a_version_before_nothing_moves() {
    let (context, _shelf) = application();
    context.write("anvil.toml", context.read("anvil.toml").replace("^1.0", "^1.2"));
    context.anvil(&["lock"]).success();
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: core/tone 1.1.0 does not satisfy anvil.toml, which asks for `^1.2`
  = help: ask for it in anvil.toml, too: `anvil add core/tone@=1.1.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["rollback", "core/tnoe"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1038]: core/tnoe is not in anvil.lock
  = help: did you mean core/tone?

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "a/b", "--previous"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: `--previous` moves one set

"#]]
    );

    let (context, _shelf) = application();
    fs::remove_dir_all(context.project().join(".git")).unwrap();
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1086]: anvil.lock has no history: `[ROOT]/project` is not in a git repository
  = help: to take a version that you name: `anvil update core/tone --precise VERSION`

"#]]
    );
    context.git_init();
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1086]: anvil.lock held no version of core/tone before 1.2.0, as far as its git history goes
  = help: to take a version that you name: `anvil update core/tone --precise VERSION`

"#]]
    );
    context.commit("all at once");
    context.anvil(&["rollback", "core/tone"]);
    fs::remove_file(context.project().join("anvil.lock")).unwrap();
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1032]: there is no `anvil.lock` in `[ROOT]/project`
  = help: write one: `anvil lock`

"#]]
    );
}

#[test]
fn a_shallow_clone_is_told_to_fetch_what_the_lock_held() {
    let (context, _shelf) = application();
    let origin = format!("file://{}", context.project().display());
    context.git(&["clone", "--quiet", "--depth=1", &origin, "../shallow"]);
    for command in [&["update", "core/tone", "--previous"][..], &["rollback", "core/tone"]] {
        assert_answer!(
            context.anvil_in(&context.path("shallow"), command),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1086]: anvil.lock held no version of core/tone before 1.2.0, as far as its git history goes
  = help: this clone is shallow; fetch the rest of its history: `git fetch --unshallow --tags`

"#]]
        );
    }
}
