//! What users of the `liquid` crate have at hand, as values.

use super::Values;
use liquid::model::{ScalarCow, ValueView};
use liquid::{ObjectView, model::State};
use serde_json::{Map, Value as Json};

/// How deep a value that is taken in may be nested; what is deeper counts as nil.
const MAX_DEPTH: usize = 129;

/// Returns the values of an object of the `liquid` crate. The crate's own objects have no order:
/// entries come sorted by key, so that the same object renders to the same bytes.
///
/// ```
/// let object = liquid::object!({ "name": "Ada", "tags": ["a", "b"] });
/// let values = anvil::template::values_of(&object);
/// assert_eq!(values["name"], "Ada");
/// ```
pub fn values_of(object: &dyn ObjectView) -> Values {
    entries(object, MAX_DEPTH)
}

fn entries(object: &dyn ObjectView, room: usize) -> Map<String, Json> {
    let mut entries: Vec<(String, Json)> =
        object.iter().map(|(key, value)| (key.as_str().to_owned(), value_of(value, room - 1))).collect();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.into_iter().collect()
}

fn value_of(value: &dyn ValueView, room: usize) -> Json {
    if room == 0 {
        return Json::Null;
    }
    if let Some(scalar) = value.as_scalar() {
        return scalar_of(&scalar);
    }
    if let Some(array) = value.as_array() {
        return array.values().map(|item| value_of(item, room - 1)).collect();
    }
    if let Some(object) = value.as_object() {
        return Json::Object(entries(object, room));
    }
    match value.as_state() {
        Some(State::Empty | State::Blank) => Json::from(""),
        _ => Json::Null,
    }
}

fn scalar_of(scalar: &ScalarCow<'_>) -> Json {
    // A string that looks like a number stays a string.
    match scalar.type_name() {
        "whole number" => scalar.to_integer().map_or(Json::Null, Json::from),
        "fractional number" => scalar.to_float().map_or(Json::Null, Json::from),
        "boolean" => scalar.to_bool().map_or(Json::Null, Json::Bool),
        _ => Json::from(scalar.to_kstr().as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_of_the_crate_becomes_values_in_one_order() {
        let object = liquid::object!({
            "z": 1, "a": 1.5, "t": true, "s": "3", "n": nil, "list": [1, { "b": 1, "a": 2 }],
        });
        let expected = json!({ "a": 1.5, "list": [1, { "a": 2, "b": 1 }], "n": null, "s": "3", "t": true, "z": 1 });
        assert_eq!(serde_json::to_string(&values_of(&object)).unwrap(), expected.to_string());
    }
}
