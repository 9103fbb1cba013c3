//! What the author says of changes: `[compat]` in the manifest.
//!
//! `accept` names changes that nobody can judge in general, and `raise` rules that count for more.
//! Nothing can make a change that is known to break somebody count for less.

use super::change::Ruling;
use super::rules::{self, Certainty, RULES};
use super::{Change, Rule};
use crate::error::{Code, Diagnose, Hint, suggest};
use crate::manifest::Compat;
use crate::version::Bump;

/// What `[compat]` says, its rules known.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    accept: Vec<String>,
    raise: Vec<(&'static Rule, Bump)>,
}

/// Why `[compat]` cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// There is no such rule.
    #[error("`[compat]` in anvil.toml names the rule `{0}`, which there is not")]
    Unknown(String),
    /// The rule is certain.
    #[error("`{key}` in `[compat] accept` acknowledges `{}`, which is no matter of opinion: {}", .rule.id, .rule.about)]
    Decided {
        /// The entry.
        key: String,
        /// The rule.
        rule: &'static Rule,
    },
    /// The rule would count for less.
    #[error("`[compat] raise` would lower `{}` from {} to {bump}", .rule.id, .rule.bump)]
    Lowered {
        /// The rule.
        rule: &'static Rule,
        /// What it was to count for.
        bump: Bump,
    },
}

impl Diagnose for PolicyError {
    fn code(&self) -> Code {
        Code::A0710
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PolicyError::Unknown(id) => {
                let meant = suggest(id, RULES.iter().map(|rule| rule.id));
                meant.map(|meant| Hint::new(format!("did you mean `{meant}`?"))).into_iter().collect()
            }
            PolicyError::Decided { .. } => {
                let known = RULES.iter().filter(|rule| rule.certainty == Certainty::Undecided);
                let known: Vec<String> = known.map(|rule| format!("`{}`", rule.id)).collect();
                vec![
                    Hint::new(format!("what can be acknowledged is {}", known.join(", "))),
                    Hint::new("to publish a change that breaks users all the same: `anvil push --allow-breaking`"),
                ]
            }
            PolicyError::Lowered { .. } => vec![Hint::new("take the entry out, or raise another rule")],
        }
    }
}

impl Policy {
    /// Returns what `compat` says.
    ///
    /// # Errors
    /// When it names a rule that there is not, acknowledges what is certain, or lowers a rule.
    pub fn of(compat: &Compat) -> Result<Policy, PolicyError> {
        let rule = |id: &str| rules::named(id).ok_or_else(|| PolicyError::Unknown(id.to_owned()));
        for key in &compat.accept {
            let rule = rule(key.split_once('@').map_or(key.as_str(), |(id, _)| id))?;
            if rule.certainty != Certainty::Undecided {
                return Err(PolicyError::Decided { key: key.clone(), rule });
            }
        }
        let mut raise = Vec::new();
        for (id, bump) in &compat.raise {
            let rule = rule(id)?;
            if *bump < rule.bump {
                return Err(PolicyError::Lowered { rule, bump: *bump });
            }
            raise.push((rule, *bump));
        }
        Ok(Policy { accept: compat.accept.clone(), raise })
    }

    /// Rules on `changes`; returns the entries of `accept` that are about none of them.
    pub(super) fn rule_on(&self, changes: &mut [Change]) -> Vec<String> {
        for change in changes.iter_mut() {
            let raised = self.raise.iter().find(|(rule, _)| *rule == change.rule).map(|(_, bump)| *bump);
            let is_accepted = || change.rule.certainty == Certainty::Undecided && self.accept.contains(&change.key());
            change.ruling = match raised {
                Some(bump) if bump > change.rule.bump => Ruling::Raised(bump),
                // Who says of a rule what it counts for lets nothing of it through.
                Some(_) => Ruling::None,
                None if is_accepted() => Ruling::Accepted,
                None => Ruling::None,
            };
        }
        let is_idle = |key: &&String| !changes.iter().any(|change| change.key() == **key);
        self.accept.iter().filter(is_idle).cloned().collect()
    }
}
