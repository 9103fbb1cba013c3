//! What can go wrong with a repository.

use super::{CommitId, Lack};
use crate::error::{Code, Diagnose, Hint, Kind, shell_word};
use crate::fs::{FsError, space_hint};
use git2::ErrorCode;
use std::path::{Path, PathBuf};

pub(super) type Result<T> = std::result::Result<T, GitError>;

/// Something about a git repository that failed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The folder is in no repository.
    #[error("`{}` is not in a git repository", .folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// The path is not in this repository.
    #[error("`{}` is not in the git repository `{}`", .path.display(), .repository.display())]
    Outside {
        /// The path.
        path: PathBuf,
        /// The repository.
        repository: PathBuf,
    },
    /// The repository has no work tree.
    #[error("the git repository `{}` is bare: it has no work tree", .repository.display())]
    Bare {
        /// The repository.
        repository: PathBuf,
    },
    /// The repository is of a kind that Anvil cannot read.
    #[error("the git repository at `{}` {what}, which Anvil cannot read", .folder.display())]
    Unsupported {
        /// Where it was looked for.
        folder: PathBuf,
        /// What is special about it, e.g. "uses SHA-256".
        what: String,
        /// The way out.
        hint: Hint,
    },
    /// The repository belongs to another user of this machine.
    #[error("the git repository `{}` belongs to another user, so its configuration is not trusted", .folder.display())]
    Owner {
        /// Its folder.
        folder: PathBuf,
    },
    /// The repository has no commit.
    #[error("the git repository `{}` has no commit yet", .repository.display())]
    NoCommits {
        /// The repository.
        repository: PathBuf,
    },
    /// A revision names nothing.
    #[error("`{revision}` is no revision of the git repository `{}`", .repository.display())]
    NoRevision {
        /// The revision, as written.
        revision: String,
        /// The repository.
        repository: PathBuf,
        /// Whether older history is missing here.
        shallow: bool,
    },
    /// A short id names several objects.
    #[error("`{revision}` names several commits of the git repository `{}`", .repository.display())]
    Ambiguous {
        /// The revision, as written.
        revision: String,
        /// The repository.
        repository: PathBuf,
    },
    /// A revision, branch or tag is not well formed.
    #[error("`{text}` is not a valid {what}")]
    BadName {
        /// What it should be, e.g. "tag name".
        what: &'static str,
        /// The text.
        text: String,
    },
    /// A commit would belong to no branch.
    #[error("HEAD of `{}` is detached at {}: a new commit would belong to no branch", .repository.display(), .commit.short())]
    Detached {
        /// The repository.
        repository: PathBuf,
        /// The commit.
        commit: CommitId,
    },
    /// A merge, rebase or the like is not finished.
    #[error("the git repository `{}` is in the middle of a {operation}", .repository.display())]
    Busy {
        /// The repository.
        repository: PathBuf,
        /// What is not finished, e.g. "merge".
        operation: &'static str,
    },
    /// Another process is changing the index, a branch or a tag.
    #[error("another git process is at work: `{}` exists", .lock.display())]
    Locked {
        /// The lock.
        lock: PathBuf,
    },
    /// The branch is not where it was expected.
    #[error("the branch `{branch}` of `{}` moved while this ran", .repository.display())]
    HeadMoved {
        /// The branch.
        branch: String,
        /// The repository.
        repository: PathBuf,
    },
    /// The commit was made, but the index does not know.
    #[error("{} was committed, but the index of `{}` could not be brought up to date: {why}", .commit.short(), .repository.display())]
    IndexBehind {
        /// The commit.
        commit: CommitId,
        /// The repository.
        repository: PathBuf,
        /// The paths that were committed.
        paths: Vec<String>,
        /// What went wrong.
        why: String,
    },
    /// Git does not know who commits.
    #[error("git does not know who you are: {why}")]
    NoIdentity {
        /// What libgit2 answered.
        why: String,
    },
    /// The tag is there and names another commit.
    #[error("the tag `{name}` exists already and names {}, not {}", .found.short(), .wanted.short())]
    TagExists {
        /// The tag.
        name: String,
        /// The commit that it names.
        found: CommitId,
        /// The commit that it should name.
        wanted: CommitId,
    },
    /// A tag is there that cannot be beside this one.
    #[error("there can be no tag `{name}`: {}", tag_in_the_way(.name, .other))]
    TagInTheWay {
        /// The tag that is to be made.
        name: String,
        /// The one that is there.
        other: String,
    },
    /// A path cannot stand in a tree.
    #[error("`{path}` cannot be committed: it is not a plain relative path")]
    BadPath {
        /// The path.
        path: String,
    },
    /// A file is larger than anything a set may hold.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The most that is read.
        limit: u64,
    },
    /// A tree has too many files or folders within folders.
    #[error("the tree of {} has more than {limit} {what}", .commit.short())]
    TooMany {
        /// The commit.
        commit: CommitId,
        /// What there is too much of.
        what: &'static str,
        /// The most that is taken.
        limit: usize,
    },
    /// libgit2 failed.
    #[error("cannot {action} in the git repository `{}`: {}", .repository.display(), .source.message())]
    Libgit2 {
        /// What was tried, e.g. "read the tags".
        action: String,
        /// The repository.
        repository: PathBuf,
        /// What libgit2 answered.
        source: git2::Error,
    },
    /// The `git` program cannot be run.
    #[error("cannot run `git`: {source}")]
    NoGit {
        /// What the operating system answered.
        source: std::io::Error,
    },
    /// A URL is not one that Anvil fetches from.
    #[error("`{url}` is not a git URL that Anvil fetches from: {why}")]
    BadUrl {
        /// The URL, without its user and password.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A git dependency's reference is not in its repository.
    #[error("the git repository {url} has no {what}")]
    NoReference {
        /// The repository.
        url: String,
        /// The reference, e.g. "tag `v1.0.0`".
        what: String,
    },
    /// A git dependency is not here, and the network may not be used.
    #[error("{what} of the git repository {url} is not in the cache, and this runs offline")]
    Offline {
        /// The repository.
        url: String,
        /// The reference.
        what: String,
    },
    /// A repository asks who is there.
    #[error("the git repository {url} refused access: {said}")]
    Refused {
        /// The repository.
        url: String,
        /// What git said.
        said: String,
    },
    /// A repository could not be fetched.
    #[error("cannot fetch the git repository {url}: {said}")]
    Unreachable {
        /// The repository.
        url: String,
        /// What git said.
        said: String,
    },
    /// The file system failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// Returns what the failure to open the repository of `folder` means.
pub(super) fn opening(folder: &Path, source: git2::Error) -> GitError {
    let folder = folder.to_owned();
    let unsupported = |folder, what: &str, hint| GitError::Unsupported { folder, what: what.to_owned(), hint };
    let again = "use a clone that keeps the usual formats";
    let message = source.message();
    if let Some(format) = message.strip_prefix("unknown object format ") {
        let what = if format.contains("sha256") { "uses SHA-256 object ids" } else { "uses an unknown object format" };
        return unsupported(folder, what, Hint::run(again, "git init --object-format=sha1"));
    }
    if let Some(extension) = message.strip_prefix("unsupported extension name extensions.") {
        return match extension {
            "refstorage" => unsupported(
                folder,
                "keeps its refs as reftable",
                Hint::run("move the refs back to files", "git refs migrate --ref-format=files"),
            ),
            "partialclone" => unsupported(
                folder,
                "is a partial clone",
                Hint::new("clone it again without `--filter`: Anvil needs every file of the versions it reads"),
            ),
            other => unsupported(folder, &format!("uses the extension `{other}`"), Hint::new(again)),
        };
    }
    match source.code() {
        ErrorCode::NotFound => GitError::NoRepository { folder },
        // git wants to hear the repository's own folder, which libgit2 puts in quotes.
        ErrorCode::Owner => GitError::Owner {
            folder: message.split('\'').nth(1).map_or(folder, |path| PathBuf::from(path.trim_end_matches('/'))),
        },
        _ => GitError::Libgit2 { action: "open".into(), repository: folder, source },
    }
}

fn tag_in_the_way(name: &str, other: &str) -> String {
    match name == other {
        true => "a tag of that name is there, and names no commit".to_owned(),
        false => format!("`{other}` is there, and git cannot keep both"),
    }
}

impl Diagnose for GitError {
    fn code(&self) -> Code {
        match self {
            GitError::NoRepository { .. } | GitError::Outside { .. } => Code::A0801,
            GitError::Bare { .. } | GitError::Unsupported { .. } | GitError::Owner { .. } => Code::A0802,
            GitError::NoCommits { .. }
            | GitError::NoRevision { .. }
            | GitError::Ambiguous { .. }
            | GitError::BadName { .. } => Code::A0803,
            GitError::Detached { .. }
            | GitError::Busy { .. }
            | GitError::Locked { .. }
            | GitError::HeadMoved { .. }
            | GitError::IndexBehind { .. }
            | GitError::BadPath { .. } => Code::A0804,
            GitError::NoIdentity { .. } => Code::A0805,
            GitError::TagExists { .. } | GitError::TagInTheWay { .. } => Code::A0806,
            GitError::Libgit2 { .. } | GitError::TooLarge { .. } | GitError::TooMany { .. } => Code::A0807,
            GitError::NoGit { .. } => Code::A0808,
            GitError::BadUrl { .. } | GitError::NoReference { .. } => Code::A0809,
            GitError::Offline { .. } | GitError::Refused { .. } | GitError::Unreachable { .. } => Code::A0810,
            GitError::Fs(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            GitError::Owner { .. }
            | GitError::Locked { .. }
            | GitError::IndexBehind { .. }
            | GitError::NoGit { .. } => Kind::Environment,
            GitError::Libgit2 { source, .. } => match source.class() {
                git2::ErrorClass::Os | git2::ErrorClass::NoMemory | git2::ErrorClass::Zlib | git2::ErrorClass::Odb => {
                    Kind::Environment
                }
                _ => Kind::No,
            },
            GitError::Refused { .. } => Kind::Authentication,
            GitError::Offline { .. } | GitError::Unreachable { .. } => Kind::Unreachable,
            GitError::Fs(error) => error.kind(),
            _ => Kind::No,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let word = |path: &Path| shell_word(&path.display().to_string());
        let hint = match self {
            GitError::NoRepository { .. } => Hint::run("make it one", "git init"),
            GitError::Outside { .. } => Hint::new("run the command inside the repository that holds the set"),
            GitError::Bare { repository } => {
                // `/srv/prompts.git` becomes `/srv/prompts`.
                let clone = match repository.extension() {
                    Some(_) => repository.with_extension(""),
                    None => repository.join("../clone"),
                };
                Hint::run("work in a clone of it", format!("git clone {} {}", word(repository), word(&clone)))
            }
            GitError::Unsupported { hint, .. } => hint.clone(),
            GitError::Owner { folder } => Hint::run(
                "if you trust it, say so to git",
                format!("git config --global --add safe.directory {}", word(folder)),
            ),
            GitError::NoCommits { .. } => Hint::run("commit something first", "git add . && git commit"),
            GitError::NoRevision { shallow: true, .. } => Lack::History.hint(),
            GitError::NoRevision { .. } => {
                Hint::run("see what there is, or fetch the tags that others made", "git fetch --tags")
            }
            GitError::Ambiguous { .. } => Hint::new("write more digits of the commit's id"),
            GitError::Detached { .. } => Hint::run("go to a branch first", "git switch <branch>"),
            GitError::Busy { .. } => Hint::run("finish it or abort it first; see how", "git status"),
            GitError::Locked { lock } => {
                Hint::new(format!("wait for it to end; if none is running, remove `{}`", lock.display()))
            }
            GitError::HeadMoved { .. } => Hint::new("look at what changed and run the command again"),
            GitError::IndexBehind { paths, .. } => {
                Hint::run("bring it up to date", format!("git reset -q -- {}", paths.join(" ")))
            }
            GitError::NoIdentity { .. } => {
                return vec![
                    Hint::run("tell git your name", "git config --global user.name \"Your Name\""),
                    Hint::run("and your address", "git config --global user.email you@example.com"),
                ];
            }
            GitError::TagExists { name, .. } => Hint::run(
                "a version is never moved: choose the next one, or look at the tag",
                format!("git show {name}"),
            ),
            GitError::TagInTheWay { other, .. } => {
                Hint::run("if nobody relies on that tag, delete it", format!("git tag --delete {}", shell_word(other)))
            }
            GitError::NoGit { .. } => Hint::new("install git and see that it is on the PATH"),
            GitError::BadUrl { .. } => {
                Hint::new("write it as https://host/path, ssh://git@host/path, git@host:path or file:///path")
            }
            GitError::NoReference { url, .. } => Hint::run("see what there is", format!("git ls-remote {url}")),
            GitError::Offline { .. } => Hint::new("run it once without `--offline`"),
            GitError::Refused { url, .. } => Hint::run(
                "Anvil uses git's own credentials; set them up until this works",
                format!("git ls-remote {url}"),
            ),
            GitError::Unreachable { url, .. } => {
                Hint::run("see whether git itself can reach it", format!("git ls-remote {url}"))
            }
            GitError::Fs(error) => return error.hints(),
            // libgit2 keeps the system's answer as text alone.
            GitError::Libgit2 { source, .. } if source.message().contains("No space left") => space_hint(),
            GitError::BadName { .. }
            | GitError::BadPath { .. }
            | GitError::TooLarge { .. }
            | GitError::TooMany { .. }
            | GitError::Libgit2 { .. } => return Vec::new(),
        };
        vec![hint]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_what_to_do() {
        let message = "failed to write tag: No space left on device";
        let source = git2::Error::new(ErrorCode::GenericError, git2::ErrorClass::Os, message);
        let error = GitError::Libgit2 { action: "make the tag".into(), repository: "/r".into(), source };
        assert_eq!(error.kind(), Kind::Environment);
        assert_eq!(error.hints(), [space_hint()]);
    }
}
