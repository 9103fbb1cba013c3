//! Snapshots: what the rendering of a test is written down as, and where.
//!
//! The text of a chat shows each role at the margin and what is said indented, as `anvil render` does for
//! people, but loses nothing: two renderings that differ have different snapshots. So whoever reads a
//! difference of two snapshots has seen all of it.
//!
//! A text stands as it is, unless its lines could be those of a chat: then it is written like a message,
//! under `text:`. Every chat begins with such lines and so does what is written under `text:`, so no text
//! that stands as it is can be taken for either.

use super::super::scope::Rendered;
use super::ROLES;
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

/// What stands at the margin, where a chat has a role, above a text that could be taken for one.
const TEXT: &str = "text";

/// What stands before what is said.
const INDENT: &str = "  ";

/// Returns the snapshot of a rendering. It ends with a newline, unless it is empty: a chat of no messages.
pub fn text(rendered: &Rendered) -> String {
    match &rendered.output {
        Output::Text(text) if could_be_chat(text) => block(&format!("{TEXT}:"), Some(text)),
        Output::Text(text) => format!("{text}\n"),
        Output::Messages(messages) => messages.iter().map(message_text).collect::<Vec<_>>().join("\n"),
    }
}

/// Returns whether every line of `text` is one that a chat's snapshot can have, the first one a heading's.
fn could_be_chat(text: &str) -> bool {
    let is_heading = |line: &str| {
        let rest = ROLES.iter().chain(&[TEXT]).find_map(|heading| line.strip_prefix(heading));
        rest.is_some_and(|rest| rest == ":" || rest.starts_with(": {"))
    };
    is_heading(text.split('\n').next().unwrap_or_default())
        && text.split('\n').all(|line| line.is_empty() || line.starts_with(INDENT) || is_heading(line))
}

fn message_text(message: &Map<String, Value>) -> String {
    let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
    let content = message.get("content").and_then(Value::as_str);
    let is_shown = |key: &str| key == "role" || (key == "content" && content.is_some());
    let others: Map<String, Value> =
        message.iter().filter(|(key, _)| !is_shown(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    match others.is_empty() {
        true => block(&format!("{role}:"), content),
        false => block(&format!("{role}: {}", Value::Object(others)), content),
    }
}

/// Returns `content` indented under `heading`. An empty one is an empty line, and none is no line at all.
fn block(heading: &str, content: Option<&str>) -> String {
    let mut text = format!("{heading}\n");
    for line in content.into_iter().flat_map(|content| content.split('\n')) {
        let indent = if line.is_empty() { "" } else { INDENT };
        let _ = writeln!(text, "{indent}{line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

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

    fn of_text(written: &str) -> String {
        let output = Output::Text(written.to_owned());
        text(&Rendered { output, model: None, tools: None, schema: None })
    }

    #[test]
    fn a_text_stands_as_it_is_unless_it_could_be_a_chat() {
        for plain in ["", "Hi", "user: Hi", "system:\nYou write.", "  user:\n  Hi", "users:\n  Hi", "\nuser:\n", "Hi\n"]
        {
            assert_eq!(of_text(plain), format!("{plain}\n"));
        }
        assert_eq!(of_text("user:\n  Hi\n\nuser:\n"), "text:\n  user:\n    Hi\n\n  user:\n\n");
        // A text that looks like what is made of such a one is no other.
        assert_eq!(of_text("text:\n  user:"), "text:\n  text:\n    user:\n");
    }

    #[test]
    fn a_text_and_a_chat_never_have_the_same_snapshot() {
        let chats = [
            json!([{ "role": "user", "content": "Hi" }]),
            json!([{ "role": "user", "content": "" }]),
            json!([{ "role": "user", "content": "Hi\n\nuser:\n  x" }, { "role": "tool", "content": null }]),
            json!([{ "role": "assistant", "content": "Hi", "name": "bo" }]),
            json!([]),
        ];
        let mut snapshots: BTreeSet<String> = chats.iter().map(|chat| text(&rendered(chat.clone()))).collect();
        // Texts that look like chats, and texts that look like how those are written.
        let bare = |snapshot: &String| snapshot.strip_suffix('\n').unwrap_or(snapshot).to_owned();
        let mut texts: BTreeSet<String> = snapshots.iter().map(bare).collect();
        texts.extend(texts.clone().iter().map(|lookalike| bare(&of_text(lookalike))));
        snapshots.extend(texts.iter().map(|text| of_text(text)));
        assert_eq!(snapshots.len(), chats.len() + texts.len());
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
        let texts: BTreeSet<String> = all.iter().map(|messages| text(&rendered(messages.clone()))).collect();
        assert_eq!(texts.len(), all.len());
        assert_eq!(text(&rendered(all[6].clone())), "user:\n  a\n\n  user:\n  b\n");
        assert_eq!(
            text(&rendered(json!([{ "role": "system", "content": "x\n\ny" }, { "role": "tool", "content": null }]))),
            "system:\n  x\n\n  y\n\ntool: {\"content\":null}\n"
        );
    }
}
