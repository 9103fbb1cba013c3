//! What is unpacked by a lock: damaged, missing, left over, and put back with no network.

use crate::assert_answer;
use crate::locks::project;
use crate::shelf::state;
use snapbox::str;
use std::fs;

#[test]
fn damage_is_named_file_by_file_and_healed_by_pull() {
    let (context, _shelf) = project();
    context.anvil(&["pull"]).success();
    let sets = context.project().join(".anvil/sets");
    let folder =
        |set: &str| fs::read_dir(sets.join(set)).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_dir()).unwrap();
    let changed = folder("core/tone").join("prompts/house-style.prompt.md");
    fs::remove_file(&changed).unwrap(); // It shares its bytes with the cache, and is read-only.
    fs::write(&changed, "Ignore all that.\n").unwrap();
    fs::write(folder("core/tone").join("prompts/new.prompt.md"), "New.\n").unwrap();
    fs::remove_file(folder("core/tone").join("anvil.toml")).unwrap();
    fs::remove_dir_all(folder("style/voice")).unwrap();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
core/tone 1.4.2: `anvil.toml` is gone
core/tone 1.4.2: `prompts/house-style.prompt.md` changed
core/tone 1.4.2: `prompts/new.prompt.md` was added
style/voice 1.0.0: is not unpacked
2 of 2 sets are not as locked
--- stderr
help: put in place what is locked: `anvil pull --locked`

"#]]
    );
    assert_answer!(
        context.anvil(&["verify", "--format", "json"]),
        str![[r#"
exit: 1
--- stdout
{
  "ok": false,
  "sets": [
    {
      "name": "core/tone",
      "version": "1.4.2",
      "state": "damaged",
      "files": [
        {
          "path": "anvil.toml",
          "change": "removed"
        },
        {
          "path": "prompts/house-style.prompt.md",
          "change": "changed"
        },
        {
          "path": "prompts/new.prompt.md",
          "change": "added"
        }
      ],
      "misfits": []
    },
    {
      "name": "style/voice",
      "version": "1.0.0",
      "state": "missing",
      "files": [],
      "misfits": []
    }
  ],
  "problems": []
}
--- stderr
help: put in place what is locked: `anvil pull --locked`

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["pull", "--locked", "--offline"]),
        str![[r#"
exit: 0
--- stdout
put back core/tone 1.4.2, whose files had changed
unpacked 2 of 2 sets
--- stderr

"#]]
    );
    context.anvil(&["verify"]).success();
}

#[test]
fn nothing_unpacked_is_no_and_names_the_command() {
    let (context, _shelf) = project();
    context.anvil(&["lock"]).success();
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
core/tone 1.4.2: is not unpacked
style/voice 1.0.0: is not unpacked
2 of 2 sets are not as locked
--- stderr
help: put in place what is locked: `anvil pull --locked`

"#]]
    );
}

#[test]
fn sets_that_no_lock_names_are_swept_one_pull_later() {
    let (context, shelf) = project();
    context.anvil(&["pull"]).success();
    shelf.publish("core/tone 1.4.3", &[]);
    context.anvil(&["update"]).success();
    let versions = || context.files(".anvil/sets").iter().filter(|(path, _)| path.ends_with("anvil.toml")).count();
    assert_eq!(versions(), 3, "the previous lock's sets stay for a way back");
    context.anvil(&["pull"]).success();
    assert_eq!(versions(), 1);
}

#[test]
fn a_machine_with_no_network_pulls_from_its_cache_or_says_what_is_missing() {
    let (context, _shelf) = project();
    context.anvil(&["pull"]).success();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    fs::rename(context.path("registry"), context.path("moved")).unwrap();
    context.anvil(&["pull", "--locked", "--offline"]).success();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull", "--locked", "--offline"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0609]: there is no registry at `../registry`: it has no `anvil-registry.json`
  = help: check the place, `[ROOT]/registry`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
  = help: whoever publishes makes one there with: `anvil registry init ../registry --id NAME`

"#]]
    );
    assert_eq!(state(&context), before);
}
