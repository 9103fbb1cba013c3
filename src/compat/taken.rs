//! What a parameter's schema takes, as far as that is plain: the values that it could as well list, how long its
//! texts are, and whether a constraint of another version refuses any of that.

use super::limit::Limit;
use crate::prompt::declaration::{Extent, Schema, Type};
use crate::prompt::format::Format;
use crate::prompt::pattern::Pattern;
use crate::prompt::tokens::Tokenizer;
use crate::prompt::values::check;
use serde_json::Value;

/// The most integers of a range that are taken as a list.
const MOST_IN_RANGE: i64 = 1000;

/// Returns the values that a schema lists, if it lists them.
pub(super) fn listed(schema: &Schema) -> Option<Vec<Value>> {
    match (&schema.constant, &schema.enumeration) {
        (Some(constant), _) => Some(vec![constant.clone()]),
        (None, values) => values.clone(),
    }
}

/// Returns the values that `schema` could as well list: those of a boolean, and the integers of a short range where
/// `other`, which lists its own, takes all of them.
pub(super) fn listable(schema: &Schema, other: &Schema) -> Option<Vec<Value>> {
    match schema.kind {
        Type::Boolean => Some(vec![Value::Bool(true), Value::Bool(false)]),
        Type::Integer => {
            let bound = |limit: Option<Limit>| limit.filter(|limit| !limit.is_open)?.number.as_i64();
            let (least, most) = (bound(Limit::lower(schema))?, bound(Limit::upper(schema))?);
            let is_short = most.checked_sub(least).is_some_and(|span| span < MOST_IN_RANGE);
            let takes = |value: &Value| check(other, value).is_empty();
            (is_short && (least..=most).all(|number| takes(&number.into())))
                .then(|| (least..=most).map(Value::from).collect())
        }
        _ => None,
    }
}

/// Returns whether a text that `schema` takes may be more than `limit` tokens. No token is shorter than a byte.
pub(super) fn may_exceed(schema: &Schema, limit: u64, tokenizer: Tokenizer) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (listed(schema), schema.kind) {
        (Some(values), _) => values.iter().any(|value| tokenizer.exceeds(&text(value), limit)),
        (None, Type::Boolean) => limit < "false".len() as u64,
        (None, Type::String) => most_bytes(schema).is_none_or(|bytes| limit < bytes),
        (None, _) => true,
    }
}

/// Returns the most bytes of UTF-8 that a text has, if there is a bound.
fn most_bytes(schema: &Schema) -> Option<u64> {
    const LONGEST_CHARACTER: u64 = 4;
    let by_length = schema.length.most.map(|characters| characters.saturating_mul(LONGEST_CHARACTER));
    // What a format bounds is of ASCII.
    [by_length, length_of_format(schema).most].into_iter().flatten().min()
}

/// Returns how many characters a text has because of its format.
pub(super) fn length_of_format(schema: &Schema) -> Extent {
    match schema.format {
        Some(Format::Date) => Extent { least: Some(10), most: Some(10) },
        Some(Format::DateTime | Format::Uri | Format::Email) => Extent { least: Some(1), most: None },
        None => Extent::default(),
    }
}

/// Returns whether every text matches `pattern`: it may match nothing at all, wherever that stands.
pub(super) fn matches_everything(pattern: &Pattern) -> bool {
    let hir = regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(pattern.syntax());
    hir.is_ok_and(|hir| hir.properties().minimum_len() == Some(0) && hir.properties().look_set().is_empty())
}
