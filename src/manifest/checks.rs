//! What a location, a git reference or a path of the manifest may look like.
//!
//! The manifest of a cloned project may be an attacker's. Whatever it says is handed to `git` or
//! to a URL library later on, so that forms with a life of their own (`ext::sh -c …`, `-oProxyCommand=…`,
//! `https://user:token@…`) are refused here, before anything is done with them. Each check answers
//! in words why it refuses.

use crate::error::suggest;
use std::borrow::Cow;

/// The transports of git that a manifest may name. Others run programs (`ext::`) or nobody needs.
const GIT_SCHEMES: [&str; 4] = ["https", "ssh", "file", "git"];

/// The schemes that a registry may be read over.
const REGISTRY_SCHEMES: [&str; 3] = ["https", "http", "file"];

/// The scheme of registries that are not read yet. A manifest may say it, so that those of others stay
/// usable; who would read it is told, and nobody is offered it.
const FUTURE_REGISTRY_SCHEME: &str = "s3";

/// Why something is refused, and whether it holds a credential (which has a page of its own).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not well formed or not allowed.
    Malformed(String),
    /// It carries a user name, a password or a token.
    Credential,
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Refusal::Malformed(why)
    }
}

impl From<&str> for Refusal {
    fn from(why: &str) -> Self {
        Refusal::Malformed(why.to_owned())
    }
}

/// Returns the scheme and what follows `://`, if `text` is a URL rather than a path.
pub(super) fn split_url(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)).then_some((scheme, rest))
}

/// Returns whether `text` is a URL with a user name or a password. The login name of an SSH
/// address (`ssh://git@host/…`, `git@host:path`) is part of where a repository is and no secret.
pub(super) fn has_credential(text: &str) -> bool {
    let user = match split_url(text) {
        Some((scheme, rest)) => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            authority.rsplit_once('@').map(|(user, _)| (user, scheme == "ssh"))
        }
        None => {
            let login = text.split('/').next().unwrap_or_default();
            login.rsplit_once('@').map(|(user, _)| (user, true))
        }
    };
    user.is_some_and(|(user, is_login)| !is_login || user.contains(':'))
}

/// Returns where in `text`, if it is an address, what it says behind its `?` or `#` begins: a token is as likely there as
/// anything. `text` may be as it is written, in quotes.
pub(super) fn query_of(text: &str) -> Option<usize> {
    text.find(['?', '#']).filter(|at| text[..*at].contains(':')).map(|at| at + 1).filter(|at| *at < text.len())
}

/// Returns `text` with stars for what [`query_of`] finds.
pub(super) fn without_query(text: &str) -> Cow<'_, str> {
    query_of(text).map_or(Cow::Borrowed(text), |at| Cow::Owned(format!("{}***", &text[..at])))
}

fn check_plain(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err("it begins or ends with a blank, or holds a control character".into());
    }
    if text.starts_with('-') {
        return Err("it begins with `-`, which programs take for an option".into());
    }
    if has_credential(text) { Err(Refusal::Credential) } else { Ok(()) }
}

fn check_scheme(scheme: &str, allowed: &[&str]) -> Result<(), Refusal> {
    if allowed.contains(&scheme) {
        return Ok(());
    }
    let known = allowed.join(", ");
    match suggest(&scheme.to_ascii_lowercase(), allowed.iter().copied()) {
        Some(near) => Err(format!("`{scheme}` is none of {known}; did you mean `{near}`?").into()),
        None => Err(format!("`{scheme}` is none of {known}").into()),
    }
}

/// Returns why `text` cannot stand in `[registries]`.
pub(super) fn registry_location(text: &str) -> Result<(), Refusal> {
    check_plain(text)?;
    let Some((scheme, rest)) = split_url(text) else {
        return Ok(());
    };
    if scheme != FUTURE_REGISTRY_SCHEME {
        check_scheme(scheme, &REGISTRY_SCHEMES)?;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme {
        "file" if !rest.starts_with('/') => return Err("a file URL is written `file:///folder`".into()),
        "file" => {}
        _ if authority.is_empty() => return Err("it names no host".into()),
        _ => {}
    }
    if rest.contains(['?', '#']) {
        return Err("a registry's URL has no `?` or `#`".into());
    }
    Ok(())
}

/// Returns why `text` is no URL that git may clone: `https`, `ssh` (also as `git@host:path`), `file` or `git`.
pub(super) fn git_url(text: &str) -> Result<(), Refusal> {
    check_plain(text)?;
    if let Some((scheme, rest)) = split_url(text) {
        if scheme == "http" {
            return Err("whoever stands on the way could change what comes over plain http; use https".into());
        }
        check_scheme(scheme, &GIT_SCHEMES)?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        if host.starts_with('-') || user.is_some_and(|user| user.starts_with('-')) {
            return Err("its host begins with `-`, which programs take for an option".into());
        }
        if host.is_empty() != (scheme == "file") {
            return Err(
                if scheme == "file" { "a file URL is written `file:///folder`" } else { "it names no host" }.into()
            );
        }
        if path.is_empty() {
            return Err("it names no repository on its host".into());
        }
        if text.contains(['?', '#']) {
            return Err("a repository's URL has no `?` or `#`".into());
        }
        return Ok(());
    }
    if text.contains("::") {
        return Err(format!("git may use {} alone, no remote helper", GIT_SCHEMES.join(", ")).into());
    }
    // `[user@]host:path`, as SSH writes it; before the colon there is no slash.
    let scp = text.split_once(':').filter(|(host, _)| !host.contains('/'));
    let Some((login, path)) = scp else {
        return Err("it is no URL; a local repository is written `file:///folder`".into());
    };
    let host = login.rsplit_once('@').map_or(login, |(_, host)| host);
    if host.len() < 2 || path.is_empty() || host.starts_with('-') || path.starts_with('-') {
        return Err("it is no URL; a local repository is written `file:///folder`".into());
    }
    if text.contains(['?', '#']) {
        return Err("a repository's URL has no `?` or `#`".into());
    }
    Ok(())
}

/// Returns why `text` cannot name a branch, a tag or a commit (after `git check-ref-format`, simplified).
pub(super) fn git_reference(text: &str) -> Result<(), Refusal> {
    check_plain(text)?;
    if let Some(bad) = text.chars().find(|c| c.is_whitespace() || "~^:?*[\\".contains(*c)) {
        return Err(format!("git allows no {bad:?} in a name").into());
    }
    if text.contains("..") || text.contains("@{") || text.contains("//") {
        return Err("git allows no `..`, `@{` or `//` in a name".into());
    }
    if text.starts_with('/') || text.ends_with(['/', '.']) || text.ends_with(".lock") {
        return Err("git allows no name that begins with `/` or ends in `/`, `.` or `.lock`".into());
    }
    Ok(())
}

/// Returns why `text` is no path relative to the manifest. It may lead upwards.
pub(super) fn relative_path(text: &str) -> Result<(), Refusal> {
    check_plain(text)?;
    if text.contains('\\') {
        return Err("paths are written with `/`, so that they mean the same everywhere".into());
    }
    let drive = text.as_bytes().get(1) == Some(&b':') && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if text.starts_with(['/', '~']) || drive || split_url(text).is_some() {
        return Err("it is not relative to the manifest, so it would mean nothing on another machine".into());
    }
    Ok(())
}

/// Returns why `text` is no folder within a repository: relative, and never upwards.
pub(super) fn inner_path(text: &str) -> Result<(), Refusal> {
    relative_path(text)?;
    if text.split('/').any(|segment| segment.is_empty() || segment == "." || segment == "..") {
        return Err("a segment is empty, `.` or `..`".into());
    }
    Ok(())
}

/// Returns why `text` is no template of a version's tag.
pub(super) fn tag_template(text: &str) -> Result<(), Refusal> {
    if text.matches("{version}").count() != 1 {
        return Err("it must hold `{version}` exactly once, or all versions would share a tag".into());
    }
    let rendered = text.replace("{version}", "1.0.0").replace("{name}", "project/set");
    if rendered.contains(['{', '}']) {
        return Err("it may hold `{version}` and `{name}` alone".into());
    }
    git_reference(&rendered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_are_urls_or_paths_and_name_no_credential() {
        for good in [
            "https://prompts.example.com/acme",
            "http://127.0.0.1:8080",
            "file:///srv/registry",
            "s3://bucket/prefix",
            "../mirror",
            "mirror@2",
            "/srv/registry",
            "C:\\registry",
        ] {
            assert_eq!(registry_location(good), Ok(()), "{good}");
        }
        for secret in ["https://user:pw@host/x", "https://token@host", "s3://key:secret@bucket", "http://a@b:80/c"] {
            assert_eq!(registry_location(secret), Err(Refusal::Credential), "{secret}");
        }
        for bad in ["", " ", "ftp://host", "HTTPS://host", "file://folder", "https:///x", "https://h/?token=x", "-x"] {
            assert!(matches!(registry_location(bad), Err(Refusal::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn git_gets_no_transport_that_runs_programs() {
        for good in [
            "https://example.com/lab.git",
            "ssh://git@example.com/lab.git",
            "ssh://example.com:2222/lab.git",
            "git@example.com:acme/lab.git",
            "example.com:lab.git",
            "file:///srv/lab.git",
            "git://example.com/lab",
        ] {
            assert_eq!(git_url(good), Ok(()), "{good}");
        }
        for bad in [
            "ext::sh -c touch% /tmp/pwned",
            "ext::sh",
            "fd::17",
            "transport::https://example.com/x",
            "--upload-pack=touch",
            "ssh://-oProxyCommand=x/y",
            "ssh://-l@host/y",
            "git@-oProxyCommand=x:y",
            "ftp://example.com/x",
            "http://127.0.0.1:80/lab",
            "/srv/lab.git",
            "../lab",
            "C:/lab",
            "https://example.com",
            "https://example.com/x#main",
            "https://exam\nple.com/x",
            "",
        ] {
            assert!(matches!(git_url(bad), Err(Refusal::Malformed(_))), "{bad}");
        }
        for secret in
            ["https://user:pw@example.com/x", "https://token@example.com/x", "ssh://git:pw@example.com/x", "u:p@host:x"]
        {
            assert_eq!(git_url(secret), Err(Refusal::Credential), "{secret}");
        }
    }

    #[test]
    fn references_are_names_and_no_options() {
        for good in ["main", "v1.0.0", "feature/x", "0123abc", "core/tone@1.0.0"] {
            assert_eq!(git_reference(good), Ok(()), "{good}");
        }
        for bad in ["-f", "--upload-pack=x", "", "a b", "a..b", "a:b", "HEAD~1", "a^", "a/", "x.lock", "@{u}"] {
            assert!(git_reference(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_are_relative_and_a_subdirectory_stays_inside() {
        assert_eq!(relative_path("../shared"), Ok(()));
        for bad in ["/srv", "C:/x", "a\\b", "~/x", "file:///x", ""] {
            assert!(relative_path(bad).is_err(), "{bad}");
        }
        assert_eq!(inner_path("sets/ideas"), Ok(()));
        for bad in ["../x", "a/../b", "a//b", "./a", "a/"] {
            assert!(inner_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_tag_tells_the_version() {
        for good in ["v{version}", "{name}@{version}", "release/{version}"] {
            assert_eq!(tag_template(good), Ok(()), "{good}");
        }
        for bad in ["v1", "{version}-{version}", "{versoin}", "{version}{x}", "-{version}", "v {version}"] {
            assert!(tag_template(bad).is_err(), "{bad}");
        }
    }
}
