//! The command line: arguments in, words and exit codes out.
//!
//! Each command has one file here, which turns its arguments into a request to the use case of the
//! same name in `commands/` and the answer into words. [`args`] has the whole command line as data,
//! [`Session`] what a command may know and do (its options, its answers, questions and progress),
//! [`output`] and [`report`] how answers and errors look. The exit code is decided in [`main`] alone.

pub mod args;
pub mod output;
pub mod reference;
pub mod report;
pub mod session;

mod difference;
mod errors;
mod github;
mod interrupt;
mod junit;
mod markdown;
mod progress;
mod resolving;
mod usage;
mod words;

// The commands, in the order of `anvil --help`.
mod demo;
mod init;
mod new;

mod diff;
mod lint;
mod log;
mod login;
mod logout;
mod render;
mod show;
mod test;
mod tokens;

mod compat;
mod rollback;
mod version;

mod add;
mod lock;
mod outdated;
mod pull;
mod remove;
mod review;
mod trace;
mod tree;
mod update;
mod vendor;
mod verify;
mod why;

mod channel;
mod deprecate;
mod export;
mod import;
mod push;
mod sbom;
mod yank;

mod registry;

mod cache;
mod completions;
mod config;
mod doctor;
mod explain;
mod man;
mod mirror;
mod schema;

pub use errors::CliError;
pub use session::Session;

use crate::error::{Error, Kind};
use args::{Cli, Color, Format};
use clap::FromArgMatches;
use report::Reporter;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// How a command that did not fail came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or the answer is yes.
    Done,
    /// The answer, which was given on stdout, is no: exit code 1.
    No,
}

/// Reads the command line, does what it says and returns the exit code.
pub fn main() -> ExitCode {
    let parsed = args::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let Cli { global, command } = match parsed {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::explain(error)),
    };
    errors::report_panics();
    interrupt::handle();
    let mut color = global.color.unwrap_or_default();
    let reporter = Reporter::new(global.directory.as_deref(), global.set.as_ref());
    let session = match command {
        args::Command::Config(_) => Session::mending(&global),
        args::Command::Doctor(_) => Session::looking(&global),
        _ => Session::new(&global),
    };
    let result = session.and_then(|session| {
        color = session.color();
        if global.env.is_some() {
            crate::commands::environment::check_named(&session.context())?;
        }
        // The panic hook has told of it already; what is left to do is the exit code.
        let ran = catch_unwind(AssertUnwindSafe(|| command.run(&session)));
        let outcome = ran.unwrap_or_else(|_| Err(CliError::Fault.into()));
        // What a failed command has answered so far belongs to its answer.
        let flushed = session.flush();
        outcome.and_then(|outcome| flushed.map(|()| outcome))
    });
    ExitCode::from(exit_code(result, color, &reporter))
}

fn exit_code(result: Result<Outcome, Error>, color: Color, reporter: &Reporter) -> u8 {
    match result {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::No) => Kind::No.exit_code(),
        Err(error) => {
            let text = match (output::format_asked_for(std::env::args_os()), error.downcast_ref()) {
                (Format::Json, _) => output::json_line(&reporter.error_json(&error)),
                // The panic hook has told of it already.
                (Format::Text, Some(CliError::Fault)) => String::new(),
                (Format::Text, _) => reporter.error(&error),
            };
            // Nobody is left to be told that stderr cannot be written to.
            let _ = output::stderr(color).write_all(text.as_bytes());
            error.kind().exit_code()
        }
    }
}
