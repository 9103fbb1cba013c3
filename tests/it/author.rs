//! Beginning a set, making prompts, checking them: `init`, `new`, `lint`.

use crate::assert_answer;
use crate::context::TestContext;
use snapbox::str;

/// The set says which Anvil can use it, to its own authors, too.
#[test]
fn a_set_that_needs_another_anvil_is_not_worked_on() {
    let context = TestContext::new();
    let manifest = "[set]\nname = \"support/x\"\nversion = \"1.0.0\"\nanvil = \">=9\"\n";
    context.write("anvil.toml", manifest);
    context.write("prompts/hello.prompt.md", "Hello\n");
    context.git_init();
    context.commit("first");
    let before = context.files("");
    for arguments in [&["new", "other"][..], &["version", "1.0.0"], &["lock"], &["lint"], &["lint", "anvil.toml"]] {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        let told = format!("{}{}", answer.stdout, answer.stderr);
        assert!(told.contains("error[A0113]: support/x needs Anvil >=9, this is 0."), "{told}");
        assert!(told.contains("anvil.toml:4:9") && told.contains("= help: upgrade anvil"), "{told}");
    }
    assert_eq!(context.files(""), before);
    context.write("anvil.toml", manifest.replace(">=9", ">=0.1"));
    context.anvil(&["lint"]).success();
}

/// The folder of a bare repository is git's own.
#[test]
fn nothing_is_begun_in_a_bare_repository() {
    let context = TestContext::new();
    context.git(&["init", "--quiet", "--bare", "bare"]);
    let before = context.files("");
    for arguments in [
        &["init", "--name", "a/b"][..],
        &["init", "--name", "a/b", "--dry-run"],
        &["init", "--name", "a/b", "--no-git"],
        &["init", "--app"],
        &["init", "new", "--name", "a/b"],
    ] {
        let answer = context.anvil(&[&["-C", "bare"], arguments].concat());
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.starts_with("error[A0802]: "), "{}", answer.stderr);
        assert_eq!(answer.stdout, "");
    }
    assert_eq!(context.files(""), before);
}

#[test]
fn a_set_is_begun_in_an_empty_folder() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["init", "--name", "support/onboarding", "--description", "First replies."]),
        str![[r#"
exit: 0
--- stdout
made a git repository
wrote .gitignore, .gitattributes and anvil.toml
began the prompt set support/onboarding
--- stderr
next: `anvil new welcome`

"#]]
    );
    assert!(context.project().join("prompts").is_dir());
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r#"
[set]
name = "support/onboarding"
version = "0.1.0"
edition = 1                  # of the prompt language
description = "First replies."
prompts = ["prompts/**/*.prompt.md"]

[registries]
# default = "https://prompts.example.com/acme"   # or a folder, such as "../registry"

[dependencies]              # `anvil add project/set` writes them

"#]]
    );
    assert_eq!(context.git(&["status", "--porcelain"]), "?? .gitattributes\n?? .gitignore\n?? anvil.toml\n");
    assert_answer!(
        context.anvil(&["new", "welcome"]),
        str![[r#"
exit: 0
--- stdout
wrote prompts/welcome.prompt.md
--- stderr
next: `anvil render welcome -p question=…`

"#]]
    );
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
1 prompt checked: no errors
--- stderr
next: `anvil render welcome`

"#]]
    );
}

#[test]
fn what_is_there_already_is_kept_and_a_second_init_changes_nothing() {
    let context = TestContext::new();
    context.git_init();
    context.write(".gitignore", "target/\n/.anvil\n");
    context.write(".gitattributes", "*.png binary");
    context.anvil(&["init", "--app"]).success();
    assert_eq!(context.read(".gitignore"), "target/\n/.anvil\n");
    let attributes = context.read(".gitattributes");
    assert!(attributes.starts_with("*.png binary\n\n# "), "{attributes}");
    assert!(attributes.ends_with("\nanvil.lock linguist-generated=true text eol=lf\n"), "{attributes}");

    let before = context.files("");
    assert_answer!(
        context.anvil(&["init", "--app"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1059]: `[ROOT]/project` has an anvil.toml already
  = help: nothing was changed; to see whether it is in order: `anvil lint`

"#]]
    );
    assert_eq!(context.files(""), before);
}

#[test]
fn an_init_that_was_killed_is_completed_by_the_next() {
    let context = TestContext::new();
    let arguments = ["init", "--name", "a/b"];
    context.anvil(&arguments).success();
    let whole = context.files("");
    // The manifest comes last.
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    context.anvil(&arguments).success();
    assert_eq!(context.files(""), whole);
}

#[test]
fn prompts_are_adopted_where_they_are() {
    let context = TestContext::new();
    for name in ["summarize", "extract_wisdom", "Bad Name"] {
        context.write(&format!("patterns/{name}/system.md"), "# IDENTITY\nYou help.\n");
    }
    let globs = ["--prompts", "patterns/*/system.md", "--prompts", "more/*.md"];
    let arguments = [&["init", "--name", "team/patterns"], &globs[..]].concat();
    let planned = context.anvil(&[&arguments[..], &["--dry-run"]].concat()).success();
    assert_eq!(context.files("").len(), 3, "a dry run wrote something");
    assert_answer!(
        context.anvil(&arguments),
        str![[r#"
exit: 0
--- stdout
made a git repository
wrote .gitignore, .gitattributes and anvil.toml
found 2 prompts: extract_wisdom and summarize
began the prompt set team/patterns
--- stderr
warning: `patterns/Bad Name/system.md` gives no name for a prompt: `Bad Name` does not begin with a lower-case letter or a digit
warning: `more/*.md` matches no file
next: `anvil lint`

"#]]
    );
    assert_eq!(planned.stdout.lines().count(), 4, "{}", planned.stdout);
    assert!(context.read("anvil.toml").contains("prompts = [\"patterns/*/system.md\", \"more/*.md\"]\n"));
    assert!(!context.project().join("prompts").exists(), "nobody asked for this folder");
    assert_answer!(
        context.anvil(&["new", "write_essay", "--kind", "text"]),
        str![[r#"
exit: 0
--- stdout
wrote patterns/write_essay/system.md
--- stderr
next: `anvil render write_essay -p text=…`

"#]]
    );
}

#[test]
fn a_set_may_lie_in_a_folder_of_a_repository() {
    let context = TestContext::new();
    context.git_init();
    assert_answer!(
        context.anvil(&["init", "sets/tone", "--name", "core/tone", "--registry", "../registry"]),
        str![[r#"
exit: 0
--- stdout
wrote .gitignore, .gitattributes and anvil.toml
began the prompt set core/tone in `sets/tone`
--- stderr
next: `anvil -C sets/tone new welcome`

"#]]
    );
    assert!(!context.project().join("sets/tone/.git").exists());
    assert!(context.read("sets/tone/anvil.toml").contains("default = \"../../../registry\"\n"));
    context.anvil(&["-C", "sets/tone", "new", "voice"]).success();
    context.commit("tone");
    let answer = context.anvil(&["-C", "sets/tone/prompts", "version", "0.1.0"]).success();
    assert!(answer.stdout.contains("as core/tone@0.1.0 ("), "{}", answer.stdout);
}

#[test]
fn without_a_name_the_folder_or_the_remote_gives_one() {
    let context = TestContext::new();
    std::fs::create_dir_all(context.path("acme/prompts")).unwrap();
    let answer = context.anvil_in(&context.path("acme/prompts"), &["init", "--no-git"]).success();
    assert!(answer.stdout.ends_with("began the prompt set acme/prompts\n"), "{}", answer.stdout);
    assert!(!context.path("acme/prompts/.git").exists());

    context.git_init();
    context.git(&["remote", "add", "origin", "git@example.com:team/replies.git"]);
    let answer = context.anvil(&["init", "--dry-run"]).success();
    assert!(answer.stdout.ends_with("would begin the prompt set team/replies\n"), "{}", answer.stdout);

    // What is no name is not made one behind the user's back, unless they said yes to everything.
    context.git(&["remote", "set-url", "origin", "https://example.com/Acme_Inc/Replies"]);
    assert_answer!(
        context.anvil(&["init"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1062]: the set needs a name, and the folder's is none
  = help: say it: `anvil init --name acme-inc/replies`
  = help: or, for an application that only uses prompt sets: `anvil init --app`

"#]]
    );
    let answer = context.anvil(&["init", "--yes", "--dry-run"]).success();
    assert!(answer.stdout.ends_with("acme-inc/replies\n"), "{}", answer.stdout);
}

#[test]
fn bad_flags_of_init_are_told_before_anything_is_written() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["init", "--name", "Support/On_Boarding"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'Support/On_Boarding' for '--name <PROJECT/SET>': `Support/On_Boarding` is not a valid set name: `Support` does not begin with a lower-case letter; did you mean `support/on-boarding`?

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["init", "--name", "a/b", "--prompts", "/etc/*.md"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1060]: `/etc/*.md` is not a valid glob for `--prompts`: it is absolute; globs are relative to the manifest
  = help: globs are relative to the manifest, as in `--prompts 'patterns/*/system.md'`

"#]]
    );
    assert_answer!(
        context.anvil(&["init", "--name", "a/b", "--registry", "ftp://example.com"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0105]: the registry's location "ftp://example.com" is refused: `ftp` is none of https, http, file, s3
  --> anvil.toml:9:11
   |
 9 | default = "ftp://example.com"
   |           ^^^^^^^^^^^^^^^^^^^ refused

"#]]
    );
    assert_eq!(context.anvil(&["init", "--app", "--name", "a/b"]).code, 2);
    context.write("file", "");
    assert_answer!(
        context.anvil(&["init", "file", "--name", "a/b"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1060]: `file` is not a folder

"#]]
    );
    assert_eq!(context.files(""), [("file".to_owned(), Vec::new())]);
}

/// A set with one prompt in a git repository.
fn set(context: &TestContext) {
    context.git_init();
    context.anvil(&["init", "--name", "support/onboarding"]).success();
    context.anvil(&["new", "welcome"]).success();
}

#[test]
fn new_refuses_what_is_there_and_what_is_no_name() {
    let context = TestContext::new();
    set(&context);
    let before = context.files("");
    assert_answer!(
        context.anvil(&["new", "welcome"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1057]: the prompt `welcome` exists already: `prompts/welcome.prompt.md`
  = help: choose another name, or edit that file

"#]]
    );
    assert_answer!(
        context.anvil(&["new", "Welcome Mail"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'Welcome Mail' for '<NAME>': `Welcome Mail` is not a valid prompt name: `Welcome Mail` does not begin with a lower-case letter or a digit; did you mean `welcome-mail`?

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["new", "prompts/reply.prompt.md"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'prompts/reply.prompt.md' for '<NAME>': `prompts/reply.prompt.md` is not a valid prompt name: '.' is not a lower-case letter, a digit, `-` or `_`; did you mean `reply`?

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["new", "reply", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would write prompts/reply.prompt.md
--- stderr

"#]]
    );
    assert_eq!(context.files(""), before);

    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\nprompts = [\"p/*/system.md\"]\n");
    assert_answer!(
        context.anvil(&["new", "mails/reply"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1058]: no glob of `prompts` in anvil.toml has a place for `mails/reply`: `p/*/system.md`
  = help: choose a name that fits, or add a glob

"#]]
    );
    context.write("anvil.toml", "[dependencies]\n");
    assert_answer!(
        context.anvil(&["new", "reply"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: `[ROOT]/project/anvil.toml` has no `[set]`: this project only consumes prompts
  = help: to make it a prompt set, add `[set]`; in a new folder: `anvil init`

"#]]
    );
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    assert_eq!(context.anvil(&["new", "reply"]).code, 1);
}

#[test]
fn lint_tells_all_that_is_wrong_at_once() {
    let context = TestContext::new();
    set(&context);
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
    set(&context);
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
   = help: declare them: `parameters: { name: string }`

2 prompts checked: no errors, 1 warning
--- stderr
next: `anvil render hello`

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
    set(&context);
    let body: String = (0..30).map(|at| format!("{{{{ p{at} }}}}\n")).collect();
    context.write("prompts/many.prompt.md", format!("---\nparameters: {{}}\n---\n{body}"));
    let answer = context.anvil(&["lint"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.stdout.matches("error[A0301]").count(), 21);
    assert!(answer.stdout.contains("`prompts/many.prompt.md` has 10 more findings"), "{}", answer.stdout);
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
   = help: the file is in no prompt set, so its partials are not checked

error[A0301]: the template uses `b`, which is not a parameter
  --> [ROOT]/tmp/note.md:4:29
   |
 4 | {% render "foot", a: a %}{{ b }}
   |                             ^ not declared
   = help: did you mean `a`, declared on line 2?

1 prompt checked: 1 error, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0301`

"#]]
    );
    // Inside: its set's partials are known, and the faults of other files are not asked for.
    set(&context);
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
--- stderr
error[A0901]: cannot read `[ROOT]/project/nowhere.md`: No such file or directory (os error 2)

"#]]
    );
    assert_answer!(
        context.anvil(&["lint", "prompts"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1052]: `prompts` is a folder
  = help: to check the set in it: `anvil -C prompts lint`

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
    set(&context);
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
warning[A1053]: core/tone is not unpacked, so what 1 prompt renders of it is not checked
  = help: unpack it: `anvil pull`

2 prompts checked: no errors, 1 warning
--- stderr
next: `anvil render reply`

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
