//! What long work tells whoever waits for it. Use cases are given a [`Progress`] and never print.

use std::fmt;

/// Someone who is told how work goes on. Every method may be called from any thread.
pub trait Progress: Send + Sync {
    /// A piece of work with `total` steps begins, e.g. "fetching", 12.
    fn begin(&self, what: &str, total: u64);

    /// `steps` more steps of the current piece are done.
    fn advance(&self, steps: u64);

    /// The current piece is over, done or not.
    fn end(&self);

    /// Work stands still until someone else is ready, e.g. "the lock on support/onboarding".
    fn waiting(&self, what: &str);

    /// Something that only the curious want to know (`--verbose`); for others no text is made of it.
    fn detail(&self, message: fmt::Arguments<'_>);

    /// The same, unless it was told before.
    fn detail_once(&self, message: fmt::Arguments<'_>) {
        self.detail(message);
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _what: &str, _total: u64) {}
    fn advance(&self, _steps: u64) {}
    fn end(&self) {}
    fn waiting(&self, _what: &str) {}
    fn detail(&self, _message: fmt::Arguments<'_>) {}
}
