//! Git sources at a commit that somebody names, or that the lock held before.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, asking, set_in, state};
use crate::sources::{commit, project};
use snapbox::str;
use std::fs;

/// An application that takes `lab/ideas` from a branch of `lab`, with the commits of that branch, the oldest first; the
/// last is what is locked.
fn application() -> (TestContext, Shelf, String, Vec<String>) {
    let (mut context, shelf, url) = project();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    let first = context.git_in(&context.path("lab"), &["rev-parse", "HEAD"]).trim().to_owned();
    let mut commits = vec![first];
    for version in ["0.4.0", "0.5.0"] {
        set_in(&context, "../lab/ideas", &format!("lab/ideas {version}"), &["style/voice ^1.0"]);
        commits.push(commit(&context, version));
        context.git_in(&context.path("lab"), &["tag", &format!("lab/ideas@{version}")]);
    }
    context.git_init();
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["add", "lab/ideas", "--git", &url, "--branch", "main", "--subdirectory", "ideas"]).success();
    (context, shelf, url, commits)
}

fn locked(context: &TestContext, commit: &str) -> bool {
    context.read("anvil.lock").contains(&format!("lab?subdirectory=ideas#{commit}"))
}

#[test]
fn a_commit_that_is_named_is_locked_and_stays_until_the_set_is_updated() {
    let (context, _shelf, _url, commits) = application();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", &commits[0], "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would downgrade lab/ideas 0.5.0 -> 0.3.0
would unpack lab/ideas 0.3.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", &commits[0][..9].to_uppercase()]),
        str![[r#"
exit: 0
--- stdout
downgraded lab/ideas 0.5.0 -> 0.3.0
unpacked 1 of 2 sets
--- stderr

"#]]
    );
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
    assert_eq!(context.read("anvil.toml"), before.iter().find(|(path, _)| path == "anvil.toml").unwrap().1);
    // Whoever reads the lock takes that commit, and nothing but an update of the set leads away from it.
    context.anvil(&["lock", "--check"]).success();
    context.anvil(&["pull", "--locked", "--offline"]).success();
    context.anvil(&["add", "style/voice"]).success();
    context.anvil(&["update", "style/voice"]).success();
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
    let again = context.anvil(&["update", "lab/ideas", "--precise", &commits[0]]).success();
    assert_eq!(again.stdout, "nothing to update (2 sets)\n");
    let answer = context.anvil(&["update", "lab/ideas", "--precise", &commits[1], "--format", "json"]).json();
    let change = &answer["pull"]["changes"][0];
    assert_eq!((change["name"].as_str(), change["to"].as_str()), (Some("lab/ideas"), Some("0.4.0")), "{answer:#}");
    assert_eq!(answer["precise"]["rev"].as_str(), Some(&*commits[1]), "{answer:#}");
    context.anvil(&["update", "lab/ideas"]).success();
    assert!(locked(&context, &commits[2]), "{}", context.read("anvil.lock"));
}

#[test]
fn a_set_beside_another_in_its_repository_moves_with_that() {
    let (context, _shelf, _url, commits) = application();
    let manifest = fs::read_to_string(context.path("lab/ideas/anvil.toml")).unwrap();
    set_in(&context, "../lab/tone", "lab/tone 0.1.0", &[]);
    context.write("../lab/ideas/anvil.toml", manifest + "\"lab/tone\" = { path = \"../tone\" }\n");
    commit(&context, "beside");
    context.anvil(&["update", "lab/ideas"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "lab/tone", "--precise", &commits[1]]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1039]: lab/tone has the commit of lab/ideas, whose repository it lies in
  = help: move that one: `anvil update lab/ideas --precise [COMMIT]`

"#]]
    );
    assert_eq!(state(&context), before);
    context.anvil(&["update", "lab/ideas", "--precise", &commits[2]]).success();
    assert!(!context.read("anvil.lock").contains("lab/tone"), "{}", context.read("anvil.lock"));
}

#[test]
fn what_is_neither_a_version_nor_a_commit_is_told_what_both_are() {
    let (context, _shelf, _url, _commits) = application();
    for text in ["8a", "main", "HEAD"] {
        let answer = context.anvil(&["update", "lab/ideas", "--precise", text]);
        let told = "is neither a version such as 1.2.0 nor a commit, by four or more hex digits of its id";
        assert!(answer.code == 2 && answer.stderr.contains(told), "{}", answer.shown());
    }
    let answer = context.anvil(&["update", "lab/ideas", "--precise", "1.2"]);
    assert!(answer.code == 2 && answer.stderr.contains("did you mean 1.2.0?"), "{}", answer.shown());
}

/// Whatever is asked of it, the set that can be moved is named, and the command that is told does it.
#[test]
fn who_asks_to_move_a_set_beside_another_is_told_what_to_move() {
    let (context, _shelf, _url, _commits) = application();
    set_in(&context, "../lab/tone", "lab/tone 0.1.0", &[]);
    let manifest = fs::read_to_string(context.path("lab/ideas/anvil.toml")).unwrap();
    context.write("../lab/ideas/anvil.toml", manifest + "\"lab/tone\" = { path = \"../tone\" }\n");
    let lost = commit(&context, "beside");
    context.anvil(&["update", "lab/ideas"]).success();
    context.commit("with lab/tone");
    let told = |command: &[&str], hint: &str| {
        let answer = context.anvil(command);
        assert!(answer.stderr.contains(hint), "{}", answer.shown());
    };
    told(&["rollback", "lab/tone"], "`anvil update lab/ideas --precise COMMIT`");
    set_in(&context, "../lab/tone", "lab/tone 0.2.0", &[]);
    commit(&context, "further");
    told(
        &["update", "lab/tone"],
        "has the commit of lab/ideas, whose repository it lies in, and moves with it: `anvil update lab/ideas`",
    );
    context.anvil(&["update", "lab/ideas"]).success();
    context.commit("further");
    told(&["rollback", "lab/tone"], "`anvil update lab/ideas --previous`");
    context.anvil(&["update", "lab/ideas", "--previous"]).success();
    context.commit("back");
    told(&["rollback", "lab/tone"], "`anvil update lab/ideas --precise ");
    // The commit vanishes: that of the set that needs it is lost, too.
    let lab = context.path("lab");
    context.git_in(&lab, &["reset", "--quiet", "--hard", "HEAD~2"]);
    context.git_in(&lab, &["reflog", "expire", "--expire=now", "--all"]);
    context.git_in(&lab, &["gc", "--quiet", "--prune=now"]);
    for folder in ["project/.anvil", "cache"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
    assert!(locked(&context, &lost), "{}", context.read("anvil.lock"));
    let answer = context.anvil(&["pull", "--locked"]);
    let told = "error[A1154]";
    assert!(answer.stderr.contains(told) && answer.stderr.contains("`anvil update lab/ideas`"), "{}", answer.shown());
    assert!(!answer.stderr.contains("`anvil update lab/tone`"), "{}", answer.shown());
    context.anvil(&["update", "lab/ideas"]).success();
}

#[test]
fn a_version_of_a_set_from_git_is_found_by_its_tag() {
    let (context, _shelf, url, commits) = application();
    let answer = context.anvil(&["update", "lab/ideas", "--precise", "0.4.0"]).success();
    assert!(locked(&context, &commits[1]), "{}", answer.shown());
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", "9.9.9"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0809]: file://[ROOT]/lab has no tag `lab/ideas@9.9.9`, which would be that of lab/ideas 9.9.9
  = help: see what tags there are: `git ls-remote --tags file://[ROOT]/lab`
  = help: or name the commit: `anvil update lab/ideas --precise COMMIT`

"#]]
    );
    context.git_in(&context.path("lab"), &["tag", "lab/ideas@0.4.1", &commits[1]]);
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", "0.4.1"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0809]: the tag `lab/ideas@0.4.1` of file://[ROOT]/lab holds lab/ideas 0.4.0, not 0.4.1
  = help: name the commit that holds it: `anvil update lab/ideas --precise COMMIT`

"#]]
    );
    // A tag that the manifest asks for has a history, too.
    let add = ["add", "lab/ideas", "--git", &url, "--tag", "lab/ideas@0.4.0", "--subdirectory", "ideas"];
    context.anvil(&add).success();
    context.anvil(&["update", "lab/ideas", "--precise", &commits[0]]).success();
    assert!(locked(&context, &commits[0]));
    assert_eq!(context.anvil(&["update", "lab/ideas", "--precise", &commits[2]]).code, 1);
    context.anvil(&["update", "lab/ideas"]).success();
    assert!(locked(&context, &commits[1]));
}

#[test]
fn a_commit_that_is_not_where_the_manifest_looks_is_refused() {
    let (context, shelf, url, commits) = application();
    let lab = context.path("lab");
    context.git_in(&lab, &["switch", "--quiet", "--create", "side", &commits[0]]);
    set_in(&context, "../lab/ideas", "lab/ideas 7.0.0", &[]);
    let side = commit(&context, "aside");
    context.git_in(&lab, &["switch", "--quiet", "main"]);
    shelf.publish("core/tone 1.0.0", &[]);
    context.anvil(&["add", "core/tone"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", &side]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: lab/ideas should come from the branch `main` of file://[ROOT]/lab, as anvil.toml says, and [SHORT] is not in the history of that
  = help: to take it all the same, have anvil.toml name it: `anvil add lab/ideas --git file://[ROOT]/lab --rev [COMMIT] --subdirectory ideas`

"#]]
    );
    let short = context.anvil(&["update", "lab/ideas", "--precise", &side[..10]]);
    assert!(short.code == 1 && short.stderr.contains("error[A1135]"), "{}", short.shown());
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", "00000000"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0809]: file://[ROOT]/lab has no commit that begins with 00000000
  = help: see whether it was pushed, and whether a branch or a tag still leads to it

"#]]
    );
    let whole = context.anvil(&["update", "lab/ideas", "--precise", &"0".repeat(40)]);
    assert!(whole.code == 1 && whole.stderr.contains("has no commit 0000"), "{}", whole.shown());
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "0a1b2c3d4e"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1039]: core/tone comes from a registry, which has versions and no commits such as 0a1b2c3d4e
  = help: name a version of it: `anvil update core/tone --precise VERSION`

"#]]
    );
    let nobody = context.anvil(&["update", "lab/idea", "--precise", "0a1b2c3d4e"]);
    assert!(nobody.stderr.contains("did you mean lab/ideas?"), "{}", nobody.shown());
    assert_eq!(state(&context), before);
    // A revision in the manifest fixes the commit, and it is said how that is changed.
    context.anvil(&["add", "lab/ideas", "--git", &url, "--rev", &commits[1], "--subdirectory", "ideas"]).success();
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", &commits[0]]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: anvil.toml takes lab/ideas from git at `rev = "[COMMIT]"`, which fixes its commit
  = help: name the other commit there: `anvil add lab/ideas --git file://[ROOT]/lab --rev [COMMIT] --subdirectory ideas`

"#]]
    );
}

#[test]
fn a_set_from_git_goes_back_to_the_commit_that_the_lock_held_before() {
    let (context, _shelf, url, commits) = application();
    for at in &commits[..2] {
        context.anvil(&["update", "lab/ideas", "--precise", at]).success();
        context.commit(&format!("lab/ideas at {}", &at[..7]));
    }
    context.anvil(&["update", "lab/ideas"]).success();
    // As it is when the branch was rewritten, and nothing leads to the commit but the mirror.
    let lab = context.path("lab");
    context.git_in(&lab, &["checkout", "--quiet", "--orphan", "anew"]);
    commit(&context, "rewritten");
    context.git_in(&lab, &["branch", "--quiet", "--force", "main"]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["rollback", "lab/ideas", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
lab/ideas 0.4.0 at [SHORT] is what anvil.lock held before 0.5.0 at [SHORT] ([SHORT])
would downgrade lab/ideas 0.5.0 -> 0.4.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    assert_answer!(
        context.anvil(&["rollback", "lab/ideas"]),
        str![[r#"
exit: 0
--- stdout
lab/ideas 0.4.0 at [SHORT] is what anvil.lock held before 0.5.0 at [SHORT] ([SHORT])
downgraded lab/ideas 0.5.0 -> 0.4.0
everything is in place (2 sets)
--- stderr
help: anvil.lock alone says so, and `anvil update` moves it again; to stay there: `anvil add lab/ideas --git file://[ROOT]/lab --rev [COMMIT] --subdirectory ideas`

"#]]
    );
    assert!(locked(&context, &commits[1]), "{}", context.read("anvil.lock"));
    context.anvil(&["lock", "--check"]).success();
    let answer = context.anvil(&["update", "lab/ideas", "--previous", "--offline", "--format", "json"]).json();
    assert_eq!(answer["previous"]["rev"].as_str(), Some(&*commits[0]), "{answer:#}");
    assert_eq!(answer["previous"]["version"].as_str(), Some("0.3.0"), "{answer:#}");
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--previous"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1086]: anvil.lock held no commit of lab/ideas before it first held 0.3.0 at [SHORT], as far as its git history goes; it held [..] since, and went back
  = help: to go forward again: `anvil update lab/ideas --precise [SHORT]`

"#]]
    );
    // A manifest that asks for a commit is the one to say where to go.
    context.anvil(&["add", "lab/ideas", "--git", &url, "--rev", &commits[0], "--subdirectory", "ideas"]).success();
    context.commit("fix it");
    context.anvil(&["add", "lab/ideas", "--git", &url, "--rev", &commits[1], "--subdirectory", "ideas"]).success();
    let answer = context.anvil(&["rollback", "lab/ideas"]);
    assert!(answer.code == 1 && answer.stderr.contains("which fixes its commit"), "{}", answer.shown());
}

#[test]
fn a_commit_can_be_named_of_an_override_and_of_what_a_set_from_git_needs() {
    let (context, shelf, url, commits) = application();
    shelf.publish("core/page 1.0.0", &["lab/ideas ^0.1"]);
    context.write("anvil.toml", asking(&[("core/page", "^1")]));
    let add = ["add", "lab/ideas", "--override", "--git", &url, "--branch", "main", "--subdirectory", "ideas"];
    context.anvil(&add).success();
    context.anvil(&["update", "lab/ideas", "--precise", &commits[1]]).success();
    assert!(locked(&context, &commits[1]), "{}", context.read("anvil.lock"));
    context.anvil(&["lock", "--check"]).success();

    let needs =
        format!("\n[dependencies]\n\"lab/ideas\" = {{ git = {url:?}, branch = \"main\", subdirectory = \"ideas\" }}\n");
    set_in(&context, "../desk", "team/desk 0.1.0", &[]);
    let manifest = fs::read_to_string(context.path("desk/anvil.toml")).unwrap();
    context.write("../desk/anvil.toml", manifest + &needs);
    context.write("anvil.toml", asking(&[]));
    context.anvil(&["add", "team/desk", "--path", "../desk"]).success();
    assert!(locked(&context, &commits[2]), "{}", context.read("anvil.lock"));
    context.anvil(&["update", "lab/ideas", "--precise", &commits[0]]).success();
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
    context.anvil(&["lock", "--check"]).success();
    context.anvil(&["lock"]).success();
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
}

#[test]
fn a_history_that_is_not_here_is_not_guessed_at_offline() {
    let (context, _shelf, _url, commits) = application();
    let answer = context.anvil(&["update", "lab/ideas", "--precise", &commits[0], "--offline"]);
    assert!(answer.code == 5 && answer.stderr.contains("error[A0810]"), "{}", answer.shown());
    context.anvil(&["update", "lab/ideas", "--precise", &commits[0]]).success();
    context.anvil(&["update", "lab/ideas", "--precise", &commits[1], "--offline"]).success();
    assert!(locked(&context, &commits[1]));
}

#[test]
fn the_beginning_of_several_commits_is_none_of_them() {
    let (context, _shelf, _url, commits) = application();
    let lab = context.path("lab");
    // So many that two of them begin alike.
    let one = |n: usize| {
        let from = if n == 0 { format!("from {}\n", commits[2]) } else { String::new() };
        format!(
            "commit refs/heads/main\ncommitter Ada <ada@example.com> {} +0000\ndata 1\nx\n{from}\n",
            1_700_000_000 + n
        )
    };
    let mut import = context.command("git");
    import.current_dir(&lab).args(["fast-import", "--quiet"]);
    context.run(import, &(0..800).map(one).collect::<String>()).success();
    let mut ids: Vec<String> = context.git_in(&lab, &["rev-list", "main"]).lines().map(str::to_owned).collect();
    ids.sort();
    let twin = ids.windows(2).find(|pair| pair[0][..4] == pair[1][..4]).unwrap();
    let before = state(&context);
    let answer = context.anvil(&["update", "lab/ideas", "--precise", &twin[0][..4]]);
    assert!(answer.code == 1 && answer.stderr.contains("error[A0803]: several commits of"), "{}", answer.shown());
    assert_eq!(state(&context), before);
    let more = (5..40).find(|length| twin[0][..*length] != twin[1][..*length]).unwrap();
    context.anvil(&["update", "lab/ideas", "--precise", &twin[0][..more]]).success();
    assert!(locked(&context, &twin[0]));
}

#[test]
fn all_members_that_take_a_set_from_git_move_together() {
    let (context, _shelf, url, commits) = application();
    let needs =
        format!("\n[dependencies]\n\"lab/ideas\" = {{ git = {url:?}, branch = \"main\", subdirectory = \"ideas\" }}\n");
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n");
    for name in ["one", "two"] {
        set_in(&context, &format!("sets/{name}"), &format!("team/{name} 0.1.0"), &[]);
        let manifest = context.read(&format!("sets/{name}/anvil.toml"));
        context.write(&format!("sets/{name}/anvil.toml"), manifest + &needs);
    }
    context.anvil(&["pull"]).success();
    context.anvil(&["update", "lab/ideas", "--precise", &commits[0][..7]]).success();
    assert!(locked(&context, &commits[0]), "{}", context.read("anvil.lock"));
    context.anvil(&["lock", "--check"]).success();
    context.commit("back");
    context.anvil_in(&context.path("project/sets/two"), &["update", "lab/ideas"]).success();
    assert!(locked(&context, &commits[2]));
    context.anvil_in(&context.path("project/sets/one"), &["rollback", "lab/ideas"]).success();
    assert!(locked(&context, &commits[0]));
}
