//! Carrying sets to where no network is: `export` and `import`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;
use std::fs;

/// An application that locked `core/tone`, which needs `style/voice`, beside their registry.
pub fn application() -> (TestContext, Shelf) {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{16}…", "[SHORT]…");
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    context.anvil(&["pull"]).success();
    (context, shelf)
}

/// A set of its own in a git repository, tagged, which needs `core/tone`.
fn set() -> (TestContext, Shelf) {
    let (context, shelf) = application();
    context.write(
        "anvil.toml",
        "[set]\nname = \"support/onboarding\"\nversion = \"2.1.0\"\n\n[registries]\ndefault = \"../registry\"\n\n\
         [dependencies]\n\"core/tone\" = \"^1.4\"\n",
    );
    context.write("prompts/welcome.prompt.md", "Welcome.\n");
    context.write(".gitignore", ".anvil/\n");
    context.git_init();
    context.commit("Begin");
    context.git(&["tag", "--annotate", "--message", "2.1.0", "v2.1.0"]);
    (context, shelf)
}

pub fn bytes(context: &TestContext, archive: &str) -> Vec<u8> {
    fs::read(context.project().join(archive)).unwrap()
}

/// Unpacks with the system's `tar`.
fn unpack(context: &TestContext, archive: &str, folder: &str) {
    fs::create_dir_all(context.path(folder)).unwrap();
    let mut tar = context.command("tar");
    tar.arg("-xf").arg(context.project().join(archive)).arg("-C").arg(context.path(folder));
    context.run(tar, "").success();
}

/// Returns the files of a tar.
pub fn files_of(tar: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(tar);
    let entries = archive.entries().unwrap();
    entries
        .map(|entry| {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            (path, bytes)
        })
        .collect()
}

#[test]
fn a_set_is_exported_with_all_that_it_needs() {
    let (context, _shelf) = set();
    assert_answer!(
        context.anvil(&["export", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
support/onboarding 2.1.0  480 bytes
core/tone 1.4.2           250 bytes
style/voice 1.0.0         223 bytes
would write onboarding-2.1.0.tar (3 sets, 10.8 kB)
--- stderr

"#]]
    );
    assert!(!context.project().join("onboarding-2.1.0.tar").exists());
    assert_answer!(
        context.anvil(&["export"]),
        str![[r#"
exit: 0
--- stdout
wrote onboarding-2.1.0.tar (3 sets, 10.8 kB)
--- stderr
next: where it is needed, `anvil import onboarding-2.1.0.tar`

"#]]
    );
    assert_answer!(
        context.anvil(&["export"]),
        str![[r#"
exit: 0
--- stdout
onboarding-2.1.0.tar is up to date (3 sets, 10.8 kB)
--- stderr

"#]]
    );
    let wrote = |arguments: &[&str]| context.anvil(&[&["export"], arguments].concat()).success().stdout;
    assert!(wrote(&["-o", "../sets.tar"]).starts_with("wrote ../sets.tar ("));
    assert!(wrote(&["-o", "../sets.tar"]).starts_with("../sets.tar is up to date ("));
    assert!(wrote(&["-o", ".."]).starts_with("wrote ../onboarding-2.1.0.tar ("));
    let names: Vec<String> =
        files_of(&bytes(&context, "onboarding-2.1.0.tar")).into_iter().map(|file| file.0).collect();
    snapbox::assert_data_eq!(
        context.scrub(&names.join("\n")),
        str![[r#"
anvil-registry.json
anvil.lock
bundles/core/tone/tone-1.4.2-[SHORT].tar.gz
bundles/style/voice/voice-1.0.0-[SHORT].tar.gz
bundles/support/onboarding/onboarding-2.1.0-[SHORT].tar.gz
catalog.jsonl
index/core/tone.jsonl
index/style/voice.jsonl
index/support/onboarding.jsonl
"#]]
    );
}

#[test]
fn the_same_project_gives_the_same_bytes_wherever_and_whenever() {
    let (context, _shelf) = set();
    context.anvil(&["export"]).success();
    fs::create_dir(context.path("elsewhere")).unwrap();
    let mut later = context.anvil_command(&["export", "--output", "../elsewhere"]);
    later.current_dir(context.project().join("prompts")).env("ANVIL_NOW", "1900000000");
    later.args(["-C", ".."]).env("ANVIL_CACHE_DIR", context.path("empty-cache"));
    context.run(later, "").success();
    let there = fs::read(context.path("elsewhere/onboarding-2.1.0.tar")).unwrap();
    assert_eq!(there, bytes(&context, "onboarding-2.1.0.tar"));
}

#[test]
fn an_archive_is_a_registry_once_it_is_unpacked() {
    let (context, _shelf) = set();
    context.anvil(&["export"]).success();
    unpack(&context, "onboarding-2.1.0.tar", "carried");
    fs::remove_dir_all(context.path("registry")).unwrap();
    assert_answer!(
        context.anvil(&["registry", "verify", "../carried"]),
        str![[r#"
exit: 0
--- stdout
checked 3 sets with 3 versions of `test`: all is as it should be
--- stderr

"#]]
    );
    context.write("../other/anvil.toml", "[registries]\ndefault = \"../carried\"\n");
    let mut add = context.anvil_command(&["add", "support/onboarding"]);
    add.current_dir(context.path("other")).env("ANVIL_CACHE_DIR", context.path("empty-cache"));
    assert_answer!(
        context.run(add, ""),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for support/onboarding ^2.1.0
added core/tone 1.4.2
added style/voice 1.0.0
added support/onboarding 2.1.0
unpacked 3 of 3 sets, fetched 953 bytes
--- stderr
help: see what a prompt takes: `anvil show support/onboarding/welcome`

"#]]
    );
}

#[test]
fn a_machine_with_no_network_pulls_what_was_imported() {
    let (context, _shelf) = application();
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    // Another machine: a clone, an empty cache, and no registry in reach.
    fs::remove_dir_all(context.path("registry")).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    assert_ne!(context.anvil(&["pull", "--locked", "--offline"]).code, 0, "nothing is there yet");
    assert_answer!(
        context.anvil(&["import", "../carried.tar", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would take in core/tone 1.4.2
would take in style/voice 1.0.0
would take 2 of 2 versions into the cache (473 bytes)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["import", "../carried.tar"]),
        str![[r#"
exit: 0
--- stdout
took 2 of 2 versions into the cache (473 bytes)
--- stderr
next: in a project that locks them, `anvil pull --locked --offline`

"#]]
    );
    assert_answer!(
        context.anvil(&["import", "../carried.tar"]),
        str![[r#"
exit: 0
--- stdout
everything is in the cache already (2 versions)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["pull", "--locked", "--offline"]),
        str![[r#"
exit: 0
--- stdout
unpacked 2 of 2 sets
--- stderr

"#]]
    );
    context.anvil(&["verify"]).success();
}

#[test]
fn a_registry_takes_an_archive_in_with_dependencies_first() {
    let (context, _shelf) = set();
    context.anvil(&["export"]).success();
    let _mirror = Shelf::new(&context, "mirror", "test");
    assert_answer!(
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "../mirror", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would take in style/voice 1.0.0
would take in core/tone 1.4.2
would take in support/onboarding 2.1.0
would take 3 of 3 versions into the registry test (953 bytes)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "http://127.0.0.1:9/registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1090]: the registry `http://[HOST]/registry` is read over the web, and cannot be written there yet
  = help: name the folder that the host serves: `--registry DIR`

"#]]
    );
    let url = format!("file://{}", context.path("mirror").display());
    context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", &url, "--dry-run"]).success();
    assert!(!context.path("mirror/index").exists());
    assert_answer!(
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "../mirror"]),
        str![[r#"
exit: 0
--- stdout
took 3 of 3 versions into the registry test (953 bytes)
--- stderr
next: `anvil registry verify ../mirror`

"#]]
    );
    assert_answer!(
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "../mirror"]),
        str![[r#"
exit: 0
--- stdout
everything is in the registry test already (3 versions)
--- stderr

"#]]
    );
    context.anvil(&["registry", "verify", "../mirror"]).success();
    // What was never published elsewhere is published now; the rest was, and stays so.
    let published = |set: &str| {
        let line = fs::read(context.path(format!("mirror/index/{set}.jsonl"))).unwrap();
        serde_json::from_slice::<serde_json::Value>(&line).unwrap()["published_at"].clone()
    };
    assert_eq!(published("support/onboarding"), "2026-01-02T03:04:05Z");
    assert_eq!(published("core/tone"), "2026-01-01T03:04:05Z");
    let report =
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "../mirror", "--format", "json"]).json();
    assert_eq!((&report["registry"]["id"], &report["sets"][0]["outcome"]), (&"test".into(), &"unchanged".into()));

    let _intern = Shelf::new(&context, "intern", "intern");
    assert_answer!(
        context.anvil(&["import", "onboarding-2.1.0.tar", "--registry", "../intern"]),
        str![[r#"
exit: 0
--- stdout
took 3 of 3 versions into the registry intern (953 bytes)
--- stderr
warning: a lock that names the registry `test` does not find these versions in `intern`
next: `anvil registry verify ../intern`

"#]]
    );
}

#[test]
fn other_bytes_under_a_version_are_a_conflict_and_nothing_is_changed() {
    let (context, _shelf) = set();
    context.anvil(&["export"]).success();
    let other = Shelf::new(&context, "other", "test");
    other.publish_files("core/tone 1.4.2", &[], &[("prompts/house-style.prompt.md", "Another tone.\n")]);
    other.publish_files("style/voice 1.0.0", &[], &[("prompts/house-style.prompt.md", "Another voice.\n")]);
    let before = context.files("../other");
    let import =
        |more: &[&str]| context.anvil(&[&["import", "onboarding-2.1.0.tar", "--registry", "../other"], more].concat());
    assert_answer!(
        import(&[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1112]: 2 versions are there already, with other bytes
  style/voice 1.0.0 has the sha256 [SHORT]… in the archive and [SHORT]… where it is published
  core/tone 1.4.2 has the sha256 [SHORT]… in the archive and [SHORT]… where it is published
  = help: nothing was taken in; to leave what is there and take the rest: `anvil import [ROOT]/project/onboarding-2.1.0.tar --registry [ROOT]/other --on-conflict keep`

"#]]
    );
    assert_answer!(
        import(&["--on-conflict", "replace"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1112]: 2 versions are there already, with other bytes
  style/voice 1.0.0 has the sha256 [SHORT]… in the archive and [SHORT]… where it is published
  core/tone 1.4.2 has the sha256 [SHORT]… in the archive and [SHORT]… where it is published
  = help: what is published is never replaced
  = help: nothing was taken in; to leave what is there and take the rest: `anvil import [ROOT]/project/onboarding-2.1.0.tar --registry [ROOT]/other --on-conflict keep`

"#]]
    );
    assert!(context.files("../other") == before, "something was changed");
    assert_answer!(
        import(&["--on-conflict", "keep"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0 is there with other bytes, and stays
core/tone 1.4.2 is there with other bytes, and stays
took 1 of 3 versions into the registry test (480 bytes)
--- stderr
next: `anvil registry verify ../other`

"#]]
    );
    assert_answer!(
        import(&["--on-conflict", "keep"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0 is there with other bytes, and stays
core/tone 1.4.2 is there with other bytes, and stays
nothing else is new to the registry test (3 versions)
--- stderr

"#]]
    );
    context.anvil(&["registry", "verify", "../other"]).success();
}

#[test]
fn what_a_broken_push_left_is_replaced_when_that_is_asked_for() {
    let (context, _shelf) = application();
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    let other = Shelf::new(&context, "other", "test");
    other.publish_files("core/tone 1.4.2", &[], &[("prompts/house-style.prompt.md", "Another tone.\n")]);
    let orphan = other.bundle("core/tone 1.4.2");
    fs::remove_file(context.path("other/index/core/tone.jsonl")).unwrap();
    let import =
        |more: &[&str]| context.anvil(&[&["import", "../carried.tar", "--registry", "../other"], more].concat());
    assert_answer!(
        import(&[]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1112]: a version is there already, with other bytes
  core/tone 1.4.2 has the sha256 [SHORT]… in the archive and another one in `[ROOT]/other/bundles/core/tone/tone-1.4.2-[SHORT].tar.gz`, which is not published
  = help: nothing was taken in; to leave what is there and take the rest: `anvil import [ROOT]/carried.tar --registry [ROOT]/other --on-conflict keep`
  = help: to replace what nobody published: `anvil import [ROOT]/carried.tar --registry [ROOT]/other --on-conflict replace`

"#]]
    );
    assert!(!context.path("other/index/style/voice.jsonl").exists());
    assert_answer!(
        import(&["--on-conflict", "replace"]),
        str![[r#"
exit: 0
--- stdout
replaced core/tone 1.4.2, which was not published
took 2 of 2 versions into the registry test (473 bytes)
--- stderr
next: `anvil registry verify ../other`

"#]]
    );
    assert!(!orphan.exists());
    context.anvil(&["registry", "verify", "../other"]).success();
}

#[test]
fn every_set_stays_bound_to_its_registry() {
    let (context, _shelf) = application();
    let partner = Shelf::new(&context, "partner", "partner.example/x");
    partner.publish("legal/disclaimers 3.1.0", &[]);
    context.write(
        "anvil.toml",
        "[registries]\ndefault = \"../registry\"\npartner = { url = \"../partner\", id = \"partner.example/x\" }\n\n\
         [dependencies]\n\"core/tone\" = \"^1.4\"\n\"legal/disclaimers\" = { version = \"^3\", registry = \"partner\" }\n",
    );
    context.anvil(&["pull"]).success();
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    unpack(&context, "../carried.tar", "carried");
    assert!(context.path("carried/index/core/tone.jsonl").exists());
    assert!(!context.path("carried/index/legal").exists(), "a set changed its registry");
    context.anvil(&["registry", "verify", "../carried"]).success();

    let _mirror = Shelf::new(&context, "mirror", "partner.example/x");
    assert_answer!(
        context.anvil(&["import", "../carried.tar", "--registry", "../mirror"]),
        str![[r#"
exit: 0
--- stdout
took 1 of 1 version into the registry partner.example/x (231 bytes)
--- stderr
warning: 2 versions of other registries stay in the archive; each registry takes in its own
next: `anvil registry verify ../mirror`

"#]]
    );
    assert!(context.path("mirror/index/legal/disclaimers.jsonl").exists());
    fs::remove_dir_all(context.path("cache")).unwrap();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    context.anvil(&["import", "../carried.tar"]).success();
    context.anvil(&["pull", "--locked", "--offline"]).success();
}

#[test]
fn what_a_newer_anvil_wrote_and_what_the_registry_says_is_carried_as_it_stands() {
    let (context, shelf) = application();
    shelf.deprecate("core/tone 1.4.2", "use style/voice", Some("style/voice"));
    shelf.yank("core/tone 1.4.2", "leaks");
    let index = context.path("registry/index/core/tone.jsonl");
    let line = fs::read_to_string(&index).unwrap().replacen(
        '{',
        "{ \"leaf\":12345678901234567890123, \"breaking\": {\"by\":1.0},",
        1,
    );
    fs::write(&index, &line).unwrap();
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    unpack(&context, "../carried.tar", "carried");
    let of = |place: &str| fs::read_to_string(context.path(place).join("index/core/tone.jsonl")).unwrap();
    assert_eq!(of("carried"), line);
    context.anvil(&["registry", "verify", "../carried"]).success();

    let _mirror = Shelf::new(&context, "mirror", "test");
    context.anvil(&["import", "../carried.tar", "--registry", "../mirror"]).success();
    assert_eq!(of("mirror"), line);
    context.anvil(&["registry", "verify", "../mirror"]).success();

    // Whoever changes the line keeps the rest of it.
    context.anvil(&["yank", "core/tone@1.4.2", "--undo", "--registry", "../mirror"]).success();
    context.anvil(&["deprecate", "core/tone@all", "--undo", "--registry", "../mirror"]).success();
    context.anvil(&["registry", "rebuild", "../mirror"]).success();
    let kept = "{ \"leaf\":12345678901234567890123, \"breaking\": {\"by\":1.0},\"v\":1,";
    assert!(of("mirror").starts_with(kept), "{}", of("mirror"));
    assert!(!of("mirror").contains("leaks") && !of("mirror").contains("style/voice\"}"), "{}", of("mirror"));
}

#[test]
fn what_cannot_be_exported_is_told_and_nothing_is_written() {
    let (context, _shelf) = application();
    context.write("notes.tar", "mine");
    let before = state(&context);
    assert_answer!(
        context.anvil(&["export", "--output", "notes.tar"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1115]: `[ROOT]/project/notes.tar` is there and is no archive that `anvil export` wrote
  = help: name another file with `--output`, or remove this one

"#]]
    );
    assert_eq!(context.anvil(&["export", "--output", "../nowhere/x.tar"]).code, 1);
    assert!(!context.path("nowhere").exists());
    assert!(state(&context) == before);

    set_in(&context, "../local", "team/local 1.0.0", &[]);
    context.write("anvil.toml", "[dependencies]\n\"team/local\" = { path = \"../local\" }\n");
    assert_answer!(
        context.anvil(&["export"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1037]: anvil.lock does not answer anvil.toml: the manifest asks for team/local, which the lock does not answer; the lock answers core/tone, which the manifest no longer asks for; the lock holds core/tone, which nothing needs; and 1 more
  = help: write it anew and commit it: `anvil lock`

"#]]
    );
    context.anvil(&["lock"]).success();
    assert_answer!(
        context.anvil(&["export"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1110]: an archive holds what registries give, and team/local comes from path:../local
  = help: publish it, then depend on the published one: `anvil add team/local`

"#]]
    );
    context.write("../empty/anvil.toml", "");
    assert_answer!(
        context.anvil_in(&context.path("empty"), &["export"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1113]: `[ROOT]/empty/anvil.toml` has neither a `[set]` nor dependencies: there is nothing to export
  = help: depend on a set first: `anvil add project/set`

"#]]
    );
}

#[test]
fn a_set_that_is_not_as_its_tag_is_not_exported_unless_that_is_asked_for() {
    let (context, _shelf) = set();
    context.write("prompts/welcome.prompt.md", "Changed.\n");
    let refused = context.anvil(&["export"]);
    assert_eq!(refused.code, 1, "{}", refused.shown());
    assert!(refused.stderr.contains("A1050"), "{}", refused.shown());
    context.anvil(&["export", "--allow-dirty"]).success();
}

#[test]
fn a_set_of_no_registry_is_taken_into_any_without_a_warning() {
    let (context, _shelf) = set();
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    fs::remove_file(context.project().join("anvil.lock")).unwrap();
    context.anvil(&["export", "--allow-dirty"]).success();
    assert_answer!(
        context.anvil(&["import", "b-0.1.0.tar", "--registry", "../registry"]),
        str![[r#"
exit: 0
--- stdout
took 1 of 1 version into the registry test (416 bytes)
--- stderr
next: `anvil registry verify ../registry`

"#]]
    );
}
