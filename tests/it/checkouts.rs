//! What a repository and its work tree can be like: with other line ends, sparse, with an index that
//! libgit2 cannot read, bare, with links and submodules in it.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::released;
use anvil::registry::publish::init;
use snapbox::str;
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;

/// A set whose version 1.0.0 is tagged, with nothing changed since.
fn clean() -> TestContext {
    let context = released();
    context.write("prompts/more/again.prompt.md", "Again\n");
    context.commit("Another prompt");
    context.anvil(&["version", "1.1.0"]).success();
    context
}

#[track_caller]
fn no_difference(context: &TestContext) {
    let answer = context.anvil(&["diff", "--exit-code"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (0, ""), "{}", answer.shown());
}

#[test]
fn what_a_checkout_does_to_line_ends_is_no_change() {
    let context = clean();
    init(&context.path("registry"), &"test".parse().unwrap()).unwrap();
    let push =
        |rest: &[&str]| context.anvil(&[&["push", "--registry", "../registry", "--format", "json"], rest].concat());
    let digest = |answer: Answer| answer.success().json()["digest"].clone();
    let tagged = digest(push(&["--dry-run"]));
    context.git(&["config", "core.autocrlf", "true"]);
    for file in ["anvil.toml", "prompts/welcome.prompt.md", "prompts/more/again.prompt.md"] {
        fs::remove_file(context.project().join(file)).unwrap();
    }
    context.git(&["checkout", "--", "."]);
    assert!(context.read("prompts/welcome.prompt.md").ends_with("\r\n"));
    assert_eq!(context.git(&["status", "--porcelain"]), "");
    no_difference(&context);
    assert_eq!(digest(push(&["--dry-run", "--allow-dirty"])), tagged);
    // What did change is a change of these lines alone, and a file that is new is as it would be kept.
    context.write("prompts/welcome.prompt.md", "Be welcome\r\nagain\r\n");
    context.write("prompts/new.prompt.md", "New\r\n");
    let answer = context.anvil(&["diff"]).success();
    assert!(
        answer.stdout.contains("\n Be welcome\n+again\n") && answer.stdout.contains("\n+New\n"),
        "{}",
        answer.stdout
    );
    // Where git is told to keep a file as it is, so is it.
    context.write(".gitattributes", "*.md -text\n");
    let answer = context.anvil(&["diff"]).success();
    assert!(answer.stdout.contains("+New\r\n"), "{}", answer.stdout);
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_there() {
    for patterns in [&["--cone", "docs"][..], &["--no-cone", "/*", "!/prompts/more/"]] {
        let context = clean();
        context.git(&[&["sparse-checkout", "set", "--no-sparse-index"], patterns].concat());
        assert!(!context.project().join("prompts/more").exists());
        assert_eq!(context.git(&["status", "--porcelain"]), "");
        no_difference(&context);
        let lint = context.anvil(&["lint"]).success();
        assert_eq!(lint.stdout, "2 prompts checked: no errors\n");
        assert!(context.anvil(&["version", "patch"]).success().stdout.starts_with("nothing to do"));
        context.anvil(&["version", "2.0.0"]).success();
        assert_eq!(context.git(&["ls-tree", "-r", "--name-only", "v2.0.0"]).lines().count(), 3);
        assert_eq!(context.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn reading_needs_no_index() {
    for make in
        [&["update-index", "--split-index"][..], &["sparse-checkout", "set", "--cone", "--sparse-index", "docs"]]
    {
        let context = clean();
        context.git(make);
        assert_eq!(context.anvil(&["lint"]).success().stdout, "2 prompts checked: no errors\n");
        no_difference(&context);
        for command in [&["show"][..], &["log"], &["diff", "1.0.0"], &["export", "--output", "../out.tar"]] {
            context.anvil(command).success();
        }
        // What git does not know and what is changed is seen as well.
        context.write("prompts/new.prompt.md", "New\n");
        context.write("anvil.toml", context.read("anvil.toml") + "description = \"Ours.\"\n");
        context.write(".gitignore", "*.draft.prompt.md\n");
        context.write("prompts/my.draft.prompt.md", "{{ nothing }}\n");
        assert_eq!(context.anvil(&["lint"]).success().stdout, "3 prompts checked: no errors\n");
        let stat = context.anvil(&["diff", "--stat"]).success().stdout;
        assert!(stat.contains("new.prompt.md") && stat.contains("anvil.toml") && !stat.contains("again"), "{stat}");
        init(&context.path("registry"), &"test".parse().unwrap()).unwrap();
        let refused = context.anvil(&["push", "--registry", "../registry"]);
        let told = "error[A1050]: `anvil.toml` and `prompts/new.prompt.md` are not committed";
        assert!(refused.stderr.contains(told), "{}", refused.shown());
    }
    // Who commits writes the index, which must be one that can be.
    let context = clean();
    context.git(&["update-index", "--split-index"]);
    assert_answer!(
        context.anvil(&["version", "2.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0802]: the git repository at `[ROOT]/project` has a split index, which Anvil cannot read
  = help: turn it off here: `git update-index --no-split-index`

"#]]
    );
}

#[test]
fn a_bare_repository_is_told_as_such() {
    let context = TestContext::new();
    context.git(&["init", "--quiet", "--bare", "b.git"]);
    for command in [&["version", "patch"][..], &["push"], &["diff"], &["log"], &["lint"]] {
        assert_answer!(
            context.anvil_in(&context.project().join("b.git"), command),
            str![[r#"
exit: 1
--- stdout
--- stderr
error[A0802]: the git repository `[ROOT]/project/b.git` is bare: it has no work tree
  = help: work in a clone of it: `git clone [ROOT]/project/b.git [ROOT]/project/b`

"#]]
        );
    }
}

#[cfg(unix)]
#[test]
fn prompts_behind_a_link_are_not_dropped_silently() {
    let context = clean();
    context.write("shared/tone.prompt.md", "Tone\n");
    // To a file that is no prompt a link may lead.
    context.write("notes.md", "Notes\n");
    symlink("../notes.md", context.project().join("prompts/notes.md")).unwrap();
    context.commit("Notes");
    context.anvil(&["version", "2.0.0"]).success();
    symlink("../shared", context.project().join("prompts/shared")).unwrap();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1041]: `prompts/shared` is a symbolic link: what lies behind it would be missing from the set
  = help: put the files themselves there, or add "prompts/shared" to `exclude` in anvil.toml

"#]]
    );
    let diff = context.anvil(&["diff"]).success();
    assert!(diff.stderr.contains("prompts/shared"), "{}", diff.shown());
    context.commit("A link");
    assert_answer!(
        context.anvil(&["version", "patch"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1041]: `prompts/shared` is a symbolic link: what lies behind it would be missing from the set
  = help: put the files themselves there, or add "prompts/shared" to `exclude` in anvil.toml

"#]]
    );
    init(&context.path("registry"), &"test".parse().unwrap()).unwrap();
    let push = context.anvil(&["push", "--registry", "../registry"]);
    assert!(push.stderr.contains("error[A1041]"), "{}", push.shown());
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", manifest + "exclude = [\"prompts/shared\"]\n");
    context.commit("Leave it out");
    context.anvil(&["lint"]).success();
    context.anvil(&["version", "patch"]).success();
}

#[test]
fn prompts_in_a_submodule_are_not_dropped_silently() {
    let context = clean();
    let other = context.path("other");
    fs::create_dir(&other).unwrap();
    context.git_in(&other, &["init", "--quiet"]);
    fs::write(other.join("tone.prompt.md"), "Tone\n").unwrap();
    context.git_in(&other, &["add", "."]);
    context.git_in(&other, &["commit", "--quiet", "--message", "Tone"]);
    context.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../other", "prompts/shared"]);
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1041]: `prompts/shared` is a submodule: what lies behind it would be missing from the set
  = help: put the files themselves there, or add "prompts/shared" to `exclude` in anvil.toml

"#]]
    );
    context.commit("A submodule");
    let answer = context.anvil(&["version", "patch"]);
    assert!(answer.stderr.contains("error[A1041]: `prompts/shared` is a submodule"), "{}", answer.shown());
}
