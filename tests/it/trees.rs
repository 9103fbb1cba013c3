//! `anvil tree` and `anvil why` of a part of what is locked.

use crate::assert_answer;
use crate::sources::project;
use snapbox::str;

#[test]
fn a_tree_can_begin_at_a_set_and_end_at_a_depth() {
    let (context, shelf, _url) = project();
    shelf.publish("core/tone 1.0.0", &["style/voice ^1.0"]);
    shelf.publish("core/page 1.0.0", &["core/tone ^1", "style/voice ^1"]);
    shelf.publish("core/site 1.0.0", &["core/page ^1", "core/tone ^1"]);
    context.anvil(&["add", "core/site"]).success();
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/site 1.0.0 (^1.0.0) 1 prompt
    ├── core/page 1.0.0 (^1) 1 prompt
    │   ├── core/tone 1.0.0 (^1) 1 prompt
    │   │   └── style/voice 1.0.0 (^1.0) 1 prompt
    │   └── style/voice 1.0.0 (^1) 1 prompt
    └── core/tone 1.0.0 (^1) 1 prompt (*)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "core/page"]),
        str![[r#"
exit: 0
--- stdout
core/page 1.0.0 1 prompt
├── core/tone 1.0.0 (^1) 1 prompt
│   └── style/voice 1.0.0 (^1.0) 1 prompt
└── style/voice 1.0.0 (^1) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--depth", "1"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/site 1.0.0 (^1.0.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--depth", "0"]),
        str![[r#"
exit: 0
--- stdout
project
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "core/tone", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "root": {
    "name": "core/tone",
    "version": "1.0.0",
    "prompts": 1,
    "yanked": null,
    "deprecated": null
  },
  "branches": [
    {
      "depth": 1,
      "member": null,
      "name": "style/voice",
      "version": "1.0.0",
      "source": "registry:test",
      "requirement": "^1.0",
      "overridden": false,
      "repeated": false,
      "prompts": 1,
      "yanked": null,
      "deprecated": null
    }
  ]
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "core/tone", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "name": "core/tone",
  "version": "1.0.0",
  "source": "registry:test",
  "prompts": 1,
  "paths": [
    [
      {
        "by": null,
        "member": ".",
        "needs": "core/site",
        "requirement": "^1.0.0",
        "overridden": false
      },
      {
        "by": {
          "name": "core/site",
          "version": "1.0.0"
        },
        "member": null,
        "needs": "core/tone",
        "requirement": "^1",
        "overridden": false
      }
    ],
    [
      {
        "by": null,
        "member": ".",
        "needs": "core/site",
        "requirement": "^1.0.0",
        "overridden": false
      },
      {
        "by": {
          "name": "core/site",
          "version": "1.0.0"
        },
        "member": null,
        "needs": "core/page",
        "requirement": "^1",
        "overridden": false
      },
      {
        "by": {
          "name": "core/page",
          "version": "1.0.0"
        },
        "member": null,
        "needs": "core/tone",
        "requirement": "^1",
        "overridden": false
      }
    ]
  ],
  "more": false
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "core/sit"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1038]: core/sit is not in anvil.lock
  = help: did you mean core/site?

"#]]
    );
}
