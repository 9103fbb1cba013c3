//! `diff --rendered`: what a change does to what models are sent.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use serde_json::json;
use snapbox::str;

const REPLY: &str = "---
parameters: { ticket: string }
tests:
  - { name: down, parameters: { ticket: It is down. } }
  - { name: slow, parameters: { ticket: It is slow. } }
---
{% system %}{% render \"core/tone/style\" %}{% endsystem %}
{% user %}{{ ticket }}{% enduser %}
";

/// A set that renders of `core/tone`, of which there are two versions, with 1.0.0 locked and committed.
fn project(context: &TestContext) -> Shelf {
    let shelf = Shelf::new(context, "registry", "test");
    for (version, text) in [("1.0.0", "Be warm."), ("1.1.0", "Be warm and brief.")] {
        let style = format!("---\nparameters: {{}}\n---\n{text}\n");
        shelf.publish_files(&format!("core/tone {version}"), &[], &[("prompts/style.prompt.md", &style)]);
    }
    context.git_init();
    context.write(
        "anvil.toml",
        "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n\n[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1\"\n",
    );
    context.write(".gitignore", "/.anvil/\n");
    context.write("prompts/reply.prompt.md", REPLY);
    context.anvil(&["pull"]).success();
    context.anvil(&["update", "core/tone", "--precise", "1.0.0"]).success();
    context.commit("Begin");
    shelf
}

#[test]
fn a_new_version_of_a_partial_is_seen_though_no_file_of_the_set_changed() {
    let context = TestContext::new();
    project(&context);
    context.anvil(&["update"]).success();
    assert!(context.anvil(&["diff"]).success().stderr.contains("no differences"));
    assert_answer!(
        context.anvil(&["diff", "--rendered"]),
        str![[r#"
exit: 0
--- stdout
reply: down
  7 -> 9 tokens (+2), 0 words removed, 2 added
@@ -1,5 +1,5 @@
 system:
-  Be warm.
+  Be warm and brief.
 
 user:
   It is down.

reply: slow
  7 -> 9 tokens (+2), 0 words removed, 2 added
@@ -1,5 +1,5 @@
 system:
-  Be warm.
+  Be warm and brief.
 
 user:
   It is slow.
--- stderr

"#]]
    );
    let json = context.anvil(&["diff", "--rendered", "--format", "json", "--exit-code"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!((&json["unchanged"], &json["missing"]), (&json!(0), &json!([])));
    let test = &json["tests"][0];
    assert_eq!((&test["prompt"], &test["test"], &test["change"]), (&json!("reply"), &json!("down"), &json!("changed")));
    assert_eq!(test["words"], json!({ "added": 2, "removed": 0 }));
    assert_eq!(test["new"], json!({ "tokens": 9, "tokenizer": "o200k_base", "error": null }));
    // Between two commits, each with its own lock, and with nothing unpacked of the old one.
    context.commit("Update");
    let between = context.anvil(&["diff", "HEAD~1..HEAD", "--rendered"]).success();
    assert!(between.stdout.contains("7 -> 9 tokens (+2), 0 words removed, 2 added"), "{}", between.shown());
    // The same on both sides.
    let same = context.anvil(&["diff", "HEAD", "--rendered", "--exit-code"]).success();
    assert_eq!(same.stderr, "note: 2 tests render to the same in HEAD and the working tree\n");
}

#[test]
fn tests_that_a_side_alone_has_are_told_and_renamed_ones_found() {
    let context = TestContext::new();
    project(&context);
    context.write(
        "prompts/reply.prompt.md",
        REPLY
            .replace(
                "{ name: slow, parameters: { ticket: It is slow. } }",
                "{ name: odd, parameters: { ticket: What a day to be alive in the end } }",
            )
            .replace("name: down", "name: outage"),
    );
    assert_answer!(
        context.anvil(&["diff", "--rendered"]),
        str![[r#"
exit: 0
--- stdout
reply: odd (new)
  12 tokens, 0 words removed, 11 added
@@ -0,0 +1,5 @@
+system:
+  Be warm.
+
+user:
+  What a day to be alive in the end

reply: outage (was reply: down)
  renders to the same

reply: slow (gone)
  7 tokens, 5 words removed, 0 added
@@ -1,5 +0,0 @@
-system:
-  Be warm.
-
-user:
-  It is slow.
--- stderr

"#]]
    );
    let folder = context.project().join("prompts");
    let one = context.anvil_in(&folder, &["diff", "HEAD", "--rendered", "--", "reply.prompt.md"]).success();
    assert!(one.stdout.contains("reply: odd (new)"), "{}", one.shown());
    let none = context.anvil(&["diff", "--rendered", "--", "nope"]);
    assert_eq!(none.code, 1);
}

#[test]
fn what_does_not_render_on_a_side_is_told_there() {
    let context = TestContext::new();
    let shelf = project(&context);
    context.write("prompts/reply.prompt.md", REPLY.replace("ticket: It is down.", "tickt: It is down."));
    assert_answer!(
        context.anvil(&["diff", "--rendered"]),
        str![[r#"
exit: 0
--- stdout
reply: down
  7 tokens on the old side
  not rendered on the new side: tickt: unknown parameter
    ticket: required and not given; expected a string
--- stderr
note: 1 more test renders to the same

"#]]
    );
    let json = context.anvil(&["diff", "--rendered", "--format", "json"]).success().json();
    let test = &json["tests"][0];
    assert_eq!((&test["change"], &test["words"], &test["hunks"]), (&json!("changed"), &json!(null), &json!([])));
    // A prompt that does not parse has not lost its tests, nor have they become those of another one.
    context.write("prompts/reply.prompt.md", REPLY.replace("{% endsystem %}", ""));
    context.write("prompts/other.prompt.md", REPLY.replace("slow", "low"));
    assert_answer!(
        context.anvil(&["diff", "--rendered"]),
        str![[r#"
exit: 0
--- stdout
other: down (new)
  7 tokens, 0 words removed, 5 added
@@ -0,0 +1,5 @@
+system:
+  Be warm.
+
+user:
+  It is down.

other: low (new)
  7 tokens, 0 words removed, 5 added
@@ -0,0 +1,5 @@
+system:
+  Be warm.
+
+user:
+  It is low.

reply: down
  7 tokens on the old side
  not rendered on the new side: the prompt `reply` has errors: `system` is never closed (prompts/reply.prompt.md:7:1)

reply: slow
  7 tokens on the old side
  not rendered on the new side: the prompt `reply` has errors: `system` is never closed (prompts/reply.prompt.md:7:1)
--- stderr

"#]]
    );
    std::fs::remove_file(context.project().join("prompts/other.prompt.md")).unwrap();
    // A dependency that nobody has any more.
    context.write("prompts/reply.prompt.md", REPLY);
    std::fs::remove_dir_all(&shelf.root).unwrap();
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    std::fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    let answer = context.anvil(&["diff", "--rendered", "--exit-code"]).success();
    assert!(answer.stderr.contains("core/tone, which HEAD needs, is not at hand"), "{}", answer.shown());
    assert!(answer.stdout.contains("not rendered on the old side"), "{}", answer.shown());
}

#[test]
fn published_versions_and_sets_without_tests_can_be_compared() {
    let context = TestContext::new();
    let shelf = project(&context);
    let note = context.anvil(&["diff", "core/tone@1.0.0", "core/tone@1.1.0", "--rendered"]).success();
    assert_eq!(note.stderr, "note: no prompt has a test on either side, so nothing was rendered\n");
    for (version, text) in [("1.0.0", "Hi."), ("2.0.0", "Hello there.")] {
        let prompt = format!("---\nparameters: {{}}\ntests: [{{ name: greets }}]\n---\n{text}\n");
        shelf.publish_files(&format!("team/hello {version}"), &[], &[("prompts/hello.prompt.md", &prompt)]);
    }
    let answer = context.anvil(&["diff", "team/hello@1.0.0", "team/hello@2.0.0", "--rendered"]).success();
    assert!(answer.stdout.starts_with("hello: greets\n  2 -> 3 tokens (+1), "), "{}", answer.shown());
    // Of a text that became a chat each side's words are counted as they stand there.
    let prompt = "---\nparameters: {}\ntests: [{ name: greets }]\n---\n{% user %}Good evening, all.{% enduser %}\n";
    shelf.publish_files("team/hello 3.0.0", &[], &[("prompts/hello.prompt.md", prompt)]);
    let answer = context.anvil(&["diff", "team/hello@2.0.0", "team/hello@3.0.0", "--rendered"]).success();
    assert!(answer.stdout.contains(", 2 words removed, 3 added\n"), "{}", answer.shown());
}

/// A folder of the repository is what the commit says of it.
#[test]
fn a_folder_that_is_depended_on_is_rendered_as_each_commit_has_it() {
    let context = TestContext::new();
    context.git_init();
    context.write(
        "sets/a/anvil.toml",
        "[set]\nname = \"my/a\"\nversion = \"0.1.0\"\n\n[dependencies]\n\"my/b\" = { path = \"../b\" }\n",
    );
    context.write("sets/a/.gitignore", "/.anvil/\n");
    context.write(
        "sets/a/prompts/x.prompt.md",
        "---\nparameters: {}\ntests: [{ name: t }]\n---\n{% render \"my/b/y\" %}\n",
    );
    context.write("sets/b/anvil.toml", "[set]\nname = \"my/b\"\nversion = \"0.1.0\"\n");
    context.write("sets/b/prompts/y.prompt.md", "---\nparameters: {}\n---\nOld words.\n");
    let folder = context.project().join("sets/a");
    context.anvil_in(&folder, &["lock"]).success();
    context.commit("Begin");
    context.write("sets/b/prompts/y.prompt.md", "---\nparameters: {}\n---\nNew words.\n");
    let answer = context.anvil_in(&folder, &["diff", "--rendered"]).success();
    assert!(answer.stdout.contains("-Old words.\n+New words.\n"), "{}", answer.shown());
}
