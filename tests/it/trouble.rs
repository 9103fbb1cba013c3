//! What no command can help: a full disk, a folder that cannot be written, Ctrl-C. Nothing may be
//! half-done after it, and the same command must go on where it was stopped.

use crate::context::TestContext;
use crate::server::{Fault, Server};
use crate::shelf::{Shelf, state};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs `script` with a file system of its own mounted at `folder` by `mount`, in namespaces that end
/// with it. Returns nothing, with one line said, where the system allows no such thing.
fn with_mount(context: &TestContext, mount: &str, folder: &Path, script: &str) -> Option<(i32, String)> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("skipped: `unshare -rm` is not allowed here, so no full or read-only disk can be made");
        return None;
    }
    let mut command = context.command("unshare");
    let script = format!("set -e; {mount}; {script}");
    command.args(["-rm", "sh", "-c", &script]).env("AT", folder).env("ANVIL", env!("CARGO_BIN_EXE_anvil"));
    let answer = context.run(command, "");
    Some((answer.code, answer.stderr))
}

fn application(context: &TestContext) -> Shelf {
    let shelf = Shelf::new(context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    shelf
}

#[test]
fn a_full_disk_is_said_and_leaves_what_was() {
    let context = TestContext::new();
    application(&context);
    let before = state(&context);
    // The project's folder is on a disk with room for its manifest and no more: it is copied there first.
    let mount = "cp -a \"$AT\" \"$AT.aside\"; mount -t tmpfs -o size=8k,nr_inodes=12 none \"$AT\"; \
                 cp \"$AT.aside/anvil.toml\" \"$AT/\"";
    let script = "cd \"$AT\"; set +e; \"$ANVIL\" pull; code=$?; echo left: >&2; find . >&2; exit $code";
    let Some((code, stderr)) = with_mount(&context, mount, &context.project(), script) else { return };
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("error[A0901]: cannot "), "{stderr}");
    assert!(stderr.contains("No space left on device"), "{stderr}");
    assert!(stderr.contains("anvil cache clean") && !stderr.contains(".anvil-tmp-"), "{stderr}");
    let (_, left) = stderr.split_once("left:").unwrap();
    assert!(!left.contains("anvil.lock"), "a lock was written though its sets are not in place:\n{stderr}");
    assert!(!left.contains(".anvil-tmp-"), "something temporary was left:\n{stderr}");
    assert_eq!(state(&context), before);
}

#[test]
fn a_read_only_folder_is_said_and_the_same_command_goes_on_once_it_is_writable() {
    let context = TestContext::new();
    application(&context);
    let mount = "mount --bind \"$AT\" \"$AT\"; mount -o remount,bind,ro \"$AT\"";
    let script = "cd \"$AT\"; exec \"$ANVIL\" pull";
    let Some((code, stderr)) = with_mount(&context, mount, &context.project(), script) else { return };
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("error[A0901]: cannot ") && stderr.contains("Read-only file system"), "{stderr}");
    assert!(!stderr.contains(".anvil-tmp-"), "{stderr}");
    assert!(!context.path("project/anvil.lock").exists());
    context.anvil(&["pull"]).success();
    context.anvil(&["verify"]).success();
}

#[cfg(unix)]
#[test]
fn a_registry_that_cannot_be_made_leaves_no_folder() {
    let context = TestContext::new();
    context.write("kept/notes.txt", "");
    std::fs::create_dir(context.path("project/empty")).unwrap();
    for folder in ["new/registry", "kept/registry", "empty"] {
        let mut command = context.command("sh");
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" registry init \"$1\" --id test";
        command.args(["-c", script, env!("CARGO_BIN_EXE_anvil"), folder]);
        let answer = context.run(command, "");
        assert_eq!(answer.code, 3, "{}", answer.shown());
        assert!(answer.stderr.starts_with("error[A0901]: cannot write `"), "{}", answer.stderr);
        let at = format!("{folder}/anvil-registry.json`: ");
        assert!(answer.stderr.contains(&at) && !answer.stderr.contains(".anvil-tmp-"), "{}", answer.stderr);
    }
    assert!(!context.path("project/new").exists() && !context.path("project/kept/registry").exists());
    assert!(context.path("project/empty").is_dir(), "a folder that was there is kept");
    context.anvil(&["registry", "init", "new/registry", "--id", "test"]).success();
}

#[test]
fn a_registry_that_cannot_be_written_keeps_what_it_has() {
    let context = TestContext::new();
    application(&context);
    context.write(
        "anvil.toml",
        "[set]\nname = \"core/tone\"\nversion = \"2.0.0\"\n\n[registries]\ndefault = \"../registry\"\n",
    );
    context.write("prompts/new.prompt.md", "New.\n");
    let registry = context.path("registry");
    let index = || std::fs::read(registry.join("index/core/tone.jsonl")).unwrap();
    let before = index();
    let mount = "mount --bind \"$AT\" \"$AT\"; mount -o remount,bind,ro \"$AT\"";
    let Some((code, stderr)) = with_mount(&context, mount, &registry, "exec \"$ANVIL\" push --allow-dirty") else {
        return;
    };
    assert_eq!(code, 3, "{stderr}");
    assert_eq!(index(), before);
    context.anvil(&["push", "--allow-dirty"]).success();
    context.anvil(&["registry", "verify", "../registry"]).success();
}

/// Ends `pull` at ever later moments, while it writes many files at once.
#[test]
#[cfg(unix)]
fn ctrl_c_leaves_nothing_temporary_at_any_moment() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    let mut manifest = "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n".to_owned();
    for number in 0..24 {
        let paths: Vec<String> = (0..12).map(|at| format!("prompts/deep-{at}/p-{at}.prompt.md")).collect();
        let texts: Vec<String> = (0..12).map(|at| format!("This is {at} of {number}.\n")).collect();
        let files: Vec<_> = paths.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        shelf.publish_files(&format!("many/set-{number} 1.0.0"), &[], &files);
        manifest.push_str(&format!("\"many/set-{number}\" = \"*\"\n"));
    }
    context.write("anvil.toml", manifest);
    for step in 0..30 {
        let mut command = context.anvil_command(&["pull"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 + step * 3));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let status = child.wait().unwrap();
        assert!(matches!(status.code(), Some(0 | 130)) || status.code().is_none(), "{status}");
        let left: Vec<String> = context.files("..").into_iter().map(|(path, _)| path).collect();
        let left: Vec<&String> = left.iter().filter(|path| path.contains(".anvil-tmp-")).collect();
        assert!(left.is_empty(), "after {step} steps: {left:?}");
        for folder in ["cache", "project/.anvil"] {
            let _ = std::fs::remove_dir_all(context.path(folder));
        }
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_with_130_and_the_next_pull_completes_it() {
    let context = TestContext::new();
    application(&context);
    let server = Server::serve(context.path("registry"));
    context.write(
        "anvil.toml",
        format!("[registries]\ndefault = \"{}\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n", server.url("")),
    );
    server.fault("/bundles/core", Fault::Delay(Duration::from_secs(30)));

    let mut command = context.anvil_command(&["pull"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    // Both bundles are asked for at once, and a request is counted when it was answered.
    while server.count("/bundles/style") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no bundle was asked for");
        std::thread::sleep(Duration::from_millis(10));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(20), "it waited for the server");
    assert!(!context.path("project/anvil.lock").exists(), "a lock was written though its sets are not in place");
    let leftovers = context.files("").into_iter().filter(|(path, _)| path.contains(".anvil-tmp-"));
    assert_eq!(leftovers.count(), 0, "something temporary was left");

    server.mend();
    context.anvil(&["pull"]).success();
    context.anvil(&["verify"]).success();
}
