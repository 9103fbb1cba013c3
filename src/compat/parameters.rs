//! Comparing parameters: inputs, so that what takes less than before breaks callers.

use super::limit::Limit;
use super::taken::{length_of_format, listable, listed, matches_everything, may_exceed};
use super::{Change, Rule, rules};
use crate::name::PromptName;
use crate::prompt::PromptInterface;
use crate::prompt::declaration::{Extent, Parameter, Property, Schema, Type};
use crate::prompt::tokens::Tokenizer;
use crate::prompt::values::{check, compare};
use serde_json::Value;
use std::cmp::Ordering;

/// Returns what changed between the parameters of one prompt.
pub(super) fn compare_parameters(prompt: &PromptName, old: &PromptInterface, new: &PromptInterface) -> Vec<Change> {
    let mut comparison = Comparison { prompt, tokenizers: [old.tokenizer, new.tokenizer], changes: Vec::new() };
    let mut met: Vec<&str> = Vec::new();
    let (was_idle, is_idle) = (&old.idle, &new.idle);
    let (old, new) = (&old.parameters, &new.parameters);
    for before in old {
        let same = |parameter: &&Parameter| parameter.name == before.name;
        let renamed = |parameter: &&Parameter| parameter.aliases.contains(&before.name);
        match new.iter().find(same).or_else(|| new.iter().find(renamed)) {
            None => comparison.removed(before),
            Some(after) => {
                met.push(&after.name);
                let slots = [was_idle.contains(&before.name), is_idle.contains(&after.name)];
                comparison.parameter(before, after);
                comparison.slot(before, after, slots);
            }
        }
    }
    for parameter in new.iter().filter(|parameter| !met.contains(&parameter.name.as_str())) {
        comparison.added(parameter);
    }
    comparison.changes
}

struct Comparison<'a> {
    prompt: &'a PromptName,
    /// What counts tokens in the old version and in the new one.
    tokenizers: [Tokenizer; 2],
    changes: Vec<Change>,
}

/// How a parameter or property may be left out.
#[derive(Clone, Copy)]
struct Presence<'a> {
    must_be_given: bool,
    /// What stands for what is left out; a default that is null is none.
    default: Option<&'a Value>,
}

impl Presence<'_> {
    fn of_parameter(parameter: &Parameter) -> Presence<'_> {
        Presence::of(&parameter.schema, parameter.is_required())
    }

    fn of_property(Property { schema, required, .. }: &Property) -> Presence<'_> {
        Presence::of(schema, *required && schema.default.is_none())
    }

    fn of(schema: &Schema, must_be_given: bool) -> Presence<'_> {
        Presence { must_be_given, default: schema.default.as_ref().filter(|default| !default.is_null()) }
    }

    /// Returns what comes of a null that is given: it is absence, unless `schema` takes it for itself.
    fn null(&self, schema: &Schema) -> Null<'_> {
        match self.default {
            _ if schema.nullable => Null::Nothing,
            Some(default) => Null::Default(default),
            None if self.must_be_given => Null::Refused,
            None => Null::Nothing,
        }
    }
}

/// What comes of a null that is given.
enum Null<'a> {
    Refused,
    /// It is nothing to the template, as what is absent.
    Nothing,
    /// The default stands for it.
    Default(&'a Value),
}

impl Comparison<'_> {
    fn add(&mut self, rule: &'static Rule, subject: &str, words: impl Into<String>) {
        self.changes.push(Change::new(rule, self.prompt, Some(subject), words));
    }

    fn removed(&mut self, parameter: &Parameter) {
        let name = &parameter.name;
        if parameter.schema.kind == Type::Messages && !parameter.retired {
            self.add(&rules::HISTORY_REMOVED, name, format!("history slot `{name}` removed"));
        } else {
            self.add(&rules::PARAMETER_REMOVED, name, format!("parameter `{name}` removed"));
        }
    }

    fn added(&mut self, parameter: &Parameter) {
        let name = &parameter.name;
        if parameter.is_required() {
            self.add(&rules::REQUIRED_PARAMETER_ADDED, name, format!("required parameter `{name}` added"));
        } else if parameter.schema.kind == Type::Messages {
            self.add(&rules::HISTORY_ADDED, name, format!("history slot `{name}` added"));
        } else {
            self.add(&rules::OPTIONAL_PARAMETER_ADDED, name, format!("optional parameter `{name}` added"));
        }
    }

    fn parameter(&mut self, old: &Parameter, new: &Parameter) {
        let name = &old.name;
        if old.name != new.name {
            let words = format!("parameter `{name}` renamed to `{}`, with the old name as an alias", new.name);
            self.add(&rules::PARAMETER_RENAMED, name, words);
        }
        for alias in old.aliases.iter().filter(|alias| !new.aliases.contains(alias) && **alias != new.name) {
            self.add(
                &rules::PARAMETER_ALIAS_REMOVED,
                name,
                format!("alias `{alias}` of the parameter `{name}` removed"),
            );
        }
        for alias in new.aliases.iter().filter(|alias| !old.aliases.contains(alias) && **alias != old.name) {
            self.add(&rules::PARAMETER_ALIAS_ADDED, name, format!("alias `{alias}` of the parameter `{name}` added"));
        }
        match (old.retired, new.retired) {
            // What was said before would be missing from the prompt, and nobody would be told.
            (false, true) if old.schema.kind == Type::Messages => {
                return self.add(&rules::HISTORY_REMOVED, name, format!("history slot `{name}` retired"));
            }
            (false, true) => return self.add(&rules::PARAMETER_RETIRED, name, format!("parameter `{name}` retired")),
            (true, false) => {
                return self.add(
                    &rules::PARAMETER_REVIVED,
                    name,
                    format!("retired parameter `{name}` means something again"),
                );
            }
            (true, true) => return,
            (false, false) => {}
        }
        let (was, is) = (Presence::of_parameter(old), Presence::of_parameter(new));
        let is_history = old.schema.kind == Type::Messages && new.schema.kind == Type::Messages;
        if is_history && !was.must_be_given && is.must_be_given {
            self.add(&rules::HISTORY_REQUIRED, name, format!("history slot `{name}` must be given"));
        } else {
            self.presence(name, was, is);
        }
        self.nulls(name, (&old.schema, was), (&new.schema, is));
        self.schema(name, &old.schema, &new.schema);
    }

    /// Compares whether the messages of a history slot are put into the prompt.
    fn slot(&mut self, old: &Parameter, new: &Parameter, idle: [bool; 2]) {
        let is_slot = |parameter: &Parameter| parameter.schema.kind == Type::Messages && !parameter.retired;
        if !is_slot(old) || !is_slot(new) {
            return;
        }
        let name = &old.name;
        match idle {
            [false, true] => {
                let words = format!("history slot `{name}` is no longer put into the prompt");
                self.add(&rules::HISTORY_REMOVED, name, words);
            }
            [true, false] => {
                self.add(&rules::HISTORY_ADDED, name, format!("history slot `{name}` is put into the prompt"));
            }
            _ => {}
        }
    }

    fn presence(&mut self, path: &str, old: Presence<'_>, new: Presence<'_>) {
        match (old.default, new.default) {
            (Some(_), None) => return self.add(&rules::DEFAULT_REMOVED, path, format!("default of `{path}` removed")),
            (Some(before), Some(after)) if !equal(before, after) => {
                return self.add(
                    &rules::DEFAULT_CHANGED,
                    path,
                    format!("default of `{path}` changed from {before} to {after}"),
                );
            }
            (None, Some(after)) if !old.must_be_given => {
                return self.add(&rules::DEFAULT_ADDED, path, format!("`{path}` has a default: {after}"));
            }
            _ => {}
        }
        match (old.must_be_given, new.must_be_given) {
            (false, true) => self.add(&rules::PARAMETER_REQUIRED, path, format!("`{path}` must be given")),
            (true, false) => self.add(&rules::PARAMETER_OPTIONAL, path, format!("`{path}` may be left out")),
            _ => {}
        }
    }

    /// Compares what comes of a null that is given, beside what [`Self::presence`] tells of what is left out.
    fn nulls(&mut self, path: &str, (old, was): (&Schema, Presence<'_>), (new, is): (&Schema, Presence<'_>)) {
        match (was.null(old), is.null(new)) {
            (Null::Nothing, Null::Refused) if old.nullable => self.null_removed(path),
            (Null::Refused, Null::Nothing) if new.nullable => self.null_added(path),
            // Where that is so of what is left out, too, `default_added` and `default_removed` tell it.
            (Null::Nothing, Null::Default(default)) if was.must_be_given || was.default.is_some() => {
                self.add(&rules::DEFAULT_CHANGED, path, format!("{default} stands for null in `{path}`"));
            }
            (Null::Default(default), Null::Nothing) if is.default.is_some() => {
                self.add(&rules::DEFAULT_CHANGED, path, format!("{default} no longer stands for null in `{path}`"));
            }
            _ => {}
        }
    }

    fn null_removed(&mut self, path: &str) {
        self.add(&rules::NULLABLE_REMOVED, path, format!("`{path}` no longer takes null"));
    }

    fn null_added(&mut self, path: &str) {
        self.add(&rules::NULLABLE_ADDED, path, format!("`{path}` takes null"));
    }

    /// Compares what values but null are taken at `path`. The depth is bounded by that of front matter.
    fn schema(&mut self, path: &str, old: &Schema, new: &Schema) {
        if old.untrusted != new.untrusted {
            let words = if new.untrusted { "untrusted" } else { "trusted" };
            self.add(&rules::TRUST_CHANGED, path, format!("`{path}` is {words}"));
        }
        self.max_tokens(path, old, new);
        if !self.listed(path, old, new) && self.kind(path, old, new) {
            self.constraints(path, old, new);
        }
    }

    fn max_tokens(&mut self, path: &str, old: &Schema, new: &Schema) {
        let [was_counted, is_counted] = self.tokenizers;
        let tokens = |limit: u64| if limit == 1 { "1 token".to_owned() } else { format!("{limit} tokens") };
        // A limit that nothing can exceed is none.
        let before = old.max_tokens.filter(|limit| may_exceed(old, *limit, was_counted));
        let is_felt = |limit: u64| may_exceed(old, limit, is_counted);
        match (before, new.max_tokens) {
            (before, Some(limit)) if before.is_none_or(|before| limit < before) && is_felt(limit) => {
                self.add(&rules::MAX_TOKENS_LOWERED, path, format!("`{path}` takes at most {}", tokens(limit)));
            }
            (Some(_), None) => {
                self.add(&rules::MAX_TOKENS_RAISED, path, format!("`{path}` takes any number of tokens"));
            }
            (Some(before), Some(limit)) if limit > before => {
                self.add(&rules::MAX_TOKENS_RAISED, path, format!("`{path}` takes up to {}", tokens(limit)));
            }
            _ => {}
        }
        if was_counted != is_counted && old.max_tokens.is_some() && new.max_tokens.is_some_and(is_felt) {
            let words =
                format!("tokens of `{path}` are counted by {}, no longer {}", is_counted.name(), was_counted.name());
            self.add(&rules::TOKENIZER_CHANGED, path, words);
        }
    }

    /// Compares `enum` and `const`; returns whether they decide what is taken, on either side.
    fn listed(&mut self, path: &str, old: &Schema, new: &Schema) -> bool {
        let (mut before, mut after) = (listed(old), listed(new));
        match (&before, &after) {
            (None, Some(_)) => before = listable(old, new),
            (Some(_), None) => after = listable(new, old),
            _ => {}
        }
        match (before, after) {
            (None, None) => return false,
            (None, Some(_)) => {
                self.add(&rules::TYPE_NARROWED, path, format!("`{path}` takes listed values alone"));
            }
            (Some(before), after) => {
                let refused: Vec<Value> = before.into_iter().filter(|value| !check(new, value).is_empty()).collect();
                for value in &refused {
                    self.add(&rules::ENUM_VALUE_REMOVED, path, format!("`{path}` no longer takes {value}"));
                }
                match after {
                    None if refused.is_empty() => {
                        let words = format!("`{path}` takes {}, no longer listed ones alone", new.kind.described());
                        self.add(&rules::TYPE_WIDENED, path, words);
                    }
                    None => {}
                    Some(after) => {
                        for value in after.into_iter().filter(|value| !check(old, value).is_empty()) {
                            self.add(&rules::ENUM_VALUE_ADDED, path, format!("`{path}` also takes {value}"));
                        }
                    }
                }
            }
        }
        true
    }

    /// Compares types; returns whether the constraints of both can be compared.
    fn kind(&mut self, path: &str, old: &Schema, new: &Schema) -> bool {
        let described = |schema: &Schema| schema.kind.described();
        let (was, is) = (old.kind, new.kind);
        if was == is {
            return true;
        }
        let words = format!("`{path}` takes {}, no longer {}", described(new), described(old));
        match (was, is) {
            (Type::Integer, Type::Number) | (_, Type::Any) => self.add(&rules::TYPE_WIDENED, path, words),
            (Type::Number, Type::Integer) | (Type::Any, _) => self.add(&rules::TYPE_NARROWED, path, words),
            _ => {
                self.add(&rules::TYPE_CHANGED, path, words);
                return false;
            }
        }
        true
    }

    fn constraints(&mut self, path: &str, old: &Schema, new: &Schema) {
        self.bound(path, "lower bound", [Limit::lower(old), Limit::lower(new)], Ordering::Greater);
        self.bound(path, "upper bound", [Limit::upper(old), Limit::upper(new)], Ordering::Less);
        let implied = length_of_format(old);
        let felt = |extent: Extent| Extent {
            least: extent.least.filter(|least| implied.least.is_none_or(|implied| implied < *least)),
            most: extent.most.filter(|most| implied.most.is_none_or(|implied| implied > *most)),
        };
        self.extent(path, ["minLength", "maxLength"], felt(old.length), felt(new.length));
        self.extent(path, ["minItems", "maxItems"], old.count, new.count);
        let pattern = |schema: &Schema| {
            let pattern = schema.pattern.as_ref().filter(|pattern| !matches_everything(pattern));
            pattern.map(|pattern| pattern.as_str().to_owned())
        };
        self.undecidable(path, &rules::PATTERN_CHANGED, "pattern", (pattern(old), pattern(new)));
        let format = |schema: &Schema| schema.format.map(|format| format.name().to_owned());
        self.undecidable(path, &rules::FORMAT_CHANGED, "format", (format(old), format(new)));
        // What cannot have an item is not held to what its items are.
        if old.count.most != Some(0) {
            self.items(path, old, new);
        }
        self.properties(path, old, new);
    }

    /// Compares one bound; `tighter` is how a bound that takes less compares with the old one.
    fn bound(&mut self, path: &str, what: &str, [old, new]: [Option<Limit>; 2], tighter: Ordering) {
        let order = match (&old, &new) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => tighter,
            (Some(_), None) => tighter.reverse(),
            (Some(old), Some(new)) => match compare(&new.number, &old.number) {
                // Of two at one number the one that leaves that out takes less.
                Ordering::Equal if new.is_open != old.is_open => {
                    if new.is_open {
                        tighter
                    } else {
                        tighter.reverse()
                    }
                }
                order => order,
            },
        };
        let told = |limit: &Option<Limit>| limit.as_ref().map_or("none".to_owned(), Limit::to_string);
        let words = format!("{what} of `{path}` changed from {} to {}", told(&old), told(&new));
        if order == tighter {
            self.add(&rules::CONSTRAINT_TIGHTENED, path, words);
        } else if order != Ordering::Equal {
            self.add(&rules::CONSTRAINT_LOOSENED, path, words);
        }
    }

    fn extent(&mut self, path: &str, [least, most]: [&str; 2], old: Extent, new: Extent) {
        let limit = |count: Option<u64>| count.map(|count| Limit { number: count.into(), is_open: false });
        // At least none is no bound at all.
        let least_of = |extent: Extent| limit(extent.least.filter(|least| *least > 0));
        self.bound(path, &format!("`{least}`"), [least_of(old), least_of(new)], Ordering::Greater);
        self.bound(path, &format!("`{most}`"), [limit(old.most), limit(new.most)], Ordering::Less);
    }

    fn undecidable(
        &mut self,
        path: &str,
        changed: &'static Rule,
        key: &str,
        (old, new): (Option<String>, Option<String>),
    ) {
        match (old, new) {
            (None, Some(new)) => {
                self.add(&rules::CONSTRAINT_TIGHTENED, path, format!("`{path}` has the {key} `{new}`"));
            }
            (Some(old), None) => {
                self.add(&rules::CONSTRAINT_LOOSENED, path, format!("`{path}` no longer has the {key} `{old}`"));
            }
            (Some(old), Some(new)) if old != new => {
                self.add(changed, path, format!("{key} of `{path}` changed from `{old}` to `{new}`"));
            }
            _ => {}
        }
    }

    fn items(&mut self, path: &str, old: &Schema, new: &Schema) {
        match (&old.items, &new.items) {
            (Some(old), Some(new)) => {
                let path = format!("{path}[]");
                // No item is absent.
                match (old.nullable, new.nullable) {
                    (true, false) => self.null_removed(&path),
                    (false, true) => self.null_added(&path),
                    _ => {}
                }
                self.schema(&path, old, new);
            }
            (None, Some(_)) => {
                self.add(&rules::CONSTRAINT_TIGHTENED, path, format!("the items of `{path}` are declared"));
            }
            (Some(_), None) => {
                self.add(&rules::CONSTRAINT_LOOSENED, path, format!("the items of `{path}` may be anything"));
            }
            (None, None) => {}
        }
    }

    fn properties(&mut self, path: &str, old: &Schema, new: &Schema) {
        let (before, after) = match (&old.properties, &new.properties) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => {
                return self.add(
                    &rules::CONSTRAINT_TIGHTENED,
                    path,
                    format!("the properties of `{path}` are declared"),
                );
            }
            (Some(_), None) => {
                return self.add(&rules::CONSTRAINT_LOOSENED, path, format!("`{path}` may have any properties"));
            }
            (None, None) => return,
        };
        for old in before {
            let path = format!("{path}.{}", old.name);
            let Some(new) = after.iter().find(|property| property.name == old.name) else {
                self.add(&rules::PROPERTY_REMOVED, &path, format!("property `{path}` removed"));
                continue;
            };
            let (was, is) = (Presence::of_property(old), Presence::of_property(new));
            self.presence(&path, was, is);
            self.nulls(&path, (&old.schema, was), (&new.schema, is));
            self.schema(&path, &old.schema, &new.schema);
        }
        for new in after.iter().filter(|property| !before.iter().any(|old| old.name == property.name)) {
            let path = format!("{path}.{}", new.name);
            if Presence::of_property(new).must_be_given {
                self.add(&rules::REQUIRED_PROPERTY_ADDED, &path, format!("required property `{path}` added"));
            } else {
                self.add(&rules::PROPERTY_ADDED, &path, format!("property `{path}` added"));
            }
        }
    }
}

/// Returns whether two values are the same; numbers by value, however they are written.
fn equal(a: &Value, b: &Value) -> bool {
    let lone = Schema { kind: Type::Any, constant: Some(a.clone()), ..Schema::default() };
    check(&lone, b).is_empty()
}
