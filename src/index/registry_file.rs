//! `anvil-registry.json`: what a registry says of itself.

use crate::error::{Code, Diagnose, Hint};
use crate::name::RegistryId;
use serde::Deserialize;
use serde_json::json;

/// The newest format of registries that this Anvil reads, and the one it writes.
pub const REGISTRY_FORMAT: u32 = 1;

/// What a registry says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryFile {
    /// What it says it is.
    pub id: RegistryId,
    /// The URL of its API, where it has one.
    pub api: Option<String>,
}

/// A registry file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryFileError {
    /// A newer Anvil is needed to read the registry.
    #[error("`anvil-registry.json` has format {format}, and this Anvil reads up to {REGISTRY_FORMAT}")]
    Newer {
        /// The registry's format.
        format: u64,
    },
    /// It is no registry file.
    #[error("`anvil-registry.json` is not valid: {why}")]
    Invalid {
        /// What is wrong with it.
        why: String,
    },
}

impl Diagnose for RegistryFileError {
    fn code(&self) -> Code {
        Code::A0601
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RegistryFileError::Newer { .. } => vec![Hint::new("upgrade anvil")],
            RegistryFileError::Invalid { .. } => Vec::new(),
        }
    }
}

impl RegistryFile {
    /// Returns what the bytes of a registry file say. Unknown fields are ignored.
    ///
    /// # Errors
    /// [`RegistryFileError::Newer`] when the format is a newer one, whatever else the file holds;
    /// otherwise when it is not JSON, as web pages are not, or lacks a field.
    pub fn parse(bytes: &[u8]) -> Result<Self, RegistryFileError> {
        #[derive(Deserialize)]
        struct Format {
            format: u64,
        }
        #[derive(Deserialize)]
        struct Rest {
            id: RegistryId,
            #[serde(default)]
            api: Option<String>,
        }
        let invalid = |why: String| RegistryFileError::Invalid { why };
        if super::is_web_page(bytes) {
            return Err(invalid("it is a web page".into()));
        }
        let Format { format } = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
        match format {
            0 => return Err(invalid("there is no format 0".into())),
            format if format > u64::from(REGISTRY_FORMAT) => return Err(RegistryFileError::Newer { format }),
            _ => {}
        }
        let Rest { id, api } = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
        Ok(RegistryFile { id, api })
    }

    /// Returns the file's text.
    pub fn to_json(&self) -> String {
        format!("{}\n", json!({ "format": REGISTRY_FORMAT, "id": self.id, "api": self.api }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_file_reads_what_it_writes() {
        let file = RegistryFile { id: "prompts.example.com/acme".parse().unwrap(), api: None };
        assert_eq!(file.to_json(), "{\"format\":1,\"id\":\"prompts.example.com/acme\",\"api\":null}\n");
        assert_eq!(RegistryFile::parse(file.to_json().as_bytes()), Ok(file));
    }

    #[test]
    fn unknown_fields_are_ignored_and_a_newer_format_is_named_before_all_else() {
        assert!(RegistryFile::parse(br#"{"format":1,"id":"test","colour":"red"}"#).is_ok());
        let error = RegistryFile::parse(br#"{"format":2,"identity":{}}"#).unwrap_err();
        assert_eq!(error, RegistryFileError::Newer { format: 2 });
        assert_eq!(error.hints(), [Hint::new("upgrade anvil")]);
    }

    #[test]
    fn what_is_no_registry_file_is_refused_in_words() {
        let why = |text: &str| RegistryFile::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(why("\u{feff} <!DOCTYPE html><html>").ends_with("it is a web page"));
        assert!(why("{\"format\":1}").contains("missing field `id`"));
        assert!(why("{\"format\":1,\"id\":\"https://x.example\"}").contains("it is a URL"));
        assert!(why("{\"format\":0,\"id\":\"x\"}").contains("no format 0"));
        assert!(why("").contains("not valid"));
    }
}
