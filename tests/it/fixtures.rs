//! `fixtures/registry` is what publishing `fixtures/sets` gives today, to the byte: what an Anvil
//! publishes is the same on every machine. `ANVIL_UPDATE=1 cargo test --test it fixtures` writes it anew.

use crate::context::{NOW, TestContext};
use crate::shelf::Shelf;
use std::fs;
use std::path::{Path, PathBuf};

const DAY: u64 = 24 * 60 * 60;

/// What is done to make the registry, a day each: a set's folder to publish, or something else.
const HISTORY: &[&[&str]] = &[
    &["push", "core/tone/1.0.0"],
    &["push", "support/onboarding/1.0.0"],
    &["push", "core/tone/1.1.0"],
    &["push", "legal/disclaimers/3.0.0"],
    &["push", "legal/disclaimers/3.0.1"],
    &["yank", "legal/disclaimers@3.0.1", "--reason", "other", "--message", "says less than counsel approved"],
    &["push", "legal/disclaimers/3.1.0"],
    &["push", "support/onboarding/1.1.0"],
    &["channel", "set", "stable", "support/onboarding@1.1.0"],
    &["push", "core/tone/2.0.0"],
    &["channel", "set", "stable", "core/tone@1.1.0"],
];

fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), &target).map(drop).unwrap()
        }
    }
}

/// Makes the registry from the sets, in the test's own place.
fn publish(context: &TestContext) -> PathBuf {
    let registry = context.path("registry");
    let place = registry.to_str().unwrap();
    context.anvil(&["registry", "init", place, "--id", "fixtures"]).success();
    // Copied, so that it makes no difference that they lie in a git repository here.
    copy(&fixtures("sets"), &context.path("sets"));
    for (day, step) in HISTORY.iter().enumerate() {
        let mut command = match step {
            ["push", set] => {
                let mut command = context.anvil_command(&["push", "--allow-dirty", "--registry", place]);
                command.current_dir(context.path("sets").join(set));
                command
            }
            other => context.anvil_command(&[other, &["--registry", place][..]].concat()),
        };
        command.env("ANVIL_NOW", (NOW + day as u64 * DAY).to_string());
        context.run(command, "").success();
    }
    registry
}

fn files(context: &TestContext, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = context.files(folder.to_str().unwrap());
    files.retain(|(name, _)| !name.starts_with(".locks"));
    files
}

/// Writes what was made in place of the fixture `name`, where that is asked for.
fn update(context: &TestContext, made: &Path, name: &str) {
    if std::env::var_os("ANVIL_UPDATE").is_none() {
        return;
    }
    let _ = fs::remove_dir_all(fixtures(name));
    for (file, bytes) in files(context, made) {
        let path = fixtures(name).join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// `fixtures/conflicts`, with which the README shows when a project is refused and when the newest is given up.
#[test]
fn the_registry_of_conflicts_is_what_publishing_its_sets_gives() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "conflicts", "conflicts");
    for (set, needs) in [
        ("demo/a 1.0.0", &["demo/c ^1"][..]),
        ("demo/a 1.1.0", &["demo/c ^2"]),
        ("demo/b 1.0.0", &["demo/c ^1"]),
        ("demo/b 2.0.0", &["demo/c ^2"]),
        ("demo/c 1.0.0", &[]),
        ("demo/c 2.0.0", &[]),
    ] {
        shelf.publish(set, needs);
    }
    update(&context, &shelf.root, "conflicts");
    assert_eq!(files(&context, &shelf.root), files(&context, &fixtures("conflicts")));
}

#[test]
fn the_registry_is_what_publishing_the_sets_gives() {
    let context = TestContext::new();
    let made = publish(&context);
    update(&context, &made, "registry");
    let (made, kept) = (files(&context, &made), files(&context, &fixtures("registry")));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let help = "`ANVIL_UPDATE=1 cargo test --test it fixtures` writes the registry anew, if it may change";
    assert_eq!(names(&made), names(&kept), "{help}");
    for ((name, made), (_, kept)) in made.iter().zip(&kept) {
        assert!(made == kept, "{name} has other bytes: {help}");
    }
}

#[test]
fn the_registry_has_no_faults() {
    let context = TestContext::new();
    // A copy: the test may not write here, and verifying must not want to.
    copy(&fixtures("registry"), &context.path("registry"));
    let before = context.files("../registry");
    context.anvil(&["registry", "verify", "../registry"]).success();
    assert_eq!(context.files("../registry"), before);
}
