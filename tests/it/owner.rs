//! What an owner says of versions that are published: `yank`, `deprecate`, `channel`.

use crate::assert_answer;
use crate::publish::{WELCOME, author, index, refused, release};
use crate::server::Server;
use serde_json::{Value, json};
use snapbox::str;

#[test]
fn a_version_is_yanked_and_the_yank_taken_back() {
    let context = author();
    context.anvil(&["push"]).success();
    context.anvil(&["channel", "set", "stable", "2.1.0"]).success();
    let yank = ["yank", "2.1.0", "--reason", "security", "--message", "it leaks names"];
    let before = context.files("../registry");
    assert_answer!(
        context.anvil(&[&yank[..], &["--dry-run"]].concat()),
        str![[r#"
exit: 0
--- stdout
would yank support/onboarding 2.1.0 on default (security)
--- stderr
warning: the channel `stable` names support/onboarding 2.1.0
help: let it name another: `anvil channel set stable support/onboarding@VERSION`

"#]]
    );
    assert!(context.files("../registry") == before, "a plan changed the registry");
    assert_answer!(
        context.anvil(&yank),
        str![[r#"
exit: 0
--- stdout
yanked support/onboarding 2.1.0 on default (security)
--- stderr
warning: the channel `stable` names support/onboarding 2.1.0
help: let it name another: `anvil channel set stable support/onboarding@VERSION`

"#]]
    );
    let yanked = json!({ "reason": "security", "message": "it leaks names" });
    assert_eq!(index(&context, "support/onboarding")[0]["yanked"], yanked);
    let again = context.anvil(&yank).success();
    assert_eq!(again.stdout, "support/onboarding 2.1.0 is already yanked on default (security)\n");
    assert_answer!(
        context.anvil(&["yank", "2.1.0", "--undo"]),
        str![[r#"
exit: 0
--- stdout
took back the yank of support/onboarding 2.1.0 on default
--- stderr

"#]]
    );
    assert_eq!(index(&context, "support/onboarding")[0]["yanked"], Value::Null);
    let again = context.anvil(&["yank", "2.1.0", "--undo"]).success();
    assert_eq!(again.stdout, "support/onboarding 2.1.0 is not yanked on default\n");
}

#[test]
fn an_owner_acts_without_the_checkout_when_all_is_named() {
    let context = author();
    context.anvil(&["push"]).success();
    let elsewhere = context.path("tmp");
    let at = |version: &str| {
        let arguments = ["yank", version, "--reason", "other", "--registry", "../registry", "--format", "json"];
        context.anvil_in(&elsewhere, &arguments)
    };
    let report = at("support/onboarding@2.1.0").success().json();
    assert_eq!((&report["outcome"], &report["registry"]["id"]), (&json!("changed"), &json!("test")));
    assert_answer!(
        at("support/onbording@2.1.0"),
        str![[r#"
exit: 1
--- stdout
--- stderr
{"error":{"code":"A0616","message":"the registry `../registry` has no set support/onbording","file":null,"line":null,"column":null,"hints":["did you mean support/onboarding?"],"findings":[],"exit":1}}

"#]]
    );
    assert_answer!(
        at("support/onboarding@2.1.1"),
        str![[r#"
exit: 1
--- stdout
--- stderr
{"error":{"code":"A0616","message":"the registry `../registry` has no support/onboarding 2.1.1","file":null,"line":null,"column":null,"hints":[],"findings":[],"exit":1}}

"#]]
    );
    assert_answer!(
        at("2.1.0"),
        str![[r#"
exit: 1
--- stdout
--- stderr
{"error":{"code":"A1091","message":"no set is named, and there is none in `[ROOT]/tmp`","file":null,"line":null,"column":null,"hints":["name it before the version, as in `project/set@1.0.0`"],"findings":[],"exit":1}}

"#]]
    );
    let unnamed = ["yank", "support/onboarding@2.1.0", "--reason", "other"];
    assert_answer!(
        context.anvil_in(&elsewhere, &unnamed),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1030]: no `anvil.toml` in `[ROOT]/tmp` or any folder above it could say which registry `default` is
  = help: say where it is: `--registry DIR`

"#]]
    );
    assert_eq!(context.anvil(&["yank", "2.1.0"]).code, 2, "a yank has a reason");
    assert_eq!(context.anvil(&["yank", "2.1", "--undo"]).code, 2);

    // What is yanked is what a slip of `--undo` may have meant.
    context.anvil(&["yank", "2.1.0", "--reason", "other"]).success();
    let slip = context.anvil(&["yank", "2.1.1", "--undo"]);
    assert!(slip.code == 1 && slip.stderr.contains("its only version is 2.1.0"), "{}", slip.stderr);
}

#[test]
fn versions_are_deprecated_one_several_or_all() {
    let context = author();
    context.anvil(&["push"]).success();
    release(&context, "2.2.0", WELCOME);
    context.anvil(&["push"]).success();
    let message = ["--message", "replies moved", "--replacement", "support/replies"];
    assert_answer!(
        context.anvil(&[&["deprecate", "2.1.0"], &message[..]].concat()),
        str![[r#"
exit: 0
--- stdout
deprecated support/onboarding 2.1.0 on default
--- stderr

"#]]
    );
    // A slip in one of the versions changes none.
    let answer = refused(&context, &[&["deprecate", "2.2.0", "3.0.0"], &message[..]].concat());
    assert_eq!(answer.code, 1);
    assert_answer!(
        context.anvil(&[&["deprecate", "all", "--dry-run"], &message[..]].concat()),
        str![[r#"
exit: 0
--- stdout
deprecated so already on default: support/onboarding 2.1.0
would deprecate support/onboarding 2.2.0 on default
--- stderr

"#]]
    );
    context.anvil(&[&["deprecate", "all"], &message[..]].concat()).success();
    let deprecated = json!({ "message": "replies moved", "replacement": "support/replies" });
    for line in index(&context, "support/onboarding") {
        assert_eq!(line["deprecated"], deprecated);
    }
    assert_answer!(
        context.anvil(&["deprecate", "support/onboarding@all", "--undo"]),
        str![[r#"
exit: 0
--- stdout
took back the deprecation of support/onboarding 2.1.0 and 2.2.0 on default
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["deprecate", "all", "--undo"]),
        str![[r#"
exit: 0
--- stdout
not deprecated on default: support/onboarding 2.1.0 and 2.2.0
--- stderr

"#]]
    );
    let two = ["deprecate", "a/b@1.0.0", "c/d@1.0.0", "--undo"];
    assert_answer!(
        refused(&context, &two),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: versions of a/b and of c/d are named: one set at a time
  = help: name the versions of each in a command of its own

"#]]
    );
}

#[test]
fn a_channel_names_a_version_that_is_there() {
    let context = author();
    context.anvil(&["push"]).success();
    assert_answer!(
        context.anvil(&["channel", "list"]),
        str![[r#"
exit: 0
--- stdout
--- stderr
note: support/onboarding has no channels on default

"#]]
    );
    assert_answer!(
        context.anvil(&["channel", "set", "stable", "2.1.0"]),
        str![[r#"
exit: 0
--- stdout
`stable` names support/onboarding 2.1.0 now (on default)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["channel", "set", "stable", "2.1.0"]),
        str![[r#"
exit: 0
--- stdout
`stable` names support/onboarding 2.1.0 already (on default)
--- stderr

"#]]
    );
    assert_eq!(refused(&context, &["channel", "set", "stable", "9.9.9"]).code, 1);
    release(&context, "2.2.0", WELCOME);
    context.anvil(&["push"]).success();
    assert_answer!(
        context.anvil(&["channel", "set", "stable", "support/onboarding@2.2.0", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
`stable` would name support/onboarding 2.2.0, not 2.1.0 (on default)
--- stderr

"#]]
    );
    context.anvil(&["channel", "set", "canary", "2.2.0"]).success();
    context.anvil(&["yank", "2.2.0", "--reason", "invalid"]).success();
    // Channels are read over the web as well.
    let server = Server::serve(context.path("registry"));
    assert_answer!(
        context.anvil(&["channel", "list", "support/onboarding", "--registry", &server.url("")]),
        str![[r#"
exit: 0
--- stdout
canary  2.2.0  yanked (invalid)
stable  2.1.0
--- stderr

"#]]
    );
    let answer = context.anvil(&["channel", "set", "stable", "2.1.0", "--registry", &server.url("")]);
    assert_eq!(answer.code, 1);
    assert!(answer.stderr.contains("cannot be written"), "{}", answer.stderr);
}
