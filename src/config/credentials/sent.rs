//! What was sent to servers to prove who asks, so that no message repeats it: a server may answer with what it was sent,
//! and an error that quotes the answer would show it.

use super::Credential;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

/// Of this process, which every message of it is kept free of.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The fewest characters of a secret that are hidden, also where a message was cut within it: fewer stand in any text.
const FEWEST: usize = 4;

/// Notes that `credential` is about to be sent.
pub fn note(credential: &Credential) {
    let header = credential.header();
    let value = header.split_once(' ').map_or(header.as_str(), |(_, value)| value).to_owned();
    let secret = match credential {
        Credential::Token(secret) | Credential::Password { password: secret, .. } => secret.expose().to_owned(),
    };
    let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    for secret in [value, secret] {
        if secret.len() >= FEWEST && !sent.contains(&secret) {
            sent.push(secret);
        }
    }
}

/// Returns `text`, which somebody is about to see, with stars for what was sent.
pub fn masked(text: &str) -> Cow<'_, str> {
    let sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    sent.iter().fold(Cow::Borrowed(text), |text, secret| match without(&text, secret) {
        Some(other) => Cow::Owned(other),
        None => text,
    })
}

/// Returns `value` as [`masked`] does, in all of its texts.
pub fn masked_json(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => {
            if let Cow::Owned(other) = masked(text) {
                *text = other;
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(masked_json),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(masked_json),
        _ => {}
    }
}

/// Returns `text` with stars for `secret`, and for its beginning where `…` says that it was cut, if it holds one.
fn without(text: &str, secret: &str) -> Option<String> {
    let mut other = text.replace(secret, "***");
    let mut from = 0;
    while let Some(cut) = other[from..].find('…').map(|at| from + at) {
        let shown = &other[..cut];
        let ends = secret.char_indices().map(|(at, _)| at).rev().filter(|at| *at >= FEWEST);
        let held = ends.map(|end| &secret[..end]).find(|beginning| shown.ends_with(beginning)).map(str::len);
        from = cut + '…'.len_utf8();
        if let Some(held) = held {
            other.replace_range(cut - held..cut, "***");
            from = from - held + "***".len();
        }
    }
    (other != text).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::credentials::Secret;

    #[test]
    fn what_was_sent_is_shown_neither_whole_nor_cut() {
        note(&Credential::Token(Secret::token("hush-hush-hush").unwrap()));
        note(&Credential::password("ada", "open sesame").unwrap());
        for (text, expected) in [
            ("`Bearer hush-hush-hush` is no id", "`Bearer ***` is no id"),
            ("Bearer hush-hus… and hush…, or hus…", "Bearer ***… and ***…, or hus…"),
            ("Basic YWRhOm9wZW4gc2VzYW1l, open sesame", "Basic ***, ***"),
            ("nothing of it…", "nothing of it…"),
        ] {
            assert_eq!(masked(text), expected);
        }
        let mut value = serde_json::json!({ "a": ["hush-hush-hush", 1], "b": "c" });
        masked_json(&mut value);
        assert_eq!(value, serde_json::json!({ "a": ["***", 1], "b": "c" }));
    }
}
