//! What a loop or a filter of lists goes over, item by item, without a copy.

use super::{Declared, Given, Value};
use serde_json::Value as Json;
use std::iter::FusedIterator;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// Items that are still to come.
#[derive(Clone, Debug)]
pub(in crate::template) enum Items<'a> {
    /// With what is declared of each.
    Given(std::slice::Iter<'a, Json>, Option<&'a Declared>),
    Made(Rc<Vec<Value<'a>>>, std::ops::Range<usize>),
    Numbers(RangeInclusive<i64>),
    /// Pairs of key and value.
    Entries(serde_json::map::Iter<'a>, Option<&'a Declared>),
    One(Option<Value<'a>>),
}

impl<'a> Items<'a> {
    /// Returns no items.
    pub(in crate::template) fn none() -> Items<'a> {
        Items::One(None)
    }

    /// Returns what a loop goes over. As in Liquid a string is one item, if there is any of it, an
    /// object its entries, and anything that holds no items is none.
    pub(in crate::template) fn of(value: &Value<'a>) -> Items<'a> {
        match value {
            Value::Array(items) => Items::Given(items.content.iter(), items.declared.and_then(Declared::items)),
            Value::List(items) => Items::Made(items.clone(), 0..items.len()),
            Value::Range(first, last) => Items::Numbers(*first..=*last),
            Value::Object(Given { content, declared }) => Items::Entries(content.iter(), *declared),
            Value::Str(_) | Value::Text(_) if !value.is_empty() => Items::One(Some(value.clone())),
            _ => Items::none(),
        }
    }

    /// Returns how many items are to come.
    pub(in crate::template) fn len(&self) -> usize {
        match self {
            Items::Given(items, _) => items.len(),
            Items::Made(_, places) => places.len(),
            Items::Numbers(numbers) if numbers.is_empty() => 0,
            Items::Numbers(numbers) => {
                usize::try_from(i128::from(*numbers.end()) - i128::from(*numbers.start()) + 1).unwrap_or(usize::MAX)
            }
            Items::Entries(entries, _) => entries.len(),
            Items::One(item) => usize::from(item.is_some()),
        }
    }

    /// Returns the items without the first `skipped`, and of them at most `most`.
    pub(in crate::template) fn window(mut self, skipped: usize, most: usize) -> Items<'a> {
        let length = self.len();
        let start = skipped.min(length);
        let end = start.saturating_add(most).min(length);
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        match &mut self {
            Items::Given(items, declared) => Items::Given(items.as_slice()[start..end].iter(), *declared),
            Items::Made(items, places) => Items::Made(items.clone(), places.start + start..places.start + end),
            Items::Numbers(_) if start == end => Items::none(),
            Items::Numbers(numbers) => {
                let first = numbers.start().saturating_add(whole(start));
                Items::Numbers(first..=first.saturating_add(whole(end - start) - 1).min(*numbers.end()))
            }
            Items::Entries(entries, _) => {
                for _ in 0..start {
                    entries.next();
                }
                for _ in end..length {
                    entries.next_back();
                }
                self
            }
            Items::One(_) if start == end => Items::none(),
            Items::One(_) => self,
        }
    }
}

fn pair<'a>((key, value): (&'a String, &'a Json), whole: Option<&'a Declared>) -> Value<'a> {
    vec![Value::Str(key), Value::given(value, whole.and_then(|whole| whole.property(key)))].into()
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Items::Given(items, declared) => items.next().map(|item| Value::given(item, *declared)),
            Items::Made(items, places) => places.next().map(|place| items[place].clone()),
            Items::Numbers(numbers) => numbers.next().map(Value::Int),
            Items::Entries(entries, declared) => entries.next().map(|entry| pair(entry, *declared)),
            Items::One(item) => item.take(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len(), Some(self.len()))
    }
}

impl DoubleEndedIterator for Items<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Items::Given(items, declared) => items.next_back().map(|item| Value::given(item, *declared)),
            Items::Made(items, places) => places.next_back().map(|place| items[place].clone()),
            Items::Numbers(numbers) => numbers.next_back().map(Value::Int),
            Items::Entries(entries, declared) => entries.next_back().map(|entry| pair(entry, *declared)),
            Items::One(item) => item.take(),
        }
    }
}

impl FusedIterator for Items<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn windowed(value: &Json, skipped: usize, most: usize) -> String {
        let items: Vec<Json> =
            Items::of(&Value::from(value)).window(skipped, most).map(|item| item.to_json()).collect();
        Json::from(items).to_string()
    }

    #[test]
    fn a_window_is_a_part_of_whatever_is_looped_over() {
        assert_eq!(windowed(&json!([1, 2, 3, 4]), 1, 2), "[2,3]");
        assert_eq!(windowed(&json!([1, 2]), 5, 2), "[]");
        assert_eq!(windowed(&json!({ "z": 1, "a": 2, "m": 3 }), 1, 1), r#"[["a",2]]"#);
        assert_eq!(windowed(&json!("text"), 0, 9), r#"["text"]"#);
        assert_eq!(windowed(&json!(""), 0, 9), "[]");
        assert_eq!(windowed(&json!(5), 0, 9), "[]");
        let numbers: Vec<i64> = Items::of(&Value::Range(i64::MIN, i64::MAX))
            .window(2, 2)
            .map(|item| match item {
                Value::Int(number) => number,
                _ => 0,
            })
            .collect();
        assert_eq!(numbers, [i64::MIN + 2, i64::MIN + 3]);
        assert_eq!(Items::of(&Value::Range(3, 1)).len(), 0);
    }
}
