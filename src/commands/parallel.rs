//! The same work on many things, on all processors.

use crate::error::{Error, Result};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns what `work` makes of each of `items`, in their order, on as many threads as there are processors.
///
/// # Errors
/// With the error of the first item that failed; the work on others may be left undone.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let failed: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut done = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    match work(item) {
                        Ok(result) => done.push((at, result)),
                        Err(error) => {
                            next.store(items.len(), Ordering::Relaxed);
                            let mut failed = failed.lock().expect("no thread panics while it holds this");
                            if failed.as_ref().is_none_or(|(first, _)| at < *first) {
                                *failed = Some((at, error));
                            }
                        }
                    }
                }
                results.lock().expect("no thread panics while it holds this").extend(done);
            });
        }
    });
    if let Some((_, error)) = failed.into_inner().expect("all threads have ended") {
        return Err(error);
    }
    let mut results = results.into_inner().expect("all threads have ended");
    results.sort_by_key(|(at, _)| *at);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
