//! What prompts are, told to people and foreign tools: the facts that `show` prints, the
//! `manifest.json` of a bundle, and which files a bundle holds.

use super::check;
use super::declaration::Annotations;
use super::file::Prompt;
use super::front_matter::{self, OutputSchema};
use super::interface::{PromptKind, role_name};
use super::scope::Scope;
use super::set::Set;
use crate::archive::{FileSet, MANIFEST_JSON};
use crate::digest::Sha256;
use crate::manifest::Selection;
use crate::template;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What one prompt is.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Whether it gives text or messages, as far as the scope shows.
    pub kind: PromptKind,
    /// One line about it.
    pub description: Option<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// Its parameters by name, each as front matter declares it, written out.
    pub parameters: Map<String, Value>,
    /// The roles of its own blocks.
    pub roles: Vec<&'static str>,
    /// The prompts that it renders, as it names them, each once.
    pub partials: Vec<String>,
    /// The names of its tools.
    pub tools: Vec<String>,
}

impl Facts {
    /// Returns the facts about `prompt`, which is one of `scope`'s.
    pub fn of(scope: &Scope, prompt: &Arc<Prompt>) -> Facts {
        let (is_chat, _) = check::shape(scope, prompt);
        Facts { kind: if is_chat { PromptKind::Chat } else { PromptKind::Text }, ..Facts::of_file(prompt) }
    }

    /// Returns the facts that the prompt's own file shows.
    fn of_file(prompt: &Prompt) -> Facts {
        let template = prompt.template();
        let front_matter = prompt.front_matter();
        let parameter = |parameter: &super::Parameter| {
            (parameter.name.clone(), Value::Object(parameter.to_json(Annotations::Keep)))
        };
        let partials: BTreeSet<&str> = template.partials().iter().map(|partial| partial.name.as_str()).collect();
        let tools = front_matter.tools.iter().flatten();
        Facts {
            name: prompt.name().to_string(),
            path: prompt.path().to_owned(),
            kind: if template.is_chat() { PromptKind::Chat } else { PromptKind::Text },
            description: front_matter.description.clone(),
            deprecated: front_matter.deprecated.clone(),
            parameters: prompt.parameters().iter().map(parameter).collect(),
            roles: template.roles().iter().map(|role| role_name(*role)).collect(),
            partials: partials.into_iter().map(str::to_owned).collect(),
            tools: tools.filter_map(|tool| tool["name"].as_str()).map(str::to_owned).collect(),
        }
    }

    /// Returns the facts as JSON; what is absent or empty is left out, but for parameters and roles.
    pub fn to_json(&self) -> Value {
        let mut json = json!({ "name": self.name, "path": self.path, "kind": self.kind.as_str() });
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                json[key] = value;
            }
        };
        put("description", self.description.clone().map(Value::from));
        put("deprecated", self.deprecated.clone().map(Value::from));
        put("parameters", Some(Value::Object(self.parameters.clone())));
        put("roles", Some(Value::from(self.roles.clone())));
        put("partials", (!self.partials.is_empty()).then(|| Value::from(self.partials.clone())));
        put("tools", (!self.tools.is_empty()).then(|| Value::from(self.tools.clone())));
        json
    }
}

/// Returns the text of a bundle's `manifest.json`: the checksum of each of `files` but itself, and
/// what each prompt of `set` is by its own file. The same files give the same bytes.
pub fn manifest_json(set: &Set, files: &FileSet) -> String {
    let checksums: Map<String, Value> = files
        .iter()
        .filter(|(path, _)| *path != MANIFEST_JSON)
        .map(|(path, bytes)| (path.to_owned(), Value::from(Sha256::of(bytes).to_string())))
        .collect();
    let prompts: Vec<Value> = set.prompts().map(|prompt| Facts::of_file(prompt).to_json()).collect();
    let json = json!({
        "format": 1,
        "name": set.name().map(ToString::to_string),
        "version": set.version().map(ToString::to_string),
        "prompts": prompts,
        "files": checksums,
    });
    format!("{json:#}\n")
}

/// Returns which of `paths` the set's bundle holds: those that `selection` takes, and those that
/// an `output.schema` of one of its prompts names. `read` gives the bytes of a path; a prompt that
/// it does not give, or that has errors, names nothing.
///
/// # Errors
/// With whatever `read` fails with.
pub fn select_files<'a, E>(
    selection: &Selection,
    paths: impl IntoIterator<Item = &'a str>,
    mut read: impl FnMut(&str) -> Result<Vec<u8>, E>,
) -> Result<BTreeSet<String>, E> {
    let all: BTreeSet<&str> = paths.into_iter().filter(|path| *path != MANIFEST_JSON).collect();
    let mut selected = BTreeSet::new();
    for path in &all {
        if !selection.selects(path) {
            continue;
        }
        selected.insert((*path).to_owned());
        if selection.prompts.name_of(path).is_some() {
            let schema = schema_path(&read(path)?);
            selected.extend(schema.filter(|schema| all.contains(schema.as_str()) && !selection.excludes(schema)));
        }
    }
    Ok(selected)
}

/// Returns whether two files of a prompt differ in the template's text alone, so that the prompt
/// offers the same. Where that cannot be seen without reading them as prompts it is not claimed.
pub fn differ_in_text_alone(old: &[u8], new: &[u8]) -> bool {
    fn parts(bytes: &[u8]) -> Option<(&str, &str)> {
        let text = std::str::from_utf8(bytes).ok()?;
        // Line ends and a byte order mark are read as others, which is for the whole reading to do.
        if bytes.contains(&b'\r') || text.starts_with('\u{feff}') {
            return None;
        }
        text.split_at_checked(front_matter::split(text).ok()?.body)
    }
    match (parts(old), parts(new)) {
        (Some(old), Some(new)) => old.0 == new.0 && template::differ_in_text_alone(old.1, new.1),
        _ => false,
    }
}

/// Returns the file of the set that the `output.schema` of the prompt in `bytes` names, if it names one.
pub fn schema_path(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let span = front_matter::split(&text).ok()?.front_matter?;
    match front_matter::read(&text, span, &mut Vec::new()).output? {
        OutputSchema::File { path, .. } => Some(path),
        OutputSchema::Inline(_) => None,
    }
}
