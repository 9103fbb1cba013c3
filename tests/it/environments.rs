//! Environments: what `--env` and ANVIL_ENV let a command do, and what `verify --env` checks.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::Shelf;
use snapbox::str;

const ENVIRONMENTS: &str = "\n[environments.preview]\nmode = \"live\"\nchannel = \"stable\"\n\n\
     [environments.production]\nmode = \"locked\"\n\n[environments.staging]\nmode = \"review\"\n";

fn manifest(requirement: &str) -> String {
    format!(
        "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n\n[registries]\ndefault = \"../registry\"\n\n\
         [dependencies]\n\"core/tone\" = \"{requirement}\"\n{ENVIRONMENTS}"
    )
}

/// A set that locked `core/tone` 1.4.2, of which there is 1.5.0 by now, and that renders it.
fn project() -> (TestContext, Shelf) {
    let mut context = TestContext::new();
    context.filter(r"\b\d+ bytes", "[SIZE]");
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &[]);
    context.write("anvil.toml", manifest("^1.4"));
    context.write("prompts/reply.prompt.md", "Reply. {% render \"core/tone/house-style\" %}\n");
    context.anvil(&["pull"]).success();
    shelf.publish("core/tone 1.5.0", &[]);
    (context, shelf)
}

#[track_caller]
fn refused(answer: &Answer, code: &str, words: &str) {
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains(code) && answer.stderr.contains(words), "{}", answer.shown());
    assert_eq!(answer.stdout, "", "{}", answer.shown());
}

fn with_variable(context: &TestContext, value: &str, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(arguments);
    command.env("ANVIL_ENV", value);
    context.run(command, "")
}

#[test]
fn an_environment_that_is_not_there_is_told_with_those_that_are() {
    let (context, _) = project();
    assert_answer!(
        context.anvil(&["pull", "--env", "producton"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0114]: anvil.toml has no environment `producton`
  = help: did you mean `production`? It has `preview`, `production`, `staging`

"#]]
    );
    refused(&context.anvil(&["tree", "--env", "nowhere"]), "A0114", "it has `preview`, `production`, `staging`");
    refused(&with_variable(&context, "nowhere", &["pull"]), "A0114", "`nowhere`");
    refused(&with_variable(&context, "No Where", &["pull"]), "A0001", "environment name");
    assert_eq!(context.anvil(&["pull", "--env", "No"]).code, 2);
    // An empty variable names none, and a flag counts before it.
    with_variable(&context, "", &["lock"]).success();
    with_variable(&context, "nowhere", &["pull", "--env", "production"]).success();
    // What has nothing to do with a project is no matter of its environments.
    with_variable(&context, "nowhere", &["completions", "bash"]).success();
    refused(&context.anvil_in(context.root(), &["pull", "--env", "production"]), "A1030", "no `anvil.toml`");
}

#[test]
fn a_rule_of_another_mode_is_told_at_its_place() {
    let (context, _) = project();
    context.write("anvil.toml", "[environments.production]\nmode = \"locked\"\napprovals = 2\n");
    assert_answer!(
        context.anvil(&["pull", "--env", "production"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0115]: `environments.production` says `approvals`, which goes with the mode `review` alone
  --> anvil.toml:3:1
   |
 3 | approvals = 2
   | ^^^^^^^^^ of another mode
   = help: remove it, or write `mode = "review"`

"#]]
    );
}

#[test]
fn what_is_locked_is_put_in_place_and_nothing_changes_it() {
    let (context, _) = project();
    let before = context.files("");
    assert_answer!(
        context.anvil(&["pull", "--env", "production"]),
        str![[r#"
exit: 0
--- stdout
everything is in place (1 set)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "--env", "production"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1180]: `anvil update` would change anvil.lock, and nothing changes it in the locked environment `production`
  = help: without `--env` it does; commit anvil.lock then

"#]]
    );
    for command in [
        &["lock"][..],
        &["add", "core/tone@^1"],
        &["remove", "core/tone"],
        &["update", "core/tone", "--previous"],
        &["rollback", "core/tone"],
    ] {
        for environment in ["production", "staging"] {
            let arguments: Vec<&str> = command.iter().copied().chain(["--env", environment]).collect();
            refused(&context.anvil(&arguments), "A1180", environment);
        }
    }
    context.anvil(&["lock", "--check", "--env", "production"]).success();
    // A plan changes nothing, here or anywhere.
    for command in [&["lock"][..], &["add", "core/tone@^1"], &["remove", "core/tone"], &["update"]] {
        for environment in ["production", "staging"] {
            context.anvil(&[command, &["--dry-run", "--env", environment]].concat()).success();
        }
    }
    // What was run is named, and what to run is not what is refused.
    let rollback = context.anvil(&["rollback", "core/tone", "--env", "production"]);
    refused(&rollback, "A1180", "`anvil rollback` would change anvil.lock");
    for (environment, words) in [
        ("production", "help: without `--env` move to the compatible ones, then commit anvil.lock: `anvil update`"),
        ("staging", "help: propose what is new: `anvil pull --env staging`"),
        ("preview", "help: move to the compatible ones: `anvil update`"),
    ] {
        let outdated = context.anvil(&["outdated", "--env", environment]).success();
        assert!(outdated.stderr.contains(words), "{}", outdated.shown());
    }
    refused(&with_variable(&context, "production", &["update"]), "A1180", "with ANVIL_ENV unset");
    assert!(context.files("") == before, "something was changed");

    // A manifest that asks for something else is not answered here.
    context.write("anvil.toml", manifest("^1.5"));
    let before = context.files("");
    for command in [&["pull"][..], &["render", "reply"], &["show", "core/tone"], &["verify"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--env", "production"]).collect();
        let answer = context.anvil(&arguments);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        let told = answer.stdout.clone() + &answer.stderr;
        assert!(told.contains("anvil.lock does not answer anvil.toml"), "{}", answer.shown());
        assert!(told.contains("= help: without `--env` write it anew"), "{}", answer.shown());
    }
    assert!(context.files("") == before, "something was changed");
}

#[test]
fn a_locked_environment_renders_what_is_locked_and_nothing_else() {
    let (context, _) = project();
    let render = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["render", "--env", "production"].iter().chain(arguments).copied().collect();
        context.anvil(&arguments)
    };
    let locked = "Reply. This is core/tone 1.4.2.";
    assert_eq!(render(&["reply"]).success().stdout, locked);
    assert_eq!(render(&["my/app/reply"]).success().stdout, locked);
    assert_eq!(render(&["prompts/reply.prompt.md"]).success().stdout, locked);
    assert_eq!(render(&["core/tone@1.4.2/house-style"]).success().stdout, "This is core/tone 1.4.2.");
    assert_eq!(
        context
            .anvil_in(&context.project().join("prompts"), &["render", "reply", "--env", "production"])
            .success()
            .stdout,
        locked
    );
    assert_eq!(render(&["reply", "--offline"]).success().stdout, locked);

    // Without an environment each of these renders.
    context.write("draft.md", "A draft.\n");
    for arguments in
        [&["core/tone@1.5.0/house-style"][..], &["draft.md"], &["core/tone/house-style", "--registry", "../registry"]]
    {
        context.anvil(&[&["render"], arguments].concat()).success();
        refused(&render(arguments), "A1181", "the environment `production` is locked");
    }
    assert_answer!(
        render(&["core/tone@1.5.0/house-style"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1181]: the environment `production` is locked, and `core/tone@1.5.0` was asked for, and 1.4.2 is locked
  = help: ask for `core/tone` without a version to get what is locked
  = help: without `--env` it is taken

"#]]
    );
    context.anvil(&["show", "core/tone", "--env", "production"]).success();
    refused(&context.anvil(&["show", "core/tone@1.5.0", "--env", "production"]), "A1181", "is not locked");
    refused(&context.anvil(&["show", "my/app@0.0.1", "--env", "production"]), "A1181", "is not locked");
}

#[test]
fn a_folder_is_fixed_by_no_lock() {
    let context = TestContext::new();
    context.write("../tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
    context.write("../tone/prompts/house-style.prompt.md", "Be kind.\n");
    context.write("prompts/reply.prompt.md", "Reply. {% render \"core/tone/house-style\" %}\n");
    context.write("prompts/plain.prompt.md", "Plain.\n");
    let own =
        "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n\n[dependencies]\n\"core/tone\" = { path = \"../tone\" }\n";
    context.write("anvil.toml", format!("{own}{ENVIRONMENTS}"));
    context.anvil(&["pull"]).success();
    context.anvil(&["render", "reply"]).success();
    assert_answer!(
        context.anvil(&["render", "reply", "--env", "production"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1181]: the environment `production` is locked, and core/tone is used from the folder `../tone`, whose content no lock fixes
  = help: publish core/tone, and depend on a version of it

"#]]
    );
    refused(&context.anvil(&["show", "core/tone", "--env", "production"]), "A1181", "`../tone`");
    // What a set renders is known of it as a whole.
    refused(&context.anvil(&["render", "plain", "--env", "production"]), "A1181", "`../tone`");
    assert_answer!(
        context.anvil(&["verify", "--env", "production"]),
        str![[r#"
exit: 1
--- stdout
error[A1181]: the environment `production` is locked, and core/tone is used from the folder `../tone`, whose content no lock fixes
   --> anvil.lock:10:1
    |
 10 | name = "core/tone"
    | ^^^^^^^^^^^^^^^^^^ a folder
    = help: publish core/tone, and depend on a version of it

the rules of production (locked) are broken
--- stderr

"#]]
    );
    context.anvil(&["verify"]).success();
}

#[test]
fn a_live_environment_takes_the_newest_and_follows_its_channel() {
    let (context, shelf) = project();
    shelf.publish("core/tone 1.6.0", &["style/voice ^1"]);
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.channel("stable", "core/tone 1.5.0");
    let before = context.files("");
    let planned = context.anvil(&["pull", "--env", "preview", "--dry-run"]).success();
    assert!(planned.stdout.contains("would update core/tone 1.4.2 -> 1.5.0"), "{}", planned.shown());
    assert!(context.files("") == before, "something was changed");
    assert_answer!(
        context.anvil(&["pull", "--env", "preview"]),
        str![[r#"
exit: 0
--- stdout
updated core/tone 1.4.2 -> 1.5.0
unpacked 1 of 1 set, fetched [SIZE]
core/tone follows stable: 1.5.0
--- stderr

"#]]
    );
    // What follows may need sets that follow, too.
    shelf.channel("stable", "core/tone 1.6.0");
    shelf.channel("stable", "style/voice 1.0.0");
    context.anvil(&["pull", "--env", "preview"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("1.6.0") && lock.contains("1.0.0") && !lock.contains("1.1.0"), "{lock}");
    // Twice is once, when what no lock names any more is gone.
    context.anvil(&["pull", "--env", "preview"]).success();
    let before = context.files("");
    context.anvil(&["pull", "--env", "preview"]).success();
    assert!(context.files("") == before, "something was changed");
    // A channel that the requirement rules out is told, and the newest that satisfies is taken.
    shelf.publish("core/tone 2.0.0", &[]);
    shelf.publish("core/tone 1.7.0", &["style/voice ^1"]);
    shelf.channel("stable", "core/tone 2.0.0");
    assert_answer!(
        context.anvil(&["pull", "--env", "preview"]),
        str![[r#"
exit: 0
--- stdout
updated core/tone 1.6.0 -> 1.7.0
unpacked 1 of 2 sets, fetched [SIZE]
style/voice follows stable: 1.0.0
--- stderr
warning: core/tone 2.0.0, which the channel `stable` names, does not satisfy the requirements: 1.7.0 is taken

"#]]
    );
    // So is a version that nobody should have.
    shelf.channel("stable", "core/tone 1.5.0");
    shelf.yank("core/tone 1.5.0", "leaks");
    let report = context.anvil(&["pull", "--env", "preview", "--format", "json"]).success().json();
    assert_eq!(report["unfollowed"][0]["why"], "yanked");
    assert_eq!(report["environment"]["mode"], "live");
    // The lock of a live environment is what is newest, and is verified as any other.
    context.anvil(&["verify", "--env", "preview"]).success();
}

#[test]
fn a_channel_that_no_set_has_is_told() {
    let (context, shelf) = project();
    shelf.channel("stable", "core/tone 1.4.2");
    let followed = context.anvil(&["pull", "--env", "preview", "--format", "json"]).success().json();
    assert_eq!(followed["followed"][0]["name"], "core/tone");
    assert!(followed["missing_channel"].is_null(), "{followed}");
    context.write("anvil.toml", context.read("anvil.toml").replace("\"stable\"", "\"stabel\""));
    let pulled = context.anvil(&["pull", "--env", "preview", "--dry-run"]).success();
    assert!(pulled.stderr.contains("warning: no set has a channel `stabel`"), "{}", pulled.shown());
    assert!(pulled.stderr.contains("did you mean `stable`?"), "{}", pulled.shown());
    let told = context.anvil(&["pull", "--env", "preview", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(told["missing_channel"]["near"], "stable", "{told}");
    assert_answer!(
        context.anvil(&["verify", "--env", "preview"]),
        str![[r#"
exit: 0
--- stdout
warning[A1201]: no set has a channel `stabel`
   --> anvil.toml:13:1
    |
 13 | channel = "stabel"
    | ^^^^^^^^^^^^^^^^^^ no set has it
    = help: did you mean `stable`? Correct `channel` in anvil.toml

the rules of preview (live) hold
anvil.lock answers anvil.toml, and every file is as locked (1 set)
--- stderr

"#]]
    );
    let verified = context.anvil(&["verify", "--env", "preview", "--format", "json"]).success().json();
    assert_eq!(verified["problems"][0]["severity"], "warning", "{verified}");
}

#[test]
fn verify_tells_programs_what_is_wrong_and_where() {
    let (context, _) = project();
    context.git_init();
    let answer = context.anvil(&["verify", "--format", "github"]).success();
    assert_eq!(answer.stdout, "");
    context.write(".anvil/sets/core/tone/extra", "x");
    std::fs::remove_dir_all(context.project().join(".anvil/sets")).unwrap();
    assert_answer!(
        context.anvil(&["verify", "--format", "github"]),
        str![[r#"
exit: 1
--- stdout
::error file=anvil.lock,line=10,title=anvil verify%3A A0903::core/tone 1.4.2 is not unpacked
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["verify", "--format", "junit"]),
        str![[r#"
exit: 1
--- stdout
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="anvil" tests="2" failures="1" errors="0">
  <testsuite name="anvil verify" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="rules" classname="anvil verify"/>
    <testcase name="core/tone 1.4.2" classname="anvil verify">
      <failure type="A0903" message="anvil.lock:10: core/tone 1.4.2 is not unpacked">anvil.lock:10: core/tone 1.4.2 is not unpacked</failure>
    </testcase>
  </testsuite>
</testsuites>
--- stderr

"#]]
    );
    // In a folder of a repository the place is that from its root.
    for file in ["anvil.toml", "anvil.lock"] {
        context.write(&format!("app/{file}"), context.read(file));
    }
    context.write("app/anvil.toml", manifest("^1.4").replace("../registry", "../../registry"));
    let in_app = |arguments: &[&str]| context.anvil_in(&context.project().join("app"), arguments);
    let answer = in_app(&["verify", "--format", "github"]);
    assert!(answer.stdout.contains("file=app/anvil.lock,line=10"), "{}", answer.shown());
    // What keeps everything from being checked is told, too.
    context.write("app/anvil.toml", manifest("^1.5"));
    let answer = in_app(&["verify", "--format", "github"]);
    assert!(
        answer.stdout.starts_with("::error file=app/anvil.lock,line=1,title=anvil verify%3A A1037::"),
        "{}",
        answer.shown()
    );
    assert!(answer.stderr.contains("A1037"), "{}", answer.shown());
    let answer = in_app(&["verify", "--format", "junit"]);
    assert!(answer.stdout.contains("<failure type=\"A1037\""), "{}", answer.shown());
    assert_eq!(context.anvil(&["verify", "--format", "xml"]).code, 2);
}

#[test]
fn verify_tells_of_all_that_breaks_a_rule_at_once() {
    let (context, _) = project();
    context.write("../style/anvil.toml", "[set]\nname = \"style/voice\"\nversion = \"1.0.0\"\n");
    context.write("../style/prompts/a.prompt.md", "A.\n");
    let with_folder =
        manifest("^1.4").replace("[dependencies]\n", "[dependencies]\n\"style/voice\" = { path = \"../style\" }\n");
    context.write("anvil.toml", &with_folder);
    context.anvil(&["pull"]).success();
    std::fs::remove_dir_all(context.project().join(".anvil/sets")).unwrap();
    context.write("anvil.toml", with_folder.replace("^1.4", "^1.5"));
    let answer = context.anvil(&["verify", "--env", "production", "--format", "github"]);
    assert_eq!(answer.code, 1);
    for code in ["A1037", "A1181", "A0903"] {
        assert!(answer.stdout.contains(code), "{code}: {}", answer.shown());
    }
    let report = context.anvil(&["verify", "--env", "production", "--format", "json"]).json();
    assert_eq!((&report["ok"], &report["environment"]["name"]), (&false.into(), &"production".into()));
    assert!(report["problems"].as_array().unwrap().len() >= 2, "{report}");
}

/// An application whose registry is served over HTTP, which locked `core/tone` 1.4.2.
fn served() -> (TestContext, Shelf, Server) {
    let mut context = TestContext::new();
    context.filter(r"\b\d+ bytes", "[SIZE]");
    let shelf = Shelf::new(&context, "registry", "test");
    let server = Server::serve(&shelf.root);
    shelf.publish("core/tone 1.4.2", &[]);
    context.write("anvil.toml", manifest("^1.4").replace("../registry", &server.url("")));
    context.anvil(&["pull"]).success();
    (context, shelf, server)
}

#[test]
fn without_the_network_channels_are_not_known_and_what_is_known_is_taken() {
    let (context, shelf, server) = served();
    shelf.publish("core/tone 1.5.0", &[]);
    shelf.channel("stable", "core/tone 1.4.2");
    let before = context.files("");
    let offline = context.anvil(&["pull", "--env", "preview", "--offline"]).success();
    assert!(
        offline.stderr.contains("the channels of core/tone are not known without the network"),
        "{}",
        offline.shown()
    );
    assert!(context.files("") == before, "something was changed");
    server.fault("/channels", Fault::Status(500));
    let broken = context.anvil(&["pull", "--env", "preview"]);
    assert_eq!(broken.code, 5, "{}", broken.shown());
    assert!(context.files("") == before, "something was changed");
    server.mend();
    context.anvil(&["pull", "--env", "preview"]).success();
    assert!(context.read("anvil.lock").contains("1.4.2"), "the channel names the older one");
}

#[test]
fn what_is_locked_is_in_place_though_updates_cannot_be_looked_for() {
    let (context, shelf, server) = served();
    shelf.publish("core/tone 1.5.0", &[]);
    std::fs::remove_dir_all(context.project().join(".anvil/sets")).unwrap();
    server.fault("/", Fault::Status(500));
    let failed = context.anvil(&["pull", "--env", "staging"]);
    assert_eq!(failed.code, 5, "{}", failed.shown());
    context.anvil(&["verify"]).success();
    assert!(!context.project().join("anvil.pending.lock").exists());
    // Offline nobody expects that the network is asked; what is cached knows of nothing new.
    let offline = context.anvil(&["pull", "--env", "staging", "--offline"]).success();
    assert!(offline.stdout.contains("everything is in place (1 set)"), "{}", offline.shown());
    // A production is put in place with no request at all.
    server.forget();
    context.anvil(&["pull", "--env", "production"]).success();
    assert_eq!(server.count("/"), 0);
    server.mend();
    context.anvil(&["pull", "--env", "staging"]).success();
    assert!(context.read("anvil.pending.lock").contains("1.5.0"));
}
