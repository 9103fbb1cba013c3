//! Comparing what is hard to compare: sides that do not parse, are not there, or lie elsewhere.

use crate::assert_answer;
use crate::context::TestContext;
use crate::diff::set;
use crate::shelf::{Shelf, manifest};
use snapbox::str;
use std::fs;

#[test]
fn a_side_that_does_not_parse_is_compared_as_text_and_that_is_said() {
    let context = set();
    context.write("prompts/reply.prompt.md", "{% system %}never closed\n");
    assert_answer!(
        context.anvil(&["diff", "--stat"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders
#   not known of 1 prompt, which did not parse

 prompts/reply.prompt.md |   12 +-----------
 1 file changed, 1 line added, 11 removed
--- stderr
warning: `prompts/reply.prompt.md` in the working tree does not parse and is compared as text: `system` is never closed

"#]]
    );
    let unreadable = context.anvil(&["diff", "--format", "json"]).json()["unreadable"].clone();
    assert_eq!((&unreadable[0]["side"], &unreadable[0]["path"]), (&"new".into(), &"prompts/reply.prompt.md".into()));

    context.git(&["checkout", "--quiet", "."]);
    context.write("anvil.toml", "[set\n");
    assert_answer!(
        context.anvil(&["diff"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

diff --git a/anvil.toml b/anvil.toml
index 6b731b2..ac09b5e 100644
--- a/anvil.toml
+++ b/anvil.toml
@@ -1,3 +1 @@
-[set]
-name = "support/onboarding"
-version = "1.1.0"
+[set
--- stderr
warning: `anvil.toml` in the working tree does not parse and is compared as text: `anvil.toml` is not valid TOML: unclosed table, expected `]`

"#]]
    );
    let broken = context.commit("broken");
    context.git(&["checkout", "--quiet", "v1.1.0", "--", "anvil.toml"]);
    assert_answer!(
        context.anvil(&["diff", "--stat", &broken, "."]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

 anvil.toml |    4 +++-
 1 file changed, 3 lines added, 1 removed
--- stderr
warning: `anvil.toml` in [COMMIT] does not parse and is compared as text: `anvil.toml` is not valid TOML: unclosed table, expected `]`

"#]]
    );
}

#[test]
fn a_revision_without_a_manifest_is_read_with_todays_prompts() {
    let context = TestContext::new();
    context.git_init();
    context.write("patterns/summarize/system.md", "Summarize.\n");
    context.write("notes.md", "Not a prompt.\n");
    context.commit("before Anvil");
    let manifest = manifest("a/b", "0.1.0", &[]) + "prompts = [\"patterns/*/system.md\"]\n";
    context.write("anvil.toml", manifest);
    context.write("patterns/summarize/system.md", "Summarize: {{ text }}\n");
    context.write("notes.md", "Still no prompt.\n");
    context.commit("adopt");
    assert_answer!(
        context.anvil(&["diff", "HEAD~1", "HEAD"]),
        str![[r#"
exit: 0
--- stdout
# interface: 1 change, major in all
#   summarize: required parameter `text` added (major)

diff --git a/anvil.toml b/anvil.toml
new file mode 100644
index 0000000..4e2822a
--- /dev/null
+++ b/anvil.toml
@@ -0,0 +1,4 @@
+[set]
+name = "a/b"
+version = "0.1.0"
+prompts = ["patterns/*/system.md"]
diff --git a/patterns/summarize/system.md b/patterns/summarize/system.md
index 913156b..fd515d3 100644
--- a/patterns/summarize/system.md
+++ b/patterns/summarize/system.md
@@ -1 +1 @@
-Summarize.
+Summarize: {{ text }}
--- stderr
note: HEAD~1 has no anvil.toml with [set]: it is read with today's `prompts`

"#]]
    );
}

#[test]
fn a_set_in_a_subfolder_is_told_with_paths_from_the_root() {
    let context = TestContext::new();
    context.git_init();
    context.write("sets/tone/anvil.toml", manifest("core/tone", "1.0.0", &[]));
    context.write("sets/tone/prompts/a.prompt.md", "one\n");
    context.write("sets/other.md", "beside\n");
    context.commit("first");
    context.git(&["tag", "core/tone@1.0.0"]);
    context.write("sets/tone/prompts/a.prompt.md", "two\n");
    context.write("sets/other.md", "beside, changed\n");
    let inside = context.project().join("sets/tone/prompts");
    assert_answer!(
        context.anvil_in(&inside, &["diff"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

diff --git a/sets/tone/prompts/a.prompt.md b/sets/tone/prompts/a.prompt.md
index 5626abf..f719efd 100644
--- a/sets/tone/prompts/a.prompt.md
+++ b/sets/tone/prompts/a.prompt.md
@@ -1 +1 @@
-one
+two
--- stderr

"#]]
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.prompt.md", inside.join("link.prompt.md")).unwrap();
        assert_answer!(
            context.anvil_in(&inside, &["diff", "--stat"]),
            str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

 sets/tone/prompts/a.prompt.md |    2 +-
 1 file changed, 1 line added, 1 removed
--- stderr
warning: `sets/tone/prompts/link.prompt.md` in the working tree is a symbolic link, which no bundle holds: it is not compared

"#]]
        );
    }
}

#[test]
fn on_a_terminal_changed_words_stand_out_and_nothing_deceives() {
    let context = set();
    context.write("prompts/bye.prompt.md", "Say good\u{202e} bye\u{1b}[2J.\r\n");
    assert_answer!(
        context.anvil(&["diff", "--color", "always"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

[1mdiff --git a/prompts/bye.prompt.md b/prompts/bye.prompt.md[0m
[1mindex cdd601c..2a32118 100644[0m
[1m--- a/prompts/bye.prompt.md[0m
[1m+++ b/prompts/bye.prompt.md[0m
[1m[36m@@ -1 +1 @@[0m
[31m-[0m[31mSay good bye.[0m
[32m+[0m[32mSay good[0m[7m[32m<U+202E>[0m[32m bye[0m[7m[32m^[[2J[0m[32m.[0m[7m[32m^M[0m
--- stderr

"#]]
    );
    // A pipe gets the bytes.
    assert!(context.anvil(&["diff"]).stdout.contains("+Say good\u{202e} bye\u{1b}[2J.\r\n"));
}

#[test]
fn what_is_named_in_the_place_of_a_side_is_told_where_it_belongs() {
    let context = set();
    for arguments in [&["diff", "reply"][..], &["diff", "1.0.0", "reply"], &["diff", "1.0.0", "prompts/bye.prompt.md"]]
    {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        // The hint works.
        let (_, command) = answer.stderr.split_once("`anvil ").unwrap();
        let command: Vec<&str> = command.split('`').next().unwrap().split(' ').collect();
        context.anvil(&command).success();
    }
    assert_answer!(
        context.anvil(&["diff", "1.0.0", "reply"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1083]: `reply` is a prompt of this set, and no version or revision
  = help: to compare it alone: `anvil diff 1.0.0 -- reply`

"#]]
    );
}

#[test]
fn what_cannot_be_compared_is_told() {
    let context = set();
    assert_answer!(
        context.anvil(&["diff", "1.2.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1080]: support/onboarding has no version 1.2.0: there is no tag `v1.2.0`
  = help: the newest are 1.1.0, 1.0.0; see them all: `anvil log`

"#]]
    );
    assert_answer!(
        context.anvil(&["diff", "mian"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0803]: `mian` is no revision of the git repository `[ROOT]/project`
  = help: see what there is, or fetch the tags that others made: `git fetch --tags`

"#]]
    );
    assert_answer!(
        context.anvil(&["diff", "1.0.0..1.1.0", "main"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: `A..B` names both sides, and B names one more

"#]]
    );
    assert_answer!(
        context.anvil(&["diff", "core/tone@1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1034]: `[ROOT]/project/anvil.toml` names no registry `default`
  = help: add it to anvil.toml, under [registries]: `default = "https://…"`, or a folder

"#]]
    );
    Shelf::new(&context, "registry", "test").publish("core/tone 1.0.0", &[]);
    let from = |side: &str| context.anvil(&["diff", side, "--registry", "../registry"]);
    assert_answer!(
        from("core/tnoe@1.0.0"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no set core/tnoe
  = help: did you mean core/tone?

"#]]
    );
    assert_answer!(
        from("core/tone@^2"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone@^2
  = help: its only version is 1.0.0

"#]]
    );
    assert_answer!(
        from("core/tone@stable"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: core/tone has no channel `stable` in the registry `test`

"#]]
    );

    let elsewhere = context.path("tmp");
    assert_answer!(
        context.anvil_in(&elsewhere, &["diff"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1030]: there is no `anvil.toml` in `[ROOT]/tmp` or any folder above it
  = help: to make a prompt set here: `anvil init --name project/set`
  = help: to use prompt sets in an application: `anvil init --app`

"#]]
    );
    assert_answer!(
        context.anvil_in(&elsewhere, &["diff", "core/tone@1.0.0", "core/tone@1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1081]: no registry is named for core/tone, and there is no project here that names one
  = help: say where it is: `--registry LOCATION`

"#]]
    );
    fs::write(elsewhere.join("anvil.toml"), manifest("a/b", "1.0.0", &[])).unwrap();
    assert_answer!(
        context.anvil_in(&elsewhere, &["diff"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0801]: `[ROOT]/tmp` is not in a git repository
  = help: make it one: `git init`

"#]]
    );
    context.git_in(&elsewhere, &["init", "--quiet"]);
    assert_answer!(
        context.anvil_in(&elsewhere, &["diff"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0803]: the git repository `[ROOT]/tmp` has no commit yet
  = help: commit something first: `git add . && git commit`

"#]]
    );
    fs::write(elsewhere.join("anvil.toml"), "[dependencies]\n").unwrap();
    assert_answer!(
        context.anvil_in(&elsewhere, &["diff"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: `[ROOT]/tmp/anvil.toml` has no `[set]`: this project only consumes prompts
  = help: to make it a prompt set, add `[set]`, or begin one in a new folder with `anvil init DIR`

"#]]
    );
}
