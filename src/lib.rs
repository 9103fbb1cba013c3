//! Anvil: a Git-backed package manager for LLM prompts.
//!
//! A prompt set is a folder of files in a git repository, with a manifest and semantic versions;
//! it depends on other sets, resolves into `anvil.lock`, and travels as an immutable bundle
//! through a registry. This crate is what an application links and what the `anvil` binary is
//! made of. `CONTRIBUTING.md` has the map of the modules.
//!
//! An application asks for a prompt by its address and gets the text that its lock promised:
//!
//! ```
//! # fn main() -> anvil::error::Result<()> {
//! # let folder = anvil::client::doc_example();
//! # let project_dir = folder.path();
//! let anvil = anvil::Anvil::open(project_dir)?;
//! let welcome = anvil.get("welcome")?; // of a dependency: "support/onboarding/welcome"
//! let rendered = welcome.render(&serde_json::json!({ "name": "Ada" }))?;
//! assert_eq!(rendered.text(), Some("Welcome, Ada!"));
//! # Ok(())
//! # }
//! ```
//!
//! It needs no features: `anvil = { …, default-features = false }` links no git and no network.

// Tests may do what the house may not.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types))]

pub use client::Anvil;

/// The README's Rust is compiled as documentation is.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// So is the Rust of the page on the prompt language.
#[cfg(doctest)]
#[doc = include_str!("../docs/prompts.md")]
struct PromptLanguage;

// The ground.
pub mod address;
pub mod digest;
pub mod error;
pub mod fs;
pub mod name;
pub mod progress;
pub mod version;

// The formats.
pub mod archive;
#[cfg(feature = "manage")]
pub mod index;
pub mod lockfile;
pub mod manifest;
#[cfg(feature = "manage")]
pub mod reviews;

// The core: no disk, no network, no clock.
pub mod compat;
#[cfg(feature = "manage")]
pub mod diff;
pub mod prompt;
#[cfg(feature = "manage")]
pub mod resolver;
pub mod template;

// The world.
#[cfg(feature = "manage")]
pub mod config;
#[cfg(feature = "manage")]
pub mod git;
#[cfg(feature = "manage")]
pub mod registry;
#[cfg(feature = "manage")]
pub mod signing;
pub mod store;

// The use cases.
#[cfg(feature = "manage")]
pub mod commands;
// The SDK.
pub mod client;

// The faces.
#[cfg(feature = "cli")]
pub mod cli;
