//! What a number promises: `push` holds a version to it, and whoever moves past a broken one is told.

use crate::assert_answer;
use crate::compat::{MANIFEST, compat_json, released_as, reply, rules};
use crate::context::{Answer, TestContext};
use crate::server::Server;
use crate::shelf::asking;
use serde_json::{Value, json};
use snapbox::str;

/// Publishes 1.0.0 and makes a 1.0.1 that breaks.
fn broken_promise() -> TestContext {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    reply(&context, "warm, formal", "warm");
    context.commit("Only warm");
    context.anvil(&["version", "patch"]).success();
    context
}

#[test]
fn a_push_that_promises_less_than_it_changes_is_refused() {
    let context = broken_promise();
    let before = context.files("../registry");
    for dry in [&[][..], &["--dry-run"]] {
        assert_answer!(
            context.anvil(&[&["push"], dry].concat()),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A0711]: support/replies 1.0.1 is no major version after 1.0.0, and what changed is major
    reply: `tone` no longer takes "formal" (major)
  = help: make it a version that says so: `anvil version 2.0.0`
  = help: see all that changed: `anvil compat support/replies@1.0.0`
  = help: to publish it all the same, say `--allow-breaking`; the index keeps that

"#]]
        );
    }
    assert!(context.files("../registry") == before, "nothing was published");
    // What the hints say works.
    let answer = compat_json(&context, &["support/replies@1.0.0"]);
    assert_eq!(rules(&answer), [("enum_value_removed", "major")]);
    context.anvil(&["version", "2.0.0"]).success();
    context.anvil(&["push"]).success();
    // A line of old has its own predecessor, and its way out is a version that there is not yet.
    context.git(&["switch", "--quiet", "--detach", "v1.0.1"]);
    let answer = context.anvil(&["push", "--allow-older"]);
    assert!(answer.code == 1 && answer.stderr.contains("`anvil version 3.0.0`"), "{}", answer.shown());
    // What is built from the work tree needs no tag, only another number.
    let answer = context.anvil(&["push", "--allow-older", "--allow-dirty"]);
    assert!(answer.stderr.contains("let anvil.toml say so: `version = \"2.0.0\"`"), "{}", answer.shown());
    // With 1.0.0 yanked there is nothing that it could break.
    context.git(&["switch", "--quiet", "main"]);
    context.anvil(&["yank", "support/replies@1.0.0", "--reason", "other"]).success();
    context.git(&["switch", "--quiet", "--detach", "v1.0.1"]);
    context.anvil(&["push", "--allow-older"]).success();
}

/// Whatever is called the next version, what the last one changed is owed until a number says so.
#[test]
fn who_stands_on_a_version_that_is_refused_gets_out() {
    let context = broken_promise();
    let answer = context.anvil(&["version", "patch"]).success();
    assert!(answer.stdout.starts_with("nothing to do"), "it is not made twice: {}", answer.shown());
    assert_answer!(
        context.anvil(&["compat"]),
        str![[r#"
exit: 0
--- stdout
reply: `tone` no longer takes "formal" (major)
  {"tone":"formal","ticket":"A-0"}: tone: expected one of warm; got "formal"
tried: 1 prompt with 273 sets of parameters
support/replies from 1.0.0 to the working tree: major, so the version after 1.0.1 is 2.0.0
--- stderr
note: 1.0.1 promises less than it changes: what counts is what changed since 1.0.0

"#]]
    );
    assert_eq!(context.anvil(&["compat", "--exit-code"]).code, 1);
    assert_eq!(compat_json(&context, &[])["passed_over"], json!(["1.0.1"]));
    assert_answer!(
        context.anvil(&["version", "auto", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would raise support/replies 1.0.1 -> 2.0.0, commit and tag as v2.0.0
what changed since 1.0.0 is major:
  reply: `tone` no longer takes "formal" (major)
--- stderr
note: 1.0.1 promises less than it changes: what counts is what changed since 1.0.0

"#]]
    );
    // A step that is too small pays nothing.
    assert!(context.anvil(&["version", "minor"]).success().stdout.starts_with("nothing to do"));
    // Nor does another patch on top of it.
    context.write("README.md", "Replies.\n");
    context.commit("Say what it is");
    let answer = context.anvil(&["version", "patch"]).success();
    assert!(answer.stderr.contains("warning: the change since 1.0.0 is major"), "{}", answer.shown());
    assert!(answer.stderr.ends_with("next: `anvil version major`\n"), "{}", answer.shown());
    let answer = compat_json(&context, &[]);
    assert_eq!((&answer["passed_over"], &answer["needed"]), (&json!(["1.0.2"]), &json!("2.0.0")));
    assert!(context.anvil(&["push"]).stderr.contains("`anvil version 2.0.0`"));
    let answer = context.anvil(&["version", "major"]).success();
    assert!(answer.stdout.starts_with("raised support/replies 1.0.2 -> 2.0.0"), "{}", answer.shown());
    assert!(context.anvil(&["version", "major"]).success().stdout.starts_with("nothing to do"), "it is paid once");
    context.anvil(&["push"]).success();
    assert_eq!(compat_json(&context, &[])["bump"], Value::Null);
}

/// Without a registry the tags tell it, and one where it is public tells that it was allowed.
#[test]
fn a_version_that_breaks_is_owed_for_until_it_is_public() {
    let context = broken_promise();
    std::fs::rename(context.path("registry"), context.path("elsewhere")).unwrap();
    let passed_over = |arguments: &[&str]| compat_json(&context, arguments)["passed_over"].clone();
    assert_eq!(passed_over(&[]), json!(["1.0.1"]));
    assert!(context.anvil(&["version", "auto", "--dry-run"]).success().stdout.contains("1.0.1 -> 2.0.0"));
    context.anvil(&["push", "--registry", "../elsewhere", "--allow-breaking"]).success();
    assert_eq!(passed_over(&["--registry", "../elsewhere"]), json!([]));
    std::fs::rename(context.path("elsewhere"), context.path("registry")).unwrap();
    assert_eq!(passed_over(&[]), json!([]));
    assert!(context.anvil(&["version", "auto"]).success().stdout.starts_with("nothing to release"));
    assert!(context.anvil(&["version", "major"]).success().stdout.starts_with("nothing to do"));
    // Once it is yanked, `push` compares with what was before it.
    context.anvil(&["yank", "support/replies@1.0.1", "--reason", "other"]).success();
    assert_eq!(passed_over(&[]), json!(["1.0.1"]));
    context.anvil(&["version", "auto"]).success();
    context.anvil(&["push"]).success();
}

/// A registry on a host is asked where that could absolve a release, and not where nothing is amiss.
#[test]
fn a_host_is_asked_whether_a_version_that_breaks_is_public() {
    let context = broken_promise();
    let server = Server::serve(context.path("registry"));
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.0.1").replace("../registry", &server.url("")));
    let passed_over = |arguments: &[&str]| compat_json(&context, arguments)["passed_over"].clone();
    assert_eq!(passed_over(&[]), json!(["1.0.1"]));
    context.anvil(&["push", "--registry", "../registry", "--allow-breaking", "--allow-dirty"]).success();
    assert_eq!(passed_over(&[]), json!([]));
    let asked = server.requests().len();
    assert_eq!(passed_over(&[]), json!([]));
    assert_eq!(server.requests().len(), asked, "what it answered is at hand now");
    drop(server);
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    assert_eq!(passed_over(&[]), json!(["1.0.1"]), "nobody knows");
}

#[test]
fn a_broken_promise_that_is_allowed_is_kept_and_told() {
    let context = broken_promise();
    assert_answer!(
        context.anvil(&["push", "--allow-breaking"]),
        str![[r#"
exit: 0
--- stdout
published support/replies 1.0.1 to default at ../registry (1 prompt, 607 bytes)
--- stderr
warning: it changes more than its number says: enum_value_removed@reply.tone (major since 1.0.0); the index says so
next: in a project that uses it, `anvil add support/replies`

"#]]
    );
    let index = context.read("../registry/index/support/replies.jsonl");
    let line: Value = serde_json::from_str(index.lines().last().unwrap()).unwrap();
    let breaking = json!({ "since": "1.0.0", "bump": "major", "changes": ["enum_value_removed@reply.tone"] });
    assert_eq!(line["breaking"], breaking);
    assert!(!index.lines().next().unwrap().contains("breaking"), "{index}");
    // Again it is published already, whatever it promises.
    assert!(context.anvil(&["push"]).success().stdout.contains("already published"));

    // Those who would move to it are told.
    let user = context.path("user");
    let asks = |requirement: &str| context.write("../user/anvil.toml", asking(&[("support/replies", requirement)]));
    let run = |arguments: &[&str]| context.anvil_in(&user, arguments);
    asks("=1.0.0");
    let changes = "changes more than its number says: enum_value_removed@reply.tone (major since 1.0.0)";
    let told = |answer: &Answer, told: &str| {
        let line = format!("warning: support/replies {told} {changes}\n");
        assert!(answer.stderr.contains(&line), "{line}{}", answer.shown());
    };
    assert_eq!(run(&["pull"]).success().stderr.matches("changes more").count(), 0);
    asks("^1.0");
    assert_answer!(
        run(&["outdated"]),
        str![[r#"
exit: 0
--- stdout
set              locked  compatible     newest
support/replies  1.0.0   1.0.1 (major)  1.0.1 (major)  1.0.1 changes more than its number says: enum_value_removed@reply.tone (major since 1.0.0)
--- stderr
help: move to the compatible ones: `anvil update`

"#]]
    );
    let marks = json!([{
        "version": "1.0.1", "since": "1.0.0", "bump": "major", "changes": ["enum_value_removed@reply.tone"],
    }]);
    assert_eq!(run(&["outdated", "--format", "json"]).json()["outdated"][0]["breaking"], marks);
    for arguments in [&["update", "--dry-run"][..], &["add", "support/replies@=1.0.1", "--dry-run"]] {
        told(&run(arguments).success(), "1.0.1");
    }
    let json = run(&["update", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(json["pull"]["changes"][0]["breaking"], marks);

    // Also those who would pass over it, whether or not it was yanked since: what came after it has its changes.
    context.write("README.md", "Replies.\n");
    context.commit("Say what it is");
    context.anvil(&["version", "patch"]).success();
    context.anvil(&["push"]).success();
    for yanked in [false, true] {
        if yanked {
            context.anvil(&["yank", "support/replies@1.0.1", "--reason", "other"]).success();
        }
        told(&run(&["update", "--dry-run"]).success(), "1.0.2 takes in 1.0.1, which");
        let outdated = run(&["outdated"]).success();
        assert!(outdated.stdout.contains(&format!("1.0.2 takes in 1.0.1, which {changes}")), "{}", outdated.shown());
        assert_eq!(run(&["outdated", "--format", "json"]).json()["outdated"][0]["breaking"], marks);
    }
    context.anvil(&["yank", "support/replies@1.0.1", "--undo"]).success();
    // Whoever begins with what came after it has nothing that it could break, but gets it where it is named.
    std::fs::remove_file(user.join("anvil.lock")).unwrap();
    let silent = |arguments: &[&str]| {
        let answer = run(arguments).success();
        assert!(!answer.shown().contains("changes more"), "{}", answer.shown());
    };
    silent(&["lock", "--dry-run"]);
    told(&run(&["add", "support/replies@=1.0.1"]).success(), "1.0.1");
    // Whoever has it is not told again.
    for arguments in [&["update"][..], &["pull"], &["lock"]] {
        silent(arguments);
    }
}

/// A pre-release promises nothing: it is never refused, and only who lands on it is told.
#[test]
fn a_pre_release_may_break_and_is_marked() {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    reply(&context, "warm, formal", "warm");
    context.commit("Only warm");
    context.anvil(&["version", "1.0.1-rc.1"]).success();
    let answer = context.anvil(&["push"]).success();
    assert!(answer.stderr.contains("changes more than its number says"), "{}", answer.shown());
    reply(&context, "warm, formal", "warm, formal");
    context.commit("Formal again");
    context.anvil(&["version", "1.0.1"]).success();
    let answer = context.anvil(&["push"]).success();
    assert!(!answer.stderr.contains("more than"), "{}", answer.shown());
}

/// Who has a yanked version locked moves on from there.
#[test]
fn a_version_that_breaks_after_a_yanked_one_is_marked() {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    let more = "tone: { enum: [warm, formal], default: warm }";
    reply(&context, more, &format!("{more}\n  name: {{ type: string, optional: true }}"));
    context.commit("A name");
    context.anvil(&["version", "1.1.0"]).success();
    context.anvil(&["push"]).success();
    context.anvil(&["yank", "1.1.0", "--reason", "invalid"]).success();
    reply(&context, more, more);
    context.commit("No name");
    let answer = context.anvil(&["version", "1.1.1"]).success();
    assert!(answer.stderr.contains("`anvil push` compares with what is not yanked"), "{}", answer.shown());
    let answer = context.anvil(&["push"]).success();
    assert!(answer.stderr.contains("changes more than its number says"), "{}", answer.shown());
}
