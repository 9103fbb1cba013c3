//! Graphs that are very deep, and such that were made to harm: bounded time, bounded memory, a clear answer.

use crate::context::{Answer, TestContext};
use crate::shelf::{asking, state};
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

/// Makes the registry `test` with these versions: a set, a version and what it needs.
fn registry(context: &TestContext, versions: impl IntoIterator<Item = (String, String, Vec<(String, String)>)>) {
    let root = context.path("registry");
    fs::create_dir_all(root.join("index/x")).unwrap();
    fs::write(root.join("anvil-registry.json"), "{\"format\":1,\"id\":\"test\",\"api\":null}\n").unwrap();
    let (mut name, mut text) = (String::new(), String::new());
    let write = |name: &str, text: &str| fs::write(root.join("index").join(format!("{name}.jsonl")), text).unwrap();
    for (set, version, needs) in versions {
        if set != name && !name.is_empty() {
            write(&name, &text);
            text.clear();
        }
        name = set;
        let needs: Vec<String> = needs
            .iter()
            .map(|(name, requirement)| format!("{{\"name\":\"{name}\",\"requirement\":\"{requirement}\"}}"))
            .collect();
        let _ = writeln!(
            text,
            "{{\"v\":1,\"name\":\"{name}\",\"version\":\"{version}\",\"sha256\":\"{}\",\"digest\":\"h1:{}=\",\"size\":9,\
             \"dependencies\":[{}]}}",
            "0".repeat(64),
            "A".repeat(43),
            needs.join(",")
        );
    }
    write(&name, &text);
}

fn set(number: usize) -> String {
    format!("x/s{number}")
}

/// Returns a chain of `length` sets; the last one needs one that is not there unless it `ends`.
fn chain(length: usize, ends: bool) -> impl Iterator<Item = (String, String, Vec<(String, String)>)> {
    (0..length).map(move |at| {
        let needs = if ends && at + 1 == length { vec![] } else { vec![(set(at + 1), "^1".to_owned())] };
        (set(at), "1.0.0".to_owned(), needs)
    })
}

/// Runs `arguments`, on a stack of 2 MiB and with 2 GiB of addresses at most.
fn bounded(context: &TestContext, arguments: &[&str]) -> (Answer, Duration) {
    let mut command = context.command("sh");
    let script = "ulimit -s 2048; ulimit -v 2097152; exec \"$0\" \"$@\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_anvil")]).args(arguments);
    let begun = Instant::now();
    (context.run(command, ""), begun.elapsed())
}

/// Five thousand here, so that the file system is not what is tested; `resolver::tests::size` has a hundred thousand.
#[test]
fn a_deep_chain_is_solved_and_walked() {
    const DEEP: usize = 5_000;
    let context = TestContext::new();
    registry(&context, chain(DEEP, true));
    context.write("anvil.toml", asking(&[("x/s0", "^1")]));
    let (answer, took) = bounded(&context, &["lock"]);
    assert!(answer.code == 0 && answer.stdout.ends_with("wrote anvil.lock (5000 sets)\n"), "{}", answer.stderr);
    assert!(took < Duration::from_secs(60), "{took:?}");
    let last = set(DEEP - 1);
    for command in [&["lock", "--check"][..], &["why", &last], &["update", "--dry-run"], &["pull", "--dry-run"]] {
        assert_eq!(bounded(&context, command).0.code, 0, "{command:?}");
    }
    // Lines do not grow with the square of the depth.
    let (tree, _) = bounded(&context, &["tree"]);
    assert!(tree.code == 0 && tree.stdout.contains("4899 further "), "{}", tree.stderr);
    assert!(tree.stdout.len() < DEEP * 1_000, "{} bytes", tree.stdout.len());
}

#[test]
fn a_deep_chain_that_leads_nowhere_is_refused() {
    let context = TestContext::new();
    registry(&context, chain(2_000, false));
    context.write("anvil.toml", asking(&[("x/s0", "^1")]));
    let before = state(&context);
    let (answer, _) = bounded(&context, &["lock", "--explain"]);
    assert_eq!(answer.code, 1);
    assert!(answer.stderr.starts_with("error[A0505]: `x/s2000` does not exist in test\n"), "{}", answer.stderr);
    assert!(answer.stderr.contains("\n  (1600 lines left out)\n"), "{}", answer.stderr);
    assert!(answer.stderr.len() < 100_000, "{} bytes", answer.stderr.len());
    assert_eq!(state(&context), before);
}

/// Every set needs 2,000 that nobody has heard of.
#[test]
fn one_set_may_name_more_sets_than_there_are() {
    let context = TestContext::new();
    let needs = |count: usize| (1..=count).map(|at| (set(at), "^1".to_owned())).collect::<Vec<_>>();
    registry(&context, [(set(0), "1.0.0".to_owned(), needs(100_000))]);
    context.write("anvil.toml", asking(&[("x/s0", "^1")]));
    let (answer, took) = bounded(&context, &["lock"]);
    assert!(answer.code == 1 && answer.stderr.len() < 10_000, "{}", answer.stderr.len());
    assert!(answer.stderr.starts_with("error[A050"), "{}", answer.stderr);
    assert!(took < Duration::from_secs(60), "{took:?}");
}

#[test]
fn a_set_of_many_versions_with_many_needs_is_bounded() {
    let context = TestContext::new();
    let versions = (0..2_000).map(|at| {
        let needs = (1..=20).map(|need| (set(need), format!("={at}.0.0"))).collect();
        (set(0), format!("{at}.0.0"), needs)
    });
    registry(&context, versions);
    for at in 1..=20 {
        let name = format!("index/x/s{at}.jsonl");
        fs::write(context.path("registry").join(name), "").unwrap();
    }
    context.write("anvil.toml", asking(&[("x/s0", "*")]));
    let before = state(&context);
    let (answer, took) = bounded(&context, &["lock", "--explain"]);
    assert!(answer.code == 1 && answer.stderr.len() < 10_000, "{}", answer.stderr);
    assert!(took < Duration::from_secs(60), "{took:?}");
    assert_eq!(state(&context), before);
}

/// Folders that need each other one after the other are followed with a list, and a circle of them is told.
#[test]
fn a_long_chain_of_folders_is_followed() {
    const LONG: usize = 1_500;
    let context = TestContext::new();
    let write = |at: usize, next: usize| {
        let text = format!(
            "[set]\nname = \"x/s{at}\"\nversion = \"1.0.0\"\n[dependencies]\n\"x/s{next}\" = {{ path = \"../s{next}\" }}\n"
        );
        context.write(&format!("../folders/s{at}/anvil.toml"), text);
    };
    (0..LONG).for_each(|at| write(at, at + 1));
    context.write(
        &format!("../folders/s{LONG}/anvil.toml"),
        format!("[set]\nname = \"x/s{LONG}\"\nversion = \"1.0.0\"\n"),
    );
    context.write("anvil.toml", "[dependencies]\n\"x/s0\" = { path = \"../folders/s0\" }\n");
    let (answer, _) = bounded(&context, &["lock"]);
    assert!(answer.code == 0 && answer.stdout.ends_with("(1501 sets)\n"), "{}", answer.stderr);
    write(LONG, 0);
    let before = state(&context);
    let (answer, _) = bounded(&context, &["lock"]);
    assert!(answer.code == 1 && answer.stderr.starts_with("error[A0503]: `x/s0` needs itself\n"), "{}", answer.stderr);
    assert!(answer.stderr.len() < 10_000, "{} bytes", answer.stderr.len());
    assert_eq!(state(&context), before);
}
