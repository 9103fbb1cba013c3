//! `[override]`: what stands in for a set, wherever it is asked for.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking, set_in};
use snapbox::str;

#[test]
fn an_override_says_where_from_too_and_one_that_nothing_needs_is_told() {
    let context = TestContext::new();
    let one = Shelf::new(&context, "one", "one");
    let two = Shelf::new(&context, "two", "two");
    two.publish("core/tone 1.0.0", &[]);
    let manifest = |overrides: &str| {
        let text = "[registries]\ndefault = \"../one\"\ntwo = \"../two\"\n\n[dependencies]\n\
                    \"core/tone\" = { version = \"^1\", registry = \"two\" }\n\n[override]\n";
        context.write("anvil.toml", format!("{text}{overrides}"));
    };
    manifest("\"core/tone\" = \"=1.0.0\"\n");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `core/tone` does not exist in one
    anvil.toml:6 needs core/tone =1.0.0 (by `[override]`)
      core/tone: does not exist in one
  = help: `[override]` says where a set is taken from, too: without `registry` it is the default one

"#]]
    );
    manifest("\"core/tone\" = { version = \"=1.0.0\", registry = \"two\" }\n");
    context.anvil(&["lock"]).success();
    one.publish("core/tune 1.0.0", &[]);
    manifest("\"core/tune\" = \"=1.0.0\"\n");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
wrote anvil.lock (1 set)
--- stderr
warning: nothing needs core/tune, so its entry in `[override]` of anvil.toml changes nothing
help: take it out: `anvil remove --override core/tune`

"#]]
    );
    let told = "warning: nothing needs core/tune, so its entry in `[override]` of anvil.toml changes nothing\n\
                help: take it out: `anvil remove --override core/tune`\n";
    for command in [&["pull"][..], &["pull", "--locked"], &["lock"], &["update"]] {
        assert_eq!(context.anvil(command).success().stderr, told, "{command:?}");
    }
}

#[test]
fn an_override_that_leads_to_no_set_is_not_shown_in_a_line_that_is_not_there() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1")]));
    assert_answer!(
        context.anvil(&["add", "core/tone", "--override", "--path", "../registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: core/tone should be in `../registry`, and there is no `anvil.toml` there
  = help: name the folder whose `anvil.toml` has the set

"#]]
    );
}

/// Returns the lock's entry of `set`.
fn locked(context: &TestContext, set: &str) -> String {
    let lock = context.read("anvil.lock");
    let entry = lock.split("\n\n").find(|block| block.starts_with(&format!("[[set]]\nname = \"{set}\"\n")));
    entry.unwrap_or_else(|| panic!("{lock}")).to_owned()
}

/// Every form of a dependency stands in for a set that another one needs, from wherever that one is.
#[test]
fn an_override_may_be_any_form_of_dependency() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    let other = Shelf::new(&context, "other", "other");
    shelf.publish("core/page 1.0.0", &["core/tone ^1"]);
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 3.0.0", &[]);
    other.publish("core/tone 7.0.0", &[]);
    set_in(&context, "../folder", "core/tone 9.0.0", &[]);
    // A repository with the set at its root, and in a folder with a tag of its own.
    set_in(&context, "../lab", "core/tone 4.0.0", &[]);
    set_in(&context, "../lab/sets/tone", "core/tone 5.0.0", &[]);
    let lab = context.path("lab");
    let git = |arguments: &[&str]| context.git_in(&lab, arguments);
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "first"]);
    git(&["tag", "old"]);
    set_in(&context, "../lab", "core/tone 4.1.0", &[]);
    git(&["commit", "--quiet", "--all", "--message", "second"]);
    git(&["switch", "--quiet", "--create", "next"]);
    set_in(&context, "../lab", "core/tone 4.2.0", &[]);
    git(&["commit", "--quiet", "--all", "--message", "third"]);
    let first = git(&["rev-parse", "old"]).trim().to_owned();
    git(&["switch", "--quiet", "main"]);
    let url = format!("file://{}", lab.display());

    let manifest = |by: &str| {
        let registries = "[registries]\ndefault = \"../registry\"\nother = \"../other\"\n";
        let needs = "[dependencies]\n\"core/page\" = \"^1\"\n";
        context.write("anvil.toml", format!("{registries}\n{needs}\n[override]\n\"core/tone\" = {by}\n"));
    };
    let git_source = |more: &str| format!("{{ git = \"{url}\"{more} }}");
    for (by, version, source) in [
        ("\"=3.0.0\"".to_owned(), "3.0.0", "registry:test"),
        ("{ version = \"^7\", registry = \"other\" }".to_owned(), "7.0.0", "registry:other"),
        ("{ path = \"../folder\" }".to_owned(), "9.0.0", "path:../folder"),
        (git_source(""), "4.1.0", "git+file://"),
        (git_source(", branch = \"next\""), "4.2.0", "git+file://"),
        (git_source(", tag = \"old\""), "4.0.0", "git+file://"),
        (git_source(&format!(", rev = \"{first}\"")), "4.0.0", "git+file://"),
        (git_source(", subdirectory = \"sets/tone\""), "5.0.0", "git+file://"),
        (git_source(", tag = \"old\", subdirectory = \"sets/tone\""), "5.0.0", "git+file://"),
    ] {
        manifest(&by);
        let stale = context.anvil(&["lock", "--check"]);
        assert_eq!(stale.code, 1, "{by}: {}", stale.shown());
        context.anvil(&["pull"]).success();
        let entry = locked(&context, "core/tone");
        assert!(entry.contains(&format!("version = \"{version}\"\nsource = \"{source}")), "{by}: {entry}");
        // What was made with it answers it, is in place, and stays when asked again.
        for command in [&["lock", "--check"][..], &["pull", "--locked"], &["verify"]] {
            context.anvil(command).success();
        }
        let lock = context.read("anvil.lock");
        assert!(lock.contains("[[override]]\nmember = \".\"\nname = \"core/tone\"\n"), "{lock}");
        context.anvil(&["lock"]).success();
        assert_eq!(context.read("anvil.lock"), lock, "{by}");
        let rendered = context.anvil(&["render", "core/tone/house-style"]).success();
        assert_eq!(rendered.stdout.trim_end(), format!("This is core/tone {version}."), "{by}");
    }
    // Without it, everything is as if it had never been.
    context.write("anvil.toml", context.read("anvil.toml").split("[override]").next().unwrap());
    context.anvil(&["pull"]).success();
    assert!(locked(&context, "core/tone").contains("version = \"1.0.0\"\nsource = \"registry:test\""));
}
