//! A scratch repository, worked on by the real `git` so that the tests stand on its word.

use super::{CommitId, Repository};
use crate::fs::{self, Durability};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(super) struct Scratch {
    pub(super) folder: tempfile::TempDir,
}

impl Scratch {
    /// Returns an empty repository on the branch `main` with an identity of its own.
    pub(super) fn new() -> Self {
        Scratch::with(&[])
    }

    pub(super) fn with(options: &[&str]) -> Self {
        let scratch = Scratch { folder: tempfile::tempdir().unwrap() };
        scratch.git(&[&["init", "-q", "-b", "main"], options].concat());
        scratch.git(&["config", "user.name", "Test"]);
        scratch.git(&["config", "user.email", "test@example.com"]);
        scratch.git(&["config", "commit.gpgsign", "false"]);
        scratch.git(&["config", "tag.gpgsign", "false"]);
        scratch
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn url(&self) -> super::GitUrl {
        format!("file://{}", self.root().display()).parse().unwrap()
    }

    pub(super) fn open(&self) -> Repository {
        Repository::discover(self.root()).unwrap()
    }

    pub(super) fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::write(&self.path(path), text.as_bytes(), Durability::Derived).unwrap();
    }

    /// Runs git, which must succeed, and returns what it printed.
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn try_git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.current_dir(self.root()).args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
        command.output().unwrap()
    }

    /// Writes the files and commits everything.
    pub(super) fn commit(&self, subject: &str, files: &[(&str, &str)]) -> CommitId {
        files.iter().for_each(|(path, text)| self.write(path, text));
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", subject]);
        self.id("HEAD")
    }

    pub(super) fn id(&self, revision: &str) -> CommitId {
        CommitId::parse(self.git(&["rev-parse", &format!("{revision}^{{commit}}")]).trim()).unwrap()
    }

    /// Asserts what git itself says of the repository: sound, and nothing to commit.
    pub(super) fn assert_sound(&self) {
        let output = self.try_git(&["fsck", "--strict", "--no-progress"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("error") && !said.contains("warning"), "{said}");
    }
}
