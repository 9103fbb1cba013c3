//! Changes to a manifest's text that keep everything else as it is.
//!
//! `toml_edit` finds the places; the text between them is spliced. Writing its document out again
//! would be simpler, but it rewrites line ends and attaches comments to the keys below them, so
//! that they vanish with those keys. So every line that a change is not about stays the same to
//! the byte, and comments always stay.

use super::fresh::REGISTRY_COMMENT;
use super::parse::parse_toml;
use super::workspace::is_inherited;
use super::{
    Dependency, DependencySource, FILE_NAME, GitReference, Manifest, ManifestError, RegistryEntry, Strictness,
};
use crate::error::{Code, Diagnostic};
use crate::name::{RegistryId, RegistryName, SetName};
use crate::version::{Requirement, Version};
use std::collections::BTreeMap;
use std::ops::Range;
use toml_edit::{Document, Item, TableLike, Value};

/// Returns the manifest's text with `[set] version` set to `version`.
///
/// # Errors
/// When the text is no TOML or has no `[set] version`.
pub fn set_version(text: &str, version: &Version) -> Result<String, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    let item = document.get("set").and_then(|set| set.get("version"));
    let Some(span) = item.filter(|item| item.is_str()).and_then(Item::span) else {
        let fault = Diagnostic::error(Code::A0112, format!("`{FILE_NAME}` has no [set] with a `version`"));
        return Err(ManifestError::one(fault));
    };
    let quote = if text[span.clone()].starts_with('\'') { '\'' } else { '"' };
    Ok(splice(text, span, &format!("{quote}{version}{quote}")))
}

/// A table of the manifest that says where sets come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// `[dependencies]`.
    #[default]
    Dependencies,
    /// `[override]`.
    Override,
}

impl Table {
    /// Returns the table's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Table::Dependencies => "dependencies",
            Table::Override => "override",
        }
    }

    /// Returns what `manifest` has in the table.
    pub fn of(self, manifest: &Manifest) -> &BTreeMap<SetName, Dependency> {
        match self {
            Table::Dependencies => &manifest.dependencies,
            Table::Override => &manifest.overrides,
        }
    }
}

/// Returns the manifest's text with `name` in `[dependencies]`, as [`set_in`] does.
///
/// # Errors
/// When the text is no manifest, or `source` is nothing that a manifest may say.
pub fn set_dependency(text: &str, name: &SetName, source: &DependencySource) -> Result<String, ManifestError> {
    set_in(text, Table::Dependencies, name, source)
}

/// Returns the manifest's text with `name` in `table`, replacing an entry of that name;
/// a table that is sorted stays sorted.
///
/// # Errors
/// When the text is no manifest, or `source` is nothing that a manifest may say.
pub fn set_in(text: &str, table: Table, name: &SetName, source: &DependencySource) -> Result<String, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    let key = quoted(name.as_str());
    let table_name = table.as_str();
    let item = document.get(table_name).and_then(|table| table.get(name.as_str()));
    // A requirement that stands in a table of its own changes there, and the table keeps its shape.
    let changed = match (source, item.and_then(Item::as_table_like)) {
        (DependencySource::Registry { requirement, registry }, Some(table))
            if same_registry(table, registry.as_ref()) =>
        {
            let span = table.get("version").and_then(Item::span);
            span.map(|span| splice(text, span, &quoted(&requirement.to_string())))
        }
        _ => None,
    };
    let changed = match changed {
        Some(changed) => changed,
        None => set_entry(text, &document, [table_name, name.as_str()], &key, &written(source))?,
    };
    checked(changed)
}

/// Returns the manifest's text with `name` in `[dependencies]` as the workspace has it, as [`set_in`] does.
///
/// # Errors
/// When the text is no manifest.
pub fn set_inherited(text: &str, name: &SetName) -> Result<String, ManifestError> {
    if inherits(text, name) {
        return Ok(text.to_owned());
    }
    let document = parse_toml(FILE_NAME, text)?;
    let path = [Table::Dependencies.as_str(), name.as_str()];
    checked(set_entry(text, &document, path, &quoted(name.as_str()), INHERITED)?)
}

/// Returns whether the manifest in `text` has `name` in `[dependencies]` as the workspace has it.
pub fn inherits(text: &str, name: &SetName) -> bool {
    let Ok(document) = Document::parse(text) else { return false };
    let table = document.get(Table::Dependencies.as_str());
    table.and_then(|table| table.get(name.as_str())).is_some_and(is_inherited)
}

/// What stands for a dependency that the workspace says.
const INHERITED: &str = "{ workspace = true }";

/// Returns the manifest's text with `requirement` in the place of the one on `name` in `[dependencies]`, with its quotes,
/// and without a `^` where there was none.
///
/// # Errors
/// When the text is no manifest, or has no requirement on `name`.
pub fn set_requirement(text: &str, name: &SetName, requirement: &Requirement) -> Result<String, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    raised(text, document.get("dependencies"), name, requirement)
}

/// Does what [`set_requirement`] does in the `[workspace.dependencies]` of a root.
///
/// # Errors
/// When the text is no manifest, or has no requirement on `name` there.
pub fn set_shared_requirement(text: &str, name: &SetName, requirement: &Requirement) -> Result<String, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    let table = document.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    raised(text, table, name, requirement)
}

fn raised(
    text: &str,
    table: Option<&Item>,
    name: &SetName,
    requirement: &Requirement,
) -> Result<String, ManifestError> {
    let item = table.and_then(|table| table.get(name.as_str()));
    let item = item.and_then(|item| if item.is_str() { Some(item) } else { item.get("version") });
    let (Some(before), Some(span)) = (item.and_then(Item::as_str), item.and_then(Item::span)) else {
        let fault = Diagnostic::error(Code::A0112, format!("`{FILE_NAME}` has no requirement on `{name}`"));
        return Err(ManifestError::one(fault));
    };
    let mut written = requirement.to_string();
    if let (true, Some(plain)) = (before.starts_with(|c: char| c.is_ascii_digit()), written.strip_prefix('^')) {
        written = plain.to_owned();
    }
    let quote = if text[span.clone()].starts_with('\'') { '\'' } else { '"' };
    checked(splice(text, span, &format!("{quote}{written}{quote}")))
}

/// Returns the manifest's text without `name` in `[dependencies]`, or nothing if it is not there.
///
/// # Errors
/// When the text is no TOML.
pub fn remove_dependency(text: &str, name: &SetName) -> Result<Option<String>, ManifestError> {
    remove_in(text, Table::Dependencies, name)
}

/// Returns the manifest's text without `name` in `table`, or nothing if it is not there.
///
/// # Errors
/// When the text is no TOML.
pub fn remove_in(text: &str, table: Table, name: &SetName) -> Result<Option<String>, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    let removed = remove_entry(text, &document, table.as_str(), name.as_str());
    Ok(match table {
        Table::Override => removed.map(|text| without_header(text, table)),
        Table::Dependencies => removed,
    })
}

/// Returns `text` without the header of `table`, where it stands there with nothing below it.
fn without_header(text: String, table: Table) -> String {
    let header = format!("[{}]", table.as_str());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == header {
            let (before, below) = (text[..at].trim_end(), &text[at + line.len()..]);
            let rest = below.trim_start();
            if !rest.is_empty() && !rest.starts_with('[') {
                return text;
            }
            let line_end = line_end_of(&text);
            let before = if before.is_empty() { String::new() } else { format!("{before}{line_end}") };
            let gap = if rest.is_empty() || before.is_empty() { "" } else { line_end };
            return format!("{before}{gap}{rest}");
        }
        at += line.len();
    }
    text
}

/// Returns whether the manifest in `text` has `table`, be there anything in it or not.
pub fn has_table(text: &str, table: Table) -> bool {
    Document::parse(text).is_ok_and(|document| document.get(table.as_str()).is_some())
}

/// Returns the manifest's text with `name` in `[registries]`, replacing an entry of that name.
/// `id` is given where the consumer vouches for the copy at `location`.
///
/// # Errors
/// When the text is no manifest, or `location` is nothing that a manifest may say.
pub fn set_registry(
    text: &str,
    name: &RegistryName,
    location: &str,
    id: Option<&RegistryId>,
) -> Result<String, ManifestError> {
    let document = parse_toml(FILE_NAME, text)?;
    let value = registry(location, id);
    let text = set_entry(text, &document, ["registries", name.as_str()], name.as_str(), &value)?;
    checked(if name.as_str() == RegistryName::DEFAULT { without_registry_comment(&text) } else { text })
}

/// Returns `text` without the line that a new manifest has in place of a default registry.
fn without_registry_comment(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| line.trim_end() != REGISTRY_COMMENT).collect()
}

/// Returns the manifest's text with all of `registries` in `[registries]`, replacing entries of their
/// names, and without those that are `gone`. The text may be of another time, with keys that nobody knows any more.
///
/// # Errors
/// When the text is no TOML.
pub fn set_registries(
    text: &str,
    registries: &BTreeMap<RegistryName, RegistryEntry>,
    gone: &[RegistryName],
) -> Result<String, ManifestError> {
    let text = gone.iter().try_fold(text.to_owned(), |text, name| -> Result<String, ManifestError> {
        let document = parse_toml(FILE_NAME, &text)?;
        Ok(remove_entry(&text, &document, "registries", name.as_str()).unwrap_or(text))
    })?;
    registries.iter().try_fold(text, |text, (name, RegistryEntry { location, id, .. })| {
        let document = parse_toml(FILE_NAME, &text)?;
        set_entry(&text, &document, ["registries", name.as_str()], name.as_str(), &registry(location, id.as_ref()))
    })
}

/// Returns the value of an entry of `[registries]`.
pub(super) fn registry(location: &str, id: Option<&RegistryId>) -> String {
    match id {
        None => quoted(location),
        Some(id) => format!("{{ url = {}, id = {} }}", quoted(location), quoted(id.as_str())),
    }
}

/// Returns `text` as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Returns `source` as the value of a dependency.
fn written(source: &DependencySource) -> String {
    let mut keys = Vec::new();
    match source {
        DependencySource::Registry { requirement, registry: None } => return quoted(&requirement.to_string()),
        DependencySource::Registry { requirement, registry: Some(registry) } => {
            keys.push(("version", requirement.to_string()));
            keys.push(("registry", registry.as_str().to_owned()));
        }
        DependencySource::Git { url, reference, subdirectory } => {
            keys.push(("git", url.clone()));
            match reference {
                GitReference::Default => {}
                GitReference::Branch(name) => keys.push(("branch", name.clone())),
                GitReference::Tag(name) => keys.push(("tag", name.clone())),
                GitReference::Rev(rev) => keys.push(("rev", rev.clone())),
            }
            keys.extend(subdirectory.iter().map(|folder| ("subdirectory", folder.clone())));
        }
        DependencySource::Path { path } => keys.push(("path", path.clone())),
    }
    let keys: Vec<String> = keys.into_iter().map(|(key, value)| format!("{key} = {}", quoted(&value))).collect();
    format!("{{ {} }}", keys.join(", "))
}

/// Returns whether `table` is a requirement on `registry`, so that its `version` alone has to change.
fn same_registry(table: &dyn TableLike, registry: Option<&RegistryName>) -> bool {
    let named = table.get("registry").and_then(Item::as_str).filter(|name| *name != RegistryName::DEFAULT);
    table.iter().all(|(key, _)| matches!(key, "version" | "registry")) && named == registry.map(RegistryName::as_str)
}

/// Returns `text` if it is a manifest: what it was made of may be nothing that a manifest may say.
///
/// # Errors
/// When it is none. As it is written nowhere yet, no fault has a place.
pub(crate) fn checked(text: String) -> Result<String, ManifestError> {
    // What a member takes from its workspace is not at hand here, and not what was changed.
    match Manifest::parse(FILE_NAME, &text, Strictness::Apart) {
        Ok(_) => Ok(text),
        Err(error) => Err(error.without_places()),
    }
}

/// Returns `text` with `value` at `path` (a table of the top and a key of it). `key` is the key as it is written.
fn set_entry(
    text: &str,
    document: &Document<&str>,
    path: [&str; 2],
    key: &str,
    value: &str,
) -> Result<String, ManifestError> {
    let [table_name, name] = path;
    let table = document.get(table_name);
    if let Some(Item::Value(old)) = table.and_then(|table| table.get(name))
        && !old.as_inline_table().is_some_and(toml_edit::InlineTable::is_dotted)
        && let Some(span) = old.span()
    {
        return Ok(splice(text, span, value));
    }
    if table.is_some_and(|table| table.get(name).is_some()) {
        // A table of its own, or dotted keys: it goes, and the new entry stands among its like.
        let without = remove_entry(text, document, table_name, name).unwrap_or_else(|| text.to_owned());
        let document = parse_toml(FILE_NAME, &without)?;
        return Ok(insert_entry(&without, document.get(table_name), path, key, value));
    }
    Ok(insert_entry(text, table, path, key, value))
}

/// Returns `text` with a new entry in `table`, in its place if the table is sorted, else at its end.
fn insert_entry(text: &str, table: Option<&Item>, path: [&str; 2], key: &str, value: &str) -> String {
    let [table_name, name] = path;
    let line_end = line_end_of(text);
    match table {
        Some(Item::Value(Value::InlineTable(table))) if !table.is_dotted() => {
            insert_inline(text, table, name, &format!("{key} = {value}"))
        }
        Some(Item::Table(table)) if table.is_dotted() || !table.is_implicit() => {
            let prefix = if table.is_dotted() { format!("{table_name}.") } else { String::new() };
            let neighbours = line_entries(table);
            let sorted = neighbours.is_sorted_by(|a, b| a.0 <= b.0);
            let before = match sorted {
                true => neighbours.iter().rfind(|(neighbour, _)| *neighbour < name),
                false => neighbours.last(),
            };
            let sibling = before.or(neighbours.first());
            let indent = sibling.map_or("", |(_, span)| indent_of(text, span.start));
            // The first entry follows the header directly: a comment above its neighbour stays with that.
            let after = before.map(|(_, span)| span.end).or_else(|| table.span().map(|header| header.end));
            let line = format!("{indent}{prefix}{key} = {value}");
            match after.filter(|_| !(table.is_dotted() && before.is_none())) {
                Some(after) => insert_line(text, end_of_line(text, after), &line),
                None => insert_line(text, sibling.map_or(0, |(_, span)| start_of_line(text, span.start)), &line),
            }
        }
        _ => {
            let mut text = text.to_owned();
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(line_end);
            }
            if !text.trim().is_empty() {
                text.push_str(line_end);
            }
            text + &format!("[{table_name}]{line_end}{key} = {value}{line_end}")
        }
    }
}

/// Returns `text` with `entry` in the inline `table`.
fn insert_inline(text: &str, table: &toml_edit::InlineTable, name: &str, entry: &str) -> String {
    let spans: Vec<(&str, Range<usize>)> = table
        .get_values()
        .into_iter()
        .filter_map(|(keys, value)| {
            let first = keys.first()?;
            Some((first.get(), first.span()?.start..value.span()?.end))
        })
        .collect();
    let sorted = spans.is_sorted_by(|a, b| a.0 <= b.0);
    let before = if sorted { spans.iter().rfind(|(neighbour, _)| *neighbour < name) } else { spans.last() };
    if let Some((_, span)) = before {
        return splice(text, span.end..span.end, &format!(", {entry}"));
    }
    if let Some((_, span)) = spans.first() {
        return splice(text, span.start..span.start, &format!("{entry}, "));
    }
    match table.span() {
        Some(span) => splice(text, span, &format!("{{ {entry} }}")),
        None => text.to_owned(),
    }
}

/// Returns the entries that stand as lines in `table`, in the order of the text: each one's key
/// and from where to where it reaches. Tables with a header of their own stand elsewhere.
fn line_entries(table: &toml_edit::Table) -> Vec<(&str, Range<usize>)> {
    let mut entries: Vec<(&str, Range<usize>)> = table
        .get_values()
        .into_iter()
        .filter_map(|(keys, value)| {
            let first = keys.first()?;
            Some((first.get(), first.span()?.start..value.span()?.end))
        })
        .collect();
    entries.sort_by_key(|(_, span)| span.start);
    entries
}

/// Returns `text` without the entry `name` of the table `table_name`, or nothing if it is not there.
fn remove_entry(text: &str, document: &Document<&str>, table_name: &str, name: &str) -> Option<String> {
    let parent = document.get(table_name)?;
    let (key, item) = parent.as_table_like()?.get_key_value(name)?;
    if let Item::Value(Value::InlineTable(table)) = parent
        && !table.is_dotted()
    {
        return remove_inline(text, table, name);
    }
    let mut spans = Vec::new();
    match item {
        Item::Table(table) => {
            if !table.is_dotted()
                && let Some(header) = table.span()
            {
                spans.push(header);
            }
            spans.extend(line_entries(table).into_iter().map(|(_, span)| span));
        }
        item => spans.push(key.span()?.start..item.span()?.end),
    }
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for span in spans {
        let line = start_of_line(&text, span.start)..end_of_line(&text, span.end);
        text.replace_range(line, "");
    }
    Some(text)
}

/// Returns `text` without the entry `name` of the inline `table`, and without one comma.
fn remove_inline(text: &str, table: &toml_edit::InlineTable, name: &str) -> Option<String> {
    let (key, _) = table.get_key_value(name)?;
    let values = table.get_values();
    let mine = |keys: &[&toml_edit::Key]| keys.first().is_some_and(|key| key.get() == name);
    let end = values.iter().rfind(|(keys, _)| mine(keys))?.1.span()?.end;
    let start = key.span()?.start;
    let next = values.iter().filter_map(|(keys, _)| keys.first()?.span()).find(|span| span.start >= end);
    let previous = values.iter().filter_map(|(_, value)| value.span()).rfind(|span| span.end <= start);
    let range = match (next, previous) {
        (Some(next), _) => start..next.start,
        (None, Some(previous)) => previous.end..end,
        (None, None) => start..end,
    };
    Some(splice(text, range, ""))
}

fn splice(text: &str, range: Range<usize>, with: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(range, with);
    text
}

/// Returns `text` with `line` at `at`, the start of a line or the end of the text.
fn insert_line(text: &str, at: usize, line: &str) -> String {
    let line_end = line_end_of(text);
    let unfinished = at > 0 && !text[..at].ends_with('\n');
    let line = if unfinished { format!("{line_end}{line}{line_end}") } else { format!("{line}{line_end}") };
    splice(text, at..at, &line)
}

/// Returns how the text ends its lines; a new line ends like the first one.
fn line_end_of(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn start_of_line(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Returns where the line that holds `at` ends, its newline included.
fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

fn indent_of(text: &str, at: usize) -> &str {
    let line = &text[start_of_line(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests;
