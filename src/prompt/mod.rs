//! Prompts: a file's front matter and template made into something that can be asked for, checked
//! and rendered (the prompt language, sections 1 to 3, 6 and 8).
//!
//! A [`Set`] is the prompts of one version of one set; it is loaded from files and always loads:
//! what is wrong with them are its findings. A [`Scope`] is a set together with the sets that its
//! `render` tags may reach; from it one gets a [`Ready`] prompt, which renders. [`lint()`] says
//! all that is wrong or odd, [`facts`] what a prompt is, [`interface`] what others rely on.
//!
//! Nothing here reads a disk, a clock or the network.

pub mod canonical;
mod check;
pub mod declaration;
pub mod facts;
mod file;
pub mod fix;
pub mod format;
pub mod front_matter;
pub mod interface;
pub(crate) mod json_schema;
pub mod lint;
pub mod parameters;
mod passing;
pub mod pattern;
mod reach;
pub mod request;
mod schema;
pub mod schema_reader;
mod scope;
mod set;
mod shapes;
pub mod testing;
pub mod tokens;
mod trace;
pub mod values;
pub mod yaml;

pub use declaration::{Parameter, Schema, Type};
pub use file::Prompt;
pub use front_matter::{FrontMatter, OutputSchema};
pub use interface::{Interface, PromptInterface, PromptKind};
pub use lint::{Reach, lint};
pub use parameters::{ValuesError, coerce};
pub use reach::Live;
pub use request::{Provider, Request, RequestError};
pub use schema::SCHEMA;
pub use scope::{Dependencies, PromptError, Ready, Rendered, Scope};
pub use set::Set;
pub use testing::PromptTest;
pub use trace::{Part, Traced};
pub use values::{Constraint, ValueFault};

/// The most findings of one file that are listed; the rest are counted.
pub const MAX_FINDINGS: usize = 20;

#[cfg(test)]
mod tests;
