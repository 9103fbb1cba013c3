//! Lines: which of them differ, and the hunks that show it.
//!
//! The search is Myers' with the cost limit of git's xdiff (`similar::Algorithm::Myers`): where a
//! minimal script would cost too much it settles for a good one, by work done and never by time.

use super::{Detail, words};
use serde::Serialize;
use similar::{Algorithm, DiffOp};
use std::collections::HashMap;
use std::ops::Range;

/// Unchanged lines shown before and after each change, unless another number is asked for.
pub const CONTEXT: usize = 3;

/// Above so many lines on both sides together no common lines are looked for between the first
/// and the last difference. The largest bundle may hold files of 64 MiB; the search above grows
/// with the square root of its length for every line, and a prompt is never that long.
const MAX_LINES: usize = 2_000_000;

/// A stretch of lines that differ, with the lines around them. Lines count from 1; an empty
/// stretch begins at the line before it, as in git.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// The first line on the old side.
    pub old_start: usize,
    /// How many lines it has on the old side.
    pub old_lines: usize,
    /// The first line on the new side.
    pub new_start: usize,
    /// How many lines it has on the new side.
    pub new_lines: usize,
    /// The lines, removed ones before the added ones that take their place.
    pub lines: Vec<Line>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Which side it is on.
    pub kind: LineKind,
    /// Its text without the newline, in pieces. A carriage return belongs to the text.
    pub segments: Vec<Segment>,
    /// Whether the file ends here without a newline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_newline: bool,
}

/// Which side a line is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// On both.
    Context,
    /// On the old side alone.
    Removed,
    /// On the new side alone.
    Added,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The piece.
    pub text: String,
    /// Whether exactly these words are what changed within a replaced line.
    pub emphasised: bool,
}

impl Line {
    /// Returns the line's whole text, without the newline.
    pub fn text(&self) -> String {
        self.segments.iter().map(|segment| segment.text.as_str()).collect()
    }
}

/// Returns `bytes` as text, or nothing if they are not UTF-8 or hold a NUL.
pub(super) fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// The difference of two texts, by lines.
pub(super) struct Difference<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    ops: Vec<DiffOp>,
}

impl<'a> Difference<'a> {
    pub(super) fn between(old: &'a str, new: &'a str) -> Self {
        let old: Vec<&str> = old.split_inclusive('\n').collect();
        let new: Vec<&str> = new.split_inclusive('\n').collect();
        let ops = operations(&old, &new);
        Difference { old, new, ops }
    }

    /// Returns how many lines were added and how many removed.
    pub(super) fn counts(&self) -> (usize, usize) {
        let changes = self.ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        changes.fold((0, 0), |(added, removed), op| (added + op.new_range().len(), removed + op.old_range().len()))
    }

    pub(super) fn hunks(&self, detail: Detail, context: usize) -> Vec<Hunk> {
        if self.ops.iter().all(|op| matches!(op, DiffOp::Equal { .. })) {
            return Vec::new();
        }
        let groups = similar::group_diff_ops(self.ops.clone(), context.min(MAX_LINES));
        groups.iter().filter(|group| !group.is_empty()).map(|group| self.hunk(group, detail)).collect()
    }

    fn hunk(&self, ops: &[DiffOp], detail: Detail) -> Hunk {
        let span = |range: fn(&DiffOp) -> Range<usize>| {
            let start = ops.first().map_or(0, |op| range(op).start);
            let end = ops.last().map_or(0, |op| range(op).end);
            (if start == end { start } else { start + 1 }, end - start)
        };
        let (old_start, old_lines) = span(DiffOp::old_range);
        let (new_start, new_lines) = span(DiffOp::new_range);
        let mut lines = Vec::with_capacity(old_lines + new_lines);
        for op in ops {
            let (old, new) = (&self.old[op.old_range()], &self.new[op.new_range()]);
            if matches!(op, DiffOp::Equal { .. }) {
                lines.extend(old.iter().map(|line| plain(LineKind::Context, line)));
                continue;
            }
            let (removed, added) = match detail {
                Detail::Words if !old.is_empty() && !new.is_empty() => words::emphasise(old, new),
                _ => (None, None),
            };
            lines.extend(told(LineKind::Removed, old, removed));
            lines.extend(told(LineKind::Added, new, added));
        }
        Hunk { old_start, old_lines, new_start, new_lines, lines }
    }
}

/// Returns `lines` with the pieces found for each, or each in one piece.
fn told(kind: LineKind, lines: &[&str], pieces: Option<Vec<Vec<Segment>>>) -> Vec<Line> {
    match pieces {
        None => lines.iter().map(|line| plain(kind, line)).collect(),
        Some(pieces) => lines
            .iter()
            .zip(pieces)
            .map(|(line, segments)| Line { kind, segments, no_newline: !line.ends_with('\n') })
            .collect(),
    }
}

fn plain(kind: LineKind, line: &str) -> Line {
    let text = line.strip_suffix('\n');
    let segment = Segment { text: text.unwrap_or(line).to_owned(), emphasised: false };
    Line { kind, segments: vec![segment], no_newline: text.is_none() }
}

/// Returns the edit script from `old` to `new`.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len() + new.len() > MAX_LINES {
        return without_search(old, new);
    }
    // Numbers in place of texts: every comparison of the search is then one of two integers.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let (old, new) = (numbered(old, &mut numbers), numbered(new, &mut numbers));
    similar::capture_diff_slices(Algorithm::Myers, &old, &new)
}

/// Returns a number for each of `texts`, the same for the same text.
pub(super) fn numbered<'a>(texts: &[&'a str], numbers: &mut HashMap<&'a str, usize>) -> Vec<usize> {
    texts
        .iter()
        .map(|text| {
            let next = numbers.len();
            *numbers.entry(text).or_insert(next)
        })
        .collect()
}

/// Returns the script that replaces all between the lines that both begin and both end with.
fn without_search(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|&at| old[at] == new[at]).count();
    let tail = (0..shorter - head).take_while(|&at| old[old.len() - 1 - at] == new[new.len() - 1 - at]).count();
    let (old_len, new_len) = (old.len() - head - tail, new.len() - head - tail);
    let mut ops = Vec::new();
    if head > 0 {
        ops.push(DiffOp::Equal { old_index: 0, new_index: 0, len: head });
    }
    match (old_len, new_len) {
        (0, 0) => {}
        (0, _) => ops.push(DiffOp::Insert { old_index: head, new_index: head, new_len }),
        (_, 0) => ops.push(DiffOp::Delete { old_index: head, old_len, new_index: head }),
        _ => ops.push(DiffOp::Replace { old_index: head, old_len, new_index: head, new_len }),
    }
    if tail > 0 {
        ops.push(DiffOp::Equal { old_index: old.len() - tail, new_index: new.len() - tail, len: tail });
    }
    ops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_search_all_between_the_common_ends_is_replaced() {
        for (old, new, wanted) in [
            ("a b c d", "a x y d", (2, 2)),
            ("a b", "a b", (0, 0)),
            ("", "a b", (2, 0)),
            ("a b", "", (0, 2)),
            ("a a", "a a a", (1, 0)),
            ("a b a", "a a", (0, 1)),
        ] {
            let split = |text: &'static str| -> Vec<&str> { text.split_whitespace().collect() };
            let (old, new) = (split(old), split(new));
            let ops = without_search(&old, &new);
            assert_eq!(Difference { old, new, ops }.counts(), wanted);
        }
    }
}
