//! Where a credential belongs: scheme, host and port.

use crate::error::{Code, Diagnose, Hint, Kind};
use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// An origin over HTTP (RFC 6454): what a credential is bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: String,
    /// As a URL writes it: an IPv6 address in brackets, an international name in Punycode.
    host: String,
    /// Where it is not the scheme's own.
    port: Option<u16>,
}

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no origin: {why}")]
pub struct OriginError {
    /// What was written, without user-info.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Diagnose for OriginError {
    fn code(&self) -> Code {
        Code::A0629
    }

    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::new("write it as in `https://prompts.example.com`, with `:port` where there is one")]
    }
}

impl Origin {
    /// Returns the origin of `url`, if it is one over HTTP.
    pub fn of(url: &Url) -> Option<Self> {
        let host = url.host_str().filter(|host| !host.is_empty())?;
        let known = matches!(url.scheme(), "http" | "https");
        // `Url` keeps no port that is the scheme's own.
        known.then(|| Origin { scheme: url.scheme().to_owned(), host: host.to_owned(), port: url.port() })
    }

    /// Returns the host, with the port where it is not the scheme's own.
    pub fn host_and_port(&self) -> String {
        self.port.map_or(self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// Returns the host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns `http` or `https`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the variable of the environment that holds a token for this origin:
    /// `ANVIL_TOKEN_PROMPTS_EXAMPLE_COM`, with the port where it is not the scheme's own.
    ///
    /// Every character other than letters and digits becomes `_`, and `-` becomes `__`: else
    /// `prompts-example.com`, which anybody may register, would be given the token of
    /// `prompts.example.com` by any project that names it.
    pub fn variable(&self) -> String {
        self.variable_with("__")
    }

    /// Returns the variable of the host that has a `.` where this one has a `-`.
    pub(super) fn variable_of_another(&self) -> String {
        self.variable_with("_")
    }

    fn variable_with(&self, dash: &str) -> String {
        let mut variable = String::from("ANVIL_TOKEN_");
        for c in self.host_and_port().chars() {
            match c {
                '-' => variable.push_str(dash),
                c if c.is_ascii_alphanumeric() => variable.push(c.to_ascii_uppercase()),
                _ => variable.push('_'),
            }
        }
        variable
    }

    /// Returns whether what is sent here can be read by nobody on the way: over TLS, or to this machine.
    pub fn is_safe(&self) -> bool {
        self.scheme == "https" || self.is_loopback()
    }

    /// Returns whether this is the machine itself.
    pub fn is_loopback(&self) -> bool {
        match Host::parse(&self.host) {
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            Ok(Host::Domain(name)) => name == "localhost",
            Err(_) => false,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host_and_port())
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let shown = match text.split_once("//") {
            Some((scheme, rest)) => format!("{scheme}//{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host)),
            None => text.to_owned(),
        };
        let fail = |why| OriginError { text: shown.split(['?', '#']).next().unwrap_or_default().to_owned(), why };
        let url = Url::parse(text).map_err(|_| fail("it is not a valid URL"))?;
        let origin = Origin::of(&url).ok_or_else(|| fail("only http and https have credentials"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fail("it holds a user name or a password"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(fail("it ends with the host, or its port"));
        }
        Ok(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn origins_are_told_apart_by_scheme_host_and_port() {
        assert_eq!(origin("https://Prompts.Example.com:443/"), origin("https://prompts.example.com"));
        for other in ["http://prompts.example.com", "https://prompts.example.com:8443", "https://example.com"] {
            assert_ne!(origin("https://prompts.example.com"), origin(other));
        }
        assert_eq!(origin("https://x.example:8443/").to_string(), "https://x.example:8443");
    }

    #[test]
    fn the_variable_is_of_one_host_alone() {
        for (text, variable) in [
            ("https://prompts.example.com", "ANVIL_TOKEN_PROMPTS_EXAMPLE_COM"),
            ("https://prompts-example.com", "ANVIL_TOKEN_PROMPTS__EXAMPLE_COM"),
            ("https://x.example:8443", "ANVIL_TOKEN_X_EXAMPLE_8443"),
            ("http://127.0.0.1:8080", "ANVIL_TOKEN_127_0_0_1_8080"),
            ("http://[::1]:8080", "ANVIL_TOKEN____1__8080"),
            ("http://x.example:443", "ANVIL_TOKEN_X_EXAMPLE_443"),
        ] {
            assert_eq!(origin(text).variable(), variable);
        }
    }

    #[test]
    fn plain_http_is_safe_on_this_machine_alone() {
        for safe in
            ["https://x.example", "http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]", "http://localhost:1"]
        {
            assert!(origin(safe).is_safe(), "{safe}");
        }
        for not in ["http://x.example", "http://localhost.example", "http://127.0.0.1.example", "http://10.0.0.1"] {
            assert!(!origin(not).is_safe(), "{not}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_without_its_secrets() {
        for text in ["x.example", "https://x.example/acme", "https://me:hush@x.example", "file:///x", "https://x/?hush"]
        {
            let error = text.parse::<Origin>().unwrap_err().to_string();
            assert!(!error.contains("hush"), "{error}");
        }
    }
}
