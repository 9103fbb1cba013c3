//! What `add`, `remove` and `update` leave in a workspace: a lock that answers the manifests that they wrote, whoever
//! of the members needs another, and hints that do what they say where they are typed.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;

const ROOT: &str = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n";
const SHARED: &str = "\n[workspace.dependencies]\n\"core/tone\" = \"^1\"\n";
const INHERITS: &str = "\n[dependencies]\n\"core/tone\" = { workspace = true }\n";

/// Returns a workspace with the members x/a, x/b and x/c and this manifest at its root.
fn workspace(root: &str) -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["core/tone 1.0.0", "core/tone 1.1.0", "core/tone 2.0.0", "core/page 1.0.0", "core/page 2.0.0"] {
        shelf.publish(set, &[]);
    }
    shelf.publish("far/away 1.0.0", &["x/a ^0.1"]);
    shelf.channel("stable", "core/tone 1.1.0");
    context.write("anvil.toml", root);
    context.write(".gitignore", ".anvil/\n");
    for member in ["a", "b", "c"] {
        set_in(&context, &format!("sets/{member}"), &format!("x/{member} 0.1.0"), &[]);
    }
    (context, shelf)
}

/// Adds `lines` to the manifest of the member in `folder`.
fn append(context: &TestContext, folder: &str, lines: &str) {
    let path = format!("{folder}/anvil.toml");
    context.write(&path, context.read(&path) + lines);
}

/// Runs the command, and checks that the lock that it leaves answers the manifests that it leaves.
#[track_caller]
fn does(context: &TestContext, arguments: &[&str]) -> Answer {
    let answer = context.anvil(arguments).success();
    for check in [&["lock", "--check"][..], &["pull", "--locked"], &["verify"]] {
        let checked = context.anvil(check);
        assert_eq!(
            checked.code,
            0,
            "after {arguments:?}, {check:?}:\n{}{}",
            checked.shown(),
            context.read("anvil.lock")
        );
    }
    let lock = context.read("anvil.lock");
    context.anvil(&["lock"]).success();
    assert_eq!(context.read("anvil.lock"), lock, "after {arguments:?} `lock` has something to do");
    answer
}

/// Takes a workspace whose x/a is needed by others through what changes manifests.
#[track_caller]
fn is_edited(context: &TestContext) {
    for arguments in [
        &["add", "core/tone", "--set", "x/a"][..],
        &["add", "core/tone", "--set", "x/a"],
        &["add", "core/page", "--set", "x/b"],
        &["add", "core/tone@^1.0", "--set", "x/a"],
        &["add", "core/tone@stable", "--set", "x/a"],
        &["update", "--breaking", "--set", "x/a"],
        &["update", "--breaking"],
        &["remove", "core/page", "--set", "x/b"],
        &["add", "core/tone@^1.0", "--set", "x/a"],
        &["update", "core/tone"],
        &["update", "--breaking", "core/tone", "--set", "x/a"],
        &["add", "core/page", "--set", "x/a", "--resolution", "lowest"],
        &["update"],
        &["update", "core/tone", "--precise", "2.0.0"],
        &["add", "core/tone@=1.0.0", "--override"],
        &["remove", "core/tone", "--override"],
        &["remove", "core/tone", "--set", "x/a"],
        &["remove", "core/page", "--set", "x/a"],
    ] {
        does(context, arguments);
    }
}

#[test]
fn a_member_that_another_needs_is_edited() {
    let (context, _shelf) = workspace(ROOT);
    does(&context, &["add", "x/a", "--set", "x/b"]);
    is_edited(&context);
}

#[test]
fn a_member_that_another_needs_by_its_folder_is_edited() {
    let (context, _shelf) = workspace(ROOT);
    append(&context, "sets/b", "\n[dependencies]\n\"x/a\" = { path = \"../a\" }\n");
    is_edited(&context);
}

#[test]
fn a_member_that_inherits_and_that_another_needs_is_edited() {
    let (context, _shelf) = workspace(&format!("{ROOT}{SHARED}"));
    append(&context, "sets/c", INHERITS);
    does(&context, &["add", "x/a", "--set", "x/b"]);
    does(&context, &["add", "x/b", "--set", "x/c"]);
    does(&context, &["add", "core/tone", "--set", "x/a"]);
    does(&context, &["update", "--breaking", "--set", "x/a"]);
    assert!(context.read("anvil.toml").contains("\"core/tone\" = \"^2\""));
    does(&context, &["remove", "core/tone", "--set", "x/c"]);
    is_edited(&context);
}

#[test]
fn a_member_that_a_set_of_the_registry_needs_is_edited() {
    let (context, _shelf) = workspace(ROOT);
    does(&context, &["add", "far/away", "--set", "x/b"]);
    is_edited(&context);
}

#[test]
fn a_member_that_the_root_needs_is_edited() {
    let (context, _shelf) = workspace(&format!("[set]\nname = \"x/root\"\nversion = \"0.1.0\"\n\n{ROOT}"));
    does(&context, &["add", "x/a"]);
    is_edited(&context);
}

#[test]
fn a_member_of_a_vendored_workspace_is_edited() {
    let (context, _shelf) = workspace(ROOT);
    does(&context, &["add", "x/a", "--set", "x/b"]);
    does(&context, &["add", "core/page@^1", "--set", "x/c"]);
    context.anvil(&["vendor"]).success();
    does(&context, &["add", "core/tone", "--set", "x/a"]);
    does(&context, &["update", "--breaking", "--set", "x/c"]);
    does(&context, &["remove", "core/tone", "--set", "x/a"]);
}

#[test]
fn the_lock_says_what_a_member_needs_as_its_manifest_does() {
    let (context, _shelf) = workspace(ROOT);
    context.anvil(&["add", "x/a", "--set", "x/b"]).success();
    context.anvil(&["add", "core/tone", "--set", "x/a"]).success();
    let needs = |requirement: &str| {
        let lock = context.read("anvil.lock");
        let entry = format!("source = \"path:sets/a\"\ndependencies = [\n  \"core/tone {requirement}\",\n]\n");
        assert!(lock.contains(&entry), "{entry} is not in\n{lock}");
    };
    needs("^2.0.0");
    context.anvil(&["add", "core/tone@^1", "--set", "x/a"]).success();
    needs("^1");
    context.anvil(&["update", "--breaking", "--set", "x/a"]).success();
    needs("^2");
}

#[test]
fn what_is_removed_from_a_member_that_another_needs_takes_no_network() {
    let (context, shelf) = workspace(ROOT);
    for arguments in [["add", "x/a", "--set", "x/b"], ["add", "core/tone", "--set", "x/a"]] {
        context.anvil(&arguments).success();
    }
    std::fs::remove_dir_all(&shelf.root).unwrap();
    let answer = context.anvil(&["remove", "core/tone", "--set", "x/a", "--offline"]).success();
    assert!(answer.stdout.contains("removed core/tone 2.0.0"), "{}", answer.shown());
    context.anvil(&["lock", "--check"]).success();
}

/// A workspace in which two members inherit `core/tone ^1` and one asks for ^1.0 itself.
fn mixed() -> (TestContext, Shelf) {
    let (context, shelf) = workspace(&format!("{ROOT}{SHARED}"));
    append(&context, "sets/a", INHERITS);
    append(&context, "sets/b", INHERITS);
    append(&context, "sets/c", "\n[dependencies]\n\"core/tone\" = \"^1.0\"\n");
    context.anvil(&["pull"]).success();
    (context, shelf)
}

#[test]
fn at_the_root_the_requirements_of_all_members_are_raised_together() {
    let (context, _shelf) = mixed();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "--breaking", "--set", "x/a"]),
        str![[r#"
exit: 0
--- stdout
core/tone stays at 1.1.0, 2.0.0 is the newest: sets/c/anvil.toml asks for ^1.0
no requirement to raise
--- stderr
help: other members of the workspace ask for it, too; to raise what all of them ask for, run `anvil update --breaking core/tone` at its root, without `--set`

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["update", "--breaking", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
[workspace.dependencies] in the root's anvil.toml now asks for core/tone ^2, not ^1
sets/c/anvil.toml now asks for core/tone ^2.0, not ^1.0
updated core/tone 1.1.0 -> 2.0.0
unpacked 1 of 1 set, fetched 224 bytes
--- stderr
help: see what changed: `anvil diff core/tone@1.1.0 core/tone@2.0.0`

"#]]
    );
    context.anvil(&["lock", "--check"]).success();
    assert_eq!(context.read("anvil.toml"), format!("{ROOT}{SHARED}").replace("^1", "^2"));
    assert!(context.read("sets/c/anvil.toml").ends_with("\"core/tone\" = \"^2.0\"\n"));
    assert_answer!(
        context.anvil(&["update", "--breaking", "core/tune"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1162]: core/tune is not in [dependencies] of any member, so there is no requirement to raise
  = help: did you mean: `anvil update --breaking core/tone`

"#]]
    );
}

/// Returns the commands of the hints on stderr.
fn hinted(answer: &Answer) -> Vec<Vec<String>> {
    let lines = answer.stderr.lines().filter(|line| line.contains("help: "));
    let commands = lines.filter_map(|line| line.split_once(": `anvil ")?.1.strip_suffix('`'));
    commands.map(|command| command.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn at_the_root_hints_say_which_member_is_meant() {
    let (context, _shelf) = workspace(ROOT);
    append(&context, "sets/b", "\n[dependencies]\n\"core/tone\" = \"^1\"\n");
    context.anvil(&["pull"]).success();
    context.git(&["add", "--all"]);
    context.git(&["commit", "--quiet", "--message", "one"]);
    context.anvil(&["update", "core/tone", "--precise", "1.0.0"]).success();
    context.git(&["commit", "--quiet", "--all", "--message", "two"]);
    let back = context.anvil(&["rollback", "core/tone"]).success();
    assert_eq!(hinted(&back), [["add", "core/tone@=1.1.0", "--set", "x/b"]], "{}", back.shown());
    does(&context, &["add", "core/tone@=1.1.0", "--set", "x/b"]);
    let excluded = context.anvil(&["update", "core/tone", "--precise", "2.0.0"]);
    assert!(excluded.stderr.contains("error[A1135]"), "{}", excluded.shown());
    assert_eq!(hinted(&excluded), [["add", "core/tone@=2.0.0", "--set", "x/b"]], "{}", excluded.shown());
    does(&context, &["add", "core/tone@=2.0.0", "--set", "x/b"]);
    let unused = context.anvil(&["why", "far/away"]);
    assert!(unused.stderr.contains("error[A1038]"), "{}", unused.shown());
    assert_eq!(hinted(&unused), [["add", "far/away", "--set", "MEMBER"]], "{}", unused.shown());
    // In a member it is clear, and an override is the root's.
    let unused = context.anvil(&["-C", "sets/a", "why", "far/away"]);
    assert_eq!(hinted(&unused), [["-C", "sets/a", "add", "far/away"]], "{}", unused.shown());
    does(&context, &["add", "core/tone@=2.0.0", "--override"]);
    let excluded = context.anvil(&["update", "core/tone", "--precise", "1.0.0"]);
    assert_eq!(hinted(&excluded), [["add", "core/tone@=1.0.0", "--override"]], "{}", excluded.shown());
    does(&context, &["add", "core/tone@=1.0.0", "--override"]);
}

#[test]
fn what_several_have_to_ask_for_is_told_in_words() {
    let (context, _shelf) = mixed();
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "2.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: core/tone 2.0.0 does not satisfy anvil.toml, which asks for `^1`
  = help: ask for it in anvil.toml, too: have [workspace.dependencies] in the root's anvil.toml and `sets/c/anvil.toml` ask for core/tone =2.0.0

"#]]
    );
}

#[test]
fn a_commit_that_two_members_would_have_to_name_is_told_in_words() {
    let context = TestContext::in_git();
    let lab = context.path("lab");
    std::fs::create_dir(&lab).unwrap();
    set_in(&context, "../lab", "lab/ideas 0.1.0", &[]);
    let git = |arguments: &[&str]| context.git(&[&["-C", lab.to_str().unwrap()], arguments].concat());
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "one"]);
    git(&["checkout", "--quiet", "-b", "other"]);
    git(&["commit", "--quiet", "--allow-empty", "--message", "two"]);
    let commit = git(&["rev-parse", "HEAD"]).trim().to_owned();
    let url = format!("file://{}", lab.display());
    let shared = format!("\"lab/ideas\" = {{ git = \"{url}\", branch = \"main\" }}\n");
    context.write("anvil.toml", format!("[workspace]\nmembers = [\"sets/*\"]\n\n[workspace.dependencies]\n{shared}"));
    for member in ["a", "b"] {
        set_in(&context, &format!("sets/{member}"), &format!("x/{member} 0.1.0"), &[]);
        append(&context, &format!("sets/{member}"), "\n[dependencies]\n\"lab/ideas\" = { workspace = true }\n");
    }
    context.anvil(&["pull"]).success();
    let answer = context.anvil(&["-C", "sets/a", "update", "lab/ideas", "--precise", &commit]);
    let words =
        format!("have [workspace.dependencies] in the root's anvil.toml ask for lab/ideas with `rev = \"{commit}\"`\n");
    assert!(answer.code == 1 && answer.stderr.contains(&words), "{}", answer.shown());
}

#[test]
fn a_registry_that_add_names_is_written_at_the_root_for_all_members() {
    let (context, _shelf) = workspace("[workspace]\nmembers = [\"sets/*\"]\n");
    let other = Shelf::new(&context, "other", "other");
    other.publish("core/other 1.0.0", &[]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "core/tone", "--set", "x/a"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1131]: `[ROOT]/project/anvil.toml` has no default registry to take core/tone from
  = help: say where it is, and it is written there: `anvil add core/tone --registry URL-OR-FOLDER --set x/a`
  = help: or add it yourself, under [registries]: `default = "https://…"`, or a folder

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["-C", "sets/a", "add", "core/tone", "--registry", "../../../registry"]),
        str![[r#"
exit: 0
--- stdout
the root's anvil.toml now has the registry `default`: ../registry
anvil.toml now asks for core/tone ^2.0.0
added core/tone 2.0.0
unpacked 1 of 1 set, fetched 224 bytes
--- stderr
help: see what a prompt takes: `anvil -C sets/a show core/tone/house-style`

"#]]
    );
    assert!(context.read("anvil.toml").contains("[registries]\ndefault = \"../registry\"\n"));
    does(&context, &["add", "core/page", "--set", "x/b", "--registry", "../registry"]);
    let answer = context.anvil(&["-C", "sets/b", "add", "core/other", "--registry", "../../../other"]);
    let place = "no registry in `[ROOT]/project/anvil.toml` is at `../../../other`\n  = help: give it a name there, \
                 under [registries], as in `partner = \"../other\"`";
    assert!(answer.shown().contains(place), "{}", answer.shown());
    let text = context.read("anvil.toml").replace("[registries]\n", "[registries]\npartner = \"../other\"\n");
    context.write("anvil.toml", text);
    does(&context, &["-C", "sets/b", "add", "core/other", "--registry", "partner"]);
}
