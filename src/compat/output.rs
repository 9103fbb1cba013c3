//! Comparing the schema of a prompt's answer: an output, so that what allows more than before breaks
//! those who read it.
//!
//! Keywords whose effect on what is allowed goes one way are compared part by part: `type`, `enum`,
//! `const`, `properties`, `required`, `items`, the bounds, `anyOf`, `allOf`, a `oneOf` whose members
//! exclude each other, and definitions. Whatever else differs (`pattern`, `format`, `not`, a `$ref` that
//! leads elsewhere) cannot be decided, and is told as that at the smallest part that holds it.

use super::json_schema::{OPEN, allows_nothing, holds, keywords, listed, listed_as, plain, required, types};
use super::members::{exclude_each_other, matched};
use super::references::{followed, is_by_name, lead_elsewhere, reference, unworded};
use super::{Change, Rule, rules};
use crate::name::PromptName;
use crate::prompt::values::compare as order;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Returns what changed in what a prompt says of its answer.
pub(super) fn compare_output(prompt: &PromptName, old: Option<&Value>, new: Option<&Value>) -> Vec<Change> {
    let roots = [old, new].map(|schema| schema.map(plain).unwrap_or_default());
    let mut comparison = Comparison { prompt, roots: &roots, met: BTreeSet::new(), depth: 0, changes: Vec::new() };
    match (old, new) {
        (None, None) => {}
        (None, Some(_)) => comparison.add(&rules::OUTPUT_ADDED, "", "output schema added".to_owned()),
        (Some(_), None) => comparison.add(&rules::OUTPUT_REMOVED, "", "output schema removed".to_owned()),
        (Some(old), Some(new)) => {
            let [before, after] = &roots;
            // A definition that is used where less becomes more has no direction of its own.
            let is_directed = is_directed(before) && is_directed(after);
            if lead_elsewhere(before) || lead_elsewhere(after) {
                if unworded(old) != unworded(new) {
                    comparison.undecided("");
                }
            } else if before != after && !is_directed && definitions(before) != definitions(after) {
                comparison.undecided("");
            } else {
                comparison.schema("", before, after);
            }
            if comparison.changes.is_empty() && old != new {
                let words = "output schema described otherwise".to_owned();
                comparison.add(&rules::OUTPUT_DESCRIPTION_CHANGED, "", words);
            }
        }
    }
    comparison.changes
}

/// Keywords under which a schema that allows less may allow more.
const UNDIRECTED: [&str; 9] = [
    "not",
    "if",
    "oneOf",
    "contains",
    "propertyNames",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
];

fn is_directed(schema: &Value) -> bool {
    match schema {
        Value::Object(keywords) => {
            keywords.iter().all(|(key, value)| !UNDIRECTED.contains(&key.as_str()) && is_directed(value))
        }
        Value::Array(items) => items.iter().all(is_directed),
        _ => true,
    }
}

fn definitions(schema: &Value) -> [Option<&Value>; 2] {
    [schema.get("$defs"), schema.get("definitions")]
}

/// Keywords that say where a schema is from, or hold others that only a `$ref` uses.
const APART: [&str; 2] = ["$schema", "$id"];

/// A bound that holds the more the greater it is, and those that hold the more the smaller they are.
const LOWER_BOUNDS: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER_BOUNDS: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/// How many `$ref`s are followed, one within another, and in all.
const DEEPEST_FOLLOWED: usize = 32;
const MOST_FOLLOWED: usize = 1000;
/// The most members of `anyOf`, `oneOf` and `allOf` of which each `$ref` is followed.
const MOST_MEMBERS: usize = 32;

struct Comparison<'a> {
    prompt: &'a PromptName,
    /// Both schemas, plain.
    roots: &'a [Value; 2],
    /// What was compared where a `$ref` was followed.
    met: BTreeSet<String>,
    /// How many were followed on the way here.
    depth: usize,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn add(&mut self, rule: &'static Rule, path: &str, words: String) {
        self.changes.push(Change::new(rule, self.prompt, (!path.is_empty()).then_some(path), words));
    }

    fn undecided(&mut self, path: &str) {
        self.add(&rules::OUTPUT_CHANGED, path, format!("schema of {} changed", called(path)));
    }

    /// Compares what the answer may be at `path`. The depth of both is bounded.
    fn schema(&mut self, path: &str, old: &Value, new: &Value) {
        if old == new || self.follow(path, old, new).is_some() {
            return;
        }
        let (old, new) = match (keywords(old), keywords(new)) {
            (Some(old), Some(new)) => (old, new),
            (Some(_), None) => {
                return self.add(&rules::OUTPUT_TYPE_CHANGED, path, format!("{} can be nothing at all", called(path)));
            }
            (None, Some(_)) => {
                return self.add(&rules::OUTPUT_WIDENED, path, format!("{} may be something", called(path)));
            }
            (None, None) => return,
        };
        let (listed_old, listed_new) = (listed_as(&old, &new), listed_as(&new, &old));
        let (old, new) = (listed_old.unwrap_or(old), listed_new.unwrap_or(new));
        let before = self.changes.len();
        self.types(path, &old, &new);
        if self.changes[before..].iter().any(|change| *change.rule == rules::OUTPUT_TYPE_CHANGED) {
            return; // Nothing else of the two can be set side by side.
        }
        self.values(path, &old, &new);
        self.bounds(path, &old, &new);
        self.fields(path, &old, &new);
        self.parts(path, &old, &new);
        self.rest(path, &old, &new);
    }

    /// Compares what the `$ref`s lead to where the two are not the same one; nothing where there is none to follow.
    fn follow(&mut self, path: &str, old: &Value, new: &Value) -> Option<()> {
        let [was, is] = [old, new].map(reference);
        if was == is || ![was, is].into_iter().flatten().any(is_by_name) {
            return None;
        }
        // What leads back to itself is compared once.
        if !self.met.insert(format!("{old} {new}")) {
            return Some(());
        }
        if self.depth == DEEPEST_FOLLOWED || self.met.len() > MOST_FOLLOWED {
            self.undecided(path);
            return Some(());
        }
        let [was, is] = [(0, old), (1, new)].map(|(side, schema)| followed(&self.roots[side], schema));
        if was.is_none() && is.is_none() {
            return None;
        }
        self.depth += 1;
        self.schema(path, was.as_ref().unwrap_or(old), is.as_ref().unwrap_or(new));
        self.depth -= 1;
        Some(())
    }

    fn types(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (types(old), types(new));
        // Where both list values alone, these are compared.
        if before == after || !old.contains_key("type") && !new.contains_key("type") {
            return;
        }
        let told = |types: &Option<BTreeSet<String>>| match types {
            None => "any".to_owned(),
            Some(types) => {
                let told = types.iter().filter(|kind| *kind != "integer" || !types.contains("number"));
                told.cloned().collect::<Vec<_>>().join(" or ")
            }
        };
        let words = format!("{} is of type {}, no longer {}", called(path), told(&after), told(&before));
        let rule = match (&before, &after) {
            (_, None) => &rules::OUTPUT_WIDENED,
            (None, Some(_)) => &rules::OUTPUT_NARROWED,
            (Some(before), Some(after)) if after.is_subset(before) => &rules::OUTPUT_NARROWED,
            (Some(before), Some(after)) if before.is_subset(after) => &rules::OUTPUT_WIDENED,
            _ => &rules::OUTPUT_TYPE_CHANGED,
        };
        self.add(rule, path, words);
    }

    /// Compares the values that are listed by `enum` or `const`.
    fn values(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (listed(old), listed(new));
        let (Some(before), Some(after)) = (&before, &after) else {
            match (before, after) {
                (None, Some(_)) => {
                    self.add(&rules::OUTPUT_NARROWED, path, format!("{} is one of listed values", called(path)));
                }
                (Some(_), None) => {
                    let words = format!("{} is no longer one of listed values alone", called(path));
                    self.add(&rules::OUTPUT_WIDENED, path, words);
                }
                _ => {}
            }
            return;
        };
        let is_open = |keywords: &Map<String, Value>| keywords.get(OPEN) == Some(&Value::Bool(true));
        let (was_open, stays_open) = (is_open(old), is_open(new));
        for value in after.iter().filter(|value| !holds(before, value)) {
            let words = format!("{} may be {value}", called(path));
            let rule = if was_open { &rules::OUTPUT_OPEN_ENUM_VALUE_ADDED } else { &rules::OUTPUT_ENUM_VALUE_ADDED };
            self.add(rule, path, words);
        }
        for value in before.iter().filter(|value| !holds(after, value)) {
            let words = format!("{} is never {value} any more", called(path));
            self.add(&rules::OUTPUT_ENUM_VALUE_REMOVED, path, words);
        }
        match (was_open, stays_open) {
            (false, true) => {
                self.add(&rules::OUTPUT_ENUM_OPENED, path, format!("the values of {} may grow", called(path)));
            }
            (true, false) => {
                self.add(&rules::OUTPUT_ENUM_CLOSED, path, format!("the values of {} will not grow", called(path)));
            }
            _ => {}
        }
    }

    fn bounds(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let bounds = LOWER_BOUNDS.iter().map(|key| (*key, Ordering::Greater));
        for (key, narrower) in bounds.chain(UPPER_BOUNDS.iter().map(|key| (*key, Ordering::Less))) {
            let change = match (old.get(key), new.get(key)) {
                (None, Some(Value::Number(_))) => narrower,
                (Some(Value::Number(_)), None) => narrower.reverse(),
                (Some(Value::Number(old)), Some(Value::Number(new))) => order(new, old),
                (old, new) if old == new => Ordering::Equal,
                _ => {
                    self.undecided(path);
                    continue;
                }
            };
            let words =
                format!("`{key}` of {} changed from {} to {}", called(path), told(old.get(key)), told(new.get(key)));
            if change == narrower {
                self.add(&rules::OUTPUT_NARROWED, path, words);
            } else if change != Ordering::Equal {
                self.add(&rules::OUTPUT_WIDENED, path, words);
            }
        }
    }

    fn fields(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (Fields::of(old), Fields::of(new));
        let names = [&before.declared, &after.declared].into_iter().flat_map(Map::keys);
        let names: BTreeSet<&String> = names.chain(&before.needed).chain(&after.needed).collect();
        for name in names {
            let field = inside(path, name);
            match (before.declared.get(name), after.declared.get(name)) {
                (Some(_), None) => {
                    self.add(&rules::OUTPUT_FIELD_REMOVED, &field, format!("field `{field}` of the output removed"));
                    continue;
                }
                (None, Some(is)) => {
                    self.took_over(&field, (name, old), is);
                    if !before.needed.contains(name) {
                        self.add(&rules::OUTPUT_FIELD_ADDED, &field, format!("field `{field}` of the output added"));
                        continue;
                    }
                }
                (Some(was), Some(is)) => self.schema(&field, was, is),
                // `required` alone names it: a field of any kind.
                (None, None) => {}
            }
            match (before.needed.contains(name), after.needed.contains(name)) {
                (true, false) => {
                    let words = format!("field `{field}` of the output may be missing");
                    self.add(&rules::OUTPUT_FIELD_OPTIONAL, &field, words);
                }
                (false, true) => {
                    let words = format!("field `{field}` of the output is always there");
                    self.add(&rules::OUTPUT_FIELD_REQUIRED, &field, words);
                }
                _ => {}
            }
        }
        for name in after.forbidden.difference(&before.forbidden).filter(|name| !before.declared.contains_key(*name)) {
            let field = inside(path, name);
            self.add(&rules::OUTPUT_NARROWED, &field, format!("field `{field}` of the output is never there"));
        }
        let is_closed = new.get("additionalProperties").is_some_and(allows_nothing);
        let freed = before.forbidden.difference(&after.forbidden).filter(|name| !after.declared.contains_key(*name));
        for name in freed.filter(|_| !is_closed) {
            let field = inside(path, name);
            self.add(&rules::OUTPUT_WIDENED, &field, format!("field `{field}` of the output may be there"));
        }
    }

    /// Compares a field that is declared now with what `old` said of the fields that it did not declare.
    fn took_over(&mut self, field: &str, (name, old): (&String, &Map<String, Value>), is: &Value) {
        let anything = Value::Bool(true);
        match (old.get("additionalProperties"), old.get("unevaluatedProperties")) {
            (Some(was), _) if allows_nothing(was) => {}
            // A pattern may have said what it was, or a part elsewhere.
            (Some(Value::Object(_)), _) if old.contains_key("patternProperties") => self.undecided(field),
            (None, Some(Value::Object(_))) => self.undecided(field),
            (Some(was @ Value::Object(_)), _) => self.schema(field, was, is),
            _ if required(old).contains(name) => self.schema(field, &anything, is),
            _ => {}
        }
    }

    /// Compares what lies within: items, definitions, and parts that all or any of must hold.
    fn parts(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let anything = Value::Bool(true);
        let part = |keywords: &Map<String, Value>, key: &str| keywords.get(key).unwrap_or(&anything).clone();
        let (was, is) = (part(old, "additionalProperties"), part(new, "additionalProperties"));
        self.spare(&inside(path, "*"), &was, &is);
        let (was, is) = (part(old, "items"), part(new, "items"));
        let within = format!("{path}[]");
        match old.get("minItems").and_then(Value::as_f64).is_some_and(|least| least > 0.0) {
            true => self.schema(&within, &was, &is),
            false => self.spare(&within, &was, &is),
        }
        for key in ["$defs", "definitions"] {
            let (Some(Value::Object(old)), Some(Value::Object(new))) = (old.get(key), new.get(key)) else { continue };
            for (name, was) in old {
                if let Some(is) = new.get(name) {
                    self.schema(&inside(path, &format!("{key}.{name}")), was, is);
                }
            }
        }
        match (old.get("prefixItems"), new.get("prefixItems")) {
            (Some(Value::Array(old)), Some(Value::Array(new))) if old.len() == new.len() => {
                for (was, is) in old.iter().zip(new) {
                    self.schema(path, was, is);
                }
            }
            (old, new) if old == new => {}
            _ => self.undecided(path),
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            match (old.get(key), new.get(key)) {
                (old, new) if old == new => {}
                (Some(Value::Array(old)), Some(Value::Array(new))) => self.members(path, key, old, new),
                _ => self.undecided(path),
            }
        }
    }

    /// Compares a part of which no answer need have one.
    fn spare(&mut self, path: &str, was: &Value, is: &Value) {
        if allows_nothing(is) && !allows_nothing(was) {
            self.add(&rules::OUTPUT_NARROWED, path, format!("{} is never there", called(path)));
        } else {
            self.schema(path, was, is);
        }
    }

    /// Compares the members of `key`, of which the order means nothing.
    fn members(&mut self, path: &str, key: &str, old: &[Value], new: &[Value]) {
        let (old, new) = (&self.spelled_out(0, old, new), &self.spelled_out(1, new, old));
        // What holds of one member of several that could hold is no longer so where another comes to hold as well.
        let is_directed = key != "oneOf" || exclude_each_other(old) && exclude_each_other(new);
        let possible = |members: &[Value]| -> Vec<Value> {
            members.iter().filter(|member| key == "allOf" || !allows_nothing(member)).cloned().collect()
        };
        let (old, new) = (possible(old), possible(new));
        if new.is_empty() {
            return self.schema(path, &Value::Bool(true), &Value::Bool(false));
        }
        let Some(matched) = matched(&old, &new).filter(|_| is_directed) else { return self.undecided(path) };
        for (was, is) in matched.changed {
            self.schema(path, was, is);
        }
        let (fewer, more) = match key {
            "allOf" => (&rules::OUTPUT_WIDENED, &rules::OUTPUT_NARROWED),
            _ => (&rules::OUTPUT_NARROWED, &rules::OUTPUT_WIDENED),
        };
        if matched.removed > 0 {
            self.add(fewer, path, format!("`{key}` of {} no longer has all its members", called(path)));
        }
        if matched.added > 0 {
            self.add(more, path, format!("`{key}` of {} has new members", called(path)));
        }
    }

    /// Returns `members` of one side with what a `$ref` leads to in its place, where `others` lack it and nothing in it
    /// leads on.
    fn spelled_out(&self, side: usize, members: &[Value], others: &[Value]) -> Vec<Value> {
        let spelled_out = |member: &Value| {
            let found = if others.contains(member) { None } else { followed(&self.roots[side], member) };
            found.filter(|found| !found.to_string().contains("\"$ref\"")).unwrap_or_else(|| member.clone())
        };
        if members.len() > MOST_MEMBERS { members.to_vec() } else { members.iter().map(spelled_out).collect() }
    }

    /// Tells of keywords that differ and were not looked at.
    fn rest(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        const COMPARED: [&str; 14] = [
            "type",
            "enum",
            "const",
            "properties",
            "required",
            "items",
            "additionalProperties",
            "$defs",
            "definitions",
            "anyOf",
            "oneOf",
            "allOf",
            "prefixItems",
            OPEN,
        ];
        let is_compared = |key: &&String| {
            COMPARED.contains(&key.as_str())
                || LOWER_BOUNDS.contains(&key.as_str())
                || UPPER_BOUNDS.contains(&key.as_str())
                || APART.contains(&key.as_str())
        };
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        if keys.into_iter().filter(|key| !is_compared(key)).any(|key| old.get(key) != new.get(key)) {
            self.undecided(path);
        }
    }
}

/// What an object says of its fields.
struct Fields {
    /// Those that it declares, with their schemas.
    declared: Map<String, Value>,
    /// Those that it declares to be never there.
    forbidden: BTreeSet<String>,
    /// Those that are always there.
    needed: BTreeSet<String>,
}

impl Fields {
    fn of(keywords: &Map<String, Value>) -> Fields {
        let declared = keywords.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let (forbidden, declared): (Map<String, Value>, Map<String, Value>) =
            declared.into_iter().partition(|(_, schema)| allows_nothing(schema));
        Fields {
            declared,
            forbidden: forbidden.into_iter().map(|(name, _)| name).collect(),
            needed: required(keywords),
        }
    }
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn called(path: &str) -> String {
    if path.is_empty() { "the output".to_owned() } else { format!("`{path}` of the output") }
}

fn told(value: Option<&Value>) -> String {
    value.map_or("none".to_owned(), Value::to_string)
}
