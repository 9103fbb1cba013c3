//! A registry's files as they stand, for whoever copies it: no cache, and nothing understood on the way.

use super::bundles::in_parallel;
use super::folder::Folder;
use super::http::{Answer, Ask, Cut};
use super::indexes::Source;
use super::{CATALOG_LIMIT, Freshness, Location, Registry, RegistryError, runtime};
use crate::fs;
use crate::index::{Catalog, Line, Paths};
use crate::name::SetName;

/// A file that is wanted as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFile {
    /// Relative to the registry's root.
    pub path: String,
    /// What it is, for messages: "an index".
    pub wanted: &'static str,
    /// The most bytes that it may have.
    pub limit: u64,
}

impl Registry {
    /// Reads the files of `wanted`, `parallel` of them at once, and gives each with its bytes, or nothing
    /// where there is no such file, to `on_each`, in the order in which they arrive.
    ///
    /// # Errors
    /// Those of `on_each`, which is given the failures, too.
    pub fn raw_files<E: From<RegistryError>>(
        &self,
        wanted: &[RawFile],
        parallel: usize,
        mut on_each: impl FnMut(&RawFile, Result<Option<Vec<u8>>, RegistryError>) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Source::Folder(folder) = &self.source {
            return wanted.iter().try_for_each(|file| on_each(file, folder.read(&file.path, file.limit)));
        }
        let (source, location) = (self.source.clone(), self.location.clone());
        in_parallel(wanted, parallel, move |file| read(source.clone(), location.clone(), file), on_each)
    }

    /// Returns the names of all sets, sorted, or nothing where they cannot be told: a host that has no catalog.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn all_names(&self) -> Result<Option<Vec<SetName>>, RegistryError> {
        if let Source::Folder(folder) = &self.source {
            return folder.names().map(Some);
        }
        let file = RawFile { path: Paths::CATALOG.to_owned(), wanted: "a catalog", limit: CATALOG_LIMIT };
        let (source, location) = (self.source.clone(), self.location.clone());
        let Some(bytes) = runtime::wait_for(read(source, location, file))? else { return Ok(None) };
        let catalog = Catalog::parse(&bytes)
            .map_err(|source| RegistryError::Catalog { location: self.location.clone(), source })?;
        Ok(Some(catalog.lines().iter().map(|line| line.name.clone()).collect()))
    }

    /// Returns the paths of the statement of `line` and of its signatures, as far as a listing or `keys`, those that the
    /// line names, tell; whether they are there is not known on a host.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn statement_paths(&self, line: &Line, keys: &[String]) -> Result<Vec<String>, RegistryError> {
        let statement = Paths::statement(&line.name, &line.version, &line.sha256);
        match &self.source {
            Source::Folder(folder) => listed(folder, &statement),
            Source::Web(_) => {
                let signatures = keys.iter().map(|key| Paths::signature(&statement, key));
                Ok(std::iter::once(statement.clone()).chain(signatures).collect())
            }
        }
    }
}

/// Returns the files beside `statement` that are it or a signature of it.
fn listed(folder: &Folder, statement: &str) -> Result<Vec<String>, RegistryError> {
    let Some((parent, name)) = statement.rsplit_once('/') else { return Ok(Vec::new()) };
    let is_key = |key: &str| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_wanted = |file: &str| match file.strip_prefix(name) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('.').and_then(|rest| rest.strip_suffix(".sig")).is_some_and(is_key),
        None => false,
    };
    let entries = fs::list(&folder.path(parent))?;
    let files = entries.into_iter().filter(|entry| entry.kind == fs::EntryKind::File && is_wanted(&entry.name));
    Ok(files.map(|entry| format!("{parent}/{}", entry.name)).collect())
}

async fn read(source: Source, location: Location, file: RawFile) -> Result<Option<Vec<u8>>, RegistryError> {
    let RawFile { path, wanted, limit } = file;
    let web = match source {
        Source::Folder(folder) => return folder.read(&path, limit),
        Source::Web(web) => web,
    };
    if web.freshness == Freshness::Offline {
        return Err(RegistryError::Offline { location, what: format!("`{path}`") });
    }
    let ask = Ask { path: &path, wanted, limit, etag: None, cut: Cut::StartOver };
    Ok(match web.http.get(ask).await? {
        Answer::Found(found) => Some(found.bytes),
        Answer::Missing | Answer::Unchanged(_) => None,
    })
}
