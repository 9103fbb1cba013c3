//! The JSON Schema of the file, for editors.

/// The schema, as JSON text (draft 2020-12). Editors show its descriptions.
pub const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lockfile::Lockfile;
    use crate::lockfile::parse::{REQUIREMENT, SET, TOP};
    use crate::lockfile::tests::SAMPLE;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn accepts(text: &str) -> bool {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let lock: Value = toml_edit::de::from_str(text).unwrap();
        jsonschema::draft202012::new(&schema).unwrap().is_valid(&lock)
    }

    #[test]
    fn the_schema_knows_the_keys_that_the_parser_knows() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        for (pointer, known) in
            [("/properties", TOP), ("/$defs/requirement/properties", REQUIREMENT), ("/$defs/set/properties", SET)]
        {
            let keys: BTreeSet<&str> =
                schema.pointer(pointer).unwrap().as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, known.iter().copied().collect(), "{pointer}");
        }
    }

    #[test]
    fn the_schema_takes_a_lock_and_refuses_what_is_none() {
        assert!(accepts(SAMPLE));
        assert!(accepts(&Lockfile::default().write()));
        for bad in [
            "",
            "version = 2",
            "version = 1\n[[set]]\nname = \"a/b\"\nversion = \"1.0.0\"\nsource = \"registry:x\"",
            "version = 1\n[[set]]\nname = \"a/b\"\nversion = \"1.0.0\"\nsource = \"somewhere\"",
            "version = 1\n[[requirement]]\nmember = \".\"\nname = \"a/b\"",
            "version = 1\n[[requirement]]\nmember = \".\"\nname = \"a/b\"\nrequirement = \"1\"\npath = \"x\"",
        ] {
            assert!(!accepts(bad), "{bad}");
        }
    }
}
