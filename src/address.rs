//! Addresses: how people and applications name a set or a prompt,
//! `[@registry/]project/set[@which][/prompt]`.

use crate::error::{Code, Diagnose, Hint};
use crate::name::{ChannelName, NameError, PromptName, RegistryName, SetName};
use crate::version::{Requirement, Version, VersionError, meant, parse_requirement, parse_version};
use std::fmt;
use std::str::FromStr;

/// Which version an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// What the lock says; outside any project the newest.
    Unspecified,
    /// Exactly this version.
    Exact(Version),
    /// The newest that matches.
    Requirement {
        /// The requirement.
        requirement: Requirement,
        /// As it was written: `9` is `^9`, and whoever wrote the one should read the one.
        written: String,
    },
    /// The version that the registry's channel names.
    Channel(ChannelName),
}

/// A set, perhaps at a version, perhaps one prompt of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What `anvil.toml` calls the registry, where the address says.
    pub registry: Option<RegistryName>,
    /// The set.
    pub set: SetName,
    /// The version that is asked for.
    pub which: Which,
    /// The prompt, where the address names one.
    pub prompt: Option<PromptName>,
}

/// An address that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an address: {why}", crate::error::told(.text))]
pub struct AddressError {
    text: String,
    why: AddressFault,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum AddressFault {
    #[error("it needs `project/set`")]
    NoSet,
    #[error("nothing stands after `@`")]
    EmptyWhich,
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("{0}")]
    Version(#[from] VersionError),
}

impl Diagnose for AddressError {
    fn code(&self) -> Code {
        Code::A0002
    }

    fn hints(&self) -> Vec<Hint> {
        match &self.why {
            AddressFault::Name(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}

impl Address {
    /// Returns the address of a whole set at no particular version.
    pub fn of_set(set: SetName) -> Self {
        Address { registry: None, set, which: Which::Unspecified, prompt: None }
    }
}

impl FromStr for Which {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        parse_which(text).map_err(|why| AddressError { text: text.to_owned(), why })
    }
}

fn parse_which(text: &str) -> Result<Which, AddressFault> {
    if text.is_empty() {
        return Err(AddressFault::EmptyWhich);
    }
    if text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return match text.parse() {
            Ok(channel) => Ok(Which::Channel(channel)),
            // As in `v2.0.0`, a tag's name: what is meant is in the error.
            Err(error) => {
                if meant(text).is_some() {
                    parse_version(text)?;
                }
                Err(AddressFault::Name(error))
            }
        };
    }
    if Version::parse(text).is_ok() {
        return Ok(Which::Exact(parse_version(text)?));
    }
    Ok(Which::Requirement { requirement: parse_requirement(text)?, written: text.to_owned() })
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        parse(text).map_err(|why| AddressError { text: text.to_owned(), why })
    }
}

fn parse(text: &str) -> Result<Address, AddressFault> {
    let (registry, rest) = match text.strip_prefix('@') {
        Some(rest) => {
            let (registry, rest) = rest.split_once('/').ok_or(AddressFault::NoSet)?;
            (Some(registry.parse()?), rest)
        }
        None => (None, text),
    };
    let (project, rest) = rest.split_once('/').ok_or(AddressFault::NoSet)?;
    // A requirement holds no `/`, so the first one after the set begins the prompt.
    let (set_and_which, prompt) = match rest.split_once('/') {
        Some((set, prompt)) => (set, Some(prompt.parse()?)),
        None => (rest, None),
    };
    let (set, which) = match set_and_which.split_once('@') {
        Some((set, which)) => (set, parse_which(which)?),
        None => (set_and_which, Which::Unspecified),
    };
    Ok(Address { registry, set: format!("{project}/{set}").parse()?, which, prompt })
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Unspecified => Ok(()),
            Which::Exact(version) => write!(f, "@{version}"),
            Which::Requirement { written, .. } => write!(f, "@{written}"),
            Which::Channel(channel) => write!(f, "@{channel}"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "@{registry}/")?;
        }
        write!(f, "{}{}", self.set, self.which)?;
        match &self.prompt {
            Some(prompt) => write!(f, "/{prompt}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_and_writes_itself() {
        for text in [
            "support/onboarding",
            "support/onboarding/welcome",
            "support/onboarding@2.1.0/welcome",
            "support/onboarding@^2/emails/welcome",
            "support/onboarding@2/welcome",
            "support/onboarding@stable/_part",
            "support/onboarding@v2",
            "support/onboarding@v1-beta/welcome",
            "@acme/support/onboarding",
            "@acme/support/onboarding@>=1, <2/welcome",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_full_version_is_exact_a_word_is_a_channel_and_the_rest_is_a_requirement() {
        let which = |text: &str| text.parse::<Address>().unwrap().which;
        assert_eq!(which("a/b"), Which::Unspecified);
        assert!(matches!(which("a/b@1.2.3"), Which::Exact(_)));
        assert!(matches!(which("a/b@1.2"), Which::Requirement { .. }));
        assert!(matches!(which("a/b@=1.2.3"), Which::Requirement { .. }));
        assert!(matches!(which("a/b@production"), Which::Channel(_)));
        assert!(matches!(which("a/b@v2"), Which::Channel(_)));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["", "a", "@acme", "@acme/a", "a/b@", "a/b/", "a/b@1.2.3+x", "A/b", "a/b@Stable", "a/b@^^1"] {
            assert!(bad.parse::<Address>().is_err(), "{bad:?} was taken");
        }
    }
}
