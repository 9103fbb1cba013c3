//! `anvil render`.

use super::args::RegistryReference;
use super::output::{self, STRONG};
use super::{CliError, Outcome, Session, trace, words};
use crate::commands::reference::Reference;
use crate::commands::render::{self, Request};
use crate::commands::watch::Watch;
use crate::error::{Hint, Result};
use crate::prompt::Provider;
use crate::template::Limits;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

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
///
/// `--format openai`, `anthropic` and `gemini` print the body of a request to that provider's API:
/// the messages, the model, the tools, the schema of the answer and the hints that the provider
/// has a key for. What cannot be translated exactly is an error. Nothing is sent; a pipe to
/// `curl URL -d @-`, with the headers that the provider wants, does that.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil render welcome -p name=Ada
  anvil render support/onboarding/welcome -p ticket=@ticket.txt -p tone=formal
  anvil render support/onboarding@stable/welcome --registry ../registry
  anvil render welcome --test greeting --watch
  anvil render welcome -p name=Ada --format openai")]
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

    /// The parameters of the prompt's test of this name; `--param` and `--params` come before them
    #[arg(long, value_name = "NAME")]
    pub test: Option<String>,

    /// Render again whenever a file of the project changes, until Ctrl-C
    #[arg(long)]
    pub watch: bool,

    /// Show where each part of the text comes from: the template, a parameter, or a partial
    #[arg(long)]
    pub trace: bool,

    /// How much rendering may do: depth, steps, output (bytes), partials or time (such as 500ms)
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = limit)]
    pub limits: Vec<Limit>,

    /// Read from this registry: its name in anvil.toml, a folder or a URL
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

    /// The model of a request body [default: the provider's first in `model.prefer`]
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub model: Option<String>,

    /// How the answer is written: text, json, or a request body for openai, anthropic or gemini
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: RenderFormat,
}

/// How a rendered prompt is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum RenderFormat {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is stable
    Json,
    /// The body of a request to OpenAI's chat completions
    Openai,
    /// The body of a request to Anthropic's messages
    Anthropic,
    /// The body of a request to Gemini's generateContent
    Gemini,
}

impl RenderFormat {
    /// Returns the provider whose body it is.
    fn provider(self) -> Option<Provider> {
        match self {
            RenderFormat::Text | RenderFormat::Json => None,
            RenderFormat::Openai => Some(Provider::OpenAi),
            RenderFormat::Anthropic => Some(Provider::Anthropic),
            RenderFormat::Gemini => Some(Provider::Gemini),
        }
    }
}

/// One limit from the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// How deep blocks may be nested.
    Depth(usize),
    /// The steps of the rendering.
    Steps(u64),
    /// The bytes of the output.
    Output(usize),
    /// How deep partials may render each other.
    Partials(usize),
    /// How long the rendering may take.
    Time(Duration),
}

fn limit(text: &str) -> std::result::Result<Limit, String> {
    let (name, value) = text.split_once('=').ok_or("it needs `=` between the name and the value")?;
    let number = || value.parse().map_err(|_| format!("`{name}` is a whole number"));
    let at_most = |most: usize| match number()? {
        number if number <= most => Ok(number),
        _ => Err(format!("`{name}` is at most {most}: it can be lowered, and not raised")),
    };
    Ok(match name {
        "depth" => Limit::Depth(at_most(Limits::DEEPEST)?),
        "steps" => Limit::Steps(value.parse().map_err(|_| "`steps` is a whole number")?),
        "output" => Limit::Output(number()?),
        "partials" => Limit::Partials(at_most(Limits::DEEPEST_PARTIAL)?),
        "time" => Limit::Time(time(value).ok_or("`time` is a number of milliseconds or seconds: `500ms`, `2s`")?),
        _ => return Err("the limits are `depth`, `steps`, `output`, `partials` and `time`".to_owned()),
    })
}

fn time(text: &str) -> Option<Duration> {
    match text.strip_suffix("ms") {
        Some(number) => Some(Duration::from_millis(number.parse().ok()?)),
        None => Some(Duration::from_secs(text.strip_suffix('s')?.parse().ok()?)),
    }
}

/// Returns the limits that hold: the usual ones, but for those that are given.
fn limits(given: &[Limit]) -> Limits {
    given.iter().fold(Limits::default(), |limits, limit| match *limit {
        Limit::Depth(depth) => Limits { depth, ..limits },
        Limit::Steps(steps) => Limits { steps, ..limits },
        Limit::Output(output) => Limits { output, ..limits },
        Limit::Partials(partials) => Limits { partials, ..limits },
        Limit::Time(time) => limits.within(time, Instant::now),
    })
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

pub(super) fn parameter(text: &str) -> std::result::Result<Parameter, String> {
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
    let stdin = match reads_stdin(&args.parameters, args.file.as_deref()) {
        true => Some(session.stdin()?),
        false => None,
    };
    if args.watch {
        return watch(&args, stdin.as_deref(), session);
    }
    render(&args, stdin.as_deref(), session)?;
    Ok(Outcome::Done)
}

/// Refuses what cannot be meant, before anything is read.
fn check(args: &Args) -> Result<(), CliError> {
    check_inputs(&args.parameters, args.file.as_deref())?;
    if args.trace && args.format.provider().is_some() {
        return Err(CliError::Contradiction("`--trace` is for `--format text` and `json`: a request body has no room"));
    }
    if args.model.is_some() && args.format.provider().is_none() {
        return Err(CliError::Contradiction(
            "`--model` is for a request body: `--format openai`, `anthropic` or `gemini`",
        ));
    }
    Ok(())
}

/// Refuses parameters that are given twice, and stdin for two things.
pub(super) fn check_inputs(parameters: &[Parameter], file: Option<&str>) -> Result<(), CliError> {
    let from_stdin = parameters.iter().filter(|parameter| parameter.value == ParameterValue::Stdin).count();
    if from_stdin + usize::from(file == Some("-")) > 1 {
        return Err(CliError::Contradiction("stdin can be read for one thing only"));
    }
    for (at, parameter) in parameters.iter().enumerate() {
        if parameters[..at].iter().any(|before| before.name == parameter.name) {
            return Err(CliError::GivenTwice(parameter.name.clone()));
        }
    }
    Ok(())
}

/// Returns whether stdin holds a parameter, or all of them.
pub(super) fn reads_stdin(parameters: &[Parameter], file: Option<&str>) -> bool {
    file == Some("-") || parameters.iter().any(|parameter| parameter.value == ParameterValue::Stdin)
}

/// Parameters as a use case takes them: values as they are, and texts.
pub(super) type Inputs = (Map<String, Value>, Vec<(String, String)>);

/// Returns the parameters that the command line names; `stdin` is what came on stdin, if it was read.
pub(super) fn inputs(
    parameters: &[Parameter],
    file: Option<&str>,
    stdin: Option<&str>,
    session: &Session,
) -> Result<Inputs> {
    let values = match file {
        None => Map::new(),
        Some("-") => render::parse_values("what came on stdin", stdin.unwrap_or_default())?,
        Some(path) => render::parse_values(&format!("`{path}`"), &session.input(path)?)?,
    };
    let mut texts = Vec::new();
    for parameter in parameters {
        let text = match &parameter.value {
            ParameterValue::Text(text) => text.clone(),
            ParameterValue::File(path) if !crate::fs::exists(&session.context().path(path)) => {
                return Err(CliError::NoFile { parameter: parameter.name.clone(), path: path.clone() }.into());
            }
            ParameterValue::File(path) => session.input(path)?,
            ParameterValue::Stdin => stdin.unwrap_or_default().to_owned(),
        };
        texts.push((parameter.name.clone(), text));
    }
    Ok((values, texts))
}

/// Renders once and prints what came of it.
fn render(args: &Args, stdin: Option<&str>, session: &Session) -> Result<()> {
    let (values, texts) = inputs(&args.parameters, args.file.as_deref(), stdin, session)?;
    let (reference, registry, test) = (args.reference.clone(), args.registry.clone(), args.test.clone());
    let limits = limits(&args.limits);
    let report = render::run(
        &session.context(),
        Request { reference, registry, test, values, texts, limits, trace: args.trace },
    )?;
    words::warn_of_prompt(session, &report.found);
    let rendered = &report.traced.rendered;
    if let Some(provider) = args.format.provider() {
        let request = rendered.request(provider, args.model.as_deref())?;
        request.notes.iter().for_each(|note| session.warn(note));
        session.json(&request.body)?;
        if session.is_read_by_a_person() {
            session.help(&Hint::new(format!("the body goes to {} with POST", request.url())));
        }
        return Ok(());
    }
    if args.trace {
        return match args.format {
            RenderFormat::Json => session.json(&trace::to_json(&report.traced)),
            _ => session.print(&trace::to_text(&report.traced, session.room())),
        };
    }
    match (args.format, rendered.text(), rendered.messages()) {
        (RenderFormat::Text, Some(text), _) => {
            session.document(text)?;
            // In a stream of renderings each one ends in a line of its own.
            if (session.is_read_by_a_person() || args.watch) && !text.ends_with('\n') {
                session.print("\n")?;
            }
        }
        (RenderFormat::Text, None, messages) => match messages.unwrap_or_default() {
            [] => session.note("the prompt gave no messages"),
            messages => session.print(&conversation(messages))?,
        },
        _ => session.json(&rendered.to_json())?,
    }
    Ok(())
}

/// Renders now and whenever something changes, and tells of what goes wrong meanwhile. It ends with
/// Ctrl-C, or when nobody reads what it prints any more.
fn watch(args: &Args, stdin: Option<&str>, session: &Session) -> Result<Outcome> {
    let from_files = args.parameters.iter().filter_map(|parameter| match &parameter.value {
        ParameterValue::File(path) => Some(path),
        _ => None,
    });
    let files: Vec<String> = from_files.chain(args.file.iter().filter(|path| *path != "-")).cloned().collect();
    let mut watch = Watch::of(&session.context(), &args.reference, &files);
    // Taken before the files are read: what changes meanwhile is rendered again.
    let mut state = watch.state();
    loop {
        session.clear();
        if let Err(error) = render(args, stdin, session) {
            session.failure(&error);
        }
        session.flush()?;
        if session.is_cut_off() {
            return Ok(Outcome::Done);
        }
        session.note(&format!("watching {}; Ctrl-C ends it", words::count(state.files(), "file")));
        state = watch.wait(&state);
    }
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
        assert_eq!(limit("time=500ms"), Ok(Limit::Time(Duration::from_millis(500))));
        assert_eq!(
            limits(&[limit("steps=7").unwrap(), limit("depth=2").unwrap()]),
            Limits { steps: 7, depth: 2, ..Limits::default() }
        );
        for bad in ["steps", "steps=-1", "time=5", "time=xs", "memory=1", "depth=257", "partials=17"] {
            assert!(limit(bad).is_err(), "{bad:?} was taken");
        }
        for bad in ["a", "=b", "a=@"] {
            assert!(parameter(bad).is_err(), "{bad:?} was taken");
        }
    }
}
