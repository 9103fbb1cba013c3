//! Where a test runs: a folder with its own home, cache, configuration, clock, locale and git
//! identity, and the binary run in it with nothing else from outside.

#![allow(dead_code, reason = "what a subject needs is here before its tests are")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The time of every test, 2026-01-02T03:04:05Z, in seconds since 1970.
pub const NOW: u64 = 1_767_323_045;

/// One test's place. All of it goes when this is dropped.
pub struct TestContext {
    root: TempDir,
    /// What is put in the place of texts that differ from run to run, in order.
    filters: Vec<(regex::Regex, String)>,
}

/// What a command answered.
pub struct Answer {
    /// The exit code; a signal counts as -1.
    pub code: i32,
    /// stdout, as it came.
    pub stdout: String,
    /// stderr, as it came.
    pub stderr: String,
    shown: String,
}

impl Answer {
    /// Returns the exit code, stdout and stderr together, scrubbed: what snapshots hold.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the answer if the command succeeded.
    #[track_caller]
    pub fn success(self) -> Self {
        assert_eq!(self.code, 0, "the command failed:\n{}", self.shown);
        self
    }

    /// Returns stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.shown))
    }
}

impl TestContext {
    /// Returns a new place with an empty project folder.
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("anvil-test-").tempdir().unwrap();
        for folder in ["home", "cache", "config", "project", "tmp"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let mut context = TestContext { root, filters: Vec::new() };
        // A path of the system's temporary folder may reach us with its links followed.
        let path = context.root.path();
        for (found, replacement) in [
            (regex::escape(&path.canonicalize().unwrap().display().to_string()), "[ROOT]"),
            (regex::escape(&path.display().to_string()), "[ROOT]"),
            (format!("anvil {}", regex::escape(env!("CARGO_PKG_VERSION"))), "anvil [VERSION]"),
            (r"127\.0\.0\.1:\d+".to_owned(), "[HOST]"),
            (r"ANVIL_TOKEN_127_0_0_1_\d+".to_owned(), "[VARIABLE]"),
            (r"h1:[A-Za-z0-9+/]{43}=".to_owned(), "h1:[DIGEST]"),
            (r"\b[0-9a-f]{64}\b".to_owned(), "[SHA256]"),
            (r"\b[0-9a-f]{40}\b".to_owned(), "[COMMIT]"),
            (r"-[0-9a-f]{16}\b".to_owned(), "-[SHORT]"),
            (r"\b\d+(\.\d+)? ?(ms|s)\b".to_owned(), "[TIME]"),
        ] {
            context.filter(&found, replacement);
        }
        context
    }

    /// Returns a new place whose project is an empty git repository; short ids of commits are shown as `[ID]`.
    pub fn in_git() -> Self {
        let mut context = TestContext::new();
        context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
        context.git_init();
        context
    }

    /// Adds a filter: what matches `pattern` is shown as `replacement`.
    pub fn filter(&mut self, pattern: &str, replacement: &str) {
        self.filters.push((regex::Regex::new(pattern).unwrap(), replacement.to_owned()));
    }

    /// Returns the folder that holds everything.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Returns the project's folder, where commands run.
    pub fn project(&self) -> PathBuf {
        self.path("project")
    }

    /// Returns a path below [`root`](Self::root).
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(relative)
    }

    /// Writes a file below the project's folder (`../` leaves it), with its folders.
    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.project().join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let is_read_only = |facts: fs::Metadata| facts.permissions().readonly();
        if fs::symlink_metadata(&path).is_ok_and(is_read_only) {
            fs::remove_file(&path).unwrap(); // An unpacked file, which shares its bytes with the cache.
        }
        fs::write(&path, content).unwrap();
        path
    }

    /// Returns the text of a file below the project's folder.
    pub fn read(&self, relative: &str) -> String {
        let path = self.project().join(relative);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Returns every file below `folder` (below the project's) with its bytes, sorted; for asserting
    /// that nothing changed. The lock that runs of Anvil take turns by is none that is asserted on.
    pub fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
            let Ok(entries) = fs::read_dir(folder) else { return };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    walk(root, &path, files);
                } else if !path.ends_with(".anvil/lock") {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                    files.push((name, fs::read(&path).unwrap_or_default()));
                }
            }
        }
        let (root, mut files) = (self.project().join(folder), Vec::new());
        walk(&root, &root, &mut files);
        files.sort();
        files
    }

    /// Runs `anvil` in the project's folder.
    pub fn anvil<A: AsRef<str>>(&self, arguments: &[A]) -> Answer {
        self.anvil_in(&self.project(), arguments)
    }

    /// Runs `anvil` in `folder`.
    pub fn anvil_in<A: AsRef<str>>(&self, folder: &Path, arguments: &[A]) -> Answer {
        let mut command = self.anvil_command(arguments);
        command.current_dir(folder);
        self.run(command, "")
    }

    /// Runs `anvil` in the project's folder with `input` on stdin.
    pub fn anvil_with_input<A: AsRef<str>>(&self, arguments: &[A], input: &str) -> Answer {
        self.run(self.anvil_command(arguments), input)
    }

    /// Returns the command that would run `anvil`, for tests that change its environment or signal it.
    pub fn anvil_command<A: AsRef<str>>(&self, arguments: &[A]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_anvil"));
        command.args(arguments.iter().map(AsRef::as_ref));
        command
    }

    /// Runs a command that was made here, and returns what it answered.
    pub fn run(&self, mut command: Command, input: &str) -> Answer {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        // From a thread of its own: the command may answer before it has read everything, or at all.
        let feeding = std::thread::spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        feeding.join().unwrap();
        let (code, stdout, stderr) = (
            output.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        );
        let shown = format!("exit: {code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
        Answer { code, shown: self.scrub(&shown), stdout, stderr }
    }

    /// Returns `text` without what differs from run to run.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (pattern, replacement) in &self.filters {
            text = pattern.replace_all(&text, replacement.as_str()).into_owned();
        }
        text
    }

    /// Runs `git` in the project's folder and returns its stdout.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.project(), arguments)
    }

    /// Runs `git` in `folder` and returns its stdout.
    #[track_caller]
    pub fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = self.command("git");
        command.current_dir(folder).args(arguments);
        self.run(command, "").success().stdout
    }

    /// Makes the project's folder a git repository with the branch `main`.
    pub fn git_init(&self) {
        self.git(&["init", "--quiet", "--initial-branch=main"]);
    }

    /// Commits everything in the project's folder and returns the commit.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Returns a command that sees this place and nothing else of the machine's.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.project());
        // What programs need to run at all, and where coverage is written.
        for name in ["PATH", "SystemRoot", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.path("home"))
            .env("USERPROFILE", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("XDG_CACHE_HOME", self.path("home/.cache"))
            .env("XDG_CONFIG_HOME", self.path("home/.config"))
            .env("ANVIL_CACHE_DIR", self.path("cache"))
            .env("ANVIL_CONFIG_DIR", self.path("config"))
            .env("ANVIL_NOW", NOW.to_string())
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .env("RUST_BACKTRACE", "0")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.path("home/.gitconfig"))
            .env("GIT_TERMINAL_PROMPT", "0")
            // A project of a test is never part of the repository that the test lies in.
            .env("GIT_CEILING_DIRECTORIES", self.root.path());
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Example Author")
                .env(format!("GIT_{who}_EMAIL"), "author@example.com")
                .env(format!("GIT_{who}_DATE"), format!("{NOW} +0000"));
        }
        command
    }
}

/// Compares what a command answered with an inline snapshot; `SNAPSHOTS=overwrite cargo test`
/// writes the snapshots anew.
#[macro_export]
macro_rules! assert_answer {
    ($answer:expr, $expected:expr $(,)?) => {
        // Paths stay as they are: a backslash may be an escape.
        snapbox::Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq($answer.shown(), $expected)
    };
}
