//! What keeps the content of a version from coming back.

use crate::commands::set_repository::Uncommitted;
use crate::error::{Code, Diagnose, Hint, shell_word};
use crate::git::{CommitId, WorkChange, WorkState};
use crate::name::SetName;
use crate::version::{Bump, Version};

/// Why the content of a version cannot come back so.
#[derive(Debug, thiserror::Error)]
pub enum RollbackError {
    /// The new version is not above the newest.
    #[error("{version} is not above {newest}, the newest version on this branch")]
    NotAbove {
        /// The version that was asked for.
        version: Version,
        /// The newest version behind HEAD.
        newest: Version,
    },
    /// The new version has a tag, of something else.
    #[error("{version} exists already: the tag `{tag}` names {}", .commit.short())]
    Exists {
        /// The version whose content should come back.
        back: Version,
        /// The version to be.
        version: Version,
        /// Its tag.
        tag: String,
        /// The commit that the tag names.
        commit: CommitId,
    },
    /// The set was called otherwise then.
    #[error("{version} is a version of {then}, as the set was called then, and not of {now}")]
    Renamed {
        /// The version.
        version: Version,
        /// The name that its manifest gives.
        then: SetName,
        /// The name today.
        now: SetName,
    },
    /// The project publishes no set.
    #[error("this project publishes no set that {version} could be a version of")]
    Application {
        /// The version.
        version: Version,
        /// A set that the project depends on, if it does on one alone.
        only: Option<SetName>,
    },
    /// Files are changed of which git is told to say nothing.
    #[error("{} changed, and git is told to overlook that", listed(.0))]
    Overlooked(Vec<String>),
    /// HEAD holds the content already, and the work tree does not.
    #[error("the last commit holds the content of {version} already, and {files}")]
    Uncommitted {
        /// The version.
        version: Version,
        /// What differs from the commit.
        files: Uncommitted,
    },
}

impl Diagnose for RollbackError {
    fn code(&self) -> Code {
        match self {
            RollbackError::NotAbove { .. } | RollbackError::Exists { .. } => Code::A1084,
            RollbackError::Renamed { .. } => Code::A1085,
            RollbackError::Application { .. } => Code::A1031,
            RollbackError::Uncommitted { .. } | RollbackError::Overlooked(_) => Code::A1050,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RollbackError::NotAbove { .. } => {
                vec![Hint::new("leave `--as` out, and the smallest version that will do is chosen")]
            }
            RollbackError::Exists { back, version, .. } => {
                let next = Bump::Patch.apply(version);
                vec![Hint::run("name another one", format!("anvil rollback {back} --as {next}"))]
            }
            RollbackError::Renamed { .. } => {
                vec![Hint::new("take the files that you want from that version with `git checkout`")]
            }
            RollbackError::Application { version, only } => {
                let set = only.as_ref().map_or("PROJECT/SET", SetName::as_str);
                vec![
                    Hint::run("a locked set goes back to the version before", format!("anvil rollback {set}")),
                    Hint::run("or to one that you name", format!("anvil update {set} --precise {version}")),
                ]
            }
            RollbackError::Overlooked(paths) => {
                let paths: Vec<String> = paths.iter().map(|path| shell_word(path)).collect();
                let command = format!("git update-index --no-skip-worktree --no-assume-unchanged {}", paths.join(" "));
                vec![Hint::run("let git see it, then commit it or put it aside", command)]
            }
            RollbackError::Uncommitted { files, .. } => uncommitted_hints(&files.0),
        }
    }
}

fn listed(paths: &[String]) -> String {
    match paths {
        [path] => format!("`{path}` is"),
        paths => format!("{} files are", paths.len()),
    }
}

fn uncommitted_hints(files: &[WorkChange]) -> Vec<Hint> {
    /// The most files that the command names.
    const MOST: usize = 5;
    // What no commit has would be lost for good.
    let tracked = |change: &WorkChange| !matches!(change.state, WorkState::Untracked | WorkState::Added);
    let plain = |path: &str| path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@".contains(c));
    let paths: Vec<&str> = files.iter().map(|change| change.path.as_str()).collect();
    let aside = Hint::run("or put changes aside", "git stash --include-untracked");
    if files.len() <= MOST && files.iter().all(tracked) && paths.iter().all(|path| plain(path)) {
        let restore = format!("git restore --staged --worktree {}", paths.join(" "));
        return vec![Hint::run("to have it back, drop what was changed since", restore), aside];
    }
    vec![Hint::new("to have it back, drop what was changed since with `git restore`"), aside]
}
