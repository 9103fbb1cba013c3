//! Where in a JSON Schema the schemas stand that it is made of: in 2020-12, and under `definitions` in the drafts
//! before 2019-09.

use serde_json::{Map, Value};

/// Keywords whose value maps names to schemas.
pub(crate) const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Keywords whose value is data and no schema.
pub(crate) const DATA: [&str; 4] = ["enum", "const", "default", "examples"];

/// Calls `visit` with the keywords of `schema` and of each schema in it, and the keys and indexes that lead there.
/// What stands under a keyword that nobody knows counts as schemas, since a `$ref` may lead there.
pub(crate) fn each_schema<'s>(schema: &'s Value, visit: &mut impl FnMut(&[String], &'s Map<String, Value>)) {
    each_within(schema, &mut Vec::new(), visit);
}

fn each_within<'s>(
    schema: &'s Value,
    path: &mut Vec<String>,
    visit: &mut impl FnMut(&[String], &'s Map<String, Value>),
) {
    let mut within = |key: &[&str], schema: &'s Value, visit: &mut _| {
        let length = path.len();
        path.extend(key.iter().map(|key| (*key).to_owned()));
        each_within(schema, path, visit);
        path.truncate(length);
    };
    match schema {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                within(&[&at.to_string()], item, visit);
            }
        }
        Value::Object(keywords) => {
            for (key, value) in keywords.iter().filter(|(key, _)| !DATA.contains(&key.as_str())) {
                match value {
                    Value::Object(named) if MAPS.contains(&key.as_str()) => {
                        named.iter().for_each(|(name, schema)| within(&[key, name], schema, visit));
                    }
                    value => within(&[key], value, visit),
                }
            }
            visit(path, keywords);
        }
        _ => {}
    }
}
