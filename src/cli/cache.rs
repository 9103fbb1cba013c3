//! `anvil cache`.

use super::args::{Format, FormatOption};
use super::{Outcome, Session, words};
use crate::error::Result;
use crate::store::{Cache, Tally, Verification};
use serde_json::json;

/// Tend the cache
///
/// The cache holds what was fetched. All of it can be fetched again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil cache dir
  anvil cache clean --dry-run
  anvil cache verify")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is done with the cache.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print where the cache is
    #[command(after_help = "Examples:\n  anvil cache dir")]
    Dir(DirArgs),
    /// Remove what is in the cache
    Clean(CleanArgs),
    /// Check every file in the cache that has a checksum; what fails is removed
    Verify(VerifyArgs),
}

/// The arguments of `anvil cache dir`.
#[derive(Debug, clap::Args)]
pub struct DirArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil cache clean`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil cache clean --dry-run")]
pub struct CleanArgs {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The arguments of `anvil cache verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil cache verify")]
pub struct VerifyArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    match args.command {
        Command::Dir(args) => dir(args.format.format, session)?,
        Command::Clean(args) => clean(&args, session)?,
        Command::Verify(args) => verify(&args, session)?,
    }
    Ok(Outcome::Done)
}

fn cache(session: &Session) -> Result<Cache> {
    Ok(session.context().cache()?.clone())
}

fn dir(format: Format, session: &Session) -> Result<()> {
    let folder = session.settings().cache_folder()?.display().to_string();
    match format {
        Format::Json => session.json(&json!({ "folder": folder })),
        Format::Text => session.document(&format!("{folder}\n")),
    }
}

fn clean(args: &CleanArgs, session: &Session) -> Result<()> {
    let cache = cache(session)?;
    let (verb, freed) = match args.dry_run {
        true => {
            let usage = cache.usage()?;
            ("would remove", usage.bundles + usage.files + usage.index + usage.git)
        }
        false => ("removed", cache.clean(session.progress())?),
    };
    session.changed(&match freed.files {
        0 => "the cache is empty".to_owned(),
        files => format!("{verb} {} ({})", words::count(files as usize, "file"), words::bytes(freed.bytes)),
    })
}

fn verify(args: &VerifyArgs, session: &Session) -> Result<()> {
    let found = cache(session)?.verify()?;
    let tally = |tally: &Tally| json!({ "files": tally.files, "size": tally.bytes });
    let removed: Vec<String> = found.removed.iter().map(|path| path.display().to_string()).collect();
    let value = json!({
        "bundles": tally(&found.bundles),
        "files": tally(&found.files),
        "index": tally(&found.index),
        "removed": removed,
    });
    match found.removed.is_empty() {
        true => session.done(args.format.format, &value, || text(&found)),
        // Something rotted: that is an answer, not a sign of life.
        false => session.answer(args.format.format, &value, || text(&found)),
    }
}

fn text(found: &Verification) -> String {
    let mut text = String::new();
    for path in &found.removed {
        text.push_str(&format!("removed {}, which was not as it was stored\n", path.display()));
    }
    let sound = found.bundles + found.files + found.index;
    let count = |tally: &Tally, what: &str| words::count(tally.files as usize, what);
    let parts = [
        count(&found.bundles, "bundle"),
        count(&found.files, "unpacked file"),
        count(&found.index, "index file"),
        words::bytes(sound.bytes),
    ];
    let all = if found.removed.is_empty() { "everything is" } else { "the rest is" };
    match (sound.files, found.removed.is_empty()) {
        (0, true) => text.push_str("the cache is empty\n"),
        _ => text.push_str(&format!("{all} as it was stored ({})\n", parts.join(", "))),
    }
    text
}
