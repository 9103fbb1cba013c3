//! What a value may be at one place: a set of values, described by the few questions that a
//! template can ask of one.
//!
//! A [`Domain`] lists single values where they matter (those of an `enum`, `true` and `false`, the
//! empty string, whatever a condition compared with) and knows the rest by kind. Whether it may be nil
//! is kept beside, with the reason: it decides how loudly that is told.

mod split;

use crate::template::syntax::Literal;
use serde_json::Value as Json;
use split::Side;
pub(super) use split::{Question, Split};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// One value that is known. Numbers without fractional part are integers, however they are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, by its bits.
    Float(u64),
    /// A string.
    Text(Box<str>),
}

impl Known {
    /// Returns the value of a literal, if it is one of these.
    pub(super) fn of_literal(literal: &Literal) -> Option<Known> {
        match literal {
            Literal::Bool(truth) => Some(Known::Bool(*truth)),
            Literal::Int(number) => Some(Known::Int(*number)),
            Literal::Float(number) => Some(Known::number(*number)),
            Literal::Text(text) => Some(Known::Text(text.as_str().into())),
            Literal::Nil | Literal::Empty | Literal::Blank => None,
        }
    }

    /// Returns the value of JSON, if it is one of these.
    pub fn of_json(json: &Json) -> Option<Known> {
        match json {
            Json::Bool(truth) => Some(Known::Bool(*truth)),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Some(Known::Int(number)),
                None => number.as_f64().map(Known::number),
            },
            Json::String(text) => Some(Known::Text(text.as_str().into())),
            _ => None,
        }
    }

    fn number(number: f64) -> Known {
        /// Above this a float no longer holds every integer (2^53).
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match number.fract() == 0.0 && number.abs() <= EXACT {
            true => Known::Int(number as i64),
            false => Known::Float(number.to_bits()),
        }
    }

    /// Returns the kind whose other values it is one of; none for those that are always listed.
    fn kind(&self) -> u16 {
        match self {
            Known::Bool(_) => 0,
            Known::Int(_) | Known::Float(_) => kind::NUMBER,
            Known::Text(text) if text.is_empty() => 0,
            Known::Text(text) if text.trim().is_empty() => kind::BLANK,
            Known::Text(_) => kind::TEXT,
        }
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Known::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value as an integer, if it is one.
    pub(super) fn as_integer(&self) -> Option<i64> {
        match self {
            Known::Int(number) => Some(*number),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<f64> {
        match self {
            Known::Int(number) => Some(*number as f64),
            Known::Float(bits) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    fn compare(&self, other: &Known) -> Option<Ordering> {
        match (self.as_text(), other.as_text()) {
            (Some(a), Some(b)) => Some(a.cmp(b)),
            _ => self.as_number()?.partial_cmp(&other.as_number()?),
        }
    }

    /// Returns what a message calls values of its type.
    pub(super) fn type_of(&self) -> &'static str {
        match self {
            Known::Bool(_) => "a boolean",
            Known::Int(_) | Known::Float(_) => "a number",
            Known::Text(_) => "a string",
        }
    }

    /// Returns the value as JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Known::Bool(truth) => Json::from(*truth),
            Known::Int(number) => Json::from(*number),
            Known::Float(bits) => Json::from(f64::from_bits(*bits)),
            Known::Text(text) => Json::from(&**text),
        }
    }

    /// Returns the value as messages write it.
    pub fn shown(&self) -> String {
        match self {
            Known::Float(bits) => f64::from_bits(*bits).to_string(),
            other => other.to_json().to_string(),
        }
    }
}

/// Kinds of values that are not listed one by one.
pub mod kind {
    /// Strings with more than white space.
    pub const TEXT: u16 = 1;
    /// Strings of white space alone.
    pub const BLANK: u16 = 2;
    /// Numbers.
    pub const NUMBER: u16 = 4;
    /// The array without items.
    pub const EMPTY_LIST: u16 = 8;
    /// Arrays with items.
    pub const LIST: u16 = 16;
    /// The object without properties.
    pub const EMPTY_OBJECT: u16 = 32;
    /// Objects with properties.
    pub const OBJECT: u16 = 64;
    /// `forloop` and `tablerowloop`.
    pub const LOOP: u16 = 128;
    /// Ranges with items.
    pub const RANGE: u16 = 256;
    /// Ranges without items.
    pub const EMPTY_RANGE: u16 = 512;
    /// Strings that are not empty.
    pub const TEXTS: u16 = TEXT | BLANK;
    /// What has no items or properties.
    pub const HOLLOW: u16 = EMPTY_LIST | EMPTY_OBJECT;
    /// Arrays and ranges, with items or without.
    pub const LISTS: u16 = EMPTY_LIST | LIST | RANGE | EMPTY_RANGE;
    /// All of them.
    pub const ALL: u16 = 1023;
}

/// Whether a value may be nil, and what is known of that. Of two, the greater is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nil {
    /// It is not.
    #[default]
    Never,
    /// Nobody has said: a property of an open object, an item that a filter picked.
    Unknown,
    /// It is the item of a list that may be empty or shorter.
    Missing,
    /// It is a property of an object that may be empty, by a name that is not known.
    Lacking,
    /// It is a part of a list's items, and was declared so.
    InItem,
    /// It was declared nullable, and must be given.
    Null,
    /// It was declared optional.
    Declared,
    /// It is the loop around one that is in no other.
    Outermost,
}

/// A set of values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Domain {
    /// Whether nil is one.
    pub nil: Nil,
    /// The ones that are known singly, none of a kind that is open.
    pub(super) listed: BTreeSet<Known>,
    /// The kinds of which every other value may be it.
    pub(super) kinds: u16,
    /// What of these kinds it is not.
    pub(super) excluded: BTreeSet<Known>,
}

impl Domain {
    /// Returns every value of `kinds` (see [`kind`]), the empty string with its kind and `true` and
    /// `false` not among them.
    pub fn of_kinds(kinds: u16) -> Domain {
        let mut domain = Domain { kinds, ..Domain::default() };
        if kinds & kind::TEXTS == kind::TEXTS {
            domain.listed.insert(Known::Text("".into()));
        }
        domain
    }

    /// Returns the values that are listed.
    pub fn of(values: impl IntoIterator<Item = Known>) -> Domain {
        Domain { listed: values.into_iter().collect(), ..Domain::default() }
    }

    /// Returns everything but nil.
    pub fn anything() -> Domain {
        let mut domain = Domain::of_kinds(kind::ALL);
        domain.listed.extend([Known::Bool(false), Known::Bool(true)]);
        domain
    }

    /// Returns every value of which the type is known, which the state of a loop need not be.
    pub(super) fn typed() -> Domain {
        let mut domain = Domain::anything();
        domain.kinds &= !kind::LOOP;
        domain
    }

    /// Returns whether nothing is known of the type.
    pub(super) fn is_open(&self) -> bool {
        self.kinds & kind::LOOP != 0 && self.kinds != kind::LOOP
    }

    /// Returns nil alone.
    pub(super) fn only_nil(nil: Nil) -> Domain {
        Domain { nil, ..Domain::default() }
    }

    /// Returns the domain with nil, if that was not in it for a stronger reason.
    #[must_use]
    pub fn or_nil(mut self, nil: Nil) -> Domain {
        self.nil = self.nil.max(nil);
        self
    }

    /// Returns the domain without nil.
    #[must_use]
    pub(super) fn without_nil(&self) -> Domain {
        Domain { nil: Nil::Never, ..self.clone() }
    }

    /// Returns the domain without `value`.
    #[must_use]
    pub fn without(self, value: &Known) -> Domain {
        if self.holds(value) { self.split(&Question::Equals(value)).no.or_nil(self.nil) } else { self }
    }

    /// Returns whether no value is left.
    pub(super) fn is_nothing(&self) -> bool {
        self.nil == Nil::Never && self.has_no_value()
    }

    /// Returns whether nothing is left but perhaps nil.
    pub(super) fn has_no_value(&self) -> bool {
        self.listed.is_empty() && self.kinds == 0
    }

    /// Returns the values, nil aside, if there are only so many.
    pub fn values(&self) -> Option<&BTreeSet<Known>> {
        (self.kinds == 0).then_some(&self.listed)
    }

    /// Returns whether some of its values are of one of `kinds` (see [`kind`]).
    pub fn is_any_of(&self, kinds: u16) -> bool {
        self.kinds & kinds != 0
    }

    /// Returns the values that are known singly, beside those of open kinds.
    pub fn listed(&self) -> impl Iterator<Item = &Known> {
        self.listed.iter()
    }

    /// Returns whether it may be nil for a reason that is known.
    pub fn may_be_nil(&self) -> bool {
        self.nil > Nil::Unknown
    }

    /// Returns the one value that there is, nil aside.
    pub(super) fn single(&self) -> Option<&Known> {
        self.values().filter(|values| values.len() == 1).and_then(BTreeSet::first)
    }

    /// Returns whether `value` is one.
    pub fn holds(&self, value: &Known) -> bool {
        self.listed.contains(value) || (self.kinds & value.kind() != 0 && !self.excluded.contains(value))
    }

    /// Returns the values of both, and of either where `self` is nil for a reason.
    pub(super) fn union(&self, other: &Domain) -> Domain {
        let kinds = self.kinds | other.kinds;
        let is_in_neither = |value: &&Known| !self.holds(value) && !other.holds(value);
        let excluded = self.excluded.iter().chain(&other.excluded).filter(is_in_neither).cloned().collect();
        let listed = self.listed.iter().chain(&other.listed).filter(|value| value.kind() & kinds == 0);
        Domain { nil: self.nil.max(other.nil), listed: listed.cloned().collect(), kinds, excluded }
    }

    /// Returns the values that are in both.
    pub fn intersection(&self, other: &Domain) -> Domain {
        let kinds = self.kinds & other.kinds;
        let is_in_both = |value: &&Known| value.kind() & kinds == 0 && self.holds(value) && other.holds(value);
        let excluded = self.excluded.iter().chain(&other.excluded).filter(|value| value.kind() & kinds != 0);
        Domain {
            nil: self.nil.min(other.nil),
            listed: self.listed.iter().chain(&other.listed).filter(is_in_both).cloned().collect(),
            kinds,
            excluded: excluded.cloned().collect(),
        }
    }

    /// Returns how many values it names.
    pub(super) fn weight(&self) -> usize {
        1 + self.listed.len() + self.excluded.len()
    }

    /// Returns whether every value of `self` is one of `other`, and nil as well.
    pub(super) fn is_within(&self, other: &Domain) -> bool {
        self.union(other) == *other
    }

    /// Returns the domain with nothing kept of it but what printing asks: of what types it is, and whether
    /// it may be nil.
    pub(super) fn blurred(&self) -> Domain {
        let mut kinds = self.kinds;
        let mut truths = Vec::new();
        for value in &self.listed {
            match value {
                Known::Bool(_) => truths = vec![Known::Bool(false), Known::Bool(true)],
                Known::Int(_) | Known::Float(_) => kinds |= kind::NUMBER,
                Known::Text(_) => kinds |= kind::TEXTS,
            }
        }
        let mut blurred = Domain::of_kinds(kinds).or_nil(self.nil);
        blurred.listed.extend(truths);
        blurred
    }

    /// Returns the values that a loop goes over no item of, and those that it goes over. To go over a
    /// number or a boolean is an error.
    pub(super) fn by_items(&self) -> (Domain, Domain) {
        let split = self.parted(
            |value| Side::of(value.as_text().is_none_or(str::is_empty)),
            |kind| Side::of(kind & (kind::HOLLOW | kind::EMPTY_RANGE | kind::NUMBER | kind::LOOP) != 0),
        );
        (split.yes, split.no)
    }

    /// Returns the domain as a partial is given it: ranges as arrays, and the state of a loop as an object.
    pub(super) fn as_json(&self) -> Domain {
        let mut domain = self.clone();
        let as_others = [(kind::RANGE, kind::LIST), (kind::EMPTY_RANGE, kind::EMPTY_LIST), (kind::LOOP, kind::OBJECT)];
        for (from, to) in as_others.into_iter().filter(|(from, _)| self.kinds & from != 0) {
            domain.kinds = domain.kinds & !from | to;
        }
        domain
    }

    /// Returns the types of its values, as words call them, nil aside.
    pub(super) fn types(&self) -> BTreeSet<&'static str> {
        let mut types: BTreeSet<&'static str> = self.listed.iter().map(Known::type_of).collect();
        let named = [
            (kind::TEXTS, "a string"),
            (kind::NUMBER, "a number"),
            (kind::EMPTY_LIST | kind::LIST, "an array"),
            (kind::EMPTY_OBJECT | kind::OBJECT | kind::LOOP, "an object"),
            (kind::RANGE | kind::EMPTY_RANGE, "a range"),
        ];
        types.extend(named.iter().filter(|(kinds, _)| self.kinds & kinds != 0).map(|(_, name)| *name));
        types
    }

    /// Returns whether some value can be printed.
    pub(super) fn can_print(&self) -> bool {
        !self.listed.is_empty() || self.kinds & (kind::TEXTS | kind::NUMBER) != 0
    }

    /// Returns what `default` lets through: what is neither nil nor false nor empty.
    pub(super) fn present(&self) -> Domain {
        self.split(&Question::Truthy).yes.split(&Question::IsEmpty).no
    }

    /// Returns what `default` replaces.
    pub(super) fn absent(&self) -> Domain {
        let split = self.split(&Question::Truthy);
        split.no.union(&split.yes.split(&Question::IsEmpty).yes)
    }

    /// Returns what comes of the values where `known` is their default.
    pub(super) fn or_default(&self, known: &Known) -> Domain {
        let present = self.present();
        if self.absent().is_nothing() { present } else { present.union(&Domain::of([known.clone()])) }
    }

    /// Returns the values of which something in `domain` comes where `known` is their default.
    pub(super) fn with_default_in(&self, domain: &Domain, known: &Known) -> Domain {
        let kept = self.present().intersection(domain);
        if domain.holds(known) { kept.union(&self.absent()) } else { kept }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::syntax::Relation;

    fn text(text: &str) -> Known {
        Known::Text(text.into())
    }

    #[test]
    fn union_and_intersection_keep_to_the_normal_form() {
        let texts = Domain::of_kinds(kind::TEXTS);
        let split = texts.split(&Question::Equals(&text("a")));
        assert!(!split.no.holds(&text("a")) && split.no.holds(&text("b")));
        assert_eq!(split.yes.union(&split.no), texts);
        assert_eq!(split.yes.intersection(&split.no), Domain::default());
        assert!(split.no.is_within(&texts) && !texts.is_within(&split.no));
        let listed = Domain::of([text("a"), text("b")]);
        assert_eq!(texts.intersection(&listed), listed);
        assert_eq!(listed.union(&texts), texts);
        assert_eq!(split.no.intersection(&listed), Domain::of([text("b")]));
    }

    #[test]
    fn what_is_known_of_a_default_is_known_of_what_it_stands_in_for() {
        let any = Domain::of_kinds(kind::TEXTS).or_nil(Nil::Declared);
        let made = any.or_default(&text("x"));
        assert!(made.nil == Nil::Never && made.holds(&text("x")) && !made.holds(&text("")));
        let of_x = any.with_default_in(&Domain::of([text("x")]), &text("x"));
        assert_eq!(of_x, Domain::of([text("x"), text("")]).or_nil(Nil::Declared));
        assert_eq!(any.with_default_in(&Domain::of([text("a")]), &text("x")), Domain::of([text("a")]));
        assert_eq!(Domain::of([text("a")]).or_default(&text("x")), Domain::of([text("a")]));
    }

    #[test]
    fn questions_part_what_they_can() {
        let any = Domain::anything().or_nil(Nil::Declared);
        let truthy = any.split(&Question::Truthy);
        assert_eq!(truthy.no, Domain::of([Known::Bool(false)]).or_nil(Nil::Declared));
        let blank = any.split(&Question::IsBlank);
        assert!(blank.yes.nil == Nil::Declared && blank.yes.holds(&text(" ")) && !blank.no.holds(&text("")));
        let texts = Domain::of_kinds(kind::ALL & !kind::LOOP).or_nil(Nil::Declared);
        let sized = texts.split(&Question::Sized(Relation::Greater, 0));
        assert_eq!((sized.yes.kinds & kind::HOLLOW, sized.yes.nil), (0, Nil::Never));
        assert!(sized.is_exact && !texts.split(&Question::Sized(Relation::Equal, 2)).is_exact);
        assert!(!any.split(&Question::Contains(&text("x"))).is_exact);
        assert_eq!(any.present().nil, Nil::Never);
        assert!(any.present().holds(&text(" ")) && !any.present().holds(&text("")));
    }
}
