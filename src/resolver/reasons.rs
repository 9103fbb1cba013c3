//! What is known of the versions that requirements ask for and that cannot be used.

use super::explain::{Claim, MAX_VERSIONS};
use super::explanation::Reason;
use super::pool::Pool;
use super::ranges::takes;
use super::table::{Entry, Missing, Refusal, Table};
use crate::error::suggest;
use crate::index::{YankReason, Yanked};
use crate::lockfile::Source;
use crate::name::SetName;
use crate::version::{Requirement, Version};

/// Returns what is known of the versions that all of `claims`, which are on one set, ask for.
pub(super) fn of(pool: &Pool<'_>, claims: &[&Claim]) -> Vec<Reason> {
    let Some((first, rest)) = claims.split_first() else { return Vec::new() };
    // From two sources they ask for nothing in common.
    if rest.iter().any(|claim| claim.source != first.source) {
        return Vec::new();
    }
    if first.by == first.set {
        let mut versions: Vec<Version> = first
            .places
            .iter()
            .filter_map(|place| pool.entry(first.by, *place))
            .map(|(table, at)| table.entries[at].version.clone())
            .collect();
        versions.sort_by(|a, b| b.cmp(a));
        versions.dedup();
        versions.truncate(MAX_VERSIONS);
        return vec![Reason::NeedsAnotherOfItself { versions }];
    }
    let (Some(name), Some(table)) = (pool.name(first.set), pool.known_table(first.set, first.source)) else {
        return Vec::new();
    };
    let source = pool.source(first.source);
    match (table.missing, source) {
        (Some(Missing::Offline), _) => return vec![Reason::NotInCache],
        (Some(Missing::UnknownRegistry), Source::Registry(registry)) => {
            return vec![Reason::UnknownRegistry { registry: registry.clone() }];
        }
        (Some(_), _) => {
            return vec![Reason::DoesNotExist { source: source.clone(), similar: similar(pool, name, source) }];
        }
        (None, _) => {}
    }
    let reading = pool.reading(first.source);
    let asked_for = |version: &Version| claims.iter().all(|claim| takes(&claim.requirement, version, reading));
    let mut reasons = refusals(&table, pool.now(), asked_for);
    let invalid: Vec<Version> =
        table.invalid.iter().rev().filter(|version| asked_for(version)).take(MAX_VERSIONS).cloned().collect();
    if !invalid.is_empty() {
        reasons.push(Reason::Invalid { versions: invalid });
    }
    if table.newer > 0 {
        reasons.push(Reason::NewerFormat { count: table.newer });
    }
    // Of two requirements that exclude each other as they stand, it is of no interest what there is.
    let alone = rest.is_empty();
    // It does have versions where all of them are invalid, or for a newer Anvil.
    let has_any = !table.entries.is_empty() || (table.invalid.is_empty() && table.newer == 0);
    if alone && has_any && !table.entries.iter().any(|entry| asked_for(&entry.version)) {
        let newest: Vec<Version> =
            table.entries.iter().rev().take(MAX_VERSIONS).map(|entry| entry.version.clone()).collect();
        let more = table.entries.len() - newest.len();
        reasons.push(Reason::NoMatch { newest, more });
    }
    reasons
}

/// Returns why those versions may not be chosen that are asked for.
fn refusals(table: &Table, now: i64, asked_for: impl Fn(&Version) -> bool) -> Vec<Reason> {
    // What its publisher calls invalid is told apart from what is yanked for another reason.
    let mut yanked: [(Vec<Version>, Option<Yanked>); 2] = Default::default();
    let mut too_new = (Vec::new(), None);
    let mut future: (Vec<Version>, Option<i64>) = (Vec::new(), None);
    let mut age_unknown = Vec::new();
    let mut needs_anvil: (Vec<Version>, Option<Requirement>) = (Vec::new(), None);
    for Entry { version, refusal, .. } in table.entries.iter().rev().filter(|entry| asked_for(&entry.version)) {
        let version = version.clone();
        match refusal {
            Some(Refusal::Yanked(why)) => {
                let (versions, newest) = &mut yanked[usize::from(why.reason == YankReason::Invalid)];
                versions.push(version);
                newest.get_or_insert_with(|| why.clone());
            }
            Some(Refusal::TooNew(at)) => {
                too_new.0.push(version);
                too_new.1 = Some(too_new.1.map_or(*at, |oldest: i64| oldest.min(*at)));
            }
            Some(Refusal::FromTheFuture(at)) => {
                future.0.push(version);
                future.1 = Some(future.1.map_or(*at, |oldest: i64| oldest.min(*at)));
            }
            Some(Refusal::AgeUnknown) => age_unknown.push(version),
            Some(Refusal::NeedsAnvil(requirement)) => {
                needs_anvil.0.push(version);
                needs_anvil.1.get_or_insert_with(|| requirement.clone());
            }
            None => {}
        }
    }
    let few = |mut versions: Vec<Version>| {
        versions.truncate(MAX_VERSIONS);
        versions
    };
    let mut reasons = Vec::new();
    for (versions, newest) in yanked {
        let told =
            newest.map(|Yanked { reason, message, .. }| Reason::Yanked { versions: few(versions), reason, message });
        reasons.extend(told);
    }
    reasons.extend(too_new.1.map(|published_at| Reason::TooNew { versions: few(too_new.0), published_at }));
    reasons.extend(future.1.map(|published_at| Reason::FromTheFuture { versions: few(future.0), published_at, now }));
    if !age_unknown.is_empty() {
        reasons.push(Reason::AgeUnknown { versions: few(age_unknown) });
    }
    reasons
        .extend(needs_anvil.1.map(|requirement| Reason::NeedsNewerAnvil { versions: few(needs_anvil.0), requirement }));
    reasons
}

/// Returns a name that `name` may be a slip of: the registry's answer, or else a name that was met.
fn similar(pool: &Pool<'_>, name: &SetName, source: &Source) -> Option<SetName> {
    if let Source::Registry(registry) = source
        && let Some(similar) = pool.similar(registry, name)
    {
        return Some(similar);
    }
    let existing = pool.existing_names();
    let found = suggest(name.as_str(), existing.iter().map(SetName::as_str))?.to_owned();
    existing.into_iter().find(|existing| existing.as_str() == found)
}
