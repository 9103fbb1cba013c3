//! What is kept on the machine: `cache` and `config`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;
use std::fs;

fn pulled() -> TestContext {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n");
    context.anvil(&["add", "core/tone"]).success();
    context
}

#[test]
fn the_cache_is_found_checked_and_cleaned() {
    let context = pulled();
    assert_answer!(
        context.anvil(&["cache", "dir"]),
        str![[r#"
exit: 0
--- stdout
[ROOT]/cache
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["cache", "verify"]),
        str![[r#"
exit: 0
--- stdout
everything is as it was stored (2 bundles, 6 unpacked files, 0 index files, 1.1 kB)
--- stderr

"#]]
    );
    let bundle = context.files("../cache").into_iter().find(|file| file.0.ends_with(".tar.gz")).unwrap().0;
    fs::write(context.path("cache").join(bundle), "rotten").unwrap();
    assert_answer!(
        context.anvil(&["cache", "verify"]),
        str![[r#"
exit: 0
--- stdout
removed [ROOT]/cache/bundles-v1/7f/[SHA256].tar.gz, which was not as it was stored
the rest is as it was stored (1 bundle, 6 unpacked files, 0 index files, 837 bytes)
--- stderr

"#]]
    );
    let report = context.anvil(&["cache", "verify", "--format", "json"]).success().json();
    assert_eq!((&report["bundles"]["files"], &report["removed"]), (&1.into(), &serde_json::json!([])));
    assert_answer!(
        context.anvil(&["cache", "clean", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would remove 7 files (837 bytes)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["cache", "clean"]),
        str![[r#"
exit: 0
--- stdout
removed 7 files (837 bytes)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["cache", "clean"]),
        str![[r#"
exit: 0
--- stdout
the cache is empty
--- stderr

"#]]
    );
    assert_eq!(context.anvil(&["cache", "verify"]).success().stdout, "the cache is empty\n");
    // All of it can be fetched again.
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    context.anvil(&["pull", "--locked"]).success();
}

#[test]
fn a_setting_is_listed_with_where_it_comes_from() {
    let context = TestContext::new();
    context.anvil(&["config", "set", "http.timeout", "5"]).success();
    let mut list = context.anvil_command(&["config", "--offline"]);
    list.env("ANVIL_HTTP_RETRIES", "0");
    // How wide the columns are hangs on how long the paths are.
    let listed = context.run(list, "").success();
    let lines: Vec<String> =
        listed.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join("  ")).collect();
    snapbox::assert_data_eq!(
        context.scrub(&lines.join("\n")),
        str![[r#"
setting  value  from  takes
cache-dir  [ROOT]/cache  ANVIL_CACHE_DIR  folder
color  auto  default  auto|always|never
http.retries  0  ANVIL_HTTP_RETRIES  0..10
http.timeout  5  [ROOT]/config/config.toml  1..3600
offline  true  --offline  true|false
signing.key  default  file
"#]]
    );
    let listed = context.anvil(&["config", "list", "--format", "json"]).success().json();
    assert_eq!(listed[3]["key"], "http.timeout");
    assert_eq!(listed[3]["value"], "5");
    assert_eq!(context.anvil(&["config", "get", "http.timeout"]).success().stdout, "5\n");
    assert_eq!(context.anvil(&["config", "get", "color"]).success().stdout, "auto\n");
}

#[test]
fn a_setting_is_set_and_taken_out_and_comments_stay() {
    let context = TestContext::new();
    context.write("../config/config.toml", "# mine\noffline = true # at sea\n");
    assert_answer!(
        context.anvil(&["config", "set", "color", "never"]),
        str![[r#"
exit: 0
--- stdout
set color to never in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["config", "set", "color", "never"]),
        str![[r#"
exit: 0
--- stdout
color is never already in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_eq!(context.read("../config/config.toml"), "# mine\noffline = true # at sea\ncolor = \"never\"\n");
    assert_answer!(
        context.anvil(&["config", "unset", "color"]),
        str![[r#"
exit: 0
--- stdout
unset color in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["config", "unset", "color"]),
        str![[r#"
exit: 0
--- stdout
color is not set in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_eq!(context.read("../config/config.toml"), "# mine\noffline = true # at sea\n");
    assert_answer!(
        context.anvil(&["config", "path"]),
        str![[r#"
exit: 0
--- stdout
[ROOT]/config/config.toml
--- stderr

"#]]
    );
}

#[test]
fn what_is_no_setting_or_no_value_is_refused() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["config", "set", "colour", "never"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A0906]: there is no setting `colour`
  = help: did you mean `color`?

"#]]
    );
    assert_answer!(
        context.anvil(&["config", "set", "color", "purple"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A0907]: `purple` is not a value of `color`: it takes `auto`, `always` or `never`

"#]]
    );
    assert_eq!(context.anvil(&["config", "get", "nothing"]).code, 2);
    assert_eq!(context.anvil(&["config", "unset", "nothing"]).code, 2);
    assert!(!context.path("config/config.toml").exists());
}

#[test]
fn a_config_with_faults_stops_everything_but_what_mends_it() {
    let context = pulled();
    context.write("../config/config.toml", "colour = \"never\"\nhttp = { timeout = 0 }\n");
    assert_answer!(
        context.anvil(&["verify"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0906]: there is no setting `colour` (line 1 of `[ROOT]/config/config.toml`)
  = help: did you mean `color`?

error[A0907]: the value of `http.timeout` is not valid: it takes a whole number from 1 to 3600 (line 2 of `[ROOT]/config/config.toml`)

"#]]
    );
    assert_eq!(context.anvil(&["config", "list"]).code, 1);
    assert_eq!(context.anvil(&["config", "get", "offline"]).code, 1);
    context.anvil(&["config", "path"]).success();
    context.anvil(&["config", "unset", "colour"]).success();
    context.anvil(&["config", "set", "http.timeout", "10"]).success();
    context.anvil(&["config", "list"]).success();
    context.anvil(&["verify"]).success();
}

#[test]
fn a_variable_that_counts_before_the_config_is_told() {
    let context = TestContext::new();
    let mut set = context.anvil_command(&["config", "set", "color", "auto"]);
    set.env("ANVIL_COLOR", "never");
    assert_answer!(
        context.run(set, ""),
        str![[r#"
exit: 0
--- stdout
set color to auto in [ROOT]/config/config.toml
--- stderr
warning: `ANVIL_COLOR` is set in the environment and counts before the config

"#]]
    );
}

#[test]
fn paths_and_values_are_given_as_json() {
    let context = pulled();
    assert_answer!(
        context.anvil(&["cache", "dir", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "folder": "[ROOT]/cache"
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["config", "path", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "file": "[ROOT]/config/config.toml"
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["config", "get", "offline", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "key": "offline",
  "value": "false",
  "source": "default",
  "description": "never use the network"
}
--- stderr

"#]]
    );
}

#[test]
fn without_a_home_all_works_but_what_needs_the_cache() {
    let context = pulled();
    context.write("a.prompt.md", "A\n");
    let homeless = |arguments: &[&str]| {
        let mut command = context.anvil_command(arguments);
        for variable in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "ANVIL_CACHE_DIR", "ANVIL_CONFIG_DIR"] {
            command.env_remove(variable);
        }
        context.run(command, "")
    };
    for arguments in [
        &["verify"][..],
        &["lint", "a.prompt.md"],
        &["tree"],
        &["why", "style/voice"],
        &["render", "core/tone/house-style"],
        &["show", "core/tone"],
        &["lock", "--check"],
        &["lock"],
        &["outdated"],
        &["pull"],
        &["init", "other", "--app"],
    ] {
        homeless(arguments).success();
    }
    assert_answer!(
        homeless(&["render", "style/voice@1.0.0/house-style"]),
        str![[r#"
exit: 0
--- stdout
This is style/voice 1.0.0.--- stderr

"#]]
    );
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    assert_answer!(
        homeless(&["pull"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0908]: there is no place for the cache: neither `ANVIL_CACHE_DIR` nor a home folder is set
  = help: set `ANVIL_CACHE_DIR` to a folder

"#]]
    );
    assert_answer!(
        homeless(&["cache", "verify"]),
        str![[r#"
exit: 3
--- stdout
--- stderr
error[A0908]: there is no place for the cache: neither `ANVIL_CACHE_DIR` nor a home folder is set
  = help: set `ANVIL_CACHE_DIR` to a folder

"#]]
    );
}
