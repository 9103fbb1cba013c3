//! The JSON Schema of the file, for editors.

/// The schema, as JSON text.
pub const SCHEMA: &str = "{}";
