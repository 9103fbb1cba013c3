//! What changed between two versions of a set for those who use it, and the bump that it needs.
//!
//! [`compare`] compares two versions whole and names every change by its [`Rule`]; where the files
//! differ there is at least one. It also tries what the rules cannot read off the declarations.
//! [`changes`] compares two [`Interface`]s alone, for answers about many versions: text is no part of
//! an interface.

mod change;
mod files;
mod json_schema;
mod limit;
mod manifests;
mod members;
mod output;
mod parameters;
mod policy;
mod prompts;
mod references;
mod requirement;
pub mod rules;
pub mod samples;
mod taken;
mod tools;
mod trial;

pub use change::{Change, Ruling, Witness};
pub use policy::{Policy, PolicyError};
pub use rules::{Certainty, RULES, Rule};
pub use trial::{Outcome, Trial, needed_sets};

use crate::archive::FileSet;
use crate::manifest::Manifest;
use crate::name::{PromptName, SetName};
use crate::prompt::{Interface, Live, Prompt, Scope, Set};
use crate::version::Bump;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many random parameter sets are tried for each prompt, beside those at the edges.
pub const SETS: usize = 256;

/// One version of a set, as it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Its manifest.
    pub manifest: &'a Manifest,
    /// Its files; the generated `manifest.json` is not looked at.
    pub files: &'a FileSet,
    /// Its prompts, with what they may render of others as far as that is at hand.
    pub scope: &'a Scope,
    /// Why some of that is not at hand, where it is known.
    pub out_of_reach: Option<&'a str>,
}

impl<'a> Side<'a> {
    fn set(&self) -> &'a Arc<Set> {
        self.scope.set()
    }
}

/// What comparing two versions gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
    /// What came of trying each public prompt that both versions have, by name.
    pub trials: Vec<Trial>,
    /// Prompts that do not parse in one of the two versions, of whose interface nothing is known.
    pub unreadable: Vec<PromptName>,
    /// The entries of `[compat] accept` that are about no change.
    pub idle: Vec<String>,
}

impl Comparison {
    /// Returns the bump that owns up to what changed; nothing when nothing did.
    pub fn bump(&self) -> Option<Bump> {
        needed(&self.changes)
    }

    /// Returns the changes that decide the bump.
    pub fn gravest(&self) -> impl Iterator<Item = &Change> {
        let bump = self.bump();
        self.changes.iter().filter(move |change| Some(change.bump()) == bump)
    }

    /// Adds what breaks users in `other` and not here: a comparison of the same versions where the new one renders
    /// `dependencies` in place of those that both may.
    pub fn add_breaks(&mut self, other: Comparison, dependencies: &str) {
        let is_known = |change: &Change| {
            self.changes.iter().any(|known| known.rule.id == change.rule.id && known.prompt == change.prompt)
        };
        let breaks = |change: &Change| change.bump() == Bump::Major && change.prompt.is_some() && !is_known(change);
        let added: Vec<Change> = other.changes.into_iter().filter(breaks).collect();
        let told = |change: Change| Change { words: format!("with {dependencies} {}", change.words), ..change };
        self.changes.splice(0..0, added.into_iter().map(told));
        self.changes.sort_by_key(|change| std::cmp::Reverse(change.bump()));
    }

    /// Returns the prompts that could not be tried, each with the reason.
    pub fn not_checked(&self) -> impl Iterator<Item = (&PromptName, &str)> {
        self.trials.iter().filter_map(|trial| match &trial.outcome {
            Outcome::NotChecked { why } => Some((&trial.prompt, why.as_str())),
            _ => None,
        })
    }
}

/// Compares two versions, the new one by what its author says in `[compat]`. With each prompt that
/// changed, parameters at its edges and `sets` more are tried.
pub fn compare(old: &Side<'_>, new: &Side<'_>, policy: &Policy, sets: usize) -> Comparison {
    let faulty = old.set().faulty_names().chain(new.set().faulty_names());
    let unreadable: BTreeSet<PromptName> = faulty.cloned().collect();
    let [before, after] = interfaces(old, new, &unreadable);
    let mut changes = prompts::compare(&before, &after);
    changes.extend(manifests::compare(old, new));
    changes.extend(files::compare(old, new, &changes));
    let idle = policy.rule_on(&mut changes);
    let trials = trial::run(old, new, &unreadable, sets, &mut changes);
    changes.sort_by(|a, b| {
        b.bump().cmp(&a.bump()).then_with(|| a.prompt.cmp(&b.prompt)).then_with(|| a.words.cmp(&b.words))
    });
    Comparison { changes, trials, unreadable: unreadable.into_iter().collect(), idle }
}

/// Returns what both versions offer without the prompts that are `unreadable`. Whether a changed prompt gives messages,
/// and of which roles, its partials in other sets decide as well, where all of them are at hand in both versions. Of
/// these roles, and of what is put into the prompt, that counts to which some way leads.
fn interfaces(old: &Side<'_>, new: &Side<'_>, unreadable: &BTreeSet<PromptName>) -> [Interface; 2] {
    let mut both = [old, new].map(|side| Interface::of(side.set()).without(unreadable));
    for before in old.set().prompts() {
        let Some(after) = new.set().prompt(before.name()) else { continue };
        if is_unchanged(old, new, before, after) {
            continue;
        }
        let sides = [(old, before), (new, after)];
        let is_at_hand = |(side, prompt): &(&Side<'_>, &Arc<Prompt>)| side.scope.out_of_reach(prompt).is_empty();
        let are_at_hand = sides.iter().all(is_at_hand);
        for (interface, (side, prompt)) in both.iter_mut().zip(sides) {
            let Some(told) = interface.prompts.get_mut(prompt.name()) else { continue };
            let alone = Scope::alone(side.set().clone());
            let scope = if are_at_hand { side.scope } else { &alone };
            let Live { roles, read } = scope.live(prompt);
            (told.kind, told.roles) = (scope.shape(prompt).0, roles);
            told.idle.extend(told.parameters.iter().map(|it| &it.name).filter(|name| !read.contains(*name)).cloned());
        }
    }
    both
}

/// Returns whether a prompt and all that it renders is the same in both versions. A dependency that is asked for alike
/// comes in the same version.
fn is_unchanged(old: &Side<'_>, new: &Side<'_>, before: &Arc<Prompt>, after: &Arc<Prompt>) -> bool {
    let source = |side: &Side<'_>, set: &SetName| side.manifest.dependencies.get(set).map(|found| found.source.clone());
    let alike = |set: &SetName| source(old, set).is_some() && source(old, set) == source(new, set);
    old.scope.renders_as(before, new.scope, after, &alike)
}

/// Returns every change from `old` to `new`, by prompt, the gravest of each prompt first, by what the author of the
/// new one says.
pub fn changes(old: &Interface, new: &Interface, policy: &Policy) -> Vec<Change> {
    let mut changes = prompts::compare(old, new);
    policy.rule_on(&mut changes);
    changes.sort_by(|a, b| a.prompt.cmp(&b.prompt).then(b.bump().cmp(&a.bump())).then_with(|| a.words.cmp(&b.words)));
    changes
}

/// Returns what changed between two manifests for those who use the set: its name, its edition, what it needs; by
/// what the author of the new one says.
pub fn manifest_changes(old: &Manifest, new: &Manifest, policy: &Policy) -> Vec<Change> {
    let mut changes = manifests::compare_parsed(old, new);
    policy.rule_on(&mut changes);
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
    /// Whether prompts of both sides were rendered to find them: they were not, what is declared was compared.
    pub tried: bool,
}

impl<'a> Summary<'a> {
    /// Returns what is told of `changes`.
    pub fn of(changes: &'a [Change]) -> Self {
        Summary { bump: needed(changes), changes, tried: false }
    }
}

#[cfg(test)]
mod tests;
