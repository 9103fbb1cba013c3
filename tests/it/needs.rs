//! What a version that is published depends on: others must be able to have it and to render it.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, manifest};
use snapbox::str;
use std::fs;

/// Returns an author's repository with support/onboarding 0.1.0, beside a registry with core/tone 1.0.0
/// and 1.1.0; it needs `needs` and has the prompt `welcome`, which is `text`.
fn author(needs: &[(&str, &str)], text: &str) -> (TestContext, Shelf) {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    context.git_init();
    context.write(".gitignore", ".anvil/\n");
    set_manifest(&context, needs);
    context.write("prompts/welcome.prompt.md", text);
    context.commit("Begin");
    (context, shelf)
}

fn set_manifest(context: &TestContext, needs: &[(&str, &str)]) {
    let text = manifest("support/onboarding", "0.1.0", needs);
    context.write("anvil.toml", format!("{text}\n[registries]\ndefault = \"../registry\"\n"));
}

/// Runs a push that is refused, and asserts that nothing was published.
#[track_caller]
fn refused(context: &TestContext, arguments: &[&str]) -> Answer {
    let before = context.files("../registry");
    let answer = context.anvil(&[&["push", "--allow-dirty"], arguments].concat());
    assert_ne!(answer.code, 0, "it was not refused:\n{}", answer.shown());
    assert!(context.files("../registry") == before, "the registry changed:\n{}", answer.shown());
    let dry = context.anvil(&[&["push", "--allow-dirty", "--dry-run"], arguments].concat());
    assert_eq!(dry.shown(), answer.shown());
    answer
}

#[test]
fn what_nobody_could_resolve_is_not_published() {
    let (context, shelf) = author(&[("core/tune", "^1.0")], "Welcome\n");
    assert_answer!(
        refused(&context, &[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `core/tune` does not exist in test
    anvil.toml:6 needs core/tune ^1.0
      core/tune: does not exist in test
  = help: did you mean `core/tone`?

"#]]
    );
    set_manifest(&context, &[("core/tone", "^9")]);
    assert_answer!(
        refused(&context, &[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `core/tone` that can be used satisfies `^9`
    anvil.toml:6 needs core/tone ^9
      core/tone: has 1.1.0 and 1.0.0
  = help: core/tone 1.1.0 would do: `anvil add core/tone@^1`

"#]]
    );
    // A version that the author has locked and others do not get any more.
    set_manifest(&context, &[("core/tone", "^1.1")]);
    context.anvil(&["pull"]).success();
    shelf.yank("core/tone 1.1.0", "leaks");
    assert_answer!(
        refused(&context, &[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `core/tone` that can be used satisfies `^1.1`
    anvil.toml:6 needs core/tone ^1.1
      core/tone: 1.1.0 was yanked: leaks
  = help: core/tone 1.0.0 would do: `anvil add core/tone@^1`

"#]]
    );
    // What the author has in its place, too.
    set_manifest(&context, &[("core/tone", "^9")]);
    let own = context.read("anvil.toml") + "\n[override]\n\"core/tone\" = { path = \"../tone\" }\n";
    context.write("anvil.toml", own);
    context.write("../tone/anvil.toml", manifest("core/tone", "9.0.0", &[]));
    context.anvil(&["pull"]).success();
    refused(&context, &[]);
    set_manifest(&context, &[("core/tone", "^1.0")]);
    context.anvil(&["push", "--allow-dirty"]).success();
    // What is published stays so, whatever becomes of what it needs.
    shelf.yank("core/tone 1.0.0", "leaks");
    assert_answer!(
        context.anvil(&["push", "--allow-dirty"]),
        str![[r#"
exit: 0
--- stdout
support/onboarding 0.1.0 is already published on default at ../registry, with this very content (1 prompt, 476 bytes)
--- stderr

"#]]
    );
}

#[test]
fn the_registry_that_is_published_to_stands_in_for_its_id() {
    let (context, _shelf) = author(&[("core/tone", "^2")], "{% render \"core/tone/house-style\" %}\n");
    refused(&context, &[]);
    let copy = Shelf::new(&context, "copy", "test");
    copy.publish("core/tone 2.0.0", &[]);
    context.anvil(&["push", "--allow-dirty", "--registry", "../copy"]).success();
}

#[test]
fn another_registry_that_cannot_be_asked_stops_it() {
    let (context, _shelf) = author(&[], "Welcome\n");
    let text = manifest("support/onboarding", "0.1.0", &[]);
    let more = "[dependencies]\n\"core/tone\" = { version = \"^1\", registry = \"far\" }\n\n[registries]\n\
                default = \"../registry\"\nfar = { url = \"http://127.0.0.1:9/far\", id = \"far\" }\n";
    context.write("anvil.toml", format!("{text}\n{more}"));
    context.anvil(&["config", "set", "http.retries", "0"]).success();
    let answer = refused(&context, &[]);
    assert_eq!(answer.code, 5, "{}", answer.shown());
}

#[test]
fn what_nobody_could_render_is_not_published_from_a_fresh_clone_either() {
    let (context, _shelf) = author(&[("core/tone", "^1.0")], "{% render \"core/tone/hosue-style\" %}\n");
    // Nothing is unpacked, nothing locked and nothing in the cache.
    assert_answer!(
        refused(&context, &[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0350]: `core/tone` has no prompt `hosue-style`
  --> prompts/welcome.prompt.md:1:11
   |
 1 | {% render "core/tone/hosue-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^ not found
   = help: did you mean `core/tone/house-style`?
help: mend them; to see them again, with the warnings: `anvil lint`

"#]]
    );
    // By now it is in the cache; the lock says what of it counts.
    context.anvil(&["lock"]).success();
    context.commit("Lock");
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: `core/tone` has no prompt `hosue-style`
  --> prompts/welcome.prompt.md:1:11
   |
 1 | {% render "core/tone/hosue-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^ not found
   = help: did you mean `core/tone/house-style`?

1 prompt checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0350`

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0350]: `core/tone` has no prompt `hosue-style`
  --> prompts/welcome.prompt.md:1:11
   |
 1 | {% render "core/tone/hosue-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^ not found
   = help: did you mean `core/tone/house-style`?
help: mend them and commit that; to see them again, with the warnings: `anvil lint`

"#]]
    );
    // Without it, what is not known is told.
    fs::remove_dir_all(context.path("cache")).unwrap();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
warning[A1053]: core/tone is neither unpacked nor in the cache, so what 1 prompt renders of it is not checked
  = help: unpack it: `anvil pull`

1 prompt checked: no errors, 1 warning
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
raised support/onboarding 0.1.0 -> 1.0.0, committed and tagged as v1.0.0 ([ID])
--- stderr
warning[A1053]: core/tone is neither unpacked nor in the cache, so what 1 prompt renders of it is not checked
  = help: unpack it: `anvil pull`
next: `anvil push`

"#]]
    );
    assert_answer!(
        context.anvil(&["push"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0350]: `core/tone` has no prompt `hosue-style`
  --> prompts/welcome.prompt.md:1:11
   |
 1 | {% render "core/tone/hosue-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^ not found
   = help: did you mean `core/tone/house-style`?
help: mend them and commit that; to see them again, with the warnings: `anvil lint`

"#]]
    );
}

#[test]
fn the_version_that_the_author_tried_is_the_one_that_counts() {
    let (context, shelf) = author(&[("core/tone", "^1.0")], "{% render \"core/tone/house-style\" %}\n");
    context.anvil(&["lock"]).success();
    shelf.publish_files("core/tone 1.2.0", &[], &[("prompts/other.prompt.md", "Other\n")]);
    context.anvil(&["push", "--allow-dirty"]).success();
}
