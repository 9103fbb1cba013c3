//! The user's `git`, and the repository that the command runs in.

use super::{Area, Level, Report};
use crate::commands::context::Context;
use crate::error::{Error, Hint};
use crate::git::{GitError, Repository, health};

/// The oldest `git` that Anvil is tried with: it fetches single commits by their id.
const OLDEST: (u32, u32) = (2, 20);

pub(super) fn look(context: &Context, report: &mut Report) {
    match health::version() {
        Err(error) => {
            let error = Error::from(error);
            return report.error(Area::Git, &error);
        }
        Ok(None) => {
            let hint = Hint::run("see what it waits for", "git --version");
            report.warn(Area::Git, "git is there and does not say its version within 5 s", hint);
        }
        Ok(Some(version)) if number(&version).is_some_and(|number| number < OLDEST) => {
            let hint = Hint::new(format!("install git {}.{} or a later one", OLDEST.0, OLDEST.1));
            report.warn(Area::Git, format!("git {version} is older than what Anvil is tried with"), hint);
        }
        Ok(Some(version)) => report.good(Area::Git, format!("git {version}")),
    }
    match health::committer(&context.directory) {
        Some(who) => report.good(Area::Git, format!("commits and tags are made as {who}")),
        None => {
            let check =
                report.add(Area::Git, Level::Warning, "git does not know who you are, and `anvil version` commits");
            check.hints = vec![
                Hint::run("say your name", "git config --global user.name 'YOUR NAME'"),
                Hint::run("say your address", "git config --global user.email YOU@EXAMPLE.COM"),
            ];
        }
    }
    match Repository::discover(&context.directory) {
        Ok(repository) => report.good(Area::Git, format!("the repository is {}", repository.place().display())),
        Err(GitError::NoRepository { .. }) => report.skipped(Area::Git, "there is no repository here"),
        Err(error) => report.error(Area::Git, &error.into()),
    }
}

/// Returns the first two numbers of `2.47.1.windows.2`.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert_eq!(number("2.47.1.windows.2"), Some((2, 47)));
        assert!(number("2.9.5").unwrap() < OLDEST && number("2.100").unwrap() > OLDEST);
        assert_eq!(number("unknown"), None);
    }
}
