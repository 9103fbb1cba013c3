//! Comparing files for what no interface shows: texts, tests, descriptions, hints. Two versions whose
//! files differ in anything get at least one change, so that "no change" means the same bytes.

use super::{Change, Rule, Side, rules};
use crate::archive::MANIFEST_JSON;
use crate::manifest::{self, SetSection};
use crate::name::PromptName;
use crate::prompt::{Parameter, Prompt, PromptTest, Schema};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Returns what changed in the files, beside `told`, which their interfaces show already.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, told: &[Change]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for before in old.set().prompts() {
        let name = before.name();
        let here = new.set().prompt(name).filter(|after| after.name() == name || !after.name().is_private());
        if let Some(after) = here {
            met.extend([before.path(), after.path()]);
            compare_prompt(old, new, (before, after), told, &mut changes);
        }
    }
    let paths: BTreeSet<&str> = old.files.paths().chain(new.files.paths()).collect();
    for path in paths.into_iter().filter(|path| !met.contains(path) && !is_generated(path)) {
        let (before, after) = (old.files.get(path), new.files.get(path));
        if before == after {
            continue;
        }
        let how = match (before, after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        match prompt_name(old, path).or_else(|| prompt_name(new, path)) {
            // That a public prompt came or went is told by its name.
            Some(name) if !name.is_private() && (before.is_none() || after.is_none()) => {}
            Some(name) if name.is_private() => {
                changes.push(Change::new(&rules::PRIVATE_PROMPT_CHANGED, &name, None, format!("private prompt {how}")));
            }
            Some(name) => changes.push(Change::new(&rules::TEXT_CHANGED, &name, None, "text changed")),
            None => {
                let change = Change::of_set(&rules::FILE_CHANGED, format!("`{path}` {how}"));
                changes.push(Change { subject: Some(path.to_owned()), ..change });
            }
        }
    }
    changes
}

/// Returns whether the file is not compared as such: it is made of the others, or has rules of its own.
fn is_generated(path: &str) -> bool {
    path == MANIFEST_JSON || path == manifest::FILE_NAME
}

fn prompt_name(side: &Side<'_>, path: &str) -> Option<PromptName> {
    let name = |set: &SetSection| set.selection.prompt_name(path)?.ok();
    side.files.get(path).and(side.manifest.set.as_ref()).and_then(name)
}

fn compare_prompt(
    old: &Side<'_>,
    new: &Side<'_>,
    (before, after): (&Arc<Prompt>, &Arc<Prompt>),
    told: &[Change],
    changes: &mut Vec<Change>,
) {
    let bytes = |side: &Side<'_>, prompt: &Prompt| side.files.get(prompt.path()).map(<[u8]>::to_vec);
    let is_same = bytes(old, before) == bytes(new, after);
    if is_same && before.path() == after.path() {
        return;
    }
    let name = before.name();
    if name.is_private() {
        changes.push(Change::new(&rules::PRIVATE_PROMPT_CHANGED, name, None, "private prompt changed"));
        return;
    }
    let known: Vec<&Rule> =
        told.iter().filter(|change| change.prompt.as_ref() == Some(name)).map(|change| change.rule).collect();
    let mut found: Vec<(&'static Rule, &str)> = Vec::new();
    let body = |prompt: &Prompt| prompt.text().get(prompt.body()..).unwrap_or_default().to_owned();
    let (was, is) = (body(before), body(after));
    if was != is {
        let of_messages = [&rules::KIND_CHANGED, &rules::ROLE_ADDED, &rules::ROLE_REMOVED];
        if message_tags(&was) == message_tags(&is) {
            found.push((&rules::TEXT_CHANGED, "text changed"));
        } else if !of_messages.iter().any(|rule| known.contains(rule)) {
            found.push((&rules::MESSAGES_CHANGED, "messages added, taken out or moved"));
        }
    }
    let (was, is) = (before.front_matter(), after.front_matter());
    let (noted, notes) = (annotations(before, after), annotations(after, before));
    let is_reworded = matches!((&was.deprecated, &is.deprecated), (Some(was), Some(is)) if was != is);
    if was.description != is.description || is_reworded || noted.descriptions != notes.descriptions {
        found.push((&rules::DESCRIPTION_CHANGED, "described otherwise"));
    }
    if was.extensions != is.extensions || noted.extensions != notes.extensions {
        found.push((&rules::EXTENSION_CHANGED, "a key that begins with `x-` changed"));
    }
    if !was.tests.iter().map(PromptTest::says).eq(is.tests.iter().map(PromptTest::says)) {
        found.push((&rules::TESTS_CHANGED, "tests changed"));
    }
    // Another tokenizer is told by what it counts, where it counts something.
    let has_rule = |key: &str| key == "prefer" || key == "tokenizer" && known.contains(&&rules::TOKENIZER_CHANGED);
    let hints = |model: &Option<Map<String, Value>>| {
        let hints = model.iter().flatten().filter(|(key, _)| !has_rule(key));
        hints.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<String, Value>>()
    };
    if hints(&was.model) != hints(&is.model) {
        found.push((&rules::MODEL_HINT_CHANGED, "a hint about models changed"));
    }
    if found.is_empty() && known.is_empty() {
        let words = if is_same { "the file moved" } else { "written otherwise, with the same meaning" };
        found.push((&rules::REWRITTEN, words));
    }
    changes.extend(found.into_iter().map(|(rule, words)| Change::new(rule, name, None, words)));
}

/// Returns the tags of messages in the order of the source. What stands in a comment or in `raw` is
/// taken for one, too: that changes which of two harmless rules tells of the change, and nothing else.
fn message_tags(body: &str) -> Vec<&str> {
    fn tag(rest: &str) -> &str {
        let rest = rest.trim_start_matches('-').trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        &rest[..end]
    }
    let tags = body.split("{%").skip(1).map(tag);
    tags.filter(|tag| matches!(*tag, "system" | "user" | "assistant" | "history")).collect()
}

/// What parameters say that no value is held to, each by its place.
#[derive(Default, PartialEq)]
struct Notes {
    descriptions: BTreeSet<(String, String)>,
    extensions: BTreeSet<(String, String)>,
}

/// Returns what the parameters of `prompt` say that no value is held to. One that `other` lacks is new or gone
/// with all that it says.
fn annotations(prompt: &Prompt, other: &Prompt) -> Notes {
    let mut notes = Notes::default();
    for Parameter { name, schema, .. } in prompt.parameters().iter().filter(|one| other.parameter(&one.name).is_some())
    {
        notes.gather(name, schema);
    }
    notes
}

impl Notes {
    fn gather(&mut self, path: &str, schema: &Schema) {
        let examples = schema.examples.as_ref().map(|examples| Value::Array(examples.clone()).to_string());
        for note in schema.description.iter().cloned().chain(examples) {
            self.descriptions.insert((path.to_owned(), note));
        }
        for (key, value) in &schema.extensions {
            self.extensions.insert((format!("{path}.{key}"), value.to_string()));
        }
        for property in schema.properties.iter().flatten() {
            self.gather(&format!("{path}.{}", property.name), &property.schema);
        }
        if let Some(items) = &schema.items {
            self.gather(&format!("{path}[]"), items);
        }
    }
}
