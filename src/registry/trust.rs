//! Whose registry is it? The rule by which a registry's word on its own id is believed.
//!
//! A lock names registries by id, so whoever could claim another's id could answer in its place.
//! Hence an id with a dot in it, which looks like a host, is believed from exactly
//! `https://<id>`, where TLS vouches for it, or where the consumer vouches for the copy in
//! `[registries]`. An id without a dot is local and promises nothing.

use super::{Location, RegistryError};
use crate::name::{RegistryId, RegistryName};

/// A registry as a project names it: an entry of `[registries]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the project calls it.
    pub name: RegistryName,
    /// Where it is.
    pub location: Location,
    /// The id by which the project vouches for this copy.
    pub vouched: Option<RegistryId>,
}

/// Decides whether the registry of `entry` is believed to be `stated`, which its registry file says it is.
///
/// # Errors
/// [`RegistryError::Different`] when the project vouched for another id, and
/// [`RegistryError::NotBelieved`] when somebody has to vouch and nobody did.
pub fn believe(entry: &Entry, stated: &RegistryId) -> Result<(), RegistryError> {
    match &entry.vouched {
        Some(vouched) if vouched == stated => Ok(()),
        Some(vouched) => Err(RegistryError::Different {
            location: entry.location.clone(),
            stated: stated.clone(),
            expected: vouched.clone(),
        }),
        None if stated.is_local() || entry.location.is_home_of(stated) => Ok(()),
        None => Err(RegistryError::NotBelieved { entry: Box::new(entry.clone()), stated: stated.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Diagnose;
    use std::path::Path;

    #[test]
    fn the_rule_as_a_table() {
        use Verdict::*;
        #[derive(Debug, PartialEq)]
        enum Verdict {
            Believed,
            NotBelieved,
            Different,
        }
        const ID: &str = "prompts.example.com/acme";
        let table = [
            // A local name, from anywhere.
            ("https://prompts.example.com/acme", None, "test", Believed),
            ("../mirror", None, "test", Believed),
            ("http://127.0.0.1:8080", None, "localhost/x", Believed),
            // A name with a dot, from its home.
            ("https://prompts.example.com/acme", None, ID, Believed),
            ("https://prompts.example.com/acme/", Some(ID), ID, Believed),
            // From anywhere else.
            ("http://prompts.example.com/acme", None, ID, NotBelieved),
            ("https://prompts.example.com", None, ID, NotBelieved),
            ("https://mirror.example/acme", None, ID, NotBelieved),
            ("../mirror", None, ID, NotBelieved),
            ("file:///srv/mirror", None, ID, NotBelieved),
            // With somebody who vouches.
            ("https://mirror.example/acme", Some(ID), ID, Believed),
            ("../mirror", Some(ID), ID, Believed),
            // For another: even for a local name and even from its home.
            ("../mirror", Some(ID), "other.example", Different),
            ("../mirror", Some(ID), "test", Different),
            ("https://prompts.example.com/acme", Some("other.example"), ID, Different),
            ("../mirror", Some("test"), "test2", Different),
        ];
        for (location, vouched, stated, expected) in table {
            let entry = entry(location, vouched);
            let verdict = match believe(&entry, &stated.parse().unwrap()) {
                Ok(()) => Believed,
                Err(RegistryError::NotBelieved { .. }) => NotBelieved,
                Err(RegistryError::Different { .. }) => Different,
                Err(other) => panic!("{other}"),
            };
            assert_eq!(verdict, expected, "{location} {vouched:?} {stated}");
        }
    }

    fn entry(location: &str, vouched: Option<&str>) -> Entry {
        Entry {
            name: RegistryName::default_name(),
            location: Location::parse(location, Path::new("/project")).unwrap(),
            vouched: vouched.map(|id| id.parse().unwrap()),
        }
    }

    #[test]
    fn the_line_to_add_is_shown() {
        let error = believe(&entry("../mirror", None), &"a.example".parse().unwrap()).unwrap_err();
        let hint = error.hints()[0].to_string();
        assert!(hint.contains(r#"default = { url = "../mirror", id = "a.example" }"#), "{hint}");
        assert_eq!(error.kind().exit_code(), 1);
    }

    #[test]
    fn a_different_id_names_both() {
        let error = believe(&entry("../mirror", Some("b.example")), &"a.example".parse().unwrap()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("a.example") && text.contains("b.example"), "{text}");
    }
}
