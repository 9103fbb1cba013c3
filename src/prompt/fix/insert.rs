//! Putting declarations into front matter, whose other bytes stay.

use super::super::file::Prompt;
use super::super::front_matter;
use super::super::yaml::{self, Content, Entry, Node};
use super::written;
use serde_json::Value;

/// Returns the file of `prompt` with the declarations in its front matter, if there is a place for them.
/// Whether it reads back as it was meant is for the caller to see.
pub(super) fn insert(prompt: &Prompt, declarations: &[(String, Value)]) -> Option<String> {
    let text = prompt.text();
    let lines = |indent: &str| -> String {
        declarations.iter().map(|(name, it)| format!("{indent}{}\n", written(name, it))).collect()
    };
    let flow: Vec<String> = declarations.iter().map(|(name, it)| written(name, it)).collect();
    let flow = flow.join(", ");
    let Some(span) = front_matter::split(text).ok()?.front_matter else {
        return Some(format!("---\nparameters:\n{}---\n{text}", lines("  ")));
    };
    let root = yaml::read(text, span.clone(), &mut Vec::new());
    let entries: &[Entry] = match root.as_ref().map(|root| &root.content) {
        None | Some(Content::Scalar(Value::Null)) => &[],
        Some(Content::Mapping(entries)) => entries,
        Some(_) => return None,
    };
    let Some(parameters) = entries.iter().find(|entry| entry.key == "parameters") else {
        if let Some(root) = root.as_ref().filter(|root| is_flow(text, root)) {
            return into_flow(text, root, &format!("parameters: {{ {flow} }}"));
        }
        let indent = entries.first().map_or("", |first| indent_of(text, first.key_span.start));
        return put(text, span.end, &format!("{indent}parameters:\n{}", lines(&format!("{indent}  "))));
    };
    let value = &parameters.value;
    match &value.content {
        Content::Mapping(_) if is_flow(text, value) => into_flow(text, value, &flow),
        Content::Mapping(declared) => {
            let last = declared.last()?;
            let own = indent_of(text, declared.first()?.key_span.start);
            put(text, line_after(text, last.value.span.end.max(last.key_span.end)), &lines(own))
        }
        Content::Scalar(Value::Null) => {
            let indent = format!("{}  ", indent_of(text, parameters.key_span.start));
            put(text, line_after(text, parameters.key_span.end), &lines(&indent))
        }
        _ => None,
    }
}

/// Returns whether a value is written in braces.
fn is_flow(text: &str, node: &Node) -> bool {
    text[node.span.clone()].starts_with('{')
}

/// Returns the text with more entries in a mapping in braces, with the blanks inside these as they are.
fn into_flow(text: &str, mapping: &Node, more: &str) -> Option<String> {
    let end = text[..mapping.span.end].rfind('}')?;
    let before = text[mapping.span.start..end].trim_end();
    let at = mapping.span.start + before.len();
    let comma = match before {
        "{" if at == end => "",
        _ if before.ends_with(['{', ',']) => " ",
        _ => ", ",
    };
    put(text, at, &format!("{comma}{more}"))
}

fn put(text: &str, at: usize, what: &str) -> Option<String> {
    Some(format!("{}{what}{}", text.get(..at)?, text.get(at..)?))
}

/// Returns the blanks before what stands at `at`.
fn indent_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[start..at];
    if before.trim().is_empty() { before } else { "" }
}

/// Returns where the line after the one begins that ends a value at `at`.
fn line_after(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}
