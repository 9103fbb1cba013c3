//! Commands that are killed at any instant: the project is as it was, or as it should become, and the next run works
//! with no flag. The instants are random; a failure names them.
#![cfg(unix)]

use crate::context::TestContext;
use crate::review;
use crate::shelf::{Shelf, asking};
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long each command is killed again and again.
const TIME: Duration = Duration::from_secs(3);

/// How often, at least: where the machine is slow.
const TIMES: usize = 12;

/// Kills `command` at random instants between which `reset` puts everything back, and has `check` look at what it left.
fn kill(context: &TestContext, command: &[&str], reset: impl Fn(), check: impl Fn(&str)) {
    reset();
    let begun = Instant::now();
    context.anvil(command).success();
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let (end, mut times, mut ended) = (Instant::now() + TIME, 0, 0);
    while times < TIMES || Instant::now() < end {
        times += 1;
        reset();
        let instant = RandomState::new().build_hasher().finish() % (whole + whole / 4);
        let mut run = context.anvil_command(command);
        let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(instant));
        child.kill().unwrap(); // SIGKILL, which nobody can put off.
        ended += usize::from(child.wait().unwrap().success());
        check(&format!("{command:?}, killed after {instant} µs of {whole}"));
    }
    assert!(ended < times, "none of {times} runs of {command:?} was killed before it ended");
}

/// Puts the files back that a project had, and removes those that it had not.
fn put_back(context: &TestContext, folder: &str, files: &[(String, Vec<u8>)]) {
    for (path, _) in context.files(folder) {
        if !files.iter().any(|(kept, _)| *kept == path) {
            let _ = fs::remove_file(context.project().join(folder).join(path));
        }
    }
    for (path, bytes) in files {
        let place = format!("{folder}/{path}");
        if fs::read(context.project().join(&place)).ok().as_ref() != Some(bytes) {
            context.write(&place, bytes);
        }
    }
}

/// Returns an application that locked old versions, and the locks before and after an update.
fn behind() -> (TestContext, Shelf, [String; 2]) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.0.0", &["style/voice ^1"]);
    context.write("anvil.toml", asking(&[("core/tone", "^1")]));
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["pull"]).success();
    let old = context.read("anvil.lock");
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("core/tone 1.1.0", &["style/voice ^1.1"]);
    context.anvil(&["update"]).success();
    let new = context.read("anvil.lock");
    assert_ne!(old, new);
    (context, shelf, [old, new])
}

#[test]
fn an_update_that_is_killed_leaves_the_old_lock_or_the_new_one() {
    let (context, _shelf, [old, new]) = behind();
    let reset = || {
        context.write("anvil.lock", &old);
        let _ = fs::remove_dir_all(context.project().join(".anvil"));
    };
    kill(&context, &["update"], reset, |when| {
        let lock = context.read("anvil.lock");
        assert!(lock == old || lock == new, "{when}: {lock}");
        let pulled = context.anvil(&["pull"]);
        assert_eq!(pulled.code, 0, "{when}: {}", pulled.shown());
        assert_eq!(context.read("anvil.lock"), lock, "{when}");
        let verified = context.anvil(&["verify"]);
        assert_eq!(verified.code, 0, "{when}: {}", verified.shown());
    });
}

#[test]
fn a_vendored_copy_that_is_killed_is_none_or_whole() {
    let (context, _shelf, [old, new]) = behind();
    let vendored = context.project().join("anvil-vendor");
    let reset = || {
        let _ = fs::remove_dir_all(&vendored);
        context.anvil(&["pull"]).success();
    };
    kill(&context, &["vendor"], reset, |when| {
        let verified = context.anvil(&["verify"]);
        assert_eq!(verified.code, 0, "{when}: {}", verified.shown());
        let again = context.anvil(&["vendor"]);
        assert_eq!(again.code, 0, "{when}: {}", again.shown());
        assert!(vendored.is_dir(), "{when}");
    });
    // An update of what is vendored.
    context.write("anvil.lock", &old);
    let _ = fs::remove_dir_all(&vendored);
    context.anvil(&["pull"]).success();
    context.anvil(&["vendor"]).success();
    let before = context.files("anvil-vendor");
    let reset = || {
        context.write("anvil.lock", &old);
        put_back(&context, "anvil-vendor", &before);
    };
    kill(&context, &["update"], reset, |when| {
        let lock = context.read("anvil.lock");
        assert!(lock == old || lock == new, "{when}: {lock}");
        let pulled = context.anvil(&["pull"]);
        assert_eq!(pulled.code, 0, "{when}: {}", pulled.shown());
        let verified = context.anvil(&["verify"]);
        assert_eq!(verified.code, 0, "{when}: {}", verified.shown());
    });
}

#[test]
fn a_proposal_that_is_killed_is_none_or_whole() {
    let (context, _shelf) = review::project("\n[environments.staging]\nmode = \"review\"\n");
    let lock = context.read("anvil.lock");
    let pull = ["pull", "--env", "staging"];
    context.anvil(&pull).success();
    let pending = context.read("anvil.pending.lock");
    let path = context.project().join("anvil.pending.lock");
    let reset = || drop(fs::remove_file(&path));
    kill(&context, &pull, reset, |when| {
        assert_eq!(context.read("anvil.lock"), lock, "{when}");
        assert!(!path.exists() || context.read("anvil.pending.lock") == pending, "{when}");
        let again = context.anvil(&pull);
        assert_eq!(again.code, 0, "{when}: {}", again.shown());
        assert_eq!(context.read("anvil.pending.lock"), pending, "{when}");
    });
}

#[test]
fn an_approval_that_is_killed_is_none_or_whole() {
    let (context, _shelf) = review::project("\n[environments.staging]\nmode = \"review\"\n");
    context.anvil(&["pull", "--env", "staging"]).success();
    let old = context.read("anvil.lock");
    let proposal = context.read("anvil.pending.lock");
    // The first line says which lock it was made from; the rest is the lock that it would be.
    let pending = proposal.split_once('\n').unwrap().1.to_owned();
    let reset = || {
        context.write("anvil.lock", &old);
        context.write("anvil.pending.lock", &proposal);
        let _ = fs::remove_file(context.project().join("anvil.reviews"));
    };
    let approve = ["review", "approve", "--by", "Ada"];
    kill(&context, &approve, reset, |when| {
        let lock = context.read("anvil.lock");
        assert!(lock == old || lock == pending, "{when}: {lock}");
        let reviews = fs::read_to_string(context.project().join("anvil.reviews")).unwrap_or_default();
        let whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
        assert!(reviews.lines().all(whole) && (reviews.is_empty() || reviews.ends_with('\n')), "{when}: {reviews}");
        // No lock counts that nobody approved.
        assert!(lock == old || reviews.lines().count() == 1, "{when}: {reviews}");
        for command in [&["review"][..], &approve, &["pull", "--env", "staging"]] {
            // Where all of it was done nothing is left to approve, which is told.
            let answer = context.anvil(command);
            let is_done = command == approve && lock == pending;
            assert!(answer.code == 0 || is_done, "{when}: {command:?}: {}", answer.shown());
        }
        assert_eq!(context.read("anvil.lock"), pending, "{when}");
        assert_eq!(context.read("anvil.reviews").lines().count(), 1, "{when}");
        let verified = context.anvil(&["verify", "--env", "staging"]);
        assert_eq!(verified.code, 0, "{when}: {}", verified.shown());
    });
}

#[test]
fn a_mirror_that_is_killed_has_nothing_wrong_and_is_gone_on_with() {
    let (context, shelf, _) = behind();
    let mirror = context.path("mirror");
    let reset = || drop(fs::remove_dir_all(&mirror));
    let command = ["registry", "mirror", "../registry", "../mirror"];
    kill(&context, &command, reset, |when| {
        // A reader meets no version whose bundle is not there.
        if mirror.join("anvil-registry.json").is_file() {
            let found = context.anvil(&["registry", "verify", "../mirror", "--format", "json"]).json();
            let findings = found["findings"].as_array().unwrap();
            let errors: Vec<_> = findings.iter().filter(|found| found["severity"] == "error").collect();
            assert!(errors.is_empty(), "{when}: {errors:?}");
        }
        let again = context.anvil(&command);
        assert_eq!(again.code, 0, "{when}: {}", again.shown());
        let verified = context.anvil(&["registry", "verify", "../mirror"]);
        assert_eq!(verified.code, 0, "{when}: {}", verified.shown());
        for set in ["style/voice", "core/tone"] {
            let index = |root: &std::path::Path| fs::read(root.join(format!("index/{set}.jsonl"))).unwrap();
            assert!(index(&mirror) == index(&shelf.root), "{when}: {set}");
        }
    });
}
