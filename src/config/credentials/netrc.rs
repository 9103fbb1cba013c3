//! netrc: what ftp began and curl, git and many others read.
//!
//! Words divided by blanks and line ends: `machine HOST login USER password WORD`, in quotes where a
//! word holds a blank. What others put there (`account`, `macdef`) is passed over, and nothing
//! there is an error: the file is not Anvil's. The few crates that read it are young or left
//! alone, and bring more than these lines.

use super::Origin;
use std::iter::Peekable;
use std::str::Chars;

/// Returns the user name and password that `text` has for the host of `origin`: the first entry of it.
/// An entry may name a port, as in `machine prompts.example.com:8443`; one that does not is for all of them.
pub(super) fn find(text: &str, origin: &Origin) -> Option<(String, String)> {
    let (host, with_port) = (origin.host(), origin.host_and_port());
    let mut words = Words { chars: text.chars().peekable() };
    let (mut ours, mut login, mut password) = (false, None, None);
    while let Some(word) = words.next_keyword() {
        match word.as_str() {
            "machine" => {
                if ours && password.is_some() {
                    break;
                }
                let machine = words.next_word()?.to_ascii_lowercase();
                (ours, login, password) = (machine == with_port || machine == host, None, None);
            }
            // It names no host, so that any would be given it.
            "default" => {
                if ours && password.is_some() {
                    break;
                }
                (ours, login, password) = (false, None, None);
            }
            "login" => login = words.next_word(),
            "password" => password = words.next_word(),
            "account" => drop(words.next_word()),
            "macdef" => words.skip_macro(),
            _ => {}
        }
    }
    ours.then_some(())?;
    Some((login.unwrap_or_default(), password?))
}

struct Words<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Words<'_> {
    /// Returns the next word where one that has a meaning is expected; there a `#` begins a comment.
    fn next_keyword(&mut self) -> Option<String> {
        loop {
            let word = self.next_word()?;
            if !word.starts_with('#') {
                return Some(word);
            }
            self.skip_line();
        }
    }

    fn next_word(&mut self) -> Option<String> {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
        let mut word = String::new();
        let quoted = self.chars.next_if_eq(&'"').is_some();
        if !quoted && self.chars.peek().is_none() {
            return None;
        }
        loop {
            match self.chars.peek() {
                None => break,
                Some(c) if !quoted && c.is_whitespace() => break, // Stays, so that a line's end is seen.
                Some('"') if quoted => {
                    self.chars.next();
                    break;
                }
                Some('\\') if quoted => {
                    self.chars.next();
                    word.extend(self.chars.next().map(|c| match c {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => other,
                    }));
                }
                Some(_) => word.extend(self.chars.next()),
            }
        }
        Some(word)
    }

    fn skip_line(&mut self) {
        while self.chars.next_if(|c| *c != '\n').is_some() {}
    }

    /// Passes over a macro, which ends with an empty line.
    fn skip_macro(&mut self) {
        self.skip_line();
        self.chars.next();
        while self.chars.peek().is_some_and(|c| *c != '\n') {
            self.skip_line();
            self.chars.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, origin: &str) -> Option<(String, String)> {
        find(text, &origin.parse().unwrap())
    }

    fn found(text: &str) -> Option<(String, String)> {
        at(text, "https://x.example:8443")
    }

    #[test]
    fn what_people_have_in_it_is_read() {
        let ada = Some(("ada".to_owned(), "hush".to_owned()));
        for text in [
            "machine x.example login ada password hush",
            "machine x.example\n  login ada\n  password hush\n",
            "machine X.Example login ada password hush",
            "machine x.example:8443 login ada password hush",
            "machine other login o password p machine x.example login ada account a password hush",
            "# machine x.example login no password no\nmachine x.example login ada password hush",
            "machine x.example login \"ada\" password \"hush\"",
            "machine x.example password hush login ada",
            "macdef init\nmachine x.example login no password no\n\nmachine x.example login ada password hush",
            "machine x.example login ada password hush\nmachine x.example login later password later",
            "machine x.example login ada password hush\ndefault login d password d",
            "machine x.example login nothing\nmachine x.example login ada password hush",
        ] {
            assert_eq!(found(text), ada, "{text}");
        }
    }

    #[test]
    fn a_quoted_word_may_hold_anything_and_a_plain_one_may_begin_with_a_hash() {
        assert_eq!(
            found(r#"machine x.example login "a b" password "q\"\\ #""#).unwrap(),
            ("a b".into(), "q\"\\ #".into())
        );
        assert_eq!(found("machine x.example login a password #p").unwrap(), ("a".into(), "#p".into()));
    }

    #[test]
    fn what_is_for_others_is_not_taken() {
        for text in [
            "",
            "default login d password d",
            "machine x.example login ada",
            "machine y.x.example login ada password hush",
            "machine x.example:443 login ada password hush",
            "machine x.example\ndefault login d password d",
            "machine \"x.example login ada password hush",
            "machine",
            "macdef x",
            "macdef x\n",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        assert!(at("machine x.example login a password b", "https://x.example").is_some());
    }
}
