//! `anvil registry mirror`.

use super::args::{FormatOption, RegistryReference};
use super::output::{self, clean_line};
use super::words;
use super::{Outcome, Session};
use crate::commands::mirror::{self, Change, Finding, Kinds, Report, Request, Selection};
use crate::commands::target::Action;
use crate::error::{Hint, Result};
use crate::name::{RegistryName, SetName};
use crate::registry::publish::Changed;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Copy a registry, or what a lock needs of it, into a folder
///
/// Copies every set, or those that SET names, with their bundles, channels and signatures; with `--lock` the
/// versions alone that a lock names. Bundles are checked before they are kept. Run it again to go on where it
/// was broken off, or to take over what was published, yanked or deprecated since. What cannot be copied is
/// told, the rest is copied, and the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry mirror https://prompts.example.com/acme ../mirror
  anvil registry mirror https://prompts.example.com/acme ../mirror 'support/*'
  anvil registry mirror default ../mirror --lock")]
pub struct Args {
    /// The registry: its URL or folder, or what anvil.toml calls it
    #[arg(value_name = "SOURCE")]
    pub source: RegistryReference,

    /// The folder to copy it into: new, empty, or a mirror of it
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// The sets to copy, in which `*` stands for any part of a name's half [default: all]
    #[arg(value_name = "SET")]
    pub sets: Vec<String>,

    /// Copy only the versions that this lock names, or that in this folder [default: the project's]
    #[arg(long, value_name = "FILE|DIR", num_args = 0..=1, default_missing_value = ".", value_hint = clap::ValueHint::AnyPath)]
    pub lock: Option<PathBuf>,

    /// Say what would be copied, and copy nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Result<Outcome> {
    let action = Action::of_dry_run(args.dry_run);
    let selection = Selection { patterns: args.sets.clone(), lock: args.lock.clone() };
    let request = Request { source: args.source.clone(), folder: args.folder.clone(), selection, action };
    let report = mirror::run(&session.context(), &request)?;
    let value = as_json(&report);
    if !report.findings.is_empty() {
        session.answer(args.format.format, &value, || text(&report))?;
        let again = "what is not there comes once the registry's owner has mended it and this is run again";
        session.help(&Hint::new(again));
        return Ok(Outcome::No);
    }
    session.done(args.format.format, &value, || text(&report))?;
    if (report.outcome, action) == (Changed::Yes, Action::Do) {
        let name = match &args.source {
            RegistryReference::Name(name) => name.as_str(),
            RegistryReference::Location(_) => RegistryName::DEFAULT,
        };
        super::registry::next(session, &args.folder, name, &report.source.id, "anvil pull")?;
    }
    Ok(Outcome::Done)
}

fn as_json(report: &Report) -> Value {
    json!({
        "ok": report.findings.is_empty(),
        "dry_run": report.action,
        "outcome": report.outcome,
        "registry": report.source,
        "file": report.folder,
        "checked": { "sets": report.sets, "versions": report.versions },
        "changes": report.changes,
        "channels": report.channels,
        "size": report.size,
        "errors": report.findings.len(),
        "findings": report.findings,
    })
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for Finding { path, message, .. } in &report.findings {
        let (path, message) = (clean_line(path), clean_line(message));
        text.push_str(&format!("{0}fault{0:#}: {path}: {message}\n", output::ERROR));
    }
    let plan = report.action == Action::Plan;
    let of = |kind: Kinds| report.changes.iter().filter(move |change| change.change == kind);
    let verb = if plan { "would take over" } else { "took over" };
    let changed: Vec<String> =
        of(Kinds::Changed).map(|Change { name, version, .. }| format!("{name} {version}")).collect();
    let channels: Vec<String> = report.channels.iter().map(ToString::to_string).collect();
    for (what, of) in [("what is said by now of", changed), ("the channels of", channels)] {
        let of: Vec<&str> = of.iter().map(String::as_str).collect();
        if !of.is_empty() {
            text.push_str(&format!("{verb} {what} {}\n", words::few(&of)));
        }
    }
    let folder = clean_line(&report.folder.display().to_string());
    let (sets, versions) = (words::count(report.sets, "set"), words::count(report.versions, "version"));
    let added = of(Kinds::Added).count();
    let rest = match report.findings.len() {
        0 => String::new(),
        faults => format!("; {} could not be copied", words::count(faults, "file")),
    };
    text.push_str(&match (added, plan) {
        (0, _) => format!("{folder} has {versions} of {sets} of `{}` already{rest}\n", report.source.id),
        (_, plan) => {
            let verb = if plan { "would copy" } else { "copied" };
            let size = words::bytes(report.size);
            let id = &report.source.id;
            if !report.findings.is_empty() {
                format!("{verb} {added} of {versions} of {sets} of `{id}` into {folder} ({size}){rest}\n")
            } else {
                let names: BTreeSet<&SetName> = of(Kinds::Added).map(|change| &change.name).collect();
                let (copied, of_sets) = (words::count(added, "version"), words::count(names.len(), "set"));
                let there = match report.versions.saturating_sub(added) {
                    0 => String::new(),
                    1 => ", 1 was there already".to_owned(),
                    count => format!(", {count} were there already"),
                };
                format!("{verb} {copied} of {of_sets} of `{id}` into {folder} ({size}){there}\n")
            }
        }
    });
    text
}
