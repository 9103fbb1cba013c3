//! Checking a set before it is published: `lint`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{begin, released};
use snapbox::str;

#[test]
fn lint_tells_all_that_is_wrong_at_once() {
    let context = TestContext::new();
    begin(&context);
    context
        .write("prompts/refund.prompt.md", "---\nparameters:\n  customer_name: string\n---\nDear {{ custmer_name }}\n");
    context.write("prompts/broken.prompt.md", "---\ndescription: [\n---\nHi\n");
    let manifest = context.read("anvil.toml").replace("edition", "editoin");
    context.write("anvil.toml", manifest);
    std::fs::create_dir(context.project().join("prompts/deep")).unwrap();
    assert_answer!(
        context.anvil_in(&context.project().join("prompts/deep"), &["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0102]: `set` has no key `editoin`
  --> [ROOT]/project/anvil.toml:4:1
   |
 4 | editoin = 1                  # of the prompt language
   | ^^^^^^^ unknown key
   = help: did you mean `edition`?

error[A0201]: the front matter is not valid YAML: while parsing a node, did not find expected node content
  --> [ROOT]/project/prompts/broken.prompt.md:3:1
   |
 3 | ---
   | ^ here

warning[A0212]: the parameter `customer_name` is never used
  --> [ROOT]/project/prompts/refund.prompt.md:3:3
   |
 3 |   customer_name: string
   |   ^^^^^^^^^^^^^ not used
   = help: if callers still pass it, say `retired: true`

error[A0301]: the template uses `custmer_name`, which is not a parameter
  --> [ROOT]/project/prompts/refund.prompt.md:5:9
   |
 5 | Dear {{ custmer_name }}
   |         ^^^^^^^^^^^^ not declared
   = help: did you mean `customer_name`, declared on line 3?

3 prompts checked: 3 errors, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0102`

"#]]
    );
    assert_answer!(
        context.anvil(&["lint", "--format", "json"]),
        str![[r#"
exit: 1
--- stdout
{
  "ok": false,
  "checked": {
    "prompts": 3,
    "manifests": 1
  },
  "errors": 3,
  "warnings": 1,
  "findings": [
    {
      "severity": "error",
      "code": "A0102",
      "message": "`set` has no key `editoin`",
      "file": "anvil.toml",
      "line": 4,
      "column": 1,
      "label": "unknown key",
      "hints": [
        "did you mean `edition`?"
      ]
    },
    {
      "severity": "error",
      "code": "A0201",
      "message": "the front matter is not valid YAML: while parsing a node, did not find expected node content",
      "file": "prompts/broken.prompt.md",
      "line": 3,
      "column": 1,
      "label": "here",
      "hints": []
    },
    {
      "severity": "warning",
      "code": "A0212",
      "message": "the parameter `customer_name` is never used",
      "file": "prompts/refund.prompt.md",
      "line": 3,
      "column": 3,
      "label": "not used",
      "hints": [
        "if callers still pass it, say `retired: true`"
      ]
    },
    {
      "severity": "error",
      "code": "A0301",
      "message": "the template uses `custmer_name`, which is not a parameter",
      "file": "prompts/refund.prompt.md",
      "line": 5,
      "column": 9,
      "label": "not declared",
      "hints": [
        "did you mean `customer_name`, declared on line 3?"
      ]
    }
  ]
}
--- stderr

"#]]
    );
}

#[test]
fn warnings_do_not_fail_and_can_be_left_out() {
    let context = TestContext::new();
    begin(&context);
    context.write("prompts/hello.prompt.md", "Hello {{ name }}\n");
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
warning[A0209]: the file declares no parameters and takes `name`
  --> prompts/hello.prompt.md:1:10
   |
 1 | Hello {{ name }}
   |          ^^^^ taken as a parameter
   = help: declare them in front matter, under `parameters`
   = help: or have that done: `anvil lint --fix`

2 prompts checked: no errors, 1 warning
--- stderr
next: `anvil render hello -p name=…`

"#]]
    );
    assert_answer!(
        context.anvil(&["lint", "--quiet"]),
        str![[r#"
exit: 0
--- stdout
--- stderr

"#]]
    );
}

#[test]
fn twenty_errors_of_a_file_are_shown_and_the_rest_is_counted() {
    let context = TestContext::new();
    begin(&context);
    let body: String = (0..30).map(|at| format!("{{{{ p{at} }}}}\n")).collect();
    context.write("prompts/many.prompt.md", format!("---\nparameters: {{}}\n---\n{body}"));
    let answer = context.anvil(&["lint"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.stdout.matches("error[A0301]").count(), 21);
    assert!(answer.stdout.contains("`prompts/many.prompt.md` has 10 more errors"), "{}", answer.stdout);
}

#[cfg(unix)]
#[test]
fn a_file_of_a_set_that_cannot_be_read_is_checked_for_itself_and_that_is_told() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    context.write("prompts/p.prompt.md", "---\nparameters: {}\n---\nx\n");
    std::os::unix::fs::symlink("/nonexistent", context.project().join("prompts/broken.prompt.md")).unwrap();
    assert_answer!(
        context.anvil(&["lint", "prompts/p.prompt.md"]),
        str![[r#"
exit: 0
--- stdout
warning[A1041]: the prompt set cannot be read: `prompts/broken.prompt.md` belongs to the set and is a symbolic link
  = help: its prompts are checked without what they render; see all of it: `anvil lint`

1 prompt checked: no errors, 1 warning
--- stderr

"#]]
    );
}

#[test]
fn a_file_is_checked_in_a_project_and_outside_any() {
    let context = TestContext::new();
    // Outside: nobody can say what its partials would be.
    context.write("../tmp/note.md", "---\nparameters: { a: string }\n---\n{% render \"foot\", a: a %}{{ b }}\n");
    assert_answer!(
        context.anvil(&["lint", "../tmp/note.md"]),
        str![[r#"
exit: 1
--- stdout
warning[A0350]: there is no prompt `foot`
  --> [ROOT]/tmp/note.md:4:11
   |
 4 | {% render "foot", a: a %}{{ b }}
   |           ^^^^^^ not found
   = help: the file is checked for itself, and not what it renders

error[A0301]: the template uses `b`, which is not a parameter
  --> [ROOT]/tmp/note.md:4:29
   |
 4 | {% render "foot", a: a %}{{ b }}
   |                             ^ not declared

1 prompt checked: 1 error, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0301`

"#]]
    );
    // Inside: its set's partials are known, and the faults of other files are not asked for.
    begin(&context);
    context.write("prompts/_foot.prompt.md", "---\nparameters: { a: string }\n---\n{{ a }}\n");
    context.write("prompts/note.prompt.md", "---\nparameters: { a: string }\n---\n{% render \"foot\", a: a %}\n");
    context.write("prompts/bad.prompt.md", "{{ \n");
    assert_answer!(
        context.anvil(&["-C", "prompts", "lint", "note.prompt.md"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: there is no prompt `foot`
  --> note.prompt.md:4:11
   |
 4 | {% render "foot", a: a %}
   |           ^^^^^^ not found
   = help: did you mean `_foot`?

1 prompt checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0350`

"#]]
    );
    // What keeps it from being rendered is told, also where it lies in a partial.
    context.write("prompts/note.prompt.md", "---\nparameters: {}\n---\n{% render \"bad\" %}\n");
    assert_answer!(
        context.anvil(&["-C", "prompts", "lint", "note.prompt.md", "bad.prompt.md"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: `bad` has errors (`prompts/bad.prompt.md`)
  --> note.prompt.md:4:11
   |
 4 | {% render "bad" %}
   |           ^^^^^ has errors

error[A0302]: `{{` is never closed
  --> bad.prompt.md:1:1
   |
 1 | {{ 
   | ^^ opened here
   = help: if this is not meant as Liquid, put it between `{% raw %}` and `{% endraw %}`

2 prompts checked: 2 errors, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0350`

"#]]
    );
    for command in ["render", "test", "tokens"] {
        let answer = context.anvil(&[command, "note"]);
        let shown = answer.shown();
        assert!(answer.code == 1 && shown.contains("^^^^^ has errors"), "{shown}");
        assert!(shown.contains("prompts/bad.prompt.md:1:1"), "{shown}");
    }
    context.write("prompts/note.prompt.md", "---\nparameters: { a: string }\n---\n{% render \"_foot\", a: a %}\n");
    assert_answer!(
        context.anvil(&["lint", "prompts/note.prompt.md", "anvil.toml"]),
        str![[r#"
exit: 0
--- stdout
1 prompt checked: no errors
--- stderr

"#]]
    );

    assert_answer!(
        context.anvil(&["lint", "nowhere.md"]),
        str![[r#"
exit: 1
--- stdout
error[A0901]: cannot read `[ROOT]/project/nowhere.md`: No such file or directory (os error 2)

0 prompts checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0901`

"#]]
    );
    assert_answer!(
        context.anvil(&["lint", "prompts"]),
        str![[r#"
exit: 1
--- stdout
error[A1052]: `prompts` is a folder
  = help: to check the set in it: `anvil -C prompts lint`

0 prompts checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A1052`

"#]]
    );
    context.write("../tmp/latin.md", b"caf\xe9\n");
    assert_answer!(
        context.anvil(&["lint", "../tmp/latin.md"]),
        str![[r#"
exit: 1
--- stdout
error[A0207]: the file is not UTF-8: byte 3 is 0xe9
  --> [ROOT]/tmp/latin.md:1:4
   |
 1 | caf�
   |    ^ not UTF-8
   = help: save the file as UTF-8

1 prompt checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0207`

"#]]
    );
}

#[test]
fn a_dependency_that_is_not_unpacked_is_warned_of_and_one_at_hand_is_looked_into() {
    let context = TestContext::new();
    begin(&context);
    context.write("../tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
    context.write("../tone/prompts/style.prompt.md", "Be kind.\n");
    let manifest = context.read("anvil.toml") + "\"core/tone\" = { path = \"../tone\" }\n";
    context.write("anvil.toml", manifest);
    context.write("prompts/reply.prompt.md", "---\n---\n{% render \"core/tone/stile\" %}\n");
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
warning[A1053]: core/tone is neither unpacked nor in the cache, so what 1 prompt renders of it is not checked
  = help: unpack it: `anvil pull`

2 prompts checked: no errors, 1 warning
--- stderr
next: `anvil render welcome -p question=…`

"#]]
    );
    context.anvil(&["lock"]).success();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0350]: `core/tone` has no prompt `stile`
  --> prompts/reply.prompt.md:3:11
   |
 3 | {% render "core/tone/stile" %}
   |           ^^^^^^^^^^^^^^^^^ not found
   = help: did you mean `core/tone/style`?

2 prompts checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0350`

"#]]
    );
}

#[test]
fn an_application_has_a_manifest_to_check_and_no_prompts() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1030]: there is no `anvil.toml` in `[ROOT]/project` or any folder above it
  = help: to make a prompt set here: `anvil init --name project/set`
  = help: to use prompt sets in an application: `anvil init --app`

"#]]
    );
    context.anvil(&["init", "--app"]).success();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
1 manifest checked: no errors
--- stderr

"#]]
    );
    context.write("anvil.toml", "[dependencies\n");
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0101]: `anvil.toml` is not valid TOML: unclosed table, expected `]`
  --> anvil.toml:1:14
   |
 1 | [dependencies
   |              ^ here

1 manifest checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0101`

"#]]
    );
}

#[test]
fn globs_that_match_nothing_are_warned_of() {
    let context = released();
    context.anvil(&["version", "patch"]).success();
    let globs = "prompts = [\"prompts/*.prompt.md\", \"promts/**/*.prompt.md\"]\ninclude = [\"data/*.json\"]\n";
    context.write("anvil.toml", context.read("anvil.toml") + globs);
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
warning[A1063]: `promts/**/*.prompt.md` in `set.prompts` matches no file of the set
  --> anvil.toml:5:35
   |
 5 | prompts = ["prompts/*.prompt.md", "promts/**/*.prompt.md"]
   |                                   ^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
   = help: mend it or take it out; what git ignores and what `exclude` names is no file of the set

warning[A1063]: `data/*.json` in `set.include` matches no file of the set
  --> anvil.toml:6:12
   |
 6 | include = ["data/*.json"]
   |            ^^^^^^^^^^^^^ matches nothing
   = help: mend it or take it out; what git ignores and what `exclude` names is no file of the set

1 prompt checked: no errors, 2 warnings
--- stderr
next: `anvil render welcome`

"#]]
    );
    context.commit("Where prompts are");
    assert_answer!(
        context.anvil(&["version", "patch", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would raise support/onboarding 1.0.1 -> 1.0.2, commit and tag as v1.0.2
--- stderr
warning: the set has 2 warnings
help: see them: `anvil lint`

"#]]
    );
    let version = context.anvil(&["version", "patch"]).success();
    assert!(version.stderr.contains("warning: the set has 2 warnings\n"), "{}", version.shown());
    context.write("promts/hello.prompt.md", "Hello\n");
    context.write("data/one.json", "{}\n");
    assert_eq!(context.anvil(&["lint"]).success().stdout, "2 prompts checked: no errors\n");
}

#[test]
fn conflict_markers_in_the_manifest_are_told_as_such() {
    let context = released();
    let sides = "<<<<<<< HEAD\nversion = \"1.1.0\"\n=======\nversion = \"1.2.0\"\n>>>>>>> other\n";
    context.write("anvil.toml", format!("[set]\nname = \"support/onboarding\"\n{sides}"));
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0101]: `anvil.toml` has conflict markers
  --> anvil.toml:3:1
   |
 3 | <<<<<<< HEAD
   | ^^^^^^^^^^^^ a merge left both sides here
   = help: keep what you want of both sides, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`

1 manifest checked: 1 error, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0101`

"#]]
    );
    let answer = context.anvil(&["version", "patch"]);
    assert!(answer.stderr.contains("error[A0101]: `anvil.toml` has conflict markers\n"), "{}", answer.shown());
}

#[test]
fn a_badly_named_folder_or_file_of_a_prompt_is_told_by_its_path() {
    let context = TestContext::new();
    let manifest = "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\nprompts = [\"My Prompts/**/*.md\"]\n";
    context.write("anvil.toml", manifest);
    context.write("My Prompts/Code Review/system.md", "Review {{ code }}\n");
    context.write("My Prompts/tone/Formal.md", "Formal\n");
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
error[A0001]: `My Prompts/Code Review/system.md` gives no name for a prompt: `Code Review` does not begin with a lower-case letter or a digit
  --> My Prompts/Code Review/system.md
  = help: rename the folder `Code Review`, or leave it out with `exclude` in anvil.toml

error[A0001]: `My Prompts/tone/Formal.md` gives no name for a prompt: `Formal` does not begin with a lower-case letter or a digit
  --> My Prompts/tone/Formal.md
  = help: rename the file, or leave it out with `exclude` in anvil.toml

1 manifest checked: 2 errors, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0001`

"#]]
    );
}

#[test]
fn a_folder_is_checked_where_it_is_a_project_and_else_file_by_file() {
    let context = TestContext::new();
    let root = context.path("");
    context.write("anvil.toml", "");
    context.write("prompts/x.md", "");
    context.write("../drafts/x.md", "");
    for (folder, hint) in [
        ("project", "to check the set in it: `anvil -C project lint`"),
        ("project/prompts", "to check the set in it: `anvil -C project/prompts lint`"),
        ("drafts", "name the files in it that are to be checked"),
    ] {
        let answer = context.anvil_in(&root, &["lint", folder]);
        assert!(answer.stdout.contains(&format!("  = help: {hint}\n")), "{}", answer.shown());
    }
}

#[test]
fn a_file_that_is_not_there_hides_nothing_of_the_others() {
    let context = TestContext::new();
    context.write("bad.md", "{% if %}\n");
    context.write("folder/x", "");
    assert_answer!(
        context.anvil(&["lint", "missing.md", "folder", "bad.md", "gone.toml"]),
        str![[r#"
exit: 1
--- stdout
error[A0901]: cannot read `[ROOT]/project/missing.md`: No such file or directory (os error 2)

error[A1052]: `folder` is a folder
  = help: name the files in it that are to be checked

error[A0304]: `if` is never closed
  --> bad.md:1:1
   |
 1 | {% if %}
   | ^^^^^^^^ opened here
   = help: close it with `{% endif %}`

error[A0302]: a value is expected here, found nothing
  --> bad.md:1:6
   |
 1 | {% if %}
   |      ^ not expected
   = help: if this is not meant as Liquid, put it between `{% raw %}` and `{% endraw %}`

error[A0901]: cannot read `[ROOT]/project/gone.toml`: No such file or directory (os error 2)

1 prompt checked: 5 errors, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0901`

"#]]
    );
}

#[test]
fn what_was_surely_meant_otherwise_is_warned_of() {
    let context = TestContext::new();
    context.write("late.md", "\n---\nparameters: { a: string }\n---\nx {{ a }}\n");
    context.write("jinja.md", "---\nparameters: {}\n---\nHi{# do not tell #}\n{% raw %}{# kept #}{% endraw %}\n");
    assert_answer!(
        context.anvil(&["lint", "./late.md", "./jinja.md"]),
        str![[r#"
exit: 0
--- stdout
warning[A0202]: what stands between these fences is text and no front matter: the file does not begin with it
  --> late.md:2:1
   |
 2 | ---
   | ^^^
   = help: remove what stands before it, be it an empty line

warning[A0209]: the file declares no parameters and takes `a`
  --> late.md:5:6
   |
 5 | x {{ a }}
   |      ^ taken as a parameter
   = help: declare them in front matter, under `parameters`
   = help: or have that done: `anvil lint --fix`

warning[A0302]: in Liquid this is no comment: it is printed
  --> jinja.md:4:3
   |
 4 | Hi{# do not tell #}
   |   ^^^^^^^^^^^^^^^^^ printed
   = help: write `{% comment %}…{% endcomment %}`, or `{% # … %}` in one line

2 prompts checked: no errors, 3 warnings
--- stderr

"#]]
    );
}
