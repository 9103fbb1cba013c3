//! What a template tells without being rendered.
//!
//! `names` reads a tree once, as every template is when it is parsed: which names it reads that
//! nothing before has bound, what it renders, where messages stand. That is what the language goes by.
//!
//! [`flow`] follows a template on all its ways at once, given what its parameters may be. It is for
//! `lint`: which value may be nil where it must not be, which name is set on some ways alone, which
//! branch nobody ever enters. A condition parts what is known in two [`world`]s, which say what each
//! value may be (its [`domain`]); behind the branches these are one again where nothing is lost by that.
//! So a name that is set and read under the same condition is known to be set. A simpler analysis, which
//! joins what branches know at their end, was rejected for the false alarms that it gives there.
//!
//! Whether rendering takes a value at all where it is used is tried, by the functions that render, on
//! `samples` of what it may be (see `fit`).
//!
//! What it does not know: what text a `capture` or a filter makes, which of its inputs a value came from
//! that `default` made and that no name holds, that an object with properties has at least one of those that are optional, that a
//! list contains what its first item is known to be, and how two relations of three values stand to each
//! other (`a == b` and `b == c`). There it may report
//! what no values bring about, and leave a branch unreported that is never taken. The ways that are
//! followed are bounded; where that leaves some out, it says so.
//!
//! [`trust`] follows values that may be a stranger's to where they are printed.

mod asked;
pub mod domain;
mod fit;
pub mod flow;
mod lists;
pub(super) mod names;
mod properties;
mod read;
mod samples;
pub mod shape;
pub mod trust;
pub mod world;
