//! Comparing: two sides of a set, and what is said of them.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, manifest, release};
use serde_json::json;
use snapbox::str;
use std::fs;

const REPLY: &str = "---
description: Reply to a ticket.
parameters:
  ticket: { type: string }
  tone: { enum: [warm, neutral], default: warm }
---
{% system %}
You write support replies in a {{ tone }} tone.
Promise an answer within two hours.
{% endsystem %}
{% user %}{{ ticket }}{% enduser %}
";

/// A set of two prompts with the versions 1.0.0 and 1.1.0.
pub fn set() -> TestContext {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", manifest("support/onboarding", "1.0.0", &[]));
    context.write("prompts/reply.prompt.md", REPLY);
    context.write("prompts/bye.prompt.md", "Say good bye.\n");
    release(&context, "1.0.0");
    context.write("anvil.toml", manifest("support/onboarding", "1.1.0", &[]));
    context.write("prompts/reply.prompt.md", REPLY.replace("two hours", "one hour, please"));
    release(&context, "1.1.0");
    context
}

#[test]
fn a_prompt_that_was_renamed_is_followed_from_either_name() {
    let context = set();
    context.git(&["mv", "prompts/reply.prompt.md", "prompts/answer.prompt.md"]);
    let reply = context.read("prompts/answer.prompt.md");
    context.write("prompts/answer.prompt.md", reply.replacen("---\n", "---\naliases: [reply]\n", 1));
    context.write("prompts/bye.prompt.md", "Say good bye twice.\n");
    context.commit("Answer");
    let by_old = context.anvil(&["diff", "1.1.0", "HEAD", "--", "reply"]);
    let told = by_old.stdout.clone();
    assert_answer!(
        by_old,
        str![[r#"
exit: 0
--- stdout
# interface: 1 change, minor in all
#   reply: prompt renamed to `answer`, with the old name as an alias (minor)

diff --git a/prompts/reply.prompt.md b/prompts/answer.prompt.md
similarity index 94%
rename from prompts/reply.prompt.md
rename to prompts/answer.prompt.md
index eb7291d..2c57ed0 100644
--- a/prompts/reply.prompt.md
+++ b/prompts/answer.prompt.md
@@ -1,4 +1,5 @@
 ---
+aliases: [reply]
 description: Reply to a ticket.
 parameters:
   ticket: { type: string }
--- stderr

"#]]
    );
    let by_new = context.anvil(&["diff", "1.1.0", "HEAD", "--", "answer"]);
    assert_eq!(by_new.stdout, told);
    let by_file = context.anvil(&["diff", "1.1.0", "HEAD", "--", "prompts/answer.prompt.md"]);
    assert_eq!(by_file.stdout, told);
}

#[test]
fn what_changed_since_the_newest_version_begins_with_the_interface() {
    let context = set();
    let reply = context.read("prompts/reply.prompt.md");
    context
        .write("prompts/reply.prompt.md", reply.replace(" in a {{ tone }} tone", "").replace("  tone: ", "  mood: "));
    fs::remove_file(context.project().join("prompts/bye.prompt.md")).unwrap();
    context.write("prompts/thanks.prompt.md", "Say thanks.");
    assert_answer!(
        context.anvil(&["diff"]),
        str![[r#"
exit: 0
--- stdout
# interface: 4 changes, major in all
#   bye: prompt removed (major)
#   reply: parameter `tone` removed (major)
#   reply: optional parameter `mood` added (minor)
#   thanks: prompt added (minor)

diff --git a/prompts/bye.prompt.md b/prompts/bye.prompt.md
deleted file mode 100644
index cdd601c..0000000
--- a/prompts/bye.prompt.md
+++ /dev/null
@@ -1 +0,0 @@
-Say good bye.
diff --git a/prompts/reply.prompt.md b/prompts/reply.prompt.md
index eb7291d..80f06d8 100644
--- a/prompts/reply.prompt.md
+++ b/prompts/reply.prompt.md
@@ -2,10 +2,10 @@
 description: Reply to a ticket.
 parameters:
   ticket: { type: string }
-  tone: { enum: [warm, neutral], default: warm }
+  mood: { enum: [warm, neutral], default: warm }
 ---
 {% system %}
-You write support replies in a {{ tone }} tone.
+You write support replies.
 Promise an answer within one hour, please.
 {% endsystem %}
 {% user %}{{ ticket }}{% enduser %}
diff --git a/prompts/thanks.prompt.md b/prompts/thanks.prompt.md
new file mode 100644
index 0000000..f06ed11
--- /dev/null
+++ b/prompts/thanks.prompt.md
@@ -0,0 +1 @@
+Say thanks.
\ No newline at end of file
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["diff", "--stat"]),
        str![[r#"
exit: 0
--- stdout
# interface: 4 changes, major in all
#   bye: prompt removed (major)
#   reply: parameter `tone` removed (major)
#   reply: optional parameter `mood` added (minor)
#   thanks: prompt added (minor)

 prompts/bye.prompt.md (gone)   |    1 -
 prompts/reply.prompt.md        |    4 ++--
 prompts/thanks.prompt.md (new) |    1 +
 3 files changed, 3 lines added, 3 removed
--- stderr

"#]]
    );
    // Whatever is found is an answer, unless one asks whether there is anything.
    assert_eq!(context.anvil(&["diff", "--exit-code"]).code, 1);
    context.git(&["checkout", "--quiet", "."]);
    fs::remove_file(context.project().join("prompts/thanks.prompt.md")).unwrap();
    assert_answer!(
        context.anvil(&["diff", "--exit-code"]),
        str![[r#"
exit: 0
--- stdout
--- stderr
note: no differences between 1.1.0 and the working tree

"#]]
    );
}

#[test]
fn a_side_is_a_version_a_revision_the_working_tree_or_what_a_registry_has() {
    let context = set();
    let (versions, tags) = (context.anvil(&["diff", "1.0.0", "1.1.0"]), context.anvil(&["diff", "v1.0.0..HEAD"]));
    assert_answer!(
        versions,
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

diff --git a/anvil.toml b/anvil.toml
index 84e6cb4..6b731b2 100644
--- a/anvil.toml
+++ b/anvil.toml
@@ -1,3 +1,3 @@
 [set]
 name = "support/onboarding"
-version = "1.0.0"
+version = "1.1.0"
diff --git a/prompts/reply.prompt.md b/prompts/reply.prompt.md
index 5c811ae..eb7291d 100644
--- a/prompts/reply.prompt.md
+++ b/prompts/reply.prompt.md
@@ -6,6 +6,6 @@
 ---
 {% system %}
 You write support replies in a {{ tone }} tone.
-Promise an answer within two hours.
+Promise an answer within one hour, please.
 {% endsystem %}
 {% user %}{{ ticket }}{% enduser %}
--- stderr

"#]]
    );
    assert_eq!(versions.stdout, tags.stdout);
    assert_eq!(versions.stdout, context.anvil(&["diff", "1.0.0", "."]).stdout);
    assert_eq!(versions.stdout, context.anvil(&["diff", "HEAD~1"]).stdout);

    let shelf = Shelf::new(&context, "registry", "test");
    let reply = REPLY.replace("two hours", "three hours");
    let files = [("prompts/reply.prompt.md", reply.as_str()), ("prompts/bye.prompt.md", "Say good bye.\n")];
    shelf.publish_files("support/onboarding 1.0.0", &[], &files);
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    shelf.channel("stable", "core/tone 1.1.0");
    assert_answer!(
        context.anvil(&["diff", "support/onboarding@1.0.0", "1.0.0", "--registry", "../registry"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

diff --git a/prompts/reply.prompt.md b/prompts/reply.prompt.md
index 6443f2a..5c811ae 100644
--- a/prompts/reply.prompt.md
+++ b/prompts/reply.prompt.md
@@ -6,6 +6,6 @@
 ---
 {% system %}
 You write support replies in a {{ tone }} tone.
-Promise an answer within three hours.
+Promise an answer within two hours.
 {% endsystem %}
 {% user %}{{ ticket }}{% enduser %}
--- stderr

"#]]
    );
    // Nothing here is of the set that is named alone.
    let alone = context.anvil(&["diff", "core/tone@1.0.0", "--registry", "../registry"]);
    assert!(
        alone.code == 1 && alone.stderr.contains("error[A1083]: nothing here is of the set of `core/tone@1.0.0`"),
        "{}",
        alone.stderr
    );
    // What consumers ask before they update; no set of one's own is needed.
    let consumer = context.path("consumer");
    fs::create_dir(&consumer).unwrap();
    fs::write(consumer.join("anvil.toml"), "[registries]\ndefault = \"../registry\"\n").unwrap();
    assert_answer!(
        context.anvil_in(&consumer, &["diff", "core/tone@1.0.0", "core/tone@stable"]),
        str![[r#"
exit: 0
--- stdout
# interface: declared as before; `anvil compat` tries what renders

diff --git a/anvil.toml b/anvil.toml
index a97781f..8bcee69 100644
--- a/anvil.toml
+++ b/anvil.toml
@@ -1,3 +1,3 @@
 [set]
 name = "core/tone"
-version = "1.0.0"
+version = "1.1.0"
diff --git a/prompts/house-style.prompt.md b/prompts/house-style.prompt.md
index 65c5706..d16bb2e 100644
--- a/prompts/house-style.prompt.md
+++ b/prompts/house-style.prompt.md
@@ -1,4 +1,4 @@
 ---
 description: A prompt.
 ---
-This is core/tone 1.0.0.
+This is core/tone 1.1.0.
--- stderr

"#]]
    );
    // Of what is locked, one version is compared with the locked one.
    context.anvil_in(&consumer, &["add", "core/tone"]).success();
    let with_locked = context.anvil_in(&consumer, &["diff", "core/tone@1.0.0"]).success();
    let named = context.anvil_in(&consumer, &["diff", "core/tone@1.0.0", "core/tone@1.1.0"]).success();
    assert_eq!(with_locked.stdout, named.stdout);
}

#[test]
fn programs_get_every_fact() {
    let context = set();
    let answer = context.anvil(&["diff", "1.0.0", "1.1.0", "-U0", "--format", "json"]).success().json();
    let commit = context.git(&["rev-parse", "v1.1.0^{commit}"]);
    assert_eq!(answer["new"], json!({ "kind": "version", "name": "1.1.0", "commit": commit.trim() }));
    assert_eq!(answer["interface"], json!({ "bump": "patch", "changes": [], "tried": false }));
    let reply = &answer["files"][1];
    assert_eq!(
        (&reply["change"], &reply["path"], &reply["added"], &reply["removed"], &reply["binary"]),
        (&json!("changed"), &json!("prompts/reply.prompt.md"), &json!(1), &json!(1), &json!(false))
    );
    let (hunk, plain, changed) = (&reply["hunks"][0], false, true);
    assert_eq!((&hunk["old_start"], &hunk["old_lines"]), (&json!(9), &json!(1)));
    let piece = |text: &str, emphasised: bool| json!({ "text": text, "emphasised": emphasised });
    let pieces = [piece("Promise an answer within ", plain), piece("one", changed), piece(" ", plain)];
    let segments = [pieces.as_slice(), &[piece("hour, please", changed), piece(".", plain)]].concat();
    assert_eq!(hunk["lines"][1], json!({ "kind": "added", "segments": segments }));

    fs::remove_file(context.project().join("prompts/bye.prompt.md")).unwrap();
    let answer = context.anvil(&["diff", "--stat", "--format", "json"]).success().json();
    assert_eq!(answer["new"], json!({ "kind": "working-tree" }));
    let change = json!({
        "rule": "prompt_removed", "prompt": "bye", "subject": null, "bump": "major", "message": "prompt removed",
    });
    assert_eq!(answer["interface"], json!({ "bump": "major", "changes": [change], "tried": false }));
    assert_eq!((&answer["files"][0]["change"], answer["files"][0].get("hunks")), (&json!("removed"), None));
}

#[test]
fn only_what_is_named_is_compared() {
    let context = set();
    let only = |folder: &str, names: &[&str]| {
        let arguments = [&["diff", "1.0.0", "1.1.0", "--stat", "--"], names].concat();
        let answer = context.anvil_in(&context.project().join(folder), &arguments).success();
        answer.stdout.lines().filter_map(|line| Some(line.split_once('|')?.0.trim().to_owned())).collect::<Vec<_>>()
    };
    let (manifest, reply) = ("anvil.toml", "prompts/reply.prompt.md");
    assert_eq!(only("", &["."]), [manifest, reply]);
    assert_eq!(only("", &["reply"]), [reply]);
    assert_eq!(only("", &["prompts"]), [reply]);
    assert_eq!(only("prompts", &["reply.prompt.md"]), [reply]);
    assert_eq!(only("prompts", &["../anvil.toml", "reply"]), [manifest, reply]);
    assert!(only("", &["bye"]).is_empty());
    assert_answer!(
        context.anvil(&["diff", "1.0.0", "--", "repyl"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1083]: neither side has a prompt or a file `repyl`
  = help: name a prompt, or a file or folder as seen from the folder you are in

"#]]
    );
}

#[test]
fn a_prompt_that_did_not_change_may_offer_something_else_all_the_same() {
    let context = TestContext::new();
    context.git_init();
    let with_schemas = manifest("a/b", "1.0.0", &[]);
    context.write("anvil.toml", &with_schemas);
    context.write("prompts/outer.prompt.md", "{% render \"middle\" %}\n");
    context.write("prompts/middle.prompt.md", "{% render '_inner' %}\n");
    context.write("prompts/_inner.prompt.md", "{% user %}Hello.{% enduser %}\n");
    context.write("prompts/answer.prompt.md", "---\noutput: { schema: schemas/answer.json }\n---\nAnswer.\n");
    context.write("schemas/answer.json", r#"{"type":"object"}"#);
    context.write("schemas/other.json", "{}");
    release(&context, "1.0.0");
    context.write("prompts/_inner.prompt.md", "{% system %}Be brief.{% endsystem %}{% user %}Hello.{% enduser %}\n");
    context.write("schemas/answer.json", r#"{"type":"string"}"#);
    // No prompt names this one, so it is in no bundle.
    context.write("schemas/other.json", "{\"a\":1}");
    context.commit("change what others are made of");
    for arguments in [&["diff", "1.0.0"][..], &["diff", "1.0.0", "HEAD"]] {
        assert_answer!(
            context.anvil(arguments),
            str![[r#"
exit: 0
--- stdout
# interface: 3 changes, major in all
#   answer: the output is of type string, no longer object (major)
#   middle: role `system` added (patch)
#   outer: role `system` added (patch)

diff --git a/prompts/_inner.prompt.md b/prompts/_inner.prompt.md
index c15fe09..9925826 100644
--- a/prompts/_inner.prompt.md
+++ b/prompts/_inner.prompt.md
@@ -1 +1 @@
-{% user %}Hello.{% enduser %}
+{% system %}Be brief.{% endsystem %}{% user %}Hello.{% enduser %}
diff --git a/schemas/answer.json b/schemas/answer.json
index ffa5c9f..4db187e 100644
--- a/schemas/answer.json
+++ b/schemas/answer.json
@@ -1 +1 @@
-{"type":"object"}
\ No newline at end of file
+{"type":"string"}
\ No newline at end of file
--- stderr

"#]]
        );
    }
}
