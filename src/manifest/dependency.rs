//! Reading `[dependencies]` and `[override]`.

use super::checks::{self, Refusal};
use super::parse::{name_of, refuse, version_fault};
use super::reader::{Entry, Reader, Section, Text};
use super::workspace::is_inherited;
use super::{Dependency, DependencySource, GitReference};
use crate::error::{Code, Hint, suggest};
use crate::name::{RegistryName, SetName};
use crate::version::parse_requirement;
use std::collections::BTreeMap;

pub(super) const DEPENDENCY: &[&str] = &["version", "registry", "git", "branch", "tag", "rev", "subdirectory", "path"];

/// The keys that only mean something beside `git`.
const WITH_GIT: [&str; 4] = ["branch", "tag", "rev", "subdirectory"];

/// Returns the dependencies of the table of `root` called `key`. `own_name` is what the set itself is called,
/// and `registries` are the names that they may use.
pub(super) fn read_dependencies(
    reader: &mut Reader,
    root: &Section<'_>,
    key: &str,
    own_name: Option<&SetName>,
    registries: &[&str],
) -> BTreeMap<SetName, Dependency> {
    let mut dependencies = BTreeMap::new();
    let Some(section) = reader.map(root, key) else {
        return dependencies;
    };
    for entry in section.entries() {
        let name = name_of::<SetName>(reader, &Text { text: entry.name, span: entry.key.clone() });
        let source = read_source(reader, &section, &entry, registries);
        if name.is_some() && name.as_ref() == own_name {
            reader.fault(Code::A0109, &entry.key, "itself", format!("`{}` depends on itself", entry.name));
        }
        if let (Some(name), Some(source)) = (name, source) {
            dependencies.insert(name, Dependency { source, line: reader.line(entry.key.start), inherited: None });
        }
    }
    dependencies
}

fn read_source(
    reader: &mut Reader,
    section: &Section<'_>,
    entry: &Entry<'_>,
    registries: &[&str],
) -> Option<DependencySource> {
    if entry.as_str().is_some() {
        let text = reader.text(section, entry.name)?;
        let requirement = version_fault(reader, &text, parse_requirement)?;
        return Some(DependencySource::Registry { requirement, registry: None });
    }
    let Some(table) = entry.as_section() else {
        reader.wrong_type(entry, "a requirement or a table");
        return None;
    };
    if is_inherited(entry.item()) {
        reader.not_inherited(entry);
        return None;
    }
    reader.known(&table, DEPENDENCY);
    let kinds: Vec<&str> = ["version", "git", "path"].into_iter().filter(|key| table.get(key).is_some()).collect();
    match kinds.as_slice() {
        [] => {
            let message = format!("`{}` says neither `version` nor `git` nor `path`", entry.path);
            let hints = vec![Hint::new("add `version = \"^1\"`, or what the set's newest version is")];
            reader.fault_with(Code::A0104, &entry.value, "incomplete", message, hints);
            None
        }
        ["version"] => read_registry(reader, &table, registries),
        ["git"] => read_git(reader, &table),
        [_] => read_path(reader, &table),
        [first, second, ..] => {
            mixed(reader, &table, first, second);
            None
        }
    }
}

fn read_registry(reader: &mut Reader, table: &Section<'_>, registries: &[&str]) -> Option<DependencySource> {
    for key in WITH_GIT.into_iter().filter(|key| table.get(key).is_some()) {
        mixed(reader, table, "version", key);
    }
    let requirement = reader.text(table, "version").and_then(|text| version_fault(reader, &text, parse_requirement));
    let registry = match reader.text(table, "registry") {
        Some(text) => Some(registry_name(reader, &text, registries)?),
        None => None,
    };
    // Naming the default registry says nothing that silence does not.
    let registry = registry.filter(|name| name.as_str() != RegistryName::DEFAULT);
    Some(DependencySource::Registry { requirement: requirement?, registry })
}

fn registry_name(reader: &mut Reader, text: &Text<'_>, registries: &[&str]) -> Option<RegistryName> {
    let name: RegistryName = name_of(reader, text)?;
    // A dependency's index line says which registry is meant; what its authors call it stood in their workspace.
    if reader.is_own() && name.as_str() != RegistryName::DEFAULT && !registries.contains(&name.as_str()) {
        let hint = match suggest(name.as_str(), registries.iter().copied()) {
            Some(near) => Hint::new(format!("did you mean `{near}`?")),
            None => Hint::new(format!("add `{name} = \"https://…\"` to [registries]")),
        };
        let message = format!("there is no registry called `{name}` in [registries]");
        reader.fault_with(Code::A0110, &text.span, "unknown registry", message, vec![hint]);
    }
    Some(name)
}

fn read_git(reader: &mut Reader, table: &Section<'_>) -> Option<DependencySource> {
    if table.get("registry").is_some() {
        mixed(reader, table, "git", "registry");
    }
    let url = reader.text(table, "git");
    if let Some(text) = &url
        && let Err(refusal) = checks::git_url(text.text)
    {
        refuse_git(reader, text, "the git URL", refusal);
    }
    let mut references = Vec::new();
    for (key, make) in [
        ("branch", GitReference::Branch as fn(String) -> GitReference),
        ("tag", GitReference::Tag),
        ("rev", GitReference::Rev),
    ] {
        let Some(text) = reader.text(table, key) else { continue };
        if let Err(refusal) = checks::git_reference(text.text) {
            refuse_git(reader, &text, &format!("the {key}"), refusal);
        }
        references.push((key, make(text.text.to_owned())));
    }
    if let [(first, _), (second, _), ..] = references.as_slice() {
        mixed(reader, table, first, second);
    }
    let subdirectory = reader.text(table, "subdirectory");
    if let Some(text) = &subdirectory
        && let Err(refusal) = checks::inner_path(text.text)
    {
        refuse(reader, text, "the subdirectory", refusal);
    }
    Some(DependencySource::Git {
        url: url?.text.to_owned(),
        reference: references.into_iter().next().map_or(GitReference::Default, |(_, reference)| reference),
        subdirectory: subdirectory.map(|text| text.text.to_owned()),
    })
}

fn read_path(reader: &mut Reader, table: &Section<'_>) -> Option<DependencySource> {
    for key in WITH_GIT.into_iter().chain(["registry"]).filter(|key| table.get(key).is_some()) {
        mixed(reader, table, "path", key);
    }
    let text = reader.text(table, "path")?;
    if let Err(refusal) = checks::relative_path(text.text) {
        refuse(reader, &text, "the path", refusal);
    }
    Some(DependencySource::Path { path: text.text.to_owned() })
}

/// Notes that `second` cannot stand beside `first`.
fn mixed(reader: &mut Reader, table: &Section<'_>, first: &str, second: &str) {
    let span = table.get(second).map_or(table.span.clone(), |entry| entry.key);
    let message = format!("`{}` has both `{first}` and `{second}`, which exclude each other", table.path);
    reader.fault(Code::A0109, &span, "contradicts", message);
}

fn refuse_git(reader: &mut Reader, text: &Text<'_>, what: &str, refusal: Refusal) {
    match refusal {
        Refusal::Credential => refuse(reader, text, what, refusal),
        Refusal::Malformed(why) => {
            let message = format!("{what} {:?} is refused: {why}", checks::without_query(text.text));
            reader.secret_query(&text.span);
            reader.fault(Code::A0111, &text.span, "refused", message);
        }
    }
}
