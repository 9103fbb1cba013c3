//! Running the user's `git`: never through a shell, never asking for a password on the terminal.

use super::GitError;
use super::error::Result;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How data may come in, also where a host redirects or the user's `insteadOf` rewrites. What a strange URL could
/// abuse (`ext::`, remote helpers) is not among them, nor plain `http`, which anybody on the way can change.
const PROTOCOLS: [&str; 4] = ["https", "ssh", "git", "file"];

/// What a git hook or alias leaves in the environment to point git at another repository.
const FOREIGN: [&str; 10] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
];

/// Returns a `git` command that runs no hook, asks nothing on the terminal and speaks only the
/// protocols that Anvil allows, fewer where the user allows fewer.
pub(super) fn git() -> Command {
    let mut command = Command::new("git");
    for name in FOREIGN {
        command.env_remove(name);
    }
    let allowed = std::env::var("GIT_ALLOW_PROTOCOL").ok();
    let may = |protocol: &&str| allowed.as_ref().is_none_or(|list| list.split(':').any(|one| one == *protocol));
    let protocols: Vec<&str> = PROTOCOLS.into_iter().filter(may).collect();
    command
        .env("GIT_ALLOW_PROTOCOL", protocols.join(":"))
        .env("GIT_TERMINAL_PROMPT", "0")
        // Errors are told apart by git's own English.
        .env("LC_ALL", "C")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "core.fsmonitor=false"])
        .args(["-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "advice.detachedHead=false"])
        .stdin(Stdio::null());
    command
}

/// Runs `command` to its end and returns what it said.
pub(super) fn run(mut command: Command) -> Result<Output> {
    command.output().map_err(|source| GitError::NoGit { source })
}

/// Runs `command` for at most `limit` and returns what it said, or nothing if it was not done by
/// then. It is for commands that say little: more than a pipe holds (64 KiB) would make it wait.
pub(super) fn run_within(mut command: Command, limit: Duration) -> Result<Option<Output>> {
    command.stderr(Stdio::null());
    wait_within(command, limit)
}

/// As [`run_within`], with what was said on standard error as well: whatever `git` started may hold that open after
/// it has ended, so who calls this waits for it on a thread of its own.
pub(super) fn run_within_telling(mut command: Command, limit: Duration) -> Result<Option<Output>> {
    command.stderr(Stdio::piped());
    wait_within(command, limit)
}

fn wait_within(mut command: Command, limit: Duration) -> Result<Option<Output>> {
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|source| GitError::NoGit { source })?;
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return child.wait_with_output().map(Some).map_err(|source| GitError::NoGit { source }),
            Ok(None) if began.elapsed() < limit => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill(); // It may have ended just now, which is as well.
                let _ = child.wait();
                return Ok(None);
            }
        }
    }
}

/// How git ends where a transport failed, which has said why in the line before.
const NOT_READ: &str = "Could not read from remote repository";

/// Returns what matters of git's standard error, in one line: the last line that names a fault and says why,
/// without any user and password.
pub(super) fn fault(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let prefixes = ["fatal: ", "ERROR: ", "error: "];
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let closing = lines.iter().rposition(|line| line.contains(NOT_READ));
    let before = closing.and_then(|at| {
        let reasons = lines[..at].iter().rev().filter(|line| !line.to_lowercase().starts_with("warning:"));
        reasons.map(|line| prefixes.iter().find_map(|prefix| line.strip_prefix(prefix)).unwrap_or(line)).next()
    });
    let told = |prefix: &str| lines.iter().rev().find_map(|line| line.strip_prefix(prefix));
    let last = || lines.last().copied().unwrap_or("git said nothing");
    let line = before.or_else(|| prefixes.iter().find_map(|prefix| told(prefix))).unwrap_or_else(last);
    // What a server sent may hold anything.
    let plain: String = line.chars().filter(|c| !c.is_control()).take(300).collect();
    super::url::without_secrets(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let mut slow = git();
        // `git` waits for the end of its alias, which a shell runs: only in this test.
        slow.args(["-c", "alias.nap=!sleep 5", "nap"]);
        let began = Instant::now();
        assert!(run_within(slow, Duration::from_millis(100)).unwrap().is_none());
        assert!(began.elapsed() < Duration::from_secs(3));
    }

    #[test]
    fn what_git_said_is_one_line_without_secrets() {
        let mut command = git();
        command.args(["ls-remote", "--", "file:///nowhere/at/all"]);
        let output = run(command).unwrap();
        assert!(!output.status.success());
        assert!(!fault(&output).contains('\n'));
    }

    #[test]
    fn where_a_transport_failed_the_line_before_says_why() {
        let said = |stderr: &str| {
            let output = Output { status: Default::default(), stdout: Vec::new(), stderr: stderr.into() };
            fault(&output)
        };
        let close = "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access \
                     rights\nand the repository exists.\n";
        for (line, told) in [
            (
                "fatal: '/nowhere' does not appear to be a git repository\n",
                "'/nowhere' does not appear to be a git repository",
            ),
            (
                "ssh: Could not resolve hostname host: Name or service not known\n",
                "ssh: Could not resolve hostname host: Name or service not known",
            ),
            ("git@host: Permission denied (publickey).\n", "git@host: Permission denied (publickey)."),
            ("ERROR: Repository not found.\nWarning: Permanently added 'host'\n", "Repository not found."),
            ("", "Could not read from remote repository."),
        ] {
            assert_eq!(said(&format!("{line}{close}")), told);
        }
        let mut command = git();
        command.args(["ls-remote", "--", "file:///nowhere/at/all"]);
        assert_eq!(fault(&run(command).unwrap()), "'/nowhere/at/all' does not appear to be a git repository");
    }

    #[test]
    fn protocols_that_run_commands_or_show_everything_are_refused() {
        let said = |options: &[&str], url: &str| {
            let mut command = git();
            command.args(options).args(["ls-remote", "--", url]);
            fault(&run(command).unwrap())
        };
        assert_eq!(said(&[], "ext::sh -c true"), "transport 'ext' not allowed");
        assert_eq!(said(&[], "fd::17"), "transport 'fd' not allowed");
        assert_eq!(said(&[], "http://127.0.0.1:1/lab"), "transport 'http' not allowed");
        // However the user's own settings rewrite it.
        let rewritten = ["-c", "url.ext::sh -c true #.insteadOf=https://x.invalid/"];
        assert_eq!(said(&rewritten, "https://x.invalid/lab"), "transport 'ext' not allowed");
    }
}
