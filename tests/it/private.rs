//! Private registries: credentials that go to their own host and show up nowhere, `login` and `logout`.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::Shelf;
use serde_json::Value;
use snapbox::str;
use std::fs;
use std::path::Path;

const SECRET: &str = "hush-7d1f0c";
const BEARER: &str = "Bearer hush-7d1f0c";
/// `ada:hush-7d1f0c`.
const BASIC: &str = "Basic YWRhOmh1c2gtN2QxZjBj";

/// An application that uses a private registry, and that registry.
fn project(authorization: &str) -> (TestContext, Server) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &["style/voice ^1"]);
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("style/voice 2.0.0", &[]);
    let server = Server::serve(&shelf.root);
    server.require(authorization);
    let registries = format!("[registries]\ndefault = \"{}\"\n", server.url(""));
    context.write("anvil.toml", registries + "\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    (context, server)
}

fn with(context: &TestContext, variables: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(arguments);
    command.envs(variables.iter().copied());
    context.run(command, "")
}

fn config(context: &TestContext) -> String {
    fs::read_to_string(context.path("config/config.toml")).unwrap_or_default()
}

/// Returns the files below `folder` that hold the secret in any of its forms.
fn leaks(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(leaks(&path));
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
        if is_secret(&text) || is_secret(&path.to_string_lossy()) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn is_secret(text: &str) -> bool {
    text.contains(SECRET) || text.contains(&BASIC["Basic ".len()..])
}

#[test]
fn without_credentials_it_says_what_to_do() {
    let (context, server) = project(BEARER);
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://[HOST]/anvil-registry.json answered 401: authentication is needed, and there are no credentials for http://[HOST]
  = help: keep some with: `anvil login http://[HOST]`
  = help: where nobody can be asked, set `[VARIABLE]` to a token

"#]]
    );
    assert_eq!(server.count("/anvil-registry.json"), 1, "a refusal is not asked for again");
    let variable = server.variable();
    assert_answer!(
        with(&context, &[(&variable, "another")], &["pull"]),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://[HOST]/anvil-registry.json answered 401: the token from the variable `[VARIABLE]` was refused
  = help: set `[VARIABLE]` to a token that http://[HOST] takes, or unset it

"#]]
    );
}

/// Keeps a credential for a server in one of the ways, and returns the variables that go with it.
type Keep<'a> = dyn Fn(&TestContext, &Server) -> Vec<(String, String)> + 'a;

#[test]
#[cfg(unix)]
fn each_way_to_keep_a_secret_works_and_shows_it_nowhere() {
    let origin_of = |server: &Server| server.url("");
    let ways: [(&str, &str, &Keep<'_>); 6] = [
        ("variable", BEARER, &|_, server| vec![(server.variable(), SECRET.to_owned())]),
        ("token", BEARER, &|context, server| {
            keep(context, &format!("[credentials.\"{}\"]\ntoken = \"{SECRET}\"\n", origin_of(server)));
            vec![]
        }),
        ("password", BASIC, &|context, server| {
            let entry = format!("[credentials.\"{}\"]\nuser = \"ada\"\npassword = \"{SECRET}\"\n", origin_of(server));
            keep(context, &entry);
            vec![]
        }),
        ("helper", BASIC, &|context, server| {
            let helper = context.path("home/helper");
            fs::write(&helper, format!("cat >&2\necho username=ada\necho password={SECRET}\n")).unwrap();
            let entry = format!("[credentials.\"{}\"]\nhelper = [\"/bin/sh\", {helper:?}]\n", origin_of(server));
            keep(context, &entry);
            vec![]
        }),
        ("netrc at home", BASIC, &|context, _| {
            fs::write(context.path("home/.netrc"), format!("machine 127.0.0.1 login ada password {SECRET}\n")).unwrap();
            vec![]
        }),
        ("netrc elsewhere", BASIC, &|context, _| {
            let path = context.path("home/mine");
            fs::write(&path, format!("machine 127.0.0.1\n  login \"ada\"\n  password \"{SECRET}\"\n")).unwrap();
            vec![("NETRC".to_owned(), path.display().to_string())]
        }),
    ];
    for (way, authorization, prepare) in ways {
        let (context, server) = project(authorization);
        let variables = prepare(&context, &server);
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = server.url("");
        let mut said = String::new();
        for arguments in [
            &["lock", "-v"][..],
            &["pull", "-v"],
            &["outdated", "-v", "--format", "json"],
            &["update", "-v"],
            &["tree", "-v"],
            &["verify", "-v"],
            &["show", "core/tone", "-v"],
            &["add", "style/voice@^1", "-v"],
            &["lock", "--offline", "-v"],
            &["export", "core/tone", "-v", "--output", "../out.tar"],
            &["config", "list"],
            &["config", "list", "--format", "json"],
            &["config", "get", &format!("credentials.\"{url}\".token")],
            &["add", "core/none", "-v"],
            &["login", "-v", "--token", SECRET],
            &["login", &url, SECRET],
            &["login", "-v", "--user", "ada", "--password", SECRET],
            &["config", "set", "credentials.token", SECRET],
        ] {
            let answer = with(&context, &variables, arguments);
            assert!(!is_secret(answer.shown()), "{way}: {arguments:?} showed it:\n{}", answer.shown());
            said.push_str(answer.shown());
            if arguments[0] == "pull" {
                assert_eq!(answer.code, 0, "{way}: {}", answer.shown());
            }
        }
        assert!(said.contains("is asked with the"), "{way}: -v does not say that credentials are sent:\n{said}");
        // Again with a registry that refuses.
        server.require("Bearer other");
        let refused = with(&context, &variables, &["update", "-v"]);
        assert_eq!(refused.code, 4, "{way}: {}", refused.shown());
        assert!(refused.stderr.contains("was refused") && !is_secret(&refused.stderr), "{way}: {}", refused.shown());
        for folder in ["project", "cache", "tmp"] {
            assert_eq!(leaks(&context.path(folder)), [] as [String; 0], "{way}");
        }
    }
}

/// Writes the config as its owner would.
fn keep(context: &TestContext, text: &str) {
    let path = context.path("config/config.toml");
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn no_redirection_takes_the_secret_to_another_host() {
    let (context, server) = project(BEARER);
    let other = Server::serve(context.path("registry"));
    for path in ["/bundles/core", "/index/style"] {
        let to = match path {
            "/index/style" => "/index/style/voice.jsonl".to_owned(),
            _ => {
                let folder = context.path("registry/bundles/core/tone");
                let name = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().file_name();
                format!("/bundles/core/tone/{}", name.to_string_lossy())
            }
        };
        server.fault(path, Fault::Redirect(other.url(&to)));
    }
    let variable = server.variable();
    // The other host's own credential stays at home, too: nobody asked for it.
    with(&context, &[(&variable, SECRET), (&other.variable(), "other-hush")], &["pull", "-v"]).success();
    assert_eq!(other.count("/"), 2);
    assert!(other.requests().iter().all(|request| !request.headers.contains_key("authorization")));
    assert!(server.requests().iter().all(|request| request.headers["authorization"] == BEARER));
    let here: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert!(here.len() >= 4, "{here:?}");
}

#[test]
fn plain_http_to_another_machine_is_refused_before_it_is_asked() {
    let (context, proxy) = project(BEARER);
    context.write(
        "anvil.toml",
        "[registries]\ndefault = \"http://prompts.invalid\"\n[dependencies]\n\"core/tone\" = \"^1\"\n",
    );
    let proxied = ("http_proxy", proxy.url(""));
    let variables = [(proxied.0, proxied.1.as_str()), ("ANVIL_TOKEN_PROMPTS_INVALID", SECRET)];
    assert_answer!(
        with(&context, &variables, &["pull"]),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0625]: the credentials for http://prompts.invalid from the variable `ANVIL_TOKEN_PROMPTS_INVALID` are not sent: plain http would show them to everybody on the way
  = help: name the registry as `https://prompts.invalid/…` in anvil.toml, or unset `ANVIL_TOKEN_PROMPTS_INVALID` if it needs none

"#]]
    );
    assert_eq!(proxy.count("/"), 0);
    let answer = context.anvil_with_input(&["login", "http://prompts.invalid", "--token", "-"], SECRET);
    assert_eq!(answer.code, 4, "{}", answer.shown());
    assert!(answer.stderr.starts_with("error[A0625]") && config(&context).is_empty(), "{}", answer.shown());
}

#[test]
fn a_proxy_never_sees_what_is_for_this_machine() {
    let (context, server) = project(BEARER);
    let proxy = Server::serve(context.path("registry"));
    let variable = server.variable();
    with(&context, &[(&variable, SECRET), ("http_proxy", &proxy.url("")), ("ALL_PROXY", &proxy.url(""))], &["pull"])
        .success();
    assert_eq!(proxy.count("/"), 0);
}

#[test]
#[cfg(unix)]
fn a_config_that_others_can_read_is_refused_and_login_mends_it() {
    use std::os::unix::fs::PermissionsExt;
    let (context, server) = project(BEARER);
    keep(&context, &format!("# mine\n[credentials.\"{}\"]\ntoken = \"{SECRET}\"\n", server.url("")));
    let path = context.path("config/config.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0626]: the credentials for http://[HOST] in `[ROOT]/config/config.toml` are not used: others on this machine can read it
  = help: keep the file to yourself: `chmod 600 [ROOT]/config/config.toml`

"#]]
    );
    context.anvil_with_input(&["login", "--token", "-"], SECRET).success();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(config(&context).starts_with("# mine\n"), "{}", config(&context));
    context.anvil(&["pull"]).success();
}

#[test]
fn login_checks_keeps_and_logout_forgets() {
    let (context, server) = project(BEARER);
    let token = |text: &str| context.anvil_with_input(&["login", "--token", "-"], text);
    let wrong = token("wrong\n");
    assert_answer!(
        wrong,
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://[HOST]/anvil-registry.json answered 401: the token that was given was refused
  = help: nothing was stored

"#]]
    );
    assert!(config(&context).is_empty());
    assert_answer!(
        token("hush-7d1f0c\n"),
        str![[r#"
exit: 0
--- stdout
stored the token for http://[HOST] in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_eq!(config(&context), format!("[credentials.\"{}\"]\ntoken = \"{SECRET}\"\n", server.url("")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(context.path("config/config.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(token(SECRET).success().stdout.contains("already"));
    context.anvil(&["pull"]).success();
    let listed = context.anvil(&["config", "list", "--format", "json"]).success().json();
    let kept = listed.as_array().unwrap().last().unwrap();
    assert_eq!(kept["key"], format!("credentials.\"{}\".token", server.url("")));
    assert_eq!(kept["value"], "(set)");
    let name = kept["key"].as_str().unwrap().to_owned();
    assert_eq!(context.anvil(&["config", "get", &name]).success().stdout, "(set)\n");

    // By another path of the host, by name, and from where no project is.
    let here = context.path("tmp");
    assert_answer!(
        context.anvil_in(&here, &["logout", &server.url("/some/where")]),
        str![[r#"
exit: 0
--- stdout
forgot the credentials for http://[HOST] in [ROOT]/config/config.toml
--- stderr

"#]]
    );
    assert_eq!(config(&context), "");
    assert_eq!(context.anvil(&["logout", "default", "--format", "json"]).success().json()["outcome"], "unchanged");
    assert_eq!(context.anvil(&["update"]).code, 4);
}

#[test]
fn login_takes_passwords_and_helpers() {
    let (context, server) = project(BASIC);
    let login = ["login", "default", "--user", "ada", "--password", "-", "--format", "json"];
    let kept = context.anvil_with_input(&login, SECRET).success().json();
    assert_eq!((&kept["kind"], &kept["checked"], &kept["needed"]), (&"password".into(), &true.into(), &true.into()));
    assert!(config(&context).contains("user = \"ada\"\npassword = "), "{}", config(&context));
    context.anvil(&["lock"]).success();

    // git's own helper, which keeps what it knows in a file.
    let store = context.path("home/store");
    fs::write(&store, format!("http://ada:{SECRET}@{}\n", server.url("").trim_start_matches("http://"))).unwrap();
    let helper = format!("git credential-store --file={}", store.display());
    context.anvil(&["login", "--helper", &helper]).success();
    assert!(!config(&context).contains(SECRET) && config(&context).contains("helper = \"git credential-store"));
    context.anvil(&["update"]).success();

    fs::write(&store, "").unwrap();
    let answer = context.anvil(&["login", "--helper", &helper]);
    assert_answer!(
        answer,
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A1172]: the credential helper `git` has none for http://[HOST]
  = help: nothing was stored; let the helper know them first, then run this again

"#]]
    );
    assert_eq!(context.anvil(&["login", "--helper", "./helper"]).code, 2);
    assert_eq!(context.anvil(&["login", "--helper", "no-such-program-at-all"]).code, 3);
}

#[test]
fn what_login_cannot_do_is_said() {
    let (context, server) = project(BEARER);
    let answer = |arguments: &[&str], input: &str| context.anvil_with_input(arguments, input);
    assert_answer!(
        answer(&["login"], ""),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1001]: the token for http://[HOST] cannot be asked: stdin is not a terminal
  = help: say it with `--token -`

"#]]
    );
    assert_answer!(
        answer(&["login", "--token", SECRET], ""),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1171]: a secret stands on the command line, behind `--token`, where others can see it
  = help: nothing was stored; write `--token -` and give it on stdin, or leave it out to be asked

"#]]
    );
    assert_answer!(
        answer(&["login", "--token", "-"], "\n"),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1172]: there is no token to keep: there is nothing in it
  = help: nothing was stored

"#]]
    );
    assert_answer!(
        answer(&["login", "../registry", "--token", "-"], SECRET),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1170]: the registry `../registry` is a folder, and takes no credentials
  = help: who may read it is for its file system to say

"#]]
    );
    for (arguments, code) in [
        (&["login", "nobody", "--token", "-"][..], 1),
        (&["login", "--token", "-", "--user", "ada"], 2),
        (&["login", "--password", "-"], 2),
        (&["login", "--user", "a:b", "--password", "-"], 1),
        (&["login", "https://me:hush-7d1f0c@x.invalid", "--token", "-"], 1),
        (&["login", "http://127.0.0.1:1", "--token", "-"], 5),
        (&["logout", "../registry"], 1),
    ] {
        let mut command = context.anvil_command(arguments);
        command.env("ANVIL_HTTP_RETRIES", "0");
        let answer = context.run(command, SECRET);
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.shown());
        assert!(!is_secret(answer.shown()), "{}", answer.shown());
    }
    assert!(config(&context).is_empty());
    let variable = server.variable();
    let mut command = context.anvil_command(&["login", "--token", "-", "--offline"]);
    command.env(variable, "other");
    assert_answer!(
        context.run(command, SECRET),
        str![[r#"
exit: 0
--- stdout
stored the token for http://[HOST] in [ROOT]/config/config.toml
--- stderr
note: the token was not checked, since the network may not be used
warning: `[VARIABLE]` is set in the environment and counts before the config

"#]]
    );
    assert_eq!(server.count("/"), 0);
}

#[test]
fn a_registry_that_is_open_to_all_says_nothing_of_a_token() {
    let (context, server) = project(BEARER);
    let open = Server::serve(context.path("registry"));
    let answer = context.anvil_with_input(&["login", &open.url(""), "--token", "-", "--format", "json"], "anything");
    let value: Value = answer.success().json();
    assert_eq!((&value["checked"], &value["needed"]), (&true.into(), &false.into()));
    drop(server);
}

#[test]
#[cfg(unix)]
fn what_a_helper_says_is_passed_on_without_secrets_and_escape_sequences() {
    let (context, server) = project(BASIC);
    let helper = context.path("home/helper");
    let script = format!(
        "printf 'touch your key\\033[2J\\033]0;owned\\007\\n' >&2\nprintf 'got {SECRET} for you\\n' >&2\n\
         echo 'token: abcdef' >&2\nseq -f 'line %g' 100 >&2\nhead -c 300000 /dev/zero | tr '\\0' x >&2\n\
         echo username=ada\necho password={SECRET}\n"
    );
    fs::write(&helper, script).unwrap();
    keep(&context, &format!("[credentials.\"{}\"]\nhelper = [\"/bin/sh\", {helper:?}]\n", server.url("")));
    let answer = context.anvil(&["lock", "--quiet"]).success();
    assert!(answer.stderr.contains("credential helper: touch your key"), "{}", answer.shown());
    assert!(answer.stderr.contains("got *** for you") && answer.stderr.contains("token: ***"), "{}", answer.shown());
    assert!(answer.stderr.contains("it says more, which is not shown"), "{}", answer.shown());
    assert!(answer.stderr.lines().count() < 30 && answer.stderr.len() < 4000, "{}", answer.stderr.len());
    for hidden in [SECRET, "abcdef", "\u{1b}", "owned\u{7}"] {
        assert!(!answer.stderr.contains(hidden), "{hidden:?} is in\n{}", answer.shown());
    }
}

#[test]
#[cfg(unix)]
fn what_a_helper_asks_is_seen_while_it_waits() {
    use std::io::{BufRead as _, BufReader};
    let (context, server) = project(BASIC);
    let (helper, gate) = (context.path("home/helper"), context.path("home/gate"));
    // It has an answer only once somebody has read what it asks.
    let script = format!(
        "echo 'enter ABCD at the portal' >&2\nwhile ! test -e {gate:?}; do sleep 0.05; done\n\
         echo username=ada\necho password={SECRET}\n"
    );
    fs::write(&helper, script).unwrap();
    keep(&context, &format!("[credentials.\"{}\"]\nhelper = [\"/bin/sh\", {helper:?}]\n", server.url("")));
    let mut command = context.anvil_command(&["lock"]);
    let mut child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    fs::write(&gate, "").unwrap();
    assert_eq!(line, "credential helper: enter ABCD at the portal\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_a_server_repeats_of_a_credential_is_not_shown() {
    let (context, server) = project(BEARER);
    let variable = server.variable();
    let root = context.path("registry");
    let endless = format!("{BEARER} {}", "x".repeat(200));
    for id in [BEARER, &endless] {
        fs::write(root.join("anvil-registry.json"), format!("{{\"format\":1,\"id\":\"{id}\",\"api\":null}}\n"))
            .unwrap();
        for args in [
            &["pull"][..],
            &["pull", "--format", "json"],
            &["-v", "lock"],
            &["doctor"],
            &["doctor", "--format", "json"],
        ] {
            let answer = with(&context, &[(&variable, SECRET)], args);
            assert_ne!(answer.code, 0, "{}", answer.shown());
            assert!(!is_secret(answer.shown()), "{args:?}: {}", answer.shown());
            assert!(answer.shown().contains("Bearer ***"), "{args:?}: {}", answer.shown());
        }
    }
    // A token that is longer than what a message repeats is cut there, and its beginning is hidden as well.
    let long = "q7".repeat(400);
    server.require(&format!("Bearer {long}"));
    fs::write(root.join("anvil-registry.json"), format!("{{\"format\":1,\"id\":\"Bearer {long}\"}}\n")).unwrap();
    let answer = with(&context, &[(&variable, &long)], &["pull"]);
    assert!(answer.code != 0 && !answer.shown().contains("q7q7"), "{}", answer.shown());
}
