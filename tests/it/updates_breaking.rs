//! `anvil update --breaking`: requirements that are raised, each in its style, and those that are left.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;

const MANIFEST: &str = "# Ours.
[registries]
default = \"../registry\"

[dependencies]
# The voice of the house.
\"core/tone\" = \"^1.2\"   # caret
\"core/bare\" = '1'
\"core/exact\" = \"=1.0.0\"
\"core/range\" = \">=1, <3\"
\"core/tilde\" = { version = \"~1.4\" }
\"core/new\" = \"^1\"
\"team/shared\" = { path = \"../shared\" }
";

fn project() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["tone 1.2.0", "bare 1.0.0", "exact 1.0.0", "range 1.0.0", "tilde 1.4.0", "new 1.0.0"] {
        shelf.publish(&format!("core/{set}"), &[]);
    }
    set_in(&context, "../shared", "team/shared 0.1.0", &[]);
    context.write("anvil.toml", MANIFEST);
    context.anvil(&["pull"]).success();
    for set in ["tone 2.3.0", "bare 3.1.0", "exact 2.0.0", "range 3.0.0", "tilde 2.0.1", "new 1.5.0"] {
        shelf.publish(&format!("core/{set}"), &[]);
    }
    (context, shelf)
}

#[test]
fn requirements_are_raised_in_their_style_and_comments_stay() {
    let (context, _shelf) = project();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "--breaking", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml would ask for core/bare ^3, not ^1
anvil.toml would ask for core/exact =2.0.0, not =1.0.0
anvil.toml would ask for core/tilde ~2.0, not ~1.4
anvil.toml would ask for core/tone ^2.3, not ^1.2
would update core/bare 1.0.0 -> 3.1.0
would update core/exact 1.0.0 -> 2.0.0
would update core/tilde 1.4.0 -> 2.0.1
would update core/tone 1.2.0 -> 2.3.0
core/range keeps `>=1, <3`, which says more than a version to begin with; 3.0.0 is the newest
would unpack core/bare 3.1.0
would unpack core/exact 2.0.0
would unpack core/tilde 2.0.1
would unpack core/tone 2.3.0
nothing was changed: this was a dry run
--- stderr
help: to move core/range: `anvil add core/range@^3.0.0`

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["update", "--breaking", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/tone ^2.3, not ^1.2
updated core/tone 1.2.0 -> 2.3.0
unpacked 1 of 7 sets, fetched 222 bytes
--- stderr
help: see what changed: `anvil diff core/tone@1.2.0 core/tone@2.3.0`

"#]]
    );
    assert_eq!(context.read("anvil.toml"), MANIFEST.replace("^1.2", "^2.3"));
    assert_answer!(
        context.anvil(&["update", "--breaking", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "dry_run": false,
  "outcome": "changed",
  "raised": [
    {
      "name": "core/bare",
      "from": "^1",
      "to": "^3",
      "version": "3.1.0",
      "inherited": false,
      "member": null
    },
    {
      "name": "core/exact",
      "from": "=1.0.0",
      "to": "=2.0.0",
      "version": "2.0.0",
      "inherited": false,
      "member": null
    },
    {
      "name": "core/tilde",
      "from": "~1.4",
      "to": "~2.0",
      "version": "2.0.1",
      "inherited": false,
      "member": null
    }
  ],
  "left": [
    {
      "name": "core/range",
      "why": "keeps `>=1, <3`, which says more than a version to begin with; 3.0.0 is the newest"
    }
  ],
  "along": [],
  "behind": [],
  "pull": {
    "dry_run": false,
    "outcome": "changed",
    "lock": "changed",
    "changes": [
      {
        "name": "core/bare",
        "from": "1.0.0",
        "to": "3.1.0",
        "commits": null,
        "breaking": []
      },
      {
        "name": "core/exact",
        "from": "1.0.0",
        "to": "2.0.0",
        "commits": null,
        "breaking": []
      },
      {
        "name": "core/tilde",
        "from": "1.4.0",
        "to": "2.0.1",
        "commits": null,
        "breaking": []
      }
    ],
    "solved_conflict": null,
    "unread": 0,
    "contradicted": [],
    "unpacked": [
      {
        "name": "core/bare",
        "version": "3.1.0",
        "healed": false
      },
      {
        "name": "core/exact",
        "version": "2.0.0",
        "healed": false
      },
      {
        "name": "core/tilde",
        "version": "2.0.1",
        "healed": false
      }
    ],
    "fetched": {
      "bundles": 3,
      "size": 668
    },
    "removed": 1
  }
}
--- stderr
help: to move core/range: `anvil add core/range@^3.0.0`
help: see what changed: `anvil diff core/bare@1.0.0 core/bare@3.1.0`

"#]]
    );
    let raised =
        MANIFEST.replace("^1.2", "^2.3").replace("'1'", "'3'").replace("=1.0.0", "=2.0.0").replace("~1.4", "~2.0");
    assert_eq!(context.read("anvil.toml"), raised);
    context.anvil(&["verify"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("name = \"core/new\"\nversion = \"1.0.0\""), "what is not raised stays: {lock}");
    assert_answer!(
        context.anvil(&["update", "--breaking"]),
        str![[r#"
exit: 0
--- stdout
core/range keeps `>=1, <3`, which says more than a version to begin with; 3.0.0 is the newest
no requirement to raise
--- stderr
help: to move core/range: `anvil add core/range@^3.0.0`

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "--breaking", "team/shared", "core/new"]),
        str![[r#"
exit: 0
--- stdout
team/shared has no requirement to raise: it comes from path ../shared
no requirement to raise
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "--breaking", "core/tune"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1162]: core/tune is not in [dependencies] of anvil.toml, so there is no requirement to raise
  = help: did you mean: `anvil update --breaking core/tone`

"#]]
    );
    assert_eq!(context.anvil(&["update", "--breaking", "core/tone", "--precise", "2.3.0"]).code, 2);
}

#[test]
fn what_does_not_go_together_is_raised_as_far_as_it_does_and_the_rest_is_told() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["a/one 1.0.0", "b/two 1.0.0", "c/three 1.0.0"] {
        shelf.publish(set, &["style/voice ^1"]);
    }
    shelf.publish("style/voice 1.0.0", &[]);
    let manifest = "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"a/one\" = \"^1\"\n\"b/two\" = \"^1\"\n\"c/three\" = \"^1\"\n";
    context.write("anvil.toml", manifest);
    context.anvil(&["pull"]).success();
    shelf.publish("style/voice 2.0.0", &[]);
    shelf.publish("a/one 2.0.0", &["style/voice ^2"]);
    shelf.publish("b/two 2.0.0", &["style/voice ^1"]);
    shelf.publish("b/two 3.0.0", &["style/voice ^3"]);
    shelf.publish("c/three 2.0.0", &["style/voice ^1"]);
    assert_answer!(
        context.anvil(&["update", "--breaking"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for b/two ^2, not ^1
anvil.toml now asks for c/three ^2, not ^1
updated b/two 1.0.0 -> 2.0.0
updated c/three 1.0.0 -> 2.0.0
a/one stays at 1.0.0, 2.0.0 is the newest: it needs style/voice ^2, and 1.0.0 is locked
b/two stays at 2.0.0, 3.0.0 is the newest: it needs style/voice ^3, and 1.0.0 is locked
unpacked 2 of 4 sets, fetched 498 bytes
--- stderr
help: see what changed: `anvil diff b/two@1.0.0 b/two@2.0.0`

"#]]
    );
    context.anvil(&["lock", "--check"]).success();
    context.anvil(&["verify"]).success();
}
