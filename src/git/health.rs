//! What the user's `git` says of itself and of how it is set up, for whoever looks for what is wrong. Nothing
//! waits for longer than a moment.

use super::GitUrl;
use super::command::{git, run_within, run_within_telling};
use super::error::Result;
use super::mirror::unreachable;
use std::path::Path;
use std::time::Duration;

/// How long `git` may take to say a line.
const MOMENT: Duration = Duration::from_secs(5);

/// Returns the version of `git`, as in `2.47.1`; nothing where it does not say in time.
///
/// # Errors
/// When there is no `git`.
pub fn version() -> Result<Option<String>> {
    let mut command = git();
    command.arg("--version");
    let said = run_within(command, MOMENT)?.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    Ok(said.and_then(|said| said.trim().strip_prefix("git version ").map(str::to_owned)))
}

/// Returns who would commit in `folder`, as `Name <address>`; nothing where `git` was not told.
pub fn committer(folder: &Path) -> Option<String> {
    // A guess at a name that is made of the machine's is nobody.
    let said = ask(folder, &["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"])?;
    Some(said.rsplit_once('>')?.0.to_owned() + ">")
}

/// Returns the value of the setting `name` in `folder`.
pub fn setting(folder: &Path, name: &str) -> Option<String> {
    ask(folder, &["config", "--get", name])
}

/// Returns the value of `attribute` for the file `path` in `folder`; nothing where there is none.
pub fn attribute(folder: &Path, attribute: &str, path: &str) -> Option<String> {
    let said = ask(folder, &["check-attr", attribute, "--", path])?;
    said.rsplit_once(": ").map(|(_, value)| value.to_owned()).filter(|value| value != "unspecified")
}

/// Returns whether the repository at `url` says what it has, to whoever may fetch from it; nothing where it is not
/// done after `limit`. Nobody is asked for a password.
///
/// # Errors
/// When there is no `git`, or the repository is not there, or refuses.
pub fn remote(url: &GitUrl, limit: Duration) -> Result<Option<()>> {
    let mut command = git();
    // One reference will do.
    command.args(["ls-remote", "--quiet", "--", url.as_str(), "HEAD"]);
    Ok(match run_within_telling(command, limit)? {
        Some(output) if !output.status.success() => return Err(unreachable(url.to_string(), &output)),
        done => done.map(drop),
    })
}

fn ask(folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = git();
    command.current_dir(folder).args(arguments);
    let output = run_within(command, MOMENT).ok()??;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !said.is_empty()).then_some(said)
}
