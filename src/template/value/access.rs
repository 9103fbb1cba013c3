//! Properties and indexes.

use super::{Items, LoopState, Value};
use crate::template::Dialect;
use serde_json::{Map, Value as Json};

/// How a property is asked for: only `.size`, not `["size"]`, means Liquid's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::template) enum Access {
    Dot,
    Bracket,
}

/// Returns the entry `name`. Small objects are looked through from the start: hashing the name
/// takes longer.
pub(in crate::template) fn entry<'a>(entries: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    /// The most entries of a small object.
    const SMALL: usize = 8;
    if entries.len() > SMALL {
        return entries.get(name);
    }
    entries.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

impl<'a> Value<'a> {
    /// Returns the property `name`. What an object does not have is nil, and so is everything below
    /// nil. In Liquid anything that is not there is nil; in a prompt only an object can lack a property.
    ///
    /// # Errors
    /// In a prompt, when a value of this kind can have no such property.
    pub(in crate::template) fn property(
        &self,
        name: &str,
        access: Access,
        dialect: Dialect,
    ) -> Result<Value<'a>, String> {
        if let Value::Object(object) = self
            && let Some(value) = object.property(name)
        {
            return Ok(value);
        }
        // A prompt may write a property either way.
        let is_own = access == Access::Dot || dialect == Dialect::Prompt;
        match self.own_property(name).filter(|_| is_own) {
            Some(value) => Ok(value),
            None if dialect == Dialect::Lax || matches!(self, Value::Nil | Value::Object(_)) => Ok(Value::Nil),
            None => Err(format!("{} has no property `{name}`", self.kind())),
        }
    }

    /// Returns a property that Liquid itself gives a value of this kind.
    fn own_property(&self, name: &str) -> Option<Value<'a>> {
        Some(match (self, name) {
            (Value::Loop(at), _) => return at.property(name),
            (Value::Array(items), "size") => Value::count(items.len()),
            (Value::List(items), "size") => Value::count(items.len()),
            (Value::Object(entries), "size") => Value::count(entries.len()),
            (Value::Object(_) | Value::Array(_) | Value::List(_), "first") => {
                Items::of(self).next().unwrap_or(Value::Nil)
            }
            (Value::Array(_) | Value::List(_), "last") => Items::of(self).next_back().unwrap_or(Value::Nil),
            (Value::Range(first, last), "size") => Value::Int(last.saturating_sub(*first).saturating_add(1).max(0)),
            (Value::Range(first, _), "first") => Value::Int(*first),
            (Value::Range(_, last), "last") => Value::Int(*last),
            (Value::Str(_) | Value::Text(_), _) => {
                let text = self.as_str().unwrap_or_default();
                let letter = |letter: Option<char>| Value::from(letter.map(String::from).unwrap_or_default());
                match name {
                    "size" => Value::count(text.chars().count()),
                    "first" => letter(text.chars().next()),
                    "last" => letter(text.chars().next_back()),
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// Returns what stands at `index` in brackets: an item by its number, counted from the end where
    /// that is negative, or a property by its name.
    ///
    /// # Errors
    /// In a prompt, when a value of this kind has nothing at such an index.
    pub(in crate::template) fn index(&self, index: &Value<'_>, dialect: Dialect) -> Result<Value<'a>, String> {
        if let Some(name) = index.as_str() {
            return self.property(name, Access::Bracket, dialect);
        }
        let is_lax = dialect == Dialect::Lax;
        match (self, index) {
            (_, Value::Nil) if !is_lax => Err("the name of a property is nil".into()),
            (Value::Nil, _) => Ok(Value::Nil),
            (Value::Array(items), Value::Int(index)) => {
                Ok(place(*index, items.len()).map_or(Value::Nil, |place| items.item(place)))
            }
            (Value::List(items), Value::Int(index)) => {
                Ok(place(*index, items.len()).map_or(Value::Nil, |place| items[place].clone()))
            }
            // The keys of an object are strings.
            (Value::Object(object), key) if !is_lax => {
                Ok(key.print(dialect).ok().and_then(|key| object.property(&key)).unwrap_or(Value::Nil))
            }
            _ if is_lax => Ok(Value::Nil),
            _ => {
                let name = index.print(dialect).unwrap_or_default();
                Err(format!("{} has no property `{name}`", self.kind()))
            }
        }
    }
}

/// Returns the place that `index` means among `length` items.
fn place(index: i64, length: usize) -> Option<usize> {
    let place = match usize::try_from(index) {
        Ok(place) => place,
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    (place < length).then_some(place)
}

impl<'a> LoopState<'a> {
    /// Returns a property of `forloop` or `tablerowloop`, or nothing when there is no such property.
    pub(super) fn property(&self, name: &str) -> Option<Value<'a>> {
        let index0 = self.index0.get();
        let left = self.length.saturating_sub(index0);
        Some(match (name, &self.table) {
            ("length", _) => Value::count(self.length),
            ("index", _) => Value::count(index0 + 1),
            ("index0", _) => Value::count(index0),
            ("rindex", _) => Value::count(left),
            ("rindex0", _) => Value::count(left.saturating_sub(1)),
            ("first", _) => Value::Bool(index0 == 0),
            ("last", _) => Value::Bool(left == 1),
            ("name", None) => Value::Str(self.name),
            ("parentloop", None) => self.parent.clone().map_or(Value::Nil, Value::Loop),
            ("col", Some(table)) => Value::Int(table.column.get()),
            ("col0", Some(table)) => Value::Int(table.column.get() - 1),
            ("row", Some(table)) => Value::Int(table.row.get()),
            ("col_first", Some(table)) => Value::Bool(table.column.get() == 1),
            ("col_last", Some(table)) => Value::Bool(table.column.get() == table.columns),
            _ => return None,
        })
    }
}
