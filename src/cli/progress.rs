//! Progress on stderr: bars on a terminal, for work that takes longer than a moment.

use super::output::{clean_line, stderr};
use super::session::Verbosity;
use crate::cli::args::Color;
use crate::config::credentials::sent;
use crate::progress::Progress;
use dialoguer::console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What takes less than this shows no bar.
const A_MOMENT: Duration = Duration::from_millis(300);

/// How many columns a bar takes beside its message, at most.
const BESIDE_MESSAGE: usize = 45;

/// The terminal, taken for a little narrower than it is. A bar's line is filled to its end, and the `^C`
/// that a terminal writes must still fit behind it: who is interrupted clears the one line.
#[derive(Debug)]
struct Narrowed(Term);

impl TermLike for Narrowed {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(3)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

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
        let terminal = Term::stderr().is_term();
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
            let _ = writeln!(stderr(self.color), "{}", sent::masked(line));
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
        let room = usize::from(Narrowed(Term::stderr()).width()).saturating_sub(BESIDE_MESSAGE);
        bar.set_message(truncate_str(&clean_line(what), room, "…").into_owned());
        let (over, wait) = mpsc::channel();
        let late = bar.clone();
        thread::spawn(move || {
            if wait.recv_timeout(A_MOMENT) == Err(RecvTimeoutError::Timeout) {
                late.set_draw_target(ProgressDrawTarget::term_like_with_hz(Box::new(Narrowed(Term::stderr())), 20));
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
