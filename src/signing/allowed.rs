//! The list of allowed signers, in OpenSSH's format (`ssh-keygen(1)`, ALLOWED SIGNERS): a line a key, with who
//! it belongs to, what it may sign and when.

use super::{CERTIFICATE, LIMIT, SigningError, signature};
use crate::fs;
use ssh_key::PublicKey;
use std::path::Path;

/// Who may sign.
#[derive(Clone, Debug, Default)]
pub struct AllowedSigners {
    signers: Vec<Signer>,
}

/// A key that may sign.
#[derive(Clone, Debug)]
struct Signer {
    /// Who it belongs to, as the line says.
    principals: String,
    key: PublicKey,
    /// The namespaces in which it may sign; all where the line names none.
    namespaces: Option<Vec<String>>,
    /// From when on, and until when, as `YYYYMMDDHHMMSS` in UTC.
    valid: (Option<String>, Option<String>),
}

impl AllowedSigners {
    /// Returns the list in the file at `path`, which people know as `file`.
    ///
    /// # Errors
    /// When it cannot be read, or has a line that is none.
    pub fn read(path: &Path, file: &str) -> Result<Self, SigningError> {
        let bytes = fs::read_limited(path, LIMIT)?;
        Self::parse(file, &String::from_utf8_lossy(&bytes))
    }

    /// Returns the list that `text` holds.
    ///
    /// # Errors
    /// With the first line that is none.
    pub fn parse(file: &str, text: &str) -> Result<Self, SigningError> {
        let mut signers = Vec::new();
        for (at, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fail = |why: String| SigningError::Line { file: file.to_owned(), line: at + 1, why };
            signers.extend(parse_line(line).map_err(fail)?);
        }
        Ok(AllowedSigners { signers })
    }

    /// Returns to whom `key` belongs, if it may sign in `namespace` at the moment `at` (RFC 3339, in UTC).
    pub fn principal(&self, key: &PublicKey, namespace: &str, at: &str) -> Option<&str> {
        let digits: String = at.chars().filter(char::is_ascii_digit).take(14).collect();
        let found = self.signers.iter().find(|signer| {
            signer.key.key_data() == key.key_data() && signer.may_sign(namespace) && signer.is_valid(&digits)
        });
        found.map(|signer| signer.principals.as_str())
    }

    /// Returns who made `signature` of `message`: nothing when it is no valid one, or not by a key of the list
    /// that may sign in `namespace` at the moment `at`.
    pub fn signer(&self, namespace: &str, message: &[u8], written: &str, at: &str) -> Option<&str> {
        let signature = signature(written)?;
        let key = PublicKey::new(signature.public_key().clone(), "");
        let principal = self.principal(&key, namespace, at)?;
        key.verify(namespace, message, &signature).ok().map(|()| principal)
    }
}

impl Signer {
    fn may_sign(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|known| known.iter().any(|pattern| matches(pattern, namespace)))
    }

    fn is_valid(&self, at: &str) -> bool {
        let (after, before) = &self.valid;
        after.as_deref().is_none_or(|after| at >= after) && before.as_deref().is_none_or(|before| at <= before)
    }
}

/// Returns what a line says; nothing for the key of an authority, since certificates are not taken.
fn parse_line(line: &str) -> Result<Option<Signer>, String> {
    let (principals, rest) = word(line)?;
    let (mut namespaces, mut valid, mut is_authority) = (None, (None, None), false);
    let mut rest = rest.trim_start();
    if !is_kind(rest) {
        let (options, after) = word_of_options(rest)?;
        rest = after.trim_start();
        for option in options {
            let (name, value) = option.split_once('=').map_or((option.as_str(), ""), |(name, value)| (name, value));
            let value = value.trim_matches('"');
            match name.to_ascii_lowercase().as_str() {
                "cert-authority" => is_authority = true,
                "namespaces" => namespaces = Some(value.split(',').map(str::to_owned).collect()),
                "valid-after" => valid.0 = Some(moment(value)?),
                "valid-before" => valid.1 = Some(moment(value)?),
                _ => return Err(format!("`{name}` is none of its options")),
            }
        }
    }
    if rest.split_whitespace().next().is_some_and(|kind| kind.ends_with(CERTIFICATE)) {
        return Err("it holds a certificate, and no signature by one is checked".into());
    }
    let key = PublicKey::from_openssh(rest).map_err(|_| "there is no public key in it".to_owned())?;
    Ok((!is_authority).then_some(Signer { principals, key, namespaces, valid }))
}

/// Returns whether `text` begins with the kind of a key.
fn is_kind(text: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| text.starts_with(kind))
}

/// Returns the first word of `text`, which may stand in quotes, and what follows.
fn word(text: &str) -> Result<(String, &str), String> {
    let found = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"'),
        None => text.split_once(char::is_whitespace),
    };
    match found {
        Some((word, rest)) if !word.is_empty() => Ok((word.to_owned(), rest)),
        _ => Err("it has but one word".into()),
    }
}

/// Returns the options at the start of `text`, which commas part, and what follows.
fn word_of_options(text: &str) -> Result<(Vec<String>, &str), String> {
    let (mut options, mut quoted) = (vec![String::new()], false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                options.push(String::new());
                continue;
            }
            c if c.is_whitespace() && !quoted => return Ok((options, &text[at..])),
            _ => {}
        }
        options.last_mut().expect("there is one from the start").push(c);
    }
    Err("there is no public key in it".into())
}

/// Returns a moment (`YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with or without `Z`) with all its digits.
/// Without `Z` OpenSSH takes the machine's time zone; here every moment is in UTC.
fn moment(text: &str) -> Result<String, String> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{text}` is no moment such as `20260131Z`"));
    }
    Ok(format!("{digits:0<14}"))
}

/// Returns whether `pattern`, in which `*` stands for anything and `?` for one character, is `text`.
fn matches(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = pattern.trim_start_matches('*');
            text.char_indices().any(|(at, _)| matches(rest, &text[at..])) || rest.is_empty()
        }
        (Some(a), Some(b)) if a == '?' || a == b => matches(&pattern[a.len_utf8()..], &text[b.len_utf8()..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    const AT: &str = "2026-11-24T10:00:00Z";

    fn who(line: &str, namespace: &str) -> Option<String> {
        let list = AllowedSigners::parse("allowed_signers", line).unwrap();
        list.principal(&PublicKey::from_openssh(KEY).unwrap(), namespace, AT).map(str::to_owned)
    }

    #[test]
    fn a_key_belongs_to_whom_its_line_says_for_what_it_says() {
        let ada = Some("ada@example.com".to_owned());
        assert_eq!(who(&format!("# who may\n\nada@example.com {KEY} laptop\n"), "x"), ada);
        assert_eq!(who(&format!("ada@example.com namespaces=\"file,anvil-*\" {KEY}"), "anvil-review@v1"), ada);
        assert_eq!(who(&format!("ada@example.com namespaces=\"file,anvil-*\" {KEY}"), "git"), None);
        assert_eq!(
            who(&format!("ada@example.com valid-after=\"20260101\",valid-before=\"20270101Z\" {KEY}"), "x"),
            ada
        );
        assert_eq!(who(&format!("ada@example.com valid-before=\"20260101Z\" {KEY}"), "x"), None);
        assert_eq!(who(&format!("ada@example.com cert-authority {KEY}"), "x"), None);
        assert_eq!(
            who(
                "ada@example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "x"
            ),
            None
        );
    }

    #[test]
    fn a_line_that_is_none_is_told_with_its_number() {
        for line in [
            "ada@example.com",
            "ada@example.com ssh-ed25519",
            &format!("ada nonsense=\"x\" {KEY}"),
            &format!("a valid-after=\"soon\" {KEY}"),
        ] {
            let error = AllowedSigners::parse("allowed_signers", &format!("\n{line}\n")).unwrap_err().to_string();
            assert!(error.starts_with("line 2 of `allowed_signers` names no allowed signer: "), "{error}");
        }
    }
}
