//! Beginning a set and making prompts: `init`, `new`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{begin, state};
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
    let before = state(&context);
    for arguments in [&["new", "other"][..], &["version", "1.0.0"], &["lock"], &["lint"], &["lint", "anvil.toml"]] {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        let told = format!("{}{}", answer.stdout, answer.stderr);
        assert!(told.contains("error[A0113]: support/x needs Anvil >=9, this is 0."), "{told}");
        assert!(told.contains("anvil.toml:4:9") && told.contains("= help: upgrade anvil"), "{told}");
    }
    assert_eq!(state(&context), before);
    context.write("anvil.toml", manifest.replace(">=9", ">=0.1"));
    context.anvil(&["lint"]).success();
    context.commit("for all");
    // Neither may a version be built of what it cannot use: of an earlier one, or of a tag.
    context.anvil(&["version", "1.0.0"]).success();
    context.write("prompts/hello.prompt.md", "Hello!\n");
    context.write("anvil.toml", manifest);
    context.commit("second");
    for arguments in [&["rollback", "1.0.0"][..], &["rollback", "1.0.0", "--dry-run"]] {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.contains("error[A0113]: support/x needs Anvil >=9"), "{}", answer.stderr);
    }
    context.write("anvil.toml", manifest.replace(">=9", ">=0.1").replace("1.0.0", "2.0.0"));
    context.commit("third");
    context.anvil(&["version", "2.0.0"]).success();
    context.git(&["tag", "--force", "v1.0.0", "HEAD~3"]);
    let answer = context.anvil(&["rollback", "1.0.0"]);
    assert!(answer.stderr.contains("error[A0113]: support/x needs Anvil >=9"), "{}", answer.stderr);
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
        context.read(".gitignore"),
        str![[r#"
# What `anvil pull` unpacks.
.anvil/

# What a run of Anvil leaves that is killed while it writes.
.anvil-tmp-*

"#]]
    );
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
next: `anvil render welcome -p question=…`

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
    assert_eq!(
        context.read(".gitignore"),
        "target/\n/.anvil\n\n# What a run of Anvil leaves that is killed while it writes.\n.anvil-tmp-*\n"
    );
    let attributes = context.read(".gitattributes");
    assert!(attributes.starts_with("*.png binary\n\n# "), "{attributes}");
    assert!(attributes.contains("\nanvil.lock linguist-generated=true text eol=lf merge=anvil\n"), "{attributes}");
    assert!(attributes.ends_with("\nanvil.reviews text eol=lf merge=union\n"), "{attributes}");

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
warning: there is no registry at `../registry`: it has no `anvil-registry.json`
help: check the place, `[ROOT]/registry`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
help: whoever publishes makes one there with: `anvil registry init ../registry --id NAME`
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
    let note =
        "note: nobody said a name, so the set is called acme/prompts: change it in anvil.toml, or say `--name`\n";
    assert!(answer.stderr.starts_with(note), "{}", answer.stderr);
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
error[A0610]: `ftp://example.com` cannot be a registry's place: `ftp` is not supported; use https, http, file or a path

"#]]
    );
    assert_answer!(
        context.anvil(&["init", "--app", "--registry", "s3://bucket/x"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0610]: `s3://bucket/x` cannot be a registry's place: s3 is not supported yet; a bucket that is served over https can be read

"#]]
    );
    assert_answer!(
        context.anvil(&["init", "--app", "--registry", "HTTPS://example.com"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0105]: the registry's location "HTTPS://example.com" is refused: `HTTPS` is none of https, http, file; did you mean `https`?

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

#[test]
fn new_refuses_what_is_there_and_what_is_no_name() {
    let context = TestContext::new();
    begin(&context);
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
  = help: to make it a prompt set, add `[set]`, or begin one in a new folder with `anvil init DIR`

"#]]
    );
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    assert_eq!(context.anvil(&["new", "reply"]).code, 1);
}

#[test]
fn a_folder_of_prompts_is_named_by_a_glob() {
    let context = TestContext::new();
    context.write("prompts/welcome.md", "Hello\n");
    let init = || context.anvil(&["init", "--name", "a/b", "--prompts", "prompts"]);
    assert_answer!(
        init(),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1060]: `prompts` is not a valid glob for `--prompts`: it is a folder, and all files of a folder are `prompts/**`
  = help: globs are relative to the manifest, as in `--prompts 'patterns/*/system.md'`

"#]]
    );
    assert!(!context.project().join("anvil.toml").exists());
    context.write("anvil.toml", "");
    assert_answer!(
        init(),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1059]: `[ROOT]/project` has an anvil.toml already
  = help: nothing was changed; to see whether it is in order: `anvil lint`
  = help: to take other prompts, edit `prompts` under [set] in it

"#]]
    );
}

/// A shell makes of a glob as many arguments as files.
#[test]
fn a_glob_that_a_shell_expanded_is_to_be_quoted() {
    let context = TestContext::new();
    for name in ["a", "b", "c"] {
        context.write(&format!("{name}/system.md"), "Hello\n");
    }
    assert_answer!(
        context.anvil(&["init", "--name", "a/b", "--prompts", "a/system.md", "b/system.md"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1060]: `b/system.md` is not a folder
  = help: quote the glob, or the shell puts files in its place: `--prompts 'patterns/*/system.md'`

"#]]
    );
    assert_answer!(
        context.anvil(&["init", "--prompts", "a/system.md", "b/system.md", "c/system.md"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: unexpected argument 'c/system.md' found

  tip: quote the glob, or the shell puts files in its place: `--prompts 'patterns/*/system.md'`

Usage: anvil init [OPTIONS] [DIR]

For more information, try '--help'.

"#]]
    );
}

#[test]
fn a_new_prompt_can_be_rendered_as_it_is_said_and_published() {
    let context = TestContext::new();
    begin(&context);
    for (name, next) in
        [("_part", "anvil render prompts/_part.prompt.md -p question=…"), ("a/b", "anvil render a/b -p question=…")]
    {
        let answer = context.anvil(&["new", name]).success();
        assert!(answer.stderr.contains(&format!("next: `{next}`")), "{}", answer.shown());
        let arguments: Vec<&str> = next.split(' ').skip(1).collect();
        context.anvil(&arguments).success();
    }
    assert_answer!(
        context.anvil(&["new", "con"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1058]: `con` cannot be a prompt's name: its file `prompts/con.prompt.md` has a segment that is a device on Windows, so it could not be published
  = help: choose another name

"#]]
    );
    assert_eq!(context.anvil(&["new", "x/com1"]).code, 1);
    context.anvil(&["lint"]).success();
}
