//! The files for CI and pre-commit: they are read as what they are, and their shell steps are run on a project.

use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, asking};
use anvil::prompt::yaml;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Returns the YAML of a file of this repository.
fn read(path: &str) -> Value {
    let (text, mut problems) = (file(path), Vec::new());
    let node = yaml::read(&text, 0..text.len(), &mut problems);
    assert!(problems.is_empty(), "{path}: {problems:?}");
    node.unwrap().to_json()
}

/// A set in git with a prompt, a test of it, and a dependency from the registry beside it.
fn project() -> TestContext {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &[]);
    let set = "[set]\nname = \"support/onboarding\"\nversion = \"0.1.0\"\n\n";
    context.write("anvil.toml", format!("{set}{}", asking(&[("core/tone", "^1.4")])));
    let test = "{ name: greets, parameters: { who: Ada }, assert: [{ type: contains, value: Ada }] }";
    let front = format!("---\ndescription: A greeting.\nparameters:\n  who: string\ntests:\n  - {test}\n---\n");
    context.write("prompts/hello.prompt.md", format!("{front}Hello {{{{ who }}}}.\n"));
    context.write(".gitignore", ".anvil/\n*.xml\n");
    context.git_init();
    context.anvil(&["lock"]).success();
    context.commit("Begin");
    context
}

/// A prompt with an error.
const BAD: &str = "---\nparameters: { who: string }\n---\nHello {{ who }} and {{ nobody }}.\n";

/// Returns the command that runs `script` as a CI does, with the built `anvil` on PATH.
fn bash(context: &TestContext, script: &str) -> Command {
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_anvil"));
    let path = format!("{}:{}", bin.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = context.command("bash");
    // As GitHub runs `shell: bash`.
    command.env("PATH", path).args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command
}

/// Runs each shell step of the action that needs no GitHub, and returns what each answered, by its name.
fn steps(context: &TestContext) -> Vec<(String, Answer)> {
    let action = read("fixtures/ci/github/action.yml");
    let mut answers = Vec::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        let (Some(script), name) = (step["run"].as_str(), step["name"].as_str().unwrap()) else { continue };
        if name == "Install Anvil" || script.contains("gh pr comment") {
            continue;
        }
        answers.push((name.to_owned(), context.run(bash(context, script), "")));
    }
    answers
}

#[test]
fn the_action_is_a_composite_one_that_trusts_nobody_but_github() {
    let action = read("fixtures/ci/github/action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let inputs = action["inputs"].as_object().unwrap();
    for step in action["runs"]["steps"].as_array().unwrap() {
        match (step["uses"].as_str(), step["run"].as_str()) {
            (Some(uses), None) => assert!(uses.starts_with("actions/"), "{uses} is a stranger's"),
            (None, Some(script)) => {
                assert_eq!(step["shell"], "bash", "a composite action must name its shell: {step}");
                assert!(!script.contains("${{"), "what comes from outside would be a part of the script: {script}");
            }
            _ => panic!("{step} does one thing or the other"),
        }
    }
    let text = file("fixtures/ci/github/action.yml");
    for used in text.split("inputs.").skip(1) {
        let name: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        assert!(inputs.contains_key(&name), "there is no input `{name}`");
    }
    let workflow = read("fixtures/ci/github/workflow.yml");
    let with = &workflow["jobs"]["prompts"]["steps"][1]["with"];
    for name in with.as_object().unwrap().keys() {
        assert!(inputs.contains_key(name), "there is no input `{name}`");
    }
}

#[test]
fn the_steps_of_the_action_pass_a_sound_project() {
    let context = project();
    let answers = steps(&context);
    assert_eq!(answers.len(), 4);
    for (name, answer) in answers {
        assert_eq!(answer.code, 0, "{name}: {}", answer.shown());
    }
    // An application has no prompts of its own to check.
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]));
    for (name, answer) in steps(&context) {
        assert_eq!(answer.code, 0, "{name}: {}", answer.shown());
    }
}

#[test]
fn the_steps_of_the_action_reach_the_members_of_a_workspace() {
    let context = project();
    let set = context.read("anvil.toml").replace("[registries]\ndefault = \"../registry\"\n", "");
    fs::create_dir_all(context.project().join("sets/reply")).unwrap();
    fs::rename(context.project().join("prompts"), context.project().join("sets/reply/prompts")).unwrap();
    context.write("sets/reply/anvil.toml", set);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n");
    context.anvil(&["lock"]).success();
    for (name, answer) in steps(&context) {
        assert_eq!(answer.code, 0, "{name}: {}", answer.shown());
    }
    let prompt = "sets/reply/prompts/hello.prompt.md";
    context.write(prompt, context.read(prompt).replace("{{ who }}", "you"));
    let (name, answer) = steps(&context).pop().unwrap();
    assert_eq!((name.as_str(), answer.code), ("Run the tests of the project's own prompts", 1), "{}", answer.shown());
}

#[test]
fn the_steps_of_the_action_fail_where_something_is_wrong() {
    let failed = |context: &TestContext| -> Vec<String> {
        steps(context).into_iter().filter(|(_, answer)| answer.code != 0).map(|(name, _)| name).collect()
    };
    let context = project();
    context.write("prompts/hello.prompt.md", context.read("prompts/hello.prompt.md").replace("{{ who }}", "you"));
    assert_eq!(failed(&context), ["Run the tests of the project's own prompts"]);
    context.write("prompts/bad.prompt.md", BAD);
    assert_eq!(failed(&context), ["Check the project's own prompts", "Run the tests of the project's own prompts"]);
    context.write("anvil.toml", context.read("anvil.toml").replace("^1.4", "^1.5"));
    assert_eq!(failed(&context)[0], "Put in place what is locked");
}

#[test]
fn what_a_change_of_the_lock_means_is_told_in_the_pull_request() {
    let context = project();
    let action = read("fixtures/ci/github/action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let scripts = steps.iter().filter_map(|step| step["run"].as_str());
    let script = scripts.into_iter().find(|script| script.contains("gh pr comment")).unwrap();
    context.write("../bin/gh", "#!/bin/sh\nfor body; do :; done\necho \"$1 $2 $3\"\ncat \"$body\"\n");
    let run = || {
        let told = context.path("summary");
        let script = format!("chmod +x ../bin/gh; PATH=\"$PWD/../bin:$PATH\"; {script}");
        let mut command = bash(&context, &script);
        command.env("BASE", context.git(&["rev-parse", "HEAD"]).trim()).env("PULL_REQUEST", "7");
        command.env("GITHUB_STEP_SUMMARY", &told);
        let answer = context.run(command, "").success();
        (answer.stdout, fs::read_to_string(told).unwrap())
    };
    context.anvil(&["remove", "core/tone"]).success();
    let (comment, summary) = run();
    assert!(comment.starts_with("pr comment 7\n") && comment.contains("core/tone"), "{comment}");
    assert!(summary.contains("core/tone"), "{summary}");
}

#[test]
fn anvil_is_installed_from_the_version_that_is_named_alone() {
    let context = project();
    let action = read("fixtures/ci/github/action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let install = steps.iter().find(|step| step["name"] == "Install Anvil").unwrap()["run"].as_str().unwrap();
    fs::create_dir(context.path("bin")).unwrap();
    context.write("../bin/cargo", "#!/bin/sh\necho \"cargo $*\"\n");
    let run = |version: &str| {
        let paths = context.path("github_path");
        let script = format!("chmod +x ../bin/cargo; PATH=\"$PWD/../bin:$PATH\"; {install}");
        let mut command = bash(&context, &script);
        command.env("SOURCE", "https://git.example.com/anvil.git").env("VERSION", version).env("GITHUB_PATH", &paths);
        context.run(command, "")
    };
    let root = context.path("home/.anvil-built").display().to_string();
    let told = |which: &str| {
        format!("cargo install --locked --root {root} --git https://git.example.com/anvil.git {which} anvil\n")
    };
    assert_eq!(run("v0.1.0").success().stdout, told("--tag v0.1.0"));
    let commit = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(run(commit).success().stdout, told(&format!("--rev {commit}")));
    assert_eq!(run("").code, 1);
    // The other template takes the same, and the example in README.md gives what both need.
    let template = read("fixtures/ci/gitlab/anvil.yml");
    let before = template[".anvil"]["before_script"][0].as_str().unwrap();
    let run_there = |version: &str| {
        let script = format!("PATH=\"$PWD/../bin:$PATH\"; {before}");
        let mut command = bash(&context, &script);
        command.env("ANVIL_SOURCE", "https://git.example.com/anvil.git").env("ANVIL_VERSION", version);
        command.env("CI_PROJECT_DIR", context.path("home")).env("ANVIL_PROJECT", ".");
        context.run(command, "")
    };
    for version in ["v0.1.0", commit, "0123abc"] {
        let told = run(version).success().stdout;
        assert!(run_there(version).success().stdout.starts_with(&told), "{version}");
    }
    assert_eq!(run_there("").code, 1);
    let readme = file("README.md");
    let example =
        readme.split("```yaml\n# .github/workflows/prompts.yml\n").nth(1).unwrap().split("```").next().unwrap();
    let inputs = action["inputs"].as_object().unwrap();
    let with: Vec<&str> = example.split("        with:\n").nth(1).unwrap().lines().collect();
    let names: Vec<&str> = with.iter().filter_map(|line| line.trim().split(':').next()).collect();
    assert_eq!(names, ["source", "version", "comment"]);
    assert!(names.iter().all(|name| inputs.contains_key(*name)) && example.contains("pull-requests: write"));
    assert_eq!(fs::read_to_string(context.path("github_path")).unwrap(), format!("{root}/bin\n").repeat(5));
}

#[test]
fn the_jobs_of_the_gitlab_template_write_their_reports() {
    let context = project();
    let template = read("fixtures/ci/gitlab/anvil.yml");
    let before = template[".anvil"]["before_script"][0].as_str().unwrap();
    let project_and_application = [context.read("anvil.toml"), asking(&[("core/tone", "^1.4")])];
    for (manifest, job) in project_and_application.iter().flat_map(|it| [(it, "anvil-verify"), (it, "anvil-test")]) {
        context.write("anvil.toml", manifest);
        assert_eq!(template[job]["extends"], ".anvil");
        let report = template[job]["artifacts"]["reports"]["junit"].as_str().unwrap();
        let lines: Vec<&str> =
            template[job]["script"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let mut command = bash(&context, &format!("{before}\n{}", lines.join("\n")));
        command.env("CI_PROJECT_DIR", context.project()).env("ANVIL_PROJECT", ".").env("ANVIL_SOURCE", "");
        context.run(command, "").success();
        assert!(context.read(report).contains("<testsuite"), "{job}");
    }
}

#[test]
fn the_hooks_are_those_that_are_promised() {
    let hooks = read(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    let plain = ["anvil-lint", "anvil-test", "anvil-lock"];
    assert_eq!(ids[..3], plain);
    assert_eq!(ids[3..], plain.map(|id| format!("{id}-system")));
    let context = TestContext::new();
    for hook in hooks {
        assert_eq!(hook["pass_filenames"], false);
        let words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').skip(1).chain(["--help"]).collect();
        context.anvil(&words).success();
    }
}

/// Returns `pre-commit`, if there is one: what `.ci/run` installed, or the one on PATH.
fn pre_commit(context: &TestContext) -> Option<PathBuf> {
    let named = std::env::var_os("ANVIL_TEST_PYTHON").map(|python| Path::new(&python).with_file_name("pre-commit"));
    let candidates = named.into_iter().chain([PathBuf::from("pre-commit")]);
    let runs = |program: &PathBuf| {
        let mut command = context.command(program.to_str().unwrap());
        command.arg("--version").output().is_ok_and(|output| output.status.success())
    };
    candidates.into_iter().find(runs)
}

#[test]
fn pre_commit_runs_the_hooks() {
    let context = project();
    let Some(pre_commit) = pre_commit(&context) else {
        eprintln!("skipped: there is no pre-commit (ANVIL_TEST_PYTHON names a Python that has it beside itself)");
        return;
    };
    context.anvil(&["pull"]).success();
    // The hooks come from a repository; this one has no commit of what is being tested.
    context.write("../hooks/.pre-commit-hooks.yaml", file(".pre-commit-hooks.yaml"));
    let hooks = context.path("hooks");
    context.git_in(&hooks, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&hooks, &["add", "--all"]);
    context.git_in(&hooks, &["commit", "--quiet", "--message", "Begin"]);
    let run = |hook: &str| {
        let program = pre_commit.to_str().unwrap();
        let from = hooks.display();
        context.run(bash(&context, &format!("{program} try-repo --color never --all-files {from} {hook}")), "")
    };
    for hook in ["anvil-lint-system", "anvil-test-system", "anvil-lock-system"] {
        let answer = run(hook).success();
        assert!(answer.stdout.contains("Passed"), "{hook}: {}", answer.shown());
    }
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]));
    run("anvil-test-system").success();
    context.write("anvil.toml", manifest);
    context.write("prompts/bad.prompt.md", BAD);
    context.git(&["add", "--all"]);
    let answer = run("anvil-lint-system");
    assert!(answer.code == 1 && answer.stdout.contains("A0301"), "{}", answer.shown());
    context.write("anvil.toml", context.read("anvil.toml").replace("^1.4", "^1.5"));
    context.git(&["add", "--all"]);
    assert_eq!(run("anvil-lock-system").code, 1);
}
