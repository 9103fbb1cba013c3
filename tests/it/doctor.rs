//! What `anvil doctor` finds, and that what it says to run mends it.

use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::{Shelf, asking};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]));
    context.write(".gitignore", ".anvil/\n");
    context.git_init();
    context.anvil(&["pull"]).success();
    (context, shelf)
}

fn doctor(context: &TestContext) -> Answer {
    context.anvil(&["doctor", "--format", "json"])
}

/// Returns the findings of `level`, each as `area: message`.
fn told(answer: &Answer, level: &str) -> Vec<String> {
    let report = answer.json();
    let checks = report["checks"].as_array().unwrap().iter().filter(|check| check["level"] == level);
    checks.map(|check| format!("{}: {}", check["area"].as_str().unwrap(), check["message"].as_str().unwrap())).collect()
}

/// Returns the first command that the findings of `level` say to run.
fn command(answer: &Answer, level: &str) -> String {
    let report = answer.json();
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["level"] == level).unwrap().clone();
    let hint = check["hints"][0].as_str().unwrap_or_else(|| panic!("nothing mends {check}")).to_owned();
    hint.split('`').nth(1).unwrap_or_else(|| panic!("no command in {hint}")).to_owned()
}

fn sh(context: &TestContext, script: &str) {
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_anvil"));
    let path = format!("{}:{}", bin.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = context.command("sh");
    command.env("PATH", path).args(["-c", script]);
    context.run(command, "").success();
}

#[test]
fn where_nothing_is_wrong_it_says_so() {
    let (context, _shelf) = application();
    let answer = context.anvil(&["doctor"]);
    assert_eq!(answer.code, 0, "{}", answer.shown());
    assert!(answer.stdout.ends_with("nothing is wrong\n"), "{}", answer.shown());
    assert!(answer.stdout.contains("ok       registries: `default` is `test`\n"), "{}", answer.shown());
    let report = doctor(&context).json();
    assert_eq!((&report["ok"], &report["errors"], &report["warnings"]), (&true.into(), &0.into(), &0.into()));
}

#[test]
fn outside_of_a_project_it_looks_at_the_machine() {
    let context = TestContext::new();
    let cache = context.path("not-yet");
    let mut run = context.anvil_command(&["doctor", "--format", "json"]);
    run.env("ANVIL_CACHE_DIR", &cache);
    let answer = context.run(run, "");
    assert!(!cache.exists(), "it changes nothing");
    assert_eq!((answer.code, told(&answer, "error")), (0, vec![]), "{}", answer.shown());
    assert!(
        told(&answer, "skipped").contains(&"project: there is no project here, and so no registry to ask".to_owned())
    );
}

#[test]
fn what_it_says_to_run_mends_what_it_found() {
    let (context, _shelf) = application();
    let tone = fs::read_dir(context.project().join(".anvil/sets/core/tone")).unwrap().map(|it| it.unwrap().path());
    fs::remove_dir_all(tone.into_iter().find(|path| path.is_dir()).unwrap()).unwrap();
    let sick = doctor(&context);
    assert_eq!((sick.code, told(&sick, "error")), (1, vec!["project: core/tone 1.4.2 is not unpacked".to_owned()]));
    sh(&context, &command(&sick, "error"));
    assert_eq!(doctor(&context).code, 0);

    context.write(".gitignore", "");
    let sick = doctor(&context);
    assert_eq!(told(&sick, "warning"), ["project: git does not ignore .anvil/, which every clone unpacks anew"]);
    assert_eq!(sick.code, 0, "a warning is none that must be mended");
    sh(&context, &command(&sick, "warning"));
    assert_eq!(told(&doctor(&context), "warning"), <[String; 0]>::default());

    context.write(".gitattributes", "anvil.lock merge=ours\n");
    assert!(told(&doctor(&context), "warning")[0].contains("the merge driver `ours`"));
    context.write(".gitattributes", "anvil.lock merge=anvil\n");
    let sick = doctor(&context);
    assert!(told(&sick, "warning")[0].contains("asks for the merge driver `anvil`"), "{}", sick.shown());
    assert_eq!(command(&sick, "warning"), "anvil init --merge-driver");
    sh(&context, &command(&sick, "warning"));
    assert_eq!(told(&doctor(&context), "warning"), <[String; 0]>::default());
}

#[cfg(unix)]
#[test]
fn a_config_with_faults_does_not_keep_it_from_looking() {
    use std::os::unix::fs::PermissionsExt;
    let (context, _shelf) = application();
    let config = context.path("config/config.toml");
    fs::write(&config, "colour = \"never\"\n").unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    let sick = doctor(&context);
    assert_eq!(sick.code, 1);
    assert!(told(&sick, "error")[0].starts_with("config: there is no setting `colour` (line 1 "), "{}", sick.shown());
    assert!(told(&sick, "warning")[0].starts_with("config: others may read "), "{}", sick.shown());
    sh(&context, &command(&sick, "warning"));
    sh(&context, "anvil config unset colour");
    assert_eq!(doctor(&context).code, 0);
}

#[test]
fn the_environment_is_looked_through_and_no_secret_shown() {
    let (context, _shelf) = application();
    let mut run = context.anvil_command(&["doctor", "--format", "json"]);
    run.env("ANVIL_OFLINE", "hunter2")
        .env("HTTPS_PROXY", "http://me:hunter2@proxy.example.com:8080")
        .env("ANVIL_TOKEN_X", "hunter2");
    let answer = context.run(run, "");
    assert_eq!(told(&answer, "warning"), ["environment: the variable ANVIL_OFLINE is set, which Anvil does not know"]);
    assert!(
        answer.stdout.contains("did you mean `ANVIL_OFFLINE`?") && !answer.stdout.contains("hunter2"),
        "{}",
        answer.stdout
    );
}

#[test]
fn a_variable_that_stops_every_other_command_is_told_of() {
    let (context, _shelf) = application();
    let run = |arguments: &[&str]| {
        let mut command = context.anvil_command(arguments);
        command.env("ANVIL_HTTP_TIMEOUT", "soon");
        context.run(command, "")
    };
    assert_eq!(run(&["verify"]).code, 2);
    let sick = run(&["doctor", "--format", "json"]);
    assert_eq!((sick.code, command(&sick, "error")), (1, "unset ANVIL_HTTP_TIMEOUT".to_owned()));
}

#[test]
fn what_rotted_in_the_cache_is_named_and_left_there() {
    let (context, _shelf) = application();
    let bundles = context.path("cache/bundles-v1");
    let folder = fs::read_dir(&bundles).unwrap().next().unwrap().unwrap().path();
    let bundle = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    fs::write(&bundle, "rot").unwrap();
    let sick = doctor(&context);
    assert!(told(&sick, "warning")[0].contains("is not as it was stored"), "{}", sick.shown());
    assert!(bundle.exists());
    assert_eq!(command(&sick, "warning"), "anvil cache verify");
    fs::remove_dir_all(context.path("cache")).unwrap();
    fs::write(context.path("cache"), "in the way").unwrap();
    let sick = doctor(&context);
    assert!(sick.code == 1 && told(&sick, "error")[0].starts_with("cache: "), "{}", sick.shown());
}

/// A project of a registry that is served over HTTP.
fn served() -> (TestContext, Server) {
    let (context, shelf) = application();
    let server = Server::serve(&shelf.root);
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]).replace("../registry", &server.url("")));
    (context, server)
}

#[test]
fn a_registry_is_asked_and_its_clock_compared() {
    let (context, server) = served();
    server.date("Fri, 02 Jan 2026 03:04:00 GMT");
    let well = doctor(&context);
    assert_eq!((well.code, told(&well, "warning")), (0, vec![]), "{}", well.shown());
    assert!(told(&well, "ok").iter().any(|it| it.starts_with("registries: `default` is `test`, answered in ")));
    server.date("Fri, 02 Jan 2026 05:04:05 GMT");
    let sick = doctor(&context);
    assert_eq!(told(&sick, "warning"), ["registries: the clock of `default` and the one here differ by 120 minutes"]);

    server.forget();
    let offline = context.anvil(&["doctor", "--offline", "--format", "json"]);
    assert!(
        told(&offline, "skipped").contains(&"registries: the network may not be used: no host was asked".to_owned())
    );
    assert_eq!(server.count("/"), 0);
}

#[test]
fn a_registry_that_is_silent_is_given_up_soon() {
    let (context, server) = served();
    server.fault("/", Fault::Delay(Duration::from_secs(60)));
    let began = Instant::now();
    let sick = doctor(&context);
    assert!(began.elapsed() < Duration::from_secs(25), "it took {:?}", began.elapsed());
    assert!(sick.code == 1 && told(&sick, "error")[0].starts_with("registries: `default`: "), "{}", sick.shown());
}

#[test]
fn a_registry_that_answers_by_the_drop_is_given_up_as_well() {
    let (context, server) = served();
    let long = format!("{{\"format\":1,\"id\":\"test\",\"note\":\"{}\"}}", "x".repeat(60_000));
    fs::write(context.path("registry/anvil-registry.json"), long).unwrap();
    server.fault("/", Fault::Drip(1_100, Duration::from_secs(3)));
    let began = Instant::now();
    let sick = doctor(&context);
    assert!(began.elapsed() < Duration::from_secs(25), "it took {:?}", began.elapsed());
    assert!(
        sick.code == 1 && told(&sick, "error")[0].ends_with("was not done answering after 15 s"),
        "{}",
        sick.shown()
    );
}

#[test]
fn who_commits_must_be_known() {
    let (context, _shelf) = application();
    let mut run = context.anvil_command(&["doctor", "--format", "json"]);
    for who in ["AUTHOR", "COMMITTER"] {
        run.env_remove(format!("GIT_{who}_NAME")).env_remove(format!("GIT_{who}_EMAIL"));
    }
    let answer = context.run(run, "");
    let report: Value = answer.json();
    assert_eq!(
        told(&answer, "warning"),
        ["git: git does not know who you are, and `anvil version` commits"],
        "{report}"
    );
}

/// Checks that each finding of `answer` says what mends it.
fn all_have_a_fix(answer: &Answer) {
    let report = answer.json();
    let wrong = |check: &&Value| check["level"] == "error" || check["level"] == "warning";
    for check in report["checks"].as_array().unwrap().iter().filter(wrong) {
        assert!(!check["hints"].as_array().unwrap().is_empty(), "nothing mends {check}");
    }
}

#[test]
fn a_git_repository_that_has_moved_is_found() {
    let (context, _shelf, url) = crate::sources::project();
    context.anvil(&["add", "lab/ideas", "--git", &url, "--tag", "v0.3.0", "--subdirectory", "ideas"]).success();
    let well = doctor(&context);
    assert!(told(&well, "ok").contains(&format!("git: {url} can be read, for lab/ideas")), "{}", well.shown());
    fs::rename(context.path("lab"), context.path("moved")).unwrap();
    let sick = doctor(&context);
    assert_eq!(context.anvil(&["update"]).code, 5, "what breaks");
    assert_eq!((sick.code, told(&sick, "error").len()), (1, 1), "{}", sick.shown());
    assert!(told(&sick, "error")[0].contains(&format!("lab/ideas: cannot fetch the git repository {url}")));
    assert_eq!(command(&sick, "error"), format!("git ls-remote {url}"));
    assert!(sick.stdout.contains("write its new URL in anvil.toml (line 5)"), "{}", sick.shown());
    all_have_a_fix(&sick);
    let offline = context.anvil(&["doctor", "--offline", "--format", "json"]);
    assert_eq!(told(&offline, "error"), <[String; 0]>::default(), "{}", offline.shown());
    let skipped = "git: the network may not be used: no repository of a set was asked".to_owned();
    assert!(told(&offline, "skipped").contains(&skipped));
}

#[test]
fn an_environment_that_there_is_not_and_reviews_that_are_none_are_found() {
    let (context, _shelf) = application();
    let run = |environment: &str| {
        let mut command = context.anvil_command(&["doctor", "--format", "json"]);
        command.env("ANVIL_ENV", environment);
        context.run(command, "")
    };
    let sick = run("nope");
    assert_eq!(
        (sick.code, told(&sick, "error")),
        (1, vec!["environment: anvil.toml has no environment `nope`".into()])
    );
    assert!(sick.stdout.contains("`unset ANVIL_ENV`"), "{}", sick.shown());
    all_have_a_fix(&sick);

    context.write("anvil.toml", context.read("anvil.toml") + "\n[environments.staging]\nmode = \"review\"\n");
    context.write("anvil.reviews", "");
    context.commit("Take reviews");
    let well = run("staging");
    assert_eq!((well.code, told(&well, "error")), (0, vec![]), "{}", well.shown());
    assert!(told(&well, "ok").contains(&"project: anvil.reviews can be read".to_owned()));
    context.write("anvil.reviews", "garbage\n");
    let sick = run("staging");
    assert!(
        sick.code == 1 && told(&sick, "error")[0].contains("line 1 of anvil.reviews is no review"),
        "{}",
        sick.shown()
    );
    all_have_a_fix(&sick);
    sh(&context, ": > anvil.reviews");
    assert_eq!(run("staging").code, 0);
}

#[test]
fn a_registry_that_is_down_is_told_with_what_to_do() {
    let (context, _server) = served();
    let down = "[registries]\ndefault = \"http://127.0.0.1:1\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n";
    context.write("anvil.toml", down);
    let sick = doctor(&context);
    assert!(told(&sick, "error").iter().any(|it| it.starts_with("registries: ")), "{}", sick.shown());
    all_have_a_fix(&sick);
}

#[test]
fn a_repository_that_has_moved_is_told_with_the_manifest_that_names_it() {
    let context = TestContext::in_git();
    let gone = format!("file://{}", context.path("gone").display());
    let source = format!("{{ git = \"{gone}\", branch = \"main\" }}");
    context.write(
        "anvil.toml",
        format!("[workspace]\nmembers = [\"sets/*\"]\n\n[workspace.dependencies]\n\"lab/shared\" = {source}\n"),
    );
    let own = format!("[set]\nname = \"x/a\"\nversion = \"0.1.0\"\n\n[dependencies]\n\"lab/own\" = {source}\n");
    context.write("sets/a/anvil.toml", &own);
    let told = context.anvil(&["doctor"]);
    assert!(told.stdout.contains("write its new URL in sets/a/anvil.toml (line 6), for lab/own"), "{}", told.shown());
    // What a member inherits is written elsewhere.
    let inherited = own.replace(&format!("\"lab/own\" = {source}"), "\"lab/shared\" = { workspace = true }");
    context.write("sets/a/anvil.toml", inherited);
    let told = context.anvil(&["doctor"]);
    assert!(told.stdout.contains("write its new URL in anvil.toml (line 5), for lab/shared"), "{}", told.shown());
}
