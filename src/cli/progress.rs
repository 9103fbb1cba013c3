//! Progress on stderr: bars on a terminal, for work that takes longer than a moment.

use super::output::{clean_line, stderr};
use super::session::Verbosity;
use crate::cli::args::Color;
use crate::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::HashSet;
use std::fmt;
use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What takes less than this shows no bar.
const A_MOMENT: Duration = Duration::from_millis(300);

/// The progress of one command.
pub(super) struct Bars {
    verbosity: Verbosity,
    color: Color,
    terminal: bool,
    current: Mutex<Option<Bar>>,
    /// What is told only once.
    told: Mutex<HashSet<String>>,
}

struct Bar {
    bar: ProgressBar,
    /// Dropped when the work is over, which tells the thread that would show the bar.
    _over: mpsc::Sender<()>,
}

impl Bars {
    pub(super) fn new(verbosity: Verbosity, color: Color) -> Self {
        let terminal = dialoguer::console::Term::stderr().is_term();
        Bars { verbosity, color, terminal, current: Mutex::new(None), told: Mutex::default() }
    }

    fn current(&self) -> MutexGuard<'_, Option<Bar>> {
        // A bar is never half-changed, so that one whose thread panicked is as good as another.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line to stderr without tearing the bar that may be there.
    pub(super) fn line(&self, line: &str) {
        let write = || {
            // Nobody is left to be told that stderr cannot be written to.
            let _ = writeln!(stderr(self.color), "{line}");
        };
        match self.current().as_ref() {
            Some(Bar { bar, .. }) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Progress for Bars {
    fn begin(&self, what: &str, total: u64) {
        if !self.terminal || self.verbosity == Verbosity::Quiet {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let template = "{msg} [{bar:24}] {pos}/{len}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(clean_line(what));
        let (over, wait) = mpsc::channel();
        let late = bar.clone();
        thread::spawn(move || {
            if wait.recv_timeout(A_MOMENT) == Err(RecvTimeoutError::Timeout) {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.tick();
            }
        });
        self.end();
        *self.current() = Some(Bar { bar, _over: over });
    }

    fn advance(&self, steps: u64) {
        if let Some(Bar { bar, .. }) = self.current().as_ref() {
            bar.inc(steps);
        }
    }

    fn end(&self) {
        if let Some(Bar { bar, .. }) = self.current().take() {
            bar.finish_and_clear();
        }
    }

    fn waiting(&self, what: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.line(&format!("waiting for {}", clean_line(what)));
        }
    }

    fn detail(&self, message: fmt::Arguments<'_>) {
        if self.verbosity == Verbosity::Verbose {
            self.line(&clean_line(&message.to_string()));
        }
    }

    fn detail_once(&self, message: fmt::Arguments<'_>) {
        if self.verbosity == Verbosity::Verbose {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.insert(message.to_string()) {
                self.detail(message);
            }
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.end();
    }
}
