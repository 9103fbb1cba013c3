//! Dependencies that the members of a workspace have in common: added, and raised where they stand.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, state};
use snapbox::str;

const ROOT: &str = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n\n\
                    [workspace.dependencies]\n# What all sound like.\n\"core/tone\" = '1'   # caret\n\
                    \"style/voice\" = { version = \"~1.0\" }\n";
const MAIL: &str = "[set]\nname = \"team/mail\"\nversion = \"0.3.0\"\n";
const VOICE: &str = "[set]\nname = \"team/voice\"\nversion = \"1.2.0\"\n\n[dependencies]\n\
                     \"core/tone\" = { workspace = true }\n\"style/voice\".workspace = true\n";

/// A workspace whose root has two dependencies, of which `team/voice` inherits both and `team/mail` none.
fn team() -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["core/tone 1.1.0", "style/voice 1.0.0", "core/page 1.0.0"] {
        shelf.publish(set, &[]);
    }
    for (path, text) in [
        ("anvil.toml", ROOT),
        (".gitignore", ".anvil/\n"),
        ("sets/mail/anvil.toml", MAIL),
        ("sets/mail/prompts/hello.prompt.md", "Hello\n"),
        ("sets/voice/anvil.toml", VOICE),
        ("sets/voice/prompts/calm.prompt.md", "Calm\n"),
    ] {
        context.write(path, text);
    }
    context.anvil(&["pull"]).success();
    (context, shelf)
}

#[test]
fn what_the_workspace_has_is_inherited_by_the_member_that_adds_it() {
    let (context, shelf) = team();
    shelf.publish("core/tone 2.0.0", &[]);
    let mail = context.path("project/sets/mail");
    assert_answer!(
        context.anvil_in(&mail, &["add", "core/tone", "core/page"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone as the workspace has it, ^1
anvil.toml now asks for core/page ^1.0.0
added core/page 1.0.0
unpacked 1 of 3 sets, fetched 223 bytes
--- stderr
help: see what a prompt takes: `anvil show core/tone/house-style`

"#]]
    );
    let manifest =
        format!("{MAIL}\n[dependencies]\n\"core/page\" = \"^1.0.0\"\n\"core/tone\" = {{ workspace = true }}\n");
    assert_eq!(context.read("sets/mail/anvil.toml"), manifest);
    context.anvil(&["lock", "--check"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "core/tone", "--set", "team/mail"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml asks for core/tone as the workspace has it already, ^1
everything is in place (3 sets)
--- stderr

"#]]
    );
    // What comes to the same is the same.
    context.anvil_in(&mail, &["add", "core/tone@^1"]).success();
    assert_eq!(state(&context), before);
    let answer = context.anvil_in(&mail, &["add", "style/voice", "--dry-run", "--format", "json"]).json();
    assert_eq!(answer["added"][0]["inherited"].as_bool(), Some(true), "{answer:#}");
    assert_eq!(state(&context), before);
}

#[test]
fn who_asks_for_something_else_gets_that_and_is_told_what_the_workspace_has() {
    let (context, _shelf) = team();
    let mail = context.path("project/sets/mail");
    context.anvil_in(&mail, &["add", "core/tone"]).success();
    assert_answer!(
        context.anvil_in(&mail, &["add", "core/tone@=1.1.0"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone =1.1.0, not ^1 as the workspace has it
everything is in place (2 sets)
--- stderr
note: [workspace.dependencies] of the root has core/tone ^1, and this member asks for =1.1.0 itself

"#]]
    );
    assert_eq!(context.read("sets/mail/anvil.toml"), format!("{MAIL}\n[dependencies]\n\"core/tone\" = \"=1.1.0\"\n"));
    assert_answer!(
        context.anvil_in(&mail, &["add", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone as the workspace has it, ^1, not =1.1.0 of its own
everything is in place (2 sets)
--- stderr

"#]]
    );
    assert_eq!(
        context.read("sets/mail/anvil.toml"),
        format!("{MAIL}\n[dependencies]\n\"core/tone\" = {{ workspace = true }}\n")
    );
}

#[test]
fn what_is_inherited_is_raised_at_the_root_for_all() {
    let (context, shelf) = team();
    for set in ["core/tone 2.3.0", "style/voice 2.0.1", "core/page 2.0.0"] {
        shelf.publish(set, &[]);
    }
    let mail = context.path("project/sets/mail");
    context.anvil_in(&mail, &["add", "core/tone", "core/page@^1"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil_in(&mail, &["update", "--breaking", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml would ask for core/page ^2, not ^1
[workspace.dependencies] in the root's anvil.toml would ask for core/tone ^2, not ^1
would update core/page 1.0.0 -> 2.0.0
would update core/tone 1.1.0 -> 2.3.0
would unpack core/page 2.0.0
would unpack core/tone 2.3.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil_in(&mail, &["update", "--breaking"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/page ^2, not ^1
[workspace.dependencies] in the root's anvil.toml now asks for core/tone ^2, not ^1
updated core/page 1.0.0 -> 2.0.0
updated core/tone 1.1.0 -> 2.3.0
unpacked 2 of 3 sets, fetched 445 bytes
--- stderr
help: see what changed: `anvil diff core/page@1.0.0 core/page@2.0.0`

"#]]
    );
    assert_eq!(context.read("anvil.toml"), ROOT.replace("'1'", "'2'"));
    assert!(
        context.read("sets/mail/anvil.toml").contains("\"core/page\" = \"^2\"\n\"core/tone\" = { workspace = true }")
    );
    assert!(
        context.read("anvil.lock").contains("member = \"sets/voice\"\nname = \"core/tone\"\nrequirement = \"^2\"\n")
    );
    context.anvil(&["lock", "--check"]).success();
    // So it is from the root, where the member is named.
    let answer =
        context.anvil(&["update", "style/voice", "--breaking", "--set", "team/voice", "--format", "json"]).json();
    assert_eq!(answer["raised"][0]["inherited"].as_bool(), Some(true), "{answer:#}");
    assert_eq!(context.read("anvil.toml"), ROOT.replace("'1'", "'2'").replace("~1.0", "~2.0"));
    assert_eq!(context.read("sets/voice/anvil.toml"), VOICE);
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn what_another_member_holds_is_not_raised_for_it() {
    let (context, shelf) = team();
    let mail = context.path("project/sets/mail");
    context.anvil_in(&mail, &["add", "core/tone@=1.1.0"]).success();
    shelf.publish("core/tone 2.3.0", &[]);
    let before = state(&context);
    let answer = context.anvil(&["update", "core/tone", "--breaking", "--set", "team/voice"]);
    assert!(answer.stdout.contains("core/tone stays at 1.1.0, 2.3.0 is the newest"), "{}", answer.shown());
    assert_eq!(state(&context), before);
}

#[test]
fn what_says_more_than_a_version_is_left_with_where_it_stands() {
    let (context, shelf) = team();
    context.write("anvil.toml", ROOT.replace("'1'", "'>=1, <2'"));
    context.anvil(&["lock"]).success();
    shelf.publish("core/tone 2.3.0", &[]);
    assert_answer!(
        context.anvil_in(&context.path("project/sets/voice"), &["update", "--breaking"]),
        str![[r#"
exit: 0
--- stdout
core/tone keeps `>=1, <2`, which says more than a version to begin with; 2.3.0 is the newest
no requirement to raise
--- stderr
help: to move core/tone, change what [workspace.dependencies] in the root's anvil.toml asks for

"#]]
    );
}
