//! URLs of git repositories, as manifests name them.

use super::GitError;
use super::error::Result;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// The URL of a git repository: `https://`, `ssh://`, `git://` or `file://`, or
/// `user@host:path` as SSH has it. It carries no password.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitUrl {
    text: String,
}

impl GitUrl {
    /// Returns the URL of the repository in `folder`, a whole path.
    pub fn of_folder(folder: &Path) -> Option<Self> {
        url::Url::from_file_path(folder).ok()?.as_str().parse().ok()
    }

    /// Returns the URL as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the URL without its user, for messages: `git@host:path` becomes `ssh://host/path`.
    pub fn without_user(&self) -> String {
        match self.text.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
                let host = authority.rsplit('@').next().unwrap_or(authority);
                format!("{scheme}://{host}{path}")
            }
            None => {
                let (host, path) = self.text.split_once(':').unwrap_or((&self.text, ""));
                let host = host.rsplit('@').next().unwrap_or(host);
                format!("ssh://{host}/{}", path.trim_start_matches('/'))
            }
        }
    }

    /// Returns the last segment without `.git`, for people to recognise a folder by.
    pub(super) fn name(&self) -> String {
        let last = self.text.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
        let last = last.strip_suffix(".git").unwrap_or(last);
        let plain: String =
            last.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(40).collect();
        if plain.is_empty() { "repository".to_owned() } else { plain }
    }
}

impl FromStr for GitUrl {
    type Err = GitError;

    fn from_str(text: &str) -> Result<Self> {
        // What stands behind a `?` may be a token.
        let shown = text.find(['?', '#']).map_or(text, |at| &text[..=at]);
        let fail = |why| GitError::BadUrl { url: without_secrets(shown), why };
        if text.is_empty() || text.starts_with('-') {
            return Err(fail("it is empty or begins with `-`"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(fail("it holds a blank or a control character"));
        }
        if text.contains(['?', '#']) {
            return Err(fail("it holds `?` or `#`; a tag, branch or subdirectory has a key of its own"));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return scp_like(text).map(|()| GitUrl { text: text.to_owned() }).map_err(fail);
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        match (scheme, user) {
            ("http", _) => {
                return Err(fail("whoever stands on the way could change what comes over plain http; use https"));
            }
            ("https" | "git", Some(_)) => {
                return Err(fail("it names a user or password; git's credential helpers keep those"));
            }
            ("ssh", Some(user)) if user.contains(':') => {
                return Err(fail("it names a password; SSH keys take their place"));
            }
            ("https" | "git" | "ssh", _) if authority.rsplit('@').next().unwrap_or_default().is_empty() => {
                return Err(fail("it names no host"));
            }
            // A host that begins with `-` would be an option to ssh.
            ("ssh", _) if authority.starts_with('-') || authority.contains("@-") => {
                return Err(fail("its host begins with `-`"));
            }
            ("https" | "git" | "ssh", _) => {}
            ("file", _) if rest.starts_with('/') => {}
            ("file", _) => return Err(fail("a file URL needs an absolute path, as in `file:///path`")),
            _ => return Err(fail("its scheme is none of https, ssh, git and file")),
        }
        Ok(GitUrl { text: text.to_owned() })
    }
}

/// Checks `user@host:path`, which is no URL and what most people paste.
fn scp_like(text: &str) -> std::result::Result<(), &'static str> {
    let Some((host, path)) = text.split_once(':') else {
        return Err("a folder on this machine is written `file:///path`, or taken with `path`");
    };
    if path.starts_with(':') {
        return Err("remote helpers are not run");
    }
    let name = host.rsplit('@').next().unwrap_or_default();
    if host.contains('/') || name.is_empty() || path.is_empty() || name.starts_with('-') || path.starts_with('-') {
        return Err("it is neither a URL nor `user@host:path`");
    }
    if name.len() == 1 && path.starts_with(['/', '\\']) {
        return Err("a folder on this machine is written `file:///path`, or taken with `path`");
    }
    Ok(())
}

/// Returns `text` with the user and password of every URL in it replaced.
pub(super) fn without_secrets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        plain.push_str(before);
        let end = after.find(|c: char| c == '/' || c == '\'' || c.is_whitespace()).unwrap_or(after.len());
        rest = after;
        if let Some(user) = after[..end].rfind('@') {
            plain.push('…');
            rest = &after[user..];
        }
    }
    plain.push_str(rest);
    plain
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_taken_and_told_without_a_user() {
        for (text, told) in [
            ("https://example.com/lab.git", "https://example.com/lab.git"),
            ("ssh://git@example.com:22/lab.git", "ssh://example.com:22/lab.git"),
            ("git@example.com:team/lab.git", "ssh://example.com/team/lab.git"),
            ("file:///srv/lab", "file:///srv/lab"),
        ] {
            assert_eq!(text.parse::<GitUrl>().unwrap().without_user(), told);
        }
    }

    #[test]
    fn what_could_run_something_or_leak_something_is_refused() {
        for bad in [
            "",
            "-oProxyCommand=x",
            "--upload-pack=x",
            "ext::sh -c x",
            "ext::x",
            "helper://x/y",
            "ssh://-oProxyCommand=x/y",
            "ssh://git@-oProxyCommand=x/y",
            "-x@host:path",
            "git@-host:path",
            "fd::17",
            "http://example.com/lab.git",
            "http://me:pw@example.com/x",
            "https://me@example.com/x",
            "https:///x",
            "file://x",
            "../lab",
            "/srv/lab",
            "C:\\lab",
            "https://example.com/x y",
            "https://example.com/x#y",
        ] {
            assert!(bad.parse::<GitUrl>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        let error = "https://me:secret@example.com/x".parse::<GitUrl>().unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(
            without_secrets("access to 'https://a:b@h/x' and ssh://c@d: no"),
            "access to 'https://…@h/x' and ssh://…@d: no"
        );
    }
}
