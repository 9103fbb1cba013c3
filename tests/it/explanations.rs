//! Why a project has no resolution: the paths, what would help, the whole derivation, and all of it as data. The two
//! cases of the README are here, too.

use crate::assert_answer;
use crate::context::{Answer, NOW, TestContext};
use crate::shelf::{Shelf, asking, state};
use snapbox::str;
use std::fs;

fn application(needs: &[(&str, &str)]) -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    context.write("anvil.toml", asking(needs));
    (context, shelf)
}

/// Changes the lines of the index of `name`.
fn change_lines(shelf: &Shelf, name: &str, change: impl Fn(&mut serde_json::Value)) {
    let index = shelf.root.join("index").join(format!("{name}.jsonl"));
    let text = fs::read_to_string(&index).unwrap();
    let lines = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        change(&mut line);
        format!("{line}\n")
    });
    fs::write(&index, lines.collect::<String>()).unwrap();
}

#[test]
fn two_that_need_what_excludes_each_other_are_refused() {
    let (context, shelf) = application(&[("demo/a", "^1"), ("demo/b", "^1")]);
    shelf.publish("demo/a 1.0.0", &["demo/c ^1"]);
    shelf.publish("demo/b 1.0.0", &["demo/c ^2"]);
    shelf.publish("demo/c 1.0.0", &[]);
    shelf.publish("demo/c 2.0.0", &[]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0501]: no versions satisfy the requirements
    demo/a 1.0.0 needs demo/c ^1, and
    demo/b 1.0.0 needs demo/c ^2
      demo/a: anvil.toml:5 -> demo/a ^1
      demo/b: anvil.toml:6 -> demo/b ^1
  = help: have demo/c 2.0.0 used wherever it is needed, which demo/a does not ask for: `anvil add --override demo/c@^2`

"#]]
    );
    assert_answer!(
        context.anvil(&["lock", "--explain"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0501]: no versions satisfy the requirements
    demo/a 1.0.0 needs demo/c ^1, and
    demo/b 1.0.0 needs demo/c ^2
      demo/a: anvil.toml:5 -> demo/a ^1
      demo/b: anvil.toml:6 -> demo/b ^1
  the derivation:
  Because demo/b 1.0.0 needs demo/c ^2 and demo/a 1.0.0 needs demo/c ^1, demo/a 1.0.0 and demo/b 1.0.0 exclude each other. (1)
  And because anvil.toml:5 needs demo/a ^1, demo/b 1.0.0 cannot be used. (2)
  And because anvil.toml:6 needs demo/b ^1, the requirements cannot be satisfied. (3)
  = help: have demo/c 2.0.0 used wherever it is needed, which demo/a does not ask for: `anvil add --override demo/c@^2`

"#]]
    );
    for command in [&["pull", "--explain"][..], &["update", "--explain"], &["add", "demo/c", "--explain"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.stderr.contains("\n  the derivation:\n"), "{}", answer.shown());
        assert!(answer.stderr.contains("the requirements cannot be satisfied. ("), "{}", answer.shown());
    }
    assert_eq!(state(&context), before);
    // What is proposed does what it says.
    context.anvil(&["add", "--override", "demo/c@^2"]).success();
    assert!(
        context.read("anvil.toml").ends_with("\n[override]\n\"demo/c\" = \"^2\"\n"),
        "{}",
        context.read("anvil.toml")
    );
    assert!(context.read("anvil.lock").contains("[[override]]"));
    context.anvil(&["lock", "--check"]).success();
    // And it can be taken back: then nothing fits again, which is told before anything is written.
    let before = state(&context);
    let answer = context.anvil(&["remove", "--override", "demo/c", "--explain"]);
    assert!(answer.code == 1 && answer.stderr.contains("\n  the derivation:\n"), "{}", answer.shown());
    assert_eq!(state(&context), before);
    shelf.publish("demo/a 1.1.0", &["demo/c ^2"]);
    assert_answer!(
        context.anvil(&["remove", "--override", "demo/c"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer overrides demo/c
updated demo/a 1.0.0 -> 1.1.0
unpacked 1 of 3 sets, fetched 241 bytes
--- stderr

"#]]
    );
    assert!(!context.read("anvil.toml").contains("demo/c") && !context.read("anvil.lock").contains("override"));
    context.anvil(&["lock", "--check"]).success();
    assert_answer!(
        context.anvil(&["remove", "--override", "demo/c"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1134]: demo/c is not in [override] of `[ROOT]/project/anvil.toml`

"#]]
    );
}

#[test]
fn the_newest_is_given_up_where_an_older_one_fits() {
    let (context, shelf) = application(&[("demo/a", "^1"), ("demo/b", "^1")]);
    shelf.publish("demo/a 1.0.0", &["demo/c ^1"]);
    shelf.publish("demo/a 1.1.0", &["demo/c ^2"]);
    shelf.publish("demo/b 1.0.0", &["demo/c ^1"]);
    shelf.publish("demo/c 1.0.0", &[]);
    shelf.publish("demo/c 2.0.0", &[]);
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
added demo/a 1.0.0
added demo/b 1.0.0
added demo/c 1.0.0
wrote anvil.lock (3 sets)
--- stderr

"#]]
    );
}

/// The two cases of the README, with the registry that it uses.
#[test]
fn the_readmes_project_is_refused_and_its_newest_is_given_up() {
    let context = TestContext::new();
    let registry = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/conflicts");
    let ask = |needs: &[(&str, &str)]| {
        context.write("anvil.toml", asking(needs).replace("../registry", registry));
        context.anvil(&["lock"])
    };
    assert_answer!(
        ask(&[("demo/a", "~1.0"), ("demo/b", "^2")]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0501]: no versions satisfy the requirements
    demo/a 1.0.0 needs demo/c ^1, and
    demo/b 2.0.0 needs demo/c ^2
      demo/a: anvil.toml:5 -> demo/a ~1.0
      demo/b: anvil.toml:6 -> demo/b ^2
  = help: demo/a 1.1.0 needs demo/c ^2: `anvil add demo/a@^1`
  = help: demo/b 1.0.0 needs demo/c ^1: `anvil add demo/b@^1`
  = help: have demo/c 2.0.0 used wherever it is needed, which demo/a does not ask for: `anvil add --override demo/c@^2`

"#]]
    );
    assert_answer!(
        ask(&[("demo/a", "^1"), ("demo/b", "^1")]),
        str![[r#"
exit: 0
--- stdout
added demo/a 1.0.0
added demo/b 1.0.0
added demo/c 1.0.0
wrote anvil.lock (3 sets)
--- stderr

"#]]
    );
}

#[test]
fn an_explanation_is_data_too() {
    let (context, shelf) = application(&[("demo/a", "^1"), ("demo/b", "^1")]);
    shelf.publish("demo/a 1.0.0", &["demo/c ^1"]);
    shelf.publish("demo/b 1.0.0", &["demo/c ^2"]);
    shelf.publish("demo/c 1.0.0", &[]);
    shelf.publish("demo/c 2.0.0", &[]);
    let told = |arguments: &[&str]| -> serde_json::Value {
        let answer = context.anvil(arguments);
        assert_eq!((answer.code, answer.stdout.as_str()), (1, ""), "{}", answer.shown());
        serde_json::from_str::<serde_json::Value>(&answer.stderr).unwrap()["error"].clone()
    };
    let error = told(&["lock", "--format", "json"]);
    let conflict = &error["explanation"]["conflicts"][0];
    assert_eq!(conflict["set"], "demo/c");
    let path = &conflict["demands"][0]["path"];
    assert_eq!(path[0]["by"], serde_json::json!({ "kind": "project", "member": ".", "line": 5, "inherited": null }));
    assert_eq!(path[1]["by"]["name"], "demo/a");
    assert_eq!(error["explanation"]["hints"][0]["command"], "anvil add --override demo/c@^2");
    assert!(error.get("derivation").is_none());
    let error = told(&["pull", "--format", "json", "--explain"]);
    let steps = error["derivation"]["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["therefore"], "the requirements cannot be satisfied");
    assert_eq!(error["derivation"]["left_out"], 0);
}

#[test]
fn an_override_of_what_nobody_needs_is_not_written() {
    let (context, shelf) = application(&[("demo/a", "^1")]);
    shelf.publish("demo/a 1.0.0", &[]);
    shelf.publish("demo/c 1.0.0", &[]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "--override", "demo/c"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1153]: nothing in this project needs demo/c, so that an override of it would do nothing
  = help: to depend on it: `anvil add demo/c`

"#]]
    );
    assert_eq!(state(&context), before);
    shelf.publish("demo/a 1.1.0", &["demo/c ^2"]);
    shelf.publish("demo/c 2.0.0", &[]);
    assert_answer!(
        context.anvil(&["add", "demo/c@1.0.0", "--override"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now has demo/c =1.0.0 under [override]
added demo/a 1.1.0
added demo/c 1.0.0
unpacked 2 of 2 sets, fetched 460 bytes
--- stderr
help: see what a prompt takes: `anvil show demo/c/house-style`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "demo/c", "--override", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml would have demo/c ^2.0.0 under [override], not =1.0.0
would update demo/c 1.0.0 -> 2.0.0
would unpack demo/c 2.0.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(
        context.anvil(&["add", "demo/c@1.0.0", "--override", "--format", "json"]).json()["outcome"],
        "unchanged"
    );
}

/// Each reason, as the last words of the message and its kind in JSON.
#[test]
fn reasons_stay_apart() {
    let reasons = |context: &TestContext, arguments: &[&str]| {
        let before = state(context);
        let answer = context.anvil(arguments);
        assert!(!context.path("project/anvil.lock").exists() && state(context) == before, "{}", answer.shown());
        let data = context.anvil(&[arguments, &["--format", "json"]].concat()).stderr;
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        let reason = data["error"]["explanation"]["conflicts"][0]["reasons"][0].clone();
        let line = answer.stderr.lines().find(|line| line.starts_with("      demo/c: ")).unwrap_or_default();
        (answer.code, reason["kind"].as_str().unwrap().to_owned(), line.trim().to_owned())
    };
    let told = |prepare: &dyn Fn(&TestContext, &Shelf), arguments: &[&str]| {
        let (context, shelf) = application(&[("demo/a", "*")]);
        shelf.publish("demo/a 1.0.0", &["demo/c ^1"]);
        prepare(&context, &shelf);
        reasons(&context, arguments)
    };
    let expect = |code, kind: &str, line: &str| (code, kind.to_owned(), line.to_owned());
    let lock: &[&str] = &["lock"];
    let aged = |context: &TestContext| {
        context.write(
            "anvil.toml",
            asking(&[("demo/a", "*")])
                + "\n[resolution]\nminimum-release-age = \"3d\"\n\
            minimum-release-age-exempt = [\"demo/a\"]\n",
        );
    };
    assert_eq!(told(&|_, _| {}, lock), expect(1, "does-not-exist", "demo/c: does not exist in test"));
    assert_eq!(told(&|_, shelf| shelf.publish("demo/c 2.0.0", &[]), lock), expect(1, "no-match", "demo/c: has 2.0.0"));
    let yanked = |_: &TestContext, shelf: &Shelf| {
        shelf.publish("demo/c 1.0.0", &[]);
        shelf.yank("demo/c 1.0.0", "it leaks names");
    };
    assert_eq!(told(&yanked, lock), expect(1, "yanked", "demo/c: 1.0.0 was yanked: it leaks names"));
    let invalid = |_: &TestContext, shelf: &Shelf| {
        shelf.publish("demo/c 1.0.0", &[]);
        change_lines(shelf, "demo/c", |line| {
            line["yanked"] = serde_json::json!({ "reason": "invalid", "message": "it renders nothing" });
        });
    };
    let says = "demo/c: 1.0.0 is invalid, says who published it: it renders nothing";
    assert_eq!(told(&invalid, lock), expect(1, "yanked", says));
    let young = |context: &TestContext, shelf: &Shelf| {
        aged(context);
        shelf.publish("demo/c 1.0.0", &[]);
    };
    let says = "demo/c: 1.0.0 is too new for `minimum-release-age`: published on 2026-01-01";
    assert_eq!(told(&young, lock), expect(1, "too-new", says));
    let future = |context: &TestContext, shelf: &Shelf| {
        aged(context);
        shelf.publish("demo/c 1.0.0", &[]);
        change_lines(shelf, "demo/c", |line| line["published_at"] = "2031-05-01T00:00:00Z".into());
    };
    let says = "demo/c: 1.0.0 is too new for `minimum-release-age`: published on 2031-05-01, and here it is 2026-01-02";
    assert_eq!(told(&future, lock), expect(1, "from-the-future", says));
    let ageless = |context: &TestContext, shelf: &Shelf| {
        aged(context);
        shelf.publish("demo/c 1.0.0", &[]);
        change_lines(shelf, "demo/c", |line| line["published_at"] = serde_json::Value::Null);
    };
    let says = "demo/c: the registry does not say when 1.0.0 was published";
    assert_eq!(told(&ageless, lock), expect(1, "age-unknown", says));
    let newer = |_: &TestContext, shelf: &Shelf| {
        shelf.publish("demo/c 1.0.0", &[]);
        change_lines(shelf, "demo/c", |line| line["anvil"] = ">=99".into());
    };
    assert_eq!(told(&newer, lock), expect(1, "needs-newer-anvil", "demo/c: 1.0.0 needs Anvil >=99"));
    let format = |_: &TestContext, shelf: &Shelf| {
        shelf.publish("demo/c 1.0.0", &[]);
        change_lines(shelf, "demo/c", |line| line["v"] = 99.into());
    };
    let says = "demo/c: 1 version can only be read by a newer Anvil";
    assert_eq!(told(&format, lock), expect(1, "newer-format", says));
    let twice = |_: &TestContext, shelf: &Shelf| {
        shelf.publish("demo/c 1.0.0", &[]);
        let index = shelf.root.join("index/demo/c.jsonl");
        let line = fs::read_to_string(&index).unwrap();
        change_lines(shelf, "demo/c", |line| line["sha256"] = "0".repeat(64).into());
        fs::write(&index, fs::read_to_string(&index).unwrap() + &line).unwrap();
    };
    let says = "demo/c: 1.0.0 is published twice, in lines that contradict each other";
    assert_eq!(told(&twice, lock), expect(1, "invalid", says));
}

#[test]
fn what_is_not_in_the_cache_is_told_apart_from_what_does_not_exist() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("demo/a 1.0.0", &[]);
    let server = crate::server::Server::serve(&shelf.root);
    let manifest = asking(&[("demo/a", "*")]).replace("../registry", &server.url(""));
    context.write("anvil.toml", &manifest);
    context.anvil(&["lock"]).success();
    shelf.publish("demo/b 1.0.0", &[]);
    context.write("anvil.toml", format!("{manifest}\"demo/b\" = \"*\"\n"));
    let before = state(&context);
    assert_answer!(
        context.anvil(&["lock", "--offline"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0507]: `demo/b` is not in the cache, and the network may not be used
    anvil.toml:6 needs demo/b *
      demo/b: is not in the cache
  = help: run it once without `--offline`

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_clock_that_cannot_be_right_is_told() {
    let (context, shelf) = application(&[("demo/a", "*")]);
    shelf.publish("demo/a 1.0.0", &[]);
    let with_age = |age: &str| {
        let resolution = format!("\n[resolution]\nminimum-release-age = \"{age}\"\n");
        context.write("anvil.toml", asking(&[("demo/a", "*")]) + &resolution);
    };
    let lock_at = |now: u64| {
        let mut command = context.anvil_command(&["lock"]);
        command.env("ANVIL_NOW", now.to_string());
        context.run(command, "")
    };
    with_age("1d");
    let before = state(&context);
    assert_answer!(
        lock_at(86_400 * 9),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0510]: by this machine's clock it is 1970-01-10, so that nobody can say how old versions are
  = help: set the clock; `minimum-release-age` chooses versions by how old they are
  = help: or write a date there, such as `2026-11-01`, which needs no clock

"#]]
    );
    assert_eq!(state(&context), before);
    // A date needs no clock, and a version that is out for long is old enough.
    with_age("2026-01-02");
    lock_at(86_400 * 9).success();
    fs::remove_file(context.path("project/anvil.lock")).unwrap();
    with_age("1d");
    lock_at(NOW + 86_400).success();
}

#[test]
fn exempt_sets_may_be_of_any_age() {
    let (context, shelf) = application(&[]);
    for set in ["acme/one 1.0.0", "core/tone 1.0.0", "demo/a 1.0.0"] {
        shelf.publish(set, &[]);
    }
    let lock = |exempt: &str| {
        let needs = asking(&[("acme/one", "*"), ("core/tone", "*"), ("demo/a", "*")]);
        let rule = format!("\n[resolution]\nminimum-release-age = \"3d\"\nminimum-release-age-exempt = {exempt}\n");
        context.write("anvil.toml", needs + &rule);
        context.anvil(&["lock"])
    };
    lock("[\"acme/*\", \"core/tone\", \"demo/?\"]").success();
    fs::remove_file(context.path("project/anvil.lock")).unwrap();
    let answer = lock("[\"acme/*\", \"core/tone\"]");
    assert!(answer.code == 1 && answer.stderr.contains("demo/a: 1.0.0 is too new"), "{}", answer.shown());
    assert_answer!(
        lock("[\"acme/[\"]"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0105]: the glob "acme/[" is refused: unclosed character class; missing ']'
   --> anvil.toml:11:31
    |
 11 | minimum-release-age-exempt = ["acme/["]
    |                               ^^^^^^^^ refused

"#]]
    );
    assert_answer!(
        lock("\"acme/*\""),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0103]: `resolution.minimum-release-age-exempt` must be an array of strings, not a string
   --> anvil.toml:11:30
    |
 11 | minimum-release-age-exempt = "acme/*"
    |                              ^^^^^^^^ a string

"#]]
    );
}

/// Where all is too new, it is said since when it is there, when it will do, and how to take it now.
#[test]
fn what_is_too_new_is_told_with_its_time_and_what_helps() {
    let (context, shelf) = application(&[]);
    shelf.publish("demo/c 1.0.0", &[]);
    let rule = |rule: &str| {
        context.write("anvil.toml", asking(&[("demo/c", "^1")]) + "\n[resolution]\n" + rule);
        context.anvil(&["lock"])
    };
    let answer = rule("minimum-release-age = \"3d\"\n");
    assert_eq!(answer.code, 1, "{}", answer.shown());
    let says = |answer: &Answer, part: &str| assert!(answer.stderr.contains(part), "{part}: {}", answer.shown());
    says(&answer, "1.0.0 is too new for `minimum-release-age`: published on 2026-01-01");
    says(&answer, "demo/c 1.0.0 is old enough from 2026-01-04 03:05 UTC on");
    says(&answer, "`minimum-release-age = \"2026-01-02\"` takes what was published before that day");
    says(&answer, "in `[resolution]` of anvil.toml: `minimum-release-age-exempt = [\"demo/c\"]`");
    // With a date, waiting does not help.
    let dated = rule("minimum-release-age = \"2025-12-31\"\n");
    assert!(dated.code == 1 && !dated.stderr.contains("old enough"), "{}", dated.shown());
    // What is advised works.
    rule("minimum-release-age = \"2026-01-02\"\n").success();
    fs::remove_file(context.path("project/anvil.lock")).unwrap();
    rule("minimum-release-age = \"3d\"\nminimum-release-age-exempt = [\"demo/c\"]\n").success();
    fs::remove_file(context.path("project/anvil.lock")).unwrap();
    rule("minimum-release-age = \"3d\"\n");
    let told = context.anvil(&["lock", "--explain", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stderr).unwrap();
    let step = &told["error"]["derivation"]["steps"][0];
    assert_eq!(step["therefore"], "the requirements cannot be satisfied", "{told:#}");
    assert!(step["because"][0]["text"].as_str().unwrap().contains("of which 1.0.0 is too new"), "{told:#}");
}
