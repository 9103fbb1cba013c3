//! Renders a prompt of the project in this folder or above:
//!
//! ```console
//! $ cargo run --example render -- support/onboarding/welcome '{"name":"Ada"}'
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints its answer")]

use anvil::Anvil;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(reference) = arguments.next() else {
        eprintln!("usage: render REFERENCE [PARAMETERS as JSON]");
        return ExitCode::from(2);
    };
    let parameters = arguments.next().unwrap_or_else(|| "{}".to_owned());
    match render(&reference, &parameters) {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn render(reference: &str, parameters: &str) -> Result<String, Box<dyn std::error::Error>> {
    let parameters: serde_json::Value = serde_json::from_str(parameters)?;
    let anvil = Anvil::open(".")?;
    let rendered = anvil.get(reference)?.render(&parameters)?;
    Ok(match rendered.text() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(&rendered.to_json())?,
    })
}
