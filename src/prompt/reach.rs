//! What a prompt renders of its own and through its partials: whether it is the same in two versions, which of it
//! is not at hand, what no way leads to, and how much it says by itself.

use super::check::{Key, key};
use super::file::Prompt;
use super::scope::{Found, Ready, Scope};
use super::set::split_reference;
use super::shapes::Given;
use crate::name::SetName;
use crate::template::Role;
use crate::template::analysis::flow::{Followed, follow};
use crate::template::syntax::{Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Ready {
    /// Returns the sum of what `size` says of the prompt's own text, all branches together, and of that of its
    /// partials, each as often as a template names it.
    pub fn size_of_literals(&self, size: &dyn Fn(&str) -> usize) -> usize {
        let found = Found { prompt: self.prompt().clone(), scope: self.scope().clone() };
        size_of_literals(&found, size, &mut BTreeMap::new())
    }
}

/// Keeps what was counted in `known`. It ends, for nothing that is ready renders itself.
fn size_of_literals(found: &Found, size: &dyn Fn(&str) -> usize, known: &mut BTreeMap<Key, usize>) -> usize {
    let key = key(found);
    if let Some(size) = known.get(&key) {
        return *size;
    }
    let template = found.prompt.template();
    let mut total = size(&template.literal_text());
    for next in template.partials().iter().filter_map(|partial| found.scope.lookup(&partial.name).ok()) {
        total = total.saturating_add(size_of_literals(&next, size, known));
    }
    known.insert(key, total);
    total
}

/// What of a prompt some way leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// The roles of its own messages and of those of its partials, as far as these are at hand.
    pub roles: BTreeSet<Role>,
    /// The names that its own template reads.
    pub read: BTreeSet<String>,
}

impl Scope {
    /// Returns what some way through `prompt`, which is one of this scope's set, leads to. Whatever its parameters
    /// are, what is not in it does not occur.
    pub fn live(&self, prompt: &Arc<Prompt>) -> Live {
        let (mut live, mut seen) = (Live::default(), BTreeSet::new());
        let mut pending = vec![Found { prompt: prompt.clone(), scope: self.clone() }];
        while let Some(found) = pending.pop() {
            if !seen.insert(key(&found)) {
                continue;
            }
            let template = found.prompt.template();
            let followed = follow(template, &Given { prompt: &found.prompt, scope: &found.scope });
            add_roles(template.nodes(), &followed, &mut live.roles);
            if seen.len() == 1 {
                let variables = template.variables().iter().map(|it| (&it.name, &it.span));
                let histories = template.histories().iter().map(|it| (&it.parameter, &it.span));
                let read = variables.chain(histories).filter(|(_, span)| !followed.is_dead(span));
                live.read = read.map(|(name, _)| name.clone()).collect();
            }
            let partials = template.partials().iter().filter(|partial| !followed.is_dead(&partial.span));
            pending.extend(partials.filter_map(|partial| found.scope.lookup(&partial.name).ok()));
        }
        live
    }

    /// Returns the sets that `prompt`, which is one of this scope's set, renders something of, directly
    /// or through others, and that are not at hand.
    pub fn out_of_reach(&self, prompt: &Arc<Prompt>) -> BTreeSet<SetName> {
        let (mut missing, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut pending = vec![Found { prompt: prompt.clone(), scope: self.clone() }];
        while let Some(found) = pending.pop() {
            if !seen.insert(key(&found)) {
                continue;
            }
            for partial in found.prompt.template().partials() {
                match found.scope.lookup(&partial.name) {
                    Ok(next) => pending.push(next),
                    Err(error) if error.is_out_of_reach() => {
                        missing.extend(split_reference(&partial.name).map(|(set, _)| set));
                    }
                    Err(_) => {}
                }
            }
        }
        missing
    }

    /// Returns whether `prompt`, one of this scope's set, renders the same for the same parameters as
    /// `other` does in `there`: its file is the same, and so are its partials'. What is rendered of
    /// another set counts as the same where `alike` says so of that set. It is only said where it is seen.
    pub fn renders_as(
        &self,
        prompt: &Arc<Prompt>,
        there: &Scope,
        other: &Arc<Prompt>,
        alike: &dyn Fn(&SetName) -> bool,
    ) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![(prompt.clone(), other.clone())];
        while let Some((one, two)) = pending.pop() {
            if one.text() != two.text() {
                return false;
            }
            if !seen.insert(one.name().clone()) {
                continue;
            }
            for partial in one.template().partials() {
                let of_dependency = |scope: &Scope| {
                    split_reference(&partial.name)
                        .map(|(set, _)| set)
                        .filter(|set| scope.set().dependencies().contains(set))
                };
                match (of_dependency(self), of_dependency(there)) {
                    (Some(set), Some(_)) if alike(&set) => continue,
                    (None, None) => {}
                    _ => return false,
                }
                match (self.lookup(&partial.name), there.lookup(&partial.name)) {
                    (Ok(one), Ok(two)) => pending.push((one.prompt, two.prompt)),
                    _ => return false,
                }
            }
        }
        true
    }
}

fn add_roles(nodes: &[Node], followed: &Followed, roles: &mut BTreeSet<Role>) {
    for node in nodes.iter().filter(|node| !followed.is_dead(&node.span)) {
        if let NodeKind::Role { role, .. } = &node.kind {
            roles.insert(*role);
        }
        node.bodies(&mut |body| add_roles(body, followed, roles));
    }
}
