//! Moving on: `update`, `outdated`, yanked versions, and what cannot be solved.

use crate::assert_answer;
use crate::depend::project;
use crate::shelf::state;
use snapbox::str;

#[test]
fn what_is_too_new_is_told_though_the_newest_is_ruled_out_otherwise() {
    let (context, shelf) = project();
    context.anvil(&["add", "style/voice@^1"]).success();
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("style/voice 2.0.0", &[]);
    let manifest = context.read("anvil.toml");
    // Everything on the shelf was published on the first of January.
    let rule = "\n[resolution]\nminimum-release-age = \"2025-12-31\"\n";
    context.write("anvil.toml", format!("{manifest}{rule}"));
    let held = "anvil.toml asks for ^1, 1.1.0 is too new for `minimum-release-age`";
    for command in [&["outdated", "--no-compat"][..], &["update"]] {
        let told = context.anvil(command).success();
        assert!(told.stdout.contains(held), "{}", told.shown());
    }
    let held_by = || {
        let json = context.anvil(&["outdated", "--no-compat", "--format", "json"]).success().json();
        let style = json["outdated"].as_array().unwrap().iter().find(|set| set["name"] == "style/voice").unwrap();
        style["held_by"]
            .as_array()
            .unwrap()
            .iter()
            .map(|held| (held["by"].clone(), held["version"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(held_by(), [("manifest".into(), ().into()), ("minimum-release-age".into(), "1.1.0".into())]);
    // What the age does not hold is not said to be held by it, and what it alone holds is.
    context.write("anvil.toml", &manifest);
    context.anvil(&["update"]).success();
    context.write("anvil.toml", format!("{manifest}{rule}"));
    assert_eq!(held_by(), [("manifest".into(), ().into())]);
    context.write("anvil.toml", format!("{}{rule}", manifest.replace("\"^1\"", "\"*\"")));
    assert_eq!(held_by(), [("minimum-release-age".into(), "2.0.0".into())]);
}

#[test]
fn an_update_moves_what_it_may_and_says_what_stays() {
    let (context, shelf) = project();
    shelf.publish("legal/disclaimers 3.0.0", &["style/voice ^1.0"]);
    context.anvil(&["add", "core/tone@^1", "legal/disclaimers"]).success();
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("style/voice 2.0.0", &[]);
    shelf.publish("core/tone 1.5.0", &["style/voice ^1.1"]);
    shelf.publish("core/tone 2.0.0", &["style/voice ^2"]);
    shelf.publish("legal/disclaimers 3.0.1", &["style/voice ^1.0"]);
    shelf.deprecate("legal/disclaimers 3.0.0", "has a typing mistake", Some("legal/disclaimers 3.0.1"));
    assert_answer!(
        context.anvil(&["outdated"]),
        str![[r#"
exit: 0
--- stdout
set                locked  compatible     newest
core/tone          1.4.2   1.5.0 (patch)  2.0.0 (minor)  anvil.toml asks for ^1
legal/disclaimers  3.0.0   3.0.1 (patch)  3.0.1 (patch)  is deprecated: has a typing mistake; use legal/disclaimers 3.0.1 instead
style/voice        1.0.0   1.1.0 (patch)  2.0.0 (patch)  core/tone 1.5.0 needs ^1.1, legal/disclaimers 3.0.1 needs ^1.0
--- stderr
help: move to the compatible ones: `anvil update`

"#]]
    );
    assert_eq!(context.anvil(&["outdated", "--exit-code"]).code, 1);
    assert_answer!(
        context.anvil(&["outdated", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "outdated": [
    {
      "name": "core/tone",
      "locked": "1.4.2",
      "compatible": "1.5.0",
      "newest": "2.0.0",
      "held_by": [
        {
          "by": "manifest",
          "requirement": "^1",
          "member": ".",
          "inherited_by": []
        }
      ],
      "commit": null,
      "rewritten": false,
      "yanked": null,
      "deprecated": null,
      "breaking": [],
      "to_compatible": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "dependency_changed",
            "bump": "patch",
            "prompt": null,
            "subject": "style/voice",
            "message": "dependency style/voice changed from ^1.0 to ^1.1"
          },
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      },
      "to_newest": {
        "checked": true,
        "class": "minor",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "dependency_raised",
            "bump": "minor",
            "prompt": null,
            "subject": "style/voice",
            "message": "dependency style/voice changed from ^1.0 to ^2"
          },
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      }
    },
    {
      "name": "legal/disclaimers",
      "locked": "3.0.0",
      "compatible": "3.0.1",
      "newest": "3.0.1",
      "held_by": [],
      "commit": null,
      "rewritten": false,
      "yanked": null,
      "deprecated": {
        "message": "has a typing mistake",
        "replacement": "legal/disclaimers 3.0.1"
      },
      "breaking": [],
      "to_compatible": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      },
      "to_newest": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      }
    },
    {
      "name": "style/voice",
      "locked": "1.0.0",
      "compatible": "1.1.0",
      "newest": "2.0.0",
      "held_by": [
        {
          "by": "set",
          "name": "core/tone",
          "version": "1.5.0",
          "requirement": "^1.1"
        },
        {
          "by": "set",
          "name": "legal/disclaimers",
          "version": "3.0.1",
          "requirement": "^1.0"
        }
      ],
      "commit": null,
      "rewritten": false,
      "yanked": null,
      "deprecated": null,
      "breaking": [],
      "to_compatible": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      },
      "to_newest": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "text_changed",
            "bump": "patch",
            "prompt": "house-style",
            "subject": null,
            "message": "text changed"
          }
        ]
      }
    }
  ],
  "contradicted": [],
  "total": 3,
  "unasked": null
}
--- stderr
help: move to the compatible ones: `anvil update`

"#]]
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would update core/tone 1.4.2 -> 1.5.0
would update legal/disclaimers 3.0.0 -> 3.0.1
would update style/voice 1.0.0 -> 1.1.0
core/tone would stay at 1.5.0, 2.0.0 is the newest: anvil.toml asks for ^1
style/voice would stay at 1.1.0, 2.0.0 is the newest: core/tone 1.5.0 needs ^1.1, legal/disclaimers 3.0.1 needs ^1.0
would unpack core/tone 1.5.0
would unpack legal/disclaimers 3.0.1
would unpack style/voice 1.1.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["update", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
updated core/tone 1.4.2 -> 1.5.0
updated style/voice 1.0.0 -> 1.1.0
core/tone stays at 1.5.0, 2.0.0 is the newest: anvil.toml asks for ^1
style/voice stays at 1.1.0, 2.0.0 is the newest: core/tone 1.5.0 needs ^1.1, legal/disclaimers 3.0.0 needs ^1.0
unpacked 2 of 3 sets
--- stderr
warning: legal/disclaimers 3.0.0 is deprecated: has a typing mistake; use legal/disclaimers 3.0.1 instead
help: see what changed: `anvil diff core/tone@1.4.2 core/tone@1.5.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 0
--- stdout
updated legal/disclaimers 3.0.0 -> 3.0.1
core/tone stays at 1.5.0, 2.0.0 is the newest: anvil.toml asks for ^1
style/voice stays at 1.1.0, 2.0.0 is the newest: core/tone 1.5.0 needs ^1.1, legal/disclaimers 3.0.1 needs ^1.0
unpacked 1 of 3 sets
--- stderr
help: see what changed: `anvil diff legal/disclaimers@3.0.0 legal/disclaimers@3.0.1`

"#]]
    );
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 0
--- stdout
core/tone stays at 1.5.0, 2.0.0 is the newest: anvil.toml asks for ^1
style/voice stays at 1.1.0, 2.0.0 is the newest: core/tone 1.5.0 needs ^1.1, legal/disclaimers 3.0.1 needs ^1.0
nothing to update (3 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.4.0"]),
        str![[r#"
exit: 0
--- stdout
downgraded core/tone 1.5.0 -> 1.4.0
unpacked 1 of 3 sets, fetched 252 bytes
--- stderr
help: see what changed: `anvil diff core/tone@1.5.0 core/tone@1.4.0`

"#]]
    );
    context.anvil(&["verify"]).success();
    context.anvil(&["lock", "--check"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "2.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: core/tone 2.0.0 does not satisfy anvil.toml, which asks for `^1`
  = help: ask for it in anvil.toml, too: `anvil add core/tone@=2.0.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "5.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone 5.0.0
  = help: its newest versions are 2.0.0, 1.5.0, 1.4.2

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.4.7"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no core/tone 1.4.7
  = help: near it are 1.5.0, 1.4.2, 1.4.0; the newest is 2.0.0

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "core/tone", "legal/disclaimers", "--precise", "1.4.0"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: `--precise` moves one set

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_yanked_version_stays_where_it_is_locked_and_is_not_taken_anew() {
    let (context, shelf) = project();
    context.anvil(&["add", "core/tone"]).success();
    shelf.yank("core/tone 1.4.2", "it leaks the system prompt");
    assert_answer!(
        context.anvil(&["outdated"]),
        str![[r#"
exit: 0
--- stdout
set        locked  compatible  newest
core/tone  1.4.2   1.4.2       1.4.2   is yanked (security): it leaks the system prompt
--- stderr

"#]]
    );
    context.anvil(&["pull", "--locked"]).success();
    // A lock that has to be made anew keeps it, and says so.
    let manifest = context.read("anvil.toml") + "\"style/voice\" = \"^1\"\n";
    context.write("anvil.toml", manifest);
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
wrote anvil.lock (2 sets)
--- stderr
warning: core/tone 1.4.2 is yanked (security): it leaks the system prompt; it stays because it was locked

"#]]
    );
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 0
--- stdout
nothing to update (2 sets)
--- stderr
warning: core/tone 1.4.2 is yanked (security): it leaks the system prompt; it stays because it was locked

"#]]
    );
    std::fs::remove_file(context.project().join("anvil.lock")).unwrap();
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `core/tone` that can be used satisfies `^1.4.2`
    anvil.toml:6 needs core/tone ^1.4.2
      core/tone: 1.4.2 was yanked: it leaks the system prompt
  = help: core/tone 1.4.0 would do: `anvil add core/tone@^1`

"#]]
    );
}

#[test]
fn conflicting_requirements_are_told_as_paths() {
    let (context, shelf) = project();
    shelf.publish("style/voice 2.0.0", &[]);
    shelf.publish("legal/disclaimers 3.0.0", &["style/voice ^2"]);
    context.anvil(&["add", "core/tone"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "legal/disclaimers"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0501]: no versions satisfy the requirements
    legal/disclaimers 3.0.0 needs style/voice ^2, and
    core/tone 1.4.2 needs style/voice ^1.0
      legal/disclaimers: this command -> legal/disclaimers *
      core/tone: anvil.toml:6 -> core/tone ^1.4.2
  = help: have style/voice 1.0.0 used wherever it is needed, which legal/disclaimers does not ask for: `anvil add --override style/voice@^1`

"#]]
    );
    assert_eq!(state(&context), before);
}
