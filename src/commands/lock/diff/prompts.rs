//! Which prompts of a set say something else in another version, and in how many tokens: by their own text and that
//! of all that they render.

use crate::name::{PromptName, SetName};
use crate::prompt::{Prompt, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A public prompt that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptChange {
    /// Its name.
    pub name: PromptName,
    /// How.
    pub what: What,
    /// The tokens of its template and of its partials before; nothing where it was not there or has errors.
    pub old: Option<usize>,
    /// Those now.
    pub new: Option<usize>,
}

/// How a prompt differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// Its own file differs.
    Changed,
    /// Its file is the same, and something that it renders differs.
    Within,
}

impl PromptChange {
    /// Returns by how many tokens it says more; nothing where it could not be counted.
    pub fn delta(&self) -> Option<i64> {
        let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        match (self.what, self.old, self.new) {
            (What::Added, _, Some(new)) => Some(signed(new)),
            (What::Removed, Some(old), _) => Some(-signed(old)),
            (_, Some(old), Some(new)) => Some(signed(new) - signed(old)),
            _ => None,
        }
    }
}

/// Returns the public prompts that differ between two versions of a set, by name. The side on which there is no
/// version is nothing.
pub(super) fn changes(old: Option<&Scope>, new: Option<&Scope>) -> Vec<PromptChange> {
    let names = |side: Option<&Scope>| -> BTreeSet<PromptName> {
        side.map(|side| side.set().public_names().cloned().collect()).unwrap_or_default()
    };
    let (before, after) = (names(old), names(new));
    let change = |name: &PromptName| {
        let what = match (before.contains(name), after.contains(name)) {
            (true, false) => What::Removed,
            (false, _) => What::Added,
            (true, true) => {
                let (own, all) = (texts(old?, name), texts(new?, name));
                if own == all {
                    return None;
                }
                if own.first() == all.first() { What::Within } else { What::Changed }
            }
        };
        Some(PromptChange { name: name.clone(), what, old: tokens(old, name), new: tokens(new, name) })
    };
    before.union(&after).filter_map(change).collect()
}

fn tokens(side: Option<&Scope>, name: &PromptName) -> Option<usize> {
    let ready = side?.get(name).ok()?;
    let tokenizer = ready.prompt().front_matter().tokenizer();
    Some(ready.size_of_literals(&|text| tokenizer.count(text)))
}

/// Returns the text of the prompt `name`, then those of all that it renders, near and far, by where they are.
fn texts(side: &Scope, name: &PromptName) -> Vec<String> {
    let Some(first) = side.set().prompt(name) else { return Vec::new() };
    let key = |prompt: &Arc<Prompt>, scope: &Scope| -> (Option<SetName>, PromptName) {
        (scope.set().name().cloned(), prompt.name().clone())
    };
    let mut seen: BTreeMap<(Option<SetName>, PromptName), String> = BTreeMap::new();
    let mut stack = vec![(Arc::clone(first), side.clone())];
    while let Some((prompt, scope)) = stack.pop() {
        if seen.insert(key(&prompt, &scope), prompt.text().to_string()).is_none() {
            let partials = prompt.template().partials().iter();
            stack.extend(partials.filter_map(|partial| scope.partial(&partial.name)));
        }
    }
    let own = seen.remove(&key(first, side));
    own.into_iter().chain(seen.into_values()).collect()
}
