//! Where a locked set comes from, as text: `registry:ID`, `git+URL?subdirectory=FOLDER#COMMIT`, `path:FOLDER`.

use crate::error::{Code, Diagnose};
use crate::name::RegistryId;
use std::fmt;
use std::str::FromStr;

/// Where a locked set comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A registry, by its id: `registry:prompts.example.com/acme`.
    Registry(RegistryId),
    /// A commit of a git repository: `git+https://host/repo?subdirectory=ideas#<40 hex>`, with no
    /// user-info. [`Source::git`] makes one.
    Git {
        /// The repository's URL, without user-info.
        url: String,
        /// The set's folder within it.
        subdirectory: Option<String>,
        /// The commit, 40 hexadecimal digits.
        commit: String,
    },
    /// A folder, relative to the lock: `path:../shared`.
    Path(String),
}

/// A source that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a source: {why}", crate::error::told(.text))]
pub struct SourceError {
    text: String,
    why: String,
}

impl Diagnose for SourceError {
    fn code(&self) -> Code {
        Code::A0401
    }
}

impl Source {
    /// Returns the commits of this and of `later`, where the two differ in nothing else.
    pub fn moved_to(&self, later: &Source) -> Option<(String, String)> {
        match (self, later) {
            (
                Source::Git { url, subdirectory, commit },
                Source::Git { url: other, subdirectory: folder, commit: later },
            ) if (url, subdirectory) == (other, folder) && commit != later => Some((commit.clone(), later.clone())),
            _ => None,
        }
    }

    /// Returns the source of a set in a git repository. User-info of `url` is dropped, since a lock
    /// is committed and never holds a credential; see `without_credential` for what stays.
    pub fn git(url: &str, subdirectory: Option<&str>, commit: impl Into<String>) -> Self {
        Source::Git {
            url: without_credential(url),
            subdirectory: subdirectory.map(str::to_owned),
            commit: commit.into(),
        }
    }
}

/// Returns `url` without user name and password. Of an SSH address the login name stays
/// (`ssh://git@host/…`, `git@host:path`): it is no secret, and nothing can be fetched without it.
pub(super) fn without_credential(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, url),
    };
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let Some((user, host)) = authority.rsplit_once('@') else {
        return url.to_owned();
    };
    let login = match scheme {
        None | Some("ssh") => user.split(':').next().filter(|login| !login.is_empty()),
        Some(_) => None,
    };
    let scheme = scheme.map_or(String::new(), |scheme| format!("{scheme}://"));
    let login = login.map_or(String::new(), |login| format!("{login}@"));
    format!("{scheme}{login}{host}{path}")
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let fail = |why: &str| SourceError { text: text.to_owned(), why: why.to_owned() };
        if let Some(id) = text.strip_prefix("registry:") {
            return id.parse().map(Source::Registry).map_err(|error: crate::name::NameError| fail(error.why()));
        }
        if let Some(path) = text.strip_prefix("path:") {
            let drive = path.as_bytes().get(1) == Some(&b':');
            if path.is_empty() || path.starts_with('/') || path.contains('\\') || drive {
                return Err(fail("a path source is relative and written with `/`"));
            }
            return Ok(Source::Path(path.to_owned()));
        }
        let Some(rest) = text.strip_prefix("git+") else {
            return Err(fail("it begins with neither `registry:` nor `git+` nor `path:`"));
        };
        // What is shown from here on may carry a credential.
        let fail = |why: &str| SourceError { text: format!("git+{}", without_credential(rest)), why: why.to_owned() };
        let Some((place, commit)) = rest.rsplit_once('#') else {
            return Err(fail("it names no commit after `#`"));
        };
        if commit.len() != 40 || !commit.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(fail("a commit is 40 lower-case hexadecimal digits"));
        }
        let (url, subdirectory) = match place.split_once("?subdirectory=") {
            Some((url, folder)) => (url, Some(folder)),
            None => (place, None),
        };
        if url.is_empty() || subdirectory.is_some_and(str::is_empty) {
            return Err(fail("it names no repository, or an empty subdirectory"));
        }
        Ok(Source::git(url, subdirectory, commit))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Registry(id) => write!(f, "registry:{id}"),
            Source::Git { url, subdirectory: None, commit } => write!(f, "git+{url}#{commit}"),
            Source::Git { url, subdirectory: Some(folder), commit } => {
                write!(f, "git+{url}?subdirectory={folder}#{commit}")
            }
            Source::Path(path) => write!(f, "path:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn every_form_reads_and_writes_itself() {
        for text in [
            "registry:prompts.example.com/acme".to_owned(),
            format!("git+https://example.com/lab.git#{COMMIT}"),
            format!("git+https://example.com/lab.git?subdirectory=ideas/a#{COMMIT}"),
            format!("git+git@example.com:acme/lab.git#{COMMIT}"),
            "path:../shared".to_owned(),
        ] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "registry:",
            "registry:https://x.example",
            "https://x.example/y",
            "git+https://x.example/y",
            "git+https://x.example/y#main",
            "git+https://x.example/y#0123456789ABCDEF0123456789abcdef01234567",
            "path:/srv/x",
            "path:C:/x",
            "path:",
        ] {
            assert!(bad.parse::<Source>().is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn a_source_never_carries_a_credential() {
        let url = |url: &str| match Source::git(url, None, COMMIT) {
            Source::Git { url, .. } => url,
            other => panic!("{other}"),
        };
        assert_eq!(url("https://user:pw@example.com/x"), "https://example.com/x");
        assert_eq!(url("https://token@example.com:8443/x"), "https://example.com:8443/x");
        assert_eq!(url("ssh://git:pw@example.com/x"), "ssh://git@example.com/x");
        assert_eq!(url("git@example.com:x"), "git@example.com:x");
        assert_eq!(url("file:///srv/a@b"), "file:///srv/a@b");
        let error = "git+https://user:pw@example.com/x#main".parse::<Source>().unwrap_err();
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}
