//! `anvil push`.

use super::args::{FormatOption, RegistryReference};
use super::output::{Table, clean_line};
use super::words;
use super::{Outcome, Session};
use crate::commands::bundle::Origin;
use crate::commands::compat::NotChecked;
use crate::commands::push::{self, Note, Outcome as Pushed, Promise, Report, Request};
use crate::commands::target::Action;
use crate::error::{Hint, Result};
use crate::registry::publish::Order;

/// Publish a version to a registry
///
/// Builds the bundle from the commit that the version's tag names, checks it, and publishes it. What it
/// depends on must be there for everybody, with what its prompts render of it. A version that promises
/// less than it changes since the newest one below it is refused, as `anvil compat` tells it. The same
/// bytes again succeed; other bytes under a published version are refused. It never pushes git.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil push
  anvil push --registry ../registry --dry-run")]
pub struct Args {
    /// The registry: its name in anvil.toml, or a folder; without it the manifest's default
    #[arg(long, value_name = "NAME|DIR")]
    pub registry: Option<RegistryReference>,

    /// Build the bundle from the working tree, without commit or tag
    #[arg(long)]
    pub allow_dirty: bool,

    /// Publish a version that is not above the newest
    #[arg(long)]
    pub allow_older: bool,

    /// Publish a version that promises less than it changes
    ///
    /// The registry's index keeps that, and whoever would move to the version is told.
    #[arg(long)]
    pub allow_breaking: bool,

    /// Say what would be published, and publish nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let request = Request {
        registry: args.registry,
        origin: if args.allow_dirty { Origin::WorkTree } else { Origin::Tag },
        order: if args.allow_older { Order::AllowOlder } else { Order::Ascending },
        promise: if args.allow_breaking { Promise::MayBreak } else { Promise::Holds },
        action: Action::of_dry_run(args.dry_run),
    };
    let report = push::run(&session.context(), &request)?;
    session.done(args.format.format, &report, || text(&report))?;
    report.notes.iter().for_each(|note| tell(session, note));
    if (report.outcome, report.action) == (Pushed::Published, Action::Do) {
        let version = if report.is_newest { String::new() } else { format!("@{}", report.version) };
        session.next_elsewhere("in a project that uses it,", &format!("anvil add {}{version}", report.name));
    }
    Ok(Outcome::Done)
}

fn text(report: &Report) -> String {
    let (name, version, registry) = (&report.name, &report.version, &report.registry);
    let facts = format!("({}, {})", words::count(report.prompts.len(), "prompt"), words::bytes(report.size));
    match (report.outcome, report.action) {
        (Pushed::Published, Action::Do) => format!("published {name} {version} to {registry} {facts}\n"),
        (Pushed::Unchanged, _) => {
            format!("{name} {version} is already published on {registry}, with this very content {facts}\n")
        }
        (Pushed::Published, Action::Plan) => {
            let mut files = Table::new(&[]);
            for file in &report.files {
                files.row([format!("  {}", file.path), words::bytes(file.size)]);
            }
            format!("{files}would publish {name} {version} to {registry} {facts}\n")
        }
    }
}

fn tell(session: &Session, note: &Note) {
    match note {
        Note::LeftBehind { tag } => {
            session.warn(&format!("the set has changed since `{tag}`; what the tag names counts"));
            session.help(&Hint::run("to publish the changes, make them a version", "anvil version auto"));
        }
        Note::TagNotOnRemote { tag, remote } => {
            session.warn(&format!("`{remote}` does not have the tag `{tag}` yet"));
            session.help(&Hint::run("push it", format!("git push {remote} {tag}")));
        }
        Note::NoPrompts => {
            session.warn("the set has no public prompts: `prompts` in anvil.toml matches no file");
        }
        Note::LightweightTag { tag, commit } => {
            session.warn(&format!("the tag `{tag}` is a lightweight one, which says neither who made it nor when"));
            let annotate = format!("git tag --force --annotate --message {tag} {tag} {}", commit.short());
            session.help(&Hint::run("make it an annotated one", annotate));
        }
        Note::Warnings { count } => words::warn_of_lint(session, *count),
        Note::NotChecked { prompt, why } => {
            let not_checked = NotChecked { prompt: prompt.clone(), why: why.clone() };
            words::warn_of_not_checked(session, &[not_checked]);
        }
        Note::NothingCompared { since, why } => {
            session.warn(&format!("what changed since {since} is not known: {}", clean_line(why)));
        }
        Note::Breaking { breaking } => session.warn(&format!("it {breaking}; the index says so")),
        Note::IdleAccept { accept } => words::warn_of_idle_accepts(session, std::slice::from_ref(accept)),
    }
}
