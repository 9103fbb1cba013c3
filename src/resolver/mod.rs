//! The resolver: which version of each set satisfies every requirement.
//!
//! [`resolve`] takes a [`Problem`] (what the project requires, what its lock holds) and an
//! [`Index`] (the registries, as a trait that is implemented above) and gives a [`Resolution`] or
//! an [`Explanation`] of why there is none. It has no disk, no network and no clock.
//!
//! It promises:
//! - an answer satisfies every requirement as `VersionReq::matches` has it (`ranges` says how
//!   pre-releases fare), and if there is an answer it is found, unless the [`Budget`] ends first;
//! - the order of the input does not change the answer;
//! - what is locked stays where it can; what was yanked is chosen only if it is locked;
//! - one set has one version and one source;
//! - work and memory are bounded by the budget, and no depth of a graph overflows the stack.
//!
//! Fetching, caching and writing the lock are left to others. [`graph`] reads finished locks:
//! `tree`, `why`, and which sets are no longer needed.

mod advice;
mod circle;
mod derivation;
mod error;
mod explain;
mod explanation;
pub mod graph;
mod pool;
mod problem;
mod proof;
mod ranges;
mod reasons;
mod resolve;
mod solve;
mod table;
mod world;

#[cfg(test)]
mod tests;

pub use circle::Circle;
pub use error::ResolveError;
pub use explanation::{Conflict, Demand, Dependant, Explanation, Reason, Step};
pub use problem::{
    AgeRule, Budget, Chosen, Detail, FixedSet, Locked, MAX_FACTS, MAX_SETS, Problem, Request, Resolution, Root,
    RootRole, Strategy, Telling, Update,
};
pub use proof::{Deduction, Derivation, Ground};
pub use resolve::resolve;
pub use world::{Candidate, Index, Unavailable, Versions, Wanted};
