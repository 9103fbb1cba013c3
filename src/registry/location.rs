//! Where a registry is: a web address or a folder, as a manifest or a command line writes it.

use super::RegistryError;
use crate::fs;
use crate::manifest::RegistryEntry;
use crate::name::RegistryId;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// Where a registry is. Two locations are equal when they mean the same place, however written.
#[derive(Clone, Debug)]
pub struct Location(Arc<Parts>); // Every error of a registry carries one, so it is small and cheap to clone.

#[derive(Debug)]
struct Parts {
    written: String,
    /// What means the same on a command line.
    argument: String,
    place: Place,
}

/// What a location means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// An `http` or `https` address whose path ends in `/`, without user-info, query and fragment.
    Web(Url),
}

impl Location {
    /// Returns the place that `text` writes: a URL (`https:`, `http:`, `file:`), or a path relative to
    /// `base`, the folder of the manifest.
    ///
    /// # Errors
    /// When the URL is not well formed, is of another kind, or carries user-info, a query or a
    /// fragment. No message holds user-info.
    pub fn parse(text: &str, base: &Path) -> Result<Self, RegistryError> {
        let fail = |why: &str| RegistryError::Location { text: without_user_info(text), why: why.into() };
        let place = match scheme(text) {
            _ if text.is_empty() => return Err(fail("it is empty")),
            None => Place::Folder(fs::join(base, Path::new(text))),
            Some(scheme) => match scheme.to_ascii_lowercase().as_str() {
                "https" | "http" => Place::Web(web(text).map_err(fail)?),
                "file" => Place::Folder(folder(text).ok_or_else(|| fail("it is not of the form `file:///folder`"))?),
                "s3" => return Err(fail("s3 is not supported yet; a bucket that is served over https can be read")),
                other => return Err(fail(&format!("`{other}` is not supported; use https, http, file or a path"))),
            },
        };
        Ok(Location(Arc::new(Parts { written: text.to_owned(), argument: text.to_owned(), place })))
    }

    /// Returns the place of a registry that the manifest in `folder` names, or the root of the workspace around it.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn of(entry: &RegistryEntry, folder: &Path) -> Result<Self, RegistryError> {
        let Location(mut parts) = Self::parse(&entry.location, &folder.join(&entry.seen_from))?;
        // Who stands in a member's folder would be led astray by a path that is seen from the root.
        if let (false, Some(Parts { argument, place: Place::Folder(path), .. })) =
            (entry.seen_from.is_empty(), Arc::get_mut(&mut parts))
        {
            *argument = path.display().to_string();
        }
        Ok(Location(parts))
    }

    /// Returns the place that an argument of the command line names: what is no text is no URL either.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn named(argument: &Path, base: &Path) -> Result<Self, RegistryError> {
        match argument.to_str() {
            Some(text) => Self::parse(text, base),
            None => Ok(Self::folder(&base.join(argument))),
        }
    }

    /// Returns the location of the folder at `path`.
    pub fn folder(path: &Path) -> Self {
        Location(Arc::new(Parts {
            written: path.display().to_string(),
            argument: path.display().to_string(),
            place: Place::Folder(fs::join(Path::new(""), path)),
        }))
    }

    /// Returns the location as a command in a hint takes it: as it was written, or whole where that is seen from another
    /// folder than the command's.
    pub fn argument(&self) -> &str {
        &self.0.argument
    }

    /// Returns what the location means.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Returns the text that caches are kept by: the normalised URL, or the path.
    pub fn key(&self) -> String {
        match &self.0.place {
            Place::Folder(path) => path.display().to_string(),
            Place::Web(url) => url.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// Returns whether this and `other` are one place. Unlike what is equal they need not be written
    /// alike: a folder that is there is known by its path with `..` and links followed.
    pub fn is_same_place(&self, other: &Location) -> bool {
        match (self.place(), other.place()) {
            (Place::Folder(one), Place::Folder(other)) if one != other => {
                matches!((fs::canonical(one), fs::canonical(other)), (Ok(one), Ok(other)) if one == other)
            }
            (one, other) => one == other,
        }
    }

    /// Returns whether this is exactly `https://<id>`, the one place whose word on its id is enough.
    pub fn is_home_of(&self, id: &RegistryId) -> bool {
        match &self.0.place {
            Place::Web(url) => web(&format!("https://{id}")).is_ok_and(|home| home == *url),
            Place::Folder(_) => false,
        }
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.0.place == other.0.place
    }
}

impl Eq for Location {}

impl Hash for Location {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.place.hash(state);
    }
}

/// As it was written.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.written)
    }
}

/// Returns the scheme of `text` if it is a URL. A single letter is a drive of Windows.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let known = ["http", "https", "file", "s3"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    (is_scheme && (known || rest.starts_with("//"))).then_some(scheme)
}

fn web(text: &str) -> Result<Url, &'static str> {
    if !text.contains("://") {
        return Err("it is not a valid URL: `//` is missing after the scheme");
    }
    let mut url = Url::parse(text).map_err(|error| match error {
        url::ParseError::EmptyHost => "it names no host",
        url::ParseError::InvalidPort => "its port is not a number up to 65535",
        _ => "it is not a valid URL",
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a registry's URL carries no user name and no password, since it stands in files that are shared");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("a registry's URL has no query and no fragment");
    }
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn folder(text: &str) -> Option<PathBuf> {
    let path = Url::parse(text).ok().filter(|_| text.contains("://"))?.to_file_path().ok()?;
    Some(fs::join(Path::new(""), &path))
}

/// Returns `text` without its query and without all that stands before the last `@` of a URL.
fn without_user_info(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match text.split_once("//") {
        // A password may hold a `/` or an `@`, so the last one counts.
        Some((scheme, rest)) => format!("{scheme}//{}", rest.rsplit_once('@').map_or(rest, |(_, after)| after)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Location {
        Location::parse(text, Path::new("/project")).unwrap()
    }

    fn why(text: &str) -> String {
        Location::parse(text, Path::new("/project")).unwrap_err().to_string()
    }

    #[test]
    fn urls_that_mean_the_same_are_equal() {
        let location = parse("https://Prompts.Example.com:443/acme");
        assert_eq!(location, parse("https://prompts.example.com/acme/"));
        assert_eq!(location.key(), "https://prompts.example.com/acme");
        assert_ne!(location, parse("http://prompts.example.com/acme"));
        assert_eq!(parse("http://127.0.0.1:8080").key(), "http://127.0.0.1:8080");
    }

    #[test]
    fn a_path_is_relative_to_the_manifest() {
        assert_eq!(parse("../mirror").place(), &Place::Folder("/mirror".into()));
        assert_eq!(parse("./a/./b/"), parse("a/b"));
        assert_eq!(parse("/srv/registry"), parse("file:///srv/registry"));
        assert_eq!(parse("odd:name").place(), &Place::Folder("/project/odd:name".into()));
    }

    #[test]
    fn what_is_no_place_is_refused_in_words() {
        assert!(why("s3://bucket/prefix").contains("not supported yet"));
        assert!(why("ftp://x.example").contains("`ftp` is not supported"));
        assert!(why("https://").contains("names no host"));
        assert!(why("https:x.example").contains("not a valid URL"));
        assert!(why("file://host/dir").contains("file:///folder"));
        assert!(why("https://x.example/?token=hush").contains("no query"));
        assert!(why("").contains("empty"));
    }

    #[test]
    fn a_secret_is_refused_and_not_repeated() {
        for text in [
            "https://me:hush@x.example/acme",
            "https://hush@x.example",
            "https://me:hush@in@x.example/acme",
            "https://me:hu/hush@x.example/acme",
            "s3://me:hush@bucket",
            "https://x.example/a?hush",
            "https://x.example:hush@/",
        ] {
            assert!(!why(text).contains("hush"), "{}", why(text));
        }
        assert!(why("https://me:hush@x.example/acme").contains("`https://x.example/acme`"));
    }

    #[test]
    fn the_home_of_an_id_is_its_https_address_alone() {
        let id: RegistryId = "prompts.example.com/acme".parse().unwrap();
        assert!(parse("https://prompts.example.com/acme/").is_home_of(&id));
        for other in [
            "http://prompts.example.com/acme",
            "https://prompts.example.com/acme/x",
            "https://prompts.example.com",
            "https://prompts.example.com:8443/acme",
            "prompts.example.com/acme",
        ] {
            assert!(!parse(other).is_home_of(&id), "{other}");
        }
        assert!(parse("https://x.example:8443").is_home_of(&"x.example:8443".parse().unwrap()));
    }
}
