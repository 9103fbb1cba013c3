//! `anvil render`.

use super::args::{Format, FormatOption, RegistryReference};
use super::output::{self, STRONG};
use super::{CliError, Outcome, Session, words};
use crate::commands::reference::Reference;
use crate::commands::render::{self, Request};
use crate::error::Result;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Render a prompt with parameters
///
/// REFERENCE is a file if it begins with `.` or `/` or ends in `.md`, else one of this set's own
/// prompts, else an address: `[@registry/]project/set[@which]/prompt`. Inside a project an address
/// gives what the lock says; with another version after `@`, that version from the registry, and the
/// lock stays as it is. Outside any project, `--registry` says where to look.
///
/// A parameter is read as the type that the prompt declares: a string as it is, all else as JSON.
/// `anvil show REFERENCE` lists them.
///
/// A text is printed to the byte, without a newline of Anvil's own unless stdout is a terminal. A
/// chat is printed for people, each message under its role; programs read `--format json`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil render welcome -p name=Ada
  anvil render support/onboarding/welcome -p ticket=@ticket.txt -p tone=formal
  anvil render support/onboarding@stable/welcome --registry ../registry
  anvil render ./draft.md --params values.json --format json")]
pub struct Args {
    /// A file, a prompt of this set, or an address
    #[arg(value_name = "REFERENCE")]
    pub reference: Reference,

    /// A parameter; `@FILE` takes a file's text, `@-` what comes on stdin, `@@` stands for `@`
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<Parameter>,

    /// A JSON file with parameters, or `-` for stdin; `--param` comes before it
    #[arg(long = "params", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: Option<String>,

    /// Read from this registry: its name in anvil.toml, a folder or a URL
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

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
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    check(&args)?;
    let values = match args.file.as_deref() {
        None => Map::new(),
        Some("-") => render::parse_values("what came on stdin", &session.stdin()?)?,
        Some(path) => render::parse_values(&format!("`{path}`"), &session.input(path)?)?,
    };
    let mut texts = Vec::new();
    for parameter in args.parameters {
        let text = match parameter.value {
            ParameterValue::Text(text) => text,
            ParameterValue::File(path) => session.input(&path)?,
            ParameterValue::Stdin => session.stdin()?,
        };
        texts.push((parameter.name, text));
    }
    let context = session.context();
    let request = Request { reference: args.reference, registry: args.registry, values, texts };
    let report = render::run(&context, request)?;
    words::warn_of_prompt(session, &report.found);
    match (args.format.format, report.rendered.text(), report.rendered.messages()) {
        (Format::Json, _, _) => session.json(&report.rendered.to_json())?,
        (Format::Text, Some(text), _) => {
            session.document(text)?;
            if session.is_read_by_a_person() && !text.ends_with('\n') {
                session.print("\n")?;
            }
        }
        (Format::Text, None, messages) => match messages.unwrap_or_default() {
            [] => session.note("the prompt gave no messages"),
            messages => session.print(&conversation(messages))?,
        },
    }
    Ok(Outcome::Done)
}

/// Refuses what cannot be meant, before anything is read.
fn check(args: &Args) -> Result<(), CliError> {
    let from_stdin = args.parameters.iter().filter(|parameter| parameter.value == ParameterValue::Stdin).count();
    if from_stdin + usize::from(args.file.as_deref() == Some("-")) > 1 {
        return Err(CliError::Contradiction("stdin can be read for one thing only"));
    }
    for (at, parameter) in args.parameters.iter().enumerate() {
        if args.parameters[..at].iter().any(|before| before.name == parameter.name) {
            return Err(CliError::GivenTwice(parameter.name.clone()));
        }
    }
    Ok(())
}

/// Returns messages for people: each role at the margin and what it says indented, so that no text,
/// wherever it comes from, can look like a role.
fn conversation(messages: &[Map<String, Value>]) -> String {
    let mut text = String::new();
    for (at, message) in messages.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "{STRONG}{role}:{STRONG:#}");
        match message.get("content") {
            None | Some(Value::Null) => {}
            Some(Value::String(content)) => indent(&mut text, content),
            Some(parts) => indent(&mut text, &parts.to_string()),
        }
        for (key, value) in message.iter().filter(|(key, _)| !matches!(key.as_str(), "role" | "content")) {
            indent(&mut text, &format!("{key}: {value}"));
        }
    }
    text
}

fn indent(text: &mut String, content: &str) {
    for line in output::clean(content).lines() {
        if !line.is_empty() {
            text.push_str("  ");
        }
        text.push_str(line);
        text.push('\n');
    }
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
