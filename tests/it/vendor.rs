//! What `anvil vendor` copies into a project: a clone of it needs no registry, no cache and no network.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::Server;
use crate::shelf::{Shelf, asking, manifest, set_in};
use snapbox::str;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// An application in git that locked `core/tone` 1.4.2, which needs `style/voice`, from the registry beside it.
fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    let files = [("prompts/reply.prompt.md", "Reply.\r\n{% render \"style/voice/house-style\" %}\r\n")];
    shelf.publish_files("core/tone 1.4.2", &["style/voice ^1.0"], &files);
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]));
    context.write(".gitignore", ".anvil/\n");
    context.write(".gitattributes", "anvil.lock text eol=lf\n"); // As `init` does.
    context.git_init();
    context.anvil(&["pull"]).success();
    (context, shelf)
}

/// Does away with the cache and the registry.
fn lose_all_else(context: &TestContext) {
    for folder in ["cache", "registry"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
}

/// Returns a fresh clone of the project, made with the setting that would break digests.
fn clone(context: &TestContext) -> PathBuf {
    context.commit("Vendor");
    let clone = context.path("clone");
    let from = context.project().display().to_string();
    let to = clone.display().to_string();
    context.git(&["-c", "core.autocrlf=true", "clone", "--quiet", "--config", "core.autocrlf=true", &from, &to]);
    clone
}

fn vendored(context: &TestContext) -> Vec<String> {
    context.files("anvil-vendor").into_iter().map(|(path, _)| context.scrub(&path)).collect()
}

fn file_of(context: &TestContext, set: &str, inside: &str) -> PathBuf {
    let folder = context.project().join("anvil-vendor/sets").join(set);
    let mut folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    folders.find(|path| path.is_dir()).unwrap().join(inside)
}

fn edit(path: &Path) {
    fs::write(path, "Other words.\n").unwrap();
}

#[test]
fn a_clone_works_with_no_registry_no_cache_and_no_network() {
    let (context, _shelf) = application();
    let rendered = context.anvil(&["render", "core/tone/reply"]).success().stdout;
    assert_answer!(
        context.anvil(&["vendor"]),
        str![[r#"
exit: 0
--- stdout
copied core/tone 1.4.2
copied style/voice 1.0.0
anvil-vendor/ holds what is locked (2 sets)
--- stderr
next: `git add anvil-vendor`

"#]]
    );
    assert_eq!(
        vendored(&context),
        [
            ".gitattributes",
            "README.md",
            "index/core/tone.jsonl",
            "index/style/voice.jsonl",
            "sets/core/tone/1.4.2-[SHORT].sha256",
            "sets/core/tone/1.4.2-[SHORT]/anvil.toml",
            "sets/core/tone/1.4.2-[SHORT]/prompts/reply.prompt.md",
            "sets/style/voice/1.0.0-[SHORT].sha256",
            "sets/style/voice/1.0.0-[SHORT]/anvil.toml",
            "sets/style/voice/1.0.0-[SHORT]/prompts/house-style.prompt.md",
        ]
    );
    assert!(!context.project().join(".anvil/sets").exists(), "sets lie in one place");
    assert_eq!(
        context.anvil(&["vendor"]).success().stdout,
        "nothing to do: anvil-vendor/ holds what is locked (2 sets)\n"
    );

    let clone = clone(&context);
    lose_all_else(&context);
    let run = |arguments: &[&str]| -> Answer { context.anvil_in(&clone, arguments).success() };
    run(&["lock", "--check"]);
    assert_eq!(run(&["pull", "--locked"]).stdout, "everything is in place (2 sets)\n");
    assert_eq!(run(&["pull"]).stdout, "everything is in place (2 sets)\n");
    run(&["verify", "--offline"]);
    run(&["lint"]);
    run(&["tree"]);
    run(&["show", "core/tone"]);
    assert_eq!(run(&["render", "core/tone/reply"]).stdout, rendered);
    assert_eq!(run(&["vendor"]).stdout, "nothing to do: anvil-vendor/ holds what is locked (2 sets)\n");
    assert!(!clone.join(".anvil/sets").exists());
    let status = context.git_in(&clone, &["status", "--porcelain"]);
    assert_eq!(status, "", "nothing of it is new to git");
    // An application reads them there, too.
    let anvil = anvil::Anvil::open(&clone).unwrap();
    let text = anvil.get("core/tone/reply").unwrap().render(&serde_json::json!({})).unwrap();
    assert!(text.text().unwrap().contains("This is style/voice 1.0.0."));
}

#[test]
fn a_registry_on_the_web_is_asked_for_nothing() {
    let (context, shelf) = application();
    let server = Server::serve(&shelf.root);
    context.write("anvil.toml", context.read("anvil.toml").replace("../registry", &server.url("")));
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    context.anvil(&["vendor"]).success();
    assert!(context.read("anvil-vendor/index/core/tone.jsonl").contains("\"version\":\"1.4.2\""));
    fs::remove_dir_all(context.path("cache")).unwrap();
    server.forget();
    for command in [&["pull", "--locked"][..], &["pull"], &["lock"], &["lock", "--check"], &["verify"], &["vendor"]] {
        context.anvil(command).success();
        assert_eq!(server.requests(), [], "{command:?}");
    }
}

/// A run that is killed leaves what was there, and the next one completes it.
#[test]
fn a_copy_that_is_killed_is_begun_anew() {
    let (context, _shelf) = application();
    let half = context.project().join(".anvil/.anvil-tmp-dead");
    context.write(".anvil/.anvil-tmp-dead/sets/core/tone/half", "half");
    let mut touch = context.command("touch");
    touch.args(["--date", "2026-01-01"]).arg(&half);
    context.run(touch, "").success();
    context.anvil(&["vendor"]).success();
    assert!(!half.exists());
    // One that is killed while it mends.
    fs::remove_dir_all(context.project().join("anvil-vendor/sets/core")).unwrap();
    fs::remove_file(context.project().join("anvil-vendor/.gitattributes")).unwrap();
    fs::remove_file(context.project().join("anvil-vendor/index/core/tone.jsonl")).unwrap();
    let before = vendored(&context).len();
    assert_eq!(context.anvil(&["vendor", "--dry-run", "--format", "json"]).success().json()["outcome"], "changed");
    context.anvil(&["vendor"]).success();
    assert_eq!(vendored(&context).len(), before + 5);
}

#[test]
fn killed_at_any_instant_it_leaves_a_project_that_works() {
    let (context, _shelf) = application();
    for command in [&["vendor"][..], &["vendor", "--remove"]].repeat(8) {
        for pause in [3, 9, 15] {
            let mut run = context.anvil_command(command);
            let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(pause));
            child.kill().unwrap();
            child.wait().unwrap();
            context.anvil(&["verify"]).success();
        }
        context.anvil(command).success();
    }
    assert!(context.files("").iter().all(|(path, _)| path.starts_with(".anvil/") || !path.contains(".anvil-tmp-")));
}

#[test]
fn what_was_edited_is_found_and_put_back() {
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    context.commit("Vendor");
    let file = file_of(&context, "core/tone", "prompts/reply.prompt.md");
    for command in [&["vendor"][..], &["pull"], &["pull", "--locked"]] {
        edit(&file);
        let found = context.anvil(&["verify"]);
        assert_eq!(found.code, 1);
        assert!(found.stdout.starts_with("core/tone 1.4.2: `prompts/reply.prompt.md` changed\n"), "{}", found.shown());
        let put_back = context.anvil(command).success();
        assert!(put_back.stdout.contains("put back core/tone 1.4.2"), "{}", put_back.shown());
        context.anvil(&["verify"]).success();
        assert_eq!(context.git(&["status", "--porcelain"]), "");
    }
    edit(&file);
    lose_all_else(&context);
    assert_answer!(
        context.anvil(&["pull", "--locked", "--offline"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1200]: `anvil-vendor/sets/core/tone/1.4.2-[SHORT]/prompts/reply.prompt.md` is not as it was vendored, and cannot be put back: there is no registry at `../registry`: it has no `anvil-registry.json`
  = help: have git put back what was committed: `git restore -- anvil-vendor`
  = help: check the place, `[ROOT]/registry`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here

"#]]
    );
    // A set that is gone altogether is no other matter.
    let set = file_of(&context, "core/tone", "");
    fs::remove_dir_all(set.parent().unwrap()).unwrap();
    let gone = context.anvil(&["pull", "--locked"]);
    assert!(gone.stderr.starts_with("error[A1200]") && gone.stderr.contains("is no longer there"), "{}", gone.shown());
    assert!(gone.stderr.contains("git restore -- anvil-vendor") && !gone.stderr.contains("init"), "{}", gone.shown());
    let told = context.anvil(&["verify"]);
    assert!(told.stderr.starts_with("help: have git put back what was committed: `git restore"), "{}", told.shown());
    context.git(&["restore", "--", "anvil-vendor"]);
    context.anvil(&["pull", "--locked"]).success();
    edit(&file);
    // With a network, but without the registry.
    let answer = context.anvil(&["vendor"]);
    assert!(answer.code != 0 && answer.stderr.starts_with("error[A1200]"), "{}", answer.shown());
    context.git(&["restore", "--", "anvil-vendor"]);
    context.anvil(&["verify"]).success();
}

#[test]
fn what_changes_the_lock_keeps_it_in_step() {
    let (context, shelf) = application();
    shelf.publish("lab/ideas 0.1.0", &[]);
    context.anvil(&["vendor"]).success();
    context.anvil(&["add", "lab/ideas"]).success();
    context.anvil(&["verify"]).success();
    assert!(vendored(&context).contains(&"sets/lab/ideas/0.1.0-[SHORT]/anvil.toml".to_owned()));
    assert!(vendored(&context).contains(&"index/lab/ideas.jsonl".to_owned()));

    shelf.publish_files("core/tone 1.5.0", &[], &[("prompts/reply.prompt.md", "Reply.\n")]);
    context.anvil(&["update"]).success();
    assert!(vendored(&context).iter().all(|path| !path.contains("1.4.2") && !path.contains("style/voice")));
    context.anvil(&["remove", "lab/ideas"]).success();
    assert!(vendored(&context).iter().all(|path| !path.contains("lab/ideas")), "{:?}", vendored(&context));
    assert!(!context.project().join(".anvil/sets").exists());
    assert_eq!(context.anvil(&["vendor", "--format", "json"]).success().json()["outcome"], "unchanged");
}

#[test]
fn a_yank_is_told_when_the_registry_is_gone() {
    let (context, shelf) = application();
    context.anvil(&["vendor"]).success();
    shelf.yank("core/tone 1.4.2", "leaks names");
    // A pull changes nothing that is committed; `vendor` asks what is new.
    context.anvil(&["pull"]).success();
    assert!(!context.read("anvil-vendor/index/core/tone.jsonl").contains("leaks names"));
    assert_eq!(context.anvil(&["vendor", "--format", "json"]).success().json()["outcome"], "changed");
    lose_all_else(&context);
    let pulled = context.anvil(&["pull", "--locked"]).success();
    assert!(pulled.stderr.contains("leaks names"), "{}", pulled.shown());
}

#[test]
fn sets_from_git_are_copied_and_those_from_folders_are_told_of() {
    let (context, _shelf) = application();
    set_in(&context, "../lab", "lab/ideas 0.3.0", &[]);
    let lab = context.path("lab");
    context.git_in(&lab, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&lab, &["add", "--all"]);
    context.git_in(&lab, &["commit", "--quiet", "--message", "Begin"]);
    set_in(&context, "parts/near", "team/near 0.1.0", &[]);
    set_in(&context, "../far", "team/far 0.1.0", &[]);
    let url = format!("file://{}", lab.display());
    context.anvil(&["add", "lab/ideas", "--git", &url]).success();
    context.anvil(&["add", "team/near", "--path", "parts/near"]).success();
    context.anvil(&["add", "team/far", "--path", "../far"]).success();
    assert_answer!(
        context.anvil(&["vendor", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would copy core/tone 1.4.2
would copy lab/ideas 0.3.0
would copy style/voice 1.0.0
nothing was changed: this was a dry run
--- stderr
warning: team/far is used from `../far`, which no clone of this project has
note: team/near is used from `parts/near`, where it lies, and not copied

"#]]
    );
    assert!(!context.project().join("anvil-vendor").exists());
    context.anvil(&["vendor"]).success();
    fs::remove_dir_all(&lab).unwrap();
    lose_all_else(&context);
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["verify"]).success();
}

#[test]
fn the_way_back_needs_no_network_either() {
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    lose_all_else(&context);
    assert_answer!(
        context.anvil(&["vendor", "--remove"]),
        str![[r#"
exit: 0
--- stdout
unpacked core/tone 1.4.2
unpacked style/voice 1.0.0
removed anvil-vendor/
--- stderr

"#]]
    );
    assert!(!context.project().join("anvil-vendor").exists());
    context.anvil(&["verify"]).success();
    // What was edited is fetched, and not taken along.
    context.anvil(&["vendor"]).success();
    edit(&file_of(&context, "core/tone", "prompts/reply.prompt.md"));
    let removed = context.anvil(&["vendor", "--remove"]).success();
    assert_eq!(removed.stdout, "unpacked style/voice 1.0.0\nremoved anvil-vendor/\n");
    assert_eq!(removed.stderr, "next: `anvil pull --locked`\n");
    assert_eq!(context.anvil(&["vendor", "--remove"]).success().stdout, "nothing to do: there is no anvil-vendor/\n");
}

#[test]
fn a_set_whose_globs_take_everything_takes_nothing_vendored() {
    let (context, _shelf) = application();
    let manifest = context.read("anvil.toml");
    let set = "[set]\nname = \"team/all\"\nversion = \"0.1.0\"\nprompts = [\"**/*.md\"]\ninclude = [\"**\"]\n\n";
    context.write("anvil.toml", format!("{set}{manifest}"));
    context.write("own.md", "Mine.\n");
    let shown = |context: &TestContext| context.anvil(&["show", "--format", "json"]).success().json();
    let before = shown(&context);
    context.anvil(&["vendor"]).success();
    assert_eq!(shown(&context), before);
    context.anvil(&["lint"]).success();
    context.commit("Vendor");
    assert_eq!(shown(&context), before);
    let own = anvil::Anvil::open(context.project()).unwrap().own_prompts().unwrap();
    assert_eq!(own.iter().map(ToString::to_string).collect::<Vec<_>>(), ["own"]);
}

#[test]
fn what_git_would_leave_out_is_warned_of() {
    let (context, _shelf) = application();
    context.write(".gitignore", ".anvil/\n*.sha256\n");
    let told = context.anvil(&["vendor"]).success();
    assert!(told.stderr.contains("warning: git ignores `anvil-vendor/sets/core/tone/"), "{}", told.shown());
    assert!(told.stderr.contains("`git add --force anvil-vendor`"), "{}", told.shown());
    context.git(&["add", "--force", "anvil-vendor"]);
    assert!(!context.anvil(&["vendor"]).success().stderr.contains("warning"));
}

#[test]
fn a_set_that_tells_git_what_to_do_with_files_is_warned_of() {
    let (context, shelf) = application();
    let files = [(".gitattributes", "* text=auto\n"), ("prompts/a.prompt.md", "A.\r\n")];
    shelf.publish_files("lab/ideas 0.1.0", &[], &files);
    context.anvil(&["add", "lab/ideas"]).success();
    let told = context.anvil(&["vendor"]).success();
    assert!(told.stderr.contains("/.gitattributes` belongs to a set, and git may change files"), "{}", told.shown());
    assert_eq!(told.stderr.matches("warning").count(), 1, "{}", told.shown());
}

/// A set that is made in the same repository is not taken for the copy that another project there uses.
#[test]
fn the_history_of_a_set_is_not_that_of_a_copy() {
    let context = TestContext::in_git();
    context.write("old/anvil.toml", manifest("core/tone", "1.0.0", &[]));
    context.write("old/prompts/tone.prompt.md", "Be kind.\n");
    let copy = "app/anvil-vendor/sets/core/tone/0.9.0-0123456789abcdef";
    context.write(&format!("{copy}/anvil.toml"), manifest("core/tone", "0.9.0", &[]));
    context.write(&format!("{copy}/prompts/other.prompt.md"), "Be short.\n");
    context.commit("Begin");
    context.git(&["tag", "--annotate", "--message", "1.0.0", "core/tone@1.0.0"]);
    fs::create_dir(context.project().join("sets")).unwrap();
    context.git(&["mv", "old", "sets/tone"]);
    context.commit("Move the set");
    let diff = context.anvil_in(&context.project().join("sets/tone"), &["diff", "1.0.0"]).success();
    assert!(!diff.stdout.contains("other") && !diff.stdout.contains("tone.prompt.md"), "{}", diff.shown());
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_folder_is_not_followed() {
    let (context, _shelf) = application();
    fs::create_dir(context.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(context.path("elsewhere"), context.project().join("anvil-vendor")).unwrap();
    for command in ["pull", "vendor"] {
        let answer = context.anvil(&[command]);
        assert!(answer.code == 1 && answer.stderr.starts_with("error[A0905]"), "{}", answer.shown());
    }
    // Nor is one in the place of the folder that it is filled in.
    fs::remove_file(context.project().join("anvil-vendor")).unwrap();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    std::os::unix::fs::symlink(context.path("elsewhere"), context.project().join(".anvil")).unwrap();
    assert!(context.anvil(&["vendor"]).stderr.starts_with("error[A0905]"));
    assert_eq!(fs::read_dir(context.path("elsewhere")).unwrap().count(), 0);
}

/// The locked commit is in the project, and says what it needs.
#[test]
fn a_vendored_set_from_git_needs_no_repository_for_others_to_move() {
    let (context, shelf) = application();
    set_in(&context, "../lab", "lab/ideas 0.3.0", &["style/voice ^1.0"]);
    let lab = context.path("lab");
    context.git_in(&lab, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&lab, &["add", "--all"]);
    context.git_in(&lab, &["commit", "--quiet", "--message", "Begin"]);
    context.anvil(&["add", "lab/ideas", "--git", &format!("file://{}", lab.display())]).success();
    context.anvil(&["vendor"]).success();
    fs::remove_dir_all(&lab).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    shelf.publish("core/tone 1.5.0", &[]);
    let answer = context.anvil(&["outdated"]).success();
    assert!(answer.stdout.contains("core/tone"), "{}", answer.shown());
    let told = "warning: sets from git are left out: cannot fetch the git repository";
    assert!(answer.stderr.contains(told), "{}", answer.shown());
    context.anvil(&["update", "core/tone"]).success();
    assert!(context.read("anvil.lock").contains("version = \"1.5.0\""));
    context.anvil(&["add", "core/tone@^1"]).success();
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["verify"]).success();
    // Who asks for the set itself needs the repository.
    let answer = context.anvil(&["update", "lab/ideas"]);
    assert!(answer.stderr.contains("error[A0810]"), "{}", answer.shown());
}

/// With the registry gone every command says what can be done, and nothing that cannot.
#[test]
fn without_a_registry_nothing_is_promised_that_takes_one() {
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    context.commit("Vendor");
    lose_all_else(&context);
    let answer = context.anvil(&["doctor"]);
    assert!(answer.code == 0 && answer.stdout.contains("warning"), "{}", answer.shown());
    edit(&file_of(&context, "core/tone", "prompts/reply.prompt.md"));
    for command in [&["render", "core/tone/reply"][..], &["verify"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.shown().contains("`git restore -- anvil-vendor`"), "{}", answer.shown());
    }
    context.git(&["restore", "--", "anvil-vendor"]);
    context.anvil(&["render", "core/tone/reply"]).success();
    fs::remove_dir_all(context.project().join("anvil-vendor/sets/core")).unwrap();
    let answer = context.anvil(&["vendor", "--dry-run"]);
    assert!(answer.code != 0 && answer.stderr.contains("error[A1200]"), "{}", answer.shown());
    assert!(answer.stderr.contains("`git restore -- anvil-vendor`"), "{}", answer.shown());
    let answer = context.anvil(&["render", "core/tone/reply"]);
    assert!(answer.stderr.contains("`git restore -- anvil-vendor`"), "{}", answer.shown());
}

#[test]
fn a_registry_that_cannot_be_read_leaves_everything_as_it_was() {
    let (context, _shelf) = application();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    lose_all_else(&context);
    let before = context.files("");
    assert!(context.anvil(&["vendor"]).code != 0);
    assert!(context.files("") == before, "something was written");
}

#[test]
fn whatever_is_missing_or_changed_of_the_copy_is_found_and_made_whole() {
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    context.commit("Vendor");
    context.anvil(&["verify"]).success();
    let mut files = context.files("anvil-vendor").into_iter().map(|(path, _)| path);
    let record = files.rfind(|path| path.ends_with(".sha256")).unwrap();
    let record = format!("anvil-vendor/{record}");
    let index = "anvil-vendor/index/core/tone.jsonl";
    let line = context.read(index);
    let digit = if line.contains("\"sha256\":\"0") { "1" } else { "0" };
    let at = line.find("\"sha256\":\"").unwrap() + 10;
    let other = format!("{}{digit}{}", &line[..at], &line[at + 1..]);
    type Edit<'a> = (&'a str, &'a str, Option<String>, i32);
    let edits: [Edit<'_>; 8] = [
        (index, "is missing", None, 1),
        (index, "is not about the version that anvil.lock names", Some("garbage\n".into()), 1),
        (index, "is not about the version that anvil.lock names", Some(line.replace("1.4.2", "1.4.3")), 1),
        (index, "is not about the version that anvil.lock names", Some(other), 1),
        (index, "is not as `anvil vendor` writes it", Some(format!("{line}garbage\n")), 1),
        (&record, "is not the list of the checksums of its set", None, 1),
        ("anvil-vendor/.gitattributes", "is not as `anvil vendor` writes it", None, 0),
        ("anvil-vendor/README.md", "is not as `anvil vendor` writes it", Some("mine\n".into()), 0),
    ];
    for (file, what, text, code) in edits {
        match text {
            Some(text) => drop(context.write(file, text)),
            None => fs::remove_file(context.project().join(file)).unwrap(),
        }
        let told = format!("`{file}` {what}");
        let found = context.anvil(&["verify"]);
        assert_eq!(found.code, code, "{told}: {}", found.shown());
        assert!(found.stdout.contains(&told), "{told} is not in\n{}", found.shown());
        assert_eq!(found.stdout.contains("the vendored copy is not whole"), code == 1, "{}", found.shown());
        let json = context.anvil(&["verify", "--format", "json"]).json();
        assert_eq!((&json["ok"], &json["problems"][0]["code"]), (&(code == 0).into(), &"A1200".into()), "{json}");
        let junit = context.anvil(&["verify", "--format", "junit"]).stdout;
        assert_eq!(junit.contains("<failure"), code == 1, "{junit}");
        assert_eq!(context.anvil(&["doctor"]).code, code, "{told}");
        context.anvil(&["vendor"]).success();
        assert_eq!(context.anvil(&["verify"]).success().stdout.lines().count(), 1, "{told}");
        assert_eq!(context.git(&["status", "--porcelain"]), "", "{told}");
    }
    fs::remove_dir_all(context.project().join("anvil-vendor/index")).unwrap();
    let found = context.anvil(&["verify"]);
    assert_eq!((found.code, found.stdout.matches("is missing").count()), (1, 2), "{}", found.shown());
    context.git(&["restore", "--", "anvil-vendor"]);
    context.anvil(&["verify"]).success();
}

#[test]
fn a_version_of_which_nothing_is_known_is_told_from_one_whose_line_was_removed() {
    let (context, _shelf) = application();
    lose_all_else(&context);
    context.anvil(&["vendor", "--offline"]).success();
    context.anvil(&["verify"]).success();
    assert!(context.read("anvil-vendor/index/core/tone.jsonl").contains("\"known\":false"));
    assert!(context.anvil(&["vendor", "--offline"]).success().stdout.starts_with("nothing to do"));
    for command in ["tree", "outdated", "pull"] {
        let answer = context.anvil(&[command, "--offline"]);
        assert!(!answer.stderr.contains("known"), "{}", answer.shown());
    }
    fs::remove_dir_all(context.project().join("anvil-vendor/index")).unwrap();
    assert_eq!(context.anvil(&["verify"]).code, 1);
    context.anvil(&["vendor", "--offline"]).success();
    context.anvil(&["verify"]).success();
}

#[test]
fn a_line_that_says_other_needs_than_the_lock_and_the_set_is_found_and_blamed_on_the_copy() {
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    context.commit("Vendor");
    let index = "anvil-vendor/index/core/tone.jsonl";
    let line = context.read(index);
    for (from, to, told) in [
        ("^1.0", "^7.0", "does not say of its set what anvil.lock says that it needs"),
        ("\"edition\":1", "\"edition\":2", "does not say of its set what the manifest of that says"),
        ("\"digest\":\"h1:", "\"digest\":\"h1:AAAA", "is not about the version that anvil.lock names"),
    ] {
        let other = match from.starts_with("\"digest") {
            true => line.replacen(&line[line.find(from).unwrap()..][..from.len() + 4], to, 1),
            false => line.replacen(from, to, 1),
        };
        assert_ne!(other, line);
        context.write(index, other);
        let found = context.anvil(&["verify"]);
        assert_eq!(found.code, 1, "{told}: {}", found.shown());
        assert!(found.stdout.contains(&format!("`{index}` {told}")), "{told}: {}", found.shown());
        // The lock is right, so that nothing has to be locked anew.
        context.anvil(&["pull", "--locked"]).success();
        context.anvil(&["vendor"]).success();
        context.anvil(&["verify"]).success();
        assert_eq!(context.read(index), line, "{told}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_place_of_what_is_vendored_are_found_and_replaced() {
    use std::os::unix::fs::symlink;
    let (context, _shelf) = application();
    context.anvil(&["vendor"]).success();
    context.commit("Vendor");
    let mut files = context.files("anvil-vendor").into_iter().map(|(path, _)| path);
    let record = files.rfind(|path| path.ends_with(".sha256")).unwrap();
    for file in ["index/core/tone.jsonl", "index/core", &record, ".gitattributes", "README.md"] {
        let (here, outside) = (context.project().join("anvil-vendor").join(file), context.path("outside"));
        fs::rename(&here, &outside).unwrap();
        symlink(&outside, &here).unwrap();
        let found = context.anvil(&["verify"]);
        assert_eq!(found.code, 1, "{file}: {}", found.shown());
        assert!(found.stdout.contains(&format!("`anvil-vendor/{file}")), "{file}: {}", found.shown());
        context.anvil(&["vendor"]).success();
        context.anvil(&["verify"]).success();
        assert_eq!(context.git(&["status", "--porcelain"]), "", "{file}");
        assert!(outside.exists(), "{file}: what is outside is nobody's");
        let is_folder = outside.is_dir();
        if is_folder { fs::remove_dir_all(&outside).unwrap() } else { fs::remove_file(&outside).unwrap() }
    }
}
