//! Why a set is in the lock: the ways from the project to it.

use super::context::Context;
use super::tree;
use crate::error::Result;
use crate::name::SetName;

/// How many of the shortest ways are told; who needs more wants the tree.
pub const MOST_WAYS: usize = 20;

/// The lock in which `set` stands; `resolver::graph::Graph::why` finds the ways in it.
///
/// # Errors
/// When there is no lock, it has conflict markers, or does not hold the set.
pub fn run(context: &Context, set: &SetName) -> Result<tree::Report> {
    tree::run(context, Some(set))
}
