//! The `anvil` binary: hands the command line to [`anvil::cli`].

fn main() {}
