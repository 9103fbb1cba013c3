//! What is locked and unpacked, and does not do: edited files, and sets that do not fit each other.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;
use std::fs;

/// An application that locked `core/tone` 1.4.2, which renders `style/voice/house-style` 1.0.0.
fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    let files = [("prompts/reply.prompt.md", "Reply.\n{% render \"style/voice/house-style\" %}\n")];
    shelf.publish_files("core/tone 1.4.2", &["style/voice ^1.0"], &files);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    context.write(".gitignore", ".anvil/\n");
    context.git_init();
    context.anvil(&["pull"]).success();
    context.commit("Begin");
    context.anvil(&["verify"]).success();
    (context, shelf)
}

/// Publishes a patch release of `style/voice` that breaks whoever uses it, and updates to it.
fn break_voice(context: &TestContext, shelf: &Shelf, file: &str, text: &str) {
    shelf.publish_files("style/voice 1.0.1", &[], &[(file, text)]);
    context.anvil(&["update"]).success();
}

const NEEDS_MOOD: &str = "---\nparameters:\n  mood: string\n---\nA {{ mood }} voice.\n";

#[test]
fn a_release_that_takes_other_parameters_is_found_before_anything_is_rendered() {
    let (context, shelf) = application();
    break_voice(&context, &shelf, "prompts/house-style.prompt.md", NEEDS_MOOD);
    let before = context.files("");
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
error[A0353]: `style/voice/house-style` needs the parameter `mood`
  --> core/tone 1.4.2: prompts/reply.prompt.md:2:11
   |
 2 | {% render "style/voice/house-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^ not given
   = help: a partial sees only what it is given: `{% render "style/voice/house-style", mood: … %}`

core/tone 1.4.2 does not fit style/voice 1.0.1
every file is as locked, and prompts of 1 of 2 sets cannot be rendered
--- stderr
help: go back to the style/voice that anvil.lock held before: `anvil update style/voice --previous`

"#]]
    );
    assert!(context.files("") == before, "something was written");
    let report = context.anvil(&["verify", "--format", "json"]).json();
    let misfit = &report["sets"][0]["misfits"][0];
    assert_eq!((&report["ok"], &misfit["with"]), (&false.into(), &"style/voice".into()));
    assert_eq!(misfit["finding"]["code"], "A0353");

    // What it says to run does help.
    context.commit("Update");
    context.anvil(&["update", "style/voice", "--previous"]).success();
    context.anvil(&["verify"]).success();
}

#[test]
fn a_release_without_the_prompt_or_with_one_that_is_broken_is_found() {
    let (context, shelf) = application();
    fs::remove_dir_all(context.project().join(".git")).unwrap();
    break_voice(&context, &shelf, "prompts/other.prompt.md", "Another.\n");
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: `style/voice` has no prompt `house-style`
  --> core/tone 1.4.2: prompts/reply.prompt.md:2:11
   |
 2 | {% render "style/voice/house-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^ not found

core/tone 1.4.2 does not fit style/voice 1.0.1
every file is as locked, and prompts of 1 of 2 sets cannot be rendered
--- stderr
help: see whether newer versions fit: `anvil update core/tone style/voice`

"#]]
    );

    let (context, shelf) = application();
    break_voice(&context, &shelf, "prompts/house-style.prompt.md", "{% if %}\n");
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: `style/voice/house-style` has errors (`prompts/house-style.prompt.md`)
  --> core/tone 1.4.2: prompts/reply.prompt.md:2:11
   |
 2 | {% render "style/voice/house-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^ has errors

error[A0304]: `if` is never closed
  --> style/voice 1.0.1: prompts/house-style.prompt.md:1:1
   |
 1 | {% if %}
   | ^^^^^^^^ opened here
   = help: close it with `{% endif %}`

error[A0302]: a value is expected here, found nothing
  --> style/voice 1.0.1: prompts/house-style.prompt.md:1:6
   |
 1 | {% if %}
   |      ^ not expected
   = help: if this is not meant as Liquid, put it between `{% raw %}` and `{% endraw %}`

core/tone 1.4.2 does not fit style/voice 1.0.1
style/voice 1.0.1 has errors of its own
every file is as locked, and prompts of 2 of 2 sets cannot be rendered
--- stderr
help: go back to the style/voice that anvil.lock held before: `anvil update style/voice --previous`

"#]]
    );
}

#[test]
fn a_folder_s_prompts_are_checked_too() {
    let (context, _shelf) = application();
    context.write("../voice/anvil.toml", "[set]\nname = \"style/voice\"\nversion = \"1.0.0\"\n");
    context.write("../voice/prompts/house-style.prompt.md", NEEDS_MOOD);
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", format!("{manifest}\n[override]\n\"style/voice\" = {{ path = \"../voice\" }}\n"));
    context.anvil(&["pull"]).success();
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
error[A0353]: `style/voice/house-style` needs the parameter `mood`
  --> core/tone 1.4.2: prompts/reply.prompt.md:2:11
   |
 2 | {% render "style/voice/house-style" %}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^ not given
   = help: a partial sees only what it is given: `{% render "style/voice/house-style", mood: … %}`

core/tone 1.4.2 does not fit style/voice 1.0.0
every file is as locked, and prompts of 1 of 2 sets cannot be rendered
--- stderr
help: see whether newer versions fit: `anvil update core/tone`

"#]]
    );
}

#[test]
fn a_file_that_was_edited_is_never_rendered() {
    let (context, _shelf) = application();
    let sets = context.files(".anvil/sets/core/tone");
    let (path, _) = sets.iter().find(|(path, _)| path.ends_with("reply.prompt.md")).unwrap();
    context.write(&format!(".anvil/sets/core/tone/{path}"), "Reply rudely.\n");
    assert_answer!(
        context.anvil(&["render", "core/tone/reply"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0904]: the unpacked files of core/tone 1.4.2 do not match the lock: `prompts/reply.prompt.md` changed
  = help: unpacked sets are never edited (use `[override]` to work on one); put the files back with: `anvil pull --locked`

"#]]
    );
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["render", "core/tone/reply"]).success();
}
