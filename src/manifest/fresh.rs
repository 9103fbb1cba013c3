//! The manifest that `anvil init` writes.

use super::edit::{quoted, registry};
use super::{DEFAULT_PROMPTS, EDITION, Pattern};
use crate::name::{RegistryId, SetName};
use std::fmt::Write as _;

/// What stands in a new manifest until it names a default registry.
pub(super) const REGISTRY_COMMENT: &str =
    "# default = \"https://prompts.example.com/acme\"   # or a folder, such as \"../registry\"";

/// What a new manifest says.
#[derive(Clone, Debug, Default)]
pub struct Fresh<'a> {
    /// The set's name; nothing for an application that only consumes.
    pub set: Option<&'a SetName>,
    /// One line about the set; may be empty.
    pub description: &'a str,
    /// The set's licence, an SPDX expression.
    pub license: Option<&'a str>,
    /// Where the prompts are; none for the default place.
    pub prompts: &'a [Pattern],
    /// Where the default registry is, if that is known.
    pub registry: Option<&'a str>,
    /// The id by which that copy of the registry is vouched for.
    pub registry_id: Option<&'a RegistryId>,
    /// What it is to a workspace.
    pub role: Role,
}

/// What a new manifest is to a workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Nothing: it stands alone.
    #[default]
    Alone,
    /// A member, whose root says where the registries are.
    Member,
    /// The root of one.
    Root,
}

impl Fresh<'_> {
    /// Returns the manifest's text, with a comment where a newcomer would ask.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Some(name) = self.set {
            let globs = match self.prompts {
                [] => quoted(DEFAULT_PROMPTS),
                globs => globs.iter().map(|glob| quoted(glob.as_str())).collect::<Vec<_>>().join(", "),
            };
            let _ = write!(
                text,
                "[set]\n\
                 name = {}\n\
                 version = \"0.1.0\"\n\
                 edition = {EDITION}                  # of the prompt language\n\
                 description = {}\n",
                quoted(name.as_str()),
                quoted(self.description),
            );
            if let Some(license) = self.license {
                let _ = writeln!(text, "license = {}", quoted(license));
            }
            let _ = write!(text, "prompts = [{globs}]\n\n");
        }
        if self.role != Role::Member {
            text.push_str("[registries]\n");
            match self.registry {
                Some(location) => {
                    let _ = writeln!(text, "default = {}", registry(location, self.registry_id));
                }
                None => {
                    let _ = writeln!(text, "{REGISTRY_COMMENT}");
                }
            }
            text.push('\n');
        }
        if self.role == Role::Root {
            text.push_str(
                "[workspace]\nmembers = [\"sets/*\"]       # `anvil init sets/NAME --name project/set` begins one\n",
            );
            return text;
        }
        text.push_str("[dependencies]              # `anvil add project/set` writes them\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Manifest, PromptPatterns, Strictness};

    #[test]
    fn a_fresh_manifest_says_what_was_asked_for() {
        let name = "support/onboarding".parse().unwrap();
        let globs = [Pattern::parse("patterns/*/system.md").unwrap()];
        let fresh = Fresh {
            set: Some(&name),
            description: "First \"replies\".",
            license: Some("MIT"),
            prompts: &globs,
            registry: Some("../registry"),
            registry_id: None,
            role: Role::Alone,
        };
        let manifest = Manifest::parse("anvil.toml", &fresh.text(), Strictness::Own).unwrap();
        let set = manifest.set.unwrap();
        assert_eq!((set.name, set.version.to_string()), (name, "0.1.0".to_owned()));
        assert_eq!(set.selection.prompts, PromptPatterns(globs.to_vec()));
        assert_eq!((set.description.as_deref(), set.license.as_deref()), (Some("First \"replies\"."), Some("MIT")));
        assert_eq!(manifest.registries[&"default".parse().unwrap()].location, "../registry");
    }

    #[test]
    fn an_application_has_no_set_and_the_prompts_are_in_the_default_place() {
        let manifest = Manifest::parse("anvil.toml", &Fresh::default().text(), Strictness::Own).unwrap();
        assert_eq!(manifest, Manifest::default());
        let name = "a/b".parse().unwrap();
        let fresh = Fresh { set: Some(&name), ..Fresh::default() };
        let set = Manifest::parse("anvil.toml", &fresh.text(), Strictness::Own).unwrap().set.unwrap();
        assert_eq!(set.selection.prompts, PromptPatterns::default());
    }
}
