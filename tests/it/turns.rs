//! Several runs that commit in one repository, or that change what one project asks for and locks: they
//! take turns, and one that is killed leaves nothing locked.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, released, state};
use snapbox::str;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// Anvil's own lock in git's folder.
const LOCK: &str = ".git/anvil-writes";

#[test]
fn a_run_waits_for_another_and_decides_from_what_that_one_left() {
    let context = released();
    let held = File::create(context.project().join(LOCK)).unwrap();
    held.lock().unwrap();
    let mut second = context.anvil_command(&["version", "patch"]);
    let mut second = second.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = format!("waiting for another anvil that commits in `{}`\n", context.project().display());
    let mut said = String::new();
    let mut stderr = BufReader::new(second.stderr.take().unwrap());
    stderr.read_line(&mut said).unwrap();
    assert_eq!(said, told);
    // Meanwhile the first one makes the very version.
    let manifest = context.read("anvil.toml").replace("1.0.0", "1.0.1");
    context.write("anvil.toml", &manifest);
    context.git(&["commit", "--quiet", "--all", "--message", "1.0.1"]);
    context.git(&["tag", "--annotate", "--message", "1.0.1", "v1.0.1"]);
    drop(held);
    let output = second.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("nothing to do: support/onboarding 1.0.1 is v1.0.1"), "{said}");
    assert_eq!((context.read("anvil.toml"), context.git(&["status", "--porcelain"])), (manifest, String::new()));
}

#[test]
fn runs_at_once_leave_the_versions_of_all_and_nothing_half_done() {
    let context = released();
    let runs = ["patch", "patch", "minor"].map(|bump| {
        let mut command = context.anvil_command(&["version", bump]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    });
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(context.git(&["status", "--porcelain"]), "");
    let newest = context.git(&["describe", "--tags", "HEAD"]);
    assert!(context.read("anvil.toml").contains(newest.trim().trim_start_matches('v')), "{newest}");
}

/// Makes what a run leaves that is killed while it changes `file`.
fn killed_at(context: &TestContext, file: &str) {
    context.write(&format!(".git/{file}.lock"), "");
    context.write(LOCK, format!("{file}\n"));
}

#[test]
fn what_a_killed_run_left_locked_is_free_again() {
    for file in ["refs/heads/main", "index"] {
        let context = released();
        killed_at(&context, file);
        let answer = context.anvil(&["version", "patch"]).success();
        assert!(answer.stdout.starts_with("raised support/onboarding 1.0.0 -> 1.0.1"), "{}", answer.stdout);
        assert_eq!(context.read(LOCK), "");
    }
    // The tag comes last: what is committed by then is tagged, and not raised again.
    let context = released();
    context.write("anvil.toml", context.read("anvil.toml").replace("1.0.0", "1.0.1"));
    context.git(&["commit", "--quiet", "--all", "--message", "1.0.1"]);
    killed_at(&context, "refs/tags/v1.0.1");
    let answer = context.anvil(&["version", "patch"]).success();
    assert!(answer.stdout.starts_with("tagged support/onboarding 1.0.1 as v1.0.1"), "{}", answer.stdout);
    killed_at(&context, "refs/heads/main");
    context.anvil(&["rollback", "1.0.0"]).success();
    assert_eq!(context.git(&["status", "--porcelain"]), "");
}

#[test]
fn the_lock_of_another_git_is_told_and_left_alone() {
    let told = str![[r#"
exit: 3
--- stdout
--- stderr
error[A0804]: another git process is at work: `[ROOT]/project/.git/refs/heads/main.lock` exists
  = help: wait for it to end; if none is running, remove `[ROOT]/project/.git/refs/heads/main.lock`

"#]];
    let context = released();
    let lock = context.write(".git/refs/heads/main.lock", "");
    // A note that was not finished was never acted upon, and one may lead nowhere else.
    for note in ["", "refs/heads/main", "refs/heads/../heads/main\n", "../project/.git/refs/heads/main\n"] {
        context.write(LOCK, note);
        assert_answer!(context.anvil(&["version", "patch"]), told.clone());
    }
    assert_eq!(context.git(&["status", "--porcelain"]), "");
    fs::remove_file(&lock).unwrap();
    context.write(".git/refs/tags/v1.0.1.lock", "");
    assert_answer!(
        context.anvil(&["version", "patch"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0804]: another git process is at work: `[ROOT]/project/.git/refs/tags/v1.0.1.lock` exists
  = help: wait for it to end; if none is running, remove `[ROOT]/project/.git/refs/tags/v1.0.1.lock`

"#]]
    );
}

/// A project that asks for nothing yet, and a registry with eight sets.
fn consumer() -> TestContext {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    (0..8).for_each(|number| shelf.publish(&format!("team/c{number} 1.0.0"), &[]));
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    context
}

#[test]
fn all_that_is_added_and_removed_at_once_is_added_and_removed() {
    for _ in 0..3 {
        let context = consumer();
        for verb in ["add", "remove"] {
            let runs: Vec<_> = (0..8)
                .map(|number| {
                    let mut command = context.anvil_command(&[verb, &format!("team/c{number}")]);
                    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
                })
                .collect();
            for mut run in runs {
                assert!(run.wait().unwrap().success());
            }
            let (manifest, lock) = (context.read("anvil.toml"), context.read("anvil.lock"));
            for number in 0..8 {
                let name = format!("team/c{number}");
                assert_eq!((manifest.contains(&name), lock.contains(&name)), (verb == "add", verb == "add"), "{name}");
            }
            context.anvil(&["verify"]).success();
        }
    }
}

#[test]
fn who_would_change_a_project_waits_and_who_reads_it_does_not() {
    let context = consumer();
    context.anvil(&["add", "team/c0", "team/c1"]).success();
    let held = File::options().write(true).open(context.project().join(".anvil/lock")).unwrap();
    held.lock().unwrap();
    let reads = [
        &["lock", "--check"][..],
        &["lock", "--dry-run"],
        &["pull", "--locked"],
        &["pull", "--dry-run"],
        &["add", "team/c2", "--dry-run"],
        &["remove", "team/c1", "--dry-run"],
        &["update", "--dry-run"],
        &["verify"],
    ];
    for command in reads {
        let answer = context.anvil(command).success();
        assert!(!answer.stderr.contains("waiting for"), "{command:?}: {}", answer.stderr);
    }
    let told = format!("waiting for another anvil that changes `{}`\n", context.project().display());
    let changes = [&["lock"][..], &["pull"], &["update"], &["add", "team/c2"], &["remove", "team/c1"]];
    let runs = changes.map(|command| {
        let mut run = context.anvil_command(command);
        run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let runs = runs.map(|mut run| {
        let (mut said, mut stderr) = (String::new(), BufReader::new(run.stderr.take().unwrap()));
        stderr.read_line(&mut said).unwrap();
        assert_eq!(said, told);
        (run, stderr)
    });
    drop(held);
    for (mut run, _) in runs {
        assert!(run.wait().unwrap().success());
    }
    let manifest = context.read("anvil.toml");
    assert!(manifest.contains("team/c2") && !manifest.contains("team/c1"), "{manifest}");
    context.anvil(&["verify"]).success();
}

#[cfg(unix)]
#[test]
fn where_nobody_may_write_only_what_would_write_fails() {
    use std::os::unix::fs::PermissionsExt;
    let context = consumer();
    context.anvil(&["add", "team/c0"]).success();
    fs::remove_file(context.project().join(".anvil/lock")).unwrap();
    let allow = |mode| {
        for folder in ["", ".anvil"] {
            fs::set_permissions(context.project().join(folder), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o555);
    if File::create(context.project().join("probe")).is_ok() {
        return; // Root may write everywhere.
    }
    let before = state(&context);
    for command in [&["lock"][..], &["pull"]] {
        context.anvil(command).success();
    }
    let answer = context.anvil(&["add", "team/c1"]);
    assert_eq!((answer.code, state(&context)), (3, before), "{}", answer.shown());
    allow(0o755);
}

#[cfg(unix)]
#[test]
fn the_lock_is_not_taken_through_a_link() {
    let context = consumer();
    let elsewhere = context.path("elsewhere");
    fs::create_dir(context.project().join(".anvil")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, context.project().join(".anvil/lock")).unwrap();
    context.anvil(&["add", "team/c0"]).success();
    assert!(!elsewhere.exists());
}
