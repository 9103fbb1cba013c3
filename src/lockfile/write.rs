//! Writing a lock: sorted, one fact a line.

use super::source::without_credential;
use super::{FORMAT, LockedRequirement, LockedSet, Lockfile};
use crate::manifest::{DependencySource, GitReference};
use std::fmt::{Display, Write as _};
use toml_edit::Value;

impl Lockfile {
    /// Returns the file's text. The same lock gives the same bytes, whatever order it is in.
    pub fn write(&self) -> String {
        let mut sorted = self.clone();
        sorted.sort();
        let mut text = format!("# Written by anvil. Commit it; do not edit it by hand.\nversion = {FORMAT}\n");
        for requirement in &sorted.requirements {
            text.push_str("\n[[requirement]]\n");
            write_requirement(&mut text, requirement);
        }
        for requirement in &sorted.overrides {
            text.push_str("\n[[override]]\n");
            write_requirement(&mut text, requirement);
        }
        for set in &sorted.sets {
            text.push_str("\n[[set]]\n");
            write_set(&mut text, set);
        }
        text
    }
}

fn write_requirement(text: &mut String, requirement: &LockedRequirement) {
    fact(text, "member", &requirement.member);
    fact(text, "name", &requirement.name);
    match &requirement.source {
        DependencySource::Registry { requirement, registry } => {
            fact(text, "requirement", requirement);
            if let Some(registry) = registry {
                fact(text, "registry", registry);
            }
        }
        DependencySource::Git { url, reference, subdirectory } => {
            fact(text, "git", without_credential(url));
            match reference {
                GitReference::Default => {}
                GitReference::Branch(name) => fact(text, "branch", name),
                GitReference::Tag(name) => fact(text, "tag", name),
                GitReference::Rev(rev) => fact(text, "rev", rev),
            }
            if let Some(folder) = subdirectory {
                fact(text, "subdirectory", folder);
            }
        }
        DependencySource::Path { path } => fact(text, "path", path),
    }
}

fn write_set(text: &mut String, set: &LockedSet) {
    fact(text, "name", &set.name);
    fact(text, "version", &set.version);
    fact(text, "source", &set.source);
    if let Some(sha256) = &set.sha256 {
        fact(text, "sha256", sha256);
    }
    if let Some(digest) = &set.digest {
        fact(text, "digest", digest);
    }
    if !set.dependencies.is_empty() {
        text.push_str("dependencies = [\n");
        for edge in &set.dependencies {
            let _ = writeln!(text, "  {},", quoted(&format!("{} {}", edge.name, edge.requirement.0)));
        }
        text.push_str("]\n");
    }
    for (key, value) in &set.unknown {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn fact(text: &mut String, key: &str, value: impl Display) {
    let _ = writeln!(text, "{key} = {}", quoted(&value.to_string()));
}

/// Returns `text` as a TOML string, always in double quotes unless it holds what needs more care.
fn quoted(text: &str) -> String {
    let plain = |c: char| c != '"' && c != '\\' && !c.is_control();
    if text.chars().all(plain) { format!("\"{text}\"") } else { Value::from(text).to_string() }
}
