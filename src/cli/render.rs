//! `anvil render`.

use super::args::FormatOption;
use super::{Outcome, Session};
use crate::error::Result;

/// Render a prompt with parameters
///
/// REFERENCE is a file if it begins with `.` or `/` or ends in `.md`, else one of this set's own
/// prompts, else an address: `[@registry/]project/set[@which]/prompt`. Inside a project an address
/// gives what the lock says. A parameter that is not a string is written as JSON.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil render welcome -p name=Ada
  anvil render support/onboarding/welcome -p ticket=@ticket.txt -p tone=formal
  anvil render ./draft.md --params values.json --format json")]
pub struct Args {
    /// A file, a prompt of this set, or an address
    #[arg(value_name = "REFERENCE")]
    pub reference: String,

    /// A parameter; `@FILE` takes a file's text, `@-` what comes on stdin, `@@` stands for `@`
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<Parameter>,

    /// A JSON file with parameters, or `-` for stdin; `--param` comes before it
    #[arg(long = "params", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: Option<String>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// One parameter from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where its value is.
    pub value: ParameterValue,
}

/// Where a parameter's value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// On the command line.
    Text(String),
    /// In the file of this path.
    File(String),
    /// On stdin.
    Stdin,
}

fn parameter(text: &str) -> std::result::Result<Parameter, String> {
    let (name, value) = text.split_once('=').ok_or("it needs `=` between the name and the value")?;
    if name.is_empty() {
        return Err("nothing stands before `=`".to_owned());
    }
    let value = match value.strip_prefix('@') {
        None => ParameterValue::Text(value.to_owned()),
        Some("") => return Err("nothing stands after `@`; a value that begins with `@` is written `@@…`".to_owned()),
        Some("-") => ParameterValue::Stdin,
        Some(rest) if rest.starts_with('@') => ParameterValue::Text(rest.to_owned()),
        Some(path) => ParameterValue::File(path.to_owned()),
    };
    Ok(Parameter { name: name.to_owned(), value })
}

/// Runs the command.
pub fn run(_args: Args, _session: &Session) -> Result<Outcome> {
    todo!("the use case")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_text_a_file_or_stdin() {
        let value = |text: &str| parameter(text).unwrap().value;
        assert_eq!(value("a=b=c"), ParameterValue::Text("b=c".into()));
        assert_eq!(value("a="), ParameterValue::Text(String::new()));
        assert_eq!(value("a=@b.txt"), ParameterValue::File("b.txt".into()));
        assert_eq!(value("a=@-"), ParameterValue::Stdin);
        assert_eq!(value("a=@@bo"), ParameterValue::Text("@bo".into()));
        for bad in ["a", "=b", "a=@"] {
            assert!(parameter(bad).is_err(), "{bad:?} was taken");
        }
    }
}
