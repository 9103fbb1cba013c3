//! A question to the remote, asked through the user's `git`.

use super::command;
use super::error::Result;
use super::{GitError, Repository};
use std::time::Duration;

/// How long a remote may take to answer: the question is a courtesy, nobody wants to wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

impl Repository {
    /// Returns whether the remote has a tag called `name`; nothing when there is no remote, no
    /// `git`, or no answer within five seconds. Nobody is asked for a password.
    ///
    /// The remote is that of [`Repository::remote`].
    ///
    /// # Errors
    /// When `name` is no valid name of a tag, or the configuration cannot be read.
    pub fn remote_has_tag(&self, name: &str) -> Result<Option<bool>> {
        let reference = format!("refs/tags/{name}");
        if name.starts_with('-') || !git2::Reference::is_valid_name(&reference) {
            return Err(GitError::BadName { what: "tag name", text: name.to_owned() });
        }
        let Some(remote) = self.remote()? else { return Ok(None) };
        let mut command = command::git();
        let config = self.git.config().map_err(|source| self.failed("read the configuration", source))?;
        let ssh_is_chosen = ["GIT_SSH", "GIT_SSH_COMMAND"].iter().any(|name| std::env::var_os(name).is_some());
        if !ssh_is_chosen && config.get_string("core.sshCommand").is_err() {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        }
        command.env("GIT_ASKPASS", "").env("SSH_ASKPASS_REQUIRE", "never").arg("-C").arg(self.place());
        command.args(["ls-remote", "--quiet", "--", &remote, &reference]);
        match command::run_within(command, PATIENCE) {
            Ok(Some(output)) if output.status.success() => {
                let ending = format!("\t{reference}");
                Ok(Some(String::from_utf8_lossy(&output.stdout).lines().any(|line| line.ends_with(&ending))))
            }
            Ok(_) | Err(GitError::NoGit { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the remote that tags go to: the current branch's, else `origin`, else the only one.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn remote(&self) -> Result<Option<String>> {
        let failed = |source| self.failed("read the remotes", source);
        let remotes = self.git.remotes().map_err(failed)?;
        let names: Vec<&str> = remotes.iter().flatten().flatten().filter(|name| !name.starts_with('-')).collect();
        let config = self.git.config().map_err(failed)?;
        let of_branch = self.head().ok().and_then(|head| head.branch);
        let of_branch = of_branch.and_then(|branch| config.get_string(&format!("branch.{branch}.remote")).ok());
        let known = |name: &String| names.contains(&name.as_str());
        Ok(of_branch
            .filter(known)
            .or_else(|| Some("origin".to_owned()).filter(known))
            .or_else(|| names.first().filter(|_| names.len() == 1).map(|name| (*name).to_owned())))
    }
}
