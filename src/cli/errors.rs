//! What goes wrong at the command line itself, faults of Anvil's own among it.

use crate::error::{Code, Diagnose, Hint, Kind, shell_word};
use std::io::{self, Write as _};

/// Something that failed between the user and a use case.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A question cannot be asked.
    #[error("{question} cannot be asked: stdin is not a terminal")]
    NoTerminal {
        /// What would be asked, as a noun: "the set's name".
        question: String,
        /// The flag that answers it, e.g. `--name PROJECT/SET`.
        flag: &'static str,
    },
    /// An error code that there is not.
    #[error("there is no error code `{text}`")]
    UnknownCode {
        /// What was given.
        text: String,
        /// The code that is nearest.
        suggestion: Option<&'static str>,
    },
    /// A variable of the environment has a value that makes no sense.
    #[error("the environment variable {name} is `{value}`, which is not {expected}")]
    Variable {
        /// The variable's name.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it should be, e.g. "a number of seconds".
        expected: &'static str,
    },
    /// Arguments that exclude each other.
    #[error("{0}")]
    Contradiction(&'static str),
    /// The command line could not be understood, as clap tells it.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What clap suggests.
        tips: Vec<String>,
    },
    /// A parameter is given twice on one command line.
    #[error("the parameter `{0}` is given twice")]
    GivenTwice(String),
    /// The file that a parameter's text is to be taken from is not there.
    #[error("there is no file `{path}`")]
    NoFile {
        /// The parameter's name.
        parameter: String,
        /// What stands behind `@`.
        path: String,
    },
    /// The answer could not be written.
    #[error("cannot write the answer: {0}")]
    Output(#[source] io::Error),
    /// stdin could not be read.
    #[error("cannot read from stdin: {0}")]
    Input(#[source] io::Error),
    /// What comes on stdin is larger than what is read of it.
    #[error("what comes on stdin is larger than {0} bytes")]
    InputTooLarge(u64),
    /// The user interrupted a question.
    #[error("interrupted")]
    Interrupted,
    /// Anvil itself is at fault; the panic hook has told of it.
    #[error("anvil itself is at fault")]
    Fault,
}

impl CliError {
    /// Returns what clap says of a command line, taken apart for programs.
    pub(super) fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let (message, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
        let message = message.strip_prefix("error: ").unwrap_or(message).trim_end().to_owned();
        let tips = rest.lines().filter_map(|line| line.trim().strip_prefix("tip: ")).map(str::to_owned).collect();
        CliError::Usage { message, tips }
    }
}

impl Diagnose for CliError {
    fn code(&self) -> Code {
        match self {
            CliError::NoTerminal { .. } | CliError::Interrupted => Code::A1001,
            CliError::UnknownCode { .. } | CliError::Variable { .. } | CliError::Contradiction(_) => Code::A1002,
            CliError::GivenTwice(_) | CliError::Usage { .. } => Code::A1002,
            CliError::NoFile { .. } => Code::A0901,
            CliError::Output(_) | CliError::Input(_) | CliError::InputTooLarge(_) => Code::A1003,
            CliError::Fault => Code::A1004,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            CliError::NoTerminal { .. }
            | CliError::UnknownCode { .. }
            | CliError::Variable { .. }
            | CliError::Contradiction(_)
            | CliError::GivenTwice(_)
            | CliError::Usage { .. } => Kind::Usage,
            CliError::InputTooLarge(_) | CliError::NoFile { .. } => Kind::No,
            CliError::Interrupted => Kind::Interrupted,
            CliError::Output(_) | CliError::Input(_) | CliError::Fault => Kind::Environment,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CliError::NoTerminal { flag, .. } => vec![Hint::new(format!("say it with `{flag}`"))],
            CliError::UnknownCode { suggestion: Some(code), .. } => {
                vec![Hint::run("did you mean", format!("anvil explain {code}"))]
            }
            CliError::NoFile { parameter, path } => {
                let meant = format!("`-p {parameter}={}`", shell_word(&format!("@@{path}")));
                let message = format!("`@` before a file takes its text; for one that begins with `@` write {meant}");
                vec![Hint::new(message)]
            }
            CliError::Usage { tips, .. } => tips.iter().map(Hint::new).collect(),
            CliError::UnknownCode { suggestion: None, .. } => vec![Hint::run("list all codes", "anvil explain")],
            _ => Vec::new(),
        }
    }
}

/// Makes a panic tell what a person can use: that it is no fault of theirs, and what to report.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let what = panic
            .payload()
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.payload().downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Nobody is left to be told that stderr cannot be written to.
        let _ = writeln!(
            io::stderr().lock(),
            "error[{}]: anvil itself is at fault, in {place}: {}\n  \
             = help: please report it with the command that you ran and what `anvil --version` prints",
            Code::A1004,
            super::output::clean(&what),
        );
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            let _ = writeln!(io::stderr().lock(), "{}", std::backtrace::Backtrace::force_capture());
        }
    }));
}
