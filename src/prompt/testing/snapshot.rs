//! Snapshots: what the rendering of a test is written down as, and where.
//!
//! The text of a chat shows each role at the margin and what is said indented, as `anvil render` does for
//! people, but loses nothing: two renderings that differ have different snapshots. So whoever reads a
//! difference of two snapshots has seen all of it.

use super::super::scope::Rendered;
use crate::name::{PromptName, is_windows_device};
use crate::template::Output;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The folder of the snapshots, in the set's folder.
pub const FOLDER: &str = "snapshots";

/// How the file of a snapshot ends.
pub const SUFFIX: &str = ".txt";

/// Returns where the snapshot of the test called `test` of `prompt` is, relative to the set's folder.
pub fn path(prompt: &PromptName, test: &str) -> String {
    format!("{FOLDER}/{prompt}/{}{SUFFIX}", file_name(test))
}

/// Returns `name` as a file can be called on every system: what cannot stand in a file's name is
/// percent-encoded, so that two tests never share a file.
pub(super) fn file_name(name: &str) -> String {
    let mut file = String::with_capacity(name.len());
    let last = name.chars().count().saturating_sub(1);
    for (at, c) in name.chars().enumerate() {
        let is_kept = match c {
            '.' => at > 0,
            ' ' => at > 0 && at < last,
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' => false,
            c => !c.is_control() && !is_invisible(c),
        };
        // A device of Windows is one whatever follows it, so its first letter is hidden.
        if is_kept && !(at == 0 && is_windows_device(name)) {
            file.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(file, "%{byte:02X}");
            }
        }
    }
    file
}

/// Returns whether `c` would turn or hide what stands around it in a list of files.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns the snapshot of a rendering. A text stands as it is, with one newline after it.
pub fn text(rendered: &Rendered) -> String {
    match &rendered.output {
        Output::Text(text) => format!("{text}\n"),
        Output::Messages(messages) => messages.iter().map(message_text).collect::<Vec<_>>().join("\n"),
    }
}

fn message_text(message: &Map<String, Value>) -> String {
    let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
    let content = message.get("content").and_then(Value::as_str);
    let is_shown = |key: &str| key == "role" || (key == "content" && content.is_some());
    let others: Map<String, Value> =
        message.iter().filter(|(key, _)| !is_shown(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut text = match others.is_empty() {
        true => format!("{role}:\n"),
        false => format!("{role}: {}\n", Value::Object(others)),
    };
    for line in content.into_iter().flat_map(|content| content.split('\n')) {
        let indent = if line.is_empty() { "" } else { "  " };
        let _ = writeln!(text, "{indent}{line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(messages: Value) -> Rendered {
        let Value::Array(messages) = messages else { panic!("not a list") };
        let object = |message: Value| match message {
            Value::Object(message) => message,
            other => panic!("{other} is no message"),
        };
        let output = Output::Messages(messages.into_iter().map(object).collect());
        Rendered { output, model: None, tools: None, schema: None }
    }

    #[test]
    fn a_test_s_name_becomes_a_file_s_and_no_two_names_the_same() {
        for (name, file) in [
            ("pro customers get the promise", "pro customers get the promise"),
            ("a/b: 50%", "a%2Fb%3A 50%25"),
            ("..", "%2E."),
            (" x ", "%20x%20"),
            ("nul", "%6Eul"),
            ("été \u{202e}x", "été %E2%80%AEx"),
        ] {
            assert_eq!(file_name(name), file);
        }
        assert_eq!(path(&"emails/welcome".parse().unwrap(), "a b"), "snapshots/emails/welcome/a b.txt");
    }

    #[test]
    fn renderings_that_differ_have_different_snapshots() {
        let all = [
            json!([{ "role": "user", "content": "a" }]),
            json!([{ "role": "user", "content": "a\n" }]),
            json!([{ "role": "user", "content": "" }]),
            json!([{ "role": "user" }]),
            json!([{ "role": "user", "content": null }]),
            json!([{ "role": "user", "content": "a" }, { "role": "user", "content": "b" }]),
            json!([{ "role": "user", "content": "a\n\nuser:\nb" }]),
            json!([{ "role": "user", "content": "a\n\nuser:\n  b" }]),
            json!([{ "role": "user", "content": [{ "type": "text", "text": "a" }] }]),
            json!([{ "role": "user", "content": "[{\"type\":\"text\",\"text\":\"a\"}]" }]),
            json!([{ "role": "user", "content": "a", "name": "bo" }]),
            json!([{ "role": "assistant", "content": "a" }]),
            json!([]),
        ];
        let texts: std::collections::BTreeSet<String> =
            all.iter().map(|messages| text(&rendered(messages.clone()))).collect();
        assert_eq!(texts.len(), all.len());
        assert_eq!(text(&rendered(all[6].clone())), "user:\n  a\n\n  user:\n  b\n");
        assert_eq!(
            text(&rendered(json!([{ "role": "system", "content": "x\n\ny" }, { "role": "tool", "content": null }]))),
            "system:\n  x\n\n  y\n\ntool: {\"content\":null}\n"
        );
    }
}
