//! What changed between two versions of a set for those who use it, and the bump that it needs.
//!
//! [`changes`] compares two [`Interface`]s and names every change by its [`Rule`]. Text is no part
//! of an interface: versions that differ in it alone give no change here and need a patch.

mod parameters;
mod prompts;
pub mod rules;

pub use rules::{RULES, Rule};

use crate::name::{PromptName, SetName};
use crate::prompt::Interface;
use crate::version::Bump;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use std::fmt;

/// One change for those who use a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// The prompt, by the name that users know: the old one where there is one.
    pub prompt: PromptName,
    /// The parameter, property (`customer.tier`), tool or name that it is about, where it is about one.
    pub subject: Option<String>,
    /// What changed, in words, e.g. "parameter `tone` removed".
    pub words: String,
}

impl Change {
    fn new(rule: &'static Rule, prompt: &PromptName, subject: Option<&str>, words: impl Into<String>) -> Self {
        Change { rule, prompt: prompt.clone(), subject: subject.map(str::to_owned), words: words.into() }
    }

    /// Returns the bump that owns up to the change.
    pub fn bump(&self) -> Bump {
        self.rule.bump
    }

    /// Returns the change as `[compat] accept` names it: `pattern_changed@reply.ticket`.
    pub fn key(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{}@{}.{subject}", self.rule.id, self.prompt),
            None => format!("{}@{}", self.rule.id, self.prompt),
        }
    }

    /// Returns the change as a sentence about `set`: "support/onboarding welcome: parameter `tone` removed (major)".
    pub fn of(&self, set: &SetName) -> String {
        format!("{set} {self}")
    }
}

/// As programs are told of it: `rule`, `bump`, `prompt`, `subject`, `message`.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Change", 5)?;
        fields.serialize_field("rule", self.rule.id)?;
        fields.serialize_field("bump", &self.bump())?;
        fields.serialize_field("prompt", &self.prompt)?;
        fields.serialize_field("subject", &self.subject)?;
        fields.serialize_field("message", &self.words)?;
        fields.end()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.prompt, self.words, self.rule.bump)
    }
}

/// Returns every change from `old` to `new`, by prompt, the gravest of each prompt first.
pub fn changes(old: &Interface, new: &Interface) -> Vec<Change> {
    let mut changes = prompts::compare(old, new);
    changes.sort_by(|a, b| a.prompt.cmp(&b.prompt).then(b.bump().cmp(&a.bump())).then_with(|| a.words.cmp(&b.words)));
    changes
}

/// Returns the bump that owns up to all of `changes`; nothing when there are none.
pub fn needed(changes: &[Change]) -> Option<Bump> {
    changes.iter().map(Change::bump).max()
}

/// Changes of an interface as answers tell them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary<'a> {
    /// The smallest bump that owns up to what changed; nothing when nothing did.
    pub bump: Option<Bump>,
    /// The changes.
    pub changes: &'a [Change],
}

impl<'a> Summary<'a> {
    /// Returns what is told of `changes`.
    pub fn of(changes: &'a [Change]) -> Self {
        Summary { bump: needed(changes), changes }
    }
}

#[cfg(test)]
mod tests;
