//! What a template tells without being rendered.
//!
//! [`names`] reads a tree once, as every template is when it is parsed: which names it reads that
//! nothing before has bound, what it renders, where messages stand. That is what the language goes by.
//!
//! [`flow`] follows a template on all its ways at once, given what its parameters may be. It is for
//! `lint`: which value may be nil where it must not be, which name is set on some ways alone, which
//! branch nobody ever enters.
mod asked;
pub mod domain;
pub mod flow;
pub(super) mod names;
mod read;
pub mod shape;
pub mod trust;
pub mod world;
