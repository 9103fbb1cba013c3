//! Sets from git repositories.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;
use std::fs;

/// A project beside a registry and the git repository `lab`, whose folder `ideas` holds `lab/ideas`.
pub fn project() -> (TestContext, Shelf, String) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    set_in(&context, "../lab/ideas", "lab/ideas 0.3.0", &["style/voice ^1.0"]);
    let lab = context.path("lab");
    context.git_in(&lab, &["init", "--quiet", "--initial-branch=main"]);
    commit(&context, "first");
    context.git_in(&lab, &["tag", "v0.3.0"]);
    let url = format!("file://{}", lab.display());
    (context, shelf, url)
}

/// Commits what lies in `lab`, and returns the commit.
pub fn commit(context: &TestContext, message: &str) -> String {
    let lab = context.path("lab");
    context.git_in(&lab, &["add", "--all"]);
    context.git_in(&lab, &["commit", "--quiet", "--message", message]);
    context.git_in(&lab, &["rev-parse", "HEAD"]).trim().to_owned()
}

#[test]
fn a_set_from_git_is_locked_by_its_commit_and_unpacked_like_any_other() {
    let (mut context, _shelf, url) = project();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    let add = ["add", "lab/ideas", "--git", &url, "--tag", "v0.3.0", "--subdirectory", "ideas"];
    assert_answer!(
        context.anvil(&add),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for lab/ideas git file://[ROOT]/lab tag v0.3.0 in ideas
added lab/ideas 0.3.0
added style/voice 1.0.0
unpacked 2 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    let told = context.anvil(&["update", "-v"]).success();
    assert!(told.stderr.starts_with(&format!("fetched tag `v0.3.0` of {url}\n")), "{}", told.shown());
    snapbox::assert_data_eq!(
        context.scrub(&context.read("anvil.toml")),
        str![[r#"
[registries]
default = "../registry"

[dependencies]
"lab/ideas" = { git = "file://[ROOT]/lab", tag = "v0.3.0", subdirectory = "ideas" }

"#]]
    );
    snapbox::assert_data_eq!(
        context.scrub(&context.read("anvil.lock")),
        str![[r##"
# Written by anvil. Commit it; do not edit it by hand.
version = 1

[[requirement]]
member = "."
name = "lab/ideas"
git = "file://[ROOT]/lab"
tag = "v0.3.0"
subdirectory = "ideas"

[[set]]
name = "lab/ideas"
version = "0.3.0"
source = "git+file://[ROOT]/lab?subdirectory=ideas#[COMMIT]"
digest = "h1:[DIGEST]"
dependencies = [
  "style/voice ^1.0",
]

[[set]]
name = "style/voice"
version = "1.0.0"
source = "registry:test"
sha256 = "[SHA256]"
digest = "h1:[DIGEST]"

"##]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── lab/ideas 0.3.0 (ideas of file://[ROOT]/lab at [SHORT]) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 0
--- stdout
anvil.lock answers anvil.toml, and every file is as locked (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 0
--- stdout
nothing to update (2 sets)
--- stderr

"#]]
    );
    // Without the repository and without its mirror's network the locked commit is still there.
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    fs::rename(context.path("lab"), context.path("gone")).unwrap();
    context.anvil(&["pull", "--locked", "--offline"]).success();
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["lock", "--check"]).success();
}

/// A commit that does not come after the locked one is no news.
#[test]
fn a_branch_that_was_rewritten_is_told_as_that() {
    let (mut context, _shelf, url) = project();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    context.anvil(&["add", "lab/ideas", "--git", &url, "--branch", "main", "--subdirectory", "ideas"]).success();
    set_in(&context, "../lab/ideas", "lab/ideas 0.2.0", &["style/voice ^1.0"]);
    context.git_in(&context.path("lab"), &["commit", "--quiet", "--all", "--amend", "--message", "again"]);
    let answer = context.anvil(&["outdated"]).success();
    let told = ["there is another commit, ", ", and the locked one is not in its history, as when that is rewritten"];
    assert!(told.iter().all(|told| answer.stdout.contains(told)), "{}", answer.shown());
    let json = context.anvil(&["outdated", "--format", "json"]).success().json();
    assert_eq!(json["outdated"][0]["rewritten"], true, "{json:#}");
    let answer = context.anvil(&["update", "lab/ideas"]).success();
    let told = "warning: the commit that lab/ideas was locked at is not in the history of the new one";
    assert!(answer.stderr.contains(told), "{}", answer.shown());
    // Of what lies further apart than is here nothing is said.
    for version in ["0.3.0", "0.4.0"] {
        set_in(&context, "../lab/ideas", &format!("lab/ideas {version}"), &["style/voice ^1.0"]);
        commit(&context, version);
    }
    let answer = context.anvil(&["outdated"]).success();
    assert!(answer.stdout.contains("another commit") && !answer.stdout.contains("history"), "{}", answer.shown());
    let json = context.anvil(&["outdated", "--format", "json"]).success().json();
    assert_eq!(json["outdated"][0]["rewritten"], false, "{json:#}");
}

/// Two sets of one repository are read at once, and no other process is waited for.
#[test]
fn a_pull_does_not_wait_for_itself() {
    let (context, _shelf, url) = project();
    let names = ["lab/base", "lab/more", "lab/tone"];
    for name in names {
        set_in(&context, &format!("../{name}"), &format!("{name} 1.0.0"), &[]);
    }
    commit(&context, "more sets");
    for name in names {
        let folder = name.strip_prefix("lab/").unwrap();
        context.anvil(&["add", name, "--git", &url, "--subdirectory", folder]).success();
    }
    for folder in ["project/.anvil", "cache"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
    let answer = context.anvil(&["pull"]).success();
    assert_eq!(answer.stderr, "", "{}", answer.shown());
}

#[test]
fn a_branch_moves_with_update_alone() {
    let (mut context, _shelf, url) = project();
    context.filter(r"\b[0-9a-f]{7}\b", "[SHORT]");
    context.anvil(&["add", "lab/ideas", "--git", &url, "--branch", "main", "--subdirectory", "ideas"]).success();
    let lock = context.read("anvil.lock");
    context.write("../lab/ideas/prompts/house-style.prompt.md", "Better.\n");
    let newer = commit(&context, "better");
    context.anvil(&["pull"]).success();
    assert_eq!(context.read("anvil.lock"), lock);
    // Also when the lock has to be made anew for another reason.
    context.anvil(&["add", "style/voice"]).success();
    assert!(!context.read("anvil.lock").contains(&newer));
    assert_answer!(
        context.anvil(&["outdated"]),
        str![[r#"
exit: 0
--- stdout
set        locked  compatible     newest
lab/ideas  0.3.0   0.3.0 (patch)  0.3.0 (patch)  there is a newer commit, [SHORT]
--- stderr
help: move to the compatible ones: `anvil update`

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would update lab/ideas 0.3.0: [SHORT] -> [SHORT]
would unpack lab/ideas 0.3.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "lab/ideas"]),
        str![[r#"
exit: 0
--- stdout
updated lab/ideas 0.3.0: [SHORT] -> [SHORT]
unpacked 1 of 2 sets
--- stderr

"#]]
    );
    assert!(context.read("anvil.lock").contains(&newer));
}

#[test]
fn what_git_does_not_hold_is_told_and_nothing_changes() {
    let (context, _shelf, url) = project();
    let before = state(&context);
    let refused = |rest: &[&str]| {
        let answer = context.anvil(&[&["add", "lab/ideas", "--git", &url][..], rest].concat());
        assert_eq!(state(&context), before, "{}", answer.shown());
        answer
    };
    assert_answer!(
        refused(&["--tag", "v9.9.9", "--subdirectory", "ideas"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0809]: the git repository file://[ROOT]/lab has no tag `v9.9.9`
  = help: see what there is: `git ls-remote file://[ROOT]/lab`

"#]]
    );
    assert_answer!(
        refused(&["--tag", "v0.3.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: there is no `anvil.toml` in file://[ROOT]/lab at af175bb
  = help: lab/ideas is in `ideas` there: `subdirectory = "ideas"` in anvil.toml, `--subdirectory ideas` of `anvil add`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "lab/other", "--git", &url, "--subdirectory", "ideas"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1043]: `git+file://[ROOT]/lab?subdirectory=ideas#[COMMIT]` holds lab/ideas, not lab/other
  = help: depend on it by its name, lab/ideas

"#]]
    );
    let nowhere = format!("{url}-is-not-here");
    assert_answer!(
        context.anvil(&["add", "lab/ideas", "--git", &nowhere]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0810]: cannot fetch the git repository file://[ROOT]/lab-is-not-here: '[ROOT]/lab-is-not-here' does not appear to be a git repository
  = help: see whether git itself can reach it: `git ls-remote file://[ROOT]/lab-is-not-here`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "lab/ideas", "--git", "ext::sh -c touch% pwned"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0809]: `ext::sh -c touch% pwned` is not a git URL that Anvil fetches from: it holds a blank or a control character
  = help: write it as https://host/path, ssh://git@host/path, git@host:path or file:///path

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "lab/ideas", "--git", "../lab"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1133]: `../lab` is a folder, and `--git` takes a URL
  = help: take what is committed there: `anvil add lab/ideas --git file://[ROOT]/lab --subdirectory ideas`
  = help: or the files as they lie there: `anvil add lab/ideas --path ../lab/ideas`

"#]]
    );
    assert_answer!(
        refused(&["--subdirectory", "../ideas"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0105]: the subdirectory "../ideas" is refused: a segment is empty, `.` or `..`

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "lab/ideas", "--git", &url, "--offline"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: there is no `anvil.toml` in file://[ROOT]/lab at af175bb
  = help: lab/ideas is in `ideas` there: `subdirectory = "ideas"` in anvil.toml, `--subdirectory ideas` of `anvil add`

"#]]
    );
    assert_eq!(state(&context), before);
}

/// The login name of an SSH address is part of where a repository is: the lock keeps it, and is not
/// stale for it.
#[cfg(unix)]
#[test]
fn a_repository_behind_ssh_is_locked_as_it_can_be_fetched() {
    use std::os::unix::fs::PermissionsExt as _;
    let (context, _shelf, _url) = project();
    let ssh = context.write("../ssh", "#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n");
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    let anvil = |arguments: &[&str]| {
        let mut command = context.anvil_command(arguments);
        command.env("GIT_SSH_COMMAND", &ssh);
        context.run(command, "").success()
    };
    let url = format!("git@example.com:{}", context.path("lab").display());
    anvil(&["add", "lab/ideas", "--git", &url, "--branch", "main", "--subdirectory", "ideas"]);
    let lock = context.read("anvil.lock");
    assert!(lock.contains(&format!("source = \"git+{url}?subdirectory=ideas#")), "{lock}");
    anvil(&["lock", "--check"]);
    for folder in ["project/.anvil", "cache"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
    anvil(&["pull", "--locked"]);
    anvil(&["verify"]);
}

#[test]
fn a_submodule_is_passed_over_unless_its_files_are_asked_for() {
    let (context, _shelf, url) = project();
    let lab = context.path("lab");
    let other = context.path("other");
    fs::create_dir(&other).unwrap();
    context.git_in(&other, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "other"]);
    let submodule = |path: &str| {
        let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../other", path];
        context.git_in(&lab, &add);
        commit(&context, path);
    };
    submodule("vendor/other");
    submodule("ideas/vendor");
    context.git_in(&lab, &["tag", "v1"]);
    // Nobody could fetch it, and nobody does.
    fs::remove_dir_all(&other).unwrap();
    context.anvil(&["add", "lab/ideas", "--git", &url, "--tag", "v1", "--subdirectory", "ideas"]).success();
    context.anvil(&["verify"]).success();
    let unpacked = context.files(".anvil/sets/lab/ideas");
    assert!(unpacked.iter().all(|(path, _)| !path.contains("vendor")), "{unpacked:?}");

    fs::create_dir(&other).unwrap();
    context.git_in(&other, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "other"]);
    submodule("ideas/prompts/shared");
    context.git_in(&lab, &["tag", "v2"]);
    let before = state(&context);
    let answer = context.anvil(&["add", "lab/ideas", "--git", &url, "--tag", "v2", "--subdirectory", "ideas"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains("error[A1041]: `prompts/shared` is a submodule"), "{}", answer.shown());
    assert_eq!(state(&context), before);
}

#[test]
fn no_other_transport_is_used_whoever_asks_for_it() {
    let (context, _shelf, _url) = project();
    let before = state(&context);
    for (url, why) in [
        ("ext::sh -c true", "blank"),
        ("ext::sh", "remote helpers are not run"),
        ("fd::17", "remote helpers are not run"),
        ("http://127.0.0.1:1/lab", "use https"),
        ("ftp://127.0.0.1/lab", "https, ssh"),
        ("--upload-pack=touch", "begins with `-`"),
    ] {
        let answer = context.anvil(&["add", "lab/ideas", &format!("--git={url}")]);
        assert!(matches!(answer.code, 1 | 2), "{url}: {}", answer.shown());
        assert!(answer.stderr.contains(why), "{url}: {}", answer.shown());
        let line = format!("\n[dependencies]\n\"lab/ideas\" = {{ git = {url:?} }}\n");
        context.write("anvil.toml", format!("[registries]\ndefault = \"../registry\"\n{line}"));
        let answer = context.anvil(&["lock"]);
        assert_eq!(answer.code, 1, "{url}: {}", answer.shown());
        context.write("anvil.toml", &before[0].1);
    }
    for flag in ["--tag=-x", "--branch=--upload-pack=x", "--rev=-x"] {
        let answer = context.anvil(&["add", "lab/ideas", "--git", "file:///nowhere/at/all", flag]);
        assert!(matches!(answer.code, 1 | 2) && answer.stderr.contains("-x") || answer.stderr.contains("upload-pack"));
        assert!(!answer.stderr.contains("nowhere/at/all does not"), "git was run: {}", answer.shown());
    }
    // The user's own settings may rewrite a URL, and not to what Anvil would refuse.
    let ran = context.path("ran");
    let rewrite = format!("[url \"ext::sh -c touch% {} \"]\n\tinsteadOf = https://x.invalid/\n", ran.display());
    fs::write(context.path("home/.gitconfig"), rewrite).unwrap();
    let answer = context.anvil(&["add", "lab/ideas", "--git", "https://x.invalid/lab"]);
    assert_eq!(answer.code, 5, "{}", answer.shown());
    assert!(answer.stderr.contains("transport 'ext' not allowed") && !ran.exists(), "{}", answer.shown());
    assert_eq!(state(&context), before);
}
