//! Reading a lock that is just as Anvil writes it, and so nearly every lock there is.
//!
//! Most commands begin by reading the lock, and a TOML document with the place of each value takes
//! most of their time, about twice what this takes. This reader knows the commonest
//! form alone, registries without unknown keys, and believes itself only where writing what it
//! read gives the same bytes again. For everything else it answers nothing, and TOML is read.

use super::{Edge, EdgeRequirement, LockedRequirement, LockedSet, Lockfile, Source};
use crate::manifest::DependencySource;
use crate::version::{parse_requirement, parse_version};

/// Returns the lock if `text` is in the commonest form, to the byte.
pub(super) fn read(text: &str) -> Option<Lockfile> {
    let mut lock = Lockfile::default();
    // What stands before the first table is compared with all the rest, below.
    for block in text.split("\n\n").skip(1) {
        let (header, facts) = block.split_once('\n')?;
        match header {
            "[[requirement]]" => lock.requirements.push(requirement(facts)?),
            "[[override]]" => lock.overrides.push(requirement(facts)?),
            "[[set]]" => lock.sets.push(set(facts)?),
            _ => return None,
        }
    }
    let once = lock.sets.is_sorted_by(|a, b| a.name < b.name)
        && [&lock.requirements, &lock.overrides]
            .iter()
            .all(|entries| entries.is_sorted_by(|a, b| (&a.member, &a.name) < (&b.member, &b.name)));
    (once && lock.write() == text).then_some(lock)
}

fn requirement(facts: &str) -> Option<LockedRequirement> {
    let mut lines = facts.lines();
    let member = fact(&mut lines, "member")?.to_owned();
    let name = fact(&mut lines, "name")?.parse().ok()?;
    let requirement = parse_requirement(fact(&mut lines, "requirement")?).ok()?;
    let registry = match lines.next() {
        None => None,
        Some(line) => Some(value(line, "registry")?.parse().ok()?),
    };
    Some(LockedRequirement { member, name, source: DependencySource::Registry { requirement, registry } })
}

fn set(facts: &str) -> Option<LockedSet> {
    let mut lines = facts.lines();
    Some(LockedSet {
        name: fact(&mut lines, "name")?.parse().ok()?,
        version: parse_version(fact(&mut lines, "version")?).ok()?,
        source: Source::Registry(fact(&mut lines, "source")?.strip_prefix("registry:")?.parse().ok()?),
        sha256: Some(fact(&mut lines, "sha256")?.parse().ok()?),
        digest: Some(fact(&mut lines, "digest")?.parse().ok()?),
        dependencies: lines
            .filter_map(|line| line.strip_prefix("  \"")?.strip_suffix("\","))
            .map(edge)
            .collect::<Option<_>>()?,
        unknown: Vec::new(),
    })
}

fn edge(text: &str) -> Option<Edge> {
    let (name, requirement) = text.split_once(' ')?;
    Some(Edge { name: name.parse().ok()?, requirement: EdgeRequirement(parse_requirement(requirement).ok()?) })
}

/// Returns the value of the next line, which is that of `key`.
fn fact<'a>(lines: &mut std::str::Lines<'a>, key: &str) -> Option<&'a str> {
    value(lines.next()?, key)
}

/// Returns the value of `line`, written `key = "value"`, if nothing in it is escaped.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?;
    (!value.contains(['"', '\\'])).then_some(value)
}
