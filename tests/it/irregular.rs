//! What is no regular file where one is looked for: pipes, sockets, devices, links, streams without an end.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::Server;
use crate::shelf::{Shelf, manifest, state};
use snapbox::str;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

/// A project with a prompt and a dependency, in a repository.
fn project() -> TestContext {
    let context = TestContext::new();
    Shelf::new(&context, "registry", "test").publish("core/tone 1.0.0", &[]);
    let registries = "\n[registries]\ndefault = \"../registry\"\n";
    context.write("anvil.toml", manifest("team/app", "1.0.0", &[("core/tone", "^1.0")]) + registries);
    context.write("prompts/a.prompt.md", "---\nparameters: { x: string }\n---\n{{ x }}\n");
    context.anvil(&["pull"]).success();
    context.git_init();
    context.write(".gitignore", ".anvil\n");
    context.commit("First");
    context
}

/// Puts a named pipe that nobody writes to in the place of `path`.
fn pipe(context: &TestContext, path: &str) {
    let _ = fs::remove_file(context.project().join(path));
    assert!(Command::new("mkfifo").arg(context.project().join(path)).status().unwrap().success());
}

/// Runs a shell's command line, in which `anvil` is the one under test.
fn shell(context: &TestContext, line: &str) -> Answer {
    let mut command = context.command("bash");
    command.arg("-c").arg(line).env("anvil", env!("CARGO_BIN_EXE_anvil"));
    context.run(command, "from stdin")
}

#[test]
fn a_pipe_is_not_waited_for() {
    let context = project();
    pipe(&context, "pipe");
    assert_answer!(
        context.anvil(&["import", "pipe"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: `[ROOT]/project/pipe` is not a regular file
  = help: pipes, sockets and devices are neither read nor replaced: have a regular file there

"#]]
    );
    for command in [&["render", "./pipe", "-p", "x=1"][..], &["lint", "./pipe"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.shown().contains("is not a regular file"), "{}", answer.shown());
    }
    pipe(&context, "anvil.lock");
    for command in [&["verify"][..], &["lock"], &["pull"], &["tree"], &["add", "a/b"], &["render", "a", "-p", "x=1"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.shown().contains("is not a regular file"), "{}", answer.shown());
    }
    pipe(&context, "anvil.toml");
    for command in ["verify", "lint", "lock", "init"] {
        assert_ne!(context.anvil(&[command]).code, 0);
    }
    // A manifest that cannot be read ends the way up: the project above is another one.
    context.write("../anvil.toml", "[dependencies]\n");
    let answer = context.anvil(&["verify"]);
    assert!(answer.code == 1 && answer.shown().contains("anvil.toml` is not a regular file"), "{}", answer.shown());
    context.write("../config/config.toml", "");
    pipe(&context, "../config/config.toml");
    assert_answer!(
        context.anvil(&["config", "list"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: `[ROOT]/config/config.toml` is not a regular file
  = help: pipes, sockets and devices are neither read nor replaced: have a regular file there

"#]]
    );
}

#[test]
fn an_archive_replaces_no_device_and_no_socket() {
    let context = project();
    pipe(&context, "pipe");
    let _socket = UnixListener::bind(context.project().join("socket")).unwrap();
    symlink("pipe", context.project().join("link")).unwrap();
    assert_answer!(
        context.anvil(&["export", "--allow-dirty", "-o", "pipe"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: `[ROOT]/project/pipe` is not a regular file
  = help: pipes, sockets and devices are neither read nor replaced: have a regular file there

"#]]
    );
    for place in ["socket", "link"] {
        assert_eq!(context.anvil(&["export", "--allow-dirty", "-o", place]).code, 1);
    }
    for place in ["pipe", "socket"] {
        assert!(!context.project().join(place).is_file());
    }
    context.write("empty.tar", "");
    context.anvil(&["export", "--allow-dirty", "-o", "empty.tar"]).success();
}

#[test]
fn parameters_come_from_whatever_the_shell_offers() {
    let context = project();
    for line in [
        "\"$anvil\" render a -p x=@/dev/stdin",
        "\"$anvil\" render a -p x=@-",
        "\"$anvil\" render a -p x=@<(printf 'from stdin')",
        "\"$anvil\" render a --params <(printf '{\"x\": \"from stdin\"}')",
    ] {
        let answer = shell(&context, line).success();
        assert_eq!(answer.stdout, "from stdin", "{line}");
    }
}

#[test]
fn what_has_no_end_is_not_read_without_one() {
    let context = project();
    assert_answer!(
        context.anvil(&["render", "a", "-p", "x=@/dev/zero"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: `/dev/zero` is larger than 16777216 bytes

"#]]
    );
    assert_answer!(
        shell(&context, "yes | \"$anvil\" render a -p x=@-"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1003]: what comes on stdin is larger than 16777216 bytes

"#]]
    );
    assert_eq!(context.anvil(&["render", "a", "--params", "/dev/zero"]).code, 1);
}

#[test]
fn a_manifest_and_a_lock_that_are_links_stay_links() {
    let context = project();
    fs::create_dir(context.path("elsewhere")).unwrap();
    let there = |name: &str| context.path("elsewhere").join(name);
    for name in ["anvil.toml", "anvil.lock"] {
        fs::rename(context.project().join(name), there(name)).unwrap();
        symlink(there(name), context.project().join(name)).unwrap();
    }
    context.anvil(&["remove", "core/tone"]).success();
    context.anvil(&["add", "core/tone"]).success();
    fs::remove_file(there("anvil.lock")).unwrap();
    context.anvil(&["lock"]).success();
    for name in ["anvil.toml", "anvil.lock"] {
        assert!(context.project().join(name).is_symlink(), "{name}");
        assert!(fs::read_to_string(there(name)).unwrap().contains("core/tone"), "{name}");
    }
    fs::remove_dir_all(context.path("elsewhere")).unwrap();
    fs::remove_file(context.project().join("anvil.toml")).unwrap();
    context.git(&["checkout", "--quiet", "anvil.toml"]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: cannot follow the link `[ROOT]/project/anvil.lock`: No such file or directory (os error 2)

"#]]
    );
    assert!(state(&context) == before && !context.path("elsewhere").exists());
}

#[test]
fn a_manifest_that_is_committed_as_a_link_is_told_as_one() {
    let context = project();
    fs::rename(context.project().join("anvil.toml"), context.project().join("real.toml")).unwrap();
    symlink("real.toml", context.project().join("anvil.toml")).unwrap();
    context.commit("Link");
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1041]: `anvil.toml` belongs to the set and is a symbolic link
  = help: a set is published with its manifest: put the file itself there, and commit that

"#]]
    );
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1041]: `anvil.toml` belongs to the set and is a symbolic link
  = help: a set is published with its manifest: put the file itself there, and commit that

"#]]
    );
}

#[test]
fn a_file_in_the_place_of_the_cache_is_told_with_what_names_it() {
    let context = project();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    context.write("file", "mine");
    let with = |arguments: &[&str]| {
        let mut command = context.anvil_command(arguments);
        command.env("ANVIL_CACHE_DIR", context.project().join("file"));
        context.run(command, "")
    };
    assert_answer!(
        with(&["pull"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0908]: there is no place for the cache: `[ROOT]/project/file` is no folder
  = help: see where the cache is, and what says so: `anvil config list`
  = help: set `ANVIL_CACHE_DIR` to a folder, or the setting `cache-dir`

"#]]
    );
    assert_eq!(with(&["cache", "clean", "--yes"]).code, 3);
    with(&["lock", "--check"]).success();
    assert_eq!(context.read("file"), "mine");

    let server = Server::serve(context.path("registry"));
    context.write("web/anvil.toml", format!("[registries]\ndefault = \"{}\"\n", server.url("")));
    let web = context.project().join("web").display().to_string();
    assert_answer!(
        with(&["-C", &web, "add", "core/tone"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0908]: there is no place for the cache: `[ROOT]/project/file` is no folder
  = help: see where the cache is, and what says so: `anvil -C [ROOT]/project/web config list`
  = help: set `ANVIL_CACHE_DIR` to a folder, or the setting `cache-dir`

"#]]
    );
}

#[test]
fn a_file_in_the_place_of_a_registrys_locks_is_told_alike_by_all() {
    let context = project();
    let _ = fs::remove_dir_all(context.path("registry/.locks"));
    context.write("../registry/.locks", "x");
    assert_answer!(
        context.anvil(&["registry", "rebuild", "../registry"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0901]: `[ROOT]/registry/.locks` is no folder, and one is needed there
  = help: move `[ROOT]/registry/.locks` away, then run the command again

"#]]
    );
    assert_answer!(
        context.anvil(&["yank", "core/tone@1.0.0", "--reason", "other"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0901]: `[ROOT]/registry/.locks` is no folder, and one is needed there
  = help: move `[ROOT]/registry/.locks` away, then run the command again

"#]]
    );
}
