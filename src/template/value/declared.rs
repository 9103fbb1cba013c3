//! Names that come before Liquid's own (PROMPTS.md, section 3).
//!
//! A value itself tells only what is there. That `size`, `first` or `last` is declared, so that where it
//! is absent it is nil and not what Liquid counts, is said beside it, and goes along with each part.

use super::{Value, entry};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::ops::Deref;

/// The properties and items of a value of which there is something to know: the names that are
/// Liquid's own, and whatever leads to one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    properties: BTreeMap<Box<str>, Declared>,
    items: Option<Box<Declared>>,
}

impl Declared {
    /// Returns what is known of an object with the properties that are named, each with what is known of
    /// it; nothing where that says nothing.
    pub fn object<'s>(properties: impl IntoIterator<Item = (&'s str, Option<Declared>)>) -> Option<Declared> {
        let is_own = |name: &str| matches!(name, "size" | "first" | "last");
        let known = |(name, part): (&'s str, Option<Declared>)| {
            let part = part.or_else(|| is_own(name).then(Declared::default))?;
            Some((name.into(), part))
        };
        let properties: BTreeMap<Box<str>, Declared> = properties.into_iter().filter_map(known).collect();
        (!properties.is_empty()).then_some(Declared { properties, items: None })
    }

    /// Returns what is known of an array of whose items that much is known.
    pub fn array(items: Option<Declared>) -> Option<Declared> {
        let items = Some(Box::new(items?));
        Some(Declared { properties: BTreeMap::new(), items })
    }

    pub(in crate::template) fn property(&self, name: &str) -> Option<&Declared> {
        self.properties.get(name)
    }

    pub(super) fn items(&self) -> Option<&Declared> {
        self.items.as_deref()
    }
}

/// An array or object that was given, and what is declared of it.
#[derive(Debug)]
pub(in crate::template) struct Given<'a, T> {
    pub(super) content: &'a T,
    pub(super) declared: Option<&'a Declared>,
}

impl<T> Clone for Given<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Given<'_, T> {}

impl<T> Deref for Given<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.content
    }
}

impl<'a> Given<'a, Map<String, Json>> {
    /// Returns the property `name`, which is nil where it is declared and not there.
    pub(super) fn property(&self, name: &str) -> Option<Value<'a>> {
        let declared = self.declared.and_then(|declared| declared.property(name));
        match entry(self.content, name) {
            Some(json) => Some(Value::given(json, declared)),
            None => declared.map(|_| Value::Nil),
        }
    }
}

impl<'a> Given<'a, Vec<Json>> {
    /// Returns the item at `place`, which is there.
    pub(super) fn item(&self, place: usize) -> Value<'a> {
        Value::given(&self.content[place], self.declared.and_then(Declared::items))
    }
}
