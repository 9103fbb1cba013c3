//! Versions of the project's own set: read from their tags, and where a registry is named from there.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, manifest};
use snapbox::str;

/// A set whose version 1.0.0 is tagged, in a project with two registries.
fn project(needs: &[(&str, &str)]) -> (TestContext, Shelf, Shelf) {
    let context = TestContext::new();
    let (shelf, partner) = (Shelf::new(&context, "registry", "test"), Shelf::new(&context, "partner", "partner"));
    context.git_init();
    context.write(".gitignore", ".anvil/\n");
    context.write("anvil.toml", manifest("a/b", "1.0.0", needs) + REGISTRIES);
    context.write("prompts/hello.prompt.md", "Hello.\n");
    (context, shelf, partner)
}

const REGISTRIES: &str = "\n[registries]\ndefault = \"../registry\"\npartner = \"../partner\"\n";

/// What a dependency names decides where it is from: that of the version, not that of today.
#[test]
fn an_own_version_takes_what_it_needs_from_the_registry_that_its_manifest_named() {
    let (context, shelf, partner) = project(&[("core/tone", "^1")]);
    let prompt = |text| [("prompts/house-style.prompt.md", text)];
    shelf.publish_files("core/tone 1.0.0", &[], &prompt("Ours.\n"));
    partner.publish_files("core/tone 1.0.0", &[], &prompt("Theirs.\n"));
    context.write("prompts/hello.prompt.md", "{% render \"core/tone/house-style\" %}\n");
    context.anvil(&["lock"]).success();
    context.commit("one");
    context.anvil(&["version", "1.0.0"]).success();
    let needs = "\n[dependencies]\n\"core/tone\" = { version = \"^1\", registry = \"partner\" }\n";
    context.write("anvil.toml", manifest("a/b", "1.0.0", &[]) + needs + REGISTRIES);
    let rendered = |reference: &str| context.anvil(&["render", reference]).success().stdout.trim_end().to_owned();
    for forget_lock in [false, true] {
        if forget_lock {
            std::fs::remove_file(context.project().join("anvil.lock")).unwrap();
        }
        context.anvil(&["update"]).success();
        assert_eq!(rendered("hello"), "Theirs.");
        assert_eq!(rendered("a/b@1.0.0/hello"), "Ours.");
    }
}

#[test]
fn an_own_version_is_shown_from_the_registry_that_is_named() {
    let (context, _, partner) = project(&[]);
    context.commit("one");
    context.anvil(&["version", "1.0.0"]).success();
    partner.publish_files("a/b 1.0.0", &[], &[("prompts/theirs.prompt.md", "Theirs.\n")]);
    let shown = context.anvil(&["show", "@partner/a/b@1.0.0", "--format", "json"]).success().json();
    assert_eq!(shown["set"]["source"], "registry:partner");
    assert_eq!(shown["set"]["prompts"][0]["name"], "theirs");
    let missing = context.anvil(&["show", "@default/a/b@1.0.0"]);
    assert!(missing.code == 1 && missing.stderr.contains("has no set a/b"), "{}", missing.shown());
}

/// Who reads a version from its tag should know as much against it as who reads it from the registry.
#[test]
fn what_a_folder_says_against_an_own_version_is_told() {
    let (context, shelf, _) = project(&[]);
    context.commit("one");
    context.anvil(&["version", "1.0.0"]).success();
    shelf.publish_files("a/b 1.0.0", &[], &[("prompts/hello.prompt.md", "Hello.\n")]);
    shelf.yank("a/b 1.0.0", "it leaks");
    assert_answer!(
        context.anvil(&["show", "a/b@1.0.0"]),
        str![[r#"
exit: 0
--- stdout
a/b 1.0.0 (from the tag v1.0.0)

prompt  gives
hello   text

version  published
1.0.0    2026-01-01  yanked (security): it leaks
--- stderr

"#]]
    );
}

/// A tag is a name that anybody can give to any commit.
#[test]
fn a_tag_of_another_version_is_no_version() {
    let (mut context, _, _) = project(&[]);
    context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
    context.commit("one");
    context.git(&["tag", "v3.0.0"]);
    for command in ["show", "render"] {
        assert_answer!(
            context.anvil(&[command, "a/b@3.0.0/hello"]),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A1094]: the tag `v3.0.0` names [ID], where `anvil.toml` says a/b 1.0.0
  = help: if nobody relies on the tag yet, delete it: `git tag --delete v3.0.0`

"#]]
        );
    }
}
