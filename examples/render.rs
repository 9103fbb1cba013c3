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
            // Errors of Anvil's know what to do about them, such as a command to run.
            for hint in error.downcast_ref::<anvil::error::Error>().iter().flat_map(|error| error.hints()) {
                eprintln!("help: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn render(reference: &str, parameters: &str) -> Result<String, Box<dyn std::error::Error>> {
    let parameters: serde_json::Value = serde_json::from_str(parameters)?;
    let prompt = Anvil::open(".")?.get(reference)?;
    for parameter in prompt.parameters().iter().filter(|parameter| parameter.is_required()) {
        if parameters.get(&parameter.name).is_none() {
            eprintln!("{} needs `{}`, {}", prompt.name(), parameter.name, parameter.schema.kind.described());
        }
    }
    let rendered = prompt.render(&parameters)?;
    Ok(match rendered.text() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(&rendered.to_json())?,
    })
}
