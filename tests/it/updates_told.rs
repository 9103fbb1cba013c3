//! Why a set moved that nobody meant to move, or down where it was to go up: each update says it, whoever holds it.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking};
use serde_json::Value;
use snapbox::str;

/// A project that is locked with `core/tone` 1.3.0 and what needs it.
fn project(asks: &[(&str, &str)]) -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for version in ["1.1.0", "1.2.0", "1.3.0"] {
        shelf.publish(&format!("core/tone {version}"), &[]);
    }
    shelf.publish("team/greetings 1.0.0", &["core/tone ^1"]);
    context.write("anvil.toml", asking(asks));
    context.anvil(&["pull"]).success();
    (context, shelf)
}

/// Returns what `update` says of `name` in `along[]`: what it moved to, and why.
fn told(answer: &Value, name: &str) -> (String, Vec<String>) {
    let along = answer["along"].as_array().unwrap();
    let one = along.iter().find(|set| set["name"] == name).unwrap_or_else(|| panic!("{name}: {answer:#}"));
    let why = one["why"].as_array().unwrap().iter().map(|why| why["words"].as_str().unwrap().to_owned());
    (one["to"].as_str().unwrap().to_owned(), why.collect())
}

#[test]
fn a_version_that_is_left_because_it_was_yanked_is_told_so() {
    let (context, shelf) = project(&[("team/greetings", "^1")]);
    shelf.yank("core/tone 1.3.0", "leaks names");
    for command in [&["update"][..], &["update", "core/tone"], &["update", "team/greetings"]] {
        let dry = [command, &["--dry-run"]].concat();
        let told = context.anvil(&dry).success().stdout;
        assert!(
            told.contains("core/tone 1.3.0 -> 1.2.0: 1.3.0 is yanked (security): leaks names\n"),
            "{dry:?}: {told}"
        );
    }
    let answer = context.anvil(&["update", "--format", "json"]).success().json();
    assert_eq!(answer["along"][0]["why"][0]["by"], "yanked");
    assert_eq!(answer["along"][0]["why"][0]["yanked"]["reason"], "security");
}

#[test]
fn the_version_that_a_registry_has_no_more_is_told() {
    let (context, shelf) = project(&[("core/tone", "^1")]);
    let index = shelf.root.join("index/core/tone.jsonl");
    let lines = std::fs::read_to_string(&index).unwrap();
    let kept: Vec<&str> = lines.lines().filter(|line| !line.contains("1.3.0")).collect();
    std::fs::write(&index, kept.join("\n") + "\n").unwrap();
    let answer = context.anvil(&["update", "--format", "json"]).success().json();
    assert_eq!(told(&answer, "core/tone"), ("1.2.0".to_owned(), vec!["1.3.0 is no longer in its registry".to_owned()]));
}

#[test]
fn raising_requirements_tells_what_went_down_for_them() {
    let (context, shelf) = project(&[("core/tone", "^1"), ("team/greetings", "^1")]);
    shelf.publish("team/greetings 2.0.0", &["core/tone ~1.1"]);
    assert_answer!(
        context.anvil(&["update", "--breaking"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for team/greetings ^2, not ^1
downgraded core/tone 1.3.0 -> 1.1.0
updated team/greetings 1.0.0 -> 2.0.0
core/tone 1.3.0 -> 1.1.0: team/greetings 2.0.0 needs ~1.1
unpacked 2 of 2 sets, fetched 478 bytes
--- stderr
help: see what changed: `anvil diff team/greetings@1.0.0 team/greetings@2.0.0`

"#]]
    );
}

#[test]
fn the_manifest_of_another_member_is_named() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for version in ["1.1.0", "1.2.0", "1.3.0"] {
        shelf.publish(&format!("core/tone {version}"), &[]);
    }
    shelf.publish("style/voice 1.0.0", &[]);
    let root = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n\n";
    let shared = |requirement: &str| format!("{root}[workspace.dependencies]\n\"core/tone\" = \"{requirement}\"\n");
    let member = |name: &str, needs: &str| {
        let text = format!("[set]\nname = \"team/{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n{needs}\n");
        context.write(&format!("sets/{name}/anvil.toml"), text);
    };
    context.write("anvil.toml", shared("^1"));
    member("first", "\"style/voice\" = \"^1\"\n\"team/second\" = \"^1\"");
    member("second", "\"core/tone\" = \"^1\"");
    member("third", "\"core/tone\" = { workspace = true }");
    context.anvil(&["pull"]).success();
    // The manifest of another member than the one that the command is about was changed since.
    let update = ["update", "--set", "team/first", "style/voice", "--dry-run", "--format", "json"];
    let why = |expected: &str| {
        let answer = context.anvil(&update).success().json();
        assert_eq!(told(&answer, "core/tone"), ("1.2.0".to_owned(), vec![expected.to_owned()]));
    };
    member("second", "\"core/tone\" = \"~1.2\"");
    why("sets/second/anvil.toml asks for ~1.2");
    member("second", "\"core/tone\" = \"^1\"");
    context.write("anvil.toml", shared("~1.2"));
    why("anvil.toml asks for ~1.2 (inherited by sets/third)");
    // A member that has another version now is no riddle of the resolver's.
    context.write("anvil.toml", shared("^1"));
    let second = context.read("sets/second/anvil.toml").replace("1.0.0", "1.1.0");
    context.write("sets/second/anvil.toml", second);
    let answer = context.anvil(&update).success().json();
    let expected = ("1.1.0".to_owned(), vec!["that is what its folder has".to_owned()]);
    assert_eq!(told(&answer, "team/second"), expected);
}
