//! The solver's derivation tree, read and taken down without recursion.
//!
//! The tree may be a hundred thousand levels deep and shares branches, so that walking it as a tree
//! may even take exponential time. It is walked as the graph it is, each node once, with a stack on
//! the heap, and reduced to what it rests on: its leaves.

use super::pool::SetId;
use super::ranges::VersionRange;
use super::solve::Never;
use pubgrub::{DerivationTree, External, VersionSet};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(super) type Node = DerivationTree<SetId, VersionRange, Never>;

/// Something that a refutation rests on: every version of `by` in `versions` needs `set` in `range`.
///
/// There are no other leaves: a set without versions is needed in an empty range.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) by: SetId,
    pub(super) versions: VersionRange,
    pub(super) set: SetId,
    pub(super) range: VersionRange,
}

/// A derivation tree that is dropped without recursion.
pub(super) struct Tree(Option<Node>);

impl From<Node> for Tree {
    fn from(node: Node) -> Self {
        Tree(Some(node))
    }
}

impl Tree {
    /// Returns the last step.
    pub(super) fn root(&self) -> Option<&Node> {
        self.0.as_ref()
    }

    /// Returns what the refutation rests on, in an order that depends on the solver's path alone.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts: HashMap<(SetId, SetId, &VersionRange), VersionRange> = HashMap::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<&Node> = self.0.iter().collect();
        while let Some(node) = stack.pop() {
            match node {
                DerivationTree::Derived(derived) => {
                    for cause in [&derived.cause1, &derived.cause2] {
                        if seen.insert(Arc::as_ptr(cause)) {
                            stack.push(cause);
                        }
                    }
                }
                DerivationTree::External(External::FromDependencyOf(by, versions, set, range)) => {
                    // PubGrub merges versions with the same need as it meets them; the tree may hold several states
                    // of one such merger.
                    facts
                        .entry((*by, *set, range))
                        .and_modify(|known| *known = known.union(versions))
                        .or_insert_with(|| versions.clone());
                }
                DerivationTree::External(External::NotRoot(..) | External::NoVersions(..) | External::Custom(..)) => {}
            }
        }
        let mut facts: Vec<Fact> = facts
            .into_iter()
            .map(|((by, set, range), versions)| Fact { by, versions, set, range: range.clone() })
            .collect();
        facts.sort_by(|a, b| (a.by, a.set, &a.range).cmp(&(b.by, b.set, &b.range)));
        facts
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let mut stack: Vec<Node> = self.0.take().into_iter().collect();
        while let Some(node) = stack.pop() {
            if let DerivationTree::Derived(derived) = node {
                // A shared branch is taken down by the last one who holds it.
                stack.extend([derived.cause1, derived.cause2].into_iter().filter_map(Arc::into_inner));
            }
        }
    }
}
