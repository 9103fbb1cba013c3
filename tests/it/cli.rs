//! The frame of the command line: help, usage errors, global options, and the commands that need
//! no use case.

use crate::assert_answer;
use crate::context::TestContext;
use crate::server::Server;
use crate::shelf::Shelf;
use snapbox::str;
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn help_lists_the_commands_by_groups() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["--help"]),
        str![[r#"
exit: 0
--- stdout
A Git-backed package manager for LLM prompts

Usage: anvil [OPTIONS] <COMMAND>

Start:
  init         Make a prompt set, or an application that uses some
  new          Make a prompt
  demo         Set up a playground and run the main job in it

Author:
  lint         Check the manifest, front matter and templates
  render       Render a prompt with parameters
  test         Run the tests of prompts, on what they render to
  show         Show the facts of a prompt or a set
  diff         Compare two versions of the set
  log          List the versions, or follow one prompt
  tokens       Count the tokens of prompts

Version:
  version      Raise the version, commit and tag it
  rollback     Bring the content of an earlier version back
  compat       Say what changed for users, and the version that it needs

Depend:
  add          Add a dependency
  remove       Remove a dependency
  update       Move locked sets to newer versions
  lock         Choose versions and write anvil.lock
  pull         Make the project match its manifest and lock
  tree         Show what depends on what
  why          Say why a set is there
  outdated     List sets that have newer versions
  verify       Check that nothing has moved, for CI
  vendor       Copy the locked sets into the project, to be committed
  review       Look at proposed updates, and approve or reject them

Share:
  push         Publish a version to a registry (also: publish)
  yank         Take a published version out of resolution
  deprecate    Advise against a published version
  channel      Name versions, as in `stable`
  export       Write the set and all it needs into one archive
  import       Take in what `export` wrote
  sbom         Write a bill of materials from the lock

Registry:
  registry     Make and tend a static registry
  login        Keep credentials for a registry
  logout       Forget the credentials for a registry

Tools:
  doctor       Look for what keeps Anvil from working
  cache        Tend the cache
  config       Read and change the user's configuration
  explain      Explain an error code
  schema       Print a JSON Schema, for editors
  completions  Print a completion script for a shell
  man          Print or write the manual pages

  -C, --directory <DIR>    Run as if started in DIR
      --set <PROJECT/SET>  Work on the member PROJECT/SET of the workspace
  -q, --quiet              Print answers and errors only
  -v, --verbose            Say more about what is done
      --color <WHEN>       When to use colours: auto, always or never
      --offline            Use no network
      --env <NAME>         Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)
  -y, --yes                Answer yes to every question [env: ANVIL_YES]
  -h, --help               Print help
  -V, --version            Print version

Environment:
  ANVIL_CACHE_DIR   The folder of what is downloaded (`anvil cache dir` tells where it is)
  ANVIL_CONFIG_DIR  The folder of your configuration (`anvil config path`)

`anvil help COMMAND` tells more about a command, `anvil explain CODE` about an error, and the manual
page, `anvil man | man -l -`, about exit codes and all variables.
--- stderr

"#]]
    );
}

#[test]
fn no_command_is_a_usage_error_that_shows_the_help() {
    let context = TestContext::new();
    let (answer, help) = (context.anvil::<&str>(&[]), context.anvil(&["--help"]));
    assert_eq!((answer.code, answer.stdout.as_str()), (2, ""));
    assert_eq!(answer.stderr, help.stdout);
}

#[test]
fn a_slip_gets_a_suggestion_and_exit_code_2() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["psuh"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: unrecognized subcommand 'psuh'

  tip: a similar subcommand exists: 'push'

Usage: anvil [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["push", "--dry-rnu"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: unexpected argument '--dry-rnu' found

  tip: a similar argument exists: '--dry-run'

Usage: anvil push --dry-run

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "Core/Tone"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'Core/Tone' for '<PROJECT/SET>': `Core/Tone` is not a valid set name: `Core` does not begin with a lower-case letter

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["explain", "A0902", "-q", "-v"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: the argument '--quiet' cannot be used with '--verbose'

Usage: anvil explain --quiet <CODE>

For more information, try '--help'.

"#]]
    );
}

/// Habits from other tools lead to the command that does it here.
#[test]
fn words_of_other_tools_are_told_what_does_it_here() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["validate"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: unrecognized subcommand 'validate'

  tip: `anvil lint` checks the set, `anvil test` what its prompts give

Usage: anvil [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]
    );
    for (word, command) in [
        ("check", "lint"),
        ("eval", "test"),
        ("install", "pull"),
        ("sync", "pull"),
        ("fetch", "pull"),
        ("fmt", "lint"),
        ("search", "show"),
        ("upgrade", "update"),
        ("ls", "tree"),
        ("list", "tree"),
        ("info", "show"),
        ("uninstall", "remove"),
        ("build", "push"),
        ("commit", "version"),
        ("tag", "version"),
    ] {
        let answer = context.anvil(&[word]);
        assert_eq!(answer.code, 2, "{}", answer.shown());
        assert!(answer.stderr.contains(&format!("`anvil {command}")), "{word}: {}", answer.stderr);
        assert!(!answer.stderr.contains("similar"), "{word}: {}", answer.stderr);
    }
    // Below a command the same words mean something of that command's.
    for (words, command) in [(&["channel", "rm"], "remove"), (&["config", "ls"], "list")] {
        let answer = context.anvil(words);
        assert_eq!(answer.code, 2, "{}", answer.shown());
        let tip = format!("tip: a similar subcommand exists: '{command}'");
        assert!(answer.stderr.contains(&tip), "{words:?}: {}", answer.stderr);
    }
}

#[test]
fn a_version_that_is_nearly_one_is_told() {
    let context = TestContext::new();
    for (target, told) in [
        ("foo", "it is major, minor, patch, auto or a version as in 1.2.0"),
        ("v0.2.0", "did you mean 0.2.0?"),
        ("1.4", "did you mean 1.4.0?"),
        ("1.2.0+b", "versions of prompt sets have no build metadata"),
        ("18446744073709551616.0.0", "value of major version number exceeds u64::MAX"),
        (&format!("1.0.0-{}", "a".repeat(65)), "its pre-release is longer than 64 characters"),
    ] {
        let answer = context.anvil(&["version", target]);
        assert_eq!(answer.code, 2, "{}", answer.shown());
        assert!(answer.stderr.contains(told), "{}", answer.stderr);
    }
}

#[test]
fn the_version_is_printed_alone() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["--version"]),
        str![[r#"
exit: 0
--- stdout
anvil [VERSION]
--- stderr

"#]]
    );
}

#[test]
fn a_code_is_explained() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["explain", "a0902"]),
        str![[r#"
exit: 0
--- stdout
# A0902: a lock could not be taken

Publishing and cleaning take an operating-system lock so that two processes never write the same
thing. On some network file systems there are no such locks; publishing there is refused, because
it could lose what another process publishes at the same moment.

Run the command on a machine that has the folder on a local disk, or use another kind of registry.
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["explain", "A0992"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: there is no error code `A0992`
  = help: did you mean: `anvil explain A0902`

"#]]
    );
    assert_eq!(context.anvil(&["explain", "902"]).code, 2);

    let all = context.anvil(&["explain"]).success();
    assert!(all.stdout.lines().any(|line| line == "A0902  a lock could not be taken"), "{}", all.stdout);
    let json = context.anvil(&["explain", "A0902", "--format", "json"]).success().json();
    assert_eq!(json["code"], "A0902");
    assert_eq!(json["title"], "a lock could not be taken");
}

#[test]
fn schemas_are_json() {
    let context = TestContext::new();
    for kind in ["manifest", "lock"] {
        context.anvil(&["schema", kind]).success().json();
    }
}

#[test]
fn whoever_asks_is_told_where_everything_comes_from() {
    let mut context = TestContext::new();
    context.filter(r"\b\d+ bytes", "[N] bytes");
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &[]);
    context
        .write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    assert_answer!(
        context.anvil(&["lock", "-v"]),
        str![[r#"
exit: 0
--- stdout
added core/tone 1.4.2
wrote anvil.lock (1 set)
--- stderr
the registry `default` is `test`, at ../registry
../registry: read `index/core/tone.jsonl`

"#]]
    );
    let server = Server::serve(&shelf.root);
    context.write("anvil.toml", context.read("anvil.toml").replace("../registry", &server.url("")));
    // The registry file and the index are on their way at once, and either may come first.
    let update = || {
        let answer = context.anvil(&["update", "-v"]).success();
        let mut lines: Vec<String> =
            answer.shown().lines().skip_while(|line| *line != "--- stderr").skip(1).map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    let expected = [
        "fetched the bundle of core/tone 1.4.2 from `test`, [N] bytes",
        "http://[HOST]/anvil-registry.json: fetched [N] bytes",
        "http://[HOST]/anvil-registry.json: unchanged",
        "http://[HOST]/bundles/core/tone/tone-1.4.2-[SHORT].tar.gz: fetched [N] bytes",
        "http://[HOST]/index/core/tone.jsonl: fetched [N] bytes",
        "the registry `default` is `test`, at http://[HOST]",
    ];
    assert_eq!(update(), expected);
    std::fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    let expected = [
        "http://[HOST]/anvil-registry.json: unchanged",
        "http://[HOST]/index/core/tone.jsonl: unchanged",
        "the bundle of core/tone 1.4.2 is in the cache",
        "the registry `default` is `test`, at http://[HOST]",
    ];
    assert_eq!(update(), expected);
    assert_eq!(context.anvil(&["update"]).success().stderr, "");
}

#[test]
fn commands_that_are_named_run_where_this_one_did() {
    let context = TestContext::new();
    let stderr = |arguments: &[&str]| context.anvil(arguments).stderr;
    context.anvil(&["init", "a", "--name", "t/a", "--no-git"]).success();
    let next = stderr(&["-C", "a", "new", "welcome"]);
    assert!(next.ends_with("next: `anvil -C a render welcome -p question=…`\n"), "{next}");
    let next = stderr(&["init", "b", "-C", "a", "--no-git", "--name", "t/b"]);
    assert!(next.ends_with("next: `anvil -C a/b new welcome`\n"), "{next}");
    assert_answer!(
        context.anvil(&["-C", "a", "add", "core/tone"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1131]: `[ROOT]/project/a/anvil.toml` has no default registry to take core/tone from
  = help: say where it is, and it is written there: `anvil -C a add core/tone --registry URL-OR-FOLDER`
  = help: or add it yourself, under [registries]: `default = "https://…"`, or a folder

"#]]
    );
    let told = stderr(&["-C", "a", "add", "core/tone", "--format", "json"]);
    assert!(told.contains("anvil -C a "), "{told}");
}

#[test]
fn another_folder_can_be_named_and_must_be_there() {
    let context = TestContext::new();
    context.anvil(&["-C", "..", "man", "pages"]).success();
    assert!(context.path("pages/anvil.1").is_file());
    assert_answer!(
        context.anvil(&["explain", "-C", "nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: cannot find `nowhere`: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let context = TestContext::new();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = context.anvil_command(arguments);
        command.envs(variables.iter().copied());
        context.run(command, "").stdout.contains('\u{1b}')
    };
    assert!(!coloured(&["explain"], &[]), "a pipe is no terminal");
    assert!(coloured(&["explain", "--color", "always"], &[]));
    assert!(coloured(&["explain"], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&["explain"], &[("ANVIL_COLOR", "always")]));
    assert!(!coloured(&["explain"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&["explain", "--color=never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["--help"], &[]));
    assert!(coloured(&["--help", "--color=always"], &[]));
}

#[test]
fn a_variable_that_makes_no_sense_is_named() {
    let context = TestContext::new();
    let with = |name: &str, value: &str| {
        let mut command = context.anvil_command(&["explain"]);
        command.env(name, value);
        context.run(command, "")
    };
    assert_answer!(
        with("ANVIL_NOW", "yesterday"),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: the environment variable ANVIL_NOW is `yesterday`, which is not a number of seconds since 1970, up to the year 9999

"#]]
    );
    assert_answer!(
        with("ANVIL_NOW", "253402300800"),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: the environment variable ANVIL_NOW is `253402300800`, which is not a number of seconds since 1970, up to the year 9999

"#]]
    );
    assert_eq!(with("ANVIL_NOW", &u64::MAX.to_string()).code, 2);
    assert_eq!(with("ANVIL_NOW", "253402300799").code, 0);
    assert_answer!(
        with("ANVIL_YES", "abc"),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'abc' for '--yes': in ANVIL_YES it takes `true` or `false`

For more information, try '--help'.

"#]]
    );
    for value in ["", "0", "No", "1", "true"] {
        assert_eq!(with("ANVIL_YES", value).code, 0, "{value}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let context = TestContext::new();
    for arguments in [&["completions", "bash"][..], &["explain"], &["--help"], &["man"]] {
        let mut command = context.anvil_command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_told() {
    let context = TestContext::new();
    for arguments in [&["completions", "bash"][..], &["--version"], &["help"], &["push", "--help"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = context.anvil_command(arguments).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr, "error[A1003]: cannot write the answer: No space left on device (os error 28)\n");
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
    }
}

/// Both exit with 1 under `--exit-code`: what was found is on stdout, an error leaves it empty.
#[test]
fn an_error_and_an_answer_that_is_no_can_be_told_apart() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", "[set]\nname = \"team/hello\"\nversion = \"0.1.0\"\n");
    context.write("prompts/hello.prompt.md", "Hello.\n");
    context.commit("Begin");
    context.write("prompts/hello.prompt.md", "Hello you.\n");
    let found = context.anvil(&["diff", "HEAD", "--exit-code", "--quiet"]);
    assert_eq!((found.code, found.stdout.is_empty(), found.stderr.as_str()), (1, false, ""));
    for arguments in [&["diff", "9.9.9", "--exit-code"][..], &["outdated", "--exit-code", "-C", "prompts/.."]] {
        context.write("anvil.lock", "version = 1\nbroken");
        let error = context.anvil(arguments);
        assert_eq!((error.code, error.stdout.as_str()), (1, ""), "{}", error.shown());
        assert!(error.stderr.starts_with("error[A"), "{}", error.shown());
    }
}

#[test]
fn a_pipe_that_nobody_reads_changes_no_verdict() {
    let context = TestContext::new();
    context.write("bad.prompt.md", "{% if %}\n");
    context.write("good.prompt.md", "Good.\n");
    let unread = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = context.anvil_command(arguments);
        command.stdout(writer).stderr(std::process::Stdio::piped());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for format in ["text", "json"] {
        assert_eq!(unread(&["lint", "--quiet", "bad.prompt.md", "--format", format]), (Some(1), String::new()));
        assert_eq!(unread(&["lint", "--quiet", "good.prompt.md", "--format", format]), (Some(0), String::new()));
    }
    assert_eq!(unread(&["render", "./good.prompt.md"]), (Some(0), String::new()));
    assert_eq!(unread(&["render", "./missing.prompt.md"]).0, Some(1));
}
