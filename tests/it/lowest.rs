//! `--resolution lowest`, which tests that lower bounds are true.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking, state};
use snapbox::str;

fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for version in ["1.0.0", "1.2.0", "1.3.0"] {
        shelf.publish(&format!("style/voice {version}"), &[]);
        shelf.publish(&format!("core/tone {version}"), &["style/voice ^1.0"]);
    }
    context.write("anvil.toml", asking(&[("core/tone", "^1.1")]));
    (context, shelf)
}

fn locked(context: &TestContext) -> Vec<String> {
    let lock: toml_edit::DocumentMut = context.read("anvil.lock").parse().unwrap();
    let sets = lock["set"].as_array_of_tables().unwrap();
    sets.iter().map(|set| format!("{} {}", set["name"].as_str().unwrap(), set["version"].as_str().unwrap())).collect()
}

#[test]
fn the_lowest_versions_that_will_do_are_locked_whatever_was() {
    let (context, _shelf) = application();
    context.anvil(&["lock"]).success();
    assert_eq!(locked(&context), ["core/tone 1.3.0", "style/voice 1.3.0"]);
    assert_answer!(
        context.anvil(&["lock", "--resolution", "lowest"]),
        str![[r#"
exit: 0
--- stdout
downgraded core/tone 1.3.0 -> 1.2.0
downgraded style/voice 1.3.0 -> 1.0.0
wrote anvil.lock (2 sets)
--- stderr

"#]]
    );
    assert_eq!(locked(&context), ["core/tone 1.2.0", "style/voice 1.0.0"]);
    // What was chosen stays, until somebody asks for another.
    context.anvil(&["lock"]).success();
    context.anvil(&["pull", "--locked"]).success();
    assert_eq!(locked(&context), ["core/tone 1.2.0", "style/voice 1.0.0"]);
    assert_answer!(
        context.anvil(&["pull", "--resolution", "lowest-direct"]),
        str![[r#"
exit: 0
--- stdout
updated style/voice 1.0.0 -> 1.3.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    assert_eq!(locked(&context), ["core/tone 1.2.0", "style/voice 1.3.0"]);
    context.anvil(&["update", "--resolution", "highest"]).success();
    assert_eq!(locked(&context), ["core/tone 1.3.0", "style/voice 1.3.0"]);
    assert_answer!(
        context.anvil(&["update", "style/voice", "--resolution", "lowest"]),
        str![[r#"
exit: 0
--- stdout
downgraded style/voice 1.3.0 -> 1.0.0
unpacked 1 of 2 sets
--- stderr
help: see what changed: `anvil diff style/voice@1.3.0 style/voice@1.0.0`

"#]]
    );
    assert_eq!(locked(&context), ["core/tone 1.3.0", "style/voice 1.0.0"]);
}

#[test]
fn what_is_added_at_its_lowest_moves_nothing_else() {
    let (context, shelf) = application();
    context.anvil(&["lock"]).success();
    for version in ["2.0.0", "2.1.0"] {
        shelf.publish(&format!("legal/notes {version}"), &["style/voice ^1.1"]);
    }
    assert_answer!(
        context.anvil(&["add", "legal/notes@^2", "--resolution", "lowest"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for legal/notes ^2
added legal/notes 2.0.0
unpacked 3 of 3 sets, fetched 721 bytes
--- stderr
help: see what a prompt takes: `anvil show legal/notes/house-style`

"#]]
    );
    assert_eq!(locked(&context), ["core/tone 1.3.0", "legal/notes 2.0.0", "style/voice 1.3.0"]);
}

#[test]
fn a_strategy_and_what_leaves_no_choice_exclude_each_other() {
    let (context, _shelf) = application();
    context.anvil(&["lock"]).success();
    let before = state(&context);
    for command in [
        &["pull", "--locked"][..],
        &["lock", "--check"],
        &["update", "core/tone", "--precise", "1.2.0"],
        &["update", "core/tone", "--previous"],
    ] {
        let answer = context.anvil(&[command, &["--resolution", "lowest"]].concat());
        assert!(answer.code == 2 && answer.stderr.contains("cannot be used with"), "{}", answer.shown());
    }
    assert_eq!(context.anvil(&["lock", "--resolution", "low"]).code, 2);
    assert_eq!(state(&context), before);
}
