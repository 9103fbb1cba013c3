//! `anvil show`.

use super::args::{Format, FormatOption, RegistryReference};
use super::output::{self, STRONG, Table};
use super::{Outcome, Session, words};
use crate::commands::reference::{Found, Origin, Reference};
use crate::commands::render;
use crate::commands::show::{self, OnRegistry, PublishedVersion, Report, Request, SetReport};
use crate::error::{Result, shell_word};
use crate::manifest::SetSection;
use crate::prompt::facts::Facts;
use crate::prompt::{Parameter, PromptKind, Schema, Type};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Show the facts of a prompt or a set
///
/// Of a set: its version, description, dependencies and prompts, and on a registry its versions and
/// channels. Of a prompt: its parameters, roles, partials and tools. REFERENCE is read as by
/// `anvil render`; an address without a prompt means the set, as it is locked here or as the
/// registry has it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil show
  anvil show welcome
  anvil show core/tone@^1/house-style
  anvil show core/tone --registry https://prompts.example.com/acme")]
pub struct Args {
    /// A file, a prompt of this set, or an address [default: this set]
    #[arg(value_name = "REFERENCE")]
    pub reference: Option<Reference>,

    /// Read from this registry: its name in anvil.toml, a folder or a URL
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context();
    let request = Request { reference: args.reference, registry: args.registry };
    let format = args.format.format;
    match show::run(&context, &request)? {
        Report::Prompt(found) => {
            let facts = show::facts(&found);
            session.answer(format, &prompt_json(&found, &facts), || prompt_text(&found, &facts))?;
            words::warn_of_version(session, &found.origin);
            if format == Format::Text {
                session.next(&example(&request, &found));
            }
        }
        Report::Set(set) => {
            session.answer(format, &set_json(&set), || set_text(&set))?;
            words::warn_of_version(session, &set.origin);
            if set.faulty > 0 {
                let faulty = words::count(set.faulty, "prompt");
                session.warn(&format!("{faulty} with errors left out; `anvil lint` says what is wrong"));
            }
            if let Some(why) = &set.unreadable {
                session.warn(&format!("its versions on the registry are not known: {why}"));
            }
        }
    }
    Ok(Outcome::Done)
}

// ---- a prompt ------------------------------------------------------------------------------------

fn prompt_json(found: &Found, facts: &Facts) -> Value {
    let prompt = found.ready.prompt();
    let set = found.ready.scope().set();
    let mut json = json!({ "prompt": facts.to_json() });
    if let Some(model) = &prompt.front_matter().model {
        json["prompt"]["model"] = Value::Object(model.clone());
    }
    if let Some(schema) = prompt.output_schema() {
        json["prompt"]["output"] = json!({ "schema": schema });
    }
    if let (Some(name), Some(version)) = (set.name(), set.version()) {
        json["set"] = json!({ "name": name, "version": version, "source": source(&found.origin) });
    }
    json
}

fn prompt_text(found: &Found, facts: &Facts) -> String {
    let (prompt, set) = (found.ready.prompt(), found.ready.scope().set());
    let mut text = match (set.name(), set.version()) {
        (Some(name), Some(version)) => {
            format!("{STRONG}{name}/{}{STRONG:#} {version}{}\n", facts.name, origin(&found.origin))
        }
        _ => format!("{STRONG}{}{STRONG:#}\n", output::clean_line(&facts.name)),
    };
    paragraph(&mut text, facts.description.as_deref());
    let mut table = Table::new(&[]);
    if let Some(message) = &facts.deprecated {
        table.row(["deprecated:", message]);
    }
    table.row(["file:", &facts.path]);
    let gives = match facts.kind {
        PromptKind::Text => "text".to_owned(),
        PromptKind::Chat if facts.roles.is_empty() => "messages".to_owned(),
        PromptKind::Chat => format!("messages ({})", facts.roles.join(", ")),
    };
    table.row(["gives:", &gives]);
    for (label, words) in [("renders:", &facts.partials), ("tools:", &facts.tools)] {
        if !words.is_empty() {
            table.row([label, &words.join(", ")]);
        }
    }
    if let Some(model) = &prompt.front_matter().model {
        table.row(["model:", &model_text(model)]);
    }
    if prompt.output_schema().is_some() {
        table.row(["output:", "JSON by a schema"]);
    }
    let _ = write!(text, "\n{table}");
    if prompt.parameters().is_empty() {
        text.push_str("\nno parameters\n");
        return text;
    }
    let mut table = Table::new(&["parameter", "type", "", ""]);
    for parameter in prompt.parameters() {
        let description = parameter.schema.description.clone().unwrap_or_default();
        table.row([parameter.name.clone(), kind(&parameter.schema, 0), presence(parameter), description]);
    }
    let _ = write!(text, "\n{table}");
    text
}

fn model_text(model: &Map<String, Value>) -> String {
    let words = model.iter().map(|(key, value)| match value {
        Value::Array(items) if key == "prefer" => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        Value::String(text) => format!("{key} {text}"),
        value => format!("{key} {value}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Returns the type of a value in a few words.
fn kind(schema: &Schema, depth: usize) -> String {
    /// How deep objects and lists are told.
    const DEPTH: usize = 2;
    if let Some(values) = &schema.enumeration {
        let values = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        return values.collect::<Vec<_>>().join(" | ");
    }
    if let Some(value) = &schema.constant {
        return format!("always {value}");
    }
    match (schema.kind, &schema.items, &schema.properties) {
        (Type::Array, Some(items), _) if depth < DEPTH => format!("array of {}", kind(items, depth + 1)),
        (Type::Object, _, Some(properties)) if depth < DEPTH => {
            let property = |property: &crate::prompt::declaration::Property| {
                let mark = if property.required { "" } else { "?" };
                format!("{}{mark}: {}", property.name, kind(&property.schema, depth + 1))
            };
            format!("{{ {} }}", properties.iter().map(property).collect::<Vec<_>>().join(", "))
        }
        (kind, _, _) => kind.to_string(),
    }
}

/// Returns whether a parameter must be given, and what else is to be known of it.
fn presence(parameter: &Parameter) -> String {
    let mut words = Vec::new();
    match &parameter.schema.default {
        _ if parameter.retired => words.push("retired".to_owned()),
        Some(default) => {
            let shown = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            words.push(if shown.is_empty() { "default empty".into() } else { format!("default {shown}") });
        }
        None => words.push(if parameter.optional { "optional" } else { "required" }.to_owned()),
    }
    if parameter.schema.untrusted {
        words.push("untrusted".into());
    }
    if let Some(most) = parameter.schema.max_tokens {
        words.push(format!("at most {most} tokens"));
    }
    words.join(", ")
}

/// Returns the command that renders the prompt, with what must be given.
fn example(request: &Request, found: &Found) -> String {
    let mut command = "anvil render".to_owned();
    if let Some(reference) = &request.reference {
        let _ = write!(command, " {}", shell_word(&reference.to_string()));
    }
    command += &render::flags(found.ready.prompt());
    match &request.registry {
        Some(RegistryReference::Name(name)) => command + &format!(" --registry {name}"),
        Some(RegistryReference::Location(place)) => command + &format!(" --registry {}", shell_word(place)),
        None => command,
    }
}

// ---- a set ---------------------------------------------------------------------------------------

/// Returns what the set's manifest says under `[set]`, without which nothing is a set.
fn section(set: &SetReport) -> &SetSection {
    set.manifest.set.as_ref().expect("a set has been read from a manifest with [set]")
}

fn set_json(set: &SetReport) -> Value {
    let section = section(set);
    let dependency = |(name, source, locked): &(_, crate::manifest::DependencySource, Option<_>)| json!({ "name": name, "requirement": source.to_string(), "locked": locked });
    let mut json = json!({
        "name": section.name,
        "version": section.version,
        "source": source(&set.origin),
        "description": section.description,
        "license": section.license,
        "authors": section.authors,
        "repository": section.repository,
        "keywords": section.keywords,
        "edition": section.edition,
        "anvil": section.anvil.as_ref().map(ToString::to_string),
        "dependencies": set.dependencies.iter().map(dependency).collect::<Vec<_>>(),
        "prompts": set.prompts.iter().map(Facts::to_json).collect::<Vec<_>>(),
    });
    if let Origin::Registry { line, .. } = &set.origin {
        json["sha256"] = json!(line.sha256);
        json["digest"] = json!(line.digest);
    }
    if let Some(published) = &set.published {
        json["registry"] = json!({
            "id": published.id.to_string(),
            "newest": published.newest,
            "channels": published.channels.iter().map(|(channel, version)| (channel.to_string(), json!(version))).collect::<Map<_, _>>(),
            "versions": published.versions.iter().map(|version| json!({
                "version": version.version,
                "published_at": version.published_at,
                "yanked": version.yanked,
                "deprecated": version.deprecated,
            })).collect::<Vec<_>>(),
        });
    }
    json!({ "set": json })
}

fn set_text(set: &SetReport) -> String {
    let section = section(set);
    let mut text = format!("{STRONG}{}{STRONG:#} {}{}\n", section.name, section.version, origin(&set.origin));
    paragraph(&mut text, section.description.as_deref());
    let mut table = Table::new(&[]);
    let (authors, keywords) = (section.authors.join(", "), section.keywords.join(", "));
    let anvil = section.anvil.as_ref().map(ToString::to_string);
    for (label, value) in [
        ("license:", section.license.as_deref()),
        ("authors:", Some(authors.as_str())),
        ("repository:", section.repository.as_deref()),
        ("keywords:", Some(keywords.as_str())),
        ("anvil:", anvil.as_deref()),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            table.row([label, value]);
        }
    }
    if !table.is_empty() {
        let _ = write!(text, "\n{table}");
    }
    if set.prompts.is_empty() {
        text.push_str("\nno prompts\n");
    } else {
        let mut table = Table::new(&["prompt", "gives", ""]);
        for prompt in &set.prompts {
            let gives = if prompt.kind == PromptKind::Chat { "messages" } else { "text" };
            let note = match (&prompt.deprecated, &prompt.description) {
                (Some(message), _) => format!("deprecated: {message}"),
                (None, description) => description.clone().unwrap_or_default(),
            };
            table.row([prompt.name.as_str(), gives, &note]);
        }
        let _ = write!(text, "\n{table}");
    }
    if !set.dependencies.is_empty() {
        let mut table = Table::new(&["needs", "", ""]);
        for (name, source, locked) in &set.dependencies {
            let locked = locked.as_ref().map(|version| format!("locked {version}")).unwrap_or_default();
            table.row([name.to_string(), source.to_string(), locked]);
        }
        let _ = write!(text, "\n{table}");
    }
    if let Some(published) = &set.published {
        versions(&mut text, published);
    }
    text
}

fn versions(text: &mut String, published: &OnRegistry) {
    /// The most versions that are listed for people; JSON has all.
    const MOST: usize = 20;
    let mut table = Table::new(&["version", "published", ""]);
    for version in published.versions.iter().take(MOST) {
        let day = version.published_at.as_deref().and_then(|time| time.split('T').next()).unwrap_or_default();
        table.row([version.version.to_string(), day.to_owned(), notes(version, published)]);
    }
    let _ = write!(text, "\n{table}");
    let more = published.versions.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more; `--format json` has all");
    }
    if published.newer > 0 {
        let _ = writeln!(text, "{} can be read by a newer Anvil only", words::count(published.newer, "version"));
    }
}

fn notes(version: &PublishedVersion, published: &OnRegistry) -> String {
    let mut notes = Vec::new();
    if published.newest.as_ref() == Some(&version.version) {
        notes.push("newest".to_owned());
    }
    notes.extend(
        published.channels.iter().filter(|(_, named)| **named == version.version).map(|(name, _)| name.to_string()),
    );
    notes.extend(version.yanked.as_ref().map(ToString::to_string));
    notes.extend(
        version.deprecated.as_ref().map(words::deprecated).map(|said| said.trim_start_matches("is ").to_owned()),
    );
    notes.join(", ")
}

// ---- both ----------------------------------------------------------------------------------------

fn paragraph(text: &mut String, words: Option<&str>) {
    if let Some(words) = words.map(output::clean_line).filter(|words| !words.is_empty()) {
        let _ = writeln!(text, "{words}");
    }
}

/// Returns where something is from, as JSON: `file`, `own`, or as the lock writes it.
fn source(origin: &Origin) -> String {
    match origin {
        Origin::File => "file".into(),
        Origin::Own => "own".into(),
        Origin::Tag(tag) => format!("tag:{tag}"),
        Origin::Locked(source) => source.to_string(),
        Origin::Registry { id, .. } => format!("registry:{id}"),
    }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::File | Origin::Own => String::new(),
        Origin::Locked(source) => format!(" (locked, from {})", output::clean_line(&words::source(source))),
        Origin::Registry { id, .. } => format!(" (from {id})"),
        Origin::Tag(tag) => format!(" (from the tag {})", output::clean_line(tag)),
    }
}
