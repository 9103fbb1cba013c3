//! `anvil add`.

use super::args::FormatOption;
use super::resolving::ResolvingOptions;
use super::{Outcome, Session, pull, words};
use crate::address::Address;
use crate::commands::add::{self, Added, NewRegistry, Origin, Report, Request, Shared};
use crate::commands::pull::Pulled;
use crate::commands::registries::RegistryReference;
use crate::commands::target::Action;
use crate::error::{Hint, Result};
use crate::manifest::GitReference;
use crate::manifest::edit::Table;
use crate::registry::publish::Changed;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Add a dependency
///
/// Writes it into anvil.toml, resolves, and pulls; nothing else that is locked moves without need.
///
/// What stands after the `@` decides what is written. Nothing takes the newest version that fits and
/// writes a caret requirement with it, as in `^1.4.2`. A channel, as in `@stable`, takes the version
/// that it names now and writes the same. A whole version, as in `@1.4.2`, takes exactly that one and
/// writes `=1.4.2`. Any other requirement, as in `@^1.2`, is written as it is.
///
/// In a member of a workspace whose root has the set in [workspace.dependencies], `{ workspace = true }` is written,
/// unless something else is asked for than stands there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil add core/tone
  anvil add core/tone@^1.2 legal/disclaimers@stable
  anvil add lab/ideas --git https://example.com/lab.git --tag v0.3.0
  anvil add team/shared --path ../shared
  anvil add core/tone@^2 --override")]
pub struct Args {
    /// The sets to add, as project/set or project/set@requirement
    #[arg(value_name = "SET", required = true)]
    pub sets: Vec<Address>,

    /// The registry to take them from: its name in anvil.toml, or where it is. A place becomes the default registry if there is none
    #[arg(long, value_name = "NAME|DIR|URL", conflicts_with_all = ["git", "path"])]
    pub registry: Option<RegistryReference>,

    /// A git repository to take the set from
    #[arg(long, value_name = "URL", conflicts_with = "path")]
    pub git: Option<String>,

    /// A tag of the git repository
    #[arg(long, value_name = "TAG", requires = "git", conflicts_with_all = ["branch", "rev"])]
    pub tag: Option<String>,

    /// A branch of the git repository
    #[arg(long, value_name = "BRANCH", requires = "git", conflicts_with = "rev")]
    pub branch: Option<String>,

    /// A commit of the git repository
    #[arg(long, value_name = "COMMIT", requires = "git")]
    pub rev: Option<String>,

    /// The set's folder in the git repository
    #[arg(long, value_name = "FOLDER", requires = "git")]
    pub subdirectory: Option<String>,

    /// A folder to take the set from
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// Write it into [override]: this is used wherever something needs the set, whatever it asks for
    #[arg(long = "override")]
    pub is_override: bool,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How versions are chosen.
    #[command(flatten)]
    pub resolving: ResolvingOptions,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let format = args.format.format;
    let context = args.resolving.context(session);
    let request = request(args);
    let table = request.table;
    let report = add::run(&context, &request)?;
    words::warn_of_lock(session, report.pulled.answer());
    for added in &report.added {
        if let Some(channel) = &added.channel {
            let asks = if matches!(report.pulled, Pulled::Done(_)) { "asks" } else { "would ask" };
            let (version, source) = (&added.version, &added.source);
            session.note(&format!(
                "the channel `{channel}` names {version} today; anvil.toml {asks} for {source}, and does not move with the channel"
            ));
        } else if let Some(newer) = &added.newer {
            let (name, version, why) = (&added.name, &added.version, words::holders(&added.held));
            session.note(&format!("{name} {version} was chosen, {newer} is the newest: {why}"));
        }
    }
    for Added { name, source, shared, .. } in &report.added {
        if let Shared::Other(shared) = shared {
            session.note(&format!(
                "[workspace.dependencies] of the root has {name} {shared}, and this member asks for {source} itself"
            ));
        }
    }
    session.done(format, &json(&report, table), || text(&report, table))?;
    // Who adds a set for the first time wants to know what to do with it.
    let fresh = report.added.iter().filter(|added| added.before.is_none());
    if let (Pulled::Done(_), Some((name, prompt))) =
        (&report.pulled, fresh.filter_map(|added| Some((&added.name, added.prompt.as_ref()?))).next())
    {
        session.help(&Hint::run("see what a prompt takes", format!("anvil show {name}/{prompt}")));
    }
    Ok(Outcome::Done)
}

fn request(args: Args) -> Request {
    let origin = match (args.git, args.path) {
        (Some(url), _) => {
            let reference = match (args.tag, args.branch, args.rev) {
                (Some(tag), _, _) => GitReference::Tag(tag),
                (_, Some(branch), _) => GitReference::Branch(branch),
                (_, _, Some(rev)) => GitReference::Rev(rev),
                (None, None, None) => GitReference::Default,
            };
            Origin::Git { url, reference, subdirectory: args.subdirectory }
        }
        (None, Some(path)) => Origin::Folder(path),
        (None, None) => Origin::Registry(args.registry),
    };
    let table = if args.is_override { Table::Override } else { Table::Dependencies };
    Request { sets: args.sets, origin, table, run: Action::of_dry_run(args.dry_run) }
}

fn json(report: &Report, table: Table) -> Value {
    let added = report.added.iter().map(|added| {
        json!({
            "name": added.name,
            "override": table == Table::Override,
            "from": added.before.as_ref().map(ToString::to_string),
            "to": added.source.to_string(),
            "inherited": added.shared == Shared::Inherited,
            "version": added.version,
            "newest": added.newer.as_ref().unwrap_or(&added.version),
            "deprecated": added.deprecated,
        })
    });
    let registry = report.registry.as_ref().map(|new| json!({ "name": new.name, "location": new.location }));
    let written = report.registry.is_some() || report.added.iter().any(Added::is_changed);
    let outcome = if written { Changed::Yes } else { report.pulled.outcome() };
    json!({
        "dry_run": report.pulled.is_planned(),
        "outcome": outcome,
        "added": added.collect::<Vec<_>>(),
        "registry": registry,
        "pull": pull::json(&report.pulled),
    })
}

fn text(report: &Report, table: Table) -> String {
    let (now, would) = match report.pulled {
        Pulled::Done(_) => ("now asks", "now has"),
        Pulled::Planned(_) => ("would ask", "would have"),
    };
    let mut text = String::new();
    if let Some(NewRegistry { name, location, is_at_root }) = &report.registry {
        let file = if *is_at_root { "the root's anvil.toml" } else { "anvil.toml" };
        text.push_str(&format!("{file} {would} the registry `{name}`: {location}\n"));
    }
    let plain = |Added { name, source, before, .. }: &Added| match before {
        None if table == Table::Override => format!("anvil.toml {would} {name} {source} under [override]\n"),
        Some(before) if table == Table::Override && before == source => {
            format!("anvil.toml has {name} {source} under [override] already\n")
        }
        Some(before) if table == Table::Override => {
            format!("anvil.toml {would} {name} {source} under [override], not {before}\n")
        }
        None => format!("anvil.toml {now} for {name} {source}\n"),
        Some(before) if before == source => format!("anvil.toml asks for {name} {source} already\n"),
        Some(before) => format!("anvil.toml {now} for {name} {source}, not {before}\n"),
    };
    let whole = |added: &Added| {
        let Added { name, source, before, was_inherited, .. } = added;
        let own = before.as_ref().filter(|_| !was_inherited);
        let not = own.map(|own| format!(", not {own} of its own")).unwrap_or_default();
        match added.is_changed() {
            true => format!("anvil.toml {now} for {name} as the workspace has it, {source}{not}\n"),
            false => format!("anvil.toml asks for {name} as the workspace has it already, {source}\n"),
        }
    };
    let line = |added: &Added| match &added.before {
        _ if added.shared == Shared::Inherited => whole(added),
        Some(before) if added.was_inherited => {
            format!("anvil.toml {now} for {} {}, not {before} as the workspace has it\n", added.name, added.source)
        }
        _ => plain(added),
    };
    text.extend(report.added.iter().map(line));
    text + &pull::text(&report.pulled, "")
}
