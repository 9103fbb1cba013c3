//! Who counts in a review, and as how many: spellings, keys, lines that stand there again or were changed.

use crate::context::TestContext;
use crate::review::{ONE, TWO, project, refused, review};
use crate::review_signed::{has_ssh_keygen, key, public, with_key};

const TRUST: &str =
    "\n[environments.staging]\nmode = \"review\"\napprovals = 2\n\n[trust]\nallowed-signers = \"allowed_signers\"\n";

fn waiting(environments: &str) -> TestContext {
    let (context, _) = project(environments);
    context.anvil(&["pull", "--env", "staging"]).success();
    context
}

fn is_taken(context: &TestContext) -> bool {
    !context.project().join("anvil.pending.lock").exists()
}

#[test]
fn one_person_under_several_spellings_counts_once() {
    let context = waiting(TWO);
    review(&context, &["approve", "--by", "Ada <ada@example.com>"]).success();
    for by in
        ["Ada<ada@example.com>", "Ada < ADA@example.com >", "A\u{200d}da <ada@example.com>", "ada@\u{ad}example.com"]
    {
        let again = review(&context, &["approve", "--by", by]).success();
        assert!(again.stdout.contains("has approved anvil.pending.lock for staging before"), "{}", again.shown());
        assert!(!is_taken(&context), "{by:?} was another person");
    }
    review(&context, &["approve", "--by", "Example <e@example.com>"]).success();
    assert!(is_taken(&context));
}

#[test]
fn a_line_that_stands_there_again_decides_nothing_anew() {
    let context = waiting(TWO);
    review(&context, &["approve", "--by", "Ada"]).success();
    let approval = context.read("anvil.reviews");
    let pending = context.read("anvil.pending.lock");
    review(&context, &["reject", "--by", "Ada", "--reason", "too bold"]).success();
    context.write("anvil.reviews", format!("{}{approval}", context.read("anvil.reviews")));
    context.write("anvil.pending.lock", pending);
    let told = review(&context, &["approve", "--by", "Example"]).success();
    assert!(
        told.stdout.contains("anvil.pending.lock is not taken while Ada rejects it, in line 2 of anvil.reviews\n"),
        "{}",
        told.shown()
    );
    assert!(!is_taken(&context));
    let told = context.anvil(&["pull", "--env", "staging"]).success();
    let expected = "1 update was rejected by Ada\n  core/tone 1.4.2 -> 1.5.0\n  Ada: too bold\n";
    assert!(told.stdout.contains(expected), "{}", told.shown());
    assert!(told.stderr.contains("take line 2 out of anvil.reviews"), "{}", told.shown());
}

#[test]
fn lines_that_a_merge_brought_into_another_order_count_as_they_were_made() {
    let context = waiting(ONE);
    review(&context, &["reject", "--by", "Ada"]).success();
    let rejection = context.read("anvil.reviews");
    let approval = rejection.replace("\"reject\"", "\"approve\"").replace("\"at\":\"2", "\"at\":\"1");
    context.write("anvil.reviews", format!("{rejection}{approval}"));
    let told = context.anvil(&["pull", "--env", "staging"]).success();
    assert!(told.stdout.contains("rejected by Ada"), "{}", told.shown());
}

#[test]
fn a_time_that_is_none_is_no_review() {
    let context = waiting(ONE);
    review(&context, &["approve", "--by", "Ada"]).success();
    let line = context.read("anvil.reviews");
    let at = line.split("\"at\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for other in ["yesterday", "0000", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00+01:00"] {
        context.write("anvil.reviews", line.replace(&at, other));
        refused(&review(&context, &[]), "A1182", &format!("its `at` is \"{other}\""));
    }
}

#[test]
fn the_lock_may_be_approved_while_something_else_waits() {
    let context = waiting(ONE);
    let lock = context.read("anvil.lock");
    let told = context.anvil(&["verify", "--env", "staging"]);
    assert!(told.code == 1 && told.stdout.contains("`anvil review --env staging`"), "{}", told.shown());
    assert!(told.stdout.contains("`anvil review approve --env staging --current`"), "{}", told.shown());
    let told = review(&context, &["approve", "--env", "staging", "--current", "--by", "Ada"]).success();
    assert!(told.stdout.contains("approved anvil.lock for staging by Ada\n"), "{}", told.shown());
    assert!(!is_taken(&context) && context.read("anvil.lock") == lock);
    context.anvil(&["verify", "--env", "staging"]).success();
}

#[test]
fn one_key_and_one_person_count_once_however_they_are_listed() {
    if !has_ssh_keygen() {
        return;
    }
    let context = waiting_for_signatures(|context| {
        let (ada, second) = (key(context, "ada", &["-t", "ed25519"]), key(context, "second", &["-t", "ed25519"]));
        format!("ada@example.com {}\nada@work.example,ada@example.com {}\n", public(&ada), public(&second))
    });
    with_key(&context, &context.path("ada"), &["review", "approve"]).success();
    with_key(&context, &context.path("second"), &["review", "approve"]).success();
    assert!(!is_taken(&context), "two keys of one person were two people");
}

/// A project with an update that waits for two signed approvals by those that `allowed` lists.
fn waiting_for_signatures(allowed: impl FnOnce(&TestContext) -> String) -> TestContext {
    let (context, _) = project(TRUST);
    let allowed = allowed(&context);
    context.write("allowed_signers", allowed);
    context.anvil(&["pull", "--env", "staging"]).success();
    context
}

#[test]
fn what_is_not_signed_neither_approves_nor_rejects_where_signatures_are_asked_for() {
    if !has_ssh_keygen() {
        return;
    }
    let context = waiting_for_signatures(|context| {
        let (ada, bea) = (key(context, "ada", &["-t", "ed25519"]), key(context, "bea", &["-t", "ed25519"]));
        format!("ada@example.com {}\nbea@example.com {}\n", public(&ada), public(&bea))
    });
    refused(&review(&context, &["reject", "--by", "Mallory"]), "A1190", "no key is set");
    with_key(&context, &context.path("ada"), &["review", "approve"]).success();
    let line: serde_json::Value = serde_json::from_str(&context.read("anvil.reviews")).unwrap();
    let forged = serde_json::json!({
        "v": 1, "environment": "staging", "decision": "reject", "digest": line["digest"], "by": "ada@example.com",
        "at": line["at"],
    });
    context.write("anvil.reviews", format!("{}{forged}\n", context.read("anvil.reviews")));
    let shown = review(&context, &[]).success();
    let ignored = "line 2 of anvil.reviews, by ada@example.com, does not count: it is not signed";
    assert!(shown.stderr.contains(ignored), "{}", shown.shown());
    let told = with_key(&context, &context.path("bea"), &["review", "approve"]).success();
    assert!(is_taken(&context), "{}", told.shown());
}

#[test]
fn a_key_that_may_not_sign_now_is_told_with_the_line_that_says_so() {
    if !has_ssh_keygen() {
        return;
    }
    let context = waiting_for_signatures(|context| {
        let (late, other) = (key(context, "late", &["-t", "ed25519"]), key(context, "other", &["-t", "ed25519"]));
        let late = format!("# ours\nlate@example.com valid-before=\"20200101Z\" {}\n", public(&late));
        format!("{late}other@example.com namespaces=\"*,!anvil-review@v1\" {}\n", public(&other))
    });
    let late = with_key(&context, &context.path("late"), &["review", "approve"]);
    refused(&late, "A1190", "line 2 of `allowed_signers` had it valid until 2020-01-01 00:00:00 UTC");
    let other = with_key(&context, &context.path("other"), &["review", "approve"]);
    refused(&other, "A1190", "line 3 of `allowed_signers` does not let it sign in the namespace `anvil-review@v1`");
}

#[test]
fn a_signed_line_that_was_changed_counts_nowhere() {
    if !has_ssh_keygen() {
        return;
    }
    let context = waiting(ONE);
    let ada = key(&context, "ada", &["-t", "ed25519"]);
    with_key(&context, &ada, &["review", "approve", "--by", "Ada"]).success();
    context.anvil(&["verify", "--env", "staging"]);
    let before = review(&context, &[]).success();
    assert!(before.stdout.contains("anvil.lock is approved, by Ada"), "{}", before.shown());
    context.write("anvil.reviews", context.read("anvil.reviews").replace("\"by\":\"Ada\"", "\"by\":\"Eve\""));
    let shown = review(&context, &[]).success();
    assert!(shown.stdout.contains("anvil.lock has 0 of 1 approval"), "{}", shown.shown());
    assert!(shown.stderr.contains("by Eve, does not count: its signature is not one of what"), "{}", shown.shown());
}
