//! `anvil channel`.

use super::args::{FormatOption, PublishedVersion, RegistryReference};
use super::output::Table;
use super::{Outcome, Session, words};
use crate::commands::channel::{self, ListReport, RemoveReport, RemoveRequest, SetReport, SetRequest};
use crate::commands::target::Action;
use crate::error::Result;
use crate::name::{ChannelName, SetName};
use crate::registry::publish::Changed;

/// Name versions, as in `stable`
///
/// A channel is a movable name for a version on a registry. `project/set@stable` asks for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil channel set stable 2.1.0
  anvil channel list support/onboarding
  anvil channel remove canary")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with channels.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a channel name a version
    Set(SetArgs),
    /// List the channels of a set
    List(ListArgs),
    /// Remove a channel; no version changes
    Remove(RemoveArgs),
}

/// The arguments of `anvil channel set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil channel set stable 2.1.0
  anvil channel set production support/onboarding@2.1.0 --registry ../registry")]
pub struct SetArgs {
    /// The channel
    #[arg(value_name = "CHANNEL")]
    pub channel: ChannelName,

    /// The version, of this set or of the one that is named
    #[arg(value_name = "[PROJECT/SET@]VERSION")]
    pub version: PublishedVersion,

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

/// The arguments of `anvil channel list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil channel list
  anvil channel list support/onboarding")]
pub struct ListArgs {
    /// The set [default: this one]
    #[arg(value_name = "PROJECT/SET")]
    pub set: Option<SetName>,

    /// The registry: its name in anvil.toml, a folder or a URL; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil channel remove`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil channel remove canary
  anvil channel remove canary support/onboarding --registry ../registry")]
pub struct RemoveArgs {
    /// The channel
    #[arg(value_name = "CHANNEL")]
    pub channel: ChannelName,

    /// The set [default: this one]
    #[arg(value_name = "PROJECT/SET")]
    pub set: Option<SetName>,

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

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    match args.command {
        Command::Set(args) => set(args, session),
        Command::List(args) => list(args, session),
        Command::Remove(args) => remove(args, session),
    }
}

fn set(args: SetArgs, session: &Session) -> Result<Outcome> {
    let request = SetRequest {
        channel: args.channel,
        set: args.version.set,
        version: args.version.version,
        registry: args.registry,
        action: Action::of_dry_run(args.dry_run),
    };
    let report = channel::set(&session.context(), &request)?;
    session.done(args.format.format, &report, || text(&report))?;
    if report.yanked.is_some() {
        session.warn(&format!("{} {} is yanked", report.name, report.to));
    }
    Ok(Outcome::Done)
}

fn text(report: &SetReport) -> String {
    let SetReport { name, channel, to, .. } = report;
    let on = &report.registry.called;
    let from = report.from.as_ref().map(|from| format!(", not {from}")).unwrap_or_default();
    match (report.outcome, report.action) {
        (Changed::Yes, Action::Do) => format!("`{channel}` names {name} {to} now{from} (on {on})\n"),
        (Changed::Yes, Action::Plan) => format!("`{channel}` would name {name} {to}{from} (on {on})\n"),
        (Changed::No, _) => format!("`{channel}` names {name} {to} already (on {on})\n"),
    }
}

fn list(args: ListArgs, session: &Session) -> Result<Outcome> {
    let report = channel::list(&session.context(), args.set.as_ref(), args.registry.as_ref())?;
    session.answer(args.format.format, &report, || listed(&report))?;
    if report.channels.is_empty() {
        session.note(&format!("{} has no channels on {}", report.name, report.registry.called));
    }
    Ok(Outcome::Done)
}

fn listed(report: &ListReport) -> String {
    let mut table = Table::new(&[]);
    for named in &report.channels {
        let yanked = named.yanked.as_ref().map(|yanked| format!("yanked ({})", yanked.reason)).unwrap_or_default();
        table.row([named.channel.to_string(), named.version.to_string(), yanked]);
    }
    table.to_string()
}

fn remove(args: RemoveArgs, session: &Session) -> Result<Outcome> {
    let request = RemoveRequest {
        channel: args.channel,
        set: args.set,
        registry: args.registry,
        action: Action::of_dry_run(args.dry_run),
    };
    let report = channel::remove(&session.context(), &request)?;
    session.done(args.format.format, &report, || removed(&report))?;
    Ok(Outcome::Done)
}

fn removed(report: &RemoveReport) -> String {
    let RemoveReport { name, channel, .. } = report;
    let on = &report.registry.called;
    let named = report.from.as_ref().map(|from| format!(", which named {from}")).unwrap_or_default();
    match (report.outcome, report.action) {
        (Changed::Yes, Action::Do) => format!("removed the channel `{channel}` of {name}{named} (on {on})\n"),
        (Changed::Yes, Action::Plan) => format!("would remove the channel `{channel}` of {name}{named} (on {on})\n"),
        (Changed::No, _) => {
            let others: Vec<String> = report.others.iter().map(|other| format!("`{other}`")).collect();
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            let has = if others.is_empty() { String::new() } else { format!("; it has {}", words::few(&others)) };
            format!("{name} has no channel `{channel}` on {on}{has}\n")
        }
    }
}
