//! What would help, found by trying: no hint is given that was not seen to work.

use super::explanation::{Conflict, Demand, Dependant, Explanation, Reason};
use super::pool::{Asked, Pool, SetId, Target};
use super::problem::{Budget, Root, RootRole};
use super::ranges::Place;
use super::solve::{Outcome, run};
use crate::error::{Hint, shell_word};
use crate::lockfile::Source;
use crate::version::{Requirement, Version};
use std::cell::Cell;

/// How many of the project's requirements are tried.
const MAX_TRIES: usize = 10;
/// How many hints are given.
const MAX_HINTS: usize = 3;
/// How many decisions one try may always take, and how many at most: otherwise as many as it took
/// to find out that there is no answer.
const DECISIONS: std::ops::RangeInclusive<u64> = 1_000..=20_000;

/// Returns what would help against the conflicts: first what the reasons say, then which of the
/// project's own requirements would let everything else be satisfied if it were another.
///
/// It stays within what is left of `budget`. What fails while trying is no hint and no error.
pub(super) fn find(
    pool: &mut Pool<'_>,
    roots: &[Root],
    asked: &[Asked],
    explanation: &Explanation,
    budget: Budget<'_>,
    spent: &Cell<u64>,
) -> Vec<Hint> {
    let mut hints = from_reasons(explanation);
    let each = spent.get().clamp(*DECISIONS.start(), *DECISIONS.end());
    for at in involved(roots, explanation).into_iter().take(MAX_TRIES) {
        if hints.len() >= MAX_HINTS || (budget.stop)() {
            break;
        }
        let Some(root) = roots.get(at) else { continue };
        let target = pool.target_of(&root.request);
        let has_choice =
            matches!(root.request.source, Source::Registry(_)) || root.request.requirement != Requirement::STAR;
        let is_fixed = !has_choice || target.overridden;
        if is_fixed || root.role == RootRole::Question {
            continue;
        }
        let Ok(any) = pool.ask(&Target { requirement: &Requirement::STAR, ..target }) else { continue };
        let mut relaxed = asked.to_vec();
        relaxed[at] = any;
        let limit = Budget { decisions: budget.decisions.min(spent.get().saturating_add(each)), ..budget };
        if let Ok(Outcome::Solved(solution)) = run(pool, &relaxed, limit, spent) {
            hints.extend(another_version(pool, root, asked[at].set, &solution, explanation));
        }
    }
    hints.dedup();
    hints
}

/// Returns the places of the project's requirements that the conflicts come from, nearest conflict first.
fn involved(roots: &[Root], explanation: &Explanation) -> Vec<usize> {
    let mut places = Vec::new();
    let demands = explanation.conflicts.iter().flat_map(|conflict| &conflict.demands);
    for step in demands.filter_map(|demand| demand.path.first()) {
        let Dependant::Project { member, line } = &step.by else { continue };
        let at = roots
            .iter()
            .position(|root| root.member == *member && root.line == *line && root.request.name == step.needs);
        if let Some(at) = at.filter(|at| !places.contains(at)) {
            places.push(at);
        }
    }
    places
}

/// Returns the hint that another version of a root's set would do, as the solution has it.
fn another_version(
    pool: &Pool<'_>,
    root: &Root,
    set: SetId,
    solution: &[(SetId, Place)],
    explanation: &Explanation,
) -> Option<Hint> {
    let (_, place) = solution.iter().find(|(chosen, _)| *chosen == set)?;
    let (table, at) = pool.entry(set, *place)?;
    let entry = &table.entries[at];
    let name = &root.request.name;
    let caret = short_caret(&entry.version);
    // What it says of the set in conflict is why it helps.
    let conflict = explanation.conflicts.first()?;
    let need = entry.needs.iter().find(|need| *need.name == conflict.set);
    let why = match need {
        _ if conflict.set == *name => format!("{name} {} would do", entry.version),
        Some(need) => format!("{name} {} needs {} {}", entry.version, need.name, need.requirement),
        None => format!("{name} {} would do", entry.version),
    };
    let folder = if root.member == "." { String::new() } else { format!(" -C {}", shell_word(&root.member)) };
    Some(Hint::run(why, format!("anvil{folder} add {name}@{caret}")))
}

/// Returns what the reasons themselves say could be done.
fn from_reasons(explanation: &Explanation) -> Vec<Hint> {
    let mut hints = Vec::new();
    for conflict in &explanation.conflicts {
        for reason in &conflict.reasons {
            let set = &conflict.set;
            let hint = match reason {
                Reason::DoesNotExist { similar: Some(similar), .. } => Hint::new(format!("did you mean `{similar}`?")),
                Reason::NotInCache => Hint::new("run it once without `--offline`"),
                Reason::UnknownRegistry { registry } => {
                    Hint::new(format!("add an entry to `[registries]` whose id is {registry}"))
                }
                Reason::NeedsNewerAnvil { .. } | Reason::NewerFormat { .. } => Hint::new("upgrade Anvil"),
                Reason::NoMatch { newest, .. } if newest.first().is_some_and(|newest| !newest.pre.is_empty()) => {
                    let newest = newest.first().map(Version::to_string).unwrap_or_default();
                    Hint::new(format!(
                        "{set} {newest} is a pre-release, taken only where a requirement names one, as `^{newest}`"
                    ))
                }
                _ => continue,
            };
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
    }
    let sources = explanation.conflicts.iter().any(Conflict::has_several_sources);
    if sources {
        hints.push(Hint::new("say in `[override]` which source the set is taken from"));
    }
    let overridden = |conflict: &Conflict| {
        let last = |demand: &Demand| demand.path.last().is_some_and(|step| step.overridden);
        let is_absent = conflict.reasons.iter().any(|reason| matches!(reason, Reason::DoesNotExist { .. }));
        is_absent && conflict.demands.iter().any(last)
    };
    if explanation.conflicts.iter().any(overridden) {
        hints.push(Hint::new(
            "`[override]` says where a set is taken from, too: without `registry` it is the default one",
        ));
    }
    hints.truncate(MAX_HINTS);
    hints
}

/// Returns the shortest caret requirement for `version` and what is compatible with it: `^4`, `^0.3`.
fn short_caret(version: &Version) -> String {
    match version {
        _ if !version.pre.is_empty() => format!("^{version}"),
        Version { major: 0, minor: 0, patch, .. } => format!("^0.0.{patch}"),
        Version { major: 0, minor, .. } => format!("^0.{minor}"),
        Version { major, .. } => format!("^{major}"),
    }
}
