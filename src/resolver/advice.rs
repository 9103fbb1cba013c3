//! What would help, found by trying: no hint is given that was not seen to work.

use super::explanation::{Conflict, Demand, Dependant, Explanation, Reason, Step, day};
use super::pool::{Asked, Pool, SetId, Target};
use super::problem::{AgeRule, Budget, Problem, Root, RootRole, Telling};
use super::ranges::Place;
use super::solve::{Outcome, run, run_with};
use crate::error::{Hint, shell_word};
use crate::lockfile::Source;
use crate::manifest::FILE_NAME;
use crate::name::{RegistryName, SetName};
use crate::version::{Requirement, Version};
use std::cell::Cell;

/// How many of the project's requirements are tried, and how many overrides.
const MAX_TRIES: usize = 10;
/// How many hints are given, but for that of an override.
const MAX_HINTS: usize = 3;
/// How many decisions one try may always take, and how many at most: otherwise as many as it took
/// to find out that there is no answer.
const DECISIONS: std::ops::RangeInclusive<u64> = 1_000..=20_000;

/// Whoever tries what would help. It stays within what is left of the budget; what fails while trying is no hint and
/// no error.
pub(super) struct Advisor<'v, 'a> {
    pub(super) pool: &'v mut Pool<'a>,
    pub(super) problem: &'v Problem,
    pub(super) roots: &'v [Root],
    pub(super) asked: &'v [Asked],
    pub(super) budget: Budget<'v>,
    pub(super) spent: &'v Cell<u64>,
}

impl<'v> Advisor<'v, '_> {
    /// Returns what would help against the conflicts: first what the reasons say, then which of the project's own
    /// requirements would let everything else be satisfied if it were another, then an override that would.
    pub(super) fn hints(&mut self, explanation: &Explanation) -> Vec<Hint> {
        let mut hints = from_reasons(explanation, self.problem.age.as_ref());
        let each = self.spent.get().clamp(*DECISIONS.start(), *DECISIONS.end());
        let mut relaxed_names = Vec::new();
        for at in involved(self.roots, explanation).into_iter().take(MAX_TRIES) {
            if hints.len() >= MAX_HINTS || (self.budget.stop)() {
                break;
            }
            let Some(root) = self.roots.get(at) else { continue };
            let target = self.pool.target_of_root(root);
            // A member of the workspace may be asked for by a requirement, too.
            let has_choice =
                matches!(root.request.source, Source::Registry(_)) || root.request.requirement != Requirement::STAR;
            let is_fixed = !has_choice || target.overridden;
            if is_fixed || root.role == RootRole::Question {
                continue;
            }
            let Ok(any) = self.pool.ask(&Target { requirement: &Requirement::STAR, ..target }) else { continue };
            let mut relaxed = self.asked.to_vec();
            // What members inherit is one requirement, and is another one for all of them.
            let is_same = |other: &Root| {
                root.inherited.is_some() && other.inherited == root.inherited && other.request.name == root.request.name
            };
            for (place, _) in self.roots.iter().enumerate().filter(|(place, other)| *place == at || is_same(other)) {
                relaxed[place] = any.clone();
            }
            let tried = run(self.pool, &relaxed, self.limit(each), self.spent);
            if let Ok(Outcome::Solved(solution)) = tried
                && !self.has_circle(&solution)
            {
                relaxed_names.push(root.request.name.clone());
                let set = self.asked[at].set;
                hints.extend(another_version((self.pool, &self.problem.telling), root, set, &solution, explanation));
            }
        }
        hints.dedup();
        hints.extend(self.an_override(explanation, &relaxed_names, each));
        if explanation.conflicts.iter().any(|conflict| is_disputed(conflict) && has_unread(conflict)) {
            hints.push(Hint::new("a newer Anvil may know a version that all can use"));
        }
        hints
    }

    /// Returns whether what was found by trying would be refused for a circle.
    fn has_circle(&self, solution: &[(SetId, Place)]) -> bool {
        let resolution = super::resolve::describe(self.pool, solution, self.spent.get());
        super::circle::find(self.problem, self.roots, &resolution).is_some()
    }

    /// Returns the budget of one try of at most `each` decisions.
    fn limit(&self, each: u64) -> Budget<'v> {
        Budget { decisions: self.budget.decisions.min(self.spent.get().saturating_add(each)), ..self.budget }
    }

    /// Returns the hint of an override that would let everything else be satisfied. Nearest to what people wrote
    /// come first: a newer dependant, then another version of the set in conflict. What a requirement of the
    /// project's own would do as well, in `relaxed`, is not forced.
    fn an_override(&mut self, explanation: &Explanation, relaxed: &[SetName], each: u64) -> Option<Hint> {
        let candidates = overridable(explanation);
        let asked_for =
            |set: &SetName| self.roots.iter().any(|root| root.role == RootRole::Question && root.request.name == *set);
        let fits = |step: &&Step| {
            let set = &step.needs;
            !step.overridden && !relaxed.contains(set) && !asked_for(set) && is_needed(explanation, set)
        };
        for step in candidates.into_iter().filter(fits).take(MAX_TRIES) {
            if (self.budget.stop)() {
                return None;
            }
            let registry = match &step.source {
                Source::Registry(id) => self.problem.telling.registries.get(id),
                Source::Git { .. } | Source::Path(_) => None,
            };
            let Some(registry) = registry else { continue };
            let (source, any) = (step.source.clone(), Requirement::STAR);
            let request = super::Request { name: step.needs.clone(), requirement: any, source };
            let lifted = self.pool.ask_for(&request).ok()?;
            let tried = run_with(self.pool, (self.asked, Some(&lifted)), self.limit(each), self.spent);
            let Ok(Outcome::Solved(solution)) = tried else { continue };
            if self.has_circle(&solution) {
                continue;
            }
            let Some((_, place)) = solution.iter().find(|(chosen, _)| *chosen == lifted.set) else { continue };
            let Some((table, at)) = self.pool.entry(lifted.set, *place) else { continue };
            let version = &table.entries[at].version;
            return Some(forced(step, version, registry, explanation));
        }
        None
    }
}

/// Returns whether several want different things of the set, so that what one of them wants may well be there.
fn is_disputed(conflict: &Conflict) -> bool {
    conflict.demands.len() > 1
}

/// Returns whether there are versions of the set that this Anvil cannot read.
fn has_unread(conflict: &Conflict) -> bool {
    conflict.reasons.iter().any(|reason| matches!(reason, Reason::NewerFormat { .. }))
}

/// Returns whether what stands in a manifest needs `set`, near or far: an override of what a command would only bring in
/// could not be written before it.
fn is_needed(explanation: &Explanation, set: &SetName) -> bool {
    let mut demands = explanation.conflicts.iter().flat_map(|conflict| &conflict.demands);
    demands.any(|demand| {
        let is_written = |step: &Step| matches!(step.by, Dependant::Project { line, .. } if line > 0);
        demand.path.first().is_some_and(is_written) && demand.path.iter().any(|step| step.needs == *set)
    })
}

/// Returns, each once, the sets that an override could be of: those that lie on the ways to the first conflict and
/// that no requirement of the project's own brings in, then the set in conflict.
fn overridable(explanation: &Explanation) -> Vec<&Step> {
    let Some(conflict) = explanation.conflicts.first() else { return Vec::new() };
    let on_the_way = conflict.demands.iter().flat_map(|demand| {
        let before_last = demand.path.len().saturating_sub(1);
        demand.path.iter().take(before_last).skip(1)
    });
    let last = conflict.demands.iter().filter_map(|demand| demand.path.last());
    let mut found: Vec<&Step> = Vec::new();
    for step in on_the_way.chain(last) {
        if !found.iter().any(|other| (&other.needs, &other.source) == (&step.needs, &step.source)) {
            found.push(step);
        }
    }
    found
}

/// Returns the hint to override the set of `step` with `version`.
fn forced(step: &Step, version: &Version, registry: &RegistryName, explanation: &Explanation) -> Hint {
    let name = &step.needs;
    let asking = explanation.conflicts.iter().flat_map(|conflict| &conflict.demands).flat_map(|demand| &demand.path);
    let mut against: Vec<String> = Vec::new();
    for step in asking.filter(|step| step.needs == *name && !step.requirement.matches(version)) {
        let who = match &step.by {
            Dependant::Project { .. } => "this project".to_owned(),
            Dependant::Set { name, .. } => name.to_string(),
        };
        if !against.contains(&who) {
            against.push(who);
        }
    }
    let against = match against.as_slice() {
        [] => String::new(),
        [one] => format!(", which {one} does not ask for"),
        [one, ..] => format!(", which {one} and others do not ask for"),
    };
    let several = explanation.conflicts.iter().any(Conflict::has_several_sources);
    let from = address_of(registry);
    let place = if several { format!(" from {}", super::explanation::place(&step.source)) } else { String::new() };
    let caret = short_caret(version);
    Hint::run(
        format!("have {name} {version}{place} used wherever it is needed{against}"),
        format!("anvil add --override {from}{name}@{caret}"),
    )
}

/// Returns what stands before a set's name in a command, so that it is taken from `registry`.
fn address_of(registry: &RegistryName) -> String {
    if registry.as_str() == RegistryName::DEFAULT { String::new() } else { format!("@{registry}/") }
}

/// Returns the places of the project's requirements that the conflicts come from, nearest conflict first.
fn involved(roots: &[Root], explanation: &Explanation) -> Vec<usize> {
    let mut places = Vec::new();
    let demands = explanation.conflicts.iter().flat_map(|conflict| &conflict.demands);
    for step in demands.filter_map(|demand| demand.path.first()) {
        let Dependant::Project { member, line, .. } = &step.by else { continue };
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
    (pool, telling): (&Pool<'_>, &Telling),
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
    let from = match &root.request.source {
        Source::Registry(id) => address_of(telling.registries.get(id)?),
        Source::Git { .. } | Source::Path(_) => String::new(),
    };
    // What it says of the set in conflict is why it helps.
    let conflict = explanation.conflicts.first()?;
    let need = entry.needs.iter().find(|need| *need.name == conflict.set);
    let why = match need {
        _ if conflict.set == *name => format!("{name} {} would do", entry.version),
        Some(need) => format!("{name} {} needs {} {}", entry.version, need.name, need.requirement),
        None => format!("{name} {} would do", entry.version),
    };
    if let Some(line) = root.inherited {
        let place = format!("line {line} of the workspace's {FILE_NAME}, in [workspace.dependencies]");
        return Some(Hint::new(format!("{why}: have {place}, ask for {caret}")));
    }
    let command = match (telling.members.get(&root.member), root.member.as_str()) {
        (Some(set), _) => format!("anvil add {from}{name}@{caret} --set {set}"),
        (None, ".") => format!("anvil add {from}{name}@{caret}"),
        (None, folder) => format!("anvil -C {} add {from}{name}@{caret}", shell_word(folder)),
    };
    Some(Hint::run(why, command))
}

/// Returns what the reasons themselves say could be done.
fn from_reasons(explanation: &Explanation, age: Option<&AgeRule>) -> Vec<Hint> {
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
                Reason::NewerFormat { .. } if is_disputed(conflict) => continue,
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
    for conflict in &explanation.conflicts {
        hints.extend(conflict.reasons.iter().flat_map(|reason| of_age(&conflict.set, reason, age)));
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

/// Returns what could be done where versions of `set` are too young, or of an age that nobody knows.
fn of_age(set: &SetName, reason: &Reason, age: Option<&AgeRule>) -> Vec<Hint> {
    let exempt = format!("minimum-release-age-exempt = [\"{set}\"]");
    let exempt = |lead: &str| Hint::new(format!("{lead} in `[resolution]` of anvil.toml: `{exempt}`"));
    match (reason, age) {
        (Reason::TooNew { versions, published_at }, Some(age)) => {
            let which = match versions.as_slice() {
                [one] => format!("{set} {one}"),
                _ => format!("the first version of {set}"),
            };
            // The day after: a date stands for the moment at which it begins.
            let date = day(published_at.saturating_add(86_400));
            let date = format!("`minimum-release-age = \"{date}\"` takes what was published before that day");
            // Where the manifest names a date, no clock counts, and waiting does not help.
            let waits = (age.now != i64::MAX).then(|| age.now.saturating_sub(age.published_before));
            let first = match waits {
                Some(wait) => {
                    let ready = published_at.saturating_add(wait).saturating_add(59);
                    let minutes = ready.rem_euclid(86_400) / 60;
                    let (day, hour, minute) = (day(ready), minutes / 60, minutes % 60);
                    format!("{which} is old enough from {day} {hour:02}:{minute:02} UTC on; {date}")
                }
                None => date,
            };
            vec![Hint::new(first), exempt("or take it at any age:")]
        }
        (Reason::AgeUnknown { .. }, Some(_)) => vec![exempt("take it at any age:")],
        _ => Vec::new(),
    }
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
