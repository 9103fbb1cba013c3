//! A registry in a folder, for tests that consume: sets of one prompt each, published with the
//! library and not with the commands that other tests are about. Beside it the sets that more than
//! one subject begins with.

#![allow(dead_code, reason = "what a subject needs is here before its tests are")]

use crate::context::{NOW, TestContext};
use anvil::archive::{FileSet, Identity, pack};
use anvil::digest::Sha256;
use anvil::index::edit::Versions;
use anvil::index::{Deprecated, Line, LineDependency, YankReason, Yanked};
use anvil::progress::Silent;
use anvil::registry::publish::{Order, Publisher, init};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// A registry in a folder.
pub struct Shelf {
    /// Where it is.
    pub root: PathBuf,
}

impl Shelf {
    /// Makes the registry `id` in the folder `name` beside the project's.
    pub fn new(context: &TestContext, name: &str, id: &str) -> Self {
        let root = context.path(name);
        init(&root, &id.parse().unwrap()).unwrap();
        Shelf { root }
    }

    fn publisher(&self) -> Publisher<'static> {
        Publisher::open(&self.root, &Silent).unwrap()
    }

    /// Publishes `set`, as in `core/tone 1.4.2`, which needs `needs`, as in `style/voice ^1.0`.
    pub fn publish(&self, set: &str, needs: &[&str]) {
        let prompt = format!("---\ndescription: A prompt.\n---\nThis is {set}.\n");
        self.publish_files(set, needs, &[("prompts/house-style.prompt.md", &prompt)]);
    }

    /// Publishes `set`, whose manifest has `lines` in its `[set]`, of which its index line knows nothing.
    pub fn publish_saying(&self, set: &str, lines: &str) {
        let (name, version) = set.split_once(' ').unwrap();
        let files = [("prompts/house-style.prompt.md", "Be kind.\n")];
        self.publish_manifest(set, &[], &files, manifest(name, version, &[]) + lines);
    }

    /// Publishes `set` with these files beside its manifest.
    pub fn publish_files(&self, set: &str, needs: &[&str], files: &[(&str, &str)]) {
        let (name, version) = set.split_once(' ').unwrap();
        let split: Vec<(&str, &str)> = needs.iter().map(|need| need.split_once(' ').unwrap()).collect();
        self.publish_manifest(set, needs, files, manifest(name, version, &split));
    }

    fn publish_manifest(&self, set: &str, needs: &[&str], files: &[(&str, &str)], manifest: String) {
        let (name, version) = set.split_once(' ').unwrap();
        let needs: Vec<(&str, &str)> = needs.iter().map(|need| need.split_once(' ').unwrap()).collect();
        let mut all: FileSet = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        all.insert("anvil.toml", manifest.into_bytes());
        let identity = Identity { name: name.parse().unwrap(), version: version.parse().unwrap() };
        let bundle = pack(&identity, &all).unwrap();
        let dependency = |(name, requirement): &(&str, &str)| LineDependency {
            name: name.parse().unwrap(),
            requirement: requirement.parse().unwrap(),
            registry: None,
            registry_url: None,
        };
        let line = Line {
            v: 1,
            name: identity.name.clone(),
            version: identity.version.clone(),
            sha256: Sha256::of(&bundle),
            digest: all.digest(),
            size: bundle.len() as u64,
            edition: 1,
            anvil: None,
            published_at: None,
            dependencies: needs.iter().map(dependency).collect(),
            prompts: vec!["house-style".parse().unwrap()],
            interface: None,
            source: None,
            yanked: None,
            deprecated: None,
            breaking: None,
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW - 86_400);
        self.publisher().publish(&line, &bundle, Order::AllowOlder, now).unwrap();
    }

    /// Yanks `set`, as in `core/tone 1.4.2`.
    pub fn yank(&self, set: &str, message: &str) {
        let (name, version) = set.split_once(' ').unwrap();
        let yanked = Yanked { reason: YankReason::Security, message: message.to_owned() };
        self.publisher().yank(&name.parse().unwrap(), &version.parse().unwrap(), Some(&yanked)).unwrap();
    }

    /// Deprecates `set`, as in `core/tone 1.4.2`.
    pub fn deprecate(&self, set: &str, message: &str, replacement: Option<&str>) {
        let (name, version) = set.split_once(' ').unwrap();
        let deprecated = Deprecated { message: message.to_owned(), replacement: replacement.map(str::to_owned) };
        let versions = Versions::only(&version.parse().unwrap());
        self.publisher().deprecate(&name.parse().unwrap(), &versions, Some(&deprecated)).unwrap();
    }

    /// Points the channel at `set`, as in `core/tone 1.4.2`.
    pub fn channel(&self, channel: &str, set: &str) {
        let (name, version) = set.split_once(' ').unwrap();
        let publisher = self.publisher();
        publisher.set_channel(&name.parse().unwrap(), &channel.parse().unwrap(), &version.parse().unwrap()).unwrap();
    }

    /// Returns the bundle of `set`, as in `core/tone 1.4.2`.
    pub fn bundle(&self, set: &str) -> PathBuf {
        let (name, version) = set.split_once(' ').unwrap();
        let folder = self.root.join("bundles").join(name);
        let prefix = format!("{}-{version}-", name.split('/').next_back().unwrap());
        let mut files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix)).unwrap()
    }
}

/// Makes what a run leaves that is killed while it writes into `folder`, as it is after a while.
pub fn leave_behind(context: &TestContext, folder: &str) -> PathBuf {
    let path = context.write(&format!("{folder}/.anvil-tmp-dead"), "half");
    let then = SystemTime::now() - Duration::from_secs(11 * 60);
    fs::File::options().append(true).open(&path).unwrap().set_modified(then).unwrap();
    path
}

/// Returns the manifest of a set.
pub fn manifest(name: &str, version: &str, needs: &[(&str, &str)]) -> String {
    let mut text = format!("[set]\nname = \"{name}\"\nversion = \"{version}\"\n");
    if !needs.is_empty() {
        text.push_str("\n[dependencies]\n");
        for (name, requirement) in needs {
            text.push_str(&format!("\"{name}\" = \"{requirement}\"\n"));
        }
    }
    text
}

/// Returns the manifest of an application that asks the registry beside it for `needs`.
pub fn asking(needs: &[(&str, &str)]) -> String {
    let needs: String = needs.iter().map(|(name, requirement)| format!("\"{name}\" = \"{requirement}\"\n")).collect();
    format!("[registries]\ndefault = \"../registry\"\n\n[dependencies]\n{needs}")
}

/// Writes a set of one prompt into `folder`, which is relative to the project's.
pub fn set_in(context: &TestContext, folder: &str, set: &str, needs: &[&str]) {
    let (name, version) = set.split_once(' ').unwrap();
    let needs: Vec<(&str, &str)> = needs.iter().map(|need| need.split_once(' ').unwrap()).collect();
    context.write(&format!("{folder}/anvil.toml"), manifest(name, version, &needs));
    context.write(&format!("{folder}/prompts/house-style.prompt.md"), format!("This is {set}.\n"));
}

/// Returns the files of a project as text, without git's own: those that a command must leave alone when it fails.
pub fn state(context: &TestContext) -> Vec<(String, String)> {
    let files = context.files("").into_iter().filter(|(path, _)| !path.starts_with(".git/"));
    files.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

/// The manifest of [`released`], as it was written first.
pub const MANIFEST: &str = "# Ours.\n[set]\nname = \"support/onboarding\"\nversion = \"1.0.0\" # the last\n";

/// A set whose version 1.0.0 is tagged, with a change since.
pub fn released() -> TestContext {
    let context = TestContext::in_git();
    context.write("anvil.toml", MANIFEST);
    context.write("prompts/welcome.prompt.md", "Welcome\n");
    context.commit("First prompts");
    context.anvil(&["version", "1.0.0"]).success();
    context.write("prompts/welcome.prompt.md", "Be welcome\n");
    context.commit("Warm up the welcome");
    context
}

/// Commits what there is and tags it as `version`, as `anvil version` does.
pub fn release(context: &TestContext, version: &str) {
    context.commit(version);
    context.git(&["tag", "--annotate", "--message", version, &format!("v{version}")]);
}

/// Begins a set with one prompt in a git repository.
pub fn begin(context: &TestContext) {
    context.git_init();
    context.anvil(&["init", "--name", "support/onboarding"]).success();
    context.anvil(&["new", "welcome"]).success();
}

/// Publishes x/a and x/b, whose newest versions each need another version of x/c, and has the project ask for both.
pub fn pinning(context: &TestContext, shelf: &Shelf) {
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        shelf.publish(&format!("x/c {version}"), &[]);
    }
    for (set, other) in [("x/a", "x/c =1.2.0"), ("x/b", "x/c =1.1.0")] {
        shelf.publish(&format!("{set} 1.0.0"), &["x/c ^1"]);
        shelf.publish(&format!("{set} 1.1.0"), &[other]);
    }
    context.write("anvil.toml", asking(&[("x/a", "^1"), ("x/b", "^1")]));
    context.anvil(&["pull"]).success();
}
