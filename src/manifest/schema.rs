//! The JSON Schema of the file, for editors.

/// The schema, as JSON text (draft 2020-12). Editors show its descriptions.
pub const SCHEMA: &str = include_str!("schema.json");
