//! What others rely on: of each public prompt its kind, parameters, roles, history slots, tools and
//! output, from the set's own files. Its checksum stands in the index; `compat` compares two.

use super::canonical::to_canonical_json;
use super::declaration::{Annotations, Parameter, Type};
use super::file::Prompt;
use super::scope::Scope;
use super::set::Set;
use super::tokens::Tokenizer;
use crate::digest::Sha256;
use crate::name::PromptName;
use crate::template::Role;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// What a set offers.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// The public prompts by name.
    pub prompts: BTreeMap<PromptName, PromptInterface>,
}

/// What one prompt offers.
#[derive(Clone, Debug)]
pub struct PromptInterface {
    /// Whether it gives text or messages.
    pub kind: PromptKind,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// The roles that occur, those of partials of the same set included.
    pub roles: BTreeSet<Role>,
    /// The tools, as they are written.
    pub tools: Vec<Value>,
    /// The JSON Schema of the answer.
    pub output: Option<Value>,
    /// Former names. Not part of the checksum.
    pub aliases: BTreeSet<PromptName>,
    /// Why it should no longer be used. Not part of the checksum.
    pub deprecated: Option<String>,
    /// The models that it prefers. Not part of the checksum.
    pub prefer: Vec<String>,
    /// What its tokens are counted by. Not part of the checksum.
    pub tokenizer: Tokenizer,
    /// The parameters that its own template does not read. Not part of the checksum.
    pub idle: BTreeSet<String>,
}

/// What a prompt gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// Text.
    Text,
    /// Messages.
    Chat,
}

impl PromptKind {
    /// Returns the kind in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            PromptKind::Text => "text",
            PromptKind::Chat => "chat",
        }
    }
}

impl fmt::Display for PromptKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Returns the name of a role as messages carry it.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

impl Interface {
    /// Returns the interface of `set`. Partials of other sets are not followed, so that it depends
    /// on the set's own files alone; prompts with errors are left out.
    pub fn of(set: &Arc<Set>) -> Interface {
        let scope = Scope::alone(set.clone());
        let public = set.prompts().filter(|prompt| !prompt.name().is_private());
        Interface {
            prompts: public.map(|prompt| (prompt.name().clone(), PromptInterface::of(&scope, prompt))).collect(),
        }
    }

    /// Returns the interface without the prompts called `names`, now or formerly: those of which
    /// nothing can be said, because another side of a comparison does not understand them.
    pub fn without(mut self, names: &BTreeSet<PromptName>) -> Interface {
        self.prompts.retain(|name, prompt| !names.contains(name) && prompt.aliases.is_disjoint(names));
        self
    }

    /// Returns the interface as JSON, by prompt.
    pub fn to_json(&self) -> Value {
        Value::Object(self.prompts.iter().map(|(name, prompt)| (name.to_string(), prompt.to_json())).collect())
    }

    /// Returns the checksum that the index holds: `sha256:` and the SHA-256 of the RFC 8785 JSON.
    pub fn checksum(&self) -> String {
        format!("sha256:{}", Sha256::of(to_canonical_json(&self.to_json())))
    }
}

impl PromptInterface {
    fn of(scope: &Scope, prompt: &Arc<Prompt>) -> PromptInterface {
        let (kind, roles) = scope.shape(prompt);
        let front_matter = prompt.front_matter();
        let prefer = front_matter.model.as_ref().and_then(|model| model.get("prefer")).and_then(Value::as_array);
        let template = prompt.template();
        let read: BTreeSet<&str> = template
            .variables()
            .iter()
            .map(|variable| variable.name.as_str())
            .chain(template.histories().iter().map(|history| history.parameter.as_str()))
            .collect();
        let names = prompt.parameters().iter().map(|parameter| &parameter.name);
        PromptInterface {
            kind,
            parameters: prompt.parameters().to_vec(),
            roles,
            tools: front_matter.tools.clone().unwrap_or_default(),
            output: prompt.output_schema().cloned(),
            aliases: front_matter.aliases.iter().filter(|alias| !alias.is_private()).cloned().collect(),
            deprecated: front_matter.deprecated.clone(),
            prefer: prefer.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
            tokenizer: front_matter.tokenizer(),
            idle: names.filter(|name| !read.contains(name.as_str())).cloned().collect(),
        }
    }

    /// Returns the history slots: the parameters that take messages. That is what a caller sees of
    /// a `history` tag, wherever the prompt or its partials put it.
    pub fn history_slots(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.schema.kind == Type::Messages && !parameter.retired)
    }

    /// Returns the interface as JSON. What is empty or absent is left out, lists that are sets are
    /// sorted, and annotations of parameters are gone.
    pub fn to_json(&self) -> Value {
        let parameters: Map<String, Value> = self
            .parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), Value::Object(parameter.to_json(Annotations::Drop))))
            .collect();
        let roles: Vec<&str> = self.roles.iter().map(|role| role_name(*role)).collect();
        let mut slots: Vec<&str> = self.history_slots().map(|parameter| parameter.name.as_str()).collect();
        slots.sort_unstable();
        let mut json =
            json!({ "kind": self.kind.as_str(), "parameters": parameters, "roles": roles, "history": slots });
        if !self.tools.is_empty() {
            json["tools"] = Value::from(self.tools.clone());
        }
        if let Some(output) = &self.output {
            json["output"] = json!({ "schema": output });
        }
        json
    }
}
