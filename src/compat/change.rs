//! One change, and what is told of it.

use super::rules::{self, Certainty, Rule};
use crate::name::{PromptName, SetName};
use crate::template::Values;
use crate::version::Bump;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::fmt;

/// One change for those who use a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// The prompt, by the name that users know: the old one where there is one. Nothing where it is
    /// about the set.
    pub prompt: Option<PromptName>,
    /// The parameter, property (`customer.tier`), tool, field or name that it is about, where it is about one.
    pub subject: Option<String>,
    /// What changed, in words, e.g. "parameter `tone` removed".
    pub words: String,
    /// Parameters that show it, where some were found.
    pub witness: Option<Witness>,
    /// What the author's `[compat]` makes of it.
    pub ruling: Ruling,
}

/// Parameters that the old version takes, and what the new one says to them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Witness {
    /// The parameters.
    pub parameters: Values,
    /// The error.
    pub error: String,
}

/// What the author's `[compat]` makes of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ruling {
    /// The rule's own class counts.
    #[default]
    None,
    /// It cannot be decided, and the author says that it breaks nobody: it counts as minor.
    Accepted,
    /// It counts for more than its rule says.
    Raised(Bump),
}

impl Change {
    pub(super) fn new(
        rule: &'static Rule,
        prompt: &PromptName,
        subject: Option<&str>,
        words: impl Into<String>,
    ) -> Self {
        Change { prompt: Some(prompt.clone()), subject: subject.map(str::to_owned), ..Change::of_set(rule, words) }
    }

    /// Returns a change that is about the set and none of its prompts.
    pub(super) fn of_set(rule: &'static Rule, words: impl Into<String>) -> Self {
        Change { rule, prompt: None, subject: None, words: words.into(), witness: None, ruling: Ruling::None }
    }

    /// Returns the bump that owns up to the change.
    pub fn bump(&self) -> Bump {
        match self.ruling {
            Ruling::None => self.rule.bump,
            Ruling::Accepted => Bump::Minor,
            Ruling::Raised(bump) => bump,
        }
    }

    /// Returns the change as `[compat] accept` names it: `pattern_changed@reply.ticket`.
    pub fn key(&self) -> String {
        let mut key = self.rule.id.to_owned();
        if let Some(prompt) = &self.prompt {
            key = format!("{key}@{prompt}");
        }
        match &self.subject {
            Some(subject) => format!("{key}.{subject}"),
            None => key,
        }
    }

    /// Returns the change as a sentence about `set`: "support/onboarding welcome: parameter `tone` removed (major)".
    pub fn of(&self, set: &SetName) -> String {
        match self.prompt {
            Some(_) => format!("{set} {self}"),
            None => format!("{set}: {self}"),
        }
    }

    /// Returns what its users may meet though nothing breaks, if that is worth a warning.
    pub fn warning(&self) -> Option<&'static str> {
        match self.rule.certainty {
            Certainty::Warned if *self.rule == rules::DEFAULT_CHANGED => {
                Some("callers that rely on it get another text")
            }
            Certainty::Warned => Some("users may get other answers"),
            Certainty::Decided | Certainty::Undecided => None,
        }
    }
}

/// As programs are told of it: `rule`, `bump`, `prompt`, `subject`, `message`, and where there is one
/// `witness` and `ruling`.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = json!({
            "rule": self.rule.id, "bump": self.bump(), "prompt": self.prompt, "subject": self.subject,
            "message": self.words,
        });
        if let Some(witness) = &self.witness {
            json["witness"] = json!({ "parameters": witness.parameters, "error": witness.error });
        }
        match self.ruling {
            Ruling::None => {}
            Ruling::Accepted => json["ruling"] = Value::from("accepted"),
            Ruling::Raised(_) => json["ruling"] = Value::from("raised"),
        }
        json.serialize(serializer)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prompt) = &self.prompt {
            write!(f, "{prompt}: ")?;
        }
        write!(f, "{} ({}", self.words, self.bump())?;
        f.write_str(match self.ruling {
            Ruling::None => ")",
            Ruling::Accepted => ", acknowledged)",
            Ruling::Raised(_) => ", raised)",
        })
    }
}
