//! The JSON Schema of the file, for editors.

/// The schema, as JSON text (draft 2020-12). Editors show its descriptions.
pub const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::compat::COMPAT;
    use crate::manifest::environment::ENVIRONMENT;
    use crate::manifest::parse::{REGISTRY, RESOLUTION, SET, TOP, TRUST, TRUST_RULE};
    use crate::manifest::workspace::{INHERITED, WORKSPACE};
    use crate::manifest::{Fresh, Manifest, Strictness, dependency::DEPENDENCY, tests::SAMPLE};
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn accepts(text: &str) -> bool {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let manifest: Value = toml_edit::de::from_str(text).unwrap();
        jsonschema::draft202012::new(&schema).unwrap().is_valid(&manifest)
    }

    /// Returns the keys that the schema knows of the tables at each of `pointers` together.
    fn keys(pointers: &[&str]) -> BTreeSet<String> {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let tables = pointers.iter().map(|pointer| schema.pointer(&format!("{pointer}/properties")).unwrap());
        tables.flat_map(|table| table.as_object().unwrap().keys().cloned()).collect()
    }

    #[test]
    fn the_schema_knows_the_keys_that_the_parser_knows() {
        for (pointers, known) in [
            (&[""][..], TOP),
            (&["/properties/set"], SET),
            (&["/properties/registries/additionalProperties/anyOf/1"], REGISTRY),
            (&["/$defs/dependency/anyOf/1", "/$defs/dependency/anyOf/2", "/$defs/dependency/anyOf/3"], DEPENDENCY),
            (&["/properties/resolution"], RESOLUTION),
            (&["/properties/environments/additionalProperties"], ENVIRONMENT),
            (&["/properties/compat"], COMPAT),
            (&["/properties/trust"], TRUST),
            (&["/properties/trust/properties/policy/additionalProperties/anyOf/1"], TRUST_RULE),
            (&["/properties/workspace"], WORKSPACE),
            (&["/properties/workspace/properties/set"], INHERITED),
        ] {
            let known: BTreeSet<String> = known.iter().map(ToString::to_string).collect();
            assert_eq!(keys(pointers), known, "{pointers:?}");
        }
    }

    #[test]
    fn the_schema_takes_what_the_parser_takes() {
        let name = "a/b".parse().unwrap();
        let fresh = Fresh { set: Some(&name), ..Fresh::default() }.text();
        for text in [SAMPLE, "", &fresh] {
            assert!(Manifest::parse("anvil.toml", text, Strictness::Own).is_ok(), "{text}");
            assert!(accepts(text), "{text}");
        }
    }

    #[test]
    fn the_schema_refuses_what_the_parser_refuses() {
        for text in [
            "nmae = 1",
            "[set]\nname = \"a/b\"",
            "[set]\nname = \"A/b\"\nversion = \"1.0.0\"",
            "[set]\nname = \"a/b\"\nversion = \"1.0\"",
            "[set]\nname = \"a/b\"\nversion = \"1.0.0\"\nedition = 2",
            "[set]\nname = \"a/b\"\nversion = \"1.0.0\"\ntag = \"v1\"",
            "[set]\nname = \"a/b\"\nversion = \"1.0.0\"\ninclude = [\"/etc\"]",
            "[dependencies]\n\"a/b\" = \"stable\"",
            "[dependencies]\n\"a/b\" = { git = \"https://x.example/y\", path = \"z\" }",
            "[dependencies]\n\"a/b\" = { git = \"https://x.example/y\", tag = \"a\", rev = \"b\" }",
            "[dependencies]\n\"a/b\" = { path = \"/srv\" }",
            "[dependencies]\nab = \"1\"",
            "[registries]\na = { id = \"x\" }",
            "[resolution]\nminimum-release-age = \"soon\"",
            "[resolution]\nminimum-release-age-exempt = \"acme/*\"",
            "[resolution]\nminimum-release-age-exempt = [\"/acme\"]",
            "[environments.x]\nmode = \"lokced\"",
            "[environments.x]\nmode = \"locked\"\napprovals = 2",
            "[environments.x]\nmode = \"review\"\napprovals = 0",
            "[environments.x]\nmode = \"review\"\nchannel = \"stable\"",
            "[environments.x]\nmode = \"live\"\nchannel = \"Stable\"",
            "[compat]\naccept = [\"x\"]",
            "[compat.raise]\ntext_changed = \"patch\"",
            "[trust.policy]\n\"a/*\" = { minimum = 0 }",
        ] {
            assert!(Manifest::parse("anvil.toml", text, Strictness::Own).is_err(), "{text}");
            assert!(!accepts(text), "{text}");
        }
    }
}
