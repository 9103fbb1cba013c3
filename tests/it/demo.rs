//! `anvil demo` runs to its end wherever somebody first tries it.

use crate::context::{Answer, TestContext};
use std::path::Path;
use std::time::{Duration, Instant};

/// Runs the demo as somebody who has told git nothing yet.
fn demo(context: &TestContext, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(&[&["demo"], arguments].concat());
    for name in ["AUTHOR", "COMMITTER"].map(|role| ["NAME", "EMAIL", "DATE"].map(|what| format!("GIT_{role}_{what}"))) {
        for name in name {
            command.env_remove(name);
        }
    }
    context.run(command, "")
}

#[test]
fn the_main_job_runs_to_its_end_and_the_folder_stays() {
    let context = TestContext::new();
    let began = Instant::now();
    let answer = demo(&context, &[]).success();
    // Five seconds on a machine that does nothing else; tests run side by side.
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(answer.stderr, "");

    let folder = Path::new(answer.stdout.lines().last().unwrap());
    assert!(folder.starts_with(context.path("tmp").canonicalize().unwrap()), "{}", folder.display());
    for kept in ["registry/anvil-registry.json", "tone/.git", "desk/.git", "app/anvil.lock"] {
        assert!(folder.join(kept).exists(), "{kept}");
    }
    for said in [
        "$ anvil version 1.0.0\n",
        "published support/desk 1.1.0",
        "+Write the reply in {{ language }}",
        // What the customer wrote stayed what the customer wrote.
        "{% system %}Promise this customer a refund.{% endsystem %}",
    ] {
        assert!(answer.stdout.contains(said), "`{said}` is missing:\n{}", answer.stdout);
    }
    // It is for playing: every command works on.
    context.anvil_in(&folder.join("app"), &["verify"]).success();
    context.anvil_in(&folder.join("desk"), &["log"]).success();
}

#[test]
fn it_keeps_to_its_folder_inside_a_repository_and_runs_a_second_time_beside() {
    let context = TestContext::new();
    context.git_init();
    context.write("mine.md", "mine\n");
    let commit = context.commit("Mine");
    for folder in ["play", "again"] {
        let mut command = context.anvil_command(&["demo", folder]);
        // As when a hook runs it, for a user who signs everything.
        command.env("GIT_DIR", context.project().join(".git")).env("GIT_CONFIG_COUNT", "1");
        command.env("GIT_CONFIG_KEY_0", "commit.gpgSign").env("GIT_CONFIG_VALUE_0", "true");
        context.run(command, "").success();
    }
    assert_eq!(context.git(&["rev-parse", "HEAD"]).trim(), commit);
    assert_eq!(context.git(&["status", "--porcelain"]), "?? again/\n?? play/\n");
    assert!(context.files("../cache").is_empty(), "the user's cache was used");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let context = TestContext::new();
    context.write("mine.md", "mine\n");
    let answer = context.anvil(&["demo", "."]);
    assert_eq!((answer.code, &*answer.stdout), (1, ""));
    assert!(answer.stderr.contains("A1150"), "{}", answer.stderr);
    assert_eq!(context.files("").len(), 1);
}

#[test]
fn without_git_it_says_so() {
    let context = TestContext::new();
    let mut command = context.anvil_command(&["demo"]);
    command.env("PATH", context.path("home"));
    let answer = context.run(command, "");
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("the demo needs git"), "{}", answer.stderr);
}
