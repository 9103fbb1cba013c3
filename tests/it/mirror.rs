//! `anvil registry mirror`: all of a registry, some of it, or what a lock needs, copied into a folder.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::Shelf;
use serde_json::json;
use snapbox::str;
use std::fs;
use std::time::{Duration, Instant};

const ID: &str = "prompts.example.com/acme";

/// A registry with three sets, one of which needs another.
fn shelf() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", ID);
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1"]);
    shelf.publish("support/onboarding 2.0.0", &[]);
    shelf.channel("stable", "style/voice 1.0.0");
    (context, shelf)
}

fn mirror(context: &TestContext, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(&[&["registry", "mirror"], arguments].concat());
    command.env("ANVIL_HTTP_RETRIES", "0");
    context.run(command, "")
}

/// Asserts that the mirror is sound by itself.
#[track_caller]
fn sound(context: &TestContext) {
    let answer = context.anvil(&["registry", "verify", "../mirror"]).success();
    assert!(
        answer.stdout.ends_with("all is as it should be\n") && answer.stdout.lines().count() == 1,
        "{}",
        answer.shown()
    );
}

/// Returns the files of the registry in `folder` that readers see.
fn published(context: &TestContext, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = context.files(folder);
    files.retain(|(path, _)| !path.starts_with(".locks/"));
    files
}

#[test]
fn all_of_a_folder_is_copied_to_the_byte_and_once() {
    let (context, shelf) = shelf();
    assert_answer!(
        mirror(&context, &["../registry", "../mirror", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would take over the channels of style/voice
would copy 4 versions of 3 sets of `prompts.example.com/acme` into [ROOT]/mirror (925 bytes)
--- stderr

"#]]
    );
    assert!(!context.path("mirror").exists(), "a plan made a folder");
    assert_answer!(
        mirror(&context, &["../registry", "../mirror"]),
        str![[r#"
exit: 0
--- stdout
took over the channels of style/voice
copied 4 versions of 3 sets of `prompts.example.com/acme` into [ROOT]/mirror (925 bytes)
--- stderr
next: write `default = { url = "../mirror", id = "prompts.example.com/acme" }` under [registries] in the anvil.toml of a project beside it, then `anvil pull`

"#]]
    );
    sound(&context);
    assert_eq!(published(&context, "../mirror"), published(&context, "../registry"));
    let before = context.files("../mirror");
    assert_answer!(
        mirror(&context, &["../registry", "../mirror"]),
        str![[r#"
exit: 0
--- stdout
[ROOT]/mirror has 4 versions of 3 sets of `prompts.example.com/acme` already
--- stderr

"#]]
    );
    assert_eq!(context.files("../mirror"), before);
    shelf.publish("core/tone 1.4.3", &[]);
    let more = mirror(&context, &["../registry", "../mirror"]).success();
    let told = "copied 1 version of 1 set of `prompts.example.com/acme` into ";
    assert!(more.stdout.contains(told) && more.stdout.contains(", 4 were there already\n"), "{}", more.shown());
}

#[test]
fn a_private_host_is_copied_and_followed() {
    let (context, shelf) = shelf();
    let server = Server::serve(&shelf.root);
    server.require("Bearer hush-7d1f0c");
    let run = |arguments: &[&str]| {
        let mut command =
            context.anvil_command(&[&["registry", "mirror", &server.url(""), "../mirror"], arguments].concat());
        command.env(server.variable(), "hush-7d1f0c");
        context.run(command, "")
    };
    run(&[]).success();
    sound(&context);
    assert_eq!(published(&context, "../mirror"), published(&context, "../registry"));

    shelf.publish("style/voice 1.2.0", &[]);
    shelf.yank("style/voice 1.0.0", "leaks");
    shelf.deprecate("core/tone 1.4.2", "use voice", Some("style/voice"));
    shelf.channel("stable", "style/voice 1.2.0");
    server.forget();
    let planned = run(&["--dry-run", "--format", "json"]).success().json();
    let done = run(&["--format", "json"]).success().json();
    assert_eq!(server.count("/bundles/style/voice/voice-1.2.0"), 2, "its bundle and its statement");
    assert_eq!(server.requests().iter().filter(|request| request.path.ends_with(".tar.gz")).count(), 1);
    assert_eq!(
        done["changes"],
        json!([
            { "name": "core/tone", "version": "1.4.2", "change": "changed" },
            { "name": "style/voice", "version": "1.2.0", "change": "added" },
            { "name": "style/voice", "version": "1.0.0", "change": "changed" },
        ])
    );
    assert_eq!(done["channels"], json!(["style/voice"]));
    for field in ["changes", "channels", "size", "outcome", "checked", "findings", "ok"] {
        assert_eq!(planned[field], done[field], "{field}");
    }
    sound(&context);
    assert_eq!(published(&context, "../mirror"), published(&context, "../registry"));
    for file in context.files("../mirror").into_iter().chain(context.files("../cache")) {
        assert!(!String::from_utf8_lossy(&file.1).contains("hush"), "{}", file.0);
    }
}

#[test]
fn some_sets_are_copied_by_pattern_or_by_name() {
    let (context, shelf) = shelf();
    let copied = |arguments: &[&str]| {
        let answer = mirror(&context, &[arguments, &["--dry-run", "--format", "json"]].concat()).success();
        let changes = answer.json()["changes"].clone();
        let mut names: Vec<String> =
            changes.as_array().unwrap().iter().map(|change| change["name"].as_str().unwrap().to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(copied(&["../registry", "../mirror", "st*/*"]), ["style/voice"]);
    assert_eq!(
        copied(&["../registry", "../mirror", "*/tone", "support/onboarding"]),
        ["core/tone", "support/onboarding"]
    );
    // A host without a catalog can be asked for what is named in full.
    fs::remove_file(shelf.root.join("catalog.jsonl")).unwrap();
    let server = Server::serve(&shelf.root);
    assert_eq!(copied(&[&server.url(""), "../mirror", "core/tone"]), ["core/tone"]);
    for arguments in [&["*/tone"][..], &[]] {
        let answer = mirror(&context, &[&[server.url("").as_str(), "../mirror"], arguments].concat());
        assert_eq!(answer.code, 1);
        assert!(answer.stderr.starts_with("error[A1174]"), "{}", answer.shown());
    }
    assert!(!context.path("mirror").exists());
}

#[test]
fn what_a_lock_needs_is_enough_to_pull_from() {
    let (context, shelf) = shelf();
    context.write(
        "anvil.toml",
        format!("[registries]\ndefault = {{ url = \"../registry\", id = \"{ID}\" }}\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n"),
    );
    context.anvil(&["lock"]).success();
    shelf.publish("style/voice 1.2.0", &[]);
    shelf.channel("stable", "style/voice 1.2.0");
    shelf.channel("old", "style/voice 1.1.0");
    assert_answer!(
        mirror(&context, &["default", "../mirror", "--lock"]),
        str![[r#"
exit: 0
--- stdout
took over the channels of style/voice
copied 2 versions of 2 sets of `prompts.example.com/acme` into [ROOT]/mirror (472 bytes)
--- stderr
next: write `default = { url = "../mirror", id = "prompts.example.com/acme" }` under [registries] in anvil.toml, then `anvil pull`

"#]]
    );
    sound(&context);
    assert_eq!(fs::read_to_string(context.path("mirror/channels/style/voice.json")).unwrap(), "{\"old\":\"1.1.0\"}\n");
    fs::rename(&shelf.root, context.path("gone")).unwrap();
    context.write("anvil.toml", context.read("anvil.toml").replace("../registry", "../mirror"));
    let lock = context.read("anvil.lock");
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["verify"]).success();
    assert_eq!(context.read("anvil.lock"), lock);

    // From elsewhere, by the lock's file or its folder, and with patterns among them.
    fs::rename(context.path("gone"), &shelf.root).unwrap();
    let elsewhere = context.path("tmp");
    for lock in ["../project", "../project/anvil.lock"] {
        let mut command =
            context.anvil_command(&["registry", "mirror", "../registry", "../two", "core/*", "--lock", lock]);
        command.current_dir(&elsewhere);
        assert!(context.run(command, "").success().stdout.contains("1 version of 1 set"));
    }
}

#[test]
fn what_cannot_be_copied_is_named_and_the_rest_is_copied() {
    let (context, shelf) = shelf();
    shelf.publish("a/cut 1.0.0", &[]);
    shelf.publish("a/gone 1.0.0", &[]);
    shelf.publish("a/other 1.0.0", &[]);
    fs::write(shelf.bundle("a/cut 1.0.0"), "short").unwrap();
    fs::remove_file(shelf.bundle("style/voice 1.0.0")).unwrap();
    let index = shelf.root.join("index/core/tone.jsonl");
    fs::write(&index, [b"garbage\n".as_slice(), &fs::read(&index).unwrap()].concat()).unwrap();
    fs::remove_file(shelf.root.join("index/a/gone.jsonl")).unwrap();
    fs::write(shelf.root.join("channels/style/voice.json"), "[]").unwrap();
    let server = Server::serve(&shelf.root);
    let answer = mirror(&context, &[&server.url(""), "../mirror"]);
    assert_answer!(
        answer,
        str![[r#"
exit: 1
--- stdout
fault: bundles/a/cut/cut-1.0.0-[SHORT].tar.gz: the bundle of a/cut 1.0.0 from `http://[HOST]` is not the one that was promised: it has 5 bytes, not 220
fault: bundles/style/voice/voice-1.0.0-[SHORT].tar.gz: the registry at `http://[HOST]` lists style/voice 1.0.0 and has no bundle of it
fault: channels/style/voice.json: invalid type: sequence, expected a map at line 1 column 0
fault: index/a/gone.jsonl: the registry lists a/gone and has no index of it
fault: index/core/tone.jsonl: line 1: expected value at column 1
copied 4 of 6 versions of 6 sets of `prompts.example.com/acme` into [ROOT]/mirror (924 bytes); 5 files could not be copied
--- stderr
help: what is not there comes once the registry's owner has mended it and this is run again

"#]]
    );
    sound(&context);
    // Once the source is mended the rest comes.
    shelf.publish("a/gone 1.0.0", &[]);
    fs::remove_file(shelf.bundle("a/cut 1.0.0")).unwrap();
    shelf.publish("a/cut 1.0.0", &[]);
    let again = mirror(&context, &[&server.url(""), "../mirror", "--format", "json"]);
    let value = again.json();
    assert_eq!((again.code, &value["errors"], &value["ok"]), (1, &json!(3), &json!(false)));
    sound(&context);
}

#[test]
fn a_run_that_is_broken_off_is_gone_on_with() {
    let (context, shelf) = shelf();
    for patch in 0..12 {
        shelf.publish(&format!("many/versions 1.0.{patch}"), &[]);
    }
    let server = Server::serve(&shelf.root);
    // By a host that goes away.
    server.fault("/bundles/many/versions/versions-1.0.7", Fault::Status(500));
    let answer = mirror(&context, &[&server.url(""), "../mirror"]);
    assert_eq!(answer.code, 5, "{}", answer.shown());
    context.anvil(&["registry", "verify", "../mirror"]).success();
    server.mend();
    // By being killed.
    server.fault("/bundles/many/versions/versions-1.0.7", Fault::Delay(Duration::from_secs(20)));
    let mut command = context.anvil_command(&["registry", "mirror", &server.url(""), "../mirror"]);
    let mut child = command.spawn().unwrap();
    let began = Instant::now();
    let is_kept = || fs::read_dir(context.path("mirror/bundles/many/versions")).is_ok_and(|files| files.count() >= 8);
    while !is_kept() && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(is_kept(), "nothing was kept");
    child.kill().unwrap();
    child.wait().unwrap();
    context.anvil(&["registry", "verify", "../mirror"]).success();
    server.mend();
    server.forget();
    mirror(&context, &[&server.url(""), "../mirror"]).success();
    let fetched = server.requests().iter().filter(|request| request.path.ends_with(".tar.gz")).count();
    assert!((1..=8).contains(&fetched), "{fetched} bundles were fetched again");
    context.anvil(&["registry", "verify", "../mirror"]).success();
    assert_eq!(
        fs::read(context.path("mirror/catalog.jsonl")).unwrap(),
        fs::read(shelf.root.join("catalog.jsonl")).unwrap()
    );
}

#[test]
fn statements_and_signatures_come_along() {
    let (context, shelf) = shelf();
    let statement = |set: &str| {
        let bundle = shelf.bundle(set).display().to_string();
        bundle.strip_suffix(".tar.gz").unwrap().to_owned() + ".statement.json"
    };
    let (one, two) = (statement("core/tone 1.4.2"), statement("support/onboarding 2.0.0"));
    for (path, text) in [
        (one.clone(), "{}\n"),
        (format!("{one}.0123456789abcdef.sig"), "signed\n"),
        (format!("{one}.notes"), "not copied\n"),
        (two.clone(), "{\"two\":2}\n"),
        (format!("{two}.fedcba9876543210.sig"), "signed, too\n"),
    ] {
        fs::write(path, text).unwrap();
    }
    // A host cannot list them: its index lines name the keys.
    let index = shelf.root.join("index/core/tone.jsonl");
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, text.replacen("{", "{\"signatures\":[\"0123456789abcdef\"],", 1)).unwrap();
    context.anvil(&["registry", "rebuild", "../registry"]).success();
    mirror(&context, &["../registry", "../mirror"]).success();
    let there = |folder: &str| {
        let mut files: Vec<(String, Vec<u8>)> = context.files(&format!("../{folder}/bundles"));
        files.retain(|(path, _)| path.ends_with(".sig") || path.ends_with(".json"));
        files
    };
    assert_eq!(there("mirror"), there("registry"));
    assert_eq!(there("mirror").len(), 4);
    let server = Server::serve(&shelf.root);
    mirror(&context, &[&server.url(""), "../far"]).success();
    assert_eq!(there("far").len(), 3, "{:?}", there("far"));
    fs::write(&two, "{\"two\":3}\n").unwrap();
    sound(&context);
}

#[test]
fn what_is_no_place_or_no_choice_is_refused() {
    let (context, shelf) = shelf();
    Shelf::new(&context, "other", "other");
    context.write("notes/x.txt", "x");
    context.write("anvil.toml", "");
    for (arguments, code, error) in [
        (&["../registry", "../other"][..], 1, "A0617"),
        (&["../registry", "notes"], 1, "A0617"),
        (&["../registry", "../registry"], 1, "A0617"),
        (&["../registry", "../registry/copies/one"], 1, "A0617"),
        (&["../registry", "http://127.0.0.1:1"], 1, "A1090"),
        (&["../none", "../mirror"], 1, "A0609"),
        (&["../registry", "../mirror", "x/*"], 1, "A1173"),
        (&["../registry", "../mirror", "/x"], 2, "A1173"),
        (&["../registry", "../mirror", "--lock"], 1, "A1032"),
        (&["http://127.0.0.1:1", "../mirror"], 5, "A0606"),
        (&["nobody", "../mirror"], 1, "A1034"),
    ] {
        let answer = mirror(&context, arguments);
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.shown());
        assert!(answer.stderr.starts_with(&format!("error[{error}]")), "{arguments:?}: {}", answer.shown());
        let says_how = answer.stderr.contains("help: or give its URL or folder in place of its name");
        assert_eq!(says_how, error == "A1034", "it has no `--registry`: {}", answer.shown());
    }
    context.write("anvil.toml", "[registries]\ndefault = \"../other\"\n\n[dependencies]\n\"a/b\" = \"^1\"\n");
    Shelf { root: context.path("other") }.publish("a/b 1.0.0", &[]);
    context.anvil(&["lock"]).success();
    let answer = mirror(&context, &["../registry", "../mirror", "--lock"]);
    assert!(answer.stderr.contains("locks no set of the registry `prompts.example.com/acme`; its sets are of `other`"));
    assert!(!context.path("mirror").exists());
    drop(shelf);
}

#[test]
fn what_the_mirror_has_otherwise_stays() {
    let (context, shelf) = shelf();
    mirror(&context, &["../registry", "../mirror"]).success();
    let own = Shelf { root: context.path("mirror") };
    own.publish("local/own 1.0.0", &[]);
    own.publish("style/voice 1.3.0", &[]);
    shelf.publish_files("style/voice 1.3.0", &[], &[("prompts/house-style.prompt.md", "Another one.\n")]);
    let answer = mirror(&context, &["../registry", "../mirror"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.stdout.contains("the mirror has style/voice 1.3.0 with other content, which stays"),
        "{}",
        answer.shown()
    );
    sound(&context);
    assert!(context.path("mirror/index/local/own.jsonl").exists());
}
