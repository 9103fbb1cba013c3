//! Making versions: `version`.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{MANIFEST, leave_behind, released, set_in};
use snapbox::str;

/// Everything that a failed command must leave alone: files, refs, what is staged.
fn state(context: &TestContext) -> (Vec<(String, Vec<u8>)>, String, String) {
    let files = context.files("").into_iter().filter(|(path, _)| !path.starts_with(".git/")).collect();
    let refs = context.git(&["for-each-ref"]) + &context.git(&["rev-parse", "HEAD"]);
    (files, refs, context.git(&["status", "--porcelain"]))
}

/// Runs a command that must fail and change nothing.
#[track_caller]
fn refused(context: &TestContext, arguments: &[&str]) -> Answer {
    let before = state(context);
    let answer = context.anvil(arguments);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert_eq!(state(context), before);
    answer
}

/// A merge brings versions that today's manifest does not know.
#[test]
fn the_next_version_after_a_merge_is_above_both_sides() {
    let context = TestContext::new();
    set_in(&context, ".", "core/tone 1.0.0", &[]);
    context.git_init();
    context.commit("Begin");
    context.anvil(&["version", "1.0.0"]).success();
    context.git(&["switch", "-q", "-c", "other"]);
    context.write("prompts/other.prompt.md", "Hello.\n");
    context.commit("Other");
    context.anvil(&["version", "1.1.0"]).success();
    context.git(&["switch", "-q", "-"]);
    context.write("notes.txt", "Ours.\n");
    context.commit("Ours");
    context.anvil(&["version", "1.0.1"]).success();
    context.git(&["merge", "-q", "other", "-X", "ours", "-m", "Merge"]);
    let planned = context.anvil(&["version", "minor", "--dry-run"]).success();
    assert!(planned.stdout.contains("1.2.0"), "{}", planned.shown());
    context.anvil(&["version", "patch"]).success();
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v1.1.1\n");
    // A run that was killed before it made the tag.
    context.git(&["tag", "--delete", "v1.1.1"]);
    context.anvil(&["version", "patch"]).success();
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v1.1.1\n");
}

#[test]
fn a_tag_that_cannot_be_made_is_found_before_anything_is_committed() {
    let context = TestContext::new();
    set_in(&context, ".", "core/tone 1.0.0", &[]);
    context.git_init();
    context.commit("Begin");
    context.git(&["tag", "v1.0.0", "HEAD:anvil.toml"]);
    let before = state(&context);
    let refuse = |why: &str| {
        let answer = context.anvil(&["version", "1.0.0"]);
        assert!(answer.code != 0 && answer.stderr.contains(why), "{}", answer.shown());
    };
    refuse("error[A0806]: there can be no tag `v1.0.0`: a tag of that name is there, and names no commit");
    assert_eq!(state(&context), before);
    context.git(&["tag", "--delete", "v1.0.0"]);
    context.git(&["tag", "v1.0.0/x"]);
    refuse("error[A0806]: there can be no tag `v1.0.0`: `v1.0.0/x` is there, and git cannot keep both");
}

#[test]
fn a_version_is_written_committed_and_tagged() {
    let context = released();
    // What is staged and no part of the set stays staged, and out of the commit.
    context.write("notes.txt", "mine\n");
    context.git(&["add", "notes.txt"]);
    assert_answer!(
        context.anvil(&["version", "minor", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would raise support/onboarding 1.0.0 -> 1.1.0, commit and tag as v1.1.0
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 0
--- stdout
raised support/onboarding 1.0.0 -> 1.1.0, committed and tagged as v1.1.0 ([ID])
--- stderr
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
    assert_eq!(context.read("anvil.toml"), MANIFEST.replace("1.0.0", "1.1.0"));
    assert_eq!(
        context.git(&["show", "--stat=60", "--format=%an <%ae>%n%s", "HEAD"]).trim(),
        "\
Example Author <author@example.com>
support/onboarding 1.1.0

 anvil.toml | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)"
    );
    assert_eq!(context.git(&["cat-file", "-t", "v1.1.0"]), "tag\n");
    assert_eq!(
        context.git(&["for-each-ref", "--format=%(contents:subject)", "refs/tags/v1.1.0"]),
        "support/onboarding 1.1.0\n"
    );
    assert_eq!(context.git(&["status", "--porcelain"]), "A  notes.txt\n");
    assert_answer!(
        context.anvil(&["version"]),
        str![[r#"
exit: 0
--- stdout
1.1.0
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "name": "support/onboarding",
  "version": "1.1.0",
  "tag": "v1.1.0",
  "commit": "[COMMIT]"
}
--- stderr

"#]]
    );
}

#[test]
fn what_has_not_changed_is_no_new_version_unless_its_number_is_said() {
    let context = released();
    context.anvil(&["version", "minor"]).success();
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 0
--- stdout
nothing to do: support/onboarding 1.1.0 is v1.1.0 ([ID]), and nothing has changed since
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "1.1.0"]),
        str![[r#"
exit: 0
--- stdout
nothing to do: support/onboarding 1.1.0 is v1.1.0 ([ID]), and nothing has changed since
--- stderr

"#]]
    );
    // A commit that is no part of the set does not make it another one.
    context.write("notes.txt", "mine\n");
    context.commit("Notes");
    assert!(context.anvil(&["version", "patch"]).success().stdout.starts_with("nothing to do"));
    context.anvil(&["version", "2.0.0-rc.1"]).success();
    // A pre-release that proved good is finished with the same content.
    let answer = context.anvil(&["version", "major", "-m", "Ready"]).success();
    assert!(answer.stdout.contains("2.0.0-rc.1 -> 2.0.0, "), "{}", answer.stdout);
    assert_eq!(context.git(&["log", "-1", "--format=%s"]), "Ready\n");
}

#[test]
fn the_first_version_may_be_the_one_that_the_manifest_says() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "0.1.0"));
    context.write("prompts/welcome.prompt.md", "Welcome\n");
    context.commit("First prompts");
    let head = context.git(&["rev-parse", "HEAD"]);
    let answer = context.anvil(&["version", "0.1.0"]).success();
    assert!(answer.stdout.starts_with("tagged support/onboarding 0.1.0 as v0.1.0 ("), "{}", answer.stdout);
    assert_eq!(context.git(&["rev-parse", "HEAD", "v0.1.0^{commit}"]), head.repeat(2));
}

/// The states that a run can be killed in; each is completed by the same command, and not bumped twice.
#[test]
fn a_version_that_was_interrupted_is_completed() {
    let bump = |context: &TestContext| context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.1.0"));
    for target in ["minor", "1.1.0"] {
        // Written, not committed.
        let context = released();
        bump(&context);
        context.anvil(&["version", target]).success();
        assert_eq!(context.git(&["tag"]), "v1.0.0\nv1.1.0\n");
        assert_eq!(context.git(&["rev-list", "--count", "HEAD"]), "3\n");
        assert_eq!(context.git(&["status", "--porcelain"]), "");

        // Committed, not tagged.
        let context = released();
        bump(&context);
        let commit = context.commit("support/onboarding 1.1.0");
        let answer = context.anvil(&["version", target]).success();
        assert!(answer.stdout.starts_with("tagged support/onboarding 1.1.0 as v1.1.0 ("), "{}", answer.stdout);
        assert_eq!(context.git(&["rev-parse", "v1.1.0^{commit}"]).trim(), commit);

        // Tagged, and killed before it said so.
        let answer = context.anvil(&["version", target]).success();
        assert!(answer.stdout.starts_with("nothing to do: support/onboarding 1.1.0"), "{}", answer.stdout);
        assert_eq!(context.git(&["tag"]), "v1.0.0\nv1.1.0\n");
    }
}

/// The branch had moved and git's index had not learnt of it when the run was killed.
#[test]
fn an_index_that_is_behind_an_interrupted_version_catches_up() {
    let context = released();
    context.anvil(&["version", "1.1.0"]).success();
    context.git(&["tag", "--delete", "v1.1.0"]);
    context.git(&["read-tree", "HEAD~1"]);
    context.write("notes.txt", "mine\n");
    context.git(&["add", "notes.txt"]);
    assert_eq!(context.git(&["status", "--short"]), "MM anvil.toml\nA  notes.txt\n");
    context.anvil(&["version", "1.1.0"]).success();
    assert_eq!(context.git(&["status", "--short"]), "A  notes.txt\n");
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v1.1.0\n");
}

/// The tag may be there already, made by the run that was killed or by hand.
#[test]
fn an_index_that_is_behind_catches_up_though_the_tag_is_there() {
    let context = released();
    for arguments in [["version", "1.1.0"], ["rollback", "1.0.0"]] {
        context.anvil(&arguments).success();
        context.git(&["read-tree", "HEAD~1"]);
        context.write("notes.txt", "mine\n");
        context.git(&["add", "notes.txt"]);
        assert_ne!(context.git(&["status", "--short"]), "A  notes.txt\n");
        assert!(context.anvil(&arguments).success().stdout.starts_with("nothing to do"));
        assert_eq!(context.git(&["status", "--short"]), "A  notes.txt\n");
    }
}

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let context = released();
    let left = leave_behind(&context, ".");
    context.anvil(&["version", "minor"]).success();
    assert!(!left.exists());
    let left = [leave_behind(&context, "."), leave_behind(&context, "prompts")];
    context.anvil(&["rollback", "1.0.0"]).success();
    assert!(left.iter().all(|left| !left.exists()));
    let left = leave_behind(&context, "prompts");
    context.anvil(&["new", "other"]).success();
    assert!(!left.exists());
    let left = leave_behind(&context, "sets/new");
    context.anvil(&["init", "sets/new", "--name", "a/b"]).success();
    assert!(!left.exists());
}

#[test]
fn the_first_bump_of_all_is_not_applied_twice_either() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", MANIFEST);
    context.write("prompts/welcome.prompt.md", "Welcome\n");
    context.commit("First prompts");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.0.1"));
    context.commit("support/onboarding 1.0.1");
    context.anvil(&["version", "patch"]).success();
    assert_eq!(context.git(&["tag"]), "v1.0.1\n");
}

#[test]
fn a_version_in_the_manifest_that_nobody_asked_for_is_told() {
    let context = released();
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "3.0.0"));
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1056]: anvil.toml says 3.0.0, which is not committed, and 1.1.0 was asked for
  = help: to make the version that it says: `anvil version 3.0.0`
  = help: to take it back: `git restore anvil.toml`

"#]]
    );
    context.anvil(&["version", "3.0.0"]).success();
}

#[test]
fn files_of_the_set_must_be_committed_and_others_need_not() {
    let context = released();
    context.write("notes.txt", "mine\n");
    context.write("prompts/new.prompt.md", "New\n");
    context.write("prompts/welcome.prompt.md", "Changed\n");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.1.0"));
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `prompts/new.prompt.md` and `prompts/welcome.prompt.md` are not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
    context.git(&["add", "prompts"]);
    refused(&context, &["version", "minor"]);
    context.git(&["commit", "--quiet", "--message", "More"]);
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.1.0").replace("Ours", "Mine"));
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `anvil.toml` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
}

#[test]
fn a_detached_head_a_merge_and_an_unknown_author_stop_it() {
    let context = released();
    context.git(&["checkout", "--quiet", "--detach"]);
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0804]: HEAD of `[ROOT]/project` is detached at [ID]: a new commit would belong to no branch
  = help: go to a branch first: `git switch <branch>`

"#]]
    );
    context.git(&["checkout", "--quiet", "main"]);

    context.write(".git/MERGE_HEAD", context.git(&["rev-parse", "v1.0.0^{commit}"]));
    let answer = context.anvil(&["version", "minor"]);
    assert!(answer.stderr.contains("is in the middle of a merge"), "{}", answer.stderr);
    std::fs::remove_file(context.project().join(".git/MERGE_HEAD")).unwrap();

    let before = state(&context);
    let mut command = context.anvil_command(&["version", "minor"]);
    for variable in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        command.env_remove(variable);
    }
    let answer = context.run(command, "");
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.starts_with("error[A0805]: git does not know who you are"), "{}", answer.stderr);
    assert_eq!(state(&context), before);
}

#[test]
fn a_version_that_exists_or_is_too_low_is_refused() {
    let context = released();
    assert_answer!(
        refused(&context, &["version", "1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1054]: 1.0.0 exists already: the tag `v1.0.0` names [ID]
  = help: a version never changes; make the next one: `anvil version 1.0.1`

"#]]
    );
    assert_answer!(
        refused(&context, &["version", "0.9.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1055]: 0.9.0 is not above 1.0.0, the last version on this branch
  = help: make the next one: `anvil version patch`
  = help: to bring the content of an earlier version back: `anvil rollback VERSION`

"#]]
    );
    // The tag is elsewhere: on a branch that HEAD knows nothing of.
    context.git(&["switch", "--quiet", "--create", "other"]);
    context.anvil(&["version", "minor"]).success();
    context.git(&["switch", "--quiet", "main"]);
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1054]: 1.1.0 exists already: the tag `v1.1.0` names [ID]
  = help: a version never changes; make the next one: `anvil version 1.1.1`

"#]]
    );
    // An old line has its patches all the same.
    context.anvil(&["version", "patch"]).success();
    assert_eq!(context.anvil(&["version", "one"]).code, 2);
    // What is named in its place there can be.
    context.git(&["switch", "--quiet", "other"]);
    context.anvil(&["version", "1.1.1"]).success();
    context.git(&["switch", "--quiet", "--create", "third", "v1.1.0"]);
    context.write("prompts/welcome.prompt.md", "Be welcome.\n");
    context.commit("Be kinder");
    for target in ["patch", "1.1.1", "1.0.0"] {
        let told = refused(&context, &["version", target]).stderr;
        assert!(told.contains("make the next one: `anvil version 1.1.2`\n"), "{told}");
    }
    context.anvil(&["version", "1.1.2"]).success();
}

#[test]
fn a_version_with_errors_is_not_made() {
    let context = released();
    context.write("prompts/welcome.prompt.md", "---\nparameters: { a: string }\n---\n{{ b }}\n");
    context.commit("Break it");
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0301]: the template uses `b`, which is not a parameter
  --> prompts/welcome.prompt.md:4:4
   |
 4 | {{ b }}
   |    ^ not declared
help: mend them and commit that; to see them again, with the warnings: `anvil lint`

"#]]
    );
}

/// A version that is tagged never changes, so what can be no bundle is said before.
#[cfg(target_os = "linux")] // Other systems cannot even hold these files beside each other.
#[test]
fn a_version_that_could_never_be_published_is_not_made() {
    let context = released();
    context.write("anvil.toml", format!("{MANIFEST}include = [\"inc/**\"]\n"));
    for path in ["inc/a:b.txt", "inc/Notes.txt", "inc/notes.txt", "prompts/aux.prompt.md"] {
        context.write(path, "Welcome\n");
    }
    context.commit("Add more");
    let told = "\
error[A0702]: `inc/a:b.txt` holds a colon, so it cannot be published
  = help: rename the file, or leave it out with `exclude` in anvil.toml
";
    for arguments in [&["version", "minor"][..], &["lint"]] {
        let answer = refused(&context, arguments);
        assert!(format!("{}{}", answer.stdout, answer.stderr).contains(told), "{}", answer.shown());
        for path in ["inc/notes.txt", "prompts/aux.prompt.md"] {
            assert!(answer.shown().contains(&format!("error[A0702]: `{path}` ")), "{}", answer.shown());
        }
    }
    // Tagged by git alone, it is refused by the registry's rules, with a way out.
    context.git(&["tag", "--delete", "v1.0.0"]);
    context.git(&["tag", "--annotate", "v1.0.0", "--message", "1.0.0"]);
    context.anvil(&["registry", "init", "../registry", "--id", "test"]).success();
    let answer = refused(&context, &["push", "--registry", "../registry"]);
    assert!(answer.stderr.starts_with("error[A0702]: support/onboarding 1.0.0 cannot be made into a bundle: "));
    assert!(answer.stderr.contains("make the next version: `anvil version patch`"), "{}", answer.stderr);
}

#[test]
fn no_repository_and_no_commits_are_told() {
    let context = TestContext::new();
    context.write("anvil.toml", MANIFEST);
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0801]: `[ROOT]/project` is not in a git repository
  = help: make it one: `git init`

"#]]
    );
    assert_eq!(context.anvil(&["version"]).success().stdout, "1.0.0\n");
    context.git_init();
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0803]: the git repository `[ROOT]/project` has no commit yet
  = help: commit something first: `git add . && git commit`

"#]]
    );
    context.git(&["commit", "--quiet", "--allow-empty", "--message", "Nothing"]);
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1050]: `anvil.toml` is not committed
  = help: commit first: `git add . && git commit`
  = help: or put changes aside: `git stash --include-untracked`

"#]]
    );
    context.write("anvil.toml", "[dependencies]\n");
    assert_eq!(context.anvil(&["version"]).code, 1);
}

#[test]
fn a_tag_that_only_the_remote_has_is_not_made_again() {
    let context = released();
    context.git(&["init", "--quiet", "--bare", "../remote.git"]);
    context.git(&["remote", "add", "origin", "../remote.git"]);
    context.anvil(&["version", "minor"]).success();
    context.git(&["push", "--quiet", "--tags", "origin", "main"]);
    context.git(&["tag", "--delete", "v1.1.0"]);
    assert_answer!(
        refused(&context, &["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1054]: the remote has the tag `v1.1.0` of 1.1.0, which is not in this clone
  = help: fetch it: `git fetch --tags`

"#]]
    );
}

#[test]
fn a_manifest_that_cannot_be_committed_is_as_it_was() {
    let context = released();
    let before = context.read("anvil.toml");
    // The index is looked at first; that the branch cannot be moved is found out at the end.
    for lock in [".git/index.lock", ".git/refs/heads/main.lock"] {
        context.write(lock, "");
        let answer = context.anvil(&["version", "minor"]);
        assert_ne!(answer.code, 0, "{}", answer.shown());
        assert_eq!(context.read("anvil.toml"), before, "{lock}");
        std::fs::remove_file(context.project().join(lock)).unwrap();
    }
    context.anvil(&["version", "minor"]).success();
}

#[test]
fn line_ends_of_the_work_tree_stay_and_git_keeps_its_own() {
    let context = released();
    context.git(&["config", "core.autocrlf", "true"]);
    std::fs::remove_file(context.project().join("anvil.toml")).unwrap();
    context.git(&["checkout", "--quiet", "anvil.toml"]);
    assert_eq!(context.read("anvil.toml"), MANIFEST.replace('\n', "\r\n"));
    context.anvil(&["version", "minor"]).success();
    assert_eq!(context.read("anvil.toml"), MANIFEST.replace("1.0.0", "1.1.0").replace('\n', "\r\n"));
    assert_eq!(context.git(&["show", "HEAD:anvil.toml"]), MANIFEST.replace("1.0.0", "1.1.0"));
    assert_eq!(context.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_version_that_says_too_little_of_its_changes_is_warned_of() {
    let context = released();
    context.write("prompts/bye.prompt.md", "---\nparameters: { name: string }\n---\nBye {{ name }}\n");
    context.commit("Say good bye");
    assert_answer!(
        context.anvil(&["version", "patch", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would raise support/onboarding 1.0.0 -> 1.0.1, commit and tag as v1.0.1
changed for its users since 1.0.0:
  bye: prompt added (minor)
--- stderr
warning: the change since 1.0.0 is minor: `anvil version minor` says so, and `anvil push` takes no less

"#]]
    );
    // A pre-release is taken all the same.
    let answer = context.anvil(&["version", "1.0.1-rc.1", "--dry-run"]).success();
    let told =
        "`anvil version minor` says so, and `anvil push` takes this pre-release, but not 1.0.1 with the same change";
    assert!(answer.stderr.contains(told), "{}", answer.shown());
    context.anvil(&["version", "minor"]).success();
    context.git(&["rm", "--quiet", "prompts/welcome.prompt.md"]);
    context.write("prompts/bye.prompt.md", "Bye\n");
    context.commit("Say less");
    let json = context.anvil(&["version", "minor", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(json["interface"]["since"], "1.1.0");
    assert_eq!((&json["interface"]["bump"], &json["interface"]["understated"]), (&"major".into(), &"major".into()));
    // The text of `bye` is another one, too.
    assert_eq!(json["interface"]["changes"].as_array().unwrap().len(), 3);
    let answer = context.anvil(&["version", "major", "--dry-run"]).success();
    assert_eq!(answer.stderr, "", "that is what it is");
    // It is made all the same.
    assert_answer!(
        context.anvil(&["version", "patch"]),
        str![[r#"
exit: 0
--- stdout
raised support/onboarding 1.1.0 -> 1.1.1, committed and tagged as v1.1.1 ([ID])
changed for its users since 1.1.0:
  bye: parameter `name` removed (major)
  welcome: prompt removed (major)
--- stderr
warning: the change since 1.1.0 is major: `anvil version major` says so, and `anvil push` takes no less
next: `anvil version major`

"#]]
    );
}

#[test]
fn before_one_a_minor_version_may_break() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "0.3.0"));
    context.write("prompts/welcome.prompt.md", "Welcome\n");
    context.write("prompts/bye.prompt.md", "Bye\n");
    context.commit("First prompts");
    let answer = context.anvil(&["version", "0.3.0"]).success();
    assert!(!answer.stdout.contains("changed for"), "there is nothing before it: {}", answer.stdout);
    context.git(&["rm", "--quiet", "prompts/bye.prompt.md"]);
    context.commit("Say less");
    const TOLD: &str =
        "warning: the change since 0.3.0 is major: `anvil version minor` says so, and `anvil push` takes no less\n";
    let answer = context.anvil(&["version", "patch", "--dry-run"]).success();
    assert_eq!(answer.stderr, TOLD);
    assert_eq!(context.anvil(&["version", "minor", "--dry-run"]).success().stderr, "");
}

#[test]
fn who_is_to_sign_is_told_that_nothing_is_signed() {
    for key in ["commit.gpgsign", "tag.gpgSign"] {
        let context = released();
        context.git(&["config", key, "true"]);
        let told = "note: git is set to sign commits or tags here; what anvil commits and tags is not signed\n";
        for command in [&["version", "patch"][..], &["rollback", "1.0.0"]] {
            let answer = context.anvil(command).success();
            assert!(answer.stderr.contains(told), "{}", answer.shown());
        }
    }
}
