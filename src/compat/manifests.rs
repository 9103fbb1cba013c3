//! Comparing what two manifests say of the set: its name, its edition, what it needs.

use super::requirement::{is_raised, lowest};
use super::{Change, Rule, Side, rules};
use crate::manifest::{self, DependencySource, Manifest, SetSection, edit};
use crate::version::{Requirement, Version};
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns what changed between the manifests of two versions. That the version is another one is no change.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    let mut changes = compare_parsed(old.manifest, new.manifest);
    let is_same_apart = match (&old.manifest.set, &new.manifest.set) {
        (Some(before), Some(after)) => SetSection { name: before.name.clone(), ..apart(after) } == apart(before),
        (before, after) => before == after,
    };
    let (was, is) = (text(old), text(new));
    if was != is && (changes.is_empty() || !is_same_apart) {
        let words = match meaning(&was).is_some_and(|was| meaning(&is) == Some(was)) {
            true => "anvil.toml is written otherwise, with the same meaning",
            false => "anvil.toml says something else of the set",
        };
        changes.push(Change::of_set(&rules::MANIFEST_CHANGED, words));
    }
    changes
}

/// Returns what changed for users, as far as the parsed manifests show.
pub(super) fn compare_parsed(old: &Manifest, new: &Manifest) -> Vec<Change> {
    let mut changes = Vec::new();
    if let (Some(before), Some(after)) = (&old.set, &new.set) {
        let mut add = |rule: &'static Rule, words: String| changes.push(Change::of_set(rule, words));
        if before.name != after.name {
            add(&rules::SET_RENAMED, format!("the set is called {}, no longer {}", after.name, before.name));
        }
        if after.edition > before.edition {
            add(&rules::EDITION_RAISED, format!("edition raised from {} to {}", before.edition, after.edition));
        }
        let needs = |anvil: &Option<Requirement>| anvil.as_ref().map(lowest).unwrap_or(Version::new(0, 0, 0));
        if needs(&after.anvil) > needs(&before.anvil) {
            let asked = after.anvil.as_ref().map(ToString::to_string).unwrap_or_default();
            add(&rules::ANVIL_RAISED, format!("the set needs Anvil {asked}"));
        }
    }
    changes.extend(compare_dependencies(old, new));
    changes
}

fn compare_dependencies(old: &Manifest, new: &Manifest) -> Vec<Change> {
    let (old, new) = (&old.dependencies, &new.dependencies);
    let mut changes = Vec::new();
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let source = |side: &'_ std::collections::BTreeMap<_, manifest::Dependency>| {
            side.get(name).map(|dependency| dependency.source.clone())
        };
        let (rule, words) = match (source(old), source(new)) {
            (None, Some(source)) => (&rules::DEPENDENCY_CHANGED, format!("dependency {name} {source} added")),
            (Some(_), None) => (&rules::DEPENDENCY_CHANGED, format!("dependency {name} removed")),
            (Some(before), Some(after)) if before != after => {
                let words = format!("dependency {name} changed from {before} to {after}");
                match (&before, &after) {
                    (
                        DependencySource::Registry { requirement: before, .. },
                        DependencySource::Registry { requirement: after, .. },
                    ) if is_raised(before, after) => (&rules::DEPENDENCY_RAISED, words),
                    _ => (&rules::DEPENDENCY_CHANGED, words),
                }
            }
            _ => continue,
        };
        changes.push(Change { subject: Some(name.to_string()), ..Change::of_set(rule, words) });
    }
    changes
}

/// Returns a section without what has rules of its own.
fn apart(section: &SetSection) -> SetSection {
    SetSection { version: Version::new(0, 0, 0), edition: 0, anvil: None, ..section.clone() }
}

/// Returns the text of a manifest as it would be for one and the same version.
fn text(side: &Side<'_>) -> String {
    let text = side.files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
    edit::set_version(&text, &Version::new(0, 0, 0)).unwrap_or_else(|_| text.into_owned())
}

/// Returns what the text of a manifest says, however it is written.
fn meaning(text: &str) -> Option<Value> {
    toml_edit::de::from_str(text).ok()
}
