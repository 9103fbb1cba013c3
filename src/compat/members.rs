//! The members of `anyOf`, `oneOf` and `allOf`, of which the order means nothing: which of the old ones are which
//! of the new ones, and whether more than one can hold at a time.

use super::json_schema::{holds, keywords, listed, required, types};
use serde_json::{Map, Value};

/// The most pairs of members that are looked at.
const MOST_PAIRS: usize = 4096;

/// How the members of two versions lie to each other.
pub(super) struct Matched<'a> {
    /// Those that are written otherwise by now.
    pub(super) changed: Vec<(&'a Value, &'a Value)>,
    /// How many are gone.
    pub(super) removed: usize,
    /// How many are new.
    pub(super) added: usize,
}

/// Returns which members of `old` are which of `new`, the most alike first; those that are the same are left out.
/// Nothing where there are too many to tell.
pub(super) fn matched<'a>(old: &'a [Value], new: &'a [Value]) -> Option<Matched<'a>> {
    let gone: Vec<&Value> = old.iter().filter(|member| !new.contains(member)).collect();
    let come: Vec<&Value> = new.iter().filter(|member| !old.contains(member)).collect();
    if gone.len() * come.len() > MOST_PAIRS {
        return None;
    }
    let pairs = (0..gone.len()).flat_map(|old| (0..come.len()).map(move |new| (old, new)));
    let mut pairs: Vec<(usize, (usize, usize))> =
        pairs.map(|(old, new)| (likeness(gone[old], come[new]), (old, new))).collect();
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // What is like nothing is another's successor only where nothing else could be.
    let is_alone = gone.len() == 1 && come.len() == 1;
    let (mut has_gone, mut has_come) = (vec![false; gone.len()], vec![false; come.len()]);
    let mut changed = Vec::new();
    for (likeness, (old, new)) in pairs {
        if (likeness > 0 || is_alone) && !has_gone[old] && !has_come[new] {
            (has_gone[old], has_come[new]) = (true, true);
            changed.push((gone[old], come[new]));
        }
    }
    Some(Matched { removed: gone.len() - changed.len(), added: come.len() - changed.len(), changed })
}

/// Returns how much speaks for two members being versions of one.
fn likeness(old: &Value, new: &Value) -> usize {
    let (Some(old), Some(new)) = (keywords(old), keywords(new)) else { return 0 };
    let kinds = (types(&old), types(&new));
    if let (Some(old), Some(new)) = &kinds
        && old.is_disjoint(new)
    {
        return 0;
    }
    let is_same = |key: &str| old.contains_key(key) && old.get(key) == new.get(key);
    let properties = (properties(&old), properties(&new));
    let shared = properties.0.iter().filter(|(name, _)| properties.1.contains_key(*name));
    // A listed value that both share is what tells the member from its neighbours.
    let property = |(name, old): (&String, &Value)| {
        let is_tag = values(old).is_some() && values(old) == properties.1.get(name).and_then(values);
        if is_tag { 16 } else { 2 }
    };
    usize::from(kinds.0.is_some() && kinds.0 == kinds.1)
        + shared.map(property).sum::<usize>()
        + 16 * usize::from(is_same("$ref"))
}

/// Returns whether no value can be allowed by two of `members`, as is plain to see: by their types, by the values
/// that they list, or by those of a field that they all need.
pub(super) fn exclude_each_other(members: &[Value]) -> bool {
    if members.len() * members.len() > MOST_PAIRS {
        return false;
    }
    let exclude = |(at, one): (usize, &Value)| members[at + 1..].iter().all(|other| are_disjoint(one, other));
    members.iter().enumerate().all(exclude)
}

fn are_disjoint(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (keywords(one), keywords(other)) else { return true };
    if let (Some(one), Some(other)) = (types(&one), types(&other))
        && one.is_disjoint(&other)
    {
        return true;
    }
    let differ = |one: Option<Vec<Value>>, other: Option<Vec<Value>>| match (one, other) {
        (Some(one), Some(other)) => !one.iter().any(|value| holds(&other, value)),
        _ => false,
    };
    if differ(listed(&one), listed(&other)) {
        return true;
    }
    let (fields, others) = (properties(&one), properties(&other));
    let is_object = |keywords: &Map<String, Value>| keywords.get("type") == Some(&Value::from("object"));
    let needed = required(&one);
    is_object(&one)
        && is_object(&other)
        && needed.intersection(&required(&other)).any(|name| {
            let of = |fields: &Map<String, Value>| fields.get(name).and_then(values);
            differ(of(&fields), of(&others))
        })
}

fn properties(keywords: &Map<String, Value>) -> Map<String, Value> {
    keywords.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn values(schema: &Value) -> Option<Vec<Value>> {
    listed(&keywords(schema)?)
}
