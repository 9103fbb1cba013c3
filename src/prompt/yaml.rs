//! The YAML of front matter: events of `saphyr-parser` made into a small tree with byte spans.
//!
//! Scalars resolve by the core schema of YAML 1.2.2 (section 10.3), so `yes` and dates are text.
//! Anchors, aliases, tags, merge keys, duplicate keys and several documents are faults: none of
//! them is needed in front matter, and the first two are how a few lines become gigabytes. Depth,
//! nodes and bytes are bounded, and nothing here recurses while reading.

use crate::error::{Code, Hint, Severity};
use crate::template::Problem;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::ops::Range;

/// The deepest that mappings and lists may nest.
const MAX_DEPTH: usize = 64;
/// The most values that one front matter may hold.
const MAX_NODES: usize = 50_000;
/// The most bytes of one front matter.
const MAX_BYTES: usize = 1 << 20;

/// The most faults that are looked for: few of them are listed anyway.
const MAX_FAULTS: usize = 200;

/// One value, with its place in the whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes that write it.
    pub span: Range<usize>,
    /// What it is.
    pub content: Content,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Null, a boolean, a number or text.
    Scalar(Value),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file; no key occurs twice.
    Mapping(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// Returns the text, if the value is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the entries, if the value is a mapping.
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the items, if the value is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the value of `key`, if the value is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Returns whether the value is null, which is what a key with nothing after it has.
    pub fn is_null(&self) -> bool {
        self.content == Content::Scalar(Value::Null)
    }

    /// Returns the value as JSON, in the order of the file.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Content::Mapping(entries) => Value::Object(mapping_to_json(entries)),
        }
    }

    /// Returns what kind of value it is, with its article, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.content {
            Content::Scalar(Value::Null) => "nothing",
            Content::Scalar(Value::Bool(_)) => "a boolean",
            Content::Scalar(Value::Number(_)) => "a number",
            Content::Scalar(_) => "text",
            Content::List(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

/// Returns the entries of a mapping as a JSON object, in the order of the file.
pub fn mapping_to_json(entries: &[Entry]) -> Map<String, Value> {
    entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
}

/// Returns the value that `file[within]` writes, or nothing for an empty document. Faults are put
/// into `problems`, with spans that count from the start of `file`.
pub fn read(file: &str, within: Range<usize>, problems: &mut Vec<Problem>) -> Option<Node> {
    let text = &file[within.clone()];
    if text.len() > MAX_BYTES {
        let message = format!("the front matter is larger than {MAX_BYTES} bytes");
        problems.push(fault(within.start..within.start, message, ""));
        return None;
    }
    let places = Places { offset: within.start, text, starts: character_starts(text) };
    let mut reader = Reader { file, places: &places, open: Vec::new(), root: None, nodes: 0, documents: 0, problems };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let span = places.byte(span.start.index())..places.byte(span.end.index());
                if reader.take(event, span).is_err() || reader.problems.len() >= MAX_FAULTS {
                    return None;
                }
            }
            Err(error) => {
                let at = places.byte(error.marker().index());
                let message = format!("the front matter is not valid YAML: {}", plain(error.info()));
                reader.problems.push(fault(at..at, message, "here"));
                return None;
            }
        }
    }
    reader.root
}

/// The scanner's own words, without what only its authors can follow.
fn plain(info: &str) -> String {
    let info = info.trim().trim_end_matches('.');
    let mut letters = info.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "it cannot be read".to_owned(),
    }
}

fn fault(span: Range<usize>, message: impl Into<String>, label: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        code: Code::A0201,
        message: message.into(),
        span,
        label: label.to_owned(),
        hints: Vec::new(),
    }
}

/// Turns the parser's positions, which count characters of the YAML, into bytes of the file.
struct Places<'a> {
    offset: usize,
    text: &'a str,
    /// Where each character starts; empty when all of them are one byte.
    starts: Vec<usize>,
}

fn character_starts(text: &str) -> Vec<usize> {
    if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() }
}

impl Places<'_> {
    fn byte(&self, character: usize) -> usize {
        let within = if self.starts.is_empty() {
            character.min(self.text.len())
        } else {
            self.starts.get(character).copied().unwrap_or(self.text.len())
        };
        self.offset + within
    }
}

/// A collection whose end has not come yet.
enum Open {
    List { span: Range<usize>, items: Vec<Node> },
    Mapping { span: Range<usize>, entries: Vec<Entry>, key: Option<Key>, seen: HashMap<String, usize> },
}

struct Key {
    text: String,
    span: Range<usize>,
    /// Whether the entry is dropped because its key is at fault.
    refused: bool,
}

struct Reader<'a> {
    file: &'a str,
    places: &'a Places<'a>,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    documents: usize,
    problems: &'a mut Vec<Problem>,
}

/// Reading cannot go on; why is among the problems.
struct Stop;

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return self.stop(span, "the front matter holds several YAML documents");
                }
            }
            Event::Alias(_) => {
                self.problems.push(fault(span.clone(), "front matter has no aliases; write the value out", "an alias"));
                self.put(Node { span, content: Content::Scalar(Value::Null) })?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), &span);
                let value = match style {
                    ScalarStyle::Plain => self.resolve(&text, &span),
                    _ => Value::String(text.into_owned()),
                };
                let is_merge = style == ScalarStyle::Plain && value.as_str() == Some("<<");
                if is_merge && matches!(self.open.last(), Some(Open::Mapping { key: None, .. })) {
                    let message = "front matter has no merge keys; write the entries out";
                    self.problems.push(fault(span.clone(), message, "a merge key"));
                }
                self.put(Node { span, content: Content::Scalar(value) })?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), &span);
                self.open(Open::List { span, items: Vec::new() })?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), &span);
                self.open(Open::Mapping { span, entries: Vec::new(), key: None, seen: HashMap::new() })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn stop(&mut self, span: Range<usize>, message: impl Into<String>) -> Result<(), Stop> {
        self.problems.push(fault(span, message, "here"));
        Err(Stop)
    }

    fn refuse_properties(&mut self, anchor: usize, tagged: bool, span: &Range<usize>) {
        // The parser numbers anchors from 1.
        if anchor != 0 {
            self.problems.push(fault(
                span.clone(),
                "front matter has no anchors (`&name`)",
                "an anchor stands before this",
            ));
        }
        if tagged {
            self.problems.push(fault(span.clone(), "front matter has no tags (`!name`)", "a tag stands before this"));
        }
    }

    fn open(&mut self, collection: Open) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            let (Open::List { span, .. } | Open::Mapping { span, .. }) = collection;
            return self.stop(span, format!("the front matter nests deeper than {MAX_DEPTH}"));
        }
        self.open.push(collection);
        Ok(())
    }

    fn close(&mut self, end: Range<usize>) -> Result<(), Stop> {
        let node = match self.open.pop() {
            Some(Open::List { span, items }) => {
                let last = items.last().map_or(span.end, |item| item.span.end);
                Node { span: self.whole(span, last, end), content: Content::List(items) }
            }
            Some(Open::Mapping { span, entries, .. }) => {
                let last = entries.last().map_or(span.end, |entry| entry.value.span.end);
                Node { span: self.whole(span, last, end), content: Content::Mapping(entries) }
            }
            None => return Ok(()),
        };
        self.put(node)
    }

    /// A collection in brackets ends with its bracket, any other with its last value: the parser
    /// reports the end of the latter only at the next thing, which may be lines below.
    fn whole(&self, start: Range<usize>, last: usize, end: Range<usize>) -> Range<usize> {
        let text = self.places.text;
        let first = text.as_bytes().get(start.start - self.places.offset);
        let stop = match first {
            // After a last comma the parser takes this for the end.
            Some(b'[' | b'{') => {
                let (inside, rest) = text.split_at(end.end - self.places.offset);
                let blanks = rest.len() - rest.trim_start().len();
                let is_short = inside.trim_end().ends_with(',') && rest[blanks..].starts_with([']', '}']);
                if is_short { end.end + blanks + 1 } else { end.end }
            }
            _ => last,
        };
        start.start..stop.max(start.start)
    }

    fn put(&mut self, node: Node) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.stop(node.span, format!("the front matter holds more than {MAX_NODES} values"));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, seen, .. }) => match key.take() {
                Some(Key { text, span, refused }) => {
                    if !refused {
                        entries.push(Entry { key: text, key_span: span, value: node });
                    }
                }
                None => {
                    let (text, fault) = match &node.content {
                        Content::Scalar(Value::String(text)) => match seen.get(text) {
                            Some(first) => (text.clone(), Some(duplicate(text, *first, node.span.clone(), self.file))),
                            None => {
                                seen.insert(text.clone(), node.span.start);
                                (text.clone(), None)
                            }
                        },
                        _ => (String::new(), Some(not_text(&node))),
                    };
                    let refused = fault.is_some() || text == "<<";
                    self.problems.extend(fault);
                    *key = Some(Key { text, span: node.span, refused });
                }
            },
        }
        Ok(())
    }

    /// Returns what a plain scalar means in the core schema.
    fn resolve(&mut self, text: &str, span: &Range<usize>) -> Value {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
            "true" | "True" | "TRUE" => return Value::Bool(true),
            "false" | "False" | "FALSE" => return Value::Bool(false),
            _ => {}
        }
        if let Some(number) = number(text) {
            return Value::Number(number);
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") || is_number(text) {
            self.problems.push(fault(
                span.clone(),
                format!("`{text}` is not a number that JSON can hold"),
                "not finite",
            ));
            return Value::Null;
        }
        Value::String(text.to_owned())
    }
}

fn duplicate(key: &str, first: usize, span: Range<usize>, file: &str) -> Problem {
    let line = line_of(file, first);
    let mut problem = fault(span, format!("the key `{key}` stands twice in one mapping"), "again");
    problem.hints.push(Hint::new(format!("it stands on line {line} already; keep one of the two")));
    problem
}

fn not_text(key: &Node) -> Problem {
    let mut problem = fault(key.span.clone(), format!("a key must be text, and this is {}", key.kind()), "not text");
    if let Content::Scalar(value) = &key.content {
        problem.hints.push(Hint::new(format!("put it in quotes: `\"{value}\"`")));
    }
    problem
}

/// Returns the line of the byte at `at`, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0o").filter(|digits| !digits.starts_with(['+', '-'])) {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| !digits.starts_with(['+', '-'])) {
        return radix(digits, 16);
    }
    if !is_number(text) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Number::from(whole));
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(Number::from(whole));
    }
    // What is too large for an integer is a float, as it is where JSON is read.
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

/// Returns whether `text` is a decimal number of the core schema:
/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    if exponent.is_some_and(|exponent| !digits(exponent)) {
        return false;
    }
    match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str) -> Result<Value, Vec<String>> {
        let mut problems = Vec::new();
        let node = read(text, 0..text.len(), &mut problems);
        if problems.is_empty() {
            Ok(node.map_or(Value::Null, |node| node.to_json()))
        } else {
            Err(problems.into_iter().map(|problem| problem.message).collect())
        }
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let text = "[yes, 2026-01-01, 012, 0x1F, 0o17, 1e3, .5, -7, 1., ~, True, '3', 1_000, null, +, ., e5, 1e]";
        let expected = json!([
            "yes",
            "2026-01-01",
            12,
            31,
            15,
            1000.0,
            0.5,
            -7,
            1.0,
            null,
            true,
            "3",
            "1_000",
            null,
            "+",
            ".",
            "e5",
            "1e"
        ]);
        assert_eq!(parse(text), Ok(expected));
        assert!(parse("a: .inf").is_err());
        assert!(parse("a: 1e999").is_err());
    }

    #[test]
    fn mappings_keep_their_order() {
        let value = parse("b: 1\na: { d: x, c: y }\n").unwrap();
        assert_eq!(value.to_string(), r#"{"b":1,"a":{"d":"x","c":"y"}}"#);
    }

    #[test]
    fn what_hides_or_multiplies_is_refused() {
        for (text, word) in [
            ("a: &x 1", "anchors"),
            ("a: &x [1]\nb: *x", "aliases"),
            ("a: !!str 1", "tags"),
            ("a: !foo {}", "tags"),
            ("<<: { a: 1 }", "merge"),
            ("a: 1\na: 2", "twice"),
            ("1: a", "must be text"),
            ("[a]: b", "must be text"),
            ("a: 1\n--- \nb: 2", "several"),
            ("a: [", "not valid YAML"),
        ] {
            let faults = parse(text).unwrap_err();
            assert!(faults.iter().any(|fault| fault.contains(word)), "{text:?}: {faults:?}");
        }
    }

    #[test]
    fn all_faults_but_broken_syntax_are_found_at_once() {
        assert_eq!(parse("a: &x 1\na: !!str 2\nb: 1\nb: 2").unwrap_err().len(), 4);
    }

    #[test]
    fn depth_and_size_are_bounded() {
        for deep in ["[".repeat(100_000), "- ".repeat(50_000), "{a: ".repeat(100_000)] {
            assert!(parse(&deep).is_err());
        }
        assert!(parse(&format!("[{}]", "1,".repeat(60_000))).unwrap_err()[0].contains("more than"));
        assert!(parse(&"a".repeat(2 << 20)).unwrap_err()[0].contains("larger"));
    }

    #[test]
    fn spans_count_bytes_of_the_whole_file() {
        let file = "---\né: [ü, x]\nb:\n  c: 1\n\n\nd: 2\n---\n";
        let mut problems = Vec::new();
        let node = read(file, 4..file.len() - 4, &mut problems).unwrap();
        let entries = node.as_mapping().unwrap();
        assert_eq!(&file[entries[0].key_span.clone()], "é");
        assert_eq!(&file[entries[0].value.span.clone()], "[ü, x]");
        assert_eq!(&file[entries[0].value.as_list().unwrap()[1].span.clone()], "x");
        assert_eq!(&file[entries[1].value.span.clone()], "c: 1");
        for flow in ["{a: b,}", "{a: b, }", "[a,\n]", "[{a: b,}, ]"] {
            let root = read(flow, 0..flow.len(), &mut Vec::new()).unwrap();
            assert_eq!(&flow[root.span], flow);
        }
    }
}
