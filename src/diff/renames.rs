//! Renames: which of the files that went are the ones that came.
//!
//! First those with exactly the same bytes, then those with enough lines in common, the most
//! alike first. The measure is git's: the bytes of the lines that both have, as a share of the
//! larger file. Git counts pieces of 64 bytes as well as lines; prompts have lines.

use super::SideFile;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The least share of common lines, in per cent, that makes a rename.
const MIN_SIMILARITY: u8 = 50;

/// Above so many pairs of a file that went and one that came, only identical ones are matched.
const MAX_PAIRS: usize = 250_000;

/// Larger files are matched when identical, and not otherwise.
const MAX_BYTES: usize = 1 << 20;

pub(super) struct Rename<'a> {
    pub(super) old: &'a SideFile,
    pub(super) new: &'a SideFile,
    pub(super) similarity: u8,
}

pub(super) struct Found<'a> {
    pub(super) pairs: Vec<Rename<'a>>,
    pub(super) limited: bool,
}

/// Returns the renames among the files that went, `deleted`, and those that came, `added`; both
/// are ordered by path.
pub(super) fn find<'a, 'b, E>(
    deleted: &[&'a SideFile],
    added: &[&'a SideFile],
    read_old: impl Fn(&SideFile) -> Result<Cow<'b, [u8]>, E>,
    read_new: impl Fn(&SideFile) -> Result<Cow<'b, [u8]>, E>,
) -> Result<Found<'a>, E> {
    let (mut pairs, deleted, added) = identical(deleted, added);
    if deleted.len().saturating_mul(added.len()) > MAX_PAIRS {
        return Ok(Found { pairs, limited: true });
    }
    if deleted.is_empty() || added.is_empty() {
        return Ok(Found { pairs, limited: false });
    }
    let mut lines = Lines::default();
    let old: Vec<Print> = deleted.iter().map(|file| Ok(lines.print(&read_old(file)?))).collect::<Result<_, E>>()?;
    let new: Vec<Print> = added.iter().map(|file| Ok(lines.print(&read_new(file)?))).collect::<Result<_, E>>()?;

    let mut candidates = Vec::new();
    for (from, before) in old.iter().enumerate() {
        for (to, after) in new.iter().enumerate() {
            let similarity = before.similarity(after);
            if similarity >= MIN_SIMILARITY {
                let same_name = file_name(&deleted[from].path) == file_name(&added[to].path);
                candidates.push((Reverse(similarity), Reverse(same_name), from, to));
            }
        }
    }
    candidates.sort_unstable();
    let (mut from_taken, mut to_taken) = (vec![false; old.len()], vec![false; new.len()]);
    for (Reverse(similarity), _, from, to) in candidates {
        if !from_taken[from] && !to_taken[to] {
            (from_taken[from], to_taken[to]) = (true, true);
            pairs.push(Rename { old: deleted[from], new: added[to], similarity });
        }
    }
    Ok(Found { pairs, limited: false })
}

type Files<'a> = Vec<&'a SideFile>;

/// Returns the pairs with the same bytes, then what is left of both lists. Of several files with
/// the same bytes those with the same name belong together, then those first in order.
fn identical<'a>(deleted: &[&'a SideFile], added: &[&'a SideFile]) -> (Vec<Rename<'a>>, Files<'a>, Files<'a>) {
    let mut by_id: BTreeMap<_, Vec<&SideFile>> = BTreeMap::new();
    for file in deleted {
        by_id.entry(file.id).or_default().push(file);
    }
    let mut pairs: Vec<Rename<'a>> = Vec::new();
    let mut left: Vec<&SideFile> = added.to_vec();
    for same_name in [true, false] {
        left.retain(|file| {
            let Some(sources) = by_id.get_mut(&file.id) else { return true };
            let fits = |source: &&SideFile| !same_name || file_name(&source.path) == file_name(&file.path);
            let Some(at) = sources.iter().position(fits) else { return true };
            pairs.push(Rename { old: sources.remove(at), new: file, similarity: 100 });
            false
        });
    }
    let gone: BTreeSet<&str> = pairs.iter().map(|pair| pair.old.path.as_str()).collect();
    let deleted = deleted.iter().copied().filter(|file| !gone.contains(file.path.as_str())).collect();
    (pairs, deleted, left)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The lines seen so far, numbered.
#[derive(Default)]
struct Lines {
    numbers: HashMap<Vec<u8>, usize>,
}

/// What a file is compared by: its lines' numbers, sorted, with the bytes that each stands for.
struct Print {
    lines: Vec<(usize, usize)>,
    bytes: usize,
}

impl Lines {
    fn print(&mut self, content: &[u8]) -> Print {
        if content.len() > MAX_BYTES {
            return Print { lines: Vec::new(), bytes: content.len() };
        }
        let lines = content.split_inclusive(|byte| *byte == b'\n').map(|line| {
            let next = self.numbers.len();
            let number = match self.numbers.get(line) {
                Some(number) => *number,
                None => *self.numbers.entry(line.to_vec()).or_insert(next),
            };
            (number, line.len())
        });
        let mut lines: Vec<(usize, usize)> = lines.collect();
        lines.sort_unstable();
        Print { lines, bytes: content.len() }
    }
}

impl Print {
    fn similarity(&self, other: &Print) -> u8 {
        let (smaller, larger) = (self.bytes.min(other.bytes), self.bytes.max(other.bytes));
        // Cheaper than walking both: the smaller cannot have more in common than it has.
        if larger == 0 || smaller * 100 < larger * usize::from(MIN_SIMILARITY) {
            return 0;
        }
        let (mut a, mut b) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut common = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => _ = a.next(),
                std::cmp::Ordering::Greater => _ = b.next(),
                std::cmp::Ordering::Equal => {
                    common += x.1;
                    a.next();
                    b.next();
                }
            }
        }
        // Lines in another order are alike in all and still not the same file.
        u8::try_from(common * 100 / larger).unwrap_or(100).min(99)
    }
}
