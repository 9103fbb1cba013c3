//! The rules read declarations; this tries. Parameters that the old version takes and renders must be
//! taken and rendered by the new one, whatever the declarations say: a partial may take less by now, a
//! text print what may be absent, a tokenizer count otherwise.
//!
//! What cannot be tried is said to be so and never counts as tried.

use super::change::Witness;
use super::rules::Certainty;
use super::samples::{self, Random, parameter_sets};
use super::{Change, Side, is_unchanged, rules};
use crate::name::{PromptName, SetName};
use crate::prompt::{Constraint, Prompt, PromptError, Ready, ValueFault};
use crate::template::Values;
use crate::version::Bump;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What came of trying one prompt of the old version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// The prompt, by its old name.
    pub prompt: PromptName,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of trying.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Parameters were tried. What failed is told by changes.
    Tried {
        /// How many sets the old version takes and renders.
        sets: usize,
        /// How many of them the new one does.
        passed: usize,
    },
    /// The prompt and all that it renders is the same in both versions.
    Unchanged,
    /// Nothing could be tried.
    NotChecked {
        /// Why.
        why: String,
    },
}

/// Tries every public prompt that both versions have, with parameters at the edges and `count` more;
/// adds to `changes` what fails though no declaration shows it, and to those that are in it what shows them.
pub(super) fn run(
    old: &Side<'_>,
    new: &Side<'_>,
    unreadable: &BTreeSet<PromptName>,
    count: usize,
    changes: &mut Vec<Change>,
) -> Vec<Trial> {
    let digests = [old.files.digest().to_string(), new.files.digest().to_string()];
    let mut trials = Vec::new();
    for name in unreadable.iter().filter(|name| !name.is_private()) {
        let outcome = match broken(old, new, name) {
            Some(change) => {
                changes.push(change);
                Outcome::Tried { sets: 1, passed: 0 }
            }
            None => not_checked("it does not parse in one of the two versions"),
        };
        trials.push(Trial { prompt: name.clone(), outcome });
    }
    for before in old.set().prompts().filter(|prompt| !prompt.name().is_private()) {
        let name = before.name();
        let Some(after) = new.set().prompt(name).filter(|after| !after.name().is_private()) else { continue };
        if unreadable.contains(name) || unreadable.contains(after.name()) {
            continue;
        }
        let mut random = Random::seeded(&[&digests[0], &digests[1], name.as_str()]);
        let mut attempt = Attempt { old, new, before, after, changes: &mut *changes };
        let outcome = attempt.run(&mut random, count);
        trials.push(Trial { prompt: name.clone(), outcome });
    }
    trials.sort_by(|a, b| a.prompt.cmp(&b.prompt));
    trials
}

/// Returns the sets that must be at hand to try what changed: those that a changed prompt renders
/// something of, directly or through others of its own set.
pub fn needed_sets(old: &Side<'_>, new: &Side<'_>) -> BTreeSet<SetName> {
    let mut needed = BTreeSet::new();
    for before in old.set().prompts().filter(|prompt| !prompt.name().is_private()) {
        let Some(after) = new.set().prompt(before.name()) else { continue };
        if !is_unchanged(old, new, before, after) {
            needed.extend(old.scope.out_of_reach(before));
            needed.extend(new.scope.out_of_reach(after));
        }
    }
    needed
}

/// Returns the change that the prompt called `name` rendered before and does not parse now, where that is so.
fn broken(old: &Side<'_>, new: &Side<'_>, name: &PromptName) -> Option<Change> {
    let before = old.set().prompt(name).filter(|before| before.name() == name)?;
    let error = new.scope.own(name).err()?.to_string();
    let ready = old.scope.ready(before).ok()?;
    let version = samples::Version { prompt: before, scope: old.scope };
    let sets = parameter_sets(version, None, &mut Random::seeded(&[name.as_str()]), 0);
    let parameters = sets.into_iter().find(|set| ready.render(set.clone()).is_ok())?;
    let words = format!("what rendered before fails: {}", first_line(&error));
    let change = Change::new(&rules::SAMPLE_FAILED, name, None, words);
    Some(Change { witness: Some(Witness { parameters, error }), ..change })
}

fn not_checked(why: impl Into<String>) -> Outcome {
    Outcome::NotChecked { why: why.into() }
}

struct Attempt<'a> {
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    before: &'a Arc<Prompt>,
    after: &'a Arc<Prompt>,
    changes: &'a mut Vec<Change>,
}

impl Attempt<'_> {
    fn run(&mut self, random: &mut Random, count: usize) -> Outcome {
        if is_unchanged(self.old, self.new, self.before, self.after) {
            return Outcome::Unchanged;
        }
        let before = match self.ready_before() {
            Ok(before) => before,
            Err(why) => return not_checked(why),
        };
        let after = self.new.scope.ready(self.after);
        let (mut sets, mut passed, mut failure) = (0, 0, None);
        let [old, new] = [(self.before, self.old), (self.after, self.new)]
            .map(|(prompt, side)| samples::Version { prompt, scope: side.scope });
        for set in parameter_sets(old, Some(new), random, count) {
            if before.render(set.clone()).is_err() {
                continue;
            }
            sets += 1;
            let unexplained = match render(&after, set.clone()) {
                Ok(()) => {
                    passed += 1;
                    None
                }
                Err(failed) => self.explain(&failed, &set),
            };
            failure = failure.or_else(|| unexplained.map(|error| Witness { parameters: set, error }));
        }
        if sets == 0 {
            return not_checked("no parameters were found that the old version takes and renders");
        }
        if let Some(witness) = failure {
            let words = format!("what rendered before fails: {}", first_line(&witness.error));
            let change = Change::new(&rules::SAMPLE_FAILED, self.before.name(), None, words);
            self.changes.push(Change { witness: Some(witness), ..change });
        }
        Outcome::Tried { sets, passed }
    }

    /// Returns the old prompt, ready to render, if all that both versions of it render is at hand; else why not.
    fn ready_before(&self) -> Result<Ready, String> {
        for (side, prompt, which) in [(self.old, self.before, "old"), (self.new, self.after, "new")] {
            if let Some(set) = side.scope.out_of_reach(prompt).first() {
                let why = side.out_of_reach.map(|why| format!(": {why}")).unwrap_or_default();
                return Err(format!("{set}, which the {which} version renders, is not at hand{why}"));
            }
        }
        let ready = self.old.scope.ready(self.before);
        ready.map_err(|error| format!("the old version of it cannot be rendered: {error}"))
    }

    /// Returns the first thing that failed with `set` and that no change explains which is told already. A
    /// fault of a parameter is explained where that takes less by a change that is major or acknowledged;
    /// such a change has its witness then.
    fn explain(&mut self, failed: &Failed, set: &Values) -> Option<String> {
        let faults = match failed {
            Failed::Values(faults) => faults,
            Failed::Otherwise(error) => return Some(error.clone()),
        };
        let name = self.before.name();
        let mut of_prompt: Vec<&mut Change> = self
            .changes
            .iter_mut()
            .filter(|change| change.prompt.as_ref() == Some(name))
            .filter(|change| change.rule.bump == Bump::Major || change.rule.certainty == Certainty::Undecided)
            .collect();
        let mut unexplained = None;
        for fault in faults {
            let path = without_indexes(&fault.path);
            let about = of_prompt.iter_mut().filter(|change| explains(change, fault.constraint, &path));
            match about.min_by_key(|change| {
                (change.subject.as_ref() != Some(&path), change.rule.certainty != Certainty::Undecided)
            }) {
                Some(change) => {
                    let witness = || Witness { parameters: set.clone(), error: fault.to_string() };
                    change.witness.get_or_insert_with(witness);
                }
                None => unexplained = unexplained.or_else(|| Some(fault.to_string())),
            }
        }
        unexplained
    }
}

/// Why the new version fails.
enum Failed {
    /// It does not take the values.
    Values(Vec<ValueFault>),
    /// It cannot be rendered, with these values or at all.
    Otherwise(String),
}

fn render(ready: &Result<Ready, PromptError>, set: Values) -> Result<(), Failed> {
    let failed = |error: &PromptError| match error {
        PromptError::Values(error) => Failed::Values(error.faults().to_vec()),
        error => Failed::Otherwise(error.to_string()),
    };
    match ready {
        Ok(ready) => ready.render(set).map(drop).map_err(|error| failed(&error)),
        Err(error) => Err(failed(error)),
    }
}

/// Returns whether `change` is about the parameter at `path`, or a part of it, and may let values fail the
/// `constraint`: a pattern or format that is another one explains what does not match it, another tokenizer what has
/// too many tokens, and neither explains anything else.
fn explains(change: &Change, constraint: Constraint, path: &str) -> bool {
    let is_its_own = match change.rule {
        rule if rule == &rules::PATTERN_CHANGED => constraint == Constraint::Pattern,
        rule if rule == &rules::FORMAT_CHANGED => constraint == Constraint::Format,
        rule if rule == &rules::TOKENIZER_CHANGED => constraint == Constraint::Tokens,
        _ => true,
    };
    is_its_own && change.subject.as_deref().is_some_and(|subject| root(subject) == root(path))
}

/// Returns a value's path as rules name the part of the declaration: `items[2].name` is `items[].name`.
fn without_indexes(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut in_index = false;
    for c in path.chars() {
        match c {
            '[' => in_index = true,
            ']' => in_index = false,
            _ if in_index => continue,
            _ => {}
        }
        plain.push(c);
    }
    plain
}

fn root(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
