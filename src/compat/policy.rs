//! What the author says of changes: `[compat]` in the manifest.
//!
//! `accept` names changes that nobody can judge in general, and `raise` rules that count for more.
//! Nothing can make a change that is known to break somebody count for less.

use super::change::Ruling;
use super::rules::{self, Certainty, RULES};
use super::{Change, Rule};
use crate::error::{Code, Diagnose, Diagnostic, Hint, suggest};
use crate::manifest::{Accepted, Compat, FILE_NAME, Raised};
use crate::version::Bump;
use std::ops::Range;

/// What `[compat]` says, its rules known.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    accept: Vec<String>,
    raise: Vec<(&'static Rule, Bump)>,
}

/// `[compat]` cannot be followed: there is at least one reason.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .faults.first().map_or("`[compat]` cannot be followed", |fault| fault.message.as_str()))]
pub struct PolicyError {
    faults: Vec<Diagnostic>,
}

impl Diagnose for PolicyError {
    fn code(&self) -> Code {
        Code::A0710
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.faults
    }
}

/// What is wrong with an entry: what is told, a word or two on the entry itself, and what to do.
struct Fault {
    message: String,
    label: &'static str,
    hints: Vec<Hint>,
}

impl Fault {
    fn unknown(id: &str) -> Fault {
        let meant = suggest(id, RULES.iter().map(|rule| rule.id));
        Fault {
            message: format!("there is no rule `{id}`"),
            label: "no rule",
            hints: meant.map(|meant| Hint::new(format!("did you mean `{meant}`?"))).into_iter().collect(),
        }
    }

    fn decided(change: &str, rule: &Rule) -> Fault {
        let known = RULES.iter().filter(|rule| rule.certainty == Certainty::Undecided);
        let known: Vec<String> = known.map(|rule| format!("`{}`", rule.id)).collect();
        let about = rule.about.trim_end_matches('.');
        Fault {
            message: format!("`{change}` acknowledges `{}`, which is no matter of opinion: {about}", rule.id),
            label: "certain",
            hints: vec![
                Hint::new(format!("what can be acknowledged is {}", known.join(", "))),
                Hint::new("to publish a change that breaks users all the same: `anvil push --allow-breaking`"),
            ],
        }
    }

    fn raised(change: &str, rule: &Rule) -> Fault {
        Fault {
            message: format!("`{change}` acknowledges `{}`, of which `raise` lets nothing through", rule.id),
            label: "also under `raise`",
            hints: vec![Hint::new("take one of the two entries out")],
        }
    }

    fn lowered(rule: &Rule, bump: Bump) -> Fault {
        Fault {
            message: format!("`raise` would lower `{}` from {} to {bump}", rule.id, rule.bump),
            label: "lowered",
            hints: vec![Hint::new("take the entry out, or raise another rule")],
        }
    }
}

impl Policy {
    /// Returns what `manifest`, the text of an `anvil.toml`, says in `[compat]`. A text that this Anvil does not
    /// understand says nothing here: what is wrong with it is told where it is read.
    ///
    /// # Errors
    /// With every entry that names a rule that there is not, acknowledges what is certain or raised, or lowers a
    /// rule, each with its place.
    pub fn read(manifest: &str) -> Result<Policy, PolicyError> {
        let (policy, mut faults) = Policy::of(&Compat::of(manifest));
        if faults.is_empty() {
            return Ok(policy);
        }
        faults.sort_by_key(|(place, _)| place.start);
        let diagnostic = |(place, fault): (Range<usize>, Fault)| {
            let found =
                Diagnostic::error(Code::A0710, fault.message).at(FILE_NAME, manifest.into(), place, fault.label);
            fault.hints.into_iter().fold(found, Diagnostic::hint)
        };
        Err(PolicyError { faults: faults.into_iter().map(diagnostic).collect() })
    }

    fn of(compat: &Compat) -> (Policy, Vec<(Range<usize>, Fault)>) {
        let (mut policy, mut faults) = (Policy::default(), Vec::new());
        for Raised { rule: id, bump, place } in &compat.raise {
            match rules::named(id) {
                None => faults.push((place.clone(), Fault::unknown(id))),
                Some(rule) if *bump < rule.bump => faults.push((place.clone(), Fault::lowered(rule, *bump))),
                Some(rule) => policy.raise.push((rule, *bump)),
            }
        }
        for Accepted { change, place } in &compat.accept {
            let id = change.split_once('@').map_or(change.as_str(), |(id, _)| id);
            match rules::named(id) {
                None => faults.push((place.clone(), Fault::unknown(id))),
                Some(rule) if rule.certainty != Certainty::Undecided => {
                    faults.push((place.clone(), Fault::decided(change, rule)));
                }
                Some(rule) if compat.raise.iter().any(|raised| raised.rule == id) => {
                    faults.push((place.clone(), Fault::raised(change, rule)));
                }
                Some(_) => policy.accept.push(change.clone()),
            }
        }
        (policy, faults)
    }

    /// Rules on `changes`; returns the entries of `accept` that are about none of them.
    pub(super) fn rule_on(&self, changes: &mut [Change]) -> Vec<String> {
        for change in changes.iter_mut() {
            let raised = self.raise.iter().find(|(rule, _)| *rule == change.rule).map(|(_, bump)| *bump);
            let is_accepted = || change.rule.certainty == Certainty::Undecided && self.accept.contains(&change.key());
            change.ruling = match raised {
                Some(bump) if bump > change.rule.bump => Ruling::Raised(bump),
                None if is_accepted() => Ruling::Accepted,
                _ => Ruling::None,
            };
        }
        let is_idle = |key: &&String| !changes.iter().any(|change| change.key() == **key);
        self.accept.iter().filter(is_idle).cloned().collect()
    }
}
