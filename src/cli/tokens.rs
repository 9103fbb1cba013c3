//! `anvil tokens`.

use super::args::{Format, FormatOption};
use super::output::{self, BAD, Table};
use super::render::{self, Parameter};
use super::{CliError, Outcome, Session, words};
use crate::commands::reference::Reference;
use crate::commands::tokens::{self, Counts, Given, PromptReport, Rendering, Request, With};
use crate::error::{Hint, Result};
use serde_json::{Map, Value, json};

/// Count the tokens of prompts
///
/// Counted is, for each prompt, the text of the template and of its partials with all branches, and what
/// it gives for each of its tests, by role; with `-p` or `--params` also what it gives for these, and
/// without either what it gives for no parameters, if it requires none. The tokenizer is
/// that of `model.tokenizer`, else o200k_base; where the model that the prompt prefers counts in
/// another way, or there is no such tokenizer here, the numbers are marked as an estimate. What a
/// provider adds around each message is not counted, nor are tools and schemas.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil tokens
  anvil tokens reply --max 900
  anvil tokens reply -p ticket=@ticket.txt")]
pub struct Args {
    /// The prompts to count [default: all of this set]
    #[arg(value_name = "REFERENCE")]
    pub references: Vec<Reference>,

    /// A parameter to render the one prompt with, as for `anvil render`
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = render::parameter)]
    pub parameters: Vec<Parameter>,

    /// A JSON file with parameters, or `-` for stdin; `--param` comes before it
    #[arg(long = "params", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: Option<String>,

    /// Exit with 1 when a prompt gives more than N tokens, or, where it was not rendered, its template has more
    #[arg(long, value_name = "N")]
    pub max: Option<usize>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let has_given = !args.parameters.is_empty() || args.file.is_some();
    if has_given && args.references.len() != 1 {
        return Err(CliError::Contradiction("parameters are for one prompt: name it").into());
    }
    render::check_inputs(&args.parameters, args.file.as_deref())?;
    let given = match has_given {
        true => {
            let stdin = match render::reads_stdin(&args.parameters, args.file.as_deref()) {
                true => Some(session.stdin()?),
                false => None,
            };
            let (values, texts) = render::inputs(&args.parameters, args.file.as_deref(), stdin.as_deref(), session)?;
            Some(Given { values, texts })
        }
        false => None,
    };
    let request = Request { references: args.references, given, max: args.max };
    let prompts = tokens::run(&session.context(), &request)?;
    let is_over =
        |prompt: &&PromptReport| args.max.is_some_and(|max| prompt.most().is_some_and(|(most, _)| most > max));
    let over: Vec<&PromptReport> = prompts.iter().filter(is_over).collect();
    let has_passed = over.is_empty() && !prompts.iter().any(PromptReport::is_faulty);
    match args.format.format {
        Format::Json => session.json(&json!({
            "ok": has_passed,
            "max": args.max,
            "prompts": prompts.iter().map(|prompt| prompt_json(prompt, args.max, session)).collect::<Vec<_>>(),
        }))?,
        Format::Text => print(&prompts, &over, args.max, session)?,
    }
    Ok(if has_passed { Outcome::Done } else { Outcome::No })
}

fn print(prompts: &[PromptReport], over: &[&PromptReport], max: Option<usize>, session: &Session) -> Result<()> {
    let mut table = Table::new(&["prompt", "text", "tokens", "by role", "counted by"]);
    for prompt in prompts {
        let Ok(counts) = &prompt.counts else { continue };
        let by = counted_by(counts);
        let text = if counts.is_for_loops { "template, for loops" } else { "template" };
        table.row([&prompt.name, text, &counts.template.to_string(), "", &by]);
        for rendering in &counts.renderings {
            match &rendering.tokens {
                Ok(tokens) => {
                    let roles = tokens.roles.iter().map(|(role, count)| format!("{role} {count}"));
                    let roles = roles.collect::<Vec<_>>().join(", ");
                    table.row(["", name(rendering), &tokens.total.to_string(), &roles]);
                }
                Err(_) => _ = table.row(["", name(rendering), "-", "not rendered"]),
            }
        }
    }
    if let Some(width) = session.room() {
        table.fit(width);
    }
    if !table.is_empty() {
        session.print(&table.to_string())?;
    } else if prompts.is_empty() {
        session.note("the set has no prompts");
    }
    for prompt in prompts {
        match &prompt.counts {
            Err(error) => session.failure(error),
            Ok(counts) => {
                let failed = counts.renderings.iter().filter_map(|rendering| rendering.tokens.as_ref().err());
                failed.for_each(|error| session.failure(error));
            }
        }
    }
    for prompt in prompts {
        let Ok(Counts { unknown_tokenizer: Some(unknown), tokenizer, .. }) = &prompt.counts else { continue };
        let tokenizer = tokenizer.name();
        let (name, unknown) = (&prompt.name, output::clean_line(unknown));
        session.warn(&format!("Anvil has no tokenizer `{unknown}`: `{name}` is counted with `{tokenizer}`"));
    }
    // One for loops is rendered with the prompts that have them.
    let is_untried = |counts: &Counts| counts.renderings.is_empty() && !counts.is_for_loops;
    let untried = |prompt: &&PromptReport| prompt.counts.as_ref().is_ok_and(is_untried);
    for prompt in prompts.iter().filter(|_| max.is_some()).filter(untried) {
        let name = &prompt.name;
        session.warn(&format!("`{name}` was not rendered: only the text of its template is held against the limit"));
        session.help(&Hint::new(format!("give `{name}` a test, or parameters with `-p`")));
    }
    for prompt in over {
        let (Some((most, rendering)), Some(max)) = (prompt.most(), max) else { continue };
        let what = output::clean_line(rendering.map_or("template", name));
        let most = words::count(most, "token");
        session.line(&format!("{BAD}over{BAD:#} {} ({what}): {most}, and at most {max} are wanted", prompt.name))?;
    }
    Ok(())
}

fn name(rendering: &Rendering) -> &str {
    match &rendering.with {
        With::Test(name) => name,
        With::Given => "as given",
        With::Nothing => "no parameters",
    }
}

fn counted_by(counts: &Counts) -> String {
    let tokenizer = counts.tokenizer.name();
    match counts.unknown_tokenizer.as_ref().or(counts.model.as_ref()) {
        Some(meant) if counts.is_estimate => format!("{tokenizer}, an estimate for {meant}"),
        _ => tokenizer.to_owned(),
    }
}

fn prompt_json(prompt: &PromptReport, max: Option<usize>, session: &Session) -> Value {
    let mut json = json!({ "name": prompt.name, "file": prompt.path });
    let counts = match &prompt.counts {
        Ok(counts) => counts,
        Err(error) => {
            json["error"] = session.reporter().error_json(error)["error"].clone();
            return json;
        }
    };
    let rendering = |rendering: &Rendering| {
        let tokens = rendering.tokens.as_ref().ok();
        let roles: Option<Map<String, Value>> =
            tokens.map(|tokens| tokens.roles.iter().map(|(role, count)| (role.clone(), json!(count))).collect());
        let (with, test) = match &rendering.with {
            With::Test(name) => ("test", Some(name)),
            With::Given => ("given", None),
            With::Nothing => ("nothing", None),
        };
        json!({
            "with": with,
            "test": test,
            "tokens": tokens.map(|tokens| tokens.total),
            "roles": roles,
            "over": tokens.is_some_and(|tokens| max.is_some_and(|max| tokens.total > max)),
            "error": rendering.tokens.as_ref().err().map(ToString::to_string),
        })
    };
    json["error"] = Value::Null;
    json["tokenizer"] = json!(counts.tokenizer.name());
    json["model"] = json!(counts.model);
    json["estimate"] = json!(counts.is_estimate);
    json["template"] = json!(counts.template);
    json["renderings"] = counts.renderings.iter().map(rendering).collect();
    json["over"] = json!(max.is_some_and(|max| prompt.most().is_some_and(|(most, _)| most > max)));
    json
}
