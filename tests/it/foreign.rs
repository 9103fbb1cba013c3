//! Git and path dependencies whose manifests name registries of their own.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, manifest};
use snapbox::str;

/// A project beside the registry `../registry` and the set `team/shared`, in a repository of its own,
/// which needs `core/tone` from `registry`, an entry of its `[registries]`.
fn project(registry: &str) -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    let text = manifest("team/shared", "0.1.0", &[("core/tone", "^1.0")]);
    let registry = registry.replace("[ROOT]", &context.root().display().to_string());
    context.write("../shared/anvil.toml", format!("{text}\n[registries]\ndefault = {registry}\n"));
    context.write("../shared/prompts/a.prompt.md", "A\n");
    let shared = context.path("shared");
    context.git_in(&shared, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&shared, &["add", "--all"]);
    context.git_in(&shared, &["commit", "--quiet", "--message", "first"]);
    (context, shelf)
}

fn add_from_git(context: &TestContext) -> crate::context::Answer {
    let url = format!("file://{}", context.path("shared").display());
    context.anvil(&["add", "team/shared", "--git", &url])
}

#[test]
fn a_folder_and_its_user_may_write_one_registry_each_in_its_own_way() {
    let (context, _shelf) = project("\"../registry\"");
    assert_answer!(
        context.anvil(&["add", "team/shared", "--path", "../shared"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for team/shared path ../shared
added core/tone 1.0.0
added team/shared 0.1.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    context.anvil(&["verify"]).success();
    // Seen from elsewhere, through a link, and as a URL.
    for registry in ["\"../shared/../registry/\"", "\"file://[ROOT]/registry\"", "\"[ROOT]/registry\""] {
        let (context, _shelf) = project(registry);
        context.anvil(&["add", "team/shared", "--path", "../shared"]).success();
    }
}

#[test]
fn a_copy_with_the_same_local_name_is_the_projects_own() {
    let (context, _shelf) = project("\"../copy\"");
    Shelf::new(&context, "copy", "test");
    context.anvil(&["add", "team/shared", "--path", "../shared"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("source = \"registry:test\""), "{lock}");
}

#[test]
fn another_registry_is_named() {
    let (context, _shelf) = project("\"../other\"");
    Shelf::new(&context, "other", "other");
    assert_answer!(
        context.anvil(&["add", "team/shared", "--path", "../shared"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1045]: team/shared needs core/tone from its registry `default (../other)`, which this project does not have
  = help: add that registry to your own anvil.toml, under [registries]

"#]]
    );
    // What the hint says helps.
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\nother = \"../other\"\n");
    assert_answer!(
        context.anvil(&["add", "team/shared", "--path", "../shared"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `core/tone` does not exist in other
    team/shared 0.1.0 needs core/tone ^1.0
      team/shared: this command -> team/shared from path:../shared
      core/tone: does not exist in other

"#]]
    );
}

#[test]
fn a_git_dependency_names_a_place_or_an_id_but_no_path() {
    for registry in ["\"[ROOT]/registry\"", "\"file://[ROOT]/registry\"", "{ url = \"../registry\", id = \"test\" }"] {
        let (context, _shelf) = project(registry);
        add_from_git(&context).success();
        let lock = context.read("anvil.lock");
        assert!(lock.contains("source = \"registry:test\""), "{lock}");
    }
    let (context, _shelf) = project("\"../registry\"");
    assert_answer!(
        add_from_git(&context),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1045]: team/shared needs core/tone from its registry `default (../registry)`, a path that means nothing in a git dependency
  = help: its author has to say which registry that is, with `id = …` beside the path in its [registries]

"#]]
    );
}

#[test]
fn a_folder_that_is_known_by_its_name_is_not_taken_by_another() {
    let (context, _shelf) = project("\"../registry\"");
    context.anvil(&["add", "team/shared", "--path", "../shared"]).success();
    assert_answer!(
        context.anvil(&["add", "team/other", "--path", "../shared"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1043]: `../shared` holds team/shared, not team/other
  = help: depend on it by its name, team/shared

"#]]
    );
}
