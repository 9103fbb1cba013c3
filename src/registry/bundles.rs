//! Fetching bundles. Size and checksum are compared before anyone sees a byte, and what fails is
//! dropped.

use super::http::{Answer, Ask, Cut};
use super::indexes::Source;
use super::{BundleMismatch, Location, Registry, RegistryError, runtime};
use crate::archive::Limits;
use crate::digest::Sha256;
use crate::index::{Line, Paths};
use crate::name::SetName;
use crate::version::Version;
use std::sync::{Arc, mpsc};
use tokio::sync::Semaphore;

/// A bundle that is wanted, as an index line or a lock promises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// Of the bundle's bytes.
    pub sha256: Sha256,
    /// The number of the bundle's bytes, where it is known: locks do not have it.
    pub size: Option<u64>,
}

impl From<&Line> for Wanted {
    fn from(line: &Line) -> Self {
        Wanted { name: line.name.clone(), version: line.version.clone(), sha256: line.sha256, size: Some(line.size) }
    }
}

impl Wanted {
    pub(super) fn path(&self) -> String {
        Paths::bundle(&self.name, &self.version, &self.sha256)
    }

    /// Returns `bytes` if they are what was promised.
    fn check(&self, location: &Location, bytes: Option<Vec<u8>>) -> Result<Vec<u8>, RegistryError> {
        let (name, version) = (self.name.clone(), self.version.clone());
        let location = location.clone();
        let Some(bytes) = bytes else { return Err(RegistryError::NoBundle { location, name, version }) };
        let size = bytes.len() as u64;
        let why = match self.size {
            Some(expected) if expected != size => BundleMismatch::Size { got: size, expected },
            _ => match Sha256::of(&bytes) {
                got if got == self.sha256 => return Ok(bytes),
                got => BundleMismatch::Checksum { got, expected: self.sha256 },
            },
        };
        Err(RegistryError::WrongBundle { location, name, version, why: Box::new(why) })
    }
}

impl Registry {
    /// Returns the bytes of the bundle that `wanted` promises.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is not what was promised.
    pub fn bundle(&self, wanted: &Wanted) -> Result<Vec<u8>, RegistryError> {
        match &self.source {
            Source::Folder(folder) => {
                let bytes = folder.read(&wanted.path(), Limits::FORMAT.packed)?;
                wanted.check(&self.location, bytes)
            }
            Source::Web(_) => {
                let fetch = fetch(self.source.clone(), self.location.clone(), wanted.clone());
                runtime::wait_for(fetch)
            }
        }
    }

    /// Fetches the bundles of `wanted`, `parallel` of them at once, and gives each with its bytes to
    /// `on_each`, on the calling thread and in the order in which they arrive. No more than `parallel`
    /// bundles are held in memory. Stops at the first error.
    ///
    /// # Errors
    /// Those of [`Registry::bundle`] and of `on_each`.
    pub fn fetch_bundles<E: From<RegistryError>>(
        &self,
        wanted: &[Wanted],
        parallel: usize,
        mut on_each: impl FnMut(&Wanted, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.fetch_bundles_each(wanted, parallel, |wanted, bytes| on_each(wanted, bytes?))
    }

    /// Does the same, and gives `on_each` the failures, too: it decides which of them end it.
    ///
    /// # Errors
    /// Those of `on_each`.
    pub fn fetch_bundles_each<E: From<RegistryError>>(
        &self,
        wanted: &[Wanted],
        parallel: usize,
        mut on_each: impl FnMut(&Wanted, Result<Vec<u8>, RegistryError>) -> Result<(), E>,
    ) -> Result<(), E> {
        if matches!(self.source, Source::Folder(_)) || wanted.len() < 2 {
            return wanted.iter().try_for_each(|wanted| on_each(wanted, self.bundle(wanted)));
        }
        let (source, location) = (self.source.clone(), self.location.clone());
        in_parallel(wanted, parallel, move |wanted| fetch(source.clone(), location.clone(), wanted), on_each)
    }
}

/// Does `fetch` for each of `wanted`, `parallel` of them at once, and gives each with what came of it to
/// `on_each`, on the calling thread and in the order in which they arrive. No more than `parallel` answers
/// are held in memory. Stops at the first error of `on_each`.
pub(super) fn in_parallel<W, T, F, E>(
    wanted: &[W],
    parallel: usize,
    fetch: impl Fn(W) -> F + Send + 'static,
    mut on_each: impl FnMut(&W, Result<T, RegistryError>) -> Result<(), E>,
) -> Result<(), E>
where
    W: Clone + Send + 'static,
    T: Send + 'static,
    F: Future<Output = Result<T, RegistryError>> + Send + 'static,
    E: From<RegistryError>,
{
    let runtime = runtime::runtime()?;
    let permits = Arc::new(Semaphore::new(parallel.max(1)));
    let (sender, receiver) = mpsc::channel();
    let all = wanted.to_vec();
    let fetching = runtime.spawn(async move {
        for (at, wanted) in all.into_iter().enumerate() {
            // A permit goes along with the bytes and comes back when they were used.
            let Ok(permit) = permits.clone().acquire_owned().await else { return };
            let (sender, fetch) = (sender.clone(), fetch(wanted));
            tokio::spawn(async move {
                let _ = sender.send((at, fetch.await, permit)); // Nobody listens after an error.
            });
        }
    });
    let result = (0..wanted.len()).try_for_each(|_| {
        let (at, bytes, _permit) = receiver.recv().map_err(|_| runtime::broken_off())?;
        on_each(&wanted[at], bytes)
    });
    fetching.abort();
    result
}

async fn fetch(source: Source, location: Location, wanted: Wanted) -> Result<Vec<u8>, RegistryError> {
    let path = wanted.path();
    let web = match source {
        Source::Folder(folder) => return wanted.check(&location, folder.read(&path, Limits::FORMAT.packed)?),
        Source::Web(web) => web,
    };
    if web.freshness == super::Freshness::Offline {
        return Err(RegistryError::Offline {
            location,
            what: format!("the bundle of {} {}", wanted.name, wanted.version),
        });
    }
    let ask = Ask { path: &path, wanted: "a bundle", limit: Limits::FORMAT.packed, etag: None, cut: Cut::Resume };
    let bytes = match web.http.get(ask).await? {
        Answer::Found(found) => Some(found.bytes),
        Answer::Missing | Answer::Unchanged(_) => None,
    };
    wanted.check(&location, bytes)
}
