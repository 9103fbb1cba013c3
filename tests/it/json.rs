//! What the answers of `--format json` have in common: `docs/json.md` promises it of all commands.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use clap::Command;
use serde_json::{Value, json};
use snapbox::str;
use std::collections::BTreeSet;

/// Adds the names of all commands below `command` that take every one of `options`.
fn taking(command: &Command, name: &str, options: &[&str], names: &mut BTreeSet<String>) {
    for sub in command.get_subcommands() {
        let name = format!("{name} {}", sub.get_name()).trim_start().to_owned();
        if options.iter().all(|option| sub.get_arguments().any(|argument| argument.get_long() == Some(option))) {
            names.insert(name.clone());
        }
        taking(sub, &name, options, names);
    }
}

fn fields(answer: &Value) -> BTreeSet<&str> {
    answer.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Every command that changes something tells in the same two fields whether it was a dry run and
/// what came of it, and a dry run tells in the same words what would.
#[test]
fn a_dry_run_answers_as_the_run_itself() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish("core/tone 1.1.0", &[]);
    context.git_init();
    context.write(
        "anvil.toml",
        "[set]\nname = \"team/hello\"\nversion = \"0.1.0\"\n\n[registries]\ndefault = \"../registry\"\n",
    );
    context.write("prompts/hello.prompt.md", "Hello.\n");
    context.write(".gitignore", "/.anvil/\n*.tar\n");
    context.commit("Begin");

    let steps: &[(&str, &[&str], &str)] = &[
        ("version", &["1.0.0"], "committed-and-tagged"),
        ("version", &["1.0.0"], "unchanged"),
        ("push", &[], "published"),
        ("push", &[], "unchanged"),
        ("channel set", &["stable", "1.0.0"], "changed"),
        ("channel set", &["stable", "1.0.0"], "unchanged"),
        ("channel remove", &["stable"], "changed"),
        ("channel remove", &["stable"], "unchanged"),
        ("deprecate", &["1.0.0", "--message", "old"], "changed"),
        ("deprecate", &["1.0.0", "--message", "old"], "unchanged"),
        ("yank", &["1.0.0", "--reason", "other"], "changed"),
        ("yank", &["1.0.0", "--reason", "other"], "unchanged"),
        ("add", &["core/tone@=1.0.0"], "changed"),
        ("add", &["core/tone@=1.0.0"], "unchanged"),
        ("add", &["core/tone@^1.0"], "changed"),
        ("update", &["core/tone", "--precise", "1.0.0"], "changed"),
        ("update", &["core/tone", "--precise", "1.0.0"], "unchanged"),
        ("lock", &[], "unchanged"),
        ("pull", &[], "unchanged"),
        ("vendor", &[], "changed"),
        ("vendor", &[], "unchanged"),
        ("vendor", &["--remove"], "changed"),
        ("vendor", &["--remove"], "unchanged"),
        ("export", &["--allow-dirty", "--output", "all.tar"], "changed"),
        ("export", &["--allow-dirty", "--output", "all.tar"], "unchanged"),
        ("import", &["all.tar"], "changed"),
        ("import", &["all.tar"], "unchanged"),
        ("remove", &["core/tone"], "changed"),
        ("registry init", &["../empty", "--id", "empty"], "changed"),
        ("registry init", &["../empty", "--id", "empty"], "unchanged"),
        ("registry rebuild", &["../registry"], "unchanged"),
        ("registry mirror", &["../registry", "../mirror"], "changed"),
        ("registry mirror", &["../registry", "../mirror"], "unchanged"),
    ];
    let mut met = BTreeSet::new();
    let mut run = |name: &str, arguments: &[&str], outcome: &str| {
        met.insert(name.to_owned());
        let words: Vec<&str> = name.split(' ').chain(arguments.iter().copied()).chain(["--format", "json"]).collect();
        let plan = context.anvil(&[&words[..], &["--dry-run"]].concat()).success().json();
        let done = context.anvil(&words).success().json();
        assert_eq!((&plan["dry_run"], &done["dry_run"]), (&json!(true), &json!(false)), "{words:?}");
        assert_eq!((&plan["outcome"], &done["outcome"]), (&json!(outcome), &json!(outcome)), "{words:?}");
        assert_eq!(fields(&plan), fields(&done), "{words:?}");
        let pulls = matches!(name, "add" | "update" | "remove");
        assert_eq!((plan.get("pull").is_some(), done.get("pull").is_some()), (pulls, pulls), "{words:?}");
        if let (Value::Object(plan), Value::Object(done)) = (&plan["pull"], &done["pull"]) {
            assert!(plan.keys().eq(done.keys()), "{words:?}");
        }
    };
    for (name, arguments, outcome) in steps {
        run(name, arguments, outcome);
    }
    context.write("prompts/hello.prompt.md", "Hello you.\n");
    context.commit("Change");
    run("version", &["patch"], "committed-and-tagged");
    run("rollback", &["1.0.0"], "committed-and-tagged");
    run("rollback", &["1.0.0"], "unchanged");
    context.write("prompts/hello.prompt.md", "Hello {{ name }}.\n");
    run("lint", &["--fix"], "changed");
    run("lint", &["--fix"], "unchanged");

    context.write(
        "anvil.toml",
        context.read("anvil.toml")
            + "\n[environments.staging]\nmode = \"review\"\n\n[dependencies]\n\"core/tone\" = \"^1.0\"\n",
    );
    for (name, arguments) in [("review reject", ["--by", "Ada"]), ("review approve", ["--by", "Ada"])] {
        context.anvil(&["pull", "--env", "staging"]);
        run(name, &arguments, "changed");
        shelf.publish("core/tone 1.2.0", &[]); // What was rejected is not proposed again.
    }
    run("review approve", &["--by", "Ada"], "unchanged");

    let mut promised = BTreeSet::new();
    taking(&anvil::cli::args::command(), "", &["dry-run", "format"], &mut promised);
    let mut built = anvil::cli::args::command();
    built.build();
    taking(&built, "", &["dry-run", "format"], &mut promised);
    assert_eq!(met, promised, "every command that takes both is run here");
}

/// A program that asked for JSON gets an error as JSON, too: one object, the last line of stderr.
#[test]
fn an_error_is_one_object_on_stderr() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["lock", "--check", "--format", "json"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
{"error":{"code":"A1030","message":"there is no `anvil.toml` in `[ROOT]/project` or any folder above it","file":null,"line":null,"column":null,"hints":["to make a prompt set here: `anvil init --name project/set`","to use prompt sets in an application: `anvil init --app`"],"findings":[],"exit":1}}

"#]]
    );
    context.write(
        "prompts/hello.prompt.md",
        "---\nparameters: { who: string }\n---\nHello {{ who }} {{ nmae }} {{ x }}.\n",
    );
    context.write("anvil.toml", "[set]\nname = \"team/hello\"\nversion = \"0.1.0\"\n");
    let answer = context.anvil(&["render", "hello", "--format=json"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (1, ""));
    let told: Value = serde_json::from_str(answer.stderr.lines().last().unwrap()).unwrap();
    let error = &told["error"];
    assert_eq!((&error["code"], &error["exit"]), (&json!("A0301"), &json!(1)));
    assert_eq!((&error["line"], &error["column"]), (&json!(4), &json!(20)));
    assert!(error["file"].as_str().unwrap().ends_with("prompts/hello.prompt.md"), "{error}");
    assert_eq!(error["findings"].as_array().unwrap().len(), 2);
    assert_eq!(
        fields(&error["findings"][0]),
        fields(&context.anvil(&["lint", "--format", "json"]).json()["findings"][0])
    );
}

#[test]
fn a_command_line_that_is_wrong_is_told_as_json_where_that_is_asked_for() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["push", "--format", "json", "--dry-rnu"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
{"error":{"code":"A1002","message":"unexpected argument '--dry-rnu' found","file":null,"line":null,"column":null,"hints":["a similar argument exists: '--dry-run'"],"findings":[],"exit":2}}

"#]]
    );
}
