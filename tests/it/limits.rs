//! What no bundle can hold is told before there is a version that nobody could publish.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{set_in, state};
use snapbox::str;
use std::fs;

/// A set that takes in all that lies in `data/`.
fn set() -> TestContext {
    let context = TestContext::new();
    set_in(&context, ".", "core/tone 1.0.0", &[]);
    let manifest = context.read("anvil.toml");
    context.write(
        "anvil.toml",
        manifest.replace("version = \"1.0.0\"\n", "version = \"1.0.0\"\ninclude = [\"data/**\"]\n"),
    );
    context
}

#[test]
fn more_files_than_a_bundle_holds_are_found_by_lint() {
    let context = set();
    fs::create_dir(context.project().join("data")).unwrap();
    for number in 0..10_000 {
        fs::write(context.project().join(format!("data/{number}.txt")), "").unwrap();
    }
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0702]: the set has 10003 files, and a bundle holds at most 10000
  = help: leave files out with `exclude` in anvil.toml, or split the set

1 prompt checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0702`

"#]]
    );
}

#[test]
fn files_that_are_too_large_are_named_by_lint_and_get_no_version() {
    let context = set();
    context.git_init();
    context.commit("Begin");
    fs::create_dir(context.project().join("data")).unwrap();
    let file = |name: &str, mebibytes: u64| {
        let file = fs::File::create(context.project().join("data").join(name)).unwrap();
        file.set_len(mebibytes << 20).unwrap();
    };
    let refuse = |path: &str| {
        let told = format!("error[A0702]: with `{path}` the set's files are larger than 64 MiB together\n");
        let answer = context.anvil(&["lint"]);
        assert_eq!((answer.code, answer.stderr.contains(&told)), (1, true), "{}", answer.stderr);
    };
    file("one.txt", 65);
    refuse("data/one.txt");
    file("one.txt", 33);
    file("two.txt", 32);
    refuse("data/two.txt");
    context.commit("Add what is too large");
    let before = state(&context);
    let answer = context.anvil(&["version", "1.0.0"]);
    assert!(answer.code == 1 && answer.stderr.contains("error[A0702]: with `data/two.txt`"), "{}", answer.stderr);
    assert_eq!(state(&context), before);
}

#[test]
fn what_cannot_be_packed_gets_no_version() {
    let context = set();
    context.write("data/blank.txt", vec![b' '; 2 << 20]);
    context.git_init();
    context.commit("Begin");
    context.anvil(&["lint"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["version", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0702]: core/tone 1.0.0 cannot be made into a bundle: its files are more than 100 times as large as its archive
  = help: no version was made; leave files out with `exclude` in anvil.toml, or split the set, and commit that

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "1.1.0", "--dry-run"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0702]: core/tone 1.1.0 cannot be made into a bundle: its files are more than 100 times as large as its archive
  = help: no version was made; leave files out with `exclude` in anvil.toml, or split the set, and commit that

"#]]
    );
    assert_eq!(context.git(&["tag"]), "");
    assert_eq!(state(&context), before);
}
