//! The syntax of templates, and the public tree that a source becomes.
//!
//! [`Dialect::Prompt`] is the prompt language; [`Dialect::Lax`] is Shopify's Liquid as it is.
//! A source goes through `scan` (text, outputs, tags), `lines` (white space) and `parse`, which makes the
//! [`tree`] of `tags`, `open` blocks and the `expression`s that `lexer` cuts into tokens.
//! What people write who know another language is explained by `habits`.

mod expression;
pub(crate) mod habits;
mod lexer;
mod lines;
mod open;
mod parse;
mod scan;
mod tags;
#[cfg(test)]
mod tests;
pub mod tree;

pub use tree::*;

use super::{Dialect, MAX_SOURCE, Problem};
use std::sync::Arc;

/// What a source was made into.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) nodes: Vec<Node>,
    /// The names that stand in it, by the numbers that the tree has for them.
    pub(super) names: Vec<Arc<str>>,
    /// Whether it holds a tag that may not stand everywhere: a role, `history`, `render`, `break` or `continue`.
    pub(super) has_placed_tags: bool,
}

/// Returns the tree of `source`, as far as it could be read; what was wrong is put into `problems`.
pub(super) fn parse(source: &str, dialect: Dialect, deepest: usize, problems: &mut Vec<Problem>) -> Parsed {
    let mut segments = scan::scan(source, problems);
    match dialect {
        Dialect::Prompt => lines::apply(source, &mut segments),
        Dialect::Lax => lines::apply_lax(source, &mut segments),
    }
    parse::parse(source, &segments, dialect, deepest, problems)
}

/// Returns whether two sources differ in their text alone: the same outputs and tags in the same
/// order, with text that is blank or not in the same places. What they declare, use, render and get
/// wrong is then the same. Sources that cannot be cut into segments are never found alike.
pub fn differ_in_text_alone(a: &str, b: &str) -> bool {
    let mut problems = Vec::new();
    let (first, second) = (scan::scan(a, &mut problems), scan::scan(b, &mut problems));
    let is_same = |(one, other): (&scan::Segment, &scan::Segment)| {
        let (left, right) = (&a[one.span.clone()], &b[other.span.clone()]);
        let text = matches!(one.kind, scan::Kind::Text | scan::Kind::Raw | scan::Kind::Dead);
        one.kind == other.kind && if text { left.trim().is_empty() == right.trim().is_empty() } else { left == right }
    };
    let short = a.len().max(b.len()) <= MAX_SOURCE;
    short && problems.is_empty() && first.len() == second.len() && first.iter().zip(&second).all(is_same)
}
