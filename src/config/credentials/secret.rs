//! A secret that cannot be printed, and what is made of secrets: credentials.

use data_encoding::BASE64;
use std::fmt;

/// The most bytes of a secret: more than any header takes.
const LONGEST: usize = 8 << 10;

/// A token or a password. It has no `Display`, and its `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(set)")
    }
}

/// Why a text is no secret that can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// There is nothing.
    #[error("there is nothing in it")]
    Empty,
    /// It holds what no header takes.
    #[error("it holds a blank, a control character or one that is not ASCII")]
    Character,
    /// A password holds a control character.
    #[error("it holds a control character")]
    Control,
    /// A user's name holds what divides it from the password.
    #[error("the user name holds `:` or a control character")]
    User,
    /// It is too long.
    #[error("it is longer than {LONGEST} bytes")]
    Long,
    /// A helper answered with another kind of authentication.
    #[error("it is neither a bearer token nor a user name and password")]
    Scheme,
}

impl Secret {
    /// Returns the token that `text` is, without the line's end behind it.
    ///
    /// # Errors
    /// When it is empty, too long, or no header would take it.
    pub fn token(text: &str) -> Result<Self, SecretFault> {
        let text = text.trim_end_matches(['\r', '\n']);
        match text {
            "" => Err(SecretFault::Empty),
            _ if text.len() > LONGEST => Err(SecretFault::Long),
            _ if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(SecretFault::Character),
            _ => Ok(Secret(text.to_owned())),
        }
    }

    /// Returns the password that `text` is, without the line's end behind it; it may hold blanks.
    ///
    /// # Errors
    /// When it is empty, too long, or holds control characters.
    pub fn password(text: &str) -> Result<Self, SecretFault> {
        let text = text.trim_end_matches(['\r', '\n']);
        match text {
            "" => Err(SecretFault::Empty),
            _ if text.len() > LONGEST => Err(SecretFault::Long),
            _ if text.chars().any(char::is_control) => Err(SecretFault::Control),
            _ => Ok(Secret(text.to_owned())),
        }
    }

    /// Returns the secret, for the file that keeps it.
    pub(in crate::config) fn expose(&self) -> &str {
        &self.0
    }
}

/// What proves who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A bearer token (RFC 6750).
    Token(Secret),
    /// A user name and a password (RFC 7617).
    Password {
        /// The user's name; it may be empty.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Credential {
    /// Returns the user name and password that the texts are.
    ///
    /// # Errors
    /// When either cannot be sent.
    pub fn password(user: &str, password: &str) -> Result<Self, SecretFault> {
        if user.contains(':') || user.chars().any(char::is_control) {
            return Err(SecretFault::User);
        }
        Ok(Credential::Password { user: user.to_owned(), password: Secret::password(password)? })
    }

    /// Returns the value of the header `Authorization`: the secret, to be shown to nobody.
    pub fn header(&self) -> String {
        match self {
            Credential::Token(token) => format!("Bearer {}", token.0),
            Credential::Password { user, password } => {
                format!("Basic {}", BASE64.encode(format!("{user}:{}", password.0).as_bytes()))
            }
        }
    }

    /// Returns what it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Credential::Token(_) => "token",
            Credential::Password { .. } => "password",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let token = Credential::Token(Secret::token("hush\n").unwrap());
        let password = Credential::password("ada", "hush").unwrap();
        assert!(!format!("{token:?} {password:?}").contains("hush"));
        assert_eq!(token.header(), "Bearer hush");
        assert_eq!(password.header(), "Basic YWRhOmh1c2g=");
    }

    #[test]
    fn what_no_header_takes_is_refused() {
        for (text, fault) in [
            ("", SecretFault::Empty),
            ("\r\n", SecretFault::Empty),
            ("a b", SecretFault::Character),
            ("a\nX-Evil: 1", SecretFault::Character),
            ("é", SecretFault::Character),
        ] {
            assert_eq!(Secret::token(text), Err(fault), "{text:?}");
        }
        assert!(Secret::token(&"x".repeat(LONGEST + 1)).is_err());
        assert!(Secret::password("with blanks and é").is_ok());
        assert_eq!(Credential::password("a:b", "x"), Err(SecretFault::User));
        assert_eq!(Credential::password("a", "x\0y"), Err(SecretFault::Control));
    }
}
