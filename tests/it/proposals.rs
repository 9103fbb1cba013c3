//! Proposals that no review can take: changed by hand or by a merge, or made from a lock that is no longer there. And
//! what a dry run of a review says.

use crate::assert_answer;
use crate::context::TestContext;
use crate::review::{ONE, TWO, project, proposed, refused, review};
use crate::shelf::Shelf;
use snapbox::str;

fn waiting(environments: &str) -> (TestContext, Shelf) {
    let (context, shelf) = project(environments);
    context.anvil(&["pull", "--env", "staging"]).success();
    (context, shelf)
}

#[test]
fn a_proposal_that_is_no_lock_is_told_and_made_anew() {
    let (context, _) = waiting(ONE);
    let pending = context.read("anvil.pending.lock");
    let headless = proposed(&context);
    for broken in ["<<<<<<< ours\n=======\n>>>>>>> theirs\n", "version = 9\n", "no lock", "", &headless] {
        context.write("anvil.pending.lock", broken);
        let before = context.files("");
        assert_eq!(review(&context, &["approve", "--by", "Ada"]).code, 1, "{broken}");
        assert!(context.files("") == before, "something was changed");
        context.anvil(&["pull", "--env", "staging"]).success();
        assert_eq!(context.read("anvil.pending.lock"), pending);
    }
    context.write("anvil.pending.lock", pending.replace("[[set]]", "[[set]"));
    let answer = review(&context, &[]);
    refused(&answer, "A1185", "`anvil.pending.lock` proposes is nothing that a review can take");
    refused(&answer, "--> anvil.pending.lock:10:", "`anvil pull --env staging`");
    context.write("anvil.pending.lock", &headless);
    refused(&review(&context, &[]), "A1185", "does not say which anvil.lock it was made from");
    // It can be rejected all the same.
    context.write("anvil.pending.lock", "no lock");
    review(&context, &["reject", "--by", "Ada"]).success();
}

#[test]
fn a_proposal_that_was_changed_by_hand_is_told_as_such_and_not_blamed_on_a_publisher() {
    let (context, _shelf) = waiting(ONE);
    let lock = context.read("anvil.lock");
    let pending = context.read("anvil.pending.lock");
    let of_other = |key: &str| {
        let line = |text: &str| text.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
        pending.replace(&line(&pending), &line(&lock))
    };
    context.write("anvil.pending.lock", pending.replace("\"1.5.0\"", "\"1.4.2\""));
    assert_answer!(
        review(&context, &[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1185]: what `anvil.pending.lock` proposes is nothing that a review can take: of core/tone 1.4.2 it says another checksum than the registry `test` does
   --> anvil.pending.lock:11:1
    |
 11 | name = "core/tone"
    | ^^^^^^^^^^^^^^^^^^
    = help: make the proposal anew: `anvil pull --env staging`
    = help: or do away with it: `anvil review reject --env staging`

"#]]
    );
    for (edited, words) in [
        (pending.replace("\"1.5.0\"", "\"1.4.2\""), "of core/tone 1.4.2 it says another checksum than the registry"),
        (pending.replace("\"1.5.0\"", "\"1.6.0\""), "of core/tone 1.6.0 it says that it is a version"),
        (of_other("sha256"), "another checksum than the registry `test` does"),
        (of_other("digest"), "another digest than the registry `test` does"),
        (
            format!("{pending}dependencies = [\n  \"core/tone ^1\",\n]\n"),
            "of core/tone 1.5.0 it says other needs than the registry",
        ),
    ] {
        // With the bundles at hand and without.
        for cache in ["cache", "none"] {
            _ = std::fs::remove_dir_all(context.path(cache));
            context.write("anvil.pending.lock", &edited);
            let before = context.files("");
            for arguments in [&[][..], &["approve", "--by", "Ada"], &["approve", "--by", "Ada", "--dry-run"]] {
                let answer = review(&context, arguments);
                refused(&answer, "A1185", words);
                assert!(answer.stderr.contains("--> anvil.pending.lock:11:1"), "{}", answer.shown());
                assert!(answer.stderr.contains("`anvil review reject --env staging`"), "{}", answer.shown());
            }
            assert!(context.files("") == before, "something was changed");
        }
    }
    context.anvil(&["pull", "--env", "staging"]).success();
    assert_eq!(context.read("anvil.pending.lock"), pending);
    review(&context, &["approve", "--by", "Ada"]).success();
}

#[test]
fn a_proposal_made_from_another_lock_is_not_taken() {
    let (context, shelf) = waiting(ONE);
    shelf.publish("core/tone 1.6.0", &[]);
    context.anvil(&["update"]).success();
    let shown = review(&context, &[]).success();
    assert!(shown.stderr.contains("and has a newer core/tone: it cannot be approved"), "{}", shown.shown());
    assert!(shown.stderr.contains("`anvil pull --env staging`"), "{}", shown.shown());
    assert_eq!(review(&context, &["--format", "json"]).success().json()["pending"]["outrun"], true);
    let before = context.files("");
    assert_answer!(
        review(&context, &["approve", "--by", "Ada"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1185]: `anvil.lock` has changed since `anvil.pending.lock` was proposed, and has a newer core/tone: approving this would take back what came in between
  = help: propose what fits the lock that is here now: `anvil pull --env staging`

"#]]
    );
    assert!(context.files("") == before, "something was changed");
}

#[test]
fn what_somebody_else_added_to_the_lock_since_is_not_taken_back_by_an_approval() {
    let (context, shelf) = waiting(ONE);
    shelf.publish("style/plain 1.0.0", &[]);
    let waits = context.read("anvil.pending.lock");
    // On main somebody adds a set, with a requirement of its own; the proposal stays as it was.
    context.anvil(&["add", "style/plain"]).success();
    context.write("anvil.pending.lock", &waits);
    refused(&review(&context, &["approve", "--by", "Ada"]), "A1185", "`anvil.lock` has changed since");
    assert!(context.read("anvil.lock").contains("style/plain"));
    context.anvil(&["pull", "--env", "staging"]).success();
    review(&context, &["approve", "--by", "Ada"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("style/plain") && lock.contains("1.5.0"), "{lock}");
    context.anvil(&["verify", "--env", "staging"]);
}

#[test]
fn a_dry_run_of_a_review_says_what_would_come_of_it_and_changes_nothing() {
    let (context, _) = waiting(TWO);
    let before = context.files("");
    assert_answer!(
        review(&context, &["approve", "--by", "Ada", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would approve anvil.pending.lock for staging by Ada
1 more approval would be missing
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_answer!(
        review(&context, &["reject", "--by", "Ada", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would reject anvil.pending.lock for staging by Ada, for good
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert!(context.files("") == before, "something was changed");
    review(&context, &["approve", "--by", "Ada"]).success();
    let before = context.files("");
    assert_answer!(
        review(&context, &["approve", "--by", "Bo", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would approve anvil.pending.lock for staging by Bo
anvil.pending.lock would be anvil.lock then
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    let planned = review(&context, &["approve", "--by", "Bo", "--dry-run", "--format", "json"]).success().json();
    assert!(context.files("") == before, "something was changed");
    let done = review(&context, &["approve", "--by", "Bo", "--format", "json"]).success().json();
    assert_eq!((&planned["taken"], &planned["dry_run"]), (&true.into(), &true.into()));
    assert_eq!((&planned["missing"], &planned["digest"]), (&done["missing"], &done["digest"]));
}
