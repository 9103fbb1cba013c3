//! What a command may know and do: its options, the place it runs in, its answers, questions and
//! progress. Use cases get what they need from it as values; the session itself never goes below.

use super::args::{Color, Format, Global};
use super::errors::CliError;
use super::output;
use super::progress::Bars;
use super::report::Reporter;
use crate::client;
use crate::commands::context::Resolving;
use crate::commands::environment::{By, Selected};
use crate::commands::{Context, Network};
use crate::config::credentials::Credentials;
use crate::config::{ConfigError, Environment, Flags, KEYS, Settings, UserConfig};
use crate::error::{Diagnostic, Error, Hint, Result};
use crate::name::SetName;
use crate::progress::Progress;
use crate::registry::HttpSettings;
use crate::store::Cache;
use anstream::AutoStream;
use dialoguer::theme::SimpleTheme;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The variable that says which time it is, in seconds since 1970, for tests and reproducible runs.
///
/// `SOURCE_DATE_EPOCH` is not used for this: build systems set it to times long past, which must
/// not decide how old a version is.
pub const NOW: &str = "ANVIL_NOW";

/// The most bytes that are read from stdin, or from one file of parameters: far more than any prompt can use.
const INPUT_LIMIT: u64 = 16 << 20;

/// The first second that has no RFC 3339 time: 10000-01-01T00:00:00Z.
const YEAR_10000: u64 = 253_402_300_800;

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What a person wants to know.
    Normal,
    /// Details, too.
    Verbose,
}

/// One run of one command.
pub struct Session {
    directory: PathBuf,
    set: Option<SetName>,
    verbosity: Verbosity,
    settings: Settings,
    credentials: Arc<Credentials>,
    environment: Option<Selected>,
    yes: bool,
    now: u64,
    reporter: Reporter,
    answer: Mutex<BufWriter<AutoStream<Stdout>>>,
    color: Color,
    bars: Arc<Bars>,
    /// Whether stdout is a pipe that was closed.
    cut_off: AtomicBool,
}

impl Session {
    /// Returns the session that `global` asks for. Flags and `ANVIL_*` are resolved in it already,
    /// in this order.
    ///
    /// # Errors
    /// When the folder of `--directory` is not there, or [`NOW`] holds no time.
    pub fn new(global: &Global) -> Result<Self> {
        Self::with(global, UserConfig::load(&environment)?, &environment)
    }

    /// Returns the session of a command that mends the user's config: one with faults says nothing.
    ///
    /// # Errors
    /// Those of [`new`](Self::new) but for such faults.
    pub fn mending(global: &Global) -> Result<Self> {
        let config = match UserConfig::load(&environment) {
            Err(ConfigError::Invalid(_)) => UserConfig::default(),
            config => config?,
        };
        Self::with(global, config, &environment)
    }

    /// Returns the session of a command that tells what is wrong with the user's config and the variables of the
    /// environment: what has faults says nothing.
    ///
    /// # Errors
    /// Those of [`new`](Self::new) but for such faults.
    pub fn looking(global: &Global) -> Result<Self> {
        let sound = |name: &str| {
            let key = KEYS.iter().find(|key| key.variable == name);
            environment(name).filter(|value| key.is_none_or(|key| key.refuses(&value.to_string_lossy()).is_none()))
        };
        Self::with(global, UserConfig::load(&sound).unwrap_or_default(), &sound)
    }

    fn with(global: &Global, config: UserConfig, environment: Environment<'_>) -> Result<Self> {
        let directory = crate::fs::canonical(global.directory.as_deref().unwrap_or(Path::new(".")))?;
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        };
        let flags = Flags { color: global.color.map(Into::into), offline: global.offline };
        let settings = Settings::resolve(&flags, environment, &config)?;
        let color = settings.color.value.into();
        let bars = Arc::new(Bars::new(verbosity, color));
        let told = Arc::clone(&bars);
        // Whoever is asked something there has to see it, with `--quiet` too.
        let tell = move |line: &str| told.line(&format!("credential helper: {}", output::clean_line(line)));
        Ok(Session {
            directory,
            set: global.set.clone(),
            verbosity,
            environment: selected(global)?,
            yes: global.yes,
            now: now()?,
            reporter: Reporter::new(global.directory.as_deref(), global.set.as_ref()),
            answer: Mutex::new(BufWriter::new(output::stdout(color))),
            color,
            bars,
            cut_off: AtomicBool::new(false),
            credentials: Arc::new(Credentials::new(self::environment, &config).telling(tell)),
            settings,
        })
    }

    /// Returns the folder that the command runs in, absolute.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns what a use case is given of the world.
    pub fn context(&self) -> Context {
        Context {
            directory: self.directory.clone(),
            set: self.set.clone(),
            cache: self.settings.cache_folder().ok().map(Cache::open),
            network: if self.settings.offline.value { Network::Offline } else { Network::Online },
            http: HttpSettings {
                read_timeout: self.settings.http_timeout.value,
                retries: self.settings.http_retries.value,
                ..HttpSettings::default()
            },
            environment: self.environment.clone(),
            signing_key: self.settings.signing_key.as_ref().map(|setting| setting.value.clone()),
            now: self.now,
            progress: Arc::clone(&self.bars) as Arc<dyn Progress>,
            credentials: Arc::clone(&self.credentials),
            resolving: Resolving::default(),
        }
    }

    /// Returns the user's settings, each with where it comes from.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns when colours are used.
    pub fn color(&self) -> Color {
        self.color
    }

    /// Returns how much is said on stderr.
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Returns the time in seconds since 1970, the same throughout the session.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Returns how wide the terminal is, in columns.
    pub fn width(&self) -> usize {
        self.reporter.width()
    }

    /// Returns how many columns an answer may have: those of the terminal, where a person reads it there.
    pub fn room(&self) -> Option<usize> {
        self.is_read_by_a_person().then(|| self.width())
    }

    /// Returns how errors, findings and hints are told.
    pub fn reporter(&self) -> &Reporter {
        &self.reporter
    }

    /// Returns whether the answer goes to a person: stdout is a terminal.
    pub fn is_read_by_a_person(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Returns who is told how work goes on.
    pub fn progress(&self) -> &dyn Progress {
        &*self.bars
    }

    // ---- answers, on stdout ------------------------------------------------------------------

    /// Prints `text`, which ends in a newline where it should. Styles in it are dropped where they
    /// are not wanted; what strangers wrote must have been cleaned.
    ///
    /// # Errors
    /// When stdout cannot be written to. Where it is a pipe that was closed, what is printed goes
    /// nowhere: who read it has seen enough, and the exit code is still to be decided.
    pub fn print(&self, text: &str) -> Result<()> {
        self.printed(self.stdout().write_all(text.as_bytes()))
    }

    /// Prints `line` and a newline, as [`print`](Self::print) does.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn line(&self, line: &str) -> Result<()> {
        self.printed(writeln!(self.stdout(), "{line}"))
    }

    /// Prints a text that somebody else may have written and that programs need to the byte: as it
    /// is where stdout is a pipe or a file, cleaned where it is a terminal.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn document(&self, text: &str) -> Result<()> {
        if self.is_read_by_a_person() {
            return self.print(&output::clean(text));
        }
        let mut answer = self.stdout();
        // Past the layer that drops styles: it would take escape sequences for such.
        self.printed(answer.flush().and_then(|()| io::stdout().write_all(text.as_bytes())))
    }

    /// Prints `value` as JSON.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<()> {
        let text = output::json(value).map_err(|error| CliError::Output(error.into()))?;
        self.print(&text)
    }

    /// Prints an answer in the format that was asked for; `text` is made only where it is wanted.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn answer(&self, format: Format, value: &impl serde::Serialize, text: impl FnOnce() -> String) -> Result<()> {
        match format {
            Format::Json => self.json(value),
            Format::Text => self.print(&text()),
        }
    }

    /// Prints what a command that changes or checks something has done, as [`answer`](Self::answer)
    /// does; in words not with `--quiet`.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn done(&self, format: Format, value: &impl serde::Serialize, text: impl FnOnce() -> String) -> Result<()> {
        match (format, self.verbosity) {
            (Format::Text, Verbosity::Quiet) => Ok(()),
            _ => self.answer(format, value, text),
        }
    }

    /// Prints what a command changed, one line, unless `--quiet`.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn changed(&self, line: &str) -> Result<()> {
        if self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        self.line(line)
    }

    /// Writes out all answers so far.
    ///
    /// # Errors
    /// When stdout cannot be written to.
    pub fn flush(&self) -> Result<()> {
        self.printed(self.stdout().flush())
    }

    /// Returns whether nobody reads the answers any more: stdout is a pipe that was closed. It is found
    /// out by printing.
    pub fn is_cut_off(&self) -> bool {
        self.cut_off.load(Ordering::Relaxed)
    }

    /// Clears the terminal before an answer that takes the place of the one before; where stdout is no
    /// terminal each answer stays.
    pub fn clear(&self) {
        let terminal = dialoguer::console::Term::stdout();
        if terminal.is_term() {
            // At worst the answers stand below each other.
            let _ = terminal.clear_screen();
        }
    }

    fn printed(&self, result: io::Result<()>) -> Result<()> {
        if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.cut_off.store(true, Ordering::Relaxed);
        }
        printed(result)
    }

    fn stdout(&self) -> MutexGuard<'_, BufWriter<AutoStream<Stdout>>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- notes, on stderr --------------------------------------------------------------------

    /// Says something worth knowing, unless `--quiet`.
    pub fn note(&self, message: &str) {
        self.say(format!("{0}note{0:#}: {1}", output::NOTE, output::clean_line(message)));
    }

    /// Warns of something that has neither code nor place, unless `--quiet`.
    pub fn warn(&self, message: &str) {
        self.say(format!("{0}warning{0:#}: {1}", output::WARNING, output::clean_line(message)));
    }

    /// Says which command usually comes next, e.g. `anvil push`, unless `--quiet`.
    pub fn next(&self, command: &str) {
        self.say(format!("{0}next{0:#}: `{1}`", output::HELP, self.typed(command)));
    }

    /// Says which command usually comes next and, before it, after what, unless `--quiet`.
    pub fn next_after(&self, before: &str, command: &str) {
        self.next_elsewhere(before, &self.typed(command));
    }

    /// Says which command usually comes next and, before it, in which other folder, unless `--quiet`.
    pub fn next_elsewhere(&self, before: &str, command: &str) {
        let (before, command) = (output::clean_line(before), output::clean_line(command));
        self.say(format!("{0}next{0:#}: {before} `{command}`", output::HELP));
    }

    fn typed(&self, command: &str) -> String {
        output::clean_line(&self.reporter.command(command))
    }

    /// Says what can be done, unless `--quiet`.
    pub fn help(&self, hint: &Hint) {
        self.say(self.reporter.help_line(hint));
    }

    /// Shows findings on stderr, errors and warnings; with `--quiet` the errors alone.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        let quiet = self.verbosity == Verbosity::Quiet;
        let shown: Vec<Diagnostic> = found.iter().filter(|found| found.is_error() || !quiet).cloned().collect();
        if !shown.is_empty() {
            self.stderr(self.reporter.diagnostics(&shown).trim_end());
        }
    }

    /// Tells of an error that does not end the run, as one that does is told.
    pub fn failure(&self, error: &Error) {
        let text = match output::format_asked_for(std::env::args_os()) {
            Format::Json => output::json_line(&self.reporter.error_json(error)),
            Format::Text => self.reporter.error(error),
        };
        self.stderr(text.trim_end());
    }

    fn say(&self, line: String) {
        if self.verbosity != Verbosity::Quiet {
            self.stderr(&line);
        }
    }

    fn stderr(&self, line: &str) {
        // What was answered before comes before, also where both go to one terminal. Should stdout
        // be closed, the next answer finds out.
        let _ = self.stdout().flush();
        self.bars.line(line);
    }

    // ---- questions ---------------------------------------------------------------------------

    /// Returns whether questions that have a likely answer are asked: there is somebody to ask, and no `--yes`.
    pub fn asks(&self) -> bool {
        !self.yes && can_ask()
    }

    /// Asks for a line of text; `suggestion` is taken where the line stays empty, and with `--yes`.
    ///
    /// # Errors
    /// [`CliError::NoTerminal`] where nobody can be asked; `flag` answers the question then.
    pub fn ask(&self, what: &str, suggestion: Option<&str>, flag: &'static str) -> Result<String> {
        match suggestion {
            Some(suggestion) if self.yes => return Ok(suggestion.to_owned()),
            _ => self.must_be_able_to_ask(what, flag)?,
        }
        let mut input = dialoguer::Input::<String>::with_theme(&SimpleTheme).with_prompt(what);
        if let Some(suggestion) = suggestion {
            input = input.default(output::clean_line(suggestion)).show_default(!suggestion.is_empty());
        }
        Ok(input.interact_text().map_err(unanswered)?)
    }

    /// Asks for a secret; nothing of what is typed is shown.
    ///
    /// # Errors
    /// [`CliError::NoTerminal`] where nobody can be asked; `flag` answers the question then.
    pub fn ask_secret(&self, what: &str, flag: &'static str) -> Result<String> {
        self.must_be_able_to_ask(what, flag)?;
        let terminal = dialoguer::console::Term::stderr();
        let asked = terminal.write_str(&format!("{}: ", output::clean_line(what)));
        Ok(asked.and_then(|()| terminal.read_secure_line()).map_err(|error| unanswered(error.into()))?)
    }

    fn must_be_able_to_ask(&self, what: &str, flag: &'static str) -> Result<()> {
        if can_ask() {
            // The question comes after what was answered before.
            return self.flush();
        }
        Err(CliError::NoTerminal { question: what.to_owned(), flag }.into())
    }

    /// Returns all that comes on stdin, for `-` in the place of a file.
    ///
    /// # Errors
    /// When stdin cannot be read, is not UTF-8 or larger than 16 MiB.
    pub fn stdin(&self) -> Result<String> {
        let mut text = String::new();
        let read = io::stdin().take(INPUT_LIMIT + 1).read_to_string(&mut text);
        if text.len() as u64 > INPUT_LIMIT {
            return Err(CliError::InputTooLarge(INPUT_LIMIT).into());
        }
        read.map_err(CliError::Input)?;
        Ok(text)
    }

    /// Returns all that comes from `path`, as the command line has it: a file, or what a shell offers
    /// as one, such as `/dev/stdin`.
    ///
    /// # Errors
    /// When it cannot be read, is not UTF-8 or larger than 16 MiB.
    pub fn input(&self, path: &str) -> Result<String> {
        Ok(crate::fs::read_stream_to_string(&self.context().path(path), INPUT_LIMIT)?)
    }
}

/// Returns what came of printing; a pipe that was closed is no error.
pub(super) fn printed(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result.map_err(CliError::Output)?),
    }
}

/// Returns whether there is somebody to ask.
fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn unanswered(error: dialoguer::Error) -> CliError {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        io::ErrorKind::Interrupted => CliError::Interrupted,
        _ => CliError::Input(error),
    }
}

/// Returns the environment that a flag names, or else the variable; an empty one counts as one that is not set.
fn selected(global: &Global) -> Result<Option<Selected>> {
    if let Some(name) = &global.env {
        return Ok(Some(Selected { name: name.clone(), by: By::Flag }));
    }
    let Some(value) = std::env::var_os(client::ENVIRONMENT).filter(|value| !value.is_empty()) else { return Ok(None) };
    let name = value.to_string_lossy().parse()?;
    Ok(Some(Selected { name, by: By::Variable }))
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn now() -> Result<u64> {
    let Some(value) = std::env::var_os(NOW).filter(|value| !value.is_empty()) else {
        // A clock that stands before 1970 is as good as none.
        return Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs()));
    };
    let value = value.to_string_lossy().into_owned();
    match value.parse() {
        Ok(seconds) if seconds < YEAR_10000 => Ok(seconds),
        _ => {
            let expected = "a number of seconds since 1970, up to the year 9999";
            Err(CliError::Variable { name: NOW, value, expected }.into())
        }
    }
}
