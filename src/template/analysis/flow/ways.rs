//! Which turns lead to an issue: those that tell the worlds that have it from those that do not.

use super::super::world::{Turn, common};
use std::rc::Rc;

/// The ways to an issue.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// The turns around that have made the issue what it is.
    pub(super) around: Vec<Turn>,
    /// The visit of the place that is looked at, how all worlds came there, and how those with the issue.
    visit: usize,
    here: Rc<[Vec<Turn>]>,
    with_issue: Vec<Vec<Turn>>,
    /// The fewest turns that matter, of all visits before.
    fewest: Option<Vec<Turn>>,
}

impl Ways {
    /// Adds a way to the issue, on a visit to which all worlds came as `here` says.
    pub(super) fn add(&mut self, way: &[Turn], visit: usize, here: &Rc<[Vec<Turn>]>) {
        if visit != self.visit {
            self.end_visit();
            self.visit = visit;
            self.here = here.clone();
        }
        self.with_issue.push(way.to_vec());
    }

    fn end_visit(&mut self) {
        let with_issue = std::mem::take(&mut self.with_issue);
        let Some(turns) = telling(&with_issue, &self.here) else { return };
        if self.fewest.as_ref().is_none_or(|fewest| turns.len() < fewest.len()) {
            self.fewest = Some(turns);
        }
    }

    /// Returns the turns that matter.
    pub(super) fn told(mut self) -> Vec<Turn> {
        self.end_visit();
        let mut told = self.around;
        told.extend(self.fewest.unwrap_or_default());
        told
    }
}

/// Returns the turns that all of `ways`, or where these share none that do, the shortest of them, have and
/// that the others of `here` do not have all; nothing where there is no way.
fn telling(ways: &[Vec<Turn>], here: &[Vec<Turn>]) -> Option<Vec<Turn>> {
    let shortest = ways.iter().min_by_key(|way| way.len())?;
    let shared = ways.iter().skip(1).fold(ways[0].clone(), |shared, way| common(&shared, way));
    // Worlds may come the same way, and only some have the issue.
    let mut others: Vec<&Vec<Turn>> = here.iter().collect();
    for way in ways {
        if let Some(at) = others.iter().position(|other| *other == way) {
            others.swap_remove(at);
        }
    }
    let mut told: Vec<&Turn> = Vec::new();
    for turns in [&shared, shortest] {
        while !others.is_empty() {
            // Of those that tell as much, the first: what comes later often only follows from it.
            let rules_out = |turn: &&Turn| others.iter().filter(|way| !way.contains(turn)).count();
            let Some(turn) = turns.iter().rev().max_by_key(rules_out).filter(|turn| rules_out(turn) > 0) else { break };
            others.retain(|way| way.contains(turn));
            told.push(turn);
        }
    }
    // One condition may hold for several reasons, of which some lead to the issue.
    told.extend(shortest.last().filter(|_| told.is_empty() && !others.is_empty()));
    Some(shortest.iter().filter(|turn| told.contains(turn)).cloned().collect())
}
