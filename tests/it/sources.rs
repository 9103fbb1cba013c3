//! Sets from git repositories and from folders.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;
use std::fs;

/// A project beside a registry and the git repository `lab`, whose folder `ideas` holds `lab/ideas`.
fn project() -> (TestContext, Shelf, String) {
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

fn commit(context: &TestContext, message: &str) -> String {
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
    assert_answer!(
        context.anvil(&["update", "lab/ideas", "--precise", "0.3.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1039]: lab/ideas has but one version, that of its git source
  = help: name a commit of it in anvil.toml, as in `rev = "…"`, and lock it with `anvil lock`

"#]]
    );
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
  = help: say which folder of it holds the set: `subdirectory` in anvil.toml, `--subdirectory` of `anvil add`

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
error[A0810]: cannot fetch the git repository file://[ROOT]/lab-is-not-here: Could not read from remote repository.
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
  = help: take what is committed there: `anvil add lab/ideas --git file://[ROOT]/lab`
  = help: or the files as they lie there: `anvil add lab/ideas --path ../lab`

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
  = help: say which folder of it holds the set: `subdirectory` in anvil.toml, `--subdirectory` of `anvil add`

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_folder_is_used_where_it_lies() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../shared", "team/shared 0.1.0", &["style/voice ^1.0"]);
    fs::create_dir(context.project().join("deep")).unwrap();
    let deep = context.project().join("deep");
    assert_answer!(
        context.anvil_in(&deep, &["add", "team/shared", "--path", "../../shared"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for team/shared path ../shared
added style/voice 1.0.0
added team/shared 0.1.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r#"
[registries]
default = "../registry"

[dependencies]
"team/shared" = { path = "../shared" }

"#]]
    );
    snapbox::assert_data_eq!(
        context.scrub(&context.read("anvil.lock")),
        str![[r##"
# Written by anvil. Commit it; do not edit it by hand.
version = 1

[[requirement]]
member = "."
name = "team/shared"
path = "../shared"

[[set]]
name = "style/voice"
version = "1.0.0"
source = "registry:test"
sha256 = "[SHA256]"
digest = "h1:[DIGEST]"

[[set]]
name = "team/shared"
version = "0.1.0"
source = "path:../shared"
dependencies = [
  "style/voice ^1.0",
]

"##]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── team/shared 0.1.0 (../shared) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["verify", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "ok": true,
  "sets": [
    {
      "name": "style/voice",
      "version": "1.0.0",
      "state": "unpacked",
      "files": [],
      "misfits": []
    },
    {
      "name": "team/shared",
      "version": "0.1.0",
      "state": "folder",
      "files": [],
      "misfits": []
    }
  ],
  "problems": []
}
--- stderr

"#]]
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/other", "--path", "../shared"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1043]: `../shared` holds team/shared, not team/other
  = help: depend on it by its name, team/shared

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "team/other", "--path", "../nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: cannot find `[ROOT]/nowhere`: No such file or directory (os error 2)

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_folder_that_is_gone_can_be_taken_out() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../shared", "team/shared 0.1.0", &[]);
    context.anvil(&["add", "team/shared", "--path", "../shared"]).success();
    fs::remove_dir_all(context.path("shared")).unwrap();
    context.anvil(&["remove", "team/shared"]).success();
    assert!(!context.read("anvil.toml").contains("team/shared") && !context.read("anvil.lock").contains("team/shared"));
    context.anvil(&["verify"]).success();
}

/// The manifest is only tried, so there is no line of it to show.
#[test]
fn a_folder_without_a_set_is_not_added() {
    let (context, _shelf, _url) = project();
    fs::create_dir(context.path("empty")).unwrap();
    let before = context.read("anvil.toml");
    assert_answer!(
        context.anvil(&["add", "team/shared", "--path", "../empty"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: team/shared should be in `../empty`, and there is no `anvil.toml` there
  = help: name the folder whose `anvil.toml` has the set

"#]]
    );
    assert_eq!(context.read("anvil.toml"), before);
}

#[test]
fn folders_that_need_each_other_are_a_circle() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../one", "team/one 0.1.0", &[]);
    set_in(&context, "../two", "team/two 0.1.0", &[]);
    context.write(
        "../one/anvil.toml",
        "[set]\nname = \"team/one\"\nversion = \"0.1.0\"\n[dependencies]\n\"team/two\" = { path = \"../two\" }\n",
    );
    context.write(
        "../two/anvil.toml",
        "[set]\nname = \"team/two\"\nversion = \"0.1.0\"\n[dependencies]\n\"team/one\" = { path = \"../one\" }\n",
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/one", "--path", "../one"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0503]: `team/one` needs itself
    this command needs team/one from path:../one
    team/one 0.1.0 needs team/two from path:../two
    team/two 0.1.0 needs team/one from path:../one

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn an_override_stands_in_for_a_set_wherever_it_is_needed() {
    let (context, shelf, _url) = project();
    shelf.publish("core/tone 1.0.0", &["style/voice ^1.0"]);
    context.anvil(&["add", "core/tone"]).success();
    set_in(&context, "../voice", "style/voice 9.0.0", &[]);
    context
        .write("anvil.toml", context.read("anvil.toml") + "\n[override]\n\"style/voice\" = { path = \"../voice\" }\n");
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
updated style/voice 1.0.0 -> 9.0.0
everything is in place (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.0.0 (^1.0.0) 1 prompt
    └── style/voice 9.0.0 (../voice, overridden) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer asks for core/tone
removed core/tone 1.0.0
removed style/voice 9.0.0
everything is in place (0 sets)
--- stderr
warning: nothing needs style/voice, so its entry in `[override]` of anvil.toml changes nothing
help: take it out: `anvil remove --override style/voice`

"#]]
    );
    context.anvil(&["verify"]).success();
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

#[test]
fn a_folder_that_needs_the_project_itself_is_not_added() {
    let (context, _shelf, _) = project();
    context.write("anvil.toml", "[set]\nname = \"team/pb\"\nversion = \"1.0.0\"\n");
    context.write(
        "../pa/anvil.toml",
        "[set]\nname = \"team/pa\"\nversion = \"1.0.0\"\n\n[dependencies]\n\"team/pb\" = { path = \"../project\" }\n",
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/pa", "--path", "../pa"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0503]: `team/pb`, which this project holds, needs itself
    this command needs team/pa from path:../pa
    team/pa 1.0.0 needs team/pb from path:../project

"#]]
    );
    assert_eq!(state(&context), before);
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

#[test]
fn a_commit_is_no_version_and_it_is_said_where_it_is_named() {
    let context = TestContext::new();
    let answer = context.anvil(&["update", "lab/ideas", "--precise", "0a1b2c3d4e"]);
    assert_eq!(answer.code, 2, "{}", answer.shown());
    assert!(answer.stderr.contains("a commit of a git source is named in anvil.toml: `rev = "), "{}", answer.shown());
}
