//! Registries over HTTP that misbehave: each fault has its own error and exit code, and leaves the
//! project as it was.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::{Shelf, state};
use anvil::digest::Sha256;
use snapbox::str;
use std::fs;
use std::time::Duration;

/// An application that has `core/tone` locked from a registry over HTTP, and nothing pulled yet.
fn project() -> (TestContext, Shelf, Server) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    let server = Server::serve(&shelf.root);
    let registries = format!("[registries]\ndefault = \"{}\"\n", server.url(""));
    context.write("anvil.toml", registries + "\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    (context, shelf, server)
}

fn anvil(context: &TestContext, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(arguments);
    command.env("ANVIL_HTTP_RETRIES", "0");
    context.run(command, "")
}

/// Runs `pull` while the server has `fault` at `prefix`; nothing may change, and without the fault it works.
#[track_caller]
fn pull_with(prefix: &str, fault: Fault) -> Answer {
    let (context, _shelf, server) = project();
    let before = state(&context);
    let mut command = context.anvil_command(&["pull"]);
    // Short only where it is waited for: a busy machine may be slow.
    let timeout = if matches!(fault, Fault::Delay(_) | Fault::Drip(..)) { "1" } else { "30" };
    command.env("ANVIL_HTTP_RETRIES", "0").env("ANVIL_HTTP_TIMEOUT", timeout);
    server.fault(prefix, fault);
    let answer = context.run(command, "");
    assert_eq!(state(&context), before, "{}", answer.shown());
    server.mend();
    anvil(&context, &["pull"]).success();
    anvil(&context, &["verify"]).success();
    answer
}

#[test]
fn a_registry_that_does_not_answer_is_unreachable() {
    let (context, _shelf, server) = project();
    drop(server);
    let before = state(&context);
    assert_answer!(
        anvil(&context, &["pull"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/anvil-registry.json: the connection was refused

"#]]
    );
    for command in [&["lock"][..], &["add", "a/b"], &["update"], &["pull"]] {
        assert_eq!(anvil(&context, command).code, 5);
    }
    assert_eq!(state(&context), before);
}

#[test]
fn connections_that_break_are_unreachable_too() {
    assert_answer!(
        pull_with("/", Fault::HangUp),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/anvil-registry.json: connection closed before message completed

"#]]
    );
    assert_answer!(
        pull_with("/index/style", Fault::CutAfter(10)),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/index/style/voice.jsonl: the answer was cut off

"#]]
    );
    assert_answer!(
        pull_with("/bundles/style", Fault::CutAfter(10)),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/bundles/style/voice/voice-1.0.0-[SHORT].tar.gz: the answer was cut off

"#]]
    );
    assert_answer!(
        pull_with("/index/core", Fault::Delay(Duration::from_secs(3))),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/index/core/tone.jsonl: nothing came for [TIME]

"#]]
    );
}

#[test]
fn statuses_have_exit_codes() {
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Status(500)),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/anvil-registry.json: it answered 500 Internal Server Error

"#]]
    );
    assert_answer!(
        pull_with("/index/style", Fault::Status(503)),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://[HOST]/index/style/voice.jsonl: it answered 503 Service Unavailable

"#]]
    );
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Status(401)),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://[HOST]/anvil-registry.json answered 401: authentication is needed, and there are no credentials for http://[HOST]
  = help: keep some with: `anvil login http://[HOST]`
  = help: where nobody can be asked, set `[VARIABLE]` to a token

"#]]
    );
    assert_answer!(
        pull_with("/bundles/style", Fault::Status(403)),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://[HOST]/bundles/style/voice/voice-1.0.0-[SHORT].tar.gz answered 403: authentication is needed, and there are no credentials for http://[HOST]
  = help: keep some with: `anvil login http://[HOST]`
  = help: where nobody can be asked, set `[VARIABLE]` to a token

"#]]
    );
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Status(404)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0609]: there is no registry at `http://[HOST]`: it has no `anvil-registry.json`
  = help: the place in anvil.toml is the registry's root; check its spelling

"#]]
    );
    assert_answer!(
        pull_with("/index/style", Fault::Status(404)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `style/voice` does not exist in test
    core/tone 1.4.2 needs style/voice ^1.0
      core/tone: anvil.toml:5 -> core/tone ^1.4
      style/voice: does not exist in test

"#]]
    );
    assert_answer!(
        pull_with("/bundles/style", Fault::Status(404)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0611]: the registry at `http://[HOST]` lists style/voice 1.0.0 and has no bundle of it
  = help: tell the registry's owner; nothing was kept

"#]]
    );
}

#[test]
fn a_page_is_no_registry() {
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Html),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0608]: http://[HOST]/anvil-registry.json answered with a web page, not with a registry file

"#]]
    );
    assert_answer!(
        pull_with("/index/style", Fault::Html),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0608]: http://[HOST]/index/style/voice.jsonl answered with a web page, not with an index

"#]]
    );
    assert_answer!(
        pull_with("/bundles/style", Fault::Html),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0608]: http://[HOST]/bundles/style/voice/voice-1.0.0-[SHORT].tar.gz answered with a web page, not with a bundle

"#]]
    );
}

#[test]
fn bytes_that_were_not_promised_are_not_used() {
    assert_answer!(
        pull_with("/bundles/style", Fault::Body(b"something else".to_vec())),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0611]: the bundle of style/voice 1.0.0 from `http://[HOST]` is not the one that was promised: it has 14 bytes, not [..]
  = help: tell the registry's owner; nothing was kept

"#]]
    );
    assert_answer!(
        pull_with("/index/style", Fault::Body(b"{}\n".to_vec())),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 1 of the index of style/voice is not valid: missing field `v` at column 2, at `http://[HOST]`
  = help: tell the registry's owner; nothing was kept

"#]]
    );
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Body(b"{\"format\":1}".to_vec())),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0601]: the registry at `http://[HOST]` cannot be used: `anvil-registry.json` is not valid: missing field `id` at line 1 column 12

"#]]
    );
    let other = b"{\"format\":1,\"id\":\"prompts.example.com/acme\",\"api\":null}\n".to_vec();
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Body(other)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0604]: the registry at `http://[HOST]` says that it is `prompts.example.com/acme`, and is not believed
  = help: if you trust this copy, vouch for it under [registries] in anvil.toml: `default = { url = "http://[HOST]", id = "prompts.example.com/acme" }`

"#]]
    );
    let newer = b"{\"format\":9,\"id\":\"test\",\"api\":null}\n".to_vec();
    assert_answer!(
        pull_with("/anvil-registry.json", Fault::Body(newer)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0601]: the registry at `http://[HOST]` cannot be used: `anvil-registry.json` has format 9, and this Anvil reads up to 1
  = help: upgrade anvil

"#]]
    );
}

/// Puts `bytes` in place of the bundle of `set`, with `change` made to its index line and the right checksum in it.
fn replace_bundle(shelf: &Shelf, set: &str, bytes: &[u8], change: impl Fn(&mut serde_json::Value)) {
    let name = set.split_once(' ').unwrap().0;
    let old = shelf.bundle(set);
    let sha256 = Sha256::of(bytes);
    let stem = old.file_name().unwrap().to_str().unwrap().rsplit_once('-').unwrap().0.to_owned();
    fs::remove_file(&old).unwrap();
    fs::write(old.with_file_name(format!("{stem}-{}.tar.gz", sha256.short())), bytes).unwrap();
    change_line(shelf, name, |line| {
        line["sha256"] = sha256.to_string().into();
        line["size"] = bytes.len().into();
        change(line);
    });
}

/// Changes the one index line of `name`.
fn change_line(shelf: &Shelf, name: &str, change: impl Fn(&mut serde_json::Value)) {
    let index = shelf.root.join("index").join(format!("{name}.jsonl"));
    let mut line: serde_json::Value = serde_json::from_str(&fs::read_to_string(&index).unwrap()).unwrap();
    change(&mut line);
    fs::write(&index, format!("{line}\n")).unwrap();
}

#[test]
fn what_is_no_bundle_is_not_kept() {
    let (context, shelf, server) = project();
    let good = fs::read(shelf.bundle("style/voice 1.0.0")).unwrap();
    replace_bundle(&shelf, "style/voice 1.0.0", b"no archive at all", |_| {});
    let answer = anvil(&context, &["pull"]);
    assert!(answer.code == 1 && answer.stderr.contains("error[A07"), "{}", answer.shown());
    assert!(!context.path("project/anvil.lock").exists());
    let kept = Sha256::of("no archive at all").to_string();
    let cached = context.path("cache/bundles-v1").join(&kept[..2]).join(format!("{kept}.tar.gz"));
    assert!(!cached.exists());
    // Hence it is asked for again.
    server.forget();
    assert_eq!(anvil(&context, &["pull"]).code, 1);
    assert_eq!(server.count("/bundles/style"), 1);
    replace_bundle(&shelf, "style/voice 1.0.0", &good, |_| {});
    anvil(&context, &["pull"]).success();
}

#[test]
fn a_bundle_of_another_size_than_the_index_says_is_not_taken() {
    let (context, shelf, _server) = project();
    let good = fs::read(shelf.bundle("style/voice 1.0.0")).unwrap();
    replace_bundle(&shelf, "style/voice 1.0.0", &good, |line| line["size"] = 10.into());
    for command in ["pull", "update"] {
        let answer = anvil(&context, &[command]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.contains(&format!("it has {} bytes, not 10", good.len())), "{}", answer.shown());
        assert!(!context.path("project/anvil.lock").exists());
    }
}

#[test]
fn a_set_in_a_later_edition_needs_a_newer_anvil() {
    let (context, shelf, _server) = project();
    change_line(&shelf, "style/voice", |line| line["edition"] = 99.into());
    let answer = anvil(&context, &["lock"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains("1 version can only be read by a newer Anvil"), "{}", answer.shown());
    shelf.publish("style/voice 1.0.1", &[]);
    anvil(&context, &["pull"]).success();
    assert!(context.read("anvil.lock").contains("version = \"1.0.1\""));
}

#[test]
fn a_digest_that_changed_alone_is_told() {
    let (context, shelf, _server) = project();
    anvil(&context, &["pull"]).success();
    let other = format!("h1:{}=", "A".repeat(43));
    change_line(&shelf, "style/voice", |line| line["digest"] = other.clone().into());
    let before = state(&context);
    for command in [&["update"][..], &["add", "style/voice"]] {
        let answer = anvil(&context, command);
        assert!(answer.code == 1 && answer.stderr.contains("error[A1048]"), "{}", answer.shown());
        assert!(answer.stderr.contains(&format!("the registry now says {other}")), "{}", answer.shown());
        assert_eq!(state(&context), before);
    }
}

#[test]
fn a_digest_that_the_index_alone_has_is_not_called_locked() {
    let (context, shelf, _server) = project();
    let other = format!("h1:{}=", "A".repeat(43));
    change_line(&shelf, "style/voice", |line| line["digest"] = other.clone().into());
    assert_answer!(
        anvil(&context, &["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1046]: the content of style/voice 1.0.0 has the digest h1:[DIGEST], but the registry `test` says h1:[DIGEST]
  = help: nothing of it was unpacked or locked; tell whoever tends the registry

"#]]
    );
    anvil(&context, &["lock"]).success();
    let answer = anvil(&context, &["pull"]);
    assert!(answer.stderr.contains(&format!("but {other} is locked")), "{}", answer.shown());
    // Its bytes are the promised ones and its content is not, so it does not stay in the cache.
    let kept: Vec<String> = context.files("../cache/bundles-v1").into_iter().map(|(path, _)| path).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[test]
fn a_version_that_is_published_twice_is_told_apart_from_none() {
    let (context, shelf, _server) = project();
    let index = shelf.root.join("index/style/voice.jsonl");
    let line = fs::read_to_string(&index).unwrap();
    let at = line.find("\"sha256\":\"").unwrap() + "\"sha256\":\"".len();
    fs::write(&index, format!("{line}{}{}{}", &line[..at], "0".repeat(64), &line[at + 64..])).unwrap();
    assert_answer!(
        anvil(&context, &["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `^1.0`
    core/tone 1.4.2 needs style/voice ^1.0
      core/tone: anvil.toml:5 -> core/tone ^1.4
      style/voice: 1.0.0 is published twice, in lines that contradict each other

"#]]
    );
    assert_answer!(
        anvil(&context, &["add", "style/voice@1.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `=1.0.0`
    this command needs style/voice =1.0.0
      style/voice: 1.0.0 is published twice, in lines that contradict each other

"#]]
    );
    assert_answer!(
        anvil(&context, &["render", "style/voice/house-style", "--registry", "../registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1082]: the registry `test` has no style/voice that can be used
  = help: 1.0.0 is published twice, in lines that contradict each other, so neither is used; tell whoever tends the registry

"#]]
    );
    assert_answer!(
        anvil(&context, &["channel", "set", "stable", "style/voice@1.0.0", "--registry", "../registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0616]: the registry `../registry` has no style/voice 1.0.0
  = help: 1.0.0 is published twice, in lines that contradict each other, so neither is used; tell whoever tends the registry

"#]]
    );
}

#[test]
fn what_is_missing_offline_is_named_with_both_ways_to_get_it() {
    let (context, _shelf, _server) = project();
    anvil(&context, &["pull"]).success();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    fs::remove_dir_all(context.path("cache/bundles-v1")).unwrap();
    assert_answer!(
        anvil(&context, &["pull", "--offline"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0612]: core/tone 1.4.2 and style/voice 1.0.0 are not in the cache, and the network may not be used
  = help: fetch what is missing while there is a network: `anvil pull`
  = help: or take it in from what `anvil export` wrote elsewhere: `anvil import ARCHIVE`

"#]]
    );
    // Of the registry nothing is known either.
    fs::remove_dir_all(context.path("cache")).unwrap();
    let answer = anvil(&context, &["pull", "--locked", "--offline"]);
    assert!(answer.stderr.contains("core/tone 1.4.2 and style/voice 1.0.0 are not in the cache"), "{}", answer.shown());
}

#[test]
fn a_checksum_that_was_changed_in_the_lock_is_doubted_too() {
    let (context, _shelf, _server) = project();
    anvil(&context, &["lock"]).success();
    let lock = context.read("anvil.lock");
    let at = lock.rfind("sha256 = \"").unwrap() + "sha256 = \"".len();
    context.write("anvil.lock", format!("{}{}{}", &lock[..at], "0".repeat(64), &lock[at + 64..]));
    assert_answer!(
        anvil(&context, &["pull", "--locked"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0611]: anvil.lock names the checksum [SHA256] for style/voice 1.0.0, and the registry at `http://[HOST]` has no such bundle: one of the two was changed
  = help: see whether the lock was changed: `git diff anvil.lock`
  = help: see what the registry says of it now: `anvil update style/voice`

"#]]
    );
}

#[test]
fn a_registry_that_became_another_one_is_not_asked_for_what_is_locked() {
    let (context, _shelf, server) = project();
    anvil(&context, &["lock"]).success();
    let other = b"{\"format\":1,\"id\":\"other\",\"api\":null}\n".to_vec();
    fs::remove_dir_all(context.path("cache")).unwrap();
    server.fault("/anvil-registry.json", Fault::Body(other));
    let before = state(&context);
    assert_answer!(
        anvil(&context, &["pull", "--locked"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1035]: no registry in `[ROOT]/project/anvil.toml` is `test`: `default` is `other`
  = help: add the registry that is `test` to anvil.toml, under [registries]
  = help: to take a set from another registry instead, `anvil remove` it and `anvil add` it again

"#]]
    );
    assert_eq!(state(&context), before);
    // All else would bind the sets to the other registry.
    for command in [&["lock"][..], &["lock", "--check"], &["pull"], &["update"], &["pull", "--locked"]] {
        let answer = anvil(&context, command);
        assert!(answer.code == 1 && answer.stderr.contains("error[A1035]"), "{command:?}: {}", answer.shown());
        assert_eq!(state(&context), before, "{command:?}");
    }
    // The registry is back: what the cache says of it counts where it need not be asked, else it is.
    server.mend();
    server.forget();
    let answer = anvil(&context, &["pull", "--locked"]);
    assert!(answer.code == 1 && server.requests().is_empty(), "{}", answer.shown());
    anvil(&context, &["pull"]).success();
    anvil(&context, &["pull", "--locked"]).success();
}

#[test]
fn a_lock_of_another_registry_is_not_bound_to_the_one_that_took_its_name() {
    let context = TestContext::new();
    let shelves = [("registry", "test"), ("r2", "zzz")].map(|(folder, id)| Shelf::new(&context, folder, id));
    for shelf in &shelves {
        shelf.publish("style/voice 1.0.0", &[]);
        shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    }
    let manifest =
        |folder: &str| format!("[registries]\ndefault = \"../{folder}\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    context.write("anvil.toml", manifest("registry"));
    context.anvil(&["pull"]).success();
    let stays = || {
        let before = state(&context);
        let commands: [&[&str]; 9] = [
            &["verify"],
            &["export", "--output", "../x.tar"],
            &["pull"],
            &["pull", "--locked"],
            &["lock"],
            &["lock", "--check"],
            &["update"],
            &["update", "core/tone"],
            &["add", "style/voice"],
        ];
        for command in commands {
            let answer = context.anvil(command);
            assert!(answer.code == 1 && answer.stderr.contains("error[A1035]"), "{command:?}: {}", answer.shown());
            assert_eq!(state(&context), before, "{command:?}");
        }
    };
    context.write("anvil.toml", manifest("r2"));
    stays();
    // Also where the registry is one of several.
    context.write(
        "anvil.toml",
        manifest("r2").replace("\n\n", "\nmore = { url = \"http://127.0.0.1:1\", id = \"x\" }\n\n"),
    );
    stays();
    // Meant so, it is done set by set.
    context.write("anvil.toml", manifest("r2"));
    context.anvil(&["remove", "core/tone"]).success();
    context.anvil(&["add", "core/tone"]).success();
    assert!(
        context.read("anvil.lock").contains("registry:zzz") && !context.read("anvil.lock").contains("registry:test")
    );
    // One more registry, whatever it is, changes nothing.
    let old = "\nold = \"../registry\"\n\n";
    context.write("anvil.toml", context.read("anvil.toml").replace("\n\n", old));
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn a_version_that_was_published_twice_is_told() {
    let (context, shelf, _server) = project();
    anvil(&context, &["pull"]).success();
    // Somebody replaces a published version behind everyone's back.
    for folder in ["index", "bundles"] {
        fs::remove_dir_all(shelf.root.join(folder).join("style")).unwrap();
    }
    shelf.publish_files("style/voice 1.0.0", &[], &[("prompts/house-style.prompt.md", "Ignore all that.\n")]);
    let before = state(&context);
    assert_answer!(
        anvil(&context, &["update"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1048]: style/voice 1.0.0 is locked with the checksum [SHA256], and the registry now says [SHA256]
  = help: published versions never change: nothing was taken; ask the registry's owner what happened

"#]]
    );
    // What is locked is still there and still right.
    anvil(&context, &["pull", "--locked"]).success();
    anvil(&context, &["verify"]).success();
    assert_eq!(state(&context), before);
}

#[test]
fn a_locked_pull_that_has_everything_asks_nobody() {
    let (context, _shelf, server) = project();
    anvil(&context, &["pull"]).success();
    server.forget();
    anvil(&context, &["pull", "--locked"]).success();
    anvil(&context, &["pull"]).success();
    anvil(&context, &["lock", "--check"]).success();
    anvil(&context, &["verify"]).success();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    anvil(&context, &["pull", "--locked"]).success();
    assert_eq!(server.requests(), []);
    // Offline, whatever the cache holds will do, however old; what it does not hold is named.
    anvil(&context, &["add", "style/voice", "--offline"]).success();
    let before = state(&context);
    assert_answer!(
        anvil(&context, &["add", "legal/disclaimers", "--offline"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0507]: `legal/disclaimers` is not in the cache, and the network may not be used
    this command needs legal/disclaimers *
      legal/disclaimers: is not in the cache
  = help: run it once without `--offline`

"#]]
    );
    assert_eq!(state(&context), before);
    assert_eq!(server.requests(), []);
}

#[test]
fn a_hiccup_is_tried_again() {
    let (context, _shelf, server) = project();
    server.fault_times("/index/style", Fault::Status(503), 1);
    server.fault_times("/bundles/style", Fault::CutAfter(40), 1);
    context.anvil(&["pull"]).success();
    context.anvil(&["verify"]).success();
}

#[test]
fn a_server_that_stalls_is_tried_once_more_and_no_more() {
    let (context, _shelf, server) = project();
    server.fault("/index/core", Fault::Delay(Duration::from_secs(4)));
    let mut command = context.anvil_command(&["lock"]);
    command.env("ANVIL_HTTP_RETRIES", "3").env("ANVIL_HTTP_TIMEOUT", "1");
    let begun = std::time::Instant::now();
    let answer = context.run(command, "");
    assert_eq!(answer.code, 5, "{}", answer.shown());
    // Four tries would be four seconds and the pauses between them.
    assert!(begun.elapsed() < Duration::from_millis(3900), "{:?}", begun.elapsed());
    assert_eq!(answer.stderr.matches("nothing came for 1 s, trying again").count(), 1, "{}", answer.shown());
}

#[test]
fn a_server_that_only_drips_holds_nobody() {
    let mut told = String::new();
    for prefix in ["/anvil-registry.json", "/index/core", "/bundles/core"] {
        let begun = std::time::Instant::now();
        let answer = pull_with(prefix, Fault::Drip(1, Duration::from_millis(300)));
        assert!(answer.code == 5 && begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
        told.push_str(&answer.stderr);
    }
    assert_eq!(told.matches(" bytes came in 1 s\n").count(), 3, "{told}");
}

#[test]
fn an_answer_that_comes_slowly_comes() {
    let (context, shelf, server) = project();
    let prompt: String = (0..3000).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string()).collect();
    shelf.publish_files("core/tone 1.5.0", &[], &[("prompts/house-style.prompt.md", &prompt)]);
    assert!(fs::metadata(shelf.bundle("core/tone 1.5.0")).unwrap().len() > 20_000);
    server.fault("/bundles/core", Fault::Drip(4096, Duration::from_millis(500)));
    let mut command = context.anvil_command(&["pull"]);
    command.env("ANVIL_HTTP_RETRIES", "0").env("ANVIL_HTTP_TIMEOUT", "2");
    let begun = std::time::Instant::now();
    let answer = context.run(command, "").success();
    assert!(begun.elapsed() > Duration::from_secs(2), "{}", answer.shown());
}

#[test]
fn an_add_whose_bundles_do_not_come_leaves_the_manifest_alone() {
    let (context, shelf, server) = project();
    anvil(&context, &["pull"]).success();
    shelf.publish("legal/disclaimers 3.0.0", &["style/voice ^1.0"]);
    let before = state(&context);
    for (fault, code) in [
        (Fault::Status(404), 1),
        (Fault::Status(401), 4),
        (Fault::HangUp, 5),
        (Fault::Body(b"something else".to_vec()), 1),
    ] {
        server.fault("/bundles/legal", fault);
        for command in [&["add", "legal/disclaimers"][..], &["add", "legal/disclaimers@3.0.0"]] {
            let answer = anvil(&context, command);
            assert_eq!(answer.code, code, "{}", answer.shown());
            assert_eq!(state(&context), before, "{}", answer.shown());
        }
        server.mend();
    }
    anvil(&context, &["add", "legal/disclaimers"]).success();
}

/// Ends `add` at ever later moments; whatever it got done, each file is old or new, and the same
/// command completes it.
#[cfg(unix)]
#[test]
fn an_add_that_was_killed_is_completed_by_the_same_command() {
    let (context, shelf, server) = project();
    anvil(&context, &["pull"]).success();
    let (manifest, lock) = (context.read("anvil.toml"), context.read("anvil.lock"));
    for step in 0..12_u64 {
        let set = format!("many/set-{step}");
        shelf.publish(&format!("{set} 1.0.0"), &["style/voice ^1.0"]);
        let mut child = context.anvil_command(&["add", &set]).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(step * 6));
        // It may have ended by itself already.
        let _ = child.kill();
        child.wait().unwrap();
        let (manifest_now, lock_now) = (context.read("anvil.toml"), context.read("anvil.lock"));
        let new = manifest_now.contains(&set);
        assert!(new || manifest_now == manifest, "{manifest_now}");
        assert!(lock_now == lock || lock_now.ends_with('\n') && new, "{lock_now}");

        context.anvil(&["add", &set]).success();
        context.anvil(&["verify"]).success();
        context.anvil(&["remove", &set]).success();
        assert_eq!((context.read("anvil.toml"), context.read("anvil.lock")), (manifest.clone(), lock.clone()));
    }
    drop(server);
}
