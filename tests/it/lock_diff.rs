//! `anvil lock --diff`: what a change of the lock means, for whoever reviews it.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking};
use snapbox::str;

/// A set of two prompts, of which one renders the other.
fn publish(shelf: &Shelf, set: &str, needs: &[&str], style: &str, more: &[(&str, &str)]) {
    let style = format!("---\ndescription: A prompt.\n---\n{style}\n");
    let mut files = vec![("prompts/house-style.prompt.md", style.as_str())];
    files.extend(more);
    shelf.publish_files(set, needs, &files);
}

const GREET: (&str, &str) = (
    "prompts/greet.prompt.md",
    "---\ndescription: A greeting.\nparameters:\n  name: { type: string }\n---\nHello {{ name }}. {% render \"house-style\" %}\n",
);

/// Like the one above, with a parameter that must be given.
const GREET_MORE: (&str, &str) = (
    "prompts/greet.prompt.md",
    "---\ndescription: A greeting.\nparameters:\n  name: { type: string }\n  town: { type: string }\n---\nHello {{ name }} of {{ town }}. {% render \"house-style\" %}\n",
);

/// A project whose lock changed since the last commit in all ways that versions change.
fn project() -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    publish(&shelf, "core/tone 1.4.2", &[], "Be kind.", &[GREET]);
    publish(&shelf, "legal/notes 3.0.0", &["style/voice ^1"], "As the law says.", &[]);
    publish(&shelf, "style/voice 1.0.0", &[], "Speak plainly.", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1"), ("legal/notes", ">=3")]));
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["lock"]).success();
    context.commit("base");
    publish(&shelf, "core/tone 1.5.0", &["style/plain ^1"], "Be kind and brief.", &[GREET]);
    publish(&shelf, "legal/notes 4.0.0", &[], "As the law says.", &[GREET_MORE]);
    publish(&shelf, "legal/notes 4.1.0", &[], "As the law says.", &[]);
    publish(&shelf, "style/plain 1.0.0", &[], "Plain words.", &[]);
    context.anvil(&["update"]).success();
    (context, shelf)
}

#[test]
fn a_lock_change_is_told_with_versions_classes_and_tokens() {
    let (context, _shelf) = project();
    assert_answer!(
        context.anvil(&["lock", "--diff"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock, HEAD ([ID]) to the working tree:
updated core/tone 1.4.2 -> 1.5.0: patch, +4 tokens
  greet renders something else: 6 -> 8 tokens (+2)
  house-style says something else: 3 -> 5 tokens (+2)
updated legal/notes 3.0.0 -> 4.1.0: patch
added style/plain 1.0.0: 1 prompt, 3 tokens
  house-style is new: 3 tokens
removed style/voice 1.0.0: 1 prompt, 3 tokens
  house-style is gone: 3 tokens
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lock", "--diff", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "old": {
    "revision": "HEAD",
    "commit": "[COMMIT]"
  },
  "new": {
    "revision": null,
    "commit": null
  },
  "file": "anvil.lock",
  "requirements": [],
  "sets": [
    {
      "name": "core/tone",
      "change": "updated",
      "old": {
        "version": "1.4.2",
        "source": "registry:test"
      },
      "new": {
        "version": "1.5.0",
        "source": "registry:test"
      },
      "line": 16,
      "members": [
        "."
      ],
      "compat": {
        "checked": true,
        "class": "patch",
        "why_not_checked": null,
        "unchecked_prompts": [],
        "changes": [
          {
            "rule": "dependency_changed",
            "bump": "patch",
            "prompt": null,
            "subject": "style/plain",
            "message": "dependency style/plain ^1 added"
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
      "prompts": [
        {
          "name": "greet",
          "change": "changed_within",
          "tokens": {
            "old": 6,
            "new": 8,
            "delta": 2
          }
        },
        {
          "name": "house-style",
          "change": "changed",
          "tokens": {
            "old": 3,
            "new": 5,
            "delta": 2
          }
        }
      ],
      "prompts_not_checked": null,
      "tokens": 4
    },
    {
      "name": "legal/notes",
      "change": "updated",
      "old": {
        "version": "3.0.0",
        "source": "registry:test"
      },
      "new": {
        "version": "4.1.0",
        "source": "registry:test"
      },
      "line": 26,
      "members": [
        "."
      ],
      "compat": {
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
            "message": "dependency style/voice removed"
          }
        ]
      },
      "prompts": [],
      "prompts_not_checked": null,
      "tokens": 0
    },
    {
      "name": "style/plain",
      "change": "added",
      "old": null,
      "new": {
        "version": "1.0.0",
        "source": "registry:test"
      },
      "line": 33,
      "members": [
        "."
      ],
      "compat": null,
      "prompts": [
        {
          "name": "house-style",
          "change": "added",
          "tokens": {
            "old": null,
            "new": 3,
            "delta": 3
          }
        }
      ],
      "prompts_not_checked": null,
      "tokens": 3
    },
    {
      "name": "style/voice",
      "change": "removed",
      "old": {
        "version": "1.0.0",
        "source": "registry:test"
      },
      "new": null,
      "line": 1,
      "members": [
        "."
      ],
      "compat": null,
      "prompts": [
        {
          "name": "house-style",
          "change": "removed",
          "tokens": {
            "old": 3,
            "new": null,
            "delta": -3
          }
        }
      ],
      "prompts_not_checked": null,
      "tokens": -3
    }
  ]
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lock", "--diff", "main", "--format", "markdown"]),
        str![[r#"
exit: 0
--- stdout
### `anvil.lock` changes 4 sets

| set | version | class | prompts | tokens |
|---|---|---|---|---|
| `core/tone` | 1.4.2 → 1.5.0 | patch | 2 | +4 |
| `legal/notes` | 3.0.0 → 4.1.0 | patch | 0 | +0 |
| `style/plain` | 1.0.0, new |  | 1 | +3 |
| `style/voice` | 1.0.0, gone |  | 1 | -3 |

<details>
<summary>updated core/tone 1.4.2 -&#62; 1.5.0, +4 tokens</summary>

- greet renders something else&#58; 6 -&#62; 8 tokens (&#43;2)
- house-style says something else&#58; 3 -&#62; 5 tokens (&#43;2)

</details>

<details>
<summary>added style/plain 1.0.0, +3 tokens</summary>

- house-style is new&#58; 3 tokens

</details>

<details>
<summary>removed style/voice 1.0.0, -3 tokens</summary>

- house-style is gone&#58; 3 tokens

</details>

From main ([ID]) to the working tree.
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lock", "--diff", "--format", "github"]),
        str![[r#"
exit: 0
--- stdout
::notice file=anvil.lock,line=16,title=updated core/tone 1.4.2 -> 1.5.0::patch, +4 tokens%0Agreet renders something else: 6 -> 8 tokens (+2)%0Ahouse-style says something else: 3 -> 5 tokens (+2)
::notice file=anvil.lock,line=26,title=updated legal/notes 3.0.0 -> 4.1.0::patch
::notice file=anvil.lock,line=33,title=added style/plain 1.0.0::1 prompt, 3 tokens%0Ahouse-style is new: 3 tokens
::notice file=anvil.lock,line=1,title=removed style/voice 1.0.0::1 prompt, 3 tokens%0Ahouse-style is gone: 3 tokens
--- stderr

"#]]
    );
    assert_eq!(context.anvil(&["lock", "--diff", "--exit-code"]).code, 1);
    context.commit("update");
    assert_answer!(
        context.anvil(&["lock", "--diff", "--exit-code"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock in the working tree locks what it does in HEAD ([ID])
--- stderr

"#]]
    );
    let both = context.anvil(&["lock", "--diff", "HEAD~1..HEAD"]).success().stdout;
    assert!(both.contains("updated core/tone 1.4.2 -> 1.5.0"), "{both}");
    let back = context.anvil(&["lock", "--diff", "HEAD..HEAD~1"]).success().stdout;
    assert!(back.contains("downgraded core/tone 1.5.0 -> 1.4.2"), "{back}");
}

#[test]
fn what_is_not_at_hand_is_not_checked_and_keeps_nothing_else_from_being_told() {
    let (context, _shelf) = project();
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    std::fs::rename(context.path("registry"), context.path("away")).unwrap();
    let answer = context.anvil(&["lock", "--diff", "--offline"]).success();
    assert!(
        answer.stdout.contains("updated core/tone 1.4.2 -> 1.5.0: not checked\n  not checked: "),
        "{}",
        answer.shown()
    );
    assert!(answer.stdout.contains("added style/plain 1.0.0\n  not checked: "), "{}", answer.shown());
}

#[test]
fn what_sets_say_is_no_markup_in_a_comment_and_no_command_in_an_annotation() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    let of = |value: &str| format!("---\nparameters:\n  x: {{ enum: [{value}] }}\n---\nHi {{{{ x }}}}\n");
    shelf.publish_files(
        "core/tone 1.0.0",
        &[],
        &[("prompts/a.prompt.md", &of("\"a|b](https://evil.example) @all <img>\", z"))],
    );
    shelf.publish_files("core/tone 2.0.0", &[], &[("prompts/a.prompt.md", &of("z"))]);
    context.write("anvil.toml", asking(&[("core/tone", "*")]));
    context.anvil(&["lock"]).success();
    context.anvil(&["update", "core/tone", "--precise", "1.0.0"]).success();
    context.commit("base");
    context.anvil(&["update"]).success();
    let text = context.anvil(&["lock", "--diff"]).success().stdout;
    assert!(text.contains("https://evil.example"), "{text}");
    let markdown = context.anvil(&["lock", "--diff", "--format", "markdown"]).success().stdout;
    for markup in ["<img", "@all", "](", "https://", "a|b"] {
        assert!(!markdown.contains(markup), "{markup} in {markdown}");
    }
    let github = context.anvil(&["lock", "--diff", "--format", "github"]).success().stdout;
    assert!(
        github.starts_with("::warning file=anvil.lock,line=11,title=updated core/tone 1.0.0 -> 2.0.0::major"),
        "{github}"
    );
    assert_eq!(github.lines().count(), 1);
}

#[test]
fn a_revision_without_a_lock_or_with_a_broken_one_and_the_first_commit_are_told() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1")]));
    context.anvil(&["lock"]).success();
    let answer = context.anvil(&["lock", "--diff"]).success();
    assert!(answer.stdout.contains("added core/tone 1.0.0: 1 prompt,"), "{}", answer.shown());
    let lock = context.read("anvil.lock");
    context.write("anvil.lock", "version = 1\n[[set]]\n");
    context.commit("broken");
    context.write("anvil.lock", lock);
    let answer = context.anvil(&["lock", "--diff"]);
    assert!(
        answer.code == 1 && answer.stderr.starts_with("error[A1161]: anvil.lock of `HEAD` cannot be read:"),
        "{}",
        answer.shown()
    );
    let answer = context.anvil(&["lock", "--diff", "nowhere"]);
    assert!(answer.code == 1 && answer.stderr.contains("`nowhere` is no revision"), "{}", answer.shown());
    let answer = context.anvil(&["lock", "--format", "markdown"]);
    assert_eq!(answer.code, 2, "{}", answer.shown());
}

#[test]
fn in_a_workspace_the_members_are_named_that_need_what_changed() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &["style/voice ^1"]);
    shelf.publish("style/voice 1.0.0", &[]);
    let member = |name: &str, needs: &str| {
        let text = format!("[set]\nname = \"team/{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n{needs}");
        context.write(&format!("sets/{name}/anvil.toml"), text);
    };
    let root = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n";
    context.write("anvil.toml", root);
    context.write(".gitignore", ".anvil/\n");
    member("chat", "\"core/tone\" = \"^1\"\n");
    member("mail", "\"core/tone\" = \"^1\"\n\"team/chat\" = \"^1\"\n");
    member("note", "\"style/voice\" = \"^1\"\n");
    context.anvil(&["lock"]).success();
    context.commit("base");
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    shelf.publish("style/plain 1.0.0", &[]);
    member("chat", "\"core/tone\" = \"^1.1\"\n");
    member("mail", "\"core/tone\" = \"^1.1\"\n\"team/chat\" = \"^1\"\n");
    context.write("anvil.toml", format!("{root}\n[dependencies]\n\"style/plain\" = \"^1\"\n"));
    context.anvil(&["update"]).success();
    assert_answer!(
        context.anvil(&["lock", "--diff"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock, HEAD ([ID]) to the working tree:
sets/chat/anvil.toml asks for core/tone with ^1.1, not ^1
sets/mail/anvil.toml asks for core/tone with ^1.1, not ^1
anvil.toml asks for style/plain with ^1
updated core/tone 1.0.0 -> 1.1.0: patch, +0 tokens
  needed by sets/chat and sets/mail
  house-style says something else: 12 tokens, as before
added style/plain 1.0.0: 1 prompt, 11 tokens
  needed by the root
  house-style is new: 11 tokens
updated style/voice 1.0.0 -> 1.1.0: patch, +0 tokens
  needed by sets/note
  house-style says something else: 12 tokens, as before
--- stderr

"#]]
    );
    let report = context.anvil(&["lock", "--diff", "--format", "json"]).success().json();
    let members = |of: &serde_json::Value| of["members"].clone();
    let sets: Vec<_> = report["sets"].as_array().unwrap().iter().map(members).collect();
    assert_eq!(sets[0], serde_json::json!(["sets/chat", "sets/mail"]), "{report}");
    assert_eq!(report["requirements"][1]["member"], "sets/mail", "{report}");
    for format in ["markdown", "github"] {
        let told = context.anvil(&["lock", "--diff", "--format", format]).success().stdout;
        assert!(told.contains("needed by sets/chat and sets/mail"), "{told}");
        assert!(told.contains("sets/mail/anvil.toml asks for core/tone with "), "{told}");
    }
}
