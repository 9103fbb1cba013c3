//! What a registry says of versions beside their bytes: channels that go, yanks in a tree, advice
//! against several at once, and how quiet the commands are that find nothing wrong.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;

/// An application that locked `core/tone`, which needs `style/voice`, beside their registry.
fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    context.anvil(&["pull"]).success();
    (context, shelf)
}

#[test]
fn a_channel_goes_and_its_version_stays() {
    let (context, shelf) = application();
    shelf.channel("stable", "core/tone 1.4.2");
    shelf.channel("canary", "core/tone 1.4.2");
    let before = context.files("../registry");
    assert_answer!(
        context.anvil(&["channel", "remove", "canary", "core/tone", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would remove the channel `canary` of core/tone, which named 1.4.2 (on default)
--- stderr

"#]]
    );
    assert!(context.files("../registry") == before, "something was changed");
    assert_answer!(
        context.anvil(&["channel", "remove", "canary", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
removed the channel `canary` of core/tone, which named 1.4.2 (on default)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["channel", "remove", "canary", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
core/tone has no channel `canary` on default; it has `stable`
--- stderr

"#]]
    );
    let report = context.anvil(&["channel", "remove", "stable", "core/tone", "--format", "json"]).json();
    assert_eq!((&report["outcome"], &report["from"]), (&"changed".into(), &"1.4.2".into()));
    assert_eq!(context.anvil(&["channel", "list", "core/tone"]).success().stdout, "");
    assert_eq!(context.anvil(&["channel", "remove", "stable", "no/such"]).code, 1);
    context.anvil(&["registry", "verify", "../registry"]).success();
    context.anvil(&["add", "core/tone@1.4.2"]).success();
}

#[test]
fn words_in_another_order_are_told_in_theirs() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["channel", "remove", "core/tone", "stable"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'core/tone' for '<CHANNEL>': `core/tone` is not a valid channel name: '/' is not a lower-case letter, a digit or `-`

  tip: the channel comes first: `anvil channel remove stable core/tone`

For more information, try '--help'.

"#]]
    );
    for (typed, right) in [
        ("channel remove --registry ../r core/tone stable", "channel remove stable core/tone --registry ../r"),
        ("channel set live 1.0.0 core/tone", "channel set live core/tone@1.0.0"),
        ("channel set core/tone@1.0.0 live -C sets", "channel set live core/tone@1.0.0 -C sets"),
        ("channel set live core/tone 1.0.0 --dry-run", "channel set live core/tone@1.0.0 --dry-run"),
        ("channel set 1.0.0 live", "channel set live 1.0.0"),
    ] {
        let answer = context.anvil(&typed.split(' ').collect::<Vec<_>>());
        assert!(answer.code == 2 && answer.stderr.contains(&format!("`anvil {right}`\n")), "{}", answer.shown());
    }
    for typed in [
        "channel remove core/tone",
        "channel remove stable core/tone --gone",
        "channel set a b c",
        "channel set live core/tone",
        "channel set live 1.0.0 --format xml",
        "show a/b c/d",
    ] {
        let answer = context.anvil(&typed.split(' ').collect::<Vec<_>>());
        assert!(!answer.stderr.contains("tip: the channel"), "{}", answer.shown());
    }
}

#[test]
fn a_tree_marks_what_is_yanked_as_far_as_it_is_known() {
    let (context, shelf) = application();
    shelf.yank("style/voice 1.0.0", "leaks");
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.4.2 (^1.4) 1 prompt
    └── style/voice 1.0.0 yanked (security) (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0 yanked (security) 1 prompt
--- stderr

"#]]
    );
    let tree = context.anvil(&["tree", "--format", "json"]).json();
    assert_eq!(tree["branches"][1]["yanked"]["message"], "leaks");
    assert!(tree["branches"][0]["yanked"].is_null());
    std::fs::remove_dir_all(context.path("registry")).unwrap();
    let unknown = context.anvil(&["tree"]).success();
    assert!(!unknown.stdout.contains("yanked"), "{}", unknown.shown());
}

#[test]
fn of_several_versions_all_are_deprecated_or_none() {
    let (context, shelf) = application();
    shelf.publish("core/tone 1.4.3", &[]);
    let before = context.files("../registry");
    let deprecate = |versions: &[&str]| {
        let message = ["--message", "use 2", "--registry", "../registry"];
        context.anvil(&[&["deprecate"], versions, &message].concat())
    };
    assert_eq!(deprecate(&["core/tone@1.4.2", "core/tone@9.9.9"]).code, 1);
    assert!(context.files("../registry") == before, "one of two was changed");
    assert_answer!(
        deprecate(&["core/tone@1.4.2", "core/tone@1.4.3"]),
        str![[r#"
exit: 0
--- stdout
deprecated core/tone 1.4.2 and 1.4.3 on ../registry
--- stderr

"#]]
    );
    assert_answer!(
        deprecate(&["core/tone@1.4.2", "core/tone@all"]),
        str![[r#"
exit: 0
--- stdout
deprecated so already on ../registry: core/tone 1.4.2 and 1.4.3
--- stderr

"#]]
    );
}

#[test]
fn a_quiet_check_says_nothing_until_something_is_wrong() {
    let (context, shelf) = application();
    let silent = |arguments: &[&str]| {
        let answer = context.anvil(arguments).success();
        assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), ("", ""), "{arguments:?}");
    };
    for check in [&["registry", "verify", "../registry", "-q"][..], &["cache", "verify", "-q"], &["verify", "-q"]] {
        silent(check);
    }
    let cached = context.files("../cache").into_iter().find(|(path, _)| path.ends_with(".tar.gz")).unwrap().0;
    context.write(&format!("../cache/{cached}"), "rotten");
    std::fs::remove_file(shelf.bundle("style/voice 1.0.0")).unwrap();
    let rotten = context.anvil(&["cache", "verify", "-q"]).success();
    assert!(rotten.stdout.starts_with("removed "), "{}", rotten.shown());
    let broken = context.anvil(&["registry", "verify", "../registry", "-q"]);
    assert!(broken.code == 1 && broken.stdout.starts_with("fault: "), "{}", broken.shown());
}

/// Whoever may call a channel so must be able to ask for it.
#[test]
fn a_channel_whose_name_looks_like_a_tag_is_addressed_like_any_other() {
    let (context, shelf) = application();
    for channel in ["v2", "v1-beta"] {
        shelf.channel(channel, "core/tone 1.4.2");
        let shown = context.anvil(&["show", &format!("core/tone@{channel}"), "--format", "json"]).success();
        assert_eq!(shown.json()["set"]["version"], "1.4.2");
        context.anvil(&["add", &format!("core/tone@{channel}"), "--dry-run"]).success();
    }
    // Where there is no such channel, a version may be meant.
    assert_answer!(
        context.anvil(&["show", "core/tone@v3"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: core/tone has no channel `v3` in the registry `test`
  = help: if you mean the version, say `core/tone@3.0.0`
  = help: its channels are v1-beta, v2

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "core/tone@v3"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1132]: core/tone has no channel `v3`
  = help: if you mean the version: `anvil add core/tone@3.0.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["show", "core/tone@v3.0.0"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'core/tone@v3.0.0' for '[REFERENCE]': `core/tone@v3.0.0` is not an address: `v3.0.0` is not a valid version: did you mean 3.0.0?

For more information, try '--help'.

"#]]
    );
}
