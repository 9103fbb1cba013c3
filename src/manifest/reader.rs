//! The text of a manifest with its spans, and the faults that reading it finds.
//!
//! Reading never stops at a fault: each question ("the string at `name`") answers with nothing
//! when the answer is faulty, notes the fault with its place, and the next question is asked.

use super::checks;
use super::parse::Strictness;
use super::workspace::{INHERITED, is_inherited};
use crate::error::{Code, Diagnostic, Hint, suggest};
use std::ops::Range;
use std::sync::Arc;
use toml_edit::{Item, Key, TableLike, Value};

/// How many faults are shown; the rest is counted.
pub(super) const SHOWN: usize = 20;

/// A table of the document: a section with its own header, an inline table, or dotted keys.
pub(super) struct Section<'a> {
    /// How messages name it, e.g. `set`; empty for the whole document.
    pub(super) path: String,
    /// Its header, or whatever else shows where it is.
    pub(super) span: Range<usize>,
    table: &'a dyn TableLike,
}

/// One key of a table with its value.
pub(super) struct Entry<'a> {
    /// How messages name it, e.g. `set.name`.
    pub(super) path: String,
    /// The key itself, unquoted.
    pub(super) name: &'a str,
    /// Where the key stands.
    pub(super) key: Range<usize>,
    /// Where the value stands; the key where it has no place of its own.
    pub(super) value: Range<usize>,
    item: &'a Item,
}

/// A string of the document.
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
}

impl<'a> Section<'a> {
    /// Returns the whole document as a section.
    pub(super) fn root(table: &'a dyn TableLike) -> Self {
        Section { path: String::new(), span: 0..0, table }
    }

    /// Returns the entry of `key`, if there is one.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        self.table.get_key_value(key).map(|(key, item)| self.entry(key, item))
    }

    /// Returns every entry, in the order of the document.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.table.iter().filter_map(|(key, _)| self.get(key))
    }

    fn entry(&self, key: &'a Key, item: &'a Item) -> Entry<'a> {
        let name = key.get();
        let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) && !name.is_empty();
        let written = if bare { name.to_owned() } else { format!("{name:?}") };
        let path = if self.path.is_empty() { written } else { format!("{}.{written}", self.path) };
        let key = key.span().unwrap_or_default();
        // A table that only `[a.b]` implies has an empty span or none.
        let value = item.span().filter(|span| !span.is_empty()).unwrap_or_else(|| key.clone());
        Entry { path, name, key, value, item }
    }
}

impl<'a> Entry<'a> {
    /// Returns the string that the entry holds, if it holds one.
    pub(super) fn as_str(&self) -> Option<&'a str> {
        self.item.as_str()
    }

    /// Returns what the entry holds otherwise, for values that have more than one form.
    pub(super) fn item(&self) -> &'a Item {
        self.item
    }

    /// Returns the section that the entry holds, if it is a table in any form.
    pub(super) fn as_section(&self) -> Option<Section<'a>> {
        let table = self.item.as_table_like()?;
        Some(Section { path: self.path.clone(), span: self.value.clone(), table })
    }
}

/// The faults of one text, as they are found.
pub(super) struct Reader {
    file: String,
    text: Arc<str>,
    strictness: Strictness,
    line_starts: Vec<usize>,
    faults: Vec<Diagnostic>,
    more: usize,
    secrets: Vec<Range<usize>>,
}

impl Reader {
    pub(super) fn new(file: &str, text: &str, strictness: Strictness) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Reader {
            file: file.to_owned(),
            text: text.into(),
            strictness,
            line_starts,
            faults: Vec::new(),
            more: 0,
            secrets: Vec::new(),
        }
    }

    /// Returns the line, from 1, that holds the byte at `offset`.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Notes a fault at `span`. `label` says in a word or two what is wrong with exactly these bytes.
    pub(super) fn fault(&mut self, code: Code, span: &Range<usize>, label: &str, message: impl Into<String>) {
        self.fault_with(code, span, label, message, Vec::new());
    }

    /// Notes a fault with what to do about it.
    pub(super) fn fault_with(
        &mut self,
        code: Code,
        span: &Range<usize>,
        label: &str,
        message: impl Into<String>,
        hints: Vec<Hint>,
    ) {
        if self.faults.len() == SHOWN {
            self.more += 1;
            return;
        }
        let mut fault =
            Diagnostic::error(code, message).at(self.file.clone(), Arc::clone(&self.text), span.clone(), label);
        fault.hints = hints;
        self.faults.push(fault);
    }

    /// Returns whether the text is one's own project's.
    pub(super) fn is_own(&self) -> bool {
        self.strictness == Strictness::Own
    }

    /// Notes that a credential stands at `span`, so that no fault shows the line as it is.
    pub(super) fn secret(&mut self, span: &Range<usize>) {
        self.secrets.push(span.clone());
    }

    /// Notes that an address stands at `span`, of which no fault shows what stands behind a `?` or `#`.
    pub(super) fn secret_query(&mut self, span: &Range<usize>) {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let end = if written.ends_with(['"', '\'']) { span.end - 1 } else { span.end };
        if let Some(at) = checks::query_of(written).map(|at| span.start + at).filter(|at| *at < end) {
            self.secrets.push(at..end);
        }
    }

    /// Returns the text with what [`Self::secret`] was told of replaced by stars, byte for byte.
    fn masked(&self) -> Arc<str> {
        let mut text = self.text.to_string();
        for span in &self.secrets {
            text.replace_range(span.clone(), &"*".repeat(span.len()));
        }
        text.into()
    }

    /// Returns the faults in the order of their places, the last of them counting those that are not shown.
    pub(super) fn into_faults(mut self) -> Vec<Diagnostic> {
        self.faults.sort_by_key(|fault| fault.location.as_ref().map_or(0, |place| place.span.start));
        if !self.secrets.is_empty() {
            let masked = self.masked();
            for place in self.faults.iter_mut().filter_map(|fault| fault.location.as_mut()) {
                place.text = Arc::clone(&masked);
            }
        }
        if self.more > 0 {
            let message = format!("`{}` has {} more faults that are not shown", self.file, self.more);
            self.faults.push(Diagnostic::error(Code::A0100, message));
        }
        self.faults
    }

    /// Notes every key of `section` that is not among `known`; a dependency's are ignored.
    pub(super) fn known(&mut self, section: &Section<'_>, known: &[&str]) {
        if !self.is_own() {
            return;
        }
        for entry in section.entries().filter(|entry| !known.contains(&entry.name)) {
            let hint = match suggest(entry.name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            let place =
                if section.path.is_empty() { "the manifest has".to_owned() } else { format!("`{}` has", section.path) };
            let message = format!("{place} no key `{}`", entry.name);
            self.fault_with(Code::A0102, &entry.key, "unknown key", message, vec![Hint::new(hint)]);
        }
    }

    /// Returns the section called `key`, whose keys are among `known`.
    pub(super) fn section<'a>(&mut self, parent: &Section<'a>, key: &str, known: &[&str]) -> Option<Section<'a>> {
        let section = self.map(parent, key)?;
        self.known(&section, known);
        Some(section)
    }

    /// Returns the section called `key`, whose keys are the user's own.
    pub(super) fn map<'a>(&mut self, parent: &Section<'a>, key: &str) -> Option<Section<'a>> {
        let entry = parent.get(key)?;
        let section = entry.as_section();
        if section.is_none() {
            self.wrong_type(&entry, "a table");
        }
        section
    }

    /// Returns the string called `key`.
    pub(super) fn text<'a>(&mut self, section: &Section<'a>, key: &str) -> Option<Text<'a>> {
        let entry = section.get(key)?;
        match entry.as_str() {
            Some(text) => Some(Text { text, span: entry.value }),
            None => {
                self.wrong_type(&entry, "a string");
                None
            }
        }
    }

    /// Returns the string called `key` as it is.
    pub(super) fn owned(&mut self, section: &Section<'_>, key: &str) -> Option<String> {
        self.text(section, key).map(|text| text.text.to_owned())
    }

    /// Returns the strings of the array called `key`, or nothing where there is no such key.
    pub(super) fn texts<'a>(&mut self, section: &Section<'a>, key: &str) -> Option<Vec<Text<'a>>> {
        let entry = section.get(key)?;
        let Some(array) = entry.item.as_array() else {
            self.wrong_type(&entry, "an array of strings");
            return None;
        };
        let mut texts = Vec::with_capacity(array.len());
        for value in array {
            let span = value.span().unwrap_or_else(|| entry.value.clone());
            match value.as_str() {
                Some(text) => texts.push(Text { text, span }),
                None => self.fault(
                    Code::A0103,
                    &span,
                    value_kind(value),
                    format!("`{}` must be an array of strings, but holds {}", entry.path, value_kind(value)),
                ),
            }
        }
        Some(texts)
    }

    /// Returns the strings of the array called `key` as they are; none where there is no such key.
    pub(super) fn all_owned(&mut self, section: &Section<'_>, key: &str) -> Vec<String> {
        self.texts(section, key).unwrap_or_default().into_iter().map(|text| text.text.to_owned()).collect()
    }

    /// Notes that `entry` must hold `wanted`, e.g. "a string".
    pub(super) fn wrong_type(&mut self, entry: &Entry<'_>, wanted: &str) {
        if is_inherited(entry.item) {
            return self.not_inherited(entry);
        }
        let found = match entry.item {
            Item::Value(value) => value_kind(value),
            Item::ArrayOfTables(_) => "an array of tables",
            _ => "a table",
        };
        let message = format!("`{}` must be {wanted}, not {found}", entry.path);
        self.fault(Code::A0103, &entry.value, found, message);
    }

    /// Notes that no workspace has what `entry` should inherit.
    pub(super) fn not_inherited(&mut self, entry: &Entry<'_>) {
        if self.strictness == Strictness::Apart {
            return;
        }
        let message = format!("`{}` should come from a workspace, and none gives it", entry.path);
        let hint = if entry.path.starts_with("set.") && !INHERITED.contains(&entry.name) {
            format!("it is each set's own; what can be inherited is {}", INHERITED.join(", "))
        } else {
            format!(
                "write it here, or `workspace.{}` in the root's `anvil.toml`, whose `members` must list this folder",
                entry.path
            )
        };
        self.fault_with(Code::A0117, &entry.key, "not inherited", message, vec![Hint::new(hint)]);
    }
}

fn value_kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a float",
        Value::Boolean(_) => "a boolean",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "an array",
        Value::InlineTable(_) => "a table",
    }
}
