//! The one async runtime of the command line. It starts when the first request is made, so that
//! commands that need no network pay nothing for it.

use super::RegistryError;
use std::future::Future;
use std::sync::{OnceLock, mpsc};
use tokio::runtime::{Builder, Runtime};

/// Requests wait much and compute little; two threads keep one free while the other parses.
const WORKERS: usize = 2;

/// Returns the runtime.
///
/// # Errors
/// When the operating system gives no threads.
pub(super) fn runtime() -> Result<&'static Runtime, RegistryError> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("anvil-net")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    started.as_ref().map_err(|why| RegistryError::Client { why: format!("no thread could be started: {why}") })
}

/// Runs `work` on the runtime and waits for it.
///
/// The caller waits on a channel and not in `block_on`, which panics when the application that
/// links this library calls it from a runtime of its own.
///
/// # Errors
/// Those of `work`, and when there is no runtime.
pub(super) fn wait_for<T: Send + 'static>(
    work: impl Future<Output = Result<T, RegistryError>> + Send + 'static,
) -> Result<T, RegistryError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime()?.spawn(async move {
        let _ = sender.send(work.await); // The receiver waits below.
    });
    receiver.recv().unwrap_or_else(|_| Err(broken_off()))
}

/// Returns the error for work whose task ended without a result.
pub(super) fn broken_off() -> RegistryError {
    RegistryError::Client { why: "a request ended without a result, which is a fault of Anvil's".into() }
}
