//! The list of allowed signers, in OpenSSH's format (`ssh-keygen(1)`, ALLOWED SIGNERS): a line a key, with who
//! it belongs to, what it may sign and when.

use super::{CERTIFICATE, LIMIT, SigningError, signature};
use crate::fs;
use ssh_key::{HashAlg, PublicKey};
use std::path::Path;

/// Who may sign.
#[derive(Clone, Debug, Default)]
pub struct AllowedSigners {
    /// What people know the file as.
    file: String,
    signers: Vec<Signer>,
}

/// Who made a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// Who the key belongs to, as its line says: one principal, or several with commas between.
    pub principals: &'a str,
    /// The key's fingerprint.
    pub key: String,
}

/// A key that may sign.
#[derive(Clone, Debug)]
struct Signer {
    /// Its line in the file, from 1.
    line: usize,
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
            signers.extend(parse_line(at + 1, line).map_err(fail)?);
        }
        Ok(AllowedSigners { file: file.to_owned(), signers })
    }

    /// Returns to whom `key` belongs, if it may sign in `namespace` at the moment `at` (RFC 3339, in UTC).
    pub fn principal(&self, key: &PublicKey, namespace: &str, at: &str) -> Option<&str> {
        let at = digits(at);
        let found = self.lines_of(key).find(|signer| signer.may_sign(namespace) && signer.is_valid(&at));
        found.map(|signer| signer.principals.as_str())
    }

    /// Returns why `key` may not sign in `namespace` at the moment `at`, with the line that says so, where a line is there.
    pub fn objection(&self, key: &PublicKey, namespace: &str, at: &str) -> Option<String> {
        let at = digits(at);
        let signer = self.lines_of(key).last()?;
        let why = match &signer.valid {
            _ if !signer.may_sign(namespace) => format!("does not let it sign in the namespace `{namespace}`"),
            (Some(after), _) if at < *after => format!("has it valid from {} on", told(after)),
            (_, Some(before)) if at > *before => format!("had it valid until {}", told(before)),
            _ => return None,
        };
        Some(format!("line {} of `{}` {why}", signer.line, self.file))
    }

    fn lines_of(&self, key: &PublicKey) -> impl Iterator<Item = &Signer> {
        self.signers.iter().filter(|signer| signer.key.key_data() == key.key_data())
    }

    /// Returns who made the signature `written` of `message`.
    ///
    /// # Errors
    /// Why nobody did who may sign in `namespace` at the moment `at`.
    pub fn signer(&self, namespace: &str, message: &[u8], written: &str, at: &str) -> Result<Signed<'_>, String> {
        let strange = || "its signature is not a valid one by an allowed key".to_owned();
        let signature = signature(written).ok_or_else(strange)?;
        let key = PublicKey::new(signature.public_key().clone(), "");
        key.verify(namespace, message, &signature).map_err(|_| strange())?;
        match self.principal(&key, namespace, at) {
            Some(principals) => Ok(Signed { principals, key: key.fingerprint(HashAlg::Sha256).to_string() }),
            None => Err(self.objection(&key, namespace, at).unwrap_or_else(strange)),
        }
    }
}

/// Returns the digits of a moment (RFC 3339, in UTC), as [`moment`] writes them.
fn digits(at: &str) -> String {
    at.chars().filter(char::is_ascii_digit).take(14).collect()
}

/// Returns the day and the time of what [`moment`] gives.
fn told(moment: &str) -> String {
    let part = |range: std::ops::Range<usize>| moment.get(range).unwrap_or_default();
    format!("{}-{}-{} {}:{}:{} UTC", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12), part(12..14))
}

impl Signer {
    fn may_sign(&self, namespace: &str) -> bool {
        let Some(patterns) = &self.namespaces else { return true };
        // ssh_config(5), PATTERNS: what a negated pattern matches is refused, whatever else matches.
        let refused = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!'));
        let taken = patterns.iter().filter(|pattern| !pattern.starts_with('!'));
        !refused.into_iter().any(|pattern| matches(pattern, namespace))
            && taken.into_iter().any(|pattern| matches(pattern, namespace))
    }

    fn is_valid(&self, at: &str) -> bool {
        let (after, before) = &self.valid;
        after.as_deref().is_none_or(|after| at >= after) && before.as_deref().is_none_or(|before| at <= before)
    }
}

/// Returns what the line of that number says; nothing for the key of an authority, since certificates are not taken.
fn parse_line(number: usize, line: &str) -> Result<Option<Signer>, String> {
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
    Ok((!is_authority).then_some(Signer { line: number, principals, key, namespaces, valid }))
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
        assert_eq!(who(&format!("ada@example.com namespaces=\"*,!anvil-*\" {KEY}"), "git"), ada);
        assert_eq!(who(&format!("ada@example.com namespaces=\"*,!anvil-*\" {KEY}"), "anvil-review@v1"), None);
        assert_eq!(who(&format!("ada@example.com namespaces=\"!git\" {KEY}"), "anvil-review@v1"), None);
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
