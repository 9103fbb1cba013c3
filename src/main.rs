//! The `anvil` binary: hands the command line to [`anvil::cli`].

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Reading an index makes a hundred thousand small values on several threads, which takes the system's
/// allocator a tenth of the time of a `lock`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    anvil::cli::main()
}
