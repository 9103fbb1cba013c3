//! Reviews: updates that wait, what they would change, and who approves or rejects them.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, set_in};
use snapbox::str;

pub const TWO: &str = "\n[environments.staging]\nmode = \"review\"\napprovals = 2\n";
pub const ONE: &str = "\n[environments.staging]\nmode = \"review\"\n";

fn manifest(requirement: &str, environments: &str) -> String {
    format!(
        "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n\n[registries]\ndefault = \"../registry\"\n\n\
         [dependencies]\n\"core/tone\" = \"{requirement}\"\n{environments}"
    )
}

fn tone(words: &str, more: &str) -> String {
    format!(
        "---\nparameters:\n  name: string\n{more}tests:\n  - name: short\n    parameters: {{ name: Ada }}\n---\nDear {{{{ name }}}}, {words}.\n"
    )
}

/// A set that locked `core/tone` 1.4.2, of which there is 1.5.0 by now, and that renders it in a test.
pub fn project(environments: &str) -> (TestContext, Shelf) {
    let mut context = TestContext::in_git();
    context.filter(r"sha256:[0-9a-f]{64}", "sha256:[SHA256]");
    let shelf = Shelf::new(&context, "registry", "test");
    let old = tone("be kind and brief", "");
    shelf.publish_files("core/tone 1.4.2", &[], &[("prompts/house-style.prompt.md", &old)]);
    context.write("anvil.toml", manifest("^1.4", environments));
    context.write(
        "prompts/reply.prompt.md",
        "---\ntests:\n  - name: plain\n---\nReply. {% render \"core/tone/house-style\", name: \"Ada\" %}\n",
    );
    context.anvil(&["pull"]).success();
    let new = tone("be kind and bold", "  mood: { type: string, default: calm }\n");
    shelf.publish_files("core/tone 1.5.0", &[], &[("prompts/house-style.prompt.md", &new)]);
    (context, shelf)
}

/// The lock that waits, without the line that says what it was made from.
pub fn proposed(context: &TestContext) -> String {
    let pending = context.read("anvil.pending.lock");
    let (first, lock) = pending.split_once('\n').unwrap();
    assert!(first.starts_with("# Proposed by anvil"), "{first}");
    lock.to_owned()
}

pub fn review(context: &TestContext, arguments: &[&str]) -> Answer {
    context.anvil(&[&["review"], arguments].concat())
}

#[track_caller]
pub fn refused(answer: &Answer, code: &str, words: &str) {
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains(code) && answer.stderr.contains(words), "{}", answer.shown());
}

#[test]
fn an_update_is_proposed_and_not_taken() {
    let (context, _) = project(ONE);
    let lock = context.read("anvil.lock");
    let before = context.files("");
    let planned = context.anvil(&["pull", "--env", "staging", "--dry-run"]).success();
    assert!(planned.stdout.contains("1 update would wait for review"), "{}", planned.shown());
    assert!(context.files("") == before, "something was changed");
    std::fs::remove_dir_all(context.project().join(".anvil/sets")).unwrap();
    let expected = str![[r#"
exit: 0
--- stdout
unpacked 1 of 1 set
1 update waits for review
  core/tone 1.4.2 -> 1.5.0
--- stderr
next: `anvil review --env staging`

"#]];
    assert_answer!(context.anvil(&["pull", "--env", "staging"]), expected);
    assert_eq!(context.read("anvil.lock"), lock);
    let pending = context.read("anvil.pending.lock");
    assert!(pending.contains("1.5.0") && !pending.contains("1.4.2"), "{pending}");
    assert_eq!(
        context.anvil(&["render", "reply", "--env", "staging"]).success().stdout,
        "Reply. Dear Ada, be kind and brief."
    );

    // Twice is once, in a folder below and without the network, too.
    let before = context.files("");
    context.anvil(&["pull", "--env", "staging"]).success();
    context.anvil_in(&context.project().join("prompts"), &["pull", "--env", "staging", "--offline"]).success();
    assert!(context.files("") == before, "something was changed");
    let report = context.anvil(&["pull", "--env", "staging", "--format", "json"]).success().json();
    assert_eq!(report["proposal"]["state"], "waits");
    assert_eq!(report["proposal"]["changes"][0]["to"], "1.5.0");
    assert_eq!(report["proposal"]["new"], false);
}

#[test]
fn what_would_change_is_shown_prompt_by_prompt() {
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    assert_answer!(
        review(&context, &[]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.4.2 -> 1.5.0, minor
core/tone/house-style: 7 tokens
  house-style: optional parameter `mood` added (minor)
  house-style: text changed (patch)
@@ -1,8 +1,9 @@
 ---
 parameters:
   name: string
+  mood: { type: string, default: calm }
 tests:
   - name: short
     parameters: { name: Ada }
 ---
-Dear {{ name }}, be kind and brief.
+Dear {{ name }}, be kind and bold.
rendered tests:
house-style: short
  8 -> 8 tokens (+0), 1 word removed, 1 added
@@ -1 +1 @@
-Dear Ada, be kind and brief.
+Dear Ada, be kind and bold.

my/app 0.1.0, this project's own
my/app/reply (its file stays): 10 tokens
rendered tests:
reply: plain
  10 -> 10 tokens (+0), 1 word removed, 1 added
@@ -1 +1 @@
-Reply. Dear Ada, be kind and brief.
+Reply. Dear Ada, be kind and bold.

0 of 1 approval for staging
--- stderr
next: `anvil review approve --env staging`

"#]]
    );
    let report = review(&context, &["--format", "json"]).success().json();
    let sets = report["pending"]["sets"].as_array().unwrap();
    assert_eq!(sets.len(), 2, "{report}");
    assert_eq!((&sets[0]["name"], &sets[0]["bump"]), (&"core/tone".into(), &"minor".into()));
    let prompt = &sets[0]["prompts"][0];
    assert_eq!((&prompt["name"], &prompt["change"]), (&"house-style".into(), &"changed".into()));
    assert!(prompt["tokens"]["old"].is_number() && prompt["tests"][0]["hunks"][0].is_object(), "{prompt}");
    assert_eq!((&sets[1]["own"], &sets[1]["prompts"][0]["name"]), (&true.into(), &"reply".into()));
    // Down a pipe, offline, and in a folder below it is the same.
    let below = context.anvil_in(&context.project().join("prompts"), &["review", "--offline"]).success();
    assert_eq!(below.stdout, review(&context, &[]).stdout);
}

#[test]
fn when_enough_people_have_approved_the_proposed_lock_becomes_the_lock() {
    let (context, _) = project(TWO);
    context.anvil(&["pull", "--env", "staging"]).success();
    let pending = proposed(&context);
    assert_answer!(
        review(&context, &["approve"]),
        str![[r#"
exit: 0
--- stdout
approved anvil.pending.lock for staging by Example Author <author@example.com>
1 more approval is missing
--- stderr

"#]]
    );
    let digest = anvil::digest::Sha256::of(&pending);
    let line = format!(
        "{{\"v\":1,\"environment\":\"staging\",\"decision\":\"approve\",\"digest\":\"sha256:{digest}\",\
         \"by\":\"Example Author <author@example.com>\",\"at\":\"2026-01-02T03:04:05Z\"}}\n"
    );
    assert_eq!(context.read("anvil.reviews"), line);
    // The same person twice counts once, however the name is written.
    let before = context.files("");
    let again = review(&context, &["approve", "--by", "example  author <author@example.com>"]).success();
    assert!(
        again.stdout.contains("before") && again.stdout.contains("1 more approval is missing"),
        "{}",
        again.shown()
    );
    assert!(context.files("") == before, "something was changed");
    assert_eq!(context.anvil(&["verify", "--env", "staging"]).code, 1);
    assert_answer!(
        review(&context, &["approve", "--by", "Ada"]),
        str![[r#"
exit: 0
--- stdout
approved anvil.pending.lock for staging by Ada
anvil.pending.lock is anvil.lock now
--- stderr
next: `anvil pull --env staging`

"#]]
    );
    assert_eq!(context.read("anvil.lock"), pending);
    assert!(!context.project().join("anvil.pending.lock").exists());
    assert_eq!(context.read("anvil.reviews").lines().count(), 2);
    assert_answer!(
        context.anvil(&["pull", "--env", "staging"]),
        str![[r#"
exit: 0
--- stdout
unpacked 1 of 1 set
nothing waits for review
--- stderr

"#]]
    );
    context.anvil(&["verify", "--env", "staging"]).success();
    let nothing = review(&context, &[]).success();
    assert!(
        nothing.stdout.contains("nothing waits for review in staging; anvil.lock is approved"),
        "{}",
        nothing.shown()
    );
}

#[test]
fn an_approval_of_what_has_changed_since_is_told_not_to_count() {
    let (context, shelf) = project(TWO);
    context.anvil(&["pull", "--env", "staging"]).success();
    review(&context, &["approve", "--by", "Ada"]).success();
    let changed = tone("be kind and bolder", "");
    let files = [("prompts/house-style.prompt.md", changed.as_str()), ("README.md", "Read me.\n")];
    shelf.publish_files("core/tone 1.5.1", &[], &files);
    context.anvil(&["pull", "--env", "staging"]).success();
    let shown = review(&context, &[]).success();
    assert!(shown.stdout.contains("1 other file changes that no prompt is written in"), "{}", shown.shown());
    assert_answer!(
        review(&context, &["approve"]),
        str![[r#"
exit: 0
--- stdout
approved anvil.pending.lock for staging by Example Author <author@example.com>
1 more approval is missing
the approval by Ada counts no longer: anvil.pending.lock has changed since
--- stderr

"#]]
    );
    let again = review(&context, &["approve", "--format", "json"]).success().json();
    assert_eq!(again["superseded"][0]["by"], "Ada", "{again}");
    let both = review(&context, &["approve", "--by", "Ada"]).success();
    assert!(both.stdout.contains("anvil.lock now") && !both.stdout.contains("no longer"), "{}", both.shown());
}

#[test]
fn a_lock_that_lacks_approvals_is_told_with_those_that_it_has() {
    let (context, _) = project(TWO);
    let told = |words: &str| {
        let answer = review(&context, &[]).success();
        assert!(answer.stdout.contains(words), "{}", answer.shown());
    };
    told("nothing waits for review in staging; anvil.lock has 0 of 2 approvals\n");
    review(&context, &["approve", "--by", "Ada"]).success();
    told("; anvil.lock has 1 of 2 approvals, by Ada\n");
    review(&context, &["approve"]).success();
    told("; anvil.lock is approved, by Ada and Example Author <author@example.com>\n");
}

#[test]
fn what_was_rejected_is_not_proposed_again_and_what_is_newer_is() {
    let (context, shelf) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    let lock = context.read("anvil.lock");
    assert_answer!(
        review(&context, &["reject", "--by", "Ada", "--reason", "too bold"]),
        str![[r#"
exit: 0
--- stdout
rejected by Ada: anvil.pending.lock is gone, and is not proposed again
--- stderr

"#]]
    );
    assert!(!context.project().join("anvil.pending.lock").exists());
    let before = context.files("");
    assert_answer!(
        context.anvil(&["pull", "--env", "staging"]),
        str![[r#"
exit: 0
--- stdout
everything is in place (1 set)
1 update was rejected by Ada
  core/tone 1.4.2 -> 1.5.0
  Ada: too bold
--- stderr
help: to have it proposed again, take line 1 out of anvil.reviews

"#]]
    );
    assert!(context.files("") == before, "something was changed");
    refused(&review(&context, &["reject", "--by", "Ada"]), "A1183", "nothing waits for review");
    shelf.publish("core/tone 1.5.1", &[]);
    context.anvil(&["pull", "--env", "staging"]).success();
    assert!(context.read("anvil.pending.lock").contains("1.5.1"));
    assert_eq!(context.read("anvil.lock"), lock);
}

#[test]
fn a_manifest_that_changed_is_answered_by_a_proposal() {
    let (context, _) = project(ONE);
    context.write("anvil.toml", manifest("^1.5", ONE));
    assert_answer!(
        context.anvil(&["pull", "--env", "staging"]),
        str![[r#"
exit: 1
--- stdout
1 update waits for review
  core/tone 1.4.2 -> 1.5.0
--- stderr
warning: nothing is put in place: anvil.lock does not answer anvil.toml: the manifest asks for core/tone ^1.5, the lock answers ^1.4; the manifest needs core/tone ^1.5, the lock holds 1.4.2
next: `anvil review --env staging`

"#]]
    );
    review(&context, &["approve", "--by", "Ada"]).success();
    context.anvil(&["pull", "--env", "staging"]).success();
    context.anvil(&["verify", "--env", "staging"]).success();

    // A proposal for another manifest than the one that is here is not taken.
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    context.write("anvil.toml", manifest("^1.4, <1.5", ONE));
    let before = context.files("");
    assert_answer!(
        review(&context, &["approve", "--by", "Ada"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1185]: `anvil.pending.lock` no longer answers anvil.toml: the manifest asks for core/tone ^1.4, <1.5, the lock answers ^1.4
  = help: propose one that does: `anvil pull --env staging`

"#]]
    );
    assert!(context.files("") == before, "something was changed");
    let shown = review(&context, &[]).success();
    assert!(shown.stderr.contains("no longer answers anvil.toml"), "{}", shown.shown());
}

#[test]
fn the_first_lock_is_approved_as_it_is() {
    let (context, _) = project(ONE);
    assert_answer!(
        context.anvil(&["verify", "--env", "staging", "--format", "github"]),
        str![[r#"
exit: 1
--- stdout
::error file=anvil.lock,line=1,title=anvil verify%3A A1189::anvil.lock has no approval, which `staging` asks for
--- stderr

"#]]
    );
    assert_answer!(
        review(&context, &["approve"]),
        str![[r#"
exit: 0
--- stdout
approved anvil.lock for staging by Example Author <author@example.com>
--- stderr
next: `anvil pull --env staging`

"#]]
    );
    context.anvil(&["verify", "--env", "staging"]).success();
    let before = context.files("");
    review(&context, &["approve"]).success();
    assert!(context.files("") == before, "something was changed");
    // An update by another way is not approved, and CI says so.
    context.anvil(&["update"]).success();
    assert_answer!(
        context.anvil(&["verify", "--env", "staging"]),
        str![[r#"
exit: 1
--- stdout
error[A1189]: anvil.lock has no approval, which `staging` asks for
  --> anvil.lock:1:1
   |
 1 | # Written by anvil. Commit it; do not edit it by hand.
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: look at it, and approve it as it is: `anvil review approve --env staging`

the rules of staging (review) are broken
--- stderr

"#]]
    );
    // A project without a lock has one proposed.
    std::fs::remove_file(context.project().join("anvil.lock")).unwrap();
    let first = context.anvil(&["pull", "--env", "staging"]);
    assert_eq!(first.code, 1, "{}", first.shown());
    review(&context, &["approve"]).success();
    context.anvil(&["pull", "--env", "staging"]).success();
}

#[test]
fn a_line_that_is_no_review_is_told_and_nothing_is_lost() {
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    context.write("anvil.reviews", "{\"v\":1}\n<<<<<<< ours\n");
    let before = context.files("");
    for arguments in [&["approve"][..], &["reject"], &[]] {
        refused(&review(&context, arguments), "A1182", "line 1 of anvil.reviews");
    }
    refused(&context.anvil(&["pull", "--env", "staging"]), "A1182", "line 1");
    let verified = context.anvil(&["verify", "--env", "staging", "--format", "github"]);
    assert!(verified.stdout.contains("file=anvil.reviews,line=1"), "{}", verified.shown());
    assert!(context.files("") == before, "something was changed");
}

#[test]
fn what_changed_is_shown_with_neither_cache_nor_network_where_it_is_unpacked() {
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    let shown = review(&context, &[]).success().stdout;
    std::fs::rename(context.path("registry"), context.path("gone")).unwrap();
    assert_eq!(review(&context, &["--offline"]).success().stdout, shown);
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    let missing = review(&context, &["--offline"]);
    assert_ne!(missing.code, 0, "{}", missing.shown());
    assert!(missing.stderr.contains("error["), "{}", missing.shown());
}

#[test]
fn which_environment_is_reviewed_is_never_guessed() {
    let (context, _) = project("");
    refused(&review(&context, &[]), "A1186", "no environment of anvil.toml has the mode `review`");
    let (context, _) = project(
        "\n[environments.a]\nmode = \"review\"\n\n[environments.b]\nmode = \"review\"\napprovals = 2\n\n[environments.c]\nmode = \"locked\"\n",
    );
    refused(&review(&context, &["approve"]), "A1186", "name it: `--env a`");
    refused(&review(&context, &["--env", "c"]), "A1186", "has the mode `locked`");
    // One proposal serves both, each by its own rules.
    context.anvil(&["pull", "--env", "a"]).success();
    review(&context, &["approve", "--env", "b", "--by", "Ada"]).success();
    assert!(context.project().join("anvil.pending.lock").exists());
    review(&context, &["approve", "--env", "a", "--by", "Ada"]).success();
    assert!(!context.project().join("anvil.pending.lock").exists());
    context.anvil(&["pull", "--env", "a"]).success();
    context.anvil(&["verify", "--env", "a"]).success();
    assert_eq!(context.anvil(&["verify", "--env", "b"]).code, 1);
}

#[test]
fn somebody_must_be_named_who_reviews() {
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    let nameless = |arguments: &[&str]| {
        let mut command = context.anvil_command(arguments);
        for name in ["NAME", "EMAIL"] {
            command.env_remove(format!("GIT_AUTHOR_{name}")).env_remove(format!("GIT_COMMITTER_{name}"));
        }
        context.run(command, "")
    };
    refused(&nameless(&["review", "approve"]), "A1184", "nobody is named who approves");
    refused(&review(&context, &["approve", "--by", " "]), "A1184", "`--by` is refused: it is empty");
    refused(&review(&context, &["approve", "--by", "a\nb"]), "A1184", "control characters");
    nameless(&["review", "approve", "--by", "Ada"]).success();
}

#[test]
fn branches_that_each_add_a_review_merge() {
    let context = TestContext::in_git();
    context.anvil(&["init", "--app"]).success();
    let attributes = context.read(".gitattributes");
    assert!(attributes.contains("anvil.reviews text eol=lf merge=union"), "{attributes}");
    let line = |by: &str| {
        format!(
            "{{\"v\":1,\"environment\":\"staging\",\"decision\":\"approve\",\"digest\":\"sha256:{}\",\"by\":\"{by}\",\"at\":\"2026-01-02T03:04:05Z\"}}\n",
            "0".repeat(64)
        )
    };
    context.write("anvil.reviews", line("Ada"));
    context.commit("Begin");
    context.git(&["switch", "--quiet", "--create", "other"]);
    context.write("anvil.reviews", line("Ada") + &line("Bo"));
    context.commit("Approve");
    context.git(&["switch", "--quiet", "main"]);
    context.write("anvil.reviews", line("Ada") + &line("Cy"));
    context.commit("Approve, too");
    context.git(&["merge", "--quiet", "other"]);
    assert_eq!(context.read("anvil.reviews").lines().count(), 3);
}

#[test]
fn an_approval_that_was_interrupted_is_completed_by_the_next() {
    let (context, _) = project(ONE);
    context.anvil(&["pull", "--env", "staging"]).success();
    let (lock, pending, becomes) = (context.read("anvil.lock"), context.read("anvil.pending.lock"), proposed(&context));
    review(&context, &["approve", "--by", "Ada"]).success();
    let record = context.read("anvil.reviews");
    // As if it had been killed when the line was written, and then again when the lock was.
    for lock in [&lock, &becomes] {
        context.write("anvil.lock", lock);
        context.write("anvil.pending.lock", &pending);
        review(&context, &["approve", "--by", "Ada"]).success();
        assert_eq!(context.read("anvil.lock"), becomes);
        assert!(!context.project().join("anvil.pending.lock").exists());
        assert_eq!(context.read("anvil.reviews"), record);
    }
    // A proposal that is the lock already is none, and the next pull removes it.
    context.write("anvil.pending.lock", &pending);
    assert!(review(&context, &[]).success().stdout.contains("nothing waits"));
    context.anvil(&["pull", "--env", "staging"]).success();
    assert!(!context.project().join("anvil.pending.lock").exists());
}

#[test]
fn a_set_that_is_used_from_a_folder_is_warned_of_for_no_approval_fixes_it() {
    let (context, _shelf) = project(ONE);
    set_in(&context, "../voice", "style/voice 1.0.0", &[]);
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", manifest.replace("\n[env", "\"style/voice\" = { path = \"../voice\" }\n\n[env"));
    context.anvil(&["lock"]).success();
    context.anvil(&["pull"]).success();
    review(&context, &["approve"]).success();
    assert_answer!(
        context.anvil(&["verify", "--env", "staging"]),
        str![[r#"
exit: 0
--- stdout
warning[A1181]: an approval for `staging` is of anvil.lock, and style/voice is used from the folder `../voice`: what that holds may change afterwards
   --> anvil.lock:22:1
    |
 22 | name = "style/voice"
    | ^^^^^^^^^^^^^^^^^^^^ a folder
    = help: publish style/voice, and depend on a version of it

the rules of staging (review) hold
anvil.lock answers anvil.toml, and every file is as locked (2 sets)
--- stderr

"#]]
    );
}
