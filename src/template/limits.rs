//! The budgets of a template: what keeps one that a stranger wrote from hanging a program,
//! exhausting its memory or overflowing its stack.

use serde_json::Value as Json;
use std::time::{Duration, Instant};

/// The most tags, outputs, values and filters that a template may be made of. Each takes some hundred bytes of
/// memory where it took a few in the source; a prompt of a thousand lines has some hundreds.
pub(super) const MAX_PARTS: usize = 30_000;

/// How much a template may do. The defaults are what no honest prompt comes near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How deep blocks, and values in each other, may be nested: while parsing in one template, while
    /// rendering over all partials. At most [`Limits::DEEPEST`] is heeded, since both recurse.
    pub depth: usize,
    /// The steps of one rendering: a node, an item of a loop, a filter is one each; long texts and
    /// lists count for more.
    pub steps: u64,
    /// The most bytes that the output, or any text or list on the way, may have.
    pub output: usize,
    /// How deep partials may render each other, the root being 1. Prompts that do so deeper than
    /// [`Limits::DEEPEST_PARTIAL`] are found at fault before anything is rendered.
    pub partials: usize,
    /// How long one rendering may take; not limited unless said.
    pub time: Option<TimeLimit>,
}

/// A limit of time, and the clock that it goes by: this module has none of its own.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimit {
    /// How long.
    pub limit: Duration,
    /// The clock, such as `Instant::now`.
    pub clock: fn() -> Instant,
}

/// The clock is how time is told and no part of the limit.
impl PartialEq for TimeLimit {
    fn eq(&self, other: &Self) -> bool {
        self.limit == other.limit
    }
}

impl Limits {
    /// The deepest nesting that a stack of 2 MiB, which threads have by default, has room for.
    pub const DEEPEST: usize = 256;

    /// The deepest that prompts may render each other, the root being 1 (PROMPTS.md, section 6).
    pub const DEEPEST_PARTIAL: usize = 16;

    /// Returns the same limits with a limit of time, by `clock`, such as `Instant::now`.
    #[must_use]
    pub fn within(self, limit: Duration, clock: fn() -> Instant) -> Limits {
        Limits { time: Some(TimeLimit { limit, clock }), ..self }
    }

    /// Returns the depth that is heeded.
    pub(super) fn deepest(&self) -> usize {
        self.depth.min(Limits::DEEPEST)
    }
}

impl Default for Limits {
    /// 256 deep, 1,000,000 steps, 4 MiB, 16 partials, no limit of time.
    fn default() -> Limits {
        Limits {
            depth: Limits::DEEPEST,
            steps: 1_000_000,
            output: 4 * 1024 * 1024,
            partials: Limits::DEEPEST_PARTIAL,
            time: None,
        }
    }
}

/// Returns how many steps it counts for to copy and check a value: four bytes or a quarter of an item
/// are one.
pub(crate) fn steps_to_copy(value: &Json) -> usize {
    match value {
        Json::String(text) => 1 + text.len() / 4,
        Json::Array(items) => 4 + items.iter().map(steps_to_copy).sum::<usize>(),
        Json::Object(entries) => {
            4 + entries.iter().map(|(key, value)| 4 + key.len() / 4 + steps_to_copy(value)).sum::<usize>()
        }
        _ => 4,
    }
}
