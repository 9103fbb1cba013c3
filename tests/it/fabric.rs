//! 75 real prompts, written by people who never heard of Anvil, go through the whole job.
//!
//! They are danielmiessler/fabric's, read from `../shared/real/fabric` or the folder that
//! `ANVIL_REAL_PROMPTS` names; without it the test is skipped with one line. With `--nocapture` it
//! prints how long each command took; `docs/real-input.md` tells what came of it.

#![expect(clippy::print_stderr, reason = "it tells what it measured, or why it did not")]

use crate::context::{Answer, TestContext};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The one prompt with a placeholder in it.
const WITH_PARAMETER: (&str, &str, &str) = ("write_essay", "author_name", "Virginia Woolf");

fn prompts() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real/fabric");
    let folder = std::env::var_os("ANVIL_REAL_PROMPTS").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there are no real prompts at {}", folder.display());
    None
}

/// Runs a command that must succeed, and tells how long it took.
fn run(context: &TestContext, folder: &Path, arguments: &[&str]) -> Answer {
    let began = Instant::now();
    let answer = context.anvil_in(folder, arguments).success();
    eprintln!("{:>6} ms  anvil {}", began.elapsed().as_millis(), arguments.join(" "));
    answer
}

/// Runs a command as another machine would: with a cache of its own.
fn run_elsewhere(context: &TestContext, folder: &Path, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(arguments);
    command.current_dir(folder).env("ANVIL_CACHE_DIR", context.path("elsewhere/cache"));
    let began = Instant::now();
    let answer = context.run(command, "").success();
    eprintln!("{:>6} ms  anvil {}  (elsewhere)", began.elapsed().as_millis(), arguments.join(" "));
    answer
}

/// Returns what each prompt must render to: its file, as the language reads text.
fn expected(set: &Path) -> BTreeMap<String, String> {
    let texts = fs::read_dir(set.join("patterns")).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path().join("system.md")).unwrap().replace("\r\n", "\n");
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.replace(&format!("{{{{{}}}}}", WITH_PARAMETER.1), WITH_PARAMETER.2);
        (entry.file_name().into_string().unwrap(), text)
    });
    texts.collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => fs::write(&target, fs::read(entry.path()).unwrap()).unwrap(),
        }
    }
}

#[test]
fn the_prompts_of_fabric_go_through_the_whole_job() {
    let Some(source) = prompts() else { return };
    let context = TestContext::new();
    let (set, app) = (context.project(), context.path("elsewhere/app"));
    copy(&source, &set);
    context.git_init();
    context.commit("Prompts as they are");
    let before = context.files("patterns");
    assert_eq!(before.len(), 75);

    // Adopted where they are: three files come, and no prompt is touched.
    run(&context, &set, &["registry", "init", "../registry", "--id", "test"]);
    let glob = "patterns/*/system.md";
    let init =
        run(&context, &set, &["init", "--name", "fabric/patterns", "--prompts", glob, "--registry", "../registry"]);
    assert!(init.stdout.contains("found 75 prompts"), "{}", init.stdout);
    assert_eq!(context.git(&["status", "--porcelain"]), "?? .gitattributes\n?? .gitignore\n?? anvil.toml\n");
    assert_eq!(context.files("patterns"), before);
    let lint = run(&context, &set, &["lint"]);
    assert!(lint.stdout.ends_with("75 prompts checked: no errors, 2 warnings\n"), "{}", lint.stdout);

    context.commit("Adopt the prompts");
    run(&context, &set, &["version", "1.0.0"]);
    run(&context, &set, &["push"]);
    run(&context, &set, &["registry", "verify", "../registry"]);

    // Elsewhere the bytes are the same, and so is what they say.
    run_elsewhere(&context, context.root(), &["init", app.to_str().unwrap(), "--app", "--registry", "registry"]);
    run_elsewhere(&context, &app, &["add", "fabric/patterns"]);
    run_elsewhere(&context, &app, &["pull", "--locked"]);
    run_elsewhere(&context, &app, &["verify"]);
    renders_all(&context, &app, &expected(&set));
    context.git_in(&app, &["add", "--all"]);
    context.git_in(&app, &["commit", "--quiet", "--message", "Use fabric/patterns"]);

    change_some(&context);
    let patch = run(&context, &set, &["diff"]).stdout;
    run(&context, &set, &["diff", "--stat"]);
    let changed = context.files("patterns");
    for applier in [&["git", "apply"][..], &["patch", "-p1", "--quiet"]] {
        assert_eq!(applied(&context, &patch, applier), changed, "{applier:?}");
    }

    let changed = expected(&set);
    context.commit("Change some prompts");
    run(&context, &set, &["version", "major"]);
    run(&context, &set, &["push"]);
    run(&context, &set, &["log"]);
    let followed = run(&context, &set, &["log", "essay"]).stdout;
    assert!(followed.contains("patterns/write_essay/system.md"), "{followed}");

    // A consumer stays until it asks, goes on, and goes back.
    run_elsewhere(&context, &app, &["outdated"]);
    run_elsewhere(&context, &app, &["verify"]);
    run_elsewhere(&context, &app, &["add", "fabric/patterns@^2"]);
    renders_all(&context, &app, &changed);

    // So does the author: only the version is new.
    run(&context, &set, &["rollback", "1.0.0"]);
    assert_eq!(context.files("patterns"), before);
    assert_eq!(context.git(&["diff", "--name-only", "v1.0.0", "HEAD"]), "anvil.toml\n");
    run(&context, &set, &["push"]);
    run(&context, &set, &["registry", "verify", "../registry"]);
    run_elsewhere(&context, &app, &["verify"]);
}

/// Edits (one of the files has CRLF line ends), moves, removes and adds, with and without a newline at the end.
fn change_some(context: &TestContext) {
    for name in ["agility_story", "analyze_military_strategy", "find_logical_fallacies"] {
        let path = format!("patterns/{name}/system.md");
        let text = context.read(&path);
        context.write(&path, text.replacen("IDENTITY", "ROLE", 1) + "\nAnswer in plain text");
    }
    context.git(&["mv", "patterns/write_essay", "patterns/essay"]);
    context.git(&["rm", "--quiet", "-r", "patterns/raw_query"]);
    context.write("patterns/translate/system.md", "Translate what follows into plain English.");
}

/// Returns the prompts of version 1.0.0 with the patch applied to them.
fn applied(context: &TestContext, patch: &str, applier: &[&str]) -> Vec<(String, Vec<u8>)> {
    let clone = context.path("clone");
    let _ = fs::remove_dir_all(&clone);
    let quiet = ["-c", "core.autocrlf=false", "-c", "advice.detachedHead=false"];
    let arguments = ["clone", "--quiet", "--branch", "v1.0.0", "../project", clone.to_str().unwrap()];
    context.git(&[&quiet[..], &arguments[..]].concat());
    let mut command = context.command(applier[0]);
    command.args(&applier[1..]).current_dir(&clone);
    context.run(command, patch).success();
    context.files(clone.join("patterns").to_str().unwrap())
}

/// Renders every prompt from the command line and from Rust.
fn renders_all(context: &TestContext, app: &Path, expected: &BTreeMap<String, String>) {
    let (began, library) = (Instant::now(), anvil::Anvil::open(app).unwrap());
    for (name, text) in expected {
        let address = format!("fabric/patterns/{name}");
        let (mut arguments, mut parameters) = (vec!["render", &*address], serde_json::Map::new());
        let given = format!("{}={}", WITH_PARAMETER.1, WITH_PARAMETER.2);
        if ["write_essay", "essay"].contains(&&**name) {
            arguments.extend(["-p", &*given]);
            parameters.insert(WITH_PARAMETER.1.to_owned(), WITH_PARAMETER.2.into());
        }
        let answer = context.anvil_in(app, &arguments).success();
        assert!(answer.stdout == *text, "{name} renders to:\n{}", answer.stdout);
        let rendered = library.get(&address).unwrap().render(&parameters).unwrap();
        assert_eq!(rendered.text(), Some(&**text), "{name} from Rust");
    }
    eprintln!(
        "{:>6} ms  {} renderings, each from the command line and from Rust",
        began.elapsed().as_millis(),
        expected.len()
    );
}
