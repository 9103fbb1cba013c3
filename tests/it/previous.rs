//! Going back: a locked set to the version that the lock held before.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, state};
use snapbox::str;
use std::fs;

/// An application whose lock held three versions of `core/tone`.
fn application() -> (TestContext, Shelf) {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    let shelf = Shelf::new(&context, "registry", "test");
    context.git_init();
    context.write(".gitignore", ".anvil/\n");
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.0\"\n");
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
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([SHORT])
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
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([SHORT])
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
    context.commit("go back");
    // As `cd -` does, the same again goes to where one came from.
    let json = context.anvil(&["rollback", "core/tone", "--format", "json"]).success().json();
    assert_eq!(json["previous"]["version"], "1.2.0");
    assert_eq!(json["pull"]["changes"][0]["to"], "1.2.0");

    // One that was yanked since is taken, since the lock held it, and that is said.
    context.commit("and forth");
    shelf.yank("core/tone 1.1.0", "it promises too much");
    shelf.yank("core/tone 1.0.0", "too");
    assert_answer!(
        context.anvil(&["rollback", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 is what anvil.lock held before 1.2.0 ([SHORT])
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
  = help: core/tone 1.0.0 would do: `anvil add core/tone@^1`

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
error[A1086]: anvil.lock never held another version of core/tone than 1.2.0, as far as its git history goes
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
