//! The `anvil` binary: hands the command line to [`anvil::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    anvil::cli::main()
}
