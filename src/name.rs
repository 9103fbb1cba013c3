//! Names: of sets, prompts, registries and channels. Each is parsed once, at the edge; below it
//! nothing is a `String` that has a meaning.

use crate::error::{Code, Diagnose, Hint};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

/// The longest a segment of a set's name may be, in characters.
pub const MAX_SEGMENT: usize = 64;

/// A name that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid {what}: {why}", crate::error::told(.text))]
pub struct NameError {
    what: &'static str,
    text: String,
    why: String,
}

impl NameError {
    fn new(what: &'static str, text: &str, why: impl Into<String>) -> Self {
        NameError { what, text: text.to_owned(), why: why.into() }
    }

    /// Returns what was given for a name, its end cut off where it is long.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns why the name is refused, without the name.
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl Diagnose for NameError {
    fn code(&self) -> Code {
        Code::A0001
    }

    fn hints(&self) -> Vec<Hint> {
        let lower = self.text.trim().to_lowercase();
        let dashed = lower.replace([' ', '_'], "-");
        let is_good = |text: &&str| match self.what {
            "set name" => SetName::from_str(text).is_ok(),
            "prompt name" => PromptName::from_str(text).is_ok(),
            _ => false,
        };
        // Of a prompt the file's name is taken for its own now and then.
        let stem = |text: &'_ str| text.strip_suffix(".prompt.md").or(text.strip_suffix(".md")).map(str::to_owned);
        let bare = stem(&dashed).unwrap_or_default();
        let candidates = [bare.strip_prefix("prompts/").unwrap_or(&bare), &lower, &dashed];
        if let Some(meant) = candidates.into_iter().find(is_good) {
            return vec![Hint::new(format!("did you mean `{meant}`?"))];
        }
        Vec::new()
    }
}

/// Returns whether `segment` (without extension) is a name that Windows keeps for a device.
pub fn is_windows_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().trim_end_matches(' ');
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        return true;
    }
    let Some((port, number)) = stem.split_at_checked(3) else { return false };
    (port.eq_ignore_ascii_case("com") || port.eq_ignore_ascii_case("lpt"))
        && matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
}

fn check_segment(segment: &str) -> Result<(), String> {
    if segment.is_empty() {
        return Err("a segment is empty".into());
    }
    if segment.chars().count() > MAX_SEGMENT {
        return Err(format!("a segment is longer than {MAX_SEGMENT} characters"));
    }
    if !segment.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!("`{segment}` does not begin with a lower-case letter"));
    }
    if let Some(bad) = segment.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
        return Err(format!("{bad:?} is not a lower-case letter, a digit or `-`"));
    }
    if is_windows_device(segment) {
        return Err(format!("`{segment}` is a device on Windows"));
    }
    Ok(())
}

/// The name of a prompt set, e.g. `support/onboarding`. Copies share the text: an index repeats few
/// names many times.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetName {
    text: Arc<str>,
    slash: usize,
}

impl SetName {
    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the first half, the project.
    pub fn project(&self) -> &str {
        &self.text[..self.slash]
    }

    /// Returns the second half, the set's own name within its project.
    pub fn set(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// Returns what two names have in common that look alike: on one registry no two sets may
    /// share a skeleton. `-` is dropped, `l` and `i` become `1`, `o` becomes `0`, `rn` becomes `m`.
    pub fn skeleton(&self) -> String {
        let fold =
            |segment: &str| segment.replace('-', "").replace("rn", "m").replace(['l', 'i'], "1").replace('o', "0");
        format!("{}/{}", fold(self.project()), fold(self.set()))
    }
}

impl FromStr for SetName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fail = |why: String| NameError::new("set name", text, why);
        let Some((project, set)) = text.split_once('/') else {
            return Err(fail("it needs a project before the set, as in `project/set`".into()));
        };
        if set.contains('/') {
            return Err(fail("it has more than two segments".into()));
        }
        check_segment(project).map_err(fail)?;
        check_segment(set).map_err(fail)?;
        Ok(SetName { slash: project.len(), text: text.into() })
    }
}

/// The name of a prompt within its set, e.g. `emails/welcome`. Rules: the prompt language, section 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptName(String);

impl PromptName {
    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether only the set's own prompts, tests and `lint` may use it: a segment begins with `_`.
    pub fn is_private(&self) -> bool {
        self.0.split('/').any(|segment| segment.starts_with('_'))
    }
}

impl FromStr for PromptName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fail = |why: String| NameError::new("prompt name", text, why);
        for segment in text.split('/') {
            let rest = segment.strip_prefix('_').unwrap_or(segment);
            if rest.is_empty() {
                return Err(fail("a segment is empty".into()));
            }
            if !rest.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
                return Err(fail(format!("`{segment}` does not begin with a lower-case letter or a digit")));
            }
            let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
            if let Some(bad) = rest.chars().find(|c| !allowed(c)) {
                return Err(fail(format!("{bad:?} is not a lower-case letter, a digit, `-` or `_`")));
            }
        }
        Ok(PromptName(text.to_owned()))
    }
}

/// What `anvil.toml` calls a registry, e.g. `default` or `partner`. It means nothing outside that file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryName(String);

impl RegistryName {
    /// The registry of a dependency that names none.
    pub const DEFAULT: &'static str = "default";

    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the registry that is used where none is named.
    pub fn default_name() -> Self {
        RegistryName(Self::DEFAULT.to_owned())
    }
}

impl FromStr for RegistryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_segment(text).map_err(|why| NameError::new("registry name", text, why))?;
        Ok(RegistryName(text.to_owned()))
    }
}

/// A movable name for a version on a registry, e.g. `stable`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelName(String);

impl ChannelName {
    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChannelName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_segment(text).map_err(|why| NameError::new("channel name", text, why))?;
        Ok(ChannelName(text.to_owned()))
    }
}

/// What `anvil.toml` calls an environment, e.g. `production`. It means nothing outside that project.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvironmentName(String);

impl EnvironmentName {
    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fail = |why: &str| NameError::new("environment name", text, why);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if text.is_empty() || text.len() > MAX_SEGMENT {
            return Err(fail("it has from 1 to 64 characters"));
        }
        if !text.chars().all(plain) {
            return Err(fail("it may hold lower-case letters, digits, `-` and `_` alone"));
        }
        Ok(EnvironmentName(text.to_owned()))
    }
}

/// What a registry says it is, e.g. `prompts.example.com/acme`, or `test` for a local one.
/// Locks name registries by it, never by URL.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryId(String);

impl RegistryId {
    /// Returns the id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the id has no dot: a local name, which is always believed.
    pub fn is_local(&self) -> bool {
        !self.0.contains('.')
    }
}

impl FromStr for RegistryId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fail = |why: &str| NameError::new("registry id", text, why);
        if text.len() > 255 {
            return Err(fail("it is longer than 255 characters"));
        }
        if text.contains("://") {
            return Err(fail("it is a URL; an id is written without the scheme, as in `prompts.example.com/acme`"));
        }
        for segment in text.split('/') {
            if segment.is_empty() || segment == "." || segment == ".." {
                return Err(fail("a segment is empty, `.` or `..`"));
            }
            if !segment
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | ':'))
            {
                return Err(fail("it may hold lower-case letters, digits, `.`, `-`, `_`, `:` and `/` alone"));
            }
        }
        Ok(RegistryId(text.to_owned()))
    }
}

/// Reads what is written as a text, without a copy of the text.
pub(crate) struct FromText<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> FromText<T> {
    /// Returns the value that `deserializer` holds as a text.
    ///
    /// # Errors
    /// When there is no text, or it is not of the value's form.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(FromText(PhantomData))
    }
}

impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! written_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                FromText::read(deserializer)
            }
        }
    )*};
}

written_as_text!(SetName, PromptName, RegistryName, ChannelName, EnvironmentName, RegistryId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_names_have_two_plain_segments() {
        let name: SetName = "support/on-boarding2".parse().unwrap();
        assert_eq!((name.project(), name.set()), ("support", "on-boarding2"));
        for bad in ["support", "a/b/c", "/b", "a/", "A/b", "a/2b", "a/b_c", "a/con", "com1/x", "a/-b", "é/b", ""] {
            assert!(bad.parse::<SetName>().is_err(), "{bad:?} was taken");
        }
        assert!(format!("a/{}", "b".repeat(64)).parse::<SetName>().is_ok());
        assert!(format!("a/{}", "b".repeat(65)).parse::<SetName>().is_err());
    }

    #[test]
    fn names_that_look_alike_share_a_skeleton() {
        let skeleton = |text: &str| text.parse::<SetName>().unwrap().skeleton();
        assert_eq!(
            skeleton("core/tool-kit"),
            skeleton("c0re/t00ikit".replace("c0re", "core").replace("t00", "too").as_str())
        );
        assert_eq!(skeleton("core/modern"), skeleton("core/modem"));
        assert_ne!(skeleton("core/tone"), skeleton("core/tune"));
    }

    #[test]
    fn a_wrong_case_is_mended_in_the_hint() {
        let error = "Support/On_Boarding".parse::<SetName>().unwrap_err();
        assert_eq!(error.hints(), [Hint::new("did you mean `support/on-boarding`?")]);
    }

    #[test]
    fn prompt_names_may_be_private() {
        assert!("_parts/foot".parse::<PromptName>().unwrap().is_private());
        assert!(!"a_b/c-d".parse::<PromptName>().unwrap().is_private());
        for bad in ["", "a//b", "A", "_", "-a", "a.b", "a/"] {
            assert!(bad.parse::<PromptName>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn registry_ids_are_no_urls() {
        assert!("prompts.example.com/acme".parse::<RegistryId>().is_ok());
        assert!("127.0.0.1:8080/r".parse::<RegistryId>().is_ok());
        for bad in ["https://x.example", "", "a//b", "a/../b", "A.example", "a b"] {
            assert!(bad.parse::<RegistryId>().is_err(), "{bad:?} was taken");
        }
    }
}
