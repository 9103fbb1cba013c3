//! Reading a lock, also one that git left with conflict markers.

use super::{Edge, EdgeRequirement, FORMAT, LockedRequirement, LockedSet, Lockfile, Source, canonical, conflict};
use crate::error::{Code, Diagnose, Diagnostic, Hint, told};
use crate::manifest::{DependencySource, GitReference};
use crate::name::RegistryName;
use crate::version::{parse_requirement, parse_version};
use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;
use toml_edit::{Document, Item, Key, Table, TableLike, Value};

// What each table may hold; the JSON Schema is compared with these by a test. Other keys of a
// `[[set]]` are kept, other keys elsewhere are an error: dropping them could change what the lock says.
pub(super) const TOP: &[&str] = &["version", "requirement", "override", "set"];
pub(super) const REQUIREMENT: &[&str] =
    &["member", "name", "requirement", "registry", "git", "branch", "tag", "rev", "subdirectory", "path"];
pub(super) const SET: &[&str] = &["name", "version", "source", "sha256", "digest", "dependencies"];

/// What reading a lock gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The lock.
    Whole(Lockfile),
    /// Git left conflict markers: both sides, of use as preferences alone.
    Conflict {
        /// The file with our side of each conflict.
        ours: Lockfile,
        /// The file with their side.
        theirs: Lockfile,
        /// How many parts of the two could not be read.
        unread: usize,
    },
}

impl Reading {
    /// Returns the lock, for those who need one that is decided. `file` is how messages name it.
    ///
    /// # Errors
    /// [`LockError::Conflict`] when git left conflict markers.
    pub fn whole(self, file: &str) -> Result<Lockfile, LockError> {
        match self {
            Reading::Whole(lock) => Ok(lock),
            Reading::Conflict { .. } => Err(LockError::Conflict { file: file.to_owned() }),
        }
    }

    /// Returns the lock, or both sides of one with conflict markers, ours first.
    pub fn sides(&self) -> Vec<&Lockfile> {
        match self {
            Reading::Whole(lock) => vec![lock],
            Reading::Conflict { ours, theirs, .. } => vec![ours, theirs],
        }
    }
}

/// A lock that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LockError {
    /// It is not in the lock's format.
    #[error("{}", .0.message)]
    Invalid(Box<Diagnostic>),
    /// It says something of one set twice, as what git makes of two branches' locks without a word may.
    #[error("{}", .0.message)]
    Twice(Box<Diagnostic>),
    /// A newer Anvil wrote it.
    #[error("`{file}` has format {found}; this Anvil reads up to {}", super::FORMAT)]
    Newer {
        /// How messages name the file.
        file: String,
        /// The format that it has.
        found: u64,
    },
    /// Git left conflict markers, and what is locked is not decided.
    #[error("`{file}` has conflict markers, so what is locked is not decided")]
    Conflict {
        /// How messages name the file.
        file: String,
    },
}

impl Diagnose for LockError {
    fn code(&self) -> Code {
        match self {
            LockError::Invalid(fault) | LockError::Twice(fault) => fault.code,
            LockError::Newer { .. } => Code::A0402,
            LockError::Conflict { .. } => Code::A0403,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            // The finding carries its own.
            LockError::Invalid(_) | LockError::Twice(_) => Vec::new(),
            LockError::Newer { .. } => vec![Hint::new("upgrade anvil")],
            LockError::Conflict { .. } => {
                vec![Hint::run("solve anvil.toml by hand if it conflicts too, then solve the lock anew", "anvil lock")]
            }
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            LockError::Invalid(fault) | LockError::Twice(fault) => std::slice::from_ref(fault),
            LockError::Newer { .. } | LockError::Conflict { .. } => &[],
        }
    }
}

impl Lockfile {
    /// Returns what `text` holds. `file` is how messages name it.
    ///
    /// # Errors
    /// When the text is not in the lock's format, or in a newer one. A text with conflict markers
    /// is read as far as it can be.
    pub fn read(file: &str, text: &str) -> Result<Reading, LockError> {
        if let Some(lock) = canonical::read(text) {
            return Ok(Reading::Whole(lock));
        }
        let Some((ours, theirs)) = conflict::split(text) else {
            return read_whole(file, text).map(Reading::Whole);
        };
        let ((mut ours, lost), (mut theirs, lost_too)) = (read_side(file, &ours)?, read_side(file, &theirs)?);
        let torn = have_once(&mut ours, &theirs) + have_once(&mut theirs, &ours);
        Ok(Reading::Conflict { ours, theirs, unread: lost + lost_too + torn })
    }

    /// Does what [`Lockfile::read`] does, and reads a lock that says something twice as a conflict of the first and
    /// the last that it says: for those who choose anew.
    ///
    /// # Errors
    /// Those of [`Lockfile::read`] but [`LockError::Twice`].
    pub fn read_to_solve(file: &str, text: &str) -> Result<Reading, LockError> {
        let twice = match Lockfile::read(file, text) {
            Err(LockError::Twice(fault)) => LockError::Twice(fault),
            other => return other,
        };
        let document = Document::parse(text).ok();
        let Some(mut ours) = document.and_then(|document| (Reader { text }).lock(&document).ok()) else {
            return Err(twice);
        };
        ours.sort();
        let mut theirs = ours.clone();
        [&mut theirs.requirements, &mut theirs.overrides].into_iter().for_each(|entries| entries.reverse());
        theirs.sets.reverse();
        for side in [&mut ours, &mut theirs] {
            side.requirements.dedup_by(|b, a| (&a.member, &a.name) == (&b.member, &b.name));
            side.overrides.dedup_by(|b, a| (&a.member, &a.name) == (&b.member, &b.name));
            side.sets.dedup_by(|b, a| a.name == b.name);
        }
        theirs.sort();
        Ok(Reading::Conflict { ours, theirs, unread: 0 })
    }
}

/// Leaves `side` one set of each name: of several the one that `other`, the other side, has too, or else the first.
/// Returns how many others it had: git put them together from pieces of two sets, so that they say nothing.
fn have_once(side: &mut Lockfile, other: &Lockfile) -> usize {
    let sets = std::mem::take(&mut side.sets);
    for of_one_name in sets.chunk_by(|a, b| a.name == b.name) {
        let shared = of_one_name.iter().filter(|_| of_one_name.len() > 1).find(|set| other.sets.contains(set));
        side.sets.extend(shared.or(of_one_name.first()).cloned());
    }
    let kept = |set: &&LockedSet| side.set(&set.name) == Some(*set);
    sets.iter().filter(|set| !kept(set)).count()
}

/// Returns one side of a conflict. What a line-wise merge makes of a side need not be a lock; then
/// it is what can be read of it, set by set, with how many parts could not be; a set may be there several times.
fn read_side(file: &str, text: &str) -> Result<(Lockfile, usize), LockError> {
    match read_whole(file, text) {
        Err(LockError::Invalid(_) | LockError::Twice(_)) => {}
        whole_or_newer => return whole_or_newer.map(|side| (side, 0)),
    }
    let (mut side, mut unread) = (Lockfile::default(), 0);
    for block in conflict::blocks(text) {
        let document = Document::parse(block.as_str()).ok();
        let Some(part) = document.and_then(|document| (Reader { text: &block }).lock(&document).ok()) else {
            unread += 1;
            continue;
        };
        side.requirements.extend(part.requirements);
        side.overrides.extend(part.overrides);
        side.sets.extend(part.sets);
    }
    side.sort();
    side.requirements.dedup_by(|b, a| (&a.member, &a.name) == (&b.member, &b.name));
    side.overrides.dedup_by(|b, a| (&a.member, &a.name) == (&b.member, &b.name));
    Ok((side, unread))
}

/// Returns the lock that `text` holds as TOML.
pub(super) fn read_whole(file: &str, text: &str) -> Result<Lockfile, LockError> {
    let invalid = |Fault { span, label, message }: Fault| {
        let restore = Hint::run("take it back from git", "git restore anvil.lock");
        let anew = Hint::run("or, if it was never right, choose versions anew", "rm anvil.lock && anvil lock");
        let fault = Diagnostic::error(Code::A0401, message).at(file, text.into(), span, label).hint(restore).hint(anew);
        LockError::Invalid(Box::new(fault))
    };
    let document = Document::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(text.len()..text.len());
        invalid(Fault { span, label: "here", message: format!("`{file}` is not valid TOML: {}", error.message()) })
    })?;
    match document.get("version").map(|item| (item.as_integer(), item.span().unwrap_or_default())) {
        Some((Some(1), _)) => {}
        Some((Some(found), _)) if found > i64::from(FORMAT) => {
            return Err(LockError::Newer { file: file.to_owned(), found: found.unsigned_abs() });
        }
        Some((_, span)) => {
            let message = format!("the `version` of `{file}` must be {FORMAT}");
            return Err(invalid(Fault { span, label: "no format", message }));
        }
        None => {
            let message = format!("`{file}` has no `version`");
            return Err(invalid(Fault { span: 0..0, label: "", message }));
        }
    }
    let mut lock = (Reader { text }).lock(&document).map_err(invalid)?;
    if let Err(Fault { span, label, message }) = each_once(&document, &lock) {
        let solve = Hint::run("git may have merged two branches' locks so; choose among what both say", "anvil lock");
        let fault = Diagnostic::error(Code::A0401, message).at(file, text.into(), span, label).hint(solve);
        return Err(LockError::Twice(Box::new(fault)));
    }
    lock.sort();
    Ok(lock)
}

/// What is wrong, and where.
struct Fault {
    span: Range<usize>,
    label: &'static str,
    message: String,
}

type Outcome<T> = Result<T, Fault>;

/// Reads tables of one text. Nobody writes a lock by hand, so that the first fault is enough.
struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// Returns the lock that `document` holds, in the document's order; names may occur twice.
    fn lock(&self, document: &Document<&str>) -> Outcome<Lockfile> {
        if let Some((key, _)) = document.iter().find(|(key, _)| !TOP.contains(key)) {
            let span = document.key(key).and_then(Key::span).unwrap_or_default();
            return Err(Fault { span, label: "unknown key", message: format!("a lock has no key `{}`", told(key)) });
        }
        let requirement = |table: &&Table| self.requirement(table);
        Ok(Lockfile {
            requirements: tables(document, "requirement")?.iter().map(requirement).collect::<Outcome<_>>()?,
            overrides: tables(document, "override")?.iter().map(requirement).collect::<Outcome<_>>()?,
            sets: tables(document, "set")?.iter().map(|table| self.set(table)).collect::<Outcome<_>>()?,
        })
    }

    fn requirement(&self, table: &Table) -> Outcome<LockedRequirement> {
        if let Some((key, _)) = table.iter().find(|(key, _)| !REQUIREMENT.contains(key)) {
            let span = table.key(key).and_then(Key::span).unwrap_or_default();
            return Err(Fault {
                span,
                label: "unknown key",
                message: format!("a requirement has no key `{}`", told(key)),
            });
        }
        let source = match (self.text(table, "requirement")?, self.text(table, "git")?, self.text(table, "path")?) {
            (Some((text, span)), None, None) => DependencySource::Registry {
                requirement: well_formed(parse_requirement(text), span)?,
                registry: self.parsed::<RegistryName>(table, "registry")?,
            },
            (None, Some((url, _)), None) => DependencySource::Git {
                url: url.to_owned(),
                reference: self.reference(table)?,
                subdirectory: self.text(table, "subdirectory")?.map(|(text, _)| text.to_owned()),
            },
            (None, None, Some((path, _))) => DependencySource::Path { path: path.to_owned() },
            _ => {
                let message = "a requirement needs exactly one of `requirement`, `git` and `path`".to_owned();
                return Err(Fault { span: header(table), label: "doubtful", message });
            }
        };
        let member = self.needed(table, "member")?.0.to_owned();
        Ok(LockedRequirement { member, name: self.needed_parsed(table, "name")?, source })
    }

    fn reference(&self, table: &Table) -> Outcome<GitReference> {
        let text = |key| Ok(self.text(table, key)?.map(|(text, _)| text.to_owned()));
        match (text("branch")?, text("tag")?, text("rev")?) {
            (None, None, None) => Ok(GitReference::Default),
            (Some(name), None, None) => Ok(GitReference::Branch(name)),
            (None, Some(name), None) => Ok(GitReference::Tag(name)),
            (None, None, Some(rev)) => Ok(GitReference::Rev(rev)),
            _ => {
                let message = "a requirement has at most one of `branch`, `tag` and `rev`".to_owned();
                Err(Fault { span: header(table), label: "doubtful", message })
            }
        }
    }

    fn set(&self, table: &Table) -> Outcome<LockedSet> {
        let (version, span) = self.needed(table, "version")?;
        let version = well_formed(parse_version(version), span)?;
        let set = LockedSet {
            name: self.needed_parsed(table, "name")?,
            version,
            source: self.needed_parsed(table, "source")?,
            sha256: self.parsed(table, "sha256")?,
            digest: self.parsed(table, "digest")?,
            dependencies: self.edges(table)?,
            unknown: self.unknown(table),
        };
        let wrong = match (&set.source, set.sha256.is_some(), set.digest.is_some()) {
            (Source::Registry(_), true, true) | (Source::Git { .. }, false, _) | (Source::Path(_), false, false) => {
                return Ok(set);
            }
            (Source::Registry(_), ..) => "comes from a registry and needs `sha256` and `digest`",
            (Source::Git { .. }, ..) => "comes from git and has no bundle, so no `sha256`",
            (Source::Path(_), ..) => "comes from a folder, which has no checksums",
        };
        Err(Fault { span: header(table), label: "doubtful", message: format!("`{}` {wrong}", set.name) })
    }

    fn edges(&self, table: &Table) -> Outcome<Vec<Edge>> {
        let Some(item) = table.get("dependencies") else {
            return Ok(Vec::new());
        };
        let Some(array) = item.as_array() else {
            let message = "`dependencies` must be an array of strings".to_owned();
            return Err(Fault { span: item.span().unwrap_or_default(), label: "not an array", message });
        };
        array.iter().map(edge).collect()
    }

    /// Returns the keys that are not known, in the order of the text, with their values as written.
    fn unknown(&self, table: &Table) -> Vec<(String, String)> {
        let unknown = table.iter().filter(|(key, _)| !SET.contains(key));
        unknown
            .map(|(key, item)| {
                let key = Key::new(key).display_repr().into_owned();
                let written = item.as_value().and_then(Value::span).and_then(|span| self.text.get(span));
                let value = match written {
                    Some(written) if !is_dotted(item) => written.replace("\r\n", "\n"),
                    // A table of its own becomes an inline one: the same value in one line.
                    _ => inline(item),
                };
                (key, value)
            })
            .collect()
    }

    fn text<'a>(&self, table: &'a Table, key: &str) -> Outcome<Option<(&'a str, Range<usize>)>> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        let span = item.span().unwrap_or_default();
        match item.as_str() {
            Some(text) => Ok(Some((text, span))),
            None => Err(Fault { span, label: "not a string", message: format!("`{key}` must be a string") }),
        }
    }

    fn needed<'a>(&self, table: &'a Table, key: &str) -> Outcome<(&'a str, Range<usize>)> {
        self.text(table, key)?.ok_or_else(|| Fault {
            span: header(table),
            label: "incomplete",
            message: format!("an entry of the lock has no `{key}`"),
        })
    }

    fn parsed<T: FromStr<Err: Display>>(&self, table: &Table, key: &str) -> Outcome<Option<T>> {
        let Some((text, span)) = self.text(table, key)? else {
            return Ok(None);
        };
        well_formed(text.parse(), span).map(Some)
    }

    fn needed_parsed<T: FromStr<Err: Display>>(&self, table: &Table, key: &str) -> Outcome<T> {
        let (text, span) = self.needed(table, key)?;
        well_formed(text.parse(), span)
    }
}

fn header(table: &Table) -> Range<usize> {
    table.span().unwrap_or_default()
}

fn well_formed<T, E: Display>(parsed: Result<T, E>, span: Range<usize>) -> Outcome<T> {
    parsed.map_err(|error| Fault { span, label: "not well formed", message: error.to_string() })
}

/// Returns the edge that `value` writes, e.g. `"style/voice ^1.0"`.
fn edge(value: &Value) -> Outcome<Edge> {
    let span = value.span().unwrap_or_default();
    let Some((name, requirement)) = value.as_str().and_then(|text| text.split_once(' ')) else {
        let message = "a dependency is written `\"project/set requirement\"`".to_owned();
        return Err(Fault { span, label: "not a dependency", message });
    };
    Ok(Edge {
        name: well_formed(name.parse(), span.clone())?,
        requirement: EdgeRequirement(well_formed(parse_requirement(requirement), span)?),
    })
}

fn tables<'a>(document: &'a Document<&str>, key: &str) -> Outcome<Vec<&'a Table>> {
    match document.get(key) {
        None => Ok(Vec::new()),
        Some(Item::ArrayOfTables(tables)) => Ok(tables.iter().collect()),
        Some(other) => {
            let span = other.span().unwrap_or_default();
            Err(Fault { span, label: "not tables", message: format!("`{key}` must be tables, as `[[{key}]]`") })
        }
    }
}

/// Checks that `lock`, which `document` holds in this order, says everything once.
fn each_once(document: &Document<&str>, lock: &Lockfile) -> Outcome<()> {
    let asked = |entry: &LockedRequirement| (entry.member.clone(), entry.name.clone());
    once(&tables(document, "requirement")?, lock.requirements.iter().map(asked), "requirement")?;
    once(&tables(document, "override")?, lock.overrides.iter().map(asked), "override")?;
    once(&tables(document, "set")?, lock.sets.iter().map(|set| &set.name), "set")
}

/// Notes the first of `names` that occurs twice; `tables` are where they stand.
fn once<N: Ord>(tables: &[&Table], names: impl Iterator<Item = N>, what: &str) -> Outcome<()> {
    let mut seen = std::collections::BTreeSet::new();
    for (table, name) in tables.iter().zip(names) {
        if !seen.insert(name) {
            let named = table.get("name").and_then(Item::as_str).unwrap_or_default();
            let message = format!("the lock has `{named}` as a [[{what}]] twice");
            return Err(Fault { span: header(table), label: "again", message });
        }
    }
    Ok(())
}

fn is_dotted(item: &Item) -> bool {
    item.as_inline_table().is_some_and(toml_edit::InlineTable::is_dotted)
}

/// Returns the value of `item` in one line. It is built anew, since what was parsed refers to its
/// text. The parser bounds how deep values nest.
fn inline(item: &Item) -> String {
    let table = |table: &dyn TableLike| {
        let entries = table.iter().map(|(key, item)| format!("{} = {}", Key::new(key).display_repr(), inline(item)));
        format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
    };
    match item {
        Item::Value(value) => inline_value(value),
        Item::Table(inner) => table(inner),
        Item::ArrayOfTables(tables) => {
            format!("[{}]", tables.iter().map(|inner| table(inner)).collect::<Vec<_>>().join(", "))
        }
        Item::None => "{}".to_owned(),
    }
}

fn inline_value(value: &Value) -> String {
    match value {
        Value::String(text) => Value::from(text.value().as_str()).to_string(),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => Value::from(*number.value()).to_string(),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
        Value::Array(array) => format!("[{}]", array.iter().map(inline_value).collect::<Vec<_>>().join(", ")),
        Value::InlineTable(inner) => {
            let entries =
                inner.iter().map(|(key, value)| format!("{} = {}", Key::new(key).display_repr(), inline_value(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
