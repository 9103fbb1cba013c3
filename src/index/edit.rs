//! Changes to an index file's text that keep every field that this Anvil does not know.
