//! `anvil deprecate`.

use super::args::{FormatOption, RegistryReference, line};
use super::words;
use super::{Outcome, Session};
use crate::commands::deprecate::{self, Report, Request};
use crate::commands::target::Action;
use crate::error::Result;
use crate::index::Deprecated;
use crate::index::edit::Versions;
use crate::name::SetName;
use crate::registry::publish::Changed;
use crate::version::{Version, parse_version};
use std::str::FromStr;

/// Advise against a published version
///
/// Or against several, or all. Whoever locks one of them is warned; nothing else changes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil deprecate 1.4.1 1.4.2 --message 'the tone is off; use 1.4.3'
  anvil deprecate all --message 'moved' --replacement support/replies
  anvil deprecate support/onboarding@1.4.2 --registry ../registry --undo")]
pub struct Args {
    /// The versions, or `all` that are published, of this set or of the one that is named first
    #[arg(value_name = "[PROJECT/SET@]VERSION|all", required = true)]
    pub versions: Vec<Asked>,

    /// What people should know
    #[arg(long, value_name = "TEXT", required_unless_present = "undo", conflicts_with = "undo", value_parser = line)]
    pub message: Option<String>,

    /// The set to use instead
    #[arg(long, value_name = "PROJECT/SET", conflicts_with = "undo")]
    pub replacement: Option<SetName>,

    /// Take the advice back
    #[arg(long)]
    pub undo: bool,

    /// The registry: its name in anvil.toml, or a folder; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// One thing that is to be deprecated: `VERSION`, `PROJECT/SET@VERSION`, and `all` for a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    set: Option<SetName>,
    /// Nothing means all.
    version: Option<Version>,
}

impl FromStr for Asked {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (set, version) = match text.split_once('@') {
            Some((set, version)) => (Some(set.parse()?), version),
            None => (None, text),
        };
        let version = if version == "all" { None } else { Some(parse_version(version)?) };
        Ok(Asked { set, version })
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let sets = args.versions.iter().filter_map(|asked| asked.set.clone()).collect();
    let versions: Option<_> = args.versions.into_iter().map(|asked| asked.version).collect();
    let replacement = args.replacement.map(|set| set.to_string());
    let request = Request {
        set: deprecate::only_set(sets)?,
        versions: versions.map_or(Versions::All, Versions::These),
        registry: args.registry,
        deprecated: args.message.map(|message| Deprecated { message, replacement }),
        action: Action::of_dry_run(args.dry_run),
    };
    let report = deprecate::run(&session.context(), &request)?;
    session.done(args.format.format, &report, || text(&report))?;
    Ok(Outcome::Done)
}

fn text(report: &Report) -> String {
    let (name, on) = (&report.name, &report.registry.called);
    let (changed, unchanged) = (listed(report, Changed::Yes), listed(report, Changed::No));
    let mut text = String::new();
    if !unchanged.is_empty() {
        let state = if report.deprecated.is_some() { "deprecated so already" } else { "not deprecated" };
        text.push_str(&format!("{state} on {on}: {name} {unchanged}\n"));
    }
    if !changed.is_empty() {
        text.push_str(&match (&report.deprecated, report.action) {
            (Some(_), Action::Do) => format!("deprecated {name} {changed} on {on}\n"),
            (Some(_), Action::Plan) => format!("would deprecate {name} {changed} on {on}\n"),
            (None, Action::Do) => format!("took back the deprecation of {name} {changed} on {on}\n"),
            (None, Action::Plan) => format!("would take back the deprecation of {name} {changed} on {on}\n"),
        });
    }
    text
}

/// Returns the versions of which `outcome` came.
fn listed(report: &Report, outcome: Changed) -> String {
    let these = report.versions.iter().filter(|advised| advised.outcome == outcome);
    let texts: Vec<String> = these.map(|advised| advised.version.to_string()).collect();
    words::few(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}
