//! `anvil registry`.

use super::args::FormatOption;
use super::mirror;
use super::output::{self, clean_line};
use super::words;
use super::{Outcome, Session};
use crate::commands::registry::{self, Derived, SeenFrom, SnapshotWish};
use crate::commands::target::Action;
use crate::error::Result;
use crate::index::Paths;
use crate::name::RegistryId;
use crate::registry::publish::Changed;
use crate::registry::verify::{Fault, Report};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Make and tend a static registry
///
/// A static registry is a folder. Any web server can offer it for reading.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry init ../registry --id test
  anvil registry verify ../registry
  anvil registry mirror https://prompts.example.com/acme ../mirror")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with a registry.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make an empty registry
    Init(InitArgs),
    /// Check every index line and every bundle
    Verify(VerifyArgs),
    /// Write catalog.jsonl, and the snapshot of the index, anew from the index
    Rebuild(RebuildArgs),
    /// Copy a registry, or what a lock needs of it, into a folder
    Mirror(mirror::Args),
}

/// The arguments of `anvil registry init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry init ../registry --id test
  anvil registry init /srv/prompts --id prompts.example.com/acme")]
pub struct InitArgs {
    /// The folder; it must be empty or not there
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// What the registry is called in locks: the host and path it will be read from, or a word for a local one
    #[arg(long, value_name = "ID")]
    pub id: RegistryId,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil registry verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry verify ../registry")]
pub struct VerifyArgs {
    /// The registry's folder
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil registry rebuild`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil registry rebuild ../registry
  anvil registry rebuild ../registry --snapshot")]
pub struct RebuildArgs {
    /// The registry's folder
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,

    /// Keep all index files in one from now on, index-snapshot.jsonl.gz, so that a first lock takes fewer requests.
    /// A registry that has it keeps it in step; to have it no longer, remove the file and rebuild
    #[arg(long)]
    pub snapshot: bool,

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
        Command::Init(args) => init(&args, session),
        Command::Verify(args) => verify(&args, session),
        Command::Rebuild(args) => rebuild(&args, session),
        Command::Mirror(args) => mirror::run(&args, session),
    }
}

fn init(args: &InitArgs, session: &Session) -> Result<Outcome> {
    let action = Action::of_dry_run(args.dry_run);
    let outcome = registry::init(&session.context(), &args.folder, &args.id, action)?;
    let folder = args.folder.display().to_string();
    let value = json!({
        "dry_run": args.dry_run,
        "outcome": outcome,
        "registry": { "name": folder, "id": args.id },
    });
    session.done(args.format.format, &value, || match (outcome, action) {
        (Changed::Yes, Action::Do) => format!("made the registry `{}` in {folder}\n", args.id),
        (Changed::Yes, Action::Plan) => format!("would make the registry `{}` in {folder}\n", args.id),
        (Changed::No, _) => format!("{folder} is the registry `{}` already\n", args.id),
    })?;
    if (outcome, action) == (Changed::Yes, Action::Do) {
        next(session, &args.folder, "default", &args.id, "anvil push")?;
    }
    Ok(Outcome::Done)
}

/// Says which line of a manifest names the registry `id` in `folder`, and which command comes after that.
pub(super) fn next(session: &Session, folder: &Path, name: &str, id: &RegistryId, command: &str) -> Result<()> {
    let seen = registry::seen_from(&session.context(), folder)?;
    let is_here = matches!(seen, SeenFrom::Project(_));
    let (place, manifest) = match seen {
        SeenFrom::Project(path) => (path, "anvil.toml"),
        SeenFrom::Neighbour(path) => (path, "the anvil.toml of a project beside it"),
        SeenFrom::Anywhere(path) => (path.display().to_string(), "anvil.toml"),
    };
    let write = format!("write `{name} = {}` under [registries] in {manifest}, then", entry(&place, id));
    match is_here {
        true => session.next_after(&write, command),
        false => session.next_elsewhere(&write, command),
    }
    Ok(())
}

/// Returns the entry of a manifest by which the registry at `place` is used and believed.
fn entry(place: &str, id: &RegistryId) -> String {
    let place = Value::from(place);
    if id.is_local() { place.to_string() } else { format!("{{ url = {place}, id = \"{id}\" }}") }
}

fn verify(args: &VerifyArgs, session: &Session) -> Result<Outcome> {
    let report = registry::verify(&session.context(), &args.folder)?;
    let found = |severity: &str, faults: &[Fault]| -> Vec<Value> {
        let one = |Fault { path, what, mend }: &Fault| json!({ "severity": severity, "path": path, "message": what, "hints": [mend] });
        faults.iter().map(one).collect()
    };
    let findings = [found("error", &report.faults), found("warning", &report.warnings)].concat();
    let value = json!({
        "ok": report.is_sound(),
        "registry": { "name": args.folder.display().to_string(), "id": report.id },
        "checked": { "sets": report.sets, "versions": report.versions },
        "errors": report.faults.len(),
        "warnings": report.warnings.len(),
        "findings": findings,
        "newer": report.newer,
        "orphans": report.orphans,
        "leftovers": report.leftovers,
    });
    if report.is_sound() {
        session.done(args.format.format, &value, || text(&report))?;
        return Ok(Outcome::Done);
    }
    session.answer(args.format.format, &value, || text(&report))?;
    Ok(Outcome::No)
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for (style, word, faults) in
        [(output::ERROR, "fault", &report.faults), (output::WARNING, "warning", &report.warnings)]
    {
        for Fault { path, what, mend } in faults {
            let (path, what, mend) = (clean_line(path), clean_line(what), clean_line(mend));
            text.push_str(&format!("{style}{word}{style:#}: {path}: {what}\n  to mend it: {mend}\n"));
        }
    }
    if report.newer > 0 {
        let lines = words::count(report.newer, "line");
        text.push_str(&format!("not checked: {lines} that only a newer anvil understands\n"));
    }
    if report.orphans + report.leftovers > 0 {
        let (orphans, leftovers) =
            (words::count(report.orphans, "bundle"), words::count(report.leftovers, "temporary file"));
        text.push_str(&format!("left over, which harms nobody: {orphans} that no version names, {leftovers}\n"));
    }
    let (sets, versions) = (words::count(report.sets, "set"), words::count(report.versions, "version"));
    let result = match report.faults.len() {
        0 => "all is as it should be".to_owned(),
        faults => words::count(faults, "fault"),
    };
    text.push_str(&format!("checked {sets} with {versions} of `{}`: {result}\n", report.id));
    text
}

fn rebuild(args: &RebuildArgs, session: &Session) -> Result<Outcome> {
    let action = Action::of_dry_run(args.dry_run);
    let wish = if args.snapshot { SnapshotWish::Make } else { SnapshotWish::Keep };
    let Derived { catalog, snapshot } = registry::rebuild(&session.context(), &args.folder, wish, action)?;
    let outcome = Changed::of(catalog.changed == Changed::Yes || snapshot == Some(Changed::Yes));
    let value = json!({ "dry_run": args.dry_run, "outcome": outcome, "total": catalog.sets, "snapshot": snapshot });
    let line = |file: &str, changed: Changed| match (changed, action) {
        (Changed::Yes, Action::Do) => format!("wrote {file}\n"),
        (Changed::Yes, Action::Plan) => format!("would write {file}\n"),
        (Changed::No, _) => format!("{file} is up to date\n"),
    };
    session.done(args.format.format, &value, || {
        let sets = words::count(catalog.sets, "set");
        let catalog = line("catalog.jsonl", catalog.changed).replace('\n', &format!(" ({sets})\n"));
        catalog + &snapshot.map(|changed| line(Paths::SNAPSHOT, changed)).unwrap_or_default()
    })?;
    Ok(Outcome::Done)
}
