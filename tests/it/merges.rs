//! `anvil lock --merge-driver` where git runs it: merges, rebases and cherry-picks of branches that changed the lock.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, pinning};
use snapbox::str;
use std::path::Path;

/// A project in `folder` of a repository that asks for `a/one`, `m/two` and `z/three`, with the driver in place.
fn project(folder: &str) -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["a/one", "b/new", "m/two", "y/new", "z/three"] {
        shelf.publish(&format!("{set} 1.0.0"), &["style/voice ^1"]);
    }
    shelf.publish("style/voice 1.0.0", &[]);
    write(&context, folder, &[]);
    context.anvil_in(&context.project().join(folder), &["lock"]).success();
    context.anvil_in(&context.project().join(folder), &["init", "--merge-driver"]).success();
    context.write(".gitignore", ".anvil/\n");
    context.commit("base");
    (context, shelf)
}

/// Writes the manifest, with `more` in its place among the others.
fn write(context: &TestContext, folder: &str, more: &[(&str, &str)]) {
    let registry = context.path("registry").display().to_string();
    let mut needs = vec![("a/one", "^1"), ("m/two", "^1"), ("z/three", "^1")];
    for (name, requirement) in more {
        needs.retain(|(other, _)| other != name);
        needs.push((name, requirement));
    }
    needs.sort_unstable();
    let needs: String =
        needs.iter().map(|(name, requirement)| format!("\"{name}\" = \"{requirement}\"\n# {name}\n\n")).collect();
    let text = format!("[registries]\ndefault = {registry:?}\n\n[dependencies]\n{needs}");
    context.write(&Path::new(folder).join("anvil.toml").to_string_lossy(), text);
}

/// Runs git with the built `anvil` on the path, and no registry in reach if `at_hand` is all there is.
fn git(context: &TestContext, arguments: &[&str]) -> Answer {
    let mut command = context.command("git");
    let bin = Path::new(env!("CARGO_BIN_EXE_anvil")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path))).unwrap();
    command.env("PATH", path).env("GIT_EDITOR", "true").args(arguments);
    context.run(command, "")
}

/// Makes a branch off main whose manifest in `folder` has `more`, with its lock, after `change`.
fn branch(context: &TestContext, name: &str, folder: &str, more: &[(&str, &str)], change: &[&str]) {
    context.git(&["switch", "--quiet", "--create", name, "main"]);
    write(context, folder, more);
    let project = context.project().join(folder);
    context.anvil_in(&project, &["lock"]).success();
    if !change.is_empty() {
        context.anvil_in(&project, change).success();
    }
    context.commit(name);
}

#[test]
fn two_branches_that_each_added_and_updated_sets_merge_rebase_and_pick_cleanly() {
    for folder in ["", "apps/support"] {
        let (context, shelf) = project(folder);
        shelf.publish("a/one 1.1.0", &["style/voice ^1"]);
        shelf.publish("m/two 1.1.0", &["style/voice ^1"]);
        branch(&context, "left", folder, &[("b/new", "^1")], &["update", "m/two", "--precise", "1.1.0"]);
        shelf.publish("m/two 1.2.0", &["style/voice ^1"]);
        branch(&context, "right", folder, &[("y/new", "^1")], &["update", "a/one", "m/two"]);
        // What is locked suffices: no registry is there to be asked.
        std::fs::rename(context.path("registry"), context.path("away")).unwrap();
        let expected =
            ["a/one 1.1.0", "b/new 1.0.0", "m/two 1.2.0", "style/voice 1.0.0", "y/new 1.0.0", "z/three 1.0.0"];
        for (name, ways) in [
            ("merged", &[&["merge", "--no-edit", "left"][..]][..]),
            ("rebased", &[&["rebase", "left"]]),
            ("picked", &[&["cherry-pick", "left"]]),
        ] {
            context.git(&["switch", "--quiet", "--create", name, "right"]);
            for arguments in ways {
                let answer = git(&context, arguments);
                assert_eq!(answer.code, 0, "{name} in `{folder}`: {}", answer.shown());
            }
            assert_eq!(context.git(&["status", "--porcelain"]), "");
            let project = context.project().join(folder);
            let lock = std::fs::read_to_string(project.join("anvil.lock")).unwrap();
            assert_eq!(locked(&lock), expected, "{name} in `{folder}`");
            context.anvil_in(&project, &["lock", "--check"]).success();
        }
    }
}

/// Returns the sets of a lock, as in `a/one 1.0.0`.
fn locked(lock: &str) -> Vec<String> {
    let of = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(&format!("{key} = \""))).unwrap();
        line.trim_end_matches('"').to_owned()
    };
    let blocks = lock.split("[[set]]\n").skip(1);
    blocks.map(|block| format!("{} {}", of(block, "name"), of(block, "version"))).collect()
}

#[test]
fn without_the_driver_git_sees_a_conflict_and_with_it_none() {
    let (context, shelf) = project("");
    shelf.publish("a/one 1.1.0", &["style/voice ^1"]);
    branch(&context, "left", "", &[], &["update", "a/one"]);
    shelf.publish("a/one 1.2.0", &["style/voice ^1"]);
    branch(&context, "right", "", &[], &["update", "a/one"]);
    context.git(&["config", "--remove-section", "merge.anvil"]);
    assert_eq!(git(&context, &["merge", "--no-edit", "left"]).code, 1);
    assert!(context.read("anvil.lock").contains("<<<<<<<"));
    context.git(&["merge", "--abort"]);
    let answer = context.anvil(&["init", "--merge-driver"]);
    assert_answer!(
        answer,
        str![[r#"
exit: 0
--- stdout
git merges anvil.lock by `anvil lock --merge-driver` in this clone
--- stderr
help: undo it: `git config --remove-section merge.anvil`

"#]]
    );
    assert_eq!(
        context.anvil(&["init", "--merge-driver"]).success().stdout,
        "git already merges anvil.lock by `anvil lock --merge-driver` in this clone\n"
    );
    let merged = git(&context, &["merge", "--no-edit", "left"]);
    assert_eq!(merged.code, 0, "{}", merged.shown());
    assert!(locked(&context.read("anvil.lock")).contains(&"a/one 1.2.0".to_owned()));
}

#[test]
fn at_the_root_of_a_clone_the_driver_is_set_and_no_project_begun() {
    let context = TestContext::in_git();
    context.anvil(&["init", "app", "--app", "--registry", "../registry"]).success();
    context.write("app/anvil.lock", "version = 1\n");
    context.write("plain/anvil.toml", "[dependencies]\n");
    context.write("plain/anvil.lock", "version = 1\n");
    context.commit("base");
    let dry = context.anvil(&["init", "--merge-driver", "--dry-run"]).success();
    assert_eq!(dry.stdout, "would have git merge anvil.lock by `anvil lock --merge-driver` in this clone\n");
    assert_answer!(
        context.anvil(&["init", "--merge-driver"]),
        str![[r#"
exit: 0
--- stdout
git merges anvil.lock by `anvil lock --merge-driver` in this clone
--- stderr
note: no project is begun: `--merge-driver` alone is about this clone
help: .gitattributes does not say so of the lock in `plain`; add it: `anvil -C plain init --merge-driver`
help: undo it: `git config --remove-section merge.anvil`

"#]]
    );
    assert_eq!(context.git(&["status", "--short"]), "");
    assert!(context.git(&["config", "merge.anvil.driver"]).starts_with("anvil lock --merge-driver"));
    context.anvil(&["-C", "plain", "init", "--merge-driver"]).success();
    assert_eq!(context.git(&["status", "--short"]).trim(), "?? plain/.gitattributes");
    // Within a project's folders as well.
    context.write("app/src/x", "");
    context.anvil_in(&context.project().join("app/src"), &["init", "--merge-driver"]).success();
    assert!(!context.project().join("app/src/anvil.toml").exists());
    // Where something says what to begin, or there is no repository, it begins that.
    context.anvil(&["init", "sets/one", "--name", "team/one", "--merge-driver"]).success();
    assert!(context.project().join("sets/one/anvil.toml").exists());
    let fresh = context.path("house/fresh");
    std::fs::create_dir_all(&fresh).unwrap();
    let answer = context.anvil_in(&fresh, &["init", "--merge-driver"]).success();
    assert!(answer.stdout.contains("began the prompt set house/fresh"), "{}", answer.shown());
}

#[test]
fn what_both_ask_for_otherwise_is_left_with_markers_for_lock_to_solve() {
    let (context, shelf) = project("");
    shelf.publish("a/one 1.1.0", &["style/voice ^1"]);
    shelf.publish("a/one 1.2.0", &["style/voice ^1"]);
    branch(&context, "left", "", &[("a/one", "=1.1.0"), ("b/new", "^1")], &[]);
    branch(&context, "right", "", &[("a/one", "=1.2.0"), ("y/new", "^1")], &[]);
    let merge = git(&context, &["merge", "--no-edit", "left"]);
    assert_eq!(merge.code, 1, "{}", merge.shown());
    assert!(
        merge.stderr.contains(
            "error[A1160]: anvil.lock cannot be merged: one side asks for =1.2.0 of a/one, the other for =1.1.0"
        ),
        "{}",
        merge.shown()
    );
    assert!(merge.stderr.contains("`anvil lock`"), "{}", merge.shown());
    assert!(context.git(&["status", "--porcelain"]).contains("UU anvil.lock"));
    let lock = context.read("anvil.lock");
    assert!(lock.contains("<<<<<<< ours\n") && lock.contains(">>>>>>> theirs\n"), "{lock}");
    write(&context, "", &[("a/one", "^1.1"), ("b/new", "^1"), ("y/new", "^1")]);
    let solved = context.anvil(&["lock"]).success();
    assert!(
        solved.stdout.starts_with("solved the conflict in anvil.lock: a/one 1.2.0, not 1.1.0\n"),
        "{}",
        solved.stdout
    );
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn a_lock_is_merged_while_the_manifest_conflicts() {
    let (context, _shelf) = project("");
    branch(&context, "left", "", &[("b/new", "^1")], &[]);
    // The same place in the manifest, and another set.
    branch(&context, "right", "", &[("y/new", "^1")], &[]);
    context.write("anvil.toml", context.read("anvil.toml").replace("# a/one\n", "# a/one, right\n"));
    context.commit("note");
    context.git(&["switch", "--quiet", "left"]);
    context.write("anvil.toml", context.read("anvil.toml").replace("# a/one\n", "# a/one, left\n"));
    context.commit("note");
    let merge = git(&context, &["merge", "--no-edit", "right"]);
    assert_eq!(merge.code, 1, "{}", merge.shown());
    let status = context.git(&["status", "--porcelain"]);
    assert!(status.contains("UU anvil.toml") && status.contains("M  anvil.lock"), "{status}");
    let locked = locked(&context.read("anvil.lock"));
    assert!(locked.contains(&"b/new 1.0.0".to_owned()) && locked.contains(&"y/new 1.0.0".to_owned()), "{locked:?}");
}

#[test]
fn what_neither_side_holds_is_chosen_anew_from_what_is_at_hand_or_left_to_lock() {
    let (context, shelf) = project("");
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("style/voice 1.2.0", &[]);
    shelf.publish("a/one 1.1.0", &["style/voice >=1.1, <2"]);
    shelf.publish("m/two 1.1.0", &["style/voice >=1, <1.2"]);
    // One side has 1.2.0 of the voice and must not go below 1.1, the other 1.0.0 and must stay below 1.2.
    branch(&context, "left", "", &[("a/one", "^1.1")], &["update", "style/voice"]);
    branch(&context, "right", "", &[("m/two", "^1.1")], &["update", "style/voice", "--precise", "1.0.0"]);
    std::fs::rename(context.path("registry"), context.path("away")).unwrap();
    let merge = git(&context, &["merge", "--no-edit", "left"]);
    assert_eq!(merge.code, 1, "{}", merge.shown());
    let told = "error[A1160]: anvil.lock cannot be merged: in what both sides changed, m/two needs style/voice >=1, <1.2, the lock holds 1.2.0";
    assert!(merge.stderr.contains(told), "{}", merge.shown());
    context.git(&["merge", "--abort"]);
    std::fs::rename(context.path("away"), context.path("registry")).unwrap();
    let merge = git(&context, &["merge", "--no-edit", "left"]);
    assert_eq!(merge.code, 0, "{}", merge.shown());
    assert!(merge.stdout.contains("merged anvil.lock (4 sets), with versions chosen anew:"), "{}", merge.shown());
    assert!(locked(&context.read("anvil.lock")).contains(&"style/voice 1.1.0".to_owned()));
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn what_one_branch_alone_moved_is_never_taken_back_unsaid() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    pinning(&context, &shelf);
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["init", "--merge-driver"]).success();
    for set in ["x/a", "x/b", "x/c"] {
        let answer = context.anvil(&["update", set, "--precise", "1.0.0"]);
        assert_eq!(answer.code, 0, "{}", answer.shown());
    }
    context.commit("base");
    for (name, set) in [("f1", "x/a"), ("f2", "x/b")] {
        context.git(&["switch", "--quiet", "--create", name, "main"]);
        context.anvil(&["update", set, "--precise", "1.1.0"]).success();
        context.commit(name);
    }
    for (arguments, undo) in
        [(["merge", "f1"], "merge"), (["rebase", "f1"], "rebase"), (["cherry-pick", "f1"], "cherry-pick")]
    {
        context.git(&["switch", "--quiet", "--detach", "f2"]);
        let answer = git(&context, &arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        let told = answer.shown();
        assert!(told.contains("error[A1160]: anvil.lock cannot be merged: one side moved x/"), "{told}");
        assert!(
            told.contains("which does not go with what the other changed: x/b 1.1.0 needs x/c =1.1.0")
                || told.contains(
                    "which does not go with what the other changed: x/b needs x/c =1.1.0, the lock holds 1.2.0"
                ),
            "{told}"
        );
        assert!(told.contains("`anvil lock`"), "{told}");
        let lock = context.read("anvil.lock");
        assert!(lock.contains("<<<<<<<") && lock.contains(">>>>>>>"), "{lock}");
        let solved = context.anvil(&["lock"]).success();
        assert!(solved.stdout.starts_with("solved the conflict in anvil.lock: x/"), "{}", solved.shown());
        context.git(&[undo, "--abort"]);
    }
}

#[test]
fn a_side_that_is_empty_is_no_lock_of_nothing() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1\"\n");
    context.anvil(&["lock"]).success();
    let lock = context.read("anvil.lock");
    context.write("base", &lock);
    for (ours, theirs) in [(lock.as_str(), ""), ("", lock.as_str())] {
        context.write("ours", ours);
        context.write("theirs", theirs);
        let answer = context.anvil(&["lock", "--merge-driver", "base", "ours", "theirs"]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(context.read("ours").contains("name = \"core/tone\""), "{}", context.read("ours"));
    }
}

#[test]
fn a_base_that_is_no_lock_is_refused_and_one_that_is_empty_is_none() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("style/plain 1.0.0", &[]);
    let manifest = "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1\"\n";
    context.write("anvil.toml", manifest);
    context.anvil(&["lock"]).success();
    let ours = context.read("anvil.lock");
    // Their side has a set that ours took out; or that they added: the base alone tells.
    context.write("anvil.toml", format!("{manifest}\"style/plain\" = \"^1\"\n"));
    context.anvil(&["lock"]).success();
    let theirs = context.read("anvil.lock");
    context.write("theirs", &theirs);
    for base in ["garbage", "version = 1\n[[set]\n", "<<<<<<< a\n=======\n>>>>>>> b\n"] {
        context.write("base", base);
        context.write("ours", &ours);
        let answer = context.anvil(&["lock", "--merge-driver", "base", "ours", "theirs", "anvil.lock"]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(
            answer.stderr.contains("error[A1160]: anvil.lock cannot be merged: of the base "),
            "{}",
            answer.shown()
        );
        assert!(answer.stderr.contains("`anvil lock`"), "{}", answer.shown());
        let left = context.read("ours");
        assert!(left.contains("<<<<<<< ours\n") && left.contains(">>>>>>> theirs\n"), "{left}");
        context.write("anvil.lock", &left);
        context.anvil(&["lock"]).success();
        assert_eq!(context.read("anvil.lock"), theirs);
    }
    for base in ["", " \n"] {
        context.write("base", base);
        context.write("ours", &ours);
        context.anvil(&["lock", "--merge-driver", "base", "ours", "theirs", "anvil.lock"]).success();
        assert_eq!(context.read("ours"), theirs);
    }
}

/// A workspace of `team/mail` and `team/voice`, which asks for `core/tone` as the argument says, with the driver in place.
fn workspace() -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n");
    context.write(".gitignore", ".anvil/\n");
    member(&context, "voice", "\"core/tone\" = \"^1\"");
    member(&context, "mail", "");
    context.anvil(&["lock"]).success();
    context.anvil(&["init", "--merge-driver"]).success();
    context.commit("base");
    (context, shelf)
}

fn member(context: &TestContext, name: &str, needs: &str) {
    let text = format!("[set]\nname = \"team/{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n{needs}\n");
    context.write(&format!("sets/{name}/anvil.toml"), text);
}

#[test]
fn in_a_workspace_what_members_ask_of_a_set_must_go_together() {
    for (voice, mail, told, checked) in [
        (
            "\"core/tone\" = \"=1.0.0\"",
            "\"core/tone\" = \"^1.1\"",
            "in what both sides changed, `sets/mail/anvil.toml` needs core/tone ^1.1, the lock holds 1.0.0",
            "`sets/voice/anvil.toml` needs core/tone =1.0.0, the lock holds 1.1.0",
        ),
        (
            "\"core/tone\" = { path = \"../../tone\" }",
            "\"core/tone\" = \"^1\"",
            "`sets/mail/anvil.toml` asks for core/tone ^1, and `sets/voice/anvil.toml` for core/tone",
            "`sets/voice/anvil.toml` takes core/tone path ../../tone, the lock holds it from registry:test",
        ),
    ] {
        let (context, _shelf) = workspace();
        context.write("tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
        context.write("tone/prompts/calm.prompt.md", "Be calm.\n");
        context.git(&["switch", "--quiet", "--create", "left"]);
        member(&context, "voice", voice);
        context.anvil(&["lock"]).success();
        context.commit("left");
        context.git(&["switch", "--quiet", "--create", "right", "main"]);
        member(&context, "mail", mail);
        context.anvil(&["lock"]).success();
        context.commit("right");
        let merge = git(&context, &["merge", "--no-edit", "left"]);
        assert_eq!(merge.code, 1, "{}", merge.shown());
        assert!(
            merge.stderr.contains("error[A1160]: anvil.lock cannot be merged: ") && merge.stderr.contains(told),
            "{}",
            merge.shown()
        );
        assert!(context.read("anvil.lock").contains("<<<<<<<"));
        // As text it may merge without a word: then what both ask is there, and one side's set. It is found with no network.
        let show = |revision: &str| context.git(&["show", &format!("{revision}:anvil.lock")]);
        let (ours, theirs) = (show("right"), show("left"));
        let asked = |lock: &str, member: &str| {
            let block = lock.split("\n\n").find(|block| block.contains(&format!("member = \"sets/{member}\"")));
            block.unwrap().to_owned()
        };
        context.write("anvil.lock", ours.replace(&asked(&ours, "voice"), &asked(&theirs, "voice")) + "\n");
        let check = context.anvil(&["lock", "--check", "--offline"]);
        assert_eq!(check.code, 1, "{}", check.shown());
        assert!(check.stderr.contains(checked), "{}", check.shown());
        assert!(check.stderr.contains("`anvil lock`"), "{}", check.shown());
    }
}
