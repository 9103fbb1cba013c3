//! `anvil export`.

use super::args::FormatOption;
use super::output::{Table, clean_line};
use super::{Outcome, Session, words};
use crate::commands::bundle::Origin;
use crate::commands::export::{self, Report, Request};
use crate::commands::target::Action;
use crate::error::{Result, shell_word};
use crate::registry::publish::Changed;
use std::path::{Path, PathBuf};

/// Write the set and all it needs into one archive
///
/// The archive holds the lock and the bundle of every locked set, and of this set where the project
/// is one. Unpacked it is a registry; `anvil import` takes it in with no network.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil export --output onboarding.tar")]
pub struct Args {
    /// The archive to write [default: named after the set and its version]
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Build this set's bundle from the working tree, without commit or tag
    #[arg(long)]
    pub allow_dirty: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let request = Request {
        output: args.output.clone(),
        origin: if args.allow_dirty { Origin::WorkTree } else { Origin::Tag },
        action: Action::of_dry_run(args.dry_run),
    };
    let report = export::run(&session.context(), &request)?;
    let file = shown(session, args.output.as_deref(), &report.file);
    session.done(args.format.format, &report, || text(&report, &file))?;
    if (report.outcome, report.action) == (Changed::Yes, Action::Do) {
        session.next_elsewhere("where it is needed,", &format!("anvil import {}", shell_word(&file)));
    }
    Ok(Outcome::Done)
}

/// Returns where the archive is, as it was typed where it was.
fn shown(session: &Session, output: Option<&Path>, file: &Path) -> String {
    let context = session.context();
    match output {
        None => context.shown(file),
        Some(output) if context.path(output) == file => output.display().to_string(),
        Some(folder) => folder.join(file.file_name().unwrap_or_default()).display().to_string(),
    }
}

fn text(report: &Report, file: &str) -> String {
    let file = clean_line(file);
    let facts = format!("({}, {})", words::count(report.sets.len(), "set"), words::bytes(report.size));
    match (report.outcome, report.action) {
        (Changed::Yes, Action::Do) => format!("wrote {file} {facts}\n"),
        (Changed::No, _) => format!("{file} is up to date {facts}\n"),
        (Changed::Yes, Action::Plan) => {
            let mut sets = Table::new(&[]);
            for set in &report.sets {
                sets.row([format!("{} {}", set.name, set.version), words::bytes(set.size)]);
            }
            format!("{sets}would write {file} {facts}\n")
        }
    }
}
