//! The tests as a configuration of promptfoo.
